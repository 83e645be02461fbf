package store

import (
	"encoding/json"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/app/oplog"
)

const userCols = `id, name, role, disabled, last_in, failures, version, totp, totp_step, key_file, activate, activate_until, password_at, role_at, created_at, reach, password_seq, enabled_at`

func scanUser(scan func(...any) error) (u app.User, err error) {
	var reach string
	err = scan(&u.ID, &u.Name, &u.Role, &u.Disabled, &u.LastIn, &u.Failures, &u.Version,
		&u.TOTP, &u.TOTPStep, &u.KeyFile, &u.Activate, &u.ActivateUntil, &u.PasswordAt, &u.RoleAt, &u.CreatedAt, &reach, &u.PasswordSeq, &u.EnabledAt)
	if err == nil && reach != "" {
		if err = json.Unmarshal([]byte(reach), &u.Reach); err != nil || len(u.Reach) == 0 { // never "everywhere" by accident
			err = fault.Wrap("store.user", fault.Damaged, "store.user-reach", fault.Pairs("name", u.Name), err)
		}
	}
	return u, err
}

// Users implements app.PeopleTx.
func (t *tx) Users() ([]app.User, error) {
	return all(t, "store.Users", `SELECT `+userCols+` FROM user ORDER BY id`, nil, scanUser)
}

// UserByName implements app.PeopleTx.
func (t *tx) UserByName(name string) (app.User, error) {
	us, err := all(t, "store.UserByName", `SELECT `+userCols+` FROM user WHERE name = ?`, []any{name}, scanUser)
	if err == nil && len(us) == 0 {
		err = fault.New("store.UserByName", fault.NotFound, "user.unknown", fault.Pairs("name", name))
	}
	if err != nil {
		return app.User{}, err
	}
	return us[0], nil
}

