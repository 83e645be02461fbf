package store

import (
	"math/big"
	"sort"
	"strings"

	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/report"
)

// Stock: how much is where, what it is worth, and how it came to that.

// balances gives quantity by item and place, now or at the end of a day. A day
// that lies nearer to the last move than to the first is reached backwards
// from today's balances.
func balances(b *build) string {
	place := b.andAt("warehouse")
	from := "stock_balance WHERE 1" + place
	switch {
	case b.q.To == 0:
	case b.nearEnd():
		from = "(SELECT item, warehouse, qty FROM stock_balance WHERE 1" + place +
			" UNION ALL SELECT item, warehouse, -qty FROM move INDEXED BY move_date WHERE date > " + b.arg(int64(b.q.To)) + place + ")"
	default:
		from = "move INDEXED BY move_date WHERE date <= " + b.arg(int64(b.q.To)) + place
	}
	return "(SELECT item, warehouse, sum(qty) AS qty FROM " + from + " GROUP BY item, warehouse)"
}

// nearEnd tells whether less was moved after the day asked for than up to it,
// going by the calendar.
func (b *build) nearEnd() bool {
	var first, last int64
	if err := b.t.get(`SELECT ifnull((SELECT min(date) FROM move), 0), ifnull((SELECT max(date) FROM move), 0)`, nil, &first, &last); err != nil || first == 0 {
		return false
	}
	return b.q.To.Sub(day.Date(first)) > day.Date(last).Sub(b.q.To) //nolint:gosec // stored as dates
}

// poolTotal is the worth of the items shown, found without sharing it over
// places; with one place only, the shares are wanted.
func poolTotal(b *build) string {
	if b.placed() {
		return ""
	}
	items := ""
	for _, f := range []struct {
		set bool
		by  report.Filter
	}{{strings.TrimSpace(b.q.Search) != "", report.ByText}, {b.q.Category != "", report.ByCat}} {
		if f.set {
			items += " AND (" + b.v.filter[f.by](b) + ")"
		}
	}
	join := ""
	if items != "" {
		join = " JOIN item i ON i.id = v.item"
	}
	if b.q.To != 0 {
		return "(SELECT ifnull(sum(v.value), 0) FROM move v" + join + " WHERE v.date <= " + b.arg(int64(b.q.To)) + items + ")"
	}
	return "(SELECT ifnull(sum(v.value), 0) FROM item_pool v" + join + " WHERE 1" + items + ")"
}

var stockBalance = &view{
	base: func(b *build) string {
		how := " g JOIN item i ON i.id = g.item"
		if b.q.Zero { // items that are nowhere too
			return "item i LEFT JOIN " + balances(b) + " g ON g.item = i.id"
		}
		return balances(b) + how
	},
	key: []string{"i.id", "ifnull(g.warehouse, 0)"}, ref: "i.code", order: []string{"i.code", "w.code"},
	joins:  []join{{"w", "LEFT JOIN warehouse w ON w.id = g.warehouse"}},
	hidden: []string{"i.id", "g.warehouse", "g.qty"},
	cols: map[string]col{
		"code": plain("i.code"), "name": named("i"), "spec": plain("i.spec"), "unit": plain("i.unit"), "category": plain("i.category"),
		"warehouse": {expr: "w.name", sort: []string{"w.code"}}, "qty": plain("ifnull(g.qty, 0)"), "cost": {late: true}, "value": {late: true, whole: poolTotal},
		"retail": price("retail"), "min": plain("nullif(i.min, 0)"), "max": plain("nullif(i.max, 0)"),
	},
	filter: map[report.Filter]func(*build) string{
		report.ByText: found("i"), report.ByCat: category,
		report.ByZero: func(*build) string { return "g.qty <> 0" },
	},
	late: stockValues,
	once: func(b *build) bool { return b.q.To != 0 },
}

// stockValues shares the value of every item's cost pool over the places it
// lies in, by quantity, so that the rows of an item add up to the pool exactly.
// The pool spans all places, so those not shown count too.
func stockValues(b *build, rows []readRow) error {
	if !b.wants("value", "cost") || len(rows) == 0 {
		return nil
	}
	items := make(map[int64]*pooled, len(rows))
	var ids strings.Builder
	ids.WriteByte('[')
	for _, r := range rows {
		id := num(r.hidden[0])
		if items[id] == nil {
			if len(items) > 0 {
				ids.WriteByte(',')
			}
			items[id] = &pooled{}
			ids.WriteString(itoa(id))
		}
	}
	ids.WriteByte(']')
	if err := b.readPools(items, ids.String()); err != nil {
		return err
	}
	for i := range rows {
		r := &rows[i]
		p := items[num(r.hidden[0])]
		for j, c := range b.cols {
			switch c.Key {
			case "value":
				r.Cells[j] = report.N(p.shares()[num(r.hidden[1])])
			case "cost":
				r.Cells[j] = report.Nil()
				if u, err := amount.UnitPrice(p.value, p.qty); p.qty != 0 && err == nil {
					r.Cells[j] = report.N(u)
				}
			}
		}
	}
	return nil
}

