package grid

import (
	"slices"
	"strings"
	"time"

	"tiezhang/ui/text"
)

// Model is the headless editable grid. It belongs to the interface thread.
type Model struct {
	// PageRows is how many rows PageUp and PageDown go; the View sets it.
	PageRows int
	// Fixed: there is no blank line for a next row; rows come by Load only.
	// Set it before Load.
	Fixed bool
	// Hint is said where a fixed grid has no rows yet: how they come.
	Hint string
	// OnRefresh is called when something visible changed; the View sets it.
	OnRefresh func()
	// OnLeave is called when Tab or Shift+Tab walks out of the grid; the View sets it.
	OnLeave func(forward bool)

	cols     []Column
	cb       Callbacks
	now      func() time.Time
	rows     []Row
	row, col int
	readOnly bool
	dirty    bool
	totals   []string

	text    string // what stands in the editor
	editing bool   // the person changed it
	seq     int    // grows when the editor must be filled anew
	message string
	failed  bool
	asking  string // digits asked about in the message line

	found     []Suggestion
	foundSel  int
	foundSeq  int
	searching bool             // an answer for the present text is to come
	awaiting  func()           // to go on with when it comes
	choosing  func(Suggestion) // digits choose

	strokes  []stroke
	locked   string // typed over a read-only cell, at seq lockedAt
	lockedAt int
	pending  int
	life     int // grows with Load: replies to an earlier life are dropped
	queue    []func()
	draining bool
	undo     []step
	redo     []step
}

// New makes a model with one blank row.
func New(cols []Column, cb Callbacks) *Model {
	m := &Model{cols: slices.Clone(cols), cb: cb, now: time.Now, PageRows: 10}
	m.Load(nil)
	return m
}

// SetClock replaces the clock that tells a scanner from fingers.
func (m *Model) SetClock(now func() time.Time) { m.now = now }

// Load replaces all rows, forgets undo and is clean.
func (m *Model) Load(rows []Row) {
	m.rows = slices.Clone(rows)
	m.undo, m.redo, m.dirty = nil, nil, false
	m.life++
	m.pending, m.queue = 0, nil
	m.ensureBlank()
	m.row, m.col = 0, m.firstOpen(0)
	m.afterRows()
	m.enter(m.row, m.col)
}

// SetReadOnly shows the rows without a blank line and takes no edits.
func (m *Model) SetReadOnly(on bool) {
	m.Do(func() {
		m.readOnly = on
		if on {
			m.rows = m.Rows()
		} else {
			m.ensureBlank()
		}
		m.enter(min(m.row, max(0, len(m.rows)-1)), m.col)
	})
}

// IsReadOnly tells whether SetReadOnly is on.
func (m *Model) IsReadOnly() bool { return m.readOnly }

// Columns gives the columns; SetWidth changes one's width.
func (m *Model) Columns() []Column { return m.cols }

// SetWidth sets a column's width in pixels at standard text size.
func (m *Model) SetWidth(col int, w float32) {
	m.cols[col].Width = max(24, w)
	m.refresh()
}

// Column gives the index of a column, or -1.
func (m *Model) Column(key string) int {
	return slices.IndexFunc(m.cols, func(c Column) bool { return c.Key == key })
}

// Rows gives the rows that are not blank.
func (m *Model) Rows() []Row {
	out := make([]Row, 0, len(m.rows))
	for _, r := range m.rows {
		if !m.Blank(r) {
			out = append(out, r)
		}
	}
	return out
}

// Len counts all rows, the blank last one too; Row gives one of them.
func (m *Model) Len() int      { return len(m.rows) }
func (m *Model) Row(i int) Row { return m.rows[i] }

// Cell gives the text of a cell.
func (m *Model) Cell(row, col int) string {
	if c := m.rows[row].Cells; col < len(c) {
		return c[col]
	}
	return ""
}

// Blank tells whether a row's key cell is empty.
func (m *Model) Blank(r Row) bool {
	k := m.keyCol()
	return k >= len(r.Cells) || r.Cells[k] == ""
}

