// Package access decides who may do what. It is pure: a role, an action and the
// facts of the object go in, a decision comes out.
//
// What belongs here: permissions, roles, field rules, row scope, limits, and
// Decide. What does not: who is signed in, where roles are stored, and how a
// denial is shown.
package access

import (
	"slices"
	"strings"
)

// Permission names one thing a person can do, "resource.action".
type Permission string

// Confirm is what a granted action wants on top of the right itself.
type Confirm uint8

const (
	None     Confirm = iota
	Password         // own password again within five minutes
	Second           // a second person's approval at this PC
	Typed            // the number of what it is done to, typed once more
)

// Scope is which rows a grant reaches.
type Scope uint8

const (
	All Scope = iota
	Own       // rows the person made or owns
)

// Field is a piece of data with a right of its own, wherever it appears.
type Field string

const (
	FieldCost     Field = "cost"     // cost value, average cost, margin
	FieldPurchase Field = "purchase" // purchase prices and amounts
	FieldFloor    Field = "floor"    // floor price
	FieldPhone    Field = "phone"    // phone numbers and addresses of parties
	FieldPerson   Field = "person"   // names of natural persons: contacts and members
	FieldIdentity Field = "identity" // ID card numbers
	FieldBank     Field = "bank"     // bank cards and accounts of people and parties
	FieldProfit   Field = "profit"   // profit and stock value of the shop
)

// Fields lists all fields, in the order the screens show them.
var Fields = []Field{FieldCost, FieldPurchase, FieldFloor, FieldPhone, FieldPerson, FieldIdentity, FieldBank, FieldProfit}

// Sight is how much of a field a role sees.
type Sight uint8

const (
	Hidden Sight = iota
	Masked
	Shown
)

// Grant is one cell of the matrix.
type Grant struct {
	Confirm Confirm
	Scope   Scope
}

// RoleID names a role. The seven below come with the program.
type RoleID string

const (
	Owner       RoleID = "owner"
	Manager     RoleID = "manager"
	Cashier     RoleID = "cashier"
	Buyer       RoleID = "buyer"
	Storekeeper RoleID = "storekeeper"
	Accountant  RoleID = "accountant"
	Auditor     RoleID = "auditor"
)

// Role is a named set of grants, field rights and limits.
type Role struct {
	ID     RoleID
	Name   string // as typed by the owner; "" for the seven standard roles, shown by key role.<id>
	Grants map[Permission]Grant
	Fields map[Field]Sight
	// Known are the permissions there were when the role was saved; see Current.
	Known []Permission `json:",omitempty"`
	// MaxDiscount is the largest share off a line or bill, in millionths
	// (amount.Rate); beyond it a second person must approve. 1e6 = no limit.
	MaxDiscount int64
	// Limits by the day and the document; 0 = none.
	MaxDocument  int64 `json:",omitempty"` // amount of a document, in fen
	BackdateDays int   `json:",omitempty"` // how far back a document may be dated
	ExportRows   int   `json:",omitempty"` // rows taken out of the program a day
	Unmaskings   int   `json:",omitempty"` // masked values looked at a day
}

// Sees tells how much of a field the role sees.
func (r Role) Sees(f Field) Sight { return r.Fields[f] }

// Object is what Decide must know of the thing acted on.
type Object struct {
	Mine bool // the row was made by, or belongs to, the person
	New  bool // there is no row yet
	// At are the warehouses the row lies in or goes to, 0 for none. A row that is
	// in no warehouse is in nobody's way.
	At [2]int64
}

// Decision is the answer.
type Decision struct {
	Allowed bool
	Confirm Confirm // what must be done before it is carried out
}

// Lent is a right lent to a person for a time, as Decide must know it.
type Lent struct {
	ID      int64
	Actions []Permission
	Own     bool  // rows of the person's own only
	Until   int64 // Unix seconds
	Left    int   // uses left; negative = any number
}

// Looks tells whether a right is to look at something: that is lent for a time and
// not for a number of uses, because one look shows all.
func (p Permission) Looks() bool {
	return strings.HasSuffix(string(p), ".view") || strings.HasPrefix(string(p), "report.") || strings.HasPrefix(string(p), "log.")
}

// covers tells whether it gives a right on an object now.
func (l Lent) covers(p Permission, o Object, now int64) bool {
	return p != "" && now < l.Until && l.Left != 0 && slices.Contains(l.Actions, p) && (!l.Own || o.New || o.Mine)
}

// DecideWith is Decide for a person: the role says what, their reach says where,
// and what the role does not give, a right lent may. A right lent never takes
// anything away, never makes a confirmation unnecessary, and never reaches further
// than the person. by is the ID of the right used, 0 none.
func DecideWith(r Role, at Reach, lent []Lent, now int64, p Permission, o Object) (d Decision, by int64) {
	if !at.Covers(o) {
		return Decision{}, 0
	}
	if d = Decide(r, p, o); d.Allowed {
		return d, 0
	}
	for _, l := range lent {
		if l.covers(p, o, now) {
			return Decision{Allowed: true, Confirm: lentConfirm(p)}, l.ID
		}
	}
	return Decision{}, 0
}

// lentConfirm: what asks even an owner for their password by default asks
// whoever was lent it for theirs.
func lentConfirm(p Permission) Confirm {
	for _, m := range matrix {
		if m.p == p && m.g[0] == '2' {
			return Password
		}
	}
	return None
}

// ScopeWith is how far a right reaches; ok is false when there is none.
func ScopeWith(r Role, lent []Lent, now int64, p Permission) (s Scope, ok bool) {
	g, ok := r.Grants[p]
	s = g.Scope
	for _, l := range lent {
		if !l.covers(p, Object{New: true}, now) {
			continue
		}
		if !ok || !l.Own {
			s = All
			if l.Own {
				s = Own
			}
		}
		ok = true
	}
	return s, ok
}

// Decide is the only place where a right is decided. An empty permission is
// never granted, so a command that forgot to name one is refused for everyone.
func Decide(r Role, p Permission, o Object) Decision {
	if p == "" {
		return Decision{}
	}
	g, ok := r.Grants[p]
	if !ok {
		return Decision{}
	}
	if g.Scope == Own && !o.New && !o.Mine {
		return Decision{}
	}
	return Decision{Allowed: true, Confirm: g.Confirm}
}
