package store

import (
	"strings"

	"tiezhang/app"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/master"
)

const partyCols = `id, code, name, kind, contact, phone, address, level, credit, ifnull(owner, 0), initials, pinyin, note, disabled, version, card, birthday,
 bank_name, bank_account, tax_no, ifnull(merged_into, 0), custom, ifnull((SELECT sum(points) FROM party_points WHERE party = p.id OR party IN (SELECT id FROM party m WHERE m.merged_into = p.id)), 0),
 -ifnull((SELECT sum(amount) FROM ledger_balance WHERE account = '2203' AND cash = 0 AND (party = p.id OR party IN (SELECT id FROM party m WHERE m.merged_into = p.id))), 0)`

func scanParty(scan func(...any) error) (p master.Party, err error) {
	var custom string
	if err = scan(&p.ID, &p.Code, &p.Name, &p.Kind, &p.Contact, &p.Phone, &p.Address, &p.Level, &p.Credit, &p.Owner,
		&p.Initials, &p.Pinyin, &p.Note, &p.Disabled, &p.Version, &p.Card, &p.Birthday,
		&p.BankName, &p.BankAccount, &p.TaxNo, &p.MergedInto, &custom, &p.Points, &p.Stored); err != nil {
		return p, err
	}
	p.Custom, err = master.UnpackCustom(custom)
	return p, err
}

// one reads a single row or says that it is unknown.
func one[T any](t *tx, op, what, q string, arg any, scanner func(func(...any) error) (T, error)) (T, error) {
	var out T
	found := false
	err := t.each(q, []any{arg}, func(scan func(...any) error) (err error) {
		found = true
		out, err = scanner(scan)
		return err
	})
	if err == nil && !found {
		return out, unknown(op, what)
	}
	return out, wrap(op, err)
}

// all reads every row.
func all[T any](t *tx, op, q string, args []any, scanner func(func(...any) error) (T, error)) ([]T, error) {
	var out []T
	err := t.each(q, args, func(scan func(...any) error) error {
		x, err := scanner(scan)
		out = append(out, x)
		return err
	})
	return out, wrap(op, err)
}

// Party implements app.MasterTx.
func (t *tx) Party(id int64) (master.Party, error) {
	return one(t, "store.Party", "party", `SELECT `+partyCols+` FROM party p WHERE id = ?`, id, scanParty)
}

// PartyByCode implements app.MasterTx.
func (t *tx) PartyByCode(code string) (master.Party, error) {
	return one(t, "store.PartyByCode", "party", `SELECT `+partyCols+` FROM party p WHERE code = ?`, code, scanParty)
}

