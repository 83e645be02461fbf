package ledger

import (
	"testing"

	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
)

// The rules of costing, each by its example in figures.

func TestGiftsCountInTheQuantity(t *testing.T) {
	b := newBook(t)
	b.do(doc.GoodsReceipt, 0, "10", "10")
	b.do(doc.GoodsReceipt, 1, "5", "0")
	b.do(doc.GoodsReceipt, 2, "10", "20")
	p := b.pool(1)
	b.is("value", p.Value, "300")
	if avg, _ := amount.UnitPrice(p.Value, p.Qty); avg.String() != "12.00" {
		t.Errorf("average is %s", avg)
	}
	b.do(doc.SalesDelivery, 3, "5", "30")
	b.is("cost of sales", b.sum(doc.AccCOGS), "60")
}

func TestEmptyingTheStockTakesTheWholeValue(t *testing.T) {
	b := newBook(t)
	b.do(doc.GoodsReceipt, 0, "3", "3.333333") // 10.00
	b.do(doc.SalesDelivery, 1, "1", "5")       // 3.33
	b.do(doc.SalesDelivery, 1, "1", "5")       // 3.34 of 6.67? rounds half away
	b.do(doc.SalesDelivery, 1, "1", "5")
	if p := b.pool(1); p.Qty != 0 || p.Value != 0 {
		t.Errorf("left %s pieces worth %s", p.Qty, p.Value)
	}
	b.is("cost of sales", b.sum(doc.AccCOGS), "10")
}

func TestBackdatedReceiptRestatesLaterSales(t *testing.T) {
	b := newBook(t)
	b.do(doc.GoodsReceipt, 0, "10", "10")
	b.do(doc.SalesDelivery, 2, "6", "20")
	b.is("cost before", b.sum(doc.AccCOGS), "60")
	b.do(doc.GoodsReceipt, 1, "10", "13") // entered later, for the day between
	b.is("cost after", b.sum(doc.AccCOGS), "69")
	p := b.pool(1)
	b.is("left", p.Value, "161")
	if p.Qty != 14*amount.QtyScale {
		t.Errorf("left %s", p.Qty)
	}
	n := 0
	for _, m := range b.rows {
		if m.Rule == Recost {
			n++
			b.is("recost row", m.Value, "-9")
			if m.Date != start.AddDays(2) || m.Ref != 2 {
				t.Errorf("recost row is dated %s, of move %d", m.Date, m.Ref)
			}
		}
	}
	if n != 1 {
		t.Errorf("%d recost rows, want 1", n)
	}
}

func TestNegativeStockIsAdjustedWhenCovered(t *testing.T) {
	b := newBook(t)
	b.do(doc.GoodsReceipt, 0, "5", "10")
	b.do(doc.RetailSale, 1, "8", "15")
	b.is("cost of sales", b.sum(doc.AccCOGS), "80")
	b.do(doc.GoodsReceipt, 2, "10", "12")
	b.is("left", b.pool(1).Value, "84")
	b.is("cost of sales", b.sum(doc.AccCOGS), "80")
	b.is("adjustment", b.sum(doc.AccCostAdj), "6")
	b.is("purchases", -b.sum(doc.AccPayable), "170")
}

func TestNegativeStockCoveredInParts(t *testing.T) {
	b := newBook(t)
	b.do(doc.GoodsReceipt, 0, "2", "10")
	b.do(doc.RetailSale, 1, "10", "15") // 8 short at 10
	b.do(doc.GoodsReceipt, 2, "3", "12")
	p := b.pool(1)
	b.is("still short", p.Value, "-50")
	b.is("adjustment", b.sum(doc.AccCostAdj), "6")
	b.do(doc.GoodsReceipt, 3, "5", "9")
	p = b.pool(1)
	if p.Qty != 0 || p.Value != 0 {
		t.Errorf("left %s worth %s", p.Qty, p.Value)
	}
	b.is("adjustment", b.sum(doc.AccCostAdj), "1") // 3×(12−10) + 5×(9−10)
}

