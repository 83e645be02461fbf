package backup

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tiezhang/app/fault"
	"tiezhang/backup/archive"
	"tiezhang/backup/target"
)

// Names inside a shop folder that this package moves. Everything beginning
// with one of the two belongs to the shop that is being replaced: side files of
// the database (-wal, -shm, -journal) and the keyring's older copy.
const (
	DatabaseFile = "shop.db"
	KeyringFile  = "keyring"
	LockFile     = "lock"
	// RestoredFile comes into the folder with a restored shop: whoever opens it
	// next starts a new epoch. See Restored.
	RestoredFile = "restored.json"
)

// RestoreJob brings a restore point back.
type RestoreJob struct {
	FS     FS
	Clock  Clock
	Path   string // any part of the archive; what it needs lies beside it
	Unlock Unlock
	Dir    string // not existing, empty, or a shop's folder that nobody has open
	// DB, if not zero, is the shop expected; another shop's archive is refused.
	DB        ID
	MaxSchema uint32 // newest schema this program knows; 0: do not ask
	App       uint32 // this program's version as in archive.Header.MinApp; 0: do not ask
	// Check looks into the rebuilt shop before it is put in place: integrity,
	// log chain, totals. It must close what it opens. It may be nil.
	Check func(ctx context.Context, dir string, info Info) error
	// Before runs when everything is proved and only the swap is left, and only
	// if there is a shop to be replaced: the full backup of what is there now.
	Before   func(ctx context.Context) error
	Progress Progress
}

// RestoreResult says what was brought back and where the replaced files went.
type RestoreResult struct {
	Info  Info
	Dir   string
	Aside string // "" where nothing was replaced
	Pages uint64
}

// open finds what a restore or a drill needs before it writes anything: the
// archive and those it rests on, admitted and unlocked.
func (j RestoreJob) open() (builder, error) {
	info, err := Inspect(j.FS, j.Path)
	if err != nil {
		return builder{}, err
	}
	if err := j.admit(info); err != nil {
		return builder{}, err
	}
	files, err := j.files(info)
	if err != nil {
		return builder{}, err
	}
	keys, err := unlock(j.FS, info, j.Unlock)
	if err != nil {
		return builder{}, err
	}
	if err := info.reveal(keys.facts); err != nil {
		return builder{}, err
	}
	return builder{RestoreJob: j, info: info, files: files, keys: keys}, nil
}

// Restore builds the shop beside its place, proves it, and puts it there in one
// journalled step. Killed anywhere, the folder holds the old shop or, after
// FinishSwap, the new one. Old files are moved aside, never deleted.
func Restore(ctx context.Context, j RestoreJob) (RestoreResult, error) {
	const op = "backup.Restore"
	b, err := j.open()
	if err != nil {
		return RestoreResult{}, err
	}
	info := b.info
	place, err := j.place()
	if err != nil {
		return RestoreResult{}, err
	}
	if b.dir, err = place.makeBeside(j.FS); err != nil {
		return RestoreResult{}, target.Fault(op, place.dir, err)
	}
	pages, err := b.build(ctx)
	if err == nil {
		err = writeRestored(j.FS, b.dir, info)
	}
	if err == nil && j.Before != nil && place.shop {
		err = j.Before(ctx)
	}
	if err != nil {
		_ = dropBuilt(j.FS, b.dir) // ours; what stays is swept by the next restore
		return RestoreResult{}, target.Fault(op, b.dir, err)
	}
	aside, err := place.put(j.FS, j.Clock, b.dir)
	if err != nil {
		return RestoreResult{}, target.Fault(op, j.Dir, err)
	}
	return RestoreResult{Info: info, Dir: j.Dir, Aside: aside, Pages: pages}, nil
}

// admit refuses what cannot or must not be restored, before anything is asked
// of the person.
func (j RestoreJob) admit(i Info) error {
	const op = "backup.Restore"
	args := fault.Pairs("file", i.Name)
	switch {
	case !j.DB.IsZero() && i.DBID != j.DB:
		return fault.New(op, fault.Conflict, "backup.restore.otherShop", args)
	case j.MaxSchema != 0 && i.Schema > j.MaxSchema || j.App != 0 && i.MinApp > j.App:
		return fault.New(op, fault.Newer, "backup.restore.newer", args)
	}
	for _, d := range i.Damages {
		if !repairable(d.Region) {
			return archive.DamageFault(op, i.Name, i.Damages)
		}
	}
	return nil
}

