package ui

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	ft "fyne.io/fyne/v2/theme"

	"tiezhang/app"
	"tiezhang/app/fault"
	"tiezhang/ui/control"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
)

func (s *Shell) now() time.Time { return s.o.Host.Clock.Now() }

// newEnv is what pages may ask of the shell; a workspace adds what concerns
// its tabs.
func (s *Shell) newEnv(in *app.Session) *page.Env {
	e := &page.Env{Host: s.o.Host, Session: in, Window: s.win, Router: s.router, Runner: s.o.Runner,
		Toast: func(words string) { s.toasts.Show(control.Good, words) }, Fail: s.fail,
		PickFolder: s.pickFolder, PickFile: s.pickFile, SaveFile: s.saveFile, OpenFile: s.openFile, Paper: s.paper,
		SetLook: s.setLook, Lock: s.lock, Exit: s.Exit, LeaveShop: s.leaveShop}
	if in != nil && !in.Viewing() {
		e.SeeAs = s.seeAs
	}
	e.Confirmed = func(do func(context.Context, func(error))) { s.confirmed(e, do) }
	return e
}

// fail shows an error: a line for what the person can mend at once, a dialog
// for what must be read.
func (s *Shell) fail(err error) {
	if err == nil {
		return
	}
	switch fault.KindOf(err) {
	case fault.Canceled:
		s.toasts.Show(control.Info, text.Fault(err))
	case fault.Invalid, fault.Denied, fault.NotFound, fault.Conflict, fault.Closed, fault.WrongKey:
		// A toast is one line: what does not fit must not be cut.
		words := text.Fault(err)
		if w := fyne.MeasureText(words, ft.TextSize(), fyne.TextStyle{}).Width; w < s.win.Canvas().Size().Width*0.8 && !strings.Contains(words, "\n") {
			s.toasts.Show(control.Bad, words)
			return
		}
		control.Fault(s.win.Canvas(), text.T("shell.fault"), err, nil)
	default:
		if fault.KindOf(err) == fault.Internal {
			fyne.LogError("internal", err) // with its cause, for support
		}
		control.Fault(s.win.Canvas(), text.T("shell.fault"), err, nil)
	}
}

// confirmed runs do, and once more with the proof the gate asked for.
func (s *Shell) confirmed(e *page.Env, do func(context.Context, func(error))) {
	var run func(ctx context.Context, asked *stepDialog)
	run = func(ctx context.Context, asked *stepDialog) {
		do(ctx, func(err error) {
			need, step := app.IsStep(err)
			switch {
			case step && (asked == nil || asked.need != need):
				if asked != nil {
					asked.Close()
				}
				s.askStep(e, err, ctx, run)
			case asked != nil && err != nil && stays(err):
				asked.again(err)
			default:
				if asked != nil {
					asked.Close()
				}
				if err != nil {
					s.fail(err)
				}
			}
		})
	}
	run(context.Background(), nil)
}

// stays tells whether an error is about the proof, so that the dialog asks
// again.
func stays(err error) bool {
	switch fault.KeyOf(err) {
	case "keyring.wrong-password", "gate.self-approval", "gate.second-code", "gate.approver-right", "gate.approver-pending", "gate.code", "gate.code-used", "gate.code-over", "gate.code-action", "gate.code-amount":
		return true
	}
	return fault.KindOf(err) == fault.WrongKey
}

// openFile shows a file in the system's own program.
func (s *Shell) openFile(path string) {
	if err := openPath(path); err != nil {
		s.toasts.Show(control.Warn, text.T("shell.open-file", "file", path))
	}
}
