package keyring

import "crypto/rand"

// NextKey is a data key that is chosen but opens nothing yet.
type NextKey struct {
	DEK   Key
	KeyID [16]byte
}

// NewNextKey draws one.
func NewNextKey() (n NextKey) { rand.Read(n.DEK[:]); rand.Read(n.KeyID[:]); return n }

// Rotated makes a ring with a new data key for the same people, leaving r as
// it is: the store writes it when the database is re-encrypted, and the one
// rename flips both. by stays good for r, the returned value for the new ring.
func (r *Ring) Rotated(by *Unlocked, next NextKey) (*Ring, *Unlocked, error) {
	st := r.st.Load().clone()
	if err := st.byOwner(by); err != nil {
		return nil, nil, err
	}
	u := by.Under(next.DEK)
	st.keyID = next.KeyID
	if err := st.grantAll(u); err != nil {
		return nil, nil, err
	}
	n := new(Ring)
	n.st.Store(st)
	return n, u, nil
}

// Under is the same owner's opened ring under another data key.
func (u *Unlocked) Under(dek Key) *Unlocked {
	n := &Unlocked{DEK: dek, UserID: u.UserID, pack: packFrom(u.pack.bytes())}
	if u.id != nil {
		n.id = identityFrom(u.id.bytes())
	}
	return n
}
