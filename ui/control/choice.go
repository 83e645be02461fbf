package control

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	ft "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tiezhang/ui/keys"
	"tiezhang/ui/text"
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
func (c *Choice) FocusGained() { c.focused = true; c.Refresh() }

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
	case fyne.KeyDown, fyne.KeyUp, fyne.KeySpace, fyne.KeyF4:
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

// ---- the open list ----

// choiceList lies over the whole canvas so that a click beside it closes it.
type choiceList struct {
	widget.BaseWidget
	c      *Choice
	cv     fyne.Canvas
	scope  *keys.Scope
	typed  string
	found  []Option
	sel    int
	top    int
	hidden bool
}

var (
	_ fyne.Focusable    = (*choiceList)(nil)
	_ fyne.Tabbable     = (*choiceList)(nil)
	_ desktop.Mouseable = (*choiceList)(nil)
	_ fyne.Scrollable   = (*choiceList)(nil)
)

const choiceRows = 10

func newChoiceList(c *Choice, cv fyne.Canvas, typed string) *choiceList {
	l := &choiceList{c: c, cv: cv, typed: typed}
	l.ExtendBaseWidget(l)
	l.filter()
	for i, o := range l.found {
		if o.Value == c.value {
			l.sel = i
		}
	}
	l.keepSeen()
	return l
}

func (l *choiceList) show() {
	if r := keys.ForCanvas(l.cv); r != nil {
		l.scope = r.PushModal()
	}
	l.Resize(l.cv.Size())
	l.cv.Overlays().Add(l)
	l.Resize(l.cv.Size())
	l.cv.Focus(l)
}

func (l *choiceList) close() {
	if l.hidden {
		return
	}
	l.hidden = true
	l.c.list = nil
	if l.scope != nil {
		l.scope.Close()
	}
	l.cv.Overlays().Remove(l)
	l.c.focused = true
	l.c.Refresh()
}

func (l *choiceList) filter() {
	l.found, l.sel, l.top = l.found[:0], 0, 0
	q := strings.ToLower(strings.TrimSpace(l.typed))
	if l.c.Optional && q == "" {
		l.found = append(l.found, Option{Text: text.T("ui.choice.none")})
	}
	var later []Option
	for _, o := range l.c.options {
		t, s := strings.ToLower(o.Text), strings.ToLower(o.Search)
		switch {
		case q == "" || strings.HasPrefix(t, q) || strings.HasPrefix(s, q):
			l.found = append(l.found, o)
		case strings.Contains(t, q) || strings.Contains(s, q):
			later = append(later, o)
		}
	}
	l.found = append(l.found, later...)
}

func (l *choiceList) keepSeen() {
	if l.sel < l.top {
		l.top = l.sel
	}
	if l.sel >= l.top+choiceRows {
		l.top = l.sel - choiceRows + 1
	}
}

func (l *choiceList) take() {
	if l.sel >= len(l.found) {
		return
	}
	v := l.found[l.sel].Value
	l.close()
	l.c.set(v)
}

// AcceptsTab takes the choice and goes on.
func (l *choiceList) AcceptsTab() bool            { return true }
func (l *choiceList) FocusGained()                {}
func (l *choiceList) FocusLost()                  {}
func (l *choiceList) TypedShortcut(fyne.Shortcut) {}
func (l *choiceList) MouseUp(*desktop.MouseEvent) {}
func (l *choiceList) TypedRune(r rune)            { l.typed += string(r); l.filter(); l.Refresh() }
func (l *choiceList) Scrolled(e *fyne.ScrollEvent) {
	d := 1
	if e.Scrolled.DY > 0 {
		d = -1
	}
	l.top = max(0, min(l.top+d, len(l.found)-choiceRows))
	l.Refresh()
}

func (l *choiceList) TypedKey(k *fyne.KeyEvent) {
	n := len(l.found)
	switch k.Name {
	case fyne.KeyEscape:
		l.close()
		return
	case fyne.KeyReturn, fyne.KeyEnter:
		l.take()
		return
	case fyne.KeyTab:
		l.take()
		l.close()
		l.cv.FocusNext()
		return
	case fyne.KeyDown:
		l.sel++
	case fyne.KeyUp:
		l.sel--
	case fyne.KeyPageDown:
		l.sel += choiceRows
	case fyne.KeyPageUp:
		l.sel -= choiceRows
	case fyne.KeyHome:
		l.sel = 0
	case fyne.KeyEnd:
		l.sel = n - 1
	case fyne.KeyBackspace:
		if rs := []rune(l.typed); len(rs) > 0 {
			l.typed = string(rs[:len(rs)-1])
			l.filter()
		}
	}
	l.sel = max(0, min(l.sel, n-1))
	l.keepSeen()
	l.Refresh()
}

