package doc

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"tiezhang/app/amount"
	"tiezhang/app/fault"
)

// Limits on one document.
const (
	MaxLines = 5000
	MaxNote  = 2000
	MaxID    = 64

	MaxSerial  = 64     // characters of one serial number
	MaxSerials = 20_000 // of one document
	MaxPoints  = 1_000_000_000
)

// Settle works out the numbers that follow from the typed ones: Base, Gross,
// Share and Total. It does not judge; Check does. Errors name the line.
func Settle(s Spec, d *Document) error {
	if s.Lines == No {
		d.Total = d.Amount
		return nil
	}
	var l fault.List
	gross := make([]amount.Money, len(d.Lines))
	var sum amount.Money
	for i := range d.Lines {
		ln := &d.Lines[i]
		if ln.Num == 0 && ln.Den == 0 {
			ln.Num, ln.Den = 1, 1
		}
		var err error
		if ln.Base, err = amount.Convert(ln.Qty, ln.Num, ln.Den); err != nil {
			l = append(l, lineFault(*ln, i, "qty", numKey(err)))
			continue
		}
		g := ln.Amount
		if s.LineMoney == No {
			if g, err = amount.Extend(ln.Qty, ln.Price); err == nil {
				g, err = amount.Add(g, -ln.Off)
			}
		}
		if err == nil {
			sum, err = amount.Add(sum, g)
		}
		if err != nil {
			l = append(l, lineFault(*ln, i, "price", "doc.overflow"))
			continue
		}
		ln.Gross, gross[i] = g, g
	}
	if len(l) > 0 {
		return l
	}
	if d.Discount != 0 {
		for i, g := range gross { // a negative line takes no share
			if g < 0 {
				gross[i] = 0
			}
		}
		shares, err := amount.Split(d.Discount, gross)
		if err != nil {
			return fault.Bad("doc.Settle", "doc.discount")
		}
		for i := range shares {
			d.Lines[i].Share = shares[i]
		}
	} else {
		for i := range d.Lines {
			d.Lines[i].Share = 0
		}
	}
	if s.Sides { // what its lines are worth is found by the books; the fee is what it costs
		d.Total = d.Amount
		return nil
	}
	t, err := amount.Add(sum, -d.Discount)
	if err != nil {
		return fault.Bad("doc.Settle", "doc.overflow")
	}
	d.Total = t
	return nil
}

func numKey(err error) string {
	if errors.Is(err, amount.ErrInexact) {
		return "doc.qty.inexact"
	}
	return "doc.overflow"
}

func lineFault(ln Line, i int, field, key string, nv ...any) *fault.Error {
	no := ln.No
	if no == 0 {
		no = i + 1
	}
	return fault.Bad("doc.Check", key, append([]any{"line", no, "field", field}, nv...)...)
}

func headFault(field, key string, nv ...any) *fault.Error {
	return fault.Bad("doc.Check", key, append([]any{"field", field}, nv...)...)
}

// Check reports everything that makes a settled document unfit for posting, by
// itself: what it says about stock, parties and closed days is checked where
// those are known. All problems at once, each naming its line or field.
func Check(s Spec, d *Document) error {
	var l fault.List
	if d.ID == "" || utf8.RuneCountInString(d.ID) > MaxID {
		l = append(l, headFault("id", "doc.id"))
	}
	if !d.Date.Valid() {
		l = append(l, headFault("date", "doc.date", "value", ""))
	}
	l = need(l, "party", s.Party, d.PartyID != 0)
	l = need(l, "warehouse", s.Warehouse, d.WarehouseID != 0)
	l = need(l, "to", s.ToPlace, d.ToPlaceID != 0)
	l = need(l, "account", s.Account, d.AccountID != 0)
	l = need(l, "to_account", s.ToAccount, d.ToAccountID != 0)
	l = need(l, "category", s.Category, d.Category != "")
	l = need(l, "due", s.Due, d.Due != 0)
	if s.Amount == No && d.Amount != 0 {
		l = append(l, headFault("amount", "doc.not-for-kind"))
	}
	if s.Amount == May && (d.Amount < 0 || d.Amount > amount.MaxMoney) {
		l = append(l, headFault("amount", "doc.amount.range"))
	}
	if s.Amount == May && d.Amount != 0 && d.AccountID == 0 {
		l = append(l, headFault("account", "doc.missing"))
	}
	switch {
	case d.Due == 0:
	case !d.Due.Valid():
		l = append(l, headFault("due", "doc.date", "value", ""))
	case d.Due < d.Date:
		l = append(l, headFault("due", "doc.due-before", "date", d.Date.String()))
	}
	if s.Bonus == No && d.Bonus != 0 {
		l = append(l, headFault("bonus", "doc.not-for-kind"))
	} else if d.Bonus < 0 || d.Bonus > amount.MaxMoney {
		l = append(l, headFault("bonus", "doc.amount.range"))
	}
	if s.ToPlace == Must && d.WarehouseID != 0 && d.WarehouseID == d.ToPlaceID {
		l = append(l, headFault("to", "doc.same-place"))
	}
	if s.ToAccount == Must && d.AccountID != 0 && d.AccountID == d.ToAccountID {
		l = append(l, headFault("to_account", "doc.same-account"))
	}
	if s.Amount == Must {
		switch {
		case d.Amount < 0 || d.Amount == 0 && s.Group != Closing && s.Group != Opening:
			l = append(l, headFault("amount", "doc.amount.positive"))
		case d.Amount > amount.MaxMoney:
			l = append(l, headFault("amount", "doc.amount.range"))
		}
	}
	l = textOK(l, "note", d.Note)
	l = textOK(l, "reason", d.Reason)
	l = textOK(l, "category", d.Category)
	l = checkLines(l, s, d)
	l = checkSerials(l, s, d)
	l = checkPoints(l, s, d)
	l = checkDiscount(l, s, d)
	l = checkMoney(l, s, d)
	return l.Err()
}

