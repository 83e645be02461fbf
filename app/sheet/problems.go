package sheet

import (
	"context"
	"fmt"
	"io"
	"iter"
	"os"
	"sort"

	"github.com/xuri/excelize/v2"

	"tiezhang/app/fault"
	"tiezhang/app/report"
)

// maxMarked is how many cells are marked in the workbook itself; the list on
// its own sheet is always whole.
const maxMarked = 2000

// maxMarkBytes is the size of a workbook that is still marked cell by cell:
// that needs the whole of it in memory.
const maxMarkBytes = 16 << 20

// WriteProblems writes the original workbook again with every problem's cell
// red (amber for warnings) and a comment on it, and all problems as a list on a
// sheet in front. From a CSV file, a workbook with macros or a very large one
// only the list is made. Words come from texts. Faults as Read and Write.
func WriteProblems(ctx context.Context, t Table, ps []Problem, texts Texts, w io.Writer) error {
	st, err := os.Stat(t.Path)
	if t.CSV || t.Macros || err == nil && st.Size() > maxMarkBytes {
		return writeProblemList(ctx, ps, texts, w)
	}
	f, err := excelize.OpenFile(t.Path, excelize.Options{UnzipSizeLimit: MaxUnzip, UnzipXMLSizeLimit: MaxUnzip})
	if err != nil {
		return fault.Wrap("sheet.WriteProblems", fault.Damaged, "sheet.damaged", fault.Pairs("file", t.Path), err)
	}
	defer f.Close()
	m := marker{f: f, sheet: t.Sheet, styles: map[styleKey]int{}}
	if err := m.mark(ctx, ps, texts); err != nil {
		return wrapMark(err)
	}
	if err := m.list(ps, texts); err != nil {
		return wrapMark(err)
	}
	if err := f.Write(w); err != nil {
		return writeFault(err)
	}
	return nil
}

func wrapMark(err error) error {
	if k := fault.KeyOf(err); k != "" {
		return err
	}
	return fault.Wrap("sheet.WriteProblems", fault.Internal, "sheet.write", nil, err)
}

type styleKey struct {
	base int
	lv   Level
}

type marker struct {
	f      *excelize.File
	sheet  string
	styles map[styleKey]int
}

// mark colours the cells; several problems of a cell share one comment.
func (m *marker) mark(ctx context.Context, ps []Problem, texts Texts) error {
	words := map[string]string{}
	worst := map[string]Level{}
	var order []string
	for _, p := range ps {
		cell := p.Cell
		if cell == "" {
			cell = cellName(0, p.Row)
		}
		if _, seen := words[cell]; !seen {
			order = append(order, cell)
			worst[cell] = p.Level
		} else {
			words[cell] += "\n"
		}
		words[cell] += p.Text(texts)
		worst[cell] = min(worst[cell], p.Level)
	}
	if len(order) > maxMarked {
		order = order[:maxMarked]
	}
	old, err := m.f.GetComments(m.sheet)
	if err != nil {
		return err
	}
	has := map[string]bool{}
	for _, c := range old {
		has[c.Cell] = true
	}
	for i, cell := range order {
		if i%64 == 0 && ctx.Err() != nil {
			return fault.Wrap("sheet.WriteProblems", fault.Canceled, "sheet.canceled", nil, ctx.Err())
		}
		if worst[cell] != Note {
			if err := m.colour(cell, worst[cell]); err != nil {
				return err
			}
		}
		if has[cell] {
			if err := m.f.DeleteComment(m.sheet, cell); err != nil {
				return err
			}
		}
		if err := m.f.AddComment(m.sheet, excelize.Comment{Cell: cell, Author: texts("sheet.author"), Text: words[cell], Width: 260, Height: 90}); err != nil {
			return err
		}
	}
	return nil
}

