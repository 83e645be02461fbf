package printing

import (
	"io"
	"strconv"
	"strings"
)

// OneTimeCode is the slip that is handed to somebody who signs in for the first
// time, or again after a forgotten password: the code, until when it is good,
// and what to do with it.
func OneTimeCode(w io.Writer, shop, name, until string, groups []string, texts Texts) error {
	p := newPen(210*mm, 148*mm, texts("printing.code.title"))
	p.page()
	const x = 20 * mm
	width := p.w - 2*x
	p.font(22)
	p.text(x, 14*mm, width, left, texts("printing.code.title"))
	p.line(x, 27*mm, x+width, 27*mm, 1)
	y := 32 * mm
	for _, f := range []Field{{"printing.kit.shop", shop}, {"printing.code.name", name}, {"printing.code.until", until}} {
		p.font(11)
		p.ink(90)
		p.text(x, y, 34*mm, left, texts(f.Key))
		p.ink(0)
		p.font(13)
		p.text(x+34*mm, y-1, width-34*mm, left, f.Value)
		y += 8 * mm
	}
	y += 3 * mm
	const height = 22 * mm
	p.shade(x, y, width, height)
	p.box(x, y, width, height, 0.8)
	p.font(30)
	p.squeeze(x+6*mm, y+6*mm, width-12*mm, centre, strings.Join(groups, "  "), numberLeast)
	y += height + 6*mm
	p.font(11)
	for i := 1; i <= 3; i++ {
		p.text(x, y, 7*mm, left, strconv.Itoa(i)+".")
		y = p.paragraph(x+7*mm, y, width-7*mm, 6*mm, texts("printing.code.step"+strconv.Itoa(i))) + 1*mm
	}
	p.font(9)
	p.ink(70)
	p.paragraph(x, 135*mm, width, 5*mm, texts("printing.code.warning"))
	return p.write(w)
}
