package app

import (
	"sort"

	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/ledger"
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

// checkOrigins reads what returned lines came from and refuses to take back
// more than went out.
func checkOrigins(x *Exec, spec doc.Spec, d *doc.Document) (map[int]ledger.OriginMove, error) {
	out := map[int]ledger.OriginMove{}
	taken := map[doc.Origin]amount.Qty{}
	var l fault.List
	for _, ln := range d.Lines {
		bad := func(key string, nv ...any) {
			l = append(l, fault.Bad("app.Post", key, append([]any{"line", ln.No, "field", "origin"}, nv...)...))
		}
		if ln.Origin.Doc == "" {
			if spec.OriginNeeded {
				if err := x.Allow(access.SaleBlindReturn, access.Object{New: true}); err != nil {
					return nil, err
				}
			}
			continue
		}
		src, err := x.Tx.Document(ln.Origin.Doc)
		if err != nil {
			if fault.KindOf(err) != fault.NotFound {
				return nil, err
			}
			bad("doc.unknown-origin")
			continue
		}
		kindOK := false
		for _, k := range spec.Origins {
			kindOK = kindOK || k == src.Kind
		}
		switch {
		case !kindOK:
			bad("doc.origin-kind", "number", src.Number)
			continue
		case src.Status != doc.Posted || src.Reverses != "":
			bad("doc.origin-status", "number", src.Number)
			continue
		case src.PartyID != d.PartyID && d.PartyID != 0 && src.PartyID != 0:
			bad("doc.origin-party", "number", src.Number)
			continue
		case src.Date > d.Date:
			bad("doc.origin-date", "number", src.Number, "date", src.Date.String())
			continue
		}
		om, err := x.Tx.OriginMove(ln.Origin.Doc, ln.Origin.Line)
		if err != nil {
			if fault.KindOf(err) != fault.NotFound {
				return nil, err
			}
			bad("doc.unknown-origin")
			continue
		}
		if item := lineItem(src, ln.Origin.Line); item != ln.ItemID {
			bad("doc.origin-item", "number", src.Number)
			continue
		}
		taken[ln.Origin] += ln.Base
		if left := om.Qty - om.UsedQty; taken[ln.Origin] > left {
			bad("doc.origin-qty", "number", src.Number, "left", left.String(), "qty", ln.Base.String())
			continue
		}
		out[ln.No] = om
	}
	return out, l.Err()
}

func lineItem(d doc.Document, no int) int64 {
	for _, ln := range d.Lines {
		if ln.No == no {
			return ln.ItemID
		}
	}
	return 0
}

// checkPrices guards the floor price, the person's discount limit and the
// customer's credit on everything that sells.
func checkPrices(x *Exec, spec doc.Spec, d *doc.Document, r refs) error {
	if spec.Group != doc.Selling || spec.TradeSign <= 0 {
		return nil
	}
	for _, ln := range d.Lines {
		floor := r.items[ln.ItemID].Prices[master.Floor]
		least, err := amount.Extend(ln.Base, floor)
		if err != nil {
			return fault.Bad("app.Post", "doc.overflow", "line", ln.No, "field", "price")
		}
		if floor > 0 && ln.Net() < least {
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
		if ln.Off+ln.Share > limit {
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
func checkAllocs(tx Tx, spec doc.Spec, d *doc.Document) error {
	var l fault.List
	for i, a := range d.Allocs {
		bad := func(key string, nv ...any) {
			l = append(l, fault.Bad("app.Post", key, append([]any{"line", i + 1, "field", "allocations"}, nv...)...))
		}
		t, err := tx.Document(a.Doc)
		if err != nil {
			if fault.KindOf(err) != fault.NotFound {
				return err
			}
			bad("doc.unknown-target")
			continue
		}
		ts := mustSpec(t.Kind)
		left := t.Total - t.Settled
		switch {
		case ts.Trade != spec.Trade || ts.Allocates || t.Status != doc.Posted:
			bad("doc.alloc-kind", "number", t.Number)
		case t.PartyID != d.PartyID:
			bad("doc.alloc-party", "number", t.Number)
		case ts.TradeSign != spec.TradeSign && (a.Amount < 0 || a.Amount > left),
			ts.TradeSign == spec.TradeSign && (a.Amount > 0 || -a.Amount > left):
			bad("doc.alloc-open", "number", t.Number, "open", left.String(), "amount", a.Amount.String())
		}
	}
	return l.Err()
}

// checkStock judges the lowest future balance of every item and warehouse a
// plan takes from. One function for posting, reversing, back-dating and import.
func checkStock(x *Exec, spec doc.Spec, d *doc.Document, plan []ledger.Move, read *books, allow bool) ([]*fault.Error, error) {
	type place struct{ item, warehouse int64 }
	net := map[place]amount.Qty{}
	line := map[place]int{}
	for _, m := range plan {
		p := place{m.ItemID, m.WarehouseID}
		net[p] += m.Qty
		if m.Qty < 0 && line[p] == 0 {
			line[p] = m.Line
		}
	}
	var short fault.List
	for p, n := range net {
		if n >= 0 {
			continue
		}
		now, err := x.Tx.OnHand(p.item, p.warehouse)
		if err != nil {
			return nil, err
		}
		var ms []ledger.Move
		start := now
		for _, m := range read.movesOf(p.item) {
			if m.WarehouseID == p.warehouse {
				ms = append(ms, m)
				start -= m.Qty
			}
		}
		for _, m := range plan {
			if m.ItemID == p.item && m.WarehouseID == p.warehouse {
				ms = append(ms, m)
			}
		}
		ledger.SortMoves(ms)
		low, at := ledger.Lowest(start, ms)
		if low >= 0 {
			continue
		}
		it, err := x.Tx.Item(p.item)
		if err != nil {
			return nil, err
		}
		if at == 0 {
			at = d.Date
		}
		short = append(short, fault.Bad("app.Post", "doc.stock-short", "line", line[p], "field", "qty", "name", it.Name, "code", it.Code,
			"have", now.String(), "need", (-n).String(), "low", low.String(), "date", at.String(), "unit", it.Unit))
	}
	if len(short) == 0 {
		return nil, nil
	}
	sort.Slice(short, func(i, j int) bool { return short[i].Args["line"].(int) < short[j].Args["line"].(int) })
	office, err := x.Tx.Setting(SettingNegative)
	if err != nil {
		return nil, err
	}
	if !allow || !spec.Negative && office != "allow" {
		return nil, short
	}
	if err := x.Allow(access.NegativeStock, access.Object{New: true}); err != nil {
		return nil, err
	}
	x.Note("negative", len(short))
	return short, nil
}
