// Package cipherdb opens the shop's encrypted file, and is the only place in
// the program that knows the SQLCipher driver.
//
// The rules it holds, each measured to matter:
//   - the key goes to the driver inside a connection hook, never into a
//     connection string, an error or a log: connection strings get printed;
//   - one writer connection, which also runs every checkpoint, with automatic
//     checkpoints off and one lock over commits and checkpoints: this keeps
//     clear of the WAL-reset corruption of SQLite before 3.51.3 and makes a
//     snapshot for backups a matter of taking that lock for a moment;
//   - synchronous=FULL, so that a document that was acknowledged survives the
//     plug being pulled; temporary tables in memory, so that no plain text
//     ever reaches the disk;
//   - the raw bytes are read through one descriptor, opened before SQLite's and
//     closed after them: on Unix, closing any descriptor of a file drops all
//     locks the process holds on it, and SQLite would lose commits.
//
// What it cannot notice: an older, once genuine page put back in its own place.
// The page MAC has no memory. The store's digests do that (self-check L3).
//
// What belongs here: opening, transactions, checkpoints, snapshots, page
// verification, the mapping of driver errors to faults. What does not: any
// table, any query of the shop, the keyring, the single-instance lock.
package cipherdb

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"tiezhang/app/fault"
)

// PageSize is fixed: the format of backups depends on it.
const PageSize = 4096

// SaltSize is the length of the random salt in the file's first bytes.
const SaltSize = 16

// applicationID marks the file inside ("TZDB"); setting it also makes SQLite
// write the first page when the file is created.
const applicationID = 0x545A4442

const readers = 4

// DB is an open shop file. Its methods may be called from any goroutine.
type DB struct {
	path  string
	key   [32]byte // for Rekey; the connections have their own
	salt  [SaltSize]byte
	pages *PageKey
	raw   *os.File // the one raw descriptor
	free  func()   // ends this process's claim on the file

	w, r, p *sql.DB       // the writer, the readers, the snapshots' readers
	turn    chan struct{} // holds one token: who has it may commit or checkpoint

	life    sync.Mutex
	closed  bool
	retired bool           // another file has taken over: no more work, but what runs may end
	using   sync.WaitGroup // every use between enter and leave
	pins    map[*Pinned]struct{}

	commits int   // since the last checkpoint; guarded by turn
	walSize int64 // after the last checkpoint; guarded by turn
}

// Format keeps the innards, key schedule included, out of logs.
func (db *DB) Format(s fmt.State, _ rune) { io.WriteString(s, "cipherdb("+filepath.Base(db.path)+")") }

// NewSalt draws the random salt of a new file.
func NewSalt() (s [SaltSize]byte) { rand.Read(s[:]); return s }

// Create makes a new, empty encrypted file and opens it. It never touches a
// file that is already there, and refuses a place where side files of another
// database lie: SQLite would play them into the new one.
func Create(path string, key [32]byte, salt [SaltSize]byte) (*DB, error) {
	const op = "cipherdb.Create"
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fault.Wrap(op, fault.Internal, "cipherdb.disk", where(path), err)
	}
	if len(SideFiles(path)) > 0 {
		return nil, fault.New(op, fault.Conflict, "cipherdb.side-files", where(path))
	}
	raw, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, fault.Wrap(op, fault.Conflict, "cipherdb.exists", where(path), err)
	}
	if err != nil {
		return nil, mapOS(op, path, err)
	}
	free, err := claim(op, path)
	if err != nil {
		raw.Close()
		return nil, err
	}
	db, err := open(op, path, raw, free, key, salt, true)
	if err != nil {
		os.Remove(path) // ours since O_EXCL, and nothing is in it
		for _, side := range SideFiles(path) {
			os.Remove(side)
		}
		return nil, err
	}
	return db, nil
}

// Open opens an existing file. The fault tells apart a key that is not this
// file's (cipherdb.wrong-key) and a file that is damaged (cipherdb.damaged).
func Open(path string, key [32]byte) (*DB, error) {
	const op = "cipherdb.Open"
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fault.Wrap(op, fault.Internal, "cipherdb.disk", where(path), err)
	}
	// SQLite keeps the side files beside what a link points to; look there too.
	if real, err := filepath.EvalSymlinks(path); err == nil && runtime.GOOS != "windows" {
		path = real
	}
	free, err := claim(op, path) // before the file is touched: closing it again would do the harm
	if err != nil {
		return nil, err
	}
	raw, err := os.Open(path)
	if err != nil {
		free()
		return nil, mapOS(op, path, err)
	}
	fail := func() { raw.Close(); free() }
	var salt [SaltSize]byte
	if _, err := raw.ReadAt(salt[:], 0); err != nil {
		fail()
		if !errors.Is(err, io.EOF) {
			return nil, mapOS(op, path, err)
		}
		return nil, fault.Wrap(op, fault.Damaged, "cipherdb.damaged", where(path), err)
	}
	if err := checkWAL(op, path, NewPageKey(key, salt)); err != nil {
		fail()
		return nil, err
	}
	return open(op, path, raw, free, key, salt, false)
}

