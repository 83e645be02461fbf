package keyring

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"

	"tiezhang/app/fault"
	"tiezhang/internal/disk"
)

// FileName is the keyring's name beside the database.
const FileName = "keyring"

const (
	previous = ".prev"
	partial  = ".tmp"
)

// Open reads the keyring at path. If that file is missing or damaged and the
// one before it is whole, that one is used and FromPrevious says so: a shop
// must open after a power cut, and somebody must be told. A file made by a
// newer program, or one that would weaken the shop, is never passed over.
func Open(path string) (*Ring, error) {
	r, err := openOne(path)
	if err == nil {
		return r, nil
	}
	if k := fault.KeyOf(err); k != "keyring.damaged" && k != "keyring.missing" {
		return nil, err
	}
	if p, prevErr := openOne(path + previous); prevErr == nil {
		p.fromPrevious.Store(true)
		return p, nil
	}
	return nil, err
}

func openOne(path string) (*Ring, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.Wrap("keyring.Open", fault.NotFound, "keyring.missing", fault.Pairs("file", filepath.Base(path)), err)
	}
	if err != nil {
		return nil, fault.Wrap("keyring.Open", fault.Unsupported, "keyring.unreadable", fault.Pairs("file", filepath.Base(path)), err)
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxFile+1)) // the cap holds before the bytes are in memory
	if err != nil {
		return nil, fault.Wrap("keyring.Open", fault.Unsupported, "keyring.unreadable", fault.Pairs("file", filepath.Base(path)), err)
	}
	return Parse(raw)
}

// saveStep is called between the steps of Save; tests stop there.
var saveStep = func(string) error { return nil }

// Save writes the ring so that a power cut at any moment leaves a whole file:
// the new bytes are on the disk before the old name points to them, and the
// file that was there stays as ".prev".
func (r *Ring) Save(path string) error {
	r.saving.Lock()
	defer r.saving.Unlock()
	raw := r.Bytes()
	if err := writeSynced(path+partial, raw); err != nil {
		os.Remove(path + partial)
		return saveFault(path, err)
	}
	if err := saveStep("written"); err != nil {
		return saveFault(path, err)
	}
	// Only a whole keyring becomes the previous one: saving over a damaged
	// file must not push out the good copy that was used instead of it.
	if old, err := os.ReadFile(path); err == nil {
		if _, err := Parse(old); err == nil {
			if err := replace(path+previous, old); err != nil {
				return saveFault(path, err)
			}
		}
	}
	if err := saveStep("previous"); err != nil {
		return saveFault(path, err)
	}
	if err := disk.Rename(path+partial, path); err != nil {
		return saveFault(path, err)
	}
	if err := saveStep("renamed"); err != nil {
		return saveFault(path, err)
	}
	r.fromPrevious.Store(false)
	return syncDir(filepath.Dir(path))
}

// SaveOnly is Save for a ring that takes the place of one under another data
// key. The file before it must not stay as ".prev": if this one were damaged
// later, the old key would come back, and with it an old shop. So ".prev" goes
// first, and SaveAlso makes a new one afterwards. ready is called when all that
// is left is the rename.
func (r *Ring) SaveOnly(path string, ready func() error) error {
	r.saving.Lock()
	defer r.saving.Unlock()
	if err := writeSynced(path+partial, r.Bytes()); err != nil {
		os.Remove(path + partial)
		return saveFault(path, err)
	}
	if err := os.Remove(path + previous); err != nil && !errors.Is(err, fs.ErrNotExist) {
		os.Remove(path + partial)
		return saveFault(path, err)
	}
	if err := syncDir(filepath.Dir(path)); err != nil {
		os.Remove(path + partial)
		return err
	}
	if err := ready(); err != nil {
		os.Remove(path + partial)
		return err
	}
	if err := disk.Rename(path+partial, path); err != nil {
		os.Remove(path + partial)
		return saveFault(path, err)
	}
	return syncDir(filepath.Dir(path))
}

// SaveAlso writes the ring under a further name.
func (r *Ring) SaveAlso(path string) error {
	r.saving.Lock()
	defer r.saving.Unlock()
	if err := replace(path, r.Bytes()); err != nil {
		return saveFault(path, err)
	}
	return syncDir(filepath.Dir(path))
}

func replace(path string, data []byte) error {
	if err := writeSynced(path+partial, data); err != nil {
		os.Remove(path + partial)
		return err
	}
	if err := saveStep("previous-written"); err != nil {
		return err
	}
	return disk.Rename(path+partial, path)
}

func writeSynced(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if err := saveStep("created"); err != nil {
		f.Close()
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// syncDir makes the rename last; Windows has no such call and needs none.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return saveFault(dir, err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) {
		return saveFault(dir, err)
	}
	return nil
}

func saveFault(path string, err error) error {
	kind, key := fault.ReadOnly, "keyring.not-saved"
	if disk.Full(err) {
		kind, key = fault.NoSpace, "keyring.no-space"
	}
	return fault.Wrap("keyring.Save", kind, key, fault.Pairs("folder", filepath.Dir(path)), err)
}
