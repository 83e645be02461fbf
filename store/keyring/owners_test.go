package keyring

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tiezhang/app/fault"
)

// A person made an owner can do all an owner can; taken back, nothing of it,
// with the ring they opened before or with a new one.
func TestSecondOwner(t *testing.T) {
	s := newShop(t)
	wantKey(t, s.r.SetOwner(s.owner, "boss", false), fault.Denied, "keyring.last-owner")
	wantKey(t, s.r.SetOwner(s.owner, "nobody", true), fault.NotFound, "keyring.no-such-user")
	li, err := s.r.Unlock("li", pw("li-password"))
	must(t, err)
	wantKey(t, s.r.SetOwner(li, "li", true), fault.Denied, "keyring.owner-only")
	must(t, s.r.SetOwner(s.owner, "li", true))
	r := reparse(t, s.r)
	li, err = r.Unlock("li", pw("li-password"))
	must(t, err)
	if !li.IsOwner() || !r.MayChange(li) {
		t.Fatal("no owner")
	}
	seed, unseal, ok := li.LogSecrets()
	if s1, u1, _ := s.owner.LogSecrets(); !ok || seed != s1 || unseal != u1 {
		t.Error("not the same pack")
	}
	must(t, r.AddUser(li, Account{ID: "new", Name: "new"}, pw("new-password"), ProfileForTests()))
	must(t, r.SetOwner(li, "boss", false)) // the first owner is no exception
	wantKey(t, r.AddUser(s.owner, Account{ID: "x", Name: "x"}, pw("p"), ProfileForTests()), fault.Denied, "keyring.owner-only")
	boss, err := reparse(t, r).Unlock("boss", pw("老板的 长密码 2026"))
	must(t, err)
	if boss.IsOwner() || r.MayChange(boss) {
		t.Error("still an owner")
	}
	wantKey(t, r.SetOwner(li, "li", false), fault.Denied, "keyring.last-owner")
	// The recovery kit opens whoever is owner.
	u, err := r.ResetOwnerByRecovery(s.code, "", pw("a new password"), ProfileForTests())
	must(t, err)
	if u.UserID != "li" || !u.IsOwner() {
		t.Error(u.UserID)
	}
	_, err = r.ResetOwnerByRecovery(s.code, "boss", pw("a new password"), ProfileForTests())
	wantKey(t, err, fault.NotFound, "keyring.no-such-user")
}

// What a demoted owner who copied the pack can still do: sign a roster for the
// data key they know. After a rotation, without a slot, they know none.
func TestDemotedOwnerAfterRotation(t *testing.T) {
	s := newShop(t)
	must(t, s.r.SetOwner(s.owner, "li", true))
	li, err := s.r.Unlock("li", pw("li-password"))
	must(t, err)
	must(t, s.r.RemoveUser(s.owner, "li"))
	next, u, err := s.r.Rotated(s.owner, NewNextKey())
	must(t, err)
	if next.MayChange(li) {
		t.Error("may change the new ring")
	}
	// They write themselves back in and sign it: the MAC is not of the new key.
	st := next.st.Load().clone()
	sl, err := slotFor(st, Account{ID: "li", Name: "li", Owner: true}, pw("p"), ProfileForTests())
	must(t, err)
	must(t, st.grant(li, &sl))
	st.slots = append(st.slots, sl)
	st.sign(li)
	forged, err := Parse(st.raw)
	must(t, err) // signed with the true owner's key
	for user, pass := range map[string]string{"boss": "老板的 长密码 2026", "zhao": "zhao-password"} {
		_, err := forged.Unlock(user, pw(pass))
		wantKey(t, err, fault.Damaged, "keyring.damaged")
	}
	got, err := forged.Unlock("li", pw("p"))
	if err == nil && got.DEK == u.DEK {
		t.Error("the new key")
	}
}

// An old copy of the keyring, from before somebody left, opens the old key only.
func TestOldCopyAfterLeaving(t *testing.T) {
	s := newShop(t)
	copied := s.r.Bytes()
	must(t, s.r.RemoveUser(s.owner, "li"))
	next, u, err := s.r.Rotated(s.owner, NewNextKey())
	must(t, err)
	old, err := Parse(copied)
	must(t, err)
	li, err := old.Unlock("li", pw("li-password"))
	must(t, err)
	if li.DEK == u.DEK || next.Matches(li.DEK) {
		t.Error("opens the new key")
	}
	_, err = next.Unlock("li", pw("li-password"))
	wantKey(t, err, fault.WrongKey, "keyring.unknown-user")
	// Their old slot put into the new ring, under the MAC of the key they know.
	st := next.st.Load().clone()
	st.slots = append(st.slots, *old.st.Load().find("li"))
	slices.SortFunc(st.slots, func(a, b slot) int { return strings.Compare(a.id, b.id) })
	st.seal(li.DEK)
	_, err = Parse(st.raw)
	wantKey(t, err, fault.Damaged, "keyring.unsigned")
}

