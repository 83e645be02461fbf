package listview

import (
	"context"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2/container"

	"tiezhang/app"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/text"
)

// askOut asks what the gate will want to know before a list leaves the program:
// why, and the password of the file. What cannot have a password leaves without
// the columns that would want one. A list without such columns is not asked about.
func (l *List) askOut(to app.Outlet, next func(c app.ExportReport, password string)) {
	q := l.query()
	bg.RunKey(l.owner, "out", func(ctx context.Context) (app.ExportWants, error) {
		return app.Ask(ctx, l.env.Session, app.ExportAsks{Query: q})
	}, func(w app.ExportWants, err error) {
		switch {
		case err != nil:
			l.env.Fail(err)
		case w.Sensitive && to == app.ToPDF:
			l.bareDialog(func() { next(app.ExportReport{Query: q, To: to, Bare: true}, "") })
		case w.Sensitive:
			l.outDialog(func(reason, password string) {
				next(app.ExportReport{Query: q, To: to, Reason: reason, Protected: password != ""}, password)
			})
		default:
			next(app.ExportReport{Query: q, To: to}, "")
		}
	})
}

// bareDialog says that the paper lacks some columns, and offers the workbook that
// has them all.
func (l *List) bareDialog(next func()) {
	m := control.NewModal(text.T("listview.bare.title"), control.NewWords(text.T("listview.bare.words"), outWidth))
	m.CancelButton(text.T("ui.button.cancel"), nil)
	m.Button(text.T("listview.bare.excel"), func() { m.Close(); l.excel() })
	m.DefaultButton(text.T("listview.bare.pdf"), func() { m.Close(); next() })
	m.Open(l.env.Window.Canvas())
}

const outWidth = 420

func (l *List) outDialog(next func(reason, password string)) {
	why, first, again := control.NewEntry(), control.NewPassword(), control.NewPassword()
	wrong := control.NewWords(" ", outWidth)
	wrong.Color = "tiezhangNegative"
	label := func(key string) *control.Words { return control.NewWords(text.T(key), outWidth) }
	why.SetPlaceHolder(text.T("listview.out.reason.hint"))
	box := container.NewVBox(control.NewWords(text.T("listview.out.lead"), outWidth), label("listview.out.reason"), why)
	box.Add(label("listview.out.password"))
	box.Add(first)
	box.Add(label("listview.out.again"))
	box.Add(again)
	box.Add(wrong)
	m := control.NewModal(text.T("listview.out.title"), box)
	m.EnterWalks = true
	m.First = why
	m.CancelButton(text.T("ui.button.cancel"), nil)
	m.DefaultButton(text.T("ui.button.ok"), func() {
		reason := strings.TrimSpace(why.Text)
		switch {
		case reason == "":
			wrong.SetText(text.T("export.reason", "max", 200))
		case utf8.RuneCountInString(first.Text) < app.ExportPasswordLeast:
			wrong.SetText(text.T("export.password", "least", app.ExportPasswordLeast))
		case first.Text != again.Text:
			wrong.SetText(text.T("start.password.differ"))
		default:
			m.Close()
			next(reason, first.Text)
			return
		}
		m.Refresh()
	})
	m.Open(l.env.Window.Canvas())
}
