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

// unmask is the field below a masked phone number that shows the whole one for a
// while, to somebody who may and says why.
func unmask(env *page.Env, party int64) *field {
	return &field{kind: other, wide: true, object: func(*Form) fyne.CanvasObject {
		words := control.NewWords(" ", 520) // its line is kept free, so that nothing jumps
		eye := control.NewButton(text.T("formview.unmask"), func() {}).WithIcon("search")
		box := container.NewVBox(container.NewHBox(eye), words)
		eye.Run = func() {
			askWhy(env, func(reason string) {
				c := app.Unmask{Party: party, Reason: reason}
				env.Confirmed(func(ctx context.Context, done func(error)) {
					bg.Run(env.Runner.Owner(), func(work context.Context) (app.Unmasked, error) {
						return app.Do(page.Join(ctx, work), env.Session, c)
					}, func(u app.Unmasked, err error) {
						done(err)
						if err != nil {
							return
						}
						words.SetText(text.T("formview.unmask.shown", "phone", u.Phone, "address", u.Address, "seconds", int(app.UnmaskFor.Seconds())))
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

// mayUnmask tells whether the eye is offered.
func mayUnmask(s *app.Session) bool {
	return s.Sees(access.FieldPhone) == access.Masked && s.May(access.PhoneUnmask)
}

func askWhy(env *page.Env, next func(reason string)) {
	const width = 380
	why := control.NewEntry()
	why.SetPlaceHolder(text.T("formview.unmask.hint"))
	wrong := control.NewWords(" ", width)
	wrong.Color = "tiezhangNegative"
	m := control.NewModal(text.T("formview.unmask"), container.NewVBox(control.NewWords(text.T("formview.unmask.lead"), width), why, wrong))
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
