// Package keys sends the keys no field wants to whoever does: one Router a
// window, with scopes for the shell, the page in front and the open dialogs.
//
// Fyne gives a key only to the focused widget, and a focused Entry swallows
// shortcuts; so every focusable of ours forwards what it does not use to the
// Router of its canvas (Forward, ForwardShortcut).
//
// What belongs here: chords, scopes, remapping. What does not: what a key
// does, and widgets.
package keys

import (
	"runtime"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// Chord is a key with its modifiers as people write it: "F9", "Escape",
// "Ctrl+K", "Ctrl+Shift+N", "Alt+1". Modifiers come in the order Ctrl, Alt,
// Shift. On a Mac "Ctrl" is the Command key. Build it with Make or Parse, or
// write a constant in that order.
type Chord string

// Common chords.
const (
	Enter     Chord = "Enter"
	Escape    Chord = "Escape"
	F1        Chord = "F1"
	F2        Chord = "F2"
	F3        Chord = "F3"
	F4        Chord = "F4"
	F5        Chord = "F5"
	F6        Chord = "F6"
	F7        Chord = "F7"
	F8        Chord = "F8"
	F9        Chord = "F9"
	F10       Chord = "F10"
	F11       Chord = "F11"
	F12       Chord = "F12"
	CtrlEnter Chord = "Ctrl+Enter"
)

// Make gives the chord of a key and modifiers; "" for a key Fyne cannot name.
func Make(name fyne.KeyName, mods fyne.KeyModifier) Chord {
	if name == "" || name == fyne.KeyUnknown {
		return ""
	}
	var b strings.Builder
	if mods&(fyne.KeyModifierControl|fyne.KeyModifierSuper) != 0 {
		b.WriteString("Ctrl+")
	}
	if mods&fyne.KeyModifierAlt != 0 {
		b.WriteString("Alt+")
	}
	if mods&fyne.KeyModifierShift != 0 {
		b.WriteString("Shift+")
	}
	b.WriteString(keyWord(name))
	return Chord(b.String())
}

// keyWord joins the two names Fyne has for Enter and gives readable names.
func keyWord(n fyne.KeyName) string {
	switch n {
	case fyne.KeyReturn, fyne.KeyEnter:
		return "Enter"
	case fyne.KeyPageUp:
		return "PageUp"
	case fyne.KeyPageDown:
		return "PageDown"
	}
	return string(n)
}

// Parse reads a chord in any order and case of modifiers; ok is false when
// there is no key in it.
func Parse(s string) (c Chord, ok bool) {
	parts := strings.Split(s, "+")
	if strings.HasSuffix(s, "++") { // the plus key itself
		parts = append(strings.Split(strings.TrimSuffix(s, "++"), "+"), "+")
	}
	var mods fyne.KeyModifier
	for _, p := range parts[:len(parts)-1] {
		switch strings.ToLower(strings.TrimSpace(p)) {
		case "ctrl", "control", "cmd", "super":
			mods |= fyne.KeyModifierControl
		case "alt", "option":
			mods |= fyne.KeyModifierAlt
		case "shift":
			mods |= fyne.KeyModifierShift
		default:
			return "", false
		}
	}
	key := strings.TrimSpace(parts[len(parts)-1])
	switch strings.ToLower(key) {
	case "":
		return "", false
	case "esc", "escape":
		key = "Escape"
	case "return", "enter":
		key = "Enter"
	case "del", "delete":
		key = "Delete"
	case "pgup", "pageup":
		key = "PageUp"
	case "pgdn", "pagedown":
		key = "PageDown"
	default:
		if len(key) == 1 || (len(key) <= 3 && (key[0] == 'f' || key[0] == 'F')) {
			key = strings.ToUpper(key)
		} else {
			key = strings.ToUpper(key[:1]) + key[1:]
		}
	}
	return Make(fyne.KeyName(key), mods), true
}

// Of gives the chord of a shortcut, including Fyne's own copy, paste, cut,
// undo, redo and select-all.
func Of(s fyne.Shortcut) Chord {
	if k, ok := s.(fyne.KeyboardShortcut); ok {
		return Make(k.Key(), k.Mod())
	}
	return ""
}

// Shortcut is the Fyne shortcut of a chord with Ctrl or Alt; nil for others.
func (c Chord) Shortcut() fyne.Shortcut {
	parts := strings.Split(string(c), "+")
	var mods fyne.KeyModifier
	for _, p := range parts[:len(parts)-1] {
		switch p {
		case "Ctrl":
			if runtime.GOOS == "darwin" {
				mods |= fyne.KeyModifierSuper
			} else {
				mods |= fyne.KeyModifierControl
			}
		case "Alt":
			mods |= fyne.KeyModifierAlt
		case "Shift":
			mods |= fyne.KeyModifierShift
		}
	}
	if mods == 0 || mods == fyne.KeyModifierShift {
		return nil
	}
	name := fyne.KeyName(parts[len(parts)-1])
	switch name {
	case "Enter":
		name = fyne.KeyReturn
	case "PageUp":
		name = fyne.KeyPageUp
	case "PageDown":
		name = fyne.KeyPageDown
	}
	return &desktop.CustomShortcut{KeyName: name, Modifier: mods}
}

// Level orders scopes: a dialog before the page, the page before the shell.
type Level uint8

const (
	Shell Level = iota
	Page
	Modal
)

// Binding is one key of a scope. Action is a stable name ("doc.post") that a
// keymap can give another chord; Title is the text key shown by the F1 page.
type Binding struct {
	Chord  Chord
	Action string
	Title  string
	Run    func()
	// Enabled, if set, is asked before Run; a disabled binding lets the key go
	// on to lower scopes.
	Enabled func() bool
	// Always makes a shell or page binding work while a dialog is open (lock).
	Always bool
}

// Scope is a set of bindings with one life.
type Scope struct {
	router   *Router
	level    Level
	bindings []Binding
}

// Router is the window's key switchboard. It belongs to the interface thread.
type Router struct {
	shell  *Scope
	page   *Scope
	modals []*Scope
	keymap map[string]Chord
	canvas fyne.Canvas
	added  map[Chord]bool
	watch  []func(Chord)
	remap  []*func()
}

// NewRouter makes a router with an empty shell scope.
func NewRouter() *Router {
	r := &Router{added: map[Chord]bool{}}
	r.shell = &Scope{router: r, level: Shell}
	return r
}

// Shell is the scope that is always there.
func (r *Router) Shell() *Scope { return r.shell }

// NewPage makes a page scope; it hears nothing until ShowPage brings it to the
// front.
func (r *Router) NewPage() *Scope { return &Scope{router: r, level: Page} }

// ShowPage makes s the page in front (nil for none).
func (r *Router) ShowPage(s *Scope) { r.page = s }

// PushModal puts a dialog's scope on top; keys go to no lower scope until
// Close, except to bindings marked Always.
func (r *Router) PushModal() *Scope {
	s := &Scope{router: r, level: Modal}
	r.modals = append(r.modals, s)
	return s
}

// InModal tells whether a dialog is open.
func (r *Router) InModal() bool { return len(r.modals) > 0 }

// Close takes a dialog's or page's scope away.
func (s *Scope) Close() {
	r := s.router
	if i := slices.Index(r.modals, s); i >= 0 {
		r.modals = slices.Delete(r.modals, i, i+1)
	}
	if r.page == s {
		r.page = nil
	}
}

// Bind adds a binding. A later one with the same chord in the same scope wins.
func (s *Scope) Bind(b Binding) {
	s.bindings = append(s.bindings, b)
	s.router.addShortcut(s.router.chord(b))
}

// On is Bind for the simplest case.
func (s *Scope) On(c Chord, action, title string, run func()) {
	s.Bind(Binding{Chord: c, Action: action, Title: title, Run: run})
}

// Remap gives actions other chords; actions not in the map keep their own.
func (r *Router) Remap(keymap map[string]Chord) {
	r.keymap = keymap
	for _, b := range r.Bindings() {
		r.addShortcut(b.Chord)
	}
	for _, c := range keymap { // pages that are not in front now have theirs, too
		r.addShortcut(c)
	}
	for _, f := range r.remap {
		(*f)()
	}
}

// Remapped calls f after every change of the keys, until stop: for hints on the
// screen.
func (r *Router) Remapped(f func()) (stop func()) {
	r.remap = append(r.remap, &f)
	return func() { r.remap = slices.DeleteFunc(r.remap, func(g *func()) bool { return g == &f }) }
}

// Of gives the key an action has now, for hints on the screen; own is the
// program's own key.
func (r *Router) Of(action string, own Chord) Chord {
	return r.chord(Binding{Action: action, Chord: own})
}

func (r *Router) chord(b Binding) Chord {
	if c, ok := r.keymap[b.Action]; ok && b.Action != "" {
		return c
	}
	return b.Chord
}

// Watch calls f for every chord offered to the router, used or not: for the
// auto-lock timer and the Caps hint.
func (r *Router) Watch(f func(Chord)) { r.watch = append(r.watch, f) }

// Handle offers a chord to the scopes, top first, and tells whether one took it.
func (r *Router) Handle(c Chord) bool {
	if c == "" {
		return false
	}
	for _, f := range r.watch {
		f(c)
	}
	for i, s := range r.scopes() {
		blocked := r.InModal() && i > 0
		for j := len(s.bindings) - 1; j >= 0; j-- {
			b := s.bindings[j]
			if r.chord(b) != c || (blocked && !b.Always) || (b.Enabled != nil && !b.Enabled()) {
				continue
			}
			b.Run()
			return true
		}
	}
	return false
}

// scopes gives the scopes from top to bottom; of the dialogs only the top one.
func (r *Router) scopes() []*Scope {
	var out []*Scope
	if n := len(r.modals); n > 0 {
		out = append(out, r.modals[n-1])
	}
	if r.page != nil {
		out = append(out, r.page)
	}
	return append(out, r.shell)
}

// Bindings gives what works now, top scope first, with the chords after
// remapping: the F1 page.
func (r *Router) Bindings() []Binding {
	var out []Binding
	seen := map[Chord]bool{}
	for _, s := range r.scopes() {
		for j := range s.bindings {
			b := s.bindings[j]
			b.Chord = r.chord(b)
			if !seen[b.Chord] {
				seen[b.Chord] = true
				out = append(out, b)
			}
		}
	}
	return out
}

func (r *Router) addShortcut(c Chord) {
	if r.canvas == nil || r.added[c] {
		return
	}
	sc := c.Shortcut()
	if sc == nil {
		return
	}
	r.added[c] = true
	r.canvas.AddShortcut(sc, func(s fyne.Shortcut) { r.Handle(Of(s)) })
}

var routers = map[fyne.Canvas]*Router{}

// Attach makes r the router of a window's canvas: keys typed while nothing is
// focused come to it too. Interface thread only, as all of this package.
func Attach(c fyne.Canvas, r *Router) {
	routers[c] = r
	r.canvas = c
	c.SetOnTypedKey(func(e *fyne.KeyEvent) { r.Handle(Make(e.Name, Mods())) })
	for _, b := range r.Bindings() {
		r.addShortcut(b.Chord)
	}
}

// Detach forgets a closed window.
func Detach(c fyne.Canvas) { delete(routers, c) }

// For gives the router of the canvas o is on; nil when there is none.
func For(o fyne.CanvasObject) *Router {
	app := fyne.CurrentApp()
	if app == nil {
		return nil
	}
	c := app.Driver().CanvasForObject(o)
	if c == nil {
		return nil
	}
	return routers[c]
}

// ForCanvas gives the router of a canvas; nil when there is none.
func ForCanvas(c fyne.Canvas) *Router { return routers[c] }

// Mods gives the modifiers held now, where the driver can tell.
func Mods() fyne.KeyModifier {
	if d, ok := fyne.CurrentApp().Driver().(desktop.Driver); ok {
		return d.CurrentKeyModifiers()
	}
	return 0
}

// Forward offers a key a widget has no use for to the router of its canvas.
func Forward(o fyne.CanvasObject, e *fyne.KeyEvent) bool {
	r := For(o)
	return r != nil && r.Handle(Make(e.Name, Mods()))
}

// ForwardShortcut does the same for a shortcut.
func ForwardShortcut(o fyne.CanvasObject, s fyne.Shortcut) bool {
	r := For(o)
	return r != nil && r.Handle(Of(s))
}
