package backup

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tiezhang/app/fault"
	"tiezhang/backup/archive"
	"tiezhang/backup/target"
)

var makeFixture = flag.Bool("make-fixture", false, "write testdata/format-1 anew; only ever for a new format")

// The archives of a released format restore for ever. The folder holds a FULL
// in two parts and a DAY; what they must give is written down here, not
// computed from today's code.
func TestFormat1Fixture(t *testing.T) {
	const (
		fullSum = "f8ac296e76a35f24211de7ebcde93555602d0943ff63a853eb8f8f64522c7760"
		daySum  = "abddd3b64a96c7cac6590bf1aa0d8bb427f02fd81738bb73e5a041be1dec4119"
		slots   = "439476ed7da44bddbfa6528bc33d0c775d3dc0657a37c4023a419c8bf899cba4"
	)
	dir := filepath.Join("testdata", "format-1")
	if *makeFixture {
		s := newShop(60, 40)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if _, err := target.Ensure(t.Context(), target.OS{}, dir, s.keys(t).Owner()); err != nil {
			t.Fatal(err)
		}
		c := newClock()
		j := s.job(t, target.OS{}, c, dir)
		j.fullBelow, j.partPages = 1, 32
		mustRun(t, j)
		h := sha256.Sum256(s.bytes())
		s.write(7)
		mustRun(t, j)
		h2, h3 := sha256.Sum256(s.bytes()), sha256.Sum256(s.slots("code"))
		t.Logf("%x %x %x", h, h2, h3)
	}
	all, err := Catalogue(target.OS{}, dir)
	if err != nil || len(all) != 2 {
		t.Fatal(all, err)
	}
	for _, i := range all {
		want := map[archive.Level]string{archive.Full: fullSum, archive.Day: daySum}[i.Level]
		out := filepath.Join(t.TempDir(), "x")
		if _, err := Restore(t.Context(), RestoreJob{FS: target.OS{}, Clock: newClock(), Path: i.Path, Unlock: unlockWith("code"), Dir: out}); err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]string{DatabaseFile: want, KeyringFile: slots} {
			b, _ := os.ReadFile(filepath.Join(out, name))
			if h := sha256.Sum256(b); hex.EncodeToString(h[:]) != want {
				t.Errorf("%s of %s: %x", name, i.Name, h)
			}
		}
		if i.Manifest.Totals.LastNumber != "XS-20261122-0007" || !strings.HasPrefix(i.Manifest.Shop, "老王") || i.Schema != 7 {
			t.Errorf("%+v", i.Manifest)
		}
	}
}

func TestDrill(t *testing.T) {
	s := newShop(61, 30)
	f, c, r := prepared(t, s, "/shop")
	f.Put("/shop/shop.db", []byte("the living shop"))
	var saw []byte
	j := RestoreJob{FS: f, Clock: c, Path: r.Path, Unlock: unlockWith("code"), Dir: "/shop",
		Before: func(context.Context) error { t.Error("a drill swaps nothing"); return nil },
		Check: func(_ context.Context, dir string, i Info) error {
			saw = f.Get(dir + "/shop.db")
			return nil
		}}
	if _, err := Drill(t.Context(), j); err != nil || !bytes.Equal(saw, s.bytes()) {
		t.Fatal(err)
	}
	j.Check = func(context.Context, string, Info) error { return fault.New("t", fault.Damaged, "totals", nil) }
	_, err := Drill(t.Context(), j)
	wantFault(t, err, fault.Damaged, "totals")
	j.Check = func(_ context.Context, dir string, _ Info) error { f.Put(dir+"/shop.db-wal", []byte("x")); return nil }
	_, err = Drill(t.Context(), j)
	wantFault(t, err, fault.Internal, "backup.restore.sideFile")
	if n := f.Names("/shop"); len(n) != 1 || string(f.Get("/shop/shop.db")) != "the living shop" {
		t.Fatal(n)
	}
}
