package till

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	ft "fyne.io/fyne/v2/theme"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/fault"
	"tiezhang/ui/beep"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/docview/draft"
	"tiezhang/ui/docview/facts"
	"tiezhang/ui/keys"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// payDialog takes the money: cash with change, other accounts, or both. Enter
// alone takes the exact amount in cash.
type payDialog struct {
	t      *Page
	m      *control.Modal
	rows   []payRow
	due    *facts.Line
	change *facts.Line
	words  *control.Words
	off    []amount.Money // the discounts rounding goes through
	offAt  int
	taken  bool // the money is on its way into the books: once
}

type payRow struct {
	account
	entry *control.Entry
	burst *burst
}

// mostAccounts is how many ways to pay have a key in the dialog.
const mostAccounts = 7

// payKey is the key of the way to pay in a row, unless the shop chose another.
func (t *Page) payKey(i int) keys.Chord {
	n := strconv.Itoa(i + 1)
	return t.env.Router.Of("pay."+n, keys.Chord("F"+n))
}

// ways lists how this bill may be paid: what a member has paid in only for
// members, owing only for those the shop knows.
func (t *Page) ways() []account {
	var out []account
	for _, a := range t.pays {
		if !a.stored || t.bill.party.Card != "" {
			out = append(out, a)
		}
	}
	if len(out) >= mostAccounts {
		out = out[:mostAccounts-1]
	}
	if t.bill.doc.PartyID != 0 {
		out = append(out, account{name: text.T("till.pay.owed"), owed: true})
	}
	return out
}

func (t *Page) openPay() {
	switch {
	case t.paying || t.busy:
		return
	case len(t.bill.lines) == 0:
		t.say(text.T("till.no_line"), true)
		return
	case len(t.pays) == 0:
		t.say(text.T("till.pay.no_account"), true)
		return
	}
	d := &payDialog{t: t, off: t.bill.rounding()}
	d.due = facts.NewLine("", ft.ColorNameForeground, ft.SizeNameHeadingText, true)
	d.due.Scale = 1.8
	d.change = facts.NewLine("", theme.NamePositive, ft.SizeNameHeadingText, true)
	d.words = control.NewWords("", 400)
	d.words.Color = theme.NameNegative
	box := container.NewVBox(d.due)
	for i, a := range t.ways() {
		e, b := control.NewNumber(), &burst{now: t.now}
		e.MinWidth = 240
		switch {
		case a.cash && !t.bill.back():
			e.PlaceHolder = text.T("till.pay.exact")
		case a.stored:
			e.PlaceHolder = text.T("till.pay.stored", "amount", text.MoneyTotal(t.bill.member.stored))
		}
		e.OnChanged = func(s string) { b.typed(s); d.show() }
		e.OnEnter = func() bool { d.entered(i); return true }
		e.OnKey = func(k *fyne.KeyEvent) bool { return d.walk(i, k) }
		d.rows = append(d.rows, payRow{a, e, b})
		label := control.NewButton(a.name, func() { d.rest(i) }).WithKey(string(t.payKey(i)))
		box.Add(container.New(facts.Row{Gap: 10, Stretch: 1}, sizedWidth(label, 160), larger(e, payScale)))
	}
	box.Add(d.change)
	box.Add(d.words)
	title := text.T("till.pay.title")
	if t.bill.back() {
		title = text.T("till.pay.title_back")
	}
	m := control.NewModal(title, box)
	d.m = m
	m.First = d.rows[0].entry
	m.CancelButton(text.T("ui.button.cancel"), nil)
	if !t.bill.back() {
		if t.bill.member.worth > 0 {
			m.Button(text.T("till.pay.points"), d.points).WithKey(string(t.env.Router.Of("pay.points", keys.F10)))
		}
		m.Button(text.T("till.pay.round"), d.round).WithKey(string(t.env.Router.Of("pay.round", keys.F8)))
	}
	m.DefaultButton(text.T("till.pay.ok"), d.take).WithKey("Enter")
	t.paying = true
	m.OnClosed = func() {
		t.paying = false
		t.show()
		t.Enter()
	}
	m.Open(t.env.Window.Canvas())
	if s := m.Scope(); s != nil {
		for i := range d.rows {
			n := strconv.Itoa(i + 1)
			s.On(keys.Chord("F"+n), "pay."+n, "", func() { d.rest(i) })
		}
		s.On(keys.F8, "pay.round", "till.pay.round", d.round)
		s.On(keys.F10, "pay.points", "till.pay.points", d.points)
		s.On(keys.F9, "pay.ok", "till.pay.ok", d.take)
	}
	d.show()
}

