package cipherdb

import (
	"context"
	"database/sql/driver"
	"errors"
	"strings"

	sqlite3 "github.com/mutecomm/go-sqlcipher/v4"
)

// cached is a connection that keeps its prepared statements. Posting one
// document runs the same few dozen statements again and again; preparing them
// each time costs more than running them (BenchmarkStatements).
//
// It works below database/sql, so callers write plain tx.ExecContext. A
// statement is out of the cache while it is in use; SQLite itself prepares it
// anew when the schema has changed. database/sql never uses one connection
// from two goroutines at once, so there is no lock.
type cached struct {
	conn *sqlite3.SQLiteConn
	idle map[string]driver.Stmt
}

const maxIdleStatements = 256

func newCached(c *sqlite3.SQLiteConn) *cached {
	return &cached{conn: c, idle: map[string]driver.Stmt{}}
}

var (
	_ driver.ConnBeginTx        = (*cached)(nil)
	_ driver.ConnPrepareContext = (*cached)(nil)
	_ driver.ExecerContext      = (*cached)(nil)
	_ driver.QueryerContext     = (*cached)(nil)
	_ driver.Pinger             = (*cached)(nil)
)

func (c *cached) Ping(ctx context.Context) error { return c.conn.Ping(ctx) }

func (c *cached) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	return c.conn.BeginTx(ctx, o)
}

// Begin is required by driver.Conn; database/sql calls BeginTx.
func (c *cached) Begin() (driver.Tx, error) {
	return c.BeginTx(context.Background(), driver.TxOptions{})
}

// Close finalises the statements first: SQLite keeps a file open, locks and
// all, while one of its statements lives.
func (c *cached) Close() error {
	var errs []error
	for _, s := range c.idle {
		errs = append(errs, s.Close())
	}
	c.idle = nil
	return errors.Join(append(errs, c.conn.Close())...)
}

// script tells a text of several statements (a migration, a trigger's body)
// or a pragma; the driver runs these itself, a prepared statement would stop
// after the first, or keep a setting of a moment.
func script(query string) bool {
	q := strings.TrimSpace(query)
	return strings.Contains(strings.TrimRight(q, "; \t\r\n"), ";") ||
		len(q) >= 6 && strings.EqualFold(q[:6], "pragma")
}

// ExecContext hands scripts to the driver and everything else back to
// database/sql, which then comes to PrepareContext.
func (c *cached) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if script(query) {
		return c.conn.ExecContext(ctx, query, args)
	}
	return nil, driver.ErrSkip
}

func (c *cached) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if script(query) {
		return c.conn.QueryContext(ctx, query, args)
	}
	return nil, driver.ErrSkip
}

// Prepare is required by driver.Conn.
func (c *cached) Prepare(query string) (driver.Stmt, error) {
	return c.PrepareContext(context.Background(), query)
}

func (c *cached) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	s, ok := c.idle[query]
	if ok {
		delete(c.idle, query)
	} else {
		var err error
		if s, err = c.conn.PrepareContext(ctx, query); err != nil {
			return nil, err
		}
	}
	return &lent{SQLiteStmt: s.(*sqlite3.SQLiteStmt), from: c, query: query}, nil
}

// lent is a statement on loan; Close brings it back.
type lent struct {
	*sqlite3.SQLiteStmt
	from  *cached
	query string
	spent bool
}

// ExecContext notes when a statement that gives rows was run for its effect
// alone. The driver leaves such a statement standing on its first row, where
// it would hold its locks and fail the COMMIT; it must not be kept.
func (l *lent) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	l.spent = l.spent || givesRows(l.query)
	return l.SQLiteStmt.ExecContext(ctx, args)
}

func givesRows(query string) bool {
	q := strings.ToLower(strings.TrimSpace(query))
	return !(strings.HasPrefix(q, "insert") || strings.HasPrefix(q, "update") || strings.HasPrefix(q, "delete") ||
		strings.HasPrefix(q, "replace")) || strings.Contains(q, "returning")
}

func (l *lent) Close() error {
	c := l.from
	if c.idle == nil || l.spent { // or the connection went first
		return l.SQLiteStmt.Close()
	}
	if len(c.idle) >= maxIdleStatements { // lists with changing filters must not pile up
		for q, s := range c.idle {
			delete(c.idle, q)
			s.Close()
			break
		}
	}
	if old, doubled := c.idle[l.query]; doubled {
		old.Close()
	}
	c.idle[l.query] = l.SQLiteStmt
	return nil
}
