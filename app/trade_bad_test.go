package app_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/ledger"
	"tiezhang/app/master"
	"tiezhang/app/rule"
)

// TestBadInputIsRefusedWhole posts a sound document with one thing wrong at a
// time: it is refused with its line, and nothing of it is left.
func TestBadInputIsRefusedWhole(t *testing.T) {
	c := newCounter(t)
	c.post(doc.Document{ID: "in", Kind: doc.GoodsReceipt, PartyID: c.supply, Lines: []doc.Line{c.line(c.tea, 100, "10"), c.line(c.cup, 100, "5")}})
	c.post(doc.Document{ID: "out", Kind: doc.SalesDelivery, PartyID: c.buyer, Lines: []doc.Line{c.line(c.tea, 5, "25")}})
	gone := done(c, app.SaveItem{Item: master.Item{Code: "gone", Name: "gone", Unit: "pc", Disabled: true}})
	for _, k := range []struct {
		name, key, field string
		line             any
		change           func(*doc.Document)
	}{
		{"future", "doc.future", "date", nil, func(d *doc.Document) { d.Date = day.Of(c.clock.at).AddDays(1) }},
		{"unknown item", "doc.unknown-item", "item", 2, func(d *doc.Document) { d.Lines[1].ItemID = 999 }},
		{"item out of use", "doc.disabled", "item", 2, func(d *doc.Document) { d.Lines[1].ItemID = gone }},
		{"unit without factor", "doc.unknown-unit", "unit", 2, func(d *doc.Document) { d.Lines[1].Unit = "pallet" }},
		{"nothing", "doc.qty.positive", "qty", 2, func(d *doc.Document) { d.Lines[1].Qty = 0 }},
		{"less than nothing", "doc.qty.positive", "qty", 2, func(d *doc.Document) { d.Lines[1].Qty = -qty(1) }},
		{"overflow", "doc.overflow", "price", 2, func(d *doc.Document) { d.Lines[1].Qty, d.Lines[1].Price = amount.MaxQty, amount.MaxPrice }},
		{"huge", "doc.amount.range", "price", 2, func(d *doc.Document) { d.Lines[1].Qty, d.Lines[1].Price = amount.MaxQty, 2_000_000_000 }},
		{"more than there is", "doc.stock-short", "qty", 2, func(d *doc.Document) { d.Lines[1].Qty = qty(101) }},
		{"another kind's origin", "doc.origin-kind", "origin", 2, func(d *doc.Document) { d.Lines[1] = from(d.Lines[1], "in", 2) }},
		{"an origin that is not there", "doc.unknown-origin", "origin", 2, func(d *doc.Document) { d.Lines[1] = from(d.Lines[1], "nowhere", 2) }},
		{"unknown party", "doc.unknown-party", "party", nil, func(d *doc.Document) { d.PartyID = 999 }},
		{"a supplier", "doc.party-role.customer", "party", nil, func(d *doc.Document) { d.PartyID = c.supply }},
		{"unknown employee", "doc.unknown-staff", "staff", nil, func(d *doc.Document) { d.StaffID = 999 }},
		{"unknown warehouse", "doc.unknown-warehouse", "warehouse", nil, func(d *doc.Document) { d.WarehouseID = 999 }},
		{"unknown account", "doc.unknown-account", "payments", nil, func(d *doc.Document) { d.Payments[0].AccountID = 999 }},
		{"a field of nobody", "master.custom-unknown", "custom", nil, func(d *doc.Document) { d.Custom = map[string]string{"f1": "x"} }},
	} {
		d := c.fill(doc.Document{ID: "bad", Kind: doc.SalesDelivery, PartyID: c.buyer, Payments: []doc.Payment{{AccountID: c.cash, Amount: 1_00}},
			Lines: []doc.Line{c.line(c.tea, 1, "25"), c.line(c.cup, 1, "9")}})
		k.change(&d)
		before := c.moves()
		_, err := app.Do(withPw, c.s, app.Post{Doc: d})
		f := firstFault(err)
		if f == nil || f.Key != k.key || f.Args["field"] != k.field || k.line != nil && f.Args["line"] != k.line {
			t.Errorf("%s: %v", k.name, err)
		}
		if c.moves() != before {
			t.Errorf("%s: something was left", k.name)
		}
	}
	c.refused(doc.Document{ID: "r", Kind: doc.SalesReturn, PartyID: c.buyer, Lines: []doc.Line{from(c.line(c.tea, 3, "25"), "out", 1), from(c.line(c.tea, 3, "25"), "out", 1)}}, "doc.origin-qty")
	c.refused(doc.Document{ID: "p", Kind: doc.PaymentIn, PartyID: c.buyer, AccountID: c.cash, Amount: 200_00, Allocs: []doc.Alloc{{Doc: "out", Amount: 125_01}}}, "doc.alloc-open")
	c.refused(doc.Document{ID: "p", Kind: doc.PaymentOut, PartyID: c.supply, AccountID: c.cash, Amount: 200_00, Allocs: []doc.Alloc{{Doc: "out", Amount: 1_00}}}, "doc.alloc-kind")
	c.clean()
}

