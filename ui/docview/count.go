package docview

import (
	"context"
	"strconv"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"tiezhang/app"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/report"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/docview/draft"
	"tiezhang/ui/text"
)

// setSecond begins or ends the second count: every line that differed is asked
// for again, with what the first count had found kept beside it.
func (p *Page) setSecond(on bool) {
	rows := p.model.Rows()
	n, first := 0, 0
	for i, r := range rows {
		l, ok := lineOf(r)
		if !ok {
			continue
		}
		switch {
		case on && l.Counted && !l.Recounted && l.BaseQty() != l.Book:
			l.First, l.FirstBook, l.Recounted = l.Qty, l.Book, true
			l.Qty, l.Counted = 0, false
			if n == 0 {
				first = i
			}
			n++
		case !on && l.Recounted && !l.Counted: // never counted again: the first count stands
			l.Qty, l.Book, l.Counted = l.First, l.FirstBook, true
			l.First, l.FirstBook, l.Recounted = 0, 0, false
		default:
			continue
		}
		rows[i] = p.row(l)
	}
	p.model.Load(rows)
	p.showColumns()
	p.linesChanged()
	if on && n == 0 {
		p.env.Toast(text.T("docview.second.none"))
	} else if on {
		p.env.Toast(text.T("docview.second.begin", "n", n))
		p.model.GoTo(first, p.model.Column(colQty)) // the next thing typed is the count
	}
	p.focusGrid()
}

// fillSheet puts everything the books have in the warehouse on the count, all
// of it or a category, still uncounted.
func (p *Page) fillSheet() {
	if p.doc.WarehouseID == 0 {
		p.focusHead()
		p.env.Toast(text.T("doc.missing", "field", p.look.title("warehouse")))
		return
	}
	bg.RunKey(p.owner, "categories", func(ctx context.Context) ([]string, error) {
		return app.Ask(ctx, p.env.Session, app.Words{Column: "category"})
	}, func(cats []string, err error) {
		if err != nil {
			p.env.Fail(err)
			return
		}
		options := []control.Option{{Value: "", Text: text.T("docview.fill.all")}}
		for _, c := range cats {
			options = append(options, control.Option{Value: c, Text: c})
		}
		choice := control.NewChoice(options, nil)
		choice.MinWidth = 300
		choice.SetValue("")
		m := control.NewModal(text.T("docview.fill.title"), container.NewVBox(control.NewWords(text.T("docview.fill.words"), 420), widget.NewLabel(text.T("docview.fill.category")), choice))
		m.First = choice
		m.CancelButton(text.T("ui.button.cancel"), nil)
		m.DefaultButton(text.T("docview.fill.yes"), func() {
			m.Close()
			p.fillWith(choice.Value())
		})
		m.Open(p.env.Window.Canvas())
	})
}

// onShelf is an item the books have in a warehouse.
type onShelf struct {
	hit  app.ItemHit
	help app.LineHelp
}

func (p *Page) fillWith(category string) {
	place := ""
	for _, w := range p.places.Warehouses {
		if w.ID == p.doc.WarehouseID {
			place = w.Code
		}
	}
	there := map[int64]bool{}
	for _, l := range p.lines() {
		there[l.ItemID] = true
	}
	room := doc.MaxLines - len(there)
	ask := p.asker()
	s := p.env.Session
	var task *bg.Task
	wait := control.ShowProgress(p.env.Window.Canvas(), text.T("docview.fill.title"), func() { task.Cancel() })
	p.owner.OnProgress = wait.Set
	task = bg.Run(p.owner, func(ctx context.Context) ([]onShelf, error) {
		r, err := app.Ask(ctx, s, app.Report{Query: report.Query{Name: "stock-balance", Warehouse: place, Category: category, Limit: room + 1}})
		if err != nil {
			return nil, err
		}
		if len(r.Rows) > room {
			return nil, fault.Bad("docview.fill", "docview.fill.many", "max", strconv.Itoa(doc.MaxLines))
		}
		var out []onShelf
		for i, row := range r.Rows {
			v, err := app.Ask(ctx, s, app.GetItem{Code: row.Ref})
			if err != nil {
				return nil, err
			}
			if there[v.Item.ID] {
				continue
			}
			h, err := ask(ctx, v.Item.ID)
			if err != nil {
				return nil, err
			}
			out = append(out, onShelf{app.ItemHit{Item: v.Item, OnHand: v.OnHand}, h})
			bg.Report(ctx, int64(i+1), int64(len(r.Rows)), "")
		}
		return out, nil
	}, func(found []onShelf, err error) {
		p.owner.OnProgress = nil
		wait.Close()
		if err != nil {
			if fault.KindOf(err) != fault.Canceled {
				p.env.Fail(err)
			}
			return
		}
		rows := p.model.Rows()
		for _, f := range found {
			rows = append(rows, p.row(p.start(draft.Line{}, false, f.hit, f.help, 0)))
		}
		p.model.Load(rows)
		p.showColumns()
		p.linesChanged()
		p.env.Toast(text.T("docview.fill.done", "n", len(found)))
		p.focusGrid()
	})
}
