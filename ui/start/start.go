// Package start is what is seen before anybody is signed in: the first screen,
// the wizards for a new shop and for a restored one, signing in and the way
// back in with the recovery code.
//
// What belongs here: those scenes and the frame they share. What does not: the
// window that shows them, and everything behind the sign-in.
package start

import (
	"context"
	"image/color"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	ft "fyne.io/fyne/v2/theme"

	"tiezhang/app"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/keys"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// Scene is one full window of this package.
type Scene interface {
	Content() fyne.CanvasObject
	Keys() *keys.Scope
	// Enter puts the focus where typing begins.
	Enter()
	// Close lets go of background work.
	Close()
}

// Recent is a shop that was open here before.
type Recent struct{ Folder, Name, User string }

// Deps is what the scenes need of the shell.
type Deps struct {
	*page.Env // without a session
	// Entered takes over when somebody is in.
	Entered func(*app.Session)
	// Closing is told that the open shop is about to be closed: pages of it are
	// no use any more.
	Closing func()
	// Show brings a scene to the front. make is kept, so that the scene can be
	// made again in another language.
	Show func(make func() Scene)
	// Documents is the folder in which new shops are proposed.
	Documents string
	Recent    func() []Recent
	Forget    func(folder string)
	// DemoDir is where the sample shop goes; "" offers none.
	DemoDir string
	Version string
}

// base is what every scene has: life, keys, a place for the error line.
type base struct {
	d     *Deps
	owner *bg.Owner
	scope *keys.Scope
	root  *fyne.Container
	first fyne.Focusable
	wrong *control.Words
	busy  *control.Words
	bar   *control.Bar
}

func newBase(d *Deps) base {
	b := base{d: d, owner: d.Runner.Owner(), scope: d.Router.NewPage(), root: container.NewStack()}
	b.wrong = control.NewWords("", cardWidth-60)
	b.wrong.Color = theme.NameNegative
	b.wrong.Hide()
	b.busy = control.NewWords("", cardWidth-60)
	b.busy.Color = theme.NameMuted
	b.busy.Hide()
	b.bar = control.NewBar()
	b.bar.Hide()
	b.owner.OnProgress = func(p bg.Progress) {
		if p.Note != "" {
			b.busy.SetText(p.Note)
		}
		if p.Total > 0 {
			b.bar.Show()
			b.bar.Set(p)
		}
	}
	return b
}

func (b *base) Content() fyne.CanvasObject { return b.root }
func (b *base) Keys() *keys.Scope          { return b.scope }
func (b *base) Close()                     { b.owner.Close(); b.scope.Close() }
func (b *base) Enter()                     { b.focus(b.first) }

// focus goes to a field and selects what is in it: what was refused is typed
// over.
func (b *base) focus(f fyne.Focusable) {
	if f == nil {
		return
	}
	c := b.d.Window.Canvas()
	if e, ok := f.(*control.Entry); ok && c.Focused() == f {
		e.SelectAll()
	}
	c.Focus(f)
}

// fail shows an error under the fields; nil takes it away.
func (b *base) fail(err error) {
	if err == nil {
		b.wrong.Hide()
	} else {
		b.wrong.SetText(text.Fault(err))
		b.wrong.Show()
	}
	b.root.Refresh()
}

// working shows what is being done; "" when it is over.
func (b *base) working(words string) {
	if words == "" {
		b.busy.Hide()
		b.bar.Hide()
		b.bar.Set(bg.Progress{})
	} else {
		b.busy.SetText(words)
		b.busy.Show()
	}
	b.root.Refresh()
}

// progress passes what app tells of long work on to the bar.
func progress(ctx context.Context) app.Progress {
	return func(stage string, done, total int64) {
		note := ""
		if text.Has(stage) {
			note = text.T(stage)
		}
		bg.Report(ctx, done, total, note)
	}
}

const cardWidth = 620 // of the card, in pixels at standard size

// card is the frame of every scene: a sheet in the middle of the window.
func card(o fyne.CanvasObject) fyne.CanvasObject {
	inner := container.New(layout.NewCustomPaddedLayout(8, 8, 16, 16), o)
	return container.NewCenter(container.New(&widthLayout{cardWidth}, control.NewCard("", inner)))
}

// widthLayout gives its one object a width.
type widthLayout struct{ width float32 }

func (l *widthLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(max(theme.Px(l.width), o[0].MinSize().Width), o[0].MinSize().Height)
}
func (l *widthLayout) Layout(o []fyne.CanvasObject, s fyne.Size) { o[0].Resize(s) }

func heading(s string) *control.Words {
	w := control.NewWords(s, cardWidth-60)
	w.TextSize, w.Bold = ft.SizeNameHeadingText, true
	return w
}

func words(s string) *control.Words { return control.NewWords(s, cardWidth-60) }

func muted(s string) *control.Words {
	w := words(s)
	w.Color = theme.NameMuted
	return w
}

// field puts a label over an entry and a hint below it.
func field(label string, o fyne.CanvasObject, hint string) fyne.CanvasObject {
	l := control.NewWords(label, cardWidth-60)
	box := container.New(layout.NewCustomPaddedVBoxLayout(3), l, o)
	if hint != "" {
		h := muted(hint)
		h.TextSize = ft.SizeNameCaptionText
		box.Add(h)
	}
	return box
}

// gap is empty room.
func gap(px float32) fyne.CanvasObject {
	r := canvas.NewRectangle(color.Transparent)
	r.SetMinSize(fyne.NewSize(1, px))
	return r
}

// row puts buttons at the right edge, the last one rightmost.
func row(left fyne.CanvasObject, right ...fyne.CanvasObject) fyne.CanvasObject {
	box := container.NewHBox()
	if left != nil {
		box.Add(left)
	}
	box.Add(layout.NewSpacer())
	for _, o := range right {
		box.Add(o)
	}
	return box
}

// Documents is the folder where people keep their files.
func Documents() string {
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	if d := filepath.Join(home, "Documents"); isDir(d) {
		return d
	}
	return home
}

func isDir(p string) bool {
	i, err := os.Stat(p)
	return err == nil && i.IsDir()
}

// folderName makes a shop's name fit for a folder on any system.
func folderName(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`<>:"/\|?*`, r) {
			return '-'
		}
		return r
	}, strings.TrimSpace(s))
	s = strings.TrimRight(s, ". ")
	if rs := []rune(s); len(rs) > 40 {
		s = strings.TrimSpace(string(rs[:40]))
	}
	return s
}
