package store

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"hash"
	"slices"
	"time"

	"tiezhang/app"
	"tiezhang/app/day"
	"tiezhang/app/fault"
	"tiezhang/app/ledger"
)

const monthCloses = `SELECT id, month, ifnull(by, 0), at, seq, hash, ifnull(reopened_by, 0), reopened_at, reason FROM month_close `

func scanMonth(scan func(...any) error) (m app.MonthClose, err error) {
	var h []byte
	err = scan(&m.ID, &m.Month, &m.By, &m.At, &m.Seq, &h, &m.ReopenedBy, &m.ReopenedAt, &m.Reason)
	copy(m.Hash[:], h)
	return m, err
}

// MonthCloses implements app.LedgerTx.
func (t *tx) MonthCloses() ([]app.MonthClose, error) {
	return all(t, "store.MonthCloses", monthCloses+`ORDER BY id DESC`, nil, scanMonth)
}

// lastClose gives the last month that is closed now.
func (t *tx) lastClose() (m app.MonthClose, ok bool, err error) {
	ms, err := all(t, "store.lastClose", monthCloses+`WHERE reopened_at = 0 ORDER BY month DESC LIMIT 1`, nil, scanMonth)
	if err != nil || len(ms) == 0 {
		return m, false, err
	}
	return ms[0], true, nil
}

// monthEnds gives the last day of a month (yyyymm), and the one after it.
func monthEnds(month int) (last, next day.Date) {
	first := time.Date(month/100, time.Month(month%100)+1, 1, 0, 0, 0, 0, time.UTC)
	return day.Of(first.AddDate(0, 0, -1)), day.Of(first)
}

func monthOrder(op string, month int) error {
	return fault.New(op, fault.Conflict, "store.month-order", fault.Pairs("month", monthText(month)))
}

func monthText(month int) string { return fmt.Sprintf("%04d-%02d", month/100, month%100) }

// CloseMonth implements app.LedgerTx.
func (t *tx) CloseMonth(m app.MonthClose) (app.MonthClose, error) {
	const op = "store.CloseMonth"
	if m.Month < 190001 || m.Month > 999912 || m.Month%100 < 1 || m.Month%100 > 12 {
		return m, monthOrder(op, m.Month)
	}
	before, closed, err := t.lastClose()
	if err != nil {
		return m, err
	}
	last, next := monthEnds(m.Month)
	if _, after := monthEnds(before.Month); closed && (after > last || int(after)/100 != m.Month) {
		return m, monthOrder(op, m.Month)
	}
	if err := t.get(`SELECT ifnull(max(seq), 0) FROM move`, nil, &m.Seq); err != nil {
		return m, wrap(op, err)
	}
	snap, err := t.snapshot(last, next)
	if err != nil {
		return m, err
	}
	m.Hash = snap.sum()
	res, err := t.exec(`INSERT INTO month_close (month, by, at, seq, hash) VALUES (?, ?, ?, ?, ?)`, m.Month, opt(m.By), m.At, m.Seq, m.Hash[:])
	if err != nil {
		return m, wrap(op, err)
	}
	if m.ID, err = res.LastInsertId(); err != nil {
		return m, wrap(op, err)
	}
	m.ReopenedBy, m.ReopenedAt, m.Reason = 0, 0, ""
	return m, t.writeSnapshot(op, m.ID, snap)
}

// ReopenMonth implements app.LedgerTx.
func (t *tx) ReopenMonth(m app.MonthClose) error {
	const op = "store.ReopenMonth"
	last, closed, err := t.lastClose()
	if err != nil {
		return err
	}
	if !closed || last.Month != m.Month {
		return monthOrder(op, m.Month)
	}
	_, err = t.exec(`UPDATE month_close SET reopened_by = ?, reopened_at = ?, reason = ? WHERE id = ?`, opt(m.ReopenedBy), m.ReopenedAt, m.Reason, last.ID)
	return wrap(op, err)
}

