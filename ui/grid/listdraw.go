package grid

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

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
		last := &out[n-1]
		whole := last.w
		last.w -= x - w
		if n > 1 && last.w < whole*squeeze { // a figure that is cut says something else
			out = out[:n-1]
		}
	}
	return out
}

// squeeze is the part of a column's width below which it is not drawn.
const squeeze = 0.85

// more tells whether columns lie beyond the right edge.
func (l *List) more(cols []span) bool {
	if len(cols) == 0 {
		return false
	}
	for i := cols[len(cols)-1].col + 1; i < len(l.Columns); i++ {
		if !l.Columns[i].Hidden {
			return true
		}
	}
	return false
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
	// further columns are reached with the arrow keys
	if w := theme.Px(26); l.more(cols) {
		p.text(l.Size().Width-w, 0, w, head, "\u203a", Center, true, theme.Accent())
	}
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
