package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"fmt"
	"hash"
	"slices"
	"strings"

	"tiezhang/app"
	"tiezhang/app/fault"
	"tiezhang/store/cipherdb"
)

// tableSum is what a table holds, in the order it is stored.
type tableSum struct {
	name string
	rows int64
	sum  [sha256.Size]byte
}

// compare reads the old file, in the state that was pinned, and the new one,
// each through SQLCipher, side by side: the same tables, as many rows in each,
// the same bytes in every row.
func (s *Store) compare(ctx context.Context, old *cipherdb.Pinned, now *cipherdb.DB, p app.Progress) error {
	const op = "store.Rotate"
	type answer struct {
		sums []tableSum
		err  error
	}
	there := make(chan answer, 1)
	go func() {
		var a answer
		a.err = now.Read(ctx, func(t *sql.Tx) (err error) {
			a.sums, err = sumTables(ctx, t, nil)
			return err
		})
		there <- a
	}()
	var want []tableSum
	err := old.Read(func(t *sql.Tx) (err error) {
		want, err = sumTables(ctx, t, p)
		return err
	})
	got := <-there
	if err != nil {
		return wrap(op, err)
	}
	if got.err != nil {
		return wrap(op, got.err)
	}
	for i := range want {
		if i >= len(got.sums) || got.sums[i] != want[i] {
			return differs(op, want[i].name)
		}
	}
	if len(got.sums) != len(want) {
		return differs(op, got.sums[len(want)].name)
	}
	return nil
}

func differs(op, table string) error {
	return fault.New(op, fault.Damaged, "rotate.differs", fault.Pairs("table", table))
}

// sumTables digests every table of a file, its list of tables and indexes first.
func sumTables(ctx context.Context, t *sql.Tx, p app.Progress) ([]tableSum, error) {
	tables := []string{"sqlite_master"}
	rows, err := t.QueryContext(ctx, `SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var n string
		if err := rows.Scan(&n); err != nil {
			return nil, err
		}
		tables = append(tables, n)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	out := make([]tableSum, 0, len(tables))
	for i, n := range tables {
		p.Tell("rotate.stage.compare", int64(i), int64(len(tables)))
		sum, err := sumTable(ctx, t, n)
		if err != nil {
			return nil, err
		}
		out = append(out, sum)
	}
	p.Tell("rotate.stage.compare", int64(len(tables)), int64(len(tables)))
	slices.SortFunc(out, func(a, b tableSum) int { return strings.Compare(a.name, b.name) })
	return out, nil
}

func sumTable(ctx context.Context, t *sql.Tx, name string) (tableSum, error) {
	out := tableSum{name: name}
	// Not the caller's context: with one that can end the driver starts a
	// goroutine for every row.
	rows, err := t.QueryContext(context.Background(), `SELECT * FROM "`+strings.ReplaceAll(name, `"`, `""`)+`"`)
	if err != nil {
		return out, err
	}
	defer rows.Close()
	cols, err := rows.Columns()
	if err != nil {
		return out, err
	}
	h := sha256.New()
	vals, dest := make([]any, len(cols)), make([]any, len(cols))
	for i := range vals {
		dest[i] = &vals[i]
	}
	buf := make([]byte, 0, 4096)
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return out, err
		}
		buf = buf[:0]
		for _, v := range vals {
			buf = appendValue(buf, v)
		}
		h.Write(buf)
		if out.rows++; out.rows%4096 == 0 {
			if err := canceled("store.Rotate", ctx); err != nil {
				return out, err
			}
		}
	}
	sumInto(h, &out)
	return out, rows.Err()
}

func sumInto(h hash.Hash, t *tableSum) { h.Sum(t.sum[:0]) }

// appendValue writes a value with its type and length, so that no two rows that
// differ look alike.
func appendValue(b []byte, v any) []byte {
	text := func(kind byte, s string) []byte {
		b = append(b, kind)
		b = binary.AppendUvarint(b, uint64(len(s)))
		return append(b, s...)
	}
	switch v := v.(type) {
	case nil:
		return append(b, 0)
	case int64:
		return binary.AppendVarint(append(b, 1), v)
	case string:
		return text(2, v)
	case []byte:
		return text(3, string(v))
	}
	return text(4, fmt.Sprint(v)) // a shop has no other type (STRICT tables); whatever else there is, is compared as it reads
}
