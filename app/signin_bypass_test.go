package app_test

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"tiezhang/app"
	"tiezhang/app/fault"
	"tiezhang/app/totp"
)

// Ways round the counter of wrong passwords that were open once.

// TestNameWrittenOtherwise: a person is counted, not how their name is written,
// at the closed shop and the open one.
func TestNameWrittenOtherwise(t *testing.T) {
	d := newDoor(t)
	s := d.in(doorClerk)
	forms := []string{"boss", "BOSS", "ｂｏｓｓ", "boſſ", slotOf(s, doorOwner), "Ｂoss", "bOSs"}
	d.close(s)
	guesses := 0
	for range 3 {
		for _, f := range forms {
			if fault.KeyOf(func() error { _, err := d.host.Open(context.Background(), d.dir, f, wrongWord); return err }()) == "keyring.wrong-password" {
				guesses++
			}
		}
	}
	if guesses != 5 {
		t.Errorf("closed: %d guesses", guesses)
	}
	d.clock.at = d.clock.at.Add(time.Hour)
	s = d.in(doorOwner)
	defer func() { d.close(s) }()
	guesses = 0
	for range 3 {
		for _, f := range forms {
			if _, err := s.Shop().SignIn(context.Background(), f, wrongWord); fault.KindOf(err) == fault.WrongKey {
				guesses++
			}
		}
	}
	if guesses != 5 {
		t.Errorf("open: %d guesses", guesses)
	}
	d.clock.at = d.clock.at.Add(time.Hour)
	now, err := s.Shop().SignIn(context.Background(), forms[2], worldPassword)
	if err != nil || now.User().Name != doorOwner {
		t.Errorf("another form of the name does not open: %v", err)
	}
}

// TestNamesOfNobody: all of them are one, however many are tried, and none keeps
// anybody out.
func TestNamesOfNobody(t *testing.T) {
	d := newDoor(t)
	looked := 0
	for i := range 12 {
		if d.try("nobody"+string(rune('a'+i)), wrongWord) == "keyring.unknown-user" {
			looked++
		}
	}
	if looked != 5 {
		t.Errorf("%d names were looked up", looked)
	}
	if d.waits(doorOwner) || d.waits(doorClerk) {
		t.Error("somebody is kept out by it")
	}
}

// TestAbsurdName: a name no account can have is counted nowhere, so that it can't
// make the counter unreadable.
func TestAbsurdName(t *testing.T) {
	d := newDoor(t)
	d.wrong(doorOwner, 5)
	huge := strings.Repeat("x", 400_000)
	if got := d.try(huge, wrongWord); got != "keyring.unknown-user" {
		t.Errorf("%q", got)
	}
	d.clock.at = d.clock.at.Add(time.Minute)
	s := d.in(doorClerk)
	if _, err := s.Shop().SignIn(context.Background(), huge, wrongWord); fault.KeyOf(err) != "keyring.unknown-user" {
		t.Error(err)
	}
	if e := lastEntry(t, s); len(e.Detail)+len(e.Object) > 1000 {
		t.Error("it is in the log")
	}
	d.close(s)
	for _, f := range d.files() {
		b, err := os.ReadFile(f)
		var v struct{ Names map[string]any }
		if err != nil || len(b) > 2000 || json.Unmarshal(b, &v) != nil || len(v.Names) == 0 {
			t.Errorf("%s: %d bytes, %v", f, len(b), err)
		}
	}
	if got := d.try(doorOwner, wrongWord); got != "keyring.wrong-password" {
		t.Errorf("the sixth: %q", got)
	}
	if got := d.try(doorOwner, wrongWord); got != "signin.wait" {
		t.Errorf("the count is gone: %q", got)
	}
}

// TestDeletingIsNoQuicker: guesses in a day, by deleting all copies again and
// again, and by waiting.
func TestDeletingIsNoQuicker(t *testing.T) {
	day := func(spoil bool) (guesses int) {
		d := newDoor(t)
		d.wrong(doorOwner, 5)
		for range 24 * 12 {
			if spoil {
				for _, f := range d.files() {
					if err := os.Remove(f); err != nil {
						t.Fatal(err)
					}
				}
				_ = d.try(doorOwner, wrongWord) // it is noticed now
			}
			for range 12 { // try every five minutes, an hour long
				d.clock.at = d.clock.at.Add(5 * time.Minute)
				if d.try(doorOwner, wrongWord) == "keyring.wrong-password" {
					guesses++
					break
				}
			}
			if d.clock.at.Sub(worldStart) > 24*time.Hour {
				break
			}
		}
		return guesses
	}
	if with, without := day(true), day(false); with > without {
		t.Errorf("%d guesses a day by deleting, %d by waiting", with, without)
	}
}

