package cipherdb

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"hash"
)

// codec turns single pages of SQLCipher 4 into plain ones and back: AES-256-CBC
// under the raw key with an IV of each page's own, then the MAC of page.go. It
// is here to write a file anew under another key page by page, so that the copy
// is the same file to the last byte of its free pages. docs/formats.md has it in
// words; every file made with it is opened and read through SQLCipher before
// anything relies on it.
type codec struct {
	block cipher.Block
	macs  *PageKey
	salt  [SaltSize]byte
}

const (
	ivSize    = 16
	ivAt      = PageSize - macSize - ivSize
	plainSize = ivAt // what a page holds of SQLite's
)

func newCodec(key [32]byte, salt [SaltSize]byte) *codec {
	b, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // only a length the types exclude
	}
	return &codec{block: b, macs: NewPageKey(key, salt), salt: salt}
}

var blankPage [PageSize]byte

// carries tells whether a page has a content at all: the page SQLite locks and
// pages that were never written are holes, which SQLCipher takes for zeros.
func carries(page []byte, no uint32) bool {
	return no != lockPage && !bytes.Equal(page, blankPage[:])
}

// open decrypts a page in place after checking its MAC.
func (c *codec) open(page []byte, no uint32) bool {
	if !c.macs.Verify(page, no) {
		return false
	}
	cipher.NewCBCDecrypter(c.block, page[ivAt:ivAt+ivSize]).CryptBlocks(page[startOf(no):plainSize], page[startOf(no):plainSize])
	return true
}

// seal encrypts a page in place under a new IV.
func (c *codec) seal(page []byte, no uint32, iv []byte) {
	if no == 1 {
		copy(page, c.salt[:])
	}
	copy(page[ivAt:], iv)
	cipher.NewCBCEncrypter(c.block, iv).CryptBlocks(page[startOf(no):plainSize], page[startOf(no):plainSize])
	c.macs.sign(page, no)
}

// startOf is where the ciphertext of a page begins: the first page has the salt
// in place of SQLite's own sixteen letters.
func startOf(no uint32) int {
	if no == 1 {
		return SaltSize
	}
	return 0
}

// sign writes the page's MAC.
func (k *PageKey) sign(page []byte, no uint32) {
	m := k.macs.Get().(hash.Hash)
	defer k.macs.Put(m)
	m.Reset()
	m.Write(page[startOf(no) : PageSize-macSize])
	var n [4]byte
	binary.LittleEndian.PutUint32(n[:], no)
	m.Write(n[:])
	m.Sum(page[:PageSize-macSize])
}