// SaveUser implements app.PeopleTx.
func (t *tx) SaveUser(u app.User) (int64, error) {
	const op = "store.SaveUser"
	reach := ""
	if !u.Reach.Everywhere() {
		b, err := json.Marshal(u.Reach)
		if err != nil {
			return 0, fault.Wrap(op, fault.Internal, "store.user-reach", fault.Pairs("name", u.Name), err)
		}
		reach = string(b)
	}
	args := []any{u.Name, string(u.Role), flag(u.Disabled), u.LastIn, u.Failures,
		flag(u.TOTP), u.TOTPStep, flag(u.KeyFile), flag(u.Activate), u.ActivateUntil, u.PasswordAt, u.RoleAt, u.CreatedAt, reach, u.PasswordSeq, u.EnabledAt}
	taken := func(err error) error {
		if isUnique(err) {
			return fault.Wrap(op, fault.Conflict, "user.name-taken", fault.Pairs("name", u.Name), err)
		}
		return wrap(op, err)
	}
	if u.ID == 0 {
		res, err := t.exec(`INSERT INTO user (name, role, disabled, last_in, failures, totp, totp_step, key_file, activate, activate_until, password_at, role_at, created_at, reach, password_seq, enabled_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, args...)
		if err != nil {
			return 0, taken(err)
		}
		id, err := res.LastInsertId()
		return id, wrap(op, err)
	}
	res, err := t.exec(`UPDATE user SET name = ?, role = ?, disabled = ?, last_in = ?, failures = ?, totp = ?, totp_step = ?, key_file = ?,
		activate = ?, activate_until = ?, password_at = ?, role_at = ?, created_at = ?, reach = ?, password_seq = ?, enabled_at = ?, version = version + 1
		WHERE id = ? AND version = ?`, append(args, u.ID, u.Version)...)
	if err != nil {
		return 0, taken(err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return u.ID, wrap(op, err)
	}
	var have int64
	if err := t.get(`SELECT version FROM user WHERE id = ?`, []any{u.ID}, &have); noRow(err) {
		return 0, fault.New(op, fault.NotFound, "user.unknown", fault.Pairs("name", u.Name))
	}
	return 0, stale(op, "user", u.Name)
}

// Roles implements app.PeopleTx, in the order of the standard ones, then by name.
func (t *tx) Roles() ([]access.Role, error) {
	const op = "store.Roles"
	byID := map[access.RoleID]access.Role{}
	var others []access.Role
	standard := access.Standard()
	known := map[access.RoleID]bool{}
	for _, r := range standard {
		known[r.ID] = true
	}
	err := t.each(`SELECT rights FROM role ORDER BY id`, nil, func(scan func(...any) error) error {
		var b string
		if err := scan(&b); err != nil {
			return err
		}
		var r access.Role
		if err := json.Unmarshal([]byte(b), &r); err != nil {
			return fault.Wrap(op, fault.Damaged, "store.role", nil, err)
		}
		r = r.Current()
		if known[r.ID] {
			byID[r.ID] = r
		} else {
			others = append(others, r)
		}
		return nil
	})
	if err != nil {
		return nil, wrap(op, err)
	}
	var out []access.Role
	for _, r := range standard {
		if have, ok := byID[r.ID]; ok {
			out = append(out, have)
		}
	}
	return append(out, others...), nil
}

// SaveRole implements app.PeopleTx.
func (t *tx) SaveRole(r access.Role) error {
	const op = "store.SaveRole"
	b, err := json.Marshal(r)
	if err != nil {
		return fault.Wrap(op, fault.Internal, "store.role", nil, err)
	}
	_, err = t.exec(`INSERT INTO role (id, rights) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET rights = excluded.rights`, string(r.ID), string(b))
	return wrap(op, err)
}

// DropRole implements app.PeopleTx.
func (t *tx) DropRole(id access.RoleID) error {
	_, err := t.exec(`DELETE FROM role WHERE id = ?`, string(id))
	return wrap("store.DropRole", err)
}

// settingShopName is app.SettingShopName: the sign-in screen shows it of a
// closed shop, so the vault keeps a copy outside the encrypted file.
const settingShopName = app.SettingShopName

// Setting implements app.Tx.
func (t *tx) Setting(key string) (string, error) {
	var v string
	err := t.get(`SELECT value FROM setting WHERE key = ?`, []any{key}, &v)
	if noRow(err) {
		return "", nil
	}
	return v, wrap("store.Setting", err)
}

// SetSetting implements app.Tx; an empty value takes the setting away.
func (t *tx) SetSetting(key, value string) error {
	const op = "store.SetSetting"
	if key == settingShopName {
		t.renamed = &value
	}
	if value == "" {
		_, err := t.exec(`DELETE FROM setting WHERE key = ?`, key)
		return wrap(op, err)
	}
	_, err := t.exec(`INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, value)
	return wrap(op, err)
}

// LogHead implements app.LogTx.
func (t *tx) LogHead() (seq int64, hash [32]byte, err error) {
	var b []byte
	err = t.get(`SELECT seq, hash FROM oplog ORDER BY seq DESC LIMIT 1`, nil, &seq, &b)
	if noRow(err) {
		return 0, hash, nil
	}
	copy(hash[:], b)
	return seq, hash, wrap("store.LogHead", err)
}

// AppendLog implements app.LogTx. The entry must be the next one: a hole or a
// doubled number would look like tampering for ever.
func (t *tx) AppendLog(s oplog.Sealed, _ oplog.Entry) error {
	const op = "store.AppendLog"
	seq, hash, err := t.LogHead()
	if err != nil {
		return err
	}
	if s.Seq != seq+1 || s.Prev != hash {
		return fault.New(op, fault.Internal, "store.log-order", fault.Pairs("seq", s.Seq, "head", seq))
	}
	_, err = t.exec(`INSERT INTO oplog (seq, bytes, prev, hash) VALUES (?, ?, ?, ?)`, s.Seq, string(s.Bytes), s.Prev[:], s.Hash[:])
	return wrap(op, err)
}

// LogEntries implements app.LogTx.
func (t *tx) LogEntries(from int64, limit int) ([]oplog.Sealed, error) {
	if limit <= 0 {
		limit = -1
	}
	return all(t, "store.LogEntries", `SELECT seq, bytes, prev, hash FROM oplog WHERE seq >= ? ORDER BY seq LIMIT ?`, []any{from, limit},
		func(scan func(...any) error) (s oplog.Sealed, err error) {
			var text string
			var prev, hash []byte
			err = scan(&s.Seq, &text, &prev, &hash)
			s.Bytes = []byte(text)
			copy(s.Prev[:], prev)
			copy(s.Hash[:], hash)
			return s, err
		})
}
