package grid

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"tiezhang/ui/control"
	"tiezhang/ui/keys"
	"tiezhang/ui/theme"
	"tiezhang/ui/uitest"
)

// openDoc shows a document grid between a field above and a button below.
func openDoc(t testing.TB, opts ...uitest.Option) (*uitest.Window, *shop, *View) {
	uitest.App(t, opts...)
	s := newShop(columns, nil)
	v := NewView(s.Model)
	above, below := control.NewEntry(), control.NewPrimary("过账", nil).WithKey("F9")
	w := uitest.Show(t, container.New(layout.NewBorderLayout(above, below, nil, nil), above, v, below), opts...)
	s.SetClock(w.Clock)
	v.Focus()
	return w, s, v
}

func TestViewTypesAndScans(t *testing.T) {
	w, s, v := openDoc(t)
	w.Type("A1")
	if found, _ := s.Suggestions(); len(found) != 1 {
		t.Fatal(found)
	}
	w.Key(fyne.KeyReturn)
	w.Type("3")
	w.Key(fyne.KeyReturn)
	w.Scan("6902083881405")
	w.Key(fyne.KeyUp, fyne.KeyRight)
	w.Scan("6907992500010")
	if got := s.dump(); got != "康师 3 12.50 37.50|农夫 1 28.00 28.00|蒙牛 1 39.90 39.90| @3,item" {
		t.Fatal(got)
	}
	if w.Focused() != v.Editor() {
		t.Fatal("focus lost")
	}
}

// Fyne keeps a selection alive over SetText: the second letter must not
// replace the first in a cell that was empty, or after one that was not.
func TestViewSecondLetterDoesNotReplaceTheFirst(t *testing.T) {
	w, s, _ := openDoc(t)
	w.Scan("6901234567892")
	for range 3 {
		w.Type("zz9")
		if s.EditorText() != "zz9" {
			t.Fatal(s.EditorText())
		}
		w.Key(fyne.KeyEscape)
	}
	w.Key(fyne.KeyUp, fyne.KeyRight)
	w.Type("12")
	w.Key(fyne.KeyReturn)
	w.Type("zz")
	if s.EditorText() != "zz" || s.Cell(0, cQty) != "12" {
		t.Fatal(s.EditorText(), s.dump())
	}
}

func TestViewQuantityTypedThenScanned(t *testing.T) {
	w, s, _ := openDoc(t)
	w.Type("A1")
	w.Key(fyne.KeyReturn)
	w.Type("3")
	w.Now = w.Now.Add(1e9)
	w.Scan("6902083881405")
	if got := s.dump(); got != "康师 3 12.50 37.50|农夫 1 28.00 28.00| @2,item" {
		t.Fatal(got)
	}
}

func TestViewTypingAheadOfASlowDisk(t *testing.T) {
	w, s, _ := openDoc(t)
	s.slow = true
	w.Scan("6901234567892")
	w.Scan("6902083881405")
	w.Type("A3")
	w.Key(fyne.KeyReturn)
	w.Type("7")
	s.release()
	if got := s.dump(); got != "康师 1 12.50 12.50|农夫 1 28.00 28.00|蒙牛 1 39.90 39.90| @2,qty" || s.EditorText() != "7" {
		t.Fatal(got, s.EditorText())
	}
}

func TestViewReadOnlyCellTakesAScan(t *testing.T) {
	w, s, v := openDoc(t)
	w.Scan("6901234567892")
	s.GoTo(0, cSpec)
	w.Type("x") // nothing to edit here
	w.Now = w.Now.Add(1e9)
	w.Scan("6902083881405")
	if got := s.dump(); got != "康师 1 12.50 12.50|农夫 1 28.00 28.00| @2,item" {
		t.Fatal(got)
	}
	if w.Focused() != v.Editor() {
		t.Fatal("focus lost")
	}
}

func TestViewTabLeavesAndComesBack(t *testing.T) {
	w, _, v := openDoc(t)
	w.Key(fyne.KeyTab)
	if _, ok := w.Focused().(*control.Button); !ok {
		t.Fatalf("Tab on the blank line: %T", w.Focused())
	}
	w.Shift(func() { w.Key(fyne.KeyTab) })
	if w.Focused() != v.Editor() {
		t.Fatalf("Shift+Tab back: %T", w.Focused())
	}
	w.Shift(func() { w.Key(fyne.KeyTab) })
	if _, ok := w.Focused().(*control.Entry); !ok {
		t.Fatalf("Shift+Tab out: %T", w.Focused())
	}
}

func TestViewShortcutsAndForwarding(t *testing.T) {
	w, s, _ := openDoc(t)
	var got []string
	for _, c := range []string{"F9", "Escape", "Ctrl+K"} {
		w.Router.Shell().On(keys.Chord(c), "", "", func() { got = append(got, c) })
	}
	w.Type("A1")
	w.Chord("Escape")
	if len(got) != 0 {
		t.Fatal("the first Esc belongs to the cell", got)
	}
	w.Chord("Escape")
	w.Chord("F9")
	w.Chord("Ctrl+K")
	if fmt.Sprint(got) != "[Escape F9 Ctrl+K]" {
		t.Fatal(got)
	}
	w.Clipboard("A1\t2\nA2\t3\n")
	w.Chord("Ctrl+V")
	if got := s.dump(); got != "康师 2 12.50 25.00|农夫 3 28.00 84.00| @2,item" {
		t.Fatal(got)
	}
	w.Chord("Ctrl+D")
	w.Chord("Ctrl+Z")
	w.Chord("Ctrl+Z")
	if len(s.Rows()) != 0 {
		t.Fatal(s.dump())
	}
	w.Chord("Ctrl+Y")
	w.Chord("Ctrl+Home")
	w.Chord("Ctrl+Delete")
	if got := s.dump(); got != "农夫 3 28.00 84.00| @0,item" {
		t.Fatal(got)
	}
	w.Clipboard("A3") // one word goes into the cell
	w.Chord("Ctrl+V")
	w.Key(fyne.KeyReturn)
	if got := s.dump(); got != "蒙牛 3 39.90 119.70| @0,qty" {
		t.Fatal(got)
	}
}

