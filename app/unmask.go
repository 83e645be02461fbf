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

// Unmask shows one party's phone number and address to somebody who sees them
// masked, for a reason: logged, and rationed by the day. Faults: Invalid
// "unmask.reason"; NotFound "master.unknown"; Denied "unmask.ration".
type Unmask struct {
	Party  int64
	Reason string
}

// Unmasked is what is shown, for UnmaskFor.
type Unmasked struct {
	Phone, Address, Contact string
	Left                    int // of today's ration; -1 = no ration
}

func (c Unmask) spec() Need { return Need{Perm: access.PhoneUnmask} }

func (c Unmask) run(_ context.Context, x *Exec) (Unmasked, error) {
	reason := strings.TrimSpace(c.Reason)
	if reason == "" || utf8.RuneCountInString(reason) > 200 {
		return Unmasked{}, fault.Bad("app.Unmask", "unmask.reason", "field", "reason", "max", 200)
	}
	p, err := x.Tx.Party(c.Party)
	if err != nil {
		return Unmasked{}, err
	}
	if !x.seesParty(p) {
		return Unmasked{}, fault.New("app.Unmask", fault.NotFound, "master.unknown", nil)
	}
	if x.S.Sees(access.FieldPhone) == access.Hidden { // hidden is not masked
		return Unmasked{}, fault.New("app.Unmask", fault.Denied, "gate.denied", fault.Pairs("action", string(access.PhoneUnmask)))
	}
	most := x.S.role.Unmaskings
	if err := x.ration(rationUnmask, 1, most, "unmask.ration"); err != nil {
		return Unmasked{}, err
	}
	out := Unmasked{Phone: p.Phone, Address: p.Address, Contact: p.Contact, Left: -1}
	if most > 0 {
		used, err := x.rationed(rationUnmask)
		if err != nil {
			return Unmasked{}, err
		}
		out.Left = max(most-used, 0)
	}
	x.Object("party:" + p.Code)
	x.Reason(reason)
	x.Note("unmasked", "phone")
	return out, nil
}
