package rights

import (
	"context"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/formview"
	"tiezhang/ui/keys"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// Page is the table of rights.
type Page struct {
	env   *page.Env
	owner *bg.Owner
	scope *keys.Scope
	root  *fyne.Container
	m     *model
	table *table
	find  *control.Entry
	words *control.Words
	title *control.Words
	body  *fyne.Container
	hint  *control.Words // how the table is worked, or what is wrong with what was typed
	save  *control.Button
}

var _ page.Page = (*Page)(nil)

// Make makes the page.
func Make(env *page.Env, _ page.Route) (page.Page, error) {
	p := &Page{env: env, owner: env.Runner.Owner(), scope: env.Router.NewPage(), root: container.NewStack()}
	p.scope.On("Ctrl+S", "rights.save", "rights.save", p.keep)
	p.scope.On("Ctrl+F", "rights.find", "rights.find", func() { p.focus(p.find) })
	p.scope.On("F2", "rights.type", "rights.type", p.typeLimit)
	p.scope.On("F6", "rights.see-as", "rights.see-as", p.seeAs)
	p.load()
	return p, nil
}

// Route is part of page.Page, as are the methods that follow.
func (p *Page) Route() page.Route { return page.Route{Screen: page.Rights} }

// Title is the page's name.
func (p *Page) Title() string { return text.T("rights.title") }

// Content is what is drawn.
func (p *Page) Content() fyne.CanvasObject { return p.root }

// Keys is the page's scope.
func (p *Page) Keys() *keys.Scope { return p.scope }

// Enter puts the focus on the table.
func (p *Page) Enter() {
	if p.table != nil {
		p.focus(p.table)
	}
}

// Reload follows roles changed elsewhere, but keeps what was changed here.
func (p *Page) Reload(area string) {
	if area == "users" && p.m != nil && len(p.m.changed()) == 0 {
		p.load()
	}
}

// Leave asks when rights were changed and not saved.
func (p *Page) Leave(proceed func()) {
	if p.m != nil && !p.m.accept() { // it would be lost without a word
		p.tell()
		p.Enter()
		return
	}
	if p.m == nil || len(p.m.changed()) == 0 {
		proceed()
		return
	}
	control.Ask(p.env.Window.Canvas(), control.Question{Title: p.Title(), Words: text.T("formview.leave"), Yes: text.T("formview.leave.drop"), Danger: true}, func(yes bool) {
		if yes {
			p.m = nil
			proceed()
		}
	})
}

// Close lets go of background work.
func (p *Page) Close() {
	p.owner.Close()
	p.scope.Close()
}

func (p *Page) focus(f fyne.Focusable) {
	if c := p.env.Window.Canvas(); c != nil && f != nil {
		c.Focus(f)
	}
}

func (p *Page) load() {
	bg.RunKey(p.owner, "roles", func(ctx context.Context) ([]access.Role, error) {
		return app.Ask(ctx, p.env.Session, app.Roles{})
	}, func(rs []access.Role, err error) {
		if err != nil {
			p.env.Fail(err)
			return
		}
		old := p.m
		p.m = newModel(rs)
		p.m.locked = !p.env.Session.May(access.RoleEdit)
		if old != nil { // where one was, one stays
			p.m.find(p.find.Text)
			p.m.row, p.m.col = min(old.row, max(0, len(p.m.shown)-1)), min(old.col, len(rs)-1)
			p.m.step(0)
		}
		p.show()
	})
}

func (p *Page) role() access.Role { return p.m.roles[p.m.col] }

const sideWidth = 250

func (p *Page) show() {
	var names []string
	for _, r := range p.m.roles {
		names = append(names, formview.RoleName(r))
	}
	p.table = newTable(p.m, names)
	p.table.moved = p.tell
	was := ""
	if p.find != nil {
		was = p.find.Text
	}
	p.find = control.NewEntry()
	p.find.SetText(was)
	p.find.MinWidth, p.find.PlaceHolder = 200, text.T("rights.find.hint")
	p.find.OnChanged = func(q string) {
		p.m.find(q)
		p.table.top = 0
		p.table.changed()
	}
	p.find.OnEnter = func() bool { p.focus(p.table); return true }
	p.save = control.NewPrimary(text.T("rights.save"), p.keep).WithKey("Ctrl+S")
	head := container.NewHBox(p.find, p.save)
	if !p.m.locked {
		head.Add(control.NewButton(text.T("rights.copy"), p.copy).WithIcon("plus"))
		head.Add(control.NewButton(text.T("rights.rename"), p.rename))
		head.Add(control.NewButton(text.T("rights.drop"), p.drop).WithLook(control.Quiet))
		head.Add(control.NewButton(text.T("rights.see-as"), p.seeAs).WithKey("F6"))
	}
	p.title, p.words = control.NewWords("", sideWidth-30), control.NewWords("", sideWidth-30)
	p.title.Bold, p.words.Color = true, theme.NameMuted
	side := container.NewVScroll(container.NewVBox(p.title, p.words))
	p.hint = control.NewWords("", 900)
	p.body = container.NewBorder(container.NewVBox(head, p.hint), nil, nil, container.New(wide(sideWidth), control.NewCard("", side)), p.table)
	p.root.Objects = []fyne.CanvasObject{container.New(layout.NewCustomPaddedLayout(8, 8, 10, 10), p.body)}
	p.root.Refresh()
	p.tell()
	p.Enter()
}

// wide gives one object a width and all the height.
type wide float32

func (w wide) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(theme.Px(float32(w)), 100) }
func (w wide) Layout(os []fyne.CanvasObject, z fyne.Size) {
	os[0].Resize(z)
	os[0].Move(fyne.NewPos(0, 0))
}

