package main

import (
	"fmt"

	"github.com/xuri/excelize/v2"
)

// parties makes parties.xlsx: 120 customers, 70 suppliers, 10 that are both.
func parties(g *goods) {
	p := g.Parties
	f, set := sheet(p.Tab)
	r := rnd(7)
	var e expected
	set(1, p.Title)
	must(f.MergeCell(p.Tab, "A1", "K1"))
	head := make([]any, len(p.Header))
	for i, h := range p.Header {
		head[i] = h
	}
	set(3, head...)
	used := map[string]bool{}
	for no := 1; no <= 200; no++ {
		row := no + 3
		kind, code, name := p.Customer, fmt.Sprintf("KH%03d", no), ""
		for name == "" || used[name] {
			if no <= 120 {
				name = pick(&r, p.Places) + pick(&r, p.Brands) + pick(&r, p.Shops)
			} else {
				name = pick(&r, p.Brands) + pick(&r, p.Places) + pick(&r, p.Firms)
			}
		}
		used[name] = true
		if no > 120 {
			kind, code = p.Supplier, fmt.Sprintf("GY%03d", no)
		}
		if no > 190 {
			kind = p.Both
		}
		v := []any{code, name, kind, pick(&r, p.Surnames) + pick(&r, p.Given), 13000000000 + r.n(900000000), pick(&r, p.Places) + fmt.Sprint(r.n(200)+1), nil, nil, nil, nil, nil}
		if no <= 120 {
			v[6] = []string{p.Retail, p.Wholesale, p.Member}[r.n(3)]
			v[7] = (r.n(20) + 1) * 500
			v[8] = float64(r.n(500000)) / 100
		} else {
			v[9] = float64(r.n(2000000)) / 100
		}
		bad := true
		switch no {
		case 33:
			v[0] = "KH032"
			e.plant("error", "sheet.code-twice", 0, row)
		case 44:
			v[1] = nil
			e.plant("error", "sheet.missing", 1, row)
		case 55:
			v[2] = p.Strange
			e.plant("error", "sheet.party-word", 2, row)
		case 66:
			v[7] = -100
			e.plant("error", "sheet.negative", 7, row)
		case 77:
			v[6] = p.Strange
			e.plant("error", "sheet.level-word", 6, row)
		case 88:
			v[8] = "12.345"
			e.plant("error", "sheet.decimals", 8, row)
		default:
			bad = false
		}
		if !bad {
			e.Rows++
		}
		set(row, v...)
	}
	save(f, e, "parties")
}

// opening makes opening-stock.xlsx for the items that can be taken in.
func opening(g *goods, stock []stocked) {
	o := g.Opening
	f, set := sheet(o.Tab)
	r := rnd(99)
	var e expected
	head := make([]any, len(o.Header))
	for i, h := range o.Header {
		head[i] = h
	}
	set(1, o.Title)
	set(2, head...)
	date, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	must(err)
	row := 3
	qty, value := 0, 0
	for i, s := range stock {
		if s.qty == 0 {
			continue
		}
		v := []any{s.code, nil, s.name, o.Warehouses[r.n(2)], s.qty, s.unit, float64(s.cost) / 100, float64(s.cost*s.qty) / 100, nil, nil}
		if i%10 == 0 {
			v[8] = fmt.Sprintf("%06d", 260900+r.n(30))
			if i%20 == 0 {
				v[9] = 46500 + r.n(300) // a date as the number of days
				must(f.SetCellStyle(o.Tab, cell(9, row), cell(9, row), date))
			} else {
				v[9] = fmt.Sprintf("2027/%d/%d", r.n(12)+1, r.n(28)+1)
			}
		}
		if i%9 == 0 {
			v[6] = nil // the amount alone says it
		}
		bad := true
		switch i {
		case 50:
			v[4] = -5
			e.plant("error", "sheet.negative", 4, row)
		case 151:
			v[4] = nil
			e.plant("error", "sheet.missing", 4, row)
		case 250:
			v[0] = nil
			e.plant("error", "sheet.no-item", 0, row)
		case 350:
			v[6], v[7] = nil, nil
			e.plant("error", "sheet.no-price", 6, row)
		case 450:
			v[9] = "2027-02-30"
			e.plant("error", "sheet.not-date", 9, row)
		case 550:
			v[3] = nil
			e.plant("error", "sheet.no-warehouse", 3, row)
		case 650:
			v[4] = 0
			e.plant("note", "sheet.skipped-zero", -1, row)
		default:
			bad = false
		}
		if i == 700 {
			v[6], v[7] = float64(s.cost)/100, float64(s.cost*s.qty+10000+s.qty*10)/100
			e.plant("warning", "sheet.amount-differs", 7, row)
		}
		if !bad {
			e.Rows++
			qty += s.qty
			value += s.cost * s.qty
		}
		set(row, v...)
		row++
		if i == 800 { // the same line once more
			set(row, v...)
			e.plant("error", "sheet.stock-twice", 0, row)
			row++
		}
	}
	set(row, g.Total, nil, nil, nil, qty, nil, nil, float64(value)/100)
	e.plant("note", "sheet.skipped-total", -1, row)
	save(f, e, "opening-stock")
}
