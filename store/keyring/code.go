package keyring

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"unicode"

	"tiezhang/app/fault"
)

// CodeGroups is the number of groups on the recovery kit: eight of data and
// one that checks them.
const CodeGroups = 9

const groupDigits = 6

// RecoveryCode is the 128 bits on the printed kit. Each group of six digits
// carries 16 bits times eleven: every single wrong digit and every swap of
// two neighbours within a group leaves a remainder, so a typing error is
// found, and its group named, before anything is unlocked.
type RecoveryCode struct{ secret [16]byte }

// NewRecoveryCode draws a new random code.
func NewRecoveryCode() (c RecoveryCode) { rand.Read(c.secret[:]); return c }

// Format keeps the code out of logs; Text is the one way to read it.
func (RecoveryCode) Format(s fmt.State, _ rune) { io.WriteString(s, "[recovery code]") }

func (c RecoveryCode) values() (v [CodeGroups]uint16) {
	for i := range CodeGroups - 1 {
		v[i] = binary.BigEndian.Uint16(c.secret[2*i:])
	}
	v[CodeGroups-1] = checkValue(c.secret)
	return v
}

func checkValue(secret [16]byte) uint16 {
	sum := sha256.Sum256(append([]byte("tiezhang recovery check 1"), secret[:]...))
	return binary.BigEndian.Uint16(sum[:])
}

// Groups gives the nine groups as printed.
func (c RecoveryCode) Groups() (g [CodeGroups]string) {
	for i, v := range c.values() {
		g[i] = fmt.Sprintf("%06d", 11*uint32(v))
	}
	return g
}

// Text gives the whole code, groups joined by hyphens.
func (c RecoveryCode) Text() string {
	g := c.Groups()
	return strings.Join(g[:], "-")
}

// ParseRecoveryCode reads a code as people type it: any spaces, dashes, line
// breaks, full-width digits. A fault names the first group that is wrong, and
// never repeats what was typed: faults are logged, and a slip is nearly the code.
func ParseRecoveryCode(text string) (RecoveryCode, error) {
	const op = "keyring.ParseRecoveryCode"
	if len(text) > 1000 {
		return RecoveryCode{}, fault.Bad(op, "keyring.code-length", "have", len(text), "want", CodeGroups*groupDigits)
	}
	groups, all := []string{""}, ""
	for _, r := range text {
		if r >= 0xFF10 && r <= 0xFF19 {
			r += '0' - 0xFF10
		}
		switch {
		case r >= '0' && r <= '9':
			groups[len(groups)-1] += string(r)
			all += string(r)
		case unicode.IsSpace(r) || unicode.Is(unicode.Dash, r) || strings.ContainsRune("_.,;/|\u3001\u3002\uff0c\uff0e\u30fb\ufeff\u200b", r):
			if groups[len(groups)-1] != "" {
				groups = append(groups, "")
			}
		default:
			return RecoveryCode{}, fault.Bad(op, "keyring.code-character", "group", len(groups), "character", string(r))
		}
	}
	if groups[len(groups)-1] == "" {
		groups = groups[:len(groups)-1]
	}
	if len(all) != CodeGroups*groupDigits {
		if len(groups) == CodeGroups { // the person kept the groups apart: name the short or long one
			for i, g := range groups {
				if len(g) != groupDigits {
					return RecoveryCode{}, fault.Bad(op, "keyring.code-group", "group", i+1)
				}
			}
		}
		return RecoveryCode{}, fault.Bad(op, "keyring.code-length", "have", len(all), "want", CodeGroups*groupDigits)
	}
	var v [CodeGroups]uint16
	for i := range v {
		g := all[i*groupDigits : (i+1)*groupDigits]
		n, ok := groupValue(g)
		if !ok {
			return RecoveryCode{}, fault.Bad(op, "keyring.code-group", "group", i+1)
		}
		v[i] = n
	}
	c, ok := fromValues(v)
	if ok {
		return c, nil
	}
	return RecoveryCode{}, misplaced(op, v)
}

// GroupOK tells a form, while it is being typed, whether one group can be right.
func GroupOK(group string) bool { _, ok := groupValue(group); return ok }

func groupValue(g string) (uint16, bool) {
	if len(g) != groupDigits {
		return 0, false
	}
	n := 0
	for _, r := range []byte(g) {
		if r < '0' || r > '9' {
			return 0, false
		}
		n = 10*n + int(r-'0')
	}
	if n%11 != 0 || n/11 > 0xFFFF {
		return 0, false
	}
	return uint16(n / 11), true
}

func fromValues(v [CodeGroups]uint16) (c RecoveryCode, ok bool) {
	for i := range CodeGroups - 1 {
		binary.BigEndian.PutUint16(c.secret[2*i:], v[i])
	}
	return c, checkValue(c.secret) == v[CodeGroups-1]
}

// misplaced is the fault for nine plausible groups that do not belong
// together. Two groups typed in each other's place is the likely slip, and if
// exactly one exchange would heal it the two are named.
func misplaced(op string, v [CodeGroups]uint16) error {
	var a, b, found int
	for i := range v {
		for j := i + 1; j < len(v); j++ {
			w := v
			w[i], w[j] = w[j], w[i]
			if _, ok := fromValues(w); ok && v[i] != v[j] {
				a, b, found = i+1, j+1, found+1
			}
		}
	}
	if found == 1 {
		return fault.Bad(op, "keyring.code-swapped", "group", a, "other", b)
	}
	return fault.Bad(op, "keyring.code-check")
}
