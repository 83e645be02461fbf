package docview

import (
	"strings"
	"time"

	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/fault"
	"tiezhang/ui/docview/draft"
	"tiezhang/ui/grid"
	"tiezhang/ui/text"
)

// sideOf reads a cell that says whether a line is used up or made.
func sideOf(e grid.Edit) (int8, error) {
	name := e.Text
	if e.Pick != nil {
		name = e.Pick.Name
	}
	for _, side := range []int8{1, -1} {
		if name == sideName(side) {
			return side, nil
		}
	}
	return 0, fault.Bad("docview.commit", "doc.line.side", "field", colSide)
}

// lineMoney reads an amount typed on a line; below zero only where the kind has
// it.
func (p *Page) lineMoney(s string) (amount.Money, error) {
	s = amount.Narrow(s)
	rest, minus := strings.CutPrefix(s, "-")
	m, err := draft.Money(rest, colAmount)
	if err == nil && minus {
		if !p.spec.Signed {
			return 0, fault.Bad("docview.commit", "docview.number.negative", "field", colAmount, "text", s)
		}
		m = -m
	}
	return m, err
}

// expiry reads the day a batch keeps until: a date in any usual form, or the
// number of days from today.
func (p *Page) expiry(s string) (day.Date, error) {
	s = strings.TrimSpace(amount.Narrow(s))
	if s == "" {
		return 0, nil
	}
	if d, err := day.Parse(s); err == nil {
		return d, nil
	}
	if t, err := time.Parse("20060102", s); err == nil {
		return day.Of(t), nil
	}
	if n, err := amount.ParseQty(s); err == nil && n > 0 && n%1_0000 == 0 && n < 100_000_0000 {
		return p.today().AddDays(int(n / 1_0000)), nil
	}
	return 0, fault.Bad("docview.commit", "doc.date", "field", text.T("docview.field.expiry"), "value", s)
}

// serials splits what was typed or scanned into serial numbers.
func serials(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool {
		return r == ' ' || r == ',' || r == ';' || r == '\n' || r == '\t' || r == 0xff0c || r == 0x3001
	})
}
