package store

import (
	"fmt"
	"math/big"
	"slices"
	"sort"
	"testing"

	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/ledger"
	"tiezhang/app/report"
)

// books is a shop's documents and moves, read without any report.
type books struct {
	docs  map[string]doc.Document
	moves []ledger.Move // in the order of costing, as stored: restatements apart
	codes map[int64]string
}

func readBooks(sh *shop) books {
	b := books{docs: map[string]doc.Document{}, codes: map[int64]string{}}
	sh.read(func(x app.Tx) error {
		t := x.(*tx)
		var ids []string
		if err := t.each(`SELECT id FROM document`, nil, func(scan func(...any) error) error {
			var id string
			err := scan(&id)
			ids = append(ids, id)
			return err
		}); err != nil {
			return err
		}
		for _, id := range ids {
			d, err := x.Document(id)
			if err != nil {
				return err
			}
			b.docs[id] = d
		}
		for _, id := range sh.items {
			it, err := x.Item(id)
			if err != nil {
				return err
			}
			b.codes[id] = it.Code
		}
		return t.each(`SELECT m.seq, d.id, m.own_line, m.item, m.warehouse, m.date, m.class, m.rule, m.ref, m.qty, m.value
			FROM move m JOIN document d ON d.key = m.own_doc ORDER BY m.seq`, nil, func(scan func(...any) error) error {
			var m ledger.Move
			err := scan(&m.Seq, &m.Doc, &m.Line, &m.ItemID, &m.WarehouseID, &m.Date, &m.Class, &m.Rule, &m.Ref, &m.Qty, &m.Value)
			b.moves = append(b.moves, m)
			return err
		})
	})
	ledger.SortMoves(b.moves)
	return b
}

// folded gives an item's real moves with what restates them.
func (b books) folded(item int64) []ledger.Move {
	at := map[int64]int{}
	var out []ledger.Move
	for _, m := range b.moves {
		if m.ItemID == item && m.Rule != ledger.Recost && m.Rule != ledger.Adjust {
			at[m.Seq] = len(out)
			out = append(out, m)
		}
	}
	for _, m := range b.moves {
		if i, ok := at[m.Ref]; ok && m.ItemID == item {
			switch m.Rule {
			case ledger.Recost:
				out[i].Restated += m.Value
			case ledger.Adjust:
				out[i].Adjusted += m.Value
			}
		}
	}
	return out
}

// sheet reads a page by column key.
type sheet struct {
	t *testing.T
	report.Page
	at map[string]int
}

func read(t *testing.T, sh *shop, q report.Query) sheet {
	t.Helper()
	spec := specOf(t, q.Name)
	p := ask(t, sh, q, report.In(spec.Columns, spec.GroupOf(q)))
	s := sheet{t, p, map[string]int{}}
	for i, c := range p.Columns {
		s.at[c.Key] = i
	}
	return s
}

func (s sheet) num(r report.Row, key string) int64 {
	s.t.Helper()
	i, ok := s.at[key]
	if !ok {
		s.t.Fatal(key)
	}
	return r.Cells[i].Num
}

func (s sheet) text(r report.Row, key string) string { return r.Cells[s.at[key]].Text }

func (s sheet) sum(key string) (n int64) {
	for _, r := range s.Rows {
		n += s.num(r, key)
	}
	return n
}

