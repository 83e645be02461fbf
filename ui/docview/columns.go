package docview

import (
	"strings"

	"tiezhang/app/doc"
	"tiezhang/app/master"
	"tiezhang/ui/docview/draft"
	"tiezhang/ui/grid"
	"tiezhang/ui/text"
)

// look is what a kind's screen has beyond its spec. The zero value is the
// ordinary document; a new kind needs an entry only for something odd.
type look struct {
	// titles replaces the names of header fields and columns.
	titles map[string]string
	// paySide is the text key of the money paid on the spot.
	paySide string
	// origin names the action that takes lines from another document; "" is a return.
	origin string
	// firstSide is the side of the first line of a kind with sides; the others
	// are on the other one.
	firstSide int8
}

// looks is the small table of oddities.
var looks = map[doc.Kind]look{
	doc.GoodsReceipt:   {titles: supplier, paySide: "docview.pay.out", origin: "pull"},
	doc.PurchaseReturn: {titles: supplier, paySide: "docview.pay.back_in"},
	doc.PurchaseOrder:  {titles: map[string]string{"party": "docview.field.supplier", "due": "docview.field.wanted"}},
	doc.LandedCost:     {titles: map[string]string{"party": "docview.field.carrier", "amount": "docview.col.share"}, paySide: "docview.pay.out", origin: "pull_receipts"},
	doc.PriceAdjustment: {titles: map[string]string{"party": "docview.field.supplier", "amount": "docview.col.difference"}, paySide: "docview.pay.out",
		origin: "pull_receipts"},
	doc.SalesDelivery: {titles: customer, paySide: "docview.pay.in", origin: "pull"},
	doc.SalesOrder:    {titles: map[string]string{"party": "docview.field.customer", "due": "docview.field.wanted"}, origin: "pull_quotation"},
	doc.Quotation:     {titles: map[string]string{"party": "docview.field.customer", "due": "docview.field.until"}},
	doc.SalesReturn:   {titles: customer, paySide: "docview.pay.back_out"},
	doc.RetailSale:    {titles: customer, paySide: "docview.pay.in"},
	doc.RetailReturn:  {titles: customer, paySide: "docview.pay.back_out"},
	doc.PaymentIn:     {titles: customer},
	doc.PaymentOut:    {titles: supplier},
	doc.StockTransfer: {titles: map[string]string{"warehouse": "docview.field.from"}},
	doc.StockLoss:     {titles: cause},
	doc.StockGain:     {titles: cause},
	doc.Assembly:      {titles: map[string]string{"amount": "docview.field.fee"}, firstSide: 1},
	doc.Disassembly:   {titles: map[string]string{"amount": "docview.field.fee"}, firstSide: -1},
	doc.LendOut:       {titles: map[string]string{"party": "docview.field.borrower", "due": "docview.field.back_by"}},
	doc.LendReturn:    {titles: map[string]string{"party": "docview.field.borrower"}, origin: "pull_loan"},
	doc.BorrowIn:      {titles: map[string]string{"party": "docview.field.lender", "due": "docview.field.back_by"}},
	doc.BorrowReturn:  {titles: map[string]string{"party": "docview.field.lender"}, origin: "pull_loan"},
	doc.StoredTopUp:   {titles: map[string]string{"party": "docview.field.member", "amount": "docview.field.topup"}},
	doc.StoredRefund:  {titles: map[string]string{"party": "docview.field.member"}},
	doc.ShiftClose:    {titles: map[string]string{"amount": "docview.field.counted"}},
	doc.AccountTransfer: {titles: map[string]string{
		"account": "docview.field.from_account"}},
}

var (
	supplier = map[string]string{"party": "docview.field.supplier"}
	customer = map[string]string{"party": "docview.field.customer"}
	cause    = map[string]string{"category": "docview.field.cause"}
)

// originAction names the action that takes lines from another document.
func (l look) originAction() string {
	if l.origin != "" {
		return l.origin
	}
	return "origin"
}

// title is the heading of a header field.
func (l look) title(field string) string {
	if k, ok := l.titles[field]; ok {
		return text.T(k)
	}
	return text.T("docview.field." + field)
}

