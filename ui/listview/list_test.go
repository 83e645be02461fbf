package listview_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"github.com/xuri/excelize/v2"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/app/report"
	"tiezhang/internal/pagetest"
	"tiezhang/ui/listview"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
	"tiezhang/ui/uitest"
)

func item(t testing.TB, s *app.Session, code, name string, cost amount.Price) {
	t.Helper()
	_, err := app.Do(t.Context(), s, app.SaveItem{Item: master.Item{Code: code, Name: name, Unit: "瓶", Category: "饮料",
		Prices: map[master.PriceLevel]amount.Price{master.Retail: 3_500_000, master.Purchase: cost}}})
	if err != nil {
		t.Fatal(err)
	}
}

func open(r *pagetest.Rig, screen, kind, arg string) *listview.List {
	r.T.Helper()
	return r.Show(listview.Make(r.Env, page.Route{Screen: screen, Kind: kind, Arg: arg})).(*listview.List)
}

func TestListOfItems(t *testing.T) {
	text.Use(text.Chinese)
	s := pagetest.Shop(t)
	for i := range 450 {
		item(t, s, fmt.Sprintf("A%04d", i), fmt.Sprintf("可乐%d号", i), amount.Price(1_000_000+i))
	}
	item(t, s, "B1", "雪碧", 1)
	r := pagetest.Over(t, s)
	l := open(r, page.List, "items", "")
	g := l.Grid()
	if g.Len() != 451 || l.Loaded(0) != "A0000" || l.Loaded(300) != "" {
		t.Fatalf("%d rows, first %q, the 300th %q before it is seen", g.Len(), l.Loaded(0), l.Loaded(300))
	}
	r.Key(fyne.KeyEnd)
	r.Picture() // drawing asks for what is in sight
	r.Settle()
	if l.Loaded(450) != "B1" {
		t.Errorf("last row %q", l.Loaded(450))
	}
	r.Key(fyne.KeyReturn)
	it, _ := app.Ask(t.Context(), s, app.GetItem{Code: "B1"})
	if got, want := r.Last(), (page.Route{Screen: page.Form, Kind: "item", Arg: fmt.Sprint(it.Item.ID)}); got != want {
		t.Errorf("Enter opens %v, want %v", got, want)
	}
	// sort by name, both ways
	g.OnSort("retail", true)
	r.Settle()
	g.OnSort("name", true)
	r.Settle()
	if l.Loaded(0) != "B1" { // 雪碧 (x) after 可乐 (k)
		t.Errorf("sorted by name backwards the first is %q", l.Loaded(0))
	}
	// typing over the rows searches by pinyin, after a pause
	r.Key("X")
	r.Type("xb")
	if g.Len() != 451 {
		t.Error("the search did not wait for the typing to rest")
	}
	r.Tick(160 * time.Millisecond)
	if g.Len() != 1 || l.Loaded(0) != "B1" {
		t.Errorf("searching xb: %d rows, %q", g.Len(), l.Loaded(0))
	}
	r.Key(fyne.KeyEscape)
	r.Settle()
	if g.Len() != 451 {
		t.Errorf("Esc clears: %d rows", g.Len())
	}
	// another screen saves an item: the list follows and stays where it is
	r.Key(fyne.KeyReturn)
	l.Enter()
	g.OnSort("code", false)
	r.Settle()
	g.MoveTo(250)
	item(t, s, "Z9", "新品", 1)
	l.Reload("items")
	r.Settle()
	if g.Len() != 452 || g.Active() != 250 || l.Loaded(250) != "A0250" {
		t.Errorf("after a change: %d rows, row %d is %q", g.Len(), g.Active(), l.Loaded(250))
	}
	r.Quiet()
}

