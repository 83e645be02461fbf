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
