package store

import (
	"strings"

	"tiezhang/app/doc"
	"tiezhang/app/report"
)

// What was sold and bought, summed by whatever a row is to stand for.

// groupBy is one way to gather: key is the expression the rows are gathered by,
// join finds its words, and link narrows the details to one row.
type groupBy struct {
	key        string
	item       bool // the key is the item's: lines are needed
	join       string
	code, name col
	search     func(*build) string
	link       []string // SQL of filter, value pairs
	period     bool     // the key is a month or day
}

func partyGroup() groupBy {
	return groupBy{key: "ifnull((SELECT ifnull(merged_into, id) FROM party WHERE id = d.party), 0)", join: "LEFT JOIN party p ON p.id = s.g",
		code: plain("p.code"), name: partyNamed("p"), search: foundParty("p"), link: []string{"'party'", "p.code"}}
}

var groupings = map[string]groupBy{
	"item": {key: "l.item", item: true, join: "JOIN item i ON i.id = s.g", code: plain("i.code"), name: named("i"), search: found("i")},
	"category": {key: "i.category", item: true, code: plain("NULL"), name: col{expr: "nullif(s.g, '')", sort: []string{"s.g"}}, search: within("s.g"),
		link: []string{"'category'", "s.g"}},
	"customer": partyGroup(), "supplier": partyGroup(),
	"staff": {key: "ifnull(d.staff, 0)", join: "LEFT JOIN employee y ON y.id = s.g", code: plain("y.code"), name: plain("y.name"), search: within("y.code", "y.name"),
		link: []string{"'staff'", "y.code"}},
	"user": {key: "ifnull(d.created_by, 0)", join: "LEFT JOIN user u ON u.id = s.g", code: plain("NULL"), name: plain("u.name"), search: within("u.name"),
		link: []string{"'user'", "u.name"}},
	"warehouse": {key: "ifnull(d.warehouse, 0)", join: "LEFT JOIN warehouse w ON w.id = s.g", code: plain("NULL"), name: col{expr: "w.name", sort: []string{"w.code"}}, search: within("w.code", "w.name"),
		link: []string{"'warehouse'", "w.code"}},
	"month": {key: "d.date / 100", code: plain("NULL"), name: col{expr: "printf('%04d-%02d', s.g / 100, s.g % 100)", sort: []string{"s.g"}}, search: within("s.g"), period: true},
	"day":   {key: "d.date", code: plain("NULL"), name: col{expr: "printf('%04d-%02d-%02d', s.g / 10000, s.g / 100 % 100, s.g % 100)", sort: []string{"s.g"}}, search: within("s.g"), period: true},
}

// traded gathers the posted trade documents of a group of kinds. Sales by item
// or category that nothing but dates narrows are read from what is summed
// already.
func traded(b *build, g doc.Group, by groupBy, cost bool) string {
	key := by.key
	if key == "l.item" && b.anyMerged() {
		key = "ifnull((SELECT merged_into FROM item WHERE id = l.item), l.item)"
	}
	if g == doc.Selling && by.item && !b.placed() && b.q.Party == "" && b.q.OwnerOnly == 0 && (b.q.Category == "" || b.group == "item") {
		items := soldItems(b, cost)
		if key == "l.item" {
			where := ""
			if b.q.Category != "" {
				where = " WHERE g IN (SELECT i.id FROM item i WHERE " + category(b) + ")"
			}
			return "(SELECT * FROM " + items + where + ") s"
		}
		sum := "sum(x.qty) AS qty, sum(x.amount) AS amount, sum(x.bills) AS bills"
		if cost {
			sum += ", sum(x.cost) AS cost"
		}
		cond := ""
		if b.q.Category != "" {
			cond = " WHERE " + category(b)
		}
		return "(SELECT " + strings.ReplaceAll(key, "l.item", "i.id") + " AS g, " + sum + " FROM " + items + " x CROSS JOIN item i ON i.id = x.g" + cond + " GROUP BY 1) s"
	}
	return lineSums(b, g, by, key, cost) + " s"
}

