// Package day is the business date: a calendar day without a clock or a zone.
//
// What belongs here: the type, parsing, and month arithmetic. What does not:
// the current time (that comes through app.Clock) and how a date is shown.
package day

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Date is yyyymmdd as a number: 20261122. It sorts by itself, is readable in
// the database, and zero means no date.
type Date int32

// ErrSyntax: not a calendar day.
var ErrSyntax = errors.New("day: not a date")

// Of gives the day of a time in its own zone.
func Of(t time.Time) Date {
	y, m, d := t.Date()
	return Date(y*10000 + int(m)*100 + d)
}

// New gives the date, or ErrSyntax when there is no such day.
func New(y, m, d int) (Date, error) {
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if y < 1970 || y > 9999 || t.Day() != d || int(t.Month()) != m {
		return 0, ErrSyntax
	}
	return Date(y*10000 + m*100 + d), nil
}

// Parse reads 2026-11-02, 2026/11/2, 2026.11.2 and 20261102.
func Parse(s string) (Date, error) {
	s = strings.TrimSpace(s)
	f := strings.FieldsFunc(s, func(r rune) bool { // the last three: year, month and day in Chinese
		return r == '-' || r == '/' || r == '.' || r == 0x5E74 || r == 0x6708 || r == 0x65E5
	})
	if len(f) == 1 && len(s) == 8 {
		f = []string{s[:4], s[4:6], s[6:]}
	}
	if len(f) != 3 || len(f[0]) != 4 {
		return 0, ErrSyntax
	}
	var n [3]int
	for i, p := range f {
		if p == "" || len(p) > 4 {
			return 0, ErrSyntax
		}
		for _, r := range p {
			if r < '0' || r > '9' {
				return 0, ErrSyntax
			}
			n[i] = n[i]*10 + int(r-'0')
		}
	}
	return New(n[0], n[1], n[2])
}

// Must is Parse for constants in tests and tables; it panics.
func Must(s string) Date {
	d, err := Parse(s)
	if err != nil {
		panic("day: " + s)
	}
	return d
}

func (d Date) parts() (y, m, day int) { return int(d) / 10000, int(d) / 100 % 100, int(d) % 100 }

// String gives 2026-11-02, or "" for no date.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	y, m, dd := d.parts()
	return fmt.Sprintf("%04d-%02d-%02d", y, m, dd)
}

// Compact gives 20261102, as used in document numbers.
func (d Date) Compact() string { return fmt.Sprintf("%08d", int32(d)) }

// Time gives midnight of the day in UTC.
func (d Date) Time() time.Time {
	y, m, dd := d.parts()
	return time.Date(y, time.Month(m), dd, 0, 0, 0, 0, time.UTC)
}

// AddDays moves by whole days.
func (d Date) AddDays(n int) Date { return Of(d.Time().AddDate(0, 0, n)) }

// Sub gives the days from e to d.
func (d Date) Sub(e Date) int { return int(d.Time().Sub(e.Time()).Hours() / 24) }

// MonthStart gives the first day of the month.
func (d Date) MonthStart() Date { return d/100*100 + 1 }

// MonthEnd gives the last day of the month.
func (d Date) MonthEnd() Date { return Of(d.MonthStart().Time().AddDate(0, 1, -1)) }

// Valid tells whether d is a real day.
func (d Date) Valid() bool {
	y, m, dd := d.parts()
	_, err := New(y, m, dd)
	return err == nil
}
