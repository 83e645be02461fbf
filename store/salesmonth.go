package store

import (
	"maps"
	"slices"

	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/ledger"
)

// sales_month sums the lines of posted sales by item and month, so that a
// report over years need not read a million of them. It is kept by the
// transaction that posts: quantity, amount and the number of documents come
// from the lines, the cost from the moves, restatements of earlier sales too.
// The check of the books recomputes it.

var (
	saleKinds = kindList(func(s doc.Spec) bool { return s.Group == doc.Selling && s.Lines != doc.No && s.Trade != "" })
	// saleMove tells the moves whose value is cost of sales.
	saleMove = func(m ledger.Move) bool { return m.Contra == doc.AccCOGS && m.Rule != ledger.Adjust }
)

type itemMonth struct {
	item  int64
	month int
}

type soldSum struct{ qty, amount, cost, bills int64 }

func monthOf(d day.Date) int { return int(d) / 100 }

// sales brings sales_month up to date with a batch.
func (a *appender) sales(op string, ms []ledger.Move) error {
	sums := map[itemMonth]*soldSum{}
	at := func(item int64, month int) *soldSum {
		k := itemMonth{item, month}
		if sums[k] == nil {
			sums[k] = &soldSum{}
		}
		return sums[k]
	}
	docs := map[string]bool{}
	for _, m := range ms {
		if !saleMove(m) {
			continue
		}
		at(m.ItemID, monthOf(m.Date)).cost -= int64(m.Value)
		if m.Rule == ledger.Recost || docs[m.Doc] {
			continue
		}
		docs[m.Doc] = true
		key, err := a.key(op, m.Doc)
		if err != nil {
			return err
		}
		err = a.t.each(`SELECT l.item, d.date, sum(`+lineQty+`), sum(`+lineAmount+`) FROM document d JOIN line l ON l.doc = d.key
			WHERE d.key = ? AND d.kind IN (`+saleKinds+`) GROUP BY l.item`, []any{key}, func(scan func(...any) error) error {
			var item, qty, amount int64
			var date day.Date
			if err := scan(&item, &date, &qty, &amount); err != nil {
				return err
			}
			s := at(item, monthOf(date))
			s.qty, s.amount, s.bills = s.qty+qty, s.amount+amount, s.bills+1
			return nil
		})
		if err != nil {
			return wrap(op, err)
		}
	}
	keys := slices.SortedFunc(maps.Keys(sums), func(a, b itemMonth) int {
		if a.item != b.item {
			return int(a.item - b.item)
		}
		return a.month - b.month
	})
	for _, k := range keys {
		s := sums[k]
		if _, err := a.t.exec(`INSERT INTO sales_month (item, month, qty, amount, cost, bills) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (item, month) DO UPDATE SET qty = qty + excluded.qty, amount = amount + excluded.amount, cost = cost + excluded.cost, bills = bills + excluded.bills`,
			k.item, k.month, s.qty, s.amount, s.cost, s.bills); err != nil {
			return wrap(op, err)
		}
	}
	return nil
}

// salesCheck recomputes sales_month from lines and moves.
func salesCheck() check {
	return check{key: "store.check.sales-month", args: []string{"code", "name", "month", "qty", "amount", "cost"}, as: []func(int64) string{3: qty, 4: money, 5: money}, sql: `
		SELECT i.code, i.name, x.month, sum(x.qty), sum(x.amount), sum(x.cost) FROM
		(SELECT item, month, qty, amount, cost, bills FROM sales_month
		 UNION ALL SELECT item, month, -sum(qty), -sum(amount), 0, -count(DISTINCT doc) FROM
			(SELECT l.item, d.date / 100 AS month, d.key AS doc, ` + lineQty + ` AS qty, ` + lineAmount + ` AS amount
			 FROM document d CROSS JOIN line l ON l.doc = d.key WHERE d.status IN ('posted', 'reversed') AND +d.kind IN (` + saleKinds + `)) GROUP BY item, month
		 UNION ALL SELECT item, date / 100, 0, 0, sum(value), 0 FROM move WHERE contra = '` + string(doc.AccCOGS) + `' AND rule <> 'adjust' GROUP BY item, date / 100) x
		LEFT JOIN item i ON i.id = x.item
		GROUP BY x.item, x.month HAVING sum(x.qty) <> 0 OR sum(x.amount) <> 0 OR sum(x.cost) <> 0 OR sum(x.bills) <> 0`}
}

// soldItems gives what was sold by item (g) in a period: whole months from
// sales_month, the days at its ends from the lines.
func soldItems(b *build, cost bool) string {
	from, to := b.bounded()
	sum := "sum(qty) AS qty, sum(amount) AS amount, sum(bills) AS bills"
	cols := "item AS g, qty, amount, bills"
	if cost {
		sum += ", sum(cost) AS cost"
		cols += ", cost"
	}
	lines := func(from, to day.Date) string {
		q := b.q
		defer func() { b.q = q }()
		b.q.From, b.q.To = from, to
		return "SELECT g, qty, amount, bills" + map[bool]string{true: ", cost"}[cost] + " FROM " + lineSums(b, doc.Selling, groupings["item"], "l.item", cost)
	}
	first, last, ends := wholeMonths(from, to)
	if first > last {
		return "(" + lines(from, to) + ")"
	}
	months := "FROM sales_month WHERE month BETWEEN " + b.arg(int64(first)) + " AND " + b.arg(int64(last))
	if len(ends) == 0 {
		return "(SELECT item AS g, " + sum + " " + months + " GROUP BY item)"
	}
	rows := "SELECT " + cols + " " + months
	for _, e := range ends {
		rows += " UNION ALL " + lines(e[0], e[1])
	}
	return "(SELECT g, " + sum + " FROM (" + rows + ") GROUP BY g)"
}

// bounded gives the dates asked for, an end being open (0) where no document
// lies beyond it.
func (b *build) bounded() (from, to day.Date) {
	from, to = b.q.From, b.q.To
	var n int
	if from != 0 && b.t.get(`SELECT EXISTS (SELECT 1 FROM document WHERE date < ? AND status IN ('posted', 'reversed'))`, []any{int64(from)}, &n) == nil && n == 0 {
		from = 0
	}
	if to != 0 && b.t.get(`SELECT EXISTS (SELECT 1 FROM document WHERE date > ? AND status IN ('posted', 'reversed'))`, []any{int64(to)}, &n) == nil && n == 0 {
		to = 0
	}
	return from, to
}

// wholeMonths splits a period into the months that lie in it whole and the days
// before and after them; first > last when there is no such month.
func wholeMonths(from, to day.Date) (first, last int, ends [][2]day.Date) {
	first, last = 0, 999912
	if from != 0 {
		first = monthOf(from)
		if from != from.MonthStart() {
			next := from.MonthEnd().AddDays(1)
			ends = append(ends, [2]day.Date{from, next.AddDays(-1)})
			first = monthOf(next)
		}
	}
	if to != 0 {
		last = monthOf(to)
		if to != to.MonthEnd() {
			start := to.MonthStart()
			ends = append(ends, [2]day.Date{start, to})
			last = monthOf(start.AddDays(-1))
		}
	}
	return first, last, ends
}
