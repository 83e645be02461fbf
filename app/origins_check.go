package app

import (
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
)

// checkWorth refuses to take more off a receipt's line than it cost, over all
// that was taken off before: goods cannot be worth less than nothing.
func checkWorth(tx Tx, spec doc.Spec, d *doc.Document, o origins) error {
	if spec.Flow != doc.Revalue || !spec.Signed {
		return nil
	}
	left := map[doc.Origin]amount.Money{} // by line of a receipt, what can still be taken off
	read := map[string]bool{}
	var l fault.List
	for _, ln := range d.Lines {
		src, ok := o.docs[ln.No]
		if !ok {
			continue
		}
		if !read[src.ID] {
			read[src.ID] = true
			for _, from := range src.Lines {
				left[doc.Origin{Doc: src.ID, Line: from.No}] = from.Net()
			}
			if err := lateOf(tx, src, d.Kind, left); err != nil {
				return err
			}
		}
		has := left[ln.Origin]
		if left[ln.Origin] += ln.Amount; ln.Amount < 0 && left[ln.Origin] < 0 {
			l = append(l, fault.Bad("app.Post", "doc.revalue-below", "line", ln.No, "field", "amount", "number", src.Number, "worth", has.String(), "amount", (-ln.Amount).String()))
		}
	}
	return l.Err()
}

// lateOf adds what documents of a kind that stand put on a receipt's lines.
func lateOf(tx Tx, receipt doc.Document, kind doc.Kind, to map[doc.Origin]amount.Money) error {
	by, err := tx.PulledBy(receipt.ID)
	if err != nil {
		return err
	}
	for _, number := range by {
		t, err := tx.DocumentByNumber(number)
		if err != nil {
			return err
		}
		for _, ln := range t.Lines {
			if t.Kind == kind && ln.Origin.Doc == receipt.ID {
				to[ln.Origin] += ln.Amount
			}
		}
	}
	return nil
}

// checkPaidBack: with its bill in hand, a return pays back what was paid, but for
// a fen of rounding. More wants the right to take goods back without a bill.
func checkPaidBack(x *Exec, spec doc.Spec, d *doc.Document, o origins) error {
	if !spec.TakesBack() {
		return nil
	}
	for _, ln := range d.Lines {
		from, ok := o.lines[ln.No]
		if !ok {
			continue
		}
		paid, err := amount.Part(from.Net(), ln.Base, from.Base)
		if err != nil {
			return fault.Bad("app.Post", "doc.overflow", "line", ln.No, "field", "price")
		}
		if ln.Net() <= paid+1 {
			continue
		}
		if err := x.later(access.SaleBlindReturn, ln.No); err != nil {
			return err
		}
		x.Note("above_bill", ln.No)
	}
	return nil
}
