package cipherdb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	sqlite3 "github.com/mutecomm/go-sqlcipher/v4"
)

// The driver ignores _sync, _synchronous and _locking_mode in the connection
// string without a word, so everything is set by pragma, and tested.
var (
	writerPragmas = []string{
		"journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=0", "journal_size_limit=4194304",
		"foreign_keys=ON", "temp_store=MEMORY", "cache_size=-16000", "trusted_schema=OFF", "cell_size_check=ON",
		"recursive_triggers=ON", // REPLACE must not slip past the triggers that guard posted rows
	}
	readerPragmas = []string{
		"wal_autocheckpoint=0", "temp_store=MEMORY", "cache_size=-16000", "trusted_schema=OFF", "cell_size_check=ON",
		"query_only=ON",
	}
)

// keyPragma gives the raw key. At creation the salt goes with it; afterwards
// the file brings its own. It must run once, first, and only once on a
// connection: a second PRAGMA key corrupts silently.
func keyPragma(key [32]byte, salt [SaltSize]byte, create bool) string {
	k := hex.EncodeToString(key[:])
	if create {
		k += hex.EncodeToString(salt[:])
	}
	return `PRAGMA key = "x'` + k + `'"`
}

// connector opens connections with the key in a closure instead of in the
// driver's registry or in a connection string.
type connector struct {
	drv *sqlite3.SQLiteDriver
	dsn string
}

func (c *connector) Connect(context.Context) (driver.Conn, error) {
	raw, err := c.drv.Open(c.dsn)
	if err != nil {
		return nil, err
	}
	return &conn{SQLiteConn: raw.(*sqlite3.SQLiteConn)}, nil
}

func (c *connector) Driver() driver.Driver { return c.drv }

func openPool(path, keyPragma string, pragmas []string, writer bool, conns int) *sql.DB {
	dsn := dsnFor(path)
	if writer {
		dsn += "&_txlock=immediate" // take the write lock at BEGIN: no upgrade, so no deadlock
	}
	hook := func(c *sqlite3.SQLiteConn) error {
		if _, err := c.Exec(keyPragma, nil); err != nil {
			return errors.New("the key was not accepted") // never the driver's text: it knows the statement
		}
		for _, p := range append([]string{fmt.Sprintf("cipher_page_size=%d", PageSize), "cipher_memory_security=OFF"}, pragmas...) {
			if _, err := c.Exec("PRAGMA "+p, nil); err != nil {
				return err
			}
		}
		return nil
	}
	pool := sql.OpenDB(&connector{&sqlite3.SQLiteDriver{ConnectHook: hook}, dsn})
	pool.SetMaxOpenConns(conns)
	pool.SetMaxIdleConns(conns) // a new connection derives keys and starts with a cold cache
	return pool
}

// dsnFor escapes the path: '?', '#' and '%' are lawful in folder names. The
// file must exist (mode=rw): SQLite would else make an empty one where a shop
// was expected.
func dsnFor(path string) string {
	p := filepath.ToSlash(path)
	if strings.HasPrefix(p, "//") {
		p = "//" + p // a network share: its server must not be read as the URI's authority
	}
	return "file:" + escapePath(p) + "?mode=rw&_busy_timeout=5000"
}

func escapePath(p string) string {
	parts := strings.Split(p, "/")
	for i, s := range parts {
		parts[i] = strings.ReplaceAll(url.PathEscape(s), "%3A", ":")
	}
	return strings.Join(parts, "/")
}