// sizedWidth gives a button a width, so that the fields stand in a column.
func sizedWidth(o fyne.CanvasObject, w float32) fyne.CanvasObject {
	return container.New(atLeast(w), o)
}

// atLeast is a layout that makes its object at least so wide, in pixels at
// standard text size.
type atLeast float32

// MinSize is Fyne's.
func (w atLeast) MinSize(objs []fyne.CanvasObject) fyne.Size {
	m := objs[0].MinSize()
	return fyne.NewSize(max(m.Width, theme.Px(float32(w))), m.Height)
}

// Layout is Fyne's.
func (w atLeast) Layout(objs []fyne.CanvasObject, s fyne.Size) {
	objs[0].Resize(s)
	objs[0].Move(fyne.NewPos(0, 0))
}

// walk is Up and Down between the accounts.
func (d *payDialog) walk(i int, k *fyne.KeyEvent) bool {
	n := len(d.rows)
	switch k.Name {
	case fyne.KeyDown:
		d.focus((i + 1) % n)
	case fyne.KeyUp:
		d.focus((i + n - 1) % n)
	default:
		return false
	}
	return true
}

func (d *payDialog) focus(i int) { d.t.env.Window.Canvas().Focus(d.rows[i].entry) }

// rest puts what the others leave to pay on one account.
func (d *payDialog) rest(i int) {
	rest := d.t.bill.doc.Total
	for j, r := range d.rows {
		if j == i {
			continue
		}
		if m, err := draft.Money(r.entry.Text, "payments"); err == nil && r.entry.Text != "" {
			rest -= m
		}
	}
	if rest > 0 {
		d.rows[i].entry.SetText(text.Money(rest))
	}
	d.focus(i)
	d.rows[i].entry.SelectAll()
}

// round takes the odd fen off, then the odd jiao, then puts them back.
func (d *payDialog) round() {
	if d.t.bill.back() || len(d.off) < 2 {
		return
	}
	d.offAt = (d.offAt + 1) % len(d.off)
	if err := d.t.bill.discount(d.off[d.offAt]); err != nil {
		d.words.SetText(text.Fault(err))
		return
	}
	for i := range d.rows { // typed before: the rest is another now
		d.rows[i].entry.SetText("")
	}
	d.t.changed()
	d.show()
}

// handed reads the fields.
func (d *payDialog) handed() ([]tendered, error) {
	var out []tendered
	for _, r := range d.rows {
		var m amount.Money
		if r.entry.Text != "" {
			var err error
			if m, err = draft.Money(r.entry.Text, "payments"); err != nil {
				return nil, err
			}
		}
		out = append(out, tendered{r.account, m})
	}
	return out, nil
}

func (d *payDialog) show() {
	b := d.t.bill
	key := "till.pay.due"
	if b.back() {
		key = "till.pay.due_back"
	}
	words := text.T(key, "total", text.MoneyTotal(b.doc.Total))
	if b.doc.Discount != 0 {
		words += "  " + text.T("till.off", "off", text.MoneyTotal(b.doc.Discount))
	}
	d.due.Set(words)
	d.words.SetText("")
	d.change.Set("")
	if in, err := d.handed(); err == nil {
		var sum amount.Money
		for _, x := range in {
			sum += x.amount
		}
		if rest := b.doc.Total - sum; sum != 0 && rest > 0 {
			d.change.Color = theme.NameWarning
			d.change.Set(text.T("till.pay.rest", "rest", text.MoneyTotal(rest)))
		} else if sum != 0 && sum-b.doc.Total <= mostChange {
			d.change.Color = theme.NamePositive
			d.change.Set(text.T("till.pay.change", "change", text.MoneyTotal(-rest)))
		}
	}
	d.m.Refresh()
}

// entered is Enter in a field. A code that was scanned into the money is no
// money, however small it looks.
func (d *payDialog) entered(i int) {
	if _, _, scan := d.rows[i].burst.scanned(); scan {
		beep.Play(d.t.owner, beep.Wrong)
		d.words.SetText(text.T("till.pay.scanned"))
		d.rows[i].entry.SelectAll()
		d.m.Refresh()
		return
	}
	d.take()
}

