package store

import (
	"fmt"
	"strings"

	"tiezhang/app/doc"
)

// tradeChecks are those of what hangs on documents beside stock and money:
// orders, batches, pieces, points, stored value, approvals, goods made of goods.
func tradeChecks() []check {
	posted := `d.status IN ('posted', 'reversed')`
	return []check{
		{key: "store.check.batch-pool", args: []string{"code", "name", "batch", "kept_qty", "true_qty", "kept_value", "true_value"},
			as: []func(int64) string{3: qty, 4: qty, 5: money, 6: money}, sql: `
			SELECT i.code, i.name, x.batch, sum(x.kq), sum(x.mq), sum(x.kv), sum(x.mv) FROM
			(SELECT item, batch, qty AS kq, 0 AS mq, value AS kv, 0 AS mv FROM batch_pool
			 UNION ALL SELECT m.item, m.batch, 0, m.qty, 0, m.value FROM item c CROSS JOIN move m ON m.item = c.id WHERE c.cost_by_batch = 1) x
			LEFT JOIN item i ON i.id = x.item GROUP BY x.item, x.batch HAVING sum(x.kq) <> sum(x.mq) OR sum(x.kv) <> sum(x.mv)`},
		{key: "store.check.batch-residue", args: []string{"code", "name", "batch", "value"}, as: []func(int64) string{3: money}, sql: `
			SELECT i.code, i.name, p.batch, p.value FROM batch_pool p LEFT JOIN item i ON i.id = p.item WHERE p.qty = 0 AND p.value <> 0`},
		{key: "store.check.layers", args: []string{"code", "name", "batch", "layers_qty", "true_qty", "layers_value", "true_value"},
			as: []func(int64) string{3: qty, 4: qty, 5: money, 6: money}, sql: layersSQL()},
		{key: "store.check.uses", args: []string{"number", "line", "used", "out"}, as: []func(int64) string{2: qty, 3: qty}, sql: `
			SELECT d.number, m.own_line, x.q, -m.qty FROM (SELECT out_seq, sum(qty) AS q, sum(value) AS v FROM layer_use GROUP BY out_seq) x
			LEFT JOIN move m ON m.seq = x.out_seq LEFT JOIN document d ON d.key = m.own_doc
			WHERE m.seq IS NULL OR x.q > -m.qty OR x.q = -m.qty AND x.v <> -(m.value + ifnull((SELECT sum(value) FROM move WHERE ref = m.seq AND ref <> 0 AND rule IN ('recost', 'adjust')), 0))
			UNION ALL SELECT d.number, m.own_line, x.q, m.qty FROM (SELECT in_seq, sum(q) AS q FROM
				(SELECT in_seq, qty AS q FROM layer_use UNION ALL SELECT in_seq, qty FROM cost_layer) WHERE in_seq <> 0 GROUP BY in_seq) x
			LEFT JOIN move m ON m.seq = x.in_seq LEFT JOIN document d ON d.key = m.own_doc WHERE m.seq IS NULL OR x.q > m.qty`},
		{key: "store.check.method", args: []string{"kept", "true"}, sql: `
			SELECT k, t FROM (SELECT ifnull(nullif((SELECT value FROM setting WHERE key = 'cost.method'), ''), 'average') AS k,
				ifnull((SELECT method FROM cost_method ORDER BY from_date DESC LIMIT 1), 'average') AS t) WHERE k <> t`},
		{key: "store.check.serial", args: []string{"code", "name", "serial", "warehouse", "kept", "true"}, sql: `
			SELECT i.code, i.name, x.serial, w.code, sum(x.kept), sum(x.n) FROM
			(SELECT item, serial, warehouse, 1 AS kept, 0 AS n FROM serial_stock
			 UNION ALL SELECT m.item, s.serial, m.warehouse, 0, CASE WHEN m.qty > 0 THEN 1 ELSE -1 END
				FROM line_serial s CROSS JOIN move m ON m.own_doc = s.doc AND m.own_line = s.line AND m.qty <> 0) x
			LEFT JOIN item i ON i.id = x.item LEFT JOIN warehouse w ON w.id = x.warehouse
			GROUP BY x.item, x.serial COLLATE NOCASE, x.warehouse HAVING sum(x.kept) <> sum(x.n)`},
		{key: "store.check.serials", args: []string{"number", "line", "serials", "qty"}, as: []func(int64) string{3: qty}, sql: `
			SELECT d.number, x.line, x.n, abs(m.qty) FROM (SELECT doc, line, count(*) AS n FROM line_serial GROUP BY doc, line) x
			CROSS JOIN move m ON m.own_doc = x.doc AND m.own_line = x.line AND m.qty <> 0 JOIN document d ON d.key = x.doc WHERE abs(m.qty) <> x.n * 10000`},
		{key: "store.check.batch", args: []string{"code", "name", "batch", "expiry"}, sql: `
			SELECT i.code, i.name, b.batch, b.expiry FROM batch b LEFT JOIN item i ON i.id = b.item WHERE b.expiry <> 0 AND NOT EXISTS
				(SELECT 1 FROM line l JOIN document d ON d.key = l.doc WHERE l.item = b.item AND l.batch = b.batch AND l.expiry = b.expiry AND ` + posted + `)
			UNION ALL SELECT i.code, i.name, s.batch, 0 FROM stock_balance s LEFT JOIN item i ON i.id = s.item
			WHERE s.batch <> '' AND NOT EXISTS (SELECT 1 FROM batch b WHERE b.item = s.item AND b.batch = s.batch)`},
		{key: "store.check.points", args: []string{"code", "name", "kept", "true"}, sql: `
			SELECT p.code, p.name, sum(x.kept), sum(x.earned) FROM (SELECT party, points AS kept, 0 AS earned FROM party_points
			 UNION ALL SELECT d.party, 0, d.points - d.points_used FROM document d WHERE (d.points <> 0 OR d.points_used <> 0) AND d.party IS NOT NULL AND ` + posted + `) x
			LEFT JOIN party p ON p.id = x.party GROUP BY x.party HAVING sum(x.kept) <> sum(x.earned)`},
		{key: "store.check.stored", args: []string{"number", "party", "booked", "true"}, as: []func(int64) string{2: money, 3: money}, sql: storedSQL()},
		{key: "store.check.order", args: []string{"number", "line", "ordered", "done"}, as: []func(int64) string{2: qty, 3: qty}, sql: `
			SELECT number, no, base, done FROM (SELECT o.number, l.no, l.base,
				(SELECT ifnull(sum(u.base), 0) FROM line u CROSS JOIN document d ON d.key = u.doc WHERE u.origin_doc = l.doc AND u.origin_line = l.no AND ` + standing + `) AS done
			FROM document o CROSS JOIN line l ON l.doc = o.key
			WHERE o.status IN ('posted', 'reversed') AND o.reverses IS NULL AND o.kind IN (` + kindList(func(s doc.Spec) bool { return s.Promise == doc.Order || s.Lent > 0 }) + `))
			WHERE done > base`},
		{key: "store.check.ended", args: []string{"number"}, sql: `
			SELECT ifnull(d.number, '') FROM order_end e LEFT JOIN document d ON d.key = e.doc
			WHERE d.key IS NULL OR d.status NOT IN ('posted', 'reversed') OR d.kind NOT IN (` + kindList(func(s doc.Spec) bool { return s.Promise == doc.Order }) + `)`},
		{key: "store.check.approval", args: []string{"id", "document"}, sql: `
			SELECT a.id, ifnull(d.number, d.id) FROM doc_approval a LEFT JOIN document d ON d.key = a.doc
			WHERE d.key IS NULL OR (a.decision IN ('yes', 'no')) <> (a.by IS NOT NULL AND a.decision <> 'withdrawn') OR a.decision = 'yes' AND a.by = a.asked_by
				OR a.decision = '' AND a.at <> 0 OR a.decision <> '' AND a.at = 0`},
		{key: "store.check.passing", args: []string{"account", "amount"}, as: []func(int64) string{1: money}, sql: fmt.Sprintf(`
			SELECT account, sum(amount) FROM ledger_balance WHERE account IN ('%s', '%s') GROUP BY account HAVING sum(amount) <> 0`, doc.AccTransit, doc.AccProduction)},
	}
}

