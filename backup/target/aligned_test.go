package target

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"unsafe"

	"pgregory.net/rapid"
)

// strict refuses what a file opened past the cache refuses.
type strict struct {
	*os.File
	broken int64 // reading this place fails; -1: nowhere
}

var errSector = errors.New("bad sector")

func (s strict) ReadAt(b []byte, off int64) (int, error) {
	if off%sector != 0 || len(b)%sector != 0 || uintptr(unsafe.Pointer(&b[0]))%sector != 0 {
		return 0, fs.ErrInvalid
	}
	if s.broken >= off && s.broken < off+int64(len(b)) {
		n, _ := s.File.ReadAt(b[:s.broken-off], off)
		return n, errSector
	}
	return s.File.ReadAt(b, off)
}

func strictFile(t testing.TB, b []byte, broken int64) *alignedFile {
	t.Helper()
	name := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	a := newAlignedFile(strict{f, broken})
	t.Cleanup(func() { a.Close() })
	return a
}

// Whatever is asked of it, it gives what a plain file gives.
func TestAlignedReads(t *testing.T) {
	content := make([]byte, 3*alignedRoom+1234)
	for i := range content {
		content[i] = byte(i>>12 ^ i>>3 ^ i)
	}
	f := strictFile(t, content, -1)
	plain := bytes.NewReader(content)
	if !tryAligned(f) {
		t.Fatal("refused")
	}
	rapid.Check(t, func(rt *rapid.T) {
		off := rapid.Int64Range(0, int64(len(content))+sector).Draw(rt, "off")
		n := rapid.OneOf(rapid.IntRange(0, 3*sector), rapid.IntRange(0, 3*alignedRoom)).Draw(rt, "n")
		a, b := make([]byte, n), make([]byte, n)
		na, ea := f.ReadAt(a, off)
		nb, eb := plain.ReadAt(b, off)
		if n == 0 {
			return // io.ReaderAt leaves the error of an empty read open
		}
		if na != nb || ea != eb || !bytes.Equal(a[:na], b[:nb]) {
			rt.Fatalf("%d at %d: %d %v, want %d %v", n, off, na, ea, nb, eb)
		}
	})
	all, err := io.ReadAll(f)
	if err != nil || !bytes.Equal(all, content) {
		t.Fatal(len(all), err)
	}
	if _, err := f.ReadAt(make([]byte, 1), -1); err == nil {
		t.Error("a place before the beginning")
	}
}

// A bad sector costs what lies behind it in this read, and is reported.
func TestAlignedBadSector(t *testing.T) {
	content := bytes.Repeat([]byte("0123456789abcdef"), 4*sector)
	f := strictFile(t, content, 2*sector)
	b := make([]byte, 3*sector)
	n, err := f.ReadAt(b, 100)
	if n != 2*sector-100 || !errors.Is(err, errSector) || !bytes.Equal(b[:n], content[100:100+n]) {
		t.Fatal(n, err)
	}
	if n, err := f.ReadAt(b[:sector], 3*sector); n != sector || err != nil {
		t.Fatal(n, err)
	}
	if tryAligned(strictFile(t, content, 0)) {
		t.Error("a disk that refuses is relied on")
	}
	if !tryAligned(strictFile(t, nil, -1)) {
		t.Error("an empty file is no refusal")
	}
}
