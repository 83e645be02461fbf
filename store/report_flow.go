package store

import (
	"slices"
	"strings"

	"tiezhang/app/doc"
	"tiezhang/app/report"
)

// Stock over time: what came and went, how old it is, which batches and pieces.

// flowRows are the moves of a period by item, one arm before it and one in it.
// A restatement counts where the move it restates does; a transfer between
// warehouses comes and goes only where one of them is asked for. With one
// warehouse there are no values: the cost pool spans all of them.
func flowRows(b *build) string {
	place, carry := "", " AND v.rule <> 'carry'"
	money := b.wants("open_value", "value_in", "value_out", "adjust", "close_value")
	if b.placed() {
		place, carry, money = b.andAt("v.warehouse"), "", false
	}
	value := func(e string) string {
		if !money {
			return "NULL"
		}
		return e
	}
	in := "(v.qty >= 0) <> (v.rule = 'reversal')"
	sums := "sum(oq) AS oq, sum(ov) AS ov, sum(iq) AS iq, sum(iv) AS iv, sum(uq) AS uq, sum(uv) AS uv, sum(aj) AS aj"
	// each arm is summed by itself, in the order of an index by item
	arm := func(cols, from string) string {
		return "SELECT item, " + sums + " FROM (SELECT v.item, " + cols + " FROM " + from + ") GROUP BY item"
	}
	period := ""
	var arms []string
	if b.q.From != 0 {
		from := b.arg(int64(b.q.From))
		period = " AND v.date >= " + from
		none := ", 0 AS iq, 0 AS iv, 0 AS uq, 0 AS uv, 0 AS aj"
		b2 := *b
		b2.q.To = b.q.From
		if b2.nearEnd() { // backwards from what there is
			arms = append(arms, arm("-v.qty AS oq, "+value("-v.value")+" AS ov"+none, "move v INDEXED BY move_date WHERE v.date >= "+from+place))
			if b.placed() {
				arms = append(arms, arm("v.qty AS oq, NULL AS ov"+none, "stock_balance v WHERE 1"+place))
			} else {
				arms = append(arms, arm("v.qty AS oq, "+value("v.value")+" AS ov"+none, "item_pool v"))
			}
		} else {
			arms = append(arms, arm("v.qty AS oq, "+value("v.value")+" AS ov"+none, "move v WHERE v.date < "+from+place))
		}
	}
	index := "move v"
	if b.q.From != 0 {
		index = "move v INDEXED BY move_date"
	}
	if b.q.To != 0 {
		period += " AND v.date <= " + b.arg(int64(b.q.To))
	}
	// what went is what came less what is left: fewer sums over a million rows
	came, worth, other := "sum(CASE WHEN "+in+" THEN v.qty ELSE 0 END)", value("sum(CASE WHEN v.qty <> 0 AND "+in+" THEN v.value ELSE 0 END)"), value("sum(CASE WHEN v.qty = 0 THEN v.value ELSE 0 END)")
	arms = append(arms, "SELECT v.item, 0 AS oq, 0 AS ov, "+came+" AS iq, "+worth+" AS iv, "+came+" - sum(v.qty) AS uq, "+value(worth+" + "+other+" - sum(v.value)")+" AS uv, "+other+" AS aj FROM "+
		index+" WHERE v.rule <> 'recost'"+carry+period+place+" GROUP BY v.item")
	if money { // restatements, read by the index of what they refer to: there are few
		arms = append(arms, "SELECT v.item, 0, 0, 0, sum(CASE WHEN r.qty >= 0 THEN v.value ELSE 0 END), 0, sum(CASE WHEN r.qty >= 0 THEN 0 ELSE -v.value END), 0 FROM move v INDEXED BY move_ref CROSS JOIN move r ON r.seq = v.ref"+
			" WHERE v.ref <> 0 AND v.rule = 'recost'"+period+" GROUP BY v.item")
	}
	return strings.Join(arms, " UNION ALL ")
}

