package docview

import (
	"context"
	"errors"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/ledger"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/grid"
	"tiezhang/ui/text"
)

// saveNow keeps the draft and says so.
func (p *Page) saveNow() {
	p.settle(func(bool) {
		p.began = p.began || p.worth()
		p.save()
		p.saver.Flush(func(err error) {
			switch {
			case err != nil:
				p.env.Fail(err)
			case p.began:
				p.env.Toast(text.T("docview.draft.kept"))
			}
		})
	})
}

// post takes what stands in the editor, looks for what is missing, and posts.
func (p *Page) post(print bool) {
	if p.posting {
		return
	}
	p.settle(func(ok bool) {
		if !ok {
			return // the cell says what is wrong with it
		}
		if p.pay != nil {
			p.pay.read()
		}
		p.foot.show()
		if ps := p.missing(); len(ps) > 0 {
			p.point(ps)
			return
		}
		p.foot.problems(nil)
		p.head.clear()
		p.save()
		p.posting = true
		p.saver.Flush(func(err error) {
			if err != nil && fault.KindOf(err) != fault.Internal {
				p.posting = false
				p.env.Fail(err)
				return
			}
			p.doc.Version = p.saver.Version()
			p.foresee(func() { p.send(false, print) })
		})
	})
}

// missing lists what the screen itself knows to be unfinished; the rest is
// judged when posting.
func (p *Page) missing() []problem {
	var out []problem
	head := func(name, words string) {
		out = append(out, problem{focus: p.head.mark(name), words: words})
	}
	if !p.head.date.Valid() {
		head("date", p.head.date.Problem())
	}
	if p.head.party != nil && p.head.party.unsettled() {
		head("party", text.T("docview.party.unknown", "text", p.head.party.entry.Text))
	}
	for name, typed := range p.head.bad {
		head(name, text.T("docview.number.bad", "text", typed))
	}
	if p.head.due != nil && !p.head.due.Valid() {
		head("due", p.head.due.Problem())
	}
	if p.head.amount != nil && p.head.amount.Text == "" && p.spec.Amount == doc.Must {
		head("amount", text.T("doc.missing", "field", p.look.title("amount")))
	}
	if p.backdated() && p.doc.Reason == "" {
		head("reason", text.T("doc.reason-needed", "date", p.doc.Date.String()))
	}
	if p.pay != nil {
		if f, words := p.pay.wrong(); f != nil {
			out = append(out, problem{focus: f, words: words})
		}
	}
	for i := 0; p.model != nil && i < p.model.Len(); i++ {
		l, ok := lineOf(p.model.Row(i))
		if !ok {
			continue
		}
		line := func(col, words string) {
			out = append(out, problem{row: i, col: p.model.Column(col), words: text.T("ui.fault.line", "line", i+1, "what", words)})
		}
		if p.spec.PriceNeed == doc.Must && !l.Priced {
			line(colPrice, text.T("doc.price-missing", "name", l.Item.Name))
		}
		if p.spec.LineMoney == doc.Must && l.Line.Amount == 0 {
			line(colAmount, text.T("doc.missing", "field", p.cols[p.model.Column(colAmount)].Heading()))
		}
		if p.spec.Flow == doc.Recount && !l.Counted {
			line(colQty, text.T("docview.count.missing", "name", l.Item.Name))
		}
	}
	return out
}

// point marks problems at their places, lists them below and goes to the first.
func (p *Page) point(ps []problem) {
	var marks []grid.Problem
	for _, x := range ps {
		if x.focus == nil && p.model != nil && x.col >= 0 {
			marks = append(marks, grid.Problem{Row: x.row, Col: x.col, Text: x.words})
		}
	}
	if p.model != nil {
		p.model.SetProblems(marks)
	}
	p.foot.problems(ps)
	if ps[0].focus != nil {
		p.focus(ps[0].focus)
	} else {
		p.focusGrid()
	}
}

