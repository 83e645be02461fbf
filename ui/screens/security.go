package screens

import (
	"context"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/app/printing"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/formview"
	"tiezhang/ui/grid"
	"tiezhang/ui/listview"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// MakeSecurity makes a page of the security centre: "log", "check", "people",
// "signins", "rights", "training", "me", "key", or "leave" with Arg the person's name.
func MakeSecurity(env *page.Env, r page.Route) (page.Page, error) {
	switch r.Kind {
	case "", "check":
		return newCheck(env, r), nil
	case "log":
		return logList(env, r)
	case "people":
		return newPeople(env, r), nil
	case "signins":
		return newSignIns(env, r), nil
	case "rights":
		return newRights(env, r), nil
	case "me":
		return newMe(env, r), nil
	case "key":
		return newKeyPage(env, r), nil
	case "leave":
		return newLeave(env, r), nil
	case "training":
		return newTraining(env, r), nil
	}
	return nil, fault.New("screens.MakeSecurity", fault.NotFound, "report.unknown", fault.Pairs("name", r.Kind))
}

// list is a list of package listview under a route of the security centre.
func list(env *page.Env, r page.Route, name string, more func(*listview.Desc)) (page.Page, error) {
	d, err := listview.Describe(env.Session, page.Route{Screen: page.List, Kind: name})
	if err != nil {
		return nil, err
	}
	d.Route = r
	more(&d)
	return listview.New(env, d), nil
}

func showRoles(env *page.Env) {
	o := env.Runner.Owner()
	bg.Run(o, func(ctx context.Context) ([]access.Role, error) { return app.Ask(ctx, env.Session, app.Roles{}) }, func(rs []access.Role, err error) {
		if err != nil {
			env.Fail(err)
			return
		}
		box := vbox()
		for _, r := range rs {
			name := r.Name
			if name == "" {
				name = text.T("role." + string(r.ID))
			}
			box.Add(control.NewHeading(name))
			box.Add(control.NewWords(formview.RoleWords(r), 600))
		}
		scroll := container.NewVScroll(box)
		scroll.SetMinSize(fyne.NewSize(theme.Px(640), theme.Px(440)))
		m := control.NewModal(text.T("screens.people.roles"), scroll)
		m.Cancel = m.DefaultButton(text.T("ui.button.close"), m.Close)
		m.OnClosed = o.Close
		reading(m, scroll, env.Window.Canvas())
	})
}

// logList is the operation log, with its head code to hold against paper.
func logList(env *page.Env, r page.Route) (page.Page, error) {
	return list(env, r, "log", func(d *listview.Desc) {
		d.Extra = append(d.Extra, listview.Extra{Title: text.T("screens.log.head"), Icon: "check", Run: func(string, bool) { showHead(env) }})
	})
}

func showHead(env *page.Env) {
	o := env.Runner.Owner()
	bg.Run(o, func(ctx context.Context) (app.StatusView, error) { return app.Ask(ctx, env.Session, app.Status{}) }, func(v app.StatusView, err error) {
		if err != nil {
			env.Fail(err)
			return
		}
		code := control.NewWords(v.LogHead, 420)
		code.Bold, code.Center = true, true
		m := control.NewModal(text.T("screens.log.head"), vbox(code, muted(text.T("screens.log.head.words"), 420)))
		m.Cancel = m.DefaultButton(text.T("ui.button.close"), m.Close)
		m.OnClosed = o.Close
		m.Open(env.Window.Canvas())
	})
}

// check is the self-check.
type check struct {
	*sheetPage
	verdict *app.Verdict
	at      time.Time
}

func newCheck(env *page.Env, r page.Route) *check {
	base := newSheet(env, r, "screens.check")
	c := &check{sheetPage: &base}
	c.scope.On("F9", "check.run", "screens.check.run", c.run)
	c.show()
	return c
}

func (c *check) show() {
	run := control.NewPrimary(text.T("screens.check.run"), c.run).WithKey("F9").WithIcon("check")
	c.first = run
	head := container.NewHBox(run)
	if c.verdict != nil {
		head.Add(control.NewButton(text.T("screens.check.print"), c.print).WithIcon("print"))
	}
	if c.verdict == nil {
		c.fill(head, control.NewCard(text.T("screens.check"), vbox(
			muted(text.T("screens.check.lead"), 640),
			muted(text.T("screens.check.level1"), 640), muted(text.T("screens.check.level2"), 640), muted(text.T("screens.check.level4"), 640),
			muted(text.T("screens.check.time"), 640))))
		return
	}
	v := c.verdict
	var pairs [][3]string
	for _, f := range c.figures() {
		pairs = append(pairs, [3]string{f.Key, f.Value})
	}
	top := vbox(head)
	if len(v.Findings) == 0 {
		top.Add(control.NewBanner(control.Good, text.T("screens.check.sound", "at", text.DateTime(c.at)), "", nil))
	} else {
		words := text.T("screens.check.findings", "count", len(v.Findings))
		if c.env.Session.May(access.BackupRun) {
			top.Add(control.NewBanner(control.Bad, words, text.T("screens.check.to-backups"), func() { c.env.Open(page.Route{Screen: page.Backup}) }))
		} else {
			top.Add(control.NewBanner(control.Bad, words, "", nil))
		}
	}
	top.Add(figures(pairs...))
	rows := make(grid.Fixed, len(v.Findings))
	for i, f := range v.Findings {
		rows[i] = []grid.Cell{{Text: text.T("screens.check.level", "level", f.Level)}, {Text: finding(f), Style: grid.Negative}}
	}
	l := grid.NewList([]grid.ListColumn{{Key: "level", Title: "screens.check.where", Width: 110}, {Key: "what", Title: "screens.check.what", Width: 1040}}, rows)
	l.Empty.Words = text.T("screens.check.nothing")
	l.OnActivate = func(i int) { control.Alert(c.env.Window.Canvas(), rows[i][0].Text, rows[i][1].Text, nil) }
	c.fillWhole(top, l)
}

// finding gives a finding's words.
func finding(f app.Finding) string { return text.T(f.Key, map[string]any(f.Args)) }

// figures are what was looked at, to be written down.
func (c *check) figures() []printing.Field {
	v, t := c.verdict, c.verdict.Totals
	out := []printing.Field{{Key: text.T("screens.check.entries"), Value: strconv.FormatInt(v.Entries, 10)}, {Key: text.T("screens.log.head"), Value: v.Head},
		{Key: text.T("screens.check.documents"), Value: strconv.Itoa(t.Documents)}}
	if c.env.Session.Sees(access.FieldProfit) == access.Shown {
		out = append(out, printing.Field{Key: text.T("screens.check.stock"), Value: text.MoneyTotal(t.StockValue)}, printing.Field{Key: text.T("screens.check.receivable"), Value: text.MoneyTotal(t.Receivable)},
			printing.Field{Key: text.T("screens.check.payable"), Value: text.MoneyTotal(t.Payable)}, printing.Field{Key: text.T("screens.check.cash"), Value: text.MoneyTotal(t.Cash)})
	}
	return out
}

func (c *check) run() {
	long(c.sheetPage, text.T("screens.check"), func(ctx context.Context, p app.Progress) (app.Verdict, error) {
		return app.Run(ctx, c.env.Session, app.VerifyShop{Progress: p})
	}, func(v app.Verdict, err error) {
		if err != nil {
			c.env.Fail(err)
			return
		}
		c.verdict, c.at = &v, c.env.Host.Clock.Now()
		c.show()
		c.Enter()
	})
}

// print puts the report of the check on paper.
func (c *check) print() {
	v := c.verdict
	r := printing.Report{Title: text.T("screens.check"), Columns: []printing.ReportColumn{{Title: text.T("screens.check.where"), Width: 24}, {Title: text.T("screens.check.what"), Width: 70}},
		Footer: text.T("screens.check.footer", "user", c.env.Session.User().Name, "at", text.DateTime(c.at))}
	for _, f := range c.figures() {
		r.Rows = append(r.Rows, []string{f.Key, f.Value})
	}
	if len(v.Findings) == 0 {
		r.Lines = []string{text.T("screens.check.sound", "at", text.DateTime(c.at))}
	} else {
		r.Lines = []string{text.T("screens.check.findings", "count", len(v.Findings))}
	}
	for _, f := range v.Findings {
		r.Rows = append(r.Rows, []string{text.T("screens.check.level", "level", f.Level), finding(f)})
	}
	c.saveReport(text.T("screens.check.print"), text.T("screens.check")+" "+text.Date(c.at), r)
}
