package grid

import "slices"

// picks is a set of rows that can hold "all but a few" of a million.
type picks struct {
	all bool
	odd map[int]bool // the exceptions: in the set, or with all, out of it
}

func (p *picks) has(i int) bool { return p.all != p.odd[i] }

func (p *picks) toggle(i int) {
	if p.odd == nil {
		p.odd = map[int]bool{}
	}
	if p.odd[i] {
		delete(p.odd, i)
	} else {
		p.odd[i] = true
	}
}

// span adds the rows a to b.
func (p *picks) span(a, b int) {
	for i := a; i <= b; i++ {
		if !p.has(i) {
			p.toggle(i)
		}
	}
}

func (p *picks) count(n int) int {
	if p.all {
		return n - len(p.odd)
	}
	return len(p.odd)
}

// limit forgets rows that are no more.
func (p *picks) limit(n int) {
	for i := range p.odd {
		if i >= n {
			delete(p.odd, i)
		}
	}
}

func (p *picks) list(n int) []int {
	out := make([]int, 0, p.count(n))
	if !p.all {
		for i := range p.odd {
			out = append(out, i)
		}
		slices.Sort(out)
		return out
	}
	for i := range n {
		if p.has(i) {
			out = append(out, i)
		}
	}
	return out
}
