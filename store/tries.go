package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"tiezhang/app/fault"
	"tiezhang/internal/disk"
)

// TriesName is the counter of wrong passwords beside the shop's files. What is
// in it is package app's business; a shop without it opens all the same.
const (
	TriesName    = "tries"
	triesLock    = "tries.lock"
	triesMax     = 1 << 20
	triesPatient = 10 * time.Second // another program is at it: a second each, at most a few
)

// Slot implements app.TryBook.
func (v Vault) Slot(dir, user string) (string, error) {
	ring, err := openRing("store.Slot", dir)
	if err != nil {
		return "", err
	}
	id, _ := ring.Find(user)
	return id, nil
}

// Slot implements app.Keys.
func (k *keys) Slot(user string) (id, name string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	id, _ = k.ring.Find(user)
	return id, k.nameOf(id)
}

// UpdateTries implements app.TryBook. The first copy lies in the shop's folder,
// the second, under the shop's own number, in mirror, so that a folder copied
// or brought back meets the count of this computer. "" keeps no second copy.
func (v Vault) UpdateTries(dir, mirror string, change func([][]byte) ([]byte, error)) (err error) {
	const op = "store.UpdateTries"
	ring, err := openRing(op, dir)
	if err != nil {
		return err
	}
	paths := []string{filepath.Join(dir, TriesName)}
	locks := []string{filepath.Join(dir, triesLock)}
	if mirror != "" {
		if err := os.MkdirAll(mirror, 0o700); err != nil {
			return folderFault(op, mirror, err)
		}
		id := filepath.Join(mirror, ring.Shop().String()+".tries")
		paths, locks = append(paths, id), append(locks, id+".lock")
	}
	ctx, stop := context.WithTimeout(context.Background(), triesPatient)
	defer stop()
	for _, path := range locks {
		l := flock.New(path, flock.SetPermissions(0o600))
		ok, lerr := l.TryLockContext(ctx, 20*time.Millisecond)
		if !ok || lerr != nil {
			if lerr == nil || errors.Is(lerr, context.DeadlineExceeded) {
				return fault.New(op, fault.Locked, "shop.locked", fault.Pairs("folder", dir))
			}
			return folderFault(op, filepath.Dir(path), lerr)
		}
		defer func() { _ = l.Close() }()
	}
	copies := make([][]byte, len(paths))
	for i, p := range paths {
		copies[i], _ = disk.ReadSmall(p, triesMax) // what can't be read is none
	}
	b, err := change(copies)
	if err != nil {
		return err
	}
	for _, p := range paths {
		if err := disk.Replace(p, b); err != nil {
			return folderFault(op, filepath.Dir(p), err)
		}
	}
	return nil
}
