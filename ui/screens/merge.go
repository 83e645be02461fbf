package screens

import (
	"context"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/listview"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// merge makes one item or party of two: pick both, see what will happen in
// figures, confirm. For one that was merged it takes that back.
type merge struct {
	*sheetPage
	entity        master.Entity
	kept, dropped mergeSide
	plan          app.MergeView
	planned       bool
	done          bool
}

// mergeSide is one of the two.
type mergeSide struct {
	id     int64
	name   string
	merged string // into what, when it was merged before
	look   *listview.Lookup
}

// MakeMerge makes the page; the route's Arg is the one that goes, or went.
func MakeMerge(env *page.Env, r page.Route) (page.Page, error) {
	e := master.Entity(r.Kind)
	if e != master.OfItem && e != master.OfParty {
		return nil, fault.New("screens.MakeMerge", fault.NotFound, "formview.unknown", fault.Pairs("kind", r.Kind))
	}
	base := newSheet(env, r, "screens.merge."+r.Kind)
	m := &merge{sheetPage: &base, entity: e}
	m.kept.look, m.dropped.look = m.lookup(&m.kept), m.lookup(&m.dropped)
	m.scope.On("F9", "merge.run", "screens.merge.run", m.run)
	m.show()
	if id, err := strconv.ParseInt(r.Arg, 10, 64); err == nil && id > 0 {
		m.take(&m.dropped, id, "")
	}
	return m, nil
}

func (m *merge) lookup(s *mergeSide) *listview.Lookup {
	chosen := func(code, _ string) {
		if code == "" {
			*s = mergeSide{look: s.look}
			m.planned = false
			m.show()
			return
		}
		m.take(s, 0, code)
	}
	if m.entity == master.OfItem {
		return listview.NewItemLookup(m.env, m.owner, chosen)
	}
	return listview.NewPartyLookup(m.env, m.owner, "", chosen)
}

// take reads one of the two by its ID or code.
func (m *merge) take(s *mergeSide, id int64, code string) {
	type found struct {
		id                 int64
		code, name, merged string
	}
	bg.RunKey(m.owner, "take"+strconv.FormatBool(s == &m.kept), func(ctx context.Context) (found, error) {
		if m.entity == master.OfItem {
			v, err := app.Ask(ctx, m.env.Session, app.GetItem{ID: id, Code: code})
			return found{v.Item.ID, v.Item.Code, v.Item.Name, v.Root}, err
		}
		if id == 0 {
			p, err := app.Ask(ctx, m.env.Session, app.GetParty{Code: code})
			if err != nil {
				return found{}, err
			}
			id = p.ID
		}
		v, err := app.Ask(ctx, m.env.Session, app.PartyView{ID: id})
		return found{v.Party.ID, v.Party.Code, v.Party.Name, v.Root}, err
	}, func(f found, err error) {
		if err != nil {
			m.env.Fail(err)
			return
		}
		s.id, s.name, s.merged = f.id, f.code+" "+f.name, f.merged
		s.look.Set(f.code, f.name)
		m.look()
	})
}

// look works out what would happen.
func (m *merge) look() {
	m.planned = false
	m.show()
	if m.kept.id == 0 || m.dropped.id == 0 || m.dropped.merged != "" {
		return
	}
	bg.RunKey(m.owner, "plan", func(ctx context.Context) (app.MergeView, error) {
		return app.Ask(ctx, m.env.Session, app.MergePlan{Entity: m.entity, Kept: m.kept.id, Dropped: m.dropped.id})
	}, func(v app.MergeView, err error) {
		if err != nil {
			m.env.Fail(err)
			return
		}
		m.plan, m.planned = v, true
		m.show()
	})
}

func (m *merge) show() {
	for _, s := range []*mergeSide{&m.kept, &m.dropped} {
		if s.id == 0 { // a filter would say "all"
			s.look.SetLabel(text.T("screens.merge.choose"))
		}
	}
	pick := control.NewCard(text.T("screens.merge."+string(m.entity)), vbox(
		muted(text.T("screens.merge.lead."+string(m.entity)), 640),
		labelled("screens.merge.kept", container.NewHBox(m.kept.look)), labelled("screens.merge.dropped", container.NewHBox(m.dropped.look))))
	m.first = m.kept.look
	head := container.NewHBox()
	body := vbox(pick)
	switch {
	case m.done:
		body.Add(control.NewBanner(control.Good, text.T("screens.merge.done", "kept", m.kept.name, "dropped", m.dropped.name), "", nil))
	case m.dropped.merged != "":
		body.Add(control.NewBanner(control.Info, text.T("formview.merged-into", "name", m.dropped.merged), "", nil))
		body.Add(muted(text.T("screens.merge.undo.words"), 640))
		head.Add(control.NewButton(text.T("formview.merge.undo"), m.undo).WithLook(control.Danger))
	case m.planned:
		m.showPlan(body)
		if len(m.plan.Blocks) == 0 {
			head.Add(control.NewPrimary(text.T("screens.merge.run"), m.run).WithKey("F9"))
		}
	}
	head.Add(control.NewButton(text.T("ui.button.close"), func() { m.env.Close(m) }).WithLook(control.Quiet))
	m.fill(head, body)
}

// showPlan says in figures what will happen.
func (m *merge) showPlan(body *fyne.Container) {
	v := m.plan
	for _, b := range v.Blocks {
		body.Add(control.NewBanner(control.Bad, text.Fault(b), "", nil))
	}
	pairs := [][3]string{{text.T("screens.merge.documents"), strconv.Itoa(v.Documents), ""}}
	add := func(key, value string) {
		pairs = append(pairs, [3]string{text.T(key), value, string(theme.NamePositive)})
	}
	if m.entity == master.OfItem {
		for _, s := range v.Stock {
			name := s.Name
			if s.Batch != "" {
				name += " " + s.Batch
			}
			pairs = append(pairs, [3]string{name, text.Qty(s.Qty), ""})
		}
		if v.Value != 0 {
			add("screens.merge.value", text.MoneyTotal(v.Value))
		}
	} else {
		add("report.col.receivable", text.MoneyTotal(v.Receivable))
		add("report.col.payable", text.MoneyTotal(v.Payable))
		if v.Stored != 0 {
			add("report.col.stored", text.MoneyTotal(v.Stored))
		}
		if v.Points != 0 {
			add("report.col.points_now", strconv.FormatInt(v.Points, 10))
		}
	}
	body.Add(figures(pairs...))
	say := []string{text.T("screens.merge.will."+string(m.entity), "kept", v.Kept, "dropped", v.Dropped)}
	if v.SoldToday {
		say = append(say, text.T("screens.merge.sold-today"))
	}
	if len(v.Codes) > 0 {
		say = append(say, text.T("screens.merge.codes", "codes", strings.Join(v.Codes, " ")))
	}
	if m.entity == master.OfParty && len(v.Orders) > 0 {
		say = append(say, text.T("screens.merge.orders", "numbers", numbers(v.Orders)))
	}
	if len(v.Drafts) > 0 {
		say = append(say, text.T("screens.merge.drafts", "count", len(v.Drafts)))
	}
	say = append(say, text.T("screens.merge.undo.how"))
	body.Add(control.NewCard("", control.NewWords(strings.Join(say, "\n"), 640)))
}

func numbers(rows []app.UseRow) string {
	var out []string
	for _, r := range rows {
		out = append(out, r.Number)
	}
	return strings.Join(out, " ")
}

// run asks why and merges.
func (m *merge) run() {
	if !m.planned || m.done || len(m.plan.Blocks) > 0 || !m.env.Session.May(access.MergeRows) {
		return
	}
	m.why(text.T("screens.merge.run"), func(ctx context.Context, reason string) error {
		_, err := app.Do(ctx, m.env.Session, app.Merge{Entity: m.entity, Kept: m.kept.id, Dropped: m.dropped.id, Reason: reason})
		return err
	}, func() {
		m.done = true
		m.show()
	})
}

func (m *merge) undo() {
	m.why(text.T("formview.merge.undo"), func(ctx context.Context, reason string) error {
		_, err := app.Do(ctx, m.env.Session, app.Unmerge{Entity: m.entity, Dropped: m.dropped.id, Reason: reason})
		return err
	}, func() {
		m.env.Toast(text.T("screens.merge.undone", "name", m.dropped.name))
		m.take(&m.dropped, m.dropped.id, "")
	})
}

// why asks for a reason and carries something out with it.
func (m *merge) why(title string, work func(ctx context.Context, reason string) error, after func()) {
	en := control.NewEntry()
	en.MinWidth = 360
	d := control.NewModal(title, vbox(control.NewWords(text.T("screens.merge.why"), 380), en))
	d.First = en
	d.CancelButton(text.T("ui.button.cancel"), nil)
	d.DefaultButton(title, func() {
		reason := strings.TrimSpace(en.Text)
		d.Close()
		m.env.Confirmed(func(ctx context.Context, done func(error)) {
			bg.Run(m.owner, func(bgc context.Context) (struct{}, error) { return struct{}{}, work(page.Join(ctx, bgc), reason) }, func(_ struct{}, err error) {
				done(err)
				if err == nil {
					after()
				}
			})
		})
	})
	d.Open(m.env.Window.Canvas())
}
