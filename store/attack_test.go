package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"

	"tiezhang/app"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/app/oplog"
	"tiezhang/store/schema"
)

// raw runs SQL behind the program's back, as somebody with the key could.
func (sh *shop) raw(script string) error {
	return sh.s.file().Write(bg, func(t *sql.Tx) error {
		_, err := t.ExecContext(bg, script)
		return err
	})
}

// without takes the triggers of a table away first.
func (sh *shop) without(table, script string) error {
	var drop strings.Builder
	err := sh.s.file().Read(bg, func(t *sql.Tx) error {
		rows, err := t.QueryContext(bg, `SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?`, table)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var n string
			if err := rows.Scan(&n); err != nil {
				return err
			}
			fmt.Fprintf(&drop, "DROP TRIGGER %s; ", n)
		}
		return rows.Err()
	})
	if err != nil {
		return err
	}
	return sh.raw("PRAGMA defer_foreign_keys = ON; " + drop.String() + script)
}

// tradedShop has traded a little: bought, sold, returned, transferred, paid, and
// taken something back.
func tradedShop(t *testing.T) *shop {
	sh := newShop(t, 2)
	a, b := sh.items[0], sh.items[1]
	buy := sh.draft(doc.GoodsReceipt, d1, row(a, 10, 10), row(b, 20, 2))
	buy.Payments = []doc.Payment{{AccountID: sh.cash, Amount: 30_00}}
	sh.post(buy)
	sale := sh.post(sh.draft(doc.SalesDelivery, d1.AddDays(1), row(a, 3, 20), row(b, 1, 5)))
	back := sh.draft(doc.SalesReturn, d1.AddDays(2), row(a, 1, 20))
	back.Lines[0].Origin = doc.Origin{Doc: sale, Line: 1}
	sh.post(back)
	sh.post(sh.draft(doc.StockTransfer, d1.AddDays(2), row(a, 2, 0)))
	pay := sh.draft(doc.PaymentIn, d1.AddDays(3))
	pay.WarehouseID, pay.AccountID, pay.Amount, pay.Allocs = 0, sh.cash, 25_00, []doc.Alloc{{Doc: sale, Amount: 25_00}}
	sh.post(pay)
	gone := sh.post(sh.draft(doc.StockLoss, d1.AddDays(3), row(b, 2, 0)))
	sh.write(func(x app.Tx) error { return reverse(x, gone, d1.AddDays(4)) })
	sh.post(sh.draft(doc.GoodsReceipt, d1, row(a, 10, 12))) // restates what came after
	sh.write(func(x app.Tx) error { return logOne(sh.s, x, "test.entry") })
	sh.sound()
	return sh
}

func logOne(s *Store, x app.Tx, action string) error {
	seq, prev, err := x.LogHead()
	if err != nil {
		return err
	}
	e := oplog.Entry{Seq: seq + 1, User: "老板", Role: "owner", Action: action, Result: oplog.OK, Time: 1_800_000_000_000}
	sealed, err := oplog.Seal(s.LogKey(), prev, e)
	if err != nil {
		return err
	}
	return x.AppendLog(sealed, e)
}

