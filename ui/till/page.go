// Package till is the counter: one scan box that always has the focus, large
// lines, a large total, and everything by keys.
//
// What belongs here: ringing up, paying, holding and returning at the counter.
// What does not: rules and numbers of posting (package app), and the document
// screen of the office (ui/docview).
package till

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	ft "fyne.io/fyne/v2/theme"

	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/docview/draft"
	"tiezhang/ui/docview/facts"
	"tiezhang/ui/keys"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// The two kinds of document the counter makes.
const (
	sale   = doc.RetailSale
	refund = doc.RetailReturn
)

// Page is the counter.
type Page struct {
	env    *page.Env
	owner  *bg.Owner
	scope  *keys.Scope
	arg    string
	ready  bool
	bill   *bill
	saver  *draft.Saver
	places app.PlaceList
	pays   []account
	held   int
	last   *done

	box      *control.Entry
	queue    []entry // what was entered and waits for its turn
	given    string  // the number typed before a key that had to wait
	busy     bool
	choosing func(app.ItemHit)
	stopPick func()
	asking   *control.Modal   // the dialog that asks for one value
	now      func() time.Time // when keys come, to tell a scanner from fingers
	unmap    func()
	seq      int
	paying   bool // the dialog is open, or:
	posting  bool // the bill is on its way into the books
	serial   bool // a serial number is asked for: a scan is the answer

	lines *lines
	hits  *hits
	layer *fyne.Container
	root  *fyne.Container

	heldLine, message, count, off, due, total *facts.Line
	who                                       *facts.Line
	result                                    *facts.List
	badge                                     *facts.Badge
	side, card                                *fyne.Container
}

// done is the bill that was posted last.
type done struct {
	id, number              string
	back                    bool
	total, received, change amount.Money
}

var (
	_ page.Page  = (*Page)(nil)
	_ page.Saver = (*Page)(nil)
)

// Make makes the counter's page. Arg may be the ID of a held bill.
func Make(env *page.Env, r page.Route) (page.Page, error) {
	t := &Page{env: env, arg: r.Arg, owner: env.Runner.Owner(), scope: env.Router.NewPage(), now: time.Now}
	t.bill = t.fresh(sale)
	t.newSaver()
	t.build()
	t.bindKeys()
	t.unmap = env.Router.Remapped(t.keysChanged)
	t.load()
	return t, nil
}

// Route names the counter: there is one.
func (t *Page) Route() page.Route { return page.Route{Screen: page.Till} }

// Title is the tab's words.
func (t *Page) Title() string { return text.T("till.title") }

// Content is Fyne's.
func (t *Page) Content() fyne.CanvasObject { return t.root }

// Keys is the page's key scope.
func (t *Page) Keys() *keys.Scope { return t.scope }

// Enter gives the scan box the focus, and goes on with what was scanned while
// something else was asked.
func (t *Page) Enter() {
	t.focus()
	t.next()
}

func (t *Page) focus() {
	if c := t.env.Window.Canvas(); c != nil {
		c.Focus(t.box)
	}
}

// Reload reads places again; the bill stays.
func (t *Page) Reload(area string) {
	if area == "places" {
		t.loadPlaces()
	}
}

// Keep puts the bill into its draft.
func (t *Page) Keep(done func()) { t.saver.Flush(func(error) { done() }) }

// Leave goes at once: the bill is kept and is here when one comes back.
func (t *Page) Leave(proceed func()) {
	t.saver.Flush(func(err error) {
		if err == nil || len(t.bill.lines) == 0 {
			proceed()
			return
		}
		control.Ask(t.env.Window.Canvas(), control.Question{Title: text.T("till.leave.title"), Words: text.Fault(err) + "\n" + text.T("till.leave.words"), Yes: text.T("till.leave.yes"), Danger: true}, func(yes bool) {
			if yes {
				proceed()
			}
		})
	})
}

// Close lets go of background work.
func (t *Page) Close() {
	t.unmap()
	t.owner.Close()
	t.scope.Close()
}

