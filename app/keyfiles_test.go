package app_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"tiezhang/app"
)

// TestKeyFilesOnSticks: only what is a key file is read, and never more than a
// few: each is tried at the price of a password.
func TestKeyFilesOnSticks(t *testing.T) {
	if got := (app.Host{}).KeyFiles(); got != nil {
		t.Errorf("no sticks: %v", got)
	}
	a, b := t.TempDir(), t.TempDir()
	put := func(dir, name string, n int) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), bytes.Repeat([]byte{7}, n), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put(a, "tiezhang-0011.key", 32)
	put(a, "tiezhang-0022.key", 31)
	put(a, "tiezhang-0033.key", 33)
	put(a, "other.key", 32)
	if err := os.Mkdir(filepath.Join(b, "tiezhang-0044.key"), 0o700); err != nil {
		t.Fatal(err)
	}
	h := app.Host{Sticks: func() []string { return []string{filepath.Join(a, "gone"), a, b} }}
	if got := h.KeyFiles(); len(got) != 1 || len(got[0]) != 32 {
		t.Errorf("%d files", len(got))
	}
	for i := range 30 {
		put(b, "tiezhang-a"+string(rune('a'+i%26))+string(rune('a'+i/26))+".key", 32)
	}
	if got := h.KeyFiles(); len(got) > 8 {
		t.Errorf("%d files would be tried", len(got))
	}
}
