package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/gofrs/flock"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/internal/disk"
	"tiezhang/store/cipherdb"
	"tiezhang/store/keyring"
)

// Names inside a shop's folder.
const (
	DBName      = "shop.db"        // the encrypted file; SQLite puts -wal and -shm beside it
	KeyringName = keyring.FileName // the key slots
	DoorName    = "door.json"      // what the sign-in screen may know without a password
	lockName    = "lock"
	makingName  = "creating" // a shop that is not finished being made
)

// Vault makes and opens shops; it implements app.Vault. The zero value is
// ready; tests set Profile to a cheap one.
type Vault struct {
	// Profile gives the price of a password guess for new slots.
	Profile func() keyring.Profile
}

var _ app.Vault = Vault{}

func (v Vault) profile() keyring.Profile {
	if v.Profile != nil {
		return v.Profile()
	}
	return calibrated()
}

// calibrated measures this machine once.
var calibrated = sync.OnceValue(keyring.Calibrate)

// Create implements app.Vault. Everything is made in a folder inside dir and
// moved into place at the end, the keyring last: a folder without a keyring is
// no shop, so a failure or a power cut leaves nothing that looks like one. Of
// the shop's contents it writes what nobody could sign in without: the
// standard roles and the owner; names in the shop's language are the caller's.
func (v Vault) Create(ctx context.Context, dir string, seed app.NewShop) (app.Opened, app.RecoveryCode, error) {
	const op = "store.Create"
	fail := func(err error) (app.Opened, app.RecoveryCode, error) { return app.Opened{}, app.RecoveryCode{}, err }
	dir, err := filepath.Abs(dir)
	if err != nil {
		return fail(folderFault(op, dir, err))
	}
	_, err = os.Stat(dir)
	fresh := errors.Is(err, fs.ErrNotExist)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fail(folderFault(op, dir, err))
	}
	_, err = os.Stat(filepath.Join(dir, lockName))
	ours := errors.Is(err, fs.ErrNotExist)
	lock, err := lockDir(op, dir)
	if err != nil {
		if fresh {
			_ = os.Remove(dir)
		}
		return fail(err)
	}
	undo := func(err error) (app.Opened, app.RecoveryCode, error) {
		_ = lock.Close()
		if ours {
			_ = os.Remove(filepath.Join(dir, lockName))
		}
		if fresh {
			_ = os.Remove(dir) // only if nothing else has come into it
		}
		return fail(err)
	}
	if err := v.clear(op, dir); err != nil {
		return undo(err)
	}
	ring, me, code, err := keyring.Create(keyring.NewShopID(), keyring.Account{ID: newAccountID(), Name: seed.OwnerName},
		secretOf(app.Proof{Password: seed.Password}), v.profile())
	if err != nil {
		return undo(err)
	}
	making := filepath.Join(dir, makingName)
	if err := v.make(ctx, making, ring, me, seed); err != nil {
		me.Wipe()
		_ = os.RemoveAll(making)
		return undo(err)
	}
	for _, name := range []string{DBName, DoorName, KeyringName} {
		if err := disk.Rename(filepath.Join(making, name), filepath.Join(dir, name)); err != nil {
			me.Wipe()
			_ = os.Remove(filepath.Join(dir, DBName))
			_ = os.Remove(filepath.Join(dir, DoorName))
			_ = os.RemoveAll(making)
			return undo(folderFault(op, dir, err))
		}
	}
	_ = os.RemoveAll(making)
	syncDir(dir)
	o, err := v.enter(ctx, dir, lock, ring, me, ring.Mark(), me.UserID)
	if err == nil {
		err = ring.SaveCopy(filepath.Join(dir, KeyringName))
	}
	if err != nil {
		return fail(err) // the shop is there and whole; only opening it failed
	}
	g := code.Groups()
	return o, app.RecoveryCode{Groups: g[:]}, nil
}

// clear makes sure that dir may become a shop, and takes away the leavings of
// one whose making was broken off: nobody ever had a key to it.
func (v Vault) clear(op, dir string) error {
	making := filepath.Join(dir, makingName)
	if _, err := os.Stat(filepath.Join(dir, KeyringName)); err == nil {
		return fault.New(op, fault.Conflict, "shop.exists", fault.Pairs("folder", dir))
	}
	if _, err := os.Stat(making); err == nil {
		_ = os.RemoveAll(making)
		_ = os.Remove(filepath.Join(dir, DBName))
		_ = os.Remove(filepath.Join(dir, DoorName))
	}
	if _, err := os.Stat(filepath.Join(dir, DBName)); err == nil { // its keyring is gone: there is nothing here to be thrown away
		return fault.New(op, fault.Conflict, "shop.exists", fault.Pairs("folder", dir))
	}
	es, err := os.ReadDir(dir)
	if err != nil {
		return folderFault(op, dir, err)
	}
	for _, e := range es {
		if e.Name() != lockName {
			return fault.New(op, fault.Conflict, "shop.exists", fault.Pairs("folder", dir))
		}
	}
	return nil
}

