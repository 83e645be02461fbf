package app_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"tiezhang/app"
	"tiezhang/app/fault"
	"tiezhang/app/rule"
	"tiezhang/store"
)

// An older keyring put back brings no old password back, and the owner is told;
// a keyring that was only deleted is told too, and neither is told for ever.
func TestOlderKeyringIsReported(t *testing.T) {
	d := newDoor(t)
	ring := filepath.Join(d.dir, store.KeyringName)
	old, err := os.ReadFile(ring)
	if err != nil {
		t.Fatal(err)
	}
	s := d.in(doorOwner)
	if _, err := app.Do(sure, s, app.ResetPassword{Name: doorClerk, Password: "Apple-Ridge-41-Tuba"}); err != nil {
		t.Fatal(err)
	}
	d.close(s)
	told := func(step string, want bool) {
		t.Helper()
		s := d.in(doorOwner)
		if got := contains(s.Unusual(), rule.OtherKeyring); got != want {
			t.Errorf("%s: told %v", step, got)
		}
		d.close(s)
	}
	told("as it should be", false)
	if err := os.Remove(ring); err != nil {
		t.Fatal(err)
	}
	if got := d.try(doorClerk, worldPassword); got != "keyring.wrong-password" {
		t.Errorf("the old password without the file: %q", got)
	}
	told("deleted", true)
	told("deleted, again", false)
	if err := os.WriteFile(ring, old, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := d.try(doorClerk, worldPassword); got != "keyring.voided" {
		t.Errorf("the old password with the old file: %q", got)
	}
	told("put back", true)
	told("put back, again", false)
	s = d.in(doorOwner)
	defer d.close(s)
	if _, err := s.Shop().SignIn(context.Background(), doorClerk, worldPassword); fault.KeyOf(err) != "keyring.voided" {
		t.Errorf("the old password at the open shop: %v", err)
	}
	if list, err := app.Ask(context.Background(), s, app.UnusualSignIns{}); err != nil || len(list) != 2 || !list[0].High {
		t.Errorf("%v %v", list, err)
	}
}
