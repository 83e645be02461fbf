package ledger

import (
	"sort"

	"tiezhang/app/amount"
)

// Outcome is what a replay found for one move.
type Outcome struct {
	Value  amount.Money // effective value the move should have
	Adjust amount.Money // adjustment that belongs to it
}

// Replay runs the moves of one pot, in order, through its pool and gives what
// each should be worth and the pool at the end. It changes nothing. A move whose
// reversal bears the same date and class counts, with it, as never having
// happened. What was made of other goods is taken to be worth what it was.
func Replay(start Pool, moves []Move) ([]Outcome, Pool, error) {
	outs, pool, _, err := ReplayBy(MovingAverage, start, moves)
	return outs, pool, err
}

// ReplayBy is Replay by either method; with FIFO it also tells who took what
// from which layer.
func ReplayBy(by Method, start Pool, moves []Move) ([]Outcome, Pool, []Use, error) {
	r := run{method: by, pools: []Pool{start.clone()}, steps: make([]step, len(moves))}
	for i := range moves {
		r.steps[i].m = &moves[i]
	}
	err := r.play()
	return r.outs, r.pools[0], r.uses, err
}

// ReplayAll runs the moves of all pots of a shop together, in order, each pot
// from its pool in start. Nothing is taken as it was: what was made of other
// goods is worked out from them. pots is changed into the pools at the end.
func ReplayAll(by Method, pots map[Pot]Pool, moves []Move, of func(Move) Pot) ([]Outcome, []Use, error) {
	r := run{method: by, steps: make([]step, len(moves)), whole: true}
	index := map[Pot]int{}
	for i := range moves {
		p := of(moves[i])
		k, ok := index[p]
		if !ok {
			k = len(r.pools)
			index[p] = k
			r.pools = append(r.pools, pots[p].clone())
		}
		r.steps[i] = step{m: &moves[i], pot: k}
	}
	if err := r.play(); err != nil {
		return nil, nil, err
	}
	for p, k := range index {
		pots[p] = r.pools[k]
	}
	return r.outs, r.uses, nil
}

// clone copies a pool so that a run may draw on its layers.
func (p Pool) clone() Pool {
	p.Layers = append([]Layer(nil), p.Layers...)
	return p
}

// step is one move of a run.
type step struct {
	m   *Move
	pot int // in run.pools
	own int // 1 + index in the plan; 0 for a move that was there
}

// run replays the moves of one or several pots together, in the order of all
// moves, because what is made in one pot is worth what left others.
type run struct {
	method Method
	whole  bool // every move there is takes part
	pools  []Pool
	steps  []step
	kin    func(doc string) ([]Move, error) // own moves of a document, as recorded

	outs     []Outcome
	uses     []Use
	at       map[int64]int                   // step of a move that was there
	taken    map[int64]taken                 // by origin, what returns in the run took
	restated map[string]bool                 // documents a component of which was restated
	shares   map[string]map[int]amount.Money // by document and line, see made
}

// taken is how much of an origin's quantity and value has come back.
type taken struct {
	qty   amount.Qty
	value amount.Money
}

// play runs all steps.
func (r *run) play() error {
	r.outs = make([]Outcome, len(r.steps))
	r.uses, r.taken, r.restated, r.shares = nil, nil, nil, nil
	annulled := r.annulled()
	for i := range r.steps {
		m := r.steps[i].m
		var err error
		switch {
		case m.Rule == Carry: // no effect on the pool: it leaves one place and reaches another
		case annulled[i]:
			r.outs[i].Value = m.Effective()
			if m.Rule == Reversal {
				r.outs[i].Value = -r.outs[r.at[m.Ref]].Value
			}
		case m.Rule == AddCost:
			r.outs[i], err = r.addCost(i)
		default:
			r.outs[i], err = r.book(i)
		}
		if err != nil {
			return err
		}
		if m.Seq != 0 && m.component() && r.outs[i].Value != m.Effective() {
			if r.restated == nil {
				r.restated = map[string]bool{}
			}
			r.restated[m.Doc] = true
		}
	}
	return nil
}

