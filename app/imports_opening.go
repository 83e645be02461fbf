package app

import (
	"fmt"
	"strconv"

	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/ledger"
	"tiezhang/app/master"
	"tiezhang/app/sheet"
)

// opening is a balance at the start that becomes part of an opening document.
// Items and parties may be new, so their IDs are asked for when it is posted.
type opening struct {
	row    int
	kind   doc.Kind
	place  int64
	item   func() int64
	line   doc.Line
	party  func() int64
	amount amount.Money
	field  string
	id     string // of the document, for a party that is known
}

// openingLines is how many lines one opening document gets: a person must be
// able to look through it.
const openingLines = 1000

// open plans an opening balance and counts it.
func (w *importer) open(o opening) error {
	if err := w.x.Allow(access.OpeningCreate, access.Object{New: true}); err != nil {
		return err
	}
	spec := mustSpec(o.kind)
	if spec.Lines == doc.No {
		total := &w.r.Receivable
		if spec.TradeSign < 0 {
			total = &w.r.Payable
		}
		sum, err := amount.Add(*total, o.amount)
		if err != nil {
			w.problem(o.row, sheet.Error, o.field, "import.too-large")
			return nil
		}
		*total = sum
	} else {
		num, den := o.line.Num, o.line.Den
		if den == 0 {
			num, den = 1, 1
		}
		base, err := amount.Convert(o.line.Qty, num, den)
		value, err2 := amount.Extend(o.line.Qty, o.line.Price)
		if err != nil || err2 != nil {
			w.problem(o.row, sheet.Error, "qty", "import.qty-unit")
			return nil
		}
		q, err := amount.Add(w.r.Qty, base)
		v, err2 := amount.Add(w.r.Value, value-o.line.Off)
		if err != nil || err2 != nil {
			w.problem(o.row, sheet.Error, "qty", "import.too-large")
			return nil
		}
		w.r.Qty, w.r.Value = q, v
	}
	w.openings = append(w.openings, o)
	return nil
}

// openingID gives the ID of a known party's or item's opening document: one
// each, so that a list taken in twice does not count twice. "" when it is
// there; a reversed one leaves room for another.
func (w *importer) openingID(kind string, id int64) (string, error) {
	for n := 1; ; n++ {
		name := fmt.Sprintf("opening-%s-%d-%d", kind, id, n)
		d, err := w.x.Tx.Document(name)
		switch {
		case err != nil && fault.KindOf(err) == fault.NotFound:
			return name, nil
		case err != nil:
			return "", err
		case d.Status != doc.Reversed:
			return "", nil
		}
	}
}

// book posts the opening documents through the same posting as the screens.
func (w *importer) book() error {
	var stock []opening
	for _, o := range w.openings {
		if mustSpec(o.kind).Lines != doc.No {
			stock = append(stock, o)
			continue
		}
		party := o.party()
		if o.id == "" {
			var err error
			if o.id, err = w.openingID(string(o.kind), party); err != nil {
				return err
			}
		}
		if err := w.post(doc.Document{ID: o.id, Kind: o.kind, Date: w.date, PartyID: party, Amount: o.amount}, o.row); err != nil {
			return err
		}
	}
	byPlace := map[int64][]opening{}
	var order []int64
	for _, o := range stock {
		if byPlace[o.place] == nil {
			order = append(order, o.place)
		}
		byPlace[o.place] = append(byPlace[o.place], o)
	}
	for _, p := range order {
		os := byPlace[p]
		for len(os) > 0 {
			n := min(len(os), openingLines)
			d := doc.Document{ID: NewID(w.x.Now), Kind: doc.OpeningStock, Date: w.date, WarehouseID: p}
			for i, o := range os[:n] {
				ln := o.line
				ln.No, ln.ItemID = i+1, o.item()
				d.Lines = append(d.Lines, ln)
			}
			if err := w.post(d, os[0].row); err != nil {
				return err
			}
			os = os[n:]
			w.tell("import.stage.stock", len(stock)-len(os), len(stock))
		}
	}
	return nil
}

