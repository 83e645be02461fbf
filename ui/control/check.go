package control

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	ft "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tiezhang/ui/keys"
	"tiezhang/ui/theme"
)

// Check is a box with words. Space ticks it, Enter goes to the next field.
type Check struct {
	widget.DisableableWidget
	Label     string
	OnChanged func(bool)

	on, focused, hovered bool
}

var (
	_ fyne.Focusable    = (*Check)(nil)
	_ fyne.Tappable     = (*Check)(nil)
	_ desktop.Hoverable = (*Check)(nil)
)

// NewCheck makes a check that is off.
func NewCheck(label string, changed func(bool)) *Check {
	c := &Check{Label: label, OnChanged: changed}
	c.ExtendBaseWidget(c)
	return c
}

// Checked tells whether it is ticked.
func (c *Check) Checked() bool { return c.on }

// SetChecked ticks it without calling OnChanged.
func (c *Check) SetChecked(on bool) { c.on = on; c.Refresh() }

func (c *Check) toggle() {
	if c.Disabled() {
		return
	}
	c.on = !c.on
	c.Refresh()
	if c.OnChanged != nil {
		c.OnChanged(c.on)
	}
}

// Tapped is Fyne's.
func (c *Check) Tapped(*fyne.PointEvent) {
	if cv := fyne.CurrentApp().Driver().CanvasForObject(c); cv != nil && !c.Disabled() {
		cv.Focus(c)
	}
	c.toggle()
}

// FocusGained is Fyne's.
func (c *Check) FocusGained() { c.focused = true; c.Refresh(); follow(c) }

// FocusLost is Fyne's.
func (c *Check) FocusLost() { c.focused = false; c.Refresh() }

// MouseIn is Fyne's.
func (c *Check) MouseIn(*desktop.MouseEvent) { c.hovered = true; c.Refresh() }

// MouseMoved is Fyne's.
func (c *Check) MouseMoved(*desktop.MouseEvent) {}

// MouseOut is Fyne's.
func (c *Check) MouseOut() { c.hovered = false; c.Refresh() }

// TypedRune is Fyne's.
func (c *Check) TypedRune(rune) {}

// TypedShortcut passes shortcuts on.
func (c *Check) TypedShortcut(s fyne.Shortcut) { keys.ForwardShortcut(c, s) }

// TypedKey is Fyne's.
func (c *Check) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeySpace:
		c.toggle()
	case fyne.KeyReturn, fyne.KeyEnter:
		leaveByEnter(c, k)
	default:
		keys.Forward(c, k)
	}
}

// CreateRenderer is Fyne's.
func (c *Check) CreateRenderer() fyne.WidgetRenderer {
	r := &checkRenderer{c: c, box: canvas.NewRectangle(nil), ring: canvas.NewRectangle(nil), a: canvas.NewLine(nil), b: canvas.NewLine(nil), label: canvas.NewText("", nil)}
	r.update()
	return r
}

type checkRenderer struct {
	c         *Check
	box, ring *canvas.Rectangle
	a, b      *canvas.Line
	label     *canvas.Text
}

func (r *checkRenderer) Destroy() {}
func (r *checkRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ring, r.box, r.a, r.b, r.label}
}

func (r *checkRenderer) side() float32 { return theme.Px(16) }

func (r *checkRenderer) MinSize() fyne.Size {
	w := r.side() + 8
	if r.c.Label != "" {
		w += r.label.MinSize().Width + 8
	}
	return fyne.NewSize(w, theme.Px(18)+10)
}

func (r *checkRenderer) Layout(s fyne.Size) {
	d := r.side()
	x, y := float32(4), (s.Height-d)/2
	r.box.Resize(fyne.NewSquareSize(d))
	r.box.Move(fyne.NewPos(x, y))
	r.ring.Resize(fyne.NewSquareSize(d + 6))
	r.ring.Move(fyne.NewPos(x-3, y-3))
	r.a.Position1, r.a.Position2 = fyne.NewPos(x+d*0.22, y+d*0.52), fyne.NewPos(x+d*0.43, y+d*0.72)
	r.b.Position1, r.b.Position2 = fyne.NewPos(x+d*0.43, y+d*0.72), fyne.NewPos(x+d*0.78, y+d*0.28)
	m := r.label.MinSize()
	r.label.Resize(m)
	r.label.Move(fyne.NewPos(x+d+8, (s.Height-m.Height)/2))
}

func (r *checkRenderer) update() {
	c := r.c
	fore, fill, edge := theme.Foreground(), theme.Get(ft.ColorNameInputBackground), theme.InputBorder()
	mark := theme.OnAccent()
	if c.on {
		fill, edge = theme.Accent(), theme.Accent()
	} else if c.hovered {
		edge = theme.Accent()
	}
	if c.Disabled() {
		fore = theme.Get(ft.ColorNameDisabled)
		edge = theme.Separator()
		if c.on {
			fill, mark = theme.Get(ft.ColorNameDisabledButton), fore
		}
	}
	r.box.FillColor, r.box.StrokeColor, r.box.StrokeWidth, r.box.CornerRadius = fill, edge, 1, 3
	r.ring.FillColor, r.ring.StrokeColor, r.ring.StrokeWidth, r.ring.CornerRadius = color.Transparent, color.Transparent, 0, 5
	if c.focused {
		r.ring.StrokeColor, r.ring.StrokeWidth = theme.Accent(), 2
	}
	for _, l := range []*canvas.Line{r.a, r.b} {
		l.StrokeColor, l.StrokeWidth, l.Hidden = mark, theme.Px(2), !c.on
	}
	r.label.Text, r.label.Color, r.label.TextSize = c.Label, fore, ft.TextSize()
}

func (r *checkRenderer) Refresh() {
	r.update()
	r.Layout(r.c.Size())
	canvas.Refresh(r.c)
}
