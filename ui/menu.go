package ui

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

// menuItem is one line of a menu.
type menuItem struct {
	words, key string
	run        func()
	group      bool // a line above it
}

// menu is a list that opens at a place: Up, Down, Enter, Esc, or the mouse; a
// click beside it closes it.
type menu struct {
	widget.BaseWidget
	cv    fyne.Canvas
	items []menuItem
	at    fyne.Position
	sel   int
	scope *keys.Scope
	prior fyne.Focusable
	gone  bool
}

var (
	_ fyne.Focusable    = (*menu)(nil)
	_ fyne.Tabbable     = (*menu)(nil)
	_ fyne.Tappable     = (*menu)(nil)
	_ desktop.Hoverable = (*menu)(nil)
)

// below is the place under an object, for its menu.
func below(o fyne.CanvasObject) fyne.Position {
	return fyne.CurrentApp().Driver().AbsolutePositionForObject(o).AddXY(0, o.Size().Height+2)
}

func openMenu(cv fyne.Canvas, items []menuItem, at fyne.Position) *menu {
	m := &menu{cv: cv, items: items, at: at, prior: cv.Focused()}
	m.ExtendBaseWidget(m)
	if r := keys.ForCanvas(cv); r != nil {
		m.scope = r.PushModal()
	}
	m.Resize(cv.Size())
	cv.Overlays().Add(m)
	m.Resize(cv.Size())
	cv.Focus(m)
	return m
}

// Close takes the menu away and gives the focus back.
func (m *menu) Close() {
	if m.gone {
		return
	}
	m.gone = true
	if m.scope != nil {
		m.scope.Close()
	}
	m.cv.Overlays().Remove(m)
	if m.prior != nil {
		m.cv.Focus(m.prior)
	}
}

func (m *menu) run(i int) {
	if i < 0 || i >= len(m.items) {
		return
	}
	do := m.items[i].run
	m.Close()
	do()
}

func (m *menu) AcceptsTab() bool            { return true }
func (m *menu) FocusGained()                {}
func (m *menu) FocusLost()                  {}
func (m *menu) TypedRune(rune)              {}
func (m *menu) TypedShortcut(fyne.Shortcut) {}

// TypedKey walks, runs and closes.
func (m *menu) TypedKey(k *fyne.KeyEvent) {
	n := len(m.items)
	switch k.Name {
	case fyne.KeyUp:
		m.sel = (m.sel + n - 1) % n
	case fyne.KeyDown, fyne.KeyTab:
		m.sel = (m.sel + 1) % n
	case fyne.KeyHome:
		m.sel = 0
	case fyne.KeyEnd:
		m.sel = n - 1
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		m.run(m.sel)
		return
	case fyne.KeyEscape, fyne.KeyLeft:
		m.Close()
		return
	}
	m.Refresh()
}

func (m *menu) frame() (pos fyne.Position, size fyne.Size, row float32) {
	row = theme.Px(32)
	w := theme.Px(150)
	h := float32(12)
	for _, it := range m.items {
		iw := fyne.MeasureText(it.words, ft.TextSize(), fyne.TextStyle{}).Width + theme.Px(36)
		if it.key != "" {
			iw += fyne.MeasureText(it.key, ft.CaptionTextSize(), fyne.TextStyle{}).Width + theme.Px(16)
		}
		w = max(w, iw)
		h += row
		if it.group {
			h += 7
		}
	}
	screen := m.cv.Size()
	pos = m.at
	pos.X = max(4, min(pos.X, screen.Width-w-4))
	pos.Y = max(4, min(pos.Y, screen.Height-h-4))
	return pos, fyne.NewSize(w, h), row
}

// hit gives the item at a place, -1 beside the menu, -2 between items.
func (m *menu) hit(p fyne.Position) int {
	pos, size, row := m.frame()
	if p.X < pos.X || p.Y < pos.Y || p.X > pos.X+size.Width || p.Y > pos.Y+size.Height {
		return -1
	}
	y := pos.Y + 6
	for i, it := range m.items {
		if it.group {
			y += 7
		}
		if p.Y >= y && p.Y < y+row {
			return i
		}
		y += row
	}
	return -2
}

// Tapped runs an item, or closes.
func (m *menu) Tapped(e *fyne.PointEvent) {
	switch i := m.hit(e.Position); {
	case i >= 0:
		m.run(i)
	case i == -1:
		m.Close()
	}
}

// MouseIn is Fyne's.
func (m *menu) MouseIn(e *desktop.MouseEvent) { m.MouseMoved(e) }

// MouseMoved is Fyne's.
func (m *menu) MouseMoved(e *desktop.MouseEvent) {
	if i := m.hit(e.Position); i >= 0 && i != m.sel {
		m.sel = i
		m.Refresh()
	}
}

// MouseOut is Fyne's.
func (m *menu) MouseOut() {}

// CreateRenderer is Fyne's.
func (m *menu) CreateRenderer() fyne.WidgetRenderer {
	r := &menuRenderer{m: m}
	r.build()
	return r
}

type menuRenderer struct {
	m    *menu
	objs []fyne.CanvasObject
	size fyne.Size
}

func (r *menuRenderer) Destroy()                     {}
func (r *menuRenderer) MinSize() fyne.Size           { return fyne.NewSize(10, 10) }
func (r *menuRenderer) Objects() []fyne.CanvasObject { return r.objs }

// Layout draws again only for another size: drawing makes new objects, and the
// driver lays out again whatever has new objects, for ever.
func (r *menuRenderer) Layout(s fyne.Size) {
	if s != r.size {
		r.size = s
		r.build()
	}
}

func (r *menuRenderer) Refresh() { r.build(); canvas.Refresh(r.m) }

func (r *menuRenderer) build() {
	m := r.m
	pos, size, row := m.frame()
	back := canvas.NewRectangle(theme.Get(ft.ColorNameMenuBackground))
	back.StrokeColor, back.StrokeWidth, back.CornerRadius = theme.InputBorder(), 1, 6
	back.Move(pos)
	back.Resize(size)
	r.objs = []fyne.CanvasObject{back}
	y := pos.Y + 6
	for i, it := range m.items {
		if it.group {
			l := canvas.NewRectangle(theme.Separator())
			l.Move(fyne.NewPos(pos.X+1, y+3))
			l.Resize(fyne.NewSize(size.Width-2, 1))
			r.objs = append(r.objs, l)
			y += 7
		}
		box := canvas.NewRectangle(color.Transparent)
		if i == m.sel {
			box.FillColor = theme.RowSelected()
		}
		box.Move(fyne.NewPos(pos.X+1, y))
		box.Resize(fyne.NewSize(size.Width-2, row))
		t := canvas.NewText(it.words, theme.Foreground())
		t.TextSize = ft.TextSize()
		tm := t.MinSize()
		t.Resize(tm)
		t.Move(fyne.NewPos(pos.X+theme.Px(16), y+(row-tm.Height)/2))
		r.objs = append(r.objs, box, t)
		if it.key != "" {
			k := canvas.NewText(it.key, theme.Muted())
			k.TextSize = ft.CaptionTextSize()
			km := k.MinSize()
			k.Resize(km)
			k.Move(fyne.NewPos(pos.X+size.Width-km.Width-theme.Px(14), y+(row-km.Height)/2))
			r.objs = append(r.objs, k)
		}
		y += row
	}
}
