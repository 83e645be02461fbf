package printing

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"pgregory.net/rapid"

	"tiezhang/app/amount"
	"tiezhang/app/fault"
)

func TestCapitals(t *testing.T) {
	for m, want := range map[amount.Money]string{
		0: "零元整", 1: "壹分", 5: "伍分", 10: "壹角整", 50: "伍角整", 56: "伍角陆分", 100: "壹元整", 105: "壹元零伍分", 150: "壹元伍角整", 1000: "壹拾元整", 1100: "壹拾壹元整", 10000: "壹佰元整", 10100: "壹佰零壹元整",
		123456: "壹仟贰佰叁拾肆元伍角陆分", 140950: "壹仟肆佰零玖元伍角整", 600714: "陆仟零柒元壹角肆分", 168032: "壹仟陆佰捌拾元叁角贰分", 10700053: "壹拾万柒仟元伍角叁分", 1640902: "壹万陆仟肆佰零玖元零贰分",
		32504: "叁佰贰拾伍元零肆分", 1000000: "壹万元整", 1001000: "壹万零壹拾元整", 1010000: "壹万零壹佰元整", 10000100: "壹拾万零壹元整", 10000000000: "壹亿元整", 10000000100: "壹亿零壹元整", 10001000000: "壹亿零壹万元整",
		100000000000: "壹拾亿元整", 123456789012345: "壹万贰仟叁佰肆拾伍亿陆仟柒佰捌拾玖万零壹佰贰拾叁元肆角伍分", -1250: "负壹拾贰元伍角整",
	} {
		if got := Capitals(m); got != want {
			t.Errorf("%s = %s, want %s", m, got, want)
		}
	}
	if s := Capitals(math.MinInt64); !strings.HasPrefix(s, "负") || !strings.HasSuffix(s, "捌分") {
		t.Error(s)
	}
}

// read reads capitals back, independently of how they are made.
func read(s string) int64 {
	digit := map[rune]int64{'零': 0, '壹': 1, '贰': 2, '叁': 3, '肆': 4, '伍': 5, '陆': 6, '柒': 7, '捌': 8, '玖': 9}
	ten := map[rune]int64{'拾': 10, '佰': 100, '仟': 1000}
	var yi, wan, sec, d, yuan, cents int64
	for _, r := range s {
		if v, ok := digit[r]; ok {
			d = v
			continue
		}
		if v, ok := ten[r]; ok {
			sec += d * v
			d = 0
			continue
		}
		switch r {
		case '万':
			wan, sec, d = (sec+d)*10_000, 0, 0
		case '亿':
			yi, wan, sec, d = (wan+sec+d)*100_000_000, 0, 0, 0
		case '元':
			yuan, sec, d = yi+wan+sec+d, 0, 0
		case '角':
			cents, d = cents+d*10, 0
		case '分':
			cents, d = cents+d, 0
		}
	}
	return yuan*100 + cents
}

func TestCapitalsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.Int64Range(0, 1e17).Draw(t, "fen")
		if rapid.Bool().Draw(t, "zeros") {
			m = m / 1_000_000 * 1_000_000 / int64(math.Pow10(rapid.IntRange(0, 6).Draw(t, "n")))
		}
		s := Capitals(amount.Money(m))
		if read(s) != m || strings.Contains(s, "零零") || strings.Contains(s, "零元") && m >= 100 {
			t.Fatalf("%d: %s reads %d", m, s, read(s))
		}
	})
}

