package store

import (
	"errors"
	"testing"

	"tiezhang/app"
	"tiezhang/app/doc"
)

// TestTradeEditsBehindTheBack changes one thing at a time with SQL in the tables
// beside stock and money, and wants the check to name it.
func TestTradeEditsBehindTheBack(t *testing.T) {
	cases := []struct{ name, table, script, key string }{
		{"value of a batch", "batch_pool", `UPDATE batch_pool SET value = value + 1 WHERE batch = '甲'`, "store.check.batch-pool"},
		{"a batch's pool gone", "batch_pool", `DELETE FROM batch_pool WHERE batch = '甲'`, "store.check.batch-pool"},
		{"last cost of a batch", "batch_pool", `UPDATE batch_pool SET last_qty = last_qty + 1 WHERE batch = '甲'`, "store.check.last-cost"},
		{"value moved between batches", "batch_pool", `UPDATE batch_pool SET value = value + CASE batch WHEN '甲' THEN 100 ELSE -100 END`, "store.check.batch-pool"},
		{"expiry of a batch", "batch", `UPDATE batch SET expiry = 20290101 WHERE batch = '甲'`, "store.check.batch"},
		{"a batch forgotten", "batch", `DELETE FROM batch WHERE batch = '乙'`, "store.check.batch"},
		{"what is left of a receipt", "cost_layer", `UPDATE cost_layer SET value = value + 1 WHERE item = 1`, "store.check.layers"},
		{"a layer gone", "cost_layer", `DELETE FROM cost_layer WHERE in_seq = (SELECT max(in_seq) FROM cost_layer)`, "store.check.layers"},
		{"a layer of another receipt", "cost_layer", `UPDATE cost_layer SET in_seq = in_seq + 1 WHERE in_seq = (SELECT max(in_seq) FROM cost_layer)`, "store.check.fifo"},
		{"what was taken of a layer", "layer_use", `UPDATE layer_use SET value = value + 1 WHERE out_seq = (SELECT min(out_seq) FROM layer_use)`, "store.check.uses"},
		{"a use gone", "layer_use", `DELETE FROM layer_use WHERE out_seq = (SELECT max(out_seq) FROM layer_use)`, "store.check.fifo"},
		{"a use of another receipt", "layer_use", `INSERT INTO layer_use SELECT out_seq, 1, 1, 0 FROM layer_use WHERE in_seq <> 1 LIMIT 1`, "store.check.fifo"},
		{"the method", "setting", `UPDATE setting SET value = 'average' WHERE key = 'cost.method'`, "store.check.method"},
		{"since when a method", "cost_method", `DELETE FROM cost_method`, "store.check.method"},
		{"a piece sold back into stock", "serial_stock", `INSERT INTO serial_stock VALUES ((SELECT id FROM item WHERE code = 'S1'), 'sn2', 1)`, "store.check.serial"},
		{"a piece gone", "serial_stock", `DELETE FROM serial_stock WHERE serial = 'sn1'`, "store.check.serial"},
		{"a piece in another place", "serial_stock", `UPDATE serial_stock SET warehouse = 2 WHERE serial = 'sn1'`, "store.check.serial"},
		{"a number on a posted line", "line_serial", `UPDATE line_serial SET serial = 'sn9' WHERE serial = 'sn1'`, "store.check.serial"},
		{"a number too many", "line_serial", `INSERT INTO line_serial SELECT doc, line, 99, 'sn8' FROM line_serial WHERE serial = 'sn1' LIMIT 1;
			INSERT INTO serial_stock VALUES ((SELECT id FROM item WHERE code = 'S1'), 'sn8', 1)`, "store.check.serials"},
		{"points", "party_points", `UPDATE party_points SET points = points + 1000`, "store.check.points"},
		{"points on a document", "document", `UPDATE document SET points = 500 WHERE points = 20`, "store.check.points"},
		{"stored value given", "entry", `UPDATE entry SET amount = amount - 100 WHERE account = '2203' AND amount < 0; UPDATE ledger_balance SET amount = amount - 100 WHERE account = '2203';
			UPDATE entry SET amount = amount + 100 WHERE account = '5601'; UPDATE ledger_balance SET amount = amount + 100 WHERE account = '5601'`, "store.check.stored"},
		{"stored value of another", "entry", `UPDATE entry SET party = 1 WHERE account = '2203'; UPDATE ledger_balance SET party = 1 WHERE account = '2203'`, "store.check.stored"},
		{"given on top", "document", `UPDATE document SET bonus = bonus + 100 WHERE kind = 'StoredTopUp'`, "store.check.money"},
		{"more pulled than ordered", "line", `UPDATE line SET base = 10000 WHERE doc = (SELECT key FROM document WHERE kind = 'SalesOrder')`, "store.check.order"},
		{"something ended that is no order", "order_end", `UPDATE order_end SET doc = 1`, "store.check.ended"},
		{"approved by nobody", "doc_approval", `UPDATE doc_approval SET decision = 'yes', at = 1`, "store.check.approval"},
		{"approved by the one who asked", "doc_approval", `UPDATE doc_approval SET decision = 'yes', at = 1, by = asked_by`, "store.check.approval"},
		{"a half lost on loan", "move", `DELETE FROM move WHERE seq = (SELECT max(m.seq) FROM move m JOIN document d ON d.key = m.own_doc WHERE d.kind = 'LendOut')`, "store.check.moves"},
		{"a late cost gone", "move", `DELETE FROM move WHERE rule = 'addcost'`, "store.check.moves"},
		{"what was made turned round", "line", `UPDATE line SET side = 1 WHERE side = -1`, "store.check.moves"},
		{"worth of what was made", "move", `UPDATE move SET value = value + 100 WHERE seq = (SELECT min(seq) FROM move WHERE rule = 'made')`, "store.check.made"},
		{"the fee of what was made", "document", `UPDATE document SET amount = amount + 1, total = total + 1 WHERE kind = 'Assembly' AND amount > 0`, "store.check.made"},
		{"the rest of a payment", "document", `UPDATE document SET settled = 0 WHERE kind = 'PaymentIn'`, "store.check.settled"},
		{"a settlement's share", "allocation", `UPDATE allocation SET amount = amount * 2 WHERE doc = (SELECT key FROM document WHERE kind = 'Settlement')`, "store.check.settled"},
		{"stock of a closed month", "month_stock", `UPDATE month_stock SET qty = qty + 10000 WHERE item = 1`, "store.check.month"},
		{"value of a closed month", "month_pool", `UPDATE month_pool SET value = value + 1 WHERE item = 1`, "store.check.month"},
		{"layers of a closed month", "month_layer", `INSERT INTO month_layer VALUES (1, 1, '', 0, 10000, 1)`, "store.check.month"},
		{"balances of a closed month", "month_balance", `DELETE FROM month_balance WHERE account = '1122'`, "store.check.month"},
		{"the hash of a month", "month_close", `UPDATE month_close SET hash = zeroblob(32)`, "store.check.month"},
		{"a move in a closed month, with all its caches", "move", `INSERT INTO entry (doc, date, account, amount) VALUES (1, 20261115, '1405', 100), (1, 20261115, '5402', -100);
			UPDATE ledger_balance SET amount = amount + 100 WHERE account = '1405'; UPDATE ledger_balance SET amount = amount - 100 WHERE account = '5402'`, "store.check.month-changed"},
	}
	sh := newTradeShop(t)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			found := sh.findingsAfter(c.table, c.script)
			for _, f := range found {
				if f.Key == c.key && f.Level == booksLevel {
					return
				}
			}
			t.Errorf("not found: %v", found)
		})
	}
	sh.sound()
}

