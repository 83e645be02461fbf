package ledger

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
)

// book is a store without a disk: every row ever appended, and History worked
// out from them the slow, obvious way. It implements Books.
type book struct {
	t       testing.TB
	rows    []Move // as stored: recosts and adjustments are rows of their own
	entries []Entry
	docs    map[string]doc.Document
	gone    map[string]bool // documents taken back
	pools   map[Pot]Pool
	uses    map[int64][]Use
	n       int

	method  Method
	byBatch map[int64]bool
	open    day.Date     // first day that is not closed
	opening map[Pot]Pool // the pools then
	past    closing
	// tellUses: History says what the window's moves took from layers.
	tellUses bool
	reads    int
	effect   Effect
}

func newBook(t testing.TB) *book {
	return &book{t: t, docs: map[string]doc.Document{}, gone: map[string]bool{}, pools: map[Pot]Pool{}, uses: map[int64][]Use{},
		method: MovingAverage, byBatch: map[int64]bool{}, opening: map[Pot]Pool{}}
}

func (b *book) Method() (Method, error)           { return b.method, nil }
func (b *book) ByBatch(item int64) (bool, error)  { return b.byBatch[item], nil }
func (b *book) OpenFrom() (day.Date, error)       { return b.open, nil }
func (b *book) MovesOf(id string) ([]Move, error) { return b.own(id), nil }
func (b *book) pot(m Move) Pot                    { p, _ := PotOf(b, &m); return p }
func (b *book) pool(item int64) Pool              { return b.pools[Pot{Item: item}] }

// folded gives the real moves that pass, with restatements folded in, in order.
func (b *book) folded(pass func(Move) bool) []Move {
	var ms []Move
	at := map[int64]int{}
	for _, m := range b.rows {
		switch m.Rule {
		case Recost:
			if i, ok := at[m.Ref]; ok {
				ms[i].Restated += m.Value
			}
		case Adjust:
			if i, ok := at[m.Ref]; ok {
				ms[i].Adjusted += m.Value
			}
		default:
			if pass(m) {
				at[m.Seq] = len(ms)
				ms = append(ms, m)
			}
		}
	}
	SortMoves(ms)
	return ms
}

// own gives a document's moves as the store does: RefQty of a late cost is its
// receipt's, RefDate of a return its origin's.
func (b *book) own(id string) []Move {
	ms := b.folded(func(m Move) bool { return m.Doc == id })
	slices.SortFunc(ms, func(x, y Move) int { return int(x.Seq - y.Seq) })
	for i := range ms {
		if m := &ms[i]; m.Ref != 0 && m.Rule != Reversal {
			m.RefDate, m.RefQty = b.rows[m.Ref-1].Date, b.rows[m.Ref-1].Qty
		}
	}
	return ms
}

// History cuts the pot's moves at a place.
func (b *book) History(p Pot, from Place) (History, error) {
	b.reads++
	now := b.pools[p]
	now.Layers = slices.Clone(now.Layers)
	ms := b.folded(func(m Move) bool { return b.pot(m) == p && m.Date >= b.open })
	cut := slices.IndexFunc(ms, func(m Move) bool { return !(Place{m.Date, m.Class}).Before(from) })
	if cut < 0 {
		return History{Pool: now}, nil
	}
	if from.Before(DayStart(b.open)) {
		return History{}, fmt.Errorf("history of %v from %v reaches into a closed month (until %v)", p, from, b.open)
	}
	if b.method == FIFO {
		cut = 0
	}
	_, before, _, err := ReplayBy(b.method, b.opening[p], ms[:cut])
	if err != nil {
		return History{}, err
	}
	before.Qty, before.Value = now.Qty, now.Value
	for i := cut; i < len(ms); i++ {
		before.Qty -= ms[i].Qty
		before.Value -= ms[i].Effective() + ms[i].Adjusted
		ms[i].RefQty, ms[i].RefValue, ms[i].RefDate = 0, 0, 0 // a history needs none of these
	}
	h := History{Pool: before, Moves: ms[cut:]}
	if b.tellUses {
		h.Uses = map[int64][]Use{}
		for _, m := range h.Moves {
			if u := b.uses[m.Seq]; len(u) > 0 {
				h.Uses[m.Seq] = slices.Clone(u)
			}
		}
	}
	return h, nil
}

