package dayclose

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	ft "fyne.io/fyne/v2/theme"

	"tiezhang/app/amount"
	"tiezhang/ui/control"
	"tiezhang/ui/docview/facts"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// faces are the notes and coins in use, in fen.
var faces = []amount.Money{100_00, 50_00, 20_00, 10_00, 5_00, 1_00, 50, 10}

// mostPieces of one face in a drawer: more digits are a typing mistake.
const mostPieces = 9999

// pieces is how many there are of each face.
type pieces [8]int64

func (n pieces) sum() amount.Money {
	var m amount.Money
	for i, c := range n {
		m += faces[i] * amount.Money(c)
	}
	return m
}

// words lists the faces there are, for the slip: "100×3 20×1".
func (n pieces) words() string {
	var out []string
	for i, c := range n {
		if c != 0 {
			out = append(out, faces[i].String()+"×"+strconv.FormatInt(c, 10))
		}
	}
	return strings.Join(out, "  ")
}

// countPieces counts the drawer note by note; the sum becomes the counted cash.
func (p *Page) countPieces() {
	if p.closed != nil {
		return
	}
	now := p.pieces
	sum := facts.NewLine("", ft.ColorNameForeground, ft.SizeNameHeadingText, true)
	wrong := control.NewWords("", 360)
	wrong.Color = theme.NameNegative
	grid := container.New(layout.NewFormLayout())
	var first *control.Entry
	bad := map[int]bool{}
	show := func() {
		sum.Set(text.T("dayclose.pieces.sum", "sum", text.MoneyTotal(now.sum())))
		wrong.SetText("")
	}
	for i, f := range faces {
		e := control.NewNumber()
		e.MinWidth = 120
		if now[i] != 0 {
			e.SetText(strconv.FormatInt(now[i], 10))
		}
		e.OnChanged = func(s string) {
			n, err := strconv.ParseInt(amount.Narrow(s), 10, 64)
			bad[i] = s != "" && (err != nil || n < 0 || n > mostPieces)
			if s == "" || bad[i] {
				n = 0
			}
			now[i] = n
			show()
		}
		if first == nil {
			first = e
		}
		grid.Add(control.NewWords(text.T("dayclose.pieces.face", "face", f.String()), 110))
		grid.Add(e)
	}
	show()
	m := control.NewModal(text.T("dayclose.pieces"), container.NewVBox(grid, sum, wrong))
	m.First, m.EnterWalks = first, true
	m.CancelButton(text.T("ui.button.cancel"), nil)
	m.DefaultButton(text.T("dayclose.pieces.take"), func() {
		for _, b := range bad {
			if b {
				wrong.SetText(text.T("dayclose.pieces.wrong"))
				m.Refresh()
				return
			}
		}
		p.pieces = now
		m.Close()
		p.counted.SetText(text.Money(now.sum()))
		p.reveal()
		p.env.Window.Canvas().Focus(p.note)
	})
	m.Open(p.env.Window.Canvas())
}

// pieceFoot is what the slip says of the notes, when they are what was counted.
func (p *Page) pieceFoot() []string {
	if p.closed == nil || p.pieces.sum() != p.closed.Counted || p.pieces.sum() == 0 {
		return nil
	}
	return []string{text.T("dayclose.pieces.slip", "pieces", p.pieces.words())}
}

// piecesButton leads there.
func (p *Page) piecesButton() fyne.CanvasObject {
	b := control.NewButton(text.T("dayclose.pieces"), p.countPieces).WithKey("F8")
	b.Aside = true // Enter goes on to the note
	return b
}
