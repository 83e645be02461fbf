package store

import (
	"strings"

	"tiezhang/app"
	"tiezhang/app/rule"
	"tiezhang/store/keyring"
	"tiezhang/store/oldwords"
)

// SignInPlaces implements app.SignInTx.
func (t *tx) SignInPlaces() ([]rule.Seen, error) {
	return all(t, "store.SignInPlaces", `SELECT user, machine, os_user, folder, path FROM place ORDER BY last DESC LIMIT 2000`, nil,
		func(scan func(...any) error) (p rule.Seen, err error) {
			err = scan(&p.UserID, &p.Machine, &p.OSUser, &p.Folder, &p.Path)
			return p, err
		})
}

// SaveSignInPlace implements app.SignInTx.
func (t *tx) SaveSignInPlace(user int64, p rule.Place, at int64) error {
	_, err := t.exec(`INSERT INTO place (user, machine, os_user, folder, path, last) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (user, machine, os_user, folder, path) DO UPDATE SET last = excluded.last`, user, p.Machine, p.OSUser, p.Folder, p.Path, at)
	return wrap("store.SaveSignInPlace", err)
}

// AddUnusual implements app.SignInTx.
func (t *tx) AddUnusual(u app.Unusual) error {
	_, err := t.exec(`INSERT INTO unusual (user, at, reasons, high, machine) VALUES (?, ?, ?, ?, ?)`, u.UserID, u.At, strings.Join(u.Reasons, " "), flag(u.High), u.Machine)
	return wrap("store.AddUnusual", err)
}

// Unusuals implements app.SignInTx.
func (t *tx) Unusuals(unseen bool, limit int) ([]app.Unusual, error) {
	where := ""
	if unseen {
		where = "WHERE x.seen_by IS NULL"
	}
	return all(t, "store.Unusuals", `SELECT x.id, x.user, u.name, x.at, x.reasons, x.high, x.machine, ifnull(s.name, ''), x.seen_at
		FROM unusual x JOIN user u ON u.id = x.user LEFT JOIN user s ON s.id = x.seen_by `+where+` ORDER BY x.id DESC LIMIT ?`, []any{limit},
		func(scan func(...any) error) (u app.Unusual, err error) {
			var reasons string
			err = scan(&u.ID, &u.UserID, &u.User, &u.At, &reasons, &u.High, &u.Machine, &u.SeenBy, &u.SeenAt)
			u.Reasons = strings.Fields(reasons)
			return u, err
		})
}

// SeeUnusual implements app.SignInTx.
func (t *tx) SeeUnusual(upTo, by, at int64) (int, error) {
	const op = "store.SeeUnusual"
	res, err := t.exec(`UPDATE unusual SET seen_by = ?, seen_at = ? WHERE seen_by IS NULL AND id <= ?`, by, at, upTo)
	if err != nil {
		return 0, wrap(op, err)
	}
	n, err := res.RowsAffected()
	return int(n), wrap(op, err)
}

// PasswordUsed implements app.SignInTx.
func (t *tx) PasswordUsed(user int64, password string) (bool, error) {
	hashes, err := all(t, "store.PasswordUsed", `SELECT hash FROM old_password WHERE user = ? ORDER BY at DESC LIMIT 24`, []any{user},
		func(scan func(...any) error) (h string, err error) { err = scan(&h); return h, err })
	if err != nil {
		return false, err
	}
	for _, h := range hashes {
		if keyring.IsFormer(h) && keyring.MatchFormer(h, password) || oldwords.Match(h, password) {
			return true, nil
		}
	}
	return false, nil
}

// KeepPassword implements app.SignInTx.
func (t *tx) KeepPassword(user, at int64, password string, keep int) error {
	return t.KeepFormer(user, at, oldwords.Make(password), keep)
}

// KeepFormer implements app.SignInTx.
func (t *tx) KeepFormer(user, at int64, record string, keep int) error {
	const op = "store.KeepPassword"
	if _, err := t.exec(`INSERT INTO old_password (user, at, hash) VALUES (?, ?, ?)`, user, at, record); err != nil {
		return wrap(op, err)
	}
	_, err := t.exec(`DELETE FROM old_password WHERE user = ? AND (at, hash) NOT IN
		(SELECT at, hash FROM old_password WHERE user = ? ORDER BY at DESC, hash LIMIT ?)`, user, user, keep)
	return wrap(op, err)
}

// ForgetPasswords implements app.SignInTx.
func (t *tx) ForgetPasswords(user int64) error {
	_, err := t.exec(`DELETE FROM old_password WHERE ? IN (0, user)`, user)
	return wrap("store.ForgetPasswords", err)
}

// SaveTraining implements app.SignInTx.
func (t *tx) SaveTraining(r app.Training) error {
	_, err := t.exec(`INSERT INTO training (user, at, score, total) VALUES (?, ?, ?, ?)
		ON CONFLICT (user, at) DO UPDATE SET score = excluded.score, total = excluded.total`, r.UserID, r.At, r.Score, r.Total)
	return wrap("store.SaveTraining", err)
}

// Trainings implements app.SignInTx.
func (t *tx) Trainings() ([]app.Training, error) {
	return all(t, "store.Trainings", `SELECT user, at, score, total FROM training a WHERE at = (SELECT max(at) FROM training WHERE user = a.user) ORDER BY user`, nil,
		func(scan func(...any) error) (r app.Training, err error) {
			err = scan(&r.UserID, &r.At, &r.Score, &r.Total)
			return r, err
		})
}

// SaveReview implements app.SignInTx.
func (t *tx) SaveReview(r app.Review) error {
	_, err := t.exec(`INSERT INTO rights_review (at, user, people, digest, note, seq, key, sig) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		r.At, r.UserID, r.People, r.Digest, r.Note, r.Seq, r.Key, r.Sig)
	return wrap("store.SaveReview", err)
}

// LastReview implements app.SignInTx.
func (t *tx) LastReview() (app.Review, error) {
	rs, err := t.reviews(1)
	if err != nil || len(rs) == 0 {
		return app.Review{}, err
	}
	return rs[0], nil
}

// Reviews implements app.SignInTx.
func (t *tx) Reviews() ([]app.Review, error) { return t.reviews(-1) }

func (t *tx) reviews(limit int) ([]app.Review, error) {
	return all(t, "store.Reviews", `SELECT r.at, r.user, u.name, r.people, r.digest, r.note, r.seq, r.key, r.sig
		FROM rights_review r JOIN user u ON u.id = r.user ORDER BY r.id DESC LIMIT ?`, []any{limit},
		func(scan func(...any) error) (r app.Review, err error) {
			err = scan(&r.At, &r.UserID, &r.User, &r.People, &r.Digest, &r.Note, &r.Seq, &r.Key, &r.Sig)
			return r, err
		})
}
