package store

import "tiezhang/app/report"

// The lists of master data.

var masterViews = map[string]*view{
	"items":      itemsView,
	"parties":    partiesView,
	"warehouses": warehousesView,
	"accounts":   accountsView,
	"users":      usersView,

	"employees":     employeesView,
	"categories":    categoriesView,
	"custom-fields": customFieldsView,
}

var itemsView = &view{
	custom: "i.custom",
	base:   table("item i"), key: []string{"i.id"}, again: "item i ON i.id = k.k0", ref: "i.id", order: []string{"i.code"},
	joins: []join{{"pool", "LEFT JOIN item_pool pool ON pool.item = i.id"}},
	cols: map[string]col{
		"code": plain("i.code"), "name": named("i"), "spec": plain("i.spec"), "unit": plain("i.unit"),
		"barcode":  plain("(SELECT code FROM item_barcode WHERE item = i.id ORDER BY no LIMIT 1)"),
		"category": plain("i.category"), "brand": plain("i.brand"),
		"retail": price("retail"), "wholesale": price("wholesale"), "purchase": price("purchase"),
		"member": price("member"), "floor": price("floor"), "min": plain("i.min"), "max": plain("i.max"),
		"track": plain("CASE i.track WHEN '' THEN 'none' ELSE i.track END"), "plu": plain("i.plu"),
		"on_hand": onHand, "status": merging("i"),
	},
	filter: map[report.Filter]func(*build) string{report.ByText: found("i"), report.ByCat: category, report.ByStatus: mergingIs("i")},
}

// onHand is what there is of an item where the person works.
var onHand = col{by: func(b *build) col {
	if !b.placed() {
		return plain("ifnull(pool.qty, 0)")
	}
	return plain("ifnull((SELECT sum(qty) FROM stock_balance WHERE item = i.id AND " + b.at("warehouse") + "), 0)")
}}

// merging is active for rows that can be merged: one that was taken over says so.
func merging(alias string) col {
	return col{expr: mergingText(alias), sort: []string{alias + ".disabled", "ifnull(" + alias + ".merged_into, 0) <> 0"}}
}

func mergingText(alias string) string {
	return "CASE WHEN " + alias + ".merged_into IS NOT NULL THEN 'merged' WHEN " + alias + ".disabled = 0 THEN 'active' ELSE 'disabled' END"
}

func mergingIs(alias string) func(*build) string {
	return func(b *build) string { return mergingText(alias) + " = " + b.arg(b.q.Status) }
}

// family lists a party with what it took over.
const family = "(SELECT f.id FROM party f WHERE f.id = p.id OR f.merged_into = p.id)"

// balanceOf gives a party's balance of an account, as a number to be shown. What
// a party took over counts as its own; the one taken over has nothing any more.
func balanceOf(sign, account string) col {
	return plain("CASE WHEN p.merged_into IS NULL THEN ifnull((SELECT " + sign + "sum(amount) FROM ledger_balance WHERE account = '" + account +
		"' AND cash = 0 AND party IN " + family + "), 0) ELSE 0 END")
}

var partiesView = &view{
	custom: "p.custom",
	base:   table("party p"), key: []string{"p.id"}, again: "party p ON p.id = k.k0", ref: "p.id", order: []string{"p.code"}, owner: "p.owner",
	cols: map[string]col{
		"code": plain("p.code"), "name": partyNamed("p"), "party_kind": plain("p.kind"), "contact": plain("p.contact"), "phone": plain("p.phone"),
		"receivable": balanceOf("", "1122"), "payable": balanceOf("-", "2202"),
		"credit": plain("p.credit"), "status": merging("p"), "level": plain("nullif(p.level, '')"), "card": plain("p.card"),
		"owner":  plain("(SELECT name FROM user WHERE id = p.owner)"),
		"points": plain("CASE WHEN p.merged_into IS NULL THEN ifnull((SELECT sum(points) FROM party_points WHERE party IN " + family + "), 0) ELSE 0 END"),
		"stored": balanceOf("-", "2203"), "bank_account": plain("p.bank_account"), "tax_no": plain("p.tax_no"),
	},
	filter: map[report.Filter]func(*build) string{report.ByText: foundParty("p"), report.ByKind: kinds("p.kind"), report.ByStatus: mergingIs("p")},
}

var employeesView = &view{
	base: table("employee e"), key: []string{"e.id"}, ref: "e.id", order: []string{"e.code"},
	cols: map[string]col{
		"code": plain("e.code"), "name": plain("e.name"), "phone": plain("e.phone"), "id_card": plain("e.id_card"), "bank_card": plain("e.bank_card"), "note": plain("e.note"), "status": active("e"),
		"user": plain("(SELECT name FROM user WHERE id = e.user)"),
	},
	filter: map[report.Filter]func(*build) string{report.ByText: within("e.code", "e.name"), report.ByStatus: activeIs("e")},
}

var categoriesView = &view{
	base: table("category c"), key: []string{"c.path"}, ref: "c.path", order: []string{"c.path"},
	cols: map[string]col{
		"category": plain("c.path"),
		"items":    plain("(SELECT count(*) FROM item i WHERE i.category = c.path OR substr(i.category, 1, length(c.path) + 1) = c.path || '/')"),
	},
}

var customFieldsView = &view{
	base: table("custom_field f"), key: []string{"f.id"}, ref: "f.id", order: []string{"f.entity", "f.sort"},
	cols: map[string]col{
		"name": plain("f.name"), "entity": plain("f.entity"), "field_type": plain("f.type"), "status": active("f"),
		"choices":  plain("(SELECT group_concat(value, ' / ') FROM json_each(f.choices))"),
		"required": yesNo("f.required"), "listed": yesNo("f.listed"), "searched": yesNo("f.searched"), "printed": yesNo("f.printed"),
	},
}

func yesNo(expr string) col {
	return col{expr: "CASE " + expr + " WHEN 0 THEN '' ELSE '\u221a' END", sort: []string{expr}}
}

var warehousesView = &view{
	base: table("warehouse w"), key: []string{"w.id"}, ref: "w.id", order: []string{"w.code"},
	cols: map[string]col{
		"code": plain("w.code"), "name": plain("w.name"), "status": active("w"),
		"items": plain("(SELECT count(*) FROM (SELECT 1 FROM stock_balance WHERE warehouse = w.id GROUP BY item HAVING sum(qty) <> 0))"),
	},
	filter: map[report.Filter]func(*build) string{report.ByText: within("w.code", "w.name"), report.ByPlace: inPlace("w.id")},
}

var accountsView = &view{
	base: table("account a"), key: []string{"a.id"}, ref: "a.id", order: []string{"a.code"},
	cols: map[string]col{
		"code": plain("a.code"), "name": plain("a.name"), "account_kind": plain("a.kind"), "status": active("a"),
		"balance": plain("ifnull((SELECT amount FROM ledger_balance WHERE account = '1001' AND party = 0 AND cash = a.id), 0)"),
	},
	filter: map[report.Filter]func(*build) string{report.ByText: within("a.code", "a.name")},
}

var usersView = &view{
	base: table("user u"), key: []string{"u.id"}, ref: "u.id", order: []string{"u.name"}, owner: "u.id",
	cols: map[string]col{
		"name": plain("u.name"), "role": plain("u.role"), "last_in": plain("nullif(u.last_in, 0)"), "status": active("u"),
	},
	filter: map[report.Filter]func(*build) string{report.ByText: within("u.name")},
}
