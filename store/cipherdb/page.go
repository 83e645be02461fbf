package cipherdb

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha512"
	"encoding/binary"
	"hash"
	"sync"
)

const (
	macSize  = 64 // HMAC-SHA512
	saltMask = 0x3a
)

// lockPage is the page SQLite locks bytes of and never uses. In a file of
// more than 1 GiB it is a hole without a MAC.
const lockPage = 0x40000000/PageSize + 1

// PageKey verifies single pages with the data key alone, without SQLCipher:
// its MAC covers the ciphertext and the page's number, so damage, forgery and
// a page moved elsewhere are noticed. An older page of the same number is not.
type PageKey struct{ macs sync.Pool }

// NewPageKey derives the MAC key of the file with this salt.
func NewPageKey(dek [32]byte, salt [SaltSize]byte) *PageKey {
	for i := range salt { // a copy
		salt[i] ^= saltMask
	}
	k, err := pbkdf2.Key(sha512.New, string(dek[:]), salt[:], 2, 32)
	if err != nil {
		panic(err) // only a length the types exclude
	}
	p := new(PageKey)
	p.macs.New = func() any { return hmac.New(sha512.New, k) }
	return p
}

// Verify tells whether page is the genuine page number no (from 1).
func (k *PageKey) Verify(page []byte, no uint32) bool {
	if len(page) != PageSize || no == 0 {
		return false
	}
	if no == lockPage {
		return true
	}
	from := 0
	if no == 1 {
		from = SaltSize // stored in the clear, outside the MAC; it keys the MAC itself
	}
	m := k.macs.Get().(hash.Hash)
	defer k.macs.Put(m)
	m.Reset()
	m.Write(page[from : PageSize-macSize])
	var n [4]byte
	binary.LittleEndian.PutUint32(n[:], no)
	m.Write(n[:])
	var sum [macSize]byte
	return hmac.Equal(m.Sum(sum[:0]), page[PageSize-macSize:])
}
