package screens

import (
	"context"
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/app/ledger"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/grid"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// month is the page on which months are closed and opened again, and the costing
// method is changed: it rests on a closed month.
type month struct {
	*sheetPage
	state  app.MonthState
	method app.CostMethodState
}

// MakeMonth makes the page.
func MakeMonth(env *page.Env, r page.Route) (page.Page, error) {
	base := newSheet(env, r, "screens.month")
	m := &month{sheetPage: &base}
	m.scope.On("F9", "month.close", "screens.month.close", m.close)
	m.load()
	return m, nil
}

// Reload follows what stands in the way of closing.
func (m *month) Reload(area string) {
	if area == "documents" || area == "settings" || area == "stock" {
		m.load()
	}
}

func (m *month) load() {
	type both struct {
		state  app.MonthState
		method app.CostMethodState
	}
	may := m.env.Session.May(access.SettingsView)
	bg.RunKey(m.owner, "month", func(ctx context.Context) (both, error) {
		var b both
		var err error
		if b.state, err = app.Ask(ctx, m.env.Session, app.Months{}); err == nil && may {
			b.method, err = app.Ask(ctx, m.env.Session, app.CostMethods{})
		}
		return b, err
	}, func(b both, err error) {
		if err != nil {
			m.env.Fail(err)
			return
		}
		m.state, m.method = b.state, b.method
		m.redraw(m.show)
	})
}

// monthName writes yyyymm as people read it.
func monthName(n int) string { return fmt.Sprintf("%04d-%02d", n/100, n%100) }

func (m *month) show() {
	run := control.NewPrimary(text.T("screens.month.close.of", "month", monthName(m.state.Next)), m.close).WithKey("F9")
	if !m.ready() {
		run.Disable()
	}
	left := vbox(m.nextCard(run))
	if m.env.Session.May(access.SettingsView) {
		left.Add(m.methodCard())
	}
	m.fill(muted(text.T("screens.month.lead"), 900), m.two(left, m.pastCard()))
	m.first = nil
	if m.ready() {
		m.first = run
	}
}

func (m *month) ready() bool { return m.state.Over && len(m.state.Drafts) == 0 }

// nextCard tells what stands in the way of the next close.
func (m *month) nextCard(run *control.Button) fyne.CanvasObject {
	s := m.state
	box := vbox()
	line := func(good bool, words string) {
		level := control.Good
		if !good {
			level = control.Bad
		}
		box.Add(control.NewBanner(level, words, "", nil))
	}
	if s.Over {
		line(true, text.T("screens.month.over", "month", monthName(s.Next)))
	} else {
		box.Add(control.NewBanner(control.Info, text.T("screens.month.not-over", "month", monthName(s.Next)), "", nil))
	}
	if n := len(s.Drafts); n == 0 {
		line(true, text.T("screens.month.no-drafts"))
	} else {
		line(false, text.T("screens.month.drafts", "n", n))
		for i, d := range s.Drafts {
			if i == 6 {
				box.Add(muted(text.T("screens.month.more", "n", n-i), 420))
				break
			}
			box.Add(container.NewHBox(control.NewButton(d.Date.String()+"  "+text.T("kind."+string(d.Kind)), func() {
				m.env.Open(page.Route{Screen: page.Document, Kind: string(d.Kind), Arg: d.ID})
			}).WithLook(control.Quiet)))
		}
	}
	if n := len(s.Negative); n == 0 {
		line(true, text.T("screens.month.no-negative"))
	} else {
		box.Add(control.NewBanner(control.Warn, text.T("screens.month.negative", "n", n), "", nil))
		for i, x := range s.Negative {
			if i == 6 {
				box.Add(muted(text.T("screens.month.more", "n", n-i), 420))
				break
			}
			box.Add(muted(x.Code+"  "+x.Name+"  "+x.Place+"  "+text.Qty(x.Qty), 420))
		}
	}
	box.Add(muted(text.T("screens.month.books"), 420))
	box.Add(container.NewHBox(run))
	return control.NewCard(text.T("screens.month.next"), box)
}

// methodCard is how issues are costed, and the change of it.
func (m *month) methodCard() fyne.CanvasObject {
	s := m.method
	box := vbox(control.NewWords(text.T("screens.method."+string(s.Method)), 420), muted(text.T("screens.method."+string(s.Method)+".words"), 420))
	for _, h := range s.History {
		box.Add(muted(text.T("screens.method.since", "date", h.From.String(), "method", text.T("screens.method."+string(h.Method))), 420))
	}
	other := ledger.FIFO
	if s.Method == ledger.FIFO {
		other = ledger.MovingAverage
	}
	if !m.env.Session.May(access.CostMethod) {
		return control.NewCard(text.T("screens.method"), box)
	}
	b := control.NewButton(text.T("screens.method.change", "method", text.T("screens.method."+string(other))), func() { m.change(other) })
	if s.Blocked != nil {
		b.Disable()
		box.Add(muted(text.Fault(s.Blocked), 420))
	}
	box.Add(container.NewHBox(b))
	return control.NewCard(text.T("screens.method"), box)
}

func (m *month) change(to ledger.Method) {
	control.Ask(m.env.Window.Canvas(), control.Question{Title: text.T("screens.method.change", "method", text.T("screens.method."+string(to))),
		Words: text.T("screens.method.ask", "date", m.method.From.String())}, func(yes bool) {
		if !yes {
			return
		}
		m.env.Confirmed(func(ctx context.Context, done func(error)) {
			bg.Run(m.owner, func(context.Context) (app.CostMethod, error) {
				return app.Do(ctx, m.env.Session, app.SwitchMethod{Method: to})
			}, func(c app.CostMethod, err error) {
				if err == nil {
					m.env.Toast(text.T("screens.method.changed", "date", c.From.String()))
				}
				done(err)
			})
		})
	})
}

// pastCard lists the closes so far.
func (m *month) pastCard() fyne.CanvasObject {
	s := m.state
	if len(s.Closes) == 0 {
		return control.NewCard(text.T("screens.month.past"), muted(text.T("screens.month.none"), 420))
	}
	rows := make(grid.Fixed, len(s.Closes))
	last := -1
	for i, c := range s.Closes {
		state, style := text.T("screens.month.closed"), grid.Normal
		if c.ReopenedAt != 0 {
			state, style = text.T("screens.month.reopened", "name", s.Names[c.ReopenedBy], "reason", c.Reason), grid.Muted
		} else if last < 0 {
			last = i
		}
		rows[i] = []grid.Cell{{Text: monthName(c.Month), Style: style}, {Text: text.DateTime(time.Unix(c.At, 0)), Style: style}, {Text: s.Names[c.By], Style: style},
			{Text: fmt.Sprintf("%X-%X-%X", c.Hash[:2], c.Hash[2:4], c.Hash[4:6]), Style: style}, {Text: state, Style: style}}
	}
	list := grid.NewList([]grid.ListColumn{{Key: "month", Title: "screens.month.col.month", Width: 80}, {Key: "at", Title: "screens.month.col.at", Width: 130}, {Key: "by", Title: "screens.month.col.by", Width: 80},
		{Key: "seal", Title: "screens.month.col.seal", Width: 130}, {Key: "state", Title: "screens.month.col.state", Width: 160}}, rows)
	box := vbox(container.New(fixedSize{580, min(360, float32(64+27*len(rows)))}, list), muted(text.T("screens.month.seal.words"), 560))
	if last >= 0 && m.env.Session.May(access.MonthReopen) {
		c := s.Closes[last]
		box.Add(container.NewHBox(control.NewButton(text.T("screens.month.reopen", "month", monthName(c.Month)), func() { m.reopen(c.Month) })))
	}
	return control.NewCard(text.T("screens.month.past"), box)
}

// fixedSize gives one object a size at standard text size.
type fixedSize struct{ w, h float32 }

func (f fixedSize) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(theme.Px(f.w), theme.Px(f.h))
}
func (f fixedSize) Layout(os []fyne.CanvasObject, z fyne.Size) {
	os[0].Resize(z)
	os[0].Move(fyne.NewPos(0, 0))
}

