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

// marks tell an entry of the log that is out of the ordinary: denied, passed by
// a right of its own under the name the posting noted, a copy printed again, or
// confirmed by a second person.
var marks = func() []struct{ exception, bears string } {
	has := func(part string) string { return "instr(l.bytes, '" + part + "') > 0" }
	ok := has(`"result":"ok"`) + " AND "
	noted := func(name string) string { return ok + has(`\"`+name+`\":`) }
	return []struct{ exception, bears string }{
		{"denied", has(`"result":"denied"`)}, {"below-floor", noted("below_floor")}, {"discount", noted("discount")}, {"over-credit", noted("over_credit")},
		{"negative", noted("negative")}, {"reprint", ok + has(`"action":"document.print"`) + ` AND instr(l.bytes, '\"times\":1}') = 0`}, {"second", ok + has(`"approver":"`)},
	}
}()

// logSpan narrows the log to the entries of the days asked for by their numbers:
// those are read one after another, where the index by time would fetch each by
// itself. Times are looked at as well.
func (b *build) logSpan() string {
	c := "1"
	var seq int64
	if b.q.From != 0 && b.t.get(`SELECT seq FROM oplog WHERE time >= ? ORDER BY time, seq LIMIT 1`, []any{b.midnight(b.q.From) * 1000}, &seq) == nil {
		c += " AND l.seq >= " + itoa(seq)
	}
	if b.q.To != 0 && b.t.get(`SELECT seq FROM oplog WHERE time < ? ORDER BY time DESC, seq DESC LIMIT 1`, []any{b.midnight(b.q.To.AddDays(1)) * 1000}, &seq) == nil {
		c += " AND l.seq <= " + itoa(seq)
	}
	return c
}

// exceptionRows gathers them from documents and the log: what was taken back or
// posted for an earlier day, what was denied, what a second person confirmed,
// prices and stock a right let pass, and copies printed again. A log entry names
// its document by number, so that Enter opens it.
func exceptionRows(b *build) string {
	cols := ", d.posted_at AS at, d.posted_by AS uid, '' AS second, d.number AS object, d.key AS doc, d.reason AS reason, 0 AS src, d.key AS no FROM document d WHERE "
	arms := []string{
		"SELECT 'reversed' AS exception" + cols + "d.reverses IS NOT NULL AND " + b.moments("d.posted_at", 1),
		"SELECT 'backdated'" + cols + "d.status IN ('posted', 'reversed') AND d.reverses IS NULL AND d.posted_at > 0 AND d.date < " + b.dayAt("d.posted_at") + " AND +d.kind NOT IN (" +
			kindList(func(s doc.Spec) bool { return s.FreeDate }) + ") AND " + b.moments("d.posted_at", 1),
	}
	// one pass over the log; its bytes are looked at as they are, for taking JSON
	// apart is dear. An entry is listed for the first of what it bears.
	var which strings.Builder
	any := ""
	for _, m := range marks {
		which.WriteString(" WHEN " + m.bears + " THEN '" + m.exception + "'")
		if any != "" {
			any += " OR "
		}
		any += m.bears
	}
	return strings.Join(append(arms, "SELECT CASE"+which.String()+" END, l.time / 1000, l.uid, ifnull(json_extract(l.bytes, '$.approver'), ''), l.object, NULL, "+
		"ifnull(json_extract(l.bytes, '$.reason'), ''), 1, l.seq FROM oplog l WHERE "+b.logSpan()+" AND ("+any+") AND "+b.moments("+l.time", 1000)), " UNION ALL ")
}

var exceptions = &view{
	base: func(b *build) string {
		return "(" + exceptionRows(b) + ") s LEFT JOIN document d ON d.key = ifnull(s.doc, (SELECT key FROM document WHERE number = s.object))"
	},
	key: []string{"s.src", "s.no", "s.exception"}, ref: "ifnull(d.id, '')", order: []string{"s.at"}, newest: true, owner: "s.uid",
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
		cond, moved, who := "d.status IN ('posted', 'reversed')", "", ""
		if d := dates("d.date")(b); d != "" {
			cond += " AND " + d
		}
		if d := dates("e.date")(b); d != "" {
			moved = " AND " + d
		}
		if b.q.User != "" {
			who += " AND " + is(report.ByUser, "d.created_by")(b)
		}
		if b.q.OwnerOnly != 0 {
			who += " AND d.created_by = " + b.arg(b.q.OwnerOnly)
		}
		who += b.andDocPlace()
		cond += who
		sales := kindList(func(s doc.Spec) bool { return s.Group == doc.Selling && s.Trade != "" })
		counts := kindList(func(s doc.Spec) bool { return s.CashCount })
		arm := func(ord, section, what, n, sum, rest string) string {
			return "SELECT " + ord + " AS ord, '" + section + "' AS section, " + what + " AS what, " + n + " AS bills, ifnull(" + sum + ", 0) AS amount FROM " + rest
		}
		docs := "document d WHERE " + cond
		// entries of one account; its document is looked at only when it must be
		entries := func(account doc.AccountCode, kind bool, rest string) string {
			from := "entry e"
			if kind || who != "" {
				from += " CROSS JOIN document d ON d.key = e.doc"
			}
			return from + " WHERE e.account = '" + string(account) + "'" + moved + who + rest
		}
		account := "(SELECT name FROM account WHERE id = e.cash)"
		arms := []string{
			arm("1", "sales", "d.kind", "count(*)", "sum(d.total * ("+backSign+"))", docs+" AND d.kind IN ("+sales+") GROUP BY d.kind"),
			arm("2", "sold", "'total'", "count(*)", "sum(d.total * ("+backSign+"))", docs+" AND d.kind IN ("+sales+")"),
			arm("3", "given-off", "'bill'", "count(*)", "sum(d.discount * ("+backSign+"))", docs+" AND d.discount <> 0 AND d.kind IN ("+sales+")"),
			arm("4", "money-in", account, "count(*)", "sum(e.amount)", entries(doc.AccCash, false, " AND e.cash <> 0 AND e.amount > 0 GROUP BY e.cash")),
			arm("5", "money-out", account, "count(*)", "-sum(e.amount)", entries(doc.AccCash, false, " AND e.cash <> 0 AND e.amount < 0 GROUP BY e.cash")),
			arm("6", "on-account", "'total'", "count(*)", "sum(e.amount)", entries(doc.AccReceivable, true, " AND +d.kind IN ("+sales+")")),
			arm("7", "stored", "d.kind", "count(*)", "-sum(e.amount)", entries(doc.AccStored, true, " GROUP BY d.kind")),
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
