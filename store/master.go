package store

import (
	"strings"

	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/fault"
	"tiezhang/app/master"
)

func unknown(op, what string) error {
	return fault.New(op, fault.NotFound, "master.unknown", fault.Pairs("what", what))
}

func stale(op, what, name string) error {
	return fault.New(op, fault.Conflict, "master.stale", fault.Pairs("what", what, "name", name))
}

// searchText joins what a search looks through, in lower case.
func searchText(parts ...string) string {
	return strings.ToLower(strings.Join(parts, "\n"))
}

const itemCols = `i.id, i.code, i.name, i.spec, i.brand, i.category, i.unit, i.min, i.max, i.initials, i.pinyin, i.note, i.disabled, i.version,
 i.track, i.expires, i.shelf_days, i.cost_by_batch, i.plu, ifnull(i.merged_into, 0), i.custom, EXISTS (SELECT 1 FROM move WHERE item = i.id)`

const (
	itemByID   = `SELECT ` + itemCols + ` FROM item i WHERE i.id = ?`
	itemByCode = `SELECT ` + itemCols + ` FROM item i WHERE i.code = ?`
)

func scanItem(scan func(...any) error) (it master.Item, err error) {
	var custom string
	if err = scan(&it.ID, &it.Code, &it.Name, &it.Spec, &it.Brand, &it.Category, &it.Unit, &it.Min, &it.Max,
		&it.Initials, &it.Pinyin, &it.Note, &it.Disabled, &it.Version,
		&it.Track, &it.Expires, &it.ShelfDays, &it.CostByBatch, &it.PLU, &it.MergedInto, &custom, &it.HasMoves); err != nil {
		return it, err
	}
	it.Custom, err = master.UnpackCustom(custom)
	return it, err
}

// Item implements app.MasterTx.
func (t *tx) Item(id int64) (master.Item, error) {
	if it, ok := t.known(id); ok {
		return it, nil
	}
	it, err := t.itemRow("store.Item", itemByID, id)
	if err == nil {
		t.remember(it)
	}
	return it, err
}

// ItemByCode implements app.MasterTx.
func (t *tx) ItemByCode(code string) (master.Item, error) {
	if it, ok := t.knownCode(code); ok {
		return it, nil
	}
	it, err := t.itemRow("store.ItemByCode", itemByCode, code)
	if err == nil {
		t.remember(it)
	}
	return it, err
}

// itemRow reads an item from the file, whatever is remembered of it.
func (t *tx) itemRow(op, q string, arg any) (master.Item, error) {
	var it master.Item
	found := false
	err := t.each(q, []any{arg}, func(scan func(...any) error) (err error) {
		found = true
		it, err = scanItem(scan)
		return err
	})
	if err == nil && !found {
		return it, unknown(op, "item")
	}
	if err == nil {
		err = t.itemParts(&it)
	}
	return it, wrap(op, err)
}

// itemParts reads an item's units, barcodes and prices.
func (t *tx) itemParts(it *master.Item) error {
	err := t.each(`SELECT name, num, den, price FROM item_unit WHERE item = ? ORDER BY no`, []any{it.ID}, func(scan func(...any) error) error {
		var u master.Unit
		err := scan(&u.Name, &u.Num, &u.Den, &u.Price)
		it.Units = append(it.Units, u)
		return err
	})
	if err != nil {
		return err
	}
	err = t.each(`SELECT code, unit FROM item_barcode WHERE item = ? ORDER BY no`, []any{it.ID}, func(scan func(...any) error) error {
		var b master.Barcode
		err := scan(&b.Code, &b.Unit)
		it.Barcodes = append(it.Barcodes, b)
		return err
	})
	if err != nil {
		return err
	}
	it.Prices = map[master.PriceLevel]amount.Price{}
	return t.each(`SELECT level, price FROM item_price WHERE item = ?`, []any{it.ID}, func(scan func(...any) error) error {
		var l master.PriceLevel
		var p amount.Price
		err := scan(&l, &p)
		it.Prices[l] = p
		return err
	})
}

