package cipherdb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"testing"

	sqlite3 "github.com/mutecomm/go-sqlcipher/v4"
)

// bareConnector is the writer's connection without the statement cache, to
// measure whether the cache pays.
type bareConnector struct{ connector }

func (c *bareConnector) Connect(ctx0 context.Context) (driver.Conn, error) {
	conn, err := c.connector.Connect(ctx0)
	if err != nil {
		return nil, err
	}
	return conn.(*cached).conn, nil
}

// BenchmarkStatements runs one posting's worth of statements in one
// transaction, with and without the cache.
func BenchmarkStatements(b *testing.B) {
	for _, cachedStatements := range []bool{true, false} {
		b.Run(fmt.Sprintf("cache=%v", cachedStatements), func(b *testing.B) {
			db := create(b)
			pool := db.w
			if !cachedStatements {
				must(b, db.Close())
				hook := func(c *sqlite3.SQLiteConn) error {
					_, err := c.Exec(keyPragma(testKey, db.salt, false)+"; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000", nil)
					return err
				}
				pool = sql.OpenDB(&bareConnector{connector{&sqlite3.SQLiteDriver{ConnectHook: hook}, dsnFor(db.path) + "&_txlock=immediate"}})
				pool.SetMaxOpenConns(1)
				defer pool.Close()
			}
			n := 0
			for b.Loop() {
				tx, err := pool.Begin()
				must(b, err)
				for range 20 {
					n++
					if _, err := tx.Exec("INSERT INTO doc(code, body) VALUES (?, ?)", fmt.Sprintf("B%07d", n), "x"); err != nil {
						b.Fatal(err)
					}
					var s string
					must(b, tx.QueryRow("SELECT body FROM doc WHERE code = ? AND length(body) < 50", fmt.Sprintf("B%07d", n)).Scan(&s))
				}
				must(b, tx.Commit())
			}
		})
	}
}

func BenchmarkVerifyPage(b *testing.B) {
	k := NewPageKey(testKey, NewSalt())
	page := make([]byte, PageSize)
	b.SetBytes(PageSize)
	for b.Loop() {
		k.Verify(page, 2)
	}
}
