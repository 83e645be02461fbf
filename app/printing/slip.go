package printing

import (
	"io"
)

// Slip is a narrow paper: a till receipt, a return, the slip of the day's close.
// All values are ready to read; empty parts are left out.
type Slip struct {
	Shop     string
	TitleKey string  // under the shop's name
	Reprint  bool    // says so in a line of its own, so that nobody is paid twice
	Head     []Field // number, date, cashier …
	Items    []SlipItem
	Totals   []Field   // the first one is the largest on the paper
	Sections []Section // day close: sales, payments, cash counted
	Foot     []string  // thanks, address, phone
	LogHead  string    // the head of the log's chain, an anchor outside the file
	Code     string    // the document's number as a QR code, to scan at a return; "" for none
	Drawer   bool      // open the cash drawer (ESC/POS only)
}

// SlipItem is one thing sold: its name above, the numbers below.
type SlipItem struct {
	Name, Qty, Price, Amount string
}

// Section is a block of fields under a heading.
type Section struct {
	Key    string
	Fields []Field
}

// Paper is the width of the roll.
type Paper uint8

const (
	Paper80 Paper = iota // 48 characters of half width
	Paper58              // 32
)

// SlipPDF writes the slip as one page of 80 or 58 mm, as long as it needs.
func SlipPDF(w io.Writer, s Slip, paper Paper, texts Texts) error {
	width := 80 * mm
	if paper == Paper58 {
		width = 58 * mm
	}
	probe := newPen(width, 5000, "")
	probe.page()
	height := s.draw(probe, texts) // once to see how long it is
	if probe.err != nil {
		return probe.write(w)
	}
	p := newPen(width, max(height, 40*mm), s.Shop)
	p.page()
	s.draw(p, texts)
	return p.write(w)
}

// draw draws the slip and gives its length.
func (s Slip) draw(p *pen, texts Texts) float64 {
	const x, lead = 4 * mm, 4.6 * mm
	width := p.w - 2*x
	y := 4 * mm
	rule := func() {
		p.line(x, y+1*mm, x+width, y+1*mm, 0.4)
		y += 2.4 * mm
	}
	pair := func(label, value string, size, step float64) {
		p.font(size)
		vw := min(p.width(clean(value)), width*0.72)
		p.squeeze(x, y, width-vw-2*mm, left, label, wordsLeast)
		p.squeeze(x+width-vw, y, vw, right, value, numberLeast)
		y += step
	}
	p.font(14)
	for _, l := range p.wrap(s.Shop, width) {
		p.text(x, y, width, centre, l)
		y += 6.2 * mm
	}
	p.font(10)
	if s.TitleKey != "" {
		p.text(x, y, width, centre, texts(s.TitleKey))
		y += lead + 0.6*mm
	}
	if s.Reprint {
		p.text(x, y, width, centre, texts("printing.reprint"))
		y += lead
	}
	for _, f := range s.Head {
		pair(texts(f.Key), f.Value, 8.5, lead-0.4*mm)
	}
	if len(s.Items) > 0 {
		rule()
		p.font(8.5)
		c := []float64{0, width * 0.36, width * 0.66, width}
		p.text(x+c[0], y, c[1]-c[0], left, texts("printing.slip.qty"))
		p.text(x+c[1], y, c[2]-c[1], right, texts("printing.slip.price"))
		p.text(x+c[2], y, c[3]-c[2], right, texts("printing.slip.amount"))
		y += lead
		rule()
		for _, it := range s.Items {
			p.font(9.5)
			y = p.paragraph(x, y, width, lead, it.Name)
			if p.width(clean(it.Qty)) > c[1] || p.width(clean(it.Price)) > c[2]-c[1]-1*mm || p.width(clean(it.Amount)) > c[3]-c[2]-1*mm {
				p.squeeze(x, y, width, left, it.Qty+" \u00d7 "+it.Price, numberLeast) // too wide for columns
				y += lead
				p.squeeze(x, y, width, right, it.Amount, numberLeast)
			} else {
				p.text(x+c[0], y, c[1]-c[0], left, it.Qty)
				p.text(x+c[1], y, c[2]-c[1], right, it.Price)
				p.text(x+c[2], y, c[3]-c[2], right, it.Amount)
			}
			y += lead + 0.6*mm
		}
	}
	if len(s.Totals) > 0 {
		rule()
		for i, f := range s.Totals {
			if i == 0 {
				pair(texts(f.Key), f.Value, 15, 7*mm)
			} else {
				pair(texts(f.Key), f.Value, 10, lead+0.4*mm)
			}
		}
	}
	for _, sec := range s.Sections {
		rule()
		p.font(10.5)
		p.text(x, y, width, left, texts(sec.Key))
		y += lead + 1*mm
		for _, f := range sec.Fields {
			pair(texts(f.Key), f.Value, 9.5, lead)
		}
	}
	if len(s.Foot) > 0 || s.LogHead != "" || s.Code != "" {
		rule()
	}
	p.font(8.5)
	for _, l := range s.Foot {
		for _, part := range p.wrap(l, width) {
			p.text(x, y, width, centre, part)
			y += lead
		}
	}
	if s.Code != "" {
		const side = 20 * mm
		p.qr(x+(width-side)/2, y+1*mm, side, s.Code)
		y += side + 2*mm
		p.text(x, y, width, centre, s.Code)
		y += lead
	}
	if s.LogHead != "" {
		for _, part := range p.wrap(texts("printing.log-head", "code", s.LogHead), width) {
			p.text(x, y, width, centre, part)
			y += lead
		}
	}
	return y + 5*mm
}
