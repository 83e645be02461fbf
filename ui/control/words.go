package control

import (
	"image/color"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	ft "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tiezhang/ui/theme"
)

// Words is a paragraph that wraps Chinese between any two characters and
// English between words, at a fixed width. (Fyne's label breaks at blanks
// only, which Chinese has none of.)
type Words struct {
	widget.BaseWidget
	Text     string
	Width    float32 // pixels at standard text size
	Color    fyne.ThemeColorName
	TextSize fyne.ThemeSizeName
	Bold     bool
	Center   bool
}

// widest is how wide a paragraph may be at any text size: beside the rail it
// still fits on the shop's screen.
const widest = 1100

// NewWords makes a paragraph.
func NewWords(s string, width float32) *Words {
	w := &Words{Text: s, Width: width, Color: ft.ColorNameForeground, TextSize: ft.SizeNameText}
	w.ExtendBaseWidget(w)
	return w
}

// SetText changes the words.
func (w *Words) SetText(s string) { w.Text = s; w.Refresh() }

// CreateRenderer is Fyne's.
func (w *Words) CreateRenderer() fyne.WidgetRenderer {
	r := &wordsRenderer{w: w}
	r.update()
	return r
}

type wordsRenderer struct {
	w     *Words
	lines []*canvas.Text
	lineH float32
	width float32
}

func (r *wordsRenderer) Destroy() {}
func (r *wordsRenderer) Objects() []fyne.CanvasObject {
	out := make([]fyne.CanvasObject, len(r.lines))
	for i, l := range r.lines {
		out[i] = l
	}
	return out
}

func (r *wordsRenderer) update() {
	w := r.w
	size := w.Theme().Size(w.TextSize)
	style := fyne.TextStyle{Bold: w.Bold}
	r.width = min(theme.Px(w.Width), widest)
	lines := wrap(w.Text, r.width, func(s string) float32 { return fyne.MeasureText(s, size, style).Width })
	r.lines = r.lines[:0]
	c := theme.Get(w.Color)
	for _, s := range lines {
		t := &canvas.Text{Text: s, TextSize: size, TextStyle: style, Color: c}
		if c == nil {
			t.Color = color.Black
		}
		r.lines = append(r.lines, t)
	}
	r.lineH = fyne.MeasureText("\u56fd", size, style).Height + 4
}

func (r *wordsRenderer) MinSize() fyne.Size {
	return fyne.NewSize(r.width, r.lineH*float32(len(r.lines)))
}

func (r *wordsRenderer) Layout(s fyne.Size) {
	for i, l := range r.lines {
		m := l.MinSize()
		x := float32(0)
		if r.w.Center {
			x = (s.Width - m.Width) / 2
		}
		l.Resize(m)
		l.Move(fyne.NewPos(x, float32(i)*r.lineH+(r.lineH-m.Height)/2))
	}
}

func (r *wordsRenderer) Refresh() {
	r.update()
	r.Layout(r.w.Size())
	canvas.Refresh(r.w)
}

// noStart are marks that do not begin a line in Chinese: closing brackets,
// commas, stops.
const noStart = "\uff0c\u3002\u3001\uff1b\uff1a\uff1f\uff01\uff09\u300b\u300d\u300f\u3011\u201d\u2019,.;:?!)]}%\u2026"

// wrap cuts a text into lines no wider than width.
func wrap(s string, width float32, measure func(string) float32) []string {
	var out []string
	for _, para := range strings.Split(s, "\n") {
		line := ""
		for _, piece := range pieces(para) {
			if line == "" {
				piece = strings.TrimLeft(piece, " ")
			}
			if measure(line+strings.TrimRight(piece, " ")) <= width {
				line += piece
				continue
			}
			if line != "" {
				out = append(out, strings.TrimRight(line, " "))
			}
			line = strings.TrimLeft(piece, " ")
			for measure(line) > width && len([]rune(line)) > 1 { // one endless word
				rs := []rune(line)
				n := len(rs) - 1
				for n > 1 && measure(string(rs[:n])) > width {
					n--
				}
				out = append(out, string(rs[:n]))
				line = string(rs[n:])
			}
		}
		out = append(out, strings.TrimRight(line, " "))
	}
	return out
}

// pieces cuts a paragraph where a line may break.
func pieces(s string) []string {
	var out []string
	cur := ""
	prevWide := false
	for _, r := range s {
		wide := unicode.Is(unicode.Han, r) || (r >= 0x3000 && r <= 0x303f) || (r >= 0xff00 && r <= 0xffef)
		stick := strings.ContainsRune(noStart, r)
		if cur != "" && !stick && (wide || prevWide || strings.HasSuffix(cur, " ")) && r != ' ' && !opens(cur) {
			out = append(out, cur)
			cur = ""
		}
		cur += string(r)
		prevWide = wide || (stick && prevWide)
	}
	if cur != "" {
		out = append(out, cur)
	}
	return out
}

// opens tells whether a piece ends in an opening bracket, which keeps its next
// character.
func opens(s string) bool {
	for _, m := range []string{"\uff08", "\u300a", "\u300c", "\u201c", "\u3010", "(", "["} {
		if strings.HasSuffix(s, m) {
			return true
		}
	}
	return false
}
