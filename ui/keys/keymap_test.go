package keys

import (
	"testing"

	"pgregory.net/rapid"

	"tiezhang/app"
)

func TestPresetsAreWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, a := range actions {
		if seen[a.Name] || a.Title == "" || a.Chord == "" {
			t.Errorf("%+v", a)
		}
		seen[a.Name] = true
		if c, ok := Parse(string(a.Chord)); !ok || c != a.Chord {
			t.Errorf("%s: %q is read as %q", a.Name, a.Chord, c)
		}
	}
	for _, p := range presets {
		m := Keymap{Preset: p.Name}
		if c := m.Clashes(); len(c) > 0 {
			t.Errorf("%s: %+v has a key twice", p.Name, c)
		}
		for name, c := range p.Keys {
			if !seen[name] || !Choosable(name, c) {
				t.Errorf("%s: %s cannot be %s", p.Name, name, c)
			}
		}
		for _, a := range actions {
			if m.Of(a.Name) == "" {
				t.Errorf("%s: %s has no key", p.Name, a.Name)
			}
		}
	}
}

func TestClashesAreNamed(t *testing.T) {
	m := Keymap{}
	if o, ok := m.Clash("till.hold", F9); !ok || o.Name != "till.pay" {
		t.Fatal(o, ok)
	}
	if o, ok := m.Clash("till.hold", "Ctrl+K"); !ok || o.Name != "shell.palette" {
		t.Fatal(o, ok)
	}
	if o, ok := m.Clash("till.hold", "Ctrl+H"); ok {
		t.Fatal(o)
	}
	if _, ok := m.Clash("pay.round", F2); !ok {
		t.Fatal("an account has it")
	}
	if o, ok := m.Clash("pay.1", F1); ok {
		t.Fatal("a dialog has its own keys:", o)
	}
	if m.Changed != nil {
		t.Fatal("asking changed something")
	}
}

func TestWhatMayBeAKey(t *testing.T) {
	for c, want := range map[Chord]bool{"F6": true, "Ctrl+J": true, "*": true, "Shift+F6": true, "Insert": true, "Ctrl+Shift+P": true,
		"A": false, "7": false, "+": false, Enter: false, Escape: false, "Left": false, "Ctrl+V": false, "Alt+3": false, "": false, "Shift+A": false} {
		if got := Choosable("till.hold", c); got != want {
			t.Errorf("%q: %v", c, got)
		}
	}
	if Choosable("doc.post", "*") || Choosable("pay.ok", ".") {
		t.Error("a sign is typed into fields there")
	}
	if Choosable("shell.help", F2) {
		t.Error("keys of the shell are fixed")
	}
}

// However keys are changed, every action has one, and what is set back is the
// preset again.
func TestChangingAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(presets).Draw(t, "preset")
		m := Keymap{Preset: p.Name}
		chords := []Chord{F2, F6, "Ctrl+J", "Shift+F6", "*", "Ctrl+Shift+P"}
		for range rapid.IntRange(0, 12).Draw(t, "n") {
			a := rapid.SampledFrom(actions).Draw(t, "action")
			c := rapid.SampledFrom(chords).Draw(t, "chord")
			before := m.Of(a.Name)
			n := m.With(a.Name, c)
			if n.Of(a.Name) != c || m.Of(a.Name) != before {
				t.Fatal("With changed what it was given")
			}
			m = n
		}
		for _, a := range actions {
			m = m.With(a.Name, Keymap{Preset: p.Name}.Of(a.Name))
		}
		if len(m.Changed) != 0 || len(m.Clashes()) != 0 {
			t.Fatal(m)
		}
	})
}

func TestStoredKeysAreAlwaysUsable(t *testing.T) {
	m := FromShop(app.Keymap{Preset: "nobody's", Keys: map[string]string{"till.hold": "f9", "till.recall": "A", "no.such": "F2", "till.clear": "ctrl+j", "till.qty": ""}})
	if m.Preset != Ours || m.Of("till.hold") != F5 || m.Of("till.recall") != F6 || m.Of("till.clear") != "Ctrl+J" || len(m.Clashes()) != 0 {
		t.Fatal(m)
	}
	if n := FromShop(ToShop(m)); n.Of("till.clear") != "Ctrl+J" || len(n.Changed) != 1 {
		t.Fatal(n)
	}
	rapid.Check(t, func(t *rapid.T) {
		k := app.Keymap{Preset: rapid.SampledFrom([]string{Ours, "guanjiapo", "supermarket"}).Draw(t, "preset"), Keys: map[string]string{}}
		for range rapid.IntRange(0, 9).Draw(t, "n") {
			k.Keys[rapid.SampledFrom(actions).Draw(t, "a").Name] = rapid.SampledFrom([]string{"F1", "F2", "F6", "F9", "*", "Ctrl+K", "Ctrl+J"}).Draw(t, "c")
		}
		if m := FromShop(k); len(m.Clashes()) != 0 {
			t.Fatal(k, m, m.Clashes())
		}
	})
}

func TestRemappedIsTold(t *testing.T) {
	r := NewRouter()
	n := 0
	stop := r.Remapped(func() { n++ })
	r.Remap(Keymap{Preset: "guanjiapo"}.All())
	if n != 1 || r.Of("till.recall", F6) != F8 || r.Of("other", F6) != F6 {
		t.Fatal(n, r.Of("till.recall", F6))
	}
	stop()
	r.Remap(nil)
	if n != 1 {
		t.Fatal("a page that is gone was told")
	}
}
