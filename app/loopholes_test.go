package app_test

import (
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
	"tiezhang/app/rule"
)

// Ways round the rights that somebody who had written none of them once found.
// Each stays closed.

// TestACodeInAScript: a printed code answers for a whole script once, up to what
// its lines come to together, and what needed no code is not signed by it.
func TestACodeInAScript(t *testing.T) {
	w := newWorld(t)
	sheet := lasting(w, sure, app.PrintCodes{UpTo: 5_00})
	used := func() int {
		w.as(access.Owner)
		ss, err := app.Ask(plain, w.self, app.CodeSheets{})
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(ss, func(s app.CodeSheet) bool { return s.ID == sheet.Sheet.ID })
		return ss[i].Used
	}
	losses := func(name, qty string, n int) (ws []app.Wire) {
		for i := range n {
			ws = append(ws, app.Wire{Kind: "StockLoss", ID: fmt.Sprint(name, i), Warehouse: w.code(w.wh1), Lines: []app.WireLine{{Item: "A1", Qty: app.Dec(qty)}}})
		}
		return append(ws, app.Wire{Kind: "StockTransfer", ID: name + "-free", Warehouse: w.code(w.wh1), To: w.code(w.wh2), Lines: []app.WireLine{{Item: "A1", Qty: "1"}}})
	}
	run := func(name, qty string, n int) string {
		w.as(access.Manager)
		return keyOf(app.Do(app.WithCode(plain, sheet.Codes[0]), w.self, app.PostWires{Wires: losses(name, qty, n)}))
	}
	if got := run("dear", "4", 2); got != "gate.code-amount" { // 2 × 4 × 1.00 is more than 5.00
		t.Error("a script beyond the limit:", got)
	}
	if n := used(); n != 0 {
		t.Error("a refused script used the code up")
	}
	if got := run("fair", "1", 2); got != "" {
		t.Fatal("a script within the limit:", got)
	}
	if e := w.lastEntry(); e.Approver != "" || strings.Contains(e.Detail, "approval_code") || e.Action != "stock.move" {
		t.Errorf("a line that needed nobody says %q %s", e.Approver, e.Detail)
	}
	if n := used(); n != 1 {
		t.Errorf("the code was used %d times", n)
	}
	if got := run("again", "1", 1); got != "gate.code-used" {
		t.Error("the same code again:", got)
	}
}

// TestALentUseInAScript: every line of a script uses a right that was lent.
func TestALentUseInAScript(t *testing.T) {
	w := newWorld(t)
	lasting(w, sure, app.Lend{To: person(access.Cashier), Actions: []access.Permission{access.StockMove}, Reason: "x", Hours: 1, Uses: 1})
	lasting(w, sure, app.Lend{To: person(access.Cashier), Actions: []access.Permission{access.Import}, Reason: "x", Hours: 1})
	w.as(access.Cashier)
	move := func(ids ...string) string {
		var ws []app.Wire
		for _, id := range ids {
			ws = append(ws, app.Wire{Kind: "StockTransfer", ID: id, Warehouse: w.code(w.wh1), To: w.code(w.wh2), Lines: []app.WireLine{{Item: "A1", Qty: "1"}}})
		}
		return keyOf(app.Do(plain, w.self, app.PostWires{Wires: ws}))
	}
	if got := move("l1", "l2"); got != "wire.line" {
		t.Error("two lines on one use:", got)
	}
	if got := move("l3"); got != "" {
		t.Error("one line:", got)
	}
	if got := move("l4"); got != "gate.denied" {
		t.Error("one more:", got)
	}
}

// TestALimitOfACodeTellsNoCost: what the goods cost is not told by the way.
func TestALimitOfACodeTellsNoCost(t *testing.T) {
	w := newWorld(t)
	sheet := lasting(w, sure, app.PrintCodes{UpTo: 1})
	w.as(access.Storekeeper)
	d := doc.Document{ID: "loss", Kind: doc.StockLoss, Date: w.today, WarehouseID: w.wh1, Lines: []doc.Line{{ItemID: w.free, Qty: qty(7)}}}
	r, err := app.Do(app.WithCode(plain, sheet.Codes[0]), w.self, app.Post{Doc: d})
	if fault.KeyOf(err) != "gate.code-amount" || strings.Contains(said(t, r, err), "7.0") {
		t.Error(said(t, r, err))
	}
}

