package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/app/oplog"
	"tiezhang/app/report"
)

// Sentinels: numbers that occur nowhere else. Each is looked for as a decimal
// and as the integer it is kept as, so that neither words nor raw values pass.
// Quantities are chosen so that no sum of visible numbers makes them.
const (
	leakPrice    = amount.Price(7_773_713)  // what the supplier asks: 7.773713
	leakValue    = amount.Money(77_737)     // of 100 pieces: 777.37
	leakUsual    = amount.Price(7_881_319)  // usual purchase price of the form
	leakFloor    = amount.Price(8_912_347)  // floor price
	leakOpening  = amount.Price(6_661_613)  // cost at the start
	leakOpenVal  = amount.Money(66_616)     // of 100 pieces
	leakBank     = amount.Money(83_219_467) // in the bank
	leakPayable  = amount.Money(4_735_291)  // owed at the start
	leakReceived = amount.Money(7_654_321)  // owed to the shop
	leakPhone    = "13987654321"
	leakSupPhone = "13876543219"
	leakAddress  = "Sentinel Lane 4"
	leakNote     = "sentinel draft of the buyer"
	leakIDCard   = "330106198703142731"
	leakWages    = "6217991234509876543" // the employee's card
	leakAccount  = "6222029876543210123" // the member's account
	leakSupBank  = "330501617835000098"  // the supplier's account
	leakMember   = "Wjhsentinella"       // the member's name
	leakContact  = "Zhcontactina"        // the supplier's contact
)

// sentinel is a value and every way it may be written.
type sentinel struct {
	name  string
	forms []string
	// roles that must not see it
	from []access.RoleID
}

func sentinels() []sentinel {
	both := []access.RoleID{access.Cashier, access.Storekeeper}
	// who must not see a field follows from the roles as they are by default
	without := func(f access.Field) (from []access.RoleID) {
		for _, r := range access.Standard() {
			if r.Sees(f) != access.Shown {
				from = append(from, r.ID)
			}
		}
		return from
	}
	purchase, floor, phone := without(access.FieldPurchase), without(access.FieldFloor), without(access.FieldPhone)
	bank, name := without(access.FieldBank), without(access.FieldPerson)
	num := func(raw int64, s string) []string { return []string{fmt.Sprint(raw), strings.TrimPrefix(s, "-")} }
	return []sentinel{
		{"purchase price", num(int64(leakPrice), leakPrice.String()), purchase},
		{"purchase amount", num(int64(leakValue), leakValue.String()), purchase},
		{"usual purchase price", num(int64(leakUsual), leakUsual.String()), purchase},
		{"floor price", num(int64(leakFloor), leakFloor.String()), floor},
		{"cost at the start", num(int64(leakOpening), leakOpening.String()), purchase},
		{"stock value at the start", num(int64(leakOpenVal), leakOpenVal.String()), purchase},
		{"bank balance", num(int64(leakBank), leakBank.String()), both},
		{"payable", num(int64(leakPayable), leakPayable.String()), both},
		{"receivable of another's customer", num(int64(leakReceived), leakReceived.String()), []access.RoleID{access.Cashier}},
		{"customer's phone", []string{leakPhone}, phone},
		{"supplier's phone", []string{leakSupPhone}, phone},
		{"customer's address", []string{leakAddress}, phone},
		{"employee's ID card", []string{leakIDCard}, without(access.FieldIdentity)},
		{"employee's wage card", []string{leakWages}, bank},
		{"member's bank account", []string{leakAccount}, bank},
		{"supplier's bank account", []string{leakSupBank}, bank},
		{"member's name", []string{leakMember, strings.ToLower(leakMember)}, name}, // pinyin and initials are made of it
		{"name of a contact", []string{leakContact}, name},
		{"somebody else's draft", []string{leakNote}, []access.RoleID{access.Cashier}},
	}
}

