// Package printing puts the shop's papers on paper: receipts for thermal
// printers and as PDF, documents on A4 and 241 mm forms, reports, labels of the
// recovery kit and the slip of the day's close.
//
// What belongs here: the layouts, as plain structs of ready-made words and the
// functions that draw them. What does not: reading the shop's data, rights
// (package app fills the structs with what the person may see), printers and
// spoolers, and words (they come by key through a Texts function).
package printing

import (
	"image"
	"io"
	"strings"
	"unicode"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
	"github.com/signintech/gopdf"

	"tiezhang/app/fault"
	"tiezhang/assets"
)

// Texts gives the words of a key with named arguments: name, value, name,
// value …
type Texts func(key string, nv ...any) string

// Field is a label, by key, and its value, ready to read.
type Field struct {
	Key   string
	Value string
}

const (
	mm     = 72 / 25.4 // points
	family = "t"
)

// pen draws on a PDF. Its measures are points from the top left. The first
// error stays and everything after it does nothing.
type pen struct {
	g    *gopdf.GoPdf
	w, h float64
	size float64
	err  error
	// watch, if set, hears of every text drawn: its box and itself.
	watch func(x, y, w, h float64, s string)
}

// align of a text in its box.
type align uint8

const (
	left align = iota
	centre
	right
)

func newPen(w, h float64, title string) *pen {
	p := &pen{g: &gopdf.GoPdf{}, w: w, h: h}
	p.g.Start(gopdf.Config{PageSize: gopdf.Rect{W: w, H: h}})
	p.g.SetInfo(gopdf.PdfInfo{Title: title, Creator: "Tiezhang"})
	font, err := assets.PDFFont()
	if err != nil {
		p.err = err
		return p
	}
	// A character the font lacks shows as an empty box instead of stopping the print.
	p.err = p.g.AddTTFFontDataWithOption(family, font, gopdf.TtfOption{OnGlyphNotFoundSubstitute: func(rune) rune { return 0x25A1 }})
	return p
}

func (p *pen) page() {
	if p.err == nil {
		p.g.AddPage()
	}
}

func (p *pen) font(size float64) {
	if p.err == nil && size != p.size {
		p.size = size
		p.err = p.g.SetFont(family, "", size)
	}
}

func (p *pen) ink(grey uint8) {
	p.g.SetTextColor(grey, grey, grey)
}

func (p *pen) width(s string) float64 {
	if p.err != nil || s == "" {
		return 0
	}
	w, err := p.g.MeasureTextWidth(s)
	if err != nil {
		p.err = err
	}
	return w
}

// text writes one line into a box of width w whose top is y; what does not fit
// is cut with an ellipsis, never drawn over its neighbour.
func (p *pen) text(x, y, w float64, a align, s string) {
	s = p.fit(clean(s), w)
	if p.err != nil || s == "" {
		return
	}
	switch a {
	case centre:
		x += (w - p.width(s)) / 2
	case right:
		x += w - p.width(s)
	}
	if p.watch != nil {
		p.watch(x, y, p.width(s), p.size, s)
	}
	p.g.SetXY(x, y)
	if p.err == nil {
		p.err = p.g.Cell(nil, s)
	}
}

// squeeze writes one line like text, but makes the type smaller, down to a share
// of it, before anything is cut. Numbers are never cut: a shortened amount is a
// wrong amount, so they may get as small as they must.
func (p *pen) squeeze(x, y, w float64, a align, s string, least float64) {
	s = clean(s)
	size := p.size
	if have := p.width(s); have > w && have > 0 {
		small := max(size*w/have*0.995, size*least)
		p.font(small)
		y += (size - small) * 0.6 // keep to the line of the others
	}
	p.text(x, y, w, a, s)
	p.font(size)
}

const (
	wordsLeast  = 0.72
	numberLeast = 0.2
)