// TestEditsBehindTheBack changes one thing at a time with SQL and wants the
// check of the books to find it.
func TestEditsBehindTheBack(t *testing.T) {
	cases := []struct{ name, table, script, key string }{
		{"quantity of a balance", "stock_balance", `UPDATE stock_balance SET qty = qty + 10000 WHERE item = 1 AND warehouse = 1`, "store.check.stock"},
		{"a balance gone", "stock_balance", `DELETE FROM stock_balance WHERE item = 1 AND warehouse = 2`, "store.check.stock"},
		{"value of a pool", "item_pool", `UPDATE item_pool SET value = value - 1 WHERE item = 1`, "store.check.pool"},
		{"last cost of a pool", "item_pool", `UPDATE item_pool SET last_value = last_value + 1 WHERE item = 1`, "store.check.last-cost"},
		{"what a customer owes", "ledger_balance", `UPDATE ledger_balance SET amount = 0 WHERE account = '1122'`, "store.check.balance"},
		{"a move gone", "move", `DELETE FROM move WHERE seq = (SELECT max(seq) FROM move WHERE rule = 'origin')`, "store.check.moves"},
		{"a move's quantity and its caches too", "move", `UPDATE move SET qty = qty - 10000 WHERE seq = 3;
			UPDATE stock_balance SET qty = qty - 10000 WHERE item = 1 AND warehouse = 1; UPDATE item_pool SET qty = qty - 10000 WHERE item = 1`, "store.check.moves"},
		{"a move's value and its pool", "move", `UPDATE move SET value = value + 5 WHERE seq = 1; UPDATE item_pool SET value = value + 5 WHERE item = 1`, "store.check.value"},
		{"an entry's amount", "entry", `UPDATE entry SET amount = amount + 1 WHERE seq = 1`, "store.check.entries"},
		{"two entries shifted and their balances", "entry", `UPDATE entry SET amount = amount - 100 WHERE account = '1122' AND seq = (SELECT min(seq) FROM entry WHERE account = '1122');
			UPDATE entry SET amount = amount + 100 WHERE account = '5001' AND seq = (SELECT min(seq) FROM entry WHERE account = '5001');
			UPDATE ledger_balance SET amount = amount - 100 WHERE account = '1122'; UPDATE ledger_balance SET amount = amount + 100 WHERE account = '5001'`, "store.check.money"},
		{"a document's total", "document", `UPDATE document SET total = total - 100 WHERE kind = 'SalesDelivery'`, "store.check.total"},
		{"a line's quantity", "line", `UPDATE line SET base = base + 10000 WHERE doc = 2 AND no = 1`, "store.check.moves"},
		{"a line gone", "line", `DELETE FROM line WHERE doc = 2 AND no = 2`, "store.check.moves"},
		{"a move put on another item", "move", `UPDATE move SET item = 3 - item WHERE own_doc = 2 AND own_line = 1`, "store.check.moves"},
		{"half a transfer", "move", `DELETE FROM move WHERE seq = (SELECT max(m.seq) FROM move m JOIN document d ON d.key = m.own_doc WHERE d.kind = 'StockTransfer' AND m.doc = m.own_doc)`, "store.check.moves"},
		{"both halves of a transfer", "move", `DELETE FROM move WHERE own_doc = (SELECT key FROM document WHERE kind = 'StockTransfer')`, "store.check.moves"},
		{"what was paid on the spot", "payment", `UPDATE payment SET amount = amount - 100`, "store.check.money"},
		{"an entry under another document", "entry", `UPDATE entry SET doc = doc + 1 WHERE seq = (SELECT min(seq) FROM entry WHERE account = '1122')`, "store.check.money"},
		{"settled", "document", `UPDATE document SET settled = settled + 100 WHERE kind = 'SalesDelivery'`, "store.check.settled"},
		{"a number given out", "number_seq", `UPDATE number_seq SET last = last + 1 WHERE prefix = 'XS'`, "store.check.numbers"},
		{"a gap in the log", "oplog", `INSERT INTO oplog (seq, bytes, prev, hash) SELECT 3, bytes, prev, hash FROM oplog WHERE seq = 1`, "store.check.log"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			sh := tradedShop(t)
			if err := sh.without(c.table, c.script); err != nil {
				t.Fatal(err)
			}
			for _, f := range sh.findings() {
				if f.Key == c.key && f.Level == booksLevel {
					return
				}
			}
			t.Errorf("not found: %v", sh.findings())
		})
	}
}

