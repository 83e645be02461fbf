package keyring

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"tiezhang/app/fault"
	"tiezhang/internal/disk"
)

// FileName is the keyring's name beside the database; Copy is the end of the
// name of its second copy.
const (
	FileName = "keyring"
	Copy     = ".prev" // which it was called when it held the ring before
)

// Open reads the keyring at path. If that file is missing or damaged and the
// second copy is whole, that one is used and FromCopy says so: a shop must open
// when a sector is bad, and somebody must be told. A file made by a newer
// program, or one that would weaken the shop, is never passed over.
func Open(path string) (*Ring, error) {
	r, err := openOne(path)
	if err == nil {
		return r, nil
	}
	if k := fault.KeyOf(err); k != "keyring.damaged" && k != "keyring.missing" {
		return nil, err
	}
	if p, copyErr := openOne(path + Copy); copyErr == nil {
		p.fromCopy.Store(true)
		return p, nil
	}
	return nil, err
}

func openOne(path string) (*Ring, error) {
	raw, err := disk.ReadSmall(path, MaxFile)
	args := fault.Pairs("file", filepath.Base(path))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fault.Wrap("keyring.Open", fault.NotFound, "keyring.missing", args, err)
	case errors.Is(err, disk.ErrNotPlain):
		return nil, damaged("size", err)
	case err != nil:
		return nil, fault.Wrap("keyring.Open", fault.Unsupported, "keyring.unreadable", args, err)
	}
	return Parse(raw)
}

// saveStep is called between the steps of Save; tests stop there.
var saveStep = func(string) error { return nil }

// Save writes the ring and its second copy.
func (r *Ring) Save(path string) error { return r.SaveWhen(path, func() error { return nil }) }

// SaveWhen is Save that asks ready when all that is left is to put the new ring
// in place.
//
// A cut at any moment leaves a whole file. And from the moment the new ring is in
// place no older one is left that could come back by damaging it: what was taken
// from somebody, a password, a kit, a slot, would work again. So the second copy
// goes before the rename and is made anew after it, of the new ring. Only when
// the file itself is not whole, and the copy is all there is, it is replaced
// after the rename.
func (r *Ring) SaveWhen(path string, ready func() error) error {
	r.saving.Lock()
	defer r.saving.Unlock()
	dir := filepath.Dir(path)
	tmp, err := disk.Stage(path, r.Bytes())
	if err != nil {
		return saveFault(path, err)
	}
	fail := func(err error) error { _ = os.Remove(tmp); return err }
	if err := saveStep("written"); err != nil {
		return saveFault(path, err)
	}
	if _, err := openOne(path); err == nil {
		if err := os.Remove(path + Copy); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fail(saveFault(path, err))
		}
		if err := disk.SyncDir(dir); err != nil {
			return fail(saveFault(path, err))
		}
	}
	if err := saveStep("alone"); err != nil {
		return saveFault(path, err)
	}
	if err := ready(); err != nil {
		return fail(err)
	}
	if err := disk.Rename(tmp, path); err != nil {
		return fail(saveFault(path, err))
	}
	if err := disk.SyncDir(dir); err != nil {
		return saveFault(path, err)
	}
	if err := saveStep("renamed"); err != nil {
		return saveFault(path, err)
	}
	if err := disk.Replace(path+Copy, r.Bytes()); err != nil {
		return saveFault(path, err)
	}
	r.fromCopy.Store(false)
	if err := saveStep("copied"); err != nil {
		return saveFault(path, err)
	}
	return nil
}

// SaveCopy makes the second copy anew where it is not that of this ring: a save
// that was cut off left it out.
func (r *Ring) SaveCopy(path string) error {
	r.saving.Lock()
	defer r.saving.Unlock()
	if b, err := disk.ReadSmall(path+Copy, MaxFile); err == nil && bytes.Equal(b, r.st.Load().raw) {
		return nil
	}
	if err := disk.Replace(path+Copy, r.Bytes()); err != nil {
		return saveFault(path, err)
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
