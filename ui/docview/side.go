package docview

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/master"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/docview/facts"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// side is the panel beside the grid: what the shop knows about the line the
// cursor is on.
type side struct {
	p      *Page
	list   *facts.List
	known  map[int64]app.LineHelp
	object fyne.CanvasObject
}

const sideWidth = 208

func newSide(p *Page) *side {
	s := &side{p: p, list: facts.NewList(sideWidth), known: map[int64]app.LineHelp{}}
	s.object = control.NewCard(text.T("docview.side.title"), container.NewVBox(s.list))
	return s
}

func (s *side) forget() { s.known = map[int64]app.LineHelp{} }

// show follows the cursor.
func (s *side) show() {
	l, ok := s.p.current()
	if !ok {
		s.list.Set([]facts.Fact{{Name: text.T("docview.side.empty"), Value: " "}})
		return
	}
	if h, ok := s.known[l.ItemID]; ok {
		s.draw(h, l.Unit, l.Num, l.Den)
		return
	}
	if l.Helped {
		s.draw(l.Help, l.Unit, l.Num, l.Den)
	} else {
		s.list.Set([]facts.Fact{{Name: l.Item.Name}})
	}
	item, ask := l.ItemID, s.p.asker()
	bg.RunKey(s.p.owner, "side", func(ctx context.Context) (app.LineHelp, error) { return ask(ctx, item) }, func(h app.LineHelp, err error) {
		if err != nil {
			return // the panel is only help; what is wrong shows at posting
		}
		s.known[item] = h
		if now, ok := s.p.current(); ok && now.ItemID == item {
			s.draw(h, now.Unit, now.Num, now.Den)
		}
	})
}

func (s *side) draw(h app.LineHelp, unit string, num, den int64) {
	p := s.p
	it := h.Item
	name := it.Name
	fs := []facts.Fact{{Name: name}}
	add := func(key, value string) {
		if value != "" {
			fs = append(fs, facts.Fact{Name: text.T(key), Value: value})
		}
	}
	add("docview.field.code", it.Code)
	add("docview.field.spec", it.Spec)
	if unit != "" && unit != it.Unit && den == 1 {
		add("docview.side.factor", text.T("docview.side.factor_is", "unit", unit, "qty", text.Qty(amount.Qty(num)*1_0000), "base", it.Unit))
	}
	if !(p.spec.Flow == doc.Recount && p.foot != nil && p.foot.blind) {
		fs = append(fs, facts.Fact{}, facts.Fact{Name: text.T("docview.side.stock")})
		var all amount.Qty
		n := 0
		for _, w := range p.places.Warehouses {
			if !p.places.Reach.Has(w.ID) {
				continue
			}
			q := h.OnHand[w.ID]
			if q == 0 && w.ID != p.doc.WarehouseID && w.Disabled {
				continue
			}
			f := facts.Fact{Name: w.Name, Value: text.Qty(q) + it.Unit, Bold: w.ID == p.doc.WarehouseID}
			if q < 0 {
				f.Color = theme.NameNegative
			}
			fs = append(fs, f)
			all += q
			n++
		}
		if n > 1 {
			add("ui.grid.total", text.Qty(all)+it.Unit)
		}
	}
	fs = append(fs, batchFacts(h, it.Unit)...)
	fs = append(fs, orderFacts(h, it)...)
	if p.spec.PriceNeed == doc.No {
		s.list.Set(fs)
		return
	}
	fs = append(fs, facts.Fact{}, facts.Fact{Name: text.T("docview.side.prices", "unit", it.Unit)})
	heading := len(fs)
	if h.Last != 0 {
		u := ""
		if h.LastUnit != "" && h.LastUnit != it.Unit {
			u = "/" + h.LastUnit
		}
		add("docview.side.last", text.Price(h.Last)+u)
	}
	for _, lv := range master.PriceLevels {
		if v := it.Prices[lv]; v != 0 {
			f := facts.Fact{Name: text.T("docview.price." + string(lv)), Value: text.Price(v), Bold: lv == p.level()}
			if lv == master.Floor {
				f.Color = theme.NameWarning
			}
			fs = append(fs, f)
		}
	}
	if h.CostShown {
		add("docview.side.cost", strings.TrimSpace(text.Price(fourDecimals(h.Cost))))
	}
	if len(fs) == heading {
		fs = fs[:heading-2] // nothing to say about prices
	}
	s.list.Set(fs)
}

// fewFacts is how many batches or orders the panel names.
const fewFacts = 4

// batchFacts are the batches in stock, what expires first before the rest.
func batchFacts(h app.LineHelp, unit string) []facts.Fact {
	if len(h.Batches) == 0 {
		return nil
	}
	fs := []facts.Fact{{}, {Name: text.T("docview.side.batches")}}
	for i, b := range h.Batches {
		if i == fewFacts {
			break
		}
		name := b.Batch
		if b.Expiry != 0 {
			name += "  " + b.Expiry.String()
		}
		fs = append(fs, facts.Fact{Name: name, Value: text.Qty(b.Qty) + unit})
	}
	return fs
}

// orderFacts are the orders of the party with the item still open.
func orderFacts(h app.LineHelp, it master.Item) []facts.Fact {
	var fs []facts.Fact
	for _, o := range h.Orders {
		for _, l := range o.Lines {
			if l.Item == it.ID && len(fs) < fewFacts {
				fs = append(fs, facts.Fact{Name: o.Number, Value: text.Qty(l.Open) + l.Unit})
			}
		}
	}
	if len(fs) > 0 {
		fs = append([]facts.Fact{{}, {Name: text.T("docview.side.orders")}}, fs...)
	}
	return fs
}

// fourDecimals shows a unit cost to four decimals: more tells nobody anything.
func fourDecimals(p amount.Price) amount.Price {
	const unit = 100
	if p < 0 {
		return -((-p + unit/2) / unit * unit)
	}
	return (p + unit/2) / unit * unit
}
