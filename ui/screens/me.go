package screens

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"tiezhang/app"
	"tiezhang/app/passphrase"
	"tiezhang/app/printing"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/formview"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// me is how a person signs in: the password, the phone, the key stick. Each
// says what it protects against and what it does not.
type me struct {
	*sheetPage
	facts app.SignInFacts
	// places are the warehouses of somebody who works in some of them only.
	places string
	shop   string

	old, word, again *control.Entry
	stick            *stickRow
	say              *control.Words
}

func newMe(env *page.Env, r page.Route) *me {
	base := newSheet(env, r, "me.title")
	m := &me{sheetPage: &base}
	m.load()
	return m
}

// Reload follows what an owner changed about the account, and keeps typing.
func (m *me) Reload(area string) {
	if (area == "users" || area == "settings") && (m.old == nil || m.old.Text+m.word.Text+m.again.Text == "") {
		m.load()
	}
}

func (m *me) load() {
	type facts struct {
		in     app.SignInFacts
		shop   string
		places app.PlaceList
	}
	bg.RunKey(m.owner, "me", func(ctx context.Context) (f facts, err error) {
		if f.in, err = app.Ask(ctx, m.env.Session, app.MySignIn{}); err != nil {
			return f, err
		}
		if f.places, err = formview.ReadPlaces(ctx, m.env.Session); err != nil {
			return f, err
		}
		set, err := app.Ask(ctx, m.env.Session, app.Settings{})
		f.shop = set[app.SettingShopName]
		return f, err
	}, func(f facts, err error) {
		if err != nil {
			m.env.Fail(err)
			return
		}
		m.facts, m.shop, m.places = f.in, f.shop, placeNames(f.places, m.env.Session.Reach())
		m.redraw(m.show)
	})
}

const meWidth = 430

func (m *me) show() {
	left, right := vbox(m.passwordCard()), vbox(m.phoneCard(), m.stickCard())
	head := vbox(control.NewHeading(m.title), muted(text.T("me.lead", "name", m.env.Session.User().Name), 900))
	if m.places != "" {
		head.Add(muted(text.T("me.reach", "places", m.places), 900))
	}
	m.fill(head, m.two(left, right))
}

// passwordCard changes the password.
func (m *me) passwordCard() fyne.CanvasObject {
	m.old, m.word, m.again = control.NewPassword(), control.NewPassword(), control.NewPassword()
	m.first = m.old
	policy := m.facts.Policy.Pack.Policy(m.facts.Owner)
	hint := text.T("start.password.hint", "min", policy.Min)
	if policy.Classes > 0 {
		hint = text.T("start.password.hint-classes", "min", policy.Min, "classes", policy.Classes)
	}
	m.say = muted(hint, meWidth)
	name := m.env.Session.User().Name
	m.word.OnChanged = func(p string) {
		m.say.Color = theme.NameMuted
		words := hint
		if p != "" {
			s := passphrase.Measure(p, m.shop, name)
			words, m.say.Color = text.T(s.Advice), theme.NamePositive
			if err := policy.Check(p, m.shop, name); err != nil {
				words, m.say.Color = text.Fault(err), theme.NameWarning
			}
			words = text.T("start.password.strength", "score", text.T("passphrase.score-"+string(rune('0'+s.Score)))) + "  " + words
		}
		m.say.SetText(words)
		m.root.Refresh()
	}
	m.again.OnEnter = func() bool { m.changePassword(); return true }
	when := text.T("me.password.unknown")
	if m.facts.PasswordAt > 0 {
		when = text.T("me.password.since", "date", text.Date(time.Unix(m.facts.PasswordAt, 0)))
	}
	box := vbox(muted(when, meWidth), labelled("me.password.old", m.old))
	m.stick = nil
	if m.facts.KeyFile {
		m.stick = newStickRow(m.env, m.facts.File)
		box.Add(m.stick.row)
	}
	box.Add(labelled("me.password.new", m.word))
	box.Add(labelled("me.password.again", m.again))
	box.Add(m.say)
	box.Add(container.NewHBox(control.NewPrimary(text.T("me.password.change"), m.changePassword)))
	box.Add(muted(text.T("me.password.words"), meWidth))
	return control.NewCard(text.T("me.password"), box)
}

