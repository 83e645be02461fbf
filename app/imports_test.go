package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/app/report"
	"tiezhang/app/sheet"
	"tiezhang/store"
	"tiezhang/store/keyring"
)

const (
	testdata = "../testdata/"
	password = "corn-flask-89-orbit"
)

type fixedClock struct{ at time.Time }

func (c fixedClock) Now() time.Time { return c.at }

// openShop makes a shop in a temporary folder and signs its owner in.
func openShop(t testing.TB) *app.Session {
	t.Helper()
	h := app.Host{Vault: store.Vault{Profile: keyring.ProfileForTests}, Clock: fixedClock{time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}, Machine: "test", Version: "test"}
	s, _, err := h.New(t.Context(), filepath.Join(t.TempDir(), "shop"), app.NewShop{ShopName: "测试店", OwnerName: "老板", Password: password,
		Names: map[string]string{"warehouse": "主仓库"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Shop().Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return s
}

func do[R any, C app.Command[R]](t testing.TB, s *app.Session, c C) R {
	t.Helper()
	r, err := app.Do(app.WithPassword(t.Context(), password), s, c)
	if err != nil {
		t.Fatalf("%T: %v", c, err)
	}
	return r
}

func ask[R any, Q app.Query[R]](t testing.TB, s *app.Session, q Q) R {
	t.Helper()
	r, err := app.Ask(t.Context(), s, q)
	if err != nil {
		t.Fatalf("%T: %v", q, err)
	}
	return r
}

func readImport(t testing.TB, name string, k sheet.Kind) app.Import {
	t.Helper()
	i, err := app.ReadImport(testdata+name+".xlsx", k)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func planted(t testing.TB, name string) (rows int, want []string) {
	t.Helper()
	b, err := os.ReadFile(testdata + name + ".expected.json")
	if err != nil {
		t.Fatal(err)
	}
	var e struct {
		Rows     int
		Problems []struct {
			Row              int
			Cell, Level, Key string
		}
	}
	if err := json.Unmarshal(b, &e); err != nil {
		t.Fatal(err)
	}
	for _, p := range e.Problems {
		want = append(want, fmt.Sprintf("%05d %s %s %s", p.Row, p.Cell, p.Level, p.Key))
	}
	slices.Sort(want)
	return e.Rows, want
}

func told(ps []sheet.Problem) (got []string) {
	for _, p := range ps {
		got = append(got, fmt.Sprintf("%05d %s %s %s", p.Row, p.Cell, [...]string{"error", "warning", "note"}[p.Level], p.Key))
	}
	slices.Sort(got)
	return got
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	for _, w := range want {
		if !slices.Contains(got, w) {
			t.Errorf("%s: not found: %s", what, w)
		}
	}
	for _, g := range got {
		if !slices.Contains(want, g) {
			t.Errorf("%s: not planted: %s", what, g)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%s: %d problems, want %d", what, len(got), len(want))
	}
}

func count(t testing.TB, s *app.Session, name string) int {
	t.Helper()
	return ask(t, s, app.Report{Query: report.Query{Name: name, Limit: 1, Count: true}}).Total
}

func TestImportItemsPartiesAndStock(t *testing.T) {
	s := openShop(t)
	in := readImport(t, "items-wholesaler", sheet.ItemsKind)
	rows, want := planted(t, "items-wholesaler")
	dry := ask(t, s, app.DryRun{Import: in})
	same(t, "items", told(dry.Problems), want)
	if dry.Added != rows || dry.Changed != 0 || dry.Skipped != dry.Rows-rows || dry.Rows != 3000 {
		t.Errorf("dry run: %d added, %d changed, %d skipped, %d errors; want %d rows", dry.Added, dry.Changed, dry.Skipped, dry.Errors, rows)
	}
	if n := count(t, s, "items"); n != 0 {
		t.Fatalf("the dry run saved %d items", n)
	}
	// A single bad row stops the careful way, and nothing is there.
	if _, err := app.Do(t.Context(), s, app.ImportSheet{Import: in}); fault.KeyOf(err) != "import.problems" {
		t.Errorf("with problems: %v", err)
	}
	if n := count(t, s, "items"); n != 0 {
		t.Fatalf("stopped, but %d items are there", n)
	}
	in.Options.SkipBad = true
	stages := map[string]bool{}
	got := do(t, s, app.ImportSheet{Import: in, Progress: func(stage string, done, total int64) {
		stages[stage] = true
		if total > 0 && done > total {
			t.Errorf("%s: %d of %d", stage, done, total)
		}
	}})
	if got.Added != dry.Added || got.Skipped != dry.Skipped || got.Rows != got.Added+got.Skipped || len(got.Documents) != 0 {
		t.Errorf("done %+v, foreseen %d added %d skipped", got.Added, dry.Added, dry.Skipped)
	}
	if n := count(t, s, "items"); n != rows {
		t.Errorf("%d items in the shop, want %d", n, rows)
	}
	if !stages["import.stage.check"] || !stages["import.stage.save"] {
		t.Errorf("progress %v", stages)
	}
	// Once more: everything is there already.
	dry = ask(t, s, app.DryRun{Import: in})
	if dry.Added != 0 || dry.Skipped != got.Rows {
		t.Errorf("again: %d added, %d skipped of %d", dry.Added, dry.Skipped, got.Rows)
	}
	if _, err := app.Do(t.Context(), s, app.ImportSheet{Import: in}); fault.KeyOf(err) != "import.nothing" {
		t.Errorf("again: %v", err)
	}
	in.Options.Update = true
	if got = do(t, s, app.ImportSheet{Import: in}); got.Changed != rows || got.Added != 0 {
		t.Errorf("update: %d changed, %d added", got.Changed, got.Added)
	}
	importStock(t, s)
	importParties(t, s)
	v, err := app.Run(t.Context(), s, app.VerifyShop{})
	if err != nil || len(v.Findings) != 0 {
		t.Errorf("self-check: %v %v", v.Findings, err)
	}
}

func importStock(t *testing.T, s *app.Session) {
	st := readImport(t, "opening-stock", sheet.OpeningStockKind)
	st.Options.SkipBad, st.Options.NewPlaces = true, true
	dry := ask(t, s, app.DryRun{Import: st})
	rows, _ := planted(t, "opening-stock")
	if len(dry.Places) != 2 || count(t, s, "warehouses") != 1 {
		t.Errorf("warehouses to be made: %v, %d there", dry.Places, count(t, s, "warehouses"))
	}
	unknown := 0
	for _, p := range dry.Problems {
		if p.Key == "import.unknown-item" {
			unknown++
		}
	}
	t.Logf("opening stock: %d rows, %d good, %d of items that were left out, qty %s value %s", rows, dry.Added, unknown, dry.Qty, dry.Value)
	got := do(t, s, app.ImportSheet{Import: st})
	if got.Added != dry.Added || got.Qty != dry.Qty || got.Value != dry.Value || len(got.Documents) == 0 {
		t.Errorf("stock: done %d %s %s, foreseen %d %s %s", got.Added, got.Qty, got.Value, dry.Added, dry.Qty, dry.Value)
	}
	if dry.Added < rows*9/10 || count(t, s, "warehouses") != 3 {
		t.Errorf("%d of %d rows booked", dry.Added, rows)
	}
	var total amount.Money
	for _, d := range got.Documents {
		total += d.Total
		if !strings.HasPrefix(d.Number, "QC-") {
			t.Errorf("number %q", d.Number)
		}
	}
	bal := ask(t, s, app.Report{Query: report.Query{Name: "stock-balance", Count: true, Limit: 1}})
	if total != dry.Value || bal.Totals["value"].Num != int64(dry.Value) || bal.Totals["qty"].Num != int64(dry.Qty) {
		t.Errorf("stock value: documents %s, report %v, file %s", total, bal.Totals, dry.Value)
	}
	// Taken in again after mending some rows, nothing counts twice.
	if dry = ask(t, s, app.DryRun{Import: st}); dry.Added != 0 || dry.Qty != 0 {
		t.Errorf("again: %d rows, %s", dry.Added, dry.Qty)
	}
}

func importParties(t *testing.T, s *app.Session) {
	in := readImport(t, "parties", sheet.PartiesKind)
	rows, want := planted(t, "parties")
	dry := ask(t, s, app.DryRun{Import: in})
	same(t, "parties", told(dry.Problems), want)
	if dry.Added != rows {
		t.Errorf("parties: %d, want %d", dry.Added, rows)
	}
	in.Options.SkipBad = true
	got := do(t, s, app.ImportSheet{Import: in})
	p := ask(t, s, app.Report{Query: report.Query{Name: "parties", Count: true, Limit: 1}})
	if got.Added != rows || p.Total != rows || p.Totals["receivable"].Num != int64(got.Receivable) || p.Totals["payable"].Num != int64(got.Payable) || got.Receivable == 0 {
		t.Errorf("parties: %d of %d, owed %s %s, in the shop %v", p.Total, rows, got.Receivable, got.Payable, p.Totals)
	}
	in.Options.Update = true
	if got = do(t, s, app.ImportSheet{Import: in}); got.Changed != rows || got.Receivable != 0 || len(got.Documents) != 0 {
		t.Errorf("again: %d changed, %s owed once more", got.Changed, got.Receivable)
	}
}

func csvImport(t testing.TB, kind sheet.Kind, body string) app.Import {
	t.Helper()
	p := filepath.Join(t.TempDir(), "list.csv")
	if err := os.WriteFile(p, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := app.ReadImport(p, kind)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func TestImportAgainstTheShop(t *testing.T) {
	s := openShop(t)
	do(t, s, app.SaveItem{Item: master.Item{Code: "A1", Name: "可乐", Unit: "瓶", Barcodes: []master.Barcode{{Code: "6901234567892"}}, Prices: map[master.PriceLevel]amount.Price{master.Retail: 3_000_000}}})
	do(t, s, app.SaveWarehouse{Warehouse: master.Warehouse{Code: "W2", Name: "二库"}})
	in := csvImport(t, sheet.ItemsKind, "编码,名称,单位,条码,零售价,进价,大单位,换算,期初库存\n"+
		"A1,可口可乐,瓶,,3.50,2.00,箱,24,\nB1,雪碧,瓶,6901234567892,3,2,,,\nC1,芬达,瓶,,3,2,,,10\n,无码,瓶,,1,1,,,\n")
	in.Options = app.ImportOptions{Update: true, SkipBad: true, Stock: true, Warehouse: "二库", Codes: sheet.CodesRunning}
	dry := ask(t, s, app.DryRun{Import: in})
	same(t, "shop", told(dry.Problems), []string{"00003 D3 error import.barcode-taken"})
	if dry.Added != 2 || dry.Changed != 1 || dry.Skipped != 1 || dry.Qty.String() != "10" || dry.Value.String() != "20.00" {
		t.Errorf("%+v", dry)
	}
	do(t, s, app.ImportSheet{Import: in})
	v := ask(t, s, app.GetItem{Code: "A1"})
	if v.Item.Name != "可口可乐" || len(v.Item.Barcodes) != 1 || len(v.Item.Units) != 1 || v.Item.Units[0].Num != 24 || v.Item.Prices[master.Retail] != 3_500_000 || v.Item.Initials == "" {
		t.Errorf("merged %+v", v.Item)
	}
	if v = ask(t, s, app.GetItem{Code: "C1"}); v.OnHand.String() != "10" {
		t.Errorf("stock of a new item: %s", v.OnHand)
	}
	if v = ask(t, s, app.GetItem{Code: "SP00001"}); v.Item.Name != "无码" {
		t.Errorf("running code: %+v", v.Item)
	}
	// C1 has moved: its unit is fixed.
	in = csvImport(t, sheet.ItemsKind, "编码,名称,单位\nC1,芬达,箱\n")
	in.Options.Update = true
	same(t, "fixed", told(ask(t, s, app.DryRun{Import: in}).Problems), []string{"00002 C2 error import.unit-fixed"})

	st := csvImport(t, sheet.OpeningStockKind, "商品编码,条码,仓库,数量,单位,单价,金额\n"+
		"A1,,W1,2,箱,,100.01\nZ9,,W1,1,,1,\n,6901234567892,W1,5,盒,1,\nA1,,三库,1,,1,\nC1,,二库,3,,1,\nC1,,W1,3,,0.333333,1\n")
	st.Options.SkipBad = true
	dry = ask(t, s, app.DryRun{Import: st})
	same(t, "stock", told(dry.Problems), []string{"00003 A3 error import.unknown-item", "00004 E4 error import.unknown-unit",
		"00005 C5 error import.unknown-warehouse", "00006 A6 note import.stock-there"})
	got := do(t, s, app.ImportSheet{Import: st})
	if got.Added != 2 || got.Qty.String() != "51" || got.Value.String() != "101.01" || len(got.Documents) != 1 {
		t.Errorf("%+v", got)
	}
	d := ask(t, s, app.GetDocument{ID: got.Documents[0].ID})
	if d.Doc.Total.String() != "101.01" || d.Doc.Kind != doc.OpeningStock {
		t.Errorf("document %+v", d.Doc)
	}
}

func TestImportWantsTheRight(t *testing.T) {
	s := openShop(t)
	in := csvImport(t, sheet.ItemsKind, "编码,名称,单位\nC1,芬达,箱\n")
	do(t, s, app.AddUser{Name: "小王", Password: "shelf-lamp-41-river", Role: access.Cashier})
	c, err := s.Shop().SignIn(t.Context(), "小王", "shelf-lamp-41-river")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := app.Ask(t.Context(), c, app.DryRun{Import: in}); fault.KindOf(err) != fault.Denied {
		t.Errorf("dry run by a cashier: %v", err)
	}
	if _, err := app.Do(t.Context(), c, app.ImportSheet{Import: in}); fault.KindOf(err) != fault.Denied {
		t.Errorf("import by a cashier: %v", err)
	}
}

func TestImportRemembersColumns(t *testing.T) {
	s := openShop(t)
	in := csvImport(t, sheet.ItemsKind, "编码,名称,单位,老价钱,怪列\nC1,芬达,箱,5,x\n")
	if _, ok := in.Map.Fields["retail"]; ok {
		t.Fatal("the title is known already: the test proves nothing")
	}
	in.Map.Fields["retail"] = 3
	do(t, s, app.ImportSheet{Import: in})
	in = csvImport(t, sheet.ItemsKind, "编码,老价钱,名称,单位\nC2,5,雪碧,箱\n")
	m := ask(t, s, app.ImportColumns{Import: in})
	if c, ok := m.Fields["retail"]; !ok || c != 1 || len(m.Fields) != 4 || len(m.Left) != 0 {
		t.Errorf("%+v", m)
	}
}
