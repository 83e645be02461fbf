package screens

import (
	"context"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2/container"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/formview"
	"tiezhang/ui/grid"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// people are the accounts: who may sign in, when they last did, and what the
// owner should look after.
type people struct {
	*sheetPage
	list    *grid.List
	rows    []app.Person
	roles   []access.Role
	places  app.PlaceList
	lent    map[int64][]app.Lent // open rights, by whom they were lent to
	summary *control.Words
}

func newPeople(env *page.Env, r page.Route) *people {
	base := newSheet(env, r, "screens.people")
	p := &people{sheetPage: &base, summary: muted("", 900)}
	p.list = grid.NewList([]grid.ListColumn{
		{Key: "name", Title: "screens.people.name", Width: 100}, {Key: "role", Title: "screens.people.role", Width: 100}, {Key: "state", Title: "screens.people.state", Width: 230},
		{Key: "lent", Title: "screens.people.lent", Width: 260},
		{Key: "last", Title: "screens.people.last", Width: 140}, {Key: "factor", Title: "screens.people.factor", Width: 110}, {Key: "password", Title: "screens.people.password", Width: 100},
		{Key: "trained", Title: "screens.people.trained", Width: 80}, {Key: "unusual", Title: "screens.people.unusual", Width: 80}}, grid.Fixed{})
	p.list.Empty.Words = text.T("screens.people.none")
	p.list.OnActivate = func(int) { p.edit() }
	p.first = p.list
	row, second := container.NewHBox(), container.NewHBox()
	if env.Session.May(access.UserEdit) {
		p.scope.On("F2", "people.invite", "screens.people.invite", p.invite)
		p.scope.On("F6", "people.code", "screens.people.code", p.giveCode)
		p.scope.On("F7", "people.off", "screens.people.off", p.switchOff)
		row.Add(control.NewPrimary(text.T("screens.people.invite"), p.invite).WithKey("F2").WithIcon("plus"))
		row.Add(control.NewButton(text.T("screens.people.code"), p.giveCode).WithKey("F6").WithIcon("lock"))
		row.Add(control.NewButton(text.T("screens.people.off"), p.switchOff).WithKey("F7"))
		row.Add(control.NewButton(text.T("leave.do"), p.leave).WithKey("F8"))
		row.Add(control.NewButton(text.T("screens.people.edit"), p.edit).WithKey("Enter"))
		p.scope.On("F8", "people.leave", "leave.do", p.leave)
		second.Add(control.NewButton(text.T("screens.people.drop-factor"), p.dropFactor))
		second.Add(control.NewButton(text.T("me.owner"), p.makeOwner))
	}
	p.scope.On("F9", "people.lent", "screens.people.lent", p.showRightsOf)
	second.Add(control.NewButton(text.T("screens.people.lent"), p.showRightsOf).WithKey("F9"))
	second.Add(control.NewButton(text.T("screens.people.roles"), func() { showRoles(env) }).WithIcon("info"))
	p.fillWhole(vbox(row, second, p.summary), padded(p.list))
	p.load()
	return p
}

// Reload follows what changes about accounts.
func (p *people) Reload(area string) {
	if area == "users" || area == "signins" || area == "settings" {
		p.load()
	}
}

func (p *people) load() {
	in := p.env.Session
	type facts struct {
		people []app.Person
		roles  []access.Role
		lent   []app.Lent
		places app.PlaceList
	}
	bg.RunKey(p.owner, "people", func(ctx context.Context) (f facts, err error) {
		if f.people, err = app.Ask(ctx, in, app.People{}); err != nil {
			return f, err
		}
		if f.lent, err = app.Ask(ctx, in, app.LentRights{}); err != nil {
			return f, err
		}
		if f.places, err = formview.ReadPlaces(ctx, in); err != nil {
			return f, err
		}
		f.roles, err = app.Ask(ctx, in, app.Roles{})
		return f, err
	}, func(f facts, err error) {
		if err != nil {
			p.env.Fail(err)
			return
		}
		at := p.list.Active()
		p.rows, p.roles, p.places = f.people, f.roles, f.places
		p.lent = map[int64][]app.Lent{}
		for _, l := range f.lent {
			if l.Open(p.env.Host.Clock.Now().Unix()) {
				p.lent[l.User] = append(p.lent[l.User], l)
			}
		}
		cells := make(grid.Fixed, len(p.rows))
		stale := 0
		for i, u := range p.rows {
			cells[i] = p.cells(u)
			if u.Stale {
				stale++
			}
		}
		p.list.SetSource(cells)
		p.list.MoveTo(max(0, at))
		words := text.T("screens.people.count", "count", len(p.rows))
		p.summary.Color = theme.NameMuted
		if stale > 0 {
			words += "  " + text.T("screens.people.stale-count", "count", stale, "days", app.StaleDays)
			p.summary.Color = theme.NameWarning
		}
		p.summary.SetText(words)
		p.root.Refresh()
	})
}

// placeNames are the warehouses of somebody who works in some of them only.
func placeNames(l app.PlaceList, r access.Reach) string {
	var names []string
	for _, w := range l.Warehouses {
		if !r.Everywhere() && r.Has(w.ID) {
			names = append(names, w.Name)
		}
	}
	return strings.Join(names, text.T("formview.and"))
}

func (p *people) roleName(id access.RoleID) string {
	for _, r := range p.roles {
		if r.ID == id && r.Name != "" {
			return r.Name
		}
	}
	return text.T("role." + string(id))
}

func (p *people) cells(u app.Person) []grid.Cell {
	var style grid.Style
	state := text.T("screens.people.active")
	switch {
	case u.Disabled:
		state, style = text.T("screens.people.disabled"), grid.Muted
	case u.Activate:
		state = text.T("screens.people.invited", "until", text.Date(time.Unix(u.ActivateUntil, 0)))
	case u.Stale:
		state, style = text.T("screens.people.stale", "days", app.StaleDays), grid.Negative
	}
	if names := placeNames(p.places, u.Reach); names != "" {
		state += text.T("formview.and") + text.T("screens.people.reach", "places", names)
	}
	last := text.T("screens.people.never")
	if u.LastIn > 0 {
		last = text.DateTime(time.Unix(u.LastIn, 0))
	}
	var factors []string
	if u.TOTP {
		factors = append(factors, text.T("screens.people.phone"))
	}
	if u.KeyFile {
		factors = append(factors, text.T("screens.people.stick"))
	}
	password, pwStyle := "", grid.Style(0)
	if u.PasswordAt > 0 && !u.Activate {
		password = text.Date(time.Unix(u.PasswordAt, 0))
	}
	if u.PasswordOld {
		pwStyle = grid.Negative
	}
	trained := text.T("screens.people.untrained")
	if u.Trained.At > 0 {
		trained = text.T("screens.people.score", "score", u.Trained.Score, "total", u.Trained.Total)
	}
	unusual := ""
	if u.Unseen > 0 {
		unusual = strconv.Itoa(u.Unseen)
	}
	return []grid.Cell{{Text: u.Name, Style: style}, {Text: p.roleName(u.Role), Style: style}, {Text: state, Style: style},
		{Text: LentShort(p.lent[u.ID], p.env.Host.Clock.Now()), Style: grid.Warning}, {Text: last},
		{Text: strings.Join(factors, " + ")}, {Text: password, Style: pwStyle}, {Text: trained}, {Text: unusual, Style: grid.Negative}}
}

// at is the person the cursor is on.
func (p *people) at() (app.Person, bool) {
	i := p.list.Active()
	if i < 0 || i >= len(p.rows) {
		return app.Person{}, false
	}
	return p.rows[i], true
}

// edit opens the form of the account: its role, and a password if need be.
func (p *people) edit() {
	if u, ok := p.at(); ok {
		p.env.Open(page.Route{Screen: page.Form, Kind: "user", Arg: strconv.FormatInt(u.ID, 10)})
	}
}

// invite makes an account whose password its owner chooses: a name and a role
// are all that is asked.
func (p *people) invite() {
	name := control.NewEntry()
	var options []control.Option
	for _, r := range p.roles {
		options = append(options, control.Option{Value: string(r.ID), Text: p.roleName(r.ID), Search: string(r.ID)})
	}
	role := control.NewChoice(options, nil)
	role.SetValue(string(access.Cashier))
	m := control.NewModal(text.T("screens.people.invite"), vbox(control.NewWords(text.T("screens.people.invite.words"), 440),
		labelled("screens.people.role", role), labelled("screens.people.name", name)))
	m.First = name // most people invited work at the till
	m.CancelButton(text.T("ui.button.cancel"), nil)
	m.DefaultButton(text.T("screens.people.invite.make"), func() {
		c := app.Invite{Name: strings.TrimSpace(name.Text), Role: access.RoleID(role.Value())}
		p.send(c.Name, func(ctx context.Context) (app.Code, error) { return app.Do(ctx, p.env.Session, c) }, m.Close)
	})
	m.Open(p.env.Window.Canvas())
}

// giveCode gives a one-time code to somebody who lost their password, phone or
// stick.
func (p *people) giveCode() {
	u, ok := p.at()
	if !ok {
		return
	}
	control.Ask(p.env.Window.Canvas(), control.Question{Title: text.T("screens.people.code"), Words: text.T("screens.people.code.words", "name", u.Name), Yes: text.T("screens.people.code.make")}, func(yes bool) {
		if yes {
			p.send(u.Name, func(ctx context.Context) (app.Code, error) {
				return app.Do(ctx, p.env.Session, app.GiveCode{Name: u.Name})
			}, nil)
		}
	})
}

// send runs what makes a code, and shows the code once.
func (p *people) send(name string, do func(context.Context) (app.Code, error), then func()) {
	p.env.Confirmed(func(ctx context.Context, done func(error)) {
		bg.Run(p.owner, func(work context.Context) (app.Code, error) { return do(page.Join(ctx, work)) }, func(c app.Code, err error) {
			done(err)
			if err != nil {
				return
			}
			if then != nil {
				then()
			}
			p.showCode(name, c)
		})
	})
}

func (p *people) showCode(name string, c app.Code) { showCode(p.sheetPage, name, c) }

// switchOff disables an account, or lets it in again.
func (p *people) switchOff() {
	u, ok := p.at()
	if !ok {
		return
	}
	q := control.Question{Title: text.T("screens.people.off"), Words: text.T("screens.people.off.words", "name", u.Name), Yes: text.T("screens.people.off.do"), Danger: true}
	if u.Disabled {
		q = control.Question{Title: text.T("screens.people.on"), Words: text.T("screens.people.on.words", "name", u.Name), Yes: text.T("screens.people.on.do")}
	}
	control.Ask(p.env.Window.Canvas(), q, func(yes bool) {
		if yes {
			p.change(app.ChangeUser{Name: u.Name, Role: u.Role, Disabled: !u.Disabled})
		}
	})
}

func (p *people) change(c app.ChangeUser) {
	p.env.Confirmed(func(ctx context.Context, done func(error)) {
		bg.Run(p.owner, func(work context.Context) (struct{}, error) { return app.Do(page.Join(ctx, work), p.env.Session, c) }, func(_ struct{}, err error) {
			done(err)
			if err == nil {
				p.env.Toast(text.T("screens.people.done", "name", c.Name))
			}
		})
	})
}

// dropFactor takes a lost phone's code away; for a lost stick there is the
// one-time code.
func (p *people) dropFactor() {
	u, ok := p.at()
	if !ok {
		return
	}
	if !u.TOTP {
		p.env.Toast(text.T("screens.people.no-phone", "name", u.Name))
		return
	}
	control.Ask(p.env.Window.Canvas(), control.Question{Title: text.T("screens.people.drop-factor"), Words: text.T("screens.people.drop-factor.words", "name", u.Name), Yes: text.T("screens.people.drop-factor.do"), Danger: true}, func(yes bool) {
		if !yes {
			return
		}
		p.env.Confirmed(func(ctx context.Context, done func(error)) {
			bg.Run(p.owner, func(work context.Context) (struct{}, error) {
				return app.Do(page.Join(ctx, work), p.env.Session, app.DropTOTPOf{Name: u.Name})
			}, func(_ struct{}, err error) {
				done(err)
				if err == nil {
					p.env.Toast(text.T("screens.people.done", "name", u.Name))
				}
			})
		})
	})
}