// Columns of the line grid, by key.
const (
	colItem   = "item"
	colSpec   = "spec"
	colUnit   = "unit"
	colSide   = "side"
	colBook   = "book"
	colQty    = "qty"
	colFirst  = "first"
	colDone   = "done"
	colOpen   = "open"
	colDiff   = "diff"
	colPrice  = "price"
	colOff    = "discount"
	colAmount = "amount"
	colBatch  = "batch"
	colExpiry = "expiry"
	colSerial = "serials"
	colNote   = "note"
)

// columns reads the spec: what a line of this kind is made of. Those that only
// some goods need are there but hidden; see showColumns.
func columns(s doc.Spec, l look) []grid.Column {
	recount := s.Flow == doc.Recount
	priced := s.PriceNeed != doc.No
	moves := s.Flow != doc.NoFlow && s.Flow != doc.Revalue
	cols := []grid.Column{
		{Key: colItem, Title: "docview.field.item", Width: 228, Editable: !s.OriginMust, Scan: true, Suggest: !s.OriginMust},
		{Key: colSpec, Title: "docview.field.spec", Width: 96},
		{Key: colUnit, Title: "docview.field.unit", Width: 54, Kind: grid.Choice, Editable: !s.OriginMust, Suggest: true, SkipFilled: true},
	}
	add := func(on bool, c grid.Column) {
		if on {
			cols = append(cols, c)
		}
	}
	qty, money := "docview.field.qty", "docview.field.amount"
	if recount {
		qty = "docview.col.counted"
	}
	if s.LineMoney != doc.No {
		money = l.titles["amount"]
	}
	add(s.Sides, grid.Column{Key: colSide, Title: "docview.col.side", Width: 76, Kind: grid.Choice, Editable: true, Suggest: true, SkipFilled: true})
	add(recount, grid.Column{Key: colBook, Title: "docview.field.book", Width: 92, Align: grid.Right})
	add(recount, grid.Column{Key: colFirst, Title: "docview.col.first", Width: 84, Align: grid.Right, Hidden: true})
	add(s.LineMoney == doc.No, grid.Column{Key: colQty, Title: qty, Width: 84, Align: grid.Right, Kind: grid.Number, Editable: true, Quantity: true})
	add(recount, grid.Column{Key: colDiff, Title: "docview.col.diff", Width: 92, Align: grid.Right, Bold: true})
	add(s.Promise == doc.Order, grid.Column{Key: colDone, Title: "docview.col.done", Width: 78, Align: grid.Right, Hidden: true})
	add(s.Promise == doc.Order, grid.Column{Key: colOpen, Title: "docview.col.to_come", Width: 78, Align: grid.Right, Bold: true, Hidden: true})
	price := "docview.field.price"
	if s.Sides { // what is made shares the cost by these
		price, money = "docview.col.estimate", "docview.col.share_by"
	}
	add(priced, grid.Column{Key: colPrice, Title: price, Width: 84, Align: grid.Right, Kind: grid.Number, Editable: true, Optional: s.PriceNeed == doc.May})
	add(priced && s.Discount, grid.Column{Key: colOff, Title: "docview.col.off", Width: 70, Align: grid.Right, Kind: grid.Number, Editable: true, Optional: true})
	add(priced || s.LineMoney != doc.No, grid.Column{Key: colAmount, Title: money, Width: 96, Align: grid.Right, Bold: true, Kind: grid.Number, Editable: s.LineMoney != doc.No})
	add(moves, grid.Column{Key: colBatch, Title: "docview.field.batch", Width: 92, Editable: true, Optional: s.Flow != doc.In, SkipFilled: true, TakesScan: true, Suggest: true, Hidden: true})
	add(s.Flow == doc.In || s.Flow == doc.Recount || s.Flow == doc.Convert, grid.Column{Key: colExpiry, Title: "docview.field.expiry", Width: 92, Editable: true, Optional: s.Flow != doc.In, SkipFilled: true, Hidden: true})
	add(moves, grid.Column{Key: colSerial, Title: "docview.field.serials", Width: 110, Editable: true, TakesScan: true, Hidden: true})
	add(true, grid.Column{Key: colNote, Title: "docview.field.note", Width: 120, Editable: true, Optional: true})
	return cols
}

