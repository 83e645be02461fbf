// Package archive is the .tzbak file format: one restore point, or one part of
// a large one, as a header, key slots, pages, tags, a manifest and a trailer.
//
// What belongs here: bytes. Encoding, decoding, checking, and saying exactly
// where a file is damaged. What does not: folders, names, schedules, which
// backup to keep, and anything that asks a person for a password. The format
// is written down in docs/formats-backup.md; the two change together.
//
// The parser trusts nothing: every length read from a file is bounded before
// anything is allocated, reserved bytes must be zero, and no half-filled
// values come back beside an error.
package archive

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"time"

	"tiezhang/app/fault"
)

// Sizes and limits of format version 1.
const (
	Version     = 1
	HeaderSize  = 4096
	TrailerSize = 1024
	align       = 4096            // pages begin on this border, so dd can cut them out
	MaxSlots    = 1 << 20         // a keyring of two slots has a few KiB
	MaxManifest = 1 << 20         //
	MaxPart     = int64(2) << 30  // FAT32 and old tools
	maxParts    = 4096            // 8 TiB
	maxPages    = uint64(1) << 32 // SQLite numbers pages with 32 bits
	magicHead   = "TZBAK\r\n\x1a"
	magicTail   = "TZBAKEND"
)

// ID names a file, a database, an epoch or a key. It is random, or derived
// one-way from a key.
type ID [16]byte

func (id ID) String() string { return hex.EncodeToString(id[:]) }

// IsZero says whether the id is absent.
func (id ID) IsZero() bool { return id == ID{} }

// MarshalText and UnmarshalText write an id as 32 hex digits.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }
func (id *ID) UnmarshalText(b []byte) error {
	return unhex(id[:], b)
}

// Hash is a SHA-256.
type Hash [32]byte

func (h Hash) String() string               { return hex.EncodeToString(h[:]) }
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }
func (h *Hash) UnmarshalText(b []byte) error {
	return unhex(h[:], b)
}

// IsZero says whether the hash is absent.
func (h Hash) IsZero() bool { return h == Hash{} }

func unhex(dst, src []byte) error {
	if len(src) != 2*len(dst) {
		return hex.ErrLength
	}
	_, err := hex.Decode(dst, src)
	return err
}

// Level says how much of the database a restore point holds.
type Level uint8

const (
	Full Level = iota // every page
	Day               // the pages that differ from a Full
	Hour              // the pages that differ from a Day
)

func (l Level) String() string {
	switch l {
	case Full:
		return "FULL"
	case Day:
		return "DAY"
	case Hour:
		return "HOUR"
	}
	return "?"
}

// Header is the first 4 KiB. Every field is also in the manifest, so a
// destroyed header can be rebuilt and checked against the trailer.
type Header struct {
	FileID    ID     `json:"file_id"` // the same in all parts of a restore point
	DBID      ID     `json:"db_id"`
	Epoch     ID     `json:"epoch"` // new after restore, rekey, VACUUM: no incremental crosses it
	Sequence  uint64 `json:"sequence"`
	Level     Level  `json:"level"`
	Flags     uint32 `json:"flags"`
	Part      uint16 `json:"part"` // 1…Parts
	Parts     uint16 `json:"parts"`
	PageSize  uint32 `json:"page_size"`
	PageCount uint64 `json:"page_count"` // of the whole database image
	Total     uint64 `json:"total_pages"`
	First     uint64 `json:"first"`   // payload pages in the parts before this one
	Payload   uint64 `json:"payload"` // pages in this part
	Base      ID     `json:"base"`    // Day, Hour: the file it builds on
	BaseRoot  Hash   `json:"base_root"`
	KeyID     ID     `json:"key_id"`
	Created   int64  `json:"created_ms"` // Unix milliseconds UTC
	Schema    uint32 `json:"schema"`
	MinApp    uint32 `json:"min_app"` // lowest program version (major·10⁶ + minor·10³ + patch)
	Salt      ID     `json:"salt"`    // SQLCipher's, the first bytes of page 1
	SlotsLen  uint32 `json:"slots_len"`
}

// Time is when the restore point was made.
func (h Header) Time() time.Time { return time.UnixMilli(h.Created).UTC() }

// layout gives where each region begins and how long it is; the manifest's
// length is not in the header.
type region struct {
	Off, Len int64
	SHA      Hash
}

const (
	regHeader = iota
	regSlots1
	regIndex
	regPages
	regTags
	regManifest
	regSlots2
	regCount
)

var regionNames = [regCount]string{"header", "slots-1", "index", "page", "tags", "manifest", "slots-2"}

func padded(n int64) int64 { return (n + align - 1) / align * align }

func (h Header) layout(manifest int64) [regCount]region {
	var r [regCount]region
	at := int64(0)
	put := func(i int, n int64) { r[i].Off, r[i].Len = at, n; at += n }
	put(regHeader, HeaderSize)
	put(regSlots1, padded(int64(h.SlotsLen)))
	if h.Level == Full {
		put(regIndex, 0)
	} else {
		put(regIndex, padded(4*int64(h.Payload)))
	}
	put(regPages, int64(h.Payload)*int64(h.PageSize))
	put(regTags, 32*int64(h.Payload))
	put(regManifest, manifest)
	put(regSlots2, padded(int64(h.SlotsLen)))
	return r
}

