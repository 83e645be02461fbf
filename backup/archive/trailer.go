package archive

import (
	"crypto/hmac"
	"crypto/sha256"

	"tiezhang/app/fault"
)

// trailer is the last 1 KiB: where everything is, what it hashes to, and the
// one MAC. The MAC covers the trailer's own bytes before it; those hold the
// SHA-256 of header, slots, index, tags and manifest, and the tags hold the
// SHA-256 of the pages, so nothing in the file escapes it.
type trailer struct {
	FileID ID
	Part   uint16
	Parts  uint16
	Size   int64
	Reg    [regCount]region
	MAC    Hash
}

const (
	trailerMACAt = 960
	trailerSHAAt = 992
	macLabel     = "tiezhang backup trailer 1\x00"
)

func (t trailer) encode(mac *Hash) []byte {
	b := make([]byte, TrailerSize)
	copy(b, magicTail)
	le.PutUint16(b[8:], Version)
	le.PutUint16(b[10:], regCount)
	copy(b[16:], t.FileID[:])
	le.PutUint16(b[32:], t.Part)
	le.PutUint16(b[34:], t.Parts)
	le.PutUint64(b[40:], uint64(t.Size))
	for i, r := range t.Reg {
		p := b[48+48*i:]
		le.PutUint64(p, uint64(r.Off))
		le.PutUint64(p[8:], uint64(r.Len))
		copy(p[16:48], r.SHA[:])
	}
	if mac != nil {
		t.MAC = trailerMAC(b, *mac)
	}
	copy(b[trailerMACAt:], t.MAC[:])
	sum := sha256.Sum256(b[:trailerSHAAt])
	copy(b[trailerSHAAt:], sum[:])
	return b
}

func trailerMAC(b []byte, key Hash) (out Hash) {
	m := hmac.New(sha256.New, key[:])
	m.Write([]byte(macLabel))
	m.Write(b[:trailerMACAt])
	m.Sum(out[:0])
	return out
}

func (t trailer) genuine(key Hash) bool {
	want := trailerMAC(t.encode(nil), key)
	return hmac.Equal(want[:], t.MAC[:])
}

func decodeTrailer(b []byte) (trailer, error) {
	bad := func(why string) (trailer, error) {
		return trailer{}, fault.New("archive.trailer", fault.Damaged, "backup.archive.badTrailer", fault.Pairs("field", why))
	}
	if len(b) != TrailerSize || string(b[:8]) != magicTail {
		return bad("magic")
	}
	sum := sha256.Sum256(b[:trailerSHAAt])
	if string(sum[:]) != string(b[trailerSHAAt:]) {
		return bad("sha256")
	}
	t := trailer{Part: le.Uint16(b[32:]), Parts: le.Uint16(b[34:]), Size: int64(le.Uint64(b[40:]))}
	copy(t.FileID[:], b[16:])
	copy(t.MAC[:], b[trailerMACAt:])
	at := int64(0)
	for i := range t.Reg {
		p := b[48+48*i:]
		r := region{Off: int64(le.Uint64(p)), Len: int64(le.Uint64(p[8:]))}
		copy(r.SHA[:], p[16:48])
		if r.Off != at || r.Len < 0 || r.Len > MaxPart {
			return bad(regionNames[i])
		}
		at += r.Len
		t.Reg[i] = r
	}
	switch {
	case t.Size != at+TrailerSize:
		return bad("size")
	case t.Reg[regManifest].Len > MaxManifest:
		return bad("manifest")
	case t.Reg[regSlots1].Len != t.Reg[regSlots2].Len || t.Reg[regSlots1].Len > padded(MaxSlots):
		return bad("slots")
	}
	if string(t.encode(nil)) != string(b) {
		return bad("reserved")
	}
	return t, nil
}
