package ledger

import (
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
)

// OriginMove is what the store knows of the move a line returns.
type OriginMove struct {
	Seq       int64
	Date      day.Date
	Qty       amount.Qty   // positive: base units that moved
	Value     amount.Money // positive: effective value
	UsedQty   amount.Qty   // already returned
	UsedValue amount.Money
}

// Plan lists the document's own moves, without values where the cost engine
// finds them. origins is keyed by line number; hints by item (usual purchase
// price). Transfers give two moves a line.
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
			m.Rule, m.Qty = Carry, -ln.Base
			to := m
			to.WarehouseID, to.Qty = d.ToPlaceID, ln.Base
			ms = append(ms, m, to)
			continue
		}
		switch s.Value {
		case doc.AtPrice:
			m.Rule, m.Value = Given, ln.Net()
		case doc.AtOrigin:
			if o, ok := origins[ln.No]; ok {
				m.Rule, m.Ref, m.RefDate = Origin, o.Seq, o.Date
				m.RefQty, m.RefValue, m.RefUsedQty, m.RefUsedValue = o.Qty, o.Value, o.UsedQty, o.UsedValue
			}
		}
		m.Contra = contraOf(m, s)
		ms = append(ms, m)
	}
	return ms
}

// Post works out the whole effect of a document: its moves with their values,
// restatements of later moves, and balanced entries. plan comes from Plan (or
// ReversePlan). Errors: fault Invalid "doc.overflow", and those of books.
func Post(s doc.Spec, d *doc.Document, plan []Move, books Books) (Batch, error) {
	b := Batch{Pools: map[Pot]Pool{}}
	windows, err := Windows(books, plan)
	if err != nil {
		return Batch{}, err
	}
	ents := newEntries()
	done := map[Pot]bool{}
	own := make([]Move, len(plan))
	copy(own, plan)
	var extra []Move
	touched := map[string]bool{}
	for _, pm := range plan {
		pot, err := PotOf(books, pm)
		if err != nil {
			return Batch{}, err
		}
		if done[pot] {
			continue
		}
		done[pot] = true
		h, err := books.History(pot, windows[pot])
		if err != nil {
			return Batch{}, err
		}
		all := append([]Move(nil), h.Moves...)
		var mine []int
		for i, m := range own {
			if k, err := PotOf(books, m); err == nil && k == pot {
				all = append(all, m)
				mine = append(mine, i)
			}
		}
		SortMoves(all)
		outs, pool, err := Replay(h.Pool, all)
		if err != nil {
			return Batch{}, fault.Wrap("ledger.Post", fault.Invalid, "doc.overflow", nil, err)
		}
		b.Pools[pot] = pool
		k := 0
		for i, m := range all {
			if m.Rule == Carry {
				if m.Seq == 0 {
					k++
				}
				continue
			}
			if m.Seq == 0 {
				w := &own[mine[k]]
				k++
				w.Value = outs[i].Value
				ents.add(m.Date, doc.AccInventory, 0, 0, w.Value)
				ents.add(m.Date, w.Contra, 0, 0, -w.Value)
				if a := outs[i].Adjust; a != 0 {
					// Ref 0 with the same line: the store links it to the new move
					extra = append(extra, Move{Doc: d.ID, Line: m.Line, ItemID: m.ItemID, WarehouseID: m.WarehouseID, Batch: m.Batch,
						Date: m.Date, Class: m.Class, Rule: Adjust, Value: a, Contra: doc.AccCostAdj})
					b.Effect.Adjusted -= a
					ents.add(m.Date, doc.AccInventory, 0, 0, a)
					ents.add(m.Date, doc.AccCostAdj, 0, 0, -a)
				}
				continue
			}
			if dv := outs[i].Value - m.Effective(); dv != 0 {
				extra = append(extra, Move{Doc: d.ID, Line: m.Line, ItemID: m.ItemID, WarehouseID: m.WarehouseID, Batch: m.Batch,
					Date: m.Date, Class: m.Class, Rule: Recost, Ref: m.Seq, Value: dv, Contra: m.Contra})
				ents.add(m.Date, doc.AccInventory, 0, 0, dv)
				ents.add(m.Date, m.Contra, 0, 0, -dv)
				b.Effect.Restated++
				b.Effect.Margin += dv
				touched[m.Doc] = true
			}
			if da := outs[i].Adjust - m.Adjusted; da != 0 {
				extra = append(extra, Move{Doc: d.ID, Line: m.Line, ItemID: m.ItemID, WarehouseID: m.WarehouseID, Batch: m.Batch,
					Date: m.Date, Class: m.Class, Rule: Adjust, Ref: m.Seq, Value: da, Contra: doc.AccCostAdj})
				ents.add(m.Date, doc.AccInventory, 0, 0, da)
				ents.add(m.Date, doc.AccCostAdj, 0, 0, -da)
				b.Effect.Adjusted -= da
				b.Effect.Margin += da
			}
		}
	}
	b.Effect.Documents = len(touched)
	moneyEntries(ents, s, d)
	b.Moves = append(own, extra...)
	b.Entries = ents.list(d.ID)
	for _, m := range b.Moves {
		if abs(m.Value) > maxValue {
			return Batch{}, fault.Bad("ledger.Post", "doc.overflow", "line", m.Line)
		}
	}
	if err := balanced(b.Entries); err != nil {
		return Batch{}, err
	}
	return b, nil
}

// maxValue bounds a single move so that sums over a shop's life stay in range.
const maxValue = amount.MaxMoney * 100

// moneyEntries books the commercial side: party, revenue, cash.
func moneyEntries(ents *entries, s doc.Spec, d *doc.Document) {
	sign := amount.Money(s.TradeSign)
	if s.Trade != "" {
		ents.add(d.Date, s.Trade, d.PartyID, 0, sign*d.Total)
		if s.CashSign == 0 {
			ents.add(d.Date, s.AmountContra, 0, 0, -sign*d.Total)
		}
	}
	for _, p := range d.Payments { // on the spot: money moves against the party
		ents.add(d.Date, doc.AccCash, 0, p.AccountID, sign*p.Amount)
		ents.add(d.Date, s.Trade, d.PartyID, 0, -sign*p.Amount)
	}
	if s.CashSign != 0 {
		c := amount.Money(s.CashSign) * d.Total
		ents.add(d.Date, doc.AccCash, 0, d.AccountID, c)
		if s.Trade == "" {
			ents.add(d.Date, s.AmountContra, 0, d.ToAccountID, -c)
		}
	}
	if s.CashCount {
		diff := d.Amount - d.Expected
		contra := doc.AccOtherInc
		if diff < 0 {
			contra = doc.AccLoss
		}
		ents.add(d.Date, doc.AccCash, 0, d.AccountID, diff)
		ents.add(d.Date, contra, 0, 0, -diff)
	}
}

// ReversePlan lists the moves that take back a posted document's moves. orig
// holds the document's own moves (no recosts or adjustments) with Restated
// folded in; date is the reversal's business date.
func ReversePlan(id string, date day.Date, orig []Move) []Move {
	ms := make([]Move, 0, len(orig))
	for _, m := range orig {
		r := Move{Doc: id, Line: m.Line, ItemID: m.ItemID, WarehouseID: m.WarehouseID, Batch: m.Batch,
			Date: date, Class: m.Class, Rule: Reversal, Ref: m.Seq, Qty: -m.Qty, Contra: m.Contra, Hint: m.Hint,
			RefQty: m.Qty, RefValue: m.Effective(), RefDate: m.RefDate}
		if m.Rule == Carry {
			r.Rule = Carry
		}
		ms = append(ms, r)
	}
	return ms
}
