package sheet

import (
	"archive/zip"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"
	"unicode/utf8"

	"tiezhang/app/fault"
)

// book is a workbook being read: the parts by name, and what all of them may
// still unpack to.
type book struct {
	parts  map[string]*zip.File
	left   int64
	shared []string
	zeros  map[int]int // cell style → digits of a format such as 000000
}

func readXLSX(ctx context.Context, r io.ReaderAt, size int64, want string, t *Table) error {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return err
	}
	if len(z.File) > maxParts {
		return fault.Bad("sheet.Read", "sheet.too-big", "max", MaxFile>>20)
	}
	b := &book{parts: make(map[string]*zip.File, len(z.File)), left: MaxUnzip}
	for _, f := range z.File {
		b.parts[strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/"))] = f
	}
	if b.parts["xl/workbook.xml"] == nil {
		return fault.Bad("sheet.Read", "sheet.not-xlsx")
	}
	t.Macros = b.parts["xl/vbaproject.bin"] != nil
	names, files, err := b.sheets()
	if err != nil {
		return err
	}
	t.Sheets = names
	if err := b.readShared(ctx); err != nil {
		return err
	}
	if err := b.readStyles(); err != nil {
		return err
	}
	for i, n := range names {
		if want != "" && n != want {
			continue
		}
		t.Sheet = n
		if err := b.readSheet(ctx, files[i], t); err != nil {
			return err
		}
		if want != "" || len(t.Lines) > 0 {
			return nil
		}
	}
	if want != "" {
		return fault.Bad("sheet.Read", "sheet.no-sheet", "sheet", want)
	}
	return nil
}

// limited reads a part and stops at the limit for all parts together, counting
// what really comes out, not what the directory claims.
type limited struct {
	io.ReadCloser
	left *int64
}

func (l limited) Read(p []byte) (int, error) {
	if *l.left <= 0 {
		return 0, fault.Bad("sheet.Read", "sheet.too-big", "max", MaxFile>>20)
	}
	if int64(len(p)) > *l.left {
		p = p[:*l.left]
	}
	n, err := l.ReadCloser.Read(p)
	*l.left -= int64(n)
	return n, err
}

// walk gives the tokens of a part to fn. A document type definition is refused:
// no spreadsheet program writes one, and they are how XML is made to explode.
func (b *book) walk(name string, fn func(d *xml.Decoder, tok xml.Token) error) error {
	f := b.parts[strings.ToLower(name)]
	if f == nil {
		return errors.New("sheet: no part " + name)
	}
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	d := xml.NewDecoder(limited{r, &b.left})
	depth := 0
	for {
		tok, err := d.RawToken() // does not pair tags: that is the depth's work
		if errors.Is(err, io.EOF) {
			if depth != 0 {
				return io.ErrUnexpectedEOF
			}
			return nil
		}
		if err != nil {
			return err
		}
		switch tok.(type) {
		case xml.Directive:
			return fault.Bad("sheet.Read", "sheet.dtd")
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		}
		if err := fn(d, tok); err != nil {
			return err
		}
	}
}

func attr(s xml.StartElement, name string) string {
	for _, a := range s.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// sheets lists the worksheets in the order of their tabs.
func (b *book) sheets() (names, files []string, err error) {
	target := map[string]string{}
	err = b.walk("xl/_rels/workbook.xml.rels", func(_ *xml.Decoder, tok xml.Token) error {
		if s, ok := tok.(xml.StartElement); ok && s.Name.Local == "Relationship" && strings.HasSuffix(attr(s, "Type"), "/worksheet") {
			p := attr(s, "Target")
			if strings.HasPrefix(p, "/") {
				p = strings.TrimPrefix(p, "/")
			} else {
				p = path.Join("xl", p)
			}
			target[attr(s, "Id")] = p
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	err = b.walk("xl/workbook.xml", func(_ *xml.Decoder, tok xml.Token) error {
		if s, ok := tok.(xml.StartElement); ok && s.Name.Local == "sheet" {
			id := ""
			for _, a := range s.Attr { // r:id, whatever the prefix; sheetId is another
				if a.Name.Local == "id" {
					id = a.Value
				}
			}
			if p := target[id]; p != "" && b.parts[strings.ToLower(p)] != nil {
				names, files = append(names, attr(s, "name")), append(files, p)
			}
		}
		return nil
	})
	if err == nil && len(names) == 0 {
		err = fault.Bad("sheet.Read", "sheet.not-xlsx")
	}
	return names, files, err
}

// readShared reads the strings that cells point to; phonetic marks are left out.
func (b *book) readShared(ctx context.Context) error {
	const part = "xl/sharedStrings.xml"
	if b.parts[strings.ToLower(part)] == nil {
		return nil
	}
	var text strings.Builder
	inT, phonetic := false, 0
	return b.walk(part, func(_ *xml.Decoder, tok xml.Token) error {
		switch e := tok.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "t":
				inT = phonetic == 0
			case "rPh":
				phonetic++
			}
		case xml.CharData:
			if inT {
				text.Write(e)
			}
		case xml.EndElement:
			switch e.Name.Local {
			case "t":
				inT = false
			case "rPh":
				phonetic--
			case "si":
				if len(b.shared) >= maxString {
					return fault.Bad("sheet.Read", "sheet.too-many-cells", "rows", MaxRows)
				}
				if len(b.shared)%4096 == 0 && ctx.Err() != nil {
					return ctx.Err()
				}
				b.shared = append(b.shared, strings.Clone(text.String()))
				text.Reset()
			}
		}
		return nil
	})
}

// readStyles finds the formats that show a number with leading zeros (000000),
// a common way to keep codes: what is shown is what is meant.
func (b *book) readStyles() error {
	b.zeros = map[int]int{}
	if b.parts["xl/styles.xml"] == nil {
		return nil
	}
	formats := map[string]int{}
	inXfs, n := false, 0
	return b.walk("xl/styles.xml", func(_ *xml.Decoder, tok xml.Token) error {
		switch e := tok.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "numFmt":
				if c := attr(e, "formatCode"); len(c) > 1 && len(c) <= 32 && strings.Trim(c, "0") == "" {
					formats[attr(e, "numFmtId")] = len(c)
				}
			case "cellXfs":
				inXfs = true
			case "xf":
				if inXfs {
					if d := formats[attr(e, "numFmtId")]; d > 0 {
						b.zeros[n] = d
					}
					n++
				}
			}
		case xml.EndElement:
			if e.Name.Local == "cellXfs" {
				inXfs = false
			}
		}
		return nil
	})
}