// findingsAfter edits a table behind the back, its triggers taken away, checks
// the books, and takes all that back.
func (sh *tradeShop) findingsAfter(table, script string) (found []app.Finding) {
	undo := errors.New("undo")
	err := sh.s.Write(bg, func(x app.Tx) error {
		t := x.(*tx)
		triggers, err := all(t, "test", `SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?`, []any{table}, func(scan func(...any) error) (n string, err error) {
			err = scan(&n)
			return n, err
		})
		if err != nil {
			return err
		}
		for _, n := range triggers {
			script = "DROP TRIGGER " + n + "; " + script
		}
		if _, err := t.sql.ExecContext(bg, "PRAGMA defer_foreign_keys = ON; "+script); err != nil {
			return err
		}
		if found, err = x.CheckBooks(bg, nil); err != nil {
			return err
		}
		return undo
	})
	if !errors.Is(err, undo) {
		sh.t.Fatalf("%v", err)
	}
	return found
}

// TestTradeTriggersRefuse tries with the triggers in place.
func TestTradeTriggersRefuse(t *testing.T) {
	sh := newTradeShop(t)
	for _, script := range []string{
		`UPDATE document SET points = 1 WHERE points = 20`, `UPDATE document SET bonus = 1 WHERE bonus = 2000`, `UPDATE document SET custom = '{"a":"b"}' WHERE key = 1`,
		`UPDATE document SET staff = NULL, due = 20270101 WHERE key = 1`,
		`UPDATE line SET side = 1 WHERE side = -1`, `UPDATE line SET amount = 1 WHERE amount = 777`,
		`UPDATE line_serial SET serial = 'x'`, `DELETE FROM line_serial`, `INSERT INTO line_serial VALUES (1, 1, 1, 'x')`,
		`UPDATE month_stock SET qty = 1`, `DELETE FROM month_stock`, `UPDATE month_pool SET value = 1`, `DELETE FROM month_pool`,
		`UPDATE month_balance SET amount = 1`, `DELETE FROM month_balance`, `UPDATE month_close SET hash = zeroblob(32)`, `DELETE FROM month_close`,
		`DELETE FROM doc_approval`, `UPDATE move SET weight = 1`,
	} {
		if err := sh.raw(script); err == nil {
			t.Errorf("went through: %s", script)
		}
	}
	sh.sound()
}

