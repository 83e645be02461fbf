package backup

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"tiezhang/app/fault"
	"tiezhang/backup/internal/faultfs"
	"tiezhang/backup/target"
)

const testPage = 512

// shop is an encrypted database image made the way SQLCipher 4 makes it: AES-CBC
// pages with IV and HMAC-SHA512, the salt at the start of page 1.
type shop struct {
	dek   [32]byte
	salt  [16]byte
	db    ID
	pages [][]byte // encrypted
	rnd   *rand.Rand
	facts Facts
	pins  int

	stick *faultfs.FS // see prepared
	first Result
}

func newShop(seed uint64, pages int) *shop {
	s := &shop{rnd: rand.New(rand.NewPCG(seed, 1))}
	for i := range s.dek {
		s.dek[i] = byte(s.rnd.Uint32())
	}
	for i := range s.salt {
		s.salt[i] = byte(s.rnd.Uint32())
		s.db[i] = byte(s.rnd.Uint32())
	}
	s.facts = Facts{Shop: "老王五金店 🔧", LogHead: "ABCD-EFGH-JKLM", Host: "KASSEN-PC-7", TimeZone: "Asia/Shanghai",
		Totals:   Totals{Documents: 1234, LastNumber: "XS-20261122-0007", StockQty: "10.5", StockValue: "99000.17", Receivable: "1000.18", Payable: "2000.19", Cash: "3000.21"},
		Versions: map[string]string{"app": "0.1.0", "sqlite": "3.41.2"}}
	for range pages {
		s.pages = append(s.pages, nil)
		s.write(len(s.pages))
	}
	return s
}

// write encrypts new content into page no.
func (s *shop) write(no int) {
	var hs [16]byte
	for i := range hs {
		hs[i] = s.salt[i] ^ 0x3a
	}
	key, err := pbkdf2.Key(sha512.New, string(s.dek[:]), hs[:], 2, 32)
	if err != nil {
		panic(err)
	}
	p := make([]byte, testPage)
	for i := range p {
		p[i] = byte(s.rnd.Uint32())
	}
	from := 0
	if no == 1 {
		copy(p, s.salt[:])
		from = 16
	}
	body := p[from : testPage-80]
	blk, err := aes.NewCipher(s.dek[:])
	if err != nil {
		panic(err)
	}
	cipher.NewCBCEncrypter(blk, p[testPage-80:testPage-64]).CryptBlocks(body, body)
	m := hmac.New(sha512.New, key)
	m.Write(p[from : testPage-64])
	_ = binary.Write(m, binary.LittleEndian, uint32(no))
	copy(p[testPage-64:], m.Sum(nil))
	s.pages[no-1] = p
}

func (s *shop) bytes() (out []byte) {
	for _, p := range s.pages {
		out = append(out, p...)
	}
	return out
}

// slots stands for a keyring: the data key masked by a code. Enough to see
// that exactly these bytes are what opens.
func (s *shop) slots(code string) []byte {
	k := sha256.Sum256([]byte(code))
	b := []byte("slots:")
	for i := range k {
		b = append(b, k[i]^s.dek[i])
	}
	c := sha256.Sum256(s.dek[:])
	return append(b, c[:]...)
}

func unlockWith(code string) Unlock {
	return func(slots []byte) (dek [32]byte, err error) {
		k := sha256.Sum256([]byte(code))
		if len(slots) != 70 {
			return dek, errors.New("not the slots")
		}
		for i := range dek {
			dek[i] = slots[6+i] ^ k[i]
		}
		if c := sha256.Sum256(dek[:]); string(c[:]) != string(slots[38:]) {
			return [32]byte{}, fault.New("test", fault.WrongKey, "keyring.wrong", nil)
		}
		return dek, nil
	}
}

type pinned struct {
	b []byte
	s *shop
}

func (p *pinned) ReadAt(b []byte, off int64) (int, error) { return copy(b, p.b[off:]), nil }
func (p *pinned) Size() int64                             { return int64(len(p.b)) }
func (p *pinned) PageSize() int                           { return testPage }
func (p *pinned) Salt() [16]byte                          { return p.s.salt }
func (p *pinned) Release() error                          { p.s.pins--; return nil }

func (s *shop) Pin(context.Context) (Pinned, error) {
	s.pins++
	return &pinned{s.bytes(), s}, nil
}

// clock moves a minute forward each time it is read, as a busy PC would.
type clock struct{ t time.Time }

func newClock() *clock { return &clock{time.Date(2026, 11, 22, 10, 15, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time { c.t = c.t.Add(time.Minute); return c.t }

const stick = "/media/蓝色U盘 🔵"

func (s *shop) keys(t testing.TB) Keys {
	t.Helper()
	k, err := NewKeys(s.dek, s.db, s.salt, testPage, s.slots("code"))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func (s *shop) job(t testing.TB, f FS, c Clock, folder string) Job {
	return Job{FS: f, Clock: c, Source: s, Keys: s.keys(t), Target: Target{Folder: folder}, Schema: 7, MinApp: 1,
		Facts: func(context.Context, Pinned) (Facts, error) { return s.facts, nil }}
}

// newStick gives a file system with a target of the shop in it.
func newStick(t testing.TB, s *shop, more ...string) *faultfs.FS {
	t.Helper()
	f := faultfs.New(append(more, stick)...)
	if _, err := target.Ensure(t.Context(), f, stick, s.keys(t).Owner()); err != nil {
		t.Fatal(err)
	}
	return f
}

func mustRun(t testing.TB, j Job) Result {
	t.Helper()
	r, err := Run(t.Context(), j)
	if err != nil {
		t.Fatalf("Run: %v", err)
	}
	return r
}

func wantFault(t testing.TB, err error, kind fault.Kind, key string) {
	t.Helper()
	if err == nil || fault.KindOf(err) != kind || key != "" && fault.KeyOf(err) != key {
		t.Fatalf("want %v %s, got %v", kind, key, err)
	}
}

func asFault(err error, e **fault.Error) bool { return errors.As(err, e) }

type pinFunc func() Pinned

func (p pinFunc) Pin(context.Context) (Pinned, error) { return p(), nil }
