package store

import (
	"encoding/json"
	"fmt"

	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/store/cipherdb"
)

const docCols = `d.key, d.id, d.kind, ifnull(d.number, ''), d.date, d.status, d.version, ifnull(d.party, 0), ifnull(d.warehouse, 0), ifnull(d.to_place, 0),
 ifnull(d.account, 0), ifnull(d.to_account, 0), ifnull(d.staff, 0), d.due, d.category, d.amount, d.bonus, d.expected, d.discount, d.total, d.settled, d.note, d.reason,
 ifnull((SELECT id FROM document WHERE key = d.reverses), ''), ifnull((SELECT id FROM document WHERE key = d.reversed_by), ''),
 ifnull(d.created_by, 0), ifnull(d.posted_by, 0), d.created_at, d.posted_at, d.points, d.points_used, d.custom, ifnull(d.saved_by, 0)`

// keyed is a document with its row's key.
type keyed struct {
	key int64
	doc.Document
}

func scanDoc(scan func(...any) error) (d keyed, err error) {
	custom := ""
	err = scan(&d.key, &d.ID, &d.Kind, &d.Number, &d.Date, &d.Status, &d.Version, &d.PartyID, &d.WarehouseID, &d.ToPlaceID,
		&d.AccountID, &d.ToAccountID, &d.StaffID, &d.Due, &d.Category, &d.Amount, &d.Bonus, &d.Expected, &d.Discount, &d.Total, &d.Settled, &d.Note, &d.Reason,
		&d.Reverses, &d.ReversedBy, &d.CreatedBy, &d.PostedBy, &d.CreatedAt, &d.PostedAt, &d.Points, &d.PointsUsed, &custom, &d.SavedBy)
	if err == nil {
		d.Custom, err = customOf(custom)
	}
	return d, err
}

// noCustom is the column of a row without fields of the owner's own.
const noCustom = `{}`

// customOf reads the owner's own fields; customText writes them, keys in order.
func customOf(s string) (m map[string]string, err error) {
	if s == noCustom {
		return nil, nil
	}
	return m, json.Unmarshal([]byte(s), &m)
}

func customText(m map[string]string) string {
	if len(m) == 0 {
		return noCustom
	}
	b, _ := json.Marshal(m) // strings always can
	return string(b)
}

func unknownDoc(op, id string) error {
	return fault.New(op, fault.NotFound, "doc.unknown", fault.Pairs("id", id))
}

// Document implements app.DocTx.
func (t *tx) Document(id string) (doc.Document, error) {
	return t.document("store.Document", `SELECT `+docCols+` FROM document d WHERE d.id = ?`, id)
}

// DocumentByNumber implements app.DocTx.
func (t *tx) DocumentByNumber(number string) (doc.Document, error) {
	return t.document("store.DocumentByNumber", `SELECT `+docCols+` FROM document d WHERE d.number = ?`, number)
}

func (t *tx) document(op, q, arg string) (doc.Document, error) {
	ds, err := t.documents(op, q, arg)
	if err == nil && len(ds) == 0 {
		err = unknownDoc(op, arg)
	}
	if err != nil {
		return doc.Document{}, err
	}
	return ds[0], nil
}

// documents reads headers and then their parts.
func (t *tx) documents(op, q string, args ...any) ([]doc.Document, error) {
	heads, err := all(t, op, q, args, scanDoc)
	if err != nil {
		return nil, err
	}
	out := make([]doc.Document, len(heads))
	for i := range heads {
		if err := t.parts(&heads[i]); err != nil {
			return nil, wrap(op, err)
		}
		out[i] = heads[i].Document
	}
	return out, nil
}