// repairable regions exist twice, or can be made again from what is whole; the
// MAC and the root decide in the end.
func repairable(region string) bool {
	return region == "header" || region == "slots-1" || region == "slots-2" || region == "tags"
}

// place is where a shop goes.
type place struct {
	dir    string
	exists bool
	shop   bool // there is something to move aside
}

func (j RestoreJob) place() (place, error) {
	const op = "backup.Restore"
	p := place{dir: filepath.Clean(j.Dir)}
	if _, err := FinishSwap(j.FS, p.dir); err != nil {
		return p, err
	}
	list, err := j.FS.ReadDir(p.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return p, makeParents(j.FS, filepath.Dir(p.dir))
	}
	if err != nil {
		return p, target.Fault(op, p.dir, err)
	}
	p.exists = true
	foreign := ""
	for _, e := range list {
		switch n := e.Name(); {
		case oursToMove(n):
			p.shop = true
		case n == LockFile, n == RestoredFile, strings.HasPrefix(n, builtPrefix), strings.HasPrefix(n, asidePrefix), n == journalName, n == journalName+unplaced:
		default:
			foreign = n
		}
	}
	if !p.shop && foreign != "" { // somebody's documents, not a shop
		return p, fault.New(op, fault.Conflict, "backup.restore.foreignFolder", fault.Pairs("folder", p.dir, "file", foreign))
	}
	return p, nil
}

func makeParents(f FS, dir string) error {
	there, err := target.Exists(f, dir)
	if err != nil {
		return target.Fault("backup.Restore", dir, err)
	}
	up := filepath.Dir(dir)
	if there || up == dir {
		return nil
	}
	if err := makeParents(f, up); err != nil {
		return err
	}
	if err := f.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return target.Fault("backup.Restore", dir, err)
	}
	return nil
}

func oursToMove(name string) bool {
	return strings.HasPrefix(name, DatabaseFile) || strings.HasPrefix(name, KeyringFile)
}

const builtPrefix = ".restore-"

// makeBeside makes a new folder on the same volume: inside an existing folder,
// next to one that is yet to be.
func (p place) makeBeside(f FS) (string, error) {
	var r [4]byte
	if _, err := rand.Read(r[:]); err != nil {
		return "", err
	}
	base := filepath.Join(p.dir, builtPrefix)
	if !p.exists {
		base = filepath.Join(filepath.Dir(p.dir), builtPrefix+filepath.Base(p.dir)+"-")
	}
	if err := sweep(f, base); err != nil {
		return "", err
	}
	dir := base + hex.EncodeToString(r[:])
	return dir, f.Mkdir(dir, 0o700)
}

// sweep removes what killed restores left behind: folders with our prefix and
// nothing in them but files a restore makes.
func sweep(f FS, base string) error {
	list, err := f.ReadDir(filepath.Dir(base))
	if err != nil {
		return err
	}
	for _, e := range list {
		if e.IsDir() && strings.HasPrefix(e.Name(), filepath.Base(base)) && len(e.Name()) == len(filepath.Base(base))+8 {
			_ = dropBuilt(f, filepath.Join(filepath.Dir(base), e.Name()))
		}
	}
	return nil
}

