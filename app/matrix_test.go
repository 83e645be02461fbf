package app_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/ledger"
	"tiezhang/app/master"
	"tiezhang/app/oplog"
	"tiezhang/app/report"
	"tiezhang/app/rule"
)

var update = flag.Bool("update", false, "write the golden table and docs/permissions.md anew")

// use is one row of the table: a use case with an example that is sound for
// somebody who may. make builds it for the person asking; own asks for a row of
// the person's own.
type use struct {
	name  string
	owned bool // there is a row of the cashier's own to try it on
	make  func(w *world, own bool) any
	run   func(ctx context.Context, s *app.Session, c any) (any, error)
}

func command[R any, C app.Command[R]](name string, owned bool, mk func(w *world, own bool) C) use {
	return use{name, owned, func(w *world, own bool) any { return mk(w, own) },
		func(ctx context.Context, s *app.Session, c any) (any, error) { return app.Do(ctx, s, c.(C)) }}
}

func query[R any, C app.Query[R]](name string, owned bool, mk func(w *world, own bool) C) use {
	return use{name, owned, func(w *world, own bool) any { return mk(w, own) },
		func(ctx context.Context, s *app.Session, c any) (any, error) { return app.Ask(ctx, s, c.(C)) }}
}

func task[R any, C app.Task[R]](name string, mk func(w *world) C) use {
	return use{name, false, func(w *world, _ bool) any { return mk(w) },
		func(ctx context.Context, s *app.Session, c any) (any, error) { return app.Run(ctx, s, c.(C)) }}
}

// pick gives the cashier's own row, or somebody else's.
func pick[T any](own bool, mine, other T) T {
	if own {
		return mine
	}
	return other
}

// post is a sound new document, changed.
func post(name string, k doc.Kind, change func(w *world, d *doc.Document)) use {
	return command("Post "+name, false, func(w *world, _ bool) app.Post {
		d := w.document(k, "new-"+string(k))
		change(w, &d)
		return app.Post{Doc: d, AllowNegative: true}
	})
}

func wire(kind string, change app.Wire) use {
	change.Kind = kind
	return command("PostWire "+kind, false, func(*world, bool) app.PostWire { return app.PostWire{Wire: change} })
}