func (t *tx) parts(d *keyed) error {
	at := map[int]int{}
	err := t.each(`SELECT l.no, ifnull(l.item, 0), l.unit, l.num, l.den, l.qty, l.base, l.book, l.first, l.first_book, l.recounted, l.side, l.amount,
		l.price, l.off, l.gross, l.share, l.batch, l.expiry, ifnull(o.id, ''), l.origin_line, l.note FROM line l LEFT JOIN document o ON o.key = l.origin_doc WHERE l.doc = ? ORDER BY l.pos`, []any{d.key},
		func(scan func(...any) error) error {
			var l doc.Line
			err := scan(&l.No, &l.ItemID, &l.Unit, &l.Num, &l.Den, &l.Qty, &l.Base, &l.Book, &l.First, &l.FirstBook, &l.Recounted, &l.Side, &l.Amount,
				&l.Price, &l.Off, &l.Gross, &l.Share, &l.Batch, &l.Expiry, &l.Origin.Doc, &l.Origin.Line, &l.Note)
			at[l.No] = len(d.Lines)
			d.Lines = append(d.Lines, l)
			return err
		})
	if err != nil {
		return err
	}
	if len(d.Lines) > 0 {
		err = t.each(`SELECT line, serial FROM line_serial WHERE doc = ? ORDER BY line, no`, []any{d.key}, func(scan func(...any) error) error {
			var no int
			var s string
			err := scan(&no, &s)
			if i, ok := at[no]; ok {
				d.Lines[i].Serials = append(d.Lines[i].Serials, s)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	err = t.each(`SELECT ifnull(p.account, 0), p.amount, ifnull(a.kind = ?2, 0) FROM payment p LEFT JOIN account a ON a.id = p.account WHERE p.doc = ?1 ORDER BY p.no`,
		[]any{d.key, string(master.Stored)}, func(scan func(...any) error) error {
			var p doc.Payment
			err := scan(&p.AccountID, &p.Amount, &p.Stored)
			d.Payments = append(d.Payments, p)
			return err
		})
	if err != nil {
		return err
	}
	return t.each(`SELECT o.id, a.amount FROM allocation a JOIN document o ON o.key = a.target WHERE a.doc = ? ORDER BY a.no`, []any{d.key},
		func(scan func(...any) error) error {
			var a doc.Alloc
			err := scan(&a.Doc, &a.Amount)
			d.Allocs = append(d.Allocs, a)
			return err
		})
}

// key finds a document's row.
func (t *tx) key(op, id string) (int64, error) {
	var k int64
	err := t.get(`SELECT key FROM document WHERE id = ?`, []any{id}, &k)
	if noRow(err) {
		return 0, unknownDoc(op, id)
	}
	return k, wrap(op, err)
}

// optKey is key for an optional reference.
func (t *tx) optKey(op, id string) (any, error) {
	if id == "" {
		return nil, nil
	}
	return t.key(op, id)
}

// SaveDraft implements app.DocTx.
func (t *tx) SaveDraft(d doc.Document) (int64, error) {
	const op = "store.SaveDraft"
	d.Status, d.Number = doc.Draft, ""
	k, version, err := t.writeDraft(op, d, true)
	if err != nil {
		return 0, err
	}
	return version, t.writeParts(op, k, numbered(d))
}

// numbered gives every line of a draft a number of its own: a half-typed
// document may not have them yet.
func numbered(d doc.Document) doc.Document {
	d = d.Clone()
	seen, top := map[int]bool{}, 0
	for _, l := range d.Lines {
		top = max(top, l.No)
	}
	for i := range d.Lines {
		if n := d.Lines[i].No; n <= 0 || seen[n] {
			top++
			d.Lines[i].No = top
		}
		seen[d.Lines[i].No] = true
	}
	return d
}

// writeDraft writes the header as a draft, in place of the draft that may be
// there, and gives its key and version. Its old parts are gone then.
func (t *tx) writeDraft(op string, d doc.Document, checkVersion bool) (k, version int64, err error) {
	var status doc.Status
	err = t.get(`SELECT key, version, status FROM document WHERE id = ?`, []any{d.ID}, &k, &version, &status)
	found := err == nil
	switch {
	case err != nil && !noRow(err):
		return 0, 0, wrap(op, err)
	case found && status != doc.Draft:
		return 0, 0, fault.New(op, fault.Conflict, "doc.not-draft", fault.Pairs("id", d.ID))
	case found && checkVersion && version != d.Version:
		return 0, 0, fault.New(op, fault.Conflict, "doc.stale", fault.Pairs("id", d.ID))
	}
	reverses, err := t.optKey(op, d.Reverses)
	if err != nil {
		return 0, 0, err
	}
	var number any
	if d.Number != "" {
		number = d.Number
	}
	version = max(version+1, 1)
	args := []any{string(d.Kind), number, int64(d.Date), version, opt(d.PartyID), opt(d.WarehouseID), opt(d.ToPlaceID), opt(d.AccountID), opt(d.ToAccountID),
		d.Category, int64(d.Amount), int64(d.Expected), int64(d.Discount), int64(d.Total), len(d.Lines), d.Note, d.Reason, reverses,
		opt(d.CreatedBy), opt(d.PostedBy), d.CreatedAt, d.PostedAt, opt(d.StaffID), int64(d.Due), int64(d.Bonus), d.Points, d.PointsUsed, customText(d.Custom), opt(d.SavedBy), d.ID}
	if !found {
		res, err := t.exec(`INSERT INTO document (status, kind, number, date, version, party, warehouse, to_place, account, to_account, category, amount, expected,
			discount, total, lines, note, reason, reverses, created_by, posted_by, created_at, posted_at, staff, due, bonus, points, points_used, custom, saved_by, id)
			VALUES ('draft', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, args...)
		if err != nil {
			return 0, 0, docFault(op, err)
		}
		k, err = res.LastInsertId()
		return k, version, wrap(op, err)
	}
	if _, err := t.exec(`UPDATE document SET kind = ?, number = ?, date = ?, version = ?, party = ?, warehouse = ?, to_place = ?, account = ?, to_account = ?,
		category = ?, amount = ?, expected = ?, discount = ?, total = ?, lines = ?, note = ?, reason = ?, reverses = ?, created_by = ?, posted_by = ?,
		created_at = ?, posted_at = ?, staff = ?, due = ?, bonus = ?, points = ?, points_used = ?, custom = ?, saved_by = ? WHERE id = ?`, args...); err != nil {
		return 0, 0, docFault(op, err)
	}
	for _, q := range []string{`DELETE FROM line WHERE doc = ?`, `DELETE FROM payment WHERE doc = ?`, `DELETE FROM allocation WHERE doc = ?`, `DELETE FROM line_serial WHERE doc = ?`} {
		if _, err := t.exec(q, k); err != nil {
			return 0, 0, wrap(op, err)
		}
	}
	return k, version, nil
}

// docFault names what a document refers to that is not there.
func docFault(op string, err error) error {
	switch {
	case cipherdb.IsForeignKey(err):
		return fault.Wrap(op, fault.NotFound, "master.unknown", fault.Pairs("what", "reference"), err)
	case isUnique(err): // its number, or the document it reverses, is taken: somebody was faster
		return fault.Wrap(op, fault.Conflict, "doc.stale", nil, err)
	}
	return wrap(op, err)
}

func (t *tx) writeParts(op string, k int64, d doc.Document) error {
	for i, l := range d.Lines {
		origin, err := t.optKey(op, l.Origin.Doc)
		if err != nil {
			return err
		}
		if _, err := t.exec(`INSERT INTO line (doc, no, pos, item, unit, num, den, qty, base, book, price, off, gross, share, batch, expiry, origin_doc, origin_line, note,
			side, amount, first, first_book, recounted) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			k, l.No, i+1, opt(l.ItemID), l.Unit, l.Num, l.Den, int64(l.Qty), int64(l.Base), int64(l.Book), int64(l.Price), int64(l.Off), int64(l.Gross), int64(l.Share),
			l.Batch, int64(l.Expiry), origin, l.Origin.Line, l.Note, int64(l.Side), int64(l.Amount), int64(l.First), int64(l.FirstBook), flag(l.Recounted)); err != nil {
			return docFault(op, err)
		}
		if err := t.writeSerials(op, k, l); err != nil {
			return err
		}
	}
	for i, p := range d.Payments {
		if _, err := t.exec(`INSERT INTO payment (doc, no, account, amount) VALUES (?, ?, ?, ?)`, k, i+1, opt(p.AccountID), int64(p.Amount)); err != nil {
			return docFault(op, err)
		}
	}
	for i, a := range d.Allocs {
		target, err := t.key(op, a.Doc)
		if err != nil {
			return err
		}
		if _, err := t.exec(`INSERT INTO allocation (doc, no, target, amount) VALUES (?, ?, ?, ?)`, k, i+1, target, int64(a.Amount)); err != nil {
			return docFault(op, err)
		}
	}
	return nil
}

// NextNumber implements app.DocTx: "XS-20261122-0001". It is taken in the
// transaction that posts, so a posting that fails leaves no gap.
func (t *tx) NextNumber(prefix string, d day.Date) (string, error) {
	const op = "store.NextNumber"
	if _, err := t.exec(`INSERT INTO number_seq (prefix, date, last) VALUES (?, ?, 1)
		ON CONFLICT (prefix, date) DO UPDATE SET last = last + 1`, prefix, int64(d)); err != nil {
		return "", wrap(op, err)
	}
	var n int64
	if err := t.get(`SELECT last FROM number_seq WHERE prefix = ? AND date = ?`, []any{prefix, int64(d)}, &n); err != nil {
		return "", wrap(op, err)
	}
	return fmt.Sprintf("%s-%s-%04d", prefix, d.Compact(), n), nil
}

// InsertPosted implements app.DocTx. The document is written as a draft and
// made posted last, because from then on its rows are closed. Settled starts
// at nothing: Settle is called for what was paid. A document must be inserted
// before its batch is appended.
func (t *tx) InsertPosted(d doc.Document) error {
	const op = "store.InsertPosted"
	k, _, err := t.writeDraft(op, d, false)
	if err != nil {
		return err
	}
	if err := t.writeParts(op, k, d); err != nil {
		return err
	}
	if _, err = t.exec(`UPDATE document SET status = 'posted', version = ? WHERE key = ?`, d.Version, k); err != nil {
		return docFault(op, err)
	}
	if err := t.keepBatches(op, &d); err != nil {
		return err
	}
	t.pieces.keep(&d)
	return t.keepPoints(op, &d)
}

// SetStatus implements app.DocTx.
func (t *tx) SetStatus(id string, s doc.Status, by string) error {
	const op = "store.SetStatus"
	var have doc.Status
	var number string
	err := t.get(`SELECT status, ifnull(number, '') FROM document WHERE id = ?`, []any{id}, &have, &number)
	switch {
	case noRow(err):
		return unknownDoc(op, id)
	case err != nil:
		return wrap(op, err)
	case s == doc.Posted || !have.May(s):
		if s == doc.Reversed {
			return fault.New(op, fault.Conflict, "doc.not-posted", fault.Pairs("number", number))
		}
		return fault.New(op, fault.Conflict, "doc.not-draft", fault.Pairs("id", id))
	}
	reversedBy, err := t.optKey(op, by)
	if err != nil {
		return err
	}
	_, err = t.exec(`UPDATE document SET status = ?, reversed_by = ? WHERE id = ?`, string(s), reversedBy, id)
	return docFault(op, err)
}

// Settle implements app.DocTx.
func (t *tx) Settle(id string, by amount.Money) error {
	const op = "store.Settle"
	res, err := t.exec(`UPDATE document SET settled = settled + ? WHERE id = ? AND status IN ('posted', 'reversed')`, int64(by), id)
	if err != nil {
		return wrap(op, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return wrap(op, err)
	}
	return unknownDoc(op, id)
}

// Drafts implements app.DocTx.
func (t *tx) Drafts(user int64) ([]doc.Document, error) {
	if user == 0 {
		return t.documents("store.Drafts", `SELECT `+docCols+` FROM document d WHERE d.status = 'draft' AND d.number IS NULL ORDER BY d.key DESC`)
	}
	return t.documents("store.Drafts", `SELECT `+docCols+` FROM document d WHERE d.status = 'draft' AND d.number IS NULL AND d.created_by = ? ORDER BY d.key DESC`, user)
}

// lastPriceDepth is how many documents of a party are looked through for the
// last price of an item: a hint for typing, it must not cost more than that.
const lastPriceDepth = 500

// LastPrice implements app.DocTx. Without a party there is no last price.
func (t *tx) LastPrice(kind doc.Kind, party, item int64) (p amount.Price, unit, number string, ok bool, err error) {
	if party == 0 {
		return 0, "", "", false, nil
	}
	err = t.get(`SELECT l.price, l.unit, d.number FROM
		(SELECT key, date, number FROM document WHERE party = ? AND kind = ? AND status = 'posted' AND reverses IS NULL ORDER BY date DESC, key DESC LIMIT ?) d
		JOIN line l ON l.doc = d.key WHERE l.item = ? ORDER BY d.date DESC, d.key DESC, l.no DESC LIMIT 1`,
		[]any{party, string(kind), lastPriceDepth, item}, &p, &unit, &number)
	if noRow(err) {
		return 0, "", "", false, nil
	}
	return p, unit, number, err == nil, wrap("store.LastPrice", err)
}
