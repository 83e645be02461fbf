package keyring

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/subtle"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"tiezhang/app/fault"
)

// Ring is a keyring in memory. All methods may be called from any goroutine;
// a change is made whole or not at all, and is on disk only after Save.
type Ring struct {
	st       atomic.Pointer[state]
	fromCopy atomic.Bool
	saving   sync.Mutex // one Save at a time: they share the names they write
}

// Unlocked is an opened ring: the data key, and what its holder may do.
type Unlocked struct {
	DEK    Key
	UserID string // empty for the recovery code
	id     *identity
	pack   *ownerPack
}

// Create makes the ring of a new shop with its owner and its recovery code.
// The code is returned once and stored nowhere.
func Create(shop ShopID, owner Account, s Secret, p Profile) (*Ring, *Unlocked, RecoveryCode, error) {
	name, err := checkAccount(owner)
	if err != nil {
		return nil, nil, RecoveryCode{}, err
	}
	owner.Name, owner.Owner = name, true
	u := &Unlocked{UserID: owner.ID, pack: newOwnerPack()}
	rand.Read(u.DEK[:])
	st := &state{kind: kindFull, shop: shop, ownerKey: signPub(u.pack.sign), logKey: boxPub(u.pack.unseal)}
	rand.Read(st.keyID[:])
	u.id = newIdentity(st.ownerKey)
	sl := slot{id: owner.ID, name: owner.Name, owner: true}
	if err := sl.wrap(shop, u.id, s, p); err != nil {
		return nil, nil, RecoveryCode{}, err
	}
	st.slots = []slot{sl}
	code := NewRecoveryCode()
	box, auth := recoveryKeys(code, shop)
	st.rec.boxKey = boxPub(box)
	st.rec.pin = recoveryPin(auth, shop, st.ownerKey)
	if err := st.grantAll(u); err != nil {
		return nil, nil, RecoveryCode{}, err
	}
	r := new(Ring)
	r.st.Store(st)
	return r, u, code, nil
}

// Shop is the shop this ring belongs to.
func (r *Ring) Shop() ShopID { return r.st.Load().shop }

// KeyID names the data key the ring opens; it is no secret.
func (r *Ring) KeyID() [16]byte { return r.st.Load().keyID }

// Seq counts the owner's changes; see Mark.
func (r *Ring) Seq() uint64 { return r.st.Load().seq }

// LogSealKey is the public key to which the log seals its randomness.
func (r *Ring) LogSealKey() [32]byte { return r.st.Load().logKey }

// IsBackup tells a ring out of a backup: owners and recovery only.
func (r *Ring) IsBackup() bool { return r.st.Load().kind == kindBackup }

// FromCopy tells that the file itself was missing or unreadable and its second copy stood in.
func (r *Ring) FromCopy() bool { return r.fromCopy.Load() }

// Bytes gives the exact file.
func (r *Ring) Bytes() []byte { return bytes.Clone(r.st.Load().raw) }

// Users lists who can sign in, owners first, then by name.
func (r *Ring) Users() []User {
	st := r.st.Load()
	out := make([]User, len(st.slots))
	for i := range st.slots {
		sl := &st.slots[i]
		out[i] = User{Account{sl.id, sl.name, sl.owner}, sl.keyFile, sl.signKey}
	}
	slices.SortStableFunc(out, func(a, b User) int {
		if a.Owner != b.Owner {
			return int(bit(b.Owner)) - int(bit(a.Owner))
		}
		return strings.Compare(a.Name, b.Name)
	})
	return out
}

// Unlock opens the ring for a person, found by ID or else by name. It takes
// as long as Argon2 takes: about a second. Call it off the UI thread.
func (r *Ring) Unlock(user string, s Secret) (*Unlocked, error) {
	st := r.st.Load()
	sl := st.find(user)
	if sl == nil {
		return nil, fault.New("keyring.Unlock", fault.WrongKey, "keyring.unknown-user", nil)
	}
	id, err := sl.unwrap(st.shop, s)
	if err != nil {
		return nil, err
	}
	if id.pin != st.ownerKey {
		return nil, unsigned("owner")
	}
	u := &Unlocked{UserID: sl.id, id: id}
	return u, st.open(u, id.box, sl.id, sl.dek[:], sl.pack)
}

// UnlockRecovery opens the ring with the code of the printed kit, for the
// owner's own use: the result can reset any password.
func (r *Ring) UnlockRecovery(c RecoveryCode) (*Unlocked, error) {
	st := r.st.Load()
	box, auth := recoveryKeys(c, st.shop)
	if boxPub(box) != st.rec.boxKey {
		return nil, fault.New("keyring.UnlockRecovery", fault.WrongKey, "keyring.wrong-code", nil)
	}
	pin := recoveryPin(auth, st.shop, st.ownerKey)
	if subtle.ConstantTimeCompare(pin[:], st.rec.pin[:]) != 1 {
		return nil, unsigned("owner")
	}
	u := new(Unlocked)
	return u, st.open(u, box, recoveryReader, st.rec.dek[:], st.rec.pack[:])
}

