package console

import (
	"context"

	"tiezhang/app"
	"tiezhang/ui/text"
)

// ownPassword changes the password of whoever signs in: also one that has
// expired, or a one-time code given as the password.
func ownPassword(ctx context.Context, c *call, s *app.Session) error {
	p, err := c.own(s)
	if err != nil {
		return err
	}
	pw, err := secret(c.newPasswordFile, envNewPassword)
	if err != nil {
		return err
	}
	if pw == "" {
		return usageError{text.T("console.no-password", "env", envNewPassword)}
	}
	if _, err := app.Do(ctx, s, app.ChangePassword{Old: p.Password, New: pw, File: p.KeyFile}); err != nil {
		return err
	}
	name := s.User().Name
	return c.print(map[string]any{"user": name, "done": "password"}, text.T("console.user-done", "name", name))
}
