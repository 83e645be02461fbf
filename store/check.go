package store

import (
	"context"
	"fmt"

	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
)

// booksLevel is the level of the self-check these belong to: what follows from
// the moves and entries.
const booksLevel = 4

// maxFindings bounds what one check reports: a damaged shop must still give a
// report that can be read.
const maxFindings = 200

// check is one statement that gives a row for everything that is wrong; the
// columns become the arguments of the finding.
type check struct {
	key  string
	sql  string
	args []string // names of the columns
	as   []func(int64) string
}

func money(v int64) string { return amount.Money(v).String() }
func qty(v int64) string   { return amount.Qty(v).String() }

// CheckBooks implements app.LedgerTx. Every cache is recomputed from the moves
// and entries, and these are held against the documents they came from, in both
// directions: what is missing on either side is found.
func (t *tx) CheckBooks(ctx context.Context, progress func(done, total int64)) ([]app.Finding, error) {
	const op = "store.CheckBooks"
	checks := append(bookChecks(), tradeChecks()...)
	slow := []func(context.Context) ([]app.Finding, error){t.checkLastCosts, t.checkMade, t.checkLayers, t.checkMonths}
	total := int64(len(checks) + len(slow))
	var out []app.Finding
	for i, c := range checks {
		if err := canceled(op, ctx); err != nil {
			return nil, err
		}
		found, err := t.run(ctx, c)
		if err != nil {
			return nil, wrap(op, err)
		}
		out = append(out, found...)
		if progress != nil {
			progress(int64(i+1), total)
		}
	}
	for i, f := range slow {
		found, err := f(ctx)
		if err != nil {
			return nil, wrap(op, err)
		}
		out = append(out, found...)
		if progress != nil {
			progress(int64(len(checks)+i+1), total)
		}
	}
	return out, nil
}

func (t *tx) run(ctx context.Context, c check) ([]app.Finding, error) {
	var out []app.Finding
	err := t.eachCtx(ctx, c.sql+fmt.Sprintf(` LIMIT %d`, maxFindings), nil, func(scan func(...any) error) error {
		cells := make([]any, len(c.args))
		for i := range cells {
			cells[i] = new(any)
		}
		if err := scan(cells...); err != nil {
			return err
		}
		args := map[string]any{}
		for i, name := range c.args {
			switch v := (*cells[i].(*any)).(type) {
			case int64:
				args[name] = itoa(v)
				if i < len(c.as) && c.as[i] != nil {
					args[name] = c.as[i](v)
				}
			case []byte:
				args[name] = string(v)
			case nil:
				args[name] = ""
			default:
				args[name] = v
			}
		}
		out = append(out, app.Finding{Level: booksLevel, Key: c.key, Args: args})
		return nil
	})
	return out, err
}