// Cursor gives the active cell.
func (m *Model) Cursor() (row, col int) { return m.row, m.col }

// Dirty tells whether something changed since Load or Saved, including text
// in the editor.
func (m *Model) Dirty() bool { return m.dirty || m.editing }

// Saved makes the model clean, keeping rows, cursor and undo.
func (m *Model) Saved() { m.dirty = false }

// Editing tells whether the person has changed the text of the active cell.
func (m *Model) Editing() bool { return m.editing }

// EditorText is what stands in the editor.
func (m *Model) EditorText() string { return m.text }

// Message is the line under the grid; failed says whether it is an error of
// the active cell. ProblemAt is the problem of any cell.
func (m *Model) Message() (words string, failed bool) {
	if m.message == "" {
		if p := m.ProblemAt(m.row, m.col); p != "" {
			return p, true
		}
	}
	return m.message, m.failed
}

// Say shows a sentence in the message line until the next move.
func (m *Model) Say(words string, failed bool) {
	m.message, m.failed = words, failed
	m.refresh()
}

// ProblemAt gives the problem of a cell, or "".
func (m *Model) ProblemAt(row, col int) string {
	if row < len(m.rows) {
		return m.rows[row].problems[col]
	}
	return ""
}

// SetProblems marks cells and moves to the first; nil clears all marks. A
// negative Col marks the row's key cell.
func (m *Model) SetProblems(ps []Problem) { m.Do(func() { m.setProblems(ps) }) }

func (m *Model) setProblems(ps []Problem) {
	for i := range m.rows {
		m.rows[i].problems = nil
	}
	first := true
	for _, p := range ps {
		if p.Row < 0 || p.Row >= len(m.rows) || p.Col >= len(m.cols) {
			continue
		}
		if p.Col < 0 {
			p.Col = m.keyCol()
		}
		m.rows[p.Row].mark(p.Col, p.Text)
		if first && !m.editing {
			m.enter(p.Row, p.Col)
			first = false
		}
	}
	m.refresh()
}

func (r *Row) mark(col int, words string) {
	n := make(map[int]string, len(r.problems)+1)
	for k, v := range r.problems {
		n[k] = v
	}
	n[col] = words
	r.problems = n
}

// Totals gives the texts of the totals row, nil for none.
func (m *Model) Totals() []string { return m.totals }

// Suggestions gives the open list and the chosen line.
func (m *Model) Suggestions() ([]Suggestion, int) { return m.found, m.foundSel }

// Busy tells whether a reply is awaited.
func (m *Model) Busy() bool { return m.pending > 0 }

// Do runs f now, or after the replies awaited now: every key and rune goes
// through it, so that typing ahead of a slow disk loses nothing.
func (m *Model) Do(f func()) {
	if m.pending > 0 || (len(m.queue) > 0 && !m.draining) {
		m.queue = append(m.queue, f)
		return
	}
	f()
}

// await counts a reply to come; done tells whether that reply still matters:
// not a second one, and not one that Load has overtaken.
func (m *Model) await() (done func() bool) {
	m.pending++
	life := m.life
	return func() bool {
		if life != m.life {
			return false
		}
		life = -1
		m.pending--
		return true
	}
}

// drain runs what waited, stopping when something waits again.
func (m *Model) drain() {
	was := m.draining
	for m.pending == 0 && len(m.queue) > 0 {
		f := m.queue[0]
		m.queue = m.queue[1:]
		m.draining = true // what f does through Do belongs before the rest
		f()
		m.draining = was
	}
}

func (m *Model) refresh() {
	if m.OnRefresh != nil {
		m.OnRefresh()
	}
}

func (m *Model) event(e Event, code string) {
	if m.cb.Event != nil {
		m.cb.Event(e, code)
	}
}

func (m *Model) keyCol() int {
	for i, c := range m.cols {
		if c.Scan {
			return i
		}
	}
	for i, c := range m.cols {
		if c.Editable {
			return i
		}
	}
	return 0
}