// TestNoGuessTakesBackOnlyItself: while a try is under way that turns out to be
// none, others are counted, and stay so.
func TestNoGuessTakesBackOnlyItself(t *testing.T) {
	d := newDoor(t)
	busy := fault.New("test", fault.Locked, "shop.locked", nil)
	err := app.TryAt(d.host, d.dir, doorOwner, func() error {
		d.wrong(doorOwner, 3)
		return busy
	})
	if fault.KeyOf(err) != "shop.locked" {
		t.Fatal(err)
	}
	d.wrong(doorOwner, 2)
	if got := d.try(doorOwner, wrongWord); got != "signin.wait" {
		t.Errorf("three guesses were forgotten: %q", got)
	}
}

// withPhone gives the owner a code of the authenticator app and opens the shop.
func withPhone(t *testing.T, d *door) (*app.Session, totp.Secret) {
	t.Helper()
	s := d.in(doorOwner)
	ph := phone(t, must(t, s, app.StartTOTP{Password: worldPassword}).URI)
	must(t, s, app.ConfirmTOTP{Password: worldPassword, Code: ph.Code(totp.Step(d.clock.at))})
	return s, ph
}

// TestPasswordForgivesNoCode: who knows the password can't have the wrong codes
// forgotten by proving it elsewhere.
func TestPasswordForgivesNoCode(t *testing.T) {
	d := newDoor(t)
	s, ph := withPhone(t, d)
	defer func() { d.close(s) }()
	looked := 0
	for range 30 {
		d.clock.at = d.clock.at.Add(6 * time.Minute) // the confirmation is asked for again after five
		code := "000000"
		if ph.Code(totp.Step(d.clock.at)) == code {
			code = "000001"
		}
		_, err := s.Shop().Enter(context.Background(), doorOwner, app.Proof{Password: worldPassword, Code: code})
		if fault.KeyOf(err) == "totp.wrong" {
			looked++
		}
		_, _ = app.Do(app.WithPassword(context.Background(), worldPassword), s, app.SetSetting{Key: app.SettingPhone, Value: "1"})
	}
	// Three hours: at once, then after 1, 5, 15, 30 and 60 minutes.
	if looked > 10 {
		t.Errorf("%d codes in three hours", looked)
	}
	// Wrong passwords are taken back by a right one, and all by coming in.
	d.clock.at = d.clock.at.Add(time.Hour)
	now, err := s.Shop().Enter(context.Background(), doorOwner, app.Proof{Password: worldPassword, Code: ph.Code(totp.Step(d.clock.at))})
	if err != nil {
		t.Fatal(err)
	}
	s = now
	for range 8 {
		d.clock.at = d.clock.at.Add(6 * time.Minute)
		if _, err := app.Do(app.WithPassword(context.Background(), wrongWord), s, app.SetSetting{Key: app.SettingPhone, Value: "1"}); fault.KindOf(err) != fault.WrongKey {
			t.Fatal(err)
		}
		if _, err := app.Do(app.WithPassword(context.Background(), worldPassword), s, app.SetSetting{Key: app.SettingPhone, Value: "1"}); err != nil {
			t.Fatal(err)
		}
	}
}

// TestOneCodeOnce: many come at once with one code; one comes in.
func TestOneCodeOnce(t *testing.T) {
	d := newDoor(t)
	s, ph := withPhone(t, d)
	defer func() { d.close(s) }()
	for range 5 {
		d.clock.at = d.clock.at.Add(time.Minute)
		p := app.Proof{Password: worldPassword, Code: ph.Code(totp.Step(d.clock.at))}
		var wg sync.WaitGroup
		var mu sync.Mutex
		in := 0
		for range 4 {
			wg.Go(func() {
				now, err := s.Shop().Enter(context.Background(), doorOwner, p)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					in++
					s = now
				} else if k := fault.KeyOf(err); k != "totp.used" {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if in != 1 {
			t.Fatalf("%d came in with one code", in)
		}
	}
}

// TestClockSetForward: at an open shop, setting the clock forward ends no wait.
func TestClockSetForward(t *testing.T) {
	d := newDoor(t)
	var running time.Duration
	d.host.Running = func() time.Duration { return running }
	s := d.in(doorClerk)
	defer func() { d.close(s) }()
	looked := 0
	guess := func() {
		if _, err := s.Shop().SignIn(context.Background(), doorOwner, wrongWord); fault.KindOf(err) == fault.WrongKey {
			looked++
		}
	}
	for range 20 {
		guess()
		d.clock.at = d.clock.at.Add(time.Hour)
	}
	if looked != 5 {
		t.Errorf("%d guesses", looked)
	}
	running += time.Minute
	guess()
	guess()
	if looked != 6 {
		t.Errorf("after a minute: %d guesses", looked)
	}
	running += time.Hour
	d.clock.at = d.clock.at.Add(time.Hour)
	if _, err := s.Shop().SignIn(context.Background(), doorOwner, worldPassword); err != nil {
		t.Error(err)
	}
}
