package rights

import (
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/ui/text"
)

// limit is a number of a role that Space steps through and that can be typed.
type limit struct {
	key   string // text key of the row
	words func(*access.Role) string
	step  func(r *access.Role, by int)
}

// limits are the rows at the foot of the table.
var limits = []limit{
	{"rights.discount", func(r *access.Role) string {
		switch r.MaxDiscount {
		case 0:
			return text.T("rights.limit.no-discount")
		case noDiscountLimit:
			return text.T("rights.limit.none")
		}
		return text.Percent(amount.Rate(r.MaxDiscount))
	},
		func(r *access.Role, by int) {
			r.MaxDiscount = min(max(r.MaxDiscount+int64(by)*50_000, 0), noDiscountLimit)
		}},
	{"rights.limit.document", func(r *access.Role) string {
		if r.MaxDocument == 0 {
			return text.T("rights.limit.none")
		}
		return text.Money(amount.Money(r.MaxDocument))
	}, func(r *access.Role, by int) { r.MaxDocument = among(r.MaxDocument, by, documentSteps) }},
	{"rights.limit.backdate", func(r *access.Role) string { return count("rights.limit.days", r.BackdateDays) },
		func(r *access.Role, by int) { r.BackdateDays = among(r.BackdateDays, by, daySteps) }},
	{"rights.limit.export", func(r *access.Role) string { return count("rights.limit.rows", r.ExportRows) },
		func(r *access.Role, by int) { r.ExportRows = among(r.ExportRows, by, rowSteps) }},
	{"rights.limit.unmask", func(r *access.Role) string { return count("rights.limit.times", r.Unmaskings) },
		func(r *access.Role, by int) { r.Unmaskings = among(r.Unmaskings, by, timeSteps) }},
}

// noDiscountLimit is all of it: everything may be given away.
const noDiscountLimit = 1_000_000

// The steps of each limit; 0, no limit, comes first.
var (
	documentSteps = []int64{0, 500_00, 1_000_00, 2_000_00, 5_000_00, 10_000_00, 20_000_00, 50_000_00, 100_000_00}
	daySteps      = []int{0, 1, 3, 7, 14, 31, 62, 93}
	rowSteps      = []int{0, 100, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000}
	timeSteps     = []int{0, 1, 3, 5, 10, 20, 30, 50, 100}
)

func limitOf(key string) limit {
	for _, l := range limits {
		if l.key == key {
			return l
		}
	}
	return limits[0]
}

func count(key string, n int) string {
	if n == 0 {
		return text.T("rights.limit.none")
	}
	return text.T(key, "n", n)
}

// among gives the step after or before a value, round and round; a value between
// two steps goes to the nearer end of its gap.
func among[N int | int64](now N, by int, steps []N) N {
	at := 0
	for i, s := range steps {
		if s <= now {
			at = i
		}
	}
	if by < 0 && steps[at] != now {
		by++ // down from between two steps is the lower of them
	}
	n := len(steps)
	return steps[((at+by)%n+n)%n]
}
