package printing

import (
	"io"
	"strconv"

	"tiezhang/app/fault"
)

// MaxReportRows is how long a printed report may be: longer ones belong into
// Excel.
const MaxReportRows = 20_000

// Report is a list or report for A4 paper. Values and titles are ready to read.
type Report struct {
	Title   string
	Lines   []string // filters
	Columns []ReportColumn
	Rows    [][]string
	Totals  []string // nil for none
	Footer  string   // who printed it, when, log number: on every page
}

// ReportColumn is a column; Width is in characters of half width.
type ReportColumn struct {
	Title string
	Width int
	Right bool
}

// ReportPDF writes the report, upright or across as its columns need, with the
// type made smaller until they fit. Fault: Invalid "printing.too-many-rows".
func ReportPDF(w io.Writer, r Report, texts Texts) error {
	if len(r.Rows) > MaxReportRows {
		return fault.Bad("printing.ReportPDF", "printing.too-many-rows", "max", MaxReportRows)
	}
	const side = 11 * mm
	chars := 0
	for _, c := range r.Columns {
		chars += max(c.Width, 4) + 1
	}
	pw, ph := 210*mm, 297*mm
	size := 9.5
	if float64(chars)*size/2 > pw-2*side {
		pw, ph = ph, pw
		size = max(6, min(size, (pw-2*side)*2/float64(chars)))
	}
	p := newPen(pw, ph, r.Title)
	width := pw - 2*side
	x := []float64{side}
	for _, c := range r.Columns {
		x = append(x, x[len(x)-1]+width*float64(max(c.Width, 4)+1)/float64(max(chars, 1)))
	}
	const pad = 0.8 * mm
	lead := size * 1.3
	p.page()
	p.font(size)
	type line struct {
		cells [][]string
		h     float64
	}
	broken := func(values []string) line {
		l := line{}
		n := 1
		for i := range r.Columns {
			s := ""
			if i < len(values) {
				s = values[i]
			}
			parts := []string{s}
			if !r.Columns[i].Right && p.width(s) > x[i+1]-x[i]-2*pad {
				if parts = p.wrap(s, x[i+1]-x[i]-2*pad); len(parts) > 3 {
					parts = append(parts[:2:2], parts[2]+"\u2026")
				}
			}
			n = max(n, len(parts))
			l.cells = append(l.cells, parts)
		}
		l.h = float64(n)*lead + 2*pad
		return l
	}
	titles := make([]string, len(r.Columns))
	for i, c := range r.Columns {
		titles[i] = c.Title
	}
	header := broken(titles)
	top := 10 * mm
	first := top + 9*mm + float64(len(r.Lines))*4.4*mm + 1*mm
	next := top + 6*mm
	bottom := ph - 14*mm
	var pages [][]line
	var page []line
	y := first + header.h
	put := func(l line) {
		if y+l.h > bottom && len(page) > 0 {
			pages = append(pages, page)
			page, y = nil, next+header.h
		}
		page = append(page, l)
		y += l.h
	}
	for _, row := range r.Rows {
		put(broken(row))
	}
	if r.Totals != nil {
		put(broken(r.Totals))
	}
	pages = append(pages, page)
	draw := func(l line, y float64) {
		for c, parts := range l.cells {
			for n, s := range parts {
				cx, cy, w := x[c]+pad, y+pad+float64(n)*lead, x[c+1]-x[c]-2*pad
				if r.Columns[c].Right {
					p.squeeze(cx, cy, w, right, s, numberLeast)
				} else {
					p.text(cx, cy, w, left, s)
				}
			}
		}
	}
	for i, rows := range pages {
		y := next
		if i > 0 {
			p.page()
			p.font(size)
			p.text(side, top, width, left, r.Title)
		} else {
			p.font(15)
			p.text(side, top, width, left, r.Title)
			p.font(9)
			p.ink(70)
			for n, l := range r.Lines {
				p.text(side, top+9*mm+float64(n)*4.4*mm, width, left, l)
			}
			p.ink(0)
			y = first
		}
		p.font(size)
		p.shade(side, y, width, header.h)
		draw(header, y)
		p.line(side, y, side+width, y, 0.6)
		y += header.h
		for n, l := range rows {
			thick := 0.2
			if n == 0 || r.Totals != nil && i == len(pages)-1 && n == len(rows)-1 {
				thick = 0.6
			}
			p.line(side, y, side+width, y, thick)
			draw(l, y)
			y += l.h
		}
		p.line(side, y, side+width, y, 0.6)
		p.font(8)
		p.ink(90)
		p.text(side, ph-10*mm, width*0.8, left, r.Footer)
		p.text(side+width*0.8, ph-10*mm, width*0.2, right, texts("printing.page", "page", strconv.Itoa(i+1), "pages", strconv.Itoa(len(pages))))
		p.ink(0)
	}
	return p.write(w)
}
