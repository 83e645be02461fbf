package backup

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tiezhang/app/fault"
	"tiezhang/backup/archive"
	"tiezhang/backup/target"
)

const (
	extension = ".tzbak"
	unplaced  = ".part" // appended while a file is being written
)

// Info is one restore point as its own headers and manifest tell it. Names are
// only hints.
type Info struct {
	archive.Header
	Manifest archive.Manifest // of the last part; zero where Damages says so
	Facts    *Facts           // what the shop said of itself; nil until a key opened it
	Name     string           // of the first part
	Path     string
	Paths    []string // all parts, in order; "" where one is missing
	Size     int64
	Damages  []archive.Damage // found without reading the pages
	Copy     bool             // the same restore point a second time in this folder
	Err      error            // not understood at all; the other fields but Path are zero
}

// Good says that nothing is wrong as far as headers tell.
func (i Info) Good() bool { return i.Err == nil && !i.Copy && len(i.Damages) == 0 }

// Root is the hash over all page tags of the restore point.
func (i Info) Root() Hash { return i.Manifest.Root }

// name makes the file name of a part: ASCII, sorting by age, never reused,
// because the sequence only grows.
func name(h archive.Header, base uint64, part uint16) string {
	s := fmt.Sprintf("SHOP-S%08d-%s-%s", h.Sequence, h.Time().Format("20060102T1504Z"), h.Level)
	if h.Level != archive.Full {
		s += fmt.Sprintf("-needs-S%08d", base)
	}
	if part > 1 {
		s += fmt.Sprintf(".p%04d", part)
	}
	return s + extension
}

// Catalogue reads the headers of every archive in a folder, newest first. It
// needs no key and no list of its own, so it works on any computer. Files that
// are not archives, or not whole, are listed with Err or Damages.
func Catalogue(f FS, folder string) ([]Info, error) {
	list, err := f.ReadDir(folder)
	if err != nil {
		return nil, target.Fault("backup.Catalogue", folder, err)
	}
	var parts []part
	var out []Info
	for _, e := range list {
		if e.IsDir() || !strings.HasSuffix(strings.ToLower(e.Name()), extension) || strings.HasPrefix(e.Name(), "._") {
			continue
		}
		p, err := readPart(f, filepath.Join(folder, e.Name()))
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) { // gone since ReadDir
				continue
			}
			out = append(out, Info{Path: p.path, Name: e.Name(), Paths: []string{p.path}, Size: p.size, Err: err})
			continue
		}
		parts = append(parts, p)
	}
	out = append(out, group(parts)...)
	slices.SortStableFunc(out, func(a, b Info) int {
		return cmp.Or(cmp.Compare(b.Sequence, a.Sequence), cmp.Compare(b.Created, a.Created), cmp.Compare(a.Name, b.Name))
	})
	return out, nil
}

// Inspect reads one archive's headers; any part of it may be named.
func Inspect(f FS, path string) (Info, error) {
	p, err := readPart(f, path)
	if err != nil {
		return Info{}, err
	}
	if p.h.Parts == 1 {
		return group([]part{p})[0], nil
	}
	all, err := Catalogue(f, filepath.Dir(path))
	if err != nil {
		return Info{}, err
	}
	for _, i := range all {
		if i.Err == nil && i.FileID == p.h.FileID && slices.Contains(i.Paths, path) {
			return i, nil
		}
	}
	return Info{}, fault.New("backup.Inspect", fault.NotFound, "backup.disk.gone", fault.Pairs("path", path, "file", filepath.Base(path)))
}

// Open is Inspect with a key: the facts are in it.
func Open(f FS, path string, u Unlock) (Info, error) {
	i, err := Inspect(f, path)
	if err != nil {
		return Info{}, err
	}
	k, err := unlock(f, i, u)
	if err != nil {
		return Info{}, err
	}
	return i, i.reveal(k.facts)
}

