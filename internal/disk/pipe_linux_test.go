package disk

import (
	"errors"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// A pipe nobody writes to is not waited for.
func TestReadSmallPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	must(t, syscall.Mkfifo(path, 0o600))
	done := make(chan error, 1)
	go func() { _, err := ReadSmall(path, 100); done <- err }()
	select {
	case err := <-done:
		if !errors.Is(err, ErrNotPlain) {
			t.Error(err)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("waits for a writer")
	}
}
