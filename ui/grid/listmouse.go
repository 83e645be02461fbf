package grid

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"tiezhang/ui/theme"
)

// ---- mouse ----

func (l *List) rowAt(y float32) int {
	if y < l.headH() || y >= l.Size().Height-l.footH() {
		return -1
	}
	if i := int((y - l.headH()) / l.rowH()); i < l.pageRows() && l.top+i < l.Len() {
		return l.top + i
	}
	return -1
}

// columnAt gives the column at x, and the one whose right edge is there.
func (l *List) columnAt(x float32) (col, edge int) {
	col, edge = -1, -1
	for _, s := range l.spans() {
		if x >= s.x+s.w-4 && x < s.x+s.w+4 {
			edge = s.col
		}
		if x >= s.x && x < s.x+s.w {
			col = s.col
		}
	}
	return
}

// MouseDown focuses, selects, sorts, or takes hold of the bar or an edge.
func (l *List) MouseDown(e *desktop.MouseEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(l); c != nil {
		c.Focus(l)
	}
	pos := e.Position
	if pos.X >= l.Size().Width-l.barW() {
		_, y, _, h := l.barRect()
		l.barDrag, l.barGrab = true, h/2
		if pos.Y >= y && pos.Y < y+h {
			l.barGrab = pos.Y - y
		}
		l.barTo(pos.Y)
		return
	}
	if pos.Y < l.headH() {
		l.headDown(pos.X)
		return
	}
	if x, y, w, h, ok := l.emptyButton(); ok && pos.X >= x && pos.X < x+w && pos.Y >= y && pos.Y < y+h {
		if l.Empty.Action != nil {
			l.Empty.Action()
		}
		return
	}
	row := l.rowAt(pos.Y)
	if row < 0 {
		return
	}
	now := l.now()
	double := row == l.clickRow && now.Sub(l.clickAt) < doubleClick
	l.clickAt, l.clickRow = now, row
	if l.Multi && e.Modifier&(fyne.KeyModifierControl|fyne.KeyModifierSuper) != 0 {
		l.picked.toggle(row)
		l.anchor = row
		l.MoveTo(row)
		l.selectionChanged()
		return
	}
	if l.Multi && e.Modifier&fyne.KeyModifierShift != 0 {
		l.shift = true
		l.moveSelecting(row)
		l.shift = false
		return
	}
	l.anchor = row
	l.MoveTo(row)
	if double && e.Button == desktop.MouseButtonPrimary && l.OnActivate != nil {
		l.clickRow = -1
		l.OnActivate(row)
	}
}

func (l *List) headDown(x float32) {
	col, edge := l.columnAt(x)
	if edge >= 0 {
		l.resizing = edge
		return
	}
	if col < 0 || !l.Columns[col].Sortable {
		return
	}
	key := l.Columns[col].Key
	l.sortKey, l.sortDesc = key, l.sortKey == key && !l.sortDesc
	l.Refresh()
	if l.OnSort != nil {
		l.OnSort(l.sortKey, l.sortDesc)
	}
}

func (l *List) release() {
	if l.resizing >= 0 && l.OnResize != nil {
		l.OnResize(l.Columns[l.resizing].Key, l.Columns[l.resizing].Width)
	}
	l.barDrag, l.resizing = false, -1
}

// MouseUp is Fyne's.
func (l *List) MouseUp(*desktop.MouseEvent) { l.release() }

// DragEnd is Fyne's.
func (l *List) DragEnd() { l.release() }

// Dragged moves the bar or widens a column.
func (l *List) Dragged(e *fyne.DragEvent) {
	switch {
	case l.barDrag:
		l.barTo(e.Position.Y)
	case l.resizing >= 0:
		c := &l.Columns[l.resizing]
		c.Width = max(24, c.Width+e.Dragged.DX/theme.Factor())
		l.Refresh()
	}
}

func (l *List) barTo(y float32) {
	_, _, _, h := l.barRect()
	n, rows := l.Len(), l.pageRows()
	track := l.Size().Height - l.headH() - l.footH() - 4 - h
	if h == 0 || track <= 0 {
		return
	}
	l.top = int(float64(y-l.barGrab-l.headH()-2)/float64(track)*float64(n-rows) + 0.5)
	l.clamp()
	l.Refresh()
}

// Scrolled is the wheel: three rows a notch, columns sideways.
func (l *List) Scrolled(e *fyne.ScrollEvent) {
	if e.Scrolled.DX != 0 && e.Scrolled.DY == 0 {
		l.scrollColumns(map[bool]int{true: -1, false: 1}[e.Scrolled.DX > 0])
		return
	}
	l.wheel += e.Scrolled.DY
	if n := int(l.wheel / wheelRow); n != 0 {
		l.wheel -= float32(n) * wheelRow
		l.top -= n
		l.clamp()
		l.Refresh()
	}
}

// MouseIn is Fyne's.
func (l *List) MouseIn(e *desktop.MouseEvent) { l.MouseMoved(e) }

// MouseOut is Fyne's.
func (l *List) MouseOut() {
	if l.hover >= 0 {
		l.hover = -1
		l.Refresh()
	}
}

// MouseMoved lights the row under the pointer.
func (l *List) MouseMoved(e *desktop.MouseEvent) {
	_, edge := l.columnAt(e.Position.X)
	l.overEdge = e.Position.Y < l.headH() && edge >= 0
	if row := l.rowAt(e.Position.Y); row != l.hover {
		l.hover = row
		l.Refresh()
	}
}

// Cursor shows the resize arrow over an edge.
func (l *List) Cursor() desktop.Cursor {
	if l.overEdge || l.resizing >= 0 {
		return desktop.HResizeCursor
	}
	return desktop.DefaultCursor
}
