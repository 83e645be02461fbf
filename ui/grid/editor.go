package grid

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"tiezhang/ui/ime"
	"tiezhang/ui/keys"
)

// ---- the editor ----

type editor struct {
	widget.Entry
	v       *View
	guard   ime.Guard
	shift   bool
	focused bool
	filling bool
	// caret: F2 was pressed, arrows move inside the text.
	caret bool
}

func newEditor(v *View) *editor {
	e := &editor{v: v}
	e.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	e.ExtendBaseWidget(e)
	e.OnChanged = func(s string) {
		if !e.filling {
			v.m.Type(s)
		}
	}
	return e
}

func (e *editor) selectAll() {
	e.caret = false
	if e.Text == "" {
		// Fyne keeps an empty selection alive, and the second letter typed
		// would replace the first; a release of the mouse ends it.
		e.Entry.MouseUp(&desktop.MouseEvent{})
		return
	}
	e.Entry.TypedShortcut(&fyne.ShortcutSelectAll{})
}

// AcceptsTab keeps Tab for the grid.
func (e *editor) AcceptsTab() bool { return true }

func (e *editor) FocusGained() {
	e.focused = true
	e.guard.Reset()
	e.Entry.FocusGained()
	if !e.v.m.Editing() {
		e.selectAll()
	}
	e.v.placeIME()
	e.v.Refresh()
}

func (e *editor) FocusLost() {
	e.focused, e.shift = false, false
	e.guard.Reset()
	e.Entry.FocusLost()
	e.v.Refresh()
}

func (e *editor) KeyDown(k *fyne.KeyEvent) {
	if k.Name == desktop.KeyShiftLeft || k.Name == desktop.KeyShiftRight {
		e.shift = true
	}
	e.Entry.KeyDown(k)
}

func (e *editor) KeyUp(k *fyne.KeyEvent) {
	if k.Name == desktop.KeyShiftLeft || k.Name == desktop.KeyShiftRight {
		e.shift = false
	}
	e.Entry.KeyUp(k)
}

// TypedRune types; the time of arrival tells a scanner from fingers, so it is
// taken before anything waits.
func (e *editor) TypedRune(r rune) {
	e.guard.Rune()
	m := e.v.m
	at := m.now()
	m.Do(func() {
		if m.Rune(r, at) || !m.CanEdit() {
			if !m.CanEdit() {
				e.typeLocked(r)
			}
			return
		}
		if r == ' ' && !m.Editing() && m.cols[m.col].Kind == Choice {
			m.Command(OpenList)
			return
		}
		e.Entry.TypedRune(r)
		e.v.placeIME()
	})
}

// typeLocked keeps what a scanner sends over a read-only cell, so that the
// Enter at its end finds the code.
func (e *editor) typeLocked(r rune) {
	m := e.v.m
	if m.readOnly {
		return
	}
	m.lockedText(r)
}

func (e *editor) TypedKey(k *fyne.KeyEvent) {
	if e.guard.Key(k.Name) {
		return
	}
	m := e.v.m
	at := m.now()
	shift := e.shift
	m.Do(func() { e.key(k, at, shift) })
}

func (e *editor) key(k *fyne.KeyEvent, at time.Time, shift bool) {
	m := e.v.m
	if e.v.OnKey != nil && e.v.OnKey(k) {
		return
	}
	c, ok := commands[k.Name]
	if k.Name == fyne.KeyTab && shift {
		c = Previous
	}
	switch k.Name {
	case fyne.KeyLeft, fyne.KeyRight:
		if m.Editing() || e.caret || shift {
			e.Entry.TypedKey(k)
			return
		}
	case fyne.KeyBackspace, fyne.KeyDelete:
		m.Broken()
		if m.CanEdit() {
			e.Entry.TypedKey(k)
		}
		return
	case fyne.KeyHome, fyne.KeyEnd:
		e.caret = true
		e.Entry.TypedKey(k)
		return
	case fyne.KeyF2:
		e.caret = true
		e.Entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
		return
	}
	if ok && m.CommandAt(c, at) {
		return
	}
	if len(k.Name) > 1 && k.Name != fyne.KeySpace {
		keys.Forward(e, k)
	}
}

var commands = map[fyne.KeyName]Command{
	fyne.KeyReturn: Enter, fyne.KeyEnter: Enter, fyne.KeyTab: Next, fyne.KeyUp: Up, fyne.KeyDown: Down,
	fyne.KeyLeft: MoveLeft, fyne.KeyRight: MoveRight, fyne.KeyPageUp: PageUp, fyne.KeyPageDown: PageDown,
	fyne.KeyEscape: Escape, fyne.KeyInsert: InsertRow,
}

var chordCommands = map[keys.Chord]Command{
	"Ctrl+D": CopyAbove, "Ctrl+Delete": DeleteRow, "Ctrl+Home": First, "Ctrl+End": Last, "Alt+Down": OpenList,
}

func (e *editor) TypedShortcut(s fyne.Shortcut) {
	m := e.v.m
	m.Do(func() { e.shortcut(s) })
}

func (e *editor) shortcut(s fyne.Shortcut) {
	m := e.v.m
	switch sc := s.(type) {
	case *fyne.ShortcutUndo:
		m.Command(Undo)
		return
	case *fyne.ShortcutRedo:
		m.Command(Redo)
		return
	case *fyne.ShortcutPaste:
		if sc.Clipboard == nil {
			return
		}
		t := sc.Clipboard.Content()
		if IsBlock(t) {
			m.Paste(t)
			return
		}
		if m.CanEdit() {
			m.Broken()
			e.Entry.TypedShortcut(s)
		}
		return
	case *fyne.ShortcutCut:
		if !m.CanEdit() {
			return
		}
		m.Broken()
		e.Entry.TypedShortcut(s)
		return
	case *fyne.ShortcutCopy:
		// A whole cell selected or nothing: the entry copies what is selected.
		e.Entry.TypedShortcut(s)
		return
	case *fyne.ShortcutSelectAll:
		e.Entry.TypedShortcut(s)
		return
	}
	chord := keys.Of(s)
	if c, ok := chordCommands[chord]; ok && m.Command(c) {
		return
	}
	if chord == "Ctrl+Shift+C" {
		fyne.CurrentApp().Clipboard().SetContent(m.TSV())
		return
	}
	keys.ForwardShortcut(e, s)
}
