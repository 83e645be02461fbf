package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	ft "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tiezhang/ui/keys"
	"tiezhang/ui/theme"
)

// Option is one value of a Choice. Search is what typing is matched against
// besides Text: pinyin initials, a code.
type Option struct {
	Value, Text, Search string
	Hint                string // muted, at the right
}

// Choice picks one of a list by keyboard: Down or Space opens it, typing
// opens and filters it, Enter takes, Esc leaves it as it was. Backspace on a
// closed optional choice empties it.
type Choice struct {
	widget.DisableableWidget
	Placeholder string
	// Optional adds a first line that chooses nothing.
	Optional bool
	MinWidth float32 // pixels at standard size; 0 takes 160
	// OnChanged is told the chosen value.
	OnChanged func(value string)

	options []Option
	value   string
	focused bool
	hovered bool
	invalid bool
	list    *choiceList
}

var (
	_ fyne.Focusable    = (*Choice)(nil)
	_ fyne.Tappable     = (*Choice)(nil)
	_ desktop.Hoverable = (*Choice)(nil)
)

// NewChoice makes a choice with nothing chosen.
func NewChoice(options []Option, changed func(value string)) *Choice {
	c := &Choice{options: options, OnChanged: changed}
	c.ExtendBaseWidget(c)
	return c
}

// SetOptions replaces the list; a value no longer in it stays until changed.
func (c *Choice) SetOptions(o []Option) { c.options = o; c.Refresh() }

// Options gives the list.
func (c *Choice) Options() []Option { return c.options }

// Value is what is chosen, "" for nothing.
func (c *Choice) Value() string { return c.value }

// SetValue chooses without calling OnChanged.
func (c *Choice) SetValue(v string) { c.value = v; c.Refresh() }

// SetInvalid draws the red edge.
func (c *Choice) SetInvalid(on bool) { c.invalid = on; c.Refresh() }

func (c *Choice) shown() string {
	for _, o := range c.options {
		if o.Value == c.value && (c.value != "" || o.Text != "") {
			return o.Text
		}
	}
	return ""
}

func (c *Choice) set(v string) {
	if v == c.value {
		return
	}
	c.value, c.invalid = v, false
	c.Refresh()
	if c.OnChanged != nil {
		c.OnChanged(v)
	}
}

func (c *Choice) canvas() fyne.Canvas { return fyne.CurrentApp().Driver().CanvasForObject(c) }

// Open shows the list, filtered by what has been typed.
func (c *Choice) Open(typed string) {
	cv := c.canvas()
	if cv == nil || c.Disabled() || c.list != nil {
		return
	}
	c.list = newChoiceList(c, cv, typed)
	c.list.show()
}

// Tapped opens.
func (c *Choice) Tapped(*fyne.PointEvent) {
	if cv := c.canvas(); cv != nil && !c.Disabled() {
		cv.Focus(c)
	}
	c.Open("")
}

// FocusGained is Fyne's.
func (c *Choice) FocusGained() { c.focused = true; c.Refresh(); follow(c) }

// FocusLost is Fyne's.
func (c *Choice) FocusLost() { c.focused = false; c.Refresh() }

// MouseIn is Fyne's.
func (c *Choice) MouseIn(*desktop.MouseEvent) { c.hovered = true; c.Refresh() }

// MouseMoved is Fyne's.
func (c *Choice) MouseMoved(*desktop.MouseEvent) {}

// MouseOut is Fyne's.
func (c *Choice) MouseOut() { c.hovered = false; c.Refresh() }

// TypedRune opens the list with the first letter.
func (c *Choice) TypedRune(r rune) {
	if r > ' ' {
		c.Open(string(r))
	}
}

// TypedShortcut passes shortcuts on.
func (c *Choice) TypedShortcut(s fyne.Shortcut) { keys.ForwardShortcut(c, s) }