// TestLookingIsLentByTime: a right to look has no number of uses, and a clock
// that was set back shows nothing that doing would refuse.
func TestLookingIsLentByTime(t *testing.T) {
	w := newWorld(t)
	lend := func(uses int) string {
		return keyOf(app.Do(sure, w.self, app.Lend{To: person(access.Cashier), Actions: []access.Permission{access.SaleView, access.CustomerView, access.ReportSales}, Reason: "x", Hours: 1, Uses: uses}))
	}
	if got := lend(1); got != "grant.uses-reading" {
		t.Error("one use of a look:", got)
	}
	if got := lend(0); got != "" {
		t.Fatal(got)
	}
	rows := func(name string) int {
		p, err := app.Ask(plain, w.self, app.Report{Query: report.Query{Name: name}})
		if err != nil {
			t.Fatal(err)
		}
		return len(p.Rows)
	}
	at := w.clock.at
	w.as(access.Cashier)
	more := rows("sales-detail")
	w.clock.at = at.Add(3 * time.Hour)
	w.as(access.Cashier)
	less := rows("sales-detail")
	if more <= less {
		t.Fatalf("lent it shows %d rows, afterwards %d", more, less)
	}
	w.clock.at = at.Add(time.Minute) // set back
	if got := rows("sales-detail"); got != less {
		t.Errorf("with the clock set back an open session sees %d rows", got)
	}
	w.as(access.Cashier)
	if got := rows("sales-detail"); got != less {
		t.Errorf("with the clock set back a new session sees %d rows", got)
	}
	if _, err := app.Ask(plain, w.self, app.GetDocument{ID: "sold-RetailSale"}); fault.KindOf(err) != fault.NotFound {
		t.Error("somebody else's sale:", err)
	}
	if _, err := app.Ask(plain, w.self, app.GetParty{ID: w.customer}); fault.KindOf(err) != fault.NotFound {
		t.Error("somebody else's customer:", err)
	}
}

// TestPricesOfOthersInOnesOwnDraft: a storekeeper's receipt that the buyer
// completed, or that was handed over, shows the storekeeper no prices, and keeps
// them when the storekeeper saves it.
func TestPricesOfOthersInOnesOwnDraft(t *testing.T) {
	w := newWorld(t)
	w.as(access.Storekeeper)
	d := w.document(doc.GoodsReceipt, "shared")
	d.Lines[0].Price = 5_000_000
	lasting(w, plain, app.SaveDraft{Doc: d})
	if v, err := app.Ask(plain, w.self, app.GetDocument{ID: "shared"}); err != nil || v.Hidden || v.Doc.Lines[0].Price != 5_000_000 {
		t.Error("what they typed themselves:", v.Doc.Lines, err)
	}
	w.as(access.Buyer)
	d = w.stored("shared")
	d.Lines[0].Price = 7_770_000
	lasting(w, plain, app.SaveDraft{Doc: d})
	w.as(access.Storekeeper)
	v, err := app.Ask(plain, w.self, app.GetDocument{ID: "shared"})
	if err != nil || !v.Hidden || strings.Contains(said(t, v, nil), "777") {
		t.Errorf("the buyer's price is shown: %+v %v", v.Doc, err)
	}
	ds, err := app.Ask[[]doc.Document](plain, w.self, app.MyDrafts{})
	if err != nil || len(ds) == 0 || strings.Contains(said(t, ds, nil), "777") {
		t.Error("in the list of drafts:", ds, err)
	}
	lasting(w, plain, app.SaveDraft{Doc: v.Doc})
	if got := w.stored("shared").Lines[0].Price; got != 7_770_000 {
		t.Error("the buyer's price is now", got)
	}
	if v, err = app.Ask(plain, w.self, app.GetDocument{ID: "shared"}); err != nil || !v.Hidden {
		t.Error("shown after saving it once more:", v.Doc.Lines, err)
	}
}

