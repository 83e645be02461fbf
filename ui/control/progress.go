package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"tiezhang/ui/bg"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// Bar shows how far work has come; without a total it shows only the words.
type Bar struct {
	widget.BaseWidget
	p bg.Progress
}

// NewBar makes an empty bar.
func NewBar() *Bar {
	b := &Bar{}
	b.ExtendBaseWidget(b)
	return b
}

// Set shows a progress; it fits bg.Owner.OnProgress.
func (b *Bar) Set(p bg.Progress) { b.p = p; b.Refresh() }

func (b *Bar) share() float32 {
	if b.p.Total <= 0 {
		return 0
	}
	return float32(min(max(float64(b.p.Done)/float64(b.p.Total), 0), 1))
}

// CreateRenderer is Fyne's.
func (b *Bar) CreateRenderer() fyne.WidgetRenderer {
	r := &barRenderer{b: b, track: canvas.NewRectangle(nil), fill: canvas.NewRectangle(nil)}
	r.update()
	return r
}

type barRenderer struct {
	b           *Bar
	track, fill *canvas.Rectangle
}

func (r *barRenderer) Destroy()                     {}
func (r *barRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.track, r.fill} }
func (r *barRenderer) MinSize() fyne.Size           { return fyne.NewSize(120, 8) }
func (r *barRenderer) Layout(s fyne.Size) {
	y := (s.Height - 8) / 2
	r.track.Resize(fyne.NewSize(s.Width, 8))
	r.track.Move(fyne.NewPos(0, y))
	r.fill.Resize(fyne.NewSize(s.Width*r.b.share(), 8))
	r.fill.Move(fyne.NewPos(0, y))
}
func (r *barRenderer) update() {
	r.track.FillColor, r.track.CornerRadius = theme.Separator(), 4
	r.fill.FillColor, r.fill.CornerRadius = theme.Accent(), 4
}
func (r *barRenderer) Refresh() {
	r.update()
	r.Layout(r.b.Size())
	canvas.Refresh(r.b)
}

// ProgressModal is a dialog over work that must not be disturbed.
type ProgressModal struct {
	*Modal
	bar   *Bar
	words *Words
}

// ShowProgress opens it; stop, if given, is offered as a button and on Esc.
// Close it when the work is over.
func ShowProgress(c fyne.Canvas, title string, stop func()) *ProgressModal {
	p := &ProgressModal{bar: NewBar(), words: NewWords(text.T("ui.progress.wait"), 420)}
	p.Modal = NewModal(title, container.NewVBox(p.words, p.bar))
	if stop != nil {
		b := p.Button(text.T("ui.button.stop"), stop)
		p.Cancel = b
	}
	p.Open(c)
	return p
}

// Set shows how far the work is; it fits bg.Owner.OnProgress.
func (p *ProgressModal) Set(v bg.Progress) {
	s := v.Note
	if v.Total > 0 {
		if s != "" {
			s += "  "
		}
		s += text.T("ui.progress.of", "done", v.Done, "total", v.Total)
	}
	if s != "" {
		p.words.SetText(s)
	}
	p.bar.Set(v)
}