func open(op, path string, raw *os.File, free func(), key [32]byte, salt [SaltSize]byte, create bool) (*DB, error) {
	db := &DB{path: path, key: key, raw: raw, free: free, salt: salt, pages: NewPageKey(key, salt),
		turn: make(chan struct{}, 1), pins: map[*Pinned]struct{}{}}
	db.w = openPool(path, keyPragma(key, salt, create), writerPragmas, true, 1)
	db.r = openPool(path, keyPragma(key, salt, false), readerPragmas, false, readers)
	db.p = openPool(path, keyPragma(key, salt, false), readerPragmas, false, 2)
	if err := db.begin(create); err != nil {
		err = db.explain(op, err)
		db.closeAll()
		return nil, err
	}
	db.turn <- struct{}{}
	return db, nil
}

// begin proves the key by reading: opening alone succeeds with any key.
func (db *DB) begin(create bool) error {
	if create {
		if _, err := db.w.Exec(fmt.Sprintf("PRAGMA application_id=%d", applicationID)); err != nil {
			return err
		}
		if busy, err := db.checkpoint(context.Background(), "TRUNCATE"); err != nil || busy {
			return errors.Join(err, errBusyAtCreate(busy))
		}
		var onDisk [SaltSize]byte
		if _, err := db.raw.ReadAt(onDisk[:], 0); err != nil {
			return err
		}
		// The driver would quietly have chosen its own.
		if subtle.ConstantTimeCompare(onDisk[:], db.salt[:]) != 1 {
			return errors.New("the file did not take the given salt")
		}
		return syncDir(filepath.Dir(db.path))
	}
	var n, app int64
	if err := db.w.QueryRow("SELECT count(*) FROM sqlite_master").Scan(&n); err != nil {
		return err
	}
	if err := db.w.QueryRow("PRAGMA application_id").Scan(&app); err != nil {
		return err
	}
	if app != applicationID {
		return fault.New("cipherdb.Open", fault.Damaged, "cipherdb.not-ours", where(db.path))
	}
	return nil
}

func errBusyAtCreate(busy bool) error {
	if busy {
		return errors.New("a new file is busy")
	}
	return nil
}

// explain turns "file is not a database" into what happened: with the right
// key some page still verifies, with a wrong one none does.
func (db *DB) explain(op string, err error) error {
	if !isNotADB(err) {
		return Fault(op, err)
	}
	size, statErr := fileSize(db.raw)
	page := make([]byte, PageSize)
	for n := int64(0); statErr == nil && n < min(size/PageSize, 64); n++ {
		if _, e := db.raw.ReadAt(page, n*PageSize); e == nil && db.pages.Verify(page, uint32(n+1)) {
			return fault.Wrap(op, fault.Damaged, "cipherdb.damaged", where(db.path), err)
		}
	}
	return fault.Wrap(op, fault.WrongKey, "cipherdb.wrong-key", where(db.path), err)
}

// Path is the file's absolute path.
func (db *DB) Path() string { return db.path }

// Salt is the salt in the file's first bytes; it is no secret.
func (db *DB) Salt() [SaltSize]byte { return db.salt }

// Pages verifies single pages of this file, for self-check and backups.
func (db *DB) Pages() *PageKey { return db.pages }

func (db *DB) enter(op string) error {
	db.life.Lock()
	defer db.life.Unlock()
	if db.closed || db.retired {
		return fault.New(op, fault.Closed, "cipherdb.closed", nil)
	}
	db.using.Add(1)
	return nil
}

// Close waits for what is running, folds the log into the main file, and
// closes the raw descriptor last. A snapshot still held is released.
func (db *DB) Close() error {
	db.life.Lock()
	if db.closed {
		db.life.Unlock()
		return nil
	}
	db.closed = true
	pins := db.pins
	db.pins = nil
	db.life.Unlock()
	for p := range pins {
		p.end()
	}
	db.using.Wait()
	<-db.turn
	_, err := db.checkpoint(context.Background(), "TRUNCATE")
	if err != nil {
		err = Fault("cipherdb.Close", err) // the log stays beside the file and is played at the next start
	}
	db.closeAll()
	return err
}

func (db *DB) closeAll() {
	for _, pool := range []*sql.DB{db.p, db.r, db.w} { // the writer last: its close removes the log
		if pool != nil {
			pool.Close()
		}
	}
	db.raw.Close()
	clear(db.key[:])
	db.free()
}

func where(path string) fault.Args {
	return fault.Args{"file": filepath.Base(path), "folder": filepath.Dir(path)}
}

func fileSize(f *os.File) (int64, error) {
	st, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return st.Size(), nil
}

func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // has no such call and needs none
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, fs.ErrInvalid) {
		return err
	}
	return nil
}
