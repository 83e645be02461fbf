package keyring

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tiezhang/app/fault"
)

func pw(s string) Secret { return Secret{Password: s} }

type shop struct {
	r     *Ring
	owner *Unlocked
	code  RecoveryCode
}

// newShop is a shop with an owner and two clerks.
func newShop(t testing.TB) shop {
	t.Helper()
	r, u, code, err := Create(NewShopID(), Account{ID: "boss", Name: "王老板"}, pw("老板的 长密码 2026"), ProfileForTests())
	must(t, err)
	must(t, r.AddUser(u, Account{ID: "li", Name: "李四"}, pw("li-password"), ProfileForTests()))
	must(t, r.AddUser(u, Account{ID: "zhao", Name: "Zhao Liu"}, pw("zhao-password"), ProfileForTests()))
	return shop{r, u, code}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKey(t testing.TB, err error, kind fault.Kind, key string) {
	t.Helper()
	if err == nil || fault.KeyOf(err) != key || fault.KindOf(err) != kind {
		t.Fatalf("got %v, want %v %s", err, kind, key)
	}
}

func reparse(t testing.TB, r *Ring) *Ring {
	t.Helper()
	n, err := Parse(r.Bytes())
	must(t, err)
	if !bytes.Equal(n.Bytes(), r.Bytes()) {
		t.Fatal("parsing changed the bytes")
	}
	return n
}

func TestEverybodyOpensTheSameKey(t *testing.T) {
	s := newShop(t)
	r := reparse(t, s.r)
	for _, who := range []struct {
		user, pass string
		owner      bool
	}{
		{"boss", "老板的 长密码 2026", true}, {"王老板", "老板的 长密码 ２０２６", true}, // full-width digits, same keystrokes
		{"li", "li-password", false}, {"zhao liu", "zhao-password", false}, {"ＺＨＡＯ ＬＩＵ", "zhao-password", false},
	} {
		u, err := r.Unlock(who.user, pw(who.pass))
		must(t, err)
		if u.DEK != s.owner.DEK || u.IsOwner() != who.owner {
			t.Fatalf("%s: wrong key or wrong right", who.user)
		}
		sig := u.Sign([]byte("epoch"))
		if !Verify(u.SignKey(), []byte("epoch"), sig) || Verify(u.SignKey(), []byte("epoch!"), sig) {
			t.Fatalf("%s: signature", who.user)
		}
		if _, _, ok := u.LogSecrets(); ok != who.owner {
			t.Fatalf("%s: log secrets", who.user)
		}
	}
	u, err := r.UnlockRecovery(s.code)
	must(t, err)
	if u.DEK != s.owner.DEK || !u.IsOwner() || u.Sign([]byte("x")) != nil {
		t.Fatal("recovery")
	}
	if got := r.Users(); len(got) != 3 || got[0].ID != "boss" || !got[0].Owner || got[1].Owner {
		t.Fatalf("users %v", got)
	}
}

func TestWrongSecrets(t *testing.T) {
	s := newShop(t)
	_, err := s.r.Unlock("li", pw("zhao-password"))
	wantKey(t, err, fault.WrongKey, "keyring.wrong-password")
	_, err = s.r.Unlock("nobody", pw("x"))
	wantKey(t, err, fault.WrongKey, "keyring.unknown-user")
	_, err = s.r.Unlock("li", pw(""))
	wantKey(t, err, fault.Invalid, "keyring.password-empty")
	_, err = s.r.Unlock("li", pw(string(bytes.Repeat([]byte("x"), 129))))
	wantKey(t, err, fault.Invalid, "keyring.password-long")
	_, err = s.r.UnlockRecovery(NewRecoveryCode())
	wantKey(t, err, fault.WrongKey, "keyring.wrong-code")
	other := newShop(t)
	_, err = s.r.UnlockRecovery(other.code)
	wantKey(t, err, fault.WrongKey, "keyring.wrong-code")
}

func TestKeyFile(t *testing.T) {
	s := newShop(t)
	kf := bytes.Repeat([]byte{7}, KeyFileSize)
	must(t, s.r.ChangePassword(s.owner, Secret{"new owner pass", kf}, ProfileForTests()))
	_, err := s.r.Unlock("boss", pw("new owner pass"))
	wantKey(t, err, fault.NeedsStep, "keyring.needs-key-file")
	_, err = s.r.Unlock("boss", Secret{"new owner pass", bytes.Repeat([]byte{8}, KeyFileSize)})
	wantKey(t, err, fault.WrongKey, "keyring.wrong-password")
	_, err = s.r.Unlock("boss", Secret{"new owner pass", kf[:31]})
	wantKey(t, err, fault.Invalid, "keyring.key-file-size")
	_, err = s.r.Unlock("boss", Secret{"new owner pass", kf})
	must(t, err)
	_, err = s.r.Unlock("li", Secret{"li-password", kf}) // plugged in but not asked for
	must(t, err)
}

func TestPasswordChangeAndResets(t *testing.T) {
	s := newShop(t)
	li, err := s.r.Unlock("li", pw("li-password"))
	must(t, err)
	before, seq := li.SignKey(), s.r.Seq()
	must(t, s.r.ChangePassword(li, pw("another one"), ProfileForTests()))
	if s.r.Seq() != seq {
		t.Fatal("a password change touched the roster")
	}
	reparse(t, s.r)
	_, err = s.r.Unlock("li", pw("li-password"))
	wantKey(t, err, fault.WrongKey, "keyring.wrong-password")
	li, err = s.r.Unlock("li", pw("another one"))
	must(t, err)
	if li.SignKey() != before {
		t.Fatal("the identity changed with the password")
	}
	// A clerk may reset nobody.
	wantKey(t, s.r.ResetPassword(li, "zhao", pw("mine"), ProfileForTests()), fault.Denied, "keyring.owner-only")
	wantKey(t, s.r.AddUser(li, Account{ID: "x", Name: "x"}, pw("mine"), ProfileForTests()), fault.Denied, "keyring.owner-only")
	wantKey(t, s.r.RemoveUser(li, "zhao"), fault.Denied, "keyring.owner-only")
	must(t, s.r.ResetPassword(s.owner, "li", pw("third one"), ProfileForTests()))
	li, err = reparse(t, s.r).Unlock("li", pw("third one"))
	must(t, err)
	if li.SignKey() == before || li.DEK != s.owner.DEK {
		t.Fatal("reset")
	}
	// The owner forgot the password.
	u, err := s.r.ResetOwnerByRecovery(s.code, "", pw("owner anew"), ProfileForTests())
	must(t, err)
	if u.DEK != s.owner.DEK || !u.IsOwner() {
		t.Fatal("recovery reset")
	}
	u, err = reparse(t, s.r).Unlock("boss", pw("owner anew"))
	must(t, err)
	// The session opened with the old identity is no owner any more.
	wantKey(t, s.r.RemoveUser(s.owner, "li"), fault.Denied, "keyring.owner-only")
	must(t, s.r.RemoveUser(u, "li"))
	wantKey(t, s.r.RemoveUser(u, "boss"), fault.Denied, "keyring.last-owner")
	_, err = s.r.ResetOwnerByRecovery(s.code, "zhao", pw("x"), ProfileForTests())
	wantKey(t, err, fault.NotFound, "keyring.no-such-user")
}

func TestNewRecovery(t *testing.T) {
	s := newShop(t)
	code, err := s.r.NewRecovery(s.owner)
	must(t, err)
	_, err = s.r.UnlockRecovery(s.code)
	wantKey(t, err, fault.WrongKey, "keyring.wrong-code")
	u, err := reparse(t, s.r).UnlockRecovery(code)
	must(t, err)
	if u.DEK != s.owner.DEK {
		t.Fatal("key")
	}
}

func TestBackupSlotsCarryNoClerk(t *testing.T) {
	s := newShop(t)
	li, err := s.r.Unlock("li", pw("li-password"))
	must(t, err)
	raw, err := s.r.BackupSlots(li.DEK) // the owner need not be there
	must(t, err)
	for _, absent := range []string{"li", "李四", "zhao", "Zhao Liu"} {
		if bytes.Contains(raw, append([]byte{byte(len(absent))}, absent...)) {
			t.Fatalf("%s is in the backup's keyring", absent)
		}
	}
	b, err := Parse(raw)
	must(t, err)
	if !b.IsBackup() || len(b.Users()) != 1 {
		t.Fatalf("users %v", b.Users())
	}
	_, err = b.Unlock("li", pw("li-password"))
	wantKey(t, err, fault.WrongKey, "keyring.unknown-user")
	u, err := b.Unlock("boss", pw("老板的 长密码 2026"))
	must(t, err)
	if _, err := b.UnlockRecovery(s.code); err != nil || u.DEK != s.owner.DEK {
		t.Fatal("owner and recovery must open the backup", err)
	}
	// The owner changes the password, then lets a clerk in again.
	must(t, b.ChangePassword(u, pw("after restore"), ProfileForTests()))
	b = reparse(t, b)
	must(t, b.AddUser(u, Account{ID: "li", Name: "李四"}, pw("li again"), ProfileForTests()))
	b = reparse(t, b)
	if b.IsBackup() {
		t.Fatal("still a backup")
	}
	_, err = b.Unlock("li", pw("li again"))
	must(t, err)
	if _, err := s.r.BackupSlots(Key{1}); err == nil {
		t.Fatal("made without the data key")
	}
}

func TestRotationEndsAnOldCopy(t *testing.T) {
	s := newShop(t)
	copied := reparse(t, s.r) // what 李四 carried home
	must(t, s.r.RemoveUser(s.owner, "li"))
	n, u, err := s.r.Rotated(s.owner, NewNextKey())
	must(t, err)
	n = reparse(t, n)
	if n.KeyID() == s.r.KeyID() || u.DEK == s.owner.DEK || n.Matches(s.owner.DEK) {
		t.Fatal("not rotated")
	}
	old, err := copied.Unlock("li", pw("li-password"))
	must(t, err)
	if old.DEK != s.owner.DEK {
		t.Fatal("the copy should open what it always opened")
	}
	if n.Matches(old.DEK) {
		t.Fatal("the old copy opens the new key")
	}
	// Nor can the old slot be carried into the new file.
	forged := n.st.Load().clone()
	forged.slots = append(forged.slots, *copied.st.Load().find("li"))
	slices.SortFunc(forged.slots, func(a, b slot) int { return strings.Compare(a.id, b.id) })
	forged.seal(u.DEK)
	_, err = Parse(forged.raw)
	wantKey(t, err, fault.Damaged, "keyring.unsigned")
	for user, pass := range map[string]string{"boss": "老板的 长密码 2026", "zhao": "zhao-password"} {
		got, err := n.Unlock(user, pw(pass))
		must(t, err)
		if got.DEK != u.DEK {
			t.Fatal(user)
		}
	}
	got, err := n.UnlockRecovery(s.code)
	must(t, err)
	if got.DEK != u.DEK {
		t.Fatal("recovery")
	}
}

func TestNames(t *testing.T) {
	s := newShop(t)
	for _, c := range []struct{ name, key string }{
		{"", "keyring.name-empty"}, {" 张三", "keyring.name-spaces"}, {"张三 ", "keyring.name-spaces"},
		{"张  三", "keyring.name-spaces"}, {"张\u3000三", "keyring.name-spaces"}, {"张\u00a0三", "keyring.name-spaces"},
		{"张\u200b三", "keyring.name-characters"}, {"张\u202e三", "keyring.name-characters"}, {"张\x00三", "keyring.name-characters"},
		{"张\u3164三", "keyring.name-characters"}, {"a\xff", "keyring.name-characters"},
		{string(bytes.Repeat([]byte("x"), 41)), "keyring.name-long"},
		{"ZHAO LIU", "keyring.name-taken"}, {"Ｚhao Liu", "keyring.name-taken"}, {"李四", "keyring.name-taken"},
	} {
		err := s.r.AddUser(s.owner, Account{ID: "new", Name: c.name}, pw("p"), ProfileForTests())
		if fault.KeyOf(err) != c.key {
			t.Errorf("%q: %v, want %s", c.name, err, c.key)
		}
	}
	for _, id := range []string{"", "a b", "*recovery", "../x", "李", string(bytes.Repeat([]byte("x"), 65))} {
		if err := s.r.AddUser(s.owner, Account{ID: id, Name: "新人"}, pw("p"), ProfileForTests()); fault.KeyOf(err) != "keyring.bad-id" {
			t.Errorf("id %q: %v", id, err)
		}
	}
	must(t, s.r.Rename(s.owner, "li", "李四（早班）"))
	_, err := reparse(t, s.r).Unlock("李四(早班)", pw("li-password"))
	must(t, err)
	wantKey(t, s.r.Rename(s.owner, "li", "zhao liu"), fault.Conflict, "keyring.name-taken")
}

func TestSecretsDoNotPrint(t *testing.T) {
	s := newShop(t)
	sec := Secret{"geheim-passwort", bytes.Repeat([]byte{0x41}, 32)}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%q", "%d"} {
		got := fmt.Sprintf(verb+verb+verb+verb, s.owner.DEK, s.code, sec, s.owner)
		if want := "[key][recovery code][secret][unlocked keyring]"; got != want {
			t.Errorf("%s: %s", verb, got)
		}
	}
	dek := s.owner.DEK
	s.owner.Wipe()
	if s.owner.DEK == dek || s.owner.IsOwner() || s.owner.Sign([]byte("x")) != nil {
		t.Fatal("wipe")
	}
}

func TestSaveAndOpen(t *testing.T) {
	s := newShop(t)
	path := filepath.Join(t.TempDir(), FileName)
	_, err := Open(path)
	wantKey(t, err, fault.NotFound, "keyring.missing")
	must(t, s.r.Save(path))
	r, err := Open(path)
	must(t, err)
	if r.FromCopy() || !bytes.Equal(r.Bytes(), s.r.Bytes()) {
		t.Fatal("reopened differently")
	}
	err = s.r.Save(filepath.Join(path, "below-a-file"))
	if k := fault.KindOf(err); err == nil || k != fault.ReadOnly {
		t.Fatal(err)
	}
	var fe *fault.Error
	if !errors.As(err, &fe) || fe.Args["folder"] == "" {
		t.Fatal("the place is not named")
	}
}
