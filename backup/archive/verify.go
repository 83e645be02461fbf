package archive

import (
	"context"
	"crypto/sha256"
	"hash"

	"tiezhang/app/fault"
)

// Check is how deep to look into one part.
type Check struct {
	MAC    *Hash      // nil: readable only
	Verify VerifyPage // nil: pages by their tags only
	Root   hash.Hash  // runs through the parts of a restore point
	Tick   func(bytes int64)
	// Each is given every page that passed, in order; used to build a database.
	Each func(no uint32, page []byte) error
}

// Outcome is what looking found. No Damages means the part is readable; with
// MAC and Verify given it means genuine.
type Outcome struct {
	Pages   uint64
	Blank   uint64
	Damages []Damage
	More    int // damages beyond the first maxDamages
}

const maxDamages = 1000

func (o *Outcome) add(d Damage) {
	if len(o.Damages) >= maxDamages {
		o.More++
		return
	}
	o.Damages = append(o.Damages, d)
}

// Verify reads all of a part. Damage is an outcome, not an error; errors are
// for cancelling and for what Each returns.
func (rd *Reader) Verify(ctx context.Context, c Check) (Outcome, error) {
	var o Outcome
	h := rd.Header
	add := func(where string, page uint32) { o.add(Damage{Part: int(h.Part), Region: where, Page: page}) }
	for _, d := range rd.Damages {
		o.add(d)
	}
	if rd.has("truncated") {
		return o, nil
	}
	for _, i := range []int{regSlots1, regSlots2} {
		if _, ok := rd.slots(i); !ok {
			add(regionNames[i], 0)
		}
	}
	index, err := rd.Index()
	if err != nil {
		add("index", 0)
		return o, nil
	}
	stored, err := rd.read(rd.reg[regTags].Off, rd.reg[regTags].Len)
	if err != nil {
		add("tags", 0)
		return o, nil
	}
	made, err := rd.pages(ctx, c, index, stored, &o)
	if err != nil {
		return o, err
	}
	rd.judgeTags(stored, made, index, c, &o)
	if c.MAC != nil && rd.hasTrailer && !rd.t.genuine(*c.MAC) {
		add("mac", 0)
	}
	return o, nil
}

// judgeTags decides, where a stored tag and its page disagree, which of the
// two is broken, and compares the running root with the manifest's.
func (rd *Reader) judgeTags(stored, made []byte, index []uint32, c Check, o *Outcome) {
	h := rd.Header
	add := func(where string, page uint32) { o.add(Damage{Part: int(h.Part), Region: where, Page: page}) }
	tagsGood, pagesGood := true, false
	if rd.hasTrailer {
		tagsGood = sha256.Sum256(stored) == [32]byte(rd.reg[regTags].SHA)
		pagesGood = sha256.Sum256(made) == [32]byte(rd.reg[regTags].SHA)
	}
	if !tagsGood {
		add("tags", 0)
	}
	// With the tags broken and the pages' own hashes giving the root that was
	// recorded, every page is proved; else each mismatch is a suspect page.
	if tagsGood || !pagesGood {
		for i := 0; i < len(made); i += 32 {
			if string(made[i:i+32]) != string(stored[i:i+32]) {
				add("page", pageNo(h, index, uint64(i/32)))
			}
		}
	}
	if c.Root == nil {
		return
	}
	if pagesGood || !tagsGood {
		c.Root.Write(made)
	} else {
		c.Root.Write(stored)
	}
	if rd.HasManifest && string(c.Root.Sum(nil)) != string(rd.Manifest.Root[:]) {
		add("root", 0)
	}
}

// pages reads, hashes and proves every page and gives the tags it made.
func (rd *Reader) pages(ctx context.Context, c Check, index []uint32, stored []byte, o *Outcome) ([]byte, error) {
	h := rd.Header
	chunk := chunkPages(h.PageSize, h.Payload)
	buf := make([]byte, chunk*int(h.PageSize))
	st := make([]pageState, chunk)
	nos := make([]uint32, 0, chunk)
	made := make([]byte, 0, 32*h.Payload)
	for at := uint64(0); at < h.Payload; {
		if ctx.Err() != nil {
			return nil, canceled("archive.Verify", ctx)
		}
		off := rd.reg[regPages].Off + int64(at)*int64(h.PageSize)
		nos = nos[:0]
		for ; at < h.Payload && len(nos) < chunk; at++ {
			nos = append(nos, pageNo(h, index, at))
		}
		b := buf[:len(nos)*int(h.PageSize)]
		rd.fill(b, off, int(h.PageSize))
		examine(b, h.PageSize, nos, c.Verify, st)
		for i := range nos {
			same := string(st[i].tag[:]) == string(stored[len(made):len(made)+32])
			made = append(made, st[i].tag[:]...)
			if st[i].blank {
				o.Blank++
			}
			// A page with a wrong tag is named once, by judgeTags.
			if st[i].err != nil && same {
				o.add(Damage{Part: int(h.Part), Region: "page", Page: nos[i]})
			}
			if c.Each != nil && st[i].err == nil {
				if err := c.Each(nos[i], b[i*int(h.PageSize):(i+1)*int(h.PageSize)]); err != nil {
					return nil, err
				}
			}
		}
		o.Pages += uint64(len(nos))
		if c.Tick != nil {
			c.Tick(int64(len(b)))
		}
	}
	return made, nil
}

// fill reads a run of pages; where the disk refuses, page by page, so that one
// bad sector costs one page. Unreadable pages are filled with 0xFF, which no
// tag matches.
func (rd *Reader) fill(b []byte, off int64, pageSize int) {
	if n, _ := rd.r.ReadAt(b, off); n == len(b) {
		return
	}
	for i := 0; i < len(b); i += pageSize {
		p := b[i : i+pageSize]
		if n, _ := rd.r.ReadAt(p, off+int64(i)); n < pageSize {
			for j := range p {
				p[j] = 0xff
			}
		}
	}
}

// Fault turns an outcome into an error that names the first damage, or nil.
func (o Outcome) Fault(op, name string) error {
	if len(o.Damages) == 0 {
		return nil
	}
	return DamageFault(op, name, o.Damages)
}

// DamageFault names the first of some damages as a fault.
func DamageFault(op, name string, ds []Damage) error {
	d := ds[0]
	key := "backup.damaged.region"
	switch d.Region {
	case "page":
		key = "backup.damaged.page"
	case "mac":
		key = "backup.damaged.mac"
	case "truncated":
		key = "backup.damaged.truncated"
	case "missing":
		key = "backup.damaged.missing"
	}
	return fault.New(op, fault.Damaged, key, fault.Pairs("file", name, "region", d.Region, "page", d.Page, "part", d.Part, "count", len(ds)))
}
