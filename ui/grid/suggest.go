package grid

import (
	"strings"

	"tiezhang/app/amount"
)

// search asks for suggestions for the present text.
func (m *Model) search() {
	c := m.cols[m.col]
	if !c.Suggest || m.cb.Suggest == nil {
		return
	}
	_, q := splitQty(m.text, c)
	m.choosing = nil
	if q == "" && c.Kind != Choice {
		m.foundSeq++
		m.searching, m.found = false, nil
		return
	}
	m.query(q, nil)
}

// query asks for the list; an answer that comes after a newer question, or
// after the cell was left, is dropped.
func (m *Model) query(q string, then func([]Suggestion)) {
	m.foundSeq++
	seq := m.foundSeq
	m.searching, m.choosing = true, nil
	c := m.cols[m.col]
	m.cb.Suggest(Query{At: m.row, Row: m.rows[m.row], Col: m.col, Key: c.Key, Text: q}, func(s []Suggestion) {
		if seq != m.foundSeq {
			return
		}
		m.found, m.foundSel, m.searching = s, 0, false
		if then != nil {
			then(s)
		}
		if next := m.awaiting; next != nil {
			m.awaiting = nil
			next()
			m.drain()
		}
		m.refresh()
	})
}

// afterSearch runs f when the list for the present text is there: at once, or
// when the answer comes, with all keys waiting until then.
func (m *Model) afterSearch(f func()) {
	if !m.searching {
		f()
		return
	}
	done := m.await()
	m.awaiting = func() {
		if done() {
			f()
		}
	}
}

// splitQty takes "12*" off the front of a text in a Scan column.
func splitQty(s string, c Column) (qty, rest string) {
	s = strings.TrimSpace(s)
	if !c.Scan {
		return "", s
	}
	i := strings.IndexAny(s, "*×＊")
	if i <= 0 {
		return "", s
	}
	q := amount.Narrow(s[:i])
	if v, err := amount.ParseQty(q); err != nil || v <= 0 || looksLikeBarcode(q) {
		return "", s
	}
	_, size := decodeRune(s[i:])
	return q, strings.TrimSpace(s[i+size:])
}

// SelectSuggestion chooses a line of the list and commits it: the mouse.
func (m *Model) SelectSuggestion(i int) {
	m.Do(func() {
		if i < 0 || i >= len(m.found) {
			return
		}
		m.foundSel = i
		if m.choosing != nil {
			m.choose(i)
			return
		}
		m.editing = true
		m.commit(func(ok bool) {
			if ok {
				m.walk()
			}
		})
	})
}

func (m *Model) choose(i int) {
	f, s := m.choosing, m.found[i]
	m.closeList()
	f(s)
}
