package console_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tiezhang/app"
	"tiezhang/store"
	"tiezhang/store/keyring"
	"tiezhang/ui/console"
)

type wallClock struct{}

func (wallClock) Now() time.Time { return time.Now() }

// face runs command lines as a script would.
type face struct {
	t    *testing.T
	host app.Host
}

func newFace(t *testing.T) *face {
	t.Setenv("TIEZHANG_PASSWORD", "Blue-Tiger-Runs-42")
	t.Setenv("LC_ALL", "C.UTF-8")
	return &face{t, app.Host{Vault: store.Vault{Profile: keyring.ProfileForTests}, Clock: wallClock{}, Machine: "test", Version: "test"}}
}

func (f *face) run(want int, args ...string) (string, string) {
	f.t.Helper()
	var out, errOut bytes.Buffer
	if got := console.Run(args, strings.NewReader(""), &out, &errOut, f.host); got != want {
		f.t.Fatalf("tiezhang %s: exit %d, want %d\nstdout: %s\nstderr: %s", strings.Join(args, " "), got, want, out.String(), errOut.String())
	}
	return out.String(), errOut.String()
}

// json runs a command that must succeed and reads its JSON.
func (f *face) json(v any, args ...string) {
	f.t.Helper()
	out, _ := f.run(0, append(args, "--json")...)
	if err := json.Unmarshal([]byte(out), v); err != nil {
		f.t.Fatalf("%v: %s", err, out)
	}
}

func (f *face) file(name, text string) string {
	f.t.Helper()
	p := filepath.Join(f.t.TempDir(), name)
	if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
		f.t.Fatal(err)
	}
	return p
}

type table struct {
	Columns []struct{ Key, Title, Type string }
	Rows    [][]any
	Totals  map[string]any
}

func (t table) cell(row int, key string) any {
	for i, c := range t.Columns {
		if c.Key == key {
			return t.Rows[row][i]
		}
	}
	return nil
}

const firstDay = `{"kind":"Item","code":"A1","name":"农夫山泉","unit":"瓶","barcode":"6901234567892","price":"3.00","units":[{"name":"箱","factor":"24"}]}
{"kind":"Party","code":"S001","name":"饮料批发","role":"supplier"}
{"kind":"Party","code":"C001","name":"小卖部","role":"customer"}
{"kind":"GoodsReceipt","id":"r1","date":"2026-11-02","party":"S001","warehouse":"W1","lines":[{"item":"A1","qty":"10","unit":"箱","price":"36.00"}]}
{"kind":"SalesDelivery","id":"s1","date":"2026-11-03","party":"C001","lines":[{"item":"A1","qty":"24","price":"2.50"}]}
{"kind":"RetailSale","id":"l1","date":"2026-11-03","lines":[{"item":"6901234567892","qty":"2"}]}
{"kind":"SalesReturn","id":"t1","date":"2026-11-04","party":"C001","lines":[{"item":"A1","qty":"4","origin":"s1"}]}
{"kind":"PaymentIn","id":"p1","date":"2026-11-05","party":"C001","account":"C1","amount":"40.00","allocations":[{"doc":"s1","amount":"40.00"}]}
{"kind":"PaymentOut","id":"p2","date":"2026-11-05","party":"S001","account":"C1","amount":"20.00","allocations":[{"doc":"r1","amount":"20.00"}]}
{"kind":"StockCount","id":"c1","date":"2026-11-06","lines":[{"item":"A1","qty":"217"}]}
`

func TestFirstShopDay(t *testing.T) {
	f := newFace(t)
	dir := filepath.Join(t.TempDir(), "店铺")
	var made struct{ Recovery string }
	f.json(&made, "new", dir, "--shop", "街角小店", "--owner", "老王")
	if strings.Count(made.Recovery, "-") < 8 {
		t.Fatalf("recovery code %q", made.Recovery)
	}
	day := f.file("day.jsonl", firstDay)
	var posted struct {
		Posted, Again int
		Failed        []any
	}
	f.json(&posted, "post", dir, day)
	if posted.Posted != 10 || posted.Again != 0 || len(posted.Failed) != 0 {
		t.Fatalf("%+v", posted)
	}
	f.json(&posted, "post", dir, day)
	if posted.Again != 7 {
		t.Fatalf("posted again: %+v", posted)
	}
	var stock table
	f.json(&stock, "report", dir, "stock-balance", "--reason", "test")
	if got := stock.cell(0, "qty"); got != "217" {
		t.Errorf("stock %v", got)
	}
	if got := stock.cell(0, "value"); got != "325.50" { // 217 × 1.50
		t.Errorf("value %v", got)
	}
	var sales table
	f.json(&sales, "report", dir, "sales-detail", "--from", "2026-11-01", "--to", "2026-11-30", "--reason", "test")
	if got := sales.Totals["amount"]; got != "56.00" { // 60 + 6 − 10
		t.Errorf("sales %v", got)
	}
	if got := sales.Totals["margin"]; got != "23.00" { // 56 − 22 × 1.50
		t.Errorf("margin %v", got)
	}
	var led table
	f.json(&led, "report", dir, "stock-ledger", "--item", "A1", "--reason", "test")
	if got := led.cell(len(led.Rows)-1, "qty_after"); got != "217" {
		t.Errorf("ledger ends at %v", got)
	}
	x := filepath.Join(t.TempDir(), "out.xlsx")
	f.run(1, "report", dir, "sales-detail", "--out", x) // margins: no reason
	f.run(1, "report", dir, "sales-detail", "--out", x, "--reason", "tax")
	if _, err := os.Stat(x); err == nil {
		t.Error("margins left without a password")
	}
	t.Setenv("TIEZHANG_EXPORT_PASSWORD", "for-the-accountant")
	f.run(0, "report", dir, "sales-detail", "--out", x, "--reason", "tax")
	if b, err := os.ReadFile(x); err != nil || len(b) < 4096 || bytes.Contains(b, []byte("worksheet")) {
		t.Errorf("workbook: %v", err)
	}
	var v struct {
		OK       bool
		Log_head string
		Totals   map[string]any
	}
	f.json(&v, "verify", dir)
	if !v.OK {
		t.Fatalf("%+v", v)
	}

	// back up, lose the shop, restore on another machine with the code alone
	keep := filepath.Join(t.TempDir(), "usb")
	var b struct{ File string }
	f.json(&b, "backup", dir, "--to", keep)
	f.run(0, "verify", b.File)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TIEZHANG_RECOVERY", made.Recovery)
	t.Setenv("TIEZHANG_PASSWORD", "")
	dir2 := filepath.Join(t.TempDir(), "new machine")
	f.run(0, "restore", b.File, "--to", dir2)
	t.Setenv("TIEZHANG_NEW_PASSWORD", "Green-Panda-Eats-77")
	f.run(0, "recover", dir2)
	t.Setenv("TIEZHANG_PASSWORD", "Green-Panda-Eats-77")
	var again table
	f.json(&again, "report", dir2, "stock-balance", "--reason", "test")
	if got := again.cell(0, "value"); got != "325.50" {
		t.Errorf("restored value %v", got)
	}
	f.run(0, "verify", dir2)
}