// PagesPerPart is how many pages of this size fit into a file of at most
// MaxPart bytes, whatever the slots and the manifest need.
func PagesPerPart(pageSize uint32) uint64 {
	room := MaxPart - HeaderSize - TrailerSize - 2*MaxSlots - MaxManifest - 2*align
	return uint64(room / (int64(pageSize) + 32 + 4))
}

func (h Header) check() error {
	bad := func(field string) error {
		return fault.New("archive.header", fault.Damaged, "backup.archive.badHeader", fault.Pairs("field", field))
	}
	switch {
	case h.Flags != 0:
		return bad("flags")
	case h.FileID.IsZero():
		return bad("file_id")
	case h.DBID.IsZero():
		return bad("db_id")
	case h.Level > Hour:
		return bad("level")
	case h.Parts == 0 || h.Parts > maxParts || h.Part == 0 || h.Part > h.Parts:
		return bad("part")
	case h.PageSize < 512 || h.PageSize > 65536 || h.PageSize&(h.PageSize-1) != 0:
		return bad("page_size")
	case h.PageCount == 0 || h.PageCount >= maxPages:
		return bad("page_count")
	case h.Total > h.PageCount || h.Level == Full && h.Total != h.PageCount:
		return bad("total_pages")
	case h.Payload > h.Total || h.First > h.Total-h.Payload:
		return bad("payload")
	case h.Part == 1 && h.First != 0 || h.Part == h.Parts && h.First+h.Payload != h.Total:
		return bad("first")
	case h.Payload > PagesPerPart(h.PageSize):
		return bad("payload")
	case (h.Level == Full) != h.Base.IsZero() || (h.Level == Full) != h.BaseRoot.IsZero():
		return bad("base")
	case h.SlotsLen == 0 || h.SlotsLen > MaxSlots:
		return bad("slots_len")
	case h.Sequence == 0:
		return bad("sequence")
	}
	return nil
}

var le = binary.LittleEndian

// encode gives the 4 KiB; offsets are those of docs/formats-backup.md.
func (h Header) encode() []byte {
	b := make([]byte, HeaderSize)
	copy(b, magicHead)
	le.PutUint16(b[8:], Version)
	le.PutUint16(b[10:], HeaderSize)
	le.PutUint32(b[12:], h.Flags)
	copy(b[16:], h.FileID[:])
	copy(b[32:], h.DBID[:])
	copy(b[48:], h.Epoch[:])
	le.PutUint64(b[64:], h.Sequence)
	b[72] = byte(h.Level)
	le.PutUint16(b[74:], h.Part)
	le.PutUint16(b[76:], h.Parts)
	le.PutUint32(b[80:], h.PageSize)
	le.PutUint64(b[88:], h.PageCount)
	le.PutUint64(b[96:], h.Total)
	le.PutUint64(b[104:], h.First)
	le.PutUint64(b[112:], h.Payload)
	copy(b[120:], h.Base[:])
	copy(b[136:], h.BaseRoot[:])
	copy(b[168:], h.KeyID[:])
	le.PutUint64(b[184:], uint64(h.Created))
	le.PutUint32(b[192:], h.Schema)
	le.PutUint32(b[196:], h.MinApp)
	copy(b[200:], h.Salt[:])
	le.PutUint32(b[216:], h.SlotsLen)
	sum := sha256.Sum256(b[:HeaderSize-32])
	copy(b[HeaderSize-32:], sum[:])
	return b
}

// decodeHeader refuses anything it would not have written itself: the decoded
// value is encoded again and must give the same bytes, which covers the
// reserved ones.
func decodeHeader(b []byte) (Header, error) {
	const op = "archive.header"
	if len(b) < HeaderSize || string(b[:8]) != magicHead {
		return Header{}, fault.New(op, fault.Damaged, "backup.archive.notArchive", nil)
	}
	sum := sha256.Sum256(b[:HeaderSize-32])
	if string(sum[:]) != string(b[HeaderSize-32:HeaderSize]) {
		return Header{}, fault.New(op, fault.Damaged, "backup.archive.badHeader", fault.Pairs("field", "sha256"))
	}
	// Only a header whose checksum is right can claim to be newer, or one
	// flipped bit would send people looking for an update.
	if v := le.Uint16(b[8:]); v > Version {
		return Header{}, fault.New(op, fault.Newer, "backup.archive.newer", fault.Pairs("version", v))
	}
	h := Header{
		Flags: le.Uint32(b[12:]), Sequence: le.Uint64(b[64:]), Level: Level(b[72]),
		Part: le.Uint16(b[74:]), Parts: le.Uint16(b[76:]), PageSize: le.Uint32(b[80:]),
		PageCount: le.Uint64(b[88:]), Total: le.Uint64(b[96:]), First: le.Uint64(b[104:]),
		Payload: le.Uint64(b[112:]), Created: int64(le.Uint64(b[184:])),
		Schema: le.Uint32(b[192:]), MinApp: le.Uint32(b[196:]), SlotsLen: le.Uint32(b[216:]),
	}
	copy(h.FileID[:], b[16:])
	copy(h.DBID[:], b[32:])
	copy(h.Epoch[:], b[48:])
	copy(h.Base[:], b[120:])
	copy(h.BaseRoot[:], b[136:])
	copy(h.KeyID[:], b[168:])
	copy(h.Salt[:], b[200:])
	if err := h.check(); err != nil {
		return Header{}, err
	}
	if string(h.encode()) != string(b[:HeaderSize]) {
		return Header{}, fault.New(op, fault.Damaged, "backup.archive.badHeader", fault.Pairs("field", "reserved"))
	}
	return h, nil
}
