package printing

import (
	"io"
	"strconv"
)

// Codes is a page of approval codes: each with its number, a box to cross it out
// and a line for what it was used for, and what they are good for above.
func Codes(w io.Writer, codes []string, fields []Field, texts Texts) error {
	p := newPen(210*mm, 297*mm, texts("printing.codes.title"))
	p.page()
	const x = 20 * mm
	width := p.w - 2*x
	p.font(24)
	p.text(x, 18*mm, width, left, texts("printing.codes.title"))
	p.font(11)
	p.ink(70)
	y := p.paragraph(x, 31*mm, width, 5.5*mm, texts("printing.codes.lead")) + 2*mm
	p.ink(0)
	p.line(x, y, x+width, y, 1)
	y += 4 * mm
	for _, f := range fields {
		p.font(11)
		p.ink(90)
		p.text(x, y, 34*mm, left, texts(f.Key))
		p.ink(0)
		p.font(12)
		y = p.paragraph(x+34*mm, y-0.3*mm, width-34*mm, 6*mm, f.Value) + 1.5*mm
	}
	y += 4 * mm
	const row = 15 * mm
	for i, c := range codes {
		if i%2 == 0 {
			p.shade(x, y, width, row)
		}
		p.box(x+3*mm, y+5*mm, 5*mm, 5*mm, 0.8)
		p.font(10)
		p.ink(90)
		p.text(x+11*mm, y+5*mm, 8*mm, left, strconv.Itoa(i+1))
		p.ink(0)
		p.font(20)
		p.text(x+20*mm, y+2.5*mm, 76*mm, left, c)
		p.font(9)
		p.ink(90)
		p.text(x+98*mm, y+5.5*mm, 20*mm, left, texts("printing.codes.for"))
		p.ink(0)
		p.line(x+112*mm, y+11*mm, x+width-2*mm, y+11*mm, 0.4)
		y += row
	}
	p.font(9)
	p.ink(70)
	p.paragraph(x, 275*mm, width, 5*mm, texts("printing.codes.warning"))
	return p.write(w)
}
