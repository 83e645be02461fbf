package app

import (
	"context"

	"tiezhang/app/access"
	"tiezhang/app/fault"
)

// MySignIn tells a person how they sign in.
type MySignIn struct{}

// SignInFacts is the answer.
type SignInFacts struct {
	TOTP, KeyFile bool
	// File is the name of the file to look for on the person's key stick.
	File       string
	PasswordAt int64 // Unix seconds; 0 unknown
	// Owner: backups open for this person, and nobody but another owner can give
	// them a one-time code. OtherOwners is how many others there are.
	Owner       bool
	OtherOwners int
	Policy      Policy
}

func (q MySignIn) spec() Need { return Need{Perm: access.HomeView, Silent: true} }

func (q MySignIn) ask(_ context.Context, x *Exec) (SignInFacts, error) {
	var f SignInFacts
	all, err := x.Tx.Users()
	if err != nil {
		return f, err
	}
	for _, u := range all {
		switch {
		case u.ID == x.S.user.ID:
			f.TOTP, f.KeyFile, f.PasswordAt, f.Owner = u.TOTP, u.KeyFile, u.PasswordAt, u.Role == access.Owner
		case u.Role == access.Owner && !u.Disabled:
			f.OtherOwners++
		}
	}
	if f.Policy, err = readPolicy(x.Tx); err != nil {
		return f, err
	}
	f.File, err = x.S.shop.keys.KeyFileName(x.S.user.Name)
	if fault.KindOf(err) == fault.NotFound {
		err = nil // a window that looks as a role would has no key of its own
	}
	return f, err
}