func firstFault(err error) *fault.Error {
	switch e := err.(type) {
	case fault.List:
		return e[0]
	case *fault.Error:
		return e
	}
	return nil
}

// TestTwoPeoplePostTheSameDraft races for real: what is sent twice at once is
// posted once, both are told its number, and the books are clean. Whoever comes
// later, with another account, is told the same; who has another state of it on
// the screen is told so.
func TestTwoPeoplePostTheSameDraft(t *testing.T) {
	c := newCounter(t)
	c.post(doc.Document{ID: "in", Kind: doc.GoodsReceipt, PartyID: c.supply, Lines: []doc.Line{c.line(c.tea, 100, "10")}})
	for _, id := range []string{"a", "b", "c", "d", "e", "f"} {
		d := c.fill(doc.Document{ID: id, Kind: doc.SalesDelivery, PartyID: c.buyer, Lines: []doc.Line{c.line(c.tea, 2, "25")}})
		d.Version = done(c, app.SaveDraft{Doc: d})
		var wg sync.WaitGroup
		rs, errs := make([]app.Receipt, 2), make([]error, 2)
		start := make(chan struct{})
		for i := range rs {
			wg.Add(1)
			go func() {
				defer wg.Done()
				<-start
				rs[i], errs[i] = app.Do(withPw, c.s, app.Post{Doc: d})
			}()
		}
		close(start)
		wg.Wait()
		if errs[0] != nil || errs[1] != nil || rs[0].Number != rs[1].Number || rs[0].Number == "" || rs[0].Again == rs[1].Again {
			t.Fatalf("%+v %v", rs, errs)
		}
	}
	c.person("helper", access.Manager)
	last := c.fill(doc.Document{ID: "f", Kind: doc.SalesDelivery, PartyID: c.buyer, Lines: []doc.Line{c.line(c.tea, 2, "25")}})
	if r := done(c, app.Post{Doc: last}); !r.Again {
		t.Errorf("%+v", r)
	}
	d := c.fill(doc.Document{ID: "g", Kind: doc.SalesDelivery, PartyID: c.buyer, Lines: []doc.Line{c.line(c.tea, 2, "25")}})
	d.Version = done(c, app.SaveDraft{Doc: d})
	done(c, app.SaveDraft{Doc: d})
	_, err := app.Do(withPw, c.s, app.Post{Doc: d})
	c.wrong(err, "doc.stale")
	c.holds(c.tea, "88", "880.00")
	c.clean()
}

