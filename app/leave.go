package app

import (
	"context"
	"errors"
	"strings"
	"time"

	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/app/oplog"
)

// codeFor is how long a one-time code is good.
const codeFor = 72 * time.Hour

// Code is a one-time code to be printed and handed over.
type Code struct {
	Name   string
	Groups []string
	Until  int64 // Unix seconds
}

// GiveCode gives another person, who forgot their password or lost their key
// stick or phone, a one-time code. What they had before opens nothing any more;
// with the code they sign in once and choose a password of their own.
type GiveCode struct{ Name string }

func (c GiveCode) spec() Need { return Need{Perm: access.UserEdit} }

func (c GiveCode) run(ctx context.Context, x *Exec) (Code, error) {
	u, err := x.Tx.UserByName(c.Name)
	if err != nil {
		return Code{}, err
	}
	if u.ID == x.S.user.ID { // they would lock themselves out with a slip of paper
		return Code{}, fault.New("app.GiveCode", fault.Denied, "user.code-own", nil)
	}
	if err := x.mayHandle(u, u.Role); err != nil {
		return Code{}, err
	}
	x.Note("password", "code")
	return x.giveCode(ctx, u)
}

// Invite makes an account for a new person who chooses the password themselves:
// the owner hands over a one-time code and never knows it. Faults as AddUser.
type Invite struct {
	Name  string
	Role  access.RoleID
	Reach access.Reach // where they work; nil = in all warehouses
}

func (c Invite) spec() Need { return Need{Perm: access.UserEdit} }

func (c Invite) run(ctx context.Context, x *Exec) (Code, error) {
	name := strings.TrimSpace(c.Name)
	if err := checkNewName(x.Tx, name); err != nil {
		return Code{}, err
	}
	if err := x.roleExists(c.Role); err != nil {
		return Code{}, err
	}
	if err := x.mayHandle(User{}, c.Role); err != nil {
		return Code{}, err
	}
	reach, err := x.checkReach(c.Role, c.Reach)
	if err != nil {
		return Code{}, err
	}
	now := x.Now.Unix()
	if _, err := x.Tx.SaveUser(User{Name: name, Role: c.Role, RoleAt: now, CreatedAt: now, Reach: reach}); err != nil {
		return Code{}, err
	}
	u, err := x.Tx.UserByName(name)
	if err != nil {
		return Code{}, err
	}
	x.Note("role", string(c.Role))
	if err := x.noteReach(reach); err != nil {
		return Code{}, err
	}
	if err := x.roomFor(ctx, u.ID, name); err != nil {
		return Code{}, err
	}
	code, err := x.giveCode(ctx, u)
	if err == nil && c.Role == access.Owner {
		err = x.S.shop.keys.SetOwner(ctx, name, true)
	}
	if err != nil {
		return Code{}, err
	}
	return code, nil
}

func (x *Exec) giveCode(ctx context.Context, u User) (Code, error) {
	if err := x.S.shop.keepFormer(x.Tx, u, x.Now); err != nil {
		return Code{}, err
	}
	until := x.Now.Add(codeFor).Unix()
	u.Activate, u.ActivateUntil = true, until
	if err := u.chosen(x.Tx, x.Now); err != nil {
		return Code{}, err
	}
	u.TOTP, u.KeyFile = false, false // a fresh identity has neither; the last step of a code stays
	if _, err := x.Tx.SaveUser(u); err != nil {
		return Code{}, err
	}
	x.Object("user:" + u.Name)
	x.Changed("users")
	x.After(func() { x.S.shop.forgive(u.Name) })
	// The slot comes last: it is no part of the transaction.
	code, err := x.S.shop.keys.Activate(ctx, u.Name)
	if err != nil {
		return Code{}, err
	}
	return Code{Name: u.Name, Groups: code.Groups, Until: until}, x.S.shop.vouch(x.Tx)
}

// LeavePerson is for somebody who leaves the shop: the account is switched off,
// their key slot is taken out of the keyring, their customers and drafts go to
// somebody else, and the data key is changed, at once or (RotateLater) noted as
// due. Until the key is changed a copy they made of the folder and the keyring
// still opens what is written.
// Faults: Denied "leave.self", Conflict "user.last-owner", Invalid
// "leave.to" (nobody fit to take over named, though there is something to take),
// "leave.hand-over", NotFound "user.unknown".
type LeavePerson struct {
	Name, HandOverTo string
	RotateLater      bool
	Progress         Progress
}

// Left lists what was done.
type Left struct {
	Disabled, SlotRemoved bool
	Customers, Drafts     int
	To                    string
	Rotated, RotationDue  bool
	// Problem is why the key was not changed although it was wanted. All else is
	// done; RotateKey tries again.
	Problem *fault.Error
}

// Leaving tells what seeing a person out would do, before it is done.
type Leaving struct{ Name string }

