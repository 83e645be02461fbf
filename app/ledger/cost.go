package ledger

import (
	"tiezhang/app/amount"
	"tiezhang/app/doc"
)

// unit gives the value of q at the pool's unit cost: the average or the last
// known cost, whichever is known over the larger quantity. A crumb on hand that
// is worth a whole fen by rounding says nothing about what the goods cost.
// Nothing known: the hint.
func (p Pool) unit(q amount.Qty, hint amount.Price) (amount.Money, error) {
	switch {
	case p.Qty > 0 && p.Qty >= p.LastQty:
		return amount.Part(p.Value, q, p.Qty)
	case p.LastQty > 0:
		return amount.Part(p.LastValue, q, p.LastQty)
	default:
		return amount.Extend(q, hint)
	}
}

// take is an issue of q > 0 at average: the value that leaves. The issue that
// empties the stock takes the whole remaining value; what is short leaves at
// the unit cost.
func (p Pool) take(q amount.Qty, hint amount.Price) (amount.Money, error) {
	if p.Qty <= 0 {
		return p.unit(q, hint)
	}
	if q <= p.Qty {
		return amount.Part(p.Value, q, p.Qty)
	}
	short, err := p.unit(q-p.Qty, hint)
	if err != nil {
		return 0, err
	}
	return amount.Add(p.Value, short)
}

// apply books a move of quantity q and value v into the pool and gives the
// adjustment it calls for: when a receipt covers negative stock, the covered
// quantity left at one cost and came in at another; besides, what residue asks.
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
		p.Value += adj
	}
	p.note(q, v)
	rest, err := p.residue(hint)
	return adj + rest, err
}

// note keeps the last known cost: what came in at a price, or left at one.
func (p *Pool) note(q amount.Qty, v amount.Money) {
	switch {
	case q > 0 && v > 0:
		p.LastValue, p.LastQty = v, q
	case q < 0 && v < 0:
		p.LastValue, p.LastQty = -v, -q
	case q > 0 && v == 0 && p.LastQty == 0:
		p.LastValue, p.LastQty = 0, q
	}
}

// residue puts the pool's value right: when the stock comes to nothing, no value
// may stay; when value and quantity have opposite signs, the stock is worth its
// last known cost.
func (p *Pool) residue(hint amount.Price) (adj amount.Money, err error) {
	switch {
	case p.Qty == 0:
		adj = -p.Value
	case p.Value != 0 && (p.Value > 0) != (p.Qty > 0):
		want, err := Pool{LastValue: p.LastValue, LastQty: p.LastQty}.unit(abs(p.Qty), hint)
		if err != nil {
			return 0, err
		}
		if p.Qty < 0 {
			want = -want
		}
		adj = want - p.Value
	}
	p.Value += adj
	return adj, nil
}

// average books a move into the pool of a moving average. known says that v is
// what the move is worth; otherwise the pool says it.
func (p *Pool) average(m *Move, v amount.Money, known bool) (Outcome, error) {
	var err error
	switch {
	case known:
	case m.Qty < 0:
		v, err = p.take(-m.Qty, m.Hint)
		v = -v
	default:
		v, err = p.unit(m.Qty, m.Hint)
	}
	if err != nil {
		return Outcome{}, err
	}
	adj, err := p.apply(m.Qty, v, m.Hint)
	return Outcome{Value: v, Adjust: adj}, err
}

func abs[T ~int64](x T) T {
	if x < 0 {
		return -x
	}
	return x
}

// contraOf gives the account on the other side of a move's value. A count that
// finds more books income, one that finds less a loss.
func contraOf(m Move, s doc.Spec) doc.AccountCode {
	if s.Flow == doc.Recount && m.Qty > 0 {
		return doc.AccOtherInc
	}
	return s.ValueContra
}
