package disk

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A link under the name that is written first leads nowhere: what it points to
// stays as it was, and the new file is a file.
func TestReplaceFollowsNoLink(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links want a right of their own there")
	}
	dir := t.TempDir()
	victim, path := filepath.Join(dir, "victim"), filepath.Join(dir, "f")
	must(t, os.WriteFile(victim, []byte("precious"), 0o600))
	for _, link := range []string{path + partial, path} {
		_ = os.Remove(link)
		must(t, os.Symlink(victim, link))
		must(t, Replace(path, []byte("new")))
		if b, err := os.ReadFile(victim); err != nil || string(b) != "precious" {
			t.Errorf("%s: the other file is %q, %v", link, b, err)
		}
		if st, err := os.Lstat(path); err != nil || !st.Mode().IsRegular() {
			t.Errorf("%s: the new file is %v, %v", link, st.Mode(), err)
		}
	}
}

func TestReplace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	for _, b := range [][]byte{[]byte("one"), nil, bytes.Repeat([]byte("x"), 1<<16)} {
		must(t, Replace(path, b))
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, b) {
			t.Fatal(len(got), err)
		}
		must(t, os.Chmod(path, 0o400))
	}
	if es, _ := os.ReadDir(filepath.Dir(path)); len(es) != 1 {
		t.Error("left behind:", es)
	}
	if err := Replace(filepath.Join(path, "g"), nil); !Gone(err) {
		t.Error(err)
	}
}

func TestReadSmall(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	must(t, os.WriteFile(path, []byte("12345"), 0o600))
	if b, err := ReadSmall(path, 5); err != nil || string(b) != "12345" {
		t.Error(b, err)
	}
	if b, err := ReadSmall(path, 4); !errors.Is(err, ErrNotPlain) || b != nil {
		t.Error(b, err)
	}
	must(t, os.Truncate(path, 1<<40)) // sparse: reading it whole would end the program
	if _, err := ReadSmall(path, 100); !errors.Is(err, ErrNotPlain) {
		t.Error(err)
	}
	if _, err := ReadSmall(dir, 100); err == nil {
		t.Error("a folder was read")
	}
	if _, err := ReadSmall(filepath.Join(dir, "none"), 100); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}