// TestTriggersRefuse tries the same with the triggers in place.
func TestTriggersRefuse(t *testing.T) {
	sh := tradedShop(t)
	for _, script := range []string{
		`UPDATE move SET qty = qty + 1 WHERE seq = 1`, `DELETE FROM move WHERE seq = 1`,
		`INSERT OR REPLACE INTO move SELECT * FROM move WHERE seq = 1`,
		`UPDATE entry SET amount = 0 WHERE seq = 1`, `DELETE FROM entry`,
		`UPDATE oplog SET bytes = '{}' WHERE seq = 1`, `DELETE FROM oplog`,
		`UPDATE document SET total = 1 WHERE key = 1`, `UPDATE document SET date = 20200101 WHERE key = 1`, `UPDATE document SET note = 'x' WHERE key = 1`,
		`UPDATE document SET status = 'draft' WHERE key = 1`, `UPDATE document SET status = 'void' WHERE key = 1`, `DELETE FROM document WHERE key = 1`,
		`UPDATE document SET status = 'posted', reversed_by = NULL WHERE status = 'reversed'`,
		`UPDATE line SET qty = 1 WHERE doc = 1`, `DELETE FROM line WHERE doc = 1`, `INSERT INTO line SELECT doc, 99, 99, item, unit, num, den, qty, base, book, price, off, gross, share, batch, expiry, origin_doc, origin_line, note FROM line WHERE doc = 1 AND no = 1`,
		`UPDATE payment SET amount = 1`, `DELETE FROM payment`, `INSERT INTO payment VALUES (1, 9, 1, 5)`,
		`UPDATE allocation SET amount = 1`, `DELETE FROM allocation`, `INSERT INTO allocation VALUES (1, 9, 2, 5)`,
		`UPDATE item_pool SET qty = 1.5`, `UPDATE stock_balance SET qty = 'many'`, // STRICT
	} {
		if err := sh.raw(script); err == nil {
			t.Errorf("went through: %s", script)
		}
	}
	sh.sound()
}

