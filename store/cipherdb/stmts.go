package cipherdb

import (
	"context"
	"database/sql/driver"
	"errors"
	"strings"

	sqlite3 "github.com/mutecomm/go-sqlcipher/v4"
)

// maxStmts is how many statements a connection keeps. A posting needs about
// sixty; what is put together from what somebody typed would grow for ever.
const maxStmts = 192

// conn keeps the statements it has prepared: reading the text of one costs
// more than running it. A statement is only ever kept at rest. Rows are reset
// when they are closed, which database/sql does at the latest with the
// transaction; a writing statement is at rest when it is done. So none stands
// on a row, holds a lock, or is in the way of a checkpoint.
//
// What is long (its context can end) or is no plain statement goes past this
// to the driver, and so does a statement whose rows are still open.
type conn struct {
	*sqlite3.SQLiteConn
	stmts map[string]*stmt
}

// stmt is a prepared statement; busy while rows of it are open.
type stmt struct {
	*sqlite3.SQLiteStmt
	args int
	cols []string
	busy bool
}

var (
	_ driver.ExecerContext      = (*conn)(nil)
	_ driver.QueryerContext     = (*conn)(nil)
	_ driver.ConnPrepareContext = (*conn)(nil)
	_ driver.ConnBeginTx        = (*conn)(nil)
	_ driver.Pinger             = (*conn)(nil)
)

// ExecContext implements driver.ExecerContext.
func (c *conn) ExecContext(ctx context.Context, q string, args []driver.NamedValue) (driver.Result, error) {
	if ctx.Done() != nil || !writes(q) {
		return c.SQLiteConn.ExecContext(ctx, q, args)
	}
	s, err := c.kept(q, args)
	if err != nil || s == nil {
		return c.SQLiteConn.ExecContext(ctx, q, args) // which tells the error better
	}
	return s.ExecContext(ctx, args)
}

// QueryContext implements driver.QueryerContext.
func (c *conn) QueryContext(ctx context.Context, q string, args []driver.NamedValue) (driver.Rows, error) {
	if ctx.Done() != nil || !reads(q) {
		return c.SQLiteConn.QueryContext(ctx, q, args)
	}
	s, err := c.kept(q, args)
	if err != nil || s == nil {
		return c.SQLiteConn.QueryContext(ctx, q, args)
	}
	r, err := s.QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	if s.cols == nil {
		s.cols = r.Columns()
	}
	s.busy = true
	return &rows{Rows: r, s: s}, nil
}

// kept gives the statement of a text, at rest; nil when it cannot be used.
func (c *conn) kept(q string, args []driver.NamedValue) (*stmt, error) {
	s := c.stmts[q]
	if s == nil {
		if len(c.stmts) >= maxStmts {
			c.drop()
		}
		p, err := c.SQLiteConn.Prepare(q)
		if err != nil {
			return nil, err
		}
		s = &stmt{SQLiteStmt: p.(*sqlite3.SQLiteStmt), args: p.NumInput()}
		if c.stmts == nil {
			c.stmts = map[string]*stmt{}
		}
		c.stmts[q] = s
	}
	if s.busy || s.args != len(args) {
		return nil, nil
	}
	for _, a := range args {
		if a.Name != "" {
			return nil, nil
		}
	}
	return s, nil
}

// drop lets go of every statement that is at rest.
func (c *conn) drop() (err error) {
	for q, s := range c.stmts {
		if !s.busy {
			err = errors.Join(err, s.Close())
			delete(c.stmts, q)
		}
	}
	return err
}

// Close implements driver.Conn.
func (c *conn) Close() error {
	for _, s := range c.stmts {
		s.busy = false
	}
	return errors.Join(c.drop(), c.SQLiteConn.Close())
}

// writes and reads tell plain statements from pragmas, transactions and
// scripts. One that writes and gives rows back would stand on the first; one
// that names no columns has others after a change of the schema.
func writes(q string) bool {
	return plain(q, "INSERT ", "UPDATE ", "DELETE ") && !strings.Contains(q, "RETURNING")
}

func reads(q string) bool {
	return plain(q, "SELECT ", "WITH ") && !strings.Contains(q, "SELECT *") && !strings.Contains(q, ".*")
}

func plain(q string, words ...string) bool {
	for _, w := range words {
		if strings.HasPrefix(q, w) {
			return !strings.Contains(q, ";")
		}
	}
	return false
}

// rows puts its statement to rest when closed.
type rows struct {
	driver.Rows
	s *stmt
}

// Columns implements driver.Rows; the driver would ask SQLite for each name.
func (r *rows) Columns() []string { return r.s.cols }

// Close implements driver.Rows.
func (r *rows) Close() error {
	r.s.busy = false
	return r.Rows.Close()
}