// fresh makes an empty bill.
func (t *Page) fresh(k doc.Kind) *bill {
	now := t.env.Host.Clock.Now()
	b := newBill(k, now, doc.Document{Date: day.Of(now)})
	b.doc.WarehouseID = t.warehouse()
	return b
}

func (t *Page) warehouse() int64 {
	if work := t.places.Work(); len(work) > 0 {
		return work[0].ID
	}
	return 0
}

func (t *Page) newSaver() {
	t.saver = draft.NewSaver(t.owner, t.env.Session, t.bill.doc.Version)
	t.saver.OnState = func(err error) {
		if err != nil {
			t.say(text.T("till.unsaved", "why", text.Fault(err)), true)
		}
	}
}

func (t *Page) load() {
	t.loadPlaces()
	bg.Run(t.owner, func(ctx context.Context) (app.DocumentView, error) {
		ds, err := app.Ask(ctx, t.env.Session, app.MyDrafts{})
		if err != nil {
			return app.DocumentView{}, err
		}
		for _, d := range ds {
			// A bill without a note was on the counter when the program went.
			if d.ID == t.arg || t.arg == "" && isOurs(d.Kind) && d.Note == "" {
				return app.Ask(ctx, t.env.Session, app.GetDocument{ID: d.ID})
			}
		}
		return app.DocumentView{}, nil
	}, func(v app.DocumentView, err error) {
		t.ready = true
		if err != nil {
			t.env.Fail(err)
			return
		}
		if v.Doc.ID != "" && len(t.bill.lines) == 0 {
			t.take(v)
			t.say(text.T("till.restored", "n", len(v.Doc.Lines)), false)
		}
		t.countHeld()
		t.next()
	})
}

func (t *Page) loadPlaces() {
	bg.RunKey(t.owner, "places", func(ctx context.Context) (app.PlaceList, error) {
		return app.Ask(ctx, t.env.Session, app.Places{})
	}, func(l app.PlaceList, err error) {
		if err != nil {
			t.env.Fail(err)
			return
		}
		t.places, t.pays = l, accountsOf(l)
		if t.bill.doc.WarehouseID == 0 {
			t.bill.doc.WarehouseID = t.warehouse()
		}
		t.next()
	})
}

func isOurs(k doc.Kind) bool { return k == sale || k == refund }

// take puts a draft on the counter.
func (t *Page) take(v app.DocumentView) {
	b := &bill{doc: v.Doc.Clone(), sel: -1}
	b.spec, _ = doc.Of(v.Doc.Kind)
	b.doc.Note, b.doc.Date = "", day.Of(t.env.Host.Clock.Now())
	b.party, b.member = v.Party, memberOf(v.Party)
	for _, l := range draft.FromDocument(v, text.T("till.gift")) {
		l.Priced = true
		b.lines = append(b.lines, l)
		b.next = max(b.next, l.No)
	}
	b.sel = len(b.lines) - 1
	_ = b.settle()
	t.bill = b
	t.newSaver()
	t.staffName()
	t.show()
}