// TypedKey is Fyne's.
func (c *Choice) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyDown, fyne.KeyUp, fyne.KeySpace:
		c.Open("")
	case fyne.KeyBackspace, fyne.KeyDelete:
		if c.Optional && !c.Disabled() {
			c.set("")
		}
	case fyne.KeyReturn, fyne.KeyEnter:
		leaveByEnter(c, k)
	default:
		if len(k.Name) > 1 {
			keys.Forward(c, k)
		}
	}
}

// CreateRenderer is Fyne's.
func (c *Choice) CreateRenderer() fyne.WidgetRenderer {
	r := &choiceRenderer{c: c, box: canvas.NewRectangle(nil), label: canvas.NewText("", nil), icon: canvas.NewImageFromResource(theme.Icon("down"))}
	r.icon.FillMode = canvas.ImageFillContain
	r.update()
	return r
}

type choiceRenderer struct {
	c     *Choice
	box   *canvas.Rectangle
	label *canvas.Text
	icon  *canvas.Image
}

func (r *choiceRenderer) Destroy() {}
func (r *choiceRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.box, r.label, r.icon}
}
func (r *choiceRenderer) MinSize() fyne.Size {
	w := r.c.MinWidth
	if w == 0 {
		w = 160
	}
	return fyne.NewSize(theme.Px(w), entryHeight())
}

// entryHeight is the height of a Fyne entry, so that fields in a row align.
func entryHeight() float32 {
	return fyne.MeasureText("\u56fd", ft.TextSize(), fyne.TextStyle{}).Height + 2*ft.InnerPadding()
}

func (r *choiceRenderer) Layout(s fyne.Size) {
	r.update() // the text may have been cut for a narrower place
	r.box.Resize(s.SubtractWidthHeight(2, 2))
	r.box.Move(fyne.NewPos(1, 1))
	d := theme.Px(14)
	r.icon.Resize(fyne.NewSquareSize(d))
	r.icon.Move(fyne.NewPos(s.Width-d-8, (s.Height-d)/2))
	m := r.label.MinSize()
	room := s.Width - d - 8 - 2*ft.InnerPadding()
	if m.Width > room {
		r.label.Text = cut(r.label.Text, room, r.label.TextSize)
		m = r.label.MinSize()
	}
	r.label.Resize(m)
	r.label.Move(fyne.NewPos(ft.InnerPadding(), (s.Height-m.Height)/2))
}

func cut(s string, w, size float32) string {
	rs := []rune(s)
	for len(rs) > 0 && fyne.MeasureText(string(rs)+"\u2026", size, fyne.TextStyle{}).Width > w {
		rs = rs[:len(rs)-1]
	}
	return string(rs) + "\u2026"
}

func (r *choiceRenderer) update() {
	c := r.c
	r.box.FillColor, r.box.CornerRadius, r.box.StrokeWidth = theme.Get(ft.ColorNameInputBackground), 3, 1
	r.box.StrokeColor = theme.InputBorder()
	switch {
	case c.invalid:
		r.box.StrokeColor = theme.Error()
	case c.focused:
		r.box.StrokeColor, r.box.StrokeWidth = theme.Accent(), 2
	case c.hovered:
		r.box.StrokeColor = theme.Accent()
	}
	r.label.TextSize = ft.TextSize()
	r.label.Text, r.label.Color = c.shown(), theme.Foreground()
	if r.label.Text == "" {
		r.label.Text, r.label.Color = c.Placeholder, theme.Get(ft.ColorNamePlaceHolder)
	}
	if c.Disabled() {
		r.box.FillColor = theme.Get(ft.ColorNameDisabledButton)
		r.label.Color = theme.Get(ft.ColorNameDisabled)
		r.box.StrokeColor = theme.Separator()
	}
}

func (r *choiceRenderer) Refresh() {
	r.update()
	r.Layout(r.c.Size())
	r.icon.Refresh()
	canvas.Refresh(r.c)
}