// lineSums gathers documents, or where it must their lines.
func lineSums(b *build, g doc.Group, by groupBy, key string, cost bool) string {
	list := kindList(func(s doc.Spec) bool { return s.Group == g && s.Lines != doc.No && s.Trade != "" })
	cond := "d.status IN ('posted', 'reversed') AND +d.kind IN (" + list + ")"
	if d := dates("d.date")(b); d != "" {
		cond += " AND " + d
	}
	if b.q.Party != "" {
		cond += " AND " + is(report.ByParty, "d.party")(b)
	}
	cond += b.andDocPlace()
	if b.q.OwnerOnly != 0 {
		cond += " AND d.created_by = " + b.arg(b.q.OwnerOnly)
	}
	rows, from, sum := key+" AS g, ", "document d", ""
	if by.item || b.q.Category != "" {
		rows += lineQty + " AS qty, " + lineAmount + " AS amount"
		from += " CROSS JOIN line l ON l.doc = d.key"
		if b.q.Category != "" || strings.Contains(key, "i.") {
			from += " CROSS JOIN item i ON i.id = l.item"
		}
		if b.q.Category != "" {
			cond += " AND (" + category(b) + ")"
		}
		sum = "sum(qty) AS qty"
		if b.wants("bills") {
			rows += ", d.key AS doc"
			sum += ", count(DISTINCT doc) AS bills"
		} else {
			sum += ", 0 AS bills"
		}
		if cost {
			rows += ", " + lineCost + " AS cost"
		}
	} else { // whole documents: their lines need not be read
		rows += "d.total * (" + backSign + ") AS amount"
		sum = "NULL AS qty, count(*) AS bills"
		if cost {
			rows += ", -ifnull((SELECT sum(value) FROM move WHERE own_doc = d.key AND rule <> 'adjust'), 0) AS cost"
		}
	}
	if cost {
		sum += ", sum(cost) AS cost"
	}
	// LIMIT -1 keeps the two levels apart: the cost of a line is looked up while
	// its document is at hand, not after everything was sorted
	return "(SELECT g, " + sum + ", sum(amount) AS amount FROM (SELECT " + rows + " FROM " + from + " WHERE " + cond + " LIMIT -1) GROUP BY g)"
}

// anyMerged tells whether the shop has items that took over others.
func (b *build) anyMerged() bool {
	var n int
	err := b.t.get(`SELECT EXISTS (SELECT 1 FROM item WHERE merged_into IS NOT NULL)`, nil, &n)
	return err == nil && n != 0
}

// summary is the view of a summary by the group asked for. detail is the report
// its rows lead to, but items lead to their ledger.
func summary(g doc.Group, detail string, ranked bool) *view {
	return &view{by: func(b *build) *view {
		by := groupings[b.group]
		v := &view{
			base: func(b *build) string {
				s := traded(b, g, by, b.wants("cost_value", "margin", "margin_rate"))
				if by.join != "" {
					s += " " + by.join
				}
				return s
			},
			once: always, owned: true, key: []string{"s.g"}, order: by.code.order(by.name), ref: drill(b, detail, by),
			cols: map[string]col{
				"code": by.code, "name": by.name, "spec": plain("i.spec"), "unit": plain("i.unit"), "qty": plain("s.qty"), "bills": plain("s.bills"), "amount": plain("s.amount"),
				"cost_value": plain("s.cost"), "margin": plain("s.amount - s.cost"), "margin_rate": share("s.amount - s.cost", "s.amount"),
				"cost": unitCost("s.amount", "s.qty"), "share": share("s.amount", "sum(s.amount) OVER ()"),
				"rank": {expr: "row_number() OVER (ORDER BY s.amount DESC, s.g)", sort: []string{"-s.amount"}},
			},
			filter: map[report.Filter]func(*build) string{report.ByText: by.search},
		}
		switch {
		case ranked:
			v.order = []string{"-s.amount"}
		case by.period:
			v.order = []string{"s.g"}
		}
		return v
	}}
}

// order is by code, or by name where there are no codes.
func (c col) order(name col) []string {
	if c.expr != "NULL" {
		return []string{c.expr}
	}
	if name.sort != nil {
		return name.sort
	}
	return []string{name.expr}
}

// drill is the reference of a row: a link to the details it sums up. A row for
// nobody (no customer, no staff) leads nowhere.
func drill(b *build, detail string, by groupBy) string {
	if b.group == "item" {
		return "'stock-ledger?item=' || " + escaped("i.code") + periodLink(b)
	}
	if by.period {
		last := "s.g"
		first := "s.g"
		if b.group == "month" {
			first, last = "s.g * 100 + 1", "s.g * 100 + 31"
		}
		return "'" + detail + "?from=' || (" + first + ") || '&to=' || (" + last + ")"
	}
	value := by.link[1]
	return "CASE WHEN ifnull(" + value + ", '') = '' THEN '' ELSE '" + detail + "?' || " + by.link[0] + " || '=' || " + escaped(value) + periodLink(b) + " END"
}

// periodLink carries the dates along. They are numbers, so nothing is bound.
func periodLink(b *build) string {
	s := ""
	if b.q.From != 0 {
		s += " || '&from=" + itoa(int64(b.q.From)) + "'"
	}
	if b.q.To != 0 {
		s += " || '&to=" + itoa(int64(b.q.To)) + "'"
	}
	return s
}

// escaped keeps a value whole inside a link.
func escaped(expr string) string {
	for _, r := range [][2]string{{"%", "%25"}, {"&", "%26"}, {"+", "%2B"}, {"=", "%3D"}, {";", "%3B"}, {"#", "%23"}} {
		expr = "replace(" + expr + ", '" + r[0] + "', '" + r[1] + "')"
	}
	return expr
}

var (
	salesSummary    = summary(doc.Selling, "sales-detail", false)
	salesRanking    = summary(doc.Selling, "sales-detail", true)
	purchaseSummary = summary(doc.Purchasing, "purchase-detail", false)
)
