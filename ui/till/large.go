package till

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	ft "fyne.io/fyne/v2/theme"
)

// How much larger than the rest of the program what is typed at the counter is.
const (
	boxScale = 1.6
	payScale = 1.3
)

// large is the program's theme with larger text.
type large struct {
	fyne.Theme
	scale float32
}

// Size is Fyne's.
func (l large) Size(n fyne.ThemeSizeName) float32 {
	s := l.Theme.Size(n)
	if n == ft.SizeNameText || n == ft.SizeNameInnerPadding {
		s = float32(int(s*l.scale + 0.5))
	}
	return s
}

// larger shows an entry in larger text.
func larger(o fyne.CanvasObject, scale float32) fyne.CanvasObject {
	return container.NewThemeOverride(o, large{fyne.CurrentApp().Settings().Theme(), scale})
}

// sideLayout gives the sums what they need and the list of keys what is left;
// where that is too little the keys are on the help page only.
type sideLayout struct{}

// MinSize is Fyne's.
func (sideLayout) MinSize(objs []fyne.CanvasObject) fyne.Size {
	a, b := objs[0].MinSize(), objs[1].MinSize()
	return fyne.NewSize(max(a.Width, b.Width), a.Height)
}

// Layout is Fyne's.
func (sideLayout) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	top, bottom := objs[0].MinSize().Height, objs[1].MinSize().Height
	objs[0].Resize(fyne.NewSize(size.Width, top))
	objs[0].Move(fyne.NewPos(0, 0))
	if size.Height-top-8 < bottom {
		objs[1].Hide()
		return
	}
	objs[1].Show()
	objs[1].Resize(fyne.NewSize(size.Width, bottom))
	objs[1].Move(fyne.NewPos(0, size.Height-bottom))
}