func uses() []use {
	us := append(append(append(keyUses(), masterUses()...), rightsUses()...), []use{
		// people and settings
		query("ListUsers", false, func(*world, bool) app.ListUsers { return app.ListUsers{} }),
		query("Roles", false, func(*world, bool) app.Roles { return app.Roles{} }),
		command("AddUser", false, func(w *world, _ bool) app.AddUser {
			return app.AddUser{Name: "by-" + string(w.who), Password: worldPassword, Role: access.Cashier}
		}),
		command("ChangeUser", false, func(*world, bool) app.ChangeUser {
			return app.ChangeUser{Name: "spare", Role: access.Buyer, Disabled: true}
		}),
		command("ResetPassword of another", false, func(*world, bool) app.ResetPassword {
			return app.ResetPassword{Name: "spare", Password: worldPassword}
		}),
		command("ChangePassword of one's own", false, func(*world, bool) app.ChangePassword {
			return app.ChangePassword{Old: worldPassword, New: worldPassword}
		}),
	}...)
	us = append(append(append(us, signInUses()...), tillUses()...), []use{
		query("Settings", false, func(*world, bool) app.Settings { return app.Settings{} }),
		command("SetSetting", false, func(*world, bool) app.SetSetting {
			return app.SetSetting{Key: app.SettingNegative, Value: "allow"}
		}),
		command("SetLook", false, func(*world, bool) app.SetLook { return app.SetLook{Language: "en", Theme: "dark", TextSize: "large"} }),
		task("BackupNow", func(w *world) app.BackupNow { return app.BackupNow{Folder: w.folder} }),
		task("BackupsIn", func(w *world) app.BackupsIn { return app.BackupsIn{Folder: w.folder} }),
		task("BackupFile", func(w *world) app.BackupFile { return app.BackupFile{Path: w.kept.Path} }),
		query("BackupDue", false, func(*world, bool) app.BackupDue { return app.BackupDue{} }),
		query("BackupState", false, func(*world, bool) app.BackupState { return app.BackupState{} }),
		task("VerifyShop", func(*world) app.VerifyShop { return app.VerifyShop{} }),
		query("LogEntry of another", true, func(w *world, own bool) app.LogEntry {
			return app.LogEntry{Seq: pick(own, ownEntry(w), 1)}
		}),
		query("Home", false, func(*world, bool) app.Home { return app.Home{} }),
		query("Status", false, func(*world, bool) app.Status { return app.Status{} }),
		// master data
		query("GetItem", false, func(*world, bool) app.GetItem { return app.GetItem{Code: "A1"} }),
		query("FindItems", false, func(*world, bool) app.FindItems { return app.FindItems{Query: "te", Limit: 8} }),
		query("ScanCode", false, func(*world, bool) app.ScanCode { return app.ScanCode{Code: "6901234567892"} }),
		query("ItemHelp", false, func(w *world, _ bool) app.ItemHelp {
			return app.ItemHelp{Kind: doc.SalesDelivery, Item: w.item, Party: w.customer}
		}),
		query("Words", false, func(*world, bool) app.Words { return app.Words{Column: "category"} }),
		query("NextCode", false, func(*world, bool) app.NextCode { return app.NextCode{Kind: "item"} }),
		command("SaveItem new", false, func(*world, bool) app.SaveItem {
			return app.SaveItem{Item: master.Item{Code: "NEW", Name: "New", Unit: "pc"}}
		}),
		command("SaveItem with another price", false, func(w *world, _ bool) app.SaveItem {
			it := w.storedItem("A1")
			it.Prices[master.Retail] = 4_000_000
			return app.SaveItem{Item: it}
		}),
		command("SetPicture", false, func(w *world, _ bool) app.SetPicture {
			return app.SetPicture{Item: w.item, Data: []byte("\x89PNG\r\n\x1a\n")}
		}),
		query("GetParty customer", true, func(w *world, own bool) app.GetParty {
			return app.GetParty{ID: pick(own, w.mine, w.customer)}
		}),
		query("GetParty supplier", false, func(w *world, _ bool) app.GetParty { return app.GetParty{ID: w.supply} }),
		query("FindParties", false, func(*world, bool) app.FindParties { return app.FindParties{Query: "z", Limit: 8} }),
		command("SaveParty customer", true, func(w *world, own bool) app.SaveParty {
			return app.SaveParty{Party: w.storedParty(pick(own, w.mine, w.customer))}
		}),
		command("SaveParty supplier", false, func(w *world, _ bool) app.SaveParty {
			return app.SaveParty{Party: w.storedParty(w.supply)}
		}),
		query("Places", false, func(*world, bool) app.Places { return app.Places{} }),
		command("SaveWarehouse", false, func(*world, bool) app.SaveWarehouse {
			return app.SaveWarehouse{Warehouse: master.Warehouse{Code: "W9", Name: "Cellar"}}
		}),
		command("SaveAccount", false, func(*world, bool) app.SaveAccount {
			return app.SaveAccount{Account: master.Account{Code: "C9", Name: "Safe", Kind: master.Cash}}
		}),
		query("DryRun", false, func(w *world, _ bool) app.DryRun { return app.DryRun{Import: w.sheet} }),
		query("ImportColumns", false, func(w *world, _ bool) app.ImportColumns { return app.ImportColumns{Import: w.sheet} }),
		command("ImportSheet", false, func(w *world, _ bool) app.ImportSheet { return app.ImportSheet{Import: w.sheet} }),
		// the till's day
		query("CashBalance of the till", false, func(w *world, _ bool) app.CashBalance { return app.CashBalance{Account: w.cash} }),
		query("CashBalance of the bank", false, func(w *world, _ bool) app.CashBalance { return app.CashBalance{Account: w.bank} }),
		command("CountTill", false, func(w *world, _ bool) app.CountTill { return app.CountTill{Account: w.cash, Counted: 1} }),
		command("CountTill of the bank", false, func(w *world, _ bool) app.CountTill { return app.CountTill{Account: w.bank, Counted: 1} }),
		command("CloseDay", false, func(w *world, _ bool) app.CloseDay {
			return app.CloseDay{Date: w.today, Account: w.cash, Counted: w.inCash, Expected: w.inCash}
		}),
		command("CloseDay of the bank", false, func(w *world, _ bool) app.CloseDay {
			return app.CloseDay{Date: w.today, Account: w.bank, Counted: w.inBank, Expected: w.inBank}
		}),
		command("ReopenDay", false, func(w *world, _ bool) app.ReopenDay {
			return app.ReopenDay{Date: w.today.AddDays(-10), Reason: "late bill"}
		}),
		// months and costing
		query("Months", false, func(*world, bool) app.Months { return app.Months{} }),
		command("CloseMonth", false, func(*world, bool) app.CloseMonth { return app.CloseMonth{Month: 202610} }),
		task("ReopenMonth", func(w *world) app.ReopenMonth {
			return app.ReopenMonth{Month: 202609, Reason: "a late bill", Folder: w.folder}
		}),
		query("CostMethods", false, func(*world, bool) app.CostMethods { return app.CostMethods{} }),
		command("SwitchMethod", false, func(*world, bool) app.SwitchMethod {
			return app.SwitchMethod{Method: ledger.MovingAverage}
		}),
		// orders and what is pulled
		command("EndOrder", true, func(_ *world, own bool) app.EndOrder {
			return app.EndOrder{ID: pick(own, "mine-SalesOrder", "sold-SalesOrder"), Kind: doc.SalesOrder, Reason: "sold out"}
		}),
		command("ReopenOrder", true, func(_ *world, own bool) app.ReopenOrder {
			return app.ReopenOrder{ID: pick(own, "mine-SalesOrder", "sold-SalesOrder"), Kind: doc.SalesOrder}
		}),
		query("OpenLines of sales orders", false, func(w *world, _ bool) app.OpenLines {
			return app.OpenLines{Kind: doc.SalesDelivery, Party: w.customer}
		}),
		query("PullLines of a receipt", false, func(*world, bool) app.PullLines {
			return app.PullLines{Kind: doc.PurchaseReturn, IDs: []string{"sold-GoodsReceipt"}}
		}),
		command("LogPrint", true, func(_ *world, own bool) app.LogPrint {
			return app.LogPrint{ID: pick(own, "mine-RetailSale", "old-RetailSale")}
		}),
		command("LogPrint once more", true, func(_ *world, own bool) app.LogPrint {
			return app.LogPrint{ID: pick(own, "mine-SalesOrder", "sold-SalesOrder")}
		}),
		command("ExportDocument", true, func(_ *world, own bool) app.ExportDocument {
			return app.ExportDocument{ID: pick(own, "mine-RetailSale", "old-RetailSale")}
		}),
		query("FindSerials", false, func(w *world, _ bool) app.FindSerials { return app.FindSerials{Item: w.item} }),
		query("CountCheck", false, func(*world, bool) app.CountCheck {
			return app.CountCheck{Wire: app.Wire{Kind: string(doc.StockCount), Warehouse: "W1", Lines: []app.WireLine{{Item: "A1", Qty: "1"}}}}
		}),
		// members
		query("FindMember", false, func(*world, bool) app.FindMember { return app.FindMember{Card: "M001"} }),
		command("SetCard", false, func(w *world, _ bool) app.SetCard { return app.SetCard{Party: w.customer, Card: "M002"} }),
		// approvals of documents
		query("ApprovalRules", false, func(*world, bool) app.ApprovalRules { return app.ApprovalRules{} }),
		command("SetApprovalRules", false, func(*world, bool) app.SetApprovalRules {
			return app.SetApprovalRules{Rules: []rule.Approval{{ID: "x", Kind: doc.Expense, Over: "500"}}}
		}),
		query("PendingApprovals", false, func(*world, bool) app.PendingApprovals { return app.PendingApprovals{} }),
		query("ApprovalOf another's draft", true, func(_ *world, own bool) app.ApprovalOf {
			return app.ApprovalOf{Doc: pick(own, "mine-asked", "asked")}
		}),
		command("AskApproval", false, func(w *world, _ bool) app.AskApproval { return app.AskApproval{Doc: w.bigOffer("new-offer")} }),
		command("Approve", false, func(w *world, _ bool) app.Approve { return app.Approve{ID: w.askedMine} }),
		command("Refuse", false, func(w *world, _ bool) app.Refuse { return app.Refuse{ID: w.askedMine, Reason: "too cheap"} }),
		command("WithdrawApproval of another", true, func(w *world, own bool) app.WithdrawApproval {
			return app.WithdrawApproval{ID: pick(own, w.askedMine, w.asked)}
		}),
		post("what wants an approval", doc.Quotation, func(_ *world, d *doc.Document) { d.Lines[0].Price = 2000_000_000 }),
		// drafts of another
		query("MyDrafts", false, func(*world, bool) app.MyDrafts { return app.MyDrafts{} }),
		command("SaveDraft over another's", true, func(w *world, own bool) app.SaveDraft {
			id := pick(own, "mine-open-RetailSale", "open-RetailSale")
			d := w.document(doc.RetailSale, id)
			d.Version = w.stored(id).Version
			return app.SaveDraft{Doc: d}
		}),
		command("DropDraft of another", true, func(_ *world, own bool) app.DropDraft {
			return app.DropDraft{Kind: doc.RetailSale, ID: pick(own, "mine-open-RetailSale", "open-RetailSale")}
		}),
		query("GetDocument RetailSale", true, func(_ *world, own bool) app.GetDocument {
			return app.GetDocument{ID: pick(own, "mine-RetailSale", "old-RetailSale")}
		}),
		command("Reverse RetailSale", true, func(_ *world, own bool) app.Reverse {
			return app.Reverse{ID: pick(own, "mine-RetailSale", "old-RetailSale"), Kind: doc.RetailSale, Reason: "typed wrong", AllowNegative: true}
		}),
		// rights that hang on what the document says
		post("below the floor price", doc.RetailSale, func(_ *world, d *doc.Document) {
			d.Lines[0].Price, d.Payments[0].Amount = 1_500_000, 1_50
		}),
		post("with 40 % off", doc.RetailSale, func(w *world, d *doc.Document) {
			d.Lines[0].ItemID, d.Lines[0].Price, d.Lines[0].Off, d.Payments[0].Amount = w.free, 10_000_000, 4_00, 6_00
		}),
		post("beyond the customer's credit", doc.SalesDelivery, func(w *world, d *doc.Document) {
			d.PartyID, d.Lines[0].ItemID, d.Lines[0].Price = w.credit, w.free, 11_000_000
		}),
		post("a return without a sale", doc.RetailReturn, func(_ *world, d *doc.Document) { d.Lines[0].Origin = doc.Origin{} }),
		post("a sale dated yesterday", doc.SalesDelivery, func(w *world, d *doc.Document) { d.Date, d.Reason = w.today.AddDays(-1), "late" }),
		post("more than there is", doc.RetailSale, func(w *world, d *doc.Document) {
			d.Lines[0].ItemID, d.Lines[0].Price, d.Payments[0].Amount = w.gone, 5_000_000, 5_00
		}),
		// the script face
		wire("Item", app.Wire{Code: "NEW", Name: "New", Unit: "pc"}),
		wire("Party", app.Wire{Code: "NEW", Name: "New", Role: "supplier"}),
		wire("Warehouse", app.Wire{Code: "W9", Name: "Cellar"}),
		wire("Account", app.Wire{Code: "C9", Name: "Safe", Type: "cash"}),
		wire("GoodsReceipt", app.Wire{ID: "w1", Party: "S001", Warehouse: "W1", Lines: []app.WireLine{{Item: "A1", Qty: "1"}}}),
		wire("RetailSale", app.Wire{ID: "w2", Warehouse: "W1", Lines: []app.WireLine{{Item: "A1", Qty: "1"}}}),
		wire("Reverse", app.Wire{Of: "old-Expense", Reason: "typed wrong"}),
		command("PostWires", false, func(*world, bool) app.PostWires {
			return app.PostWires{Wires: []app.Wire{{Kind: "Item", Code: "NEW", Name: "New", Unit: "pc"}}}
		}),
	}...)
	for _, k := range doc.Specs() {
		kind := k.Kind
		us = append(us,
			command("SaveDraft "+string(kind), false, func(w *world, _ bool) app.SaveDraft {
				return app.SaveDraft{Doc: w.document(kind, "new-"+string(kind))}
			}),
			query("Preview "+string(kind), false, func(w *world, _ bool) app.Preview {
				return app.Preview{Doc: w.document(kind, "new-"+string(kind))}
			}),
			command("Post "+string(kind), false, func(w *world, _ bool) app.Post {
				return app.Post{Doc: w.document(kind, "new-"+string(kind))}
			}),
			query("GetDocument "+string(kind)+" of another", false, func(*world, bool) app.GetDocument {
				return app.GetDocument{ID: "old-" + string(kind)}
			}))
		us = append(us, query("PreviewReverse "+string(kind), false, func(*world, bool) app.PreviewReverse {
			return app.PreviewReverse{ID: "old-" + string(kind), Kind: kind}
		}))
		us = append(us, command("Reverse "+string(kind), false, func(*world, bool) app.Reverse {
			return app.Reverse{ID: "old-" + string(kind), Kind: kind, Reason: "typed wrong", AllowNegative: true}
		}))
	}
	for _, s := range report.Specs() {
		name := s.Name
		us = append(us, query("Report "+name, false, func(w *world, _ bool) app.Report { return app.Report{Query: w.query(name)} }))
	}
	us = append(us,
		query("ListViews", false, func(*world, bool) app.ListViews { return app.ListViews{List: "items"} }),
		command("SaveListView", false, func(*world, bool) app.SaveListView {
			return app.SaveListView{List: "items", View: app.ListView{Name: "mine", Value: "{}"}}
		}),
		command("MakeOrders", false, func(w *world, _ bool) app.MakeOrders {
			return app.MakeOrders{Wants: []app.Want{{ItemID: w.item, Qty: 10_000}}}
		}),
		query("Explain", false, func(*world, bool) app.Explain { return app.Explain{Code: "A1"} }))
	for _, name := range []string{"items", "sales-detail", "purchase-detail", "profit"} {
		us = append(us, command("ExportReport "+name, false, func(w *world, _ bool) app.ExportReport {
			return app.ExportReport{Query: w.query(name), Reason: "for the accountant", Protected: true}
		}))
	}
	return us
}

