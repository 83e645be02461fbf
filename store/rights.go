package store

import (
	"strings"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/day"
	"tiezhang/app/fault"
)

// Rights lent for a time, approval codes and rations.

func joinPerms(ps []access.Permission) string {
	ss := make([]string, len(ps))
	for i, p := range ps {
		ss[i] = string(p)
	}
	return strings.Join(ss, " ")
}

func splitPerms(s string) (out []access.Permission) {
	for _, p := range strings.Fields(s) {
		out = append(out, access.Permission(p))
	}
	return out
}

// SaveLent implements app.RightsTx.
func (t *tx) SaveLent(l app.Lent) (int64, error) {
	const op = "store.SaveLent"
	res, err := t.exec(`INSERT INTO lent (user, actions, own, reason, at, until, uses, by, seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		l.User, joinPerms(l.Actions), l.Own, l.Reason, l.At, l.Until, l.Uses, l.By, l.Seq)
	if err != nil {
		return 0, wrap(op, err)
	}
	id, err := res.LastInsertId()
	return id, wrap(op, err)
}

// Lents implements app.RightsTx.
func (t *tx) Lents(user int64, open bool, now int64) ([]app.Lent, error) {
	return all(t, "store.Lents", `SELECT l.id, l.user, l.actions, l.own, l.reason, l.at, l.until, l.uses, l.used, l.by, l.seq, ifnull(l.ended_by, 0), l.ended_at, u.name, b.name
		FROM lent l JOIN user u ON u.id = l.user JOIN user b ON b.id = l.by
		WHERE (?1 = 0 OR l.user = ?1) AND (?2 = 0 OR l.ended_at = 0 AND l.until > ?3) ORDER BY l.id DESC LIMIT 500`, []any{user, open, now},
		func(scan func(...any) error) (l app.Lent, err error) {
			var actions string
			err = scan(&l.ID, &l.User, &actions, &l.Own, &l.Reason, &l.At, &l.Until, &l.Uses, &l.Used, &l.By, &l.Seq, &l.EndedBy, &l.EndedAt, &l.UserName, &l.ByName)
			l.Actions = splitPerms(actions)
			return l, err
		})
}

// UseLent implements app.RightsTx.
func (t *tx) UseLent(id int64) error {
	const op = "store.UseLent"
	res, err := t.exec(`UPDATE lent SET used = used + 1 WHERE id = ? AND ended_at = 0 AND (uses = 0 OR used < uses)`, id)
	if err != nil {
		return wrap(op, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return wrap(op, err)
	}
	return fault.New(op, fault.Denied, "grant.used-up", nil)
}

// EndLent implements app.RightsTx.
func (t *tx) EndLent(id, by, at int64) error {
	const op = "store.EndLent"
	res, err := t.exec(`UPDATE lent SET ended_by = ifnull(ended_by, ?2), ended_at = CASE ended_at WHEN 0 THEN ?3 ELSE ended_at END WHERE id = ?1`, id, by, at)
	if err != nil {
		return wrap(op, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return wrap(op, err)
	}
	return fault.New(op, fault.NotFound, "grant.unknown", nil)
}

// SaveCodeSheet implements app.RightsTx.
func (t *tx) SaveCodeSheet(s app.CodeSheet, hashes [][32]byte) (int64, error) {
	const op = "store.SaveCodeSheet"
	res, err := t.exec(`INSERT INTO code_sheet (by, at, until, actions, up_to, salt, seq) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		s.By, s.At, s.Until, joinPerms(s.Actions), s.UpTo, s.Salt[:], s.Seq)
	if err != nil {
		return 0, wrap(op, err)
	}
	id, err := res.LastInsertId()
	if err != nil {
		return 0, wrap(op, err)
	}
	for i, h := range hashes {
		if _, err := t.exec(`INSERT INTO approval_code (sheet, no, hash) VALUES (?, ?, ?)`, id, i+1, h[:]); err != nil {
			return 0, wrap(op, err)
		}
	}
	return id, nil
}

// CodeSheets implements app.RightsTx.
func (t *tx) CodeSheets() ([]app.CodeSheet, error) {
	return all(t, "store.CodeSheets", `SELECT s.id, s.by, u.name, s.at, s.until, s.actions, s.up_to, s.salt, s.seq, s.ended_at, count(c.id), sum(c.used_at <> 0)
		FROM code_sheet s JOIN user u ON u.id = s.by JOIN approval_code c ON c.sheet = s.id GROUP BY s.id ORDER BY s.id DESC LIMIT 200`, nil,
		func(scan func(...any) error) (s app.CodeSheet, err error) {
			var actions string
			var salt []byte
			err = scan(&s.ID, &s.By, &s.ByName, &s.At, &s.Until, &actions, &s.UpTo, &salt, &s.Seq, &s.EndedAt, &s.Codes, &s.Used)
			s.Actions = splitPerms(actions)
			copy(s.Salt[:], salt)
			return s, err
		})
}

// FindCode implements app.RightsTx.
func (t *tx) FindCode(hash [32]byte) (c app.CodeRow, ok bool, err error) {
	err = t.get(`SELECT id, sheet, no, used_at <> 0 FROM approval_code WHERE hash = ?`, []any{hash[:]}, &c.ID, &c.Sheet, &c.No, &c.Used)
	if noRow(err) {
		return c, false, nil
	}
	return c, err == nil, wrap("store.FindCode", err)
}

// UseCode implements app.RightsTx.
func (t *tx) UseCode(id, by, at, seq int64) error {
	const op = "store.UseCode"
	res, err := t.exec(`UPDATE approval_code SET used_by = ?, used_at = ?, used_seq = ? WHERE id = ? AND used_at = 0`, by, at, seq, id)
	if err != nil {
		return wrap(op, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return wrap(op, err)
	}
	return fault.New(op, fault.Denied, "gate.code-used", nil)
}

// EndCodeSheet implements app.RightsTx.
func (t *tx) EndCodeSheet(id, at int64) error {
	const op = "store.EndCodeSheet"
	res, err := t.exec(`UPDATE code_sheet SET ended_at = ? WHERE id = ? AND ended_at = 0`, at, id)
	if err != nil {
		return wrap(op, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return wrap(op, err)
	}
	return fault.New(op, fault.NotFound, "codes.unknown", nil)
}

// Rationed implements app.RightsTx.
func (t *tx) Rationed(user int64, d day.Date, what string) (n int, err error) {
	err = t.get(`SELECT used FROM ration WHERE user = ? AND day = ? AND what = ?`, []any{user, d, what}, &n)
	if noRow(err) {
		return 0, nil
	}
	return n, wrap("store.Rationed", err)
}

// AddRation implements app.RightsTx.
func (t *tx) AddRation(user int64, d day.Date, what string, n int) error {
	_, err := t.exec(`INSERT INTO ration (user, day, what, used) VALUES (?, ?, ?, ?) ON CONFLICT (user, day, what) DO UPDATE SET used = used + excluded.used`, user, d, what, n)
	return wrap("store.AddRation", err)
}

// HighTime implements app.RightsTx.
func (t *tx) HighTime(from int64) (ms int64, err error) {
	err = t.get(`SELECT ifnull((SELECT time FROM oplog INDEXED BY oplog_time WHERE seq >= ? ORDER BY time DESC LIMIT 1), 0)`, []any{from}, &ms)
	return ms, wrap("store.HighTime", err)
}
