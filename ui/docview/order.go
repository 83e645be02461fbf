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

// withDone puts how far each line of an order is done beside it.
func (p *Page) withDone(lines []draft.Line) []draft.Line {
	for i := range lines {
		if rest, ok := p.view.Open[lines[i].No]; ok {
			lines[i].Done = lines[i].BaseQty() - rest
		}
	}
	return lines
}

// order tells a posted order, and whether something of it is still to come.
func (p *Page) order() (is, open bool) {
	if p.spec.Promise != doc.Order || p.doc.Status != doc.Posted || p.doc.Reverses != "" {
		return false, false
	}
	for _, rest := range p.view.Open {
		open = open || rest > 0
	}
	return true, open && !p.view.Ended
}

// progressWords say how far an order is.
func (p *Page) progressWords() string {
	is, open := p.order()
	switch {
	case !is:
		return ""
	case p.view.Ended:
		return text.T("docview.order.ended", "name", p.view.EndedBy, "reason", p.view.EndedWhy)
	case open:
		return text.T("docview.order.open")
	}
	return text.T("docview.order.done")
}

// mayEnd tells whether the rest of this order can be given up, or taken up again.
func (p *Page) mayEnd() bool {
	is, open := p.order()
	return is && (open || p.view.Ended) && p.env.Session.May(access.OrderEnd)
}

// endOrder asks why the rest will not come, or takes an ended order up again.
func (p *Page) endOrder() {
	if p.view.Ended {
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
				p.readAgain()
			}
		})
	})
}
