package keyring

import (
	"slices"

	"tiezhang/app/fault"
)

// byOwner refuses a change of the roster by anybody who is not, in this very
// ring and now, an owner or the holder of the recovery code.
func (st *state) byOwner(by *Unlocked) error {
	if by == nil || by.pack == nil || !st.macOK(by.DEK) || signPub(by.pack.sign) != st.ownerKey {
		return fault.New("keyring", fault.Denied, "keyring.owner-only", nil)
	}
	if by.UserID != "" {
		if sl := st.find(by.UserID); sl == nil || !sl.owner || sl.boxKey != boxPub(by.id.box) {
			return fault.New("keyring", fault.Denied, "keyring.owner-only", nil)
		}
	}
	return nil
}

// MayChange tells whether u may change the roster of this ring, now.
func (r *Ring) MayChange(u *Unlocked) bool { return r.st.Load().byOwner(u) == nil }

func checkAccount(a Account) (name string, err error) {
	if err := checkID(a.ID); err != nil {
		return "", err
	}
	return cleanName(a.Name)
}

// slotFor builds a slot with a new identity for a person.
func slotFor(st *state, a Account, s Secret, p Profile) (slot, error) {
	sl := slot{id: a.ID, name: a.Name, owner: a.Owner}
	id := newIdentity(st.ownerKey)
	defer id.wipe()
	return sl, sl.wrap(st.shop, id, s, p)
}

// AddUser lets a person in, with a first password.
func (r *Ring) AddUser(by *Unlocked, a Account, s Secret, p Profile) error {
	name, err := checkAccount(a)
	if err != nil {
		return err
	}
	a.Name = name
	if err := r.st.Load().byOwner(by); err != nil { // before the second Argon2 takes
		return err
	}
	sl, err := slotFor(r.st.Load(), a, s, p)
	if err != nil {
		return err
	}
	return r.change(func(st *state) error {
		if err := st.byOwner(by); err != nil {
			return err
		}
		if len(st.slots) >= maxSlots {
			return fault.New("keyring.AddUser", fault.Unsupported, "keyring.too-many", fault.Pairs("max", maxSlots))
		}
		if st.find(a.ID) != nil || st.find(a.Name) != nil { // a name that is an ID would lead to its slot
			return fault.New("keyring.AddUser", fault.Conflict, "keyring.name-taken", fault.Pairs("name", a.Name))
		}
		if err := st.grant(by, &sl); err != nil {
			return err
		}
		st.slots = append(st.slots, sl)
		st.sign(by)
		return nil
	})
}

// RemoveUser takes a person's slot away. What they copied before still opens
// what was encrypted before: Rotate is what ends that.
func (r *Ring) RemoveUser(by *Unlocked, id string) error {
	return r.change(func(st *state) error {
		if err := st.byOwner(by); err != nil {
			return err
		}
		owners, at := 0, -1
		for i := range st.slots {
			if st.slots[i].owner {
				owners++
			}
			if st.slots[i].id == id {
				at = i
			}
		}
		if at < 0 {
			return notHere(id)
		}
		if st.slots[at].owner && owners == 1 {
			return fault.New("keyring.RemoveUser", fault.Denied, "keyring.last-owner", nil)
		}
		st.slots = append(st.slots[:at], st.slots[at+1:]...)
		st.sign(by)
		return nil
	})
}

func notHere(id string) error {
	return fault.New("keyring", fault.NotFound, "keyring.no-such-user", fault.Pairs("id", id))
}

// Rename changes the name on the sign-in screen.
func (r *Ring) Rename(by *Unlocked, id, name string) error {
	name, err := cleanName(name)
	if err != nil {
		return err
	}
	return r.change(func(st *state) error {
		if err := st.byOwner(by); err != nil {
			return err
		}
		var mine *slot
		for i := range st.slots {
			if st.slots[i].id == id {
				mine = &st.slots[i]
			} else if st.slots[i].id == name || fold(st.slots[i].name) == fold(name) {
				return fault.New("keyring.Rename", fault.Conflict, "keyring.name-taken", fault.Pairs("name", name))
			}
		}
		if mine == nil {
			return notHere(id)
		}
		mine.name = name
		st.sign(by)
		return nil
	})
}

