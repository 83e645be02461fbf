package store

import (
	"context"

	"tiezhang/app"
	"tiezhang/store/keyring"
)

// RecoverWho implements app.Vault.
func (v Vault) RecoverWho(dir, code string) ([]string, error) {
	c, err := keyring.ParseRecoveryCode(code)
	if err != nil {
		return nil, err
	}
	ring, err := openRing("store.Recover", dir)
	if err != nil {
		return nil, err
	}
	me, err := ring.UnlockRecovery(c)
	if err != nil {
		return nil, err
	}
	me.Wipe()
	var names []string
	for _, u := range ring.Users() {
		if u.Owner {
			names = append(names, u.Name)
		}
	}
	return names, nil
}

// Recover implements app.Vault.
func (v Vault) Recover(ctx context.Context, dir, code string) (app.Opened, error) {
	c, err := keyring.ParseRecoveryCode(code)
	if err != nil {
		return app.Opened{}, err
	}
	o, _, err := v.unlock(ctx, "store.Recover", dir, func(ring *keyring.Ring) (*keyring.Unlocked, string, error) {
		me, err := ring.UnlockRecovery(c)
		return me, "", err
	})
	return o, err
}
