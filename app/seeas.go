package app

import (
	"context"

	"tiezhang/app/access"
	"tiezhang/app/fault"
)

// SeeAs gives a session that looks at the shop with the eyes of a role: its
// menus, its columns, its masks. It changes nothing: every command is refused
// with Denied "gate.viewing". It ends with the session it was made from. Faults:
// NotFound "role.unknown".
type SeeAs struct{ Role access.RoleID }

func (c SeeAs) spec() Need { return Need{Perm: access.RoleEdit} }

func (c SeeAs) run(_ context.Context, x *Exec) (*Session, error) {
	roles, err := x.Tx.Roles()
	if err != nil {
		return nil, err
	}
	role, ok := roleOf(roles, c.Role)
	if !ok {
		return nil, fault.New("app.SeeAs", fault.NotFound, "role.unknown", nil)
	}
	x.Object("role:" + string(role.ID))
	x.Note("seen", true)
	s := x.S
	return &Session{shop: s.shop, user: s.user, role: role, epoch: s.epoch, viewer: s, lastUsed: x.Now}, nil
}

// Viewing tells a session that only looks as another role would.
func (s *Session) Viewing() bool { return s.viewer != nil }

// maySet refuses every change to a session that only looks.
func (s *Session) maySet() error {
	if s.viewer != nil {
		return fault.New("app.gate", fault.Denied, "gate.viewing", nil)
	}
	return nil
}