func (b *book) origin(id string, line int) OriginMove {
	var o OriginMove
	for _, m := range b.own(id) {
		if m.Line == line {
			o = OriginMove{Seq: m.Seq, Date: m.Date, WarehouseID: m.WarehouseID, Batch: m.Batch, Qty: abs(m.Qty), Value: toward(m.Qty, m.Effective())}
			break
		}
	}
	for _, m := range b.folded(func(m Move) bool { return m.Rule == Origin && m.Ref == o.Seq && !b.gone[m.Doc] }) {
		o.UsedQty += abs(m.Qty)
		o.UsedValue += abs(m.Effective())
	}
	return o
}

// append stores a batch, asserting what the store asserts.
func (b *book) append(batch Batch) error {
	own := map[[2]int64]int64{}
	seqs := make([]int64, len(batch.Moves))
	change := map[Pot]Pool{}
	for i, m := range batch.Moves {
		m.Seq = int64(len(b.rows) + 1)
		seqs[i] = m.Seq
		if m.Rule == Adjust && m.Ref == 0 {
			m.Ref = own[[2]int64{int64(m.Line), m.ItemID}]
		}
		if m.Rule != Adjust && m.Rule != Recost {
			own[[2]int64{int64(m.Line), m.ItemID}] = m.Seq
		}
		if m.Date < b.open {
			return fmt.Errorf("a move of %v after closing until %v", m.Date, b.open)
		}
		b.rows = append(b.rows, m)
		c := change[b.pot(m)]
		c.Qty += m.Qty
		c.Value += m.Value
		change[b.pot(m)] = c
	}
	for _, e := range batch.Entries {
		if e.Date < b.open {
			return fmt.Errorf("an entry of %v after closing until %v", e.Date, b.open)
		}
	}
	b.entries = append(b.entries, batch.Entries...)
	seq := func(in int64, index int) int64 {
		if in == 0 && index > 0 {
			return seqs[index-1]
		}
		return in
	}
	for p, c := range change {
		if w, ok := batch.Pools[p]; !ok || w.Qty != b.pools[p].Qty+c.Qty || w.Value != b.pools[p].Value+c.Value {
			return fmt.Errorf("pool %v: %v, was %v and changed by %v", p, w, b.pools[p], c)
		}
	}
	for p, w := range batch.Pools {
		w.Layers = slices.Clone(w.Layers)
		for i := range w.Layers {
			w.Layers[i].In, w.Layers[i].New = seq(w.Layers[i].In, w.Layers[i].New), 0
		}
		b.pools[p] = w
	}
	for _, out := range batch.Redone {
		delete(b.uses, out)
	}
	for _, u := range batch.Uses {
		u.Out, u.In, u.OutNew, u.InNew = seq(u.Out, u.OutNew), seq(u.In, u.InNew), 0, 0
		b.uses[u.Out] = append(b.uses[u.Out], u)
	}
	b.effect = batch.Effect
	return nil
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
	return batch, b.append(batch)
}

// reverse takes a document back on a date.
func (b *book) reverse(id string, date day.Date) (Batch, error) {
	old := b.docs[id]
	spec, _ := doc.Of(old.Kind)
	d := old.Clone()
	d.ID, d.Reverses, d.Date = "R-"+id, id, date
	d.Total, d.Amount, d.Bonus, d.Expected = -old.Total, -old.Amount, -old.Bonus, -old.Expected
	for i := range d.Lines {
		l := &d.Lines[i]
		l.Base, l.Book, l.Amount, l.Gross, l.Share = -l.Base, -l.Book, -l.Amount, -l.Gross, -l.Share
	}
	for i := range d.Payments {
		d.Payments[i].Amount = -d.Payments[i].Amount
	}
	batch, err := b.work(spec, &d, ReversePlan(d.ID, date, b.own(id)))
	b.gone[id] = err == nil
	return batch, err
}

