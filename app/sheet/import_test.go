package sheet

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"tiezhang/app/amount"
	"tiezhang/app/fault"
	"tiezhang/app/master"
)

const data = "../../testdata/"

// zh gives Chinese texts from the catalogue, failing on a missing key or argument.
func words(t *testing.T, lang string) Texts {
	t.Helper()
	b, err := os.ReadFile("../../assets/i18n/sheet." + lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]string{}
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	return func(key string, nv ...any) string {
		s, ok := m[key]
		if !ok {
			t.Errorf("no text for %s", key)
		}
		for i := 0; i+1 < len(nv); i += 2 {
			s = strings.ReplaceAll(s, fmt.Sprintf("{%v}", nv[i]), fmt.Sprint(nv[i+1]))
		}
		if strings.Contains(s, "{") {
			t.Errorf("%s: argument left: %s", key, s)
		}
		return s
	}
}

type planted struct {
	Row              int
	Cell, Level, Key string
}

func load(t *testing.T, name string) (rows int, want []string) {
	t.Helper()
	b, err := os.ReadFile(data + name + ".expected.json")
	if err != nil {
		t.Fatal(err)
	}
	var e struct {
		Rows     int
		Problems []planted
	}
	if err := json.Unmarshal(b, &e); err != nil {
		t.Fatal(err)
	}
	for _, p := range e.Problems {
		want = append(want, fmt.Sprintf("%05d %s %s %s", p.Row, p.Cell, p.Level, p.Key))
	}
	sort.Strings(want)
	return e.Rows, want
}

func found(ps []Problem) (got []string) {
	for _, p := range ps {
		got = append(got, fmt.Sprintf("%05d %s %s %s", p.Row, p.Cell, [...]string{"error", "warning", "note"}[p.Level], p.Key))
	}
	sort.Strings(got)
	return got
}

