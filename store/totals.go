package store

import (
	"database/sql"

	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
)

// Totals implements app.LedgerTx. Payable is positive when the shop owes.
func (t *tx) Totals() (app.Totals, error) {
	const op = "store.Totals"
	var x app.Totals
	err := t.get(`SELECT count(*) FROM document WHERE status IN ('posted', 'reversed')`, nil, &x.Documents)
	if err != nil {
		return x, wrap(op, err)
	}
	var number sql.NullString
	err = t.get(`SELECT number, posted_at FROM document WHERE status IN ('posted', 'reversed') ORDER BY posted_at DESC, key DESC LIMIT 1`, nil, &number, &x.LastAt)
	if err != nil && !noRow(err) {
		return x, wrap(op, err)
	}
	x.LastNumber = number.String
	err = t.get(`SELECT ifnull(sum(qty), 0), ifnull(sum(value), 0) FROM item_pool`, nil, &x.StockQty, &x.StockValue)
	if err != nil {
		return x, wrap(op, err)
	}
	for _, b := range []struct {
		account doc.AccountCode
		sign    amount.Money
		to      *amount.Money
	}{{doc.AccReceivable, 1, &x.Receivable}, {doc.AccPayable, -1, &x.Payable}, {doc.AccCash, 1, &x.Cash}} {
		m, err := t.Balance(b.account, 0, 0)
		if err != nil {
			return x, err
		}
		*b.to = b.sign * m
	}
	return x, nil
}
