package cipherdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"testing"
)

const byCode = "SELECT id FROM doc WHERE code >= ? ORDER BY code"

// keptBy gives the statements of the writer's connection, and which of them
// have rows open.
func keptBy(t *testing.T, db *DB) (kept, busy int) {
	t.Helper()
	c, err := db.w.Conn(ctx)
	must(t, err)
	defer c.Close()
	must(t, c.Raw(func(dc any) error {
		for _, s := range dc.(*conn).stmts {
			kept++
			if s.busy {
				busy++
			}
		}
		return nil
	}))
	return kept, busy
}

func ids(q func(string, ...any) (*sql.Rows, error), code string, each func(id int64) error) error {
	rows, err := q(byCode, code)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return err
		}
		if err := each(id); err != nil {
			return err
		}
	}
	return rows.Err()
}

func TestStatementsAreKeptAtRest(t *testing.T) {
	db := create(t)
	must(t, insert(db, 0, 20))
	must(t, insert(db, 20, 20))
	if n, _ := keptBy(t, db); n != 1 {
		t.Fatal(n)
	}
	stop := errors.New("stop")
	// Rows left open at the end of a transaction, whichever way it ends, and a
	// statement that failed: none may hold up the file afterwards.
	must(t, db.Write(ctx, func(tx *sql.Tx) error {
		rows, err := tx.Query(byCode, "")
		must(t, err)
		if !rows.Next() {
			t.Fatal("no rows")
		}
		return nil
	}))
	err := db.Write(ctx, func(tx *sql.Tx) error {
		rows, err := tx.Query(byCode, "")
		must(t, err)
		rows.Next()
		if _, err := tx.Exec("INSERT INTO doc(code, body) VALUES (?, ?)", "D0000000", "x"); !IsUnique(err) {
			t.Fatal(err)
		}
		return stop
	})
	if !errors.Is(err, stop) {
		t.Fatal(err)
	}
	if n, busy := keptBy(t, db); n != 2 || busy != 0 {
		t.Fatal(n, busy)
	}
	if busy, err := db.checkpoint(ctx, "TRUNCATE"); busy || err != nil {
		t.Fatal(busy, err)
	}
	must(t, insert(db, 40, 1))
	if n := count(t, db); n != 41 {
		t.Fatal(n)
	}
}

func TestStatementInItsOwnRows(t *testing.T) {
	db := create(t)
	must(t, insert(db, 0, 12))
	for _, run := range []func(context.Context, func(*sql.Tx) error) error{db.Write, db.Read} {
		must(t, run(ctx, func(tx *sql.Tx) error {
			pairs := 0
			err := ids(tx.Query, "", func(int64) error {
				return ids(tx.Query, "D0000006", func(int64) error { pairs++; return nil })
			})
			if pairs != 72 {
				t.Fatal(pairs)
			}
			return err
		}))
	}
}

// TestKeptStatementsTakeNewArguments: what was bound before must not shine through.
func TestKeptStatementsTakeNewArguments(t *testing.T) {
	db := create(t)
	must(t, db.Write(ctx, func(tx *sql.Tx) error {
		for i, body := range []any{"long enough to be seen", nil, "", int64(7)} {
			_, err := tx.Exec("INSERT INTO doc(code, body) VALUES (?, ?)", fmt.Sprint(i), body)
			must(t, err)
		}
		for i, want := range []sql.NullString{{String: "long enough to be seen", Valid: true}, {}, {Valid: true}, {String: "7", Valid: true}} {
			var got sql.NullString
			must(t, tx.QueryRow("SELECT body FROM doc WHERE code = ?", fmt.Sprint(i)).Scan(&got))
			if got != want {
				t.Fatal(i, got)
			}
		}
		var n int
		if err := tx.QueryRow("SELECT 1 FROM doc WHERE code = ?").Scan(&n); err == nil || errors.Is(err, sql.ErrNoRows) {
			t.Fatal("an argument is missing and nobody said so", err)
		}
		return nil
	}))
}

func TestStatementsDoNotGrowForEver(t *testing.T) {
	db := create(t)
	must(t, insert(db, 0, 3))
	must(t, db.Write(ctx, func(tx *sql.Tx) error {
		return ids(tx.Query, "", func(id int64) error { // these rows stay open all the while
			for i := range maxStmts {
				var n int64
				if err := tx.QueryRow(fmt.Sprintf("SELECT %d FROM doc WHERE id = ?", i), id).Scan(&n); err != nil || n != int64(i) {
					t.Fatal(n, err)
				}
			}
			return nil
		})
	}))
	if n, busy := keptBy(t, db); n > maxStmts || busy != 0 {
		t.Fatal(n, busy)
	}
	must(t, db.Close())
}
