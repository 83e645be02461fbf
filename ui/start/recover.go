package start

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"tiezhang/app"
	"tiezhang/app/fault"
	"tiezhang/app/pinyin"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/text"
)

// recovery is the way back in for an owner who forgot the password: the code of
// the recovery kit and a new password.
type recovery struct {
	*wizard
	dir      string
	shop     *app.Shop
	code     *control.Entry
	whose    *whose
	good     string // the code, once it has been found to be this shop's
	password *newPassword
	closed   bool // the open shop had to be closed; there is no going back into it
}

// NewRecover makes the wizard. An open shop must be closed for it, as the code
// opens its files, not its window; that is done only for a code that is good, or
// anybody at the lock screen could throw away what others have open.
func NewRecover(d *Deps, dir string, door app.Door, shop *app.Shop) Scene {
	r := &recovery{dir: dir, shop: shop, whose: newWhose()}
	r.wizard = newWizard(d, text.T("start.recover"), func() {
		d.Show(func() Scene {
			if shop != nil && !r.closed {
				return NewUnlock(d, shop, door.ShopName, "")
			}
			return NewSignIn(d, dir, door)
		})
	})
	r.password = newPasswordFields(true, func() []string { return []string{door.ShopName} })
	r.begin(
		&step{title: text.T("start.recover.title"), lead: text.T("start.recover.lead"), make: func() fyne.CanvasObject {
			r.code = control.NewNumber()
			r.code.SetPlaceHolder(text.T("start.code.example"))
			return container.New(layout.NewCustomPaddedVBoxLayout(10), field(text.T("start.code"), r.code, text.T("start.code.hint")))
		}, fields: func() []*control.Entry { return []*control.Entry{r.code} }, next: func(ok func()) {
			if strings.TrimSpace(r.code.Text) == "" {
				r.fail(fault.Bad("start.recover", "start.code.missing"))
				r.focus(r.code)
				return
			}
			r.verify(ok)
		}},
		&step{title: text.T("start.restore.password.title"), lead: text.T("start.restore.password.lead"),
			make: func() fyne.CanvasObject { return r.whose.over(r.password.content) }, fields: r.password.fields, next: r.run, label: text.T("start.restore.finish")},
	)
	return r
}

// verify looks whether the code is this shop's, and whom it may let in.
func (r *recovery) verify(ok func()) {
	dir, code := r.dir, strings.TrimSpace(r.code.Text)
	r.work(text.T("start.signin.working"))
	bg.Run(r.owner, func(context.Context) ([]string, error) { return r.d.Host.RecoverWho(dir, code) }, func(names []string, err error) {
		r.stop(err)
		if err != nil {
			r.focus(r.code)
			return
		}
		r.good = code
		r.whose.offer(names)
		ok()
	})
}

func (r *recovery) run(func()) {
	pw, err := r.password.check()
	if err != nil {
		r.fail(err)
		r.focus(r.password.blame(err))
		return
	}
	who, err := r.whose.chosen()
	if err != nil {
		r.fail(err)
		r.focus(r.whose.choice)
		return
	}
	dir, code := r.dir, r.good
	shop := r.shop
	if shop != nil && !r.closed {
		r.closed = true
		r.d.Closing()
	}
	r.work(text.T("start.new.working"))
	bg.Run(r.owner, func(ctx context.Context) (*app.Session, error) {
		if shop != nil {
			if err := shop.Close(ctx); err != nil {
				return nil, err
			}
		}
		return r.d.Host.Recover(ctx, dir, code, who, pw)
	}, func(s *app.Session, err error) {
		r.stop(err)
		if err != nil {
			if fault.KindOf(err) == fault.WrongKey || strings.HasPrefix(fault.KeyOf(err), "keyring.code") {
				r.show(0)
				r.fail(err)
				return
			}
			r.focus(r.password.blame(err))
			return
		}
		r.d.Entered(s)
	})
}

// Initials is what a name is found by when typed.
func Initials(name string) string { return pinyin.Initials(name) + " " + pinyin.Full(name) }
