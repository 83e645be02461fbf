package grid

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Each script is a person at the keyboard; want is the document after it.
var scripts = []struct{ name, keys, want string }{
	{"item by code, qty, price filled", "A1<Enter>3<Enter>", "康师 3 12.50 37.50| @1,item"},
	{"item without a price asks for it", "B1<Enter>2<Enter>4.5<Enter>", "散装 2 4.50 9.00| @1,item"},
	{"item by name from the list", "牛<Enter>", "康师 1 12.50 12.50| @0,qty"},
	{"second line of the list", "A<Down><Enter>", "农夫 1 28.00 28.00| @0,qty"},
	{"unknown stays and says so", "zz<Enter>", " @0,item"},
	{"enter on a blank line does nothing", "<Enter><Enter>", " @0,item"},
	{"qty by full-width digits", "A1<Enter>１２．５<Enter>", "康师 12.5 12.50 156.25| @1,item"},
	{"letters in qty are refused", "A1<Enter>x<Enter>", "康师 1 12.50 12.50| @0,qty"},
	{"esc undoes the cell", "A1<Enter>9<Esc><Enter>", "康师 1 12.50 12.50| @1,item"},
	{"12* before an item", "12*A1<Enter>", "康师 12 12.50 150.00| @0,qty"},
	{"tab stops at filled cells and notes", "A1<Tab><Tab><Tab>hi<Tab>", "康师 1 12.50 12.50 hi| @1,item"},
	{"back with shift-tab", "A1<Tab><BackTab>", "康师 1 12.50 12.50| @0,item"},
	{"walk over a filled line goes to qty", "A1<Enter>2<Enter><Up><Enter>5<Enter>", "康师 5 12.50 62.50| @1,item"},
	{"up commits", "A1<Enter>2<Enter>A2<Enter>7<Up>", "康师 2 12.50 25.00|农夫 7 28.00 196.00| @0,qty"},
	{"arrows go from cell to cell", "A1<Enter><Left>", "康师 1 12.50 12.50| @0,item"},
	{"ctrl+d copies the item above", "A1<Enter><Enter><CtrlD>", "康师 1 12.50 12.50|康师 1 12.50 12.50| @1,qty"},
	{"ctrl+d copies the qty above", "A1<Enter>6<Enter>A2<Enter><CtrlD>", "康师 6 12.50 75.00|农夫 6 28.00 168.00| @2,item"},
	{"delete a row", "A1<Enter><Enter>A2<Enter><Enter><Home><Del>", "农夫 1 28.00 28.00| @0,item"},
	{"delete the blank line does nothing", "<Del><Del>", " @0,item"},
	{"undo a delete", "A1<Enter>4<Enter><Home><Del><Undo>", "康师 4 12.50 50.00| @0,item"},
	{"undo typing first", "A1<Enter>4<Undo><Enter>", "康师 1 12.50 12.50| @1,item"},
	{"undo twice, redo once", "A1<Enter>4<Enter><Undo><Undo><Redo>", "康师 1 12.50 12.50| @0,item"},
	{"a new edit drops redo", "A1<Enter>4<Enter><Undo>A2<Enter><Redo>", "康师 1 12.50 12.50| @0,qty"},
	{"insert a row", "A1<Enter><Enter>A2<Enter><Enter><Home><Ins>A3<Enter>", "蒙牛 1 39.90 39.90|康师 1 12.50 12.50|农夫 1 28.00 28.00| @0,qty"},
	{"scan", "{6901234567892}", "康师 1 12.50 12.50| @1,item"},
	{"two scans", "{6901234567892}{6902083881405}", "康师 1 12.50 12.50|农夫 1 28.00 28.00| @2,item"},
	{"scan in a qty cell becomes a line", "A1<Enter>{6902083881405}", "康师 1 12.50 12.50|农夫 1 28.00 28.00| @2,item"},
	{"qty typed, then scanned without enter", "A1<Enter>3{6902083881405}", "康师 3 12.50 37.50|农夫 1 28.00 28.00| @2,item"},
	{"rubbish typed, then scanned", "A1<Enter>x{6902083881405}", "康师 1 12.50 12.50|农夫 1 28.00 28.00| @2,item"},
	{"scan in a price cell", "B1<Enter>2<Enter>{6902083881405}", "散装 2  |农夫 1 28.00 28.00| @2,item"},
	{"scan in a note", "A1<Tab><Tab><Tab>{6902083881405}", "康师 1 12.50 12.50|农夫 1 28.00 28.00| @2,item"},
	{"scan over a filled item adds a line", "{6901234567892}<Up>{6902083881405}", "康师 1 12.50 12.50|农夫 1 28.00 28.00| @2,item"},
	{"12* and a scan", "12*{6901234567892}", "康师 12 12.50 150.00| @1,item"},
	{"full-width 12* and a scan", "１２*{6901234567892}", "康师 12 12.50 150.00| @1,item"},
	{"12* in a qty cell and a scan", "A1<Enter>12*{6902083881405}", "康师 1 12.50 12.50|农夫 12 28.00 336.00| @2,item"},
	{"unknown scan keeps the bill", "{6901234567892}{9999999999999}", "康师 1 12.50 12.50| @1,item"},
	{"next scan replaces the unknown code", "{9999999999999}{6901234567892}", "康师 1 12.50 12.50| @1,item"},
	{"two items on a code: 2", "{2200000000000}2", "农夫 1 28.00 28.00| @1,item"},
	{"two items on a code: enter takes the first", "{2200000000000}<Enter>", "康师 1 12.50 12.50| @1,item"},
	{"two items on a code: esc", "{2200000000000}<Esc>", " @0,item"},
	{"barcode typed by hand into qty: yes", "A1<Enter>6902083881405<Enter><Enter>", "康师 1 12.50 12.50|农夫 1 28.00 28.00| @2,item"},
	{"8 digits in qty: no, it is a quantity", "A1<Enter>12345678<Enter><Esc>", "康师 12345678 12.50 154320975.00| @1,item"},
	{"10000 in qty asks", "A1<Enter>10000<Enter>", "康师 1 12.50 12.50| @0,qty"},
	{"9999 in qty does not", "A1<Enter>9999<Enter>", "康师 9999 12.50 124987.50| @1,item"},
	{"list opened by hand", "<List><Down><Enter>", "农夫 1 28.00 28.00| @0,qty"},
	{"no line before the first", "<Up><Up>A1<Enter>", "康师 1 12.50 12.50| @0,qty"},
}

