package amount

import (
	"errors"
	"math"
	"strings"
	"unicode/utf8"
)

// Errors of the parsers. They carry no place: the caller knows the field.
var (
	ErrSyntax    = errors.New("amount: not a number")
	ErrPrecision = errors.New("amount: too many decimals")
	ErrEmpty     = errors.New("amount: empty")
)

// Narrow turns full-width digits, signs and points (１２．５) into ASCII and
// drops thousands separators and blanks, as Chinese keyboards and other
// programs' sheets produce them.
func Narrow(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= 0xFF01 && r <= 0xFF5E:
			r -= 0xFEE0
		case r == 0x3000 || r == 0xA0:
			r = ' '
		case r == 0x2212:
			r = '-'
		case r == 0x3002: // 。 typed for a point by an input method
			r = '.'
		}
		if r < utf8.RuneSelf {
			b.WriteByte(byte(r))
		} else {
			b.WriteRune(r)
		}
	}
	return strings.TrimSpace(b.String())
}

func parse(s string, decimals int) (int64, error) {
	s = Narrow(s)
	s = strings.TrimPrefix(s, "\u00a5")
	s = strings.TrimPrefix(s, "\uffe5")
	if s == "" {
		return 0, ErrEmpty
	}
	neg := false
	switch s[0] {
	case '-':
		neg, s = true, s[1:]
	case '+':
		s = s[1:]
	}
	whole, frac, _ := strings.Cut(s, ".")
	if whole == "" && frac == "" {
		return 0, ErrSyntax
	}
	if strings.Contains(whole, ",") {
		g := strings.Split(whole, ",")
		for i, p := range g {
			if (i > 0 && len(p) != 3) || p == "" {
				return 0, ErrSyntax
			}
		}
		whole = strings.Join(g, "")
	}
	frac0 := strings.TrimRight(frac, "0")
	if len(frac0) > decimals {
		if !digits(frac) {
			return 0, ErrSyntax
		}
		return 0, ErrPrecision
	}
	if !digits(whole) || !digits(frac) {
		return 0, ErrSyntax
	}
	var v uint64
	for _, part := range []string{whole, frac0 + strings.Repeat("0", decimals-len(frac0))} {
		for i := range len(part) {
			d := uint64(part[i] - '0')
			if v > (math.MaxInt64-d)/10 {
				return 0, ErrOverflow
			}
			v = v*10 + d
		}
	}
	if neg {
		return -int64(v), nil
	}
	return int64(v), nil
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// ParseMoney reads yuan with up to 2 decimals ("12.50", "１，２００", "¥3").
// Errors: ErrEmpty, ErrSyntax, ErrPrecision, ErrOverflow; nothing is rounded.
func ParseMoney(s string) (Money, error) { v, err := parse(s, 2); return Money(v), err }

// ParsePrice reads a unit price with up to 6 decimals. Errors as ParseMoney.
func ParsePrice(s string) (Price, error) { v, err := parse(s, 6); return Price(v), err }

// ParseQty reads a quantity with up to 4 decimals. Errors as ParseMoney.
func ParseQty(s string) (Qty, error) { v, err := parse(s, 4); return Qty(v), err }

// ParseRate reads "13%" or "0.13". Errors as ParseMoney.
func ParseRate(s string) (Rate, error) {
	s = Narrow(s)
	if t, ok := strings.CutSuffix(s, "%"); ok {
		v, err := parse(t, 4)
		return Rate(v), err
	}
	v, err := parse(s, 6)
	return Rate(v), err
}

// format writes v with the scale's decimals, dropping trailing zeros beyond keep.
func format(v int64, decimals, keep int) string {
	u := abs(v)
	var buf [24]byte
	i := len(buf)
	for n := 0; n < decimals || u > 0 || n == decimals; n++ {
		if n == decimals && decimals > 0 {
			i--
			buf[i] = '.'
		}
		i--
		buf[i] = byte('0' + u%10)
		u /= 10
	}
	s := string(buf[i:])
	if decimals > keep {
		cut := len(s)
		for cut > len(s)-(decimals-keep) && s[cut-1] == '0' {
			cut--
		}
		s = strings.TrimSuffix(s[:cut], ".")
	}
	if v < 0 {
		return "-" + s
	}
	return s
}

// String gives plain decimals, always two: "-1234.50".
func (m Money) String() string { return format(int64(m), 2, 2) }

// String gives at least two decimals and at most six: "3.00", "0.333333".
func (p Price) String() string { return format(int64(p), 6, 2) }

// String gives no needless zeros: "12", "0.5".
func (q Qty) String() string { return format(int64(q), 4, 0) }

// String gives a plain decimal share: "0.13".
func (r Rate) String() string { return format(int64(r), 6, 0) }

// Grouped gives thousands separators for totals and reports: "-1,234.50".
func (m Money) Grouped() string { return grouped(m.String()) }

// Grouped gives thousands separators for totals: "12,000.5".
func (q Qty) Grouped() string { return grouped(q.String()) }

func grouped(s string) string {
	sign := ""
	if s[0] == '-' {
		sign, s = "-", s[1:]
	}
	whole, frac, point := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if point {
		frac = "." + frac
	}
	return sign + whole + frac
}
