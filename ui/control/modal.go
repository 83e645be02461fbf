package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	ft "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tiezhang/ui/keys"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// Modal is a dialog of our own: Enter presses the default button, Esc closes,
// Tab stays inside. (Fyne's dialogs ignore both keys.)
type Modal struct {
	widget.BaseWidget
	Title   string
	Content fyne.CanvasObject
	// Buttons from left to right; they stand at the right edge.
	Buttons []*Button
	// Default is pressed by Enter, Cancel by Esc; either may be nil.
	Default, Cancel *Button
	// EnterWalks lets Enter go from field to field instead; the default
	// button is then reached by walking or by Ctrl+Enter.
	EnterWalks bool
	// MinWidth of the card in pixels at standard size; 0 takes 400.
	MinWidth float32
	// First gets the focus at the start; nil takes the first field.
	First fyne.Focusable
	// OnClosed runs after the dialog has gone, however it went.
	OnClosed func()

	canvas fyne.Canvas
	scope  *keys.Scope
	before fyne.Focusable
	last   fyne.Focusable
	shown  bool
}

var _ desktop.Mouseable = (*Modal)(nil)

// NewModal makes a dialog; set its buttons and Open it.
func NewModal(title string, content fyne.CanvasObject) *Modal {
	m := &Modal{Title: title, Content: content}
	m.ExtendBaseWidget(m)
	return m
}

// Button adds a plain button that runs f; the dialog stays open unless f
// closes it.
func (m *Modal) Button(label string, f func()) *Button {
	b := NewButton(label, f)
	m.Buttons = append(m.Buttons, b)
	return b
}

// DefaultButton adds the button Enter presses.
func (m *Modal) DefaultButton(label string, f func()) *Button {
	b := m.Button(label, f).WithLook(Primary)
	m.Default = b
	return b
}

// CancelButton adds the button Esc presses: it closes, then runs f if given.
func (m *Modal) CancelButton(label string, f func()) *Button {
	b := m.Button(label, func() {
		m.Close()
		if f != nil {
			f()
		}
	})
	m.Cancel = b
	return b
}

// Scope is where keys of the dialog are bound, after Open.
func (m *Modal) Scope() *keys.Scope { return m.scope }

// Open shows the dialog over everything on the canvas.
func (m *Modal) Open(c fyne.Canvas) {
	if m.shown {
		return
	}
	m.shown, m.canvas = true, c
	m.before = c.Focused()
	if m.before != nil {
		m.before.FocusLost() // overlays do not tell the field below
	}
	if r := keys.ForCanvas(c); r != nil {
		m.scope = r.PushModal()
		if m.Cancel != nil {
			m.scope.On(keys.Escape, "", "ui.button.cancel", m.Cancel.press)
		}
		if m.Default != nil {
			m.scope.On(keys.CtrlEnter, "", "", m.Default.press)
			if !m.EnterWalks {
				m.scope.On(keys.Enter, "", "ui.button.ok", m.Default.press)
			}
		}
	}
	m.Resize(c.Size())
	c.Overlays().Add(m)
	m.Resize(c.Size())
	switch {
	case m.First != nil:
		c.Focus(m.First)
	default:
		c.FocusNext()
		// The first field, not a button: but where there are only buttons,
		// the default one.
		if _, isButton := c.Focused().(*Button); isButton && m.Default != nil {
			c.Focus(m.Default)
		}
	}
}

// Close takes the dialog away and gives the focus back.
func (m *Modal) Close() {
	if !m.shown {
		return
	}
	m.shown = false
	if m.scope != nil {
		m.scope.Close()
	}
	m.canvas.Overlays().Remove(m)
	if m.before != nil && m.canvas.Focused() == m.before {
		m.before.FocusGained()
	}
	if m.OnClosed != nil {
		m.OnClosed()
	}
}

// IsOpen tells whether the dialog is on the screen.
func (m *Modal) IsOpen() bool { return m.shown }

// MouseDown remembers the focus, which a click beside the fields takes away.
func (m *Modal) MouseDown(*desktop.MouseEvent) {
	if f := m.canvas.Focused(); f != nil {
		m.last = f
	}
}

// MouseUp is Fyne's.
func (m *Modal) MouseUp(*desktop.MouseEvent) {}

// Tapped gives the focus back after a click beside the fields.
func (m *Modal) Tapped(*fyne.PointEvent) {
	if m.shown && m.last != nil && m.canvas.Focused() == nil {
		m.canvas.Focus(m.last)
	}
}

// CreateRenderer is Fyne's.
func (m *Modal) CreateRenderer() fyne.WidgetRenderer {
	r := &modalRenderer{m: m, dim: canvas.NewRectangle(nil), card: canvas.NewRectangle(nil), title: canvas.NewText("", nil), line: canvas.NewRectangle(nil)}
	r.update()
	return r
}

