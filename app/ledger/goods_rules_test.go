package ledger

import (
	"testing"

	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
)

const piece = amount.QtyScale

// checkTransit: nothing stays in the accounts that goods and costs pass through.
func (b *book) checkTransit() {
	b.t.Helper()
	b.is("costs in transit", b.sum(doc.AccTransit), "0")
	b.is("production", b.sum(doc.AccProduction), "0")
	byDate := map[day.Date]amount.Money{}
	for _, e := range b.entries {
		byDate[e.Date] += e.Amount
	}
	for d, s := range byDate {
		b.is("entries of "+d.String(), s, "0")
	}
}

func TestFreightAfterTheSale(t *testing.T) {
	for _, by := range []Method{MovingAverage, FIFO} {
		b := newBook(t)
		b.method = by
		r := b.do(doc.GoodsReceipt, 0, "10", "10")
		b.do(doc.SalesDelivery, 1, "4", "20")
		f := b.do(doc.LandedCost, 5, "1", "0", costing(r, 2000), func(d *doc.Document) { d.PartyID = 2 })
		b.is("left", b.pool(1).Value, "72")
		b.is("cost of sales", b.sum(doc.AccCOGS), "48")
		b.is("owed", b.sum(doc.AccPayable), "-120")
		b.is("margin", b.effect.Margin, "-8")
		b.checkTransit()
		for _, m := range b.rows {
			if m.Rule == AddCost && (m.Date != start || m.WarehouseID != 1) {
				t.Errorf("the freight lies on %v in warehouse %d", m.Date, m.WarehouseID)
			}
		}
		for _, e := range b.entries {
			if e.Account == doc.AccPayable && e.PartyID == 2 && e.Date != start.AddDays(5) {
				t.Errorf("the bill of the carrier is dated %v", e.Date)
			}
		}
		if _, err := b.reverse(f, start.AddDays(6)); err != nil {
			t.Fatal(err)
		}
		b.is("left", b.pool(1).Value, "60")
		b.is("cost of sales", b.sum(doc.AccCOGS), "40")
		b.is("owed", b.sum(doc.AccPayable), "-100")
		b.checkTransit()
	}
}

func TestFreightOnAClosedMonth(t *testing.T) {
	for _, by := range []Method{MovingAverage, FIFO} {
		b := newBook(t)
		b.method = by
		r := b.do(doc.GoodsReceipt, 0, "10", "10")
		b.do(doc.SalesDelivery, 1, "4", "20")
		b.close(start.AddDays(10))
		b.do(doc.SalesDelivery, 11, "3", "20") // 30
		f := b.do(doc.LandedCost, 12, "1", "0", costing(r, 2000))
		b.is("left", b.pool(1).Value, "36")             // 3 of 10 still there: 6 of 20
		b.is("cost of sales", b.sum(doc.AccCOGS), "84") // 70 + 14
		b.is("margin", b.effect.Margin, "-14")
		b.checkTransit()
		b.do(doc.SalesDelivery, 13, "3", "20")
		b.is("nothing left", b.pool(1).Value, "0")
		b.is("cost of sales", b.sum(doc.AccCOGS), "120")

		// while its day is open it is taken back where it stands
		if _, err := b.reverse(f, start.AddDays(20)); err != nil {
			t.Fatal(err)
		}
		b.is("cost of sales", b.sum(doc.AccCOGS), "100")
		b.checkTransit()
	}
}

func TestFreightTakenBackAfterClosing(t *testing.T) {
	for _, by := range []Method{MovingAverage, FIFO} {
		b := newBook(t)
		b.method = by
		r := b.do(doc.GoodsReceipt, 0, "10", "10")
		f := b.do(doc.LandedCost, 1, "1", "0", costing(r, 2000)) // all 20 in stock
		b.do(doc.SalesDelivery, 2, "4", "20")                    // 48
		b.close(start.AddDays(10))
		n := len(b.entries)
		if _, err := b.reverse(f, start.AddDays(11)); err != nil {
			t.Fatal(err)
		}
		b.is("left", b.pool(1).Value, "60")             // 72 − 6 of 10
		b.is("cost of sales", b.sum(doc.AccCOGS), "40") // 48 − 8, all of it this month
		for _, e := range b.entries[n:] {
			if e.Date < start.AddDays(10) {
				t.Errorf("an entry of the closed month: %+v", e)
			}
		}
		b.checkTransit()
	}
}

