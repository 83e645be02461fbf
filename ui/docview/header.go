package docview

import (
	"context"
	"slices"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	ft "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/docview/draft"
	"tiezhang/ui/docview/facts"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// header is the fields above the grid, in two rows.
type header struct {
	p      *Page
	fields []headField
	first  fyne.Focusable
	date   *control.DateField
	due    *control.DateField
	party  *picker
	amount *control.Entry
	reason *control.Entry

	reasonBox fyne.CanvasObject
	places    []placeChoice
	bad       map[string]string // texts that are no amount, by field
	object    fyne.CanvasObject
}

// headField is one field by the name faults use.
type headField struct {
	name    string
	focus   fyne.Focusable
	invalid func(bool)
}

type placeChoice struct {
	choice  *control.Choice
	options func() []control.Option
}

func newHeader(p *Page) *header {
	h := &header{p: p, bad: map[string]string{}}
	s, d := p.spec, &p.doc
	var one, two []fyne.CanvasObject
	row := func(second bool, o fyne.CanvasObject) {
		if second {
			two = append(two, o)
		} else {
			one = append(one, o)
		}
	}
	row(false, h.field("date", h.makeDate()))
	if s.Party != doc.No {
		row(false, h.partyField())
	}
	from := func() []control.Option { return warehouseOptions(p.places, p.places.Work(), d) }
	to := func() []control.Option { return warehouseOptions(p.places, p.places.Open(), d) }
	accounts := func() []control.Option { return accountOptions(p.places, d) }
	choose := func(name string, need doc.Need, second bool, width float32, options func() []control.Option, at *int64, changed func()) {
		if need == doc.No {
			return
		}
		c := control.NewChoice(options(), nil)
		c.MinWidth, c.Optional = width, need == doc.May
		c.Placeholder = text.T("docview.choose")
		if *at != 0 {
			c.SetValue(strconv.FormatInt(*at, 10))
		}
		c.OnChanged = func(v string) {
			*at, _ = strconv.ParseInt(v, 10, 64)
			changed()
			p.changed()
		}
		h.places = append(h.places, placeChoice{c, options})
		row(second, h.field(name, c))
	}
	choose("warehouse", s.Warehouse, false, 130, from, &d.WarehouseID, p.placeChanged)
	choose("to", s.ToPlace, false, 130, to, &d.ToPlaceID, func() {})
	choose("account", s.Account, s.Account == doc.May, 150, accounts, &d.AccountID, func() {})
	choose("to_account", s.ToAccount, false, 150, accounts, &d.ToAccountID, func() {})
	if s.Amount != doc.No {
		h.amount = h.money(&d.Amount, "amount")
		row(s.Amount == doc.May, h.field("amount", h.amount))
	}
	if s.Bonus != doc.No {
		row(false, h.field("bonus", h.money(&d.Bonus, "bonus")))
	}
	if s.Category != doc.No {
		row(true, h.field("category", h.text(&d.Category, 150)))
	}
	h.reason = h.text(&d.Reason, 240)
	h.reasonBox = h.field("reason", h.reason)
	last := h.text(&d.Note, 240)
	last.OnEnter = h.toLines
	two = append(two, h.reasonBox, h.field("note", last))
	note := len(two) - 1
	two, three := h.addExtras(two)
	h.showReason()
	box := container.NewVBox(
		container.New(facts.Row{Gap: 14, Stretch: -1}, one...),
		container.New(facts.Row{Gap: 14, Stretch: note}, two...))
	if len(three) > 0 {
		box.Add(container.New(facts.Row{Gap: 14, Stretch: -1}, three...))
	}
	h.object = box
	if h.first == nil && len(h.fields) > 0 {
		h.first = h.fields[0].focus
	}
	if p.readOnly() {
		h.object = h.plain()
	}
	return h
}

// plain is the header of a posted document: words, not fields one cannot use.
func (h *header) plain() fyne.CanvasObject {
	p := h.p
	var objs []fyne.CanvasObject
	named := func(title, value string) {
		if value != "" {
			objs = append(objs, container.New(facts.Row{Gap: 6, Stretch: -1}, facts.NewLine(title, theme.NameMuted, ft.SizeNameText, false),
				facts.NewLine(value, ft.ColorNameForeground, ft.SizeNameText, true)))
		}
	}
	add := func(name, value string) { named(p.look.title(name), value) }
	d := &p.doc
	add("date", d.Date.String())
	add("party", p.party.Name)
	option := func(name string, id int64, options []control.Option) {
		for _, o := range options {
			if o.Value == strconv.FormatInt(id, 10) {
				add(name, o.Text)
			}
		}
	}
	option("warehouse", d.WarehouseID, warehouseOptions(p.places, nil, d))
	option("to", d.ToPlaceID, warehouseOptions(p.places, nil, d))
	option("account", d.AccountID, accountOptions(p.places, d))
	option("to_account", d.ToAccountID, accountOptions(p.places, d))
	add("category", d.Category)
	if p.spec.Amount == doc.Must || d.Amount != 0 {
		add("amount", text.MoneyTotal(d.Amount))
	}
	if d.Bonus != 0 {
		add("bonus", text.MoneyTotal(d.Bonus))
	}
	h.plainExtras(named)
	one := container.New(facts.Row{Gap: 24, Stretch: -1}, objs...)
	objs = nil
	add("reason", d.Reason)
	add("note", d.Note)
	box := container.NewVBox(one)
	if len(objs) > 0 {
		box.Add(container.New(facts.Row{Gap: 24, Stretch: -1}, objs...))
	}
	return container.New(layout.NewCustomPaddedLayout(6, 8, 2, 0), box)
}

type input interface {
	fyne.CanvasObject
	fyne.Focusable
}

// field puts a heading before an input and registers it under its name.
func (h *header) field(name string, in input) fyne.CanvasObject {
	f := headField{name: name, focus: in, invalid: func(bool) {}}
	switch w := in.(type) {
	case *control.Choice:
		f.invalid = w.SetInvalid
	case *control.Entry:
		f.invalid = func(on bool) { markEntry(w, on) }
	case *control.DateField:
		f.invalid = func(on bool) { markEntry(&w.Entry, on) }
	}
	h.fields = append(h.fields, f)
	title := h.p.look.title(name)
	if h.needs(name) == doc.Must && !h.p.readOnly() {
		title = text.T("docview.must", "field", title)
	}
	l := widget.NewLabel(title)
	return container.NewBorder(nil, nil, l, nil, in)
}

func markEntry(e *control.Entry, on bool) {
	e.AlwaysShowValidationError = on
	if on {
		e.SetValidationError(errWords{text.T("docview.check")})
	} else {
		e.SetValidationError(nil)
	}
}

// needs gives the spec's need for a header field by the name faults use.
func (h *header) needs(name string) doc.Need {
	s := h.p.spec
	return map[string]doc.Need{"party": s.Party, "warehouse": s.Warehouse, "to": s.ToPlace, "account": s.Account, "to_account": s.ToAccount,
		"category": s.Category, "amount": s.Amount, "due": s.Due, "bonus": s.Bonus, "date": doc.Must}[name]
}

func (h *header) has(f fyne.Focusable) bool {
	return slices.ContainsFunc(h.fields, func(x headField) bool { return x.focus == f })
}

// mark shows a field as wrong and gives what to focus; nil for an unknown one.
func (h *header) mark(name string) fyne.Focusable {
	for _, f := range h.fields {
		if f.name == name {
			f.invalid(true)
			return f.focus
		}
	}
	return nil
}

func (h *header) clear() {
	for _, f := range h.fields {
		f.invalid(false)
	}
}

func (h *header) makeDate() *control.DateField {
	p := h.p
	h.date = control.NewDate(func() time.Time { return p.env.Host.Clock.Now() })
	h.date.Required = true
	h.date.SetValue(p.doc.Date.String())
	h.date.OnDate = func(iso string) {
		if d, err := day.Parse(iso); err == nil {
			p.doc.Date = d
		}
		h.showReason()
		p.changed()
	}
	return h.date
}

// showReason: back-dating wants a reason; other documents show theirs only
// when they have one.
func (h *header) showReason() {
	p := h.p
	if p.backdated() || p.doc.Reason != "" {
		h.reasonBox.Show()
	} else {
		h.reasonBox.Hide()
	}
	if h.object != nil {
		h.object.Refresh()
	}
}

func (p *Page) backdated() bool { return p.doc.Date < p.today() && !p.spec.FreeDate && !p.readOnly() }

// toLines takes the walk of Enter from the last field of the header to the
// lines: the grid is no stop of the window's own order of fields.
func (h *header) toLines() bool {
	if h.p.grid == nil && h.p.allocs == nil {
		return false
	}
	h.p.focusGrid()
	return true
}

func (h *header) text(at *string, width float32) *control.Entry {
	e := control.NewEntry()
	e.MinWidth = width
	e.SetText(*at)
	e.OnChanged = func(s string) { *at = s; h.p.touched = true }
	e.OnDone = func() {
		if h.p.touched {
			h.p.changed()
		}
	}
	return e
}

// money is a field for an amount of the header.
func (h *header) money(at *amount.Money, name string) *control.Entry {
	p := h.p
	e := control.NewNumber()
	e.MinWidth = 120
	if *at != 0 {
		e.SetText(text.Money(*at))
	}
	e.OnChanged = func(s string) {
		p.touched = true
		delete(h.bad, name)
		markEntry(e, false)
		if s == "" {
			*at = 0
		} else if m, err := draft.Money(s, name); err == nil {
			*at = m
		} else {
			h.bad[name] = s
		}
		if p.foot != nil {
			p.foot.show()
		}
	}
	take := func() bool {
		if h.bad[name] != "" {
			markEntry(e, true)
			return false
		}
		if e.Text != "" {
			e.SetText(text.Money(*at))
		}
		if p.touched {
			p.changed()
		}
		return true
	}
	e.OnDone = func() { take() }
	e.OnEnter = func() bool { return !take() }
	return e
}

func (h *header) setAmount() {
	if h.amount != nil {
		h.amount.SetText(text.Money(h.p.doc.Amount))
	}
}

func (h *header) partyField() fyne.CanvasObject {
	p := h.p
	h.party = newPicker(p.layer, 240, text.T("docview.party.hint"))
	h.party.search = func(q string, reply func([]pick)) {
		bg.RunKey(p.owner, "party", func(ctx context.Context) ([]master.Party, error) {
			return app.Ask(ctx, p.env.Session, app.FindParties{Query: q, Kind: master.PartyKind(p.spec.PartyRole), Limit: pickRows})
		}, func(ps []master.Party, err error) {
			if err != nil {
				if fault.KindOf(err) != fault.Canceled {
					p.env.Fail(err)
				}
				reply(nil)
				return
			}
			out := make([]pick, len(ps))
			for i, x := range ps {
				out[i] = pick{id: x.ID, name: x.Name, hint: x.Code, data: x}
			}
			reply(out)
		})
	}
	h.party.chosen = func(c pick) {
		p.party, _ = c.data.(master.Party)
		p.doc.PartyID = c.id
		p.partyChanged()
		p.changed()
	}
	if p.doc.PartyID != 0 {
		h.party.set(pick{id: p.party.ID, name: p.party.Name, data: p.party})
	}
	f := h.field("party", h.party.entry)
	h.fields[len(h.fields)-1].invalid = func(on bool) {
		if on {
			markEntry(h.party.entry, true)
		} else if !h.party.unsettled() {
			markEntry(h.party.entry, false)
		}
	}
	right := access.CustomerEdit
	if p.spec.PartyRole == string(master.Supplier) {
		right = access.SupplierEdit
	}
	if p.readOnly() || !p.env.Session.May(right) {
		return f
	}
	add := control.NewButton("", func() { p.env.Open(page.Route{Screen: page.Form, Kind: "party"}) }).WithIcon("plus").WithLook(control.Quiet)
	add.Aside = true
	return container.NewBorder(nil, nil, nil, add, f)
}

// setPlaces puts new warehouses and accounts into the choices.
func (h *header) setPlaces() {
	for _, c := range h.places {
		c.choice.SetOptions(c.options())
	}
	if h.p.pay != nil {
		h.p.pay.setPlaces()
	}
}

// warehouseOptions are those offered, and those the document names already.
func warehouseOptions(l app.PlaceList, offered []master.Warehouse, d *doc.Document) []control.Option {
	var out []control.Option
	for _, w := range l.Warehouses {
		if slices.Contains(offered, w) || w.ID == d.WarehouseID || w.ID == d.ToPlaceID {
			out = append(out, control.Option{Value: strconv.FormatInt(w.ID, 10), Text: w.Name, Search: w.Code})
		}
	}
	return out
}

func accountOptions(l app.PlaceList, d *doc.Document) []control.Option {
	used := func(id int64) bool {
		return id == d.AccountID || id == d.ToAccountID || slices.ContainsFunc(d.Payments, func(p doc.Payment) bool { return p.AccountID == id })
	}
	var out []control.Option
	for _, a := range l.Accounts {
		if !a.Disabled || used(a.ID) {
			out = append(out, control.Option{Value: strconv.FormatInt(a.ID, 10), Text: a.Name, Search: a.Code})
		}
	}
	return out
}