func (w *world) query(name string) report.Query {
	q := report.Query{Name: name, Count: true}
	if name == "stock-ledger" {
		q.Item = "A1"
	}
	if strings.HasSuffix(name, "-statement") {
		q.Party = w.storedParty(w.customer).Code
	}
	return q
}

// stored, storedItem and storedParty read rows as they are, past the gate.
func (w *world) stored(id string) (d doc.Document) {
	w.read(func(tx app.Tx) (err error) { d, err = tx.Document(id); return err })
	return d
}

func (w *world) storedItem(code string) (it master.Item) {
	w.read(func(tx app.Tx) (err error) { it, err = tx.ItemByCode(code); return err })
	return it
}

func (w *world) storedParty(id int64) (p master.Party) {
	w.read(func(tx app.Tx) (err error) { p, err = tx.Party(id); return err })
	return p
}

func (w *world) read(fn func(app.Tx) error) {
	w.t.Helper()
	if err := w.st.Read(context.Background(), fn); err != nil {
		w.t.Fatal(err)
	}
}

// ownEntry is the number of an entry the person asking made.
func ownEntry(w *world) (seq int64) {
	w.read(func(tx app.Tx) error {
		last, _, err := tx.LogHead()
		if err != nil {
			return err
		}
		ss, err := tx.LogEntries(1, int(last))
		for _, s := range ss {
			if e, err := oplog.Open(s); err == nil && e.User == person(w.who) {
				seq = e.Seq
			}
		}
		return err
	})
	return seq
}