func diff(t *testing.T, got, want []string) {
	t.Helper()
	in := func(s string, l []string) bool {
		i := sort.SearchStrings(l, s)
		return i < len(l) && l[i] == s
	}
	for _, w := range want {
		if !in(w, got) {
			t.Error("not found:", w)
		}
	}
	for _, g := range got {
		if !in(g, want) {
			t.Error("not planted:", g)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d problems found, %d planted", len(got), len(want))
	}
}

func open(t *testing.T, path string, k Kind) (Table, Mapping) {
	t.Helper()
	tb, err := Read(context.Background(), path, "")
	if err != nil {
		t.Fatal(err)
	}
	m, err := Match(tb, k)
	if err != nil {
		t.Fatal(err)
	}
	return tb, m
}

func TestWholesalerList(t *testing.T) {
	tb, m := open(t, data+"items-wholesaler.xlsx", ItemsKind)
	if tb.Lines[m.Header].No != 6 || len(m.Fields) != 14 {
		t.Fatalf("header in row %d, %d columns: %v", tb.Lines[m.Header].No, len(m.Fields), m.Fields)
	}
	rows, want := load(t, "items-wholesaler")
	items, ps := Items(tb, m, Options{})
	diff(t, found(ps), want)
	if len(items) != rows {
		t.Fatalf("%d items, want %d", len(items), rows)
	}
	zeros, wide, boxes := 0, 0, 0
	for _, it := range items {
		if err := it.Item.Check(); err != nil {
			t.Fatalf("row %d passed but is not acceptable: %v", it.Row, err)
		}
		if len(it.Item.Barcodes) > 0 && it.Item.Barcodes[0].Code[0] == '0' {
			zeros++
			if len(it.Item.Barcodes[0].Code) != 13 {
				t.Fatalf("row %d: barcode %s", it.Row, it.Item.Barcodes[0].Code)
			}
		}
		for _, r := range it.Item.Code {
			if r > 0x7f {
				wide++
			}
		}
		if len(it.Item.Units) == 1 && it.Item.Units[0].Den == 1 && it.Item.Units[0].Num > 1 {
			boxes++
		}
		if it.Item.Prices[master.Retail] <= 0 || it.Item.Prices[master.Purchase] <= 0 {
			t.Fatalf("row %d: prices %v", it.Row, it.Item.Prices)
		}
	}
	if zeros < 350 || wide != 0 || boxes < 2600 {
		t.Fatalf("leading zeros %d, wide codes %d, boxes %d", zeros, wide, boxes)
	}
	// A duplicate names both rows.
	for _, p := range ps {
		if p.Key == "sheet.code-twice" {
			if first, ok := p.Args["first"].(int); !ok || first >= p.Row || first <= 6 {
				t.Errorf("row %d: first is %v", p.Row, p.Args["first"])
			}
		}
	}
	// Every problem has words in both languages, with all arguments filled.
	for _, lang := range []string{"zh-Hans", "en"} {
		texts := words(t, lang)
		for _, p := range ps {
			p.Text(texts)
		}
	}
}

func TestPartiesList(t *testing.T) {
	tb, m := open(t, data+"parties.xlsx", PartiesKind)
	rows, want := load(t, "parties")
	ps, problems := Parties(tb, m, Options{})
	diff(t, found(problems), want)
	if len(ps) != rows {
		t.Fatalf("%d parties, want %d", len(ps), rows)
	}
	kinds := map[master.PartyKind]int{}
	for _, p := range ps {
		kinds[p.Party.Kind]++
		if len(p.Party.Phone) != 11 || p.Party.Check() != nil {
			t.Fatalf("%+v: %v", p, p.Party.Check())
		}
	}
	if kinds[master.Customer] != 114 || kinds[master.Supplier] != 70 || kinds[master.Both] != 10 {
		t.Fatal(kinds)
	}
}

// TestAccountsOfParties: a number of the bank keeps every digit, or the row is
// refused and says which cell lost them.
func TestAccountsOfParties(t *testing.T) {
	line := func(no int, cells ...Cell) Line { return Line{No: no, Cells: cells} }
	txt := func(s string) Cell { return Cell{Text: s, Kind: AsText} }
	tb := Table{Lines: []Line{
		line(1, txt("名称"), txt("开户行"), txt("银行账号"), txt("税号")),
		line(2, txt("甲"), txt("工行"), txt("6222 0212-3456 7890 123"), txt(" 91330106ma2axy１ ")),
		line(3, txt("乙"), txt(""), Cell{Text: "622202123456", Kind: AsNum}, txt("无")),
		line(4, txt("丙"), txt(""), Cell{Text: "6222021234567890000", Kind: AsNum}, txt("")),
		line(5, txt("丁"), txt(""), txt("6.22202E+18"), txt("")),
		line(6, txt("戊"), txt(""), txt("12345"), txt("91330106-1")),
	}}
	m, err := Match(tb, PartiesKind)
	if err != nil {
		t.Fatal(err)
	}
	ps, problems := Parties(tb, m, Options{Party: master.Customer, Codes: CodesRunning, Prefix: "K"})
	want := []string{"00004 C4 error sheet.account-digits", "00005 C5 error sheet.account-digits", "00006 C6 error sheet.bank", "00006 D6 error sheet.tax-no"}
	got := found(problems)
	sort.Strings(got)
	diff(t, got, want)
	if len(ps) != 2 || ps[0].Party.BankAccount != "6222021234567890123" || ps[0].Party.BankName != "工行" || ps[0].Party.TaxNo != "91330106MA2AXY1" ||
		ps[1].Party.BankAccount != "622202123456" || ps[1].Party.TaxNo != "" {
		t.Errorf("%+v", ps)
	}
}

func TestOpeningStockList(t *testing.T) {
	tb, m := open(t, data+"opening-stock.xlsx", OpeningStockKind)
	rows, want := load(t, "opening-stock")
	st, problems := OpeningStock(tb, m, Options{})
	diff(t, found(problems), want)
	if len(st) != rows {
		t.Fatalf("%d lines, want %d", len(st), rows)
	}
	dates := 0
	for _, x := range st {
		if x.Amount <= 0 || x.Price <= 0 || x.Qty <= 0 || x.Warehouse == "" {
			t.Fatalf("%+v", x)
		}
		if x.Expiry != 0 {
			dates++
			if x.Expiry < 20270101 || x.Expiry > 20281231 {
				t.Fatalf("row %d: expiry %v", x.Row, x.Expiry)
			}
		}
	}
	if dates < 200 {
		t.Fatalf("%d expiry dates", dates)
	}
	if _, ps := OpeningStock(tb, m, Options{Warehouse: "门店"}); len(ps) != len(problems)-1 {
		t.Errorf("a default warehouse should mend one problem: %d → %d", len(problems), len(ps))
	}
}

// grid writes a small CSV and gives its items and problems.
func grid(t *testing.T, o Options, csv string) ([]ItemRow, []Problem) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(path, []byte(csv), 0o600); err != nil {
		t.Fatal(err)
	}
	tb, m := open(t, path, ItemsKind)
	return Items(tb, m, o)
}

