package app

import (
	"context"
	"strings"
	"unicode"

	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/app/passphrase"
)

// checkUserName refuses names that could be taken for another or break a list.
func checkUserName(name string) error {
	n := []rune(strings.TrimSpace(name))
	if len(n) == 0 || len(n) > 32 {
		return fault.Bad("app.user", "user.name", "field", "name")
	}
	for _, r := range n {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.IsSpace(r) && r != ' ' {
			return fault.Bad("app.user", "user.name", "field", "name")
		}
	}
	return nil
}

// AddUser makes an account for a person. Faults: Conflict "user.name-taken",
// Insecure "passphrase.*", Invalid "user.name", "user.role".
type AddUser struct {
	Name, Password string
	Role           access.RoleID
}

func (c AddUser) spec() Need { return Need{Perm: access.UserEdit} }

func (c AddUser) run(ctx context.Context, x *Exec) (int64, error) {
	name := strings.TrimSpace(c.Name)
	if err := checkUserName(name); err != nil {
		return 0, err
	}
	if err := x.roleExists(c.Role); err != nil {
		return 0, err
	}
	shop, err := x.Tx.Setting(SettingShopName)
	if err != nil {
		return 0, err
	}
	if err := passphrase.Balanced(c.Role == access.Owner).Check(c.Password, shop, name); err != nil {
		return 0, err
	}
	id, err := x.Tx.SaveUser(User{Name: name, Role: c.Role})
	if err != nil {
		return 0, err
	}
	x.Object("user:" + name)
	x.Note("role", string(c.Role))
	x.Changed("users")
	// The key slot comes last: if it fails the row goes with the transaction. The
	// other way round, a slot is left without a row; it opens nothing (signing in
	// wants the row), and here it makes room.
	keys := x.S.shop.keys
	err = keys.AddUser(ctx, name, c.Password)
	if err != nil && fault.KindOf(err) == fault.Conflict {
		if err = keys.RemoveUser(ctx, name); err == nil {
			err = keys.AddUser(ctx, name, c.Password)
		}
	}
	return id, err
}

func (x *Exec) roleExists(id access.RoleID) error {
	roles, err := x.Tx.Roles()
	if err != nil {
		return err
	}
	if _, ok := roleOf(roles, id); !ok {
		return fault.Bad("app.user", "user.role", "field", "role")
	}
	return nil
}

// ChangeUser gives a person another role, or disables or enables the account.
// The last owner can't be disabled or given another role.
type ChangeUser struct {
	Name     string
	Role     access.RoleID
	Disabled bool
}

func (c ChangeUser) spec() Need { return Need{Perm: access.UserEdit} }

func (c ChangeUser) run(_ context.Context, x *Exec) (struct{}, error) {
	u, err := x.Tx.UserByName(c.Name)
	if err != nil {
		return struct{}{}, err
	}
	if err := x.roleExists(c.Role); err != nil {
		return struct{}{}, err
	}
	if u.Role == access.Owner && (c.Role != access.Owner || c.Disabled) {
		all, err := x.Tx.Users()
		if err != nil {
			return struct{}{}, err
		}
		owners := 0
		for _, o := range all {
			if o.Role == access.Owner && !o.Disabled {
				owners++
			}
		}
		if owners <= 1 {
			return struct{}{}, fault.New("app.ChangeUser", fault.Conflict, "user.last-owner", nil)
		}
	}
	x.Object("user:" + u.Name)
	x.Note("role", string(c.Role))
	x.Note("disabled", c.Disabled)
	x.Changed("users")
	u.Role, u.Disabled = c.Role, c.Disabled
	_, err = x.Tx.SaveUser(u)
	return struct{}{}, err
}

// ResetPassword gives another person a new password.
type ResetPassword struct{ Name, Password string }

func (c ResetPassword) spec() Need { return Need{Perm: access.UserEdit} }

func (c ResetPassword) run(ctx context.Context, x *Exec) (struct{}, error) {
	u, err := x.Tx.UserByName(c.Name)
	if err != nil {
		return struct{}{}, err
	}
	if err := passphrase.Balanced(u.Role == access.Owner).Check(c.Password, u.Name); err != nil {
		return struct{}{}, err
	}
	x.Object("user:" + u.Name)
	x.Note("password", "reset")
	return struct{}{}, x.S.shop.keys.ResetPassword(ctx, u.Name, c.Password)
}

