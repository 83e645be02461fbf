package app

import (
	"context"
	"slices"
	"strings"

	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/fault"
	"tiezhang/app/master"
)

// SaveEmployee adds or changes a person documents name: who sold, who fetched.
// Faults: Invalid naming the field, Conflict "master.code-taken", "master.stale".
type SaveEmployee struct{ Employee master.Employee }

func (c SaveEmployee) spec() Need { return Need{Perm: access.EmployeeEdit} }

func (c SaveEmployee) run(_ context.Context, x *Exec) (int64, error) {
	e := c.Employee
	e.Code, e.Name, e.Phone = amount.Narrow(e.Code), strings.TrimSpace(e.Name), amount.Narrow(strings.TrimSpace(e.Phone))
	e.IDCard, e.BankCard = master.TidyIDCard(e.IDCard), master.TidyBank(e.BankCard)
	var old master.Employee
	if e.ID != 0 {
		var err error
		if old, err = x.Tx.Employee(e.ID); err != nil {
			return 0, err
		}
		u := unseenTyping{x: x, stale: e.Version != old.Version}
		u.take(access.FieldPhone, "phone", old.Phone, &e.Phone)
		u.take(access.FieldIdentity, "id_card", old.IDCard, &e.IDCard)
		u.take(access.FieldBank, "bank_card", old.BankCard, &e.BankCard)
		if err := u.l.Err(); err != nil {
			return 0, err
		}
		if old.Disabled != e.Disabled {
			x.Note("disabled", e.Disabled)
		}
	} else {
		x.Note("new", true)
	}
	if err := e.Check(); err != nil {
		return 0, err
	}
	if e.User != 0 {
		us, err := x.Tx.Users()
		if err != nil {
			return 0, err
		}
		if !slices.ContainsFunc(us, func(u User) bool { return u.ID == e.User }) {
			return 0, fault.Bad("app.SaveEmployee", "master.owner-unknown", "field", "user")
		}
	}
	if e.ID != 0 {
		x.noteEmployee(old, e)
	}
	x.Object("employee:" + e.Code)
	x.Changed("employees")
	return x.Tx.SaveEmployee(e)
}

// Employees lists the people documents may name, those out of use too: old
// documents still do.
type Employees struct{}

func (q Employees) spec() Need { return Need{Perm: access.HomeView, Silent: true} }

func (q Employees) ask(_ context.Context, x *Exec) ([]master.Employee, error) {
	es, err := x.Tx.Employees()
	for i := range es {
		es[i] = x.maskEmployee(es[i])
	}
	return es, err
}

// GetEmployee reads one.
type GetEmployee struct{ ID int64 }

func (q GetEmployee) spec() Need { return Need{Perm: access.HomeView, Silent: true} }

func (q GetEmployee) ask(_ context.Context, x *Exec) (master.Employee, error) {
	e, err := x.Tx.Employee(q.ID)
	return x.maskEmployee(e), err
}

// OwnerName is a person a customer can be looked after by.
type OwnerName struct {
	ID   int64
	Name string
}

// Owners lists the people of the shop by name, for choosing who looks after a
// customer. Nothing else of their accounts is told.
type Owners struct{}

func (q Owners) spec() Need { return Need{Perm: access.HomeView, Silent: true} }

func (q Owners) ask(_ context.Context, x *Exec) ([]OwnerName, error) {
	us, err := x.Tx.Users()
	var out []OwnerName
	for _, u := range us {
		if u.Disabled && u.ID != x.S.user.ID {
			continue
		}
		if x.S.scope(access.CustomerView) == access.Own && u.ID != x.S.user.ID {
			continue
		}
		out = append(out, OwnerName{u.ID, u.Name})
	}
	return out, err
}
