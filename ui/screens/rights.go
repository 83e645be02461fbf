package screens

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2/container"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/formview"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// rights is the review of who may do what since when, to be signed every
// quarter.
type rights struct {
	*sheetPage
	table app.Rights
	note  *control.Entry
}

func newRights(env *page.Env, r page.Route) *rights {
	base := newSheet(env, r, "screens.rights")
	p := &rights{sheetPage: &base, note: control.NewEntry()}
	p.scope.On("F9", "rights.sign", "screens.rights.sign", p.sign)
	p.load()
	return p
}

// Reload follows accounts and roles.
func (p *rights) Reload(area string) {
	if area == "users" || area == "roles" {
		p.load()
	}
}

func (p *rights) load() {
	bg.RunKey(p.owner, "rights", func(ctx context.Context) (app.Rights, error) {
		return app.Ask(ctx, p.env.Session, app.ReviewRights{})
	}, func(t app.Rights, err error) {
		if err != nil {
			p.env.Fail(err)
			return
		}
		p.table = t
		p.redraw(p.show)
	})
}

func (p *rights) show() {
	may := p.env.Session.May(access.UserEdit)
	box := vbox(muted(text.T("screens.rights.lead"), 760))
	last := text.T("screens.rights.never")
	if p.table.Last.At > 0 {
		last = text.T("screens.rights.last", "at", text.DateTime(time.Unix(p.table.Last.At, 0)), "name", p.table.Last.User)
	}
	state := control.NewWords(last, 760)
	if p.table.Due {
		state.Color = theme.NameWarning
		state.SetText(last + "  " + text.T("screens.rights.due"))
	}
	box.Add(state)
	for _, u := range p.table.People {
		name := u.Role.Name
		if name == "" {
			name = text.T("role." + string(u.Role.ID))
		}
		since := text.T("screens.rights.since-unknown")
		if u.Since > 0 {
			since = text.T("screens.rights.since", "at", text.Date(time.Unix(u.Since, 0)))
		}
		title := text.T("screens.rights.person", "name", u.Name, "role", name) + "  " + since
		words := control.NewWords(formview.RoleWords(u.Role), 760)
		part := vbox()
		switch {
		case u.Disabled:
			words = muted(text.T("screens.people.disabled"), 760)
		case u.Stale:
			w := control.NewWords(text.T("screens.people.stale", "days", app.StaleDays), 760)
			w.Color = theme.NameNegative
			part.Add(w)
		}
		part.Add(words)
		box.Add(control.NewCard(title, part))
	}
	for _, l := range p.table.Lent {
		var what []string
		for _, a := range l.Actions {
			what = append(what, text.T("action."+string(a)))
		}
		box.Add(control.NewCard(text.T("screens.rights.lent", "name", l.UserName, "by", l.ByName, "until", text.DateTime(time.Unix(l.Until, 0))), control.NewWords(strings.Join(what, text.T("screens.rights.and")), 760)))
	}
	head := container.NewHBox(control.NewHeading(p.title))
	if may {
		sign := control.NewPrimary(text.T("screens.rights.sign"), p.sign).WithKey("F9").WithIcon("check")
		p.note.SetPlaceHolder(text.T("screens.rights.note"))
		p.note.MinWidth = 320
		p.first = p.note
		head = container.NewHBox(container.NewCenter(control.NewHeading(p.title)), p.note, sign)
	}
	p.fill(head, box)
}

// sign signs exactly the table that is shown.
func (p *rights) sign() {
	if !p.env.Session.May(access.UserEdit) || p.table.Digest == "" {
		return
	}
	c := app.SignReview{Digest: p.table.Digest, Note: p.note.Text}
	p.env.Confirmed(func(ctx context.Context, done func(error)) {
		bg.Run(p.owner, func(work context.Context) (struct{}, error) { return app.Do(page.Join(ctx, work), p.env.Session, c) }, func(_ struct{}, err error) {
			done(err)
			if err == nil {
				p.note.SetText("")
				p.env.Toast(text.T("screens.rights.signed"))
			}
			p.load()
		})
	})
}
