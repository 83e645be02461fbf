package store

import (
	"strings"

	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/report"
)

// Documents and their lines.

var docJoins = []join{
	{"d", "JOIN document d ON d.key = l.doc"},
	{"i", "JOIN item i ON i.id = l.item"},
	{"p", "LEFT JOIN party p ON p.id = d.party"},
	{"w", "LEFT JOIN warehouse w ON w.id = d.warehouse"},
	{"u", "LEFT JOIN user u ON u.id = d.created_by"},
	{"e", "LEFT JOIN employee e ON e.id = d.staff"},
}

// docKinds narrows to kinds. Where the list is in order of dates and there are
// several kinds, the index by date must be walked (the + keeps the other one
// away): it gives the first page without sorting everything.
func docKinds(b *build) string {
	expr := "d.kind"
	if len(b.q.Kinds) > 1 && (b.q.Sort == "" || b.q.Sort == "date") && b.q.Party == "" {
		expr = "+d.kind"
	}
	return kinds(expr)(b)
}

// docWords looks at number, note and party.
func docWords(b *build, w string) string {
	return "instr(lower(d.number), " + w + ") > 0 OR instr(lower(d.note), " + w + ") > 0 OR d.party IN (SELECT id FROM party f WHERE instr(" + b.partyText("f") + ", " + b.folded() + ") > 0" + b.partyFound() + ")"
}

// partyFound keeps a search from telling names that are not shown.
func (b *build) partyFound() string {
	if seen := b.partySeen("f", "d"); seen != "" {
		return " AND " + seen
	}
	return ""
}

// folded gives the word just bound once more, folded as search texts are.
func (b *build) folded() string {
	w, _ := b.args[len(b.args)-1].(string)
	return b.arg(strings.ToLower(w))
}

// stillOpen is what of a document is not settled yet; nothing for kinds that
// nobody owes.
var stillOpen = "CASE WHEN d.status IN ('posted', 'reversed') AND d.kind IN (" + owedKinds + ") THEN d.total - d.settled END"

var documentsView = &view{
	custom: "d.custom",
	base:   table("document d"), key: []string{"d.key"}, again: "document d ON d.key = k.k0", ref: "d.id",
	joins: docJoins[2:], order: []string{"d.date"}, newest: true, owner: "d.created_by",
	cols: map[string]col{
		"date": plain("nullif(d.date, 0)"), "number": plain("d.number"), "kind": plain("d.kind"), "party": partyName, "warehouse": plain("w.name"),
		"lines": plain("d.lines"), "total": plain("d.total"), "settled": plain("d.settled"), "open": {expr: stillOpen, sum: "CASE WHEN d.total <> d.settled THEN " + stillOpen + " END"},
		"user": plain("u.name"), "status": plain("d.status"), "note": plain("d.note"),
	},
	always: func(b *build) string {
		if b.q.Status == "" {
			return "d.status <> 'void'" // thrown away; seen when asked for
		}
		return ""
	},
	filter: map[report.Filter]func(*build) string{
		report.FromTo: dates("d.date"), report.ByText: words(asciiLower, docWords), report.ByKind: docKinds,
		report.ByParty:  is(report.ByParty, "d.party"),
		report.ByPlace:  docPlace,
		report.ByStatus: func(b *build) string { return "d.status = " + b.arg(b.q.Status) },
	},
}

// partyName is the name of a document's party, for those who may know it: a
// storekeeper sees what came in, and not from whom.
var partyName = col{by: func(b *build) col {
	seen := b.partySeen("p", "d")
	if seen == "" {
		return b.partyNamed("p")
	}
	c := b.partyNamed("p")
	then := func(e string) string { return "CASE WHEN " + seen + " THEN " + e + " END" }
	for i := range c.sort {
		c.sort[i] = then(c.sort[i])
	}
	c.expr = then(c.expr)
	return c
}}

// partySeen tells of which parties a person may be told the name; "" of all. What
// somebody made themselves they know. The IDs are ours, so nothing is bound.
func (b *build) partySeen(p, d string) string {
	u, me := b.q.Unseen, itoa(b.q.Me)
	if !u.Customers && !u.Others && !u.Suppliers {
		return ""
	}
	seen := "0"
	if d != "" {
		seen = d + ".created_by = " + me
	}
	switch {
	case u.Customers:
	case u.Others:
		seen += " OR " + p + ".kind <> 'supplier' AND " + p + ".owner = " + me
	default:
		seen += " OR " + p + ".kind <> 'supplier'"
	}
	if !u.Suppliers {
		seen += " OR " + p + ".kind <> 'customer'"
	}
	return "(" + seen + ")"
}

