package passphrase

import (
	"unicode"

	"tiezhang/app/fault"
)

// Pack names a set of rules for signing in; the owner chooses one for the shop.
type Pack string

const (
	// PackBalanced asks for what really holds a guesser up and for nothing else.
	PackBalanced Pack = "balanced"
	// PackGraded is what an examiner of the graded protection scheme (GB/T 22239,
	// level two) looks for: kinds of characters, expiry, a history.
	PackGraded Pack = "graded"
	// PackStrict is balanced, with a second factor for everyone.
	PackStrict Pack = "strict"
)

// Packs lists them in the order they are offered.
var Packs = []Pack{PackBalanced, PackGraded, PackStrict}

// Known tells a pack of ours; anything else counts as PackBalanced.
func (p Pack) Known() bool { return p == PackBalanced || p == PackGraded || p == PackStrict }

// Policy is what the pack wants of a person's password. The owner's guards
// every backup, a clerk's only the files on the shop's own computer.
func (p Pack) Policy(owner bool) Policy {
	switch p {
	case PackGraded:
		// The scheme knows no estimate. The owner's password keeps ours all the
		// same: it is what a thief of a backup guesses at. Of a clerk's, only what
		// stands at the head of every guesser's list is refused.
		pol := Policy{Min: 8, Classes: 3, Score: 1, MaxAge: 90, History: 5}
		if owner {
			pol.Score = 3
		}
		return pol
	case PackStrict:
		pol := balanced(owner)
		pol.SecondFactor = true
		return pol
	}
	return balanced(owner)
}

func balanced(owner bool) Policy {
	if owner {
		return Policy{Min: 12, Score: 3, Remind: 180}
	}
	return Policy{Min: 10, Score: 2, Remind: 180}
}

// Source says where a rule comes from.
type Source string

const (
	SourceScheme Source = "scheme" // the graded protection scheme
	SourceOurs   Source = "ours"   // this program's own judgement
	SourceNIST   Source = "nist"   // NIST SP 800-63B, which found forced expiry to weaken passwords
)

// Rule is one line of a policy, for the screen: Key is an i18n key with Args.
type Rule struct {
	Key  string
	Args fault.Args
	From Source
}

// Rules tells a policy in words, each rule with where it comes from.
func (p Pack) Rules(owner bool) []Rule {
	pol := p.Policy(owner)
	graded := p == PackGraded
	from := func(scheme Source) Source {
		if graded {
			return SourceScheme
		}
		return scheme
	}
	out := []Rule{{"policy.rule.length", fault.Args{"min": pol.Min, "max": Max}, from(SourceOurs)}}
	if pol.Classes > 0 {
		out = append(out, Rule{"policy.rule.classes", fault.Args{"classes": pol.Classes}, SourceScheme})
	}
	switch {
	case pol.Score >= 3:
		out = append(out, Rule{"policy.rule.hard", nil, SourceOurs})
	case pol.Score == 2:
		out = append(out, Rule{"policy.rule.fair", nil, SourceOurs})
	default:
		out = append(out, Rule{"policy.rule.common", nil, SourceOurs})
	}
	if pol.MaxAge > 0 {
		out = append(out, Rule{"policy.rule.expiry", fault.Args{"days": pol.MaxAge}, SourceScheme})
	} else {
		out = append(out, Rule{"policy.rule.no-expiry", fault.Args{"days": pol.Remind}, SourceNIST})
	}
	if pol.History > 0 {
		out = append(out, Rule{"policy.rule.history", fault.Args{"count": pol.History}, SourceScheme})
	}
	if pol.SecondFactor {
		out = append(out, Rule{"policy.rule.second", nil, SourceOurs})
	}
	return out
}

// classes counts the kinds of characters: capitals, small letters, digits, and
// everything else, to which signs, spaces and Chinese belong.
func classes(password string) int {
	var upper, lower, digit, other int
	for _, r := range plain(password) {
		switch {
		case r >= 'A' && r <= 'Z', unicode.IsUpper(r):
			upper = 1
		case r >= 'a' && r <= 'z', unicode.IsLower(r):
			lower = 1
		case unicode.IsDigit(r):
			digit = 1
		default:
			other = 1
		}
	}
	return upper + lower + digit + other
}

// Age is how a password stands by its age.
type Age uint8

const (
	Fresh   Age = iota
	Old         // time to think of a new one
	Expired     // a new one must be chosen before anything else
)

const daySeconds = 24 * 60 * 60

// Age judges a password chosen at a time (Unix seconds; 0 is not known, and
// never expires by itself: nobody may be locked out by a missing date). A date
// in the future, from a clock that ran ahead, counts as today.
func (p Policy) Age(chosen, now int64) Age {
	days := (now - chosen) / daySeconds
	switch {
	case chosen <= 0 || now < chosen:
		return Fresh
	case p.MaxAge > 0 && days >= int64(p.MaxAge):
		return Expired
	case p.Remind > 0 && days >= int64(p.Remind), p.MaxAge > 0 && days >= int64(p.MaxAge)-7:
		return Old
	}
	return Fresh
}