func (m *month) close() {
	if !m.ready() {
		return
	}
	words := text.T("screens.month.ask", "month", monthName(m.state.Next))
	negative := len(m.state.Negative) > 0
	if negative {
		words += "\n" + text.T("screens.month.ask.negative", "n", len(m.state.Negative))
	}
	control.Ask(m.env.Window.Canvas(), control.Question{Title: text.T("screens.month.close.of", "month", monthName(m.state.Next)), Words: words}, func(yes bool) {
		if yes {
			m.run(negative)
		}
	})
}

func (m *month) run(negative bool) {
	m.env.Confirmed(func(ctx context.Context, done func(error)) {
		var task *bg.Task
		wait := control.ShowProgress(m.env.Window.Canvas(), text.T("screens.month.close.of", "month", monthName(m.state.Next)), func() { task.Cancel() })
		m.owner.OnProgress = wait.Set
		number := m.state.Next
		task = bg.Run(m.owner, func(own context.Context) (app.MonthClosed, error) {
			return app.Do(page.Join(ctx, own), m.env.Session, app.CloseMonth{Month: number, AllowNegative: negative, Progress: func(n, total int64) { bg.Report(own, n, total, "") }})
		}, func(c app.MonthClosed, err error) {
			m.owner.OnProgress = nil
			wait.Close()
			if err == nil {
				m.env.Toast(text.T("screens.month.done", "month", monthName(c.Month)))
			} else if fault.KindOf(err) == fault.Canceled {
				err = nil
			}
			done(err)
		})
	})
}

func (m *month) reopen(number int) {
	reason := control.NewEntry()
	reason.MinWidth = 420
	d := control.NewModal(text.T("screens.month.reopen", "month", monthName(number)), container.NewVBox(control.NewWords(text.T("screens.month.reopen.words"), 420),
		widget.NewLabel(text.T("screens.month.reopen.why")), reason))
	d.First = reason
	d.CancelButton(text.T("ui.button.cancel"), nil)
	d.DefaultButton(text.T("screens.month.reopen", "month", monthName(number)), func() {
		if reason.Text == "" {
			m.env.Window.Canvas().Focus(reason)
			return
		}
		why := reason.Text
		d.Close()
		m.env.Confirmed(func(ctx context.Context, done func(error)) {
			long(m.sheetPage, text.T("screens.month.reopen", "month", monthName(number)), func(own context.Context, p app.Progress) (app.MonthReopened, error) {
				return app.Run(page.Join(ctx, own), m.env.Session, app.ReopenMonth{Month: number, Reason: why, Progress: p})
			}, func(r app.MonthReopened, err error) {
				if err == nil {
					m.env.Toast(text.T("screens.month.reopened.done", "month", monthName(number), "backup", r.Backup.Name))
					m.load()
				}
				done(err)
			})
		})
	})
	d.Open(m.env.Window.Canvas())
}
