package sheet

import (
	"archive/zip"
	"bufio"
	"context"
	"encoding/xml"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/fault"
	"tiezhang/app/report"
)

// Column is a column with its title in words.
type Column struct {
	report.Column
	Title string
}

// Sheet is a table on its way out. Rows are drawn one at a time, so a table of
// any length costs the memory of one row.
type Sheet struct {
	Title      string   // on the first row and on the tab
	Lines      []string // filters and notes under the title
	Columns    []Column
	Rows       iter.Seq2[report.Row, error]
	Totals     map[string]report.Value // by column key; nil for none
	TotalLabel string
	Footer     []string       // who took it out, when, log number; also printed on every page
	Zone       *time.Location // for Time columns; nil is this computer's
	// Words turns status and key values into words; nil leaves them as they are.
	Words func(c report.Column, v report.Value) string
	// Progress hears the number of rows written, now and then; may be nil.
	Progress func(rows int)
}

// Write writes a workbook of one sheet. Texts stay texts whatever they begin
// with, so nothing in the shop's data can become a formula. Faults: Canceled
// "sheet.canceled", Invalid "sheet.too-many-rows", ReadOnly "sheet.write";
// those of Rows pass unchanged.
func Write(ctx context.Context, w io.Writer, s Sheet) error {
	z := zip.NewWriter(w)
	top := 1 + len(s.Lines) // rows above the header, a blank one among them
	if len(s.Lines) > 0 {
		top++
	}
	last, err := writeSheet(ctx, z, s, top)
	if err != nil {
		return err
	}
	header := top + 1
	end := ColumnName(max(len(s.Columns)-1, 0))
	tab := tabName(s.Title)
	quoted := "'" + strings.ReplaceAll(tab, "'", "''") + "'"
	parts := []struct{ name, body string }{
		{"xl/workbook.xml", head + `<workbook xmlns="` + nsMain + `" xmlns:r="` + nsRel + `"><bookViews><workbookView/></bookViews><sheets><sheet name="` + esc(tab) + `" sheetId="1" r:id="rId1"/></sheets><definedNames>` +
			`<definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">` + esc(quoted) + `!$A$` + strconv.Itoa(header) + `:$` + end + `$` + strconv.Itoa(last) + `</definedName>` +
			`<definedName name="_xlnm.Print_Titles" localSheetId="0">` + esc(quoted) + `!$` + strconv.Itoa(header) + `:$` + strconv.Itoa(header) + `</definedName></definedNames></workbook>`},
		{"xl/_rels/workbook.xml.rels", head + `<Relationships xmlns="` + nsPkg + `"><Relationship Id="rId1" Type="` + nsRel + `/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="` + nsRel + `/styles" Target="styles.xml"/></Relationships>`},
		{"xl/styles.xml", stylesXML()},
		{"_rels/.rels", head + `<Relationships xmlns="` + nsPkg + `"><Relationship Id="rId1" Type="` + nsRel + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"[Content_Types].xml", head + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`},
	}
	for _, p := range parts {
		f, err := z.Create(p.name)
		if err == nil {
			_, err = io.WriteString(f, p.body)
		}
		if err != nil {
			return writeFault(err)
		}
	}
	if err := z.Close(); err != nil {
		return writeFault(err)
	}
	return nil
}

func writeFault(err error) error {
	return fault.Wrap("sheet.Write", fault.ReadOnly, "sheet.write", nil, err)
}

// writeSheet writes the worksheet part and gives its last data row.
func writeSheet(ctx context.Context, z *zip.Writer, s Sheet, top int) (int, error) {
	f, err := z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		return 0, writeFault(err)
	}
	out := &sheetWriter{w: bufio.NewWriterSize(f, 64<<10), s: s, zone: s.Zone}
	if out.zone == nil {
		out.zone = time.Local
	}
	header := top + 1
	out.put(head, `<worksheet xmlns="`, nsMain, `"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView workbookViewId="0" tabSelected="1"><pane ySplit="`,
		strconv.Itoa(header), `" topLeftCell="A`, strconv.Itoa(header+1), `" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="16"/>`)
	if len(s.Columns) > 0 {
		out.put(`<cols>`)
		for i, c := range s.Columns {
			n := strconv.Itoa(i + 1)
			out.put(`<col min="`, n, `" max="`, n, `" width="`, strconv.Itoa(max(c.Width, 2*utf8.RuneCountInString(c.Title)+3, 6)+1), `" customWidth="1"/>`)
		}
		out.put(`</cols>`)
	}
	out.put(`<sheetData>`)
	out.line(s.Title, styleTitle)
	for _, l := range s.Lines {
		out.line(l, styleNote)
	}
	out.row = top // the blank line, if any, is simply not written
	out.begin()
	for i, c := range s.Columns {
		st := styleHead
		if numeric(c.Type) {
			st = styleHeadRight
		}
		out.text(i, c.Title, st)
	}
	out.end()
	done := 0
	if s.Rows != nil {
		for r, err := range s.Rows {
			if err != nil {
				return 0, err
			}
			if done%256 == 0 {
				if err := ctx.Err(); err != nil {
					return 0, fault.Wrap("sheet.Write", fault.Canceled, "sheet.canceled", nil, err)
				}
				if s.Progress != nil {
					s.Progress(done)
				}
			}
			if out.row >= MaxOut-8 {
				return 0, fault.Bad("sheet.Write", "sheet.too-many-rows", "max", MaxOut-header-8)
			}
			out.begin()
			for i, c := range s.Columns {
				if i < len(r.Cells) {
					out.value(i, c.Column, r.Cells[i], 0)
				}
			}
			out.end()
			done++
			if out.err != nil {
				return 0, writeFault(out.err)
			}
		}
	}
	last := max(out.row, header)
	if s.Totals != nil {
		out.begin()
		for i, c := range s.Columns {
			v, ok := s.Totals[c.Key]
			switch {
			case ok:
				out.value(i, c.Column, v, boldBy)
			case i == 0:
				out.text(i, s.TotalLabel, styleTotalText)
			default:
				out.text(i, "", styleTotalText)
			}
		}
		out.end()
	}
	if len(s.Footer) > 0 {
		out.row++
		for _, l := range s.Footer {
			out.line(l, styleNote)
		}
	}
	out.put(`</sheetData>`)
	if len(s.Columns) > 0 {
		out.put(`<autoFilter ref="A`, strconv.Itoa(header), `:`, ColumnName(len(s.Columns)-1), strconv.Itoa(last), `"/>`)
	}
	out.put(`<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/><pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>`)
	foot := strings.ReplaceAll(strings.Join(s.Footer, "  "), "&", "&&")
	if len(foot) > 200 { // Excel refuses a file whose footer is over 255 characters
		foot = strings.ToValidUTF8(foot[:200], "")
	}
	out.put(`<headerFooter><oddFooter>`, esc("&L&8"+foot+"&R&8&P / &N"), `</oddFooter></headerFooter></worksheet>`)
	if out.err == nil {
		out.err = out.w.Flush()
	}
	if out.err != nil {
		return 0, writeFault(out.err)
	}
	if s.Progress != nil {
		s.Progress(done)
	}
	return last, nil
}

func numeric(t report.Type) bool {
	switch t {
	case report.Int, report.Money, report.Price, report.Qty, report.Rate:
		return true
	}
	return false
}

type sheetWriter struct {
	w    *bufio.Writer
	s    Sheet
	zone *time.Location
	row  int
	err  error
}

func (o *sheetWriter) put(parts ...string) {
	for _, p := range parts {
		if o.err == nil {
			_, o.err = o.w.WriteString(p)
		}
	}
}

func (o *sheetWriter) begin() {
	o.row++
	o.put(`<row r="`, strconv.Itoa(o.row), `">`)
}
func (o *sheetWriter) end() { o.put(`</row>`) }

func (o *sheetWriter) line(s string, style int) {
	o.begin()
	o.text(0, s, style)
	o.end()
}

// text writes a cell of type text: a spreadsheet never reads it as a formula,
// and the style is Text too, so that editing the cell does not make it one.
func (o *sheetWriter) text(col int, s string, style int) {
	o.put(`<c r="`, cellName(col, o.row), `" s="`, strconv.Itoa(style))
	if s == "" {
		o.put(`"/>`)
		return
	}
	if utf8.RuneCountInString(s) > MaxText {
		s = string([]rune(s)[:MaxText])
	}
	o.put(`" t="inlineStr"><is><t xml:space="preserve">`, esc(s), `</t></is></c>`)
}

func (o *sheetWriter) number(col int, v string, style int) {
	o.put(`<c r="`, cellName(col, o.row), `" s="`, strconv.Itoa(style), `"><v>`, v, `</v></c>`)
}

func (o *sheetWriter) value(col int, c report.Column, v report.Value, bold int) {
	if v.Null {
		if bold > 0 {
			o.text(col, "", styleTotalText)
		}
		return
	}
	switch c.Type {
	case report.Int:
		o.number(col, strconv.FormatInt(v.Num, 10), styleInt+bold)
	case report.Money:
		o.number(col, amount.Money(v.Num).String(), styleMoney+bold)
	case report.Price:
		o.number(col, amount.Price(v.Num).String(), stylePrice+bold)
	case report.Qty:
		style := styleQty
		if v.Num%amount.QtyScale == 0 { // Excel would show 10 as "10."
			style = styleInt
		}
		o.number(col, amount.Qty(v.Num).String(), style+bold)
	case report.Rate:
		o.number(col, amount.Rate(v.Num).String(), styleRate+bold)
	case report.Date:
		if d := day.Date(v.Num); d.Valid() { //nolint:gosec // stored as a date
			o.number(col, strconv.Itoa(d.Sub(epoch)), styleDate+bold)
		}
	case report.Time:
		o.number(col, serialTime(time.Unix(v.Num, 0).In(o.zone)), styleTime+bold)
	case report.Status, report.Key, report.Detail:
		s := v.Text
		if o.s.Words != nil {
			s = o.s.Words(c, v)
		}
		o.text(col, s, styleText+bold)
	default:
		o.text(col, v.Text, styleText+bold)
	}
}

// epoch is day 0 of Excel's calendar as it counts from March 1900 on.
var epoch = day.Date(18991230)

// serialTime gives the wall clock as days with ten decimals, rounded to the
// nearest, which is a hundredth of a millisecond.
func serialTime(t time.Time) string {
	secs := int64(t.Hour()*3600 + t.Minute()*60 + t.Second())
	frac, err := amount.MulDiv(secs, 10_000_000_000, 86_400)
	if err != nil { // a day has 86,400 seconds: cannot happen
		frac = 0
	}
	f := strconv.FormatInt(frac, 10)
	return strconv.Itoa(day.Of(t).Sub(epoch)) + "." + strings.Repeat("0", 10-len(f)) + f
}

// tabName makes a title fit for a tab: Excel refuses : \ / ? * [ ], more than
// 31 characters, and quotes at the ends.
func tabName(title string) string {
	s := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) || r < ' ' {
			return ' '
		}
		return r
	}, title)
	s = strings.Trim(strings.TrimSpace(s), "'")
	units := 0 // Excel counts UTF-16
	for i, r := range s {
		if units += len(utf16.AppendRune(nil, r)); units > 31 {
			s = s[:i]
			break
		}
	}
	if s = strings.TrimRight(strings.TrimSpace(s), "'"); s == "" {
		return "Sheet1"
	}
	return s
}

// esc makes text safe inside XML; characters XML cannot hold become U+FFFD.
func esc(s string) string {
	plain := true
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '&' || c == '<' || c == '>' || c == '"' || c == '\'' || c >= 0x7f {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil { // a Builder does not fail
		return ""
	}
	return b.String()
}
