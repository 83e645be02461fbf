package app

import (
	"context"
	"slices"
	"strings"

	"tiezhang/app/access"
	"tiezhang/app/fault"
)

// AddUser makes an account for a person. Faults: Conflict "user.name-taken",
// "user.name-alike", Insecure "passphrase.*", Invalid "user.name",
// "user.name-mixed", "user.role".
type AddUser struct {
	Name, Password string
	Role           access.RoleID
	Reach          access.Reach // where they work; nil = in all warehouses
}

func (c AddUser) spec() Need { return Need{Perm: access.UserEdit} }

func (c AddUser) run(ctx context.Context, x *Exec) (int64, error) {
	name := strings.TrimSpace(c.Name)
	if err := checkNewName(x.Tx, name); err != nil {
		return 0, err
	}
	if err := x.roleExists(c.Role); err != nil {
		return 0, err
	}
	if err := x.mayHandle(User{}, c.Role); err != nil {
		return 0, err
	}
	if err := checkPassword(x.Tx, c.Role, c.Password, name); err != nil {
		return 0, err
	}
	reach, err := x.checkReach(c.Role, c.Reach)
	if err != nil {
		return 0, err
	}
	now := x.Now.Unix()
	u := User{Name: name, Role: c.Role, RoleAt: now, CreatedAt: now, Reach: reach}
	if err := u.chosen(x.Tx, x.Now); err != nil {
		return 0, err
	}
	id, err := x.Tx.SaveUser(u)
	if err != nil {
		return 0, err
	}
	x.Object("user:" + name)
	x.Note("role", string(c.Role))
	if err := x.noteReach(reach); err != nil {
		return 0, err
	}
	x.Changed("users")
	// The key slot comes last: if it fails the row goes with the transaction.
	keys := x.S.shop.keys
	if err := x.roomFor(ctx, id, name); err != nil {
		return 0, err
	}
	err = keys.AddUser(ctx, name, c.Password)
	if err == nil && c.Role == access.Owner {
		err = keys.SetOwner(ctx, name, true)
	}
	if err == nil {
		err = x.S.shop.vouch(x.Tx)
	}
	return id, err
}

