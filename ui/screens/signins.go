package screens

import (
	"context"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/passphrase"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// signIns are the rules people sign in by, and the sign-ins that were unusual.
type signIns struct {
	*sheetPage
	policy  app.Policy
	unusual []app.Unusual

	pack          string
	choice        *control.Choice
	idle          [3]*control.Entry
	opens, closes *control.Entry
	dirty         bool
}

func newSignIns(env *page.Env, r page.Route) *signIns {
	base := newSheet(env, r, "screens.signins")
	s := &signIns{sheetPage: &base}
	s.scope.On("Ctrl+S", "signins.save", "formview.save", s.save)
	s.scope.On("F8", "signins.seen", "screens.signins.seen", s.see)
	s.load()
	return s
}

// Reload follows what changed, but keeps typing.
func (s *signIns) Reload(area string) {
	if (area == "signins" || area == "settings" || area == "users") && !s.dirty {
		s.load()
	}
}

// Leave asks when rules were changed and not saved.
func (s *signIns) Leave(proceed func()) {
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

func (s *signIns) load() {
	in := s.env.Session
	type facts struct {
		policy  app.Policy
		unusual []app.Unusual
	}
	bg.RunKey(s.owner, "signins", func(ctx context.Context) (f facts, err error) {
		if f.policy, err = app.Ask(ctx, in, app.SignInPolicy{}); err != nil {
			return f, err
		}
		f.unusual, err = app.Ask(ctx, in, app.UnusualSignIns{All: true})
		return f, err
	}, func(f facts, err error) {
		if err != nil {
			s.env.Fail(err)
			return
		}
		s.policy, s.unusual = f.policy, f.unusual
		s.redraw(s.show)
		s.dirty = false
	})
}

func (s *signIns) show() {
	s.first = nil // made anew below
	s.fill(container.NewHBox(control.NewHeading(s.title)), s.two(vbox(s.unusualCard()), vbox(s.packCard(), s.idleCard())))
}

// unusualCard lists what was unusual, what nobody has seen yet first.
func (s *signIns) unusualCard() fyne.CanvasObject {
	box := vbox()
	unseen := 0
	for _, u := range s.unusual {
		if u.SeenBy == "" {
			unseen++
		}
	}
	switch {
	case len(s.unusual) == 0:
		box.Add(muted(text.T("screens.signins.none"), 520))
	case unseen > 0 && s.env.Session.May(access.UserEdit):
		seen := control.NewPrimary(text.T("screens.signins.seen"), s.see).WithKey("F8").WithIcon("check")
		s.first = seen
		box.Add(container.NewHBox(seen))
	}
	for i, u := range s.unusual {
		if i == 30 {
			box.Add(muted(text.T("screens.signins.more"), 520))
			break
		}
		head := control.NewWords(text.T("screens.signins.line", "at", text.DateTime(time.Unix(u.At, 0)), "name", u.User, "machine", u.Machine), 520)
		head.Bold = true
		var why []string
		for _, r := range u.Reasons {
			why = append(why, text.T("unusual."+r))
		}
		words := control.NewWords(strings.Join(why, "\n"), 520)
		switch {
		case u.SeenBy != "":
			head.Color, head.Bold, words.Color = theme.NameMuted, false, theme.NameMuted
		case u.High:
			words.Color = theme.NameNegative
		default:
			words.Color = theme.NameWarning
		}
		part := vbox(head, words)
		if u.SeenBy != "" {
			part.Add(muted(text.T("screens.signins.seen-by", "name", u.SeenBy, "at", text.DateTime(time.Unix(u.SeenAt, 0))), 520))
		}
		box.Add(part)
	}
	return control.NewCard(text.T("screens.signins.unusual"), box)
}

// see marks what is listed as seen.
func (s *signIns) see() {
	if len(s.unusual) == 0 || !s.env.Session.May(access.UserEdit) {
		return
	}
	up := s.unusual[0].ID
	bg.RunKey(s.owner, "see", func(ctx context.Context) (int, error) { return app.Do(ctx, s.env.Session, app.SeeUnusual{UpTo: up}) }, func(n int, err error) {
		if err != nil {
			s.env.Fail(err)
			return
		}
		if n > 0 {
			s.env.Toast(text.T("screens.signins.seen.done", "count", n))
		}
		s.load()
	})
}

// packCard chooses the pack and says which rule comes from where.
func (s *signIns) packCard() fyne.CanvasObject {
	s.pack = string(s.policy.Pack)
	rules := vbox()
	tell := func() {
		rules.Objects = nil
		pack := passphrase.Pack(s.pack)
		rules.Add(muted(text.T("policy.pack."+s.pack+".words"), 560))
		for _, who := range []struct {
			title string
			owner bool
		}{{"screens.signins.for-owner", true}, {"screens.signins.for-others", false}} {
			head := control.NewWords(text.T(who.title), 560)
			head.Bold = true
			rules.Add(head)
			for _, r := range pack.Rules(who.owner) {
				rules.Add(control.NewWords(text.T("screens.signins.rule", "rule", text.T(r.Key, map[string]any(r.Args)), "from", text.T("policy.from."+string(r.From))), 560))
			}
		}
		s.root.Refresh()
	}
	var packs []string
	for _, p := range passphrase.Packs {
		packs = append(packs, string(p))
	}
	c := pick(packs, "policy.pack.", s.pack, func(v string) {
		s.pack = v
		s.dirty = true
		tell()
	})
	if s.first == nil {
		s.first = c
	}
	s.choice = c
	box := vbox(labelled("screens.signins.pack", c), rules)
	if s.env.Session.May(access.SettingsEdit) {
		box.Add(container.NewHBox(control.NewPrimary(text.T("formview.save"), s.save).WithKey("Ctrl+S")))
	} else {
		c.OnChanged = func(v string) { s.pack = v; tell() } // looking at the others changes nothing
	}
	tell()
	return control.NewCard(text.T("screens.signins.rules"), box)
}

// idleCard sets when the window locks by itself, and the opening hours.
func (s *signIns) idleCard() fyne.CanvasObject {
	may := s.env.Session.May(access.SettingsEdit)
	entry := func(v string) *control.Entry {
		e := control.NewNumber()
		e.SetText(v)
		e.MinWidth = 90
		e.OnChanged = func(string) { s.dirty = true }
		if !may {
			e.Disable()
		}
		return e
	}
	box := vbox(muted(text.T("screens.signins.idle.words"), 560))
	for i, f := range []struct {
		key      string
		now, max int
	}{{"screens.signins.idle.till", s.policy.IdleTill, app.MaxIdleTill}, {"screens.signins.idle.office", s.policy.IdleOffice, app.MaxIdleOffice}, {"screens.signins.idle.owner", s.policy.IdleOwner, app.MaxIdleOwner}} {
		s.idle[i] = entry(strconv.Itoa(f.now))
		box.Add(labelled(f.key, container.NewHBox(s.idle[i], container.NewCenter(muted(text.T("screens.signins.minutes", "min", app.MinIdle, "max", f.max), 180)))))
	}
	s.opens, s.closes = entry(s.policy.Opens), entry(s.policy.Closes)
	s.opens.SetPlaceHolder("08:00")
	s.closes.SetPlaceHolder("21:30")
	box.Add(labelled("screens.signins.hours", container.NewHBox(s.opens, container.NewCenter(muted(text.T("screens.signins.to"), 20)), s.closes)))
	box.Add(muted(text.T("screens.signins.hours.words"), 560))
	return control.NewCard(text.T("screens.signins.idle"), box)
}

func (s *signIns) save() {
	if !s.env.Session.May(access.SettingsEdit) || s.opens == nil {
		return
	}
	minutes := func(i int) int {
		n, err := strconv.Atoi(strings.TrimSpace(s.idle[i].Text))
		if err != nil {
			return 0 // out of bounds: refused with the bounds
		}
		return n
	}
	p := app.Policy{Pack: passphrase.Pack(s.pack), IdleTill: minutes(0), IdleOffice: minutes(1), IdleOwner: minutes(2), Opens: s.opens.Text, Closes: s.closes.Text}
	s.env.Confirmed(func(ctx context.Context, done func(error)) {
		bg.Run(s.owner, func(work context.Context) (struct{}, error) {
			return app.Do(page.Join(ctx, work), s.env.Session, app.SetSignInPolicy{Policy: p})
		}, func(_ struct{}, err error) {
			done(err)
			if err != nil {
				return
			}
			s.dirty = false
			s.env.Toast(text.T("screens.settings.saved"))
			s.load()
		})
	})
}
