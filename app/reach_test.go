package app_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/app/report"
)

// worksIn signs somebody in who works in the back room alone, whatever else
// their role may do.
func (w *world) worksIn(r access.RoleID) {
	w.t.Helper()
	w.setReach(r, w.wh2)
	w.clock.at = w.clock.at.Add(time.Minute)
	w.as(r)
}

// TestNothingOfAnotherWarehouseIsTold asks everything there is to ask as the
// people who see most, working in the back room alone: no number of a document
// of the shop's other warehouse comes back, nor how much lies there.
func TestNothingOfAnotherWarehouseIsTold(t *testing.T) {
	w := plantedWorld(t)
	const there = 7654_3210 // 7654.321 pieces: nothing else adds up to it
	lots := lasting(w, plain, app.SaveItem{Item: master.Item{Code: "R1", Name: "Rice", Unit: "kg", Track: master.ByBatch, Prices: prices(master.Retail, "3.00")}})
	lasting(w, plain, app.Post{Doc: doc.Document{ID: "reach-buy", Kind: doc.GoodsReceipt, Date: w.today, PartyID: w.supply, WarehouseID: w.wh1,
		Lines: []doc.Line{{ItemID: lots, Qty: there, Price: 1_000_000, Batch: "FAR-1"}}}})
	lasting(w, plain, app.Post{Doc: doc.Document{ID: "reach-here", Kind: doc.GoodsReceipt, Date: w.today, PartyID: w.supply, WarehouseID: w.wh2,
		Lines: []doc.Line{{ItemID: lots, Qty: qty(3), Price: 1_000_000, Batch: "NEAR-1"}}}})
	lasting(w, plain, app.Post{Doc: doc.Document{ID: "reach-sent", Kind: doc.StockTransfer, Date: w.today, WarehouseID: w.wh1, ToPlaceID: w.wh2,
		Lines: []doc.Line{{ItemID: lots, Qty: qty(1), Batch: "FAR-1"}}}})
	var far, near []string // numbers that may not be told, and that must be
	w.read(func(tx app.Tx) error {
		all, _ := report.Find("documents")
		p, err := tx.Report(plain, report.Query{Name: "documents"}, all.Columns)
		for _, r := range p.Rows {
			d := w.stored(r.Ref)
			switch {
			case d.Number == "":
			case d.WarehouseID == w.wh1 && d.ToPlaceID != w.wh2:
				far = append(far, d.Number)
			case d.WarehouseID == w.wh2 || d.ToPlaceID == w.wh2:
				near = append(near, d.Number)
			}
		}
		return err
	})
	if len(far) < 8 || len(near) < 2 {
		t.Fatal(far, near)
	}
	us := w.asks()
	us = append(us, query("Usage R1", false, func(*world, bool) app.Usage { return app.Usage{Entity: master.OfItem, ID: lots} }),
		query("ItemHelp R1", false, func(*world, bool) app.ItemHelp { return app.ItemHelp{Kind: doc.SalesDelivery, Item: lots} }),
		query("FindSerials R1", false, func(*world, bool) app.FindSerials { return app.FindSerials{Item: lots} }))
	forms := []string{"76543210", "7654.321", "76543200", "7653.321", "76533210"}
	for _, role := range []access.RoleID{access.Manager, access.Storekeeper, access.Auditor} {
		w.worksIn(role)
		ctx := app.WithSecond(app.WithPassword(plain, worldPassword), person(access.Owner), worldPassword)
		told := map[string]bool{}
		for _, u := range us {
			if strings.HasPrefix(u.name, "ExportKey") || strings.HasPrefix(u.name, "BackupNow") {
				continue
			}
			c := u.make(w, false)
			w.st.undo = true
			res, err := u.run(ctx, w.self, c)
			w.st.undo = false
			w.st.entries = nil
			answer := said(t, res, err)
			for _, n := range near {
				told[n] = told[n] || strings.Contains(answer, `"`+n+`"`)
			}
			for _, n := range far {
				if strings.Contains(answer, `"`+n+`"`) {
					t.Errorf("%s: %s tells of %s\n%.400s", role, u.name, n, answer)
				}
			}
			for _, f := range forms {
				if strings.Contains(answer, f) {
					t.Errorf("%s: %s tells %s\n%.400s", role, u.name, f, answer)
				}
			}
		}
		for _, n := range near {
			if !told[n] {
				t.Errorf("%s is not told of %s, which lies where they work", role, n)
			}
		}
		w.setReach(role)
	}
}

