package assets

import (
	"bytes"
	"encoding/xml"
	"image/png"
	"io"
	"strings"
	"testing"

	"golang.org/x/image/font/sfnt"
)

// The faces must be single faces (a collection makes Fyne panic) and must have
// a glyph for everything a mainland shop writes: the test reads them with
// another reader than the one that made them.
func TestFontsHaveTheCharacters(t *testing.T) {
	pdf, err := PDFFont()
	if err != nil {
		t.Fatal(err)
	}
	const sample = "铁账进销存采购零售库存报表 0123456789 ¥￥€ ABCxyz，。；：？！“”《》【】（）%‰±×÷℃№①⑩㎏㎜㎡" +
		"镕喆堃淼赟㭎䶮 ぁアー αβΩμ ā á ǎ à ü𬭚𬬻 ✓★☆←→↑↓├─┤□■○●◎"
	for name, data := range map[string][]byte{"regular": FontRegular, "bold": FontBold, "pdf": pdf} {
		f, err := sfnt.Parse(data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var buf sfnt.Buffer
		for _, r := range sample {
			if g, err := f.GlyphIndex(&buf, r); err != nil || g == 0 {
				t.Errorf("%s: no glyph for %q (%U): %v", name, r, r, err)
			}
		}
		if family, _ := f.Name(&buf, sfnt.NameIDFamily); family != "Tiezhang Sans SC" {
			t.Errorf("%s: family %q: a changed font may not go under its old name", name, family)
		}
		if f.NumGlyphs() < 9000 {
			t.Errorf("%s: only %d glyphs", name, f.NumGlyphs())
		}
	}
	if !bytes.HasPrefix(FontRegular, []byte("OTTO")) || !bytes.HasPrefix(FontBold, []byte("OTTO")) {
		t.Error("the screen faces are not CFF")
	}
	if !bytes.HasPrefix(pdf, []byte{0, 1, 0, 0}) {
		t.Error("the PDF face is not glyf; the PDF writer would refuse it")
	}
	if !strings.Contains(FontLicence, "SIL OPEN FONT LICENSE Version 1.1") || !strings.Contains(FontLicence, "Copyright") {
		t.Error("the font licence is not whole")
	}
}

func TestDamagedPDFFontIsAnErrorNotAPanic(t *testing.T) {
	for _, cut := range []int{0, 1, 10, len(pdfFontPacked) / 2, len(pdfFontPacked) - 1} {
		if data, err := gunzip(pdfFontPacked[:cut]); err == nil || data != nil {
			t.Errorf("cut at %d: got %d bytes, error %v", cut, len(data), err)
		}
	}
	bent := bytes.Clone(pdfFontPacked)
	bent[len(bent)/2] ^= 1
	if data, err := gunzip(bent); err == nil || data != nil {
		t.Errorf("a flipped bit went unnoticed (%d bytes)", len(data))
	}
}

// Fyne recolours the fills of the elements it knows and leaves strokes black:
// so every icon is one drawing of filled paths on a field of 24.
func TestIconsCanBeRecoloured(t *testing.T) {
	wanted := strings.Fields(`home till sales purchase stock money reports data security settings
		backup lock user search plus print excel refresh delete edit check warning info close
		up down left right menu`)
	for _, name := range wanted {
		if Icon(name) == nil {
			t.Errorf("no icon %s", name)
		}
	}
	if Icon("no-such") != nil || Icon("../embed") != nil || Icon("") != nil {
		t.Error("an unknown name gave a picture")
	}
	for _, name := range IconNames() {
		d := xml.NewDecoder(bytes.NewReader(Icon(name)))
		paths, fills := 0, map[string]bool{}
		for {
			tok, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Errorf("%s: %v", name, err)
				break
			}
			el, ok := tok.(xml.StartElement)
			if !ok {
				continue
			}
			attr := map[string]string{}
			for _, a := range el.Attr {
				attr[a.Name.Local] = a.Value
			}
			switch el.Name.Local {
			case "svg":
				if attr["viewBox"] != "0 0 24 24" {
					t.Errorf("%s: field is %q", name, attr["viewBox"])
				}
			case "path":
				paths++
				fills[attr["fill"]] = true
				if attr["stroke"] != "" || attr["d"] == "" || attr["fill"] == "" {
					t.Errorf("%s: want filled paths without stroke, got %v", name, attr)
				}
			default:
				t.Errorf("%s: Fyne drops <%s> when it recolours", name, el.Name.Local)
			}
		}
		if paths == 0 || name != "app" && len(fills) != 1 {
			t.Errorf("%s: %d paths, colours %v", name, paths, fills)
		}
	}
	if p, err := png.DecodeConfig(bytes.NewReader(AppIcon)); err != nil || p.Width != 512 || p.Height != 512 {
		t.Errorf("the program's icon: %+v, %v", p, err)
	}
}
