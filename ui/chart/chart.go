// Package chart draws the small charts of the home screen and of reports with
// canvas objects: bars over days, and a ranking of names.
//
// What belongs here: drawing numbers that are already computed. What does not:
// reading data, and money arithmetic: a bar's height is the only fraction here.
package chart

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	ft "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tiezhang/ui/control"
	"tiezhang/ui/theme"
)

// Point is one bar or line: Value decides the length, Shown is its words.
type Point struct {
	Label string // under the bar, or the name of a rank
	Note  string // the label in full, for the line that explains a bar
	Value int64
	Shown string
	Extra string // a second figure of a rank, muted
}

// Bars is a bar chart over days. The bar under the pointer is explained in a
// line at the top; without a pointer the last one is.
type Bars struct {
	widget.BaseWidget
	Points []Point
	// Scale words the top of the axis from its value.
	Scale func(v int64) string
	// Every is how many bars one label stands for; 0 takes 5.
	Every int
	hover int
}

var _ desktop.Hoverable = (*Bars)(nil)

// NewBars makes an empty chart.
func NewBars(scale func(int64) string) *Bars {
	b := &Bars{Scale: scale, hover: -1}
	b.ExtendBaseWidget(b)
	return b
}

// Set shows other points.
func (b *Bars) Set(p []Point) { b.Points, b.hover = p, -1; b.Refresh() }

// MouseIn is Fyne's.
func (b *Bars) MouseIn(e *desktop.MouseEvent) { b.MouseMoved(e) }

// MouseMoved is Fyne's.
func (b *Bars) MouseMoved(e *desktop.MouseEvent) {
	i := -1
	if x, w := b.plot(); len(b.Points) > 0 && e.Position.X >= x && e.Position.X < x+w {
		i = int((e.Position.X - x) / (w / float32(len(b.Points))))
	}
	if i != b.hover {
		b.hover = i
		b.Refresh()
	}
}

// MouseOut is Fyne's.
func (b *Bars) MouseOut() { b.hover = -1; b.Refresh() }

// plot gives the left edge and the width of where bars stand.
func (b *Bars) plot() (x, w float32) { return 4, max(10, b.Size().Width-8) }

// top is the round number at or above the highest bar: 1, 2 or 5 and zeros.
func top(points []Point) int64 {
	var most int64
	for _, p := range points {
		most = max(most, p.Value)
	}
	if most <= 0 {
		return 0
	}
	for step := int64(1); ; step *= 10 {
		for _, m := range []int64{1, 2, 5} {
			if v := step * m; v >= most || v > 1<<60/10 {
				return max(v, most)
			}
		}
	}
}

// CreateRenderer is Fyne's.
func (b *Bars) CreateRenderer() fyne.WidgetRenderer {
	r := &barsRenderer{b: b}
	r.Of, r.Build = r.b, r.build
	r.build()
	return r
}

type barsRenderer struct {
	control.Redraw
	b *Bars
}

func (r *barsRenderer) MinSize() fyne.Size { return fyne.NewSize(theme.Px(240), theme.Px(140)) }

func small(s string, c color.Color) *canvas.Text {
	t := canvas.NewText(s, c)
	t.TextSize = ft.CaptionTextSize()
	t.Resize(t.MinSize())
	return t
}

