// Package pinyin gives the Latin letters a Chinese name is searched by: the
// initials of its syllables and the whole of them.
//
// What belongs here: the two functions, and words.txt with the readings that a
// dictionary of single characters gets wrong in the names of goods and places.
// What does not: searching, ranking, and which fields are searched.
package pinyin

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	gopinyin "github.com/mozillazg/go-pinyin"
)

//go:embed words.txt
var wordList string

// words maps a word to its syllables; longest is its greatest length in runes.
var words = sync.OnceValue(func() (t struct {
	of      map[string][]string
	longest int
}) {
	t.of = map[string][]string{}
	for line := range strings.Lines(wordList) {
		f := strings.Fields(line)
		if len(f) < 2 || f[0] == "#" {
			continue
		}
		t.of[f[0]] = f[1:]
		t.longest = max(t.longest, utf8.RuneCountInString(f[0]))
	}
	return t
})

// Initials gives the first letter of every syllable, and ASCII letters and
// digits as they are in lower case: the code a cashier types. Everything else
// is dropped.
func Initials(name string) string { return render(name, true) }

// Full gives whole syllables without tones, run together ("kekoukele", with v
// for the u with two dots), letters and digits as Initials does.
func Full(name string) string { return render(name, false) }

func render(name string, initials bool) string {
	var b strings.Builder
	syllable := func(s string) {
		if initials && s != "" {
			s = s[:1]
		}
		b.WriteString(s)
	}
	runes := narrow(name)
	table := words()
	for i := 0; i < len(runes); {
		r := runes[i]
		if r < utf8.RuneSelf {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				b.WriteRune(unicode.ToLower(r))
			}
			i++
			continue
		}
		n := 0
		for l := min(table.longest, len(runes)-i); l > 0; l-- {
			if syl, ok := table.of[string(runes[i:i+l])]; ok {
				for _, s := range syl {
					syllable(s)
				}
				n = l
				break
			}
		}
		if n == 0 {
			if s := gopinyin.SinglePinyin(r, plain); len(s) > 0 {
				syllable(s[0])
			}
			n = 1
		}
		i += n
	}
	return b.String()
}

// plain: no tones, one reading a character, v for the u with two dots.
var plain = gopinyin.NewArgs()

// narrow turns full-width letters and digits into ASCII: suppliers' sheets are
// full of them and nobody can type them at a till.
func narrow(s string) []rune {
	out := []rune(s)
	for i, r := range out {
		if r >= 0xFF01 && r <= 0xFF5E {
			out[i] = r - 0xFEE0
		}
	}
	return out
}
