package cipherdb

import (
	"errors"
	"io/fs"
	"os"
	"sync"

	"tiezhang/app/fault"
)

// claims are the files this process has open. A second opening of the same
// file in one process is the worst mistake possible on Unix: when either is
// closed, all of SQLite's locks go, another program may then reset the log,
// and acknowledged commits vanish. The single-instance lock cannot see it.
var claims struct {
	sync.Mutex
	files map[*os.FileInfo]struct{}
}

// claim refuses a file that is open here already, under whatever name.
func claim(op, path string) (free func(), err error) {
	claims.Lock()
	defer claims.Unlock()
	st, err := os.Stat(path) // by name: this opens nothing
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.Wrap(op, fault.NotFound, "cipherdb.missing", where(path), err)
	}
	if err != nil {
		return nil, mapOS(op, path, err)
	}
	for other := range claims.files {
		if os.SameFile(*other, st) {
			return nil, fault.New(op, fault.Locked, "cipherdb.already-open", where(path))
		}
	}
	if claims.files == nil {
		claims.files = map[*os.FileInfo]struct{}{}
	}
	mine := &st
	claims.files[mine] = struct{}{}
	return func() {
		claims.Lock()
		defer claims.Unlock()
		delete(claims.files, mine)
	}, nil
}
