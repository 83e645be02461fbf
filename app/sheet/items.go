package sheet

import (
	"strconv"
	"strings"

	"tiezhang/app/amount"
	"tiezhang/app/master"
)

// Codes says what to do about rows without a code.
type Codes string

const (
	CodesAsIs        Codes = ""        // a missing code is a problem
	CodesFromBarcode Codes = "barcode" // the barcode, else a running number
	CodesRunning     Codes = "running" // a running number
)

// Options are the wizard's choices.
type Options struct {
	Codes     Codes
	Prefix    string           // of running codes, "SP"
	First     int              // first running number; 0 means 1
	Taken     map[string]bool  // codes the shop has: running ones pass them by
	Unit      string           // for items without a unit; "" makes it a problem
	Party     master.PartyKind // for parties whose kind is not told
	Warehouse string           // for opening stock that names none
	// Custom are the owner's fields a mapping may name; Share takes a barcode that
	// two rows bear as meant.
	Custom []master.CustomField
	Share  bool
}

// ItemRow is an item as its row tells it. Qty and Cost are the stock the list
// gives beside it, for a list that is catalogue and opening stock in one.
type ItemRow struct {
	Row  int
	Item master.Item
	Qty  amount.Qty
	Cost amount.Price
}

// Items turns the rows of a table into items. Every problem of every row is
// listed; a row with an Error gives no ItemRow, the others are good to save.
func Items(t Table, m Mapping, o Options) ([]ItemRow, []Problem) {
	s := &scan{t: t, m: m}
	var out []ItemRow
	var unnamed []int // indexes into out of rows waiting for a code
	codes, bars := map[string]int{}, map[string]int{}
	s.rows(func(r *row) {
		it := ItemRow{Row: r.l.No}
		bar := r.item(&it, o)
		if len(it.Item.Units) == 0 {
			it.Item.Units = nil
		}
		if c := it.Item.Code; c != "" {
			if first, twice := codes[c]; twice {
				r.problem(Error, "code", "sheet.code-twice", "code", c, "first", first)
			} else {
				codes[c] = r.l.No
			}
		}
		for _, b := range it.Item.Barcodes {
			f := "barcode"
			if b.Code != bar {
				f = "big_barcode"
			}
			if first, twice := bars[b.Code]; twice && first != r.l.No && !o.Share {
				r.problem(Error, f, "sheet.barcode-taken", "barcode", b.Code, "first", first)
			} else if !twice {
				bars[b.Code] = r.l.No
			}
		}
		if r.bad {
			return
		}
		if it.Item.Code == "" {
			unnamed = append(unnamed, len(out))
		}
		out = append(out, it)
	})
	o.number(out, unnamed, codes)
	return out, s.ps
}

// number gives codes to the rows that have none, once all others are known.
func (o Options) number(out []ItemRow, unnamed []int, codes map[string]int) {
	next := max(o.First, 1)
	for _, i := range unnamed {
		it := &out[i].Item
		if o.Codes == CodesFromBarcode && len(it.Barcodes) > 0 {
			c := it.Barcodes[0].Code
			if _, used := codes[c]; !used && !o.Taken[c] {
				it.Code = c
				codes[c] = out[i].Row
				continue
			}
		}
		for ; ; next++ {
			n := strconv.Itoa(next)
			c := o.Prefix + strings.Repeat("0", max(0, 5-len(n))) + n
			if _, used := codes[c]; !used && !o.Taken[c] {
				it.Code = c
				codes[c] = out[i].Row
				break
			}
		}
	}
}

