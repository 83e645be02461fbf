package formview

import (
	"fyne.io/fyne/v2"

	"tiezhang/ui/control"
	"tiezhang/ui/text"
)

func (f *Form) edit(key string) *edit { return f.field(key) }

// Has, Value, Set, Choose, Wrong and Focus reach a field as a person does.
func (f *Form) Has(key string) bool { return f.edit(key) != nil }

func (f *Form) Value(key string) string { return f.edit(key).object.(*control.Entry).Text }

func (f *Form) Set(key, s string) { f.edit(key).object.(*control.Entry).SetText(s) }

func (f *Form) Choose(key, v string) {
	c := f.edit(key).object.(*control.Choice)
	c.SetValue(v)
	c.OnChanged(v)
}

// Tick presses the tick of a list that has these words.
func (f *Form) Tick(key, words string) {
	for _, o := range f.edit(key).object.(*fyne.Container).Objects {
		if c := o.(*control.Check); c.Label == words {
			c.Tapped(nil)
		}
	}
}

func (f *Form) Focus(key string) fyne.Focusable { return f.edit(key).focus }

func (f *Form) Wrong(key string) string {
	if w := f.edit(key).wrong; w.Visible() {
		return w.Text
	}
	return ""
}

// SetPassword types both passwords.
func (f *Form) SetPassword(first, again string) {
	box := f.edit("password").object.(*fyne.Container)
	box.Objects[0].(*control.Entry).SetText(first)
	box.Objects[1].(*control.Entry).SetText(again)
}

// SetTable replaces the rows of a table by pressing its buttons.
func (f *Form) SetTable(key string, rows [][]string) {
	box := f.edit(key).object.(*fyne.Container)
	for press(box, "", "delete") {
	}
	for _, r := range rows {
		press(box, "add", "")
		line := box.Objects[len(box.Objects)-2].(*fyne.Container)
		for i, s := range r {
			line.Objects[i].(*control.Entry).SetText(s)
		}
	}
}

// press runs the first button of a table's: the last one adds, those in lines delete.
func press(box *fyne.Container, what, _ string) bool {
	if what == "add" {
		box.Objects[len(box.Objects)-1].(*fyne.Container).Objects[0].(*control.Button).Run()
		return true
	}
	for _, o := range box.Objects {
		line, ok := o.(*fyne.Container)
		if !ok || len(line.Objects) < 2 {
			continue
		}
		if b, ok := line.Objects[len(line.Objects)-1].(*control.Button); ok {
			b.Run()
			return true
		}
	}
	return false
}

// Press runs the button with these words.
func (f *Form) Press(label string) {
	var walk func(o fyne.CanvasObject) bool
	walk = func(o fyne.CanvasObject) bool {
		switch x := o.(type) {
		case *control.Button:
			if x.Label == label {
				x.Run()
				return true
			}
		case *fyne.Container:
			for _, c := range x.Objects {
				if walk(c) {
					return true
				}
			}
		}
		return false
	}
	for _, e := range f.edits {
		if walk(e.object) {
			return
		}
	}
	panic("no button " + label)
}

// Toggle presses disable or enable.
func (f *Form) Toggle() { f.toggle() }

// Turn shows a side of the form: 0 the fields, 1 where it is used, 2 its history.
func (f *Form) Turn(i int) { f.turn(i) }

// Said is what the form shows unmasked; "" when nothing is.
func (f *Form) Said() string {
	for _, e := range f.edits {
		if e.field.unmask != nil && e.hint.Text != text.T(e.field.hint) {
			return e.hint.Text
		}
	}
	return ""
}

// Unmask presses the button beside a field.
func (f *Form) Unmask(key string) {
	e := f.edit(key)
	if e.field.unmask == nil {
		panic("no button at " + key)
	}
	f.unmaskButton(e).Run()
}