func TestNewTOTP(t *testing.T) {
	s := newShop(t)
	li, err := s.r.Unlock("li", pw("li-password"))
	must(t, err)
	before, _ := li.TOTPSeed()
	seed, err := s.r.NewTOTP(li, pw("li-password"), ProfileForTests())
	must(t, err)
	again, err := reparse(t, s.r).Unlock("li", pw("li-password"))
	must(t, err)
	if got, _ := again.TOTPSeed(); got != seed || seed == before || seed == [20]byte{} {
		t.Error("the secret did not change")
	}
	if again.SignKey() != li.SignKey() {
		t.Error("the identity changed with it")
	}
	rec, err := s.r.UnlockRecovery(s.code)
	must(t, err)
	_, err = s.r.NewTOTP(rec, pw("p"), ProfileForTests())
	wantKey(t, err, fault.Denied, "keyring.owner-only")
}

func TestActivationCode(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var c ActivationCode
		copy(c.secret[:], rapid.SliceOfN(rapid.Byte(), 8, 8).Draw(rt, "secret"))
		g := c.Groups()
		want := c.Secret().Password
		for _, sep := range []string{"", "-", " ", "\u3000", " - ", "\n"} {
			if got := AsTyped(strings.Join(g[:], sep)); got != want {
				rt.Fatalf("with %q: %q", sep, got)
			}
		}
		// One wrong digit makes it somebody's own password, letter by letter.
		i := rapid.IntRange(0, len(want)-1).Draw(rt, "digit")
		b := []byte(want)
		b[i] = '0' + (b[i]-'0'+byte(rapid.IntRange(1, 9).Draw(rt, "by")))%10
		typed := string(b[:6]) + "-" + string(b[6:])
		if got := AsTyped(typed); got != typed {
			rt.Fatalf("a slip passes: %q", got)
		}
	})
	for _, own := range []string{"", "password 2026", "123456", "1-2-3", strings.Repeat("1", 30), strings.Repeat("0", 300), "000000-000000-000000-000000-000001"} {
		if AsTyped(own) != own {
			t.Errorf("%q is changed", own)
		}
	}
	if got := fmt.Sprintf("%v %+v %s %x", NewActivationCode(), NewActivationCode(), NewActivationCode(), NewActivationCode()); strings.TrimSpace(strings.ReplaceAll(got, "[activation code]", "")) != "" {
		t.Error(got)
	}
}

func TestDearer(t *testing.T) {
	ms := func(n int) time.Duration { return time.Duration(n) * time.Millisecond }
	for _, c := range []struct {
		have Profile
		took time.Duration
		want Profile
	}{
		{Profile{64 << 10, 3, 2}, ms(100), Profile{256 << 10, 3, 2}},
		{Profile{64 << 10, 3, 2}, ms(400), Profile{128 << 10, 3, 2}},
		{Profile{64 << 10, 3, 2}, ms(551), Profile{64 << 10, 3, 2}},
		{Profile{256 << 10, 3, 2}, ms(1), Profile{256 << 10, 3, 2}},
		{Profile{512 << 10, 4, 4}, ms(1), Profile{512 << 10, 4, 4}},
		{Profile{64, 1, 1}, ms(1), Profile{64 << 10, 3, 2}}, // a test's: to the floor first
		{Profile{128 << 10, 2, 1}, ms(1), Profile{128 << 10, 3, 2}},
	} {
		if got := c.have.Dearer(c.took); got != c.want || got.Below(c.have) {
			t.Errorf("%+v after %v: %+v, want %+v", c.have, c.took, got, c.want)
		}
	}
}

// Under another data key: whatever the moment a save ends at, the keyring is the
// old one or the new, and the copy is never of an older key than the file.
func TestSaveWhenInterrupted(t *testing.T) {
	s := newShop(t)
	next, _, err := s.r.Rotated(s.owner, NewNextKey())
	must(t, err)
	stop := errors.New("power cut")
	defer func() { saveStep = func(string) error { return nil } }()
	for _, at := range []string{"ready", ""} {
		path := filepath.Join(t.TempDir(), FileName)
		saveStep = func(string) error { return nil }
		must(t, s.r.Save(path))
		saveStep = func(name string) error {
			if name == at {
				return stop
			}
			return nil
		}
		err := next.SaveWhen(path, func() error {
			if at == "ready" {
				return stop
			}
			return nil
		})
		if (err == nil) != (at == "") {
			t.Fatalf("%s: %v", at, err)
		}
		got, err := Open(path)
		must(t, err)
		if want := map[bool][]byte{true: next.Bytes(), false: s.r.Bytes()}[at == ""]; !bytes.Equal(got.Bytes(), want) {
			t.Errorf("%q: another ring", at)
		}
		if prev, err := os.ReadFile(path + Copy); err == nil {
			if p, err := Parse(prev); err != nil || p.KeyID() != got.KeyID() {
				t.Errorf("%q: .prev is of another key (%v)", at, err)
			}
		}
		if _, err := os.Stat(path + ".tmp"); err == nil {
			t.Errorf("%q: a partial file stays", at)
		}
	}
}