func TestHundredThousandRows(t *testing.T) {
	if testing.Short() {
		t.Skip("fills a large shop")
	}
	text.Use(text.Chinese)
	s := pagetest.Shop(t)
	const n = 100_000
	var b strings.Builder
	b.WriteString("编码,名称,单位\n")
	for i := range n {
		fmt.Fprintf(&b, "A%06d,商品%d,瓶\n", i, i)
	}
	p := filepath.Join(t.TempDir(), "many.csv")
	if err := os.WriteFile(p, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := app.ReadImport(p, "items")
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	if _, err := app.Do(t.Context(), s, app.ImportSheet{Import: in}); err != nil {
		t.Fatal(err)
	}
	t.Logf("import of %d items: %v", n, time.Since(start))
	r := pagetest.Over(t, s)
	start = time.Now()
	l := open(r, page.List, "items", "")
	t.Logf("list opened: %v", time.Since(start))
	g := l.Grid()
	if g.Len() != n {
		t.Fatalf("%d rows", g.Len())
	}
	for _, at := range []int{0, 199, 200, 50_000, 99_999, 70_123, 3} {
		g.MoveTo(at)
		start = time.Now()
		r.Picture()
		r.Settle()
		t.Logf("row %d: %v", at, time.Since(start))
		if want := fmt.Sprintf("A%06d", at); l.Loaded(at) != want {
			t.Errorf("row %d is %q, want %q", at, l.Loaded(at), want)
		}
	}
	if loaded := l.LoadedPages(); loaded > 20 {
		t.Errorf("%d pages were read for seven places", loaded)
	}
	r.Quiet()
}

const outPassword = "月底对账-7788"

// explain answers what is asked before figures leave the shop: why, and the
// password of the file.
func explain(r *pagetest.Rig) {
	r.Type("给会计报税")
	r.Key(fyne.KeyReturn)
	r.Type(outPassword)
	r.Key(fyne.KeyReturn)
	r.Type(outPassword)
	r.Chord("Ctrl+Enter")
	r.Settle()
}

// TestFiguresDoNotLeaveInTheClear: without a reason and a password of eight
// characters nothing is written; with them nothing can be read without.
func TestFiguresDoNotLeaveInTheClear(t *testing.T) {
	text.Use(text.Chinese)
	s := pagetest.Shop(t)
	pagetest.Trade(t, s, 3)
	r := pagetest.Over(t, s)
	open(r, page.Report, "stock-balance", "")
	r.Chord("Ctrl+E")
	r.Settle()
	r.Chord("Ctrl+Enter") // no reason
	r.Type("报税")
	r.Chord("Ctrl+Enter") // no password
	r.Key(fyne.KeyReturn)
	r.Type("1234567")
	r.Chord("Ctrl+Enter") // too short
	r.Settle()
	if r.Saved != "" {
		t.Fatal("a file was written")
	}
	r.Key(fyne.KeyEscape)
	r.Chord("Ctrl+E")
	r.Settle()
	explain(r)
	r.Quiet()
	b, err := os.ReadFile(r.Saved)
	if err != nil || strings.HasPrefix(string(b), "PK") || strings.Contains(string(b), "worksheet") {
		t.Errorf("the workbook is not sealed: %v", err)
	}
	if _, err := excelize.OpenFile(r.Saved, excelize.Options{Password: "12345678"}); err == nil {
		t.Error("it opens with another password")
	}
	rows := cells(t, r.Saved)
	mark := strings.Join(rows[len(rows)-1], " ")
	for _, w := range []string{"给会计报税", s.User().Name, "日志"} {
		if !strings.Contains(mark, w) {
			t.Errorf("the watermark %q lacks %q", mark, w)
		}
	}
}

// cells reads every cell of a workbook's first sheet.
func cells(t *testing.T, path string) [][]string {
	t.Helper()
	f, err := excelize.OpenFile(path, excelize.Options{Password: outPassword})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows(f.GetSheetList()[0], excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func find(rows [][]string, want string) (r, c int) {
	for i := range rows {
		for j := range rows[i] {
			if rows[i][j] == want {
				return i, j
			}
		}
	}
	return -1, -1
}

func TestExcelHasTypesAndTotals(t *testing.T) {
	text.Use(text.Chinese)
	s := pagetest.Shop(t)
	pagetest.Trade(t, s, 6)
	r := pagetest.Over(t, s)
	l := open(r, page.Report, "stock-balance", "")
	r.Chord("Ctrl+E")
	r.Settle()
	explain(r)
	r.Quiet()
	rows := cells(t, r.Saved)
	hr, hc := find(rows, text.T("report.col.value"))
	if hr < 0 {
		t.Fatalf("no heading of the value in %v", rows[:5])
	}
	f, _ := excelize.OpenFile(r.Saved, excelize.Options{Password: outPassword})
	defer f.Close()
	sheet := f.GetSheetList()[0]
	axis, _ := excelize.CoordinatesToCellName(hc+1, hr+2)
	if ty, err := f.GetCellType(sheet, axis); err != nil || ty != excelize.CellTypeUnset && ty != excelize.CellTypeNumber {
		t.Errorf("%s is of type %v %v, want a number", axis, ty, err)
	}
	axis, _ = excelize.CoordinatesToCellName(1, hr+2)
	if ty, _ := f.GetCellType(sheet, axis); ty != excelize.CellTypeInlineString && ty != excelize.CellTypeSharedString {
		t.Errorf("the code in %s is of type %v, want text", axis, ty)
	}
	var sum amount.Money
	for _, row := range rows[hr+1 : hr+1+l.Grid().Len()] {
		v, err := amount.ParseMoney(row[hc])
		if err != nil {
			t.Fatal(err)
		}
		sum += v
	}
	tr, _ := find(rows, text.T("export.total"))
	if tr < 0 || rows[tr][hc] == "" {
		t.Fatal("no totals row")
	}
	if got, _ := amount.ParseMoney(rows[tr][hc]); got != sum {
		t.Errorf("total %s, rows come to %s", got, sum)
	}
	r.Key(fyne.KeyReturn) // open it
	if len(r.Files) != 1 || r.Files[0] != r.Saved {
		t.Errorf("opened %v", r.Files)
	}
	// a PDF has no password: it goes without the value
	r.Saved = ""
	r.Chord("Ctrl+P")
	r.Settle()
	if r.Saved != "" {
		t.Fatal("figures were saved as a PDF without a word")
	}
	r.Key(fyne.KeyReturn)
	r.Settle()
	r.Quiet()
	b, err := os.ReadFile(r.Saved)
	if err != nil || !strings.HasPrefix(string(b), "%PDF-") || len(b) < 5000 {
		t.Errorf("PDF: %d bytes, %v", len(b), err)
	}
	e, err := app.Ask(t.Context(), s, app.Report{Query: report.Query{Name: "log", Limit: 1}})
	if err != nil || !slices.ContainsFunc(e.Rows[0].Cells, func(v report.Value) bool {
		return strings.Contains(v.Text, `"left_out":true`) && strings.Contains(v.Text, `"as_pdf":true`)
	}) {
		t.Errorf("the log says %+v, %v", e.Rows, err)
	}
}

func TestDrillDown(t *testing.T) {
	text.Use(text.Chinese)
	s := pagetest.Shop(t)
	pagetest.Trade(t, s, 6)
	r := pagetest.Over(t, s)
	l := open(r, page.Report, "stock-balance", "")
	code := l.Loaded(0)
	r.Key(fyne.KeyReturn)
	if got := r.Last(); got != (page.Route{Screen: page.Report, Kind: "stock-ledger", Arg: code}) {
		t.Fatalf("stock leads to %v", got)
	}
	l = open(r, page.Report, "stock-ledger", code)
	if l.Grid().Len() == 0 {
		t.Fatal("the ledger is empty")
	}
	r.Key(fyne.KeyEnd, fyne.KeyReturn)
	if got := r.Last(); got.Screen != page.Document || got.Kind == "" || got.Arg == "" {
		t.Errorf("the ledger leads to %v", got)
	}
	// without an item it asks for one
	l = open(r, page.Report, "stock-ledger", "")
	if l.Grid().Len() != 0 || l.Grid().Empty.Button == "" {
		t.Error("a ledger of no item")
	}
	r.Key(fyne.KeyReturn) // the button: search
	r.Settle()
	r.Type(code)
	r.Tick(200 * time.Millisecond)
	r.Key(fyne.KeyReturn)
	r.Settle()
	if l.Grid().Len() == 0 {
		t.Error("choosing an item shows its ledger")
	}
	// sales documents: only those of the group
	l = open(r, page.List, "documents", "sale")
	n := l.Grid().Len()
	if n == 0 {
		t.Fatal("no sales")
	}
	all := open(r, page.List, "documents", "")
	if all.Grid().Len() <= n {
		t.Errorf("%d sales of %d documents", n, all.Grid().Len())
	}
	r.Quiet()
}

func TestLogEntry(t *testing.T) {
	text.Use(text.Chinese)
	s := pagetest.Shop(t)
	item(t, s, "A1", "可乐", 1)
	r := pagetest.Over(t, s)
	l := open(r, page.List, "log", "")
	if l.Grid().Len() < 2 {
		t.Fatal(l.Grid().Len())
	}
	r.Key(fyne.KeyReturn)
	r.Settle()
	if !r.Router.InModal() {
		t.Error("Enter opens the entry")
	}
	r.Save("log-entry")
	r.Key(fyne.KeyEscape)
	if r.Router.InModal() {
		t.Error("Esc closes it")
	}
	r.Quiet()
}

// A role without cost sees none on the screen, in the file and on paper.
func TestCostStaysHidden(t *testing.T) {
	text.Use(text.Chinese)
	s := pagetest.Shop(t)
	item(t, s, "A1", "可乐", 7_654_321)
	p := filepath.Join(t.TempDir(), "q.csv")
	if err := os.WriteFile(p, []byte("编码,数量,单价\nA1,10,7.654321\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := app.ReadImport(p, "opening-stock")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := app.Do(t.Context(), s, app.ImportSheet{Import: in}); err != nil {
		t.Fatal(err)
	}
	r := pagetest.Over(t, s)
	hidden := []string{text.T("report.col.cost"), text.T("report.col.value"), text.T("report.col.purchase")}
	heads := func(l *listview.List) string {
		var h []string
		for _, c := range l.Grid().Columns {
			h = append(h, c.Heading())
		}
		return strings.Join(h, " ") + strings.Join(l.Texts(0), " ")
	}
	if h := heads(open(r, page.Report, "stock-balance", "")); !strings.Contains(h, hidden[0]) || !strings.Contains(h, "7.65") {
		t.Fatalf("the owner sees no cost: the test proves nothing (%s)", h)
	}
	r.As("小李", access.Storekeeper)
	for _, list := range []page.Route{{Screen: page.Report, Kind: "stock-balance"}, {Screen: page.List, Kind: "items"}} {
		l := open(r, list.Screen, list.Kind, "")
		if l.Grid().Len() != 1 {
			t.Fatalf("%s: %d rows", list.Kind, l.Grid().Len())
		}
		for _, w := range append(hidden, "7.65", "76.54") {
			if strings.Contains(heads(l), w) {
				t.Errorf("%s shows %q: %s", list.Kind, w, heads(l))
			}
		}
		r.Chord("Ctrl+E")
		r.Settle()
		r.Quiet()
		for _, row := range cells(t, r.Saved) {
			for _, w := range append(hidden, "7.65", "76.54") {
				if strings.Contains(strings.Join(row, " "), w) {
					t.Errorf("the workbook of %s has %q: %v", list.Kind, w, row)
				}
			}
		}
		r.Key(fyne.KeyEscape)
		r.Chord("Ctrl+P")
		r.Settle()
		r.Quiet()
		r.Key(fyne.KeyEscape)
	}
	if len(r.Asked) == 0 || r.Asked[len(r.Asked)-1] != access.Second {
		t.Errorf("a storekeeper's export wants a second person, asked %v", r.Asked)
	}
	// A cashier may not export: no keys, no buttons.
	r.As("小王", access.Cashier)
	open(r, page.Report, "stock-balance", "")
	r.Saved = ""
	r.Chord("Ctrl+E")
	r.Settle()
	if r.Saved != "" {
		t.Error("a cashier got as far as choosing a file")
	}
}

func TestUnknownListIsAFault(t *testing.T) {
	r := pagetest.Open(t)
	if _, err := listview.Make(r.Env, page.Route{Screen: page.List, Kind: "nonsense"}); fault.KeyOf(err) != "report.unknown" {
		t.Error(err)
	}
}

// Every list and report opens for every role that may see it.
func TestEveryListOpens(t *testing.T) {
	text.Use(text.English)
	defer text.Use(text.Chinese)
	s := pagetest.Shop(t)
	pagetest.Trade(t, s, 3)
	r := pagetest.Over(t, s)
	r.Quiet()
	for _, route := range listview.Routes() {
		open(r, route.Screen, route.Kind, route.Arg)
		r.Picture()
		r.Settle()
		for _, err := range r.Failed {
			t.Errorf("%v: %v", route, err)
		}
		r.Failed = nil
	}
}

// TestScreenshots draws the lists for looking at.
func TestScreenshots(t *testing.T) {
	dir := os.Getenv("TIEZHANG_SCREENSHOTS")
	if dir == "" {
		t.Skip("set TIEZHANG_SCREENSHOTS to a folder")
	}
	t.Setenv("TIEZHANG_PICTURES", dir)
	for _, lang := range text.Languages() {
		text.Use(lang)
		s := pagetest.Shop(t)
		pagetest.Trade(t, s, 20)
		empty := pagetest.Shop(t)
		for _, v := range []struct {
			name string
			opts []uitest.Option
		}{{"light", nil}, {"dark", []uitest.Option{uitest.Dark()}}, {"large", []uitest.Option{uitest.Text(theme.Largest)}}} {
			opts := append(v.opts, uitest.Size(1230, 700)) // what the shell leaves of 1366 × 768
			r := pagetest.Over(t, s, opts...)
			for _, route := range []page.Route{{Screen: page.List, Kind: "items"}, {Screen: page.List, Kind: "documents", Arg: "sale"}, {Screen: page.List, Kind: "parties"},
				{Screen: page.Report, Kind: "sales-detail"}, {Screen: page.Report, Kind: "stock-balance"}, {Screen: page.Report, Kind: "profit"}, {Screen: page.List, Kind: "log"}} {
				open(r, route.Screen, route.Kind, route.Arg)
				r.Picture()
				r.Settle()
				r.Save(fmt.Sprintf("list-%s-%s-%s", route.Kind, v.name, lang))
			}
			if v.name == "light" { // every report, as it stands in a shop of twenty days
				for _, spec := range report.Reports() {
					arg := map[string]string{"stock-ledger": "10006", "receivable-statement": "C001", "payable-statement": "S001", "sales-summary": "group=month"}[spec.Name]
					l := open(r, page.Report, spec.Name, arg)
					r.Picture()
					r.Settle()
					if spec.Chart.Kind != report.NoChart {
						l.ToggleChart()
						r.Settle()
					}
					r.Save(fmt.Sprintf("report-%s-%s", spec.Name, lang))
				}
				open(r, page.Report, "why", "10006")
				r.Settle()
				r.Save(fmt.Sprintf("report-why-%s", lang))
			}
			r = pagetest.Over(t, empty, opts...)
			open(r, page.List, "items", "")
			r.Save(fmt.Sprintf("list-items-empty-%s-%s", v.name, lang))
			open(r, page.Report, "stock-ledger", "")
			r.Key(fyne.KeyReturn)
			r.Settle()
			r.Save(fmt.Sprintf("list-lookup-%s-%s", v.name, lang))
		}
	}
	text.Use(text.Chinese)
}
