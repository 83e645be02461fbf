package docview

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	ft "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tiezhang/ui/control"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// pick is one thing a picker can choose.
type pick struct {
	id   int64
	name string
	hint string
	data any
}

// picker is an entry that suggests while one types: code, pinyin or name. The
// suggestions are drawn into a layer over the page, never a pop-up, so that
// the typing goes on.
type picker struct {
	entry *control.Entry
	// search answers what is typed; reply may come later.
	search func(q string, reply func([]pick))
	// chosen is told a new choice, the zero pick when emptied.
	chosen func(pick)

	layer   *fyne.Container
	list    *pickList
	now     pick
	found   []pick
	lately  []pick // what was shown before the focus went: a click ends there
	sel     int
	seq     int
	filling bool
	waiting bool // Enter came before the answer
	pending bool
}

func newPicker(layer *fyne.Container, width float32, placeholder string) *picker {
	p := &picker{entry: control.NewEntry(), layer: layer}
	p.entry.MinWidth = width
	p.entry.PlaceHolder = placeholder
	p.list = &pickList{p: p}
	p.list.ExtendBaseWidget(p.list)
	p.list.Hide()
	layer.Add(p.list)
	p.entry.OnChanged = p.typed
	p.entry.OnKey = p.key
	p.entry.OnEnter = p.enter
	p.entry.OnDone = p.left
	return p
}

// set shows a choice without telling chosen.
func (p *picker) set(c pick) {
	p.now = c
	p.fill(c.name)
	p.close()
}

func (p *picker) fill(s string) {
	p.filling = true
	p.entry.SetText(s)
	p.entry.SetValidationError(nil)
	p.filling = false
}

// unsettled tells whether there is text that names nothing.
func (p *picker) unsettled() bool { return strings.TrimSpace(p.entry.Text) != p.now.name }

func (p *picker) typed(s string) {
	if p.filling {
		return
	}
	p.entry.SetValidationError(nil)
	p.ask(strings.TrimSpace(s))
}

func (p *picker) ask(q string) {
	p.seq++
	seq := p.seq
	p.pending = true
	p.search(q, func(found []pick) {
		if seq != p.seq {
			return
		}
		p.pending = false
		p.found, p.sel = found, 0
		if p.waiting {
			p.waiting = false
			if p.take() {
				p.next()
			}
			return
		}
		p.show()
	})
}

func (p *picker) show() {
	if len(p.found) == 0 || p.entry.Disabled() {
		p.list.Hide()
		return
	}
	d := fyne.CurrentApp().Driver()
	at, base := d.AbsolutePositionForObject(p.entry), d.AbsolutePositionForObject(p.layer)
	p.list.Resize(p.list.size())
	p.list.Move(fyne.NewPos(at.X-base.X, at.Y-base.Y+p.entry.Size().Height+2))
	p.list.Show()
	p.list.Refresh()
}

func (p *picker) close() {
	p.seq++
	if len(p.found) > 0 {
		p.lately = p.found
	}
	p.found, p.pending, p.waiting = nil, false, false
	p.list.Hide()
}

func (p *picker) key(k *fyne.KeyEvent) bool {
	n := len(p.found)
	switch k.Name {
	case fyne.KeyDown, fyne.KeyUp:
		if n == 0 {
			if k.Name == fyne.KeyDown {
				p.ask("")
				return true
			}
			return false
		}
		d := 1
		if k.Name == fyne.KeyUp {
			d = n - 1
		}
		p.sel = (p.sel + d) % n
		p.list.Refresh()
		return true
	case fyne.KeyEscape:
		if n > 0 || p.unsettled() {
			p.set(p.now)
			p.entry.SelectAll()
			return true
		}
	}
	return false
}

// enter takes the chosen suggestion; the entry then walks on.
func (p *picker) enter() bool {
	if p.pending && p.unsettled() {
		p.waiting = true
		return true
	}
	return !p.take()
}

// take makes the marked suggestion the choice; false keeps the typed text, red.
func (p *picker) take() bool {
	s := strings.TrimSpace(p.entry.Text)
	switch {
	case len(p.found) > 0 && p.sel < len(p.found) && (s != "" || p.list.Visible()):
		c := p.found[p.sel]
		p.close()
		if c.id != p.now.id {
			p.now = c
			p.fill(c.name)
			p.chosen(c)
		} else {
			p.fill(p.now.name)
		}
		return true
	case s == "":
		p.close()
		if p.now.id != 0 {
			p.now = pick{}
			p.chosen(p.now)
		}
		return true
	case s == p.now.name:
		p.close()
		return true
	}
	p.invalid()
	return false
}

