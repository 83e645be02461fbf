package chart

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	ft "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tiezhang/ui/control"
	"tiezhang/ui/theme"
)

// Parts is a whole and what it is made of: one bar in pieces, with the name and
// figure of each under it. Pieces grow darker in order, so that the last of an
// ageing is the one that is seen.
type Parts struct {
	widget.BaseWidget
	Points []Point
}

// NewParts makes an empty one.
func NewParts() *Parts {
	p := &Parts{}
	p.ExtendBaseWidget(p)
	return p
}

// Set shows other points.
func (p *Parts) Set(ps []Point) { p.Points = ps; p.Refresh() }

// CreateRenderer is Fyne's.
func (p *Parts) CreateRenderer() fyne.WidgetRenderer {
	r := &partsRenderer{p: p}
	r.Of, r.Build = r.p, r.build
	r.build()
	return r
}

type partsRenderer struct {
	control.Redraw
	p *Parts
}

func (r *partsRenderer) MinSize() fyne.Size { return fyne.NewSize(theme.Px(240), theme.Px(96)) }

// shade is the colour of a piece: the accent, stronger from the first to the last.
func shade(i, n int) color.Color {
	c := color.NRGBAModel.Convert(theme.Accent()).(color.NRGBA) //nolint:forcetypeassert // what the model gives
	if n > 1 {
		c.A = uint8(70 + 185*i/(n-1)) //nolint:gosec // 70 to 255
	}
	return c
}

func (r *partsRenderer) build() {
	r.Objs = nil
	w, n := r.p.Size().Width, len(r.p.Points)
	if w < 40 || n == 0 {
		return
	}
	var sum int64
	for _, p := range r.p.Points {
		sum += max(0, p.Value)
	}
	bar := theme.Px(26)
	track := canvas.NewRectangle(theme.GridLine())
	track.Resize(fyne.NewSize(w, bar))
	r.Objs = append(r.Objs, track)
	x, step := float32(0), w/float32(n)
	for i, p := range r.p.Points {
		if sum > 0 && p.Value > 0 {
			piece := canvas.NewRectangle(shade(i, n))
			pw := w * float32(float64(p.Value)/float64(sum))
			piece.Move(fyne.NewPos(x, 0))
			piece.Resize(fyne.NewSize(pw, bar))
			r.Objs = append(r.Objs, piece)
			x += pw
		}
		at := float32(i) * step
		dot := canvas.NewRectangle(shade(i, n))
		dot.Move(fyne.NewPos(at, bar+theme.Px(14)))
		dot.Resize(fyne.NewSize(theme.Px(10), theme.Px(10)))
		name := small(fit(p.Label, step-theme.Px(20), ft.CaptionTextSize()), theme.Muted())
		name.Move(fyne.NewPos(at+theme.Px(15), bar+theme.Px(10)))
		figure := canvas.NewText(fit(p.Shown, step-theme.Px(20), ft.TextSize()), theme.Foreground())
		figure.TextSize = ft.TextSize()
		figure.Resize(figure.MinSize())
		figure.Move(fyne.NewPos(at+theme.Px(15), bar+theme.Px(28)))
		r.Objs = append(r.Objs, dot, name, figure)
	}
}
