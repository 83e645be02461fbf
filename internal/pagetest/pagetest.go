// Package pagetest shows pages of the program in a headless window over a real
// shop in a temporary folder: what the shell does for them, without the shell.
//
// What belongs here: the rig the tests of lists, forms and screens share. What
// does not: expectations, and anything the program itself uses.
package pagetest

import (
	"context"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/store"
	"tiezhang/store/keyring"
	"tiezhang/ui/bg"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/uitest"
)

// Password is the owner's, and everybody else's too.
const Password = "corn-flask-89-orbit"

// Rig is a window with one page over a shop.
type Rig struct {
	*uitest.Window
	Env    *page.Env
	Owner  *app.Session
	Page   page.Page
	Queue  *bg.Queue
	Runner *bg.Runner

	Opened []page.Route // routes a page asked for
	Toasts []string
	Failed []error
	Asked  []access.Confirm // confirmations the gate wanted and got
	Saved  string           // last path given by SaveFile
	Files  []string         // opened files
	Papers []string         // PDFs that were put on paper
	Pick   string           // what PickFile and PickFolder give; "" cancels
	Locked bool
	Left   bool // the shop was to be closed
	Look   [3]string

	mu     sync.Mutex
	timers map[int]timer
	next   int
}

type timer struct {
	due time.Time
	f   func()
}

type clock struct{ at time.Time }

func (c clock) Now() time.Time { return c.at }

// Now is the day on which everything happens.
var Now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// Open makes a shop and a window. Give the language first with text.Use.
func Open(t testing.TB, opts ...uitest.Option) *Rig {
	t.Helper()
	return Over(t, Shop(t), opts...)
}

// Shop makes a shop in a temporary folder and signs its owner in.
func Shop(t testing.TB) *app.Session {
	t.Helper()
	s, _, err := Host().New(context.Background(), filepath.Join(t.TempDir(), "shop"), seed())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Shop().Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return s
}

func seed() app.NewShop {
	n := app.NewShop{ShopName: text.T("start.seed.warehouse"), OwnerName: text.T("role.owner"), Password: Password, Names: map[string]string{}}
	for _, k := range []string{"warehouse", "cash", "wechat", "alipay", "bank"} {
		n.Names[k] = text.T("start.seed." + k)
	}
	return n
}

// Host is the program on a computer with a cheap keyring.
func Host() app.Host {
	return app.Host{Vault: store.Vault{Profile: keyring.ProfileForTests}, Clock: clock{Now}, Machine: "PC1", Version: "1.0.0"}
}

// Over opens a window over a shop that is open.
func Over(t testing.TB, s *app.Session, opts ...uitest.Option) *Rig {
	t.Helper()
	uitest.App(t, opts...)
	r := &Rig{Owner: s, Queue: &bg.Queue{}, timers: map[int]timer{}}
	r.Runner = bg.NewRunner(r.Queue.Dispatch, r.after)
	w := uitest.Show(t, fyne.CanvasObject(newBlank()), opts...)
	r.Window = w
	r.Env = &page.Env{
		Host: Host(), Session: s, Window: w.Win, Router: w.Router, Runner: r.Runner,
		Open:       func(to page.Route) { r.Opened = append(r.Opened, to) },
		Offers:     func(page.Route) bool { return true },
		Replace:    func(_ page.Page, to page.Route) { r.Opened = append(r.Opened, to) },
		Close:      func(p page.Page) { p.Leave(func() { r.Page = nil }) },
		Retitle:    func() {},
		Toast:      func(s string) { r.Toasts = append(r.Toasts, s) },
		Fail:       func(err error) { r.Failed = append(r.Failed, err) },
		PickFolder: func(_ string, chosen func(string)) { r.pick(chosen) },
		PickFile:   func(_ string, _ []string, chosen func(string)) { r.pick(chosen) },
		SaveFile: func(_, name string, chosen func(string)) {
			r.Saved = filepath.Join(t.TempDir(), name)
			chosen(r.Saved)
		},
		OpenFile: func(p string) { r.Files = append(r.Files, p) },
		Paper:    func(name string, _ []byte) { r.Papers = append(r.Papers, name) },
		SetLook:  func(l, m, s string) { r.Look = [3]string{l, m, s} },
		Lock:     func() { r.Locked = true }, Exit: func() { r.Locked = true }, LeaveShop: func() { r.Left = true },
	}
	r.Env.Confirmed = r.confirmed
	t.Cleanup(func() {
		if r.Page != nil {
			r.Page.Close()
		}
		r.Runner.Wait()
	})
	return r
}

