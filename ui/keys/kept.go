package keys

import (
	"encoding/json"

	"fyne.io/fyne/v2"

	"tiezhang/app"
)

// prefKey is where this computer keeps keys of its own.
const prefKey = "keys.map"

// OfThisComputer gives the keys kept on this computer; ok is false when it goes
// by the shop's.
func OfThisComputer() (m Keymap, ok bool) {
	s := fyne.CurrentApp().Preferences().String(prefKey)
	var k app.Keymap
	if s == "" || json.Unmarshal([]byte(s), &k) != nil {
		return Keymap{}, false
	}
	return FromShop(k), true
}

// KeepOnThisComputer keeps keys on this computer, or lets it go by the shop's.
func KeepOnThisComputer(m *Keymap) {
	s := ""
	if m != nil {
		if b, err := json.Marshal(ToShop(*m)); err == nil {
			s = string(b)
		}
	}
	fyne.CurrentApp().Preferences().SetString(prefKey, s)
}

// FromShop reads what is stored. What this program does not know, or what would
// give two things the same key, is left out: a till must always be usable.
func FromShop(k app.Keymap) Keymap {
	m := Keymap{Preset: Ours}
	for _, p := range presets {
		if p.Name == k.Preset {
			m.Preset = k.Preset
		}
	}
	for _, a := range actions { // in the order of the list, so that it is the same everywhere
		if s, ok := k.Keys[a.Name]; ok {
			if c, ok := Parse(s); ok && Choosable(a.Name, c) {
				m = m.With(a.Name, c)
			}
		}
	}
	for range actions { // each turn settles at least one
		clash := m.Clashes()
		if len(clash) == 0 {
			break
		}
		for _, a := range clash {
			delete(m.Changed, a.Name)
		}
	}
	return m
}

// ToShop is the form that is stored.
func ToShop(m Keymap) app.Keymap {
	k := app.Keymap{Preset: m.Preset, Keys: map[string]string{}}
	for name, c := range m.Changed {
		k.Keys[name] = string(c)
	}
	return k
}
