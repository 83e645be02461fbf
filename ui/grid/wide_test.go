package grid

import "testing"

// A scanner with the input method left on types full-width digits: still a scan,
// in any cell, and never its value.
func TestFullWidthScanIsAScan(t *testing.T) {
	for _, cell := range []string{"", "A1<Enter>"} { // the item's cell; a quantity
		s := newShop(columns, nil)
		s.keys(cell)
		for _, r := range "６９０１２３４５６７８９２" {
			s.now = s.now.Add(2e6)
			s.Rune(r, s.now)
			s.Type(s.EditorText() + string(r))
		}
		s.CommandAt(Enter, s.now)
		taken := false
		for _, e := range s.events {
			taken = taken || e == "taken 6901234567892"
		}
		if !taken {
			t.Errorf("after %q: %v %s", cell, s.events, s.dump())
		}
	}
}

// Full-width digits by fingers are a quantity like any other, and asked about
// like any other when they look like a code.
func TestFullWidthQuantity(t *testing.T) {
	s := newShop(columns, nil)
	s.keys("A1<Enter>３<Enter>")
	if got := s.Rows()[0].Cells[cQty]; got != "3" {
		t.Fatal(got, s.dump())
	}
	s = newShop(columns, nil)
	s.keys("A1<Enter>１２３４５６７８<Enter>")
	if w, failed := s.Message(); !failed || w == "" {
		t.Fatal("eight digits were taken for a quantity", s.dump())
	}
}
