package store

import (
	"context"
	"encoding/hex"
	"os"
	"path/filepath"

	"tiezhang/app"
	"tiezhang/app/fault"
	"tiezhang/internal/disk"
	"tiezhang/store/cipherdb"
	"tiezhang/store/keyring"
)

// settingLogKey keeps the key of the log's chain when the data key it was made
// from is gone: the log goes on unbroken, and the code printed under an old
// receipt stays what it was. It lies inside the encrypted file, and whoever can
// read that has the log itself.
const settingLogKey = "log.key"

// rotateStep is called between the steps of Rotate; tests stop, or die, there.
var rotateStep = func(string) error { return nil }

// rotateSteps are those names in their order. The keyring takes effect between
// "keyring" and "flipped".
var rotateSteps = []string{"begun", "copying", "copied", "compared", "entered", "old-kept", "keyring", "flipped", "taken", "done"}

// Rotate implements app.Store. Sessions live on: under them the Store changes
// from one file to the other, between two transactions.
func (s *Store) Rotate(ctx context.Context, first func(app.Tx) error, p app.Progress) error {
	const op = "store.Rotate"
	s.rotating.Lock() // one at a time; DropOld waits too
	defer s.rotating.Unlock()
	if s.keys == nil {
		return fault.New(op, fault.Internal, "store.read-view", nil)
	}
	ctx, end, err := s.endWithClose(op, ctx)
	if err != nil {
		return err
	}
	defer end()
	if err := s.keys.mayRotate(); err != nil { // before the long work
		return err
	}
	older, err := s.old(op) // it goes when this generation becomes the one before
	if err != nil {
		return err
	}
	next := keyring.NewNextKey()
	defer clear(next.DEK[:])
	path := filepath.Join(s.dir, generationName(next.KeyID))
	unmark, err := markSpare(op, path)
	if err != nil {
		return err
	}
	taken := false
	defer func() { unmark(taken) }()
	r, err := s.file().Rekey(path, next.DEK)
	if err != nil {
		return err
	}
	defer r.Discard()
	if err := rotateStep("begun"); err != nil {
		return err
	}
	if err := r.Copy(ctx, func(done, total int64) {
		p.Tell("rotate.stage.copy", done, total)
		if done == total || done > total/2 {
			_ = rotateStep("copying")
		}
	}); err != nil {
		return err
	}
	if err := rotateStep("copied"); err != nil {
		return err
	}
	if err := r.Compare(func(old *cipherdb.Pinned, now *cipherdb.DB) error { return s.compare(ctx, old, now, p) }); err != nil {
		return err
	}
	if err := rotateStep("compared"); err != nil {
		return err
	}
	p.Tell("rotate.stage.flip", 0, 1)
	err = r.Finish(ctx, func(db *cipherdb.DB) error {
		if err := s.enterNext(ctx, db, first); err != nil {
			return err
		}
		if err := rotateStep("entered"); err != nil {
			return err
		}
		if taken, err = s.flip(op, next, older); err != nil {
			return err
		}
		// From here on the folder's keyring opens the new file only: whatever
		// else fails, that is the shop.
		s.cur.Store(db)
		return nil
	})
	if err != nil {
		return err
	}
	if older != "" && removeDB(older) == nil { // if it stays, the next opening removes it
		_ = os.Remove(older + spareMark)
	}
	p.Tell("rotate.stage.flip", 1, 1)
	return rotateStep("done")
}

// flip lets the new keyring take effect. The file of two keys ago, if it is still
// there, loses its keyring in that and is marked before.
func (s *Store) flip(op string, next keyring.NextKey, older string) (bool, error) {
	kept := filepath.Join(s.dir, oldKeyring)
	before, _ := disk.ReadSmall(kept, keyring.MaxFile) // needed only when there is one
	unmark := func(bool) {}
	if older != "" {
		var err error
		if unmark, err = markSpare(op, older); err != nil {
			return false, err
		}
	}
	flipped, err := s.keys.flip(next)
	if flipped {
		return true, nil
	}
	if older == "" {
		_ = os.Remove(kept)
	} else if disk.Replace(kept, before) == nil {
		unmark(true)
	}
	return false, err
}

