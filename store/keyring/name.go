package keyring

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"tiezhang/app/fault"
)

const (
	maxID   = 64
	maxName = 40 // characters; at most 160 bytes, so its length fits one byte
)

// fold is the form in which two names are the same: what differs only by
// case, width or composition must not become two people.
func fold(name string) string {
	return norm.NFKC.String(cases.Fold().String(norm.NFKC.String(name)))
}

// cleanName gives the name as it is stored (NFC), or why it cannot be one.
// Spaces that look like others, or like nothing, would let one person pass
// for another on the sign-in screen and in the log; so only single ordinary
// spaces inside a name are let through.
func cleanName(name string) (string, error) {
	bad := func(key string) (string, error) {
		return "", fault.Bad("keyring", key, "name", name, "max", maxName)
	}
	if !utf8.ValidString(name) {
		return bad("keyring.name-characters")
	}
	name = norm.NFC.String(name)
	if n := utf8.RuneCountInString(name); n == 0 {
		return bad("keyring.name-empty")
	} else if n > maxName {
		return bad("keyring.name-long")
	}
	prev := ' ' // so a leading space counts as a doubled one
	for _, r := range name {
		switch {
		case r == ' ' && prev == ' ':
			return bad("keyring.name-spaces")
		case r != ' ' && unicode.IsSpace(r):
			return bad("keyring.name-spaces")
		case r == ' ':
		case !unicode.IsPrint(r) || blank[r]:
			return bad("keyring.name-characters")
		}
		prev = r
	}
	if prev == ' ' {
		return bad("keyring.name-spaces")
	}
	return name, nil
}

// blank lists the letters and symbols that draw nothing although Unicode
// calls them printable.
var blank = map[rune]bool{0x115F: true, 0x1160: true, 0x2800: true, 0x3164: true, 0xFFA0: true}

func checkID(id string) error {
	ok := id != "" && len(id) <= maxID
	for _, r := range id {
		ok = ok && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '_' || r == '-')
	}
	if !ok {
		return fault.Bad("keyring", "keyring.bad-id", "id", id)
	}
	return nil
}