// colour keeps the cell's own style and changes its fill.
func (m *marker) colour(cell string, lv Level) error {
	base, err := m.f.GetCellStyle(m.sheet, cell)
	if err != nil {
		return err
	}
	id, ok := m.styles[styleKey{base, lv}]
	if !ok {
		s, err := m.f.GetStyle(base)
		if err != nil {
			return err
		}
		colour := "FF9C9C"
		if lv == Warning {
			colour = "FFE08A"
		}
		s.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
		if id, err = m.f.NewStyle(s); err != nil {
			return err
		}
		m.styles[styleKey{base, lv}] = id
	}
	return m.f.SetCellStyle(m.sheet, cell, cell, id)
}

// list puts all problems on a sheet of their own, shown first.
func (m *marker) list(ps []Problem, texts Texts) error {
	name := tabName(texts("sheet.problems.tab"))
	for i := 2; ; i++ {
		if at, err := m.f.GetSheetIndex(name); err != nil || at < 0 {
			break
		}
		name = fmt.Sprintf("%.28s %d", tabName(texts("sheet.problems.tab")), i)
	}
	if _, err := m.f.NewSheet(name); err != nil {
		return err
	}
	rows := [][]any{}
	var titles []any
	for _, c := range problemColumns(texts) {
		titles = append(titles, c.Title)
	}
	rows = append(rows, titles)
	for _, p := range sorted(ps) {
		rows = append(rows, []any{p.Row, p.Cell, p.Column, texts(levelKey(p.Level)), p.Text(texts)})
	}
	for i, r := range rows {
		if err := m.f.SetSheetRow(name, cellName(0, i+1), &r); err != nil {
			return err
		}
	}
	for i, c := range problemColumns(texts) {
		if err := m.f.SetColWidth(name, ColumnName(i), ColumnName(i), float64(c.Width)); err != nil {
			return err
		}
	}
	if err := m.f.MoveSheet(name, m.f.GetSheetList()[0]); err != nil {
		return err
	}
	at, err := m.f.GetSheetIndex(name) // it moved to the front
	if err != nil {
		return err
	}
	m.f.SetActiveSheet(at)
	return nil
}

func levelKey(l Level) string {
	return [...]string{"sheet.level.error", "sheet.level.warning", "sheet.level.note"}[l]
}

// Text gives the problem in words. The column's title as in the file is the
// argument "column".
func (p Problem) Text(texts Texts) string {
	nv := []any{"row", p.Row, "cell", p.Cell, "column", p.Column}
	for k, v := range p.Args {
		nv = append(nv, k, v)
	}
	return texts(p.Key, nv...)
}

func sorted(ps []Problem) []Problem {
	out := append([]Problem(nil), ps...)
	sort.SliceStable(out, func(i, j int) bool {
		if out[i].Level != out[j].Level {
			return out[i].Level < out[j].Level
		}
		return out[i].Row < out[j].Row
	})
	return out
}

func problemColumns(texts Texts) []Column {
	return []Column{
		{report.Column{Key: "row", Type: report.Int, Width: 8}, texts("sheet.problems.row")},
		{report.Column{Key: "cell", Type: report.Text, Width: 10}, texts("sheet.problems.cell")},
		{report.Column{Key: "column", Type: report.Text, Width: 16}, texts("sheet.problems.column")},
		{report.Column{Key: "level", Type: report.Text, Width: 10}, texts("sheet.problems.level")},
		{report.Column{Key: "what", Type: report.Text, Width: 80}, texts("sheet.problems.what")},
	}
}

func writeProblemList(ctx context.Context, ps []Problem, texts Texts, w io.Writer) error {
	var rows iter.Seq2[report.Row, error] = func(yield func(report.Row, error) bool) {
		for _, p := range sorted(ps) {
			if !yield(report.Row{Cells: []report.Value{report.N(p.Row), report.T(p.Cell), report.T(p.Column), report.T(texts(levelKey(p.Level))), report.T(p.Text(texts))}}, nil) {
				return
			}
		}
	}
	return Write(ctx, w, Sheet{Title: texts("sheet.problems.tab"), Columns: problemColumns(texts), Rows: rows})
}
