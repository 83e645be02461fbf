package control

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	ft "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tiezhang/ui/bg"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// Level is how serious a notice is; it is told by words and icon too, never
// by colour alone.
type Level uint8

const (
	Info Level = iota
	Good
	Warn
	Bad
)

func (l Level) colors() (back, fore fyne.ThemeColorName, icon string) {
	switch l {
	case Good:
		return theme.NameGoodTint, theme.NamePositive, "check"
	case Warn:
		return theme.NameWarnTint, theme.NameWarning, "warning"
	case Bad:
		return theme.NameErrorTint, theme.NameNegative, "warning"
	}
	return theme.NameInfoTint, theme.NameInfo, "info"
}

// NewBanner is a line across a page that stays until its reason goes, with a
// button if action is given.
func NewBanner(level Level, words string, button string, action func()) fyne.CanvasObject {
	back, fore, icon := level.colors()
	s := newSurface()
	s.fill, s.edge = back, ""
	img := canvas.NewImageFromResource(theme.IconIn(icon, fore))
	img.FillMode = canvas.ImageFillContain
	img.SetMinSize(fyne.NewSquareSize(ft.IconInlineSize()))
	l := newLine(words, ft.ColorNameForeground)
	row := container.NewHBox(img, l)
	if button != "" {
		row = container.NewHBox(img, l, layout.NewSpacer(), NewButton(button, action))
	}
	return container.NewStack(s, container.New(layout.NewCustomPaddedLayout(4, 4, 10, 8), row))
}

// line is a single line of text in a named colour that follows the look.
type line struct {
	widget.BaseWidget
	words string
	color fyne.ThemeColorName
}

func newLine(s string, c fyne.ThemeColorName) *line {
	l := &line{words: s, color: c}
	l.ExtendBaseWidget(l)
	return l
}

func (l *line) CreateRenderer() fyne.WidgetRenderer {
	r := &lineRenderer{l: l, t: canvas.NewText("", nil)}
	r.update()
	return r
}

type lineRenderer struct {
	l *line
	t *canvas.Text
}

func (r *lineRenderer) Destroy()                     {}
func (r *lineRenderer) MinSize() fyne.Size           { return r.t.MinSize() }
func (r *lineRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.t} }
func (r *lineRenderer) Layout(s fyne.Size) {
	m := r.t.MinSize()
	r.t.Resize(m)
	r.t.Move(fyne.NewPos(0, (s.Height-m.Height)/2))
}
func (r *lineRenderer) update() {
	r.t.Text, r.t.Color, r.t.TextSize = r.l.words, theme.Get(r.l.color), ft.TextSize()
}
func (r *lineRenderer) Refresh() { r.update(); canvas.Refresh(r.l) }

// Toasts is a layer the shell puts over its content: short notices at the
// bottom that go by themselves.
type Toasts struct {
	runner *bg.Runner
	box    *fyne.Container
	// Object is what the shell stacks on top of its content.
	Object fyne.CanvasObject
}

// ToastTime is how long a toast stays.
const ToastTime = 4 * time.Second

// NewToasts makes an empty layer.
func NewToasts(r *bg.Runner) *Toasts {
	t := &Toasts{runner: r, box: container.NewVBox()}
	t.Object = container.NewBorder(nil, container.New(layout.NewCustomPaddedLayout(0, 36, 0, 0), container.NewHBox(layout.NewSpacer(), t.box, layout.NewSpacer())), nil, nil)
	return t
}

// Show puts a notice up for ToastTime, at most three at once.
func (t *Toasts) Show(level Level, words string) {
	b := NewBanner(level, words, "", nil)
	if n := len(t.box.Objects); n >= 3 {
		t.box.Remove(t.box.Objects[0])
	}
	t.box.Add(b)
	t.runner.Later(ToastTime, func() { t.box.Remove(b) })
}

// ShowFault puts a fault's words up.
func (t *Toasts) ShowFault(err error) { t.Show(Bad, text.Fault(err)) }

// Count is how many notices are up.
func (t *Toasts) Count() int { return len(t.box.Objects) }

// NewEmptyState is one sentence and one button in the middle of a page.
func NewEmptyState(icon, words, button string, action func()) fyne.CanvasObject {
	box := container.NewVBox()
	if icon != "" {
		img := canvas.NewImageFromResource(theme.IconIn(icon, theme.NameMuted))
		img.FillMode = canvas.ImageFillContain
		img.SetMinSize(fyne.NewSquareSize(theme.Px(48)))
		box.Add(img)
	}
	w := NewWords(words, 360)
	w.Center, w.Color = true, theme.NameMuted
	box.Add(w)
	if button != "" {
		box.Add(container.New(layout.NewCustomPaddedLayout(8, 0, 0, 0), container.NewCenter(NewPrimary(button, action))))
	}
	return container.NewCenter(box)
}
