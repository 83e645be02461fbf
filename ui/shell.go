// Package ui is the window: what is shown before and after the sign-in, the
// rail, tabs, status bar, command palette, and what pages may ask of it.
//
// What belongs here: the shell, and the one list that says which package makes
// which screen (screens.go). What does not: screens (packages of their own
// below), data, and anything but package main may know of it.
package ui

import (
	"context"
	"errors"
	"runtime/debug"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tiezhang/app"
	"tiezhang/app/fault"
	"tiezhang/app/passphrase"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/keys"
	"tiezhang/ui/start"
	"tiezhang/ui/text"
)

// Options is what main gives the window.
type Options struct {
	Host     app.Host
	Runner   *bg.Runner
	Dispatch bg.Dispatcher // the runner's own
	Memory   *Memory
	Shop     string // folder to open; "" takes the shop that was open last
	// Documents is where new shops are proposed; "" asks the system.
	Documents string
	DemoDir   string // where the sample shop goes; "" offers none
	// OwnDialogs asks for files through our own dialogs even where the system
	// has some.
	OwnDialogs bool
}

// Shell is the window's content and its state. All methods belong to the
// interface thread.
type Shell struct {
	o      Options
	win    fyne.Window
	router *keys.Router
	owner  *bg.Owner
	toasts *control.Toasts
	stage  *fyne.Container // what fills the window
	deps   *start.Deps

	scene start.Scene
	again func() start.Scene

	shop   *app.Shop
	name   string                // of the shop
	spaces map[string]*workspace // by user: what a locked window keeps
	space  *workspace            // in front; nil at the door
	looks  int                   // how often the look was changed
	closed bool
	papers map[string]func() // folders of PDFs being printed, and what stops their timer
	// exiting: the window is about to go; skipBackup: the backup at exit has had
	// its turn.
	exiting, skipBackup bool

	unwatch func()
	watched struct {
		sync.Mutex
		areas  map[string]bool
		queued bool
	}
	idle idleWatch
}

// New puts the shell into a window. Call Start next.
func New(win fyne.Window, o Options) *Shell {
	if o.Documents == "" {
		o.Documents = start.Documents()
	}
	s := &Shell{o: o, win: win, router: keys.NewRouter(), owner: o.Runner.Owner(), spaces: map[string]*workspace{}, papers: map[string]func(){}}
	s.toasts = control.NewToasts(o.Runner)
	s.stage = container.NewStack()
	win.SetContent(container.NewStack(s.stage, s.toasts.Object))
	keys.Attach(win.Canvas(), s.router)
	s.deps = &start.Deps{
		Env: s.newEnv(nil), Entered: s.entered, Show: s.show, Closing: s.dropSpaces,
		Documents: o.Documents, Recent: s.recent, DemoDir: o.DemoDir, Version: o.Host.Version,
	}
	s.bindKeys()
	s.router.Watch(func(keys.Chord) { s.idle.touch(s.now()) })
	return s
}

// Start shows the sign-in of the shop asked for or last open, else the first
// screen.
func (s *Shell) Start() {
	s.watchRaise()
	s.sweepPapers()
	folder := s.o.Shop
	if folder == "" && len(s.o.Memory.Shops) > 0 {
		folder = s.o.Memory.Shops[0].Folder
	}
	if folder == "" {
		s.show(s.welcome)
		return
	}
	bg.Run(s.owner, func(context.Context) (app.Door, error) { return start.Look(s.o.Host, folder) }, func(d app.Door, err error) {
		if err != nil {
			s.show(s.welcome)
			if s.o.Shop != "" || fault.KindOf(err) != fault.NotFound {
				s.fail(err)
			}
			return
		}
		s.show(func() start.Scene { return start.NewSignIn(s.deps, folder, d) })
	})
}

func (s *Shell) welcome() start.Scene { return start.NewWelcome(s.deps) }

func (s *Shell) recent() []start.Recent {
	out := make([]start.Recent, len(s.o.Memory.Shops))
	for i, k := range s.o.Memory.Shops {
		out[i] = start.Recent(k)
	}
	return out
}

// show brings a scene of package start to the front.
func (s *Shell) show(make func() start.Scene) {
	s.closeDialogs()
	s.closeScene()
	s.space = nil
	s.again, s.scene = make, make()
	s.fill(s.scene.Content())
	s.router.ShowPage(s.scene.Keys())
	s.scene.Enter()
	s.retitle()
	s.idle.last, s.idle.looked = wall(s.now()), wall(s.now())
	s.watchIdle()
}

