package store

import (
	"encoding/json"
	"strings"
	"time"

	"tiezhang/app/day"
	"tiezhang/app/oplog"
	"tiezhang/app/report"
)

// views holds one view for every report.Spec; a test holds the two together.
var views = map[string]*view{
	"items":           itemsView,
	"parties":         partiesView,
	"warehouses":      warehousesView,
	"accounts":        accountsView,
	"users":           usersView,
	"log":             logView,
	"documents":       documentsView,
	"open-documents":  openView,
	"sales-detail":    salesDetail,
	"purchase-detail": purchaseDetail,
	"sales-summary":   salesSummary,
	"stock-balance":   stockBalance,
	"stock-ledger":    stockLedger,
	"stock-alert":     stockAlert,
	"receivables":     receivables,
	"payables":        payables,
	"cash-flow":       cashFlow,
	"profit":          profit,
}

var itemsView = &view{
	base: table("item i"), key: []string{"i.id"}, again: "item i ON i.id = k.k0", ref: "i.id", order: []string{"i.code"},
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
	base: table("party p"), key: []string{"p.id"}, again: "party p ON p.id = k.k0", ref: "p.id", order: []string{"p.code"}, owner: "p.owner",
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

var logView = &view{
	base: table("oplog l"), key: []string{"l.seq"}, again: "oplog l ON l.seq = k.k0", ref: "l.seq", newest: true, owner: "l.uid",
	cols: map[string]col{
		"seq": plain("l.seq"), "time": {expr: "l.time / 1000", sort: []string{"l.time"}}, "user": plain("l.user"), "role": plain("l.role"),
		"action": plain("l.action"), "object": plain("l.object"), "result": plain("l.result"), "detail": plain("l.detail"),
		"chain": {raw: []string{"l.hash"}, sort: []string{"l.hash"}, fill: func(_ *build, raw []any) (report.Value, error) {
			var h [32]byte
			b, _ := raw[0].([]byte)
			copy(h[:], b)
			return report.T(oplog.Head(h)), nil
		}},
	},
	filter: map[report.Filter]func(*build) string{
		report.FromTo: logDates, report.ByText: words(asciiLower, logMatch), report.ByKind: kinds("l.action"),
		report.ByUser: is(report.ByUser, "l.uid"),
	},
}

// logDates turns days into moments of the shop's clock.
func logDates(b *build) string {
	ms := func(d day.Date) int64 {
		t := d.Time()
		return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, b.t.s.now().Location()).UnixMilli()
	}
	var c []string
	if b.q.From != 0 {
		c = append(c, "l.time >= "+b.arg(ms(b.q.From)))
	}
	if b.q.To != 0 {
		c = append(c, "l.time < "+b.arg(ms(b.q.To.AddDays(1))))
	}
	return strings.Join(c, " AND ")
}

// logMatch looks at the bytes as they are first: taking the columns out of
// every entry would cost far more. The word is escaped as the bytes are.
func logMatch(b *build, w string) string {
	word, _ := b.args[len(b.args)-1].(string)
	esc, _ := json.Marshal(word) // a string never fails
	fast := b.arg(asciiLower(string(esc[1 : len(esc)-1])))
	c := make([]string, 0, 4)
	for _, e := range []string{"l.user", "l.action", "l.object", "l.detail"} {
		c = append(c, "instr(lower("+e+"), "+w+") > 0")
	}
	return "instr(lower(l.bytes), " + fast + ") > 0 AND (" + strings.Join(c, " OR ") + ")"
}
