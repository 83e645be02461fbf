package app_test

import (
	"context"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/app/totp"
	"tiezhang/store"
	"tiezhang/store/cipherdb"
	"tiezhang/store/keyring"
)

var bg = context.Background()

// sure brings the password along.
var sure = app.WithPassword(bg, worldPassword)

// totp is the code a person's phone shows now.
func (w *world) totp(name string) string {
	w.t.Helper()
	s, err := w.st.keys.Verify(bg, name, app.Proof{Password: worldPassword})
	if err != nil {
		w.t.Fatal(err)
	}
	return s.Code(totp.Step(w.clock.at))
}

func must[R any, C app.Command[R]](t *testing.T, s *app.Session, c C) R {
	t.Helper()
	r, err := app.Do(sure, s, c)
	if err != nil {
		t.Fatalf("%T: %v", c, err)
	}
	return r
}

func faulted(t *testing.T, err error, key string) {
	t.Helper()
	if err == nil || fault.KeyOf(err) != key {
		t.Errorf("got %v (%s), want %s", err, fault.KeyOf(err), key)
	}
}

func (d *door) enter(name string, p app.Proof) (*app.Session, error) {
	return d.host.Enter(bg, d.dir, name, p)
}

func (d *door) sure(name string, p app.Proof) *app.Session {
	d.t.Helper()
	s, err := d.enter(name, p)
	if err != nil {
		d.t.Fatalf("%s: %v", name, err)
	}
	return s
}

// phone reads the secret off what the QR code says, as an authenticator app does.
func phone(t *testing.T, uri string) (s totp.Secret) {
	t.Helper()
	_, rest, ok := strings.Cut(uri, "secret=")
	code, _, _ := strings.Cut(rest, "&")
	b, err := base32.StdEncoding.DecodeString(code)
	if !ok || err != nil || len(b) != len(s) {
		t.Fatal(uri, err)
	}
	copy(s[:], b)
	return s
}

func TestCodesFromThePhone(t *testing.T) {
	d := newDoor(t)
	pw := app.Proof{Password: worldPassword}
	s := d.sure(doorClerk, pw)
	_, err := app.Do(bg, s, app.StartTOTP{Password: "wrong"})
	faulted(t, err, "keyring.wrong-password")
	setup := must(t, s, app.StartTOTP{Password: worldPassword})
	ph := phone(t, setup.URI)
	if !strings.Contains(setup.URI, "otpauth://totp/Corner:clerk?") || ph.Text() != setup.Secret {
		t.Error(setup.URI)
	}
	now := func() int64 { return totp.Step(d.clock.at) }
	// Begun is not yet on: who loses the phone now is not locked out.
	d.close(s)
	s = d.sure(doorClerk, pw)
	_, err = app.Do(bg, s, app.ConfirmTOTP{Password: worldPassword, Code: "000000"})
	faulted(t, err, "totp.wrong")
	must(t, s, app.ConfirmTOTP{Password: worldPassword, Code: ph.Code(now())})
	_, err = app.Do(bg, s, app.StartTOTP{Password: worldPassword})
	faulted(t, err, "totp.on")
	d.close(s)

	_, err = d.enter(doorClerk, pw)
	faulted(t, err, "signin.needs-code")
	try := func(code, want string) {
		t.Helper()
		s, err := d.enter(doorClerk, app.Proof{Password: worldPassword, Code: code})
		if want == "" && err == nil {
			d.close(s)
			return
		}
		faulted(t, err, want)
	}
	try(ph.Code(now()), "totp.used") // it confirmed
	d.clock.at = d.clock.at.Add(totp.Period)
	try(ph.Code(now()+2), "totp.wrong") // a clock two steps ahead
	try(ph.Code(now()+1), "")           // one ahead
	try(ph.Code(now()+1), "totp.used")
	try(ph.Code(now()), "totp.used") // older than one that was used
	d.clock.at = d.clock.at.Add(10 * totp.Period)
	try(ph.Code(now()-1), "")
	// The clock is set back to when an old code was shown.
	old := ph.Code(now() - 1)
	d.clock.at = d.clock.at.Add(-5 * totp.Period)
	try(old, "totp.clock")
	d.clock.at = d.clock.at.Add(30 * time.Minute)

	// The person turns it off with their password; the code just used stays used.
	s = d.sure(doorClerk, app.Proof{Password: worldPassword, Code: ph.Code(now())})
	_, err = app.Do(bg, s, app.DropTOTP{Password: "wrong"})
	faulted(t, err, "keyring.wrong-password")
	must(t, s, app.DropTOTP{Password: worldPassword})
	next := phone(t, must(t, s, app.StartTOTP{Password: worldPassword}).URI)
	if next == ph {
		t.Error("the same secret again")
	}
	d.clock.at = d.clock.at.Add(time.Minute)
	must(t, s, app.ConfirmTOTP{Password: worldPassword, Code: next.Code(now())})
	d.close(s)
	d.clock.at = d.clock.at.Add(time.Minute)
	try(ph.Code(now()), "totp.wrong") // the old phone
	// The owner turns it off for somebody who lost their phone, not for themselves.
	s = d.sure(doorOwner, pw)
	_, err = app.Do(sure, s, app.DropTOTPOf{Name: doorOwner})
	faulted(t, err, "totp.own")
	must(t, s, app.DropTOTPOf{Name: doorClerk})
	d.close(s)
	d.close(d.sure(doorClerk, pw))
}