// What a cell of the table says.
const (
	cellOK       = "ok"
	cellPassword = "password" // the own password again
	cellSecond   = "second"   // a second person's password
	cellDenied   = "denied"
	cellUnseen   = "unseen" // answered as if there were no such row
	cellPart     = "part"   // a list narrowed to the rows the person may see
)

func outcome(err error) (string, bool) {
	if err == nil {
		return cellOK, true
	}
	if c, step := app.IsStep(err); step {
		if c == access.Second {
			return cellSecond, true
		}
		return cellPassword, true
	}
	switch fault.KindOf(err) {
	case fault.Denied:
		return cellDenied, true
	case fault.NotFound:
		return cellUnseen, true
	}
	return "", false
}

// try puts one use case to the person signed in and holds the gate to what it
// answered: what is refused leaves nothing but its log entry, what wants a step
// goes through with it.
func (w *world) try(t *testing.T, u use, own bool) string {
	t.Helper()
	c := u.make(w, own)
	w.st.undo = true
	got, err := u.run(context.Background(), w.self, c)
	w.st.undo = false
	cell, known := outcome(err)
	if !known {
		t.Errorf("%s as %s: %v (%s)", u.name, w.who, err, fault.KeyOf(err))
		return "broken"
	}
	ctx := context.Background()
	switch cell {
	case cellPassword:
		ctx = app.WithPassword(ctx, worldPassword)
	case cellSecond:
		ctx = app.WithSecond(ctx, person(access.Owner), worldPassword)
	case cellDenied, cellUnseen:
		w.refused(ctx, t, u, c, cell)
		return cell
	default:
		if p, ok := got.(report.Page); ok && w.fewer(u.name, len(p.Rows)) {
			return cellPart
		}
		return cell
	}
	w.st.undo = true
	_, err = u.run(ctx, w.self, c)
	w.st.undo = false
	w.clock.at = w.clock.at.Add(6 * time.Minute) // the password just given is forgotten by now
	if after, _ := outcome(err); after == cellDenied || after == cellUnseen {
		w.refused(ctx, t, u, c, after) // approval to export does not give the right to what is exported
		return after
	} else if after != cellOK {
		t.Errorf("%s as %s with the %s asked for: %v", u.name, w.who, cell, err)
	}
	for _, bad := range []context.Context{
		app.WithSecond(app.WithPassword(context.Background(), "not the password"), person(access.Owner), "not the password"),
		app.WithSecond(context.Background(), w.self.User().Name, worldPassword), // nobody approves themselves
	} {
		if _, err := u.run(bad, w.self, c); err == nil {
			t.Errorf("%s as %s went through with a wrong %s", u.name, w.who, cell)
		}
	}
	return cell
}

