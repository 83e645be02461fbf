package screens

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/doc"
	"tiezhang/app/rule"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/formview"
	"tiezhang/ui/grid"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
)

// approvals is the page of documents that wait for somebody's yes, and of the
// owner's rules that make them wait.
type approvals struct {
	*sheetPage
	open  []app.Question
	rules []rule.Approval
	roles []access.Role
	list  *grid.List
}

// MakeApprovals makes the page.
func MakeApprovals(env *page.Env, r page.Route) (page.Page, error) {
	base := newSheet(env, r, "screens.approvals")
	a := &approvals{sheetPage: &base}
	may := func() bool { return env.Session.May(access.DocumentApprove) }
	a.scope.On("F9", "approvals.yes", "screens.approvals.yes", func() {
		if may() {
			a.decide(true)
		}
	})
	a.scope.On("F8", "approvals.no", "screens.approvals.no", func() {
		if may() {
			a.decide(false)
		}
	})
	a.load()
	return a, nil
}

// Reload follows new questions.
func (a *approvals) Reload(area string) {
	if area == "approvals" || area == "documents" || area == "settings" {
		a.load()
	}
}

func (a *approvals) load() {
	type all struct {
		open  []app.Question
		rules []rule.Approval
		roles []access.Role
	}
	s := a.env.Session
	bg.RunKey(a.owner, "approvals", func(ctx context.Context) (all, error) {
		var x all
		var err error
		if x.open, err = app.Ask(ctx, s, app.PendingApprovals{}); err != nil {
			return x, err
		}
		if s.May(access.SettingsView) {
			if x.rules, err = app.Ask(ctx, s, app.ApprovalRules{}); err != nil {
				return x, err
			}
		}
		if s.May(access.UserView) {
			x.roles, err = app.Ask(ctx, s, app.Roles{})
		}
		return x, err
	}, func(x all, err error) {
		if err != nil {
			a.env.Fail(err)
			return
		}
		a.open, a.rules, a.roles = x.open, x.rules, x.roles
		a.redraw(a.show)
	})
}

func (a *approvals) show() {
	data := make(grid.Fixed, len(a.open))
	for i, q := range a.open {
		note, style := q.Note, grid.Normal
		if q.Changed {
			note, style = text.T("screens.approvals.changed"), grid.Warning
		}
		data[i] = []grid.Cell{{Text: text.DateTime(time.Unix(q.AskedAt, 0))}, {Text: q.AskedName}, {Text: text.T("kind." + string(q.Document.Kind))}, {Text: q.Party},
			{Text: text.Money(q.Document.Total)}, {Text: note, Style: style}}
	}
	a.list = grid.NewList([]grid.ListColumn{{Key: "at", Title: "screens.approvals.at", Width: 140}, {Key: "by", Title: "screens.approvals.by", Width: 100}, {Key: "kind", Title: "docview.col.kind", Width: 110},
		{Key: "party", Title: "docview.field.party", Width: 200}, {Key: "total", Title: "docview.col.total", Width: 120, Align: grid.Right}, {Key: "note", Title: "docview.field.note", Width: 320}}, data)
	a.list.Empty.Words = text.T("screens.approvals.none")
	a.list.OnActivate = func(i int) {
		d := a.open[i].Document
		a.env.Open(page.Route{Screen: page.Document, Kind: string(d.Kind), Arg: d.ID})
	}
	a.first = a.list
	head := container.NewHBox()
	if len(a.open) == 0 {
		head.Add(muted(text.T("screens.approvals.lead"), 900))
	} else if a.env.Session.May(access.DocumentApprove) {
		head.Add(control.NewPrimary(text.T("screens.approvals.yes"), func() { a.decide(true) }).WithKey("F9"))
		head.Add(control.NewButton(text.T("screens.approvals.no"), func() { a.decide(false) }).WithKey("F8"))
	}
	if len(a.open) > 0 {
		head.Add(control.NewButton(text.T("screens.approvals.open"), func() {
			if i := a.list.Active(); i >= 0 {
				a.list.OnActivate(i)
			}
		}).WithKey("Enter"))
		if slices.ContainsFunc(a.open, func(q app.Question) bool { return q.Mine }) {
			head.Add(control.NewButton(text.T("screens.approvals.withdraw"), a.withdraw).WithLook(control.Quiet))
		}
	}
	body := fyne.CanvasObject(a.list)
	if a.env.Session.May(access.SettingsView) {
		body = container.NewBorder(nil, container.New(layout.NewCustomPaddedLayout(6, 8, 10, 10), container.New(fixedSize{600, 250}, a.rulesCard())), nil, nil, a.list)
	}
	a.fillWhole(head, body)
}

