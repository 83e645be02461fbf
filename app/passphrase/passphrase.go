// Package passphrase estimates how hard a password is to guess and holds the
// sign-up policy to it.
//
// A thief of a backup can guess offline for as long as they like, so what
// counts is how early a guesser who knows people comes to this password:
// common ones first, then the shop's name and phone number, dates, pinyin,
// keyboard walks, repeats. The estimate is the cheapest way to put the
// password together from such pieces, in bits (powers of two of guesses). It
// asks for no mix of character kinds: that makes people write "Abcd1234!".
//
// What belongs here: the estimate, the policy, the words of advice as keys.
// What does not: hashing, storing or counting failures (store).
package passphrase

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"tiezhang/app/fault"
)

// Max is the longest password in characters; store/keyring refuses longer.
const Max = 128

// Strength is an estimate. Advice is an i18n key that says in words what to
// do better; Score has its own words under "passphrase.score-0" to "-4".
type Strength struct {
	Score  int // 0 very weak … 4 very strong
	Bits   int
	Advice string
}

// Policy is what a new password must reach, and for how long it is good. Zero
// asks for nothing.
type Policy struct {
	Min     int // characters
	Score   int
	Classes int // of the four kinds of characters
	MaxAge  int // days until a new one must be chosen
	Remind  int // days until a new one is proposed
	History int // passwords before this one that are refused
	// SecondFactor: nobody signs in without one.
	SecondFactor bool
}

// Balanced is the policy of the shop's default pack.
func Balanced(owner bool) Policy { return balanced(owner) }

// Check refuses a password the policy does not allow and says what to change.
// Context is what a guesser would try first for this shop: its name, phone
// number, the person's name, and their pinyin.
func (p Policy) Check(password string, context ...string) error {
	const op = "passphrase.Check"
	if !utf8.ValidString(password) || strings.ContainsFunc(password, unicode.IsControl) {
		return fault.New(op, fault.Invalid, "passphrase.characters", nil)
	}
	n := utf8.RuneCountInString(password)
	if n > Max {
		return fault.New(op, fault.Invalid, "passphrase.too-long", fault.Args{"max": Max, "have": n})
	}
	if n < p.Min {
		return fault.New(op, fault.Insecure, "passphrase.too-short", fault.Args{"min": p.Min, "have": n})
	}
	if have := classes(password); have < p.Classes {
		return fault.New(op, fault.Insecure, "passphrase.classes", fault.Args{"want": p.Classes, "have": have})
	}
	if s := Measure(password, context...); s.Score < p.Score {
		return fault.New(op, fault.Insecure, s.Advice, nil)
	}
	return nil
}

// thresholds are the bits at which each score begins. At the keyring's floor
// a strong PC tries some thousand passwords a second: 28 bits hold it a day,
// 42 some centuries of one machine, a hired farm of them for months.
var thresholds = [...]int{18, 28, 42, 50}

// Measure estimates a password. It is pure and quick enough for every key
// that is typed.
func Measure(password string, context ...string) Strength {
	if n := utf8.RuneCountInString(password); n > Max {
		password = string([]rune(password)[:Max]) // the rest can only add
	}
	e := newEstimator(context)
	bits, worst := e.estimate(plain(password))
	s := Strength{Bits: bits / unit, Advice: "passphrase.good"}
	for s.Score < len(thresholds) && s.Bits >= thresholds[s.Score] {
		s.Score++
	}
	if s.Score < 4 {
		s.Advice = adviceFor[worst]
	}
	return s
}

var adviceFor = map[kind]string{
	loose: "passphrase.longer", common: "passphrase.common", context: "passphrase.context", pinyin: "passphrase.pinyin",
	sequence: "passphrase.sequence", repeat: "passphrase.repeat", date: "passphrase.date", keyboard: "passphrase.keyboard",
	phone: "passphrase.phone",
}

// plain is how a guesser sees a password: case and width are small variations
// counted elsewhere, not other words.
func plain(s string) []rune {
	var out []rune
	for _, r := range s {
		switch {
		case r >= 0xFF01 && r <= 0xFF5E:
			r -= 0xFF01 - '!'
		case r == 0x3000:
			r = ' '
		}
		out = append(out, r)
	}
	return out
}