func (w *importer) post(d doc.Document, row int) error {
	if err := w.alive(); err != nil {
		return err
	}
	w.x.unasked = true
	r, err := Post{Doc: d}.run(w.ctx, w.x)
	w.x.unasked = false
	if err != nil {
		return fault.Wrap("app.ImportSheet", fault.KindOf(err), "import.row", fault.Pairs("row", row), err)
	}
	w.r.Documents = append(w.r.Documents, r)
	return nil
}

// stock judges a list of opening stock against the shop's items.
func (w *importer) stock() error {
	rows, ps := sheet.OpeningStock(w.in.Table, w.in.Map, w.opt)
	w.r.Problems = ps
	booked := map[int64]map[stockPlace]bool{}
	docs := map[string]bool{}
	for i, row := range rows {
		if i%64 == 0 {
			if err := w.alive(); err != nil {
				return err
			}
			w.tell("import.stage.check", i, len(rows))
		}
		it, ok, err := w.stockItem(row)
		if err != nil {
			return err
		}
		place, found, err := w.placeOrNew(row.Warehouse)
		if err != nil {
			return err
		}
		if !found {
			w.problem(row.Row, sheet.Error, "warehouse", "import.unknown-warehouse", "name", row.Warehouse)
		}
		if !ok || !found {
			continue
		}
		num, den, known := it.Factor(row.Unit)
		if !known {
			w.problem(row.Row, sheet.Error, "unit", "import.unknown-unit", "unit", row.Unit, "name", it.Name)
			continue
		}
		there, err := w.openingThere(it, booked, docs)
		if err != nil {
			return err
		}
		key := stockPlace{place.ID, row.Batch}
		if there[key] {
			w.problem(row.Row, sheet.Note, "code", "import.stock-there", "code", it.Code, "name", it.Name)
			w.r.Skipped++
			continue
		}
		ln, ok := stockLine(row, it, num, den)
		if !ok {
			w.problem(row.Row, sheet.Error, "amount", "import.too-large")
			continue
		}
		before := len(w.openings)
		id := it.ID
		if err := w.open(opening{row: row.Row, kind: doc.OpeningStock, place: place.ID, line: ln, item: func() int64 { return id }}); err != nil {
			return err
		}
		if len(w.openings) > before {
			w.r.Added++
			w.save = append(w.save, saving{row.Row, func() error { return nil }}) // booked at the end
		}
	}
	return nil
}

// placeOrNew is place, planning a warehouse that is lacking where the person
// wants that.
func (w *importer) placeOrNew(name string) (master.Warehouse, bool, error) {
	if p, ok := w.place(name); ok || !w.in.Options.NewPlaces {
		return p, ok, nil
	}
	if err := w.x.Allow(access.PlaceEdit, access.Object{New: true}); err != nil {
		return master.Warehouse{}, false, err
	}
	taken := map[string]bool{}
	for _, p := range w.places {
		taken[p.Code] = true
	}
	p := master.Warehouse{ID: -int64(len(w.places) + 1), Name: name}
	for n := 1; p.Code == "" || taken[p.Code]; n++ {
		p.Code = "W" + strconv.Itoa(n)
	}
	if p.Check() != nil {
		return p, false, nil // no name for a warehouse: told as an unknown one
	}
	w.places = append(w.places, p)
	w.r.Places = append(w.r.Places, name)
	return p, true, nil
}

// makePlaces saves the planned warehouses and gives the opening stock their IDs.
func (w *importer) makePlaces() error {
	made := map[int64]int64{}
	for i, p := range w.places {
		if p.ID > 0 {
			continue
		}
		id, err := SaveWarehouse{master.Warehouse{Code: p.Code, Name: p.Name}}.run(w.ctx, w.x)
		if err != nil {
			return err
		}
		made[p.ID], w.places[i].ID = id, id
	}
	for i, o := range w.openings {
		if id, ok := made[o.place]; ok {
			w.openings[i].place = id
		}
	}
	return nil
}

