package grid

import "slices"

// Pages is a Source that holds a window of pages of a long result. The screen
// loads pages through ui/bg when the list asks for them and puts them in with
// Put; what was used longest ago is dropped.
type Pages struct {
	// Size is rows a page; Keep is how many pages are held.
	Size, Keep int
	// Fetch asks for a page, once until Put or Failed answers for it.
	Fetch func(page int)

	total  int
	pages  map[int][][]Cell
	wanted map[int]bool
	used   []int // page numbers, the newest used last
}

// NewPages makes an empty source of 200 rows a page, 40 pages held.
func NewPages(fetch func(page int)) *Pages {
	p := &Pages{Size: 200, Keep: 40, Fetch: fetch}
	p.Reset(0)
	return p
}

// Reset forgets everything and sets the number of rows.
func (p *Pages) Reset(total int) {
	p.total = total
	p.pages, p.wanted, p.used = map[int][][]Cell{}, map[int]bool{}, nil
}

// SetTotal changes the number of rows, keeping what is loaded.
func (p *Pages) SetTotal(n int) { p.total = n }

// Put stores a page.
func (p *Pages) Put(page int, rows [][]Cell) {
	delete(p.wanted, page)
	p.pages[page] = rows
	p.touch(page)
	for len(p.used) > max(2, p.Keep) {
		delete(p.pages, p.used[0])
		p.used = p.used[1:]
	}
}

// Failed says a page could not be loaded; it is asked for again when shown.
func (p *Pages) Failed(page int) { delete(p.wanted, page) }

func (p *Pages) touch(page int) {
	if n := len(p.used); n > 0 && p.used[n-1] == page {
		return
	}
	if i := slices.Index(p.used, page); i >= 0 {
		p.used = slices.Delete(p.used, i, i+1)
	}
	p.used = append(p.used, page)
}

// Len and Row make it a Source.
func (p *Pages) Len() int { return p.total }

// Row gives a row if its page is loaded.
func (p *Pages) Row(i int) ([]Cell, bool) {
	rows, ok := p.pages[i/p.Size]
	if !ok || i%p.Size >= len(rows) {
		return nil, false
	}
	p.touch(i / p.Size)
	return rows[i%p.Size], true
}

// Need is for List.OnNeed: it asks for the pages that hold rows [from, to).
func (p *Pages) Need(from, to int) {
	if p.Fetch == nil || to <= from {
		return
	}
	for page := from / p.Size; page <= (to-1)/p.Size; page++ {
		if _, loaded := p.pages[page]; loaded || p.wanted[page] {
			continue
		}
		p.wanted[page] = true
		p.Fetch(page)
	}
}

// Fixed is a Source of rows that are all there.
type Fixed [][]Cell

// Len and Row make it a Source.
func (f Fixed) Len() int                 { return len(f) }
func (f Fixed) Row(i int) ([]Cell, bool) { return f[i], true }
