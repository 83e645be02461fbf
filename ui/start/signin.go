package start

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"tiezhang/app"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/keys"
	"tiezhang/ui/text"
)

// signIn asks who is there and for the password: to open a closed shop, or,
// while the shop is open, to come back after a lock or to switch.
type signIn struct {
	base
	dir  string
	door app.Door
	shop *app.Shop // nil while the shop is closed

	who  *control.Choice
	word *control.Entry
	in   *control.Button
}

// NewSignIn asks at the door of a closed shop.
func NewSignIn(d *Deps, dir string, door app.Door) Scene { return newSignIn(d, dir, door, nil, "") }

// NewUnlock asks while the shop is open; user is whom it was locked by. leave
// is not offered: behind this scene somebody's work is waiting.
func NewUnlock(d *Deps, shop *app.Shop, name string, user string) Scene {
	return newSignIn(d, shop.Dir(), app.Door{ShopName: name, Users: shop.Names()}, shop, user)
}

func newSignIn(d *Deps, dir string, door app.Door, shop *app.Shop, user string) Scene {
	s := &signIn{base: newBase(d), dir: dir, door: door, shop: shop, word: control.NewPassword()}
	options := make([]control.Option, len(door.Users))
	for i, u := range door.Users {
		options[i] = control.Option{Value: u, Text: u, Search: Initials(u)}
	}
	s.who = control.NewChoice(options, func(string) { s.focus(s.word) })
	if user == "" {
		for _, k := range d.Recent() {
			if k.Folder == dir {
				user = k.User
			}
		}
	}
	if !slices.Contains(door.Users, user) && len(door.Users) > 0 {
		user = door.Users[0]
	}
	s.who.SetValue(user)
	s.first = s.word
	s.word.OnEnter = func() bool { s.try(); return true }
	s.in = control.NewPrimary(text.T("start.signin.in"), s.try).WithKey("Enter")

	title := door.ShopName
	if title == "" {
		title = text.T("start.signin")
	}
	lead := text.T("start.signin.lead")
	if shop != nil {
		lead = text.T("start.signin.locked")
	}
	forgot := control.NewButton(text.T("start.signin.forgot"), s.recover).WithLook(control.Quiet)
	box := container.New(layout.NewCustomPaddedVBoxLayout(10), heading(title), muted(lead), gap(2),
		field(text.T("start.signin.who"), s.who, ""), field(text.T("start.password"), s.word, ""),
		s.wrong, s.busy, gap(2), row(forgot, s.in))
	foot := row(nil, lookButtons(d)...)
	if shop == nil {
		other := control.NewButton(text.T("start.signin.other"), s.leave).WithKey("Esc").WithLook(control.Quiet)
		foot = row(other, lookButtons(d)...)
		s.scope.On(keys.Escape, "signin.other", "start.signin.other", s.leave)
	}
	s.root.Objects = []fyne.CanvasObject{container.NewBorder(nil, container.New(layout.NewCustomPaddedLayout(4, 12, 16, 16), foot), nil, nil, card(box))}
	return s
}

func (s *signIn) leave() {
	s.d.Show(func() Scene { return NewWelcome(s.d) })
}

func (s *signIn) try() {
	if s.in.Disabled() {
		return
	}
	user, pw := s.who.Value(), s.word.Text
	s.fail(nil)
	s.in.Disable()
	s.working(text.T("start.signin.working"))
	bg.RunKey(s.owner, "in", func(ctx context.Context) (*app.Session, error) {
		if s.shop != nil {
			return s.shop.SignIn(ctx, user, pw)
		}
		return s.d.Host.Open(ctx, s.dir, user, pw)
	}, func(in *app.Session, err error) {
		s.in.Enable()
		s.working("")
		if err != nil {
			s.fail(err)
			s.word.SelectAll()
			s.focus(s.word)
			return
		}
		s.word.SetText("")
		s.d.Entered(in)
	})
}

// recover leads to the way in with the recovery code.
func (s *signIn) recover() {
	dir, door, shop := s.dir, s.door, s.shop
	s.d.Show(func() Scene { return NewRecover(s.d, dir, door, shop) })
}
