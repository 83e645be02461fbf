package screens

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tiezhang/app"
	"tiezhang/app/fault"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// stickRow asks where the key stick is; left empty, it is looked for.
type stickRow struct {
	env  *page.Env
	file string // the name of the file on it
	at   *control.Entry
	row  fyne.CanvasObject
}

func newStickRow(env *page.Env, file string) *stickRow {
	s := &stickRow{env: env, file: file, at: control.NewEntry()}
	s.at.SetPlaceHolder(text.T("me.stick.at.hint"))
	choose := control.NewButton(text.T("start.signin.stick.pick"), func() {
		env.PickFile(text.T("start.signin.stick"), nil, func(path string) { s.at.SetText(path) })
	})
	choose.Aside = true
	s.row = labelled("start.signin.stick", container.NewBorder(nil, nil, nil, choose, s.at))
	return s
}

// read gives what is on the stick. It looks at disks: not for the interface
// thread.
func (s *stickRow) read(at string) ([]byte, error) {
	if at != "" {
		return app.ReadKeyFile(at, s.file)
	}
	if b := s.env.Host.KeyFile(s.file); b != nil {
		return b, nil
	}
	return nil, fault.New("screens.stick", fault.NotFound, "signin.needs-stick", fault.Pairs("name", s.env.Session.User().Name))
}

// proofDialog asks a person for their own password, and for the stick of
// somebody who has one, and then does something that wants both.
type proofDialog struct {
	*control.Modal
	word  *control.Entry
	stick *stickRow // nil for who has none
	wrong *control.Words
	yes   *control.Button
}

const proofWidth = 460

// extra are fields of a proofDialog above the password. read is called on the
// interface thread before anything is done.
type extra struct {
	fields []fyne.CanvasObject
	first  fyne.Focusable
	read   func()
}

// prove opens it. do runs off the interface thread; done follows when it went
// well and the dialog has gone.
func prove[R any](p *sheetPage, f app.SignInFacts, title, words, yes string, more extra, do func(context.Context, app.Proof) (R, error), done func(app.Proof, R)) *proofDialog {
	d := &proofDialog{word: control.NewPassword(), wrong: control.NewWords(" ", proofWidth)}
	d.wrong.Color = theme.NameNegative
	box := vbox(control.NewWords(words, proofWidth))
	for _, o := range more.fields {
		box.Add(o)
	}
	box.Add(labelled("me.password.own", d.word))
	if f.KeyFile {
		d.stick = newStickRow(p.env, f.File)
		box.Add(d.stick.row)
	}
	box.Add(d.wrong)
	d.Modal = control.NewModal(title, box)
	d.CancelButton(text.T("ui.button.cancel"), nil)
	d.yes = d.DefaultButton(yes, func() {
		if d.yes.Disabled() {
			return
		}
		d.yes.Disable()
		d.wrong.SetText(text.T("start.signin.working"))
		if more.read != nil {
			more.read()
		}
		pw, at := app.Proof{Password: d.word.Text}, ""
		if d.stick != nil {
			at = strings.TrimSpace(d.stick.at.Text)
		}
		type answer struct {
			proof  app.Proof
			result R
		}
		p.env.Confirmed(func(ctx context.Context, told func(error)) {
			bg.Run(p.owner, func(work context.Context) (answer, error) {
				a := answer{proof: pw}
				var err error
				if d.stick != nil {
					if a.proof.KeyFile, err = d.stick.read(at); err != nil {
						return a, err
					}
				}
				a.result, err = do(page.Join(ctx, work), a.proof)
				return a, err
			}, func(a answer, err error) {
				d.yes.Enable()
				if _, step := app.IsStep(err); step {
					told(err)
					return
				}
				told(nil)
				if err != nil {
					d.again(err)
					return
				}
				d.Close()
				done(a.proof, a.result)
			})
		})
	})
	d.First = d.word
	if more.first != nil {
		d.First = more.first
	}
	d.Open(p.env.Window.Canvas())
	return d
}

// again tells what was wrong and puts the focus there.
func (d *proofDialog) again(err error) {
	d.wrong.SetText(text.Fault(err))
	d.Refresh()
	c := fyne.CurrentApp().Driver().CanvasForObject(d)
	if c == nil {
		return
	}
	if key := fault.KeyOf(err); d.stick != nil && (strings.HasPrefix(key, "keyfile.") || key == "signin.needs-stick" || key == "keyring.needs-key-file") {
		c.Focus(d.stick.at)
		return
	}
	if fault.KindOf(err) == fault.WrongKey || fault.KeyOf(err) == "keyring.password-empty" {
		c.Focus(d.word)
		d.word.SelectAll()
	}
}
