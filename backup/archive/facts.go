package archive

import (
	"bytes"
	"crypto/rand"
	"encoding/json"

	"golang.org/x/crypto/chacha20poly1305"

	"tiezhang/app/fault"
)

// Sealed are Facts as they lie in the manifest: a 24-byte nonce and the
// ciphertext with its tag, XChaCha20-Poly1305.
type Sealed []byte

const (
	factsLabel = "tiezhang backup facts 1"
	factsPad   = 512 // so that the length of the shop's name does not show
)

// FactsKey derives the key of the sealed facts from the data key.
func FactsKey(dek [32]byte, db ID) (Hash, error) { return derive(dek, db, factsLabel) }

func (s Sealed) plausible() bool {
	n := len(s) - chacha20poly1305.NonceSizeX - chacha20poly1305.Overhead
	return n > 0 && n%factsPad == 0
}

// factsAD binds the facts to the very file and part they were written for: the
// whole header.
func factsAD(h Header) []byte { return append([]byte(factsLabel+"\x00"), h.encode()...) }

// sealFacts encrypts the facts for the file whose header is h.
func sealFacts(f Facts, key Hash, h Header) (Sealed, error) {
	b, err := json.Marshal(f)
	if err != nil {
		return nil, err
	}
	if r := len(b) % factsPad; r > 0 {
		b = append(b, bytes.Repeat([]byte{' '}, factsPad-r)...) // JSON does not mind
	}
	a, err := chacha20poly1305.NewX(key[:])
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, chacha20poly1305.NonceSizeX)
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	return a.Seal(nonce, nonce, b, factsAD(h)), nil
}

// Reveal opens the sealed facts. They open only in the file they were written
// for and with the key of the shop.
func (m Manifest) Reveal(key Hash) (Facts, error) {
	const op = "archive.Reveal"
	bad := func(err error) (Facts, error) {
		return Facts{}, fault.Wrap(op, fault.Damaged, "backup.archive.factsDamaged", nil, err)
	}
	if !m.Facts.plausible() {
		return bad(nil)
	}
	a, err := chacha20poly1305.NewX(key[:])
	if err != nil {
		return bad(err)
	}
	b, err := a.Open(nil, m.Facts[:chacha20poly1305.NonceSizeX], m.Facts[chacha20poly1305.NonceSizeX:], factsAD(m.Header))
	if err != nil {
		return bad(err)
	}
	var f Facts
	if err := json.Unmarshal(b, &f); err != nil {
		return bad(err)
	}
	return f, nil
}