func TestViewMouse(t *testing.T) {
	w, s, v := openDoc(t)
	w.Type("A")
	f := v.listFrame()
	w.Click(v, f.x+20, f.y+f.rowH*1.5)
	if got := s.dump(); got != "农夫 1 28.00 28.00| @0,qty" {
		t.Fatal(got)
	}
	x, y, cw, h, _ := v.cellRect(0, cNote)
	w.Click(v, x+cw/2, y+h/2)
	if _, c := s.Cursor(); c != cNote || w.Focused() != v.Editor() {
		t.Fatal(c)
	}
	x, y, cw, h, _ = v.cellRect(1, cItem)
	w.Click(v, x+cw/2, y+h/2)
	if r, _ := s.Cursor(); r != 1 {
		t.Fatal(r)
	}
}

func TestViewScrollsWithTheCursor(t *testing.T) {
	w, s, v := openDoc(t, uitest.Size(500, 300))
	for range 30 {
		w.Scan("6901234567892")
	}
	row, col := s.Cursor()
	if _, _, _, _, ok := v.cellRect(row, col); !ok || row != 30 {
		t.Fatal("the cursor is out of sight", row)
	}
	w.Key(fyne.KeyUp)
	for range 3 {
		w.Key(fyne.KeyRight)
	}
	row, col = s.Cursor()
	if _, _, cw, _, ok := v.cellRect(row, col); !ok || cw < columns[col].Width {
		t.Fatal("the column is out of sight", col, cw)
	}
	v.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 1000)})
	if v.top != 0 {
		t.Fatal(v.top)
	}
	w.Type("5") // typing into a cell that was scrolled away
	w.Key(fyne.KeyReturn)
	if w.Focused() != v.Editor() {
		t.Fatal("focus lost")
	}
}

func TestViewListFlipsAbove(t *testing.T) {
	w, _, v := openDoc(t, uitest.Size(900, 280))
	for range 12 {
		w.Scan("6901234567892")
	}
	w.Type("A")
	f := v.listFrame()
	row, col := v.m.Cursor()
	_, y, _, _, _ := v.cellRect(row, col)
	if !f.ok || f.y+f.h > y+1 || f.y < 0 {
		t.Fatal("the list does not fit above:", f, y)
	}
}

func TestViewComposingKeysAreLeftAlone(t *testing.T) {
	w, s, v := openDoc(t)
	ed := v.Editor()
	for _, k := range []fyne.KeyName{"N", "F", fyne.KeyReturn} { // typed into an input method
		ed.TypedKey(&fyne.KeyEvent{Name: k})
	}
	if got := s.dump(); got != " @0,item" || s.done != 0 {
		t.Fatal(got, s.done)
	}
	for _, r := range "农夫" {
		ed.TypedRune(r)
	}
	w.Key(fyne.KeyReturn)
	if got := s.dump(); got != "农夫 1 28.00 28.00| @0,qty" {
		t.Fatal(got)
	}
}

func TestViewWithoutFocusShowsItsCells(t *testing.T) {
	w, s, v := openDoc(t)
	w.Type("A1")
	w.Key(fyne.KeyReturn)
	w.Canvas().Unfocus()
	w.Picture()
	r := &viewRenderer{v: v}
	r.build()
	found := false
	for _, x := range r.p.texts[:r.p.nt] {
		found = found || x.Text == s.Cell(0, cQty)
	}
	if !found {
		t.Fatal("the active cell is blank when the focus is elsewhere")
	}
}

// TestPictures draws what a designer has to look at; set TIEZHANG_PICTURES to
// keep the files.
func TestPictures(t *testing.T) {
	for _, c := range []struct {
		name string
		opts []uitest.Option
	}{
		{"light", nil},
		{"dark", []uitest.Option{uitest.Dark()}},
		{"large", []uitest.Option{uitest.Text(theme.Large)}},
		{"largest-dark", []uitest.Option{uitest.Dark(), uitest.Text(theme.Largest)}},
	} {
		w, s, _ := openDoc(t, append(c.opts, uitest.Size(1000, 420))...)
		for range 4 {
			w.Scan("6902083881405")
		}
		w.Type("A1")
		w.Key(fyne.KeyReturn)
		w.Type("12.5")
		w.Key(fyne.KeyReturn)
		w.Type("A")
		w.Save("grid-" + c.name + "-suggest")
		w.Key(fyne.KeyEscape)
		w.Type("zz")
		w.Key(fyne.KeyReturn)
		w.Save("grid-" + c.name + "-error")
		if _, failed := s.Message(); !failed {
			t.Fatal("no error to draw")
		}
	}
}

func BenchmarkScan(b *testing.B) {
	w, s, _ := openDoc(b)
	for i := 0; i < b.N; i++ {
		if i%100 == 0 {
			s.Load(nil)
		}
		w.Scan("6901234567892")
	}
}
