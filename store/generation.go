package store

import (
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"tiezhang/app/fault"
	"tiezhang/internal/disk"
	"tiezhang/store/keyring"
)

// A shop's file is made anew under every data key; each is a generation. The
// first is shop.db. A later one bears the first half of its key's ID:
// shop.db.0123456789abcdef. Which of them is the shop is said by the keyring
// and by nothing else: the file named after the keyring's key ID, or shop.db if
// there is none of that name. So the one rename that puts a new keyring in
// place turns over key and file together, and there is no moment at which the
// two don't fit.
//
// oldKeyring is the keyring of the generation before, kept with its file until a
// backup of the new one was verified.
const oldKeyring = KeyringName + ".old"

func generationName(keyID [16]byte) string { return DBName + "." + hex.EncodeToString(keyID[:8]) }

// dbFile gives the file a keyring is for.
func dbFile(dir string, ring *keyring.Ring) string {
	own := filepath.Join(dir, generationName(ring.KeyID()))
	if _, err := os.Stat(own); err == nil {
		return own
	}
	return filepath.Join(dir, DBName)
}

// generations lists the files of shops in a folder, without their side files.
func generations(dir string) (names []string) {
	es, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	for _, e := range es {
		if n := e.Name(); n == DBName || isGeneration(n) {
			names = append(names, n)
		}
	}
	return names
}

func isGeneration(name string) bool {
	id, ok := strings.CutPrefix(name, DBName+".")
	b, err := hex.DecodeString(id)
	return ok && err == nil && len(b) == 8 && id == strings.ToLower(id)
}

// spareMark beside a file says that it may be removed: it is being made, and has
// not taken over, or what it was has been taken over twice. A file without the
// mark is never removed here, whatever the keyring says: somebody may have put
// an old keyring back.
const spareMark = ".spare"

// tidy brings a folder to rest after a rotation that was cut off, at either side
// of the flip. The caller has the lock, and the ring is the one on the disk.
// Fault Damaged "store.newer-generation" when there is a file of another key that
// once was the shop: the keyring is an older one put back, and opening would show
// the shop of that day.
func tidy(op, dir string, ring *keyring.Ring) error {
	current := filepath.Base(dbFile(dir, ring))
	before := "" // the file of the keyring before
	old, oldErr := keyring.Parse(readSmall(filepath.Join(dir, oldKeyring)))
	if oldErr == nil {
		before = filepath.Base(dbFile(dir, old))
	}
	for _, n := range generations(dir) {
		mark := filepath.Join(dir, n+spareMark)
		_, err := os.Stat(mark)
		switch spare := err == nil; {
		case spare && (n == current || n == before):
			_ = os.Remove(mark)
		case spare:
			if removeDB(filepath.Join(dir, n)) == nil {
				_ = os.Remove(mark)
			}
		case n != current && n != before && n != DBName:
			return fault.New(op, fault.Damaged, "store.newer-generation", fault.Pairs("folder", dir, "file", n))
		}
	}
	if ring.FromCopy() {
		return nil // something is wrong here already; touch nothing more
	}
	if oldErr == nil && old.KeyID() == ring.KeyID() { // cut off before the flip
		_ = os.Remove(filepath.Join(dir, oldKeyring))
	}
	return nil
}

func readSmall(path string) []byte {
	st, err := os.Stat(path)
	if err != nil || st.Size() > 1<<20 {
		return nil
	}
	b, _ := os.ReadFile(path)
	return b
}

// removeDB removes a file and what lies beside it, the file last, so that a
// removal that is cut off is found again.
func removeDB(path string) error {
	for _, suffix := range []string{"-wal", "-shm", "-journal", ""} {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// old gives the keyring and the file of the generation before, if they are kept.
func (s *Store) old() (path, file string, ok bool) {
	if s.keys == nil {
		return "", "", false
	}
	path = filepath.Join(s.dir, oldKeyring)
	old, err := keyring.Parse(readSmall(path))
	if err != nil || s.keys.is(old) {
		return "", "", false
	}
	file = dbFile(s.dir, old)
	if _, current := s.keys.file(); file == current {
		return "", "", false
	}
	return path, file, true
}

// OldKept implements app.Store.
func (s *Store) OldKept() bool {
	_, _, ok := s.old()
	return ok
}

// DropOld implements app.Store. What an SSD or a stick still holds of deleted
// files no program can take back; docs/formats.md says so.
func (s *Store) DropOld() (bool, error) {
	const op = "store.DropOld"
	s.rotating.Lock()
	defer s.rotating.Unlock()
	path, file, ok := s.old()
	if !ok {
		return false, nil
	}
	if err := removeDB(file); err != nil {
		return false, folderFault(op, s.dir, err)
	}
	if err := os.Remove(path); err != nil {
		return false, folderFault(op, s.dir, err)
	}
	syncDir(s.dir)
	return true, nil
}

// missingFile says what is wrong when the file of a keyring is not there.
func missingFile(op, dir string, ring *keyring.Ring, err error) error {
	if fault.KeyOf(err) == "cipherdb.missing" && len(generations(dir)) > 0 {
		return fault.Wrap(op, fault.Damaged, "store.generation", fault.Pairs("folder", dir, "file", generationName(ring.KeyID())), err)
	}
	return err
}

// writeDurable writes a small file so that after it returns the name leads to
// all of it, whatever happens to the power.
func writeDurable(path string, b []byte) error {
	tmp := path + ".tmp"
	f, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = disk.Rename(tmp, path)
	}
	if err != nil {
		_ = os.Remove(tmp)
	}
	return err
}
