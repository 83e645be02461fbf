package ledger

import (
	"errors"

	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
)

// Post works out the whole effect of a document: its moves with their values,
// restatements of later moves in every pot the change reaches, and balanced
// entries. plan comes from Plan (or ReversePlan). Nothing in the batch bears a
// date of a closed month. Errors: fault Invalid "doc.overflow", Closed
// "doc.closed-month", Damaged "ledger.layers", and those of books.
func Post(s doc.Spec, d *doc.Document, plan []Move, books Books) (Batch, error) {
	p := posting{books: books, own: append(make([]Move, 0, len(plan)), plan...)}
	var err error
	if p.open, err = books.OpenFrom(); err != nil {
		return Batch{}, err
	}
	if d.Date < p.open {
		return Batch{}, fault.New("ledger.Post", fault.Closed, "doc.closed-month",
			fault.Pairs("field", "date", "date", d.Date.String(), "until", p.open.AddDays(-1).String()))
	}
	b := Batch{Pools: map[Pot]Pool{}, Moves: p.own}
	ents := newEntries()
	if len(plan) > 0 {
		if err := p.work(d.Amount); err != nil {
			var f *fault.Error
			if errors.As(err, &f) { // from books
				return Batch{}, err
			}
			return Batch{}, fault.Wrap("ledger.Post", fault.Invalid, "doc.overflow", nil, err)
		}
		p.restate(d, &b, ents)
		if p.run.method == FIFO {
			p.layers(&b)
		}
	}
	b.Effect.Margin -= soldPart(ents, s, d, p.own)
	moneyEntries(ents, s, d)
	b.Entries = ents.list(d.ID)
	for i := range b.Moves {
		if abs(b.Moves[i].Value) > maxValue {
			return Batch{}, fault.Bad("ledger.Post", "doc.overflow", "line", b.Moves[i].Line)
		}
	}
	if err := balanced(b.Entries); err != nil {
		return Batch{}, err
	}
	return b, nil
}

// maxValue bounds a single move so that sums over a shop's life stay in range.
const maxValue = amount.MaxMoney * 100

// posting gathers the pots a document touches and what it may reach from them.
type posting struct {
	books Books
	open  day.Date // nothing is replayed before it
	own   []Move
	pots  []*window
	index map[Pot]int
	kin   map[string][]Move // own moves of documents, as recorded
	run   run
}

// window is one pot from a place on.
type window struct {
	pot  Pot
	from Place
	read bool
	History
}

// work replays the document's pots, and then those that what it restates reaches,
// until nothing new is reached.
func (p *posting) work(fee amount.Money) error {
	placeRevalue(p.own, p.open)
	err := spreadFee(fee, p.own)
	if err != nil {
		return err
	}
	if p.run.method, err = p.books.Method(); err != nil {
		return err
	}
	p.index = make(map[Pot]int, len(p.own))
	p.run.kin = p.kinOf
	steps := make([]step, len(p.own))
	for i := range p.own {
		m := &p.own[i]
		steps[i] = step{m: m, own: i + 1}
		if steps[i].pot, _, err = p.want(m, m.Since()); err != nil {
			return err
		}
	}
	for more := true; more; {
		if err := p.gather(steps); err != nil {
			return err
		}
		if err := p.run.play(); err != nil {
			return err
		}
		if more, err = p.grow(); err != nil {
			return err
		}
	}
	return nil
}

// want makes sure that a move's pot is read from a place on; wider tells that it
// was not yet.
func (p *posting) want(m *Move, from Place) (k int, wider bool, err error) {
	pot, err := PotOf(p.books, m)
	if err != nil {
		return 0, false, err
	}
	if start := DayStart(p.open); from.Before(start) {
		from = start
	}
	k, ok := p.index[pot]
	switch {
	case !ok:
		k = len(p.pots)
		p.index[pot] = k
		p.pots = append(p.pots, &window{pot: pot, from: from})
	case from.Before(p.pots[k].from):
		p.pots[k].from, p.pots[k].read = from, false
	default:
		return k, false, nil
	}
	return k, true, nil
}

