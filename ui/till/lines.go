package till

import (
	"image/color"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	ft "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tiezhang/app"
	"tiezhang/app/master"
	"tiezhang/ui/control"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// lines draws the bill in letters that are read from where a cashier stands.
type lines struct {
	widget.BaseWidget
	t   *Page
	top int
}

var _ desktop.Mouseable = (*lines)(nil)

func newLines(t *Page) *lines {
	l := &lines{t: t}
	l.ExtendBaseWidget(l)
	return l
}

func (l *lines) rowH() float32  { return theme.Px(40) }
func (l *lines) headH() float32 { return theme.Px(28) }

func (l *lines) rows() int { return max(1, int((l.Size().Height-l.headH())/l.rowH())) }

// MouseDown selects a line.
func (l *lines) MouseDown(e *desktop.MouseEvent) {
	i := l.top + int((e.Position.Y-l.headH())/l.rowH())
	if e.Position.Y >= l.headH() && i < len(l.t.bill.lines) {
		l.t.bill.sel = i
		l.Refresh()
	}
	l.t.Enter()
}

// MouseUp is Fyne's.
func (l *lines) MouseUp(*desktop.MouseEvent) {}

// Tapped gives the focus back to the scan box.
func (l *lines) Tapped(*fyne.PointEvent) { l.t.Enter() }

func (l *lines) CreateRenderer() fyne.WidgetRenderer {
	r := &linesRenderer{l: l}
	r.Of, r.Build = r.l, r.build
	r.build()
	return r
}

type linesRenderer struct {
	control.Redraw
	l     *lines
	texts []*canvas.Text
	rects []*canvas.Rectangle
	nt    int
	nr    int
}

func (r *linesRenderer) MinSize() fyne.Size { return fyne.NewSize(360, 160) }

func (r *linesRenderer) rect(x, y, w, h float32, c color.Color) {
	if r.nr == len(r.rects) {
		r.rects = append(r.rects, canvas.NewRectangle(c))
	}
	o := r.rects[r.nr]
	r.nr++
	o.FillColor = c
	o.Resize(fyne.NewSize(w, h))
	o.Move(fyne.NewPos(x, y))
	r.Objs = append(r.Objs, o)
}

// text writes at x, or ends at x+w when right; what has no room is cut.
func (r *linesRenderer) text(x, y, w, h float32, s string, size float32, c color.Color, bold, right bool) float32 {
	if s == "" {
		return 0
	}
	if r.nt == len(r.texts) {
		r.texts = append(r.texts, canvas.NewText("", c))
	}
	o := r.texts[r.nt]
	r.nt++
	o.Text, o.TextSize, o.Color, o.TextStyle.Bold = s, size, c, bold
	m := o.MinSize()
	for rs := []rune(s); m.Width > w && len(rs) > 1; m = o.MinSize() {
		rs = rs[:len(rs)-1]
		o.Text = string(rs) + "\u2026"
	}
	if right {
		x += w - m.Width
	}
	o.Resize(m)
	o.Move(fyne.NewPos(x, y+(h-m.Height)/2))
	r.Objs = append(r.Objs, o)
	return m.Width
}

func (r *linesRenderer) build() {
	l := r.l
	b := l.t.bill
	s := l.Size()
	r.Objs, r.nt, r.nr = nil, 0, 0
	r.rect(0, 0, s.Width, s.Height, theme.CardBackground())
	r.rect(0, 0, s.Width, l.headH(), theme.Header())
	if s.Width < 100 {
		return
	}
	num, pad := theme.Px(44), theme.Px(12)
	amountW, priceW, qtyW := theme.Px(140), theme.Px(120), theme.Px(120)
	name := num
	amountX := s.Width - pad - amountW
	priceX := amountX - priceW
	qtyX := priceX - qtyW
	small := ft.TextSize()
	head := func(x, w float32, key string, right bool) {
		r.text(x, 0, w, l.headH(), text.T(key), small, theme.Muted(), false, right)
	}
	head(name, 200, "till.col.item", false)
	head(qtyX, qtyW, "till.col.qty", true)
	head(priceX, priceW, "till.col.price", true)
	head(amountX, amountW, "till.col.amount", true)
	n := l.rows()
	if b.sel >= l.top+n {
		l.top = b.sel - n + 1
	}
	if b.sel >= 0 && b.sel < l.top {
		l.top = b.sel
	}
	l.top = max(0, min(l.top, len(b.lines)-n))
	h := l.rowH()
	big := theme.Px(19)
	if len(b.lines) == 0 {
		r.text(num, l.headH()+theme.Px(16), s.Width-2*num, h, text.T("till.empty"), ft.TextSubHeadingSize(), theme.Muted(), false, false)
		r.text(num, l.headH()+theme.Px(44), s.Width-2*num, h, text.T("till.empty.how"), small, theme.Muted(), false, false)
	}
	for i := l.top; i < len(b.lines) && i < l.top+n; i++ {
		x := b.lines[i]
		y := l.headH() + float32(i-l.top)*h
		if i == b.sel {
			r.rect(0, y, s.Width, h, theme.RowSelected())
			r.rect(0, y, 4, h, theme.Accent())
		}
		r.rect(0, y+h-1, s.Width, 1, theme.GridLine())
		r.text(0, y, num-theme.Px(12), h, strconv.Itoa(i+1), small, theme.Muted(), false, true)
		room := qtyX - name - pad
		used := r.text(name, y, room, h, x.Item.Name, big, theme.Foreground(), true, false)
		if room-used > theme.Px(40) {
			spec := x.Item.Spec
			if x.Note != "" {
				spec += "  " + x.Note
			}
			r.text(name+used+theme.Px(8), y, room-used-theme.Px(8), h, spec, small, theme.Muted(), false, false)
		}
		r.text(qtyX, y, qtyW, h, text.Qty(x.Qty)+" "+x.UnitName(), big, theme.Foreground(), false, true)
		price := text.Price(x.Price)
		if x.Off != 0 {
			price += " -" + text.Money(x.Off)
		}
		r.text(priceX, y, priceW, h, price, big, theme.Foreground(), false, true)
		if m, ok := x.Amount(); ok {
			r.text(amountX, y, amountW, h, text.Money(m), big, theme.Foreground(), true, true)
		}
	}
	if len(b.lines) > n {
		track := s.Height - l.headH()
		bh := max(24, track*float32(n)/float32(len(b.lines)))
		r.rect(s.Width-6, l.headH()+(track-bh)*float32(l.top)/float32(len(b.lines)-n), 5, bh, theme.ScrollBar())
	}
}

// hits is the list under the scan box: suggestions, or items on one code.
type hits struct {
	widget.BaseWidget
	t     *Page
	found []app.ItemHit
	sel   int
	of    string // what they were found for
	moved bool   // somebody went to a line
}

var _ desktop.Mouseable = (*hits)(nil)

// mostHits is how many can be chosen by a digit.
const mostHits = 9

func (h *hits) set(found []app.ItemHit) {
	h.found, h.sel, h.of, h.moved = found[:min(len(found), mostHits)], 0, "", false
	if len(h.found) == 0 {
		h.Hide()
		return
	}
	box := h.t.box
	d := fyne.CurrentApp().Driver()
	at, base := d.AbsolutePositionForObject(box), d.AbsolutePositionForObject(h.t.layer)
	h.Resize(fyne.NewSize(min(box.Size().Width, theme.Px(640)), theme.Px(34)*float32(len(h.found))+2))
	h.Move(fyne.NewPos(at.X-base.X, at.Y-base.Y+box.Size().Height+2))
	h.Show()
	h.Refresh()
}

func (h *hits) MouseDown(e *desktop.MouseEvent) {
	if i := int(e.Position.Y / theme.Px(34)); i < len(h.found) {
		h.t.choose(i)
	}
}
func (h *hits) MouseUp(*desktop.MouseEvent) { h.t.Enter() }

func (h *hits) CreateRenderer() fyne.WidgetRenderer {
	r := &hitsRenderer{h: h}
	r.Of, r.Build = r.h, r.build
	r.build()
	return r
}

type hitsRenderer struct {
	control.Redraw
	h *hits
}

func (r *hitsRenderer) MinSize() fyne.Size { return fyne.NewSize(10, 10) }

func (r *hitsRenderer) build() {
	h := r.h
	lr := linesRenderer{}
	s := h.Size()
	box := canvas.NewRectangle(theme.Get(ft.ColorNameOverlayBackground))
	box.StrokeColor, box.StrokeWidth, box.CornerRadius = theme.Accent(), 1, 4
	box.Resize(s)
	lr.Objs = append(lr.Objs, box)
	rh := theme.Px(34)
	for i, x := range h.found {
		y := 1 + float32(i)*rh
		if i == h.sel {
			lr.rect(1, y, s.Width-2, rh, theme.RowSelected())
		}
		size := ft.TextSubHeadingSize()
		lr.text(theme.Px(10), y, theme.Px(20), rh, strconv.Itoa(i+1), size, theme.Accent(), true, false)
		room := s.Width - theme.Px(280)
		used := lr.text(theme.Px(36), y, room, rh, x.Item.Name, size, theme.Foreground(), false, false)
		lr.text(theme.Px(46)+used, y, max(10, room-used), rh, x.Item.Spec, ft.TextSize(), theme.Muted(), false, false)
		lr.text(s.Width-theme.Px(220), y, theme.Px(100), rh, text.Qty(x.OnHand)+x.Item.Unit, ft.TextSize(), theme.Muted(), false, true)
		if p := x.Item.Prices[master.Retail]; p != 0 {
			lr.text(s.Width-theme.Px(110), y, theme.Px(98), rh, text.Price(p), size, theme.Foreground(), false, true)
		}
	}
	r.Objs = lr.Objs
}