func (m *Model) newRow() Row {
	if m.cb.NewRow != nil {
		r := m.cb.NewRow()
		for len(r.Cells) < len(m.cols) {
			r.Cells = append(r.Cells, "")
		}
		return r
	}
	return Row{Cells: make([]string, len(m.cols))}
}

// ensureBlank keeps exactly one blank row at the end, where the next line goes.
func (m *Model) ensureBlank() {
	if m.readOnly || m.Fixed {
		return
	}
	if n := len(m.rows); n == 0 || !m.Blank(m.rows[n-1]) {
		m.rows = append(m.rows, m.newRow())
	}
}

func (m *Model) afterRows() {
	m.totals = nil
	if m.cb.Totals != nil {
		m.totals = m.cb.Totals(m.Rows())
	}
}

// open tells whether a cell can be edited.
func (m *Model) open(row, col int) bool {
	if m.readOnly || col < 0 || col >= len(m.cols) || row < 0 || row >= len(m.rows) {
		return false
	}
	c := m.cols[col]
	return c.Editable && !c.Hidden && (m.cb.ReadOnly == nil || !m.cb.ReadOnly(m.rows[row], col))
}

// CanEdit tells whether the active cell can be edited.
func (m *Model) CanEdit() bool { return m.open(m.row, m.col) }

func (m *Model) firstOpen(row int) int {
	for c := range m.cols {
		if m.open(row, c) {
			return c
		}
	}
	return min(m.keyCol(), len(m.cols)-1)
}

// enter makes a cell active and fills the editor with it.
func (m *Model) enter(row, col int) {
	m.row = max(0, min(row, len(m.rows)-1))
	m.col = max(0, min(col, len(m.cols)-1))
	m.resetEditor()
	m.message, m.failed = "", false
	m.refresh()
}

func (m *Model) resetEditor() {
	m.text = ""
	if m.row < len(m.rows) {
		m.text = m.Cell(m.row, m.col)
	}
	m.editing, m.asking, m.strokes = false, "", nil
	m.closeList()
	m.seq++
}

func (m *Model) closeList() {
	m.found, m.foundSel, m.searching, m.awaiting, m.choosing = nil, 0, false, nil, nil
	m.foundSeq++
}

// GoTo commits and moves to a cell: the mouse.
func (m *Model) GoTo(row, col int) {
	m.Do(func() {
		if row == m.row && col == m.col {
			return
		}
		m.commit(func(ok bool) {
			if ok && row < len(m.rows) {
				m.enter(row, col)
			}
		})
	})
}

// Settle commits the text in the editor, then calls done with whether the
// grid is free of refused text: before posting.
func (m *Model) Settle(done func(ok bool)) { m.Do(func() { m.commit(done) }) }

// Type tells the model the editor's new text.
func (m *Model) Type(s string) {
	if !m.CanEdit() {
		return
	}
	m.text, m.editing = s, true
	m.message, m.failed, m.asking = "", false, ""
	m.search()
	m.refresh()
}

// TSV gives the visible columns of all filled rows, with headings, for the
// clipboard.
func (m *Model) TSV() string {
	var b strings.Builder
	line := func(cell func(i int, c Column) string) {
		first := true
		for i, c := range m.cols {
			if c.Hidden {
				continue
			}
			if !first {
				b.WriteByte('\t')
			}
			first = false
			b.WriteString(tsvCell(cell(i, c)))
		}
		b.WriteByte('\n')
	}
	line(func(_ int, c Column) string { return c.Heading() })
	for _, r := range m.Rows() {
		line(func(i int, _ Column) string {
			if i < len(r.Cells) {
				return r.Cells[i]
			}
			return ""
		})
	}
	return b.String()
}

// Heading is the column's heading in the current language.
func (c Column) Heading() string {
	if c.Label != "" || c.Title == "" {
		return c.Label
	}
	return text.T(c.Title)
}

func tsvCell(s string) string {
	return strings.NewReplacer("\t", " ", "\n", " ", "\r", "").Replace(s)
}
