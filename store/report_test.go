package store

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"testing"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/report"
)

func ask(t testing.TB, sh *shop, q report.Query, cols []report.Column) report.Page {
	t.Helper()
	var p report.Page
	err := sh.s.Read(bg, func(x app.Tx) (err error) {
		p, err = x.Report(bg, q, cols)
		return err
	})
	if err != nil {
		t.Fatalf("%+v: %v", q, err)
	}
	return p
}

func specOf(t testing.TB, name string) report.Spec {
	t.Helper()
	s, ok := report.Find(name)
	if !ok {
		t.Fatal(name)
	}
	return s
}

// queries gives a query for every filter of a spec, alone and together.
func queries(sh *shop, s report.Spec) []report.Query {
	base := report.Query{Name: s.Name}
	if slices.Contains(s.Wants, report.ByItem) {
		base.Item = "A1"
	}
	if slices.Contains(s.Wants, report.ByParty) {
		base.Party = map[string]string{"receivable-statement": "K1", "payable-statement": "G1"}[s.Name]
	}
	out := []report.Query{base}
	for i, g := range s.Groups {
		if i > 0 {
			q := base
			q.Group = g
			out = append(out, q)
			q.From, q.To = day.Of(sh.s.now()).AddDays(-20), day.Of(sh.s.now())
			q.Search = "k"
			if slices.Contains(s.Filters, report.FromTo) {
				out = append(out, q)
			}
		}
	}
	all := base
	today := day.Of(sh.s.now())
	for _, f := range s.Filters {
		one := base
		for _, q := range []*report.Query{&one, &all} {
			switch f {
			case report.FromTo:
				q.From, q.To = today.AddDays(-20), today.AddDays(-2)
			case report.AsOf:
				q.To = today.AddDays(-10)
			case report.ByText:
				q.Search = "k"
			case report.ByItem:
				q.Item = "a2" // codes know no case
			case report.ByParty:
				if base.Party == "" {
					q.Party = "K1"
				}
			case report.ByGroup:
			case report.ByDays:
				q.Days = 20
			case report.ByStaff:
				q.Staff = "Y1"
			case report.ByPlace:
				q.Warehouse = "W1"
			case report.ByAccount:
				q.Account = "C1"
			case report.ByCat:
				q.Category = "饮料"
			case report.ByKind:
				q.Kinds = map[string][]string{"parties": {"customer", "both"}, "log": {"session.in"}}[s.Name]
				switch s.Name {
				case "exceptions":
					q.Kinds = []string{"backdated", "denied"}
				case "lent":
					q.Kinds = []string{"LendOut"}
				case "order-progress":
					q.Kinds = []string{"SalesOrder"}
				}
				if q.Kinds == nil {
					q.Kinds = []string{"SalesDelivery", "SalesReturn"}
				}
			case report.ByStatus:
				q.Status = "active"
				if s.Name == "documents" {
					q.Status = "reversed"
				}
				if s.Name == "order-progress" {
					q.Status = "part"
				}
			case report.ByUser:
				q.User = "小李"
			case report.ByZero:
				q.Zero = true
			default:
				panic(f)
			}
		}
		out = append(out, one)
	}
	return append(out, all)
}

// Every list, filtered and sorted every way: it runs, its pages are its whole,
// its totals are the sums of its rows, and it is in order.
func TestEveryReport(t *testing.T) {
	sh := fullShop(t, 1, 120)
	for _, s := range report.Specs() {
		rows := 0
		for _, q := range queries(sh, s) {
			q.Count = true
			columns := report.In(s.Columns, s.GroupOf(q))
			whole := ask(t, sh, q, columns)
			rows += len(whole.Rows)
			checkTotals(t, q, whole)
			owner := q
			owner.OwnerOnly = 2
			if p := ask(t, sh, owner, columns); p.Total != len(p.Rows) || len(p.Rows) > len(whole.Rows) {
				t.Errorf("%+v: %d rows, total %d", owner, len(p.Rows), p.Total)
			}
			for _, c := range columns {
				if c.NoSort {
					continue
				}
				for _, desc := range []bool{false, true} {
					q.Sort, q.Desc, q.Count, q.Offset, q.Limit = c.Key, desc, false, 0, 0
					sorted := ask(t, sh, q, columns)
					checkOrder(t, q, sorted, c)
					if !slices.Equal(rowKeys(sorted), rowKeys(whole)) {
						t.Errorf("%+v: sorting changes the rows", q)
					}
					var pages []report.Row
					for q.Limit = 7; ; q.Offset += 7 {
						p := ask(t, sh, q, columns)
						pages = append(pages, p.Rows...)
						if len(p.Rows) < q.Limit {
							break
						}
					}
					if fmt.Sprint(pages) != fmt.Sprint(sorted.Rows) {
						t.Fatalf("%+v: the pages are not the whole\n%v\n%v", q, pages, sorted.Rows)
					}
				}
			}
		}
		if rows == 0 {
			t.Errorf("%s never gave a row", s.Name)
		}
	}
	if len(views) != len(report.Specs()) {
		t.Errorf("%d views for %d specs", len(views), len(report.Specs()))
	}
}

