package till

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/docview/draft"
	"tiezhang/ui/text"
)

// barcodeLength is from how many digits on a text is a barcode and not the
// beginning of a search.
const barcodeLength = 8

func (t *Page) makeBox() {
	t.box = control.NewNumber()
	t.box.PlaceHolder = text.T("till.scan.hint")
	t.box.OnChanged = t.typed
	t.box.OnKey = t.boxKey
	t.box.OnEnter = t.enter
}

// clearBox empties the scan box for the next code.
func (t *Page) clearBox() {
	t.box.SetText("")
	t.hits.set(nil)
	t.seq++
}

// boxKey: with nothing typed, the keys work on the lines of the bill.
func (t *Page) boxKey(k *fyne.KeyEvent) bool {
	d := 0
	switch k.Name {
	case fyne.KeyUp:
		d = -1
	case fyne.KeyDown:
		d = 1
	case fyne.KeyPageUp:
		d = -t.lines.rows()
	case fyne.KeyPageDown:
		d = t.lines.rows()
	case fyne.KeyDelete:
		if t.box.Text != "" || t.paying {
			return false
		}
		t.deleteLine()
		return true
	default:
		return false
	}
	if n := len(t.hits.found); n > 0 {
		t.hits.sel = max(0, min(t.hits.sel+d, n-1))
		t.hits.Refresh()
		return true
	}
	t.bill.move(d)
	t.lines.Refresh()
	return true
}

// typed follows the scan box: digits choose, plus and minus count, letters
// search.
func (t *Page) typed(s string) {
	if s == "" {
		t.hits.set(t.choices())
		return
	}
	if t.choosing != nil {
		t.box.SetText("")
		if i := int(s[len(s)-1] - '1'); i >= 0 && i < len(t.hits.found) {
			t.choose(i)
		}
		return
	}
	if _, ok := t.bill.current(); ok && (s == "+" || s == "-") {
		t.box.SetText("")
		t.step(s)
		return
	}
	t.say("", false)
	_, q := splitQty(s)
	if len(q) >= barcodeLength && digits(q) || q == "" {
		t.hits.set(nil)
		t.seq++
		return
	}
	t.seq++
	seq := t.seq
	bg.RunKey(t.owner, "suggest", func(ctx context.Context) ([]app.ItemHit, error) {
		return app.Ask(ctx, t.env.Session, app.FindItems{Query: q, Limit: mostHits})
	}, func(found []app.ItemHit, err error) {
		if err == nil && seq == t.seq && t.box.Text != "" {
			t.hits.set(found)
		}
	})
}

// choices are the items of the question that is open.
func (t *Page) choices() []app.ItemHit {
	if t.choosing != nil {
		return t.hits.found
	}
	return nil
}

// step is + and −: one more, one less.
func (t *Page) step(s string) {
	l, _ := t.bill.current()
	if s == "+" {
		l.Qty += one
	} else {
		l.Qty -= one
	}
	if l.Qty <= 0 {
		t.say(text.T("till.qty.least"), true)
		return
	}
	t.apply(l)
}

