package start

import (
	"context"
	"crypto/rand"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	ft "fyne.io/fyne/v2/theme"

	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/fault"
	"tiezhang/app/printing"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// newShop is the wizard of a new shop: shop and owner, password, recovery
// kit, three groups back, first backup.
type newShop struct {
	*wizard
	shop, folder, person *control.Entry
	folderTyped          bool
	password             *newPassword

	session *app.Session
	code    app.RecoveryCode
	left    bool  // the shop is closed, or closing
	asked   []int // groups asked back, in order
	answers []*control.Entry
	backup  *control.Entry
}

// NewShop makes the wizard.
func NewShop(d *Deps) Scene {
	n := &newShop{}
	n.wizard = newWizard(d, text.T("start.new"), func() { d.Show(func() Scene { return NewWelcome(d) }) })
	n.password = newPasswordFields(true, func() []string { return []string{n.shop.Text, n.person.Text} })
	n.begin(
		&step{title: text.T("start.new.shop.title"), lead: text.T("start.new.shop.lead"), make: n.shopSheet,
			fields: func() []*control.Entry { return []*control.Entry{n.shop, n.person, n.folder} }, next: n.checkShop},
		&step{title: text.T("start.new.password.title"), lead: text.T("start.new.password.lead"), make: func() fyne.CanvasObject { return n.password.content },
			fields: n.password.fields, next: n.create, label: text.T("start.new.create")},
		&step{title: text.T("start.kit.title"), lead: text.T("start.kit.lead"), make: n.kitSheet, final: true, label: text.T("start.kit.written")},
		&step{title: text.T("start.kit.ask.title"), lead: text.T("start.kit.ask.lead"), make: n.askSheet, final: true,
			fields: func() []*control.Entry { return n.answers }, next: n.checkKit, other: text.T("start.kit.again"), otherRun: func() { n.show(2) }},
		&step{title: text.T("start.backup.title"), lead: text.T("start.backup.lead"), make: n.backupSheet, final: true,
			fields: func() []*control.Entry { return []*control.Entry{n.backup} }, next: n.firstBackup,
			label: text.T("start.backup.now"), other: text.T("start.backup.later"), otherRun: n.done},
	)
	return n
}

func (n *newShop) shopSheet() fyne.CanvasObject {
	n.shop, n.person, n.folder = control.NewEntry(), control.NewEntry(), control.NewEntry()
	n.shop.SetPlaceHolder(text.T("start.new.shop.example"))
	n.person.SetText(text.T("start.new.owner.default"))
	propose := func() {
		if n.folderTyped || n.d.Documents == "" {
			return
		}
		name := folderName(n.shop.Text)
		if name == "" {
			name = text.T("start.new.folder.default")
		}
		n.folder.SetText(filepath.Join(n.d.Documents, text.T("start.new.folder.parent"), name))
		n.folderTyped = false // SetText told OnChanged
	}
	n.folder.OnChanged = func(string) { n.folderTyped = true }
	n.shop.OnChanged = func(string) { propose() }
	propose()
	browse := control.NewButton(text.T("start.browse"), func() {
		n.d.PickFolder(text.T("start.new.folder"), func(p string) {
			n.folder.SetText(filepath.Join(p, folderName(n.shop.Text)))
		})
	})
	return container.New(layout.NewCustomPaddedVBoxLayout(10),
		field(text.T("start.new.shop"), n.shop, ""),
		field(text.T("start.new.owner"), n.person, text.T("start.new.owner.hint")),
		field(text.T("start.new.folder"), container.NewBorder(nil, nil, nil, browse, n.folder), text.T("start.new.folder.hint")))
}

func (n *newShop) checkShop(ok func()) {
	switch {
	case strings.TrimSpace(n.shop.Text) == "":
		n.fail(fault.Bad("start.new", "start.new.shop.missing"))
		n.focus(n.shop)
	case strings.TrimSpace(n.person.Text) == "":
		n.fail(fault.Bad("start.new", "start.new.owner.missing"))
		n.focus(n.person)
	case !filepath.IsAbs(n.folder.Text):
		n.fail(fault.Bad("start.new", "start.new.folder.missing"))
		n.focus(n.folder)
	default:
		ok()
	}
}

// create makes the shop; from here on there is no way back, only on.
func (n *newShop) create(ok func()) {
	pw, err := n.password.check()
	if err != nil {
		n.fail(err)
		n.focus(n.password.blame(err))
		return
	}
	seed := app.NewShop{ShopName: n.shop.Text, OwnerName: n.person.Text, Password: pw, Language: string(text.Current()), Names: seedNames()}
	type made struct {
		s    *app.Session
		code app.RecoveryCode
	}
	dir := filepath.Clean(n.folder.Text)
	n.work(text.T("start.new.working"))
	bg.Run(n.owner, func(ctx context.Context) (made, error) {
		s, code, err := n.d.Host.New(ctx, dir, seed)
		return made{s, code}, err
	}, func(m made, err error) {
		if err != nil {
			n.stop(err)
			n.refused(err)
			return
		}
		n.work("")
		n.session, n.code = m.s, m.code
		n.password.first.SetText("")
		n.password.again.SetText("")
		n.asked = pick(len(m.code.Groups), 3)
		ok()
	})
}

// refused leads to what must be changed before the shop can be made: the
// password here, the names and the folder on the sheet before.
func (n *newShop) refused(err error) {
	at := fyne.Focusable(n.folder)
	switch key := fault.KeyOf(err); {
	case strings.HasPrefix(key, "passphrase."):
		n.focus(n.password.blame(err))
		return
	case strings.HasPrefix(key, "user."):
		at = n.person
	case key == "shop.name":
		at = n.shop
	}
	n.show(0)
	n.fail(err)
	n.focus(at)
}

// pick chooses k different numbers below n, in order.
func pick(n, k int) []int {
	left := make([]int, n)
	for i := range left {
		left[i] = i
	}
	for len(left) > k {
		i, err := rand.Int(rand.Reader, big.NewInt(int64(len(left))))
		if err != nil {
			panic(err) // a computer without randomness could not have made the code
		}
		left = slices.Delete(left, int(i.Int64()), int(i.Int64())+1)
	}
	return left
}

func (n *newShop) kitSheet() fyne.CanvasObject {
	box := container.New(layout.NewCustomPaddedVBoxLayout(10), groupsGrid(n.code.Groups))
	save := control.NewButton(text.T("start.kit.pdf"), n.saveKit).WithIcon("print")
	box.Add(container.NewHBox(save))
	w := words(text.T("start.kit.warn"))
	w.Color = theme.NameWarning
	box.Add(w)
	return box
}

// groupsGrid shows the code in big numbered groups.
func groupsGrid(groups []string) fyne.CanvasObject {
	grid := container.NewGridWithColumns(3)
	for i, g := range groups {
		no := control.NewWords(strconv.Itoa(i+1), 24)
		no.Color, no.TextSize = theme.NameMuted, ft.SizeNameCaptionText
		big := control.NewWords(g, 130)
		big.TextSize, big.Bold = ft.SizeNameHeadingText, true
		grid.Add(control.NewCard("", container.NewHBox(no, big)))
	}
	return grid
}

func (n *newShop) saveKit() {
	name := text.T("start.kit.file", "shop", folderName(n.shop.Text)) + ".pdf"
	n.d.SaveFile(text.T("start.kit.pdf"), name, func(path string) {
		shop, owner, groups, today := strings.TrimSpace(n.shop.Text), n.session.User().Name, n.code.Groups, day.Of(n.d.Host.Clock.Now())
		n.work(text.T("start.kit.saving"))
		bg.Run(n.owner, func(context.Context) (struct{}, error) { return struct{}{}, writeKit(path, shop, owner, today, groups) },
			func(_ struct{}, err error) {
				if err != nil {
					n.stop(err)
					return
				}
				n.work("")
				n.d.Toast(text.T("start.kit.saved", "file", path))
				n.d.OpenFile(path)
			})
	})
}

// writeKit makes the PDF; only this person may read the file.
func writeKit(path, shop, owner string, date day.Date, groups []string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fault.Wrap("start.kit", fault.ReadOnly, "start.kit.unwritable", fault.Pairs("file", path), err)
	}
	err = printing.RecoveryKit(f, shop, owner, date, groups, text.T)
	if cerr := f.Close(); err == nil && cerr != nil {
		err = fault.Wrap("start.kit", fault.NoSpace, "start.kit.unwritable", fault.Pairs("file", path), cerr)
	}
	return err
}

