package ledger

import (
	"fmt"
	"tiezhang/app/amount"
)

// differs tells the first difference between the books and the model.
func (m *model) differs(b *book) error {
	type key struct {
		doc  string
		line int
	}
	rows := map[key]Move{}
	for _, r := range b.folded(func(r Move) bool { return r.Rule != Carry }) {
		rows[key{r.Doc, r.Line}] = r
	}
	name := func(e *event) int64 {
		if e == nil {
			return 0
		}
		return rows[key{e.doc, e.line}].Seq
	}
	for _, e := range m.live() {
		r := rows[key{e.doc, e.line}]
		if int64(r.Effective()) != e.v || int64(r.Adjusted) != e.adj || int64(r.Qty) != e.q || r.Date != e.date {
			return fmt.Errorf("%s line %d on %v (%s, %v of %v): books say %v adjusted %v on %v (%s), by hand it is %v adjusted %v", e.doc, e.line, e.date, e.how,
				amount.Qty(e.q), e.pot, r.Effective(), r.Adjusted, r.Date, r.Rule, amount.Money(e.v), amount.Money(e.adj))
		}
		var uses []Use
		for _, d := range e.drawn {
			uses = append(uses, Use{Out: r.Seq, In: name(d.from), Qty: amount.Qty(d.q), Value: amount.Money(d.v)})
		}
		if m.fifo && !sameUses(uses, b.uses[r.Seq]) {
			return fmt.Errorf("%s line %d took %+v, by hand %+v", e.doc, e.line, b.uses[r.Seq], uses)
		}
	}
	for k, p := range m.now {
		w := b.pools[k]
		if int64(w.Qty) != p.q || int64(w.Value) != p.v {
			return fmt.Errorf("pot %v: books say %v worth %v, by hand %v worth %v", k, w.Qty, w.Value, amount.Qty(p.q), amount.Money(p.v))
		}
		if len(w.Layers) != len(p.layers) {
			return fmt.Errorf("pot %v: layers %+v, by hand %d", k, w.Layers, len(p.layers))
		}
		for i, l := range p.layers {
			if w.Layers[i] != (Layer{In: name(l.from), Qty: amount.Qty(l.q), Value: amount.Money(l.v)}) {
				return fmt.Errorf("pot %v layer %d: %+v, by hand %d %v", k, i, w.Layers[i], name(l.from), l)
			}
		}
	}
	want := m.values()
	for c, v := range m.money {
		want[c] += v
	}
	have := map[cell]amount.Money{}
	for _, e := range b.entries {
		have[cell{e.Date, e.Account}] += e.Amount
	}
	for c, v := range want {
		if have[c] != v {
			return fmt.Errorf("account %s on %v: books say %v, by hand %v", c.account, c.date, have[c], v)
		}
	}
	for c, v := range have {
		if want[c] != v {
			return fmt.Errorf("account %s on %v: books say %v, by hand %v", c.account, c.date, v, want[c])
		}
	}
	return nil
}
