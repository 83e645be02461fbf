package till

import (
	"context"
	"strings"

	"fyne.io/fyne/v2/container"

	"tiezhang/app"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/docview"
	"tiezhang/ui/docview/draft"
	"tiezhang/ui/grid"
	"tiezhang/ui/text"
)

// startReturn asks for the receipt; without one the goods are scanned, which
// wants a right of its own when it is posted.
func (t *Page) startReturn() {
	if len(t.bill.lines) > 0 && !t.bill.back() {
		t.say(text.T("till.return.hold_first", "key", t.key("hold")), true)
		return
	}
	e := control.NewNumber()
	e.MinWidth = 300
	wrong := control.NewWords("", 380)
	wrong.Color = "tiezhangNegative"
	m := control.NewModal(text.T("till.return.title"), container.NewVBox(control.NewWords(text.T("till.return.words"), 380), e, wrong))
	m.First = e
	m.CancelButton(text.T("ui.button.cancel"), nil)
	m.DefaultButton(text.T("ui.button.ok"), func() {
		number := strings.ToUpper(strings.TrimSpace(e.Text))
		if number == "" {
			m.Close()
			t.beginReturn()
			t.say(text.T("till.return.blind"), false)
			return
		}
		bg.Run(t.owner, func(ctx context.Context) (app.DocumentView, error) {
			return app.Ask(ctx, t.env.Session, app.GetDocument{Number: number})
		}, func(v app.DocumentView, err error) {
			if err == nil && (!isOrigin(v.Doc.Kind) || v.Doc.Status != doc.Posted || v.Doc.Reverses != "") {
				err = fault.Bad("till.return", "till.return.kind", "number", number)
			}
			if err != nil {
				wrong.SetText(text.Fault(err))
				e.SelectAll()
				return
			}
			m.Close()
			t.chooseLines(v)
		})
	})
	m.OnClosed = t.Enter
	m.Open(t.env.Window.Canvas())
}

// isOrigin tells whether the counter's returns may come from a kind.
func isOrigin(k doc.Kind) bool {
	s, _ := doc.Of(refund)
	for _, o := range s.Origins {
		if o == k {
			return true
		}
	}
	return false
}

func (t *Page) beginReturn() {
	if !t.bill.back() {
		t.startBill(refund)
	}
}

// endReturn goes back to selling; a return with goods on it is held.
func (t *Page) endReturn() {
	if len(t.bill.lines) > 0 {
		t.hold()
		return
	}
	t.replaceBill(sale)
	t.say("", false)
}

// chooseLines lets lines of the receipt be taken back.
func (t *Page) chooseLines(v app.DocumentView) {
	rows := make(heldRows, len(v.Doc.Lines))
	for i, l := range v.Doc.Lines {
		it := v.Items[l.ItemID]
		unit := l.Unit
		if unit == "" {
			unit = it.Unit
		}
		rows[i] = []grid.Cell{{Text: it.Name}, {Text: text.Qty(l.Qty) + unit}, {Text: text.Money(l.Net())}}
	}
	list := grid.NewList([]grid.ListColumn{{Key: "item", Title: "till.col.item", Width: 300}, {Key: "qty", Title: "till.col.qty", Width: 110, Align: grid.Right}, {Key: "net", Title: "till.col.amount", Width: 120, Align: grid.Right}}, rows)
	list.Multi = true
	m := control.NewModal(text.T("till.return.lines", "number", v.Doc.Number), container.NewVBox(control.NewWords(text.T("till.return.lines_hint", "key", t.key("qty")), 540), sized(list, 560, 260)))
	m.First = list
	m.CancelButton(text.T("ui.button.cancel"), nil)
	take := func(chosen []int) {
		m.Close()
		t.beginReturn()
		// What was paid out of a member's balance goes back there, points too.
		t.bill.party, t.bill.doc.PartyID, t.bill.member = v.Party, v.Doc.PartyID, memberOf(v.Party)
		for _, i := range chosen {
			l := draft.Line{Line: docview.ReturnLine(v.Doc.ID, v.Doc.Lines[i]), Item: v.Items[v.Doc.Lines[i].ItemID], Priced: true, Counted: true}
			if _, err := t.bill.add(l); err != nil {
				t.say(text.Fault(err), true)
			}
		}
		t.changed()
	}
	picked := func() {
		if s := list.Selected(); len(s) > 0 {
			take(s)
		} else if i := list.Active(); i >= 0 {
			take([]int{i})
		}
	}
	list.OnActivate = func(int) { picked() }
	m.Button(text.T("till.return.all"), func() {
		all := make([]int, len(v.Doc.Lines))
		for i := range all {
			all[i] = i
		}
		take(all)
	})
	m.DefaultButton(text.T("till.return.take"), picked)
	m.OnClosed = t.Enter
	m.Open(t.env.Window.Canvas())
}
