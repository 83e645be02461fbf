package app

import (
	"context"
	"slices"

	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/app/report"
)

// OpenLine is a line another document may take from.
type OpenLine struct {
	Line             int
	Item             int64
	Code, Name, Unit string     // Unit is the base unit
	Base, Done, Open amount.Qty // in base units
	Batch            string
}

// OpenDoc is a document with lines to take.
type OpenDoc struct {
	ID        string
	Kind      doc.Kind
	Number    string
	Date, Due day.Date
	Party     int64
	PartyName string
	Total     amount.Money // 0 where this person may not see it
	Lines     []OpenLine   // only those with something open
}

// OpenLines lists the documents a kind may pull lines from, newest first:
// orders, quotations, loans, and bills for returns and costs.
type OpenLines struct {
	Kind  doc.Kind // the one that pulls
	Party int64    // 0 = anybody's, where the kind allows it
	Item  int64    // only documents with this item open; 0 = any
	Limit int      // documents; 0 = 30

	depth int // documents looked through; 0 = openDepth
}

func (q OpenLines) spec() Need {
	s, ok := doc.Of(q.Kind)
	if !ok {
		return Need{}
	}
	return Need{Perm: draftRight(s), Silent: true}
}

// openDepth is how many documents are looked through for one that has something
// open: what is older is found by its number.
const openDepth = 300

func (q OpenLines) ask(ctx context.Context, x *Exec) ([]OpenDoc, error) {
	if q.Limit <= 0 || q.Limit > 200 {
		q.Limit = 30
	}
	if q.depth == 0 {
		q.depth = openDepth
	}
	spec := mustSpec(q.Kind)
	f := report.Query{Name: "documents", Status: string(doc.Posted), Sort: "date", Desc: true, Limit: 60, Reach: x.S.user.Reach}
	for _, k := range spec.Origins {
		if x.S.May(viewRight(mustSpec(k))) {
			f.Kinds = append(f.Kinds, string(k))
		}
	}
	if len(f.Kinds) == 0 {
		return nil, nil
	}
	if q.Party != 0 && !spec.OtherParty {
		p, err := x.Tx.Party(q.Party)
		if err != nil {
			return nil, err
		}
		f.Party = p.Code
	}
	s, _ := report.Find(f.Name)
	date, _ := s.Find("date")
	var out []OpenDoc
	for ; f.Offset < q.depth; f.Offset += f.Limit {
		page, err := x.Tx.Report(ctx, f, []report.Column{date})
		if err != nil {
			return nil, err
		}
		for _, row := range page.Rows {
			d, err := x.Tx.Document(row.Ref)
			if err != nil {
				return nil, err
			}
			o, err := x.openDoc(spec, d, q.Item)
			if err != nil {
				return nil, err
			}
			if len(o.Lines) > 0 {
				out = append(out, o)
			}
			if len(out) == q.Limit {
				return out, nil
			}
		}
		if len(page.Rows) < f.Limit {
			break
		}
	}
	return out, nil
}

// openDoc tells what is open of a document for a kind that pulls from it; no
// lines when it cannot pull, or this person may not see it.
func (x *Exec) openDoc(spec doc.Spec, d doc.Document, item int64) (OpenDoc, error) {
	ds := mustSpec(d.Kind)
	o := OpenDoc{ID: d.ID, Kind: d.Kind, Number: d.Number, Date: d.Date, Due: d.Due, Party: d.PartyID, Total: x.maskTotal(ds, d.Total)}
	if !spec.Pulls(d.Kind) || d.Status != doc.Posted || d.Reverses != "" || x.seeDocument(d) != nil {
		return o, nil
	}
	open, err := x.leftOf(spec, d)
	if err != nil {
		return o, err
	}
	for _, ln := range d.Lines {
		if open[ln.No] <= 0 || item != 0 && ln.ItemID != item {
			continue
		}
		it, err := x.Tx.Item(ln.ItemID)
		if err != nil {
			return o, err
		}
		o.Lines = append(o.Lines, OpenLine{Line: ln.No, Item: it.ID, Code: it.Code, Name: it.Name, Unit: it.Unit, Base: ln.Base, Done: ln.Base - open[ln.No],
			Open: open[ln.No], Batch: ln.Batch})
	}
	if len(o.Lines) > 0 && d.PartyID != 0 {
		p, err := x.Tx.Party(d.PartyID)
		if err != nil {
			return o, err
		}
		o.PartyName = x.nameOf(p)
	}
	return o, nil
}

// leftOf gives what a kind may still take of each line, in base units. Offers
// and the receipts costs are put on are never used up.
func (x *Exec) leftOf(spec doc.Spec, d doc.Document) (map[int]amount.Qty, error) {
	ds := mustSpec(d.Kind)
	if byLine(ds) {
		return openOf(x.Tx, ds, d.ID)
	}
	open := map[int]amount.Qty{}
	for _, ln := range d.Lines {
		open[ln.No] = ln.Base
		if ds.Promise == doc.Offer || spec.Flow == doc.Revalue {
			continue
		}
		om, err := x.Tx.OriginMove(d.ID, ln.No)
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return nil, err
		}
		open[ln.No] = om.Qty - om.UsedQty
	}
	return open, nil
}

// PullLines gives lines ready for a new document of a kind: what is open of the
// documents named, at their prices. Amounts this person may not see are zero.
type PullLines struct {
	Kind doc.Kind // the one that pulls
	IDs  []string
}

