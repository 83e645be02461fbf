package app_test

import (
	"context"
	"testing"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/master"
	"tiezhang/app/rule"
	"tiezhang/app/sheet"
)

// Where one part of the trade side rests on what another does: each of these went
// wrong once.

// stocked is an item tracked by batch, with an expiry date.
func (c *counter) stocked(code string) int64 {
	return done(c, app.SaveItem{Item: master.Item{Code: code, Name: code, Unit: "pc", Track: master.ByBatch, Expires: true, Prices: prices(master.Retail, "7.00")}})
}

func (c *counter) batch(item, q int64, price, batch, expiry string) doc.Line {
	ln := c.line(item, q, price)
	ln.Batch = batch
	if expiry != "" {
		ln.Expiry = day.Must(expiry)
	}
	return ln
}

// TestNothingIsSoldOfNoBatch: the till may sell what the books do not show, but of
// a batch: stock below nothing of no batch could never be made good, as what
// comes in, or is counted, names one.
func TestNothingIsSoldOfNoBatch(t *testing.T) {
	c := newCounter(t)
	milk := c.stocked("milk")
	sale := func(id string) doc.Document {
		return doc.Document{ID: id, Kind: doc.RetailSale, Lines: []doc.Line{c.line(milk, 2, "7")}, Payments: []doc.Payment{{AccountID: c.cash, Amount: 14_00}}}
	}
	_, err := app.Do(withPw, c.s, app.Post{Doc: c.fill(sale("x")), AllowNegative: true})
	c.wrong(err, "doc.stock-short")
	// once there was a batch, it is that one which is short, and a receipt makes it good
	c.post(doc.Document{ID: "r", Kind: doc.GoodsReceipt, PartyID: c.supply, Lines: []doc.Line{c.batch(milk, 1, "3", "L1", "2026-12-01")}})
	done(c, app.Post{Doc: c.fill(sale("s")), AllowNegative: true})
	c.post(doc.Document{ID: "r2", Kind: doc.GoodsReceipt, PartyID: c.supply, Lines: []doc.Line{c.batch(milk, 1, "3", "L1", "2026-12-01")}})
	c.holds(milk, "0", "0.00")
}

// TestTheDayOfABatchIsNotTypedAtTheSale: what is past its day wants the right,
// whatever day the line of the sale says, and selling never moves a batch's day.
func TestTheDayOfABatchIsNotTypedAtTheSale(t *testing.T) {
	c := newCounter(t)
	milk := c.stocked("milk")
	c.post(doc.Document{ID: "r", Kind: doc.GoodsReceipt, PartyID: c.supply, Lines: []doc.Line{c.batch(milk, 9, "3", "L1", "2026-10-01")}})
	cashier := c.person("cashier", access.Cashier)
	sale := doc.Document{ID: "s", Kind: doc.SalesDelivery, PartyID: c.buyer, Lines: []doc.Line{c.batch(milk, 1, "7", "L1", "2027-10-01")}}
	_, err := app.Do(context.Background(), cashier, app.Post{Doc: c.fill(sale)})
	c.wrong(err, "gate.second")
	c.as("boss")
	c.post(sale)
	c.read(func(tx app.Tx) error {
		e, err := tx.BatchExpiry(milk, "L1")
		if e != day.Must("2026-10-01") {
			t.Errorf("the batch expires on %s now", e)
		}
		return err
	})
}

// TestABatchOnAnOrderIsAWish: the supplier sends what there is. What was sold of a
// batch comes back to it.
func TestABatchOnAnOrderIsAWish(t *testing.T) {
	c := newCounter(t)
	milk := c.stocked("milk")
	c.post(doc.Document{ID: "o", Kind: doc.PurchaseOrder, PartyID: c.supply, Lines: []doc.Line{c.batch(milk, 5, "3", "L1", "")}})
	c.post(doc.Document{ID: "r", Kind: doc.GoodsReceipt, PartyID: c.supply, Lines: []doc.Line{from(c.batch(milk, 5, "3", "L2", "2026-12-01"), "o", 1)}})
	c.refused(doc.Document{ID: "x", Kind: doc.PurchaseReturn, PartyID: c.supply, Lines: []doc.Line{from(c.batch(milk, 1, "3", "L1", ""), "r", 1)}}, "doc.batch-origin")
}

