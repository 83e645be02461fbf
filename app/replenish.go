package app

import (
	"context"
	"time"

	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/master"
)

// MakeOrders turns what should be bought into drafts of purchase orders, one for
// each supplier the goods came from last; what never came from anybody shares
// one without a supplier. They are drafts: somebody looks at them and posts.
type MakeOrders struct{ Wants []Want }

// Want is so much of an item, in its base unit.
type Want struct {
	ItemID int64
	Qty    amount.Qty
}

// MadeOrder is a draft that was made.
type MadeOrder struct {
	ID       string
	Supplier string // name, "" when it has none yet
	Lines    int
}

// maxWants bounds one order's lines.
const maxWants = 500

func (c MakeOrders) spec() Need {
	return Need{Perm: draftRight(mustSpec(doc.PurchaseOrder)), Draft: true}
}

func (c MakeOrders) run(_ context.Context, x *Exec) ([]MadeOrder, error) {
	const op = "app.MakeOrders"
	if len(c.Wants) == 0 || len(c.Wants) > maxWants {
		return nil, fault.Bad(op, "listview.wants", "field", "lines", "max", maxWants)
	}
	if err := x.Allow(access.ReportPurchase, access.Object{New: true}); err != nil {
		return nil, err
	}
	var suppliers []int64 // in the order they turn up
	orders := map[int64]*doc.Document{}
	spec := mustSpec(doc.PurchaseOrder)
	for i, w := range c.Wants {
		if w.Qty <= 0 {
			return nil, fault.Bad(op, "doc.qty.positive", "line", i+1, "field", "qty")
		}
		it, err := x.Tx.Item(w.ItemID)
		if err != nil {
			return nil, err
		}
		from, err := x.Tx.LastSupplier(it.ID)
		if err != nil {
			return nil, err
		}
		d := orders[from]
		if d == nil {
			d = &doc.Document{ID: NewID(x.Now.Add(time.Duration(len(orders)) * time.Millisecond)), Kind: doc.PurchaseOrder, Date: x.today(), Status: doc.Draft, PartyID: from,
				CreatedBy: x.S.user.ID, CreatedAt: x.Now.Unix()}
			orders[from] = d
			suppliers = append(suppliers, from)
		}
		price, err := x.orderPrice(it, from)
		if err != nil {
			return nil, err
		}
		d.Lines = append(d.Lines, doc.Line{No: len(d.Lines) + 1, ItemID: it.ID, Num: 1, Den: 1, Qty: w.Qty, Price: price})
	}
	x.Quiet() // drafts are no operations; posting them is
	var out []MadeOrder
	for _, id := range suppliers {
		d := orders[id]
		if err := doc.Settle(spec, d); err != nil {
			return nil, err
		}
		name := ""
		if id != 0 {
			p, err := x.Tx.Party(id)
			if err != nil {
				return nil, err
			}
			name = x.nameOf(p)
		}
		d.SavedBy = x.S.user.ID
		if _, err := x.Tx.SaveDraft(*d); err != nil {
			return nil, err
		}
		out = append(out, MadeOrder{ID: d.ID, Supplier: name, Lines: len(d.Lines)})
	}
	x.Changed("documents")
	return out, nil
}

// orderPrice is what an item is likely to cost from a supplier: the last price,
// or the usual one; nothing for those who may not see purchase prices.
func (x *Exec) orderPrice(it master.Item, from int64) (amount.Price, error) {
	if x.S.Sees(access.FieldPurchase) != access.Shown {
		return 0, nil
	}
	if from != 0 {
		last, unit, _, ok, err := x.Tx.LastPrice(doc.GoodsReceipt, from, it.ID)
		if err != nil || ok && (unit == "" || unit == it.Unit) {
			return last, err
		}
	}
	return it.Prices[master.Purchase], nil
}