func TestCustomerReturnComesBackAtItsOwnCost(t *testing.T) {
	b := newBook(t)
	b.do(doc.GoodsReceipt, 0, "10", "10")
	sale := b.do(doc.SalesDelivery, 1, "4", "20")
	b.do(doc.GoodsReceipt, 2, "10", "20")
	b.do(doc.SalesReturn, 3, "1", "20", from(sale))
	b.do(doc.SalesReturn, 4, "3", "20", from(sale))
	b.is("cost of sales", b.sum(doc.AccCOGS), "0")
	b.is("left", b.pool(1).Value, "300")
}

func TestReturnSharesAddUpExactly(t *testing.T) {
	b := newBook(t)
	b.do(doc.GoodsReceipt, 0, "3", "3.34")
	sale := b.do(doc.SalesDelivery, 1, "3", "5") // 10.02
	for range 3 {
		b.do(doc.SalesReturn, 2, "1", "5", from(sale))
	}
	b.is("left", b.pool(1).Value, "10.02")
	b.is("cost of sales", b.sum(doc.AccCOGS), "0")
}

func TestSupplierReturnLeavesAtAverage(t *testing.T) {
	b := newBook(t)
	b.do(doc.GoodsReceipt, 0, "10", "10")
	b.do(doc.GoodsReceipt, 1, "10", "12")
	b.do(doc.PurchaseReturn, 2, "5", "12") // leaves at 11, the supplier gives 12
	b.is("left", b.pool(1).Value, "165")
	b.is("owed", -b.sum(doc.AccPayable), "160")
	b.is("price difference", b.sum(doc.AccCostAdj), "-5")
}

func TestTransferHasNoCostEffect(t *testing.T) {
	b := newBook(t)
	b.do(doc.GoodsReceipt, 0, "10", "10")
	b.do(doc.StockTransfer, 1, "4", "0", func(d *doc.Document) { d.PartyID, d.ToPlaceID = 0, 2 })
	b.do(doc.SalesDelivery, 2, "4", "20", func(d *doc.Document) { d.WarehouseID = 2 })
	b.is("cost of sales", b.sum(doc.AccCOGS), "40")
	b.is("left", b.pool(1).Value, "60")
}

func TestCountBooksGainAndLoss(t *testing.T) {
	b := newBook(t)
	b.do(doc.GoodsReceipt, 0, "10", "10")
	book := func(q amount.Qty) func(*doc.Document) {
		return func(d *doc.Document) { d.PartyID = 0; d.Lines[0].Book = q }
	}
	b.do(doc.StockCount, 1, "8", "0", book(10*amount.QtyScale))
	b.is("loss", b.sum(doc.AccLoss), "20")
	b.do(doc.StockCount, 2, "9", "0", book(8*amount.QtyScale))
	b.is("gain", b.sum(doc.AccOtherInc), "-10")
	b.is("left", b.pool(1).Value, "90")
}

func TestReversalOnItsOwnDateLeavesNoTrace(t *testing.T) {
	b := newBook(t)
	b.do(doc.GoodsReceipt, 0, "10", "10")
	wrong := b.do(doc.GoodsReceipt, 0, "10", "13")
	b.do(doc.SalesDelivery, 1, "6", "20")
	b.is("cost of sales", b.sum(doc.AccCOGS), "69")
	if _, err := b.reverse(wrong, start); err != nil {
		t.Fatal(err)
	}
	b.is("cost of sales", b.sum(doc.AccCOGS), "60")
	b.is("left", b.pool(1).Value, "40")
	b.is("owed", -b.sum(doc.AccPayable), "100")
}

func TestReversalLaterTakesRecordedValueBack(t *testing.T) {
	b := newBook(t)
	b.do(doc.GoodsReceipt, 0, "10", "10")
	sale := b.do(doc.SalesDelivery, 1, "4", "20")
	b.do(doc.GoodsReceipt, 2, "10", "20")
	if _, err := b.reverse(sale, start.AddDays(3)); err != nil {
		t.Fatal(err)
	}
	b.is("cost of sales", b.sum(doc.AccCOGS), "0")
	b.is("left", b.pool(1).Value, "300")
	b.is("receivable", b.sum(doc.AccReceivable), "0")
}

