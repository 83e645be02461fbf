package app

import (
	"context"
	"slices"
	"strings"

	"tiezhang/app/access"
	"tiezhang/app/fault"
)

// RecoverWho tells whom a recovery code may let in: the owners. It opens and
// changes nothing. Faults: those of the code, and Vault's.
func (h Host) RecoverWho(dir, code string) ([]string, error) { return h.Vault.RecoverWho(dir, code) }

// Recover opens a shop with the recovery code and gives an owner a new password,
// by the shop's own rules; who may be "" where there is only one. The others'
// passwords stay. The code has 128 bits: nobody is slowed down guessing at it.
// Faults: Invalid "signin.recover-who" (name one), Conflict "signin.recover-no-owner", Insecure
// "passphrase.*".
func (h Host) Recover(ctx context.Context, dir, code, who, newPassword string) (*Session, error) {
	const op = "app.Recover"
	o, err := h.Vault.Recover(ctx, dir, code)
	if err != nil {
		return nil, err
	}
	sh := h.shop(o)
	close := func(err error) (*Session, error) { _ = o.Store.Close(); return nil, err }
	var owners []string
	err = o.Store.Read(ctx, func(tx Tx) error {
		users, err := tx.Users()
		for _, u := range users {
			if u.Role == access.Owner && !u.Disabled {
				owners = append(owners, u.Name)
			}
		}
		return err
	})
	if err != nil {
		return close(err)
	}
	at := slices.IndexFunc(owners, func(n string) bool {
		return who == "" && len(owners) == 1 || strings.EqualFold(n, strings.TrimSpace(who))
	})
	switch {
	case len(owners) == 0:
		return close(fault.New(op, fault.Conflict, "signin.recover-no-owner", nil))
	case at < 0:
		return close(fault.Bad(op, "signin.recover-who", "names", strings.Join(owners, ", "), "field", "user"))
	}
	who = owners[at]
	if _, err := sh.recallTries(ctx, attempt{}); err != nil {
		return close(err)
	}
	// A recovery is how one comes back without a phone or a key stick too.
	return sh.enterAs(ctx, o, who, entry{event: "session.recovered", first: func(tx Tx) error {
		u, err := tx.UserByName(who)
		if err != nil {
			return err
		}
		if err := checkPassword(tx, u.Role, newPassword, u.Name); err != nil {
			return err
		}
		if err := sh.usedBefore(ctx, tx, u, newPassword); err != nil {
			return err
		}
		if err := sh.keepFormer(tx, u, h.Clock.Now()); err != nil {
			return err
		}
		u.TOTP, u.TOTPStep, u.KeyFile, u.Activate = false, 0, false, false
		if err := u.chosen(tx, h.Clock.Now()); err != nil {
			return err
		}
		_, err = tx.SaveUser(u)
		return err
	}, admitted: func() error { // the keyring comes after everything that may refuse
		if err := sh.keys.ResetPassword(ctx, who, newPassword); err != nil {
			return err
		}
		return sh.keys.SetOwner(ctx, who, true) // had no slot, perhaps
	}})
}