// stockFlow closes: opening + in − out + adjusted = closing.
var stockFlow = &view{by: func(b *build) *view { // the link carries the dates of the query
	v := *stockFlowRows
	v.ref = "'stock-ledger?item=' || " + escaped("i.code") + periodLink(b)
	return &v
}}

var stockFlowRows = &view{
	base: func(b *build) string {
		sums := "SELECT item, sum(oq) AS oq, sum(ov) AS ov, sum(iq) AS iq, sum(iv) AS iv, sum(uq) AS uq, sum(uv) AS uv, sum(aj) AS aj FROM (" + flowRows(b) + ") GROUP BY item"
		if b.q.Zero {
			return "item i LEFT JOIN (" + sums + ") s ON s.item = i.id"
		}
		return "(" + sums + ") s JOIN item i ON i.id = s.item"
	},
	once: always, key: []string{"i.id"}, order: []string{"i.code"},
	cols: map[string]col{
		"code": plain("i.code"), "name": named("i"), "spec": plain("i.spec"), "unit": plain("i.unit"), "category": plain("i.category"),
		"open_qty": plain("ifnull(s.oq, 0)"), "open_value": plain("s.ov"), "qty_in": plain("ifnull(s.iq, 0)"), "value_in": plain("s.iv"),
		"qty_out": plain("ifnull(s.uq, 0)"), "value_out": plain("s.uv"), "adjust": plain("s.aj"),
		"close_qty": plain("ifnull(s.oq + s.iq - s.uq, 0)"), "close_value": plain("s.ov + s.iv - s.uv + s.aj"),
	},
	filter: map[report.Filter]func(*build) string{
		report.ByText: found("i"), report.ByCat: category,
		report.ByZero: func(*build) string {
			return "s.oq <> 0 OR s.iq <> 0 OR s.uq <> 0 OR ifnull(s.ov, 0) <> 0 OR ifnull(s.aj, 0) <> 0"
		},
	},
}

// batchesView is what lies in batches, the next to expire first. Days narrows to
// those that expire within so many.
var batchesView = &view{
	base: table("(SELECT item, warehouse, batch, sum(qty) AS qty FROM stock_balance WHERE batch <> '' GROUP BY item, warehouse, batch) g JOIN item i ON i.id = g.item LEFT JOIN batch o ON o.item = g.item AND o.batch = g.batch"),
	key:  []string{"g.item", "g.warehouse", "g.batch"}, ref: "i.code", order: []string{"ifnull(nullif(o.expiry, 0), 99999999)", "i.code"},
	joins: []join{{"w", "LEFT JOIN warehouse w ON w.id = g.warehouse"}},
	cols: map[string]col{
		"code": plain("i.code"), "name": named("i"), "spec": plain("i.spec"), "unit": plain("i.unit"), "warehouse": {expr: "w.name", sort: []string{"w.code"}},
		"batch": plain("g.batch"), "expiry": plain("nullif(o.expiry, 0)"), "qty": plain("g.qty"),
		"days_left": daysFrom("nullif(o.expiry, 0)", 1),
		"freshness": {by: func(b *build) col {
			t := b.today()
			return col{expr: "CASE WHEN ifnull(o.expiry, 0) = 0 THEN '' WHEN o.expiry < " + itoa(int64(t)) + " THEN 'expired' WHEN o.expiry <= " + itoa(int64(t.AddDays(soonDays))) + " THEN 'soon' ELSE 'fresh' END",
				sort: []string{"ifnull(o.expiry, 0)"}}
		}},
	},
	filter: map[report.Filter]func(*build) string{
		report.ByText: func(b *build) string {
			return search(func(_ *build, w string) string {
				return "instr(i.search, " + w + ") > 0 OR instr(lower(g.batch), " + w + ") > 0"
			})(b)
		},
		report.ByPlace: inPlace("g.warehouse"), report.ByCat: category,
		report.ByDays: func(b *build) string {
			return "o.expiry > 0 AND o.expiry <= " + b.arg(int64(b.today().AddDays(b.q.Days)))
		},
		report.ByZero: func(*build) string { return "g.qty <> 0" },
	},
}

