package start

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/printing"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/text"
)

// pending is between the door and the shop: the person is known, and must first
// choose a password of their own, a newer one, or a second factor.
type pending struct {
	*wizard
	in    *app.Session
	proof app.Proof
	dir   string
	door  app.Door
	was   *app.Shop // open before this sign-in

	password *newPassword
	secret   *control.Words
	picture  *fyne.Container
	code     *control.Entry
	done     bool
}

func newPending(d *Deps, in *app.Session, proof app.Proof, dir string, door app.Door, was *app.Shop) Scene {
	p := &pending{in: in, proof: proof, dir: dir, door: door, was: was}
	p.wizard = newWizard(d, text.T("start.pending"), p.GoAway)
	p.begin(p.next())
	p.readRules()
	return p
}

// Session lets the shell close the shop when the window goes.
func (p *pending) Session() *app.Session {
	if p.done {
		return nil
	}
	return p.in
}

// Unattended: whoever finds this could choose the password of somebody who has
// just been let in.
func (p *pending) Unattended() (*app.Session, time.Duration) {
	if p.busyNow {
		return nil, 0
	}
	return p.Session(), time.Duration(app.DefaultPolicy().IdleOwner) * time.Minute
}

// next is the sheet for what has to be done now.
func (p *pending) next() *step {
	if p.in.Pending() == app.ChooseFactor {
		return p.factorStep()
	}
	kind := string(p.in.Pending())
	p.password = newPasswordFields(p.in.Role().ID == access.Owner, func() []string { return []string{p.door.ShopName, p.in.User().Name} })
	return &step{title: text.T("start.pending." + kind), lead: text.T("start.pending." + kind + ".lead"), make: func() fyne.CanvasObject { return p.password.content },
		fields: p.password.fields, next: func(func()) { p.change() }, label: text.T("start.pending.change")}
}

// readRules holds the new password to the shop's own rules.
func (p *pending) readRules() {
	if p.password == nil {
		return
	}
	bg.RunKey(p.owner, "rules", func(ctx context.Context) (app.Policy, error) { return app.Ask(ctx, p.in, app.SignInPolicy{}) }, func(r app.Policy, err error) {
		if err == nil && p.password != nil {
			p.password.hold(r.Pack.Policy(p.in.Role().ID == access.Owner))
			p.root.Refresh()
		}
	})
}

func (p *pending) change() {
	pw, err := p.password.check()
	if err != nil {
		p.fail(err)
		p.focus(p.password.blame(err))
		return
	}
	c := app.ChangePassword{Old: p.proof.Password, New: pw, File: p.proof.KeyFile}
	p.work(text.T("start.new.working"))
	bg.Run(p.owner, func(ctx context.Context) (struct{}, error) { return app.Do(ctx, p.in, c) }, func(_ struct{}, err error) {
		p.stop(err)
		if err != nil {
			p.focus(p.password.first)
			return
		}
		p.proof.Password = pw
		p.goOnIn()
	})
}

// goOnIn goes into the shop, or on to what else must be done.
func (p *pending) goOnIn() {
	if p.in.Pending() != app.NothingPending {
		p.begin(p.next())
		return
	}
	p.done = true
	p.d.Entered(p.in)
}

// factorStep sets up the code of an authenticator app; a key stick is the other
// way.
func (p *pending) factorStep() *step {
	p.code = control.NewNumber()
	p.secret = words("")
	p.secret.Bold = true
	p.picture = container.NewCenter()
	s := &step{title: text.T("start.pending.factor"), lead: text.T("start.pending.factor.lead"), label: text.T("start.pending.factor.check"),
		make: func() fyne.CanvasObject {
			p.startCode()
			return container.New(layout.NewCustomPaddedVBoxLayout(10), p.picture, muted(text.T("start.pending.factor.type")), p.secret,
				field(text.T("start.signin.code"), p.code, text.T("start.signin.code.hint")))
		},
		fields: func() []*control.Entry { return []*control.Entry{p.code} }, next: func(func()) { p.confirmCode() },
		other: text.T("start.pending.factor.stick"), otherRun: p.makeStick}
	return s
}

func (p *pending) startCode() {
	c := app.StartTOTP{Password: p.proof.Password, File: p.proof.KeyFile}
	bg.RunKey(p.owner, "totp", func(ctx context.Context) (app.TOTPSetup, error) { return app.Do(ctx, p.in, c) }, func(t app.TOTPSetup, err error) {
		if err != nil {
			p.fail(err)
			return
		}
		p.secret.SetText(t.Secret)
		if img, err := printing.QR(t.URI, 4); err == nil {
			pic := canvas.NewImageFromImage(img)
			pic.FillMode = canvas.ImageFillContain
			pic.ScaleMode = canvas.ImageScalePixels
			pic.SetMinSize(fyne.NewSquareSize(190)) // at any text size: a phone reads it, and an error must fit below
			p.picture.Objects = []fyne.CanvasObject{pic}
		}
		p.root.Refresh()
	})
}

func (p *pending) confirmCode() {
	c := app.ConfirmTOTP{Password: p.proof.Password, File: p.proof.KeyFile, Code: p.code.Text}
	p.work(text.T("start.signin.working"))
	bg.Run(p.owner, func(ctx context.Context) (struct{}, error) { return app.Do(ctx, p.in, c) }, func(_ struct{}, err error) {
		p.stop(err)
		if err != nil {
			p.focus(p.code)
			return
		}
		p.goOnIn()
	})
}

func (p *pending) makeStick() {
	p.d.PickFolder(text.T("start.pending.factor.folder"), func(folder string) {
		c := app.MakeKeyFile{Password: p.proof.Password, File: p.proof.KeyFile, Folder: folder}
		p.work(text.T("start.signin.working"))
		bg.Run(p.owner, func(ctx context.Context) (string, error) { return app.Do(ctx, p.in, c) }, func(_ string, err error) {
			p.stop(err)
			if err == nil {
				p.goOnIn()
			}
		})
	})
}

// GoAway leaves the shop as it was before this sign-in.
func (p *pending) GoAway() {
	if p.done {
		return
	}
	p.done = true
	shop, was, name, user := p.in.Shop(), p.was, p.door.ShopName, p.in.User().Name
	bg.Run(p.d.Runner.Owner(), func(ctx context.Context) (struct{}, error) {
		if was != nil {
			shop.Lock(ctx)
			return struct{}{}, nil
		}
		return struct{}{}, shop.Close(ctx)
	}, func(_ struct{}, err error) {
		if err != nil {
			p.d.Fail(err)
		}
		p.d.Show(func() Scene {
			if was != nil {
				return NewUnlock(p.d, was, name, user)
			}
			door := p.door
			if !slices.Contains(door.Users, user) {
				door.Users = append(door.Users, user)
			}
			return NewSignIn(p.d, p.dir, door)
		})
	})
}
