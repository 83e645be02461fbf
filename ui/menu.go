package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	ft "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tiezhang/ui/control"
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
	case fyne.KeyRight:
		if i := m.beside(1); i >= 0 {
			m.sel = i
		}
	case fyne.KeyLeft:
		i := m.beside(-1)
		if i < 0 {
			m.Close()
			return
		}
		m.sel = i
	case fyne.KeyEscape:
		m.Close()
		return
	}
	m.Refresh()
}

// menuPlan is where everything of a menu stands. A menu too long for the window
// goes on in a further column, broken where a group begins if that fits.
type menuPlan struct {
	pos   fyne.Position
	size  fyne.Size
	cells []menuCell // one an item
}

type menuCell struct {
	pos  fyne.Position
	size fyne.Size
	col  int
	line bool // a line above it
}

// groupGap is the room of the line between two groups.
const groupGap = 7

func (m *menu) plan() menuPlan {
	screen := m.cv.Size()
	row := theme.Px(32)
	room := screen.Height - 20
	w := theme.Px(150)
	for _, it := range m.items {
		iw := fyne.MeasureText(it.words, ft.TextSize(), fyne.TextStyle{}).Width + theme.Px(36)
		if it.key != "" {
			iw += fyne.MeasureText(it.key, ft.CaptionTextSize(), fyne.TextStyle{}).Width + theme.Px(16)
		}
		w = max(w, iw)
	}
	groupHeight := func(i int) float32 { // of the group that begins at i
		h := row
		for k := i + 1; k < len(m.items) && !m.items[k].group; k++ {
			h += row
		}
		return h
	}
	p := menuPlan{cells: make([]menuCell, len(m.items))}
	col, y, tallest := 0, float32(0), float32(0)
	for i, it := range m.items {
		line := it.group && y > 0
		gap := float32(0)
		if line {
			gap = groupGap
		}
		whole := it.group && groupHeight(i) <= room && y+gap+groupHeight(i) > room
		if y > 0 && (y+gap+row > room || whole) {
			col, y, line, gap = col+1, 0, false, 0
		}
		y += gap
		p.cells[i] = menuCell{pos: fyne.NewPos(float32(col)*w, y), size: fyne.NewSize(w, row), col: col, line: line}
		y += row
		tallest = max(tallest, y)
	}
	p.size = fyne.NewSize(w*float32(col+1), tallest+12)
	p.pos = fyne.NewPos(max(4, min(m.at.X, screen.Width-p.size.Width-4)), max(4, min(m.at.Y, screen.Height-p.size.Height-4)))
	for i := range p.cells {
		p.cells[i].pos = p.cells[i].pos.Add(p.pos).AddXY(0, 6)
	}
	return p
}

// hit gives the item at a place, -1 beside the menu, -2 between items.
func (m *menu) hit(at fyne.Position) int {
	p := m.plan()
	if at.X < p.pos.X || at.Y < p.pos.Y || at.X > p.pos.X+p.size.Width || at.Y > p.pos.Y+p.size.Height {
		return -1
	}
	for i, c := range p.cells {
		if at.X >= c.pos.X && at.X < c.pos.X+c.size.Width && at.Y >= c.pos.Y && at.Y < c.pos.Y+c.size.Height {
			return i
		}
	}
	return -2
}

// beside gives the item in the next column (by = 1 or -1) nearest to the one
// chosen, -1 where there is no such column.
func (m *menu) beside(by int) int {
	p := m.plan()
	now := p.cells[m.sel]
	best := -1
	for i, c := range p.cells {
		if c.col == now.col+by && (best < 0 || c.pos.Y <= now.pos.Y) {
			best = i
		}
	}
	return best
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
	r.Of, r.Build = r.m, r.build
	r.build()
	return r
}

type menuRenderer struct {
	control.Redraw
	m *menu
}

func (r *menuRenderer) MinSize() fyne.Size { return fyne.NewSize(10, 10) }

func (r *menuRenderer) build() {
	m := r.m
	p := m.plan()
	back := canvas.NewRectangle(theme.Get(ft.ColorNameMenuBackground))
	back.StrokeColor, back.StrokeWidth, back.CornerRadius = theme.InputBorder(), 1, 6
	back.Move(p.pos)
	back.Resize(p.size)
	r.Objs = []fyne.CanvasObject{back}
	for i, it := range m.items {
		c := p.cells[i]
		if c.line {
			l := canvas.NewRectangle(theme.Separator())
			l.Move(c.pos.AddXY(1, -4))
			l.Resize(fyne.NewSize(c.size.Width-2, 1))
			r.Objs = append(r.Objs, l)
		}
		box := canvas.NewRectangle(color.Transparent)
		if i == m.sel {
			box.FillColor = theme.RowSelected()
		}
		box.Move(c.pos.AddXY(1, 0))
		box.Resize(fyne.NewSize(c.size.Width-2, c.size.Height))
		t := canvas.NewText(it.words, theme.Foreground())
		t.TextSize = ft.TextSize()
		tm := t.MinSize()
		t.Resize(tm)
		t.Move(c.pos.AddXY(theme.Px(16), (c.size.Height-tm.Height)/2))
		r.Objs = append(r.Objs, box, t)
		if it.key != "" {
			k := canvas.NewText(it.key, theme.Muted())
			k.TextSize = ft.CaptionTextSize()
			km := k.MinSize()
			k.Resize(km)
			k.Move(c.pos.AddXY(c.size.Width-km.Width-theme.Px(14), (c.size.Height-km.Height)/2))
			r.Objs = append(r.Objs, k)
		}
	}
}
