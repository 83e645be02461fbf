package screens

import (
	"context"
	"time"

	"fyne.io/fyne/v2/container"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
)

// keyPage is the shop's data key: how old it is, whether a new one is called
// for, and changing it.
type keyPage struct {
	*sheetPage
	info    app.KeyInfo
	folder  string // of the last backup, or the first place there is
	changed bool   // just now, on this page
}

func newKeyPage(env *page.Env, r page.Route) *keyPage {
	base := newSheet(env, r, "rotate.title")
	k := &keyPage{sheetPage: &base}
	if env.Session.May(access.KeyExport) {
		k.scope.On("F9", "rotate.now", "rotate.now", k.rotate)
	}
	k.load()
	return k
}

// Reload follows what makes a new key due.
func (k *keyPage) Reload(area string) {
	if area == "users" || area == "backups" || area == "settings" {
		k.load()
	}
}

func (k *keyPage) load() {
	type state struct {
		info   app.KeyInfo
		folder string
	}
	bg.RunKey(k.owner, "key", func(ctx context.Context) (s state, err error) {
		if s.info, err = app.Ask(ctx, k.env.Session, app.KeyState{}); err != nil {
			return s, err
		}
		due, err := app.Ask(ctx, k.env.Session, app.BackupDue{})
		if err != nil {
			return s, err
		}
		if s.folder = due.Last.Folder; s.folder == "" {
			set, err := app.Ask(ctx, k.env.Session, app.Settings{})
			if err != nil {
				return s, err
			}
			if fs := app.Folders(set[app.SettingBackupFolders]); len(fs) > 0 {
				s.folder = fs[0]
			}
		}
		return s, nil
	}, func(s state, err error) {
		if err != nil {
			k.env.Fail(err)
			return
		}
		k.info, k.folder = s.info, s.folder
		k.redraw(k.show)
	})
}

const keyWidth = 640

func (k *keyPage) show() {
	box := vbox()
	at := text.T("rotate.unknown")
	if k.info.RotatedAt > 0 {
		at = text.T("rotate.last", "date", text.Date(time.Unix(k.info.RotatedAt, 0)))
	}
	box.Add(control.NewWords(at, keyWidth))
	level, words := control.Good, text.T("rotate.not-due")
	if k.info.Due {
		level, words = control.Warn, text.T("rotate.due."+k.info.Why, "date", text.Date(time.Unix(k.info.Since, 0)))
	}
	box.Add(control.NewBanner(level, words, "", nil))
	k.first = nil
	if k.changed || k.info.OldKept {
		words := text.T("rotate.old-kept")
		if k.changed {
			words = text.T("rotate.done") + " " + words
		}
		if !k.info.OldKept {
			words = text.T("rotate.done")
		}
		box.Add(control.NewBanner(control.Info, words, "", nil))
		if k.env.Session.May(access.BackupRun) {
			b := control.NewPrimary(text.T("rotate.backup"), k.backup).WithIcon("backup")
			box.Add(container.NewHBox(b))
			k.first = b
		}
	}
	if k.env.Session.May(access.KeyExport) {
		now := control.NewButton(text.T("rotate.now"), k.rotate).WithKey("F9").WithIcon("lock")
		if k.first == nil {
			now = control.NewPrimary(text.T("rotate.now"), k.rotate).WithKey("F9").WithIcon("lock")
			k.first = now
		}
		box.Add(container.NewHBox(now))
	}
	why := vbox(control.NewWords(text.T("rotate.what"), keyWidth), control.NewWords(text.T("rotate.when"), keyWidth),
		control.NewWords(text.T("rotate.power"), keyWidth), muted(text.T("rotate.does-not"), keyWidth))
	k.fill(control.NewHeading(k.title), vbox(control.NewCard(text.T("rotate.state"), box), control.NewCard(text.T("rotate.about"), why)))
}

func (k *keyPage) rotate() {
	control.Ask(k.env.Window.Canvas(), control.Question{Title: text.T("rotate.now"), Words: text.T("rotate.ask"), Yes: text.T("rotate.yes")}, func(yes bool) {
		if !yes {
			return
		}
		k.env.Confirmed(func(ctx context.Context, done func(error)) {
			long(k.sheetPage, text.T("rotate.running"), func(work context.Context, p app.Progress) (struct{}, error) {
				return app.Run(page.Join(ctx, work), k.env.Session, app.RotateKey{Progress: p})
			}, func(_ struct{}, err error) {
				done(err)
				if err != nil {
					return
				}
				k.changed = true
				k.load()
			})
		})
	})
}

// backup makes one where the last one went; where there is no place yet, the
// backup centre asks for one.
func (k *keyPage) backup() {
	if k.folder == "" {
		k.env.Open(page.Route{Screen: page.Backup})
		return
	}
	k.env.Confirmed(func(ctx context.Context, done func(error)) {
		long(k.sheetPage, text.T("screens.backup.running", "folder", k.folder), func(work context.Context, p app.Progress) (app.Kept, error) {
			return app.Run(page.Join(ctx, work), k.env.Session, app.BackupNow{Folder: k.folder, Progress: p})
		}, func(b app.Kept, err error) {
			done(err)
			if err != nil {
				return
			}
			k.changed = false
			k.env.Toast(text.T("screens.backup.done", "name", b.Name, "size", text.Bytes(b.Size)))
			k.load()
		})
	})
}