func TestWrongInputIsNamed(t *testing.T) {
	f := newFace(t)
	dir := filepath.Join(t.TempDir(), "shop")
	f.run(0, "new", dir, "--shop", "S", "--owner", "O")
	cases := []struct{ line, want string }{
		{`{"kind":"GoodsReceipt","party":"S9","lines":[{"item":"A9","qty":"x","price":"1"}]}`, "A9"},
		{`{"kind":"Nonsense"}`, "Nonsense"},
		{`{"kind":"Item","code":"B1","name":"b","unit":"个","pirce":"3"}`, "pirce"},
		{`not json`, "JSON"},
	}
	for _, c := range cases {
		_, errs := f.run(1, "post", dir, f.file("x.jsonl", c.line+"\n"))
		if !strings.Contains(errs, c.want) || !strings.Contains(errs, "1") {
			t.Errorf("%s: %s", c.line, errs)
		}
	}
	f.run(2, "report", dir, "no-such-report")
	f.run(2, "frobnicate")
	f.run(2, "new")
	t.Setenv("TIEZHANG_PASSWORD", "wrong password here")
	_, errs := f.run(1, "verify", dir)
	if !strings.Contains(errs, "wrong-password") {
		t.Errorf("wrong password says: %s", errs)
	}
}

func TestDemoShopIsSound(t *testing.T) {
	f := newFace(t)
	dir := filepath.Join(t.TempDir(), "demo")
	var d struct{ Lines int }
	f.json(&d, "demo", dir, "--days", "40", "--seed", "7", "--bills", "3", "--end", "2026-10-31")
	if d.Lines < 300 {
		t.Fatalf("%d lines", d.Lines)
	}
	f.run(0, "verify", dir)
}

// TestNegativeStockExample is the example of the cost rules by the script face:
// 5 at 10, 8 sold at the till, 10 more at 12: 7 left worth 84, cost of sales 80,
// adjustment 6, together the purchases of 170. An office document is refused.
func TestNegativeStockExample(t *testing.T) {
	f := newFace(t)
	dir := filepath.Join(t.TempDir(), "shop")
	f.run(0, "new", dir, "--shop", "S", "--owner", "O")
	f.run(1, "post", dir, f.file("a.jsonl", `{"kind":"Item","code":"A1","name":"a","unit":"pc","price":"15"}
{"kind":"Party","code":"S1","name":"s","role":"supplier"}
{"kind":"Party","code":"C1","name":"c","role":"customer"}
{"kind":"GoodsReceipt","id":"1","date":"2026-11-02","party":"S1","lines":[{"item":"A1","qty":"5","price":"10"}]}
{"kind":"SalesDelivery","id":"no","date":"2026-11-03","party":"C1","lines":[{"item":"A1","qty":"8"}]}
`))
	_, errs := f.run(0, "post", dir, f.file("b.jsonl", `{"kind":"RetailSale","id":"2","date":"2026-11-03","lines":[{"item":"A1","qty":"8"}]}
{"kind":"GoodsReceipt","id":"3","date":"2026-11-04","party":"S1","lines":[{"item":"A1","qty":"10","price":"12"}]}
`))
	if !strings.Contains(errs, "-3") {
		t.Errorf("no warning: %s", errs)
	}
	var stock, profit table
	f.json(&stock, "report", dir, "stock-balance", "--reason", "test")
	if stock.cell(0, "qty") != "7" || stock.cell(0, "value") != "84.00" {
		t.Errorf("left %v worth %v", stock.cell(0, "qty"), stock.cell(0, "value"))
	}
	f.json(&profit, "report", dir, "profit", "--from", "2026-11-01", "--to", "2026-11-30", "--reason", "test")
	if profit.Totals["cogs"] != "80.00" || profit.Totals["cost_adjust"] != "6.00" {
		t.Errorf("cost of sales %v, adjustment %v", profit.Totals["cogs"], profit.Totals["cost_adjust"])
	}
	f.run(0, "verify", dir)
}