// gather reads the windows that are not read yet and puts all steps in order.
func (p *posting) gather(own []step) error {
	r := &p.run
	n := len(own)
	for _, w := range p.pots {
		if !w.read {
			var err error
			if w.History, err = p.books.History(w.pot, w.from); err != nil {
				return err
			}
			w.read = true
		}
		n += len(w.Moves)
	}
	r.pools = make([]Pool, len(p.pots))
	r.steps = own
	if n > len(own) {
		r.steps = make([]step, 0, n)
	}
	for k, w := range p.pots {
		r.pools[k] = w.Pool
		if r.method == FIFO {
			r.pools[k] = w.Pool.clone()
		}
		for i := range w.Moves {
			r.steps = append(r.steps, step{m: &w.Moves[i], pot: k})
		}
	}
	if n > len(own) {
		r.steps = append(r.steps, own...)
	}
	r.order()
	return nil
}

// grow widens the windows to what was made of restated components.
func (p *posting) grow() (bool, error) {
	more := false
	for id := range p.run.restated {
		kin, err := p.kinOf(id)
		if err != nil {
			return false, err
		}
		for i := range kin {
			m := &kin[i]
			if _, seen := p.run.at[m.Seq]; seen || m.Rule != Made {
				continue
			}
			_, wider, err := p.want(m, Place{m.Date, m.Class})
			if err != nil {
				return false, err
			}
			more = more || wider
		}
	}
	return more, nil
}

func (p *posting) kinOf(id string) ([]Move, error) {
	kin, ok := p.kin[id]
	if !ok {
		var err error
		if kin, err = p.books.MovesOf(id); err != nil {
			return nil, err
		}
		if p.kin == nil {
			p.kin = map[string][]Move{}
		}
		p.kin[id] = kin
	}
	return kin, nil
}

// restate turns the run into rows: the own moves get their values, and every
// earlier move that is worth something else now gets a row that says so.
func (p *posting) restate(d *doc.Document, b *Batch, ents *entries) {
	for k, w := range p.pots {
		b.Pools[w.pot] = p.run.pools[k]
	}
	var extra []Move
	touched := map[string]bool{}
	// Ref 0 with the same line: the store links it to the new move
	row := func(m *Move, rule Rule, v amount.Money, contra doc.AccountCode) {
		extra = append(extra, Move{Doc: d.ID, Line: m.Line, ItemID: m.ItemID, WarehouseID: m.WarehouseID, Batch: m.Batch,
			Date: m.Date, Class: m.Class, Rule: rule, Ref: m.Seq, Value: v, Contra: contra})
		ents.add(m.Date, doc.AccInventory, 0, 0, v)
		ents.add(m.Date, contra, 0, 0, -v)
	}
	for i := range p.run.steps {
		s, out := &p.run.steps[i], p.run.outs[i]
		m := s.m
		if m.Rule == Carry {
			continue
		}
		if s.own != 0 {
			m.Value = out.Value
			ents.add(m.Date, doc.AccInventory, 0, 0, m.Value)
			ents.add(m.Date, m.Contra, 0, 0, -m.Value)
			if out.Adjust != 0 {
				row(m, Adjust, out.Adjust, doc.AccCostAdj)
				b.Effect.Adjusted -= out.Adjust
			}
			continue
		}
		if v := out.Value - m.Effective(); v != 0 {
			row(m, Recost, v, m.Contra)
			b.Effect.Restated++
			b.Effect.Margin += v
			touched[m.Doc] = true
		}
		if v := out.Adjust - m.Adjusted; v != 0 {
			row(m, Adjust, v, doc.AccCostAdj)
			b.Effect.Adjusted -= v
			b.Effect.Margin += v
		}
	}
	b.Effect.Documents = len(touched)
	b.Moves = append(p.own, extra...)
}

// layers tells what the document's moves took from which layer, and anew what
// earlier moves took, where that changed.
func (p *posting) layers(b *Batch) {
	now := map[int64][]Use{}
	for _, u := range p.run.uses {
		if u.Out == 0 {
			b.Uses = append(b.Uses, u)
		} else {
			now[u.Out] = append(now[u.Out], u)
		}
	}
	for _, s := range p.run.steps {
		m := s.m
		if s.own != 0 || m.Qty >= 0 || m.Rule == Carry {
			continue
		}
		if was := p.pots[s.pot].Uses; was != nil && sameUses(was[m.Seq], now[m.Seq]) {
			continue
		}
		b.Redone = append(b.Redone, m.Seq)
		b.Uses = append(b.Uses, now[m.Seq]...)
	}
}

func sameUses(a, b []Use) bool {
	if len(a) != len(b) {
		return false
	}
	for _, u := range a {
		found := false
		for _, v := range b {
			found = found || u == v
		}
		if !found {
			return false
		}
	}
	return true
}
