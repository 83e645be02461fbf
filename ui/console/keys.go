package console

import (
	"context"
	"strings"
	"time"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/ui/text"
)

// envCode carries the six digits of the authenticator app.
const envCode = "TIEZHANG_CODE"

// proof is all that a person signs in with.
func (c *call) proof(door app.Door, user, password string) (app.Proof, error) {
	p := app.Proof{Password: password, Code: fromEnv(envCode)}
	if c.keyFile == "" {
		return p, nil
	}
	var err error
	p.KeyFile, err = app.ReadKeyFile(c.keyFile, door.KeyFiles[user])
	return p, err
}

// own is what the person who is signed in proves once more.
func (c *call) own(s *app.Session) (app.Proof, error) {
	door, err := c.host.Vault.Look(c.args[0])
	if err != nil {
		return app.Proof{}, err
	}
	pw, err := secret(c.passwordFile, envPassword)
	if err != nil {
		return app.Proof{}, err
	}
	return c.proof(door, s.User().Name, pw)
}

func rotate(ctx context.Context, c *call) error {
	return c.with(ctx, func(ctx context.Context, s *app.Session) error {
		if _, err := app.Run(ctx, s, app.RotateKey{}); err != nil {
			return err
		}
		return c.print(map[string]any{"rotated": true}, text.T("console.rotated"))
	})
}

func phoneCodes(ctx context.Context, c *call) error {
	verb, name := c.args[1], ""
	if len(c.args) > 2 {
		name = c.args[2]
	}
	if name != "" && verb != "off" {
		return usageError{text.T("console.totp-needs")}
	}
	return c.with(ctx, func(ctx context.Context, s *app.Session) error {
		p, err := c.own(s)
		if err != nil {
			return err
		}
		done := func(on bool) error {
			who := name
			if who == "" {
				who = s.User().Name
			}
			key := "console.totp-off"
			if on {
				key = "console.totp-on"
			}
			return c.print(map[string]any{"user": who, "totp": on}, text.T(key, "name", who))
		}
		switch verb {
		case "start":
			t, err := app.Do(ctx, s, app.StartTOTP{Password: p.Password, File: p.KeyFile})
			if err != nil {
				return err
			}
			return c.print(map[string]any{"secret": t.Secret, "uri": t.URI}, text.T("console.totp-start", "secret", t.Secret, "uri", t.URI, "env", envCode))
		case "confirm":
			if _, err := app.Do(ctx, s, app.ConfirmTOTP{Password: p.Password, File: p.KeyFile, Code: p.Code}); err != nil {
				return err
			}
			return done(true)
		case "off":
			if name != "" && name != s.User().Name {
				_, err = app.Do(ctx, s, app.DropTOTPOf{Name: name})
			} else {
				_, err = app.Do(ctx, s, app.DropTOTP{Password: p.Password, File: p.KeyFile})
			}
			if err != nil {
				return err
			}
			return done(false)
		}
		return usageError{text.T("console.totp-needs")}
	})
}

func keyStick(ctx context.Context, c *call) error {
	verb := c.args[1]
	if (verb == "make") != (len(c.args) == 3) || verb != "make" && verb != "drop" {
		return usageError{text.T("console.key-stick-needs")}
	}
	return c.with(ctx, func(ctx context.Context, s *app.Session) error {
		p, err := c.own(s)
		if err != nil {
			return err
		}
		who := s.User().Name
		if verb == "drop" {
			if _, err := app.Do(ctx, s, app.DropKeyFile{Password: p.Password, File: p.KeyFile}); err != nil {
				return err
			}
			return c.print(map[string]any{"user": who, "key_stick": false}, text.T("console.key-stick-off", "name", who))
		}
		path, err := app.Do(ctx, s, app.MakeKeyFile{Password: p.Password, File: p.KeyFile, Folder: c.args[2]})
		if err != nil {
			return err
		}
		return c.print(map[string]any{"user": who, "key_stick": true, "file": path}, text.T("console.key-stick-on", "name", who, "file", path))
	})
}

// oneTimeCode gives somebody a code, or lets a new person in with one.
func oneTimeCode(ctx context.Context, c *call, s *app.Session, verb, name string) error {
	var code app.Code
	var err error
	if verb == "invite" {
		var reach access.Reach
		if reach, err = c.reach(ctx, s); err == nil {
			code, err = app.Do(ctx, s, app.Invite{Name: name, Role: access.RoleID(c.role), Reach: reach})
		}
	} else {
		code, err = app.Do(ctx, s, app.GiveCode{Name: name})
	}
	if err != nil {
		return err
	}
	until := time.Unix(code.Until, 0).UTC().Format(time.RFC3339)
	groups := strings.Join(code.Groups, "-")
	return c.print(map[string]any{"user": code.Name, "code": groups, "until": until}, text.T("console.code", "name", code.Name, "code", groups, "until", until))
}

// leaving sees somebody out.
func leaving(ctx context.Context, c *call, s *app.Session, name string) error {
	l, err := app.Run(ctx, s, app.LeavePerson{Name: name, HandOverTo: c.to, RotateLater: c.later})
	if err != nil {
		return err
	}
	out := map[string]any{"user": name, "done": "leave", "customers": l.Customers, "drafts": l.Drafts, "rotated": l.Rotated, "rotation_due": l.RotationDue}
	if l.To != "" {
		out["to"] = l.To
	}
	words := []string{text.T("console.left", "name", name, "customers", l.Customers, "drafts", l.Drafts)}
	switch {
	case l.Problem != nil:
		out["problem"] = fault.KeyOf(l.Problem)
		words = append(words, text.T("console.left-key-due"), text.Fault(l.Problem))
	case l.Rotated:
		words = append(words, text.T("console.rotated"))
	default:
		words = append(words, text.T("console.left-key-due"))
	}
	if err := c.print(out, strings.Join(words, "\n")); err != nil {
		return err
	}
	if l.Problem != nil {
		return errSaid
	}
	return nil
}
