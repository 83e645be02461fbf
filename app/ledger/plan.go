package ledger

import (
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
)

// OriginMove is what the store knows of the move a line returns or revalues.
type OriginMove struct {
	Seq         int64
	Date        day.Date
	WarehouseID int64
	Batch       string
	Qty         amount.Qty   // base units that moved, without sign
	Value       amount.Money // effective value, in the direction of the move: positive
	UsedQty     amount.Qty   // already returned, without sign
	UsedValue   amount.Money // its value, without sign
}

// Plan lists the document's own moves, without values where the cost engine
// finds them. origins is keyed by line number, and holds those lines whose
// origin moved goods; hints by item (usual purchase price). Transfers give two
// moves a line: goods that come back from where they were lent to leave
// ToPlaceID, the lent place, and enter WarehouseID.
//
// A Revalue document has no warehouse of its own: its moves bear their receipt's.
// Post gives them their date.
func Plan(s doc.Spec, d *doc.Document, origins map[int]OriginMove, hints map[int64]amount.Price) []Move {
	if s.Flow == doc.NoFlow {
		return nil
	}
	ms := make([]Move, 0, len(d.Lines))
	for _, ln := range d.Lines {
		m := Move{Doc: d.ID, Line: ln.No, ItemID: ln.ItemID, WarehouseID: d.WarehouseID, Batch: ln.Batch,
			Date: d.Date, Class: s.Class, Qty: ln.Base, Hint: hints[ln.ItemID], Rule: Average}
		switch s.Flow {
		case doc.Out:
			m.Qty = -ln.Base
		case doc.Recount:
			m.Qty = ln.Base - ln.Book
			if m.Qty == 0 {
				continue
			}
		case doc.Move:
			ms = append(ms, carried(m, s, d)...)
			continue
		case doc.Convert:
			if ln.Side < 0 {
				m.Qty = -ln.Base
			} else {
				m.Rule = Made
			}
		case doc.Revalue:
			o := origins[ln.No]
			m.Rule, m.Qty, m.Value, m.Extra = AddCost, 0, ln.Net(), ln.Net()
			m.Ref, m.RefDate, m.RefQty, m.WarehouseID, m.Batch = o.Seq, o.Date, o.Qty, o.WarehouseID, o.Batch
		}
		switch s.Value {
		case doc.AtPrice:
			m.Rule, m.Value = Given, ln.Net()
		case doc.AtOrigin:
			if o, ok := origins[ln.No]; ok {
				m.Rule, m.Ref, m.RefDate = Origin, o.Seq, o.Date
				m.RefQty, m.RefValue, m.RefUsedQty, m.RefUsedValue = o.Qty, o.Value, o.UsedQty, abs(o.UsedValue)
			}
		}
		m.Contra = contraOf(m, s)
		ms = append(ms, m)
	}
	if s.Flow == doc.Convert {
		return planMade(ms, d)
	}
	return ms
}

// carried gives the two moves of goods that only change their place.
func carried(m Move, s doc.Spec, d *doc.Document) []Move {
	source, target := d.WarehouseID, d.ToPlaceID
	if s.Lent < 0 {
		source, target = target, source
	}
	out, in := m, m
	out.Rule, out.WarehouseID, out.Qty = Carry, source, -m.Qty
	in.Rule, in.WarehouseID = Carry, target
	return []Move{out, in}
}

// ReversePlan lists the moves that take back a posted document's moves. orig
// holds the document's own moves (no recosts or adjustments) with Restated
// folded in; date is the reversal's business date. An AddCost among them must
// tell RefQty, the quantity of its receipt, for when its month is closed by then.
func ReversePlan(id string, date day.Date, orig []Move) []Move {
	ms := make([]Move, 0, len(orig))
	for _, m := range orig {
		r := Move{Doc: id, Line: m.Line, ItemID: m.ItemID, WarehouseID: m.WarehouseID, Batch: m.Batch,
			Date: date, Class: m.Class, Rule: Reversal, Ref: m.Seq, Qty: -m.Qty, Contra: m.Contra, Hint: m.Hint,
			RefQty: m.Qty, RefValue: m.Effective(), RefDate: m.RefDate}
		switch m.Rule {
		case Carry:
			r.Rule = Carry
		case AddCost:
			r.RefDate, r.RefQty, r.receipt, r.Extra = m.Date, m.RefQty, m.Ref, -m.Extra
		}
		ms = append(ms, r)
	}
	return ms
}
