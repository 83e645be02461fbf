package app

import (
	"context"
	"encoding/json"
	"strings"

	"tiezhang/app/access"
	"tiezhang/app/fault"
)

// SettingKeys keeps the keys the shop has chosen, as JSON.
const SettingKeys = "ui.keys"

// Keymap says which keys the shop works with: a preset by name, and what is
// different from it. What actions and keys there are only the screen knows.
type Keymap struct {
	Preset string            `json:"preset"`
	Keys   map[string]string `json:"keys"` // by action
}

// ShopKeys reads the keys the shop has chosen.
type ShopKeys struct{}

func (q ShopKeys) spec() Need { return Need{Perm: access.HomeView, Silent: true} }

func (q ShopKeys) ask(_ context.Context, x *Exec) (Keymap, error) {
	var m Keymap
	s, err := x.Tx.Setting(SettingKeys)
	if err != nil || s == "" {
		return m, err
	}
	if json.Unmarshal([]byte(s), &m) != nil {
		return Keymap{}, nil // keys that cannot be read are the usual ones
	}
	return m, nil
}

// SetShopKeys chooses the keys for every computer of the shop that has none of
// its own.
type SetShopKeys struct{ Keymap Keymap }

func (c SetShopKeys) spec() Need { return Need{Perm: access.SettingsEdit} }

func (c SetShopKeys) run(_ context.Context, x *Exec) (struct{}, error) {
	b, err := json.Marshal(c.Keymap)
	if err != nil || len(b) > 1<<14 {
		return struct{}{}, fault.Bad("app.SetShopKeys", "setting.unknown", "name", SettingKeys)
	}
	x.Object("setting:" + SettingKeys)
	x.Note("preset", c.Keymap.Preset)
	x.Note("changed", len(c.Keymap.Keys))
	x.Changed("settings")
	return struct{}{}, x.Tx.SetSetting(SettingKeys, string(b))
}

// OpenDrawer asks for the cash drawer to be opened without a sale. The drawer is
// the computer's; the gate keeps who did it, when and why.
type OpenDrawer struct{ Reason string }

func (c OpenDrawer) spec() Need { return Need{Perm: access.DrawerOpen} }

func (c OpenDrawer) run(_ context.Context, x *Exec) (struct{}, error) {
	if strings.TrimSpace(c.Reason) == "" {
		return struct{}{}, fault.Bad("app.OpenDrawer", "till.drawer.reason", "field", "reason")
	}
	x.Object("drawer")
	x.Reason(strings.TrimSpace(c.Reason))
	return struct{}{}, nil
}
