package ui

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestPaperLeavesNoFile: what the system's own program prints is gone after a
// while, when the window is locked, at the end, and at the next start.
func TestPaperLeavesNoFile(t *testing.T) {
	temp := t.TempDir()
	for _, name := range []string{"TMPDIR", "TMP", "TEMP"} {
		t.Setenv(name, temp)
	}
	old, other := filepath.Join(temp, paperPrefix+"old"), filepath.Join(temp, paperPrefix+"young")
	for _, d := range []string{old, other} {
		if err := os.Mkdir(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chtimes(old, time.Time{}, time.Now().Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	r := newRig(t)
	r.start("")
	left := func() []string {
		files, err := filepath.Glob(filepath.Join(temp, paperPrefix+"*", "*"))
		if err != nil {
			t.Fatal(err)
		}
		return files
	}
	if _, err := os.Stat(old); !os.IsNotExist(err) {
		t.Error("what a crash left is still there:", err)
	}
	if _, err := os.Stat(other); err != nil {
		t.Error("another window's paper was taken away:", err)
	}
	show := func() {
		t.Helper()
		r.shell.paper("XS/2026: 1.pdf", []byte("%PDF-"))
		if f := left(); len(f) != 1 || filepath.Base(f[0]) != "XS-2026- 1.pdf" {
			t.Fatal(f)
		} else if i, err := os.Stat(f[0]); err != nil || i.Mode().Perm() != 0o600 {
			t.Fatal(i, err)
		}
	}
	show()
	r.fire(paperFor)
	if f := left(); len(f) != 0 {
		t.Error("after a while:", f)
	}
	show()
	r.shell.lock()
	if f := left(); len(f) != 0 {
		t.Error("behind a locked window:", f)
	}
	show()
	if err := r.shell.Close(); err != nil {
		t.Fatal(err)
	}
	if f := left(); len(f) != 0 {
		t.Error("after the end:", f)
	}
}