// Pulled is the answer of PullLines.
type Pulled struct {
	Party, Warehouse, Staff int64 // of the first document
	Lines                   []doc.Line
	Items                   map[int64]master.Item
	// Weights are, for costs to be shared over the lines, what each line is worth
	// and how much it is.
	Weights []Weight
}

// Weight is what a line counts for when costs are shared.
type Weight struct {
	Value amount.Money
	Qty   amount.Qty
}

func (q PullLines) spec() Need {
	s, ok := doc.Of(q.Kind)
	if !ok {
		return Need{}
	}
	return Need{Perm: draftRight(s), Silent: true}
}

func (q PullLines) ask(_ context.Context, x *Exec) (Pulled, error) {
	spec := mustSpec(q.Kind)
	out := Pulled{Items: map[int64]master.Item{}}
	for i, id := range q.IDs {
		d, err := x.Tx.Document(id)
		if err != nil {
			return Pulled{}, err
		}
		if err := x.seeDocument(d); err != nil {
			return Pulled{}, err
		}
		switch {
		case !spec.Pulls(d.Kind):
			return Pulled{}, fault.Bad("app.PullLines", "doc.origin-kind", "number", d.Number)
		case d.Status != doc.Posted || d.Reverses != "":
			return Pulled{}, fault.Bad("app.PullLines", "doc.origin-status", "number", d.Number)
		case i > 0 && d.PartyID != out.Party && !spec.OtherParty:
			return Pulled{}, fault.Bad("app.PullLines", "doc.origin-party", "number", d.Number)
		case i == 0:
			out.Party, out.Warehouse, out.Staff = d.PartyID, d.WarehouseID, d.StaffID
		}
		if err := q.pull(x, spec, d, &out); err != nil {
			return Pulled{}, err
		}
	}
	if spec.OtherParty {
		out.Party = 0 // who brought the goods is seldom who sold them
	}
	return out, nil
}

func (q PullLines) pull(x *Exec, spec doc.Spec, d doc.Document, out *Pulled) error {
	open, err := x.leftOf(spec, d)
	if err != nil {
		return err
	}
	if open == nil {
		return fault.Bad("app.PullLines", "doc.promise-ended", "number", d.Number)
	}
	shown, hidden := x.maskDocument(d)
	for i, from := range d.Lines {
		left := open[from.No]
		if left <= 0 {
			continue
		}
		it, err := x.Tx.Item(from.ItemID)
		if err != nil {
			return err
		}
		out.Items[it.ID] = x.maskItem(it)
		ln, err := rest(spec, d, shown.Lines[i], left)
		if err != nil {
			return fault.Bad("app.PullLines", "doc.overflow", "line", from.No, "field", "qty")
		}
		ln.No = len(out.Lines) + 1
		out.Lines = append(out.Lines, ln)
		w := Weight{Qty: from.Base}
		if !hidden {
			w.Value = from.Net()
		}
		out.Weights = append(out.Weights, w)
	}
	return nil
}

// rest makes a line for what is left of another. It keeps unit and price, and the
// share of every discount its origin had, so that what comes back is what was
// paid.
func rest(spec doc.Spec, d doc.Document, from doc.Line, left amount.Qty) (doc.Line, error) {
	ln := doc.Line{ItemID: from.ItemID, Unit: from.Unit, Num: from.Num, Den: from.Den, Batch: from.Batch, Expiry: from.Expiry, Origin: doc.Origin{Doc: d.ID, Line: from.No}}
	if spec.LineMoney != doc.No {
		ln.Unit, ln.Num, ln.Den, ln.Batch, ln.Expiry = "", 1, 1, "", 0
		return ln, nil
	}
	var err error
	if ln.Qty, err = amount.Convert(left, from.Den, from.Num); err != nil { // not exact in the unit
		ln.Unit, ln.Num, ln.Den, ln.Qty = "", 1, 1, left
	}
	if left == from.Base {
		ln.Serials = slices.Clone(from.Serials)
	}
	if spec.PriceNeed == doc.No {
		return ln, nil
	}
	ln.Price, ln.Off, err = priceOf(from, ln)
	return ln, err
}

// priceOf gives the price and discount of a line that takes part of another.
func priceOf(from, ln doc.Line) (amount.Price, amount.Money, error) {
	price := from.Price
	if ln.Unit != from.Unit {
		v, err := amount.MulDiv(int64(price), from.Den*ln.Num, from.Num*ln.Den)
		if err != nil {
			return 0, 0, err
		}
		price = amount.Price(v)
	}
	base, err := amount.Convert(ln.Qty, ln.Num, ln.Den)
	if err != nil {
		return 0, 0, err
	}
	if from.Off == 0 && from.Share == 0 && ln.Unit == from.Unit {
		return price, 0, nil
	}
	want, err := amount.Part(from.Net(), base, from.Base)
	if err != nil {
		return 0, 0, err
	}
	return comesTo(ln.Qty, price, want)
}

// ShareCost shares an amount over lines by what they are worth, or by quantity;
// the shares always come to the amount.
func ShareCost(total amount.Money, byQty bool, ws []Weight) ([]amount.Money, error) {
	by := make([]amount.Money, len(ws))
	for i, w := range ws {
		by[i] = max(w.Value, 0)
		if byQty {
			by[i] = max(amount.Money(w.Qty), 0)
		}
	}
	out, err := amount.Split(total, by)
	if err != nil {
		return nil, fault.Bad("app.ShareCost", "doc.overflow", "field", "amount")
	}
	return out, nil
}
