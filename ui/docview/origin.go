package docview

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/report"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/grid"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
)

// returnKinds are the kinds that can return what this posted document moved.
func (p *Page) returnKinds() []doc.Kind {
	var out []doc.Kind
	if p.doc.Status != doc.Posted || p.doc.Reverses != "" {
		return nil
	}
	for _, s := range doc.Specs() {
		for _, k := range s.Origins {
			if k == p.spec.Kind && (s.Party != doc.Must || p.doc.PartyID != 0) && p.env.Session.May(app.CreateRight(s.Kind)) {
				out = append(out, s.Kind)
			}
		}
	}
	return out
}

func (p *Page) openReturn(k doc.Kind) {
	p.env.Open(page.Route{Screen: page.Document, Kind: string(k), Arg: ReturnOf + p.doc.ID})
}

// canCopy: a count is of its moment; a copy would compare with books of then.
func (p *Page) canCopy() bool { return p.spec.Flow != doc.Recount && !p.spec.CashCount }

// ReturnLine makes a return's line of what was moved: same item and unit, the
// price it really came to, and the link to where it came from.
func ReturnLine(from string, l doc.Line) doc.Line {
	price := l.Price
	if net := l.Net(); net != l.Gross || l.Off != 0 {
		if u, err := amount.UnitPrice(net, l.Qty); err == nil {
			price = u
		}
	}
	return doc.Line{ItemID: l.ItemID, Unit: l.Unit, Num: l.Num, Den: l.Den, Qty: l.Qty, Price: price, Batch: l.Batch, Expiry: l.Expiry,
		Origin: doc.Origin{Doc: from, Line: l.No}}
}

// returnFrom makes this new document a return of lines of a posted one; nil
// takes all its lines.
func (p *Page) returnFrom(v app.DocumentView, chosen []int) {
	if p.doc.PartyID == 0 && p.spec.Party != doc.No {
		p.doc.PartyID, p.party = v.Doc.PartyID, v.Party
	}
	if v.Doc.WarehouseID != 0 {
		p.doc.WarehouseID = v.Doc.WarehouseID
	}
	for i, l := range v.Doc.Lines {
		if chosen != nil && !contains(chosen, i) {
			continue
		}
		n := ReturnLine(v.Doc.ID, l)
		n.No = len(p.doc.Lines) + 1
		p.doc.Lines = append(p.doc.Lines, n)
	}
	p.view = v
	p.began = true
}

func contains(xs []int, x int) bool {
	for _, y := range xs {
		if x == y {
			return true
		}
	}
	return false
}

// rows is a list that fits in memory.
type rows [][]grid.Cell

func (r rows) Len() int                      { return len(r) }
func (r rows) Row(i int) ([]grid.Cell, bool) { return r[i], true }

// chooseOrigin lists the party's documents this one may return from.
func (p *Page) chooseOrigin() {
	if p.spec.Party == doc.Must && p.doc.PartyID == 0 {
		p.focusHead()
		p.env.Toast(text.T("docview.origin.party_first"))
		return
	}
	var kinds []string
	for _, k := range p.spec.Origins {
		kinds = append(kinds, string(k))
	}
	code := p.party.Code
	bg.RunKey(p.owner, "origin", func(ctx context.Context) (report.Page, error) {
		return app.Ask(ctx, p.env.Session, app.Report{Query: report.Query{Name: "documents", Kinds: kinds, Party: code, Status: string(doc.Posted), Limit: 200}})
	}, func(r report.Page, err error) {
		if err != nil {
			p.env.Fail(err)
			return
		}
		p.originDialog(r)
	})
}

