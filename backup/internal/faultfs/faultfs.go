// Package faultfs is a file system in memory that breaks on demand: it counts
// every change, fails or crashes at a chosen one, and after a crash remembers
// only what was synced. It is for the tests of the backup packages; nothing
// that ships imports it.
//
// Directory changes become durable in the order they were made, as on a
// journalling file system, and at the latest with SyncDir of a directory they
// touch. File contents become durable with Sync only.
package faultfs

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"syscall"

	"tiezhang/backup/target"
)

// ErrCrashed is what every call gives after the crash.
var ErrCrashed = errors.New("faultfs: crashed")

// ErrShort makes a write keep half of its bytes and say nothing.
var ErrShort = errors.New("faultfs: short write")

type node struct {
	dir            bool
	kids           map[string]*node // what programs see
	durable        map[string]*node // what a crash leaves
	data           []byte
	synced         []byte
	dead, readOnly bool
}

type change struct {
	dirs []*node
	do   func()
}

// FS is the file system. Make it with New.
type FS struct {
	mu      sync.Mutex
	root    *node
	pending []change
	crashed bool

	Steps    int // changes so far
	CrashAt  int // crash instead of making this change; 0: never
	FreeByte uint64
	// Fail is asked before each change; an error other than ErrShort is returned
	// to the program instead of making the change.
	Fail func(step int, op, path string) error
	// Rot may alter what is read from the disk (uncached handles only).
	Rot func(path string, off int64, b []byte)
	// Log, if not nil, is told each change.
	Log func(step int, op, path string)
}

var _ target.FS = (*FS)(nil)

func newDir() *node {
	return &node{dir: true, kids: map[string]*node{}, durable: map[string]*node{}}
}

// New gives a file system with these folders, already durable.
func New(dirs ...string) *FS {
	f := &FS{root: newDir(), FreeByte: 1 << 40}
	for _, d := range dirs {
		at := f.root
		for _, s := range split(d) {
			if at.kids[s] == nil {
				n := newDir()
				at.kids[s], at.durable[s] = n, n
			}
			at = at.kids[s]
		}
	}
	return f
}

func split(p string) []string {
	p = strings.Trim(filepath.ToSlash(filepath.Clean(p)), "/")
	if p == "" || p == "." {
		return nil
	}
	return strings.Split(p, "/")
}

func (f *FS) find(p string) (*node, error) {
	at := f.root
	for _, s := range split(p) {
		if !at.dir {
			return nil, &fs.PathError{Op: "open", Path: p, Err: syscall.ENOTDIR}
		}
		if at = at.kids[s]; at == nil {
			return nil, &fs.PathError{Op: "open", Path: p, Err: fs.ErrNotExist}
		}
	}
	return at, nil
}

func (f *FS) parent(p string) (*node, string, error) {
	d, err := f.find(filepath.Dir(filepath.Clean(p)))
	if err == nil && !d.dir {
		err = &fs.PathError{Op: "open", Path: p, Err: syscall.ENOTDIR}
	}
	return d, filepath.Base(p), err
}

// step counts a change and fails where it should.
func (f *FS) step(op, p string, in *node) error {
	if f.crashed {
		return ErrCrashed
	}
	f.Steps++
	if f.Log != nil {
		f.Log(f.Steps, op, p)
	}
	if f.Steps == f.CrashAt {
		f.crashed = true
		return ErrCrashed
	}
	if f.Fail != nil {
		if err := f.Fail(f.Steps, op, p); err != nil {
			return err
		}
	}
	if in != nil && in.dead {
		return syscall.EIO
	}
	if in != nil && in.readOnly {
		return &fs.PathError{Op: op, Path: p, Err: syscall.EROFS}
	}
	return nil
}

// OpenFile opens or makes a file.
func (f *FS) OpenFile(name string, flag int, _ fs.FileMode) (target.File, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.crashed {
		return nil, ErrCrashed
	}
	d, base, err := f.parent(name)
	if err != nil {
		return nil, err
	}
	n := d.kids[base]
	switch {
	case n == nil && flag&os.O_CREATE == 0:
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	case n != nil && flag&os.O_EXCL != 0:
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrExist}
	case n != nil && n.dir && flag != os.O_RDONLY:
		return nil, &fs.PathError{Op: "open", Path: name, Err: syscall.EISDIR}
	case n == nil:
		if err := f.step("create", name, d); err != nil {
			return nil, err
		}
		n = &node{}
		d.kids[base] = n
		f.pending = append(f.pending, change{[]*node{d}, func() { d.durable[base] = n }})
	}
	return &file{f: f, n: n, name: name}, nil
}

// OpenUncached opens for reading through Rot.
func (f *FS) OpenUncached(name string) (target.File, error) {
	h, err := f.OpenFile(name, os.O_RDONLY, 0)
	if err != nil {
		return nil, err
	}
	h.(*file).uncached = true
	return h, nil
}

// Mkdir makes a folder.
func (f *FS) Mkdir(name string, _ fs.FileMode) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	d, base, err := f.parent(name)
	if err != nil {
		return err
	}
	if d.kids[base] != nil {
		return &fs.PathError{Op: "mkdir", Path: name, Err: fs.ErrExist}
	}
	if err := f.step("mkdir", name, d); err != nil {
		return err
	}
	n := newDir()
	d.kids[base] = n
	f.pending = append(f.pending, change{[]*node{d}, func() { d.durable[base] = n }})
	return nil
}

