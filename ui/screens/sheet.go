// Package screens holds the screens that are one of a kind: import of old data,
// backups, the security centre, settings.
//
// What belongs here: those pages. What does not: lists, forms and documents,
// which are generic (listview, formview, docview), and every use case.
package screens

import (
	"bytes"
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	ft "fyne.io/fyne/v2/theme"

	"tiezhang/app"
	"tiezhang/app/printing"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/keys"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// sheetPage is what the pages of this package have in common: a row of buttons
// over a body that scrolls.
type sheetPage struct {
	env   *page.Env
	route page.Route
	title string
	owner *bg.Owner
	scope *keys.Scope
	root  *fyne.Container
	first fyne.Focusable
	late  bool // entered before there was anything to focus
}

func newSheet(env *page.Env, r page.Route, titleKey string) sheetPage {
	s := sheetPage{env: env, route: r, title: text.T(titleKey), owner: env.Runner.Owner(), scope: env.Router.NewPage(), root: container.NewStack()}
	return s
}

// Route is part of page.Page, as are the methods that follow.
func (s *sheetPage) Route() page.Route { return s.route }

// Title is the page's name.
func (s *sheetPage) Title() string { return s.title }

// Content is what is drawn.
func (s *sheetPage) Content() fyne.CanvasObject { return s.root }

// Keys is the page's scope.
func (s *sheetPage) Keys() *keys.Scope { return s.scope }

// Enter puts the focus where work begins.
func (s *sheetPage) Enter() {
	if s.late = s.first == nil; !s.late {
		s.env.Window.Canvas().Focus(s.first)
	}
}

// redraw draws a page whose contents were read: the focus that was on it stays
// on it, and one that came too early is put now. A page behind another takes
// nothing away from that one.
func (s *sheetPage) redraw(draw func()) {
	f := s.env.Window.Canvas().Focused()
	had := f != nil && holds(s.root, f)
	draw()
	if had && s.first == nil { // what had the focus is gone: keys must not go there
		s.env.Window.Canvas().Unfocus()
	}
	if had || s.late {
		s.Enter()
	}
}

// saveReport asks where a report goes as a PDF, writes it there and shows it.
func (s *sheetPage) saveReport(title, name string, r printing.Report) {
	s.env.SaveFile(title, name+".pdf", func(path string) {
		bg.Run(s.owner, func(context.Context) (struct{}, error) {
			var b bytes.Buffer
			if err := printing.ReportPDF(&b, r, text.T); err != nil {
				return struct{}{}, err
			}
			return struct{}{}, writeFile(path, b.Bytes())
		}, func(_ struct{}, err error) {
			if err != nil {
				s.env.Fail(err)
				return
			}
			s.env.Toast(text.T("screens.saved", "path", path))
			s.env.OpenFile(path)
		})
	})
}

// holds tells whether something focused is on a page.
func holds(o fyne.CanvasObject, f fyne.Focusable) bool {
	switch x := o.(type) {
	case *fyne.Container:
		for _, c := range x.Objects {
			if holds(c, f) {
				return true
			}
		}
	case *container.Scroll:
		return holds(x.Content, f)
	case fyne.Focusable:
		return x == f
	}
	return false
}

// Reload shows nothing that changes by itself.
func (s *sheetPage) Reload(string) {}

// Leave never minds.
func (s *sheetPage) Leave(proceed func()) { proceed() }

// Close lets go of background work.
func (s *sheetPage) Close() {
	s.owner.Close()
	s.scope.Close()
}

// fill draws the page: head stays, body scrolls.
func (s *sheetPage) fill(head, body fyne.CanvasObject) {
	s.root.Objects = []fyne.CanvasObject{container.NewBorder(container.New(layout.NewCustomPaddedLayout(8, 6, 10, 10), head), nil, nil, nil,
		container.NewVScroll(container.New(layout.NewCustomPaddedLayout(0, 12, 10, 14), body)))}
	s.root.Refresh()
}

// fillWhole draws a page whose body uses all the room (a grid).
func (s *sheetPage) fillWhole(head, body fyne.CanvasObject) {
	s.root.Objects = []fyne.CanvasObject{container.NewBorder(container.New(layout.NewCustomPaddedLayout(8, 6, 10, 10), head), nil, nil, nil, body)}
	s.root.Refresh()
}

// long runs work behind a progress dialog that can stop it. The work brings
// stages of package app to the dialog.
func long[R any](s *sheetPage, title string, work func(ctx context.Context, p app.Progress) (R, error), done func(R, error)) {
	var task *bg.Task
	wait := control.ShowProgress(s.env.Window.Canvas(), title, func() { task.Cancel() })
	s.owner.OnProgress = wait.Set
	task = bg.Run(s.owner, func(ctx context.Context) (R, error) {
		return work(ctx, func(stage string, n, total int64) { bg.Report(ctx, n, total, text.T(stage)) })
	}, func(r R, err error) {
		s.owner.OnProgress = nil
		wait.Close()
		done(r, err)
	})
}

// muted is a paragraph of explanation.
func muted(words string, width float32) *control.Words {
	w := control.NewWords(words, width)
	w.Color = theme.NameMuted
	return w
}

// labelled puts a label left of a control.
func labelled(key string, o fyne.CanvasObject) fyne.CanvasObject {
	l := container.NewVBox(container.New(layout.NewCustomPaddedLayout(6, 0, 0, 6), muted(text.T(key), 110)))
	return container.NewBorder(nil, nil, l, nil, o)
}

func vbox(os ...fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedVBoxLayout(8), os...)
}

