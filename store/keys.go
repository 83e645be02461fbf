package store

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"slices"
	"sync"
	"sync/atomic"

	"tiezhang/app"
	"tiezhang/app/fault"
	"tiezhang/app/totp"
	"tiezhang/store/keyring"
)

// keys is the keyring of an open shop; it implements app.Keys. Only a rotation
// touches the encrypted file: the gate calls all else in the middle of a write.
//
// Changing the roster wants the owner's own keys: those of the person who is at
// the shop now, and nobody else's. A shop is often opened by an owner and worked
// in by a clerk afterwards; with the owner they go.
type keys struct {
	path  string
	price pricing

	mu     sync.Mutex // one change or check at a time: each may take a second and much memory
	dek    keyring.Key
	ring   *keyring.Ring
	seen   atomic.Pointer[ringSeen]     // of the ring as it is on the disk; read without mu
	me     string                       // slot ID of who is at the shop; "" is nobody, or the recovery code
	owners map[string]*keyring.Unlocked // by slot ID; what is not me's waits for Present to say who came
}

var _ app.Keys = (*keys)(nil)

func newKeys(path string, price pricing, ring *keyring.Ring, me *keyring.Unlocked, seen *ringSeen) *keys {
	k := &keys{path: path, price: price, dek: me.DEK, ring: ring, me: me.UserID, owners: map[string]*keyring.Unlocked{}}
	k.seen.Store(seen)
	k.keep(me)
	return k
}

// keep holds on to an owner's opened ring and lets go of anybody else's.
func (k *keys) keep(u *keyring.Unlocked) {
	if !u.IsOwner() {
		u.Wipe()
		return
	}
	if old := k.owners[u.UserID]; old != nil && old != u {
		old.Wipe()
	}
	k.owners[u.UserID] = u
}

// owner gives the opened ring of who is at the shop, if they may change the
// roster now: they may have been made a plain person, or got a new identity, since
// they opened it. Nil when there is none; the ring then says that an owner is
// wanted.
func (k *keys) owner() *keyring.Unlocked {
	u := k.owners[k.me]
	if u == nil || k.ring.MayChange(u) {
		return u
	}
	k.letGo(k.me)
	return nil
}

func (k *keys) letGo(id string) {
	k.owners[id].Wipe()
	delete(k.owners, id)
}

// Present implements app.Keys.
func (k *keys) Present(name string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.me, _ = k.idOf(name)
	for id := range k.owners {
		if id != k.me || k.me == "" {
			k.letGo(id)
		}
	}
}

func (k *keys) wipe() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	clear(k.dek[:])
	for id := range k.owners {
		k.letGo(id)
	}
	return nil
}

// secretOf is what the keyring is asked with. A one-time code may be typed in
// its groups.
func secretOf(p app.Proof) keyring.Secret {
	return keyring.Secret{Password: keyring.AsTyped(p.Password), KeyFile: p.KeyFile}
}

// newAccountID names a person for ever, whatever they are called.
func newAccountID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return "u" + hex.EncodeToString(b[:])
}

// slotsOf gives the slots of people.
func slotsOf(ring *keyring.Ring, names []string) (ids []string) {
	for _, u := range ring.Users() {
		if slices.Contains(names, u.Name) {
			ids = append(ids, u.ID)
		}
	}
	return ids
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
	return k.ring.Named(name)
}

// change runs f and saves the ring.
func (k *keys) change(f func() error) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	before := k.ring.Bytes()
	if err := f(); err != nil {
		return err
	}
	return k.save(before)
}

// save writes the ring. If it cannot, the ring in memory becomes what is on the
// disk, or what it was before, so that the two never differ.
func (k *keys) save(before []byte) error {
	err := k.ring.Save(k.path)
	if err != nil {
		there, derr := keyring.Open(k.path)
		if derr != nil {
			there, derr = keyring.Parse(before)
		}
		if derr == nil {
			k.ring = there
		}
	}
	k.seen.Store(k.seen.Load().next(k.ring.Mark()))
	return err
}

// mend makes the keyring's file anew when only its second copy was left.
func (k *keys) mend() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.ring.FromCopy() {
		_ = k.ring.Save(k.path) // else the copy stands in, and is reported, the next time too
	}
}

