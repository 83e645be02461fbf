package pagetest

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// newBlank fills the window until a page comes.
func newBlank() fyne.CanvasObject { return container.NewStack() }
