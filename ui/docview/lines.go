package docview

import (
	"context"

	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/docview/draft"
	"tiezhang/ui/grid"
	"tiezhang/ui/text"
)

// suggestions is how many items a list under the editor offers.
const suggestions = 20

func (p *Page) makeGrid(lines []draft.Line) {
	p.cols = columns(p.spec, p.look)
	p.model = grid.New(p.cols, grid.Callbacks{
		NewRow:   func() grid.Row { return grid.Row{Cells: make([]string, len(p.cols))} },
		Commit:   p.commit,
		Suggest:  p.suggest,
		Scan:     p.scan,
		ReadOnly: p.lockedCell,
		Totals:   p.totals,
		Finished: p.finished,
		Changed:  func(grid.Change) { p.showColumns(); p.linesChanged() },
		Pasted: func(r grid.PasteReport) {
			ps := make([]problem, len(r.Problems))
			for i, x := range r.Problems {
				ps[i] = problem{row: x.Row, col: x.Col, words: text.T("ui.grid.problem_at", "row", x.Row+1, "column", p.cols[x.Col].Heading(), "problem", x.Text)}
			}
			p.foot.problems(ps)
		},
	})
	if p.spec.OriginMust { // lines come from other documents only
		p.model.Fixed = true
		p.model.Hint = text.T("docview.empty.lines", "action", text.T("docview.action."+p.look.originAction()))
	}
	rows := make([]grid.Row, len(lines))
	for i, l := range lines {
		if l.No == 0 {
			l.No = i + 1
		}
		p.nextNo = max(p.nextNo, l.No)
		rows[i] = p.row(l)
	}
	p.model.Load(rows)
	if p.readOnly() {
		p.model.SetReadOnly(true)
	}
	p.grid = grid.NewView(p.model)
	follow := p.model.OnRefresh
	var at struct {
		item  int64
		unit  string
		known bool
	}
	p.model.OnRefresh = func() {
		follow()
		l, ok := p.current()
		if l.ItemID != at.item || l.Unit != at.unit || ok != at.known {
			at.item, at.unit, at.known = l.ItemID, l.Unit, ok
			p.side.show()
		}
	}
}

func (p *Page) row(l draft.Line) grid.Row {
	c, st := cells(p.cols, p.spec, l)
	return grid.Row{Cells: c, Styles: st, Data: l}
}

func lineOf(r grid.Row) (draft.Line, bool) {
	l, ok := r.Data.(draft.Line)
	return l, ok && l.ItemID != 0
}

// lines gives the typed lines in order.
func (p *Page) lines() []draft.Line {
	if p.model == nil {
		return nil
	}
	var out []draft.Line
	for _, r := range p.model.Rows() {
		if l, ok := lineOf(r); ok {
			out = append(out, l)
		}
	}
	return out
}

// current is the line the cursor is on.
func (p *Page) current() (draft.Line, bool) {
	row, _ := p.model.Cursor()
	if row >= p.model.Len() {
		return draft.Line{}, false
	}
	return lineOf(p.model.Row(row))
}

// lockedCell: a line taken from another document keeps its item and unit; what
// only some goods have is closed for the others.
func (p *Page) lockedCell(r grid.Row, col int) bool {
	l, ok := lineOf(r)
	key := p.cols[col].Key
	if !ok {
		return key != colItem
	}
	switch key {
	case colItem, colUnit:
		return l.Origin.Doc != ""
	case colBatch:
		return l.Item.Track != master.ByBatch && l.Batch == ""
	case colExpiry:
		return !l.Item.Expires
	case colSerial:
		return l.Item.Track != master.BySerial
	}
	return false
}

// found is an item with what the shop knows about it.
type found struct {
	hits []app.ItemHit
	help app.LineHelp
}

// lookup finds items by an exact code, barcode or name, and reads the help of
// the only one.
func (p *Page) lookup(code string, done func(found, error)) {
	ask := p.asker()
	bg.Run(p.owner, func(ctx context.Context) (found, error) {
		var f found
		var err error
		if f.hits, err = app.Ask(ctx, p.env.Session, app.ScanCode{Code: code}); err != nil {
			return f, err
		}
		if len(f.hits) == 0 {
			near, err := app.Ask(ctx, p.env.Session, app.FindItems{Query: code, Limit: suggestions})
			if err != nil {
				return f, err
			}
			for _, h := range near {
				if h.Item.Name == code {
					f.hits = append(f.hits, h)
				}
			}
		}
		if len(f.hits) == 1 {
			f.help, err = ask(ctx, f.hits[0].Item.ID)
		}
		return f, err
	}, done)
}

