package home

import (
	"fmt"

	"tiezhang/app"
	"tiezhang/ui/control"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
)

// reminders are what is due about accounts and sign-ins.
func (h *home) reminders(add func(level control.Level, words, button string, run func())) {
	w := h.wait
	if w.Approvals > 0 {
		add(control.Warn, text.T("home.approvals", "count", w.Approvals), text.T("home.open"), h.open(page.Approve, ""))
	}
	if w.Answered > 0 {
		add(control.Info, text.T("home.approved", "count", w.Answered), "", nil)
	}
	if w.Expiring > 0 {
		add(control.Warn, text.T("home.expiring", "count", w.Expiring, "days", app.ExpiringDays), text.T("home.open"), h.open(page.Report, "batches"))
	}
	if w.Month != 0 {
		add(control.Warn, text.T("home.month-due", "month", fmt.Sprintf("%04d-%02d", w.Month/100, w.Month%100)), text.T("home.open"), h.open(page.Month, ""))
	}
	r := h.remind
	if r.ReviewDue {
		add(control.Warn, text.T("home.review-due"), text.T("home.open"), h.open(page.Security, "rights"))
	}
	if r.KeyDue != "" {
		add(control.Warn, text.T("home.key-due."+r.KeyDue), text.T("home.open"), h.open(page.Security, "key"))
	}
	if r.Stale > 0 {
		add(control.Warn, text.T("home.stale", "count", r.Stale), text.T("home.open"), h.open(page.Security, "people"))
	}
	if r.TrainingDue {
		add(control.Info, text.T("home.training-due"), text.T("home.open"), h.open(page.Security, "training"))
	}
}
