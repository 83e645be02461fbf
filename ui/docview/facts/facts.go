// Package facts draws small things the document screens share: pairs of a name
// and a value, a badge, fields in a row.
//
// What belongs here: drawing without knowledge of documents. What does not:
// anything with a focus.
package facts

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	ft "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tiezhang/ui/control"
	"tiezhang/ui/theme"
)

// Fact is a line: a name at the left, a value at the right. A fact without a
// value is a heading.
type Fact struct {
	Name, Value string
	Color       fyne.ThemeColorName // of the value; "" takes the text colour
	Bold        bool
	Size        fyne.ThemeSizeName // "" takes the text size
}

// List draws facts one below the other.
type List struct {
	widget.BaseWidget
	Facts []Fact
	Width float32 // pixels at standard text size
}

// NewList makes a list of a least width.
func NewList(width float32, fs ...Fact) *List {
	l := &List{Facts: fs, Width: width}
	l.ExtendBaseWidget(l)
	return l
}

// Set replaces the facts.
func (l *List) Set(fs []Fact) { l.Facts = fs; l.Refresh() }

// CreateRenderer is Fyne's.
func (l *List) CreateRenderer() fyne.WidgetRenderer {
	r := &listRenderer{l: l}
	r.Of, r.Build = r.l, r.build
	r.build()
	return r
}

type listRenderer struct {
	control.Redraw
	l *List
	h float32
}

func (r *listRenderer) MinSize() fyne.Size { return fyne.NewSize(theme.Px(r.l.Width), r.h) }

func (r *listRenderer) build() {
	w := max(theme.Px(r.l.Width), r.l.Size().Width)
	var objs []fyne.CanvasObject
	y := float32(0)
	for _, f := range r.l.Facts {
		size := ft.TextSize()
		if f.Size != "" {
			size = fyne.CurrentApp().Settings().Theme().Size(f.Size)
		}
		bold := f.Bold || f.Value == ""
		v := text(f.Value, pick(f.Color, theme.Foreground()), size, bold)
		vm := v.MinSize()
		nc := theme.Muted()
		if f.Value == "" {
			nc = pick(f.Color, theme.Foreground())
		}
		n := text(f.Name, nc, ft.TextSize(), f.Value == "")
		room := w - vm.Width - 8
		if f.Value == "" {
			room = w
		}
		fit(n, room)
		nm := n.MinSize()
		h := max(vm.Height, nm.Height) + theme.Px(5)
		if f.Name != "" {
			n.Resize(nm)
			n.Move(fyne.NewPos(0, y+(h-nm.Height)/2))
			objs = append(objs, n)
		}
		if f.Value != "" {
			fit(v, w)
			vm = v.MinSize()
			v.Resize(vm)
			v.Move(fyne.NewPos(w-vm.Width, y+(h-vm.Height)/2))
			objs = append(objs, v)
		}
		if f.Name == "" && f.Value == "" {
			h = theme.Px(8)
		}
		y += h
	}
	r.Objs, r.h = objs, y
}

func pick(n fyne.ThemeColorName, other color.Color) color.Color {
	if n == "" {
		return other
	}
	return theme.Get(n)
}

func text(s string, c color.Color, size float32, bold bool) *canvas.Text {
	t := canvas.NewText(s, c)
	t.TextSize, t.TextStyle.Bold = size, bold
	return t
}

// fit cuts a text that has no room.
func fit(t *canvas.Text, room float32) {
	if t.MinSize().Width <= room {
		return
	}
	rs := []rune(t.Text)
	for len(rs) > 0 {
		rs = rs[:len(rs)-1]
		t.Text = string(rs) + "\u2026"
		if t.MinSize().Width <= room {
			return
		}
	}
}

// Badge is a word on a coloured ground: the state of a document.
type Badge struct {
	widget.BaseWidget
	Words      string
	Back, Fore fyne.ThemeColorName
}

// NewBadge makes a badge.
func NewBadge(words string, back, fore fyne.ThemeColorName) *Badge {
	b := &Badge{Words: words, Back: back, Fore: fore}
	b.ExtendBaseWidget(b)
	return b
}

// Set changes it.
func (b *Badge) Set(words string, back, fore fyne.ThemeColorName) {
	b.Words, b.Back, b.Fore = words, back, fore
	b.Refresh()
}

// CreateRenderer is Fyne's.
func (b *Badge) CreateRenderer() fyne.WidgetRenderer {
	r := &badgeRenderer{b: b, box: canvas.NewRectangle(nil), t: canvas.NewText("", nil)}
	r.update()
	return r
}

