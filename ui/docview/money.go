package docview

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	ft "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/ui/control"
	"tiezhang/ui/docview/draft"
	"tiezhang/ui/docview/facts"
	"tiezhang/ui/keys"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// payments is the money that changes hands on the spot: any number of
// accounts with amounts, and the discount of the whole bill.
type payments struct {
	p        *Page
	rows     []*payRow
	box      *fyne.Container
	discount *control.Entry
	badOff   bool
	object   fyne.CanvasObject
}

type payRow struct {
	choice *control.Choice
	amount *control.Entry
	bad    bool
	object fyne.CanvasObject
}

func newPayments(p *Page) *payments {
	y := &payments{p: p, box: container.New(facts.Row{Gap: 8, Stretch: -1})}
	var left []fyne.CanvasObject
	if p.spec.Discount {
		y.discount = control.NewNumber()
		y.discount.MinWidth = 84
		if p.doc.Discount != 0 {
			y.discount.SetText(text.Money(p.doc.Discount))
		}
		y.discount.OnChanged = func(s string) {
			p.touched = true
			y.badOff = !readMoney(y.discount, s, "discount", &p.doc.Discount)
			p.foot.show()
		}
		y.discount.OnDone = p.changedIfTouched
		left = append(left, container.NewBorder(nil, nil, widget.NewLabel(text.T("docview.discount")), nil, y.discount))
	}
	if p.spec.Pays != doc.No {
		left = append(left, widget.NewLabel(text.T(p.look.paySide)), y.box)
		left = append(left, control.NewButton(text.T("docview.pay.more"), func() { y.add(doc.Payment{}, true) }).WithLook(control.Quiet))
		for _, x := range p.doc.Payments {
			y.add(x, false)
		}
		if len(y.rows) == 0 {
			y.add(doc.Payment{}, false)
		}
	}
	y.object = container.New(facts.Row{Gap: 10, Stretch: -1}, left...)
	return y
}

// readMoney takes an amount being typed into an entry; false marks it.
func readMoney(e *control.Entry, s, field string, at *amount.Money) bool {
	markEntry(e, false)
	if s == "" {
		*at = 0
		return true
	}
	m, err := draft.Money(s, field)
	if err != nil {
		markEntry(e, true)
		return false
	}
	*at = m
	return true
}

func (y *payments) add(x doc.Payment, focus bool) {
	p := y.p
	r := &payRow{choice: control.NewChoice(accountOptions(p.places, &p.doc), nil), amount: control.NewNumber()}
	r.choice.Optional, r.choice.MinWidth, r.choice.Placeholder = true, 120, text.T("docview.pay.account")
	r.amount.MinWidth = 96
	if x.AccountID != 0 {
		r.choice.SetValue(strconv.FormatInt(x.AccountID, 10))
	} else if n := len(y.rows); n == 0 && len(r.choice.Options()) > 0 {
		r.choice.SetValue(r.choice.Options()[0].Value)
	}
	if x.Amount != 0 {
		r.amount.SetText(text.Money(x.Amount))
	}
	r.choice.OnChanged = func(string) { y.read(); p.changed() }
	r.amount.OnChanged = func(string) { p.touched = true; y.read(); p.foot.show() }
	r.amount.OnDone = p.changedIfTouched
	r.amount.OnEnter = func() bool {
		p.changedIfTouched()
		if p.foot.postButton != nil {
			p.focus(p.foot.postButton)
			return true
		}
		return false
	}
	// Up fills in what is still to pay.
	r.amount.OnKey = func(k *fyne.KeyEvent) bool {
		if k.Name != fyne.KeyUp {
			return false
		}
		y.fill(r)
		return true
	}
	r.object = container.New(facts.Row{Gap: 4, Stretch: -1}, r.choice, r.amount)
	y.rows = append(y.rows, r)
	y.box.Add(r.object)
	if y.object != nil {
		y.object.Refresh()
	}
	if focus {
		p.focus(r.choice)
	}
}

// fill puts the rest of the bill into a payment.
func (y *payments) fill(r *payRow) {
	rest := y.p.doc.Total
	for i, o := range y.rows {
		if o != r {
			if m, err := draft.Money(y.rows[i].amount.Text, "payments"); err == nil {
				rest -= m
			}
		}
	}
	if rest > 0 {
		r.amount.SetText(text.Money(rest))
		r.amount.SelectAll()
	}
}

