package app_test

import (
	"context"
	"testing"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/fault"
	"tiezhang/app/master"
)

func standard(t *testing.T, id access.RoleID) access.Role {
	t.Helper()
	for _, r := range access.Standard() {
		if r.ID == id {
			return r
		}
	}
	t.Fatal(id)
	return access.Role{}
}

// TestRolesAreTheOwners: the owner takes a right away, gives another, makes a role
// like an old one, and what would lock the shop out is refused.
func TestRolesAreTheOwners(t *testing.T) {
	d := newDoor(t)
	s := d.in(doorOwner)
	ctx := app.WithPassword(context.Background(), worldPassword)
	save := func(r access.Role) (access.Role, error) { return app.Do(ctx, s, app.SaveRole{Role: r}) }

	cashier := standard(t, access.Cashier)
	delete(cashier.Grants, access.TillUse)
	if _, err := save(cashier); err != nil {
		t.Fatal(err)
	}
	weekend := standard(t, access.Cashier)
	weekend.ID, weekend.Name = "", " 周末帮工 "
	made, err := save(weekend)
	if err != nil || made.Name != "周末帮工" || made.ID == "" {
		t.Fatal(made, err)
	}
	for _, c := range []struct {
		name, want string
		role       access.Role
	}{
		{"two roles of one name", "role.name-taken", access.Role{Name: "周末帮工"}},
		{"no name", "role.name", access.Role{Name: "  "}},
		{"a right nobody knows", "role.unknown-permission", access.Role{Name: "x", Grants: map[access.Permission]access.Grant{"cash.steal": {}}}},
		{"an owner without accounts", "role.owner-keeps", func() access.Role {
			r := standard(t, access.Owner)
			delete(r.Grants, access.RoleEdit)
			return r
		}()},
	} {
		if _, err := save(c.role); fault.KeyOf(err) != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
	d.close(s)

	s = d.in(doorClerk) // a cashier: the right is gone from now on
	if s.May(access.TillUse) {
		t.Error("a right taken away is still there")
	}
	if _, err := save(standard(t, access.Cashier)); fault.KindOf(err) != fault.Denied {
		t.Error("a cashier changed a role:", err)
	}
	if _, err := app.Do(ctx, s, app.SeeAs{Role: access.Owner}); fault.KindOf(err) != fault.Denied {
		t.Error("a cashier looked as the owner:", err)
	}
	d.close(s)

	s = d.in(doorOwner)
	defer d.close(s)
	for id, want := range map[access.RoleID]string{access.Cashier: "role.standard", made.ID: ""} {
		if _, err := app.Do(ctx, s, app.DropRole{ID: id}); fault.KeyOf(err) != want {
			t.Errorf("dropping %s: %v, want %q", id, err, want)
		}
	}
}

// TestSeeingAsARole: the owner sees what a cashier sees, and can change nothing
// while looking.
func TestSeeingAsARole(t *testing.T) {
	d := newDoor(t)
	s := d.in(doorOwner)
	ctx := app.WithPassword(context.Background(), worldPassword)
	if _, err := app.Do(ctx, s, app.SaveItem{Item: master.Item{Code: "A1", Name: "x", Unit: "个", Prices: map[master.PriceLevel]amount.Price{master.Purchase: 3_141593}}}); err != nil {
		t.Fatal(err)
	}
	v, err := app.Do(ctx, s, app.SeeAs{Role: access.Cashier})
	if err != nil {
		t.Fatal(err)
	}
	if !v.Viewing() || v.May(access.UserEdit) {
		t.Error("the view has the owner's rights")
	}
	it, err := app.Ask(ctx, v, app.GetItem{Code: "A1"})
	if err != nil || it.Item.Prices[master.Purchase] != 0 {
		t.Error("a purchase price in the cashier's view:", it.Item.Prices, err)
	}
	for name, err := range map[string]error{
		"an item":           second(app.Do(ctx, v, app.SaveItem{Item: master.Item{Code: "A2", Name: "y", Unit: "个"}})),
		"a password":        second(app.Do(ctx, v, app.ChangePassword{Old: worldPassword, New: worldPassword + "x"})),
		"another such view": second(app.Do(ctx, v, app.SeeAs{Role: access.Owner})),
		"a self-check":      second(app.Run(ctx, v, app.VerifyShop{})),
	} {
		if fault.KeyOf(err) != "gate.viewing" {
			t.Errorf("%s through a view: %v", name, err)
		}
	}
	d.close(s)
	if _, err := app.Ask(ctx, v, app.GetItem{Code: "A1"}); fault.KindOf(err) != fault.Denied {
		t.Error("the view outlived its session:", err)
	}
}

func second[R any](_ R, err error) error { return err }
