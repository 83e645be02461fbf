package store

import (
	"os"
	"strconv"
	"testing"

	"tiezhang/app"
	"tiezhang/app/day"
	"tiezhang/app/report"
)

// bigShop has many documents of five lines each, written by SQL: a posting
// each would take too long. Two years, ten kinds of row, 5,000 items.
func bigShop(b *testing.B) *shop {
	b.Helper()
	docs := 20_000
	if n, err := strconv.Atoi(os.Getenv("TIEZHANG_BENCH_DOCS")); err == nil {
		docs = n
	}
	sh := newShop(b, 0)
	sh.write(func(x app.Tx) error {
		t := x.(*tx)
		for _, q := range []string{
			`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)
			 INSERT INTO item (code, name, spec, category, unit, min, initials, pinyin, search)
			 SELECT printf('A%05d', i), '商品' || i, '500ml', '类' || (i % 40), '瓶', (i % 100 = 0) * 10000000, 'sp', 'shangpin' || i, printf('a%05d', i) || char(10) || '商品' || i FROM n`,
			`INSERT INTO item_price SELECT id, 'retail', 5000000 FROM item`,
			`INSERT INTO item_barcode SELECT '69' || (1000000000 + id), id, 1, '' FROM item`,
			`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
			 INSERT INTO party (code, name, kind, search) SELECT printf('P%05d', i), '单位' || i, 'both', printf('p%05d', i) || char(10) || '单位' || i FROM n`,
			`CREATE TEMP TABLE cal AS WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 729)
			 SELECT i, CAST(strftime('%Y%m%d', 'now', '-' || i || ' days') AS INTEGER) AS d FROM n`,
			`CREATE UNIQUE INDEX temp.cal_i ON cal (i)`,
			`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ` + strconv.Itoa(docs) + `)
			 INSERT INTO document (id, kind, number, date, status, party, warehouse, total, settled, lines, note, created_by, posted_by, created_at, posted_at)
			 SELECT 'd' || i, CASE i % 10 WHEN 0 THEN 'GoodsReceipt' WHEN 1 THEN CASE WHEN i % 1000 = 1 THEN 'StockLoss' ELSE 'SalesReturn' END WHEN 2 THEN 'SalesDelivery' WHEN 3 THEN 'SalesDelivery' ELSE 'RetailSale' END,
			 'N-' || i, (SELECT d FROM cal WHERE cal.i = 729 - n.i * 729 / ` + strconv.Itoa(docs) + `), 'draft', 2 + i * 7 % 2000, 1 + i % 2, 5000, CASE i % 50 WHEN 2 THEN 0 ELSE 5000 END, 5, '', 1, 1, 0, 0 FROM n`,
			`INSERT INTO line (doc, no, pos, item, num, den, qty, base, price, gross)
			 SELECT d.key, l.no, l.no, 1 + (d.key * 7919 + l.no * 104729) % 50000 % (1 + d.key % 50000), 1, 1, 20000, 20000, 5000000, 1000 FROM document d, (SELECT 1 AS no UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5) l`,
			`INSERT INTO move (doc, line, own_doc, own_line, item, warehouse, date, class, rule, qty, value)
			 SELECT l.doc, l.no, l.doc, l.no, l.item, d.warehouse, d.date, CASE d.kind WHEN 'GoodsReceipt' THEN 0 ELSE 2 END, 'given',
			 CASE WHEN d.kind IN ('GoodsReceipt', 'SalesReturn') THEN l.base * 10 ELSE -l.base END, CASE WHEN d.kind IN ('GoodsReceipt', 'SalesReturn') THEN 7000 ELSE -700 END
			 FROM line l JOIN document d ON d.key = l.doc`,
			`INSERT INTO entry (doc, date, account, party, cash, amount) SELECT key, date, a.code, CASE a.code WHEN '1122' THEN party ELSE 0 END, CASE a.code WHEN '1001' THEN 1 ELSE 0 END, a.amount
			 FROM document, (SELECT '1122' AS code, 5000 AS amount UNION ALL SELECT '5001', -5000 UNION ALL SELECT '5401', 3500 UNION ALL SELECT '1405', -3500 UNION ALL SELECT '1001', 100 UNION ALL SELECT '3001', -100) a`,
			`UPDATE document SET status = 'posted'`,
			`INSERT INTO stock_balance SELECT item, warehouse, '', sum(qty) FROM move GROUP BY item, warehouse`,
			`INSERT INTO item_pool SELECT item, sum(qty), sum(value), 0, 0 FROM move GROUP BY item`,
			`INSERT INTO ledger_balance SELECT account, party, cash, sum(amount) FROM entry GROUP BY account, party, cash`,
		} {
			if _, err := t.exec(q); err != nil {
				return err
			}
		}
		return nil
	})
	return sh
}

