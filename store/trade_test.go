package store

import (
	"reflect"
	"testing"

	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/ledger"
	"tiezhang/app/master"
)

// tradeShop is a traded shop that has used everything there is: batches with
// costs of their own, pieces with numbers, orders, lending, goods made of goods,
// late costs, members, prepayments, approvals, a closed month, and first in first
// out in the next. d is its first open day.
type tradeShop struct {
	*shop
	batched, pieces, made int64 // items
	member                int64
	stored                int64 // account
	lent                  int64
	order, loan, draft    string // documents
	d                     day.Date
}

func units(n int64) amount.Qty { return amount.Qty(n * amount.QtyScale) }

func newTradeShop(t *testing.T) *tradeShop {
	sh := &tradeShop{shop: tradedShop(t), d: day.Must("2026-12-01")}
	sh.write(func(x app.Tx) (err error) {
		if sh.batched, err = x.SaveItem(master.Item{Code: "B1", Name: "批号商品", Unit: "盒", Track: master.ByBatch, Expires: true, CostByBatch: true}); err != nil {
			return err
		}
		if sh.pieces, err = x.SaveItem(master.Item{Code: "S1", Name: "序列号商品", Unit: "台", Track: master.BySerial}); err != nil {
			return err
		}
		if sh.made, err = x.SaveItem(master.Item{Code: "M1", Name: "礼盒", Unit: "套"}); err != nil {
			return err
		}
		if sh.stored, err = x.SaveAccount(master.Account{Code: "V1", Name: "储值", Kind: master.Stored}); err != nil {
			return err
		}
		if sh.member, err = x.SaveParty(master.Party{Code: "H1", Name: "会员", Kind: master.Customer, Card: "8001", BankName: "工行", BankAccount: "6222021234567890", TaxNo: "91330106MA2AXY"}); err != nil {
			return err
		}
		if _, err = x.SaveEmployee(master.Employee{Code: "E1", Name: "店员", IDCard: "11010519491231002X", BankCard: "6217991234509876543"}); err != nil {
			return err
		}
		sh.lent, err = x.LentPlace("借出")
		return err
	})
	sh.november()
	sh.write(func(x app.Tx) error {
		if _, err := x.CloseMonth(app.MonthClose{Month: 202611, By: 1, At: 1_800_000_100}); err != nil {
			return err
		}
		return x.SwitchMethod(app.CostMethod{From: sh.d, Method: ledger.FIFO, By: 1, At: 1_800_000_200})
	})
	sh.december()
	sh.sound()
	return sh
}

func (sh *tradeShop) batch(qty, price int64, name string, expiry day.Date) doc.Line {
	l := row(sh.batched, qty, price)
	l.Batch, l.Expiry = name, expiry
	return l
}

func (sh *tradeShop) serials(price int64, names ...string) doc.Line {
	l := row(sh.pieces, int64(len(names)), price)
	l.Serials = names
	return l
}

func from(l doc.Line, id string, no int) doc.Line {
	l.Origin = doc.Origin{Doc: id, Line: no}
	return l
}

func (sh *tradeShop) november() {
	a := sh.items[0]
	at := d1.AddDays(6)
	sh.order = sh.post(sh.draft2(doc.SalesOrder, at, row(a, 5, 20)))
	sh.post(sh.draft2(doc.SalesDelivery, at, from(row(a, 2, 20), sh.order, 1)))
	buy := sh.post(sh.draft2(doc.GoodsReceipt, at, sh.batch(10, 3, "甲", day.Must("2027-03-01")), sh.batch(10, 5, "乙", day.Must("2027-06-01")), sh.serials(100, "sn1", "sn2", "sn3")))
	sh.post(sh.draft2(doc.SalesDelivery, at, sh.batch(4, 9, "甲", 0), sh.serials(150, "SN2")))
	sh.post(sh.draft2(doc.StockTransfer, at, sh.serials(0, "sn3")))
	loan := sh.draft2(doc.LendOut, at, row(a, 2, 0))
	loan.PartyID, loan.ToPlaceID = sh.customer, sh.lent
	sh.loan = sh.post(loan)
	back := sh.draft2(doc.LendReturn, at, from(row(a, 1, 0), sh.loan, 1))
	back.PartyID, back.ToPlaceID = sh.customer, sh.lent
	sh.post(back)
	sh.assemble(at, 12_34)
	freight := sh.draft2(doc.LandedCost, at.AddDays(1), from(doc.Line{ItemID: sh.batched, Num: 1, Den: 1, Amount: 7_77}, buy, 1))
	freight.WarehouseID = 0
	sh.post(freight)
	top := sh.money(doc.StoredTopUp, at, sh.member, 100_00)
	top.Bonus = 20_00
	sh.post(top)
	sale := sh.draft2(doc.RetailSale, at, row(a, 1, 20))
	sale.PartyID, sale.Points, sale.Payments = sh.member, 20, []doc.Payment{{AccountID: sh.stored, Amount: 20_00, Stored: true}}
	sh.post(sale)
	prepaid := sh.post(sh.money(doc.PaymentIn, at, sh.customer, 30_00))
	bill := sh.post(sh.draft2(doc.SalesDelivery, at, row(a, 1, 12)))
	set := sh.draft2(doc.Settlement, at)
	set.WarehouseID, set.PartyID, set.Allocs = 0, sh.customer, []doc.Alloc{{Doc: bill, Amount: 12_00}, {Doc: prepaid, Amount: -12_00}}
	sh.post(set)
}

