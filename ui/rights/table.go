package rights

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	ft "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tiezhang/app/amount"
	"tiezhang/ui/control"
	"tiezhang/ui/keys"
	"tiezhang/ui/theme"
)

// table draws the model: rights down, roles across, one cell under the cursor.
type table struct {
	widget.BaseWidget
	m       *model
	names   []string // of the roles
	top     int
	focused bool
	shift   bool
	stray   bool // what was typed last means nothing here: a code that was scanned
	drawn   fyne.Size
	moved   func() // after the cursor or a cell changed
}

var (
	_ fyne.Focusable    = (*table)(nil)
	_ desktop.Mouseable = (*table)(nil)
	_ fyne.Scrollable   = (*table)(nil)
	_ desktop.Keyable   = (*table)(nil)
)

func newTable(m *model, names []string) *table {
	t := &table{m: m, names: names}
	t.ExtendBaseWidget(t)
	return t
}

const (
	nameWidth = 250
	cellWidth = 96
)

func (t *table) rowHeight() float32 { return theme.Px(28) }

func (t *table) visible() int { return max(1, int(t.Size().Height/t.rowHeight())-1) }

func (t *table) cellWidth() float32 {
	n := float32(max(1, len(t.m.roles)))
	return max(theme.Px(cellWidth), (t.Size().Width-theme.Px(nameWidth))/n)
}

// firstCol is the first role shown: the cursor's is always in sight.
func (t *table) firstCol() int {
	fits := max(1, int((t.Size().Width-theme.Px(nameWidth))/t.cellWidth()))
	return max(0, t.m.col-fits+1)
}

func (t *table) keepSeen() {
	n := t.visible()
	t.top = min(max(t.top, t.m.row-n+1), t.m.row)
	if t.top == 1 && t.m.row < n { // the heading over the first row
		t.top = 0
	}
	t.top = max(0, min(t.top, len(t.m.shown)-1))
}

func (t *table) changed() {
	t.keepSeen()
	t.Refresh()
	if t.moved != nil {
		t.moved()
	}
}

// FocusGained is Fyne's, as are the methods that follow.
func (t *table) FocusGained() { t.focused = true; t.Refresh() }

// FocusLost takes what was typed, if it can be taken: nobody waits for an Enter
// after clicking elsewhere.
func (t *table) FocusLost() {
	t.focused, t.shift = false, false
	if t.m.typing() {
		t.m.accept()
		t.m.takeBack()
		t.changed()
	}
	t.Refresh()
}

// KeyDown is Fyne's.
func (t *table) KeyDown(e *fyne.KeyEvent) { t.modifier(e, true) }

// KeyUp is Fyne's.
func (t *table) KeyUp(e *fyne.KeyEvent) { t.modifier(e, false) }

func (t *table) modifier(e *fyne.KeyEvent, down bool) {
	if e.Name == desktop.KeyShiftLeft || e.Name == desktop.KeyShiftRight {
		t.shift = down
	}
}

// TypedRune steps with the space bar, back with Shift; a digit on a limit begins
// to type it.
func (t *table) TypedRune(r rune) {
	t.stray = false
	switch {
	case t.m.typing():
		t.m.typeRune(r)
	case r == ' ' && t.shift:
		t.m.cycle(-1)
	case r == ' ' || r == '\u3000':
		t.m.cycle(1)
	case digit(r):
		if t.stray = !t.m.begin(amount.Narrow(string(r))); t.stray {
			return
		}
	default:
		t.stray = true
		return
	}
	t.changed()
}

// typeLimit opens the limit under the cursor for typing.
func (t *table) typeLimit() {
	if t.m.begin("") {
		t.changed()
	}
}

// TypedShortcut passes keys on to the page.
func (t *table) TypedShortcut(s fyne.Shortcut) { keys.ForwardShortcut(t, s) }

// TypedKey walks the cells and changes them.
func (t *table) TypedKey(e *fyne.KeyEvent) {
	stray := t.stray
	t.stray = false
	if t.m.typing() && t.typedKey(e.Name) {
		return
	}
	switch e.Name {
	case fyne.KeyUp:
		t.m.step(-1)
	case fyne.KeyDown:
		t.m.step(1)
	case fyne.KeyPageUp:
		t.m.step(-t.visible())
	case fyne.KeyPageDown:
		t.m.step(t.visible())
	case fyne.KeyHome:
		t.m.step(-len(t.m.shown))
	case fyne.KeyEnd:
		t.m.step(len(t.m.shown))
	case fyne.KeyLeft:
		t.m.turn(-1)
	case fyne.KeyRight:
		t.m.turn(1)
	case fyne.KeyReturn, fyne.KeyEnter:
		if !stray && !t.m.begin("") { // the Enter of a scanner changes no right
			t.m.cycle(1)
		}
	case fyne.KeyBackspace:
		t.m.cycle(-1)
	case fyne.KeyDelete:
		t.m.clear()
	default: // F1, F6, Esc and the like are the page's
		keys.Forward(t, e)
		return
	}
	t.changed()
}

// typedKey is a key while a limit is typed; it tells whether that was all.
func (t *table) typedKey(k fyne.KeyName) bool {
	switch k {
	case fyne.KeyBackspace, fyne.KeyDelete:
		t.m.rubOut()
	case fyne.KeyEscape:
		t.m.takeBack()
	case fyne.KeyReturn, fyne.KeyEnter:
		t.m.accept()
	case fyne.KeyLeft, fyne.KeyRight, fyne.KeyHome, fyne.KeyEnd: // there is no cursor inside so short a number
	case fyne.KeyUp, fyne.KeyDown, fyne.KeyPageUp, fyne.KeyPageDown:
		if t.m.accept() {
			return false
		}
	default:
		return false
	}
	t.changed()
	return true
}

