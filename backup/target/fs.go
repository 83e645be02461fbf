// Package target is the places backups go to: a folder with a marker file, on
// a local disk, a USB stick or a share, and finding it again under another
// drive letter or mount point.
//
// What belongs here: the file system seen through a small interface that tests
// can break, marker files, probing a new stick, listing volumes. What does
// not: what is written there (package archive), when, and what to keep
// (package backup).
package target

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"tiezhang/app/fault"
	"tiezhang/internal/disk"
)

// File is an open file.
type File interface {
	io.Reader
	io.ReaderAt
	io.Writer
	io.WriterAt
	io.Closer
	Sync() error
	Truncate(size int64) error
	Stat() (fs.FileInfo, error)
}

// FS is the file system. Names are absolute paths of the machine. Errors are
// those of package os, so errors.Is with fs.ErrExist, syscall.ENOSPC works.
type FS interface {
	OpenFile(name string, flag int, perm fs.FileMode) (File, error)
	// OpenUncached opens for reading what the disk holds, not what memory
	// remembers, as far as the system can.
	OpenUncached(name string) (File, error)
	Mkdir(name string, perm fs.FileMode) error
	// Rename never replaces: fs.ErrExist if the new name is taken.
	Rename(old, new string) error
	Remove(name string) error
	Lstat(name string) (fs.FileInfo, error)
	ReadDir(name string) ([]fs.DirEntry, error)
	SyncDir(name string) error
	// Free is what an ordinary user may still write below name.
	Free(name string) (uint64, error)
}

// OS is the real file system.
type OS struct{}

func (OS) OpenFile(name string, flag int, perm fs.FileMode) (File, error) {
	f, err := os.OpenFile(name, flag, perm)
	if err != nil {
		return nil, err
	}
	return f, nil
}

func (OS) OpenUncached(name string) (File, error) { return openUncached(name) }

func (OS) Mkdir(name string, perm fs.FileMode) error { return os.Mkdir(name, perm) }

func (OS) Rename(old, new string) error {
	// There is no portable rename that refuses to replace, and hard links do
	// not exist on FAT. Only one program writes a target at a time, so looking
	// first is enough against our own mistakes.
	if _, err := os.Lstat(new); err == nil {
		return &fs.PathError{Op: "rename", Path: new, Err: fs.ErrExist}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return disk.Rename(old, new)
}

func (OS) Remove(name string) error                   { return os.Remove(name) }
func (OS) Lstat(name string) (fs.FileInfo, error)     { return os.Lstat(name) }
func (OS) ReadDir(name string) ([]fs.DirEntry, error) { return os.ReadDir(name) }
func (OS) Free(name string) (uint64, error)           { return freeSpace(name) }

func (OS) SyncDir(name string) error { return disk.SyncDir(name) }

// Tolerate drops the errors of file systems that have no fsync at all.
func Tolerate(err error) error { return disk.Tolerate(err) }

// Fault turns an error of the file system into one that says what to do.
func Fault(op, path string, err error) error {
	if err == nil {
		return nil
	}
	var f *fault.Error
	if errors.As(err, &f) {
		return err
	}
	args := fault.Pairs("path", path, "file", filepath.Base(path))
	switch {
	case disk.Full(err):
		return fault.Wrap(op, fault.NoSpace, "backup.disk.full", args, err)
	case disk.WriteProtected(err):
		return fault.Wrap(op, fault.ReadOnly, "backup.disk.readOnly", args, err)
	case disk.Gone(err):
		return fault.Wrap(op, fault.NotFound, "backup.disk.gone", args, err)
	case errors.Is(err, syscall.EFBIG):
		return fault.Wrap(op, fault.Unsupported, "backup.disk.tooBig", args, err)
	case errors.Is(err, fs.ErrExist):
		return fault.Wrap(op, fault.Conflict, "backup.disk.exists", args, err)
	}
	return fault.Wrap(op, fault.Internal, "backup.disk.error", args, err)
}

// Exists says whether there is anything under the name, a dangling link too.
func Exists(f FS, name string) (bool, error) {
	_, err := f.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// ReadFile reads a whole small file; more than limit bytes is an error.
func ReadFile(f FS, name string, limit int64) ([]byte, error) {
	h, err := f.OpenFile(name, os.O_RDONLY, 0)
	if err != nil {
		return nil, err
	}
	defer h.Close()
	b, err := io.ReadAll(io.LimitReader(h, limit+1))
	if err == nil && int64(len(b)) > limit {
		err = syscall.EFBIG
	}
	return b, err
}

// WriteNew makes a file that did not exist, durable before it returns.
func WriteNew(f FS, name string, b []byte) error {
	h, err := f.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	n, err := h.Write(b)
	if err == nil && n < len(b) {
		err = io.ErrShortWrite
	}
	if err == nil {
		err = Tolerate(h.Sync())
	}
	if cerr := h.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		_ = f.Remove(name) // ours, made just now with O_EXCL
	}
	return err
}
