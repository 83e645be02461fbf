package keyring

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"sync"
	"testing"

	"tiezhang/app/fault"
)

// resum mends the checksum, as an attacker would and rot would not.
func resum(raw []byte) []byte {
	sum := sha256.Sum256(raw[:len(raw)-32])
	return append(bytes.Clone(raw[:len(raw)-32]), sum[:]...)
}

func TestEveryFlipIsDamage(t *testing.T) {
	raw := newShop(t).r.Bytes()
	for i := range raw {
		for _, bit := range []byte{1, 0x80} {
			b := bytes.Clone(raw)
			b[i] ^= bit
			_, err := Parse(b)
			if fault.KindOf(err) != fault.Damaged || err == nil {
				t.Fatalf("byte %d: %v, and never 'wrong password' or 'newer'", i, err)
			}
		}
	}
	for n := range raw {
		if _, err := Parse(raw[:n]); fault.KindOf(err) != fault.Damaged || err == nil {
			t.Fatalf("cut to %d: %v", n, err)
		}
	}
	if _, err := Parse(append(bytes.Clone(raw), 0)); fault.KindOf(err) != fault.Damaged {
		t.Fatal("a byte appended:", err)
	}
	if _, err := Parse(make([]byte, MaxFile+1)); fault.KindOf(err) != fault.Damaged {
		t.Fatal("too large:", err)
	}
}

// The same with the checksum mended: nobody, owner, clerk or recovery, gets
// any key out of a file in which one bit was changed with intent.
func TestEveryIntendedFlipIsNoticed(t *testing.T) {
	s := newShop(t)
	raw := s.r.Bytes()
	for i := range len(raw) - 32 {
		b := bytes.Clone(raw)
		b[i] ^= 4
		b = resum(b)
		r, err := Parse(b)
		if err != nil {
			continue
		}
		for user, pass := range map[string]string{"boss": "老板的 长密码 2026", "li": "li-password", "zhao": "zhao-password"} {
			if u, err := r.Unlock(user, pw(pass)); err == nil {
				t.Fatalf("byte %d: %s signed in, key right: %v", i, user, u.DEK == s.owner.DEK)
			}
		}
		if _, err := r.UnlockRecovery(s.code); err == nil {
			t.Fatalf("byte %d: recovery opened", i)
		}
	}
}

func TestEveryIntendedCutIsNoticed(t *testing.T) {
	raw := newShop(t).r.Bytes()
	for n := 64; n < len(raw)-64; n++ {
		cut := resum(append(bytes.Clone(raw[:n]), raw[len(raw)-64:]...))
		if _, err := Parse(cut); err == nil {
			t.Fatalf("cut to %d passes", n)
		}
	}
}

func TestNewerIsSaidOnlyOfAWholeFile(t *testing.T) {
	raw := newShop(t).r.Bytes()
	binary.LittleEndian.PutUint16(raw[8:], version+1)
	_, err := Parse(resum(raw))
	wantKey(t, err, fault.Newer, "keyring.newer")
	_, err = Parse(raw)
	wantKey(t, err, fault.Damaged, "keyring.damaged")
}

