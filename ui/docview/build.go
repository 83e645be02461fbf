package docview

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	ft "fyne.io/fyne/v2/theme"

	"tiezhang/app/doc"
	"tiezhang/ui/control"
	"tiezhang/ui/docview/draft"
	"tiezhang/ui/docview/facts"
	"tiezhang/ui/grid"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// show builds the screen of the document as it is now.
func (p *Page) show(lines []draft.Line) {
	first := !p.ready
	p.layer.RemoveAll()
	p.model, p.grid, p.allocs, p.pay, p.side = nil, nil, nil, nil, nil
	p.saver = draft.NewSaver(p.owner, p.env.Session, p.doc.Version)
	p.saver.OnBusy = func() { p.foot.saved.Set(text.T("docview.saving")) }
	p.saver.OnState = p.saveState
	if p.spec.Lines != doc.No {
		p.side = newSide(p)
		p.makeGrid(lines)
	}
	p.head = newHeader(p)
	p.foot = newFooter(p)
	var center fyne.CanvasObject = layout.NewSpacer()
	if p.grid != nil {
		center = p.grid
	}
	if p.spec.Allocates {
		p.allocs = newAllocs(p)
		center = p.allocs.view
		p.foot = newFooter(p)
	}
	top := container.NewVBox(p.titleRow(), p.head.object)
	middle := container.New(desk{p}, center)
	if p.side != nil {
		middle.Add(p.side.object)
		p.side.show()
	}
	p.body = container.NewBorder(top, container.New(layout.NewCustomPaddedLayout(6, 0, 0, 0), p.foot.object), nil, nil, middle)
	p.root.Objects = []fyne.CanvasObject{container.New(layout.NewCustomPaddedLayout(8, 8, 12, 12), p.body), p.layer}
	p.root.Refresh()
	p.ready = true
	p.foot.show()
	p.showColumns()
	if first {
		p.focusFirst()
		if how, _ := sourceOf(p.arg); how != "" || p.began && !p.saver.Saved() && !p.readOnly() {
			p.arg = ""
			p.changed()
		}
		p.env.Retitle()
	}
}

// titleRow says what it is, which one, and how far it has come.
func (p *Page) titleRow() fyne.CanvasObject {
	name := facts.NewLine(text.T("kind."+string(p.spec.Kind)), ft.ColorNameForeground, ft.SizeNameHeadingText, true)
	back, fore := theme.NameInfoTint, theme.NameInfo
	switch p.doc.Status {
	case doc.Posted:
		back, fore = theme.NameGoodTint, theme.NamePositive
	case doc.Reversed, doc.Void:
		back, fore = theme.NameErrorTint, theme.NameNegative
	}
	state := text.T("status." + string(p.doc.Status))
	if p.spec.Promise != doc.NoPromise && p.doc.Status == doc.Posted {
		state = text.T("docview.status.promised") // nothing was entered in the books
	}
	if p.doc.Reverses != "" {
		state, back, fore = text.T("docview.status.reversal"), theme.NameErrorTint, theme.NameNegative
	}
	objs := []fyne.CanvasObject{name, facts.NewBadge(state, back, fore)}
	if p.doc.Number != "" {
		objs = append(objs, facts.NewLine(p.doc.Number, ft.ColorNameForeground, ft.SizeNameSubHeadingText, true))
	}
	if p.doc.PostedAt != 0 {
		objs = append(objs, facts.NewLine(text.T("docview.posted_by", "name", p.view.PostedBy, "time", text.DateTime(time.Unix(p.doc.PostedAt, 0))), theme.NameMuted, ft.SizeNameText, false))
	}
	if words := p.progressWords(); words != "" {
		objs = append(objs, facts.NewLine(words, theme.NameMuted, ft.SizeNameText, false))
	}
	objs = append(objs, layout.NewSpacer())
	at := len(objs) - 1
	link := func(key, number, id string) {
		if id != "" && number != "" {
			objs = append(objs, control.NewButton(text.T(key, "number", number), func() { p.openDocument(id) }).WithLook(control.Quiet))
		}
	}
	link("docview.link.reverses", p.view.Reverses, p.doc.Reverses)
	link("docview.link.reversed_by", p.view.ReversedBy, p.doc.ReversedBy)
	n := 0
	for id, number := range p.view.Origins {
		if n++; n <= 3 {
			link("docview.link.origin", number, id)
		}
	}
	return container.New(facts.Row{Gap: 10, Stretch: at}, objs...)
}

