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
		if t.box.Text != "" {
			return false
		}
		t.when(t.deleteLine)
		return true
	default:
		return false
	}
	if n := len(t.hits.found); n > 0 {
		t.hits.sel, t.hits.moved = max(0, min(t.hits.sel+d, n-1)), true
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
		t.digit(s)
		return
	}
	if _, ok := t.bill.current(); (s == "+" || s == "-") && (ok || t.busy || len(t.queue) > 0) {
		t.box.SetText("")
		t.when(func() { t.step(s) })
		return
	}
	if t.signKey(s) {
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
			t.hits.of, t.hits.moved = s, false
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
	l, ok := t.bill.current()
	if !ok {
		return
	}
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
	case t.choosing != nil && len(s) <= 1:
		if i, ok := t.choice(s); ok {
			t.choose(i)
		} else if s == "" {
			t.choose(t.hits.sel)
		}
	case t.choosing != nil: // the next item is scanned before this question is answered
		t.box.SetText("")
		t.queue = append(t.queue, entry{code: s})
	case s == "" && len(t.bill.lines) == 0 && t.last != nil && !t.busy && len(t.queue) == 0:
		// Enter once more after the bill was posted: the change stays to be read.
	case s == "":
		t.wantPay()
	case t.suggested(s):
		qty, _ := splitQty(s)
		hit := t.hits.found[t.hits.sel]
		t.clearBox()
		t.ring(hit, qty, nil)
	default:
		if qty, code := splitQty(s); code == "" && qty != "" {
			return true // "12*" waits for its scan
		}
		t.clearBox()
		t.queue = append(t.queue, entry{code: s})
		t.next()
	}
	return true
}

// suggested tells whether Enter means a line of the list. A number means the
// item that has it, whatever the list shows of numbers like it, unless somebody
// went to a line; and a list of what was typed before means nothing.
func (t *Page) suggested(s string) bool {
	_, code := splitQty(s)
	return len(t.hits.found) > 0 && strings.TrimSpace(t.hits.of) == s && (t.hits.moved || !digits(code))
}

// looked is what was found for an entry of the queue.
type looked struct {
	hits  []app.ItemHit
	label *master.ScaleLabel
	card  *master.Party // whose card it is
}

// next looks the oldest entry up, when nothing else is being asked.
func (t *Page) next() {
	if t.busy || t.posting || t.choosing != nil || !t.ready || len(t.pays) == 0 || t.env.Router.InModal() {
		return
	}
	if len(t.queue) == 0 {
		return
	}
	e := t.queue[0]
	t.queue = t.queue[1:]
	if e.run != nil {
		e.run()
		t.next()
		return
	}
	t.busy = true
	qty, code := splitQty(e.code)
	bg.Run(t.owner, func(ctx context.Context) (looked, error) {
		r, err := app.Ask(ctx, t.env.Session, app.TillScan{Code: code})
		if err != nil || len(r.Hits) > 0 {
			return looked{hits: r.Hits, label: r.Label}, err
		}
		if card, err := cardOf(ctx, t.env.Session, code); err != nil || card != nil {
			return looked{card: card}, err
		}
		if digits(code) && len(code) >= barcodeLength {
			return looked{}, nil
		}
		found, err := app.Ask(ctx, t.env.Session, app.FindItems{Query: code, Limit: mostHits})
		if len(found) > 0 && !digits(code) {
			found = found[:1] // Enter came before the list: its first line is meant
		}
		return looked{hits: found}, err
	}, func(r looked, err error) {
		t.busy = false
		switch {
		case fault.KindOf(err) == fault.Invalid && err != nil: // a label that cannot be used
			t.wrong(text.Fault(err))
		case err != nil:
			t.env.Fail(err)
		case r.card != nil:
			t.setParty(*r.card)
		case len(r.hits) == 1:
			t.ring(r.hits[0], qty, r.label)
		case len(r.hits) > 1:
			t.ask(code, r.hits, func(h app.ItemHit) { t.ring(h, qty, r.label) })
			return
		default:
			t.unknown(code, qty)
		}
		t.next()
	})
}

// ring puts an item on the bill; a scale's label says how much of it.
func (t *Page) ring(hit app.ItemHit, typed string, label *master.ScaleLabel) {
	qty := one
	if typed != "" {
		q, err := draft.Qty(typed, "qty")
		if err != nil || q == 0 || q > mostPieces {
			t.wrong(text.T("till.qty.range", "qty", typed))
			return
		}
		qty = q
	}
	if label != nil && typed != "" { // two labels are two scans
		t.wrong(text.T("till.scale.once", "name", hit.Item.Name))
		return
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
		l := t.offer(draft.Start(t.bill.spec, master.PriceLevel(t.bill.spec.Level), hit, h, qty))
		switch {
		case label != nil:
			t.putWeighed(l, *label)
		case !l.Priced:
			t.askPrice(l)
			return
		case l.Item.Track == master.BySerial:
			t.askSerial(l)
			return
		default:
			t.put(l)
		}
		t.next()
	})
}

// putWeighed puts what a scale's label says on the bill: a line of its own, to
// the fen.
func (t *Page) putWeighed(l draft.Line, label master.ScaleLabel) {
	w, err := label.Weigh(l.Price)
	if err != nil {
		t.wrong(text.Fault(err))
		return
	}
	if w.Price == 0 {
		t.wrong(text.T("till.scale.price", "name", l.Item.Name))
		return
	}
	l.Qty, l.Price, l.Off, l.Priced = w.Qty, w.Price, w.Off, true
	t.bill.alone = true
	t.put(l)
	t.bill.alone = false
}

// mostPieces is more than anybody carries out of a shop: it was a barcode.
const mostPieces = 9999 * one

func (t *Page) put(l draft.Line) {
	if t.last != nil && len(t.bill.lines) == 0 {
		t.last = nil // the next customer: the old change goes
	}
	if _, err := t.bill.add(l); err != nil {
		t.wrong(text.Fault(err))
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
		return nil
	}, func() {
		t.busy = false
		switch {
		case l.Priced && l.Item.Track == master.BySerial:
			t.askSerial(l)
		case l.Priced:
			t.put(l)
		}
		t.next()
	})
}

// unknown offers to make the item without losing the bill.
func (t *Page) unknown(code, qty string) {
	t.wrong(text.T("till.unknown", "code", code)) // red, where the eye is, and a low beep
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
				t.ring(app.ItemHit{Item: it}, qty, nil)
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

// back is Esc: the open question, then what is typed, then a return.
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
