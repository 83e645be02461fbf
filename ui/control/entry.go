// Package control holds the widgets every form and dialog is made of. Each can
// be used by keyboard alone, shows where the focus is, and forwards keys it
// has no use for to the window's keys.Router.
//
// What belongs here: entries, date, choice, check, button, card, dialogs,
// toasts, empty states. What does not: screens, data, grids.
package control

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	ft "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tiezhang/app/amount"
	"tiezhang/ui/ime"
	"tiezhang/ui/keys"
	"tiezhang/ui/theme"
)

// Entry is a line of text. Enter goes to the next field, or to a dialog's
// default button; the text is selected when the focus comes by keyboard.
type Entry struct {
	widget.Entry
	// OnEnter runs on Enter before anything else; true means used.
	OnEnter func() bool
	// OnKey sees other keys first; true means used.
	OnKey func(*fyne.KeyEvent) bool
	// OnDone runs when the focus leaves.
	OnDone func()
	// MinWidth in pixels at standard text size; 0 takes Fyne's.
	MinWidth float32

	self   fyne.CanvasObject // the widget on the canvas when this one is embedded
	number bool
	guard  ime.Guard
	shift  bool
	byTap  bool
}

var (
	_ fyne.Tabbable     = (*Entry)(nil)
	_ fyne.Shortcutable = (*Entry)(nil)
	_ desktop.Keyable   = (*Entry)(nil)
)

// NewEntry makes an entry for text.
func NewEntry() *Entry {
	e := &Entry{}
	e.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	e.ExtendBaseWidget(e)
	return e
}

// NewNumber makes an entry for numbers and codes: the input method is switched
// off (Windows) and full-width digits become narrow when the focus leaves.
func NewNumber() *Entry {
	e := NewEntry()
	e.number = true
	return e
}

// NewPassword makes an entry that hides its text, with a button to show it. A
// password may be Chinese, so the input method is not taken away, only put to
// sleep when the focus comes: most are typed in Latin letters. It is woken as
// everywhere, with Shift or Ctrl+Space.
func NewPassword() *Entry {
	e := NewEntry()
	e.Password = true
	return e
}

// NewMultiline makes an entry of several lines: Enter is a new line, Tab and
// Ctrl+Enter leave it.
func NewMultiline(rows int) *Entry {
	e := NewEntry()
	e.MultiLine = true
	e.Wrapping = fyne.TextWrapWord
	e.SetMinRowsVisible(rows)
	return e
}

// me is the object the canvas knows.
func (e *Entry) me() fyne.CanvasObject {
	if e.self != nil {
		return e.self
	}
	return e
}

// AcceptsTab is false so that Tab leaves, also from several lines.
func (e *Entry) AcceptsTab() bool { return false }

// MinSize is at least MinWidth wide.
func (e *Entry) MinSize() fyne.Size {
	s := e.Entry.MinSize()
	if e.MinWidth > 0 {
		s.Width = theme.Px(e.MinWidth)
	}
	return s
}

// MouseDown places the caret instead of selecting all.
func (e *Entry) MouseDown(m *desktop.MouseEvent) {
	e.byTap = true
	e.Entry.MouseDown(m)
	e.byTap = false
}

// FocusGained selects all, unless the mouse brought the focus.
func (e *Entry) FocusGained() {
	e.guard.Reset()
	e.Entry.FocusGained()
	if !e.byTap && !e.MultiLine {
		e.SelectAll()
	}
	ime.At(e.me(), fyne.NewPos(0, 0), e.Size().Height, !e.number && !e.Disabled())
	if e.Password {
		ime.Asleep(e.me())
	}
	if !e.byTap {
		follow(e.me())
	}
}

// SelectAll selects the text.
func (e *Entry) SelectAll() {
	if e.Text == "" {
		// Fyne keeps an empty selection alive, and the second letter typed
		// would replace the first; a release of the mouse ends it.
		e.Entry.MouseUp(&desktop.MouseEvent{})
		return
	}
	e.Entry.TypedShortcut(&fyne.ShortcutSelectAll{})
}

// FocusLost narrows numbers and tells OnDone.
func (e *Entry) FocusLost() {
	e.guard.Reset()
	e.shift = false
	e.Entry.FocusLost()
	if e.number {
		if s := amount.Narrow(e.Text); s != e.Text {
			e.SetText(s)
		}
	}
	if e.OnDone != nil {
		e.OnDone()
	}
}