// LeaveFacts is the answer.
type LeaveFacts struct {
	Customers, Drafts int  // that need somebody to take them over
	Slot              bool // has a key of their own, so that the data key should be changed
	LastOwner         bool // can't leave
	Self              bool // can't see themselves out
	To                []string
}

func (q Leaving) spec() Need { return Need{Perm: access.UserView, Silent: true} }

func (q Leaving) ask(_ context.Context, x *Exec) (LeaveFacts, error) {
	var f LeaveFacts
	u, err := x.Tx.UserByName(q.Name)
	if err != nil {
		return f, err
	}
	all, err := x.Tx.Users()
	if err != nil {
		return f, err
	}
	f.LastOwner = true
	for _, o := range all {
		if o.Disabled || o.ID == u.ID {
			continue
		}
		f.To = append(f.To, o.Name)
		f.LastOwner = f.LastOwner && o.Role != access.Owner
	}
	f.Self = u.ID == x.S.user.ID
	_, err = x.S.shop.keys.KeyFileName(u.Name)
	f.Slot = err == nil
	f.Customers, f.Drafts, err = x.Tx.HandOver(u.ID, 0)
	return f, err
}

func (t LeavePerson) spec() Need { return Need{Perm: access.UserEdit} }

func (t LeavePerson) work(ctx context.Context, x *Exec) (Left, error) {
	if !t.RotateLater {
		if err := x.Allow(access.KeyExport, access.Object{New: true}); err != nil {
			return Left{}, err
		}
	}
	var l Left
	err := x.S.shop.store.Write(ctx, func(tx Tx) (err error) {
		x.reset(tx)
		if l, err = t.switchOff(ctx, x); err != nil {
			return err
		}
		if err := x.pay(); err != nil {
			return err
		}
		return x.S.appendLog(x, oplog.OK, "")
	})
	if err != nil {
		return Left{}, err
	}
	x.Quiet()                                    // logged above, with what it is about
	x.approver, x.consent, x.code = "", nil, nil // and with who approved it
	if t.RotateLater {
		return l, nil
	}
	if err := x.rotate(ctx, t.Progress); err != nil {
		if !errors.As(err, &l.Problem) {
			l.Problem = fault.Wrap("app.LeavePerson", fault.Internal, "app.internal", nil, err)
		}
		return l, nil
	}
	l.Rotated, l.RotationDue = true, false
	return l, nil
}

// switchOff is all of it but the new key, in one transaction.
func (t LeavePerson) switchOff(ctx context.Context, x *Exec) (Left, error) {
	const op = "app.LeavePerson"
	u, err := x.Tx.UserByName(t.Name)
	if err != nil {
		return Left{}, err
	}
	if u.ID == x.S.user.ID {
		return Left{}, fault.New(op, fault.Denied, "leave.self", nil)
	}
	if err := x.mayHandle(u, u.Role); err != nil {
		return Left{}, err
	}
	all, err := x.Tx.Users()
	if err != nil {
		return Left{}, err
	}
	owners := 0
	var to User
	for _, o := range all {
		if o.Role == access.Owner && !o.Disabled && o.ID != u.ID {
			owners++
		}
		if o.Name == t.HandOverTo && !o.Disabled && o.ID != u.ID {
			to = o
		}
	}
	if owners == 0 {
		return Left{}, fault.New(op, fault.Conflict, "user.last-owner", nil)
	}
	if t.HandOverTo != "" && to.ID == 0 {
		return Left{}, fault.Bad(op, "leave.to", "name", t.HandOverTo, "field", "to")
	}
	l := Left{Disabled: true, To: to.Name, RotationDue: true}
	if l.Customers, l.Drafts, err = x.Tx.HandOver(u.ID, to.ID); err != nil {
		return Left{}, err
	}
	if to.ID == 0 && l.Customers+l.Drafts > 0 {
		return Left{}, fault.Bad(op, "leave.hand-over", "name", u.Name, "customers", l.Customers, "drafts", l.Drafts, "field", "to")
	}
	u.Disabled, u.TOTP, u.KeyFile, u.Activate, u.ActivateUntil = true, false, false, false, 0
	if _, err := x.Tx.SaveUser(u); err != nil {
		return Left{}, err
	}
	if err := callForRotation(x.Tx, DueLeft, x.Now); err != nil {
		return Left{}, err
	}
	x.Object("user:" + u.Name)
	x.Note("left", true)
	x.Note("customers", l.Customers)
	x.Note("drafts", l.Drafts)
	if to.ID != 0 {
		x.Note("to", to.Name)
	}
	x.Changed("users", "parties", "documents")
	// The slot comes last: it is no part of the transaction. If the commit fails
	// after it, the account is on without a slot, opens nothing, and leaving can
	// be done again.
	if err := x.S.shop.keys.RemoveUser(ctx, u.Name); err != nil {
		return Left{}, err
	}
	l.SlotRemoved = true
	return l, x.S.shop.vouch(x.Tx)
}
