package archive

import (
	"crypto/sha256"
	"io"

	"tiezhang/app/fault"
)

// Reader is one opened part. It opens whatever can still be understood:
// header, trailer and manifest each hold enough to do without one of the other
// two, and what was found broken is in Damages.
type Reader struct {
	Header      Header
	Manifest    Manifest
	HasManifest bool
	Damages     []Damage
	Size        int64

	r          io.ReaderAt
	t          trailer
	hasTrailer bool
	tail       bool // something like a trailer is at the end
	reg        [regCount]region
}

// Damage is one place that fails its check.
type Damage struct {
	Part   int    `json:"part"`
	Region string `json:"region"` // header, slots-1, index, page, tags, manifest, slots-2, trailer, mac, truncated, root, missing
	Page   uint32 `json:"page,omitempty"`
}

// Open reads header, trailer and manifest. It fails only where nothing useful
// can be said: not an archive, made by a newer program, or too broken.
func Open(r io.ReaderAt, size int64) (*Reader, error) {
	const op = "archive.Open"
	rd := &Reader{r: r, Size: size}
	hb, err := rd.read(0, min(size, HeaderSize))
	if err != nil {
		return nil, err
	}
	h, herr := decodeHeader(hb)
	if fault.KindOf(herr) == fault.Newer && herr != nil {
		return nil, herr
	}
	var terr error = fault.New(op, fault.Damaged, "backup.archive.badTrailer", nil)
	if size >= HeaderSize+TrailerSize {
		tb, err := rd.read(size-TrailerSize, TrailerSize)
		if err != nil {
			return nil, err
		}
		rd.tail = string(tb[:len(magicTail)]) == magicTail
		rd.t, terr = decodeTrailer(tb)
		if terr == nil && rd.t.Size != size {
			terr = fault.New(op, fault.Damaged, "backup.archive.badTrailer", fault.Pairs("field", "size"))
		}
	}
	rd.hasTrailer = terr == nil
	if herr != nil && terr != nil {
		return nil, herr
	}
	if herr == nil && rd.hasTrailer && !rd.t.matches(h, hb) {
		rd.hasTrailer, terr = false, fault.New(op, fault.Damaged, "backup.archive.badTrailer", fault.Pairs("field", "regions"))
	}
	if err := rd.loadManifest(h, herr == nil); err != nil {
		return nil, err
	}
	if herr != nil {
		// The trailer is whole. The manifest repeats the header; believe it only
		// if it gives exactly the bytes the trailer hashed.
		if !rd.HasManifest || sha256.Sum256(rd.Manifest.Header.encode()) != rd.t.Reg[regHeader].SHA {
			return nil, herr
		}
		h = rd.Manifest.Header
		rd.damage("header", 0)
	}
	rd.Header = h
	for i := range rd.Damages { // found before the part number was known
		rd.Damages[i].Part = int(h.Part)
	}
	if rd.hasTrailer {
		rd.reg = rd.t.Reg
	} else {
		rd.reg = h.layout(rd.reg[regManifest].Len)
		rd.noTrailer(h)
	}
	return rd, nil
}

func (t trailer) matches(h Header, hb []byte) bool {
	if t.FileID != h.FileID || t.Part != h.Part || t.Parts != h.Parts || sha256.Sum256(hb) != [32]byte(t.Reg[regHeader].SHA) {
		return false
	}
	for i, r := range h.layout(t.Reg[regManifest].Len) {
		if r.Off != t.Reg[i].Off || r.Len != t.Reg[i].Len {
			return false
		}
	}
	return true
}

// loadManifest finds the manifest through the trailer or, where that is gone,
// between the end of the tags and the second slots.
func (rd *Reader) loadManifest(h Header, hasHeader bool) error {
	var at region
	if rd.hasTrailer {
		at = rd.t.Reg[regManifest]
	} else {
		lay := h.layout(0)
		at.Off = lay[regManifest].Off
		at.Len = rd.Size - TrailerSize - lay[regSlots2].Len - at.Off
		if at.Len < 2 || at.Len > MaxManifest {
			return nil
		}
	}
	rd.reg[regManifest] = at
	b, err := rd.read(at.Off, at.Len)
	if err != nil {
		return err
	}
	m, err := decodeManifest(b)
	if err != nil || rd.hasTrailer && sha256.Sum256(b) != [32]byte(at.SHA) || hasHeader && m.Header != h {
		rd.damage("manifest", 0)
		return nil
	}
	rd.Manifest, rd.HasManifest = m, true
	return nil
}