// TestGivingIsADiscount: what is given on top of a top-up, a price typed low, a
// gift and a promise are held to the limit that holds a discount.
func TestGivingIsADiscount(t *testing.T) {
	w := newWorld(t)
	w.as(access.Cashier) // ten per cent
	post := func(d doc.Document) string { return keyOf(app.Do(plain, w.self, app.Post{Doc: d})) }
	top := w.document(doc.StoredTopUp, "top")
	top.PartyID, top.Amount, top.Bonus = w.customer, 100_00, 10_00
	if got := post(top); got != "" {
		t.Error("ten on top of a hundred:", got)
	}
	top.ID, top.Amount, top.Bonus = "top-2", 1, 100_000_00
	if got := post(top); got != "gate.second" {
		t.Error("a fortune on top of a fen:", got)
	}
	sale := func(id string, price amount.Price) doc.Document {
		d := w.document(doc.RetailSale, id)
		d.Lines[0].ItemID, d.Lines[0].Price = w.free, price // 10.00 on the shelf, no floor
		d.Payments[0].Amount = amount.Money(price / 10_000)
		return d
	}
	for _, c := range []struct {
		price amount.Price
		want  string
	}{{10_000_000, ""}, {9_000_000, ""}, {8_990_000, "gate.second"}, {10_000, "gate.second"}} {
		if got := post(sale(fmt.Sprint("low-", c.price), c.price)); got != c.want {
			t.Errorf("at %s: %q", c.price, got)
		}
	}
	gift := sale("gift", 0)
	gift.Payments = nil
	if got := post(gift); got != "gate.second" {
		t.Error("for nothing:", got)
	}
	order := w.document(doc.SalesOrder, "promise")
	order.PartyID, order.Lines[0].ItemID, order.Lines[0].Price = w.mine, w.free, 5_000_000
	if got := post(order); got != "gate.second" {
		t.Error("an order at half the price:", got)
	}
	if _, err := app.Do(app.WithSecond(plain, person(access.Owner), worldPassword), w.self, app.Post{Doc: order}); err != nil {
		t.Fatal(err)
	}
	// what was agreed to with the order is not asked again with the goods
	d := w.document(doc.SalesDelivery, "delivered")
	d.PartyID, d.Lines[0].ItemID, d.Lines[0].Price, d.Lines[0].Origin = w.mine, w.free, 5_000_000, doc.Origin{Doc: "promise", Line: 1}
	if got := post(d); got != "" {
		t.Error("as agreed:", got)
	}
	d.ID, d.Lines[0].Price = "delivered-2", 4_000_000
	if got := post(d); got == "" {
		t.Error("cheaper than agreed went through")
	}
}

// TestWhatIsSentIsWorthSomething: a transfer has no cost effect, and is held to a
// limit by amount all the same.
func TestWhatIsSentIsWorthSomething(t *testing.T) {
	w := newWorld(t)
	lasting(w, sure, app.SetApprovalRules{Rules: []rule.Approval{{ID: "big", Kind: doc.StockTransfer, Roles: roleIDs(), Over: "20"}}})
	w.as(access.Manager)
	d := w.document(doc.StockTransfer, "little")
	d.Lines[0].ItemID, d.Lines[0].Qty = w.free, qty(5)
	if got := keyOf(app.Do(plain, w.self, app.Post{Doc: d})); got != "" {
		t.Error("five pieces of 1.00:", got)
	}
	d.ID, d.Lines[0].Qty = "much", qty(50)
	if got := keyOf(app.Do(plain, w.self, app.Post{Doc: d})); got != "gate.second" {
		t.Error("fifty pieces of 1.00:", got)
	}
	// looking ahead tells a rule to who may see cost, and no cost to who may not
	if f, err := app.Ask(plain, w.self, app.Preview{Doc: d}); err != nil || f.Approval != "big" {
		t.Error(f.Approval, err)
	}
	w.as(access.Storekeeper)
	if f, err := app.Ask(plain, w.self, app.Preview{Doc: d}); err != nil || f.Approval != "" {
		t.Error("looking ahead tells a storekeeper what it costs:", f.Approval, err)
	}
}

