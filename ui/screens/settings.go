package screens

import (
	"bytes"
	"context"
	"runtime/debug"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/day"
	"tiezhang/app/printing"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// settings is the page of settings.
type settings struct {
	*sheetPage
	values map[string]string
	shop   map[string]*control.Entry
	dirty  bool
}

// MakeSettings makes the page of settings.
func MakeSettings(env *page.Env, r page.Route) (page.Page, error) {
	base := newSheet(env, r, "screens.settings")
	s := &settings{sheetPage: &base, shop: map[string]*control.Entry{}}
	s.scope.On("Ctrl+S", "settings.save", "formview.save", s.saveShop)
	s.load()
	return s, nil
}

// Reload follows settings changed elsewhere, but keeps typing.
func (s *settings) Reload(area string) {
	if area == "settings" && !s.dirty {
		s.load()
	}
}

// Leave asks when the shop's lines were typed and not saved.
func (s *settings) Leave(proceed func()) {
	if !s.dirty {
		proceed()
		return
	}
	control.Ask(s.env.Window.Canvas(), control.Question{Title: s.title, Words: text.T("formview.leave"), Yes: text.T("formview.leave.drop"), Danger: true}, func(yes bool) {
		if yes {
			s.dirty = false
			proceed()
		}
	})
}

func (s *settings) load() {
	bg.RunKey(s.owner, "settings", func(ctx context.Context) (map[string]string, error) {
		return app.Ask(ctx, s.env.Session, app.Settings{})
	}, func(v map[string]string, err error) {
		if err != nil {
			s.env.Fail(err)
			return
		}
		s.values = v
		s.redraw(s.show)
		s.dirty = false
	})
}

func (s *settings) show() {
	left, right := vbox(s.lookCard()), vbox(s.meCard())
	if s.env.Session.May(access.SettingsView) {
		left = vbox(s.shopCard(), s.lookCard())
		right = vbox(s.meCard(), s.rulesCard())
	}
	if s.env.Session.May(access.KeyExport) {
		right.Add(s.keysCard())
	}
	left.Add(s.aboutCard())
	s.fill(container.NewHBox(control.NewHeading(s.title)), s.two(left, right))
}

// shopFields are the lines a shop prints on its slips.
var shopFields = []struct{ key, label string }{
	{app.SettingShopName, "screens.settings.name"}, {app.SettingPhone, "screens.settings.phone"}, {app.SettingAddress, "screens.settings.address"}, {app.SettingSlipFoot, "screens.settings.slip"},
}

func (s *settings) shopCard() fyne.CanvasObject {
	box := vbox()
	may := s.env.Session.May(access.SettingsEdit)
	for _, f := range shopFields {
		e := control.NewEntry()
		e.SetText(s.values[f.key])
		e.OnChanged = func(string) { s.dirty = true }
		if !may {
			e.Disable()
		}
		s.shop[f.key] = e
		box.Add(labelled(f.label, e))
	}
	s.first = s.shop[app.SettingShopName]
	if may {
		box.Add(container.NewHBox(control.NewPrimary(text.T("formview.save"), s.saveShop).WithKey("Ctrl+S")))
	}
	return control.NewCard(text.T("screens.settings.shop"), box)
}

// saveShop keeps the lines that were changed.
func (s *settings) saveShop() {
	if !s.env.Session.May(access.SettingsEdit) || len(s.shop) == 0 {
		return
	}
	changed := map[string]string{}
	for _, f := range shopFields {
		if v := strings.TrimSpace(s.shop[f.key].Text); v != s.values[f.key] {
			changed[f.key] = v
		}
	}
	if v, ok := changed[app.SettingShopName]; ok && v == "" {
		s.env.Toast(text.T("shop.name"))
		s.env.Window.Canvas().Focus(s.shop[app.SettingShopName])
		return
	}
	s.set(changed, func() { s.dirty = false })
}

// set sends settings through the gate.
func (s *settings) set(values map[string]string, then func()) {
	if len(values) == 0 {
		return
	}
	s.env.Confirmed(func(ctx context.Context, done func(error)) {
		bg.Run(s.owner, func(work context.Context) (struct{}, error) {
			for k, v := range values {
				if _, err := app.Do(page.Join(ctx, work), s.env.Session, app.SetSetting{Key: k, Value: v}); err != nil {
					return struct{}{}, err
				}
			}
			return struct{}{}, nil
		}, func(_ struct{}, err error) {
			done(err)
			if err != nil {
				return
			}
			for k, v := range values {
				s.values[k] = v
			}
			s.env.Toast(text.T("screens.settings.saved"))
			if then != nil {
				then()
			}
		})
	})
}

func pick(values []string, area, now string, changed func(string)) *control.Choice {
	var os []control.Option
	for _, v := range values {
		os = append(os, control.Option{Value: v, Text: text.T(area + v)})
	}
	c := control.NewChoice(os, nil)
	c.SetValue(now)
	c.OnChanged = changed
	return c
}

// lookCard changes language, look and text size, at once.
func (s *settings) lookCard() fyne.CanvasObject {
	mode, size := s.values[app.SettingTheme], s.values[app.SettingTextSize]
	if mode == "" {
		mode = "system"
	}
	if size == "" {
		size = "standard"
	}
	return control.NewCard(text.T("screens.settings.look"), vbox(
		labelled("screens.settings.language", pick([]string{string(text.Chinese), string(text.English)}, "screens.settings.language.", string(text.Current()), func(v string) { s.env.SetLook(v, "", "") })),
		labelled("screens.settings.theme", pick([]string{"system", "light", "dark"}, "screens.settings.theme.", mode, func(v string) { s.env.SetLook("", v, "") })),
		labelled("screens.settings.size", pick([]string{"standard", "large", "largest"}, "screens.settings.size.", size, func(v string) { s.env.SetLook("", "", v) }))))
}

// rulesCard is what the shop allows.
func (s *settings) rulesCard() fyne.CanvasObject {
	c := control.NewCheck(text.T("screens.settings.negative"), nil)
	c.SetChecked(s.values[app.SettingNegative] == "allow")
	if !s.env.Session.May(access.SettingsEdit) {
		c.Disable()
	}
	c.OnChanged = func(on bool) {
		v := ""
		if on {
			v = "allow"
		}
		s.set(map[string]string{app.SettingNegative: v}, nil)
	}
	return control.NewCard(text.T("screens.settings.rules"), vbox(c, muted(text.T("screens.settings.negative.words"), 400)))
}

// keysCard is the owner's: a new recovery code, and the raw key.
func (s *settings) keysCard() fyne.CanvasObject {
	last := s.values[app.SettingRecoveryKit]
	words := text.T("screens.settings.kit.never")
	if last != "" {
		words = text.T("screens.settings.kit.checked", "date", last)
	}
	return control.NewCard(text.T("screens.settings.keys"), vbox(
		muted(words, 400),
		container.NewHBox(control.NewButton(text.T("screens.settings.recovery"), s.newRecovery)),
		muted(text.T("screens.settings.export.words"), 400),
		container.NewHBox(control.NewButton(text.T("screens.settings.export"), s.exportKey).WithLook(control.Danger))))
}

func (s *settings) newRecovery() {
	control.Ask(s.env.Window.Canvas(), control.Question{Title: text.T("screens.settings.recovery"), Words: text.T("screens.settings.recovery.words"), Yes: text.T("screens.settings.recovery.make"), Danger: true}, func(yes bool) {
		if !yes {
			return
		}
		s.env.Confirmed(func(ctx context.Context, done func(error)) {
			bg.Run(s.owner, func(work context.Context) (app.RecoveryCode, error) {
				return app.Do(page.Join(ctx, work), s.env.Session, app.NewRecovery{})
			}, func(c app.RecoveryCode, err error) {
				done(err)
				if err == nil {
					s.showRecovery(c)
				}
			})
		})
	})
}

// showRecovery shows the code once, in numbered groups, and saves the kit.
func (s *settings) showRecovery(c app.RecoveryCode) {
	box := container.NewGridWithColumns(3)
	for i, g := range c.Groups {
		w := control.NewWords(text.T("screens.settings.group", "n", i+1, "code", g), 150)
		w.Bold = true
		box.Add(w)
	}
	m := control.NewModal(text.T("screens.settings.recovery.new"), vbox(control.NewWords(text.T("screens.settings.recovery.write"), 500), box))
	m.Button(text.T("screens.settings.kit.pdf"), func() { s.saveKit(c) })
	m.DefaultButton(text.T("screens.settings.recovery.written"), func() {
		m.Close()
		s.set(map[string]string{app.SettingRecoveryKit: day.Of(s.env.Host.Clock.Now()).String()}, s.show)
	})
	m.Open(s.env.Window.Canvas())
}

func (s *settings) saveKit(c app.RecoveryCode) {
	shop, me, now := s.values[app.SettingShopName], s.env.Session.User().Name, s.env.Host.Clock.Now()
	s.env.SaveFile(text.T("screens.settings.kit.pdf"), text.T("screens.settings.kit.file")+".pdf", func(path string) {
		bg.Run(s.owner, func(context.Context) (struct{}, error) {
			var b bytes.Buffer
			if err := printing.RecoveryKit(&b, shop, me, day.Of(now), c.Groups, text.T); err != nil {
				return struct{}{}, err
			}
			return struct{}{}, writeFile(path, b.Bytes())
		}, func(_ struct{}, err error) {
			if err != nil {
				s.env.Fail(err)
				return
			}
			s.env.Toast(text.T("screens.saved", "path", path))
			s.env.OpenFile(path)
		})
	})
}

func (s *settings) exportKey() {
	control.Ask(s.env.Window.Canvas(), control.Question{Title: text.T("screens.settings.export"), Words: text.T("screens.settings.export.warn"), Yes: text.T("screens.settings.export"), Danger: true}, func(yes bool) {
		if !yes {
			return
		}
		s.env.Confirmed(func(ctx context.Context, done func(error)) {
			bg.Run(s.owner, func(work context.Context) (string, error) {
				return app.Do(page.Join(ctx, work), s.env.Session, app.ExportKey{})
			}, func(key string, err error) {
				done(err)
				if err != nil {
					return
				}
				e := control.NewMultiline(3)
				e.SetText(key)
				m := control.NewModal(text.T("screens.settings.export"), vbox(control.NewWords(text.T("screens.settings.export.shown"), 460), e))
				m.Cancel = m.DefaultButton(text.T("ui.button.close"), m.Close)
				m.EnterWalks = true
				m.Open(s.env.Window.Canvas())
			})
		})
	})
}

// aboutCard tells the version and whose work is in the program.
func (s *settings) aboutCard() fyne.CanvasObject {
	licences := control.NewButton(text.T("screens.settings.licences"), func() {
		var parts []string
		if b, ok := debug.ReadBuildInfo(); ok {
			for _, d := range b.Deps {
				parts = append(parts, d.Path+" "+d.Version)
			}
		}
		w := control.NewWords(text.T("screens.settings.licences.words")+"\n\n"+strings.Join(parts, "\n"), 560)
		scroll := container.NewVScroll(w)
		scroll.SetMinSize(fyne.NewSize(theme.Px(600), theme.Px(400)))
		m := control.NewModal(text.T("screens.settings.licences"), scroll)
		m.Cancel = m.DefaultButton(text.T("ui.button.close"), m.Close)
		reading(m, scroll, s.env.Window.Canvas())
	})
	return control.NewCard(text.T("screens.settings.about"), container.New(layout.NewCustomPaddedVBoxLayout(6),
		control.NewWords(text.T("screens.settings.version", "version", s.env.Host.Version), 400),
		muted(text.T("screens.settings.folder", "path", s.env.Session.Shop().Dir()), 400),
		muted(text.T("screens.settings.offline"), 400), container.NewHBox(licences)))
}
