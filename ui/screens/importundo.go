package screens

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"tiezhang/app"
	"tiezhang/app/master"
	"tiezhang/app/sheet"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
)

// readLast reads the last import of this kind and the owner's own fields.
func (w *importer) readLast() {
	type read struct {
		last app.ImportMade
		own  []master.CustomField
	}
	e := map[sheet.Kind]master.Entity{sheet.ItemsKind: master.OfItem, sheet.PartiesKind: master.OfParty}[w.kind]
	bg.RunKey(w.owner, "last", func(ctx context.Context) (read, error) {
		var r read
		var err error
		if r.last, err = app.Ask(ctx, w.env.Session, app.LastImport{Kind: w.kind}); err == nil && e != "" {
			r.own, err = app.Ask(ctx, w.env.Session, app.CustomFields{Entity: e})
		}
		return r, err
	}, func(r read, err error) {
		if err != nil {
			w.env.Fail(err)
			return
		}
		w.last, w.own = r.last, r.own
		if w.step == 0 {
			w.chooseFile()
		}
	})
}

// lastCard says what the last import brought and offers to take it back.
func (w *importer) lastCard() fyne.CanvasObject {
	l := w.last
	return control.NewCard(text.T("screens.import.last"), vbox(
		muted(text.T("screens.import.last.words", "time", text.DateTime(time.Unix(l.At, 0)), "by", l.By, "added", l.Added, "changed", l.Changed, "booked", l.Booked), 640),
		control.NewButton(text.T("screens.import.undo"), w.undo).WithLook(control.Danger)))
}

func (w *importer) undo() {
	control.Ask(w.env.Window.Canvas(), control.Question{Title: text.T("screens.import.undo"), Words: text.T("screens.import.undo.words"), Yes: text.T("screens.import.undo"), Danger: true}, func(yes bool) {
		if !yes {
			return
		}
		w.env.Confirmed(func(ctx context.Context, done func(error)) {
			long(w.sheetPage, text.T("screens.import.undo"), func(work context.Context, _ app.Progress) (app.ImportUndone, error) {
				return app.Do(page.Join(ctx, work), w.env.Session, app.UndoImport{Kind: w.kind, ID: w.last.ID})
			}, func(u app.ImportUndone, err error) {
				done(err)
				if err == nil {
					control.Alert(w.env.Window.Canvas(), text.T("screens.import.undone"), undoWords(u), nil)
					w.readLast()
				}
			})
		})
	})
}

// undoWords tells what became of an import's rows.
func undoWords(u app.ImportUndone) string {
	out := []string{text.T("screens.import.undone.words", "deleted", u.Deleted, "disabled", u.Disabled, "restored", u.Restored, "reversed", u.Reversed)}
	if u.Standing > 0 {
		out = append(out, text.T("screens.import.undone.standing", "count", u.Standing))
	}
	if u.Kept > 0 {
		out = append(out, text.T("screens.import.undone.kept", "count", u.Kept, "names", strings.Join(u.Names, text.T("formview.and"))))
	}
	return strings.Join(out, "\n")
}
