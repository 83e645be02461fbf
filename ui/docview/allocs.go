package docview

import (
	"context"
	"slices"

	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/report"
	"tiezhang/ui/bg"
	"tiezhang/ui/docview/draft"
	"tiezhang/ui/grid"
	"tiezhang/ui/text"
)

// allocs is the grid of a payment: the party's open documents and how much of
// this payment settles each.
type allocs struct {
	p     *Page
	model *grid.Model
	view  *grid.View
}

// openDoc is an open document and what of it is settled now.
type openDoc struct {
	id, number string
	kind       doc.Kind
	date       day.Date
	total      amount.Money
	open       amount.Money // signed: a return counts against
	now        amount.Money
}

var allocColumns = []grid.Column{
	{Key: "number", Title: "docview.col.number", Width: 170, Scan: true},
	{Key: "kind", Title: "docview.col.kind", Width: 100},
	{Key: "date", Title: "docview.field.date", Width: 100},
	{Key: "total", Title: "docview.col.total", Width: 120, Align: grid.Right},
	{Key: "open", Title: "docview.col.open", Width: 120, Align: grid.Right},
	{Key: "now", Title: "docview.col.now", Width: 120, Align: grid.Right, Kind: grid.Number, Editable: true},
	{Key: "rest", Title: "docview.col.rest", Width: 120, Align: grid.Right},
}

func newAllocs(p *Page) *allocs {
	a := &allocs{p: p}
	a.model = grid.New(allocColumns, grid.Callbacks{
		Commit:   a.commit,
		ReadOnly: func(r grid.Row, _ int) bool { _, ok := r.Data.(openDoc); return !ok },
		Totals:   a.totals,
		Finished: func() { p.focus(p.foot.postButton) },
		Delete: func(grid.Row) error {
			return fault.New("docview.allocs", fault.Invalid, "docview.alloc.keep", nil)
		},
		Changed: func(grid.Change) { a.read(); p.changed() },
	})
	a.model.Fixed = true
	a.model.Hint = text.T("docview.empty.allocs")
	a.model.Load(nil)
	a.view = grid.NewView(a.model)
	if p.readOnly() {
		a.showPosted()
	} else {
		a.load()
	}
	return a
}

func (a *allocs) row(o openDoc) grid.Row {
	now := ""
	if o.now != 0 {
		now = text.Money(o.now)
	}
	st := make([]grid.Style, len(allocColumns))
	if o.open < 0 {
		st[3], st[4] = grid.Negative, grid.Negative
	}
	return grid.Row{Data: o, Styles: st, Cells: []string{o.number, text.T("kind." + string(o.kind)), o.date.String(), text.Money(o.total), text.Money(o.open), now, text.Money(o.open - o.now)}}
}

// load reads the party's open documents; what is already allocated stays.
func (a *allocs) load() {
	p := a.p
	if p.doc.PartyID == 0 {
		a.model.Load(nil)
		a.model.SetReadOnly(true)
		return
	}
	var kinds []string
	for _, s := range doc.Specs() {
		// a settlement also takes what earlier payments left open
		if s.Trade == p.spec.Trade && !s.Allocates || p.spec.Offsets && (s.Trade == doc.AccReceivable || s.Trade == doc.AccPayable) {
			kinds = append(kinds, string(s.Kind))
		}
	}
	code := p.party.Code
	bg.RunKey(p.owner, "open", func(ctx context.Context) (report.Page, error) {
		return app.Ask(ctx, p.env.Session, app.Report{Query: report.Query{Name: "open-documents", Party: code, Kinds: kinds}})
	}, func(r report.Page, err error) {
		if err != nil {
			p.env.Fail(err)
			return
		}
		a.fill(openDocs(r))
	})
}

func openDocs(r report.Page) []openDoc {
	at := map[string]int{}
	for i, c := range r.Columns {
		at[c.Key] = i
	}
	out := make([]openDoc, 0, len(r.Rows))
	for _, x := range r.Rows {
		get := func(k string) report.Value {
			if i, ok := at[k]; ok {
				return x.Cells[i]
			}
			return report.Nil()
		}
		out = append(out, openDoc{id: x.Ref, number: get("number").Text, kind: doc.Kind(get("kind").Text), date: day.Date(get("date").Num),
			total: amount.Money(get("total").Num), open: amount.Money(get("open").Num)})
	}
	slices.SortStableFunc(out, func(x, y openDoc) int { return int(x.date - y.date) })
	return out
}

func (a *allocs) fill(docs []openDoc) {
	a.model.SetReadOnly(len(docs) == 0)
	rows := make([]grid.Row, len(docs))
	for i, o := range docs {
		for _, x := range a.p.doc.Allocs {
			if x.Doc == o.id {
				o.now = x.Amount
			}
		}
		rows[i] = a.row(o)
	}
	a.model.Load(rows)
	a.p.foot.show()
}

