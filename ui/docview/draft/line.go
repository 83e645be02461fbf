// Package draft is a document while it is typed, without a screen: lines with
// the price offered for them, and the saver that keeps the draft on disk.
//
// What belongs here: what the document screen and the till share. What does
// not: widgets, and the rules of posting (package app judges them).
package draft

import (
	"errors"

	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/master"
)

// Line is one line being typed: a document's line, the item it names and what
// the shop knows about it. It is a value; methods give a changed one.
type Line struct {
	doc.Line
	Item master.Item
	Help app.LineHelp
	// Helped: Help has been read.
	Helped bool
	// Priced: somebody or something gave the price, so 0 is a gift and not a
	// price that is missing.
	Priced bool
	// Counted: the quantity was given, so 0 is a count of nothing.
	Counted bool
	// Done is how much of an order's line later documents took, in base units.
	Done amount.Qty
}

// Start makes a line of an item found, in the unit its code stands for, at the
// price the shop would offer.
func Start(s doc.Spec, level master.PriceLevel, hit app.ItemHit, help app.LineHelp, qty amount.Qty) Line {
	l := Line{Item: help.Item, Help: help, Helped: true, Counted: qty != 0}
	if l.Item.ID == 0 {
		l.Item = hit.Item
	}
	l.ItemID, l.Qty = l.Item.ID, qty
	l.Unit = hit.Unit
	if l.Unit == l.Item.Unit {
		l.Unit = ""
	}
	l.Num, l.Den, _ = l.Item.Factor(l.Unit)
	if l.Num == 0 {
		l.Unit, l.Num, l.Den = "", 1, 1
	}
	return l.Offer(s, level)
}

// Level is the price level a party is offered on a kind of document.
func Level(s doc.Spec, p master.Party) master.PriceLevel {
	if s.Group == doc.Selling && p.Level != "" {
		return p.Level
	}
	return master.PriceLevel(s.Level)
}

// Offer prices the line: what this party paid last, else its level's price.
func (l Line) Offer(s doc.Spec, level master.PriceLevel) Line {
	if s.PriceNeed == doc.No {
		return l
	}
	p := l.lastPrice()
	if p == 0 {
		p = l.levelPrice(level)
	}
	l.Price, l.Priced = p, p != 0
	return l
}

// lastPrice is the party's last price, in the line's unit. LastUnit names the
// unit it was for.
func (l Line) lastPrice() amount.Price {
	num, den, ok := l.Item.Factor(l.Help.LastUnit)
	if l.Help.Last == 0 || !ok {
		return 0
	}
	p, err := convert(l.Help.Last, num, den, l.Num, l.Den)
	if err != nil {
		return 0
	}
	return p
}

func (l Line) levelPrice(level master.PriceLevel) amount.Price {
	if level == master.Retail || level == "" {
		for _, u := range l.Item.Units {
			if u.Name == l.Unit && u.Price != 0 {
				return u.Price
			}
		}
	}
	p, err := convert(l.Help.Level, 1, 1, l.Num, l.Den)
	if err != nil {
		return 0
	}
	return p
}

// convert turns the price of one unit into that of another.
func convert(p amount.Price, fromNum, fromDen, toNum, toDen int64) (amount.Price, error) {
	v, err := amount.MulDiv(int64(p), toNum*fromDen, toDen*fromNum)
	return amount.Price(v), err
}

// UnitName is the unit as a person reads it.
func (l Line) UnitName() string {
	if l.Unit == "" {
		return l.Item.Unit
	}
	return l.Unit
}

// WithUnit changes the unit. The price goes with the factor, unless the new
// unit has a price of its own that was on offer before, too.
func (l Line) WithUnit(s doc.Spec, level master.PriceLevel, unit string) (Line, error) {
	if unit == l.Item.Unit {
		unit = ""
	}
	num, den, ok := l.Item.Factor(unit)
	if !ok {
		return l, fault.Bad("draft.unit", "doc.unknown-unit", "field", "unit", "unit", unit, "name", l.Item.Name)
	}
	offered := l.Price == l.Offer(s, level).Price
	p, err := convert(l.Price, l.Num, l.Den, num, den)
	if err != nil {
		return l, fault.Bad("draft.unit", "doc.overflow", "field", "price")
	}
	l.Unit, l.Num, l.Den = unit, num, den
	if l.Priced && s.PriceNeed != doc.No {
		l.Price = p
		if offered {
			l = l.Offer(s, level)
		}
	}
	return l, nil
}

// Base is the quantity in base units; 0 where it does not convert.
func (l Line) BaseQty() amount.Qty {
	num, den := l.Num, l.Den
	if num == 0 {
		num, den = 1, 1
	}
	q, err := amount.Convert(l.Qty, num, den)
	if err != nil {
		return 0
	}
	return q
}

// Amount is quantity times price less the line's discount; ok is false where
// it cannot be worked out.
func (l Line) Amount() (amount.Money, bool) {
	m, err := amount.Extend(l.Qty, l.Price)
	if err != nil {
		return 0, false
	}
	m, err = amount.Add(m, -l.Off)
	return m, err == nil
}

// Qty, Price and Money read what a person types into a field.
func Qty(s, field string) (amount.Qty, error) { return parse(amount.ParseQty, s, field) }

// Price reads a unit price.
func Price(s, field string) (amount.Price, error) { return parse(amount.ParsePrice, s, field) }

// Money reads an amount of money.
func Money(s, field string) (amount.Money, error) { return parse(amount.ParseMoney, s, field) }

func parse[T ~int64](read func(string) (T, error), s, field string) (T, error) {
	v, err := read(amount.Narrow(s))
	if err == nil {
		if v < 0 {
			return 0, fault.Bad("draft.parse", "docview.number.negative", "field", field, "text", s)
		}
		return v, nil
	}
	key := "docview.number.bad"
	switch {
	case errors.Is(err, amount.ErrPrecision):
		key = "docview.number.decimals"
	case errors.Is(err, amount.ErrOverflow):
		key = "docview.number.large"
	}
	return 0, fault.Bad("draft.parse", key, "field", field, "text", s)
}

// Settle works out a document's totals; unfinished numbers count as they are.
func Settle(s doc.Spec, d *doc.Document) {
	if err := doc.Settle(s, d); err != nil {
		// A line that overflows has its own mark; the rest still adds up.
		d.Total = 0
		for i := range d.Lines {
			if t, err := amount.Add(d.Total, d.Lines[i].Gross); err == nil {
				d.Total = t
			}
		}
	}
}

// FromDocument turns the lines of a saved document back into lines to type in.
// giftNote is the note a zero price was confirmed with.
func FromDocument(v app.DocumentView, giftNote string) []Line {
	s, _ := doc.Of(v.Doc.Kind)
	typed := v.Doc.Status != doc.Draft
	out := make([]Line, 0, len(v.Doc.Lines))
	for _, ln := range v.Doc.Lines {
		l := Line{Line: ln, Item: v.Items[ln.ItemID]}
		l.Priced = typed || ln.Price != 0 || ln.Note == giftNote || s.PriceNeed == doc.No
		l.Counted = typed || ln.Qty != 0
		out = append(out, l)
	}
	return out
}
