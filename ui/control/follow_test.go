package control

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tiezhang/ui/uitest"
)

func TestTabNeverLeadsOutOfSight(t *testing.T) {
	uitest.App(t)
	box := container.NewVBox()
	var all []*Entry
	for range 60 {
		e := NewEntry()
		all = append(all, e)
		box.Add(e)
	}
	last := NewButton("ok", nil)
	box.Add(last)
	scroll := container.NewVScroll(box)
	w := uitest.Show(t, container.NewBorder(NewHeading("x"), nil, nil, nil, scroll), uitest.Size(600, 400))
	seen := func(o fyne.CanvasObject) bool {
		d := fyne.CurrentApp().Driver()
		y := d.AbsolutePositionForObject(o).Y - d.AbsolutePositionForObject(scroll).Y
		return y >= 0 && y+o.Size().Height <= scroll.Size().Height
	}
	w.Focus(all[0])
	for i := 1; i < len(all); i++ {
		w.Key(fyne.KeyTab)
		if w.Focused() != all[i] || !seen(all[i]) {
			t.Fatalf("field %d is out of sight at offset %v", i, scroll.Offset)
		}
	}
	w.Key(fyne.KeyTab)
	if w.Focused() != last || !seen(last) {
		t.Error("the button below is out of sight")
	}
	w.Focus(all[0])
	if !seen(all[0]) {
		t.Error("back at the top")
	}
}
