package store

import (
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/report"
)

// Lines that other documents take up bit by bit: orders, and what was lent.

func dayOf(n int64) day.Date { return day.Date(n) } //nolint:gosec // stored as a date

// lineDone is what posted documents that stand took up of a line.
const lineDone = "ifnull((SELECT sum(t.base) FROM line t JOIN document h ON h.key = t.doc WHERE t.origin_doc = l.doc AND t.origin_line = l.no AND h.status = 'posted' AND h.reverses IS NULL), 0)"

// pulled are the lines of standing documents of some kinds with what was done.
func pulled(kinds string, cols map[string]col) *view {
	v := stockLines(kinds, cols)
	v.always = func(*build) string {
		return "d.status = 'posted' AND +d.reverses IS NULL AND d.kind IN (" + kinds + ")" // the + keeps the index of reversals away
	}
	v.cols["due"] = plain("nullif(d.due, 0)")
	v.cols["days_late"] = col{by: func(b *build) col { // only of what is open
		open := "CASE WHEN d.due > 0 AND d.due < " + itoa(int64(b.today())) + " AND " + lineOpen + " > 0 THEN d.due END"
		return daysFrom(open, -1)
	}}
	return v
}

// lineOpen is what is still to come of a line; nothing of an order that was ended.
const lineOpen = "max(0, CASE WHEN EXISTS (SELECT 1 FROM order_end WHERE doc = l.doc) THEN 0 ELSE l.base - " + lineDone + " END)"

// progress tells how far a line of an order is.
const progress = "CASE WHEN " + lineDone + " >= l.base THEN 'done' WHEN EXISTS (SELECT 1 FROM order_end WHERE doc = l.doc) THEN 'ended' WHEN " + lineDone + " > 0 THEN 'part' ELSE 'waiting' END"

var orderProgress = func() *view {
	v := pulled(kindList(func(s doc.Spec) bool { return s.Promise == doc.Order }), map[string]col{
		"ordered": plain("l.base"), "done": plain(lineDone), "open_qty": plain(lineOpen), "progress": plain(progress),
	})
	v.filter[report.ByStatus] = func(b *build) string { return progress + " = " + b.arg(b.q.Status) }
	return v
}()

// lentView is what others have of ours, and we of theirs.
var lentView = func() *view {
	v := pulled(kindList(func(s doc.Spec) bool { return s.Lent > 0 || s.Flow == doc.In && s.ValueContra == doc.AccBorrowed }), map[string]col{
		"lent_qty": plain("l.base"), "back_qty": plain(lineDone), "open_qty": plain(lineOpen),
	})
	v.filter[report.ByZero] = func(*build) string { return lineOpen + " > 0" }
	return v
}()

// onOrder is what is still to come of an item from suppliers.
func onOrder(b *build) string {
	return "(SELECT l.item, sum(" + lineOpen + ") AS qty FROM document d CROSS JOIN line l ON l.doc = d.key WHERE d.status = 'posted' AND +d.reverses IS NULL AND d.kind IN (" +
		kindList(func(s doc.Spec) bool { return s.Promise == doc.Order && s.Group == doc.Purchasing }) + ")" + b.andDocPlace() + " GROUP BY l.item)"
}

// wanted is what an item needs for the days asked for: what it sells in them, or
// its minimum if that is more.
func wanted(b *build) string {
	return "max(i.min, max(0, ifnull(s.qty, 0)) * " + itoa(int64(b.q.Days)) + " / " + itoa(soldDays) + ")"
}

// have is what is there and on its way.
const have = "(ifnull(pool.qty, 0) + ifnull(o.qty, 0))"

// replenish is what should be bought, so that it lasts for Days at the pace of
// the last thirty; never beyond an item's maximum. Whole units are suggested.
var replenish = &view{
	base: func(b *build) string {
		to := b.today()
		return "item i LEFT JOIN " + b.pool() + " pool ON pool.item = i.id LEFT JOIN " + soldBy(b, int64(to.AddDays(1-soldDays)), int64(to), false) + " ON s.item = i.id LEFT JOIN " + onOrder(b) + " o ON o.item = i.id"
	},
	once: always, key: []string{"i.id"}, ref: "i.id", order: []string{"i.code"}, hidden: []string{"i.id"},
	always: func(b *build) string { return "i.disabled = 0 AND " + wanted(b) + " > " + have },
	cols: map[string]col{
		"code": plain("i.code"), "name": named("i"), "spec": plain("i.spec"), "unit": plain("i.unit"), "qty": plain("ifnull(pool.qty, 0)"), "on_order": plain("ifnull(o.qty, 0)"),
		"min": plain("nullif(i.min, 0)"), "max": plain("nullif(i.max, 0)"), "sold30": plain("ifnull(s.qty, 0)"), "per_day": plain("(max(0, ifnull(s.qty, 0)) / " + itoa(soldDays) + " + 500) / 1000 * 1000"),
		"days_left": plain("CASE WHEN s.qty > 0 THEN max(0, ifnull(pool.qty, 0)) * " + itoa(soldDays) + " / s.qty END"),
		"suggest": {by: func(b *build) col {
			w := wanted(b)
			return plain("max(0, (CASE WHEN i.max > 0 THEN min(i.max, " + w + ") ELSE " + w + " END - " + have + " + 9999) / 10000 * 10000)")
		}},
		"purchase": price("purchase"), "supplier": {late: true},
	},
	filter: map[report.Filter]func(*build) string{report.ByText: found("i"), report.ByCat: category},
	late:   lastSuppliers,
}

// lastSuppliers fills in who sold the items last, for the rows shown only.
func lastSuppliers(b *build, rows []readRow) error {
	at := -1
	for i, c := range b.cols {
		if c.Key == "supplier" {
			at = i
		}
	}
	if at < 0 || len(rows) == 0 {
		return nil
	}
	index := map[int64]*readRow{}
	ids := "["
	for i := range rows {
		id := num(rows[i].hidden[0])
		rows[i].Cells[at] = report.Nil()
		index[id] = &rows[i]
		if i > 0 {
			ids += ","
		}
		ids += itoa(id)
	}
	c := b.fresh()
	receipts := kindList(func(s doc.Spec) bool { return s.Group == doc.Purchasing && s.Flow == doc.In })
	return c.each("SELECT j.value, (SELECT "+b.partySaid("p")+" FROM line l CROSS JOIN document d ON d.key = l.doc CROSS JOIN party p ON p.id = d.party WHERE l.item = j.value AND d.kind IN ("+receipts+
		") AND d.status = 'posted' AND d.reverses IS NULL ORDER BY l.doc DESC LIMIT 1) FROM json_each("+c.arg(ids+"]")+") j", func(scan func(...any) error) error {
		var id int64
		var name any
		if err := scan(&id, &name); err != nil {
			return err
		}
		if r := index[id]; r != nil && name != nil {
			r.Cells[at] = cell(report.Text, name)
		}
		return nil
	})
}
