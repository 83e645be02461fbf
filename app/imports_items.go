package app

import (
	"maps"
	"slices"

	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/app/sheet"
)

// items judges a list of goods against the shop and says what to save.
func (w *importer) items() error {
	rows, ps := sheet.Items(w.in.Table, w.in.Map, w.opt)
	w.r.Problems = ps
	for i, row := range rows {
		if i%64 == 0 {
			if err := w.alive(); err != nil {
				return err
			}
			w.tell("import.stage.check", i, len(rows))
		}
		if err := w.item(row); err != nil {
			return err
		}
	}
	return nil
}

func (w *importer) item(row sheet.ItemRow) error {
	it := row.Item
	old, err := w.x.Tx.ItemByCode(it.Code)
	known := err == nil
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return err
	}
	for _, b := range it.Barcodes {
		hits, err := w.x.Tx.ItemsByBarcode(b.Code)
		if err != nil {
			return err
		}
		for _, h := range hits {
			if h.Item.Code == it.Code || w.in.Options.Share || h.Item.MergedInto != 0 {
				continue
			}
			field := "barcode"
			if b.Unit != "" {
				field = "big_barcode"
			}
			w.problem(row.Row, sheet.Error, field, "import.barcode-taken", "barcode", b.Code, "code", h.Item.Code, "name", h.Item.Name)
		}
	}
	if known {
		if !w.in.Options.Update {
			if !w.bad[row.Row] {
				w.problem(row.Row, sheet.Note, "code", "import.item-there", "code", it.Code, "name", old.Name)
				w.r.Skipped++
			}
			return nil
		}
		merged := w.mergeItem(old, it)
		if err := itemFixed(w.x.Tx, old, merged); err != nil && fault.KeyOf(err) != "master.unit-fixed" {
			w.problem(row.Row, sheet.Error, "track", "import.item-fixed", "code", old.Code, "name", old.Name)
		} else if err != nil {
			w.problem(row.Row, sheet.Error, "unit", "import.unit-fixed", "code", old.Code, "unit", old.Unit)
		} else if err := merged.Check(); err != nil {
			w.problem(row.Row, sheet.Error, "code", "import.not-together", "code", old.Code, "name", old.Name)
		}
		it = merged
	}
	if err := w.ownFields(row.Row, master.OfItem, it.Custom, old.Custom); err != nil {
		return err
	}
	if w.bad[row.Row] {
		return nil
	}
	if known {
		w.r.Changed++
	} else {
		w.r.Added++
	}
	var id int64
	w.save = append(w.save, saving{row.Row, func() (err error) {
		if id, err = saveItem(w.x, it, true); err != nil {
			return err
		}
		return w.touch(master.OfItem, id, old.Version+1, known, old)
	}})
	if w.in.Options.Stock && row.Qty > 0 && !known {
		return w.listStock(row, &id)
	}
	return nil
}

// listStock books the quantity an item list gives beside a new item.
func (w *importer) listStock(row sheet.ItemRow, id *int64) error {
	p, ok := w.place(w.opt.Warehouse)
	if !ok {
		w.problem(row.Row, sheet.Warning, "qty", "import.stock-no-warehouse")
		return nil
	}
	ln := doc.Line{Qty: row.Qty, Price: row.Cost}
	return w.open(opening{row: row.Row, kind: doc.OpeningStock, place: p.ID, line: ln, item: func() int64 { return *id }})
}

// mergeItem lays what the file says over what the shop has: an empty cell
// changes nothing, codes and units are added to those that are there.
func (w *importer) mergeItem(old, file master.Item) master.Item {
	it := old
	over := func(to *string, from string) {
		if from != "" {
			*to = from
		}
	}
	over(&it.Name, file.Name)
	over(&it.Spec, file.Spec)
	over(&it.Brand, file.Brand)
	over(&it.Category, file.Category)
	over(&it.Note, file.Note)
	over(&it.PLU, file.PLU)
	if w.named("unit") {
		over(&it.Unit, file.Unit)
	}
	if file.Track != master.NotTracked {
		it.Track = file.Track
	}
	it.Expires = it.Expires || file.Expires
	if file.ShelfDays != 0 {
		it.ShelfDays = file.ShelfDays
	}
	it.Custom = overCustom(old.Custom, file.Custom)
	if file.Min != 0 {
		it.Min = file.Min
	}
	if file.Max != 0 {
		it.Max = file.Max
	}
	it.Prices = maps.Clone(old.Prices)
	if it.Prices == nil {
		it.Prices = map[master.PriceLevel]amount.Price{}
	}
	maps.Copy(it.Prices, file.Prices)
	it.Units = slices.Clone(old.Units)
	for _, u := range file.Units {
		at := slices.IndexFunc(it.Units, func(o master.Unit) bool { return o.Name == u.Name })
		if at < 0 {
			it.Units = append(it.Units, u)
			continue
		}
		if u.Price == 0 {
			u.Price = it.Units[at].Price
		}
		it.Units[at] = u
	}
	it.Barcodes = slices.Clone(old.Barcodes)
	for _, b := range file.Barcodes {
		if !slices.ContainsFunc(it.Barcodes, func(o master.Barcode) bool { return o.Code == b.Code }) {
			it.Barcodes = append(it.Barcodes, b)
		}
	}
	return it
}