// fit cuts a text to a width.
func (p *pen) fit(s string, w float64) string {
	if p.width(s) <= w+0.01 {
		return s
	}
	r := []rune(s)
	lo, hi := 0, len(r) // the longest beginning that fits with an ellipsis
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if p.width(string(r[:mid])+"\u2026") <= w {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	if lo == 0 {
		return ""
	}
	return string(r[:lo]) + "\u2026"
}

// wrap breaks a text into lines of a width: after any Han character, but Latin
// words and numbers stay whole while they can.
func (p *pen) wrap(s string, w float64) []string {
	var out []string
	for _, para := range strings.Split(s, "\n") {
		line, word := "", ""
		flush := func() {
			if line != "" && p.width(line+word) > w {
				out = append(out, strings.TrimRight(line, " "))
				line = ""
			}
			for p.err == nil && p.width(word) > w && len([]rune(word)) > 1 {
				r := []rune(word)
				n := 1
				for n < len(r) && p.width(string(r[:n+1])) <= w {
					n++
				}
				out = append(out, string(r[:n]))
				word = string(r[n:])
			}
			line += word
			word = ""
		}
		for _, r := range clean(para) {
			closing := unicode.Is(unicode.Po, r) || unicode.Is(unicode.Pe, r) || unicode.Is(unicode.Pf, r)
			switch {
			case r == ' ':
				flush()
				if line != "" && p.width(line+" ") <= w {
					line += " "
				}
			case r < 0x2E80 || closing: // part of a word; closing marks never begin a line
				word += string(r)
			default:
				flush()
				word = string(r)
			}
		}
		flush()
		out = append(out, strings.TrimRight(line, " "))
	}
	return out
}

// paragraph writes wrapped text and gives the y under it.
func (p *pen) paragraph(x, y, w, leading float64, s string) float64 {
	for _, l := range p.wrap(s, w) {
		p.text(x, y, w, left, l)
		y += leading
	}
	return y
}

func (p *pen) line(x1, y1, x2, y2, thick float64) {
	if p.err == nil {
		p.g.SetLineWidth(thick)
		p.g.Line(x1, y1, x2, y2)
	}
}

func (p *pen) box(x, y, w, h, thick float64) {
	if p.err == nil {
		p.g.SetLineWidth(thick)
		p.g.RectFromUpperLeftWithStyle(x, y, w, h, "D")
	}
}

func (p *pen) shade(x, y, w, h float64) {
	if p.err == nil {
		p.g.SetFillColor(240, 240, 240)
		p.g.RectFromUpperLeftWithStyle(x, y, w, h, "F")
		p.g.SetFillColor(0, 0, 0)
	}
}

// qr draws a QR code of the given side as filled rectangles: sharp on any
// printer. Runs of black in a row are one rectangle, so no seams show.
func (p *pen) qr(x, y, side float64, content string) {
	img, err := qrImage(content, 1)
	if err != nil && p.err == nil {
		p.err = err
	}
	if p.err != nil {
		return
	}
	b := img.Bounds()
	dot := side / float64(b.Dx())
	p.g.SetFillColor(0, 0, 0)
	for r := range b.Dy() {
		for c := 0; c < b.Dx(); c++ {
			n := 0
			for c+n < b.Dx() && dark(img, b.Min.X+c+n, b.Min.Y+r) {
				n++
			}
			if n > 0 {
				p.g.RectFromUpperLeftWithStyle(x+float64(c)*dot, y+float64(r)*dot, float64(n)*dot, dot+0.02, "F")
				c += n
			}
		}
	}
}

func dark(img image.Image, x, y int) bool {
	r, _, _, _ := img.At(x, y).RGBA()
	return r < 0x8000
}

// qrImage makes a QR code of so many dots a module, with error correction for a
// creased paper.
func qrImage(content string, dots int) (image.Image, error) {
	code, err := qr.Encode(content, qr.M, qr.Auto)
	if err != nil {
		return nil, err
	}
	if dots == 1 {
		return code, nil
	}
	side := code.Bounds().Dx() * dots
	return barcode.Scale(code, side, side)
}

func (p *pen) write(w io.Writer) error {
	if p.err == nil {
		_, p.err = p.g.WriteTo(w)
	}
	if p.err != nil {
		return fault.Wrap("printing.pdf", fault.Internal, "printing.failed", nil, p.err)
	}
	return nil
}

// clean drops control characters: they are nothing on paper, and to a thermal
// printer they would be commands hidden in an item's name.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
}
