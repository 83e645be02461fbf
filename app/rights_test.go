package app_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/oplog"
)

// lastEntry is the latest entry of the log.
func (w *world) lastEntry() (e oplog.Entry) {
	w.read(func(tx app.Tx) error {
		seq, _, err := tx.LogHead()
		if err != nil {
			return err
		}
		ss, err := tx.LogEntries(seq, 1)
		if err == nil {
			e, err = oplog.Open(ss[0])
		}
		return err
	})
	return e
}

func keyOf[R any](_ R, err error) string {
	if err == nil {
		return ""
	}
	return fault.KeyOf(err)
}

var plain = context.Background()

// TestASecondPersonSigns: the approver's own key signs this very action, the
// signature is in the entry, and it fits nothing else.
func TestASecondPersonSigns(t *testing.T) {
	w := newWorld(t)
	w.as(access.Accountant)
	c := app.ReopenDay{Date: w.today.AddDays(-10), Reason: "late bill"}
	lasting(w, app.WithSecond(plain, person(access.Owner), worldPassword), c)
	e := w.lastEntry()
	if e.Consent == nil || !e.Consent.Sound(e) || e.Consent.By != person(access.Accountant) || e.Consent.For != string(access.MonthReopen) || e.Consent.Use != "ReopenDay" {
		t.Fatalf("%+v", e.Consent)
	}
	key, err := w.st.keys.SignKey(person(access.Owner))
	if err != nil || !bytes.Equal(key, e.Consent.Key) {
		t.Errorf("signed by another key than the owner's: %v", err)
	}
	for name, spoil := range map[string]func(*oplog.Consent, *oplog.Entry){
		"another right":      func(k *oplog.Consent, _ *oplog.Entry) { k.For = "sale.reverse" },
		"another use case":   func(k *oplog.Consent, _ *oplog.Entry) { k.Use = "Reverse" },
		"another parameter":  func(k *oplog.Consent, _ *oplog.Entry) { k.Params = bytes.Repeat([]byte{1}, 32) },
		"another person":     func(k *oplog.Consent, _ *oplog.Entry) { k.By = "somebody" },
		"another's entry":    func(_ *oplog.Consent, e *oplog.Entry) { e.User = "somebody" },
		"a nonce of its own": func(k *oplog.Consent, _ *oplog.Entry) { k.Nonce = []byte("again") },
		"another key":        func(k *oplog.Consent, _ *oplog.Entry) { k.Key = bytes.Repeat([]byte{2}, 32) },
		"no signature":       func(k *oplog.Consent, _ *oplog.Entry) { k.Sig = nil },
	} {
		k, f := *e.Consent, e
		spoil(&k, &f)
		if k.Sound(f) {
			t.Errorf("it is good with %s", name)
		}
	}
}

// TestAForgedApprovalIsFound: somebody with the shop's own log key can chain an
// entry that says the owner approved, but not sign as the owner.
func TestAForgedApprovalIsFound(t *testing.T) {
	w := newWorld(t)
	w.as(access.Accountant)
	lasting(w, app.WithSecond(plain, person(access.Owner), worldPassword), app.ReopenDay{Date: w.today.AddDays(-10), Reason: "late bill"})
	verify := func() (keys []string) {
		v, err := app.Run(plain, asOwner(w).self, app.VerifyShop{})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range v.Findings {
			keys = append(keys, f.Key)
		}
		return keys
	}
	var old oplog.Entry
	w.read(func(tx app.Tx) error {
		last, _, err := tx.LogHead()
		if err != nil {
			return err
		}
		ss, err := tx.LogEntries(1, int(last))
		for _, s := range ss {
			if e, err := oplog.Open(s); err == nil && e.Consent != nil {
				old = e
			}
		}
		return err
	})
	if found := verify(); len(found) != 0 {
		t.Fatal("a sound shop:", found)
	}
	err := w.st.Write(plain, func(tx app.Tx) error {
		seq, prev, err := tx.LogHead()
		if err != nil {
			return err
		}
		e, k := old, *old.Consent
		k.For, e.Consent, e.Seq, e.Mono, e.Action = string(access.StockAdjust), &k, seq+1, seq+1, string(access.StockAdjust)
		s, err := oplog.Seal(w.st.LogKey(), prev, e)
		if err != nil {
			return err
		}
		return tx.AppendLog(s, e)
	})
	if err != nil {
		t.Fatal(err)
	}
	if found := verify(); !slices.Contains(found, "check.log.consent") {
		t.Error("the forged approval was not found:", found)
	}
}