// fewer tells whether a list has fewer rows than the owner, who is asked first, saw.
func (w *world) fewer(name string, n int) bool {
	if w.rows == nil {
		w.rows = map[string]int{}
	}
	if w.who == access.Owner {
		w.rows[name] = n
	}
	return n < w.rows[name]
}

// refused runs a refused use case for good.
func (w *world) refused(ctx context.Context, t *testing.T, u use, c any, cell string) {
	t.Helper()
	before, logged := w.st.digest(t)
	_, err := u.run(ctx, w.self, c)
	if got, _ := outcome(err); got != cell {
		t.Errorf("%s as %s: %s, then %s", u.name, w.who, cell, got)
	}
	after, logs := w.st.digest(t)
	if after != before {
		t.Errorf("%s as %s was refused and yet changed the shop", u.name, w.who)
	}
	// a row answered as a missing one is a refusal in the log
	if logs != logged+1 {
		t.Errorf("%s as %s was denied: %d log entries, want 1", u.name, w.who, logs-logged)
		return
	}
	w.read(func(tx app.Tx) error {
		ss, err := tx.LogEntries(logs, 1)
		if err != nil {
			return err
		}
		e, err := oplog.Open(ss[0])
		if err != nil || e.Result != oplog.Denied || e.User != person(w.who) || e.Action == "" {
			t.Errorf("%s as %s: the denial's entry is %+v (%v)", u.name, w.who, e, err)
		}
		return nil
	})
}

