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
func checkPrices(x *Exec, spec doc.Spec, d *doc.Document, r refs) error {
	if !spec.Sells() {
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
		if floor > 0 && ln.Net()+points[i] < least {
			if err := x.Allow(access.SaleBelowFloor, access.Object{New: true}); err != nil {
				return withLine(err, ln.No)
			}
			x.Note("below_floor", ln.No)
		}
		full := ln.Gross + ln.Off
		limit, err := amount.Rate(x.S.role.MaxDiscount).Apply(full)
		if err != nil {
			return fault.Bad("app.Post", "doc.overflow", "line", ln.No, "field", "discount")
		}
		if ln.Off+ln.Share-points[i] > limit {
			if err := x.Allow(access.SaleDiscount, access.Object{New: true}); err != nil {
				return withLine(err, ln.No)
			}
			x.Note("discount", ln.No)
		}
	}
	return checkCredit(x, d)
}

func checkCredit(x *Exec, d *doc.Document) error {
	if d.PartyID == 0 {
		return nil
	}
	p, err := x.Tx.Party(d.PartyID)
	if err != nil || p.Credit == 0 {
		return err
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
		if err := x.Allow(access.SaleOverCredit, access.Object{New: true}); err != nil {
			return err
		}
		x.Note("over_credit", (bal + owes - p.Credit).String())
	}
	return nil
}

// withLine adds the line to a confirmation's fault, so the screen can point.
func withLine(err error, no int) error {
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
