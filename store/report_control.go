package store

import (
	"strings"
	"time"

	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/report"
)

// What is out of the ordinary, what touched a closed month, and the day's sums.

// midnight is the moment a day begins on the shop's clock, in Unix seconds.
func (b *build) midnight(d day.Date) int64 {
	t := d.Time()
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, b.t.s.now().Location()).Unix()
}

// moments narrows a column of Unix seconds (times by: milliseconds) to the days
// asked for.
func (b *build) moments(expr string, times int64) string {
	c := []string{"1"}
	if b.q.From != 0 {
		c = append(c, expr+" >= "+b.arg(b.midnight(b.q.From)*times))
	}
	if b.q.To != 0 {
		c = append(c, expr+" < "+b.arg(b.midnight(b.q.To.AddDays(1))*times))
	}
	return strings.Join(c, " AND ")
}

// dayAt gives the day of a moment on the shop's clock.
func (b *build) dayAt(expr string) string {
	_, off := b.t.s.now().Zone()
	return "CAST(strftime('%Y%m%d', " + expr + " + " + itoa(int64(off)) + ", 'unixepoch') AS INTEGER)"
}

// marks are the names under which a posting notes in the log what needed a right
// of its own, with the exception each stands for.
var marks = []struct{ note, exception string }{
	{"below_floor", "below-floor"}, {"discount", "discount"}, {"over_credit", "over-credit"}, {"negative", "negative"},
}

// exceptionRows gathers them from documents and the log: what was taken back or
// posted for an earlier day, what was denied, what a second person confirmed,
// prices and stock a right let pass, and copies printed again. A log entry names
// its document by number, so that Enter opens it.
func exceptionRows(b *build) string {
	cols := "d.posted_at AS at, d.posted_by AS uid, '' AS second, d.number AS object, d.key AS doc, d.reason AS reason"
	arms := []string{
		"SELECT 'reversed' AS exception, " + cols + " FROM document d WHERE d.reverses IS NOT NULL AND " + b.moments("d.posted_at", 1),
		"SELECT 'backdated', " + cols + " FROM document d WHERE d.status IN ('posted', 'reversed') AND d.reverses IS NULL AND d.posted_at > 0 AND d.date < " + b.dayAt("d.posted_at") + " AND d.kind NOT IN (" +
			kindList(func(s doc.Spec) bool { return s.FreeDate }) + ") AND " + b.moments("d.posted_at", 1),
	}
	log := func(exception, cond string) {
		arms = append(arms, "SELECT '"+exception+"', l.time / 1000, l.uid, ifnull(json_extract(l.bytes, '$.approver'), ''), l.object, NULL, "+
			"ifnull(json_extract(l.bytes, '$.reason'), '') FROM oplog l WHERE "+cond+" AND "+b.moments("l.time", 1000))
	}
	// the bytes are looked at as they are: taking JSON apart is dear
	log("denied", `instr(l.bytes, '"result":"denied"') > 0`)
	log("second", `instr(l.bytes, '"approver":"') > 0 AND instr(l.bytes, '"result":"ok"') > 0`)
	log("reprint", `instr(l.bytes, '"action":"document.print"') > 0 OR instr(l.bytes, '\"reprint\":true') > 0`)
	for _, m := range marks {
		log(m.exception, `instr(l.bytes, '\"`+m.note+`\":') > 0 AND instr(l.bytes, '"result":"ok"') > 0`)
	}
	return strings.Join(arms, " UNION ALL ")
}

var exceptions = &view{
	base: func(b *build) string {
		return "(SELECT x.*, row_number() OVER (ORDER BY x.at, x.object, x.exception) AS no FROM (" + exceptionRows(b) + ") x) s LEFT JOIN document d ON d.key = ifnull(s.doc, (SELECT key FROM document WHERE number = s.object))"
	},
	key: []string{"s.no"}, ref: "ifnull(d.id, '')", order: []string{"s.at"}, newest: true, once: always, owner: "s.uid",
	joins: []join{{"u", "LEFT JOIN user u ON u.id = s.uid"}},
	cols: map[string]col{
		"time": plain("s.at"), "exception": plain("s.exception"), "user": plain("u.name"), "second": plain("s.second"), "object": plain("s.object"), "kind": plain("d.kind"),
		"total": plain("d.total"), "reason": plain("s.reason"),
	},
	filter: map[report.Filter]func(*build) string{
		report.ByKind: kinds("s.exception"), report.ByUser: is(report.ByUser, "s.uid"), report.ByText: within("s.object", "s.reason", "ifnull(u.name, '')"),
	},
}

