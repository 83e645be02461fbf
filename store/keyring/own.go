package keyring

import (
	"crypto/rand"
	"time"

	"tiezhang/app/fault"
)

// What a person changes of their own slot, with their identity open. Nothing of
// it is in the roster, so no owner is needed.

// ChangePassword re-wraps the holder's own identity; nothing else changes,
// nobody else is needed. It also sets or drops the USB key file.
func (r *Ring) ChangePassword(own *Unlocked, s Secret, p Profile) error {
	return r.rewrap(own, s, p, nil)
}

// NewTOTP draws a new secret for the holder's second factor; the one before is
// gone. The password is wanted again because the identity is wrapped anew.
func (r *Ring) NewTOTP(own *Unlocked, s Secret, p Profile) (seed [20]byte, err error) {
	rand.Read(seed[:])
	err = r.rewrap(own, s, p, &seed)
	if err != nil {
		return [20]byte{}, err
	}
	own.id.totp = seed
	return seed, nil
}

func (r *Ring) rewrap(own *Unlocked, s Secret, p Profile, seed *[20]byte) error {
	if own == nil || own.id == nil {
		return fault.New("keyring.ChangePassword", fault.Denied, "keyring.owner-only", nil)
	}
	return r.change(func(st *state) error {
		if !st.macOK(own.DEK) {
			return damaged("mac", nil)
		}
		for i := range st.slots {
			if sl := &st.slots[i]; sl.id == own.UserID && sl.boxKey == boxPub(own.id.box) {
				id := *own.id
				defer id.wipe()
				if seed != nil {
					id.totp = *seed
				}
				if err := sl.wrap(st.shop, &id, s, p); err != nil {
					return err
				}
				st.seal(own.DEK)
				return nil
			}
		}
		return notHere(own.UserID)
	})
}

// ProfileOf gives the price of a guess at a person's password.
func (r *Ring) ProfileOf(id string) (Profile, bool) {
	if sl := r.st.Load().find(id); sl != nil && sl.id == id {
		return sl.prof, true
	}
	return Profile{}, false
}

// NeedsKeyFile tells whether a person's slot wants a key file, known by ID or
// else by name.
func (r *Ring) NeedsKeyFile(user string) bool {
	sl := r.st.Load().find(user)
	return sl != nil && sl.keyFile
}

// Below tells that a guess under p is cheaper, in some way, than under q.
func (p Profile) Below(q Profile) bool { return p.KiB < q.KiB || p.Time < q.Time || p.Lanes < q.Lanes }

// Over gives the smallest profile that is no cheaper than either.
func (p Profile) Over(q Profile) Profile {
	return Profile{max(p.KiB, q.KiB), max(p.Time, q.Time), max(p.Lanes, q.Lanes)}
}

// Dearer gives the profile a slot should have on a machine that took this long
// to open it: memory is doubled as long as opening it stays near half a second,
// as Calibrate does. A machine that is busy while it is measured takes longer,
// so the error is on the side of leaving the slot as it is.
func (p Profile) Dearer(took time.Duration) Profile {
	if p.Below(Floor()) { // made before the floor was raised
		p = p.Over(Floor())
		return p
	}
	for p.KiB < calibratedKiB && took <= calibrateStep {
		p.KiB *= 2
		took *= 2
	}
	return p
}