func (m *me) changePassword() {
	c := m.env.Window.Canvas()
	bad := func(words string, at *control.Entry) {
		m.say.Color = theme.NameNegative
		m.say.SetText(words)
		m.root.Refresh()
		c.Focus(at)
		at.SelectAll()
	}
	switch {
	case m.old.Text == "":
		bad(text.T("me.password.no-old"), m.old)
		return
	case m.word.Text != m.again.Text:
		bad(text.T("start.password.differ"), m.again)
		return
	}
	cmd, at := app.ChangePassword{Old: m.old.Text, New: m.word.Text}, ""
	stick := m.stick
	if stick != nil {
		at = strings.TrimSpace(stick.at.Text)
	}
	m.env.Confirmed(func(ctx context.Context, done func(error)) {
		bg.Run(m.owner, func(work context.Context) (none struct{}, err error) {
			if stick != nil {
				if cmd.File, err = stick.read(at); err != nil {
					return none, err
				}
			}
			return app.Do(page.Join(ctx, work), m.env.Session, cmd)
		}, func(_ struct{}, err error) {
			done(err)
			if err != nil {
				return
			}
			m.env.Toast(text.T("me.password.done"))
			for _, e := range []*control.Entry{m.old, m.word, m.again} {
				e.SetText("")
			}
			m.load()
		})
	})
}

// state is a line that says whether something is on, by word and colour.
func state(on bool, yes, no string) *control.Words {
	w := control.NewWords(text.T(no), meWidth)
	w.Bold = true
	if on {
		w.SetText(text.T(yes))
		w.Color = theme.NamePositive
	}
	return w
}

// honest says what something protects against, and what it does not.
func honest(box *fyne.Container, area string) {
	box.Add(control.NewWords(text.T(area+".does"), meWidth))
	box.Add(muted(text.T(area+".does-not"), meWidth))
}

func (m *me) phoneCard() fyne.CanvasObject {
	box := vbox(state(m.facts.TOTP, "me.phone.on", "me.phone.off"))
	honest(box, "me.phone")
	if m.facts.TOTP {
		box.Add(container.NewHBox(control.NewButton(text.T("me.phone.drop"), m.dropPhone)))
	} else {
		box.Add(container.NewHBox(control.NewButton(text.T("me.phone.start"), m.startPhone).WithIcon("plus")))
	}
	return control.NewCard(text.T("me.phone"), box)
}

func (m *me) startPhone() {
	prove(m.sheetPage, m.facts, text.T("me.phone.start"), text.T("me.phone.start.words"), text.T("start.next"), extra{},
		func(ctx context.Context, p app.Proof) (app.TOTPSetup, error) {
			return app.Do(ctx, m.env.Session, app.StartTOTP{Password: p.Password, File: p.KeyFile})
		}, m.showSecret)
}

// showSecret shows what the phone is to be given, once, and wants a first code.
func (m *me) showSecret(proof app.Proof, t app.TOTPSetup) {
	box := vbox(control.NewWords(text.T("me.phone.scan"), proofWidth))
	if img, err := printing.QR(t.URI, 4); err == nil {
		pic := canvas.NewImageFromImage(img)
		pic.FillMode, pic.ScaleMode = canvas.ImageFillContain, canvas.ImageScalePixels
		pic.SetMinSize(fyne.NewSquareSize(theme.Px(190)))
		box.Add(container.NewCenter(pic))
	}
	secret := control.NewWords(t.Secret, proofWidth)
	secret.Bold, secret.Center = true, true
	box.Add(muted(text.T("me.phone.type"), proofWidth))
	box.Add(secret)
	code, wrong := control.NewNumber(), control.NewWords(" ", proofWidth)
	wrong.Color = theme.NameNegative
	box.Add(labelled("me.phone.code", code))
	box.Add(wrong)
	d := control.NewModal(text.T("me.phone.start"), box)
	d.First = code
	d.CancelButton(text.T("ui.button.cancel"), nil)
	var yes *control.Button
	yes = d.DefaultButton(text.T("me.phone.confirm"), func() {
		if yes.Disabled() {
			return
		}
		yes.Disable()
		c := app.ConfirmTOTP{Password: proof.Password, File: proof.KeyFile, Code: code.Text}
		bg.Run(m.owner, func(ctx context.Context) (struct{}, error) { return app.Do(ctx, m.env.Session, c) }, func(_ struct{}, err error) {
			yes.Enable()
			if err != nil {
				wrong.SetText(text.Fault(err))
				d.Refresh()
				m.env.Window.Canvas().Focus(code)
				code.SelectAll()
				return
			}
			d.Close()
			m.env.Toast(text.T("me.phone.done"))
			m.load()
		})
	})
	d.Open(m.env.Window.Canvas())
}