func (b *book) readSheet(ctx context.Context, part string, t *Table) error {
	var (
		line             Line
		kind, style      string
		col, cells, rows int
		phonetic         int
		take, formula    bool
		text             strings.Builder
		err              error
	)
	return b.walk(part, func(_ *xml.Decoder, tok xml.Token) error {
		switch e := tok.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "row":
				line = Line{No: line.No + 1}
				if v := attr(e, "r"); v != "" {
					if line.No, err = strconv.Atoi(v); err != nil || line.No < 1 || line.No > MaxOut {
						return errors.New("sheet: row number " + v)
					}
				}
				col = -1
				if rows++; rows%512 == 0 && ctx.Err() != nil {
					return ctx.Err()
				}
			case "c":
				col++
				if ref := attr(e, "r"); ref != "" {
					if col = columnOf(ref); col < 0 {
						return errors.New("sheet: cell " + ref)
					}
				}
				kind, style, formula = attr(e, "t"), attr(e, "s"), false
				text.Reset()
			case "v", "t":
				take = phonetic == 0
			case "rPh":
				phonetic++
			case "f":
				formula = true
			}
		case xml.CharData:
			if take {
				text.Write(e)
			}
		case xml.EndElement:
			switch e.Name.Local {
			case "v", "t":
				take = false
			case "rPh":
				phonetic--
			case "c":
				if col >= MaxCols {
					return nil
				}
				c, err := b.cell(kind, style, text.String(), formula)
				if err != nil || c.Kind == Empty {
					return err
				}
				for len(line.Cells) <= col {
					line.Cells = append(line.Cells, Cell{})
				}
				line.Cells[col] = c
			case "row":
				return t.add(line, &cells)
			}
		}
		return nil
	})
}

func (b *book) cell(kind, style, v string, formula bool) (Cell, error) {
	if v == "" {
		if formula {
			return Cell{Kind: NoValue}, nil
		}
		return Cell{}, nil
	}
	switch kind {
	case "s":
		i, err := strconv.Atoi(v)
		if err != nil || i < 0 || i >= len(b.shared) {
			return Cell{}, errors.New("sheet: no string " + v)
		}
		v = b.shared[i]
	case "e":
		return Cell{AsError, v}, nil
	case "", "n":
		if s, err := strconv.Atoi(style); err == nil && b.zeros[s] > len(v) && strings.Trim(v, "0123456789") == "" {
			return Cell{AsText, strings.Repeat("0", b.zeros[s]-len(v)) + v}, nil
		}
		return Cell{AsNum, v}, nil
	}
	if utf8.RuneCountInString(v) > MaxText {
		return Cell{}, fault.Bad("sheet.Read", "sheet.too-many-cells", "rows", MaxRows)
	}
	if v = strings.TrimSpace(v); v == "" {
		return Cell{}, nil
	}
	return Cell{AsText, v}, nil
}

// columnOf gives 0 for A1, 27 for AB7, or −1.
func columnOf(ref string) int {
	n := 0
	for i := range len(ref) {
		c := ref[i]
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		if c < 'A' || c > 'Z' {
			break
		}
		if n = n*26 + int(c-'A') + 1; n > 16384 {
			return -1
		}
	}
	return n - 1
}
