package disk

import (
	"errors"
	"io"
	"os"
)

// ErrNotPlain: what has the name is no ordinary file, or a larger one than it
// can be.
var ErrNotPlain = errors.New("not an ordinary file of a sensible size")

// ReadSmall reads a file of at most so many bytes. The name may have been given
// to anything: a pipe or a device is not waited for, and a huge file is not
// read into memory.
func ReadSmall(path string, most int64) ([]byte, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|noWait, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !st.Mode().IsRegular() {
		return nil, &os.PathError{Op: "read", Path: path, Err: ErrNotPlain}
	}
	b, err := io.ReadAll(io.LimitReader(f, most+1)) // not what Stat said: it may grow meanwhile
	if err == nil && int64(len(b)) > most {
		b, err = nil, &os.PathError{Op: "read", Path: path, Err: ErrNotPlain}
	}
	return b, err
}
