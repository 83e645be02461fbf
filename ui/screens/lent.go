package screens

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/pinyin"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/export"
	"tiezhang/ui/grid"
	"tiezhang/ui/keys"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
)

// lent is the page of rights lent for a time and of printed approval codes.
type lent struct {
	*sheetPage
	rights []app.Lent
	sheets []app.CodeSheet
	people []app.User
	roles  []access.Role
	list   *grid.List
	codes  *grid.List
}

// MakeLent makes the page.
func MakeLent(env *page.Env, r page.Route) (page.Page, error) {
	base := newSheet(env, r, "screens.lent")
	p := &lent{sheetPage: &base}
	on := func(key, name, title string, perm access.Permission, do func()) {
		if env.Session.May(perm) {
			p.scope.On(keys.Chord(key), name, title, do)
		}
	}
	on("F9", "lent.give", "screens.lent.give", access.RightsLend, p.give)
	on("F8", "lent.end", "screens.lent.end", access.RightsLend, p.end)
	on("F7", "lent.codes", "screens.lent.codes", access.CodesPrint, p.print)
	on("F6", "lent.codes-end", "screens.lent.codes-end", access.CodesPrint, p.endSheet)
	p.load()
	return p, nil
}

// Reload follows what is lent and used.
func (p *lent) Reload(area string) {
	if area == "users" || area == "codes" {
		p.load()
	}
}

func (p *lent) load() {
	type all struct {
		rights []app.Lent
		sheets []app.CodeSheet
		people []app.User
		roles  []access.Role
	}
	s := p.env.Session
	bg.RunKey(p.owner, "lent", func(ctx context.Context) (x all, err error) {
		if x.rights, err = app.Ask(ctx, s, app.LentRights{All: true}); err != nil || !s.May(access.UserView) {
			return x, err
		}
		if x.sheets, err = app.Ask(ctx, s, app.CodeSheets{}); err != nil {
			return x, err
		}
		if x.people, err = app.Ask(ctx, s, app.ListUsers{}); err != nil {
			return x, err
		}
		x.roles, err = app.Ask(ctx, s, app.Roles{})
		return x, err
	}, func(x all, err error) {
		if err != nil {
			p.env.Fail(err)
			return
		}
		p.rights, p.sheets, p.people, p.roles = x.rights, x.sheets, x.people, x.roles
		p.redraw(p.show)
	})
}

// state says in one word how something that ends by itself stands.
func (p *lent) state(until, ended int64, used bool) (string, grid.Style) {
	switch {
	case ended != 0:
		return "screens.lent.state.ended", grid.Muted
	case p.env.Host.Clock.Now().Unix() >= until:
		return "screens.lent.state.over", grid.Muted
	case used:
		return "screens.lent.state.used", grid.Muted
	}
	return "screens.lent.state.open", grid.Normal
}

func (p *lent) show() {
	at, sheet := 0, 0 // where one was, one stays
	if p.list != nil {
		at, sheet = max(0, p.list.Active()), max(0, p.codes.Active())
	}
	data := make(grid.Fixed, len(p.rights))
	for i, l := range p.rights {
		key, style := p.state(l.Until, l.EndedAt, l.Uses > 0 && l.Used >= l.Uses)
		state := text.T(key)
		if l.Self() && style == grid.Normal {
			state, style = text.T("screens.lent.self"), grid.Warning
		}
		times := text.T("screens.lent.times.any", "used", l.Used)
		if l.Uses > 0 {
			times = text.T("screens.lent.times", "used", l.Used, "uses", l.Uses)
		}
		data[i] = []grid.Cell{{Text: l.UserName}, {Text: actionWords(l.Actions)}, {Text: text.DateTime(time.Unix(l.Until, 0))}, {Text: times}, {Text: state, Style: style}, {Text: l.ByName}, {Text: l.Reason}}
	}
	p.list = grid.NewList([]grid.ListColumn{{Key: "who", Title: "screens.lent.who", Width: 90}, {Key: "what", Title: "screens.lent.what", Width: 280}, {Key: "until", Title: "screens.lent.until", Width: 140},
		{Key: "used", Title: "screens.lent.used", Width: 80}, {Key: "state", Title: "screens.lent.state", Width: 130}, {Key: "by", Title: "screens.lent.by", Width: 90}, {Key: "why", Title: "screens.lent.reason", Width: 260}}, data)
	p.list.Empty.Words = text.T("screens.lent.none")
	p.list.MoveTo(at)
	p.first = p.list

	sheets := make(grid.Fixed, len(p.sheets))
	for i, s := range p.sheets {
		key, style := p.state(s.Until, s.EndedAt, s.Used >= s.Codes)
		sheets[i] = []grid.Cell{{Text: text.T("screens.lent.number", "id", s.ID)}, {Text: export.CodesFor(s)}, {Text: text.DateTime(time.Unix(s.Until, 0))},
			{Text: text.T("screens.lent.times", "used", s.Used, "uses", s.Codes)}, {Text: text.T(key), Style: style}, {Text: s.ByName}}
	}
	p.codes = grid.NewList([]grid.ListColumn{{Key: "no", Title: "printing.codes.sheet", Width: 90}, {Key: "what", Title: "printing.codes.what", Width: 280}, {Key: "until", Title: "screens.lent.until", Width: 140},
		{Key: "used", Title: "screens.lent.used", Width: 80}, {Key: "state", Title: "screens.lent.state", Width: 130}, {Key: "by", Title: "printing.codes.by", Width: 90}}, sheets)
	p.codes.Empty.Words = text.T("screens.lent.sheets.none")
	p.codes.MoveTo(sheet)

	head := container.NewHBox()
	s := p.env.Session
	if s.May(access.RightsLend) {
		head.Add(control.NewPrimary(text.T("screens.lent.give"), p.give).WithKey("F9"))
		head.Add(control.NewButton(text.T("screens.lent.end"), p.end).WithKey("F8"))
	}
	if s.May(access.CodesPrint) {
		head.Add(control.NewButton(text.T("screens.lent.codes"), p.print).WithKey("F7").WithIcon("print"))
		head.Add(control.NewButton(text.T("screens.lent.codes-end"), p.endSheet).WithKey("F6"))
	}
	top := vbox(muted(text.T("screens.lent.lead"), 900), head)
	if !s.May(access.UserView) {
		p.fillWhole(top, padded(p.list))
		return
	}
	below := container.NewBorder(container.New(layout.NewCustomPaddedLayout(8, 4, 10, 10), control.NewHeading(text.T("screens.lent.sheets"))), nil, nil, nil, padded(p.codes))
	split := container.NewGridWithRows(2, padded(p.list), below)
	p.fillWhole(top, split)
}