// TestASplitLineIsJudgedAsTyped: a line is cut by batches for the books; whether
// its discount is within the limit is asked of what was typed.
func TestASplitLineIsJudgedAsTyped(t *testing.T) {
	c := newCounter(t)
	milk := done(c, app.SaveItem{Item: master.Item{Code: "milk", Name: "milk", Unit: "pc", Track: master.ByBatch, Prices: prices(master.Retail, "0.04")}})
	plain := done(c, app.SaveItem{Item: master.Item{Code: "plain", Name: "plain", Unit: "pc", Prices: prices(master.Retail, "0.04")}})
	c.post(doc.Document{ID: "r", Kind: doc.GoodsReceipt, PartyID: c.supply, Lines: []doc.Line{c.batch(milk, 1, "0.01", "L1", ""), c.batch(milk, 1, "0.01", "L2", ""),
		c.batch(milk, 50, "0.01", "L3", ""), c.line(plain, 50, "0.01")}})
	cashier := c.person("cashier", access.Cashier)
	// 0.76 less 0.08 is within the 10% the role may give; of one piece, a fen is not
	sale := func(id string, item int64) doc.Document {
		ln := c.line(item, 19, "0.04")
		ln.Off = 8
		return c.fill(doc.Document{ID: id, Kind: doc.RetailSale, Lines: []doc.Line{ln}, Payments: []doc.Payment{{AccountID: c.cash, Amount: 68}}})
	}
	_, whole := app.Do(context.Background(), cashier, app.Post{Doc: sale("s1", plain)})
	_, split := app.Do(context.Background(), cashier, app.Post{Doc: sale("s2", milk)})
	if whole != nil || split != nil {
		t.Errorf("whole %v, split %v", whole, split)
	}
	c.as("boss")
	c.clean()
}

// TestPointsComeBackWhole: returned bit by bit, a bill gives back exactly the
// points it earned and used; a bill of nobody's takes none from who brings it
// back; and a merged member's bill is the kept one's.
func TestPointsComeBackWhole(t *testing.T) {
	c := newCounter(t)
	c.post(doc.Document{ID: "in", Kind: doc.GoodsReceipt, PartyID: c.supply, Lines: []doc.Line{c.line(c.tea, 100, "10")}})
	for k, v := range map[string]string{app.SettingPointsPerYuan: "0.083334", app.SettingPointValue: "0.1"} {
		if err := c.st.Write(context.Background(), func(tx app.Tx) error { return tx.SetSetting(k, v) }); err != nil {
			t.Fatal(err)
		}
	}
	sale := func(id string, party, n int64) doc.Document {
		return doc.Document{ID: id, Kind: doc.RetailSale, PartyID: party, Lines: []doc.Line{c.line(c.tea, n, "20")}, Payments: []doc.Payment{{AccountID: c.cash, Amount: amount.Money(n) * 20_00}}}
	}
	back := func(id, of string, n int64) doc.Document {
		return doc.Document{ID: id, Kind: doc.RetailReturn, PartyID: c.buyer, Lines: []doc.Line{from(c.line(c.tea, n, "20"), of, 1)},
			Payments: []doc.Payment{{AccountID: c.cash, Amount: amount.Money(n) * 20_00}}}
	}
	c.post(sale("s", c.buyer, 3)) // 60 × 0.083334 = 5 points
	c.points(5)
	for i, id := range []string{"b1", "b2", "b3"} {
		c.post(back(id, "s", 1))
		c.points([]int64{3, 2, 0}[i])
	}
	c.post(sale("nobody", 0, 3))
	c.post(back("b4", "nobody", 3))
	c.points(0)

	twin := done(c, app.SaveParty{Party: master.Party{Code: "twin", Name: "twin", Kind: master.Customer, Card: "M7"}})
	c.post(sale("t0", twin, 3)) // 5
	spent := sale("t", twin, 3) // uses 5: 60 − 0.50 = 59.50 earns 4
	spent.PointsUsed, spent.Discount, spent.Payments[0].Amount = 5, 50, 59_50
	c.post(spent)
	done(c, app.Merge{Entity: master.OfParty, Kept: c.buyer, Dropped: twin, Reason: "one person"})
	c.points(4)
	b := back("b5", "t", 3)
	b.Lines[0].Off, b.Payments[0].Amount = 50, 59_50
	c.post(b)
	c.points(5)
}