// soonDays is when a batch is about to expire.
const soonDays = 30

// slowMoving is the stock that has not sold for Days, with its age: what is on
// hand came with the latest receipts, as far as these reach.
var slowMoving = &view{
	base: func(b *build) string {
		t := b.today()
		since := func(n int) string { return itoa(int64(t.AddDays(1 - n))) }
		age := "SELECT item"
		for _, n := range []string{"30", "60", "90", "180"} {
			d := map[string]int{"30": 30, "60": 60, "90": 90, "180": 180}[n]
			age += ", sum(CASE WHEN date >= " + since(d) + " THEN qty ELSE 0 END) AS r" + n
		}
		base := b.pool() + " pool CROSS JOIN item i ON i.id = pool.item"
		if b.wants("age30", "age60", "age90", "age180", "age_more") {
			base += " LEFT JOIN (" + age + " FROM move INDEXED BY move_date WHERE date >= " + since(180) + " AND qty > 0 AND rule IN ('given', 'made', 'average')" + b.andAt("warehouse") + " GROUP BY item) a ON a.item = pool.item"
		}
		return base
	},
	once: always, key: []string{"i.id"}, ref: "i.code", order: []string{lastSale, "i.code"},
	always: func(*build) string { return "pool.qty <> 0" },
	cols: map[string]col{
		"code": plain("i.code"), "name": named("i"), "spec": plain("i.spec"), "unit": plain("i.unit"), "category": plain("i.category"), "qty": plain("pool.qty"), "value": plain("pool.value"),
		"last_receipt": plain("(SELECT max(date) FROM move WHERE item = i.id AND qty > 0 AND rule IN ('given', 'made'))"), "last_sale": plain(lastSale),
		"idle":  daysFrom(lastSale, -1),
		"age30": plain(aged("0", "r30")), "age60": plain(aged("r30", "r60")), "age90": plain(aged("r60", "r90")), "age180": plain(aged("r90", "r180")),
		"age_more": plain("pool.qty - " + upTo("r180")),
	},
	filter: map[report.Filter]func(*build) string{
		report.ByText: found("i"), report.ByCat: category,
		report.ByDays: func(b *build) string {
			return "ifnull(" + lastSale + ", 0) < " + b.arg(int64(b.today().AddDays(-b.q.Days)))
		},
	},
}

// lastSale is the day an item last left for a customer, "average" being the
// rule by which sales leave.
const lastSale = "(SELECT max(date) FROM move WHERE item = i.id AND qty < 0 AND rule = 'average')"

// upTo is how much of the stock came with what was received since.
func upTo(r string) string {
	if r == "0" {
		return "0"
	}
	return "max(0, min(pool.qty, ifnull(a." + r + ", 0)))"
}

func aged(from, to string) string { return upTo(to) + " - " + upTo(from) }

// daysFrom counts the days from today to a date (sign 1), or from it to today.
func daysFrom(expr string, sign int) col {
	dir := "-"
	if sign > 0 {
		dir = ""
	}
	return col{raw: []string{expr}, sort: []string{dir + "ifnull(" + expr + ", 0)"}, fill: func(b *build, raw []any) (report.Value, error) {
		d := num(raw[0])
		if d == 0 {
			return report.Nil(), nil
		}
		return report.N(sign * dayOf(d).Sub(b.today())), nil
	}}
}