func TestKeyStick(t *testing.T) {
	d := newDoor(t)
	pw := app.Proof{Password: worldPassword}
	s := d.sure(doorClerk, pw)
	stick, stick2 := t.TempDir(), t.TempDir()
	_, err := app.Do(bg, s, app.MakeKeyFile{Password: worldPassword, Folder: d.dir})
	faulted(t, err, "keyfile.inside")
	_, err = app.Do(bg, s, app.MakeKeyFile{Password: worldPassword, Folder: filepath.Join(stick, "gone")})
	faulted(t, err, "keyfile.folder")
	_, err = app.Do(bg, s, app.MakeKeyFile{Password: "wrong", Folder: stick})
	faulted(t, err, "keyring.wrong-password")
	if es, _ := os.ReadDir(stick); len(es) > 0 {
		t.Error("a refused attempt wrote to the stick")
	}
	path := must(t, s, app.MakeKeyFile{Password: worldPassword, Folder: stick})
	d.close(s)

	look, err := d.host.Vault.Look(d.dir)
	if err != nil || look.KeyFiles[doorClerk] != filepath.Base(path) || look.KeyFiles[doorOwner] != "" {
		t.Errorf("%v %v", look.KeyFiles, err)
	}
	name := look.KeyFiles[doorClerk]
	_, err = d.enter(doorClerk, pw)
	faulted(t, err, "keyring.needs-key-file")
	_, err = app.ReadKeyFile(stick2, name)
	faulted(t, err, "keyfile.missing")
	if err := os.WriteFile(filepath.Join(stick2, name), []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = app.ReadKeyFile(stick2, name)
	faulted(t, err, "keyfile.size")
	_, err = d.enter(doorClerk, app.Proof{Password: worldPassword, KeyFile: make([]byte, 32)})
	faulted(t, err, "keyring.wrong-password")
	file := app.FindKeyFile(name, []string{filepath.Join(stick2, "none"), stick2, stick})
	if file == nil {
		t.Fatal("not found")
	}
	with := app.Proof{Password: worldPassword, KeyFile: file}
	s = d.sure(doorClerk, with)
	// Another stick, which the old one must agree to; then the old one is nothing.
	_, err = app.Do(bg, s, app.MakeKeyFile{Password: worldPassword, File: file, Folder: stick})
	faulted(t, err, "keyfile.exists")
	if err := os.Remove(filepath.Join(stick2, name)); err != nil {
		t.Fatal(err)
	}
	must(t, s, app.MakeKeyFile{Password: worldPassword, File: file, Folder: stick2})
	d.close(s)
	_, err = d.enter(doorClerk, with)
	faulted(t, err, "keyring.wrong-password")
	file2 := app.FindKeyFile(name, []string{stick2})
	s = d.sure(doorClerk, app.Proof{Password: worldPassword, KeyFile: file2})
	// A new password leaves the stick needed.
	must(t, s, app.ChangePassword{Old: worldPassword, New: "Apple-Ridge-41-Tuba", File: file2})
	d.close(s)
	_, err = d.enter(doorClerk, app.Proof{Password: "Apple-Ridge-41-Tuba"})
	faulted(t, err, "keyring.needs-key-file")
	s = d.sure(doorClerk, app.Proof{Password: "Apple-Ridge-41-Tuba", KeyFile: file2})
	_, err = app.Do(bg, s, app.DropKeyFile{Password: "Apple-Ridge-41-Tuba", File: file})
	faulted(t, err, "keyring.wrong-password")
	must(t, s, app.DropKeyFile{Password: "Apple-Ridge-41-Tuba", File: file2})
	d.close(s)
	d.close(d.sure(doorClerk, app.Proof{Password: "Apple-Ridge-41-Tuba"}))
}

func TestOneTimeCode(t *testing.T) {
	d := newDoor(t)
	pw := app.Proof{Password: worldPassword}
	s := d.sure(doorOwner, pw)
	_, err := app.Do(sure, s, app.GiveCode{Name: doorOwner})
	faulted(t, err, "user.code-own")
	first := must(t, s, app.GiveCode{Name: doorClerk})
	code := must(t, s, app.GiveCode{Name: doorClerk})
	guest := must(t, s, app.Invite{Name: "guest", Role: access.Cashier})
	d.close(s)
	if len(code.Groups) != 5 || code.Until != d.clock.at.Add(72*time.Hour).Unix() {
		t.Error(len(code.Groups), code.Until)
	}
	for what, wrong := range map[string]string{"old password": worldPassword, "a code replaced": strings.Join(first.Groups, "-"),
		"another's": strings.Join(guest.Groups, "-")} {
		if _, err := d.enter(doorClerk, app.Proof{Password: wrong}); fault.KindOf(err) != fault.WrongKey {
			t.Errorf("%s: %v", what, err)
		}
	}
	// Typed as people type it.
	typed := strings.NewReplacer("0", "０", "7", "７").Replace(strings.Join(code.Groups, " "))
	s = d.sure(doorClerk, app.Proof{Password: typed})
	if s.Pending() != app.ChooseFirst {
		t.Error(s.Pending())
	}
	_, err = app.Ask(bg, s, app.Home{})
	faulted(t, err, "gate.pending-first")
	must(t, s, app.ChangePassword{Old: typed, New: "Apple-Ridge-41-Tuba"})
	if _, err := app.Ask(bg, s, app.Status{}); err != nil {
		t.Error(err)
	}
	d.close(s)
	_, err = d.enter(doorClerk, app.Proof{Password: typed})
	faulted(t, err, "keyring.wrong-password") // once
	d.close(d.sure(doorClerk, app.Proof{Password: "Apple-Ridge-41-Tuba"}))
	// Three days, and it is over.
	d.clock.at = d.clock.at.Add(72*time.Hour + time.Second)
	_, err = d.enter("guest", app.Proof{Password: strings.Join(guest.Groups, "")})
	faulted(t, err, "signin.code-over")
	s = d.sure(doorOwner, pw)
	guest = must(t, s, app.GiveCode{Name: "guest"})
	d.close(s)
	d.close(d.sure("guest", app.Proof{Password: strings.Join(guest.Groups, "")}))
}

// TestSecondOwner: a promoted person can do with the keys what the first can,
// and one who is taken back can not.
func TestSecondOwner(t *testing.T) {
	d := newDoor(t)
	pw := app.Proof{Password: worldPassword}
	s := d.sure(doorOwner, pw)
	must(t, s, app.ChangeUser{Name: doorClerk, Role: access.Owner})
	must(t, s, app.AddUser{Name: "third", Password: worldPassword, Role: access.Owner})
	if err := app.WriteStore(s, func(tx app.Tx) error { // has chosen a password since; see TestANewOwnersPassword
		u, err := tx.UserByName(doorClerk)
		if err != nil {
			return err
		}
		u.PasswordAt = u.RoleAt
		_, err = tx.SaveUser(u)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	d.close(s)
	for _, n := range []string{doorClerk, "third"} {
		s := d.sure(n, pw)
		must(t, s, app.AddUser{Name: "by-" + n, Password: worldPassword, Role: access.Cashier})
		if _, err := app.Run(sure, s, app.RotateKey{}); err != nil {
			t.Errorf("%s: %v", n, err)
		}
		d.close(s)
	}
	s = d.sure(doorClerk, pw)
	must(t, s, app.ChangeUser{Name: doorOwner, Role: access.Manager})
	k, err := app.Ask(bg, s, app.KeyState{})
	if err != nil || !k.Due || k.Why != app.DueOwner {
		t.Errorf("%+v %v", k, err)
	}
	// The demoted one confirms at the open shop: their keys move nothing now.
	if _, err := s.Shop().SignIn(bg, doorOwner, worldPassword); err != nil {
		t.Fatal(err)
	}
	s, err = s.Shop().SignIn(bg, "third", worldPassword)
	if err != nil {
		t.Fatal(err)
	}
	must(t, s, app.AddUser{Name: "last", Password: worldPassword, Role: access.Cashier})
	must(t, s, app.ChangeUser{Name: doorClerk, Role: access.Cashier})
	_, err = app.Do(sure, s, app.ChangeUser{Name: "third", Role: access.Cashier})
	faulted(t, err, "user.own-account")
	d.close(s)
	for _, n := range []string{doorOwner, doorClerk, "last"} {
		d.close(d.sure(n, pw))
	}
}

// TestLeaving: an employee copies the folder and the keyring, and leaves. What
// they have opens what it held that day, and nothing written since.
func TestLeaving(t *testing.T) {
	d := newDoor(t)
	pw := app.Proof{Password: worldPassword}
	s := d.sure(doorOwner, pw)
	must(t, s, app.AddUser{Name: "heir", Password: worldPassword, Role: access.Cashier})
	clerk := s.Shop()
	cs, err := clerk.SignIn(bg, doorClerk, worldPassword)
	if err != nil {
		t.Fatal(err)
	}
	party := must(t, cs, app.SaveParty{Party: master.Party{Code: "K1", Name: "Zhang", Kind: master.Customer}})
	d.close(cs)
	copied := t.TempDir()
	files := []string{"shop.db", "keyring", "keyring.prev", "door.json"}
	for _, f := range files {
		b, err := os.ReadFile(filepath.Join(d.dir, f))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(copied, f), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s = d.sure(doorOwner, pw)
	for _, c := range []struct {
		t    app.LeavePerson
		want string
	}{
		{app.LeavePerson{Name: doorOwner}, "leave.self"},
		{app.LeavePerson{Name: "nobody"}, "user.unknown"},
		{app.LeavePerson{Name: doorClerk}, "leave.hand-over"},
		{app.LeavePerson{Name: doorClerk, HandOverTo: doorClerk}, "leave.to"},
		{app.LeavePerson{Name: doorClerk, HandOverTo: "nobody"}, "leave.to"},
	} {
		_, err := app.Run(sure, s, c.t)
		faulted(t, err, c.want)
	}
	left, err := app.Run(sure, s, app.LeavePerson{Name: doorClerk, HandOverTo: "heir", RotateLater: true})
	if err != nil || !left.Disabled || !left.SlotRemoved || left.Customers != 1 || left.To != "heir" || left.Rotated || !left.RotationDue {
		t.Fatalf("%+v %v", left, err)
	}
	if k, err := app.Ask(bg, s, app.KeyState{}); err != nil || !k.Due || k.Why != app.DueLeft {
		t.Errorf("%+v %v", k, err)
	}
	_, err = s.Shop().SignIn(bg, doorClerk, worldPassword)
	if fault.KindOf(err) != fault.WrongKey {
		t.Error("who left signs in:", err)
	}
	s, err = s.Shop().SignIn(bg, "heir", worldPassword)
	if err != nil {
		t.Fatal(err)
	}
	if p, err := app.Ask(bg, s, app.GetParty{ID: party}); err != nil || p.Name != "Zhang" {
		t.Errorf("%+v %v", p, err)
	}
	s, err = s.Shop().SignIn(bg, doorOwner, worldPassword)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := app.Run(sure, s, app.RotateKey{}); err != nil {
		t.Fatal(err)
	}
	k, err := app.Ask(bg, s, app.KeyState{})
	if err != nil || k.Due || !k.OldKept || k.RotatedAt != d.clock.at.Unix() {
		t.Errorf("%+v %v", k, err)
	}
	must(t, s, app.SaveParty{Party: master.Party{Code: "K2", Name: "newer than the copy", Kind: master.Customer}})
	// A verified backup, and the old file goes.
	if _, err := app.Run(sure, s, app.BackupNow{Folder: filepath.Join(t.TempDir(), "stick")}); err != nil {
		t.Fatal(err)
	}
	if k, _ := app.Ask(bg, s, app.KeyState{}); k.OldKept {
		t.Error("the old file is still there after a verified backup")
	}
	if _, err := app.Run(bg, s, app.VerifyShop{}); err != nil {
		t.Error(err)
	}
	d.close(s)

	// The copy opens with the password of that day: that is gone. Take its key.
	o, err := (store.Vault{Profile: keyring.ProfileForTests}).Unlock(bg, copied, doorClerk, worldPassword)
	if err != nil {
		t.Fatal(err)
	}
	stolen, err := hex.DecodeString(o.Keys.Raw())
	if err != nil {
		t.Fatal(err)
	}
	_ = o.Store.Close()
	now, err := filepath.Glob(filepath.Join(d.dir, "shop.db*"))
	if err != nil || len(now) != 1 {
		t.Fatal(now, err)
	}
	_, err = cipherdb.Open(now[0], [32]byte(stolen))
	faulted(t, err, "cipherdb.wrong-key")
	// Old keyring beside the new file, under its own name and under the old one.
	for _, as := range []string{filepath.Base(now[0]), "shop.db"} {
		mix := t.TempDir()
		for from, to := range map[string]string{filepath.Join(copied, "keyring"): "keyring", now[0]: as} {
			b, err := os.ReadFile(from)
			if err == nil {
				err = os.WriteFile(filepath.Join(mix, to), b, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		_, err := (store.Vault{Profile: keyring.ProfileForTests}).Unlock(bg, mix, doorClerk, worldPassword)
		if key := fault.KeyOf(err); key != "cipherdb.wrong-key" && key != "store.newer-generation" {
			t.Errorf("%s: %v", as, err)
		}
	}
	// The old slot in the new keyring is none: the grant is of another key.
	_, err = d.enter(doorClerk, pw)
	if fault.KindOf(err) != fault.WrongKey {
		t.Error(err)
	}
	d.close(d.sure("heir", pw))
}

// Leaving goes through even if the key can't be changed now; it stays due.
func TestLeavingWithoutANewKey(t *testing.T) {
	v := &undoVault{Vault: store.Vault{Profile: keyring.ProfileForTests}}
	h := app.Host{Vault: v, Clock: &setClock{worldStart}, Machine: "PC1/me", Version: "test"}
	s, _, err := h.New(bg, filepath.Join(t.TempDir(), "shop"), app.NewShop{ShopName: "Corner", OwnerName: doorOwner, Password: worldPassword})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Shop().Close(bg)
	must(t, s, app.AddUser{Name: "spare", Password: worldPassword, Role: access.Cashier})
	bad := errors.New("no room")
	v.last.rotate = bad
	left, err := app.Run(sure, s, app.LeavePerson{Name: "spare"})
	if err != nil || !left.Disabled || left.Rotated || !left.RotationDue || left.Problem == nil || !errors.Is(left.Problem, bad) {
		t.Errorf("%+v %v", left, err)
	}
	if k, err := app.Ask(bg, s, app.KeyState{}); err != nil || !k.Due || k.Why != app.DueLeft {
		t.Errorf("%+v %v", k, err)
	}
	v.last.rotate = nil
	if _, err := app.Run(sure, s, app.RotateKey{}); err != nil {
		t.Error(err)
	}
	if k, err := app.Ask(bg, s, app.KeyState{}); err != nil || k.Due {
		t.Errorf("%+v %v", k, err)
	}
}
