package passphrase

import (
	"slices"
	"strings"
)

// steps tells a run like 345, cba or jihg.
func steps(r []rune) bool {
	d := r[1] - r[0]
	if d != 1 && d != -1 {
		return false
	}
	for i := 1; i < len(r); i++ {
		if r[i]-r[i-1] != d {
			return false
		}
	}
	return true
}

// rows are the ways a hand runs over the keys: along, and down the columns.
var rows = func() (out []string) {
	for _, row := range []string{
		"`1234567890-=", "qwertyuiop[]\\", "asdfghjkl;'", "zxcvbnm,./", "!@#$%^&*()_+",
		"1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/", "qazwsxedcrfvtgbyhnujmikolp", "789456123", "147258369", "741852963",
		"1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "a1s2d3f4g5h6j7k8l9",
	} {
		back := []byte(row)
		slices.Reverse(back)
		out = append(out, row, string(back))
	}
	return out
}()

func walks(s string) bool {
	for _, row := range rows {
		if strings.Contains(row, s) {
			return true
		}
	}
	return false
}

// dateCost is what a date in these digits costs a guesser, or 0.
func dateCost(s string) int {
	num := func(from, to int) int {
		n := 0
		for _, c := range s[from:to] {
			n = 10*n + int(c-'0')
		}
		return n
	}
	year := func(y int) bool { return y >= 1930 && y <= 2039 }
	day := func(m, d int) bool { return m >= 1 && m <= 12 && d >= 1 && d <= 31 }
	switch len(s) {
	case 4:
		if year(num(0, 4)) {
			return 6 * unit
		}
		if day(num(0, 2), num(2, 4)) {
			return 8 * unit
		}
	case 6:
		if year(num(0, 4)) && num(4, 6) >= 1 && num(4, 6) <= 12 {
			return 10 * unit
		}
		if day(num(2, 4), num(4, 6)) || day(num(0, 2), num(2, 4)) || day(num(2, 4), num(0, 2)) {
			return 14 * unit
		}
	case 8:
		if year(num(0, 4)) && day(num(4, 6), num(6, 8)) || year(num(4, 8)) && (day(num(0, 2), num(2, 4)) || day(num(2, 4), num(0, 2))) {
			return 14 * unit
		}
	}
	return 0
}

var (
	initials = []string{"zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "r", "z", "c", "s", "y", "w", ""}
	finals   = map[string]bool{}
)

func init() {
	for _, f := range strings.Fields("a o e i u v ai ei ui ao ou iu ie ve ue er an en in un vn ang eng ing ong ia iao ian iang iong ua uo uai uan uang") {
		finals[f] = true
	}
}

// syllable tells what reads as one pinyin syllable. A few combinations that
// do not exist pass too, at no harm.
func syllable(s string) bool {
	for _, in := range initials {
		if rest, ok := strings.CutPrefix(s, in); ok && finals[rest] {
			return true
		}
	}
	return false
}