// plantedWorld is the world with sentinels in it.
func plantedWorld(t *testing.T) *world {
	w := newWorld(t)
	ctx := context.Background()
	it := w.storedItem("A1")
	it.Prices = map[master.PriceLevel]amount.Price{master.Retail: 20_000_000, master.Wholesale: 18_000_000, master.Purchase: leakUsual, master.Floor: leakFloor}
	lasting(w, app.WithPassword(ctx, worldPassword), app.SaveItem{Item: it})
	p := w.storedParty(w.customer)
	p.Phone, p.Address, p.Name, p.BankAccount = leakPhone, leakAddress, leakMember, leakAccount
	lasting(w, ctx, app.SaveParty{Party: p})
	p = w.storedParty(w.supply)
	p.Phone, p.Contact, p.BankAccount = leakSupPhone, leakContact, leakSupBank
	lasting(w, ctx, app.SaveParty{Party: p})
	lasting(w, ctx, app.SaveEmployee{Employee: master.Employee{ID: w.employee, Version: 1, Code: "E1", Name: "Chen", Phone: "13600004444", IDCard: leakIDCard, BankCard: leakWages}})
	// goods nobody has touched: what they cost is the sentinel alone
	fresh := lasting(w, ctx, app.SaveItem{Item: master.Item{Code: "L1", Name: "Leak", Unit: "pc", Min: qty(1000),
		Prices: map[master.PriceLevel]amount.Price{master.Retail: 20_000_000, master.Purchase: leakUsual, master.Floor: leakFloor}}})
	second := lasting(w, ctx, app.SaveItem{Item: master.Item{Code: "L2", Name: "Leak too", Unit: "pc", Prices: prices(master.Retail, "20.00")}})
	buy := doc.Document{ID: "leak-buy", Kind: doc.GoodsReceipt, Date: w.today, PartyID: w.supply, WarehouseID: w.wh1,
		Lines: []doc.Line{{ItemID: fresh, Qty: qty(100), Price: leakPrice}}}
	lasting(w, ctx, app.Post{Doc: buy})
	buy.ID, buy.Note = "leak-draft", leakNote
	lasting(w, ctx, app.SaveDraft{Doc: buy})
	lasting(w, ctx, app.Post{Doc: doc.Document{ID: "leak-opening", Kind: doc.OpeningStock, Date: w.today, WarehouseID: w.wh1,
		Lines: []doc.Line{{ItemID: second, Qty: qty(100), Price: leakOpening}}}})
	lasting(w, ctx, app.Post{Doc: doc.Document{ID: "leak-bank", Kind: doc.OpeningCash, Date: w.today, AccountID: w.bank, Amount: leakBank - w.inBank}})
	lasting(w, ctx, app.Post{Doc: doc.Document{ID: "leak-payable", Kind: doc.OpeningPayable, Date: w.today, PartyID: w.supply, Amount: leakPayable}})
	lasting(w, ctx, app.Post{Doc: doc.Document{ID: "leak-receivable", Kind: doc.OpeningReceivable, Date: w.today, PartyID: w.customer, Amount: leakReceived}})
	lasting(w, ctx, app.Post{Doc: doc.Document{ID: "leak-sale", Kind: doc.SalesDelivery, Date: w.today, PartyID: w.customer, WarehouseID: w.wh1,
		Lines: []doc.Line{{ItemID: fresh, Qty: qty(1), Price: 20_000_000}}}})
	w.item, w.second = fresh, second
	return w
}

