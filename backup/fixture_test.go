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
		if i, err = Open(target.OS{}, i.Path, unlockWith("code")); err != nil || i.Schema != 7 ||
			i.Facts.Totals.LastNumber != "XS-20261122-0007" || !strings.HasPrefix(i.Facts.Shop, "老王") {
			t.Errorf("%+v %v", i, err)
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

// Who finds the stick and has no key learns from it neither whose shop it is
// nor what it is worth. The pages are ciphertext; here only the rest counts.
func TestStickTellsNothing(t *testing.T) {
	s := newShop(62, 30)
	f := newStick(t, s)
	r := mustRun(t, s.job(t, f, newClock(), stick))
	k := s.keys(t)
	if got := r.Facts; got == nil || got.Shop != s.facts.Shop {
		t.Fatal("the shop that made it does not know it")
	}
	for _, name := range f.Names(stick) {
		b := append(f.Get(stick+"/"+name), name...)
		for _, secret := range [][]byte{[]byte(s.facts.Shop), []byte("老王"), []byte(s.facts.Host), []byte(s.facts.LogHead), []byte(s.facts.TimeZone),
			[]byte(s.facts.Totals.LastNumber), []byte(s.facts.Totals.StockValue), []byte(s.facts.Totals.Receivable), []byte(s.facts.Totals.Payable),
			[]byte(s.facts.Totals.Cash), []byte("3.41.2"), s.dek[:], k.MAC[:], k.Facts[:], k.Marker[:]} {
			if bytes.Contains(b, secret) {
				t.Errorf("%q stands in %s", secret, name)
			}
		}
	}
	// Another shop's key, and the right key for a shop of another name.
	all, err := Catalogue(f, stick)
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	if err := Reveal(all, newShop(63, 1).dek, s.db); err != nil || all[0].Facts != nil {
		t.Fatal("opened with a foreign key", err)
	}
	if err := Reveal(all, s.dek, newShop(63, 1).db); err != nil || all[0].Facts != nil {
		t.Fatal("opened for a foreign shop", err)
	}
	if err := Reveal(all, s.dek, s.db); err != nil || all[0].Facts == nil || all[0].Facts.Totals != s.facts.Totals || !all[0].Good() {
		t.Fatal(all, err)
	}
}
