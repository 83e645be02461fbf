package till

import (
	"tiezhang/app/amount"
	"tiezhang/app/master"
	"tiezhang/ui/docview/draft"
	"tiezhang/ui/text"
)

// member is what the counter knows of whom the bill is for.
type member struct {
	points        int64
	stored, worth amount.Money
	value         amount.Price // of a point
}

// level is the price level of the bill: the customer's, a member's, or retail.
func (b *bill) level() master.PriceLevel {
	switch {
	case b.party.Level != "":
		return b.party.Level
	case b.party.Card != "":
		return master.Member
	}
	return master.PriceLevel(b.spec.Level)
}

// offer prices a line as the bill's customer gets it. What the customer paid
// last is no price of a counter.
func (t *Page) offer(l draft.Line) draft.Line {
	level := t.bill.level()
	l.Help.Last, l.Help.LastOn = 0, ""
	p := l.Item.Prices[level]
	if p == 0 {
		p, level = l.Item.Prices[master.Retail], master.Retail
	}
	l.Help.Level = p
	return l.Offer(t.bill.spec, level)
}

// points uses up as many points as the bill takes, or none again.
func (d *payDialog) points() {
	t := d.t
	b := t.bill
	if b.back() || b.member.worth <= 0 {
		return
	}
	off, used := b.doc.Discount, b.doc.PointsUsed
	if used > 0 {
		off -= b.worth(used)
		used = 0
	} else {
		used = b.mostPoints()
		off += b.worth(used)
	}
	if err := b.discount(off); err != nil {
		d.words.SetText(text.Fault(err))
		return
	}
	b.doc.PointsUsed = used
	d.off, d.offAt = b.rounding(), 0
	for i := range d.rows {
		d.rows[i].entry.SetText("")
	}
	t.changed()
	d.show()
}

// worth is what points take off the bill.
func (b *bill) worth(points int64) amount.Money {
	v, err := amount.MulDiv(points, int64(b.member.value), amount.PriceScale/amount.MoneyScale)
	if err != nil {
		return 0
	}
	return amount.Money(v)
}

// mostPoints is how many points the bill can take: what is left stays above
// nothing.
func (b *bill) mostPoints() int64 {
	n := b.member.points
	for n > 0 && b.worth(n) > b.doc.Total {
		fits, err := amount.MulDiv(int64(b.doc.Total), amount.PriceScale/amount.MoneyScale, int64(b.member.value))
		if err != nil || fits >= n {
			n--
			continue
		}
		n = fits
	}
	return n
}
