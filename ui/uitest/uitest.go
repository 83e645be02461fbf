// Package uitest opens headless windows for the tests of ui: our theme and
// font, keys as the desktop driver sends them, and pictures. Only tests import
// it.
//
// What belongs here: the window, keys, mouse, pictures. What does not: screens
// and expectations.
package uitest

import (
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"tiezhang/ui/keys"
	"tiezhang/ui/theme"
)

// The screen of the shop: what everything must fit on.
const (
	ScreenWidth  = 1366
	ScreenHeight = 768
)

// Window is a headless window with a router and a clock.
type Window struct {
	T      testing.TB
	Win    fyne.Window
	Router *keys.Router
	// Now is the clock of Clock; KeyGap is how far Type moves it a key, so
	// that typing is by fingers and Scan by a scanner.
	Now    time.Time
	KeyGap time.Duration
	shift  bool
}

// Option changes how Open opens.
type Option func(*settings)

type settings struct {
	mode theme.Mode
	text theme.TextSize
	size fyne.Size
}

// Dark opens in the dark look.
func Dark() Option { return func(s *settings) { s.mode = theme.Dark } }

// Text opens at a text size.
func Text(t theme.TextSize) Option { return func(s *settings) { s.text = t } }

// Size opens in another size than the shop's screen.
func Size(w, h float32) Option { return func(s *settings) { s.size = fyne.NewSize(w, h) } }

// App starts a test app with our theme; Open does it too. Call it first when
// widgets must be made before the window.
func App(t testing.TB, opts ...Option) {
	t.Helper()
	s := read(opts)
	a := test.NewTempApp(t)
	a.Settings().SetTheme(theme.New(s.mode, s.text))
}

func read(opts []Option) settings {
	s := settings{mode: theme.Light, size: fyne.NewSize(ScreenWidth, ScreenHeight)}
	for _, o := range opts {
		o(&s)
	}
	return s
}

// Open shows what build makes in a window. The widgets are made after the app
// and its theme.
func Open(t testing.TB, build func() fyne.CanvasObject, opts ...Option) *Window {
	t.Helper()
	App(t, opts...)
	return Show(t, build(), opts...)
}

// Show shows widgets made after App.
func Show(t testing.TB, o fyne.CanvasObject, opts ...Option) *Window {
	t.Helper()
	s := read(opts)
	w := &Window{T: t, Router: keys.NewRouter(), Now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), KeyGap: 150 * time.Millisecond}
	w.Win = test.NewWindow(o)
	w.Win.SetPadded(false)
	w.Win.Resize(s.size)
	keys.Attach(w.Win.Canvas(), w.Router)
	t.Cleanup(func() { keys.Detach(w.Win.Canvas()); w.Win.Close() })
	return w
}

// Clock gives the window's time, for SetClock of grids.
func (w *Window) Clock() time.Time { return w.Now }

// Canvas is the window's canvas.
func (w *Window) Canvas() fyne.Canvas { return w.Win.Canvas() }

// Focus gives the focus to a widget.
func (w *Window) Focus(f fyne.Focusable) { w.Canvas().Focus(f) }

// Focused is what has the focus.
func (w *Window) Focused() fyne.Focusable { return w.Canvas().Focused() }

// Key presses keys one after another, as the desktop driver would: Tab moves
// the focus unless the widget wants it, and without a focus the key goes to
// the canvas.
func (w *Window) Key(names ...fyne.KeyName) {
	w.T.Helper()
	for _, n := range names {
		w.Now = w.Now.Add(w.KeyGap)
		w.press(n)
	}
}

func (w *Window) press(n fyne.KeyName) {
	c := w.Canvas()
	f := c.Focused()
	e := &fyne.KeyEvent{Name: n}
	if k, ok := f.(desktop.Keyable); ok {
		k.KeyDown(e)
		defer k.KeyUp(e)
	}
	if n == fyne.KeyTab {
		if tb, ok := f.(fyne.Tabbable); !ok || !tb.AcceptsTab() {
			if w.shift {
				c.FocusPrevious()
			} else {
				c.FocusNext()
			}
			return
		}
	}
	if f != nil {
		f.TypedKey(e)
	} else if h := c.OnTypedKey(); h != nil {
		h(e)
	}
}

