package app

import (
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
	u.PasswordAt, u.PasswordSeq = now.Unix(), seq+1
	return err
}

// ready: the session is alive, and what is asked may run now.
func (s *Session) ready(n Need) error {
	if err := s.alive(); err != nil {
		return err
	}
	if p := s.Pending(); p != NothingPending && !n.Pending {
		return fault.New("app.gate", fault.Denied, pendingFault[p], nil)
	}
	return nil
}

// pendingFault tells the person what comes first.
var pendingFault = map[Pending]string{ChooseFirst: "gate.pending-first", ChooseNew: "gate.pending-expired", ChooseFactor: "gate.pending-factor"}
