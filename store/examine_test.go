package store

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tiezhang/app"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/store/keyring"
)

// What look reads is the state of the pinned bytes, whatever is committed
// between pinning and reading.
func TestPinLooksAtWhatItHolds(t *testing.T) {
	sh := newShop(t, 1)
	sh.post(sh.draft(doc.GoodsReceipt, d1, row(sh.items[0], 10, 10)))
	before := app.Totals{}
	sh.read(func(x app.Tx) (err error) { before, err = x.Totals(); return err })
	im, err := sh.s.Pin(bg, func(x app.Tx) error {
		sh.post(sh.draft(doc.GoodsReceipt, d1, row(sh.items[0], 5, 12)))
		got, err := x.Totals()
		if err != nil || got != before {
			t.Errorf("%+v %v, want %+v", got, err, before)
		}
		if err := x.SetSetting("a", "b"); err == nil {
			t.Error("the pinning read can write")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(im.Release(), im.Release()); err != nil {
		t.Fatal(err)
	}
	// A look that fails pins nothing: the log can be folded in again.
	mine := errors.New("mine")
	if _, err := sh.s.Pin(bg, func(app.Tx) error { return mine }); !errors.Is(err, mine) {
		t.Error(err)
	}
	sh.post(sh.draft(doc.GoodsReceipt, d1, row(sh.items[0], 1, 12)))
	im, err = sh.s.Pin(bg, nil)
	if err != nil {
		t.Fatal("the failed look still holds the file:", err)
	}
	if err := im.Release(); err != nil {
		t.Fatal(err)
	}
	sh.sound()
}

func TestExamine(t *testing.T) {
	sh := newShop(t, 1)
	sh.post(sh.draft(doc.GoodsReceipt, d1, row(sh.items[0], 10, 10)))
	if err := sh.keys.AddUser(bg, "店员", "another good one 1"); err != nil {
		t.Fatal(err)
	}
	v := testVault()
	_, err := v.Hold(sh.dir)
	wantFault(t, err, fault.Locked, "shop.locked")
	if err := sh.s.Close(); err != nil {
		t.Fatal(err)
	}
	release, err := v.Hold(sh.dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Unlock(bg, sh.dir, "老板", ownerPassword); fault.KindOf(err) != fault.Locked {
		t.Error("opened while it is held:", err)
	}
	file := filepath.Join(sh.dir, DBName)
	bytesOf := func() string {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	was := bytesOf()
	for _, o := range []struct{ user, password, code string }{
		{"", ownerPassword, ""}, {"店员", "another good one 1", ""}, {"", "", strings.Join(sh.code.Groups, "-")},
	} {
		st, k, err := v.Examine(bg, sh.dir, app.Opener{User: o.user, Password: o.password, Code: o.code})
		if err != nil {
			t.Fatal(o, err)
		}
		if err := st.Write(bg, func(x app.Tx) error { return x.SetSetting("a", "b") }); err == nil {
			t.Error("written")
		}
		if st.Schema() != v.Schema() || v.Schema() == 0 {
			t.Error(st.Schema(), v.Schema())
		}
		// What goes into a backup carries no clerk, whoever opened it.
		ring, err := keyring.Parse(k.Slots)
		if err != nil || !ring.IsBackup() || len(ring.Users()) != 1 || !ring.Matches(keyring.Key(k.DEK)) {
			t.Error(ring, err)
		}
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
		if bytesOf() != was {
			t.Fatal("looking changed the file")
		}
	}
	for _, e := range listDir(t, sh.dir) {
		if strings.HasPrefix(e, DBName) && e != DBName {
			t.Error("left beside:", e)
		}
	}
	if _, _, err := v.Examine(bg, sh.dir, app.Opener{Password: "wrong"}); fault.KindOf(err) != fault.WrongKey {
		t.Error(err)
	}
	if _, _, err := v.Examine(bg, t.TempDir(), app.Opener{Password: ownerPassword}); fault.KeyOf(err) != "shop.missing" {
		t.Error(err)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	o, err := v.Unlock(bg, sh.dir, "老板", ownerPassword)
	if err != nil {
		t.Fatal(err)
	}
	sh.s, sh.keys = o.Store.(*Store), o.Keys
}

func listDir(t *testing.T, dir string) (out []string) {
	t.Helper()
	es, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range es {
		out = append(out, e.Name())
	}
	return out
}