// read takes the payments from the fields.
func (y *payments) read() {
	p := y.p
	p.doc.Payments = nil
	for _, r := range y.rows {
		var m amount.Money
		r.bad = !readMoney(r.amount, r.amount.Text, "payments", &m)
		id, _ := strconv.ParseInt(r.choice.Value(), 10, 64)
		if m != 0 {
			p.doc.Payments = append(p.doc.Payments, doc.Payment{AccountID: id, Amount: m})
		}
	}
}

func (y *payments) setPlaces() {
	for _, r := range y.rows {
		r.choice.SetOptions(accountOptions(y.p.places, &y.p.doc))
	}
}

func (y *payments) focus() {
	if len(y.rows) > 0 {
		y.p.focus(y.rows[0].amount)
	} else if y.discount != nil {
		y.p.focus(y.discount)
	}
}

// wrong gives the first field whose text is no number, with its words.
func (y *payments) wrong() (fyne.Focusable, string) {
	if y.badOff {
		return y.discount, text.T("docview.number.bad", "text", y.discount.Text)
	}
	for _, r := range y.rows {
		if r.bad {
			return r.amount, text.T("docview.number.bad", "text", r.amount.Text)
		}
	}
	return nil, ""
}

// footer is what stands under the grid: problems, money, totals, buttons.
type footer struct {
	p          *Page
	totals     *facts.Line
	extra      *facts.Line
	saved      *facts.Line
	postButton *control.Button
	blind      bool
	second     *control.Check // of a count: on where lines are counted again
	problemBox *fyne.Container
	scroll     *container.Scroll
	object     fyne.CanvasObject
}

func newFooter(p *Page) *footer {
	f := &footer{p: p, problemBox: container.NewVBox()}
	f.totals = facts.NewLine("", ft.ColorNameForeground, ft.SizeNameHeadingText, true)
	f.extra = facts.NewLine("", theme.NameMuted, ft.SizeNameText, false)
	f.saved = facts.NewLine("", theme.NameMuted, ft.SizeNameText, false)
	f.scroll = container.NewVScroll(f.problemBox)
	f.scroll.Hide()
	if (p.spec.Pays != doc.No || p.spec.Discount) && !p.readOnly() {
		p.pay = newPayments(p)
	}
	var rows []fyne.CanvasObject
	if p.pay != nil {
		rows = append(rows, container.New(facts.Row{Gap: 16, Stretch: 1}, p.pay.object, layout.NewSpacer(), f.extra, f.totals))
	} else {
		rows = append(rows, container.New(facts.Row{Gap: 16, Stretch: 1}, facts.NewLine(p.paidWords(), ft.ColorNameForeground, ft.SizeNameText, false), layout.NewSpacer(), f.extra, f.totals))
	}
	rows = append(rows, f.buttons())
	f.object = container.NewVBox(append([]fyne.CanvasObject{f.scroll}, rows...)...)
	f.show()
	return f
}

func (p *Page) changedIfTouched() {
	if p.touched {
		p.changed()
	}
}

// show draws the totals.
func (f *footer) show() {
	p := f.p
	if p.spec.Lines != doc.No {
		p.doc.Lines = nil
		for _, l := range p.lines() {
			p.doc.Lines = append(p.doc.Lines, l.Line)
		}
		if !p.readOnly() {
			draft.Settle(p.spec, &p.doc)
		}
	} else if !p.readOnly() {
		p.doc.Total = p.doc.Amount
	}
	if p.spec.Lines != doc.No && (p.spec.PriceNeed == doc.No && p.spec.LineMoney == doc.No || p.spec.Sides) {
		f.totals.Set(text.T("docview.total.lines", "n", len(p.doc.Lines)))
		f.extra.Set("")
		return
	}
	words := text.T("docview.total.due", "total", text.MoneyTotal(p.doc.Total))
	extra := ""
	if p.spec.Lines != doc.No {
		extra = text.T("docview.total.lines", "n", len(p.doc.Lines))
	}
	if p.doc.Discount != 0 {
		extra += "   " + text.T("docview.total.off", "off", text.MoneyTotal(p.doc.Discount))
	}
	paid, err := p.doc.Paid()
	if err == nil && p.spec.Pays != doc.No && (paid != 0 || p.doc.Status != doc.Draft) {
		extra += "   " + text.T("docview.total.paid", "paid", text.MoneyTotal(paid), "rest", text.MoneyTotal(p.doc.Total-paid))
	}
	if p.allocs != nil {
		extra = p.allocs.summary()
	}
	f.extra.Set(extra)
	f.totals.Set(words)
	if f.object != nil {
		f.object.Refresh() // the totals may be wider now
	}
}

