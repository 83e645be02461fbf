package ui

import (
	"fyne.io/fyne/v2"

	"tiezhang/ui/theme"
)

// statusItem is one thing of the status bar.
type statusItem struct {
	o     fyne.CanvasObject
	right bool // stands at the right edge
	// keep says how long it stays when there is not enough room for all: what has
	// the lowest number goes first.
	keep int
	// off: it has nothing to say now.
	off bool
}

// statusRow puts the items in one line. Rather than cutting words off, it leaves
// out what matters least: at the largest text size not everything fits on the
// screen of a shop.
type statusRow struct{ items []*statusItem }

// MinSize is Fyne's: any width will do.
func (r *statusRow) MinSize([]fyne.CanvasObject) fyne.Size {
	h := float32(0)
	for _, it := range r.items {
		h = max(h, it.o.MinSize().Height)
	}
	return fyne.NewSize(1, h)
}

// Layout is Fyne's.
func (r *statusRow) Layout(_ []fyne.CanvasObject, z fyne.Size) {
	gap := theme.Px(6)
	show := map[*statusItem]bool{}
	width := float32(0)
	for _, it := range r.items {
		if !it.off {
			show[it] = true
			width += it.o.MinSize().Width + gap
		}
	}
	for width > z.Width {
		var least *statusItem
		for it := range show {
			if least == nil || it.keep < least.keep {
				least = it
			}
		}
		if len(show) == 1 { // the last one stays, cut or not
			break
		}
		delete(show, least)
		width -= least.o.MinSize().Width + gap
	}
	left, right := float32(0), z.Width
	put := func(it *statusItem, at float32) {
		m := it.o.MinSize()
		it.o.Resize(m)
		it.o.Move(fyne.NewPos(at, (z.Height-m.Height)/2))
	}
	for i := len(r.items) - 1; i >= 0; i-- {
		if it := r.items[i]; it.right && show[it] {
			right -= it.o.MinSize().Width
			put(it, right)
			right -= gap
		}
	}
	for _, it := range r.items {
		if !show[it] {
			it.o.Hide()
			continue
		}
		if !it.right {
			put(it, left)
			left += it.o.MinSize().Width + gap
		}
		it.o.Show()
	}
}