type badgeRenderer struct {
	b   *Badge
	box *canvas.Rectangle
	t   *canvas.Text
}

func (r *badgeRenderer) Destroy()                     {}
func (r *badgeRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.box, r.t} }
func (r *badgeRenderer) MinSize() fyne.Size {
	m := r.t.MinSize()
	return fyne.NewSize(m.Width+theme.Px(16), m.Height+theme.Px(6))
}
func (r *badgeRenderer) Layout(s fyne.Size) {
	m := r.MinSize()
	y := (s.Height - m.Height) / 2
	r.box.Resize(fyne.NewSize(s.Width, m.Height))
	r.box.Move(fyne.NewPos(0, y))
	t := r.t.MinSize()
	r.t.Resize(t)
	r.t.Move(fyne.NewPos((s.Width-t.Width)/2, y+(m.Height-t.Height)/2))
}
func (r *badgeRenderer) update() {
	r.box.FillColor, r.box.CornerRadius = theme.Get(r.b.Back), 4
	r.t.Text, r.t.Color, r.t.TextSize = r.b.Words, theme.Get(r.b.Fore), ft.TextSize()
	r.t.TextStyle.Bold = true
}
func (r *badgeRenderer) Refresh() { r.update(); r.Layout(r.b.Size()); canvas.Refresh(r.b) }

// Line is one line of text in a named colour and size.
type Line struct {
	widget.BaseWidget
	Words    string
	Color    fyne.ThemeColorName
	TextSize fyne.ThemeSizeName
	Bold     bool
	// Fill lets it be as wide as its place; it is then cut instead of growing.
	Fill bool
	// Scale multiplies the size; 0 is 1.
	Scale float32
}

// NewLine makes a line.
func NewLine(words string, c fyne.ThemeColorName, size fyne.ThemeSizeName, bold bool) *Line {
	l := &Line{Words: words, Color: c, TextSize: size, Bold: bold}
	l.ExtendBaseWidget(l)
	return l
}

// Set changes the words.
func (l *Line) Set(words string) { l.Words = words; l.Refresh() }

// CreateRenderer is Fyne's.
func (l *Line) CreateRenderer() fyne.WidgetRenderer {
	r := &lineRenderer{l: l, t: canvas.NewText("", nil)}
	r.update()
	return r
}

type lineRenderer struct {
	l *Line
	t *canvas.Text
}

func (r *lineRenderer) Destroy()                     {}
func (r *lineRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.t} }
func (r *lineRenderer) MinSize() fyne.Size {
	r.update()
	m := r.t.MinSize()
	if r.l.Fill {
		m.Width = 20
	}
	return m
}
func (r *lineRenderer) Layout(s fyne.Size) {
	r.update()
	if r.l.Fill {
		fit(r.t, s.Width)
	}
	m := r.t.MinSize()
	r.t.Resize(m)
	r.t.Move(fyne.NewPos(0, (s.Height-m.Height)/2))
}
func (r *lineRenderer) update() {
	r.t.Text, r.t.Color = r.l.Words, theme.Get(r.l.Color)
	r.t.TextSize, r.t.TextStyle.Bold = fyne.CurrentApp().Settings().Theme().Size(r.l.TextSize), r.l.Bold
	if r.l.Scale != 0 {
		r.t.TextSize *= r.l.Scale
	}
}
func (r *lineRenderer) Refresh() { r.update(); r.Layout(r.l.Size()); canvas.Refresh(r.l) }

// Row lays objects out from left to right at their own widths, all as high as
// the row; the one at Stretch takes the room that is left (-1: none).
type Row struct {
	Gap     float32
	Stretch int
}

// MinSize is Fyne's.
func (f Row) MinSize(objs []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	n := 0
	for _, o := range objs {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		s.Width += m.Width
		s.Height = max(s.Height, m.Height)
		n++
	}
	s.Width += f.Gap * float32(max(0, n-1))
	return s
}

// Layout is Fyne's.
func (f Row) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	rest := size.Width - f.MinSize(objs).Width
	x := float32(0)
	for i, o := range objs {
		if !o.Visible() {
			continue
		}
		w := o.MinSize().Width
		if i == f.Stretch && rest > 0 {
			w += rest
		}
		o.Resize(fyne.NewSize(w, size.Height))
		o.Move(fyne.NewPos(x, 0))
		x += w + f.Gap
	}
}