// padded keeps a list off the edges, where the buttons over it stand too.
func padded(o fyne.CanvasObject) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedLayout(0, 8, 10, 10), o)
}

// options are the rights that can be chosen, by their words.
func options(may func(access.Permission) bool, none string) []control.Option {
	out := []control.Option{}
	for _, a := range access.Permissions() {
		if may(a) {
			words := text.T("action." + string(a))
			out = append(out, control.Option{Value: string(a), Text: words, Search: pinyin.Initials(words)})
		}
	}
	slices.SortStableFunc(out, func(a, b control.Option) int { return strings.Compare(a.Text, b.Text) })
	if none != "" {
		out = slices.Insert(out, 0, control.Option{Text: none})
	}
	return out
}

func (p *lent) give() {
	var to []lendTo
	for _, u := range p.people {
		if !u.Disabled {
			to = append(to, lendTo{u.Name, u.Role})
		}
	}
	p.giveRights(to, p.roles, "")
}

func (p *lent) end() {
	if p.list == nil || len(p.rights) == 0 {
		p.env.Toast(text.T("screens.lent.none"))
		return
	}
	l := p.rights[min(max(p.list.Active(), 0), len(p.rights)-1)]
	if !l.Open(p.env.Host.Clock.Now().Unix()) {
		p.env.Toast(text.T("screens.lent.end.over"))
		return
	}
	p.endRight(l, nil)
}

func (p *lent) endSheet() {
	if p.codes == nil || len(p.sheets) == 0 {
		p.env.Toast(text.T("screens.lent.sheets.none"))
		return
	}
	s := p.sheets[min(max(p.codes.Active(), 0), len(p.sheets)-1)]
	control.Ask(p.env.Window.Canvas(), control.Question{Title: text.T("screens.lent.number", "id", s.ID), Words: text.T("screens.lent.codes.sure"),
		Yes: text.T("screens.lent.codes-end"), No: text.T("ui.button.cancel")}, func(yes bool) {
		if yes {
			sheetDo(p.sheetPage, app.EndCodes{Sheet: s.ID}, func(struct{}) { p.env.Toast(text.T("screens.lent.taken")) })
		}
	})
}

// print asks what the codes are for and where the page goes, then makes them:
// the file is the only place they are ever written to.
func (p *lent) print() {
	const width = 440
	only := control.NewChoice(options(func(a access.Permission) bool { return p.env.Session.May(a) }, text.T("screens.lent.any")), nil)
	only.SetValue("")
	upTo := control.NewNumber()
	upTo.SetText("0")
	wrong := control.NewWords(" ", width)
	wrong.Color = "tiezhangNegative"
	label := func(key string) fyne.CanvasObject { return control.NewWords(text.T(key), width) }
	m := control.NewModal(text.T("screens.lent.codes"), container.NewVBox(label("screens.lent.codes.lead"), label("screens.lent.codes.only"), only, label("screens.lent.up-to"), upTo, wrong))
	m.EnterWalks, m.First = true, only
	m.CancelButton(text.T("ui.button.cancel"), nil)
	m.DefaultButton(text.T("screens.lent.codes"), func() {
		most, err := amount.ParseMoney(amount.Narrow(upTo.Text))
		if err != nil || most < 0 {
			wrong.SetText(text.T("codes.amount"))
			m.Refresh()
			return
		}
		c := app.PrintCodes{UpTo: most}
		if only.Value() != "" {
			c.Actions = []access.Permission{access.Permission(only.Value())}
		}
		m.Close()
		p.env.SaveFile(text.T("screens.lent.codes"), text.T("printing.codes.title")+".pdf", func(path string) { p.printTo(c, path) })
	})
	m.Open(p.env.Window.Canvas())
}

func (p *lent) printTo(c app.PrintCodes, path string) {
	p.env.Confirmed(func(ctx context.Context, done func(error)) {
		bg.Run(p.owner, func(work context.Context) (struct{}, error) {
			codes, err := app.Do(page.Join(ctx, work), p.env.Session, c)
			if err != nil {
				return struct{}{}, err
			}
			var b bytes.Buffer
			if err := export.CodesPDF(&b, codes); err != nil {
				return struct{}{}, err
			}
			return struct{}{}, writeFile(path, b.Bytes())
		}, func(_ struct{}, err error) {
			done(err)
			if err == nil {
				p.env.Toast(text.T("screens.lent.codes.saved", "path", path))
				p.env.OpenFile(path)
			}
		})
	})
}
