package ledger

import (
	"testing"
	"tiezhang/app/doc"
)

func fifoBook(t *testing.T) *book {
	b := newBook(t)
	b.method = FIFO
	return b
}

func TestFIFOTakesTheOldestFirst(t *testing.T) {
	b := fifoBook(t)
	b.do(doc.GoodsReceipt, 0, "10", "10")
	b.do(doc.GoodsReceipt, 1, "5", "0") // a gift
	b.do(doc.GoodsReceipt, 2, "10", "20")
	b.do(doc.SalesDelivery, 3, "12", "30")
	b.is("cost of sales", b.sum(doc.AccCOGS), "100")
	b.do(doc.SalesDelivery, 4, "5", "30") // 3 given, 2 at 20
	b.is("cost of sales", b.sum(doc.AccCOGS), "140")
	p := b.pool(1)
	if len(p.Layers) != 1 || p.Layers[0] != (Layer{In: 3, Qty: 8 * piece, Value: 16000}) {
		t.Errorf("layers %+v", p.Layers)
	}
	if u := b.uses[5]; len(u) != 2 || u[0] != (Use{Out: 5, In: 2, Qty: 3 * piece}) || u[1] != (Use{Out: 5, In: 3, Qty: 2 * piece, Value: 4000}) {
		t.Errorf("the second sale took %+v", u)
	}
}

func TestFIFOBackdate(t *testing.T) {
	for _, tell := range []bool{false, true} {
		b := fifoBook(t)
		b.tellUses = tell
		b.do(doc.GoodsReceipt, 0, "10", "10")
		b.do(doc.SalesDelivery, 2, "6", "20")
		b.do(doc.GoodsReceipt, 1, "10", "13") // the same goods still leave first
		b.is("cost of sales", b.sum(doc.AccCOGS), "60")
		b.is("left", b.pool(1).Value, "170")
		b.do(doc.OpeningStock, -1, "4", "8") // these were there before
		b.is("cost of sales", b.sum(doc.AccCOGS), "52")
		if u := b.uses[2]; len(u) != 2 || u[0].In != 4 || u[0].Value != 3200 || u[1].In != 1 || u[1].Qty != 2*piece {
			t.Errorf("the sale took %+v", u)
		}
	}
}

func TestFIFONegativeStock(t *testing.T) {
	b := fifoBook(t)
	b.do(doc.GoodsReceipt, 0, "5", "10")
	b.do(doc.RetailSale, 1, "8", "15")
	b.is("cost of sales", b.sum(doc.AccCOGS), "80")
	b.do(doc.GoodsReceipt, 2, "10", "12")
	b.is("left", b.pool(1).Value, "84")
	b.is("adjustment", b.sum(doc.AccCostAdj), "6")
	b.is("purchases", -b.sum(doc.AccPayable), "170")
	if l := b.pool(1).Layers; len(l) != 1 || l[0].Qty != 7*piece || l[0].Value != 8400 {
		t.Errorf("layers %+v", l)
	}
}

func TestFIFOReturnIsALayerOfItsOwn(t *testing.T) {
	b := fifoBook(t)
	b.do(doc.GoodsReceipt, 0, "10", "10")
	sale := b.do(doc.SalesDelivery, 1, "4", "20")
	b.do(doc.GoodsReceipt, 2, "10", "20")
	b.do(doc.SalesReturn, 3, "2", "20", from(sale))
	if l := b.pool(1).Layers; len(l) != 3 || l[2].In != 4 || l[2].Value != 2000 {
		t.Errorf("layers %+v", l)
	}
}

func TestFIFOReceiptTakenBackTakesItsOwnLayerFirst(t *testing.T) {
	b := fifoBook(t)
	b.do(doc.GoodsReceipt, 0, "10", "10")
	wrong := b.do(doc.GoodsReceipt, 1, "10", "20")
	b.do(doc.SalesDelivery, 2, "12", "30") // 10 at 10, 2 at 20
	b.do(doc.GoodsReceipt, 3, "10", "15")
	if _, err := b.reverse(wrong, start.AddDays(4)); err != nil {
		t.Fatal(err)
	}
	b.is("left", b.pool(1).Value, "120") // 8 at 20 and 2 of the 15s left
	b.is("adjustment", b.sum(doc.AccCostAdj), "-10")
	b.is("owed", b.sum(doc.AccPayable), "-250")
}

func TestMethodSwitch(t *testing.T) {
	b := newBook(t)
	b.do(doc.GoodsReceipt, 0, "10", "10")
	r := b.do(doc.GoodsReceipt, 1, "10", "20")
	b.do(doc.SalesDelivery, 2, "5", "30") // 75
	b.close(start.AddDays(10))
	b.turn(FIFO)
	b.is("value", b.pool(1).Value, "225")
	b.do(doc.GoodsReceipt, 11, "5", "30")
	b.do(doc.SalesDelivery, 12, "16", "40") // 15 at 15, 1 at 30
	b.is("cost of sales", b.sum(doc.AccCOGS), "330")
	b.do(doc.GoodsReceipt, 10, "1", "40") // before the 30s: restates the sale
	b.is("cost of sales", b.sum(doc.AccCOGS), "340")
	b.do(doc.LandedCost, 13, "1", "0", costing(r, 1000)) // that receipt is used up
	b.is("cost of sales", b.sum(doc.AccCOGS), "350")
	b.close(start.AddDays(20))
	b.turn(MovingAverage)
	b.do(doc.GoodsReceipt, 21, "5", "20")
	b.do(doc.SalesDelivery, 22, "2", "40") // (150+100)/10
	b.is("left", b.pool(1).Value, "200")
	if p := b.pool(1); p.Layers != nil {
		t.Errorf("layers %+v", p.Layers)
	}
}

// What the shop held when it took up FIFO takes the freight on it.
func TestFreightOnWhatWasHeldAtTheSwitch(t *testing.T) {
	b := newBook(t)
	r := b.do(doc.GoodsReceipt, 0, "10", "10")
	b.do(doc.SalesDelivery, 1, "4", "20")
	b.close(start.AddDays(10))
	b.turn(FIFO)
	b.do(doc.GoodsReceipt, 11, "5", "12")
	b.do(doc.LandedCost, 12, "1", "0", costing(r, 1000))
	if l := b.pool(1).Layers; len(l) != 2 || l[0] != (Layer{Qty: 6 * piece, Value: 6600}) {
		t.Errorf("layers %+v", l)
	}
	b.is("cost of sales", b.sum(doc.AccCOGS), "44")
	b.checkTransit()
}
