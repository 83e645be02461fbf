package app

import (
	"context"

	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/oplog"
)

// CountTill is a count of a money account, given before anybody is told what should
// be there: the answer is that, and the count is in the log whatever comes of it.
// Nothing is booked.
type CountTill struct {
	Account int64
	Counted amount.Money
}

// TillCount is what a count comes to.
type TillCount struct{ Expected, Counted, Difference amount.Money }

func (c CountTill) spec() Need { return Need{Perm: access.DayClose, Draft: true} }

func (c CountTill) run(_ context.Context, x *Exec) (TillCount, error) {
	if err := x.mayCount(c.Account); err != nil {
		return TillCount{}, err
	}
	a, err := x.Tx.Account(c.Account)
	if err != nil {
		return TillCount{}, err
	}
	bal, err := x.Tx.Balance(doc.AccCash, 0, c.Account)
	if err != nil {
		return TillCount{}, err
	}
	out := TillCount{Expected: bal, Counted: c.Counted, Difference: c.Counted - bal}
	x.action = "day.count"
	x.Object("account:" + a.Code)
	x.Note("counted", c.Counted.String())
	x.Note("difference", out.Difference.String())
	return out, nil
}

// cashMoved: the till does not hold what the counter was told. Who counts blind is
// not told the sum by guessing at it.
func (x *Exec) cashMoved(shown, now amount.Money) error {
	if !x.S.May(access.MoneyView) {
		return fault.New("app.CloseDay", fault.Conflict, "day.cash-recount", nil)
	}
	return fault.New("app.CloseDay", fault.Conflict, "day.cash-moved", fault.Pairs("shown", shown.String(), "now", now.String()))
}

// CloseDay counts the till: it books the difference between the counted and the
// expected cash and closes the day for everything that moves the till's money.
// Faults: Invalid "doc.future", Closed "doc.closed-day", Conflict
// "day.cash-moved" or, for who counts blind, "day.cash-recount" when the cash is
// not what the screen showed.
type CloseDay struct {
	Date     day.Date
	Account  int64
	Counted  amount.Money
	Expected amount.Money // as told when it was counted: CountTill or CashBalance
	Note     string
}

// Closed is what the day's slip shows.
type Closed struct {
	Receipt
	Expected, Counted, Difference amount.Money
	Figures                       Today
	Sales                         bool // the figures are this person's to see
	Head                          string
}

func (c CloseDay) spec() Need { return Need{Perm: access.DayClose} }

func (c CloseDay) run(ctx context.Context, x *Exec) (Closed, error) {
	if err := x.mayCount(c.Account); err != nil {
		return Closed{}, err
	}
	bal, err := x.Tx.Balance(doc.AccCash, 0, c.Account)
	if err != nil {
		return Closed{}, err
	}
	if bal != c.Expected {
		return Closed{}, x.cashMoved(c.Expected, bal)
	}
	d := doc.Document{ID: "day-" + c.Date.String() + "-" + NewID(x.Now)[:12], Kind: doc.ShiftClose, Date: c.Date, AccountID: c.Account,
		Amount: c.Counted, Expected: bal, Note: c.Note, Reason: c.Note}
	spec := mustSpec(d.Kind)
	p, err := prepare(ctx, x, spec, &d, false)
	if err != nil {
		return Closed{}, err
	}
	r, err := p.commit(x, spec, &d)
	if err != nil {
		return Closed{}, err
	}
	if err := x.Tx.SetSetting(SettingDayClosed, c.Date.String()); err != nil {
		return Closed{}, err
	}
	out := Closed{Receipt: r, Expected: bal, Counted: c.Counted, Difference: c.Counted - bal}
	if out.Figures, err = x.Tx.Today(c.Date, x.S.user.Reach); err != nil {
		return Closed{}, err
	}
	out.Figures = x.maskToday(out.Figures)
	out.Sales = x.S.May(access.ReportSales) && x.S.scope(access.ReportSales) == access.All
	_, head, err := x.Tx.LogHead()
	if err != nil {
		return Closed{}, err
	}
	out.Head = oplog.Head(head)
	x.Note("difference", out.Difference.String())
	x.Changed("settings")
	return out, nil
}

// ReopenDay opens the last closed day again, with a reason.
type ReopenDay struct {
	Date   day.Date
	Reason string
}

func (c ReopenDay) spec() Need { return Need{Perm: access.MonthReopen} }

func (c ReopenDay) run(_ context.Context, x *Exec) (struct{}, error) {
	closed, err := settingDate(x.Tx, SettingDayClosed)
	if err != nil {
		return struct{}{}, err
	}
	if closed == 0 || c.Date > closed {
		return struct{}{}, fault.New("app.ReopenDay", fault.Conflict, "day.not-closed", fault.Pairs("date", c.Date.String()))
	}
	if c.Reason == "" {
		return struct{}{}, fault.Bad("app.ReopenDay", "doc.reason-needed", "field", "reason", "date", c.Date.String())
	}
	x.Object("day:" + c.Date.String())
	x.Reason(c.Reason)
	x.Changed("settings")
	return struct{}{}, x.Tx.SetSetting(SettingDayClosed, c.Date.AddDays(-1).String())
}
