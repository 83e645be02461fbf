package docview

import (
	"context"
	"maps"
	"slices"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/doc"
	"tiezhang/app/master"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/docview/draft"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
)

// loaded is what a page needs before it can be drawn.
type loaded struct {
	places app.PlaceList
	extras extras
	view   app.DocumentView
	found  bool
	pulled pulled
}

func (p *Page) load() {
	how, id := sourceOf(p.arg)
	spec, kind := p.spec, p.spec.Kind
	bg.Run(p.owner, func(ctx context.Context) (loaded, error) {
		var l loaded
		var err error
		if p.env.Session.May(access.PlaceView) {
			if l.places, err = app.Ask(ctx, p.env.Session, app.Places{}); err != nil {
				return l, err
			}
		}
		if namesStaff(spec) {
			if l.extras.staff, err = app.Ask(ctx, p.env.Session, app.Employees{}); err != nil {
				return l, err
			}
		}
		if l.extras.fields, err = app.Ask(ctx, p.env.Session, app.CustomFields{Entity: master.OfDocument, Kind: string(kind)}); err != nil {
			return l, err
		}
		if how == ReturnOf {
			l.pulled, err = pullFor(ctx, p.env.Session, app.PullLines{Kind: kind, IDs: []string{id}}, true)
			return l, err
		}
		if id != "" {
			l.view, err = app.Ask(ctx, p.env.Session, app.GetDocument{ID: id})
			l.found = err == nil
		}
		return l, err
	}, func(l loaded, err error) {
		if err != nil {
			p.root.Objects = nil
			p.root.Add(control.NewEmptyState("warning", text.Fault(err), text.T("ui.button.close"), func() { p.env.Close(p) }))
			p.root.Refresh()
			return
		}
		p.places, p.extras = l.places, l.extras
		switch how {
		case CopyOf:
			p.copyFrom(l.view)
		case ReturnOf:
			p.party = l.pulled.party
			p.take(l.pulled.Pulled, nil)
		default:
			if l.found {
				p.view, p.doc, p.party = l.view, l.view.Doc, l.view.Party
				p.began = true
			}
		}
		lines := p.withDone(draft.FromDocument(p.view, text.T("docview.gift")))
		if how != "" {
			lines = p.viewLines()
		}
		p.defaults()
		p.show(lines)
	})
}

// viewLines are the lines of a document made out of another.
func (p *Page) viewLines() []draft.Line {
	v := p.view
	v.Doc = p.doc
	out := draft.FromDocument(v, "")
	for i := range out {
		out[i].Priced, out[i].Counted = true, out[i].Qty != 0
	}
	p.view = app.DocumentView{}
	return out
}

// copyFrom takes over what is typed, not what was posted.
func (p *Page) copyFrom(v app.DocumentView) {
	d := v.Doc.Clone()
	n := p.blank()
	d.ID, d.Date, d.Status, d.Version, d.Number = n.ID, n.Date, n.Status, 0, ""
	d.Reverses, d.ReversedBy, d.Reason, d.Settled = "", "", "", 0
	d.CreatedBy, d.CreatedAt, d.PostedBy, d.PostedAt = 0, 0, 0, 0
	d.Payments, d.Allocs = nil, nil
	back := v.Doc.Reverses != "" // a copy of a reversal is a copy of what it took back
	if back {
		d.Amount, d.Discount = -d.Amount, -d.Discount
	}
	for i := range d.Lines {
		l := &d.Lines[i]
		l.Origin = doc.Origin{}
		if back {
			l.Qty, l.Off = -l.Qty, -l.Off
		}
	}
	p.doc, p.party, p.view, p.arg = d, v.Party, v, ""
	p.began = true
}

// defaults fills what there is only one of.
func (p *Page) defaults() {
	if p.readOnly() {
		return
	}
	if work := p.places.Work(); p.spec.Warehouse == doc.Must && p.doc.WarehouseID == 0 && len(work) > 0 {
		p.doc.WarehouseID = work[0].ID
	}
	if p.spec.ToPlace == doc.Must && p.doc.ToPlaceID == 0 {
		others := slices.DeleteFunc(p.places.Open(), func(w master.Warehouse) bool { return w.ID == p.doc.WarehouseID })
		if len(others) == 1 {
			p.doc.ToPlaceID = others[0].ID
		}
	}
	for _, a := range p.places.Accounts {
		if p.doc.AccountID == 0 && p.spec.Account == doc.Must && !a.Disabled {
			p.doc.AccountID = a.ID
		}
	}
}

// reread brings a posted document up to date when somebody reversed, paid or
// fulfilled it meanwhile.
func (p *Page) reread() {
	p.read(func(v app.DocumentView) bool {
		return v.Doc.Status != p.doc.Status || v.Doc.Settled != p.doc.Settled || v.Ended != p.view.Ended || !maps.Equal(v.Open, p.view.Open)
	})
}

// readAgain reads a posted document anew after something was done to it here.
func (p *Page) readAgain() { p.read(func(app.DocumentView) bool { return true }) }

func (p *Page) read(changed func(app.DocumentView) bool) {
	id := p.doc.ID
	bg.RunKey(p.owner, "reread", func(ctx context.Context) (app.DocumentView, error) {
		return app.Ask(ctx, p.env.Session, app.GetDocument{ID: id})
	}, func(v app.DocumentView, err error) {
		if err == nil && changed(v) {
			p.showPosted(v)
		}
	})
}

// showPosted redraws the page as the posted document.
func (p *Page) showPosted(v app.DocumentView) {
	p.view, p.doc, p.party, p.began = v, v.Doc, v.Party, true
	p.arg = v.Doc.ID
	p.show(p.withDone(draft.FromDocument(v, "")))
	p.focusFirst()
	p.env.Retitle()
}

// openDocument opens another document by ID, whatever its kind.
func (p *Page) openDocument(id string) {
	bg.Run(p.owner, func(ctx context.Context) (app.DocumentView, error) {
		return app.Ask(ctx, p.env.Session, app.GetDocument{ID: id})
	}, func(v app.DocumentView, err error) {
		if err != nil {
			p.env.Fail(err)
			return
		}
		p.env.Open(page.Route{Screen: page.Document, Kind: string(v.Doc.Kind), Arg: v.Doc.ID})
	})
}
