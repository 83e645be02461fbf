package keyring

import (
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/hpke"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"

	"golang.org/x/crypto/chacha20poly1305"

	"tiezhang/app/fault"
)

// identity is a person's private side. The pin is the owner's public signing
// key: whoever opens this identity knows from inside the ciphertext which key
// must have signed the roster, so a swapped roster is noticed.
type identity struct {
	box  [32]byte // X25519 private key: opens grants
	sign [32]byte // Ed25519 seed: signs log epochs and approvals
	totp [20]byte
	pin  [32]byte
}

const (
	identitySize = 32 + 32 + 20 + 32
	packSize     = 3 * 32
	hpkeExtra    = 32 + 16 // encapsulated key, tag
	boxedDEK     = 32 + hpkeExtra
	boxedPack    = packSize + hpkeExtra
	wrappedID    = chacha20poly1305.NonceSizeX + identitySize + chacha20poly1305.Overhead
)

// ownerPack is what makes an owner: the key that signs the roster and the
// secrets of the operation log.
type ownerPack struct {
	sign   [32]byte // Ed25519 seed
	seed   [32]byte // first MAC key of the log
	unseal [32]byte // X25519 private key: opens the log's sealed randomness
}

func newIdentity(pin [32]byte) *identity {
	id := &identity{pin: pin}
	rand.Read(id.box[:])
	rand.Read(id.sign[:])
	rand.Read(id.totp[:])
	return id
}

func newOwnerPack() *ownerPack {
	p := new(ownerPack)
	rand.Read(p.sign[:])
	rand.Read(p.seed[:])
	rand.Read(p.unseal[:])
	return p
}

func (id *identity) bytes() []byte {
	b := make([]byte, 0, identitySize)
	b = append(b, id.box[:]...)
	b = append(b, id.sign[:]...)
	b = append(b, id.totp[:]...)
	return append(b, id.pin[:]...)
}

func identityFrom(b []byte) *identity {
	id := new(identity)
	copy(id.box[:], b[:32])
	copy(id.sign[:], b[32:64])
	copy(id.totp[:], b[64:84])
	copy(id.pin[:], b[84:])
	return id
}

func (p *ownerPack) bytes() []byte {
	b := make([]byte, 0, packSize)
	b = append(b, p.sign[:]...)
	b = append(b, p.seed[:]...)
	return append(b, p.unseal[:]...)
}

func packFrom(b []byte) *ownerPack {
	p := new(ownerPack)
	copy(p.sign[:], b[:32])
	copy(p.seed[:], b[32:64])
	copy(p.unseal[:], b[64:])
	return p
}

func signPub(seed [32]byte) (pub [32]byte) {
	copy(pub[:], ed25519.NewKeyFromSeed(seed[:]).Public().(ed25519.PublicKey))
	return pub
}

func boxPub(priv [32]byte) (pub [32]byte) {
	k, err := ecdh.X25519().NewPrivateKey(priv[:])
	if err != nil { // only a wrong length fails, and the type fixes the length
		panic(err)
	}
	copy(pub[:], k.PublicKey().Bytes())
	return pub
}

// boxInfo binds a sealed box to its shop, data key, purpose and reader, so
// that no box can be moved to another place in this file or in any other.
func boxInfo(what string, shop ShopID, keyID [16]byte, reader string) []byte {
	b := append([]byte("tiezhang keyring box 1 "+what+"\x00"), shop[:]...)
	b = append(b, keyID[:]...)
	return append(b, reader...)
}

func sealTo(pub [32]byte, info, plain []byte) ([]byte, error) {
	k, err := hpke.DHKEM(ecdh.X25519()).NewPublicKey(pub[:])
	if err != nil {
		return nil, fault.Wrap("keyring.seal", fault.Internal, "keyring.internal", nil, err)
	}
	box, err := hpke.Seal(k, hpke.HKDFSHA256(), hpke.ChaCha20Poly1305(), info, plain)
	if err != nil {
		return nil, fault.Wrap("keyring.seal", fault.Internal, "keyring.internal", nil, err)
	}
	return box, nil
}

