package backup

import (
	"encoding/json"
	"errors"
	"io/fs"
	"path/filepath"

	"tiezhang/backup/archive"
	"tiezhang/backup/target"
)

// Restoration is the note a restore leaves beside the shop, because the shop's
// own file is the archive's byte for byte and cannot know what happened to it.
type Restoration struct {
	Format   int    `json:"format"`
	File     string `json:"file"` // name of the archive
	FileID   ID     `json:"file_id"`
	Sequence uint64 `json:"sequence"`
	Created  int64  `json:"created_ms"`
}

func writeRestored(f FS, dir string, i Info) error {
	b, err := json.Marshal(Restoration{Format: archive.Version, File: i.Name, FileID: i.FileID, Sequence: i.Sequence, Created: i.Created})
	if err != nil {
		return err
	}
	if err := target.WriteNew(f, filepath.Join(dir, RestoredFile), b); err != nil {
		return err
	}
	return f.SyncDir(dir)
}

// Restored tells whether the shop in dir came out of an archive and was not
// opened since. A note that cannot be understood counts, without its details.
func Restored(f FS, dir string) (Restoration, bool, error) {
	name := filepath.Join(dir, RestoredFile)
	b, err := target.ReadFile(f, name, 4096)
	if errors.Is(err, fs.ErrNotExist) {
		return Restoration{}, false, nil
	}
	if err != nil {
		return Restoration{}, false, target.Fault("backup.Restored", name, err)
	}
	var r Restoration
	if json.Unmarshal(b, &r) != nil || r.Format != archive.Version {
		return Restoration{}, true, nil
	}
	return r, true, nil
}

// Acknowledge takes the note away, once the shop wrote down what it says.
func Acknowledge(f FS, dir string) error {
	name := filepath.Join(dir, RestoredFile)
	if err := f.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return target.Fault("backup.Acknowledge", name, err)
	}
	return nil
}

// HasShop tells whether dir holds files of a shop, whole or not.
func HasShop(f FS, dir string) (bool, error) {
	for _, n := range []string{DatabaseFile, KeyringFile} {
		there, err := target.Exists(f, filepath.Join(dir, n))
		if there || err != nil {
			return there, err
		}
	}
	return false, nil
}
