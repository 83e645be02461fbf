package app_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"tiezhang/app"
	"tiezhang/app/fault"
)

// What somebody puts on a stick under the name of a key file is not waited for.
func TestKeyFileThatIsAPipe(t *testing.T) {
	dir := t.TempDir()
	pipe, good := filepath.Join(dir, "tiezhang-1.key"), filepath.Join(dir, "tiezhang-2.key")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(good, make([]byte, 32), 0o600); err != nil {
		t.Fatal(err)
	}
	done := make(chan [][]byte, 1)
	go func() {
		if _, err := app.ReadKeyFile(pipe, ""); fault.KeyOf(err) != "keyfile.size" {
			t.Error(err)
		}
		done <- app.Host{Sticks: func() []string { return []string{dir} }}.KeyFiles()
	}()
	select {
	case files := <-done:
		if len(files) != 1 {
			t.Errorf("%d key files", len(files))
		}
	case <-time.After(10 * time.Second):
		t.Fatal("waits for a writer")
	}
}
