package docview

import (
	"context"
	"strings"
	"testing"

	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
)

// TestAnOrderIsPulledInParts: order 10, receive 4, then the rest is offered and
// not more; the order shows how far it is.
func TestAnOrderIsPulledInParts(t *testing.T) {
	r := newRig(t)
	r.wire(`{"kind":"PurchaseOrder","id":"po","party":"S001","lines":[{"item":"A1","qty":"10","price":"3.00"},{"item":"A2","qty":"5","price":"1.10"}]}`)
	r.open(doc.GoodsReceipt, "")
	r.do("hdsp<Enter><F7><Enter><Enter>") // the order, its first line
	if got := r.lines(); got != "A1 袋 10 3.00 30.00" {
		t.Fatal(got)
	}
	r.page.model.GoTo(0, r.page.model.Column(colQty))
	r.do("4<Enter><F9>")
	r.noFails()
	if r.page.doc.Status != doc.Posted {
		t.Fatal("the receipt was not posted")
	}
	r.open(doc.GoodsReceipt, "")
	r.do("hdsp<Enter><F7><Enter>")
	r.do("<Enter>") // the only line with something open
	if got := r.lines(); got != "A1 袋 6 3.00 18.00" {
		t.Fatal(got)
	}
	r.page.model.GoTo(0, r.page.model.Column(colQty))
	r.do("7<Enter><F9>")
	if r.page.doc.Status == doc.Posted {
		t.Fatal("more was received than ordered")
	}
	r.open(doc.PurchaseOrder, "po")
	l := r.page.lines()
	if l[0].Done != 4*amount.QtyScale || !r.page.mayEnd() {
		t.Fatalf("done %v, may end %v", l[0].Done, r.page.mayEnd())
	}
	r.do("<Ctrl+E>卖家停产<Enter>")
	r.noFails()
	if !r.page.view.Ended {
		t.Fatal("the order was not ended")
	}
	r.open(doc.GoodsReceipt, "")
	r.do("hdsp<Enter><F7><Enter><Enter>")
	if n := len(r.page.lines()); n != 0 {
		t.Fatal("lines were taken from an ended order")
	}
}

// TestAnAssemblyByKeyboard: the first line is made, the others are used up.
func TestAnAssemblyByKeyboard(t *testing.T) {
	r := newRig(t)
	r.stockUp()
	r.open(doc.Assembly, "")
	r.do("<F4>C1<Enter>2<Enter>A1<Enter>3<Enter>A2<Enter>4<Enter><F9>")
	r.noFails()
	if r.page.doc.Status != doc.Posted {
		t.Fatal(r.toasts)
	}
	sides := ""
	for _, l := range r.page.doc.Lines {
		sides += map[int8]string{1: "+", -1: "-"}[l.Side]
	}
	if sides != "+--" || r.onHand("C1") != "2" {
		t.Fatal(sides, r.onHand("C1"))
	}
}

// TestFreightIsShared: a cost is put on receipts, by value, and the shares come
// to the amount.
func TestFreightIsShared(t *testing.T) {
	r := newRig(t)
	r.wire(`{"kind":"GoodsReceipt","id":"g1","party":"S001","warehouse":"总仓","lines":[{"item":"A1","qty":"10","price":"3.00"},{"item":"A2","qty":"10","price":"1.00"}]}`)
	r.wire(`{"kind":"Party","code":"S002","name":"顺路物流","role":"supplier"}`)
	r.open(doc.LandedCost, "")
	r.do("slwl<Enter><F7><Enter>")
	r.do("<Space><Down><Space><Enter>") // both lines of the receipt
	if n := len(r.page.lines()); n != 2 {
		t.Fatal(n, r.toasts)
	}
	r.do("<F8>10<Enter>")
	got := ""
	for _, l := range r.page.lines() {
		got += l.Line.Amount.String() + " "
	}
	if got != "7.50 2.50 " {
		t.Fatal(got)
	}
	r.do("<F9>")
	r.noFails()
	if r.page.doc.Status != doc.Posted || r.page.doc.Total != money("10") {
		t.Fatal(r.page.doc.Status, r.page.doc.Total, r.toasts)
	}
	v, err := app.Ask(context.Background(), r.s, app.ItemHelp{Kind: doc.SalesDelivery, Item: r.page.doc.Lines[0].ItemID})
	if err != nil || v.Cost.String() != "3.75" {
		t.Fatal(v.Cost, err)
	}
}

// TestPrepaymentIsSettled: money paid in advance and a bill are set against each
// other.
func TestPrepaymentIsSettled(t *testing.T) {
	r := newRig(t)
	r.stockUp()
	r.wire(`{"kind":"PaymentIn","id":"p1","party":"K002","account":"现金","amount":"100.00"}`)
	r.wire(`{"kind":"SalesDelivery","id":"s1","party":"K002","warehouse":"总仓","lines":[{"item":"A1","qty":"10","price":"4.00"}]}`)
	r.open(doc.Settlement, "")
	r.do("zj<Enter>")
	r.do("<F8>")
	if len(r.page.doc.Allocs) != 2 || r.page.allocs.sum() != 0 {
		t.Fatalf("%+v", r.page.doc.Allocs)
	}
	r.do("<F9>")
	r.noFails()
	if r.page.doc.Status != doc.Posted {
		t.Fatal(r.toasts)
	}
	if d := r.document("s1"); d.Settled != d.Total {
		t.Fatal(d.Settled)
	}
	if d := r.document("p1"); d.Settled != money("40") {
		t.Fatal(d.Settled)
	}
}

