// Package oplog is the operation log's form: what an entry holds, how it is
// turned into bytes, and how the bytes are chained.
//
// What belongs here: Entry, its canonical encoding, the chain and its check.
// What does not: who writes entries and where they are kept. Pure; standard
// library only.
package oplog

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
)

// Result of an operation.
const (
	OK     = "ok"
	Denied = "denied"
	Failed = "failed"
)

// Entry is one operation. It holds no passwords and no full personal data.
// Fields are in the order they are encoded in.
type Entry struct {
	Seq      int64  `json:"seq"`   // 1, 2, 3 … without gaps
	Epoch    int64  `json:"epoch"` // one person's session
	UserID   int64  `json:"uid"`
	User     string `json:"user"`
	Role     string `json:"role"`
	Approver string `json:"approver,omitempty"` // second person, if one was needed
	Action   string `json:"action"`             // permission or event: "sale.create", "session.in"
	Object   string `json:"object,omitempty"`   // what it was done to: "item:A1", a document's number
	Before   string `json:"before,omitempty"`   // digest of the object before, hex
	After    string `json:"after,omitempty"`    // digest after
	Detail   string `json:"detail,omitempty"`   // short, for reading: JSON of named values
	Reason   string `json:"reason,omitempty"`
	Result   string `json:"result"`
	Fault    string `json:"fault,omitempty"` // key of the fault when denied or failed
	Machine  string `json:"machine"`
	Version  string `json:"version"`
	Schema   int    `json:"schema"`
	Time     int64  `json:"time"` // Unix milliseconds, UTC
	Mono     int64  `json:"mono"` // grows with every entry even if the clock runs back
	// Consent is what the approver signed, if one was needed and was there.
	Consent *Consent `json:"consent,omitempty"`
}

// Sealed is an entry as stored: the exact bytes that were hashed.
type Sealed struct {
	Seq   int64
	Bytes []byte // canonical JSON of the Entry
	Prev  [32]byte
	Hash  [32]byte // HMAC-SHA256(key, Prev ‖ Bytes)
}

// Zero is the Prev of the first entry.
var Zero [32]byte

// Seal encodes and chains an entry. The key is derived from the data key, so a
// chain cannot be rebuilt by somebody who can edit the file but not open it.
func Seal(key []byte, prev [32]byte, e Entry) (Sealed, error) {
	b, err := json.Marshal(e) // struct order and omitempty make it canonical
	if err != nil {
		return Sealed{}, err
	}
	return Sealed{Seq: e.Seq, Bytes: b, Prev: prev, Hash: sum(key, prev, b)}, nil
}

func sum(key []byte, prev [32]byte, b []byte) (h [32]byte) {
	m := hmac.New(sha256.New, key)
	m.Write(prev[:])
	m.Write(b)
	m.Sum(h[:0])
	return h
}

// Open decodes a stored entry.
func Open(s Sealed) (Entry, error) {
	var e Entry
	if err := json.Unmarshal(s.Bytes, &e); err != nil {
		return Entry{}, err
	}
	if e.Seq != s.Seq {
		return Entry{}, errors.New("oplog: number does not match")
	}
	return e, nil
}

// Break says where a chain fails and how.
type Break struct {
	Seq  int64
	What string // "gap", "link", "hash", "bytes"
}

// Chain checks entries one after another, in order.
type Chain struct {
	key  []byte
	next int64
	prev [32]byte
}

// NewChain starts before entry first, whose Prev must be prev.
func NewChain(key []byte, first int64, prev [32]byte) *Chain {
	return &Chain{key: key, next: first, prev: prev}
}

// Check takes the next entry; a nil Break is good. After a break it goes on
// from the entry as stored, so every broken place is named once.
func (c *Chain) Check(s Sealed) *Break {
	var b *Break
	switch {
	case s.Seq != c.next:
		b = &Break{Seq: c.next, What: "gap"}
	case s.Prev != c.prev:
		b = &Break{Seq: s.Seq, What: "link"}
	case !hmac.Equal(s.Hash[:], hashOf(c.key, s)):
		b = &Break{Seq: s.Seq, What: "hash"}
	default:
		if _, err := Open(s); err != nil {
			b = &Break{Seq: s.Seq, What: "bytes"}
		}
	}
	c.next, c.prev = s.Seq+1, s.Hash
	return b
}

func hashOf(key []byte, s Sealed) []byte {
	h := sum(key, s.Prev, s.Bytes)
	return h[:]
}

var code = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// Head gives the 12-character code of a chain head, as printed on slips:
// XXXX-XXXX-XXXX. 60 bits, in an alphabet without I, L, O and U.
func Head(h [32]byte) string {
	s := code.EncodeToString(h[:8])[:12]
	return s[:4] + "-" + s[4:8] + "-" + s[8:]
}
