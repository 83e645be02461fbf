package grid

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"tiezhang/ui/ime"
	"tiezhang/ui/theme"
)

// View draws a Model and edits it with one Entry that keeps the focus for ever
// and moves from cell to cell.
type View struct {
	widget.BaseWidget
	// OnResize is told a column's new width, for saved layouts.
	OnResize func(column string, w float32)
	// OnKey sees keys of the editor first; true means used.
	OnKey func(*fyne.KeyEvent) bool

	m        *Model
	ed       *editor
	seq      int // the model's, when the editor was last filled
	top      int
	firstCol int
	hover    int
	leaving  bool
	barDrag  bool
	barGrab  float32
	resizing int
	overEdge bool
	wheel    float32
	cursorAt [2]int
}

var (
	_ fyne.Focusable     = (*View)(nil)
	_ fyne.Tappable      = (*View)(nil)
	_ fyne.Scrollable    = (*View)(nil)
	_ fyne.Draggable     = (*View)(nil)
	_ desktop.Mouseable  = (*View)(nil)
	_ desktop.Hoverable  = (*View)(nil)
	_ desktop.Cursorable = (*View)(nil)
)

// NewView makes the widget of a model. One view a model.
func NewView(m *Model) *View {
	v := &View{m: m, resizing: -1, hover: -1, seq: -1}
	v.ed = newEditor(v)
	v.ExtendBaseWidget(v)
	m.OnRefresh = v.follow
	m.OnLeave = v.leave
	v.fill()
	return v
}

// Model gives what the view draws.
func (v *View) Model() *Model { return v.m }

// Editor is the widget that has the focus while the grid is used.
func (v *View) Editor() fyne.Focusable { return v.ed }

// Focus puts the keyboard into the active cell.
func (v *View) Focus() {
	if c := fyne.CurrentApp().Driver().CanvasForObject(v); c != nil {
		c.Focus(v.ed)
	}
}

// FocusGained hands the focus on to the editor; the view itself is focusable
// only so that a click on it does not take the focus away.
func (v *View) FocusGained() {
	if !v.leaving {
		v.Focus()
	}
}

// FocusLost is Fyne's.
func (v *View) FocusLost() {}

// TypedRune is Fyne's.
func (v *View) TypedRune(rune) {}

// TypedKey is Fyne's.
func (v *View) TypedKey(*fyne.KeyEvent) {}

// leave walks out of the grid by Tab.
func (v *View) leave(forward bool) {
	c := fyne.CurrentApp().Driver().CanvasForObject(v)
	if c == nil {
		return
	}
	v.leaving = true
	defer func() { v.leaving = false }()
	if forward {
		c.FocusNext()
		return
	}
	c.FocusPrevious()
	if c.Focused() == fyne.Focusable(v) {
		c.FocusPrevious()
	}
}

// follow is called when the model changed.
func (v *View) follow() {
	v.fill()
	row, col := v.m.Cursor()
	if at := [2]int{row, col}; at != v.cursorAt {
		v.cursorAt = at
		v.show(row, col)
	}
	v.Refresh()
}

// fill puts the active cell's text into the editor when the model says so.
func (v *View) fill() {
	if v.seq == v.m.seq {
		return
	}
	v.seq = v.m.seq
	v.ed.guard.Reset()
	v.ed.filling = true
	v.ed.SetText(v.m.EditorText())
	v.ed.filling = false
	v.ed.selectAll()
	v.placeIME()
}

func (v *View) placeIME() {
	if !v.ed.focused {
		return
	}
	_, col := v.m.Cursor()
	on := v.m.CanEdit() && v.m.cols[col].Kind == Text
	ime.At(v.ed, v.ed.CursorPosition(), textSize(), on)
}

// show scrolls so that a cell is seen.
func (v *View) show(row, col int) {
	if p := v.pageRows(); row < v.top {
		v.top = row
	} else if row >= v.top+p {
		v.top = row - p + 1
	}
	if col < v.firstCol {
		v.firstCol = col
	}
	for v.firstCol < col {
		fits := false
		for _, s := range v.spans() {
			if s.col == col && s.w >= v.m.cols[col].Width*theme.Factor()-1 {
				fits = true
			}
		}
		if fits {
			break
		}
		v.firstCol++
	}
	v.clamp()
}

func (v *View) clamp() { v.top = max(0, min(v.top, v.m.Len()-v.pageRows())) }

func (v *View) rowH() float32  { return float32(int(v.ed.MinSize().Height + 0.99)) }
func (v *View) headH() float32 { return v.rowH() }
func (v *View) numW() float32  { return theme.Px(38) }
func (v *View) barW() float32  { return 12 }
func (v *View) footH() float32 {
	if v.m.Totals() != nil {
		return v.rowH()
	}
	return 0
}
func (v *View) messageH() float32 { return v.rowH() }

func (v *View) pageRows() int {
	return max(1, int((v.Size().Height-v.headH()-v.footH()-v.messageH())/v.rowH()))
}

// spans lays the columns out from the first one shown.
func (v *View) spans() []span {
	k := theme.Factor()
	w := v.Size().Width - v.barW()
	x := v.numW()
	var out []span
	for i := v.firstCol; i < len(v.m.cols) && x < w; i++ {
		c := v.m.cols[i]
		if c.Hidden {
			continue
		}
		out = append(out, span{i, x, c.Width * k})
		x += c.Width * k
	}
	if n := len(out); n > 0 && x > w {
		out[n-1].w -= x - w
	}
	return out
}