func (p *picker) invalid() {
	p.entry.AlwaysShowValidationError = true
	p.entry.SetValidationError(errWords{text.T("docview.party.unknown", "text", p.entry.Text)})
}

func (p *picker) next() {
	if c := fyne.CurrentApp().Driver().CanvasForObject(p.entry); c != nil && c.Focused() == fyne.Focusable(p.entry) {
		control.NextField(c)
	}
}

// left: the focus went elsewhere. One suggestion is taken, more are not guessed.
func (p *picker) left() {
	if p.unsettled() {
		if len(p.found) == 1 || strings.TrimSpace(p.entry.Text) == "" {
			p.take()
			return
		}
		p.invalid()
	}
	p.close()
}

type errWords struct{ s string }

func (e errWords) Error() string { return e.s }

// pickList draws the suggestions.
type pickList struct {
	widget.BaseWidget
	p *picker
}

var _ desktop.Mouseable = (*pickList)(nil)

const pickRows = 9

func (l *pickList) rowH() float32 { return theme.Px(18) + 8 }

func (l *pickList) size() fyne.Size {
	n := min(len(l.p.found), pickRows)
	return fyne.NewSize(max(l.p.entry.Size().Width, theme.Px(320)), l.rowH()*float32(n)+2)
}

func (l *pickList) first() int { return max(0, l.p.sel-pickRows+1) }

// MouseDown takes the line under the pointer; a press comes before the focus
// would go.
func (l *pickList) MouseDown(e *desktop.MouseEvent) {
	i := l.first() + int(e.Position.Y/l.rowH())
	if len(l.p.found) == 0 {
		l.p.found = l.p.lately
	}
	if i < len(l.p.found) {
		l.p.sel = i
		if l.p.take() {
			l.p.next()
		}
	}
}

// MouseUp is Fyne's.
func (l *pickList) MouseUp(*desktop.MouseEvent) {}

func (l *pickList) CreateRenderer() fyne.WidgetRenderer {
	r := &pickRenderer{l: l}
	r.build()
	return r
}

type pickRenderer struct {
	size fyne.Size
	l    *pickList
	objs []fyne.CanvasObject
}

// Layout draws again only for another size: drawing makes new objects, and the
// driver lays out again whatever has new objects, for ever.
func (r *pickRenderer) Layout(s fyne.Size) {
	if s != r.size {
		r.size = s
		r.build()
	}
}

func (r *pickRenderer) Destroy()                     {}
func (r *pickRenderer) Objects() []fyne.CanvasObject { return r.objs }
func (r *pickRenderer) MinSize() fyne.Size           { return fyne.NewSize(10, 10) }
func (r *pickRenderer) Refresh() {
	r.l.Resize(r.l.size())
	r.build()
	canvas.Refresh(r.l)
}

func (r *pickRenderer) build() {
	l := r.l
	s := l.size()
	box := canvas.NewRectangle(theme.Get(ft.ColorNameOverlayBackground))
	box.StrokeColor, box.StrokeWidth, box.CornerRadius = theme.Accent(), 1, 4
	box.Resize(s)
	objs := []fyne.CanvasObject{box}
	h, first := l.rowH(), l.first()
	for i := first; i < len(l.p.found) && i < first+pickRows; i++ {
		y := 1 + float32(i-first)*h
		if i == l.p.sel {
			m := canvas.NewRectangle(theme.RowSelected())
			m.Resize(fyne.NewSize(s.Width-2, h))
			m.Move(fyne.NewPos(1, y))
			objs = append(objs, m)
		}
		hint := canvas.NewText(l.p.found[i].hint, theme.Muted())
		hint.TextSize = ft.TextSize()
		hm := hint.MinSize()
		hint.Resize(hm)
		hint.Move(fyne.NewPos(s.Width-hm.Width-8, y+(h-hm.Height)/2))
		name := canvas.NewText(l.p.found[i].name, theme.Foreground())
		name.TextSize = ft.TextSize()
		nm := name.MinSize()
		name.Resize(nm)
		name.Move(fyne.NewPos(8, y+(h-nm.Height)/2))
		objs = append(objs, name, hint)
	}
	r.objs = objs
}
