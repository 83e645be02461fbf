package backup

import (
	"bytes"
	"context"
	"crypto/sha256"
	"hash"
	"time"

	"tiezhang/app/fault"
	"tiezhang/backup/archive"
)

// FullBelow is the size up to which every restore point is FULL: nothing is
// simpler to bring back than one file.
const FullBelow = int64(256) << 20

const (
	fullEvery = 7 * 24 * time.Hour
	dayEvery  = 24 * time.Hour
)

// chooseBase says what a new restore point may build on: nil for a FULL one.
// Restoring then needs at most three files, and losing one never breaks the
// others of its level.
func chooseBase(all []Info, h archive.Header, size, fullBelow int64, now time.Time) *Info {
	if size <= fullBelow {
		return nil
	}
	fits := func(i Info, l archive.Level, every time.Duration) bool {
		age := now.Sub(i.Time())
		return i.Good() && i.Level == l && i.DBID == h.DBID && i.Epoch == h.Epoch && i.KeyID == h.KeyID &&
			i.Salt == h.Salt && i.PageSize == h.PageSize && age >= 0 && age < every
	}
	var full *Info
	for n := range all {
		if fits(all[n], archive.Full, fullEvery) {
			full = &all[n]
			break // newest first
		}
	}
	if full == nil {
		return nil
	}
	for n := range all {
		if fits(all[n], archive.Day, dayEvery) && all[n].Base == full.FileID {
			return &all[n]
		}
	}
	return full
}

// chain gives an archive and what it builds on, lowest first.
func chain(all []Info, top Info) ([]Info, error) {
	const op = "backup.chain"
	out := []Info{top}
	for out[0].Level != archive.Full {
		need := out[0]
		n := -1
		for k, i := range all {
			if i.Err == nil && !i.Copy && i.FileID == need.Base && i.Level < need.Level {
				n = k
				break
			}
		}
		if n < 0 {
			return nil, fault.New(op, fault.NotFound, "backup.restore.baseMissing", fault.Pairs("file", need.Name))
		}
		b := all[n]
		if b.Root() != need.BaseRoot || b.DBID != need.DBID || b.KeyID != need.KeyID || b.Salt != need.Salt || b.PageSize != need.PageSize || b.Epoch != need.Epoch {
			return nil, fault.New(op, fault.Damaged, "backup.restore.baseOther", fault.Pairs("file", need.Name, "base", b.Name))
		}
		out = append([]Info{b}, out...)
	}
	return out, nil
}

// layer walks the tags of one archive in page order, one part in memory.
type layer struct {
	f     FS
	mac   Hash
	paths []string
	h     archive.Header
	index []uint32
	tags  []byte
	at    int
}

// tag gives the layer's tag of page no, if it holds that page. Numbers must be
// asked in ascending order.
func (l *layer) tag(no uint32) (tag []byte, ok bool, err error) {
	for {
		for 32*l.at < len(l.tags) {
			have := uint32(l.h.First) + uint32(l.at) + 1
			if l.index != nil {
				have = l.index[l.at]
			}
			if have > no {
				return nil, false, nil
			}
			l.at++
			if have == no {
				return l.tags[32*(l.at-1) : 32*l.at], true, nil
			}
		}
		if len(l.paths) == 0 {
			return nil, false, nil
		}
		err := withPart(l.f, l.paths[0], false, func(r *archive.Reader) (err error) {
			if !r.Genuine(l.mac) {
				return archive.DamageFault("backup.compare", r.Header.FileID.String(), []archive.Damage{{Part: int(r.Header.Part), Region: "mac"}})
			}
			l.h, l.at = r.Header, 0
			if l.index, err = r.Index(); err == nil {
				l.tags, err = r.Tags()
			}
			return err
		})
		if err != nil {
			return nil, false, err
		}
		l.paths = l.paths[1:]
	}
}

// changed compares the image with a base by page tags. It gives the numbers of
// the pages that differ, ascending, and the root over the whole image.
func changed(ctx context.Context, f FS, src *image, base []Info, mac Hash, m *meter) ([]uint32, Hash, error) {
	layers := make([]*layer, 0, len(base))
	for _, b := range base {
		layers = append([]*layer{{f: f, mac: mac, paths: b.Paths}}, layers...) // newest first
	}
	root := sha256.New()
	var out []uint32
	err := eachTag(ctx, src, m, func(no uint32, tag Hash) error {
		root.Write(tag[:])
		var old []byte
		for _, l := range layers {
			t, ok, err := l.tag(no)
			if err != nil {
				return err
			}
			if ok && old == nil {
				old = t
			}
		}
		if !bytes.Equal(old, tag[:]) {
			out = append(out, no)
		}
		return nil
	})
	return out, sum(root), err
}

func sum(h hash.Hash) (out Hash) {
	h.Sum(out[:0])
	return out
}

// eachTag hashes every page of an image in order.
func eachTag(ctx context.Context, src *image, m *meter, do func(no uint32, tag Hash) error) error {
	per := max(1, (1<<20)/src.pageSize)
	buf := make([]byte, per*src.pageSize)
	for first := uint64(1); first <= src.pages; {
		if ctx.Err() != nil {
			return canceled("backup.compare", ctx)
		}
		n := int(min(uint64(per), src.pages-first+1))
		b := buf[:n*src.pageSize]
		if err := src.read(b, uint32(first)); err != nil {
			return err
		}
		for k := range n {
			no := uint32(first) + uint32(k)
			if err := do(no, archive.Tag(no, b[k*src.pageSize:(k+1)*src.pageSize])); err != nil {
				return err
			}
		}
		first += uint64(n)
		m.add(int64(len(b)))
	}
	return nil
}