func TestScripts(t *testing.T) {
	for _, slow := range []bool{false, true} {
		for _, c := range scripts {
			s := newShop(columns, nil)
			s.slow = slow
			s.keys(c.keys)
			s.release()
			if got := s.dump(); got != c.want {
				t.Errorf("slow %v: %s\n%s\n got %s\nwant %s", slow, c.name, c.keys, got, c.want)
			}
			if s.Busy() || len(s.queue) > 0 {
				t.Errorf("slow %v: %s: keys are left waiting", slow, c.name)
			}
		}
	}
}

func TestFingersAreNoScanner(t *testing.T) {
	s := newShop(columns, nil)
	s.keys("A1<Enter>690208<Enter>") // six digits by fingers: a question, no line
	if w, failed := s.Message(); !failed || !strings.Contains(w, "690208") {
		t.Fatal(w)
	}
	if len(s.Rows()) != 1 {
		t.Fatal(s.dump())
	}
}

func TestMisplacedScanIsTold(t *testing.T) {
	s := newShop(columns, nil)
	s.keys("A1<Enter>{6902083881405}{000000000}")
	if got := strings.Join(s.events, ","); got != "misplaced 6902083881405,taken 6902083881405,unknown 000000000" {
		t.Fatal(got)
	}
	if s.EditorText() != "000000000" || !s.Dirty() {
		t.Fatal("the unknown code is gone: ", s.EditorText())
	}
}

func TestChineseCommittedAtOnceIsNoScan(t *testing.T) {
	s := newShop(columns, nil)
	s.now = s.now.Add(1)
	for _, r := range "农夫山泉天然水" { // an input method delivers a phrase in no time
		at := s.now
		s.Rune(r, at)
		s.Type(s.EditorText() + string(r))
	}
	s.CommandAt(Enter, s.now)
	if got := s.dump(); got != "农夫 1 28.00 28.00| @0,qty" {
		t.Fatal(got)
	}
	if len(s.events) != 0 {
		t.Fatal(s.events)
	}
}

