package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
)

// readAlarm shows, above every page, that somebody signed in in an unusual way,
// to whoever may look after accounts, until it has been seen.
func (sp *workspace) readAlarm() {
	if !sp.env.Session.May(access.UserEdit) {
		return
	}
	in := sp.env.Session
	bg.RunKey(sp.s.owner, "alarm", func(ctx context.Context) (app.Reminders, error) { return app.Ask(ctx, in, app.SignInReminders{}) }, func(r app.Reminders, err error) {
		if err != nil || sp.env.Session != in {
			return
		}
		sp.alarm.Objects = nil
		if r.Unusual > 0 {
			level := control.Warn
			if r.High {
				level = control.Bad
			}
			banner := control.NewBanner(level, text.T("shell.alarm", "count", r.Unusual), text.T("shell.alarm.look"), func() {
				sp.open(page.Route{Screen: page.Security, Kind: "signins"})
			})
			sp.alarm.Objects = []fyne.CanvasObject{container.New(layout.NewCustomPaddedLayout(4, 4, 10, 10), banner)}
		}
		sp.alarm.Refresh()
		sp.content.Refresh()
	})
}
