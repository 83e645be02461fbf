package keyring

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// ActivationGroups is the number of groups of an activation code: four of data,
// 64 bits, and one that checks them.
const ActivationGroups = 5

// ActivationCode is a first password that is printed, handed over and used once.
// It has the form of the recovery code and half its length: it stands behind
// Argon2id, and is good for three days.
type ActivationCode struct{ secret [8]byte }

// NewActivationCode draws a new random code.
func NewActivationCode() (c ActivationCode) { rand.Read(c.secret[:]); return c }

// Format keeps the code out of logs; Groups and Secret are the ways to read it.
func (ActivationCode) Format(s fmt.State, _ rune) { io.WriteString(s, "[activation code]") }

// Groups gives the five groups as printed.
func (c ActivationCode) Groups() (g [ActivationGroups]string) {
	for i := range ActivationGroups - 1 {
		g[i] = fmt.Sprintf("%06d", 11*uint32(binary.BigEndian.Uint16(c.secret[2*i:])))
	}
	sum := sha256.Sum256(append([]byte("tiezhang activation check 1"), c.secret[:]...))
	g[ActivationGroups-1] = fmt.Sprintf("%06d", 11*uint32(binary.BigEndian.Uint16(sum[:])))
	return g
}

// Secret is the password the code stands for: its thirty digits.
func (c ActivationCode) Secret() Secret {
	g := c.Groups()
	return Secret{Password: strings.Join(g[:], "")}
}

// AsTyped gives what a typed password stands for. An activation code may be
// typed with any spaces, dashes and full-width digits; whatever is not one, and
// a person's own password can't well be, is taken letter by letter.
func AsTyped(password string) string {
	if len(password) > 200 {
		return password
	}
	var b strings.Builder
	for _, r := range password {
		if r >= 0xFF10 && r <= 0xFF19 {
			r += '0' - 0xFF10
		}
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case unicode.IsSpace(r) || unicode.Is(unicode.Dash, r):
		default:
			return password
		}
	}
	all := b.String()
	if len(all) != ActivationGroups*groupDigits {
		return password
	}
	var c ActivationCode
	for i := range ActivationGroups - 1 {
		v, ok := groupValue(all[i*groupDigits : (i+1)*groupDigits])
		if !ok {
			return password
		}
		binary.BigEndian.PutUint16(c.secret[2*i:], v)
	}
	if c.Secret().Password != all {
		return password
	}
	return all
}