// A snapshot is what the books say at the end of a day, in the order of the keys.
type snapshot struct {
	stock    []stockRow
	pools    []poolRow
	layers   []layerRow
	balances []balanceRow
}

type stockRow struct {
	item, warehouse int64
	batch           string
	qty             int64
}

type poolRow struct {
	item                           int64
	batch                          string
	qty, value, lastValue, lastQty int64
}

type layerRow struct {
	item           int64
	batch          string
	in, qty, value int64
}

type balanceRow struct {
	account             string
	party, cash, amount int64
}

// sum is the hash of a snapshot: every row as a line, text quoted.
func (s snapshot) sum() (out [32]byte) {
	h := sha256.New()
	line := func(h hash.Hash, format string, args ...any) { _, _ = fmt.Fprintf(h, format+"\n", args...) }
	line(h, "tiezhang month v1")
	for _, r := range s.stock {
		line(h, "stock %d %d %q %d", r.item, r.warehouse, r.batch, r.qty)
	}
	for _, r := range s.pools {
		line(h, "pool %d %q %d %d %d %d", r.item, r.batch, r.qty, r.value, r.lastValue, r.lastQty)
	}
	for _, r := range s.layers {
		line(h, "layer %d %q %d %d %d", r.item, r.batch, r.in, r.qty, r.value)
	}
	for _, r := range s.balances {
		line(h, "balance %q %d %d %d", r.account, r.party, r.cash, r.amount)
	}
	copy(out[:], h.Sum(nil))
	return out
}

// snapshot gathers what the books say at the end of a day: what they say now
// less what is dated later.
func (t *tx) snapshot(last, next day.Date) (s snapshot, err error) {
	const op = "store.snapshot"
	s.stock, err = all(t, op, `SELECT item, warehouse, batch, sum(qty) FROM
		(SELECT item, warehouse, batch, qty FROM stock_balance UNION ALL SELECT item, warehouse, batch, -qty FROM move WHERE date > ?)
		GROUP BY item, warehouse, batch HAVING sum(qty) <> 0 ORDER BY item, warehouse, batch`, []any{int64(last)}, scanStock)
	if err != nil {
		return s, err
	}
	s.balances, err = all(t, op, `SELECT account, party, cash, sum(amount) FROM
		(SELECT account, party, cash, amount FROM ledger_balance UNION ALL SELECT account, party, cash, -amount FROM entry WHERE date > ?)
		GROUP BY account, party, cash HAVING sum(amount) <> 0 ORDER BY account, party, cash`, []any{int64(last)}, scanBalance)
	if err != nil {
		return s, err
	}
	pots, err := t.pots()
	if err != nil {
		return s, err
	}
	for _, pot := range pots {
		p, err := t.poolAt(pot, ledger.DayStart(next))
		if err != nil {
			return s, err
		}
		if p.Qty != 0 || p.Value != 0 || p.LastQty != 0 {
			s.pools = append(s.pools, poolRow{pot.Item, pot.Batch, int64(p.Qty), int64(p.Value), int64(p.LastValue), int64(p.LastQty)})
		}
		slices.SortFunc(p.Layers, func(a, b ledger.Layer) int { return cmp.Compare(a.In, b.In) }) // as they are read back
		for _, l := range p.Layers {
			s.layers = append(s.layers, layerRow{pot.Item, pot.Batch, l.In, int64(l.Qty), int64(l.Value)})
		}
	}
	return s, nil
}

// pots lists every cost pool there is, in order.
func (t *tx) pots() ([]ledger.Pot, error) {
	return all(t, "store.pots", `SELECT p.item, '' FROM item_pool p JOIN item i ON i.id = p.item WHERE i.cost_by_batch = 0
		UNION ALL SELECT item, batch FROM batch_pool ORDER BY 1, 2`, nil, func(scan func(...any) error) (p ledger.Pot, err error) {
		err = scan(&p.Item, &p.Batch)
		return p, err
	})
}

