package app

import (
	"sort"

	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/ledger"
	"tiezhang/app/master"
)

// bin is where stock must not run short: a warehouse, and in it a batch of
// what is tracked by batch.
type bin struct {
	item, warehouse int64
	batch           string
}

// checkStock judges the lowest future balance of everything a plan takes from.
// One function for posting, reversing, back-dating and import.
func checkStock(x *Exec, spec doc.Spec, d *doc.Document, plan []ledger.Move, read *books, allow bool) ([]*fault.Error, error) {
	c := stockCheck{x: x, read: read, plan: plan, date: d.Date}
	net := map[bin]amount.Qty{}
	line := map[bin]int{}
	for _, m := range plan {
		p, err := c.placeOf(m)
		if err != nil {
			return nil, err
		}
		net[p] += m.Qty
		if m.Qty < 0 && line[p] == 0 {
			line[p] = m.Line
		}
	}
	var short fault.List
	nowhere := false // of no batch: nothing that comes in could ever make it good
	for p, n := range net {
		if n >= 0 {
			continue
		}
		f, err := c.short(p, n, line[p])
		if err != nil {
			return nil, err
		}
		if f != nil {
			it, err := c.read.item(p.item)
			if err != nil {
				return nil, err
			}
			nowhere = nowhere || it.Track == master.ByBatch && p.batch == ""
			short = append(short, f)
		}
	}
	if len(short) == 0 {
		return nil, nil
	}
	sort.Slice(short, func(i, j int) bool { return short[i].Args["line"].(int) < short[j].Args["line"].(int) })
	office, err := x.Tx.Setting(SettingNegative)
	if err != nil {
		return nil, err
	}
	if nowhere || !allow || !spec.Negative && office != "allow" {
		return nil, short
	}
	if err := x.later(access.NegativeStock, short[0].Args["line"].(int)); err != nil {
		return nil, err
	}
	x.Note("negative", len(short))
	return short, nil
}

type stockCheck struct {
	x    *Exec
	read *books
	plan []ledger.Move
	date day.Date
}

// placeOf gives the place a move changes.
func (c *stockCheck) placeOf(m ledger.Move) (bin, error) {
	it, err := c.read.item(m.ItemID)
	p := bin{item: m.ItemID, warehouse: m.WarehouseID}
	if it.Track == master.ByBatch {
		p.batch = m.Batch
	}
	return p, err
}

// short tells whether a place would run below nothing, now or on a day to come.
func (c *stockCheck) short(p bin, n amount.Qty, line int) (*fault.Error, error) {
	it, err := c.read.item(p.item)
	if err != nil {
		return nil, err
	}
	var now amount.Qty
	if it.Track == master.ByBatch {
		now, err = c.x.Tx.OnHandBatch(p.item, p.warehouse, p.batch)
	} else {
		now, err = c.x.Tx.OnHand(p.item, p.warehouse)
	}
	if err != nil {
		return nil, err
	}
	var ms []ledger.Move
	start := now
	for _, m := range c.read.movesOf(p.item) {
		if q, err := c.placeOf(m); err != nil {
			return nil, err
		} else if q == p {
			ms = append(ms, m)
			start -= m.Qty
		}
	}
	for _, m := range c.plan {
		if q, err := c.placeOf(m); err != nil {
			return nil, err
		} else if q == p {
			ms = append(ms, m)
		}
	}
	ledger.SortMoves(ms)
	low, at := ledger.Lowest(start, ms)
	if low >= 0 {
		return nil, nil
	}
	if at == 0 {
		at = c.date
	}
	key := "doc.stock-short"
	if p.batch != "" {
		key = "doc.batch-short"
	}
	return fault.Bad("app.Post", key, "line", line, "field", "qty", "name", it.Name, "code", it.Code, "batch", p.batch,
		"have", now.String(), "need", (-n).String(), "low", low.String(), "date", at.String(), "unit", it.Unit), nil
}
