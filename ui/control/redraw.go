package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// Redraw is the common part of a renderer that draws everything anew: for
// another size and on Refresh. Embed it, set Of and Build, and call Build once.
//
// It draws again only for another size: drawing makes new objects, and the
// driver lays out again whatever has new objects, for ever.
type Redraw struct {
	Of    fyne.CanvasObject   // the widget
	Build func()              // puts what is to be seen into Objs
	Objs  []fyne.CanvasObject // what is to be seen

	size fyne.Size
}

// Destroy is Fyne's, as are the methods that follow.
func (r *Redraw) Destroy() {}

// Objects is Fyne's.
func (r *Redraw) Objects() []fyne.CanvasObject { return r.Objs }

// Refresh is Fyne's.
func (r *Redraw) Refresh() { r.Build(); canvas.Refresh(r.Of) }

// Layout is Fyne's.
func (r *Redraw) Layout(s fyne.Size) {
	if s != r.size {
		r.size = s
		r.Build()
	}
}
