package printing

import (
	"bytes"
	"image"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// SlipESCPOS gives the slip as bytes for a thermal printer that speaks ESC/POS
// and has a GB18030 font, which every printer sold in China has.
func SlipESCPOS(s Slip, paper Paper, texts Texts) []byte {
	e := &escpos{cols: 48, dots: 576}
	if paper == Paper58 {
		e.cols, e.dots = 32, 384
	}
	e.raw(0x1B, '@')       // start from a known state
	e.raw(0x1C, '&')       // Chinese characters on
	e.raw(0x1B, 'a', 1)    // centred
	e.raw(0x1D, '!', 0x11) // twice as wide and high
	e.wrapped(s.Shop, e.cols/2)
	e.raw(0x1D, '!', 0)
	if s.TitleKey != "" {
		e.wrapped(texts(s.TitleKey), e.cols)
	}
	if s.Reprint {
		e.wrapped(texts("printing.reprint"), e.cols)
	}
	e.raw(0x1B, 'a', 0)
	for _, f := range s.Head {
		e.pair(texts(f.Key), f.Value, e.cols)
	}
	if len(s.Items) > 0 {
		e.rule()
		e.three(texts("printing.slip.qty"), texts("printing.slip.price"), texts("printing.slip.amount"))
		e.rule()
		for _, it := range s.Items {
			e.wrapped(it.Name, e.cols)
			e.three(it.Qty, it.Price, it.Amount)
		}
	}
	if len(s.Totals) > 0 {
		e.rule()
		for i, f := range s.Totals {
			if i == 0 {
				e.raw(0x1B, 'E', 1)
				e.raw(0x1D, '!', 0x11)
				e.pair(texts(f.Key), f.Value, e.cols/2)
				e.raw(0x1D, '!', 0)
				e.raw(0x1B, 'E', 0)
			} else {
				e.pair(texts(f.Key), f.Value, e.cols)
			}
		}
	}
	for _, sec := range s.Sections {
		e.rule()
		e.raw(0x1B, 'E', 1)
		e.wrapped(texts(sec.Key), e.cols)
		e.raw(0x1B, 'E', 0)
		for _, f := range sec.Fields {
			e.pair(texts(f.Key), f.Value, e.cols)
		}
	}
	if len(s.Foot) > 0 || s.LogHead != "" || s.Code != "" {
		e.rule()
	}
	e.raw(0x1B, 'a', 1)
	for _, l := range s.Foot {
		e.wrapped(l, e.cols)
	}
	if s.Code != "" {
		// As a picture: cheap printers lack the QR command, all can draw dots.
		if img, err := qrImage(s.Code, 6); err == nil && img.Bounds().Dx() <= e.dots {
			e.picture(img)
		}
		e.wrapped(s.Code, e.cols)
	}
	if s.LogHead != "" {
		e.wrapped(texts("printing.log-head", "code", s.LogHead), e.cols)
	}
	e.raw(0x1B, 'a', 0)
	e.raw(0x1B, 'd', 3)       // feed past the tear bar
	e.raw(0x1D, 'V', 0x42, 0) // cut, leaving one point
	if s.Drawer {
		e.b.Write(KickDrawer())
	}
	return e.b.Bytes()
}

// KickDrawer gives the pulse that opens the cash drawer on the printer's first
// connector.
func KickDrawer() []byte { return []byte{0x1B, 'p', 0, 25, 250} }

type escpos struct {
	b    bytes.Buffer
	cols int // characters of half width in a line
	dots int // dots in a line
}

func (e *escpos) raw(b ...byte) { e.b.Write(b) }

// put writes text in GB18030. Control characters are gone (clean), so no name
// can carry a command. What GB18030's one- and two-byte part lacks (emoji)
// would print as rubbish and prints as a question mark.
func (e *escpos) put(s string) {
	for _, r := range clean(s) {
		if r < 0x80 {
			e.b.WriteByte(byte(r))
			continue
		}
		out, err := simplifiedchinese.GB18030.NewEncoder().String(string(r))
		if err != nil || len(out) != 2 {
			out = "?"
		}
		e.b.WriteString(out)
	}
}

func (e *escpos) line(s string) {
	e.put(s)
	e.raw('\n')
}

func (e *escpos) rule() { e.line(strings.Repeat("-", e.cols)) }

// cells is a text's width in half-width characters, as put will print it.
func cells(s string) int {
	n := 0
	for _, r := range clean(s) {
		n += cell(r)
	}
	return n
}

func cell(r rune) int {
	if r < 0x80 || r > 0xFFFF {
		return 1 // ASCII, or beyond GBK: a question mark
	}
	if out, err := simplifiedchinese.GB18030.NewEncoder().String(string(r)); err != nil || len(out) != 2 {
		return 1
	}
	return 2
}

func (e *escpos) wrapped(s string, cols int) {
	line, n := "", 0
	for _, r := range clean(s) {
		if w := cell(r); n+w > cols {
			e.line(line)
			line, n = string(r), w
		} else {
			line, n = line+string(r), n+w
		}
	}
	if line != "" {
		e.line(line)
	}
}

// cut keeps the beginning of a text that fits.
func cut(s string, cols int) string {
	n := 0
	for i, r := range s {
		if n += cell(r); n > cols {
			return s[:i]
		}
	}
	return s
}

// pair writes a label at the left and a value at the right, on two lines when
// they do not fit on one.
func (e *escpos) pair(label, value string, cols int) {
	label, value = clean(label), clean(value)
	gap := cols - cells(label) - cells(value)
	if gap >= 1 {
		e.line(label + strings.Repeat(" ", gap) + value)
		return
	}
	e.wrapped(label, cols)
	for cells(value) > cols {
		part := cut(value, cols)
		e.line(part)
		value = value[len(part):]
	}
	e.line(strings.Repeat(" ", cols-cells(value)) + value)
}

// three writes quantity, price and amount in columns; a number too wide for its
// column takes what the gaps have, and if need be a line of its own.
func (e *escpos) three(a, b, c string) {
	a, b, c = clean(a), clean(b), clean(c)
	w := []int{e.cols * 36 / 100, e.cols * 30 / 100, 0}
	w[2] = e.cols - w[0] - w[1]
	if cells(a) < w[0] && cells(b) < w[1] && cells(c) < w[2] {
		e.line(a + strings.Repeat(" ", w[0]-cells(a)+w[1]-cells(b)) + b + strings.Repeat(" ", w[2]-cells(c)) + c)
		return
	}
	e.pair(strings.TrimSpace(a+" x "+b), c, e.cols)
}

// picture prints black dots as a raster.
func (e *escpos) picture(img image.Image) {
	b := img.Bounds()
	stride := (b.Dx() + 7) / 8
	e.raw(0x1D, 'v', '0', 0, byte(stride), byte(stride>>8), byte(b.Dy()), byte(b.Dy()>>8))
	for y := b.Min.Y; y < b.Max.Y; y++ {
		row := make([]byte, stride)
		for x := b.Min.X; x < b.Max.X; x++ {
			if dark(img, x, y) {
				row[(x-b.Min.X)/8] |= 0x80 >> ((x - b.Min.X) % 8)
			}
		}
		e.raw(row...)
	}
	e.raw('\n')
}