// stockItem finds the item a row means by code, else by barcode.
func (w *importer) stockItem(row sheet.StockRow) (master.Item, bool, error) {
	if row.Code != "" {
		it, err := w.x.Tx.ItemByCode(row.Code)
		switch {
		case err == nil && it.Disabled:
			w.problem(row.Row, sheet.Error, "code", "import.item-disabled", "code", row.Code, "name", it.Name)
			return it, false, nil
		case err == nil:
			return it, true, nil
		case fault.KindOf(err) != fault.NotFound:
			return it, false, err
		case row.Barcode == "":
			w.problem(row.Row, sheet.Error, "code", "import.unknown-item", "code", row.Code)
			return it, false, nil
		}
	}
	hits, err := w.x.Tx.ItemsByBarcode(row.Barcode)
	switch {
	case err != nil:
		return master.Item{}, false, err
	case len(hits) == 1 && !hits[0].Item.Disabled:
		return hits[0].Item, true, nil
	case len(hits) > 1:
		w.problem(row.Row, sheet.Error, "barcode", "import.barcode-many", "barcode", row.Barcode, "count", strconv.Itoa(len(hits)))
	default:
		what := row.Code
		if what == "" {
			what = row.Barcode
		}
		w.problem(row.Row, sheet.Error, "code", "import.unknown-item", "code", what)
	}
	return master.Item{}, false, nil
}

type stockPlace struct {
	place int64
	batch string
}

// openingThere tells where an item has opening stock already: a list taken in
// again after its bad rows were mended must not double the good ones.
func (w *importer) openingThere(it master.Item, booked map[int64]map[stockPlace]bool, docs map[string]bool) (map[stockPlace]bool, error) {
	if !it.HasMoves {
		return nil, nil
	}
	if m, ok := booked[it.ID]; ok {
		return m, nil
	}
	m := map[stockPlace]bool{}
	booked[it.ID] = m
	h, err := w.x.Tx.History(ledger.Pot{Item: it.ID}, ledger.Place{})
	if err != nil {
		return nil, err
	}
	for _, mv := range h.Moves {
		counts, seen := docs[mv.Doc]
		if !seen {
			d, err := w.x.Tx.Document(mv.Doc)
			if err != nil {
				return nil, err
			}
			counts = mustSpec(d.Kind).Group == doc.Opening && d.Status == doc.Posted && d.Reverses == ""
			docs[mv.Doc] = counts
		}
		if counts {
			m[stockPlace{mv.WarehouseID, mv.Batch}] = true
		}
	}
	return m, nil
}

// stockLine makes the line whose value is the file's amount to the fen: the
// price may have had more decimals in the old program than it showed.
func stockLine(row sheet.StockRow, it master.Item, num, den int64) (doc.Line, bool) {
	ln := doc.Line{Unit: row.Unit, Num: num, Den: den, Qty: row.Qty, Price: row.Price, Batch: row.Batch, Expiry: row.Expiry, Note: row.Note}
	if ln.Unit == it.Unit {
		ln.Unit = ""
	}
	gross, err := amount.Extend(ln.Qty, ln.Price)
	if err != nil {
		return ln, false
	}
	if gross == row.Amount {
		return ln, true
	}
	if ln.Price, err = amount.UnitPrice(row.Amount, row.Qty); err != nil {
		return ln, false
	}
	for range 64 { // a price of six decimals may fall a fen short: take the next above and let the rest off
		if gross, err = amount.Extend(ln.Qty, ln.Price); err != nil {
			return ln, false
		}
		if gross >= row.Amount {
			ln.Off = gross - row.Amount
			return ln, true
		}
		ln.Price += amount.Price(max(1, int64(row.Amount-gross)*amount.PriceScale*amount.QtyScale/100/max(1, int64(row.Qty))))
	}
	return ln, false
}
