package grid

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"tiezhang/ui/theme"
	"tiezhang/ui/uitest"
)

var listColumns = []ListColumn{
	{Key: "no", Label: "单号", Width: 160, Sortable: true},
	{Key: "date", Label: "日期", Width: 100, Sortable: true},
	{Key: "party", Label: "往来单位", Width: 260},
	{Key: "qty", Label: "数量", Width: 90, Align: Right},
	{Key: "money", Label: "金额", Width: 120, Align: Right, Sortable: true},
	{Key: "state", Label: "状态", Width: 90, Align: Center},
}

// million is a source of n rows that makes them as asked.
type million int

func (m million) Len() int { return int(m) }
func (m million) Row(i int) ([]Cell, bool) {
	money, st := Cell{fmt.Sprintf("%d.50", i*37%9000), Normal}, Cell{"已过账", Positive}
	if i%5 == 3 {
		money, st = Cell{fmt.Sprintf("-%d.00", i%900), Negative}, Cell{"已红冲", Muted}
	}
	if i%7 == 2 {
		st = Cell{"草稿", Warning}
	}
	return []Cell{{fmt.Sprintf("XS-20261122-%04d", i+1), Link}, {"2026-11-22", Normal}, {"杭州顺达百货批发有限公司（第" + fmt.Sprint(i) + "分店）", Normal}, {fmt.Sprint(i % 50), Normal}, money, st}, true
}

func openList(t testing.TB, src Source, opts ...uitest.Option) (*uitest.Window, *List) {
	uitest.App(t, opts...)
	l := NewList(listColumns, src)
	w := uitest.Show(t, l, opts...)
	l.SetClock(w.Clock)
	w.Focus(l)
	return w, l
}

func TestListKeys(t *testing.T) {
	w, l := openList(t, million(1000000))
	var moved []int
	l.OnMove = func(r int) { moved = append(moved, r) }
	opened := -1
	l.OnActivate = func(r int) { opened = r }
	p := l.pageRows()
	for _, c := range []struct {
		key  fyne.KeyName
		want int
	}{{fyne.KeyUp, 0}, {fyne.KeyDown, 1}, {fyne.KeyPageDown, 1 + p}, {fyne.KeyPageUp, 1}, {fyne.KeyEnd, 999999}, {fyne.KeyDown, 999999}, {fyne.KeyHome, 0}} {
		w.Key(c.key)
		if l.Active() != c.want {
			t.Errorf("%s: %d, want %d", c.key, l.Active(), c.want)
		}
		if l.active < l.top || l.active >= l.top+p {
			t.Errorf("%s: the cursor is out of sight", c.key)
		}
	}
	w.Key(fyne.KeyDown, fyne.KeyReturn)
	if opened != 1 {
		t.Error("Enter", opened)
	}
	if len(moved) != 6 { // not told where nothing moved
		t.Error(moved)
	}
}

func TestListSelecting(t *testing.T) {
	w, l := openList(t, million(100))
	l.Multi = true
	count := -1
	l.OnSelect = func(n int) { count = n }
	if got := fmt.Sprint(l.Selected(), l.SelectedCount()); got != "[0] 0" {
		t.Error(got)
	}
	w.Key(fyne.KeySpace, fyne.KeyDown, fyne.KeySpace)
	if got := fmt.Sprint(l.Selected(), count); got != "[0 2] 2" {
		t.Error(got)
	}
	w.Key(fyne.KeyEscape)
	if l.SelectedCount() != 0 {
		t.Error("Esc must unselect first")
	}
	w.Key(fyne.KeyHome)
	w.Shift(func() { w.Key(fyne.KeyDown, fyne.KeyDown) })
	if got := fmt.Sprint(l.Selected()); got != "[0 1 2]" {
		t.Error(got)
	}
	w.Shift(func() { w.Key(fyne.KeyUp) })
	if got := fmt.Sprint(l.Selected()); got != "[0 1]" {
		t.Error("Shift back:", got)
	}
	w.Chord("Ctrl+A")
	w.Key(fyne.KeySpace)
	if got := l.Selected(); len(got) != 99 || count != 99 {
		t.Error("all but one:", len(got), count)
	}
	l.ClearSelection()
	y := func(row int) float32 { return l.headH() + (float32(row)+0.5)*l.rowH() }
	w.Click(l, 30, y(4))
	w.Click(l, 30, y(6), fyne.KeyModifierControl)
	w.Click(l, 30, y(8), fyne.KeyModifierShift)
	if got := fmt.Sprint(l.Selected()); got != "[6 7 8]" {
		t.Error(got)
	}
	l.SetSource(million(3))
	if l.SelectedCount() != 0 || l.Active() != 0 {
		t.Error("selection outlives its rows")
	}
}

func TestListCopies(t *testing.T) {
	w, l := openList(t, Fixed{{{Text: "a\tb"}, {Text: "1"}}, {{Text: "c"}, {Text: "2"}}})
	l.Columns = []ListColumn{{Key: "x", Label: "甲", Width: 90}, {Key: "h", Label: "藏", Hidden: true}}
	w.Key(fyne.KeyDown)
	w.Chord("Ctrl+C")
	if got := w.Clip(); got != "甲\nc\n" {
		t.Errorf("%q", got)
	}
	l.Multi = true
	w.Chord("Ctrl+A")
	w.Chord("Ctrl+C")
	if got := w.Clip(); got != "甲\na b\nc\n" {
		t.Errorf("%q", got)
	}
}

