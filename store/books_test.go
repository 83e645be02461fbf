package store

import (
	"fmt"
	"os"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/ledger"
)

// days of random trade: few, so that documents often share one.
const tradeDays = 5

// trader posts random documents to a real file.
type trader struct {
	sh    *shop
	rt    *rapid.T
	done  []doc.Document // posted and not taken back
	lines []doc.Origin   // of sales, for returns
}

func (tr *trader) date(label string, from int) day.Date {
	return d1.AddDays(rapid.IntRange(from, tradeDays-1).Draw(tr.rt, label))
}

func (tr *trader) qty() amount.Qty {
	return amount.Qty(rapid.SampledFrom([]int64{1, 2, 3, 7, 10, 33}).Draw(tr.rt, "qty") * amount.QtyScale / rapid.SampledFrom([]int64{1, 1, 1, 4}).Draw(tr.rt, "part"))
}

func (tr *trader) trade() {
	kinds := []doc.Kind{doc.GoodsReceipt, doc.GoodsReceipt, doc.SalesDelivery, doc.SalesDelivery, doc.RetailSale, doc.SalesReturn, doc.PurchaseReturn,
		doc.StockTransfer, doc.StockCount, doc.StockLoss, doc.StockGain, doc.OpeningStock}
	kind := rapid.SampledFrom(kinds).Draw(tr.rt, "kind")
	spec, _ := doc.Of(kind)
	d := tr.sh.draft(kind, tr.date("day", 0))
	d.WarehouseID = rapid.SampledFrom(tr.sh.wh[:]).Draw(tr.rt, "warehouse")
	if spec.ToPlace == doc.Must && d.WarehouseID == d.ToPlaceID {
		d.ToPlaceID = tr.sh.wh[0]
	}
	for no := range rapid.IntRange(1, 3).Draw(tr.rt, "lines") {
		l := doc.Line{No: no + 1, ItemID: rapid.SampledFrom(tr.sh.items).Draw(tr.rt, "item"), Num: 1, Den: 1, Qty: tr.qty()}
		if spec.PriceNeed != doc.No {
			l.Price = amount.Price(rapid.SampledFrom([]int64{0, 1_000_000, 3_330_000, 10_000_000, 9_999_999}).Draw(tr.rt, "price"))
		}
		if spec.Flow == doc.Recount {
			l.Book = tr.qty()
		}
		d.Lines = append(d.Lines, l)
	}
	if spec.Value == doc.AtOrigin && len(tr.lines) > 0 && rapid.Bool().Draw(tr.rt, "from origin") {
		o := rapid.SampledFrom(tr.lines).Draw(tr.rt, "origin")
		if !tr.takeBack(&d, o) {
			return
		}
	}
	if spec.Pays == doc.Must {
		if err := doc.Settle(spec, &d); err != nil {
			tr.rt.Fatalf("settle: %v", err)
		}
		if d.Total > 0 {
			d.Payments = []doc.Payment{{AccountID: tr.sh.cash, Amount: d.Total}}
		}
	}
	tr.sh.post(d)
	tr.done = append(tr.done, d)
	if kind == doc.SalesDelivery || kind == doc.RetailSale {
		for _, l := range d.Lines {
			tr.lines = append(tr.lines, doc.Origin{Doc: d.ID, Line: l.No})
		}
	}
}

// takeBack makes d return some of what a sale's line still has.
func (tr *trader) takeBack(d *doc.Document, o doc.Origin) bool {
	var om ledger.OriginMove
	var src doc.Document
	tr.sh.read(func(x app.Tx) (err error) {
		if om, err = x.OriginMove(o.Doc, o.Line); err == nil {
			src, err = x.Document(o.Doc)
		}
		return err
	})
	left := om.Qty - om.UsedQty
	if left <= 0 || src.Status != doc.Posted {
		return false
	}
	d.Date = max(d.Date, om.Date)
	d.Lines = d.Lines[:1]
	l := &d.Lines[0]
	l.Origin, l.ItemID = o, src.Lines[o.Line-1].ItemID
	l.Qty = min(l.Qty, left)
	return true
}

