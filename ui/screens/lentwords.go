package screens

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/grid"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// The words of rights lent for a time, for every place that tells of them: the
// status bar, the page of people, the list of what was lent.

func actionWords(ps []access.Permission) string {
	names := make([]string, len(ps))
	for i, a := range ps {
		names[i] = text.T("action." + string(a))
	}
	return strings.Join(names, text.T("printing.codes.comma"))
}

// untilWords is the time of the day today, else the day too; never the year:
// nothing is lent for longer than three days.
func untilWords(until int64, now time.Time) string {
	at := time.Unix(until, 0).In(now.Location())
	if text.Date(at) == text.Date(now) {
		return text.Clock(at)
	}
	return at.Format("01-02 15:04")
}

// leftWords says how often a right may still be used; "" where it may be any
// number of times.
func leftWords(l app.Lent) string {
	if l.Uses == 0 {
		return ""
	}
	return text.T("screens.lent.left", "n", max(0, l.Uses-l.Used))
}

// LentShort says what is lent in a few words: one right by its name, several by
// their number and the end that comes first.
func LentShort(ls []app.Lent, now time.Time) string {
	if len(ls) == 0 {
		return ""
	}
	n, until := 0, ls[0].Until
	for _, l := range ls {
		n += len(l.Actions)
		until = min(until, l.Until)
	}
	what := text.T("screens.lent.count", "n", n)
	if n == 1 {
		what = actionWords(ls[0].Actions)
	}
	s := text.T("screens.lent.short", "what", what, "until", untilWords(until, now))
	if left := leftWords(ls[0]); len(ls) == 1 && left != "" {
		s = text.T("screens.lent.short.left", "short", s, "left", left)
	}
	return s
}

// LentList shows rights one under the other: what, until when, how often yet, by
// whom and why.
func LentList(ls []app.Lent, now time.Time, width float32) fyne.CanvasObject {
	box := vbox()
	for _, l := range ls {
		what := control.NewWords(actionWords(l.Actions), width)
		what.Bold = true
		left := leftWords(l)
		if left == "" {
			left = text.T("screens.lent.any-times")
		}
		facts := muted(text.T("screens.lent.facts", "until", untilWords(l.Until, now), "left", left, "by", l.ByName, "reason", l.Reason), width)
		box.Add(container.NewVBox(what, facts))
	}
	return box
}

// giveRights asks which rights go to whom, for how long and how often, and lends
// them. who is chosen already, if it is anybody.
func (s *sheetPage) giveRights(to []lendTo, roles []access.Role, who string) {
	d := newGiveDialog(s, to, roles, who)
	d.modal.Open(s.env.Window.Canvas())
}

// endRight takes back what was lent, after a yes.
func (s *sheetPage) endRight(l app.Lent, then func()) {
	control.Ask(s.env.Window.Canvas(), control.Question{Title: text.T("screens.lent.end"), Yes: text.T("screens.lent.end"), No: text.T("ui.button.cancel"),
		Words: text.T("screens.lent.end.sure", "name", l.UserName, "what", actionWords(l.Actions))}, func(yes bool) {
		if yes {
			sheetDo(s, app.TakeBack{ID: l.ID}, func(struct{}) {
				s.env.Toast(text.T("screens.lent.taken"))
				if then != nil {
					then()
				}
			})
		}
	})
}

// sheetDo runs a command and goes on with its answer.
func sheetDo[R any, C app.Command[R]](s *sheetPage, c C, then func(R)) {
	s.env.Confirmed(func(ctx context.Context, done func(error)) {
		bg.Run(s.owner, func(work context.Context) (R, error) { return app.Do(page.Join(ctx, work), s.env.Session, c) }, func(r R, err error) {
			done(err)
			if err == nil {
				then(r)
			}
		})
	})
}

// showRightsOf lists what a person was lent, with the ways to end it and to lend
// more.
func (p *people) showRightsOf() {
	u, ok := p.at()
	if !ok {
		return
	}
	now, may := p.env.Host.Clock.Now(), p.env.Session.May(access.RightsLend)
	open := p.lent[u.ID]
	if len(open) == 0 {
		if may && !u.Disabled {
			p.giveRights(p.enabled(), p.roles, u.Name)
			return
		}
		p.env.Toast(text.T("screens.people.lent.none", "name", u.Name))
		return
	}
	cells := make(grid.Fixed, len(open))
	for i, l := range open {
		left := leftWords(l)
		if left == "" {
			left = text.T("screens.lent.any-times")
		}
		cells[i] = []grid.Cell{{Text: actionWords(l.Actions)}, {Text: untilWords(l.Until, now)}, {Text: left}, {Text: l.ByName}, {Text: l.Reason}}
	}
	list := grid.NewList([]grid.ListColumn{{Key: "what", Title: "screens.lent.what", Width: 240}, {Key: "until", Title: "screens.lent.until", Width: 130}, {Key: "left", Title: "screens.lent.uses-left", Width: 110},
		{Key: "by", Title: "screens.lent.by", Width: 80}, {Key: "why", Title: "screens.lent.reason", Width: 160}}, cells)
	room := container.New(&roomy{fyne.NewSize(theme.Px(730), theme.Px(190))}, list)
	m := control.NewModal(text.T("screens.people.lent.of", "name", u.Name), room)
	m.First = list
	m.CancelButton(text.T("ui.button.close"), nil)
	if may {
		if !u.Disabled {
			m.Button(text.T("screens.people.lent.more"), func() { m.Close(); p.giveRights(p.enabled(), p.roles, u.Name) })
		}
		end := func() {
			if i := list.Active(); i >= 0 && i < len(open) {
				p.endRight(open[i], m.Close)
			}
		}
		list.OnActivate = func(int) { end() }
		m.DefaultButton(text.T("screens.lent.end"), end)
	}
	m.Open(p.env.Window.Canvas())
}

// enabled are those who can be lent something.
func (p *people) enabled() []lendTo {
	var out []lendTo
	for _, u := range p.rows {
		if !u.Disabled {
			out = append(out, lendTo{u.Name, u.Role})
		}
	}
	return out
}

// roomy gives one object a size of its own.
type roomy struct{ size fyne.Size }

func (r *roomy) MinSize([]fyne.CanvasObject) fyne.Size { return r.size }

// Layout is Fyne's.
func (r *roomy) Layout(os []fyne.CanvasObject, z fyne.Size) {
	for _, o := range os {
		o.Resize(z)
		o.Move(fyne.NewPos(0, 0))
	}
}
