package backup

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"tiezhang/app/fault"
	"tiezhang/backup/target"
)

// The whole promise on a real disk: back up, lose everything, take the one file
// and the code to a new computer, and have the same bytes.
func TestLostComputer(t *testing.T) {
	root := t.TempDir()
	folder := filepath.Join(root, "备份 💾", strings.Repeat("长", 60))
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	s := newShop(1, 300)
	s.pages[41] = make([]byte, testPage) // a hole SQLite left
	if _, err := target.Ensure(t.Context(), target.OS{}, folder, s.keys(t).Owner()); err != nil {
		t.Fatal(err)
	}
	var copied, total int64
	j := s.job(t, target.OS{}, newClock(), folder)
	j.Progress = func(st Stage, done, all int64) {
		if st == StageCopy {
			copied, total = done, all
		}
	}
	r := mustRun(t, j)
	if s.pins != 0 {
		t.Fatal("the image is still pinned")
	}
	if r.Name != "SHOP-S00000001-20261122T1016Z-FULL.tzbak" || r.Sequence != 1 || r.Blank != 1 || r.VerifiedAt.IsZero() {
		t.Fatalf("%+v", r)
	}
	if copied < total || total != 300*testPage {
		t.Fatalf("progress %d of %d", copied, total)
	}
	raw, err := os.ReadFile(r.Path)
	if err != nil {
		t.Fatal(err)
	}
	// "As a last resort standard tools can cut the database out of a FULL."
	if off := 2 * 4096; !bytes.Equal(raw[off:off+300*testPage], s.bytes()) {
		t.Fatal("pages are not verbatim where the format says")
	}

	other := t.TempDir()
	alone := filepath.Join(other, "renamed by hand.tzbak")
	if err := os.WriteFile(alone, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	i, err := Inspect(target.OS{}, alone)
	if err != nil || !i.Good() || i.Facts != nil {
		t.Fatalf("%+v %v", i, err)
	}
	if i, err = Open(target.OS{}, alone, unlockWith("code")); err != nil || !reflect.DeepEqual(*i.Facts, s.facts) {
		t.Fatalf("%+v %v", i, err)
	}
	dir := filepath.Join(other, "新店 🏪", "数据")
	checked := false
	res, err := Restore(t.Context(), RestoreJob{FS: target.OS{}, Clock: newClock(), Path: alone, Unlock: unlockWith("code"), Dir: dir, MaxSchema: 7,
		Check: func(_ context.Context, d string, _ Info) error {
			_, err := os.Stat(filepath.Join(d, DatabaseFile))
			checked = true
			return err
		}})
	if err != nil || !checked || res.Aside != "" {
		t.Fatal(res, err)
	}
	db, _ := os.ReadFile(filepath.Join(dir, DatabaseFile))
	kr, _ := os.ReadFile(filepath.Join(dir, KeyringFile))
	if !bytes.Equal(db, s.bytes()) || !bytes.Equal(kr, s.slots("code")) {
		t.Fatal("not the same shop")
	}
	left, _ := os.ReadDir(filepath.Dir(dir))
	if len(left) != 1 {
		t.Fatalf("something was left beside: %v", left)
	}
}

func TestVerifyLevels(t *testing.T) {
	s := newShop(2, 40)
	f := newStick(t, s)
	r := mustRun(t, s.job(t, f, newClock(), stick))
	plain, err := Verify(t.Context(), VerifyJob{FS: f, Path: r.Path})
	if err != nil || !plain.Readable || plain.Genuine || plain.Checked || plain.Pages != 40 {
		t.Fatalf("%+v %v", plain, err)
	}
	k := s.keys(t)
	for _, j := range []VerifyJob{{Keys: &k}, {Unlock: unlockWith("code")}} {
		j.FS, j.Path = f, r.Path
		rep, err := Verify(t.Context(), j)
		if err != nil || !rep.Genuine {
			t.Fatalf("%+v %v", rep, err)
		}
	}
	_, err = Verify(t.Context(), VerifyJob{FS: f, Path: r.Path, Unlock: unlockWith("wrong")})
	wantFault(t, err, fault.WrongKey, "keyring.wrong")
	k2 := newShop(3, 1).keys(t)
	_, err = Verify(t.Context(), VerifyJob{FS: f, Path: r.Path, Keys: &k2})
	wantFault(t, err, fault.WrongKey, "")
	_, err = Restore(t.Context(), RestoreJob{FS: f, Clock: newClock(), Path: r.Path, Dir: "/new", Unlock: func([]byte) ([32]byte, error) { return [32]byte{1}, nil }})
	wantFault(t, err, fault.WrongKey, "backup.restore.otherKey")
}

// Rot in the live file is found before it reaches a backup.
func TestRotIsNotBackedUp(t *testing.T) {
	s := newShop(4, 30)
	f := newStick(t, s)
	s.pages[16][100] ^= 1
	_, err := Run(t.Context(), s.job(t, f, newClock(), stick))
	wantFault(t, err, fault.Damaged, "backup.source.pageDamaged")
	var e *fault.Error
	if !asFault(err, &e) || e.Args["page"] != uint32(17) {
		t.Fatalf("%v", err)
	}
	if n := f.Names(stick); len(n) != 1 || s.pins != 0 {
		t.Fatal(n, s.pins)
	}
}

func TestTargets(t *testing.T) {
	a, b := newShop(5, 10), newShop(6, 10)
	f := newStick(t, a, "/empty", "/other")
	before := f.Get(stick + "/" + target.MarkerName)

	_, err := Run(t.Context(), a.job(t, f, newClock(), "/empty"))
	wantFault(t, err, fault.NotFound, "backup.target.noMarker")
	_, err = Run(t.Context(), a.job(t, f, newClock(), "/nowhere"))
	wantFault(t, err, fault.NotFound, "")
	_, err = Run(t.Context(), b.job(t, f, newClock(), stick))
	wantFault(t, err, fault.Conflict, "backup.target.otherShop")
	_, err = target.Ensure(t.Context(), f, stick, b.keys(t).Owner())
	wantFault(t, err, fault.Conflict, "backup.target.otherShop")
	if len(f.Names("/empty"))+len(f.Names("/nowhere")) != 0 || len(f.Names(stick)) != 1 || !bytes.Equal(before, f.Get(stick+"/"+target.MarkerName)) {
		t.Fatal("a refused folder was touched")
	}
	if _, err := target.Ensure(t.Context(), f, "/other", a.keys(t).Owner()); err != nil {
		t.Fatal(err)
	}
	m, err := target.ReadMarker(f, stick)
	if err != nil {
		t.Fatal(err)
	}
	j := a.job(t, f, newClock(), "/other")
	j.Target.ID = m.Target
	_, err = Run(t.Context(), j)
	wantFault(t, err, fault.Conflict, "backup.target.otherTarget")

	f.SetReadOnly(stick, true)
	_, err = Run(t.Context(), a.job(t, f, newClock(), stick))
	wantFault(t, err, fault.ReadOnly, "backup.disk.readOnly")
	f.SetReadOnly(stick, false)
	f.FreeByte = 1 << 20
	_, err = Run(t.Context(), a.job(t, f, newClock(), stick))
	wantFault(t, err, fault.NoSpace, "backup.disk.needSpace")
}

func TestSequenceNeverComesBack(t *testing.T) {
	s := newShop(7, 10)
	f := newStick(t, s)
	c := newClock()
	r1 := mustRun(t, s.job(t, f, c, stick))
	r2 := mustRun(t, s.job(t, f, c, stick))
	if r2.Sequence != r1.Sequence+1 || r2.Manifest.PrevFile != r1.FileID || r2.Manifest.PrevRoot != r1.Root() {
		t.Fatal(r1.Sequence, r2.Sequence, r2.Manifest.PrevFile)
	}
	for _, r := range []Result{r1, r2} {
		if err := f.Remove(r.Path); err != nil {
			t.Fatal(err)
		}
	}
	j := s.job(t, f, c, stick)
	j.AfterSequence = r2.Sequence
	if r := mustRun(t, j); r.Sequence != 3 {
		t.Fatal(r.Sequence)
	}
}

func TestParts(t *testing.T) {
	s := newShop(8, 50)
	f := newStick(t, s)
	j := s.job(t, f, newClock(), stick)
	j.partPages = 16
	r := mustRun(t, j)
	if r.Parts != 4 || len(f.Names(stick)) != 5 {
		t.Fatal(r.Parts, f.Names(stick))
	}
	res, err := Restore(t.Context(), RestoreJob{FS: f, Clock: newClock(), Path: r.Paths[2], Unlock: unlockWith("code"), Dir: "/new"})
	if err != nil || !bytes.Equal(f.Get("/new/shop.db"), s.bytes()) {
		t.Fatal(res, err)
	}
	// A part is lost, or comes from another run: both are named.
	k := s.keys(t)
	keep := f.Get(r.Paths[1])
	_ = f.Remove(r.Paths[1])
	rep, err := Verify(t.Context(), VerifyJob{FS: f, Path: r.Path, Keys: &k})
	wantFault(t, err, fault.Damaged, "backup.damaged.missing")
	if rep.Damages[0].Part != 2 {
		t.Fatal(rep.Damages)
	}
	s.write(20)
	r2 := mustRun(t, j)
	f.Put(r.Paths[1], f.Get(r2.Paths[1]))
	_, err = Restore(t.Context(), RestoreJob{FS: f, Clock: newClock(), Path: r.Path, Unlock: unlockWith("code"), Dir: "/new2"})
	wantFault(t, err, fault.Damaged, "")
	f.Put(r.Paths[1], keep)
	if _, err := Restore(t.Context(), RestoreJob{FS: f, Clock: newClock(), Path: r.Path, Unlock: unlockWith("code"), Dir: "/new2"}); err != nil {
		t.Fatal(err)
	}
}

func TestCancel(t *testing.T) {
	s := newShop(9, 3000)
	f := newStick(t, s)
	for _, stage := range []Stage{StageCopy, StageVerify} {
		ctx, stop := context.WithCancel(t.Context())
		j := s.job(t, f, newClock(), stick)
		j.Progress = func(st Stage, _, _ int64) {
			if st == stage {
				stop()
			}
		}
		_, err := Run(ctx, j)
		wantFault(t, err, fault.Canceled, "backup.canceled")
		if n := f.Names(stick); len(n) != 1 {
			t.Fatal("left behind", n)
		}
	}
}

func TestReplaceShop(t *testing.T) {
	s := newShop(10, 20)
	f := newStick(t, s, "/shop/exports")
	r := mustRun(t, s.job(t, f, newClock(), stick))
	old := s.bytes()
	s.write(5)
	for n, b := range map[string]string{"shop.db": "now", "shop.db-wal": "wal", "shop.db-shm": "shm", "keyring": "ring", "keyring.prev": "prev", "lock": ""} {
		f.Put("/shop/"+n, []byte(b))
	}
	calls := 0
	j := RestoreJob{FS: f, Clock: newClock(), Path: r.Path, Unlock: unlockWith("code"), Dir: "/shop", DB: s.db,
		Before: func(context.Context) error { calls++; return nil }}
	res, err := Restore(t.Context(), j)
	if err != nil || calls != 1 {
		t.Fatal(err, calls)
	}
	if !bytes.Equal(f.Get("/shop/shop.db"), old) || !bytes.Equal(f.Get("/shop/keyring"), s.slots("code")) {
		t.Fatal("not restored")
	}
	if got := strings.Join(f.Names("/shop"), " "); got != "exports keyring lock "+filepath.Base(res.Aside)+" restored.json shop.db" {
		t.Fatal(got)
	}
	if got := strings.Join(f.Names(res.Aside), " "); got != "keyring keyring.prev shop.db shop.db-shm shop.db-wal" || string(f.Get(res.Aside+"/shop.db-wal")) != "wal" {
		t.Fatal(got)
	}
	if note, there, err := Restored(f, "/shop"); err != nil || !there || note.Sequence != r.Sequence || note.FileID != r.FileID {
		t.Fatal(note, there, err)
	}
	if err := Acknowledge(f, "/shop"); err != nil {
		t.Fatal(err)
	}
	if _, there, err := Restored(f, "/shop"); err != nil || there {
		t.Fatal(there, err)
	}
	// The safety backup fails: nothing changes.
	j.Before = func(context.Context) error { return fault.New("t", fault.NoSpace, "x", nil) }
	names := f.Names("/shop")
	_, err = Restore(t.Context(), j)
	wantFault(t, err, fault.NoSpace, "x")
	if strings.Join(names, " ") != strings.Join(f.Names("/shop"), " ") {
		t.Fatal(f.Names("/shop"))
	}
	// Somebody's documents are not a shop; another shop's archive is not ours.
	f2 := newStick(t, s, "/docs")
	f2.Put("/docs/照片.jpg", []byte("x"))
	f2.Put(r.Path, f.Get(r.Path))
	_, err = Restore(t.Context(), RestoreJob{FS: f2, Clock: newClock(), Path: r.Path, Unlock: unlockWith("code"), Dir: "/docs"})
	wantFault(t, err, fault.Conflict, "backup.restore.foreignFolder")
	_, err = Restore(t.Context(), RestoreJob{FS: f2, Clock: newClock(), Path: r.Path, Unlock: unlockWith("code"), Dir: "/x", DB: ID{1}})
	wantFault(t, err, fault.Conflict, "backup.restore.otherShop")
	_, err = Restore(t.Context(), RestoreJob{FS: f2, Clock: newClock(), Path: r.Path, Unlock: unlockWith("code"), Dir: "/x", MaxSchema: 6})
	wantFault(t, err, fault.Newer, "backup.restore.newer")
}

func TestCatalogueListsEverything(t *testing.T) {
	s := newShop(11, 12)
	f := newStick(t, s)
	c := newClock()
	r := mustRun(t, s.job(t, f, c, stick))
	f.Put(stick+"/copy of it.tzbak", f.Get(r.Path))
	f.Put(stick+"/junk.tzbak", []byte("no archive"))
	f.Put(stick+"/notes.txt", []byte("mine"))
	f.Put(stick+"/cut.tzbak", f.Get(mustRun(t, s.job(t, f, c, stick)).Path)[:6000])
	all, err := Catalogue(f, stick)
	if err != nil {
		t.Fatal(err)
	}
	good, copies, bad, junk := 0, 0, 0, 0
	for _, i := range all {
		switch {
		case i.Err != nil:
			junk++
		case i.Copy && len(i.Damages) == 0:
			copies++
		case i.Good():
			good++
		default:
			bad++
		}
	}
	// The cut file claims the id of the second run; one of the pair is a copy.
	if len(all) != 5 || junk != 1 || copies != 1 {
		t.Fatalf("good %d copies %d bad %d junk %d of %d", good, copies, bad, junk, len(all))
	}
}