// TestReachOfDocuments: nothing is written where a person does not work, by
// whatever way; goods may be sent there, and what was sent here is not taken back.
func TestReachOfDocuments(t *testing.T) {
	w := newWorld(t)
	there := w.document(doc.GoodsReceipt, "there") // in the shop's first warehouse
	var had amount.Qty
	w.read(func(tx app.Tx) (err error) { had, err = tx.OnHand(w.item, w.wh2); return err })
	sent := doc.Document{ID: "sent", Kind: doc.StockTransfer, Date: w.today, WarehouseID: w.wh1, ToPlaceID: w.wh2, Lines: []doc.Line{{ItemID: w.item, Qty: qty(5)}}}
	lasting(w, plain, app.Post{Doc: sent})
	w.worksIn(access.Manager)
	ctx := app.WithSecond(app.WithPassword(plain, worldPassword), person(access.Owner), worldPassword)
	before, _ := w.st.digest(t)
	for name, run := range map[string]func() error{
		"post":          func() error { _, err := app.Do(ctx, w.self, app.Post{Doc: there}); return err },
		"save a draft":  func() error { _, err := app.Do(ctx, w.self, app.SaveDraft{Doc: there}); return err },
		"look ahead":    func() error { _, err := app.Ask(ctx, w.self, app.Preview{Doc: there}); return err },
		"ask for a yes": func() error { _, err := app.Do(ctx, w.self, app.AskApproval{Doc: there}); return err },
		"transfer out":  func() error { d := sent; d.ID = "sent-2"; _, err := app.Do(ctx, w.self, app.Post{Doc: d}); return err },
		"take back": func() error {
			_, err := app.Do(ctx, w.self, app.Reverse{ID: "sent", Kind: doc.StockTransfer, Reason: "no"})
			return err
		},
		"lend out": func() error {
			_, err := app.Do(ctx, w.self, app.Post{Doc: w.document(doc.LendOut, "lend")})
			return err
		},
		"count in script": func() error {
			_, err := app.Ask(ctx, w.self, app.CountCheck{Wire: app.Wire{Kind: "StockCount", Warehouse: w.code(w.wh1), Lines: []app.WireLine{{Item: "A1", Qty: "1"}}}})
			return err
		},
		"post in script": func() error {
			_, err := app.Do(ctx, w.self, app.PostWire{Wire: app.Wire{Kind: "StockLoss", ID: "wire", Warehouse: w.code(w.wh1), Lines: []app.WireLine{{Item: "A1", Qty: "1"}}}})
			return err
		},
	} {
		if err := run(); fault.KeyOf(err) != "gate.place" || fault.KindOf(err) != fault.Denied {
			t.Errorf("%s: %v", name, err)
		}
	}
	if after, _ := w.st.digest(t); after != before {
		t.Error("what was refused changed the shop")
	}
	if e := w.lastEntry(); e.Result != "denied" || e.Fault != "gate.place" || e.User != person(access.Manager) {
		t.Errorf("the log says %+v", e)
	}
	for name, run := range map[string]func() error{
		"reverse what lies there": func() error {
			_, err := app.Do(ctx, w.self, app.Reverse{ID: "sold-GoodsReceipt", Kind: doc.GoodsReceipt, Reason: "no"})
			return err
		},
		"read what lies there": func() error { _, err := app.Ask(ctx, w.self, app.GetDocument{ID: "sold-GoodsReceipt"}); return err },
	} {
		if err := run(); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
	back := doc.Document{ID: "back", Kind: doc.StockTransfer, Date: w.today, WarehouseID: w.wh2, ToPlaceID: w.wh1, Lines: []doc.Line{{ItemID: w.item, Qty: qty(2)}}}
	lasting(w, plain, app.Post{Doc: back})
	v, err := app.Ask(plain, w.self, app.GetItem{ID: w.item})
	if err != nil || v.OnHand != had+qty(3) {
		t.Errorf("%s of the item are in the back room: %v", v.OnHand, err)
	}
	hits, err := app.Ask(plain, w.self, app.FindItems{Query: "A1", Limit: 5})
	if err != nil || len(hits) != 1 || hits[0].OnHand != had+qty(3) {
		t.Errorf("%+v %v", hits, err)
	}
	// a script need not name the only warehouse there is for them
	r := lasting(w, ctx, app.PostWire{Wire: app.Wire{Kind: "StockLoss", ID: "here", Lines: []app.WireLine{{Item: "A1", Qty: "1"}}}})
	if d := w.stored(r.ID); d.WarehouseID != w.wh2 {
		t.Errorf("it was posted in warehouse %d", d.WarehouseID)
	}
}

// code is a warehouse's code.
func (w *world) code(id int64) (code string) {
	w.read(func(tx app.Tx) error {
		p, err := tx.Warehouse(id)
		code = p.Code
		return err
	})
	return code
}

// TestApproversReach: a second person answers only for where they work, whether
// they stand at the PC or printed a code.
func TestApproversReach(t *testing.T) {
	w := newWorld(t)
	w.setReach(access.Manager, w.wh2)
	w.as(access.Cashier)
	reverse := app.Reverse{ID: "mine-RetailSale", Kind: doc.RetailSale, Reason: "typed wrong"}
	before, _ := w.st.digest(t)
	_, err := app.Do(app.WithSecond(plain, person(access.Manager), worldPassword), w.self, reverse)
	if fault.KeyOf(err) != "gate.approver-place" {
		t.Fatalf("an approver of another warehouse: %v", err)
	}
	if after, _ := w.st.digest(t); after != before {
		t.Error("what was refused changed the shop")
	}
	w.setReach(access.Manager, w.wh1)
	w.clock.at = w.clock.at.Add(time.Minute)
	if _, err := app.Do(app.WithSecond(plain, person(access.Manager), worldPassword), w.self, reverse); err != nil {
		t.Errorf("an approver who works there: %v", err)
	}
}

// TestALentRightReachesNoFurther: what is lent is lent where the person works.
func TestALentRightReachesNoFurther(t *testing.T) {
	w := newWorld(t)
	w.setReach(access.Auditor, w.wh2)
	lasting(w, sure, app.Lend{To: person(access.Auditor), Actions: []access.Permission{access.StockAdjust, access.PurchaseCreate}, Hours: 2, Reason: "stand-in"})
	w.as(access.Auditor)
	if _, err := app.Do(plain, w.self, app.Post{Doc: w.document(doc.GoodsReceipt, "lent-there")}); fault.KeyOf(err) != "gate.place" {
		t.Errorf("where they do not work: %v", err)
	}
	d := w.document(doc.GoodsReceipt, "lent-here")
	d.WarehouseID = w.wh2
	if _, err := app.Do(plain, w.self, app.Post{Doc: d}); err != nil {
		t.Errorf("where they work: %v", err)
	}
}

// TestWholeShopFigures: what cannot be split by warehouse is refused, not shown
// in part, and each list says which it is.
func TestWholeShopFigures(t *testing.T) {
	w := newWorld(t)
	w.worksIn(access.Manager)
	ctx := app.WithPassword(plain, worldPassword)
	for _, s := range report.Specs() {
		_, err := app.Ask(ctx, w.self, app.Report{Query: w.query(s.Name)})
		if refused := fault.KeyOf(err) == "gate.whole"; refused != (s.Span == report.WholeShop) {
			t.Errorf("%s: %v", s.Name, err)
		}
	}
	for name, run := range map[string]func() error{
		"why a cost is what it is": func() error { _, err := app.Ask(ctx, w.self, app.Explain{Code: "A1"}); return err },
		"merge items": func() error {
			_, err := app.Ask(ctx, w.self, app.MergePlan{Entity: master.OfItem, Kept: w.item, Dropped: w.free})
			return err
		},
	} {
		if err := run(); fault.KeyOf(err) != "gate.whole" {
			t.Errorf("%s: %v", name, err)
		}
	}
	h, err := app.Ask(ctx, w.self, app.Home{})
	if err != nil || h.ShowMoney || h.ShowMargin || h.Today.StockValue != 0 || h.Today.Receivable != 0 || h.Today.Sales != 0 {
		t.Errorf("home: %+v %v", h, err)
	}
	// a warehouse out of reach is answered as one that is not there
	q := report.Query{Name: "stock-balance", Warehouse: w.code(w.wh1)}
	if _, err := app.Ask(ctx, w.self, app.Report{Query: q}); fault.KeyOf(err) != "report.filter" {
		t.Errorf("a report of a warehouse out of reach: %v", err)
	}
}

// TestWhoWorksWhere: the owner says it, the log keeps it, and it holds from the
// next sign-in.
func TestWhoWorksWhere(t *testing.T) {
	w := newWorld(t)
	own := app.WithPassword(plain, worldPassword)
	set := func(name string, at ...int64) string {
		return keyOf(app.Do(own, w.self, app.SetReach{Name: name, Reach: at}))
	}
	if k := set(person(access.Storekeeper), w.wh2, w.wh2); k != "" {
		t.Fatal(k)
	}
	e := w.lastEntry()
	if e.Object != "user:"+person(access.Storekeeper) || e.Detail != `{"reach":["`+w.code(w.wh2)+`"]}` {
		t.Errorf("the log says %s %s", e.Object, e.Detail)
	}
	for name, want := range map[string]string{
		set(person(access.Owner), w.wh2):       "user.owner-everywhere",
		set(person(access.Storekeeper), 9_999): "user.place-unknown",
		set("nobody", w.wh2):                   "user.unknown",
		keyOf(app.Do(own, w.self, app.AddUser{Name: "new", Password: worldPassword, Role: access.Owner, Reach: access.Reach{w.wh2}})): "user.owner-everywhere",
	} {
		if name != want {
			t.Errorf("%s, want %s", name, want)
		}
	}
	reach := func(name string) (r access.Reach) {
		w.read(func(tx app.Tx) error {
			u, err := tx.UserByName(name)
			r = u.Reach
			return err
		})
		return r
	}
	if got := reach(person(access.Storekeeper)); !slices.Equal(got, access.Reach{w.wh2}) {
		t.Fatal(got)
	}
	// another role leaves it; an owner works everywhere
	lasting(w, own, app.ChangeUser{Name: person(access.Storekeeper), Role: access.Buyer})
	if got := reach(person(access.Storekeeper)); len(got) != 1 {
		t.Error("a new role let them in everywhere:", got)
	}
	lasting(w, own, app.ChangeUser{Name: person(access.Storekeeper), Role: access.Owner})
	if got := reach(person(access.Storekeeper)); len(got) != 0 {
		t.Error("an owner who works in one warehouse:", got)
	}
	code := lasting(w, own, app.Invite{Name: "newcomer", Role: access.Cashier, Reach: access.Reach{w.wh1}})
	if got := reach(code.Name); !slices.Equal(got, access.Reach{w.wh1}) {
		t.Error(got)
	}
	w.as(access.Manager)
	if _, err := app.Do(context.Background(), w.self, app.SetReach{Name: person(access.Cashier)}); fault.KindOf(err) != fault.Denied {
		t.Error("a manager says who works where:", err)
	}
	if got := fmt.Sprint(w.self.Reach()); got != "[]" {
		t.Error(got)
	}
}
