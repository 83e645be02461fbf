package store

import (
	"context"
	"database/sql"
	"path/filepath"
	"time"

	"tiezhang/app"
	"tiezhang/app/fault"
	"tiezhang/store/cipherdb"
	"tiezhang/store/keyring"
	"tiezhang/store/schema"
)

// Schema implements app.Vault.
func (v Vault) Schema() int {
	steps, err := schema.Steps()
	if err != nil {
		return 0 // a broken build: opening any shop says so
	}
	return len(steps)
}

// Hold implements app.Vault.
func (v Vault) Hold(dir string) (func() error, error) {
	l, err := lockDir("store.Hold", dir)
	if err != nil {
		return nil, err
	}
	return l.Close, nil
}

// Examine implements app.Vault. Nothing is committed, so the file is the same
// after Close, unless a log was left beside it by a crash: that is folded in.
func (v Vault) Examine(ctx context.Context, dir string, o app.Opener) (app.Store, app.ArchiveKeys, error) {
	const op = "store.Examine"
	fail := func(err error) (app.Store, app.ArchiveKeys, error) { return nil, app.ArchiveKeys{}, err }
	dir, err := filepath.Abs(dir)
	if err != nil {
		return fail(folderFault(op, dir, err))
	}
	ring, err := openRing(op, dir)
	if err != nil {
		return fail(err)
	}
	keys, err := v.ArchiveKeys(ctx, ring.Bytes(), o)
	if err != nil {
		return fail(err)
	}
	if keys.Slots, err = ring.BackupSlots(keyring.Key(keys.DEK)); err != nil {
		return fail(err)
	}
	db, err := cipherdb.Open(dbFile(dir, ring), keys.DEK)
	if err != nil {
		return fail(missingFile(op, dir, ring, err))
	}
	s := &Store{dir: dir, now: time.Now,
		step: func(string) error { return fault.New(op, fault.Internal, "store.read-view", nil) }}
	s.cur.Store(db)
	err = db.Read(ctx, func(t *sql.Tx) error {
		steps, err := schema.Steps()
		if err != nil {
			return fault.Wrap(op, fault.Internal, "store.schema", nil, err)
		}
		s.schema, err = seen(ctx, t, steps)
		return err
	})
	if err == nil {
		err = s.findLogKey(ctx, keys.DEK)
	}
	if err == nil && s.schema == v.Schema() { // an older layout knows of no such owners
		var weak []string
		if err = s.Read(ctx, func(x app.Tx) (err error) { weak, err = app.NewOwners(x); return err }); err == nil && len(weak) > 0 {
			keys.Slots, err = ring.BackupSlots(keyring.Key(keys.DEK), slotsOf(ring, weak)...)
		}
	}
	if err != nil {
		_ = db.Close()
		return fail(wrap(op, err))
	}
	return s, keys, nil
}
