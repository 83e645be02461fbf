package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/ledger"
	"tiezhang/app/master"
	"tiezhang/app/report"
)

// everything a person gets from any report they may ask for, as bytes.
func allReports(t *testing.T, w *world, s *app.Session) string {
	t.Helper()
	var all strings.Builder
	for _, spec := range report.Specs() {
		for _, g := range append([]string{""}, spec.Groups...) {
			q := w.query(spec.Name)
			q.Group = g
			p, err := app.Ask(context.Background(), s, app.Report{Query: q})
			if fault.KindOf(err) == fault.Denied {
				continue
			}
			if err != nil {
				t.Errorf("%s %s: %v", spec.Name, g, err)
			}
			b, _ := json.Marshal(p)
			fmt.Fprintf(&all, "%s: %s\n", spec.Name, b)
		}
	}
	return all.String()
}

// Names of suppliers are not a cashier's to know, wherever a row stands beside
// one; nor can a cashier find out by searching, sorting or asking for one.
func TestSuppliersAreNotTheCashiers(t *testing.T) {
	w := newWorld(t)
	const name = "Sentinel Wholesale"
	id := lasting(w, context.Background(), app.SaveParty{Party: master.Party{Code: "S777", Name: name, Kind: master.Supplier}})
	d := w.document(doc.GoodsReceipt, "sentinel-receipt")
	d.PartyID = id
	lasting(w, context.Background(), app.Post{Doc: d})
	if !strings.Contains(allReports(t, w, w.as(access.Owner)), name) {
		t.Fatal("the owner does not see it either")
	}
	s := w.as(access.Cashier)
	if got := allReports(t, w, s); strings.Contains(got, name) {
		for _, l := range strings.Split(got, "\n") {
			if strings.Contains(l, name) {
				t.Errorf("a cashier reads %s", l[:min(len(l), 400)])
			}
		}
	}
	for _, q := range []report.Query{{Name: "serials", Search: "Sentinel"}, {Name: "lent", Search: "Sentinel"}, {Name: "transfers", Search: "Sentinel"}} {
		if p, err := app.Ask(context.Background(), s, app.Report{Query: q}); err == nil && len(p.Rows) > 0 {
			t.Errorf("%+v finds %v", q, p.Rows)
		}
	}
}

// What should be bought becomes a draft for each supplier, at the last price,
// and nothing else: no number, no stock, nothing for those who may not order.
func TestMakeOrders(t *testing.T) {
	w := newWorld(t)
	s := w.as(access.Owner)
	made, err := app.Do(context.Background(), s, app.MakeOrders{Wants: []app.Want{{ItemID: w.item, Qty: 120_000}}})
	if err != nil || len(made) != 1 || made[0].Lines != 1 {
		t.Fatalf("%v %v", made, err)
	}
	d := w.stored(made[0].ID)
	if d.Status != doc.Draft || d.Kind != doc.PurchaseOrder || d.PartyID == 0 || d.Lines[0].Qty != 120_000 || d.Lines[0].Price == 0 {
		t.Errorf("made %+v", d)
	}
	for _, bad := range []app.MakeOrders{{}, {Wants: []app.Want{{ItemID: w.item}}}, {Wants: []app.Want{{ItemID: w.item, Qty: -1}}}, {Wants: []app.Want{{ItemID: 1 << 40, Qty: 1}}}} {
		if _, err := app.Do(context.Background(), s, bad); err == nil {
			t.Errorf("%+v made orders", bad)
		}
	}
	if _, err := app.Do(context.Background(), w.as(access.Cashier), app.MakeOrders{Wants: []app.Want{{ItemID: w.item, Qty: 1}}}); fault.KindOf(err) != fault.Denied {
		t.Errorf("a cashier orders: %v", err)
	}
}

