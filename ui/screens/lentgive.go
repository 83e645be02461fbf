package screens

import (
	"context"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/fault"
	"tiezhang/app/pinyin"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
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
	roles       map[string]access.Role // of the people, by name
}

// lendTo is somebody who can be lent something.
type lendTo struct {
	name string
	role access.RoleID
}

const giveWidth = 440

func newGiveDialog(s *sheetPage, to []lendTo, roles []access.Role, who string) *giveDialog {
	d := &giveDialog{s: s, roles: map[string]access.Role{}, who: control.NewChoice(nil, nil), hours: control.NewNumber(), uses: control.NewNumber(), why: control.NewEntry(), wrong: control.NewWords(" ", giveWidth)}
	var people []control.Option
	for _, p := range to {
		people = append(people, control.Option{Value: p.name, Text: p.name, Search: pinyin.Initials(p.name)})
		for _, r := range roles {
			if r.ID == p.role {
				d.roles[p.name] = r
			}
		}
	}
	d.who.SetOptions(people)
	d.who.OnChanged = func(string) { d.look() }
	may := func(a access.Permission) bool { return app.MayBeLent(a) && s.env.Session.May(a) }
	for i := range d.what {
		none := ""
		if i > 0 {
			none = text.T("screens.lent.more")
		}
		d.what[i] = control.NewChoice(options(may, none), func(string) { d.look() })
	}
	d.hours.SetText("24")
	d.uses.SetText("0")
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

// look says when something is chosen that the person's role gives anyway: lending
// it would change nothing, least of all the second person's yes.
func (d *giveDialog) look() {
	d.say("", theme.NameWarning)
	role, ok := d.roles[d.who.Value()]
	if !ok {
		return
	}
	for _, w := range d.what {
		p := access.Permission(w.Value())
		dec := access.Decide(role, p, access.Object{})
		if !dec.Allowed {
			continue
		}
		key := map[access.Confirm]string{access.None: "screens.lent.has", access.Second: "screens.lent.has.second"}[dec.Confirm]
		if key == "" {
			key = "screens.lent.has.confirm"
		}
		d.say(text.T(key, "name", d.who.Value(), "what", actionWords([]access.Permission{p})), theme.NameWarning)
		return
	}
}

func (d *giveDialog) say(words string, c fyne.ThemeColorName) {
	if words == "" {
		words = " "
	}
	d.wrong.Color = c
	d.wrong.SetText(words)
	if d.modal != nil {
		d.modal.Refresh()
	}
}

// refused says why, and goes to what must be changed.
func (d *giveDialog) refused(err error) {
	d.say(text.Fault(err), theme.NameNegative)
	at := fyne.Focusable(d.what[0])
	switch fault.KeyOf(err) {
	case "grant.reason":
		at = d.why
	case "grant.hours":
		at = d.hours
	case "grant.uses":
		at = d.uses
	case "user.unknown", "user.disabled":
		at = d.who
	}
	d.s.env.Window.Canvas().Focus(at)
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
				d.refused(err)
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
