package control

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	ft "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tiezhang/ui/keys"
	"tiezhang/ui/theme"
)

// NewCard puts content on a framed surface, with a heading if there is one.
func NewCard(title string, content fyne.CanvasObject) fyne.CanvasObject {
	inner := container.New(layout.NewCustomPaddedLayout(12, 12, 14, 14), content)
	var body fyne.CanvasObject = inner
	if title != "" {
		head := container.New(layout.NewCustomPaddedLayout(10, 0, 14, 14), NewHeading(title))
		body = container.NewBorder(head, nil, nil, nil, inner)
	}
	return container.NewStack(newSurface(), body)
}

// NewHeading is a bold line.
func NewHeading(s string) fyne.CanvasObject {
	l := widget.NewLabel(s)
	l.TextStyle.Bold = true
	return container.New(layout.NewCustomPaddedLayout(-4, -4, -6, -6), l)
}

// surface is a card's background; it follows the look.
type surface struct {
	widget.BaseWidget
	fill, edge fyne.ThemeColorName
	radius     float32
}

func newSurface() *surface {
	s := &surface{fill: theme.NameCard, edge: ft.ColorNameSeparator, radius: 6}
	s.ExtendBaseWidget(s)
	return s
}

func (s *surface) CreateRenderer() fyne.WidgetRenderer {
	r := &surfaceRenderer{s: s, rect: canvas.NewRectangle(nil)}
	r.update()
	return r
}

type surfaceRenderer struct {
	s    *surface
	rect *canvas.Rectangle
}

func (r *surfaceRenderer) Destroy()                     {}
func (r *surfaceRenderer) MinSize() fyne.Size           { return fyne.NewSize(0, 0) }
func (r *surfaceRenderer) Layout(s fyne.Size)           { r.rect.Resize(s) }
func (r *surfaceRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.rect} }
func (r *surfaceRenderer) update() {
	r.rect.FillColor, r.rect.CornerRadius = theme.Get(r.s.fill), r.s.radius
	r.rect.StrokeWidth, r.rect.StrokeColor = 0, color.Transparent
	if r.s.edge != "" {
		r.rect.StrokeWidth, r.rect.StrokeColor = 1, theme.Get(r.s.edge)
	}
}
func (r *surfaceRenderer) Refresh() { r.update(); canvas.Refresh(r.s) }

// Tile is a figure of the home screen that opens its report: heading, value,
// a line below. Enter, Space or a click opens.
type Tile struct {
	widget.BaseWidget
	Title, Value, Note string
	ValueColor         fyne.ThemeColorName // "" for the text colour
	NoteColor          fyne.ThemeColorName // "" for muted
	Open               func()

	focused, hovered bool
}

var (
	_ fyne.Focusable    = (*Tile)(nil)
	_ fyne.Tappable     = (*Tile)(nil)
	_ desktop.Hoverable = (*Tile)(nil)
)

// NewTile makes a tile.
func NewTile(title, value, note string, open func()) *Tile {
	t := &Tile{Title: title, Value: value, Note: note, Open: open}
	t.ExtendBaseWidget(t)
	return t
}

func (t *Tile) open() {
	if t.Open != nil {
		t.Open()
	}
}

// Set changes the figures.
func (t *Tile) Set(value, note string) { t.Value, t.Note = value, note; t.Refresh() }

// Tapped is Fyne's.
func (t *Tile) Tapped(*fyne.PointEvent) { t.open() }

// FocusGained is Fyne's.
func (t *Tile) FocusGained() { t.focused = true; t.Refresh(); follow(t) }

// FocusLost is Fyne's.
func (t *Tile) FocusLost() { t.focused = false; t.Refresh() }

// MouseIn is Fyne's.
func (t *Tile) MouseIn(*desktop.MouseEvent) { t.hovered = true; t.Refresh() }

// MouseMoved is Fyne's.
func (t *Tile) MouseMoved(*desktop.MouseEvent) {}

// MouseOut is Fyne's.
func (t *Tile) MouseOut() { t.hovered = false; t.Refresh() }

// TypedRune is Fyne's.
func (t *Tile) TypedRune(rune) {}

// TypedShortcut passes shortcuts on.
func (t *Tile) TypedShortcut(s fyne.Shortcut) { keys.ForwardShortcut(t, s) }

// TypedKey opens; arrows walk from tile to tile.
func (t *Tile) TypedKey(k *fyne.KeyEvent) { pressKey(t, k, t.open) }

// CreateRenderer is Fyne's.
func (t *Tile) CreateRenderer() fyne.WidgetRenderer {
	r := &tileRenderer{t: t, back: canvas.NewRectangle(nil), title: canvas.NewText("", nil), value: canvas.NewText("", nil), note: canvas.NewText("", nil)}
	r.update()
	return r
}

type tileRenderer struct {
	t                  *Tile
	back               *canvas.Rectangle
	title, value, note *canvas.Text
}

func (r *tileRenderer) Destroy() {}
func (r *tileRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.title, r.value, r.note}
}
func (r *tileRenderer) MinSize() fyne.Size {
	// The texts may be cut, so the width asked for does not follow them: a
	// row of tiles must not grow the window.
	return fyne.NewSize(theme.Px(120)+28, r.title.MinSize().Height+r.value.MinSize().Height+r.note.MinSize().Height+28)
}
func (r *tileRenderer) Layout(s fyne.Size) {
	r.update() // the texts may have been cut for a narrower place
	r.back.Resize(s)
	y := float32(11)
	for i, t := range []*canvas.Text{r.title, r.value, r.note} {
		if m := t.MinSize(); m.Width > s.Width-28 {
			t.Text = cut(t.Text, s.Width-28, t.TextSize)
		}
		m := t.MinSize()
		t.Resize(m)
		t.Move(fyne.NewPos(14, y))
		y += m.Height + []float32{2, 4, 0}[i]
	}
}
func (r *tileRenderer) update() {
	t := r.t
	r.back.FillColor, r.back.CornerRadius = theme.CardBackground(), 6
	r.back.StrokeColor, r.back.StrokeWidth = theme.Separator(), 1
	if t.hovered {
		r.back.StrokeColor = theme.Accent()
	}
	if t.focused {
		r.back.StrokeColor, r.back.StrokeWidth = theme.Accent(), 2
	}
	name := func(n, other fyne.ThemeColorName) color.Color {
		if n == "" {
			n = other
		}
		return theme.Get(n)
	}
	r.title.Text, r.title.Color, r.title.TextSize = t.Title, theme.Muted(), ft.TextSize()
	r.value.Text, r.value.Color, r.value.TextSize = t.Value, name(t.ValueColor, ft.ColorNameForeground), ft.TextHeadingSize()
	r.value.TextStyle.Bold = true
	r.note.Text, r.note.Color, r.note.TextSize = t.Note, name(t.NoteColor, theme.NameMuted), ft.CaptionTextSize()
}
func (r *tileRenderer) Refresh() { r.update(); r.Layout(r.t.Size()); canvas.Refresh(r.t) }