// dropBuilt removes a folder a restore was building in. Should it hold anything
// else, the folder and that file stay.
func dropBuilt(f FS, dir string) error {
	list, err := f.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range list {
		if e.Type().IsRegular() && (oursToMove(e.Name()) || e.Name() == RestoredFile) {
			if err := f.Remove(filepath.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	return f.Remove(dir)
}

// builder makes shop.db and keyring in a folder of its own.
type builder struct {
	RestoreJob
	info  Info
	files []Info // lowest first
	keys  archiveKeys
	dir   string
}

func (b builder) build(ctx context.Context) (uint64, error) {
	const op = "backup.Restore"
	size := int64(b.info.PageCount) * int64(b.info.PageSize)
	if free, err := b.FS.Free(b.dir); err == nil && free < 2*uint64(size)+16<<20 {
		return 0, fault.New(op, fault.NoSpace, "backup.disk.needSpace",
			fault.Pairs("folder", filepath.Dir(b.dir), "need", mib(2*uint64(size)+16<<20), "free", mib(free)))
	}
	name := filepath.Join(b.dir, DatabaseFile)
	f, err := b.FS.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return 0, err
	}
	pages, err := b.fill(ctx, f, size)
	if err == nil {
		err = target.Tolerate(f.Sync())
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = target.WriteNew(b.FS, filepath.Join(b.dir, KeyringFile), b.keys.slots)
	}
	if err == nil {
		err = b.prove(ctx, name, size)
	}
	if err == nil {
		err = b.FS.SyncDir(b.dir)
	}
	if err != nil || b.Check == nil {
		return pages, err
	}
	if err := b.Check(ctx, b.dir, b.info); err != nil {
		return pages, err
	}
	return pages, b.clean()
}

// clean makes sure the check closed the database properly: a side file moved
// along would be replayed over the restored pages.
func (b builder) clean() error {
	list, err := b.FS.ReadDir(b.dir)
	if err != nil {
		return err
	}
	for _, e := range list {
		if n := e.Name(); n != DatabaseFile && n != KeyringFile {
			return fault.New("backup.Restore", fault.Internal, "backup.restore.sideFile", fault.Pairs("file", n))
		}
	}
	return b.FS.SyncDir(b.dir)
}

// fill writes the pages of all archives in order, each proved before it is
// written.
func (b builder) fill(ctx context.Context, f target.File, size int64) (uint64, error) {
	w := &imageWriter{f: f, pageSize: int64(b.info.PageSize), limit: size}
	for _, i := range b.files {
		rep, err := verifyParts(ctx, VerifyJob{FS: b.FS, Progress: b.Progress}, i, &b.keys, w.page)
		if fault.KindOf(err) == fault.Damaged && len(rep.Damages) > 0 {
			err = nil
			for _, d := range rep.Damages {
				if !repairable(d.Region) {
					err = archive.DamageFault("backup.Restore", i.Name, []archive.Damage{d})
					break
				}
			}
		}
		if err != nil {
			return 0, err
		}
	}
	if err := w.flush(); err != nil {
		return 0, err
	}
	return b.info.PageCount, f.Truncate(size)
}

// prove reads the built file back from the disk and compares its root.
func (b builder) prove(ctx context.Context, name string, size int64) error {
	f, err := b.FS.OpenUncached(name)
	if err != nil {
		return err
	}
	defer f.Close()
	img, err := newImage(f, size, int(b.info.PageSize))
	if err != nil {
		return err
	}
	root := sha256.New()
	m := &meter{p: b.Progress, stage: StageProve, total: size}
	if err := eachTag(ctx, img, m, func(_ uint32, tag Hash) error { root.Write(tag[:]); return nil }); err != nil {
		return err
	}
	want := b.info.Manifest.Root
	if b.info.Level != archive.Full {
		want = b.info.Manifest.ImageRoot
	}
	if sum(root) != want {
		return fault.New("backup.Restore", fault.Damaged, "backup.restore.notSame", fault.Pairs("file", b.info.Name))
	}
	return nil
}

// imageWriter joins neighbouring pages into large writes.
type imageWriter struct {
	f        target.File
	pageSize int64
	limit    int64 // pages beyond are of a longer, older image
	at       int64
	buf      []byte
}

func (w *imageWriter) page(no uint32, page []byte) error {
	off := int64(no-1) * w.pageSize
	if off >= w.limit {
		return nil
	}
	if off != w.at+int64(len(w.buf)) || len(w.buf) >= 1<<20 {
		if err := w.flush(); err != nil {
			return err
		}
		w.at = off
	}
	w.buf = append(w.buf, page...)
	return nil
}

func (w *imageWriter) flush() error {
	if len(w.buf) == 0 {
		return nil
	}
	_, err := w.f.WriteAt(w.buf, w.at)
	w.at += int64(len(w.buf))
	w.buf = slices.Delete(w.buf, 0, len(w.buf))
	return err
}