// changed follows everything the person does to the document: the totals are
// worked out and the draft is kept.
func (p *Page) changed() {
	p.touched = false
	if !p.ready || p.readOnly() {
		return
	}
	p.foot.show()
	p.save()
}

func (p *Page) linesChanged() {
	p.foot.problems(nil)
	p.changed()
}

// partyChanged: another party, other prices in the help and other open
// documents. Lines that were typed keep their prices.
func (p *Page) partyChanged() {
	if p.side != nil {
		p.side.forget()
		p.side.show()
	}
	if p.allocs != nil {
		p.doc.Allocs = nil
		p.allocs.load()
	}
}

// placeChanged: a count compares with another warehouse's books, so what was
// frozen is wrong.
func (p *Page) placeChanged() {
	if p.side != nil {
		p.side.show()
	}
	if p.spec.Flow != doc.Recount || p.model == nil {
		return
	}
	lines := p.lines()
	rows := p.model.Rows()
	for i, l := range lines {
		l.Qty, l.Counted, l.Book = 0, false, l.Help.OnHand[p.doc.WarehouseID]
		rows[i] = p.row(l)
	}
	p.model.Load(rows)
	if len(lines) > 0 {
		p.env.Toast(text.T("docview.count.again"))
	}
}

// worth tells whether there is anything to keep.
func (p *Page) worth() bool {
	d := &p.doc
	return p.began || len(d.Lines) > 0 || d.PartyID != 0 || d.Amount != 0 || d.Note != "" || d.Category != "" || d.Reason != ""
}

// save keeps the draft in the background.
func (p *Page) save() {
	if !p.ready || p.readOnly() || p.posting || !p.worth() {
		return
	}
	if !p.began {
		p.began = true
		p.env.Retitle()
	}
	p.saver.Save(p.doc)
}

func (p *Page) saveState(err error) {
	if err != nil {
		p.foot.saved.Color = theme.NameNegative
		p.foot.saved.Set(text.T("docview.unsaved", "why", text.Fault(err)))
		return
	}
	p.foot.saved.Color = theme.NameMuted
	p.foot.saved.Set(text.T("docview.saved", "time", text.Clock(p.env.Host.Clock.Now())))
	p.foot.object.Refresh()
}

// desk is the grid with the panel beside it. Where there is no room for both
// the panel goes; the last column takes the room that is left.
type desk struct{ p *Page }

// deskWidth is the least width of both, in pixels at standard text size.
const deskWidth = 1020

// MinSize is Fyne's.
func (d desk) MinSize(objs []fyne.CanvasObject) fyne.Size { return objs[0].MinSize() }

// Layout is Fyne's.
func (d desk) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	w := size.Width
	if len(objs) > 1 {
		side := objs[1].MinSize().Width
		if size.Width < deskWidth*theme.Factor() {
			objs[1].Hide()
		} else {
			objs[1].Show()
			objs[1].Resize(fyne.NewSize(side, size.Height))
			objs[1].Move(fyne.NewPos(size.Width-side, 0))
			w -= side + 10
		}
	}
	objs[0].Resize(fyne.NewSize(w, size.Height))
	objs[0].Move(fyne.NewPos(0, 0))
	if d.p.grid != nil {
		stretch(d.p.model, w/theme.Factor())
	}
}

// numberAndBar is the room the row numbers and the scroll bar take in a grid.
const numberAndBar = 38 + 14

// stretch gives the last column the room the others leave.
func stretch(m *grid.Model, width float32) {
	cols := m.Columns()
	last := len(cols) - 1
	rest := width - numberAndBar
	for _, c := range cols[:last] {
		if !c.Hidden {
			rest -= c.Width
		}
	}
	if rest = max(120, rest); rest != cols[last].Width {
		m.SetWidth(last, rest)
	}
}
