package archive

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"tiezhang/app/fault"
)

const ps = 512

var (
	dek  = [32]byte{1, 2, 3}
	salt = ID{9, 8, 7}
	db   = ID{5}
)

type mem [][]byte

func (m mem) ReadPages(b []byte, nos []uint32) error {
	for i, no := range nos {
		copy(b[i*ps:], m[no-1])
	}
	return nil
}

// pages makes pages with the HMACs of a SQLCipher file; the content need not be
// encrypted for that.
func pages(seed uint64, n int) mem {
	r := rand.New(rand.NewPCG(seed, 7))
	m := make(mem, n)
	for i := range m {
		m[i] = make([]byte, ps)
		for k := range m[i] {
			m[i][k] = byte(r.Uint32())
		}
		if i == 0 {
			copy(m[i], salt[:])
		}
		seal(m[i], uint32(i+1))
	}
	return m
}

func seal(p []byte, no uint32) {
	var s [16]byte
	for i := range s {
		s[i] = salt[i] ^ 0x3a
	}
	key, err := pbkdf2.Key(sha512.New, string(dek[:]), s[:], 2, 32)
	if err != nil {
		panic(err)
	}
	from := 0
	if no == 1 {
		from = 16
	}
	h := hmac.New(sha512.New, key)
	h.Write(p[from : ps-64])
	h.Write([]byte{byte(no), byte(no >> 8), byte(no >> 16), byte(no >> 24)})
	copy(p[ps-64:], h.Sum(nil))
}

func keys(t testing.TB) (Hash, VerifyPage) {
	t.Helper()
	mac, err := MACKey(dek, db)
	if err != nil {
		t.Fatal(err)
	}
	v, err := SQLCipherPages(dek, salt, ps)
	if err != nil {
		t.Fatal(err)
	}
	return mac, v
}

func header(n int) Header {
	return Header{FileID: ID{1}, DBID: db, Sequence: 3, Part: 1, Parts: 1, PageSize: ps,
		PageCount: uint64(n), Total: uint64(n), Payload: uint64(n), Created: 1795342500000, Salt: salt, KeyID: ID{4}}
}

var facts = Facts{Shop: "老王<五金>&店", LogHead: "ABCDEFGHJKLM", Versions: map[string]string{"b": "2", "a": "1"}}

