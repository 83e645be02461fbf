package listview_test

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/fault"
	"tiezhang/app/report"
	"tiezhang/internal/pagetest"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
)

// exported counts the exports of a report in the log.
func exported(t *testing.T, s *app.Session, name string) int {
	t.Helper()
	p, err := app.Ask(t.Context(), s, app.Report{Query: report.Query{Name: "log", Kinds: []string{string(access.Export)}}})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, r := range p.Rows {
		for _, c := range r.Cells {
			if c.Text == "report:"+name {
				n++
			}
		}
	}
	return n
}

// TestCopyingMuchIsAnExport: up to twenty rows are copied as they are looked at, and
// no purchase price with them; more go through the gate, with a watermark.
func TestCopyingMuchIsAnExport(t *testing.T) {
	text.Use(text.Chinese)
	s := pagetest.Shop(t)
	for i := range 30 {
		item(t, s, fmt.Sprintf("A%04d", i), fmt.Sprintf("可乐%d号", i), amount.Price(7_130_000))
	}
	r := pagetest.Over(t, s)
	l := open(r, page.List, "items", "")
	l.Grid().Multi = true
	r.Chord("Ctrl+C")
	if got := r.Clip(); !strings.Contains(got, "A0000") || strings.Contains(got, "7.13") || len(r.Toasts) != 1 || r.Toasts[0] != text.T("listview.copied.bare") {
		t.Errorf("one row: %q, said %v", got, r.Toasts)
	}
	if n := exported(t, s, "items"); n != 0 {
		t.Errorf("one row copied is %d exports", n)
	}
	r.Chord("Ctrl+A")
	r.Chord("Ctrl+C")
	r.Settle()
	r.Quiet()
	lines := strings.Split(strings.TrimSpace(r.Clip()), "\n")
	if len(lines) != 32 || !strings.Contains(lines[30], "A0029") || strings.Contains(r.Clip(), "7.13") || !strings.Contains(lines[31], s.User().Name) {
		t.Errorf("%d lines: %q", len(lines), r.Clip())
	}
	if n := exported(t, s, "items"); n != 1 {
		t.Errorf("thirty rows copied are %d exports", n)
	}

	// a cashier has no right to it
	if _, err := app.Do(app.WithPassword(t.Context(), pagetest.Password), s, app.AddUser{Name: "小陈", Password: pagetest.Password, Role: access.Cashier}); err != nil {
		t.Fatal(err)
	}
	c, err := s.Shop().SignIn(t.Context(), "小陈", pagetest.Password)
	if err != nil {
		t.Fatal(err)
	}
	r = pagetest.Over(t, c)
	l = open(r, page.List, "items", "")
	l.Grid().Multi = true
	r.Clipboard("before")
	r.Key(fyne.KeyHome)
	r.Chord("Ctrl+A")
	r.Chord("Ctrl+C")
	r.Settle()
	if r.Clip() != "before" || len(r.Failed) != 1 || fault.KeyOf(r.Failed[0]) != "gate.denied" {
		t.Errorf("a cashier copied %q, %v", r.Clip(), r.Failed)
	}
}
