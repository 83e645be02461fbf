package store

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"strings"
	"sync"

	"tiezhang/app"
	"tiezhang/store/keyring"
)

// keys is the keyring of an open shop; it implements app.Keys. It never
// touches the encrypted file: the gate calls it in the middle of a write.
//
// Changing the roster wants the owner's own keys. A shop is often opened by a
// clerk and the owner signs in later, so the ring the owner opened last stays
// here until the shop is closed; who may use it is the gate's decision.
type keys struct {
	path    string
	profile func() keyring.Profile
	dek     keyring.Key

	mu    sync.Mutex // one change or check at a time: each may take a second and much memory
	ring  *keyring.Ring
	owner *keyring.Unlocked // nil until an owner, or the recovery code, has opened the ring
}

var _ app.Keys = (*keys)(nil)

func newKeys(path string, profile func() keyring.Profile, ring *keyring.Ring, me *keyring.Unlocked) *keys {
	k := &keys{path: path, profile: profile, dek: me.DEK, ring: ring}
	k.keep(me)
	return k
}

// keep holds on to an owner's opened ring and lets go of anybody else's.
func (k *keys) keep(u *keyring.Unlocked) {
	if !u.IsOwner() {
		u.Wipe()
		return
	}
	if k.owner != nil && k.owner != u {
		k.owner.Wipe()
	}
	k.owner = u
}

func (k *keys) wipe() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	clear(k.dek[:])
	if k.owner != nil {
		k.owner.Wipe()
		k.owner = nil
	}
	return nil
}

// newAccountID names a person for ever, whatever they are called.
func newAccountID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return "u" + hex.EncodeToString(b[:])
}

func (k *keys) nameOf(id string) string {
	for _, u := range k.ring.Users() {
		if u.ID == id {
			return u.Name
		}
	}
	return ""
}

// idOf finds a person's slot; false when they have none.
func (k *keys) idOf(name string) (string, bool) {
	for _, u := range k.ring.Users() {
		if strings.EqualFold(u.Name, name) {
			return u.ID, true
		}
	}
	return "", false
}

// change runs f and saves the ring. If it cannot be saved the ring in memory
// goes back to what is on the disk, so that the two never differ.
func (k *keys) change(f func() error) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	before := k.ring.Bytes()
	if err := f(); err != nil {
		return err
	}
	if err := k.ring.Save(k.path); err != nil {
		if old, perr := keyring.Parse(before); perr == nil {
			k.ring = old
		}
		return err
	}
	return nil
}

// Check implements app.Keys.
func (k *keys) Check(ctx context.Context, user, password string) error {
	if err := canceled("store.Check", ctx); err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	u, err := k.ring.Unlock(user, keyring.Secret{Password: password})
	if err != nil {
		return err
	}
	k.keep(u)
	return nil
}

// AddUser implements app.Keys.
func (k *keys) AddUser(ctx context.Context, name, password string) error {
	if err := canceled("store.AddUser", ctx); err != nil {
		return err
	}
	return k.change(func() error { return k.add(name, password) })
}

func (k *keys) add(name, password string) error {
	return k.ring.AddUser(k.owner, keyring.Account{ID: newAccountID(), Name: name}, keyring.Secret{Password: password}, k.profile())
}

// RemoveUser implements app.Keys. A person without a slot (after a restore)
// has nothing to be taken away.
func (k *keys) RemoveUser(_ context.Context, name string) error {
	return k.change(func() error {
		id, ok := k.idOf(name)
		if !ok {
			return nil
		}
		return k.ring.RemoveUser(k.owner, id)
	})
}

// RenameUser implements app.Keys.
func (k *keys) RenameUser(_ context.Context, name, newName string) error {
	return k.change(func() error {
		id, ok := k.idOf(name)
		if !ok {
			return nil
		}
		return k.ring.Rename(k.owner, id, newName)
	})
}

// SetPassword implements app.Keys.
func (k *keys) SetPassword(ctx context.Context, name, old, password string) error {
	if err := canceled("store.SetPassword", ctx); err != nil {
		return err
	}
	return k.change(func() error {
		u, err := k.ring.Unlock(name, keyring.Secret{Password: old})
		if err != nil {
			return err
		}
		if err := k.ring.ChangePassword(u, keyring.Secret{Password: password}, k.profile()); err != nil {
			u.Wipe()
			return err
		}
		k.keep(u)
		return nil
	})
}

// ResetPassword implements app.Keys. A person who has no slot, because the
// shop was restored from a backup, which carries the owner's only, gets one.
func (k *keys) ResetPassword(ctx context.Context, name, password string) error {
	if err := canceled("store.ResetPassword", ctx); err != nil {
		return err
	}
	return k.change(func() error {
		id, ok := k.idOf(name)
		if !ok {
			return k.add(name, password)
		}
		if err := k.ring.ResetPassword(k.owner, id, keyring.Secret{Password: password}, k.profile()); err != nil {
			return err
		}
		if k.owner != nil && k.owner.UserID == id { // a reset gives a new identity: the one held is not it any more
			u, err := k.ring.Unlock(id, keyring.Secret{Password: password})
			if err != nil {
				return err
			}
			k.keep(u)
		}
		return nil
	})
}

// NewRecovery implements app.Keys.
func (k *keys) NewRecovery(context.Context) (app.RecoveryCode, error) {
	var code keyring.RecoveryCode
	err := k.change(func() (err error) {
		code, err = k.ring.NewRecovery(k.owner)
		return err
	})
	if err != nil {
		return app.RecoveryCode{}, err // a code that opens nothing must not be printed
	}
	g := code.Groups()
	return app.RecoveryCode{Groups: g[:]}, nil
}

// Raw implements app.Keys.
func (k *keys) Raw() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return hex.EncodeToString(k.dek[:])
}

// ArchiveKeys implements app.Keys.
func (k *keys) ArchiveKeys() app.ArchiveKeys {
	k.mu.Lock()
	defer k.mu.Unlock()
	slots, err := k.ring.BackupSlots(k.dek)
	if err != nil {
		slots = nil // the shop was closed: the key is gone, and an archive without slots is refused where it is written
	}
	return app.ArchiveKeys{ShopID: k.ring.Shop(), Slots: slots, DEK: k.dek}
}