func factsKey(t testing.TB) Hash {
	t.Helper()
	k, err := FactsKey(dek, db)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func build(t testing.TB, h Header, m mem, index []uint32) []byte {
	t.Helper()
	mac, v := keys(t)
	var out bytes.Buffer
	p := Part{Header: h, Facts: facts, FactsKey: factsKey(t), Slots: []byte("the exact bytes of a keyring"), Index: index, MAC: mac, Verify: v, Pages: m, Root: sha256.New()}
	w, err := Write(t.Context(), &out, p)
	if err != nil {
		t.Fatal(err)
	}
	if w.Size != int64(out.Len()) {
		t.Fatal("size", w.Size, out.Len())
	}
	return out.Bytes()
}

func check(t testing.TB, b []byte, key bool) ([]Damage, error) {
	t.Helper()
	r, err := Open(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, err
	}
	c := Check{Root: sha256.New()}
	if key {
		mac, v := keys(t)
		c.MAC, c.Verify = &mac, v
	}
	o, err := r.Verify(t.Context(), c)
	return o.Damages, err
}

// TestEveryByte flips each byte of a whole file and wants the place named:
// exactly that region, and for a page exactly that page.
func TestEveryByte(t *testing.T) {
	const n = 6
	for _, index := range [][]uint32{nil, {1, 2, 5, 9, 11, 20}} {
		h := header(n)
		if index != nil {
			h.Level, h.PageCount, h.Base, h.BaseRoot = Day, 20, ID{8}, Hash{8}
		}
		b := build(t, h, pages(1, 20), index)
		h.SlotsLen = 28
		tr, err := decodeTrailer(b[len(b)-TrailerSize:])
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range []bool{false, true} {
			if d, err := check(t, b, key); err != nil || len(d) != 0 {
				t.Fatal("the whole file is refused:", d, err)
			}
		}
		for at := range b {
			want := Damage{Part: 1, Region: "trailer"}
			for i, r := range tr.Reg {
				if int64(at) >= r.Off && int64(at) < r.Off+r.Len {
					want.Region = regionNames[i]
					if i == regPages {
						want.Page = pageNo(h, index, uint64((int64(at)-r.Off)/ps))
					}
				}
			}
			b[at] ^= byte(1 << (at % 8))
			d, err := check(t, b, at%16 == 0)
			b[at] ^= byte(1 << (at % 8))
			if err != nil || len(d) != 1 || d[0] != want {
				t.Fatalf("byte %d: want %v, got %v %v", at, want, d, err)
			}
		}
	}
}

func TestEveryLength(t *testing.T) {
	b := build(t, header(6), pages(2, 6), nil)
	for n := range b {
		d, err := check(t, b[:n], false)
		if err == nil && (len(d) == 0 || d[0].Region != "truncated" && d[0].Region != "trailer") {
			t.Fatalf("length %d: %v", n, d)
		}
		if err != nil && fault.KindOf(err) != fault.Damaged {
			t.Fatal(n, err)
		}
	}
	// Cut inside the pages: the first lost page is named.
	d, _ := check(t, b[:2*4096+2*ps+100], false)
	if len(d) != 1 || d[0].Region != "truncated" || d[0].Page != 3 {
		t.Fatal(d)
	}
	if d, err := check(t, append(bytes.Clone(b), 0), false); err == nil && len(d) == 0 {
		t.Fatal("a longer file passes")
	}
}

func TestSwappedAndOldPages(t *testing.T) {
	m := pages(3, 8)
	b := build(t, header(8), m, nil)
	at := func(no int) []byte { o := 2*4096 + (no-1)*ps; return b[o : o+ps] }
	two := bytes.Clone(at(2))
	copy(at(2), at(5))
	copy(at(5), two)
	if d, _ := check(t, b, false); len(d) != 2 || d[0].Page != 2 || d[1].Page != 5 {
		t.Fatal(d)
	}
	// A genuine older page of the same database, in its own place.
	b = build(t, header(8), m, nil)
	copy(at(4), pages(99, 8)[3])
	if d, _ := check(t, b, true); len(d) != 1 || d[0].Page != 4 {
		t.Fatal(d)
	}
	// Somebody who can hash but has no key makes everything agree again.
	old := bytes.Clone(m[3])
	copy(m[3], pages(99, 8)[3])
	mac, v := keys(t)
	var out bytes.Buffer
	p := Part{Header: header(8), Slots: []byte("s"), MAC: Hash{0xbb}, Verify: v, Pages: m, Root: sha256.New()}
	if _, err := Write(t.Context(), &out, p); err != nil {
		t.Fatal(err)
	}
	copy(m[3], old)
	if d, _ := check(t, out.Bytes(), false); len(d) != 0 {
		t.Fatal("without a key it must look whole:", d)
	}
	if d, _ := check(t, out.Bytes(), true); len(d) != 1 || d[0].Region != "mac" {
		t.Fatal(mac, d)
	}
}

// Whoever has the key but writes a broken page is found by the page's own HMAC.
func TestPageHMAC(t *testing.T) {
	m := pages(4, 5)
	m[2][40] ^= 4
	mac, v := keys(t)
	p := Part{Header: header(5), Slots: []byte("s"), MAC: mac, Verify: v, Pages: m, Root: sha256.New()}
	_, err := Write(t.Context(), &bytes.Buffer{}, p)
	if fault.KeyOf(err) != "backup.source.pageDamaged" {
		t.Fatal(err)
	}
	p.Verify, p.Root = nil, sha256.New()
	var out bytes.Buffer
	if _, err := Write(t.Context(), &out, p); err != nil {
		t.Fatal(err)
	}
	if d, _ := check(t, out.Bytes(), true); len(d) != 1 || d[0] != (Damage{1, "page", 3}) {
		t.Fatal(d)
	}
}

func TestTwoDamages(t *testing.T) {
	b := build(t, header(6), pages(5, 6), nil)
	r, _ := Open(bytes.NewReader(b), int64(len(b)))
	tags := r.reg[regTags].Off
	for _, c := range []struct {
		at   []int64
		want string
	}{
		{[]int64{4096 + 3, r.reg[regSlots2].Off + 3}, "slots-1,slots-2"},
		{[]int64{10, tags + 40}, "header,tags"},
		{[]int64{tags + 33, r.reg[regPages].Off + 3*ps}, "tags,page2,page4,root"},
	} {
		x := bytes.Clone(b)
		for _, a := range c.at {
			x[a] ^= 0x10
		}
		d, err := check(t, x, false)
		var got []string
		for _, e := range d {
			s := e.Region
			if e.Page != 0 {
				s += fmt.Sprint(e.Page)
			}
			got = append(got, s)
		}
		if strings.Join(got, ",") != c.want {
			t.Errorf("%v: %v %v", c.at, got, err)
		}
	}
	// Header and manifest both gone: nothing can be said.
	x := bytes.Clone(b)
	x[20]++
	x[r.reg[regManifest].Off+5]++
	if _, err := check(t, x, false); fault.KindOf(err) != fault.Damaged {
		t.Fatal(err)
	}
}

func TestNewerAndForeign(t *testing.T) {
	b := build(t, header(2), pages(6, 2), nil)
	le.PutUint16(b[8:], Version+1)
	s := sha256.Sum256(b[:HeaderSize-32])
	copy(b[HeaderSize-32:], s[:])
	if _, err := check(t, b, false); fault.KindOf(err) != fault.Newer {
		t.Fatal(err)
	}
	for _, j := range [][]byte{nil, []byte("SQLite format 3\x00"), bytes.Repeat([]byte{0}, 9000), bytes.Repeat([]byte(magicTail), 900)} {
		if _, err := check(t, j, false); fault.KeyOf(err) != "backup.archive.notArchive" {
			t.Fatal(err)
		}
	}
}

// Canonical: sorted keys, no spaces, no escapes of <>&, and stable.
func TestManifestBytes(t *testing.T) {
	b := build(t, header(2), pages(7, 2), nil)
	r, err := Open(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	raw := b[r.reg[regManifest].Off:][:r.reg[regManifest].Len]
	var tree map[string]any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&tree); err != nil {
		t.Fatal(err)
	}
	again, err := r.Manifest.encode()
	if err != nil || !bytes.Equal(again, raw) {
		t.Fatalf("%s\n%s", raw, again)
	}
	if !bytes.Contains(raw, []byte(`"sequence":3,`)) || !bytes.HasPrefix(raw, []byte(`{"base":"0000`)) || bytes.ContainsAny(raw, " \n\\") {
		t.Fatalf("%s", raw)
	}
	if r.Manifest.Header != r.Header || tree["created"] != "2026-11-22T10:15:00Z" {
		t.Fatalf("%+v", r.Manifest)
	}
}

func TestHeaderLimits(t *testing.T) {
	for _, change := range []func(*Header){
		func(h *Header) { h.PageSize = 1000 }, func(h *Header) { h.PageSize = 256 },
		func(h *Header) { h.PageCount = 1 << 33 }, func(h *Header) { h.Total++ },
		func(h *Header) { h.Payload++ }, func(h *Header) { h.First = 1 << 63 },
		func(h *Header) { h.Part = 2 }, func(h *Header) { h.Parts = 0 },
		func(h *Header) { h.Level = 3 }, func(h *Header) { h.Base = ID{1} }, func(h *Header) { h.Flags = 1 },
		func(h *Header) { h.FileID = ID{} }, func(h *Header) { h.Sequence = 0 },
	} {
		h := header(4)
		h.SlotsLen = 10
		if _, err := decodeHeader(h.encode()); err != nil {
			t.Fatal(err)
		}
		change(&h)
		if _, err := decodeHeader(h.encode()); err == nil {
			t.Errorf("accepted: %+v", h)
		}
	}
	if n := int64(PagesPerPart(4096)); n*4132+MaxSlots*2+MaxManifest+13312 > MaxPart || n < 500000 {
		t.Fatal(n)
	}
}

func TestCancel(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	b := build(t, header(4), pages(8, 4), nil)
	r, _ := Open(bytes.NewReader(b), int64(len(b)))
	if _, err := r.Verify(ctx, Check{}); fault.KindOf(err) != fault.Canceled {
		t.Fatal(err)
	}
}

// FuzzOpen: whatever the bytes, no panic and no huge allocation.
func FuzzOpen(f *testing.F) {
	m := pages(9, 3)
	b := build(f, header(3), m, nil)
	f.Add(b)
	f.Add(b[:5000])
	f.Add(b[len(b)-3000:])
	f.Add([]byte(magicHead))
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := check(t, b, true)
		_ = d
		if err != nil && fault.KindOf(err) == fault.Internal {
			t.Fatal(err)
		}
	})
}
