package store

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/store/keyring"
)

func seedOf(name string) app.NewShop {
	return app.NewShop{ShopName: "测试店", OwnerName: name, Password: ownerPassword}
}

func TestVaultLife(t *testing.T) {
	sh := newShop(t, 0)
	v := testVault()
	door, err := v.Look(sh.dir)
	if err != nil || door.ShopName != "测试店" || len(door.Users) != 1 || door.Users[0] != "老板" || len(door.ShopID) != 32 {
		t.Errorf("door %+v %v", door, err)
	}
	sh.read(func(x app.Tx) error {
		roles, err := x.Roles()
		if err != nil || len(roles) != len(access.Standard()) || roles[0].ID != access.Owner || len(roles[0].Grants) == 0 || roles[0].MaxDiscount != 1_000_000 {
			t.Errorf("roles: %v %v", roles, err)
		}
		u, err := x.UserByName("老板")
		if err != nil || u.Role != access.Owner {
			t.Errorf("owner: %+v %v", u, err)
		}
		return nil
	})
	if runtime.GOOS != "windows" { // which has no such bits
		err := filepath.Walk(sh.dir, func(p string, st os.FileInfo, err error) error {
			want := os.FileMode(0o600)
			if st.IsDir() {
				want = 0o700
			}
			if st.Mode().Perm() != want {
				t.Errorf("%s has mode %v, want %v", p, st.Mode().Perm(), want)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	_, err = v.Unlock(bg, sh.dir, "老板", ownerPassword)
	wantFault(t, err, fault.Locked, "shop.locked")
	_, _, err = v.Create(bg, sh.dir, seedOf("别人"))
	wantFault(t, err, fault.Locked, "shop.locked")
	if err := sh.s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := sh.s.Close(); err != nil { // twice is harmless
		t.Fatal(err)
	}
	_, _, err = v.Create(bg, sh.dir, seedOf("别人"))
	wantFault(t, err, fault.Conflict, "shop.exists")
	_, err = v.Unlock(bg, sh.dir, "老板", "wrong")
	wantFault(t, err, fault.WrongKey, "keyring.wrong-password")
	o, err := v.Unlock(bg, sh.dir, "老板", ownerPassword) // a failed attempt leaves no lock behind
	if err != nil || o.Who != "老板" {
		t.Fatal(err)
	}
	if err := o.Store.Close(); err != nil {
		t.Error(err)
	}
	_, err = v.Look(t.TempDir())
	wantFault(t, err, fault.NotFound, "shop.missing")
	empty := t.TempDir()
	_, err = v.Unlock(bg, empty, "老板", ownerPassword)
	wantFault(t, err, fault.NotFound, "shop.missing")
	if es, _ := os.ReadDir(empty); len(es) != 0 {
		t.Errorf("asking for a shop left %v", es)
	}
}

func TestShopNameAtTheDoor(t *testing.T) {
	sh := newShop(t, 0)
	err := sh.s.Write(bg, func(x app.Tx) error {
		if err := x.SetSetting(app.SettingShopName, "不算"); err != nil {
			return err
		}
		return fault.Bad("test", "test.no")
	})
	wantFault(t, err, fault.Invalid, "test.no")
	if d, err := testVault().Look(sh.dir); err != nil || d.ShopName != "测试店" {
		t.Errorf("after a rollback: %+v %v", d, err)
	}
	sh.write(func(x app.Tx) error { return x.SetSetting(app.SettingShopName, "新店名") })
	if d, err := testVault().Look(sh.dir); err != nil || d.ShopName != "新店名" {
		t.Errorf("after a rename: %+v %v", d, err)
	}
}

func TestCreateLeavesNothing(t *testing.T) {
	v := testVault()
	base := t.TempDir()
	for name, dir := range map[string]string{"new": filepath.Join(base, "new"), "there": t.TempDir()} {
		_, _, err := v.Create(bg, dir, seedOf("  ")) // no name a person can have
		if err == nil {
			t.Fatal("a nameless owner was let in")
		}
		es, err := os.ReadDir(dir)
		if name == "new" && err == nil || len(es) != 0 {
			t.Errorf("%s: left %v", name, es)
		}
	}
	file := filepath.Join(base, "file")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, err := v.Create(bg, filepath.Join(file, "shop"), seedOf("老板"))
	wantFault(t, err, fault.Invalid, "store.folder")
	other := t.TempDir()
	if err := os.WriteFile(filepath.Join(other, "照片.jpg"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, err = v.Create(bg, other, seedOf("老板"))
	wantFault(t, err, fault.Conflict, "shop.exists")
	if es, _ := os.ReadDir(other); len(es) != 1 {
		t.Errorf("somebody's folder now holds %v", es)
	}
	// a database whose keyring was lost is never thrown away
	lost := t.TempDir()
	if err := os.WriteFile(filepath.Join(lost, DBName), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, err = v.Create(bg, lost, seedOf("老板"))
	wantFault(t, err, fault.Conflict, "shop.exists")
	if _, err := os.Stat(filepath.Join(lost, DBName)); err != nil {
		t.Error(err)
	}
}

// TestCreateAfterPowerCut leaves a folder as a kill during Create may: between
// any two of its last steps.
func TestCreateAfterPowerCut(t *testing.T) {
	for moved := range 3 {
		dir := t.TempDir()
		making := filepath.Join(dir, makingName)
		if err := os.Mkdir(making, 0o700); err != nil {
			t.Fatal(err)
		}
		for i, name := range []string{DBName, DoorName, KeyringName} {
			at := making
			if i < moved {
				at = dir
			}
			if err := os.WriteFile(filepath.Join(at, name), []byte("half"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		o, _, err := testVault().Create(bg, dir, seedOf("老板"))
		if err != nil {
			t.Fatalf("%d moved: %v", moved, err)
		}
		if err := o.Store.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestKeysOfPeople(t *testing.T) {
	sh := newShop(t, 0)
	v := testVault()
	if err := sh.keys.AddUser(bg, "小王", "clerk password"); err != nil {
		t.Fatal(err)
	}
	wantFault(t, sh.keys.AddUser(bg, "小王", "other password"), fault.Conflict, "keyring.name-taken")
	if err := sh.keys.Check(bg, "小王", "clerk password"); err != nil {
		t.Error(err)
	}
	wantFault(t, sh.keys.Check(bg, "小王", ownerPassword), fault.WrongKey, "keyring.wrong-password")
	if err := sh.s.Close(); err != nil {
		t.Fatal(err)
	}
	o, err := v.Unlock(bg, sh.dir, "小王", "clerk password")
	if err != nil || o.Who != "小王" {
		t.Fatal(err)
	}
	wantFault(t, o.Keys.AddUser(bg, "小李", "third password"), fault.Denied, "keyring.owner-only")
	wantFault(t, o.Keys.SetPassword(bg, "小王", "not mine", "new clerk password"), fault.WrongKey, "keyring.wrong-password")
	if err := o.Keys.SetPassword(bg, "小王", "clerk password", "new clerk password"); err != nil {
		t.Error(err)
	}
	if _, err := o.Keys.Verify(bg, "老板", app.Proof{Password: ownerPassword}); err != nil { // the owner comes to the clerk's PC
		t.Fatal(err)
	}
	wantFault(t, o.Keys.AddUser(bg, "小李", "third password"), fault.Denied, "keyring.owner-only") // and only says yes to something
	o.Keys.Present("老板")
	if err := o.Keys.AddUser(bg, "小李", "third password"); err != nil {
		t.Error(err)
	}
	if err := o.Keys.RenameUser(bg, "小李", "李四"); err != nil {
		t.Error(err)
	}
	if err := o.Keys.RemoveUser(bg, "小王"); err != nil {
		t.Error(err)
	}
	if err := o.Keys.ResetPassword(bg, "老板", "another owner password"); err != nil {
		t.Error(err)
	}
	if err := o.Keys.RemoveUser(bg, "李四"); err != nil { // still the owner after resetting the own password
		t.Error(err)
	}
	o.Keys.Present("")
	if held := o.Keys.(*keys).owners; len(held) != 0 {
		t.Error("an owner's keys stay in memory after they left")
	}
	wantFault(t, o.Keys.RemoveUser(bg, "老板"), fault.Denied, "keyring.owner-only")
	if err := o.Store.Close(); err != nil {
		t.Error(err)
	}
	if _, err = v.Unlock(bg, sh.dir, "小王", "new clerk password"); fault.KindOf(err) != fault.WrongKey {
		t.Errorf("who left can still come in: %v", err)
	}
	o, err = v.Unlock(bg, sh.dir, "老板", "another owner password")
	if err != nil {
		t.Fatal(err)
	}
	_ = o.Store.Close()
}

func TestKeyringThatCannotBeSaved(t *testing.T) {
	sh := newShop(t, 0)
	k := sh.keys.(*keys)
	good := k.path
	k.path = filepath.Join(sh.dir, "gone", KeyringName)
	if err := k.AddUser(bg, "小王", "clerk password"); err == nil {
		t.Fatal("saved nowhere")
	}
	k.path = good
	if _, ok := k.idOf("小王"); ok {
		t.Error("the person is in the ring but not on the disk")
	}
	if err := k.AddUser(bg, "小王", "clerk password"); err != nil {
		t.Error(err)
	}
}

func TestRecovery(t *testing.T) {
	sh := newShop(t, 0)
	v := testVault()
	code := strings.Join(sh.code.Groups, " ")
	if len(sh.code.Groups) != keyring.CodeGroups {
		t.Fatalf("%d groups", len(sh.code.Groups))
	}
	fresh, err := sh.keys.NewRecovery(bg)
	if err != nil {
		t.Fatal(err)
	}
	if err := sh.s.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = v.Recover(bg, sh.dir, code)
	wantFault(t, err, fault.WrongKey, "keyring.wrong-code") // the old kit opens nothing
	_, err = v.RecoverWho(sh.dir, code)
	wantFault(t, err, fault.WrongKey, "keyring.wrong-code")
	_, err = v.RecoverWho(sh.dir, "1")
	if err == nil {
		t.Error("a code of one digit")
	}
	who, err := v.RecoverWho(sh.dir, strings.Join(fresh.Groups, "-"))
	if err != nil || !slices.Equal(who, []string{"老板"}) {
		t.Error(who, err)
	}
	o, err := v.Recover(bg, sh.dir, strings.Join(fresh.Groups, "-"))
	if err != nil || o.Who != "" {
		t.Fatal(o.Who, err)
	}
	if err := o.Keys.Check(bg, "老板", ownerPassword); err != nil { // nothing is changed yet
		t.Error(err)
	}
	if err := o.Keys.ResetPassword(bg, "老板", "brand new password"); err != nil {
		t.Error(err)
	}
	o.Keys.Present("老板")
	if err := o.Keys.AddUser(bg, "小王", "clerk password"); err != nil { // goes on as the owner they are
		t.Error(err)
	}
	if err := o.Store.Close(); err != nil {
		t.Error(err)
	}
	_, err = v.Unlock(bg, sh.dir, "老板", ownerPassword)
	wantFault(t, err, fault.WrongKey, "keyring.wrong-password")
	if o, err = v.Unlock(bg, sh.dir, "老板", "brand new password"); err != nil {
		t.Fatal(err)
	}
	_ = o.Store.Close()
}

// TestRestoredShop opens a shop as a backup leaves it: the encrypted file and
// the owner's and recovery slots, on another machine.
func TestRestoredShop(t *testing.T) {
	sh := newShop(t, 1)
	v := testVault()
	if err := sh.keys.AddUser(bg, "小王", "clerk password"); err != nil {
		t.Fatal(err)
	}
	sh.write(func(x app.Tx) error {
		_, err := x.SaveUser(app.User{Name: "小王", Role: access.Cashier})
		return err
	})
	ak := sh.keys.ArchiveKeys()
	if err := sh.s.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(sh.dir, DBName))
	if err != nil {
		t.Fatal(err)
	}
	for who, open := range map[string]func() (app.ArchiveKeys, error){
		"code": func() (app.ArchiveKeys, error) {
			return v.ArchiveKeys(bg, ak.Slots, app.Opener{Code: strings.Join(sh.code.Groups, "")})
		},
		"owner": func() (app.ArchiveKeys, error) {
			return v.ArchiveKeys(bg, ak.Slots, app.Opener{User: "老板", Password: ownerPassword})
		},
		"nameless": func() (app.ArchiveKeys, error) {
			return v.ArchiveKeys(bg, ak.Slots, app.Opener{Password: ownerPassword})
		},
	} {
		if got, err := open(); err != nil || got.DEK != ak.DEK || got.ShopID != ak.ShopID {
			t.Errorf("%s: %v", who, err)
		}
	}
	_, err = v.ArchiveKeys(bg, ak.Slots, app.Opener{User: "小王", Password: "clerk password"})
	if fault.KindOf(err) != fault.WrongKey {
		t.Errorf("a clerk's password opened a backup: %v", err)
	}
	dir := t.TempDir()
	for name, b := range map[string][]byte{DBName: raw, KeyringName: ak.Slots} {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, err = v.Unlock(bg, dir, "小王", "clerk password")
	if fault.KindOf(err) != fault.WrongKey {
		t.Errorf("a clerk came in without a slot: %v", err)
	}
	o, err := v.Unlock(bg, dir, "老板", ownerPassword)
	if err != nil {
		t.Fatal(err)
	}
	if err := o.Store.Read(bg, func(x app.Tx) error {
		_, err := x.UserByName("小王")
		return err
	}); err != nil {
		t.Errorf("the clerk is not in the user table: %v", err)
	}
	if err := o.Keys.ResetPassword(bg, "小王", "new clerk password"); err != nil {
		t.Fatal(err)
	}
	if err := o.Store.Close(); err != nil {
		t.Error(err)
	}
	if o, err = v.Unlock(bg, dir, "小王", "new clerk password"); err != nil {
		t.Fatal(err)
	}
	_ = o.Store.Close()
}