// MouseDown puts the cursor on a cell; a second click there changes it.
func (t *table) MouseDown(e *desktop.MouseEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(t); c != nil {
		c.Focus(t)
	}
	r := t.top + int(e.Position.Y/t.rowHeight()) - 1
	if r < t.top || r >= len(t.m.shown) || t.m.shown[r].heading != "" {
		return
	}
	c := t.firstCol() + int((e.Position.X-theme.Px(nameWidth))/t.cellWidth())
	if e.Position.X < theme.Px(nameWidth) || c >= len(t.m.roles) {
		c = t.m.col
	}
	if t.m.typing() && !t.m.accept() {
		t.changed()
		return
	}
	if r == t.m.row && c == t.m.col && !t.m.begin("") {
		t.m.cycle(1)
	}
	t.m.row, t.m.col = r, c
	t.changed()
}

// MouseUp is Fyne's.
func (t *table) MouseUp(*desktop.MouseEvent) {}

// Scrolled is Fyne's.
func (t *table) Scrolled(e *fyne.ScrollEvent) {
	step := 3
	if e.Scrolled.DY > 0 {
		step = -3
	}
	t.top = max(0, min(t.top+step, len(t.m.shown)-t.visible()))
	t.Refresh()
}

// MinSize is Fyne's.
func (t *table) MinSize() fyne.Size {
	return fyne.NewSize(theme.Px(nameWidth+2*cellWidth), 6*t.rowHeight())
}

// CreateRenderer is Fyne's.
func (t *table) CreateRenderer() fyne.WidgetRenderer {
	r := &tableRenderer{t: t}
	r.Of, r.Build = r.t, r.build
	r.build()
	return r
}

type tableRenderer struct {
	control.Redraw
	t *table
}

func (r *tableRenderer) MinSize() fyne.Size { return r.t.MinSize() }

func (r *tableRenderer) rect(x, y, w, h float32, fill, stroke color.Color) {
	o := canvas.NewRectangle(fill)
	if stroke != nil {
		o.StrokeColor, o.StrokeWidth = stroke, 2
	}
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(w, h))
	r.Objs = append(r.Objs, o)
}

func (r *tableRenderer) text(x, y, w, h float32, s string, c color.Color, bold, center bool) {
	o := canvas.NewText(s, c)
	o.TextSize, o.TextStyle.Bold = ft.TextSize(), bold
	m := o.MinSize()
	for len(s) > 0 && m.Width > w-theme.Px(10) {
		rs := []rune(s)
		s = string(rs[:len(rs)-1])
		o.Text = s + "…"
		m = o.MinSize()
	}
	at := x + theme.Px(8)
	if center {
		at = x + (w-m.Width)/2
	}
	o.Move(fyne.NewPos(at, y+(h-m.Height)/2))
	o.Resize(m)
	r.Objs = append(r.Objs, o)
}

// colors give what each state looks like; the words say it too.
var colors = map[string]func() color.Color{
	"rights.none": theme.Muted, "rights.hidden": theme.Muted, "rights.password": theme.Info, "rights.second": theme.Warning,
	"rights.own": theme.Info, "rights.masked": theme.Warning,
}

func (r *tableRenderer) build() {
	t := r.t
	if z := t.Size(); z != t.drawn { // a smaller table still shows the cursor
		t.drawn = z
		t.keepSeen()
	}
	r.Objs = nil
	z := t.Size()
	h, nw, cw := t.rowHeight(), theme.Px(nameWidth), t.cellWidth()
	first := t.firstCol()
	r.rect(0, 0, z.Width, z.Height, theme.CardBackground(), nil)
	r.rect(0, 0, z.Width, h, theme.Header(), nil)
	for c := first; c < len(t.names) && nw+float32(c-first+1)*cw <= z.Width+1; c++ {
		r.text(nw+float32(c-first)*cw, 0, cw, h, t.names[c], theme.Foreground(), true, true)
	}
	for i := 0; i < t.visible() && t.top+i < len(t.m.shown); i++ {
		k := t.top + i
		row, y := t.m.shown[k], h*float32(i+1)
		if row.heading != "" {
			r.text(0, y, nw, h, row.words(), theme.Accent(), true, false)
			r.rect(0, y+h-1, z.Width, 1, theme.Separator(), nil)
			continue
		}
		if k == t.m.row {
			r.rect(0, y, z.Width, h, theme.RowSelected(), nil)
		}
		r.text(theme.Px(12), y, nw-theme.Px(12), h, row.words(), theme.Foreground(), false, false)
		for c := first; c < len(t.m.roles) && nw+float32(c-first+1)*cw <= z.Width+1; c++ {
			x := nw + float32(c-first)*cw
			pick := theme.Positive
			if f, ok := colors[t.m.cell(row, t.m.roles[c])]; ok {
				pick = f
			}
			here := k == t.m.row && c == t.m.col
			switch {
			case here && t.m.typing():
				edge := theme.CellFocus()
				if t.m.problem != "" {
					edge = theme.Error()
				}
				r.rect(x+1, y+1, cw-2, h-2, theme.Get(ft.ColorNameInputBackground), edge)
				r.text(x, y, cw, h, *t.m.edit+"\u258f", theme.Foreground(), false, true)
				continue
			case here && t.focused:
				r.rect(x+1, y+1, cw-2, h-2, color.Transparent, theme.CellFocus())
			}
			r.text(x, y, cw, h, t.m.words(row, t.m.roles[c]), pick(), t.m.differs(row, c), true)
		}
	}
}
