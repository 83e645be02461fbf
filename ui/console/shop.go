package console

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"slices"
	"strings"
	"time"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/day"
	"tiezhang/app/demo"
	"tiezhang/app/master"
	"tiezhang/ui/text"
)

// names are the words a new shop starts with.
func names() map[string]string {
	m := map[string]string{}
	for _, k := range []string{"warehouse", "cash", "wechat", "alipay", "bank"} {
		m[k] = text.T("console.seed." + k)
	}
	return m
}

func newShop(ctx context.Context, c *call) error {
	pw, err := secret(c.passwordFile, envPassword)
	if err != nil {
		return err
	}
	if c.shop == "" || c.owner == "" {
		return usageError{text.T("console.new-needs")}
	}
	if pw == "" {
		return usageError{text.T("console.no-password", "env", envPassword)}
	}
	s, code, err := c.host.New(ctx, c.args[0], app.NewShop{ShopName: c.shop, OwnerName: c.owner, Password: pw, Language: string(text.Current()), Names: names()})
	if err != nil {
		return err
	}
	if err := s.Shop().Close(ctx); err != nil {
		return err
	}
	rec := strings.Join(code.Groups, "-")
	return c.print(map[string]any{"recovery": rec, "shop": c.shop, "owner": c.owner}, text.T("console.made", "dir", c.args[0], "code", rec))
}

func demoNames() map[string]string {
	m := map[string]string{}
	for _, k := range []string{"rent", "reason"} {
		m[k] = text.T("console.demo." + k)
	}
	return m
}

func demoShop(ctx context.Context, c *call) error {
	if c.days < 1 || c.days > 5000 || c.items < 0 || c.bills < 0 {
		return usageError{text.T("console.demo-range")}
	}
	end := day.Of(time.Now())
	if c.end != "" {
		var err error
		if end, err = day.Parse(c.end); err != nil {
			return usageError{text.T("doc.date", "field", "--end", "value", c.end)}
		}
	}
	pw, err := secret(c.passwordFile, envPassword)
	if err != nil {
		return err
	}
	made := pw == ""
	if made {
		var b [10]byte
		_, _ = rand.Read(b[:]) // never fails
		pw = strings.ToLower(base32.StdEncoding.EncodeToString(b[:]))
	}
	seed := app.NewShop{ShopName: c.shop, OwnerName: c.owner, Password: pw, Language: string(text.Current()), Names: names()}
	if seed.ShopName == "" {
		seed.ShopName = text.T("console.demo-shop")
	}
	if seed.OwnerName == "" {
		seed.OwnerName = text.T("console.demo-owner")
	}
	s, code, err := c.host.New(ctx, c.args[0], seed)
	if err != nil {
		return err
	}
	// A large shop takes longer than a proof of the password lasts.
	n, err := demo.Fill(app.WithPassword(ctx, pw), s, demo.Plan{Seed: c.seed, Days: c.days, End: end, Items: c.items, Bills: c.bills, Names: demoNames()}, nil)
	if cerr := s.Shop().Close(ctx); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	rec := strings.Join(code.Groups, "-")
	out := map[string]any{"recovery": rec, "shop": seed.ShopName, "owner": seed.OwnerName, "lines": n}
	words := text.T("console.demo-made", "dir", c.args[0], "lines", n, "code", rec, "owner", seed.OwnerName)
	if made {
		out["password"] = pw
		words += "\n" + text.T("console.demo-password", "password", pw)
	}
	return c.print(out, words)
}

func recoverShop(ctx context.Context, c *call) error {
	code, err := secret("", envRecovery)
	if err != nil {
		return err
	}
	pw, err := secret(c.newPasswordFile, envNewPassword)
	if err != nil {
		return err
	}
	if code == "" || pw == "" {
		return usageError{text.T("console.recover-needs", "code", envRecovery, "password", envNewPassword)}
	}
	s, err := c.host.Recover(ctx, c.args[0], code, c.user, pw)
	if err != nil {
		return err
	}
	name := s.User().Name
	if err := s.Shop().Close(ctx); err != nil {
		return err
	}
	return c.print(map[string]any{"owner": name}, text.T("console.recovered", "owner", name))
}

func exportKey(ctx context.Context, c *call) error {
	return c.with(ctx, func(ctx context.Context, s *app.Session) error {
		k, err := app.Do(ctx, s, app.ExportKey{})
		if err != nil {
			return err
		}
		return c.print(map[string]any{"key": k}, k)
	})
}