func (n *newShop) askSheet() fyne.CanvasObject {
	box := container.New(layout.NewCustomPaddedVBoxLayout(10))
	for _, g := range n.asked {
		e := control.NewNumber()
		e.MinWidth = 200
		n.answers = append(n.answers, e)
		box.Add(field(text.T("start.kit.group", "n", g+1), container.NewHBox(e), ""))
	}
	return box
}

func (n *newShop) checkKit(ok func()) {
	for i, g := range n.asked {
		if digits(n.answers[i].Text) != n.code.Groups[g] {
			n.fail(fault.Bad("start.kit", "start.kit.wrong", "n", g+1))
			n.focus(n.answers[i])
			return
		}
	}
	today := day.Of(n.d.Host.Clock.Now()).String()
	n.work(text.T("ui.progress.wait"))
	bg.Run(n.owner, func(ctx context.Context) (struct{}, error) {
		return app.Do(ctx, n.session, app.SetSetting{Key: app.SettingRecoveryKit, Value: today})
	}, func(_ struct{}, err error) {
		n.stop(err)
		if err == nil {
			ok()
		}
	})
}

// digits keeps the digits of what was typed, full-width ones too.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, amount.Narrow(s))
}

func (n *newShop) backupSheet() fyne.CanvasObject {
	n.backup = control.NewEntry()
	browse := control.NewButton(text.T("start.browse"), func() {
		n.d.PickFolder(text.T("start.backup.folder"), func(p string) { n.backup.SetText(p) })
	})
	return field(text.T("start.backup.folder"), container.NewBorder(nil, nil, nil, browse, n.backup), text.T("start.backup.hint"))
}

