package store

import (
	"time"

	"tiezhang/store/keyring"
)

// pricing decides what a guess at a password costs: for new slots, and for old
// ones when their owner has just opened them.
type pricing struct {
	profile func() keyring.Profile
	// better gives the profile a slot should have that took so long to open.
	better func(have keyring.Profile, took time.Duration) keyring.Profile
}

func (v Vault) pricing() pricing {
	if v.Profile != nil {
		return pricing{v.Profile, func(have keyring.Profile, _ time.Duration) keyring.Profile { return have.Over(v.Profile()) }}
	}
	return pricing{calibrated, keyring.Profile.Dearer}
}

// unlock opens the ring, if valid has nothing against it, and wraps the slot anew if this machine can afford a
// dearer one; the ring then wants saving. It only ever gets dearer: a slot made
// on a fast machine keeps its price on a slow one.
func (c pricing) unlock(ring *keyring.Ring, user string, s keyring.Secret, valid func(*keyring.Unlocked) error) (u *keyring.Unlocked, dearer bool, err error) {
	start := time.Now()
	if u, err = ring.Unlock(user, s); err != nil {
		return nil, false, err
	}
	took := time.Since(start)
	if err := valid(u); err != nil { // before it is given a new form, which nobody remembers as void
		u.Wipe()
		return nil, false, err
	}
	have, ok := ring.ProfileOf(u.UserID)
	if !ok {
		return u, false, nil
	}
	want := c.better(have, took)
	if !have.Below(want) {
		return u, false, nil
	}
	if !ring.NeedsKeyFile(u.UserID) {
		s.KeyFile = nil // a stick left plugged in is no second factor
	}
	return u, ring.ChangePassword(u, s, want) == nil, nil // if it failed the slot is as it was
}
