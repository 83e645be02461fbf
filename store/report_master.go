package store

import "tiezhang/app/report"

// The lists of master data.

var masterViews = map[string]*view{
	"items":      itemsView,
	"parties":    partiesView,
	"warehouses": warehousesView,
	"accounts":   accountsView,
	"users":      usersView,
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
		"on_hand": plain("ifnull(pool.qty, 0)"), "status": active("i"),
	},
	filter: map[report.Filter]func(*build) string{report.ByText: found("i"), report.ByCat: category, report.ByStatus: activeIs("i")},
}

// balanceOf gives a party's balance of an account, as a number to be shown.
func balanceOf(sign, account string) col {
	return plain("ifnull((SELECT " + sign + "amount FROM ledger_balance WHERE account = '" + account + "' AND party = p.id AND cash = 0), 0)")
}

var partiesView = &view{
	custom: "p.custom",
	base:   table("party p"), key: []string{"p.id"}, again: "party p ON p.id = k.k0", ref: "p.id", order: []string{"p.code"}, owner: "p.owner",
	cols: map[string]col{
		"code": plain("p.code"), "name": named("p"), "party_kind": plain("p.kind"), "contact": plain("p.contact"), "phone": plain("p.phone"),
		"receivable": balanceOf("", "1122"), "payable": balanceOf("-", "2202"),
		"credit": plain("p.credit"), "status": active("p"),
	},
	filter: map[report.Filter]func(*build) string{report.ByText: found("p"), report.ByKind: kinds("p.kind"), report.ByStatus: activeIs("p")},
}

var warehousesView = &view{
	base: table("warehouse w"), key: []string{"w.id"}, ref: "w.id", order: []string{"w.code"},
	cols: map[string]col{
		"code": plain("w.code"), "name": plain("w.name"), "status": active("w"),
		"items": plain("(SELECT count(*) FROM (SELECT 1 FROM stock_balance WHERE warehouse = w.id GROUP BY item HAVING sum(qty) <> 0))"),
	},
	filter: map[report.Filter]func(*build) string{report.ByText: within("w.code", "w.name")},
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