func (tr *trader) takeAway() {
	if len(tr.done) == 0 {
		return
	}
	i := rapid.IntRange(0, len(tr.done)-1).Draw(tr.rt, "which")
	d := tr.done[i]
	for _, l := range d.Lines { // the gate refuses to reverse what was returned
		var om ledger.OriginMove
		err := tr.sh.s.Read(bg, func(x app.Tx) (err error) {
			om, err = x.OriginMove(d.ID, l.No)
			return err
		})
		if err == nil && om.UsedQty != 0 {
			return
		}
		if err != nil && fault.KindOf(err) != fault.NotFound {
			tr.rt.Fatalf("origin of %s: %v", d.ID, err)
		}
	}
	date := d.Date
	if rapid.Bool().Draw(tr.rt, "later") {
		date = d1.AddDays(tradeDays)
	}
	tr.sh.write(func(x app.Tx) error { return reverse(x, d.ID, date) })
	tr.done = append(tr.done[:i], tr.done[i+1:]...)
}

// asFromNothing holds what the store keeps of an item against a replay of its
// whole history.
func (tr *trader) asFromNothing(item int64) {
	tr.sh.read(func(x app.Tx) error {
		whole, err := x.History(ledger.Pot{Item: item}, ledger.Place{})
		if err != nil {
			return err
		}
		if !reflect.DeepEqual(whole.Pool, ledger.Pool{}) {
			tr.rt.Fatalf("pool before everything: %+v", whole.Pool)
		}
		outs, pool, err := ledger.Replay(ledger.Pool{}, whole.Moves)
		if err != nil {
			return err
		}
		for i, m := range whole.Moves {
			if m.Rule != ledger.Carry && (outs[i].Value != m.Effective() || outs[i].Adjust != m.Adjusted) {
				tr.rt.Errorf("move %d %s of %s line %d: value %v adjusted %v, replayed %+v", m.Seq, m.Rule, m.Doc, m.Line, m.Effective(), m.Adjusted, outs[i])
			}
		}
		kept, err := x.Pool(ledger.Pot{Item: item})
		if err != nil {
			return err
		}
		if !reflect.DeepEqual(kept, pool) {
			tr.rt.Errorf("item %d: pool kept %+v, replayed %+v", item, kept, pool)
		}
		for n := range 4 * (tradeDays + 2) { // and the pool before any place
			from := ledger.Place{Date: d1.AddDays(n / 4), Class: doc.Class(n % 4)}
			k := 0
			for k < len(whole.Moves) && (ledger.Place{Date: whole.Moves[k].Date, Class: whole.Moves[k].Class}).Before(from) {
				k++
			}
			_, before, err := ledger.Replay(ledger.Pool{}, whole.Moves[:k])
			if err != nil {
				return err
			}
			h, err := x.History(ledger.Pot{Item: item}, from)
			if err != nil {
				return err
			}
			if !reflect.DeepEqual(h.Pool, before) || len(h.Moves) != len(whole.Moves)-k {
				tr.rt.Errorf("item %d before %+v: %+v, replayed %+v", item, from, h.Pool, before)
			}
		}
		return nil
	})
}

// TestBooksStaySound posts random documents and takes some back, on days in
// any order, and holds every cache against the rows after each step.
func TestBooksStaySound(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		sh := newShop(t, 3)
		sh.t = rt
		defer func() {
			_ = sh.s.Close()
			_ = os.RemoveAll(sh.dir)
		}()
		tr := &trader{sh: sh, rt: rt}
		for range rapid.IntRange(1, 14).Draw(rt, "steps") {
			if rapid.IntRange(0, 4).Draw(rt, "step") == 0 {
				tr.takeAway()
			} else {
				tr.trade()
			}
			for _, it := range sh.items {
				tr.asFromNothing(it)
			}
			sh.sound()
			if rt.Failed() {
				rt.Fatalf("unsound after %s", fmt.Sprint(len(tr.done), " documents"))
			}
		}
	})
}