// take posts the bill when the money is right.
func (d *payDialog) take() {
	if d.taken {
		return
	}
	in, err := d.handed()
	if err != nil {
		d.words.SetText(text.Fault(err))
		d.m.Refresh()
		return
	}
	t := d.t
	for _, x := range in {
		if has := t.bill.member.stored; x.stored && x.amount > has && !t.bill.back() {
			err = fault.Bad("till.pay", "till.pay.stored_short", "has", has.String())
		}
	}
	if t.bill.back() {
		// What is given back is exact: nobody gets change on a refund.
		var sum amount.Money
		for _, x := range in {
			sum += x.amount
		}
		if sum > t.bill.doc.Total {
			err = fault.Bad("till.pay", "till.pay.over", "over", (sum - t.bill.doc.Total).String())
		}
	}
	if err == nil {
		var received, change amount.Money
		t.bill.doc.Payments, received, change, err = pay(t.bill.doc.Total, in)
		if err == nil {
			d.taken, t.posting = true, true
			d.m.Close()
			t.post(received, change, false)
			return
		}
	}
	d.words.SetText(text.Fault(err))
	d.m.Refresh()
}

// post puts the bill into the books. Only when they have it is anything
// printed or the next customer served.
func (t *Page) post(received, change amount.Money, negative bool) {
	if t.paying {
		return
	}
	t.paying, t.posting, t.busy = true, true, true
	stop := func() {
		t.paying, t.posting, t.busy = false, false, false
		t.focus()
	}
	t.saver.Flush(func(error) {
		t.bill.doc.Version = t.saver.Version()
		t.bill.doc.Date = day.Of(t.env.Host.Clock.Now()) // a bill begun before midnight is paid today
		d := t.bill.doc.Clone()
		t.env.Confirmed(func(ctx context.Context, done func(error)) {
			bg.Run(t.owner, func(context.Context) (app.Receipt, error) {
				return app.Do(ctx, t.env.Session, app.Post{Doc: d, AllowNegative: negative})
			}, func(r app.Receipt, err error) {
				stop()
				var list fault.List
				var said string // why the bill is still there
				switch {
				case err == nil:
					done(nil)
					t.posted(r, received, change)
					return
				case !negative && errors.As(err, &list) && t.short(list):
					done(nil)
					t.askShort(err, received, change)
					return
				case errors.As(err, &list):
					done(nil)
					said = t.refused(list)
				case fault.KindOf(err) == fault.Invalid || fault.KindOf(err) == fault.Closed:
					done(nil)
					said = text.Fault(err)
				default:
					done(err)
				}
				t.notPosted(said)
			})
		})
	})
}

// notPosted: the bill stays, and what was done for the next customer meanwhile
// must not be done to this one.
func (t *Page) notPosted(said string) {
	scans := 0
	for _, e := range t.queue {
		if e.run == nil {
			scans++
		}
	}
	t.queue = nil
	if scans > 0 {
		said = strings.TrimSpace(said + " " + text.T("till.queue.dropped", "n", scans))
	}
	if said != "" {
		t.wrong(said) // where the eye is
	}
}

// short: only stock is missing, and this person may sell what the books do not show.
func (t *Page) short(l fault.List) bool {
	return t.bill.spec.Negative && t.env.Session.May(access.NegativeStock) && !slices.ContainsFunc(l, func(f *fault.Error) bool { return f.Key != "doc.stock-short" })
}

func (t *Page) askShort(err error, received, change amount.Money) {
	control.Ask(t.env.Window.Canvas(), control.Question{Title: text.T("till.short.title"), Words: text.Fault(err) + "\n" + text.T("till.short.words"), Yes: text.T("till.short.yes")}, func(yes bool) {
		t.focus()
		if yes {
			t.post(received, change, true)
			return
		}
		t.notPosted("")
	})
}

// refused selects the first line that is wrong and gives what to say.
func (t *Page) refused(l fault.List) string {
	if no, ok := l[0].Args["line"].(int); ok {
		for i, x := range t.bill.lines {
			if x.No == no {
				t.bill.sel = i
			}
		}
	}
	if len(l) > 1 {
		control.Alert(t.env.Window.Canvas(), text.T("till.refused"), text.Fault(l), t.Enter)
	}
	t.show()
	return text.Fault(l[0])
}

func (t *Page) posted(r app.Receipt, received, change amount.Money) {
	t.last = &done{id: r.ID, number: r.Number, back: t.bill.back(), total: r.Total, received: received, change: change}
	t.startBill(sale)
	if t.last.back {
		t.say(text.T("till.posted_back", "number", r.Number, "total", text.MoneyTotal(r.Total)), false)
	} else {
		t.say(text.T("till.posted", "number", r.Number, "change", text.MoneyTotal(change)), false)
	}
	t.printSlip()
	t.next()
}
