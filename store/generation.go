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
// the shop of that day; those of readOld.
func tidy(op, dir string, ring *keyring.Ring) error {
	current := filepath.Base(dbFile(dir, ring))
	before := "" // the file of the keyring before
	old, err := readOld(op, dir, ring)
	if err != nil {
		return err
	}
	if old != nil {
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
	if old != nil && old.KeyID() == ring.KeyID() { // cut off before the flip
		_ = os.Remove(filepath.Join(dir, oldKeyring))
	}
	return nil
}

// readOld gives the keyring of the generation before; nil when none is kept.
// Changing the key raises the sequence, so one that is not behind the ring has
// changed places with it: Damaged "store.keyrings-swapped", for by the wrong one of
// the two the data of today would be the data of before, and be removed.
func readOld(op, dir string, ring *keyring.Ring) (*keyring.Ring, error) {
	b, err := disk.ReadSmall(filepath.Join(dir, oldKeyring), keyring.MaxFile)
	if err != nil {
		return nil, nil //nolint:nilerr // what can't be read is none: nothing is removed by it
	}
	old, err := keyring.Parse(b)
	if err != nil || old.Shop() != ring.Shop() {
		return nil, nil //nolint:nilerr // as above
	}
	if old.KeyID() != ring.KeyID() && old.Seq() >= ring.Seq() {
		return nil, fault.New(op, fault.Damaged, "store.keyrings-swapped", fault.Pairs("folder", dir, "keyring", KeyringName, "old", oldKeyring))
	}
	return old, nil
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

// old gives the file of the generation before, "" if it is not kept.
func (s *Store) old(op string) (file string, err error) {
	if s.keys == nil {
		return "", nil
	}
	ring := s.keys.present()
	old, err := readOld(op, s.dir, ring)
	if err != nil || old == nil || old.KeyID() == ring.KeyID() {
		return "", err
	}
	if file = dbFile(s.dir, old); file == dbFile(s.dir, ring) {
		return "", nil
	}
	return file, nil
}

// OldKept implements app.Store.
func (s *Store) OldKept() bool {
	file, err := s.old("store.OldKept")
	return file != "" || err != nil
}

// DropOld implements app.Store. What an SSD or a stick still holds of deleted
// files no program can take back; docs/formats.md says so.
func (s *Store) DropOld() (bool, error) {
	const op = "store.DropOld"
	s.rotating.Lock()
	defer s.rotating.Unlock()
	file, err := s.old(op)
	if err != nil || file == "" {
		return false, err
	}
	if err := removeDB(file); err != nil {
		return false, folderFault(op, s.dir, err)
	}
	if err := os.Remove(filepath.Join(s.dir, oldKeyring)); err != nil {
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