func TestMissingCodesAreMadeFreeOfClashes(t *testing.T) {
	csv := "编码,名称,单位,条码\n,可乐,瓶,0690102807583\nSP00001,雪碧,瓶,\n,芬达,瓶,\n,醒目,瓶,\n"
	if items, ps := grid(t, Options{}, csv); len(items) != 1 || Errors(ps) != 3 {
		t.Fatal(items, ps)
	}
	items, ps := grid(t, Options{Codes: CodesFromBarcode, Prefix: "SP", Taken: map[string]bool{"SP00002": true}}, csv)
	if len(ps) != 0 || len(items) != 4 {
		t.Fatal(ps)
	}
	var got []string
	for _, it := range items {
		got = append(got, it.Item.Code)
	}
	if strings.Join(got, " ") != "0690102807583 SP00001 SP00003 SP00004" {
		t.Fatal(got)
	}
}

func TestUnits(t *testing.T) {
	for _, c := range []struct {
		cells, key string
		num        int64
		name       string
	}{
		{"箱,12", "", 12, "箱"}, {"箱,12.0", "", 12, "箱"}, {"箱,1*12", "", 12, "箱"}, {"箱,1×12", "", 12, "箱"}, {"箱,１箱＝１２瓶", "", 12, "箱"},
		{"箱,12瓶/箱", "", 12, "箱"}, {",1箱=12瓶", "", 12, "箱"}, {"箱,", "sheet.unit-relation", 0, ""}, {"箱,0", "sheet.unit-relation", 0, ""},
		{"箱,1.5", "sheet.unit-relation", 0, ""}, {"箱,12个", "sheet.unit-relation", 0, ""}, {"箱,9999999", "sheet.factor", 0, ""}, {"瓶,12", "sheet.unit-twice", 0, ""},
		{"瓶,1", "", 0, ""}, {"-,-", "", 0, ""}, {",12", "", 0, ""},
	} {
		items, ps := grid(t, Options{}, "编码,名称,单位,大单位,换算\nA1,可乐,瓶,"+c.cells+"\n")
		switch {
		case c.key != "":
			if len(ps) != 1 || ps[0].Key != c.key || ps[0].Cell != "E2" {
				t.Errorf("%s: %+v", c.cells, ps)
			}
		case len(ps) != 0 || len(items) != 1:
			t.Errorf("%s: %+v", c.cells, ps)
		case c.num == 0 && len(items[0].Item.Units) == 0:
		case len(items[0].Item.Units) != 1 || items[0].Item.Units[0] != (master.Unit{Name: c.name, Num: c.num, Den: 1}):
			t.Errorf("%s: %+v", c.cells, items[0].Item.Units)
		}
	}
}

func TestEveryProblemOfARowIsListed(t *testing.T) {
	items, ps := grid(t, Options{}, "编码,名称,单位,零售价,进价,库存下限,库存上限,箱码\n A1 ,,,abc,-1,10,5,123\n")
	if len(items) != 0 {
		t.Fatal(items)
	}
	var keys []string
	for _, p := range ps {
		keys = append(keys, p.Cell+" "+p.Key)
	}
	sort.Strings(keys)
	want := "B2 sheet.missing,C2 sheet.missing,D2 sheet.not-number,E2 sheet.negative,F2 sheet.min-over-max, sheet.unit-name"
	w := strings.Split(want, ",")
	sort.Strings(w)
	if strings.Join(keys, ",") != strings.Join(w, ",") {
		t.Fatalf("got  %v\nwant %v", keys, w)
	}
}

