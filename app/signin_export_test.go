package app

import "context"

// ReadStore and WriteStore look and reach past the gate, for tests.
func ReadStore(s *Session, fn func(Tx) error) error {
	return s.shop.store.Read(context.Background(), fn)
}

func WriteStore(s *Session, fn func(Tx) error) error {
	return s.shop.store.Write(context.Background(), fn)
}

// KeysOf gives the keyring of an open shop.
func KeysOf(s *Session) Keys { return s.shop.keys }

// TryAt is one try at a closed shop that does what check does.
func TryAt(h Host, dir, user string, check func() error) error {
	slot, err := h.Vault.Slot(dir, user)
	if err == nil {
		_, err = h.try(dir, slot, false, nil, check)
	}
	return err
}

// ReviewMessage is what is signed of a review.
func ReviewMessage(r Review) []byte { return r.message() }

// CheckReviews looks at the reviews as the self-check does.
func CheckReviews(sh *Shop, tx Tx, v *Verdict) error {
	a, err := newApprovals(tx, sh.keys, v)
	if err != nil {
		return err
	}
	return a.reviews()
}