// TestBatchesLeaveInTheOrderTheyExpire: a line without a batch takes what expires
// first, over several lines that come to the same fen; what is past its day goes
// last and wants a right.
func TestBatchesLeaveInTheOrderTheyExpire(t *testing.T) {
	c := newCounter(t)
	milk := done(c, app.SaveItem{Item: master.Item{Code: "milk", Name: "Milk", Unit: "pc", Units: []master.Unit{{Name: "box", Num: 6, Den: 1}}, Track: master.ByBatch, Expires: true,
		Prices: prices(master.Wholesale, "7.00")}})
	in := func(id, batch string, q int64, expiry string) doc.Line {
		ln := c.line(milk, q, "3")
		ln.Batch = batch
		if expiry != "" {
			ln.Expiry = day.Must(expiry)
		}
		return ln
	}
	receipt := func(id string, ls ...doc.Line) doc.Document {
		return doc.Document{ID: id, Kind: doc.GoodsReceipt, PartyID: c.supply, Lines: ls}
	}
	c.refused(receipt("x", in("x", "", 5, "")), "doc.batch-missing")
	c.refused(receipt("x", in("x", "L1", 5, "")), "doc.expiry-missing")
	c.post(receipt("r1", in("r1", "L2", 10, "2026-12-01"), in("r1", "L1", 4, "2026-11-01"), in("r1", "L0", 3, "2026-10-01")))
	c.refused(receipt("x", in("x", "L1", 5, "2026-11-02")), "doc.expiry-differs")

	// two boxes of 6 for 41.00 each less 0.01: 4 of L1, 8 of L2; L0 is past its day
	ln := c.line(milk, 2, "41")
	ln.Unit, ln.Off = "box", 1
	sale := c.fill(doc.Document{ID: "s1", Kind: doc.SalesDelivery, PartyID: c.buyer, Lines: []doc.Line{ln}})
	c.post(sale)
	var d doc.Document
	c.read(func(tx app.Tx) (err error) { d, err = tx.Document("s1"); return err })
	if len(d.Lines) != 2 || d.Lines[0].Batch != "L1" || d.Lines[0].Base != qty(4) || d.Lines[1].Batch != "L2" || d.Lines[1].Base != qty(8) ||
		d.Lines[0].Gross+d.Lines[1].Gross != 81_99 || d.Total != 81_99 || d.Lines[0].Off < 0 || d.Lines[1].Off < 0 {
		t.Errorf("%+v", d)
	}
	// its return finds the batch by itself
	back := from(c.line(milk, 2, "6.83"), "s1", 1)
	c.post(doc.Document{ID: "b1", Kind: doc.SalesReturn, PartyID: c.buyer, Lines: []doc.Line{back}})
	wrong := back
	wrong.Batch = "L2"
	c.refused(doc.Document{ID: "b2", Kind: doc.SalesReturn, PartyID: c.buyer, Lines: []doc.Line{wrong}}, "doc.batch-origin")
	help, err := app.Ask(withPw, c.s, app.ItemHelp{Kind: doc.SalesDelivery, Item: milk, Party: c.buyer})
	if err != nil || len(help.Batches) != 3 || help.Batches[0].Batch != "L0" || help.Batches[1].Qty != qty(2) || help.LastOn == "" || help.Last == 0 {
		t.Errorf("%+v %v", help, err)
	}
	// past its day: the cashier needs somebody
	cashier := c.person("cashier", access.Cashier)
	old := c.line(milk, 1, "7")
	old.Batch = "L0"
	_, err = app.Do(context.Background(), cashier, app.Post{Doc: c.fill(doc.Document{ID: "s2", Kind: doc.SalesDelivery, PartyID: c.buyer, Lines: []doc.Line{old}})})
	c.wrong(err, "gate.second")
	c.as("boss")
	// a batch is short where the item is not
	much := c.line(milk, 3, "7")
	much.Batch = "L1"
	c.refused(doc.Document{ID: "s3", Kind: doc.SalesDelivery, PartyID: c.buyer, Lines: []doc.Line{much}}, "doc.batch-short")
	c.clean()
}