func (sh *tradeShop) december() {
	a := sh.items[0]
	sh.post(sh.draft2(doc.GoodsReceipt, sh.d, row(a, 10, 14), sh.batch(5, 6, "乙", day.Must("2027-06-01"))))
	sold := sh.post(sh.draft2(doc.SalesDelivery, sh.d.AddDays(1), row(a, 20, 30), sh.batch(12, 9, "乙", 0)))
	sh.post(sh.draft2(doc.GoodsReceipt, sh.d, row(a, 4, 9))) // between: the sale takes from it now
	sh.post(sh.draft2(doc.SalesReturn, sh.d.AddDays(2), from(row(a, 2, 30), sold, 1)))
	sh.assemble(sh.d.AddDays(2), 0)
	gone := sh.post(sh.draft2(doc.StockLoss, sh.d.AddDays(3), row(a, 1, 0)))
	sh.write(func(x app.Tx) error { return reverse(x, gone, sh.d.AddDays(4)) })
	sh.write(func(x app.Tx) error {
		if err := x.EndOrder(sh.order, app.OrderEnd{By: 1, At: 1_800_000_300, Reason: "不要了"}); err != nil {
			return err
		}
		d := sh.draft2(doc.GoodsReceipt, sh.d, row(a, 1, 1))
		sh.draft = d.ID
		if _, err := x.SaveDraft(d); err != nil {
			return err
		}
		if _, err := x.AskApproval(app.Approval{Doc: d.ID, Rule: "r1", AskedBy: 1, AskedAt: 1_800_000_400, Note: "看一下"}); err != nil {
			return err
		}
		return x.SetSetting("x", "y")
	})
}

// draft2 is draft with whom a kind needs even if it does not say on which side.
func (sh *tradeShop) draft2(kind doc.Kind, date day.Date, lines ...doc.Line) doc.Document {
	d := sh.shop.draft(kind, date, lines...)
	if s, _ := doc.Of(kind); s.Party == doc.Must && d.PartyID == 0 {
		d.PartyID = sh.customer
	}
	return d
}

func (sh *tradeShop) money(kind doc.Kind, date day.Date, party int64, m amount.Money) doc.Document {
	d := sh.draft2(kind, date)
	d.WarehouseID, d.PartyID, d.AccountID, d.Amount = 0, party, sh.cash, m
	return d
}

// assemble makes 3 sets of 2 pieces of the first item and 1 of the second.
func (sh *tradeShop) assemble(date day.Date, fee amount.Money) {
	out := row(sh.items[0], 2, 0)
	other := row(sh.items[1], 1, 0)
	in := row(sh.made, 3, 0)
	out.Side, other.Side, in.Side = -1, -1, 1
	d := sh.draft2(doc.Assembly, date, out, other, in)
	if fee != 0 {
		d.Amount, d.AccountID = fee, sh.cash
	}
	sh.post(d)
}