// TestSecondCount: what differs is asked again, and both counts are kept.
func TestSecondCount(t *testing.T) {
	r := newRig(t)
	r.stockUp()
	r.open(doc.StockCount, "")
	r.do("<F4>A1<Enter>90<Enter>")
	have := r.onHand("A1")
	r.page.setSecond(true)
	r.settle()
	l := r.page.lines()[0]
	if !l.Recounted || l.Counted || l.First != 90*amount.QtyScale {
		t.Fatalf("%+v", l)
	}
	r.do("<F9>")
	if r.page.doc.Status == doc.Posted {
		t.Fatal("posted without the second count")
	}
	r.do(have + "<Enter><F9>") // the cursor stands where it is counted again
	r.noFails()
	if got := r.page.doc.Lines[0]; r.page.doc.Status != doc.Posted || got.First != 90*amount.QtyScale || !got.Recounted || r.onHand("A1") != have {
		t.Fatalf("%+v %s %v", got, r.onHand("A1"), r.toasts)
	}
}

// TestBatchAndSerialColumnsComeWithTheGoods: they are there for goods that need
// them and for no others.
func TestBatchAndSerialColumnsComeWithTheGoods(t *testing.T) {
	r := newRig(t)
	r.wire(`{"kind":"Item","code":"M1","name":"鲜牛奶","unit":"瓶","price":"5","track":"batch","expires":true}`)
	r.wire(`{"kind":"Item","code":"P1","name":"手机","unit":"台","price":"999","track":"serial"}`)
	r.open(doc.SalesDelivery, "")
	shown := func() string {
		var out []string
		for _, c := range r.page.model.Columns() {
			if !c.Hidden && (c.Key == colBatch || c.Key == colExpiry || c.Key == colSerial) {
				out = append(out, c.Key)
			}
		}
		return strings.Join(out, " ")
	}
	if got := shown(); got != "" {
		t.Fatal(got)
	}
	r.do("zj<Enter><F4>P1<Enter>1<Enter>")
	if got := shown(); got != "serials" {
		t.Fatal(got)
	}
	r.do("<Enter>SN1<Enter>M1<Enter>1<Enter>") // the walk stops where the number is wanted
	if got := shown(); got != "batch serials" {
		t.Fatal(got, r.lines(), r.page.lines()[0].Serials)
	}
}

// TestNobodyBuysFromTheHandsOfOthers: the place lending makes is neither proposed
// nor offered as a warehouse.
func TestNobodyBuysFromTheHandsOfOthers(t *testing.T) {
	r := newRig(t)
	r.stockUp()
	r.wire(`{"kind":"LendOut","id":"l1","party":"K002","warehouse":"总仓","lines":[{"item":"A1","qty":"1"}]}`)
	r.open(doc.GoodsReceipt, "")
	lent := int64(0)
	for _, w := range r.page.places.Warehouses {
		if w.Lent {
			lent = w.ID
		}
	}
	if lent == 0 || r.page.doc.WarehouseID == lent {
		t.Fatalf("lent place %d, proposed %d", lent, r.page.doc.WarehouseID)
	}
	if n := len(warehouseOptions(r.page.places, r.page.places.Work(), &r.page.doc)); n != 2 {
		t.Fatal(n, "warehouses offered")
	}
}

// TestBatchAndDayAreOnTheWay: Enter alone fills the batch and the day of what
// comes in, and passes them by for other goods.
func TestBatchAndDayAreOnTheWay(t *testing.T) {
	r := newRig(t)
	r.wire(`{"kind":"Item","code":"M1","name":"鲜牛奶","unit":"瓶","price":"5","track":"batch","expires":true}`)
	r.open(doc.GoodsReceipt, "")
	r.do("hdsp<Enter><F4>M1<Enter>24<Enter>3<Enter>B7<Enter>2026-12-20<Enter>A1<Enter>2<Enter>3<Enter>A2<Enter>1<Enter>1<Enter><F9>")
	r.noFails()
	ls := r.page.doc.Lines
	if r.page.doc.Status != doc.Posted || len(ls) != 3 || ls[0].Batch != "B7" || ls[0].Expiry != 20261220 {
		t.Fatalf("%+v %v", ls, r.toasts)
	}
}

// TestTheScannerGoesOnWithSerials: after the first number of several the next
// scan is the next number, not the next item.
func TestTheScannerGoesOnWithSerials(t *testing.T) {
	r := newRig(t)
	r.wire(`{"kind":"Item","code":"P1","name":"手机","unit":"台","price":"999","track":"serial"}`)
	r.open(doc.GoodsReceipt, "")
	r.do("hdsp<Enter><F4>P1<Enter>3<Enter>700<Enter>SN1<Enter>SN2<Enter>SN3<Enter><F9>")
	r.noFails()
	if ls := r.page.doc.Lines; r.page.doc.Status != doc.Posted || len(ls) != 1 || strings.Join(ls[0].Serials, " ") != "SN1 SN2 SN3" {
		t.Fatalf("%+v %v", ls, r.toasts)
	}
}