func rowKeys(p report.Page) []string {
	out := make([]string, len(p.Rows))
	for i, r := range p.Rows {
		out[i] = fmt.Sprint(r)
	}
	sort.Strings(out)
	return out
}

func checkTotals(t *testing.T, q report.Query, p report.Page) {
	t.Helper()
	if p.Total != len(p.Rows) {
		t.Errorf("%+v: total %d of %d rows", q, p.Total, len(p.Rows))
	}
	for i, c := range p.Columns {
		got, ok := p.Totals[c.Key]
		if ok != c.Total {
			t.Errorf("%s %s: has a total: %v", q.Name, c.Key, ok)
		}
		if !c.Total {
			continue
		}
		var sum int64
		for _, r := range p.Rows {
			sum += r.Cells[i].Num
		}
		if got.Num != sum {
			t.Errorf("%+v %s: total %d, rows give %d", q, c.Key, got.Num, sum)
		}
	}
}

// checkOrder looks at columns that are sorted by what they show; names are
// sorted by their sound, statuses as they come.
func checkOrder(t *testing.T, q report.Query, p report.Page, c report.Column) {
	t.Helper()
	if c.Type == report.Text || c.Type == report.Key || c.Type == report.Status {
		if c.Key != "number" {
			return
		}
	}
	at := slices.IndexFunc(p.Columns, func(x report.Column) bool { return x.Key == c.Key })
	for i := 1; i < len(p.Rows); i++ {
		a, b := p.Rows[i-1].Cells[at], p.Rows[i].Cells[at]
		if q.Desc {
			a, b = b, a
		}
		if b.Null && !a.Null || !a.Null && (a.Num > b.Num || a.Text > b.Text) {
			t.Errorf("%+v: row %d: %v before %v", q, i, a, b)
			return
		}
	}
}

// A column that is not asked for is not in the statement at all, and nothing
// can be sorted by it.
func TestDeniedColumnsAreNotRead(t *testing.T) {
	sh := fullShop(t, 2, 40)
	var texts []string
	seenSQL = func(s string, _ []any) { texts = append(texts, s) }
	defer func() { seenSQL = nil }()
	words := map[access.Field][]string{
		access.FieldCost:     {".value", "(value", "item_pool s", "s.cost,"},
		access.FieldPurchase: {"'purchase'", "'2202'"},
		access.FieldPhone:    {"phone"},
		access.FieldPerson:   {"contact"},
		access.FieldIdentity: {"id_card"},
		access.FieldBank:     {"bank_account", "bank_card"},
		access.FieldProfit:   {"'5401'", "'5402'", "'5711'", "'5602'", "'5301'", "cash = a.id"},
	}
	for _, s := range report.Specs() {
		for f, forbidden := range words {
			if s.Name == "purchase-detail" && f == access.FieldPurchase {
				forbidden = append(forbidden, "l.price", "gross", "share")
			}
			for _, q := range queries(sh, s) {
				var cols, hidden []report.Column
				for _, c := range report.In(s.Columns, s.GroupOf(q)) {
					if c.Field == f {
						hidden = append(hidden, c)
					} else {
						cols = append(cols, c)
					}
				}
				if len(hidden) == 0 {
					continue
				}
				q.Count, q.Limit, texts = true, 50, nil
				p := ask(t, sh, q, cols)
				if len(p.Columns) != len(cols) {
					t.Errorf("%s: columns %v", s.Name, p.Columns)
				}
				for _, text := range texts {
					for _, w := range forbidden {
						if strings.Contains(text, w) {
							t.Errorf("%s without %s reads %q:\n%s", s.Name, f, w, text)
						}
					}
				}
				for _, c := range hidden {
					q.Sort = c.Key
					sh.read(func(x app.Tx) error {
						_, err := x.Report(bg, q, cols)
						wantFault(t, err, fault.Invalid, "report.filter")
						return nil
					})
				}
			}
		}
	}
}

func TestReportRefuses(t *testing.T) {
	sh := newShop(t, 1)
	for _, c := range []struct {
		q    report.Query
		kind fault.Kind
		key  string
	}{
		{report.Query{Name: "nothing"}, fault.NotFound, "report.unknown"},
		{report.Query{Name: "items", Party: "K1"}, fault.Invalid, "report.filter"},
		{report.Query{Name: "items", From: d1}, fault.Invalid, "report.filter"},
		{report.Query{Name: "warehouses", Kinds: []string{"x"}}, fault.Invalid, "report.filter"},
		{report.Query{Name: "sales-detail", Party: "no such"}, fault.Invalid, "report.filter"},
		{report.Query{Name: "stock-ledger", Item: "' OR 1=1 --"}, fault.Invalid, "report.filter"},
		{report.Query{Name: "stock-ledger", Item: "A1", Sort: "cost"}, fault.Invalid, "report.filter"},
		{report.Query{Name: "items", Sort: "code; DROP TABLE item"}, fault.Invalid, "report.filter"},
	} {
		s, _ := report.Find(c.q.Name)
		sh.read(func(x app.Tx) error {
			_, err := x.Report(bg, c.q, s.Columns)
			wantFault(t, err, c.kind, c.key)
			return nil
		})
	}
}

