package backup

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tiezhang/app/fault"
	"tiezhang/backup/archive"
	"tiezhang/backup/target"
)

// Target is where to write. A zero ID takes any target of this shop that is in
// the folder; a scheduled backup names the one it means.
type Target struct {
	Folder string
	ID     [16]byte
}

// Job is one backup.
type Job struct {
	FS     FS
	Clock  Clock
	Source Source
	Keys   Keys
	Target Target
	// Facts is asked once the image is pinned, so that its totals are those of
	// the image and not of the minute before.
	Facts  func(ctx context.Context, p Pinned) (Facts, error)
	Epoch  ID // changes after restore, rekey, VACUUM and migration
	Schema uint32
	MinApp uint32
	// AfterSequence is the highest sequence the shop remembers; a target that
	// lost its files must not see a number again.
	AfterSequence uint64
	Full          bool // whatever the size: a copy made by hand
	Progress      Progress

	fullBelow int64  // tests; 0 is FullBelow
	partPages uint64 // tests; 0 is archive.PagesPerPart
}

// Result is a backup that was read back and placed.
type Result struct {
	Info
	VerifiedAt time.Time
	Blank      uint64
}

// Run makes one restore point: marker → leftovers → catalogue → pin → level →
// space → write → read back → marker again → rename → sync. Until the rename
// nothing has a final name; if anything fails the files of this run are removed
// and everything older is untouched.
func Run(ctx context.Context, j Job) (Result, error) {
	const op = "backup.Run"
	marker, err := target.Check(j.FS, j.Target.Folder, j.Keys.Owner(), j.Target.ID)
	if err != nil {
		return Result{}, err
	}
	if err := dropUnplaced(j.FS, j.Target.Folder); err != nil {
		return Result{}, err
	}
	all, err := Catalogue(j.FS, j.Target.Folder)
	if err != nil {
		return Result{}, err
	}
	pin, err := j.Source.Pin(ctx)
	if err != nil {
		return Result{}, err
	}
	r := &run{Job: j, all: all}
	err = r.copyOut(ctx, pin)
	// The pin holds back the checkpoint of the running shop: let go before the
	// slow read-back.
	if rerr := pin.Release(); err == nil && rerr != nil {
		err = rerr
	}
	if err == nil {
		err = r.readBack(ctx)
	}
	if err == nil {
		_, err = target.Check(j.FS, j.Target.Folder, j.Keys.Owner(), marker.Target)
	}
	if err == nil {
		err = r.place()
	}
	if err != nil {
		r.discard()
		return Result{}, target.Fault(op, j.Target.Folder, err)
	}
	info, err := Inspect(j.FS, r.final[0])
	if err != nil {
		return Result{}, err
	}
	if err := info.reveal(j.Keys.Facts); err != nil {
		return Result{}, err
	}
	return Result{Info: info, VerifiedAt: r.verified, Blank: r.blank}, nil
}

// run is the state of one Run.
type run struct {
	Job
	all      []Info
	h        archive.Header
	temp     []string // files of this run under their .part names
	final    []string
	placed   int
	blank    uint64
	root     Hash
	verified time.Time
}

// dropUnplaced removes what an interrupted run left: only files with our own
// name and the .part ending, in a folder whose marker was just checked.
func dropUnplaced(f FS, folder string) error {
	list, err := f.ReadDir(folder)
	if err != nil {
		return target.Fault("backup.Run", folder, err)
	}
	for _, e := range list {
		n := e.Name()
		if e.Type().IsRegular() && strings.HasPrefix(n, "SHOP-S") && strings.HasSuffix(n, extension+unplaced) {
			if err := f.Remove(filepath.Join(folder, n)); err != nil {
				return target.Fault("backup.Run", filepath.Join(folder, n), err)
			}
		}
	}
	return nil
}

func (r *run) copyOut(ctx context.Context, pin Pinned) error {
	const op = "backup.Run"
	src, err := newImage(pin, pin.Size(), pin.PageSize())
	if err != nil {
		return err
	}
	r.h = archive.Header{
		DBID: r.Keys.DBID, Epoch: r.Epoch, KeyID: r.Keys.KeyID, Salt: pin.Salt(), Part: 1,
		PageSize: uint32(pin.PageSize()), PageCount: src.pages, Total: src.pages,
		Created: r.Clock.Now().UnixMilli(), Schema: r.Schema, MinApp: r.MinApp, Sequence: r.AfterSequence + 1,
	}
	if _, err := rand.Read(r.h.FileID[:]); err != nil {
		return err
	}
	p := archive.Part{Slots: r.Keys.Slots, FactsKey: r.Keys.Facts, MAC: r.Keys.MAC, Pages: src, Verify: r.Keys.Verify, Root: sha256.New()}
	for _, i := range r.all {
		if i.Err != nil || i.DBID != r.h.DBID {
			continue
		}
		r.h.Sequence = max(r.h.Sequence, i.Sequence+1)
		if p.PrevFile.IsZero() && i.Good() {
			p.PrevFile, p.PrevRoot = i.FileID, i.Root()
		}
	}
	if r.Facts != nil {
		if p.Facts, err = r.Job.Facts(ctx, pin); err != nil {
			return err
		}
	}
	index, baseSeq, err := r.level(ctx, src, pin.Size(), &p)
	if err != nil {
		return err
	}
	per := r.partPages
	if per == 0 {
		per = archive.PagesPerPart(r.h.PageSize)
	}
	parts := max(1, (r.h.Total+per-1)/per)
	if parts > 0xffff {
		return fault.New(op, fault.Unsupported, "backup.source.size", fault.Pairs("size", pin.Size(), "pageSize", pin.PageSize()))
	}
	r.h.Parts = uint16(parts)
	if err := r.space(); err != nil {
		return err
	}
	m := &meter{p: r.Progress, stage: StageCopy, total: int64(r.h.Total) * int64(r.h.PageSize)}
	p.Tick = m.add
	for n := uint64(0); n < parts; n++ {
		h := r.h
		h.Part, h.First = uint16(n+1), n*per
		h.Payload = min(per, h.Total-h.First)
		p.Header = h
		if index != nil {
			p.Index = index[h.First : h.First+h.Payload]
		}
		if err := r.writePart(ctx, p, name(r.h, baseSeq, h.Part)); err != nil {
			return err
		}
	}
	return nil
}

