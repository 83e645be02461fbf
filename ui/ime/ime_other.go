//go:build !windows

package ime

import "fyne.io/fyne/v2"

const needed = false

func enable(fyne.Window, bool)         {}
func place(fyne.Window, int, int, int) {}
