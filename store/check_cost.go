package store

import (
	"context"

	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/ledger"
)

// checkLastCosts recomputes the last known cost of every pot. Of an item that
// costs by batch the row of the item itself has none.
func (t *tx) checkLastCosts(ctx context.Context) ([]app.Finding, error) {
	type row struct {
		pot        ledger.Pot
		none       bool
		code, name string
		v          amount.Money
		q          amount.Qty
	}
	rows, err := all(t, "store.CheckBooks", `SELECT p.item, '', i.cost_by_batch, i.code, i.name, p.last_value, p.last_qty FROM item_pool p JOIN item i ON i.id = p.item
		UNION ALL SELECT p.item, p.batch, 0, i.code, i.name, p.last_value, p.last_qty FROM batch_pool p JOIN item i ON i.id = p.item`, nil,
		func(scan func(...any) error) (r row, err error) {
			err = scan(&r.pot.Item, &r.pot.Batch, &r.none, &r.code, &r.name, &r.v, &r.q)
			return r, err
		})
	if err != nil {
		return nil, err
	}
	var out []app.Finding
	for i, r := range rows {
		if i%256 == 0 {
			if err := canceled("store.CheckBooks", ctx); err != nil {
				return nil, err
			}
		}
		var v amount.Money
		var q amount.Qty
		if !r.none {
			if v, q, err = t.lastCost(r.pot, ledger.Place{Date: 99991231 + 1}); err != nil {
				return nil, err
			}
		}
		if (v != r.v || q != r.q) && len(out) < maxFindings {
			out = append(out, app.Finding{Level: booksLevel, Key: "store.check.last-cost", Args: map[string]any{"code": r.code, "name": r.name,
				"kept": r.v.String() + "/" + r.q.String(), "true": v.String() + "/" + q.String()}})
		}
	}
	return out, nil
}
