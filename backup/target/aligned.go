package target

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"sync"
	"unsafe"
)

// A file opened past the cache of Windows is read only in whole sectors: the
// place in the file, the length and the address in memory must be multiples of
// the sector. No disk of ours has sectors above 4096 bytes; where one has,
// openUncached falls back to the cache.
const (
	sector      = 4096
	alignedRoom = 1 << 20
)

// rawFile is what an alignedFile reads from.
type rawFile interface {
	io.ReaderAt
	io.Closer
	Stat() (fs.FileInfo, error)
}

// alignedFile serves reads of any place and length by reads of whole sectors.
// It cannot write.
type alignedFile struct {
	raw rawFile

	mu  sync.Mutex
	buf []byte // begins at a multiple of sector in memory
	at  int64  // of Read
}

func newAlignedFile(raw rawFile) *alignedFile {
	b := make([]byte, alignedRoom+2*sector)
	skip := 0
	if r := int(uintptr(unsafe.Pointer(&b[0])) % sector); r > 0 {
		skip = sector - r
	}
	return &alignedFile{raw: raw, buf: b[skip : skip+alignedRoom+sector]}
}

// ReadAt implements io.ReaderAt.
func (f *alignedFile) ReadAt(b []byte, off int64) (int, error) {
	if off < 0 {
		return 0, fs.ErrInvalid
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.readAt(b, off)
}

func (f *alignedFile) readAt(b []byte, off int64) (done int, err error) {
	for done < len(b) {
		from := (off + int64(done)) &^ (sector - 1)
		skip := int(off + int64(done) - from)
		want := min((skip+len(b)-done+sector-1)/sector*sector, len(f.buf))
		n, err := f.raw.ReadAt(f.buf[:want], from)
		if n > skip {
			done += copy(b[done:], f.buf[skip:n])
		}
		switch {
		case done == len(b):
			return done, nil
		case err != nil:
			return done, err
		case n < want: // io.ReaderAt must say why; a driver that does not is at its end
			return done, io.EOF
		}
	}
	return done, nil
}

// Read implements io.Reader.
func (f *alignedFile) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	n, err := f.readAt(b, f.at)
	f.at += int64(n)
	if n > 0 && errors.Is(err, io.EOF) {
		err = nil
	}
	return n, err
}

func (f *alignedFile) Close() error                       { return f.raw.Close() }
func (f *alignedFile) Stat() (fs.FileInfo, error)         { return f.raw.Stat() }
func (f *alignedFile) Write([]byte) (int, error)          { return 0, os.ErrPermission }
func (f *alignedFile) WriteAt([]byte, int64) (int, error) { return 0, os.ErrPermission }
func (f *alignedFile) Sync() error                        { return os.ErrPermission }
func (f *alignedFile) Truncate(int64) error               { return os.ErrPermission }

// tryAligned reads the first sector, so that a disk that refuses is known
// before it is relied on.
func tryAligned(f *alignedFile) bool {
	_, err := f.ReadAt(make([]byte, 1), 0)
	return err == nil || errors.Is(err, io.EOF)
}