// closing is what the closed time looked like when it was closed.
type closing struct {
	rows, entries int
	from          day.Date // what was open before
	opening       map[Pot]Pool
}

// close closes everything before a day.
func (b *book) close(open day.Date) {
	ms := b.folded(func(m Move) bool { return m.Date >= b.open && m.Date < open })
	pools := maps.Clone(b.opening)
	if _, _, err := ReplayAll(b.method, pools, ms, b.pot); err != nil {
		b.t.Fatal(err)
	}
	b.past = closing{from: b.open, opening: b.opening}
	b.open, b.opening = open, pools
	b.past.rows, b.past.entries = b.before(open)
}

// before counts the rows of closed days.
func (b *book) before(open day.Date) (rows, entries int) {
	for _, m := range b.rows {
		if m.Date < open {
			rows++
		}
	}
	for _, e := range b.entries {
		if e.Date < open {
			entries++
		}
	}
	return rows, entries
}

// reopen opens what was closed last.
func (b *book) reopen() {
	b.open, b.opening = b.past.from, b.past.opening
	b.past.rows, b.past.entries = b.before(b.open)
}

// turn changes the method at the start of the open time, when nothing lies in it.
func (b *book) turn(to Method) {
	for p, w := range b.pools {
		b.pools[p] = w.Switch(to)
		b.opening[p] = b.pools[p]
	}
	b.method = to
}

// simple builders ---------------------------------------------------------

var start = day.Must("2026-05-01")

func (b *book) id() string { b.n++; return fmt.Sprintf("d%03d", b.n) }

func (b *book) do(k doc.Kind, dayNo int, qty, price string, more ...func(*doc.Document)) string {
	b.t.Helper()
	d := doc.Document{ID: b.id(), Kind: k, Date: start.AddDays(dayNo), PartyID: 1, WarehouseID: 1, Lines: []doc.Line{b.line(1, qty, price)}}
	for _, f := range more {
		f(&d)
	}
	if _, err := b.post(d); err != nil {
		b.t.Fatal(err)
	}
	return d.ID
}

func (b *book) line(item int64, qty, price string) doc.Line {
	b.t.Helper()
	q, err := amount.ParseQty(qty)
	if err != nil {
		b.t.Fatal(err)
	}
	p, err := amount.ParsePrice(price)
	if err != nil {
		b.t.Fatal(err)
	}
	return doc.Line{ItemID: item, Qty: q, Price: p}
}

func from(id string) func(*doc.Document) {
	return func(d *doc.Document) { d.Lines[0].Origin = doc.Origin{Doc: id, Line: 1} }
}

func of(item int64) func(*doc.Document) {
	return func(d *doc.Document) { d.Lines[0].ItemID = item }
}

func batch(no string) func(*doc.Document) {
	return func(d *doc.Document) { d.Lines[0].Batch = no }
}

// costing makes it a document of an amount about a receipt's first line.
func costing(id string, m amount.Money) func(*doc.Document) {
	return func(d *doc.Document) {
		d.Lines[0].Origin, d.Lines[0].Amount = doc.Origin{Doc: id, Line: 1}, m
	}
}

// parts makes it an assembly or disassembly: of the given lines, − out and + in.
func parts(fee amount.Money, lines ...doc.Line) func(*doc.Document) {
	return func(d *doc.Document) {
		d.PartyID, d.Lines, d.Amount = 0, lines, fee
		if fee != 0 {
			d.AccountID = 7
		}
	}
}

func (b *book) out(item int64, qty string) doc.Line {
	l := b.line(item, qty, "0")
	l.Side = -1
	return l
}

func (b *book) in(item int64, qty, price string) doc.Line {
	l := b.line(item, qty, price)
	l.Side = 1
	return l
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