// showColumns shows the columns that the goods on the lines call for.
func (p *Page) showColumns() {
	if p.model == nil {
		return
	}
	blind := p.foot != nil && p.foot.blind
	posted := p.doc.Status == doc.Posted
	want := map[string]bool{colBatch: false, colExpiry: false, colSerial: false, colFirst: false,
		colDone: posted, colOpen: posted, colBook: !blind, colDiff: !blind}
	for _, l := range p.lines() {
		want[colBatch] = want[colBatch] || l.Item.Track == master.ByBatch || l.Batch != ""
		want[colExpiry] = want[colExpiry] || l.Item.Expires || l.Expiry != 0
		want[colSerial] = want[colSerial] || l.Item.Track == master.BySerial || len(l.Serials) > 0
		want[colFirst] = want[colFirst] || l.Recounted
	}
	cols := p.model.Columns()
	for i, c := range cols {
		if on, dynamic := want[c.Key]; dynamic && c.Hidden == on {
			cols[i].Hidden = !on
			p.model.SetWidth(i, c.Width)
		}
	}
}

// cells writes a line into the columns.
func cells(cols []grid.Column, s doc.Spec, l draft.Line) ([]string, []grid.Style) {
	out := make([]string, len(cols))
	styles := make([]grid.Style, len(cols))
	recount := s.Flow == doc.Recount
	for i, c := range cols {
		switch c.Key {
		case colItem:
			out[i] = l.Item.Name
		case colSpec:
			out[i] = l.Item.Spec
		case colUnit:
			out[i] = l.UnitName()
		case colBook:
			out[i] = text.Qty(l.Book)
		case colQty:
			if l.Qty != 0 || recount && l.Counted {
				out[i] = text.Qty(l.Qty)
			}
		case colDiff:
			if l.Counted {
				d := l.BaseQty() - l.Book
				out[i] = text.Qty(d)
				switch {
				case d > 0:
					out[i], styles[i] = "+"+out[i], grid.Positive
				case d < 0:
					styles[i] = grid.Negative
				}
			}
		case colPrice:
			if l.Priced && (l.Price != 0 || s.PriceNeed == doc.Must) {
				out[i] = text.Price(l.Price)
				if l.Price == 0 {
					styles[i] = grid.Warning
				}
			}
		case colOff:
			if l.Off != 0 {
				out[i] = text.Money(l.Off)
			}
		case colSide:
			out[i] = sideName(l.Side)
			if l.Side > 0 {
				styles[i] = grid.Positive
			}
		case colFirst:
			if l.Recounted {
				out[i] = text.Qty(l.First)
			}
		case colDone, colOpen:
			q := l.Done
			if c.Key == colOpen {
				q = l.BaseQty() - l.Done
			}
			out[i] = text.Qty(q) + l.Item.Unit
		case colExpiry:
			if l.Expiry != 0 {
				out[i] = l.Expiry.String()
			}
		case colSerial:
			out[i] = strings.Join(l.Serials, " ")
		case colAmount:
			if s.LineMoney != doc.No {
				if l.Line.Amount != 0 {
					out[i] = text.Money(l.Line.Amount)
				}
			} else if m, ok := l.Amount(); ok && l.Priced && (m != 0 || s.PriceNeed == doc.Must) {
				out[i] = text.Money(m)
				if m < 0 {
					styles[i] = grid.Negative
				}
			}
		case colBatch:
			out[i] = l.Batch
		case colNote:
			out[i] = l.Note
		}
	}
	return out, styles
}

// sideName says where a line goes: used up or made.
func sideName(side int8) string {
	switch {
	case side > 0:
		return text.T("docview.goes.in")
	case side < 0:
		return text.T("docview.goes.out")
	}
	return ""
}

// level is the price level the present party is offered.
func (p *Page) level() master.PriceLevel { return draft.Level(p.spec, p.party) }