// Filters that the books do not show: each on rows counted by hand.
func TestListFilters(t *testing.T) {
	sh := busyShop(t, 4, 30)
	today := day.Of(sh.s.now())
	draft := sh.draft(doc.Expense, today)
	draft.ID = "thrown away"
	sh.write(func(x app.Tx) error {
		if _, err := x.SaveDraft(draft); err != nil {
			return err
		}
		return x.SetStatus(draft.ID, doc.Void, "")
	})
	for _, c := range []struct {
		q    report.Query
		want int
	}{
		{report.Query{Name: "items", Status: "active"}, 8}, {report.Query{Name: "items", Status: "disabled"}, 1}, {report.Query{Name: "items", Status: "x"}, 0},
		{report.Query{Name: "items", Category: "饮料"}, 6}, {report.Query{Name: "items", Category: "饮料/汽水"}, 3}, {report.Query{Name: "items", Category: "饮"}, 0}, {report.Query{Name: "items", Category: "%"}, 0},
		{report.Query{Name: "log", From: today, To: today}, 1}, {report.Query{Name: "log", From: today.AddDays(-2)}, 3}, {report.Query{Name: "log", To: today.AddDays(-2)}, 10},
		{report.Query{Name: "log", User: "小李"}, 6}, {report.Query{Name: "log", Kinds: []string{"session.in", "x"}}, 6}, {report.Query{Name: "log", OwnerOnly: 2}, 6},
		{report.Query{Name: "parties", Kinds: []string{"both"}}, 1}, {report.Query{Name: "parties", OwnerOnly: 2}, 1}, {report.Query{Name: "parties", OwnerOnly: 1}, 0},
		{report.Query{Name: "documents", Status: "void"}, 1}, {report.Query{Name: "documents", Search: "thrown"}, 0},
		{report.Query{Name: "warehouses", OwnerOnly: 1}, 0}, {report.Query{Name: "profit", OwnerOnly: 1}, 0},
		{report.Query{Name: "documents", Kinds: []string{"-"}}, 0}, {report.Query{Name: "items", Offset: 100, Limit: 10}, 0}, {report.Query{Name: "items", Offset: 7}, 2},
	} {
		if p := ask(t, sh, c.q, specOf(t, c.q.Name).Columns); len(p.Rows) != c.want {
			t.Errorf("%+v: %d rows, want %d", c.q, len(p.Rows), c.want)
		}
	}
	for _, r := range ask(t, sh, report.Query{Name: "documents"}, specOf(t, "documents").Columns).Rows {
		if r.Ref == draft.ID {
			t.Error("a draft that was thrown away is listed")
		}
	}
	// a page past the end still knows the totals
	if p := ask(t, sh, report.Query{Name: "sales-summary", Offset: 1000, Limit: 10, Count: true}, specOf(t, "sales-summary").Columns); p.Total == 0 || len(p.Rows) != 0 {
		t.Errorf("past the end: %d rows of %d", len(p.Rows), p.Total)
	}
}

// What a person types is looked for as it stands.
func TestHostileSearch(t *testing.T) {
	sh := busyShop(t, 3, 60)
	for _, s := range report.Specs() {
		if !slices.Contains(s.Filters, report.ByText) {
			continue
		}
		for _, text := range []string{"%", "_", "'", `"`, `\`, "' OR 1=1 --", "\x00", "a\x00b", strings.Repeat("可 ", 5000), strings.Repeat("x", 10000), "?1", "*", "\xff", "  ", "１"} {
			p := ask(t, sh, report.Query{Name: s.Name, Search: text, Count: true}, report.In(s.Columns, s.GroupOf(report.Query{})))
			if p.Total != len(p.Rows) {
				t.Errorf("%s %q: %d of %d", s.Name, text, len(p.Rows), p.Total)
			}
		}
	}
	for _, c := range []struct {
		name, text string
		want       int
	}{
		{"items", "50%", 1}, {"items", "a_b'c", 1}, {"items", "%", 1}, {"items", "_", 1}, {"items", "KL 可乐", 2}, {"items", "690 A3", 1}, {"items", "py", 9}, {"items", "", 9},
		{"items", strings.Repeat("可 ", 20), 2 * 0}, {"items", strings.Repeat("可 ", 12), 2},
		{"parties", "WANG", 1}, {"parties", "k", 1 + 1}, {"parties", "13800138000", 0},
		{"log", "50%_'", 12}, {"log", "a<b", 12}, {"log", "SALE.", 6}, {"log", "xs-1", 3}, {"log", "epoch", 0}, {"users", "李", 1}, {"warehouses", "w2", 1},
	} {
		s := specOf(t, c.name)
		if p := ask(t, sh, report.Query{Name: c.name, Search: c.text}, s.Columns); len(p.Rows) != c.want {
			t.Errorf("%s %q gives %d rows, want %d", c.name, c.text, len(p.Rows), c.want)
		}
	}
}
