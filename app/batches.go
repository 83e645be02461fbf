package app

import (
	"slices"

	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/master"
)

// side tells where a line's goods go: +1 they come in, −1 they leave, 0 neither
// (orders, costs). A count goes either way and is neither. What moves between
// places leaves.
func side(s doc.Spec, ln doc.Line) int {
	switch {
	case s.Flow == doc.In || s.Flow == doc.Convert && ln.Side > 0:
		return 1
	case s.Flow == doc.Out || s.Flow == doc.Move || s.Flow == doc.Convert:
		return -1
	}
	return 0
}

// source is the warehouse what leaves comes from.
func source(s doc.Spec, d *doc.Document) int64 { return inPlace(s, *d).WarehouseID }

// fillBatches names the batches of lines that leave them open: a return's is
// that of its origin; otherwise what expires first goes first, over as many
// lines as it takes. It tells whether a line was split.
func fillBatches(x *Exec, spec doc.Spec, d *doc.Document, r refs, o origins) (split bool, err error) {
	f := filler{x: x, spec: spec, d: d, left: map[int64][]BatchStock{}}
	var out []doc.Line
	for _, ln := range d.Lines {
		it := r.items[ln.ItemID]
		if it.Track != master.ByBatch || spec.Flow == doc.NoFlow || spec.Flow == doc.Revalue {
			continue
		}
		if ln.Batch != "" && side(spec, ln) < 0 {
			if err := f.use(ln.ItemID, ln.Batch, ln.Base); err != nil {
				return false, err
			}
		}
	}
	top := 0
	for _, ln := range d.Lines {
		top = max(top, ln.No)
	}
	for _, ln := range d.Lines {
		it := r.items[ln.ItemID]
		if it.Track != master.ByBatch || spec.Flow == doc.NoFlow || spec.Flow == doc.Revalue {
			out = append(out, ln)
			continue
		}
		if from, ok := o.lines[ln.No]; ok && from.Batch != "" && ln.Batch == "" {
			ln.Batch, ln.Expiry = from.Batch, from.Expiry
		}
		// what leaves expires when its batch does, whatever the line says
		if ln.Batch != "" && (ln.Expiry == 0 || side(spec, ln) < 0) {
			if ln.Expiry, err = x.Tx.BatchExpiry(ln.ItemID, ln.Batch); err != nil {
				return false, err
			}
		}
		if ln.Batch != "" || side(spec, ln) >= 0 || ln.Base <= 0 {
			out = append(out, ln)
			continue
		}
		parts, err := f.parts(ln)
		if err != nil {
			return false, err
		}
		ls, err := cut(spec, ln, parts)
		if err != nil {
			return false, fault.Bad("app.Post", "doc.overflow", "line", ln.No, "field", "qty")
		}
		for i := range ls {
			if i > 0 {
				top++
				ls[i].No, split = top, true
			}
		}
		out = append(out, ls...)
	}
	if len(out) > doc.MaxLines {
		return false, fault.Bad("app.Post", "doc.too-many-lines", "field", "lines", "max", doc.MaxLines)
	}
	d.Lines = out
	return split, nil
}

// filler hands out batches over the lines of one document.
type filler struct {
	x    *Exec
	spec doc.Spec
	d    *doc.Document
	left map[int64][]BatchStock // by item
}

func (f *filler) stock(item int64) ([]BatchStock, error) {
	if b, ok := f.left[item]; ok {
		return b, nil
	}
	b, err := f.x.Tx.Batches(item, source(f.spec, f.d))
	if err != nil {
		return nil, err
	}
	b = slices.DeleteFunc(slices.Clone(b), func(s BatchStock) bool { return s.Qty <= 0 })
	if f.spec.Sells() { // what is past its day goes last: selling it wants a right
		slices.SortStableFunc(b, func(p, q BatchStock) int { return past(p, f.d.Date) - past(q, f.d.Date) })
	}
	f.left[item] = b
	return b, nil
}

func past(b BatchStock, d day.Date) int {
	if b.Expiry != 0 && b.Expiry < d {
		return 1
	}
	return 0
}

func (f *filler) use(item int64, batch string, q amount.Qty) error {
	bs, err := f.stock(item)
	for i := range bs {
		if bs[i].Batch == batch {
			bs[i].Qty -= min(q, bs[i].Qty)
		}
	}
	return err
}

// parts says which batches a line takes how much of. What no batch has is taken
// from the last, where the check of the stock finds it short.
func (f *filler) parts(ln doc.Line) ([]BatchStock, error) {
	bs, err := f.stock(ln.ItemID)
	if err != nil {
		return nil, err
	}
	var out []BatchStock
	need := ln.Base
	for i := range bs {
		q := min(need, bs[i].Qty)
		if q <= 0 {
			continue
		}
		out = append(out, BatchStock{bs[i].Batch, bs[i].Expiry, q})
		bs[i].Qty -= q
		need -= q
	}
	switch {
	case need == 0:
	case len(out) > 0:
		out[len(out)-1].Qty += need
	case len(bs) > 0:
		last := bs[len(bs)-1]
		out = []BatchStock{{last.Batch, last.Expiry, need}}
	default:
		out = []BatchStock{{Qty: need}}
	}
	return out, nil
}