func (m *me) dropPhone() {
	prove(m.sheetPage, m.facts, text.T("me.phone.drop"), text.T("me.phone.drop.words"), text.T("me.phone.drop.do"), extra{},
		func(ctx context.Context, p app.Proof) (struct{}, error) {
			return app.Do(ctx, m.env.Session, app.DropTOTP{Password: p.Password, File: p.KeyFile})
		}, func(app.Proof, struct{}) { m.changed("me.phone.dropped") })
}

func (m *me) changed(key string) {
	m.env.Toast(text.T(key))
	m.load()
}

func (m *me) stickCard() fyne.CanvasObject {
	box := vbox(state(m.facts.KeyFile, "me.stick.on", "me.stick.off"))
	honest(box, "me.stick")
	lost := text.T("me.stick.lost")
	if m.facts.Owner {
		lost = text.T("me.stick.lost-owner")
	}
	box.Add(muted(lost, meWidth))
	row := container.NewHBox(control.NewButton(text.T("me.stick.make"), m.makeStick).WithIcon("plus"))
	if m.facts.KeyFile {
		row = container.NewHBox(control.NewButton(text.T("me.stick.another"), m.makeStick), control.NewButton(text.T("me.stick.drop"), m.dropStick))
	}
	box.Add(row)
	return control.NewCard(text.T("me.stick"), box)
}

// makeStick chooses the folder, a stick's as a rule, and writes the key file.
func (m *me) makeStick() {
	folder := control.NewEntry()
	folder.SetPlaceHolder(text.T("me.stick.folder.hint"))
	browse := control.NewButton(text.T("start.browse"), func() {
		m.env.PickFolder(text.T("me.stick.make"), func(path string) { folder.SetText(path) })
	})
	browse.Aside = true
	dir := ""
	more := extra{fields: []fyne.CanvasObject{labelled("me.stick.folder", container.NewBorder(nil, nil, nil, browse, folder))}, first: folder,
		read: func() { dir = strings.TrimSpace(folder.Text) }}
	title, words := text.T("me.stick.make"), text.T("me.stick.make.words")
	if m.facts.KeyFile {
		title, words = text.T("me.stick.another"), text.T("me.stick.another.words")
	}
	d := prove(m.sheetPage, m.facts, title, words, text.T("me.stick.make.do"), more,
		func(ctx context.Context, p app.Proof) (string, error) {
			return app.Do(ctx, m.env.Session, app.MakeKeyFile{Password: p.Password, File: p.KeyFile, Folder: dir})
		}, func(_ app.Proof, path string) {
			m.load()
			control.Alert(m.env.Window.Canvas(), text.T("me.stick.done"), text.T("me.stick.done.words", "file", path), m.Enter)
		})
	sticks := m.env.Host.Sticks
	if sticks == nil {
		return
	}
	// One that is plugged in is proposed, and then the password is all that is missing.
	bg.Run(m.owner, func(context.Context) ([]string, error) { return sticks(), nil }, func(at []string, _ error) {
		if len(at) == 0 || folder.Text != "" || !d.IsOpen() {
			return
		}
		folder.SetText(at[0])
		if c := m.env.Window.Canvas(); c.Focused() == fyne.Focusable(folder) {
			c.Focus(d.word)
		}
	})
}

func (m *me) dropStick() {
	prove(m.sheetPage, m.facts, text.T("me.stick.drop"), text.T("me.stick.drop.words"), text.T("me.stick.drop.do"), extra{},
		func(ctx context.Context, p app.Proof) (struct{}, error) {
			return app.Do(ctx, m.env.Session, app.DropKeyFile{Password: p.Password, File: p.KeyFile})
		}, func(app.Proof, struct{}) { m.changed("me.stick.dropped") })
}

// meCard leads from the settings to the person's own sign-in.
func (s *settings) meCard() fyne.CanvasObject {
	return control.NewCard(text.T("me.title"), vbox(muted(text.T("me.link.words"), 400),
		container.NewHBox(control.NewButton(text.T("me.link"), func() { s.env.Open(page.Route{Screen: page.Security, Kind: "me"}) }).WithIcon("lock"))))
}
