package app

import "tiezhang/app/access"

// PermOf gives the permission a use case asks for, for the tests of the gate.
func PermOf(useCase any) (access.Permission, bool) {
	c, ok := useCase.(interface{ spec() Need })
	if !ok {
		return "", false
	}
	return c.spec().Perm, true
}
