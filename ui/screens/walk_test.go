package screens

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// inner looks into the scroll of a page.
func inner(w fyne.Widget) (fyne.CanvasObject, bool) {
	if s, ok := w.(*container.Scroll); ok {
		return s.Content, true
	}
	return nil, false
}