func TestStallInsideACodeIsStillAScan(t *testing.T) {
	s := newShop(columns, nil)
	for i, r := range "6901234567892" {
		s.now = s.now.Add(2e6)
		if i == 5 {
			s.now = s.now.Add(60e6) // the machine was busy drawing
		}
		at := s.now
		s.Rune(r, at)
		s.Type(s.EditorText() + string(r))
	}
	s.CommandAt(Enter, s.now)
	if len(s.events) != 1 || s.events[0] != "taken 6901234567892" {
		t.Fatal(s.events)
	}
}

func TestBackspaceEndsABurst(t *testing.T) {
	s := newShop(columns, nil)
	for _, r := range "690123" {
		s.Rune(r, s.now)
		s.Type(s.EditorText() + string(r))
	}
	s.Broken()
	s.Type("69012")
	s.CommandAt(Enter, s.now)
	if len(s.events) != 1 || !strings.HasPrefix(s.events[0], "refused") {
		t.Fatal(s.events)
	}
}

func TestSerialNumberCellTakesTheScan(t *testing.T) {
	cols := append([]Column(nil), columns...)
	cols[cNote].TakesScan = true
	s := newShop(cols, nil)
	s.keys("A1<Tab><Tab><Tab>{SN12345678}")
	if got := s.dump(); got != "康师 1 12.50 12.50 SN12345678| @1,item" {
		t.Fatal(got)
	}
}

func TestReadOnlyCells(t *testing.T) {
	s := newShop(columns, nil)
	s.locked["康师傅红烧牛肉面"] = true
	s.keys("A1<Enter><Right>99<Enter>")
	if got := s.dump(); got != "康师 1 12.50 12.50| @1,item" {
		t.Fatal(got)
	}
	// a scan over a read-only cell is a line all the same
	s.keys("<Up>")
	s.GoTo(0, cSpec)
	s.keys("{6902083881405}")
	if got := s.dump(); got != "康师 1 12.50 12.50|农夫 1 28.00 28.00| @2,item" {
		t.Fatal(got)
	}
}

func TestReadOnlyModel(t *testing.T) {
	s := newShop(columns, nil)
	s.Load([]Row{line(items[0], "2"), line(items[1], "3")})
	s.SetReadOnly(true)
	if s.Len() != 2 {
		t.Fatal("a blank line in a posted document")
	}
	s.keys("9<Enter>{6902083881405}<Del><Ins><CtrlD><Undo>")
	s.Paste("A1\t2\n")
	if got := s.dump(); !strings.HasPrefix(got, "康师 2 12.50 25.00|农夫 3 28.00 84.00|") || s.Dirty() {
		t.Fatal(got, s.Dirty())
	}
	s.SetReadOnly(false)
	if s.Len() != 3 {
		t.Fatal(s.Len())
	}
}

func TestTypingAheadOfASlowDisk(t *testing.T) {
	s := newShop(columns, nil)
	s.slow = true
	s.keys("A1<Enter>3<Enter>{6902083881405}12*{6901234567892}<Up>8<Enter>")
	if len(s.Rows()) != 0 {
		t.Fatal("the slow shop answered at once")
	}
	s.release()
	if got := s.dump(); got != "康师 3 12.50 37.50|农夫 1 28.00 28.00|康师 12 12.50 150.00| @2,item" && !strings.HasPrefix(got, "康师 3 12.50 37.50|农夫 1 28.00 28.00|") {
		t.Fatal(got)
	}
}

func TestReplyToAnEarlierDocumentIsDropped(t *testing.T) {
	s := newShop(columns, nil)
	s.slow = true
	s.keys("{6902083881405}")
	s.Load([]Row{line(items[2], "1")})
	s.release()
	if got := s.dump(); got != "蒙牛 1 39.90 39.90| @0,item" || s.Busy() {
		t.Fatal(got, s.Busy())
	}
}

