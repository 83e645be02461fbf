package docview

import (
	"context"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/doc"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/docview/draft"
	"tiezhang/ui/text"
)

// promised tells kinds whose lines are done bit by bit by other documents.
func promised(k doc.Kind) bool {
	s, _ := doc.Of(k)
	return s.Promise == doc.Order
}

// withDone puts how far each line is done beside it.
func (p *Page) withDone(lines []draft.Line) []draft.Line {
	for i := range lines {
		for _, o := range p.done.Lines {
			if o.Line == lines[i].No {
				lines[i].Done = o.Done
			}
		}
	}
	return lines
}

// readProgress reads anew how far a posted order is done.
func (p *Page) readProgress() {
	if !promised(p.spec.Kind) || p.doc.Status != doc.Posted {
		return
	}
	id := p.doc.ID
	bg.RunKey(p.owner, "progress", func(ctx context.Context) (app.Progressed, error) {
		return app.Ask(ctx, p.env.Session, app.OrderProgress{ID: id})
	}, func(d app.Progressed, err error) {
		if err != nil || p.doc.ID != id {
			return
		}
		p.done = d
		p.show(p.withDone(draft.FromDocument(p.view, "")))
		p.focusFirst()
	})
}

// progressWords say how far an order is.
func (p *Page) progressWords() string {
	switch {
	case !promised(p.spec.Kind) || p.doc.Status != doc.Posted || len(p.done.Lines) == 0:
		return ""
	case p.done.Ended:
		return text.T("docview.order.ended", "name", p.done.By, "reason", p.done.End.Reason)
	case p.done.Open:
		return text.T("docview.order.open")
	}
	return text.T("docview.order.done")
}

// mayEnd tells whether the rest of this order can be given up, or taken up again.
func (p *Page) mayEnd() bool {
	return promised(p.spec.Kind) && p.doc.Status == doc.Posted && p.doc.Reverses == "" && (p.done.Open || p.done.Ended) && p.env.Session.May(access.OrderEnd)
}

// endOrder asks why the rest will not come, or takes an ended order up again.
func (p *Page) endOrder() {
	if p.done.Ended {
		p.setOrder(func(ctx context.Context) error {
			_, err := app.Do(ctx, p.env.Session, app.ReopenOrder{ID: p.doc.ID, Kind: p.spec.Kind})
			return err
		}, "docview.order.reopened")
		return
	}
	reason := control.NewEntry()
	reason.MinWidth = 420
	m := control.NewModal(text.T("docview.action.end_order"), container.NewVBox(control.NewWords(text.T("docview.order.end.words"), 420),
		widget.NewLabel(text.T("docview.order.end.why")), reason))
	m.First = reason
	m.CancelButton(text.T("ui.button.cancel"), nil)
	m.DefaultButton(text.T("docview.action.end_order"), func() {
		if reason.Text == "" {
			markEntry(reason, true)
			p.focus(reason)
			return
		}
		m.Close()
		p.setOrder(func(ctx context.Context) error {
			_, err := app.Do(ctx, p.env.Session, app.EndOrder{ID: p.doc.ID, Kind: p.spec.Kind, Reason: reason.Text})
			return err
		}, "docview.order.closed")
	})
	m.Open(p.env.Window.Canvas())
}

func (p *Page) setOrder(do func(context.Context) error, said string) {
	p.env.Confirmed(func(ctx context.Context, done func(error)) {
		bg.Run(p.owner, func(context.Context) (struct{}, error) { return struct{}{}, do(ctx) }, func(_ struct{}, err error) {
			done(err)
			if err == nil {
				p.env.Toast(text.T(said))
				p.readProgress()
			}
		})
	})
}
