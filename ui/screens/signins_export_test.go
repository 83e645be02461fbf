package screens

import (
	"fyne.io/fyne/v2"

	"tiezhang/ui/control"
	"tiezhang/ui/page"
)

// ChoosePack chooses a set of rules as a person does.
func ChoosePack(p page.Page, pack string) {
	s := p.(*signIns)
	s.choice.SetValue(pack)
	s.choice.OnChanged(pack)
}

// PickPerson puts the cursor on a person.
func PickPerson(p page.Page, name string) {
	pp := p.(*people)
	for i, u := range pp.rows {
		if u.Name == name {
			pp.list.MoveTo(i)
		}
	}
}

// Secret is the secret an open dialog shows for typing in, "" without one.
func Secret(c fyne.Canvas) string {
	m, ok := c.Overlays().Top().(*control.Modal)
	if !ok {
		if d, is := c.Overlays().Top().(*proofDialog); is {
			m = d.Modal
		} else {
			return ""
		}
	}
	box, ok := m.Content.(*fyne.Container)
	if !ok {
		return ""
	}
	for _, o := range box.Objects {
		if w, ok := o.(*control.Words); ok && w.Bold && w.Center {
			return w.Text
		}
	}
	return ""
}
