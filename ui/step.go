package ui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
)

// printed stands for a printed approval code among the names of colleagues; no
// name begins with a space.
const printed = " code"

// stepDialog asks for the own password, for a second person's or a printed code,
// or for the number of what something is done to.
type stepDialog struct {
	*control.Modal
	need  access.Confirm
	word  *control.Entry // password
	typed *control.Entry // code or number
	phone *control.Entry // the code on the second person's phone, once it is wanted
	digit *control.Words // says so
	focus func(fyne.Focusable)
	wrong *control.Words
	yes   *control.Button
}

func (d *stepDialog) again(err error) {
	d.yes.Enable()
	d.wrong.SetText(text.Fault(err))
	if fault.KeyOf(err) == "gate.second-code" {
		d.digit.Show()
		d.phone.Show()
	}
	d.Refresh()
	if key := fault.KeyOf(err); key == "gate.second-code" || strings.HasPrefix(key, "totp.") {
		d.focus(d.phone)
		d.phone.SelectAll()
		return
	}
	if d.typed.Visible() {
		d.typed.SelectAll()
		return
	}
	d.word.SelectAll()
}

func (s *Shell) askStep(e *page.Env, asks error, ctx context.Context, run func(context.Context, *stepDialog)) {
	need, _ := app.IsStep(asks)
	const width = 380
	d := &stepDialog{need: need, word: control.NewPassword(), typed: control.NewEntry(), wrong: control.NewWords(" ", width),
		phone: control.NewNumber(), digit: control.NewWords(text.T("shell.step.phone"), width)}
	d.phone.Hide()
	d.digit.Hide()
	d.focus = s.win.Canvas().Focus
	d.wrong.Color = "tiezhangNegative"
	own := e.Session.User().Name
	who := control.NewChoice(nil, nil)
	label := control.NewWords(text.T("start.password"), width)
	box := container.NewVBox()
	title := text.T("shell.step.password")
	first := fyne.Focusable(d.word)
	d.typed.Hide()
	switch need {
	case access.Second:
		title = text.T("shell.step.second")
		box.Add(control.NewWords(text.T("shell.step.second.lead", "user", own), width))
		hint := control.NewWords(text.T("shell.step.code.lead"), width)
		hint.Color = "tiezhangMuted"
		box.Add(hint)
		who.OnChanged = func(v string) {
			if v == printed {
				d.word.Hide()
				d.typed.Show()
				label.SetText(text.T("shell.step.code"))
			} else {
				d.typed.Hide()
				d.word.Show()
				label.SetText(text.T("start.password"))
			}
			d.phone.SetText("")
			d.phone.Hide() // another person, who may have none
			d.digit.Hide()
			d.wrong.SetText(" ")
			box.Refresh() // one field took the other's place
			d.Refresh()
		}
		box.Add(who)
		shop := e.Session.Shop()
		bg.Run(s.owner, func(context.Context) ([]string, error) { return shop.Names(), nil }, func(names []string, _ error) {
			var os []control.Option
			for _, n := range names {
				if n != own {
					os = append(os, control.Option{Value: n, Text: n})
				}
			}
			who.SetOptions(append(os, control.Option{Value: printed, Text: text.T("shell.step.code.option")}))
			if len(os) > 0 {
				who.SetValue(os[0].Value)
			} else {
				who.SetValue(printed)
				who.OnChanged(printed)
			}
		})
	case access.Typed:
		title = text.T("shell.step.type")
		label.SetText(text.Fault(asks))
		d.word.Hide()
		d.typed.Show()
		first = d.typed
	default:
		box.Add(control.NewWords(text.T("shell.step.password.lead", "user", own), width))
	}
	box.Add(label)
	box.Add(d.word)
	box.Add(d.typed)
	box.Add(d.digit)
	box.Add(d.phone)
	box.Add(d.wrong)
	d.Modal = control.NewModal(title, box)
	d.CancelButton(text.T("ui.button.cancel"), nil)
	d.yes = d.DefaultButton(text.T("ui.button.ok"), func() {
		d.yes.Disable()
		d.wrong.SetText(" ")
		next := app.WithPassword(ctx, d.word.Text)
		switch {
		case need == access.Second && who.Value() == printed:
			next = app.WithCode(ctx, strings.TrimSpace(d.typed.Text))
		case need == access.Second:
			next = app.WithCode(app.WithSecondCode(app.WithSecond(ctx, who.Value(), d.word.Text), d.phone.Text), "")
		case need == access.Typed:
			next = app.WithTyped(ctx, d.typed.Text)
		}
		run(next, d)
	})
	d.First = first
	d.Open(s.win.Canvas())
}
