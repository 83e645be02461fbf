//go:build !windows

package ime

import "fyne.io/fyne/v2"

const needed = false

func enable(fyne.Window, bool)         {}
func sleep(fyne.Window)                {}
func place(fyne.Window, int, int, int) {}
