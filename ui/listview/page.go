package listview

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/report"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/grid"
	"tiezhang/ui/keys"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// pageRows is how many rows are read at a time.
const pageRows = 200

// List is a page with a list or report on it.
type List struct {
	env   *page.Env
	desc  Desc
	owner *bg.Owner
	scope *keys.Scope

	grid    *grid.List
	pages   *grid.Pages
	filters *filters
	root    *fyne.Container
	note    *control.Words

	cols   []report.Column // those this person sees
	totals map[string]report.Value
	sort   string
	down   bool
	gen    int
	whole  *bg.Task // the count under way
	known  bool     // the number of rows is known
	asked  bool     // an answer has come

	look     look
	stopKeep func()
	chart    *fyne.Container // hidden until it is asked for
}

var _ page.Page = (*List)(nil)

// Make makes the page of a List or Report route.
func Make(env *page.Env, r page.Route) (page.Page, error) {
	d, err := Describe(env.Session, r)
	if err != nil {
		return nil, err
	}
	return New(env, d), nil
}

// New makes the page of a descriptor.
func New(env *page.Env, d Desc) *List {
	l := &List{env: env, desc: d, owner: env.Runner.Owner(), scope: env.Router.NewPage()}
	l.cols = report.In(d.Spec.For(env.Session.Role()), d.Spec.GroupOf(report.Query{Group: d.With["group"]}))
	l.pages = grid.NewPages(l.fetch)
	l.grid = grid.NewList(columnsOf(l.cols, nil, nil), l.pages)
	if slices.ContainsFunc(l.cols, func(c report.Column) bool { return c.Total }) {
		l.grid.Footer = l.footer
	}
	l.grid.OnActivate = l.open
	l.grid.OnNeed = l.pages.Need
	l.grid.OnSort = func(c string, desc bool) { l.sort, l.down = c, desc; l.load(false) }
	l.grid.OnResize = func(c string, w float32) { keep(&l.look.Widths, c, w); l.keepLook() }
	l.grid.OnSelect = func(int) { l.say() }
	l.grid.OnKey = l.typed
	l.grid.OnCopy = l.copy
	l.note = control.NewWords("", 420)
	l.note.Color = theme.NameMuted
	l.filters = newFilters(l)
	l.owner.OnBusy = func(on bool) {
		if on {
			l.note.SetText(text.T("listview.reading"))
		} else {
			l.say()
		}
	}
	l.grid.Multi = d.Many != nil
	l.chart = container.NewStack()
	l.chart.Hide()
	l.root = container.New(sheet{l}, l.actions(), l.filters.content, container.New(&fit{list: l}, l.grid), l.note, l.chart)
	l.bind()
	l.readLook()
	l.load(false)
	return l
}

// Route is part of page.Page, as are the methods that follow.
func (l *List) Route() page.Route { return l.desc.Route }

// Title is the name of the list, with the item or party it is narrowed to.
func (l *List) Title() string {
	if n := l.filters.subject(); n != "" && l.desc.Spec.Report {
		return l.desc.Title + " " + n
	}
	return l.desc.Title
}

// Content is what is drawn.
func (l *List) Content() fyne.CanvasObject { return l.root }

// Keys is the page's scope.
func (l *List) Keys() *keys.Scope { return l.scope }

// Enter puts the focus on the rows.
func (l *List) Enter() { l.env.Window.Canvas().Focus(l.grid) }

// Leave never minds: nothing is typed here.
func (l *List) Leave(proceed func()) { proceed() }

// Close lets go of what is being read.
func (l *List) Close() {
	l.owner.Close()
	l.scope.Close()
}

// concerns says which changes a list shows; lists not named here follow the
// documents, the stock and the money.
var concerns = map[string][]string{
	"items": {"items", "stock"}, "parties": {"parties", "money"}, "warehouses": {"places", "stock"}, "accounts": {"places", "money"},
	"users": {"users"}, "log": {"documents", "items", "parties", "users", "places", "settings", "backups"},
}

// Reload reads again what is shown, in place.
func (l *List) Reload(area string) {
	areas, ok := concerns[l.desc.Spec.Name]
	if !ok {
		areas = []string{"documents", "stock", "money", "items", "parties"}
	}
	if area == "places" {
		l.filters.choices()
	}
	if slices.Contains(areas, area) {
		l.load(true)
	}
}