// visible strips the commands we send and gives the lines in UTF-8.
func visible(t fataler, b []byte) []string {
	var text []byte
	for i := 0; i < len(b); {
		switch {
		case b[i] == 0x1B && b[i+1] == '@', b[i] == 0x1C && b[i+1] == '&':
			i += 2
		case b[i] == 0x1B && (b[i+1] == 'a' || b[i+1] == 'E' || b[i+1] == 'd'), b[i] == 0x1D && b[i+1] == '!':
			i += 3
		case b[i] == 0x1D && b[i+1] == 'V':
			i += 4
		case b[i] == 0x1B && b[i+1] == 'p':
			i += 5
		case b[i] == 0x1D && b[i+1] == 'v':
			i += 8 + (int(b[i+4])+int(b[i+5])<<8)*(int(b[i+6])+int(b[i+7])<<8)
		case b[i] < ' ' && b[i] != '\n':
			t.Fatalf("unknown command %x at %d", b[i], i)
		default:
			text = append(text, b[i])
			i++
		}
	}
	out, err := simplifiedchinese.GB18030.NewDecoder().String(string(text))
	if err != nil || strings.ContainsRune(out, utf8.RuneError) {
		t.Fatalf("not GB18030: %v", err)
	}
	return strings.Split(out, "\n")
}

type fataler interface {
	Fatalf(string, ...any)
}

func TestESCPOS(t *testing.T) {
	zh := words(t, "zh-Hans")
	b := SlipESCPOS(sampleSlip(), Paper80, zh)
	if !bytes.HasPrefix(b, []byte{0x1B, '@'}) || !bytes.HasSuffix(b, []byte{0x1D, 'V', 0x42, 0, 0x1B, 'p', 0, 25, 250}) {
		t.Error("no start, cut or drawer")
	}
	lines := visible(t, b)
	all := strings.Join(lines, "\n")
	for _, want := range []string{
		"好邻居便利店（人民路店）", "*** 补打 ***", "单号                            LS-20261122-0001", "12 桶                      4.50            54.00",
		"100000 x 123456.50             12,345,650,000.00", "应收              145.51", "日志校验码 8F3A-77C1-D0E2",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not in\n%s", want, all)
		}
	}
	s := sampleSlip()
	s.Drawer = false
	if bytes.Contains(SlipESCPOS(s, Paper58, zh), KickDrawer()) {
		t.Error("the drawer opens unasked")
	}
}

// TestAFileSaysWhoTookIt: the watermark is drawn with the head of the log and
// without.
func TestAFileSaysWhoTookIt(t *testing.T) {
	d := sampleDocument(60)
	for _, head := range []string{"", "8F3A"} {
		d.LogHead, d.Taken = head, ""
		var paper, file bytes.Buffer
		if err := DocumentPDF(&paper, d, A4, words(t, "zh-Hans")); err != nil {
			t.Fatal(err)
		}
		d.Taken = "王店长 2026-11-30"
		if err := DocumentPDF(&file, d, A4, words(t, "zh-Hans")); err != nil {
			t.Fatal(err)
		}
		if file.Len() <= paper.Len() {
			t.Errorf("with the head %q nothing more is on the file: %d and %d bytes", head, paper.Len(), file.Len())
		}
	}
}

// Whatever an item is called, no line is too long, no number is lost and
// nothing but our own commands reaches the printer.
func TestESCPOSWithAnyNames(t *testing.T) {
	zh := words(t, "zh-Hans")
	rapid.Check(t, func(rt *rapid.T) {
		name := rapid.OneOf(rapid.String(), rapid.StringMatching(`[一-龥a-z0-9]{0,60}`), rapid.SampledFrom([]string{"\x1bp\x00\x19\xfa", "a\x1d\x56\x00", "😀 𠮷", "\x1c.\x10\x04\x01"})).Draw(rt, "name")
		money := amount.Money(rapid.Int64().Draw(rt, "amount")).Grouped()
		paper := rapid.SampledFrom([]Paper{Paper80, Paper58}).Draw(rt, "paper")
		cols := map[Paper]int{Paper80: 48, Paper58: 32}[paper]
		s := Slip{Shop: name, Items: []SlipItem{{name, "1", money, money}}, Totals: []Field{{"x.paid", money}, {"x.total", money}}, Foot: []string{name}}
		lines := visible(rt, SlipESCPOS(s, paper, zh))
		joined := strings.ReplaceAll(strings.Join(lines, ""), " ", "")
		if strings.Count(joined, money) < 3 {
			rt.Fatalf("an amount is lost in\n%s", strings.Join(lines, "\n"))
		}
		for _, l := range lines {
			if cells(l) > cols {
				rt.Fatalf("%d of %d: %s", cells(l), cols, l)
			}
		}
	})
}