// closeDialogs takes open dialogs away before the window shows something else.
func (s *Shell) closeDialogs() {
	o := s.win.Canvas().Overlays()
	for top := o.Top(); top != nil; top = o.Top() {
		if m, ok := top.(interface{ Close() }); ok {
			m.Close()
		}
		o.Remove(top)
	}
}

func (s *Shell) closeScene() {
	if s.scene != nil {
		s.scene.Close()
		s.scene, s.again = nil, nil
	}
}

func (s *Shell) fill(o fyne.CanvasObject) {
	s.win.Canvas().Unfocus()
	s.stage.Objects = []fyne.CanvasObject{o}
	s.stage.Refresh()
}

func (s *Shell) retitle() {
	t := text.T("shell.title")
	if s.name != "" && s.shop != nil {
		t = text.T("shell.title.shop", "shop", s.name)
	}
	s.win.SetTitle(t)
}

// entered takes over from the scenes of package start.
func (s *Shell) entered(in *app.Session) {
	if s.closed { // the window went while the key was being derived
		_ = in.Shop().Close(context.Background())
		return
	}
	s.closeScene()
	user := in.User().Name
	if s.shop != in.Shop() {
		s.dropSpaces()
		s.shop = in.Shop()
		s.unwatch = s.shop.Watch(s.changed)
	}
	sp := s.spaces[user]
	if sp == nil {
		sp = s.newSpace(in)
		s.spaces[user] = sp
	} else {
		sp.resume(in)
		if sp.look != s.looks { // changed at the door, or by somebody else
			sp.reframe()
		}
	}
	s.space, sp.look = sp, s.looks
	s.idle.start(s.now(), in.Role().ID)
	s.fill(sp.content)
	s.retitle()
	sp.bringFront()
	s.greet(in)
	s.readKeys(sp)
	s.readSettings()
	s.readIdle()
	sp.readAlarm()
	s.watchIdle()
	// Opening the keyring took up to a quarter of a gigabyte for a second; a
	// shop's computer needs it back now, not when the collector gets round to it.
	bg.Run(s.owner, func(context.Context) (struct{}, error) { debug.FreeOSMemory(); return struct{}{}, nil }, nil)
}

// greet tells of the sign-in before: who knows when they were last here sees
// when somebody else was.
func (s *Shell) greet(in *app.Session) {
	u := in.User()
	if in.PasswordAge() == passphrase.Old {
		s.toasts.Show(control.Warn, text.T("shell.greet.password"))
	}
	if u.LastIn == 0 {
		return
	}
	at := text.DateTime(time.Unix(u.LastIn, 0))
	if u.Failures > 0 {
		control.Alert(s.win.Canvas(), text.T("shell.greet.title"), text.T("shell.greet.failures", "at", at, "count", u.Failures), nil)
		return
	}
	s.toasts.Show(control.Info, text.T("shell.greet", "at", at))
}

// readSettings learns the shop's name and remembers it for the first screen.
func (s *Shell) readSettings() {
	sp := s.space
	bg.RunKey(s.owner, "settings", func(ctx context.Context) (map[string]string, error) {
		return app.Ask(ctx, sp.env.Session, app.Settings{})
	}, func(m map[string]string, err error) {
		if err != nil || s.space != sp {
			return
		}
		s.name = m[app.SettingShopName]
		sp.head()
		s.retitle()
		s.o.Memory.Opened(Known{Folder: s.shop.Dir(), Name: s.name, User: sp.user})
		if err := s.o.Memory.Save(); err != nil {
			fyne.LogError("remembering the shop", err)
		}
	})
}

// dropSpaces forgets every workspace of the shop that was open.
func (s *Shell) dropSpaces() {
	if s.unwatch != nil {
		s.unwatch()
		s.unwatch = nil
	}
	for _, sp := range s.spaces {
		sp.close()
	}
	s.spaces, s.shop, s.space = map[string]*workspace{}, nil, nil
}

// changed is called after a commit, on the goroutine that committed.
func (s *Shell) changed(area string) {
	w := &s.watched
	w.Lock()
	if w.areas == nil {
		w.areas = map[string]bool{}
	}
	w.areas[area] = true
	queue := !w.queued
	w.queued = true
	w.Unlock()
	if queue {
		s.o.Dispatch(s.deliver)
	}
}

func (s *Shell) deliver() {
	w := &s.watched
	w.Lock()
	areas := w.areas
	w.areas, w.queued = nil, false
	w.Unlock()
	for _, sp := range s.spaces {
		sp.stale(areas)
	}
	if areas["settings"] && s.space != nil {
		s.readKeys(s.space)
		s.readSettings()
		s.readIdle()
	}
	if areas["signins"] && s.space != nil {
		s.space.readAlarm()
	}
}

