package app

import (
	"errors"
	"strings"

	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/master"
)

// wireReader collects every problem of a line.
type wireReader struct {
	x *Exec
	l fault.List
	// err is a failure that is no problem of the line.
	err error
}

func (r *wireReader) bad(line int, field, key string, nv ...any) {
	if line > 0 {
		nv = append(nv, "line", line)
	}
	r.l = append(r.l, fault.Bad("app.PostWire", key, append(nv, "field", field)...))
}

// found files a lookup's error: a missing row is the line's problem.
func (r *wireReader) found(err error, line int, field, key, value string) bool {
	switch {
	case err == nil:
		return true
	case fault.KindOf(err) == fault.NotFound:
		r.bad(line, field, key, "value", value)
	case r.err == nil:
		r.err = err
	}
	return false
}

func readDec[T ~int64](r *wireReader, s Dec, parse func(string) (T, error), line int, field string) T {
	if s == "" {
		return 0
	}
	v, err := parse(string(s))
	if err != nil {
		r.bad(line, field, numberKey(err), "value", string(s))
	}
	return v
}

func numberKey(err error) string {
	switch {
	case errors.Is(err, amount.ErrPrecision):
		return "wire.decimals"
	case errors.Is(err, amount.ErrOverflow):
		return "doc.overflow"
	}
	return "wire.number"
}

func (r *wireReader) date(s string, line int, field string) day.Date {
	d, err := day.Parse(s)
	if err != nil {
		r.bad(line, field, "doc.date", "value", s)
	}
	return d
}

// document turns a line into a document, codes into rows.
func (w Wire) document(x *Exec, spec doc.Spec) (doc.Document, error) {
	r := &wireReader{x: x}
	d := doc.Document{ID: w.ID, Kind: spec.Kind, Date: x.today(), Category: w.Category, Note: w.Note, Reason: w.Reason}
	if d.ID == "" {
		d.ID = NewID(x.Now)
	}
	if w.Date != "" {
		d.Date = r.date(w.Date, 0, "date")
	}
	d.Amount = readDec(r, w.Amount, amount.ParseMoney, 0, "amount")
	d.Discount = readDec(r, w.Discount, amount.ParseMoney, 0, "discount")
	d.Bonus = readDec(r, w.Bonus, amount.ParseMoney, 0, "bonus")
	d.PointsUsed, d.Custom = w.PointsUsed, w.custom(r, master.OfDocument, nil)
	if w.Due != "" {
		d.Due = r.date(w.Due, 0, "due")
	}
	if w.Staff != "" {
		e, err := x.Tx.EmployeeByCode(w.Staff)
		if r.found(err, 0, "staff", "doc.unknown-staff", w.Staff) {
			d.StaffID = e.ID
		}
	}
	level := master.PriceLevel(spec.Level)
	if w.Party != "" {
		p, err := x.Tx.PartyByCode(w.Party)
		if r.found(err, 0, "party", "doc.unknown-party", w.Party) {
			d.PartyID = p.ID
			if spec.Group == doc.Selling && p.Level != "" {
				level = p.Level
			}
		}
	}
	r.places(w, spec, &d)
	r.lines(w, spec, level, &d)
	if r.err != nil {
		return doc.Document{}, r.err
	}
	if err := r.l.Err(); err != nil {
		return doc.Document{}, err
	}
	r.money(w, spec, &d)
	if r.err != nil {
		return doc.Document{}, r.err
	}
	return d, r.l.Err()
}

// places finds warehouses and accounts; where there is just one it need not be named.
func (r *wireReader) places(w Wire, spec doc.Spec, d *doc.Document) {
	if spec.Warehouse == doc.Must || w.Warehouse != "" {
		ws, err := r.x.Tx.Warehouses()
		if err != nil {
			r.err = err
			return
		}
		from := ws
		if w.Warehouse == "" { // the one this person works in need not be named
			from = r.x.here(ws)
		}
		d.WarehouseID = r.warehouse(from, w.Warehouse, "warehouse")
		if spec.ToPlace == doc.Must || w.To != "" {
			d.ToPlaceID = r.warehouse(ws, w.To, "to")
		}
	}
	as, err := r.x.Tx.Accounts()
	if err != nil {
		r.err = err
		return
	}
	if w.Account != "" || spec.Account == doc.Must {
		d.AccountID = r.account(as, w.Account, "account")
	}
	if w.ToAccount != "" {
		d.ToAccountID = r.account(as, w.ToAccount, "to_account")
	}
	if spec.CashCount && d.AccountID != 0 {
		if d.Expected, err = r.x.Tx.Balance(doc.AccCash, 0, d.AccountID); err != nil {
			r.err = err
		}
	}
}

