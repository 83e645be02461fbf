package store

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tiezhang/app"
	"tiezhang/app/fault"
	"tiezhang/store/keyring"
)

// putBack gives the keyring's two files as they are, and puts them back later.
func (sh *shop) putBack(t *testing.T) (back func()) {
	t.Helper()
	kept := map[string][]byte{}
	for _, n := range []string{KeyringName, KeyringName + keyring.Copy} {
		b, err := os.ReadFile(filepath.Join(sh.dir, n))
		if err != nil {
			t.Fatal(err)
		}
		kept[n] = b
	}
	return func() {
		for n, b := range kept {
			if err := os.WriteFile(filepath.Join(sh.dir, n), b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// enter opens the shop for a person, writes something, and closes it; it tells
// whether the keyring was found odd.
func (sh *shop) enter(user, password string) (odd bool, err error) {
	o, err := testVault().Unlock(bg, sh.dir, user, password)
	if err != nil {
		return false, err
	}
	err = o.Store.Write(bg, func(x app.Tx) error { return x.SetSetting("entered", user) })
	return o.OtherRing, errors.Join(err, o.Store.Close())
}

// What was taken from somebody opens nothing any more, whatever older keyring is
// put in the place of the one there is; what was not taken does, and it is told.
func TestOlderKeyringBringsNothingBack(t *testing.T) {
	const li = "小李的密码 123"
	for name, c := range map[string]struct {
		change func(sh *shop) error
		void   func(sh *shop) error
	}{
		"another's password": {func(sh *shop) error { return sh.keys.ResetPassword(bg, "小李", "新的密码 456") },
			func(sh *shop) error { _, err := sh.enter("小李", li); return err }},
		"one's own password, which raises no sequence": {func(sh *shop) error { return sh.keys.SetPassword(bg, "小李", li, "新的密码 456") },
			func(sh *shop) error { _, err := sh.enter("小李", li); return err }},
		"a person": {func(sh *shop) error { return sh.keys.RemoveUser(bg, "小李") },
			func(sh *shop) error { _, err := sh.enter("小李", li); return err }},
		"the kit": {func(sh *shop) error { _, err := sh.keys.NewRecovery(bg); return err },
			func(sh *shop) error {
				_, err := testVault().Recover(bg, sh.dir, strings.Join(sh.code.Groups, "-"))
				return err
			}},
	} {
		t.Run(name, func(t *testing.T) {
			sh := staffed(t)
			back := sh.putBack(t)
			if err := c.change(sh); err != nil {
				t.Fatal(err)
			}
			if err := sh.s.Close(); err != nil {
				t.Fatal(err)
			}
			back()
			for range 2 { // being refused once teaches it nothing wrong
				wantFault(t, c.void(sh), fault.Denied, "keyring.voided")
			}
			odd, err := sh.enter("老板", ownerPassword)
			if err != nil || !odd {
				t.Errorf("the owner: odd %v, %v", odd, err)
			}
			if odd, err := sh.enter("老板", ownerPassword); err != nil || odd {
				t.Errorf("told twice: odd %v, %v", odd, err)
			}
			wantFault(t, c.void(sh), fault.Denied, "keyring.voided")
			// Nor at the open shop.
			if name != "the kit" {
				o := sh.reopened("老板", ownerPassword)
				wantFault(t, o.keys.Check(bg, "小李", li), fault.Denied, "keyring.voided")
				wantFault(t, o.keys.SetPassword(bg, "小李", li, "和以前不同 789"), fault.Denied, "keyring.voided")
				_ = o.s.Close()
			}
		})
	}
}

// Losing the file alone is told, loses nothing, and is mended.
func TestSecondCopy(t *testing.T) {
	sh := staffed(t)
	if err := sh.keys.ResetPassword(bg, "小李", "新的密码 456"); err != nil {
		t.Fatal(err)
	}
	_ = sh.s.Close()
	path := filepath.Join(sh.dir, KeyringName)
	for _, lose := range []func() error{func() error { return os.Remove(path) }, func() error { return os.Truncate(path, 100) }} {
		if err := lose(); err != nil {
			t.Fatal(err)
		}
		if _, err := sh.enter("小李", "小李的密码 123"); fault.KeyOf(err) != "keyring.wrong-password" {
			t.Errorf("the old password: %v", err)
		}
		if odd, err := sh.enter("小李", "新的密码 456"); err != nil || !odd {
			t.Errorf("odd %v, %v", odd, err)
		}
		if r, err := keyring.Open(path); err != nil || r.FromCopy() {
			t.Error("not mended", err)
		}
		if odd, err := sh.enter("老板", ownerPassword); err != nil || odd {
			t.Errorf("told twice: %v %v", odd, err)
		}
	}
}

// What is lawful is not odd: every change, by whom and when it may come, a
// password made dearer while nobody came in after all, a shop that is killed after
// an owner's change, a shop of before that remembers nothing.
func TestLawfulKeyringsAreNotOdd(t *testing.T) {
	sh := staffed(t)
	clean := func(step, user, password string) {
		t.Helper()
		if odd, err := sh.enter(user, password); err != nil || odd {
			t.Errorf("%s: odd %v, %v", step, odd, err)
		}
	}
	if err := errors.Join(sh.keys.SetOwner(bg, "二老板", false), sh.keys.RenameUser(bg, "小李", "小李子"),
		sh.keys.SetPassword(bg, "小李子", "小李的密码 123", "新的密码 456")); err != nil {
		t.Fatal(err)
	}
	_ = sh.s.Close()
	clean("changes", "小李子", "新的密码 456")
	dear := Vault{Profile: func() keyring.Profile { return keyring.Profile{KiB: 256, Time: 2, Lanes: 1} }}
	o, err := dear.Unlock(bg, sh.dir, "老板", ownerPassword)
	if err != nil {
		t.Fatal(err)
	}
	_ = o.Store.Close() // as when a code was asked for and not known
	clean("dearer", "老板", ownerPassword)

	n := sh.reopened("老板", ownerPassword)
	before, err := os.ReadFile(n.s.file().Path())
	if err != nil {
		t.Fatal(err)
	}
	if err := n.keys.ResetPassword(bg, "小李子", "第三个密码 789"); err != nil {
		t.Fatal(err)
	}
	path := n.s.file().Path()
	_ = n.s.Close()
	for _, f := range []string{path + "-wal", path + "-shm"} {
		_ = os.Remove(f)
	}
	if err := os.WriteFile(path, before, 0o600); err != nil { // what was committed before the kill
		t.Fatal(err)
	}
	clean("killed", "小李子", "第三个密码 789")

	n = sh.reopened("老板", ownerPassword)
	if err := n.raw(`DELETE FROM setting WHERE key = '` + settingRing + `'`); err != nil {
		t.Fatal(err)
	}
	_ = n.s.Close()
	clean("remembers nothing", "老板", ownerPassword)
	n = sh.reopened("老板", ownerPassword)
	if err := errors.Join(n.s.Rotate(bg, nil, nil), n.s.Close()); err != nil {
		t.Fatal(err)
	}
	clean("rotated", "老板", ownerPassword)
	clean("rotated", "小李子", "第三个密码 789")
}