// frame gives where the list stands: under the field, or above it.
func (l *choiceList) frame() (x, y, w, h, rowH float32) {
	p := fyne.CurrentApp().Driver().AbsolutePositionForObject(l.c)
	rowH = theme.Px(18) + 8
	rows := max(1, min(len(l.found), choiceRows))
	h = rowH*float32(rows) + 2
	if l.typed != "" {
		h += rowH
	}
	w = max(l.c.Size().Width, theme.Px(200))
	x, y = max(0, min(p.X, l.cv.Size().Width-w)), p.Y+l.c.Size().Height+2
	if y+h > l.cv.Size().Height && p.Y-h-2 > 0 {
		y = p.Y - h - 2
	}
	return
}

func (l *choiceList) MouseDown(e *desktop.MouseEvent) {
	x, y, w, h, rowH := l.frame()
	p := e.Position
	if p.X < x || p.X >= x+w || p.Y < y || p.Y >= y+h {
		l.close()
		return
	}
	i := int((p.Y - y - 1) / rowH)
	if l.typed != "" {
		i--
	}
	if i += l.top; i >= 0 && i < len(l.found) {
		l.sel = i
		l.take()
	}
}

func (l *choiceList) CreateRenderer() fyne.WidgetRenderer {
	r := &choiceListRenderer{l: l}
	r.build()
	return r
}

type choiceListRenderer struct {
	l    *choiceList
	objs []fyne.CanvasObject
}

func (r *choiceListRenderer) Destroy()                     {}
func (r *choiceListRenderer) MinSize() fyne.Size           { return fyne.NewSize(10, 10) }
func (r *choiceListRenderer) Objects() []fyne.CanvasObject { return r.objs }
func (r *choiceListRenderer) Layout(fyne.Size)             { r.build() }
func (r *choiceListRenderer) Refresh()                     { r.build(); canvas.Refresh(r.l) }

func (r *choiceListRenderer) build() {
	l := r.l
	x, y, w, h, rowH := l.frame()
	size := ft.TextSize()
	var objs []fyne.CanvasObject
	rect := func(x, y, w, h float32, fill, stroke color.Color) {
		o := canvas.NewRectangle(fill)
		if stroke != nil {
			o.StrokeColor, o.StrokeWidth, o.CornerRadius = stroke, 1, 4
		}
		o.Resize(fyne.NewSize(w, h))
		o.Move(fyne.NewPos(x, y))
		objs = append(objs, o)
	}
	words := func(s string, right bool, y float32, c color.Color, room float32) float32 {
		if s == "" {
			return 0
		}
		t := canvas.NewText(s, c)
		t.TextSize = size
		m := t.MinSize()
		if m.Width > room {
			t.Text = cut(s, room, size)
			m = t.MinSize()
		}
		tx := x + 8
		if right {
			tx = x + w - 8 - m.Width
		}
		t.Resize(m)
		t.Move(fyne.NewPos(tx, y+(rowH-m.Height)/2))
		objs = append(objs, t)
		return m.Width
	}
	rect(x, y, w, h, theme.Get(ft.ColorNameOverlayBackground), theme.Accent())
	ry := y + 1
	if l.typed != "" {
		words(l.typed, false, ry, theme.Accent(), w-16)
		rect(x+1, ry+rowH-1, w-2, 1, theme.Separator(), nil)
		ry += rowH
	}
	if len(l.found) == 0 {
		words(text.T("ui.choice.nothing", "query", l.typed), false, ry, theme.Muted(), w-16)
	}
	for i := l.top; i < len(l.found) && i < l.top+choiceRows; i++ {
		if i == l.sel {
			rect(x+1, ry, w-2, rowH, theme.RowSelected(), nil)
			rect(x+1, ry, 3, rowH, theme.Accent(), nil)
		}
		hint := words(l.found[i].Hint, true, ry, theme.Muted(), w/2)
		words(l.found[i].Text, false, ry, theme.Foreground(), w-24-hint)
		ry += rowH
	}
	if n := len(l.found); n > choiceRows {
		track := rowH*choiceRows - 4
		bh := max(20, track*choiceRows/float32(n))
		rect(x+w-7, y+h-rowH*choiceRows+1+(track-bh)*float32(l.top)/float32(n-choiceRows), 5, bh, theme.ScrollBar(), nil)
	}
	r.objs = objs
}
