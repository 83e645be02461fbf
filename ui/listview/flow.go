package listview

import (
	"fyne.io/fyne/v2"

	"tiezhang/ui/theme"
)

// flow puts things side by side and goes to the next row where there is no
// room: at the largest text the filter bar would else be wider than the
// screen. Its height hangs on its width, so the page asks heightFor.
type flow struct{ gap float32 }

func (f flow) place(os []fyne.CanvasObject, width float32, put func(fyne.CanvasObject, fyne.Position, fyne.Size)) float32 {
	var x, y, row float32
	for _, o := range os {
		m := o.MinSize()
		if x > 0 && x+m.Width > width {
			x, y, row = 0, y+row+f.gap, 0
		}
		put(o, fyne.NewPos(x, y), m)
		x += m.Width + f.gap
		row = max(row, m.Height)
	}
	return y + row
}

func (f flow) heightFor(os []fyne.CanvasObject, width float32) float32 {
	return f.place(os, width, func(fyne.CanvasObject, fyne.Position, fyne.Size) {})
}

// MinSize is that of the widest thing, in one row.
func (f flow) MinSize(os []fyne.CanvasObject) (s fyne.Size) {
	for _, o := range os {
		s = s.Max(o.MinSize())
	}
	return s
}

func (f flow) Layout(os []fyne.CanvasObject, s fyne.Size) {
	row := f.MinSize(os).Height
	f.place(os, s.Width, func(o fyne.CanvasObject, p fyne.Position, m fyne.Size) {
		o.Resize(fyne.NewSize(m.Width, row))
		o.Move(p)
	})
}

// sheet is the page: buttons, filters, rows, and the line under them.
type sheet struct{ list *List }

const edge, gap = 10, 6

func (p sheet) MinSize(os []fyne.CanvasObject) fyne.Size {
	a, f, g, n := os[0].MinSize(), os[1].MinSize(), os[2].MinSize(), os[3].MinSize()
	return fyne.NewSize(max(a.Width, f.Width)+2*edge, a.Height+f.Height+g.Height+n.Height+4*gap)
}

func (p sheet) Layout(os []fyne.CanvasObject, s fyne.Size) {
	y := float32(8)
	put := func(o fyne.CanvasObject, x, w, h float32) {
		o.Resize(fyne.NewSize(w, h))
		o.Move(fyne.NewPos(x, y))
		y += h
	}
	w := s.Width - 2*edge
	put(os[0], edge, w, os[0].MinSize().Height)
	y += gap
	bar := p.list.filters.content
	if len(bar.Objects) > 0 {
		put(os[1], edge, w, flow{gap}.heightFor(bar.Objects, w))
		y += gap
	}
	note := os[3].MinSize()
	if c := os[4]; c.Visible() {
		h := c.MinSize().Height + theme.Px(14)
		c.Resize(fyne.NewSize(w, h))
		c.Move(fyne.NewPos(edge, y))
		y += h + gap
	}
	put(os[2], 0, s.Width, max(0, s.Height-y-note.Height-4))
	y += 2
	put(os[3], edge, w, note.Height)
}
