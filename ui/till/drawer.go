package till

import (
	"context"

	"fyne.io/fyne/v2/container"

	"tiezhang/app"
	"tiezhang/app/fault"
	"tiezhang/app/printing"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// openDrawer opens the cash drawer without a sale: with a right, a reason and an
// entry in the log before anything moves.
func (t *Page) openDrawer() {
	path := device()
	if path == "" {
		t.wrong(text.T("till.drawer.none", "key", t.key("device")))
		return
	}
	e := control.NewEntry()
	e.MinWidth = 340
	e.SetText(text.T("till.drawer.change"))
	wrong := control.NewWords("", 380)
	wrong.Color = theme.NameNegative
	m := control.NewModal(text.T("till.drawer.title"), container.NewVBox(control.NewWords(text.T("till.drawer.words"), 380), e, wrong))
	m.First = e
	m.CancelButton(text.T("ui.button.cancel"), nil)
	m.DefaultButton(text.T("till.drawer.open"), func() {
		c, key := app.OpenDrawer{Reason: e.Text}, t.key("print")
		t.env.Confirmed(func(ctx context.Context, done func(error)) {
			bg.Run(t.owner, func(context.Context) (struct{}, error) {
				if _, err := app.Do(ctx, t.env.Session, c); err != nil {
					return struct{}{}, err
				}
				return struct{}{}, send(path, key, printing.KickDrawer())
			}, func(_ struct{}, err error) {
				if fault.KindOf(err) == fault.Invalid && err != nil {
					wrong.SetText(text.Fault(err))
					err = nil
				} else if err == nil {
					m.Close()
					t.say(text.T("till.drawer.opened"), false)
				}
				done(err)
			})
		})
	})
	m.OnClosed = t.Enter
	m.Open(t.env.Window.Canvas())
}