// An item's life in words ends with what the books say it has, and tells no cost
// to those who may not see it.
func TestExplain(t *testing.T) {
	w := newWorld(t)
	e, err := app.Ask(context.Background(), w.as(access.Owner), app.Explain{Code: "A1"})
	if err != nil || len(e.Lines) == 0 {
		t.Fatalf("%+v %v", e, err)
	}
	var qty amount.Qty
	var value amount.Money
	w.read(func(tx app.Tx) error {
		h, err := tx.ItemStory(w.item, 0)
		for _, m := range h.Moves {
			qty, value = qty+m.Qty, value+m.Booked+m.Restated+m.Adjusted
		}
		if err != nil {
			return err
		}
		pool, err := tx.Pool(ledger.Pot{Item: w.item})
		if pool.Qty != qty || pool.Value != value {
			t.Errorf("the story ends with %s worth %s, the pool is %s worth %s", qty, value, pool.Qty, pool.Value)
		}
		return err
	})
	if last := e.Lines[len(e.Lines)-1]; last.Qty != qty || last.Value != value {
		t.Errorf("ends with %s worth %s, want %s worth %s", last.Qty, last.Value, qty, value)
	}
	blind, err := app.Ask(context.Background(), w.as(access.Cashier), app.Explain{Code: "A1"})
	if err != nil || blind.Costs {
		t.Fatalf("%v %v", blind.Costs, err)
	}
	for i, l := range blind.Lines {
		for _, s := range l.Says {
			for _, n := range []string{"value", "cost", "was", "diff"} {
				if _, ok := s.Args[n]; ok || l.Value != 0 {
					t.Errorf("line %d tells a cashier %s: %+v", i, n, l)
				}
			}
		}
	}
	// from a day on, it begins with what there was
	last := e.Lines[len(e.Lines)-1].Date
	part, err := app.Ask(context.Background(), w.as(access.Owner), app.Explain{Code: "A1", From: last})
	if err != nil || part.Lines[len(part.Lines)-1].Qty != qty || part.Lines[len(part.Lines)-1].Value != value {
		t.Errorf("from %s it ends with %+v, %v", last, part.Lines[len(part.Lines)-1], err)
	}
}

// How a person likes a list is their own: nobody else gets it, and it stays
// within bounds.
func TestListViews(t *testing.T) {
	w := newWorld(t)
	other := w.as(access.Cashier)
	if _, err := app.Do(context.Background(), other, app.SaveListView{List: "items", View: app.ListView{Name: "theirs", Value: "{}"}}); err != nil {
		t.Fatal(err)
	}
	s := w.as(access.Owner) // only one person is signed in at a time
	keep := func(s *app.Session, name, value string) error {
		_, err := app.Do(context.Background(), s, app.SaveListView{List: "items", View: app.ListView{Name: name, Value: value}})
		return err
	}
	read := func(s *app.Session) (vs []app.ListView) {
		vs, err := app.Ask(context.Background(), s, app.ListViews{List: "items"})
		if err != nil {
			t.Fatal(err)
		}
		return vs
	}
	for _, err := range []error{keep(s, "", `{"widths":{"code":80}}`), keep(s, "mine", `{}`), keep(s, "mine", `{"sort":"name"}`)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if got := read(s); len(got) != 2 || got[1].Value != `{"sort":"name"}` {
		t.Errorf("kept %+v", got)
	}
	if err := keep(s, "mine", ""); err != nil || len(read(s)) != 1 {
		t.Errorf("dropped: %v, %+v", err, read(s))
	}
	for name, value := range map[string]string{strings.Repeat("x", 41): "{}", "a": "no json", "b": `"` + strings.Repeat("x", 17<<10) + `"`} {
		if keep(s, name, value) == nil {
			t.Errorf("%.20q took %.20q", name, value)
		}
	}
	for i := range 30 {
		if err := keep(s, fmt.Sprint(i), "{}"); (err == nil) != (i < 19) {
			t.Errorf("view %d: %v", i, err)
		}
	}
}