// TestStepsAreAskedLast: a document that cannot be posted anyway asks for no
// confirmation, so that trying prices on it tells no floor; and confirmations
// asked for and never given come into the log.
func TestStepsAreAskedLast(t *testing.T) {
	w := newWorld(t)
	w.as(access.Cashier)
	d := w.document(doc.SalesDelivery, "probe")
	d.PartyID, d.Lines[0].Qty, d.Lines[0].Price = w.mine, qty(90_000), 1_000_000 // far below the floor, and far more than there is
	if got := keyOf(app.Do(plain, w.self, app.Post{Doc: d})); got != "doc.stock-short" {
		t.Error("it asks for", got)
	}
	d.Lines[0].Qty = qty(1)
	_, before := w.st.digest(t)
	for range 5 {
		if got := keyOf(app.Do(plain, w.self, app.Post{Doc: d})); got != "gate.second" {
			t.Fatal(got)
		}
	}
	if e := w.lastEntry(); e.Fault != "gate.unanswered" || e.Result != "denied" || e.Seq != before+1 {
		t.Errorf("after five the log says %+v", e)
	}
}

// TestRefusedRowsAreLogged: a row out of sight is answered as a missing one, and
// the try is in the log as the refusal it is.
func TestRefusedRowsAreLogged(t *testing.T) {
	w := newWorld(t)
	w.as(access.Cashier)
	_, before := w.st.digest(t)
	for name, run := range map[string]func() error{
		"a document": func() error { _, err := app.Ask(plain, w.self, app.GetDocument{ID: "sold-RetailSale"}); return err },
		"a party":    func() error { _, err := app.Ask(plain, w.self, app.GetParty{ID: w.customer}); return err },
		"an order": func() error {
			_, err := app.Do(plain, w.self, app.EndOrder{ID: "sold-SalesOrder", Kind: doc.SalesOrder, Reason: "x"})
			return err
		},
	} {
		err := run()
		if fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s: %v", name, err)
		}
		before++
		if e := w.lastEntry(); e.Seq != before || e.Result != "denied" || strings.Contains(e.Object+e.Detail, "LS-") {
			t.Errorf("%s: the log says %+v", name, e)
		}
	}
	if _, err := app.Ask(plain, w.self, app.GetDocument{ID: "no such"}); fault.KindOf(err) != fault.NotFound {
		t.Error(err)
	}
	if _, now := w.st.digest(t); now != before {
		t.Error("what is not there at all is logged as refused")
	}
}

// TestNamesOfOthers: a name one may not see does not come back with a document
// that names it, nor with a card, nor with the number that is to be typed.
func TestNamesOfOthers(t *testing.T) {
	w := newWorld(t)
	w.as(access.Cashier)
	tells := func(name, answer string) {
		for _, n := range []string{"Zhao", "S001", "Li\"", "C003"} {
			if strings.Contains(answer, n) {
				t.Errorf("%s tells %s: %.300s", name, n, answer)
			}
		}
	}
	w.as(access.Owner)
	li := w.storedParty(w.credit)
	li.Owner = w.userID(access.Manager)
	lasting(w, plain, app.SaveParty{Party: li})
	w.as(access.Cashier)
	for _, party := range []int64{w.supply, w.credit} {
		d := w.document(doc.SalesDelivery, fmt.Sprint("named-", party))
		d.PartyID = party
		_, err := app.Do(plain, w.self, app.SaveDraft{Doc: d})
		if fault.KeyOf(err) != "doc.unknown-party" {
			t.Error("a draft:", err)
		}
		v, err := app.Ask(plain, w.self, app.GetDocument{ID: d.ID})
		tells("the draft", said(t, v, err))
		f, err := app.Ask(plain, w.self, app.Preview{Doc: d})
		tells("looking ahead", said(t, f, err))
		r, err := app.Do(plain, w.self, app.Post{Doc: d})
		tells("posting", said(t, r, err))
		_, err = app.Do(plain, w.self, app.SetCard{Party: party, Card: "9999"})
		if fault.KindOf(err) != fault.NotFound {
			t.Error("a card for somebody else's customer:", err)
		}
		tells("a card", said(t, nil, err))
		h, err := app.Ask(plain, w.self, app.ItemHelp{Kind: doc.SalesDelivery, Item: w.item, Party: party})
		if err != nil || h.Last != 0 || h.LastOn != "" || len(h.Orders) > 0 {
			t.Errorf("what others agreed with them: %+v %v", h, err)
		}
	}
	// a member is served at any counter, and a return takes its bill's customer
	d := w.document(doc.RetailSale, "member")
	d.PartyID = w.customer
	if _, err := app.Do(plain, w.self, app.Post{Doc: d}); err != nil {
		t.Error("a sale to a member:", err)
	}
	if r := w.role(access.Cashier); true {
		r.Grants[access.SaleReverse] = access.Grant{Confirm: access.Typed}
		w.as(access.Owner)
		lasting(w, sure, app.SaveRole{Role: r})
		w.as(access.Cashier)
	}
	_, err := app.Do(plain, w.self, app.Reverse{ID: "sold-RetailSale", Kind: doc.RetailSale, Reason: "x"})
	if fault.KindOf(err) != fault.NotFound || strings.Contains(said(t, nil, err), "LS-") {
		t.Error("the number of somebody else's bill is asked for:", err)
	}
}

