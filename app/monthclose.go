package app

import (
	"context"
	"encoding/hex"
	"fmt"

	"tiezhang/app/access"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
)

// CloseMonth closes the month after the last closed one (the first time: any):
// nothing is posted into it any more, and what the books said is kept with its
// hash. Faults: Invalid "month.value", "month.not-over"; Conflict "month.order",
// "month.drafts", "month.negative" (a list, one a place), "month.books".
type CloseMonth struct {
	Month int // yyyymm
	// AllowNegative passes stock below nothing, with the right.
	AllowNegative bool
	Progress      func(done, total int64)
}

// MonthClosed is what closing gives back.
type MonthClosed struct {
	Month    int
	Until    day.Date
	Hash     string // of the rows it was closed with, 64 hex digits
	Negative int    // places below nothing that were passed
}

func (c CloseMonth) spec() Need { return Need{Perm: access.MonthClose, Whole: true} }

func (c CloseMonth) run(ctx context.Context, x *Exec) (MonthClosed, error) {
	first, last, err := monthDays(c.Month)
	if err != nil {
		return MonthClosed{}, err
	}
	if last > x.today() {
		return MonthClosed{}, fault.Bad("app.CloseMonth", "month.not-over", "field", "month", "month", monthText(c.Month), "until", last.String())
	}
	closed, err := settingDate(x.Tx, SettingMonthClosed)
	if err != nil {
		return MonthClosed{}, err
	}
	if closed != 0 && closed.AddDays(1) != first {
		return MonthClosed{}, fault.New("app.CloseMonth", fault.Conflict, "month.order", fault.Pairs("field", "month", "month", monthText(c.Month), "next", monthText(monthOf(closed.AddDays(1)))))
	}
	from := first
	if closed == 0 { // the first close covers all that was before
		from = day.Date(19700101)
	}
	drafts, err := x.Tx.DraftsDated(from, last)
	if err != nil {
		return MonthClosed{}, err
	}
	if len(drafts) > 0 {
		return MonthClosed{}, fault.New("app.CloseMonth", fault.Conflict, "month.drafts", fault.Pairs("count", len(drafts), "date", drafts[0].Date.String(), "month", monthText(c.Month)))
	}
	negatives, err := x.passNegatives(last, c.AllowNegative)
	if err != nil {
		return MonthClosed{}, err
	}
	found, err := x.Tx.CheckBooks(ctx, func(done, total int64) {
		if c.Progress != nil {
			c.Progress(done, total)
		}
	})
	if err != nil {
		return MonthClosed{}, err
	}
	if len(found) > 0 {
		return MonthClosed{}, fault.New("app.CloseMonth", fault.Conflict, "month.books", fault.Pairs("count", len(found)))
	}
	m, err := x.Tx.CloseMonth(MonthClose{Month: c.Month, By: x.S.user.ID, At: x.Now.Unix()})
	if err != nil {
		return MonthClosed{}, err
	}
	if err := x.Tx.SetSetting(SettingMonthClosed, last.String()); err != nil {
		return MonthClosed{}, err
	}
	out := MonthClosed{Month: c.Month, Until: last, Hash: hex.EncodeToString(m.Hash[:]), Negative: negatives}
	x.Object("month:" + monthText(c.Month))
	x.Note("hash", out.Hash)
	x.Changed("settings", "documents")
	return out, nil
}

// passNegatives refuses stock below nothing at the end of a day, each place
// named, unless it is passed with the right.
func (x *Exec) passNegatives(on day.Date, allow bool) (int, error) {
	ns, err := x.Tx.NegativeAt(on)
	if err != nil || len(ns) == 0 {
		return 0, err
	}
	if !allow {
		var l fault.List
		for _, n := range ns {
			l = append(l, fault.New("app.CloseMonth", fault.Conflict, "month.negative", fault.Pairs("name", n.Name, "code", n.Code, "place", n.Place, "qty", n.Qty.String())))
		}
		return 0, l
	}
	if err := x.Allow(access.NegativeStock, access.Object{New: true}); err != nil {
		return 0, err
	}
	x.Note("negative", len(ns))
	return len(ns), nil
}

// ReopenMonth opens the last closed month again, after a backup of the shop as
// it is: what is changed then can always be held against what was. Faults:
// Invalid "doc.reason-needed", Conflict "month.not-closed", "month.order",
// "month.method-switched", "month.no-backup-place", and those of the backup.
type ReopenMonth struct {
	Month  int
	Reason string
	// Folder is where the backup goes; "" = the first of the shop's backup places
	// that is there.
	Folder   string
	Progress Progress
}

// MonthReopened is what reopening gives back.
type MonthReopened struct {
	Month  int
	Until  day.Date // last day still closed, 0 none
	Backup Kept
}

func (t ReopenMonth) spec() Need { return Need{Perm: access.MonthReopen, Whole: true} }