func (l *List) query() report.Query {
	q := l.filters.query()
	q.Name, q.Sort, q.Desc = l.desc.Spec.Name, l.sort, l.down
	return q
}

// lacks names a filter without which there is nothing to show.
func (l *List) lacks() bool {
	w := l.desc.Spec.Wants
	return slices.Contains(w, report.ByItem) && l.filters.item == "" || slices.Contains(w, report.ByParty) && l.filters.party == ""
}

// load reads the rows that are in sight, and then how many there are and what
// they come to. stay keeps the place in the list.
func (l *List) load(stay bool) {
	l.gen++
	l.whole.Cancel()
	if !stay {
		l.known, l.totals = false, nil
	}
	if l.lacks() {
		l.asked = true
		l.pages.Reset(0)
		l.grid.SetSource(l.pages)
		l.empty()
		return
	}
	gen, at := l.gen, 0
	if stay {
		at = max(0, l.grid.Active()) / pageRows
	}
	q := l.query()
	q.Offset, q.Limit = at*pageRows, pageRows
	bg.RunKey(l.owner, "rows", func(ctx context.Context) (report.Page, error) { return l.ask(ctx, q) }, func(p report.Page, err error) {
		if gen != l.gen {
			return
		}
		if err != nil {
			l.env.Fail(err)
			l.say()
			return
		}
		l.asked = true
		l.columns(p.Columns)
		n := l.pages.Len()
		if !l.known || len(p.Rows) < pageRows {
			n = q.Offset + len(p.Rows)
		}
		l.pages.Reset(n)
		l.pages.Put(at, l.cells(p.Rows))
		if stay {
			l.grid.Reload()
		} else {
			l.grid.SetSource(l.pages)
		}
		l.empty()
		l.count(gen, q)
	})
}

func (l *List) ask(ctx context.Context, q report.Query) (report.Page, error) {
	if l.desc.Rows != nil {
		return l.desc.Rows(ctx, l.env.Session)
	}
	return app.Ask(ctx, l.env.Session, app.Report{Query: q})
}

// count asks for what stands under the list: it may take longer than the rows.
func (l *List) count(gen int, q report.Query) {
	q.Offset, q.Limit, q.Count = 0, 1, true
	l.whole = bg.Run(l.owner, func(ctx context.Context) (report.Page, error) { return l.ask(ctx, q) }, func(p report.Page, err error) {
		if gen != l.gen || err != nil {
			return
		}
		l.known, l.totals = true, p.Totals
		l.pages.SetTotal(p.Total)
		l.root.Refresh() // wide totals widen their columns
		l.grid.Reload()
		l.empty()
		l.draw()
	})
}

// fetch reads one more page of rows.
func (l *List) fetch(n int) {
	gen, q := l.gen, l.query()
	q.Offset, q.Limit = n*pageRows, pageRows
	bg.Run(l.owner, func(ctx context.Context) (report.Page, error) { return l.ask(ctx, q) }, func(p report.Page, err error) {
		switch {
		case gen != l.gen:
		case err != nil:
			l.pages.Failed(n)
		default:
			l.pages.Put(n, l.cells(p.Rows))
			l.grid.Refresh()
		}
	})
}

func (l *List) cells(rows []report.Row) [][]grid.Cell {
	out := make([][]grid.Cell, len(rows))
	for i, r := range rows {
		out[i] = cellsOf(l.desc.Spec, l.cols, r, time.Local)
	}
	return out
}

// columns takes the columns of an answer: a right may have gone since.
func (l *List) columns(cols []report.Column) {
	if slices.EqualFunc(cols, l.cols, func(a, b report.Column) bool { return a.Key == b.Key }) {
		return
	}
	l.cols = cols
	l.grid.Columns = columnsOf(cols, l.look.Widths, l.look.Shown)
	l.root.Refresh()
}

