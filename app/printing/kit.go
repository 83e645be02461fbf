package printing

import (
	"io"
	"strconv"
	"strings"

	"tiezhang/app/day"
)

// RecoveryKit is the sheet that opens the shop when the password is forgotten:
// the code in big groups, the same as a QR code, and what to do with it.
func RecoveryKit(w io.Writer, shop, owner string, date day.Date, groups []string, texts Texts) error {
	p := newPen(210*mm, 297*mm, texts("printing.kit.title"))
	p.page()
	const x = 20 * mm
	width := p.w - 2*x
	p.font(26)
	p.text(x, 18*mm, width, left, texts("printing.kit.title"))
	p.font(11)
	p.ink(70)
	p.squeeze(x, 31*mm, width, left, texts("printing.kit.lead"), wordsLeast)
	p.ink(0)
	p.line(x, 39*mm, x+width, 39*mm, 1)
	y := 44 * mm
	for _, f := range []Field{{"printing.kit.shop", shop}, {"printing.kit.owner", owner}, {"printing.kit.date", date.String()}} {
		p.font(11)
		p.ink(90)
		p.text(x, y, 34*mm, left, texts(f.Key))
		p.ink(0)
		p.font(13)
		p.text(x+34*mm, y-1, width-34*mm, left, f.Value)
		y += 8 * mm
	}
	// The code: three groups a row, each with its number, so that a group can be
	// asked for and found.
	y += 4 * mm
	const columns, rowHeight = 3, 21 * mm
	rows := (len(groups) + columns - 1) / columns
	p.shade(x, y, width, float64(rows)*rowHeight+6*mm)
	p.box(x, y, width, float64(rows)*rowHeight+6*mm, 0.8)
	cell := width / columns
	for i, g := range groups {
		gx, gy := x+float64(i%columns)*cell, y+3*mm+float64(i/columns)*rowHeight
		p.font(9)
		p.ink(90)
		p.text(gx+5*mm, gy+1.5*mm, cell-6*mm, left, texts("printing.kit.group", "n", strconv.Itoa(i+1)))
		p.ink(0)
		p.font(29)
		p.text(gx+5*mm, gy+6*mm, cell-6*mm, left, spaced(g))
	}
	y += float64(rows)*rowHeight + 14*mm
	p.font(14)
	p.text(x, y, width, left, texts("printing.kit.how"))
	const side = 44 * mm
	p.qr(x+width-side, y, side, strings.Join(groups, "-"))
	p.font(8)
	p.ink(90)
	p.text(x+width-side, y+side+1*mm, side, centre, texts("printing.kit.qr"))
	p.ink(0)
	p.font(11)
	y += 9 * mm
	for i := 1; i <= 5; i++ {
		p.text(x, y, 7*mm, left, strconv.Itoa(i)+".")
		y = p.paragraph(x+7*mm, y, width-side-15*mm, 6*mm, texts("printing.kit.step"+strconv.Itoa(i))) + 1.5*mm
	}
	p.line(x, 272*mm, x+width, 272*mm, 0.5)
	p.font(9)
	p.ink(70)
	p.paragraph(x, 275*mm, width, 5*mm, texts("printing.kit.warning"))
	return p.write(w)
}

// spaced puts a gap in the middle of a group: 123 456 reads more surely.
func spaced(g string) string {
	if len(g) == 6 {
		return g[:3] + " " + g[3:]
	}
	return g
}
