// Package paper turns documents into what app/printing prints: a sheet for
// the other side to sign, or a slip of the till.
//
// What belongs here: choosing and naming what stands on the paper. What does
// not: drawing it (app/printing), and when it is printed.
package paper

import (
	"strings"
	"time"

	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/printing"
	"tiezhang/ui/text"
)

// Names are the words for what a document holds only as IDs.
type Names struct {
	Shop     string
	Places   app.PlaceList
	Extras   []printing.Field // further fields of the header, named as they are to stand there
	Reprint  bool
	Received amount.Money // cash handed over at the till
	Change   amount.Money
	LogHead  string
	Taken    string // who took the file out, "" on paper
}

func (n Names) warehouse(id int64) string {
	for _, w := range n.Places.Warehouses {
		if w.ID == id {
			return w.Name
		}
	}
	return ""
}

func (n Names) account(id int64) string {
	for _, a := range n.Places.Accounts {
		if a.ID == id {
			return a.Name
		}
	}
	return ""
}

func fields(fs ...printing.Field) []printing.Field {
	out := fs[:0]
	for _, f := range fs {
		if strings.TrimSpace(f.Value) != "" {
			out = append(out, f)
		}
	}
	return out
}

// Sheet is a document on A4 or a continuous form.
func Sheet(v app.DocumentView, n Names) printing.Document {
	d := v.Doc
	s, _ := doc.Of(d.Kind)
	p := printing.Document{Shop: n.Shop, TitleKey: "kind." + string(d.Kind), Number: d.Number, Reprint: n.Reprint, Note: d.Note, LogHead: n.LogHead, Taken: n.Taken,
		Signs: []string{"docview.paper.made_by", "docview.paper.checked_by", "docview.paper.signed_by"}}
	p.Head = fields(
		printing.Field{Key: "docview.field.party", Value: v.Party.Name}, printing.Field{Key: "docview.field.date", Value: d.Date.String()},
		printing.Field{Key: "docview.field.warehouse", Value: n.warehouse(d.WarehouseID)}, printing.Field{Key: "docview.field.to", Value: n.warehouse(d.ToPlaceID)},
		printing.Field{Key: "docview.field.account", Value: n.account(d.AccountID)}, printing.Field{Key: "docview.field.to_account", Value: n.account(d.ToAccountID)},
		printing.Field{Key: "docview.field.category", Value: d.Category}, printing.Field{Key: "docview.paper.made_by", Value: v.PostedBy})
	p.Head = append(p.Head, fields(n.Extras...)...)
	if s.Lines != doc.No {
		sheetLines(&p, v, s)
	} else {
		p.Columns = []printing.DocumentColumn{{Key: "docview.paper.what", Width: 40}, {Key: "docview.field.amount", Width: 16, Right: true}}
		if len(d.Allocs) == 0 {
			p.Rows = [][]string{{text.T("kind." + string(d.Kind)), text.Money(d.Total)}}
		}
		for _, a := range d.Allocs {
			p.Rows = append(p.Rows, []string{text.T("docview.paper.settles", "number", v.Origins[a.Doc]), text.Money(a.Amount)})
		}
	}
	if s.Lines == doc.No || s.PriceNeed == doc.Must || s.LineMoney != doc.No {
		total := d.Total
		p.Amount = &total
		if s.Pays != doc.No {
			if paid, err := d.Paid(); err == nil {
				p.Money = []printing.Field{{Key: "docview.paper.paid", Value: text.MoneyTotal(paid)}, {Key: "docview.paper.owed", Value: text.MoneyTotal(total - paid)}}
			}
		}
	}
	return p
}

