package faultfs

import (
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"syscall"
	"time"
)

type info struct {
	name string
	dir  bool
	size int64
}

func (i info) Name() string       { return i.name }
func (i info) Size() int64        { return i.size }
func (i info) ModTime() time.Time { return time.Time{} }
func (i info) IsDir() bool        { return i.dir }
func (i info) Sys() any           { return nil }
func (i info) Mode() fs.FileMode {
	if i.dir {
		return fs.ModeDir | 0o700
	}
	return 0o600
}

type file struct {
	f        *FS
	n        *node
	name     string
	at       int64
	uncached bool
}

func (h *file) Read(b []byte) (int, error) {
	n, err := h.ReadAt(b, h.at)
	h.at += int64(n)
	if n > 0 && errors.Is(err, io.EOF) {
		err = nil
	}
	return n, err
}

func (h *file) ReadAt(b []byte, off int64) (int, error) {
	h.f.mu.Lock()
	defer h.f.mu.Unlock()
	switch {
	case h.f.crashed:
		return 0, ErrCrashed
	case h.n.dead:
		return 0, syscall.EIO
	case h.n.dir:
		return 0, syscall.EISDIR
	case off >= int64(len(h.n.data)):
		return 0, io.EOF
	}
	n := copy(b, h.n.data[off:])
	if h.uncached && h.f.Rot != nil {
		h.f.Rot(h.name, off, b[:n])
	}
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

func (h *file) Write(b []byte) (int, error) {
	n, err := h.WriteAt(b, h.at)
	h.at += int64(n)
	return n, err
}

func (h *file) WriteAt(b []byte, off int64) (int, error) {
	h.f.mu.Lock()
	defer h.f.mu.Unlock()
	err := h.f.step("write", h.name, h.n)
	short := errors.Is(err, ErrShort)
	if err != nil && (!short || len(b) == 0) {
		return 0, err
	}
	if short {
		b = b[:len(b)/2]
	}
	if end := off + int64(len(b)); end > int64(len(h.n.data)) {
		h.n.data = append(h.n.data, make([]byte, end-int64(len(h.n.data)))...)
	}
	return copy(h.n.data[off:], b), nil
}

func (h *file) Truncate(size int64) error {
	h.f.mu.Lock()
	defer h.f.mu.Unlock()
	if err := h.f.step("truncate", h.name, h.n); err != nil {
		return err
	}
	for int64(len(h.n.data)) < size {
		h.n.data = append(h.n.data, 0)
	}
	h.n.data = h.n.data[:size]
	return nil
}

func (h *file) Sync() error {
	h.f.mu.Lock()
	defer h.f.mu.Unlock()
	if err := h.f.step("sync", h.name, h.n); err != nil {
		return err
	}
	h.n.synced = append([]byte(nil), h.n.data...)
	return nil
}

func (h *file) Close() error {
	h.f.mu.Lock()
	defer h.f.mu.Unlock()
	if h.n.dead {
		return syscall.EIO
	}
	return nil
}

func (h *file) Stat() (fs.FileInfo, error) {
	h.f.mu.Lock()
	defer h.f.mu.Unlock()
	if h.f.crashed {
		return nil, ErrCrashed
	}
	return info{filepath.Base(h.name), h.n.dir, int64(len(h.n.data))}, nil
}
