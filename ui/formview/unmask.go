package formview

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
)

// personal prepares the field of a value with a right of its own, in a form of a
// row that is there or not yet. What is hidden is not on the form; what is masked
// says that it can be written anew, and has the button that shows it for a while
// below, for somebody who may. show names whose value that is.
func personal(env *page.Env, isNew bool, fd *field, right access.Field, show app.Unmask) []*field {
	sight := env.Session.Sees(right)
	if sight == access.Hidden {
		return nil
	}
	out := []*field{fd}
	if isNew || sight == access.Shown || fd.get() == "" {
		return out
	}
	fd.hint = "formview.masked.hint"
	show.Field = right
	if env.Session.May(app.UnmaskRight(right)) {
		out = append(out, unmask(env, show))
	}
	return out
}

// unmask is the field below a masked value that shows the whole one for a while,
// to somebody who may and says why.
func unmask(env *page.Env, c app.Unmask) *field {
	return &field{kind: other, wide: true, object: func(*Form) fyne.CanvasObject {
		words := control.NewWords(" ", 520) // its line is kept free, so that nothing jumps
		title := text.T("formview.unmask." + string(c.Field))
		eye := control.NewButton(title, func() {}).WithIcon("search")
		box := container.NewVBox(container.NewHBox(eye), words)
		eye.Run = func() {
			askWhy(env, title, func(reason string) {
				c := c
				c.Reason = reason
				env.Confirmed(func(ctx context.Context, done func(error)) {
					bg.Run(env.Runner.Owner(), func(work context.Context) (app.Unmasked, error) {
						return app.Do(page.Join(ctx, work), env.Session, c)
					}, func(u app.Unmasked, err error) {
						done(err)
						if err != nil {
							return
						}
						words.SetText(unmaskedWords(c.Field, u))
						env.Runner.Later(app.UnmaskFor, func() {
							words.SetText(" ")
						})
					})
				})
			})
		}
		return box
	}}
}

func unmaskedWords(f access.Field, u app.Unmasked) string {
	key := string(f)
	if u.Address != "" {
		key = "address"
	}
	return text.T("formview.unmask.said."+key, "value", u.Value, "address", u.Address, "seconds", int(app.UnmaskFor.Seconds()))
}

func askWhy(env *page.Env, title string, next func(reason string)) {
	const width = 380
	why := control.NewEntry()
	why.SetPlaceHolder(text.T("formview.unmask.hint"))
	wrong := control.NewWords(" ", width)
	wrong.Color = "tiezhangNegative"
	m := control.NewModal(title, container.NewVBox(control.NewWords(text.T("formview.unmask.lead"), width), why, wrong))
	m.First = why
	m.CancelButton(text.T("ui.button.cancel"), nil)
	m.DefaultButton(text.T("ui.button.ok"), func() {
		if why.Text == "" {
			wrong.SetText(text.T("unmask.reason", "max", 200))
			m.Refresh()
			return
		}
		m.Close()
		next(why.Text)
	})
	m.Open(env.Window.Canvas())
}
