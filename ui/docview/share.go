package docview

import (
	"context"
	"slices"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/docview/draft"
	"tiezhang/ui/text"
)

// shareCost asks for an amount and shares it over the lines, by what they are
// worth or by quantity. Each share can be changed in the grid afterwards.
func (p *Page) shareCost() {
	if len(p.lines()) == 0 {
		p.chooseOrigin()
		return
	}
	total := control.NewNumber()
	total.MinWidth = 160
	by := control.NewChoice([]control.Option{{Value: "value", Text: text.T("docview.share.value")}, {Value: "qty", Text: text.T("docview.share.qty")}}, nil)
	by.MinWidth = 160
	by.SetValue("value")
	m := control.NewModal(text.T("docview.action.share"), container.NewVBox(control.NewWords(text.T("docview.share.words"), 420),
		widget.NewLabel(text.T("docview.share.total")), total, widget.NewLabel(text.T("docview.share.by")), by))
	m.First = total
	m.CancelButton(text.T("ui.button.cancel"), nil)
	m.DefaultButton(text.T("docview.action.share"), func() {
		sum, err := draft.Money(total.Text, "amount")
		if err != nil || sum == 0 {
			markEntry(total, true)
			p.focus(total)
			return
		}
		m.Close()
		p.share(sum, by.Value() == "qty")
	})
	m.Open(p.env.Window.Canvas())
}

func (p *Page) share(sum amount.Money, byQty bool) {
	q := app.PullLines{Kind: p.spec.Kind}
	for _, l := range p.lines() {
		if !slices.Contains(q.IDs, l.Origin.Doc) {
			q.IDs = append(q.IDs, l.Origin.Doc)
		}
	}
	bg.RunKey(p.owner, "share", func(ctx context.Context) (app.Pulled, error) {
		return app.Ask(ctx, p.env.Session, q)
	}, func(v app.Pulled, err error) {
		if err != nil {
			p.env.Fail(err)
			return
		}
		weight := map[doc.Origin]app.Weight{}
		for i, l := range v.Lines {
			weight[l.Origin] = v.Weights[i]
		}
		rows := p.model.Rows()
		var ws []app.Weight
		for _, r := range rows {
			l, _ := lineOf(r)
			ws = append(ws, weight[l.Origin])
		}
		parts, err := app.ShareCost(sum, byQty, ws)
		if err != nil {
			p.env.Fail(err)
			return
		}
		for i := range rows {
			l, _ := lineOf(rows[i])
			l.Line.Amount = parts[i]
			rows[i] = p.row(l)
		}
		p.model.Load(rows)
		p.linesChanged()
		p.focusGrid()
	})
}
