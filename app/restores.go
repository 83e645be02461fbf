package app

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"path/filepath"

	"tiezhang/app/fault"
	"tiezhang/app/oplog"
	"tiezhang/backup"
	"tiezhang/backup/target"
)

// Opener is how a person opens a backup: the recovery code alone, or the name
// and password of the day it was made, with what was on the person's key stick
// then if they had one. Without a name the password is any owner's.
type Opener struct {
	User, Password, Code string
	KeyFile              []byte
}

func (h Host) unlock(ctx context.Context, o Opener) backup.Unlock {
	return func(slots []byte) ([32]byte, error) {
		k, err := h.Vault.ArchiveKeys(ctx, slots, o)
		return k.DEK, err
	}
}

// OpenBackup unlocks a backup file and tells what is in it, without restoring.
// Faults: WrongKey, Damaged, NotFound.
func (h Host) OpenBackup(ctx context.Context, path string, o Opener) (Kept, error) {
	i, err := backup.Open(target.OS{}, path, h.unlock(ctx, o))
	if err != nil {
		return Kept{}, err
	}
	return keptOf(i), nil
}

// RestoreBackup brings a backup back into a folder: a new or empty one, or a
// closed shop's, whose files are moved aside, never deleted. The code or
// password is the right: it works on a computer that never saw the shop.
//
// Before anything is put in place the rebuilt shop is opened and compared with
// what the backup says of itself. If the same code or password opens the shop
// that is there, that is backed up first, beside the archive when this is a
// backup place; when it cannot be, its files moved aside are the copy.
// Faults: WrongKey, Damaged naming the place, Newer, NoSpace, ReadOnly,
// Conflict, Locked, Canceled; whatever happens the folder holds the old shop or
// the new.
func (h Host) RestoreBackup(ctx context.Context, path, dir string, o Opener, p Progress) (aside string, err error) {
	const op = "app.Restore"
	disk := target.OS{}
	if dir, err = filepath.Abs(dir); err != nil {
		return "", fault.Wrap(op, fault.Invalid, "backup.disk.error", fault.Pairs("path", dir), err)
	}
	if path, err = filepath.Abs(path); err != nil {
		return "", fault.Wrap(op, fault.Invalid, "backup.disk.error", fault.Pairs("path", path), err)
	}
	if _, err := FinishRestore(dir); err != nil {
		return "", err
	}
	j := backup.RestoreJob{FS: disk, Clock: h.Clock, Path: path, Dir: dir, Unlock: h.unlock(ctx, o),
		MaxSchema: uint32(h.Vault.Schema()), Check: h.prove(o, p), Progress: stages(p)} //nolint:gosec // a small number
	there, err := backup.HasShop(disk, dir)
	if err != nil {
		return "", target.Fault(op, dir, err)
	}
	if there {
		release, err := h.Vault.Hold(dir)
		if err != nil {
			return "", err
		}
		defer func() { _ = release() }()
		// A keyring that cannot be read names no shop: bringing a ruined shop
		// back is what a restore is for.
		if d, err := h.Vault.Look(dir); err == nil {
			if err := j.DB.UnmarshalText([]byte(d.ShopID)); err != nil {
				return "", fault.Wrap(op, fault.Internal, "app.internal", nil, err)
			}
		}
		j.Before = func(ctx context.Context) error { return h.keepPresent(ctx, dir, filepath.Dir(path), o, p) }
	}
	r, err := backup.Restore(ctx, j)
	if err != nil {
		return "", err
	}
	_ = h.freshTries(dir) // without it the next sign-in only has to wait
	return r.Aside, nil
}

// keepPresent backs up the shop about to be replaced. Only a cancelling person
// stops the restore here: the files themselves are kept in any case.
func (h Host) keepPresent(ctx context.Context, dir, folder string, o Opener, p Progress) error {
	st, keys, err := h.Vault.Examine(ctx, dir, o)
	if err == nil {
		c := copier{st: st, keys: keys, host: h}
		_, err = c.run(ctx, folder, false, p)
		_ = st.Close() // what it could not fold in moves aside with the rest
	}
	if ctx.Err() != nil {
		return fault.Wrap("app.Restore", fault.Canceled, "backup.canceled", nil, err)
	}
	return nil
}

