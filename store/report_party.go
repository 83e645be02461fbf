package store

import (
	"strings"

	"tiezhang/app/doc"
	"tiezhang/app/report"
)

// What one party was charged and paid, how old what is owed is, and what
// members hold.

// statementRows are the documents of a party that changed what it owes, with
// what it owed before. A party that took over others speaks for them all.
func statementRows(b *build, account doc.AccountCode, sign string) string {
	party := is(report.ByParty, "e.party")(b)
	where := "e.account = '" + string(account) + "' AND e.party <> 0 AND " + party
	rows := "SELECT e.doc, e.date, " + sign + "sum(e.amount) AS net, 0 AS opening FROM entry e WHERE " + where
	if d := dates("e.date")(b); d != "" {
		rows += " AND " + d
	}
	rows += " GROUP BY e.doc, e.date"
	if b.q.From != 0 {
		from := b.arg(int64(b.q.From))
		rows = "SELECT 0 AS doc, " + from + " AS date, ifnull(" + sign + "sum(e.amount), 0) AS net, 1 AS opening FROM entry e WHERE " + where + " AND e.date < " + from + " UNION ALL " + rows
	}
	return rows
}

func statement(account doc.AccountCode, sign string) *view {
	spot := "ifnull((SELECT sum(amount) FROM payment WHERE doc = s.doc), 0) * (" + backSign + ")"
	pays := "d.kind IN (" + kindList(func(s doc.Spec) bool { return s.Allocates }) + ")"
	return &view{
		base: func(b *build) string {
			return "(SELECT x.*, sum(x.net) OVER (ORDER BY x.date, x.opening DESC, x.doc) AS after FROM (" + statementRows(b, account, sign) + ") x) s LEFT JOIN document d ON d.key = s.doc"
		},
		key: []string{"s.doc"}, ref: "ifnull(d.id, '')", order: []string{"s.date", "1 - s.opening"}, once: always,
		cols: map[string]col{
			"date": {expr: "s.date", sort: []string{"s.date", "1 - s.opening"}}, "number": plain("d.number"), "kind": plain("ifnull(d.kind, 'opening')"), "due": plain("nullif(d.due, 0)"),
			"charge":  plain("CASE WHEN s.opening = 1 OR " + pays + " THEN NULL ELSE s.net + " + spot + " END"),
			"paid":    plain("CASE WHEN s.opening = 1 THEN NULL WHEN " + pays + " THEN -s.net ELSE nullif(" + spot + ", 0) END"),
			"balance": plain("s.after"), "note": plain("d.note"),
		},
		filter: map[report.Filter]func(*build) string{},
	}
}

// ageing is what parties owe (or are owed) by how long it is due. Payments that
// settle nothing yet stand against it in a column of their own, so that the row
// adds up to the balance.
var ageing = &view{by: func(b *build) *view {
	account, detail := doc.AccReceivable, "receivable-statement"
	if b.group == "payable" {
		account, detail = doc.AccPayable, "payable-statement"
	}
	return &view{
		base: func(b *build) string {
			list := kindList(func(s doc.Spec) bool { return s.Trade == account })
			open := "(d.total - d.settled) * (" + backSign + ")"
			now := b.today()
			late := func(n int) string { return itoa(int64(now.AddDays(-n))) }
			due := "CASE WHEN d.due <> 0 THEN d.due ELSE d.date END"
			age := func(from, to string) string {
				c := "x.open > 0"
				if from != "" {
					c += " AND x.due >= " + from
				}
				if to != "" {
					c += " AND x.due < " + to
				}
				return "sum(CASE WHEN " + c + " THEN x.open ELSE 0 END)"
			}
			cond := "d.status = 'posted' AND d.total <> d.settled AND +d.kind IN (" + list + ")"
			if b.q.Party != "" {
				cond += " AND " + is(report.ByParty, "d.party")(b)
			}
			if b.q.OwnerOnly != 0 {
				cond += " AND d.party IN (SELECT id FROM party WHERE owner = " + b.arg(b.q.OwnerOnly) + ")"
			}
			return "(SELECT party, sum(x.open) AS balance, " + age(late(0), "") + " AS a0, " + age(late(30), late(0)) + " AS a1, " + age(late(60), late(30)) + " AS a2, " + age(late(90), late(60)) + " AS a3, " + age("", late(90)) +
				" AS a4, sum(CASE WHEN x.open < 0 THEN x.open ELSE 0 END) AS unused, min(CASE WHEN x.open > 0 THEN x.due END) AS oldest FROM (SELECT ifnull((SELECT merged_into FROM party WHERE id = d.party), d.party) AS party, " + open + " AS open, " + due +
				" AS due FROM document d WHERE " + cond + ") x GROUP BY party) s JOIN party p ON p.id = s.party"
		},
		once: always, owned: true, key: []string{"p.id"}, order: []string{"p.code"}, ref: "'" + detail + "?party=' || " + escaped("p.code"),
		cols: map[string]col{
			"code": plain("p.code"), "name": partyNamed("p"), "balance": plain("s.balance"), "not_due": plain("s.a0"), "late30": plain("s.a1"), "late60": plain("s.a2"), "late90": plain("s.a3"), "late_more": plain("s.a4"),
			"unused": plain("s.unused"), "oldest": plain("s.oldest"),
		},
		filter: map[report.Filter]func(*build) string{report.ByText: foundParty("p")},
	}
}}

