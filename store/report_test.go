package store

import (
	"fmt"
	"math/rand"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/app/oplog"
	"tiezhang/app/report"
)

// busyShop is a shop after a few weeks of everything that can happen, from a
// seed: back-dating, negative stock, returns, transfers, reversals, drafts.
func busyShop(t testing.TB, seed int64, docs int) *shop {
	t.Helper()
	sh := newShop(t, 0)
	r := rand.New(rand.NewSource(seed))
	noon := time.Date(2026, 11, 22, 12, 0, 0, 0, time.Local)
	sh.s.now = func() time.Time { return noon }
	today := day.Of(noon)
	sh.write(func(x app.Tx) error {
		w, err := x.Warehouse(sh.wh[1])
		if err != nil {
			return err
		}
		w.Name = "后库"
		if _, err := x.SaveWarehouse(w); err != nil {
			return err
		}
		for i := range 9 {
			it := master.Item{Code: fmt.Sprintf("A%d", i+1), Name: []string{"可口可乐", "百事可乐", "50%糖", "a_b'c", "牛奶", "啤酒", "纸巾", "水", "茶"}[i], Unit: "瓶",
				Category: []string{"饮料", "饮料/汽水", "日用"}[i%3], Pinyin: fmt.Sprintf("py%d", 9-i), Initials: "kl",
				Units:    []master.Unit{{Name: "箱", Num: 12, Den: 1}},
				Barcodes: []master.Barcode{{Code: fmt.Sprintf("690000000000%d", i)}},
				Prices:   map[master.PriceLevel]amount.Price{master.Purchase: 3_000_000, master.Retail: amount.Price(1+i) * 1_000_000}, Min: amount.Qty(i) * 30_000, Max: amount.Qty(i%2) * 900_000, Disabled: i == 8}
			id, err := x.SaveItem(it)
			if err != nil {
				return err
			}
			sh.items = append(sh.items, id)
		}
		if _, err := x.SaveUser(app.User{Name: "小李", Role: access.Cashier}); err != nil {
			return err
		}
		_, err = x.SaveParty(master.Party{Code: "K2", Name: "王记", Kind: master.Both, Initials: "wj", Pinyin: "wangji", Phone: "13800138000", Owner: 2, Credit: 500_00})
		return err
	})
	var open, sales []string
	for n := range docs {
		date := today.AddDays(-r.Intn(40))
		kind := []doc.Kind{doc.GoodsReceipt, doc.GoodsReceipt, doc.SalesDelivery, doc.SalesDelivery, doc.RetailSale, doc.StockTransfer, doc.StockLoss, doc.PurchaseReturn,
			doc.SalesReturn, doc.StockGain, doc.PaymentIn, doc.PaymentOut, doc.Expense, doc.AccountTransfer, doc.OpeningReceivable, doc.OpeningStock, doc.OtherIncome}[r.Intn(17)]
		s, _ := doc.Of(kind)
		d := sh.draft(kind, date)
		d.Note, d.CreatedBy = []string{"", "急", "100%"}[r.Intn(3)], int64(1+r.Intn(2))
		if s.Lines == doc.No {
			d.WarehouseID, d.Amount = 0, amount.Money(1+r.Intn(9999))
			if s.Account == doc.Must {
				d.AccountID = sh.cash
			}
			if s.ToAccount == doc.Must {
				d.ToAccountID = 1
			}
			if s.Party == doc.Must && d.PartyID == 0 {
				d.PartyID = sh.customer
			}
			if s.Category == doc.Must {
				d.Category = "杂费"
			}
		} else if r.Intn(2) == 0 && s.ToPlace == doc.No {
			d.WarehouseID = sh.wh[1]
		}
		if s.Lines != doc.No {
			for i := range 1 + r.Intn(4) {
				l := row(sh.items[r.Intn(len(sh.items)-1)], 0, 0) // the last item never moves
				l.No, l.Qty = i+1, amount.Qty(1+r.Intn(200_000))
				if s.PriceNeed == doc.Must {
					l.Price = amount.Price(r.Intn(20_000_000))
				}
				if r.Intn(4) == 0 {
					l.Unit, l.Num = "箱", 12
				}
				if r.Intn(5) == 0 {
					l.Batch = "b1"
				}
				d.Lines = append(d.Lines, l)
			}
		}
		if s.Discount && r.Intn(3) == 0 {
			d.Discount = 1
		}
		if r.Intn(8) == 0 {
			sh.write(func(x app.Tx) error { _, err := x.SaveDraft(d); return err })
			continue
		}
		if kind == doc.RetailSale {
			if err := doc.Settle(s, &d); err != nil {
				t.Fatal(err)
			}
			if d.Total > 0 {
				d.Payments = []doc.Payment{{AccountID: sh.cash, Amount: d.Total}}
			}
		}
		if kind == doc.SalesReturn && len(sales) > 0 && r.Intn(2) == 0 {
			d.Lines = d.Lines[:1]
			from := sales[r.Intn(len(sales))]
			sh.read(func(x app.Tx) error {
				o, err := x.Document(from)
				d.Lines[0].ItemID, d.Lines[0].Origin = o.Lines[0].ItemID, doc.Origin{Doc: from, Line: o.Lines[0].No}
				d.Lines[0].Unit, d.Lines[0].Num, d.Lines[0].Qty = "", 1, 1
				d.Date = today
				return err
			})
		}
		id := sh.post(d)
		switch {
		case kind == doc.SalesDelivery && n%2 == 0:
			sales = append(sales, id)
		case s.Pays != doc.Must && d.Date != today:
			open = append(open, id)
		}
		if len(open) > 3 && r.Intn(4) == 0 {
			i := r.Intn(len(open))
			back := open[i]
			open = slices.Delete(open, i, i+1)
			sh.write(func(x app.Tx) error {
				d, err := x.Document(back)
				if err != nil {
					return err
				}
				date := d.Date
				if r.Intn(2) == 0 {
					date = today
				}
				return reverse(x, back, date)
			})
		}
	}
	sh.write(func(x app.Tx) error {
		for i := range 12 {
			seq, prev, err := x.LogHead()
			if err != nil {
				return err
			}
			e := oplog.Entry{Seq: seq + 1, UserID: int64(1 + i%2), User: []string{"老板", "小李"}[i%2], Role: "owner", Action: []string{"sale.create", "session.in"}[i%2],
				Object: fmt.Sprintf("XS-%d", i), Detail: `{"a<b":"50%_'"}`, Result: oplog.OK, Time: sh.s.now().AddDate(0, 0, -i).UnixMilli()}
			s, err := oplog.Seal(sh.s.LogKey(), prev, e)
			if err != nil {
				return err
			}
			if err := x.AppendLog(s, e); err != nil {
				return err
			}
		}
		return nil
	})
	sh.sound()
	return sh
}

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
	out := []report.Query{base}
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
				q.Party = "K1"
			case report.ByPlace:
				q.Warehouse = "W1"
			case report.ByAccount:
				q.Account = "C1"
			case report.ByCat:
				q.Category = "饮料"
			case report.ByKind:
				q.Kinds = map[string][]string{"parties": {"customer", "both"}, "log": {"session.in"}}[s.Name]
				if q.Kinds == nil {
					q.Kinds = []string{"SalesDelivery", "SalesReturn"}
				}
			case report.ByStatus:
				q.Status = "active"
				if s.Name == "documents" {
					q.Status = "reversed"
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
	sh := busyShop(t, 1, 120)
	for _, s := range report.Specs() {
		rows := 0
		for _, q := range queries(sh, s) {
			q.Count = true
			whole := ask(t, sh, q, s.Columns)
			rows += len(whole.Rows)
			checkTotals(t, q, whole)
			owner := q
			owner.OwnerOnly = 2
			if p := ask(t, sh, owner, s.Columns); p.Total != len(p.Rows) || len(p.Rows) > len(whole.Rows) {
				t.Errorf("%+v: %d rows, total %d", owner, len(p.Rows), p.Total)
			}
			for _, c := range s.Columns {
				if c.NoSort {
					continue
				}
				for _, desc := range []bool{false, true} {
					q.Sort, q.Desc, q.Count, q.Offset, q.Limit = c.Key, desc, false, 0, 0
					sorted := ask(t, sh, q, s.Columns)
					checkOrder(t, q, sorted, c)
					if !slices.Equal(rowKeys(sorted), rowKeys(whole)) {
						t.Errorf("%+v: sorting changes the rows", q)
					}
					var pages []report.Row
					for q.Limit = 7; ; q.Offset += 7 {
						p := ask(t, sh, q, s.Columns)
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
	sh := busyShop(t, 2, 40)
	var texts []string
	seenSQL = func(s string) { texts = append(texts, s) }
	defer func() { seenSQL = nil }()
	words := map[access.Field][]string{
		access.FieldCost:     {".value", "(value", "item_pool s", "s.cost,"},
		access.FieldPurchase: {"'purchase'", "'2202'"},
		access.FieldPhone:    {"phone"},
		access.FieldProfit:   {"'5401'", "'5402'", "'5711'", "'5602'", "'5301'", "cash = a.id"},
	}
	for _, s := range report.Specs() {
		for f, forbidden := range words {
			if s.Name == "purchase-detail" && f == access.FieldPurchase {
				forbidden = append(forbidden, "l.price", "gross", "share")
			}
			var cols, hidden []report.Column
			for _, c := range s.Columns {
				if c.Field == f {
					hidden = append(hidden, c)
				} else {
					cols = append(cols, c)
				}
			}
			if len(hidden) == 0 {
				continue
			}
			for _, q := range queries(sh, s) {
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
			p := ask(t, sh, report.Query{Name: s.Name, Search: text, Count: true}, s.Columns)
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
