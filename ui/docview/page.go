// Package docview is the one screen for documents of every kind. What a kind's
// screen has follows from its doc.Spec and the small table looks; nothing here
// asks which kind it is.
//
// What belongs here: header, line grid, allocation grid, payments on the spot,
// the panel beside the grid, and the actions on a document. What does not:
// rules and numbers of posting (package app), the till and the day close.
package docview

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tiezhang/app"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/docview/draft"
	"tiezhang/ui/grid"
	"tiezhang/ui/keys"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
)

// Arguments of a route that begin with one of these make a new document out of
// another: a copy of it, or a return of what it moved.
const (
	CopyOf   = "copy:"
	ReturnOf = "return:"
)

// Page is a document on the screen.
type Page struct {
	env   *page.Env
	owner *bg.Owner
	scope *keys.Scope
	spec  doc.Spec
	look  look
	cols  []grid.Column

	arg     string // of the route, until there is a document
	doc     doc.Document
	view    app.DocumentView // what was read of a posted document
	party   master.Party
	places  app.PlaceList
	extras  extras
	nextNo  int
	ready   bool // loaded and built
	touched bool // the person changed something since the last save
	posting bool
	began   bool // there is something worth keeping

	saver  *draft.Saver
	model  *grid.Model
	grid   *grid.View
	allocs *allocs
	head   *header
	pay    *payments
	side   *side
	foot   *footer

	root  *fyne.Container
	body  *fyne.Container
	layer *fyne.Container
}

var (
	_ page.Page  = (*Page)(nil)
	_ page.Saver = (*Page)(nil)
)

// Make makes a document's page. Kind is the document's kind; Arg is its ID, ""
// for a new one, or CopyOf / ReturnOf and the ID of another.
func Make(env *page.Env, r page.Route) (page.Page, error) {
	spec, ok := doc.Of(doc.Kind(r.Kind))
	if !ok {
		return nil, fault.New("docview.Make", fault.NotFound, "docview.unknown-kind", fault.Pairs("kind", r.Kind))
	}
	if spec.CashCount && r.Arg == "" {
		// The expected cash has to be read at the moment of counting.
		return nil, fault.New("docview.Make", fault.Invalid, "docview.use-day-close", nil)
	}
	p := &Page{env: env, spec: spec, look: looks[spec.Kind], arg: r.Arg, owner: env.Runner.Owner(), scope: env.Router.NewPage()}
	p.root = container.NewStack()
	p.layer = container.NewWithoutLayout()
	p.doc = p.blank()
	p.bindKeys()
	p.load()
	return p, nil
}

func (p *Page) today() day.Date { return day.Of(p.env.Host.Clock.Now()) }

func (p *Page) blank() doc.Document {
	return doc.Document{ID: app.NewID(p.env.Host.Clock.Now()), Kind: p.spec.Kind, Date: p.today(), Status: doc.Draft}
}

// Route is the document's own as soon as it is kept: opening a new one of the
// kind then makes another page.
func (p *Page) Route() page.Route {
	r := page.Route{Screen: page.Document, Kind: string(p.spec.Kind), Arg: p.arg}
	if p.began || p.doc.Status != doc.Draft {
		r.Arg = p.doc.ID
	}
	return r
}

// Title is the number, or the kind of a document without one.
func (p *Page) Title() string {
	name := text.T("kind." + string(p.spec.Kind))
	if p.doc.Number != "" {
		return p.doc.Number
	}
	if p.began {
		return text.T("docview.title.draft", "kind", name)
	}
	return text.T("docview.title.new", "kind", name)
}

// Content is Fyne's.
func (p *Page) Content() fyne.CanvasObject { return p.root }

// Keys is the page's key scope.
func (p *Page) Keys() *keys.Scope { return p.scope }

// Enter puts the focus where typing begins.
func (p *Page) Enter() {
	if p.ready {
		p.focusFirst()
	}
}

func (p *Page) focusFirst() {
	switch {
	case p.readOnly():
		p.focusGrid()
	case p.head.party != nil && p.spec.Party == doc.Must && p.doc.PartyID == 0:
		p.focus(p.head.party.entry)
	case p.model != nil:
		p.focusGrid()
	case p.head.amount != nil:
		p.focus(p.head.amount)
	}
}

func (p *Page) focus(f fyne.Focusable) {
	if c := p.env.Window.Canvas(); c != nil {
		c.Focus(f)
	}
}

func (p *Page) focusGrid() {
	switch {
	case p.grid != nil:
		p.grid.Focus()
	case p.allocs != nil:
		p.allocs.view.Focus()
	}
}

func (p *Page) readOnly() bool { return p.doc.Status != doc.Draft }

// Reload reads again what it shows; what is typed stays.
func (p *Page) Reload(area string) {
	switch {
	case !p.ready:
	case area == "places":
		bg.RunKey(p.owner, "places", func(ctx context.Context) (app.PlaceList, error) {
			return app.Ask(ctx, p.env.Session, app.Places{})
		}, func(l app.PlaceList, err error) {
			if err == nil {
				p.places = l
				p.head.setPlaces()
			}
		})
	case area == "stock" && p.side != nil:
		p.side.forget()
		p.side.show()
	case area == "documents" && p.readOnly():
		p.reread()
	}
}

// Keep puts what is typed into the draft without asking.
func (p *Page) Keep(done func()) {
	if !p.ready || p.readOnly() {
		done()
		return
	}
	p.settle(func(bool) {
		p.save()
		p.saver.Flush(func(error) { done() })
	})
}