func (t *Page) build() {
	t.root, t.layer = container.NewStack(), container.NewWithoutLayout()
	t.lines = newLines(t)
	t.hits = &hits{t: t}
	t.hits.ExtendBaseWidget(t.hits)
	t.hits.Hide()
	t.layer.Add(t.hits)
	t.makeBox()
	line := func(c fyne.ThemeColorName, size fyne.ThemeSizeName, bold bool) *facts.Line {
		return facts.NewLine("", c, size, bold)
	}
	t.badge = facts.NewBadge(text.T("till.mode.sale"), theme.NameInfoTint, theme.NameInfo)
	t.who = line(theme.NamePositive, ft.SizeNameText, true)
	t.heldLine = line(theme.NameWarning, ft.SizeNameText, true)
	t.message = line(theme.NameNegative, ft.SizeNameSubHeadingText, true)
	t.message.Fill = true
	t.count = line(theme.NameMuted, ft.SizeNameSubHeadingText, false)
	t.off = line(theme.NameMuted, ft.SizeNameSubHeadingText, false)
	t.due = line(theme.NameMuted, ft.SizeNameSubHeadingText, false)
	t.total = line(ft.ColorNameForeground, ft.SizeNameHeadingText, true)
	t.total.Scale = 2.2
	t.result = facts.NewList(248)
	top := container.New(facts.Row{Gap: 12, Stretch: 4},
		facts.NewLine(text.T("till.title"), ft.ColorNameForeground, ft.SizeNameHeadingText, true), t.badge, t.who, t.heldLine, layout.NewSpacer(),
		facts.NewLine(text.T("till.cashier", "name", t.env.Session.User().Name), theme.NameMuted, ft.SizeNameText, false))
	sums := control.NewCard("", container.NewVBox(t.due, t.total, t.count, t.off))
	t.card = container.NewStack(t.keyCard())
	t.side = container.New(sideLayout{}, container.NewVBox(sums, control.NewCard("", t.result)), t.card)
	left := container.NewBorder(container.NewVBox(larger(t.box, boxScale), t.message), nil, nil, nil, t.lines)
	body := container.NewBorder(top, nil, nil, container.New(layout.NewCustomPaddedLayout(0, 0, 10, 0), t.side), left)
	t.root.Objects = []fyne.CanvasObject{container.New(layout.NewCustomPaddedLayout(8, 8, 12, 12), body), t.layer}
	t.show()
}

// changed follows every change of the bill: it is drawn and kept.
func (t *Page) changed() {
	t.show()
	if len(t.bill.lines) > 0 || t.saver.Saved() {
		t.saver.Save(t.bill.doc)
	}
}

// show draws the bill.
func (t *Page) show() {
	b := t.bill
	back := b.back()
	if back {
		t.badge.Set(text.T("till.mode.return"), theme.NameErrorTint, theme.NameNegative)
		t.total.Color = theme.NameNegative
		t.due.Set(text.T("till.due_back"))
	} else {
		t.badge.Set(text.T("till.mode.sale"), theme.NameInfoTint, theme.NameInfo)
		t.total.Color = ft.ColorNameForeground
		t.due.Set(text.T("till.due"))
	}
	t.total.Set(text.MoneyTotal(b.doc.Total))
	t.count.Set(text.T("till.count", "n", len(b.lines), "qty", text.Qty(b.pieces())))
	off := ""
	if b.doc.Discount != 0 {
		off = text.T("till.off", "off", text.MoneyTotal(b.doc.Discount))
	}
	t.off.Set(off)
	t.who.Set(t.whoWords())
	held := ""
	if t.held > 0 {
		held = text.T("till.held", "n", t.held, "key", t.key("recall"))
	}
	t.heldLine.Set(held)
	t.showResult()
	if t.side != nil {
		t.side.Refresh() // the cards grow and shrink
	}
	t.lines.Refresh()
}

// showResult keeps the change of the last customer on the screen, large.
func (t *Page) showResult() {
	if t.last == nil {
		t.result.Set([]facts.Fact{{Name: text.T("till.last.none"), Value: " "}})
		return
	}
	l := t.last
	fs := []facts.Fact{{Name: text.T("till.last"), Value: l.number}, {Name: text.T("till.last.total"), Value: text.MoneyTotal(l.total)}}
	if !l.back {
		fs = append(fs, facts.Fact{Name: text.T("till.last.received"), Value: text.MoneyTotal(l.received)},
			facts.Fact{Name: text.T("till.last.change"), Value: text.MoneyTotal(l.change), Color: theme.NamePositive, Bold: true, Size: ft.SizeNameHeadingText})
	}
	t.result.Set(fs)
}

// say puts a sentence under the scan box.
func (t *Page) say(words string, bad bool) {
	t.message.Color = theme.NamePositive
	if bad {
		t.message.Color = theme.NameNegative
	}
	t.message.Set(words)
	t.box.AlwaysShowValidationError = bad
	if bad {
		t.box.SetValidationError(errWords(words))
	} else {
		t.box.SetValidationError(nil)
	}
}

type errWords string

func (e errWords) Error() string { return string(e) }