// TestEachPieceIsThereOnce: serial numbers come in once, leave from where they
// are, and go back to where they were.
func TestEachPieceIsThereOnce(t *testing.T) {
	c := newCounter(t)
	phone := done(c, app.SaveItem{Item: master.Item{Code: "phone", Name: "Phone", Unit: "pc", Track: master.BySerial}})
	pieces := func(price string, nos ...string) doc.Line {
		ln := c.line(phone, int64(len(nos)), price)
		ln.Serials = nos
		return ln
	}
	in := func(id string, ln doc.Line) doc.Document {
		return doc.Document{ID: id, Kind: doc.GoodsReceipt, PartyID: c.supply, Lines: []doc.Line{ln}}
	}
	out := func(id string, ln doc.Line) doc.Document {
		return doc.Document{ID: id, Kind: doc.SalesDelivery, PartyID: c.buyer, Lines: []doc.Line{ln}}
	}
	c.refused(in("x", c.line(phone, 2, "100")), "doc.serial-count")
	c.refused(in("x", pieces("100", "A1", "a1")), "doc.serial-twice")
	c.post(in("r1", pieces("100", "A1", "A2", "A3")))
	c.refused(in("x", pieces("100", "A3")), "doc.serial-there")
	c.refused(out("x", pieces("150", "A9")), "doc.serial-gone")
	ln := c.line(c.tea, 1, "5")
	ln.Serials = []string{"A1"}
	c.refused(in("x", ln), "doc.serial-not-tracked")
	c.post(doc.Document{ID: "t", Kind: doc.StockTransfer, ToPlaceID: c.back, Lines: []doc.Line{pieces("", "A2")}})
	c.refused(out("x", pieces("150", "A2")), "doc.serial-elsewhere")
	c.post(out("s1", pieces("150", "A1")))
	c.refused(doc.Document{ID: "x", Kind: doc.SalesReturn, PartyID: c.buyer, Lines: []doc.Line{from(pieces("150", "A3"), "s1", 1)}}, "doc.serial-origin")
	_, err := app.Do(withPw, c.s, app.Reverse{ID: "r1", Kind: doc.GoodsReceipt, Reason: "wrong"})
	c.wrong(err, "doc.serial-gone", "doc.serial-elsewhere")
	count := c.line(phone, 3, "")
	count.Book = qty(1)
	c.refused(doc.Document{ID: "x", Kind: doc.StockCount, Lines: []doc.Line{count}}, "doc.serial-count-differs")
	done(c, app.Reverse{ID: "s1", Kind: doc.SalesDelivery, Reason: "wrong"})
	found, err := app.Ask(withPw, c.s, app.FindSerials{Item: phone, Fragment: "a"})
	if err != nil || len(found) != 3 {
		t.Errorf("%v %v", found, err)
	}
	c.clean()
}

// TestMembers: money paid ahead and points, by the figures in the comments.
func TestMembers(t *testing.T) {
	c := newCounter(t)
	c.post(doc.Document{ID: "in", Kind: doc.GoodsReceipt, PartyID: c.supply, Lines: []doc.Line{c.line(c.tea, 100, "10")}})
	for k, v := range map[string]string{app.SettingPointsPerYuan: "0.5", app.SettingPointValue: "0.1"} {
		err := c.st.Write(context.Background(), func(tx app.Tx) error { return tx.SetSetting(k, v) })
		if err != nil {
			t.Fatal(err)
		}
	}
	stranger := done(c, app.SaveParty{Party: master.Party{Code: "stranger", Name: "stranger", Kind: master.Customer}})
	c.refused(doc.Document{ID: "x", Kind: doc.StoredTopUp, PartyID: stranger, AccountID: c.cash, Amount: 10_00}, "member.no-card")
	c.post(doc.Document{ID: "up", Kind: doc.StoredTopUp, PartyID: c.buyer, AccountID: c.cash, Amount: 100_00, Bonus: 20_00})
	c.balance(doc.AccStored, c.buyer, "-120.00")
	c.balance(doc.AccPromotion, 0, "20.00")
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
	sale := func(id string, pay, discount amount.Money, used int64) doc.Document {
		return doc.Document{ID: id, Kind: doc.RetailSale, PartyID: c.buyer, Discount: discount, PointsUsed: used, Lines: []doc.Line{c.line(c.tea, 5, "25")}, Payments: []doc.Payment{{AccountID: card, Amount: pay}}}
	}
	c.refused(sale("x", 125_00, 0, 0), "member.stored-short") // 120 there
	c.refused(doc.Document{ID: "x", Kind: doc.PaymentIn, PartyID: c.buyer, AccountID: card, Amount: 1_00}, "member.stored-account")
	c.refused(doc.Document{ID: "x", Kind: doc.StoredRefund, PartyID: c.buyer, AccountID: c.cash, Amount: 120_01}, "member.stored-short")
	c.post(sale("s1", 90_00, 35_00, 0)) // 125 − 35 = 90: 45 points
	c.balance(doc.AccStored, c.buyer, "-30.00")
	c.points(45)
	_, err = app.Do(withPw, c.s, app.Reverse{ID: "up", Kind: doc.StoredTopUp, Reason: "wrong"})
	c.wrong(err, "member.stored-spent")
	c.refused(sale("x", 30_00, 4_60, 46), "member.points-short")
	c.refused(sale("x", 30_00, 3_99, 40), "member.points-discount")
	c.post(sale("s2", 30_00, 5_00, 40)) // 40 points are 4.00 of the 5.00; 120 earn 60
	c.points(45 - 40 + 60)
	// two of five come back: 2/5 of 60 earned and of 40 used
	ret := from(c.line(c.tea, 2, "24"), "s2", 1)
	c.post(doc.Document{ID: "b", Kind: doc.RetailReturn, PartyID: c.buyer, Lines: []doc.Line{ret}, Payments: []doc.Payment{{AccountID: card, Amount: 48_00}}})
	c.points(65 - 24 + 16)
	c.balance(doc.AccStored, c.buyer, "-48.00")
	m, err := app.Ask(withPw, c.s, app.FindMember{Card: "m1"})
	if err != nil || m.Points != 57 || m.Stored != 48_00 || m.Worth != 5_70 {
		t.Errorf("%+v %v", m, err)
	}
	_, err = app.Do(withPw, c.s, app.SetCard{Party: c.buyer})
	c.wrong(err, "member.has-value")
	done(c, app.SetCard{Party: c.buyer, Card: "M2"})
	_, err = app.Ask(withPw, c.s, app.FindMember{Card: "M1"})
	c.wrong(err, "member.unknown")
	_, err = app.Do(withPw, c.s, app.SetCard{Party: stranger, Card: "m2"})
	c.wrong(err, "member.card-taken")
	for _, k := range []struct {
		id   string
		kind doc.Kind
	}{{"b", doc.RetailReturn}, {"s2", doc.RetailSale}, {"s1", doc.RetailSale}, {"up", doc.StoredTopUp}} {
		done(c, app.Reverse{ID: k.id, Kind: k.kind, Reason: "all of it"})
		c.clean()
	}
	c.points(0)
	c.balance(doc.AccStored, c.buyer, "0.00")
	c.balance(doc.AccPromotion, 0, "0.00")
}

