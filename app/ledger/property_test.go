package ledger

import (
	"testing"

	"pgregory.net/rapid"

	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
)

// Random trade against the model with a pencil. Each rule of costing has a
// profile of its own that keeps hitting it; the last does everything at once.
// A hundred sequences a profile, each of up to 60 documents; make soak does
// many times that.

type profile struct {
	name    string
	kinds   []doc.Kind
	methods []Method
	batches bool // item 3 costs by batch
	closes  bool // months are closed, methods change
	late    bool // documents come in any order of dates
	short   bool // more goes out than came in
}

var (
	both     = []Method{MovingAverage, FIFO}
	buying   = []doc.Kind{doc.GoodsReceipt, doc.GoodsReceipt, doc.OpeningStock}
	selling  = []doc.Kind{doc.SalesDelivery, doc.RetailSale, doc.StockLoss}
	making   = []doc.Kind{doc.Assembly, doc.Disassembly}
	costings = []doc.Kind{doc.LandedCost, doc.PriceAdjustment}
	handing  = []doc.Kind{doc.BorrowIn, doc.BorrowReturn, doc.LendOut, doc.LendReturn, doc.StockTransfer}
)

func kinds(ks ...[]doc.Kind) []doc.Kind {
	var out []doc.Kind
	for _, k := range ks {
		out = append(out, k...)
	}
	return out
}

var profiles = []profile{
	{name: "1 average, FIFO, batches, and the change between", kinds: kinds(buying, selling, handing, costings, []doc.Kind{doc.SalesReturn}), methods: both, batches: true, closes: true},
	{name: "2 value is stored, gifts count, nothing is worth nothing", kinds: kinds(buying, selling), methods: both},
	{name: "3 the order of a day", kinds: kinds(buying, selling, making, []doc.Kind{doc.SalesReturn, doc.StockGain}), methods: both},
	{name: "4 returns at their own cost", kinds: kinds(buying, selling, []doc.Kind{doc.SalesReturn, doc.SalesReturn, doc.PurchaseReturn, doc.BorrowIn, doc.BorrowReturn}), methods: both, late: true},
	{name: "5 backdating", kinds: kinds(buying, selling, making, []doc.Kind{doc.SalesReturn}), methods: both, late: true},
	{name: "6 negative stock", kinds: kinds(buying, selling, selling, []doc.Kind{doc.StockGain}), methods: both, late: true, short: true},
	{name: "7 freight and late prices", kinds: kinds(buying, selling, costings, costings), methods: both, late: true, closes: true, short: true},
	{name: "8 closed months", kinds: kinds(buying, selling, making, costings, []doc.Kind{doc.SalesReturn, doc.SalesReturn}), methods: both, late: true, closes: true},
	{name: "9 counting", kinds: kinds(buying, selling, []doc.Kind{doc.StockCount, doc.StockCount}), methods: both, late: true},
	{name: "all", methods: both, batches: true, closes: true, late: true, short: true,
		kinds: kinds(buying, selling, making, costings, handing, []doc.Kind{doc.SalesReturn, doc.PurchaseReturn, doc.StockGain, doc.StockCount})},
}

func TestRandomTradeAgainstTheModel(t *testing.T) {
	for _, p := range profiles {
		t.Run(p.name, func(t *testing.T) {
			steps := 0
			rapid.Check(t, func(rt *rapid.T) {
				s := newTrade(t, rt, p)
				for range 1 + s.roll(60, "documents") {
					steps++
					s.step()
					s.check()
				}
			})
			if !testing.Short() && steps < 500 { // a short run tries fewer on purpose
				t.Fatalf("only %d steps were tried", steps)
			}
		})
	}
}

// trade is one random sequence: the books and the model side by side.
type trade struct {
	rt     *rapid.T
	p      profile
	b      *book
	m      *model
	posted []string
	today  int
	rolls  uint64
	// refused counts documents too large to book.
	refused int
}