// layersSQL holds what is left of receipts against the pools: with FIFO they are
// the same while there is stock; with the average there are no layers at all.
func layersSQL() string {
	return `SELECT i.code, i.name, x.batch, sum(x.lq), sum(x.pq), sum(x.lv), sum(x.pv) FROM
		(SELECT item, batch, qty AS lq, 0 AS pq, value AS lv, 0 AS pv FROM cost_layer
		 UNION ALL SELECT p.item, '', 0, p.qty, 0, p.value FROM item_pool p JOIN item c ON c.id = p.item WHERE c.cost_by_batch = 0 AND p.qty > 0 AND ` + fifoNow + `
		 UNION ALL SELECT item, batch, 0, qty, 0, value FROM batch_pool WHERE qty > 0 AND ` + fifoNow + `) x
		LEFT JOIN item i ON i.id = x.item GROUP BY x.item, x.batch HAVING sum(x.lq) <> sum(x.pq) OR sum(x.lv) <> sum(x.pv)`
}

const fifoNow = `(SELECT value FROM setting WHERE key = 'cost.method') = 'fifo'`

// signed gives the kinds whose Trade has a sign.
func signed(sign int) string {
	return kindList(func(s doc.Spec) bool { return s.TradeSign == sign })
}

// storedSQL finds documents that did to what members have paid in advance
// something else than they say: what was topped up, refunded, or paid out of it.
func storedSQL() string {
	sign := `(CASE WHEN d.kind IN (` + signed(1) + `) THEN 1 WHEN d.kind IN (` + signed(-1) + `) THEN -1 ELSE 0 END)`
	return `SELECT d.number, ifnull(p.name, ''), sum(x.booked), sum(x.should) FROM
		(SELECT doc, party, amount AS booked, 0 AS should FROM entry WHERE account = '` + string(doc.AccStored) + `' AND party <> 0
		 UNION ALL SELECT d.key, d.party, 0, ` + sign + ` * y.amount FROM account a CROSS JOIN payment y ON y.account = a.id JOIN document d ON d.key = y.doc
			WHERE a.kind = 'stored' AND d.status IN ('posted', 'reversed')
		 UNION ALL SELECT d.key, d.party, 0, ` + sign + ` * (d.total + d.bonus) FROM document d
			WHERE d.status IN ('posted', 'reversed') AND d.kind IN (` + kindList(func(s doc.Spec) bool { return s.Trade == doc.AccStored }) + `)) x
		LEFT JOIN document d ON d.key = x.doc LEFT JOIN party p ON p.id = x.party GROUP BY x.doc, x.party HAVING sum(x.booked) <> sum(x.should)`
}

