package app_test

import (
	"context"
	"testing"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/fault"
)

// TestNewNameTakesNobodysSlot: an account in other capitals, widths or letters
// than somebody's is refused, and theirs opens as before.
func TestNewNameTakesNobodysSlot(t *testing.T) {
	d := newDoor(t)
	s := d.in(doorOwner)
	defer func() { d.close(s) }()
	ctx := app.WithPassword(context.Background(), worldPassword)
	add := func(name string) error {
		_, err := app.Do(ctx, s, app.AddUser{Name: name, Password: "Apple-Ridge-41-Tuba", Role: access.Cashier})
		return err
	}
	invite := func(name string) error {
		_, err := app.Do(ctx, s, app.Invite{Name: name, Role: access.Cashier})
		return err
	}
	if err := add("Ольга"); err != nil { // Olga in Cyrillic
		t.Fatal(err)
	}
	if err := add("fi 1"); err != nil {
		t.Fatal(err)
	}
	keys := app.KeysOf(s)
	for _, name := range []string{"BOSS", "ｂｏｓｓ", "ＢＯＳＳ", "ОЛЬГА", "boſs", "ﬁ 1", "fi ①", slotOf(s, doorOwner)} {
		for what, err := range map[string]error{"added": add(name), "invited": invite(name)} {
			if fault.KindOf(err) != fault.Conflict {
				t.Errorf("%q was %s: %v", name, what, err)
			}
		}
	}
	for name, pw := range map[string]string{doorOwner: worldPassword, "Ольга": "Apple-Ridge-41-Tuba", "fi 1": "Apple-Ridge-41-Tuba"} {
		if err := keys.Check(context.Background(), name, pw); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Nor is a row without a slot, as after a restore, given to somebody else.
	if err := keys.RemoveUser(context.Background(), "\u041e\u043b\u044c\u0433\u0430"); err != nil {
		t.Fatal(err)
	}
	if err := add("\u041e\u041b\u042c\u0413\u0410"); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a name of a row without a slot: %v", err)
	}
	// A slot nobody's row leads to still makes room.
	if err := keys.AddUser(context.Background(), "left over", worldPassword); err != nil {
		t.Fatal(err)
	}
	if err := add("Left Over"); err != nil {
		t.Error(err)
	}
	if err := keys.Check(context.Background(), "Left Over", worldPassword); fault.KindOf(err) != fault.WrongKey {
		t.Error("the old password of a slot left over opens:", err)
	}
}