// asker makes the question about an item. It is made on the interface thread
// and asked off it, so it takes along what it needs of the page.
func (p *Page) asker() func(ctx context.Context, item int64) (app.LineHelp, error) {
	s, q := p.env.Session, app.ItemHelp{Kind: p.spec.Kind, Party: p.doc.PartyID, Warehouse: p.doc.WarehouseID}
	return func(ctx context.Context, item int64) (app.LineHelp, error) {
		q := q
		q.Item = item
		return app.Ask(ctx, s, q)
	}
}

func (p *Page) help(hit app.ItemHit, done func(app.LineHelp, error)) {
	ask := p.asker()
	bg.Run(p.owner, func(ctx context.Context) (app.LineHelp, error) { return ask(ctx, hit.Item.ID) }, done)
}

// start makes a line of an item, or changes the line that stood there.
func (p *Page) start(old draft.Line, replaces bool, hit app.ItemHit, h app.LineHelp, qty amount.Qty) draft.Line {
	l := draft.Start(p.spec, p.level(), hit, h, qty)
	if p.spec.Flow == doc.Recount {
		l.Book = h.OnHand[p.doc.WarehouseID]
	}
	if p.spec.Sides {
		l.Side = p.nextSide()
	}
	if replaces {
		l.No, l.Note, l.Batch, l.Side = old.No, old.Note, old.Batch, old.Side
		l.Qty, l.Counted = old.Qty, old.Counted
		if qty != 0 {
			l.Qty, l.Counted = qty, true
		}
		return l
	}
	p.nextNo++
	l.No = p.nextNo
	return l
}

// nextSide is where a new line goes: the first line of an assembly is what is
// made, all others are used up; of a disassembly the other way round.
func (p *Page) nextSide() int8 {
	if len(p.lines()) == 0 {
		return p.look.firstSide
	}
	return -p.look.firstSide
}

// firstQty is what a line starts with: one, but a count starts uncounted.
func (p *Page) firstQty(typed string, scanned bool) amount.Qty {
	if q, err := draft.Qty(typed, colQty); typed != "" && err == nil {
		return q
	}
	if p.spec.Flow == doc.Recount && !scanned {
		return 0
	}
	return 1_0000
}

// commit takes a cell's new text.
func (p *Page) commit(e grid.Edit, reply func(grid.Row, error)) {
	l, isLine := lineOf(e.Row)
	give := func(l draft.Line, err error) {
		if err != nil {
			reply(e.Row, err)
			return
		}
		reply(p.row(l), nil)
	}
	if e.Key == colItem {
		if p.spec.OriginMust {
			give(l, fault.Bad("docview.commit", "doc.origin-must"))
			return
		}
		p.commitItem(e, l, isLine, give)
		return
	}
	if !isLine {
		give(l, fault.Bad("docview.commit", "docview.item.first"))
		return
	}
	var err error
	switch e.Key {
	case colUnit:
		name := e.Text
		if e.Pick != nil {
			name = e.Pick.Name
		}
		l, err = l.WithUnit(p.spec, p.level(), name)
	case colQty:
		p.commitQty(e, l, give)
		return
	case colPrice:
		if l.Price, err = draft.Price(e.Text, colPrice); err == nil {
			l.Priced = true
			if l.Price == 0 && !e.Paste {
				p.askGift(l, give)
				return
			}
		}
	case colOff:
		l.Off = 0
		if e.Text != "" {
			l.Off, err = draft.Money(e.Text, colOff)
		}
		if m, ok := l.Amount(); err == nil && (!ok || m < 0) {
			err = fault.Bad("docview.commit", "doc.discount.line", "field", colOff)
		}
	case colBatch:
		l.Batch = e.Text
		if e.Pick != nil {
			l.Batch = e.Pick.Name
		}
	case colSide:
		l.Side, err = sideOf(e)
	case colAmount:
		l.Line.Amount, err = p.lineMoney(e.Text)
	case colExpiry:
		l.Expiry, err = p.expiry(e.Text)
	case colSerial:
		l.Serials = serials(e.Text)
		if n := len(l.Serials); n > 0 && !e.Paste && amount.Qty(n)*amount.QtyScale < l.BaseQty() {
			p.collectSerials(l, func(have []string) { l.Serials = have; give(l, nil) }, func() { give(l, nil) }) // the scanner goes on
			return
		}
	case colNote:
		l.Note = e.Text
	}
	give(l, err)
}

