package ledger

import (
	"tiezhang/app/amount"
	"tiezhang/app/fault"
)

// Switch gives the pool as the other method takes it over: with FIFO the
// balance becomes one layer, with the average there are none. Quantity and value
// stay what they are.
func (p Pool) Switch(to Method) Pool {
	p.Layers = nil
	if to == FIFO && p.Qty > 0 {
		p.Layers = []Layer{{Qty: p.Qty, Value: p.Value}}
	}
	return p
}

// newest is the value of q at the cost of the youngest layer: what is short, or
// found, is taken to be like what came last. The last known cost, if that is
// known over a larger quantity.
func (p Pool) newest(q amount.Qty, hint amount.Price) (amount.Money, error) {
	known := Pool{LastValue: p.LastValue, LastQty: p.LastQty}
	if n := len(p.Layers); n > 0 {
		known.Qty, known.Value = p.Layers[n-1].Qty, p.Layers[n-1].Value
	}
	return known.unit(q, hint)
}

// fifo books a move into a pool with layers. What comes in, less what covers
// negative stock, is a layer; what goes out takes the oldest first.
func (r *run) fifo(i int, v amount.Money, known bool) (Outcome, error) {
	s := &r.steps[i]
	if s.m.Qty < 0 {
		return r.fifoOut(s, v, known)
	}
	p, m := &r.pools[s.pot], s.m
	var err error
	if !known {
		if v, err = p.newest(m.Qty, m.Hint); err != nil {
			return Outcome{}, err
		}
	}
	before := max(0, p.Value) // in layers; negative stock has none
	adj, err := p.apply(m.Qty, v, m.Hint)
	if err == nil && p.Qty > 0 && m.Qty > 0 {
		p.Layers = append(p.Layers, Layer{In: m.Seq, New: s.own, Qty: min(m.Qty, p.Qty), Value: p.Value - before})
	}
	return Outcome{Value: v, Adjust: adj}, err
}

// fifoOut takes from the layers. A move that brings a receipt or borrowed goods
// back takes what is left of that layer first; where its own value and that of
// the layers differ, the difference is an adjustment. What is short leaves at
// the cost of the youngest layer.
func (r *run) fifoOut(s *step, v amount.Money, known bool) (Outcome, error) {
	p, m := &r.pools[s.pot], s.m
	q := -m.Qty
	short := min(q, max(0, q-max(0, p.Qty)))
	var owed amount.Money // what the short part leaves at
	var err error
	switch {
	case short == 0:
	case known:
		owed, err = amount.Part(-v, short, q)
	default:
		owed, err = p.newest(short, m.Hint)
	}
	if err != nil {
		return Outcome{}, err
	}
	prefer := int64(0)
	if m.Rule == Reversal || m.Rule == Origin {
		prefer = m.Ref
	}
	drawn, err := r.draw(s, q-short, prefer)
	if err != nil {
		return Outcome{}, err
	}
	out := Outcome{Value: v}
	if known {
		out.Adjust = -v - owed - drawn
	} else if out.Value, err = amount.Add(-drawn, -owed); err != nil {
		return Outcome{}, err
	}
	if p.Qty, err = amount.Add(p.Qty, m.Qty); err != nil {
		return Outcome{}, err
	}
	if p.Value, err = amount.Add(p.Value, -drawn-owed); err != nil {
		return Outcome{}, err
	}
	p.note(m.Qty, out.Value)
	return out, nil
}

// draw takes q from the layers of a step's pool and keeps a record of it.
func (r *run) draw(s *step, q amount.Qty, prefer int64) (sum amount.Money, err error) {
	p := &r.pools[s.pot]
	if prefer != 0 {
		for k := range p.Layers {
			if p.Layers[k].In == prefer {
				if sum, q, err = r.drawFrom(s, k, q); err != nil {
					return 0, err
				}
				break
			}
		}
	}
	for q > 0 {
		if len(p.Layers) == 0 { // the file says there is more than its layers hold
			return 0, fault.New("ledger.Post", fault.Damaged, "ledger.layers", fault.Pairs("line", s.m.Line, "qty", q.String()))
		}
		var v amount.Money
		if v, q, err = r.drawFrom(s, 0, q); err != nil {
			return 0, err
		}
		sum += v
	}
	return sum, nil
}

// drawFrom takes as much of q as layer k holds: the value, and what of q is left
// to find. Whoever empties a layer takes all its value.
func (r *run) drawFrom(s *step, k int, q amount.Qty) (v amount.Money, rest amount.Qty, err error) {
	p := &r.pools[s.pot]
	l := &p.Layers[k]
	n := min(q, l.Qty)
	if n == 0 {
		return 0, q, nil
	}
	if v, err = amount.Part(l.Value, n, l.Qty); err != nil {
		return 0, 0, err
	}
	r.uses = append(r.uses, Use{Out: s.m.Seq, OutNew: s.own, In: l.In, InNew: l.New, Qty: n, Value: v})
	l.Qty -= n
	l.Value -= v
	if l.Qty == 0 && k == 0 {
		p.Layers = p.Layers[1:]
	} else if l.Qty == 0 {
		p.Layers = append(p.Layers[:k], p.Layers[k+1:]...)
	}
	return v, q - n, nil
}

// layerOf finds what is left of a receipt. What the shop held when it took up
// FIFO is one layer, and a receipt of an earlier month lies in it.
func (p *Pool) layerOf(ref int64, earlier bool) *Layer {
	for k := range p.Layers {
		if p.Layers[k].In == ref && ref != 0 {
			return &p.Layers[k]
		}
	}
	if l := p.Layers; earlier && len(l) > 0 && l[0].In == 0 && l[0].New == 0 {
		return &l[0]
	}
	return nil
}