// ChangePassword changes the person's own password.
type ChangePassword struct{ Old, New string }

func (c ChangePassword) spec() Need { return Need{Perm: access.HomeView} }

func (c ChangePassword) run(ctx context.Context, x *Exec) (struct{}, error) {
	if err := passphrase.Balanced(x.S.role.ID == access.Owner).Check(c.New, x.S.user.Name); err != nil {
		return struct{}{}, err
	}
	x.Object("user:" + x.S.user.Name)
	x.Note("password", "changed")
	return struct{}{}, x.S.shop.keys.SetPassword(ctx, x.S.user.Name, c.Old, c.New)
}

// NewRecovery makes a new recovery code; the old one is void.
type NewRecovery struct{}

func (c NewRecovery) spec() Need { return Need{Perm: access.KeyExport} }

func (c NewRecovery) run(ctx context.Context, x *Exec) (RecoveryCode, error) {
	x.Object("keyring")
	x.Note("recovery", "new")
	return x.S.shop.keys.NewRecovery(ctx)
}

// ExportKey gives the raw key of the encrypted file in hex: no lock-in. Logged.
type ExportKey struct{}

func (c ExportKey) spec() Need { return Need{Perm: access.KeyExport} }

func (c ExportKey) run(_ context.Context, x *Exec) (string, error) {
	x.Object("keyring")
	x.Note("key", "exported")
	return x.S.shop.keys.Raw(), nil
}

// Roles lists the roles.
type Roles struct{}

func (q Roles) spec() Need { return Need{Perm: access.UserView, Silent: true} }

func (q Roles) ask(_ context.Context, x *Exec) ([]access.Role, error) { return x.Tx.Roles() }

// ListUsers lists the people with accounts.
type ListUsers struct{}

func (q ListUsers) spec() Need { return Need{Perm: access.UserView, Silent: true} }

func (q ListUsers) ask(_ context.Context, x *Exec) ([]User, error) { return x.Tx.Users() }

// SetSetting sets one of the shop's settings.
type SetSetting struct{ Key, Value string }

func (c SetSetting) spec() Need { return Need{Perm: access.SettingsEdit} }

func (c SetSetting) run(_ context.Context, x *Exec) (struct{}, error) {
	if !editable[c.Key] || len(c.Value) > 4096 {
		return struct{}{}, fault.Bad("app.SetSetting", "setting.unknown", "name", c.Key)
	}
	x.Object("setting:" + c.Key)
	x.Note("value", c.Value)
	x.Changed("settings")
	return struct{}{}, x.Tx.SetSetting(c.Key, c.Value)
}

var editable = map[string]bool{SettingShopName: true, SettingNegative: true, SettingBackupFolders: true, SettingRecoveryKit: true, SettingPhone: true, SettingAddress: true, SettingSlipFoot: true}

// SetLook keeps language, theme and text size; anyone may choose.
type SetLook struct{ Language, Theme, TextSize string }

func (c SetLook) spec() Need { return Need{Perm: access.HomeView} }

func (c SetLook) run(_ context.Context, x *Exec) (struct{}, error) {
	x.Quiet() // how it looks is no operation on the books
	for k, v := range map[string]string{SettingLanguage: c.Language, SettingTheme: c.Theme, SettingTextSize: c.TextSize} {
		if err := x.Tx.SetSetting(k, v); err != nil {
			return struct{}{}, err
		}
	}
	return struct{}{}, nil
}

// Settings reads all the shop's settings screens may show.
type Settings struct{}

func (q Settings) spec() Need { return Need{Perm: access.HomeView, Silent: true} }

func (q Settings) ask(_ context.Context, x *Exec) (map[string]string, error) {
	out := map[string]string{}
	for _, k := range []string{SettingShopName, SettingLanguage, SettingTheme, SettingTextSize, SettingNegative, SettingDayClosed, SettingMonthClosed,
		SettingBackupFolders, SettingLastBackup, SettingRecoveryKit, SettingPhone, SettingAddress, SettingSlipFoot} {
		v, err := x.Tx.Setting(k)
		if err != nil {
			return nil, err
		}
		out[k] = v
	}
	return out, nil
}
