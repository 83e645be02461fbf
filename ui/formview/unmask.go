package formview

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	ft "fyne.io/fyne/v2/theme"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// maskedHint stands under what is masked.
const maskedHint = "formview.masked.hint"

// personal prepares the field of a value with a right of its own, in a form of a
// row that is there or not yet. What is hidden is not on the form: no field. What
// is masked says that it can be written anew, and has the button that shows it
// for a while, for somebody who may. show names whose value that is.
func personal(env *page.Env, isNew bool, fd *field, right access.Field, show app.Unmask) []*field {
	sight := env.Session.Sees(right)
	if sight == access.Hidden {
		return nil
	}
	if isNew || sight == access.Shown || fd.get() == "" {
		return []*field{fd}
	}
	fd.hint = maskedHint
	if show.Field = right; env.Session.May(app.UnmaskRight(right)) {
		fd.unmask = &show
	}
	return []*field{fd}
}

// unmaskButton shows the whole value under its field, for a reason.
func (f *Form) unmaskButton(e *edit) *control.Button {
	env, c := f.env, *e.field.unmask
	return control.NewButton(text.T("formview.unmask"), func() {
		askWhy(env, text.T("formview.unmask."+string(c.Field)), func(reason string) {
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
					f.tell(e, unmaskedWords(u), ft.ColorNamePrimary)
					env.Runner.Later(app.UnmaskFor, func() {
						f.tell(e, text.T(e.field.hint), theme.NameMuted)
					})
				})
			})
		})
	}).WithIcon("search")
}

// tell puts other words where the hint stands; they may need another line.
func (f *Form) tell(e *edit, s string, color fyne.ThemeColorName) {
	e.hint.Color = color
	e.hint.SetText(s)
	f.root.Refresh()
}

func unmaskedWords(u app.Unmasked) string {
	key := "formview.unmask.said"
	if u.Address != "" {
		key += ".address"
	}
	return text.T(key, "value", u.Value, "address", u.Address, "seconds", int(app.UnmaskFor.Seconds()))
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
