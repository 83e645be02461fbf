package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"sort"

	"tiezhang/app/access"
	"tiezhang/app/fault"
)

// UnusualSignIns lists unusual sign-ins, the latest first; All gives those
// already seen too.
type UnusualSignIns struct{ All bool }

func (q UnusualSignIns) spec() Need { return Need{Perm: access.UserView, Silent: true} }

func (q UnusualSignIns) ask(_ context.Context, x *Exec) ([]Unusual, error) {
	return x.Tx.Unusuals(!q.All, 200)
}

// SeeUnusual marks all unusual sign-ins up to one as seen. Only who may change
// accounts may: it takes the warning away. No password is asked for, as being
// seen is all there is to it; that it was seen, and by whom, is logged.
type SeeUnusual struct{ UpTo int64 }

func (c SeeUnusual) spec() Need { return Need{Perm: access.UserView} }

func (c SeeUnusual) run(_ context.Context, x *Exec) (int, error) {
	if !access.Decide(x.S.role, access.UserEdit, access.Object{New: true}).Allowed {
		return 0, fault.New("app.SeeUnusual", fault.Denied, "gate.denied", fault.Pairs("action", string(access.UserEdit)))
	}
	n, err := x.Tx.SeeUnusual(c.UpTo, x.S.user.ID, x.Now.Unix())
	if err != nil {
		return 0, err
	}
	if n == 0 {
		x.Quiet()
	} else if err := x.believeClock(); err != nil {
		return 0, err
	}
	x.Object("signins")
	x.Note("seen", n)
	x.Changed("signins")
	// A clock that once ran ahead would be reported for ever: who has seen it
	// has also seen what time it is now. The same goes for rations by the day.
	x.After(func() { x.S.shop.lowerHigh(x.Now.Unix()) })
	return n, nil
}

// lowerHigh sets the latest time the counter has seen back to now.
func (sh *Shop) lowerHigh(now int64) {
	sh.tryMu.Lock()
	_ = sh.host.Vault.UpdateTries(sh.store.Dir(), sh.host.State, func(copies [][]byte) ([]byte, error) {
		t, _ := sh.host.tally(copies, &sh.tries.known, now)
		t.High = now
		b, err := t.bytes(now)
		sh.tries.known = t
		return b, err
	})
	sh.tries.dirty = true
	sh.tryMu.Unlock()
	sh.flushTries(context.Background())
}

// Days after which something about accounts should be looked at.
const (
	StaleDays  = 30 // an account nobody used
	ReviewDays = 92 // everybody's rights
)

const daySeconds = 24 * 60 * 60

// Person is an account with what the owner should know of it.
type Person struct {
	User
	// Stale: may sign in, and has not for 30 days.
	Stale bool
	// Factor: there is a second factor.
	Factor bool
	// PasswordOld: past the reminder or the expiry of the shop's rules.
	PasswordOld bool
	Trained     Training // At 0: never
	Unseen      int      // unusual sign-ins nobody has looked at
}

// People lists the accounts, switched-off ones last.
type People struct{}

func (q People) spec() Need { return Need{Perm: access.UserView, Silent: true} }

func (q People) ask(_ context.Context, x *Exec) ([]Person, error) {
	users, err := x.Tx.Users()
	if err != nil {
		return nil, err
	}
	pol, err := readPolicy(x.Tx)
	if err != nil {
		return nil, err
	}
	trained, err := x.Tx.Trainings()
	if err != nil {
		return nil, err
	}
	unseen, err := x.Tx.Unusuals(true, 1000)
	if err != nil {
		return nil, err
	}
	now := x.Now.Unix()
	out := make([]Person, 0, len(users))
	for _, u := range users {
		p := Person{User: u, Stale: stale(u, now), Factor: u.TOTP || u.KeyFile}
		p.PasswordOld = !u.Disabled && !u.Activate && pol.pack().Policy(u.Role == access.Owner).Age(u.PasswordAt, now) > 0
		for _, t := range trained {
			if t.UserID == u.ID {
				p.Trained = t
			}
		}
		for _, n := range unseen {
			if n.UserID == u.ID {
				p.Unseen++
			}
		}
		out = append(out, p)
	}
	sort.SliceStable(out, func(i, j int) bool { return !out[i].Disabled && out[j].Disabled })
	return out, nil
}

// stale: an account that could sign in and was not used for 30 days; one that
// never was counts from the day it was made, one that was disabled from the day it
// was let in again.
func stale(u User, now int64) bool {
	since := max(u.LastIn, u.CreatedAt, u.EnabledAt)
	return !u.Disabled && since > 0 && now-since >= StaleDays*daySeconds
}

// Rights is who may do what since when: the table the owner reads and signs.
type Rights struct {
	People []RightsOf
	Lent   []Lent // what is lent for a time
	// Digest stands for the table: it is signed, so that nobody can say later
	// that another one was looked at.
	Digest string
	Last   Review
	Due    bool
}

// RightsOf is one person's line.
type RightsOf struct {
	Name     string
	Role     access.Role
	Since    int64 // in this role, Unix seconds; 0 unknown
	LastIn   int64
	Disabled bool
	Stale    bool
}

// ReviewRights gives the table for the quarterly review.
type ReviewRights struct{}

func (q ReviewRights) spec() Need { return Need{Perm: access.UserView, Silent: true} }

