package ui

import (
	"time"

	"fyne.io/fyne/v2"

	"tiezhang/app/access"
	"tiezhang/ui/control"
)

// idleWatch knows when the window was last worked with. Fyne tells nobody of
// all keys, so each look compares where the focus is and what is typed there;
// what passes the gate tells itself through the session.
type idleWatch struct {
	last  time.Time
	limit time.Duration
	focus fyne.Focusable
	typed string
	stop  func()
}

// idleLimit is how long each role may be away before the window locks: the
// till is watched by its cashier, the owner's rights open everything.
func idleLimit(r access.RoleID) time.Duration {
	switch r {
	case access.Cashier:
		return 10 * time.Minute
	case access.Owner:
		return 3 * time.Minute
	}
	return 5 * time.Minute
}

// idleLook is how often the shell looks.
const idleLook = 5 * time.Second

func (w *idleWatch) touch(now time.Time) { w.last = now }

func (w *idleWatch) start(now time.Time, r access.RoleID) {
	w.last, w.limit = now, idleLimit(r)
}

// watchIdle looks now and then whether the window must be locked.
func (s *Shell) watchIdle() {
	w := &s.idle
	if w.stop != nil {
		w.stop()
	}
	w.stop = s.o.Runner.Later(idleLook, func() {
		if s.closed || s.space == nil {
			return
		}
		s.lookIdle()
		if s.space != nil {
			s.watchIdle()
		}
	})
}

// lookIdle locks when nothing happened for too long.
func (s *Shell) lookIdle() {
	w := &s.idle
	f, typed := s.win.Canvas().Focused(), ""
	switch e := f.(type) {
	case *control.Entry:
		typed = e.Text
	case *control.DateField:
		typed = e.Text
	}
	if f != w.focus || typed != w.typed {
		w.focus, w.typed = f, typed
		w.last = s.now()
	}
	if used := s.space.env.Session.LastUsed(); used.After(w.last) {
		w.last = used
	}
	if s.now().Sub(w.last) >= w.limit {
		s.lock()
	}
}
