package store

import (
	"encoding/json"

	"tiezhang/app"
	"tiezhang/app/master"
)

// MergeItem implements app.CatalogTx. What the dropped row had taken over goes
// along, so that the root is always one step away.
func (t *tx) MergeItem(dropped, kept int64) error {
	const op = "store.MergeItem"
	old, err := t.MergedItems(dropped)
	if err != nil {
		return err
	}
	for _, id := range append(old, dropped) {
		t.touch(id)
	}
	if _, err := t.exec(`UPDATE item SET merged_into = ?, disabled = CASE id WHEN ? THEN 1 ELSE disabled END, version = version + 1 WHERE id = ? OR merged_into = ?`,
		kept, dropped, dropped, dropped); err != nil {
		return wrap(op, err)
	}
	if err := t.reindex(dropped); err != nil {
		return wrap(op, err)
	}
	return wrap(op, t.reindex(kept))
}

// UnmergeItem implements app.CatalogTx.
func (t *tx) UnmergeItem(dropped int64) error {
	const op = "store.UnmergeItem"
	it, err := t.itemRow(op, itemByID, dropped)
	if err != nil {
		return err
	}
	t.touch(dropped)
	if _, err := t.exec(`UPDATE item SET merged_into = NULL, disabled = 0, version = version + 1 WHERE id = ?`, dropped); err != nil {
		return wrap(op, err)
	}
	if err := t.reindex(dropped); err != nil {
		return wrap(op, err)
	}
	return wrap(op, t.reindex(it.MergedInto))
}

// MergeParty implements app.CatalogTx.
func (t *tx) MergeParty(dropped, kept int64) error {
	const op = "store.MergeParty"
	if _, err := t.exec(`UPDATE party SET merged_into = ?, disabled = CASE id WHEN ? THEN 1 ELSE disabled END, version = version + 1 WHERE id = ? OR merged_into = ?`,
		kept, dropped, dropped, dropped); err != nil {
		return wrap(op, err)
	}
	return t.resaveSearch(op, dropped, kept)
}

// UnmergeParty implements app.CatalogTx.
func (t *tx) UnmergeParty(dropped int64) error {
	const op = "store.UnmergeParty"
	p, err := t.Party(dropped)
	if err != nil {
		return err
	}
	if _, err := t.exec(`UPDATE party SET merged_into = NULL, disabled = 0, version = version + 1 WHERE id = ?`, dropped); err != nil {
		return wrap(op, err)
	}
	return t.resaveSearch(op, dropped, p.MergedInto)
}

// resaveSearch makes the search texts of parties anew.
func (t *tx) resaveSearch(op string, ids ...int64) error {
	for _, id := range ids {
		p, err := t.Party(id)
		if err != nil {
			return err
		}
		text, err := t.partySearch(p)
		if err != nil {
			return wrap(op, err)
		}
		if _, err := t.exec(`UPDATE party SET search = ? WHERE id = ?`, text, id); err != nil {
			return wrap(op, err)
		}
	}
	return nil
}

// MergedItems implements app.CatalogTx.
func (t *tx) MergedItems(kept int64) ([]int64, error) {
	return all(t, "store.MergedItems", `SELECT id FROM item WHERE merged_into = ? ORDER BY id`, []any{kept}, scanID)
}

// MergedParties implements app.CatalogTx.
func (t *tx) MergedParties(kept int64) ([]int64, error) {
	return all(t, "store.MergedParties", `SELECT id FROM party WHERE merged_into = ? ORDER BY id`, []any{kept}, scanID)
}

func scanID(scan func(...any) error) (id int64, err error) {
	err = scan(&id)
	return id, err
}

// CrossSettled implements app.CatalogTx.
func (t *tx) CrossSettled(by, of int64) (n string, err error) {
	err = t.get(`SELECT d.number FROM document d WHERE d.party = ?1 AND d.status = 'posted' AND d.reverses IS NULL AND (
		EXISTS (SELECT 1 FROM allocation a JOIN document o ON o.key = a.target WHERE a.doc = d.key AND o.party = ?2) OR
		EXISTS (SELECT 1 FROM line l JOIN document o ON o.key = l.origin_doc WHERE l.doc = d.key AND o.party = ?2)) ORDER BY d.key LIMIT 1`, []any{by, of}, &n)
	if noRow(err) {
		return "", nil
	}
	return n, wrap("store.CrossSettled", err)
}

// SetMergeRecord implements app.CatalogTx; "" takes it away.
func (t *tx) SetMergeRecord(e master.Entity, dropped int64, record string) error {
	const op = "store.SetMergeRecord"
	if record == "" {
		_, err := t.exec(`DELETE FROM merge_record WHERE entity = ? AND row = ?`, string(e), dropped)
		return wrap(op, err)
	}
	_, err := t.exec(`INSERT INTO merge_record (entity, row, record) VALUES (?, ?, ?) ON CONFLICT (entity, row) DO UPDATE SET record = excluded.record`,
		string(e), dropped, record)
	return wrap(op, err)
}

// MergeRecord implements app.CatalogTx.
func (t *tx) MergeRecord(e master.Entity, dropped int64) (s string, err error) {
	err = t.get(`SELECT record FROM merge_record WHERE entity = ? AND row = ?`, []any{string(e), dropped}, &s)
	if noRow(err) {
		return "", nil
	}
	return s, wrap("store.MergeRecord", err)
}

