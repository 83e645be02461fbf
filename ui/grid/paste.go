package grid

import (
	"strings"

	"tiezhang/app/amount"
	"tiezhang/ui/text"
)

// MaxPaste bounds one pasted block; more is an import.
const MaxPaste = 5000

// IsBlock tells whether clipboard text is a block of cells rather than a word
// for the editor.
func IsBlock(s string) bool { return strings.ContainsAny(strings.TrimRight(s, "\r\n"), "\t\n") }

// Paste puts a block copied from a spreadsheet at the cursor. Cells go into
// the editable columns from the cursor's on, unless the block is wider than
// those, as it is when copied from this grid: then into all visible ones, and
// what falls on a read-only cell is passed over. Cells that are not accepted
// are marked, all of them; one undo takes the whole block back.
func (m *Model) Paste(block string) {
	m.Do(func() {
		if m.readOnly {
			return
		}
		m.resetEditor()
		m.paste(parseTSV(block))
	})
}

type pasteJob struct {
	m       *Model
	grid    [][]string
	targets []int
	start   int
	rows    []Row
	report  PasteReport
	r, c    int
}

func (m *Model) paste(grid [][]string) {
	if m.Fixed {
		grid = grid[:min(len(grid), max(0, len(m.rows)-m.row))]
	}
	if len(grid) == 0 {
		return
	}
	if len(grid) > MaxPaste {
		m.Say(text.T("ui.grid.too_large", "max", MaxPaste, "rows", len(grid)), true)
		return
	}
	width := 0
	for _, g := range grid {
		width = max(width, len(g))
	}
	var open, visible []int
	for i := m.col; i < len(m.cols); i++ {
		if m.cols[i].Hidden {
			continue
		}
		visible = append(visible, i)
		if m.cols[i].Editable {
			open = append(open, i)
		}
	}
	j := &pasteJob{m: m, grid: grid, targets: open, start: m.row}
	if width > len(open) {
		j.targets = visible
	}
	j.rows = append(j.rows, m.rows[m.row:min(len(m.rows), m.row+len(grid))]...)
	for len(j.rows) < len(grid) {
		j.rows = append(j.rows, m.newRow())
	}
	done := m.await()
	j.run(func() {
		if !done() {
			return
		}
		j.finish()
		m.drain()
	})
}

// run does cell after cell; replies that come at once stay in the loop, so a
// block of thousands does not nest.
func (j *pasteJob) run(finish func()) {
	m := j.m
	for j.r < len(j.grid) {
		if j.c >= len(j.grid[j.r]) || j.c >= len(j.targets) {
			j.r, j.c = j.r+1, 0
			continue
		}
		col := j.targets[j.c]
		s := strings.TrimSpace(j.grid[j.r][j.c])
		c := m.cols[col]
		j.c++
		if s == "" || !c.Editable || (m.cb.ReadOnly != nil && m.cb.ReadOnly(j.rows[j.r], col)) {
			continue
		}
		if c.Kind == Number || allWide(s) {
			s = amount.Narrow(s)
		}
		r := j.r
		at := j.start + r
		if m.cb.Commit == nil {
			j.rows[r].Cells = append([]string(nil), j.rows[r].Cells...)
			j.rows[r].Cells[col] = s
			j.report.Cells++
			continue
		}
		answered, inside := false, true
		m.cb.Commit(Edit{At: at, Row: j.rows[r], Col: col, Key: c.Key, Text: s, Paste: true}, func(row Row, err error) {
			if answered {
				return
			}
			answered = true
			if err != nil {
				words := text.Fault(err)
				j.report.Problems = append(j.report.Problems, Problem{Row: at, Col: col, Text: words})
				j.rows[r].mark(col, words)
			} else {
				row.problems = j.rows[r].problems
				j.rows[r] = row
				j.report.Cells++
			}
			if !inside {
				j.run(finish)
			}
		})
		inside = false
		if !answered {
			return
		}
	}
	finish()
}

func (j *pasteJob) finish() {
	m := j.m
	j.report.Rows = len(j.rows)
	// A line whose item was refused stays, marked, so that its other cells
	// and its problem are seen.
	m.splice(j.start, min(len(j.rows), len(m.rows)-j.start), j.rows)
	m.enter(min(j.start+len(j.rows), len(m.rows)-1), m.firstOpen(min(j.start+len(j.rows), len(m.rows)-1)))
	if n := len(j.report.Problems); n > 0 {
		m.enter(j.report.Problems[0].Row, j.report.Problems[0].Col)
		m.message, m.failed = text.T("ui.grid.pasted_problems", "rows", j.report.Rows, "problems", n), true
	} else {
		m.message, m.failed = text.T("ui.grid.pasted", "rows", j.report.Rows), false
	}
	m.refresh()
	if m.cb.Pasted != nil {
		m.cb.Pasted(j.report)
	}
}

// parseTSV reads what spreadsheets put on the clipboard: tabs and line ends,
// cells with either in double quotes, quotes in them doubled. Lines that are
// blank throughout are dropped.
func parseTSV(s string) [][]string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.ReplaceAll(s, "\r", "\n")
	var out [][]string
	var line []string
	var cell strings.Builder
	quoted, started := false, false
	endCell := func() { line = append(line, cell.String()); cell.Reset(); started = false }
	endLine := func() {
		endCell()
		for _, c := range line {
			if strings.TrimSpace(c) != "" {
				out = append(out, line)
				break
			}
		}
		line = nil
	}
	rs := []rune(s)
	for i := 0; i < len(rs); i++ {
		r := rs[i]
		switch {
		case quoted && r == '"' && i+1 < len(rs) && rs[i+1] == '"':
			cell.WriteRune('"')
			i++
		case quoted && r == '"':
			quoted = false
		case quoted:
			if r == '\n' {
				r = ' '
			}
			cell.WriteRune(r)
		case r == '"' && !started && closes(rs[i+1:]):
			quoted, started = true, true
		case r == '\t':
			endCell()
		case r == '\n':
			endLine()
		default:
			started = true
			cell.WriteRune(r)
		}
	}
	endLine()
	return out
}

// closes tells whether a quote opened here is ever closed before a cell's end;
// a name that begins with an inch mark is not quoted.
func closes(rs []rune) bool {
	for i, r := range rs {
		if r == '"' {
			if i+1 < len(rs) && rs[i+1] == '"' {
				return true
			}
			return i+1 == len(rs) || rs[i+1] == '\t' || rs[i+1] == '\n'
		}
	}
	return false
}
