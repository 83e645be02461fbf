package grid

import (
	"strings"

	"tiezhang/app/amount"
	"tiezhang/ui/text"
)

// commit asks the document to take the editor's text; then is called with
// whether the cell is now settled.
func (m *Model) commit(then func(ok bool)) {
	if !m.editing || !m.CanEdit() {
		if m.editing || len(m.found) > 0 {
			m.resetEditor()
		}
		then(true)
		return
	}
	c := m.cols[m.col]
	qty, s := splitQty(m.text, c)
	if c.Kind == Number || allWide(s) {
		s = amount.Narrow(s)
	}
	if c.Scan && s == "" && len(m.found) == 0 && m.Blank(m.rows[m.row]) {
		m.resetEditor() // "12*" and nothing, or only blanks: as if not typed
		m.refresh()
		then(true)
		return
	}
	if c.Quantity && looksLikeBarcode(s) {
		m.ask(s, then)
		return
	}
	if m.searching {
		// Enter came before the list: the answer decides what is meant.
		m.afterSearch(func() { m.commit(then) })
		return
	}
	e := Edit{At: m.row, Row: m.rows[m.row], Col: m.col, Key: c.Key, Text: s, Qty: qty}
	if m.foundSel < len(m.found) {
		p := m.found[m.foundSel]
		e.Pick = &p
	}
	m.send(e, then)
}

// send hands an edit to the document and places the row it answers with.
func (m *Model) send(e Edit, then func(ok bool)) {
	if m.cb.Commit == nil {
		r := m.rows[e.At]
		r.Cells = append([]string(nil), r.Cells...)
		r.Cells[e.Col] = e.Text
		m.accept(e, r)
		then(true)
		return
	}
	done := m.await()
	m.cb.Commit(e, func(r Row, err error) {
		if !done() {
			return
		}
		if err != nil {
			m.closeList()
			m.message, m.failed = text.Fault(err), true
			m.event(EditRefused, e.Text)
			m.refresh()
			then(false)
		} else {
			m.accept(e, r)
			then(true)
		}
		m.drain()
	})
}

func (m *Model) accept(e Edit, r Row) {
	old := m.rows[e.At]
	r.problems = nil
	for k, v := range old.problems {
		if k != e.Col {
			r.mark(k, v)
		}
	}
	m.splice(e.At, 1, []Row{r})
	m.resetEditor()
	m.refresh()
}

// looksLikeBarcode: 8 to 14 digits, or more than 9999 pieces.
func looksLikeBarcode(s string) bool {
	if n := len(s); n >= 8 && n <= 14 && digits(s) {
		return true
	}
	q, err := amount.ParseQty(s)
	return err == nil && q > 9999*10000
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// allWide tells whether a text is full-width throughout, as a Chinese keyboard
// makes codes; a name with a full-width bracket in it is left alone.
func allWide(s string) bool {
	for _, r := range s {
		if r < 0xFF01 || r > 0xFF5E {
			return false
		}
	}
	return s != ""
}

// ask puts the question about digits in a quantity cell.
func (m *Model) ask(s string, then func(bool)) {
	if m.cb.AskBarcode == nil {
		m.asking = s
		m.message, m.failed = text.T("ui.grid.ask_barcode", "text", s), true
		m.refresh()
		then(false)
		return
	}
	done := m.await()
	m.cb.AskBarcode(s, func(isBarcode bool) {
		if !done() {
			return
		}
		m.answered(s, isBarcode, then)
		m.drain()
	})
}

// answer is Enter or Esc to the question in the message line.
func (m *Model) answer(isBarcode bool) {
	s := m.asking
	m.asking = ""
	m.answered(s, isBarcode, func(ok bool) {
		if ok && !isBarcode {
			m.walk()
		}
	})
}

func (m *Model) answered(s string, isBarcode bool, then func(bool)) {
	m.message, m.failed = "", false
	if isBarcode {
		m.resetEditor()
		m.event(ScanMisplaced, s)
		m.scan(s, "")
		then(false) // the cursor has gone to the new line: no walk from here
		return
	}
	m.send(Edit{At: m.row, Row: m.rows[m.row], Col: m.col, Key: m.cols[m.col].Key, Text: s}, then)
}

func (m *Model) copyAbove() bool {
	if m.row == 0 || !m.CanEdit() {
		return false
	}
	above := m.rows[m.row-1]
	s := strings.TrimSpace(m.Cell(m.row-1, m.col))
	if s == "" {
		return true
	}
	m.send(Edit{At: m.row, Row: m.rows[m.row], Col: m.col, Key: m.cols[m.col].Key, Text: s, Copy: &above}, func(ok bool) {
		if ok {
			m.walk()
		}
	})
	return true
}

func (m *Model) deleteRow() bool {
	if m.readOnly || len(m.rows) == 0 {
		return false
	}
	m.resetEditor()
	r := m.rows[m.row]
	if m.Blank(r) && m.row == len(m.rows)-1 {
		m.refresh()
		return true
	}
	if m.cb.Delete != nil && !m.Blank(r) {
		if err := m.cb.Delete(r); err != nil {
			m.message, m.failed = text.Fault(err), true
			m.event(EditRefused, "")
			m.refresh()
			return true
		}
	}
	m.splice(m.row, 1, nil)
	m.enter(m.row, m.col)
	return true
}

func (m *Model) insertRow() bool {
	if m.readOnly || m.Fixed {
		return false
	}
	m.commitThen(func() {
		if !m.Blank(m.rows[m.row]) {
			m.splice(m.row, 0, []Row{m.newRow()})
		}
		m.enter(m.row, m.firstOpen(m.row))
	})
	return true
}
