package ui

import (
	"bytes"
	"io"

	"github.com/ncruces/zenity"

	"tiezhang/ui/text"
)

// GraphicsLog is where the program's log goes. Fyne has no error to return
// when the computer cannot draw its window: it writes a line and ends the
// process. This writer knows those lines and says in plain words what to do,
// on standard error and, where the system has message boxes, in one.
type GraphicsLog struct{ Out io.Writer }

var graphicsTrouble = [][]byte{[]byte("window creation error"), []byte("failed to initialise GLFW")}

// Write implements io.Writer.
func (g GraphicsLog) Write(p []byte) (int, error) {
	for _, t := range graphicsTrouble {
		if bytes.Contains(p, t) {
			words := text.T("shell.no-graphics")
			_, _ = io.WriteString(g.Out, words+"\n")
			if zenity.IsAvailable() {
				_ = zenity.Error(words, zenity.Title(text.T("shell.title")))
			}
		}
	}
	return g.Out.Write(p)
}
