package console_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestGrantAndApprove: rights are lent, listed and taken back, and a printed code
// stands for its maker, from the script face.
func TestGrantAndApprove(t *testing.T) {
	f := newFace(t)
	dir := filepath.Join(t.TempDir(), "shop")
	f.run(0, "new", dir, "--shop", "Corner", "--owner", "Wang")
	t.Setenv("TIEZHANG_NEW_PASSWORD", "Clerk-Flask-89-Orbit")
	f.run(0, "user", dir, "add", "Li", "--role", "cashier")
	f.run(1, "grant", dir, "give", "Li", "--actions", "month.close")
	var l struct {
		ID    int64
		User  string
		Ended bool
	}
	f.json(&l, "grant", dir, "give", "Li", "--actions", "month.close,report.money", "--hours", "8", "--uses", "2", "--reason", "stands in")
	if l.ID == 0 || l.User != "Li" {
		t.Fatalf("%+v", l)
	}
	if out, _ := f.run(0, "grant", dir, "list"); !strings.Contains(out, "stands in") {
		t.Error(out)
	}
	f.run(0, "grant", dir, "end", "1")
	f.json(&l, "grant", dir, "list")
	if !l.Ended {
		t.Error("taken back, and yet it stands")
	}
	f.run(2, "grant", dir, "give")
	f.run(2, "grant", dir, "end", "x")

	pdf := filepath.Join(t.TempDir(), "codes.pdf")
	f.run(0, "approve", dir, "codes", pdf, "--up-to", "200")
	if b, err := os.ReadFile(pdf); err != nil || !strings.HasPrefix(string(b), "%PDF-") {
		t.Error(err)
	}
	out, _ := f.run(0, "approve", dir, "codes", "--actions", "sale.below-floor")
	codes := strings.Fields(out)
	if len(codes) != 10 {
		t.Fatal(out)
	}
	f.run(0, "post", dir, f.file("g.jsonl", `{"kind":"Item","code":"A1","name":"Tea","unit":"pc","prices":{"retail":"3","floor":"2"}}`+"\n"+
		`{"kind":"Party","code":"S1","name":"Zhao","role":"supplier"}`+"\n"+
		`{"kind":"GoodsReceipt","party":"S1","warehouse":"W1","lines":[{"item":"A1","qty":"10","price":"1"}]}`))
	sale := f.file("s.jsonl", `{"kind":"RetailSale","id":"cheap","warehouse":"W1","lines":[{"item":"A1","qty":"1","price":"1.50"}],"payments":[{"account":"C1","amount":"1.50"}]}`)
	t.Setenv("TIEZHANG_PASSWORD", "Clerk-Flask-89-Orbit")
	f.run(1, "post", dir, sale, "--user", "Li")
	t.Setenv("TIEZHANG_APPROVAL_CODE", codes[2])
	f.run(0, "post", dir, sale, "--user", "Li")
	_, errs := f.run(1, "post", dir, f.file("s2.jsonl", strings.ReplaceAll(`{"kind":"RetailSale","id":"cheap2","warehouse":"W1","lines":[{"item":"A1","qty":"1","price":"1.50"}],"payments":[{"account":"C1","amount":"1.50"}]}`, "\n", "")), "--user", "Li")
	if !strings.Contains(errs, "gate.code-used") {
		t.Error("a code was used twice:", errs)
	}
	t.Setenv("TIEZHANG_APPROVAL_CODE", "")
	t.Setenv("TIEZHANG_PASSWORD", "Blue-Tiger-Runs-42")
	f.run(0, "approve", dir, "codes-end", "1")
	f.run(1, "approve", dir, "codes-end", "1")
	f.run(2, "approve", dir, "maybe")
}

// TestPlaces: who works in one warehouse is told so by the list, reads nothing of
// the other, and is let in everywhere again by a word, not by leaving one out.
func TestPlaces(t *testing.T) {
	f := newFace(t)
	dir := filepath.Join(t.TempDir(), "shop")
	f.run(0, "new", dir, "--shop", "Corner", "--owner", "Wang")
	f.run(0, "post", dir, f.file("g.jsonl", `{"kind":"Warehouse","code":"W2","name":"Back room"}`+"\n"+
		`{"kind":"Item","code":"A1","name":"Tea","unit":"pc","prices":{"retail":"3"}}`+"\n"+
		`{"kind":"Party","code":"S1","name":"Zhao","role":"supplier"}`+"\n"+
		`{"kind":"GoodsReceipt","party":"S1","warehouse":"W1","lines":[{"item":"A1","qty":"10","price":"1"}]}`+"\n"+
		`{"kind":"GoodsReceipt","party":"S1","warehouse":"W2","lines":[{"item":"A1","qty":"7","price":"1"}]}`))
	t.Setenv("TIEZHANG_NEW_PASSWORD", "Clerk-Flask-89-Orbit")
	if _, errs := f.run(2, "user", dir, "add", "Li", "--role", "storekeeper", "--warehouses", "W2,Nowhere"); !strings.Contains(errs, "Nowhere") {
		t.Error(errs)
	}
	f.run(0, "user", dir, "add", "Li", "--role", "storekeeper", "--warehouses", "w2")
	places := func() string {
		var rows []struct {
			Name       string
			Warehouses []string
		}
		f.json(&rows, "user", dir, "list")
		for _, r := range rows {
			if r.Name == "Li" {
				return strings.Join(r.Warehouses, ",")
			}
		}
		return "nobody"
	}
	if got := places(); got != "W2" {
		t.Error("Li works in", got)
	}
	owner := os.Getenv("TIEZHANG_PASSWORD")
	t.Setenv("TIEZHANG_PASSWORD", "Clerk-Flask-89-Orbit")
	out, _ := f.run(0, "report", dir, "stock-balance", "--user", "Li")
	if !strings.Contains(out, "7") || strings.Contains(out, "10") || strings.Contains(out, "17") {
		t.Error("stock as Li sees it:", out)
	}
	_, errs := f.run(1, "post", dir, f.file("x.jsonl", `{"kind":"GoodsReceipt","party":"S1","warehouse":"W1","lines":[{"item":"A1","qty":"1","price":"1"}]}`), "--user", "Li")
	if !strings.Contains(errs, "gate.place") {
		t.Error(errs)
	}
	// the only warehouse there is for them need not be named
	f.run(0, "post", dir, f.file("y.jsonl", `{"kind":"GoodsReceipt","party":"S1","lines":[{"item":"A1","qty":"1","price":"1"}]}`), "--user", "Li")
	t.Setenv("TIEZHANG_PASSWORD", owner)
	f.run(2, "user", dir, "places", "Li")
	if got := places(); got != "W2" {
		t.Error("a word left out let Li in to", got)
	}
	f.run(0, "user", dir, "places", "Li", "--warehouses", "all")
	if got := places(); got != "" {
		t.Error("Li works in", got)
	}
}