const lastDay = 60

func newTrade(t *testing.T, rt *rapid.T, p profile) *trade {
	s := &trade{rt: rt, p: p, b: newBook(t), m: newModel()}
	s.b.method = rapid.SampledFrom(p.methods).Draw(rt, "method")
	s.b.tellUses = rapid.Bool().Draw(rt, "tell uses")
	s.m.fifo = s.b.method == FIFO
	s.b.byBatch[3], s.m.byBatch[3] = p.batches, p.batches
	return s
}

func (s *trade) step() {
	switch n := s.roll(24, "what"); {
	case n == 0 && s.p.closes:
		s.close()
	case n > 19 && len(s.posted) > 0:
		s.reverse(s.posted[s.roll(len(s.posted), "which")])
	default:
		if d, ok := s.draw(s.p.kinds[s.roll(len(s.p.kinds), "kind")]); ok {
			s.post(d)
		}
	}
}

// roll throws an even die of n sides; rapid's own favour small numbers.
func (s *trade) roll(n int, label string) int {
	s.rolls++
	x := uint64(rapid.Uint32().Draw(s.rt, label)) + s.rolls<<32
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return int((x ^ x>>31) % uint64(n))
}

func (s *trade) post(d doc.Document) {
	if _, err := s.b.post(d); fault.KeyOf(err) == "doc.overflow" { // goods made of goods, round and round, that were never there
		s.refused++
		return
	} else if err != nil {
		s.rt.Fatal(err)
	}
	s.m.post(s.b.docs[d.ID])
	s.posted = append(s.posted, d.ID)
}

// date draws a day that is open and not before a given one.
func (s *trade) date(least day.Date) day.Date {
	least = max(least, s.b.open, start)
	if s.p.late {
		first := 0
		for start.AddDays(first) < least {
			first++
		}
		return start.AddDays(first + s.roll(max(0, lastDay-first)/2+1, "day")*2)
	}
	s.today += rapid.IntRange(0, 2).Draw(s.rt, "days on")
	return max(least, start.AddDays(s.today))
}

func (s *trade) close() {
	from := max(s.b.open, start)
	if from >= start.AddDays(lastDay-5) {
		return
	}
	s.b.close(from.AddDays(1 + s.roll(12, "days closed")))
	s.m.close(s.b.open)
	free := true
	for _, r := range s.b.rows {
		free = free && r.Date < s.b.open
	}
	if free && rapid.Bool().Draw(s.rt, "change the method") {
		to := FIFO
		if s.b.method == FIFO {
			to = MovingAverage
		}
		s.b.turn(to)
		s.m.turn(to == FIFO)
	}
}

// reverse takes a document back unless others hang on it.
func (s *trade) reverse(id string) {
	d := s.b.docs[id]
	if s.b.gone[id] {
		return
	}
	for _, o := range s.b.docs {
		for _, l := range o.Lines {
			if l.Origin.Doc == id && o.Reverses == "" && !s.b.gone[o.ID] {
				return
			}
		}
	}
	date := d.Date
	if date < s.b.open || rapid.Bool().Draw(s.rt, "later") {
		date = s.date(d.Date)
	}
	s.takeBack(id, date)
}

func (s *trade) takeBack(id string, date day.Date) {
	if _, err := s.b.reverse(id, date); fault.KeyOf(err) == "doc.overflow" {
		s.refused++
		return
	} else if err != nil {
		s.rt.Fatal(err)
	}
	s.m.reverse(s.b.docs[id], date)
}