func TestPasteFromASpreadsheet(t *testing.T) {
	s := newShop(columns, nil)
	s.Paste("A1\t2\t\r\nnope\t3\r\n\r\n\"A3\"\tx\t1.5\r\n")
	if s.report == nil || s.report.Rows != 3 || len(s.report.Problems) != 2 {
		t.Fatalf("%+v", s.report)
	}
	if p := s.report.Problems; p[0].Row != 1 || p[0].Col != cItem || p[1].Row != 2 || p[1].Col != cQty || !strings.Contains(p[0].Text, "nope") {
		t.Fatalf("%+v", p)
	}
	if s.ProblemAt(1, cItem) == "" || s.ProblemAt(2, cQty) == "" || s.ProblemAt(0, cItem) != "" {
		t.Fatal("cells are not marked")
	}
	if got := s.dump(); !strings.HasPrefix(got, "康师 2 12.50 25.00|蒙牛 1 1.50 1.50|") {
		t.Fatal(got)
	}
	s.keys("<Undo>")
	if len(s.Rows()) != 0 {
		t.Fatal("one undo did not take the block back:", s.dump())
	}
	s.keys("<Redo>")
	if len(s.Rows()) != 2 {
		t.Fatal(s.dump())
	}
}

func TestPasteOwnCopy(t *testing.T) {
	s := newShop(columns, nil)
	s.keys("A1<Enter>2<Enter>A2<Enter>3<Enter>")
	copied := s.TSV()
	body := copied[strings.IndexByte(copied, '\n')+1:]
	s2 := newShop(columns, nil)
	s2.Paste(body)
	if a, b := s.TSV(), s2.TSV(); a != b {
		t.Fatalf("%s\n%s", a, b)
	}
}

func TestPasteLongIsBoundedAndDoesNotNest(t *testing.T) {
	s := newShop(columns, nil)
	s.Paste(strings.Repeat("A1\t2\n", MaxPaste))
	if len(s.Rows()) != MaxPaste {
		t.Fatal(len(s.Rows()))
	}
	s.Paste(strings.Repeat("A1\t2\n", MaxPaste+1))
	if w, failed := s.Message(); !failed || !strings.Contains(w, fmt.Sprint(MaxPaste)) || len(s.Rows()) != MaxPaste {
		t.Fatal(w)
	}
}

func TestSlowPaste(t *testing.T) {
	s := newShop(columns, nil)
	s.slow = true
	s.Paste("A1\t2\nA2\t3\n")
	s.keys("A3<Enter>")
	s.release()
	if got := s.dump(); got != "康师 2 12.50 25.00|农夫 3 28.00 84.00|蒙牛 1 39.90 39.90| @2,qty" {
		t.Fatal(got)
	}
}

