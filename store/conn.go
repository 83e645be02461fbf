package store

import (
	"context"
	"database/sql"
	"errors"

	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/store/cipherdb"
)

// tx is one transaction; it implements app.Tx. It must not be used after the
// function it was given to has returned.
//
// Its statements run without the caller's context: a context that can end
// costs the driver a goroutine for each statement. Write and Read look at it
// at their borders; what is long (reports, checks) passes it on with eachCtx.
type tx struct {
	s     *Store
	sql   *sql.Tx
	write bool
	// dirty are the items saved in this transaction: the search index learns
	// of them when it commits. renamed is the shop's new name, if it got one.
	dirty   map[int64]indexRow
	gen     int64 // of the index when this view began
	renamed *string
	ring    *ringSeen // what was written of the keyring, if it was
	// items are those read that only this transaction may see; touched are
	// those it changed.
	items   map[int64]master.Item
	touched map[int64]bool
	pieces  pieces // of the documents posted in this transaction
	// untrusted: it changed many items at once, so what all writers remember says
	// nothing to it, nor it to them.
	untrusted bool
	// custom are the owner's fields, read once; nil = not yet.
	custom []master.CustomField
}

// exec runs a statement that writes.
func (t *tx) exec(q string, args ...any) (sql.Result, error) {
	if !t.write {
		return nil, fault.New("store", fault.Internal, "store.read-view", nil)
	}
	if t.s.step != nil {
		if err := t.s.step(q); err != nil {
			return nil, err
		}
	}
	return t.sql.ExecContext(context.Background(), q, args...)
}

// get reads one row into dest; sql.ErrNoRows when there is none.
func (t *tx) get(q string, args []any, dest ...any) error {
	return t.sql.QueryRowContext(context.Background(), q, args...).Scan(dest...)
}

// each reads rows one after another.
func (t *tx) each(q string, args []any, fn func(scan func(dest ...any) error) error) error {
	return t.eachCtx(context.Background(), q, args, fn)
}

// eachCtx is each for long queries: it ends with the context.
func (t *tx) eachCtx(ctx context.Context, q string, args []any, fn func(scan func(dest ...any) error) error) error {
	rows, err := t.sql.QueryContext(ctx, q, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := fn(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// wrap makes a fault of an error of the database; a fault passes unchanged.
// People never see SQL: the text of the driver stays inside as the cause.
func wrap(op string, err error) error {
	switch {
	case err == nil:
		return nil
	case noRow(err):
		return fault.Wrap(op, fault.NotFound, "store.no-row", nil, err)
	}
	return cipherdb.Fault(op, err)
}

func isUnique(err error) bool { return cipherdb.IsUnique(err) }

// opt turns the zero of an optional reference into NULL.
func opt(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func noRow(err error) bool { return errors.Is(err, sql.ErrNoRows) }
