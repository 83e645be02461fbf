package docview

import (
	"context"
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/master"
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

// take puts lines pulled from other documents under those that are there.
func (p *Page) take(v app.Pulled, keep func(doc.Line) bool) {
	if p.doc.PartyID == 0 {
		p.doc.PartyID = v.Party
	}
	if v.Warehouse != 0 && len(p.doc.Lines) == 0 && p.spec.Warehouse != doc.No {
		p.doc.WarehouseID = v.Warehouse
	}
	if p.doc.StaffID == 0 {
		p.doc.StaffID = v.Staff
	}
	no := 0
	for _, l := range p.doc.Lines {
		no = max(no, l.No)
	}
	for _, l := range v.Lines {
		if keep != nil && !keep(l) || slices.ContainsFunc(p.doc.Lines, func(x doc.Line) bool { return x.Origin == l.Origin }) {
			continue
		}
		no++
		l.No = no
		l = evenPrice(l)
		p.doc.Lines = append(p.doc.Lines, l)
	}
	if p.view.Items == nil {
		p.view.Items = map[int64]master.Item{}
	}
	for id, it := range v.Items {
		p.view.Items[id] = it
	}
	p.began = true
}

// evenPrice turns a discount that came with a line into its price: who then
// takes fewer pieces gets the right part of it.
func evenPrice(l doc.Line) doc.Line {
	gross, err := amount.Extend(l.Qty, l.Price)
	if l.Off == 0 || err != nil {
		return l
	}
	net := gross - l.Off
	u, err := amount.UnitPrice(net, l.Qty)
	if err != nil {
		return l
	}
	if back, err := amount.Extend(l.Qty, u); err == nil && back == net {
		l.Price, l.Off = u, 0
	}
	return l
}

// rows is a list that fits in memory.
type rows [][]grid.Cell

func (r rows) Len() int                      { return len(r) }
func (r rows) Row(i int) ([]grid.Cell, bool) { return r[i], true }

// chooseOrigin lists the documents this one may take lines from.
func (p *Page) chooseOrigin() {
	if p.spec.Party == doc.Must && p.doc.PartyID == 0 && !p.spec.OtherParty {
		p.focusHead()
		p.env.Toast(text.T("docview.origin.party_first"))
		return
	}
	q := app.OpenLines{Kind: p.spec.Kind, Party: p.doc.PartyID, Limit: 100}
	if p.spec.OtherParty {
		q.Party = 0
	}
	bg.RunKey(p.owner, "origin", func(ctx context.Context) ([]app.OpenDoc, error) {
		return app.Ask(ctx, p.env.Session, q)
	}, func(ds []app.OpenDoc, err error) {
		if err != nil {
			p.env.Fail(err)
			return
		}
		p.originDialog(ds)
	})
}

func (p *Page) originDialog(ds []app.OpenDoc) {
	cols := []grid.ListColumn{{Key: "date", Title: "docview.field.date", Width: 100}, {Key: "number", Title: "docview.col.number", Width: 170},
		{Key: "kind", Title: "docview.col.kind", Width: 90}, {Key: "party", Title: "docview.field.party", Width: 170},
		{Key: "lines", Title: "docview.col.lines", Width: 60, Align: grid.Right}, {Key: "total", Title: "docview.col.total", Width: 110, Align: grid.Right}}
	data := make(rows, len(ds))
	for i, d := range ds {
		data[i] = []grid.Cell{{Text: d.Date.String()}, {Text: d.Number}, {Text: text.T("kind." + string(d.Kind))}, {Text: d.PartyName},
			{Text: strconv.Itoa(len(d.Lines))}, {Text: text.Money(d.Total)}}
	}
	list := grid.NewList(cols, data)
	list.Multi = true
	list.Empty = grid.Empty{Words: text.T("docview.origin.none")}
	box := container.NewBorder(control.NewWords(text.T("docview.origin.hint"), 680), nil, nil, nil, sized(list, 720, 300))
	m := control.NewModal(text.T("docview.action."+p.look.originAction()), box)
	m.First = list
	m.CancelButton(text.T("ui.button.cancel"), nil)
	open := func(int) {
		chosen := list.Selected()
		if i := list.Active(); len(chosen) == 0 && i >= 0 {
			chosen = []int{i}
		}
		switch {
		case len(chosen) == 0 || chosen[0] >= len(ds):
			return
		case len(chosen) == 1:
			m.Close()
			p.originLines(ds[chosen[0]])
			return
		}
		m.Close()
		var ids []string
		for _, i := range chosen {
			ids = append(ids, ds[i].ID)
		}
		p.pull(ids, nil)
	}
	list.OnActivate = open
	m.DefaultButton(text.T("docview.origin.choose"), func() { open(0) })
	m.Open(p.env.Window.Canvas())
}

// originLines lets lines of one document be chosen; quantities are then changed
// in the grid.
func (p *Page) originLines(d app.OpenDoc) {
	cols := []grid.ListColumn{{Key: "code", Title: "docview.field.code", Width: 90}, {Key: "item", Title: "docview.field.item", Width: 260}, {Key: "batch", Title: "docview.field.batch", Width: 90},
		{Key: "qty", Title: "docview.field.qty", Width: 90, Align: grid.Right}, {Key: "open", Title: "docview.col.to_come", Width: 110, Align: grid.Right}}
	data := make(rows, len(d.Lines))
	for i, l := range d.Lines {
		data[i] = []grid.Cell{{Text: l.Code}, {Text: l.Name}, {Text: l.Batch}, {Text: text.Qty(l.Base)}, {Text: text.Qty(l.Open) + l.Unit}}
	}
	list := grid.NewList(cols, data)
	list.Multi = true
	box := container.NewBorder(control.NewWords(text.T("docview.origin.lines_hint"), 600), nil, nil, nil, sized(list, 680, 280))
	m := control.NewModal(text.T("docview.origin.lines", "number", d.Number), box)
	m.First = list
	m.CancelButton(text.T("ui.button.cancel"), nil)
	pull := func(chosen []int) {
		m.Close()
		var keep func(doc.Line) bool
		if chosen != nil {
			wanted := map[int]bool{}
			for _, i := range chosen {
				wanted[d.Lines[i].Line] = true
			}
			keep = func(l doc.Line) bool { return wanted[l.Origin.Line] }
		}
		p.pull([]string{d.ID}, keep)
	}
	picked := func() {
		if s := list.Selected(); len(s) > 0 {
			pull(s)
		} else if i := list.Active(); i >= 0 {
			pull([]int{i})
		}
	}
	list.OnActivate = func(int) { picked() }
	m.Button(text.T("docview.origin.all"), func() { pull(nil) })
	m.DefaultButton(text.T("docview.origin.take"), picked)
	m.Open(p.env.Window.Canvas())
}

// pulled are lines of other documents and the party they are of.
type pulled struct {
	app.Pulled
	party master.Party
}

// pull reads what is open of other documents and puts it on this one.
func (p *Page) pull(ids []string, keep func(doc.Line) bool) {
	q := app.PullLines{Kind: p.spec.Kind, IDs: ids}
	needParty := p.doc.PartyID == 0
	bg.Run(p.owner, func(ctx context.Context) (pulled, error) {
		return pullFor(ctx, p.env.Session, q, needParty)
	}, func(v pulled, err error) {
		if err != nil {
			p.env.Fail(err)
			return
		}
		items := map[int64]master.Item{}
		p.doc.Lines = nil
		for _, l := range p.lines() {
			p.doc.Lines = append(p.doc.Lines, l.Line)
			items[l.ItemID] = l.Item
		}
		p.view = app.DocumentView{Items: items}
		if p.doc.PartyID == 0 {
			p.party = v.party
		}
		p.take(v.Pulled, keep)
		p.arg = ""
		lines := p.viewLines()
		p.doc.Version = p.saver.Version()
		p.show(lines)
		p.changed()
		p.focusGrid()
	})
}

func pullFor(ctx context.Context, s *app.Session, q app.PullLines, party bool) (pulled, error) {
	var v pulled
	var err error
	if v.Pulled, err = app.Ask(ctx, s, q); err == nil && party && v.Party != 0 {
		v.party, err = app.Ask(ctx, s, app.GetParty{ID: v.Party})
	}
	return v, err
}

// sized gives an object a size inside a dialog.
func sized(o fyne.CanvasObject, w, h float32) fyne.CanvasObject {
	return container.New(layout.NewGridWrapLayout(fyne.NewSize(w, h)), o)
}