// TestWhatWasPaidBackToACardAndSpentStays: a return paid back to stored value
// cannot be taken back once that is spent, like a top-up.
func TestWhatWasPaidBackToACardAndSpentStays(t *testing.T) {
	c := newCounter(t)
	c.post(doc.Document{ID: "in", Kind: doc.GoodsReceipt, PartyID: c.supply, Lines: []doc.Line{c.line(c.tea, 100, "10")}})
	c.post(doc.Document{ID: "up", Kind: doc.StoredTopUp, PartyID: c.buyer, AccountID: c.cash, Amount: 1_00})
	places, err := app.Ask(withPw, c.s, app.Places{})
	if err != nil {
		t.Fatal(err)
	}
	var card int64
	for _, a := range places.Accounts {
		if a.Kind == master.Stored {
			card = a.ID
		}
	}
	sale := func(id string, kind doc.Kind, account int64) doc.Document {
		return doc.Document{ID: id, Kind: kind, PartyID: c.buyer, Lines: []doc.Line{c.line(c.tea, 1, "30")}, Payments: []doc.Payment{{AccountID: account, Amount: 30_00}}}
	}
	c.post(sale("s", doc.RetailSale, c.cash))
	b := sale("b", doc.RetailReturn, card)
	b.Lines[0].Origin = doc.Origin{Doc: "s", Line: 1}
	c.post(b)
	c.balance(doc.AccStored, c.buyer, "-31.00")
	c.post(sale("s2", doc.RetailSale, card))
	_, err = app.Do(withPw, c.s, app.Reverse{ID: "b", Kind: doc.RetailReturn, Reason: "wrong"})
	c.wrong(err, "member.stored-spent")
	done(c, app.Reverse{ID: "s2", Kind: doc.RetailSale, Reason: "wrong"})
	done(c, app.Reverse{ID: "b", Kind: doc.RetailReturn, Reason: "wrong"})
	c.balance(doc.AccStored, c.buyer, "-1.00")
	c.clean()
}

// TestAReceiptIsNeverWorthLessThanNothing: what a supplier takes off goes as far
// as the line cost, over all that was taken off before.
func TestAReceiptIsNeverWorthLessThanNothing(t *testing.T) {
	c := newCounter(t)
	c.post(doc.Document{ID: "r", Kind: doc.GoodsReceipt, PartyID: c.supply, Lines: []doc.Line{c.line(c.cup, 1, "5"), c.line(c.tea, 10, "10")}})
	less := func(id string, m amount.Money) doc.Document {
		return doc.Document{ID: id, Kind: doc.PriceAdjustment, PartyID: c.supply, Lines: []doc.Line{{No: 3, ItemID: c.tea, Amount: m, Origin: doc.Origin{Doc: "r", Line: 2}}}}
	}
	c.refused(less("x", -100_01), "doc.revalue-below")
	c.post(less("a", -60_00))
	c.refused(less("x", -40_01), "doc.revalue-below")
	two := less("x", -30_00)
	two.Lines = append(two.Lines, two.Lines[0])
	two.Lines[1].No, two.Lines[1].Amount = 4, -10_01
	c.refused(two, "doc.revalue-below")
	c.post(less("b", -40_00))
	c.holds(c.tea, "10", "0.00")
	done(c, app.Reverse{ID: "a", Kind: doc.PriceAdjustment, Reason: "wrong"})
	c.post(less("d", -60_00))
	c.clean()
}

// TestAReturnPaysBackWhatWasPaid: with the bill in hand, more than it says wants
// the right to take goods back without one.
func TestAReturnPaysBackWhatWasPaid(t *testing.T) {
	c := newCounter(t)
	c.post(doc.Document{ID: "in", Kind: doc.GoodsReceipt, PartyID: c.supply, Lines: []doc.Line{c.line(c.tea, 100, "10")}})
	s := doc.Document{ID: "s", Kind: doc.RetailSale, Discount: 1, Lines: []doc.Line{c.line(c.tea, 3, "20")}, Payments: []doc.Payment{{AccountID: c.cash, Amount: 59_99}}}
	c.post(s)
	back := func(id string, price string, m amount.Money) doc.Document {
		return c.fill(doc.Document{ID: id, Kind: doc.RetailReturn, Lines: []doc.Line{from(c.line(c.tea, 1, price), "s", 1)}, Payments: []doc.Payment{{AccountID: c.cash, Amount: m}}})
	}
	cashier := c.person("cashier", access.Cashier)
	do := func(d doc.Document) error {
		_, err := app.Do(withPw, cashier, app.Post{Doc: d})
		return err
	}
	if err := do(back("x", "200", 200_00)); err == nil {
		t.Error("ten times the price was paid back")
	}
	if err := do(back("b", "20", 20_00)); err != nil { // a third of 59.99, and the fen it was rounded by
		t.Error(err)
	}
	c.as("boss")
	c.clean()
}