func TestTradeShop(t *testing.T) {
	sh := newTradeShop(t)
	sh.read(func(x app.Tx) error {
		if lines, err := x.Open(sh.order); err != nil || len(lines) != 1 || lines[0] != (app.LineOpen{Line: 1, Base: units(5), Done: units(2)}) {
			t.Errorf("open %+v %v", lines, err)
		}
		if lines, err := x.Open(sh.loan); err != nil || lines[0].Done != units(1) {
			t.Errorf("lent %+v %v", lines, err)
		}
		if by, err := x.PulledBy(sh.order); err != nil || len(by) != 1 {
			t.Errorf("pulled by %v %v", by, err)
		}
		if e, ok, err := x.OrderEnded(sh.order); err != nil || !ok || e.Reason != "不要了" || e.By != 1 {
			t.Errorf("ended %+v %v %v", e, ok, err)
		}
		all, err := x.OnHand(sh.items[0], 0)
		if err != nil {
			return err
		}
		lent, err := x.OnHand(sh.items[0], sh.lent)
		if p := sh.pool(sh.items[0]); err != nil || lent != units(1) || p.Qty != all+lent {
			t.Errorf("on hand %v, lent %v, pool %v %v", all, lent, p.Qty, err)
		}
		bs, err := x.Batches(sh.batched, 0)
		if err != nil || len(bs) != 2 || bs[0] != (app.BatchStock{Batch: "甲", Expiry: day.Must("2027-03-01"), Qty: units(6)}) || bs[1].Qty != units(3) {
			t.Errorf("batches %+v %v", bs, err)
		}
		one, _ := x.Pool(ledger.Pot{Item: sh.batched, Batch: "甲"})
		two, _ := x.Pool(ledger.Pot{Item: sh.batched, Batch: "乙"})
		sum, err := x.Pool(ledger.Pot{Item: sh.batched})
		// 10 for 30.00 and 7.77 of freight; 4 of them are sold
		if err != nil || one.Value != 22_66 || two.Value != 18_00 || sum.Qty != one.Qty+two.Qty || sum.Value != one.Value+two.Value {
			t.Errorf("pots %+v %+v of %+v %v", one, two, sum, err)
		}
		if w, ok, err := x.SerialPlace(sh.pieces, "SN3"); err != nil || !ok || w != sh.wh[1] {
			t.Errorf("sn3 in %v %v %v", w, ok, err)
		}
		if ps, err := x.Serials(sh.pieces, 0, "SN", 9); err != nil || len(ps) != 2 {
			t.Errorf("pieces %+v %v", ps, err)
		}
		if p, err := x.Party(sh.member); err != nil || p.Points != 20 || p.Stored != 100_00 {
			t.Errorf("member %+v %v", p, err)
		}
		if as, err := x.PendingApprovals(); err != nil || len(as) != 1 || as[0].Doc != sh.draft || as[0].Note != "看一下" {
			t.Errorf("approvals %+v %v", as, err)
		}
		if ms, err := x.MonthCloses(); err != nil || len(ms) != 1 || ms[0].Month != 202611 || ms[0].Seq == 0 {
			t.Errorf("months %+v %v", ms, err)
		}
		ds, err := x.DraftsDated(sh.d, sh.d)
		if err != nil || len(ds) != 1 || ds[0].ID != sh.draft {
			t.Errorf("drafts %+v %v", ds, err)
		}
		return nil
	})
	err := sh.s.Write(bg, func(x app.Tx) error { return post(x, sh.draft2(doc.SalesDelivery, sh.d, sh.serials(1, "sn2"))) })
	wantFault(t, err, fault.Conflict, "store.serial-missing")
	err = sh.s.Write(bg, func(x app.Tx) error { return post(x, sh.draft2(doc.GoodsReceipt, sh.d, sh.serials(1, "SN1"))) })
	wantFault(t, err, fault.Conflict, "store.serial-there")
	err = sh.s.Write(bg, func(x app.Tx) error { return x.SwitchMethod(app.CostMethod{From: sh.d, Method: ledger.MovingAverage}) })
	wantFault(t, err, fault.Conflict, "store.moves-after")
	err = sh.s.Write(bg, func(x app.Tx) error { _, err := x.CloseMonth(app.MonthClose{Month: 202701}); return err })
	wantFault(t, err, fault.Conflict, "store.month-order")
	err = sh.s.Write(bg, func(x app.Tx) error { return x.ReopenMonth(app.MonthClose{Month: 202610}) })
	wantFault(t, err, fault.Conflict, "store.month-order")
}

// TestDocumentsKeepEverything writes a document with every field there is, as a
// draft, and reads it back.
func TestDocumentsKeepEverything(t *testing.T) {
	sh := newShop(t, 1)
	sh.write(func(x app.Tx) error {
		_, err := x.SaveEmployee(master.Employee{Code: "E1", Name: "店员"})
		return err
	})
	l := row(sh.items[0], 3, 2)
	l.No, l.Base, l.Book, l.First, l.FirstBook, l.Recounted, l.Side, l.Amount = 1, l.Qty, 1, 2, 3, true, -1, 55
	l.Batch, l.Expiry, l.Serials, l.Note = "B", 20270101, []string{"z", "a", "a"}, "行"
	d := doc.Document{ID: "whole", Kind: doc.SalesDelivery, Date: d1, Status: doc.Draft, PartyID: sh.customer, WarehouseID: sh.wh[0], ToPlaceID: sh.wh[1],
		AccountID: sh.cash, ToAccountID: sh.cash, StaffID: 1, Due: 20261231, Category: "c", Amount: 1, Bonus: 2, Expected: 3, Discount: 4, Note: "n", Reason: "r",
		Points: 5, PointsUsed: 6, Custom: map[string]string{"k": "值", "a": "1"}, Lines: []doc.Line{l}, Payments: []doc.Payment{{AccountID: sh.cash, Amount: 7}},
		Total: 8, CreatedBy: 1, CreatedAt: 9}
	for range 2 { // new, and over itself
		sh.write(func(x app.Tx) error {
			v, err := x.SaveDraft(d)
			d.Version = v
			return err
		})
		sh.read(func(x app.Tx) error {
			got, err := x.Document("whole")
			if err != nil {
				return err
			}
			want := d.Clone()
			if !reflect.DeepEqual(got, want) {
				t.Errorf("read %+v\nwant %+v", got, want)
			}
			return nil
		})
	}
}