func TestPriceLoweredLate(t *testing.T) {
	b := newBook(t)
	r := b.do(doc.GoodsReceipt, 0, "10", "10")
	b.do(doc.SalesDelivery, 1, "5", "20")
	b.do(doc.PriceAdjustment, 2, "1", "0", costing(r, -1000))
	b.is("left", b.pool(1).Value, "45")
	b.is("cost of sales", b.sum(doc.AccCOGS), "45")
	b.is("owed", b.sum(doc.AccPayable), "-90")
	b.checkTransit()
}

// What covered earlier sales takes its part of the freight along.
func TestFreightOnAReceiptThatCoveredNegativeStock(t *testing.T) {
	for _, by := range []Method{MovingAverage, FIFO} {
		b := newBook(t)
		b.method = by
		b.do(doc.GoodsReceipt, 0, "1", "10")
		b.do(doc.RetailSale, 1, "5", "20")
		r := b.do(doc.GoodsReceipt, 2, "10", "10") // 4 covered, 6 left
		b.do(doc.LandedCost, 3, "1", "0", costing(r, 1000))
		b.is("left", b.pool(1).Value, "66")
		b.is("adjustment", b.sum(doc.AccCostAdj), "4")
		b.checkTransit()
	}
}

func TestBatchesCostByThemselves(t *testing.T) {
	b := newBook(t)
	b.byBatch[1] = true
	b.do(doc.GoodsReceipt, 0, "10", "10", batch("a"))
	b.do(doc.GoodsReceipt, 0, "10", "20", batch("b"))
	b.do(doc.SalesDelivery, 1, "5", "30", batch("b"))
	b.is("cost of sales", b.sum(doc.AccCOGS), "100")
	b.do(doc.SalesDelivery, 2, "10", "30", batch("a"))
	b.is("cost of sales", b.sum(doc.AccCOGS), "200")
	if p := b.pools[Pot{1, "a"}]; p.Qty != 0 || p.Value != 0 {
		t.Errorf("batch a is left with %v worth %v", p.Qty, p.Value)
	}
	b.is("batch b", b.pools[Pot{1, "b"}].Value, "100")
}

func TestAssemblyIsRestatedByABackdatedComponent(t *testing.T) {
	for _, by := range []Method{MovingAverage, FIFO} {
		b := newBook(t)
		b.method = by
		b.do(doc.GoodsReceipt, 0, "10", "10")
		b.do(doc.GoodsReceipt, 0, "10", "5", of(2))
		b.do(doc.Assembly, 2, "1", "0", parts(400, b.in(3, "4", "0"), b.out(1, "4"), b.out(2, "8"))) // 40 + 40 + 4
		b.is("made", b.pool(3).Value, "84")
		b.do(doc.SalesDelivery, 3, "1", "50", of(3))
		b.is("cost of sales", b.sum(doc.AccCOGS), "21")
		b.checkTransit()
		b.is("cash", b.sum(doc.AccCash), "-4")
		b.do(doc.OpeningStock, -1, "10", "14") // a component was dearer: 12 on average, 14 first out
		want := map[Method][3]string{MovingAverage: {"92", "69", "23"}, FIFO: {"100", "75", "25"}}[by]
		var made amount.Money
		for _, m := range b.folded(func(m Move) bool { return m.Rule == Made }) {
			made += m.Effective()
		}
		b.is("made", made, want[0])
		b.is("left", b.pool(3).Value, want[1])
		b.is("cost of sales", b.sum(doc.AccCOGS), want[2])
		b.checkTransit()
	}
}

func TestDisassemblyShares(t *testing.T) {
	b := newBook(t)
	b.do(doc.GoodsReceipt, 0, "1", "100")
	d := b.do(doc.Disassembly, 1, "1", "0", parts(0, b.out(1, "1"), b.in(2, "3", "0"), b.in(3, "1", "0")))
	b.is("by quantity", b.pool(2).Value, "75")
	b.is("by quantity", b.pool(3).Value, "25")
	if _, err := b.reverse(d, start.AddDays(1)); err != nil {
		t.Fatal(err)
	}
	b.is("whole again", b.pool(1).Value, "100")
	b.is("no parts", b.pool(2).Value+b.pool(3).Value, "0")
	b.do(doc.Disassembly, 2, "1", "0", parts(100, b.out(1, "1"), b.in(2, "3", "20"), b.in(3, "1", "20"), b.in(4, "1", "0")))
	b.is("by the amounts typed", b.pool(2).Value, "75.75")
	b.is("by the amounts typed", b.pool(3).Value, "25.25")
	b.is("a line without one", b.pool(4).Value, "0")
	b.checkTransit()
}

