package ledger

import (
	"tiezhang/app/amount"
	"tiezhang/app/doc"
)

// Goods made of other goods. What comes in is worth what went out, by shares, so
// a component restated restates what was made of it, in another pot, and
// what was made of that. Made moves come after their components in the
// order of all moves, hence this always ends.

// component tells whether a move went into something made.
func (m *Move) component() bool {
	return m.Rule == Average && m.Qty < 0 && m.Contra == doc.AccProduction
}

// planMade gives the Made moves of a plan their weights: the amounts typed on the
// lines when there are any, quantities otherwise. What goes out is put before
// what comes in.
func planMade(ms []Move, d *doc.Document) []Move {
	out := make([]Move, 0, len(ms))
	var made []Move
	typed := false
	for i, m := range ms {
		if m.Rule != Made {
			out = append(out, m)
			continue
		}
		m.Weight = max(0, d.Lines[i].Gross)
		typed = typed || m.Weight > 0
		made = append(made, m)
	}
	for i := range made {
		if !typed {
			made[i].Weight = amount.Money(made[i].Qty)
		}
	}
	return append(out, made...)
}

// spreadFee shares the document's fee over its new Made moves.
func spreadFee(fee amount.Money, own []Move) error {
	var at []int
	var weights []amount.Money
	for i := range own {
		if own[i].Rule == Made {
			at, weights = append(at, i), append(weights, own[i].Weight)
		}
	}
	if len(at) == 0 {
		return nil
	}
	fees, err := amount.Split(fee, weights)
	if err != nil {
		return err
	}
	for k, i := range at {
		own[i].Extra = fees[k]
	}
	return nil
}

// made gives what a Made move is worth. Without a component restated in this run
// it is what it was.
func (r *run) made(i int) (amount.Money, error) {
	s := &r.steps[i]
	if s.own == 0 && !r.whole && !r.restated[s.m.Doc] {
		return s.m.Effective(), nil
	}
	shares, ok := r.shares[s.m.Doc]
	if !ok {
		var err error
		if shares, err = r.share(s); err != nil {
			return 0, err
		}
		if r.shares == nil {
			r.shares = map[string]map[int]amount.Money{}
		}
		r.shares[s.m.Doc] = shares
	}
	return shares[s.m.Line], nil
}

// share works out the Made moves of a step's document, by line.
func (r *run) share(s *step) (map[int]amount.Money, error) {
	kin, err := r.kinOf(s)
	if err != nil {
		return nil, err
	}
	var sum amount.Money
	var lines []int
	var weights, extras []amount.Money
	for k := range kin {
		m := &kin[k]
		switch {
		case m.component():
			if sum, err = amount.Add(sum, -m.Effective()); err != nil {
				return nil, err
			}
		case m.Rule == Made:
			lines, weights, extras = append(lines, m.Line), append(weights, m.Weight), append(extras, m.Extra)
		}
	}
	parts, err := amount.Split(sum, weights)
	if err != nil {
		return nil, err
	}
	out := make(map[int]amount.Money, len(lines))
	for k, line := range lines {
		if out[line], err = amount.Add(parts[k], extras[k]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// kinOf gives the components and products of a step's document, the components
// at the values of this run.
func (r *run) kinOf(s *step) ([]Move, error) {
	var kin []Move
	if s.own != 0 || r.whole {
		for i := range r.steps {
			if t := &r.steps[i]; t.m.Doc == s.m.Doc && (t.m.component() || t.m.Rule == Made) {
				m := *t.m
				m.Value, m.Restated = r.outs[i].Value, 0
				kin = append(kin, m)
			}
		}
		return kin, nil
	}
	all, err := r.kin(s.m.Doc)
	if err != nil {
		return nil, err
	}
	kin = append(kin, all...)
	for k := range kin {
		if i, ok := r.at[kin[k].Seq]; ok {
			kin[k].Value, kin[k].Restated = r.outs[i].Value, 0
		}
	}
	return kin, nil
}
