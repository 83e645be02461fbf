package app

import (
	"context"
	"time"

	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/app/passphrase"
)

// Pending is what a person who has just been let in must do before anything
// else; the gate refuses everything that does not serve it.
type Pending string

const (
	NothingPending Pending = ""
	// ChooseFirst: a one-time code stood in for the password.
	ChooseFirst Pending = "first"
	// ChooseNew: the password is older than the shop's rules allow.
	ChooseNew Pending = "expired"
	// ChooseStronger: the password is weaker than the rules ask for, or was chosen
	// before the person became an owner.
	ChooseStronger Pending = "stronger"
	// ChooseFactor: the rules want a second factor, and there is none yet.
	ChooseFactor Pending = "factor"
)

// pendingOf decides it. A code whose time is over lets nobody in: Denied
// "signin.code-over".
func pendingOf(tx Tx, u User, p Policy, now time.Time) (Pending, error) {
	pol := p.pack().Policy(u.Role == access.Owner)
	at, err := sincePassword(tx, u, now)
	switch {
	case err != nil:
		return NothingPending, err
	case u.Activate && u.ActivateUntil > 0 && at > u.ActivateUntil:
		return NothingPending, fault.New("app.SignIn", fault.Denied, "signin.code-over", fault.Pairs("name", u.Name))
	case u.Activate:
		return ChooseFirst, nil
	case pol.Age(u.PasswordAt, at) == passphrase.Expired:
		return ChooseNew, nil
	case u.newOwner():
		return ChooseStronger, nil
	case pol.SecondFactor && !u.TOTP && !u.KeyFile:
		return ChooseFactor, nil
	}
	return NothingPending, nil
}

// sincePassword is the time by which a password or code gets old, in Unix
// seconds: the clock's, or the log's where the clock was set back since.
func sincePassword(tx Tx, u User, now time.Time) (int64, error) {
	high, err := tx.HighTime(u.PasswordSeq)
	return max(now.Unix(), high/1000), err
}

// chosen writes down that somebody has a password or code from now on.
func (u *User) chosen(tx Tx, now time.Time) error {
	seq, _, err := tx.LogHead()
	u.PasswordAt, u.PasswordSeq = max(now.Unix(), u.RoleAt), seq+1
	return err
}

// usedBefore refuses a password the shop's rules do not allow again: the present
// one and those before it. Whoever gave the codes or the password meanwhile, what
// the person had is remembered by keepFormer.
func (sh *Shop) usedBefore(ctx context.Context, tx Tx, u User, password string) error {
	pol, err := readPolicy(tx)
	if err != nil {
		return err
	}
	keep := pol.pack().Policy(u.Role == access.Owner).History
	if keep == 0 {
		return nil
	}
	used, err := tx.PasswordUsed(u.ID, password)
	if err != nil {
		return err
	}
	if used || sh.keys.Check(ctx, u.Name, password) == nil {
		return fault.New("app.password", fault.Insecure, "passphrase.used", fault.Pairs("count", keep))
	}
	return nil
}

// keepFormer remembers the password somebody has now, which nobody typed, before
// another takes its place.
func (sh *Shop) keepFormer(tx Tx, u User, now time.Time) error {
	pol, err := readPolicy(tx)
	keep := pol.pack().Policy(u.Role == access.Owner).History
	if err != nil || keep == 0 || u.Activate {
		return err
	}
	if record, ok := sh.keys.Former(u.Name); ok {
		return tx.KeepFormer(u.ID, now.Unix(), record, keep)
	}
	return nil
}

// pendingHere is pendingOf for this session, which also knows whether the password
// that was typed at its sign-in is as strong as the rules ask for.
func (s *Session) pendingHere(tx Tx, u User, p Policy, now time.Time) (Pending, error) {
	next, err := pendingOf(tx, u, p, now)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.weak && (next == NothingPending || next == ChooseFactor) {
		next = ChooseStronger
	}
	return next, err
}

// weakNow tells whether a password that opened the door is weaker than the rules
// ask for: they may have become stricter since it was chosen.
func weakNow(tx Tx, u User, p Policy, password string) (bool, error) {
	if u.Activate || password == "" {
		return false, nil
	}
	words, err := passwordContext(tx, u.Name)
	if err != nil {
		return false, err
	}
	return p.pack().Policy(u.Role == access.Owner).Check(password, words...) != nil, nil
}

// ready: the session is alive, and what is asked may run now.
func (s *Session) ready(n Need) error {
	if err := s.alive(); err != nil {
		return err
	}
	if err := s.still(); err != nil {
		return err
	}
	if p := s.Pending(); p != NothingPending && !n.Pending {
		return fault.New("app.gate", fault.Denied, pendingFault[p], nil)
	}
	return nil
}

// still ends a session whose account was disabled or given another role since it
// began: what somebody may no longer do, they do no longer, not from the next
// sign-in on.
func (s *Session) still() error {
	var u User
	err := s.shop.store.Read(context.Background(), func(tx Tx) (err error) { u, err = tx.UserByName(s.user.Name); return err })
	switch {
	case err != nil && fault.KindOf(err) != fault.NotFound:
		return err
	case err == nil && !u.Disabled && u.Role == s.user.Role:
		return nil
	}
	s.end()
	s.shop.keys.Present("")
	return s.alive()
}

// pendingFault tells the person what comes first.
var pendingFault = map[Pending]string{ChooseFirst: "gate.pending-first", ChooseNew: "gate.pending-expired", ChooseStronger: "gate.pending-stronger", ChooseFactor: "gate.pending-factor"}
