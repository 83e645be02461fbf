package docview

import (
	"tiezhang/app/doc"
	"tiezhang/app/master"
	"tiezhang/ui/docview/draft"
	"tiezhang/ui/grid"
	"tiezhang/ui/text"
)

// look is what a kind's screen has beyond its spec. The zero value is the
// ordinary document; a new kind needs an entry only for something odd.
type look struct {
	// partyTitle, amountTitle … replace the names of header fields.
	titles map[string]string
	// batch shows the batch column.
	batch bool
	// paySide is the text key of the money paid on the spot.
	paySide string
}

// looks is the small table of oddities.
var looks = map[doc.Kind]look{
	doc.GoodsReceipt:   {titles: map[string]string{"party": "docview.field.supplier"}, batch: true, paySide: "docview.pay.out"},
	doc.PurchaseReturn: {titles: map[string]string{"party": "docview.field.supplier"}, batch: true, paySide: "docview.pay.back_in"},
	doc.SalesDelivery:  {titles: map[string]string{"party": "docview.field.customer"}, paySide: "docview.pay.in"},
	doc.SalesReturn:    {titles: map[string]string{"party": "docview.field.customer"}, paySide: "docview.pay.back_out"},
	doc.RetailSale:     {titles: map[string]string{"party": "docview.field.customer"}, paySide: "docview.pay.in"},
	doc.RetailReturn:   {titles: map[string]string{"party": "docview.field.customer"}, paySide: "docview.pay.back_out"},
	doc.PaymentIn:      {titles: map[string]string{"party": "docview.field.customer"}},
	doc.PaymentOut:     {titles: map[string]string{"party": "docview.field.supplier"}},
	doc.StockTransfer:  {titles: map[string]string{"warehouse": "docview.field.from"}, batch: true},
	doc.StockCount:     {batch: true},
	doc.StockLoss:      {titles: map[string]string{"category": "docview.field.cause"}, batch: true},
	doc.StockGain:      {titles: map[string]string{"category": "docview.field.cause"}, batch: true},
	doc.OpeningStock:   {batch: true},
	doc.ShiftClose:     {titles: map[string]string{"amount": "docview.field.counted"}},
	doc.AccountTransfer: {titles: map[string]string{
		"account": "docview.field.from_account"}},
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
	colBook   = "book"
	colQty    = "qty"
	colDiff   = "diff"
	colPrice  = "price"
	colOff    = "discount"
	colAmount = "amount"
	colBatch  = "batch"
	colNote   = "note"
)

// columns reads the spec: what a line of this kind is made of.
func columns(s doc.Spec, l look) []grid.Column {
	recount := s.Flow == doc.Recount
	priced := s.PriceNeed != doc.No
	cols := []grid.Column{
		{Key: colItem, Title: "docview.field.item", Width: 228, Editable: true, Scan: true, Suggest: true},
		{Key: colSpec, Title: "docview.field.spec", Width: 96},
		{Key: colUnit, Title: "docview.field.unit", Width: 54, Kind: grid.Choice, Editable: true, Suggest: true, SkipFilled: true},
	}
	add := func(on bool, c grid.Column) {
		if on {
			cols = append(cols, c)
		}
	}
	qty := "docview.field.qty"
	if recount {
		qty = "docview.col.counted"
	}
	add(recount, grid.Column{Key: colBook, Title: "docview.field.book", Width: 92, Align: grid.Right})
	add(true, grid.Column{Key: colQty, Title: qty, Width: 84, Align: grid.Right, Kind: grid.Number, Editable: true, Quantity: true})
	add(recount, grid.Column{Key: colDiff, Title: "docview.col.diff", Width: 92, Align: grid.Right, Bold: true})
	add(priced, grid.Column{Key: colPrice, Title: "docview.field.price", Width: 84, Align: grid.Right, Kind: grid.Number, Editable: true})
	add(priced && s.Discount, grid.Column{Key: colOff, Title: "docview.col.off", Width: 70, Align: grid.Right, Kind: grid.Number, Editable: true, Optional: true})
	add(priced, grid.Column{Key: colAmount, Title: "docview.field.amount", Width: 96, Align: grid.Right, Bold: true})
	add(l.batch, grid.Column{Key: colBatch, Title: "docview.field.batch", Width: 84, Editable: true, Optional: true, TakesScan: true})
	add(true, grid.Column{Key: colNote, Title: "docview.field.note", Width: 120, Editable: true, Optional: true})
	return cols
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
			if l.Priced {
				out[i] = text.Price(l.Price)
				if l.Price == 0 {
					styles[i] = grid.Warning
				}
			}
		case colOff:
			if l.Off != 0 {
				out[i] = text.Money(l.Off)
			}
		case colAmount:
			if m, ok := l.Amount(); ok && l.Priced {
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

// level is the price level the present party is offered.
func (p *Page) level() master.PriceLevel { return draft.Level(p.spec, p.party) }
