package access

import (
	"slices"
	"testing"
)

func role(id RoleID) Role {
	for _, r := range Standard() {
		if r.ID == id {
			return r
		}
	}
	panic(id)
}

// TestAnOldRoleLearnsNewPermissions: a role saved by an older program has what
// is new by default, and what its owner took away stays away.
func TestAnOldRoleLearnsNewPermissions(t *testing.T) {
	old := role(Manager)
	old.Known = nil // saved before roles said what they knew
	for p := range old.Grants {
		if !slices.Contains(first, p) {
			delete(old.Grants, p)
		}
	}
	delete(old.Grants, SaleReturn) // by the owner, on purpose
	now := old.Current()
	if _, ok := now.Grants[SaleReturn]; ok {
		t.Error("what the owner took away came back")
	}
	for p, g := range role(Manager).Grants {
		if p != SaleReturn && now.Grants[p] != g {
			t.Errorf("%s: %v, want the default %v", p, now.Grants[p], g)
		}
	}
	if again := now.Current(); len(again.Differences(now)) > 0 {
		t.Error("reading it twice changes it:", again.Differences(now))
	}
	younger := role(Cashier) // saved before printing again was a right
	younger.Known = slices.DeleteFunc(Permissions(), func(p Permission) bool { return p == Reprint })
	delete(younger.Grants, Reprint)
	if g, ok := younger.Current().Grants[Reprint]; !ok || g.Confirm != Second {
		t.Error("a cashier of an older shop prints again with", g, ok)
	}
	custom := Role{ID: "weekend", Grants: map[Permission]Grant{ItemView: {}}, Fields: map[Field]Sight{}}
	if got := custom.Current(); len(got.Grants) != 1 {
		t.Error("a role of the owner's own was given rights:", got.Grants)
	}
}

func TestFirstIsPartOfAll(t *testing.T) {
	all := Permissions()
	for _, p := range append(slices.Clone(first), keeps...) {
		if !slices.Contains(all, p) {
			t.Errorf("%s is no permission any more", p)
		}
	}
}

func TestProblemsOfARole(t *testing.T) {
	if key, at := role(Owner).Problem(); key != "" {
		t.Fatal("the standard owner:", key, at)
	}
	for _, r := range Standard() {
		if key, at := r.Problem(); key != "" {
			t.Errorf("%s: %s %s", r.ID, key, at)
		}
	}
	for _, c := range []struct {
		name, want string
		spoil      func(*Role)
	}{
		{"a permission that does not exist", "role.unknown-permission", func(r *Role) { r.Grants["cash.steal"] = Grant{} }},
		{"a confirmation that does not exist", "role.grant", func(r *Role) { r.Grants[ItemView] = Grant{Confirm: 9} }},
		{"own rows where nothing has an owner", "role.own", func(r *Role) { r.Grants[ItemView] = Grant{Scope: Own} }},
		{"a field that does not exist", "role.field", func(r *Role) { r.Fields["soul"] = Shown }},
		{"a discount over everything", "role.discount", func(r *Role) { r.MaxDiscount = 1_000_001 }},
		{"an owner who cannot manage accounts", "role.owner-keeps", func(r *Role) { delete(r.Grants, UserEdit) }},
		{"an owner who needs somebody to edit roles", "role.owner-keeps", func(r *Role) { r.Grants[RoleEdit] = Grant{Confirm: Second} }},
	} {
		r := role(Owner)
		c.spoil(&r)
		if key, _ := r.Problem(); key != c.want {
			t.Errorf("%s: %q, want %q", c.name, key, c.want)
		}
	}
}

// TestDecideRefusesTheUnnamed: nothing is granted by leaving a name out, and own
// rows are only own.
func TestDecideRefusesTheUnnamed(t *testing.T) {
	for _, r := range Standard() {
		if Decide(r, "", Object{}).Allowed {
			t.Errorf("%s: an empty permission was granted", r.ID)
		}
	}
	r := Role{Grants: map[Permission]Grant{SaleView: {Scope: Own}, SaleReverse: {Confirm: Second}}}
	for o, want := range map[Object]bool{{}: false, {Mine: true}: true, {New: true}: true} {
		if got := Decide(r, SaleView, o).Allowed; got != want {
			t.Errorf("%+v: %v", o, got)
		}
	}
	if d := Decide(r, SaleReverse, Object{}); !d.Allowed || d.Confirm != Second {
		t.Error(d)
	}
}
