package app_test

import (
	"fmt"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/ledger"
	"tiezhang/app/master"
)

// guesser makes random documents of every kind that has lines, in one shop that
// goes on from history to history.
type guesser struct {
	*counter
	rt    *rapid.T
	items []int64
	no    int
	far   int // days documents are dated back, at most one less
	done  []doc.Document
	met   map[doc.Kind]int // posted, by kind
	moved int              // of them, that changed what was there
}

func (g *guesser) pick(n int, label string) int { return rapid.IntRange(0, n-1).Draw(g.rt, label) }

// origin finds a posted document a kind may take from.
func (g *guesser) origin(s doc.Spec) (doc.Document, bool) {
	var from []doc.Document
	for _, d := range g.done {
		if s.Pulls(d.Kind) {
			from = append(from, d)
		}
	}
	if len(from) == 0 {
		return doc.Document{}, false
	}
	return from[g.pick(len(from), "origin")], true
}

func (g *guesser) line(s doc.Spec, no int) doc.Line {
	ln := doc.Line{No: no, ItemID: g.items[g.pick(len(g.items), "item")], Qty: qty(int64(1 + g.pick(6, "qty")))}
	if g.pick(4, "box") == 0 && ln.ItemID != g.items[3] {
		ln.Unit = "box"
	}
	if s.PriceNeed != doc.No {
		ln.Price = amount.Price(rapid.SampledFrom([]int64{0, 1_000_000, 3_333_333, 10_500_000}).Draw(g.rt, "price"))
	}
	if ln.ItemID == g.items[3] && (s.Flow != doc.Out || g.pick(2, "named") == 0) {
		ln.Batch = rapid.SampledFrom([]string{"L1", "L2"}).Draw(g.rt, "batch")
	}
	if s.Flow == doc.Recount {
		ln.Book = qty(int64(g.pick(8, "book")))
	}
	if s.Sides {
		ln.Side = int8(1 - 2*(no%2))
	}
	return ln
}

func (g *guesser) document() (doc.Document, bool) {
	var kinds []doc.Spec
	for _, s := range doc.Specs() {
		if s.Lines != doc.No && s.Group != doc.Opening {
			kinds = append(kinds, s)
		}
	}
	s := kinds[g.pick(len(kinds), "kind")]
	g.no++
	d := doc.Document{ID: fmt.Sprint("d", g.no), Kind: s.Kind, Date: day.Of(g.clock.at).AddDays(-g.pick(g.far, "ago"))}
	if s.Party != doc.No {
		d.PartyID = g.buyer
		if s.PartyRole == "supplier" {
			d.PartyID = g.supply
		}
	}
	if s.ToPlace == doc.Must {
		d.ToPlaceID = g.back
	}
	o, ok := g.origin(s)
	switch {
	case s.OriginMust && !ok:
		return d, false
	case ok && (s.OriginMust || g.pick(3, "pulls") > 0):
		if o.PartyID != 0 && !s.OtherParty {
			d.PartyID = o.PartyID
		}
		from := o.Lines[g.pick(len(o.Lines), "line")]
		ln := doc.Line{No: 1, ItemID: from.ItemID, Batch: from.Batch, Qty: qty(int64(1 + g.pick(3, "qty"))), Origin: doc.Origin{Doc: o.ID, Line: from.No}}
		if s.LineMoney != doc.No {
			ln.Qty, ln.Batch, ln.Amount = 0, "", amount.Money(1+g.pick(500, "amount"))
		}
		if s.Signed && g.pick(2, "less") == 0 {
			ln.Amount = -ln.Amount
		}
		if s.PriceNeed != doc.No {
			ln.Price = from.Price
		}
		d.Lines = []doc.Line{ln}
	default:
		for i := range 1 + g.pick(3, "lines") {
			d.Lines = append(d.Lines, g.line(s, i+1))
		}
	}
	if s.Discount && g.pick(3, "discount") == 0 {
		d.Discount = 7
	}
	if s.Amount == doc.May && g.pick(2, "fee") == 0 {
		d.Amount, d.AccountID = 5_00, g.cash
	}
	d = g.fill(d)
	if s.Pays == doc.Must { // the counter is paid in full
		t := d.Clone()
		for i := range t.Lines {
			if t.Lines[i].Unit == "box" {
				t.Lines[i].Num, t.Lines[i].Den = 12, 1
			}
		}
		if err := doc.Settle(s, &t); err == nil && t.Total > 0 {
			d.Payments = []doc.Payment{{AccountID: g.cash, Amount: t.Total}}
		}
	}
	return d, true
}

