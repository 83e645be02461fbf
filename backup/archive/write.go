package archive

import (
	"context"
	"crypto/sha256"
	"hash"
	"io"

	"tiezhang/app/fault"
)

// Pages gives the raw pages of a database image by number, from 1.
type Pages interface {
	ReadPages(buf []byte, nos []uint32) error
}

// Part is everything one file is made of.
type Part struct {
	Header   Header
	Facts    Facts
	FactsKey Hash
	Slots    []byte
	Index    []uint32 // Day, Hour: the page numbers, ascending; nil for Full
	Image    Hash     // Day, Hour: root over the whole image
	PrevFile ID
	PrevRoot Hash
	MAC      Hash
	Pages    Pages
	Verify   VerifyPage
	Root     hash.Hash // runs through all parts of a restore point
	Tick     func(bytes int64)
}

// Written says what a finished part is.
type Written struct {
	Size     int64
	Root     Hash // over the tags of this part and those before
	Blank    uint64
	Manifest Manifest
}

// Write streams one part. Every page is proved before it is written: rot is
// never backed up.
func Write(ctx context.Context, w io.Writer, p Part) (Written, error) {
	const op = "archive.Write"
	h := p.Header
	h.SlotsLen = uint32(len(p.Slots))
	if err := h.check(); err != nil {
		return Written{}, err
	}
	if h.Level != Full && uint64(len(p.Index)) != h.Payload || h.Level == Full && p.Index != nil {
		return Written{}, fault.New(op, fault.Internal, "backup.archive.badHeader", fault.Pairs("field", "index"))
	}
	out := &sink{w: w, tick: p.Tick}
	t := trailer{FileID: h.FileID, Part: h.Part, Parts: h.Parts}
	emit := func(i int, b []byte) error {
		t.Reg[i] = region{Off: out.n, Len: int64(len(b)), SHA: sha256.Sum256(b)}
		_, err := out.Write(b)
		return err
	}
	slots := make([]byte, padded(int64(len(p.Slots))))
	copy(slots, p.Slots)
	if err := emit(regHeader, h.encode()); err != nil {
		return Written{}, err
	}
	if err := emit(regSlots1, slots); err != nil {
		return Written{}, err
	}
	var index []byte
	if h.Level != Full {
		index = make([]byte, padded(4*int64(len(p.Index))))
		for i, no := range p.Index {
			le.PutUint32(index[4*i:], no)
		}
	}
	if err := emit(regIndex, index); err != nil {
		return Written{}, err
	}
	t.Reg[regPages] = region{Off: out.n, Len: int64(h.Payload) * int64(h.PageSize)}
	tags, blanks, err := writePages(ctx, out, h, p)
	if err != nil {
		return Written{}, err
	}
	if err := emit(regTags, tags); err != nil {
		return Written{}, err
	}
	p.Root.Write(tags)
	sealed, err := sealFacts(p.Facts, p.FactsKey, h)
	if err != nil {
		return Written{}, fault.Wrap(op, fault.Internal, "backup.keys", nil, err)
	}
	m := Manifest{
		Format: Version, Header: h, Facts: sealed, CreatedText: createdText(h.Created),
		ImageRoot: p.Image, PrevFile: p.PrevFile, PrevRoot: p.PrevRoot, SlotsSHA: sha256.Sum256(p.Slots),
	}
	p.Root.Sum(m.Root[:0])
	mb, err := m.encode()
	if err != nil {
		return Written{}, err
	}
	if err := emit(regManifest, mb); err != nil {
		return Written{}, err
	}
	if err := emit(regSlots2, slots); err != nil {
		return Written{}, err
	}
	t.Size = out.n + TrailerSize
	if _, err := out.Write(t.encode(&p.MAC)); err != nil {
		return Written{}, err
	}
	return Written{Size: out.n, Root: m.Root, Blank: blanks, Manifest: m}, nil
}

func writePages(ctx context.Context, out *sink, h Header, p Part) (tags []byte, blanks uint64, err error) {
	chunk := chunkPages(h.PageSize, h.Payload)
	buf := make([]byte, chunk*int(h.PageSize))
	st := make([]pageState, chunk)
	nos := make([]uint32, 0, chunk)
	tags = make([]byte, 0, 32*h.Payload)
	for at := uint64(0); at < h.Payload; {
		if ctx.Err() != nil {
			return nil, 0, canceled("archive.Write", ctx)
		}
		nos = nos[:0]
		for ; at < h.Payload && len(nos) < chunk; at++ {
			nos = append(nos, pageNo(h, p.Index, at))
		}
		b := buf[:len(nos)*int(h.PageSize)]
		if err := p.Pages.ReadPages(b, nos); err != nil {
			return nil, 0, err
		}
		examine(b, h.PageSize, nos, p.Verify, st)
		for i := range nos {
			if st[i].err != nil {
				return nil, 0, fault.Wrap("archive.Write", fault.Damaged, "backup.source.pageDamaged", fault.Pairs("page", nos[i]), st[i].err)
			}
			if st[i].blank {
				blanks++
			}
			tags = append(tags, st[i].tag[:]...)
		}
		if _, err := out.Write(b); err != nil {
			return nil, 0, err
		}
	}
	return tags, blanks, nil
}

func pageNo(h Header, index []uint32, at uint64) uint32 {
	if h.Level == Full {
		return uint32(h.First + at + 1)
	}
	return index[at]
}

func canceled(op string, ctx context.Context) error {
	return fault.Wrap(op, fault.Canceled, "backup.canceled", nil, context.Cause(ctx))
}

// sink counts what was written and turns a short write into an error.
type sink struct {
	w    io.Writer
	n    int64
	tick func(int64)
}

func (s *sink) Write(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	n, err := s.w.Write(b)
	s.n += int64(n)
	if err == nil && n < len(b) {
		err = io.ErrShortWrite
	}
	if s.tick != nil {
		s.tick(int64(n))
	}
	return n, err
}
