package sheet

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"tiezhang/app/fault"
	"tiezhang/app/report"
)

type fataler interface{ Fatal(args ...any) }

func part(t fataler, data []byte, name string) string {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// book makes a workbook out of a sheet's rows in XML, and extra parts.
func workbook(t *testing.T, rows string, extra map[string]string) string {
	t.Helper()
	parts := map[string]string{
		"xl/workbook.xml":            head + `<workbook xmlns="` + nsMain + `" xmlns:r="` + nsRel + `"><sheets><sheet name="空" sheetId="1" r:id="rId1"/><sheet name="货" sheetId="2" r:id="rId2"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": head + `<Relationships><Relationship Id="rId1" Type="` + nsRel + `/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="` + nsRel + `/worksheet" Target="/xl/worksheets/sheet2.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   head + `<worksheet><sheetData/></worksheet>`,
		"xl/worksheets/sheet2.xml":   head + `<worksheet><sheetData>` + rows + `</sheetData></worksheet>`,
		"xl/sharedStrings.xml":       head + `<sst><si><t>编码</t></si><si><r><t>红</t></r><r><t>茶</t></r><rPh><t>hongcha</t></rPh></si></sst>`,
		"xl/styles.xml":              head + `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="000000"/></numFmts><cellStyleXfs><xf numFmtId="0"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs></styleSheet>`,
	}
	for k, v := range extra {
		parts[k] = v
	}
	path := filepath.Join(t.TempDir(), "b.xlsx")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for n, b := range parts {
		w, err := z.Create(n)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, b); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCellsAsStored(t *testing.T) {
	path := workbook(t, `<row r="3"><c r="A3" t="s"><v>0</v></c><c r="C3" t="s"><v>1</v></c><c r="D3"><v>6.901028075831E+12</v></c><c r="E3" s="1"><v>123</v></c><c r="F3" t="e"><v>#N/A</v></c>`+
		`<c r="G3"><f>A1+1</f></c><c r="H3" t="str"><f>A1</f><v>x</v></c><c r="I3" t="inlineStr"><is><t>i </t><t>j</t></is></c><c r="J3" t="s"><v>0</v></c></row><row r="4"><c r="B4"/></row><row><c><v>7</v></c><c><v>8</v></c></row>`, nil)
	tb, err := Read(context.Background(), path, "")
	if err != nil {
		t.Fatal(err)
	}
	want := "[{3 [{1 编码} {0 } {1 红茶} {2 6.901028075831E+12} {1 000123} {3 #N/A} {4 } {1 x} {1 i j} {1 编码}]} {5 [{2 7} {2 8}]}]"
	if got := fmt.Sprint(tb.Lines); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if tb.Sheet != "货" || strings.Join(tb.Sheets, ",") != "空,货" {
		t.Errorf("sheet %s of %v", tb.Sheet, tb.Sheets)
	}
	if _, err := Read(context.Background(), path, "没有"); fault.KeyOf(err) != "sheet.no-sheet" {
		t.Error(err)
	}
	if _, err := Read(context.Background(), path, "空"); fault.KeyOf(err) != "sheet.empty" {
		t.Error(err)
	}
}

func TestFilesThatAreRefused(t *testing.T) {
	row := `<row r="1"><c r="A1"><v>1</v></c></row>`
	ole := "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + strings.Repeat("\x00", 600)
	file := func(content string) string {
		p := filepath.Join(t.TempDir(), "x.xlsx")
		if err := os.WriteFile(p, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return p
	}
	huge := filepath.Join(t.TempDir(), "huge.xlsx")
	if err := os.WriteFile(huge, []byte("PK\x03\x04"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(huge, MaxFile+1); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ path, key string }{
		"missing":           {filepath.Join(t.TempDir(), "none.xlsx"), "sheet.no-file"},
		"a folder":          {t.TempDir(), "sheet.not-xlsx"},
		"empty":             {file(""), "sheet.empty"},
		"old xls":           {file(ole), "sheet.old-xls"},
		"encrypted":         {file(ole + "E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00"), "sheet.encrypted"},
		"web page":          {file("\xEF\xBB\xBF\r\n<html><table><tr><td>1"), "sheet.disguised"},
		"picture":           {file("\x89PNG\r\n\x1a\n\x00\x00\x00"), "sheet.not-xlsx"},
		"zip of else":       {workbook(t, row, map[string]string{"xl/workbook.xml": ""}), "sheet.not-xlsx"},
		"cut zip":           {file("PK\x03\x04aaaa"), "sheet.damaged"},
		"huge":              {huge, "sheet.too-big"},
		"dtd":               {workbook(t, row, map[string]string{"xl/worksheets/sheet2.xml": `<!DOCTYPE x [<!ENTITY a "b">]><worksheet><sheetData>` + row + `</sheetData></worksheet>`}), "sheet.dtd"},
		"dtd in strings":    {workbook(t, row, map[string]string{"xl/sharedStrings.xml": `<!DOCTYPE x SYSTEM "file:///etc/passwd"><sst/>`}), "sheet.dtd"},
		"string index":      {workbook(t, `<row r="1"><c r="A1" t="s"><v>99</v></c></row>`, nil), "sheet.damaged"},
		"cell out of range": {workbook(t, `<row r="1"><c r="ZZZZ1"><v>1</v></c></row>`, nil), "sheet.damaged"},
		"row out of range":  {workbook(t, `<row r="99999999"><c r="A1"><v>1</v></c></row>`, nil), "sheet.damaged"},
		"cut xml":           {workbook(t, row, map[string]string{"xl/worksheets/sheet2.xml": `<worksheet><sheetData>` + row}), "sheet.damaged"},
		"bomb":              {workbook(t, row, map[string]string{"xl/sharedStrings.xml": "<sst><si><t>" + strings.Repeat("0", MaxUnzip) + "</t></si></sst>"}), "sheet.too-big"},
		"too many rows":     {workbook(t, strings.Repeat("<row><c><v>1</v></c></row>", MaxRows+1), nil), "sheet.too-many-cells"},
	} {
		_, err := Read(context.Background(), c.path, "")
		if fault.KeyOf(err) != c.key {
			t.Errorf("%s: %v, want %s", name, err, c.key)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Read(ctx, data+"items-wholesaler.xlsx", ""); fault.KindOf(err) != fault.Canceled {
		t.Error(err)
	}
}

// Every cut of a real workbook is refused: never half a list.
func TestEveryTruncationIsRefused(t *testing.T) {
	whole, err := os.ReadFile(data + "parties.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "cut.xlsx")
	for n := 4; n < len(whole); n += 97 {
		if err := os.WriteFile(path, whole[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		if tb, err := Read(context.Background(), path, ""); err == nil {
			t.Fatalf("cut at %d of %d gives %d rows", n, len(whole), len(tb.Lines))
		}
	}
}

// A flipped bit never makes Read panic, and what it lets through is a table.
func TestFlippedBits(t *testing.T) {
	whole, err := os.ReadFile(data + "parties.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "flip.xlsx")
	rapid.Check(t, func(rt *rapid.T) {
		b := bytes.Clone(whole)
		b[rapid.IntRange(4, len(b)-1).Draw(rt, "at")] ^= 1 << rapid.IntRange(0, 7).Draw(rt, "bit")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			rt.Fatal(err)
		}
		tb, err := Read(context.Background(), path, "")
		if err != nil && fault.KeyOf(err) == "" {
			rt.Fatal(err)
		}
		if m, err := Match(tb, PartiesKind); err == nil {
			Parties(tb, m, Options{})
		}
	})
}

func TestCSVEncodingsAndRows(t *testing.T) {
	text := "报价单,,\r\n\r\n货号,品名,单位\r\n\"0012\",\"红茶\r\n大瓶\",瓶\r\n=\"0034\",绿茶,瓶\r\n\r\n'0056,乌龙茶,瓶\r\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	u16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(strings.ReplaceAll(text, ",", "\t"))
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]string{"utf-8": text, "bom": "\xEF\xBB\xBF" + text, "gb18030": gb, "semicolon": strings.ReplaceAll(text, ",", ";"), "utf-16 tabs": u16} {
		path := filepath.Join(t.TempDir(), "a.csv")
		if err := os.WriteFile(path, []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
		tb, m := open(t, path, ItemsKind)
		items, ps := Items(tb, m, Options{})
		got := ""
		for _, it := range items {
			got += fmt.Sprint(it.Row, it.Item.Code, it.Item.Name, ";")
		}
		if got != "40012红茶 大瓶;50034绿茶;70056乌龙茶;" || len(ps) != 0 {
			t.Errorf("%s: %s %v", name, got, ps)
		}
	}
}

// What we write we read back, leading zeros and all.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		cols := []Column{{report.Column{Key: "a", Type: report.Text}, "编码"}, {report.Column{Key: "b", Type: report.Money}, "零售价"}}
		code := rapid.StringMatching(`[0-9A-Za-z&<>"'一-龥]{1,20}`).Draw(rt, "code")
		fen := rapid.Int64Range(-1e12, 1e12).Draw(rt, "fen")
		path := filepath.Join(t.TempDir(), "r.xlsx")
		f, err := os.Create(path)
		if err != nil {
			rt.Fatal(err)
		}
		if err := Write(context.Background(), f, Sheet{Title: "t", Columns: cols, Rows: seq(report.Row{Cells: []report.Value{report.T(code), report.N(fen)}})}); err != nil {
			rt.Fatal(err)
		}
		if err := f.Close(); err != nil {
			rt.Fatal(err)
		}
		tb, err := Read(context.Background(), path, "")
		if err != nil {
			rt.Fatal(err)
		}
		l := tb.Lines[len(tb.Lines)-1]
		want := report.N(fen).String(report.Money)
		if l.at(0) != (Cell{AsText, code}) || l.at(1) != (Cell{AsNum, want}) {
			rt.Fatalf("%+v, want %q %s", l, code, want)
		}
	})
}
