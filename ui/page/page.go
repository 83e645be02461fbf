// Package page is the contract between the shell and the screens it shows: what
// a page must be able to do, how it is named, and what it may ask of the shell.
//
// What belongs here: Route, Page, Env and the registry of makers. What does
// not: any screen, and any drawing.
package page

import (
	"context"

	"fyne.io/fyne/v2"

	"tiezhang/app"
	"tiezhang/ui/bg"
	"tiezhang/ui/keys"
)

// Route names a page; equal routes are the same page. Screen chooses the maker,
// Kind narrows it (a document kind, a report's or list's name), Arg is what it
// shows (a document ID, an item ID, a filter), empty for a new or general one.
type Route struct {
	Screen string
	Kind   string
	Arg    string
}

// Screens of the program.
const (
	Home     = "home"
	Till     = "till"
	Document = "document" // Kind = doc.Kind, Arg = document ID; Arg "" = new
	List     = "list"     // Kind = name of the list descriptor in ui/screens
	Report   = "report"   // Kind = report.Spec name, Arg = item or party code to start with
	Form     = "form"     // Kind = item, party, warehouse, account, user; Arg = ID, "" = new
	Import   = "import"   // Kind = items, parties, opening-stock
	Backup   = "backup"
	Security = "security" // log, check, people: Kind
	DayClose = "day-close"
	Month    = "month"     // closing months, the costing method
	Approve  = "approvals" // documents that wait for a yes, and the rules
	Rights   = "rights"    // roles and what they may do
	Lent     = "lent"      // rights lent for a time, approval codes
	Tree     = "categories"
	Merge    = "merge" // Kind = item or party; Arg = ID of the one that goes, or went
	Settings = "settings"
	Keys     = "keys"
	Scale    = "scale"
)

// Page is one tab. All methods are called on the interface thread.
type Page interface {
	Route() Route
	// Title is the tab's words, already in the person's language.
	Title() string
	Content() fyne.CanvasObject
	// Keys is the page's key scope, made with Router.NewPage.
	Keys() *keys.Scope
	// Enter is called each time the page comes to the front: put the focus
	// where typing begins.
	Enter()
	// Reload reads again what it shows because an area changed ("documents",
	// "items", "parties", "stock", "money", "users", "places", "settings",
	// "backups"). It keeps what is being typed.
	Reload(area string)
	// Leave is called before the tab closes: save the draft or ask, then call
	// proceed; not calling it keeps the tab.
	Leave(proceed func())
	// Close lets go of background work. The page is not used again.
	Close()
}

// Env is what the shell gives every page.
type Env struct {
	Host    app.Host
	Session *app.Session
	Window  fyne.Window
	Router  *keys.Router
	Runner  *bg.Runner

	// Open brings a route to the front, making its page if need be.
	Open func(Route)
	// Offers tells whether a screen is part of this program and its module is open
	// to the person: for buttons that lead there.
	Offers func(Route) bool
	// Replace puts another page in the tab of an old one (a draft that got posted).
	Replace func(old Page, to Route)
	// Close closes a page's tab, asking it to Leave first.
	Close func(Page)
	// Retitle redraws the tabs after a title changed.
	Retitle func()
	// Toast shows a short line for some seconds.
	Toast func(text string)
	// Fail shows an error in the person's words: a line for wrong input, a
	// dialog for the rest.
	Fail func(error)
	// Confirmed runs do and, when the gate asks for the own password or a second
	// person, asks for it and runs do again with that in the context. do must
	// start its own background work with that context (not the one bg gives) and
	// pass its result to done on the interface thread, nil too. Any other error
	// is shown as Fail does: do need not show it.
	Confirmed func(do func(ctx context.Context, done func(error)))
	// PickFolder and PickFile ask for a path through the system's own dialog,
	// or our own where there is none; chosen is not called when cancelled.
	PickFolder func(title string, chosen func(path string))
	PickFile   func(title string, exts []string, chosen func(path string))
	// SaveFile asks where to save; name is the proposal.
	SaveFile func(title, name string, chosen func(path string))
	// OpenFile shows a file in the system's own program (PDF, folder).
	OpenFile func(path string)
	// Paper shows a PDF in the system's own program so that it can be printed, and
	// takes it away again: no file of it stays.
	Paper func(name string, pdf []byte)
	// SeeAs shows the window through a session that looks as a role would; nil in
	// such a window.
	SeeAs func(*app.Session)
	// SetLook changes language, theme ("system", "light", "dark") and text size
	// ("standard", "large", "largest") at once and for the next start; "" leaves
	// one as it is. Open pages are made again, so call it last.
	SetLook func(language, theme, textSize string)
	// Lock covers the window until somebody signs in; Exit closes the program.
	Lock, Exit func()
	// LeaveShop asks every page to leave, closes the shop and shows the first
	// screen, where a backup can be restored.
	LeaveShop func()
}

// Saver is a page that can put what is being typed into a draft without asking
// anything. The shell calls Keep before it locks the window; done is called on
// the interface thread, also when nothing could be saved.
type Saver interface{ Keep(done func()) }

// Maker makes a page for a route of its screen.
type Maker func(*Env, Route) (Page, error)