// SetOwner makes a person an owner, by sealing the owner's pack to their public
// key, or makes an owner a plain person again. Nobody's password is needed.
//
// What was sealed to somebody can't be taken back: a person who was an owner
// and copied the pack out of the memory of a running program keeps the key that
// signs rosters. After Rotated it signs nothing that anybody would open: a
// keyring wants the MAC under the new data key too, which they have only for as
// long as they have a slot.
func (r *Ring) SetOwner(by *Unlocked, id string, owner bool) error {
	return r.change(func(st *state) error {
		if err := st.byOwner(by); err != nil {
			return err
		}
		owners, at := 0, -1
		for i := range st.slots {
			if st.slots[i].owner {
				owners++
			}
			if st.slots[i].id == id {
				at = i
			}
		}
		if at < 0 {
			return notHere(id)
		}
		sl := &st.slots[at]
		if sl.owner && !owner && owners == 1 {
			return fault.New("keyring.SetOwner", fault.Denied, "keyring.last-owner", nil)
		}
		if sl.owner == owner {
			return nil // nothing to sign
		}
		sl.owner = owner
		if err := st.grant(by, sl); err != nil {
			return err
		}
		st.sign(by)
		return nil
	})
}

// ResetPassword gives a person who forgot theirs a new password and, because
// nobody can open the old one, a new identity: signatures are checked against
// the new key from then on, their second factor is set up again.
func (r *Ring) ResetPassword(by *Unlocked, id string, s Secret, p Profile) error {
	st := r.st.Load()
	if err := st.byOwner(by); err != nil {
		return err
	}
	old := st.find(id)
	if old == nil || old.id != id {
		return notHere(id)
	}
	fresh, err := slotFor(st, Account{old.id, old.name, old.owner}, s, p)
	if err != nil {
		return err
	}
	return r.change(func(st *state) error {
		if err := st.byOwner(by); err != nil {
			return err
		}
		for i := range st.slots {
			if st.slots[i].id == id {
				fresh.name, fresh.owner = st.slots[i].name, st.slots[i].owner
				st.slots[i] = fresh
				if err := st.grant(by, &st.slots[i]); err != nil {
					return err
				}
				st.sign(by)
				return nil
			}
		}
		return notHere(id)
	})
}

// ResetOwnerByRecovery gives an owner a new password on the strength of the
// printed kit, and opens the ring for them. An empty id means the only owner.
func (r *Ring) ResetOwnerByRecovery(c RecoveryCode, id string, s Secret, p Profile) (*Unlocked, error) {
	rec, err := r.UnlockRecovery(c)
	if err != nil {
		return nil, err
	}
	defer rec.Wipe()
	if id == "" {
		for _, u := range r.Users() {
			if u.Owner {
				id = u.ID
				break
			}
		}
	}
	if sl := r.st.Load().find(id); sl == nil || !sl.owner {
		return nil, notHere(id)
	}
	if err := r.ResetPassword(rec, id, s, p); err != nil {
		return nil, err
	}
	return r.Unlock(id, s)
}

// NewRecovery replaces the recovery code. The old kit no longer opens this
// file; with an older copy of the file it still gives the same data key, so a
// kit that was lost to a stranger also wants Rotated.
func (r *Ring) NewRecovery(by *Unlocked) (RecoveryCode, error) {
	code := NewRecoveryCode()
	box, auth := recoveryKeys(code, r.Shop())
	err := r.change(func(st *state) error {
		if err := st.byOwner(by); err != nil {
			return err
		}
		st.rec.boxKey = boxPub(box)
		st.rec.pin = recoveryPin(auth, st.shop, st.ownerKey)
		return st.grantAll(by)
	})
	if err != nil {
		return RecoveryCode{}, err // a code that opens nothing must not be printed
	}
	return code, nil
}

// BackupSlots gives a keyring for a backup: the owners and the recovery code,
// no clerk, so that the weakest password of the shop never guards a stick. It
// keeps the owner's signature over everybody, so no owner need be present. Owners
// named in but, by ID, are left out as well.
func (r *Ring) BackupSlots(dek Key, but ...string) ([]byte, error) {
	st := r.st.Load().clone()
	if !st.macOK(dek) {
		return nil, damaged("mac", nil)
	}
	kept := st.slots[:0]
	for _, sl := range st.slots {
		if sl.owner && !slices.Contains(but, sl.id) {
			kept = append(kept, sl)
		}
	}
	st.slots, st.kind = kept, kindBackup
	st.seal(dek)
	return st.raw, nil
}

// Matches tells whether dek is the data key of this ring.
func (r *Ring) Matches(dek Key) bool { return r.st.Load().macOK(dek) }
