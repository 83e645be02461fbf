package app

import (
	"context"

	"tiezhang/app/access"
	"tiezhang/app/report"
)

// Waiting tells what waits for this person: documents for their yes, batches
// about to expire, a month that is over and not closed.
type Waiting struct{}

// WaitingView is the answer. What the person may not see is zero.
type WaitingView struct {
	Approvals int // open questions this person may answer
	Answered  int // one's own drafts that were approved and not posted yet
	Expiring  int // batches that expire within ExpiringDays, or have
	Month     int // yyyymm that should be closed by now, 0 none
}

const (
	// ExpiringDays is how long before its expiry a batch is spoken of.
	ExpiringDays = 30
	// monthGrace is how many days into a month the one before is still left alone.
	monthGrace = 5
)

func (q Waiting) spec() Need { return Need{Perm: access.HomeView, Silent: true} }

func (q Waiting) ask(ctx context.Context, x *Exec) (WaitingView, error) {
	var v WaitingView
	as, err := x.Tx.PendingApprovals()
	if err != nil {
		return v, err
	}
	if x.S.May(access.DocumentApprove) {
		for _, a := range as {
			d, err := x.Tx.Document(a.Doc)
			if err == nil && !x.ownWork(a, d) && x.seeDocument(d) == nil {
				v.Approvals++
			}
		}
	}
	drafts, err := x.Tx.Drafts(x.S.user.ID)
	if err != nil {
		return v, err
	}
	for _, d := range drafts {
		if a, asked, err := x.Tx.Approval(d.ID); err != nil {
			return v, err
		} else if asked && a.Decision == Approved {
			v.Answered++
		}
	}
	if s, ok := report.Find("batches"); ok && x.S.May(s.Perm) {
		c, _ := s.Find("batch")
		p, err := x.Tx.Report(ctx, report.Query{Name: s.Name, Days: ExpiringDays, Limit: 1, Count: true, Reach: x.S.user.Reach}, []report.Column{c})
		if err != nil {
			return v, err
		}
		v.Expiring = p.Total
	}
	if x.S.May(access.MonthClose) && x.S.user.Reach.Everywhere() {
		until, err := settingDate(x.Tx, SettingMonthClosed)
		if err != nil {
			return v, err
		}
		// a shop that never closed a month is not reminded of it
		if next := until.AddDays(1); until != 0 && next.MonthEnd().AddDays(monthGrace) < x.today() {
			v.Month = monthOf(next)
		}
	}
	return v, nil
}
