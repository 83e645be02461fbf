// Command mkitems makes the sample workbooks of this directory: a wholesaler's
// price list of 3,000 items, 200 parties and the opening stock that goes with
// them, each with the faults such lists have. What it plants it writes down in
// <name>.expected.json, from its own knowledge and without the program's
// reader. The same run always gives the same tables.
//
// Run it in the folder testdata: go run ./mkitems
package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/xuri/excelize/v2"
)

//go:embed goods.json
var goodsJSON []byte

type goods struct {
	Categories []struct {
		Name, Unit, Big      string
		Brands, Goods, Specs []string
		Packs, Cost          []int
	}
	Title, Contact, Stated, Maker, Subtotal, Total, Tab string
	Header, Flavours                                    []string
	BadPrices                                           []string `json:"bad_prices"`
	BadPacks                                            []string `json:"bad_packs"`
	Parties                                             struct {
		Tab, Title, Customer, Supplier, Both, Wholesale, Retail, Member, Strange string
		Header, Surnames, Given, Places, Shops, Firms, Brands                    []string
	}
	Opening struct {
		Tab, Title         string
		Header, Warehouses []string
	}
}

// planted is one fault put in on purpose.
type planted struct {
	Row   int    `json:"row"`
	Cell  string `json:"cell"`
	Level string `json:"level"`
	Key   string `json:"key"`
}

type expected struct {
	Rows     int       `json:"rows"` // rows that can be taken in
	Problems []planted `json:"problems"`
}

func (e *expected) plant(level, key string, col, row int) {
	p := planted{Row: row, Level: level, Key: key}
	if col >= 0 {
		p.Cell = cell(col, row)
	}
	e.Problems = append(e.Problems, p)
}

// rnd is a small fixed generator: the tables must not change with Go's own.
type rnd uint64

func (r *rnd) n(n int) int {
	*r = *r*6364136223846793005 + 1442695040888963407
	return int(uint64(*r)>>33) % n
}

func pick(r *rnd, s []string) string { return s[r.n(len(s))] }

func cell(col, row int) string {
	s, err := excelize.CoordinatesToCellName(col+1, row)
	must(err)
	return s
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// ean gives a code of 13 digits with its check digit.
func ean(twelve string) string {
	sum := 0
	for i, c := range twelve {
		d := int(c - '0')
		if i%2 == 1 {
			d *= 3
		}
		sum += d
	}
	return twelve + fmt.Sprint((10-sum%10)%10)
}

func wide(s string) string {
	return strings.Map(func(r rune) rune {
		if r > ' ' && r <= '~' {
			return r + 0xFEE0
		}
		return r
	}, s)
}

func yuan(fen int) string { return fmt.Sprintf("%d.%02d", fen/100, fen%100) }

func main() {
	var g goods
	must(json.Unmarshal(goodsJSON, &g))
	stock := items(&g)
	parties(&g)
	opening(&g, stock)
}

func save(f *excelize.File, e expected, name string) {
	must(f.SaveAs(name + ".xlsx"))
	must(f.Close())
	out, err := json.MarshalIndent(e, "", " ")
	must(err)
	must(os.WriteFile(name+".expected.json", append(out, '\n'), 0o644)) //nolint:gosec // sample data
}

// sheet starts a workbook with one tab and a bold header style.
func sheet(tab string) (*excelize.File, func(row int, values ...any)) {
	f := excelize.NewFile()
	must(f.SetSheetName("Sheet1", tab))
	return f, func(row int, values ...any) { must(f.SetSheetRow(tab, cell(0, row), &values)) }
}

type stocked struct {
	code, barcode, name, unit string
	cost, qty                 int // fen, pieces
}
