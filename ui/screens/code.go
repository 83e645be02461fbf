package screens

import (
	"bytes"
	"context"
	"strings"
	"time"

	ft "fyne.io/fyne/v2/theme"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/printing"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
)

// showCode shows a one-time code, once: big, to be read across a counter, and to
// be printed.
func showCode(p *sheetPage, name string, c app.Code) {
	until := text.DateTime(time.Unix(c.Until, 0))
	code := control.NewWords(strings.Join(c.Groups, "  "), 520)
	code.Bold, code.Center, code.TextSize = true, true, ft.SizeNameHeadingText
	m := control.NewModal(text.T("screens.people.code.title", "name", name), vbox(
		control.NewWords(text.T("screens.people.code.write"), 520), code,
		muted(text.T("screens.people.code.until", "until", until), 520)))
	m.Button(text.T("me.code.print"), func() { printCode(p, name, until, c) })
	m.Cancel = m.DefaultButton(text.T("screens.people.code.written"), m.Close)
	m.Open(p.env.Window.Canvas())
}

func printCode(p *sheetPage, name, until string, c app.Code) {
	p.env.SaveFile(text.T("me.code.print"), text.T("me.code.file", "name", name)+".pdf", func(path string) {
		bg.Run(p.owner, func(ctx context.Context) (struct{}, error) {
			set, err := app.Ask(ctx, p.env.Session, app.Settings{})
			if err != nil {
				return struct{}{}, err
			}
			var b bytes.Buffer
			if err := printing.OneTimeCode(&b, set[app.SettingShopName], name, until, c.Groups, text.T); err != nil {
				return struct{}{}, err
			}
			return struct{}{}, writeFile(path, b.Bytes())
		}, func(_ struct{}, err error) {
			if err != nil {
				p.env.Fail(err)
				return
			}
			p.env.Toast(text.T("me.code.printed", "path", path))
			p.env.OpenFile(path)
		})
	})
}

// leave opens the page that sees somebody out.
func (p *people) leave() {
	if u, ok := p.at(); ok {
		p.env.Open(page.Route{Screen: page.Security, Kind: "leave", Arg: u.Name})
	}
}

// makeOwner makes somebody one more owner: a shop with two is not lost when one
// forgets the password or falls ill.
func (p *people) makeOwner() {
	u, ok := p.at()
	if !ok {
		return
	}
	if u.Role == access.Owner || u.Disabled {
		key := "me.owner.is"
		if u.Disabled {
			key = "me.owner.off"
		}
		p.env.Toast(text.T(key, "name", u.Name))
		return
	}
	control.Ask(p.env.Window.Canvas(), control.Question{Title: text.T("me.owner"), Words: text.T("me.owner.words", "name", u.Name), Yes: text.T("me.owner.do"), Danger: true}, func(yes bool) {
		if yes {
			p.change(app.ChangeUser{Name: u.Name, Role: access.Owner})
		}
	})
}
