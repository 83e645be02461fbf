package cipherdb

import (
	"context"
	"database/sql"
	"io"
	"sync"
	"time"

	"tiezhang/app/fault"
)

// Pinned is the main file held still for a backup. Selling goes on: commits
// go to the log, and the log is not folded in before Release.
type Pinned struct {
	db   *DB
	conn *sql.Conn
	tx   *sql.Tx // the read that pins, on conn
	size int64

	mu   sync.RWMutex // held for reading while bytes are read, so that Close waits
	over bool
}

// How long Pin tries while readers are in the way, and how often.
const (
	pinWait  = 10 * time.Second
	pinRetry = 20 * time.Millisecond
)

// Pin folds the log into the main file and starts a read on it before the
// next commit can come. A read that began on the folded file makes SQLite
// leave its bytes alone; measured over thousands of commits and every kind of
// checkpoint. Commits wait only for the folding, never for other readers.
func (db *DB) Pin(ctx context.Context) (*Pinned, error) {
	const op = "cipherdb.Pin"
	if err := db.enter(op); err != nil {
		return nil, err
	}
	defer db.using.Done()
	ctx, cancel := context.WithTimeout(ctx, pinWait)
	defer cancel()
	conn, err := db.p.Conn(ctx)
	if err != nil {
		return nil, Fault(op, err)
	}
	for {
		p, err := db.tryPin(ctx, op, conn)
		if p != nil {
			return p, nil
		}
		if err != nil {
			conn.Close()
			return nil, err
		}
		select {
		case <-time.After(pinRetry):
		case <-ctx.Done():
			conn.Close()
			return nil, fault.Wrap(op, fault.Locked, "cipherdb.busy", where(db.path), ctx.Err())
		}
	}
}

// tryPin gives neither a pin nor an error when a reader is in the way.
func (db *DB) tryPin(ctx context.Context, op string, conn *sql.Conn) (*Pinned, error) {
	if err := db.takeTurn(ctx, op); err != nil {
		return nil, err
	}
	defer db.giveTurn()
	if err := db.notRetired(op); err != nil {
		return nil, err
	}
	folded, err := db.foldAll(ctx)
	if isBusy(err) || err == nil && !folded {
		return nil, nil
	}
	if err != nil {
		return nil, Fault(op, err)
	}
	// Not the caller's context: the driver ends a statement's work with it,
	// and the read must last until Release.
	tx, err := conn.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return nil, Fault(op, err)
	}
	var n int64
	if err := tx.QueryRow("SELECT count(*) FROM sqlite_master").Scan(&n); err != nil {
		tx.Rollback()
		return nil, Fault(op, err)
	}
	size, err := fileSize(db.raw)
	if err != nil {
		tx.Rollback()
		return nil, mapOS(op, db.path, err)
	}
	p := &Pinned{db: db, conn: conn, tx: tx, size: size}
	db.life.Lock()
	defer db.life.Unlock()
	if db.closed {
		tx.Rollback()
		return nil, fault.New(op, fault.Closed, "cipherdb.closed", nil)
	}
	db.pins[p] = struct{}{}
	return p, nil
}

// foldAll folds the whole log into the main file, unless a reader is in the way.
// The caller has the turn.
func (db *DB) foldAll(ctx context.Context) (bool, error) {
	// Without this the checkpoint would wait for readers with the turn in hand.
	if _, err := db.w.ExecContext(ctx, "PRAGMA busy_timeout=0"); err != nil {
		return false, err
	}
	busy, err := db.checkpoint(ctx, "TRUNCATE")
	if _, e := db.w.ExecContext(context.WithoutCancel(ctx), "PRAGMA busy_timeout=5000"); err == nil {
		err = e
	}
	return err == nil && !busy && db.walBytes() == 0, err
}

// Size is the length of the pinned file, a whole number of pages.
func (p *Pinned) Size() int64 { return p.size }

// PageSize is the size of a page.
func (p *Pinned) PageSize() int { return PageSize }

// Salt is the salt of the pinned file.
func (p *Pinned) Salt() [SaltSize]byte { return p.db.salt }

// VerifyPage tells whether page is the genuine page number no, from 1.
func (p *Pinned) VerifyPage(page []byte, no uint32) bool { return p.db.pages.Verify(page, no) }

// ReadAt reads the pinned ciphertext. It follows io.ReaderAt; on Windows the
// page at byte 0x40000000 may be refused by SQLite's own lock and holds
// nothing, so callers leave it out.
func (p *Pinned) ReadAt(b []byte, off int64) (int, error) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if p.over {
		return 0, fault.New("cipherdb.ReadAt", fault.Closed, "cipherdb.closed", nil)
	}
	return io.NewSectionReader(p.db.raw, 0, p.size).ReadAt(b, off)
}

// Read runs f on the very read that pins: what f sees is what the bytes hold,
// however much was committed meanwhile.
func (p *Pinned) Read(f func(*sql.Tx) error) error {
	const op = "cipherdb.Pinned.Read"
	p.mu.RLock()
	defer p.mu.RUnlock()
	if p.over {
		return fault.New(op, fault.Closed, "cipherdb.closed", nil)
	}
	return Fault(op, f(p.tx))
}

// Release lets the file change again. It may be called more than once.
func (p *Pinned) Release() {
	p.db.life.Lock()
	delete(p.db.pins, p) // a closing database has taken the map: deleting from nil is nothing
	p.db.life.Unlock()
	p.end()
}

func (p *Pinned) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over {
		return
	}
	p.over = true
	p.tx.Rollback()
	p.conn.Close()
}