// valid refuses what the shop remembers as void: the keyring may be an older one
// put back.
func (k *keys) valid(u *keyring.Unlocked) error {
	if k.seen.Load().voided(k.ring.Mark().Holders[u.UserID]) {
		return voided("store.Verify")
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
	u, err := k.ring.Unlock(user, secretOf(app.Proof{Password: password}))
	if err == nil {
		err = k.valid(u)
		u.Wipe()
	}
	return err
}

// Verify implements app.Keys.
func (k *keys) Verify(ctx context.Context, user string, p app.Proof) (totp.Secret, error) {
	if err := canceled("store.Verify", ctx); err != nil {
		return totp.Secret{}, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	u, err := k.unlock(user, p)
	if err != nil {
		return totp.Secret{}, err
	}
	seed, _ := u.TOTPSeed()
	k.keep(u)
	return seed, nil
}

// unlock opens the ring for a person, and while their password is at hand makes
// a guess at it as dear as this machine allows.
func (k *keys) unlock(user string, p app.Proof) (*keyring.Unlocked, error) {
	before := k.ring.Bytes()
	u, dearer, err := k.price.unlock(k.ring, user, secretOf(p), k.valid)
	if err == nil && dearer {
		_ = k.save(before) // the old slot is as good as it was yesterday
	}
	return u, err
}

// AddUser implements app.Keys.
func (k *keys) AddUser(ctx context.Context, name, password string) error {
	if err := canceled("store.AddUser", ctx); err != nil {
		return err
	}
	return k.change(func() error { return k.add(name, secretOf(app.Proof{Password: password})) })
}

func (k *keys) add(name string, s keyring.Secret) error {
	return k.ring.AddUser(k.owner(), keyring.Account{ID: newAccountID(), Name: name}, s, k.price.profile())
}

// RemoveUser implements app.Keys. A person without a slot (after a restore)
// has nothing to be taken away.
func (k *keys) RemoveUser(_ context.Context, name string) error {
	return k.change(func() error {
		id, ok := k.idOf(name)
		if !ok {
			return nil
		}
		return k.ring.RemoveUser(k.owner(), id)
	})
}

// RenameUser implements app.Keys.
func (k *keys) RenameUser(_ context.Context, name, newName string) error {
	return k.change(func() error {
		id, ok := k.idOf(name)
		if !ok {
			return nil
		}
		return k.ring.Rename(k.owner(), id, newName)
	})
}

// SetOwner implements app.Keys. Somebody without a slot (after a restore) gets
// one with their next password, which is when they can be made an owner.
func (k *keys) SetOwner(_ context.Context, name string, owner bool) error {
	return k.change(func() error {
		id, ok := k.idOf(name)
		if !ok {
			return fault.New("store.SetOwner", fault.NotFound, "keyring.no-slot", fault.Pairs("name", name))
		}
		return k.ring.SetOwner(k.owner(), id, owner)
	})
}

// SetPassword implements app.Keys.
func (k *keys) SetPassword(ctx context.Context, name, old, password string) error {
	return k.ChangePassword(ctx, name, app.Proof{Password: old}, password)
}

// ChangePassword implements app.Keys.
func (k *keys) ChangePassword(ctx context.Context, name string, old app.Proof, password string) error {
	return k.own(ctx, name, old, func(u *keyring.Unlocked, s keyring.Secret) error {
		s.Password = keyring.AsTyped(password)
		return k.ring.ChangePassword(u, s, k.price.profile())
	})
}

// KeyFileName implements app.Keys.
func (k *keys) KeyFileName(name string) (string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	id, ok := k.idOf(name)
	if !ok {
		return "", fault.New("store.KeyFileName", fault.NotFound, "keyring.no-slot", fault.Pairs("name", name))
	}
	return keyFileName(k.ring.Shop(), id), nil
}

// SetKeyFile implements app.Keys.
func (k *keys) SetKeyFile(ctx context.Context, name string, old app.Proof, file []byte) error {
	return k.own(ctx, name, old, func(u *keyring.Unlocked, s keyring.Secret) error {
		s.KeyFile = file
		return k.ring.ChangePassword(u, s, k.price.profile())
	})
}

// NewTOTP implements app.Keys.
func (k *keys) NewTOTP(ctx context.Context, name string, p app.Proof) (seed totp.Secret, err error) {
	err = k.own(ctx, name, p, func(u *keyring.Unlocked, s keyring.Secret) (err error) {
		seed, err = k.ring.NewTOTP(u, s, k.price.profile())
		return err
	})
	if err != nil {
		return totp.Secret{}, err
	}
	return seed, nil
}

// own runs a change of a person's own slot with their identity open. What it is
// given is the secret that opened it; a key file is in it only if one was needed.
func (k *keys) own(ctx context.Context, name string, p app.Proof, f func(*keyring.Unlocked, keyring.Secret) error) error {
	if err := canceled("store.Keys", ctx); err != nil {
		return err
	}
	return k.change(func() error {
		s := secretOf(p)
		if !k.ring.NeedsKeyFile(name) {
			s.KeyFile = nil
		}
		u, err := k.ring.Unlock(name, s)
		if err != nil {
			return err
		}
		if err = k.valid(u); err == nil {
			err = f(u, s)
		}
		if err != nil {
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
	return k.reset(ctx, name, secretOf(app.Proof{Password: password}))
}

// Activate implements app.Keys.
func (k *keys) Activate(ctx context.Context, name string) (app.RecoveryCode, error) {
	code := keyring.NewActivationCode()
	if err := k.reset(ctx, name, code.Secret()); err != nil {
		return app.RecoveryCode{}, err
	}
	g := code.Groups()
	return app.RecoveryCode{Groups: g[:]}, nil
}

func (k *keys) reset(ctx context.Context, name string, s keyring.Secret) error {
	if err := canceled("store.ResetPassword", ctx); err != nil {
		return err
	}
	return k.change(func() error {
		id, ok := k.idOf(name)
		if !ok {
			return k.add(name, s)
		}
		by := k.owner()
		if err := k.ring.ResetPassword(by, id, s, k.price.profile()); err != nil {
			return err
		}
		if by.UserID == id || by.UserID == "" { // a reset gives a new identity, by which who came with the recovery code goes on
			u, err := k.ring.Unlock(id, s)
			if err != nil {
				return err
			}
			k.keep(u)
		}
		return nil
	})
}

// Former implements app.Keys.
func (k *keys) Former(name string) (record string, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	id, ok := k.idOf(name)
	if !ok {
		return "", false
	}
	return k.ring.Former(id)
}

// NewRecovery implements app.Keys.
func (k *keys) NewRecovery(context.Context) (app.RecoveryCode, error) {
	var code keyring.RecoveryCode
	err := k.change(func() (err error) {
		code, err = k.ring.NewRecovery(k.owner())
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
func (k *keys) ArchiveKeys(but ...string) app.ArchiveKeys {
	k.mu.Lock()
	defer k.mu.Unlock()
	slots, err := k.ring.BackupSlots(k.dek, slotsOf(k.ring, but)...)
	if err != nil {
		slots = nil // the shop was closed: the key is gone, and an archive without slots is refused where it is written
	}
	return app.ArchiveKeys{ShopID: k.ring.Shop(), Slots: slots, DEK: k.dek}
}
