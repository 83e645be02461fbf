package listview

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"tiezhang/app"
	"tiezhang/app/report"
	"tiezhang/ui/bg"
	"tiezhang/ui/chart"
	"tiezhang/ui/export"
)

// How many rows a chart shows.
const (
	rankRows  = 6
	trendRows = 62
)

// toggleChart shows or hides the chart over the rows.
func (l *List) toggleChart() {
	if l.chart.Visible() {
		l.chart.Hide()
	} else {
		l.chart.Show()
		l.draw()
	}
	l.root.Refresh()
}

// chartKind is how the rows as they are gathered now are drawn: a trend wants
// rows that follow each other in time.
func (l *List) chartKind(q report.Query) report.ChartKind {
	c := l.desc.Spec.Chart.Kind
	if g := l.desc.Spec.GroupOf(q); c == report.Trend && g != "" && g != "month" && g != "day" {
		return report.Ranks
	}
	return c
}

// draw reads what the chart shows, if it is to be seen.
func (l *List) draw() {
	if !l.chart.Visible() || l.lacks() {
		return
	}
	q := l.query()
	c := l.desc.Spec.Chart
	kind := l.chartKind(q)
	value := slices.IndexFunc(l.cols, func(x report.Column) bool { return len(c.Value) > 0 && x.Key == c.Value[0] && !x.Masked })
	if value < 0 { // not this person's to see
		l.show(nil)
		return
	}
	if kind == report.Parts {
		p := chart.NewParts()
		var pts []chart.Point
		for _, col := range l.cols {
			if v, ok := l.totals[col.Key]; ok && slices.Contains(c.Value, col.Key) {
				pts = append(pts, chart.Point{Label: export.Title(col), Value: v.Num, Shown: total(col, v).Text})
			}
		}
		p.Set(pts)
		l.show(p)
		return
	}
	q.Offset, q.Limit, q.Count = 0, trendRows, false
	if kind == report.Ranks {
		q.Sort, q.Desc, q.Limit = c.Value[0], true, rankRows
	}
	bg.RunKey(l.owner, "chart", func(ctx context.Context) (report.Page, error) {
		return app.Ask(ctx, l.env.Session, app.Report{Query: q})
	}, func(p report.Page, err error) {
		if err != nil {
			l.env.Fail(err)
			return
		}
		pts := l.points(p, c)
		if kind == report.Ranks {
			k := chart.NewRanking()
			k.Set(pts)
			l.show(k)
			return
		}
		col, _ := l.desc.Spec.Find(c.Value[0])
		b := chart.NewBars(func(v int64) string { return total(col, report.N(v)).Text })
		b.Every = max(1, len(pts)/12)
		b.Set(pts)
		l.show(b)
	})
}

// points are the rows as a chart wants them.
func (l *List) points(p report.Page, c report.Chart) []chart.Point {
	name := slices.IndexFunc(p.Columns, func(x report.Column) bool { return x.Key == c.Name })
	value := slices.IndexFunc(p.Columns, func(x report.Column) bool { return x.Key == c.Value[0] })
	if name < 0 || value < 0 {
		return nil
	}
	var out []chart.Point
	for _, r := range p.Rows {
		words := cellOf(l.desc.Spec, p.Columns[name], r.Cells[name], time.Local).Text
		if words == "" {
			words = none()
		}
		short := words
		if len(short) == len("2026-11-02") { // a day: the year is known
			short = short[5:]
		}
		out = append(out, chart.Point{Label: short, Note: words, Value: r.Cells[value].Num, Shown: total(p.Columns[value], r.Cells[value]).Text})
	}
	if l.chartKind(l.query()) == report.Ranks {
		for i := range out {
			out[i].Label = out[i].Note
		}
	}
	return out
}

func (l *List) show(o fyne.CanvasObject) {
	l.chart.Objects = nil
	if o != nil {
		l.chart.Objects = []fyne.CanvasObject{o}
	}
	l.chart.Refresh()
	l.root.Refresh()
}
