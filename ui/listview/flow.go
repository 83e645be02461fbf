package listview

import "fyne.io/fyne/v2"

// flow puts things side by side and goes to the next row where there is no
// room: at the largest text the filter bar would else be wider than the
// screen. again is called when it needs another height than before.
type flow struct {
	gap    float32
	again  func()
	height float32
	width  float32
}

func (f *flow) MinSize(os []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	for _, o := range os {
		s = s.Max(o.MinSize())
	}
	s.Height = max(s.Height, f.height)
	return s
}

func (f *flow) Layout(os []fyne.CanvasObject, s fyne.Size) {
	var x, y, row float32
	for _, o := range os {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		if x > 0 && x+m.Width > s.Width {
			x, y, row = 0, y+row+f.gap, 0
		}
		o.Resize(m)
		o.Move(fyne.NewPos(x, y))
		x += m.Width + f.gap
		row = max(row, m.Height)
	}
	h := y + row
	if h == f.height || s.Width == f.width && h < f.height { // grows and shrinks with the width only: no to and fro
		return
	}
	f.height, f.width = h, s.Width
	if f.again != nil {
		f.again()
	}
}
