package store

import (
	"testing"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/report"
)

// TestReportsOfSomeWarehouses: for a person who works in two of the warehouses a
// report shows what the reports of either show together: the same rows, and
// totals that add up. Whoever works in all of them sees all.
func TestReportsOfSomeWarehouses(t *testing.T) {
	sh := newTradeShop(t)
	ask := func(q report.Query) report.Page {
		t.Helper()
		var p report.Page
		s, _ := report.Find(q.Name)
		q.Count = true
		if len(s.Wants) > 0 {
			q.Item = "B1"
		}
		sh.read(func(x app.Tx) (err error) {
			p, err = x.Report(bg, q, report.In(s.Columns, s.GroupOf(q)))
			return err
		})
		return p
	}
	var all access.Reach
	sh.read(func(x app.Tx) error {
		ws, err := x.Warehouses()
		for _, w := range ws {
			all = append(all, w.ID)
		}
		return err
	})
	if len(all) < 3 {
		t.Fatal("only", len(all), "warehouses")
	}
	compared, narrowed := 0, 0
	for _, s := range report.Specs() {
		if s.Span != report.Placed {
			continue
		}
		whole := ask(report.Query{Name: s.Name})
		every := ask(report.Query{Name: s.Name, Reach: all})
		if every.Total != whole.Total {
			t.Errorf("%s: %d rows for who works in all warehouses, %d for the owner", s.Name, every.Total, whole.Total)
		}
		both := ask(report.Query{Name: s.Name, Reach: all[:2]})
		if both.Total != len(both.Rows) {
			t.Errorf("%s: counted %d rows, read %d", s.Name, both.Total, len(both.Rows))
		}
		if s.Name == "transfers" || s.Name == "documents" { // those between the two are one row of either
			continue
		}
		third := ask(report.Query{Name: s.Name, Reach: all[2:]})
		a, b := ask(report.Query{Name: s.Name, Reach: all[:1]}), ask(report.Query{Name: s.Name, Reach: all[1:2]})
		if min(a.Total, b.Total, third.Total) < whole.Total {
			narrowed++
		}
		for _, c := range s.Columns {
			if !c.Total || c.Type == report.Money && whole.Totals[c.Key].Num != 0 && both.Totals[c.Key].Null {
				continue
			}
			if s.Name == "stock-flow" && c.Type == report.Money || s.Name == "slow-moving" || c.Key == "bills" {
				continue // no values where the pool is cut; ages are of an item's stock as a whole
			}
			got, want := both.Totals[c.Key].Num, a.Totals[c.Key].Num+b.Totals[c.Key].Num
			if docsOfNoPlace[s.Name] {
				continue
			}
			if got != want {
				t.Errorf("%s %s: %d, the two apart %d", s.Name, c.Key, got, want)
			}
			compared++
		}
	}
	if compared < 12 || narrowed < 5 {
		t.Fatalf("%d figures compared, %d lists narrowed", compared, narrowed)
	}
}

// docsOfNoPlace are lists that also show documents of no warehouse at all: either
// warehouse's list has them.
var docsOfNoPlace = map[string]bool{"open-documents": true, "member-flow": true, "order-progress": true, "lent": true, "purchase-detail": true, "purchase-summary": true}
