package till

import (
	"slices"
	"time"

	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/ui/docview/draft"
)

// bill is the sale or return being rung up, without a screen.
type bill struct {
	spec  doc.Spec
	doc   doc.Document
	lines []draft.Line
	sel   int // the line keys act on
	next  int // number of the next line
	// alone: what is added now never joins a line, as a label is not to be changed.
	alone bool
	own   map[int]bool // lines that take nothing in, by number
	// party is whom the bill is for, and what is known of a member.
	party  master.Party
	member member
	staff  string       // name of the employee, "" nobody
	typed  map[int]bool // lines whose price somebody typed, by number
}

func newBill(k doc.Kind, now time.Time, today doc.Document) *bill {
	s, _ := doc.Of(k)
	d := today
	d.ID, d.Kind, d.Status = app.NewID(now), k, doc.Draft
	return &bill{spec: s, doc: d, sel: -1}
}

// back tells whether this bill gives money back.
func (b *bill) back() bool { return b.spec.TradeSign < 0 }

// one is a quantity of one.
const one amount.Qty = 1_0000

// add rings an item up: the same item in the same unit at the same price again
// adds to its line. It gives the line's index.
func (b *bill) add(l draft.Line) (int, error) {
	for i, x := range b.lines {
		if b.alone || b.own[x.No] || !joins(x, l) {
			continue
		}
		q, err := amount.Add(x.Qty, l.Qty)
		if err != nil {
			return i, fault.Bad("till.add", "doc.qty.range", "field", "qty")
		}
		b.lines[i].Qty = q
		b.lines[i].Serials = append(b.lines[i].Serials, l.Serials...)
		b.sel = i
		return i, b.settle()
	}
	b.next++
	l.No = b.next
	if b.alone {
		if b.own == nil {
			b.own = map[int]bool{}
		}
		b.own[l.No] = true
	}
	b.lines = append(b.lines, l)
	b.sel = len(b.lines) - 1
	return b.sel, b.settle()
}

// joins: the same item in the same unit at the same price, all of it as it came.
func joins(x, l draft.Line) bool {
	return x.ItemID == l.ItemID && x.Unit == l.Unit && x.Price == l.Price && x.Off == 0 && l.Off == 0 && x.Origin.Doc == "" && l.Origin.Doc == "" &&
		x.Batch == l.Batch && x.Note == l.Note
}

// settle works the totals out.
func (b *bill) settle() error {
	b.doc.Lines = b.doc.Lines[:0]
	for _, l := range b.lines {
		b.doc.Lines = append(b.doc.Lines, l.Line)
	}
	err := doc.Settle(b.spec, &b.doc)
	if err != nil {
		draft.Settle(b.spec, &b.doc)
	}
	return err
}

// current is the line keys act on.
func (b *bill) current() (draft.Line, bool) {
	if b.sel < 0 || b.sel >= len(b.lines) {
		return draft.Line{}, false
	}
	return b.lines[b.sel], true
}

// change replaces the current line when it makes sense, else says why not.
func (b *bill) change(l draft.Line) error {
	old := b.lines[b.sel]
	m, ok := l.Amount()
	switch {
	case l.Qty <= 0:
		return fault.Bad("till.change", "doc.qty.positive", "field", "qty")
	case !ok:
		return fault.Bad("till.change", "doc.overflow", "field", "price")
	case m < 0:
		return fault.Bad("till.change", "doc.discount.line", "field", "discount")
	}
	b.lines[b.sel] = l
	if err := b.settle(); err != nil {
		b.lines[b.sel] = old
		_ = b.settle()
		return err
	}
	return nil
}

// remove takes the current line away.
func (b *bill) remove() {
	if _, ok := b.current(); !ok {
		return
	}
	b.lines = slices.Delete(b.lines, b.sel, b.sel+1)
	b.sel = min(b.sel, len(b.lines)-1)
	if len(b.lines) == 0 {
		b.doc.Discount = 0
	}
	_ = b.settle()
}

func (b *bill) move(d int) {
	if len(b.lines) > 0 {
		b.sel = max(0, min(b.sel+d, len(b.lines)-1))
	}
}

// pieces counts what is on the bill: by weight counts as one.
func (b *bill) pieces() amount.Qty {
	var q amount.Qty
	for _, l := range b.lines {
		if l.Qty%one != 0 {
			q += one
		} else {
			q += l.Qty
		}
	}
	return q
}

// discount takes an amount off the whole bill.
func (b *bill) discount(m amount.Money) error {
	old := b.doc.Discount
	b.doc.Discount = m
	if err := b.settle(); err != nil || b.doc.Total < 0 {
		b.doc.Discount = old
		_ = b.settle()
		return fault.Bad("till.discount", "doc.discount", "field", "discount")
	}
	return nil
}

// rounding gives the discounts that round the bill down: to ten
// fen, to half a yuan, to a yuan.
func (b *bill) rounding() []amount.Money {
	base := b.doc.Discount
	out := []amount.Money{base}
	for _, unit := range []amount.Money{10, 50, 100} {
		if odd := b.doc.Total % unit; odd > 0 && odd < b.doc.Total && base+odd != out[len(out)-1] {
			out = append(out, base+odd)
		}
	}
	return out
}

// account is a place money can be paid to.
type account struct {
	id     int64
	name   string
	cash   bool
	stored bool // out of what the member has paid in advance
	owed   bool // not paid: it goes on the customer's account
}

// tendered is what was handed over, by account.
type tendered struct {
	account
	amount amount.Money
}

// pay turns what was handed over into payments; the change comes out of the
// cash. Nothing handed over means the exact amount in cash.
func pay(total amount.Money, in []tendered) (ps []doc.Payment, received, change amount.Money, err error) {
	var sum, cash amount.Money
	for _, t := range in {
		if sum, err = amount.Add(sum, t.amount); err != nil {
			return nil, 0, 0, fault.Bad("till.pay", "doc.overflow", "field", "payments")
		}
		if t.cash {
			cash += t.amount
		}
	}
	if sum == 0 && total > 0 {
		for i := range in {
			if in[i].cash {
				in[i].amount, sum, cash = total, total, total
				break
			}
		}
	}
	switch {
	case sum < total:
		return nil, 0, 0, fault.Bad("till.pay", "till.pay.short", "rest", (total - sum).String())
	case sum-total > cash:
		return nil, 0, 0, fault.Bad("till.pay", "till.pay.over", "over", (sum - total - cash).String())
	case sum-total > mostChange:
		return nil, 0, 0, fault.Bad("till.pay", "till.pay.barcode")
	}
	change = sum - total
	rest := change
	for _, t := range in {
		m := t.amount
		if t.cash {
			back := min(rest, m)
			m, rest = m-back, rest-back
		}
		if m > 0 && !t.owed {
			ps = append(ps, doc.Payment{AccountID: t.id, Amount: m})
		}
	}
	return ps, sum, change, nil
}

// mostChange is more than anybody is given back: the amount was a barcode.
const mostChange amount.Money = 10_000_00

// accountsOf lists the accounts in the order of the keys: cash first.
func accountsOf(l app.PlaceList) []account {
	var out []account
	for _, k := range master.AccountKinds {
		for _, a := range l.Accounts {
			if a.Kind == k && !a.Disabled {
				out = append(out, account{id: a.ID, name: a.Name, cash: k == master.Cash, stored: k == master.Stored})
			}
		}
	}
	return out
}