func TestStockBalanceIsTheMoves(t *testing.T) {
	for seed := range int64(4) {
		sh := busyShop(t, 10+seed, 60)
		b := readBooks(sh)
		today := day.Of(sh.s.now())
		for _, to := range []day.Date{0, today, today.AddDays(-5), today.AddDays(-20), today.AddDays(-100)} {
			qty, pool, worth := map[[2]int64]int64{}, map[int64]int64{}, map[int64]int64{}
			for _, m := range b.moves {
				if to == 0 || m.Date <= to {
					qty[[2]int64{m.ItemID, m.WarehouseID}] += int64(m.Qty)
					pool[m.ItemID] += int64(m.Qty)
					worth[m.ItemID] += int64(m.Value)
				}
			}
			rows := 0
			for _, q := range qty {
				if q != 0 {
					rows++
				}
			}
			p := read(t, sh, report.Query{Name: "stock-balance", To: to, Count: true})
			if len(p.Rows) != rows || p.Total != rows {
				t.Errorf("as of %v: %d rows, total %d, want %d", to, len(p.Rows), p.Total, rows)
			}
			got := map[int64]int64{}
			for _, r := range p.Rows {
				item := itemOf(b, r.Ref)
				place := sh.wh[slices.Index(placeNames, p.text(r, "warehouse"))]
				q, v := p.num(r, "qty"), p.num(r, "value")
				if q != qty[[2]int64{item, place}] {
					t.Errorf("as of %v: %s in %d: %d, want %d", to, r.Ref, place, q, qty[[2]int64{item, place}])
				}
				got[item] += v
				if pool[item] == 0 {
					continue
				}
				// |v·Q − V·q| < |Q|: less than one cent from the exact share
				off := new(big.Int).Mul(big.NewInt(v), big.NewInt(pool[item]))
				off.Sub(off, new(big.Int).Mul(big.NewInt(worth[item]), big.NewInt(q)))
				if off.CmpAbs(big.NewInt(pool[item])) >= 0 {
					t.Errorf("as of %v: %s in %d is worth %d of %d", to, r.Ref, place, v, worth[item])
				}
			}
			for item, v := range got {
				if v != worth[item] {
					t.Errorf("as of %v: the rows of item %d add up to %d, its pool is %d", to, item, v, worth[item])
				}
			}
			for i, code := range []string{"W1", "W2"} { // one place alone shows the same rows
				one := read(t, sh, report.Query{Name: "stock-balance", To: to, Warehouse: code, Count: true})
				var want []string
				for _, r := range p.Rows {
					if p.text(r, "warehouse") == placeNames[i] {
						want = append(want, fmt.Sprint(r))
					}
				}
				var have []string
				for _, r := range one.Rows {
					have = append(have, fmt.Sprint(r))
				}
				if !slices.Equal(have, want) {
					t.Errorf("as of %v in %s:\n%v\nwant\n%v", to, code, have, want)
				}
			}
			zero := read(t, sh, report.Query{Name: "stock-balance", To: to, Zero: true})
			seen := map[string]bool{}
			for _, r := range zero.Rows {
				seen[r.Ref] = true
			}
			if len(seen) != len(sh.items) || zero.sum("value") != p.sum("value") {
				t.Errorf("as of %v: with empty ones %d items worth %d", to, len(seen), zero.sum("value"))
			}
		}
	}
}

func itemOf(b books, code string) int64 {
	for id, c := range b.codes {
		if c == code {
			return id
		}
	}
	return 0
}

var placeNames = []string{"仓库", "后库"}

func TestStockLedgerCloses(t *testing.T) {
	for seed := range int64(4) {
		sh := busyShop(t, 20+seed, 60)
		b := readBooks(sh)
		today := day.Of(sh.s.now())
		for _, item := range sh.items {
			all := b.folded(item)
			for _, span := range [][2]day.Date{{0, 0}, {today.AddDays(-20), today.AddDays(-3)}, {today.AddDays(-10), 0}, {0, today.AddDays(-10)}, {today.AddDays(-300), today.AddDays(-200)}} {
				for _, place := range []int{-1, 0, 1} {
					q := report.Query{Name: "stock-ledger", Item: b.codes[item], From: span[0], To: span[1], Count: true}
					if place >= 0 {
						q.Warehouse = []string{"W1", "W2"}[place]
					}
					checkLedger(t, sh, b, q, item, place, all)
				}
			}
		}
	}
}