// faultProblems turns what posting refused into places on this screen.
func (p *Page) faultProblems(err error) []problem {
	var list fault.List
	var one *fault.Error
	if !errors.As(err, &list) && errors.As(err, &one) {
		list = fault.List{one}
	}
	var out []problem
	for _, f := range list {
		field, _ := f.Args["field"].(string)
		no, hasLine := f.Args["line"].(int)
		x := problem{words: text.Fault(f), col: -1}
		switch {
		case (field == "payments" || field == "discount" && !hasLine) && p.pay != nil:
			x.focus = p.pay.field(field)
		case field == "allocations" && p.allocs != nil:
			x.focus = p.allocs.view.Editor()
		case hasLine && p.model != nil:
			x.row, x.col = p.rowOf(no), p.model.Column(field)
			if x.col < 0 || p.cols[x.col].Hidden {
				x.col = p.model.Column(colItem)
			}
		case field == "lines" && p.model != nil:
			x.row, x.col = 0, p.model.Column(colItem)
		default:
			x.focus = p.head.mark(field)
		}
		out = append(out, x)
	}
	return out
}

// rowOf finds the row of a line by its number, which outlives deleted rows.
func (p *Page) rowOf(no int) int {
	for i := range p.model.Len() {
		if l, ok := lineOf(p.model.Row(i)); ok && l.No == no {
			return i
		}
	}
	return 0
}

// foresee shows what back-dating would restate, in numbers, before it happens.
func (p *Page) foresee(goOn func()) {
	past := p.spec.Flow == doc.Revalue // goes back to the day of the receipt
	if !past && (!p.backdated() || p.spec.Flow == doc.NoFlow) {
		goOn()
		return
	}
	d := p.doc.Clone()
	bg.Run(p.owner, func(ctx context.Context) (app.Foreseen, error) {
		return app.Ask(ctx, p.env.Session, app.Preview{Doc: d})
	}, func(f app.Foreseen, err error) {
		if err != nil {
			p.posting = false
			p.refused(err)
			return
		}
		if past && !p.backdated() && f.Effect.Restated == 0 && len(f.Warnings) == 0 {
			goOn()
			return
		}
		words := text.T("docview.backdate.words", "date", p.doc.Date.String())
		if past {
			words = text.T("docview.revalue.words")
		}
		if f.Effect.Restated > 0 {
			words += "\n" + p.effectWords(f.Effect)
		} else {
			words += "\n" + text.T("docview.backdate.none")
		}
		for _, w := range f.Warnings {
			words += "\n" + text.Fault(w)
		}
		control.Ask(p.env.Window.Canvas(), control.Question{Title: text.T("docview.backdate.title"), Words: words, Yes: text.T("docview.action.post")}, func(yes bool) {
			if !yes {
				p.posting = false
				return
			}
			goOn()
		})
	})
}

// send posts the document. Its ID stays the same however often this is tried,
// so it is posted once.
func (p *Page) send(negative, print bool) {
	d := p.doc.Clone()
	asking := false // whether to ask now or to send it was already asked
	p.env.Confirmed(func(ctx context.Context, done func(error)) {
		bg.Run(p.owner, func(context.Context) (app.Receipt, error) {
			return app.Do(ctx, p.env.Session, app.Post{Doc: d, AllowNegative: negative})
		}, func(r app.Receipt, err error) {
			switch {
			case err == nil:
				done(nil)
				p.posted(r, print)
			case !negative && p.maySellShort(err):
				p.posting = false
				done(nil)
				p.askShort(err, print)
			case fault.KindOf(err) == fault.Invalid || fault.KindOf(err) == fault.Closed || isList(err):
				p.posting = false
				done(nil)
				p.refused(err)
			case wantsApproval(err) && !asking:
				asking = true
				p.posting = false
				p.askApproval(func() { p.posting = true; done(err) }, func() { done(nil) })
			default:
				p.posting = false
				done(err)
			}
		})
	})
}

func isList(err error) bool {
	var l fault.List
	return errors.As(err, &l)
}

// refused shows what is wrong, all of it, at its places.
func (p *Page) refused(err error) {
	if ps := p.faultProblems(err); len(ps) > 0 {
		p.point(ps)
		return
	}
	p.env.Fail(err)
}

// maySellShort: everything wrong is missing stock, and this person may pass it.
func (p *Page) maySellShort(err error) bool {
	var l fault.List
	if !p.spec.Negative || !p.env.Session.May(access.NegativeStock) || !errors.As(err, &l) {
		return false
	}
	return !slices.ContainsFunc(l, func(f *fault.Error) bool { return f.Key != "doc.stock-short" })
}

func (p *Page) askShort(err error, print bool) {
	control.Ask(p.env.Window.Canvas(), control.Question{Title: text.T("docview.short.title"), Words: text.Fault(err) + "\n" + text.T("docview.short.words"), Yes: text.T("docview.short.yes"), Danger: true}, func(yes bool) {
		if yes {
			p.posting = true
			p.send(true, print)
		}
	})
}