// make writes a whole shop into a folder of its own and closes it.
func (v Vault) make(ctx context.Context, dir string, ring *keyring.Ring, me *keyring.Unlocked, seed app.NewShop) error {
	const op = "store.Create"
	if err := os.Mkdir(dir, 0o700); err != nil {
		return folderFault(op, dir, err)
	}
	db, err := cipherdb.Create(filepath.Join(dir, DBName), me.DEK, cipherdb.NewSalt())
	if err != nil {
		return err
	}
	s, err := open(ctx, db, dir, me.DEK)
	if err != nil {
		return errors.Join(err, db.Close())
	}
	err = s.Write(ctx, func(x app.Tx) error {
		for _, r := range access.Standard() {
			if err := x.SaveRole(r); err != nil {
				return err
			}
		}
		_, err := x.SaveUser(app.User{Name: ring.Users()[0].Name, Role: access.Owner})
		return err
	})
	if cerr := s.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	if err := writeDoor(dir, seed.ShopName); err != nil {
		return folderFault(op, dir, err)
	}
	return ring.Save(filepath.Join(dir, KeyringName))
}

// Look implements app.Vault.
func (v Vault) Look(dir string) (app.Door, error) {
	ring, err := openRing("store.Look", dir)
	if err != nil {
		return app.Door{}, err
	}
	d := app.Door{ShopID: ring.Shop().String(), ShopName: readDoor(dir)}
	for _, u := range ring.Users() {
		d.Users = append(d.Users, u.Name)
		if u.NeedsKeyFile {
			if d.KeyFiles == nil {
				d.KeyFiles = map[string]string{}
			}
			d.KeyFiles[u.Name] = keyFileName(ring.Shop(), u.ID)
		}
	}
	return d, nil
}

// openRing reads the keyring of a folder, telling a folder that is no shop
// from a shop whose keyring is gone.
func openRing(op, dir string) (*keyring.Ring, error) {
	ring, err := keyring.Open(filepath.Join(dir, KeyringName))
	if fault.KeyOf(err) == "keyring.missing" {
		if len(generations(dir)) == 0 {
			return nil, fault.Wrap(op, fault.NotFound, "shop.missing", fault.Pairs("folder", dir), err)
		}
	}
	return ring, err
}

// keyFileName says which file on a stick is a person's: it names shop and person
// to the program, and neither to whoever finds the stick.
func keyFileName(shop keyring.ShopID, id string) string {
	sum := sha256.Sum256([]byte("tiezhang key file name 1\x00" + shop.String() + id))
	return "tiezhang-" + hex.EncodeToString(sum[:6]) + ".key"
}

// Unlock implements app.Vault.
func (v Vault) Unlock(ctx context.Context, dir, user, password string) (app.Opened, error) {
	return v.Admit(ctx, dir, user, app.Proof{Password: password})
}

// Admit implements app.Vault.
func (v Vault) Admit(ctx context.Context, dir, user string, p app.Proof) (app.Opened, error) {
	later := func(*keyring.Unlocked) error { return nil } // what is void stands in the file this is to open
	o, _, err := v.unlock(ctx, "store.Unlock", dir, func(ring *keyring.Ring) (*keyring.Unlocked, string, error) {
		me, _, err := v.pricing().unlock(ring, user, secretOf(p), later)
		if err != nil {
			return nil, "", err
		}
		return me, me.UserID, nil
	})
	return o, err // if a dearer slot was not saved the old one is as good as it was yesterday
}

// unlock opens the shop, and saves what how changed of the ring once that has
// opened it; saved tells how that went. how also gives the ID of the slot it used,
// "" for the recovery code.
func (v Vault) unlock(ctx context.Context, op, dir string, how func(*keyring.Ring) (*keyring.Unlocked, string, error)) (o app.Opened, saved, err error) {
	dir, err = filepath.Abs(dir)
	if err != nil {
		return app.Opened{}, nil, folderFault(op, dir, err)
	}
	if _, err := openRing(op, dir); err != nil { // before a lock file is made in a folder that is no shop
		return app.Opened{}, nil, err
	}
	lock, err := lockDir(op, dir)
	if err != nil {
		return app.Opened{}, nil, err
	}
	ring, err := openRing(op, dir) // again: another program may have saved it before the lock was ours
	if err != nil {
		_ = lock.Close()
		return app.Opened{}, nil, err
	}
	before, found := ring.Bytes(), ring.Mark()
	me, by, err := how(ring)
	if err != nil {
		_ = lock.Close()
		return app.Opened{}, nil, err
	}
	o, err = v.enter(ctx, dir, lock, ring, me, found, by)
	if err != nil {
		return app.Opened{}, nil, err
	}
	if k := o.Keys.(*keys); ring.Mark().Sum != found.Sum {
		k.mu.Lock()
		saved = k.save(before)
		k.mu.Unlock()
	} else if !o.OtherRing {
		_ = ring.SaveCopy(k.path) // if it fails, the next opening tries again
	}
	return o, saved, nil
}