func need(l fault.List, field string, n Need, have bool) fault.List {
	switch {
	case n == Must && !have:
		return append(l, headFault(field, "doc.missing"))
	case n == No && have:
		return append(l, headFault(field, "doc.not-for-kind"))
	}
	return l
}

func textOK(l fault.List, field, s string) fault.List {
	if utf8.RuneCountInString(s) > MaxNote {
		return append(l, headFault(field, "doc.too-long", "max", MaxNote))
	}
	for _, r := range s {
		if r == utf8.RuneError || unicode.IsControl(r) && r != '\n' && r != '\t' {
			return append(l, headFault(field, "doc.control"))
		}
	}
	return l
}

func checkLines(l fault.List, s Spec, d *Document) fault.List {
	if s.Lines == No {
		if len(d.Lines) > 0 {
			l = append(l, headFault("lines", "doc.not-for-kind"))
		}
		return l
	}
	if len(d.Lines) == 0 {
		return append(l, headFault("lines", "doc.no-lines"))
	}
	if len(d.Lines) > MaxLines {
		return append(l, headFault("lines", "doc.too-many-lines", "max", MaxLines))
	}
	var in, out int
	for i, ln := range d.Lines {
		if ln.ItemID == 0 {
			l = append(l, lineFault(ln, i, "item", "doc.line.no-item"))
		}
		l = checkLineMoney(l, s, ln, i)
		switch {
		case s.Sides && ln.Side == 1:
			in++
		case s.Sides && ln.Side == -1:
			out++
		case s.Sides || ln.Side != 0:
			l = append(l, lineFault(ln, i, "side", "doc.line.side"))
		}
		switch {
		case s.LineMoney != No: // such a line is about money alone
			if ln.Qty != 0 {
				l = append(l, lineFault(ln, i, "qty", "doc.not-for-kind"))
			}
		case s.Flow == Recount && (ln.Qty < 0 || ln.First < 0), s.Flow != Recount && ln.Qty <= 0:
			l = append(l, lineFault(ln, i, "qty", "doc.qty.positive"))
		case ln.Qty > amount.MaxQty || ln.Base > amount.MaxQty:
			l = append(l, lineFault(ln, i, "qty", "doc.qty.range"))
		}
		switch {
		case ln.Price < 0 || ln.Price > amount.MaxPrice:
			l = append(l, lineFault(ln, i, "price", "doc.price.range"))
		case s.PriceNeed == No && (ln.Price != 0 || ln.Off != 0):
			l = append(l, lineFault(ln, i, "price", "doc.not-for-kind"))
		case ln.Off < 0 || ln.Gross < 0 && !s.Signed:
			l = append(l, lineFault(ln, i, "discount", "doc.discount.line"))
		case ln.Gross > amount.MaxMoney:
			l = append(l, lineFault(ln, i, "price", "doc.amount.range"))
		}
		if ln.Origin.Doc != "" && len(s.Origins) == 0 {
			l = append(l, lineFault(ln, i, "origin", "doc.not-for-kind"))
		}
		if ln.Origin.Doc == "" && s.OriginMust {
			l = append(l, lineFault(ln, i, "origin", "doc.origin-must"))
		}
		if ln.Recounted && s.Flow != Recount {
			l = append(l, lineFault(ln, i, "qty", "doc.not-for-kind"))
		}
		if ln.Expiry != 0 && !ln.Expiry.Valid() {
			l = append(l, lineFault(ln, i, "expiry", "doc.date", "value", ""))
		}
		if hasControl(ln.Batch) {
			l = append(l, lineFault(ln, i, "batch", "doc.control"))
		}
		if utf8.RuneCountInString(ln.Note) > MaxNote || utf8.RuneCountInString(ln.Batch) > 64 {
			l = append(l, lineFault(ln, i, "note", "doc.too-long", "max", 64))
		}
	}
	if s.Sides && (in == 0 || out == 0) {
		l = append(l, headFault("lines", "doc.sides"))
	}
	return l
}