func (t ReopenMonth) work(ctx context.Context, x *Exec) (MonthReopened, error) {
	if t.Reason == "" {
		_, last, err := monthDays(t.Month)
		if err != nil {
			return MonthReopened{}, err
		}
		return MonthReopened{}, fault.Bad("app.ReopenMonth", "doc.reason-needed", "field", "reason", "date", last.String())
	}
	st := x.S.shop.store
	check := func(tx Tx) error { return mayReopen(tx, t.Month) }
	if err := st.Read(ctx, check); err != nil {
		return MonthReopened{}, err
	}
	kept, err := t.backup(ctx, x)
	if err != nil {
		return MonthReopened{}, err
	}
	out := MonthReopened{Month: t.Month, Backup: kept}
	err = st.Write(ctx, func(tx Tx) error {
		x.Tx = tx
		if err := check(tx); err != nil {
			return err
		}
		if err := tx.ReopenMonth(MonthClose{Month: t.Month, ReopenedBy: x.S.user.ID, ReopenedAt: x.Now.Unix(), Reason: t.Reason}); err != nil {
			return err
		}
		all, err := tx.MonthCloses()
		if err != nil {
			return err
		}
		until := ""
		for _, m := range all {
			if m.ReopenedAt == 0 {
				if _, out.Until, err = monthDays(m.Month); err != nil {
					return err
				}
				until = out.Until.String()
				break
			}
		}
		if err := tx.SetSetting(SettingMonthClosed, until); err != nil {
			return err
		}
		x.Object("month:" + monthText(t.Month))
		x.Reason(t.Reason)
		x.Note("backup", kept.Name)
		return x.S.appendLog(x, "ok", "") // in the same transaction, as a command's
	})
	if err != nil {
		return MonthReopened{}, err
	}
	x.Quiet()
	x.Changed("settings", "documents", "backups")
	return out, nil
}

func (t ReopenMonth) backup(ctx context.Context, x *Exec) (Kept, error) {
	sh := x.S.shop
	if t.Folder != "" {
		return sh.backup(ctx, t.Folder, true, t.Progress)
	}
	folders, err := sh.backupFolders(ctx)
	if err != nil {
		return Kept{}, err
	}
	if len(folders) == 0 {
		return Kept{}, fault.New("app.ReopenMonth", fault.Conflict, "month.no-backup-place", nil)
	}
	var first error
	for _, f := range folders {
		kept, err := sh.backup(ctx, f, true, t.Progress)
		if err == nil || fault.KindOf(err) == fault.Canceled {
			return kept, err
		}
		if first == nil {
			first = err
		}
	}
	return Kept{}, first
}

// mayReopen: the last closed month first, and never one before a change of the
// costing method, which rests on its closing figures.
func mayReopen(tx Tx, month int) error {
	const op = "app.ReopenMonth"
	first, last, err := monthDays(month)
	if err != nil {
		return err
	}
	closed, err := settingDate(tx, SettingMonthClosed)
	if err != nil {
		return err
	}
	if closed == 0 || last > closed {
		return fault.New(op, fault.Conflict, "month.not-closed", fault.Pairs("month", monthText(month)))
	}
	if last != closed {
		return fault.New(op, fault.Conflict, "month.reopen-order", fault.Pairs("month", monthText(month), "last", monthText(monthOf(closed))))
	}
	ms, err := tx.CostMethods()
	if err != nil {
		return err
	}
	for _, m := range ms {
		if m.From > first {
			return fault.New(op, fault.Conflict, "month.method-switched", fault.Pairs("month", monthText(month), "date", m.From.String()))
		}
	}
	return nil
}

// MonthState is what the month's page shows.
type MonthState struct {
	Next     int      // the month to close next; 0 when none was closed and nothing was posted
	Over     bool     // it is over, or today is its last day
	Until    day.Date // last closed day, 0 none
	Drafts   []doc.Document
	Negative []Negative
	Closes   []MonthClose // latest first, reopened ones too
	Names    map[int64]string
}

// Months tells what stands in the way of closing the next month, and the closes
// so far.
type Months struct{}

func (q Months) spec() Need { return Need{Perm: access.MonthClose, Silent: true, Whole: true} }

func (q Months) ask(_ context.Context, x *Exec) (MonthState, error) {
	var s MonthState
	var err error
	if s.Closes, err = x.Tx.MonthCloses(); err != nil {
		return s, err
	}
	if s.Until, err = settingDate(x.Tx, SettingMonthClosed); err != nil {
		return s, err
	}
	from := day.Date(19700101)
	if s.Until != 0 {
		from = s.Until.AddDays(1)
		s.Next = monthOf(from)
	} else {
		s.Next = monthOf(x.today().MonthStart().AddDays(-1)) // the one just over
	}
	_, last, err := monthDays(s.Next)
	if err != nil {
		return s, err
	}
	s.Over = last <= x.today()
	ds, err := x.Tx.DraftsDated(from, last)
	if err != nil {
		return s, err
	}
	for _, d := range ds { // others' drafts stand in the way too; what they say may be hidden
		d, _ = x.maskDocument(d)
		s.Drafts = append(s.Drafts, d)
	}
	if s.Over {
		if s.Negative, err = x.Tx.NegativeAt(last); err != nil {
			return s, err
		}
	}
	users, err := x.Tx.Users()
	if err != nil {
		return s, err
	}
	s.Names = map[int64]string{}
	for _, u := range users {
		s.Names[u.ID] = u.Name
	}
	return s, nil
}

func monthOf(d day.Date) int { return int(d) / 100 }

// monthText writes a month: 2026-10.
func monthText(m int) string { return fmt.Sprintf("%04d-%02d", m/100, m%100) }

// monthDays gives the first and last day of a month.
func monthDays(m int) (first, last day.Date, err error) {
	first = day.Date(m)*100 + 1
	if !first.Valid() {
		return 0, 0, fault.Bad("app.month", "month.value", "field", "month", "value", fmt.Sprint(m))
	}
	return first, first.MonthEnd(), nil
}

// ParseMonth reads "2026-10".
func ParseMonth(s string) (int, error) {
	d, err := day.Parse(s + "-01")
	if err != nil {
		return 0, fault.Bad("app.month", "month.value", "field", "month", "value", s)
	}
	return monthOf(d), nil
}