// SaveParty implements app.MasterTx.
func (t *tx) SaveParty(p master.Party) (int64, error) {
	const op = "store.SaveParty"
	search, err := t.partySearch(p)
	if err != nil {
		return 0, wrap(op, err)
	}
	args := []any{p.Code, p.Name, string(p.Kind), p.Contact, p.Phone, p.Address, string(p.Level), int64(p.Credit), opt(p.Owner), p.Initials, p.Pinyin, p.Note,
		flag(p.Disabled), search, p.Card, p.Birthday, p.BankName, p.BankAccount, p.TaxNo, master.PackCustom(p.Custom)}
	if p.ID == 0 {
		res, err := t.exec(`INSERT INTO party (code, name, kind, contact, phone, address, level, credit, owner, initials, pinyin, note, disabled, search,
			card, birthday, bank_name, bank_account, tax_no, custom) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, args...)
		if err != nil {
			return 0, t.partyTaken(op, p, err)
		}
		id, err := res.LastInsertId()
		return id, wrap(op, err)
	}
	res, err := t.exec(`UPDATE party SET code = ?, name = ?, kind = ?, contact = ?, phone = ?, address = ?, level = ?, credit = ?, owner = ?, initials = ?,
		pinyin = ?, note = ?, disabled = ?, search = ?, card = ?, birthday = ?,
		bank_name = ?, bank_account = ?, tax_no = ?, custom = ?, version = version + 1 WHERE id = ? AND version = ?`, append(args, p.ID, p.Version)...)
	if err != nil {
		return 0, t.partyTaken(op, p, err)
	}
	return p.ID, t.saved(op, "party", p.ID, p.Name, res)
}

// partyTaken tells whether the code or the card belongs to somebody else.
func (t *tx) partyTaken(op string, p master.Party, err error) error {
	if !isUnique(err) {
		return wrap(op, err)
	}
	var code, name string
	if e := t.get(`SELECT code, name FROM party WHERE card = ? COLLATE NOCASE AND card <> '' AND id <> ?`, []any{p.Card, p.ID}, &code, &name); e == nil {
		return fault.Wrap(op, fault.Conflict, "master.card-taken", fault.Pairs("field", "card", "card", p.Card, "code", code, "name", name), err)
	}
	return t.taken(op, "party", p.Code, err)
}

// partySearch is the text of party.search: what it always holds, a member's
// card, the owner's searched fields, and the codes and names it took over.
func (t *tx) partySearch(p master.Party) (string, error) {
	parts := []string{p.Code, p.Initials, p.Pinyin, p.Name}
	if p.Card != "" {
		parts = append(parts, p.Card)
	}
	more, err := t.searchedCustom(master.OfParty, p.Custom)
	if err != nil {
		return "", err
	}
	parts = append(parts, more...)
	if p.ID != 0 {
		err = t.each(`SELECT code, name, card FROM party WHERE merged_into = ? ORDER BY id`, []any{p.ID}, func(scan func(...any) error) error {
			var code, name, card string
			err := scan(&code, &name, &card)
			parts = append(parts, code, name, card)
			return err
		})
	}
	return searchText(parts...), err
}

// SearchParties implements app.MasterTx: tokens in any order, those whose code
// or name starts with the query first. A shop has thousands of parties, not
// millions, so a scan is enough.
func (t *tx) SearchParties(query string, kind master.PartyKind, limit int) ([]master.Party, error) {
	tokens := strings.Fields(strings.ToLower(query))
	q := `SELECT ` + partyCols + ` FROM party p WHERE disabled = 0`
	var args []any
	if kind != "" && kind != master.Both {
		q += ` AND kind IN (?, 'both')`
		args = append(args, string(kind))
	}
	for _, tok := range tokens {
		q += ` AND instr(search, ?) > 0`
		args = append(args, tok)
	}
	q += ` ORDER BY `
	if len(tokens) > 0 {
		first := tokens[0]
		q += `CASE WHEN lower(code) = ? THEN 0 WHEN instr(lower(code), ?) = 1 OR instr(lower(name), ?) = 1 OR instr(lower(initials), ?) = 1 THEN 1 ELSE 2 END, `
		args = append(args, first, first, first, first)
	}
	q += `code LIMIT ?`
	if limit <= 0 {
		limit = -1
	}
	return all(t, "store.SearchParties", q, append(args, limit), scanParty)
}

func scanWarehouse(scan func(...any) error) (w master.Warehouse, err error) {
	err = scan(&w.ID, &w.Code, &w.Name, &w.Lent, &w.Disabled, &w.Version)
	return w, err
}

// Warehouse implements app.MasterTx.
func (t *tx) Warehouse(id int64) (master.Warehouse, error) {
	return one(t, "store.Warehouse", "warehouse", `SELECT id, code, name, lent, disabled, version FROM warehouse WHERE id = ?`, id, scanWarehouse)
}

// Warehouses implements app.MasterTx.
func (t *tx) Warehouses() ([]master.Warehouse, error) {
	return all(t, "store.Warehouses", `SELECT id, code, name, lent, disabled, version FROM warehouse ORDER BY code`, nil, scanWarehouse)
}

// SaveWarehouse implements app.MasterTx.
func (t *tx) SaveWarehouse(w master.Warehouse) (int64, error) {
	const op = "store.SaveWarehouse"
	if w.ID == 0 {
		res, err := t.exec(`INSERT INTO warehouse (code, name, disabled) VALUES (?, ?, ?)`, w.Code, w.Name, flag(w.Disabled))
		if err != nil {
			return 0, t.taken(op, "warehouse", w.Code, err)
		}
		id, err := res.LastInsertId()
		return id, wrap(op, err)
	}
	res, err := t.exec(`UPDATE warehouse SET code = ?, name = ?, disabled = ?, version = version + 1 WHERE id = ? AND version = ?`,
		w.Code, w.Name, flag(w.Disabled), w.ID, w.Version)
	if err != nil {
		return 0, t.taken(op, "warehouse", w.Code, err)
	}
	return w.ID, t.saved(op, "warehouse", w.ID, w.Name, res)
}

func scanAccount(scan func(...any) error) (a master.Account, err error) {
	err = scan(&a.ID, &a.Code, &a.Name, &a.Kind, &a.Disabled, &a.Version)
	return a, err
}

// Account implements app.MasterTx.
func (t *tx) Account(id int64) (master.Account, error) {
	return one(t, "store.Account", "account", `SELECT id, code, name, kind, disabled, version FROM account WHERE id = ?`, id, scanAccount)
}

// Accounts implements app.MasterTx.
func (t *tx) Accounts() ([]master.Account, error) {
	return all(t, "store.Accounts", `SELECT id, code, name, kind, disabled, version FROM account ORDER BY code`, nil, scanAccount)
}

// SaveAccount implements app.MasterTx.
func (t *tx) SaveAccount(a master.Account) (int64, error) {
	const op = "store.SaveAccount"
	if a.ID == 0 {
		res, err := t.exec(`INSERT INTO account (code, name, kind, disabled) VALUES (?, ?, ?, ?)`, a.Code, a.Name, string(a.Kind), flag(a.Disabled))
		if err != nil {
			return 0, t.taken(op, "account", a.Code, err)
		}
		id, err := res.LastInsertId()
		return id, wrap(op, err)
	}
	res, err := t.exec(`UPDATE account SET code = ?, name = ?, kind = ?, disabled = ?, version = version + 1 WHERE id = ? AND version = ?`,
		a.Code, a.Name, string(a.Kind), flag(a.Disabled), a.ID, a.Version)
	if err != nil {
		return 0, t.taken(op, "account", a.Code, err)
	}
	return a.ID, t.saved(op, "account", a.ID, a.Name, res)
}

// Counts implements app.MasterTx.
func (t *tx) Counts() (app.Counts, error) {
	const op = "store.Counts"
	c := app.Counts{ByKind: map[doc.Kind]int{}}
	err := t.get(`SELECT (SELECT count(*) FROM item), (SELECT count(*) FROM party), (SELECT count(*) FROM user WHERE disabled = 0),
		(SELECT count(*) FROM document WHERE status = 'draft')`, nil, &c.Items, &c.Parties, &c.Users, &c.Drafts)
	if err != nil {
		return c, wrap(op, err)
	}
	err = t.each(`SELECT kind, count(*) FROM document WHERE status IN ('posted', 'reversed') GROUP BY kind`, nil, func(scan func(...any) error) error {
		var k doc.Kind
		var n int
		err := scan(&k, &n)
		c.ByKind[k] = n
		c.Posted += n
		return err
	})
	return c, wrap(op, err)
}