func (f *footer) buttons() fyne.CanvasObject {
	p := f.p
	var left, right []fyne.CanvasObject
	b := func(action string, key string, run func()) *control.Button {
		return control.NewButton(text.T("docview.action."+action), run).WithKey(string(p.env.Router.Of("doc."+action, keys.Chord(key))))
	}
	if p.readOnly() {
		left = append(left, b("log", "Ctrl+H", p.openLog))
		if p.canCopy() {
			left = append(left, b("copy", "Ctrl+Shift+D", p.openCopy))
		}
		for _, s := range p.returnKinds() {
			left = append(left, control.NewButton(text.T("kind."+string(s)), func() { p.openReturn(s) }))
		}
		if p.doc.Status == doc.Posted && p.doc.Reverses == "" {
			left = append(left, b("reverse", "Ctrl+R", p.reverse))
		}
		if p.mayEnd() {
			action := "end_order"
			if p.view.Ended {
				action = "reopen_order"
			}
			left = append(left, b(action, "Ctrl+E", p.endOrder))
		}
		right = append(right, b("print", "Ctrl+P", p.print), b("new", "Ctrl+N", p.openNew).WithLook(control.Primary))
	} else {
		if len(p.spec.Origins) > 0 {
			left = append(left, b(p.look.originAction(), "F7", p.chooseOrigin))
		}
		if p.allocs != nil {
			left = append(left, b("allocate", "F8", func() { p.allocs.auto() }))
		}
		if p.spec.LineMoney != doc.No {
			left = append(left, b("share", "F8", p.shareCost))
		}
		if p.spec.Flow == doc.Recount {
			if !p.env.Session.May(access.StockCountPost) { // who only counts, counts blind
				f.blind = true
			}
			blind := control.NewCheck(text.T("docview.blind"), f.setBlind)
			f.second = control.NewCheck(text.T("docview.second"), p.setSecond)
			blind.SetChecked(f.blind)
			if !p.env.Session.May(access.StockCountPost) {
				blind.Disable()
			}
			f.second.SetChecked(slices.ContainsFunc(p.doc.Lines, func(l doc.Line) bool { return l.Recounted }))
			left = append(left, b("fill", "F8", p.fillSheet), blind, f.second)
		}
		left = append(left, b("drop", "", p.drop).WithLook(control.Quiet), f.saved)
		f.postButton = b("post", "F9", func() { p.post(false) }).WithLook(control.Primary)
		right = append(right, b("save", "Ctrl+S", p.saveNow), b("post_print", "F10", func() { p.post(true) }), f.postButton)
	}
	objs := append(left, layout.NewSpacer())
	at := len(objs) - 1
	return container.New(facts.Row{Gap: 8, Stretch: at}, append(objs, right...)...)
}

// setBlind hides what the books say, so that nobody counts towards it.
func (f *footer) setBlind(on bool) {
	f.blind = on
	f.p.showColumns()
	f.p.side.show()
}

// problem is a line of the panel under the grid.
type problem struct {
	row, col int
	focus    fyne.Focusable
	words    string
}

// problems lists everything that is wrong; a line leads to its place.
func (f *footer) problems(ps []problem) {
	f.problemBox.RemoveAll()
	if len(ps) == 0 {
		f.scroll.Hide()
		f.p.body.Refresh()
		return
	}
	f.problemBox.Add(control.NewBanner(control.Bad, text.T("docview.problems", "n", len(ps)), "", nil))
	for _, x := range ps {
		f.problemBox.Add(container.NewHBox(control.NewButton(x.words, func() {
			if x.focus != nil {
				f.p.focus(x.focus)
			} else if f.p.model != nil {
				f.p.model.GoTo(x.row, x.col)
				f.p.grid.Focus()
			}
		}).WithLook(control.Quiet)))
	}
	h := f.problemBox.MinSize().Height
	f.scroll.SetMinSize(fyne.NewSize(100, min(h, theme.Px(150))))
	f.scroll.Show()
	f.p.body.Refresh()
}

// paidWords says how a posted document was paid.
func (p *Page) paidWords() string {
	if !p.readOnly() || len(p.doc.Payments) == 0 {
		return ""
	}
	words := text.T(p.look.paySide)
	for _, x := range p.doc.Payments {
		for _, a := range p.places.Accounts {
			if a.ID == x.AccountID {
				words += "  " + a.Name + " " + text.MoneyTotal(x.Amount)
			}
		}
	}
	return words
}
