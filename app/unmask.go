package app

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"tiezhang/app/access"
	"tiezhang/app/fault"
)

// UnmaskFor is how long a screen shows what was unmasked.
const UnmaskFor = 30 * time.Second

// Unmask shows one thing of one party or employee to somebody who sees it
// masked, for a reason: logged, and rationed by the day. With a party's phone
// number comes the address. Faults: Invalid "unmask.reason"; NotFound
// "master.unknown"; Denied "unmask.ration".
type Unmask struct {
	Party, Employee int64 // one of them
	Field           access.Field
	Reason          string
}

// Unmasked is what is shown, for UnmaskFor.
type Unmasked struct {
	Value            string // phone number, ID card number, bank card or account
	Address, Contact string // with the phone number of a party
	BankName         string // with its account
	Left             int    // of today's ration; -1 = no ration
}

// UnmaskRight is the right to unmask values of a field; "" for fields of which
// nothing can be unmasked.
func UnmaskRight(f access.Field) access.Permission {
	switch f {
	case access.FieldPhone:
		return access.PhoneUnmask
	case access.FieldIdentity, access.FieldBank:
		return access.PersonalUnmask
	}
	return ""
}

func (c Unmask) spec() Need { return Need{Perm: UnmaskRight(c.Field)} }

func (c Unmask) run(_ context.Context, x *Exec) (Unmasked, error) {
	reason := strings.TrimSpace(c.Reason)
	if reason == "" || utf8.RuneCountInString(reason) > 200 {
		return Unmasked{}, fault.Bad("app.Unmask", "unmask.reason", "field", "reason", "max", 200)
	}
	out, object, err := c.read(x)
	if err != nil {
		return Unmasked{}, err
	}
	if x.S.Sees(c.Field) == access.Hidden { // hidden is not masked
		return Unmasked{}, fault.New("app.Unmask", fault.Denied, "gate.denied", fault.Pairs("action", string(UnmaskRight(c.Field))))
	}
	most := x.S.role.Unmaskings
	if err := x.ration(rationUnmask, 1, most, "unmask.ration"); err != nil {
		return Unmasked{}, err
	}
	out.Left = -1
	if most > 0 {
		used, err := x.rationed(rationUnmask)
		if err != nil {
			return Unmasked{}, err
		}
		out.Left = max(most-used, 0)
	}
	x.Object(object)
	x.Reason(reason)
	x.Note("unmasked", string(c.Field))
	return out, nil
}

// read gives the value, and what the log calls whom it belongs to.
func (c Unmask) read(x *Exec) (out Unmasked, object string, err error) {
	if c.Employee != 0 {
		e, err := x.Tx.Employee(c.Employee)
		switch c.Field {
		case access.FieldPhone:
			out.Value = e.Phone
		case access.FieldIdentity:
			out.Value = e.IDCard
		case access.FieldBank:
			out.Value = e.BankCard
		}
		return out, "employee:" + e.Code, err
	}
	p, err := x.Tx.Party(c.Party)
	if err != nil {
		return out, "", err
	}
	if !x.seesParty(p) || c.Field == access.FieldIdentity { // a party has no ID card
		return out, "", unseenParty("app.Unmask")
	}
	if c.Field == access.FieldBank {
		return Unmasked{Value: p.BankAccount, BankName: p.BankName}, "party:" + p.Code, nil
	}
	return Unmasked{Value: p.Phone, Address: p.Address, Contact: x.seen(access.FieldPerson, p.Contact)}, "party:" + p.Code, nil
}