func TestAssemblyOfAnAssembly(t *testing.T) {
	b := newBook(t)
	b.do(doc.GoodsReceipt, 0, "10", "10")
	first := b.do(doc.Assembly, 1, "1", "0", parts(0, b.out(1, "10"), b.in(2, "5", "0")))
	b.do(doc.Assembly, 2, "1", "0", parts(0, b.out(2, "2"), b.in(3, "1", "0")))
	b.do(doc.Assembly, 2, "1", "0", parts(0, b.out(3, "1"), b.in(4, "1", "0")))
	b.do(doc.SalesDelivery, 3, "1", "99", of(4))
	b.is("cost of sales", b.sum(doc.AccCOGS), "40")
	b.reads = 0
	b.do(doc.OpeningStock, -1, "10", "20") // 15 on average: four pots on
	b.is("cost of sales", b.sum(doc.AccCOGS), "60")
	b.is("first product", b.pool(2).Value, "90")
	if b.effect.Restated != 7 || b.effect.Documents != 4 {
		t.Errorf("effect %+v", b.effect)
	}
	if b.reads != 4 {
		t.Errorf("%d windows were read", b.reads)
	}
	if _, err := b.reverse(first, start.AddDays(9)); err != nil { // too late for what was made of it
		t.Fatal(err)
	}
	b.is("components back", b.pool(1).Value, "300")
	b.is("cost of sales", b.sum(doc.AccCOGS), "60")
	b.checkTransit()
}

func TestBorrowedGoodsGoBackAtTheirValue(t *testing.T) {
	for _, by := range []Method{MovingAverage, FIFO} {
		b := newBook(t)
		b.method = by
		b.do(doc.GoodsReceipt, 0, "10", "10")
		in := b.do(doc.BorrowIn, 1, "3", "7") // 21
		b.is("borrowed", b.sum(doc.AccBorrowed), "-21")
		b.do(doc.BorrowReturn, 2, "1", "0", from(in))
		back := b.do(doc.BorrowReturn, 3, "2", "0", from(in))
		b.is("borrowed", b.sum(doc.AccBorrowed), "0")
		b.is("left", b.pool(1).Value, "100")
		b.is("adjustment", b.sum(doc.AccCostAdj), "0")
		if _, err := b.reverse(back, start.AddDays(4)); err != nil {
			t.Fatal(err)
		}
		b.is("borrowed", b.sum(doc.AccBorrowed), "-14")
		b.do(doc.BorrowReturn, 5, "2", "0", from(in))
		b.is("borrowed", b.sum(doc.AccBorrowed), "0")
	}
}

func TestLendingHasNoCostEffect(t *testing.T) {
	b := newBook(t)
	b.do(doc.GoodsReceipt, 0, "10", "10")
	lend := b.do(doc.LendOut, 1, "4", "0", func(d *doc.Document) { d.ToPlaceID = 9 })
	b.do(doc.LendReturn, 2, "1", "0", from(lend), func(d *doc.Document) { d.ToPlaceID = 9 })
	at := map[int64]amount.Qty{}
	for _, m := range b.rows {
		at[m.WarehouseID] += m.Qty
	}
	if at[1] != 7*piece || at[9] != 3*piece {
		t.Errorf("where the goods are: %v", at)
	}
	b.is("value", b.pool(1).Value, "100")
	if len(b.entries) != 2 {
		t.Errorf("entries %+v", b.entries)
	}
	if _, err := b.reverse(lend, start.AddDays(2)); err != nil {
		t.Fatal(err)
	}
	b.is("value", b.pool(1).Value, "100")
}

func TestNothingIsReplayedInAClosedMonth(t *testing.T) {
	b := newBook(t)
	b.do(doc.GoodsReceipt, 0, "10", "10")
	sale := b.do(doc.SalesDelivery, 2, "3", "20")
	b.close(start.AddDays(10))
	rows, entries := len(b.rows), len(b.entries)
	d := doc.Document{ID: "late", Kind: doc.GoodsReceipt, Date: start.AddDays(9), PartyID: 1, WarehouseID: 1, Lines: []doc.Line{b.line(1, "1", "1")}}
	if _, err := b.post(d); fault.KindOf(err) != fault.Closed {
		t.Errorf("a document in the closed month: %v", err)
	}
	for range 3 { // shares of a return across the close add up
		b.do(doc.SalesReturn, 11, "1", "20", from(sale))
	}
	b.is("cost of sales", b.sum(doc.AccCOGS), "0")
	b.is("left", b.pool(1).Value, "100")
	for _, m := range b.rows[rows:] {
		if m.Date < b.open {
			t.Errorf("a row of a closed day: %+v", m)
		}
	}
	for _, e := range b.entries[entries:] {
		if e.Date < b.open {
			t.Errorf("an entry of a closed day: %+v", e)
		}
	}
}