// cut makes a line for each part. The parts come to what the line came to, to
// the fen: each gets its share of the amount, and a price and discount that say
// so. The unit stays where the parts are exact in it.
func cut(spec doc.Spec, ln doc.Line, parts []BatchStock) ([]doc.Line, error) {
	if len(parts) == 1 {
		ln.Batch, ln.Expiry = parts[0].Batch, parts[0].Expiry
		return []doc.Line{ln}, nil
	}
	weights := make([]amount.Money, len(parts))
	inUnit := true
	for i, p := range parts {
		weights[i] = amount.Money(p.Qty)
		if _, err := amount.Convert(p.Qty, ln.Den, ln.Num); err != nil {
			inUnit = false
		}
	}
	gross, err := amount.Split(ln.Gross, weights)
	if err != nil {
		return nil, err
	}
	out := make([]doc.Line, len(parts))
	for i, p := range parts {
		l := ln
		l.Batch, l.Expiry, l.Qty = p.Batch, p.Expiry, p.Qty
		if inUnit {
			if l.Qty, err = amount.Convert(p.Qty, ln.Den, ln.Num); err != nil {
				return nil, err
			}
		} else {
			l.Unit, l.Num, l.Den = "", 1, 1
			v, err := amount.MulDiv(int64(ln.Price), ln.Den, ln.Num)
			if err != nil {
				return nil, err
			}
			l.Price = amount.Price(v)
		}
		if spec.PriceNeed != doc.No {
			if l.Price, l.Off, err = comesTo(l.Qty, l.Price, gross[i]); err != nil {
				return nil, err
			}
		}
		l.Serials = nil
		out[i] = l
	}
	return out, nil
}

// comesTo gives a price and a discount with which a quantity comes to an amount:
// the price stays where it can.
func comesTo(q amount.Qty, p amount.Price, want amount.Money) (amount.Price, amount.Money, error) {
	full, err := amount.Extend(q, p)
	if err != nil {
		return 0, 0, err
	}
	if full < want { // rounded down: the least price that reaches it
		if p, err = amount.UnitPrice(want, q); err != nil {
			return 0, 0, err
		}
		for {
			if full, err = amount.Extend(q, p); err != nil {
				return 0, 0, err
			}
			if full >= want {
				break
			}
			p++
		}
	}
	return p, full - want, nil
}

// checkTracking wants the batch, the day and the serial numbers of what is
// tracked by them.
func checkTracking(x *Exec, spec doc.Spec, d *doc.Document, r refs, o origins) error {
	if spec.Flow == doc.NoFlow || spec.Flow == doc.Revalue {
		return nil
	}
	var l fault.List
	for i := range d.Lines {
		ln := &d.Lines[i]
		it := r.items[ln.ItemID]
		bad := func(field, key string, nv ...any) {
			l = append(l, fault.Bad("app.Post", key, append([]any{"line", ln.No, "field", field, "name", it.Name}, nv...)...))
		}
		if it.Track == master.ByBatch {
			if err := checkBatch(x, spec, d, ln, it, o, bad); err != nil {
				return err
			}
		}
		if it.Track == master.BySerial || len(ln.Serials) > 0 {
			if err := checkSerialLine(x.Tx, x.S.user.Reach, spec, d, *ln, it, o, bad); err != nil {
				return err
			}
		}
	}
	return l.Err()
}

func checkBatch(x *Exec, spec doc.Spec, d *doc.Document, ln *doc.Line, it master.Item, o origins, bad func(field, key string, nv ...any)) error {
	from, returned := o.lines[ln.No]
	returned = returned && mustSpec(o.docs[ln.No].Kind).Promise == doc.NoPromise // a batch on an order is a wish
	comes := side(spec, *ln) >= 0
	switch {
	case ln.Batch == "" && comes:
		bad("batch", "doc.batch-missing")
		return nil
	case returned && from.Batch != "" && from.Batch != ln.Batch:
		bad("batch", "doc.batch-origin", "batch", ln.Batch, "origin", from.Batch)
		return nil
	case ln.Batch == "":
		return nil // sold below nothing: the check of the stock says so
	}
	if comes {
		known, err := x.Tx.BatchExpiry(ln.ItemID, ln.Batch)
		switch {
		case err != nil:
			return err
		case known != 0 && ln.Expiry != known:
			bad("expiry", "doc.expiry-differs", "batch", ln.Batch, "date", known.String())
		case ln.Expiry == 0 && it.Expires && spec.Flow != doc.Recount:
			bad("expiry", "doc.expiry-missing", "batch", ln.Batch)
		}
		return nil
	}
	if spec.Sells() && ln.Expiry != 0 && ln.Expiry < d.Date {
		if err := x.later(access.SaleExpired, ln.No); err != nil {
			return err
		}
		x.Note("expired", ln.No)
	}
	return nil
}
