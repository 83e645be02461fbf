package docview

import (
	"context"
	"strings"

	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/ui/bg"
	"tiezhang/ui/docview/draft"
	"tiezhang/ui/grid"
	"tiezhang/ui/text"
)

func (p *Page) suggest(q grid.Query, reply func([]grid.Suggestion)) {
	switch q.Key {
	case colUnit:
		reply(unitChoices(q))
		return
	case colSide:
		reply([]grid.Suggestion{{Name: sideName(1)}, {Name: sideName(-1)}})
		return
	case colBatch:
		reply(p.batchChoices(q))
		return
	}
	bg.RunKey(p.owner, "suggest", func(ctx context.Context) ([]app.ItemHit, error) {
		return app.Ask(ctx, p.env.Session, app.FindItems{Query: q.Text, Limit: suggestions})
	}, func(hits []app.ItemHit, err error) {
		if err != nil {
			reply(nil)
			return
		}
		out := make([]grid.Suggestion, 0, len(hits))
		for _, h := range hits {
			out = append(out, p.suggestion(h))
		}
		reply(out)
	})
}

func (p *Page) suggestion(h app.ItemHit) grid.Suggestion {
	s := grid.Suggestion{Name: h.Item.Name, Spec: h.Item.Spec, Code: h.Item.Code, Stock: text.Qty(h.OnHand) + h.Item.Unit, Data: h}
	if p.spec.PriceNeed == doc.No {
		return s
	}
	price := h.Item.Prices[p.level()]
	if price == 0 && p.level() != master.Purchase {
		price = h.Item.Prices[master.Retail]
	}
	if price != 0 {
		s.Price = text.Price(price)
	}
	return s
}

// batchChoices offers the batches in stock, what expires first before the rest.
func (p *Page) batchChoices(q grid.Query) []grid.Suggestion {
	l, ok := lineOf(q.Row)
	if !ok {
		return nil
	}
	h := l.Help
	if known, ok := p.side.known[l.ItemID]; ok {
		h = known
	}
	var out []grid.Suggestion
	for _, b := range h.Batches {
		if !strings.HasPrefix(b.Batch, q.Text) {
			continue
		}
		s := grid.Suggestion{Name: b.Batch, Stock: text.Qty(b.Qty) + l.Item.Unit, Data: b}
		if b.Expiry != 0 {
			s.Spec = b.Expiry.String()
		}
		out = append(out, s)
	}
	return out
}

func unitChoices(q grid.Query) []grid.Suggestion {
	l, ok := lineOf(q.Row)
	if !ok {
		return nil
	}
	var out []grid.Suggestion
	add := func(name, note string) {
		if strings.HasPrefix(name, q.Text) {
			out = append(out, grid.Suggestion{Name: name, Spec: note})
		}
	}
	add(l.Item.Unit, "")
	for _, u := range l.Item.Units {
		n := text.Qty(amount.Qty(u.Num) * 1_0000)
		if u.Den != 1 {
			n += "/" + text.Qty(amount.Qty(u.Den)*1_0000)
		}
		add(u.Name, "= "+n+l.Item.Unit)
	}
	return out
}

// scan makes a scanned code a line; the same item in the same unit again adds
// to the line it has.
func (p *Page) scan(s grid.Scanned, reply func(grid.ScanResult)) {
	p.lookup(s.Code, func(f found, err error) {
		switch {
		case err != nil:
			reply(grid.ScanResult{Err: err})
		case len(f.hits) == 0:
			reply(grid.ScanResult{Err: fault.New("docview.scan", fault.NotFound, "docview.code.unknown", fault.Pairs("text", s.Code))})
		case len(f.hits) > 1:
			out := make([]grid.Suggestion, len(f.hits))
			for i, h := range f.hits {
				out[i] = p.suggestion(h)
			}
			reply(grid.ScanResult{Choices: out})
		default:
			reply(p.scanned(f, p.firstQty(s.Qty, true)))
		}
	})
}

func (p *Page) scanned(f found, qty amount.Qty) grid.ScanResult {
	n := p.start(draft.Line{}, false, f.hits[0], f.help, qty)
	for i := range p.model.Len() {
		l, ok := lineOf(p.model.Row(i))
		if !ok || l.ItemID != n.ItemID || l.Unit != n.Unit || l.Origin.Doc != "" || l.Batch != "" || (l.Priced && l.Price == 0 && n.Price != 0) {
			continue
		}
		sum, err := amount.Add(l.Qty, qty)
		if err != nil {
			break
		}
		l.Qty, l.Counted, l.Book = sum, true, n.Book
		l.Help, l.Helped = f.help, true
		p.nextNo--
		return grid.ScanResult{Row: p.row(l), Replace: true, At: i}
	}
	return grid.ScanResult{Row: p.row(n)}
}
