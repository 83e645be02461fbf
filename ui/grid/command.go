package grid

import (
	"time"
	"unicode/utf8"
)

func decodeRune(s string) (rune, int) { return utf8.DecodeRuneInString(s) }

// Command does a key by meaning. It gives false when the grid has no use for
// it, and the key goes on to the page (Esc with nothing to undo). A key that
// waits behind a reply counts as used.
func (m *Model) Command(c Command) bool { return m.CommandAt(c, m.now()) }

// CommandAt is Command for a key that was pressed at that time.
func (m *Model) CommandAt(c Command, at time.Time) bool {
	used := true
	m.Do(func() { used = m.command(c, at) })
	return used
}

func (m *Model) command(c Command, at time.Time) bool {
	if m.asking != "" && (c == Enter || c == Escape) {
		m.answer(c == Enter)
		return true
	}
	switch c {
	case Enter:
		m.enterKey(at)
	case Next:
		m.commitThen(func() { m.tab(+1) })
	case Previous:
		m.commitThen(func() { m.tab(-1) })
	case Up, Down:
		if m.searching {
			m.afterSearch(func() { m.command(c, at) })
			return true
		}
		d := 1
		if c == Up {
			d = -1
		}
		if n := len(m.found); n > 0 {
			m.foundSel = (m.foundSel + d + n) % n
			m.refresh()
			return true
		}
		return m.vertical(d)
	case PageUp:
		return m.vertical(-m.PageRows)
	case PageDown:
		return m.vertical(m.PageRows)
	case First:
		return m.vertical(-len(m.rows))
	case Last:
		return m.vertical(len(m.rows))
	case MoveLeft, MoveRight:
		if m.editing {
			return false // the caret moves
		}
		d := 1
		if c == MoveLeft {
			d = -1
		}
		for i := m.col + d; i >= 0 && i < len(m.cols); i += d {
			if !m.cols[i].Hidden && (m.readOnly || m.cols[i].Editable) {
				m.enter(m.row, i)
				break
			}
		}
	case Escape:
		return m.escape()
	case OpenList:
		if !m.CanEdit() || !m.cols[m.col].Suggest {
			return false
		}
		m.openList()
	case Undo:
		return m.stepBack()
	case Redo:
		return m.stepForward()
	case CopyAbove:
		return m.copyAbove()
	case DeleteRow:
		return m.deleteRow()
	case InsertRow:
		return m.insertRow()
	}
	return true
}

func (m *Model) commitThen(f func()) {
	m.commit(func(ok bool) {
		if ok {
			f()
		}
	})
}

func (m *Model) vertical(d int) bool {
	to := max(0, min(m.row+d, len(m.rows)-1))
	m.commitThen(func() {
		if to = min(to, len(m.rows)-1); to != m.row {
			m.enter(to, m.col)
		}
	})
	return true
}

func (m *Model) escape() bool {
	switch {
	case m.editing || len(m.found) > 0 || m.choosing != nil:
		m.resetEditor()
		m.message, m.failed = "", false
		m.refresh()
		return true
	case m.message != "":
		m.message, m.failed = "", false
		m.refresh()
		return true
	}
	return false
}

func (m *Model) openList() {
	c := m.cols[m.col]
	q := ""
	if c.Kind != Choice {
		_, q = splitQty(m.text, c)
	}
	m.query(q, func(found []Suggestion) {
		for i := range found {
			if found[i].Name == m.text {
				m.foundSel = i
			}
		}
	})
}

// enterKey is Enter: a scan, an accepted suggestion, or commit and walk on.
func (m *Model) enterKey(at time.Time) {
	if code, typed, ok := m.burst(at); ok && !m.cols[m.col].TakesScan {
		m.caught(code, typed)
		return
	}
	if m.searching {
		m.afterSearch(func() { m.enterKey(at) })
		return
	}
	if m.choosing != nil && len(m.found) > 0 {
		m.choose(m.foundSel)
		return
	}
	if len(m.found) > 0 && !m.editing {
		m.editing = true // a list opened by hand: Enter takes the chosen line
	}
	if !m.editing && m.row == len(m.rows)-1 && !m.readOnly && m.Blank(m.rows[m.row]) && m.col == m.keyCol() {
		if m.cb.Finished != nil {
			m.cb.Finished()
		}
		return
	}
	m.commitThen(m.walk)
}

// walk is the way Enter goes: the next cell that wants a value.
func (m *Model) walk() {
	if m.readOnly {
		m.enter(m.row+1, m.col)
		return
	}
	if len(m.rows) == 0 || m.Blank(m.rows[m.row]) && m.col == m.keyCol() {
		return // an empty line has nothing to walk through
	}
	for r, c := m.row, m.col+1; r < len(m.rows); r, c = r+1, 0 {
		for ; c < len(m.cols); c++ {
			col := m.cols[c]
			if !m.open(r, c) || col.Optional || (col.SkipFilled && m.Cell(r, c) != "") {
				continue
			}
			m.enter(r, c)
			return
		}
	}
	if m.Fixed && m.cb.Finished != nil {
		m.cb.Finished() // there is no blank line to stop at
		return
	}
	m.enter(len(m.rows)-1, m.firstOpen(len(m.rows)-1))
}

// tab goes to the next or previous open cell, filled or not, and out of the
// grid at its ends.
func (m *Model) tab(d int) {
	leave := len(m.rows) == 0 || d > 0 && m.row == len(m.rows)-1 && (m.readOnly || m.Fixed || m.Blank(m.rows[m.row]))
	if !leave {
		r, c := m.row, m.col+d
		for r >= 0 && r < len(m.rows) {
			for ; c >= 0 && c < len(m.cols); c += d {
				if m.open(r, c) {
					m.enter(r, c)
					return
				}
			}
			r += d
			c = 0
			if d < 0 {
				c = len(m.cols) - 1
			}
		}
	}
	if m.OnLeave != nil {
		m.OnLeave(d > 0)
	}
}
