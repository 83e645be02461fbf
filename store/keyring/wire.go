package keyring

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"
	"unicode/utf8"

	"tiezhang/app/fault"
)

// The format is written down in docs/formats.md; a test reads it from there
// alone. Parse only ever gives a whole ring or an error.

const (
	magic       = "TZKEYRNG"
	version     = 1
	kindFull    = 1
	kindBackup  = 2
	saltSize    = 16
	MaxFile     = 1 << 20 // the largest a keyring may be
	maxSlots    = 1000
	algArgon2id = 1
)

type slot struct {
	// The header: bound to the wrapped identity as associated data.
	id      string
	keyFile bool
	prof    Profile
	salt    [saltSize]byte
	boxKey  [32]byte
	signKey [32]byte
	// The identity under the password.
	commit  Key
	wrapped [wrappedID]byte
	// The grant: bound to the roster's signature together with the public keys.
	name  string
	owner bool
	dek   [boxedDEK]byte
	pack  []byte // boxedPack long for an owner, else nil
}

type recovery struct {
	boxKey [32]byte
	dek    [boxedDEK]byte
	pack   [boxedPack]byte
	pin    [32]byte
}

// state is one immutable version of the ring; raw is its exact file.
type state struct {
	kind     uint16
	shop     ShopID
	keyID    [16]byte
	seq      uint64
	ownerKey [32]byte
	logKey   [32]byte
	rec      recovery
	roster   [][32]byte
	sig      [64]byte
	slots    []slot
	raw      []byte
}

func put8(b []byte, s string) []byte { return append(append(b, byte(len(s))), s...) }

func bit(v bool) byte {
	if v {
		return 1
	}
	return 0
}

func (sl *slot) headerBody(b []byte) []byte {
	b = put8(b, sl.id)
	b = append(b, bit(sl.keyFile), algArgon2id)
	b = binary.LittleEndian.AppendUint32(b, sl.prof.KiB)
	b = binary.LittleEndian.AppendUint32(b, sl.prof.Time)
	b = append(b, sl.prof.Lanes)
	b = append(b, sl.salt[:]...)
	b = append(b, sl.boxKey[:]...)
	return append(b, sl.signKey[:]...)
}

// header is the slot's associated data.
func (sl *slot) header(shop ShopID) []byte {
	return sl.headerBody(append([]byte("tiezhang keyring slot 1\x00"), shop[:]...))
}

func (sl *slot) grantBody(b []byte) []byte {
	b = put8(b, sl.name)
	b = append(b, bit(sl.owner))
	b = append(b, sl.dek[:]...)
	return append(b, sl.pack...)
}

// grantHash is what the roster lists. It leaves out all that changes with a
// password, so that changing one needs no owner.
func (st *state) grantHash(sl *slot) [32]byte {
	b := append([]byte("tiezhang keyring grant 1\x00"), st.shop[:]...)
	b = append(b, st.keyID[:]...)
	b = put8(b, sl.id)
	b = append(b, sl.boxKey[:]...)
	b = append(b, sl.signKey[:]...)
	return sha256.Sum256(sl.grantBody(b))
}

func (r *recovery) body(b []byte) []byte {
	b = append(b, r.boxKey[:]...)
	b = append(b, r.dek[:]...)
	b = append(b, r.pack[:]...)
	return append(b, r.pin[:]...)
}

// rosterMessage is what the owner signs. It lists hashes, not grants: a
// backup then carries the same signature with only some of the grants.
func (st *state) rosterMessage() []byte {
	b := append([]byte("tiezhang keyring roster 1\x00"), st.shop[:]...)
	b = append(b, st.keyID[:]...)
	b = binary.LittleEndian.AppendUint64(b, st.seq)
	b = append(b, st.ownerKey[:]...)
	b = append(b, st.logKey[:]...)
	b = st.rec.body(b)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(st.roster)))
	for _, h := range st.roster {
		b = append(b, h[:]...)
	}
	return b
}

// seal writes the state's canonical bytes, MACs and checksums them.
func (st *state) seal(dek Key) {
	b := append([]byte(nil), magic...)
	b = binary.LittleEndian.AppendUint16(b, version)
	b = binary.LittleEndian.AppendUint16(b, st.kind)
	b = append(b, st.shop[:]...)
	b = append(b, st.keyID[:]...)
	b = binary.LittleEndian.AppendUint64(b, st.seq)
	b = append(b, st.ownerKey[:]...)
	b = append(b, st.logKey[:]...)
	b = st.rec.body(b)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(st.roster)))
	for _, h := range st.roster {
		b = append(b, h[:]...)
	}
	b = append(b, st.sig[:]...)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(st.slots)))
	for i := range st.slots {
		sl := &st.slots[i]
		b = sl.headerBody(b)
		b = append(b, sl.commit[:]...)
		b = append(b, sl.wrapped[:]...)
		b = sl.grantBody(b)
	}
	mac := macOf(dek, st.shop, b)
	b = append(b, mac[:]...)
	sum := sha256.Sum256(b)
	st.raw = append(b, sum[:]...)
}

func (st *state) macOK(dek Key) bool {
	body := st.raw[:len(st.raw)-64]
	mac := macOf(dek, st.shop, body)
	return bytes.Equal(mac[:], st.raw[len(body):len(body)+32])
}

// cursor reads fixed-size fields; the first short read sticks.
type cursor struct {
	b   []byte
	bad bool
}

func (c *cursor) take(n int) []byte {
	if c.bad || len(c.b) < n {
		c.bad = true
		return make([]byte, n) // n is a constant or one byte's worth: small
	}
	out := c.b[:n]
	c.b = c.b[n:]
	return out
}