// BenchmarkReports times the first page of every list as the screens ask for
// it. TIEZHANG_BENCH_DOCS sets the number of documents (five moves each).
func BenchmarkReports(b *testing.B) {
	sh := bigShop(b)
	today := day.Of(sh.s.now())
	month, all := today.AddDays(-30), day.Date(0)
	for _, c := range []struct {
		name string
		q    report.Query
	}{
		{"items", report.Query{Name: "items"}},
		{"items/search", report.Query{Name: "items", Search: "49"}},
		{"parties", report.Query{Name: "parties"}},
		{"documents", report.Query{Name: "documents"}},
		{"documents/kind", report.Query{Name: "documents", Kinds: []string{"SalesReturn"}}},
		{"documents/kinds", report.Query{Name: "documents", Kinds: []string{"SalesDelivery", "SalesReturn", "RetailSale", "RetailReturn"}}},
		{"documents/rare", report.Query{Name: "documents", Kinds: []string{"StockLoss", "StockGain"}}},
		{"documents/month", report.Query{Name: "documents", From: month, Kinds: []string{"SalesDelivery", "SalesReturn"}}},
		{"documents/party", report.Query{Name: "documents", Party: "P00100"}},
		{"documents/search", report.Query{Name: "documents", Search: "N-19"}},
		{"documents/by-total", report.Query{Name: "documents", Sort: "total"}},
		{"documents/by-party", report.Query{Name: "documents", Sort: "party"}},
		{"open-documents", report.Query{Name: "open-documents"}},
		{"stock-balance", report.Query{Name: "stock-balance"}},
		{"stock-balance/place", report.Query{Name: "stock-balance", Warehouse: "W1"}},
		{"stock-balance/by-value", report.Query{Name: "stock-balance", Sort: "value", Desc: true}},
		{"stock-balance/as-of", report.Query{Name: "stock-balance", To: today.AddDays(-10)}},
		{"stock-balance/as-of-long-ago", report.Query{Name: "stock-balance", To: today.AddDays(-600)}},
		{"stock-ledger", report.Query{Name: "stock-ledger", Item: "A00001", From: month}},
		{"sales-detail/month", report.Query{Name: "sales-detail", From: month}},
		{"sales-detail/month-by-name", report.Query{Name: "sales-detail", From: month, Sort: "name"}},
		{"sales-detail/all", report.Query{Name: "sales-detail", From: all}},
		{"sales-summary/month", report.Query{Name: "sales-summary", From: month}},
		{"sales-summary/all", report.Query{Name: "sales-summary", From: all}},
		{"purchase-detail/month", report.Query{Name: "purchase-detail", From: month}},
		{"receivables", report.Query{Name: "receivables"}},
		{"cash-flow/month", report.Query{Name: "cash-flow", From: month}},
		{"cash-flow/all", report.Query{Name: "cash-flow", From: all}},
		{"stock-alert", report.Query{Name: "stock-alert"}},
		{"profit", report.Query{Name: "profit"}},
	} {
		s, _ := report.Find(c.q.Name)
		for _, count := range []bool{false, true} {
			name := c.name + "/page"
			if count {
				name = c.name + "/first"
			}
			b.Run(name, func(b *testing.B) {
				q := c.q
				q.Limit, q.Count = 200, count
				for range b.N {
					ask(b, sh, q, s.Columns)
				}
			})
		}
	}
	b.Run("today", func(b *testing.B) {
		for range b.N {
			sh.read(func(x app.Tx) error {
				_, err := x.Today(today)
				return err
			})
		}
	})
}