// asks is everything a person could ask, with every document, item and party of
// the shop named outright as somebody would who had the numbers from elsewhere.
func (w *world) asks() []use {
	us := uses()
	q := func(u use) { us = append(us, u) }
	for _, code := range []string{"A1", "B1", "N1", "L1", "L2"} {
		it := w.storedItem(code)
		q(query("GetItem "+code, false, func(*world, bool) app.GetItem { return app.GetItem{Code: code} }))
		q(query("FindItems "+code, false, func(*world, bool) app.FindItems { return app.FindItems{Query: code, Limit: 50} }))
		q(query("ScanCode "+code, false, func(*world, bool) app.ScanCode { return app.ScanCode{Code: code} }))
		for _, k := range doc.Specs() {
			for _, p := range []int64{0, w.customer, w.supply} {
				q(query("ItemHelp "+code, false, func(*world, bool) app.ItemHelp { return app.ItemHelp{Kind: k.Kind, Item: it.ID, Party: p} }))
			}
		}
		q(query("Report stock-ledger "+code, false, func(*world, bool) app.Report {
			return app.Report{Query: report.Query{Name: "stock-ledger", Item: code, Count: true}}
		}))
	}
	for _, id := range []int64{w.customer, w.supply, w.mine, w.credit} {
		q(query("GetParty", false, func(*world, bool) app.GetParty { return app.GetParty{ID: id} }))
		q(query("PartyView", false, func(*world, bool) app.PartyView { return app.PartyView{ID: id} }))
		q(command("SaveParty taking a code", false, func(*world, bool) app.SaveParty {
			return app.SaveParty{Party: master.Party{Code: "C001", Name: "New", Kind: master.Both, Card: "M001"}}
		}))
		q(command("SaveParty stale", false, func(w *world, _ bool) app.SaveParty {
			p := w.storedParty(id)
			p.Version, p.Name = p.Version-1, "Another"
			return app.SaveParty{Party: p}
		}))
	}
	for _, text := range []string{"", "w", "z", "C001", "S001", leakPhone, leakSupPhone, "8765"} {
		q(query("FindParties "+text, false, func(*world, bool) app.FindParties { return app.FindParties{Query: text, Limit: 100} }))
	}
	var ids []string
	all, _ := report.Find("documents")
	w.read(func(tx app.Tx) error {
		p, err := tx.Report(context.Background(), report.Query{Name: "documents"}, all.Columns)
		for _, r := range p.Rows {
			ids = append(ids, r.Ref)
		}
		return err
	})
	if len(ids) < 30 {
		w.t.Fatalf("only %d documents", len(ids))
	}
	for _, id := range append(ids, "leak-draft") {
		d := w.stored(id)
		q(query("GetDocument "+id, false, func(*world, bool) app.GetDocument { return app.GetDocument{ID: id} }))
		if d.Number != "" {
			q(query("GetDocument "+d.Number, false, func(*world, bool) app.GetDocument { return app.GetDocument{Number: d.Number} }))
		}
		// the same document again answers with what it was
		q(command("Post "+id+" again", false, func(*world, bool) app.Post { return app.Post{Doc: doc.Document{ID: id, Kind: d.Kind}} }))
		q(command("PostWire "+id+" again", false, func(*world, bool) app.PostWire {
			return app.PostWire{Wire: app.Wire{Kind: string(d.Kind), ID: id, Party: "S001", Warehouse: "W1", Lines: []app.WireLine{{Item: "L1", Qty: "1"}}}}
		}))
		q(command("Reverse "+id, false, func(*world, bool) app.Reverse {
			return app.Reverse{ID: id, Kind: d.Kind, Reason: "a try", AllowNegative: true}
		}))
	}
	for _, s := range report.Specs() {
		for _, c := range s.Columns {
			q(query("Report "+s.Name+" by "+c.Key, false, func(w *world, _ bool) app.Report {
				r := w.query(s.Name)
				r.Sort, r.Desc, r.Item = c.Key, true, "L1"
				return app.Report{Query: r}
			}))
		}
		for _, kind := range append(doc.Specs(), doc.Spec{Kind: "supplier"}, doc.Spec{Kind: "customer"}, doc.Spec{Kind: "both"}) {
			q(query("Report "+s.Name+" of "+string(kind.Kind), false, func(w *world, _ bool) app.Report {
				r := w.query(s.Name)
				r.Kinds, r.Zero, r.OwnerOnly = []string{string(kind.Kind)}, true, 0
				return app.Report{Query: r}
			}))
		}
		q(command("ExportReport "+s.Name, false, func(w *world, _ bool) app.ExportReport {
			return app.ExportReport{Query: w.query(s.Name), Reason: "a try", Protected: true}
		}))
	}
	// receipts at the price the form would have offered, counted and taken back
	q(command("PostWire at the usual price", false, func(*world, bool) app.PostWire {
		return app.PostWire{Wire: app.Wire{Kind: "GoodsReceipt", ID: "leak-usual", Party: "S001", Warehouse: "W1", Lines: []app.WireLine{{Item: "L1", Qty: "1"}}}}
	}))
	q(command("PostWire a return at the price it came", false, func(*world, bool) app.PostWire {
		return app.PostWire{Wire: app.Wire{Kind: "PurchaseReturn", ID: "leak-back", Party: "S001", Warehouse: "W1", Lines: []app.WireLine{{Item: "L1", Qty: "1", Origin: "leak-buy"}}}}
	}))
	q(command("Post a receipt dated before the sale", false, func(w *world, _ bool) app.Post {
		return app.Post{Doc: doc.Document{ID: "leak-late", Kind: doc.GoodsReceipt, Date: w.today.AddDays(-1), Reason: "late", PartyID: w.supply, WarehouseID: w.wh1,
			Lines: []doc.Line{{ItemID: w.item, Qty: qty(1), Price: 1_000_000}}}}
	}))
	q(query("Preview a receipt dated before the sale", false, func(w *world, _ bool) app.Preview {
		return app.Preview{Doc: doc.Document{ID: "leak-late", Kind: doc.GoodsReceipt, Date: w.today.AddDays(-1), Reason: "late", PartyID: w.supply, WarehouseID: w.wh1,
			Lines: []doc.Line{{ItemID: w.item, Qty: qty(1), Price: 1_000_000}}}}
	}))
	q(command("CloseDay with a wrong figure", false, func(w *world, _ bool) app.CloseDay {
		return app.CloseDay{Date: w.today, Account: w.bank, Counted: 1, Expected: 1}
	}))
	return us
}

