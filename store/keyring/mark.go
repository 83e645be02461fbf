package keyring

import (
	"crypto/sha256"
	"encoding/hex"

	"golang.org/x/text/unicode/norm"
)

// Mark is what the shop remembers of a ring, so that another in its place is
// noticed. It gives nothing away.
type Mark struct {
	Seq uint64
	Sum string // of the exact file
	// Holders has, for each slot by its ID and for the recovery code under "", what
	// changes whenever that which opens it does: a password, a key stick, a code.
	Holders map[string]string
}

// Mark gives the ring's.
func (r *Ring) Mark() Mark {
	st := r.st.Load()
	m := Mark{Seq: st.seq, Sum: sumOf("file", st.raw), Holders: map[string]string{"": sumOf("recovery", st.rec.boxKey[:])}}
	for i := range st.slots {
		sl := &st.slots[i]
		m.Holders[sl.id] = sumOf("slot", append(sl.header(st.shop), sl.commit[:]...))
	}
	return m
}

// sumOf is short: it has to tell apart what is lawful, not withstand somebody
// who can choose.
func sumOf(what string, b []byte) string {
	h := sha256.New()
	h.Write([]byte("tiezhang keyring mark 1 " + what + "\x00"))
	h.Write(b)
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// Named gives the ID of the slot that bears exactly this name: a name that is
// only like it may be somebody else's.
func (r *Ring) Named(name string) (id string, ok bool) {
	name = norm.NFC.String(name)
	for _, sl := range r.st.Load().slots {
		if sl.name == name {
			return sl.id, true
		}
	}
	return "", false
}

// Find gives the ID of a person's slot, known by ID or else by name in any case,
// width and composition: whoever signs in as one is the other. False when there
// is none.
func (r *Ring) Find(user string) (id string, ok bool) {
	if sl := r.st.Load().find(user); sl != nil {
		return sl.id, true
	}
	return "", false
}