// TestTheCounterIsNotAskedForFields: a required field of the owner's own stands on
// the screens of documents. The till has none, and a merge is nobody's form.
func TestTheCounterIsNotAskedForFields(t *testing.T) {
	c := newCounter(t)
	done(c, app.SaveCustomField{Field: master.CustomField{Entity: master.OfDocument, Name: "Contract", Type: master.CustomText, Required: true}})
	in := doc.Document{ID: "in", Kind: doc.GoodsReceipt, PartyID: c.supply, Lines: []doc.Line{c.line(c.tea, 5, "10"), c.line(c.cup, 5, "10")}}
	c.refused(in, "master.custom-missing")
	fs, err := app.Ask(withPw, c.s, app.CustomFields{})
	if err != nil || len(fs) != 1 {
		t.Fatal(fs, err)
	}
	in.Custom = map[string]string{fs[0].Key: "A-7"}
	c.post(in)
	c.post(doc.Document{ID: "s", Kind: doc.RetailSale, Lines: []doc.Line{c.line(c.tea, 1, "30")}, Payments: []doc.Payment{{AccountID: c.cash, Amount: 30_00}}})
	c.post(doc.Document{ID: "b", Kind: doc.RetailReturn, Lines: []doc.Line{from(c.line(c.tea, 1, "30"), "s", 1)}, Payments: []doc.Payment{{AccountID: c.cash, Amount: 30_00}}})
	done(c, app.CloseDay{Date: day.Of(c.clock.at), Account: c.cash})
	done(c, app.Merge{Entity: master.OfItem, Kept: c.tea, Dropped: c.cup, Reason: "the same"})
	c.clean()
}

// TestNothingComesIntoAMergedItem: it is out of use for good, and what came back
// under its name could be neither sold nor merged again.
func TestNothingComesIntoAMergedItem(t *testing.T) {
	c := newCounter(t)
	c.post(doc.Document{ID: "in", Kind: doc.GoodsReceipt, PartyID: c.supply, Lines: []doc.Line{c.line(c.tea, 5, "10"), c.line(c.cup, 5, "10")}})
	c.post(doc.Document{ID: "s", Kind: doc.SalesDelivery, PartyID: c.buyer, Lines: []doc.Line{c.line(c.cup, 2, "30")}})
	done(c, app.Merge{Entity: master.OfItem, Kept: c.tea, Dropped: c.cup, Reason: "the same"})
	back := doc.Document{ID: "b", Kind: doc.SalesReturn, PartyID: c.buyer, Lines: []doc.Line{from(c.line(c.cup, 1, "30"), "s", 1)}}
	c.refused(back, "doc.item-merged")
	_, err := app.Do(withPw, c.s, app.Reverse{ID: "s", Kind: doc.SalesDelivery, Reason: "wrong"})
	c.wrong(err, "doc.reverse-merged")
	back.Lines[0] = c.line(c.tea, 1, "30")
	c.post(back)
	c.holds(c.tea, "9", "90.00")
}

