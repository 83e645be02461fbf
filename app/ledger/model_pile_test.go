package ledger

import (
	"math/big"
	"slices"
)

// pile is a pot with a pencil mark for the last cost.
type pile struct {
	q, v, lastQ, lastV int64
	layers             []draft
}

func (p *pile) copy() *pile {
	c := *p
	c.layers = slices.Clone(p.layers)
	return &c
}

// portion is v × a ÷ b, rounded half away from zero.
func portion(v, a, b int64) int64 {
	n := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(v), big.NewInt(a)), big.NewInt(b))
	half := big.NewRat(1, 2)
	if n.Sign() < 0 {
		half.Neg(half)
	}
	n.Add(n, half)
	return new(big.Int).Quo(n.Num(), n.Denom()).Int64() // toward zero
}

// portions splits v by weights: rounded down, the rest to the largest remainders.
func portions(v int64, weights []int64) []int64 {
	out := make([]int64, len(weights))
	total := new(big.Int)
	for _, w := range weights {
		total.Add(total, big.NewInt(w))
	}
	if total.Sign() == 0 {
		out[0] = v
		return out
	}
	left := v
	rest := make([]*big.Int, len(weights))
	for i, w := range weights {
		q, r := new(big.Int).QuoRem(new(big.Int).Mul(big.NewInt(v), big.NewInt(w)), total, new(big.Int))
		out[i], rest[i] = q.Int64(), r
		left -= out[i]
	}
	for ; left > 0; left-- {
		best := 0
		for i := range rest {
			if rest[i].Cmp(rest[best]) > 0 {
				best = i
			}
		}
		out[best]++
		rest[best] = big.NewInt(-1)
	}
	return out
}

// costOf is the cost of q by what is known of the larger quantity.
func (m *model) costOf(p *pile, q int64) int64 {
	onHand := draft{q: p.q, v: p.v}
	if m.fifo {
		onHand = draft{}
		if n := len(p.layers); n > 0 {
			onHand = p.layers[n-1]
		}
	}
	if onHand.q <= 0 || p.lastQ > onHand.q {
		onHand = draft{q: p.lastQ, v: p.lastV}
	}
	if onHand.q == 0 {
		return 0
	}
	return portion(onHand.v, q, onHand.q)
}

func (p *pile) remember(q, v int64) {
	if q > 0 && v > 0 || q < 0 && v < 0 {
		p.lastQ, p.lastV = size(q), size(v)
	} else if q > 0 && v == 0 && p.lastQ == 0 {
		p.lastQ, p.lastV = q, 0
	}
}

// settle leaves no value where nothing is, and none of the wrong sign.
func (p *pile) settle() (adj int64) {
	want := p.v
	if p.q == 0 {
		want = 0
	} else if p.v != 0 && (p.v < 0) != (p.q < 0) {
		want = 0
		if p.lastQ > 0 {
			want = portion(p.lastV, p.q, p.lastQ)
		}
	}
	adj = want - p.v
	p.v = want
	return adj
}

// put books what comes in.
func (m *model) put(p *pile, e *event, known bool) {
	if !known {
		e.v = m.costOf(p, e.q)
	}
	cover := min(e.q, max(0, -p.q))
	if cover > 0 {
		e.adj = portion(-p.v, cover, -p.q) - portion(e.v, cover, e.q)
	}
	old := max(0, p.v)
	p.q += e.q
	p.v += e.v + e.adj
	p.remember(e.q, e.v)
	e.adj += p.settle()
	if rest := e.q - cover; m.fifo && rest > 0 {
		p.layers = append(p.layers, draft{e, rest, p.v - old})
	}
}

// give books what goes out.
func (m *model) give(p *pile, e *event, known bool) {
	q := -e.q
	if !m.fifo {
		if !known {
			switch {
			case p.q <= 0:
				e.v = -m.costOf(p, q)
			case q < p.q:
				e.v = -portion(p.v, q, p.q)
			default:
				e.v = -p.v - m.costOf(p, q-p.q)
			}
		}
		p.q += e.q
		p.v += e.v
		p.remember(e.q, e.v)
		e.adj = p.settle()
		return
	}
	short := max(0, q-max(0, p.q))
	owed := m.costOf(p, short)
	if known {
		owed = portion(-e.v, short, q)
	}
	var drawn int64
	want := q - short
	order := make([]int, 0, len(p.layers))
	for i, l := range p.layers {
		if e.how != "out" && l.from == e.target && e.target != nil {
			order = append([]int{i}, order...)
		} else {
			order = append(order, i)
		}
	}
	for _, i := range order {
		l := &p.layers[i]
		if n := min(want, l.q); n > 0 {
			v := portion(l.v, n, l.q)
			e.drawn = append(e.drawn, draft{l.from, n, v})
			drawn += v
			want -= n
			l.q -= n
			l.v -= v
		}
	}
	p.layers = slices.DeleteFunc(p.layers, func(l draft) bool { return l.q == 0 })
	p.q -= q
	p.v -= drawn + owed
	if known {
		e.adj = -(drawn + owed) - e.v
	} else {
		e.v = -(drawn + owed)
	}
	p.remember(e.q, e.v)
}

// revalue books what a receipt turned out to cost more.
func (m *model) revalue(p *pile, e *event) {
	late := e.date != e.target.date
	var l *draft
	held := p.q
	if m.fifo {
		held = 0
		for i := range p.layers {
			if p.layers[i].from == e.target {
				l = &p.layers[i]
			}
		}
		if l == nil && late && len(p.layers) > 0 && p.layers[0].from == nil {
			l = &p.layers[0]
		}
		if l != nil {
			held = l.q
		}
	}
	keep := portion(e.given, min(max(held, 0), e.target.q), e.target.q)
	if e.fixed {
		keep = e.v
	}
	if m.fifo && l == nil {
		keep = 0
	} else if m.fifo {
		keep = max(keep, -l.v)
		l.v += keep
	}
	if late && !e.fixed {
		e.v, e.fixed = keep, true
	} else if !late {
		e.v = e.given
	}
	p.v += keep
	e.adj = keep - e.v
	if !m.fifo {
		e.adj += p.settle()
	}
}