// Rename moves and never replaces.
func (f *FS) Rename(old, new string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	a, an, err := f.parent(old)
	if err != nil {
		return err
	}
	b, bn, err := f.parent(new)
	if err != nil {
		return err
	}
	n := a.kids[an]
	if n == nil {
		return &fs.PathError{Op: "rename", Path: old, Err: fs.ErrNotExist}
	}
	if b.kids[bn] != nil {
		return &fs.PathError{Op: "rename", Path: new, Err: fs.ErrExist}
	}
	if err := f.step("rename", old+" > "+new, b); err != nil {
		return err
	}
	delete(a.kids, an)
	b.kids[bn] = n
	f.pending = append(f.pending, change{[]*node{a, b}, func() { delete(a.durable, an); b.durable[bn] = n }})
	return nil
}

// Remove deletes a file or an empty folder.
func (f *FS) Remove(name string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	d, base, err := f.parent(name)
	if err != nil {
		return err
	}
	n := d.kids[base]
	if n == nil {
		return &fs.PathError{Op: "remove", Path: name, Err: fs.ErrNotExist}
	}
	if n.dir && len(n.kids) > 0 {
		return &fs.PathError{Op: "remove", Path: name, Err: syscall.ENOTEMPTY}
	}
	if err := f.step("remove", name, d); err != nil {
		return err
	}
	delete(d.kids, base)
	f.pending = append(f.pending, change{[]*node{d}, func() { delete(d.durable, base) }})
	return nil
}

// Lstat looks at a name.
func (f *FS) Lstat(name string) (fs.FileInfo, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.crashed {
		return nil, ErrCrashed
	}
	n, err := f.find(name)
	if err != nil {
		return nil, err
	}
	return info{filepath.Base(name), n.dir, int64(len(n.data))}, nil
}

// ReadDir lists a folder by name.
func (f *FS) ReadDir(name string) ([]fs.DirEntry, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.crashed {
		return nil, ErrCrashed
	}
	n, err := f.find(name)
	if err != nil {
		return nil, err
	}
	if !n.dir {
		return nil, syscall.ENOTDIR
	}
	var out []fs.DirEntry
	for k, v := range n.kids {
		out = append(out, fs.FileInfoToDirEntry(info{k, v.dir, int64(len(v.data))}))
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name() < out[j].Name() })
	return out, nil
}

// SyncDir makes the changes of a folder durable, and all made before them.
func (f *FS) SyncDir(name string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	n, err := f.find(name)
	if err != nil {
		return err
	}
	if err := f.step("syncdir", name, nil); err != nil {
		return err
	}
	if n.dead {
		return syscall.EIO
	}
	last := 0
	for i, c := range f.pending {
		for _, d := range c.dirs {
			if d == n {
				last = i + 1
			}
		}
	}
	f.commit(last)
	return nil
}

func (f *FS) commit(n int) {
	for _, c := range f.pending[:n] {
		c.do()
	}
	f.pending = f.pending[n:]
}

// Free says what was set.
func (f *FS) Free(string) (uint64, error) { return f.FreeByte, nil }

// Survival says what of the unsynced things a crash leaves.
type Survival struct {
	Dirs float64 // share of the pending directory changes, oldest first
	Data int     // 0: synced contents only, 1: everything, 2: right length, zeros in place of unsynced bytes
}

// Reboot gives the file system as found after a crash.
func (f *FS) Reboot(s Survival) *FS {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.commit(int(s.Dirs * float64(len(f.pending))))
	return &FS{root: revive(f.root, s), FreeByte: f.FreeByte}
}

func revive(n *node, s Survival) *node {
	if n.dir {
		d := newDir()
		for k, v := range n.durable {
			r := revive(v, s)
			d.kids[k], d.durable[k] = r, r
		}
		return d
	}
	c := append([]byte(nil), n.synced...)
	switch s.Data {
	case 1:
		c = append([]byte(nil), n.data...)
	case 2:
		c = make([]byte, len(n.data))
		copy(c, n.synced)
	}
	return &node{data: c, synced: append([]byte(nil), c...)}
}

// Unplug leaves an empty folder where a stick was mounted and kills the handles
// open on it. The stick itself is given back as it was, for Plug.
func (f *FS) Unplug(dir string) (stick any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	d, base, err := f.parent(dir)
	if err != nil {
		panic(err)
	}
	old := d.kids[base]
	empty := newDir()
	d.kids[base], d.durable[base] = empty, empty
	kill(old, true)
	return old
}

// Plug mounts a stick again, maybe elsewhere.
func (f *FS) Plug(dir string, stick any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	d, base, err := f.parent(dir)
	if err != nil {
		panic(err)
	}
	n := stick.(*node)
	kill(n, false)
	d.kids[base], d.durable[base] = n, n
}

func kill(n *node, dead bool) {
	n.dead = dead
	for _, k := range n.kids {
		kill(k, dead)
	}
}

// SetReadOnly makes a folder refuse changes.
func (f *FS) SetReadOnly(dir string, ro bool) {
	n, err := f.find(dir)
	if err != nil {
		panic(err)
	}
	n.readOnly = ro
}

// Put makes a durable file; Get reads one, nil if there is none.
func (f *FS) Put(name string, b []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	d, base, err := f.parent(name)
	if err != nil {
		panic(err)
	}
	n := &node{data: append([]byte(nil), b...), synced: append([]byte(nil), b...)}
	d.kids[base], d.durable[base] = n, n
}

// Get reads a file, nil if there is none.
func (f *FS) Get(name string) []byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	n, err := f.find(name)
	if err != nil || n.dir {
		return nil
	}
	return append([]byte{}, n.data...)
}

// Names lists a folder, for messages and comparisons.
func (f *FS) Names(dir string) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	n, err := f.find(dir)
	if err != nil {
		return nil
	}
	var out []string
	for k := range n.kids {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}