func (t *tx) writeSnapshot(op string, id int64, s snapshot) error {
	for _, r := range s.stock {
		if _, err := t.exec(`INSERT INTO month_stock (close, item, warehouse, batch, qty) VALUES (?, ?, ?, ?, ?)`, id, r.item, r.warehouse, r.batch, r.qty); err != nil {
			return wrap(op, err)
		}
	}
	for _, r := range s.pools {
		if _, err := t.exec(`INSERT INTO month_pool (close, item, batch, qty, value, last_value, last_qty) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			id, r.item, r.batch, r.qty, r.value, r.lastValue, r.lastQty); err != nil {
			return wrap(op, err)
		}
	}
	for _, r := range s.layers {
		if _, err := t.exec(`INSERT INTO month_layer (close, item, batch, in_seq, qty, value) VALUES (?, ?, ?, ?, ?, ?)`, id, r.item, r.batch, r.in, r.qty, r.value); err != nil {
			return wrap(op, err)
		}
	}
	for _, r := range s.balances {
		if _, err := t.exec(`INSERT INTO month_balance (close, account, party, cash, amount) VALUES (?, ?, ?, ?, ?)`, id, r.account, r.party, r.cash, r.amount); err != nil {
			return wrap(op, err)
		}
	}
	return nil
}

// readSnapshot reads what a month was closed with.
func (t *tx) readSnapshot(id int64) (s snapshot, err error) {
	const op = "store.readSnapshot"
	if s.stock, err = all(t, op, `SELECT item, warehouse, batch, qty FROM month_stock WHERE close = ? ORDER BY item, warehouse, batch`, []any{id}, scanStock); err != nil {
		return s, err
	}
	s.pools, err = all(t, op, `SELECT item, batch, qty, value, last_value, last_qty FROM month_pool WHERE close = ? ORDER BY item, batch`, []any{id},
		func(scan func(...any) error) (r poolRow, err error) {
			err = scan(&r.item, &r.batch, &r.qty, &r.value, &r.lastValue, &r.lastQty)
			return r, err
		})
	if err != nil {
		return s, err
	}
	s.layers, err = all(t, op, `SELECT item, batch, in_seq, qty, value FROM month_layer WHERE close = ? ORDER BY item, batch, in_seq`, []any{id},
		func(scan func(...any) error) (r layerRow, err error) {
			err = scan(&r.item, &r.batch, &r.in, &r.qty, &r.value)
			return r, err
		})
	if err != nil {
		return s, err
	}
	s.balances, err = all(t, op, `SELECT account, party, cash, amount FROM month_balance WHERE close = ? ORDER BY account, party, cash`, []any{id}, scanBalance)
	return s, err
}

func scanStock(scan func(...any) error) (r stockRow, err error) {
	err = scan(&r.item, &r.warehouse, &r.batch, &r.qty)
	return r, err
}

func scanBalance(scan func(...any) error) (r balanceRow, err error) {
	err = scan(&r.account, &r.party, &r.cash, &r.amount)
	return r, err
}

// NegativeAt implements app.LedgerTx.
func (t *tx) NegativeAt(d day.Date) ([]app.Negative, error) {
	return all(t, "store.NegativeAt", `SELECT x.item, x.warehouse, x.batch, i.code, i.name, w.name, sum(x.qty) FROM
		(SELECT item, warehouse, batch, qty FROM stock_balance UNION ALL SELECT item, warehouse, batch, -qty FROM move WHERE date > ?) x
		JOIN item i ON i.id = x.item JOIN warehouse w ON w.id = x.warehouse
		GROUP BY x.item, x.warehouse, x.batch HAVING sum(x.qty) < 0 ORDER BY i.code, w.code, x.batch`, []any{int64(d)},
		func(scan func(...any) error) (n app.Negative, err error) {
			err = scan(&n.Item, &n.Warehouse, &n.Batch, &n.Code, &n.Name, &n.Place, &n.Qty)
			return n, err
		})
}
