package docview

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tiezhang/app/amount"
	"tiezhang/app/master"
	"tiezhang/ui/control"
	"tiezhang/ui/docview/draft"
	"tiezhang/ui/text"
)

// onSerials tells whether the line under the cursor has pieces with numbers.
func (p *Page) onSerials() bool {
	if p.model == nil {
		return false
	}
	l, ok := p.current()
	return ok && l.Item.Track == master.BySerial
}

// askSerials takes the serial numbers of a line one scan after the other.
func (p *Page) askSerials() {
	row, _ := p.model.Cursor()
	l, ok := p.current()
	if !ok {
		return
	}
	p.collectSerials(l, func(have []string) { p.setSerials(row, l, have) }, nil)
}

// collectSerials adds to the numbers of a line until there are as many as
// pieces; left is called when the person gives up.
func (p *Page) collectSerials(l draft.Line, done func([]string), left func()) {
	have := slices.Clone(l.Serials)
	count := control.NewWords("", 420)
	list := control.NewWords("", 420)
	entry := control.NewEntry()
	entry.MinWidth = 420
	draw := func() {
		count.SetText(text.T("docview.serials.count", "have", len(have), "want", text.Qty(l.BaseQty())))
		list.SetText(strings.Join(have, "   "))
	}
	m := control.NewModal(text.T("docview.serials.title", "name", l.Item.Name), container.NewVBox(control.NewWords(text.T("docview.serials.hint"), 420), entry, count, list))
	m.First = entry
	take := func() {
		m.Close()
		done(have)
	}
	entry.OnEnter = func() bool {
		ns := serials(amount.Narrow(entry.Text))
		if len(ns) == 0 {
			if len(have) > 0 {
				take()
			}
			return true
		}
		for _, n := range ns {
			if slices.ContainsFunc(have, func(h string) bool { return strings.EqualFold(h, n) }) {
				p.env.Toast(text.T("docview.serials.twice", "serial", n))
				continue
			}
			have = append(have, n)
		}
		entry.SetText("")
		draw()
		if amount.Qty(len(have))*1_0000 == l.BaseQty() {
			take()
		}
		return true
	}
	entry.OnKey = func(k *fyne.KeyEvent) bool {
		if k.Name == fyne.KeyBackspace && entry.Text == "" && len(have) > 0 {
			have = have[:len(have)-1]
			draw()
			return true
		}
		return false
	}
	draw()
	m.CancelButton(text.T("ui.button.cancel"), left)
	m.DefaultButton(text.T("docview.serials.take"), take)
	m.Open(p.env.Window.Canvas())
}

func (p *Page) setSerials(row int, l draft.Line, have []string) {
	rows := p.model.Rows()
	if row >= len(rows) {
		return
	}
	l.Serials = have
	rows[row] = p.row(l)
	p.model.Load(rows)
	p.model.GoTo(row, p.model.Column(colSerial))
	p.linesChanged()
	p.grid.Focus()
}
