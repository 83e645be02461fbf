package sheet

import (
	"unicode/utf8"

	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/master"
)

// StockRow is one line of opening stock. Code, else Barcode, says which item;
// finding it is the caller's work. Price is the cost of one Unit.
type StockRow struct {
	Row           int
	Code, Barcode string
	Name          string // as in the file, for telling the person
	Warehouse     string // "" for the option's
	Unit          string // "" is the base unit
	Qty           amount.Qty
	Price         amount.Price
	Amount        amount.Money // the file's own, or Qty × Price
	Batch         string
	Expiry        day.Date
	Note          string
}

// OpeningStock turns the rows of a table into opening stock. Rows with a
// quantity of zero are passed over with a note.
func OpeningStock(t Table, m Mapping, o Options) ([]StockRow, []Problem) {
	s := &scan{t: t, m: m}
	var out []StockRow
	type place struct{ item, warehouse, batch, unit string }
	seen := map[place]int{}
	s.rows(func(r *row) {
		before := len(r.ps)
		x := StockRow{Row: r.l.No, Code: r.code("code"), Barcode: r.barcode("barcode"), Name: r.text("name"), Warehouse: r.text("warehouse"),
			Unit: r.text("unit"), Batch: r.code("batch"), Expiry: r.date("expiry"), Note: r.text("note")}
		if x.Warehouse == "" {
			x.Warehouse = o.Warehouse
		}
		if x.Code == "" && x.Barcode == "" && !reported(r.ps[before:], "barcode") {
			r.problem(Error, "code", "sheet.no-item")
		}
		if x.Warehouse == "" {
			r.problem(Error, "warehouse", "sheet.no-warehouse")
		}
		for _, c := range []struct {
			f, s string
			max  int
		}{{"code", x.Code, master.MaxCode}, {"barcode", x.Barcode, master.MaxCode}, {"warehouse", x.Warehouse, master.MaxName}, {"batch", x.Batch, master.MaxCode}, {"note", x.Note, master.MaxNote}} {
			if utf8.RuneCountInString(c.s) > c.max {
				r.problem(Error, c.f, "sheet.too-long", "max", c.max)
			}
		}
		qty, haveQty := r.qty("qty")
		price, havePrice := r.price("price")
		money, haveMoney := r.money("amount")
		x.Qty, x.Price, x.Amount = qty, price, money
		switch {
		case !haveQty && !reported(r.ps[before:], "qty"):
			r.problem(Error, "qty", "sheet.missing")
		case haveQty && qty == 0:
			if !r.bad {
				r.rowProblem(Note, "sheet.skipped-zero")
			}
			return
		case haveQty:
			r.value(&x, havePrice, haveMoney, before)
		}
		item := x.Code
		if item == "" {
			item = "\x00" + x.Barcode
		}
		if key := (place{item, x.Warehouse, x.Batch, x.Unit}); item != "\x00" {
			if first, twice := seen[key]; twice {
				r.problem(Error, "code", "sheet.stock-twice", "code", x.Code+x.barcodeOnly(), "first", first)
			} else {
				seen[key] = r.l.No
			}
		}
		if !r.bad {
			out = append(out, x)
		}
	})
	return out, s.ps
}

func (x StockRow) barcodeOnly() string {
	if x.Code == "" {
		return x.Barcode
	}
	return ""
}

func reported(ps []Problem, f string) bool {
	for _, p := range ps {
		if p.Level == Error && p.Args["field"] == f {
			return true
		}
	}
	return false
}

// value fills in what follows from the rest: the amount from the price, the
// price from the amount. When both are told and differ by more than their
// rounding, somebody should look; the amount is what the books will hold.
func (r *row) value(x *StockRow, havePrice, haveMoney bool, before int) {
	var err error
	switch {
	case havePrice && !haveMoney:
		if x.Amount, err = amount.Extend(x.Qty, x.Price); err != nil || x.Amount > amount.MaxMoney {
			r.problem(Error, "price", "sheet.too-large", "value", x.Price.String())
		}
	case haveMoney && !havePrice:
		if x.Price, err = amount.UnitPrice(x.Amount, x.Qty); err != nil || x.Price > amount.MaxPrice {
			r.problem(Error, "amount", "sheet.too-large", "value", x.Amount.String())
		}
	case havePrice && haveMoney:
		want, err := amount.Extend(x.Qty, x.Price)
		// A price shown with two decimals is off by up to half a fen a piece.
		slack, err2 := amount.Extend(x.Qty, amount.PriceScale/200)
		if err != nil || err2 != nil {
			r.problem(Error, "amount", "sheet.too-large", "value", x.Amount.String())
		} else if d := want - x.Amount; d > slack+1 || -d > slack+1 {
			r.problem(Warning, "amount", "sheet.amount-differs", "value", x.Amount.String(), "want", want.String())
		}
	case !reported(r.ps[before:], "price") && !reported(r.ps[before:], "amount"):
		r.problem(Error, "price", "sheet.no-price")
	}
}
