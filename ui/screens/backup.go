package screens

import (
	"context"
	"path/filepath"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tiezhang/app"
	"tiezhang/app/fault"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/grid"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
)

// backups is the backup centre: places, "back up now", restore points.
type backups struct {
	*sheetPage
	folders []string
	due     app.Due
	chosen  string
	points  []app.Kept
	state   map[string]string // what a verification of this session found, by path
	list    *grid.List
	read    bool
}

// MakeBackup makes the backup centre.
func MakeBackup(env *page.Env, r page.Route) (page.Page, error) {
	base := newSheet(env, r, "screens.backup")
	b := &backups{sheetPage: &base, state: map[string]string{}}
	b.scope.On("F9", "backup.now", "screens.backup.now", b.now)
	b.scope.On("F5", "backup.refresh", "listview.refresh", b.reload)
	b.show()
	b.reload()
	return b, nil
}

// Reload follows backups made elsewhere.
func (b *backups) Reload(area string) {
	if area == "backups" || area == "settings" {
		b.reload()
	}
}

func (b *backups) reload() {
	type state struct {
		folders []string
		due     app.Due
	}
	bg.RunKey(b.owner, "places", func(ctx context.Context) (state, error) {
		set, err := app.Ask(ctx, b.env.Session, app.Settings{})
		if err != nil {
			return state{}, err
		}
		due, err := app.Ask(ctx, b.env.Session, app.BackupDue{})
		return state{app.Folders(set[app.SettingBackupFolders]), due}, err
	}, func(s state, err error) {
		if err != nil {
			b.env.Fail(err)
			return
		}
		b.folders, b.due, b.read = s.folders, s.due, true
		if b.chosen == "" && len(b.folders) > 0 {
			b.chosen = b.folders[0]
			if b.due.Last.Folder != "" {
				b.chosen = b.due.Last.Folder
			}
		}
		b.redraw(b.show)
		b.readPoints()
	})
}

// readPoints lists what is in the chosen folder; a stick that is not plugged in
// is told in words where the list would be.
func (b *backups) readPoints() {
	if b.chosen == "" {
		return
	}
	folder := b.chosen
	bg.RunKey(b.owner, "points", func(ctx context.Context) ([]app.Kept, error) {
		return app.Run(ctx, b.env.Session, app.BackupsIn{Folder: folder})
	}, func(ks []app.Kept, err error) {
		b.points = ks
		if err != nil {
			b.points = nil
			b.list.Empty.Words = text.Fault(err)
		}
		b.rows()
	})
}

func (b *backups) show() {
	now := control.NewPrimary(text.T("screens.backup.now"), b.now).WithKey("F9").WithIcon("backup")
	b.first = now
	head := vbox(container.NewHBox(now, control.NewButton(text.T("screens.backup.add"), b.add).WithIcon("plus")))
	level, words := control.Good, text.T("screens.backup.last", "at", text.DateTime(time.Unix(b.due.Last.At, 0)), "folder", b.due.Last.Folder, "name", b.due.Last.Name)
	switch {
	case b.due.Last.At == 0:
		level, words = control.Warn, text.T("screens.backup.never")
	case b.due.Level == app.DueRed:
		level = control.Bad
	case b.due.Level == app.DueYellow:
		level = control.Warn
	}
	if b.due.Last.At != 0 && b.due.Changed {
		words += "  " + text.T("screens.backup.since", "count", b.due.Documents)
	}
	if b.read {
		head.Add(control.NewBanner(level, words, "", nil))
	}
	if len(b.folders) == 0 {
		b.list = grid.NewList(nil, grid.Fixed(nil))
		b.fillWhole(head, control.NewEmptyState("backup", text.T("screens.backup.none"), text.T("screens.backup.add"), b.add))
		return
	}
	var os []control.Option
	for _, f := range b.folders {
		os = append(os, control.Option{Value: f, Text: f})
	}
	place := control.NewChoice(os, func(v string) { b.chosen = v; b.points = nil; b.rows(); b.readPoints() })
	place.MinWidth = 420
	place.SetValue(b.chosen)
	head.Add(container.NewHBox(container.NewCenter(muted(text.T("screens.backup.place"), 70)), place,
		control.NewButton(text.T("screens.backup.open"), func() { b.env.OpenFile(b.chosen) }).WithLook(control.Quiet)))
	head.Add(container.NewHBox(control.NewButton(text.T("screens.backup.verify"), b.verify).WithIcon("check"),
		control.NewButton(text.T("screens.backup.restore"), b.restore).WithIcon("undo")))
	b.list = grid.NewList([]grid.ListColumn{{Key: "created", Title: "screens.backup.created", Width: 150}, {Key: "seq", Title: "screens.backup.sequence", Width: 70, Align: grid.Right},
		{Key: "size", Title: "screens.backup.size", Width: 90, Align: grid.Right}, {Key: "documents", Title: "screens.backup.documents", Width: 80, Align: grid.Right},
		{Key: "number", Title: "screens.backup.number", Width: 170}, {Key: "host", Title: "screens.backup.host", Width: 150}, {Key: "state", Title: "screens.backup.state", Width: 240}, {Key: "name", Title: "screens.backup.file", Width: 420}}, grid.Fixed(nil))
	b.list.Empty.Words = text.T("screens.backup.empty")
	b.list.OnActivate = func(int) { b.verify() }
	b.rows()
	b.fillWhole(head, b.list)
}