// cellRect gives where a cell is drawn; ok is false when it is not on screen.
func (v *View) cellRect(row, col int) (x, y, w, h float32, ok bool) {
	if row < v.top || row >= v.top+v.pageRows() {
		return
	}
	for _, s := range v.spans() {
		if s.col == col {
			return s.x, v.headH() + float32(row-v.top)*v.rowH(), s.w, v.rowH(), true
		}
	}
	return
}

// MinSize leaves room for a few rows.
func (v *View) MinSize() fyne.Size {
	v.ExtendBaseWidget(v)
	return fyne.NewSize(300, v.rowH()*6)
}

// CreateRenderer is Fyne's.
func (v *View) CreateRenderer() fyne.WidgetRenderer {
	r := &viewRenderer{v: v}
	r.build()
	return r
}

// ---- mouse ----

// MouseDown moves the cursor, takes a suggestion, an edge or the bar.
func (v *View) MouseDown(e *desktop.MouseEvent) {
	defer v.Focus()
	p := e.Position
	if f := v.listFrame(); f.ok && p.X >= f.x && p.X < f.x+f.w && p.Y >= f.y && p.Y < f.y+f.h {
		v.m.SelectSuggestion(f.first + int((p.Y-f.y)/f.rowH))
		return
	}
	if p.X >= v.Size().Width-v.barW() {
		_, y, _, h := v.barRect()
		v.barDrag, v.barGrab = true, h/2
		if p.Y >= y && p.Y < y+h {
			v.barGrab = p.Y - y
		}
		v.barTo(p.Y)
		return
	}
	if p.Y < v.headH() {
		v.resizing = v.edgeAt(p.X)
		return
	}
	row := v.top + int((p.Y-v.headH())/v.rowH())
	if row >= v.m.Len() || row >= v.top+v.pageRows() {
		return
	}
	for _, s := range v.spans() {
		if p.X >= s.x && p.X < s.x+s.w {
			v.m.GoTo(row, s.col)
		}
	}
}

func (v *View) edgeAt(x float32) int {
	for _, s := range v.spans() {
		if x >= s.x+s.w-4 && x < s.x+s.w+4 {
			return s.col
		}
	}
	return -1
}

func (v *View) release() {
	if v.resizing >= 0 && v.OnResize != nil {
		v.OnResize(v.m.cols[v.resizing].Key, v.m.cols[v.resizing].Width)
	}
	v.barDrag, v.resizing = false, -1
}

// MouseUp is Fyne's.
func (v *View) MouseUp(*desktop.MouseEvent) { v.release() }

// DragEnd is Fyne's.
func (v *View) DragEnd() { v.release() }

// Tapped comes at the release, after newer drivers have taken the focus away.
func (v *View) Tapped(*fyne.PointEvent) { v.Focus() }

// Dragged moves the bar or widens a column.
func (v *View) Dragged(e *fyne.DragEvent) {
	switch {
	case v.barDrag:
		v.barTo(e.Position.Y)
	case v.resizing >= 0:
		v.m.SetWidth(v.resizing, v.m.cols[v.resizing].Width+e.Dragged.DX/theme.Factor())
	}
}

// Scrolled is the wheel; the cursor stays where it is.
func (v *View) Scrolled(e *fyne.ScrollEvent) {
	v.wheel += e.Scrolled.DY
	if n := int(v.wheel / wheelRow); n != 0 {
		v.wheel -= float32(n) * wheelRow
		v.top -= n
		v.clamp()
		v.Refresh()
	}
}

// MouseIn is Fyne's.
func (v *View) MouseIn(e *desktop.MouseEvent) { v.MouseMoved(e) }

// MouseOut is Fyne's.
func (v *View) MouseOut() { v.overEdge = false }

// MouseMoved shows where a column can be dragged.
func (v *View) MouseMoved(e *desktop.MouseEvent) {
	v.overEdge = e.Position.Y < v.headH() && v.edgeAt(e.Position.X) >= 0
}

// Cursor is Fyne's.
func (v *View) Cursor() desktop.Cursor {
	if v.overEdge || v.resizing >= 0 {
		return desktop.HResizeCursor
	}
	return desktop.DefaultCursor
}

func (v *View) barRect() (x, y, w, h float32) {
	n, rows := v.m.Len(), v.pageRows()
	if n <= rows {
		return
	}
	track := float32(rows)*v.rowH() - 4
	h = max(28, track*float32(rows)/float32(n))
	y = v.headH() + 2 + (track-h)*float32(v.top)/float32(n-rows)
	return v.Size().Width - v.barW() + 2, y, v.barW() - 4, h
}

func (v *View) barTo(y float32) {
	_, _, _, h := v.barRect()
	rows := v.pageRows()
	track := float32(rows)*v.rowH() - 4 - h
	if h == 0 || track <= 0 {
		return
	}
	v.top = int((y-v.barGrab-v.headH()-2)/track*float32(v.m.Len()-rows) + 0.5)
	v.clamp()
	v.Refresh()
}
