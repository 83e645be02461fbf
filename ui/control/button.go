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

// Look is how much a button asks to be pressed.
type Look uint8

const (
	Plain   Look = iota
	Primary      // the default action: accent
	Danger       // destroys something
	Quiet        // no frame until the pointer is over it
)

// Button is pressed by Enter, Space or the mouse.
type Button struct {
	widget.DisableableWidget
	Label string
	Icon  fyne.Resource
	Key   string // shown after the label: "F9"
	Look  Look
	Run   func()
	// Wide stretches nothing but leaves more room inside: the till.
	Big bool
	// Aside is a small button beside a field: Enter in the field passes it by.
	Aside bool

	focused, hovered, pressed bool
}

var (
	_ fyne.Focusable    = (*Button)(nil)
	_ fyne.Tappable     = (*Button)(nil)
	_ desktop.Hoverable = (*Button)(nil)
	_ desktop.Mouseable = (*Button)(nil)
)

// NewButton makes a plain button.
func NewButton(label string, run func()) *Button { return newButton(label, Plain, run) }

// NewPrimary makes the button of the default action.
func NewPrimary(label string, run func()) *Button { return newButton(label, Primary, run) }

func newButton(label string, look Look, run func()) *Button {
	b := &Button{Label: label, Look: look, Run: run}
	b.ExtendBaseWidget(b)
	return b
}

// WithKey shows the key that does the same, and gives the button back. The
// binding itself is made in the page's keys.Scope.
func (b *Button) WithKey(key string) *Button { b.Key = key; b.Refresh(); return b }

// WithIcon puts a drawing before the label and gives the button back.
func (b *Button) WithIcon(name string) *Button {
	c := ft.ColorNameForeground
	switch b.Look {
	case Primary:
		c = ft.ColorNameForegroundOnPrimary
	case Danger:
		c = ft.ColorNameForegroundOnError
	}
	b.Icon = theme.IconIn(name, c)
	b.Refresh()
	return b
}

// WithLook changes the look and gives the button back.
func (b *Button) WithLook(l Look) *Button { b.Look = l; b.Refresh(); return b }

// SetLabel changes the words.
func (b *Button) SetLabel(s string) { b.Label = s; b.Refresh() }

func (b *Button) press() {
	if !b.Disabled() && b.Run != nil {
		b.Run()
	}
}

// Tapped is Fyne's.
func (b *Button) Tapped(*fyne.PointEvent) { b.press() }

// FocusGained is Fyne's.
func (b *Button) FocusGained() { b.focused = true; b.Refresh(); follow(b) }

// FocusLost is Fyne's.
func (b *Button) FocusLost() { b.focused = false; b.Refresh() }

// MouseIn is Fyne's.
func (b *Button) MouseIn(*desktop.MouseEvent) { b.hovered = true; b.Refresh() }

// MouseMoved is Fyne's.
func (b *Button) MouseMoved(*desktop.MouseEvent) {}

// MouseOut is Fyne's.
func (b *Button) MouseOut() { b.hovered, b.pressed = false, false; b.Refresh() }

// MouseDown is Fyne's.
func (b *Button) MouseDown(*desktop.MouseEvent) { b.pressed = true; b.Refresh() }

// MouseUp is Fyne's.
func (b *Button) MouseUp(*desktop.MouseEvent) { b.pressed = false; b.Refresh() }

// TypedRune is Fyne's.
func (b *Button) TypedRune(rune) {}

// TypedShortcut passes shortcuts on.
func (b *Button) TypedShortcut(s fyne.Shortcut) { keys.ForwardShortcut(b, s) }

// TypedKey presses; arrows walk along a row of buttons.
func (b *Button) TypedKey(k *fyne.KeyEvent) { pressKey(b, k, b.press) }

// pressKey is the keyboard of all that can be pressed: Enter and Space press,
// arrows walk along a row.
func pressKey(o fyne.CanvasObject, k *fyne.KeyEvent, press func()) {
	c := fyne.CurrentApp().Driver().CanvasForObject(o)
	switch k.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		press()
	case fyne.KeyLeft, fyne.KeyUp:
		if c != nil {
			c.FocusPrevious()
		}
	case fyne.KeyRight, fyne.KeyDown:
		if c != nil {
			c.FocusNext()
		}
	default:
		keys.Forward(o, k)
	}
}

// CreateRenderer is Fyne's.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	r := &buttonRenderer{b: b, back: canvas.NewRectangle(nil), ring: canvas.NewRectangle(nil), over: canvas.NewRectangle(nil),
		label: canvas.NewText("", nil), key: canvas.NewText("", nil), icon: canvas.NewImageFromResource(nil)}
	r.icon.FillMode = canvas.ImageFillContain
	r.update()
	return r
}

type buttonRenderer struct {
	b                *Button
	back, over, ring *canvas.Rectangle
	label, key       *canvas.Text
	icon             *canvas.Image
}

