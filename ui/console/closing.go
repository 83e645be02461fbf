package console

import (
	"context"
	"time"

	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/master"
	"tiezhang/ui/text"
)

// closeBooks closes a month, or a day of the till.
func closeBooks(ctx context.Context, c *call) error {
	if (c.month == "") == (c.dayFlag == "") {
		return usageError{text.T("console.close-needs")}
	}
	return c.with(ctx, func(ctx context.Context, s *app.Session) error {
		if c.dayFlag != "" {
			return c.closeDay(ctx, s)
		}
		m, err := app.ParseMonth(c.month)
		if err != nil {
			return err
		}
		r, err := app.Do(ctx, s, app.CloseMonth{Month: m, AllowNegative: c.negative})
		if err != nil {
			return err
		}
		return c.print(map[string]any{"month": c.month, "until": r.Until.String(), "hash": r.Hash, "negative": r.Negative},
			text.T("console.month-closed", "month", c.month, "until", r.Until.String()))
	})
}

func (c *call) closeDay(ctx context.Context, s *app.Session) error {
	d, err := day.Parse(c.dayFlag)
	if err != nil {
		return usageError{text.T("doc.date", "field", "--day", "value", c.dayFlag)}
	}
	counted, err := amount.ParseMoney(c.counted)
	if err != nil {
		return usageError{text.T("console.close-counted")}
	}
	places, err := app.Ask(ctx, s, app.Places{})
	if err != nil {
		return err
	}
	var account int64
	for _, a := range places.Accounts {
		if account == 0 && (c.account == "" && a.Kind == master.Cash && !a.Disabled || c.account != "" && (a.Code == c.account || a.Name == c.account)) {
			account = a.ID
		}
	}
	if account == 0 {
		return usageError{text.T("doc.unknown-account", "value", c.account)}
	}
	count, err := app.Do(ctx, s, app.CountTill{Account: account, Counted: counted})
	if err != nil {
		return err
	}
	r, err := app.Do(ctx, s, app.CloseDay{Date: d, Account: account, Counted: counted, Expected: count.Expected, Note: c.reason})
	if err != nil {
		return err
	}
	return c.print(map[string]any{"day": d.String(), "number": r.Number, "expected": r.Expected.String(), "counted": r.Counted.String(),
		"difference": r.Difference.String(), "log_head": r.Head}, text.T("console.day-closed", "day", d.String(), "number", r.Number, "difference", r.Difference.String()))
}

// reopenBooks opens the last closed month, after a backup, or a day.
func reopenBooks(ctx context.Context, c *call) error {
	if (c.month == "") == (c.dayFlag == "") || c.reason == "" {
		return usageError{text.T("console.reopen-needs")}
	}
	return c.with(ctx, func(ctx context.Context, s *app.Session) error {
		if c.dayFlag != "" {
			d, err := day.Parse(c.dayFlag)
			if err != nil {
				return usageError{text.T("doc.date", "field", "--day", "value", c.dayFlag)}
			}
			if _, err := app.Do(ctx, s, app.ReopenDay{Date: d, Reason: c.reason}); err != nil {
				return err
			}
			return c.print(map[string]any{"day": d.String()}, text.T("console.day-reopened", "day", d.String()))
		}
		m, err := app.ParseMonth(c.month)
		if err != nil {
			return err
		}
		r, err := app.Run(ctx, s, app.ReopenMonth{Month: m, Reason: c.reason, Folder: c.to})
		if err != nil {
			return err
		}
		until := ""
		if r.Until != 0 {
			until = r.Until.String()
		}
		return c.print(map[string]any{"month": c.month, "closed_until": until, "backup": r.Backup.Path, "backup_verified": r.Backup.VerifiedAt.UTC().Format(time.RFC3339)},
			text.T("console.month-reopened", "month", c.month, "file", r.Backup.Path))
	})
}
