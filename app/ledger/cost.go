package ledger

import (
	"tiezhang/app/amount"
	"tiezhang/app/doc"
)

// unit gives the value of q at the pool's unit cost: the average while there is
// stock, the last known cost otherwise, the hint when nothing is known.
func (p Pool) unit(q amount.Qty, hint amount.Price) (amount.Money, error) {
	switch {
	case p.Qty > 0:
		return amount.Part(p.Value, q, p.Qty)
	case p.LastQty > 0:
		return amount.Part(p.LastValue, q, p.LastQty)
	default:
		return amount.Extend(q, hint)
	}
}

// take is an issue of q > 0 at average: the value that leaves. The issue that
// empties the stock takes the whole remaining value; what is short leaves at
// the last known cost.
func (p Pool) take(q amount.Qty, hint amount.Price) (amount.Money, error) {
	if p.Qty <= 0 {
		return p.unit(q, hint)
	}
	if q < p.Qty {
		return amount.Part(p.Value, q, p.Qty)
	}
	short, err := amount.Part(p.Value, q-p.Qty, p.Qty)
	if err != nil {
		return 0, err
	}
	return amount.Add(p.Value, short)
}

// apply books a move of quantity q and value v into the pool and gives the
// adjustment it calls for: when a receipt covers negative stock, the covered
// quantity left at one cost and came in at another; when the stock comes to
// nothing, no value may stay; when value and quantity would have opposite
// signs, the value is put right at the last known cost.
func (p *Pool) apply(q amount.Qty, v amount.Money, hint amount.Price) (adj amount.Money, err error) {
	was := *p
	if p.Qty, err = amount.Add(p.Qty, q); err != nil {
		return 0, err
	}
	if p.Value, err = amount.Add(p.Value, v); err != nil {
		return 0, err
	}
	if q > 0 && was.Qty < 0 {
		covered := min(q, -was.Qty)
		in, err := amount.Part(v, covered, q)
		if err != nil {
			return 0, err
		}
		out, err := amount.Part(-was.Value, covered, -was.Qty)
		if err != nil {
			return 0, err
		}
		adj = out - in
	}
	// last known cost: what came in at a price, or left at the average
	if q != 0 && (v > 0) == (q > 0) && v != 0 {
		p.LastValue, p.LastQty = v, q
		if q < 0 {
			p.LastValue, p.LastQty = -v, -q
		}
	} else if q > 0 && v == 0 && p.LastQty == 0 {
		p.LastValue, p.LastQty = 0, q
	}
	value := p.Value + adj
	switch {
	case p.Qty == 0:
		adj -= value
	case value != 0 && (value > 0) != (p.Qty > 0):
		want, err := Pool{LastValue: p.LastValue, LastQty: p.LastQty}.unit(abs(p.Qty), hint)
		if err != nil {
			return 0, err
		}
		if p.Qty < 0 {
			want = -want
		}
		adj += want - value
	}
	p.Value += adj
	return adj, nil
}

func abs[T ~int64](x T) T {
	if x < 0 {
		return -x
	}
	return x
}

// Outcome is what a replay found for one move.
type Outcome struct {
	Value  amount.Money // effective value the move should have
	Adjust amount.Money // adjustment that belongs to it
}

// Replay runs moves, in order, through the pool and gives what each should be
// worth and the pool at the end. It changes nothing. A move whose reversal
// bears the same date and class counts, with it, as never having happened.
func Replay(start Pool, moves []Move) ([]Outcome, Pool, error) {
	out := make([]Outcome, len(moves))
	at := make(map[int64]int, len(moves))
	for i, m := range moves {
		if m.Seq != 0 {
			at[m.Seq] = i
		}
	}
	annulled := make([]bool, len(moves))
	for i, m := range moves {
		if m.Rule != Reversal {
			continue
		}
		if j, ok := at[m.Ref]; ok && moves[j].Date == m.Date && moves[j].Class == m.Class {
			annulled[i], annulled[j] = true, true
		}
	}
	type used struct {
		qty   amount.Qty
		value amount.Money
	}
	taken := map[int64]used{} // by origin, what returns in the window took
	p := start
	for i, m := range moves {
		if annulled[i] {
			v := m.Effective()
			if m.Rule == Reversal {
				v = -out[at[m.Ref]].Value
			}
			out[i] = Outcome{Value: v}
			continue
		}
		var v amount.Money
		var err error
		switch m.Rule {
		case Given, AddCost:
			v = m.Value
		case Carry:
			continue // no effect on the pool: it leaves one place and reaches another
		case Reversal:
			if j, ok := at[m.Ref]; ok {
				v = -out[j].Value
				if o := moves[j]; o.Rule == Origin { // what was returned may be returned again
					u := taken[o.Ref]
					taken[o.Ref] = used{u.qty - o.Qty, u.value - out[j].Value}
				}
			} else if m.Seq == 0 {
				v = -m.RefValue
			} else {
				v = m.Effective()
			}
		case Origin:
			j, in := at[m.Ref]
			switch {
			case !in && m.Seq != 0:
				v = m.Effective()
			default:
				oq, ov := m.RefQty, m.RefValue
				u := used{m.RefUsedQty, m.RefUsedValue}
				if in {
					oq, ov = -moves[j].Qty, -out[j].Value
					u = taken[m.Ref]
				} else if t, ok := taken[m.Ref]; ok {
					u = t
				}
				var upTo amount.Money
				if upTo, err = amount.Part(ov, u.qty+m.Qty, oq); err == nil {
					v = upTo - u.value
					taken[m.Ref] = used{u.qty + m.Qty, u.value + v}
				}
			}
		case Average:
			if m.Qty < 0 {
				v, err = p.take(-m.Qty, m.Hint)
				v = -v
			} else {
				v, err = p.unit(m.Qty, m.Hint)
			}
		}
		if err != nil {
			return nil, Pool{}, err
		}
		adj, err := p.apply(m.Qty, v, m.Hint)
		if err != nil {
			return nil, Pool{}, err
		}
		out[i] = Outcome{Value: v, Adjust: adj}
	}
	return out, p, nil
}

// contraOf gives the account on the other side of a move's value. A count that
// finds more books income, one that finds less a loss.
func contraOf(m Move, s doc.Spec) doc.AccountCode {
	if s.Flow == doc.Recount && m.Qty > 0 {
		return doc.AccOtherInc
	}
	return s.ValueContra
}
