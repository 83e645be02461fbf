package app_test

import (
	"strings"
	"testing"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
)

// TestACashierCountsBlind: what the till should hold is told after the count, which
// is in the log by then; guessing at it tells nothing.
func TestACashierCountsBlind(t *testing.T) {
	w := newWorld(t)
	w.as(access.Cashier)
	if got := keyOf(app.Ask(plain, w.self, app.CashBalance{Account: w.cash})); got != "gate.denied" {
		t.Error("told before counting:", got)
	}
	c := app.CloseDay{Date: w.today, Account: w.cash, Counted: w.inCash - 1_00, Expected: w.inCash - 1_00, Note: "short"}
	_, err := app.Do(plain, w.self, c)
	if keyOf(0, err) != "day.cash-recount" || strings.Contains(err.Error(), w.inCash.String()) {
		t.Error("a guess was answered with:", err)
	}
	r := lasting(w, plain, app.CountTill{Account: w.cash, Counted: c.Counted})
	if r.Expected != w.inCash || r.Difference != -1_00 {
		t.Errorf("%+v, the till holds %s", r, w.inCash)
	}
	e := w.lastEntry()
	if e.Action != "day.count" || !strings.Contains(e.Detail, c.Counted.String()) || e.User != person(access.Cashier) {
		t.Errorf("%+v", e)
	}
	c.Expected = r.Expected
	if done := lasting(w, plain, c); done.Difference != -1_00 || done.Expected != w.inCash {
		t.Errorf("%+v", done)
	}
	if got := keyOf(app.Do(plain, w.self, app.CountTill{Account: w.bank, Counted: 1})); got != "gate.denied" {
		t.Error("a cashier counted the bank:", got)
	}
	w.as(access.Manager) // sees money anyway
	if m, err := app.Ask(plain, w.self, app.CashBalance{Account: w.cash}); err != nil || m != w.inCash-1_00 {
		t.Error(m, err)
	}
}

// TestWhoOnlyCountsIsNotToldTheBooks: a storekeeper counts, and the book quantity is
// for who may book the difference.
func TestWhoOnlyCountsIsNotToldTheBooks(t *testing.T) {
	w := newWorld(t)
	q := app.CountCheck{Wire: app.Wire{Kind: string(doc.StockCount), Warehouse: "W1", Lines: []app.WireLine{{Item: "A1", Qty: "1"}}}}
	for role, blind := range map[access.RoleID]bool{access.Owner: false, access.Manager: false, access.Storekeeper: true, access.Cashier: true} {
		w.as(role)
		rows, err := app.Ask(plain, w.self, q)
		if err != nil || len(rows) != 1 {
			t.Fatal(role, rows, err)
		}
		r := rows[0]
		if r.Blind != blind || r.Counted != 1*amount.QtyScale || blind && (r.Book != 0 || r.Diff != 0) || !blind && (r.Book == 0 || r.Diff == 0) {
			t.Errorf("%s: %+v", role, r)
		}
	}
}
