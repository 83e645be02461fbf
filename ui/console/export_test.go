package console_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// TestLookingIsNotExporting: up to twenty rows without figures are looked at; more,
// JSON, and figures leave as an export: with its right, a reason where there are
// figures, and an entry in the log.
func TestLookingIsNotExporting(t *testing.T) {
	f := newFace(t)
	dir := filepath.Join(t.TempDir(), "shop")
	f.run(0, "new", dir, "--shop", "S", "--owner", "O")
	var b strings.Builder
	for i := range 21 {
		fmt.Fprintf(&b, `{"kind":"Item","code":"A%02d","name":"a%d","unit":"pc","price":"1","prices":{"purchase":"0.61"}}`+"\n", i, i)
	}
	f.run(0, "post", dir, f.file("a.jsonl", b.String()))
	t.Setenv("TIEZHANG_NEW_PASSWORD", "Green-Panda-Eats-77")
	f.run(0, "user", dir, "add", "Li", "--role", "cashier")
	exports := func() int {
		out, _ := f.run(0, "log", dir)
		return strings.Count(out, "report:items")
	}
	bare := []string{"report", dir, "items", "--without-sensitive"}

	out, _ := f.run(0, append(bare, "--limit", "20")...)
	if strings.Contains(out, "0.61") || !strings.Contains(out, "A19") || exports() != 0 {
		t.Errorf("looking at twenty rows: %d exports\n%s", exports(), out)
	}
	out, _ = f.run(0, bare...) // 21 rows
	if n := exports(); n != 1 || !strings.Contains(out, "A20") || strings.Contains(out, "0.61") || !strings.Contains(strings.TrimSpace(out)[strings.LastIndex(strings.TrimSpace(out), "\n"):], "O") {
		t.Errorf("twenty-one rows: %d exports\n%s", n, out)
	}
	if _, errs := f.run(1, "report", dir, "items", "--limit", "1"); !strings.Contains(errs, "export.reason") || !strings.Contains(errs, "--without-sensitive") {
		t.Error("a purchase price on the terminal without a reason:", errs)
	}
	out, _ = f.run(0, "report", dir, "items", "--limit", "1", "--reason", "tax")
	if n := exports(); n != 2 || !strings.Contains(out, "0.61") {
		t.Errorf("with a reason: %d exports\n%s", n, out)
	}
	var js struct {
		table
		Export struct {
			By, Reason string
			Log        int
		}
	}
	f.json(&js, append(bare, "--limit", "1")...)
	if n := exports(); n != 3 || js.Export.By != "O" || js.Export.Log == 0 || len(js.Rows) != 1 || js.cell(0, "purchase") != nil {
		t.Errorf("JSON: %d exports, %+v", n, js)
	}

	t.Setenv("TIEZHANG_PASSWORD", "Green-Panda-Eats-77")
	f.run(0, append(bare, "--limit", "20", "--user", "Li")...)
	for _, more := range [][]string{{}, {"--limit", "1", "--json"}} {
		if _, errs := f.run(1, append(append(append([]string{}, bare...), "--user", "Li"), more...)...); !strings.Contains(errs, "gate.denied") {
			t.Errorf("a cashier took the list out with %v: %s", more, errs)
		}
	}
}
