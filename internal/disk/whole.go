package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

// partial is the end of the name under which a file is written before it takes
// the place of another.
const partial = ".tmp"

// Stage writes a new file beside path, all of it on the disk, and gives its
// name; renaming it to path is the caller's. What had that name is removed, not
// opened: a link somebody put there would lead the bytes elsewhere.
func Stage(path string, b []byte) (tmp string, err error) {
	tmp = path + partial
	if err := os.Remove(tmp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	f, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", err
	}
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		_ = os.Remove(tmp)
		return "", err
	}
	return tmp, nil
}

// Replace puts a whole new file in place of path: a power cut leaves one of the
// two. A file somebody made read-only is replaced too.
func Replace(path string, b []byte) error {
	tmp, err := Stage(path, b)
	if err != nil {
		return err
	}
	if st, err := os.Lstat(path); err == nil && st.Mode().IsRegular() && st.Mode().Perm()&0o200 == 0 {
		_ = os.Chmod(path, 0o600) // Windows refuses to replace it otherwise
	}
	if err := Rename(tmp, path); err != nil {
		_ = os.Remove(tmp)
		return err
	}
	return SyncDir(filepath.Dir(path))
}

// SyncDir makes renames and removals in a folder last; Windows has no such call
// and needs none.
func SyncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return Tolerate(d.Sync())
}

// Tolerate drops the errors of file systems that have no fsync at all (some
// sticks and shares, folders on Windows). An input/output error stays one.
func Tolerate(err error) error {
	for _, e := range []error{syscall.EINVAL, syscall.ENOSYS, errors.ErrUnsupported, fs.ErrPermission} {
		if errors.Is(err, e) {
			return nil
		}
	}
	return err
}
