package start

import (
	"context"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"tiezhang/app"
	"tiezhang/app/fault"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/text"
)

// restore is the wizard that brings a backup back: the file, the key to it,
// the folder, and where the recovery code was the key a new owner's password.
type restore struct {
	*wizard
	file     *control.Entry
	about    *control.Words
	kept     app.Kept // what the file says of itself; all of it once the key is right
	code     *control.Entry
	user     *control.Entry
	word     *control.Entry
	stick    *control.Entry // where the key file is; "" looks for it on the sticks
	stickRow fyne.CanvasObject
	file32   []byte // the key file that opened it
	folder   *control.Entry
	whose    *whose
	password *newPassword
}

// NewRestore makes the wizard.
func NewRestore(d *Deps) Scene {
	r := &restore{}
	r.wizard = newWizard(d, text.T("start.restore"), func() { d.Show(func() Scene { return NewWelcome(d) }) })
	r.whose = newWhose()
	r.password = newPasswordFields(true, func() []string { return []string{r.kept.Shop} })
	r.begin(
		&step{title: text.T("start.restore.file.title"), lead: text.T("start.restore.file.lead"), make: r.fileSheet,
			fields: func() []*control.Entry { return []*control.Entry{r.file} }, next: r.inspect},
		&step{title: text.T("start.restore.key.title"), lead: text.T("start.restore.key.lead"), make: r.keySheet,
			fields: func() []*control.Entry { return []*control.Entry{r.code, r.user, r.word, r.stick} }, next: r.unseal},
		&step{title: text.T("start.restore.place.title"), lead: text.T("start.restore.place.lead"), make: r.placeSheet,
			fields: func() []*control.Entry { return []*control.Entry{r.folder} }, next: r.run, label: text.T("start.restore.run")},
		&step{title: text.T("start.restore.password.title"), lead: text.T("start.restore.password.lead"), final: true,
			make:   func() fyne.CanvasObject { return r.whose.over(r.password.content) },
			fields: r.password.fields, next: r.setPassword, label: text.T("start.restore.finish")},
	)
	return r
}

func (r *restore) fileSheet() fyne.CanvasObject {
	r.file = control.NewEntry()
	r.file.SetPlaceHolder(text.T("start.restore.file.example"))
	r.about = muted(" ")
	browse := control.NewButton(text.T("start.browse"), func() {
		r.d.PickFile(text.T("start.restore.file"), []string{"tzbak"}, func(p string) {
			r.file.SetText(p)
			r.look(nil)
		})
	})
	r.file.OnChanged = func(string) { r.kept = app.Kept{}; r.about.SetText(" ") }
	return container.New(layout.NewCustomPaddedVBoxLayout(10),
		field(text.T("start.restore.file"), container.NewBorder(nil, nil, nil, browse, r.file), ""), r.about)
}