func TestWeakAndAbsurdParametersAreRefusedUnread(t *testing.T) {
	defer func(old bool) { cheapAllowed = old }(cheapAllowed)
	s := newShop(t)
	cheapAllowed = false // as in a release
	_, err := Parse(s.r.Bytes())
	wantKey(t, err, fault.Insecure, "keyring.weak-params")
	good := Profile{minKiB, minTime, minLanes}
	if err := good.check(); err != nil {
		t.Fatal(err)
	}
	if err := (Profile{maxKiB, maxTime, maxLanes}).check(); err != nil {
		t.Fatal(err)
	}
	for _, p := range []Profile{
		{minKiB - 1, 3, 1}, {minKiB, 2, 1}, {minKiB, 3, 0}, {0, 0, 0}, {maxKiB + 1, 3, 1}, {minKiB, 17, 1}, {minKiB, 3, 9},
		{1<<32 - 1, 1<<32 - 1, 255},
	} {
		cheapAllowed = false
		if err := p.check(); fault.KeyOf(err) != "keyring.weak-params" {
			t.Errorf("%+v: %v", p, err)
		}
		_, _, _, err := Create(NewShopID(), Account{ID: "a", Name: "a"}, pw("p"), p)
		wantKey(t, err, fault.Insecure, "keyring.weak-params")
		// In a file, however well it is signed and summed.
		st := s.r.st.Load().clone()
		st.slots[0].prof = p
		st.seal(s.owner.DEK)
		_, err = Parse(st.raw)
		wantKey(t, err, fault.Insecure, "keyring.weak-params")
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the test profile can be had in a release")
			}
		}()
		ProfileForTests()
	}()
}

// What a clerk with their own password, and so with the data key, can forge:
// anything that only needs the MAC. None of it may open.
func TestForgeriesByAClerk(t *testing.T) {
	for name, forge := range map[string]func(st *state, u *Unlocked){
		"slots swapped": func(st *state, u *Unlocked) {
			a, b := &st.slots[1], &st.slots[2]
			a.wrapped, b.wrapped, a.commit, b.commit, a.salt, b.salt = b.wrapped, a.wrapped, b.commit, a.commit, b.salt, a.salt
		},
		"ids swapped":     func(st *state, u *Unlocked) { st.slots[1].id, st.slots[2].id = st.slots[2].id, st.slots[1].id },
		"own name":        func(st *state, u *Unlocked) { st.slots[1].name = "王老板二" },
		"made owner":      func(st *state, u *Unlocked) { st.slots[1].owner, st.slots[1].pack = true, st.slots[0].pack },
		"owner gone":      func(st *state, u *Unlocked) { st.slots = st.slots[1:] },
		"clerk gone":      func(st *state, u *Unlocked) { st.slots = slices.Delete(st.slots, 2, 3) },
		"roster gone":     func(st *state, u *Unlocked) { st.slots, st.roster = nil, nil },
		"called a backup": func(st *state, u *Unlocked) { st.kind = kindBackup },
		"unsigned grant": func(st *state, u *Unlocked) {
			sl, err := slotFor(st, Account{ID: "mole", Name: "mole"}, pw("p"), ProfileForTests())
			if err != nil {
				t.Fatal(err)
			}
			if err := st.grant(u, &sl); err != nil {
				t.Fatal(err)
			}
			st.slots = append(st.slots[:2], sl, st.slots[2])
			st.roster = append(slices.Clone(st.roster[:2]), st.grantHash(&sl), st.roster[2])
		},
		"sequence turned back": func(st *state, u *Unlocked) { st.seq-- },
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			li, err := s.r.Unlock("li", pw("li-password"))
			must(t, err)
			st := s.r.st.Load().clone()
			forge(st, li)
			st.seal(li.DEK)
			r, err := Parse(st.raw)
			if err != nil {
				if k := fault.KindOf(err); k != fault.Damaged {
					t.Fatal(err)
				}
				return
			}
			for _, who := range []string{"li", "zhao"} { // swapped wrappings: the header is part of them
				for _, p := range []string{"li-password", "zhao-password"} {
					if _, err := r.Unlock(who, pw(p)); err == nil {
						t.Fatalf("%s opens with %s", who, p)
					}
				}
			}
		})
	}
}

