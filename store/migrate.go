package store

import (
	"context"
	"database/sql"
	"strconv"

	"tiezhang/app/fault"
	"tiezhang/store/cipherdb"
	"tiezhang/store/schema"
)

// The list of scripts that have run lives in a table of its own, made before
// the first of them.
const migrationTable = `CREATE TABLE IF NOT EXISTS migration (
  version INTEGER PRIMARY KEY,
  name    TEXT NOT NULL,
  sum     TEXT NOT NULL,
  at      INTEGER NOT NULL
) STRICT`

// migrate runs the scripts the file has not seen, all in one transaction, and
// gives the version it then has. A file that has seen more than we know was
// written by a newer program and is left alone: Newer "store.newer-schema".
// A script whose text is not the one that ran is Damaged "store.schema-differs".
func migrate(ctx context.Context, db *cipherdb.DB, now int64) (int, error) {
	steps, err := schema.Steps()
	if err != nil {
		return 0, fault.Wrap("store.migrate", fault.Internal, "store.schema", nil, err)
	}
	return migrateTo(ctx, db, now, steps)
}

func migrateTo(ctx context.Context, db *cipherdb.DB, now int64, steps []schema.Step) (int, error) {
	const op = "store.migrate"
	have := 0
	err := db.Read(ctx, func(t *sql.Tx) (err error) {
		have, err = seen(ctx, t, steps)
		return err
	})
	if err != nil || have == len(steps) {
		return have, wrap(op, err)
	}
	err = db.Write(ctx, func(t *sql.Tx) error {
		if _, err := t.ExecContext(ctx, migrationTable); err != nil {
			return err
		}
		for _, s := range steps[have:] {
			if _, err := t.ExecContext(ctx, s.SQL); err != nil {
				return fault.Wrap(op, fault.Internal, "store.schema", fault.Pairs("step", s.Version), err)
			}
			if _, err := t.ExecContext(ctx, `INSERT INTO migration (version, name, sum, at) VALUES (?, ?, ?, ?)`, s.Version, s.Name, s.Sum, now); err != nil {
				return err
			}
		}
		return nil
	})
	return len(steps), wrap(op, err)
}

// seen tells how many of the scripts have run, and that they are ours.
func seen(ctx context.Context, t *sql.Tx, steps []schema.Step) (int, error) {
	const op = "store.migrate"
	var n int
	if err := t.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'migration'`).Scan(&n); err != nil || n == 0 {
		return 0, err
	}
	rows, err := t.QueryContext(ctx, `SELECT version, sum FROM migration ORDER BY version`)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	have := 0
	for rows.Next() {
		var v int
		var sum string
		if err := rows.Scan(&v, &sum); err != nil {
			return 0, err
		}
		have++
		switch {
		case v > len(steps):
			return 0, fault.New(op, fault.Newer, "store.newer-schema", fault.Pairs("file", v, "program", len(steps)))
		case v != have || steps[v-1].Sum != sum:
			return 0, fault.New(op, fault.Damaged, "store.schema-differs", fault.Pairs("step", v))
		}
	}
	return have, rows.Err()
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
