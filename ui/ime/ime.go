// Package ime lives with input methods (Chinese typing): it guesses when one
// is composing so that its keys are not taken for ours, and on Windows places
// its candidate window and switches it off in number and code fields.
//
// What belongs here: the guard and the platform calls. What does not: widgets.
package ime

import "fyne.io/fyne/v2"

// Guard tells keys meant for the input method from keys meant for us.
//
// On X11 and macOS every key press reaches the program while the input method
// is composing, and text only when it commits. So a letter key that no rune
// follows before the next key means composing, and the Enter, Backspace or
// arrow after it belongs to the input method. On Windows such keys never reach
// the program and the guard never fires.
type Guard struct {
	letters int // letter keys since the last rune
}

// Key must be called first from TypedKey; true means drop the key.
func (g *Guard) Key(k fyne.KeyName) (drop bool) {
	if len(k) == 1 && k[0] >= 'A' && k[0] <= 'Z' {
		g.letters++
		return false
	}
	if g.letters == 0 {
		return false
	}
	switch k {
	case fyne.KeyBackspace:
		g.letters--
	case fyne.KeyEscape, fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		// These end the composition, whether it commits or not; without this
		// a guess gone wrong would swallow keys for ever.
		g.letters = 0
	}
	return true
}

// Rune must be called from TypedRune.
func (g *Guard) Rune() { g.letters = 0 }

// Reset must be called when the focus comes or goes and when a field is
// emptied for the next cell.
func (g *Guard) Reset() { g.letters = 0 }

// WindowOf finds the window a widget is on; nil when it is on none.
func WindowOf(o fyne.CanvasObject) fyne.Window {
	d := fyne.CurrentApp().Driver()
	c := d.CanvasForObject(o)
	if c == nil {
		return nil
	}
	for _, w := range d.AllWindows() {
		if w.Canvas() == c {
			return w
		}
	}
	return nil
}

// Asleep puts the input method to Latin letters without taking it away (Windows
// only): whoever wants Chinese wakes it as usual.
func Asleep(o fyne.CanvasObject) {
	if !needed {
		return
	}
	if w := WindowOf(o); w != nil {
		sleep(w)
	}
}

// At moves the candidate window under a widget (Windows only) and switches the
// input method on or off for its window.
func At(o fyne.CanvasObject, offset fyne.Position, lineHeight float32, on bool) {
	if !needed {
		return
	}
	w := WindowOf(o)
	if w == nil {
		return
	}
	enable(w, on)
	if !on {
		return
	}
	p := fyne.CurrentApp().Driver().AbsolutePositionForObject(o).Add(offset)
	x, y := w.Canvas().PixelCoordinateForPosition(p)
	_, bottom := w.Canvas().PixelCoordinateForPosition(p.AddXY(0, lineHeight))
	place(w, x, y, bottom-y)
}
