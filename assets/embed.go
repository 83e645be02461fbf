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
	"path"
	"sort"
	"strings"
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

//go:embed icons/*.svg
var icons embed.FS

// AppIcon is the program's own icon, a PNG of 512 pixels, for windows.
//
//go:embed icons/app.png
var AppIcon []byte

// Icon is the drawing of that name as SVG ("home", "till", "search"), black
// fills on nothing, so that a theme can give it its colour. An unknown name is
// nil: IconNames lists what there is.
func Icon(name string) []byte {
	data, err := icons.ReadFile(path.Join("icons", name+".svg"))
	if err != nil {
		return nil
	}
	return data
}

// IconNames lists the icons, sorted.
func IconNames() []string {
	files, err := icons.ReadDir("icons")
	if err != nil {
		return nil
	}
	names := make([]string, 0, len(files))
	for _, f := range files {
		names = append(names, strings.TrimSuffix(f.Name(), ".svg"))
	}
	sort.Strings(names)
	return names
}

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
