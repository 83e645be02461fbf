package listview

import (
	"tiezhang/app/day"
)

// span is a preset of dates.
type span string

const (
	anyDay    span = "all"
	today     span = "today"
	yesterday span = "yesterday"
	thisWeek  span = "week"
	thisMonth span = "month"
	lastMonth span = "last-month"
)

var spans = []span{today, yesterday, thisWeek, thisMonth, lastMonth, anyDay}

// dates gives the days of a span as seen from a day; weeks begin on Monday.
func (s span) dates(now day.Date) (from, to day.Date) {
	switch s {
	case today:
		return now, now
	case yesterday:
		return now.AddDays(-1), now.AddDays(-1)
	case thisWeek:
		return now.AddDays(-(int(now.Time().Weekday()) + 6) % 7), now
	case thisMonth:
		return now.MonthStart(), now.MonthEnd()
	case lastMonth:
		last := now.MonthStart().AddDays(-1)
		return last.MonthStart(), last
	}
	return 0, 0
}

// spanOf finds the preset two dates are.
func spanOf(from, to, now day.Date) span {
	for _, s := range spans {
		if f, t := s.dates(now); f == from && t == to {
			return s
		}
	}
	return ""
}
