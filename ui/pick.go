package ui

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/ncruces/zenity"

	"tiezhang/app/fault"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/grid"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// pickKind is what is being chosen.
type pickKind uint8

const (
	pickFolder pickKind = iota
	pickFile
	pickSave
)

// picking describes one question for a path.
type picking struct {
	kind   pickKind
	title  string
	name   string   // proposal when saving
	exts   []string // without the dot
	chosen func(string)
}

func (s *Shell) pickFolder(title string, chosen func(string)) {
	s.pick(picking{kind: pickFolder, title: title, chosen: chosen})
}

func (s *Shell) pickFile(title string, exts []string, chosen func(string)) {
	s.pick(picking{kind: pickFile, title: title, exts: exts, chosen: chosen})
}

func (s *Shell) saveFile(title, name string, chosen func(string)) {
	s.pick(picking{kind: pickSave, title: title, name: name, chosen: chosen})
}

// pick asks through the system's own dialog, which knows the person's drives
// and favourites, or through ours where there is none.
func (s *Shell) pick(p picking) {
	if s.o.OwnDialogs || !zenity.IsAvailable() {
		s.ownPick(p)
		return
	}
	bg.RunKey(s.owner, "pick", func(ctx context.Context) (string, error) { return systemPick(ctx, p) }, func(path string, err error) {
		switch {
		case errors.Is(err, zenity.ErrCanceled):
		case err != nil: // the dialog program failed: ours works everywhere
			s.ownPick(p)
		case path != "":
			p.chosen(path)
		}
	})
}

func systemPick(ctx context.Context, p picking) (string, error) {
	opts := []zenity.Option{zenity.Title(p.title), zenity.Context(ctx)}
	if len(p.exts) > 0 {
		var pats []string
		for _, e := range p.exts {
			pats = append(pats, "*."+e)
		}
		opts = append(opts, zenity.FileFilter{Name: strings.Join(pats, " "), Patterns: pats, CaseFold: true})
	}
	switch p.kind {
	case pickFolder:
		return zenity.SelectFile(append(opts, zenity.Directory())...)
	case pickSave:
		return zenity.SelectFileSave(append(opts, zenity.Filename(p.name), zenity.ConfirmOverwrite())...)
	}
	return zenity.SelectFile(opts...)
}

// pathDialog is our own question for a path: the path can be typed, or walked
// to in the list below.
type pathDialog struct {
	*control.Modal
	s     *Shell
	p     picking
	owner *bg.Owner
	path  *control.Entry
	list  *grid.List
	wrong *control.Words
	dir   string
	found []os.DirEntry
}

func (s *Shell) ownPick(p picking) {
	d := &pathDialog{s: s, p: p, owner: s.o.Runner.Owner(), path: control.NewEntry(), wrong: control.NewWords(" ", 600)}
	d.wrong.Color = theme.NameNegative
	d.list = grid.NewList([]grid.ListColumn{{Key: "name", Title: "shell.pick.name", Width: 420}, {Key: "at", Title: "shell.pick.at", Width: 160}}, d)
	d.list.OnActivate = d.enter
	hint := control.NewWords(text.T("shell.pick.hint"), 600)
	hint.Color = theme.NameMuted
	body := container.NewBorder(container.NewVBox(hint, d.path, d.wrong), nil, nil, nil, container.New(&fixed{fyne.NewSize(620, 260)}, d.list))
	d.Modal = control.NewModal(p.title, body)
	d.MinWidth = 660
	d.EnterWalks = true
	d.CancelButton(text.T("ui.button.cancel"), nil)
	d.DefaultButton(text.T("shell.pick.choose"), d.choose)
	d.OnClosed = d.owner.Close
	d.path.OnEnter = func() bool { d.choose(); return true }
	d.First = d.path
	home, err := os.UserHomeDir()
	if err != nil {
		home = string(filepath.Separator)
	}
	d.Open(s.win.Canvas())
	d.walk(home)
}

// Len and Row let the dialog be the list's source; the first line leads up.
func (d *pathDialog) Len() int { return len(d.found) + 1 }

