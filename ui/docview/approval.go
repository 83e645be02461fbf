package docview

import (
	"context"
	"errors"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/text"
)

// wantsApproval: a rule of the owner wants somebody else's yes to this document.
func wantsApproval(err error) bool {
	var f *fault.Error
	return errors.As(err, &f) && f.Kind == fault.NeedsStep && f.Args["action"] == string(access.DocumentApprove)
}

// askApproval offers both ways: somebody who is here now, or sending it off and
// going on with something else.
func (p *Page) askApproval(now, dropped func()) {
	note := control.NewEntry()
	note.MinWidth = 420
	m := control.NewModal(text.T("docview.approval.title"), container.NewVBox(control.NewWords(text.T("docview.approval.words"), 420),
		widget.NewLabel(text.T("docview.approval.note")), note))
	m.First = note
	m.CancelButton(text.T("ui.button.cancel"), dropped)
	m.Button(text.T("docview.approval.now"), func() { m.Close(); now() })
	m.DefaultButton(text.T("docview.approval.send"), func() {
		m.Close()
		dropped()
		d := p.doc.Clone()
		d.Version = p.saver.Version()
		why := note.Text
		bg.Run(p.owner, func(ctx context.Context) (int64, error) {
			return app.Do(ctx, p.env.Session, app.AskApproval{Doc: d, Note: why})
		}, func(_ int64, err error) {
			if err != nil {
				p.env.Fail(err)
				return
			}
			p.posting = true // the question holds for what was kept: nothing is saved over it
			p.env.Toast(text.T("docview.approval.sent"))
			p.env.Close(p)
		})
	})
	m.Open(p.env.Window.Canvas())
}