// posted: the books have it. Only now is anything printed.
func (p *Page) posted(r app.Receipt, print bool) {
	p.posting = false
	words := text.T("docview.posted", "number", r.Number, "total", text.MoneyTotal(r.Total))
	if r.Effect.Restated > 0 {
		words += " " + p.effectWords(r.Effect)
	}
	p.env.Toast(words)
	bg.Run(p.owner, func(ctx context.Context) (app.DocumentView, error) {
		return app.Ask(ctx, p.env.Session, app.GetDocument{ID: r.ID})
	}, func(v app.DocumentView, err error) {
		if err != nil {
			p.env.Fail(err)
			return
		}
		p.showPosted(v)
		if print {
			p.print()
		}
	})
}

// drop throws the draft away.
func (p *Page) drop() {
	if !p.began {
		p.env.Close(p)
		return
	}
	control.Ask(p.env.Window.Canvas(), control.Question{Title: text.T("docview.drop.title"), Words: text.T("docview.drop.words", "n", len(p.doc.Lines)), Yes: text.T("docview.drop.yes"), Danger: true}, func(yes bool) {
		if !yes {
			return
		}
		p.posting = true // nothing is saved any more
		p.saver.Drop(p.spec.Kind, p.doc.ID, func(err error) {
			p.posting = false
			if err != nil {
				p.env.Fail(err)
				return
			}
			p.began = false
			p.doc.Status = doc.Void
			p.env.Close(p)
		})
	})
}

// reverse asks why, and says what will happen before it does.
func (p *Page) reverse() {
	q := app.PreviewReverse{ID: p.doc.ID, Kind: p.spec.Kind}
	bg.RunKey(p.owner, "reverse", func(ctx context.Context) (app.Foreseen, error) {
		return app.Ask(ctx, p.env.Session, q)
	}, func(f app.Foreseen, err error) {
		if err != nil {
			p.env.Fail(err)
			return
		}
		p.askReverse(f)
	})
}

func (p *Page) askReverse(f app.Foreseen) {
	reason := control.NewEntry()
	reason.MinWidth = 420
	words := text.T("docview.reverse.words", "number", p.doc.Number, "total", text.MoneyTotal(p.doc.Total), "n", len(p.doc.Lines))
	if f.Date != p.doc.Date {
		words += "\n" + text.T("docview.reverse.date", "date", f.Date.String())
	}
	if f.Effect.Restated > 0 {
		words += "\n" + p.effectWords(f.Effect)
	}
	for _, w := range f.Warnings {
		words += "\n" + text.Fault(w)
	}
	m := control.NewModal(text.T("docview.reverse.title", "number", p.doc.Number), container.NewVBox(control.NewWords(words, 420), widget.NewLabel(text.T("docview.reverse.why")), reason))
	m.First = reason
	m.CancelButton(text.T("ui.button.cancel"), nil)
	b := m.DefaultButton(text.T("docview.action.reverse"), func() {
		if reason.Text == "" {
			markEntry(reason, true)
			p.focus(reason)
			return
		}
		m.Close()
		p.sendReversal(reason.Text, len(f.Warnings) > 0)
	})
	b.WithLook(control.Danger)
	m.Open(p.env.Window.Canvas())
}

// effectWords tell what a posting restates.
func (p *Page) effectWords(e ledger.Effect) string {
	return text.T("docview.backdate.effect", "docs", e.Documents, "moves", e.Restated, "margin", text.MoneyTotal(e.Margin))
}

func (p *Page) sendReversal(why string, negative bool) {
	c := app.Reverse{ID: p.doc.ID, Kind: p.spec.Kind, Reason: why, AllowNegative: negative}
	p.env.Confirmed(func(ctx context.Context, done func(error)) {
		bg.Run(p.owner, func(context.Context) (app.Receipt, error) {
			return app.Do(ctx, p.env.Session, c)
		}, func(r app.Receipt, err error) {
			if err == nil {
				p.env.Toast(text.T("docview.reversed", "number", r.Number))
				p.reread()
			}
			done(err)
		})
	})
}

// field gives where a fault about the money points.
func (y *payments) field(name string) fyne.Focusable {
	if name == "discount" && y.discount != nil {
		markEntry(y.discount, true)
		return y.discount
	}
	if len(y.rows) > 0 {
		return y.rows[0].amount
	}
	return nil
}