func (a *approvals) chosen() (app.Question, bool) {
	i := a.list.Active()
	if i < 0 || i >= len(a.open) {
		return app.Question{}, false
	}
	return a.open[i], true
}

// decide answers the chosen question; a no says why.
func (a *approvals) decide(yes bool) {
	q, ok := a.chosen()
	if !ok {
		return
	}
	if yes {
		words := text.T("screens.approvals.ask", "kind", text.T("kind."+string(q.Document.Kind)), "party", q.Party, "total", text.MoneyTotal(q.Document.Total), "name", q.AskedName)
		control.Ask(a.env.Window.Canvas(), control.Question{Title: text.T("screens.approvals.yes"), Words: words}, func(sure bool) {
			if sure {
				a.send(func(ctx context.Context) error {
					_, err := app.Do(ctx, a.env.Session, app.Approve{ID: q.ID})
					return err
				}, "screens.approvals.said-yes")
			}
		})
		return
	}
	reason := control.NewEntry()
	reason.MinWidth = 420
	m := control.NewModal(text.T("screens.approvals.no"), container.NewVBox(widget.NewLabel(text.T("screens.approvals.why")), reason))
	m.First = reason
	m.CancelButton(text.T("ui.button.cancel"), nil)
	m.DefaultButton(text.T("screens.approvals.no"), func() {
		if reason.Text == "" {
			a.env.Window.Canvas().Focus(reason)
			return
		}
		m.Close()
		a.send(func(ctx context.Context) error {
			_, err := app.Do(ctx, a.env.Session, app.Refuse{ID: q.ID, Reason: reason.Text})
			return err
		}, "screens.approvals.said-no")
	})
	m.Open(a.env.Window.Canvas())
}

func (a *approvals) withdraw() {
	if q, ok := a.chosen(); ok && q.Mine {
		a.send(func(ctx context.Context) error {
			_, err := app.Do(ctx, a.env.Session, app.WithdrawApproval{ID: q.ID})
			return err
		}, "screens.approvals.withdrawn")
	}
}

func (a *approvals) send(do func(context.Context) error, said string) {
	a.env.Confirmed(func(ctx context.Context, done func(error)) {
		bg.Run(a.owner, func(context.Context) (struct{}, error) { return struct{}{}, do(ctx) }, func(_ struct{}, err error) {
			if err == nil {
				a.env.Toast(text.T(said))
				a.load()
			}
			done(err)
		})
	})
}