func (r *buttonRenderer) Destroy() {}
func (r *buttonRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.over, r.ring, r.icon, r.label, r.key}
}

// parts gives the widths of icon, label and key with their gaps.
func (r *buttonRenderer) parts() (icon, label, key, gap float32) {
	gap = theme.Px(6)
	if r.b.Icon != nil {
		icon = ft.IconInlineSize()
	}
	if r.b.Label != "" {
		label = r.label.MinSize().Width
	}
	if r.b.Key != "" {
		key = r.key.MinSize().Width
	}
	return
}

func (r *buttonRenderer) MinSize() fyne.Size {
	icon, label, key, gap := r.parts()
	w := icon + label + key
	for _, both := range []bool{icon > 0 && label > 0, key > 0 && label+icon > 0} {
		if both {
			w += gap
		}
	}
	h := theme.Px(18) + 12
	pad := theme.Px(12)
	if r.b.Label == "" {
		pad = theme.Px(6)
	}
	if r.b.Big {
		h, pad = theme.Px(44), theme.Px(20)
	}
	return fyne.NewSize(w+2*pad, h)
}

func (r *buttonRenderer) Layout(s fyne.Size) {
	r.back.Resize(s)
	r.over.Resize(s)
	r.ring.Resize(s.AddWidthHeight(-4, -4))
	r.ring.Move(fyne.NewPos(2, 2))
	icon, label, key, gap := r.parts()
	w := icon + label + key
	if icon > 0 && label > 0 {
		w += gap
	}
	if key > 0 && icon+label > 0 {
		w += gap
	}
	x := (s.Width - w) / 2
	if icon > 0 {
		r.icon.Resize(fyne.NewSquareSize(icon))
		r.icon.Move(fyne.NewPos(x, (s.Height-icon)/2))
		x += icon + gap
	}
	put := func(t *canvas.Text, w float32) {
		m := t.MinSize()
		t.Resize(m)
		t.Move(fyne.NewPos(x, (s.Height-m.Height)/2))
		x += w + gap
	}
	if label > 0 {
		put(r.label, label)
	}
	if key > 0 {
		put(r.key, key)
	}
}

func (r *buttonRenderer) update() {
	b := r.b
	back, fore, border := theme.Get(ft.ColorNameButton), theme.Foreground(), theme.InputBorder()
	soft := theme.Muted()
	switch b.Look {
	case Primary:
		back, fore, border = theme.Accent(), theme.OnAccent(), theme.Accent()
		soft = fore
	case Danger:
		back, fore, border = theme.Error(), theme.Get(ft.ColorNameForegroundOnError), theme.Error()
		soft = fore
	case Quiet:
		back, border = color.Transparent, color.Transparent
	}
	if b.Disabled() {
		back, fore, border = theme.Get(ft.ColorNameDisabledButton), theme.Get(ft.ColorNameDisabled), theme.Separator()
		if b.Look == Quiet {
			back, border = color.Transparent, color.Transparent
		}
		soft = fore
	}
	r.back.FillColor, r.back.StrokeColor, r.back.StrokeWidth, r.back.CornerRadius = back, border, 1, 4
	r.over.CornerRadius = 4
	r.over.FillColor = color.Transparent
	if !b.Disabled() {
		if b.pressed {
			r.over.FillColor = theme.Get(ft.ColorNamePressed)
		} else if b.hovered {
			r.over.FillColor = theme.Hover()
			if b.Look == Primary || b.Look == Danger {
				r.over.FillColor = color.NRGBA{R: 255, G: 255, B: 255, A: 28}
			}
		}
	}
	// The ring lies inside the edge, in a colour that is seen on this button.
	r.ring.FillColor, r.ring.CornerRadius, r.ring.StrokeWidth = color.Transparent, 3, 0
	r.ring.StrokeColor = color.Transparent
	if b.focused {
		r.ring.StrokeWidth = 2
		r.ring.StrokeColor = theme.Accent()
		if b.Look == Primary || b.Look == Danger {
			r.ring.StrokeColor = fore
		}
	}
	r.label.Text, r.label.Color, r.label.TextSize = b.Label, fore, ft.TextSize()
	r.label.TextStyle.Bold = b.Look == Primary || b.Look == Danger || b.Big
	if b.Big {
		r.label.TextSize = ft.TextSubHeadingSize()
	}
	r.key.Text, r.key.Color, r.key.TextSize = b.Key, soft, ft.CaptionTextSize()
	if r.icon.Resource != b.Icon {
		r.icon.Resource = b.Icon
	}
	r.icon.Hidden = b.Icon == nil
	r.icon.Translucency = 0
	if b.Disabled() {
		r.icon.Translucency = 0.5
	}
	r.label.Hidden, r.key.Hidden = b.Label == "", b.Key == ""
}

func (r *buttonRenderer) Refresh() {
	r.update()
	r.Layout(r.b.Size())
	r.icon.Refresh()
	canvas.Refresh(r.b)
}