// SaveItem implements app.MasterTx.
func (t *tx) SaveItem(it master.Item) (int64, error) {
	const op = "store.SaveItem"
	search, err := t.itemText(it)
	if err != nil {
		return 0, wrap(op, err)
	}
	if it.Category != "" {
		if err := t.AddCategory(it.Category); err != nil {
			return 0, err
		}
	}
	args := []any{it.Code, it.Name, it.Spec, it.Brand, it.Category, it.Unit, int64(it.Min), int64(it.Max), it.Initials, it.Pinyin, it.Note, flag(it.Disabled), search,
		string(it.Track), flag(it.Expires), it.ShelfDays, flag(it.CostByBatch), it.PLU, master.PackCustom(it.Custom)}
	if it.ID == 0 {
		res, err := t.exec(`INSERT INTO item (code, name, spec, brand, category, unit, min, max, initials, pinyin, note, disabled, search,
			track, expires, shelf_days, cost_by_batch, plu, custom) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, args...)
		if err != nil {
			return 0, t.taken(op, "item", it.Code, err)
		}
		if it.ID, err = res.LastInsertId(); err != nil {
			return 0, wrap(op, err)
		}
		t.touch(it.ID)
	} else {
		t.touch(it.ID)
		res, err := t.exec(`UPDATE item SET code = ?, name = ?, spec = ?, brand = ?, category = ?, unit = ?, min = ?, max = ?, initials = ?, pinyin = ?,
			note = ?, disabled = ?, search = ?, track = ?, expires = ?, shelf_days = ?, cost_by_batch = ?, plu = ?, custom = ?, version = version + 1 WHERE id = ? AND version = ?`, append(args, it.ID, it.Version)...)
		if err != nil {
			return 0, t.taken(op, "item", it.Code, err)
		}
		if err := t.saved(op, "item", it.ID, it.Name, res); err != nil {
			return 0, err
		}
		for _, q := range []string{`DELETE FROM item_unit WHERE item = ?`, `DELETE FROM item_barcode WHERE item = ?`, `DELETE FROM item_price WHERE item = ?`} {
			if _, err := t.exec(q, it.ID); err != nil {
				return 0, wrap(op, err)
			}
		}
	}
	for i, u := range it.Units {
		if _, err := t.exec(`INSERT INTO item_unit (item, no, name, num, den, price) VALUES (?, ?, ?, ?, ?, ?)`,
			it.ID, i+1, u.Name, u.Num, u.Den, int64(u.Price)); err != nil {
			return 0, wrap(op, err)
		}
	}
	for i, b := range it.Barcodes {
		if _, err := t.exec(`INSERT INTO item_barcode (code, item, no, unit) VALUES (?, ?, ?, ?)`, b.Code, it.ID, i+1, b.Unit); err != nil {
			return 0, wrap(op, err)
		}
	}
	for _, l := range master.PriceLevels {
		if p, ok := it.Prices[l]; ok {
			if _, err := t.exec(`INSERT INTO item_price (item, level, price) VALUES (?, ?, ?)`, it.ID, string(l), int64(p)); err != nil {
				return 0, wrap(op, err)
			}
		}
	}
	if t.dirty == nil {
		t.dirty = map[int64]indexRow{}
	}
	t.dirty[it.ID] = newIndexRow(it.ID, it.Version+1, it.Disabled, len(it.Barcodes), search)
	return it.ID, nil
}

// taken turns a broken UNIQUE on a code into the conflict that names its holder.
func (t *tx) taken(op, table, code string, err error) error {
	if !isUnique(err) {
		return wrap(op, err)
	}
	var holder, name string
	if e := t.get(`SELECT code, name FROM `+table+` WHERE code = ?`, []any{code}, &holder, &name); e != nil {
		return wrap(op, err)
	}
	return fault.Wrap(op, fault.Conflict, "master.code-taken", fault.Pairs("what", table, "code", holder, "name", name), err)
}

// saved tells why an UPDATE with a version hit no row.
func (t *tx) saved(op, table string, id int64, name string, res interface{ RowsAffected() (int64, error) }) error {
	n, err := res.RowsAffected()
	if err != nil || n == 1 {
		return wrap(op, err)
	}
	var have int64
	switch err := t.get(`SELECT version FROM `+table+` WHERE id = ?`, []any{id}, &have); {
	case noRow(err):
		return unknown(op, table)
	case err != nil:
		return wrap(op, err)
	}
	return stale(op, table, name)
}

// ItemsByBarcode implements app.MasterTx.
func (t *tx) ItemsByBarcode(code string) ([]app.ItemHit, error) {
	const op = "store.ItemsByBarcode"
	type hit struct {
		id   int64
		unit string
	}
	var hits []hit
	err := t.each(`SELECT item, unit FROM item_barcode WHERE code = ? ORDER BY item`, []any{code}, func(scan func(...any) error) error {
		var h hit
		err := scan(&h.id, &h.unit)
		hits = append(hits, h)
		return err
	})
	if err != nil {
		return nil, wrap(op, err)
	}
	out := make([]app.ItemHit, 0, len(hits))
	for _, h := range hits {
		x, err := t.hit(h.id)
		if err != nil {
			return nil, err
		}
		x.Unit = h.unit
		out = append(out, x)
	}
	return out, nil
}

func (t *tx) hit(id int64) (app.ItemHit, error) {
	it, err := t.Item(id)
	if err != nil {
		return app.ItemHit{}, err
	}
	q, err := t.OnHand(id, 0)
	return app.ItemHit{Item: it, OnHand: q}, err
}

// Picture implements app.MasterTx; nil when the item has none.
func (t *tx) Picture(itemID int64) ([]byte, error) {
	var b []byte
	err := t.get(`SELECT data FROM item_picture WHERE item = ?`, []any{itemID}, &b)
	if noRow(err) {
		return nil, nil
	}
	return b, wrap("store.Picture", err)
}

// SetPicture implements app.MasterTx; an empty picture takes it away.
func (t *tx) SetPicture(itemID int64, b []byte) error {
	const op = "store.SetPicture"
	var id int64
	if err := t.get(`SELECT id FROM item WHERE id = ?`, []any{itemID}, &id); err != nil {
		if noRow(err) {
			return unknown(op, "item")
		}
		return wrap(op, err)
	}
	if len(b) == 0 {
		_, err := t.exec(`DELETE FROM item_picture WHERE item = ?`, itemID)
		return wrap(op, err)
	}
	_, err := t.exec(`INSERT INTO item_picture (item, data) VALUES (?, ?) ON CONFLICT (item) DO UPDATE SET data = excluded.data`, itemID, b)
	return wrap(op, err)
}