// enter opens the encrypted file with the key a ring gave. found is the ring as
// it was, by whose slot opened it. The store takes over the lock and the opened
// ring; if it fails they are let go.
func (v Vault) enter(ctx context.Context, dir string, lock *flock.Flock, ring *keyring.Ring, me *keyring.Unlocked, found keyring.Mark, by string) (app.Opened, error) {
	fail := func(err error) (app.Opened, error) {
		me.Wipe()
		_ = lock.Close()
		return app.Opened{}, err
	}
	if err := tidy("store.Unlock", dir, ring); err != nil {
		return fail(err)
	}
	db, err := cipherdb.Open(dbFile(dir, ring), me.DEK)
	if err != nil {
		return fail(missingFile("store.Unlock", dir, ring, err))
	}
	s, err := open(ctx, db, dir, me.DEK)
	var seen *ringSeen
	if err == nil {
		seen, err = s.readRing(ctx)
	}
	if err == nil && seen.voided(found.Holders[by]) {
		err = voided("store.Unlock")
	}
	if err != nil {
		_ = db.Close()
		return fail(err)
	}
	who := me.UserID
	seed, _ := me.TOTPSeed()
	k := newKeys(filepath.Join(dir, KeyringName), v.pricing(), ring, me, seen.next(found))
	s.keys, s.odd = k, seen.odd(found) || ring.FromCopy()
	if seen != nil && !s.odd {
		s.ring.Store(seen)
	}
	s.onClose = []func() error{k.wipe, lock.Close} // the lock last
	s.renamed = func(name string) { _ = writeDoor(dir, name) }
	return app.Opened{Store: s, Keys: k, Who: k.nameOf(who), Code: seed, OtherRing: s.odd}, nil
}

// ArchiveKeys implements app.Vault.
func (v Vault) ArchiveKeys(_ context.Context, slots []byte, o app.Opener) (app.ArchiveKeys, error) {
	ring, err := keyring.Parse(slots)
	if err != nil {
		return app.ArchiveKeys{}, err
	}
	me, err := openSlots(ring, o)
	if err != nil {
		return app.ArchiveKeys{}, err
	}
	defer me.Wipe()
	return app.ArchiveKeys{ShopID: ring.Shop(), Slots: slots, DEK: me.DEK}, nil
}

// openSlots opens a ring with whatever was brought. A password without a name is
// tried on each owner; that one of them wants their key stick says more than that
// the password is not another's.
func openSlots(ring *keyring.Ring, o app.Opener) (*keyring.Unlocked, error) {
	if o.Code != "" {
		c, err := keyring.ParseRecoveryCode(o.Code)
		if err != nil {
			return nil, err
		}
		return ring.UnlockRecovery(c)
	}
	secret := secretOf(app.Proof{Password: o.Password, KeyFile: o.KeyFile})
	if o.User != "" {
		return ring.Unlock(o.User, secret)
	}
	var first error
	for _, u := range ring.Users() {
		if !u.Owner {
			continue
		}
		me, err := ring.Unlock(u.ID, secret)
		if err == nil {
			return me, nil
		}
		if first == nil || fault.KindOf(err) == fault.NeedsStep {
			first = err
		}
	}
	return nil, first
}

// lockDir takes the folder for this program. The lock is the operating
// system's and goes with the process; whoever holds it must keep a reference.
func lockDir(op, dir string) (*flock.Flock, error) {
	l := flock.New(filepath.Join(dir, lockName), flock.SetPermissions(0o600))
	ok, err := l.TryLock()
	if err != nil {
		return nil, folderFault(op, dir, err)
	}
	if !ok {
		return nil, fault.New(op, fault.Locked, "shop.locked", fault.Pairs("folder", dir))
	}
	return l, nil
}

// folderFault says what is wrong with a place.
func folderFault(op, dir string, err error) error {
	args := fault.Pairs("folder", dir)
	switch {
	case disk.Full(err):
		return fault.Wrap(op, fault.NoSpace, "store.no-space", args, err)
	case disk.WriteProtected(err):
		return fault.Wrap(op, fault.ReadOnly, "store.read-only", args, err)
	case disk.Gone(err), errors.Is(err, fs.ErrExist):
		return fault.Wrap(op, fault.Invalid, "store.folder", args, err)
	}
	return fault.Wrap(op, fault.Unsupported, "store.folder", args, err)
}

// syncDir makes renames last where the system has a call for it.
func syncDir(dir string) {
	_ = disk.SyncDir(dir)
}
