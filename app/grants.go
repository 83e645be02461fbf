package app

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tiezhang/app/access"
	"tiezhang/app/fault"
)

// LendMost is how long a right may be lent at most.
const LendMost = 72 * time.Hour

// Lend lends a person rights for a time, for a reason. It holds from their next
// sign-in, no longer than 72 hours and not more often than Uses; a confirmation
// that the person's role wants stays wanted. Nobody lends what they may not do
// themselves. Lending to oneself is possible only for who has the right anyway;
// it is marked in the log and on the list.
//
// Faults: Invalid "grant.actions", "grant.unknown-action", "grant.reason",
// "grant.hours", "grant.uses", "grant.own"; NotFound "user.unknown"; Denied
// "grant.not-yours", "user.disabled".
type Lend struct {
	To      string
	Actions []access.Permission
	Own     bool // rows of their own only
	Reason  string
	Hours   int
	Uses    int // 0 = any number
}

// notLent are the rights that would let a person lend themselves more, or reach
// the keys: who should have those is given a role.
var notLent = []access.Permission{access.UserEdit, access.RoleEdit, access.RightsLend, access.CodesPrint, access.KeyExport, access.SettingsEdit, access.BackupRestore}

// MayBeLent tells whether a right can be lent for a time.
func MayBeLent(p access.Permission) bool {
	return slices.Contains(access.Permissions(), p) && !slices.Contains(notLent, p)
}

func (c Lend) spec() Need { return Need{Perm: access.RightsLend} }

func (c Lend) run(_ context.Context, x *Exec) (Lent, error) {
	const op = "app.Lend"
	reason := strings.TrimSpace(c.Reason)
	switch {
	case len(c.Actions) == 0:
		return Lent{}, fault.Bad(op, "grant.actions", "field", "actions")
	case reason == "" || utf8.RuneCountInString(reason) > 200:
		return Lent{}, fault.Bad(op, "grant.reason", "field", "reason", "max", 200)
	case c.Hours < 1 || time.Duration(c.Hours)*time.Hour > LendMost:
		return Lent{}, fault.Bad(op, "grant.hours", "field", "hours", "max", int(LendMost/time.Hour))
	case c.Uses < 0 || c.Uses > 1000:
		return Lent{}, fault.Bad(op, "grant.uses", "field", "uses", "max", 1000)
	}
	u, err := x.Tx.UserByName(strings.TrimSpace(c.To))
	if err != nil {
		return Lent{}, err
	}
	if u.Disabled {
		return Lent{}, fault.New(op, fault.Denied, "user.disabled", fault.Pairs("name", u.Name))
	}
	actions := slices.Clone(c.Actions)
	slices.Sort(actions)
	actions = slices.Compact(actions)
	for _, p := range actions {
		switch {
		case !MayBeLent(p):
			return Lent{}, fault.Bad(op, "grant.unknown-action", "action", string(p))
		case c.Own && !access.MayBeOwn(p):
			return Lent{}, fault.Bad(op, "grant.own", "action", string(p))
		case !access.Decide(x.S.role, p, access.Object{}).Allowed:
			return Lent{}, fault.New(op, fault.Denied, "grant.not-yours", fault.Pairs("action", string(p)))
		}
	}
	if c.Uses > 0 && !slices.ContainsFunc(actions, func(p access.Permission) bool { return !p.Looks() }) { // nothing would ever count a use
		return Lent{}, fault.Bad(op, "grant.uses-reading", "field", "uses", "action", string(actions[0]))
	}
	seq, _, err := x.Tx.LogHead()
	if err != nil {
		return Lent{}, err
	}
	l := Lent{User: u.ID, Actions: actions, Own: c.Own, Reason: reason, At: x.Now.Unix(), Until: x.Now.Add(time.Duration(c.Hours) * time.Hour).Unix(),
		Uses: c.Uses, By: x.S.user.ID, Seq: seq + 1, UserName: u.Name, ByName: x.S.user.Name}
	if l.ID, err = x.Tx.SaveLent(l); err != nil {
		return Lent{}, err
	}
	x.Object("user:" + u.Name)
	x.Reason(reason)
	x.Note("lent", l.ID)
	x.Note("actions", actions)
	x.Note("hours", c.Hours)
	if c.Uses > 0 {
		x.Note("uses", c.Uses)
	}
	if l.Self() {
		x.Note("self", true)
	}
	x.Changed("users")
	x.After(x.S.shop.rereadLent)
	return l, nil
}

// Open tells a right that still holds at a time: not over, not ended, not used
// up.
func (l Lent) Open(now int64) bool {
	return now < l.Until && l.EndedAt == 0 && (l.Uses == 0 || l.Used < l.Uses)
}

// Self tells a right somebody lent themselves.
func (l Lent) Self() bool { return l.User == l.By }

// TakeBack ends what was lent before its time, at once: also for a session that
// is open. NotFound "grant.unknown".
type TakeBack struct{ ID int64 }

func (c TakeBack) spec() Need { return Need{Perm: access.RightsLend} }

func (c TakeBack) run(_ context.Context, x *Exec) (struct{}, error) {
	x.Object("lent")
	x.Note("lent", c.ID)
	x.Note("ended", true)
	x.Changed("users")
	x.After(x.S.shop.rereadLent)
	return struct{}{}, x.Tx.EndLent(c.ID, x.S.user.ID, x.Now.Unix())
}

// LentRights lists what was lent, the latest first: to everybody for who may see
// accounts, to oneself for the others.
type LentRights struct {
	All  bool // also what is over
	Mine bool // to oneself only, whoever asks; and only what still holds
}

func (q LentRights) spec() Need { return Need{Perm: access.HomeView, Silent: true} }

func (q LentRights) ask(_ context.Context, x *Exec) ([]Lent, error) {
	who := int64(0)
	if q.Mine || !x.S.May(access.UserView) {
		who = x.S.user.ID
	}
	if q.Mine && x.S.Viewing() { // a role is looked at, not the person
		return nil, nil
	}
	ls, err := x.Tx.Lents(who, !q.All, x.Now.Unix())
	if err != nil || !q.Mine {
		return ls, err
	}
	now := x.S.shop.latest(x.Now) // as the gate goes by it: the screen promises no more
	return slices.DeleteFunc(ls, func(l Lent) bool { return !l.Open(now) }), nil
}
