// Package oldwords remembers passwords a person had before, only well enough to
// recognise them: Argon2id with a salt of its own for each.
//
// What belongs here: making and checking such a record. What does not: the
// passwords that open anything (package keyring) and where records are kept.
//
// The price of a guess is below the keyring's, as changing a password looks at
// several records, but never below the floor: whoever can read the shop's file
// may guess at these, and people's passwords resemble each other.
package oldwords

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// The floor and what new records are made with; the ceiling keeps a record read
// from a file from exhausting the machine.
const (
	minKiB, maxKiB   = 19 << 10, 256 << 10
	minTime, maxTime = 2, 16
	saltSize         = 16
	sumSize          = 32
)

// Make gives the record of a password.
func Make(password string) string {
	salt := make([]byte, saltSize)
	_, _ = rand.Read(salt) // never fails
	e := base64.RawStdEncoding
	return fmt.Sprintf("v1$%d$%d$%s$%s", minKiB, minTime, e.EncodeToString(salt), e.EncodeToString(sum(password, salt, minTime, minKiB)))
}

func sum(password string, salt []byte, time, kib uint32) []byte {
	return argon2.IDKey([]byte(norm.NFKC.String(password)), salt, time, kib, 1, sumSize)
}

// Match tells whether a password is the one of a record. A record that is not
// ours, or out of bounds, matches nothing and costs nothing.
func Match(record, password string) bool {
	p := strings.Split(record, "$")
	if len(p) != 5 || p[0] != "v1" {
		return false
	}
	var kib, time uint32
	if n, err := fmt.Sscanf(p[1]+" "+p[2], "%d %d", &kib, &time); n != 2 || err != nil || kib < minKiB || kib > maxKiB || time < minTime || time > maxTime {
		return false
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(p[3])
	want, err2 := base64.RawStdEncoding.DecodeString(p[4])
	if err1 != nil || err2 != nil || len(salt) != saltSize || len(want) != sumSize {
		return false
	}
	return subtle.ConstantTimeCompare(sum(password, salt, time, kib), want) == 1
}