// KeyDown keeps Shift for Fyne's selecting.
func (e *Entry) KeyDown(k *fyne.KeyEvent) {
	if k.Name == desktop.KeyShiftLeft || k.Name == desktop.KeyShiftRight {
		e.shift = true
	}
	e.Entry.KeyDown(k)
}

// KeyUp is Fyne's.
func (e *Entry) KeyUp(k *fyne.KeyEvent) {
	if k.Name == desktop.KeyShiftLeft || k.Name == desktop.KeyShiftRight {
		e.shift = false
	}
	e.Entry.KeyUp(k)
}

// TypedRune is Fyne's.
func (e *Entry) TypedRune(r rune) {
	e.guard.Rune()
	if e.Disabled() {
		return
	}
	e.Entry.TypedRune(r)
	if !e.number {
		ime.At(e.me(), e.CursorPosition(), ft.TextSize(), true)
	}
}

// TypedKey uses the keys of editing and passes the rest on.
func (e *Entry) TypedKey(k *fyne.KeyEvent) {
	if e.guard.Key(k.Name) {
		return
	}
	if e.OnKey != nil && e.OnKey(k) {
		return
	}
	switch k.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		if e.MultiLine {
			e.Entry.TypedKey(k)
			return
		}
		if e.OnEnter != nil && e.OnEnter() {
			return
		}
		if e.OnSubmitted != nil {
			e.OnSubmitted(e.Text)
		}
		leaveByEnter(e.me(), k)
	case fyne.KeyBackspace, fyne.KeyDelete, fyne.KeyLeft, fyne.KeyRight, fyne.KeyHome, fyne.KeyEnd, fyne.KeyTab:
		e.Entry.TypedKey(k)
	case fyne.KeyUp, fyne.KeyDown, fyne.KeyPageUp, fyne.KeyPageDown:
		if e.MultiLine {
			e.Entry.TypedKey(k)
			return
		}
		keys.Forward(e.me(), k)
	default:
		if len(k.Name) == 1 || k.Name == fyne.KeySpace {
			return // its rune follows
		}
		keys.Forward(e.me(), k)
	}
}

// leaveByEnter gives Enter to the dialog or page if it binds it, else to the
// next field.
func leaveByEnter(o fyne.CanvasObject, k *fyne.KeyEvent) {
	if keys.Forward(o, k) {
		return
	}
	if c := fyne.CurrentApp().Driver().CanvasForObject(o); c != nil {
		NextField(c)
	}
}

// NextField moves on as Enter does: past small buttons beside a field, which
// Tab still reaches.
func NextField(c fyne.Canvas) {
	for range 8 { // no row has more of them; a bound all the same
		c.FocusNext()
		if b, ok := c.Focused().(*Button); !ok || !b.Aside {
			return
		}
	}
}

// TypedShortcut keeps the shortcuts of editing and passes the rest on.
func (e *Entry) TypedShortcut(s fyne.Shortcut) {
	switch sc := s.(type) {
	case *fyne.ShortcutCopy, *fyne.ShortcutCut, *fyne.ShortcutSelectAll, *fyne.ShortcutUndo, *fyne.ShortcutRedo:
		e.Entry.TypedShortcut(s)
	case *fyne.ShortcutPaste:
		if !e.MultiLine && sc.Clipboard != nil {
			// One line stays one line: what a spreadsheet cell copies ends in
			// a line break.
			t := strings.TrimRight(sc.Clipboard.Content(), "\r\n")
			if strings.ContainsAny(t, "\r\n\t") {
				t = strings.Join(strings.Fields(t), " ")
			}
			for _, r := range t {
				e.Entry.TypedRune(r)
			}
			return
		}
		e.Entry.TypedShortcut(s)
	default:
		c := keys.Of(s)
		if c == keys.CtrlEnter && e.MultiLine {
			if !keys.ForwardShortcut(e.me(), s) {
				if cv := fyne.CurrentApp().Driver().CanvasForObject(e.me()); cv != nil {
					NextField(cv)
				}
			}
			return
		}
		if !keys.ForwardShortcut(e.me(), s) {
			e.Entry.TypedShortcut(s)
		}
	}
}
