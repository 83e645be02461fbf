package archive

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"tiezhang/app/fault"
)

func open(t *testing.T, b []byte) *Reader {
	t.Helper()
	r, err := Open(bytes.NewReader(b), int64(len(b)))
	if err != nil || len(r.Damages) != 0 {
		t.Fatal(err, r)
	}
	return r
}

func TestFactsOpenOnlyInTheirOwnFile(t *testing.T) {
	r := open(t, build(t, header(3), pages(20, 3), nil))
	f, err := r.Manifest.Reveal(factsKey(t))
	if err != nil || !reflect.DeepEqual(f, facts) {
		t.Fatalf("%+v %v", f, err)
	}
	mac, _ := keys(t)
	other, _ := FactsKey(dek, ID{6})
	for name, key := range map[string]Hash{"no key": {}, "the key of trailers": mac, "another shop": other} {
		if _, err := r.Manifest.Reveal(key); fault.KeyOf(err) != "backup.archive.factsDamaged" {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Moved into another manifest of the same shop, or changed in any byte.
	h := header(3)
	h.Created++
	m := open(t, build(t, h, pages(20, 3), nil)).Manifest
	m.Facts = r.Manifest.Facts
	if _, err := m.Reveal(factsKey(t)); fault.KindOf(err) != fault.Damaged {
		t.Error("facts of another file opened:", err)
	}
	m = r.Manifest
	for n := range m.Facts {
		m.Facts = bytes.Clone(r.Manifest.Facts)
		m.Facts[n] ^= 1
		if _, err := m.Reveal(factsKey(t)); fault.KindOf(err) != fault.Damaged {
			t.Fatal("byte", n, err)
		}
	}
	for n := range len(r.Manifest.Facts) {
		m.Facts = r.Manifest.Facts[:n]
		if _, err := m.Reveal(factsKey(t)); fault.KindOf(err) != fault.Damaged {
			t.Fatal("length", n, err)
		}
	}
}

// Neither the words nor their length can be seen without the key, and the same
// facts never look the same twice.
func TestFactsDoNotShow(t *testing.T) {
	short, long := facts, facts
	short.Shop, long.Shop = "a", strings.Repeat("b", 150)
	a, err := sealFacts(short, factsKey(t), header(3))
	b, err2 := sealFacts(long, factsKey(t), header(3))
	c, err3 := sealFacts(short, factsKey(t), header(3))
	if err != nil || err2 != nil || err3 != nil || len(a) != len(b) || bytes.Equal(a, c) {
		t.Fatal(len(a), len(b), err, err2, err3)
	}
	file := build(t, header(3), pages(21, 3), nil)
	for _, s := range []string{facts.Shop, facts.LogHead, "shop", "totals", "host"} {
		if bytes.Contains(file, []byte(`"`+s)) || bytes.Contains(file, []byte(facts.Shop)) {
			t.Error("in the clear:", s)
		}
	}
}