// people manages accounts.
func people(ctx context.Context, c *call) error {
	verb, name := c.args[1], ""
	if len(c.args) > 2 {
		name = c.args[2]
	}
	if verb != "list" && verb != "password" && name == "" {
		return usageError{text.T("console.user-needs")}
	}
	return c.with(ctx, func(ctx context.Context, s *app.Session) error {
		switch verb {
		case "list":
			return listPeople(ctx, c, s)
		case "invite", "code":
			return oneTimeCode(ctx, c, s, verb, name)
		case "leave":
			return leaving(ctx, c, s, name)
		case "password":
			return ownPassword(ctx, c, s)
		case "add", "reset":
			pw, err := secret(c.newPasswordFile, envNewPassword)
			if err != nil {
				return err
			}
			if pw == "" {
				return usageError{text.T("console.no-password", "env", envNewPassword)}
			}
			if verb == "add" {
				reach, err := c.reach(ctx, s)
				if err != nil {
					return err
				}
				_, err = app.Do(ctx, s, app.AddUser{Name: name, Password: pw, Role: access.RoleID(c.role), Reach: reach})
				if err != nil {
					return err
				}
			} else {
				_, err = app.Do(ctx, s, app.ResetPassword{Name: name, Password: pw})
			}
			if err != nil {
				return err
			}
		case "places":
			reach, err := c.reach(ctx, s)
			if err != nil {
				return err
			}
			if c.warehouses == "" { // nobody is let in everywhere by a word left out
				return usageError{text.T("console.user-needs")}
			}
			if _, err := app.Do(ctx, s, app.SetReach{Name: name, Reach: reach}); err != nil {
				return err
			}
		case "role", "disable", "enable":
			users, err := app.Ask(ctx, s, app.ListUsers{})
			if err != nil {
				return err
			}
			ch := app.ChangeUser{Name: name, Role: access.RoleID(c.role), Disabled: verb == "disable"}
			for _, u := range users {
				if u.Name == name && verb != "role" {
					ch.Role = u.Role
				} else if u.Name == name {
					ch.Disabled = u.Disabled
				}
			}
			if _, err := app.Do(ctx, s, ch); err != nil {
				return err
			}
		default:
			return usageError{text.T("console.user-needs")}
		}
		return c.print(map[string]any{"user": name, "done": verb}, text.T("console.user-done", "name", name))
	})
}

// reach reads --warehouses: codes separated by commas; "all" and nothing mean all.
func (c *call) reach(ctx context.Context, s *app.Session) (access.Reach, error) {
	if c.warehouses == "" || c.warehouses == "all" {
		return nil, nil
	}
	ps, err := app.Ask(ctx, s, app.Places{})
	if err != nil {
		return nil, err
	}
	var out access.Reach
	for code := range strings.SplitSeq(c.warehouses, ",") {
		code = strings.TrimSpace(code)
		i := slices.IndexFunc(ps.Warehouses, func(w master.Warehouse) bool { return strings.EqualFold(w.Code, code) || w.Name == code && code != "" })
		if i < 0 {
			return nil, usageError{text.T("console.warehouse", "value", code)}
		}
		out = append(out, ps.Warehouses[i].ID)
	}
	return out, nil
}

func listPeople(ctx context.Context, c *call, s *app.Session) error {
	users, err := app.Ask(ctx, s, app.People{})
	if err != nil {
		return err
	}
	type row struct {
		Name     string   `json:"name"`
		Role     string   `json:"role"`
		Disabled bool     `json:"disabled"`
		LastIn   string   `json:"last_in,omitempty"`
		Stale    bool     `json:"stale"`
		Factor   bool     `json:"second_factor"`
		Invited  bool     `json:"invited"`
		Places   []string `json:"warehouses,omitempty"` // absent: all
	}
	ps, err := app.Ask(ctx, s, app.Places{})
	if err != nil {
		return err
	}
	var rows []row
	var words []string
	for _, u := range users {
		r := row{Name: u.Name, Role: string(u.Role), Disabled: u.Disabled, Stale: u.Stale, Factor: u.Factor, Invited: u.Activate}
		if u.LastIn != 0 {
			r.LastIn = time.Unix(u.LastIn, 0).UTC().Format(time.RFC3339)
		}
		for _, w := range ps.Warehouses {
			if !u.Reach.Everywhere() && u.Reach.Has(w.ID) {
				r.Places = append(r.Places, w.Code)
			}
		}
		rows = append(rows, r)
		words = append(words, fmt.Sprintf("%s\t%s\t%v\t%s", u.Name, u.Role, u.Disabled, strings.Join(r.Places, ",")))
	}
	return c.print(rows, strings.Join(words, "\n"))
}