// afterClose is what touched a month after it was closed (and opened again):
// documents that came late, what was taken back, costs restated by documents of
// other months, and the opening itself.
var afterClose = &view{
	base: func(b *build) string {
		inMonth := func(date string) string { return date + " BETWEEN c.month * 100 + 1 AND c.month * 100 + 31" }
		value := "NULL"
		if b.wants("value") {
			value = "(SELECT sum(value) FROM move WHERE own_doc = d.key AND rule <> 'adjust')"
		}
		restated := "NULL"
		if b.wants("value") {
			restated = "sum(v.value)"
		}
		rows := "SELECT c.month, c.at AS closed_at, 'reopened' AS change, c.reopened_at AS at, NULL AS doc, c.reopened_by AS uid, NULL AS value, c.reason AS reason FROM month_close c WHERE c.reopened_at > 0" +
			" UNION ALL SELECT c.month, c.at, CASE WHEN d.reverses IS NULL THEN 'late' ELSE 'taken-back' END, d.posted_at, d.key, d.posted_by, " + value + ", d.reason FROM month_close c CROSS JOIN document d WHERE " + inMonth("d.date") +
			" AND d.posted_at > c.at AND d.status IN ('posted', 'reversed')" +
			" UNION ALL SELECT c.month, c.at, 'restated', h.posted_at, v.own_doc, h.posted_by, " + restated + ", h.number FROM month_close c CROSS JOIN move v ON v.seq > c.seq CROSS JOIN document h ON h.key = v.doc WHERE " + inMonth("v.date") +
			" AND v.rule IN ('recost', 'adjust') AND v.doc <> v.own_doc GROUP BY c.id, v.own_doc, v.doc"
		return "(SELECT x.*, row_number() OVER (ORDER BY x.month, x.at, x.doc) AS no FROM (" + rows + ") x WHERE " + b.moments("x.at", 1) + ") s LEFT JOIN document d ON d.key = s.doc"
	},
	key: []string{"s.no"}, ref: "ifnull(d.id, '')", order: []string{"s.month", "s.at"}, newest: true, once: always,
	joins: []join{{"u", "LEFT JOIN user u ON u.id = s.uid"}},
	cols: map[string]col{
		"month": {expr: "printf('%04d-%02d', s.month / 100, s.month % 100)", sort: []string{"s.month"}}, "closed_at": plain("s.closed_at"), "change": plain("s.change"), "time": plain("s.at"), "date": plain("d.date"), "number": plain("d.number"), "kind": plain("d.kind"),
		"value": plain("s.value"), "user": plain("u.name"), "reason": plain("s.reason"),
	},
	filter: map[report.Filter]func(*build) string{report.ByText: within("ifnull(d.number, '')", "s.reason", "ifnull(u.name, '')")},
}

// dayReport is read at the end of a day: bills by kind, what was given off, what
// came into each money account and what went, sales on account, members' money,
// and the drawers that were counted.
var dayReport = &view{
	base: func(b *build) string {
		cond := "d.status IN ('posted', 'reversed')"
		if d := dates("d.date")(b); d != "" {
			cond += " AND " + d
		}
		if b.q.User != "" {
			cond += " AND " + is(report.ByUser, "d.created_by")(b)
		}
		if b.q.OwnerOnly != 0 {
			cond += " AND d.created_by = " + b.arg(b.q.OwnerOnly)
		}
		sales := kindList(func(s doc.Spec) bool { return s.Group == doc.Selling && s.Trade != "" })
		counts := kindList(func(s doc.Spec) bool { return s.CashCount })
		arm := func(ord, section, what, n, sum, rest string) string {
			return "SELECT " + ord + " AS ord, '" + section + "' AS section, " + what + " AS what, " + n + " AS bills, ifnull(" + sum + ", 0) AS amount FROM " + rest
		}
		docs := "document d WHERE " + cond
		entries := "document d CROSS JOIN entry e ON e.doc = d.key WHERE " + cond
		account := "(SELECT name FROM account WHERE id = e.cash)"
		arms := []string{
			arm("1", "sales", "d.kind", "count(*)", "sum(d.total * ("+backSign+"))", docs+" AND d.kind IN ("+sales+") GROUP BY d.kind"),
			arm("2", "sold", "'total'", "count(*)", "sum(d.total * ("+backSign+"))", docs+" AND d.kind IN ("+sales+")"),
			arm("3", "given-off", "'bill'", "count(*)", "sum(d.discount * ("+backSign+"))", docs+" AND d.discount <> 0 AND d.kind IN ("+sales+")"),
			arm("4", "money-in", account, "count(DISTINCT e.doc)", "sum(e.amount)", entries+" AND e.account = '"+string(doc.AccCash)+"' AND e.cash <> 0 AND e.amount > 0 GROUP BY e.cash"),
			arm("5", "money-out", account, "count(DISTINCT e.doc)", "-sum(e.amount)", entries+" AND e.account = '"+string(doc.AccCash)+"' AND e.cash <> 0 AND e.amount < 0 GROUP BY e.cash"),
			arm("6", "on-account", "'total'", "count(DISTINCT e.doc)", "sum(e.amount)", entries+" AND d.kind IN ("+sales+") AND e.account = '"+string(doc.AccReceivable)+"'"),
			arm("7", "stored", "d.kind", "count(DISTINCT e.doc)", "-sum(e.amount)", entries+" AND e.account = '"+string(doc.AccStored)+"' GROUP BY d.kind"),
			arm("8", "counted", "d.number", "1", "d.amount", docs+" AND d.kind IN ("+counts+")"),
			arm("9", "expected", "d.number", "1", "d.expected", docs+" AND d.kind IN ("+counts+")"),
			arm("10", "difference", "d.number", "1", "d.amount - d.expected", docs+" AND d.kind IN ("+counts+")"),
		}
		return "(SELECT x.*, row_number() OVER (ORDER BY x.ord, x.what) AS no FROM (" + strings.Join(arms, " UNION ALL ") + ") x WHERE x.bills > 0) s"
	},
	once: always, owned: true, key: []string{"s.no"}, ref: "''", order: []string{"s.no"},
	cols:   map[string]col{"section": plain("s.section"), "what": plain("s.what"), "bills": plain("s.bills"), "amount": plain("s.amount")},
	filter: map[report.Filter]func(*build) string{},
}
