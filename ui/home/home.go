// Package home is the first page after the sign-in: today's figures, the trend
// of sales, what sells, what wants attention, and the checklist of a new shop.
//
// What belongs here: that one page. What does not: the figures (app.Home) and
// drawing of charts (ui/chart).
package home

import (
	"context"
	"path/filepath"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	ft "fyne.io/fyne/v2/theme"

	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/ui/bg"
	"tiezhang/ui/chart"
	"tiezhang/ui/control"
	"tiezhang/ui/keys"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

type home struct {
	env   *page.Env
	route page.Route
	owner *bg.Owner
	scope *keys.Scope
	root  *fyne.Container
	first fyne.Focusable
	front bool

	view   app.HomeView
	drafts []doc.Document
	remind app.Reminders
	wait   app.WaitingView
	loaded bool
}

// New makes the page.
func New(env *page.Env, r page.Route) (page.Page, error) {
	h := &home{env: env, route: r, owner: env.Runner.Owner(), scope: env.Router.NewPage(), root: container.NewStack()}
	h.scope.On(keys.F5, "home.refresh", "home.key.refresh", h.load)
	h.load()
	return h, nil
}

// Maker is New under the type of makers.
var _ page.Maker = New

func (h *home) Route() page.Route          { return h.route }
func (h *home) Title() string              { return text.T("home.title") }
func (h *home) Content() fyne.CanvasObject { return h.root }
func (h *home) Keys() *keys.Scope          { return h.scope }
func (h *home) Leave(proceed func())       { proceed() }
func (h *home) Close()                     { h.owner.Close() }

// Reload reads again whatever changed: the page shows a little of everything.
func (h *home) Reload(string) { h.load() }

// Enter focuses the first thing that leads on.
func (h *home) Enter() {
	h.front = true
	if h.first != nil {
		h.env.Window.Canvas().Focus(h.first)
	}
}

type facts struct {
	view   app.HomeView
	drafts []doc.Document
	remind app.Reminders
	wait   app.WaitingView
}

func (h *home) load() {
	in := h.env.Session
	bg.RunKey(h.owner, "load", func(ctx context.Context) (facts, error) {
		v, err := app.Ask(ctx, in, app.Home{})
		if err != nil {
			return facts{}, err
		}
		ds, err := app.Ask[[]doc.Document](ctx, in, app.MyDrafts{})
		if err != nil {
			return facts{}, err
		}
		r, err := app.Ask(ctx, in, app.SignInReminders{})
		if err != nil {
			return facts{}, err
		}
		w, err := app.Ask(ctx, in, app.Waiting{})
		return facts{v, ds, r, w}, err
	}, func(f facts, err error) {
		if err != nil {
			if !h.loaded {
				h.root.Objects = []fyne.CanvasObject{control.NewEmptyState("warning", text.Fault(err), text.T("home.key.refresh"), h.load)}
				h.root.Refresh()
			}
			return
		}
		h.view, h.drafts, h.remind, h.wait = f.view, f.drafts, f.remind, f.wait
		h.draw()
	})
}

// draw builds the page from what was read. The focus goes back to the first
// tile only when the page is new: later it must not jump.
func (h *home) draw() {
	v := h.view
	c := h.env.Window.Canvas()
	had := c.Focused() != nil && c.Focused() == h.first
	tiles := h.tiles()
	grid := container.New(&columns{gap: 10})
	h.first = nil
	for _, t := range tiles {
		if h.first == nil {
			h.first = t
		}
		grid.Add(t)
	}
	left := container.New(layout.NewCustomPaddedVBoxLayout(10))
	if len(tiles) > 0 {
		left.Add(grid)
		left.Add(h.trend())
		left.Add(h.best())
	} else {
		left.Add(control.NewCard("", control.NewWords(text.T("home.no-figures"), 420)))
	}
	right := container.New(layout.NewCustomPaddedVBoxLayout(10))
	if steps := h.steps(); steps != nil {
		right.Add(steps)
	}
	right.Add(h.attention())
	day := control.NewWords(text.T("home.greeting", "user", h.env.Session.User().Name, "date", v.Date.String(), "weekday", text.Weekday(v.Date.Time())), 700)
	day.TextSize, day.Bold = ft.SizeNameSubHeadingText, true
	body := container.New(layout.NewCustomPaddedLayout(10, 16, 16, 16),
		container.New(layout.NewCustomPaddedVBoxLayout(10), day, container.New(&split{right: 360, gap: 10}, left, right)))
	h.root.Objects = []fyne.CanvasObject{container.NewVScroll(body)}
	h.root.Refresh()
	if h.front && (!h.loaded || had) && h.first != nil && c.Overlays().Top() == nil && shown(c, h.root) {
		c.Focus(h.first)
	}
	h.loaded = true
}

// shown tells whether the page is the one on the screen.
func shown(c fyne.Canvas, o fyne.CanvasObject) bool {
	return fyne.CurrentApp().Driver().CanvasForObject(o) == c && o.Visible()
}

// open gives what a tile or button does; nil where the person has no such page.
func (h *home) open(screen, kind string) func() {
	r := page.Route{Screen: screen, Kind: kind}
	if !h.env.Offers(r) {
		return nil
	}
	return func() { h.env.Open(r) }
}

// tiles are the day's figures this person may see.
func (h *home) tiles() []*control.Tile {
	v := h.view
	if v.Today.Trend == nil && !v.ShowMoney {
		return nil
	}
	t := v.Today
	out := []*control.Tile{control.NewTile(text.T("home.sales"), text.MoneyTotal(t.Sales), text.T("home.sales.note", "bills", t.Bills), h.open(page.Report, "sales-detail"))}
	if v.ShowMargin {
		note := text.T("home.margin.none")
		if t.Sales > 0 {
			note = text.T("home.margin.note", "rate", share(t.Margin, t.Sales))
		}
		m := control.NewTile(text.T("home.margin"), text.MoneyTotal(t.Margin), note, h.open(page.Report, "sales-summary"))
		if t.Margin < 0 {
			m.ValueColor = theme.NameNegative
		}
		out = append(out, m)
	}
	if v.ShowMoney {
		out = append(out, control.NewTile(text.T("home.receivable"), text.MoneyTotal(t.Receivable), text.T("home.receivable.note", "payable", text.MoneyTotal(t.Payable)), h.open(page.Report, "receivables")))
	}
	if v.ShowMargin {
		note := text.T("home.stock.note.none")
		if t.Alerts > 0 {
			note = text.T("home.stock.note", "count", t.Alerts)
		}
		s := control.NewTile(text.T("home.stock"), text.MoneyTotal(t.StockValue), note, h.open(page.Report, "stock-balance"))
		if t.Alerts > 0 {
			s.NoteColor = theme.NameWarning
		}
		out = append(out, s)
	}
	return out
}

// share is a part of a whole as "31.4%".
func share(part, whole amount.Money) string {
	tenths := int64(part) * 1000 / int64(whole)
	sign := ""
	if tenths < 0 {
		sign, tenths = "-", -tenths
	}
	return sign + strconv.FormatInt(tenths/10, 10) + "." + strconv.FormatInt(tenths%10, 10) + "%"
}

func (h *home) trend() fyne.CanvasObject {
	t := h.view.Today
	any := false
	points := make([]chart.Point, len(t.Trend))
	for i, d := range t.Trend {
		at := d.Date.Time()
		points[i] = chart.Point{Label: at.Format("1-2"), Note: d.Date.String() + " " + text.Weekday(at), Value: int64(d.Amount), Shown: text.MoneyTotal(d.Amount)}
		any = any || d.Amount != 0
	}
	if !any {
		return control.NewCard(text.T("home.trend"), container.New(&tall{150}, control.NewEmptyState("reports", text.T("home.trend.empty"), "", nil)))
	}
	b := chart.NewBars(func(v int64) string { return text.MoneyTotal(amount.Money(v)) })
	b.Set(points)
	return control.NewCard(text.T("home.trend"), container.New(&tall{170}, b))
}

func (h *home) best() fyne.CanvasObject {
	top := h.view.Today.Top
	if len(top) == 0 {
		return control.NewCard(text.T("home.top"), container.New(&tall{90}, control.NewEmptyState("", text.T("home.top.empty"), "", nil)))
	}
	points := make([]chart.Point, 0, 5)
	for i, n := range top {
		if i == 5 {
			break
		}
		points = append(points, chart.Point{Label: n.Name, Value: int64(n.Amount), Shown: text.MoneyTotal(n.Amount), Extra: text.T("home.top.qty", "qty", text.Qty(n.Qty))})
	}
	k := chart.NewRanking()
	k.Set(points)
	return control.NewCard(text.T("home.top"), k)
}

// stepRoutes is where each step of the checklist is done.
var stepRoutes = map[string]page.Route{
	"kit":     {Screen: page.Security, Kind: "people"},
	"items":   {Screen: page.Import, Kind: "items"},
	"opening": {Screen: page.Document, Kind: string(doc.OpeningStock)},
	"staff":   {Screen: page.Security, Kind: "people"},
	"receipt": {Screen: page.Document, Kind: string(doc.GoodsReceipt)},
	"sale":    {Screen: page.Till},
	"backup":  {Screen: page.Backup},
}

// steps is the checklist of a new shop; nil when all is done.
func (h *home) steps() fyne.CanvasObject {
	done := 0
	for _, s := range h.view.Steps {
		if s.Done {
			done++
		}
	}
	if done == len(h.view.Steps) {
		return nil
	}
	box := container.New(layout.NewCustomPaddedVBoxLayout(4))
	bar := control.NewBar()
	bar.Set(bg.Progress{Done: int64(done), Total: int64(len(h.view.Steps))})
	box.Add(bar)
	next := true
	for _, s := range h.view.Steps {
		words := control.NewWords(text.T("home.step."+s.Key), 190)
		icon := "plus"
		color := theme.NameMuted
		if s.Done {
			icon, color = "check", theme.NamePositive
			words.Color = theme.NameMuted
		}
		line := container.NewBorder(nil, nil, container.NewCenter(picture(icon, color)), nil, center(words))
		if !s.Done && h.env.Offers(stepRoutes[s.Key]) {
			b := control.NewButton(text.T("home.step.go"), func() { h.env.Open(stepRoutes[s.Key]) })
			if next { // one thing at a time
				b.WithLook(control.Primary)
				words.Bold = true
				next = false
				if h.first == nil {
					h.first = b
				}
			}
			line = container.NewBorder(nil, nil, container.NewCenter(picture(icon, color)), b, center(words))
		}
		box.Add(line)
	}
	return control.NewCard(text.T("home.steps", "done", done, "of", len(h.view.Steps)), box)
}

// attention is what waits for somebody.
func (h *home) attention() fyne.CanvasObject {
	v := h.view
	box := container.New(layout.NewCustomPaddedVBoxLayout(6))
	add := func(level control.Level, words, button string, run func()) {
		icon, color := "check", theme.NamePositive
		switch level {
		case control.Warn:
			icon, color = "warning", theme.NameWarning
		case control.Info:
			icon, color = "info", theme.NameInfo
		}
		var b fyne.CanvasObject
		if button != "" && run != nil {
			b = control.NewButton(button, run).WithLook(control.Quiet)
		}
		box.Add(container.NewBorder(nil, nil, container.NewCenter(picture(icon, color)), b, center(control.NewWords(words, 215))))
	}
	if at := v.LastBackup.At; at > 0 {
		t := time.Unix(at, 0)
		level := control.Good
		if h.env.Host.Clock.Now().Sub(t) > 36*time.Hour {
			level = control.Warn
		}
		words := text.T("home.backup.at", "at", text.DateTime(t)) // where is not told to everybody
		if v.LastBackup.Folder != "" {
			words = text.T("home.backup", "at", text.DateTime(t), "place", filepath.Base(v.LastBackup.Folder))
		}
		add(level, words, text.T("home.open"), h.open(page.Backup, ""))
	} else {
		add(control.Warn, text.T("home.backup.none"), text.T("home.open"), h.open(page.Backup, ""))
	}
	if n := v.Today.Alerts; n > 0 {
		add(control.Warn, text.T("home.alerts", "count", n), text.T("home.open"), h.open(page.Report, "stock-alert"))
	}
	h.reminders(add)
	if len(h.drafts) == 0 {
		add(control.Good, text.T("home.drafts.none"), "", nil)
	}
	for i, d := range h.drafts {
		if i == 4 {
			add(control.Info, text.T("home.drafts.more", "count", len(h.drafts)-i), "", nil)
			break
		}
		add(control.Info, text.T("home.draft", "kind", text.T("kind."+string(d.Kind)), "date", d.Date.String()), text.T("home.open"), func() {
			h.env.Open(page.Route{Screen: page.Document, Kind: string(d.Kind), Arg: d.ID})
		})
	}
	add(control.Good, text.T("home.log", "entries", v.Entries, "head", v.LogHead), "", nil)
	return control.NewCard(text.T("home.attention"), box)
}
