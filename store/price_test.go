package store

import (
	"os"
	"path/filepath"
	"testing"

	"tiezhang/app"
	"tiezhang/store/keyring"
)

// A slot is made dearer when its owner opens it on a machine that can afford
// more, never cheaper, and nobody else's is touched.
func TestSlotsGetDearer(t *testing.T) {
	sh := staffed(t)
	_ = sh.s.Close()
	cheap, dear := keyring.ProfileForTests(), keyring.Profile{KiB: 256, Time: 2, Lanes: 1}
	of := func() map[string]keyring.Profile {
		ring, err := keyring.Open(filepath.Join(sh.dir, KeyringName))
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]keyring.Profile{}
		for _, u := range ring.Users() {
			out[u.Name], _ = ring.ProfileOf(u.ID)
		}
		return out
	}
	fast := Vault{Profile: func() keyring.Profile { return dear }}
	open := func(v Vault, user, password string, more ...[2]string) {
		t.Helper()
		o, err := v.Unlock(bg, sh.dir, user, password)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range more {
			if _, err := o.Keys.Verify(bg, m[0], app.Proof{Password: m[1]}); err != nil {
				t.Error(err)
			}
		}
		_ = o.Store.Close()
	}
	want := func(step string, boss, li, second keyring.Profile) {
		t.Helper()
		if got := of(); got["老板"] != boss || got["小李"] != li || got["二老板"] != second {
			t.Errorf("%s: %+v", step, got)
		}
	}
	open(fast, "小李", "小李的密码 123")
	want("opened by the clerk", cheap, dear, cheap)
	open(fast, "小李", "小李的密码 123", [2]string{"老板", ownerPassword})
	want("and the owner confirmed", dear, dear, cheap)
	open(testVault(), "小李", "小李的密码 123", [2]string{"二老板", "二老板的密码 123"}, [2]string{"老板", ownerPassword})
	want("on a slower machine", dear, dear, cheap)
	// It can't be saved: people are let in all the same.
	n := sh.reopened("二老板", "二老板的密码 123")
	k := n.keys.(*keys)
	k.price = fast.pricing()
	path := k.path
	k.path = filepath.Join(sh.dir, "gone", KeyringName)
	if _, err := n.keys.Verify(bg, "二老板", app.Proof{Password: "二老板的密码 123"}); err != nil {
		t.Error("the keyring could not be saved:", err)
	}
	k.path = path
	_ = n.s.Close()
	want("without room", dear, dear, cheap)
	if _, err := os.Stat(filepath.Join(sh.dir, "gone")); err == nil {
		t.Error("made a folder")
	}
	// A key stick stays needed.
	n = sh.reopened("二老板", "二老板的密码 123")
	file := make([]byte, 32)
	if err := n.keys.SetKeyFile(bg, "二老板", app.Proof{Password: "二老板的密码 123"}, file); err != nil {
		t.Fatal(err)
	}
	_ = n.s.Close()
	o, err := fast.Admit(bg, sh.dir, "二老板", app.Proof{Password: "二老板的密码 123", KeyFile: file})
	if err != nil {
		t.Fatal(err)
	}
	_ = o.Store.Close()
	want("with a stick", dear, dear, dear)
	if _, err := fast.Unlock(bg, sh.dir, "二老板", "二老板的密码 123"); err == nil {
		t.Error("the stick is not needed any more")
	}
}