func TestNumbersFromCells(t *testing.T) {
	for in, want := range map[string]string{
		"12.300000000000001": "12.3", "0.1": "0.1", "1E-2": "0.01", "6.901028075831E+12": "6901028075831", "6901028075831": "6901028075831", "3.0": "3", "-2.50": "-2.5",
	} {
		if got := plain(in); got != want {
			t.Errorf("plain(%s) = %s, want %s", in, got, want)
		}
	}
	for _, c := range []struct {
		in   string
		n    int
		want string
	}{{"3.33333333333333", 6, "3.333333"}, {"0.9999995", 6, "1.000000"}, {"-0.005", 2, "-0.01"}, {"9.999", 2, "10.00"}, {"-9.996", 2, "-10.00"}, {"1.5", 2, "1.5"}} {
		if got := roundTo(c.in, c.n); got != c.want {
			t.Errorf("roundTo(%s, %d) = %s, want %s", c.in, c.n, got, c.want)
		}
	}
}

func TestTemplatesAreUnderstoodAndTheirExamplesTakenIn(t *testing.T) {
	for _, lang := range []string{"zh-Hans", "en"} {
		for _, k := range Kinds {
			var b bytes.Buffer
			if err := WriteTemplate(context.Background(), &b, k, words(t, lang)); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "t.xlsx")
			if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
			tb, m := open(t, path, k)
			if len(m.Fields) != len(Fields(k)) || len(m.Left) > 0 {
				t.Errorf("%s %s: only %v are matched", lang, k, m.Fields)
			}
			var ps []Problem
			n := 0
			switch k {
			case ItemsKind:
				var items []ItemRow
				items, ps = Items(tb, m, Options{})
				n = len(items)
				if n == 1 && (items[0].Item.Units[0].Num != 24 || items[0].Qty != 120*amount.QtyScale) {
					t.Errorf("%+v", items[0])
				}
			case PartiesKind:
				var rows []PartyRow
				rows, ps = Parties(tb, m, Options{})
				n = len(rows)
			case OpeningStockKind:
				var rows []StockRow
				rows, ps = OpeningStock(tb, m, Options{})
				n = len(rows)
			}
			if n != 1 || len(ps) != 0 {
				t.Errorf("%s %s: %d rows, %+v", lang, k, n, ps)
			}
		}
	}
}

func TestProblemsComeBackInTheWorkbook(t *testing.T) {
	tb, m := open(t, data+"items-wholesaler.xlsx", ItemsKind)
	_, ps := Items(tb, m, Options{})
	var b bytes.Buffer
	if err := WriteProblems(context.Background(), tb, ps, words(t, "zh-Hans"), &b); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	comments, err := f.GetComments(tb.Sheet)
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]string{}
	for _, c := range comments {
		said[c.Cell] = c.Text
	}
	for _, p := range ps {
		if p.Cell == "" {
			continue
		}
		if !strings.Contains(said[p.Cell], p.Text(words(t, "zh-Hans"))) {
			t.Errorf("%s has the comment %q", p.Cell, said[p.Cell])
		}
		id, err := f.GetCellStyle(tb.Sheet, p.Cell)
		if err != nil {
			t.Fatal(err)
		}
		st, err := f.GetStyle(id)
		if err != nil || len(st.Fill.Color) == 0 {
			t.Errorf("%s is not coloured (%v)", p.Cell, err)
		}
	}
	list, err := f.GetRows(f.GetSheetList()[0])
	if err != nil || len(list) != len(ps)+1 {
		t.Errorf("%d problems listed of %d (%v)", len(list)-1, len(ps), err)
	}
	// The data itself is untouched.
	before, after := tb, Table{}
	path := filepath.Join(t.TempDir(), "p.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	if after, err = Read(context.Background(), path, tb.Sheet); err != nil || len(after.Lines) != len(before.Lines) {
		t.Fatalf("%d lines, were %d (%v)", len(after.Lines), len(before.Lines), err)
	}
	for i := range before.Lines {
		if fmt.Sprint(before.Lines[i]) != fmt.Sprint(after.Lines[i]) {
			t.Fatalf("row %d changed: %v → %v", before.Lines[i].No, before.Lines[i], after.Lines[i])
		}
	}
}

func TestNoHeaderIsSaidSo(t *testing.T) {
	_, err := Match(Table{Path: "x", Lines: []Line{{No: 1, Cells: []Cell{{AsText, "甲"}, {AsText, "乙"}}}}}, ItemsKind)
	if fault.KeyOf(err) != "sheet.no-header" {
		t.Fatal(err)
	}
}