// stockLines are the lines of posted documents of some kinds, as the detail
// reports have them.
func stockLines(kinds string, cols map[string]col) *view {
	// the + keeps the index by date away: it would be walked over every document
	// of other kinds
	const order = "+d.date"
	v := &view{
		base: func(b *build) string {
			if b.q.Item != "" {
				return "line l CROSS JOIN document d ON d.key = l.doc"
			}
			return "document d CROSS JOIN line l ON l.doc = d.key"
		},
		always: func(*build) string { return "d.status IN ('posted', 'reversed') AND d.kind IN (" + kinds + ")" },
		key:    []string{"d.key", "l.no"}, again: "line l ON l.doc = k.k0 AND l.no = k.k1", ref: "d.id",
		joins: append(slices.Clone(docJoins), join{"x", "LEFT JOIN warehouse x ON x.id = d.to_place"}), order: []string{order}, owner: "d.created_by", newest: true,
		cols: map[string]col{
			"date": plain("d.date"), "number": plain("d.number"), "kind": plain("d.kind"), "party": partyName, "warehouse": {expr: "w.name", sort: []string{"w.code"}},
			"code": plain("i.code"), "name": named("i"), "spec": plain("i.spec"), "unit": plain("i.unit"), "user": plain("u.name"), "note": plain("l.note"),
		},
		filter: map[report.Filter]func(*build) string{
			report.FromTo: dates("d.date"), report.ByItem: is(report.ByItem, "l.item"), report.ByParty: is(report.ByParty, "d.party"),
			report.ByPlace: docPlace, report.ByCat: func(b *build) string { return "l.item IN (SELECT i.id FROM item i WHERE " + category(b) + ")" }, report.ByKind: kindsOf,
			report.ByText: words(asciiLower, lineWords),
		},
	}
	for k, c := range cols {
		v.cols[k] = c
	}
	return v
}

func kindsOf(b *build) string { return kinds("d.kind")(b) }

// lineWords looks at a document, its line and the line's item.
func lineWords(b *build, w string) string {
	return docWords(b, w) + " OR instr(lower(l.note), " + w + ") > 0 OR l.item IN (SELECT id FROM item WHERE instr(search, " + b.folded() + ") > 0)"
}

var countDifferences = func() *view {
	v := stockLines(kindList(func(s doc.Spec) bool { return s.Flow == doc.Recount }), map[string]col{
		"book": plain("l.book"), "counted": plain("l.base"), "difference": plain("l.base - l.book"), "first_count": plain("CASE WHEN l.recounted THEN l.first END"),
		"value": plain("ifnull((SELECT sum(value) FROM move WHERE own_doc = l.doc AND own_line = l.no AND rule <> 'adjust'), 0)"),
	})
	v.filter[report.ByZero] = func(*build) string { return "l.base <> l.book" }
	return v
}()

var transfers = func() *view {
	v := stockLines(kindList(func(s doc.Spec) bool { return s.Flow == doc.Move && s.Lent == 0 }), map[string]col{
		"from_place": {expr: "w.name", sort: []string{"w.code"}}, "to_place": {expr: "x.name", sort: []string{"x.code"}}, "qty": plain("l.base"),
	})
	return v
}()

// serialsView is the way of each piece with a number of its own.
var serialsView = func() *view {
	v := stockLines("", map[string]col{
		"serial": plain("s.serial"),
		"now_in": {by: func(b *build) col {
			at := "(SELECT warehouse FROM serial_stock WHERE item = l.item AND serial = s.serial)"
			if b.placed() {
				at = "(SELECT warehouse FROM serial_stock WHERE item = l.item AND serial = s.serial" + b.andAt("warehouse") + ")"
			}
			return plain("(SELECT name FROM warehouse WHERE id = " + at + ")")
		}},
	})
	v.base = table("line_serial s CROSS JOIN document d ON d.key = s.doc CROSS JOIN line l ON l.doc = s.doc AND l.no = s.line")
	v.again, v.key, v.order = "", []string{"s.serial", "d.key", "l.no"}, []string{"s.serial", "d.date"}
	v.newest = false
	v.always = func(*build) string { return "d.status IN ('posted', 'reversed')" }
	v.filter[report.ByText] = words(asciiLower, func(b *build, w string) string {
		return "instr(lower(s.serial), " + w + ") > 0 OR " + lineWords(b, b.reuse(w))
	})
	return v
}()

// reuse binds the last word again, so that what looks at it finds it last.
func (b *build) reuse(string) string { return b.arg(b.args[len(b.args)-1]) }
