package sheet

import "strings"

const (
	head   = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	nsMain = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	nsRel  = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	nsPkg  = "http://schemas.openxmlformats.org/package/2006/relationships"
)

// Cell styles by their index in styles.xml; adding boldBy gives the one for the
// totals row.
const (
	styleNone = iota
	styleTitle
	styleNote
	styleHead
	styleHeadRight
	styleText
	styleInt
	styleMoney
	stylePrice
	styleQty
	styleRate
	styleDate
	styleTime
	styleTotalText
	boldBy = styleTotalText - styleText
)

// formats are the number formats of styleText … styleTime.
var formats = []struct {
	id   string
	code string // "" for one of Excel's own
}{
	{"49", ""}, {"3", ""}, {"4", ""}, {"164", "#,##0.00####"}, {"165", "#,##0.0###"}, {"10", ""}, {"166", "yyyy-mm-dd"}, {"167", "yyyy-mm-dd hh:mm"},
}

func stylesXML() string {
	var b strings.Builder
	b.WriteString(head + `<styleSheet xmlns="` + nsMain + `"><numFmts count="4">`)
	for _, f := range formats {
		if f.code != "" {
			b.WriteString(`<numFmt numFmtId="` + f.id + `" formatCode="` + f.code + `"/>`)
		}
	}
	b.WriteString(`</numFmts><fonts count="4"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="14"/><name val="Calibri"/></font><font><sz val="9"/><color rgb="FF666666"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>`)
	b.WriteString(`<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFE8EEF4"/><bgColor indexed="64"/></patternFill></fill></fills>`)
	b.WriteString(`<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border><left/><right/><top style="thin"><color auto="1"/></top><bottom/><diagonal/></border></borders>`)
	b.WriteString(`<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="21"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>`)
	b.WriteString(`<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1" applyNumberFormat="1"/><xf numFmtId="49" fontId="2" fillId="0" borderId="0" xfId="0" applyFont="1" applyNumberFormat="1"/>`)
	b.WriteString(`<xf numFmtId="49" fontId="3" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1" applyNumberFormat="1"/><xf numFmtId="49" fontId="3" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1" applyNumberFormat="1" applyAlignment="1"><alignment horizontal="right"/></xf>`)
	for _, f := range formats {
		b.WriteString(`<xf numFmtId="` + f.id + `" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`)
	}
	for _, f := range formats {
		b.WriteString(`<xf numFmtId="` + f.id + `" fontId="3" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyFont="1" applyBorder="1"/>`)
	}
	b.WriteString(`</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`)
	return b.String()
}
