package start

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"tiezhang/app/fault"
	"tiezhang/ui/control"
	"tiezhang/ui/text"
)

// whose asks which owner the recovery code is for, where a shop has several: the
// others keep their passwords.
type whose struct {
	choice *control.Choice
	row    fyne.CanvasObject
	names  []string
}

func newWhose() *whose {
	w := &whose{choice: control.NewChoice(nil, nil)}
	w.row = field(text.T("start.recover.who"), w.choice, text.T("start.recover.who.hint"))
	w.row.Hide()
	return w
}

// over puts the question above the fields of the password.
func (w *whose) over(o fyne.CanvasObject) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedVBoxLayout(10), w.row, o)
}

// offer names the owners the code may let in.
func (w *whose) offer(names []string) {
	w.names = names
	os := make([]control.Option, len(names))
	for i, n := range names {
		os[i] = control.Option{Value: n, Text: n, Search: Initials(n)}
	}
	w.choice.SetOptions(os)
	w.choice.SetValue("")
	if len(names) == 1 {
		w.choice.SetValue(names[0])
	}
	if len(names) > 1 {
		w.row.Show()
	} else {
		w.row.Hide()
	}
}

// chosen gives the owner, or says that one must be named.
func (w *whose) chosen() (string, error) {
	if len(w.names) > 1 && w.choice.Value() == "" {
		return "", fault.Bad("start.recover", "start.recover.who.missing")
	}
	return w.choice.Value(), nil
}