func (c *cursor) u8() byte      { return c.take(1)[0] }
func (c *cursor) u16() uint16   { return binary.LittleEndian.Uint16(c.take(2)) }
func (c *cursor) u32() uint32   { return binary.LittleEndian.Uint32(c.take(4)) }
func (c *cursor) u64() uint64   { return binary.LittleEndian.Uint64(c.take(8)) }
func (c *cursor) str() string   { return string(c.take(int(c.u8()))) }
func (c *cursor) into(d []byte) { copy(d, c.take(len(d))) }

func (c *cursor) flag() bool {
	v := c.u8()
	if v > 1 {
		c.bad = true // one way to write each value, so bytes and meaning agree
	}
	return v == 1
}

// Parse reads a keyring from its exact bytes. Everything that can be checked
// without a secret is: checksum, limits, order, the owner's signature.
func Parse(raw []byte) (*Ring, error) {
	const smallest = len(magic) + 4 + 64
	if len(raw) < smallest || len(raw) > MaxFile {
		return nil, damaged("size", nil)
	}
	if string(raw[:len(magic)]) != magic {
		return nil, damaged("magic", nil)
	}
	body := raw[:len(raw)-32]
	if sum := sha256.Sum256(body); !bytes.Equal(sum[:], raw[len(body):]) {
		return nil, damaged("checksum", nil)
	}
	c := &cursor{b: bytes.Clone(body[len(magic) : len(body)-32])}
	// Every version, for ever, ends in the SHA-256 of what stands before it;
	// so only an undamaged file can claim to be newer.
	if v := c.u16(); v > version {
		return nil, fault.New("keyring", fault.Newer, "keyring.newer", fault.Pairs("version", v))
	} else if v != version {
		return nil, damaged("version", nil)
	}
	st := &state{raw: bytes.Clone(raw)}
	if err := st.parse(c); err != nil {
		return nil, err
	}
	if err := st.checkRoster(); err != nil {
		return nil, err
	}
	r := new(Ring)
	r.st.Store(st)
	return r, nil
}

func (st *state) parse(c *cursor) error {
	st.kind = c.u16()
	if st.kind != kindFull && st.kind != kindBackup {
		return damaged("kind", nil)
	}
	c.into(st.shop[:])
	c.into(st.keyID[:])
	st.seq = c.u64()
	c.into(st.ownerKey[:])
	c.into(st.logKey[:])
	c.into(st.rec.boxKey[:])
	c.into(st.rec.dek[:])
	c.into(st.rec.pack[:])
	c.into(st.rec.pin[:])
	n := int(c.u16())
	if n > maxSlots {
		return damaged("roster", nil)
	}
	for range n {
		var h [32]byte
		c.into(h[:])
		st.roster = append(st.roster, h)
	}
	c.into(st.sig[:])
	n = int(c.u16())
	if n > maxSlots {
		return damaged("slots", nil)
	}
	for range n {
		if c.bad {
			break
		}
		sl, err := parseSlot(c)
		if err != nil {
			return err
		}
		st.slots = append(st.slots, sl)
	}
	if c.bad || len(c.b) != 0 {
		return damaged("length", nil)
	}
	return nil
}

func parseSlot(c *cursor) (sl slot, err error) {
	sl.id = c.str()
	sl.keyFile = c.flag()
	if c.u8() != algArgon2id {
		c.bad = true
	}
	sl.prof = Profile{KiB: c.u32(), Time: c.u32(), Lanes: c.u8()}
	c.into(sl.salt[:])
	c.into(sl.boxKey[:])
	c.into(sl.signKey[:])
	c.into(sl.commit[:])
	c.into(sl.wrapped[:])
	sl.name = c.str()
	sl.owner = c.flag()
	c.into(sl.dek[:])
	if sl.owner {
		sl.pack = bytes.Clone(c.take(boxedPack))
	}
	if c.bad {
		return sl, damaged("slot", nil)
	}
	if checkID(sl.id) != nil {
		return sl, damaged("slot", nil)
	}
	// Not cleanName: what counts as printable grows with Unicode, and a file
	// must open in an older program of the same format.
	if sl.name == "" || !utf8.ValidString(sl.name) {
		return sl, damaged("slot", nil)
	}
	return sl, sl.prof.check()
}

// checkRoster holds the file to its owner's signature: every slot's grant is
// listed, in the one lawful order; a full ring has a slot for every listing.
func (st *state) checkRoster() error {
	if !ed25519.Verify(st.ownerKey[:], st.rosterMessage(), st.sig[:]) {
		return unsigned("roster")
	}
	byID := func(a, b slot) int { return strings.Compare(a.id, b.id) }
	folded := map[string]bool{}
	next, owners := 0, 0
	for i := range st.slots {
		sl := &st.slots[i]
		if i > 0 && byID(st.slots[i-1], *sl) >= 0 {
			return damaged("order", nil)
		}
		if folded[fold(sl.name)] {
			return damaged("name", nil)
		}
		folded[fold(sl.name)] = true
		at := slices.Index(st.roster[next:], st.grantHash(sl))
		if at < 0 || (st.kind == kindFull && at != 0) {
			return unsigned(sl.name)
		}
		next += at + 1
		if sl.owner {
			owners++
		} else if st.kind == kindBackup {
			return damaged("kind", nil) // a backup never carries a clerk
		}
	}
	if owners == 0 || (st.kind == kindFull && next != len(st.roster)) {
		return unsigned("owner")
	}
	return nil
}