// showPosted lists what the posted payment settled.
func (a *allocs) showPosted() {
	rows := make([]grid.Row, len(a.p.doc.Allocs))
	for i, x := range a.p.doc.Allocs {
		rows[i] = grid.Row{Cells: []string{a.p.view.Origins[x.Doc], "", "", "", "", text.Money(x.Amount), ""}, Data: openDoc{id: x.Doc, now: x.Amount}}
	}
	a.model.Load(rows)
	a.model.SetReadOnly(true)
}

func (a *allocs) commit(e grid.Edit, reply func(grid.Row, error)) {
	o, ok := e.Row.Data.(openDoc)
	if !ok {
		reply(e.Row, fault.New("docview.allocs", fault.Invalid, "ui.grid.read_only", nil))
		return
	}
	var m amount.Money
	if e.Text != "" {
		var err error
		s, back := e.Text, o.open < 0
		if back && s[0] == '-' {
			s = s[1:]
		}
		if m, err = draft.Money(s, "allocations"); err != nil {
			reply(e.Row, err)
			return
		}
		if back {
			m = -m
		}
	}
	if o.open >= 0 && m > o.open || o.open < 0 && m < o.open {
		reply(e.Row, fault.Bad("docview.allocs", "doc.alloc-open", "field", "allocations", "number", o.number, "open", o.open.String(), "amount", m.String()))
		return
	}
	o.now = m
	reply(a.row(o), nil)
}

// docs gives the rows.
func (a *allocs) docs() []openDoc {
	var out []openDoc
	for _, r := range a.model.Rows() {
		if o, ok := r.Data.(openDoc); ok {
			out = append(out, o)
		}
	}
	return out
}

func (a *allocs) read() {
	a.p.doc.Allocs = nil
	for _, o := range a.docs() {
		if o.now != 0 {
			a.p.doc.Allocs = append(a.p.doc.Allocs, doc.Alloc{Doc: o.id, Amount: o.now})
		}
	}
}

func (a *allocs) sum() amount.Money {
	var s amount.Money
	for _, x := range a.p.doc.Allocs {
		s += x.Amount
	}
	return s
}

// auto settles the oldest first with what is paid; without an amount it
// settles everything and proposes the sum.
func (a *allocs) auto() {
	p := a.p
	docs := a.docs()
	if len(docs) == 0 {
		return
	}
	if p.doc.Amount == 0 && !p.spec.Offsets {
		var all amount.Money
		for _, o := range docs {
			all += o.open
		}
		if all > 0 {
			p.doc.Amount = all
			p.head.setAmount()
		}
	}
	oldestFirst(docs, p.doc.Amount)
	p.doc.Allocs = nil
	for _, o := range docs {
		if o.now != 0 {
			p.doc.Allocs = append(p.doc.Allocs, doc.Alloc{Doc: o.id, Amount: o.now})
		}
	}
	a.fill(docs)
	p.changed()
	a.view.Focus()
}

// oldestFirst settles what is owed with an amount paid and with the credit of
// returns and prepayments; credit that nothing is left for stays open.
func oldestFirst(docs []openDoc, paid amount.Money) {
	var owed, credit amount.Money
	for _, o := range docs {
		owed += max(o.open, 0)
		credit += max(-o.open, 0)
	}
	use := min(owed, paid+credit)
	back := max(use-paid, 0)
	for i := range docs {
		o := &docs[i]
		if o.open > 0 {
			o.now = min(o.open, use)
			use -= o.now
		} else {
			o.now = -min(-o.open, back)
			back += o.now
		}
	}
}

func (a *allocs) summary() string {
	rest := a.p.doc.Amount - a.sum()
	if a.p.doc.PartyID == 0 {
		return ""
	}
	if a.p.spec.Offsets {
		return text.T("docview.offset.summary", "sum", text.MoneyTotal(a.sum()))
	}
	return text.T("docview.alloc.summary", "sum", text.MoneyTotal(a.sum()), "rest", text.MoneyTotal(rest))
}

func (a *allocs) totals(rows []grid.Row) []string {
	out := make([]string, len(allocColumns))
	var open, now amount.Money
	for _, r := range rows {
		if o, ok := r.Data.(openDoc); ok {
			open += o.open
			now += o.now
		}
	}
	out[0] = text.T("ui.grid.total")
	if !a.p.readOnly() {
		out[4] = text.MoneyTotal(open)
		out[6] = text.MoneyTotal(open - now)
	}
	out[5] = text.MoneyTotal(now)
	return out
}