// draw makes up a document of a kind; ok is false when there is nothing to
// make it of.
func (s *trade) draw(k doc.Kind) (d doc.Document, ok bool) {
	spec, _ := doc.Of(k)
	d = doc.Document{ID: s.b.id(), Kind: k, PartyID: 1, WarehouseID: 1, ToPlaceID: 2}
	if len(spec.Origins) > 0 && spec.Promise == doc.NoPromise && k != doc.GoodsReceipt && k != doc.SalesDelivery {
		return s.drawPulling(d, spec)
	}
	d.Date = s.date(0)
	n := 1 + s.roll(3, "lines")
	if spec.Sides {
		n++
		if rapid.Bool().Draw(s.rt, "fee?") {
			d.Amount, d.AccountID = amount.Money(rapid.Int64Range(1, 9999).Draw(s.rt, "fee")), 7
		}
	}
	typed := spec.Sides && rapid.Bool().Draw(s.rt, "amounts typed")
	for i := range n {
		ln := doc.Line{ItemID: int64(1 + s.roll(4, "item")), Qty: s.qty(), Batch: string(rune('a' + s.roll(2, "batch")))}
		if spec.PriceNeed == doc.Must || typed {
			ln.Price = amount.Price([]int64{0, 1_000000, 10_000000, rapid.Int64Range(0, 99_999_999).Draw(s.rt, "price")}[s.roll(4, "which price")])
		}
		switch {
		case spec.Sides && i < (n+1)/2:
			ln.Side = -1
		case spec.Sides:
			ln.Side = 1
		case spec.Flow == doc.Recount:
			ln.Book = s.qty()
		}
		if out := spec.Flow == doc.Out || ln.Side < 0; out && !s.p.short && !s.p.late {
			if w := s.b.pools[s.m.pot(ln.ItemID, ln.Batch)]; w.Qty <= 0 || s.roll(4, "all?") == 0 && w.Qty > 0 {
				if ln.Qty = w.Qty; ln.Qty <= 0 {
					continue
				}
			} else {
				ln.Qty = min(ln.Qty, w.Qty)
			}
		}
		d.Lines = append(d.Lines, ln)
	}
	if spec.Sides && (len(d.Lines) < 2 || d.Lines[len(d.Lines)-1].Side < 0 || d.Lines[0].Side > 0) {
		return d, false
	}
	if spec.Pays != doc.No && rapid.Bool().Draw(s.rt, "paid?") {
		d.Payments = []doc.Payment{{AccountID: 7, Amount: amount.Money(rapid.Int64Range(1, 500).Draw(s.rt, "paid"))}}
	}
	return d, len(d.Lines) > 0
}

func (s *trade) qty() amount.Qty {
	if rapid.Bool().Draw(s.rt, "whole pieces") {
		return amount.Qty(rapid.Int64Range(1, 30).Draw(s.rt, "pieces")) * piece
	}
	return amount.Qty(rapid.Int64Range(1, 30_0000).Draw(s.rt, "qty"))
}

// drawPulling makes up a document about a line of an earlier one.
func (s *trade) drawPulling(d doc.Document, spec doc.Spec) (doc.Document, bool) {
	type source struct {
		d  doc.Document
		ln doc.Line
	}
	var from []source
	for _, id := range s.posted {
		o := s.b.docs[id]
		if s.b.gone[id] {
			continue
		}
		for _, k := range spec.Origins {
			for _, ln := range o.Lines {
				if o.Kind == k {
					from = append(from, source{o, ln})
				}
			}
		}
	}
	if len(from) == 0 {
		return d, false
	}
	x := from[s.roll(len(from), "origin")]
	d.Date = s.date(x.d.Date)
	ln := doc.Line{ItemID: x.ln.ItemID, Batch: x.ln.Batch, Qty: piece, Origin: doc.Origin{Doc: x.d.ID, Line: x.ln.No}}
	switch {
	case spec.Flow == doc.Revalue:
		ln.Amount = amount.Money(rapid.Int64Range(1, 5000).Draw(s.rt, "amount"))
		if spec.Signed && rapid.Bool().Draw(s.rt, "less") {
			ln.Amount = -ln.Amount
		}
	case spec.Flow == doc.Move:
		ln.Qty = min(ln.Qty, x.ln.Qty)
	case spec.Value != doc.AtOrigin: // leaves at the average: not more than is there, here
		ln.Qty, ln.Price = min(s.qty(), x.ln.Qty), x.ln.Price
		if w := s.b.pools[s.m.pot(ln.ItemID, ln.Batch)]; !s.p.short && !s.p.late && w.Qty < ln.Qty {
			return d, false
		}
	default:
		o := s.b.origin(x.d.ID, x.ln.No)
		left := o.Qty - o.UsedQty
		if left <= 0 {
			return d, false
		}
		if ln.Qty = left; rapid.Bool().Draw(s.rt, "in part") {
			ln.Qty = amount.Qty(rapid.Int64Range(1, int64(left)).Draw(s.rt, "back"))
		}
		if spec.OriginNeeded && s.roll(8, "blind") == 0 {
			ln.Origin = doc.Origin{}
		}
	}
	d.Lines = []doc.Line{ln}
	return d, true
}

