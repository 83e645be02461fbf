package app

import (
	"context"
	"strings"
	"time"

	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/app/oplog"
	"tiezhang/app/rule"
	"tiezhang/backup"
	"tiezhang/backup/target"
)

// Open opens a shop with a person's password alone; see Enter.
func (h Host) Open(ctx context.Context, dir, user, password string) (*Session, error) {
	return h.Enter(ctx, dir, user, Proof{Password: password})
}

// Enter opens a closed shop for a person. Faults as Vault.Admit, and Locked
// "signin.wait", "signin.wait-lost" (too many wrong tries), NeedsStep
// "signin.needs-code" and "keyring.needs-key-file" (bring the second factor),
// WrongKey "totp.wrong", Denied "user.disabled".
func (h Host) Enter(ctx context.Context, dir, user string, p Proof) (*Session, error) {
	if err := typedName(user); err != nil {
		return nil, err
	}
	slot, err := h.Vault.Slot(dir, user)
	if err != nil {
		return nil, err
	}
	var o Opened
	var step int64
	a, err := h.try(dir, slot, p.Code != "", nil, func() (err error) {
		if o, err = h.Vault.Admit(ctx, dir, user, p); err != nil {
			return err
		}
		err = o.Store.Read(ctx, func(tx Tx) (err error) {
			step, err = proveCode(tx, o.Who, o.Code, p.Code, h.Clock.Now())
			return err
		})
		if err != nil {
			_ = o.Store.Close()
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	sh := h.shop(o)
	tampered, err := sh.recallTries(ctx, a)
	if err != nil {
		_ = o.Store.Close()
		return nil, err
	}
	return sh.enterAs(ctx, o, o.Who, entry{event: "session.in", step: step, before: a.before, high: a.high, password: p.Password, tampered: tampered})
}

// enterAs makes the first session of a shop just opened, or closes it again.
func (sh *Shop) enterAs(ctx context.Context, o Opened, who string, e entry) (*Session, error) {
	_, e.restored, _ = backup.Restored(target.OS{}, sh.store.Dir())
	e.tampered, e.keyring = e.tampered && !e.restored, o.OtherRing && !e.restored // a backup brings its own
	s, err := sh.session(ctx, who, e)
	if err != nil {
		_ = sh.store.Close()
		return nil, err
	}
	sh.forgive(who)
	sh.noteRestore(ctx, s)
	return s, nil
}

// SignIn lets a person in while the shop is open, with a password alone.
func (sh *Shop) SignIn(ctx context.Context, user, password string) (*Session, error) {
	return sh.Enter(ctx, user, Proof{Password: password})
}

// Enter lets a person in while the shop is open: after a lock, or to switch.
// The session before ends. Faults as Host.Enter.
func (sh *Shop) Enter(ctx context.Context, user string, p Proof) (*Session, error) {
	if err := typedName(user); err != nil {
		return nil, err
	}
	if _, name := sh.keys.Slot(user); name != "" { // the row is found by the name as it stands
		user = name
	}
	var step int64
	a, err := sh.check(user, p.Code != "", func() (err error) {
		step, err = sh.prove(ctx, user, p)
		return err
	})
	if err != nil {
		sh.stays()
		if guessed(err) {
			sh.logEvent(ctx, "session.failed", user, oplog.Denied)
			sh.flushTries(ctx)
		}
		return nil, err
	}
	s, err := sh.session(ctx, user, entry{event: "session.in", step: step, before: a.before, high: a.high, password: p.Password, again: true})
	if err != nil {
		sh.flushTries(ctx)
		return nil, err
	}
	sh.forgive(user)
	return s, nil
}

// stays: who was at the shop before a sign-in that came to nothing still is.
func (sh *Shop) stays() {
	name := ""
	if c := sh.currentSession(); c != nil {
		name = c.user.Name
	}
	sh.keys.Present(name)
}

// prove looks at everything a person brings, the code last: whoever is asked
// for it has shown the right password.
func (sh *Shop) prove(ctx context.Context, user string, p Proof) (step int64, err error) {
	secret, err := sh.keys.Verify(ctx, user, p)
	if err != nil {
		return 0, err
	}
	err = sh.store.Read(ctx, func(tx Tx) (err error) {
		step, err = proveCode(tx, user, secret, p.Code, sh.clock.Now())
		return err
	})
	return step, err
}

// coder is a person's secret of the authenticator app.
type coder interface {
	Check(typed string, now time.Time, last int64) (step int64, err error)
}

// proveCode wants the code of the authenticator app from whoever has one.
func proveCode(tx Tx, user string, secret coder, code string, now time.Time) (int64, error) {
	u, err := tx.UserByName(user)
	if fault.KindOf(err) == fault.NotFound {
		return 0, nil // a slot without a person: session says so
	}
	if err != nil || !u.TOTP || u.Activate {
		return 0, err
	}
	if strings.TrimSpace(code) == "" {
		return 0, fault.New("app.SignIn", fault.NeedsStep, "signin.needs-code", nil)
	}
	return secret.Check(code, now, u.TOTPStep)
}

// entry is what is known of a sign-in when the person has been proved.
type entry struct {
	event    string
	first    func(Tx) error // runs before anything else in the transaction
	admitted func() error   // runs when nothing refuses the person any more
	password string         // as typed, to be held to the rules of today
	step     int64          // of the code used, 0 none
	before   strikes
	high     int64
	restored bool
	tampered bool
	keyring  bool // it was not as remembered
	again    bool // the shop was open already
}

// session starts one for a person who has just been proved.
func (sh *Shop) session(ctx context.Context, name string, e entry) (*Session, error) {
	var s *Session
	now := sh.clock.Now()
	here := sh.here()
	err := sh.store.Write(ctx, func(tx Tx) error {
		if e.first != nil {
			if err := e.first(tx); err != nil {
				return err
			}
		}
		u, role, err := admitted(tx, name)
		if err != nil {
			return err
		}
		if e.step > 0 && e.step <= u.TOTPStep { // it was used between proving it and here
			return fault.New("app.SignIn", fault.WrongKey, "totp.used", nil)
		}
		seen, err := tx.SignInPlaces()
		if err != nil {
			return err
		}
		pol, err := readPolicy(tx)
		if err != nil {
			return err
		}
		high := e.high
		if t, err := lastEntryTime(tx); err != nil {
			return err
		} else if t > high {
			high = t
		}
		weak, err := weakNow(tx, u, pol, e.password)
		if err != nil {
			return err
		}
		pending, err := (&Session{weak: weak}).pendingHere(tx, u, pol, now)
		if err != nil {
			return err
		}
		failures := 0
		if e.before.At >= u.LastIn {
			failures = e.before.typed()
		}
		facts := rule.SignIn{UserID: u.ID, Now: now, Here: here, Before: seen, Hours: pol.hours(), HighSeen: unixTime(high), LastIn: unixTime(u.LastIn),
			Failures: failures, Restored: e.restored, Tampered: e.tampered, Keyring: e.keyring, Switch: e.again}
		reasons := rule.Unusual(facts)
		stored := u
		stored.LastIn, stored.Failures = now.Unix(), 0
		if e.step > 0 {
			stored.TOTPStep = e.step
		}
		if _, err := tx.SaveUser(stored); err != nil {
			return err
		}
		if err := tx.SaveSignInPlace(u.ID, here, now.Unix()); err != nil {
			return err
		}
		aged, err := sincePassword(tx, u, now)
		if err != nil {
			return err
		}
		u.Failures, u.TOTPStep, u.Version = failures, stored.TOTPStep, u.Version+1
		lent, err := lentTo(tx, u.ID, now)
		if err != nil {
			return err
		}
		if err := sh.watchTime(tx, lent); err != nil {
			return err
		}
		seq, _, err := tx.LogHead()
		if err != nil {
			return err
		}
		s = &Session{shop: sh, user: u, role: role, epoch: seq + 1, signedAt: now, lastUsed: now, pending: pending, weak: weak, unusual: reasons, lent: lent,
			passwordAge: pol.pack().Policy(role.ID == access.Owner).Age(u.PasswordAt, aged)}
		if e.admitted != nil {
			if err := e.admitted(); err != nil {
				return err
			}
		}
		sh.keys.Present(u.Name)
		if err := sh.vouchAgain(tx, role); err != nil {
			return err
		}
		x := &Exec{S: s, Now: now, Tx: tx, action: e.event}
		if failures > 0 {
			x.Note("failures", failures)
		}
		if here.Remote != "" {
			x.Note("remote", here.Remote)
		}
		if err := s.appendLog(x, oplog.OK, ""); err != nil {
			return err
		}
		return sh.noteUnusual(tx, s, now, here, reasons)
	})
	if err != nil {
		sh.stays()
		return nil, err
	}
	sh.mu.Lock()
	if sh.current != nil {
		sh.current.end()
	}
	sh.current = s
	sh.mu.Unlock()
	if len(s.unusual) > 0 {
		sh.publish(map[string]bool{"signins": true})
	}
	return s, nil
}

// noteUnusual writes down what was unusual: in the log for good, and in the
// owner's list until it has been seen.
func (sh *Shop) noteUnusual(tx Tx, s *Session, now time.Time, here rule.Place, reasons []rule.Reason) error {
	if len(reasons) == 0 {
		return nil
	}
	u := Unusual{UserID: s.user.ID, User: s.user.Name, At: now.Unix(), Machine: here.Machine}
	for _, r := range reasons {
		u.Reasons = append(u.Reasons, r.Name)
		u.High = u.High || r.Level == rule.High
	}
	x := &Exec{S: s, Now: now, Tx: tx, action: "session.unusual", object: "user:" + s.user.Name}
	x.Note("reasons", strings.Join(u.Reasons, " "))
	if here.Remote != "" {
		x.Note("remote", here.Remote)
	}
	if err := s.appendLog(x, oplog.OK, ""); err != nil {
		return err
	}
	return tx.AddUnusual(u)
}

// admitted reads the person and role behind a name; a switched-off account and
// one without a role are refused.
func admitted(tx Tx, name string) (User, access.Role, error) {
	u, err := tx.UserByName(name)
	if err != nil {
		return u, access.Role{}, err
	}
	if u.Disabled {
		return u, access.Role{}, fault.New("app.SignIn", fault.Denied, "user.disabled", fault.Pairs("name", u.Name))
	}
	roles, err := tx.Roles()
	if err != nil {
		return u, access.Role{}, err
	}
	role, ok := roleOf(roles, u.Role)
	if !ok {
		return u, role, fault.New("app.SignIn", fault.Denied, "user.no-role", fault.Pairs("name", u.Name))
	}
	return u, role, nil
}

// here is where this program runs.
func (sh *Shop) here() rule.Place {
	if sh.host.Where == nil {
		return rule.Place{Machine: sh.machine, Path: sh.store.Dir()}
	}
	p := sh.host.Where(sh.store.Dir())
	p.Path = sh.store.Dir()
	return p
}

func unixTime(at int64) time.Time {
	if at == 0 {
		return time.Time{}
	}
	return time.Unix(at, 0)
}

// lastEntryTime is when the log was last written, in Unix seconds.
func lastEntryTime(tx Tx) (int64, error) {
	seq, _, err := tx.LogHead()
	if err != nil || seq == 0 {
		return 0, err
	}
	ss, err := tx.LogEntries(seq, 1)
	if err != nil || len(ss) == 0 {
		return 0, err
	}
	e, err := oplog.Open(ss[0])
	if err != nil {
		return 0, nil // the self-check names a broken entry; nobody is kept out by it
	}
	return e.Time / 1000, nil
}

// recallTries adds what the encrypted file remembers to the counter that lay in
// the open, and tells whether that one was taken away or put back.
func (sh *Shop) recallTries(ctx context.Context, a attempt) (tampered bool, err error) {
	var stored string
	if err := sh.store.Read(ctx, func(tx Tx) (err error) { stored, err = tx.Setting(settingTries); return err }); err != nil {
		return false, err
	}
	sh.tries.known = newTally()
	in, ok := tally{}, false
	if stored != "" {
		in, ok = readTally([]byte(stored))
	}
	if ok {
		sh.tries.known.add(in)
		tampered = a.lost || a.gen > 0 && a.gen <= in.Gen
	}
	now := sh.clock.Now().Unix()
	return tampered, sh.host.Vault.UpdateTries(sh.store.Dir(), sh.host.State, func(copies [][]byte) ([]byte, error) {
		t, _ := sh.host.tally(copies, &sh.tries.known, now)
		b, err := t.bytes(now)
		sh.tries.known = t
		return b, err
	})
}
