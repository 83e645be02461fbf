package store

import (
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

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
			`INSERT INTO sales_month SELECT l.item, d.date / 100, sum(` + lineQty + `), sum(` + lineAmount + `), sum(` + lineCost + `), count(*) FROM document d JOIN line l ON l.doc = d.key WHERE d.kind IN (` + saleKinds + `) GROUP BY 1, 2`,
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

// BenchmarkReports times the first page and the totals of every list and report,
// over all dates and over a month, gathered every way, and holds each against
// its floor: the same statements on a plain copy of the file, run beside it.
// TIEZHANG_BENCH_DOCS sets the number of documents (five moves each): 20,000,
// 200,000 … show how it grows.
func BenchmarkReports(b *testing.B) {
	sh := bigShop(b)
	plain := plainCopy(b, sh)
	month := day.Of(sh.s.now()).AddDays(-30)
	run := func(name string, q report.Query) {
		s, _ := report.Find(q.Name)
		cols := report.In(s.Columns, s.GroupOf(q))
		b.Run(name, func(b *testing.B) {
			type stmt struct {
				text string
				args []any
			}
			var stmts []stmt
			once := func() {
				q.Limit, q.Count = 200, false
				ask(b, sh, q, cols)
				q.Limit, q.Count = 1, true
				ask(b, sh, q, cols)
			}
			seenSQL = func(text string, args []any) { stmts = append(stmts, stmt{text, append([]any(nil), args...)}) }
			once()
			seenSQL = nil
			floor := time.Now()
			for _, s := range stmts {
				rows, err := plain.Query(s.text, s.args...)
				if err != nil {
					b.Fatal(err)
				}
				for rows.Next() { //nolint:revive // reading is the work
				}
				if err := rows.Err(); err != nil {
					b.Fatal(err)
				}
			}
			least := time.Since(floor)
			b.ResetTimer()
			for range b.N {
				once()
			}
			b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(least), "x-floor")
		})
	}
	for _, s := range report.Specs() {
		groups := s.Groups
		if len(groups) == 0 {
			groups = []string{""}
		}
		for _, g := range groups {
			q := report.Query{Name: s.Name, Group: g}
			if slices.Contains(s.Wants, report.ByItem) {
				q.Item = "A00001"
			}
			if slices.Contains(s.Wants, report.ByParty) {
				q.Party = "P00100"
			}
			name := s.Name
			if g != "" {
				name += "/" + g
			}
			run(name+"/all", q)
			if slices.Contains(s.Filters, report.FromTo) {
				q.From = month
				run(name+"/month", q)
			}
		}
	}
	for name, q := range map[string]report.Query{
		"items/search": {Name: "items", Search: "49"}, "documents/kind": {Name: "documents", Kinds: []string{"SalesReturn"}},
		"documents/kinds": {Name: "documents", Kinds: []string{"SalesDelivery", "SalesReturn", "RetailSale", "RetailReturn"}}, "documents/rare": {Name: "documents", Kinds: []string{"StockLoss", "StockGain"}},
		"documents/party": {Name: "documents", Party: "P00100"}, "documents/search": {Name: "documents", Search: "N-19"}, "documents/by-total": {Name: "documents", Sort: "total"},
		"documents/by-party": {Name: "documents", Sort: "party"}, "stock-balance/place": {Name: "stock-balance", Warehouse: "W1"}, "stock-balance/by-value": {Name: "stock-balance", Sort: "value", Desc: true},
		"stock-balance/as-of-long-ago": {Name: "stock-balance", To: month.AddDays(-570)}, "sales-detail/by-name": {Name: "sales-detail", From: month, Sort: "name"},
	} {
		run(name, q)
	}
	b.Run("today", func(b *testing.B) {
		for range b.N {
			sh.read(func(x app.Tx) error {
				_, err := x.Today(day.Of(sh.s.now()), nil)
				return err
			})
		}
	})
}

// plainCopy puts the shop's tables into a file without a key.
func plainCopy(b *testing.B, sh *shop) *sql.DB {
	b.Helper()
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(b.TempDir(), "plain.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	exec := func(text string, args ...any) {
		if _, err := db.Exec(text, args...); err != nil {
			b.Fatalf("%s: %v", text, err)
		}
	}
	exec("PRAGMA synchronous=OFF")
	exec("BEGIN")
	sh.read(func(x app.Tx) error {
		t := x.(*tx)
		var after []string
		tables := map[string]string{}
		if err := t.each(`SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%' AND type IN ('table', 'index')`, nil, func(scan func(...any) error) error {
			var kind, name, text string
			if err := scan(&kind, &name, &text); err != nil {
				return err
			}
			if kind == "table" {
				tables[name] = text
			} else {
				after = append(after, text)
			}
			return nil
		}); err != nil {
			return err
		}
		for name, text := range tables {
			exec(text)
			var cols []string
			if err := t.each(`SELECT name FROM pragma_table_info(?)`, []any{name}, func(scan func(...any) error) error {
				var c string
				err := scan(&c)
				cols = append(cols, c)
				return err
			}); err != nil {
				return err
			}
			row, to := make([]any, len(cols)), make([]any, len(cols))
			for i := range row {
				to[i] = &row[i]
			}
			insert := "INSERT INTO " + name + " (" + strings.Join(cols, ", ") + ") VALUES (?" + strings.Repeat(", ?", len(cols)-1) + ")"
			if err := t.each(`SELECT `+strings.Join(cols, ", ")+` FROM `+name, nil, func(scan func(...any) error) error {
				if err := scan(to...); err != nil {
					return err
				}
				for i, v := range row {
					if b, ok := v.([]byte); ok && cols[i] != "hash" && cols[i] != "prev" && cols[i] != "digest" && cols[i] != "data" {
						row[i] = string(b)
					}
				}
				exec(insert, row...)
				return nil
			}); err != nil {
				return err
			}
		}
		for _, text := range after {
			exec(text)
		}
		return nil
	})
	exec("COMMIT")
	return db
}
