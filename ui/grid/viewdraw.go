package grid

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	ft "fyne.io/fyne/v2/theme"

	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

type viewRenderer struct {
	v    *View
	p    painter
	objs []fyne.CanvasObject
}

func (r *viewRenderer) Destroy()                     {}
func (r *viewRenderer) MinSize() fyne.Size           { return r.v.MinSize() }
func (r *viewRenderer) Objects() []fyne.CanvasObject { return r.objs }
func (r *viewRenderer) Refresh()                     { r.build(); canvas.Refresh(r.v) }
func (r *viewRenderer) Layout(fyne.Size) {
	v := r.v
	v.m.PageRows = v.pageRows()
	v.show(v.m.Cursor())
	r.build()
}

func (r *viewRenderer) build() {
	v, p, m := r.v, &r.p, r.v.m
	p.begin(textSize())
	size := v.Size()
	if size.Width < 40 || size.Height < 40 {
		p.objs = append(p.objs, v.ed)
		r.objs = p.end()
		return
	}
	h, head := v.rowH(), v.headH()
	cols := v.spans()
	rows := min(v.pageRows(), m.Len()-v.top)
	right := v.numW()
	if n := len(cols); n > 0 {
		right = cols[n-1].x + cols[n-1].w
	}
	row, col := m.Cursor()
	p.rect(0, 0, size.Width, size.Height, theme.CardBackground())
	for i := range rows {
		at, y := v.top+i, head+float32(i)*h
		if at == row {
			p.rect(v.numW(), y, right-v.numW(), h, theme.AccentTint())
		} else if at%2 == 1 {
			p.rect(v.numW(), y, right-v.numW(), h, theme.RowAlt())
		}
		r.row(at, y, cols, at == row, col)
		p.rect(0, y+h-1, right, 1, theme.GridLine())
	}
	p.rect(v.numW()-1, head, 1, float32(rows)*h, theme.GridLine())
	for _, s := range cols {
		p.rect(s.x+s.w-1, head, 1, float32(rows)*h, theme.GridLine())
	}
	r.heading(cols)
	foot := head + float32(rows)*h
	if t := m.Totals(); t != nil {
		p.rect(0, foot, right, h, theme.Header())
		p.rect(0, foot, right, 1, theme.Separator())
		for _, s := range cols {
			if s.col < len(t) {
				p.text(s.x, foot, s.w, h, t[s.col], m.cols[s.col].Align, true, theme.Foreground())
			}
		}
		foot += h
	}
	if m.Len() == 0 && m.Hint != "" {
		p.text(0, foot+h, size.Width, h, m.Hint, Center, false, theme.Muted())
	}
	r.message(foot)
	if x, y, w, bh := v.barRect(); bh > 0 {
		p.box(x, y, w, bh, theme.ScrollBar(), nil, 0, w/2)
	}
	r.editor(row, col)
	r.list()
	r.objs = p.end()
}

func (r *viewRenderer) row(at int, y float32, cols []span, current bool, col int) {
	v, p, m := r.v, &r.p, r.v.m
	h := v.rowH()
	num := theme.Muted()
	if current {
		num = theme.Accent()
	}
	p.text(0, y, v.numW(), h, strconv.Itoa(at+1), Center, current, num)
	data := m.Row(at)
	for _, s := range cols {
		c := m.cols[s.col]
		if m.ProblemAt(at, s.col) != "" {
			p.rect(s.x, y, s.w-1, h-1, theme.Get(theme.NameErrorTint))
			p.rect(s.x, y+h-3, s.w-1, 2, theme.Error())
		}
		if current && s.col == col && (v.ed.focused || m.Editing()) && m.CanEdit() {
			continue // the editor shows it
		}
		st := Normal
		if s.col < len(data.Styles) {
			st = data.Styles[s.col]
		}
		if st == Normal && !c.Editable {
			st = Muted
			if c.Bold {
				st = Bold
			}
		}
		fore, bold := styled(st)
		p.text(s.x, y, s.w, h, m.Cell(at, s.col), c.Align, bold || c.Bold, fore)
	}
}

func (r *viewRenderer) heading(cols []span) {
	v, p, m := r.v, &r.p, r.v.m
	head := v.headH()
	p.rect(0, 0, v.Size().Width, head, theme.Header())
	p.text(0, 0, v.numW(), head, text.T("ui.grid.row"), Center, false, theme.Muted())
	for _, s := range cols {
		p.text(s.x, 0, s.w, head, m.cols[s.col].Heading(), m.cols[s.col].Align, true, theme.Foreground())
		p.rect(s.x+s.w-1, 5, 1, head-10, theme.Separator())
	}
	p.rect(0, head-1, v.Size().Width, 1, theme.Separator())
}

// message is the line under the rows: what is wrong, or what is asked.
func (r *viewRenderer) message(y float32) {
	words, failed := r.v.m.Message()
	if words == "" {
		return
	}
	c := theme.Info()
	if failed {
		c = theme.Negative()
	}
	p := &r.p
	p.text(0, y, r.v.Size().Width-r.v.barW(), r.v.messageH(), words, Left, false, c)
}