// level decides FULL or not and fills in what an incremental needs.
func (r *run) level(ctx context.Context, src *image, size int64, p *archive.Part) (index []uint32, baseSeq uint64, err error) {
	limit := r.fullBelow
	if limit == 0 {
		limit = FullBelow
	}
	if r.Full {
		return nil, 0, nil
	}
	base := chooseBase(r.all, r.h, size, limit, r.Clock.Now())
	if base == nil {
		return nil, 0, nil
	}
	files, err := chain(r.all, *base)
	if err != nil {
		return nil, 0, nil // the base is not whole here: a FULL is always right
	}
	m := &meter{p: r.Progress, stage: StageCompare, total: size}
	index, image, err := changed(ctx, r.FS, src, files, r.Keys.MAC, m)
	if fault.KindOf(err) == fault.Damaged && err != nil && !strings.HasPrefix(fault.KeyOf(err), "backup.source") {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, err
	}
	if uint64(len(index)) > src.pages/2 { // hardly smaller than everything
		return nil, 0, nil
	}
	if index == nil {
		index = []uint32{}
	}
	r.h.Level, r.h.Total = base.Level+1, uint64(len(index))
	r.h.Base, r.h.BaseRoot = base.FileID, base.Root()
	p.Image = image
	return index, base.Sequence, nil
}

// space wants the file's size and a little more; where the file system cannot
// say, writing will.
func (r *run) space() error {
	free, err := r.FS.Free(r.Target.Folder)
	if err != nil {
		return nil
	}
	need := r.h.Total * uint64(r.h.PageSize+36)
	need += need/20 + 64<<20
	if free < need {
		return fault.New("backup.Run", fault.NoSpace, "backup.disk.needSpace",
			fault.Pairs("folder", r.Target.Folder, "need", mib(need), "free", mib(free)))
	}
	return nil
}

func mib(n uint64) string { return fmt.Sprintf("%d MiB", (n+1<<20-1)>>20) }

func (r *run) writePart(ctx context.Context, p archive.Part, file string) error {
	final := filepath.Join(r.Target.Folder, file)
	if there, err := target.Exists(r.FS, final); err != nil {
		return err
	} else if there {
		return fault.New("backup.Run", fault.Conflict, "backup.disk.exists", fault.Pairs("path", final, "file", file))
	}
	temp := final + unplaced
	f, err := r.FS.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	r.temp, r.final = append(r.temp, temp), append(r.final, final)
	w, err := archive.Write(ctx, f, p)
	if err == nil {
		// After a failed fsync the kernel may call the pages clean: this file is
		// given up, never synced again.
		err = target.Tolerate(f.Sync())
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	r.blank += w.Blank
	r.root = w.Root
	return err
}

// readBack reads what the disk really holds and compares every byte with what
// was meant, through tags, root and MAC. The pages' own HMACs were proved on
// the way out.
func (r *run) readBack(ctx context.Context) error {
	info := Info{Header: r.h, Paths: r.temp, Path: r.final[0]}
	k := &archiveKeys{mac: r.Keys.MAC} // no verify: no HMAC a second time
	rep, err := verifyParts(ctx, VerifyJob{FS: r.FS, Uncached: true, Progress: r.Progress}, info, k, nil)
	if err != nil {
		if fault.KindOf(err) == fault.Damaged {
			return fault.Wrap("backup.Run", fault.Damaged, "backup.readBack", fault.Pairs("folder", r.Target.Folder), err)
		}
		return err
	}
	last, err := readPart(r.FS, r.temp[len(r.temp)-1])
	if err != nil {
		return err
	}
	if last.m.Root != r.root || last.h.FileID != r.h.FileID || rep.Files != len(r.temp) {
		return fault.New("backup.Run", fault.Damaged, "backup.readBack", fault.Pairs("folder", r.Target.Folder))
	}
	r.verified = r.Clock.Now()
	return nil
}

// place gives the final names. The first part comes last: a restore point is
// there exactly when its first part is.
func (r *run) place() error {
	for n := len(r.temp) - 1; n >= 0; n-- {
		if err := r.FS.Rename(r.temp[n], r.final[n]); err != nil {
			return err
		}
		r.placed++
	}
	return target.Tolerate(r.FS.SyncDir(r.Target.Folder))
}

// discard removes what this run made. A complete set under final names stays:
// it was verified, only the folder could not be synced.
func (r *run) discard() {
	if r.placed == len(r.temp) && r.placed > 0 {
		return
	}
	for n := range r.temp {
		path := r.temp[n]
		if n >= len(r.temp)-r.placed {
			path = r.final[n]
		}
		if err := r.FS.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			continue // the next run drops .part files; there is nothing better to do here
		}
	}
}