// TestApprovalCodes: a code stands for its maker once, for what it was made for,
// for fourteen days; nobody uses their own.
func TestApprovalCodes(t *testing.T) {
	w := newWorld(t)
	own := app.WithPassword(plain, worldPassword)
	print := func(c app.PrintCodes) app.PrintedCodes { w.as(access.Owner); return lasting(w, own, c) }
	any := print(app.PrintCodes{})
	only := print(app.PrintCodes{Actions: []access.Permission{access.SaleReverse}})
	small := print(app.PrintCodes{UpTo: 2_99})
	ended := print(app.PrintCodes{})
	lasting(w, own, app.EndCodes{Sheet: ended.Sheet.ID})
	if len(any.Codes) != 10 || any.Codes[0] == any.Codes[1] || len(any.Codes[0]) != 14 {
		t.Fatal(any.Codes)
	}
	w.as(access.Cashier)
	reverse := app.Reverse{ID: "mine-RetailSale", Kind: doc.RetailSale, Reason: "typed wrong"}
	below := w.document(doc.RetailSale, "low")
	below.Lines[0].Price, below.Payments[0].Amount = 1_500_000, 1_50
	do := func(code string) string { return keyOf(app.Do(app.WithCode(plain, code), w.self, reverse)) }
	for _, c := range []struct{ name, code, want string }{
		{"no code", "", "gate.second"},
		{"nonsense", "abc", "gate.code"},
		{"a code nobody made", "AAAA-BBBB-CCCC", "gate.code"},
		{"a sheet taken back", ended.Codes[0], "gate.code-over"},
		{"more than it is good for", small.Codes[0], "gate.code-amount"},
	} {
		if got := do(c.code); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	if e := w.lastEntry(); e.Result != oplog.Denied || e.Fault != "gate.code-amount" {
		t.Errorf("the refused code is in the log as %+v", e)
	}
	if got := keyOf(app.Do(app.WithCode(plain, only.Codes[0]), w.self, app.Post{Doc: below})); got != "gate.code-action" {
		t.Error("a code for reversals let a sale below the floor through:", got)
	}
	before := w.lastEntry().Seq
	r := lasting(w, app.WithCode(plain, strings.ToLower(strings.ReplaceAll(only.Codes[0], "-", " "))), reverse)
	e := w.lastEntry()
	if e.Seq != before+1 || e.Approver != person(access.Owner) || !strings.Contains(e.Detail, "approval_code") || r.Number == "" {
		t.Errorf("%+v", e)
	}
	if strings.Contains(e.Detail, only.Codes[0][:4]) {
		t.Error("the log tells the code")
	}
	if got := keyOf(app.Do(app.WithCode(plain, only.Codes[0]), w.self, app.Reverse{ID: "mine-SalesOrder", Kind: doc.SalesOrder, Reason: "x"})); got != "gate.code-used" {
		t.Error("used twice:", got)
	}
	lasting(w, app.WithCode(plain, any.Codes[3]), app.Post{Doc: below})
	// what failed for another reason has not used the code up
	bad := w.document(doc.RetailSale, "bad")
	bad.Lines[0].Price, bad.Payments[0].Amount = 1_500_000, 9_99
	if got := keyOf(app.Do(app.WithCode(plain, any.Codes[4]), w.self, app.Post{Doc: bad})); got == "" || strings.HasPrefix(got, "gate.") {
		t.Error("a wrong bill:", got)
	}
	bad.ID, bad.Payments[0].Amount = "good", 1_50
	lasting(w, app.WithCode(plain, any.Codes[4]), app.Post{Doc: bad})
	// the owner uses none of their own, where their role asks for a second person
	role := standard(t, access.Owner)
	role.Grants[access.SaleReverse] = access.Grant{Confirm: access.Second}
	w.as(access.Owner)
	lasting(w, own, app.SaveRole{Role: role})
	w.as(access.Owner)
	if got := keyOf(app.Do(app.WithCode(plain, any.Codes[5]), w.self, app.Reverse{ID: "old-RetailSale", Kind: doc.RetailSale, Reason: "x"})); got != "gate.self-approval" {
		t.Error("the owner approved themselves:", got)
	}
	w.as(access.Cashier)
	if got := keyOf(app.Do(app.WithCode(plain, any.Codes[6]), w.self, app.Reverse{ID: "low", Kind: doc.RetailSale, Reason: "x"})); got != "gate.approver-right" {
		t.Error("a code can do more than its maker:", got)
	}
	lasting(asOwner(w), own, app.SaveRole{Role: standard(t, access.Owner)})
	// after fourteen days, also by a clock set back
	w.as(access.Cashier)
	w.clock.at = w.clock.at.Add(14 * 24 * time.Hour)
	late := app.Reverse{ID: "low", Kind: doc.RetailSale, Reason: "x"}
	if got := keyOf(app.Do(app.WithCode(plain, any.Codes[7]), w.self, late)); got != "gate.code-over" {
		t.Error("after fourteen days:", got)
	}
	w.clock.at = w.clock.at.Add(-10 * 24 * time.Hour)
	if got := keyOf(app.Do(app.WithCode(plain, any.Codes[7]), w.self, late)); got != "gate.code-over" {
		t.Error("with the clock set back:", got)
	}
}

func asOwner(w *world) *world { w.as(access.Owner); return w }

// TestLentRights: a right is lent to one person, for so long and so often; what
// is lent takes nothing away from what the role asks for besides.
func TestLentRights(t *testing.T) {
	w := newWorld(t)
	own := app.WithPassword(plain, worldPassword)
	lend := func(c app.Lend) string {
		w.as(access.Owner)
		return keyOf(app.Do(own, w.self, c))
	}
	good := app.Lend{To: person(access.Storekeeper), Actions: []access.Permission{access.MoneyView, access.MoneyCreate}, Reason: "the accountant is ill", Hours: 24, Uses: 2}
	with := func(change func(*app.Lend)) app.Lend { c := good; change(&c); return c }
	for _, c := range []struct {
		name, want string
		lend       app.Lend
	}{
		{"nothing", "grant.actions", with(func(c *app.Lend) { c.Actions = nil })},
		{"no reason", "grant.reason", with(func(c *app.Lend) { c.Reason = " " })},
		{"73 hours", "grant.hours", with(func(c *app.Lend) { c.Hours = 73 })},
		{"no time", "grant.hours", with(func(c *app.Lend) { c.Hours = 0 })},
		{"fewer than no uses", "grant.uses", with(func(c *app.Lend) { c.Uses = -1 })},
		{"nobody", "user.unknown", with(func(c *app.Lend) { c.To = "nobody" })},
		{"the keys", "grant.unknown-action", with(func(c *app.Lend) { c.Actions = []access.Permission{access.KeyExport} })},
		{"a right nobody knows", "grant.unknown-action", with(func(c *app.Lend) { c.Actions = []access.Permission{"cash.steal"} })},
		{"own rows where none are", "grant.own", with(func(c *app.Lend) { c.Own = true })},
	} {
		if got := lend(c.lend); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	pay := func(id string) string {
		d := w.document(doc.Expense, id)
		d.Date = dayOf(w)
		return keyOf(app.Do(plain, w.self, app.Post{Doc: d}))
	}
	w.as(access.Storekeeper)
	if got := pay("e0"); got != "gate.denied" {
		t.Fatal("without it:", got)
	}
	if got := lend(good); got != "" {
		t.Fatal(got)
	}
	w.as(access.Storekeeper)
	if !w.self.May(access.MoneyCreate) || w.self.May(access.MoneyReverse) || len(w.self.Lent()) != 1 {
		t.Error("the session does not know what was lent")
	}
	if _, err := app.Ask(plain, w.self, app.GetDocument{ID: "old-Expense"}); err != nil {
		t.Error("seeing with it:", err) // looking uses nothing up
	}
	if got := pay("e1"); got != "" {
		t.Error("once:", got)
	}
	if e := w.lastEntry(); !strings.Contains(e.Detail, `"lent"`) {
		t.Error("the entry does not name what was lent:", e.Detail)
	}
	w.as(access.Storekeeper) // a new session counts on
	if got := pay("e2"); got != "" {
		t.Error("twice:", got)
	}
	if got := pay("e3"); got != "gate.denied" {
		t.Error("three times:", got)
	}
	shown := func() int {
		mine, err := app.Ask(plain, w.self, app.LentRights{Mine: true})
		if err != nil {
			t.Error(err)
		}
		return len(mine)
	}
	if shown() != 0 {
		t.Error("what is used up is still shown")
	}
	// time: by the clock, and by the log where the clock was set back
	lend(with(func(c *app.Lend) { c.Uses, c.Hours = 0, 2 }))
	w.as(access.Storekeeper)
	if got := pay("e4"); got != "" {
		t.Error("within two hours:", got)
	}
	if shown() != 1 {
		t.Error("what is open is not shown")
	}
	w.clock.at = w.clock.at.Add(2 * time.Hour)
	if got := pay("e5"); got != "gate.denied" {
		t.Error("after two hours:", got)
	}
	if shown() != 0 {
		t.Error("what is over is still shown")
	}
	w.clock.at = w.clock.at.Add(-90 * time.Minute)
	if shown() != 0 { // the log knows better than a clock that was set back
		t.Error("with the clock set back it is shown again")
	}
	if got := pay("e6"); got != "gate.denied" {
		t.Error("with the clock set back:", got)
	}
	w.clock.at = w.clock.at.Add(3 * time.Hour)
	// taken back while a session is open
	lend(with(func(c *app.Lend) { c.Uses = 0 }))
	rows, err := app.Ask(plain, w.self, app.LentRights{})
	if err != nil || len(rows) == 0 || rows[0].UserName != person(access.Storekeeper) || rows[0].Self() {
		t.Fatal(rows, err)
	}
	keeper := w.as(access.Storekeeper)
	err = w.st.Write(plain, func(tx app.Tx) error { return tx.EndLent(rows[0].ID, 1, 1) })
	if err != nil {
		t.Fatal(err)
	}
	d := w.document(doc.Expense, "e7")
	d.Date = dayOf(w)
	if got := keyOf(app.Do(plain, keeper, app.Post{Doc: d})); got != "grant.used-up" {
		t.Error("taken back:", got)
	}
	if mine, err := app.Ask(plain, keeper, app.LentRights{Mine: true}); err != nil || len(mine) != 0 {
		t.Error("what was taken back is still shown:", mine, err)
	}
	// to oneself: marked
	w.as(access.Owner)
	l := lasting(w, own, app.Lend{To: person(access.Owner), Actions: []access.Permission{access.MoneyView}, Reason: "x", Hours: 1})
	if mine, err := app.Ask(plain, w.self, app.LentRights{Mine: true}); err != nil || len(mine) != 1 || len(w.self.Lent()) != 1 {
		t.Error("the open session does not know:", mine, err)
	}
	if e := w.lastEntry(); !l.Self() || !strings.Contains(e.Detail, `"self":true`) {
		t.Error("a right lent to oneself is not marked:", e.Detail)
	}
}

// TestTheNumberIsTyped: an action can want the number of what it is done to.
func TestTheNumberIsTyped(t *testing.T) {
	w := newWorld(t)
	role := standard(t, access.Owner)
	role.Grants[access.SaleReverse] = access.Grant{Confirm: access.Typed}
	role.Grants[access.Export] = access.Grant{Confirm: access.Typed} // has no number
	lasting(w, sure, app.SaveRole{Role: role})
	w.as(access.Owner)
	w.clock.at = w.clock.at.Add(6 * time.Minute)
	c := app.Reverse{ID: "old-RetailSale", Kind: doc.RetailSale, Reason: "typed wrong"}
	number := w.stored("old-RetailSale").Number
	_, err := app.Do(plain, w.self, c)
	if step, ok := app.IsStep(err); !ok || step != access.Typed || !strings.Contains(err.Error(), number) {
		t.Fatal(err)
	}
	if got := keyOf(app.Do(app.WithTyped(plain, number[:len(number)-1]+"X"), w.self, c)); got != "gate.type-wrong" {
		t.Error("another number:", got)
	}
	if got := keyOf(app.Do(plain, w.self, app.ExportReport{Query: w.query("units")})); got != "gate.password" && got != "report.unknown" {
		t.Error("what has no number wants the password:", got)
	}
	lasting(w, app.WithTyped(plain, " "+strings.ToLower(number)+" "), c)
}

// TestExports: what is sensitive wants the further right, a reason and a password;
// rows are rationed by the day.
func TestExports(t *testing.T) {
	w := newWorld(t)
	second := app.WithSecond(plain, person(access.Owner), worldPassword)
	profit := app.ExportReport{Query: w.query("items"), Reason: "for the tax office", Protected: true}
	w.as(access.Accountant)
	asks, err := app.Ask(plain, w.self, app.ExportAsks{Query: profit.Query})
	if err != nil || !asks.Sensitive || asks.Left != 50_000 {
		t.Fatal(asks, err)
	}
	c := profit
	c.Reason = ""
	if got := keyOf(app.Do(second, w.self, c)); got != "export.reason" {
		t.Error("no reason:", got)
	}
	c = profit
	c.Protected = false
	if got := keyOf(app.Do(second, w.self, c)); got != "export.password" {
		t.Error("no password:", got)
	}
	if got := keyOf(app.Do(plain, w.self, profit)); got != "gate.second" {
		t.Error("nobody asked:", got)
	}
	x := lasting(w, second, profit)
	e := w.lastEntry()
	if !x.Sensitive || x.Seq != e.Seq || x.Reason != e.Reason || e.Approver != person(access.Owner) || !strings.Contains(e.Detail, `"sensitive":true`) {
		t.Errorf("%+v %+v", x, e)
	}
	n := len(x.Page.Rows)
	// a storekeeper's list of the same items has nothing sensitive: no password
	role := standard(t, access.Storekeeper)
	role.ExportRows = 2*n + 1
	lasting(asOwner(w), app.WithPassword(plain, worldPassword), app.SaveRole{Role: role})
	w.as(access.Storekeeper)
	free := app.ExportReport{Query: w.query("items")}
	for i := range 2 {
		if x := lasting(w, second, free); x.Sensitive || len(x.Page.Rows) != n {
			t.Errorf("time %d: %+v", i, x)
		}
	}
	if got := keyOf(app.Do(second, w.self, free)); got != "export.ration" {
		t.Error("over the ration:", got)
	}
	if asks, err := app.Ask(plain, w.self, app.ExportAsks{Query: free.Query}); err != nil || asks.Left != 1 || asks.Sensitive {
		t.Error(asks, err)
	}
	w.clock.at = w.clock.at.Add(24 * time.Hour)
	lasting(w, second, free) // a new day
}

// TestUnmask: one number at a time, for a reason, so many a day, and the log does
// not repeat it.
func TestUnmask(t *testing.T) {
	w := newWorld(t)
	role := standard(t, access.Accountant)
	role.Unmaskings = 2
	lasting(w, sure, app.SaveRole{Role: role})
	second := app.WithSecond(plain, person(access.Owner), worldPassword)
	w.as(access.Accountant)
	p, err := app.Ask(plain, w.self, app.GetParty{ID: w.customer})
	if err != nil || p.Phone != "138****1111" {
		t.Fatal(p.Phone, err)
	}
	if got := keyOf(app.Do(second, w.self, app.Unmask{Party: w.customer, Field: access.FieldPhone})); got != "unmask.reason" {
		t.Error("no reason:", got)
	}
	c := app.Unmask{Party: w.customer, Field: access.FieldPhone, Reason: "to call about the bill"}
	if got := keyOf(app.Do(plain, w.self, c)); got != "gate.second" {
		t.Error("alone:", got)
	}
	for i := range 2 {
		u := lasting(w, second, c)
		if u.Value != "13800001111" || u.Left != 1-i {
			t.Errorf("%+v", u)
		}
		if e := w.lastEntry(); strings.Contains(e.Detail+e.Object+e.Reason, "0000") || e.Object != "party:C001" || e.Action != string(access.PhoneUnmask) || !strings.Contains(e.Detail, `"phone"`) {
			t.Errorf("%+v", e)
		}
	}
	if got := keyOf(app.Do(second, w.self, c)); got != "unmask.ration" {
		t.Error("a third time:", got)
	}
	w.as(access.Buyer) // has no right to customers at all
	if got := keyOf(app.Do(second, w.self, c)); got != "gate.denied" {
		t.Error("a buyer:", got)
	}
}

// TestLimitsOfARole: the largest document and how far back it may be dated.
func TestLimitsOfARole(t *testing.T) {
	w := newWorld(t)
	role := standard(t, access.Storekeeper)
	role.MaxDocument, role.BackdateDays = 20_00, 3
	lasting(w, sure, app.SaveRole{Role: role})
	w.as(access.Storekeeper)
	buy := func(id string, n int64, back int) string {
		d := w.document(doc.GoodsReceipt, id)
		d.Lines[0].Qty, d.Date, d.Reason = qty(n), w.today.AddDays(-back), "late"
		return keyOf(app.Do(plain, w.self, app.Post{Doc: d}))
	}
	for _, c := range []struct {
		id   string
		n    int64
		back int
		want string
	}{{"a", 6, 3, ""}, {"b", 7, 0, "doc.amount-limit"}, {"c", 1, 4, "doc.backdate-limit"}, {"d", 1, 0, ""}} {
		if got := buy(c.id, c.n, c.back); got != c.want {
			t.Errorf("%d pieces, %d days back: %q, want %q", c.n, c.back, got, c.want)
		}
	}
}

func dayOf(w *world) day.Date { return day.Of(w.clock.at) }
