package app

import (
	"context"
	"slices"
	"sync"
	"time"

	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/app/passphrase"
	"tiezhang/app/rule"
)

// stepUpFor is how long a password just given is good for further actions that
// ask for it.
const stepUpFor = 5 * time.Minute

// Session is one person at the open shop. It is made by signing in and ends
// with Lock, a switch of user, or the closing of the shop.
type Session struct {
	shop  *Shop
	user  User
	role  access.Role
	epoch int64

	mu        sync.Mutex
	ended     bool
	signedAt  time.Time // the sign-in
	steppedAt time.Time // the password was given once more
	lastUsed  time.Time
	pending   Pending // what must be done before anything else
	weak      bool    // the password typed at the door is weaker than the rules ask for

	viewer *Session // the session that looks through this one; see SeeAs

	// unanswered counts the confirmations asked for since the last one given.
	unanswered int

	lent        []Lent // rights lent when the session began; see lentNow
	unusual     []rule.Reason
	passwordAge passphrase.Age
}

// User tells who this is.
func (s *Session) User() User { return s.user }

// Role gives a copy of the person's rights, for drawing menus and columns. The
// gate decides by itself; what a screen shows is only politeness.
func (s *Session) Role() access.Role { return s.role }

// May tells whether menus and buttons should offer an action.
func (s *Session) May(p access.Permission) bool {
	return s.has(p, access.Object{New: true})
}

// has tells whether the person has a right on an object, whatever it wants
// besides.
func (s *Session) has(p access.Permission, o access.Object) bool {
	lent := s.lentNow()
	now := int64(0)
	if len(lent) > 0 {
		now = s.shop.latest(s.shop.clock.Now())
	}
	d, _ := access.DecideWith(s.role, s.user.Reach, lent, now, p, o)
	return d.Allowed
}

// Reach is where this person works.
func (s *Session) Reach() access.Reach { return slices.Clone(s.user.Reach) }

// scope is how far a right of this person reaches: with what was lent.
func (s *Session) scope(p access.Permission) access.Scope {
	sc, _ := access.ScopeWith(s.role, s.lentNow(), s.shop.latest(s.shop.clock.Now()), p)
	return sc
}

// Sees tells how much of a field this person sees.
func (s *Session) Sees(f access.Field) access.Sight { return s.role.Sees(f) }

// Shop gives the open shop.
func (s *Session) Shop() *Shop { return s.shop }

// LastUsed is when the session last did something, for the idle lock.
func (s *Session) LastUsed() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lastUsed
}

func (s *Session) touch(t time.Time) {
	s.mu.Lock()
	s.lastUsed = t
	s.mu.Unlock()
}

func (s *Session) alive() error {
	if s.viewer != nil {
		if err := s.viewer.alive(); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return fault.New("app.gate", fault.Denied, "gate.signed-out", nil)
	}
	return nil
}

// Pending tells what the person has to do before anything else.
func (s *Session) Pending() Pending {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pending
}

func (s *Session) setPending(p Pending) {
	s.mu.Lock()
	s.pending = p
	s.mu.Unlock()
}

// setStrong: a password by the rules was chosen, and this is left to do.
func (s *Session) setStrong(p Pending) {
	s.mu.Lock()
	s.pending, s.weak = p, false
	s.mu.Unlock()
}

// Unusual gives the names of what was unusual about this sign-in.
func (s *Session) Unusual() []string {
	var out []string
	for _, r := range s.unusual {
		out = append(out, r.Name)
	}
	return out
}

// PasswordAge tells how the password stands by its age.
func (s *Session) PasswordAge() passphrase.Age { return s.passwordAge }

func (s *Session) end() {
	s.mu.Lock()
	s.ended = true
	s.mu.Unlock()
}

// confirmation carries the proof through a running command.
type confirmation struct {
	ctx   context.Context
	proof proof
	x     *Exec
}

