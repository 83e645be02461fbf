package app

import (
	"context"
	"slices"

	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/ledger"
	"tiezhang/app/master"
)

type itemMerge struct {
	view          MergeView
	kept, dropped master.Item
}

func (x *Exec) planItems(kept, dropped int64) (m itemMerge, err error) {
	if m.kept, err = x.Tx.Item(kept); err != nil {
		return m, err
	}
	if m.dropped, err = x.Tx.Item(dropped); err != nil {
		return m, err
	}
	v := &m.view
	k, d := m.kept, m.dropped
	v.Kept, v.Dropped = k.Code+" "+k.Name, d.Code+" "+d.Name
	block := func(key string, nv ...any) { v.Blocks = append(v.Blocks, mergeBlock(key, nv...)) }
	switch {
	case kept == dropped:
		block("master.merge-same")
		return m, nil
	case d.MergedInto != 0:
		block("master.merge-done", "name", d.Name)
	case k.MergedInto != 0 || k.Disabled:
		block("master.merge-kept-off", "name", k.Name)
	}
	if k.Unit != d.Unit {
		block("master.merge-unit", "kept", k.Unit, "dropped", d.Unit)
	}
	if k.Track != d.Track || k.CostByBatch != d.CostByBatch || k.Expires != d.Expires {
		block("master.merge-track")
	}
	u, err := x.Tx.ItemUse(dropped, usageMost)
	if err != nil {
		return m, err
	}
	v.Documents, v.Stock, v.Orders, v.Drafts = u.Documents, u.Stock, u.Orders, u.Drafts
	for _, o := range u.Orders {
		number, qty := x.numberOf(o.ID), o.Open.String()
		if number == "" { // in the way all the same, and not this person's to read
			number, qty = "***", "***"
		}
		block("master.merge-order", "number", number, "qty", qty)
	}
	for _, s := range u.Stock {
		switch {
		case s.Qty < 0:
			block("master.merge-negative", "place", s.Name, "qty", s.Qty.String())
		case s.Lent:
			block("master.merge-lent", "qty", s.Qty.String())
		}
	}
	ku, err := x.Tx.ItemUse(kept, usageMost)
	if err != nil {
		return m, err
	}
	for _, r := range append(slices.Clone(u.Last), ku.Last...) {
		f := mustSpec(r.Kind).Flow
		v.SoldToday = v.SoldToday || r.Date == x.today() && len(u.Stock) > 0 && (f == doc.Out || f == doc.Recount)
	}
	for _, s := range ku.Stock { // what comes in would make good what was sold before it, at another cost
		if s.Qty < 0 {
			block("master.merge-negative", "place", s.Name, "qty", s.Qty.String())
		}
	}
	for _, b := range d.Barcodes {
		v.Codes = append(v.Codes, b.Code)
	}
	units := m.kept
	units.Units = slices.Clone(units.Units)
	for _, b := range d.Barcodes {
		unitFor(&units, d, b.Unit)
	}
	if len(units.Units) > master.MaxUnits {
		block("master.merge-units", "max", master.MaxUnits)
	}
	if len(k.Barcodes)+len(d.Barcodes) > master.MaxCodes {
		block("master.merge-codes", "max", master.MaxCodes)
	}
	return m, nil
}

// poolValue is what an item's stock is worth.
func (x *Exec) poolValue(it master.Item) (amount.Money, error) {
	p, err := x.Tx.Pool(ledger.Pot{Item: it.ID})
	return p.Value, err
}

func (c Merge) items(ctx context.Context, x *Exec) (Merged, error) {
	m, err := x.planItems(c.Kept, c.Dropped)
	if err != nil {
		return Merged{}, err
	}
	if len(m.view.Blocks) > 0 {
		return Merged{}, m.view.Blocks[0]
	}
	r := mergeRecord{Kept: c.Kept, Disabled: m.dropped.Disabled, Barcodes: m.dropped.Barcodes}
	if r.Took, err = x.Tx.MergedItems(c.Dropped); err != nil {
		return Merged{}, err
	}
	if m.dropped.Disabled { // its stock can only go over while it is in use
		if err := x.setDisabled(c.Dropped, false); err != nil {
			return Merged{}, err
		}
	}
	var out Merged
	for _, d := range mergeDocuments(m, c.Reason) {
		rc, err := x.convert(ctx, d)
		if err != nil {
			return Merged{}, err
		}
		out.Documents = append(out.Documents, rc)
		r.Docs = append(r.Docs, mergeDoc{rc.ID, d.Kind})
	}
	if err := x.moveCodes(c.Kept, c.Dropped, &r); err != nil {
		return Merged{}, err
	}
	if err := x.Tx.MergeItem(c.Dropped, c.Kept); err != nil {
		return Merged{}, err
	}
	x.detail = nil // posting left notes of its own: this is one operation
	x.Object("item:" + m.dropped.Code)
	x.Reason(c.Reason)
	x.Note("merged_into", m.kept.Code)
	x.Note("documents", len(r.Docs))
	x.Note("barcodes", len(r.Added))
	x.Changed("items", "documents", "stock")
	out.Codes = len(r.Added)
	return out, x.keepMerge(master.OfItem, c.Dropped, r)
}

func (x *Exec) setDisabled(item int64, off bool) error {
	it, err := x.Tx.Item(item)
	if err != nil || it.Disabled == off {
		return err
	}
	it.Disabled = off
	_, err = x.Tx.SaveItem(it)
	return err
}

