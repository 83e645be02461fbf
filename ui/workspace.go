package ui

import (
	"maps"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"tiezhang/app"
	"tiezhang/app/fault"
	"tiezhang/ui/control"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// workspace is one person's open pages. It outlives a lock: whoever comes back
// finds everything as it was left.
type workspace struct {
	s       *Shell
	user    string
	env     *page.Env
	tabs    []*tab
	front   int
	content fyne.CanvasObject

	rail   *rail
	bar    *tabBar
	body   *fyne.Container
	status *statusBar
	corner *fyne.Container
	alarm  *fyne.Container // the owner's warning of unusual sign-ins

	look int        // the look it was drawn in; see Shell.looks
	own  *workspace // what is under this one, when it only looks as a role would
}

// tab is a page and what has changed since it was last in front.
type tab struct {
	page  page.Page
	stale map[string]bool
}

func (s *Shell) newSpace(in *app.Session) *workspace {
	sp := &workspace{s: s, user: in.User().Name, env: s.newEnv(in)}
	sp.env.Open, sp.env.Replace, sp.env.Offers = sp.open, sp.replace, sp.offers
	sp.env.Close, sp.env.Retitle = sp.closePage, func() { sp.retitle() }
	sp.build()
	sp.open(page.Route{Screen: page.Home})
	return sp
}

// build draws the frame around the pages.
func (sp *workspace) build() {
	sp.rail = newRail(sp)
	sp.bar = newTabBar(sp)
	sp.body = container.NewStack()
	sp.status = newStatusBar(sp)
	sp.corner = container.NewHBox()
	sp.head()
	top := container.NewBorder(nil, nil, nil, sp.corner, sp.bar)
	sp.alarm = container.NewStack()
	main := container.NewBorder(container.NewVBox(top, sp.alarm), sp.status.content, nil, nil, sp.body)
	sp.content = container.NewBorder(nil, nil, sp.rail, nil, main)
	sp.readAlarm()
}

// head is the corner right of the tabs: shop, user, lock.
func (sp *workspace) head() {
	user := control.NewButton(sp.user, nil).WithIcon("user").WithLook(control.Quiet)
	user.Run = func() { sp.userMenu(user) }
	lock := control.NewButton(text.T("shell.lock"), sp.s.lock).WithIcon("lock").WithLook(control.Quiet)
	name := canvas.NewText(sp.s.name, theme.Muted())
	name.TextSize = theme.Px(13)
	sp.corner.Objects = []fyne.CanvasObject{container.New(layout.NewCustomPaddedLayout(0, 0, 12, 4), container.NewCenter(name)), user, lock}
	sp.corner.Refresh()
}

// myself is the page of the person's own sign-in.
var myself = page.Route{Screen: page.Security, Kind: "me"}

func (sp *workspace) userMenu(from fyne.CanvasObject) {
	items := []menuItem{
		{words: text.T("shell.switch-user"), key: "Ctrl+L", run: sp.s.lock},
		{words: text.T("shell.me"), run: func() { sp.open(myself) }},
		{words: text.T("shell.leave-shop"), run: sp.s.leaveShop},
		{words: text.T("shell.exit"), key: "Ctrl+Q", run: sp.s.Exit},
	}
	openMenu(sp.s.win.Canvas(), items, below(from))
}

// open brings a route to the front, making its page if need be.
func (sp *workspace) open(r page.Route) {
	for i, t := range sp.tabs {
		if t.page.Route() == r {
			sp.show(i)
			return
		}
	}
	p, err := sp.make(r)
	if err != nil {
		sp.s.fail(err)
		return
	}
	sp.tabs = append(sp.tabs, &tab{page: p})
	sp.show(len(sp.tabs) - 1)
}

// offers tells whether the person has a module with this screen and kind.
func (sp *workspace) offers(r page.Route) bool {
	for _, m := range sp.rail.modules {
		for _, e := range m.entries {
			if e.route.Screen == r.Screen && e.route.Kind == r.Kind {
				return true
			}
		}
	}
	return false
}

func (sp *workspace) make(r page.Route) (page.Page, error) {
	mk, ok := makers[r.Screen]
	if !ok {
		return nil, fault.New("ui.open", fault.NotFound, "shell.no-screen", fault.Pairs("name", r.Screen))
	}
	return mk(sp.env, r)
}

func (sp *workspace) show(i int) {
	sp.front = max(0, min(i, len(sp.tabs)-1))
	sp.bringFront()
}

// bringFront puts the page in front on the screen and lets it catch up.
func (sp *workspace) bringFront() {
	if sp.s.space != sp || len(sp.tabs) == 0 {
		sp.retitle()
		return
	}
	t := sp.tabs[sp.front]
	sp.s.win.Canvas().Unfocus()
	sp.body.Objects = []fyne.CanvasObject{t.page.Content()}
	sp.body.Refresh()
	sp.s.router.ShowPage(t.page.Keys())
	stale := t.stale
	t.stale = nil
	for a := range stale {
		t.page.Reload(a)
	}
	sp.retitle()
	t.page.Enter()
}

func (sp *workspace) retitle() {
	sp.bar.Refresh()
	sp.rail.Refresh()
}

// replace puts another page into the tab of an old one.
func (sp *workspace) replace(old page.Page, to page.Route) {
	at := sp.index(old)
	if at < 0 {
		sp.open(to)
		return
	}
	for i, t := range sp.tabs {
		if i != at && t.page.Route() == to { // it is open already: close the old one
			sp.remove(at)
			sp.open(to)
			return
		}
	}
	p, err := sp.make(to)
	if err != nil {
		sp.s.fail(err)
		return
	}
	sp.tabs[at] = &tab{page: p}
	old.Close()
	old.Keys().Close()
	if sp.front == at {
		sp.bringFront()
	}
}

func (sp *workspace) index(p page.Page) int {
	for i, t := range sp.tabs {
		if t.page == p {
			return i
		}
	}
	return -1
}

// closePage asks the page to leave and takes its tab away. Home stays: it is
// where one lands.
func (sp *workspace) closePage(p page.Page) {
	i := sp.index(p)
	if i < 0 || p.Route().Screen == page.Home {
		return
	}
	p.Leave(func() {
		if i := sp.index(p); i >= 0 {
			sp.remove(i)
		}
	})
}

func (sp *workspace) remove(i int) {
	p := sp.tabs[i].page
	sp.tabs = append(sp.tabs[:i], sp.tabs[i+1:]...)
	p.Close()
	p.Keys().Close()
	if sp.front > i || sp.front == len(sp.tabs) {
		sp.front--
	}
	sp.bringFront()
}

// leaveAll asks one page after another to leave; then runs done. A page that
// stays stops it.
func (sp *workspace) leaveAll(done func()) {
	for i := len(sp.tabs) - 1; i >= 0; i-- {
		p := sp.tabs[i].page
		if p.Route().Screen == page.Home {
			continue
		}
		sp.show(i)
		p.Leave(func() {
			if j := sp.index(p); j >= 0 {
				sp.remove(j)
			}
			sp.leaveAll(done)
		})
		return
	}
	done()
}

// keep lets every page save its typing, then runs done.
func (sp *workspace) keep(done func()) {
	waiting := 1
	ready := func() {
		if waiting--; waiting == 0 {
			done()
		}
	}
	for _, t := range sp.tabs {
		if k, ok := t.page.(page.Saver); ok {
			waiting++
			k.Keep(ready)
		}
	}
	ready()
}

// stale notes what changed; the page in front catches up at once.
func (sp *workspace) stale(areas map[string]bool) {
	for i, t := range sp.tabs {
		if i == sp.front && sp.s.space == sp {
			for a := range areas {
				t.page.Reload(a)
			}
			continue
		}
		if t.stale == nil {
			t.stale = map[string]bool{}
		}
		maps.Copy(t.stale, areas)
	}
	if sp.s.space == sp {
		sp.status.reload()
	}
}

// resume gives the workspace the session of a new sign-in. Rights may have
// changed meanwhile, so the rail is drawn anew.
func (sp *workspace) resume(in *app.Session) {
	was := sp.env.Session
	sp.env.Session = in
	if len(was.Role().Differences(in.Role())) > 0 || lentMark(was.Lent()) != lentMark(in.Lent()) {
		sp.remake()
	}
	for _, t := range sp.tabs { // nobody could tell them what changed meanwhile
		if t.stale == nil {
			t.stale = map[string]bool{}
		}
		t.stale["session"] = true
	}
	sp.rail.load()
	sp.status.reload()
}

// remake makes those pages again that draw their buttons and columns by the
// person's rights and hold no typing.
func (sp *workspace) remake() {
	for i, t := range sp.tabs {
		switch t.page.Route().Screen {
		case page.Home, page.List, page.Report, page.Approve, page.Lent:
			if p, err := sp.make(t.page.Route()); err == nil {
				t.page.Close()
				t.page.Keys().Close()
				sp.tabs[i] = &tab{page: p}
			}
		}
	}
}

// reframe draws the frame and what holds no typing anew, in a look that changed
// while somebody else was here.
func (sp *workspace) reframe() {
	sp.status.close()
	sp.build()
	sp.remake()
}

// rebuild makes frame and pages again, in another language or size.
func (sp *workspace) rebuild() {
	front := page.Route{Screen: page.Home}
	var routes []page.Route
	for i, t := range sp.tabs {
		routes = append(routes, t.page.Route())
		if i == sp.front {
			front = t.page.Route()
		}
		t.page.Close()
		t.page.Keys().Close()
	}
	sp.status.close()
	sp.tabs = nil
	sp.build()
	for _, r := range routes {
		if p, err := sp.make(r); err == nil {
			sp.tabs = append(sp.tabs, &tab{page: p})
		}
	}
	if sp.s.space == sp {
		sp.s.fill(sp.content)
	}
	sp.open(front)
}

func (sp *workspace) close() {
	for _, t := range sp.tabs {
		t.page.Close()
		t.page.Keys().Close()
	}
	sp.tabs = nil
	sp.status.close()
}
