// Package dayclose is the screen on which the cash is counted and the day is
// closed.
//
// What belongs here: choosing the account, counting blind or not, and the slip
// of the close. What does not: what closing means to the books (package app).
package dayclose

import (
	"bytes"
	"context"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	ft "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/app/printing"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/docview/draft"
	"tiezhang/ui/docview/facts"
	"tiezhang/ui/docview/paper"
	"tiezhang/ui/keys"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// Page closes the day.
type Page struct {
	env     *page.Env
	owner   *bg.Owner
	scope   *keys.Scope
	places  app.PlaceList
	account int64
	read    bool // expected has been read
	expect  amount.Money
	shown   bool         // the expected cash is on the screen
	told    amount.Money // the count after which it was told, where it is told only then
	busy    bool
	closed  *app.Closed
	closing app.CloseDay // what closed was made from
	before  string       // the day last closed
	pieces  pieces       // counted note by note

	choice  *control.Choice
	counted *control.Entry
	note    *control.Entry
	blind   *control.Check
	figures *facts.List
	result  *facts.List
	message *control.Words
	button  *control.Button
	print   *control.Button
	root    *fyne.Container
}

var _ page.Page = (*Page)(nil)

// Make makes the page.
func Make(env *page.Env, _ page.Route) (page.Page, error) {
	p := &Page{env: env, owner: env.Runner.Owner(), scope: env.Router.NewPage()}
	p.build()
	p.scope.Bind(keys.Binding{Chord: keys.F9, Action: "dayclose.close", Title: "dayclose.close", Run: p.submit, Enabled: func() bool { return p.closed == nil && !p.busy }})
	p.scope.Bind(keys.Binding{Chord: keys.F8, Action: "dayclose.pieces", Title: "dayclose.pieces", Run: p.countPieces, Enabled: func() bool { return p.closed == nil && !p.busy }})
	p.scope.Bind(keys.Binding{Chord: keys.F10, Action: "dayclose.print", Title: "dayclose.print", Run: p.printSlip, Enabled: func() bool { return p.closed != nil }})
	p.load()
	return p, nil
}

// Route names the page: there is one.
func (p *Page) Route() page.Route { return page.Route{Screen: page.DayClose} }

// Title is the tab's words.
func (p *Page) Title() string { return text.T("dayclose.title") }

// Content is Fyne's.
func (p *Page) Content() fyne.CanvasObject { return p.root }

// Keys is the page's key scope.
func (p *Page) Keys() *keys.Scope { return p.scope }

// Enter puts the focus where the count is typed.
func (p *Page) Enter() {
	if c := p.env.Window.Canvas(); c != nil {
		if p.closed != nil {
			c.Focus(p.print)
			return
		}
		c.Focus(p.counted)
	}
}

// Reload reads the expected cash again; the typed count stays.
func (p *Page) Reload(area string) {
	if p.closed == nil && (area == "money" || area == "documents" || area == "places" || area == "settings") {
		p.load()
	}
}

// Leave goes at once: a count that was not submitted is nothing to keep.
func (p *Page) Leave(proceed func()) { proceed() }

// Close lets go of background work.
func (p *Page) Close() {
	p.owner.Close()
	p.scope.Close()
}

func (p *Page) today() day.Date { return day.Of(p.env.Host.Clock.Now()) }

func (p *Page) build() {
	p.choice = control.NewChoice(nil, func(v string) {
		p.account, _ = strconv.ParseInt(v, 10, 64)
		p.read, p.shown = false, false
		p.balance()
	})
	p.choice.MinWidth = 220
	p.counted = control.NewNumber()
	p.counted.MinWidth = 220
	p.counted.PlaceHolder = text.T("dayclose.counted.hint")
	p.counted.OnChanged = func(string) { p.show() }
	p.counted.OnDone = p.reveal
	p.note = control.NewEntry()
	p.note.MinWidth = 360
	p.blind = control.NewCheck(text.T("dayclose.blind"), func(bool) { p.shown = !p.blind.Checked(); p.show() })
	p.blind.SetChecked(true)
	if p.countsBlind() {
		p.blind.Disable()
		p.blind.Label = text.T("dayclose.blind.only")
	}
	p.figures, p.result = facts.NewList(380), facts.NewList(380)
	p.message = control.NewWords("", 420)
	p.message.Color = theme.NameNegative
	p.button = control.NewPrimary(text.T("dayclose.close"), p.submit).WithKey("F9")
	p.print = control.NewButton(text.T("dayclose.print"), p.printSlip).WithKey("F10")
	p.print.Hide()
	field := func(key string, o fyne.CanvasObject) fyne.CanvasObject {
		return container.New(facts.Row{Gap: 8, Stretch: -1}, container.New(layout.NewGridWrapLayout(fyne.NewSize(theme.Px(90), o.MinSize().Height)), widget.NewLabel(text.T(key))), o)
	}
	head := container.New(facts.Row{Gap: 12, Stretch: -1}, facts.NewLine(text.T("dayclose.title"), ft.ColorNameForeground, ft.SizeNameHeadingText, true),
		facts.NewLine(p.today().String()+"  "+text.Weekday(p.env.Host.Clock.Now()), theme.NameMuted, ft.SizeNameSubHeadingText, false))
	form := control.NewCard(text.T("dayclose.count"), container.NewVBox(field("dayclose.account", p.choice), field("dayclose.counted", container.New(facts.Row{Gap: 8, Stretch: -1}, p.counted, p.piecesButton())), p.blind, field("dayclose.note", p.note),
		p.figures, p.message, container.NewHBox(layout.NewSpacer(), p.button)))
	right := control.NewCard(text.T("dayclose.slip"), container.NewVBox(p.result, container.NewHBox(layout.NewSpacer(), p.print)))
	p.root = container.New(layout.NewCustomPaddedLayout(8, 8, 12, 12), container.NewVBox(head, container.New(layout.NewCustomPaddedLayout(8, 0, 0, 0), container.New(facts.Row{Gap: 16, Stretch: -1}, form, right))))
	p.show()
}

// loaded is what the page reads.
type loaded struct {
	places   app.PlaceList
	settings map[string]string
}

func (p *Page) load() {
	bg.RunKey(p.owner, "load", func(ctx context.Context) (loaded, error) {
		var l loaded
		var err error
		if l.places, err = app.Ask(ctx, p.env.Session, app.Places{}); err == nil {
			l.settings, err = app.Ask(ctx, p.env.Session, app.Settings{})
		}
		return l, err
	}, func(l loaded, err error) {
		if err != nil {
			p.env.Fail(err)
			return
		}
		p.places, p.before = l.places, l.settings[app.SettingDayClosed]
		var opts []control.Option
		for _, a := range l.places.Accounts {
			// What lies in the bank is counted by whoever may see money.
			if a.Disabled || a.Kind != master.Cash && !p.env.Session.May(access.MoneyView) {
				continue
			}
			opts = append(opts, control.Option{Value: strconv.FormatInt(a.ID, 10), Text: a.Name, Search: a.Code})
			if p.account == 0 && a.Kind == master.Cash {
				p.account = a.ID
			}
		}
		p.choice.SetOptions(opts)
		p.choice.SetValue(strconv.FormatInt(p.account, 10))
		p.balance()
	})
}

// countsBlind: this person is told what should be there only after the count is in
// the log.
func (p *Page) countsBlind() bool { return !p.env.Session.May(access.MoneyView) }

// balance reads what should be there.
func (p *Page) balance() {
	id := p.account
	if id == 0 {
		return
	}
	if p.countsBlind() {
		if p.read && p.closed == nil {
			p.say(text.T("dayclose.moved"), true)
		}
		p.read, p.shown = false, false
		p.show()
		return
	}
	bg.RunKey(p.owner, "balance", func(ctx context.Context) (amount.Money, error) {
		return app.Ask(ctx, p.env.Session, app.CashBalance{Account: id})
	}, func(m amount.Money, err error) {
		if err != nil {
			p.env.Fail(err)
			return
		}
		if p.read && m != p.expect && p.closed == nil {
			p.say(text.T("dayclose.moved"), true)
			p.shown = false // it is counted again, and blind
		}
		p.expect, p.read = m, true
		p.show()
	})
}

// reveal shows what should be there once something has been counted.
func (p *Page) reveal() {
	if _, ok := p.count(); ok && (p.read || !p.countsBlind()) {
		p.shown = true
		p.show()
	}
}

// count reads the typed amount.
func (p *Page) count() (amount.Money, bool) {
	if p.counted.Text == "" {
		return 0, false
	}
	m, err := draft.Money(p.counted.Text, "amount")
	return m, err == nil
}

func (p *Page) say(words string, bad bool) {
	p.message.Color = theme.NamePositive
	if bad {
		p.message.Color = theme.NameNegative
	}
	p.message.SetText(words)
	p.root.Refresh()
}

func (p *Page) show() {
	var fs []facts.Fact
	if p.before != "" {
		fs = append(fs, facts.Fact{Name: text.T("dayclose.before"), Value: p.before})
	}
	m, ok := p.count()
	visible := p.shown || !p.blind.Checked()
	switch {
	case !p.read && !p.countsBlind():
	case !visible || !p.read:
		fs = append(fs, facts.Fact{Name: text.T("dayclose.expected"), Value: text.T("dayclose.hidden"), Color: theme.NameMuted})
	default:
		fs = append(fs, facts.Fact{Name: text.T("dayclose.expected"), Value: text.MoneyTotal(p.expect), Bold: true})
		if ok {
			fs = append(fs, difference(m-p.expect))
		}
	}
	p.figures.Set(fs)
	if p.closed == nil {
		p.result.Set([]facts.Fact{{Name: text.T("dayclose.not_yet"), Value: " "}})
	} else {
		p.result.Set(p.slipFacts())
	}
	if p.root != nil {
		p.root.Refresh()
	}
}

// difference is over or short, by word and by colour.
func difference(d amount.Money) facts.Fact {
	f := facts.Fact{Name: text.T("dayclose.difference"), Value: text.T("dayclose.even"), Bold: true, Color: theme.NamePositive}
	switch {
	case d > 0:
		f.Value, f.Color = text.T("dayclose.over", "amount", text.MoneyTotal(d)), theme.NameWarning
	case d < 0:
		f.Value, f.Color = text.T("dayclose.short", "amount", text.MoneyTotal(-d)), theme.NameNegative
	}
	return f
}

func (p *Page) slipFacts() []facts.Fact {
	c := p.closed
	fs := []facts.Fact{{Name: text.T("dayclose.number"), Value: c.Number}}
	if c.Sales {
		fs = append(fs, facts.Fact{Name: text.T("dayclose.sales"), Value: text.MoneyTotal(c.Figures.Sales)}, facts.Fact{Name: text.T("dayclose.bills"), Value: strconv.Itoa(c.Figures.Bills)})
	}
	fs = append(fs, facts.Fact{Name: text.T("dayclose.expected"), Value: text.MoneyTotal(c.Expected)},
		facts.Fact{Name: text.T("dayclose.counted"), Value: text.MoneyTotal(c.Counted), Bold: true}, difference(c.Difference))
	if c.Sales && p.env.Session.Sees(access.FieldCost) == access.Shown && p.env.Session.Reach().Everywhere() {
		fs = append(fs, facts.Fact{Name: text.T("dayclose.margin"), Value: text.MoneyTotal(c.Figures.Margin)})
	}
	return append(fs, facts.Fact{Name: text.T("dayclose.head"), Value: c.Head})
}

// submit says in numbers what will happen, then closes the day.
func (p *Page) submit() {
	if p.busy || p.closed != nil {
		return
	}
	c := p.env.Window.Canvas()
	m, ok := p.count()
	switch {
	case !ok:
		p.say(text.T("dayclose.count_first"), true)
		c.Focus(p.counted)
		return
	case p.countsBlind() && (!p.read || m != p.told):
		p.countTill(m)
		return
	case !p.read:
		p.say(text.T("dayclose.wait"), true)
		return
	}
	diff := m - p.expect
	p.shown = true
	p.show()
	if diff != 0 && p.note.Text == "" {
		p.say(text.T("dayclose.note_needed"), true)
		c.Focus(p.note)
		return
	}
	words := text.T("dayclose.ask.words", "date", p.today().String(), "counted", text.MoneyTotal(m), "difference", difference(diff).Value)
	control.Ask(c, control.Question{Title: text.T("dayclose.ask.title"), Words: words, Yes: text.T("dayclose.close")}, func(yes bool) {
		if yes {
			p.send(app.CloseDay{Date: p.today(), Account: p.account, Counted: m, Expected: p.expect, Note: p.note.Text})
		}
	})
}

// countTill gives the count, and goes on with what should be there.
func (p *Page) countTill(m amount.Money) {
	p.busy = true
	c := app.CountTill{Account: p.account, Counted: m}
	bg.Run(p.owner, func(ctx context.Context) (app.TillCount, error) {
		return app.Do(ctx, p.env.Session, c)
	}, func(r app.TillCount, err error) {
		p.busy = false
		if err != nil {
			p.env.Fail(err)
			return
		}
		p.expect, p.told, p.read = r.Expected, m, true
		p.submit()
	})
}

func (p *Page) send(x app.CloseDay) {
	p.busy = true
	p.env.Confirmed(func(ctx context.Context, done func(error)) {
		bg.Run(p.owner, func(context.Context) (app.Closed, error) {
			return app.Do(ctx, p.env.Session, x)
		}, func(r app.Closed, err error) {
			p.busy = false
			switch {
			case err == nil:
				p.closed, p.closing = &r, x
				p.before = x.Date.String()
				p.say(text.T("dayclose.done", "number", r.Number), false)
				p.counted.Disable()
				p.note.Disable()
				p.choice.Disable()
				p.blind.Disable()
				p.button.Disable()
				p.print.Show()
				p.show()
				p.Enter()
				done(nil)
			case fault.KeyOf(err) == "day.cash-moved" || fault.KeyOf(err) == "day.cash-recount":
				done(nil)
				p.say(text.Fault(err), true)
				p.balance()
				p.Enter() // the count is typed again
			case fault.KindOf(err) == fault.Invalid || fault.KindOf(err) == fault.Closed:
				p.say(text.Fault(err), true)
				done(nil)
			default:
				done(err)
			}
		})
	})
}

// slip is the paper of the close. The log's head on it is an anchor outside the
// file: whoever changes the log later contradicts the paper.
func (p *Page) slip() func(shop string) printing.Slip {
	c := p.closed
	f := func(key, value string) printing.Field { return printing.Field{Key: key, Value: value} }
	s := printing.Slip{TitleKey: "dayclose.title", LogHead: c.Head,
		Head: []printing.Field{f("dayclose.number", c.Number), f("dayclose.date", p.closing.Date.String()), f("dayclose.by", p.env.Session.User().Name)},
	}
	if c.Sales {
		s.Sections = append(s.Sections, printing.Section{Key: "dayclose.section.sales", Fields: []printing.Field{f("dayclose.sales", text.MoneyTotal(c.Figures.Sales)), f("dayclose.bills", strconv.Itoa(c.Figures.Bills))}})
	}
	s.Sections = append(s.Sections, printing.Section{Key: "dayclose.section.cash", Fields: []printing.Field{f("dayclose.expected", text.MoneyTotal(c.Expected)), f("dayclose.counted", text.MoneyTotal(c.Counted)), f("dayclose.difference", difference(c.Difference).Value)}})
	s.Foot = p.pieceFoot()
	if p.closing.Note != "" {
		s.Foot = append(s.Foot, p.closing.Note)
	}
	return func(shop string) printing.Slip { s.Shop = shop; return s }
}

func (p *Page) printSlip() {
	if p.closed == nil {
		return
	}
	slip := p.slip()
	name := p.closed.Number + ".pdf"
	bg.Run(p.owner, func(ctx context.Context) ([]byte, error) {
		set, err := app.Ask(ctx, p.env.Session, app.Settings{})
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		err = printing.SlipPDF(&b, slip(set[app.SettingShopName]), printing.Paper80, paper.Words)
		return b.Bytes(), err
	}, func(pdf []byte, err error) {
		if err != nil {
			p.env.Fail(err)
			return
		}
		p.env.Paper(name, pdf)
	})
}
