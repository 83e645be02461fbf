package backup

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"tiezhang/app/fault"
	"tiezhang/backup/internal/faultfs"
	"tiezhang/backup/target"
)

var survivals = []faultfs.Survival{{Dirs: 0, Data: 0}, {Dirs: 0.5, Data: 2}, {Dirs: 1, Data: 0}, {Dirs: 1, Data: 1}, {Dirs: 1, Data: 2}}

// finals checks every file with a final name, whole, with the key, and gives
// their sequences.
func finals(t *testing.T, f *faultfs.FS, s *shop, what string) (seqs []uint64) {
	t.Helper()
	all, err := Catalogue(f, stick)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	k := s.keys(t)
	for _, i := range all {
		// Parts that came before the first one is placed are no restore point.
		if i.Err == nil && i.Paths[0] == "" {
			continue
		}
		if _, err := Verify(t.Context(), VerifyJob{FS: f, Path: i.Path, Keys: &k}); err != nil {
			t.Fatalf("%s: %s has a final name and fails: %v", what, i.Name, err)
		}
		seqs = append(seqs, i.Sequence)
	}
	return seqs
}

// prepared is a stick with one older backup, a fresh copy for each step.
func prepared(t *testing.T, s *shop, dirs ...string) (*faultfs.FS, *clock, Result) {
	t.Helper()
	if s.stick == nil {
		s.stick = newStick(t, s, dirs...)
		s.first = mustRun(t, s.job(t, s.stick, newClock(), stick))
	}
	c := newClock()
	c.Now()
	c.Now()
	return s.stick.Reboot(faultfs.Survival{Dirs: 1, Data: 1}), c, s.first
}

func sweepJob(t *testing.T, s *shop, f FS, c Clock, parts bool) Job {
	j := s.job(t, f, c, stick)
	if parts {
		j.partPages = 8
	}
	return j
}

// Power goes at every change a backup makes, and the disk forgets what was not
// synced, in several ways.
func TestRunCrashEverywhere(t *testing.T) {
	s := newShop(20, 20)
	for _, parts := range []bool{false, true} {
		for at := 1; ; at++ {
			done := false
			for _, sv := range survivals {
				f, c, old := prepared(t, s)
				bytesBefore := f.Get(old.Path)
				f.CrashAt = f.Steps + at
				_, err := Run(t.Context(), sweepJob(t, s, f, c, parts))
				done = err == nil
				g := f.Reboot(sv)
				what := fmt.Sprintf("parts %v, crash at %d, %+v", parts, at, sv)
				seqs := finals(t, g, s, what)
				if !bytes.Equal(g.Get(old.Path), bytesBefore) {
					t.Fatal(what, "the older backup changed")
				}
				if done && len(seqs) != 2 {
					t.Fatal(what, "said done, but it is gone:", g.Names(stick))
				}
				// And the next run works, with a number of its own.
				r, err := Run(t.Context(), sweepJob(t, s, g, c, parts))
				if err != nil {
					t.Fatal(what, "next run:", err)
				}
				for _, q := range seqs {
					if q == r.Sequence {
						t.Fatal(what, "sequence twice", q)
					}
				}
				for _, n := range g.Names(stick) {
					if strings.HasSuffix(n, unplaced) {
						t.Fatal(what, "leftover", n)
					}
				}
			}
			if done {
				if at < 10 {
					t.Fatal("only", at, "steps: the sweep is not real")
				}
				break
			}
		}
	}
}

// Each change fails once, in each way a disk fails.
func TestRunErrorEverywhere(t *testing.T) {
	s := newShop(21, 20)
	for _, bad := range []struct {
		err  error
		kind fault.Kind
	}{
		{syscall.ENOSPC, fault.NoSpace}, {syscall.EIO, fault.Internal}, {syscall.EROFS, fault.ReadOnly},
		{syscall.EFBIG, fault.Unsupported}, {faultfs.ErrShort, fault.Internal},
	} {
		for at := 1; ; at++ {
			f, c, old := prepared(t, s)
			before := f.Get(old.Path)
			from, hit := f.Steps, ""
			f.Fail = func(step int, op, path string) error {
				if step == from+at && !(errors.Is(bad.err, faultfs.ErrShort) && op != "write") {
					hit = op
					return bad.err
				}
				return nil
			}
			_, err := Run(t.Context(), sweepJob(t, s, f, c, true))
			steps := f.Steps - from
			f.Fail = nil
			what := fmt.Sprintf("%v at %d (%s)", bad.err, at, hit)
			if hit != "" && err == nil {
				t.Fatal(what, "not noticed")
			}
			if hit != "" && fault.KindOf(err) != bad.kind {
				t.Fatal(what, err)
			}
			finals(t, f, s, what)
			if !bytes.Equal(f.Get(old.Path), before) {
				t.Fatal(what, "the older backup changed")
			}
			// Nothing half-done stays, unless removing is what failed.
			for _, n := range f.Names(stick) {
				if strings.HasSuffix(n, unplaced) {
					t.Fatal(what, "left", n)
				}
			}
			if at > steps {
				break
			}
		}
	}
}

