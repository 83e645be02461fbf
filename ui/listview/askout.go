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
// why, and for a file the password it gets. A list without anything sensitive is
// not asked about.
func (l *List) askOut(paper bool, next func(reason, password string)) {
	q := l.query()
	bg.RunKey(l.owner, "out", func(ctx context.Context) (app.ExportWants, error) {
		return app.Ask(ctx, l.env.Session, app.ExportAsks{Query: q})
	}, func(w app.ExportWants, err error) {
		switch {
		case err != nil:
			l.env.Fail(err)
		case w.Sensitive:
			l.outDialog(paper, next)
		default:
			next("", "")
		}
	})
}

func (l *List) outDialog(paper bool, next func(reason, password string)) {
	const width = 420
	why, first, again := control.NewEntry(), control.NewPassword(), control.NewPassword()
	wrong := control.NewWords(" ", width)
	wrong.Color = "tiezhangNegative"
	label := func(key string) *control.Words { return control.NewWords(text.T(key), width) }
	why.SetPlaceHolder(text.T("listview.out.reason.hint"))
	box := container.NewVBox(control.NewWords(text.T("listview.out.lead"), width), label("listview.out.reason"), why)
	if !paper {
		box.Add(label("listview.out.password"))
		box.Add(first)
		box.Add(label("listview.out.again"))
		box.Add(again)
	}
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
		case !paper && utf8.RuneCountInString(first.Text) < app.ExportPasswordLeast:
			wrong.SetText(text.T("export.password", "least", app.ExportPasswordLeast))
		case !paper && first.Text != again.Text:
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
