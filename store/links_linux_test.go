package store

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"tiezhang/app"
	"tiezhang/app/fault"
	"tiezhang/store/keyring"
)

// Links under the names that are written first, as somebody with a hand in the
// folder could leave them: what they point to stays as it was, and the shop's
// files stay files.
func TestPlantedLinks(t *testing.T) {
	sh := staffed(t)
	victim := filepath.Join(t.TempDir(), "victim")
	if err := os.WriteFile(victim, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	names := []string{KeyringName, KeyringName + keyring.Copy, oldKeyring, DoorName, TriesName}
	for _, n := range names {
		if err := os.Symlink(victim, filepath.Join(sh.dir, n+".tmp")); err != nil {
			t.Fatal(err)
		}
	}
	sh.write(func(x app.Tx) error { return x.SetSetting(app.SettingShopName, "新名字") })
	err := errors.Join(sh.keys.ResetPassword(bg, "小李", "新的密码 456"), sh.s.Rotate(bg, nil, nil),
		testVault().UpdateTries(sh.dir, "", func([][]byte) ([]byte, error) { return []byte("count"), nil }))
	if err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(victim); err != nil || string(b) != "precious" {
		t.Errorf("the other file is %d bytes, %v", len(b), err)
	}
	for _, n := range names {
		if st, err := os.Lstat(filepath.Join(sh.dir, n)); err != nil || !st.Mode().IsRegular() {
			t.Errorf("%s: %v %v", n, st, err)
		}
	}
}

// Pipes and huge files under the shop's names: nothing waits for ever, nothing is
// read into memory whole, and a good second copy stands in.
func TestStrangeFiles(t *testing.T) {
	sh := staffed(t)
	_ = sh.s.Close()
	for name, plant := range map[string]func(string) error{
		"pipe": func(p string) error { return syscall.Mkfifo(p, 0o600) },
		"huge": func(p string) error {
			return errors.Join(os.WriteFile(p, nil, 0o600), os.Truncate(p, 1<<40))
		},
	} {
		for _, n := range []string{KeyringName, DoorName, TriesName, oldKeyring} {
			path := filepath.Join(sh.dir, n)
			_ = os.Remove(path)
			if err := plant(path); err != nil {
				t.Fatal(err)
			}
		}
		done := beside(func() error {
			d, err := testVault().Look(sh.dir)
			if err == nil && d.ShopName != filepath.Base(sh.dir) {
				err = errors.New(d.ShopName)
			}
			_, err2 := sh.enter("老板", ownerPassword)
			return errors.Join(err, err2, testVault().UpdateTries(sh.dir, "", func(c [][]byte) ([]byte, error) {
				if c[0] != nil {
					return nil, errors.New("read")
				}
				return []byte("count"), nil
			}))
		})
		select {
		case err := <-done:
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
		case <-time.After(20 * time.Second):
			t.Fatal(name, ": hangs")
		}
	}
	// Both copies: it says so at once.
	for _, n := range []string{KeyringName, KeyringName + keyring.Copy} {
		_ = os.Remove(filepath.Join(sh.dir, n))
		if err := syscall.Mkfifo(filepath.Join(sh.dir, n), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	select {
	case err := <-beside(func() error { _, err := testVault().Look(sh.dir); return err }):
		wantFault(t, err, fault.Damaged, "keyring.damaged")
	case <-time.After(20 * time.Second):
		t.Fatal("hangs")
	}
}

// beside runs f beside the test.
func beside(f func() error) <-chan error {
	c := make(chan error, 1)
	go func() { c <- f() }()
	return c
}
