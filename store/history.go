package store

import (
	"context"

	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/ledger"
)

// recosts sums the restatements of the move called m. "ref <> 0" lets SQLite use
// the partial index.
const recosts = `ifnull((SELECT sum(value) FROM move WHERE ref = m.seq AND ref <> 0 AND rule = 'recost'), 0)`

// ownMoves reads moves with their restatements and adjustments folded in, and
// without the rows these are kept in. Both bear the date and class of the move
// they belong to, so a window always holds them together. They are summed by
// SQLite: an item whose cost was restated often has many of them.
const ownMoves = `SELECT m.seq, o.id, m.own_line, m.item, m.warehouse, m.batch, m.date, m.class, m.rule, m.ref, m.qty, m.value, m.contra, m.hint, m.weight, m.extra,
	` + recosts + `, ifnull((SELECT sum(value) FROM move WHERE ref = m.seq AND ref <> 0 AND rule = 'adjust'), 0)
	FROM move m JOIN document o ON o.key = m.own_doc WHERE m.rule NOT IN ('recost', 'adjust') AND `

func scanMove(scan func(...any) error) (m ledger.Move, err error) {
	err = scan(&m.Seq, &m.Doc, &m.Line, &m.ItemID, &m.WarehouseID, &m.Batch, &m.Date, &m.Class, &m.Rule, &m.Ref, &m.Qty, &m.Value, &m.Contra, &m.Hint, &m.Weight, &m.Extra,
		&m.Restated, &m.Adjusted)
	return m, err
}

// byBatch tells whether an item costs by batch. It is asked for every move, so
// what is remembered of an item is not copied for it.
func (t *tx) byBatch(item int64) (bool, error) {
	if it, ok := t.items[item]; ok {
		return it.CostByBatch, nil
	}
	if t.write && !t.touched[item] {
		if it, ok := t.s.items.byID[item]; ok {
			return it.CostByBatch, nil
		}
	}
	it, err := t.Item(item)
	return it.CostByBatch, err
}

// potOf gives the pool a move belongs to.
func (t *tx) potOf(m ledger.Move) (ledger.Pot, error) {
	by, err := t.byBatch(m.ItemID)
	if err != nil || !by {
		return ledger.Pot{Item: m.ItemID}, err
	}
	return ledger.Pot{Item: m.ItemID, Batch: m.Batch}, nil
}

// within narrows the moves m to those of a pot.
func (t *tx) within(pot ledger.Pot) (cond string, args []any, err error) {
	by, err := t.byBatch(pot.Item)
	if by {
		return `m.item = ? AND m.batch = ?`, []any{pot.Item, pot.Batch}, err
	}
	return `m.item = ?`, []any{pot.Item}, err
}

const poolCols = `SELECT qty, value, last_value, last_qty FROM `

// Pool implements app.LedgerTx.
func (t *tx) Pool(pot ledger.Pot) (ledger.Pool, error) {
	by, err := t.byBatch(pot.Item)
	if err != nil {
		return ledger.Pool{}, err
	}
	if by && pot.Batch == "" {
		return t.poolRow(poolCols+`item_pool WHERE item = ?`, pot.Item)
	}
	return t.pool(pot)
}

func (t *tx) poolRow(q string, args ...any) (p ledger.Pool, err error) {
	err = t.get(q, args, &p.Qty, &p.Value, &p.LastValue, &p.LastQty)
	if noRow(err) {
		return ledger.Pool{}, nil
	}
	return p, wrap("store.Pool", err)
}

// pool reads a pot's pool now, with its layers.
func (t *tx) pool(pot ledger.Pot) (p ledger.Pool, err error) {
	by, err := t.byBatch(pot.Item)
	switch {
	case err != nil:
		return p, err
	case by:
		p, err = t.poolRow(poolCols+`batch_pool WHERE item = ? AND batch = ?`, pot.Item, pot.Batch)
	default:
		p, err = t.poolRow(poolCols+`item_pool WHERE item = ?`, pot.Item)
	}
	if err != nil || p.Qty <= 0 {
		return p, err
	}
	fifo, err := t.fifo()
	if err == nil && fifo {
		p.Layers, err = t.layersNow(pot)
	}
	return p, err
}

// History implements app.LedgerTx. The pool before the window is the pool now
// less what the window moved: the cost of the answer is the window, not the
// item's life. First in, first out has to begin where the layers are known.
func (t *tx) History(pot ledger.Pot, from ledger.Place) (ledger.History, error) {
	const op = "store.History"
	p, err := t.pool(pot)
	if err != nil {
		return ledger.History{}, err
	}
	ms, err := t.movesFrom(op, pot, from)
	if err != nil {
		return ledger.History{}, err
	}
	if len(ms) == 0 {
		return ledger.History{Pool: p}, nil
	}
	fifo, err := t.fifo()
	if err != nil {
		return ledger.History{}, err
	}
	if fifo {
		if p, from, err = t.openPool(pot); err != nil {
			return ledger.History{}, err
		}
		if ms, err = t.movesFrom(op, pot, from); err != nil {
			return ledger.History{}, err
		}
	} else {
		for _, m := range ms {
			p.Qty -= m.Qty
			p.Value -= m.Effective() + m.Adjusted
		}
		if p.LastValue, p.LastQty, err = t.lastCost(pot, from); err != nil {
			return ledger.History{}, wrap(op, err)
		}
	}
	h := ledger.History{Pool: p, Moves: ms}
	if fifo {
		h.Uses, err = t.usesOf(pot, from)
	}
	return h, err
}

