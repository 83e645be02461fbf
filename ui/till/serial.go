package till

import (
	"slices"
	"strings"

	"tiezhang/app/fault"
	"tiezhang/ui/docview/draft"
	"tiezhang/ui/text"
)

// askSerial asks for the number of each piece of an item that is sold by serial
// number: scanned or typed, one after the other.
func (t *Page) askSerial(l draft.Line) {
	pieces := int(l.BaseQty() / one)
	if pieces < 1 || l.BaseQty()%one != 0 {
		t.wrong(text.T("till.serial.whole", "name", l.Item.Name))
		return
	}
	t.busy = true
	t.serial = true
	var next func()
	next = func() {
		n := len(l.Serials) + 1
		t.prompt(text.T("till.serial.ask", "name", l.Item.Name, "n", n, "of", pieces), "", func(s string) error {
			s = strings.TrimSpace(s)
			switch {
			case s == "":
				return fault.Bad("till.serial", "till.serial.missing", "field", "serials")
			case slices.Contains(l.Serials, s) || t.bill.hasSerial(l.ItemID, s):
				return fault.Bad("till.serial", "till.serial.twice", "field", "serials", "serial", s)
			}
			l.Serials = append(l.Serials, s)
			return nil
		}, func() {
			if len(l.Serials) == n && n < pieces {
				next()
				return
			}
			t.serial, t.busy = false, false
			if len(l.Serials) == pieces {
				t.put(l)
			}
			t.next()
		})
	}
	next()
}

// hasSerial tells whether a piece is on the bill already.
func (b *bill) hasSerial(item int64, serial string) bool {
	for _, l := range b.lines {
		if l.ItemID == item && slices.Contains(l.Serials, serial) {
			return true
		}
	}
	return false
}