// noTrailer tells a file cut short from one with a broken trailer: where the
// manifest is not in its place either and nothing at the end looks like a
// trailer, the end is not the end.
func (rd *Reader) noTrailer(h Header) {
	if rd.HasManifest || rd.tail {
		rd.damage("trailer", 0)
		return
	}
	first := uint32(0)
	if lay := h.layout(0); rd.Size < lay[regTags].Off && h.Level == Full {
		first = pageNo(h, nil, uint64(max(0, rd.Size-lay[regPages].Off)/int64(h.PageSize)))
	}
	rd.Damages = nil
	rd.damage("truncated", first)
}

func (rd *Reader) damage(where string, page uint32) {
	rd.Damages = append(rd.Damages, Damage{Part: int(rd.Header.Part), Region: where, Page: page})
}

func (rd *Reader) has(where string) bool {
	for _, d := range rd.Damages {
		if d.Region == where {
			return true
		}
	}
	return false
}

func (rd *Reader) read(off, n int64) ([]byte, error) {
	b := make([]byte, n)
	if k, err := rd.r.ReadAt(b, off); err != nil && !(err == io.EOF && int64(k) == n) {
		return nil, fault.Wrap("archive.read", fault.Damaged, "backup.archive.unreadable", nil, err)
	}
	return b, nil
}

// Slots gives the key slots from whichever copy is whole.
func (rd *Reader) Slots() ([]byte, error) {
	for _, i := range []int{regSlots1, regSlots2} {
		if b, ok := rd.slots(i); ok {
			return b[:rd.Header.SlotsLen], nil
		}
	}
	return nil, fault.New("archive.Slots", fault.Damaged, "backup.archive.slotsDamaged", nil)
}

func (rd *Reader) slots(i int) ([]byte, bool) {
	b, err := rd.read(rd.reg[i].Off, rd.reg[i].Len)
	if err != nil || int64(len(b)) < int64(rd.Header.SlotsLen) {
		return nil, false
	}
	switch {
	case rd.hasTrailer:
		return b, sha256.Sum256(b) == [32]byte(rd.reg[i].SHA)
	case rd.HasManifest:
		return b, sha256.Sum256(b[:rd.Header.SlotsLen]) == [32]byte(rd.Manifest.SlotsSHA) && blank(b[rd.Header.SlotsLen:])
	}
	return nil, false
}

// Genuine says whether the file was made with this key and not changed since,
// as far as header, slots, index, tags and manifest go; the pages follow from
// the tags, which Verify and Copy compare.
func (rd *Reader) Genuine(key Hash) bool { return rd.hasTrailer && rd.t.genuine(key) }

// Index gives the page numbers of a Day or Hour file, nil for a Full one.
func (rd *Reader) Index() ([]uint32, error) {
	h := rd.Header
	if h.Level == Full {
		return nil, nil
	}
	bad := fault.New("archive.Index", fault.Damaged, "backup.archive.indexDamaged", nil)
	b, err := rd.read(rd.reg[regIndex].Off, rd.reg[regIndex].Len)
	if err != nil {
		return nil, err
	}
	if rd.hasTrailer && sha256.Sum256(b) != [32]byte(rd.reg[regIndex].SHA) {
		return nil, bad
	}
	out := make([]uint32, h.Payload)
	last := uint32(0)
	for i := range out {
		out[i] = le.Uint32(b[4*i:])
		if out[i] <= last || uint64(out[i]) > h.PageCount {
			return nil, bad
		}
		last = out[i]
	}
	if !blank(b[4*len(out):]) {
		return nil, bad
	}
	return out, nil
}

// Tags streams the stored tags, after checking them against the trailer.
func (rd *Reader) Tags() ([]byte, error) {
	b, err := rd.read(rd.reg[regTags].Off, rd.reg[regTags].Len)
	if err != nil {
		return nil, err
	}
	if !rd.hasTrailer || sha256.Sum256(b) != [32]byte(rd.reg[regTags].SHA) {
		return nil, fault.New("archive.Tags", fault.Damaged, "backup.archive.tagsDamaged", nil)
	}
	return b, nil
}
