package ledger

import (
	"testing"

	"pgregory.net/rapid"

	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
)

// TestRandomShopDays drives random documents, back-dated ones and reversals, and
// after each step asks what must always be true.
func TestRandomShopDays(t *testing.T) {
	steps := 0
	rapid.Check(t, func(rt *rapid.T) {
		b := newBook(t)
		var posted []string
		for range rapid.IntRange(1, 25).Draw(rt, "documents") {
			steps++
			randomStep(rt, b, &posted)
			b.invariants(rt)
		}
	})
	if !testing.Short() && steps < 500 { // a short run tries fewer on purpose
		t.Fatalf("only %d steps were tried", steps)
	}
}

var randomKinds = []doc.Kind{doc.GoodsReceipt, doc.GoodsReceipt, doc.SalesDelivery, doc.RetailSale, doc.SalesReturn, doc.PurchaseReturn,
	doc.StockTransfer, doc.StockCount, doc.StockLoss, doc.StockGain, doc.OpeningStock}

func randomStep(rt *rapid.T, b *book, posted *[]string) {
	if len(*posted) > 0 && rapid.IntRange(0, 5).Draw(rt, "reverse?") == 0 {
		id := rapid.SampledFrom(*posted).Draw(rt, "which")
		if b.docs["R-"+id].ID == "" && b.usedBy(id) == 0 {
			date := b.docs[id].Date
			if rapid.Bool().Draw(rt, "later") {
				date = start.AddDays(30)
			}
			if _, err := b.reverse(id, date); err != nil {
				rt.Fatal(err)
			}
		}
		return
	}
	k := rapid.SampledFrom(randomKinds).Draw(rt, "kind")
	d := doc.Document{ID: b.id(), Kind: k, Date: start.AddDays(rapid.IntRange(0, 20).Draw(rt, "day")), PartyID: 1, WarehouseID: 1, ToPlaceID: 2}
	for range rapid.IntRange(1, 3).Draw(rt, "lines") {
		ln := doc.Line{ItemID: int64(rapid.IntRange(1, 2).Draw(rt, "item")),
			Qty: amount.Qty(rapid.Int64Range(1, 30_0000).Draw(rt, "qty")), Price: amount.Price(rapid.Int64Range(0, 99_999_999).Draw(rt, "price"))}
		if k == doc.StockCount {
			ln.Book = amount.Qty(rapid.Int64Range(0, 30_0000).Draw(rt, "book"))
			ln.Price = 0
		}
		if k == doc.SalesReturn {
			o, ok := b.returnable(rt, d.Date, *posted)
			if !ok {
				continue
			}
			ln.ItemID, ln.Origin, ln.Qty = o.ItemID, o.Origin, o.Qty
		}
		d.Lines = append(d.Lines, ln)
		if k == doc.SalesReturn {
			break // two lines of one return on one origin are the gate's business
		}
	}
	if len(d.Lines) == 0 {
		return
	}
	if _, err := b.post(d); err != nil {
		rt.Fatal(err)
	}
	*posted = append(*posted, d.ID)
}

// returnable finds a sold line with something left to return by a date.
func (b *book) returnable(rt *rapid.T, by day.Date, posted []string) (doc.Line, bool) {
	for _, id := range posted {
		d := b.docs[id]
		if d.Kind != doc.SalesDelivery || d.Date > by || b.docs["R-"+id].ID != "" {
			continue
		}
		for _, ln := range d.Lines {
			o := b.origin(id, ln.No)
			if left := o.Qty - o.UsedQty; left > 0 {
				q := amount.Qty(rapid.Int64Range(1, int64(left)).Draw(rt, "back"))
				return doc.Line{ItemID: ln.ItemID, Qty: q, Origin: doc.Origin{Doc: id, Line: ln.No}}, true
			}
		}
	}
	return doc.Line{}, false
}

// usedBy counts documents that return lines of id and were not reversed.
func (b *book) usedBy(id string) int {
	n := 0
	for _, d := range b.docs {
		for _, ln := range d.Lines {
			if ln.Origin.Doc == id && b.docs["R-"+d.ID].ID == "" && d.ID[:1] != "R" {
				n++
			}
		}
	}
	return n
}

