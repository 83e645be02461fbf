package keyring

import (
	"crypto/ed25519"
	"fmt"
	"io"
)

// Format keeps an opened ring out of logs.
func (*Unlocked) Format(s fmt.State, _ rune) { io.WriteString(s, "[unlocked keyring]") }

// IsOwner tells whether the holder may change the roster. The recovery code
// may: it is the owner's.
func (u *Unlocked) IsOwner() bool { return u.pack != nil }

// Sign signs for the person; nil for the recovery code, which is nobody.
// Callers put a purpose in front of what they sign, so that a signature made
// for one thing is never good for another.
func (u *Unlocked) Sign(message []byte) []byte {
	if u.id == nil {
		return nil
	}
	return ed25519.Sign(ed25519.NewKeyFromSeed(u.id.sign[:]), message)
}

// SignKey is the public key that verifies Sign, zero for the recovery code.
func (u *Unlocked) SignKey() [32]byte {
	if u.id == nil {
		return [32]byte{}
	}
	return signPub(u.id.sign)
}

// Verify checks a signature made by Sign.
func Verify(signKey [32]byte, message, sig []byte) bool {
	return len(sig) == ed25519.SignatureSize && ed25519.Verify(signKey[:], message, sig)
}

// TOTPSeed is the secret of the person's second factor; false for recovery.
func (u *Unlocked) TOTPSeed() (seed [20]byte, ok bool) {
	if u.id == nil {
		return seed, false
	}
	return u.id.totp, true
}

// LogSecrets gives the owner the first key of the operation log and the key
// that opens its sealed randomness; false for anybody else.
func (u *Unlocked) LogSecrets() (seed, unseal Key, ok bool) {
	if u.pack == nil {
		return seed, unseal, false
	}
	return u.pack.seed, u.pack.unseal, true
}

// Wipe overwrites the secrets. The runtime and the libraries may have made
// copies, so this shortens the time a key lies in memory; it proves nothing.
func (u *Unlocked) Wipe() {
	clear(u.DEK[:])
	if u.id != nil {
		u.id.wipe()
	}
	if u.pack != nil {
		*u.pack = ownerPack{}
	}
	u.id, u.pack = nil, nil
}

func (id *identity) wipe() { *id = identity{} }
