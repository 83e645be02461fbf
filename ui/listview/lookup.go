package listview

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tiezhang/app"
	"tiezhang/app/master"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/grid"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// Found is a row of a lookup.
type Found struct {
	Code, Name string
	More       []string
}

// Lookup is a field that finds one item or party among any number: a button
// with what is chosen, which opens a search.
type Lookup struct {
	control.Button
	env     *page.Env
	owner   *bg.Owner
	what    string // in words
	columns []grid.ListColumn
	find    func(ctx context.Context, query string) ([]Found, error)
	chosen  func(code, name string)
	code    string
	name    string
}

// NewItemLookup finds items.
func NewItemLookup(env *page.Env, owner *bg.Owner, chosen func(code, name string)) *Lookup {
	cols := []grid.ListColumn{{Key: "code", Title: "report.col.code", Width: 110}, {Key: "name", Title: "report.col.name", Width: 260},
		{Key: "spec", Title: "report.col.spec", Width: 120}, {Key: "on_hand", Title: "report.col.on_hand", Width: 90, Align: grid.Right}}
	return newLookup(env, owner, text.T("report.filter.item"), cols, chosen, func(ctx context.Context, q string) ([]Found, error) {
		hits, err := app.Ask(ctx, env.Session, app.FindItems{Query: q, Limit: 50})
		out := make([]Found, len(hits))
		for i, h := range hits {
			out[i] = Found{h.Item.Code, h.Item.Name, []string{h.Item.Spec, text.Qty(h.OnHand)}}
		}
		return out, err
	})
}

// NewPartyLookup finds customers, suppliers or ("") both.
func NewPartyLookup(env *page.Env, owner *bg.Owner, kind master.PartyKind, chosen func(code, name string)) *Lookup {
	cols := []grid.ListColumn{{Key: "code", Title: "report.col.code", Width: 110}, {Key: "name", Title: "report.col.name", Width: 260},
		{Key: "kind", Title: "report.col.party_kind", Width: 110}, {Key: "contact", Title: "report.col.contact", Width: 100}}
	return newLookup(env, owner, text.T("report.filter.party"), cols, chosen, func(ctx context.Context, q string) ([]Found, error) {
		ps, err := app.Ask(ctx, env.Session, app.FindParties{Query: q, Kind: kind, Limit: 50})
		out := make([]Found, len(ps))
		for i, p := range ps {
			out[i] = Found{p.Code, p.Name, []string{text.T("party_kind." + string(p.Kind)), p.Contact}}
		}
		return out, err
	})
}

func newLookup(env *page.Env, owner *bg.Owner, what string, cols []grid.ListColumn, chosen func(code, name string), find func(context.Context, string) ([]Found, error)) *Lookup {
	k := &Lookup{env: env, owner: owner, what: what, columns: cols, find: find, chosen: chosen}
	k.Run = k.Open
	k.ExtendBaseWidget(k)
	k.WithIcon("search")
	k.Set("", "")
	return k
}

// Set shows a choice without telling anybody; "" chooses nothing.
func (k *Lookup) Set(code, name string) {
	k.code, k.name = code, name
	if code == "" {
		k.SetLabel(text.T("listview.all", "what", k.what))
		return
	}
	k.SetLabel(k.what + ": " + cutName(name))
}

// Words is the name of what is chosen, "" for nothing.
func (k *Lookup) Words() string { return cutName(k.name) }

func cutName(s string) string {
	if r := []rune(s); len(r) > 12 {
		return string(r[:12]) + "\u2026"
	}
	return s
}

// Open shows the search.
func (k *Lookup) Open() {
	var rows []Found
	list := grid.NewList(k.columns, grid.Fixed(nil))
	list.Empty.Words = text.T("listview.nothing-like")
	entry := control.NewEntry()
	entry.SetPlaceHolder(text.T("listview.search"))
	size := fyne.NewSize(theme.Px(620), theme.Px(340))
	m := control.NewModal(k.what, container.NewBorder(entry, nil, nil, nil, container.NewGridWrap(size, list)))
	m.First = entry
	var stop func()
	// asked is what the rows answer: Enter before they are there waits for them.
	asked, wanted, take := "\x00", false, func(int) {}
	search := func() {
		q := entry.Text
		bg.RunKey(k.owner, "lookup", func(ctx context.Context) ([]Found, error) { return k.find(ctx, q) }, func(fs []Found, err error) {
			if err != nil {
				k.env.Fail(err)
				return
			}
			rows, asked = fs, q
			cells := make(grid.Fixed, len(fs))
			for i, f := range fs {
				cells[i] = []grid.Cell{{Text: f.Code, Style: grid.Link}, {Text: f.Name}}
				for _, s := range f.More {
					cells[i] = append(cells[i], grid.Cell{Text: s})
				}
			}
			list.SetSource(cells)
			if wanted {
				wanted = false
				take(0)
			}
		})
	}
	take = func(i int) {
		if i < 0 || i >= len(rows) {
			return
		}
		m.Close()
		k.choose(rows[i].Code, rows[i].Name)
	}
	list.OnActivate = take
	entry.OnChanged = func(string) {
		if stop != nil {
			stop()
		}
		stop = k.env.Runner.Later(150*time.Millisecond, search)
	}
	entry.OnEnter = func() bool {
		if asked != entry.Text {
			wanted = true
			search()
			return true
		}
		take(list.Active())
		return true
	}
	entry.OnKey = func(e *fyne.KeyEvent) bool {
		switch e.Name {
		case fyne.KeyUp, fyne.KeyDown, fyne.KeyPageUp, fyne.KeyPageDown:
			list.TypedKey(e)
			return true
		}
		return false
	}
	m.OnClosed = func() {
		if stop != nil {
			stop()
		}
	}
	if k.code != "" {
		m.Button(text.T("listview.all", "what", k.what), func() { m.Close(); k.choose("", "") })
	}
	m.CancelButton(text.T("ui.button.cancel"), nil)
	m.Button(text.T("ui.button.ok"), func() { take(list.Active()) }).WithLook(control.Primary)
	m.Open(k.env.Window.Canvas())
	search()
}

func (k *Lookup) choose(code, name string) {
	k.Set(code, name)
	k.chosen(code, name)
}