// invariants are what no sequence of documents may break.
func (b *book) invariants(rt *rapid.T) {
	var all amount.Money
	byDate := map[day.Date]amount.Money{}
	for _, e := range b.entries {
		all += e.Amount
		byDate[e.Date] += e.Amount
	}
	if all != 0 {
		rt.Fatalf("entries sum to %s", all)
	}
	for d, s := range byDate {
		if s != 0 {
			rt.Fatalf("entries of %s sum to %s", d, s)
		}
	}
	var value amount.Money
	for item, p := range b.pools {
		var q amount.Qty
		var v amount.Money
		for _, m := range b.moves {
			if m.ItemID == item {
				q += m.Qty
				v += m.Value
			}
		}
		if q != p.Qty || v != p.Value {
			rt.Fatalf("item %d: pool %s/%s, moves say %s/%s", item, p.Qty, p.Value, q, v)
		}
		if p.Qty == 0 && p.Value != 0 {
			rt.Fatalf("item %d: nothing there, worth %s", item, p.Value)
		}
		if p.Qty > 0 && p.Value < 0 || p.Qty < 0 && p.Value > 0 {
			rt.Fatalf("item %d: %s pieces worth %s", item, p.Qty, p.Value)
		}
		// replaying the whole history finds nothing to restate
		ms := b.folded(item)
		outs, end, err := Replay(Pool{}, ms)
		if err != nil {
			rt.Fatal(err)
		}
		if end.Qty != p.Qty || end.Value != p.Value {
			rt.Fatalf("item %d: replay ends at %s/%s, pool says %s/%s", item, end.Qty, end.Value, p.Qty, p.Value)
		}
		for i, m := range ms {
			if m.Rule == Carry {
				continue
			}
			if outs[i].Value != m.Effective() || outs[i].Adjust != m.Adjusted {
				rt.Fatalf("item %d move %d (%s %s %s): replay gives %s adj %s, books say %s adj %s", item, m.Seq, m.Doc, m.Date, m.Rule,
					outs[i].Value, outs[i].Adjust, m.Effective(), m.Adjusted)
			}
		}
		value += v
	}
	if inv := b.sum(doc.AccInventory); inv != value {
		rt.Fatalf("inventory account %s, stock value %s", inv, value)
	}
}

// TestPostThenReverseIsAsBefore: a document and its reversal on the same date
// change nothing, whatever lies around them.
func TestPostThenReverseIsAsBefore(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := newBook(t)
		var posted []string
		for range rapid.IntRange(1, 12).Draw(rt, "before") {
			randomStep(rt, b, &posted)
		}
		before := map[int64]Pool{1: b.pools[1], 2: b.pools[2]}
		accounts := map[doc.AccountCode]amount.Money{}
		for _, a := range doc.Accounts {
			accounts[a] = b.sum(a)
		}
		n := len(posted)
		for len(posted) == n {
			randomPost(rt, b, &posted)
		}
		id := posted[len(posted)-1]
		if _, err := b.reverse(id, b.docs[id].Date); err != nil {
			rt.Fatal(err)
		}
		for item, p := range before {
			if g := b.pools[item]; g.Qty != p.Qty || g.Value != p.Value {
				rt.Fatalf("item %d: %s/%s, was %s/%s", item, g.Qty, g.Value, p.Qty, p.Value)
			}
		}
		for a, s := range accounts {
			if g := b.sum(a); g != s {
				rt.Fatalf("account %s: %s, was %s", a, g, s)
			}
		}
	})
}

// randomPost is a randomStep that surely posts something.
func randomPost(rt *rapid.T, b *book, posted *[]string) {
	k := rapid.SampledFrom([]doc.Kind{doc.GoodsReceipt, doc.SalesDelivery, doc.PurchaseReturn, doc.StockLoss, doc.StockGain}).Draw(rt, "extra")
	d := doc.Document{ID: b.id(), Kind: k, Date: start.AddDays(rapid.IntRange(0, 20).Draw(rt, "extra day")), PartyID: 1, WarehouseID: 1,
		Lines: []doc.Line{{ItemID: 1, Qty: amount.Qty(rapid.Int64Range(1, 30_0000).Draw(rt, "extra qty")), Price: amount.Price(rapid.Int64Range(0, 99_999_999).Draw(rt, "extra price"))}}}
	if _, err := b.post(d); err != nil {
		rt.Fatal(err)
	}
	*posted = append(*posted, d.ID)
}