// allow is where the session meets access.Decide: the right, or one lent, then
// what it wants on top.
func (s *Session) allow(c confirmation, p access.Permission, o access.Object) error {
	lent := s.lentNow()
	d, by := access.DecideWith(s.role, s.user.Reach, lent, s.shop.latest(c.x.Now), p, o)
	if !d.Allowed {
		return fault.New("app.gate", fault.Denied, "gate.denied", fault.Pairs("action", string(p)))
	}
	if by != 0 {
		c.x.needsLent(by)
	}
	switch d.Confirm {
	case access.Password:
		return s.stepUp(c, p)
	case access.Second:
		return s.second(c, p, o)
	case access.Typed:
		return s.typed(c, p)
	}
	return nil
}

// asksAnyway are the rights that reach the keys and other people's rights: for them
// a sign-in does not count as the password given once more. Who finds the window
// just opened by somebody else must not get that far.
var asksAnyway = []access.Permission{access.KeyExport, access.BackupRestore, access.RoleEdit, access.UserEdit}

// stepUp wants the person's own password, or one given within five minutes.
func (s *Session) stepUp(c confirmation, p access.Permission) error {
	fresh := func(at time.Time) bool {
		return !at.IsZero() && c.x.Now.Sub(at) < stepUpFor && !c.x.Now.Before(at)
	}
	s.mu.Lock()
	given := fresh(s.steppedAt) || fresh(s.signedAt) && !slices.Contains(asksAnyway, p)
	s.mu.Unlock()
	if given {
		return nil
	}
	if c.proof.password == "" {
		return fault.New("app.gate", fault.NeedsStep, "gate.password", nil)
	}
	if err := s.shop.confirm(c.ctx, s.user.Name, c.proof.password); err != nil {
		return err
	}
	s.mu.Lock()
	s.steppedAt, s.unanswered = c.x.Now, 0
	s.mu.Unlock()
	return nil
}

// unansweredMost is how many confirmations may be asked for and not given before
// the log says so: trying out where a limit lies looks like that.
const unansweredMost = 5

// leftUnanswered counts one more, and tells whether it is time to say so.
func (s *Session) leftUnanswered() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unanswered++
	return s.unanswered%unansweredMost == 0
}

// approvedBy notes who stands for a right, at this PC or by a printed code: what
// was asked for was given.
func (x *Exec) approvedBy(u User, p access.Permission) {
	x.approver, x.approvedFor, x.approverReach, x.approved = u.Name, p, u.Reach, true
	x.S.mu.Lock()
	x.S.unanswered = 0
	x.S.mu.Unlock()
}

// second wants another person who holds the right without needing a second
// person themselves, and works where the row lies. Nobody approves themselves.
func (s *Session) second(c confirmation, p access.Permission, o access.Object) error {
	if c.x.approver != "" && c.x.approvedFor == p {
		c.x.approved = true
		return c.x.approverAt(o)
	}
	if c.proof.code != "" {
		if err := s.byCode(c, p); err != nil {
			return err
		}
		return c.x.approverAt(o)
	}
	if c.proof.second == "" {
		return fault.New("app.gate", fault.NeedsStep, "gate.second", fault.Pairs("action", string(p)))
	}
	// What the approver may do is told to nobody who does not know their password,
	// and a wrong name is answered as a wrong password is.
	u, role, err := s.shop.person(c.proof.second)
	if err != nil {
		u = User{}
	}
	if u.ID == s.user.ID { // whatever way the name is written
		return fault.New("app.gate", fault.Denied, "gate.self-approval", nil)
	}
	k, step, err := s.consent(c, u, p)
	if fault.KeyOf(err) == "keyring.unknown-user" { // an account without a slot
		return fault.New("app.gate", fault.WrongKey, "keyring.wrong-password", nil)
	}
	if err != nil {
		return err
	}
	if u.Disabled {
		return fault.New("app.gate", fault.Denied, "user.disabled", fault.Pairs("name", u.Name))
	}
	if err := s.shop.settled(c.ctx, u, c.x.Now); err != nil {
		return err
	}
	if d := access.Decide(role, p, access.Object{}); !d.Allowed || d.Confirm == access.Second {
		return fault.New("app.gate", fault.Denied, "gate.approver-right", fault.Pairs("name", u.Name))
	}
	c.x.consent, c.x.codeStep = k, step
	c.x.approvedBy(u, p)
	return c.x.approverAt(o)
}
