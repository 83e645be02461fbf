package app

import (
	"context"

	"tiezhang/app/access"
	"tiezhang/app/day"
	"tiezhang/app/fault"
	"tiezhang/app/ledger"
)

// SwitchMethod changes how issues are costed, from the first day that is not in
// a closed month: what was before stays as it was costed. Nothing may be posted
// from that day on. In a shop that never posted anything it holds at once.
// Switching to the one in use is harmless. Faults: Invalid "cost.method"; Conflict
// "cost.month-first", "cost.moves-after".
type SwitchMethod struct{ Method ledger.Method }

func (c SwitchMethod) spec() Need { return Need{Perm: access.CostMethod, Whole: true} }

func (c SwitchMethod) run(_ context.Context, x *Exec) (CostMethod, error) {
	const op = "app.SwitchMethod"
	if c.Method != ledger.MovingAverage && c.Method != ledger.FIFO {
		return CostMethod{}, fault.Bad(op, "cost.method", "value", string(c.Method))
	}
	now, err := (&books{tx: x.Tx}).Method()
	if err != nil {
		return CostMethod{}, err
	}
	if now == c.Method {
		x.Quiet()
		return CostMethod{Method: now}, nil
	}
	from, err := x.switchDay()
	if err != nil {
		return CostMethod{}, err
	}
	m := CostMethod{From: from, Method: c.Method, By: x.S.user.ID, At: x.Now.Unix()}
	if err := x.Tx.SwitchMethod(m); err != nil {
		return CostMethod{}, err
	}
	x.Object("setting:" + SettingCostMethod)
	x.Note("method", string(c.Method))
	x.Note("was", string(now))
	x.Note("from", from.String())
	x.Changed("settings", "stock")
	return m, nil
}

// switchDay is the day a change would hold from.
func (x *Exec) switchDay() (day.Date, error) {
	const op = "app.SwitchMethod"
	closed, err := settingDate(x.Tx, SettingMonthClosed)
	if err != nil {
		return 0, err
	}
	if closed == 0 {
		n, err := x.Tx.PostedFrom(day.Date(19700101))
		if err != nil {
			return 0, err
		}
		if n > 0 {
			return 0, fault.New(op, fault.Conflict, "cost.month-first", nil)
		}
		return x.today().MonthStart(), nil
	}
	from := closed.AddDays(1)
	n, err := x.Tx.PostedFrom(from)
	if err != nil {
		return 0, err
	}
	if n > 0 {
		return 0, fault.New(op, fault.Conflict, "cost.moves-after", fault.Pairs("date", from.String(), "count", n))
	}
	return from, nil
}

// CostMethodState is what the settings page shows.
type CostMethodState struct {
	Method  ledger.Method
	History []CostMethod // earliest first
	// From is the day a change would hold from; Blocked says why there can be none
	// now.
	From    day.Date
	Blocked *fault.Error
}

// CostMethods tells how issues are costed and whether that can be changed now.
type CostMethods struct{}

func (q CostMethods) spec() Need { return Need{Perm: access.SettingsView, Silent: true} }

func (q CostMethods) ask(_ context.Context, x *Exec) (s CostMethodState, err error) {
	if s.Method, err = (&books{tx: x.Tx}).Method(); err != nil {
		return s, err
	}
	if s.History, err = x.Tx.CostMethods(); err != nil {
		return s, err
	}
	if s.From, err = x.switchDay(); err != nil {
		f, ok := err.(*fault.Error)
		if !ok || f.Kind != fault.Conflict {
			return s, err
		}
		s.Blocked = f
	}
	return s, nil
}