// checkSerials judges the serial numbers by themselves: whether each is where
// the document says is known elsewhere.
func checkSerials(l fault.List, s Spec, d *Document) fault.List {
	seen := map[string]bool{}
	n := 0
	for i, ln := range d.Lines {
		if len(ln.Serials) == 0 {
			continue
		}
		n += len(ln.Serials)
		if s.Flow == NoFlow || s.Flow == Revalue {
			l = append(l, lineFault(ln, i, "serials", "doc.not-for-kind"))
			continue
		}
		if want := amount.Qty(len(ln.Serials)) * amount.QtyScale; ln.Base != want {
			l = append(l, lineFault(ln, i, "serials", "doc.serial-count", "have", len(ln.Serials), "qty", ln.Base.String()))
		}
		for _, no := range ln.Serials {
			key := strings.ToUpper(no)
			switch {
			case strings.TrimSpace(no) == "" || utf8.RuneCountInString(no) > MaxSerial || hasControl(no):
				l = append(l, lineFault(ln, i, "serials", "doc.serial-text", "serial", no, "max", MaxSerial))
			case seen[key]:
				l = append(l, lineFault(ln, i, "serials", "doc.serial-twice", "serial", no))
			}
			seen[key] = true
		}
	}
	if n > MaxSerials {
		l = append(l, headFault("serials", "doc.too-many-serials", "max", MaxSerials))
	}
	return l
}

// checkPoints: a member pays part of a bill with points, and only of a bill.
func checkPoints(l fault.List, s Spec, d *Document) fault.List {
	switch {
	case d.PointsUsed == 0:
	case !s.Sells() || d.PartyID == 0:
		l = append(l, headFault("points", "doc.not-for-kind"))
	case d.PointsUsed < 0 || d.PointsUsed > MaxPoints:
		l = append(l, headFault("points", "doc.points"))
	}
	return l
}

func hasControl(s string) bool { return strings.IndexFunc(s, unicode.IsControl) >= 0 }

// checkLineMoney judges the amount typed on a line.
func checkLineMoney(l fault.List, s Spec, ln Line, i int) fault.List {
	switch {
	case s.LineMoney == No && ln.Amount == 0:
	case s.LineMoney == No:
		l = append(l, lineFault(ln, i, "amount", "doc.not-for-kind"))
	case ln.Amount == 0 && s.LineMoney == Must, ln.Amount < 0 && !s.Signed:
		l = append(l, lineFault(ln, i, "amount", "doc.amount.positive"))
	case ln.Amount > amount.MaxMoney || ln.Amount < -amount.MaxMoney:
		l = append(l, lineFault(ln, i, "amount", "doc.amount.range"))
	}
	return l
}

func checkDiscount(l fault.List, s Spec, d *Document) fault.List {
	if d.Discount == 0 {
		return l
	}
	if !s.Discount {
		return append(l, headFault("discount", "doc.not-for-kind"))
	}
	if d.Discount < 0 || d.Total < 0 {
		l = append(l, headFault("discount", "doc.discount"))
	}
	return l
}

func checkMoney(l fault.List, s Spec, d *Document) fault.List {
	if s.Pays == No && len(d.Payments) > 0 {
		l = append(l, headFault("payments", "doc.not-for-kind"))
	}
	seen := map[int64]bool{}
	for i, p := range d.Payments {
		if p.AccountID == 0 || p.Amount <= 0 || p.Amount > amount.MaxMoney || seen[p.AccountID] {
			l = append(l, fault.Bad("doc.Check", "doc.payment", "line", i+1, "field", "payments"))
		}
		seen[p.AccountID] = true
	}
	paid, err := d.Paid()
	switch {
	case err != nil:
		l = append(l, headFault("payments", "doc.overflow"))
	case s.Pays == Must && paid != d.Total && d.PartyID == 0:
		// nobody to owe the rest: a cash sale is paid in full
		l = append(l, headFault("payments", "doc.payment.total", "paid", paid.String(), "total", d.Total.String()))
	case s.Pays != No && paid > max(d.Total, 0):
		l = append(l, headFault("payments", "doc.payment.over", "paid", paid.String(), "total", d.Total.String()))
	}
	if !s.Allocates && len(d.Allocs) > 0 {
		l = append(l, headFault("allocations", "doc.not-for-kind"))
	}
	var sum amount.Money
	docs := map[string]bool{}
	for i, a := range d.Allocs {
		if a.Doc == "" || a.Amount == 0 || docs[a.Doc] {
			l = append(l, fault.Bad("doc.Check", "doc.alloc", "line", i+1, "field", "allocations"))
		}
		docs[a.Doc] = true
		if sum, err = amount.Add(sum, a.Amount); err != nil {
			l = append(l, headFault("allocations", "doc.overflow"))
			break
		}
	}
	if s.Offsets && (sum != 0 || len(d.Allocs) == 0) {
		l = append(l, headFault("allocations", "doc.offsets", "sum", sum.String()))
	}
	if sum < 0 && s.Allocates && !s.Offsets { // a credit is paid out, or set against bills, and not paid ahead again
		l = append(l, headFault("allocations", "doc.alloc.below", "sum", sum.String()))
	}
	if sum > d.Amount && s.Allocates && !s.Offsets {
		l = append(l, headFault("allocations", "doc.alloc.over", "sum", sum.String(), "total", d.Amount.String()))
	}
	return l
}