func TestMoneyDocuments(t *testing.T) {
	b := newBook(t)
	pay := func(k doc.Kind, amt amount.Money, more ...func(*doc.Document)) {
		d := doc.Document{ID: b.id(), Kind: k, Date: start, PartyID: 1, AccountID: 7, Amount: amt}
		for _, f := range more {
			f(&d)
		}
		if _, err := b.post(d); err != nil {
			t.Fatal(err)
		}
	}
	pay(doc.OpeningCash, 50000)
	pay(doc.OpeningReceivable, 10000)
	pay(doc.OpeningPayable, 20000)
	pay(doc.PaymentIn, 4000)
	pay(doc.PaymentOut, 5000)
	pay(doc.Expense, 1000)
	pay(doc.OtherIncome, 300)
	pay(doc.AccountTransfer, 2500, func(d *doc.Document) { d.ToAccountID = 8 })
	pay(doc.ShiftClose, 45700, func(d *doc.Document) { d.Expected = 45800 })
	b.is("cash", b.sum(doc.AccCash), "482")
	b.is("receivable", b.sum(doc.AccReceivable), "60")
	b.is("payable", b.sum(doc.AccPayable), "-150")
	b.is("expense", b.sum(doc.AccExpense), "10")
	b.is("short cash", b.sum(doc.AccLoss), "1")
	var till amount.Money
	for _, e := range b.entries {
		if e.CashID == 8 {
			till += e.Amount
		}
	}
	b.is("second account", till, "25")
}

func TestPaidOnTheSpot(t *testing.T) {
	b := newBook(t)
	b.do(doc.GoodsReceipt, 0, "10", "10", func(d *doc.Document) { d.Payments = []doc.Payment{{AccountID: 7, Amount: 3000}} })
	b.is("owed", -b.sum(doc.AccPayable), "70")
	b.is("cash", b.sum(doc.AccCash), "-30")
	b.do(doc.RetailSale, 1, "1", "15", func(d *doc.Document) {
		d.PartyID = 0
		d.Payments = []doc.Payment{{AccountID: 7, Amount: 1000}, {AccountID: 8, Amount: 500}}
	})
	b.is("cash", b.sum(doc.AccCash), "-15")
	b.is("receivable", b.sum(doc.AccReceivable), "0")
	b.is("revenue", b.sum(doc.AccRevenue), "-15")
}

func TestLowestFutureBalance(t *testing.T) {
	mv := func(seq int64, dayNo int, q amount.Qty) Move {
		return Move{Seq: seq, Date: start.AddDays(dayNo), Class: doc.ClassOut, Qty: q}
	}
	for _, c := range []struct {
		name  string
		start amount.Qty
		moves []Move
		low   amount.Qty
		day   int
	}{
		{"nothing new", 5, []Move{mv(1, 0, -9)}, 5, -1},
		{"enough", 5, []Move{mv(0, 0, -5)}, 0, 0},
		{"short later", 5, []Move{mv(0, 0, -3), mv(1, 1, -4), mv(2, 2, 9)}, -2, 1},
		{"short before, and again", 1, []Move{mv(1, 0, -3), mv(2, 1, 9), mv(0, 2, -5), mv(3, 3, 1)}, 2, 2},
		{"still short after", -3, []Move{mv(0, 0, 2), mv(1, 1, 1)}, -1, 0},
		{"the first of two equal days", 4, []Move{mv(0, 0, -1), mv(1, 1, -4), mv(2, 2, 1), mv(3, 3, -1)}, -1, 1},
	} {
		low, at := Lowest(c.start, c.moves)
		want := day.Date(0)
		if c.day >= 0 {
			want = start.AddDays(c.day)
		}
		if low != c.low || at != want {
			t.Errorf("%s: %d on %v, want %d on %v", c.name, low, at, c.low, want)
		}
	}
}
