package keys

import (
	"maps"
	"slices"
	"strings"
)

// Preset is a set of keys people bring along from elsewhere. What it does not
// name keeps the program's own key.
type Preset struct {
	Name string // text key "keys.preset.<name>"
	Keys map[string]Chord
}

// Ours is the name of the program's own keys.
const Ours = "ours"

// presets: the second follows what is printed in the manual of Guanjiapo's
// cloud till (quantity *, price ., discount /, member F2, salesperson F4, recall
// F8, whole bill F10), the third the layout usual on supermarket tills (pay F9,
// hold F6 and Shift+F6). Where those say nothing, the keys follow ours as far as
// they are free.
var presets = []Preset{
	{Name: Ours},
	{Name: "guanjiapo", Keys: map[string]Chord{
		"till.qty": "*", "till.price": ".", "till.off": "/", "till.member": F2, "till.return": F3, "till.staff": F4, "till.topup": F5, "till.drawer": F6,
		"till.hold": F7, "till.recall": F8, "till.discount": F10, "till.print": F11, "till.close": "Ctrl+J",
	}},
	{Name: "supermarket", Keys: map[string]Chord{
		"till.qty": "*", "till.member": F2, "till.price": F3, "till.off": F4, "till.discount": F5, "till.hold": F6, "till.recall": "Shift+F6", "till.return": F7,
		"till.drawer": F8, "till.staff": F11, "till.clear": "Ctrl+Delete", "till.close": F12,
	}},
}

// Presets lists them, ours first.
func Presets() []Preset { return append([]Preset(nil), presets...) }

// Keymap is a preset and what is different from it.
type Keymap struct {
	Preset  string
	Changed map[string]Chord
}

// Clone copies a keymap deeply.
func (m Keymap) Clone() Keymap { m.Changed = maps.Clone(m.Changed); return m }

// Of gives an action's key; the preset's unknown name is ours.
func (m Keymap) Of(name string) Chord {
	if c, ok := m.Changed[name]; ok {
		return c
	}
	for _, p := range presets {
		if c, ok := p.Keys[name]; ok && p.Name == m.Preset {
			return c
		}
	}
	a, _ := action(name)
	return a.Chord
}

// All gives the keys of all actions, for Router.Remap.
func (m Keymap) All() map[string]Chord {
	out := make(map[string]Chord, len(actions))
	for _, a := range actions {
		out[a.Name] = m.Of(a.Name)
	}
	return out
}

// With gives an action another key.
func (m Keymap) With(name string, c Chord) Keymap {
	m = m.Clone()
	if m.Changed == nil {
		m.Changed = map[string]Chord{}
	}
	delete(m.Changed, name)
	if m.Of(name) != c {
		m.Changed[name] = c
	}
	return m
}

// Clash names what has a key already where an action works.
func (m Keymap) Clash(name string, c Chord) (Action, bool) {
	a, ok := action(name)
	if !ok {
		return Action{}, false
	}
	for _, s := range shell {
		// Dialogs hear their own keys first, and only the lock passes through.
		if s.Chord == c && (a.Group != AtPay || s.Name == "shell.lock") {
			return s, true
		}
	}
	for _, o := range actions {
		if o.Name != name && o.Group == a.Group && m.Of(o.Name) == c {
			return o, true
		}
	}
	return Action{}, false
}

// Clashes lists the actions whose key something else has too.
func (m Keymap) Clashes() []Action {
	var out []Action
	for _, a := range actions {
		if _, clash := m.Clash(a.Name, m.Of(a.Name)); clash {
			out = append(out, a)
		}
	}
	return out
}

// fixed are keys that typing and walking need.
var fixed = []Chord{Enter, Escape, "Tab", "Shift+Tab", "Space", "BackSpace", "Left", "Right", "Up", "Down", "Home", "End", "PageUp", "PageDown", "+", "-",
	"Ctrl+A", "Ctrl+C", "Ctrl+V", "Ctrl+X", "Ctrl+Z", "Ctrl+Y", CtrlEnter}

// signs may be keys at the till, where a scan box that is empty has no use for
// them: the keypad of a cashier has nothing else.
const signs = "*./"

// Choosable tells whether an action may have a key: not those that typing and
// walking need. A sign is good only at the till.
func Choosable(name string, c Chord) bool {
	a, ok := action(name)
	if !ok || c == "" || slices.Contains(fixed, c) || strings.HasPrefix(string(c), "Alt+") && len(c) == len("Alt+1") {
		return false
	}
	if len(c) == 1 { // a letter or digit is typed
		return a.Group == AtTill && strings.Contains(signs, string(c))
	}
	parts := strings.Split(string(c), "+")
	key := parts[len(parts)-1]
	return len(key) > 0 && (len(parts) > 1 && parts[0] != "Shift" || len(key) > 1)
}
