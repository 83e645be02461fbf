package text

import (
	"strings"
	"time"

	"tiezhang/app/amount"
)

// DateLayout is how dates are shown and typed everywhere.
const DateLayout = "2006-01-02"

// Money is an amount inside a grid: two decimals, no sign of currency.
func Money(m amount.Money) string { return m.String() }

// MoneyTotal is an amount in totals and reports: ¥ and thousands.
func MoneyTotal(m amount.Money) string {
	s := m.Grouped()
	if rest, neg := strings.CutPrefix(s, "-"); neg {
		return "-¥" + rest
	}
	return "¥" + s
}

// Price is a unit price: at least two decimals.
func Price(p amount.Price) string { return p.String() }

// Qty is a quantity without needless zeros.
func Qty(q amount.Qty) string { return q.String() }

// Percent shows a rate as "13%".
func Percent(r amount.Rate) string {
	// A rate has six decimals; a percent of it has four, exactly those of Qty.
	return amount.Qty(r).String() + "%"
}

// Date shows a calendar day.
func Date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(DateLayout)
}

// Clock shows hours and minutes.
func Clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("15:04")
}

// DateTime shows a day with hours and minutes.
func DateTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(DateLayout + " 15:04")
}

// Weekday gives the word of a day of the week.
func Weekday(t time.Time) string {
	return T("ui.weekday." + strings.ToLower(t.Weekday().String()[:3]))
}

// Bytes shows a size of a file or disk.
func Bytes(n int64) string {
	const k = 1024
	units := []string{"B", "KB", "MB", "GB", "TB"}
	v, i := n, 0
	rest := int64(0)
	for v >= k && i < len(units)-1 {
		rest, v = v%k, v/k
		i++
	}
	s := amount.Qty(v*10000 + (rest*10/k)*1000).String()
	return s + " " + units[i]
}
