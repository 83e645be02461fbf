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