// item reads one row and gives the base unit's barcode.
func (r *row) item(out *ItemRow, o Options) string {
	done := map[string]bool{}
	before := len(r.ps)
	it := &out.Item
	it.Code = r.code("code")
	it.Name = r.text("name")
	it.Spec, it.Brand, it.Note = r.text("spec"), r.text("brand"), r.text("note")
	it.Category = strings.Trim(r.text("category"), "/")
	if it.Unit = r.text("unit"); it.Unit == "" {
		it.Unit = o.Unit
	}
	bar := r.barcode("barcode")
	if bar != "" {
		it.Barcodes = append(it.Barcodes, master.Barcode{Code: bar})
	}
	for _, c := range strings.FieldsFunc(r.text("more_barcodes"), func(c rune) bool {
		return c == ' ' || c == ',' || c == ';' || c == '/' || c == 0xFF0C || c == 0x3001 || c == 0xFF1B
	}) {
		if c = amount.Narrow(c); c != bar && !vocab().blank[c] {
			it.Barcodes = append(it.Barcodes, master.Barcode{Code: c})
		}
	}
	for _, lv := range master.PriceLevels {
		if p, ok := r.price(string(lv)); ok {
			if it.Prices == nil {
				it.Prices = map[master.PriceLevel]amount.Price{}
			}
			it.Prices[lv] = p
		}
	}
	it.Min, _ = r.qty("min")
	it.Max, _ = r.qty("max")
	r.follow(it)
	it.Custom = r.custom(o)
	out.Qty, _ = r.qty("qty")
	out.Cost = it.Prices[master.Purchase]
	r.bigUnit(it)
	for _, p := range r.ps[before:] {
		if f, ok := p.Args["field"].(string); ok && p.Level == Error {
			done[f] = true
		}
	}
	check := *it
	if check.Code == "" && o.Codes != CodesAsIs {
		check.Code = "0" // given later
	}
	r.checked(check.Check(), itemCell, done)
	return bar
}

// bigUnit reads the second unit: its name, how many of the base unit it holds,
// its barcode and its price. A name without a number, or a number that says
// nothing, is a problem; a number without a name is of no use and passes.
func (r *row) bigUnit(it *master.Item) {
	name := r.text("big_unit")
	raw := r.text("big_factor")
	code := r.barcode("big_barcode")
	price, _ := r.price("big_price")
	if vocab().blank[strings.ToLower(name)] {
		name = ""
	}
	if vocab().blank[strings.ToLower(raw)] {
		raw = ""
	}
	n, named, ok := factor(raw, it.Unit)
	if name == "" {
		name = named
	}
	switch {
	case name == "" && code == "" && price == 0:
		return
	case name == "":
		r.problem(Error, "big_unit", "sheet.unit-name")
		return
	case name == it.Unit && (raw == "" || n == 1):
		return // sold by the one unit only
	case !ok:
		r.problem(Error, "big_factor", "sheet.unit-relation", "unit", name, "base", it.Unit, "value", raw)
		return
	}
	it.Units = append(it.Units, master.Unit{Name: name, Num: n, Den: 1, Price: price})
	if code != "" {
		it.Barcodes = append(it.Barcodes, master.Barcode{Code: code, Unit: name})
	}
}

// factor reads how many base units are in the bigger one: "12", "1*12",
// "1x12", and with units "1 box = 12 pieces" or "12 pieces/box" in any
// language; the bigger unit's name comes along when it is told.
func factor(s, base string) (n int64, big string, ok bool) {
	s = strings.ReplaceAll(amount.Narrow(s), " ", "")
	for _, sep := range []string{"=", ":", "*", "x", "X", "\u00d7"} {
		left, right, cut := strings.Cut(s, sep)
		if !cut {
			continue
		}
		one, unit := leading(left)
		many, of := leading(right)
		if one != 1 || many == 0 || of != "" && of != base {
			return 0, "", false
		}
		return many, unit, true
	}
	left, right, _ := strings.Cut(s, "/")
	many, of := leading(left)
	if many == 0 || of != "" && of != base {
		return 0, "", false
	}
	return many, right, true
}

// leading splits "12.0pieces" into 12 and "pieces"; 0 when there is no whole
// number in front.
func leading(s string) (int64, string) {
	i := 0
	for i < len(s) && (s[i] >= '0' && s[i] <= '9' || s[i] == '.') {
		i++
	}
	q, err := amount.ParseQty(s[:i])
	if err != nil || q <= 0 || q%amount.QtyScale != 0 {
		return 0, s[i:]
	}
	return int64(q) / amount.QtyScale, s[i:]
}

// itemCell gives the column behind a field of master.Item.Check.
func itemCell(f string) string {
	switch {
	case strings.HasPrefix(f, "units"):
		return "big_factor"
	case f == "barcodes.2":
		return "big_barcode"
	case strings.HasPrefix(f, "barcodes"):
		return "barcode"
	}
	return strings.TrimPrefix(f, "prices.")
}