// backSign turns what takes back (returns) round, so that a column adds up to
// what is owed or was sold.
var backSign = "CASE WHEN d.kind IN (" + backKinds + ") THEN -1 ELSE 1 END"

// openDocs picks what waits for money. The + keeps the index by kind away: it
// would read what is paid too.
var openDocs = "d.status = 'posted' AND d.total <> d.settled AND +d.kind IN (" + owedKinds + ")"

var openView = &view{
	base: table("document d"), key: []string{"d.key"}, again: "document d ON d.key = k.k0", ref: "d.id",
	joins: docJoins[2:], order: []string{"d.date"}, owner: "d.created_by",
	cols: map[string]col{
		"date": plain("d.date"), "number": plain("d.number"), "kind": plain("d.kind"), "party": partyName,
		"total": plain("d.total * (" + backSign + ")"), "settled": plain("d.settled * (" + backSign + ")"), "open": plain("(d.total - d.settled) * (" + backSign + ")"),
		"days": {raw: []string{"d.date"}, sort: []string{"-d.date"}, fill: func(b *build, raw []any) (report.Value, error) {
			return report.N(b.today().Sub(day.Date(num(raw[0])))), nil //nolint:gosec // stored as a date
		}},
	},
	always: func(*build) string { return openDocs },
	filter: map[report.Filter]func(*build) string{report.ByKind: kinds("+d.kind"), report.ByParty: is(report.ByParty, "d.party"), report.ByPlace: docPlace},
}

// tradeLines are the lines of posted documents of a group.
func tradeLines(g doc.Group) (base func(*build) string, always func(*build) string) {
	list := kindList(func(s doc.Spec) bool { return s.Group == g && s.Lines != doc.No && s.Trade != "" })
	return table("document d CROSS JOIN line l ON l.doc = d.key"),
		func(b *build) string {
			kind := "d.kind"
			if len(b.q.Kinds) != 1 && (b.q.Sort == "" || b.q.Sort == "date") {
				kind = "+d.kind"
			}
			return "d.status IN ('posted', 'reversed') AND " + kind + " IN (" + list + ")"
		}
}

// lineCost is what the goods of a line were worth, restatements included: what
// went out counts as cost, what came back as less.
const lineCost = "-ifnull((SELECT sum(value) FROM move WHERE own_doc = l.doc AND own_line = l.no AND rule <> 'adjust'), 0)"

var (
	lineQty    = "l.base * (" + backSign + ")"
	lineAmount = "(l.gross - l.share) * (" + backSign + ")"
)

// basePrice gives the price of a base unit: quantities are shown in it, so that
// they can be summed.
var basePrice = col{raw: []string{"l.price", "l.num", "l.den"}, sort: []string{"l.price * 1.0 * l.den / l.num"}, fill: func(_ *build, raw []any) (report.Value, error) {
	p, err := amount.MulDiv(num(raw[0]), num(raw[2]), num(raw[1]))
	if err != nil { // beyond what a price can say
		return report.Nil(), nil
	}
	return report.N(p), nil
}}

func detail(g doc.Group, extra map[string]col) *view {
	base, always := tradeLines(g)
	v := &view{
		base: func(b *build) string {
			if b.q.Item != "" { // the lines of one item lead to few documents
				return "line l CROSS JOIN document d ON d.key = l.doc"
			}
			return base(b)
		},
		always: always, key: []string{"d.key", "l.no"}, again: "line l ON l.doc = k.k0 AND l.no = k.k1", ref: "d.id",
		joins: docJoins, order: []string{"d.date"}, owner: "d.created_by",
		cols: map[string]col{
			"date": plain("d.date"), "number": plain("d.number"), "kind": plain("d.kind"), "party": partyName,
			"code": plain("i.code"), "name": named("i"), "spec": plain("i.spec"), "unit": plain("i.unit"),
			"qty": plain(lineQty), "price": basePrice, "amount": plain(lineAmount), "user": plain("u.name"), "staff": plain("e.name"),
		},
		filter: map[report.Filter]func(*build) string{
			report.FromTo: dates("d.date"), report.ByItem: is(report.ByItem, "l.item"), report.ByParty: is(report.ByParty, "d.party"),
			report.ByPlace: docPlace, report.ByCat: category, report.ByKind: kinds("d.kind"), report.ByUser: is(report.ByUser, "d.created_by"), report.ByStaff: is(report.ByStaff, "d.staff"),
			report.ByText: words(asciiLower, func(b *build, w string) string {
				return docWords(b, w) + " OR instr(lower(l.note), " + w + ") > 0 OR l.item IN (SELECT id FROM item WHERE instr(search, " + b.folded() + ") > 0)"
			}),
		},
	}
	for k, c := range extra {
		v.cols[k] = c
	}
	return v
}