// said is everything an answer tells: the result and the fault, as JSON.
func said(t *testing.T, res any, err error) string {
	t.Helper()
	b, jerr := json.Marshal(res)
	if jerr != nil {
		t.Fatal(jerr)
	}
	out := string(b)
	if err != nil {
		out += " " + err.Error()
		var l fault.List
		if f, ok := err.(*fault.Error); ok {
			l = fault.List{f}
		}
		if list, ok := err.(fault.List); ok {
			l = list
		}
		for _, f := range l {
			b, jerr := json.Marshal(f.Args)
			if jerr != nil {
				t.Fatal(jerr)
			}
			out += " " + string(b)
		}
	}
	return out
}

// TestNothingLeaks puts every question to every role that must not see one of the
// sentinels, with all confirmations given, and looks for the sentinels in everything they get back
// and in every log entry they may read afterwards.
func TestNothingLeaks(t *testing.T) {
	w := plantedWorld(t)
	us := w.asks()
	// the sentinels are really there: the owner sees each of them
	seen := w.leaks(t, us, access.Owner)
	for _, s := range sentinels() {
		if !seen[s.name] {
			t.Errorf("the owner does not see the %s: the test looks for the wrong thing", s.name)
		}
	}
	roles := []access.RoleID{access.Cashier, access.Storekeeper, access.Manager}
	if !testing.Short() {
		roles = append(roles, access.Buyer, access.Accountant, access.Auditor)
	}
	for _, role := range roles {
		w.leaks(t, us, role)
	}
}