// recoveryReader is no lawful user ID, so a user's box is never recovery's.
const recoveryReader = "*recovery"

// open fills u from the sealed boxes and checks the whole file under the DEK.
func (st *state) open(u *Unlocked, priv [32]byte, reader string, dek, pack []byte) error {
	fail := func(what string, err error) error { u.Wipe(); return damaged(what, err) }
	plain, err := openBox(priv, boxInfo("dek", st.shop, st.keyID, reader), dek)
	if err != nil || len(plain) != len(u.DEK) {
		return fail("grant", err)
	}
	copy(u.DEK[:], plain)
	clear(plain)
	if !st.macOK(u.DEK) {
		return fail("mac", nil)
	}
	if pack == nil {
		return nil
	}
	plain, err = openBox(priv, boxInfo("pack", st.shop, st.keyID, reader), pack)
	if err != nil || len(plain) != packSize {
		return fail("owner", err)
	}
	u.pack = packFrom(plain)
	clear(plain)
	if signPub(u.pack.sign) != st.ownerKey || boxPub(u.pack.unseal) != st.logKey {
		return fail("owner", nil)
	}
	return nil
}

// find looks a person up by exact ID, then by folded name.
func (st *state) find(user string) *slot {
	for i := range st.slots {
		if st.slots[i].id == user {
			return &st.slots[i]
		}
	}
	f := fold(user)
	for i := range st.slots {
		if fold(st.slots[i].name) == f {
			return &st.slots[i]
		}
	}
	return nil
}

// clone copies what a change may touch.
func (st *state) clone() *state {
	n := *st
	n.slots = slices.Clone(st.slots)
	for i := range n.slots {
		n.slots[i].pack = bytes.Clone(n.slots[i].pack)
	}
	n.roster = slices.Clone(st.roster)
	return &n
}

// grantAll seals the data key afresh to everybody in the state, and the
// owner's pack to owners and recovery, then signs and MACs the result.
func (st *state) grantAll(by *Unlocked) error {
	for i := range st.slots {
		if err := st.grant(by, &st.slots[i]); err != nil {
			return err
		}
	}
	dek, err := sealTo(st.rec.boxKey, boxInfo("dek", st.shop, st.keyID, recoveryReader), by.DEK[:])
	if err != nil {
		return err
	}
	plain := by.pack.bytes()
	defer clear(plain)
	pack, err := sealTo(st.rec.boxKey, boxInfo("pack", st.shop, st.keyID, recoveryReader), plain)
	if err != nil {
		return err
	}
	copy(st.rec.dek[:], dek)
	copy(st.rec.pack[:], pack)
	st.sign(by)
	return nil
}

func (st *state) grant(by *Unlocked, sl *slot) error {
	dek, err := sealTo(sl.boxKey, boxInfo("dek", st.shop, st.keyID, sl.id), by.DEK[:])
	if err != nil {
		return err
	}
	copy(sl.dek[:], dek)
	sl.pack = nil
	if sl.owner {
		plain := by.pack.bytes()
		defer clear(plain)
		sl.pack, err = sealTo(sl.boxKey, boxInfo("pack", st.shop, st.keyID, sl.id), plain)
	}
	return err
}

// sign lists the grants as they now stand and signs the list. A ring out of
// a backup becomes a full one here: its owner has said who belongs to it.
func (st *state) sign(by *Unlocked) {
	st.kind = kindFull
	st.seq++
	slices.SortFunc(st.slots, func(a, b slot) int { return strings.Compare(a.id, b.id) })
	st.roster = nil
	for i := range st.slots {
		st.roster = append(st.roster, st.grantHash(&st.slots[i]))
	}
	copy(st.sig[:], ed25519.Sign(ed25519.NewKeyFromSeed(by.pack.sign[:]), st.rosterMessage()))
	st.seal(by.DEK)
}

// change runs f on a copy and makes it the ring, unless another change came
// first: then f is run again on that.
func (r *Ring) change(f func(*state) error) error {
	for {
		old := r.st.Load()
		st := old.clone()
		if err := f(st); err != nil {
			return err
		}
		if len(st.raw) > MaxFile {
			return fault.New("keyring", fault.Unsupported, "keyring.too-many", fault.Pairs("max", maxSlots))
		}
		if r.st.CompareAndSwap(old, st) {
			return nil
		}
	}
}