func sheetLines(p *printing.Document, v app.DocumentView, s doc.Spec) {
	d := v.Doc
	priced, money := s.PriceNeed == doc.Must, s.LineMoney != doc.No
	p.Columns = []printing.DocumentColumn{{Key: "ui.grid.row", Width: 4}, {Key: "docview.field.code", Width: 10}, {Key: "docview.field.item", Width: 30}, {Key: "docview.field.spec", Width: 12}, {Key: "docview.field.unit", Width: 6}, {Key: "docview.field.qty", Width: 9, Right: true}}
	if priced {
		p.Columns = append(p.Columns, printing.DocumentColumn{Key: "docview.field.price", Width: 10, Right: true}, printing.DocumentColumn{Key: "docview.field.amount", Width: 12, Right: true})
	}
	if money {
		p.Columns[5] = printing.DocumentColumn{Key: "docview.field.amount", Width: 12, Right: true}
	}
	p.Columns = append(p.Columns, printing.DocumentColumn{Key: "docview.field.note", Width: 16})
	var qty amount.Qty
	for i, l := range d.Lines {
		it := v.Items[l.ItemID]
		unit := l.Unit
		if unit == "" {
			unit = it.Unit
		}
		row := []string{text.Qty(amount.Qty(i+1) * 1_0000), it.Code, it.Name, it.Spec, unit, text.Qty(l.Qty)}
		if money {
			row[5] = text.Money(l.Net())
		}
		if priced {
			row = append(row, text.Price(l.Price), text.Money(l.Net()))
		}
		p.Rows = append(p.Rows, append(row, remarks(l)))
		qty += l.Qty
	}
	p.Totals = make([]string, len(p.Columns))
	p.Totals[2], p.Totals[5] = text.T("ui.grid.total"), text.Qty(qty)
	if money {
		p.Totals[5] = text.Money(d.Total)
	}
	if priced {
		p.Totals[7] = text.Money(d.Total)
	}
}

// remarks are what the last column says of a line: whether it was made or used
// up, its batch, its pieces, its note.
func remarks(l doc.Line) string {
	var out []string
	add := func(s string) {
		if s != "" {
			out = append(out, s)
		}
	}
	switch {
	case l.Side > 0:
		add(text.T("docview.goes.in"))
	case l.Side < 0:
		add(text.T("docview.goes.out"))
	}
	add(l.Batch)
	if l.Expiry != 0 {
		add(text.T("docview.paper.expires", "date", l.Expiry.String()))
	}
	add(strings.Join(l.Serials, " "))
	add(l.Note)
	return strings.Join(out, "  ")
}

// Slip is a till receipt.
func Slip(v app.DocumentView, n Names) printing.Slip {
	d := v.Doc
	s := printing.Slip{Shop: n.Shop, TitleKey: "kind." + string(d.Kind), Reprint: n.Reprint, Code: d.Number, LogHead: n.LogHead,
		Head: fields(printing.Field{Key: "docview.col.number", Value: d.Number}, printing.Field{Key: "docview.paper.time", Value: text.DateTime(time.Unix(d.PostedAt, 0))},
			printing.Field{Key: "docview.paper.cashier", Value: v.PostedBy})}
	for _, l := range d.Lines {
		it := v.Items[l.ItemID]
		unit := l.Unit
		if unit == "" {
			unit = it.Unit
		}
		s.Items = append(s.Items, printing.SlipItem{Name: strings.TrimSpace(it.Name + " " + it.Spec), Qty: text.Qty(l.Qty) + unit, Price: text.Price(l.Price), Amount: text.Money(l.Gross)})
	}
	s.Totals = []printing.Field{{Key: "docview.paper.total", Value: text.MoneyTotal(d.Total)}}
	if d.Discount != 0 {
		s.Totals = append(s.Totals, printing.Field{Key: "docview.discount", Value: text.Money(d.Discount)})
	}
	for _, p := range d.Payments {
		s.Totals = append(s.Totals, printing.Field{Key: n.account(p.AccountID), Value: text.Money(p.Amount)})
	}
	if n.Received != 0 {
		s.Totals = append(s.Totals, printing.Field{Key: "docview.paper.received", Value: text.Money(n.Received)}, printing.Field{Key: "docview.paper.change", Value: text.Money(n.Change)})
	}
	s.Foot = []string{text.T("docview.paper.thanks")}
	return s
}

// Words gives printing its texts; a field's key may also be a name as it is.
func Words(key string, nv ...any) string {
	if !text.Has(key) {
		return key
	}
	return text.T(key, nv...)
}