func checkLedger(t *testing.T, sh *shop, b books, q report.Query, item int64, place int, all []ledger.Move) {
	t.Helper()
	p := read(t, sh, q)
	var qty, value int64 // running
	rows := p.Rows
	if q.From != 0 {
		for _, m := range all {
			if m.Date < q.From {
				value += int64(m.Effective() + m.Adjusted)
				if place < 0 || m.WarehouseID == sh.wh[place] {
					qty += int64(m.Qty)
				}
			}
		}
		r := rows[0]
		if r.Ref != "" || p.text(r, "kind") != "opening" || p.num(r, "qty_after") != qty || place < 0 && p.num(r, "value_after") != value {
			t.Fatalf("%+v: opening row %v, want %d worth %d", q, r, qty, value)
		}
		rows = rows[1:]
	}
	i := 0
	for _, m := range all {
		if m.Date < q.From || q.To != 0 && m.Date > q.To {
			continue
		}
		value += int64(m.Effective() + m.Adjusted)
		if place >= 0 && m.WarehouseID != sh.wh[place] {
			continue
		}
		qty += int64(m.Qty)
		if i >= len(rows) {
			t.Fatalf("%+v: too few rows", q)
		}
		r := rows[i]
		i++
		d := b.docs[m.Doc]
		in, out := p.num(r, "qty_in"), p.num(r, "qty_out")
		if r.Ref != m.Doc || p.text(r, "number") != d.Number || p.num(r, "date") != int64(m.Date) || in-out != int64(m.Qty) || in != 0 && out != 0 {
			t.Errorf("%+v: row %v for move %+v", q, r, m)
		}
		if d.Reverses == "" && (in < 0 || out < 0) || d.Reverses != "" && (in > 0 || out > 0) {
			t.Errorf("%+v: only what is taken back has a minus: %v", q, r)
		}
		if p.num(r, "value_in")-p.num(r, "value_out") != int64(m.Effective()) || p.num(r, "adjust") != int64(m.Adjusted) {
			t.Errorf("%+v: values of %v, move %+v", q, r, m)
		}
		if p.num(r, "qty_after") != qty || place < 0 && p.num(r, "value_after") != value {
			t.Errorf("%+v: after %v, want %d worth %d", q, r, qty, value)
		}
	}
	if i != len(rows) || p.Total != len(p.Rows) {
		t.Errorf("%+v: %d rows, want %d", q, len(rows), i)
	}
	checkTotals(t, q, p.Page)
	// opening + in − out + adjust = closing, and closing is the stock balance
	if len(p.Rows) == 0 || q.From == 0 {
		return
	}
	first, last := p.Rows[0], p.Rows[len(p.Rows)-1]
	if p.num(first, "qty_after")+p.sum("qty_in")-p.sum("qty_out") != p.num(last, "qty_after") {
		t.Errorf("%+v: quantities do not close", q)
	}
	if place < 0 && p.num(first, "value_after")+p.sum("value_in")-p.sum("value_out")+p.sum("adjust") != p.num(last, "value_after") {
		t.Errorf("%+v: values do not close", q)
	}
	bal := read(t, sh, report.Query{Name: "stock-balance", To: q.To, Warehouse: q.Warehouse, Search: q.Item})
	var have, worth int64
	for _, r := range bal.Rows {
		if r.Ref == q.Item {
			have += bal.num(r, "qty")
			worth += bal.num(r, "value")
		}
	}
	if p.num(last, "qty_after") != have || place < 0 && p.num(last, "value_after") != worth {
		t.Errorf("%+v: the ledger ends with %v, the balance says %d worth %d", q, last, have, worth)
	}
}