// bookChecks lists them all.
func bookChecks() []check {
	return []check{
		salesCheck(),
		{key: "store.check.stock", args: []string{"code", "name", "warehouse", "batch", "kept", "true"}, as: []func(int64) string{4: qty, 5: qty}, sql: `
			SELECT i.code, i.name, w.code, x.batch, sum(x.kept), sum(x.moved) FROM
			(SELECT item, warehouse, batch, qty AS kept, 0 AS moved FROM stock_balance
			 UNION ALL SELECT item, warehouse, batch, 0, qty FROM move) x
			LEFT JOIN item i ON i.id = x.item LEFT JOIN warehouse w ON w.id = x.warehouse
			GROUP BY x.item, x.warehouse, x.batch HAVING sum(x.kept) <> sum(x.moved)`},
		{key: "store.check.pool", args: []string{"code", "name", "kept_qty", "true_qty", "kept_value", "true_value"}, as: []func(int64) string{2: qty, 3: qty, 4: money, 5: money}, sql: `
			SELECT i.code, i.name, sum(x.kq), sum(x.mq), sum(x.kv), sum(x.mv) FROM
			(SELECT item, qty AS kq, 0 AS mq, value AS kv, 0 AS mv FROM item_pool
			 UNION ALL SELECT item, 0, qty, 0, value FROM move) x
			LEFT JOIN item i ON i.id = x.item GROUP BY x.item HAVING sum(x.kq) <> sum(x.mq) OR sum(x.kv) <> sum(x.mv)`},
		{key: "store.check.residue", args: []string{"code", "name", "value"}, as: []func(int64) string{2: money}, sql: `
			SELECT i.code, i.name, p.value FROM item_pool p LEFT JOIN item i ON i.id = p.item WHERE p.qty = 0 AND p.value <> 0 AND i.cost_by_batch = 0`},
		{key: "store.check.balance", args: []string{"account", "party", "cash", "kept", "true"}, as: []func(int64) string{3: money, 4: money}, sql: `
			SELECT x.account, ifnull(p.name, ''), ifnull(a.name, ''), sum(x.kept), sum(x.booked) FROM
			(SELECT account, party, cash, amount AS kept, 0 AS booked FROM ledger_balance
			 UNION ALL SELECT account, party, cash, 0, amount FROM entry) x
			LEFT JOIN party p ON p.id = x.party LEFT JOIN account a ON a.id = x.cash
			GROUP BY x.account, x.party, x.cash HAVING sum(x.kept) <> sum(x.booked)`},
		{key: "store.check.entries", args: []string{"number", "date", "sum"}, as: []func(int64) string{2: money}, sql: `
			SELECT d.number, e.date, sum(e.amount) FROM entry e LEFT JOIN document d ON d.key = e.doc
			GROUP BY e.doc, e.date HAVING sum(e.amount) <> 0`},
		{key: "store.check.value", args: []string{"number", "moves", "entries"}, as: []func(int64) string{1: money, 2: money}, sql: `
			SELECT d.number, sum(x.moved), sum(x.booked) FROM
			(SELECT doc, value AS moved, 0 AS booked FROM move UNION ALL SELECT doc, 0, amount FROM entry WHERE account = '` + string(doc.AccInventory) + `') x
			LEFT JOIN document d ON d.key = x.doc GROUP BY x.doc HAVING sum(x.moved) <> sum(x.booked)`},
		{key: "store.check.money", args: []string{"number", "party"}, sql: partySQL()},
		{key: "store.check.moves", args: []string{"number", "line", "document", "moves"}, as: []func(int64) string{2: qty, 3: qty}, sql: flowSQL()},
		{key: "store.check.total", args: []string{"number", "total", "lines"}, as: []func(int64) string{1: money, 2: money}, sql: `
			SELECT d.number, d.total, ifnull(sum(l.gross - l.share), 0) FROM document d LEFT JOIN line l ON l.doc = d.key
			WHERE d.status IN ('posted', 'reversed') AND d.kind IN (` + kindList(func(s doc.Spec) bool { return s.Lines != doc.No && !s.Sides }) + `)
			GROUP BY d.key HAVING d.total <> ifnull(sum(l.gross - l.share), 0) OR d.lines <> count(l.no)`},
		{key: "store.check.settled", args: []string{"number", "kept", "true"}, as: []func(int64) string{1: money, 2: money}, sql: settledSQL()},
		{key: "store.check.numbers", args: []string{"prefix", "date", "last", "count"}, sql: `
			SELECT x.prefix, x.date, sum(x.last), sum(x.n) FROM
			(SELECT prefix, date, last, 0 AS n FROM number_seq
			 UNION ALL SELECT substr(number, 1, instr(number, '-') - 1), CAST(substr(number, instr(number, '-') + 1, 8) AS INTEGER), 0, 1
				FROM document WHERE status IN ('posted', 'reversed')) x
			GROUP BY x.prefix, x.date HAVING sum(x.last) <> sum(x.n)`},
		{key: "store.check.log", args: []string{"last", "count"}, sql: `
			SELECT max(seq), count(*) FROM oplog HAVING ifnull(max(seq), 0) <> count(*)`},
	}
}