// parties judges a list of customers and suppliers.
func (w *importer) parties() error {
	rows, ps := sheet.Parties(w.in.Table, w.in.Map, w.opt)
	w.r.Problems = ps
	for i, row := range rows {
		if i%64 == 0 {
			if err := w.alive(); err != nil {
				return err
			}
			w.tell("import.stage.check", i, len(rows))
		}
		if err := w.party(row); err != nil {
			return err
		}
	}
	return nil
}

func (w *importer) party(row sheet.PartyRow) error {
	p := row.Party
	if err := w.x.Allow(partyEdit(p.Kind), access.Object{New: true}); err != nil {
		return err
	}
	old, err := w.x.Tx.PartyByCode(p.Code)
	known := err == nil
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return err
	}
	id := old.ID
	if row.Owner != "" {
		u, err := w.x.Tx.UserByName(row.Owner)
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
		if err != nil {
			w.problem(row.Row, sheet.Warning, "owner", "import.owner", "value", row.Owner)
		}
		p.Owner = u.ID
	}
	if p.Card != "" {
		if err := w.cardFree(row.Row, p); err != nil {
			return err
		}
	}
	if !known || w.in.Options.Update {
		if err := w.ownFields(row.Row, master.OfParty, overCustom(old.Custom, p.Custom), old.Custom); err != nil {
			return err
		}
	}
	switch {
	case w.bad[row.Row]:
		return nil
	case known && !w.in.Options.Update:
		w.problem(row.Row, sheet.Note, "code", "import.party-there", "code", p.Code, "name", w.x.nameOf(old))
		w.r.Skipped++
	case known:
		p = mergeParty(old, p)
		w.r.Changed++
	default:
		w.r.Added++
	}
	if !known || w.in.Options.Update {
		w.save = append(w.save, saving{row.Row, func() (err error) {
			if id, err = saveParty(w.x, p, true); err != nil {
				return err
			}
			return w.touch(master.OfParty, id, old.Version+1, known, old)
		}})
	}
	for _, b := range []struct {
		kind   doc.Kind
		amount amount.Money
		field  string
	}{{doc.OpeningReceivable, row.Receivable, "receivable"}, {doc.OpeningPayable, row.Payable, "payable"}} {
		if b.amount == 0 {
			continue
		}
		o := opening{row: row.Row, kind: b.kind, amount: b.amount, party: func() int64 { return id }, field: b.field}
		if known {
			if o.id, err = w.openingID(string(b.kind), old.ID); err != nil {
				return err
			}
			if o.id == "" {
				w.problem(row.Row, sheet.Note, b.field, "import.opening-there", "name", w.x.nameOf(old))
				continue
			}
		}
		if err := w.open(o); err != nil {
			return err
		}
	}
	return nil
}

func mergeParty(old, file master.Party) master.Party {
	p := old
	for _, f := range []struct {
		to   *string
		from string
	}{{&p.Card, file.Card}, {&p.Birthday, file.Birthday}, {&p.BankName, file.BankName}, {&p.BankAccount, file.BankAccount}, {&p.TaxNo, file.TaxNo}, {&p.Name, file.Name}, {&p.Contact, file.Contact}, {&p.Phone, file.Phone}, {&p.Address, file.Address}, {&p.Note, file.Note}} {
		if f.from != "" {
			*f.to = f.from
		}
	}
	if file.Kind != "" && file.Kind != old.Kind {
		p.Kind = master.Both
	}
	if file.Level != "" {
		p.Level = file.Level
	}
	if file.Credit != 0 {
		p.Credit = file.Credit
	}
	if file.Owner != 0 {
		p.Owner = file.Owner
	}
	p.Custom = overCustom(old.Custom, file.Custom)
	return p
}
