package app

import (
	"context"

	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
)

// CountCheck compares counted goods, written as a line of the script face, with
// the books as they are now. Nothing is changed. Who counts and may not book the
// difference counts blind: they are not told what the books say.
type CountCheck struct{ Wire Wire }

// CountRow is one counted line, in base units.
type CountRow struct {
	Line             int
	Code, Name, Unit string
	Batch            string
	Counted          amount.Qty
	Blind            bool // Book and Diff are not this person's to know
	Book, Diff       amount.Qty
}

func (q CountCheck) spec() Need { return Need{Perm: access.StockCount, Silent: true} }

func (q CountCheck) ask(_ context.Context, x *Exec) ([]CountRow, error) {
	spec, ok := doc.Of(doc.Kind(q.Wire.Kind))
	if !ok || spec.Flow != doc.Recount {
		return nil, fault.Bad("app.CountCheck", "wire.kind", "field", "kind", "kind", q.Wire.Kind)
	}
	d, err := q.Wire.document(x, spec)
	if err != nil {
		return nil, err
	}
	if err := x.worksAt(d); err != nil {
		return nil, err
	}
	if _, err := resolve(x, spec, &d); err != nil {
		return nil, err
	}
	if err := doc.Settle(spec, &d); err != nil {
		return nil, err
	}
	blind := !x.S.May(access.StockCountPost)
	out := make([]CountRow, len(d.Lines))
	for i, ln := range d.Lines {
		it, err := x.Tx.Item(ln.ItemID)
		if err != nil {
			return nil, err
		}
		out[i] = CountRow{Line: ln.No, Code: it.Code, Name: it.Name, Unit: it.Unit, Batch: ln.Batch, Counted: ln.Base, Blind: blind}
		if !blind {
			out[i].Book, out[i].Diff = ln.Book, ln.Base-ln.Book
		}
	}
	return out, nil
}
