package main

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Columns of the price list.
const (
	cNo = iota
	cCode
	cBar
	cName
	cSpec
	cUnit
	cBig
	cPack
	cBrand
	cCat
	cCost
	cWhole
	cRetail
	cQty
	cNote
)

const perCategory, firstRow = 200, 7

// items makes items-wholesaler.xlsx. Which item gets which fault is decided by
// its number alone.
func items(g *goods) []stocked {
	f, set := sheet(g.Tab)
	r := rnd(20261122)
	var e expected
	var out []stocked
	set(1, g.Title)
	must(f.MergeCell(g.Tab, "A1", "O1"))
	big, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true, Size: 16}, Alignment: &excelize.Alignment{Horizontal: "center"}})
	must(err)
	must(f.SetCellStyle(g.Tab, "A1", "A1", big))
	set(2, g.Contact)
	must(f.MergeCell(g.Tab, "A2", "O2"))
	set(4, g.Stated)
	head := make([]any, len(g.Header))
	for i, h := range g.Header {
		head[i] = h
	}
	set(6, head...)
	row, no := firstRow, 0
	codeAt, barAt := map[int]string{}, map[int]string{}
	for ci, c := range g.Categories {
		sum := 0
		used := map[string]bool{}
		for range perCategory {
			no++
			brand, spec := "", 0
			name := ""
			for name == "" || used[name+c.Specs[spec]] {
				brand, spec = pick(&r, c.Brands), r.n(len(c.Specs))
				name = brand + pick(&r, c.Goods)
				if no%3 == 0 {
					name += pick(&r, g.Flavours)
				}
			}
			used[name+c.Specs[spec]] = true
			cost := c.Cost[0] + r.n(c.Cost[1]-c.Cost[0])
			qty := r.n(400)
			sum += qty
			v := []any{no, fmt.Sprintf("%02d%04d", ci+1, no), ean(fmt.Sprintf("69%02d%08d", r.n(60), 10000000+no*7)), name, c.Specs[spec], c.Unit, c.Big, c.Packs[spec], brand, c.Name,
				float64(cost) / 100, float64(cost*115/100) / 100, float64(cost*138/100/10*10) / 100, qty, nil}
			if no%7 == 0 { // imported goods: the code begins with 0 and is text
				v[cBar] = ean(fmt.Sprintf("0%011d", 49000000000+no*13))
			}
			if no%11 == 0 { // no bigger unit
				v[cBig], v[cPack] = nil, nil
			}
			if no%13 == 0 { // no barcode at all
				v[cBar] = nil
			}
			if no%17 == 0 { // a whole code kept as a number loses nothing
				v[cBar] = 6900000000000 + 20000000*17 + no*100
			}
			if no%19 == 0 { // typed with the input method on
				v[cRetail] = wide(yuan(cost * 138 / 100))
			}
			if no%23 == 0 {
				v[cPack] = fmt.Sprintf("1*%d", c.Packs[spec])
				v[cBig] = c.Big
			}
			if no%29 == 0 {
				v[cCode] = wide(fmt.Sprint(v[cCode]))
			}
			if no%31 == 0 {
				v[cWhole] = "\u00a5" + yuan(cost*115/100)
			}
			bad := spoil(g, &e, v, no, row, codeAt, barAt)
			codeAt[no] = fmt.Sprint(v[cCode])
			if s, ok := v[cBar].(string); ok {
				barAt[no] = s
			}
			set(row, v...)
			if !bad {
				e.Rows++
				out = append(out, stocked{code: fmt.Sprintf("%02d%04d", ci+1, no), name: name, unit: c.Unit, cost: cost, qty: qty})
			}
			row++
			if no%1000 == 500 { // a page break's second header
				set(row, head...)
				e.plant("note", "sheet.skipped-header", -1, row)
				row++
			}
			if no%250 == 0 { // an empty line
				row++
			}
		}
		set(row, strings.ReplaceAll(c.Name, "/", "")+g.Subtotal, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, sum)
		e.plant("note", "sheet.skipped-total", -1, row)
		row++
	}
	set(row, nil, nil, nil, g.Total, nil, nil, nil, nil, nil, nil, nil, nil, nil, no)
	e.plant("note", "sheet.skipped-total", -1, row)
	row += 2
	set(row, g.Maker)
	e.plant("note", "sheet.skipped-remark", -1, row)
	must(f.SetColWidth(g.Tab, "C", "D", 20))
	save(f, e, "items-wholesaler")
	return out
}

// spoil plants the fault that belongs to an item's number.
func spoil(g *goods, e *expected, v []any, no, row int, codeAt, barAt map[int]string) bool {
	fail := func(key string, col int) bool { e.plant("error", key, col, row); return true }
	warn := func(key string, col int) bool { e.plant("warning", key, col, row); return false }
	switch no {
	case 120, 777, 1401, 2222, 2990: // the same code again, from forty rows before
		v[cCode] = codeAt[no-40]
		return fail("sheet.code-twice", cCode)
	case 333, 1502, 2604:
		v[cBar] = barAt[no-1]
		return fail("sheet.barcode-taken", cBar)
	case 61, 905, 1733, 2417:
		v[cRetail] = g.BadPrices[no%4]
		return fail("sheet.not-number", cRetail)
	case 402, 1888:
		v[cCost] = -3.5
		return fail("sheet.negative", cCost)
	case 15, 1016, 2017:
		v[cName] = nil
		return fail("sheet.missing", cName)
	case 205, 2105:
		v[cCode] = "  "
		return fail("sheet.missing", cCode)
	case 640, 1640:
		v[cUnit] = nil
		return fail("sheet.missing", cUnit)
	case 511, 2511:
		v[cBig], v[cPack] = g.Categories[0].Big, g.BadPacks[no%2]
		return fail("sheet.unit-relation", cPack)
	case 715:
		v[cBig], v[cPack] = g.Categories[0].Big, nil
		return fail("sheet.unit-relation", cPack)
	case 860:
		v[cName] = strings.Repeat(fmt.Sprint(v[cName]), 15)
		return fail("sheet.too-long", cName)
	case 1250:
		v[cBar] = "6.90103E+12"
		return fail("sheet.barcode-scientific", cBar)
	case 1300:
		v[cBar] = 69010285034512345
		return fail("sheet.barcode-digits", cBar)
	case 2300:
		v[cRetail] = "1234567890123"
		return fail("sheet.too-large", cRetail)
	case 94, 1094, 2094: // 0049000028 9 … typed into a number cell
		v[cBar] = 49000028900 + no
		return warn("sheet.barcode-zeros", cBar)
	case 1999:
		v[cCost] = 10.0 / 3
		return warn("sheet.rounded", cCost)
	case 2751: // two faults in one row
		v[cName], v[cWhole] = nil, "?"
		fail("sheet.missing", cName)
		return fail("sheet.not-number", cWhole)
	}
	return false
}