func TestMembersMoney(t *testing.T) {
	b := newBook(t)
	b.do(doc.GoodsReceipt, 0, "10", "10")
	top := doc.Document{ID: b.id(), Kind: doc.StoredTopUp, Date: start, PartyID: 5, AccountID: 7, Amount: 10000, Bonus: 2000}
	if _, err := b.post(top); err != nil {
		t.Fatal(err)
	}
	b.is("kept for the member", b.sum(doc.AccStored), "-120")
	b.is("gift", b.sum(doc.AccPromotion), "20")
	sale := b.do(doc.RetailSale, 1, "2", "25", func(d *doc.Document) {
		d.PartyID = 5
		d.Payments = []doc.Payment{{AccountID: 8, Amount: 3000, Stored: true}, {AccountID: 7, Amount: 2000}}
	})
	b.is("kept for the member", b.sum(doc.AccStored), "-90")
	b.is("cash", b.sum(doc.AccCash), "120")
	b.is("receivable", b.sum(doc.AccReceivable), "0")
	if _, err := b.reverse(sale, start.AddDays(1)); err != nil {
		t.Fatal(err)
	}
	b.is("kept for the member", b.sum(doc.AccStored), "-120")
	if _, err := b.post(doc.Document{ID: b.id(), Kind: doc.StoredRefund, Date: start, PartyID: 5, AccountID: 7, Amount: 2000}); err != nil {
		t.Fatal(err)
	}
	b.is("kept for the member", b.sum(doc.AccStored), "-100")
	if _, err := b.reverse(top.ID, start); err != nil {
		t.Fatal(err)
	}
	b.is("kept for the member", b.sum(doc.AccStored), "20")
	b.is("gift", b.sum(doc.AccPromotion), "0")
	n := len(b.entries)
	settle := doc.Document{ID: b.id(), Kind: doc.Settlement, Date: start, PartyID: 5, Allocs: []doc.Alloc{{Doc: "x", Amount: 100}, {Doc: "y", Amount: -100}}}
	if _, err := b.post(settle); err != nil {
		t.Fatal(err)
	}
	if len(b.entries) != n {
		t.Error("a settlement moves no money")
	}
}

// A crumb that rounding made dear says nothing about what goods cost.
func TestACrumbDoesNotSetThePrice(t *testing.T) {
	for _, by := range []Method{MovingAverage, FIFO} {
		b := newBook(t)
		b.method = by
		b.do(doc.GoodsReceipt, 0, "1", "0.01")
		for _, q := range []string{"0.4999", "0.25", "0.125"} { // each less than half a fen
			b.do(doc.SalesDelivery, 1, q, "8")
		}
		b.is("the crumb", b.pool(1).Value, "0.01") // 0.1251 of it
		b.do(doc.RetailSale, 3, "100.1251", "8")
		b.is("short", b.pool(1).Value, "-1")
		b.is("cost of sales", b.sum(doc.AccCOGS), "1.01")
	}
}

// A return of what a closed month sold, taken back, then returned again.
func TestReturnedAgainAcrossAClose(t *testing.T) {
	for _, by := range []Method{MovingAverage, FIFO} {
		b := newBook(t)
		b.method = by
		b.do(doc.GoodsReceipt, 0, "3", "3.333333")
		sale := b.do(doc.SalesDelivery, 1, "3", "5") // 10.00
		b.close(start.AddDays(10))
		wrong := b.do(doc.SalesReturn, 11, "2", "5", from(sale))
		if _, err := b.reverse(wrong, start.AddDays(12)); err != nil {
			t.Fatal(err)
		}
		b.do(doc.SalesReturn, 13, "1", "5", from(sale))
		b.do(doc.SalesReturn, 13, "2", "5", from(sale))
		b.is("left", b.pool(1).Value, "10")
		b.is("cost of sales", b.sum(doc.AccCOGS), "0")
	}
}