func (q ReviewRights) ask(_ context.Context, x *Exec) (Rights, error) { return rightsNow(x) }

func rightsNow(x *Exec) (Rights, error) {
	users, err := x.Tx.Users()
	if err != nil {
		return Rights{}, err
	}
	roles, err := x.Tx.Roles()
	if err != nil {
		return Rights{}, err
	}
	var r Rights
	type line struct {
		Name     string
		Role     access.Role
		Since    int64
		Disabled bool
	}
	var signed []line
	now := x.Now.Unix()
	oldest := now
	for _, u := range users {
		role, _ := roleOf(roles, u.Role)
		since := u.RoleAt
		r.People = append(r.People, RightsOf{Name: u.Name, Role: role, Since: since, LastIn: u.LastIn, Disabled: u.Disabled, Stale: stale(u, now)})
		signed = append(signed, line{u.Name, role, since, u.Disabled})
		if u.CreatedAt > 0 {
			oldest = min(oldest, u.CreatedAt)
		}
	}
	if r.Lent, err = x.Tx.Lents(0, true, now); err != nil {
		return Rights{}, err
	}
	type lent struct {
		To, By  string
		Actions []access.Permission
		Own     bool
		Until   int64
		Uses    int
	}
	var over []lent
	for _, l := range r.Lent {
		over = append(over, lent{l.UserName, l.ByName, l.Actions, l.Own, l.Until, l.Uses})
	}
	b, err := json.Marshal([]any{signed, over}) // maps are sorted by key
	if err != nil {
		return Rights{}, err
	}
	sum := sha256.Sum256(b)
	r.Digest = hex.EncodeToString(sum[:16])
	if r.Last, err = x.Tx.LastReview(); err != nil {
		return Rights{}, err
	}
	// A shop of one person has nobody to review.
	r.Due = len(users) > 1 && now-max(r.Last.At, oldest) >= ReviewDays*daySeconds
	return r, nil
}

// SignReview signs the table of rights as it was shown, with the key of the owner
// who looked at it. Conflict "review.changed" when it has changed since; Denied
// "user.owner-only" to who is no owner.
type SignReview struct{ Digest, Note string }

func (c SignReview) spec() Need { return Need{Perm: access.UserEdit} }

func (c SignReview) run(_ context.Context, x *Exec) (struct{}, error) {
	none := struct{}{}
	if len([]rune(c.Note)) > 500 {
		return none, fault.Bad("app.SignReview", "review.note", "max", 500)
	}
	if err := x.byOwner("user.owner-only"); err != nil {
		return none, err
	}
	r, err := rightsNow(x)
	if err != nil {
		return none, err
	}
	if r.Digest != c.Digest {
		return none, fault.New("app.SignReview", fault.Conflict, "review.changed", nil)
	}
	x.Object("rights:" + r.Digest)
	x.Note("people", len(r.People))
	x.Reason(c.Note)
	x.Changed("users")
	seq, _, err := x.Tx.LogHead()
	if err != nil {
		return none, err
	}
	v := Review{At: x.Now.Unix(), UserID: x.S.user.ID, User: x.S.user.Name, People: len(r.People), Digest: r.Digest, Note: c.Note, Seq: seq + 1}
	if v.Key, v.Sig, err = x.S.shop.keys.SignPresent(v.message()); err != nil {
		return none, err
	}
	return none, x.Tx.SaveReview(v)
}

// SignInReminders are what the first page tells about accounts and sign-ins.
// Everybody learns what concerns themselves; the rest is left out for who may
// not see accounts.
type SignInReminders struct{}

// Reminders is the answer.
type Reminders struct {
	Unusual     int  // sign-ins nobody has looked at
	High        bool // one of them weighty
	Stale       int
	ReviewDue   bool
	TrainingDue bool   // of the person
	KeyDue      string // why a new data key is called for (DueLeft, DueOwner, DueAge); "" when it is not
	PasswordOld bool   // of the person
	LastIn      int64
	Failures    int // since, when this session began
}

func (q SignInReminders) spec() Need { return Need{Perm: access.HomeView, Silent: true} }

func (q SignInReminders) ask(_ context.Context, x *Exec) (Reminders, error) {
	r := Reminders{PasswordOld: x.S.passwordAge > 0, LastIn: x.S.user.LastIn, Failures: x.S.user.Failures}
	now := x.Now.Unix()
	trained, err := x.Tx.Trainings()
	if err != nil {
		return r, err
	}
	r.TrainingDue = true
	for _, t := range trained {
		if t.UserID == x.S.user.ID && t.Score >= TrainingPass && now-t.At < TrainingDue*daySeconds {
			r.TrainingDue = false
		}
	}
	if !access.Decide(x.S.role, access.UserView, access.Object{New: true}).Allowed {
		return r, nil
	}
	unseen, err := x.Tx.Unusuals(true, 1000)
	if err != nil {
		return r, err
	}
	r.Unusual = len(unseen)
	for _, u := range unseen {
		r.High = r.High || u.High
	}
	rights, err := rightsNow(x)
	if err != nil {
		return r, err
	}
	r.ReviewDue = rights.Due
	key, err := keyInfo(x)
	if err != nil {
		return r, err
	}
	if key.Due {
		r.KeyDue = key.Why
	}
	for _, p := range rights.People {
		if p.Stale {
			r.Stale++
		}
	}
	return r, nil
}