// Reveal opens the facts of those restore points that were made with this data
// key of this shop; the others stay as they are.
func Reveal(infos []Info, dek [32]byte, db ID) error {
	const op = "backup.Reveal"
	id, err := archive.KeyID(dek, db)
	if err != nil {
		return fault.Wrap(op, fault.Internal, "backup.keys", nil, err)
	}
	key, err := archive.FactsKey(dek, db)
	if err != nil {
		return fault.Wrap(op, fault.Internal, "backup.keys", nil, err)
	}
	for n := range infos {
		i := &infos[n]
		if i.Err != nil || i.DBID != db || i.KeyID != id || i.Manifest.Format == 0 {
			continue
		}
		if err := i.reveal(key); err != nil { // forged or damaged: not to be shown as whole
			i.Damages = append(i.Damages, archive.Damage{Part: int(i.Manifest.Part), Region: "manifest"})
		}
	}
	return nil
}

func (i *Info) reveal(key Hash) error {
	f, err := i.Manifest.Reveal(key)
	if err != nil {
		return named(err, i.Path)
	}
	i.Facts = &f
	return nil
}

// part is one file, opened and closed again.
type part struct {
	path    string
	size    int64
	h       archive.Header
	m       archive.Manifest
	damages []archive.Damage
}

// renamed is 0 for a file under the name it was given.
func (p part) renamed() int {
	if strings.HasPrefix(filepath.Base(p.path), fmt.Sprintf("SHOP-S%08d-", p.h.Sequence)) {
		return 0
	}
	return 1
}

func readPart(f FS, path string) (part, error) {
	p := part{path: path}
	err := withPart(f, path, false, func(r *archive.Reader) error {
		p.size, p.h, p.m, p.damages = r.Size, r.Header, r.Manifest, r.Damages
		return nil
	})
	return p, err
}

// withPart opens one file as an archive part for the time of a call.
func withPart(f FS, path string, uncached bool, do func(*archive.Reader) error) error {
	const op = "backup.open"
	var h target.File
	var err error
	if uncached {
		h, err = f.OpenUncached(path)
	} else {
		h, err = f.OpenFile(path, os.O_RDONLY, 0)
	}
	if err != nil {
		return target.Fault(op, path, err)
	}
	defer h.Close()
	st, err := h.Stat()
	if err != nil {
		return target.Fault(op, path, err)
	}
	if !st.Mode().IsRegular() {
		return fault.New(op, fault.Damaged, "backup.archive.notArchive", fault.Pairs("file", filepath.Base(path)))
	}
	r, err := archive.Open(h, st.Size())
	if err != nil {
		return named(err, path)
	}
	if err := do(r); err != nil {
		return named(err, path)
	}
	return nil
}

// named adds the file's name to a fault of package archive, which knows none.
func named(err error, path string) error {
	var e *fault.Error
	if !errors.As(err, &e) {
		return err
	}
	c := *e
	c.Args = fault.Args{"file": filepath.Base(path)}
	for k, v := range e.Args {
		c.Args[k] = v
	}
	return &c
}

// group makes restore points of parts.
func group(parts []part) []Info {
	slices.SortStableFunc(parts, func(a, b part) int {
		// Of two files that say the same, the whole one and the one that still
		// has its name is the restore point, the other a copy.
		return cmp.Or(cmp.Compare(a.h.Part, b.h.Part), cmp.Compare(len(a.damages), len(b.damages)), cmp.Compare(a.renamed(), b.renamed()), cmp.Compare(a.path, b.path))
	})
	byID := map[ID]*Info{}
	var order []*Info
	for _, p := range parts {
		i, known := byID[p.h.FileID]
		n := int(p.h.Part) - 1
		switch {
		case !known:
			i = &Info{Header: p.h, Paths: make([]string, p.h.Parts)}
			byID[p.h.FileID] = i
			order = append(order, i)
		case n >= len(i.Paths) || i.Paths[n] != "":
			order = append(order, &Info{Header: p.h, Manifest: p.m, Path: p.path, Name: filepath.Base(p.path),
				Paths: []string{p.path}, Size: p.size, Damages: p.damages, Copy: true})
			continue
		}
		i.Paths[n] = p.path
		i.Size += p.size
		i.Damages = append(i.Damages, p.damages...)
		if n == len(i.Paths)-1 {
			i.Manifest = p.m
		}
		if i.Path == "" {
			i.Path, i.Name = p.path, filepath.Base(p.path)
		}
	}
	out := make([]Info, len(order))
	for k, i := range order {
		for n, p := range i.Paths {
			if p == "" {
				i.Damages = append(i.Damages, archive.Damage{Part: n + 1, Region: "missing"})
			}
		}
		out[k] = *i
	}
	return out
}