// lock covers the window: first every page puts its typing into a draft, while
// the session can still write.
func (s *Shell) lock() {
	s.dropPapers()
	s.endView()
	sp := s.space
	if sp == nil {
		return
	}
	shop, name := s.shop, s.name
	s.show(func() start.Scene { return start.NewUnlock(s.deps, shop, name, sp.user) })
	sp.keep(func() {
		if s.shop != shop || s.space != nil { // somebody is in again already
			return
		}
		bg.Run(s.owner, func(ctx context.Context) (struct{}, error) { shop.Lock(ctx); return struct{}{}, nil }, nil)
	})
}

// leaveShop closes the shop and goes to the first screen.
func (s *Shell) leaveShop() {
	s.endView()
	sp := s.space
	if sp == nil {
		return
	}
	sp.leaveAll(func() {
		shop := s.shop
		s.dropSpaces()
		s.show(s.welcome)
		bg.Run(s.owner, func(ctx context.Context) (struct{}, error) { return struct{}{}, shop.Close(ctx) }, func(_ struct{}, err error) {
			if err != nil {
				s.fail(err)
			}
		})
	})
}

// Exit asks every page to leave, backs up what is new while it can still be
// seen, and closes the window.
func (s *Shell) Exit() {
	if s.exiting {
		return
	}
	s.endView()
	if s.space == nil {
		s.lastBackup(s.win.Close)
		return
	}
	s.space.leaveAll(func() { s.lastBackup(s.win.Close) })
}

// lastBackup makes the backup at the end of the day, with a way to skip it.
func (s *Shell) lastBackup(then func()) {
	shop := s.shop
	if shop == nil {
		then()
		return
	}
	s.exiting = true
	var task *bg.Task
	owner := s.o.Runner.Owner()
	dialog := control.ShowProgress(s.win.Canvas(), text.T("shell.exit.title"), func() { task.Cancel() })
	owner.OnProgress = dialog.Set
	task = bg.Run(owner, func(ctx context.Context) (app.Kept, error) {
		return shop.BackupAtExit(ctx, func(stage string, done, total int64) { bg.Report(ctx, done, total, stageWords(stage)) })
	}, func(_ app.Kept, err error) {
		s.skipBackup = true // made, skipped or impossible: not again after the window
		dialog.Close()
		owner.Close()
		if err != nil && fault.KindOf(err) != fault.Canceled {
			control.Alert(s.win.Canvas(), text.T("shell.fault"), text.T("shell.exit.failed", "problem", text.Fault(err)), then)
			return
		}
		then()
	})
}

func stageWords(stage string) string {
	if text.Has(stage) {
		return text.T(stage)
	}
	return ""
}

// Close ends background work, backs up what was not backed up at Exit, and
// closes the shop. Main calls it after the window's loop has returned, so that
// nothing can be cut short.
func (s *Shell) Close() error {
	s.closed = true
	s.dropPapers()
	var made *app.Session
	if n, ok := s.scene.(interface{ Session() *app.Session }); ok {
		made = n.Session()
	}
	s.closeScene()
	shop := s.shop
	s.dropSpaces()
	s.owner.Close()
	keys.Detach(s.win.Canvas())
	if made != nil && shop == nil {
		shop = made.Shop()
	}
	if shop == nil {
		return nil
	}
	var err error
	if !s.skipBackup {
		_, err = shop.BackupAtExit(context.Background(), nil)
	}
	return errors.Join(err, shop.Close(context.Background()))
}

// setLook changes how everything looks, now and at the next start.
func (s *Shell) setLook(language, mode, size string) {
	m := s.o.Memory
	if language != "" {
		m.Language = language
	}
	if mode != "" {
		m.Theme = mode
	}
	if size != "" {
		m.TextSize = size
	}
	if err := m.Save(); err != nil {
		s.fail(err)
	}
	m.Apply()
	s.looks++
	switch {
	case s.scene != nil && s.again != nil:
		s.show(s.again)
	case s.space != nil:
		sp := s.space
		sp.look = s.looks
		in := sp.env.Session
		keep := app.SetLook{Language: m.Language, Theme: m.Theme, TextSize: m.TextSize}
		bg.RunKey(s.owner, "look", func(ctx context.Context) (struct{}, error) { return app.Do(ctx, in, keep) }, nil)
		sp.keep(func() { sp.rebuild() })
	}
	s.retitle()
}