// PhoneHolders implements app.CatalogTx.
func (t *tx) PhoneHolders(phone string) ([]master.Party, error) {
	return all(t, "store.PhoneHolders", `SELECT `+partyCols+` FROM party p WHERE phone = ? AND card <> '' AND merged_into IS NULL ORDER BY code`, []any{phone}, scanParty)
}

// KeepImport implements app.CatalogTx. Of each kind the last ten are kept.
func (t *tx) KeepImport(b app.ImportBatch) error {
	const op = "store.KeepImport"
	res, err := t.exec(`INSERT INTO import_batch (kind, by, at, seq, docs) VALUES (?, ?, ?, ?, ?)`, b.Kind, opt(b.By), b.At, b.Seq, jsonList(b.Docs))
	if err != nil {
		return wrap(op, err)
	}
	id, err := res.LastInsertId()
	if err != nil {
		return wrap(op, err)
	}
	for _, r := range b.Rows {
		if _, err := t.exec(`INSERT INTO import_row (batch, entity, row, version, was) VALUES (?, ?, ?, ?, ?) ON CONFLICT (batch, entity, row) DO UPDATE SET version = excluded.version`,
			id, string(r.Entity), r.Row, r.Version, r.Was); err != nil {
			return wrap(op, err)
		}
	}
	old := `(SELECT id FROM import_batch WHERE kind = ? ORDER BY id DESC LIMIT -1 OFFSET 10)`
	if _, err := t.exec(`DELETE FROM import_row WHERE batch IN `+old, b.Kind); err != nil {
		return wrap(op, err)
	}
	_, err = t.exec(`DELETE FROM import_batch WHERE id IN `+old, b.Kind)
	return wrap(op, err)
}

// LastImport implements app.CatalogTx.
func (t *tx) LastImport(kind string) (app.ImportBatch, error) {
	const op = "store.LastImport"
	var b app.ImportBatch
	var docs string
	err := t.get(`SELECT id, kind, ifnull(by, 0), at, seq, docs FROM import_batch WHERE kind = ? AND undone = 0 ORDER BY id DESC LIMIT 1`, []any{kind}, &b.ID, &b.Kind, &b.By, &b.At, &b.Seq, &docs)
	if noRow(err) {
		return app.ImportBatch{}, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(docs), &b.Docs)
	}
	if err != nil {
		return b, wrap(op, err)
	}
	b.Rows, err = all(t, op, `SELECT entity, row, version, was FROM import_row WHERE batch = ? ORDER BY entity, row`, []any{b.ID},
		func(scan func(...any) error) (r app.ImportedRow, err error) {
			err = scan(&r.Entity, &r.Row, &r.Version, &r.Was)
			return r, err
		})
	return b, err
}

// ImportUndone implements app.CatalogTx.
func (t *tx) ImportUndone(id, by, at int64) error {
	_, err := t.exec(`UPDATE import_batch SET undone = ?, undone_by = ? WHERE id = ?`, at, opt(by), id)
	return wrap("store.ImportUndone", err)
}

// DeleteItem implements app.CatalogTx.
func (t *tx) DeleteItem(id int64) (bool, error) {
	const op = "store.DeleteItem"
	var used bool
	err := t.get(`SELECT EXISTS (SELECT 1 FROM line WHERE item = ?1) OR EXISTS (SELECT 1 FROM move WHERE item = ?1) OR EXISTS (SELECT 1 FROM item WHERE merged_into = ?1)
		OR EXISTS (SELECT 1 FROM item_pool WHERE item = ?1) OR EXISTS (SELECT 1 FROM merge_record WHERE entity = 'item' AND row = ?1)`, []any{id}, &used)
	if err != nil || used {
		return false, wrap(op, err)
	}
	t.touch(id)
	for _, q := range []string{`DELETE FROM item_unit WHERE item = ?`, `DELETE FROM item_barcode WHERE item = ?`, `DELETE FROM item_price WHERE item = ?`,
		`DELETE FROM item_picture WHERE item = ?`, `DELETE FROM batch WHERE item = ?`, `DELETE FROM item WHERE id = ?`} {
		if _, err := t.exec(q, id); err != nil {
			return false, wrap(op, err)
		}
	}
	if t.dirty == nil {
		t.dirty = map[int64]indexRow{}
	}
	t.dirty[id] = indexRow{id: id, gone: true}
	return true, nil
}

// DeleteParty implements app.CatalogTx.
func (t *tx) DeleteParty(id int64) (bool, error) {
	const op = "store.DeleteParty"
	var used bool
	err := t.get(`SELECT EXISTS (SELECT 1 FROM document WHERE party = ?1) OR EXISTS (SELECT 1 FROM ledger_balance WHERE party = ?1)
		OR EXISTS (SELECT 1 FROM party WHERE merged_into = ?1) OR EXISTS (SELECT 1 FROM merge_record WHERE entity = 'party' AND row = ?1)`, []any{id}, &used)
	if err != nil || used {
		return false, wrap(op, err)
	}
	for _, q := range []string{`DELETE FROM party_points WHERE party = ?`, `DELETE FROM party WHERE id = ?`} {
		if _, err := t.exec(q, id); err != nil {
			return false, wrap(op, err)
		}
	}
	return true, nil
}
