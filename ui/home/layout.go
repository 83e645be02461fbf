package home

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	ft "fyne.io/fyne/v2/theme"

	"tiezhang/ui/theme"
)

// columns lays tiles out in equal columns: all in one row at the standard
// size, two in a row where the text is larger.
type columns struct{ gap float32 }

func (l *columns) shape(n int) (cols, rows int) {
	cols = n
	if theme.Factor() > 1.1 && n > 2 {
		cols = 2
	}
	if cols == 0 {
		return 0, 0
	}
	return cols, (n + cols - 1) / cols
}

func (l *columns) MinSize(o []fyne.CanvasObject) fyne.Size {
	h := float32(0)
	for _, c := range o {
		h = max(h, c.MinSize().Height)
	}
	_, rows := l.shape(len(o))
	return fyne.NewSize(theme.Px(190), h*float32(rows)+l.gap*float32(max(0, rows-1)))
}

func (l *columns) Layout(o []fyne.CanvasObject, s fyne.Size) {
	cols, rows := l.shape(len(o))
	if cols == 0 {
		return
	}
	w := (s.Width - l.gap*float32(cols-1)) / float32(cols)
	h := (s.Height - l.gap*float32(rows-1)) / float32(rows)
	for i, c := range o {
		c.Move(fyne.NewPos(float32(i%cols)*(w+l.gap), float32(i/cols)*(h+l.gap)))
		c.Resize(fyne.NewSize(w, h))
	}
}

// split gives the right part a width and the rest to the left.
type split struct{ right, gap float32 }

func (l *split) MinSize(o []fyne.CanvasObject) fyne.Size {
	a, b := o[0].MinSize(), o[1].MinSize()
	return fyne.NewSize(a.Width+l.gap+max(theme.Px(l.right), b.Width), max(a.Height, b.Height))
}

func (l *split) Layout(o []fyne.CanvasObject, s fyne.Size) {
	right := max(theme.Px(l.right), o[1].MinSize().Width)
	o[0].Resize(fyne.NewSize(s.Width-right-l.gap, o[0].MinSize().Height))
	o[1].Move(fyne.NewPos(s.Width-right, 0))
	o[1].Resize(fyne.NewSize(right, o[1].MinSize().Height))
}

// tall gives its one object a height.
type tall struct{ height float32 }

func (l *tall) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(o[0].MinSize().Width, theme.Px(l.height))
}

func (l *tall) Layout(o []fyne.CanvasObject, s fyne.Size) { o[0].Resize(s) }

func picture(icon string, c fyne.ThemeColorName) fyne.CanvasObject {
	i := canvas.NewImageFromResource(theme.IconIn(icon, c))
	i.FillMode = canvas.ImageFillContain
	i.SetMinSize(fyne.NewSquareSize(ft.IconInlineSize()))
	return i
}

// center centres a line of words in the height of its row.
func center(o fyne.CanvasObject) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedLayout(0, 0, 8, 4), container.NewVBox(layout.NewSpacer(), o, layout.NewSpacer()))
}