type modalRenderer struct {
	m         *Modal
	dim, card *canvas.Rectangle
	line      *canvas.Rectangle
	title     *canvas.Text
}

const modalPad = 20

func (r *modalRenderer) Destroy() {}
func (r *modalRenderer) Objects() []fyne.CanvasObject {
	out := []fyne.CanvasObject{r.dim, r.card, r.title, r.line}
	if r.m.Content != nil {
		out = append(out, r.m.Content)
	}
	for _, b := range r.m.Buttons {
		out = append(out, b)
	}
	return out
}

func (r *modalRenderer) MinSize() fyne.Size { return fyne.NewSize(100, 100) }

func (r *modalRenderer) update() {
	r.dim.FillColor = theme.Dim()
	r.card.FillColor = theme.Get(ft.ColorNameOverlayBackground)
	r.card.StrokeColor, r.card.StrokeWidth, r.card.CornerRadius = theme.Separator(), 1, 8
	r.line.FillColor = theme.Separator()
	r.title.Text, r.title.Color = r.m.Title, theme.Foreground()
	r.title.TextSize, r.title.TextStyle.Bold = ft.TextSubHeadingSize(), true
}

func (r *modalRenderer) Layout(s fyne.Size) {
	m := r.m
	r.dim.Resize(s)
	title := r.title.MinSize()
	var content fyne.Size
	if m.Content != nil {
		content = m.Content.MinSize()
	}
	foot := float32(0)
	bw := float32(0)
	for _, b := range m.Buttons {
		bm := b.MinSize()
		bw += max(bm.Width, theme.Px(84)) + 8
		foot = max(foot, bm.Height)
	}
	w := m.MinWidth
	if w == 0 {
		w = 400
	}
	w = max(theme.Px(w), content.Width+2*modalPad, title.Width+2*modalPad, bw+2*modalPad)
	w = min(w, s.Width-24)
	head := title.Height + 16 + 12
	if m.Title == "" {
		head = modalPad
	}
	fh := float32(modalPad)
	if foot > 0 {
		fh = foot + 2*14
	}
	h := min(head+content.Height+modalPad+fh, s.Height-24)
	x, y := float32(int((s.Width-w)/2)), float32(int((s.Height-h)*0.42))
	r.card.Resize(fyne.NewSize(w, h))
	r.card.Move(fyne.NewPos(x, y))
	r.title.Resize(title)
	r.title.Move(fyne.NewPos(x+modalPad, y+16))
	if m.Content != nil {
		m.Content.Resize(fyne.NewSize(w-2*modalPad, h-head-fh-modalPad+12))
		m.Content.Move(fyne.NewPos(x+modalPad, y+head))
	}
	r.line.Hidden = foot == 0
	r.line.Resize(fyne.NewSize(w-2, 1))
	r.line.Move(fyne.NewPos(x+1, y+h-fh))
	bx := x + w - modalPad
	for i := len(m.Buttons) - 1; i >= 0; i-- {
		b := m.Buttons[i]
		bm := b.MinSize()
		bm.Width = max(bm.Width, theme.Px(84))
		bx -= bm.Width
		b.Resize(bm)
		b.Move(fyne.NewPos(bx, y+h-fh+(fh-bm.Height)/2))
		bx -= 8
	}
}

func (r *modalRenderer) Refresh() {
	r.update()
	r.Layout(r.m.Size())
	canvas.Refresh(r.m)
}

// Alert says something that must be read; Enter and Esc close it.
func Alert(c fyne.Canvas, title, words string, done func()) *Modal {
	m := NewModal(title, NewWords(words, 420))
	b := m.DefaultButton(text.T("ui.button.ok"), m.Close)
	m.Cancel = b
	m.OnClosed = done
	m.Open(c)
	return m
}

// Fault shows a fault's words.
func Fault(c fyne.Canvas, title string, err error, done func()) *Modal {
	return Alert(c, title, text.Fault(err), done)
}

// Question is what Ask puts.
type Question struct {
	Title, Words string
	Yes, No      string // "" takes OK and Cancel
	// Danger makes Yes red and No the default, for what cannot be undone.
	Danger bool
}

// Ask wants a yes or no; Esc is no.
func Ask(c fyne.Canvas, q Question, answer func(yes bool)) *Modal {
	if q.Yes == "" {
		q.Yes = text.T("ui.button.ok")
	}
	if q.No == "" {
		q.No = text.T("ui.button.cancel")
	}
	m := NewModal(q.Title, NewWords(q.Words, 420))
	yes := m.Button(q.Yes, func() { m.Close(); answer(true) })
	no := m.CancelButton(q.No, func() { answer(false) })
	m.Buttons = []*Button{no, yes}
	if q.Danger {
		yes.WithLook(Danger)
		m.Default = no
	} else {
		yes.WithLook(Primary)
		m.Default = yes
	}
	m.Open(c)
	return m
}