// role is a role as it is kept.
func (w *world) role(id access.RoleID) (out access.Role) {
	w.read(func(tx app.Tx) error {
		rs, err := tx.Roles()
		for _, r := range rs {
			if r.ID == id {
				out = r
			}
		}
		return err
	})
	return out
}

// TestBothSidesOfAParty: one that is customer and supplier wants the rights to
// both, and terms have a right of their own.
func TestBothSidesOfAParty(t *testing.T) {
	w := newWorld(t)
	w.as(access.Cashier)
	save := func(p master.Party) string { return keyOf(app.Do(plain, w.self, app.SaveParty{Party: p})) }
	if got := save(master.Party{Code: "B9", Name: "Both", Kind: master.Both}); got != "gate.denied" {
		t.Error("a new one of both kinds:", got)
	}
	p := w.storedParty(w.mine)
	p.Kind = master.Both
	if got := save(p); got != "gate.denied" {
		t.Error("a customer made a supplier:", got)
	}
	p = w.storedParty(w.mine)
	p.Credit = 1_000_000_00
	if got := save(p); got != "gate.denied" {
		t.Error("their own customer's credit:", got)
	}
	p = w.storedParty(w.mine)
	p.Level = master.Wholesale
	if got := save(p); got != "gate.denied" {
		t.Error("their own customer's prices:", got)
	}
	p = w.storedParty(w.mine)
	p.Note = "calls on Mondays"
	if got := save(p); got != "" {
		t.Error("a note:", got)
	}
}

// TestPricesOfBoxesAndTheFloor: the price of a box is a price, and the floor has
// a right of its own.
func TestPricesOfBoxesAndTheFloor(t *testing.T) {
	w := newWorld(t)
	it := w.storedItem("A1")
	it.Units[0].Price = 30_000_000
	lasting(w, sure, app.SaveItem{Item: it})
	change := func(role access.RoleID, fn func(*master.Item)) string {
		w.clock.at = w.clock.at.Add(10 * time.Minute)
		w.as(role)
		w.clock.at = w.clock.at.Add(10 * time.Minute)
		it := w.storedItem("A1")
		fn(&it)
		return keyOf(app.Do(plain, w.self, app.SaveItem{Item: it}))
	}
	box := func(it *master.Item) { it.Units[0].Price = 1_000_000 }
	floor := func(it *master.Item) { it.Prices[master.Floor] = 10_000 }
	for _, c := range []struct {
		role access.RoleID
		what string
		fn   func(*master.Item)
		want string
	}{{access.Buyer, "a box", box, "gate.denied"}, {access.Manager, "a box", box, "gate.password"}, {access.Manager, "the floor", floor, "gate.denied"}, {access.Owner, "the floor", floor, ""}} {
		if got := change(c.role, c.fn); got != c.want {
			t.Errorf("%s changes %s: %q", c.role, c.what, got)
		}
	}
}

