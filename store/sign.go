package store

import (
	"context"

	"tiezhang/app"
	"tiezhang/app/fault"
)

// Sign implements app.Keys.
func (k *keys) Sign(ctx context.Context, user string, p app.Proof, message []byte) (key, sig []byte, err error) {
	if err := canceled("store.Sign", ctx); err != nil {
		return nil, nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	u, err := k.unlock(user, p)
	if err != nil {
		return nil, nil, err
	}
	pub := u.SignKey()
	sig = u.Sign(message)
	if u.UserID == k.me {
		k.keep(u)
	} else { // who approves something is not there for the next thing
		u.Wipe()
	}
	return pub[:], sig, nil
}

// SignPresent implements app.Keys.
func (k *keys) SignPresent(message []byte) (key, sig []byte, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	u := k.owner()
	if u == nil || u.UserID == "" {
		return nil, nil, fault.New("store.Sign", fault.Denied, "keyring.owner-only", nil)
	}
	pub := u.SignKey()
	return pub[:], u.Sign(message), nil
}

// SignKey implements app.Keys.
func (k *keys) SignKey(name string) ([]byte, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	id, ok := k.idOf(name)
	for _, u := range k.ring.Users() {
		if ok && u.ID == id {
			return u.SignKey[:], nil
		}
	}
	return nil, fault.New("store.SignKey", fault.NotFound, "keyring.no-slot", fault.Pairs("name", name))
}