// annulled finds the moves that were taken back at their own place, with what
// took them back, and fills at.
func (r *run) annulled() map[int]bool {
	r.at = nil
	var gone map[int]bool
	for i := range r.steps {
		m := r.steps[i].m
		if m.Seq != 0 {
			if r.at == nil {
				r.at = make(map[int64]int, len(r.steps))
			}
			r.at[m.Seq] = i
		}
		if m.Rule != Reversal {
			continue
		}
		if j, ok := r.at[m.Ref]; ok && r.steps[j].m.Date == m.Date && r.steps[j].m.Class == m.Class {
			if gone == nil {
				gone = map[int]bool{}
			}
			gone[i], gone[j] = true, true
		}
	}
	return gone
}

// book finds what a move is worth and books it into its pool.
func (r *run) book(i int) (Outcome, error) {
	v, known, err := r.worth(i)
	if err != nil {
		return Outcome{}, err
	}
	if r.method == FIFO {
		return r.fifo(i, v, known)
	}
	s := &r.steps[i]
	return r.pools[s.pot].average(s.m, v, known)
}

// worth gives a move's value where its rule finds it elsewhere than in the pool.
func (r *run) worth(i int) (v amount.Money, known bool, err error) {
	m := r.steps[i].m
	switch m.Rule {
	case Given:
		v, known = m.Value, true
	case Reversal:
		v, known = r.takenBack(m), true
	case Origin:
		known = true
		v, err = r.origin(m)
	case Made:
		known = true
		v, err = r.made(i)
	}
	return v, known, err
}

// takenBack is the value of a reversal that is not at its target's own place.
func (r *run) takenBack(m *Move) amount.Money {
	j, ok := r.at[m.Ref]
	switch {
	case !ok && m.Seq == 0:
		return -m.RefValue
	case !ok:
		return m.Effective()
	}
	v := -r.outs[j].Value
	// what was returned may be returned again; of an origin before the run, the
	// store tells what is returned
	if o := r.steps[j].m; o.Rule == Origin {
		if _, in := r.at[o.Ref]; in {
			t := r.taken[o.Ref]
			r.take(o.Ref, taken{t.qty - abs(o.Qty), t.value - toward(o.Qty, r.outs[j].Value)})
		}
	}
	return v
}

// origin is a move's share of the value of the move it returns. The shares of
// all returns of one line add up to it, whatever is rounded.
func (r *run) origin(m *Move) (amount.Money, error) {
	j, in := r.at[m.Ref]
	if !in && m.Seq != 0 {
		return m.Effective(), nil
	}
	qty, value := m.RefQty, m.RefValue
	t, seen := r.taken[m.Ref]
	switch {
	case in:
		o := r.steps[j].m
		qty, value = abs(o.Qty), toward(o.Qty, r.outs[j].Value)
	case !seen:
		t = taken{m.RefUsedQty, m.RefUsedValue}
	}
	upTo, err := amount.Part(value, t.qty+abs(m.Qty), qty)
	if err != nil {
		return 0, err
	}
	r.take(m.Ref, taken{t.qty + abs(m.Qty), upTo})
	return toward(m.Qty, upTo-t.value), nil
}

func (r *run) take(ref int64, t taken) {
	if r.taken == nil {
		r.taken = map[int64]taken{}
	}
	r.taken[ref] = t
}

// toward gives v the direction of q: what leaves counts negative, and back.
func toward(q amount.Qty, v amount.Money) amount.Money {
	if q < 0 {
		return -v
	}
	return v
}

// order sorts the steps into the order of all moves; new ones keep theirs.
func (r *run) order() {
	sort.SliceStable(r.steps, func(i, j int) bool { return before(r.steps[i].m, r.steps[j].m) })
}
