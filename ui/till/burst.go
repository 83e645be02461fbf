package till

import (
	"time"
	"unicode/utf8"
)

// A scanner is a keyboard faster than fingers. In a field that wants a number,
// few digits are enough to tell: nobody types four of them in an eighth of a
// second, and a shop's own codes are short.
const (
	burstLeast  = 4
	burstPerKey = 35 * time.Millisecond
	burstGap    = 80 * time.Millisecond
)

// burst watches the text of a field for what a scanner typed into it.
type burst struct {
	now  func() time.Time
	text string
	at   []time.Time // of the characters at the end of text
}

// typed follows every change of the text.
func (b *burst) typed(s string) {
	n, old := utf8.RuneCountInString(s), utf8.RuneCountInString(b.text)
	switch {
	case n == 1 && old != 0: // typed over what was selected
		b.at = append(b.at[:0], b.now())
	case n == old+1:
		b.at = append(b.at, b.now())
	default:
		b.at = b.at[:0]
	}
	b.text = s
}

// scanned splits what a scanner typed off what fingers had typed before; ok is
// false when fingers typed it all. Ask it at the Enter that ends the code.
func (b *burst) scanned() (typed, code string, ok bool) {
	last := b.now()
	enter, k := last, 0
	for i := len(b.at) - 1; i >= 0 && last.Sub(b.at[i]) <= burstGap; i-- {
		last = b.at[i]
		k++
	}
	if k < burstLeast || enter.Sub(last) > time.Duration(k)*burstPerKey {
		return b.text, "", false
	}
	rs := []rune(b.text)
	return string(rs[:len(rs)-k]), string(rs[len(rs)-k:]), true
}