func (r *Rig) pick(chosen func(string)) {
	if r.Pick != "" {
		chosen(r.Pick)
	}
}

// confirmed answers the gate's questions with the password everybody has.
func (r *Rig) confirmed(do func(context.Context, func(error))) {
	do(context.Background(), func(err error) {
		need, ok := app.IsStep(err)
		if !ok {
			if err != nil {
				r.Env.Fail(err)
			}
			return
		}
		r.Asked = append(r.Asked, need)
		ctx := app.WithPassword(context.Background(), Password)
		if need == access.Second {
			ctx = app.WithSecond(context.Background(), r.Owner.User().Name, Password)
		}
		do(ctx, func(err error) {
			if err != nil {
				r.Env.Fail(err)
			}
		})
	})
}

// after keeps timers until Tick.
func (r *Rig) after(d time.Duration, f func()) func() {
	r.mu.Lock()
	defer r.mu.Unlock()
	id := r.next
	r.next++
	at := Now
	if r.Window != nil {
		at = r.Window.Now
	}
	r.timers[id] = timer{at.Add(d), f}
	return func() {
		r.mu.Lock()
		delete(r.timers, id)
		r.mu.Unlock()
	}
}

// Tick lets time pass and fires the timers that come due.
func (r *Rig) Tick(d time.Duration) {
	r.Window.Now = r.Window.Now.Add(d)
	r.mu.Lock()
	var due []func()
	for id, t := range r.timers {
		if !t.due.After(r.Window.Now) {
			due = append(due, t.f)
			delete(r.timers, id)
		}
	}
	r.mu.Unlock()
	for _, f := range due {
		f()
	}
	r.Settle()
}

// Settle waits for all background work and what it brings.
func (r *Rig) Settle() { r.Queue.Settle(r.Runner) }

// As signs another person in, made with the role; the page in front goes.
func (r *Rig) As(name string, role access.RoleID) *app.Session {
	r.T.Helper()
	ctx := app.WithPassword(context.Background(), Password)
	owner, err := r.Owner.Shop().SignIn(ctx, r.Owner.User().Name, Password) // theirs ended with the last sign-in
	if err != nil {
		r.T.Fatal(err)
	}
	if _, err := app.Do(ctx, owner, app.AddUser{Name: name, Password: Password, Role: role}); err != nil {
		r.T.Fatal(err)
	}
	s, err := owner.Shop().SignIn(ctx, name, Password)
	if err != nil {
		r.T.Fatal(err)
	}
	r.Owner = owner
	r.Env.Session = s
	return s
}

// Show puts a page into the window as the shell does.
func (r *Rig) Show(p page.Page, err error) page.Page {
	r.T.Helper()
	if err != nil {
		r.T.Fatal(err)
	}
	if r.Page != nil {
		r.Page.Close()
	}
	r.Page = p
	r.Win.SetContent(p.Content())
	r.Router.ShowPage(p.Keys())
	r.Settle()
	p.Enter()
	r.Settle()
	return p
}

// Quiet fails the test when a page reported an error.
func (r *Rig) Quiet() {
	r.T.Helper()
	for _, err := range r.Failed {
		r.T.Errorf("the page reported: %v\n%s", err, text.Fault(err))
	}
	r.Failed = nil
}

// Last is the newest route asked for.
func (r *Rig) Last() page.Route {
	if len(r.Opened) == 0 {
		return page.Route{}
	}
	return r.Opened[len(r.Opened)-1]
}