// costOfSales is the total cost of a period as the ledger has it. It is the sum
// of the lines' costs, found without visiting each of them; any filter but the
// dates wants the lines.
func costOfSales(b *build) string {
	q := b.q
	if q.Search != "" || q.Item != "" || q.Party != "" || b.placed() || q.Category != "" || q.User != "" || q.Staff != "" || len(q.Kinds) > 0 || q.OwnerOnly != 0 {
		return ""
	}
	cond := "account = '" + string(doc.AccCOGS) + "'"
	if d := dates("date")(b); d != "" {
		cond += " AND " + d
	}
	return "(SELECT ifnull(sum(amount), 0) FROM entry WHERE " + cond + ")"
}

// salesTotals are the totals of all lines of a period, without visiting them:
// documents know how many lines they have and what they come to.
func salesTotals(b *build) (from string, exprs map[string]string) {
	cost := costOfSales(b)
	if cost == "" {
		return "", nil
	}
	cond := "d.status IN ('posted', 'reversed') AND +d.kind IN (" + saleKinds + ")"
	if d := dates("d.date")(b); d != "" {
		cond += " AND " + d
	}
	amount := "ifnull(sum(d.total * (" + backSign + ")), 0)"
	return "document d WHERE " + cond, map[string]string{"": "ifnull(sum(d.lines), 0)", "amount": amount, "cost_value": cost, "margin": amount + " - " + cost,
		"qty": "(SELECT ifnull(sum(qty), 0) FROM " + soldItems(b, false) + ")"}
}

var salesDetail = func() *view {
	v := detail(doc.Selling, map[string]col{
		"cost_value": {expr: lineCost, whole: costOfSales},
		"margin": {expr: lineAmount + " - (" + lineCost + ")", whole: func(b *build) string {
			if c := costOfSales(b); c != "" {
				return "ifnull(sum(" + lineAmount + "), 0) - " + c
			}
			return ""
		}},
		"margin_rate": share(lineAmount+" - ("+lineCost+")", lineAmount),
	})
	v.sums = salesTotals
	return v
}()

var purchaseDetail = detail(doc.Purchasing, nil)

// soldBy gives quantity, amount and cost of what was sold, by item. The cost is
// read only when somebody may see it.
func soldBy(b *build, from, to int64, cost bool) string {
	list := kindList(func(s doc.Spec) bool { return s.Group == doc.Selling && s.Lines != doc.No && s.Trade != "" })
	cond := "d.status IN ('posted', 'reversed') AND d.kind IN (" + list + ")"
	if from != 0 {
		cond += " AND d.date >= " + b.arg(from)
	}
	if to != 0 {
		cond += " AND d.date <= " + b.arg(to)
	}
	if b.q.OwnerOnly != 0 {
		cond += " AND d.created_by = " + b.arg(b.q.OwnerOnly)
	}
	cond += b.andAt("d.warehouse")
	rows, sum := "l.item, "+lineQty+" AS qty, "+lineAmount+" AS amount", ""
	if cost {
		rows += ", " + lineCost + " AS cost"
		sum = ", sum(cost) AS cost"
	}
	// LIMIT -1 keeps the two levels apart: the cost of a line is looked up while
	// its document is at hand, not after everything was sorted by item
	return "(SELECT item, sum(qty) AS qty, sum(amount) AS amount" + sum + " FROM (SELECT " + rows +
		" FROM document d CROSS JOIN line l ON l.doc = d.key WHERE " + cond + " LIMIT -1) GROUP BY item) s"
}

func always(*build) bool { return true }
