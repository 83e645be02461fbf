package till

import (
	"fyne.io/fyne/v2/container"

	"tiezhang/app/amount"
	"tiezhang/app/fault"
	"tiezhang/ui/beep"
	"tiezhang/ui/control"
	"tiezhang/ui/docview/draft"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// prompt asks for one value; take may refuse it with a fault, and the text
// stays. A code scanned into it is never the value: it is rung up after the
// dialog has gone. closed runs in any case.
func (t *Page) prompt(title, value string, take func(string) error, closed func()) {
	e := control.NewNumber()
	e.MinWidth = 260
	e.SetText(value)
	b := &burst{now: t.now, text: value}
	e.OnChanged = b.typed
	wrong := control.NewWords("", 340)
	wrong.Color = theme.NameNegative
	m := control.NewModal(title, container.NewVBox(e, wrong))
	m.First = e
	m.CancelButton(text.T("ui.button.cancel"), nil)
	ok := func() {
		typed, code, scan := b.scanned()
		if t.serial {
			typed, code, scan = e.Text, "", false
		}
		if scan && typed == "" {
			t.scanInstead(m, code)
			return
		}
		if err := take(typed); err != nil {
			wrong.SetText(text.Fault(err))
			e.SelectAll()
			return
		}
		if scan {
			t.scanInstead(m, code)
			return
		}
		m.Close()
	}
	m.DefaultButton(text.T("ui.button.ok"), ok)
	m.OnClosed = func() {
		t.asking = nil
		if closed != nil {
			closed()
		}
		t.Enter()
	}
	t.asking = m
	m.Open(t.env.Window.Canvas())
}

// scanInstead closes a dialog and rings up what was scanned into it.
func (t *Page) scanInstead(m *control.Modal, code string) {
	t.queue = append(t.queue, entry{code: code})
	beep.Play(t.owner, beep.Asked)
	m.Close()
	t.next()
}

// edit changes the current line by a number: the one in the scan box, or one
// asked for.
func (t *Page) edit(title, now string, change func(l *draft.Line, s string) error) {
	l, ok := t.bill.current()
	if !ok {
		t.say(text.T("till.no_line"), true)
		return
	}
	take := func(s string) error {
		n := l
		if err := change(&n, s); err != nil {
			return err
		}
		if err := t.bill.change(n); err != nil {
			return err
		}
		t.say("", false)
		t.changed()
		return nil
	}
	if s := t.number(); s != "" {
		if err := take(s); err != nil {
			t.wrong(text.Fault(err))
			return
		}
		t.taken()
		return
	}
	t.prompt(text.T(title, "name", l.Item.Name), now, take, nil)
}

// apply puts a changed current line on the bill.
func (t *Page) apply(l draft.Line) {
	if err := t.bill.change(l); err != nil {
		t.say(text.Fault(err), true)
		return
	}
	t.changed()
}

// editQty changes the quantity. What looks like a barcode, and more than anybody
// carries out, is asked about first.
func (t *Page) editQty() {
	l, ok := t.bill.current()
	if ok && len(l.Serials) > 0 {
		t.wrong(text.T("till.serial.fixed", "name", l.Item.Name))
		return
	}
	sure := ""
	t.edit("till.qty.title", text.Qty(l.Qty), func(l *draft.Line, s string) error {
		s = amount.Narrow(s)
		q, err := draft.Qty(s, "qty")
		if looksLikeCode(s, q) && s != sure {
			t.askCode(s, func() { sure = s })
			return fault.Bad("till.qty", "till.qty.range", "qty", s)
		}
		l.Qty = q
		return err
	})
}

// looksLikeCode: eight to fourteen digits, or more pieces than fit on a counter.
func looksLikeCode(s string, q amount.Qty) bool {
	return digits(s) && len(s) >= barcodeLength && len(s) <= 14 || q > mostPieces
}

// askCode asks whether a quantity is a barcode: then it is rung up. Who says it
// is a quantity enters it once more.
func (t *Page) askCode(s string, sure func()) {
	beep.Play(t.owner, beep.Asked)
	control.Ask(t.env.Window.Canvas(), control.Question{Title: text.T("till.code.title"), Words: text.T("till.code.words", "text", s), Yes: text.T("till.code.yes"), No: text.T("till.code.no")}, func(yes bool) {
		if !yes {
			sure()
			return
		}
		t.queue = append(t.queue, entry{code: s})
		if t.asking != nil {
			t.asking.Close()
		}
		t.clearBox()
		t.next()
	})
}

func (t *Page) editPrice() {
	l, _ := t.bill.current()
	if l.Origin.Doc != "" {
		t.say(text.T("till.return.fixed"), true)
		return
	}
	t.edit("till.price.title", text.Price(l.Price), func(l *draft.Line, s string) error {
		p, err := draft.Price(s, "price")
		if err == nil && p > 1_000_000_000_000 {
			err = fault.Bad("till.price", "doc.price.range", "field", "price")
		}
		if err == nil && p == 0 && l.Note == "" {
			l.Note = text.T("till.gift")
		}
		l.Price, l.Priced = p, true
		if err == nil {
			t.bill.fixPrice(l.No)
		}
		return err
	})
}

func (t *Page) editOff() {
	l, _ := t.bill.current()
	t.edit("till.off.title", text.Money(l.Off), func(l *draft.Line, s string) error {
		m, err := draft.Money(s, "discount")
		l.Off = m
		return err
	})
}

func (t *Page) editDiscount() {
	if len(t.bill.lines) == 0 {
		t.say(text.T("till.no_line"), true)
		return
	}
	take := func(s string) error {
		m, err := draft.Money(s, "discount")
		if err == nil {
			err = t.bill.discount(m)
		}
		if err == nil {
			t.changed()
		}
		return err
	}
	if s := t.number(); s != "" {
		if err := take(s); err != nil {
			t.wrong(text.Fault(err))
			return
		}
		t.taken()
		return
	}
	t.prompt(text.T("till.discount.title", "total", text.MoneyTotal(t.bill.doc.Total+t.bill.doc.Discount)), text.Money(t.bill.doc.Discount), take, nil)
}

func (t *Page) deleteLine() {
	l, ok := t.bill.current()
	if !ok {
		return
	}
	t.bill.remove()
	t.say(text.T("till.deleted", "name", l.Item.Name), false)
	t.afterRemoval()
}

// afterRemoval: an empty bill needs no draft.
func (t *Page) afterRemoval() {
	if len(t.bill.lines) > 0 {
		t.changed()
		return
	}
	t.replaceBill(t.bill.spec.Kind)
}

// clear empties the bill, after asking.
func (t *Page) clear() {
	if len(t.bill.lines) == 0 {
		t.clearBox()
		return
	}
	control.Ask(t.env.Window.Canvas(), control.Question{Title: text.T("till.clear.title"), Words: text.T("till.clear.words", "n", len(t.bill.lines), "total", text.MoneyTotal(t.bill.doc.Total), "key", t.key("hold")), Yes: text.T("till.clear.yes"), Danger: true}, func(yes bool) {
		if yes {
			t.clearBox()
			t.replaceBill(sale)
		}
		t.Enter()
	})
}
