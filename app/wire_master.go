package app

import (
	"context"
	"strconv"
	"strings"

	"tiezhang/app/amount"
	"tiezhang/app/fault"
	"tiezhang/app/master"
)

// saveItem adds an item, or changes the fields the line names of one that is there.
func (w Wire) saveItem(x *Exec) (int64, error) {
	r := &wireReader{x: x}
	it, err := x.Tx.ItemByCode(w.Code)
	if err != nil {
		if fault.KindOf(err) != fault.NotFound {
			return 0, err
		}
		it = master.Item{Code: w.Code}
	}
	set := func(to *string, v string) {
		if v != "" {
			*to = v
		}
	}
	set(&it.Name, w.Name)
	set(&it.Spec, w.Spec)
	set(&it.Brand, w.Brand)
	set(&it.Category, w.Category)
	set(&it.Unit, w.Unit)
	set(&it.Note, w.Note)
	prices := map[master.PriceLevel]amount.Price{}
	for k, v := range it.Prices {
		prices[k] = v
	}
	if w.Price != "" {
		prices[master.Retail] = readDec(r, w.Price, amount.ParsePrice, 0, "price")
	}
	for lv, p := range w.Prices {
		known := false
		for _, k := range master.PriceLevels {
			known = known || string(k) == lv
		}
		if !known {
			r.bad(0, "prices", "wire.level", "value", lv)
			continue
		}
		prices[master.PriceLevel(lv)] = readDec(r, p, amount.ParsePrice, 0, "prices."+lv)
	}
	it.Prices = prices
	if w.Min != "" {
		it.Min = readDec(r, w.Min, amount.ParseQty, 0, "min")
	}
	if w.Max != "" {
		it.Max = readDec(r, w.Max, amount.ParseQty, 0, "max")
	}
	if w.Units != nil {
		it.Units = nil
	}
	codes := append([]string{}, w.Barcodes...)
	if w.Barcode != "" {
		codes = append([]string{w.Barcode}, codes...)
	}
	if len(codes) > 0 {
		it.Barcodes = nil
		for _, c := range codes {
			it.Barcodes = append(it.Barcodes, master.Barcode{Code: c})
		}
	}
	for i, u := range w.Units {
		num, den, ok := factor(u.Factor)
		if !ok {
			r.bad(i+1, "units", "master.factor", "unit", u.Name)
			continue
		}
		it.Units = append(it.Units, master.Unit{Name: u.Name, Num: num, Den: den, Price: readDec(r, u.Price, amount.ParsePrice, i+1, "units")})
		if u.Barcode != "" {
			it.Barcodes = append(it.Barcodes, master.Barcode{Code: u.Barcode, Unit: u.Name})
		}
	}
	if w.Disabled != nil {
		it.Disabled = *w.Disabled
	}
	w.more(r, &it)
	if r.err != nil {
		return 0, r.err
	}
	if err := r.l.Err(); err != nil {
		return 0, err
	}
	return saveItem(x, it, w.Share)
}

// factor reads "12" or "1/3".
func factor(s string) (num, den int64, ok bool) {
	a, b, found := strings.Cut(amount.Narrow(s), "/")
	if !found {
		q, err := amount.ParseQty(a) // "0.5" is 1/2
		if err != nil || q <= 0 {
			return 0, 0, false
		}
		num, den = int64(q), amount.QtyScale
		for x, y := num, den; ; {
			if y == 0 {
				return num / x, den / x, true
			}
			x, y = y, x%y
		}
	}
	num, err1 := strconv.ParseInt(a, 10, 64)
	den, err2 := strconv.ParseInt(b, 10, 64)
	return num, den, err1 == nil && err2 == nil && num > 0 && den > 0
}

// saveParty adds a party, or changes the fields the line names.
func (w Wire) saveParty(x *Exec) (int64, error) {
	r := &wireReader{x: x}
	p, err := x.Tx.PartyByCode(w.Code)
	if err != nil {
		if fault.KindOf(err) != fault.NotFound {
			return 0, err
		}
		p = master.Party{Code: w.Code, Kind: master.Both}
	}
	for to, v := range map[*string]string{&p.Name: w.Name, &p.Contact: w.Contact, &p.Phone: w.Phone, &p.Address: w.Address, &p.Note: w.Note} {
		if v != "" {
			*to = v
		}
	}
	if w.Role != "" {
		p.Kind = master.PartyKind(w.Role)
	}
	if w.Level != "" {
		p.Level = master.PriceLevel(w.Level)
	}
	if w.Credit != "" {
		p.Credit = readDec(r, w.Credit, amount.ParseMoney, 0, "credit")
	}
	if w.Disabled != nil {
		p.Disabled = *w.Disabled
	}
	w.moreParty(r, &p)
	if r.err != nil {
		return 0, r.err
	}
	if err := r.l.Err(); err != nil {
		return 0, err
	}
	return saveParty(x, p, w.Share)
}

// saveWarehouse adds a warehouse, or changes the one with the code.
func (w Wire) saveWarehouse(ctx context.Context, x *Exec) (int64, error) {
	ws, err := x.Tx.Warehouses()
	if err != nil {
		return 0, err
	}
	row := master.Warehouse{Code: w.Code}
	for _, h := range ws {
		if strings.EqualFold(h.Code, w.Code) {
			row = h
		}
	}
	if w.Name != "" {
		row.Name = w.Name
	}
	if w.Disabled != nil {
		row.Disabled = *w.Disabled
	}
	return SaveWarehouse{row}.run(ctx, x)
}

// saveAccount adds a money account, or changes the one with the code.
func (w Wire) saveAccount(ctx context.Context, x *Exec) (int64, error) {
	as, err := x.Tx.Accounts()
	if err != nil {
		return 0, err
	}
	row := master.Account{Code: w.Code}
	for _, h := range as {
		if strings.EqualFold(h.Code, w.Code) {
			row = h
		}
	}
	if w.Name != "" {
		row.Name = w.Name
	}
	if w.Type != "" {
		row.Kind = master.AccountKind(w.Type)
	}
	if w.Disabled != nil {
		row.Disabled = *w.Disabled
	}
	return SaveAccount{row}.run(ctx, x)
}
