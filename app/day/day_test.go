package day

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParse(t *testing.T) {
	for in, want := range map[string]string{"2026-11-02": "2026-11-02", "2026/11/2": "2026-11-02", "2026.1.5": "2026-01-05", "20261102": "2026-11-02", "2026年11月2日": "2026-11-02", "2024-02-29": "2024-02-29"} {
		if d, err := Parse(in); err != nil || d.String() != want {
			t.Errorf("%q: %s, %v", in, d, err)
		}
	}
	for _, in := range []string{"", "x", "2026-02-29", "2026-13-01", "26-1-1", "2026-1", "2026-1-1-1", "0000-01-01", "2026-1-٣"} {
		if d, err := Parse(in); err == nil {
			t.Errorf("%q was read as %s", in, d)
		}
	}
}

func TestArithmeticAgreesWithTheCalendar(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		at := time.Date(1970+rapid.IntRange(0, 200).Draw(rt, "year"), 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 365).Draw(rt, "day"))
		n := rapid.IntRange(-3000, 3000).Draw(rt, "n")
		d := Of(at)
		e := d.AddDays(n)
		if at.AddDate(0, 0, n).Year() < 1970 {
			return
		}
		if e != Of(at.AddDate(0, 0, n)) || e.Sub(d) != n || (n > 0) != (e > d) && n != 0 {
			rt.Fatalf("%s + %d = %s", d, n, e)
		}
		if s, f := d.MonthStart(), d.MonthEnd(); s > d || f < d || !s.Valid() || !f.Valid() || f.AddDays(1).MonthStart() == s {
			rt.Fatalf("month of %s is %s to %s", d, s, f)
		}
	})
}
