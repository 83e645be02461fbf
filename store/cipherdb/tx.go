package cipherdb

import (
	"context"
	"database/sql"
	"errors"
	"os"

	"tiezhang/app/fault"
)

// When the log is folded into the main file: seldom enough to stay out of the
// way of posting, often enough to keep the log, and the next start, short.
const (
	checkpointCommits = 256
	checkpointBytes   = 16 << 20
)

// Write runs f in the one write transaction there is at a time and commits if
// f gives nil. When Write gives nil the change is on the disk. Errors of the
// driver that f hands back, wrapped or not, come out as faults; faults of f
// come out as they are.
func (db *DB) Write(ctx context.Context, f func(*sql.Tx) error) error {
	const op = "cipherdb.Write"
	if err := db.enter(op); err != nil {
		return err
	}
	defer db.using.Done()
	if err := db.takeTurn(ctx, op); err != nil {
		return err
	}
	defer db.giveTurn()
	if err := db.notRetired(op); err != nil {
		return err
	}
	tx, err := db.w.BeginTx(ctx, nil)
	if err != nil {
		return Fault(op, err)
	}
	done := false
	defer func() {
		if !done { // f panicked: the write lock must not stay taken
			tx.Rollback()
		}
	}()
	err = f(tx)
	if err != nil {
		done = true
		tx.Rollback()
		return Fault(op, canceled(ctx, err))
	}
	err = tx.Commit()
	done = true
	if err != nil {
		// After some failures (a full disk) SQLite leaves the transaction
		// open; the next BEGIN would fail. If it is closed this does nothing.
		db.w.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		return Fault(op, canceled(ctx, err))
	}
	db.commits++
	db.maybeCheckpoint(context.WithoutCancel(ctx))
	return nil
}

// notRetired is for who has waited for the turn: the file may have been taken
// over meanwhile, and what is written into it now would be lost.
func (db *DB) notRetired(op string) error {
	db.life.Lock()
	defer db.life.Unlock()
	if db.retired {
		return fault.New(op, fault.Closed, "cipherdb.closed", nil)
	}
	return nil
}

// Read runs f on a snapshot that no writer changes while f runs. It cannot
// write. Keep f short: the log cannot be folded past the oldest reader.
func (db *DB) Read(ctx context.Context, f func(*sql.Tx) error) error {
	const op = "cipherdb.Read"
	if err := db.enter(op); err != nil {
		return err
	}
	defer db.using.Done()
	tx, err := db.r.BeginTx(ctx, nil)
	if err != nil {
		return Fault(op, err)
	}
	defer tx.Rollback()
	if err := f(tx); err != nil {
		return Fault(op, canceled(ctx, err))
	}
	return nil
}

// canceled says why a transaction was over before its time: database/sql
// rolls it back when the context ends, and then only knows that it is done.
func canceled(ctx context.Context, err error) error {
	if errors.Is(err, sql.ErrTxDone) && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// Checkpoint folds as much of the log into the main file as readers allow,
// and never waits for them.
func (db *DB) Checkpoint(ctx context.Context) error {
	const op = "cipherdb.Checkpoint"
	if err := db.enter(op); err != nil {
		return err
	}
	defer db.using.Done()
	if err := db.takeTurn(ctx, op); err != nil {
		return err
	}
	defer db.giveTurn()
	if _, err := db.checkpoint(ctx, "PASSIVE"); err != nil {
		return Fault(op, err)
	}
	return nil
}

// checkpoint runs on the writer's connection; the caller has the turn.
func (db *DB) checkpoint(ctx context.Context, mode string) (busy bool, err error) {
	var b, frames, done int64
	if err := db.w.QueryRowContext(ctx, "PRAGMA wal_checkpoint("+mode+")").Scan(&b, &frames, &done); err != nil {
		return false, err
	}
	db.commits = 0
	db.walSize = db.walBytes()
	return b != 0, nil
}

// maybeCheckpoint follows a commit that is already safe in the log, so its
// own failure is nobody's news; the next one, or Close, meets it again.
func (db *DB) maybeCheckpoint(ctx context.Context) {
	if db.commits >= checkpointCommits || db.walBytes() > max(db.walSize, 0)+checkpointBytes {
		db.checkpoint(ctx, "PASSIVE")
	}
}

// walBytes looks at the log by name: opening it would, on closing, drop
// SQLite's locks.
func (db *DB) walBytes() int64 {
	st, err := os.Stat(db.path + "-wal")
	if err != nil {
		return 0
	}
	return st.Size()
}

func (db *DB) takeTurn(ctx context.Context, op string) error {
	select {
	case <-db.turn:
		return nil
	case <-ctx.Done():
		return fault.Wrap(op, fault.Canceled, "cipherdb.canceled", nil, ctx.Err())
	}
}

func (db *DB) giveTurn() { db.turn <- struct{}{} }