func (p *Page) originDialog(r report.Page) {
	want := []struct {
		key, title string
		width      float32
		align      grid.Align
	}{{"date", "docview.field.date", 100, grid.Left}, {"number", "docview.col.number", 170, grid.Left}, {"party", "docview.field.party", 180, grid.Left}, {"lines", "docview.col.lines", 60, grid.Right}, {"total", "docview.col.total", 110, grid.Right}}
	var cols []grid.ListColumn
	for _, w := range want {
		cols = append(cols, grid.ListColumn{Key: w.key, Title: w.title, Width: w.width, Align: w.align})
	}
	data := make(rows, len(r.Rows))
	for i, x := range r.Rows {
		for _, w := range want {
			c := grid.Cell{}
			for k, rc := range r.Columns {
				if rc.Key == w.key {
					c.Text = x.Cells[k].String(rc.Type)
				}
			}
			data[i] = append(data[i], c)
		}
	}
	list := grid.NewList(cols, data)
	list.Empty = grid.Empty{Words: text.T("docview.origin.none")}
	m := control.NewModal(text.T("docview.origin.title"), sized(list, 680, 300))
	m.First = list
	m.CancelButton(text.T("ui.button.cancel"), nil)
	open := func(i int) {
		if i < 0 || i >= len(r.Rows) {
			return
		}
		id := r.Rows[i].Ref
		m.Close()
		bg.Run(p.owner, func(ctx context.Context) (app.DocumentView, error) {
			return app.Ask(ctx, p.env.Session, app.GetDocument{ID: id})
		}, func(v app.DocumentView, err error) {
			if err != nil {
				p.env.Fail(err)
				return
			}
			p.originLines(v)
		})
	}
	list.OnActivate = open
	m.DefaultButton(text.T("docview.origin.choose"), func() { open(list.Active()) })
	m.Open(p.env.Window.Canvas())
}

// originLines lets lines of the original be chosen; quantities are then
// changed in the grid.
func (p *Page) originLines(v app.DocumentView) {
	cols := []grid.ListColumn{{Key: "item", Title: "docview.field.item", Width: 260}, {Key: "unit", Title: "docview.field.unit", Width: 60},
		{Key: "qty", Title: "docview.field.qty", Width: 90, Align: grid.Right}, {Key: "price", Title: "docview.field.price", Width: 90, Align: grid.Right}, {Key: "net", Title: "docview.field.amount", Width: 110, Align: grid.Right}}
	data := make(rows, len(v.Doc.Lines))
	for i, l := range v.Doc.Lines {
		it := v.Items[l.ItemID]
		unit := l.Unit
		if unit == "" {
			unit = it.Unit
		}
		data[i] = []grid.Cell{{Text: it.Name}, {Text: unit}, {Text: text.Qty(l.Qty)}, {Text: text.Price(l.Price)}, {Text: text.Money(l.Net())}}
	}
	list := grid.NewList(cols, data)
	list.Multi = true
	box := container.NewBorder(control.NewWords(text.T("docview.origin.lines_hint"), 600), nil, nil, nil, sized(list, 680, 280))
	m := control.NewModal(text.T("docview.origin.lines", "number", v.Doc.Number), box)
	m.First = list
	m.CancelButton(text.T("ui.button.cancel"), nil)
	take := func(chosen []int) {
		m.Close()
		keep := p.lines()
		p.doc.Lines = nil
		for _, l := range keep {
			p.doc.Lines = append(p.doc.Lines, l.Line)
		}
		p.returnFrom(v, chosen)
		items := v.Items
		for _, l := range keep {
			items[l.ItemID] = l.Item
		}
		p.view.Items = items
		p.arg = ""
		lines := p.viewLines()
		for i := range lines {
			lines[i].No = i + 1
		}
		p.doc.Version = p.saver.Version()
		p.show(lines)
		p.changed()
		p.focusGrid()
	}
	picked := func() {
		if s := list.Selected(); len(s) > 0 {
			take(s)
		} else if i := list.Active(); i >= 0 {
			take([]int{i})
		}
	}
	list.OnActivate = func(int) { picked() }
	m.Button(text.T("docview.origin.all"), func() { take(nil) })
	m.DefaultButton(text.T("docview.origin.take"), picked)
	m.Open(p.env.Window.Canvas())
}

// sized gives an object a size inside a dialog.
func sized(o fyne.CanvasObject, w, h float32) fyne.CanvasObject {
	return container.New(layout.NewGridWrapLayout(fyne.NewSize(w, h)), o)
}