// prove opens a rebuilt shop with the person's own key and compares it with the
// sealed facts. A chain of the log that was broken when the backup was made is
// no reason to refuse: the shop would stay lost, and the self-check names it.
func (h Host) prove(o Opener, p Progress) func(context.Context, string, backup.Info) error {
	const op = "app.Restore"
	return func(ctx context.Context, dir string, i backup.Info) (err error) {
		bad := func(what string) error {
			return fault.New(op, fault.Damaged, "backup.restore.check", fault.Pairs("file", i.Name, "what", what))
		}
		st, _, err := h.Vault.Examine(ctx, dir, o)
		if err != nil {
			return err
		}
		defer func() {
			if cerr := st.Close(); err == nil && cerr != nil {
				err = cerr
			}
		}()
		found, err := st.CheckFile(ctx, func(done, total int64) {
			if p != nil {
				p("check.stage.file", done, total)
			}
		})
		if err != nil {
			return err
		}
		if len(found) > 0 {
			return bad(found[0])
		}
		if st.Schema() != int(i.Schema) {
			return bad("schema")
		}
		if st.Schema() != h.Vault.Schema() {
			return nil // an older layout is read only after it was brought up to date
		}
		return st.Read(ctx, func(tx Tx) error {
			now, err := factsOf(tx)
			if err != nil {
				return err
			}
			switch {
			case now.Totals != i.Facts.Totals:
				return bad("totals")
			case now.LogHead != i.Facts.LogHead:
				return bad("log")
			case now.Shop != i.Facts.Shop:
				return bad("shop")
			}
			return nil
		})
	}
}

// TryRestore does everything a restore does but the last step, in a scratch
// folder below dir, and removes it: only then a backup is proved to restore.
func (h Host) TryRestore(ctx context.Context, path, dir string, o Opener, p Progress) (Kept, error) {
	r, err := backup.Drill(ctx, backup.RestoreJob{FS: target.OS{}, Clock: h.Clock, Path: path, Dir: dir, Unlock: h.unlock(ctx, o),
		MaxSchema: uint32(h.Vault.Schema()), Check: h.prove(o, p), Progress: stages(p)}) //nolint:gosec // a small number
	if err != nil {
		return Kept{}, err
	}
	k := keptOf(r.Info)
	k.VerifiedAt = h.Clock.Now()
	return k, nil
}

// VerifyBackup reads a whole backup file. With an Opener it proves that every
// page is the shop's own; without, that every byte is as it was written.
func (h Host) VerifyBackup(ctx context.Context, path string, o *Opener, p Progress) (backup.Report, error) {
	j := backup.VerifyJob{FS: target.OS{}, Path: path, Uncached: true, Progress: stages(p)}
	if o != nil {
		j.Unlock = h.unlock(ctx, *o)
	}
	return backup.Verify(ctx, j)
}

// FinishRestore completes a restore that was cut off while files were being
// moved. Called before a shop is looked at.
func FinishRestore(dir string) (bool, error) { return backup.FinishSwap(target.OS{}, dir) }

// noteRestore writes into a shop that was just restored what it cannot know by
// itself: a new epoch, the number of the backup it came from, a log entry. When
// this fails the note stays, and the next opening tries again.
func (sh *Shop) noteRestore(ctx context.Context, s *Session) {
	disk := target.OS{}
	r, there, err := backup.Restored(disk, sh.store.Dir())
	if err != nil || !there {
		return
	}
	x := &Exec{S: s, Now: sh.clock.Now(), action: "backup.restore", object: r.File, detail: map[string]any{"sequence": r.Sequence}}
	err = sh.store.Write(ctx, func(tx Tx) error {
		x.Tx = tx
		old, err := tx.Setting(settingBackupSequence)
		if err != nil {
			return err
		}
		var after uint64
		_ = json.Unmarshal([]byte(old), &after) // none yet is 0
		b, err := json.Marshal(max(after, r.Sequence))
		if err != nil {
			return fault.Wrap("app.Restore", fault.Internal, "app.internal", nil, err)
		}
		if err := tx.SetSetting(settingBackupSequence, string(b)); err != nil {
			return err
		}
		if err := tx.SetSetting(settingBackupEpoch, newEpoch().String()); err != nil {
			return err
		}
		return s.appendLog(x, oplog.OK, "")
	})
	if err == nil {
		_ = backup.Acknowledge(disk, sh.store.Dir()) // read again, it does no harm
	}
}

func newEpoch() (id backup.ID) {
	_, _ = rand.Read(id[:]) // never fails
	return id
}