// checkPassword holds a new password to the shop's rules.
func checkPassword(tx Tx, role access.RoleID, password string, name string) error {
	p, err := readPolicy(tx)
	if err != nil {
		return err
	}
	words, err := passwordContext(tx, name)
	if err != nil {
		return err
	}
	return p.pack().Policy(role == access.Owner).Check(password, words...)
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
// The last owner can't be disabled or given another role; nobody changes this of
// themselves (Denied "user.own-account"), and of an owner only an owner does
// (Denied "user.owner-only").
type ChangeUser struct {
	Name     string
	Role     access.RoleID
	Disabled bool
}

func (c ChangeUser) spec() Need { return Need{Perm: access.UserEdit} }

func (c ChangeUser) run(ctx context.Context, x *Exec) (struct{}, error) {
	u, err := x.Tx.UserByName(c.Name)
	if err != nil {
		return struct{}{}, err
	}
	if err := x.roleExists(c.Role); err != nil {
		return struct{}{}, err
	}
	if u.Role == c.Role && u.Disabled == c.Disabled {
		x.Quiet()
		return struct{}{}, nil
	}
	if u.ID == x.S.user.ID {
		return struct{}{}, fault.New("app.ChangeUser", fault.Denied, "user.own-account", nil)
	}
	if err := x.mayHandle(u, c.Role); err != nil {
		return struct{}{}, err
	}
	was, is := u.Role == access.Owner && !u.Disabled, c.Role == access.Owner && !c.Disabled
	if was && !is {
		all, err := x.Tx.Users()
		if err != nil {
			return struct{}{}, err
		}
		if !slices.ContainsFunc(all, func(o User) bool { return o.Role == access.Owner && !o.Disabled && o.ID != u.ID }) {
			return struct{}{}, fault.New("app.ChangeUser", fault.Conflict, "user.last-owner", nil)
		}
	}
	x.Object("user:" + u.Name)
	x.Note("role", string(c.Role))
	x.Note("disabled", c.Disabled)
	x.Changed("users")
	if u.Role != c.Role {
		u.RoleAt = x.Now.Unix()
		u.PasswordAt = min(u.PasswordAt, u.RoleAt-1) // chosen for another role; see newOwner
	}
	if u.Disabled && !c.Disabled {
		x.Note("enabled", true)
		u.EnabledAt = x.Now.Unix() // who comes back is not stale at once
	}
	u.Role, u.Disabled = c.Role, c.Disabled
	if c.Role == access.Owner { // an owner works everywhere
		u.Reach = nil
	}
	if _, err = x.Tx.SaveUser(u); err != nil || was == is {
		return struct{}{}, err
	}
	if was {
		if err := callForRotation(x.Tx, DueOwner, x.Now); err != nil {
			return struct{}{}, err
		}
	}
	// The roster of keys is changed last: it is no part of the transaction. Who is
	// disabled is no owner there either: no backup opens for them, and the recovery
	// kit is for somebody else.
	err = x.S.shop.keys.SetOwner(ctx, u.Name, is)
	if !is && fault.KindOf(err) == fault.NotFound {
		err = nil // has no slot, since a restore
	}
	return struct{}{}, err
}

// ResetPassword gives another person a new password. Whatever second factor they
// had goes with it: who lost the one has often lost the other, and the owner is
// standing beside them. One's own password is changed with ChangePassword, which
// wants the old one (Denied "user.reset-own").
type ResetPassword struct{ Name, Password string }

func (c ResetPassword) spec() Need { return Need{Perm: access.UserEdit} }

func (c ResetPassword) run(ctx context.Context, x *Exec) (struct{}, error) {
	u, err := x.Tx.UserByName(c.Name)
	if err != nil {
		return struct{}{}, err
	}
	if u.ID == x.S.user.ID {
		return struct{}{}, fault.New("app.ResetPassword", fault.Denied, "user.reset-own", nil)
	}
	if err := x.mayHandle(u, u.Role); err != nil {
		return struct{}{}, err
	}
	if err := checkPassword(x.Tx, u.Role, c.Password, u.Name); err != nil {
		return struct{}{}, err
	}
	if err := x.S.shop.usedBefore(ctx, x.Tx, u, c.Password); err != nil {
		return struct{}{}, err
	}
	if err := x.S.shop.keepFormer(x.Tx, u, x.Now); err != nil {
		return struct{}{}, err
	}
	if err := u.chosen(x.Tx, x.Now); err != nil {
		return struct{}{}, err
	}
	u.TOTP, u.TOTPStep, u.KeyFile, u.Activate, u.ActivateUntil = false, 0, false, false, 0
	if _, err := x.Tx.SaveUser(u); err != nil {
		return struct{}{}, err
	}
	x.Object("user:" + u.Name)
	x.Note("password", "reset")
	x.Changed("users")
	x.After(func() { x.S.shop.forgive(u.Name) })
	if err := x.S.shop.keys.ResetPassword(ctx, u.Name, c.Password); err != nil {
		return struct{}{}, err
	}
	return struct{}{}, x.S.shop.vouch(x.Tx)
}

// ChangePassword changes the person's own password. Old is the password, or the
// one-time activation code, that was just used. File is what is on the key
// stick of somebody who has one.
type ChangePassword struct {
	Old, New string
	File     []byte
}

func (c ChangePassword) spec() Need { return Need{Perm: access.HomeView, Pending: true} }

func (c ChangePassword) run(ctx context.Context, x *Exec) (struct{}, error) {
	none, now := struct{}{}, x.Now.Unix()
	u, err := x.Tx.UserByName(x.S.user.Name)
	if err != nil {
		return none, err
	}
	if err := checkPassword(x.Tx, u.Role, c.New, u.Name); err != nil {
		return none, err
	}
	pol, err := readPolicy(x.Tx)
	if err != nil {
		return none, err
	}
	keep := pol.pack().Policy(u.Role == access.Owner).History
	if keep > 0 || x.S.Pending() != NothingPending {
		// The keyring says whether it is the same one: two ways to type it are one.
		if _, err := x.S.shop.keys.Verify(ctx, u.Name, Proof{Password: c.New, KeyFile: c.File}); err == nil {
			return none, fault.New("app.ChangePassword", fault.Insecure, "passphrase.same", nil)
		}
	}
	if keep > 0 {
		used, err := x.Tx.PasswordUsed(u.ID, c.New)
		if err != nil {
			return none, err
		}
		if used {
			return none, fault.New("app.ChangePassword", fault.Insecure, "passphrase.used", fault.Pairs("count", keep))
		}
		if !u.Activate {
			if err := x.Tx.KeepPassword(u.ID, now, c.Old, keep); err != nil {
				return none, err
			}
		}
	}
	code := u.Activate
	if err := u.chosen(x.Tx, x.Now); err != nil {
		return none, err
	}
	u.Activate, u.ActivateUntil = false, 0
	if _, err := x.Tx.SaveUser(u); err != nil {
		return none, err
	}
	x.Object("user:" + u.Name)
	x.Note("password", "changed")
	if code {
		x.Note("by", "activation")
	}
	x.Changed("users")
	next, err := pendingOf(x.Tx, u, pol, x.Now)
	if err != nil {
		return none, err
	}
	x.After(func() { x.S.setStrong(next) })
	return none, x.S.shop.proved(u.Name, func() error {
		return x.S.shop.keys.ChangePassword(ctx, u.Name, Proof{Password: c.Old, KeyFile: c.File}, c.New)
	})
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

var editable = map[string]bool{SettingShopName: true, SettingNegative: true, SettingBackupFolders: true, SettingRecoveryKit: true, SettingPhone: true, SettingAddress: true, SettingSlipFoot: true, SettingRecount: true}

// SetLook keeps language, theme and text size; anyone may choose among those there
// are, "" for the usual one. Invalid "setting.look".
type SetLook struct{ Language, Theme, TextSize string }

func (c SetLook) spec() Need { return Need{Perm: access.HomeView} }

func (c SetLook) run(_ context.Context, x *Exec) (struct{}, error) {
	x.Quiet() // how it looks is no operation on the books
	for name, value := range map[string]string{"language": c.Language, "theme": c.Theme, "text_size": c.TextSize} {
		if value != "" && !slices.Contains(looks[name], value) {
			return struct{}{}, fault.Bad("app.SetLook", "setting.look", "field", name)
		}
	}
	for k, v := range map[string]string{SettingLanguage: c.Language, SettingTheme: c.Theme, SettingTextSize: c.TextSize} {
		if err := x.Tx.SetSetting(k, v); err != nil {
			return struct{}{}, err
		}
	}
	return struct{}{}, nil
}

// looks are what can be chosen.
var looks = map[string][]string{"language": {"zh-Hans", "en"}, "theme": {"system", "light", "dark"}, "text_size": {"standard", "large", "largest"}}

// Settings reads all the shop's settings screens may show. Where the backups lie is
// told to who may see backups or settings.
type Settings struct{}

func (q Settings) spec() Need { return Need{Perm: access.HomeView, Silent: true} }

func (q Settings) ask(_ context.Context, x *Exec) (map[string]string, error) {
	out := map[string]string{}
	for _, k := range []string{SettingShopName, SettingLanguage, SettingTheme, SettingTextSize, SettingNegative, SettingDayClosed, SettingMonthClosed,
		SettingBackupFolders, SettingLastBackup, SettingRecoveryKit, SettingPhone, SettingAddress, SettingSlipFoot, SettingRecount, SettingCostMethod} {
		if (k == SettingBackupFolders || k == SettingLastBackup) && !x.seesBackups() {
			continue
		}
		v, err := x.Tx.Setting(k)
		if err != nil {
			return nil, err
		}
		out[k] = v
	}
	return out, nil
}
