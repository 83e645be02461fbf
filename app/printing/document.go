package printing

import (
	"io"
	"strconv"
	"strings"

	"tiezhang/app/amount"
)

// Size is a sheet of paper for documents.
type Size uint8

const (
	A4      Size = iota
	Form140      // continuous form 241 × 140 mm, half a sheet
	Form93       // 241 × 93 mm, a third
	Form280      // 241 × 280 mm, a whole one
)

// measures are a size's width, height and side margins in mm: forms have holes
// at both sides.
func (s Size) measures() (w, h, side, top, bottom float64) {
	switch s {
	case Form140:
		return 241, 140, 17, 7, 7
	case Form93:
		return 241, 93, 17, 5, 5
	case Form280:
		return 241, 280, 17, 9, 9
	}
	return 210, 297, 14, 13, 12
}

// Document is a paper for the other side to sign: a delivery, a receipt of
// goods, a return, a transfer. Values are ready to read.
type Document struct {
	Shop     string
	TitleKey string // "sales delivery"
	Number   string
	Reprint  bool
	Head     []Field // party, date, warehouse …, three a row
	Columns  []DocumentColumn
	Rows     [][]string
	Totals   []string      // the row under the lines; nil for none
	Amount   *amount.Money // written out in capitals; nil for none
	Money    []Field       // paid now, still owed …, on the line of the capitals
	Note     string
	Foot     []Field // address, phone of the shop
	Signs    []string
	LogHead  string
	Taken    string // who took it out of the program, for a copy that is a file
}

// DocumentColumn is a column of the lines. Width is in characters of half
// width; all of them together are stretched over the paper.
type DocumentColumn struct {
	Key   string
	Width int
	Right bool // numbers
}

// laid is a document with its lines broken and shared over pages.
type laid struct {
	d                   Document
	p                   *pen
	texts               Texts
	x, w, top, bottom   float64
	col                 []float64 // x of each column and the end
	size, lead, pad     float64
	pages               [][]laidRow
	tail                float64 // height of what stands under the lines on the last page
	headRows            int
	headTop, headerLine float64
}

type laidRow struct {
	cells  [][]string
	height float64
}

// DocumentPDF writes the document, over as many pages as its lines need; the
// header stands on each, the totals and signatures on the last.
func DocumentPDF(w io.Writer, d Document, size Size, texts Texts) error {
	l := lay(d, size, texts)
	for i := range l.pages {
		l.page(i)
	}
	return l.p.write(w)
}

func lay(d Document, size Size, texts Texts) *laid {
	pw, ph, side, top, bottom := size.measures()
	l := &laid{d: d, p: newPen(pw*mm, ph*mm, d.Number), texts: texts, x: side * mm, w: (pw - 2*side) * mm, top: top * mm, bottom: (ph - bottom) * mm, size: 9.5, lead: 4.3 * mm, pad: 0.9 * mm}
	l.columns()
	l.share()
	return l
}

func (l *laid) columns() {
	sum := 0
	for _, c := range l.d.Columns {
		sum += max(c.Width, 2)
	}
	x := l.x
	l.col = append(l.col, x)
	for _, c := range l.d.Columns {
		x += l.w * float64(max(c.Width, 2)) / float64(max(sum, 1))
		l.col = append(l.col, x)
	}
}

func (l *laid) row(values []string) laidRow {
	r := laidRow{}
	n := 1
	for i := range l.d.Columns {
		s := ""
		if i < len(values) {
			s = values[i]
		}
		lines := []string{s}
		if !l.d.Columns[i].Right { // numbers stay on one line and are squeezed
			lines = l.p.wrap(s, l.col[i+1]-l.col[i]-2*l.pad)
		}
		if len(lines) > 4 {
			lines = append(lines[:3:3], lines[3]+"\u2026")
		}
		n = max(n, len(lines))
		r.cells = append(r.cells, lines)
	}
	r.height = float64(n)*l.lead + 2*l.pad
	return r
}

// share breaks the lines over pages, keeping room for the tail on the last.
func (l *laid) share() {
	l.p.page() // measuring wants a page; the first one is used for real
	l.p.font(l.size)
	l.headRows = (len(l.d.Head) + 2) / 3
	l.headTop = l.top + 9.5*mm
	l.headerLine = l.headTop + float64(l.headRows)*(l.lead+0.6*mm) + 1.2*mm
	l.tail = l.tailHeight()
	start := l.headerLine + l.lead + 2*l.pad
	end := l.bottom - 5*mm // page number
	var rows []laidRow
	y := start
	for _, v := range l.d.Rows {
		r := l.row(v)
		if y+r.height > end && len(rows) > 0 {
			l.pages = append(l.pages, rows)
			rows, y = nil, start
		}
		rows = append(rows, r)
		y += r.height
	}
	if y+l.tail > end && len(rows) > 0 {
		// The tail never stands alone: the last line goes with it.
		last := rows[len(rows)-1]
		if len(rows) > 1 {
			l.pages = append(l.pages, rows[:len(rows)-1])
			rows = []laidRow{last}
		}
	}
	l.pages = append(l.pages, rows)
}

func (l *laid) tailHeight() float64 {
	h := 2.0 * mm
	if l.d.Totals != nil {
		h += l.lead + 2*l.pad
	}
	if l.d.Amount != nil || len(l.d.Money) > 0 {
		h += l.lead + 2*l.pad
	}
	if l.d.Note != "" {
		h += float64(min(len(l.p.wrap(l.texts("printing.note", "note", l.d.Note), l.w)), 3))*l.lead + 1*mm
	}
	if len(l.d.Foot) > 0 {
		h += l.lead
	}
	if len(l.d.Signs) > 0 {
		h += l.lead + 5*mm
	}
	return h
}

