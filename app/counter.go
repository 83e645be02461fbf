package app

import (
	"context"
	"encoding/json"
	"strings"

	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/fault"
	"tiezhang/app/master"
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

// MemberAt finds whom a card or a telephone number belongs to: members by card
// first, else all members with the number.
type MemberAt struct{ Code string }

func (q MemberAt) spec() Need { return Need{Perm: access.MemberView, Silent: true} }

func (q MemberAt) ask(_ context.Context, x *Exec) ([]master.Party, error) {
	code := amount.Narrow(strings.TrimSpace(q.Code))
	if code == "" {
		return nil, nil
	}
	p, err := x.memberByCard(code)
	if err == nil {
		if p.Disabled {
			return nil, nil
		}
		return []master.Party{x.maskParty(p)}, nil
	}
	if fault.KindOf(err) != fault.NotFound {
		return nil, err
	}
	found, err := x.Tx.PhoneHolders(code)
	if err != nil {
		return nil, err
	}
	out := found[:0]
	for _, p := range found {
		if p.Card != "" && !p.Disabled {
			out = append(out, x.maskParty(p))
		}
	}
	return out, nil
}

// PointRules tells what points members earn and what they are worth, as typed.
type PointRules struct{}

func (q PointRules) spec() Need { return Need{Perm: access.HomeView, Silent: true} }

func (q PointRules) ask(_ context.Context, x *Exec) (SetPointRules, error) {
	per, err := x.Tx.Setting(SettingPointsPerYuan)
	if err != nil {
		return SetPointRules{}, err
	}
	value, err := x.Tx.Setting(SettingPointValue)
	return SetPointRules{PerYuan: per, Value: value}, err
}

// SetPointRules says what points members earn for each yuan, and what one is
// worth when it is used up; "" for none. Invalid "member.points-rate".
type SetPointRules struct{ PerYuan, Value string }

func (c SetPointRules) spec() Need { return Need{Perm: access.SettingsEdit} }

func (c SetPointRules) run(_ context.Context, x *Exec) (struct{}, error) {
	c.PerYuan, c.Value = amount.Narrow(strings.TrimSpace(c.PerYuan)), amount.Narrow(strings.TrimSpace(c.Value))
	if _, err := parsePointRules(c.PerYuan, c.Value); err != nil {
		return struct{}{}, err
	}
	x.Object("setting:member.points")
	x.Note("per_yuan", c.PerYuan)
	x.Note("value", c.Value)
	x.Changed("settings")
	if err := x.Tx.SetSetting(SettingPointsPerYuan, c.PerYuan); err != nil {
		return struct{}{}, err
	}
	return struct{}{}, x.Tx.SetSetting(SettingPointValue, c.Value)
}