// Leave keeps the draft and goes; only text that no cell accepted is asked
// about.
func (p *Page) Leave(proceed func()) {
	if !p.ready || p.readOnly() {
		proceed()
		return
	}
	p.settle(func(ok bool) {
		p.save()
		p.saver.Flush(func(err error) {
			switch {
			case err != nil && p.began:
				control.Ask(p.env.Window.Canvas(), control.Question{Title: text.T("docview.leave.title"),
					Words: text.Fault(err) + "\n" + text.T("docview.leave.unsaved"), Yes: text.T("docview.leave.yes"), Danger: true}, func(yes bool) {
					if yes {
						proceed()
					}
				})
			case !ok:
				control.Ask(p.env.Window.Canvas(), control.Question{Title: text.T("docview.leave.title"),
					Words: text.T("docview.leave.words"), Yes: text.T("docview.leave.yes"), Danger: true}, func(yes bool) {
					if yes {
						proceed()
					}
				})
			default:
				if p.began {
					p.env.Toast(text.T("docview.draft.kept"))
				}
				proceed()
			}
		})
	})
}

// settle commits what stands in the editor of either grid.
func (p *Page) settle(done func(ok bool)) {
	switch {
	case p.model != nil:
		p.model.Settle(done)
	case p.allocs != nil:
		p.allocs.model.Settle(done)
	default:
		done(true)
	}
}

// Close lets go of background work.
func (p *Page) Close() {
	p.owner.Close()
	p.scope.Close()
}

func (p *Page) bindKeys() {
	draftOnly := func() bool { return p.ready && !p.readOnly() && !p.posting }
	posted := func() bool { return p.ready && p.readOnly() }
	bind := func(c keys.Chord, action string, on func() bool, run func()) {
		p.scope.Bind(keys.Binding{Chord: c, Action: "doc." + action, Title: "docview.action." + action, Run: run, Enabled: on})
	}
	bind("F9", "post", draftOnly, func() { p.post(false) })
	bind("F10", "post_print", draftOnly, func() { p.post(true) })
	bind("Ctrl+P", "print", posted, p.print)
	bind("Ctrl+Shift+P", "save_pdf", func() bool { return posted() && p.mayTake() }, p.savePDF)
	bind("Ctrl+S", "save", draftOnly, p.saveNow)
	bind("F3", "header", draftOnly, func() { p.focusHead() })
	bind("F4", "grid", func() bool { return p.ready }, p.focusGrid)
	bind("F6", "pay", func() bool { return draftOnly() && p.pay != nil }, func() { p.pay.focus() })
	bind("F7", "origin", func() bool { return draftOnly() && len(p.spec.Origins) > 0 }, p.chooseOrigin)
	bind("F8", "allocate", func() bool { return draftOnly() && p.allocs != nil }, func() { p.allocs.auto() })
	bind("F8", "fill", func() bool { return draftOnly() && p.spec.Flow == doc.Recount }, p.fillSheet)
	bind("F8", "share", func() bool { return draftOnly() && p.spec.LineMoney != doc.No }, p.shareCost)
	bind("Ctrl+E", "end_order", func() bool { return posted() && p.mayEnd() }, p.endOrder)
	bind("F11", "serials", func() bool { return draftOnly() && p.onSerials() }, p.askSerials)
	bind("Ctrl+N", "new", func() bool { return p.ready }, p.openNew)
	bind("Ctrl+Shift+D", "copy", func() bool { return p.ready }, p.openCopy)
	bind("Ctrl+R", "reverse", func() bool { return posted() && p.doc.Status == doc.Posted && p.doc.Reverses == "" }, p.reverse)
	bind("Ctrl+Shift+Delete", "drop", draftOnly, p.drop)
	bind("Ctrl+H", "log", posted, p.openLog)
	p.scope.Bind(keys.Binding{Chord: keys.Escape, Action: "doc.back", Title: "docview.action.back", Run: p.back, Enabled: func() bool { return p.ready && p.canGoBack() }})
}

// canGoBack: Esc goes from the foot to the grid and from the grid to the head.
func (p *Page) canGoBack() bool {
	return !p.readOnly() && p.head.first != nil && p.env.Window.Canvas().Focused() != p.head.first
}

func (p *Page) back() {
	c := p.env.Window.Canvas()
	inGrid := p.grid != nil && c.Focused() == p.grid.Editor() || p.allocs != nil && c.Focused() == p.allocs.view.Editor()
	if inGrid || p.grid == nil && p.allocs == nil || p.head.has(c.Focused()) {
		p.focus(p.head.first)
		return
	}
	p.focusGrid()
}

func (p *Page) focusHead() {
	if p.head.party != nil {
		p.focus(p.head.party.entry)
		return
	}
	p.focus(p.head.first)
}

func (p *Page) openNew() {
	p.env.Open(page.Route{Screen: page.Document, Kind: string(p.spec.Kind)})
}

func (p *Page) openCopy() {
	p.env.Open(page.Route{Screen: page.Document, Kind: string(p.spec.Kind), Arg: CopyOf + p.doc.ID})
}

func (p *Page) openLog() {
	p.env.Open(page.Route{Screen: page.Security, Kind: "log", Arg: p.doc.Number})
}

// sourceOf splits the argument of a route that makes a new document.
func sourceOf(arg string) (how, id string) {
	for _, h := range []string{CopyOf, ReturnOf} {
		if rest, ok := strings.CutPrefix(arg, h); ok {
			return h, rest
		}
	}
	return "", arg
}