func (l *laid) page(i int) {
	p, t := l.p, l.texts
	if i > 0 {
		p.page()
	}
	// Title: the shop in the middle, the number at the right.
	p.font(15)
	p.text(l.x, l.top, l.w, centre, l.d.Shop+"  "+t(l.d.TitleKey))
	p.font(l.size)
	p.text(l.x+l.w*0.75, l.top+5*mm, l.w*0.25, right, t("printing.number", "number", l.d.Number))
	if l.d.Reprint {
		p.text(l.x, l.top+5*mm, l.w*0.25, left, t("printing.reprint"))
	}
	for n, f := range l.d.Head {
		fx := l.x + float64(n%3)*l.w/3
		p.squeeze(fx, l.headTop+float64(n/3)*(l.lead+0.6*mm), l.w/3-2*mm, left, t("printing.field", "label", t(f.Key), "value", f.Value), wordsLeast)
	}
	y := l.headerLine
	top := y
	h := l.lead + 2*l.pad
	p.shade(l.x, y, l.w, h)
	for c, col := range l.d.Columns {
		p.squeeze(l.col[c]+l.pad, y+l.pad, l.col[c+1]-l.col[c]-2*l.pad, centre, t(col.Key), wordsLeast)
	}
	p.line(l.x, y, l.x+l.w, y, 0.6)
	y += h
	for _, r := range l.pages[i] {
		p.line(l.x, y, l.x+l.w, y, 0.3)
		for c, lines := range r.cells {
			for n, s := range lines {
				l.value(c, y+l.pad+float64(n)*l.lead, s)
			}
		}
		y += r.height
	}
	last := i == len(l.pages)-1
	if last && l.d.Totals != nil {
		p.line(l.x, y, l.x+l.w, y, 0.3)
		for c := range l.d.Columns {
			if c < len(l.d.Totals) && l.d.Totals[c] != "" {
				l.value(c, y+l.pad, l.d.Totals[c])
			}
		}
		y += h
	}
	p.line(l.x, y, l.x+l.w, y, 0.6)
	for _, x := range l.col {
		p.line(x, top, x, y, 0.3)
	}
	if last {
		l.drawTail(y)
	}
	p.font(8)
	p.ink(90)
	p.text(l.x+l.w*0.7, l.bottom-3.2*mm, l.w*0.3, right, t("printing.page", "page", strconv.Itoa(i+1), "pages", strconv.Itoa(len(l.pages))))
	mark := l.d.Taken
	if l.d.LogHead != "" {
		mark = strings.TrimSpace(t("printing.log-head", "code", l.d.LogHead) + "  " + mark)
	}
	p.squeeze(l.x, l.bottom-3.2*mm, l.w*0.68, left, mark, wordsLeast)
	p.ink(0)
	p.font(l.size)
}

// value writes one line of a cell.
func (l *laid) value(c int, y float64, s string) {
	x, w := l.col[c]+l.pad, l.col[c+1]-l.col[c]-2*l.pad
	if l.d.Columns[c].Right {
		l.p.squeeze(x, y, w, right, s, numberLeast)
	} else {
		l.p.text(x, y, w, left, s)
	}
}

func (l *laid) drawTail(y float64) {
	p, t := l.p, l.texts
	h := l.lead + 2*l.pad
	if l.d.Amount != nil || len(l.d.Money) > 0 {
		p.box(l.x, y, l.w, h, 0.6)
		x := l.x + l.pad
		if l.d.Amount != nil {
			p.squeeze(x, y+l.pad, l.w*0.55, left, t("printing.capitals", "words", Capitals(*l.d.Amount), "amount", l.d.Amount.Grouped()), numberLeast)
			x = l.x + l.w*0.57
		}
		if n := len(l.d.Money); n > 0 {
			step := (l.x + l.w - x - l.pad) / float64(n)
			for i, f := range l.d.Money {
				p.squeeze(x+float64(i)*step, y+l.pad, step-1*mm, right, t("printing.field", "label", t(f.Key), "value", f.Value), numberLeast)
			}
		}
		y += h
	}
	y += 1 * mm
	if l.d.Note != "" {
		lines := p.wrap(t("printing.note", "note", l.d.Note), l.w)
		if len(lines) > 3 {
			lines = append(lines[:2:2], lines[2]+"\u2026")
		}
		for _, s := range lines {
			p.text(l.x, y, l.w, left, s)
			y += l.lead
		}
		y += 1 * mm
	}
	if n := len(l.d.Foot); n > 0 {
		for i, f := range l.d.Foot {
			p.squeeze(l.x+float64(i)*l.w/float64(n), y, l.w/float64(n)-2*mm, left, t("printing.field", "label", t(f.Key), "value", f.Value), wordsLeast)
		}
		y += l.lead
	}
	if n := len(l.d.Signs); n > 0 {
		y += 2.5 * mm
		step := l.w / float64(n)
		for i, key := range l.d.Signs {
			label := t("printing.sign", "who", t(key))
			x := l.x + float64(i)*step
			p.text(x, y, step*0.6, left, label)
			lx := x + min(p.width(label), step*0.6) + 1*mm
			p.line(lx, y+l.lead-0.5*mm, x+step-4*mm, y+l.lead-0.5*mm, 0.4)
		}
	}
}