// TestAListCopiesFewRowsByItself: what is more is for its page to decide.
func TestAListCopiesFewRowsByItself(t *testing.T) {
	w, l := openList(t, million(1000))
	l.Multi = true
	w.Chord("Ctrl+A")
	w.Chord("Ctrl+C")
	if got := strings.Split(w.Clip(), "\n"); len(got) != 1+CopyMost+1+1 || !strings.Contains(got[1+CopyMost], "1000") {
		t.Errorf("%d lines, the last %q", len(got), got[len(got)-2])
	}
	var asked []int
	l.OnCopy = func(rows []int) { asked = rows }
	w.Clipboard("")
	w.Chord("Ctrl+C")
	if len(asked) != 1000 || w.Clip() != "" {
		t.Errorf("%d rows asked for, %q copied", len(asked), w.Clip())
	}
}

func TestListMouse(t *testing.T) {
	w, l := openList(t, million(1000))
	opened := 0
	l.OnActivate = func(int) { opened++ }
	var sorted []string
	l.OnSort = func(c string, desc bool) { sorted = append(sorted, fmt.Sprint(c, desc)) }
	y := l.headH() + l.rowH()/2
	w.Click(l, 30, y)
	w.Now = w.Now.Add(time.Second)
	w.Click(l, 30, y)
	if opened != 0 {
		t.Error("two slow clicks are no double click")
	}
	w.Now = w.Now.Add(100 * time.Millisecond)
	w.Click(l, 30, y)
	if opened != 1 {
		t.Error("double click", opened)
	}
	w.Click(l, 30, 5)
	w.Click(l, 30, 5)
	w.Click(l, 300, 5) // not sortable
	if got := strings.Join(sorted, ","); got != "nofalse,notrue" {
		t.Error(got)
	}
	// drag the first edge
	l.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(160, 5)}})
	l.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(200, 5)}, Dragged: fyne.NewDelta(40, 0)})
	resized := ""
	l.OnResize = func(c string, w float32) { resized = fmt.Sprint(c, w) }
	l.DragEnd()
	if resized != "no200" {
		t.Error(resized)
	}
	listColumns[0].Width = 160
	// the bar: to the end
	x, by, _, _ := l.barRect()
	l.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x+1, by+2)}})
	l.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x+1, 5000)}})
	l.DragEnd()
	if l.top != 1000-l.pageRows() {
		t.Error("bar", l.top)
	}
}

func TestListEmpty(t *testing.T) {
	w, l := openList(t, Fixed(nil))
	n := 0
	l.Empty = Empty{Words: "还没有商品。先从 Excel 导入，或新建一个。", Button: "新建商品", Action: func() { n++ }}
	l.Refresh()
	w.Key(fyne.KeyReturn, fyne.KeyDown, fyne.KeyEnd, fyne.KeyPageUp)
	x, y, bw, h, ok := l.emptyButton()
	if !ok {
		t.Fatal("no button")
	}
	w.Click(l, x+bw/2, y+h/2)
	if n != 2 || l.Active() != -1 || l.Selected() != nil {
		t.Error(n, l.Active(), l.Selected())
	}
	w.Save("list-empty")
}

func TestListAsksForRowsOnce(t *testing.T) {
	asked := []int{}
	src := NewPages(func(page int) { asked = append(asked, page) })
	src.Size, src.Keep = 50, 3
	src.Reset(1000)
	uitest.App(t)
	l := NewList(listColumns, src)
	l.OnNeed = src.Need
	w := uitest.Show(t, l)
	w.Focus(l)
	l.Refresh()
	l.Refresh()
	if fmt.Sprint(asked) != "[0]" {
		t.Fatal(asked)
	}
	page := func(n int) [][]Cell {
		out := make([][]Cell, 50)
		for i := range out {
			out[i] = []Cell{{Text: fmt.Sprint(n*50 + i)}}
		}
		return out
	}
	src.Put(0, page(0))
	l.Reload()
	if c, ok := src.Row(49); !ok || c[0].Text != "49" {
		t.Fatal(c, ok)
	}
	w.Key(fyne.KeyEnd)
	if fmt.Sprint(asked) != "[0 19]" {
		t.Fatal(asked)
	}
	src.Failed(19)
	l.Reload()
	if fmt.Sprint(asked) != "[0 19 19]" {
		t.Fatal("a failed page is not asked for again", asked)
	}
	for n := 5; n < 9; n++ {
		src.Put(n, page(n))
	}
	if _, ok := src.Row(0); ok {
		t.Fatal("the oldest page is kept for ever")
	}
	if _, ok := src.Row(8 * 50); !ok {
		t.Fatal("the newest page is gone")
	}
}

func TestListPictures(t *testing.T) {
	for _, c := range []struct {
		name string
		opts []uitest.Option
	}{
		{"light", nil}, {"dark", []uitest.Option{uitest.Dark()}}, {"largest", []uitest.Option{uitest.Text(theme.Largest)}},
	} {
		w, l := openList(t, million(1000000), append(c.opts, uitest.Size(1000, 420))...)
		l.Multi = true
		l.Footer = func() []Cell {
			return []Cell{{"合计", Normal}, {}, {}, {"1,234", Normal}, {"-¥5,678.90", Negative}, {}}
		}
		l.SetSort("money", true)
		w.Key(fyne.KeyDown, fyne.KeySpace, fyne.KeySpace, fyne.KeyDown)
		w.Save("list-" + c.name)
	}
}

func BenchmarkListPageDown(b *testing.B) {
	w, l := openList(b, million(1000000))
	w.Focus(l)
	for b.Loop() {
		w.Key(fyne.KeyPageDown)
	}
}
