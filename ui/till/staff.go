package till

import (
	"context"

	"fyne.io/fyne/v2/container"

	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/docview/draft"
	"tiezhang/ui/grid"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// employees reads who may be named on a bill.
func (t *Page) employees(done func([]master.Employee)) {
	bg.RunKey(t.owner, "staff", func(ctx context.Context) ([]master.Employee, error) {
		return app.Ask(ctx, t.env.Session, app.Employees{})
	}, func(es []master.Employee, err error) {
		if err != nil {
			t.env.Fail(err)
			return
		}
		done(es)
	})
}

// askStaff asks who sold: the bill's employee, for the next bills too.
func (t *Page) askStaff() {
	t.employees(func(all []master.Employee) {
		es := make([]master.Employee, 0, len(all)+1)
		es = append(es, master.Employee{Name: text.T("till.staff.nobody")})
		for _, e := range all {
			if !e.Disabled {
				es = append(es, e)
			}
		}
		if len(es) == 1 {
			t.wrong(text.T("till.staff.none"))
			return
		}
		rows := make(heldRows, len(es))
		for i, e := range es {
			rows[i] = []grid.Cell{{Text: e.Code}, {Text: e.Name}}
		}
		list := grid.NewList([]grid.ListColumn{{Key: "code", Title: "till.staff.code", Width: 100}, {Key: "name", Title: "till.staff.name", Width: 220}}, rows)
		m := control.NewModal(text.T("till.key.staff"), sized(list, 360, 240))
		m.First = list
		m.CancelButton(text.T("ui.button.cancel"), nil)
		take := func(i int) {
			if i < 0 || i >= len(es) {
				return
			}
			m.Close()
			t.bill.doc.StaffID, t.bill.staff = es[i].ID, ""
			if es[i].ID != 0 {
				t.bill.staff = es[i].Name
			}
			t.changed()
		}
		list.OnActivate = take
		m.DefaultButton(text.T("ui.button.ok"), func() { take(list.Active()) })
		m.OnClosed = t.Enter
		m.Open(t.env.Window.Canvas())
	})
}

// staffName reads the name of a bill that was kept.
func (t *Page) staffName() {
	id := t.bill.doc.StaffID
	if id == 0 {
		return
	}
	t.employees(func(es []master.Employee) {
		for _, e := range es {
			if e.ID == id && t.bill.doc.StaffID == id {
				t.bill.staff = e.Name
				t.show()
			}
		}
	})
}

// askTopUp takes money in advance from the member on the bill.
func (t *Page) askTopUp() {
	p := t.bill.party
	if p.Card == "" {
		t.wrong(text.T("till.topup.who", "key", t.key("member")))
		return
	}
	sum, bonus := control.NewNumber(), control.NewNumber()
	var os []control.Option
	var ids []account
	for _, a := range t.pays {
		if !a.stored {
			os = append(os, control.Option{Value: text.Money(amount.Money(len(ids))), Text: a.name})
			ids = append(ids, a)
		}
	}
	by := control.NewChoice(os, nil)
	if len(os) > 0 {
		by.SetValue(os[0].Value)
	}
	wrong := control.NewWords("", 380)
	wrong.Color = theme.NameNegative
	label := func(key string) *control.Words { return control.NewWords(text.T(key), 380) }
	m := control.NewModal(text.T("till.key.topup"), container.NewVBox(control.NewWords(text.T("till.member.line", "name", p.Name, "points", t.bill.member.points, "stored", text.MoneyTotal(t.bill.member.stored)), 380),
		label("till.topup.amount"), sum, label("till.topup.bonus"), bonus, label("till.topup.by"), by, wrong))
	m.First, m.EnterWalks = sum, true
	m.CancelButton(text.T("ui.button.cancel"), nil)
	now := t.env.Host.Clock.Now()
	d := doc.Document{ID: app.NewID(now), Kind: doc.StoredTopUp, Status: doc.Draft, Date: day.Of(now), PartyID: p.ID}
	sending := false
	m.DefaultButton(text.T("till.topup.take"), func() {
		if sending {
			return
		}
		var err error
		if d.Amount, err = draft.Money(sum.Text, "amount"); err == nil && bonus.Text != "" {
			d.Bonus, err = draft.Money(bonus.Text, "bonus")
		}
		for i, o := range os {
			if o.Value == by.Value() {
				d.AccountID = ids[i].id
			}
		}
		if err != nil {
			wrong.SetText(text.Fault(err))
			m.Refresh()
			return
		}
		sending = true
		x := app.Post{Doc: d}
		t.env.Confirmed(func(ctx context.Context, done func(error)) {
			bg.Run(t.owner, func(work context.Context) (app.Receipt, error) {
				return app.Do(page.Join(ctx, work), t.env.Session, x)
			}, func(r app.Receipt, err error) {
				sending = false
				if fault.KindOf(err) == fault.Invalid && err != nil {
					wrong.SetText(text.Fault(err))
					m.Refresh()
					err = nil
				} else if err == nil {
					m.Close()
					t.toppedUp(p, r)
				}
				done(err)
			})
		})
	})
	m.OnClosed = t.Enter
	m.Open(t.env.Window.Canvas())
}

// toppedUp shows the new balance: the member is read again.
func (t *Page) toppedUp(p master.Party, r app.Receipt) {
	t.loadPlaces() // the first of the shop makes the account that balances are paid from
	bg.Run(t.owner, func(ctx context.Context) (master.Party, error) {
		return app.Ask(ctx, t.env.Session, app.GetParty{ID: p.ID})
	}, func(now master.Party, err error) {
		if err != nil {
			t.env.Fail(err)
			return
		}
		if t.bill.party.ID == now.ID {
			t.bill.party, t.bill.member = now, memberOf(now)
			t.readPoints(now)
		}
		t.show()
		t.say(text.T("till.topup.done", "number", r.Number, "stored", text.MoneyTotal(now.Stored)), false)
	})
}
