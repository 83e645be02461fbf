package store

import (
	"context"
	"slices"

	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
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

// checkMade works out anew what goods made of other goods are worth: each the
// share by its weight of what went into its document, and its part of the fee.
func (t *tx) checkMade(ctx context.Context) ([]app.Finding, error) {
	const op = "store.CheckBooks"
	type made struct {
		id, number string
		fee        amount.Money
	}
	docs, err := all(t, op, `SELECT id, number, amount FROM document WHERE status IN ('posted', 'reversed') AND reverses IS NULL AND kind IN (`+
		kindList(func(s doc.Spec) bool { return s.Flow == doc.Convert })+`) ORDER BY key`, nil, func(scan func(...any) error) (m made, err error) {
		err = scan(&m.id, &m.number, &m.fee)
		return m, err
	})
	if err != nil {
		return nil, err
	}
	var out []app.Finding
	for _, d := range docs {
		if err := canceled(op, ctx); err != nil {
			return nil, err
		}
		ms, err := t.MovesOf(d.id)
		if err != nil {
			return nil, err
		}
		var sum, fee amount.Money
		var weights []amount.Money
		var goods []ledger.Move
		for _, m := range ms {
			if m.Rule == ledger.Made {
				goods, weights = append(goods, m), append(weights, m.Weight)
				fee += m.Extra
			} else {
				sum -= m.Effective()
			}
		}
		shares, err := amount.Split(sum, weights)
		for i, m := range goods {
			if (err != nil || fee != d.fee || m.Effective() != shares[i]+m.Extra) && len(out) < maxFindings {
				want := ""
				if err == nil {
					want = (shares[i] + m.Extra).String()
				}
				out = append(out, app.Finding{Level: booksLevel, Key: "store.check.made", Args: map[string]any{"number": d.number, "line": m.Line,
					"kept": m.Effective().String(), "true": want}})
			}
		}
	}
	return out, nil
}

// checkLayers replays what came in and went out since the last closed month,
// first in first out, and holds what is left of each receipt, and who took what
// from it, against the rows kept.
func (t *tx) checkLayers(ctx context.Context) ([]app.Finding, error) {
	const op = "store.CheckBooks"
	if fifo, err := t.fifo(); err != nil || !fifo {
		return nil, err
	}
	pots, err := t.pots()
	if err != nil {
		return nil, err
	}
	var out []app.Finding
	for _, pot := range pots {
		if err := canceled(op, ctx); err != nil {
			return nil, err
		}
		ok, err := t.layersHold(op, pot)
		if err != nil {
			return nil, err
		}
		if ok || len(out) >= maxFindings {
			continue
		}
		it, err := t.Item(pot.Item)
		if err != nil {
			return nil, err
		}
		out = append(out, app.Finding{Level: booksLevel, Key: "store.check.fifo", Args: map[string]any{"code": it.Code, "name": it.Name, "batch": pot.Batch}})
	}
	return out, nil
}

func (t *tx) layersHold(op string, pot ledger.Pot) (bool, error) {
	p, from, err := t.openPool(pot)
	if err != nil {
		return false, err
	}
	ms, err := t.movesFrom(op, pot, from)
	if err != nil {
		return false, err
	}
	outs, p, uses, err := ledger.ReplayBy(ledger.FIFO, p, ms)
	if err != nil {
		return false, nil // not even that can be done with these rows
	}
	for i, m := range ms {
		if m.Rule != ledger.Carry && (outs[i].Value != m.Effective() || outs[i].Adjust != m.Adjusted) {
			return false, nil
		}
	}
	kept, err := t.layersNow(pot)
	if err != nil || !slices.Equal(kept, p.Layers) {
		return false, err
	}
	have, err := t.usesOf(pot, from)
	if err != nil {
		return false, err
	}
	n := 0
	for _, us := range have {
		n += len(us)
	}
	for _, u := range uses {
		if !slices.Contains(have[u.Out], u) {
			return false, nil
		}
	}
	return n == len(uses), nil
}

// checkMonths holds what closed months were closed with against their hash, and
// the last one still closed against the books: nothing in it may have changed.
func (t *tx) checkMonths(ctx context.Context) ([]app.Finding, error) {
	const op = "store.CheckBooks"
	closes, err := t.MonthCloses()
	if err != nil {
		return nil, err
	}
	var out []app.Finding
	find := func(key string, m app.MonthClose) {
		out = append(out, app.Finding{Level: booksLevel, Key: key, Args: map[string]any{"month": monthText(m.Month)}})
	}
	last, closed, err := t.lastClose()
	if err != nil {
		return nil, err
	}
	for _, m := range closes {
		if err := canceled(op, ctx); err != nil {
			return nil, err
		}
		kept, err := t.readSnapshot(m.ID)
		if err != nil {
			return nil, err
		}
		if kept.sum() != m.Hash {
			find("store.check.month", m)
			continue
		}
		if !closed || m.ID != last.ID {
			continue
		}
		end, next := monthEnds(m.Month)
		now, err := t.snapshot(end, next)
		if err != nil {
			return nil, err
		}
		kept.layers, now.layers = nil, nil // by the method of then; they are checked with the open time
		if kept.sum() != now.sum() {
			find("store.check.month-changed", m)
		}
	}
	return out, nil
}