// soldLines is sales-detail worked out by hand: a line a string.
func soldLines(b books, from, to day.Date) (lines []string, sums map[string][3]int64) {
	sums = map[string][3]int64{}
	cost := map[string]int64{}
	for _, m := range b.moves {
		if m.Rule != ledger.Adjust {
			cost[fmt.Sprint(m.Doc, m.Line)] -= int64(m.Value)
		}
	}
	for _, d := range b.docs {
		if d.Status != doc.Posted && d.Status != doc.Reversed || d.Date < from || d.Date > to {
			continue
		}
		sign := int64(1)
		switch d.Kind {
		case doc.SalesReturn, doc.RetailReturn:
			sign = -1
		case doc.SalesDelivery, doc.RetailSale:
		default:
			continue
		}
		for _, l := range d.Lines {
			q, a, c := sign*int64(l.Base), sign*int64(l.Net()), cost[fmt.Sprint(d.ID, l.No)]
			lines = append(lines, fmt.Sprint(d.ID, d.Number, d.Date, b.codes[l.ItemID], q, a, c, a-c))
			s := sums[b.codes[l.ItemID]]
			sums[b.codes[l.ItemID]] = [3]int64{s[0] + q, s[1] + a, s[2] + c}
		}
	}
	sort.Strings(lines)
	return lines, sums
}

func TestSalesAreTheDocuments(t *testing.T) {
	for seed := range int64(4) {
		sh := busyShop(t, 30+seed, 80)
		b := readBooks(sh)
		today := day.Of(sh.s.now())
		for _, from := range []day.Date{today.AddDays(-60), today.AddDays(-15)} {
			q := report.Query{Name: "sales-detail", From: from, To: today, Count: true}
			p := read(t, sh, q)
			want, sums := soldLines(b, from, today)
			var got []string
			for _, r := range p.Rows {
				got = append(got, fmt.Sprint(r.Ref, p.text(r, "number"), day.Date(p.num(r, "date")), p.text(r, "code"), p.num(r, "qty"), p.num(r, "amount"), p.num(r, "cost_value"), p.num(r, "margin")))
			}
			sort.Strings(got)
			if !slices.Equal(got, want) {
				t.Fatalf("sales from %v:\n%v\nwant\n%v", from, got, want)
			}
			q.Name = "sales-summary"
			s := read(t, sh, q)
			if len(s.Rows) != len(sums) {
				t.Errorf("summary has %d rows, want %d", len(s.Rows), len(sums))
			}
			for _, r := range s.Rows {
				if w := sums[s.text(r, "code")]; w != [3]int64{s.num(r, "qty"), s.num(r, "amount"), s.num(r, "cost_value")} {
					t.Errorf("summary of %s %v, want %v", r.Ref, r, w)
				}
			}
			// the profit statement says the same from the ledger's side
			q.Name = "profit"
			e := read(t, sh, q)
			if e.sum("revenue") != p.sum("amount") || e.sum("cogs") != p.sum("cost_value") || e.sum("gross") != p.sum("margin") {
				t.Errorf("profit %v: revenue %d cost %d, sales say %d and %d", e.Rows, e.sum("revenue"), e.sum("cogs"), p.sum("amount"), p.sum("cost_value"))
			}
			if e.sum("profit") != e.sum("gross")-e.sum("cost_adjust")-e.sum("losses")-e.sum("expenses")+e.sum("other_income") {
				t.Error("the profit statement does not add up")
			}
		}
		checkToday(t, sh, b, today)
		checkMoney(t, sh, b)
	}
}

