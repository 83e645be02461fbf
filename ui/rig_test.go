package ui

import (
	"context"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"tiezhang/app"
	"tiezhang/store"
	"tiezhang/store/keyring"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/keys"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/uitest"
)

// rig is the real window over a real store in a folder of the test's own, with
// a clock the test moves.
type rig struct {
	*uitest.Window
	t     *testing.T
	shell *Shell
	queue *bg.Queue
	run   *bg.Runner
	clock *testClock
	dir   string
	late  []*timer
}

type testClock struct{ now time.Time }

func (c *testClock) Now() time.Time { return c.now }

type timer struct {
	d   time.Duration
	f   func()
	off bool
}

const word = "七盏灯笼 over a cold river"

func newRig(t *testing.T, opts ...uitest.Option) *rig {
	t.Helper()
	uitest.App(t, opts...)
	text.Use(text.Chinese)
	r := &rig{t: t, queue: &bg.Queue{}, clock: &testClock{time.Date(2026, 11, 22, 9, 30, 0, 0, time.Local)}, dir: t.TempDir()}
	r.run = bg.NewRunner(r.queue.Dispatch, func(d time.Duration, f func()) func() {
		tm := &timer{d: d, f: f}
		r.late = append(r.late, tm)
		return func() { tm.off = true }
	})
	r.Window = uitest.Show(t, canvas.NewRectangle(nil), opts...)
	return r
}

// start opens the shell as a start of the program does.
func (r *rig) start(shop string) {
	r.t.Helper()
	host := app.Host{Vault: store.Vault{Profile: keyring.ProfileForTests}, Clock: r.clock, Machine: "test", Version: "test"}
	r.shell = New(r.Win, Options{Host: host, Runner: r.run, Dispatch: r.queue.Dispatch, Memory: Recall(filepath.Join(r.dir, "home")),
		Shop: shop, Documents: r.dir, OwnDialogs: true})
	shell := r.shell
	r.t.Cleanup(func() {
		r.settle()
		if err := shell.Close(); err != nil {
			r.t.Error(err)
		}
	})
	r.shell.Start()
	r.settle()
}

func (r *rig) settle() { r.queue.Settle(r.run) }

// press presses keys and waits for what they started.
func (r *rig) press(names ...fyne.KeyName) {
	r.t.Helper()
	for _, n := range names {
		r.Key(n)
		r.settle()
	}
}

func (r *rig) enter(s string) { r.t.Helper(); r.Type(s); r.press(fyne.KeyReturn) }

func (r *rig) chord(s string) { r.t.Helper(); r.Chord(s); r.settle() }

// fire runs the timers of one length, once.
func (r *rig) fire(d time.Duration) {
	late := r.late
	r.late = nil
	for _, tm := range late {
		switch {
		case tm.off:
		case tm.d == d:
			tm.f()
		default:
			r.late = append(r.late, tm)
		}
	}
	r.settle()
}

// words lists every text on the screen, dialogs included.
func (r *rig) words() []string {
	var out []string
	var walk func(o fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		if o == nil || !o.Visible() {
			return
		}
		switch o := o.(type) {
		case *canvas.Text:
			out = append(out, o.Text)
		case *control.Words: // wrapped on the screen
			out = append(out, o.Text)
		case *fyne.Container:
			for _, c := range o.Objects {
				walk(c)
			}
		case fyne.Widget:
			for _, c := range test.WidgetRenderer(o).Objects() {
				walk(c)
			}
		}
	}
	walk(r.Win.Content())
	for _, o := range r.Canvas().Overlays().List() {
		walk(o)
	}
	return out
}

// seen tells whether a text is on the screen.
func (r *rig) seen(s string) bool {
	return slices.ContainsFunc(r.words(), func(w string) bool { return strings.Contains(w, s) })
}

// match gives the parts of the screen's texts that a pattern finds, in order.
func (r *rig) match(pattern string) []string {
	var out []string
	for _, w := range r.words() {
		if m := regexp.MustCompile(pattern).FindStringSubmatch(w); m != nil {
			out = append(out, m[1])
		}
	}
	return out
}

func (r *rig) mustSee(words ...string) {
	r.t.Helper()
	for _, w := range words {
		if !r.seen(w) {
			r.t.Fatalf("not on the screen: %q (picture: %s)", w, r.Save("missing"))
		}
	}
}

func (r *rig) mustNotSee(words ...string) {
	r.t.Helper()
	for _, w := range words {
		if r.seen(w) {
			r.t.Fatalf("on the screen: %q (picture: %s)", w, r.Save("unwanted"))
		}
	}
}

// newShop makes a shop directly and gives its folder and recovery code.
func (r *rig) newShop(name string) (string, app.RecoveryCode) {
	r.t.Helper()
	dir := filepath.Join(r.dir, name)
	host := app.Host{Vault: store.Vault{Profile: keyring.ProfileForTests}, Clock: r.clock, Machine: "test", Version: "test"}
	s, code, err := host.New(context.Background(), dir, app.NewShop{ShopName: name, OwnerName: "店主", Password: word, Language: "zh-Hans"})
	if err != nil {
		r.t.Fatal(err)
	}
	if _, err := app.Do(app.WithPassword(context.Background(), word), s, app.AddUser{Name: "小王", Password: "another lantern 42 小河", Role: "cashier"}); err != nil {
		r.t.Fatal(err)
	}
	if err := s.Shop().Close(context.Background()); err != nil {
		r.t.Fatal(err)
	}
	return dir, code
}

// signedIn opens a new shop and signs its owner in.
func signedIn(t *testing.T, opts ...uitest.Option) *rig {
	t.Helper()
	r := newRig(t, opts...)
	dir, _ := r.newShop("兴隆便利店")
	r.start(dir)
	r.mustSee("兴隆便利店", "登录")
	r.enter(word)
	r.mustSee("首页", "今日销售")
	return r
}

// note is a plain page with a line that can be typed in.
type note struct {
	env   *page.Env
	route page.Route
	line  *control.Entry
	scope *keys.Scope

	reloads, kept, left int
	stay, closed        bool
}

var notes map[page.Route]*note

func newNote(env *page.Env, r page.Route) (page.Page, error) {
	n := &note{env: env, route: r, line: control.NewEntry(), scope: env.Router.NewPage()}
	if notes == nil {
		notes = map[page.Route]*note{}
	}
	notes[r] = n
	return n, nil
}

func (n *note) Route() page.Route          { return n.route }
func (n *note) Title() string              { return "便条" + n.route.Arg }
func (n *note) Content() fyne.CanvasObject { return n.line }
func (n *note) Keys() *keys.Scope          { return n.scope }
func (n *note) Enter()                     { n.env.Window.Canvas().Focus(n.line) }
func (n *note) Reload(string)              { n.reloads++ }
func (n *note) Keep(done func())           { n.kept++; done() }
func (n *note) Close()                     { n.closed = true }
func (n *note) Leave(proceed func()) {
	n.left++
	if !n.stay {
		proceed()
	}
}

// withNotes puts note pages into the list of makers for one test.
func withNotes(t *testing.T) func(arg string) page.Route {
	t.Helper()
	makers["note"] = newNote
	notes = nil
	t.Cleanup(func() { delete(makers, "note") })
	return func(arg string) page.Route { return page.Route{Screen: "note", Arg: arg} }
}
