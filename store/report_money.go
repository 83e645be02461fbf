package store

import (
	"strings"

	"tiezhang/app/doc"
	"tiezhang/app/report"
)

// What is owed, what was paid, what was earned.

// owedBy is the view of one party account: sign makes what the report is about
// positive.
func owedBy(account doc.AccountCode, sign string) *view {
	list := kindList(func(s doc.Spec) bool { return s.Trade == account && !s.Allocates && tradeSign(s) > 0 })
	return &view{
		base: table("party p LEFT JOIN ledger_balance g ON g.account = '" + string(account) + "' AND g.party = p.id AND g.cash = 0"),
		key:  []string{"p.id"}, ref: "p.id", order: []string{"p.code"}, owner: "p.owner",
		cols: map[string]col{
			"code": plain("p.code"), "name": partyNamed("p"), "balance": plain("ifnull(" + sign + "g.amount, 0)"), "credit": plain("p.credit"),
			"oldest": plain("(SELECT min(date) FROM document WHERE party = p.id AND kind IN (" + list + ") AND status = 'posted' AND total <> settled)"),
		},
		filter: map[report.Filter]func(*build) string{
			report.ByText: foundParty("p"),
			report.ByZero: func(*build) string { return "ifnull(g.amount, 0) <> 0" },
		},
	}
}

var (
	receivables = owedBy(doc.AccReceivable, "")
	payables    = owedBy(doc.AccPayable, "-")
)

// came tells money in from money out. A reversal stays in the column of what
// it takes back, with a minus, as red ink does.
const came = "(e.amount > 0) <> (d.reverses IS NOT NULL)"

var cashFlow = &view{
	base: table("entry e CROSS JOIN document d ON d.key = e.doc"), key: []string{"e.seq"}, ref: "d.id",
	joins: []join{docJoins[2], {"a", "LEFT JOIN account a ON a.id = e.cash"}}, order: []string{"e.date"}, owner: "d.created_by",
	cols: map[string]col{
		"date": plain("e.date"), "number": plain("d.number"), "kind": plain("d.kind"), "account": plain("a.name"), "party": partyName,
		"money_in":  plain("CASE WHEN " + came + " THEN e.amount END"),
		"money_out": plain("CASE WHEN NOT (" + came + ") THEN -e.amount END"),
		"category":  plain("d.category"), "note": plain("d.note"),
	},
	always: func(*build) string { return "e.account = '" + string(doc.AccCash) + "' AND e.cash <> 0" },
	filter: map[report.Filter]func(*build) string{report.FromTo: dates("e.date"), report.ByAccount: is(report.ByAccount, "e.cash")},
}

// earned are the columns of the profit statement: the accounts each sums, with
// the sign that makes it read as its title says.
var earned = []struct{ key, sum string }{
	{"revenue", "-" + string(doc.AccRevenue)},
	{"cogs", "+" + string(doc.AccCOGS)},
	{"gross", "-" + string(doc.AccRevenue) + " -" + string(doc.AccCOGS)},
	{"cost_adjust", "+" + string(doc.AccCostAdj)},
	{"losses", "+" + string(doc.AccLoss)},
	{"expenses", "+" + string(doc.AccExpense)},
	{"other_income", "-" + string(doc.AccOtherInc)},
	{"profit", "-" + string(doc.AccRevenue) + " -" + string(doc.AccCOGS) + " -" + string(doc.AccCostAdj) + " -" + string(doc.AccLoss) + " -" + string(doc.AccExpense) + " -" + string(doc.AccOtherInc)},
}

// profit reads only the accounts of the columns asked for: the others are
// not this person's to see. Credits are negative in the books, so profit is
// minus the sum of all accounts of income and cost.
var profit = &view{
	base: func(b *build) string {
		accounts := map[string]bool{}
		var sums, list []string
		for _, e := range earned {
			if !b.wants(e.key) {
				continue
			}
			var terms []string
			for _, f := range strings.Fields(e.sum) {
				sign, acc := f[:1], f[1:]
				terms = append(terms, sign+"CASE account WHEN '"+acc+"' THEN amount ELSE 0 END")
				if !accounts[acc] {
					accounts[acc] = true
					list = append(list, "'"+acc+"'")
				}
			}
			sums = append(sums, "sum("+strings.Join(terms, " ")+") AS "+e.key)
		}
		if len(sums) == 0 { // the months alone
			list = []string{"'" + string(doc.AccRevenue) + "'"}
			sums = []string{"NULL AS none"}
		}
		cond := "account IN (" + strings.Join(list, ", ") + ")"
		if d := dates("date")(b); d != "" {
			cond += " AND " + d
		}
		// by date and account first, in the order of the index
		return "(SELECT date / 100 AS month, " + strings.Join(sums, ", ") + " FROM (SELECT account, date, sum(amount) AS amount FROM entry WHERE " + cond +
			" GROUP BY date, account) GROUP BY date / 100) s"
	},
	once: always, key: []string{"s.month"}, ref: "''", order: []string{"s.month"},
	cols: map[string]col{
		"month": {expr: "printf('%04d-%02d', s.month / 100, s.month % 100)", sort: []string{"s.month"}}, "revenue": plain("s.revenue"), "cogs": plain("s.cogs"), "gross": plain("s.gross"),
		"cost_adjust": plain("s.cost_adjust"), "losses": plain("s.losses"), "expenses": plain("s.expenses"),
		"other_income": plain("s.other_income"), "profit": plain("s.profit"),
	},
}