// cell tries a use case on another's row and on one's own.
func (w *world) cell(t *testing.T, u use) string {
	t.Helper()
	other := w.try(t, u, false)
	if !u.owned || w.who != access.Cashier && !strings.HasPrefix(u.name, "LogEntry") {
		return other
	}
	mine := w.try(t, u, true)
	switch {
	case mine == other:
		return mine
	case mine == cellOK:
		return "own"
	}
	return "own:" + mine
}

// TestPermissions fills the whole table and holds it against the golden file.
func TestPermissions(t *testing.T) {
	w := newWorld(t)
	us := uses()
	roles := access.Standard()
	table := make([][]string, len(us))
	for i, u := range us {
		example := u.make(w, false)
		if got := reflect.TypeOf(example).Name(); got != strings.Fields(u.name)[0] {
			t.Errorf("row %q runs %s", u.name, got)
		}
		perm, ok := app.PermOf(example)
		if !ok || perm == "" {
			t.Errorf("%s names no permission", u.name)
		}
		table[i] = []string{u.name, string(perm)}
	}
	for _, r := range roles {
		w.clock.at = worldStart.Add(time.Minute)
		w.as(r.ID)
		w.clock.at = w.clock.at.Add(6 * time.Minute) // signing in counts as giving the password: let that pass
		for i, u := range us {
			table[i] = append(table[i], w.cell(t, u))
		}
	}
	golden(t, "testdata/permissions.golden", goldenTable(table, roles))
	golden(t, "../docs/permissions.md", permissionsDoc(t, table, roles))
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil { //nolint:gosec // a document
			t.Fatal(err)
		}
		return
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.ReplaceAll(string(b), "\r\n", "\n")
	if want == got {
		return
	}
	a, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := 0; i < max(len(a), len(g)); i++ {
		if i >= len(a) || i >= len(g) || a[i] != g[i] {
			t.Errorf("%s, line %d:\n have %s\n want %s", path, i+1, at(g, i), at(a, i))
		}
	}
	t.Errorf("If the change is meant: go test ./app -run TestPermissions -update (or make docs), and read the difference.")
}

