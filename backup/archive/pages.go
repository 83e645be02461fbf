package archive

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/sha512"
	"hash"
	"runtime"
	"sync"

	"tiezhang/app/fault"
)

// VerifyPage says whether a raw page is what SQLCipher wrote under the key.
// It must be safe for concurrent use.
type VerifyPage func(page []byte, no uint32) error

// MACKey derives the key of trailers from the data key. It differs per
// database, so a file of one shop never proves itself in another.
func MACKey(dek [32]byte, db ID) (Hash, error) { return derive(dek, db, "tiezhang backup mac 1") }

// KeyID names a data key without telling anything about it.
func KeyID(dek [32]byte, db ID) (ID, error) {
	h, err := derive(dek, db, "tiezhang backup key id 1")
	var id ID
	copy(id[:], h[:])
	return id, err
}

// MarkerKey derives the key for the marker files of backup folders.
func MarkerKey(dek [32]byte, db ID) (Hash, error) {
	return derive(dek, db, "tiezhang backup target marker 1")
}

func derive(dek [32]byte, db ID, label string) (out Hash, err error) {
	k, err := hkdf.Key(sha256.New, dek[:], db[:], label, 32)
	copy(out[:], k)
	return out, err
}

const (
	sqlcipherReserve = 80 // IV 16 + HMAC-SHA512 64
	sqlcipherTag     = 64
)

// SQLCipherPages gives the check of raw pages of a SQLCipher 4 file opened
// with a raw key: HMAC-SHA512 over the encrypted page and its number. Only the
// standard library, so an archive can be proved without the database engine.
func SQLCipherPages(dek [32]byte, salt ID, pageSize uint32) (VerifyPage, error) {
	var s [16]byte
	for i := range salt {
		s[i] = salt[i] ^ 0x3a
	}
	key, err := pbkdf2.Key(sha512.New, string(dek[:]), s[:], 2, 32)
	if err != nil {
		return nil, err
	}
	pool := sync.Pool{New: func() any { return hmac.New(sha512.New, key) }}
	bad := func(no uint32) error {
		return fault.New("archive.page", fault.Damaged, "backup.page.damaged", fault.Pairs("page", no))
	}
	return func(page []byte, no uint32) error {
		if uint32(len(page)) != pageSize {
			return bad(no)
		}
		from := 0
		if no == 1 {
			if string(page[:16]) != string(salt[:]) {
				return bad(no)
			}
			from = 16
		}
		m := pool.Get().(hash.Hash)
		defer pool.Put(m)
		m.Reset()
		var n [4]byte
		le.PutUint32(n[:], no)
		m.Write(page[from : len(page)-sqlcipherTag])
		m.Write(n[:])
		var sum [64]byte
		if !hmac.Equal(m.Sum(sum[:0]), page[len(page)-sqlcipherTag:]) {
			return bad(no)
		}
		return nil
	}, nil
}

// LockPage is the page SQLite never writes, because byte 0x40000000 carries
// its locks. It is not read (Windows refuses) and stored as zeros.
func LockPage(pageSize uint32) uint32 { return 0x40000000/pageSize + 1 }

// Tag is SHA-256(page number, 4 bytes little-endian ‖ page).
func Tag(no uint32, page []byte) (out Hash) {
	h := sha256.New()
	var n [4]byte
	le.PutUint32(n[:], no)
	h.Write(n[:])
	h.Write(page)
	h.Sum(out[:0])
	return out
}

// blank says whether a page is all zeros. SQLite leaves holes for pages that
// were freed before they were ever written, and SQLCipher reads them as empty;
// so they are not damage, but they are counted.
func blank(page []byte) bool {
	for _, b := range page {
		if b != 0 {
			return false
		}
	}
	return true
}

// pageState is the outcome for one page of a chunk.
type pageState struct {
	tag   Hash
	blank bool
	err   error // of VerifyPage
}

// chunkPages is how many pages are worked on at once: 1 MiB of 4 KiB pages
// keeps both cores busy and memory small.
func chunkPages(pageSize uint32, payload uint64) int {
	return int(min(uint64(max(1, (1<<20)/int(pageSize))), max(1, payload)))
}

// examine hashes, and where verify is given proves, the pages of one chunk on
// all cores.
func examine(buf []byte, pageSize uint32, nos []uint32, verify VerifyPage, out []pageState) {
	workers := min(runtime.GOMAXPROCS(0), 4, (len(nos)+15)/16)
	work := func(w int) {
		for i := w; i < len(nos); i += workers {
			page := buf[i*int(pageSize) : (i+1)*int(pageSize)]
			st := pageState{tag: Tag(nos[i], page)}
			if nos[i] != 1 && page[0] == 0 && blank(page) {
				st.blank = true
			} else if verify != nil {
				st.err = verify(page, nos[i])
			}
			out[i] = st
		}
	}
	if workers <= 1 {
		workers = 1
		work(0)
		return
	}
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() { work(w) })
	}
	wg.Wait()
}