// markSpare says that a file may be removed by whoever finds it. unmark takes
// that back if the file is to stay, and when it is gone.
func markSpare(op, path string) (unmark func(stay bool), err error) {
	dir := filepath.Dir(path)
	if err := disk.Replace(path+spareMark, nil); err != nil { // before the file, whatever happens to the power
		return nil, folderFault(op, dir, err)
	}
	return func(stay bool) {
		if _, err := os.Stat(path); err == nil && !stay {
			return // it could not be removed: the mark must stay with it
		}
		syncDir(dir)
		_ = os.Remove(path + spareMark)
	}, nil
}

// endWithClose gives a context that Close cancels.
func (s *Store) endWithClose(op string, ctx context.Context) (context.Context, func(), error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, nil, fault.New(op, fault.Closed, "cipherdb.closed", nil)
	}
	ctx, cancel := context.WithCancel(ctx)
	s.stopRotating = cancel
	return ctx, func() {
		s.mu.Lock()
		s.stopRotating = nil
		s.mu.Unlock()
		cancel()
	}, nil
}

// enterNext readies the new file: the log's key, and what the use case writes.
// It is folded in, so that nothing of it hangs on the log beside the file.
func (s *Store) enterNext(ctx context.Context, db *cipherdb.DB, first func(app.Tx) error) error {
	t := &Store{dir: s.dir, schema: s.schema, logKey: s.logKey, now: s.now, keys: s.keys, step: s.step}
	t.cur.Store(db)
	return t.Write(ctx, func(x app.Tx) error {
		if err := x.SetSetting(settingLogKey, hex.EncodeToString(s.logKey)); err != nil {
			return err
		}
		if first == nil {
			return nil
		}
		return first(x)
	})
}

// chainKey gives the key of the log: the one written down by a rotation, or the
// one that comes of the first data key.
func chainKey(dek [32]byte, written string) ([]byte, error) {
	if written == "" {
		return logChainKey(dek), nil
	}
	b, err := hex.DecodeString(written)
	if err != nil || len(b) != 32 {
		return nil, fault.New("store.open", fault.Damaged, "store.log-key", nil)
	}
	return b, nil
}

// mayRotate refuses before the work begins what flip would refuse at its end.
func (k *keys) mayRotate() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.owner() == nil {
		return fault.New("store.Rotate", fault.Denied, "keyring.owner-only", nil)
	}
	return nil
}

// present gives the ring as it is now.
func (k *keys) present() *keyring.Ring {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.ring
}

// flip makes the ring for the next key out of the ring as it is at this moment,
// and puts it in place. It tells whether the one on the disk is now the new one.
// An error after that is not the shop's trouble: what is missing is mended at
// the next opening (tidy).
func (k *keys) flip(next keyring.NextKey) (flipped bool, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	by := k.owner()
	ring, u, err := k.ring.Rotated(by, next)
	if err != nil {
		return false, err
	}
	dir := filepath.Dir(k.path)
	if err := disk.Replace(filepath.Join(dir, oldKeyring), k.ring.Bytes()); err != nil {
		u.Wipe()
		return false, folderFault("store.Rotate", dir, err)
	}
	if err := rotateStep("old-kept"); err != nil {
		u.Wipe()
		return false, err
	}
	if err := ring.SaveWhen(k.path, func() error { return rotateStep("keyring") }); err != nil {
		// The rename itself may have come through: the disk says which it is.
		if now, e := keyring.Open(k.path); e != nil || now.KeyID() != next.KeyID {
			u.Wipe()
			_ = k.ring.SaveCopy(k.path)
			return false, err
		}
	}
	_ = rotateStep("flipped")
	_ = ring.SaveCopy(k.path)
	for id, old := range k.owners {
		if id != u.UserID {
			k.owners[id] = old.Under(next.DEK)
		}
		old.Wipe()
	}
	k.owners[u.UserID] = u
	k.ring, k.dek = ring, next.DEK
	k.seen.Store(k.seen.Load().next(ring.Mark()))
	_ = rotateStep("taken")
	return true, nil
}