// readPools reads the pools of items and where their stock lies. A short list
// is looked up item by item, a long one is read in one go.
func (b *build) readPools(items map[int64]*pooled, ids string) error {
	c := b.fresh()
	cond := ""
	if len(items) <= 1000 {
		cond = " WHERE s.item IN (SELECT value FROM json_each(" + c.arg(ids) + "))"
	}
	read := func(text string, set func(p *pooled, a, b int64)) error {
		return c.each(text, func(scan func(...any) error) error {
			var item, x, y int64
			if err := scan(&item, &x, &y); err != nil {
				return err
			}
			if p := items[item]; p != nil {
				set(p, x, y)
			}
			return nil
		})
	}
	from := "stock_balance s"
	if b.q.To != 0 {
		from = "move s"
		if cond == "" {
			cond = " WHERE 1"
		}
		cond += " AND s.date <= " + c.arg(int64(b.q.To))
	}
	err := read("SELECT s.item, s.warehouse, sum(s.qty) FROM "+from+cond+" GROUP BY s.item, s.warehouse", func(p *pooled, place, qty int64) {
		if qty != 0 {
			p.places = append(p.places, place)
			p.qtys = append(p.qtys, qty)
		}
	})
	if err != nil {
		return err
	}
	text := "SELECT s.item, s.qty, s.value FROM item_pool s" + cond
	if b.q.To != 0 {
		text = "SELECT s.item, sum(s.qty), sum(s.value) FROM move s" + cond + " GROUP BY s.item"
	}
	return read(text, func(p *pooled, qty, value int64) { p.qty, p.value = amount.Qty(qty), amount.Money(value) })
}

// pooled is the cost pool of an item and the places its stock lies in.
type pooled struct {
	qty    amount.Qty
	value  amount.Money
	places []int64
	qtys   []int64
	parts  map[int64]int64
}

// shares splits the value by quantity with the largest remainders: rounding
// down first, then one cent more for those that lost most. A place that owes
// stock (less than nothing) owes its value too.
func (p *pooled) shares() map[int64]int64 {
	if p.parts != nil {
		return p.parts
	}
	p.parts = make(map[int64]int64, len(p.places))
	switch {
	case len(p.places) == 0:
		return p.parts
	case len(p.places) == 1 || p.qty == 0:
		p.parts[p.places[0]] = int64(p.value)
		return p.parts
	}
	type rest struct {
		place int64
		lost  *big.Int
	}
	whole, left := big.NewInt(int64(p.qty)), int64(p.value)
	lost := make([]rest, len(p.places))
	for i, place := range p.places {
		x := new(big.Int).Mul(big.NewInt(int64(p.value)), big.NewInt(p.qtys[i]))
		if whole.Sign() < 0 {
			x.Neg(x)
		}
		m := new(big.Int)
		x.DivMod(x, new(big.Int).Abs(whole), m) // down, whatever the sign
		p.parts[place] = x.Int64()
		left -= x.Int64()
		lost[i] = rest{place, m}
	}
	sort.SliceStable(lost, func(i, j int) bool { return lost[i].lost.Cmp(lost[j].lost) > 0 })
	for i := 0; left > 0; i++ { // fewer than places
		p.parts[lost[i].place]++
		left--
	}
	return p.parts
}

