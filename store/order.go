package store

import (
	"tiezhang/app"
	"tiezhang/app/day"
	"tiezhang/app/doc"
)

// standing is what makes a document d count: posted, not taken back, and not
// itself the taking back of another. Ask it of documents found through their
// lines by CROSS JOIN, which holds SQLite to that order: left to choose it walks
// every posted document for each line.
const standing = `d.status = 'posted' AND d.reverses IS NULL`

// Open implements app.DocTx.
func (t *tx) Open(docID string) ([]app.LineOpen, error) {
	const op = "store.Open"
	k, err := t.key(op, docID)
	if err != nil {
		return nil, err
	}
	return all(t, op, `SELECT l.no, l.base,
		ifnull((SELECT sum(u.base) FROM line u CROSS JOIN document d ON d.key = u.doc WHERE u.origin_doc = l.doc AND u.origin_line = l.no AND `+standing+`), 0)
		FROM line l WHERE l.doc = ? ORDER BY l.pos`, []any{k}, func(scan func(...any) error) (o app.LineOpen, err error) {
		err = scan(&o.Line, &o.Base, &o.Done)
		return o, err
	})
}

// PulledBy implements app.DocTx.
func (t *tx) PulledBy(docID string) ([]string, error) {
	const op = "store.PulledBy"
	k, err := t.key(op, docID)
	if err != nil {
		return nil, err
	}
	return all(t, op, `SELECT DISTINCT d.number FROM line u CROSS JOIN document d ON d.key = u.doc WHERE u.origin_doc = ? AND `+standing+` ORDER BY d.date, d.key`, []any{k},
		func(scan func(...any) error) (n string, err error) {
			err = scan(&n)
			return n, err
		})
}

// EndOrder implements app.DocTx.
func (t *tx) EndOrder(docID string, e app.OrderEnd) error {
	const op = "store.EndOrder"
	k, err := t.key(op, docID)
	if err != nil {
		return err
	}
	_, err = t.exec(`INSERT INTO order_end (doc, by, at, reason) VALUES (?, ?, ?, ?) ON CONFLICT (doc) DO NOTHING`, k, opt(e.By), e.At, e.Reason)
	return wrap(op, err)
}

// ReopenOrder implements app.DocTx.
func (t *tx) ReopenOrder(docID string) error {
	const op = "store.ReopenOrder"
	k, err := t.key(op, docID)
	if err != nil {
		return err
	}
	_, err = t.exec(`DELETE FROM order_end WHERE doc = ?`, k)
	return wrap(op, err)
}

// OrderEnded implements app.DocTx.
func (t *tx) OrderEnded(docID string) (app.OrderEnd, bool, error) {
	const op = "store.OrderEnded"
	var e app.OrderEnd
	k, err := t.key(op, docID)
	if err != nil {
		return e, false, err
	}
	err = t.get(`SELECT ifnull(by, 0), at, reason FROM order_end WHERE doc = ?`, []any{k}, &e.By, &e.At, &e.Reason)
	if noRow(err) {
		return e, false, nil
	}
	return e, err == nil, wrap(op, err)
}

// DraftsDated implements app.DocTx.
func (t *tx) DraftsDated(from, to day.Date) ([]doc.Document, error) {
	return all(t, "store.DraftsDated", `SELECT `+docCols+` FROM document d WHERE d.status = 'draft' AND d.number IS NULL AND d.date BETWEEN ? AND ? ORDER BY d.date, d.key`,
		[]any{int64(from), int64(to)}, func(scan func(...any) error) (doc.Document, error) {
			d, err := scanDoc(scan)
			return d.Document, err
		})
}

// PostedFrom implements app.DocTx.
func (t *tx) PostedFrom(d day.Date) (int, error) {
	var n int
	err := t.get(`SELECT count(*) FROM document WHERE date >= ? AND status IN ('posted', 'reversed')`, []any{int64(d)}, &n)
	return n, wrap("store.PostedFrom", err)
}