func TestParseTSV(t *testing.T) {
	for in, want := range map[string]string{
		"a\tb\r\nc\td\r\n":   "[[a b] [c d]]",
		"a\n\n\t\nb":         "[[a] [b]]",
		"\"a\tb\"\tc":        "[[a\tb c]]",
		"\"x\"\"y\"":         `[[x"y]]`,
		"\"line\nbreak\"\tz": "[[line break z]]",
		"5\" pipe\t1":        `[[5" pipe 1]]`,
		"\"inch\tnot closed": "[[\"inch not closed]]",
		"":                   "[]",
	} {
		if got := fmt.Sprint(parseTSV(in)); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}

func TestProblemsOfTheDocument(t *testing.T) {
	s := newShop(columns, nil)
	s.keys("A1<Enter>2<Enter>A2<Enter>3<Enter>")
	s.SetProblems([]Problem{{Row: 1, Col: cQty, Text: "库存不足"}, {Row: 9, Col: 0, Text: "no such row"}, {Row: 0, Col: -1, Text: "已停用"}})
	if r, c := s.Cursor(); r != 1 || c != cQty {
		t.Fatal(r, c)
	}
	if w, failed := s.Message(); w != "库存不足" || !failed || s.ProblemAt(0, cItem) != "已停用" {
		t.Fatal(w, failed)
	}
	s.keys("1<Enter>")
	if s.ProblemAt(1, cQty) != "" || s.ProblemAt(0, cItem) == "" {
		t.Fatal("mending one cell must clear that cell only")
	}
	s.SetProblems(nil)
	if s.ProblemAt(0, cItem) != "" {
		t.Fatal("not cleared")
	}
}

func TestRefusedDelete(t *testing.T) {
	s := newShop(columns, nil)
	s.keys("A1<Enter>")
	s.refuse = true
	s.keys("<Del>")
	if w, failed := s.Message(); len(s.Rows()) != 1 || w == "" || !failed {
		t.Fatal(s.dump(), w)
	}
}

func TestDirtySettleFinishedLeave(t *testing.T) {
	s := newShop(columns, nil)
	var left []bool
	s.OnLeave = func(f bool) { left = append(left, f) }
	if s.Dirty() {
		t.Fatal("new is dirty")
	}
	s.keys("A")
	if !s.Dirty() {
		t.Fatal("typed text is not saved yet")
	}
	s.keys("<Esc>")
	if s.Dirty() {
		t.Fatal("undone text is dirty")
	}
	s.keys("A1<Enter>5")
	ok := false
	s.Settle(func(b bool) { ok = b })
	if !ok || s.Rows()[0].Cells[cQty] != "5" || !s.Dirty() {
		t.Fatal(s.dump())
	}
	s.Saved()
	if s.Dirty() {
		t.Fatal("saved is dirty")
	}
	s.keys("x")
	s.Settle(func(b bool) { ok = b })
	if ok {
		t.Fatal("refused text is settled")
	}
	s.keys("<Esc><Down><Left><Left><Left><Left><Left><Enter>")
	if s.done != 1 {
		t.Fatal("enter on the blank last line", s.done, s.dump())
	}
	s.keys("<Tab><Home><Left><Left><Left><BackTab>")
	if fmt.Sprint(left) != "[true false]" {
		t.Fatal(left)
	}
}

func TestEscapeWithNothingToUndoGoesOn(t *testing.T) {
	s := newShop(columns, nil)
	if s.Command(Escape) {
		t.Fatal("Esc swallowed")
	}
	s.keys("A")
	if !s.Command(Escape) || s.Command(Escape) {
		t.Fatal("Esc must undo once, then go on")
	}
}

// Whatever is typed, the grid keeps its shape, and undo walks back to nothing.
func TestAnyKeysKeepTheShape(t *testing.T) {
	pieces := []string{"A1", "A2", "zz", "3", "12*", "0", "牛", "<Enter>", "<Enter>", "<Enter>", "<Tab>", "<BackTab>", "<Up>", "<Down>", "<Left>", "<Right>", "<Esc>", "<CtrlD>", "<Del>", "<Ins>", "<Undo>", "<Redo>", "<Home>", "<End>", "<PgUp>", "<PgDn>", "<List>", "{6901234567892}", "{9999999999999}", "{2200000000000}", "99999999"}
	rapid.Check(t, func(rt *rapid.T) {
		s := newShop(columns, nil)
		s.slow = rapid.Bool().Draw(rt, "slow")
		for _, p := range rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 40).Draw(rt, "keys") {
			s.keys(p)
			if rapid.IntRange(0, 2).Draw(rt, "release") == 0 {
				s.release()
			}
		}
		s.release()
		if s.Busy() || len(s.queue) > 0 {
			rt.Fatal("keys are left waiting")
		}
		n := s.Len()
		if n == 0 || !s.Blank(s.Row(n-1)) {
			rt.Fatal("no blank last line: ", s.dump())
		}
		if r, c := s.Cursor(); r < 0 || r >= n || c < 0 || c >= len(columns) {
			rt.Fatal("cursor outside")
		}
		for _, r := range s.Rows() {
			if q := r.Cells[cQty]; len(q) >= 13 {
				rt.Fatal("a barcode became a quantity: ", q)
			}
		}
		s.slow = false
		for i := 0; i < 100; i++ {
			s.keys("<Undo>")
		}
		if len(s.Rows()) != 0 {
			rt.Fatal("undo does not lead back to nothing: ", s.dump())
		}
	})
}
