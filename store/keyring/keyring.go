// Package keyring guards the one random key that encrypts the shop.
//
// The database is encrypted under a data key (DEK) nobody ever types. The
// keyring file beside the database holds that key once per person, sealed to
// the person's public key, and each person's private keys wrapped under their
// password. So a password opens only its owner's identity; changing it
// touches nobody else; removing a person, or rotating the data key, needs
// nobody's password but the owner's presence.
//
// Threats it answers, and how:
//   - a thief of the folder guesses passwords: Argon2id with a floor that is
//     enforced when a file is read, not only when it is written, so an edited
//     file cannot make guessing cheap; a commitment beside the AEAD, so one
//     ciphertext cannot answer many guesses at once;
//   - a thief of a backup stick: BackupSlots leaves every clerk's slot out;
//   - an employee who knows the data key edits the file: grants are signed as
//     one roster by the owner's key, and that key is pinned inside every
//     password-wrapped identity and under the recovery code, so neither a
//     grant nor a whole new owner can be slipped in;
//   - rot and half-written files: a checksum over the whole file tells damage
//     from a wrong password, a MAC under the DEK tells damage from forgery,
//     and there is a second copy of the same ring, ".prev".
//
// What it cannot do: take back what somebody copied while they were allowed
// to read it, notice that the whole file was replaced by its own older copy
// (the store keeps its Mark in the encrypted file and compares), or keep a key
// out of the memory of a running process for certain (Wipe does what Go allows).
//
// What belongs here: the file format, key derivation and sealing, recovery
// codes, saving. What does not: password policy (app/passphrase), counting
// failed sign-ins (store), permissions (app/access), the database (cipherdb).
package keyring

import (
	"crypto/rand"
	"fmt"
	"io"

	"tiezhang/app/fault"
)

// ShopID names one shop for ever; it is bound into every ciphertext, so that
// nothing can be carried from one shop's keyring into another's.
type ShopID [16]byte

// NewShopID draws a new random id.
func NewShopID() (id ShopID) { rand.Read(id[:]); return id }

// String is the id in hex, for file names and manifests; it is no secret.
func (id ShopID) String() string { return fmt.Sprintf("%x", id[:]) }

// Key is 32 secret bytes. It prints as "[key]" whatever the verb, so that a
// stray %v in a log line or an error never gives it away.
type Key [32]byte

// Format implements fmt.Formatter.
func (Key) Format(s fmt.State, _ rune) { io.WriteString(s, "[key]") }

// MarshalText keeps the key out of JSON and of structured logs.
func (Key) MarshalText() ([]byte, error) { return []byte("[key]"), nil }

// Account is a person as the keyring needs to know them.
type Account struct {
	ID    string // stable, [A-Za-z0-9._-]{1,64}
	Name  string // shown on the sign-in screen
	Owner bool   // may change the roster; Create sets it
}

// Secret is what a person brings to prove who they are. KeyFile is nil, or
// the 32 bytes of the file on their USB stick.
type Secret struct {
	Password string
	KeyFile  []byte
}

// Format keeps passwords out of logs.
func (Secret) Format(s fmt.State, _ rune) { io.WriteString(s, "[secret]") }

// User is one line of the sign-in screen.
type User struct {
	Account
	NeedsKeyFile bool
	SignKey      [32]byte // Ed25519 public key that verifies this person's signatures
}

// KeyFileSize is the length of a USB key file.
const KeyFileSize = 32

func damaged(what string, err error) error {
	return fault.Wrap("keyring", fault.Damaged, "keyring.damaged", fault.Pairs("part", what), err)
}

func unsigned(what string) error {
	return fault.New("keyring", fault.Damaged, "keyring.unsigned", fault.Pairs("part", what))
}
