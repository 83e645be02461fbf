package ui

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/doc"
	"tiezhang/app/report"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/grid"
	"tiezhang/ui/page"
	"tiezhang/ui/start"
	"tiezhang/ui/text"
)

// palette finds any screen, item, party or document by a few letters: names,
// codes, initials of the pinyin.
type palette struct {
	*control.Modal
	s     *Shell
	owner *bg.Owner
	query *control.Entry
	list  *grid.List
	all   []hit // screens
	shown []hit
	found []hit // from the shop
}

// hit is one line of the palette.
type hit struct {
	words, hint string
	search      string // lower case
	run         func()
}

// paletteRows is how many lines of each kind the shop is asked for.
const paletteRows = 8

func (s *Shell) openPalette() {
	p := &palette{s: s, owner: s.o.Runner.Owner(), query: control.NewEntry()}
	p.query.SetPlaceHolder(text.T("shell.palette.hint"))
	p.all = s.screens()
	p.list = grid.NewList([]grid.ListColumn{{Key: "name", Title: "shell.palette.name", Width: 380}, {Key: "hint", Title: "shell.palette.kind", Width: 190}}, p)
	p.list.OnActivate = p.take
	p.query.OnChanged = func(string) { p.search() }
	p.query.OnEnter = func() bool { p.take(p.list.Active()); return true }
	p.query.OnKey = func(k *fyne.KeyEvent) bool {
		switch k.Name {
		case fyne.KeyDown, fyne.KeyUp, fyne.KeyPageDown, fyne.KeyPageUp:
			p.list.TypedKey(k)
			return true
		}
		return false
	}
	body := container.NewBorder(p.query, nil, nil, nil, container.New(&fixed{fyne.NewSize(610, 340)}, p.list))
	p.Modal = control.NewModal(text.T("shell.palette"), body)
	p.MinWidth = 650
	p.Cancel = control.NewButton(text.T("ui.button.close"), func() { p.Close() })
	p.OnClosed = p.owner.Close
	p.First = p.query
	p.filter()
	p.Open(s.win.Canvas())
}

// screens lists every entry of the rail's menus once, and what the shell does.
func (s *Shell) screens() []hit {
	sp := s.space
	var out []hit
	seen := map[page.Route]bool{}
	add := func(words, hint string, run func()) {
		out = append(out, hit{words: words, hint: hint, search: strings.ToLower(words + " " + start.Initials(words) + " " + hint), run: run})
	}
	for _, m := range sp.rail.modules {
		for _, e := range m.entries {
			if !seen[e.route] {
				seen[e.route] = true
				add(e.title, text.T("shell.module."+m.name), func() { sp.open(e.route) })
			}
		}
	}
	act := text.T("shell.palette.action")
	add(text.T("shell.key.lock"), act, s.lock)
	add(text.T("shell.lent.title"), act, sp.status.listLent)
	add(text.T("screens.log.head"), act, sp.status.explainLog)
	add(text.T("shell.me"), act, func() { sp.open(myself) })
	add(text.T("shell.leave-shop"), act, s.leaveShop)
	add(text.T("shell.help"), act, s.help)
	add(text.T("shell.exit"), act, s.Exit)
	return out
}

// filter shows the screens that match, then what the shop found.
func (p *palette) filter() {
	words := strings.Fields(strings.ToLower(p.query.Text))
	p.shown = p.shown[:0]
	for _, h := range p.all {
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(h.search, w) }) {
			p.shown = append(p.shown, h)
		}
	}
	p.shown = append(p.shown, p.found...)
	p.list.SetSource(p)
}

// Len is the number of lines.
func (p *palette) Len() int { return len(p.shown) }

// Row is one line.
func (p *palette) Row(i int) ([]grid.Cell, bool) {
	h := p.shown[i]
	return []grid.Cell{{Text: h.words}, {Text: h.hint, Style: grid.Muted}}, true
}

func (p *palette) take(row int) {
	if row < 0 || row >= len(p.shown) {
		return
	}
	do := p.shown[row].run
	p.Close()
	do()
}

// search asks the shop for items, parties and document numbers.
func (p *palette) search() {
	p.found = nil
	p.filter()
	q := strings.TrimSpace(p.query.Text)
	if q == "" {
		return
	}
	sp := p.s.space
	in := sp.env.Session
	bg.RunKey(p.owner, "find", func(ctx context.Context) ([]hit, error) {
		var out []hit
		if makers[page.Form] != nil && in.May(access.ItemView) {
			items, err := app.Ask(ctx, in, app.FindItems{Query: q, Limit: paletteRows})
			if err != nil {
				return nil, err
			}
			for _, h := range items {
				out = append(out, hit{words: h.Item.Code + "  " + h.Item.Name + "  " + h.Item.Spec, hint: text.T("shell.palette.item"),
					run: func() { sp.open(page.Route{Screen: page.Form, Kind: "item", Arg: strconv.FormatInt(h.Item.ID, 10)}) }})
			}
		}
		if makers[page.Form] != nil {
			parties, err := app.Ask(ctx, in, app.FindParties{Query: q, Limit: paletteRows})
			if err != nil {
				return nil, err
			}
			for _, y := range parties {
				out = append(out, hit{words: y.Code + "  " + y.Name, hint: text.T("shell.palette.party"),
					run: func() { sp.open(page.Route{Screen: page.Form, Kind: "party", Arg: strconv.FormatInt(y.ID, 10)}) }})
			}
		}
		if makers[page.Document] != nil && in.May(access.SaleView) {
			docs, err := documents(ctx, in, q)
			if err != nil {
				return nil, err
			}
			for _, d := range docs {
				out = append(out, hit{words: d.number, hint: text.T("kind." + string(d.kind)),
					run: func() { sp.open(page.Route{Screen: page.Document, Kind: string(d.kind), Arg: d.id}) }})
			}
		}
		return out, nil
	}, func(hits []hit, err error) {
		if err != nil {
			return // a search that fails finds nothing; the screens are still there
		}
		p.found = hits
		p.filter()
	})
}

type docHit struct {
	id, number string
	kind       doc.Kind
}

func documents(ctx context.Context, in *app.Session, q string) ([]docHit, error) {
	pg, err := app.Ask(ctx, in, app.Report{Query: report.Query{Name: "documents", Search: q, Limit: paletteRows}})
	if err != nil {
		return nil, err
	}
	number, kind := -1, -1
	for i, c := range pg.Columns {
		switch c.Key {
		case "number":
			number = i
		case "kind":
			kind = i
		}
	}
	var out []docHit
	for _, r := range pg.Rows {
		if number >= 0 && kind >= 0 {
			out = append(out, docHit{r.Ref, r.Cells[number].Text, doc.Kind(r.Cells[kind].Text)})
		}
	}
	return out, nil
}