// TestWhatOpensAnOrderAgain: taking a delivery back does, as it never was; a return
// does not, as the goods were delivered: what is to be sent again is ordered again.
func TestWhatOpensAnOrderAgain(t *testing.T) {
	c := newCounter(t)
	c.post(doc.Document{ID: "in", Kind: doc.GoodsReceipt, PartyID: c.supply, Lines: []doc.Line{c.line(c.tea, 30, "10")}})
	c.post(doc.Document{ID: "o", Kind: doc.SalesOrder, PartyID: c.buyer, Lines: []doc.Line{c.line(c.tea, 10, "30")}})
	box := c.line(c.tea, 1, "300")
	box.Unit = "box" // 12 of 10
	c.refused(doc.Document{ID: "x", Kind: doc.SalesDelivery, PartyID: c.buyer, Lines: []doc.Line{from(box, "o", 1)}}, "doc.promise-qty")
	part := func(id string, q int64) doc.Document {
		return doc.Document{ID: id, Kind: doc.SalesDelivery, PartyID: c.buyer, Lines: []doc.Line{from(c.line(c.tea, q, "30"), "o", 1)}}
	}
	open := func(want int64) {
		t.Helper()
		c.read(func(tx app.Tx) error {
			ls, err := tx.Open("o")
			if err == nil && ls[0].Base-ls[0].Done != qty(want) {
				t.Errorf("open: %+v, want %d", ls, want)
			}
			return err
		})
	}
	c.post(part("d1", 6))
	c.post(part("d2", 4))
	open(0)
	c.refused(part("x", 1), "doc.promise-qty")
	done(c, app.Reverse{ID: "d1", Kind: doc.SalesDelivery, Reason: "wrong"})
	open(6)
	c.post(doc.Document{ID: "b", Kind: doc.SalesReturn, PartyID: c.buyer, Lines: []doc.Line{from(c.line(c.tea, 4, "30"), "d2", 1)}})
	open(6)
	c.post(part("d3", 6))
	c.refused(part("x", 1), "doc.promise-qty")
	done(c, app.EndOrder{ID: "o", Kind: doc.SalesOrder, Reason: "done"})
	c.refused(part("x", 1), "doc.promise-ended")
	c.clean()
}

// TestCostsDoNotUseUpAReceipt: freight and late prices name the lines of a receipt,
// and as much can be returned as before; it cannot be taken back under them.
func TestCostsDoNotUseUpAReceipt(t *testing.T) {
	c := newCounter(t)
	c.post(doc.Document{ID: "r", Kind: doc.GoodsReceipt, PartyID: c.supply, Lines: []doc.Line{c.line(c.tea, 10, "10")}})
	back := func(id string, q int64) doc.Document {
		return doc.Document{ID: id, Kind: doc.PurchaseReturn, PartyID: c.supply, Lines: []doc.Line{from(c.line(c.tea, q, "10"), "r", 1)}}
	}
	cost := func(id string, k doc.Kind, party int64) doc.Document {
		return doc.Document{ID: id, Kind: k, PartyID: party, Lines: []doc.Line{from(doc.Line{ItemID: c.tea, Qty: qty(10), Amount: 10_00}, "r", 1)}}
	}
	c.post(back("b1", 4))
	c.post(cost("f", doc.LandedCost, c.carrier)) // 110 over 10, of which 4 went back
	c.post(cost("p", doc.PriceAdjustment, c.supply))
	c.holds(c.tea, "6", "72.00")
	_, err := app.Do(withPw, c.s, app.Reverse{ID: "r", Kind: doc.GoodsReceipt, Reason: "wrong"})
	c.wrong(err, "doc.has-returns")
	done(c, app.Reverse{ID: "b1", Kind: doc.PurchaseReturn, Reason: "wrong"})
	_, err = app.Do(withPw, c.s, app.Reverse{ID: "r", Kind: doc.GoodsReceipt, Reason: "wrong"})
	c.wrong(err, "doc.has-pulls")
	c.refused(back("x", 11), "doc.origin-qty")
	c.post(back("b2", 10))
	c.holds(c.tea, "0", "0.00")
}

// TestAnApprovalIsNotEvadedByGivingAway: a rule by amount meets goods sold for
// nothing, and late prices that come to nothing together.
func TestAnApprovalIsNotEvadedByGivingAway(t *testing.T) {
	c := newCounter(t)
	c.post(doc.Document{ID: "r", Kind: doc.GoodsReceipt, PartyID: c.supply, Lines: []doc.Line{c.line(c.tea, 30, "10"), c.line(c.cup, 30, "10")}})
	done(c, app.SetApprovalRules{Rules: []rule.Approval{{ID: "big", Roles: []access.RoleID{access.Owner}, Over: "50"}}})
	alone := func(d doc.Document) {
		t.Helper()
		said, err := app.Ask(withPw, c.s, app.Preview{Doc: c.fill(d)})
		if err != nil || said.Approval != "big" {
			t.Errorf("foretold %+v %v", said, err)
		}
		_, err = app.Do(withPw, c.s, app.Post{Doc: c.fill(d)})
		c.wrong(err, "gate.second")
	}
	alone(doc.Document{ID: "x", Kind: doc.SalesDelivery, PartyID: c.buyer, Lines: []doc.Line{c.line(c.tea, 10, "0")}})
	alone(doc.Document{ID: "y", Kind: doc.PriceAdjustment, PartyID: c.supply, Lines: []doc.Line{
		from(doc.Line{No: 1, ItemID: c.tea, Amount: 60_00}, "r", 1), from(doc.Line{No: 2, ItemID: c.cup, Amount: -60_00}, "r", 2)}})
	c.post(doc.Document{ID: "z", Kind: doc.SalesDelivery, PartyID: c.buyer, Lines: []doc.Line{c.line(c.tea, 5, "0")}})
}

