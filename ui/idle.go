package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/page"
)

// idleWatch knows when the window was last worked with. Fyne tells nobody of
// all keys, so each look compares where the focus is and what is typed there;
// what passes the gate tells itself through the session.
type idleWatch struct {
	last   time.Time
	looked time.Time // the look before
	policy app.Policy
	role   access.RoleID
	focus  fyne.Focusable
	typed  string
	stop   func()
}

// idleLook is how often the shell looks. When far more time has passed between
// two looks the computer was asleep, or its clock was changed: either way nobody
// knows who sits there now.
const (
	idleLook  = 5 * time.Second
	idleSleep = idleLook + 40*time.Second
)

func (w *idleWatch) touch(now time.Time) { w.last = wall(now) }

func (w *idleWatch) start(now time.Time, r access.RoleID) {
	w.last, w.looked, w.role, w.policy = wall(now), wall(now), r, app.DefaultPolicy()
}

// wall takes the monotonic reading off a time: on some systems it stands still
// while the computer sleeps, and the time asleep would not count.
func wall(t time.Time) time.Time { return t.Round(0) }

// watchIdle looks now and then whether the window must be locked.
func (s *Shell) watchIdle() {
	w := &s.idle
	if w.stop != nil {
		w.stop()
	}
	w.stop = s.o.Runner.Later(idleLook, func() {
		if s.closed {
			return
		}
		if s.space != nil {
			s.lookIdle()
		} else {
			s.lookScene()
		}
		s.watchIdle()
	})
}

// unattended is a scene of package start with somebody signed in behind it.
type unattended interface {
	// Unattended gives who is signed in, nil for nobody or while work goes on, and
	// how long they may leave the window alone.
	Unattended() (in *app.Session, after time.Duration)
	// GoAway leaves it: the shop is locked or closed.
	GoAway()
}

// lookScene does for such a scene what lookIdle does for a workspace: there too
// sits somebody who may have gone, with a password to be chosen or the recovery
// code on the screen.
func (s *Shell) lookScene() {
	w := &s.idle
	now := wall(s.now())
	since := now.Sub(w.looked)
	w.looked = now
	held, ok := s.scene.(unattended)
	if !ok {
		return
	}
	in, after := held.Unattended()
	if in == nil {
		w.last = now
		return
	}
	s.worked(now)
	if since >= idleSleep || since < -idleSleep || now.Sub(w.last) >= after {
		held.GoAway()
	}
}

// worked tells whether something was typed, or another field gone to, since the
// last look.
func (s *Shell) worked(now time.Time) bool {
	w := &s.idle
	f, typed := s.win.Canvas().Focused(), ""
	switch e := f.(type) {
	case *control.Entry:
		typed = e.Text
	case *control.DateField:
		typed = e.Text
	}
	if f == w.focus && typed == w.typed {
		return false
	}
	w.focus, w.typed, w.last = f, typed, now
	return true
}

// readIdle learns how long the window may be left alone in this shop.
func (s *Shell) readIdle() {
	sp := s.space
	bg.RunKey(s.owner, "idle", func(ctx context.Context) (app.Policy, error) {
		return app.Ask(ctx, sp.env.Session, app.SignInPolicy{})
	}, func(p app.Policy, err error) {
		if err == nil && s.space == sp {
			s.idle.policy = p
		}
	})
}

// lookIdle locks when nothing happened for too long, or when the computer slept.
func (s *Shell) lookIdle() {
	w := &s.idle
	now := wall(s.now())
	since := now.Sub(w.looked)
	w.looked = now
	if since >= idleSleep || since < -idleSleep {
		s.lock()
		return
	}
	s.worked(now)
	if used := wall(s.space.env.Session.LastUsed()); used.After(w.last) {
		w.last = used
	}
	if now.Sub(w.last) >= w.policy.IdleFor(w.role, s.space.atTill()) {
		s.lock()
	}
}

// atTill: the till is in front.
func (sp *workspace) atTill() bool {
	return sp.front < len(sp.tabs) && sp.tabs[sp.front].page.Route().Screen == page.Till
}