func (l *List) footer() []grid.Cell {
	if len(l.totals) == 0 {
		return nil
	}
	out := make([]grid.Cell, len(l.cols))
	first := true
	for i, c := range l.cols {
		if v, ok := l.totals[c.Key]; ok {
			out[i] = total(c, v)
		} else if first && !l.grid.Columns[i].Hidden {
			out[i] = grid.Cell{Text: text.T("ui.grid.total"), Style: grid.Bold}
		}
		first = first && l.grid.Columns[i].Hidden
	}
	return out
}

// say tells how many rows there are and how many are chosen.
func (l *List) say() {
	if !l.asked {
		return
	}
	s := text.T("ui.list.rows", "count", grouped(l.pages.Len()))
	if !l.known && l.pages.Len() >= pageRows && l.desc.Rows == nil {
		s = text.T("listview.counting")
	}
	if n := l.grid.SelectedCount(); n > 0 {
		s += "  " + text.T("ui.list.selected", "count", grouped(n))
	}
	l.note.SetText(s)
}

// empty sets what is said where no rows are.
func (l *List) empty() {
	l.say()
	switch {
	case l.lacks() && slices.Contains(l.desc.Spec.Wants, report.ByParty):
		l.grid.Empty = grid.Empty{Words: text.T("report.wants-party"), Button: text.T("listview.pick-party"), Action: l.filters.pickParty}
	case l.lacks():
		l.grid.Empty = grid.Empty{Words: text.T("report.wants-item"), Button: text.T("listview.pick-item"), Action: l.filters.pickItem}
	case l.filters.narrowed():
		l.grid.Empty = grid.Empty{Words: text.T("listview.nothing-found"), Button: text.T("listview.clear"), Action: l.filters.clear}
	default:
		e := grid.Empty{Words: text.T(l.desc.Empty)}
		switch {
		case l.desc.Import != "":
			e.Button, e.Action = text.T("listview.import"), l.importTable
		case len(l.desc.New) > 0:
			e.Button, e.Action = l.desc.New[0].Title, func() { l.env.Open(l.desc.New[0].Route) }
		}
		l.grid.Empty = e
	}
	l.grid.Refresh()
}

func (l *List) importTable() {
	l.env.Open(page.Route{Screen: page.Import, Kind: l.desc.Import})
}

// row gives the reference of a row and the kind of document it is.
func (l *List) row(i int) (ref, kind string, ok bool) {
	cells, ok := l.pages.Row(i)
	if !ok || len(cells) < len(l.cols)+hiddenCells {
		return "", "", false
	}
	return cells[len(l.cols)].Text, cells[len(l.cols)+1].Text, true
}

// open follows a row to what it stands for.
func (l *List) open(i int) {
	ref, kind, ok := l.row(i)
	if !ok {
		return
	}
	if l.desc.Spec.Opens == report.OpensLog {
		showEntry(l.env, l.owner, ref)
		return
	}
	if r, ok := Target(l.desc.Spec.Opens, ref, kind); ok {
		l.env.Open(r)
	}
}

// typed begins a search with the first letter typed over the list.
func (l *List) typed(e *fyne.KeyEvent) bool {
	if len(e.Name) == 1 && l.filters.search != nil && l.env.Window.Canvas().Focused() == l.grid && keys.Mods()&^fyne.KeyModifierShift == 0 {
		l.filters.find()
		return true
	}
	return false
}

func (l *List) bind() {
	on := func(c keys.Chord, action, title string, run func()) { l.scope.On(c, "list."+action, title, run) }
	on(keys.F5, "refresh", "listview.refresh", func() { l.load(true) })
	if l.filters.search != nil {
		on("Ctrl+F", "find", "listview.find", l.filters.find)
	}
	if len(l.desc.New) > 0 {
		on("Ctrl+N", "new", "listview.new-first", func() { l.env.Open(l.desc.New[0].Route) })
	}
	if l.mayExport() {
		on("Ctrl+E", "excel", "listview.excel", l.excel)
		on("Ctrl+P", "print", "listview.print", l.print)
	}
	l.scope.Bind(keys.Binding{Chord: keys.Escape, Action: "list.back", Title: "listview.clear", Run: l.filters.clear, Enabled: l.filters.narrowed})
}

func (l *List) mayExport() bool { return l.desc.Rows == nil && l.env.Session.May(access.Export) }