func (r *barsRenderer) build() {
	b, size := r.b, r.b.Size()
	r.Objs = nil
	n := len(b.Points)
	if n == 0 || size.Width < 40 || size.Height < 40 {
		return
	}
	x0, w := b.plot()
	line := ft.CaptionTextSize() + 6
	y0, h := line+4, size.Height-2*line-8
	most := top(b.Points)
	at := b.hover
	if at < 0 || at >= n {
		at = n - 1
	}
	head := small(b.Points[at].Note+"  "+b.Points[at].Shown, theme.Foreground())
	head.Move(fyne.NewPos(max(0, size.Width-head.Size().Width-4), 0))
	r.Objs = append(r.Objs, head)
	if most > 0 && b.Scale != nil {
		s := small(b.Scale(most), theme.Muted())
		s.Move(fyne.NewPos(x0, 0))
		r.Objs = append(r.Objs, s)
	}
	for i := range 5 { // four fields of equal height
		g := canvas.NewRectangle(theme.GridLine())
		g.Move(fyne.NewPos(x0, y0+h*float32(i)/4))
		g.Resize(fyne.NewSize(w, 1))
		r.Objs = append(r.Objs, g)
	}
	every := b.Every
	if every == 0 {
		every = 5
	}
	step := w / float32(n)
	for i, p := range b.Points {
		if most > 0 && p.Value > 0 {
			bh := max(2, h*float32(float64(p.Value)/float64(most)))
			bar := canvas.NewRectangle(theme.Accent())
			bar.CornerRadius = 2
			if i != at {
				bar.FillColor = faint(theme.Accent())
			}
			bw := max(2, min(step*0.68, theme.Px(36)))
			bar.Move(fyne.NewPos(x0+float32(i)*step+(step-bw)/2, y0+h-bh))
			bar.Resize(fyne.NewSize(bw, bh))
			r.Objs = append(r.Objs, bar)
		}
		if (n-1-i)%every == 0 { // the last day always has its label
			l := small(p.Label, theme.Muted())
			x := x0 + float32(i)*step + (step-l.Size().Width)/2
			l.Move(fyne.NewPos(min(max(x, 0), size.Width-l.Size().Width), y0+h+3))
			r.Objs = append(r.Objs, l)
		}
	}
}

// faint is a colour at half strength.
func faint(c color.Color) color.Color {
	r, g, b, _ := c.RGBA()
	return color.NRGBA{R: uint8(r >> 8), G: uint8(g >> 8), B: uint8(b >> 8), A: 0x9c}
}

// Ranking is names with their figures, longest bar first.
type Ranking struct {
	widget.BaseWidget
	Points []Point
}

// NewRanking makes an empty ranking.
func NewRanking() *Ranking {
	r := &Ranking{}
	r.ExtendBaseWidget(r)
	return r
}

// Set shows other points.
func (k *Ranking) Set(p []Point) { k.Points = p; k.Refresh() }

// CreateRenderer is Fyne's.
func (k *Ranking) CreateRenderer() fyne.WidgetRenderer {
	r := &rankRenderer{k: k}
	r.Of, r.Build = r.k, r.build
	r.build()
	return r
}

type rankRenderer struct {
	control.Redraw
	k *Ranking
}

func (r *rankRenderer) row() float32 { return theme.Px(30) }
func (r *rankRenderer) MinSize() fyne.Size {
	return fyne.NewSize(theme.Px(200), r.row()*float32(len(r.k.Points)))
}

func (r *rankRenderer) build() {
	r.Objs = nil
	w := r.k.Size().Width
	if w < 40 {
		return
	}
	var most int64
	for _, p := range r.k.Points {
		most = max(most, p.Value)
	}
	for i, p := range r.k.Points {
		y := float32(i) * r.row()
		figure := canvas.NewText(p.Shown, theme.Foreground())
		figure.TextSize = ft.TextSize()
		fm := figure.MinSize()
		figure.Resize(fm)
		figure.Move(fyne.NewPos(w-fm.Width, y))
		extra := small(p.Extra, theme.Muted())
		extra.Move(fyne.NewPos(w-fm.Width-extra.Size().Width-10, y+(fm.Height-extra.Size().Height)/2))
		name := canvas.NewText(fit(p.Label, w-fm.Width-extra.Size().Width-24, ft.TextSize()), theme.Foreground())
		name.TextSize = ft.TextSize()
		name.Resize(name.MinSize())
		name.Move(fyne.NewPos(0, y))
		track := canvas.NewRectangle(theme.GridLine())
		track.CornerRadius = 2
		track.Move(fyne.NewPos(0, y+fm.Height+2))
		track.Resize(fyne.NewSize(w, 4))
		bar := canvas.NewRectangle(theme.Accent())
		bar.CornerRadius = 2
		bar.Move(fyne.NewPos(0, y+fm.Height+2))
		if most > 0 && p.Value > 0 {
			bar.Resize(fyne.NewSize(w*float32(float64(p.Value)/float64(most)), 4))
		}
		r.Objs = append(r.Objs, name, extra, figure, track, bar)
	}
}

func fit(s string, w, size float32) string {
	rs := []rune(s)
	if fyne.MeasureText(s, size, fyne.TextStyle{}).Width <= w {
		return s
	}
	for len(rs) > 1 && fyne.MeasureText(string(rs)+"\u2026", size, fyne.TextStyle{}).Width > w {
		rs = rs[:len(rs)-1]
	}
	return string(rs) + "\u2026"
}
