package grid

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

type listRenderer struct {
	l    *List
	p    painter
	objs []fyne.CanvasObject
}

func (r *listRenderer) Destroy()                     {}
func (r *listRenderer) MinSize() fyne.Size           { return r.l.MinSize() }
func (r *listRenderer) Objects() []fyne.CanvasObject { return r.objs }
func (r *listRenderer) Layout(fyne.Size)             { r.l.clamp(); r.build() }
func (r *listRenderer) Refresh()                     { r.build(); canvas.Refresh(r.l) }

const (
	doubleClick = 400 * time.Millisecond
	wheelRow    = 8 // wheel distance of one row
)

// span is where a visible column stands.
type span struct {
	col  int
	x, w float32
}

// spans lays columns out from the first shown; the last may be cut, and a
// wide list's last column takes the room left when it is text.
func (l *List) spans() []span {
	k := theme.Factor()
	w := l.Size().Width - l.barW()
	var out []span
	x := float32(0)
	for i := l.firstCol; i < len(l.Columns) && x < w; i++ {
		c := l.Columns[i]
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

func (l *List) totalWidth(from int) float32 {
	t := float32(0)
	for i := from; i < len(l.Columns); i++ {
		if !l.Columns[i].Hidden {
			t += l.Columns[i].Width * theme.Factor()
		}
	}
	return t
}

func (l *List) scrollColumns(d int) {
	to := l.firstCol + d
	for to > 0 && to < len(l.Columns) && l.Columns[to].Hidden {
		to += d
	}
	if to < 0 || to >= len(l.Columns) || (d > 0 && l.totalWidth(l.firstCol) <= l.Size().Width-l.barW()) {
		return
	}
	l.firstCol = to
	l.Refresh()
}

func (r *listRenderer) build() {
	l, p := r.l, &r.p
	size := l.Size()
	p.begin(textSize())
	if size.Width < 20 || size.Height < 20 {
		r.objs = p.end()
		return
	}
	h, head := l.rowH(), l.headH()
	n, rows := l.Len(), l.pageRows()
	w := size.Width - l.barW()
	cols := l.spans()

	p.rect(0, 0, size.Width, size.Height, theme.CardBackground())
	missFrom, missTo := -1, -1
	for i := 0; i < rows && l.top+i < n; i++ {
		row := l.top + i
		y := head + float32(i)*h
		switch {
		case l.picked.has(row):
			p.rect(0, y, w, h, theme.RowSelected())
		case row == l.active:
			p.rect(0, y, w, h, theme.RowSelected())
		case row%2 == 1:
			p.rect(0, y, w, h, theme.RowAlt())
		}
		if row == l.hover && row != l.active {
			p.rect(0, y, w, h, theme.Hover())
		}
		cells, ok := l.source.Row(row)
		if !ok {
			if missFrom < 0 {
				missFrom = row
			}
			missTo = row + 1
			p.text(0, y, w, h, text.T("ui.list.loading"), Left, false, theme.Muted())
			continue
		}
		for _, s := range cols {
			c := cellAt(cells, s.col)
			col, bold := styled(c.Style)
			p.text(s.x, y, s.w, h, c.Text, l.Columns[s.col].Align, bold, col)
		}
	}
	for _, s := range cols {
		p.rect(s.x+s.w-1, head, 1, float32(min(rows, n-l.top))*h, theme.GridLine())
	}
	if l.active >= l.top && l.active < l.top+rows && n > 0 {
		y := head + float32(l.active-l.top)*h
		if l.focused {
			p.box(0.5, y+0.5, w-1, h-1, nil, theme.CellFocus(), 1, 0)
		}
		p.rect(0, y, 3, h, theme.CellFocus())
	}
	r.heading(cols)
	r.footer(cols)
	r.bar()
	if n == 0 {
		r.empty()
	}
	if l.focused && n == 0 {
		p.box(0.5, 0.5, size.Width-1, size.Height-1, nil, theme.CellFocus(), 1, 0)
	}
	r.objs = p.end()
	l.need(missFrom, missTo)
}

// need asks for rows once, not at every redraw.
func (l *List) need(from, to int) {
	if from < 0 || l.OnNeed == nil || (from == l.askedFrom && to == l.askedTo) {
		return
	}
	l.askedFrom, l.askedTo = from, to
	l.OnNeed(from, to)
}

func (r *listRenderer) heading(cols []span) {
	l, p := r.l, &r.p
	head := l.headH()
	p.rect(0, 0, l.Size().Width, head, theme.Header())
	for _, s := range cols {
		c := l.Columns[s.col]
		label := c.Heading()
		if c.Key == l.sortKey && c.Key != "" {
			if l.sortDesc {
				label += " ▼"
			} else {
				label += " ▲"
			}
		}
		p.text(s.x, 0, s.w, head, label, c.Align, true, theme.Foreground())
		p.rect(s.x+s.w-1, 5, 1, head-10, theme.Separator())
	}
	p.rect(0, head-1, l.Size().Width, 1, theme.Separator())
}

func (r *listRenderer) footer(cols []span) {
	l, p := r.l, &r.p
	if l.Footer == nil {
		return
	}
	y := l.Size().Height - l.footH()
	p.rect(0, y, l.Size().Width, l.footH(), theme.Header())
	p.rect(0, y, l.Size().Width, 1, theme.Separator())
	cells := l.Footer()
	for _, s := range cols {
		c := cellAt(cells, s.col)
		col, _ := styled(c.Style)
		p.text(s.x, y, s.w, l.footH(), c.Text, l.Columns[s.col].Align, true, col)
	}
}

// barRect is the scroll bar's handle; h is 0 when all rows are seen.
func (l *List) barRect() (x, y, w, h float32) {
	n, rows := l.Len(), l.pageRows()
	if n <= rows {
		return
	}
	track := l.Size().Height - l.headH() - l.footH() - 4
	h = max(28, track*float32(rows)/float32(n))
	y = l.headH() + 2 + (track-h)*float32(l.top)/float32(n-rows)
	return l.Size().Width - l.barW() + 2, y, l.barW() - 4, h
}

func (r *listRenderer) bar() {
	if x, y, w, h := r.l.barRect(); h > 0 {
		r.p.box(x, y, w, h, theme.ScrollBar(), nil, 0, w/2)
	}
}

// emptyButton is where the empty list's button stands.
func (l *List) emptyButton() (x, y, w, h float32, ok bool) {
	if l.Len() > 0 || l.Empty.Button == "" {
		return
	}
	m := measure(l.Empty.Button, textSize(), true)
	w, h = m.Width+theme.Px(32), theme.Px(30)
	return (l.Size().Width - w) / 2, l.Size().Height/2 + theme.Px(8), w, h, true
}

func (r *listRenderer) empty() {
	l, p := r.l, &r.p
	words := l.Empty.Words
	if words == "" {
		words = text.T("ui.list.empty")
	}
	p.text(0, l.Size().Height/2-theme.Px(28), l.Size().Width, theme.Px(24), words, Center, false, theme.Muted())
	if x, y, w, h, ok := l.emptyButton(); ok {
		p.box(x, y, w, h, theme.Accent(), nil, 0, 4)
		p.text(x, y, w, h, l.Empty.Button, Center, true, theme.OnAccent())
	}
}

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
