package app

import (
	"context"

	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/ledger"
)

// Explain tells why an item's stock and cost are what they are: its life line
// by line, in sentences. Who may not see cost gets the quantities alone.
type Explain struct {
	Code string
	From day.Date // 0 = from the beginning
}

// Explained is the answer; Qty and Value are what the lines end with.
type Explained struct {
	Code, Name, Unit string
	Costs            bool // values are told
	Lines            []WhyLine
}

// WhyLine is one step: what happened, said by text keys with arguments, and what
// there was after it.
type WhyLine struct {
	Doc    string // ID, "" for what there was before
	Kind   doc.Kind
	Date   day.Date
	Number string
	Says   []Sentence
	Qty    amount.Qty   // after
	Value  amount.Money // after
}

// Sentence is a text key with its arguments.
type Sentence struct {
	Key  string
	Args map[string]any
}

// The pool of an item spans all warehouses, so its story does.
func (q Explain) spec() Need { return Need{Perm: access.ReportStock, Silent: true, Whole: true} }

func (q Explain) ask(_ context.Context, x *Exec) (Explained, error) {
	it, err := x.Tx.ItemByCode(q.Code)
	if err != nil {
		return Explained{}, err
	}
	s, err := x.Tx.ItemStory(it.ID, q.From)
	if err != nil {
		return Explained{}, err
	}
	w := teller{unit: it.Unit, costs: x.S.Sees(access.FieldCost) == access.Shown, byBatch: it.CostByBatch, qty: s.Qty, value: s.Value, at: map[int64]StoryMove{}}
	e := Explained{Code: it.Code, Name: it.Name, Unit: it.Unit, Costs: w.costs}
	if q.From != 0 {
		e.Lines = append(e.Lines, w.line(WhyLine{Date: q.From, Says: []Sentence{w.say("why.before", "qty", s.Qty.String(), "value", s.Value.String())}}))
	}
	for _, m := range s.Moves {
		w.at[m.Seq] = m
		e.Lines = append(e.Lines, w.tell(m))
	}
	return e, nil
}

// teller goes through an item's moves and keeps what there is.
type teller struct {
	unit    string
	costs   bool
	byBatch bool
	qty     amount.Qty
	value   amount.Money
	at      map[int64]StoryMove
}

// say gives a sentence; for those who see no cost, the one without it.
func (w *teller) say(key string, nv ...any) Sentence {
	a := fault.Pairs(append([]any{"unit", w.unit}, nv...)...)
	if !w.costs {
		key += ".qty"
		for _, n := range []string{"value", "cost", "was", "diff"} {
			delete(a, n)
		}
	}
	return Sentence{Key: key, Args: a}
}

func (w *teller) line(l WhyLine) WhyLine {
	l.Qty = w.qty
	if w.costs {
		l.Value = w.value
	}
	return l
}

// each gives the cost of one, "" of nothing.
func each(v amount.Money, q amount.Qty) string {
	if q == 0 {
		return ""
	}
	p, err := amount.UnitPrice(v, q)
	if err != nil {
		return ""
	}
	return ((p + 50) / 100 * 100).String() // four decimals are enough to follow it
}

// tell is one move in words.
func (w *teller) tell(m StoryMove) WhyLine {
	qty, value := m.Qty, m.Booked+m.Restated
	size, worth := qty, value
	if qty < 0 {
		size, worth = -qty, -value
	}
	args := []any{"qty", size.String(), "value", worth.String(), "cost", each(worth, size), "place", m.Place}
	l := WhyLine{Doc: m.Doc, Kind: m.Kind, Date: m.Date, Number: m.Number}
	first := func(key string) { l.Says = append(l.Says, w.say(key, args...)) }
	before, beforeValue := w.qty, w.value
	switch {
	case m.Rule == ledger.Carry && qty < 0:
		first("why.carried-out")
	case m.Rule == ledger.Carry:
		first("why.carried-in")
	case m.Rule == ledger.Reversal:
		number := w.at[m.Ref].Number
		args = append(args, "number", number)
		first("why.taken-back")
	case m.Rule == ledger.AddCost:
		first("why.cost-added")
	case m.Rule == ledger.Made:
		first("why.made")
	case m.Rule == ledger.Origin && qty > 0:
		first("why.came-back")
	case m.Rule == ledger.Origin:
		first("why.went-back")
	case qty > 0:
		first("why.came")
	case len(m.Uses) > 0:
		first("why.left-fifo")
	case before <= 0 && qty < 0:
		first("why.left-short")
	case before == -qty:
		first("why.left-all")
	default:
		args = append(args, "have", before.String(), "was", beforeValue.String())
		first("why.left")
	}
	if w.byBatch && m.Batch != "" {
		l.Says = append(l.Says, w.plain("why.batch", "batch", m.Batch))
	}
	for _, u := range m.Uses {
		key := "why.layer"
		if u.Date == 0 {
			key = "why.layer-old"
		}
		l.Says = append(l.Says, w.say(key, "qty", u.Qty.String(), "value", u.Value.String(), "date", u.Date.String(), "number", u.Number))
	}
	if w.costs && m.Restated != 0 {
		booked := m.Booked
		if qty < 0 {
			booked = -booked
		}
		l.Says = append(l.Says, w.plain("why.restated", "was", booked.String(), "value", worth.String()))
	}
	w.qty += qty
	w.value += value + m.Adjusted
	if w.costs && m.Adjusted != 0 {
		l.Says = append(l.Says, w.plain("why.adjusted", "value", m.Adjusted.String()))
	}
	if w.qty < 0 {
		l.Says = append(l.Says, w.plain("why.now-short", "qty", (-w.qty).String()))
	}
	return w.line(l)
}

func (w *teller) plain(key string, nv ...any) Sentence {
	return Sentence{Key: key, Args: fault.Pairs(append([]any{"unit", w.unit}, nv...)...)}
}
