package store

import (
	"encoding/json"
	"maps"
	"strings"
	"time"

	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/oplog"
	"tiezhang/app/report"
)

// views holds one view for every report.Spec; a test holds the two together.
var views = gather(masterViews, reportViews)

func gather(ms ...map[string]*view) map[string]*view {
	all := map[string]*view{}
	for _, m := range ms {
		maps.Copy(all, m)
	}
	return all
}

var reportViews = map[string]*view{
	"log":              logView,
	"documents":        documentsView,
	"open-documents":   openView,
	"sales-detail":     salesDetail,
	"purchase-detail":  purchaseDetail,
	"sales-summary":    salesSummary,
	"sales-ranking":    salesRanking,
	"purchase-summary": purchaseSummary,
	"day-report":       dayReport, "member-flow": memberFlow,
	"replenish": replenish, "stock-flow": stockFlow, "batches": batchesView, "slow-moving": slowMoving,
	"count-differences": countDifferences, "transfers": transfers, "serials": serialsView,
	"lent": lentView, "order-progress": orderProgress,
	"receivable-statement": statement(doc.AccReceivable, ""), "payable-statement": statement(doc.AccPayable, "-"),
	"ageing": ageing, "income-expense": incomeExpense, "exceptions": exceptions, "after-close": afterClose,
	"stock-balance": stockBalance,
	"stock-ledger":  stockLedger,
	"stock-alert":   stockAlert,
	"receivables":   receivables,
	"payables":      payables,
	"cash-flow":     cashFlow,
	"profit":        profit,
}

// logView is in the order of entries; within dates in that of time, which is
// the same but where a clock was set back, and which an index has.
var logView = &view{by: func(b *build) *view {
	v := *logRows
	if b.q.From != 0 || b.q.To != 0 {
		v.order = []string{"l.time"}
	}
	return &v
}}

var logRows = &view{
	base: table("oplog l"), key: []string{"l.seq"}, again: "oplog l ON l.seq = k.k0", ref: "l.seq", newest: true, owner: "l.uid",
	cols: map[string]col{
		"seq": plain("l.seq"), "time": {expr: "l.time / 1000", sort: []string{"l.time"}}, "user": plain("l.user"), "role": plain("l.role"),
		"action": plain("l.action"), "object": plain("l.object"), "result": plain("l.result"), "detail": {by: func(b *build) col {
			if !b.q.Unseen.Details {
				return plain("l.detail")
			}
			return col{raw: []string{"l.detail"}, sort: []string{"l.seq"}, fill: func(_ *build, raw []any) (report.Value, error) {
				return report.T(oplog.Discreet(cell(report.Text, raw[0]).Text)), nil
			}}
		}},
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
		if e == "l.detail" && b.q.Unseen.Details {
			continue // what is not shown is not found
		}
		c = append(c, "instr(lower("+e+"), "+w+") > 0")
	}
	return "instr(lower(l.bytes), " + fast + ") > 0 AND (" + strings.Join(c, " OR ") + ")"
}
