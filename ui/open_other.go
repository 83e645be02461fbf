//go:build !windows

package ui

import (
	"net/url"

	"fyne.io/fyne/v2"
)

// openPath shows a file in the system's own program for it.
func openPath(path string) error {
	return fyne.CurrentApp().OpenURL(&url.URL{Scheme: "file", Path: path})
}
