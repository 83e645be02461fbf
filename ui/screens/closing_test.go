package screens_test

import (
	"testing"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/doc"
	"tiezhang/app/rule"
	"tiezhang/internal/pagetest"
	"tiezhang/ui/page"
	"tiezhang/ui/rights"
	"tiezhang/ui/screens"
	"tiezhang/ui/text"
)

func wire(t *testing.T, s *app.Session, lines ...string) {
	t.Helper()
	for _, l := range lines {
		w, err := app.ParseWire([]byte(l))
		if err == nil {
			_, err = app.Do(t.Context(), s, app.PostWire{Wire: w})
		}
		if err != nil {
			t.Fatal(l, err)
		}
	}
}

var trade = []string{
	`{"kind":"Item","code":"A1","name":"康师傅红烧牛肉面","unit":"袋","price":"4.50","prices":{"purchase":"3.00"}}`,
	`{"kind":"Party","code":"S001","name":"华东食品批发","role":"supplier"}`,
	`{"kind":"GoodsReceipt","id":"g1","date":"2026-10-05","reason":"补录","party":"S001","warehouse":"W1","lines":[{"item":"A1","qty":"10","price":"3.00"}]}`,
}

// TestMonthIsClosedByKeys: what stands in the way is named, F9 closes, and the
// month takes nothing any more.
func TestMonthIsClosedByKeys(t *testing.T) {
	text.Use(text.Chinese)
	r := pagetest.Open(t)
	wire(t, r.Owner, trade...)
	draft := doc.Document{ID: "half", Kind: doc.SalesDelivery, Date: 20261010}
	if _, err := app.Do(t.Context(), r.Owner, app.SaveDraft{Doc: draft}); err != nil {
		t.Fatal(err)
	}
	r.Show(screens.MakeMonth(r.Env, page.Route{Screen: page.Month}))
	r.Save("month-drafts")
	r.Chord("F9") // a draft is in the way: nothing happens
	r.Settle()
	state := func() app.MonthState {
		s, err := app.Ask(t.Context(), r.Owner, app.Months{})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if n := len(state().Closes); n != 0 || r.Router.InModal() {
		t.Fatal("closed over an unfinished document")
	}
	if _, err := app.Do(t.Context(), r.Owner, app.DropDraft{Kind: draft.Kind, ID: draft.ID}); err != nil {
		t.Fatal(err)
	}
	r.Page.Reload("documents")
	r.Settle()
	r.Chord("F9")
	r.Settle()
	r.Chord("Enter") // yes
	r.Settle()
	r.Quiet()
	s := state()
	if len(s.Closes) != 1 || s.Until != 20261031 {
		t.Fatalf("%+v", s)
	}
	r.Page.Reload("settings") // as the shell does after every commit
	r.Settle()
	r.Save("month-closed")
	_, err := app.Do(t.Context(), r.Owner, app.Reverse{ID: "g1", Kind: doc.GoodsReceipt, Reason: "x", Date: 20261005})
	if err == nil {
		t.Error("a closed month took a reversal")
	}
	if !screens.HasButton(r.Page, text.T("screens.month.reopen", "month", "2026-10")) {
		t.Error("nothing to open it again with")
	}
}

// TestApprovalOnTheScreen: a rule made on the form holds a document back, and
// somebody else's yes lets it pass.
func TestApprovalOnTheScreen(t *testing.T) {
	text.Use(text.Chinese)
	r := pagetest.Open(t)
	wire(t, r.Owner, trade...)
	r.Show(screens.MakeApprovals(r.Env, page.Route{Screen: page.Approve}))
	r.Save("approvals-empty")
	screens.Press(r.Page, text.T("screens.rule.add"))
	r.Settle()
	r.Save("approvals-rule")
	r.Chord("Enter") // every kind, any amount, everybody but the owner
	r.Settle()
	if r.Router.InModal() { // Enter chose the kind first
		r.Chord("Tab")
		r.Chord("Enter")
		r.Settle()
	}
	if r.Router.InModal() {
		r.Chord("Ctrl+Enter")
		r.Settle()
	}
	rules, err := app.Ask(t.Context(), r.Owner, app.ApprovalRules{})
	if err != nil {
		t.Fatal(err)
	}
	if len(rules) != 1 {
		if _, err := app.Do(t.Context(), r.Owner, app.SetApprovalRules{Rules: []rule.Approval{{ID: "r1"}}}); err != nil {
			t.Fatal(err)
		}
		t.Errorf("the form made %d rules", len(rules))
	}
	buyer := r.As("采购", access.Buyer)
	wh, err := app.Ask(t.Context(), buyer, app.Places{})
	if err != nil {
		t.Fatal(err)
	}
	it, err := app.Ask(t.Context(), buyer, app.GetItem{Code: "A1"})
	if err != nil {
		t.Fatal(err)
	}
	p, err := app.Ask(t.Context(), buyer, app.GetParty{Code: "S001"})
	if err != nil {
		t.Fatal(err)
	}
	d := doc.Document{ID: "b1", Kind: doc.GoodsReceipt, Date: 20261122, PartyID: p.ID, WarehouseID: wh.Warehouses[0].ID,
		Lines: []doc.Line{{No: 1, ItemID: it.Item.ID, Qty: 5_0000, Price: 3_000000}}}
	if _, err := app.Do(t.Context(), buyer, app.Post{Doc: d}); err == nil {
		t.Fatal("posted without the yes the rule wants")
	}
	if _, err := app.Do(t.Context(), buyer, app.AskApproval{Doc: d, Note: "急用"}); err != nil {
		t.Fatal(err)
	}
	owner, err := buyer.Shop().SignIn(t.Context(), r.Owner.User().Name, pagetest.Password)
	if err != nil {
		t.Fatal(err)
	}
	r.Owner, r.Env.Session = owner, owner
	r.Show(screens.MakeApprovals(r.Env, page.Route{Screen: page.Approve}))
	r.Save("approvals-open")
	r.Chord("F9")
	r.Settle()
	r.Chord("Enter")
	r.Settle()
	r.Quiet()
	open, err := app.Ask(t.Context(), r.Env.Session, app.PendingApprovals{})
	if err != nil || len(open) != 0 {
		t.Fatal(open, err)
	}
}

// TestOneRightIsChanged: one press of the space bar and a save change one right of
// one role.
func TestOneRightIsChanged(t *testing.T) {
	text.Use(text.Chinese)
	r := pagetest.Open(t)
	r.Show(rights.Make(r.Env, page.Route{Screen: page.Rights}))
	r.Save("rights")
	r.Chord("Down")
	r.Type(" ")
	r.Chord("Ctrl+S")
	r.Settle()
	r.Quiet()
	roles, err := app.Ask(t.Context(), r.Owner, app.Roles{})
	if err != nil {
		t.Fatal(err)
	}
	changed := 0
	for _, s := range access.Standard() {
		for _, x := range roles {
			if x.ID == s.ID {
				changed += len(s.Differences(x))
			}
		}
	}
	if changed != 1 {
		t.Error("one press of the space bar changed", changed, "rights")
	}
}