func (r *wireReader) warehouse(ws []master.Warehouse, code, field string) int64 {
	var only int64
	n := 0
	for _, p := range ws {
		if strings.EqualFold(p.Code, code) || p.Name == code && code != "" {
			return p.ID
		}
		if !p.Disabled && !p.Lent {
			only = p.ID
			n++
		}
	}
	switch {
	case code != "":
		r.bad(0, field, "doc.unknown-warehouse", "value", code)
	case n == 1:
		return only
	default:
		r.bad(0, field, "doc.missing")
	}
	return 0
}

// account finds one by code or name; without a code the first cash account serves.
func (r *wireReader) account(as []master.Account, code, field string) int64 {
	for _, a := range as {
		if code == "" && a.Kind == master.Cash && !a.Disabled || code != "" && (strings.EqualFold(a.Code, code) || a.Name == code) {
			return a.ID
		}
	}
	r.bad(0, field, "doc.unknown-account", "value", code)
	return 0
}

func (r *wireReader) lines(w Wire, spec doc.Spec, level master.PriceLevel, d *doc.Document) {
	for i, wl := range w.Lines {
		no := i + 1
		if wl.Item == "" && wl.Origin != "" && wl.OriginLine != 0 {
			wl.Item = r.originItem(wl)
		}
		it, err := r.x.Tx.ItemByCode(wl.Item)
		if err != nil && fault.KindOf(err) == fault.NotFound {
			hits, err2 := r.x.Tx.ItemsByBarcode(wl.Item)
			if err2 == nil && len(hits) == 1 {
				it, err = hits[0].Item, nil
				if wl.Unit == "" {
					wl.Unit = hits[0].Unit
				}
			}
		}
		if !r.found(err, no, "item", "doc.unknown-item", wl.Item) {
			continue
		}
		ln := doc.Line{No: no, ItemID: it.ID, Unit: wl.Unit, Batch: wl.Batch, Serials: wl.Serials, Note: wl.Note}
		if ln.Unit == it.Unit {
			ln.Unit = ""
		}
		num, den, ok := it.Factor(ln.Unit)
		if !ok {
			r.bad(no, "unit", "doc.unknown-unit", "unit", wl.Unit, "name", it.Name)
			continue
		}
		if wl.Qty == "" && spec.LineMoney == doc.No {
			r.bad(no, "qty", "doc.missing")
			continue
		}
		if wl.Side != "" {
			if ln.Side = wireSides[wl.Side]; ln.Side == 0 {
				r.bad(no, "side", "wire.side", "value", wl.Side)
			}
		}
		ln.Amount = readDec(r, wl.Amount, amount.ParseMoney, no, "amount")
		ln.Qty = readDec(r, wl.Qty, amount.ParseQty, no, "qty")
		ln.Off = readDec(r, wl.Discount, amount.ParseMoney, no, "discount")
		if wl.Expiry != "" {
			ln.Expiry = r.date(wl.Expiry, no, "expiry")
		}
		switch {
		case wl.Price != nil:
			ln.Price = readDec(r, *wl.Price, amount.ParsePrice, no, "price")
		case spec.PriceNeed == doc.Must && wl.Origin == "":
			if ln.Price, err = unitPrice(it, ln.Unit, level, num, den); err != nil || ln.Price == 0 {
				r.bad(no, "price", "doc.price-missing", "name", it.Name)
			}
		}
		ln.Num, ln.Den = num, den
		if wl.Origin != "" {
			r.origin(wl, spec, no, it, &ln)
		}
		if spec.Flow == doc.Recount {
			r.book(wl, d, no, it, &ln)
		}
		d.Lines = append(d.Lines, ln)
	}
}

// unitPrice is an item's price of a level for one of a unit.
func unitPrice(it master.Item, unit string, level master.PriceLevel, num, den int64) (amount.Price, error) {
	if level == master.Retail || level == "" {
		for _, u := range it.Units {
			if u.Name == unit && u.Price != 0 {
				return u.Price, nil
			}
		}
	}
	p := it.Prices[level]
	if p == 0 && level != master.Purchase {
		p = it.Prices[master.Retail]
	}
	v, err := amount.MulDiv(int64(p), num, den)
	return amount.Price(v), err
}

