package cipherdb

import (
	"context"
	"database/sql"
	"errors"

	sqlite3 "github.com/mutecomm/go-sqlcipher/v4"

	"tiezhang/app/fault"
	"tiezhang/internal/disk"
)

// Fault maps an error of the driver to the fault people can act on. It is the
// one place that does. A fault, and sql.ErrNoRows, pass as they are; the
// driver's error stays inside, so the Is helpers below work on the result.
func Fault(op string, err error) error {
	var done *fault.Error
	var list fault.List
	var se sqlite3.Error
	switch {
	case err == nil, errors.As(err, &done), errors.As(err, &list), errors.Is(err, sql.ErrNoRows):
		return err
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fault.Wrap(op, fault.Canceled, "cipherdb.canceled", nil, err)
	case errors.As(err, &se):
		kind, key := classify(se)
		return fault.Wrap(op, kind, key, nil, err)
	}
	return fault.Wrap(op, fault.Internal, "cipherdb.internal", nil, err)
}

func classify(e sqlite3.Error) (fault.Kind, string) {
	switch e.Code {
	case sqlite3.ErrFull:
		return fault.NoSpace, "cipherdb.full"
	case sqlite3.ErrReadonly, sqlite3.ErrCantOpen, sqlite3.ErrPerm:
		if disk.Full(e.SystemErrno) {
			return fault.NoSpace, "cipherdb.full"
		}
		return fault.ReadOnly, "cipherdb.read-only"
	case sqlite3.ErrIoErr:
		if disk.Full(e.SystemErrno) {
			return fault.NoSpace, "cipherdb.full"
		}
		if disk.WriteProtected(e.SystemErrno) {
			return fault.ReadOnly, "cipherdb.read-only"
		}
		return fault.Unsupported, "cipherdb.disk"
	case sqlite3.ErrCorrupt, sqlite3.ErrNotADB, sqlite3.ErrFormat:
		return fault.Damaged, "cipherdb.damaged-inside"
	case sqlite3.ErrBusy, sqlite3.ErrLocked, sqlite3.ErrProtocol:
		return fault.Locked, "cipherdb.busy"
	case sqlite3.ErrInterrupt:
		return fault.Canceled, "cipherdb.canceled"
	case sqlite3.ErrConstraint:
		return fault.Conflict, "cipherdb.constraint"
	case sqlite3.ErrTooBig:
		return fault.Invalid, "cipherdb.too-big"
	}
	return fault.Internal, "cipherdb.internal"
}

func mapOS(op, path string, err error) error {
	switch {
	case disk.Full(err):
		return fault.Wrap(op, fault.NoSpace, "cipherdb.full", nil, err)
	case disk.WriteProtected(err), disk.Gone(err):
		return fault.Wrap(op, fault.ReadOnly, "cipherdb.read-only", nil, err)
	}
	return fault.Wrap(op, fault.Unsupported, "cipherdb.disk", nil, err)
}

func extended(err error, codes ...sqlite3.ErrNoExtended) bool {
	var se sqlite3.Error
	if !errors.As(err, &se) {
		return false
	}
	for _, c := range codes {
		if se.ExtendedCode == c {
			return true
		}
	}
	return false
}

// IsUnique tells a doubled value of a UNIQUE column or a primary key.
func IsUnique(err error) bool {
	return extended(err, sqlite3.ErrConstraintUnique, sqlite3.ErrConstraintPrimaryKey, sqlite3.ErrConstraintRowID)
}

// IsForeignKey tells a reference to a row that is not there, or the removal
// of one that is still referred to.
func IsForeignKey(err error) bool { return extended(err, sqlite3.ErrConstraintForeignKey) }

// IsCheck tells a row that a CHECK or NOT NULL of the schema refused.
func IsCheck(err error) bool {
	return extended(err, sqlite3.ErrConstraintCheck, sqlite3.ErrConstraintNotNull)
}

// Raised gives the text of RAISE(ABORT, text) when a trigger refused the row.
func Raised(err error) (text string, ok bool) {
	var se sqlite3.Error
	if !extended(err, sqlite3.ErrConstraintTrigger) || !errors.As(err, &se) {
		return "", false
	}
	return se.Error(), true
}

func isNotADB(err error) bool {
	var se sqlite3.Error
	return errors.As(err, &se) && (se.Code == sqlite3.ErrNotADB || se.Code == sqlite3.ErrCorrupt)
}

func isBusy(err error) bool {
	var se sqlite3.Error
	return errors.As(err, &se) && (se.Code == sqlite3.ErrBusy || se.Code == sqlite3.ErrLocked)
}