func digits(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// splitQty takes "12*" off the front.
func splitQty(s string) (qty, code string) {
	s = amount.Narrow(strings.TrimSpace(s))
	if i := strings.IndexByte(s, '*'); i > 0 {
		if _, err := amount.ParseQty(s[:i]); err == nil {
			return s[:i], strings.TrimSpace(s[i+1:])
		}
	}
	return "", s
}

// enter is the Enter of fingers and of the scanner. What was typed joins the
// queue at once, so that the next scan never waits for the disk.
func (t *Page) enter() bool {
	s := strings.TrimSpace(t.box.Text)
	switch {
	case t.choosing != nil:
		t.choose(t.hits.sel)
	case s == "":
		t.openPay()
	case len(t.hits.found) > 0:
		qty, _ := splitQty(s)
		hit := t.hits.found[t.hits.sel]
		t.clearBox()
		t.ring(hit, qty)
	default:
		if qty, code := splitQty(s); code == "" && qty != "" {
			return true // "12*" waits for its scan
		}
		t.clearBox()
		t.queue = append(t.queue, s)
		t.next()
	}
	return true
}

// next looks the oldest entry up, when nothing else is being asked.
func (t *Page) next() {
	if t.busy || t.choosing != nil || !t.ready || len(t.queue) == 0 || len(t.pays) == 0 {
		return
	}
	s := t.queue[0]
	t.queue = t.queue[1:]
	t.busy = true
	qty, code := splitQty(s)
	bg.Run(t.owner, func(ctx context.Context) ([]app.ItemHit, error) {
		found, err := app.Ask(ctx, t.env.Session, app.ScanCode{Code: code})
		if err != nil || len(found) > 0 || digits(code) && len(code) >= barcodeLength {
			return found, err
		}
		found, err = app.Ask(ctx, t.env.Session, app.FindItems{Query: code, Limit: mostHits})
		if len(found) > 0 && !digits(code) {
			found = found[:1] // Enter came before the list: its first line is meant
		}
		return found, err
	}, func(found []app.ItemHit, err error) {
		t.busy = false
		switch {
		case err != nil:
			t.env.Fail(err)
		case len(found) == 1:
			t.ring(found[0], qty)
		case len(found) > 1:
			t.say(text.T("till.choose", "code", code), false)
			t.hits.set(found)
			t.choosing = func(h app.ItemHit) { t.ring(h, qty) }
			return
		default:
			t.unknown(code, qty)
		}
		t.next()
	})
}

// choose answers the question which item is meant, or takes a suggestion.
func (t *Page) choose(i int) {
	if i >= len(t.hits.found) {
		return
	}
	hit := t.hits.found[i]
	if f := t.choosing; f != nil {
		t.choosing = nil
		t.clearBox()
		t.say("", false)
		f(hit)
		return
	}
	qty, _ := splitQty(t.box.Text)
	t.clearBox()
	t.ring(hit, qty)
}

// ring puts an item on the bill.
func (t *Page) ring(hit app.ItemHit, typed string) {
	qty := one
	if typed != "" {
		q, err := draft.Qty(typed, "qty")
		if err != nil || q == 0 || q > mostPieces {
			t.say(text.T("till.qty.range", "qty", typed), true)
			return
		}
		qty = q
	}
	t.busy = true
	kind := t.bill.spec.Kind
	bg.Run(t.owner, func(ctx context.Context) (app.LineHelp, error) {
		return app.Ask(ctx, t.env.Session, app.ItemHelp{Kind: kind, Item: hit.Item.ID})
	}, func(h app.LineHelp, err error) {
		t.busy = false
		if err != nil {
			t.env.Fail(err)
			t.next()
			return
		}
		l := draft.Start(t.bill.spec, master.PriceLevel(t.bill.spec.Level), hit, h, qty)
		if !l.Priced {
			t.askPrice(l)
			return
		}
		t.put(l)
		t.next()
	})
}

// mostPieces is more than anybody carries out of a shop: it was a barcode.
const mostPieces = 9999 * one

func (t *Page) put(l draft.Line) {
	if t.last != nil && len(t.bill.lines) == 0 {
		t.last = nil // the next customer: the old change goes
	}
	if _, err := t.bill.add(l); err != nil {
		t.say(text.Fault(err), true)
	} else {
		t.say("", false)
	}
	t.changed()
}

// askPrice: an item without a price is not given away by mistake.
func (t *Page) askPrice(l draft.Line) {
	t.busy = true
	t.prompt(text.T("till.price.ask", "name", l.Item.Name, "unit", l.UnitName()), "", func(s string) error {
		p, err := draft.Price(s, "price")
		if err != nil {
			return err
		}
		if p == 0 {
			l.Note = text.T("till.gift")
		}
		l.Price, l.Priced = p, true
		t.put(l)
		return nil
	}, func() {
		t.busy = false
		t.next()
	})
}

// unknown offers to make the item without losing the bill.
func (t *Page) unknown(code, qty string) {
	t.say(text.T("till.unknown", "code", code), true) // red, where the eye is
	if !t.env.Session.May(access.ItemEdit) {
		return
	}
	t.busy = true
	name, price := control.NewEntry(), control.NewNumber()
	name.MinWidth, price.MinWidth = 320, 160
	words := control.NewWords(text.T("till.create.words", "code", code), 360)
	wrong := control.NewWords("", 360)
	wrong.Color = "tiezhangNegative"
	form := container.NewVBox(words, widget.NewLabel(text.T("till.create.name")), name, widget.NewLabel(text.T("till.create.price")), price, wrong)
	m := control.NewModal(text.T("till.create.title"), form)
	m.First, m.EnterWalks = name, true
	saving := false
	m.CancelButton(text.T("ui.button.cancel"), nil)
	save := func() {
		p, err := draft.Price(price.Text, "price")
		switch {
		case saving:
			return
		case strings.TrimSpace(name.Text) == "" || digits(amount.Narrow(name.Text)) && len(name.Text) >= barcodeLength:
			wrong.SetText(text.T("till.create.need_name"))
			t.env.Window.Canvas().Focus(name)
			return
		case err != nil || p == 0:
			wrong.SetText(text.T("till.create.need_price"))
			t.env.Window.Canvas().Focus(price)
			return
		}
		saving = true
		it := master.Item{Code: code, Name: strings.TrimSpace(name.Text), Unit: text.T("till.create.unit"), Barcodes: []master.Barcode{{Code: code}}, Prices: map[master.PriceLevel]amount.Price{master.Retail: p}}
		t.env.Confirmed(func(ctx context.Context, done func(error)) {
			bg.Run(t.owner, func(context.Context) (int64, error) {
				return app.Do(ctx, t.env.Session, app.SaveItem{Item: it})
			}, func(id int64, err error) {
				saving = false
				if err != nil {
					if fault.KindOf(err) == fault.Invalid || fault.KindOf(err) == fault.Conflict {
						wrong.SetText(text.Fault(err))
						err = nil
					}
					done(err)
					return
				}
				done(nil)
				it.ID = id
				m.Close()
				t.ring(app.ItemHit{Item: it}, qty)
			})
		})
	}
	price.OnEnter = func() bool { save(); return true }
	m.DefaultButton(text.T("till.create.save"), save)
	m.OnClosed = func() {
		t.busy = false
		t.say("", false)
		t.Enter()
		t.next()
	}
	m.Open(t.env.Window.Canvas())
}

// back is Esc: what is typed, then the open question, then a return.
func (t *Page) back() {
	switch {
	case t.choosing != nil:
		t.choosing = nil
		t.clearBox()
		t.say("", false)
		t.next()
	case t.box.Text != "":
		t.clearBox()
		t.say("", false)
	case t.bill.back():
		t.endReturn()
	}
}