// two puts two stacks of cards side by side where there is room, else one
// under the other.
func (s *sheetPage) two(left, right fyne.CanvasObject) fyne.CanvasObject {
	if left.MinSize().Width+right.MinSize().Width+theme.Px(150) > s.env.Window.Canvas().Size().Width {
		return container.New(layout.NewCustomPaddedVBoxLayout(10), left, right)
	}
	return container.New(columns{}, left, right)
}

// columns gives two things half the width each, and each its own height.
type columns struct{}

func (columns) MinSize(os []fyne.CanvasObject) fyne.Size {
	a, b := os[0].MinSize(), os[1].MinSize()
	return fyne.NewSize(a.Width+b.Width+10, max(a.Height, b.Height))
}

func (columns) Layout(os []fyne.CanvasObject, z fyne.Size) {
	a, b := os[0].MinSize(), os[1].MinSize()
	w := min((z.Width-10)/2, theme.Px(620))
	wa := max(w, a.Width)
	os[0].Resize(fyne.NewSize(wa, a.Height))
	os[0].Move(fyne.NewPos(0, 0))
	os[1].Resize(fyne.NewSize(max(b.Width, min(w, z.Width-10-wa)), b.Height))
	os[1].Move(fyne.NewPos(wa+10, 0))
}

// figures is a row of figures under their names, all as wide as the widest
// needs.
func figures(pairs ...[3]string) fyne.CanvasObject {
	w, h := theme.Px(118), theme.Px(64)
	for _, p := range pairs {
		w = max(w, fyne.MeasureText(p[1], ft.TextHeadingSize(), fyne.TextStyle{Bold: true}).Width+36)
	}
	box := container.New(layout.NewGridWrapLayout(fyne.NewSize(w, h)))
	for _, p := range pairs {
		t := control.NewTile(p[0], p[1], "", nil)
		t.ValueColor = fyne.ThemeColorName(p[2])
		box.Add(t)
	}
	return box
}

// reading opens a dialog over a long text and lets the keys move through it.
func reading(m *control.Modal, scroll *container.Scroll, c fyne.Canvas) {
	m.Open(c)
	by := func(part float32) func() {
		return func() {
			scroll.ScrollToOffset(fyne.NewPos(0, max(0, min(scroll.Offset.Y+part*scroll.Size().Height, scroll.Content.Size().Height-scroll.Size().Height))))
		}
	}
	if s := m.Scope(); s != nil {
		s.On("PageDown", "", "", by(0.9))
		s.On("PageUp", "", "", by(-0.9))
		s.On("Down", "", "", by(0.1))
		s.On("Up", "", "", by(-0.1))
	}
}
