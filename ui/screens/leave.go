package screens

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/app/printing"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// leave sees somebody out: who takes over, what will happen in numbers, the new
// key now or later, and afterwards the list of what was done.
type leave struct {
	*sheetPage
	name  string
	facts app.LeaveFacts
	to    *control.Choice
	when  *control.Choice
	tells *control.Words

	left *app.Left // done
	at   time.Time
}

// When the key is changed.
const (
	keyNow   = "now"
	keyLater = "later"
)

func newLeave(env *page.Env, r page.Route) *leave {
	base := newSheet(env, r, "leave.do")
	l := &leave{sheetPage: &base, name: r.Arg}
	l.title = text.T("leave.title", "name", l.name)
	l.scope.On("F9", "leave.run", "leave.do", l.run)
	l.load()
	return l
}

// Reload counts again, until it is done.
func (l *leave) Reload(area string) {
	if l.left == nil && (area == "users" || area == "parties" || area == "documents") {
		l.load()
	}
}

func (l *leave) load() {
	bg.RunKey(l.owner, "facts", func(ctx context.Context) (app.LeaveFacts, error) {
		return app.Ask(ctx, l.env.Session, app.Leaving{Name: l.name})
	}, func(f app.LeaveFacts, err error) {
		if err != nil {
			l.env.Fail(err)
			return
		}
		l.facts = f
		l.redraw(l.show)
	})
}

const leaveWidth = 640

// hinder tells why it can't be done at all; "" when it can.
func (l *leave) hinder() string {
	switch {
	case !l.env.Session.May(access.UserEdit):
		return text.T("leave.not-you")
	case l.facts.Self:
		return text.T("leave.self")
	case l.facts.LastOwner:
		return text.T("leave.last-owner", "name", l.name)
	}
	return ""
}

func (l *leave) show() {
	chosen, when := "", keyNow
	if l.to != nil {
		chosen, when = l.to.Value(), l.when.Value()
	}
	if why := l.hinder(); why != "" {
		l.first = nil
		l.fill(control.NewHeading(l.title), control.NewBanner(control.Warn, why, "", nil))
		return
	}
	var os []control.Option
	for _, n := range l.facts.To {
		os = append(os, control.Option{Value: n, Text: n})
	}
	l.tells = control.NewWords("", leaveWidth)
	l.to = control.NewChoice(os, func(string) { l.tell() })
	l.to.Placeholder, l.to.MinWidth = text.T("leave.to.choose"), 260
	l.to.SetValue(chosen)
	l.when = pick([]string{keyNow, keyLater}, "leave.key.", when, func(string) { l.tell() })
	l.when.MinWidth = 420
	l.first = l.to
	box := vbox(muted(text.T("leave.lead"), leaveWidth))
	if l.owes() {
		box.Add(control.NewWords(text.T("leave.has", "name", l.name, "customers", l.facts.Customers, "drafts", l.facts.Drafts), leaveWidth))
		box.Add(labelled("leave.to.label", container.NewHBox(l.to)))
	} else {
		l.first = l.when
		box.Add(control.NewWords(text.T("leave.has-none", "name", l.name), leaveWidth))
	}
	box.Add(labelled("leave.key", container.NewHBox(l.when)))
	box.Add(muted(text.T("leave.key.words"), leaveWidth))
	do := control.NewButton(text.T("leave.do"), l.run).WithKey("F9").WithLook(control.Danger)
	l.tell()
	l.fill(control.NewHeading(l.title), vbox(control.NewCard(text.T("leave.how"), box),
		control.NewCard(text.T("leave.will"), vbox(l.tells, container.NewHBox(do)))))
}

func (l *leave) owes() bool { return l.facts.Customers+l.facts.Drafts > 0 }

// plan is what will happen, a line each.
func (l *leave) plan() []string {
	out := []string{text.T("leave.will.off", "name", l.name), text.T("leave.will.slot", "name", l.name)}
	if l.owes() {
		to := l.to.Value()
		if to == "" {
			to = text.T("leave.nobody")
		}
		out = append(out, text.T("leave.will.over", "customers", l.facts.Customers, "drafts", l.facts.Drafts, "to", to))
	}
	if l.when.Value() == keyLater {
		return append(out, text.T("leave.will.later"), text.T("leave.will.undo"))
	}
	return append(out, text.T("leave.will.now"), text.T("leave.will.undo"))
}

