package app

import (
	"tiezhang/app/day"
	"tiezhang/app/ledger"
	"tiezhang/app/master"
)

// books answers what the ledger asks while it works out one posting, and keeps
// what it has read.
type books struct {
	tx    Tx
	read  map[ledger.Pot]ledger.History
	items map[int64]master.Item
}

// Method implements ledger.Books.
func (b *books) Method() (ledger.Method, error) {
	s, err := b.tx.Setting(SettingCostMethod)
	if s == "" {
		s = string(ledger.MovingAverage)
	}
	return ledger.Method(s), err
}

// ByBatch implements ledger.Books.
func (b *books) ByBatch(item int64) (bool, error) {
	it, err := b.item(item)
	return it.CostByBatch, err
}

// item reads an item once.
func (b *books) item(id int64) (master.Item, error) {
	it, ok := b.items[id]
	if ok {
		return it, nil
	}
	it, err := b.tx.Item(id)
	if err == nil {
		b.items[id] = it
	}
	return it, err
}

// OpenFrom implements ledger.Books.
func (b *books) OpenFrom() (day.Date, error) {
	d, err := settingDate(b.tx, SettingMonthClosed)
	if err != nil || d == 0 {
		return 0, err
	}
	return d.AddDays(1), nil
}

// History implements ledger.Books.
func (b *books) History(p ledger.Pot, from ledger.Place) (ledger.History, error) {
	h, err := b.tx.History(p, from)
	if err == nil {
		b.read[p] = h
	}
	return h, err
}

// MovesOf implements ledger.Books.
func (b *books) MovesOf(id string) ([]ledger.Move, error) { return b.tx.MovesOf(id) }

// movesOf lists the moves of an item that were read, over all its pots.
func (b *books) movesOf(item int64) []ledger.Move {
	var ms []ledger.Move
	for p, h := range b.read {
		if p.Item == item {
			ms = append(ms, h.Moves...)
		}
	}
	return ms
}