// editor places the one entry over the active cell. It is never taken out of
// the tree, which would cost it the focus: a cell not on screen parks it aside.
func (r *viewRenderer) editor(row, col int) {
	v, p, m := r.v, &r.p, r.v.m
	x, y, w, h, ok := v.cellRect(row, col)
	shown := ok && m.CanEdit() && (v.ed.focused || m.Editing())
	v.ed.Resize(fyne.NewSize(max(w, 20), v.rowH()))
	if shown {
		v.ed.Move(fyne.NewPos(x, y))
	} else {
		v.ed.Move(fyne.NewPos(-10000, 0))
	}
	p.objs = append(p.objs, v.ed)
	if !ok || m.Len() == 0 {
		return
	}
	_, failed := m.Message()
	switch {
	case failed:
		p.box(x, y, w, h, nil, theme.Error(), 2, 0)
	case v.ed.focused:
		p.box(x, y, w, h, nil, theme.CellFocus(), 2, 0)
	default:
		p.box(x, y, w, h, nil, theme.InputBorder(), 1, 0)
	}
}

// frame is where the suggestions stand.
type frame struct {
	x, y, w, h, rowH float32
	first, n         int
	widths           [5]float32
	ok               bool
}

// listRows is how many suggestions are seen at once.
const listRows = 9

// barcodeTail is how much of a code is shown: its last digits tell items apart.
const barcodeTail = 6

func fields(s Suggestion) [5]string {
	code := s.Code
	if rs := []rune(code); len(rs) > barcodeTail+2 {
		code = "\u2026" + string(rs[len(rs)-barcodeTail:])
	}
	return [5]string{s.Name, s.Spec, code, s.Stock, s.Price}
}

func (v *View) listFrame() (f frame) {
	found, sel := v.m.Suggestions()
	row, col := v.m.Cursor()
	x, y, w, h, ok := v.cellRect(row, col)
	if len(found) == 0 || !ok {
		return
	}
	f.ok, f.rowH = true, theme.Px(18)+8
	f.n = min(len(found), listRows)
	if sel >= f.n {
		f.first = sel - f.n + 1
	}
	limits := [5]float32{320, 140, 96, 96, 96}
	for _, s := range found {
		for i, t := range fields(s) {
			if t != "" {
				f.widths[i] = max(f.widths[i], min(measure(t, textSize(), false).Width+2*cellPad+8, limits[i]*theme.Factor()))
			}
		}
	}
	if v.m.choosing != nil {
		f.widths[0] += theme.Px(22)
	}
	total := float32(8)
	for _, cw := range f.widths {
		total += cw
	}
	if total < w {
		f.widths[0] += w - total
		total = w
	}
	room := v.Size().Width - 4
	if total > room {
		f.widths[0] = max(60, f.widths[0]-(total-room))
		total = room
	}
	f.w, f.h = total, f.rowH*float32(f.n)+2
	f.x = max(0, min(x, v.Size().Width-total-2))
	f.y = y + h
	if f.y+f.h > v.Size().Height {
		if y-f.h >= 0 {
			f.y = y - f.h
		} else { // no room on either side: take the larger, and fewer lines
			below, above := v.Size().Height-f.y, y
			f.n = max(1, int(max(below, above)/f.rowH))
			f.h = f.rowH*float32(f.n) + 2
			if above > below {
				f.y = y - f.h
			}
			f.first = max(0, sel-f.n+1)
		}
	}
	return f
}

func (r *viewRenderer) list() {
	f := r.v.listFrame()
	if !f.ok {
		return
	}
	p, m := &r.p, r.v.m
	found, sel := m.Suggestions()
	p.box(f.x+2, f.y+3, f.w, f.h, theme.Get(ft.ColorNameShadow), nil, 0, 5)
	p.box(f.x, f.y, f.w, f.h, theme.Get(ft.ColorNameOverlayBackground), theme.Accent(), 1, 4)
	for i := 0; i < f.n && f.first+i < len(found); i++ {
		at := f.first + i
		y := f.y + 1 + float32(i)*f.rowH
		if at == sel {
			p.rect(f.x+1, y, f.w-2, f.rowH, theme.RowSelected())
			p.rect(f.x+1, y, 3, f.rowH, theme.Accent())
		}
		x := f.x + 4
		for k, t := range fields(found[at]) {
			a, c := Left, theme.Foreground()
			switch k {
			case 1, 2:
				c = theme.Muted()
			case 3, 4:
				a = Right
			}
			if k == 0 && m.choosing != nil && at < 9 {
				p.text(x, y, theme.Px(22), f.rowH, strconv.Itoa(at+1), Left, true, theme.Accent())
				p.text(x+theme.Px(22), y, f.widths[k]-theme.Px(22), f.rowH, t, a, false, c)
			} else {
				p.text(x, y, f.widths[k], f.rowH, t, a, false, c)
			}
			x += f.widths[k]
		}
	}
}