// rulesCard lists the owner's rules and lets the owner change them.
func (a *approvals) rulesCard() fyne.CanvasObject {
	data := make(grid.Fixed, len(a.rules))
	for i, r := range a.rules {
		over := text.T("screens.rule.any")
		if r.Over != "" {
			over = text.T("screens.rule.over", "amount", r.Over)
		}
		data[i] = []grid.Cell{{Text: kindName(r.Kind)}, {Text: over}, {Text: a.roleNames(r.Roles)}}
	}
	l := grid.NewList([]grid.ListColumn{{Key: "kind", Title: "docview.col.kind", Width: 160}, {Key: "over", Title: "screens.rule.limit", Width: 200}, {Key: "roles", Title: "screens.rule.whom", Width: 400}}, data)
	l.Empty.Words = text.T("screens.rule.none")
	box := container.NewBorder(muted(text.T("screens.rule.lead"), 900), nil, nil, nil, l)
	if !a.env.Session.May(access.SettingsEdit) {
		return control.NewCard(text.T("screens.rule"), box)
	}
	l.OnActivate = func(i int) { a.editRule(i) }
	buttons := container.NewHBox(control.NewButton(text.T("screens.rule.add"), func() { a.editRule(-1) }).WithIcon("plus"))
	if len(a.rules) > 0 {
		buttons.Add(control.NewButton(text.T("screens.rule.edit"), func() {
			if i := l.Active(); i >= 0 {
				a.editRule(i)
			}
		}))
		buttons.Add(control.NewButton(text.T("screens.rule.drop"), func() {
			if i := l.Active(); i >= 0 {
				a.setRules(append(append([]rule.Approval(nil), a.rules[:i]...), a.rules[i+1:]...))
			}
		}).WithLook(control.Quiet))
	}
	return control.NewCard(text.T("screens.rule"), container.NewBorder(nil, buttons, nil, nil, box))
}

func kindName(k doc.Kind) string {
	if k == "" {
		return text.T("screens.rule.every-kind")
	}
	return text.T("kind." + string(k))
}

func (a *approvals) roleNames(ids []access.RoleID) string {
	if len(ids) == 0 {
		return text.T("screens.rule.all-but-owner")
	}
	var out []string
	for _, id := range ids {
		for _, r := range a.roles {
			if r.ID == id {
				out = append(out, formview.RoleName(r))
			}
		}
	}
	return strings.Join(out, text.T("formview.and"))
}

// editRule makes a rule or changes one.
func (a *approvals) editRule(at int) {
	r := rule.Approval{ID: "rule-" + strconv.FormatInt(a.env.Host.Clock.Now().UnixNano(), 36)}
	if at >= 0 {
		r = a.rules[at]
	}
	kinds := []control.Option{{Value: "", Text: kindName("")}}
	for _, s := range doc.Specs() {
		kinds = append(kinds, control.Option{Value: string(s.Kind), Text: kindName(s.Kind), Search: string(s.Kind)})
	}
	kind := control.NewChoice(kinds, nil)
	kind.MinWidth = 300
	kind.SetValue(string(r.Kind))
	over := control.NewNumber()
	over.MinWidth = 160
	over.SetText(r.Over)
	checks := map[access.RoleID]*control.Check{}
	box := container.NewVBox(widget.NewLabel(text.T("docview.col.kind")), kind, widget.NewLabel(text.T("screens.rule.over.label")), over, widget.NewLabel(text.T("screens.rule.whom.label")))
	for _, x := range a.roles {
		if x.ID == access.Owner {
			continue
		}
		c := control.NewCheck(formview.RoleName(x), nil)
		for _, id := range r.Roles {
			if id == x.ID {
				c.SetChecked(true)
			}
		}
		checks[x.ID] = c
		box.Add(c)
	}
	m := control.NewModal(text.T("screens.rule"), box)
	m.First = kind
	m.CancelButton(text.T("ui.button.cancel"), nil)
	m.DefaultButton(text.T("ui.button.ok"), func() {
		r.Kind, r.Over, r.Roles = doc.Kind(kind.Value()), strings.TrimSpace(over.Text), nil
		for _, x := range a.roles {
			if c := checks[x.ID]; c != nil && c.Checked() {
				r.Roles = append(r.Roles, x.ID)
			}
		}
		rules := append([]rule.Approval(nil), a.rules...)
		if at >= 0 {
			rules[at] = r
		} else {
			rules = append(rules, r)
		}
		if err := rule.CheckApprovals(rules); err != nil {
			a.env.Fail(err)
			return
		}
		m.Close()
		a.setRules(rules)
	})
	m.Open(a.env.Window.Canvas())
}

func (a *approvals) setRules(rules []rule.Approval) {
	a.send(func(ctx context.Context) error {
		_, err := app.Do(ctx, a.env.Session, app.SetApprovalRules{Rules: rules})
		return err
	}, "screens.rule.saved")
}