// rows draws the restore points.
func (b *backups) rows() {
	rows := make(grid.Fixed, len(b.points))
	for i, k := range b.points {
		state := grid.Cell{Text: text.T("screens.backup.state.unread"), Style: grid.Muted}
		switch {
		case b.state[k.Path] != "":
			state = grid.Cell{Text: b.state[k.Path], Style: grid.Positive}
		case k.Path == filepath.Join(b.due.Last.Folder, b.due.Last.Name):
			state = grid.Cell{Text: text.T("screens.backup.state.verified", "at", text.DateTime(time.Unix(b.due.Last.At, 0))), Style: grid.Positive}
		}
		if k.Damaged {
			state = grid.Cell{Text: text.T("screens.backup.state.damaged"), Style: grid.Negative}
			if k.Problem != nil {
				state.Text = text.Fault(k.Problem)
			}
		}
		docs, seq := "", ""
		if k.Known {
			docs = strconv.FormatInt(k.Documents, 10)
		}
		if k.Sequence != 0 {
			seq = strconv.FormatUint(k.Sequence, 10)
		}
		rows[i] = []grid.Cell{{Text: text.DateTime(k.Created.Local())}, {Text: seq}, {Text: text.Bytes(k.Size)}, {Text: docs}, {Text: k.LastNumber}, {Text: k.Host}, state, {Text: k.Name, Style: grid.Muted}}
	}
	b.list.SetSource(rows)
}

// add asks for a folder and backs up into it: that makes it a place.
func (b *backups) add() {
	b.env.PickFolder(text.T("screens.backup.add"), func(path string) { b.backup(path, false) })
}

func (b *backups) now() {
	if b.chosen == "" {
		b.add()
		return
	}
	b.backup(b.chosen, false)
}

func (b *backups) backup(folder string, anew bool) {
	b.env.Confirmed(func(ctx context.Context, done func(error)) {
		long(b.sheetPage, text.T("screens.backup.running", "folder", folder), func(work context.Context, p app.Progress) (app.Kept, error) {
			return app.Run(page.Join(ctx, work), b.env.Session, app.BackupNow{Folder: folder, Anew: anew, Progress: p})
		}, func(k app.Kept, err error) {
			if fault.KindOf(err) == fault.NotFound && err != nil && !anew {
				done(nil)
				b.lost(folder, err)
				return
			}
			done(err)
			if err != nil {
				return
			}
			b.chosen = folder
			b.env.Toast(text.T("screens.backup.done", "name", k.Name, "size", text.Bytes(k.Size)))
			b.reload()
		})
	})
}

// lost asks what to do where a place has lost its mark: the stick is another,
// or not plugged in.
func (b *backups) lost(folder string, err error) {
	control.Ask(b.env.Window.Canvas(), control.Question{Title: folder, Words: text.Fault(err) + "\n" + text.T("screens.backup.lost"), Yes: text.T("screens.backup.anew"), Danger: true}, func(yes bool) {
		if yes {
			b.backup(folder, true)
		}
	})
}

func (b *backups) point() (app.Kept, bool) {
	i := b.list.Active()
	if i < 0 || i >= len(b.points) {
		return app.Kept{}, false
	}
	return b.points[i], true
}

// verify reads a restore point from its first byte to its last.
func (b *backups) verify() {
	k, ok := b.point()
	if !ok {
		return
	}
	long(b.sheetPage, text.T("screens.backup.verifying", "name", k.Name), func(ctx context.Context, p app.Progress) (backupReport, error) {
		r, err := b.env.Host.VerifyBackup(ctx, k.Path, nil, p)
		return backupReport{r.Pages, r.Files}, err
	}, func(r backupReport, err error) {
		if err != nil {
			b.env.Fail(err)
			b.readPoints()
			return
		}
		b.state[k.Path] = text.T("screens.backup.state.verified", "at", text.DateTime(b.env.Host.Clock.Now()))
		b.rows()
		b.env.Toast(text.T("screens.backup.sound", "name", k.Name))
	})
}

type backupReport struct {
	pages uint64
	files int
}

// restore tells how it is done: the shop must be closed for it.
func (b *backups) restore() {
	words := text.T("screens.backup.restore.words")
	if k, ok := b.point(); ok {
		words += "\n" + text.T("screens.backup.restore.file", "path", k.Path)
	}
	var content fyne.CanvasObject = control.NewWords(words, 520)
	m := control.NewModal(text.T("screens.backup.restore"), content)
	m.CancelButton(text.T("ui.button.cancel"), nil)
	m.DefaultButton(text.T("screens.backup.leave"), func() {
		m.Close()
		b.env.LeaveShop()
	})
	m.Open(b.env.Window.Canvas())
}