// look reads what may be known of the file without a key; then goes on if ok
// is given.
func (r *restore) look(ok func()) {
	path := strings.TrimSpace(r.file.Text)
	r.work(text.T("ui.progress.wait"))
	bg.Run(r.owner, func(context.Context) (app.Kept, error) {
		k, err := app.InspectBackup(path)
		if err == nil && k.Problem != nil {
			err = k.Problem
		}
		return k, err
	}, func(k app.Kept, err error) {
		r.stop(err)
		if err != nil {
			r.focus(r.file)
			return
		}
		r.kept = k
		r.about.SetText(text.T("start.restore.outside", "at", text.DateTime(k.Created.Local()), "size", text.Bytes(k.Size)))
		r.root.Refresh()
		if ok != nil {
			ok()
		}
	})
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func (r *restore) inspect(ok func()) {
	if !filepath.IsAbs(strings.TrimSpace(r.file.Text)) {
		r.fail(fault.Bad("start.restore", "start.restore.file.missing"))
		r.focus(r.file)
		return
	}
	if r.kept.Path != "" { // read already
		ok()
		return
	}
	r.look(ok)
}

func (r *restore) keySheet() fyne.CanvasObject {
	r.code, r.user, r.word = control.NewNumber(), control.NewEntry(), control.NewPassword()
	r.code.SetPlaceHolder(text.T("start.code.example"))
	r.stick = control.NewEntry()
	choose := control.NewButton(text.T("start.signin.stick.pick"), r.pickStick)
	choose.Aside = true
	r.stickRow = field(text.T("start.restore.stick"), container.NewBorder(nil, nil, nil, choose, r.stick), text.T("start.restore.stick.hint"))
	r.stickRow.Hide() // until it is known to be wanted
	r.word.OnEnter = func() bool {
		if r.stickRow.Visible() {
			return false
		}
		r.goOn()
		return true
	}
	return container.New(layout.NewCustomPaddedVBoxLayout(10),
		field(text.T("start.code"), r.code, text.T("start.code.hint")),
		muted(text.T("start.restore.or")),
		field(text.T("start.restore.user"), r.user, text.T("start.restore.user.hint")),
		field(text.T("start.restore.word"), r.word, ""), r.stickRow)
}

// pickStick is for a key file that is not at the top of a stick.
func (r *restore) pickStick() {
	r.d.PickFile(text.T("start.restore.stick"), nil, func(path string) { r.stick.SetText(path) })
}

func (r *restore) byCode() bool { return strings.TrimSpace(r.code.Text) != "" }

// opener is the key as typed: the code alone, or name and password with what
// was found on the stick.
func (r *restore) opener() app.Opener {
	if r.byCode() {
		return app.Opener{Code: strings.TrimSpace(r.code.Text)}
	}
	return app.Opener{User: strings.TrimSpace(r.user.Text), Password: r.word.Text, KeyFile: r.file32}
}

// unlock opens the archive. Which key file is wanted stands in the sealed part
// of a backup, so each that is plugged in is tried.
func (r *restore) unlock(ctx context.Context, path, stick string, o app.Opener) (app.Kept, []byte, error) {
	if stick != "" && o.Code == "" {
		b, err := app.ReadKeyFile(stick, "")
		if err != nil {
			return app.Kept{}, nil, err
		}
		o.KeyFile = b
	}
	k, err := r.d.Host.OpenBackup(ctx, path, o)
	if stick != "" || o.Code != "" || fault.KeyOf(err) != "keyring.needs-key-file" {
		return k, o.KeyFile, err
	}
	for _, b := range r.d.Host.KeyFiles() {
		o.KeyFile = b
		if k, oerr := r.d.Host.OpenBackup(ctx, path, o); oerr == nil {
			return k, b, nil
		}
	}
	return app.Kept{}, nil, err
}

// unseal tries the key and reads what is in the file, so that a wrong key is
// noticed here and nobody restores what they have not seen.
func (r *restore) unseal(ok func()) {
	if !r.byCode() && r.word.Text == "" {
		r.fail(fault.Bad("start.restore", "start.restore.key.missing"))
		r.focus(r.code)
		return
	}
	r.file32 = nil
	o, path, stick := r.opener(), r.kept.Path, strings.TrimSpace(r.stick.Text)
	type opened struct {
		kept app.Kept
		file []byte
	}
	r.work(text.T("start.signin.working"))
	bg.Run(r.owner, func(ctx context.Context) (k opened, err error) {
		k.kept, k.file, err = r.unlock(ctx, path, stick, o)
		return k, err
	}, func(k opened, err error) {
		r.stop(err)
		switch key := fault.KeyOf(err); {
		case key == "keyring.needs-key-file", strings.HasPrefix(key, "keyfile."):
			r.stickRow.Show()
			r.root.Refresh()
			r.focus(r.stick)
			return
		case err != nil:
			r.Enter()
			return
		}
		r.kept, r.file32 = k.kept, k.file
		r.steps[2].content = nil // it tells what was found
		ok()
	})
}

func (r *restore) placeSheet() fyne.CanvasObject {
	r.folder = control.NewEntry()
	if r.d.Documents != "" {
		name := folderName(r.kept.Shop)
		if name == "" {
			name = text.T("start.new.folder.default")
		}
		r.folder.SetText(filepath.Join(r.d.Documents, text.T("start.new.folder.parent"), name))
	}
	browse := control.NewButton(text.T("start.browse"), func() {
		r.d.PickFolder(text.T("start.new.folder"), func(p string) { r.folder.SetText(p) })
	})
	k := r.kept
	inside := words(text.T("start.restore.about", "shop", k.Shop, "at", text.DateTime(k.Created.Local()), "documents", k.Documents,
		"number", orDash(k.LastNumber), "computer", k.Host))
	return container.New(layout.NewCustomPaddedVBoxLayout(10), control.NewCard("", inside),
		field(text.T("start.new.folder"), container.NewBorder(nil, nil, nil, browse, r.folder), text.T("start.restore.place.hint")))
}

func (r *restore) run(ok func()) {
	dir := strings.TrimSpace(r.folder.Text)
	if !filepath.IsAbs(dir) {
		r.fail(fault.Bad("start.restore", "start.new.folder.missing"))
		r.focus(r.folder)
		return
	}
	o, path := r.opener(), r.kept.Path
	r.work(text.T("start.restore.working"))
	restored := false
	var owners []string
	bg.Run(r.owner, func(ctx context.Context) (*app.Session, error) {
		_, err := r.d.Host.RestoreBackup(ctx, path, dir, o, progress(ctx))
		restored = err == nil
		if err != nil {
			return nil, err
		}
		if o.Code != "" {
			owners, err = r.d.Host.RecoverWho(dir, o.Code)
			return nil, err
		}
		user := o.User
		if user == "" {
			door, err := r.d.Host.Vault.Look(dir)
			if err != nil {
				return nil, err
			}
			if len(door.Users) > 0 {
				user = door.Users[0]
			}
		}
		return r.d.Host.Enter(ctx, dir, user, app.Proof{Password: o.Password, KeyFile: o.KeyFile})
	}, func(s *app.Session, err error) {
		r.stop(err)
		switch {
		case err != nil && restored: // the books are back; what else a person needs is asked at the door
			r.toDoor(dir)
		case err != nil:
		case s != nil:
			r.enter(s)
		default:
			r.whose.offer(owners)
			ok()
		}
	})
}

// toDoor goes to the sign-in of the shop that was brought back.
func (r *restore) toDoor(dir string) {
	r.d.Toast(text.T("start.restore.done", "documents", r.kept.Documents, "number", orDash(r.kept.LastNumber)))
	bg.Run(r.owner, func(context.Context) (app.Door, error) { return Look(r.d.Host, dir) }, func(door app.Door, err error) {
		if err != nil {
			r.fail(err)
			return
		}
		r.d.Show(func() Scene { return NewSignIn(r.d, dir, door) })
	})
}

func (r *restore) setPassword(func()) {
	pw, err := r.password.check()
	if err != nil {
		r.fail(err)
		r.focus(r.password.blame(err))
		return
	}
	who, err := r.whose.chosen()
	if err != nil {
		r.fail(err)
		r.focus(r.whose.choice)
		return
	}
	dir, code := strings.TrimSpace(r.folder.Text), strings.TrimSpace(r.code.Text)
	r.work(text.T("start.new.working"))
	bg.Run(r.owner, func(ctx context.Context) (*app.Session, error) { return r.d.Host.Recover(ctx, dir, code, who, pw) },
		func(s *app.Session, err error) {
			r.stop(err)
			if err != nil {
				r.focus(r.password.blame(err))
				return
			}
			r.enter(s)
		})
}

func (r *restore) enter(s *app.Session) {
	r.d.Toast(text.T("start.restore.done", "documents", r.kept.Documents, "number", orDash(r.kept.LastNumber)))
	r.d.Entered(s)
}
