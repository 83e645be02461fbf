package app_test

import (
	"slices"
	"strings"
	"testing"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/report"
)

// keysOf are the keys of a page's columns.
func keysOf(p report.Page) []string {
	var out []string
	for _, c := range p.Columns {
		out = append(out, c.Key)
	}
	return out
}

// TestWhatIsSensitiveTakesNoOpenWayOut: a PDF has no password, so prices, cost and
// phone numbers are refused on it, and left out where that is asked for: columns,
// totals and order.
func TestWhatIsSensitiveTakesNoOpenWayOut(t *testing.T) {
	w := newWorld(t)
	w.as(access.Accountant)
	second := app.WithSecond(plain, person(access.Owner), worldPassword)
	c := app.ExportReport{Query: w.query("sales-detail"), To: app.ToPDF, Reason: "for the tax office", Protected: true}
	if got := keyOf(app.Do(second, w.self, c)); got != "export.bare-only" {
		t.Fatal("cost on a PDF:", got)
	}
	c.Bare, c.Reason, c.Protected = true, "", false
	c.Query.Sort, c.Query.Desc = "margin", true
	x := lasting(w, plain, c) // no second person: nothing sensitive is in it
	for _, k := range keysOf(x.Page) {
		if k == "cost_value" || k == "margin" || k == "margin_rate" {
			t.Errorf("%s is on the paper", k)
		}
	}
	for k := range x.Page.Totals {
		if !slices.Contains(keysOf(x.Page), k) {
			t.Errorf("the total of %s is told", k)
		}
	}
	if e := w.lastEntry(); x.Sensitive || len(x.Page.Rows) == 0 || !strings.Contains(e.Detail, `"left_out":true`) || !strings.Contains(e.Detail, `"as_pdf":true`) || strings.Contains(e.Detail, "sensitive") {
		t.Errorf("%+v %+v", x, e)
	}
	if got := keyOf(app.Do(plain, w.self, app.ExportReport{Query: w.query("items"), To: "pigeon"})); got != "export.outlet" {
		t.Error("a way out that is none:", got)
	}
}

// TestRowsCopiedAndGivenToAScriptAreAnExport: rows chosen are counted and logged
// as what left; figures go to a script for a reason, and to the clipboard never.
func TestRowsCopiedAndGivenToAScriptAreAnExport(t *testing.T) {
	w := newWorld(t)
	role := standard(t, access.Accountant)
	role.ExportRows = 4
	lasting(w, sure, app.SaveRole{Role: role})
	w.as(access.Accountant)
	second := app.WithSecond(plain, person(access.Owner), worldPassword)
	q := w.query("items")
	q.Sort, q.Desc = "purchase", true
	all, err := app.Ask(plain, w.self, app.Report{Query: q})
	if err != nil || len(all.Rows) < 3 {
		t.Fatal(len(all.Rows), err)
	}
	if bare, err := app.Ask(plain, w.self, app.Report{Query: w.query("items"), Bare: true}); err != nil || slices.Contains(keysOf(bare), "purchase") || !slices.Contains(keysOf(bare), "retail") {
		t.Error(keysOf(bare), err)
	}
	c := app.ExportReport{Query: q, To: app.ToCopy, Rows: []int{2, 0}}
	if got := keyOf(app.Do(second, w.self, c)); got != "export.bare-only" {
		t.Error("purchase prices on the clipboard:", got)
	}
	c.Bare = true
	x := lasting(w, plain, c)
	if len(x.Page.Rows) != 2 || x.Page.Rows[0].Ref != all.Rows[2].Ref || x.Page.Rows[1].Ref != all.Rows[0].Ref || len(x.Page.Rows[0].Cells) != len(x.Page.Columns) ||
		slices.Contains(keysOf(x.Page), "purchase") || len(x.Page.Totals) != 0 {
		t.Errorf("%+v", x.Page)
	}
	if e := w.lastEntry(); e.Action != string(access.Export) || !strings.Contains(e.Detail, `"rows":2`) || !strings.Contains(e.Detail, `"as_copy":true`) || e.Seq != x.Seq {
		t.Errorf("%+v", e)
	}
	s := app.ExportReport{Query: q, To: app.ToScript}
	s.Query.Limit = 2
	if got := keyOf(app.Do(second, w.self, s)); got != "export.reason" {
		t.Error("figures to a script without a reason:", got)
	}
	s.Reason = "month end"
	if got := keyOf(app.Do(plain, w.self, s)); got != "gate.second" {
		t.Error("figures to a script without the step:", got)
	}
	if x := lasting(w, second, s); !x.Sensitive || len(x.Page.Rows) != 2 || !slices.Contains(keysOf(x.Page), "purchase") {
		t.Errorf("%+v", x)
	}
	if got := keyOf(app.Do(second, w.self, s)); got != "export.ration" { // 2 copied, 2 to the script
		t.Error("over the ration:", got)
	}
	w.as(access.Cashier)
	if got := keyOf(app.Do(plain, w.self, app.ExportReport{Query: w.query("items"), To: app.ToCopy, Bare: true})); got != "gate.denied" {
		t.Error("a cashier copied the list:", got)
	}
}
