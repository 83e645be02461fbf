package cipherdb

import (
	"encoding/binary"
	"io"
	"os"

	"tiezhang/app/fault"
)

// SideFiles lists what lies beside the database and would be played into it:
// its log, the log's index, a rollback journal. Whoever puts a database file
// in place of another (restore) moves these away first. An old log of the
// same shop beside a restored file cannot be told from its own and corrupts
// it in silence; Open can refuse only a log of another file.
func SideFiles(path string) (found []string) {
	for _, suffix := range []string{"-wal", "-shm", "-journal"} {
		if _, err := os.Lstat(path + suffix); err == nil {
			found = append(found, path+suffix)
		}
	}
	return found
}

const (
	walHeader   = 32
	frameHeader = 24
)

// checkWAL refuses a log whose first page does not verify under this file's
// key and salt: it belongs to another database, or to this one before its key
// was changed. A log SQLite itself would ignore (empty, cut short) passes. It
// runs before SQLite has the file open, so closing drops nobody's locks.
func checkWAL(op, path string, key *PageKey) error {
	f, err := os.Open(path + "-wal")
	if err != nil {
		return nil // none, or unreadable, which SQLite reports better
	}
	defer f.Close()
	b := make([]byte, walHeader+frameHeader+PageSize)
	if _, err := io.ReadFull(f, b); err != nil {
		return nil
	}
	frame := b[walHeader:]
	if string(frame[8:16]) != string(b[16:24]) {
		return nil // left over from before a restart of the log: SQLite ignores it
	}
	if !key.Verify(frame[frameHeader:], binary.BigEndian.Uint32(frame)) {
		return fault.New(op, fault.Damaged, "cipherdb.foreign-log", where(path))
	}
	return nil
}