// ledgerRows are an item's moves in the order of costing, each with what was
// restated and adjusted later folded in, after a row that sums up all before
// From. place is 1 where the move counts for the chosen warehouse.
func ledgerRows(b *build) string {
	item := b.arg(b.ids[report.ByItem])
	money := b.wants("value_in", "value_out", "adjust", "value_after", "cost")
	value, adjust, before := "0", "0", "0"
	if money {
		folded := func(rule string) string {
			return "ifnull((SELECT sum(r.value) FROM move r WHERE r.ref = v.seq AND r.ref <> 0 AND r.rule = '" + rule + "'), 0)"
		}
		value, adjust, before = "v.value + "+folded("recost"), folded("adjust"), "ifnull(sum(v.value), 0)"
	}
	place := "1"
	if b.placed() {
		place = b.at("v.warehouse")
	}
	rows := "SELECT v.seq, v.date, v.class, v.doc, v.warehouse, " + place + " AS here, v.qty, " + value + " AS value, " + adjust +
		" AS adjust, CASE WHEN v.qty >= 0 THEN 1 ELSE 0 END AS plus FROM move v WHERE v.item = " + item + " AND v.rule NOT IN ('recost', 'adjust')"
	if d := dates("v.date")(b); d != "" {
		rows += " AND " + d
	}
	if b.q.From != 0 {
		from := b.arg(int64(b.q.From))
		rows = "SELECT 0 AS seq, " + from + " AS date, -1 AS class, 0 AS doc, 0 AS warehouse, 1 AS here, ifnull(sum(CASE WHEN " + place + " THEN v.qty ELSE 0 END), 0) AS qty, " +
			before + " AS value, 0 AS adjust, 1 AS plus FROM move v WHERE v.item = " + item + " AND v.date < " + from + " UNION ALL " + rows
	}
	return rows
}

var stockLedger = &view{
	base: func(b *build) string {
		pool := "NULL AS total, NULL AS worth, NULL AS known"
		if b.wants("value_after", "cost") {
			worth := "sum(x.value + x.adjust) OVER o"
			pool = "sum(x.qty) OVER o AS total, " + worth + " AS worth, "
			if b.placed() { // the pool spans all places: one of them has no running value
				worth = "NULL"
			}
			pool += worth + " AS known"
		}
		return "(SELECT x.*, sum(CASE WHEN x.here THEN x.qty ELSE 0 END) OVER o AS after, " + pool +
			" FROM (" + ledgerRows(b) + ") x WINDOW o AS (ORDER BY x.date, x.class, x.seq)) s LEFT JOIN document d ON d.key = s.doc"
	},
	key: []string{"s.seq"}, ref: "ifnull(d.id, '')", order: []string{"s.date", "s.class"},
	joins: []join{docJoins[2], {"w", "LEFT JOIN warehouse w ON w.id = s.warehouse"}},
	cols: map[string]col{
		"date": {expr: "s.date", sort: []string{"s.date", "s.class"}}, "number": plain("d.number"), "kind": plain("ifnull(d.kind, 'opening')"), "party": partyName, "warehouse": plain("w.name"),
		"qty_in": plain(ledgerCell("s.qty", true)), "value_in": plain(ledgerCell("s.value", true)),
		"qty_out": plain(ledgerCell("-s.qty", false)), "value_out": plain(ledgerCell("-s.value", false)),
		"adjust": plain("nullif(s.adjust, 0)"), "qty_after": plain("s.after"), "value_after": plain("s.known"), "cost": unitCost("s.worth", "s.total"),
	},
	always: func(*build) string { return "s.here" },
	filter: map[report.Filter]func(*build) string{},
}

// ledgerCell puts a move into the in or the out column; the opening row into
// neither. A reversal stays in the column of what it takes back, with a minus.
func ledgerCell(expr string, in bool) string {
	not := ""
	if !in {
		not = "NOT "
	}
	return "CASE WHEN s.seq > 0 AND " + not + "(s.plus <> (d.reverses IS NOT NULL)) THEN " + expr + " END"
}

// soldDays is how far back a stock alert looks for what sells.
const soldDays = 30

// understocked are items below their minimum.
const understocked = "i.min > 0 AND i.disabled = 0 AND ifnull(pool.qty, 0) < i.min"

// stockAlert suggests to fill up to the maximum, or, where none is set, to the
// minimum and what sold in thirty days.
var stockAlert = &view{
	base: func(b *build) string {
		base := "item i LEFT JOIN " + b.pool() + " pool ON pool.item = i.id"
		if b.wants("sold30", "suggest") {
			to := b.today()
			base += " LEFT JOIN " + soldBy(b, int64(to.AddDays(1-soldDays)), int64(to), false) + " ON s.item = i.id"
		}
		return base
	},
	once: always, key: []string{"i.id"}, ref: "i.id", order: []string{"i.code"},
	cols: map[string]col{
		"code": plain("i.code"), "name": named("i"), "unit": plain("i.unit"), "qty": plain("ifnull(pool.qty, 0)"),
		"min": plain("i.min"), "max": plain("nullif(i.max, 0)"), "sold30": plain("ifnull(s.qty, 0)"),
		"suggest": plain("max(0, CASE WHEN i.max > 0 THEN i.max ELSE i.min + max(0, ifnull(s.qty, 0)) END - ifnull(pool.qty, 0))"),
	},
	always: func(*build) string { return understocked },
	filter: map[report.Filter]func(*build) string{report.ByText: found("i"), report.ByCat: category},
}
