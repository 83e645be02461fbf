package keyring

import (
	"crypto/hkdf"
	"crypto/sha256"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"tiezhang/app/fault"
)

// Profile is the price of one password guess: Argon2id's memory, passes and
// lanes. It is written into each slot, so slots may differ in age.
type Profile struct {
	KiB   uint32
	Time  uint32
	Lanes uint8
}

// The bounds are part of the format. Below the floor a file would make
// guessing cheap; above the ceiling it would exhaust the machine before the
// password is even looked at.
const (
	minKiB, maxKiB     = 64 << 10, 1024 << 10
	minTime, maxTime   = 3, 16
	minLanes, maxLanes = 1, 8
)

// cheapAllowed lifts the floor, never the ceiling, and is true only in a
// binary built by "go test": testing.Testing is decided by the linker, so no
// flag, environment variable or file can switch it on in a release.
var cheapAllowed = testing.Testing()

// Floor is the smallest profile a release accepts.
func Floor() Profile { return Profile{KiB: minKiB, Time: minTime, Lanes: 2} }

// ProfileForTests is a nearly free profile for the tests of any package. It
// panics in a release build, which would refuse to read the slot anyway.
func ProfileForTests() Profile {
	if !cheapAllowed {
		panic("keyring: the test profile was asked for outside a test")
	}
	return Profile{KiB: 64, Time: 1, Lanes: 1}
}

// Calibrate picks the dearest profile this machine opens in about a second,
// so that a fast PC makes a thief pay more. It runs Argon2 once or a few
// times; call it off the UI thread when a slot is made.
func Calibrate() Profile {
	p := Floor()
	for p.KiB < calibratedKiB {
		start := time.Now()
		argon2.IDKey([]byte("calibration"), make([]byte, saltSize), p.Time, p.KiB, p.Lanes, 32)
		if time.Since(start) > calibrateStep {
			break
		}
		p.KiB *= 2
	}
	return p
}

const (
	calibratedKiB = 256 << 10              // more would crowd the other programs of a 4 GB shop PC
	calibrateStep = 550 * time.Millisecond // twice the memory would take twice as long
)

func (p Profile) check() error {
	weak := p.KiB < minKiB || p.Time < minTime || p.Lanes < minLanes
	if weak && cheapAllowed {
		weak = p.Time < 1 || p.Lanes < 1 || p.KiB < 8*uint32(p.Lanes)
	}
	if weak || p.KiB > maxKiB || p.Time > maxTime || p.Lanes > maxLanes {
		return fault.New("keyring", fault.Insecure, "keyring.weak-params",
			fault.Pairs("mib", p.KiB>>10, "passes", p.Time, "lanes", p.Lanes))
	}
	return nil
}

// derive turns a password into the slot's wrapping key and its commitment.
// The commitment is a second output of the same HKDF: it says "wrong
// password" before the AEAD is touched, and it makes the pair key-committing,
// which XChaCha20-Poly1305 alone is not (a crafted ciphertext could otherwise
// open under many passwords).
func derive(s Secret, salt []byte, p Profile) (kek, commit Key, err error) {
	if err := p.check(); err != nil { // before a byte is allocated
		return kek, commit, err
	}
	pw, err := normalise(s)
	if err != nil {
		return kek, commit, err
	}
	defer clear(pw)
	ikm := make([]byte, 32, 64)
	copy(ikm, argon2.IDKey(pw, salt, p.Time, p.KiB, p.Lanes, 32))
	info := "tiezhang keyring kek 1 password"
	if s.KeyFile != nil {
		ikm = append(ikm, s.KeyFile...)
		info = "tiezhang keyring kek 1 password+file"
	}
	defer clear(ikm)
	out, err := hkdf.Key(sha256.New, ikm, salt, info, 64)
	if err != nil {
		return kek, commit, fault.Wrap("keyring.derive", fault.Internal, "keyring.internal", nil, err)
	}
	copy(kek[:], out[:32])
	copy(commit[:], out[32:])
	clear(out)
	return kek, commit, nil
}

// normalise makes the same password of the same keystrokes on every input
// method: full-width letters, composed and decomposed accents agree (NFKC).
// Spaces are kept, they are part of the password.
func normalise(s Secret) ([]byte, error) {
	if s.KeyFile != nil && len(s.KeyFile) != KeyFileSize {
		return nil, fault.Bad("keyring", "keyring.key-file-size", "want", KeyFileSize)
	}
	n := utf8.RuneCountInString(s.Password)
	if n == 0 {
		return nil, fault.Bad("keyring", "keyring.password-empty")
	}
	if n > MaxPassword || !utf8.ValidString(s.Password) {
		return nil, fault.Bad("keyring", "keyring.password-long", "max", MaxPassword)
	}
	return norm.NFKC.Bytes([]byte(s.Password)), nil
}

// MaxPassword is the longest password, in characters.
const MaxPassword = 128
