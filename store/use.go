package store

import (
	"tiezhang/app"
	"tiezhang/app/doc"
	"tiezhang/app/oplog"
)

// Where a row of master data is used, and what became of it.

// orderKinds are the kinds whose lines are good for their quantity once.
var orderKinds = kindList(func(s doc.Spec) bool { return s.Promise == doc.Order })

func scanUse(scan func(...any) error) (u app.UseRow, err error) {
	err = scan(&u.ID, &u.Kind, &u.Number, &u.Date, &u.Qty, &u.Open, &u.Total)
	return u, err
}

// itemFamily lists an item with what it took over, for IN ().
const itemFamily = `(SELECT id FROM item WHERE id = ?1 OR merged_into = ?1)`

// ItemUse implements app.CatalogTx.
func (t *tx) ItemUse(item int64, limit int) (u app.Use, err error) {
	const op = "store.ItemUse"
	err = t.get(`SELECT count(DISTINCT l.doc) FROM line l JOIN document d ON d.key = l.doc WHERE l.item IN `+itemFamily+` AND d.status IN ('posted', 'reversed')`, []any{item}, &u.Documents)
	if err != nil {
		return u, wrap(op, err)
	}
	const rows = `SELECT d.id, d.kind, ifnull(d.number, ''), d.date, sum(l.base), 0, 0 FROM line l JOIN document d ON d.key = l.doc WHERE l.item IN ` + itemFamily
	if u.Last, err = all(t, op, rows+` AND d.status IN ('posted', 'reversed') GROUP BY d.key ORDER BY d.date DESC, d.key DESC LIMIT ?2`, []any{item, limit}, scanUse); err != nil {
		return u, err
	}
	if u.Drafts, err = all(t, op, rows+` AND d.status = 'draft' GROUP BY d.key ORDER BY d.key DESC LIMIT ?2`, []any{item, limit}, scanUse); err != nil {
		return u, err
	}
	if u.Orders, err = all(t, op, `SELECT id, kind, number, date, sum(base), sum(base - done), 0 FROM (
		SELECT d.key, d.id, d.kind, d.number, d.date, l.base,
			ifnull((SELECT sum(o.base) FROM line o JOIN document e ON e.key = o.doc WHERE o.origin_doc = l.doc AND o.origin_line = l.no AND e.status = 'posted' AND e.reverses IS NULL), 0) AS done
		FROM line l JOIN document d ON d.key = l.doc
		WHERE l.item IN `+itemFamily+` AND d.status = 'posted' AND d.reverses IS NULL AND d.kind IN (`+orderKinds+`) AND NOT EXISTS (SELECT 1 FROM order_end WHERE doc = d.key))
		WHERE base > done GROUP BY key ORDER BY date, key LIMIT ?2`, []any{item, limit}, scanUse); err != nil {
		return u, err
	}
	u.Stock, err = all(t, op, `SELECT w.id, w.code, w.name, s.batch, w.lent, sum(s.qty) FROM stock_balance s JOIN warehouse w ON w.id = s.warehouse
		WHERE s.item IN `+itemFamily+` GROUP BY w.id, s.batch HAVING sum(s.qty) <> 0 ORDER BY w.lent, w.code, s.batch`, []any{item},
		func(scan func(...any) error) (p app.PlaceQty, err error) {
			err = scan(&p.Warehouse, &p.Code, &p.Name, &p.Batch, &p.Lent, &p.Qty)
			return p, err
		})
	return u, err
}

const partyFamily = `(SELECT id FROM party WHERE id = ?1 OR merged_into = ?1)`

// PartyUse implements app.CatalogTx.
func (t *tx) PartyUse(party int64, limit int) (u app.Use, err error) {
	const op = "store.PartyUse"
	err = t.get(`SELECT count(*) FROM document d WHERE d.party IN `+partyFamily+` AND d.status IN ('posted', 'reversed')`, []any{party}, &u.Documents)
	if err != nil {
		return u, wrap(op, err)
	}
	const rows = `SELECT d.id, d.kind, ifnull(d.number, ''), d.date, 0, 0, d.total FROM document d WHERE d.party IN ` + partyFamily
	if u.Last, err = all(t, op, rows+` AND d.status IN ('posted', 'reversed') ORDER BY d.date DESC, d.key DESC LIMIT ?2`, []any{party, limit}, scanUse); err != nil {
		return u, err
	}
	if u.Drafts, err = all(t, op, rows+` AND d.status = 'draft' ORDER BY d.key DESC LIMIT ?2`, []any{party, limit}, scanUse); err != nil {
		return u, err
	}
	u.Orders, err = all(t, op, `SELECT d.id, d.kind, d.number, d.date, 0, 0, d.total FROM document d
		WHERE d.party IN `+partyFamily+` AND d.status = 'posted' AND d.reverses IS NULL AND d.kind IN (`+orderKinds+`) AND NOT EXISTS (SELECT 1 FROM order_end WHERE doc = d.key)
		AND EXISTS (SELECT 1 FROM line l WHERE l.doc = d.key AND l.base > ifnull((SELECT sum(o.base) FROM line o JOIN document e ON e.key = o.doc
			WHERE o.origin_doc = l.doc AND o.origin_line = l.no AND e.status = 'posted' AND e.reverses IS NULL), 0))
		ORDER BY d.date, d.key LIMIT ?2`, []any{party, limit}, scanUse)
	return u, err
}

// ObjectLog implements app.CatalogTx.
func (t *tx) ObjectLog(object string, user int64, limit int) ([]oplog.Sealed, error) {
	return all(t, "store.ObjectLog", `SELECT seq, bytes, prev, hash FROM oplog WHERE object = ?1 AND (?2 = 0 OR uid = ?2) ORDER BY seq DESC LIMIT ?3`,
		[]any{object, user, limit}, func(scan func(...any) error) (s oplog.Sealed, err error) {
			var text string
			var prev, hash []byte
			err = scan(&s.Seq, &text, &prev, &hash)
			s.Bytes = []byte(text)
			copy(s.Prev[:], prev)
			copy(s.Hash[:], hash)
			return s, err
		})
}
