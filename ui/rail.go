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
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// rail is the list of modules at the left edge. A module with several entries
// opens a menu beside it; Up and Down walk, Enter or Right opens, Esc goes
// back to the page.
type rail struct {
	widget.BaseWidget
	sp      *workspace
	modules []module
	at      int // where the keyboard is
	hover   int
	focused bool
}

var (
	_ fyne.Focusable    = (*rail)(nil)
	_ fyne.Tappable     = (*rail)(nil)
	_ desktop.Hoverable = (*rail)(nil)
)

func newRail(sp *workspace) *rail {
	r := &rail{sp: sp, hover: -1}
	r.ExtendBaseWidget(r)
	r.load()
	return r
}

// load reads again what the person may use.
func (r *rail) load() {
	r.modules = modules(r.sp.env.Session)
	r.at = max(0, min(r.at, len(r.modules)-1))
	r.Refresh()
}

func rowHeight() float32 { return theme.Px(44) }

// active is the module the page in front belongs to: the one that has its
// route, else the one with its screen.
func (r *rail) active() int {
	sp := r.sp
	if sp.front >= len(sp.tabs) {
		return -1
	}
	route := sp.tabs[sp.front].page.Route()
	near := -1
	for i, m := range r.modules {
		for _, e := range m.entries {
			if e.route == route {
				return i
			}
			if near < 0 && e.route.Screen == route.Screen && e.route.Kind == route.Kind {
				near = i
			}
		}
	}
	return near
}

func (r *rail) open(i int) {
	if i < 0 || i >= len(r.modules) {
		return
	}
	r.at = i
	m := r.modules[i]
	if len(m.entries) == 1 {
		r.sp.open(m.entries[0].route)
		return
	}
	items := make([]menuItem, len(m.entries))
	for j, e := range m.entries {
		items[j] = menuItem{words: e.title, group: e.group, run: func() { r.sp.open(e.route) }}
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(r)
	openMenu(r.sp.s.win.Canvas(), items, at.AddXY(r.Size().Width+2, theme.Gap(2)+float32(i)*rowHeight()))
}

// Tapped opens the module under the pointer.
func (r *rail) Tapped(e *fyne.PointEvent) { r.open(r.row(e.Position.Y)) }

func (r *rail) row(y float32) int {
	i := int((y - theme.Gap(2)) / rowHeight())
	if y < theme.Gap(2) || i >= len(r.modules) {
		return -1
	}
	return i
}

// FocusGained is Fyne's.
func (r *rail) FocusGained() {
	r.focused = true
	if a := r.active(); a >= 0 {
		r.at = a
	}
	r.Refresh()
}

// FocusLost is Fyne's.
func (r *rail) FocusLost() { r.focused = false; r.Refresh() }

// MouseIn is Fyne's.
func (r *rail) MouseIn(e *desktop.MouseEvent) { r.MouseMoved(e) }

// MouseMoved is Fyne's.
func (r *rail) MouseMoved(e *desktop.MouseEvent) {
	if i := r.row(e.Position.Y); i != r.hover {
		r.hover = i
		r.Refresh()
	}
}

// MouseOut is Fyne's.
func (r *rail) MouseOut() { r.hover = -1; r.Refresh() }

// TypedRune is Fyne's.
func (r *rail) TypedRune(rune) {}

// TypedShortcut passes shortcuts on.
func (r *rail) TypedShortcut(s fyne.Shortcut) { keys.ForwardShortcut(r, s) }

// TypedKey walks and opens.
func (r *rail) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyUp:
		r.at = max(0, r.at-1)
	case fyne.KeyDown:
		r.at = min(len(r.modules)-1, r.at+1)
	case fyne.KeyHome:
		r.at = 0
	case fyne.KeyEnd:
		r.at = len(r.modules) - 1
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace, fyne.KeyRight:
		r.open(r.at)
	case fyne.KeyEscape:
		r.sp.bringFront()
	default:
		keys.Forward(r, k)
	}
	r.Refresh()
}

// CreateRenderer is Fyne's.
func (r *rail) CreateRenderer() fyne.WidgetRenderer {
	d := &railRenderer{r: r}
	d.Of, d.Build = d.r, d.build
	d.build()
	return d
}

type railRenderer struct {
	control.Redraw
	r *rail
}

func (d *railRenderer) MinSize() fyne.Size {
	w := theme.Px(96)
	for _, m := range d.r.modules {
		w = max(w, fyne.MeasureText(text.T("shell.module."+m.name), ft.TextSize(), fyne.TextStyle{Bold: true}).Width+theme.Px(60))
	}
	return fyne.NewSize(w, float32(len(d.r.modules))*rowHeight()+theme.Gap(4))
}

func (d *railRenderer) build() {
	r, size := d.r, d.r.Size()
	back := canvas.NewRectangle(theme.RailBackground())
	back.Resize(size)
	d.Objs = []fyne.CanvasObject{back}
	h, active := rowHeight(), r.active()
	for i, m := range r.modules {
		y := theme.Gap(2) + float32(i)*h
		box := canvas.NewRectangle(color.Transparent)
		box.CornerRadius = 5
		var words color.Color = theme.RailText()
		switch {
		case i == active:
			box.FillColor, words = theme.RailActive(), color.White
		case i == r.hover:
			box.FillColor = color.NRGBA{R: 255, G: 255, B: 255, A: 22}
		}
		if r.focused && i == r.at {
			box.StrokeColor, box.StrokeWidth = color.White, 2
		}
		box.Move(fyne.NewPos(6, y+2))
		box.Resize(fyne.NewSize(size.Width-12, h-4))
		icon := canvas.NewImageFromResource(theme.IconIn(m.icon, theme.NameRailText))
		icon.FillMode = canvas.ImageFillContain
		ic := theme.Px(20)
		icon.Resize(fyne.NewSquareSize(ic))
		icon.Move(fyne.NewPos(theme.Px(16), y+(h-ic)/2))
		t := canvas.NewText(text.T("shell.module."+m.name), words)
		t.TextSize, t.TextStyle.Bold = ft.TextSize(), i == active
		tm := t.MinSize()
		t.Resize(tm)
		t.Move(fyne.NewPos(theme.Px(16)+ic+theme.Px(10), y+(h-tm.Height)/2))
		d.Objs = append(d.Objs, box, icon, t)
	}
}
