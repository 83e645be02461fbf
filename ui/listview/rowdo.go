package listview

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/report"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
)

// What may be done with rows: orders from what should be bought, and why an
// item's figures are what they are.

// none is said where a summary's row is for nobody.
func none() string { return text.T("report.group.none") }

// chosen are the selected rows, or the one in front when none is. They are read
// anew as values: what is drawn is words.
func (l *List) chosen() []int {
	rows := l.grid.Selected()
	if len(rows) == 0 && l.grid.Len() > 0 {
		rows = []int{l.grid.Active()}
	}
	return rows
}

// orders offers to order what is selected.
func (d *Desc) orders(s *app.Session) {
	if !s.May(app.CreateRight(doc.PurchaseOrder)) {
		return
	}
	d.Many = &Many{Title: text.T("listview.make-orders"), Icon: "plus", Run: func(l *List, rows []int) { l.makeOrders(rows) }}
}

// makeOrders makes drafts of what the selected rows suggest and opens them.
func (l *List) makeOrders(rows []int) {
	if len(rows) == 0 {
		return
	}
	q := l.query()
	bg.RunKey(l.owner, "orders", func(ctx context.Context) ([]app.MadeOrder, error) {
		from, to := slices.Min(rows), slices.Max(rows)
		q.Offset, q.Limit, q.Count = from, to-from+1, false
		p, err := app.Ask(ctx, l.env.Session, app.Report{Query: q})
		if err != nil {
			return nil, err
		}
		at := slices.IndexFunc(p.Columns, func(c report.Column) bool { return c.Key == "suggest" })
		var c app.MakeOrders
		for _, i := range rows {
			if i -= from; i >= len(p.Rows) || at < 0 {
				continue
			}
			id, err := strconv.ParseInt(p.Rows[i].Ref, 10, 64)
			if n := p.Rows[i].Cells[at].Num; err == nil && n > 0 {
				c.Wants = append(c.Wants, app.Want{ItemID: id, Qty: amount.Qty(n)})
			}
		}
		return app.Do(ctx, l.env.Session, c)
	}, func(made []app.MadeOrder, err error) {
		if err != nil {
			l.env.Fail(err)
			return
		}
		l.grid.ClearSelection()
		if len(made) == 1 {
			l.env.Open(page.Route{Screen: page.Document, Kind: string(doc.PurchaseOrder), Arg: made[0].ID})
			return
		}
		control.Ask(l.env.Window.Canvas(), control.Question{Title: text.T("listview.make-orders"), Words: text.T("listview.made-orders", "count", len(made)),
			Yes: text.T("listview.open-file"), No: text.T("ui.button.close")}, func(yes bool) {
			if yes {
				for _, m := range made {
					l.env.Open(page.Route{Screen: page.Document, Kind: string(doc.PurchaseOrder), Arg: m.ID})
				}
			}
		})
	})
}

// why offers the life of the item in front, in words.
func (d *Desc) why(s *app.Session) {
	if !s.Reach().Everywhere() { // it spans all warehouses
		return
	}
	d.Extra = append(d.Extra, Extra{Title: text.T("listview.why"), Icon: "search", Code: func(l *List, code string) {
		l.env.Open(page.Route{Screen: page.Report, Kind: "why", Arg: code})
	}})
}

// why is the page that tells it; its rows are sentences, so no spec has them.
func why(d Desc) Desc {
	code := d.Route.Arg
	d.Title, d.Empty = text.T("listview.title.why")+" "+code, "listview.empty.why"
	d.Spec = report.Spec{Name: "why", Report: true, Perm: access.ReportStock, Opens: report.OpensDocument, Columns: []report.Column{
		{Key: "date", Type: report.Date, Width: 11, NoSort: true}, {Key: "number", Type: report.Text, Width: 18, NoSort: true}, {Key: "kind", Type: report.Key, Width: 10, NoSort: true},
		{Key: "why", Type: report.Text, Width: 90, NoSort: true}, {Key: "qty_after", Type: report.Qty, Width: 11, NoSort: true},
		{Key: "value_after", Type: report.Money, Width: 13, Field: access.FieldCost, NoSort: true},
		{Key: "cost", Type: report.Price, Width: 11, Field: access.FieldCost, NoSort: true}}}
	d.Rows = func(ctx context.Context, s *app.Session) (report.Page, error) {
		e, err := app.Ask(ctx, s, app.Explain{Code: code})
		if err != nil {
			return report.Page{}, err
		}
		cols := d.Spec.For(s.Role())
		p := report.Page{Columns: report.Read(cols), Total: len(e.Lines)}
		for _, l := range e.Lines {
			says := make([]string, len(l.Says))
			for i, x := range l.Says {
				says[i] = sentence(x)
			}
			between := ""
			if text.Current() == text.English {
				between = " "
			}
			r := report.Row{Ref: l.Doc, Cells: []report.Value{report.N(l.Date), report.T(l.Number), report.T(string(l.Kind)), report.T(strings.Join(says, between)), report.N(l.Qty)}}
			if e.Costs {
				each := report.Nil()
				if p, err := amount.UnitPrice(l.Value, l.Qty); err == nil && l.Qty != 0 {
					each = report.N(p)
				}
				r.Cells = append(r.Cells, report.N(l.Value), each)
			}
			p.Rows = append(p.Rows, r)
		}
		return p.Cover(cols), nil
	}
	return d
}

// sentence is one in the person's language.
func sentence(x app.Sentence) string {
	nv := make([]any, 0, 2*len(x.Args))
	for k, v := range x.Args {
		nv = append(nv, k, v)
	}
	return text.T(x.Key, nv...)
}
