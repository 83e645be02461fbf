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
// loses both; once the new one is there, damaging it does not bring the old one
// back; a later save mends everything.
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
		if bytes.Equal(r.Bytes(), s.r.Bytes()) {
			hidden := path + ".hidden"
			must(t, os.Rename(path, hidden))
			if old, err := Open(path); err == nil && !bytes.Equal(old.Bytes(), s.r.Bytes()) {
				t.Fatalf("step %d: without the file the ring before is back", n)
			}
			must(t, os.Rename(hidden, path))
		}
		must(t, s.r.Save(path))
		r, err = Open(path)
		must(t, err)
		if !bytes.Equal(r.Bytes(), s.r.Bytes()) || r.FromCopy() {
			t.Fatalf("step %d: the next save did not mend it", n)
		}
	}
	if seen < 4 {
		t.Fatalf("only %d steps were tried", seen)
	}
}

// What was taken from somebody stays taken when the file is lost: no copy of an
// older ring is left.
func TestVoidStaysVoid(t *testing.T) {
	s := newShop(t)
	for name, change := range map[string]func() error{
		"a password":   func() error { return s.r.ResetPassword(s.owner, "li", pw("second"), ProfileForTests()) },
		"a kit":        func() error { _, err := s.r.NewRecovery(s.owner); return err },
		"a slot":       func() error { return s.r.RemoveUser(s.owner, "li") },
		"own password": func() error { return s.r.ChangePassword(s.owner, pw("another one"), ProfileForTests()) },
	} {
		for _, how := range []func(string) error{os.Remove, func(p string) error { return os.WriteFile(p, []byte("rot"), 0o600) }} {
			path := filepath.Join(t.TempDir(), FileName)
			must(t, s.r.Save(path))
			before := s.r.Mark()
			if err := change(); err != nil && name != "a slot" {
				t.Fatal(name, err)
			}
			must(t, s.r.Save(path))
			must(t, how(path))
			r, err := Open(path)
			must(t, err)
			if m := r.Mark(); !r.FromCopy() || m.Sum != s.r.Mark().Sum || name != "a slot" && m.Sum == before.Sum {
				t.Errorf("%s: an older ring opens", name)
			}
		}
	}
}

func TestCopyStandsIn(t *testing.T) {
	s := newShop(t)
	path := filepath.Join(t.TempDir(), FileName)
	must(t, s.r.Save(path))
	raw, first := s.r.Bytes(), s.r.Bytes()

	raw[100] ^= 1
	must(t, os.WriteFile(path, raw, 0o600))
	r, err := Open(path)
	must(t, err)
	if !r.FromCopy() || !bytes.Equal(r.Bytes(), first) {
		t.Fatal("the second copy was not used, or nobody is told")
	}
	// The damaged file must not push out the good copy, however the save ends.
	must(t, r.Rename(s.owner, "li", "李小四"))
	for n := 1; n <= 4; n++ {
		must(t, os.WriteFile(path, raw, 0o600))
		must(t, os.WriteFile(path+Copy, first, 0o600))
		stopAt(t, n)
		_ = r.Save(path)
		saveStep = func(string) error { return nil }
		if got, err := Open(path); err != nil || !bytes.Equal(got.Bytes(), first) && !bytes.Equal(got.Bytes(), r.Bytes()) {
			t.Fatalf("cut at step %d: %v", n, err)
		}
	}
	must(t, r.Save(path))
	if prev, err := os.ReadFile(path + Copy); err != nil || !bytes.Equal(prev, r.Bytes()) || r.FromCopy() {
		t.Fatal("the copy is not that of the ring", err)
	}
	first = r.Bytes()
	must(t, os.Remove(path))
	r, err = Open(path)
	must(t, err)
	if !r.FromCopy() {
		t.Fatal("missing, and nobody is told")
	}
	must(t, os.WriteFile(path+".prev", raw, 0o600))
	_, err = Open(path)
	wantKey(t, err, fault.NotFound, "keyring.missing")
	must(t, os.WriteFile(path, raw, 0o600))
	_, err = Open(path)
	wantKey(t, err, fault.Damaged, "keyring.damaged")

	// A newer program's file is never passed over for an older one.
	newer := r.Bytes()
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
