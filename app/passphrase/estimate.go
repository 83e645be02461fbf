package passphrase

import (
	_ "embed"
	"math/bits"
	"strings"
	"unicode"
)

// unit is a hundredth of a bit: the estimate needs fractions but no floats.
const unit = 100

// log2 of n ≥ 1 in units, straight lines between powers of two.
func log2(n int) int {
	k := bits.Len(uint(n)) - 1
	return k*unit + (n-1<<k)*unit>>k
}

type kind uint8

const (
	loose kind = iota
	common
	context
	pinyin
	sequence
	repeat
	date
	keyboard
	phone
)

//go:embed common.txt
var commonText string

// commonRank is the position of a word in guessers' lists, from 1.
var commonRank, longestCommon = func() (map[string]int, int) {
	m, longest := map[string]int{}, 0
	for i, w := range strings.Fields(commonText) {
		if _, seen := m[w]; !seen {
			m[w] = i + 1
			longest = max(longest, len(w))
		}
	}
	return m, longest
}()

type estimator struct {
	context map[string]bool
	longest int // runes, of the words of both dictionaries
	inUnit  bool
	units   map[string]int
}

func newEstimator(words []string) *estimator {
	e := &estimator{context: map[string]bool{}, units: map[string]int{}, longest: longestCommon}
	for _, w := range words {
		whole := strings.ToLower(string(plain(w)))
		for _, part := range append(strings.FieldsFunc(whole, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), whole) {
			e.addContext(part)
		}
	}
	return e
}

// addContext takes a word and the pieces people take of it: the head of a
// shop's name, the last digits of a phone number.
func (e *estimator) addContext(w string) {
	r := []rune(w)
	if len(r) > Max {
		return
	}
	if unicode.Is(unicode.Han, first(r)) {
		for i := range r {
			for j := i + 2; j <= len(r) && j <= i+8; j++ {
				e.context[string(r[i:j])] = true
			}
		}
	} else if len(r) >= 3 {
		e.context[w] = true
		if len(r) >= 7 && strings.Trim(w, "0123456789") == "" {
			for n := 4; n < len(r); n++ {
				e.context[w[len(w)-n:]] = true
			}
		}
	}
	e.longest = max(e.longest, len(r))
}

func first(r []rune) rune {
	if len(r) == 0 {
		return 0
	}
	return r[0]
}

// estimate finds the cheapest way to build the password out of pieces, and
// the kind of piece that makes up most of it. Each further piece costs a
// little: the guesser must also guess how the pieces follow.
func (e *estimator) estimate(r []rune) (cost int, worst kind) {
	const joint = 1 * unit
	n := len(r)
	type step struct {
		cost, from int
		kind       kind
	}
	best := make([]step, n+1)
	for i := 1; i <= n; i++ {
		best[i] = step{cost: best[i-1].cost + charCost(r[i-1]), from: i - 1, kind: loose}
	}
	for i := 0; i < n; i++ {
		if loosely := best[i].cost + charCost(r[i]); loosely < best[i+1].cost {
			best[i+1] = step{loosely, i, loose}
		}
		e.pieces(r, i, func(to, c int, k kind) {
			if c += best[i].cost + joint; c < best[to].cost {
				best[to] = step{c, i, k}
			}
		})
	}
	var length [phone + 1]int
	for i := n; i > 0; i = best[i].from {
		length[best[i].kind] += i - best[i].from
	}
	// Whatever was recognised is better advice than "longer", if it is a
	// good part of the whole.
	for k := common; k <= phone; k++ {
		if length[k] > length[worst] || worst == loose && length[k]*3 >= n {
			worst = k
		}
	}
	return best[n].cost, worst
}

func charCost(r rune) int {
	switch {
	case r >= '0' && r <= '9':
		return 332
	case r >= 'a' && r <= 'z':
		return 440 // less than log2(26): letters come in words
	case r >= 'A' && r <= 'Z':
		return 500
	case r == ' ':
		return 200
	case r < 0x80:
		return 560
	case unicode.Is(unicode.Han, r):
		return 850 // of some thousand, but words and names repeat
	}
	return 700
}

// pieces calls found for every guessable piece that starts at i.
func (e *estimator) pieces(r []rune, i int, found func(to, cost int, k kind)) {
	rest := r[i:]
	e.words(rest, func(n, c int, k kind) { found(i+n, c, k) })
	for n := 3; n <= len(rest) && steps(rest[:n]); n++ {
		found(i+n, 6*unit+log2(n), sequence)
	}
	// Only short units, and none inside a unit: else a password of one letter
	// would take exponential time.
	for size := 1; !e.inUnit && size <= min(len(rest)/2, 12); size++ {
		times := 1
		for (times+1)*size <= len(rest) && string(rest[:size]) == string(rest[times*size:(times+1)*size]) {
			times++
			if times*size >= 3 {
				found(i+times*size, e.unitCost(rest[:size])+log2(times)+unit, repeat)
			}
		}
	}
	low := lower(rest)
	for n := 4; n <= len(low) && walks(low[:n]); n++ {
		found(i+n, 7*unit+log2(n), keyboard)
	}
	digits := 0
	for digits < len(rest) && digits < 11 && rest[digits] >= '0' && rest[digits] <= '9' {
		digits++
	}
	for n := 4; n <= digits; n++ {
		if c := dateCost(low[:n]); c > 0 {
			found(i+n, c, date)
		}
	}
	if digits == 11 && rest[0] == '1' && rest[1] >= '3' {
		found(i+11, 26*unit, phone) // 11 digits, but few prefixes are in use
	}
}

// unitCost is the estimate of what is repeated.
func (e *estimator) unitCost(r []rune) int {
	c, known := e.units[string(r)]
	if !known {
		e.inUnit = true
		c, _ = e.estimate(r)
		e.inUnit = false
		e.units[string(r)] = c
	}
	return c
}

// words matches the dictionaries and pinyin, with the disguises everybody
// uses: capitals, and a few digits and signs that look like letters.
func (e *estimator) words(rest []rune, found func(n, cost int, k kind)) {
	for n := 2; n <= len(rest) && n <= e.longest; n++ {
		low := lower(rest[:n])
		disguise := 0
		if low != string(rest[:n]) {
			disguise = 2 * unit
		}
		for _, form := range [2]string{low, unleet(low)} {
			if rank, ok := commonRank[form]; ok {
				found(n, log2(rank+1)+unit+disguise, common)
			}
			if e.context[form] {
				found(n, 2*unit+disguise, context)
			}
			disguise += unit
		}
	}
	low := lower(rest[:min(6, len(rest))])
	for n := 2; n <= len(low) && n <= 6; n++ {
		if syllable(low[:n]) {
			found(n, 7*unit, pinyin)
		}
	}
}

func lower(r []rune) string {
	b := make([]rune, len(r))
	for i, c := range r {
		if b[i] = c; c >= 'A' && c <= 'Z' { // one for one, so lengths agree
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

var unleeter = strings.NewReplacer("0", "o", "1", "l", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i")

func unleet(s string) string { return unleeter.Replace(s) }