// tell puts the role under the cursor into words.
func (p *Page) tell() {
	r := p.role()
	p.title.SetText(formview.RoleName(r))
	p.words.SetText(summary(r))
	p.hint.Color = theme.NameMuted
	say := text.T("rights.hint")
	switch limit, on := p.m.onLimit(); {
	case p.m.problem != "":
		say, p.hint.Color = p.m.problem, theme.NameNegative
	case on && !p.m.locked:
		say = text.T("rights.hint.limit") + text.T(limit.hint+".takes")
	}
	if p.hint.Text != say {
		p.hint.SetText(say)
		p.body.Refresh() // it may take more lines than before
	}
	if len(p.m.changed()) > 0 && !p.m.locked {
		p.save.Enable()
	} else {
		p.save.Disable()
	}
}

// summary tells in plain words what a role can do, on its own and with others.
func summary(r access.Role) string {
	var alone, password, second, typed, own []string
	for _, g := range allRows() {
		if g.perm == "" {
			continue
		}
		grant, ok := r.Grants[g.perm]
		switch {
		case !ok:
		case grant.Confirm == access.Password:
			password = append(password, g.words())
		case grant.Confirm == access.Second:
			second = append(second, g.words())
		case grant.Confirm == access.Typed:
			typed = append(typed, g.words())
		case grant.Scope == access.Own:
			own = append(own, g.words())
		default:
			alone = append(alone, g.words())
		}
	}
	out := ""
	add := func(key string, what []string) {
		if len(what) > 0 {
			out += text.T(key, "what", join(what)) + "\n\n"
		}
	}
	add("rights.can", alone)
	add("rights.can.own", own)
	add("rights.can.password", password)
	add("rights.can.second", second)
	add("rights.can.typed", typed)
	var hidden []string
	for _, f := range access.Fields {
		if r.Fields[f] == access.Hidden {
			hidden = append(hidden, text.T("formview.field."+string(f)))
		}
	}
	add("rights.cannot.see", hidden)
	var limited []string
	for _, l := range limits {
		if said := l.words(&r); said != text.T("rights.limit.none") {
			limited = append(limited, text.T(l.key)+" "+said)
		}
	}
	add("rights.limited", limited)
	return out
}

