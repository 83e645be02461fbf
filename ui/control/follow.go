package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// follow scrolls a field that has got the focus into sight: Tab must never
// lead to where nobody can see it.
func follow(o fyne.CanvasObject) {
	d := fyne.CurrentApp().Driver()
	c := d.CanvasForObject(o)
	if c == nil {
		return
	}
	root := c.Content()
	if top := c.Overlays().Top(); top != nil {
		root = top
	}
	for _, s := range around(root, o, nil) {
		y := d.AbsolutePositionForObject(o).Y - d.AbsolutePositionForObject(s).Y
		over, under := y-followGap, y+o.Size().Height+followGap-s.Size().Height
		at := s.Offset
		switch {
		case over < 0:
			at.Y = max(0, at.Y+over)
		case under > 0:
			at.Y += min(under, over) // a field taller than the view shows its top
		}
		if at != s.Offset {
			s.ScrollToOffset(at)
		}
	}
}

const followGap = 8

// around gives the scrolls that lie around o, the outermost first; nil when o
// is not below root.
func around(root, o fyne.CanvasObject, outer []*container.Scroll) []*container.Scroll {
	if root == o {
		return outer
	}
	switch x := root.(type) {
	case *fyne.Container:
		for _, child := range x.Objects {
			if found := around(child, o, outer); found != nil {
				return found
			}
		}
	case *container.Scroll:
		return around(x.Content, o, append(outer, x))
	case *Modal:
		if x.Content != nil {
			return around(x.Content, o, outer)
		}
	}
	return nil
}
