package app

import (
	"context"
	_ "embed"
	"strings"
	"unicode"

	"tiezhang/app/fault"
)

//go:embed alike.txt
var alikeText string

// alike maps a character to the one that stands for all that look like it.
var alike = func() map[rune]rune {
	m := map[rune]rune{}
	for _, line := range strings.Split(alikeText, "\n") {
		head, others, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok || head == "#" {
			continue
		}
		first := []rune(head)[0]
		for _, r := range others {
			m[r] = first
		}
	}
	return m
}()

// faceOf is a name as the eye takes it in: two names with the same face would
// be taken for each other in a list or a log.
func faceOf(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(strings.TrimSpace(name)) {
		switch {
		case r >= 0xFF01 && r <= 0xFF5E: // full width
			r = unicode.ToLower(r - 0xFF01 + '!')
		case unicode.Is(unicode.Mn, r), unicode.IsSpace(r), r == '.', r == '-', r == '_', r == '\'', r == '\u00b7', r == '\u30fb':
			continue // accents, and what stands between the parts of a name
		}
		if first, ok := alike[r]; ok {
			r = first
		}
		b.WriteRune(r)
	}
	return strings.ReplaceAll(b.String(), "rn", "m")
}

// scripts tells whether a name mixes alphabets that are never written together:
// that is done only to look like somebody else. Chinese goes with Latin.
func mixedScripts(name string) bool {
	var latin, other, eastern bool
	for _, r := range name {
		switch {
		case unicode.Is(unicode.Latin, r):
			latin = true
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo):
			eastern = true
		case unicode.IsLetter(r):
			other = true
		}
	}
	return other && (latin || eastern)
}

// checkUserName refuses names that could not be read or would break a list.
func checkUserName(name string) error {
	n := []rune(strings.TrimSpace(name))
	if len(n) == 0 || len(n) > 32 {
		return fault.Bad("app.user", "user.name", "field", "name")
	}
	for _, r := range n {
		switch {
		case r == unicode.ReplacementChar, unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r), unicode.IsSpace(r) && r != ' ', invisible[r]:
			return fault.Bad("app.user", "user.name", "field", "name")
		}
	}
	if mixedScripts(name) {
		return fault.Bad("app.user", "user.name-mixed", "field", "name")
	}
	if faceOf(name) == "" { // nothing but accents and dots
		return fault.Bad("app.user", "user.name", "field", "name")
	}
	return nil
}

// invisible are letters and marks by their class that leave no ink.
var invisible = map[rune]bool{0x115F: true, 0x1160: true, 0x3164: true, 0xFFA0: true, 0x2800: true, 0x034F: true, 0x180E: true}

// checkNewName refuses a name that is too much like one that is there, also of
// a switched-off account: its entries in the log stay.
func checkNewName(tx Tx, name string) error {
	if err := checkUserName(name); err != nil {
		return err
	}
	all, err := tx.Users()
	if err != nil {
		return err
	}
	face := faceOf(name)
	for _, u := range all {
		if faceOf(u.Name) != face {
			continue
		}
		if strings.EqualFold(u.Name, name) { // in these or other capitals, which the store knows of Latin letters only
			return fault.New("app.user", fault.Conflict, "user.name-taken", fault.Pairs("name", name))
		}
		return fault.New("app.user", fault.Conflict, "user.name-alike", fault.Pairs("name", name, "other", u.Name))
	}
	return nil
}

// roomFor makes room in the keyring for a person whose row has just been made. A
// slot that nobody's row leads to is left of an account whose making was cut off:
// it opens nothing. One that somebody's leads to is theirs, however much the new
// name is like theirs: Conflict "user.name-taken".
func (x *Exec) roomFor(ctx context.Context, id int64, name string) error {
	keys := x.S.shop.keys
	slot, holder := keys.Slot(name)
	if slot == "" {
		return nil
	}
	all, err := x.Tx.Users()
	if err != nil {
		return err
	}
	for _, u := range all {
		if s, _ := keys.Slot(u.Name); u.ID != id && s == slot {
			return fault.New("app.user", fault.Conflict, "user.name-taken", fault.Pairs("name", name))
		}
	}
	return keys.RemoveUser(ctx, holder)
}