// TestTradeFailsWhole breaks postings of the new kinds, a month's end and a
// switch of method at each of their writing statements: nothing may stay.
func TestTradeFailsWhole(t *testing.T) {
	sh := newTradeShop(t)
	at := sh.d.AddDays(5)
	sale := sh.draft2(doc.SalesDelivery, at, row(sh.items[0], 2, 30), sh.serials(150, "sn1"), sh.batch(2, 9, "甲", 0))
	sale.PartyID, sale.Points = sh.member, 7
	// In this order: a sale is refused once its month is closed, and the method
	// changes after a closed month.
	work := []struct {
		name string
		fn   func(app.Tx) error
	}{
		{"sale", func(x app.Tx) error { return post(x, sale) }},
		{"order", func(x app.Tx) error {
			if err := x.ReopenOrder(sh.order); err != nil {
				return err
			}
			as, err := x.PendingApprovals()
			if err != nil {
				return err
			}
			return x.Decide(as[0].ID, app.Answer{Decision: app.Refused, By: 1, At: 5})
		}},
		{"month", func(x app.Tx) error { _, err := x.CloseMonth(app.MonthClose{Month: 202612, By: 1}); return err }},
		{"method", func(x app.Tx) error {
			return x.SwitchMethod(app.CostMethod{From: at.MonthEnd().AddDays(1), Method: "average", By: 1})
		}},
	}
	broken := errors.New("broken")
	for _, w := range work {
		name, fn := w.name, w.fn
		before := sh.dump()
		for n := 0; ; n++ {
			left := n
			sh.s.step = func(string) error {
				if left--; left < 0 {
					return broken
				}
				return nil
			}
			err := sh.s.Write(bg, fn)
			sh.s.step = nil
			if err == nil {
				if n < 2 {
					t.Errorf("%s: only %d statements seen", name, n)
				}
				break
			}
			if !errors.Is(err, broken) {
				t.Fatalf("%s at %d: %v", name, n, err)
			}
			if sh.dump() != before {
				t.Fatalf("%s: statement %d left something", name, n)
			}
		}
		sh.sound()
	}
}
