package ledger

import (
	"pgregory.net/rapid"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
)

// sound is what no sequence of documents may break.
func (b *book) sound(rt *rapid.T) {
	byDate := map[day.Date]amount.Money{}
	at := map[doc.AccountCode]amount.Money{}
	for _, e := range b.entries {
		byDate[e.Date] += e.Amount
		at[e.Account] += e.Amount
	}
	for d, v := range byDate {
		if v != 0 {
			rt.Fatalf("entries of %s sum to %s", d, v)
		}
	}
	if at[doc.AccTransit] != 0 || at[doc.AccProduction] != 0 {
		rt.Fatalf("stuck on the way: %s in transit, %s in production", at[doc.AccTransit], at[doc.AccProduction])
	}
	moved := map[Pot]Pool{}
	for _, m := range b.rows {
		p := moved[b.pot(m)]
		p.Qty += m.Qty
		p.Value += m.Value
		moved[b.pot(m)] = p
	}
	var value amount.Money
	for k, p := range b.pools {
		if q := moved[k]; q.Qty != p.Qty || q.Value != p.Value {
			rt.Fatalf("pot %v: pool %s worth %s, moves say %s worth %s", k, p.Qty, p.Value, q.Qty, q.Value)
		}
		switch {
		case p.Qty == 0 && p.Value != 0, p.Qty > 0 && p.Value < 0, p.Qty < 0 && p.Value > 0:
			rt.Fatalf("pot %v: %s pieces worth %s", k, p.Qty, p.Value)
		}
		sum := Pool{}
		for _, l := range p.Layers {
			sum.Qty += l.Qty
			sum.Value += l.Value
			if l.Qty <= 0 || l.Value < 0 || l.New != 0 {
				rt.Fatalf("pot %v: layer %+v", k, l)
			}
		}
		if b.method == FIFO && p.Qty > 0 && (sum.Qty != p.Qty || sum.Value != p.Value) || (b.method != FIFO || p.Qty <= 0) && len(p.Layers) > 0 {
			rt.Fatalf("pot %v: %s worth %s, layers hold %s worth %s", k, p.Qty, p.Value, sum.Qty, sum.Value)
		}
		value += p.Value
	}
	if at[doc.AccInventory] != value {
		rt.Fatalf("inventory account %s, stock value %s", at[doc.AccInventory], value)
	}
	if rows, entries := b.before(b.open); b.open != 0 && (rows != b.past.rows || entries != b.past.entries) {
		rt.Fatalf("closed days have %d moves and %d entries, had %d and %d", rows, entries, b.past.rows, b.past.entries)
	}
}

// replayed: replaying the open time finds nothing to restate, and ends at the
// pools and layers there are.
func (b *book) replayed(rt *rapid.T) {
	ms := b.folded(func(m Move) bool { return m.Date >= b.open })
	pools := map[Pot]Pool{}
	for k, p := range b.opening {
		pools[k] = p
	}
	outs, uses, err := ReplayAll(b.method, pools, ms, b.pot)
	if err != nil {
		rt.Fatal(err)
	}
	for i, m := range ms {
		if m.Rule != Carry && (outs[i].Value != m.Effective() || outs[i].Adjust != m.Adjusted) {
			rt.Fatalf("move %d (%s %s %s): replay gives %s adj %s, books say %s adj %s", m.Seq, m.Doc, m.Date, m.Rule,
				outs[i].Value, outs[i].Adjust, m.Effective(), m.Adjusted)
		}
	}
	for k, p := range pools {
		w := b.pools[k]
		if p.Qty != w.Qty || p.Value != w.Value || p.LastQty != w.LastQty || p.LastValue != w.LastValue || len(p.Layers) != len(w.Layers) {
			rt.Fatalf("pot %v: replay ends at %+v, pool says %+v", k, p, w)
		}
		for i := range p.Layers {
			if p.Layers[i] != w.Layers[i] {
				rt.Fatalf("pot %v: replay ends at %+v, pool says %+v", k, p.Layers, w.Layers)
			}
		}
	}
	by := map[int64][]Use{}
	for _, u := range uses {
		by[u.Out] = append(by[u.Out], u)
	}
	for _, m := range ms {
		if !sameUses(by[m.Seq], b.uses[m.Seq]) {
			rt.Fatalf("move %d took %+v, by replay %+v", m.Seq, b.uses[m.Seq], by[m.Seq])
		}
	}
}
