package listview

import (
	"time"

	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/report"
	"tiezhang/ui/export"
	"tiezhang/ui/grid"
	"tiezhang/ui/text"
)

// hiddenCells stand behind the columns of a row and are never drawn: where it
// leads, and what kind of document that is.
const hiddenCells = 2

// cellsOf draws a row; ref and kind follow its columns.
func cellsOf(s report.Spec, cols []report.Column, r report.Row, zone *time.Location) []grid.Cell {
	out := make([]grid.Cell, len(cols), len(cols)+hiddenCells)
	kind := ""
	for i, c := range cols {
		if i >= len(r.Cells) {
			break
		}
		out[i] = cellOf(s, c, r.Cells[i], zone)
		if c.Key == "kind" {
			kind = r.Cells[i].Text
		}
	}
	return append(out, grid.Cell{Text: r.Ref}, grid.Cell{Text: kind})
}

func cellOf(s report.Spec, c report.Column, v report.Value, zone *time.Location) grid.Cell {
	if v.Null {
		return grid.Cell{}
	}
	g := grid.Cell{Text: show(s, c, v, zone)}
	switch {
	case number(c.Type) && v.Num < 0:
		g.Style = grid.Negative
	case c.Type == report.Status || c.Key == "result":
		g.Style = statusStyle[v.Text]
	case links[c.Key] && s.Opens != report.OpensNothing:
		g.Style = grid.Link
	}
	return g
}

// links are the columns that name what a row leads to.
var links = map[string]bool{"number": true, "code": true, "seq": true}

var statusStyle = map[string]grid.Style{
	"draft": grid.Warning, "reversed": grid.Muted, "void": grid.Muted, "disabled": grid.Muted,
	"denied": grid.Negative, "failed": grid.Negative,
}

func show(s report.Spec, c report.Column, v report.Value, zone *time.Location) string {
	switch c.Type {
	case report.Money:
		if s.Report {
			return amount.Money(v.Num).Grouped()
		}
		return text.Money(amount.Money(v.Num))
	case report.Price:
		return text.Price(amount.Price(v.Num))
	case report.Qty:
		return text.Qty(amount.Qty(v.Num))
	case report.Rate:
		// one decimal tells enough of a share
		tenths, err := amount.MulDiv(v.Num, 1, amount.RateScale/1000)
		if err != nil {
			return text.Percent(amount.Rate(v.Num))
		}
		return text.Percent(amount.Rate(tenths * amount.RateScale / 1000))
	case report.Date:
		return day.Date(v.Num).String() //nolint:gosec // stored as a date
	case report.Time:
		if v.Num == 0 {
			return ""
		}
		return text.DateTime(time.Unix(v.Num, 0).In(zone))
	case report.Status, report.Key, report.Detail:
		return export.Words(c, v)
	}
	return v.String(c.Type)
}

// total draws a cell of the totals row.
func total(c report.Column, v report.Value) grid.Cell {
	g := grid.Cell{Style: grid.Bold}
	switch c.Type {
	case report.Money:
		g.Text = text.MoneyTotal(amount.Money(v.Num))
	case report.Qty:
		g.Text = amount.Qty(v.Num).Grouped()
	default:
		g.Text = v.String(c.Type)
	}
	if v.Num < 0 {
		g.Style = grid.Negative
	}
	return g
}

// right tells the columns of figures, those that are covered too.
func right(c report.Column) bool { return number(c.Type) || c.Masked }

func number(t report.Type) bool {
	switch t {
	case report.Int, report.Money, report.Price, report.Qty, report.Rate:
		return true
	}
	return false
}

// sortMark is the room the mark of the order takes beside a heading.
const sortMark = 12

// columnsOf turns the columns of an answer into those of the grid.
func columnsOf(cols []report.Column, widths map[string]float32, shown map[string]bool) []grid.ListColumn {
	out := make([]grid.ListColumn, len(cols))
	for i, c := range cols {
		w := float32(c.Width)*7.2 + 16
		if c.Type == report.Key && text.Current() == text.English { // words are longer than two characters
			w *= 1.5
		}
		w = max(w, wordsWidth(export.Title(c))+sortMark)
		if kept, ok := widths[c.Key]; ok {
			w = kept
		}
		hide := c.Hide
		if on, set := shown[c.Key]; set {
			hide = !on
		}
		out[i] = grid.ListColumn{Key: c.Key, Label: export.Title(c), Width: w, Sortable: !c.NoSort, Hidden: hide}
		if right(c) {
			out[i].Align = grid.Right
		}
	}
	return out
}
