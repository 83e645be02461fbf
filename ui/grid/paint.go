package grid

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"tiezhang/ui/theme"
)

// painter draws a grid with texts and rectangles that are kept and reused.
type painter struct {
	objs  []fyne.CanvasObject
	rects []*canvas.Rectangle
	texts []*canvas.Text
	nr    int
	nt    int
	size  float32
}

func (p *painter) begin(textSize float32) {
	p.objs = p.objs[:0]
	p.nr, p.nt, p.size = 0, 0, textSize
}

// end gives the objects. Fyne keeps the slice, so a copy is handed out.
func (p *painter) end() []fyne.CanvasObject {
	return append([]fyne.CanvasObject(nil), p.objs...)
}

func (p *painter) rect(x, y, w, h float32, fill color.Color) *canvas.Rectangle {
	return p.box(x, y, w, h, fill, nil, 0, 0)
}

func (p *painter) box(x, y, w, h float32, fill, stroke color.Color, width, radius float32) *canvas.Rectangle {
	var o *canvas.Rectangle
	if p.nr < len(p.rects) {
		o = p.rects[p.nr]
	} else {
		o = canvas.NewRectangle(fill)
		p.rects = append(p.rects, o)
	}
	p.nr++
	if fill == nil {
		fill = color.Transparent
	}
	o.FillColor, o.StrokeColor, o.StrokeWidth, o.CornerRadius = fill, stroke, width, radius
	o.Resize(fyne.NewSize(max(0, w), max(0, h)))
	o.Move(fyne.NewPos(x, y))
	p.objs = append(p.objs, o)
	return o
}

// cellPad is the room left and right of a cell's text at standard size.
const cellPad = 6

func (p *painter) text(x, y, w, h float32, s string, a Align, bold bool, c color.Color) {
	if s == "" || w < 2*cellPad {
		return
	}
	var o *canvas.Text
	if p.nt < len(p.texts) {
		o = p.texts[p.nt]
	} else {
		o = canvas.NewText("", c)
		p.texts = append(p.texts, o)
	}
	p.nt++
	s, m := fit(s, w-2*cellPad, p.size, bold)
	o.Text, o.Color, o.TextSize, o.TextStyle.Bold = s, c, p.size, bold
	switch a {
	case Right:
		x += w - cellPad - m.Width
	case Center:
		x += (w - m.Width) / 2
	default:
		x += cellPad
	}
	o.Resize(m)
	o.Move(fyne.NewPos(x, y+(h-m.Height)/2))
	p.objs = append(p.objs, o)
}

type textKey struct {
	s    string
	size float32
	bold bool
}

type fitKey struct {
	textKey
	w float32
}

type fitted struct {
	s    string
	size fyne.Size
}

// Measuring text is half of what drawing costs, so widths are kept. They are
// dropped when there are too many, or all at once when the look changes.
var (
	widths = map[textKey]fyne.Size{}
	fits   = map[fitKey]fitted{}
)

const keepTexts = 20000

func measure(s string, size float32, bold bool) fyne.Size {
	k := textKey{s, size, bold}
	if v, ok := widths[k]; ok {
		return v
	}
	if len(widths) >= keepTexts {
		clear(widths)
	}
	v := fyne.MeasureText(s, size, fyne.TextStyle{Bold: bold})
	widths[k] = v
	return v
}

// fit cuts a text with an ellipsis so that it is no wider than w.
func fit(s string, w, size float32, bold bool) (string, fyne.Size) {
	m := measure(s, size, bold)
	if m.Width <= w {
		return s, m
	}
	k := fitKey{textKey{s, size, bold}, w}
	if v, ok := fits[k]; ok {
		return v.s, v.size
	}
	style := fyne.TextStyle{Bold: bold}
	rs := []rune(s)
	lo, hi := 0, len(rs)
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if fyne.MeasureText(string(rs[:mid])+"…", size, style).Width <= w {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	v := fitted{s: string(rs[:lo]) + "…"}
	v.size = fyne.MeasureText(v.s, size, style)
	if len(fits) >= keepTexts {
		clear(fits)
	}
	fits[k] = v
	return v.s, v.size
}

// styled gives the colour and weight of a cell's style.
func styled(s Style) (color.Color, bool) {
	switch s {
	case Muted:
		return theme.Muted(), false
	case Negative:
		return theme.Negative(), false
	case Positive:
		return theme.Positive(), false
	case Warning:
		return theme.Warning(), false
	case Bold:
		return theme.Foreground(), true
	case Link:
		return theme.Accent(), false
	}
	return theme.Foreground(), false
}