func numbered(lines []string) string {
	out := make([]string, len(lines))
	for i, s := range lines {
		out[i] = text.T("leave.number", "n", i+1, "words", s)
	}
	return strings.Join(out, "\n")
}

func (l *leave) tell() {
	l.tells.SetText(numbered(l.plan()))
	l.root.Refresh()
}

func (l *leave) run() {
	if l.left != nil || l.to == nil || l.hinder() != "" {
		return
	}
	if l.owes() && l.to.Value() == "" {
		l.to.SetInvalid(true)
		l.env.Toast(text.T("leave.hand-over", "name", l.name, "customers", l.facts.Customers, "drafts", l.facts.Drafts))
		l.env.Window.Canvas().Focus(l.to)
		return
	}
	t := app.LeavePerson{Name: l.name, RotateLater: l.when.Value() == keyLater}
	if l.owes() {
		t.HandOverTo = l.to.Value()
	}
	control.Ask(l.env.Window.Canvas(), control.Question{Title: l.title, Words: numbered(l.plan()), Yes: text.T("leave.yes"), Danger: true}, func(yes bool) {
		if yes {
			l.do(t)
		}
	})
}

// do can be stopped while the key is changed: all else is done by then.
func (l *leave) do(t app.LeavePerson) {
	l.env.Confirmed(func(ctx context.Context, done func(error)) {
		long(l.sheetPage, l.title, func(work context.Context, p app.Progress) (app.Left, error) {
			t.Progress = p
			return app.Run(page.Join(ctx, work), l.env.Session, t)
		}, func(left app.Left, err error) {
			done(err)
			if err != nil {
				return
			}
			l.left, l.at = &left, l.env.Host.Clock.Now()
			l.redraw(l.showDone)
		})
	})
}

// did is what was done, and what is left to do.
func (l *leave) did() (done []string, open string) {
	f := l.left
	done = append(done, text.T("leave.did.off", "name", l.name))
	if f.SlotRemoved {
		done = append(done, text.T("leave.did.slot", "name", l.name))
	}
	if f.To != "" {
		done = append(done, text.T("leave.did.over", "customers", f.Customers, "drafts", f.Drafts, "to", f.To))
	}
	switch {
	case f.Rotated:
		return append(done, text.T("leave.did.key")), text.T("leave.open.backup")
	case fault.KindOf(problem(f)) == fault.Canceled:
		return done, text.T("leave.open.stopped")
	case f.Problem != nil:
		return done, text.T("leave.open.failed", "why", text.Fault(f.Problem))
	}
	return done, text.T("leave.open.later")
}

func problem(f *app.Left) error {
	if f.Problem == nil {
		return nil
	}
	return f.Problem
}

func (l *leave) showDone() {
	done, open := l.did()
	box := vbox()
	for _, s := range done {
		w := control.NewWords(text.T("leave.tick", "words", s), leaveWidth)
		w.Color = theme.NamePositive
		box.Add(w)
	}
	level, to := control.Warn, page.Route{Screen: page.Security, Kind: "key"}
	words := text.T("leave.to-key")
	if l.left.Rotated {
		level, to, words = control.Info, page.Route{Screen: page.Backup}, text.T("rotate.backup")
	}
	box.Add(control.NewBanner(level, open, words, func() { l.env.Open(to) }))
	paper := control.NewPrimary(text.T("leave.print"), l.print).WithIcon("print")
	box.Add(container.NewHBox(paper))
	l.first = fyne.Focusable(paper)
	l.fill(control.NewHeading(text.T("leave.done", "name", l.name)), vbox(control.NewCard(text.T("leave.did"), box)))
}

// print puts the list of what was done on paper, with room for two names.
func (l *leave) print() {
	if l.left == nil {
		return
	}
	done, open := l.did()
	by := l.env.Session.User().Name
	r := printing.Report{Title: text.T("leave.done", "name", l.name), Lines: []string{text.T("leave.paper.head", "at", text.DateTime(l.at), "by", by)},
		Columns: []printing.ReportColumn{{Title: text.T("leave.paper.what"), Width: 78}, {Title: text.T("leave.paper.state"), Width: 12}}, Footer: text.T("leave.paper.sign")}
	for _, s := range done {
		r.Rows = append(r.Rows, []string{s, text.T("leave.paper.done")})
	}
	r.Rows = append(r.Rows, []string{open, text.T("leave.paper.open")})
	l.saveReport(text.T("leave.print"), text.T("leave.done", "name", l.name)+" "+text.Date(l.at), r)
}
