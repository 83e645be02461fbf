package app

import (
	"context"
	"strings"
	"unicode/utf8"

	"tiezhang/app/access"
	"tiezhang/app/fault"
)

// SaveRole adds or changes a role: every right, field and limit of it. It holds
// from the next sign-in of those who have it; nobody else is signed in while it
// is changed. Faults: Invalid "role.*" naming the permission, Conflict
// "role.name-taken"; Denied "role.yours", "role.owner-only", "role.owner-gives",
// "role.not-yours" to who is no owner.
type SaveRole struct{ Role access.Role }

func (c SaveRole) spec() Need { return Need{Perm: access.RoleEdit} }

func (c SaveRole) run(_ context.Context, x *Exec) (access.Role, error) {
	r := c.Role
	r.Name = strings.TrimSpace(r.Name)
	r.Known = access.Permissions()
	roles, err := x.Tx.Roles()
	if err != nil {
		return r, err
	}
	old, exists := roleOf(roles, r.ID)
	if !exists {
		r.ID = access.RoleID("r-" + NewID(x.Now)[:16])
		x.Note("new", true)
	}
	if !standardRole(r.ID) && (r.Name == "" || utf8.RuneCountInString(r.Name) > 32) {
		return r, fault.Bad("app.SaveRole", "role.name", "field", "name")
	}
	for _, o := range roles {
		if o.ID != r.ID && r.Name != "" && strings.EqualFold(o.Name, r.Name) {
			return r, fault.New("app.SaveRole", fault.Conflict, "role.name-taken", fault.Pairs("name", r.Name))
		}
	}
	if key, at := r.Problem(); key != "" {
		return r, fault.Bad("app.SaveRole", key, "action", string(at))
	}
	if err := x.mayShape(old, r); err != nil {
		return r, err
	}
	changes := old.Differences(r)
	if exists && len(changes) == 0 {
		x.Quiet()
		return r, nil
	}
	x.Object("role:" + string(r.ID))
	x.Note("name", r.Name)
	x.Note("changes", changes)
	x.Changed("users")
	return r, x.Tx.SaveRole(r)
}

// standardRole tells a role that comes with the program.
func standardRole(id access.RoleID) bool {
	_, ok := roleOf(access.Standard(), id)
	return ok
}

// DropRole takes away a role of the owner's own that nobody has. Faults:
// Conflict "role.standard", "role.in-use" naming who has it.
type DropRole struct{ ID access.RoleID }

func (c DropRole) spec() Need { return Need{Perm: access.RoleEdit} }

func (c DropRole) run(_ context.Context, x *Exec) (struct{}, error) {
	if standardRole(c.ID) {
		return struct{}{}, fault.New("app.DropRole", fault.Conflict, "role.standard", nil)
	}
	users, err := x.Tx.Users()
	if err != nil {
		return struct{}{}, err
	}
	var who []string
	for _, u := range users {
		if u.Role == c.ID {
			who = append(who, u.Name)
		}
	}
	if len(who) > 0 {
		return struct{}{}, fault.New("app.DropRole", fault.Conflict, "role.in-use", fault.Pairs("names", strings.Join(who, ", ")))
	}
	x.Object("role:" + string(c.ID))
	x.Note("dropped", true)
	x.Changed("users")
	return struct{}{}, x.Tx.DropRole(c.ID)
}