type drawn struct {
	x, y, w, h float64
	s          string
}

// apart checks that texts stay on the paper and off each other.
func apart(t *testing.T, what string, all []drawn, w, h, side float64) {
	t.Helper()
	const slack = 0.6
	for i, a := range all {
		if a.x < side-slack || a.x+a.w > w-side+slack || a.y < 0 || a.y+a.h > h {
			t.Errorf("%s: %q is off the paper (%.1f %.1f %.1f %.1f)", what, a.s, a.x, a.y, a.w, a.h)
		}
		for _, b := range all[:i] {
			if a.x+a.w > b.x+slack && b.x+b.w > a.x+slack && a.y+a.h > b.y+slack && b.y+b.h > a.y+slack {
				t.Errorf("%s: %q lies on %q", what, a.s, b.s)
			}
		}
	}
}

func TestDocumentsKeepTheirTextsApart(t *testing.T) {
	for _, lang := range []string{"zh-Hans", "en"} {
		texts := words(t, lang)
		for size, name := range map[Size]string{A4: "A4", Form140: "241x140", Form93: "241x93", Form280: "241x280"} {
			w, h, side, _, _ := size.measures()
			for n := 0; n <= 120; n++ { // every place a page can end at
				if n > 30 && n%30 != 0 && size != A4 {
					continue
				}
				l := lay(sampleDocument(n), size, texts)
				numbers := 0
				for i := range l.pages {
					var all []drawn
					l.p.watch = func(x, y, w, h float64, s string) {
						all = append(all, drawn{x, y, w, h, s})
						if strings.HasPrefix(s, "SP") {
							numbers++
						}
						if strings.Contains(s, ".") && strings.Contains(s, "…") && strings.ContainsAny(s[:1], "0123456789") {
							t.Errorf("%s: an amount is cut: %s", name, s)
						}
					}
					l.page(i)
					apart(t, fmt.Sprintf("%s %s, %d lines, page %d", lang, name, n, i+1), all, w*mm, h*mm, side*mm)
				}
				if numbers != n {
					t.Errorf("%s: %d of %d lines are printed", name, numbers, n)
				}
				if last := l.pages[len(l.pages)-1]; n > 0 && len(last) == 0 {
					t.Errorf("%s, %d lines: the signatures stand alone", name, n)
				}
			}
		}
	}
}

func TestSlipsKeepTheirTextsApart(t *testing.T) {
	for _, lang := range []string{"zh-Hans", "en"} {
		for _, width := range []float64{80, 58} {
			for _, s := range []Slip{sampleSlip(), sampleClose()} {
				p := newPen(width*mm, 3000, "")
				p.page()
				var all []drawn
				p.watch = func(x, y, w, h float64, s string) { all = append(all, drawn{x, y, w, h, s}) }
				height := s.draw(p, words(t, lang))
				if p.err != nil {
					t.Fatal(p.err)
				}
				apart(t, fmt.Sprintf("%s slip of %v mm", lang, width), all, width*mm, height, 4*mm)
			}
		}
	}
}

func TestReportTooLong(t *testing.T) {
	var b bytes.Buffer
	if err := ReportPDF(&b, Report{Rows: make([][]string, MaxReportRows+1)}, words(t, "en")); fault.KeyOf(err) != "printing.too-many-rows" {
		t.Fatal(err)
	}
}

// Characters the font lacks must not stop a receipt.
func TestRareCharactersPrint(t *testing.T) {
	s := sampleSlip()
	s.Shop = "𠮷野家 😀 \u200b\x00店"
	var b bytes.Buffer
	if err := SlipPDF(&b, s, Paper58, words(t, "zh-Hans")); err != nil {
		t.Fatal(err)
	}
}