// The stick is pulled at each step; its empty mount point stays. Then it comes
// back under another name.
func TestStickVanishes(t *testing.T) {
	s := newShop(22, 20)
	for at := 1; ; at++ {
		f, c, old := prepared(t, s, "/media/other")
		before := f.Get(old.Path)
		var pulled any
		j := sweepJob(t, s, f, c, false)
		n := 0
		j.FS = pulling{f, func() {
			if n++; n == at {
				pulled = f.Unplug(stick)
			}
		}}
		_, err := Run(t.Context(), j)
		if pulled == nil {
			if err != nil {
				t.Fatal(err)
			}
			if at < 10 {
				t.Fatal("only", at, "steps")
			}
			return
		}
		if err == nil {
			// Only after the last rename was synced may it be called done.
			f.Plug("/media/other", pulled)
			if len(f.Names("/media/other")) != 3 {
				t.Fatal("step", at, "done, but it is not there:", f.Names("/media/other"))
			}
			continue
		}
		if left := f.Names(stick); len(left) != 0 {
			t.Fatal("step", at, "wrote into the empty mount point:", left)
		}
		f.Plug("/media/other", pulled)
		if !bytes.Equal(f.Get(strings.Replace(filepath.ToSlash(old.Path), stick, "/media/other", 1)), before) {
			t.Fatal("older backup changed")
		}
		if r, err := Run(t.Context(), s.job(t, f, c, "/media/other")); err != nil || r.Sequence < 2 {
			t.Fatal("step", at, err)
		}
	}
}

// pulling calls a function before each operation.
type pulling struct {
	*faultfs.FS
	tick func()
}

func (p pulling) OpenFile(n string, fl int, m fs.FileMode) (target.File, error) {
	p.tick()
	f, err := p.FS.OpenFile(n, fl, m)
	if err != nil {
		return nil, err
	}
	return pullingFile{f, p.tick}, nil
}
func (p pulling) Rename(a, b string) error      { p.tick(); return p.FS.Rename(a, b) }
func (p pulling) SyncDir(n string) error        { p.tick(); return p.FS.SyncDir(n) }
func (p pulling) Free(n string) (uint64, error) { p.tick(); return p.FS.Free(n) }

type pullingFile struct {
	target.File
	tick func()
}

func (p pullingFile) Write(b []byte) (int, error) { p.tick(); return p.File.Write(b) }
func (p pullingFile) Sync() error                 { p.tick(); return p.File.Sync() }

// A stick that answers writes it did not keep.
func TestReadBackFindsLies(t *testing.T) {
	s := newShop(23, 40)
	for _, at := range []int64{10, 4100, 9000, 8192 + 30*testPage, 8192 + 40*testPage + 5} {
		f := newStick(t, s)
		f.Rot = func(path string, off int64, b []byte) {
			if k := at - off; strings.HasSuffix(path, unplaced) && k >= 0 && k < int64(len(b)) {
				b[k] ^= 1
			}
		}
		_, err := Run(t.Context(), s.job(t, f, newClock(), stick))
		wantFault(t, err, fault.Damaged, "backup.readBack")
		if n := f.Names(stick); len(n) != 1 {
			t.Fatal(n)
		}
	}
	f := faultfs.New("/fake")
	f.Rot = func(_ string, off int64, b []byte) { clear(b) }
	_, err := target.Ensure(t.Context(), f, "/fake", s.keys(t).Owner())
	wantFault(t, err, fault.Unsupported, "backup.target.fake")
	if len(f.Names("/fake")) != 0 {
		t.Fatal(f.Names("/fake"))
	}
}
