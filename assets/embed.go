// Package assets holds the files built into the program: fonts, icons and
// texts, as bytes.
//
// What belongs here: the files, and the least code that hands them out. What
// does not: Fyne (printing and the script face import this package too), and
// any knowledge of what a text or an icon is for.
package assets

import (
	"bytes"
	"compress/gzip"
	"embed"
	"fmt"
	"io"
	"sync"
)

// FontRegular and FontBold are the screen faces, OpenType with CFF outlines:
// Chinese (GB 2312 and the 8105 standard characters), Latin, and digits of one
// width. Callers must not change the bytes.
var (
	//go:embed fonts/TiezhangSansSC-Regular.otf
	FontRegular []byte
	//go:embed fonts/TiezhangSansSC-Bold.otf
	FontBold []byte
)

//go:embed fonts/TiezhangSansSC-Regular.ttf.gz
var pdfFontPacked []byte

// FontLicence is the licence the fonts come under; it has to travel with them.
//
//go:embed fonts/OFL.txt
var FontLicence string

// I18N holds i18n/<area>.<language>.json, flat objects from key to text.
//
//go:embed i18n/*.json
var I18N embed.FS

var pdfFont = sync.OnceValues(func() ([]byte, error) { return gunzip(pdfFontPacked) })

// PDFFont is the regular face with glyf outlines, which PDF writers want. It
// is unpacked at the first call (5 MB, so not at start) and kept. Callers must
// not change the bytes.
func PDFFont() ([]byte, error) { return pdfFont() }

func gunzip(packed []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("assets: PDF font: %w", err)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("assets: PDF font: %w", err)
	}
	return data, nil
}