func (n *newShop) firstBackup(func()) {
	folder := strings.TrimSpace(n.backup.Text)
	if !filepath.IsAbs(folder) {
		n.fail(fault.Bad("start.backup", "start.backup.missing"))
		n.focus(n.backup)
		return
	}
	n.work(text.T("start.backup.working"))
	bg.Run(n.owner, func(ctx context.Context) (app.Kept, error) {
		return app.Run(ctx, n.session, app.BackupNow{Folder: folder, Progress: progress(ctx)})
	}, func(k app.Kept, err error) {
		if err != nil {
			n.stop(err)
			return
		}
		n.work("")
		n.d.Toast(text.T("start.backup.done", "name", k.Name))
		n.done()
	})
}

func (n *newShop) done() { n.d.Entered(n.session) }

// Session is the shop that was made, for the shell to close when the window
// goes before the last step.
func (n *newShop) Session() *app.Session {
	if n.left {
		return nil
	}
	return n.session
}

// Unattended: the recovery code is on the screen. Writing it down takes its time.
func (n *newShop) Unattended() (*app.Session, time.Duration) {
	if n.busyNow || n.left {
		return nil, 0
	}
	return n.session, time.Duration(app.DefaultPolicy().IdleTill) * time.Minute
}

// GoAway closes the new shop; a kit that was not written down is made anew when
// the owner is in again.
func (n *newShop) GoAway() {
	shop := n.session.Shop()
	n.left = true
	dir := shop.Dir()
	bg.Run(n.d.Runner.Owner(), func(ctx context.Context) (app.Door, error) {
		if err := shop.Close(ctx); err != nil {
			return app.Door{}, err
		}
		return Look(n.d.Host, dir)
	}, func(door app.Door, err error) {
		if err != nil {
			n.d.Fail(err)
		}
		n.d.Show(func() Scene { return NewSignIn(n.d, dir, door) })
	})
}
