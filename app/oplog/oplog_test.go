package oplog

import (
	"testing"
)

var key = []byte("a key of a shop, made for this test")

// chain makes n good entries.
func chain(t *testing.T, n int) []Sealed {
	t.Helper()
	prev := Zero
	var out []Sealed
	for i := range n {
		s, err := Seal(key, prev, Entry{Seq: int64(i + 1), User: "老板", Action: "sale.create", Result: OK, Time: int64(i)})
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
		prev = s.Hash
	}
	return out
}

// breaks checks a chain and lists what is found.
func breaks(ss []Sealed) []Break {
	c := NewChain(key, 1, Zero)
	var out []Break
	for _, s := range ss {
		if b := c.Check(s); b != nil {
			out = append(out, *b)
		}
	}
	return out
}

func TestGoodChain(t *testing.T) {
	if b := breaks(chain(t, 50)); len(b) != 0 {
		t.Fatal(b)
	}
}

func TestEveryByteOfEveryEntryCounts(t *testing.T) {
	ss := chain(t, 5)
	for i := range ss {
		for j := range ss[i].Bytes {
			ss[i].Bytes[j] ^= 1
			b := breaks(ss)
			ss[i].Bytes[j] ^= 1
			if len(b) != 1 || b[0].Seq != int64(i+1) || b[0].What != "hash" {
				t.Fatalf("entry %d byte %d: %v", i+1, j, b)
			}
		}
	}
}

func TestDeletedInsertedAndSwapped(t *testing.T) {
	ss := chain(t, 6)
	cut := append(append([]Sealed{}, ss[:2]...), ss[3:]...)
	if b := breaks(cut); len(b) == 0 || b[0].What != "gap" || b[0].Seq != 3 {
		t.Errorf("deleted: %v", b)
	}
	swapped := append([]Sealed{}, ss...)
	swapped[2], swapped[3] = swapped[3], swapped[2]
	if b := breaks(swapped); len(b) == 0 {
		t.Error("swapped entries were not noticed")
	}
	// renumbered to hide a deletion: the bytes still say the old number
	hidden := append([]Sealed{}, cut...)
	for i := range hidden {
		hidden[i].Seq = int64(i + 1)
	}
	if b := breaks(hidden); len(b) == 0 {
		t.Error("renumbered entries were not noticed")
	}
}

func TestRebuiltWithoutTheKey(t *testing.T) {
	ss := chain(t, 4)
	forged := append([]Sealed{}, ss...)
	prev := ss[1].Hash
	for i := 2; i < 4; i++ {
		e, err := Open(ss[i])
		if err != nil {
			t.Fatal(err)
		}
		e.User = "别人"
		if forged[i], err = Seal([]byte("another key"), prev, e); err != nil {
			t.Fatal(err)
		}
		prev = forged[i].Hash
	}
	if b := breaks(forged); len(b) != 2 || b[0].Seq != 3 {
		t.Errorf("a chain rebuilt without the key: %v", b)
	}
}

func TestHeadIsReadable(t *testing.T) {
	h := Head(chain(t, 1)[0].Hash)
	if len(h) != 14 || h[4] != '-' || h[9] != '-' {
		t.Errorf("head %q", h)
	}
	if Head(Zero) != "0000-0000-0000" {
		t.Errorf("head of nothing %q", Head(Zero))
	}
}