// origin finds the line a return comes from and takes its price.
func (r *wireReader) origin(wl WireLine, spec doc.Spec, no int, it master.Item, ln *doc.Line) {
	src, err := r.x.reached(docByName(r.x.Tx, wl.Origin))
	if !r.found(err, no, "origin", "doc.unknown-origin", wl.Origin) {
		return
	}
	for _, sl := range src.Lines {
		if sl.ItemID != it.ID || wl.OriginLine != 0 && sl.No != wl.OriginLine {
			continue
		}
		ln.Origin = doc.Origin{Doc: src.ID, Line: sl.No}
		if wl.Price == nil && spec.PriceNeed == doc.Must {
			p, off, err := priceOf(sl, *ln)
			if err != nil {
				r.bad(no, "price", "doc.overflow")
			}
			if ln.Price = p; wl.Discount == "" {
				ln.Off = off
			}
		}
		return
	}
	r.bad(no, "origin", "doc.origin-item", "number", src.Number)
}

// wireSides are the words for the sides of an assembly.
var wireSides = map[string]int8{"in": 1, "out": -1}

// originItem gives the code of the item on a line that is named by its origin.
func (r *wireReader) originItem(wl WireLine) string {
	src, err := r.x.reached(docByName(r.x.Tx, wl.Origin))
	if err != nil {
		return ""
	}
	for _, sl := range src.Lines {
		if sl.No != wl.OriginLine {
			continue
		}
		if it, err := r.x.Tx.Item(sl.ItemID); err == nil {
			return it.Code
		}
	}
	return ""
}

// book freezes the book quantity of a counted line, unless the line brings it.
func (r *wireReader) book(wl WireLine, d *doc.Document, no int, it master.Item, ln *doc.Line) {
	if wl.Book != nil {
		ln.Book = readDec(r, *wl.Book, amount.ParseQty, no, "book")
	}
	if wl.First != nil {
		ln.First, ln.Recounted = readDec(r, *wl.First, amount.ParseQty, no, "first"), true
	}
	if wl.FirstBook != nil {
		ln.FirstBook = readDec(r, *wl.FirstBook, amount.ParseQty, no, "first_book")
	}
	if wl.Book != nil || d.WarehouseID == 0 {
		return
	}
	var q amount.Qty
	var err error
	if it.Track == master.ByBatch {
		q, err = r.x.Tx.OnHandBatch(it.ID, d.WarehouseID, wl.Batch)
	} else {
		q, err = r.x.Tx.OnHand(it.ID, d.WarehouseID)
	}
	if err != nil && r.err == nil {
		r.err = err
	}
	ln.Book = q
}

// money reads payments and allocations. A cash sale that names none is paid in
// full into the first cash account.
func (r *wireReader) money(w Wire, spec doc.Spec, d *doc.Document) {
	as, err := r.x.Tx.Accounts()
	if err != nil {
		r.err = err
		return
	}
	for i, p := range w.Payments {
		d.Payments = append(d.Payments, doc.Payment{AccountID: r.account(as, p.Account, "payments"),
			Amount: readDec(r, p.Amount, amount.ParseMoney, i+1, "payments")})
	}
	if spec.Pays == doc.Must && len(w.Payments) == 0 && d.PartyID == 0 {
		for i := range d.Lines { // factors are needed for the total
			it, err := r.x.Tx.Item(d.Lines[i].ItemID)
			if err != nil {
				r.err = err
				return
			}
			d.Lines[i].Num, d.Lines[i].Den, _ = it.Factor(d.Lines[i].Unit)
		}
		if err := doc.Settle(spec, d); err == nil && d.Total > 0 {
			d.Payments = []doc.Payment{{AccountID: r.account(as, "", "payments"), Amount: d.Total}}
		}
	}
	for i, a := range w.Allocations {
		t, err := r.x.reached(docByName(r.x.Tx, a.Doc))
		if r.found(err, i+1, "allocations", "doc.unknown-target", a.Doc) {
			d.Allocs = append(d.Allocs, doc.Alloc{Doc: t.ID, Amount: readDec(r, a.Amount, amount.ParseMoney, i+1, "allocations")})
		}
	}
}