func at(l []string, i int) string {
	if i < len(l) {
		return l[i]
	}
	return "(nothing)"
}

func goldenTable(table [][]string, roles []access.Role) string {
	head := []string{"use case", "right"}
	for _, r := range roles {
		head = append(head, string(r.ID))
	}
	wide := make([]int, len(head))
	for _, row := range append([][]string{head}, table...) {
		for i, c := range row {
			wide[i] = max(wide[i], len(c))
		}
	}
	var b strings.Builder
	b.WriteString("# Every use case x every standard role, as the gate answered it in TestPermissions.\n" +
		"# ok | password: asks for the own password again | second: asks for a second person | denied: refused and logged\n" +
		"# unseen: answered as if there were no such row | own: only rows of one's own | part: only the rows the person may see\n")
	for _, row := range append([][]string{head}, table...) {
		var line strings.Builder
		for i, c := range row {
			fmt.Fprintf(&line, "%-*s  ", wide[i], c)
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	return b.String()
}

// TestEveryUseCaseIsInTheTable finds the use cases in the sources.
func TestEveryUseCaseIsInTheTable(t *testing.T) {
	have := map[string]bool{}
	for _, u := range uses() {
		have[strings.Fields(u.name)[0]] = true // TestPermissions holds this word to the type
	}
	for name := range useCases(t) {
		if !have[name] {
			t.Errorf("app.%s is not in the table of matrix_test.go: give it an example", name)
		}
	}
	if len(have) < 40 {
		t.Errorf("only %d use cases: the table is broken", len(have))
	}
}
