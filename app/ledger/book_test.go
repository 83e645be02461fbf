package ledger

import (
	"testing"

	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
)

// book is a store without a disk: every row ever appended, and History worked
// out from them the slow, obvious way.
type book struct {
	t       testing.TB
	moves   []Move // as stored: recosts and adjustments are rows of their own
	entries []Entry
	docs    map[string]doc.Document
	pools   map[int64]Pool
	n       int
}

func newBook(t testing.TB) *book {
	return &book{t: t, docs: map[string]doc.Document{}, pools: map[int64]Pool{}}
}

// folded gives the item's real moves with restatements folded in, in order.
func (b *book) folded(item int64) []Move {
	var ms []Move
	at := map[int64]int{}
	for _, m := range b.moves {
		if m.ItemID == item && m.Rule != Recost && m.Rule != Adjust {
			at[m.Seq] = len(ms)
			ms = append(ms, m)
		}
	}
	for _, m := range b.moves {
		if m.ItemID != item {
			continue
		}
		switch m.Rule {
		case Recost:
			ms[at[m.Ref]].Restated += m.Value
		case Adjust:
			ms[at[m.Ref]].Adjusted += m.Value
		}
	}
	eff := map[int64]Move{}
	for _, m := range ms {
		eff[m.Seq] = m
	}
	for i := range ms {
		if o, ok := eff[ms[i].Ref]; ok && ms[i].Ref != 0 {
			ms[i].RefQty, ms[i].RefValue = o.Qty, o.Effective()
			if ms[i].Rule == Origin {
				ms[i].RefQty, ms[i].RefValue, ms[i].RefDate = -o.Qty, -o.Effective(), o.Date
			}
		}
	}
	SortMoves(ms)
	return ms
}

func (b *book) Method() (Method, error)                    { return MovingAverage, nil }
func (b *book) ByBatch(int64) (bool, error)                { return false, nil }
func (b *book) OpenFrom() (day.Date, error)                { return 0, nil }
func (b *book) History(p Pot, from Place) (History, error) { return b.history(p.Item, from), nil }
func (b *book) MovesOf(id string) ([]Move, error)          { return nil, nil }

// history cuts the item's moves at a place; the pool before it is replayed from nothing.
func (b *book) history(item int64, from Place) History {
	ms := b.folded(item)
	cut := len(ms)
	for i, m := range ms {
		if !(Place{m.Date, m.Class}).Before(from) {
			cut = i
			break
		}
	}
	_, p, err := Replay(Pool{}, ms[:cut])
	if err != nil {
		b.t.Fatal(err)
	}
	return History{Pool: p, Moves: ms[cut:]}
}

func (b *book) origin(id string, line int) OriginMove {
	var o OriginMove
	for _, m := range b.folded(b.docs[id].Lines[line-1].ItemID) {
		if m.Doc == id && m.Line == line {
			o = OriginMove{Seq: m.Seq, Date: m.Date, Qty: abs(m.Qty), Value: abs(m.Effective())}
		}
	}
	gone := map[int64]bool{}
	for _, m := range b.moves {
		if m.Rule == Reversal {
			gone[m.Ref] = true
		}
	}
	for _, m := range b.folded(b.docs[id].Lines[line-1].ItemID) {
		if m.Rule == Origin && m.Ref == o.Seq && !gone[m.Seq] {
			o.UsedQty += m.Qty
			o.UsedValue += m.Effective()
		}
	}
	return o
}

func (b *book) append(batch Batch) {
	own := map[[2]int64]int64{}
	for _, m := range batch.Moves {
		m.Seq = int64(len(b.moves) + 1)
		if m.Rule == Adjust && m.Ref == 0 {
			m.Ref = own[[2]int64{int64(m.Line), m.ItemID}]
		}
		if m.Rule != Adjust && m.Rule != Recost {
			own[[2]int64{int64(m.Line), m.ItemID}] = m.Seq
		}
		b.moves = append(b.moves, m)
	}
	b.entries = append(b.entries, batch.Entries...)
	for k, p := range batch.Pools {
		b.pools[k.Item] = p
	}
}

// post carries a document through Plan and Post.
func (b *book) post(d doc.Document) (Batch, error) {
	spec, ok := doc.Of(d.Kind)
	if !ok {
		b.t.Fatal(d.Kind)
	}
	for i := range d.Lines {
		d.Lines[i].No = i + 1
	}
	if err := doc.Settle(spec, &d); err != nil {
		b.t.Fatal(err)
	}
	origins := map[int]OriginMove{}
	for _, ln := range d.Lines {
		if ln.Origin.Doc != "" {
			origins[ln.No] = b.origin(ln.Origin.Doc, ln.Origin.Line)
		}
	}
	return b.work(spec, &d, Plan(spec, &d, origins, nil))
}

func (b *book) work(spec doc.Spec, d *doc.Document, plan []Move) (Batch, error) {
	batch, err := Post(spec, d, plan, b)
	if err != nil {
		return batch, err
	}
	b.docs[d.ID] = *d
	b.append(batch)
	return batch, nil
}

// reverse takes a document back on a date.
func (b *book) reverse(id string, date day.Date) (Batch, error) {
	old := b.docs[id]
	spec, _ := doc.Of(old.Kind)
	d := old.Clone()
	d.ID, d.Date, d.Total, d.Amount = "R-"+id, date, -old.Total, -old.Amount
	for i := range d.Lines {
		d.Lines[i].Base = -d.Lines[i].Base
	}
	for i := range d.Payments {
		d.Payments[i].Amount = -d.Payments[i].Amount
	}
	var own []Move
	for _, ln := range old.Lines {
		for _, m := range b.folded(ln.ItemID) {
			if m.Doc == id && m.Line == ln.No {
				own = append(own, m)
			}
		}
	}
	return b.work(spec, &d, ReversePlan(d.ID, date, own))
}

// simple builders ---------------------------------------------------------

var start = day.Must("2026-05-01")

func (b *book) id() string { b.n++; return "d" + string(rune('a'+b.n/26)) + string(rune('a'+b.n%26)) }

func (b *book) do(k doc.Kind, dayNo int, qty, price string, more ...func(*doc.Document)) string {
	b.t.Helper()
	q, err := amount.ParseQty(qty)
	if err != nil {
		b.t.Fatal(err)
	}
	p, err := amount.ParsePrice(price)
	if err != nil {
		b.t.Fatal(err)
	}
	d := doc.Document{ID: b.id(), Kind: k, Date: start.AddDays(dayNo), PartyID: 1, WarehouseID: 1, Lines: []doc.Line{{ItemID: 1, Qty: q, Price: p}}}
	for _, f := range more {
		f(&d)
	}
	if _, err := b.post(d); err != nil {
		b.t.Fatal(err)
	}
	return d.ID
}

func from(id string) func(*doc.Document) {
	return func(d *doc.Document) { d.Lines[0].Origin = doc.Origin{Doc: id, Line: 1} }
}

// sum of an account's entries.
func (b *book) sum(a doc.AccountCode) amount.Money {
	var s amount.Money
	for _, e := range b.entries {
		if e.Account == a {
			s += e.Amount
		}
	}
	return s
}

func (b *book) is(what string, got amount.Money, want string) {
	b.t.Helper()
	w, err := amount.ParseMoney(want)
	if err != nil {
		b.t.Fatal(err)
	}
	if got != w {
		b.t.Errorf("%s is %s, want %s", what, got, want)
	}
}