// check holds the books against the model, and against what must always be true.
func (s *trade) check() {
	if err := s.m.differs(s.b); err != nil {
		s.rt.Fatal(err)
	}
	s.b.sound(s.rt)
	s.b.replayed(s.rt)
}

// TestPostThenReverseIsAsBefore: a document and its reversal on the same day
// change nothing, whatever lies around them.
func TestPostThenReverseIsAsBefore(t *testing.T) {
	all := profiles[len(profiles)-1]
	rapid.Check(t, func(rt *rapid.T) {
		s := newTrade(t, rt, all)
		for range 1 + s.roll(40, "before") {
			s.step()
		}
		d, ok := s.draw(all.kinds[s.roll(len(all.kinds), "extra")])
		if !ok {
			return
		}
		type state struct {
			pools    map[Pot]string
			accounts map[doc.AccountCode]amount.Money
			uses     int
		}
		look := func() state {
			st := state{map[Pot]string{}, map[doc.AccountCode]amount.Money{}, 0}
			for k, p := range s.b.pools {
				if p.Qty != 0 {
					st.pools[k] = p.Qty.String() + "/" + p.Value.String() + layersText(p)
				}
			}
			for _, a := range doc.Accounts {
				st.accounts[a] = s.b.sum(a)
			}
			for _, u := range s.b.uses {
				st.uses += len(u)
			}
			return st
		}
		before := look()
		if s.post(d); s.refused > 0 {
			return
		}
		if s.takeBack(d.ID, d.Date); s.refused > 0 {
			return
		}
		after := look()
		if len(before.pools) != len(after.pools) || before.uses != after.uses {
			rt.Fatalf("%+v, was %+v", after, before)
		}
		for k, p := range before.pools {
			if after.pools[k] != p {
				rt.Fatalf("pot %v: %s, was %s", k, after.pools[k], p)
			}
		}
		for a, v := range before.accounts {
			if after.accounts[a] != v {
				rt.Fatalf("account %s: %s, was %s", a, after.accounts[a], v)
			}
		}
		s.check()
	})
}

func layersText(p Pool) string {
	t := ""
	for _, l := range p.Layers {
		t += " " + l.Qty.String() + "=" + l.Value.String()
	}
	return t
}

// TestReopenedMonth: what is posted after a month was opened again leaves sound
// books. Shares of returns and freight on the closed month stay as they were
// booked until something touches them, so the model has no say here.
func TestReopenedMonth(t *testing.T) {
	p := profiles[len(profiles)-1]
	p.closes = false
	rapid.Check(t, func(rt *rapid.T) {
		s := newTrade(t, rt, p)
		for range 1 + s.roll(20, "before") {
			s.step()
		}
		s.b.close(start.AddDays(5 + s.roll(30, "closed until")))
		s.m.deaf = true
		for range 1 + s.roll(20, "after closing") {
			s.step()
			s.b.sound(rt)
		}
		s.b.reopen()
		for range 1 + s.roll(20, "after opening again") {
			s.step()
			s.b.sound(rt)
		}
	})
}
