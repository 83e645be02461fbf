package store

import (
	"strings"

	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/ledger"
)

// elsewhere leaves out what is in the hands of others. The row is one, or none.
const elsewhere = ` AND warehouse NOT IN (SELECT id FROM warehouse WHERE lent = 1)`

// at narrows stock_balance to a warehouse, or to all that is not lent out.
func at(warehouse int64) (cond string, args []any) {
	if warehouse == 0 {
		return elsewhere, nil
	}
	return ` AND warehouse = ?`, []any{warehouse}
}

// OnHand implements app.LedgerTx.
func (t *tx) OnHand(item, warehouse int64) (amount.Qty, error) {
	var q amount.Qty
	cond, args := at(warehouse)
	err := t.get(`SELECT ifnull(sum(qty), 0) FROM stock_balance WHERE item = ?`+cond, append([]any{item}, args...), &q)
	return q, wrap("store.OnHand", err)
}

// OnHandBatch implements app.LedgerTx.
func (t *tx) OnHandBatch(item, warehouse int64, batch string) (amount.Qty, error) {
	var q amount.Qty
	cond, args := at(warehouse)
	err := t.get(`SELECT ifnull(sum(qty), 0) FROM stock_balance WHERE item = ? AND batch = ?`+cond, append([]any{item, batch}, args...), &q)
	return q, wrap("store.OnHandBatch", err)
}

// Batches implements app.LedgerTx.
func (t *tx) Batches(item, warehouse int64) ([]app.BatchStock, error) {
	cond, args := at(warehouse)
	return all(t, "store.Batches", `SELECT s.batch, ifnull(b.expiry, 0), s.qty FROM
		(SELECT item, batch, sum(qty) AS qty FROM stock_balance WHERE item = ?`+cond+` GROUP BY batch HAVING sum(qty) <> 0) s
		LEFT JOIN batch b ON b.item = s.item AND b.batch = s.batch ORDER BY ifnull(b.expiry, 0) = 0, b.expiry, s.batch`, append([]any{item}, args...),
		func(scan func(...any) error) (b app.BatchStock, err error) {
			err = scan(&b.Batch, &b.Expiry, &b.Qty)
			return b, err
		})
}

// BatchExpiry implements app.LedgerTx.
func (t *tx) BatchExpiry(item int64, batch string) (day.Date, error) {
	var d day.Date
	err := t.get(`SELECT expiry FROM batch WHERE item = ? AND batch = ?`, []any{item, batch}, &d)
	if noRow(err) {
		return 0, nil
	}
	return d, wrap("store.BatchExpiry", err)
}

// SerialPlace implements app.LedgerTx.
func (t *tx) SerialPlace(item int64, serial string) (warehouse int64, ok bool, err error) {
	err = t.get(`SELECT warehouse FROM serial_stock WHERE item = ? AND serial = ?`, []any{item, serial}, &warehouse)
	if noRow(err) {
		return 0, false, nil
	}
	return warehouse, err == nil, wrap("store.SerialPlace", err)
}

// Serials implements app.LedgerTx.
func (t *tx) Serials(item, warehouse int64, fragment string, limit int) ([]app.Serial, error) {
	if limit <= 0 {
		limit = -1
	}
	return all(t, "store.Serials", `SELECT serial, warehouse FROM serial_stock WHERE item = ?1 AND (?2 = 0 OR warehouse = ?2) AND instr(lower(serial), ?3) > 0
		ORDER BY serial LIMIT ?4`, []any{item, warehouse, strings.ToLower(fragment), limit}, func(scan func(...any) error) (s app.Serial, err error) {
		err = scan(&s.Serial, &s.Warehouse)
		return s, err
	})
}

// LentPlace implements app.LedgerTx.
func (t *tx) LentPlace(name string) (int64, error) {
	const op = "store.LentPlace"
	var id int64
	err := t.get(`SELECT id FROM warehouse WHERE lent = 1`, nil, &id)
	if !noRow(err) {
		return id, wrap(op, err)
	}
	if !t.write {
		return 0, nil
	}
	for _, code := range []string{"LENT", "LENT-1", "LENT-2", "LENT-3"} { // somebody may have a place called so
		res, err := t.exec(`INSERT INTO warehouse (code, name, lent) VALUES (?, ?, 1) ON CONFLICT (code) DO NOTHING`, code, name)
		if err != nil {
			return 0, wrap(op, err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 1 {
			if err == nil {
				id, err = res.LastInsertId()
			}
			return id, wrap(op, err)
		}
	}
	return 0, fault.New(op, fault.Conflict, "master.code-taken", fault.Pairs("what", "warehouse", "code", "LENT", "holder", "LENT", "name", name))
}

// writeSerials writes a line's serial numbers in the order they were typed.
func (t *tx) writeSerials(op string, k int64, l doc.Line) error {
	for i, s := range l.Serials {
		if _, err := t.exec(`INSERT INTO line_serial (doc, line, no, serial) VALUES (?, ?, ?, ?)`, k, l.No, i+1, s); err != nil {
			return docFault(op, err)
		}
	}
	return nil
}

// pieces are the serial numbers of the document being posted, by line; Append
// moves them where the line's moves go.
type pieces map[string]map[int][]string

func (p *pieces) keep(d *doc.Document) {
	for _, l := range d.Lines {
		if len(l.Serials) == 0 {
			continue
		}
		if *p == nil {
			*p = pieces{}
		}
		if (*p)[d.ID] == nil {
			(*p)[d.ID] = map[int][]string{}
		}
		(*p)[d.ID][l.No] = l.Serials
	}
}

// carry moves the pieces of a line with one of its moves: a piece that leaves
// has to be where it leaves from, one that comes must not be in stock already.
func (t *tx) carry(op string, m ledger.Move, serials []string) error {
	for _, s := range serials {
		q, args := `INSERT INTO serial_stock (item, serial, warehouse) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, []any{m.ItemID, s, m.WarehouseID}
		if m.Qty < 0 {
			q = `DELETE FROM serial_stock WHERE item = ? AND serial = ? AND warehouse = ?`
		}
		res, err := t.exec(q, args...)
		if err != nil {
			return wrap(op, err)
		}
		if n, err := res.RowsAffected(); err != nil {
			return wrap(op, err)
		} else if n != 1 {
			key := "store.serial-there"
			if m.Qty < 0 {
				key = "store.serial-missing"
			}
			return fault.New(op, fault.Conflict, key, fault.Pairs("line", m.Line, "serial", s))
		}
	}
	return nil
}

// keepBatches notes the batches a posted document names, and when they expire.
// The last word counts; what only takes a document back has none.
func (t *tx) keepBatches(op string, d *doc.Document) error {
	if d.Reverses != "" {
		return nil
	}
	for _, l := range d.Lines {
		if l.Batch == "" || l.ItemID == 0 {
			continue
		}
		if _, err := t.exec(`INSERT INTO batch (item, batch, expiry) VALUES (?, ?, ?) ON CONFLICT (item, batch) DO UPDATE SET expiry = excluded.expiry
			WHERE excluded.expiry <> 0 AND excluded.expiry <> expiry`, l.ItemID, l.Batch, int64(l.Expiry)); err != nil {
			return docFault(op, err)
		}
	}
	return nil
}
