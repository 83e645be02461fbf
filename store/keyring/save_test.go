package keyring

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"tiezhang/app/fault"
)

var errStopped = errors.New("stopped here")

// stopAt makes Save die at the n-th step, and counts the steps.
func stopAt(t *testing.T, n int) (steps *int) {
	steps = new(int)
	old := saveStep
	saveStep = func(string) error {
		*steps++
		if *steps == n {
			return errStopped
		}
		return nil
	}
	t.Cleanup(func() { saveStep = old })
	return steps
}

// A save cut short at any step leaves the old ring or the new one, and never
// loses both; a later save mends everything.
func TestSaveKilledAtEveryStep(t *testing.T) {
	s := newShop(t)
	seen := 0
	for n := 1; ; n++ {
		path := filepath.Join(t.TempDir(), FileName)
		must(t, s.r.Save(path))
		before := s.r.Bytes()
		u := s.owner
		must(t, s.r.Rename(u, "li", "李四"+string(rune('a'+n))))
		stopAt(t, n)
		err := s.r.Save(path)
		if err == nil {
			saveStep = func(string) error { return nil }
			seen = n - 1
			break
		}
		if !errors.Is(err, errStopped) || fault.KeyOf(err) != "keyring.not-saved" {
			t.Fatal(err)
		}
		r, err := Open(path)
		must(t, err)
		if got := r.Bytes(); !bytes.Equal(got, before) && !bytes.Equal(got, s.r.Bytes()) {
			t.Fatalf("step %d: a third ring", n)
		}
		if _, err := r.Unlock("li", pw("li-password")); err != nil {
			t.Fatal(err)
		}
		saveStep = func(string) error { return nil }
		must(t, s.r.Save(path))
		r, err = Open(path)
		must(t, err)
		if !bytes.Equal(r.Bytes(), s.r.Bytes()) || r.FromPrevious() {
			t.Fatalf("step %d: the next save did not mend it", n)
		}
	}
	if seen < 5 {
		t.Fatalf("only %d steps were tried", seen)
	}
}

func TestPreviousStandsIn(t *testing.T) {
	s := newShop(t)
	path := filepath.Join(t.TempDir(), FileName)
	must(t, s.r.Save(path))
	first := s.r.Bytes()
	must(t, s.r.Rename(s.owner, "li", "李小四"))
	must(t, s.r.Save(path))
	raw := s.r.Bytes()

	raw[100] ^= 1
	must(t, os.WriteFile(path, raw, 0o600))
	r, err := Open(path)
	must(t, err)
	if !r.FromPrevious() || !bytes.Equal(r.Bytes(), first) {
		t.Fatal("the previous file was not used, or nobody is told")
	}
	// Saving now must not push the good copy out in favour of the bad one.
	must(t, r.Save(path))
	prev, err := os.ReadFile(path + ".prev")
	must(t, err)
	if !bytes.Equal(prev, first) || r.FromPrevious() {
		t.Fatal("the damaged file became the previous one")
	}
	must(t, os.Remove(path))
	r, err = Open(path)
	must(t, err)
	if !r.FromPrevious() {
		t.Fatal("missing, and nobody is told")
	}
	must(t, os.WriteFile(path+".prev", raw, 0o600))
	_, err = Open(path)
	wantKey(t, err, fault.NotFound, "keyring.missing")
	must(t, os.WriteFile(path, raw, 0o600))
	_, err = Open(path)
	wantKey(t, err, fault.Damaged, "keyring.damaged")

	// A newer program's file is never passed over for an older one.
	newer := s.r.Bytes()
	newer[8]++
	must(t, os.WriteFile(path, resum(newer), 0o600))
	must(t, os.WriteFile(path+".prev", first, 0o600))
	_, err = Open(path)
	wantKey(t, err, fault.Newer, "keyring.newer")
	must(t, os.WriteFile(path, make([]byte, 3<<20), 0o600))
	must(t, os.Remove(path+".prev"))
	_, err = Open(path)
	wantKey(t, err, fault.Damaged, "keyring.damaged")
}
