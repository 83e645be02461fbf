package listview

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"tiezhang/app"
	"tiezhang/ui/bg"
	"tiezhang/ui/export"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
)

// copy puts rows on the clipboard. A few are looked at; more are an export, which
// the gate decides, counts and logs. The clipboard has no password: what not
// everybody may see is never on it.
func (l *List) copy(rows []int) {
	if len(rows) > app.LookRows && l.desc.Rows == nil {
		l.copyMany(rows)
		return
	}
	rows = rows[:min(len(rows), app.LookRows)]
	left := false
	secret := func(i int) bool { return i < len(l.cols) && l.env.Session.Sensitive(l.cols[i]) }
	for i, c := range l.grid.Columns {
		left = left || !c.Hidden && secret(i)
	}
	fyne.CurrentApp().Clipboard().SetContent(l.grid.TSV(rows, secret))
	if left {
		l.env.Toast(text.T("listview.copied.bare"))
	}
}

func (l *List) copyMany(rows []int) {
	c := app.ExportReport{Query: l.query(), To: app.ToCopy, Bare: true, Rows: rows}
	shown := map[string]bool{}
	for _, g := range l.grid.Columns {
		shown[g.Key] = !g.Hidden
	}
	l.env.Confirmed(func(proof context.Context, done func(error)) {
		bg.Run(l.owner, func(work context.Context) (app.Exported, error) {
			return app.Do(page.Join(proof, work), l.env.Session, c)
		}, func(x app.Exported, err error) {
			done(err)
			if err != nil {
				return
			}
			fyne.CurrentApp().Clipboard().SetContent(copied(x, shown))
			l.env.Toast(text.T("listview.copied", "rows", grouped(len(x.Page.Rows)), "most", app.LookRows))
		})
	})
}

// copied is what leaves by the clipboard, with the watermark under it.
func copied(x app.Exported, shown map[string]bool) string {
	var b strings.Builder
	line := func(cell func(i int) string) {
		first := true
		for i, c := range x.Page.Columns {
			if !shown[c.Key] {
				continue
			}
			if !first {
				b.WriteByte('\t')
			}
			first = false
			b.WriteString(strings.NewReplacer("\t", " ", "\n", " ", "\r", "").Replace(cell(i)))
		}
		b.WriteByte('\n')
	}
	line(func(i int) string { return export.Title(x.Page.Columns[i]) })
	for _, r := range x.Page.Rows {
		line(func(i int) string {
			if r.Cells[i].Null {
				return ""
			}
			return show(x.Spec, x.Page.Columns[i], r.Cells[i], time.Local)
		})
	}
	return b.String() + export.Watermark(x) + "\n"
}
