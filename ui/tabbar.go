package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	ft "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tiezhang/ui/control"
	"tiezhang/ui/page"
	"tiezhang/ui/theme"
)

// tabBar shows the open pages. It takes no focus: Ctrl+Tab, Alt+1…9 and Ctrl+W
// do by keyboard what it does for the mouse.
type tabBar struct {
	widget.BaseWidget
	sp    *workspace
	hover int
	cross bool // the pointer is over the hovered tab's cross
}

var (
	_ fyne.Tappable     = (*tabBar)(nil)
	_ desktop.Hoverable = (*tabBar)(nil)
	_ desktop.Mouseable = (*tabBar)(nil)
)

func newTabBar(sp *workspace) *tabBar {
	b := &tabBar{sp: sp, hover: -1}
	b.ExtendBaseWidget(b)
	return b
}

// slots gives the left edge and width of every tab, narrower when there are
// many.
func (b *tabBar) slots() (xs, ws []float32) {
	tabs := b.sp.tabs
	total := float32(0)
	for _, t := range tabs {
		w := fyne.MeasureText(t.page.Title(), ft.TextSize(), fyne.TextStyle{}).Width + theme.Px(28)
		if closable(t) {
			w += theme.Px(18)
		}
		w = min(max(w, theme.Px(80)), theme.Px(220))
		ws = append(ws, w)
		total += w + 2
	}
	if room := b.Size().Width - 8; total > room && room > 0 {
		for i := range ws {
			ws[i] *= room / total
		}
	}
	x := float32(4)
	for _, w := range ws {
		xs = append(xs, x)
		x += w + 2
	}
	return xs, ws
}

func closable(t *tab) bool { return t.page.Route().Screen != page.Home }

func (b *tabBar) hit(p fyne.Position) (i int, cross bool) {
	xs, ws := b.slots()
	for i := range xs {
		if p.X >= xs[i] && p.X < xs[i]+ws[i] {
			return i, closable(b.sp.tabs[i]) && p.X > xs[i]+ws[i]-theme.Px(24)
		}
	}
	return -1, false
}

// Tapped brings a tab to the front or closes it.
func (b *tabBar) Tapped(e *fyne.PointEvent) {
	i, cross := b.hit(e.Position)
	switch {
	case i < 0:
	case cross:
		b.sp.closePage(b.sp.tabs[i].page)
	default:
		b.sp.show(i)
	}
}

// MouseDown closes with the middle button.
func (b *tabBar) MouseDown(e *desktop.MouseEvent) {
	if i, _ := b.hit(e.Position); i >= 0 && e.Button == desktop.MouseButtonTertiary {
		b.sp.closePage(b.sp.tabs[i].page)
	}
}

// MouseUp is Fyne's.
func (b *tabBar) MouseUp(*desktop.MouseEvent) {}

// MouseIn is Fyne's.
func (b *tabBar) MouseIn(e *desktop.MouseEvent) { b.MouseMoved(e) }

// MouseMoved is Fyne's.
func (b *tabBar) MouseMoved(e *desktop.MouseEvent) {
	if i, c := b.hit(e.Position); i != b.hover || c != b.cross {
		b.hover, b.cross = i, c
		b.Refresh()
	}
}

// MouseOut is Fyne's.
func (b *tabBar) MouseOut() { b.hover = -1; b.Refresh() }

// CreateRenderer is Fyne's.
func (b *tabBar) CreateRenderer() fyne.WidgetRenderer {
	r := &tabBarRenderer{b: b}
	r.Of, r.Build = r.b, r.build
	r.build()
	return r
}

type tabBarRenderer struct {
	control.Redraw
	b *tabBar
}

func (r *tabBarRenderer) MinSize() fyne.Size { return fyne.NewSize(theme.Px(200), theme.Px(38)) }

func (r *tabBarRenderer) build() {
	b := r.b
	h := b.Size().Height
	xs, ws := b.slots()
	r.Objs = nil
	for i, t := range b.sp.tabs {
		box := canvas.NewRectangle(color.Transparent)
		box.CornerRadius = 5
		words := theme.Muted()
		if i == b.hover {
			box.FillColor = theme.Hover()
		}
		if i == b.sp.front {
			box.FillColor, words = theme.CardBackground(), theme.Foreground()
			box.StrokeColor, box.StrokeWidth = theme.Separator(), 1
		}
		box.Move(fyne.NewPos(xs[i], 4))
		box.Resize(fyne.NewSize(ws[i], h-8))
		room := ws[i] - theme.Px(24)
		if closable(t) {
			room -= theme.Px(14)
		}
		l := canvas.NewText(fit(t.page.Title(), room, ft.TextSize()), words)
		l.TextSize = ft.TextSize()
		m := l.MinSize()
		l.Resize(m)
		l.Move(fyne.NewPos(xs[i]+theme.Px(12), (h-m.Height)/2))
		r.Objs = append(r.Objs, box, l)
		if i == b.sp.front {
			mark := canvas.NewRectangle(theme.Accent())
			mark.Move(fyne.NewPos(xs[i]+6, h-6))
			mark.Resize(fyne.NewSize(ws[i]-12, 2))
			r.Objs = append(r.Objs, mark)
		}
		if closable(t) && (i == b.sp.front || i == b.hover) {
			ink := theme.NameMuted
			if i == b.hover && b.cross {
				ink = theme.NameNegative
			}
			c := canvas.NewImageFromResource(theme.IconIn("close", ink))
			c.FillMode = canvas.ImageFillContain
			d := theme.Px(12)
			c.Resize(fyne.NewSquareSize(d))
			c.Move(fyne.NewPos(xs[i]+ws[i]-d-theme.Px(8), (h-d)/2))
			r.Objs = append(r.Objs, c)
		}
	}
}

// fit cuts a text to a width.
func fit(s string, w, size float32) string {
	if fyne.MeasureText(s, size, fyne.TextStyle{}).Width <= w {
		return s
	}
	rs := []rune(s)
	for len(rs) > 1 && fyne.MeasureText(string(rs)+"\u2026", size, fyne.TextStyle{}).Width > w {
		rs = rs[:len(rs)-1]
	}
	return string(rs) + "\u2026"
}
