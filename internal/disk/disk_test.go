package disk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

func wrapped(e error) error {
	return fmt.Errorf("x: %w", &fs.PathError{Op: "write", Path: "p", Err: e})
}

func TestMeaning(t *testing.T) {
	ours := map[syscall.Errno][3]bool{ // full, protected, gone
		syscall.ENOSPC: {true, false, false}, syscall.EROFS: {false, true, false}, syscall.EACCES: {false, true, false},
		syscall.ENODEV: {false, false, true}, syscall.ENOENT: {false, false, true}, syscall.EIO: {}, syscall.EINVAL: {},
	}
	for _, e := range full {
		ours[e] = [3]bool{true, false, false}
	}
	for _, e := range protected {
		ours[e] = [3]bool{false, true, false}
	}
	for _, e := range gone {
		ours[e] = [3]bool{false, false, true}
	}
	for e, want := range ours {
		if got := [3]bool{Full(wrapped(e)), WriteProtected(wrapped(e)), Gone(wrapped(e))}; got != want {
			t.Errorf("%d %v: full, protected, gone are %v, want %v", e, e, got, want)
		}
	}
	if Full(nil) || WriteProtected(nil) || Gone(nil) || Full(io.EOF) {
		t.Error("nil or a foreign error means something")
	}
}

// Only a trouble that passes is waited for, and not for ever.
func TestPatience(t *testing.T) {
	for _, c := range []struct {
		err   error
		times int // failures before it works
		tries int
		fails bool
	}{
		{nil, 0, 1, false},
		{wrapped(syscall.ENOSPC), 1, 1, true},
		{passes(), 2, 3, false},
		{passes(), 1000, 8, true},
	} {
		if c.err == nil && c.times > 0 { // nothing passes here
			continue
		}
		tries, slept := 0, time.Duration(0)
		err := patiently(func() error {
			if tries++; tries <= c.times {
				return c.err
			}
			return nil
		}, func(d time.Duration) { slept += d })
		if tries != c.tries || (err != nil) != c.fails || slept > 3*time.Second {
			t.Errorf("%v %d times: %d tries, slept %v, then %v", c.err, c.times, tries, slept, err)
		}
	}
}

// passes gives an error that passes by itself, or nil on systems without.
func passes() error {
	if len(passing) == 0 {
		return nil
	}
	return wrapped(passing[0])
}

func TestRenameReplaces(t *testing.T) {
	a, b := filepath.Join(t.TempDir(), "新"), filepath.Join(t.TempDir(), "旧 的")
	for p, s := range map[string]string{a: "new", b: "old"} {
		if err := os.WriteFile(p, []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := Rename(a, b); err != nil {
		t.Fatal(err)
	}
	if s, err := os.ReadFile(b); err != nil || string(s) != "new" {
		t.Errorf("%q %v", s, err)
	}
	if err := Rename(a, b); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("renaming what is not there: %v", err)
	}
}
