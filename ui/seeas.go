package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"tiezhang/app"
	"tiezhang/ui/control"
	"tiezhang/ui/formview"
	"tiezhang/ui/text"
)

// seeAs shows the window as a role would see it, over the person's own pages,
// until it is left. Nothing can be changed in there.
func (s *Shell) seeAs(in *app.Session) {
	own := s.space
	if own == nil || own.own != nil {
		return
	}
	sp := s.newSpace(in)
	sp.own = own
	leave := control.NewPrimary(text.T("shell.view.leave"), s.endView).WithKey("F12")
	name := formview.RoleName(in.Role())
	sp.corner.Objects = []fyne.CanvasObject{container.New(layout.NewCustomPaddedLayout(0, 0, 12, 4), leave)}
	sp.alarm.Objects = []fyne.CanvasObject{control.NewBanner(control.Warn, text.T("shell.view.banner", "role", name), "", nil)}
	s.space = sp
	s.fill(sp.content)
	sp.bringFront()
}

// endView goes back to the person's own pages.
func (s *Shell) endView() {
	sp := s.space
	if sp == nil || sp.own == nil {
		return
	}
	s.space = sp.own
	sp.close()
	s.fill(s.space.content)
	s.space.bringFront()
	s.space.status.reload() // what was looked at was written down meanwhile
}
