package start

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"tiezhang/app"
	"tiezhang/app/fault"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/keys"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// signIn asks who is there and for the password: to open a closed shop, or,
// while the shop is open, to come back after a lock or to switch. What else a
// person needs, a code or a key stick, is asked for when it is needed.
type signIn struct {
	base
	dir  string
	door app.Door
	shop *app.Shop // nil while the shop is closed

	who   *control.Choice
	word  *control.Entry
	code  *control.Entry
	stick *control.Entry // where the key file is; "" looks for it on the sticks
	in    *control.Button

	codeRow, stickRow fyne.CanvasObject
}

// NewSignIn asks at the door of a closed shop.
func NewSignIn(d *Deps, dir string, door app.Door) Scene { return newSignIn(d, dir, door, nil, "") }

// NewUnlock asks while the shop is open; user is whom it was locked by. leave
// is not offered: behind this scene somebody's work is waiting.
func NewUnlock(d *Deps, shop *app.Shop, name string, user string) Scene {
	door, err := d.Host.Vault.Look(shop.Dir())
	if err != nil {
		door.Users = []string{user} // whoever locked it can come back
	}
	door.ShopName = name
	return newSignIn(d, shop.Dir(), door, shop, user)
}

func newSignIn(d *Deps, dir string, door app.Door, shop *app.Shop, user string) Scene {
	s := &signIn{base: newBase(d), dir: dir, door: door, shop: shop, word: control.NewPassword(), code: control.NewNumber(), stick: control.NewEntry()}
	options := make([]control.Option, len(door.Users))
	for i, u := range door.Users {
		options[i] = control.Option{Value: u, Text: u, Search: Initials(u)}
	}
	s.who = control.NewChoice(options, func(string) { s.another(); s.focus(s.word) })
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
	s.code.OnEnter = s.word.OnEnter
	s.stick.OnEnter = s.word.OnEnter
	s.in = control.NewPrimary(text.T("start.signin.in"), s.try).WithKey("Enter")

	title := door.ShopName
	if title == "" {
		title = text.T("start.signin")
	}
	lead := text.T("start.signin.lead")
	if shop != nil {
		lead = text.T("start.signin.locked")
	}
	choose := control.NewButton(text.T("start.signin.stick.pick"), s.pickStick)
	choose.Aside = true
	s.codeRow = field(text.T("start.signin.code"), s.code, text.T("start.signin.code.hint"))
	s.stickRow = field(text.T("start.signin.stick"), container.NewBorder(nil, nil, nil, choose, s.stick), text.T("start.signin.stick.hint"))
	forgot := control.NewButton(text.T("start.signin.forgot"), s.recover).WithLook(control.Quiet)
	box := container.New(layout.NewCustomPaddedVBoxLayout(10), heading(title), muted(lead), gap(2),
		field(text.T("start.signin.who"), s.who, ""), field(text.T("start.signin.password"), s.word, ""), s.stickRow, s.codeRow,
		s.wrong, s.busy, gap(2), row(forgot, s.in))
	foot := row(nil, lookButtons(d)...)
	if shop == nil {
		other := control.NewButton(text.T("start.signin.other"), s.leave).WithKey("Esc").WithLook(control.Quiet)
		foot = row(other, lookButtons(d)...)
		s.scope.On(keys.Escape, "signin.other", "start.signin.other", s.leave)
	}
	s.another()
	s.root.Objects = []fyne.CanvasObject{container.NewBorder(nil, container.New(layout.NewCustomPaddedLayout(4, 12, 16, 16), foot), nil, nil, card(box))}
	return s
}

// another person: what the one before was asked for is put away.
func (s *signIn) another() {
	s.code.SetText("")
	s.codeRow.Hide()
	if s.door.KeyFiles[s.who.Value()] == "" {
		s.stick.SetText("")
		s.stickRow.Hide()
	} else {
		s.stickRow.Show()
	}
	s.fail(nil)
}

func (s *signIn) leave() {
	s.d.Show(func() Scene { return NewWelcome(s.d) })
}

func (s *signIn) pickStick() {
	s.d.PickFile(text.T("start.signin.stick"), nil, func(path string) {
		s.stick.SetText(path)
		s.focus(s.word)
	})
}

func (s *signIn) try() {
	if s.in.Disabled() {
		return
	}
	user := s.who.Value()
	p := app.Proof{Password: s.word.Text, Code: s.code.Text}
	file, at := s.door.KeyFiles[user], strings.TrimSpace(s.stick.Text)
	s.fail(nil)
	s.in.Disable()
	s.working(text.T("start.signin.working"))
	bg.RunKey(s.owner, "in", func(ctx context.Context) (*app.Session, error) {
		var err error
		if at != "" {
			if p.KeyFile, err = app.ReadKeyFile(at, file); err != nil {
				return nil, err
			}
		} else {
			p.KeyFile = s.d.Host.KeyFile(file)
		}
		if s.shop != nil {
			return s.shop.Enter(ctx, user, p)
		}
		return s.d.Host.Enter(ctx, s.dir, user, p)
	}, func(in *app.Session, err error) {
		s.in.Enable()
		s.working("")
		if err != nil {
			s.again(err)
			return
		}
		s.word.SetText("")
		s.code.SetText("")
		if in.Pending() != app.NothingPending {
			s.d.Show(func() Scene { return newPending(s.d, in, p, s.dir, s.door, s.shop) })
			return
		}
		s.d.Entered(in)
	})
}

// again asks once more, for what was missing or wrong.
func (s *signIn) again(err error) {
	s.wrong.Color = theme.NameNegative
	if fault.KindOf(err) == fault.NeedsStep { // nothing is wrong so far
		s.wrong.Color = theme.NameInfo
	}
	s.fail(err)
	if fault.KeyOf(err) == "keyring.wrong-password" && s.door.KeyFiles[s.who.Value()] != "" {
		// Password and stick open the door together: nobody can tell which is wrong.
		s.wrong.SetText(text.Fault(err) + "\n" + text.T("start.signin.stick.maybe"))
		s.root.Refresh()
	}
	switch key := fault.KeyOf(err); {
	case key == "signin.needs-code", strings.HasPrefix(key, "totp."):
		s.codeRow.Show()
		s.code.SelectAll()
		s.root.Refresh()
		s.focus(s.code)
	case key == "keyring.needs-key-file", strings.HasPrefix(key, "keyfile."):
		s.stickRow.Show()
		s.root.Refresh()
		s.focus(s.stick)
	default:
		s.word.SelectAll()
		s.focus(s.word)
	}
}

// recover leads to the way in with the recovery code.
func (s *signIn) recover() {
	dir, door, shop := s.dir, s.door, s.shop
	s.d.Show(func() Scene { return NewRecover(s.d, dir, door, shop) })
}