// Row is one line.
func (d *pathDialog) Row(i int) ([]grid.Cell, bool) {
	if i == 0 {
		return []grid.Cell{{Text: text.T("shell.pick.up")}, {}}, true
	}
	e := d.found[i-1]
	name, at := e.Name(), ""
	if e.IsDir() {
		name += string(filepath.Separator)
	}
	if info, err := e.Info(); err == nil {
		at = text.DateTime(info.ModTime())
	}
	return []grid.Cell{{Text: name}, {Text: at}}, true
}

// walk reads a folder and shows it.
func (d *pathDialog) walk(dir string) {
	bg.RunKey(d.owner, "read", func(context.Context) ([]os.DirEntry, error) { return os.ReadDir(dir) }, func(es []os.DirEntry, err error) {
		if err != nil {
			d.say(fault.Wrap("ui.pick", fault.NotFound, "shell.pick.unreadable", fault.Pairs("folder", dir), err))
			return
		}
		d.dir = dir
		d.found = slices.DeleteFunc(es, func(e os.DirEntry) bool {
			if strings.HasPrefix(e.Name(), ".") {
				return true
			}
			return !e.IsDir() && (d.p.kind == pickFolder || !hasExt(e.Name(), d.p.exts))
		})
		shown := dir
		if d.p.kind == pickSave {
			shown = filepath.Join(dir, d.p.name)
		}
		d.path.SetText(shown)
		d.path.CursorColumn = len([]rune(shown))
		if d.p.kind != pickSave && d.s.win.Canvas().Focused() == d.path {
			d.path.SelectAll() // what is typed takes its place; a name proposed is rather changed
		}
		d.wrong.SetText(" ")
		d.list.SetSource(d)
	})
}

func hasExt(name string, exts []string) bool {
	if len(exts) == 0 {
		return true
	}
	return slices.ContainsFunc(exts, func(e string) bool { return strings.EqualFold(filepath.Ext(name), "."+e) })
}

func (d *pathDialog) say(err error) { d.wrong.SetText(text.Fault(err)); d.Refresh() }

// enter opens a folder of the list or takes a file.
func (d *pathDialog) enter(row int) {
	if row == 0 {
		d.walk(filepath.Dir(d.dir))
		return
	}
	e := d.found[row-1]
	p := filepath.Join(d.dir, e.Name())
	if e.IsDir() {
		d.walk(p)
		return
	}
	d.path.SetText(p)
	d.choose()
}

// choose takes what is in the path field.
func (d *pathDialog) choose() {
	p := strings.TrimSpace(d.path.Text)
	if p == "" || !filepath.IsAbs(p) {
		d.say(fault.Bad("ui.pick", "shell.pick.absolute"))
		return
	}
	p = filepath.Clean(p)
	kind := d.p.kind
	bg.RunKey(d.owner, "look", func(context.Context) (bool, error) {
		info, err := os.Stat(p)
		switch {
		case kind == pickFile && (err != nil || info.IsDir()):
			if err == nil {
				return true, nil
			}
			return false, fault.Wrap("ui.pick", fault.NotFound, "shell.pick.no-file", fault.Pairs("file", p), err)
		case kind == pickFolder && err == nil && !info.IsDir():
			return false, fault.Bad("ui.pick", "shell.pick.not-folder", "file", p)
		case kind == pickSave && err == nil && info.IsDir():
			return true, nil
		}
		return false, nil
	}, func(deeper bool, err error) {
		switch {
		case err != nil:
			d.say(err)
		case deeper:
			d.walk(p)
		default:
			d.Close()
			d.p.chosen(p)
		}
	})
}

// fixed is a layout of one object with a size of its own, in pixels at
// standard text size.
type fixed struct{ size fyne.Size }

func (l *fixed) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(theme.Px(l.size.Width), theme.Px(l.size.Height))
}

// Layout fills the room.
func (l *fixed) Layout(o []fyne.CanvasObject, s fyne.Size) {
	for _, c := range o {
		c.Resize(s)
	}
}