func join(what []string) string {
	s := ""
	for i, w := range what {
		if i > 0 {
			s += text.T("formview.and")
		}
		s += w
	}
	return s
}

// keep saves every role that was changed, one command each.
func (p *Page) keep() {
	if p.m == nil || p.m.locked {
		return
	}
	if ok := p.m.accept(); !ok || p.table == nil {
		p.tell()
		return
	}
	p.table.changed()
	roles := p.m.changed()
	if len(roles) == 0 {
		return
	}
	p.send(func(ctx context.Context) error {
		for _, r := range roles {
			if _, err := app.Do(ctx, p.env.Session, app.SaveRole{Role: r}); err != nil {
				return err
			}
		}
		return nil
	}, text.T("rights.saved", "n", strconv.Itoa(len(roles))))
}

// typeLimit opens the limit under the cursor; elsewhere it says where to go.
func (p *Page) typeLimit() {
	if p.m == nil || p.table == nil {
		return
	}
	if _, on := p.m.onLimit(); !on {
		p.env.Toast(text.T("rights.type.where"))
		return
	}
	p.focus(p.table)
	p.table.typeLimit()
}

func (p *Page) send(do func(context.Context) error, said string) {
	p.env.Confirmed(func(ctx context.Context, done func(error)) {
		bg.Run(p.owner, func(context.Context) (struct{}, error) { return struct{}{}, do(ctx) }, func(_ struct{}, err error) {
			if err == nil {
				p.env.Toast(said)
				p.load()
			}
			done(err)
		})
	})
}

// copy makes a new role that may do what the one under the cursor may.
func (p *Page) copy() {
	from := p.role()
	p.askName(text.T("rights.copy"), text.T("rights.copy.of", "name", formview.RoleName(from)), func(name string) {
		r := from.Current()
		r.ID, r.Name = "", name
		p.send(func(ctx context.Context) error {
			_, err := app.Do(ctx, p.env.Session, app.SaveRole{Role: r})
			return err
		}, text.T("rights.made", "name", name))
	})
}

func (p *Page) rename() {
	r := p.m.was[p.m.col]
	p.askName(text.T("rights.rename"), formview.RoleName(r), func(name string) {
		r.Name = name
		p.send(func(ctx context.Context) error {
			_, err := app.Do(ctx, p.env.Session, app.SaveRole{Role: r})
			return err
		}, text.T("rights.saved", "n", "1"))
	})
}

func (p *Page) askName(title, suggested string, done func(string)) {
	name := control.NewEntry()
	name.MinWidth = 320
	name.SetText(suggested)
	m := control.NewModal(title, container.NewVBox(widget.NewLabel(text.T("rights.name")), name))
	m.First = name
	m.CancelButton(text.T("ui.button.cancel"), nil)
	m.DefaultButton(text.T("ui.button.ok"), func() {
		if name.Text == "" {
			p.focus(name)
			return
		}
		m.Close()
		done(name.Text)
	})
	m.Open(p.env.Window.Canvas())
}

func (p *Page) drop() {
	r := p.role()
	control.Ask(p.env.Window.Canvas(), control.Question{Title: text.T("rights.drop"), Words: text.T("rights.drop.words", "name", formview.RoleName(r)), Danger: true}, func(yes bool) {
		if yes {
			p.send(func(ctx context.Context) error {
				_, err := app.Do(ctx, p.env.Session, app.DropRole{ID: r.ID})
				return err
			}, text.T("rights.dropped", "name", formview.RoleName(r)))
		}
	})
}

// seeAs opens the shop as a role sees it, until it is left.
func (p *Page) seeAs() {
	if p.m == nil || p.m.locked || p.env.SeeAs == nil {
		return
	}
	id := p.role().ID
	p.env.Confirmed(func(ctx context.Context, done func(error)) {
		bg.Run(p.owner, func(context.Context) (*app.Session, error) {
			return app.Do(ctx, p.env.Session, app.SeeAs{Role: id})
		}, func(s *app.Session, err error) {
			done(err)
			if err == nil {
				p.env.SeeAs(s)
			}
		})
	})
}
