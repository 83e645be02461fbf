package screens

import (
	"context"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
)

// giveDialog asks what is lent to whom.
type giveDialog struct {
	s           *sheetPage
	modal       *control.Modal
	who         *control.Choice
	what        [3]*control.Choice
	hours, uses *control.Entry
	why         *control.Entry
	wrong       *control.Words
}

const giveWidth = 440

func newGiveDialog(s *sheetPage, names []string, who string) *giveDialog {
	d := &giveDialog{s: s, who: control.NewChoice(nil, nil), hours: control.NewNumber(), uses: control.NewNumber(), why: control.NewEntry(), wrong: control.NewWords(" ", giveWidth)}
	var people []control.Option
	for _, n := range names {
		people = append(people, control.Option{Value: n, Text: n})
	}
	d.who.SetOptions(people)
	may := func(a access.Permission) bool { return app.MayBeLent(a) && s.env.Session.May(a) }
	for i := range d.what {
		none := ""
		if i > 0 {
			none = text.T("screens.lent.more")
		}
		d.what[i] = control.NewChoice(options(may, none), nil)
	}
	d.hours.SetText("24")
	d.uses.SetText("0")
	d.wrong.Color = "tiezhangNegative"
	label := func(key string) fyne.CanvasObject { return control.NewWords(text.T(key), giveWidth) }
	half := func(key string, e *control.Entry) fyne.CanvasObject {
		return container.NewVBox(control.NewWords(text.T(key), giveWidth/2-20), e)
	}
	m := control.NewModal(text.T("screens.lent.give"), container.NewVBox(label("screens.lent.who"), d.who, label("screens.lent.what"), d.what[0], d.what[1], d.what[2],
		container.NewGridWithColumns(2, half("screens.lent.hours", d.hours), half("screens.lent.uses", d.uses)),
		label("screens.lent.reason"), d.why, d.wrong))
	m.EnterWalks, m.First = true, d.who
	if who != "" {
		d.who.SetValue(who)
		m.First = d.what[0]
	}
	m.CancelButton(text.T("ui.button.cancel"), nil)
	m.DefaultButton(text.T("screens.lent.give"), d.send)
	d.modal = m
	return d
}

// send lends; what is refused is said in the dialog, where it is mended.
func (d *giveDialog) send() {
	c := app.Lend{To: d.who.Value(), Reason: d.why.Text}
	for _, w := range d.what {
		if w.Value() != "" {
			c.Actions = append(c.Actions, access.Permission(w.Value()))
		}
	}
	c.Hours, _ = strconv.Atoi(amount.Narrow(d.hours.Text)) // what is no number is 0, and refused as such
	n, err := strconv.Atoi(amount.Narrow(d.uses.Text))
	if err != nil {
		n = -1
	}
	c.Uses = n
	s := d.s
	s.env.Confirmed(func(ctx context.Context, done func(error)) {
		bg.Run(s.owner, func(work context.Context) (app.Lent, error) { return app.Do(page.Join(ctx, work), s.env.Session, c) }, func(l app.Lent, err error) {
			if _, step := app.IsStep(err); err != nil && !step {
				done(nil)
				d.wrong.SetText(text.Fault(err))
				d.modal.Refresh()
				return
			}
			done(err)
			if err == nil {
				d.modal.Close()
				s.env.Toast(text.T("screens.lent.given", "name", l.UserName))
			}
		})
	})
}
