package backup

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"tiezhang/app/fault"
	"tiezhang/backup/target"
)

const (
	journalName = "restore.journal"
	asidePrefix = "replaced-"
)

// journal is written when the new shop is complete and durable beside the old
// one. From then on the swap only goes forward.
type journal struct {
	Format   int    `json:"format"`
	Incoming string `json:"incoming"` // folder names inside the shop folder
	Aside    string `json:"aside"`
	Sum      string `json:"sum"`
}

func (j journal) seal() string {
	s := sha256.Sum256([]byte(fmt.Sprintf("tiezhang swap 1\x00%s\x00%s", j.Incoming, j.Aside)))
	return hex.EncodeToString(s[:])
}

// put makes the built folder the shop.
func (p place) put(f FS, c Clock, built string) (aside string, err error) {
	if !p.exists {
		if err := f.Rename(built, p.dir); err != nil {
			return "", err
		}
		return "", f.SyncDir(filepath.Dir(p.dir))
	}
	stamp := asidePrefix + c.Now().UTC().Format("20060102T150405Z")
	aside = filepath.Join(p.dir, stamp)
	for n := 2; ; n++ {
		err := f.Mkdir(aside, 0o700)
		if err == nil {
			break
		}
		if !errors.Is(err, fs.ErrExist) || n > 99 {
			return "", err
		}
		aside = filepath.Join(p.dir, fmt.Sprintf("%s-%d", stamp, n))
	}
	j := journal{Format: 1, Incoming: filepath.Base(built), Aside: filepath.Base(aside)}
	j.Sum = j.seal()
	b, err := json.Marshal(j)
	if err != nil {
		return "", err
	}
	temp := filepath.Join(p.dir, journalName+unplaced)
	if err := f.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	if err := f.SyncDir(p.dir); err != nil { // both folders are there before the journal names them
		return "", err
	}
	if err := target.WriteNew(f, temp, b); err != nil {
		return "", err
	}
	if err := f.Rename(temp, filepath.Join(p.dir, journalName)); err != nil {
		return "", err
	}
	if err := f.SyncDir(p.dir); err != nil {
		return "", err
	}
	if _, err := FinishSwap(f, p.dir); err != nil {
		return "", err
	}
	if !p.shop { // nothing went there
		_ = f.Remove(aside)
		aside = ""
	}
	return aside, nil
}

// FinishSwap completes a restore that was interrupted in the middle of changing
// files, and says whether there was one. Call it before a shop is opened. It
// may itself be interrupted and called again.
func FinishSwap(f FS, dir string) (bool, error) {
	const op = "backup.FinishSwap"
	name := filepath.Join(dir, journalName)
	b, err := target.ReadFile(f, name, 4096)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, target.Fault(op, name, err)
	}
	var j journal
	if json.Unmarshal(b, &j) != nil || j.Format != 1 || j.Sum != j.seal() || !plain(j.Incoming, builtPrefix) || !plain(j.Aside, asidePrefix) {
		return false, fault.New(op, fault.Damaged, "backup.restore.journal", fault.Pairs("path", name))
	}
	if err := swap(f, dir, filepath.Join(dir, j.Incoming), filepath.Join(dir, j.Aside)); err != nil {
		return false, target.Fault(op, dir, err)
	}
	if err := f.Remove(name); err != nil {
		return false, target.Fault(op, name, err)
	}
	if err := f.SyncDir(dir); err != nil {
		return false, target.Fault(op, dir, err)
	}
	_ = f.Remove(filepath.Join(dir, j.Incoming)) // empty now; if not, it stays
	return true, nil
}

// plain keeps a journal from pointing out of the shop folder.
func plain(name, prefix string) bool {
	return strings.HasPrefix(name, prefix) && filepath.Base(name) == name && !strings.ContainsAny(name, `/\`)
}

// swap moves the old files out and the new ones in. Which step is next is read
// from the folder itself: as long as a new file still lies in incoming, files
// of its family in dir are old. The database comes in last, so that a folder
// with a database in it never has a keyring of the other shop.
func swap(f FS, dir, incoming, aside string) error {
	newDB, err := target.Exists(f, filepath.Join(incoming, DatabaseFile))
	if err != nil {
		return err
	}
	newKeys, err := target.Exists(f, filepath.Join(incoming, KeyringFile))
	if err != nil {
		return err
	}
	newMark, err := target.Exists(f, filepath.Join(incoming, RestoredFile))
	if err != nil {
		return err
	}
	list, err := f.ReadDir(dir)
	if err != nil {
		return err
	}
	var out []string
	for _, e := range list {
		n := e.Name()
		if newMark && n == RestoredFile || newDB && strings.HasPrefix(n, DatabaseFile) || newKeys && strings.HasPrefix(n, KeyringFile) {
			out = append(out, n)
		}
	}
	// Side files first: the old database without them is an older state of
	// itself, the new one with them would be ruined.
	slices.SortFunc(out, func(a, b string) int { return rank(a) - rank(b) })
	for _, n := range out {
		if err := moveAside(f, filepath.Join(dir, n), filepath.Join(aside, n)); err != nil {
			return err
		}
	}
	if len(out) > 0 {
		if err := f.SyncDir(aside); err != nil {
			return err
		}
		if err := f.SyncDir(dir); err != nil {
			return err
		}
	}
	for _, n := range []string{RestoredFile, KeyringFile, DatabaseFile} {
		from, to := filepath.Join(incoming, n), filepath.Join(dir, n)
		there, err := target.Exists(f, from)
		if err != nil {
			return err
		}
		if there {
			if err := f.Rename(from, to); err != nil {
				return err
			}
			if err := f.SyncDir(dir); err != nil {
				return err
			}
		} else if n == RestoredFile { // moved in before a crash, and then perhaps read and removed
			continue
		} else if there, err = target.Exists(f, to); err != nil || !there {
			return errors.Join(err, fault.New("backup.FinishSwap", fault.Damaged, "backup.restore.interrupted", fault.Pairs("folder", dir, "file", n)))
		}
	}
	return nil
}

func rank(name string) int {
	switch {
	case name == DatabaseFile:
		return 1
	case strings.HasPrefix(name, DatabaseFile):
		return 0
	}
	return 2
}

func moveAside(f FS, from, to string) error {
	for n := 2; ; n++ {
		err := f.Rename(from, to)
		if !errors.Is(err, fs.ErrExist) || n > 99 {
			return err
		}
		to = fmt.Sprintf("%s.%d", strings.TrimSuffix(to, fmt.Sprintf(".%d", n-1)), n)
	}
}