// settledSQL finds documents whose settled amount is not what payments and
// settlements gave: what was paid on the spot, what the document itself gave to
// others (a payment: the rest is paid in advance), and what others gave to it. A
// document taken back, and what took it back, are settled in full.
func settledSQL() string {
	open := kindList(doc.Spec.Open)
	offsets := kindList(func(s doc.Spec) bool { return s.Offsets })
	bills := kindList(func(s doc.Spec) bool {
		return s.Trade == doc.AccReceivable && s.TradeSign == 1 || s.Trade == doc.AccPayable && s.TradeSign == -1
	})
	// an allocation lessens what is open of the other side, and uses up what is of its own
	lessens := `CASE WHEN s.kind IN (` + offsets + `) THEN d.kind IN (` + bills + `) ELSE (d.kind IN (` + signed(1) + `)) <> (s.kind IN (` + signed(1) + `)) END`
	return `SELECT number, settled, should FROM (SELECT d.number, d.settled, CASE WHEN d.status = 'reversed' OR d.reverses IS NOT NULL THEN d.total ELSE
		ifnull((SELECT sum(amount) FROM payment WHERE doc = d.key), 0)
		+ ifnull((SELECT sum(amount) FROM allocation WHERE doc = d.key), 0)
		+ ifnull((SELECT sum(CASE WHEN ` + lessens + ` THEN a.amount ELSE -a.amount END) FROM allocation a JOIN document s ON s.key = a.doc
			WHERE a.target = d.key AND s.status IN ('posted', 'reversed')), 0)
		END AS should FROM document d WHERE d.status IN ('posted', 'reversed') AND d.kind IN (` + open + `)) WHERE settled <> should`
}

