package sheet

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"tiezhang/app/fault"
)

// readText reads CSV. Files that are something else with a wrong name (a web
// page saved as .xls, as many old programs export) are told apart first.
func readText(ctx context.Context, r io.Reader, start []byte, t *Table) error {
	low := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(start, []byte("\xEF\xBB\xBF")), " \t\r\n"))
	for _, mark := range []string{"<html", "<!doctype", "<table", "<?xml", "<meta", "<head"} {
		if bytes.HasPrefix(low, []byte(mark)) {
			return fault.Bad("sheet.Read", "sheet.disguised")
		}
	}
	data, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return err
	}
	text, err := decode(data)
	if err != nil {
		return err
	}
	c := csv.NewReader(strings.NewReader(text))
	c.FieldsPerRecord = -1
	c.LazyQuotes = true
	c.ReuseRecord = true
	c.Comma = delimiter(text)
	t.CSV = true
	cells := 0
	// Excel shows one row a record, blank lines too; the reader skips those, so
	// rows are counted from the lines between records.
	row, nextLine := 0, 1
	for n := 0; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		rec, err := c.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		line, _ := c.FieldPos(0)
		row += 1 + max(line-nextLine, 0)
		endLine, _ := c.FieldPos(len(rec) - 1)
		nextLine = endLine + strings.Count(rec[len(rec)-1], "\n") + 1
		if len(rec) > MaxCols {
			rec = rec[:MaxCols]
		}
		l := Line{No: row, Cells: make([]Cell, len(rec))}
		for i, s := range rec {
			if s = csvText(s); s != "" {
				if utf8.RuneCountInString(s) > MaxText {
					return fault.Bad("sheet.Read", "sheet.too-many-cells", "rows", MaxRows)
				}
				l.Cells[i] = Cell{AsText, s}
			}
		}
		if err := t.add(l, &cells); err != nil {
			return err
		}
	}
}

// csvText undoes the tricks by which programs keep spreadsheets from eating
// leading zeros: ="00123" and a leading tab or apostrophe.
func csvText(s string) string {
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, `="`) && strings.HasSuffix(s, `"`) && len(s) >= 3 {
		s = s[2 : len(s)-1]
	}
	if len(s) > 1 && s[0] == '\'' {
		s = s[1:]
	}
	return strings.TrimSpace(s)
}

// decode turns the bytes of a text file into UTF-8: by its mark, else UTF-8 if
// it is valid, else GB18030, which Excel in China writes.
func decode(data []byte) (string, error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xEF\xBB\xBF")):
		data = data[3:]
	case len(data) >= 2 && (data[0] == 0xFF && data[1] == 0xFE || data[0] == 0xFE && data[1] == 0xFF):
		big := data[0] == 0xFE
		data = data[2:]
		u := make([]uint16, len(data)/2)
		for i := range u {
			a, b := uint16(data[2*i]), uint16(data[2*i+1])
			if big {
				a, b = b, a
			}
			u[i] = a | b<<8
		}
		return string(utf16.Decode(u)), nil
	}
	if bytes.IndexByte(data, 0) >= 0 { // no text file holds a NUL: a picture, a program …
		return "", fault.Bad("sheet.Read", "sheet.not-xlsx")
	}
	if utf8.Valid(data) {
		return string(data), nil
	}
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
	if err != nil || bytes.Count(out, []byte("\uFFFD")) > len(out)/100 {
		return "", fault.Bad("sheet.Read", "sheet.not-xlsx")
	}
	return string(out), nil
}

// delimiter takes the commonest of tab, semicolon and comma in the first lines.
func delimiter(text string) rune {
	if len(text) > 8192 {
		text = text[:8192]
	}
	best, most := ',', strings.Count(text, ",")
	for _, d := range []rune{'\t', ';'} {
		if n := strings.Count(text, string(d)); n > most {
			best, most = d, n
		}
	}
	return best
}