// step posts a random document, or takes one back, and holds what was foretold
// against what came.
func (g *guesser) step() {
	if len(g.done) > 0 && g.pick(6, "reverse") == 0 {
		i := g.pick(len(g.done), "which")
		old := g.done[i]
		said, wrong := app.Ask(withPw, g.s, app.PreviewReverse{ID: old.ID, Kind: old.Kind})
		r, err := app.Do(withPw, g.s, app.Reverse{ID: old.ID, Kind: old.Kind, Reason: "r", AllowNegative: true})
		if fault.KeyOf(wrong) != fault.KeyOf(err) {
			g.rt.Fatalf("taking back %+v: foretold %v, came %v", old, wrong, err)
		}
		if err == nil {
			g.same(old, said, r)
			g.done = append(g.done[:i:i], g.done[i+1:]...)
		}
		return
	}
	d, ok := g.document()
	if !ok {
		return
	}
	said, wrong := app.Ask(withPw, g.s, app.Preview{Doc: d})
	r, err := app.Do(withPw, g.s, app.Post{Doc: d, AllowNegative: true})
	if fault.KeyOf(wrong) != fault.KeyOf(err) {
		g.rt.Fatalf("%+v: foretold %v, came %v", d, wrong, err)
	}
	if err != nil {
		return
	}
	g.same(d, said, r)
	v, err := app.Ask(withPw, g.s, app.GetDocument{ID: d.ID})
	if err != nil {
		g.rt.Fatal(err)
	}
	for i := range said.Lines {
		a, b := said.Lines[i], v.Doc.Lines[i]
		if a.No != b.No || a.Batch != b.Batch || a.Base != b.Base || a.Gross != b.Gross || a.Share != b.Share || len(said.Lines) != len(v.Doc.Lines) {
			g.rt.Fatalf("line foretold %+v, came %+v", a, b)
		}
	}
	if said.Points != v.Doc.Points || said.Date != v.Doc.Date {
		g.rt.Fatalf("foretold %+v, came %+v", said, v.Doc)
	}
	g.done = append(g.done, v.Doc)
	g.met[d.Kind]++
	if r.Effect.Restated > 0 {
		g.moved++
	}
}

func (g *guesser) same(d doc.Document, said app.Foreseen, r app.Receipt) {
	if said.Effect != r.Effect || said.Total != r.Total || len(said.Warnings) != len(r.Warnings) {
		g.rt.Fatalf("%+v:\nforetold %+v %s\ncame     %+v %s", d, said.Effect, said.Total, r.Effect, r.Total)
	}
	for i := range said.Warnings {
		if !reflect.DeepEqual(said.Warnings[i], r.Warnings[i]) {
			g.rt.Fatalf("foretold %v, came %v", said.Warnings[i], r.Warnings[i])
		}
	}
}

// TestWhatIsForetoldComes: the effect, the warnings, the lines and the faults a
// preview shows are those of the posting, for every kind and by both methods.
func TestWhatIsForetoldComes(t *testing.T) {
	for _, by := range []ledger.Method{ledger.MovingAverage, ledger.FIFO} {
		t.Run(string(by), func(t *testing.T) {
			c := newCounter(t)
			done(c, app.SetSetting{Key: app.SettingNegative, Value: "allow"})
			if by == ledger.FIFO {
				done(c, app.SwitchMethod{Method: by})
			}
			milk := done(c, app.SaveItem{Item: master.Item{Code: "milk", Name: "milk", Unit: "pc", Track: master.ByBatch, CostByBatch: true}})
			g := &guesser{counter: c, items: []int64{c.tea, c.cup, c.set, milk}, far: 4, met: map[doc.Kind]int{}}
			rapid.Check(t, func(rt *rapid.T) {
				g.rt = rt
				for range 1 + g.pick(5, "steps") {
					g.step()
				}
			})
			c.clean()
			t.Logf("%d restated others; posted %v", g.moved, g.met)
		})
	}
}
