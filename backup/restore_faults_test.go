package backup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"

	"tiezhang/app/fault"
	"tiezhang/backup/internal/faultfs"
)

// shopState says which shop is in a folder: "old", "new", or what else.
func shopState(f *faultfs.FS, dir string, s *shop, oldDB []byte) string {
	db, ring, wal := f.Get(dir+"/shop.db"), f.Get(dir+"/keyring"), f.Get(dir+"/shop.db-wal")
	switch {
	case string(db) == "the old database" && string(ring) == "the old keyring" && string(wal) == "the old wal":
		return "old"
	case bytes.Equal(db, oldDB) && bytes.Equal(ring, s.slots("code")) && wal == nil && f.Get(dir+"/"+RestoredFile) != nil:
		return "new"
	case db == nil:
		return "none"
	}
	return fmt.Sprintf("mix: %d %q %q %v", len(db), ring, wal, f.Names(dir))
}

// Power goes at every change of a restore over a shop, then at every change of
// the completion after it.
func TestRestoreCrashEverywhere(t *testing.T) {
	s := newShop(24, 20)
	img := s.bytes()
	make := func() (*faultfs.FS, RestoreJob) {
		f, c, r := prepared(t, s, "/shop")
		f.Put("/shop/shop.db", []byte("the old database"))
		f.Put("/shop/shop.db-wal", []byte("the old wal"))
		f.Put("/shop/keyring", []byte("the old keyring"))
		f.Put("/shop/keyring.prev", []byte("older"))
		return f, RestoreJob{FS: f, Clock: c, Path: r.Path, Unlock: unlockWith("code"), Dir: "/shop"}
	}
	seen := map[string]int{}
	for at := 1; ; at++ {
		done := false
		for _, sv := range survivals {
			f, j := make()
			f.CrashAt = f.Steps + at
			_, err := Restore(t.Context(), j)
			done = err == nil
			for again := 1; ; again++ {
				g := f.Reboot(sv)
				what := fmt.Sprintf("crash at %d, again at %d, %+v", at, again, sv)
				raw := shopState(g, "/shop", s, img)
				if strings.HasPrefix(raw, "mix") && g.Get("/shop/"+journalName) == nil {
					t.Fatal(what, raw)
				}
				g.CrashAt = again
				_, err := FinishSwap(g, "/shop")
				if err == nil {
					got := shopState(g, "/shop", s, img)
					if got != "old" && got != "new" {
						t.Fatal(what, got, g.Names("/shop"))
					}
					if done && got != "new" {
						t.Fatal(what, "said done, but it is", got)
					}
					if got == "new" { // nothing is ever lost
						aside := ""
						for _, n := range g.Names("/shop") {
							if strings.HasPrefix(n, asidePrefix) {
								aside = "/shop/" + n
							}
						}
						if string(g.Get(aside+"/shop.db")) != "the old database" || string(g.Get(aside+"/shop.db-wal")) != "the old wal" || string(g.Get(aside+"/keyring")) != "the old keyring" {
							t.Fatal(what, "the old shop is lost", g.Names(aside))
						}
					}
					seen[got]++
					// The next restore works and leaves no scraps.
					j.FS = g.Reboot(sv) // it may have crashed in the very last, unimportant step
					g = j.FS.(*faultfs.FS)
					if _, err := Restore(t.Context(), j); err != nil {
						t.Fatal(what, err)
					}
					for _, n := range g.Names("/shop") {
						if strings.HasPrefix(n, builtPrefix) || strings.HasPrefix(n, journalName) {
							t.Fatal(what, "scraps:", g.Names("/shop"))
						}
					}
					break
				}
				if !errors.Is(err, faultfs.ErrCrashed) {
					t.Fatal(what, err)
				}
				f = g
				if again > 60 {
					t.Fatal(what, "never finishes")
				}
			}
		}
		if done {
			break
		}
	}
	if seen["old"] < 10 || seen["new"] < 10 {
		t.Fatal("the sweep did not meet both outcomes:", seen)
	}
}

