package store

import (
	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
)

const (
	trendDays = 30
	topItems  = 10
)

// Today implements app.LedgerTx. Trend has a point for each of the last thirty
// days, those without a sale too; Top is what sold best in them. Every figure
// counts returns and reversals as less. What is due, what stock is worth and the
// margin are the whole shop's, wherever the rest was sold.
func (t *tx) Today(d day.Date, at access.Reach) (app.Today, error) {
	const op = "store.Today"
	var out app.Today
	since := d.AddDays(1 - trendDays)
	b := &build{t: t, places: at}
	here := b.andAt("d.warehouse")
	sales := kindList(func(s doc.Spec) bool { return s.Group == doc.Selling && s.Trade != "" })
	bills := kindList(func(s doc.Spec) bool { return s.Group == doc.Selling && s.Trade != "" && tradeSign(s) > 0 })
	for i := range trendDays {
		out.Trend = append(out.Trend, app.DayAmount{Date: since.AddDays(i)})
	}
	err := t.each(`SELECT d.date, sum(d.total * (`+backSign+`)) FROM document d
		WHERE d.kind IN (`+sales+`) AND d.date BETWEEN ?1 AND ?2 AND d.status IN ('posted', 'reversed')`+here+` GROUP BY d.date`,
		[]any{int64(since), int64(d)}, func(scan func(...any) error) error {
			var date day.Date
			var sum amount.Money
			if err := scan(&date, &sum); err != nil {
				return err
			}
			if i := date.Sub(since); i >= 0 && i < trendDays {
				out.Trend[i].Amount = sum
			}
			return nil
		})
	if err != nil {
		return out, wrap(op, err)
	}
	out.Sales = out.Trend[trendDays-1].Amount
	var cost amount.Money
	for _, q := range []struct {
		text string
		args []any
		to   any
	}{
		// a bill that was taken back was no bill
		{`SELECT count(*) FROM document d WHERE kind IN (` + bills + `) AND date = ? AND status = 'posted' AND reverses IS NULL` + here, []any{int64(d)}, &out.Bills},
		{`SELECT ifnull(sum(amount), 0) FROM entry WHERE account = ? AND date = ?`, []any{string(doc.AccCOGS), int64(d)}, &cost},
		{`SELECT ifnull(sum(amount), 0) FROM ledger_balance WHERE account = ?`, []any{string(doc.AccReceivable)}, &out.Receivable},
		{`SELECT ifnull(-sum(amount), 0) FROM ledger_balance WHERE account = ?`, []any{string(doc.AccPayable)}, &out.Payable},
		{`SELECT ifnull(sum(value), 0) FROM item_pool`, nil, &out.StockValue},
		{`SELECT count(*) FROM item i LEFT JOIN ` + b.pool() + ` pool ON pool.item = i.id WHERE ` + understocked, nil, &out.Alerts},
	} {
		if err := t.get(q.text, q.args, q.to); err != nil {
			return out, wrap(op, err)
		}
	}
	out.Margin = out.Sales - cost
	text := soldBy(b, int64(since), int64(d), false)
	err = t.each(`SELECT i.name, s.qty, s.amount FROM `+text+` JOIN item i ON i.id = s.item WHERE s.amount > 0 ORDER BY s.amount DESC, i.id LIMIT `+b.arg(int64(topItems)),
		b.args, func(scan func(...any) error) error {
			var n app.NameAmount
			err := scan(&n.Name, &n.Qty, &n.Amount)
			out.Top = append(out.Top, n)
			return err
		})
	return out, wrap(op, err)
}
