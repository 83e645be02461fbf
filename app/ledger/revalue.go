package ledger

import (
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
)

// What a receipt later turned out to cost more or less.
//
// While the receipt's month is open the value goes in at the receipt's own place
// and everything after is worked out anew. Once the month is closed it goes in on
// the document's date, and only for the part the stock still holds; the rest is
// cost of sales at once. The bill itself always bears the document's date; in
// between lies the account of costs in transit, on both dates.

// place gives moves that revalue a receipt the date they bear. An earlier such
// move is taken back where it stands, or, when its month is closed, by one that
// counts from now on.
func placeRevalue(own []Move, open day.Date) {
	for i := range own {
		m := &own[i]
		switch {
		case m.Rule == AddCost && m.RefDate >= open:
			m.Date = m.RefDate
		case m.Rule == Reversal && m.Qty == 0 && m.RefDate >= open:
			m.Date = m.RefDate
		case m.Rule == Reversal && m.Qty == 0:
			m.Rule, m.Ref = AddCost, m.receipt
		}
	}
}

// addCost books a revaluation into the pool. Of one at its receipt's own place,
// what the stock does not hold any more at that very moment (it covered what had
// been sold before it came) is an adjustment. A later one is worth the part that
// the stock holds, found once, when it is posted.
func (r *run) addCost(i int) (Outcome, error) {
	s := &r.steps[i]
	p, m := &r.pools[s.pot], s.m
	received, late := m.RefQty, m.Date != m.RefDate
	if s.own == 0 {
		j, ok := r.at[m.Ref]
		if late = !ok || r.steps[j].m.Date != m.Date; !late {
			received = r.steps[j].m.Qty
		}
	}
	layer := p.layerOf(m.Ref, late)
	held := p.Qty
	if r.method == FIFO {
		if held = 0; layer != nil {
			held = layer.Qty
		}
	}
	held = min(max(held, 0), received)
	v := m.Effective()
	keep, booked := v, v
	var err error
	switch {
	case late && s.own == 0: // the part was found when it was posted
	case late:
		keep, err = amount.Part(m.Extra, held, received)
	default:
		keep, err = amount.Part(v, held, received)
	}
	if err != nil {
		return Outcome{}, err
	}
	if r.method == FIFO {
		if layer == nil {
			keep = 0
		} else {
			keep = max(keep, -layer.Value) // a layer is never worth less than nothing
			layer.Value += keep
		}
	}
	if late && s.own != 0 {
		booked = keep
	}
	if p.Value, err = amount.Add(p.Value, keep); err != nil {
		return Outcome{}, err
	}
	var rest amount.Money
	if r.method != FIFO {
		rest, err = p.residue(m.Hint)
	}
	return Outcome{Value: booked, Adjust: keep - booked + rest}, err
}

// soldPart books what of a revaluation the stock did not hold any more: from
// transit into the cost of sales, on the document's date. Gives that amount.
func soldPart(ents *entries, s doc.Spec, d *doc.Document, own []Move) amount.Money {
	if s.Flow != doc.Revalue {
		return 0
	}
	rest := d.Total
	for _, m := range own {
		rest -= m.Value
	}
	ents.add(d.Date, doc.AccCOGS, 0, 0, rest)
	ents.add(d.Date, s.ValueContra, 0, 0, -rest)
	return rest
}