// Shift runs f with the Shift key held down.
func (w *Window) Shift(f func()) {
	e := &fyne.KeyEvent{Name: desktop.KeyShiftLeft}
	held := w.Focused()
	if k, ok := held.(desktop.Keyable); ok {
		k.KeyDown(e)
	}
	w.shift = true
	f()
	w.shift = false
	if k, ok := held.(desktop.Keyable); ok {
		k.KeyUp(e)
	}
}

// Type types a text with fingers: each ASCII letter comes as a key and a rune.
func (w *Window) Type(s string) { w.T.Helper(); w.typeAt(s, w.KeyGap) }

func (w *Window) typeAt(s string, gap time.Duration) {
	w.T.Helper()
	for _, r := range s {
		w.Now = w.Now.Add(gap)
		f := w.Focused()
		if f == nil {
			w.T.Fatalf("nothing has the focus to type %q into", s)
			return
		}
		if u := unicode.ToUpper(r); u < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			f.TypedKey(&fyne.KeyEvent{Name: fyne.KeyName(string(u))})
		}
		f.TypedRune(r)
	}
}

// Scan sends a code as a scanner does: 2 ms a key, and Enter.
func (w *Window) Scan(code string) {
	w.T.Helper()
	const gap = 2 * time.Millisecond
	w.typeAt(code, gap)
	w.Now = w.Now.Add(gap)
	w.press(fyne.KeyReturn)
}

// Chord presses a combination ("Ctrl+K", "Ctrl+Z") or a plain key ("F9").
func (w *Window) Chord(s string) {
	w.T.Helper()
	c, ok := keys.Parse(s)
	if !ok {
		w.T.Fatalf("no chord: %q", s)
		return
	}
	sc := c.Shortcut()
	if sc == nil {
		n := fyne.KeyName(c)
		if c == keys.Enter {
			n = fyne.KeyReturn
		}
		w.Key(n)
		return
	}
	clip := fyne.CurrentApp().Clipboard()
	switch c {
	case "Ctrl+Z":
		sc = &fyne.ShortcutUndo{}
	case "Ctrl+Y":
		sc = &fyne.ShortcutRedo{}
	case "Ctrl+V":
		sc = &fyne.ShortcutPaste{Clipboard: clip}
	case "Ctrl+C":
		sc = &fyne.ShortcutCopy{Clipboard: clip}
	case "Ctrl+X":
		sc = &fyne.ShortcutCut{Clipboard: clip}
	case "Ctrl+A":
		sc = &fyne.ShortcutSelectAll{}
	}
	if f, ok := w.Focused().(fyne.Shortcutable); ok {
		f.TypedShortcut(sc)
	} else if cv, ok := w.Canvas().(fyne.Shortcutable); ok {
		cv.TypedShortcut(sc)
	}
}

// Clipboard puts a text on the clipboard; Clip reads it.
func (w *Window) Clipboard(s string) { fyne.CurrentApp().Clipboard().SetContent(s) }

// Clip reads the clipboard.
func (w *Window) Clip() string { return fyne.CurrentApp().Clipboard().Content() }

// Tap clicks at a place of the canvas: press, release, tap.
func (w *Window) Tap(x, y float32) { test.TapCanvas(w.Canvas(), fyne.NewPos(x, y)) }

// Click presses and releases the mouse inside a widget, at a place in it.
func (w *Window) Click(o desktop.Mouseable, x, y float32, mods ...fyne.KeyModifier) {
	e := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary}
	e.Position = fyne.NewPos(x, y)
	for _, m := range mods {
		e.Modifier |= m
	}
	o.MouseDown(e)
	o.MouseUp(e)
	if t, ok := o.(fyne.Tappable); ok {
		t.Tapped(&e.PointEvent)
	}
}

// Picture draws the window.
func (w *Window) Picture() image.Image { return w.Canvas().Capture() }

// Save draws the window into <dir>/<name>.png, where dir is TIEZHANG_PICTURES
// or, without it, the test's own directory; it gives the path.
func (w *Window) Save(name string) string {
	w.T.Helper()
	dir := os.Getenv("TIEZHANG_PICTURES")
	if dir == "" {
		dir = w.T.TempDir()
	}
	p := filepath.Join(dir, name+".png")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		w.T.Fatal(err)
	}
	f, err := os.Create(p)
	if err != nil {
		w.T.Fatal(err)
	}
	if err := png.Encode(f, w.Picture()); err != nil {
		w.T.Fatal(err)
	}
	if err := f.Close(); err != nil {
		w.T.Fatal(err)
	}
	return p
}