// flowSQL compares each line's quantity with what its own moves moved. It walks
// documents, lines and moves side by side in the order of the documents: CROSS
// JOIN holds SQLite to that. Left to choose it goes by item, and looks up every
// line and document all over the file. Goods that only change their place have
// two moves a line, what changes their value alone has one.
func flowSQL() string {
	of := func(f doc.Flow) string { return kindList(func(s doc.Spec) bool { return s.Flow == f }) }
	return `SELECT number, no, should, moved FROM (
		SELECT d.number, l.no, CASE WHEN d.kind IN (` + of(doc.In) + `) THEN l.base WHEN d.kind IN (` + of(doc.Out) + `) THEN -l.base
			WHEN d.kind IN (` + of(doc.Recount) + `) THEN l.base - l.book WHEN d.kind IN (` + of(doc.Convert) + `) THEN l.side * l.base ELSE 0 END AS should,
			sum(CASE WHEN m.item = l.item THEN m.qty ELSE 0 END) AS moved,
			CASE WHEN d.kind IN (` + of(doc.Move) + `) THEN 2 WHEN d.kind IN (` + of(doc.Revalue) + `) THEN 1 END <> sum(m.rule IS NOT NULL AND m.rule NOT IN ('recost', 'adjust')) AS torn
		FROM document d CROSS JOIN line l ON l.doc = d.key LEFT JOIN move m ON m.own_doc = d.key AND m.own_line = l.no
		WHERE d.status IN ('posted', 'reversed') GROUP BY d.key, l.no)
		WHERE should <> moved OR torn
		UNION ALL SELECT d.number, m.own_line, 0, m.qty FROM move m JOIN document d ON d.key = m.own_doc
		WHERE m.qty <> 0 AND NOT EXISTS (SELECT 1 FROM line l WHERE l.doc = m.own_doc AND l.no = m.own_line)`
}

// partySQL finds posted documents whose trade account does not bear what the
// document says: its total, with what was given on top, less what was paid on
// the spot. The plus keeps the account out of the choice of index: by it SQLite
// would read every entry of the account again for each document, where a
// document has only a few.
func partySQL() string {
	var arms []string
	for _, s := range doc.Specs() {
		if s.Trade != "" {
			arms = append(arms, fmt.Sprintf(`SELECT d.number, d.party, d.key, '%s' AS account, %d * (d.total + d.bonus - ifnull((SELECT sum(amount) FROM payment WHERE doc = d.key), 0)) AS should
				FROM document d WHERE d.kind = '%s' AND d.status IN ('posted', 'reversed')`, s.Trade, s.TradeSign, s.Kind))
		}
	}
	return `SELECT x.number, ifnull(p.name, '') FROM (` + strings.Join(arms, " UNION ALL ") + `) x LEFT JOIN party p ON p.id = x.party
		WHERE x.should <> ifnull((SELECT sum(amount) FROM entry e WHERE e.doc = x.key AND +e.account = x.account), 0)`
}
