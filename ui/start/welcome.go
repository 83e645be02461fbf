package start

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"tiezhang/app"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/keys"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// welcome is the first screen: new shop, open, restore, sample shop, and the
// shops that were open here before.
type welcome struct {
	base
}

// NewWelcome makes it.
func NewWelcome(d *Deps) Scene {
	w := &welcome{base: newBase(d)}
	newOne := w.choice("start.new", "start.new.about", "N", "plus", control.Primary, func() { d.Show(func() Scene { return NewShop(d) }) })
	open := w.choice("start.open", "start.open.about", "O", "data", control.Plain, w.open)
	back := w.choice("start.restore", "start.restore.about-choice", "R", "backup", control.Plain, func() { d.Show(func() Scene { return NewRestore(d) }) })
	w.first = newOne.button

	icon := canvas.NewImageFromResource(theme.AppIcon())
	icon.FillMode = canvas.ImageFillContain
	icon.SetMinSize(fyne.NewSquareSize(theme.Px(56)))
	head := container.NewHBox(icon, gap(1), container.NewVBox(heading(text.T("start.welcome")), muted(text.T("start.welcome.about"))))
	box := container.New(layout.NewCustomPaddedVBoxLayout(10), head, gap(4), newOne.row, open.row, back.row)
	if d.DemoDir != "" {
		box.Add(w.choice("start.demo", "start.demo.about", "D", "reports", control.Plain, w.demo).row)
	}
	if recent := d.Recent(); len(recent) > 0 {
		box.Add(gap(2))
		box.Add(muted(text.T("start.recent")))
		for i, k := range recent {
			if i == 4 {
				break
			}
			b := control.NewButton(k.Name, func() { w.enter(k.Folder) }).WithLook(control.Quiet).WithIcon("home")
			where := muted(k.Folder)
			where.Width = cardWidth - 260
			box.Add(container.NewHBox(b, where))
		}
	}
	box.Add(w.wrong)
	box.Add(w.busy)
	box.Add(w.bar)
	foot := container.NewHBox(lookButtons(d)...)
	w.root.Objects = []fyne.CanvasObject{container.NewBorder(nil, container.New(layout.NewCustomPaddedLayout(4, 12, 16, 16), row(muted(d.Version), foot)), nil, nil, card(box))}
	return w
}

type choice struct {
	button *control.Button
	row    fyne.CanvasObject
}

// choice is a big button with a line that says what it does, and a letter that
// presses it.
func (w *welcome) choice(label, about, letter, icon string, look control.Look, run func()) choice {
	b := control.NewButton(text.T(label), run).WithLook(look).WithIcon(icon)
	b.Big = true
	do := keys.Chord("Ctrl+" + letter)
	w.scope.On(do, label, label, run)
	say := muted(text.T(about))
	say.Width = cardWidth - 270
	return choice{b, container.NewBorder(nil, nil, container.New(&widthLayout{190}, b), nil,
		container.New(layout.NewCustomPaddedLayout(0, 0, 10, 0), container.NewVBox(layout.NewSpacer(), say, layout.NewSpacer())))}
}

func (w *welcome) open() {
	w.d.PickFolder(text.T("start.open.folder"), w.enter)
}

// enter looks whether a folder is a shop and shows its sign-in.
func (w *welcome) enter(folder string) {
	w.fail(nil)
	bg.RunKey(w.owner, "look", func(context.Context) (app.Door, error) { return Look(w.d.Host, folder) }, func(door app.Door, err error) {
		if err != nil {
			w.fail(err)
			return
		}
		w.d.Show(func() Scene { return NewSignIn(w.d, folder, door) })
	})
}

// Look finishes a restore that was cut off and reads who may sign in.
func Look(h app.Host, folder string) (app.Door, error) {
	if _, err := app.FinishRestore(folder); err != nil {
		return app.Door{}, err
	}
	return h.Vault.Look(folder)
}

// lookButtons switch language, light and dark, and text size before anybody
// is signed in.
func lookButtons(d *Deps) []fyne.CanvasObject {
	other := text.English
	if text.Current() == text.English {
		other = text.Chinese
	}
	mode := "dark"
	if theme.IsDark() {
		mode = "light"
	}
	next := map[string]string{"standard": "large", "large": "largest", "largest": "standard"}[sizeNow()]
	return []fyne.CanvasObject{
		control.NewButton(text.T("start.language.other"), func() { d.SetLook(string(other), "", "") }).WithLook(control.Quiet),
		control.NewButton(text.T("start.theme."+mode), func() { d.SetLook("", mode, "") }).WithLook(control.Quiet),
		control.NewButton(text.T("start.size."+next), func() { d.SetLook("", "", next) }).WithLook(control.Quiet),
	}
}

func sizeNow() string {
	if t, ok := fyne.CurrentApp().Settings().Theme().(*theme.Theme); ok {
		switch t.TextSize() {
		case theme.Large:
			return "large"
		case theme.Largest:
			return "largest"
		}
	}
	return "standard"
}