// TestNobodyApprovesTheirOwnWork: whoever presses the button, the one who wrote
// the draft does not say yes to it, and whoever said yes does not post it.
func TestNobodyApprovesTheirOwnWork(t *testing.T) {
	w := newWorld(t)
	lasting(w, sure, app.SetApprovalRules{Rules: []rule.Approval{{ID: "e", Kind: doc.Expense, Roles: roleIDs(), Over: "1"}}})
	ask := func(author, asker access.RoleID, id string) int64 {
		w.as(author)
		lasting(w, plain, app.SaveDraft{Doc: w.document(doc.Expense, id)})
		w.as(asker)
		return lasting(w, plain, app.AskApproval{Doc: w.stored(id)})
	}
	q := ask(access.Manager, access.Accountant, "by-manager")
	w.as(access.Manager)
	if got := keyOf(app.Do(plain, w.self, app.Approve{ID: q})); got != "gate.self-approval" {
		t.Error("the author of a draft that another asked about:", got)
	}
	q = ask(access.Accountant, access.Accountant, "by-accountant")
	w.as(access.Manager)
	lasting(w, plain, app.Approve{ID: q})
	if got := keyOf(app.Do(plain, w.self, app.Post{Doc: w.stored("by-accountant")})); got != "gate.second" {
		t.Error("the approver posts it:", got)
	}
	w.as(access.Accountant)
	if _, err := app.Do(plain, w.self, app.Post{Doc: w.stored("by-accountant")}); err != nil {
		t.Error("the author posts it:", err)
	}
}

// TestTheSameLineAgain: repeating an ID in a script does not tell what somebody
// else posted under it.
func TestTheSameLineAgain(t *testing.T) {
	w := newWorld(t)
	w.as(access.Cashier)
	r, err := app.Do(plain, w.self, app.PostWire{Wire: app.Wire{Kind: "RetailSale", ID: "sold-RetailSale", Warehouse: w.code(w.wh1), Lines: []app.WireLine{{Item: "A1", Qty: "1"}}}})
	if fault.KindOf(err) != fault.NotFound || r.Number != "" || r.Total != "" {
		t.Errorf("%+v %v", r, err)
	}
}

// TestDraftsOfOthersAreNotCounted: home tells a cashier of their own drafts.
func TestDraftsOfOthersAreNotCounted(t *testing.T) {
	w := newWorld(t)
	count := func(r access.RoleID) int {
		w.as(r)
		v, err := app.Ask(plain, w.self, app.Home{})
		if err != nil {
			t.Fatal(err)
		}
		return v.Drafts
	}
	before, owner := count(access.Cashier), count(access.Owner)
	w.as(access.Buyer)
	lasting(w, plain, app.SaveDraft{Doc: w.document(doc.GoodsReceipt, "of-the-buyer")})
	if got := count(access.Cashier); got != before {
		t.Errorf("a cashier had %d drafts, and %d since the buyer began one", before, got)
	}
	if got := count(access.Owner); got != owner+1 {
		t.Errorf("the owner counts %d drafts, before %d", got, owner)
	}
}

// TestADaysFiguresAtTheClose: whoever sees their own sales alone closes the day
// without learning the shop's.
func TestADaysFiguresAtTheClose(t *testing.T) {
	w := newWorld(t)
	w.as(access.Cashier)
	var bal amount.Money
	w.read(func(tx app.Tx) (err error) { bal, err = tx.Balance(doc.AccCash, 0, w.cash); return err })
	c := lasting(w, plain, app.CloseDay{Date: w.today, Account: w.cash, Counted: bal, Expected: bal})
	if c.Sales || c.Figures.Sales != 0 || c.Figures.Bills != 0 || len(c.Figures.Top)+len(c.Figures.Trend) > 0 {
		t.Errorf("a cashier is told %+v", c.Figures)
	}
}
