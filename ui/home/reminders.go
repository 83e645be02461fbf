package home

import (
	"tiezhang/ui/control"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
)

// reminders are what is due about accounts and sign-ins.
func (h *home) reminders(add func(level control.Level, words, button string, run func())) {
	r := h.remind
	if r.ReviewDue {
		add(control.Warn, text.T("home.review-due"), text.T("home.open"), h.open(page.Security, "rights"))
	}
	if r.Stale > 0 {
		add(control.Warn, text.T("home.stale", "count", r.Stale), text.T("home.open"), h.open(page.Security, "people"))
	}
	if r.TrainingDue {
		add(control.Info, text.T("home.training-due"), text.T("home.open"), h.open(page.Security, "training"))
	}
}
