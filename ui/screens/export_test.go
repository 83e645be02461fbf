package screens

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"tiezhang/app"
	"tiezhang/ui/control"
	"tiezhang/ui/page"
	"tiezhang/ui/uitest"
)

// find walks what is drawn to the button with these words.
func find(o fyne.CanvasObject, label string) *control.Button {
	switch x := o.(type) {
	case *control.Button:
		if x.Label == label {
			return x
		}
	case *fyne.Container:
		for _, c := range x.Objects {
			if b := find(c, label); b != nil {
				return b
			}
		}
	case fyne.Widget:
		if s, ok := inner(x); ok {
			return find(s, label)
		}
	}
	return nil
}

// HasButton tells whether a page offers a button.
func HasButton(p page.Page, label string) bool { return find(p.Content(), label) != nil }

// Press runs a button of a page.
func Press(p page.Page, label string) {
	b := find(p.Content(), label)
	if b == nil {
		panic("no button " + label)
	}
	b.Run()
}

// Points counts the restore points shown; Place is the folder in front.
func Points(p page.Page) int   { return len(p.(*backups).points) }
func Place(p page.Page) string { return p.(*backups).chosen }

// Verdict is what the self-check found.
func Verdict(p page.Page) *app.Verdict { return p.(*check).verdict }

// PeopleRows gives the words of the page of people, a row a person.
func PeopleRows(p page.Page) [][]string {
	var out [][]string
	for _, u := range p.(*people).rows {
		var words []string
		for _, c := range p.(*people).cells(u) {
			words = append(words, c.Text)
		}
		out = append(out, words)
	}
	return out
}

// PersonAt is whom the cursor is on.
func PersonAt(p page.Page) string {
	u, _ := p.(*people).at()
	return u.Name
}

// Says tells whether words are somewhere in the dialog in front.
func Says(w *uitest.Window, words string) bool {
	var look func(o fyne.CanvasObject) bool
	look = func(o fyne.CanvasObject) bool {
		switch x := o.(type) {
		case *control.Words:
			return strings.Contains(x.Text, words)
		case *control.Modal:
			return look(x.Content)
		case *fyne.Container:
			return slices.ContainsFunc(x.Objects, look)
		}
		return false
	}
	top := w.Canvas().Overlays().Top()
	return top != nil && look(top)
}

// Holds tells whether what has the focus is drawn on a page.
func Holds(p page.Page, f fyne.Focusable) bool { return f != nil && holds(p.Content(), f) }
