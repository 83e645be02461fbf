package grid

import "slices"

// step is one change of rows that can be taken back: removed were at that
// place before, placed are there now.
type step struct {
	at              int
	removed, placed []Row
	row, col        int // the cursor before
}

// maxUndo bounds the memory of a day-long document.
const maxUndo = 500

// splice replaces n rows at a place and remembers how to take it back.
func (m *Model) splice(at, n int, placed []Row) {
	s := step{at: at, removed: slices.Clone(m.rows[at : at+n]), placed: slices.Clone(placed), row: m.row, col: m.col}
	m.rows = slices.Replace(m.rows, at, at+n, placed...)
	m.undo = append(m.undo, s)
	if len(m.undo) > maxUndo {
		m.undo = slices.Delete(m.undo, 0, len(m.undo)-maxUndo)
	}
	m.redo = nil
	m.moved(Change{At: at, Removed: s.removed, Placed: s.placed})
}

func (m *Model) moved(c Change) {
	m.ensureBlank()
	m.row = max(0, min(m.row, len(m.rows)-1))
	m.dirty = true
	m.afterRows()
	if m.cb.Changed != nil {
		m.cb.Changed(c)
	}
}

// stepBack undoes the typing in the cell, else the last change of rows.
func (m *Model) stepBack() bool {
	if m.editing {
		m.resetEditor()
		m.message, m.failed = "", false
		m.refresh()
		return true
	}
	if m.readOnly || len(m.undo) == 0 {
		return false
	}
	s := m.undo[len(m.undo)-1]
	m.undo = m.undo[:len(m.undo)-1]
	m.redo = append(m.redo, s)
	m.swap(s.at, len(s.placed), s.removed)
	m.enter(s.row, s.col)
	return true
}

// stepForward does again what was undone.
func (m *Model) stepForward() bool {
	if m.readOnly || m.editing || len(m.redo) == 0 {
		return false
	}
	s := m.redo[len(m.redo)-1]
	m.redo = m.redo[:len(m.redo)-1]
	m.undo = append(m.undo, s)
	m.swap(s.at, len(s.removed), s.placed)
	m.enter(s.row, s.col)
	return true
}

func (m *Model) swap(at, n int, with []Row) {
	n = min(n, len(m.rows)-at)
	out := slices.Clone(m.rows[at : at+n])
	m.rows = slices.Replace(m.rows, at, at+n, with...)
	// The blank last row is not part of history: one too many may be left
	// when the row that stood there comes back blank.
	for len(m.rows) > 1 && m.Blank(m.rows[len(m.rows)-1]) && m.Blank(m.rows[len(m.rows)-2]) && len(m.rows)-1 > at+len(with)-1 {
		m.rows = m.rows[:len(m.rows)-1]
	}
	m.moved(Change{At: at, Removed: out, Placed: slices.Clone(with)})
}