// mergeDocuments turns the stock of one item into stock of the other: a
// document for each warehouse, and for each batch that has a cost of its own.
func mergeDocuments(m itemMerge, reason string) []doc.Document {
	var out []doc.Document
	at := map[PlaceQty]int{}
	for _, s := range m.view.Stock {
		key := PlaceQty{Warehouse: s.Warehouse}
		if m.dropped.CostByBatch {
			key.Batch = s.Batch
		}
		i, ok := at[key]
		if !ok {
			i = len(out)
			at[key] = i
			out = append(out, doc.Document{Kind: doc.Disassembly, WarehouseID: s.Warehouse, Note: reason})
		}
		d := &out[i]
		no := len(d.Lines)
		d.Lines = append(d.Lines,
			doc.Line{No: no + 1, ItemID: m.dropped.ID, Qty: s.Qty, Side: -1, Batch: s.Batch},
			doc.Line{No: no + 2, ItemID: m.kept.ID, Qty: s.Qty, Side: 1, Batch: s.Batch})
	}
	return out
}

// convert completes such a document and posts it through the one write path.
func (x *Exec) convert(ctx context.Context, d doc.Document) (Receipt, error) {
	d.ID, d.Date = NewID(x.Now), x.today()
	for i := range d.Lines {
		ln := &d.Lines[i]
		from := d.Lines[i&^1].ItemID // lines come in pairs: out, in
		if ln.Batch != "" {
			var err error
			if ln.Expiry, err = x.Tx.BatchExpiry(from, ln.Batch); err != nil {
				return Receipt{}, err
			}
		}
		it, err := x.Tx.Item(from)
		if err != nil {
			return Receipt{}, err
		}
		if it.Track != master.BySerial {
			continue
		}
		pieces, err := x.Tx.Serials(from, d.WarehouseID, "", int(ln.Qty/amount.QtyScale)+1)
		if err != nil {
			return Receipt{}, err
		}
		for _, p := range pieces {
			ln.Serials = append(ln.Serials, p.Serial)
		}
	}
	x.unasked = true
	spec := mustSpec(d.Kind)
	p, err := prepare(ctx, x, spec, &d, false)
	if err != nil {
		return Receipt{}, err
	}
	return p.commit(x, spec, &d)
}

// moveCodes gives the kept item the codes of the other.
func (x *Exec) moveCodes(kept, dropped int64, r *mergeRecord) error {
	d, err := x.Tx.Item(dropped)
	if err != nil || len(d.Barcodes) == 0 {
		return err
	}
	k, err := x.Tx.Item(kept)
	if err != nil {
		return err
	}
	for _, b := range d.Barcodes {
		if slices.ContainsFunc(k.Barcodes, func(o master.Barcode) bool { return o.Code == b.Code }) {
			continue
		}
		name, added := unitFor(&k, d, b.Unit)
		if added {
			r.Units = append(r.Units, name)
		}
		k.Barcodes = append(k.Barcodes, master.Barcode{Code: b.Code, Unit: name})
		r.Added = append(r.Added, b.Code)
	}
	d.Barcodes = nil
	if _, err := x.Tx.SaveItem(d); err != nil {
		return err
	}
	_, err = x.Tx.SaveItem(k)
	return err
}

func (c Unmerge) item(ctx context.Context, x *Exec, r mergeRecord) error {
	d, err := x.Tx.Item(c.Dropped)
	if err != nil {
		return err
	}
	if d.MergedInto == 0 {
		return fault.New("app.Unmerge", fault.Conflict, "master.unmerge-none", nil)
	}
	kept := d.MergedInto
	if err := x.Tx.UnmergeItem(c.Dropped); err != nil {
		return err
	}
	for _, md := range slices.Backward(r.Docs) {
		if old, err := x.Tx.Document(md.ID); err != nil || old.Status == doc.Reversed {
			if err != nil {
				return err
			}
			continue // somebody took the stock back by hand
		}
		if _, err := (Reverse{ID: md.ID, Kind: md.Kind, Reason: c.Reason}).run(ctx, x); err != nil {
			return err
		}
	}
	k, err := x.Tx.Item(kept)
	if err != nil {
		return err
	}
	k.Barcodes = slices.DeleteFunc(k.Barcodes, func(b master.Barcode) bool { return slices.Contains(r.Added, b.Code) })
	k.Units = slices.DeleteFunc(k.Units, func(u master.Unit) bool {
		return slices.Contains(r.Units, u.Name) && !slices.ContainsFunc(k.Barcodes, func(b master.Barcode) bool { return b.Unit == u.Name })
	})
	if _, err := x.Tx.SaveItem(k); err != nil {
		return err
	}
	if d, err = x.Tx.Item(c.Dropped); err != nil {
		return err
	}
	for _, b := range r.Barcodes {
		if _, _, ok := d.Factor(b.Unit); ok && !slices.ContainsFunc(d.Barcodes, func(o master.Barcode) bool { return o.Code == b.Code }) {
			d.Barcodes = append(d.Barcodes, b)
		}
	}
	d.Disabled = r.Disabled
	if _, err := x.Tx.SaveItem(d); err != nil {
		return err
	}
	for _, id := range r.Took {
		if err := x.Tx.MergeItem(id, c.Dropped); err != nil {
			return err
		}
	}
	x.detail = nil
	x.Object("item:" + d.Code)
	x.Note("unmerged_from", k.Code)
	return nil
}