func openBox(priv [32]byte, info, box []byte) ([]byte, error) {
	k, err := ecdh.X25519().NewPrivateKey(priv[:])
	if err != nil {
		return nil, err
	}
	h, err := hpke.NewDHKEMPrivateKey(k)
	if err != nil {
		return nil, err
	}
	return hpke.Open(h, hpke.HKDFSHA256(), hpke.ChaCha20Poly1305(), info, box)
}

// wrap puts an identity under a password, in place of whatever the slot held.
func (sl *slot) wrap(shop ShopID, id *identity, s Secret, p Profile) error {
	sl.prof, sl.keyFile = p, s.KeyFile != nil
	rand.Read(sl.salt[:]) // fresh each time, so the wrapping key is fresh too
	sl.boxKey, sl.signKey = boxPub(id.box), signPub(id.sign)
	kek, commit, err := derive(s, sl.salt[:], p)
	if err != nil {
		return err
	}
	defer clear(kek[:])
	aead, err := chacha20poly1305.NewX(kek[:])
	if err != nil {
		return fault.Wrap("keyring.wrap", fault.Internal, "keyring.internal", nil, err)
	}
	sl.commit = commit
	nonce := sl.wrapped[:chacha20poly1305.NonceSizeX]
	rand.Read(nonce)
	plain := id.bytes()
	defer clear(plain)
	aead.Seal(nonce, nonce, plain, sl.header(shop))
	return nil
}

// unwrap opens the slot's identity. A wrong commitment is a wrong password; a
// right commitment over bytes that then fail is a damaged or edited slot.
func (sl *slot) unwrap(shop ShopID, s Secret) (*identity, error) {
	if sl.keyFile && s.KeyFile == nil {
		return nil, fault.New("keyring.Unlock", fault.NeedsStep, "keyring.needs-key-file", nil)
	}
	if !sl.keyFile {
		s.KeyFile = nil // a stick left plugged in must not lock its owner out
	}
	kek, commit, err := derive(s, sl.salt[:], sl.prof)
	if err != nil {
		return nil, err
	}
	defer clear(kek[:])
	if subtle.ConstantTimeCompare(commit[:], sl.commit[:]) != 1 {
		return nil, fault.New("keyring.Unlock", fault.WrongKey, "keyring.wrong-password", nil)
	}
	aead, err := chacha20poly1305.NewX(kek[:])
	if err != nil {
		return nil, fault.Wrap("keyring.Unlock", fault.Internal, "keyring.internal", nil, err)
	}
	n := chacha20poly1305.NonceSizeX
	plain, err := aead.Open(nil, sl.wrapped[:n], sl.wrapped[n:], sl.header(shop))
	if err != nil {
		return nil, damaged("identity", err)
	}
	defer clear(plain)
	id := identityFrom(plain)
	if boxPub(id.box) != sl.boxKey || signPub(id.sign) != sl.signKey {
		return nil, damaged("identity", nil)
	}
	return id, nil
}

// recoveryKeys stretches nothing: 128 random bits need no Argon2. One half
// opens boxes, the other authenticates the pin, which HPKE alone would not
// (anybody can seal to a public key).
func recoveryKeys(c RecoveryCode, shop ShopID) (box, auth [32]byte) {
	out, err := hkdf.Key(sha256.New, c.secret[:], shop[:], "tiezhang keyring recovery 1", 64)
	if err != nil {
		panic(err) // only an absurd length fails
	}
	copy(box[:], out[:32])
	copy(auth[:], out[32:])
	clear(out)
	return box, auth
}

func recoveryPin(auth [32]byte, shop ShopID, owner [32]byte) (pin [32]byte) {
	m := hmac.New(sha256.New, auth[:])
	m.Write([]byte("tiezhang keyring pin 1"))
	m.Write(shop[:])
	m.Write(owner[:])
	copy(pin[:], m.Sum(nil))
	return pin
}

func macOf(dek Key, shop ShopID, body []byte) (mac [32]byte) {
	k, err := hkdf.Key(sha256.New, dek[:], shop[:], "tiezhang keyring mac 1", 32)
	if err != nil {
		panic(err)
	}
	m := hmac.New(sha256.New, k)
	m.Write(body)
	copy(mac[:], m.Sum(nil))
	return mac
}
