package app

import (
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/master"
)

// checkDate refuses the future and what is closed; a day before today wants the
// right to back-date and a reason.
func checkDate(x *Exec, spec doc.Spec, d *doc.Document) error {
	today := x.today()
	if d.Date > today {
		return fault.Bad("app.Post", "doc.future", "field", "date", "date", d.Date.String())
	}
	if err := open(x.Tx, spec, d.Date); err != nil {
		return err
	}
	if d.Date == today || spec.FreeDate {
		return nil
	}
	if err := x.Allow(access.Backdate, access.Object{New: true}); err != nil {
		return err
	}
	if most := x.S.role.BackdateDays; most > 0 && d.Date < today.AddDays(-most) {
		return fault.New("app.Post", fault.Denied, "doc.backdate-limit", fault.Pairs("field", "date", "date", d.Date.String(), "days", most))
	}
	if d.Reason == "" {
		return fault.Bad("app.Post", "doc.reason-needed", "field", "reason", "date", d.Date.String())
	}
	return nil
}

// open tells whether a day still takes documents of a kind: nothing goes into a
// closed month, and nothing that moves the till's money into a closed day.
func open(tx Tx, spec doc.Spec, date day.Date) error {
	month, err := settingDate(tx, SettingMonthClosed)
	if err != nil {
		return err
	}
	if date <= month {
		return fault.New("app.Post", fault.Closed, "doc.closed-month", fault.Pairs("field", "date", "date", date.String(), "until", month.String()))
	}
	closed, err := settingDate(tx, SettingDayClosed)
	if err != nil {
		return err
	}
	if date <= closed && (spec.Pays == doc.Must || spec.CashCount) {
		return fault.New("app.Post", fault.Closed, "doc.closed-day", fault.Pairs("field", "date", "date", date.String(), "until", closed.String()))
	}
	return nil
}

func settingDate(tx Tx, key string) (day.Date, error) {
	s, err := tx.Setting(key)
	if err != nil || s == "" {
		return 0, err
	}
	d, err := day.Parse(s)
	if err != nil {
		return 0, fault.Wrap("app.setting", fault.Damaged, "setting.damaged", fault.Pairs("name", key), err)
	}
	return d, nil
}

// checkPrices guards the floor price, the person's discount limit and the
// customer's credit on everything that sells.
func checkPrices(x *Exec, spec doc.Spec, d *doc.Document, r refs, o origins) error {
	if spec.Bonus != doc.No {
		return checkBonus(x, d)
	}
	if !spec.Sells() && !spec.PromisesSale() {
		return nil
	}
	points, err := pointsShare(x.Tx, d)
	if err != nil {
		return fault.Bad("app.Post", "doc.overflow", "field", "points")
	}
	for i, ln := range d.Lines {
		floor := r.items[ln.ItemID].Prices[master.Floor]
		least, err := amount.Extend(ln.Base, floor)
		if err != nil {
			return fault.Bad("app.Post", "doc.overflow", "line", ln.No, "field", "price")
		}
		if floor > 0 && ln.Net()+points[i] < least && !o.agreed(ln) {
			if err := x.later(access.SaleBelowFloor, ln.No); err != nil {
				return err
			}
			x.Note("below_floor", ln.No)
			continue // whoever agrees to that agrees to the discount it is
		}
		full, err := fullPrice(r, spec, ln)
		if err != nil {
			return fault.Bad("app.Post", "doc.overflow", "line", ln.No, "field", "price")
		}
		limit, err := amount.Rate(x.S.role.MaxDiscount).Apply(full)
		if err != nil {
			return fault.Bad("app.Post", "doc.overflow", "line", ln.No, "field", "discount")
		}
		if full-ln.Net()-points[i] > limit && !o.agreed(ln) {
			if err := x.later(access.SaleDiscount, ln.No); err != nil {
				return err
			}
			x.Note("discount", ln.No)
		}
	}
	if !spec.Sells() {
		return nil // nobody owes anything yet
	}
	return checkCredit(x, d, r.party)
}