// movesFrom reads a pot's moves from a place on.
func (t *tx) movesFrom(op string, pot ledger.Pot, from ledger.Place) ([]ledger.Move, error) {
	cond, args, err := t.within(pot)
	if err != nil {
		return nil, err
	}
	return all(t, op, ownMoves+cond+` AND (m.date, m.class) >= (?, ?) ORDER BY m.date, m.class, m.seq`, append(args, int64(from.Date), int64(from.Class)), scanMove)
}

// lastCost finds the last known unit cost just before a date, as
// ledger.Pool.apply left it: from the last move at a price, counted neither
// when it was taken back on its own day nor when it only carries. It reads
// backwards and stops at the first that counts, usually the first it sees.
func (t *tx) lastCost(pot ledger.Pot, before ledger.Place) (v amount.Money, q amount.Qty, err error) {
	cond, args, err := t.within(pot)
	if err != nil {
		return 0, 0, err
	}
	stop := false
	var freeQty amount.Qty // the earliest that came in at no value, if nothing else did
	rows, err := t.sql.QueryContext(context.Background(), `SELECT m.qty, m.value + `+recosts+`
		FROM move m WHERE `+cond+` AND (m.date, m.class) < (?, ?) AND m.qty <> 0 AND m.rule <> 'carry'
		AND NOT EXISTS (SELECT 1 FROM move r WHERE r.ref = m.seq AND r.ref <> 0 AND r.rule = 'reversal' AND r.date = m.date AND r.class = m.class)
		AND NOT (m.rule = 'reversal' AND EXISTS (SELECT 1 FROM move r WHERE r.seq = m.ref AND r.date = m.date AND r.class = m.class))
		ORDER BY m.date DESC, m.class DESC, m.seq DESC`, append(args, int64(before.Date), int64(before.Class))...)
	if err != nil {
		return 0, 0, err
	}
	defer rows.Close()
	for !stop && rows.Next() {
		var mq amount.Qty
		var mv amount.Money
		if err := rows.Scan(&mq, &mv); err != nil {
			return 0, 0, err
		}
		switch {
		case mv != 0 && (mv > 0) == (mq > 0):
			v, q, stop = mv, mq, true
			if mq < 0 {
				v, q = -mv, -mq
			}
		case mv == 0 && mq > 0:
			freeQty = mq
		}
	}
	if !stop {
		q = freeQty
	}
	return v, q, rows.Err()
}

// MovesOf implements app.LedgerTx.
func (t *tx) MovesOf(docID string) ([]ledger.Move, error) {
	const op = "store.MovesOf"
	k, err := t.key(op, docID)
	if err != nil {
		return nil, err
	}
	ms, err := all(t, op, ownMoves+`m.own_doc = ? ORDER BY m.seq`, []any{k}, scanMove)
	if err != nil {
		return nil, err
	}
	for i := range ms {
		if m := &ms[i]; m.Rule == ledger.Origin || m.Rule == ledger.AddCost {
			if err := t.get(`SELECT date, qty FROM move WHERE seq = ?`, []any{m.Ref}, &m.RefDate, &m.RefQty); err != nil {
				return nil, wrap(op, err)
			}
		}
	}
	return ms, nil
}

// OriginMove implements app.LedgerTx. What was returned is counted on the
// lines of the returns that stand: a purchase return leaves at the average and
// its move does not refer to the receipt's.
func (t *tx) OriginMove(docID string, line int) (ledger.OriginMove, error) {
	const op = "store.OriginMove"
	var o ledger.OriginMove
	k, err := t.key(op, docID)
	if fault.KeyOf(err) == "doc.unknown" {
		return o, fault.Wrap(op, fault.NotFound, "doc.unknown-origin", fault.Pairs("value", docID, "line", line), err)
	}
	if err != nil {
		return o, err
	}
	err = t.get(`SELECT m.seq, m.date, m.warehouse, m.batch, abs(m.qty), abs(m.value + `+recosts+`)
		FROM move m WHERE m.own_doc = ? AND m.own_line = ? AND m.rule NOT IN ('recost', 'adjust', 'carry') AND m.qty <> 0 ORDER BY m.seq LIMIT 1`,
		[]any{k, line}, &o.Seq, &o.Date, &o.WarehouseID, &o.Batch, &o.Qty, &o.Value)
	if noRow(err) {
		return o, fault.New(op, fault.NotFound, "doc.unknown-origin", fault.Pairs("value", docID, "line", line))
	}
	if err != nil {
		return o, wrap(op, err)
	}
	err = t.get(`SELECT ifnull(sum(l.base), 0) FROM line l CROSS JOIN document d ON d.key = l.doc
		WHERE l.origin_doc = ? AND l.origin_line = ? AND d.status = 'posted' AND d.reverses IS NULL`, []any{k, line}, &o.UsedQty)
	if err != nil {
		return o, wrap(op, err)
	}
	err = t.get(`SELECT abs(ifnull(sum(u.value + ifnull((SELECT sum(value) FROM move WHERE ref = u.seq AND ref <> 0 AND rule = 'recost'), 0)), 0)) FROM move u
		JOIN document d ON d.key = u.own_doc WHERE u.ref = ? AND u.ref <> 0 AND u.rule = 'origin' AND d.status = 'posted'`, []any{o.Seq}, &o.UsedValue)
	return o, wrap(op, err)
}

// Balance implements app.LedgerTx.
func (t *tx) Balance(account doc.AccountCode, party, cash int64) (amount.Money, error) {
	var m amount.Money
	err := t.get(`SELECT ifnull(sum(amount), 0) FROM ledger_balance WHERE account = ?1 AND (?2 = 0 OR party = ?2 OR party IN (SELECT id FROM party WHERE merged_into = ?2)) AND (?3 = 0 OR cash = ?3)`,
		[]any{string(account), party, cash}, &m)
	return m, wrap("store.Balance", err)
}
