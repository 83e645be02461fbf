package listview

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	ft "fyne.io/fyne/v2/theme"

	"tiezhang/app/amount"
	"tiezhang/app/report"
	"tiezhang/ui/control"
	"tiezhang/ui/export"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// actions is the row of buttons: what can be made on the left, what can be
// done with the list on the right.
func (l *List) actions() fyne.CanvasObject {
	left := container.NewHBox()
	rest := l.desc.New
	for i := 0; i < len(rest) && (i == 0 || len(rest) == 2); i++ {
		n := rest[i]
		b := control.NewButton(n.Title, func() { l.env.Open(n.Route) }).WithIcon("plus")
		if i == 0 {
			b = control.NewPrimary(n.Title, func() { l.env.Open(n.Route) }).WithKey(hint("Ctrl+N")).WithIcon("plus")
		}
		left.Add(b)
	}
	if len(rest) > 2 {
		left.Add(l.newOthers(rest[1:]))
	}
	if l.desc.Import != "" {
		left.Add(control.NewButton(text.T("listview.import"), l.importTable).WithIcon("excel"))
	}
	for _, x := range l.desc.Extra {
		left.Add(control.NewButton(x.Title, func() {
			ref, _, ok := l.row(l.grid.Active())
			if x.Code == nil {
				x.Run(ref, ok)
			} else if code := l.itemCode(); code != "" {
				x.Code(l, code)
			}
		}).WithIcon(x.Icon))
	}
	if m := l.desc.Many; m != nil {
		left.Add(control.NewPrimary(m.Title, func() { m.Run(l, l.chosen()) }).WithIcon(m.Icon))
	}
	right := container.NewHBox()
	if l.desc.Rows == nil {
		if l.desc.Spec.Chart.Kind != report.NoChart {
			right.Add(control.NewButton(text.T("listview.chart"), l.toggleChart).WithIcon("reports").WithLook(control.Quiet))
		}
		right.Add(control.NewButton(text.T("listview.views"), l.views).WithLook(control.Quiet))
		right.Add(control.NewButton(text.T("listview.columns"), l.chooseColumns).WithLook(control.Quiet))
	}
	if l.mayExport() {
		right.Add(control.NewButton(text.T("listview.excel"), l.excel).WithIcon("excel").WithKey(hint("Ctrl+E")).WithLook(control.Quiet))
		right.Add(control.NewButton(text.T("listview.print"), l.print).WithIcon("print").WithKey(hint("Ctrl+P")).WithLook(control.Quiet))
	}
	right.Add(control.NewButton(text.T("listview.refresh"), func() { l.load(true) }).WithIcon("refresh").WithKey(hint("F5")).WithLook(control.Quiet))
	if len(left.Objects) == 0 {
		left.Add(container.NewCenter(control.NewHeading(l.desc.Title)))
	}
	return container.NewHBox(left, layout.NewSpacer(), right)
}

// itemCode is the item the list is about, or the one in front.
func (l *List) itemCode() string {
	if l.filters.item != "" {
		return l.filters.item
	}
	at := slices.IndexFunc(l.cols, func(c report.Column) bool { return c.Key == "code" })
	if cells, ok := l.pages.Row(l.grid.Active()); ok && at >= 0 {
		return cells[at].Text
	}
	return ""
}

// hint is a key shown on a button, left out where large text needs the room.
func hint(key string) string {
	if theme.Factor() > 1.2 {
		return ""
	}
	return key
}

// newOthers is a choice of further things to make: it opens one and is empty
// again.
func (l *List) newOthers(rest []Starter) fyne.CanvasObject {
	var os []control.Option
	for i, n := range rest {
		os = append(os, control.Option{Value: strconv.Itoa(i), Text: n.Title})
	}
	c := control.NewChoice(os, nil)
	c.Placeholder, c.MinWidth = text.T("listview.new-other"), 150
	c.OnChanged = func(v string) {
		i, err := strconv.Atoi(v)
		c.SetValue("")
		if err == nil {
			l.env.Open(rest[i].Route)
		}
	}
	return c
}

// chooseColumns shows and hides columns.
func (l *List) chooseColumns() {
	box := container.NewGridWithColumns(2)
	for i, c := range l.cols {
		ch := control.NewCheck(export.Title(c), func(on bool) {
			keep(&l.look.Shown, c.Key, on)
			l.keepLook()
			l.grid.Columns[i].Hidden = !on
			l.root.Refresh()
			l.grid.Refresh()
		})
		ch.SetChecked(!l.grid.Columns[i].Hidden)
		box.Add(ch)
	}
	m := control.NewModal(text.T("listview.columns"), box)
	m.Cancel = m.DefaultButton(text.T("ui.button.close"), m.Close)
	m.Open(l.env.Window.Canvas())
}

// grouped is a count with thousands.
func grouped(n int) string {
	s := amount.Money(int64(n) * 100).Grouped()
	return s[:len(s)-3]
}

// fit lays the grid out and shares the width among its text columns, until a
// person has set a width by hand.
type fit struct{ list *List }

func (f *fit) MinSize(os []fyne.CanvasObject) fyne.Size { return os[0].MinSize() }

func (f *fit) Layout(os []fyne.CanvasObject, s fyne.Size) {
	l := f.list
	if len(l.look.Widths) == 0 {
		share(l, (s.Width-16)/theme.Factor())
	}
	os[0].Resize(s)
	os[0].Move(fyne.NewPos(0, 0))
}

// share gives room left over to the wide text columns, and takes from them,
// down to two thirds, what is lacking.
func share(l *List, room float32) {
	fresh := columnsOf(l.cols, nil, l.look.Shown)
	var sum, wide float32
	for i := range fresh {
		if fresh[i].Hidden {
			continue
		}
		if v, ok := l.totals[l.cols[i].Key]; ok { // a total may never be cut
			fresh[i].Width = max(fresh[i].Width, wordsWidth(total(l.cols[i], v).Text))
		}
		sum += fresh[i].Width
		if l.cols[i].Width >= 20 {
			wide += fresh[i].Width
		}
	}
	by := float32(0)
	if wide > 0 {
		by = min(max((room-sum)/wide, -0.33), 1)
	}
	for i := range fresh {
		w := fresh[i].Width
		if l.cols[i].Width >= 20 {
			w += w * by
		}
		l.grid.Columns[i].Width = float32(int(w))
	}
}

// wordsWidth is the column, at standard size, that shows a total whole.
func wordsWidth(s string) float32 {
	const pad = 16 // of a cell, both sides, and a little air
	return fyne.MeasureText(s, ft.TextSize(), fyne.TextStyle{Bold: true}).Width/theme.Factor() + pad
}