// fullPrice is what a line would come to without any favour: at the price of the
// customer's level, the shop's retail price where there is none of that, or at
// the price typed where that is more or the shop has none. A price typed lower is
// a discount by another name.
func fullPrice(r refs, spec doc.Spec, ln doc.Line) (amount.Money, error) {
	full := ln.Gross + ln.Off
	it := r.items[ln.ItemID]
	list := it.Prices[r.level(spec)]
	if list == 0 {
		list = it.Prices[master.Retail]
	}
	usual, err := amount.Extend(ln.Base, list)
	if err != nil {
		return 0, err
	}
	for _, u := range it.Units { // a box may cost less than its pieces
		if u.Name != ln.Unit || u.Price == 0 {
			continue
		}
		box, err := amount.Extend(ln.Qty, u.Price)
		if err != nil {
			return 0, err
		}
		usual = min(usual, box)
	}
	return max(full, usual), nil
}

// checkBonus: what a member is given on top of what they pay is a discount.
func checkBonus(x *Exec, d *doc.Document) error {
	limit, err := amount.Rate(x.S.role.MaxDiscount).Apply(d.Amount)
	if err != nil {
		return fault.Bad("app.Post", "doc.overflow", "field", "bonus")
	}
	if d.Bonus <= limit {
		return nil
	}
	if err := x.later(access.SaleDiscount, 0); err != nil {
		return err
	}
	x.Note("bonus", d.Bonus.String())
	return nil
}

func checkCredit(x *Exec, d *doc.Document, p master.Party) error {
	if p.Credit == 0 { // nobody, or no limit
		return nil
	}
	bal, err := x.Tx.Balance(doc.AccReceivable, d.PartyID, 0)
	if err != nil {
		return err
	}
	paid, err := d.Paid()
	if err != nil {
		return fault.Bad("app.Post", "doc.overflow", "field", "payments")
	}
	if owes := d.Total - paid; owes > 0 && bal+owes > p.Credit {
		if err := x.later(access.SaleOverCredit, 0); err != nil {
			return err
		}
		x.Note("over_credit", (bal + owes - p.Credit).String())
	}
	return nil
}

// withLine adds the line to a confirmation's fault, so the screen can point.
func withLine(err error, no int) error {
	if no == 0 {
		return err
	}
	if f, ok := err.(*fault.Error); ok && f.Kind == fault.NeedsStep {
		args := fault.Args{"line": no}
		for k, v := range f.Args {
			args[k] = v
		}
		return fault.New(f.Op, f.Kind, f.Key, args)
	}
	return err
}

// checkAllocs refuses to settle more than is open, or somebody else's document.
// A settlement takes from what is open on both sides of one party's account.
func checkAllocs(x *Exec, spec doc.Spec, d *doc.Document) error {
	tx := x.Tx
	var l fault.List
	trade := spec.Trade
	for i, a := range d.Allocs {
		bad := func(key string, nv ...any) {
			l = append(l, fault.Bad("app.Post", key, append([]any{"line", i + 1, "field", "allocations"}, nv...)...))
		}
		t, err := x.reached(tx.Document(a.Doc))
		if err != nil {
			if fault.KindOf(err) != fault.NotFound {
				return err
			}
			bad("doc.unknown-target", "value", "")
			continue
		}
		ts := mustSpec(t.Kind)
		if spec.Offsets && trade == "" && ts.Open() {
			trade = ts.Trade // the first one says which account it is about
		}
		left, take := t.Total-t.Settled, a.Amount
		if !reduces(spec, ts) {
			take = -take
		}
		same, err := sameParty(tx, t.PartyID, d.PartyID)
		if err != nil {
			return err
		}
		switch {
		case !ts.Open() || ts.Trade != trade || t.Status != doc.Posted || t.Reverses != "" || ts.Allocates && !spec.Offsets:
			bad("doc.alloc-kind", "number", t.Number)
		case !same:
			bad("doc.alloc-party", "number", t.Number)
		case take > 0 && take > left, take < 0 && take < left: // beyond what is open, or against its sign
			bad("doc.alloc-open", "number", t.Number, "open", left.String(), "amount", a.Amount.String())
		}
	}
	return l.Err()
}

// SettingRecount says when a counted line must be counted a second time:
// "differences", or "" for never.
const SettingRecount = "count.second"

// checkRecount wants a second count of what differs from the books, when the
// owner says so, all lines at once.
func checkRecount(tx Tx, spec doc.Spec, d *doc.Document) error {
	if spec.Flow != doc.Recount {
		return nil
	}
	want, err := tx.Setting(SettingRecount)
	if err != nil || want != "differences" {
		return err
	}
	var l fault.List
	for _, ln := range d.Lines {
		if ln.Base != ln.Book && !ln.Recounted {
			l = append(l, fault.Bad("app.Post", "doc.recount-needed", "line", ln.No, "field", "qty"))
		}
	}
	return l.Err()
}
