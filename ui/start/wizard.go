package start

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	ft "fyne.io/fyne/v2/theme"

	"tiezhang/ui/control"
	"tiezhang/ui/keys"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// step is one sheet of a wizard. Its content is made once and kept, so that
// going back and on again loses nothing that was typed.
type step struct {
	title  string
	lead   string
	make   func() fyne.CanvasObject
	fields func() []*control.Entry
	// focus is where typing begins; nil takes the first field, else Next.
	focus func() fyne.Focusable
	// next checks or does the work and then calls ok.
	next func(ok func())
	// label of the next button; "" takes the usual word.
	label string
	// final steps have no way back: the shop exists already.
	final bool
	// other is a second way on ("later").
	other    string
	otherRun func()

	content fyne.CanvasObject
}

// wizard walks through steps. Enter goes to the next field and at the last
// one to the next step, Ctrl+Enter to the next step at once, Esc back.
type wizard struct {
	base
	title string
	steps []*step
	at    int
	leave func() // Esc on the first step

	back, on, aside *control.Button
	busyNow         bool
	placed          bool // the wizard is on the screen, so the focus can go into it
}

func newWizard(d *Deps, title string, leave func()) *wizard {
	w := &wizard{base: newBase(d), title: title, leave: leave}
	w.scope.On(keys.Escape, "wizard.back", "start.back", w.goBack)
	w.scope.On(keys.CtrlEnter, "wizard.next", "start.next", w.goOn)
	return w
}

// begin shows the first step.
func (w *wizard) begin(steps ...*step) { w.steps = steps; w.show(0) }

func (w *wizard) step() *step { return w.steps[w.at] }

func (w *wizard) show(i int) {
	w.at = i
	s := w.step()
	w.wrong.Hide()
	if s.content == nil {
		s.content = s.make()
		if s.fields != nil {
			w.walk(s)
		}
	}
	w.back = control.NewButton(text.T("start.back"), w.goBack).WithKey("Esc")
	label := s.label
	if label == "" {
		label = text.T("start.next")
	}
	w.on = control.NewPrimary(label, w.goOn)
	right := []fyne.CanvasObject{w.on}
	if s.other != "" {
		w.aside = control.NewButton(s.other, func() {
			if !w.busyNow {
				s.otherRun()
			}
		})
		right = []fyne.CanvasObject{w.aside, w.on}
	}
	var left fyne.CanvasObject
	if !s.final {
		left = w.back
	}
	count := control.NewWords(w.title+"    "+text.T("start.step-of", "n", i+1, "of", len(w.steps)), cardWidth-60)
	count.Color = theme.NameMuted
	count.TextSize = ft.SizeNameCaptionText
	box := container.New(layout.NewCustomPaddedVBoxLayout(6), count, heading(s.title))
	if s.lead != "" {
		box.Add(words(s.lead))
	}
	box.Add(gap(6))
	box.Add(s.content)
	box.Add(gap(4))
	box.Add(w.wrong)
	box.Add(w.busy)
	box.Add(w.bar)
	box.Add(gap(4))
	box.Add(row(left, right...))
	w.root.Objects = []fyne.CanvasObject{card(box)}
	w.root.Refresh()
	if w.placed {
		w.Enter()
	}
}

// walk makes Enter go from field to field and at the last one to the next step.
func (w *wizard) walk(s *step) {
	fields := s.fields()
	for i, f := range fields {
		own := f.OnEnter
		f.OnEnter = func() bool {
			switch {
			case own != nil && own():
			case i+1 < len(fields):
				w.focus(fields[i+1])
			default:
				w.goOn()
			}
			return true
		}
	}
}

// Enter puts the focus into the step.
func (w *wizard) Enter() {
	w.placed = true
	s := w.step()
	switch {
	case s.focus != nil:
		w.focus(s.focus())
	case s.fields != nil:
		w.focus(s.fields()[0])
	default:
		w.focus(w.on)
	}
}

func (w *wizard) goOn() {
	if w.busyNow {
		return
	}
	s := w.step()
	i := w.at
	w.fail(nil)
	if s.next == nil {
		w.show(i + 1)
		return
	}
	s.next(func() {
		if w.at == i && i+1 < len(w.steps) {
			w.show(i + 1)
		}
	})
}

func (w *wizard) goBack() {
	switch {
	case w.busyNow || w.step().final:
	case w.at == 0:
		w.leave()
	default:
		w.show(w.at - 1)
	}
}

// work tells what is being done and holds the buttons meanwhile.
func (w *wizard) work(say string) {
	w.busyNow = say != ""
	for _, b := range []*control.Button{w.back, w.on, w.aside} {
		if b == nil {
			continue
		}
		if w.busyNow {
			b.Disable()
		} else {
			b.Enable()
		}
	}
	w.working(say)
}

// stop is the end of work that failed.
func (w *wizard) stop(err error) {
	w.work("")
	w.fail(err)
}