// Every change of a restore fails once: the shop that is there stays usable, or
// the swap can be finished.
func TestRestoreErrorEverywhere(t *testing.T) {
	s := newShop(25, 20)
	img := s.bytes()
	for _, bad := range []error{syscall.ENOSPC, syscall.EIO} {
		for at := 1; ; at++ {
			f, c, r := prepared(t, s, "/shop")
			f.Put("/shop/shop.db", []byte("the old database"))
			f.Put("/shop/shop.db-wal", []byte("the old wal"))
			f.Put("/shop/keyring", []byte("the old keyring"))
			from, hit := f.Steps, ""
			f.Fail = func(step int, op, path string) error {
				if step == from+at {
					hit = op + " " + path
					return bad
				}
				return nil
			}
			_, err := Restore(t.Context(), RestoreJob{FS: f, Clock: c, Path: r.Path, Unlock: unlockWith("code"), Dir: "/shop"})
			f.Fail = nil
			if hit == "" {
				if err != nil {
					t.Fatal(err)
				}
				break
			}
			if _, ferr := FinishSwap(f, "/shop"); ferr != nil {
				t.Fatal(hit, ferr)
			}
			got := shopState(f, "/shop", s, img)
			if got != "old" && got != "new" || err == nil && got != "new" {
				t.Fatal(hit, got, err)
			}
		}
	}
}

// A new computer: the folder is there whole, or not at all.
func TestRestoreNewFolderCrash(t *testing.T) {
	s := newShop(26, 20)
	for at := 1; ; at++ {
		done := false
		for _, sv := range survivals {
			f, c, r := prepared(t, s, "/home")
			f.CrashAt = f.Steps + at
			j := RestoreJob{FS: f, Clock: c, Path: r.Path, Unlock: unlockWith("code"), Dir: "/home/铺子"}
			_, err := Restore(t.Context(), j)
			done = err == nil
			g := f.Reboot(sv)
			got := shopState(g, "/home/铺子", s, s.bytes())
			if got != "none" && got != "new" || done && got != "new" {
				t.Fatal(at, sv, got)
			}
			if got == "none" {
				if len(g.Names("/home/铺子")) != 0 {
					t.Fatal(at, sv, g.Names("/home/铺子"))
				}
				j.FS = g
				if _, err := Restore(t.Context(), j); err != nil || len(g.Names("/home")) != 1 {
					t.Fatal(at, sv, err, g.Names("/home"))
				}
			}
		}
		if done {
			break
		}
	}
}

// Each byte of the archive is broken and restored over a living shop: either
// the damage is repairable and the result exact, or the shop is untouched.
func TestRestoreFromDamaged(t *testing.T) {
	s := newShop(27, 6)
	f, c, r := prepared(t, s, "/shop")
	good := f.Get(r.Path)
	repaired := map[string]bool{}
	for at := 0; at < len(good); at += 7 {
		b := bytes.Clone(good)
		b[at] ^= 0x20
		f.Put(r.Path, b)
		dir := fmt.Sprintf("/n%d", at)
		_, err := Restore(t.Context(), RestoreJob{FS: f, Clock: c, Path: r.Path, Unlock: unlockWith("code"), Dir: dir})
		if err == nil {
			if !bytes.Equal(f.Get(dir+"/shop.db"), s.bytes()) || !bytes.Equal(f.Get(dir+"/keyring"), s.slots("code")) {
				t.Fatal("restored something else, byte", at)
			}
			rep, _ := Verify(t.Context(), VerifyJob{FS: f, Path: r.Path})
			for _, d := range rep.Damages {
				repaired[d.Region] = true
			}
			continue
		}
		if fault.KindOf(err) != fault.Damaged || f.Names(dir) != nil {
			t.Fatal(at, err, f.Names(dir))
		}
	}
	for _, want := range []string{"header", "slots-1", "slots-2", "tags"} {
		if !repaired[want] {
			t.Error("not repaired:", want)
		}
	}
	if repaired["page"] || repaired["trailer"] || repaired["mac"] {
		t.Error("restored from what cannot be proved:", repaired)
	}
}

func TestRestoreCanceled(t *testing.T) {
	s := newShop(28, 3000)
	f, c, r := prepared(t, s, "/shop")
	f.Put("/shop/shop.db", []byte("the old database"))
	ctx, stop := context.WithCancel(t.Context())
	_, err := Restore(ctx, RestoreJob{FS: f, Clock: c, Path: r.Path, Unlock: unlockWith("code"), Dir: "/shop",
		Progress: func(Stage, int64, int64) { stop() }})
	wantFault(t, err, fault.Canceled, "backup.canceled")
	if n := f.Names("/shop"); len(n) != 1 {
		t.Fatal(n)
	}
}
