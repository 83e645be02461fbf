// Package totp makes and checks the six digits of an authenticator app
// (RFC 6238 over RFC 4226: HMAC-SHA-1, six digits, steps of 30 seconds).
//
// What belongs here: the codes, the window of a step either way, that no code is
// good twice, and the text an authenticator app scans. What does not: where the
// secret is kept (store/keyring), the last step used (a person's row), a clock.
package totp

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // what authenticator apps speak; HMAC does not rest on collisions
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"
	"unicode"

	"tiezhang/app/fault"
)

// Period is how long one code is shown, Digits how long it is.
const (
	Period = 30 * time.Second
	Digits = 6
)

// window is how many steps a clock may be off, either way.
const window = 1

// Secret is what the authenticator app and the keyring share.
type Secret [20]byte

// Format keeps the secret out of logs.
func (Secret) Format(s fmt.State, _ rune) { io.WriteString(s, "[totp secret]") }

// MarshalText keeps it out of JSON.
func (Secret) MarshalText() ([]byte, error) { return []byte("[totp secret]"), nil }

// Text is the secret in base32, in groups of four, for typing in.
func (s Secret) Text() string {
	raw := base32.StdEncoding.EncodeToString(s[:]) // 20 bytes are 32 letters, no padding
	var b strings.Builder
	for i := 0; i < len(raw); i += 4 {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(raw[i : i+4])
	}
	return b.String()
}

// URI is what the QR code says. The issuer stands in both places, as the apps
// differ in which they show.
func (s Secret) URI(issuer, account string) string {
	clean := func(t string) string { return url.PathEscape(strings.ReplaceAll(t, ":", " ")) }
	return fmt.Sprintf("otpauth://totp/%s:%s?secret=%s&issuer=%s&algorithm=SHA1&digits=%d&period=%d",
		clean(issuer), clean(account), base32.StdEncoding.EncodeToString(s[:]), clean(issuer), Digits, int(Period.Seconds()))
}

// Step is the number of the step a moment lies in.
func Step(now time.Time) int64 {
	t := now.Unix()
	p := int64(Period / time.Second)
	if t < 0 {
		return (t - p + 1) / p
	}
	return t / p
}

// Code gives the digits of a step.
func (s Secret) Code(step int64) string { return s.digits(step, Digits, 1_000_000) }

func (s Secret) digits(step int64, n int, mod uint32) string {
	var msg [8]byte
	binary.BigEndian.PutUint64(msg[:], uint64(step)) //nolint:gosec // RFC 4226 takes the counter as eight bytes
	h := hmac.New(sha1.New, s[:])
	h.Write(msg[:])
	sum := h.Sum(nil)
	at := sum[len(sum)-1] & 0x0f
	v := binary.BigEndian.Uint32(sum[at:]) & 0x7fffffff
	return fmt.Sprintf("%0*d", n, v%mod)
}

// Check tells which step a typed code belongs to: within a step of now and later
// than the last one used, which the caller then stores. Because a used step is
// never taken again, setting the clock back makes no old code good.
//
// Faults: WrongKey "totp.wrong"; WrongKey "totp.used" when this code, or a
// later one, has signed in before; Conflict "totp.clock" when the clock stands
// so far before the last code used that no code can be good.
func (s Secret) Check(typed string, now time.Time, last int64) (step int64, err error) {
	code := digitsOf(typed)
	at := Step(now)
	found, right := int64(0), false
	for k := at - window; k <= at+window; k++ {
		if subtle.ConstantTimeCompare([]byte(s.Code(k)), []byte(code)) == 1 && (!right || found <= last) {
			found, right = k, true
		}
	}
	switch {
	case right && found > last:
		return found, nil
	case at+window < last:
		return 0, fault.New("totp.Check", fault.Conflict, "totp.clock", nil)
	case right:
		return 0, fault.New("totp.Check", fault.WrongKey, "totp.used", nil)
	}
	return 0, fault.New("totp.Check", fault.WrongKey, "totp.wrong", nil)
}

// digitsOf reads a code as people type it: with spaces, in full-width digits.
// Whatever else is in it makes it no code.
func digitsOf(typed string) string {
	if len(typed) > 64 {
		return ""
	}
	var b strings.Builder
	for _, r := range typed {
		switch {
		case r >= 0xFF10 && r <= 0xFF19:
			b.WriteRune(r - 0xFF10 + '0')
		case unicode.IsSpace(r) || r == '-':
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