// A clerk writes a whole new keyring around the true data key, with an owner
// of their own. The true owner and the recovery code must see it; only the
// forger's own slots open.
func TestForgedOwner(t *testing.T) {
	s := newShop(t)
	li, err := s.r.Unlock("li", pw("li-password"))
	must(t, err)
	st := s.r.st.Load().clone()
	fake := &Unlocked{DEK: li.DEK, pack: newOwnerPack()}
	st.ownerKey, st.logKey = signPub(fake.pack.sign), boxPub(fake.pack.unseal)
	must(t, st.grantAll(fake))
	r, err := Parse(st.raw)
	must(t, err) // in itself it is all in order
	for user, pass := range map[string]string{"boss": "老板的 长密码 2026", "zhao": "zhao-password", "li": "li-password"} {
		_, err := r.Unlock(user, pw(pass))
		wantKey(t, err, fault.Damaged, "keyring.unsigned")
	}
	_, err = r.UnlockRecovery(s.code)
	wantKey(t, err, fault.Damaged, "keyring.unsigned")
	// Signing with a made-up key under the true owner's name fails at once.
	st = s.r.st.Load().clone()
	copy(st.sig[:], ed25519.Sign(ed25519.NewKeyFromSeed(fake.pack.sign[:]), st.rosterMessage()))
	st.seal(li.DEK)
	_, err = Parse(st.raw)
	wantKey(t, err, fault.Damaged, "keyring.unsigned")
}

// A file is carried into another shop, or its boxes are.
func TestNothingMovesBetweenShops(t *testing.T) {
	a, b := newShop(t), newShop(t)
	st := b.r.st.Load().clone()
	st.slots[1] = *a.r.st.Load().find("li")
	st.sign(b.owner) // even if the owner were made to sign it
	r, err := Parse(st.raw)
	must(t, err)
	_, err = r.Unlock("li", pw("li-password"))
	wantKey(t, err, fault.Damaged, "keyring.damaged")
	wantKey(t, a.r.RemoveUser(b.owner, "li"), fault.Denied, "keyring.owner-only")
}

func TestManyUsers(t *testing.T) {
	s := newShop(t)
	st := s.r.st.Load().clone()
	sl, err := slotFor(st, Account{ID: "x", Name: "x"}, pw("p"), ProfileForTests())
	must(t, err)
	for i := len(st.slots); i < maxSlots; i++ {
		sl.id, sl.name = fmt.Sprintf("u%04d", i), fmt.Sprintf("person %d", i)
		must(t, st.grant(s.owner, &sl))
		st.slots = append(st.slots, sl)
	}
	st.sign(s.owner)
	if len(st.raw) > MaxFile {
		t.Fatalf("a full ring is %d bytes", len(st.raw))
	}
	r, err := Parse(st.raw)
	must(t, err)
	wantKey(t, r.AddUser(s.owner, Account{ID: "y", Name: "y"}, pw("p"), ProfileForTests()), fault.Unsupported, "keyring.too-many")
}

// Whatever the machine, a calibrated profile is one a release accepts.
func TestCalibratedProfileIsLawful(t *testing.T) {
	if testing.Short() {
		t.Skip("runs Argon2 at its full price")
	}
	defer func(old bool) { cheapAllowed = old }(cheapAllowed)
	cheapAllowed = false
	p := Calibrate()
	if err := p.check(); err != nil || p.KiB < Floor().KiB || p.KiB > 256<<10 {
		t.Fatalf("%+v: %v", p, err)
	}
	// And one slot at full price opens, so the cheap profile hides nothing.
	r, u, _, err := Create(NewShopID(), Account{ID: "boss", Name: "boss"}, pw("full price password"), Floor())
	must(t, err)
	got, err := reparse(t, r).Unlock("boss", pw("full price password"))
	must(t, err)
	if got.DEK != u.DEK {
		t.Fatal("key")
	}
}

func TestConcurrentUse(t *testing.T) {
	s := newShop(t)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			if err := s.r.AddUser(s.owner, Account{ID: fmt.Sprint("u", i), Name: fmt.Sprint("user ", i)}, pw("p"), ProfileForTests()); err != nil {
				t.Error(err)
			}
			if _, err := s.r.Unlock("li", pw("li-password")); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := len(reparse(t, s.r).Users()); n != 11 {
		t.Fatalf("%d users: a change was lost", n)
	}
}