// TestMaskedFiguresTellNothing: a role that sees every figure masked gets the
// columns, "***" in every cell of them, and not a byte of what is there.
func TestMaskedFiguresTellNothing(t *testing.T) {
	w := plantedWorld(t)
	role := standard(t, access.Storekeeper)
	for _, f := range access.Fields {
		role.Fields[f] = access.Masked
	}
	for _, p := range []access.Permission{access.ReportProfit, access.ReportPurchase, access.ExportSensitive} {
		role.Grants[p] = access.Grant{}
	}
	ctx := context.Background()
	lasting(w, app.WithPassword(ctx, worldPassword), app.SaveRole{Role: role})
	w.leaks(t, w.asks(), access.Storekeeper)
	covered := 0
	for _, s := range report.Specs() {
		q := w.query(s.Name)
		p, err := app.Ask(ctx, w.self, app.Report{Query: q})
		if err != nil {
			continue // not this role's report
		}
		want := s.For(role)
		for i, c := range p.Columns {
			spec, _ := s.Find(c.Key)
			money := spec.Type == report.Money && s.Name == "documents" // those with purchases among them
			if c.Masked != (spec.Field != "" && spec.Type != report.Text || money) {
				t.Errorf("%s %s: masked %v", s.Name, c.Key, c.Masked)
			}
			if !c.Masked {
				continue
			}
			covered += len(p.Rows)
			for _, r := range p.Rows {
				if len(r.Cells) != len(p.Columns) || r.Cells[i] != report.T(access.MaskedFigure) {
					t.Fatalf("%s %s: %+v", s.Name, c.Key, r.Cells)
				}
			}
			if _, ok := p.Totals[c.Key]; ok || c.Total || !c.NoSort {
				t.Errorf("%s %s has a total or can be sorted by", s.Name, c.Key)
			}
			q := q
			q.Sort = c.Key
			if got := keyOf(app.Ask(ctx, w.self, app.Report{Query: q})); got != "report.sort" {
				t.Errorf("%s by %s: %q", s.Name, c.Key, got)
			}
		}
		if s.Name != "documents" && len(p.Columns) < len(report.In(want, s.GroupOf(q))) {
			t.Errorf("%s: %d columns, want %d", s.Name, len(p.Columns), len(want))
		}
		x, err := app.Do(app.WithSecond(ctx, person(access.Owner), worldPassword), w.self, app.ExportReport{Query: q})
		if err != nil || x.Sensitive {
			t.Errorf("%s: what is masked is no secret to export: %v %v", s.Name, x.Sensitive, err)
		}
	}
	if covered < 50 {
		t.Errorf("only %d masked cells were looked at", covered)
	}
}

// leaks asks everything as a role and reports what must not have been said.
func (w *world) leaks(t *testing.T, us []use, role access.RoleID) map[string]bool {
	t.Helper()
	w.clock.at = w.clock.at.Add(time.Minute)
	w.as(role)
	seen := map[string]bool{}
	look := func(what, text string) {
		for _, s := range sentinels() {
			for _, f := range s.forms {
				if !strings.Contains(text, f) {
					continue
				}
				seen[s.name] = true
				for _, r := range s.from {
					if r == role {
						t.Errorf("%s: %s tells the %s (%s)\n%.300s", role, what, s.name, f, text)
					}
				}
			}
		}
	}
	ctx := app.WithSecond(app.WithPassword(context.Background(), worldPassword), person(access.Owner), worldPassword)
	if role == access.Owner {
		ctx = app.WithPassword(context.Background(), worldPassword)
	}
	_, from := w.st.digest(t)
	for _, u := range us {
		if strings.HasPrefix(u.name, "ExportKey") || strings.HasPrefix(u.name, "BackupNow") || strings.HasPrefix(u.name, "Unmask") { // Unmask is there to tell: TestUnmask
			continue
		}
		c := u.make(w, false)
		w.st.undo = true
		res, err := u.run(ctx, w.self, c)
		w.st.undo = false
		look(u.name, said(t, res, err))
		// entries are rolled back with the rest, so each is read as it was sealed
		for _, e := range w.st.entries {
			b, err := json.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			if e.User == w.self.User().Name {
				look("the log entry of "+u.name, string(b))
			}
		}
		w.st.entries = nil
	}
	_, to := w.st.digest(t)
	for seq := from; seq <= to; seq++ {
		e, err := app.Ask(ctx, w.self, app.LogEntry{Seq: seq})
		look("LogEntry", said(t, e, err))
	}
	return seen
}

// logReader remembers the entries written through it.
type logReader struct {
	app.Tx
	s *undoStore
}

func (l logReader) AppendLog(s oplog.Sealed, e oplog.Entry) error {
	l.s.entries = append(l.s.entries, e)
	return l.Tx.AppendLog(s, e)
}
