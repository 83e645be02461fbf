// Package fault is the one error type that crosses package borders.
//
// A fault says what went wrong as a key with arguments, never as a sentence:
// ui/text turns the key into plain Chinese or English and always adds the next
// step. What belongs here: the type, its kinds and the helpers to make and
// inspect it. What does not: message texts, and anything that knows about a
// particular part of the program.
package fault

import (
	"errors"
	"fmt"
	"sort"
	"strings"
)

// Kind groups faults by what the caller can do about them.
type Kind uint8

const (
	Internal    Kind = iota // a defect of ours or of the machine; log it, keep the typing, go on
	Invalid                 // the input is wrong; Args name the place
	Denied                  // the person may not do this
	NotFound                // no such thing, or none this person may know of
	Conflict                // somebody else changed it, or it is already done
	Closed                  // the day or the month is closed
	Damaged                 // a file fails its checks
	WrongKey                // password or recovery code does not open it
	Newer                   // made by a newer version of the program
	Locked                  // in use by another running program, or locked out for a while
	NoSpace                 // the disk is full
	ReadOnly                // the place cannot be written
	Canceled                // the person cancelled
	NeedsStep               // a second confirmation is wanted (own password, typed number, second person)
	Insecure                // the password is too weak, or a file would weaken the shop
	Unsupported             // this machine, file or disk cannot do what was asked
)

var kindNames = [...]string{"internal", "invalid", "denied", "not-found", "conflict", "closed", "damaged", "wrong-key", "newer", "locked", "no-space", "read-only", "canceled", "needs-step", "insecure", "unsupported"}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "kind(" + fmt.Sprint(uint8(k)) + ")"
}

// Args are the named values of a message. Values are already formatted for
// reading (a document number, "12.50", a file name), never secrets.
type Args map[string]any

// Error is a fault. Key is a key of assets/i18n ("doc.qty.zero"); Op is the
// operation for the programmer ("ledger.Post"); Err is the cause, if any.
type Error struct {
	Op   string
	Kind Kind
	Key  string
	Args Args
	Err  error
}

// New makes a fault without a cause.
func New(op string, kind Kind, key string, args Args) *Error {
	return &Error{Op: op, Kind: kind, Key: key, Args: args}
}

// Wrap makes a fault with a cause. A nil cause is kept as nil, so callers
// check their error before they wrap it.
func Wrap(op string, kind Kind, key string, args Args, err error) *Error {
	return &Error{Op: op, Kind: kind, Key: key, Args: args, Err: err}
}

// Error is for logs and programmers; people read ui/text's words.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Op != "" {
		b.WriteString(e.Op)
		b.WriteString(": ")
	}
	b.WriteString(e.Kind.String())
	if e.Key != "" {
		b.WriteString(" ")
		b.WriteString(e.Key)
	}
	if len(e.Args) > 0 {
		names := make([]string, 0, len(e.Args))
		for n := range e.Args {
			names = append(names, n)
		}
		sort.Strings(names)
		for _, n := range names {
			fmt.Fprintf(&b, " %s=%v", n, e.Args[n])
		}
	}
	if e.Err != nil {
		b.WriteString(": ")
		b.WriteString(e.Err.Error())
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }

// Is makes errors.Is(err, fault.New("", kind, key, nil)) compare kind and key.
func (e *Error) Is(target error) bool {
	var t *Error
	if !errors.As(target, &t) {
		return false
	}
	return t.Kind == e.Kind && (t.Key == "" || t.Key == e.Key)
}

// KindOf gives the kind of the first fault in err's chain; Internal for any
// other error, and for nil too, so check err first.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// KeyOf gives the key of the first fault in err's chain, or "".
func KeyOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Key
	}
	return ""
}

// Invalidf-style shorthands for the commonest kinds.

// Bad is an Invalid fault: op, key and name/value pairs.
func Bad(op, key string, nv ...any) *Error { return New(op, Invalid, key, Pairs(nv...)) }

// Pairs turns name, value, name, value … into Args.
func Pairs(nv ...any) Args {
	if len(nv) == 0 {
		return nil
	}
	a := make(Args, len(nv)/2)
	for i := 0; i+1 < len(nv); i += 2 {
		a[fmt.Sprint(nv[i])] = nv[i+1]
	}
	return a
}

// List is several faults at once: a document with three wrong lines names all
// three. It is Invalid as a whole.
type List []*Error

func (l List) Error() string {
	s := make([]string, len(l))
	for i, e := range l {
		s[i] = e.Error()
	}
	return strings.Join(s, "; ")
}

// Unwrap lets errors.As find the first fault.
func (l List) Unwrap() []error {
	out := make([]error, len(l))
	for i, e := range l {
		out[i] = e
	}
	return out
}

// Err gives nil for an empty list, so callers can collect and return at the end.
func (l List) Err() error {
	if len(l) == 0 {
		return nil
	}
	return l
}