func checkToday(t *testing.T, sh *shop, b books, today day.Date) {
	t.Helper()
	for _, d := range []day.Date{today, today.AddDays(-7)} {
		var got app.Today
		sh.read(func(x app.Tx) (err error) {
			got, err = x.Today(d, nil)
			return err
		})
		s := read(t, sh, report.Query{Name: "sales-detail", From: d, To: d})
		if int64(got.Sales) != s.sum("amount") || int64(got.Margin) != s.sum("margin") {
			t.Errorf("%v: sales %v margin %v, the lines say %d and %d", d, got.Sales, got.Margin, s.sum("amount"), s.sum("margin"))
		}
		bills, alerts := 0, len(read(t, sh, report.Query{Name: "stock-alert"}).Rows)
		for _, x := range b.docs {
			if x.Date == d && x.Status == doc.Posted && x.Reverses == "" && (x.Kind == doc.SalesDelivery || x.Kind == doc.RetailSale) {
				bills++
			}
		}
		if got.Bills != bills || got.Alerts != alerts {
			t.Errorf("%v: %d bills %d alerts, want %d and %d", d, got.Bills, got.Alerts, bills, alerts)
		}
		if v := read(t, sh, report.Query{Name: "stock-balance"}).sum("value"); int64(got.StockValue) != v {
			t.Errorf("stock value %v, want %d", got.StockValue, v)
		}
		if r, p := read(t, sh, report.Query{Name: "receivables"}).sum("balance"), read(t, sh, report.Query{Name: "payables"}).sum("balance"); int64(got.Receivable) != r || int64(got.Payable) != p {
			t.Errorf("owed %v and %v, want %d and %d", got.Receivable, got.Payable, r, p)
		}
		if len(got.Trend) != trendDays || got.Trend[trendDays-1].Date != d {
			t.Fatalf("trend %v", got.Trend)
		}
		_, sums := soldLines(b, d.AddDays(1-trendDays), d)
		var trend, whole, last amount.Money
		for _, x := range got.Trend {
			trend += x.Amount
		}
		best := 0
		for _, s := range sums {
			whole += amount.Money(s[1])
			if s[1] > 0 {
				best++
			}
		}
		if trend != whole || len(got.Top) != min(best, topItems) {
			t.Errorf("%v: trend sums to %v, want %v; %d on top of %d", d, trend, whole, len(got.Top), best)
		}
		for i, x := range got.Top {
			if i > 0 && x.Amount > last {
				t.Errorf("%v: top is not in order: %v", d, got.Top)
			}
			last = x.Amount
		}
	}
}

// checkMoney holds the lists about money against the balances.
func checkMoney(t *testing.T, sh *shop, b books) {
	t.Helper()
	flow := read(t, sh, report.Query{Name: "cash-flow", Count: true})
	accounts := read(t, sh, report.Query{Name: "accounts"})
	if flow.sum("money_in")-flow.sum("money_out") != accounts.sum("balance") || len(flow.Rows) == 0 {
		t.Errorf("cash: %d in %d out, balance %d", flow.sum("money_in"), flow.sum("money_out"), accounts.sum("balance"))
	}
	for _, r := range flow.Rows {
		back := b.docs[r.Ref].Reverses != ""
		if v := flow.num(r, "money_in") + flow.num(r, "money_out"); back == (v > 0) {
			t.Errorf("cash row %v of a reversal: %v", r, back)
		}
	}
	// what is open, payments not yet allocated with a minus, is what is owed
	open := read(t, sh, report.Query{Name: "open-documents", Count: true})
	for _, acc := range []doc.AccountCode{doc.AccReceivable, doc.AccPayable} {
		var want int64
		for _, r := range open.Rows {
			if s, _ := doc.Of(b.docs[r.Ref].Kind); s.Trade == acc {
				want += open.num(r, "open")
			}
		}
		name := map[doc.AccountCode]string{doc.AccReceivable: "receivables", doc.AccPayable: "payables"}[acc]
		if got := read(t, sh, report.Query{Name: name, Zero: true}).sum("balance"); got != want {
			t.Errorf("%s %d, open documents say %d", name, got, want)
		}
	}
	all := read(t, sh, report.Query{Name: "documents", Count: true})
	drafts, total := 0, int64(0)
	for _, d := range b.docs {
		total += int64(d.Total)
		if d.Status == doc.Draft {
			drafts++
		}
	}
	if all.Total != len(b.docs) || all.Totals["total"].Num != total || read(t, sh, report.Query{Name: "documents", Status: "draft"}).Page.Rows == nil && drafts > 0 {
		t.Errorf("documents: %d worth %d, want %d worth %d", all.Total, all.Totals["total"].Num, len(b.docs), total)
	}
}