// memberFlow are the documents that moved points or stored value.
var memberFlow = &view{
	base: table("(SELECT doc, sum(stored) AS stored FROM (SELECT key AS doc, 0 AS stored FROM document WHERE points <> 0 OR points_used <> 0 UNION ALL SELECT doc, -amount FROM entry WHERE party <> 0 AND account = '" + string(doc.AccStored) + "') GROUP BY doc) s CROSS JOIN document d ON d.key = s.doc"),
	key:  []string{"d.key"}, ref: "d.id", order: []string{"d.date"}, newest: true, joins: docJoins[2:], owner: "d.created_by",
	always: func(*build) string { return "d.status IN ('posted', 'reversed')" },
	cols: map[string]col{
		"date": plain("d.date"), "number": plain("d.number"), "kind": plain("d.kind"), "card": plain("p.card"), "party": partyName,
		"points": plain("nullif(d.points, 0)"), "points_used": plain("nullif(d.points_used, 0)"),
		"stored_in": plain("CASE WHEN s.stored > 0 THEN s.stored END"), "stored_out": plain("CASE WHEN s.stored < 0 THEN -s.stored END"), "user": plain("u.name"),
	},
	filter: map[report.Filter]func(*build) string{
		report.FromTo: dates("d.date"), report.ByParty: is(report.ByParty, "d.party"), report.ByPlace: docPlace,
		report.ByText: words(asciiLower, func(b *build, w string) string {
			return docWords(b, w) + " OR d.party IN (SELECT id FROM party WHERE instr(lower(card), " + w + ") > 0)"
		}),
	},
}

// incomeExpense are the bills of income and cost that are no trade.
var incomeExpense = &view{by: func(b *build) *view {
	costs := kindList(func(s doc.Spec) bool { return s.Category == doc.Must && s.CashSign < 0 })
	incomes := kindList(func(s doc.Spec) bool { return s.Category == doc.Must && s.CashSign > 0 })
	cond := "d.status IN ('posted', 'reversed') AND d.kind IN (" + costs + ", " + incomes + ")"
	income, expense := "CASE WHEN d.kind IN ("+incomes+") THEN d.total ELSE 0 END", "CASE WHEN d.kind IN ("+costs+") THEN d.total ELSE 0 END"
	if b.group == "bill" {
		return &view{
			base: table("document d"), key: []string{"d.key"}, ref: "d.id", order: []string{"d.date"}, newest: true, owner: "d.created_by",
			joins:  append([]join{{"a", "LEFT JOIN account a ON a.id = d.account"}}, docJoins[2:]...),
			always: func(*build) string { return cond },
			cols: map[string]col{
				"date": plain("d.date"), "number": plain("d.number"), "kind": plain("d.kind"), "name": plain("d.category"), "account": plain("a.name"), "party": partyName,
				"income": plain("nullif(" + income + ", 0)"), "expense": plain("nullif(" + expense + ", 0)"), "user": plain("u.name"), "note": plain("d.note"),
			},
			filter: map[report.Filter]func(*build) string{
				report.FromTo: dates("d.date"), report.ByAccount: is(report.ByAccount, "d.account"),
				report.ByText: words(asciiLower, func(b *build, w string) string { return docWords(b, w) + " OR instr(lower(d.category), " + w + ") > 0" }),
			},
		}
	}
	key := map[string]string{"category": "d.category", "month": "d.date / 100", "account": "ifnull(d.account, 0)"}[b.group]
	name := map[string]string{"category": "s.g", "month": "printf('%04d-%02d', s.g / 100, s.g % 100)", "account": "(SELECT name FROM account WHERE id = s.g)"}[b.group]
	return &view{
		base: func(b *build) string {
			c := []string{cond}
			if d := dates("d.date")(b); d != "" {
				c = append(c, d)
			}
			if b.q.Account != "" {
				c = append(c, is(report.ByAccount, "d.account")(b))
			}
			if b.q.OwnerOnly != 0 {
				c = append(c, "d.created_by = "+b.arg(b.q.OwnerOnly))
			}
			return "(SELECT " + key + " AS g, count(*) AS bills, sum(" + income + ") AS income, sum(" + expense + ") AS expense FROM document d WHERE " + strings.Join(c, " AND ") + " GROUP BY 1) s"
		},
		once: always, owned: true, key: []string{"s.g"}, ref: "''", order: []string{"s.g"},
		cols:   map[string]col{"name": {expr: name, sort: []string{"s.g"}}, "bills": plain("s.bills"), "income": plain("s.income"), "expense": plain("s.expense")},
		filter: map[report.Filter]func(*build) string{report.ByText: within(name)},
	}
}}