// TestACreditIsNotPaidAhead: money of a return is set against bills or paid out; a
// payment that settles less than nothing would pay more ahead than it brought.
func TestACreditIsNotPaidAhead(t *testing.T) {
	c := newCounter(t)
	c.post(doc.Document{ID: "in", Kind: doc.GoodsReceipt, PartyID: c.supply, Lines: []doc.Line{c.line(c.tea, 10, "10")}})
	c.post(doc.Document{ID: "s", Kind: doc.SalesDelivery, PartyID: c.buyer, Lines: []doc.Line{c.line(c.tea, 3, "30")}})
	c.post(doc.Document{ID: "b", Kind: doc.SalesReturn, PartyID: c.buyer, Lines: []doc.Line{from(c.line(c.tea, 1, "30"), "s", 1)}})
	pay := doc.Document{ID: "p", Kind: doc.PaymentIn, PartyID: c.buyer, AccountID: c.cash, Amount: 5_00, Allocs: []doc.Alloc{{Doc: "b", Amount: -10_00}}}
	c.refused(pay, "doc.alloc.below")
	pay.Amount, pay.Allocs = 60_00, []doc.Alloc{{Doc: "s", Amount: 90_00}, {Doc: "b", Amount: -30_00}}
	c.post(pay)
	c.open("s", "0.00")
	c.open("b", "0.00")
	c.open("p", "0.00")
}

// TestATopUpSpentByWhoTookItOver: after a merge the kept member spends what the
// other paid in, and that cannot be taken back then.
func TestATopUpSpentByWhoTookItOver(t *testing.T) {
	c := newCounter(t)
	twin := done(c, app.SaveParty{Party: master.Party{Code: "twin", Name: "twin", Kind: master.Customer, Card: "M7"}})
	c.post(doc.Document{ID: "up", Kind: doc.StoredTopUp, PartyID: twin, AccountID: c.cash, Amount: 50_00})
	done(c, app.Merge{Entity: master.OfParty, Kept: c.buyer, Dropped: twin, Reason: "one person"})
	c.post(doc.Document{ID: "out", Kind: doc.StoredRefund, PartyID: c.buyer, AccountID: c.cash, Amount: 20_00})
	_, err := app.Do(withPw, c.s, app.Reverse{ID: "up", Kind: doc.StoredTopUp, Reason: "wrong"})
	c.wrong(err, "member.stored-spent")
	c.balance(doc.AccStored, c.buyer, "-30.00")
}

// TestARowOfAnImportAsksForWhomItNeeds: a rule of the owner meets the opening stock
// of a table too, and the step asked for is the one that is wanted.
func TestARowOfAnImportAsksForWhomItNeeds(t *testing.T) {
	c := newCounter(t)
	done(c, app.SetApprovalRules{Rules: []rule.Approval{{ID: "big", Roles: []access.RoleID{access.Owner}, Over: "50"}}})
	st := csvImport(t, sheet.OpeningStockKind, "商品编码,仓库,数量,单价\ntea,B,10,10\n")
	_, err := app.Do(withPw, c.s, app.ImportSheet{Import: st})
	if step, ok := app.IsStep(err); !ok || step != access.Second {
		t.Errorf("asks for %v %v: %v", step, ok, err)
	}
	_, err = app.Do(withPw, c.s, app.PostWires{Wires: []app.Wire{{Kind: string(doc.GoodsReceipt), Party: "supply", Warehouse: "B", Lines: []app.WireLine{{Item: "tea", Qty: "10", Price: new(app.Dec("10"))}}}}})
	if step, ok := app.IsStep(err); !ok || step != access.Second {
		t.Errorf("asks for %v %v: %v", step, ok, err)
	}
}