func (c *counter) points(want int64) {
	c.t.Helper()
	c.read(func(tx app.Tx) error {
		n, err := tx.Points(c.buyer)
		if n != want {
			c.t.Errorf("%d points, want %d", n, want)
		}
		return err
	})
}

// TestApprovalOfDocuments: the rule binds, nobody approves themselves, and a yes
// holds for what was shown and nothing else.
func TestApprovalOfDocuments(t *testing.T) {
	c := newCounter(t)
	done(c, app.SetApprovalRules{Rules: []rule.Approval{{ID: "big", Kind: doc.GoodsReceipt, Over: "500"}, {ID: "loss", Kind: doc.StockLoss, Over: "50"}}})
	c.person("helper", access.Manager)
	post := func(d doc.Document) error {
		_, err := app.Do(withPw, c.s, app.Post{Doc: c.fill(d)})
		return err
	}
	small := doc.Document{ID: "small", Kind: doc.GoodsReceipt, PartyID: c.supply, Lines: []doc.Line{c.line(c.tea, 50, "10")}}
	if err := post(small); err != nil {
		t.Fatal(err)
	}
	big := c.fill(doc.Document{ID: "big", Kind: doc.GoodsReceipt, PartyID: c.supply, Lines: []doc.Line{c.line(c.tea, 51, "10")}})
	c.wrong(post(big), "gate.second")
	seen, err := app.Ask(withPw, c.s, app.Preview{Doc: big})
	if err != nil || seen.Approval != "big" {
		t.Errorf("%+v %v", seen, err)
	}
	id, err := app.Do(withPw, c.s, app.AskApproval{Doc: big, Note: "on offer"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = app.Do(withPw, c.s, app.Approve{ID: id})
	c.wrong(err, "gate.self-approval")
	_, err = app.Do(app.WithSecond(withPw, "helper", worldPassword), c.s, app.Post{Doc: big})
	c.wrong(err, "gate.self-approval")
	c.as("boss")
	qs, err := app.Ask(withPw, c.s, app.PendingApprovals{})
	if err != nil || len(qs) != 1 || qs[0].AskedName != "helper" || qs[0].Changed || qs[0].Document.Total != 510_00 || qs[0].Party != "supply" {
		t.Fatalf("%+v %v", qs, err)
	}
	// changed while the owner looks: not what was asked about
	c.as("helper")
	more := big
	more.Lines = []doc.Line{c.line(c.tea, 52, "10")}
	more.Version = version(c, "big")
	if more.Version, err = app.Do(withPw, c.s, app.SaveDraft{Doc: more}); err != nil {
		t.Fatal(err)
	}
	c.as("boss")
	_, err = app.Do(withPw, c.s, app.Approve{ID: id})
	c.wrong(err, "approval.changed")
	c.as("helper")
	if id, err = app.Do(withPw, c.s, app.AskApproval{Doc: more}); err != nil {
		t.Fatal(err)
	}
	c.as("boss")
	done(c, app.Approve{ID: id, Reason: "good"})
	_, err = app.Do(withPw, c.s, app.Refuse{ID: id, Reason: "no"})
	c.wrong(err, "approval.decided")
	c.as("helper")
	// changed after the yes: asked anew
	more.Version = version(c, "big")
	again := more
	again.Lines = []doc.Line{c.line(c.tea, 53, "10")}
	c.wrong(post(again), "gate.second")
	again.Lines = []doc.Line{c.line(c.tea, 52, "10")}
	again.Note = "another word"
	c.wrong(post(again), "gate.second")
	if err := post(more); err != nil {
		t.Fatal(err)
	}
	// the rule judges goods without a price by their cost: 6 × 10 > 50
	loss := doc.Document{ID: "loss", Kind: doc.StockLoss, Lines: []doc.Line{c.line(c.tea, 6, "")}}
	manager := app.WithSecond(withPw, "boss", worldPassword)
	if _, err := app.Do(manager, c.s, app.Post{Doc: c.fill(loss)}); err != nil {
		t.Fatal(err)
	}
	c.clean()
}

func version(c *counter, id string) (v int64) {
	c.read(func(tx app.Tx) error { d, err := tx.Document(id); v = d.Version; return err })
	return v
}

// TestOrdersEnd: nothing is taken from an ended order until it is reopened; an
// offer is never used up.
func TestOrdersEnd(t *testing.T) {
	c := newCounter(t)
	c.post(doc.Document{ID: "offer", Kind: doc.Quotation, PartyID: c.buyer, Lines: []doc.Line{c.line(c.tea, 5, "20")}})
	order := func(id string) doc.Document {
		return doc.Document{ID: id, Kind: doc.SalesOrder, PartyID: c.buyer, Lines: []doc.Line{from(c.line(c.tea, 8, "20"), "offer", 1)}}
	}
	c.post(order("o1"))
	c.post(order("o2"))
	c.post(doc.Document{ID: "in", Kind: doc.GoodsReceipt, PartyID: c.supply, Lines: []doc.Line{c.line(c.tea, 100, "10")}})
	_, err := app.Do(withPw, c.s, app.EndOrder{ID: "o1", Kind: doc.SalesOrder})
	c.wrong(err, "order.reason")
	_, err = app.Do(withPw, c.s, app.EndOrder{ID: "offer", Kind: doc.Quotation, Reason: "x"})
	c.wrong(err, "order.not-order")
	done(c, app.EndOrder{ID: "o1", Kind: doc.SalesOrder, Reason: "he went elsewhere"})
	out := doc.Document{ID: "out", Kind: doc.SalesDelivery, PartyID: c.buyer, Lines: []doc.Line{from(c.line(c.tea, 3, "20"), "o1", 1)}}
	c.refused(out, "doc.promise-ended")
	_, err = app.Ask(withPw, c.s, app.PullLines{Kind: doc.SalesDelivery, IDs: []string{"o1"}})
	c.wrong(err, "doc.promise-ended")
	done(c, app.ReopenOrder{ID: "o1", Kind: doc.SalesOrder})
	c.post(out)
	v, err := app.Ask(withPw, c.s, app.GetDocument{ID: "o1"})
	if err != nil || v.Open[1] != qty(5) || v.Ended {
		t.Errorf("%+v %v", v, err)
	}
	help, err := app.Ask(withPw, c.s, app.ItemHelp{Kind: doc.SalesDelivery, Item: c.tea, Party: c.buyer})
	if err != nil || len(help.Orders) < 2 {
		t.Errorf("%+v %v", help.Orders, err)
	}
	done(c, app.Reverse{ID: "out", Kind: doc.SalesDelivery, Reason: "wrong"}) // what it took is open again
	c.post(doc.Document{ID: "out2", Kind: doc.SalesDelivery, PartyID: c.buyer, Lines: []doc.Line{from(c.line(c.tea, 8, "20"), "o1", 1)}})
	c.clean()
}

// TestACountIsCountedTwice where the owner wants it.
func TestACountIsCountedTwice(t *testing.T) {
	c := newCounter(t)
	c.post(doc.Document{ID: "in", Kind: doc.GoodsReceipt, PartyID: c.supply, Lines: []doc.Line{c.line(c.tea, 10, "10"), c.line(c.cup, 10, "5")}})
	if err := c.st.Write(context.Background(), func(tx app.Tx) error { return tx.SetSetting(app.SettingRecount, "differences") }); err != nil {
		t.Fatal(err)
	}
	tea, cup := c.line(c.tea, 9, ""), c.line(c.cup, 10, "")
	tea.Book, cup.Book = qty(10), qty(10)
	count := doc.Document{ID: "count", Kind: doc.StockCount, Lines: []doc.Line{tea, cup}}
	c.refused(count, "doc.recount-needed")
	count.Lines[0].Recounted, count.Lines[0].First, count.Lines[0].FirstBook = true, qty(8), qty(10)
	c.post(count)
	c.holds(c.tea, "9", "90.00")
}

// TestPrintedAgainIsAReprint: the log knows.
func TestPrintedAgainIsAReprint(t *testing.T) {
	c := newCounter(t)
	c.post(doc.Document{ID: "in", Kind: doc.GoodsReceipt, PartyID: c.supply, Lines: []doc.Line{c.line(c.tea, 10, "10")}})
	for i := range 3 {
		p := done(c, app.LogPrint{ID: "in"})
		if p.Reprint != (i > 0) || p.Times != i+1 || p.Number == "" {
			t.Errorf("print %d: %+v", i, p)
		}
	}
}

// TestTheCostingMethodChangesAtTheStartOfAMonth and the month before it stays closed.
func TestTheCostingMethodChangesAtTheStartOfAMonth(t *testing.T) {
	c := newCounter(t)
	c.post(doc.Document{ID: "in", Kind: doc.GoodsReceipt, PartyID: c.supply, Lines: []doc.Line{c.line(c.tea, 10, "10")}})
	_, err := app.Do(withPw, c.s, app.SwitchMethod{Method: "guess"})
	c.wrong(err, "cost.method")
	_, err = app.Do(withPw, c.s, app.SwitchMethod{Method: ledger.FIFO})
	c.wrong(err, "cost.month-first")
	c.on("2026-11-02")
	done(c, app.CloseMonth{Month: 202610})
	state, err := app.Ask(withPw, c.s, app.CostMethods{})
	if err != nil || state.Method != ledger.MovingAverage || state.From != day.Must("2026-11-01") || state.Blocked != nil {
		t.Errorf("%+v %v", state, err)
	}
	done(c, app.SwitchMethod{Method: ledger.FIFO})
	c.clean()
	c.post(doc.Document{ID: "in2", Kind: doc.GoodsReceipt, PartyID: c.supply, Lines: []doc.Line{c.line(c.tea, 10, "20")}})
	c.post(doc.Document{ID: "out", Kind: doc.SalesDelivery, PartyID: c.buyer, Lines: []doc.Line{c.line(c.tea, 12, "25")}})
	c.holds(c.tea, "8", "160.00") // 10 at 10 and 2 at 20 are gone
	_, err = app.Do(withPw, c.s, app.SwitchMethod{Method: ledger.MovingAverage})
	c.wrong(err, "cost.moves-after")
	_, err = app.Run(withPw, c.s, app.ReopenMonth{Month: 202610, Reason: "x", Folder: c.dir})
	c.wrong(err, "month.method-switched")
	c.clock.at = c.clock.at.Add(time.Hour)
}
