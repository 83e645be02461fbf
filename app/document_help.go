package app

import (
	"context"

	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/ledger"
	"tiezhang/app/master"
)

// LineHelp is what the panel beside the grid shows for one item.
type LineHelp struct {
	Item      master.Item
	OnHand    map[int64]amount.Qty // by warehouse
	Last      amount.Price         // last price with this party, 0 none
	LastUnit  string               // the unit it was for, "" = base
	LastOn    string               // number of that document
	Level     amount.Price         // price of the party's level
	Cost      amount.Price         // average cost now, if this person may see it
	CostShown bool
	// Batches are what there is of an item tracked by batch, in the order they
	// should leave: what expires first comes first.
	Batches []BatchStock
	// Orders are what is open of the item on the party's orders this kind of
	// document may take from, newest first.
	Orders []OpenDoc
}

// ItemHelp answers what the assistant panel asks about an item on a document.
type ItemHelp struct {
	Kind      doc.Kind
	Item      int64
	Party     int64
	Warehouse int64 // batches of this one only; 0 = all
}

func (q ItemHelp) spec() Need { return Need{Perm: access.ItemView, Silent: true} }

// helpOrders is how many open documents the panel has room for; helpDepth is how
// many it looks through, at every step of the cursor.
const (
	helpOrders = 5
	helpDepth  = 60
)

func (q ItemHelp) ask(ctx context.Context, x *Exec) (LineHelp, error) {
	it, err := x.Tx.Item(q.Item)
	if err != nil {
		return LineHelp{}, err
	}
	h := LineHelp{Item: x.maskItem(it), OnHand: map[int64]amount.Qty{}}
	ws, err := x.Tx.Warehouses()
	if err != nil {
		return LineHelp{}, err
	}
	for _, w := range x.here(ws) {
		if h.OnHand[w.ID], err = x.Tx.OnHand(q.Item, w.ID); err != nil {
			return LineHelp{}, err
		}
	}
	s := mustSpec(q.Kind)
	level := master.PriceLevel(s.Level)
	if q.Party != 0 {
		p, err := x.Tx.Party(q.Party)
		if err != nil {
			return LineHelp{}, err
		}
		if s.Group == doc.Selling && p.Level != "" {
			level = p.Level
		}
		theirs := x.seesParty(p) // what somebody else agreed with them is not told
		if theirs && (!bought(s) || x.S.Sees(access.FieldPurchase) == access.Shown) {
			if h.Last, h.LastUnit, h.LastOn, _, err = x.Tx.LastPrice(q.Kind, q.Party, q.Item); err != nil {
				return LineHelp{}, err
			}
			if h.LastOn != "" {
				d, err := x.Tx.DocumentByNumber(h.LastOn)
				if err != nil {
					return LineHelp{}, err
				}
				if x.seeDocument(d) != nil {
					h.LastOn = ""
				}
			}
		}
		if theirs {
			if h.Orders, err = q.orders(ctx, x, s); err != nil {
				return LineHelp{}, err
			}
		}
	}
	if it.Track == master.ByBatch {
		if h.Batches, err = x.batches(q.Item, q.Warehouse); err != nil {
			return LineHelp{}, err
		}
	}
	h.Level = h.Item.Prices[level]
	if h.Level == 0 && s.Group == doc.Selling {
		h.Level = h.Item.Prices[master.Retail]
	}
	if x.S.Sees(access.FieldCost) == access.Shown {
		pool, err := x.Tx.Pool(ledger.Pot{Item: q.Item})
		if err != nil {
			return LineHelp{}, err
		}
		if pool.Qty > 0 {
			if h.Cost, err = amount.UnitPrice(pool.Value, pool.Qty); err != nil {
				return LineHelp{}, err
			}
			h.CostShown = true
		}
	}
	return h, nil
}

// orders are the party's open orders and loans with the item. Bills that could
// be returned from are not what one is looking for while typing.
func (q ItemHelp) orders(ctx context.Context, x *Exec, s doc.Spec) ([]OpenDoc, error) {
	for _, k := range s.Origins {
		if byLine(mustSpec(k)) && x.S.May(draftRight(s)) {
			return (OpenLines{Kind: q.Kind, Party: q.Party, Item: q.Item, Limit: helpOrders, depth: helpDepth}).ask(ctx, x)
		}
	}
	return nil, nil
}
