package ui

import (
	"strconv"
	"time"

	"tiezhang/app"
	"tiezhang/ui/control"
	"tiezhang/ui/screens"
	"tiezhang/ui/text"
)

// The rights this person was lent for a time: the status bar tells of them as
// long as they hold.

// showLent writes them into the bar, and draws the rail anew when they changed:
// a module may have come or gone with them.
func (b *statusBar) showLent(ls []app.Lent) {
	now := b.sp.s.now()
	was := lentMark(b.lents)
	b.lents = ls
	b.lent.off = len(ls) == 0
	if len(ls) > 0 {
		b.lentButton.SetLabel(text.T("shell.status.lent", "what", screens.LentShort(ls, now)))
	}
	if lentMark(ls) != was {
		b.sp.rail.load()
	}
	b.watchLent(now)
}

// lentMark tells one set of rights from another.
func lentMark(ls []app.Lent) string {
	s := ""
	for _, l := range ls {
		s += strconv.FormatInt(l.ID, 10) + " "
	}
	return s
}

// watchLent looks again when the first of them ends.
func (b *statusBar) watchLent(now time.Time) {
	if b.lentOver != nil {
		b.lentOver()
		b.lentOver = nil
	}
	if len(b.lents) == 0 {
		return
	}
	first := b.lents[0].Until
	for _, l := range b.lents {
		first = min(first, l.Until)
	}
	b.lentOver = b.owner.Runner().Later(max(0, time.Unix(first, 0).Sub(now))+lentLate, b.reload)
}

// lentLate lets the second pass in which a right ends.
const lentLate = 50 * time.Millisecond

// listLent opens the list of them.
func (b *statusBar) listLent() {
	if len(b.lents) == 0 {
		b.sp.s.toasts.Show(control.Info, text.T("shell.lent.none"))
		return
	}
	m := control.NewModal(text.T("shell.lent.title"), screens.LentList(b.lents, b.sp.s.now(), 460))
	m.Cancel = m.DefaultButton(text.T("ui.button.close"), m.Close)
	m.Open(b.sp.s.win.Canvas())
}
