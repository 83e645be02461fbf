package app

import (
	"slices"

	"tiezhang/app/access"
	"tiezhang/app/fault"
)

// The right to change accounts or roles is not an owner's. Whoever else is given
// it must not be able to make themselves, or a friend, more than they are: what
// belongs to an owner only an owner does, and nobody changes what they may do
// themselves.

// newOwner tells an owner whose password was chosen before they were one: it may
// be a clerk's, and must not guard a backup.
func (u User) newOwner() bool {
	return u.Role == access.Owner && !u.Activate && u.PasswordAt < u.RoleAt
}

// NewOwners names them: their slots stay out of backups until they have chosen a
// password by the owner's rules, which the next sign-in asks for.
func NewOwners(tx Tx) (names []string, err error) {
	users, err := tx.Users()
	for _, u := range users {
		if u.newOwner() {
			names = append(names, u.Name)
		}
	}
	return names, err
}

// byOwner refuses everybody but an owner.
func (x *Exec) byOwner(key string) error {
	if x.S.role.ID == access.Owner {
		return nil
	}
	return fault.New("app.owner", fault.Denied, key, nil)
}

// mayHandle tells whether the account may be changed, and given a role: an
// owner's, and a role that reaches the keys, only by an owner.
func (x *Exec) mayHandle(u User, to access.RoleID) error {
	if u.Role == access.Owner || to == access.Owner {
		return x.byOwner("user.owner-only")
	}
	roles, err := x.Tx.Roles()
	if err != nil {
		return err
	}
	r, _ := roleOf(roles, to)
	for _, p := range notLent {
		if _, has := r.Grants[p]; has && u.Role != to {
			return x.byOwner("user.owner-only")
		}
	}
	return nil
}

// mayShape tells whether a role may be made what it is to be. An owner may; who
// else may change roles changes neither the owner's nor their own, and puts in
// nothing they have not themselves, nor what is an owner's to give.
func (x *Exec) mayShape(old, next access.Role) error {
	if x.S.role.ID == access.Owner {
		return nil
	}
	if next.ID == access.Owner {
		return x.byOwner("role.owner-only")
	}
	if next.ID == x.S.role.ID {
		return fault.New("app.SaveRole", fault.Denied, "role.yours", nil)
	}
	for _, p := range access.Permissions() {
		g, has := next.Grants[p]
		if was, had := old.Grants[p]; !has || had && was == g {
			continue
		}
		if slices.Contains(notLent, p) || access.OwnerKeeps(p) {
			return fault.New("app.SaveRole", fault.Denied, "role.owner-gives", fault.Pairs("action", string(p)))
		}
		if !access.Decide(x.S.role, p, access.Object{}).Allowed {
			return fault.New("app.SaveRole", fault.Denied, "role.not-yours", fault.Pairs("action", string(p)))
		}
	}
	return nil
}