// dump is everything in the file, table by table.
func (sh *shop) dump() string {
	var out strings.Builder
	err := sh.s.file().Read(bg, func(t *sql.Tx) error {
		var tables []string
		rows, err := t.QueryContext(bg, `SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`)
		if err != nil {
			return err
		}
		for rows.Next() {
			var n string
			if err := rows.Scan(&n); err != nil {
				return err
			}
			tables = append(tables, n)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return err
		}
		for _, n := range tables {
			rows, err := t.QueryContext(bg, `SELECT * FROM `+n)
			if err != nil {
				return err
			}
			cols, err := rows.Columns()
			if err != nil {
				return err
			}
			for rows.Next() {
				cells := make([]any, len(cols))
				for i := range cells {
					cells[i] = new(any)
				}
				if err := rows.Scan(cells...); err != nil {
					return err
				}
				fmt.Fprint(&out, n)
				for _, c := range cells {
					fmt.Fprintf(&out, "|%v", *c.(*any))
				}
				fmt.Fprintln(&out)
			}
			if err := errors.Join(rows.Err(), rows.Close()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		sh.t.Fatalf("dump: %v", err)
	}
	return out.String()
}

// TestFailureAtEveryStatement breaks a posting, with its log entry, at each of
// its writing statements in turn: nothing of it may stay.
func TestFailureAtEveryStatement(t *testing.T) {
	sh := tradedShop(t)
	broken := errors.New("broken")
	d := sh.draft(doc.RetailSale, d1.AddDays(1), row(sh.items[0], 2, 20), row(sh.items[1], 1, 5))
	d.Payments = []doc.Payment{{AccountID: sh.cash, Amount: 45_00}}
	posting := func(x app.Tx) error {
		if _, err := x.SaveItem(master.Item{Code: "NEW", Name: "同单新增", Unit: "个"}); err != nil {
			return err
		}
		if err := post(x, d); err != nil {
			return err
		}
		return logOne(sh.s, x, "sale.create")
	}
	before := sh.dump()
	at := 0
	for ; ; at++ {
		n := 0
		sh.s.step = func(string) error {
			if n++; n > at {
				return broken
			}
			return nil
		}
		err := sh.s.Write(bg, posting)
		sh.s.step = nil
		if err == nil {
			break
		}
		if !errors.Is(err, broken) {
			t.Fatalf("statement %d: %v", at, err)
		}
		if got := sh.dump(); got != before {
			t.Fatalf("statement %d left something behind", at)
		}
		sh.read(func(x app.Tx) error {
			if hits, err := x.SearchItems("同单新增", 5); err != nil || len(hits) != 0 {
				t.Errorf("statement %d: the picker shows an item that was never saved: %v %v", at, hits, err)
			}
			return nil
		})
	}
	if at < 20 {
		t.Errorf("only %d statements: the wrapper does not see them", at)
	}
	sh.sound()
	if sh.dump() == before {
		t.Error("the whole posting changed nothing")
	}
}

func TestPanicRollsBack(t *testing.T) {
	sh := newShop(t, 1)
	before := sh.dump()
	func() {
		defer func() { _ = recover() }()
		_ = sh.s.Write(bg, func(x app.Tx) error {
			if err := post(x, sh.draft(doc.OpeningStock, d1, row(sh.items[0], 1, 1))); err != nil {
				return err
			}
			panic("in the middle")
		})
	}()
	if sh.dump() != before {
		t.Error("a panic left half a posting")
	}
	sh.post(sh.draft(doc.OpeningStock, d1, row(sh.items[0], 1, 1))) // and the store goes on
}

func TestCanceledWritesNothing(t *testing.T) {
	sh := newShop(t, 1)
	before := sh.dump()
	ctx, cancel := context.WithCancel(bg)
	err := sh.s.Write(ctx, func(x app.Tx) error {
		defer cancel()
		return post(x, sh.draft(doc.OpeningStock, d1, row(sh.items[0], 1, 1)))
	})
	wantFault(t, err, fault.Canceled, "store.canceled")
	if sh.dump() != before {
		t.Error("a cancelled write stayed")
	}
	wantFault(t, sh.s.Read(ctx, func(app.Tx) error { return nil }), fault.Canceled, "store.canceled")
}

func TestReadViewCannotWrite(t *testing.T) {
	sh := newShop(t, 1)
	err := sh.s.Read(bg, func(x app.Tx) error { return x.SetSetting("a", "b") })
	wantFault(t, err, fault.Internal, "store.read-view")
}

// TestMigrations goes from a file of script 1 to scripts that do not exist yet.
func TestMigrations(t *testing.T) {
	sh := tradedShop(t)
	steps, err := schema.Steps()
	if err != nil {
		t.Fatal(err)
	}
	now := int64(1_800_000_000)
	if v, err := migrateTo(bg, sh.s.file(), now, steps); err != nil || v != len(steps) {
		t.Fatalf("again: %d %v", v, err)
	}
	next := func(sql string) []schema.Step {
		return append(append([]schema.Step(nil), steps...), schema.Step{Version: len(steps) + 1, Name: "next", SQL: sql, Sum: "next"})
	}
	before := sh.dump()
	if _, err := migrateTo(bg, sh.s.file(), now, next(`ALTER TABLE item ADD COLUMN shelf TEXT NOT NULL DEFAULT ''; SELECT nonsense`)); err == nil {
		t.Error("a broken script went through")
	}
	if sh.dump() != before {
		t.Error("a broken script left something")
	}
	changed := append([]schema.Step(nil), steps...)
	changed[0].Sum = "other"
	_, err = migrateTo(bg, sh.s.file(), now, changed)
	wantFault(t, err, fault.Damaged, "store.schema-differs")
	two := next(`ALTER TABLE item ADD COLUMN shelf TEXT NOT NULL DEFAULT 'A'`)
	if v, err := migrateTo(bg, sh.s.file(), now, two); err != nil || v != len(two) {
		t.Fatalf("%d %v", v, err)
	}
	sh.sound()
	_, err = migrateTo(bg, sh.s.file(), now, steps)
	wantFault(t, err, fault.Newer, "store.newer-schema")
	if err := sh.s.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = testVault().Unlock(bg, sh.dir, "老板", ownerPassword)
	wantFault(t, err, fault.Newer, "store.newer-schema")
	// and the refusal let everything go
	_, err = testVault().Unlock(bg, sh.dir, "老板", ownerPassword)
	wantFault(t, err, fault.Newer, "store.newer-schema")
}

func e2(seq int64) oplog.Entry { return oplog.Entry{Seq: seq} }
