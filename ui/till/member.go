package till

import (
	"context"
	"strconv"
	"strings"

	"fyne.io/fyne/v2/container"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/master"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/docview/draft"
	"tiezhang/ui/grid"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// member is what the counter knows of whom the bill is for.
type member struct {
	points        int64
	stored, worth amount.Money
	value         amount.Price // of a point
}

func memberOf(p master.Party) member {
	if p.Card == "" {
		return member{}
	}
	return member{points: p.Points, stored: p.Stored}
}

// cardOf finds the member whose card was entered; nil for none, and for those
// who may not see members.
func cardOf(ctx context.Context, s *app.Session, code string) (*master.Party, error) {
	if !s.May(access.MemberView) {
		return nil, nil
	}
	found, err := app.Ask(ctx, s, app.MemberAt{Code: code})
	if err != nil || len(found) != 1 || !strings.EqualFold(found[0].Card, amount.Narrow(code)) {
		return nil, err
	}
	return &found[0], nil
}

// askMember asks whom the bill is for: a card or phone number scanned or typed,
// or a name. Nothing takes the member off the bill.
func (t *Page) askMember() {
	e := control.NewEntry()
	e.MinWidth = 320
	wrong := control.NewWords("", 380)
	wrong.Color = theme.NameNegative
	m := control.NewModal(text.T("till.member.title"), container.NewVBox(control.NewWords(text.T("till.member.words"), 380), e, wrong))
	m.First = e
	m.CancelButton(text.T("ui.button.cancel"), nil)
	m.DefaultButton(text.T("ui.button.ok"), func() {
		q := amount.Narrow(strings.TrimSpace(e.Text))
		if q == "" {
			m.Close()
			t.setParty(master.Party{})
			return
		}
		bg.Run(t.owner, func(ctx context.Context) ([]master.Party, error) {
			if t.env.Session.May(access.MemberView) {
				if found, err := app.Ask(ctx, t.env.Session, app.MemberAt{Code: q}); err != nil || len(found) > 0 {
					return found, err
				}
			}
			return app.Ask(ctx, t.env.Session, app.FindParties{Query: q, Kind: master.Customer, Limit: 50})
		}, func(found []master.Party, err error) {
			switch {
			case err != nil:
				t.env.Fail(err)
			case !m.IsOpen():
			case len(found) == 0:
				wrong.SetText(text.T("till.member.none", "text", q))
				m.Refresh()
				e.SelectAll()
			case len(found) == 1:
				m.Close()
				t.setParty(found[0])
			default:
				m.Close()
				t.chooseMember(found)
			}
		})
	})
	m.OnClosed = t.Enter
	m.Open(t.env.Window.Canvas())
}

func (t *Page) chooseMember(found []master.Party) {
	rows := make(heldRows, len(found))
	for i, p := range found {
		rows[i] = []grid.Cell{{Text: p.Name}, {Text: p.Card}, {Text: p.Phone}, {Text: text.Money(p.Stored)}}
	}
	list := grid.NewList([]grid.ListColumn{{Key: "name", Title: "till.member.name", Width: 180}, {Key: "card", Title: "till.member.card", Width: 140},
		{Key: "phone", Title: "till.member.phone", Width: 130}, {Key: "stored", Title: "till.member.stored", Width: 100, Align: grid.Right}}, rows)
	m := control.NewModal(text.T("till.member.title"), sized(list, 580, 260))
	m.First = list
	m.CancelButton(text.T("ui.button.cancel"), nil)
	take := func(i int) {
		if i >= 0 && i < len(found) {
			m.Close()
			t.setParty(found[i])
		}
	}
	list.OnActivate = take
	m.DefaultButton(text.T("ui.button.ok"), func() { take(list.Active()) })
	m.OnClosed = t.Enter
	m.Open(t.env.Window.Canvas())
}

// setParty says whom the bill is for; lines nobody priced by hand take the new
// price, and points that were to be used stay with their owner.
func (t *Page) setParty(p master.Party) {
	b := t.bill
	if used := b.doc.PointsUsed; used > 0 {
		b.doc.Discount -= b.worth(used)
		b.doc.PointsUsed = 0
	}
	b.party, b.doc.PartyID, b.member = p, p.ID, memberOf(p)
	for i, l := range b.lines {
		if l.Origin.Doc != "" || b.typed[l.No] || b.own[l.No] {
			continue
		}
		if n := t.offer(l); n.Priced {
			b.lines[i] = n
		}
	}
	if err := b.settle(); err != nil || b.doc.Total < 0 {
		b.doc.Discount = 0 // the prices have become less than what was to come off
		_ = b.settle()
	}
	t.readPoints(p)
	words := ""
	if p.ID != 0 {
		words = text.T("till.member.is", "name", p.Name)
	}
	t.say(words, false)
	t.changed()
	t.Enter()
}

// whoWords tell whom the bill is for and who sells.
func (t *Page) whoWords() string {
	b := t.bill
	var out []string
	switch {
	case b.party.Card != "":
		out = append(out, text.T("till.member.line", "name", b.party.Name, "points", strconv.FormatInt(b.member.points, 10), "stored", text.MoneyTotal(b.member.stored)))
	case b.party.ID != 0:
		out = append(out, text.T("till.member.customer", "name", b.party.Name))
	}
	if b.staff != "" {
		out = append(out, text.T("till.staff.line", "name", b.staff))
	}
	return strings.Join(out, "  ")
}

// fixPrice: the price of a line was typed and stays.
func (b *bill) fixPrice(no int) {
	if b.typed == nil {
		b.typed = map[int]bool{}
	}
	b.typed[no] = true
}

// readPoints reads what a member's points are worth here.
func (t *Page) readPoints(p master.Party) {
	if p.Card == "" {
		return
	}
	bg.RunKey(t.owner, "points", func(ctx context.Context) (amount.Price, error) {
		return pointValue(ctx, t.env.Session, p.ID)
	}, func(v amount.Price, err error) {
		if err != nil || t.bill.party.ID != p.ID { // without it points are not offered
			return
		}
		t.bill.member.value = v
		t.bill.member.worth = t.bill.worth(max(0, t.bill.member.points))
	})
}

// level is the price level of the bill: the customer's, a member's, or retail.
func (b *bill) level() master.PriceLevel {
	switch {
	case b.party.Level != "":
		return b.party.Level
	case b.party.Card != "":
		return master.Member
	}
	return master.PriceLevel(b.spec.Level)
}

// offer prices a line as the bill's customer gets it. What the customer paid
// last is no price of a counter.
func (t *Page) offer(l draft.Line) draft.Line {
	level := t.bill.level()
	l.Help.Last, l.Help.LastOn = 0, ""
	p := l.Item.Prices[level]
	if p == 0 {
		p, level = l.Item.Prices[master.Retail], master.Retail
	}
	l.Help.Level = p
	return l.Offer(t.bill.spec, level)
}

// points uses up as many points as the bill takes, or none again.
func (d *payDialog) points() {
	t := d.t
	b := t.bill
	if b.back() || b.member.worth <= 0 {
		return
	}
	off, used := b.doc.Discount, b.doc.PointsUsed
	if used > 0 {
		off -= b.worth(used)
		used = 0
	} else {
		used = b.mostPoints()
		off += b.worth(used)
	}
	if err := b.discount(off); err != nil {
		d.words.SetText(text.Fault(err))
		return
	}
	b.doc.PointsUsed = used
	d.off, d.offAt = b.rounding(), 0
	for i := range d.rows {
		d.rows[i].entry.SetText("")
	}
	t.changed()
	d.show()
}

// worth is what points take off the bill.
func (b *bill) worth(points int64) amount.Money {
	v, err := amount.MulDiv(points, int64(b.member.value), amount.PriceScale/amount.MoneyScale)
	if err != nil {
		return 0
	}
	return amount.Money(v)
}

// mostPoints is how many points the bill can take: what is left stays above
// nothing.
func (b *bill) mostPoints() int64 {
	n := b.member.points
	for n > 0 && b.worth(n) > b.doc.Total {
		fits, err := amount.MulDiv(int64(b.doc.Total), amount.PriceScale/amount.MoneyScale, int64(b.member.value))
		if err != nil || fits >= n {
			n--
			continue
		}
		n = fits
	}
	return n
}
