package printing

import (
	_ "embed"
	"encoding/json"
	"strings"
	"sync"

	"tiezhang/app/amount"
)

//go:embed capitals.json
var capitalsJSON []byte

type capitalWords struct {
	Digits, Tens                           []string
	Wan, Yi, Yuan, Jiao, Fen, Whole, Minus string
}

var capitals = sync.OnceValue(func() (c capitalWords) {
	if err := json.Unmarshal(capitalsJSON, &c); err != nil || len(c.Digits) != 10 || len(c.Tens) != 4 {
		panic("printing: capitals.json") // a part of the program; every test reads it
	}
	return c
})

// Capitals writes an amount in the characters that cannot be altered, as bills
// in China want it: 1234.50 is one thousand two hundred … yuan five jiao whole.
// The rules are those of the central bank's "Basic rules for filling in bills":
// "whole" after yuan or jiao, one zero for any run of them, and a zero before a
// lone fen.
func Capitals(m amount.Money) string {
	c := capitals()
	var b strings.Builder
	u := uint64(m)
	if m < 0 {
		b.WriteString(c.Minus)
		u = -u // two's complement: right for the smallest number too
	}
	yuan, jiao, fen := u/100, u/10%10, u%10
	if yuan > 0 || jiao == 0 && fen == 0 {
		b.WriteString(c.number(yuan) + c.Yuan)
	}
	switch {
	case jiao > 0:
		b.WriteString(c.Digits[jiao] + c.Jiao)
	case fen > 0 && yuan > 0:
		b.WriteString(c.Digits[0])
	}
	if fen > 0 {
		b.WriteString(c.Digits[fen] + c.Fen)
	} else {
		b.WriteString(c.Whole)
	}
	return b.String()
}

func (c capitalWords) number(n uint64) string {
	rest := func(r, lead uint64) string {
		switch {
		case r == 0:
			return ""
		case r < lead:
			return c.Digits[0] + c.number(r)
		}
		return c.number(r)
	}
	const wan, yi = 10_000, 100_000_000
	switch {
	case n >= yi:
		return c.number(n/yi) + c.Yi + rest(n%yi, yi/10)
	case n >= wan:
		return c.number(n/wan) + c.Wan + rest(n%wan, wan/10)
	case n == 0:
		return c.Digits[0]
	}
	s, zero := "", false
	for i, unit := 3, uint64(1000); i >= 0; i, unit = i-1, unit/10 {
		d := n / unit % 10
		if d == 0 {
			zero = s != ""
			continue
		}
		if zero {
			s += c.Digits[0]
			zero = false
		}
		s += c.Digits[d] + c.Tens[i]
	}
	return s
}