// commitQty takes a quantity; a count reads the book quantity at this moment.
func (p *Page) commitQty(e grid.Edit, l draft.Line, give func(draft.Line, error)) {
	q, err := draft.Qty(e.Text, colQty)
	recount := p.spec.Flow == doc.Recount
	switch {
	case err != nil:
		give(l, err)
	case q == 0 && !recount:
		give(l, fault.Bad("docview.commit", "doc.qty.positive", "field", colQty))
	default:
		if _, err := amount.Convert(q, l.Num, l.Den); err != nil {
			give(l, fault.Bad("docview.commit", "doc.qty.inexact", "field", colQty))
			return
		}
		l.Qty, l.Counted = q, true
		if !recount {
			give(l, nil)
			return
		}
		p.help(app.ItemHit{Item: l.Item}, func(h app.LineHelp, err error) {
			if err == nil {
				l.Book = h.OnHand[p.doc.WarehouseID]
				l.Help, l.Helped = h, true
			}
			give(l, err)
		})
	}
}

// askGift: nothing for goods is either a gift or a slip.
func (p *Page) askGift(l draft.Line, give func(draft.Line, error)) {
	control.Ask(p.env.Window.Canvas(), control.Question{Title: text.T("docview.gift.title"), Words: text.T("docview.gift.words", "name", l.Item.Name, "qty", text.Qty(l.Qty), "unit", l.UnitName()),
		Yes: text.T("docview.gift.yes")}, func(yes bool) {
		if !yes {
			give(l, fault.Bad("docview.commit", "docview.price.again"))
			return
		}
		if l.Note == "" {
			l.Note = text.T("docview.gift")
		}
		give(l, nil)
	})
}

func (p *Page) commitItem(e grid.Edit, l draft.Line, isLine bool, give func(draft.Line, error)) {
	if e.Copy != nil {
		if above, ok := lineOf(*e.Copy); ok {
			p.nextNo++
			above.No, above.Origin = p.nextNo, doc.Origin{}
			if isLine {
				above.No = l.No
			}
			give(above, nil)
			return
		}
	}
	take := func(hit app.ItemHit, h app.LineHelp) {
		qty := p.firstQty(e.Qty, false)
		if isLine && e.Qty == "" {
			qty = 0 // another item in the same line keeps its quantity
		}
		give(p.start(l, isLine, hit, h, qty), nil)
	}
	if e.Pick != nil {
		hit, _ := e.Pick.Data.(app.ItemHit)
		if hit.Unit == "" && isLine && hit.Item.ID == l.ItemID {
			give(l, nil) // the same item again
			return
		}
		p.help(hit, func(h app.LineHelp, err error) {
			if err != nil {
				give(l, err)
				return
			}
			take(hit, h)
		})
		return
	}
	if isLine && e.Text == l.Item.Name {
		give(l, nil)
		return
	}
	if e.Text == "" {
		give(l, fault.Bad("docview.commit", "docview.item.empty"))
		return
	}
	p.lookup(e.Text, func(f found, err error) {
		switch {
		case err != nil:
			give(l, err)
		case len(f.hits) == 1:
			take(f.hits[0], f.help)
		case len(f.hits) > 1:
			give(l, fault.Bad("docview.commit", "docview.item.several", "text", e.Text))
		default:
			give(l, fault.Bad("docview.commit", "docview.item.unknown", "text", e.Text))
		}
	})
}

func (p *Page) totals(rows []grid.Row) []string {
	out := make([]string, len(p.cols))
	var qty, diff amount.Qty
	var sum amount.Money
	for _, r := range rows {
		l, ok := lineOf(r)
		if !ok {
			continue
		}
		qty += l.Qty
		if l.Counted {
			diff += l.BaseQty() - l.Book
		}
		if p.spec.LineMoney != doc.No {
			sum += l.Line.Amount
		} else if m, ok := l.Amount(); ok {
			sum += m
		}
	}
	for i, c := range p.cols {
		switch c.Key {
		case colItem:
			out[i] = text.T("ui.grid.total")
		case colQty:
			out[i] = text.Qty(qty)
		case colDiff:
			out[i] = text.Qty(diff)
		case colAmount:
			out[i] = text.MoneyTotal(sum)
		}
	}
	return out
}

// finished: Enter on the blank last line goes on to the money, or to posting.
func (p *Page) finished() {
	switch {
	case len(p.lines()) == 0:
	case p.pay != nil:
		p.pay.focus()
	default:
		p.focus(p.foot.postButton)
	}
}
