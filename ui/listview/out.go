package listview

import (
	"bufio"
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tiezhang/app"
	"tiezhang/app/fault"
	"tiezhang/app/printing"
	"tiezhang/app/report"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/export"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
)

// excel asks for a file, lets the gate decide, and writes all rows of the list
// as it stands: filters, order, and only the columns this person may see.
func (l *List) excel() {
	if l.lacks() {
		l.grid.Empty.Action()
		return
	}
	q := l.query()
	l.out(app.ToWorkbook, export.Name(app.Exported{Spec: l.desc.Spec}, q), func(ctx context.Context, path string, x app.Exported, password string) error {
		return export.Workbook(ctx, path, x, q, password, func(done, total int) { bg.Report(ctx, int64(done), int64(total), text.T("listview.writing")) })
	})
}

// print makes a PDF to be looked at and printed. A PDF has no password: what not
// everybody may see is left out of it.
func (l *List) print() {
	if l.lacks() {
		l.grid.Empty.Action()
		return
	}
	q := l.query()
	name := strings.TrimSuffix(export.Name(app.Exported{Spec: l.desc.Spec}, q), ".xlsx") + ".pdf"
	l.out(app.ToPDF, name, func(_ context.Context, path string, x app.Exported, _ string) error {
		return writePDF(path, l.desc.Title, x, q)
	})
}

// writer writes what the gate let out.
type writer func(ctx context.Context, path string, x app.Exported, password string) error

func (l *List) out(to app.Outlet, name string, write writer) {
	l.askOut(to, func(c app.ExportReport, password string) { l.take(c, name, password, write) })
}

func (l *List) take(c app.ExportReport, name, password string, write writer) {
	title := text.T("listview.save")
	l.env.SaveFile(title, name, func(path string) {
		l.env.Confirmed(func(ctx context.Context, done func(error)) {
			var task *bg.Task
			wait := control.ShowProgress(l.env.Window.Canvas(), title, func() { task.Cancel() })
			l.owner.OnProgress = wait.Set
			task = bg.Run(l.owner, func(work context.Context) (int, error) {
				x, err := app.Do(page.Join(ctx, work), l.env.Session, c)
				if err != nil {
					return 0, err
				}
				return len(x.Page.Rows), write(work, path, x, password)
			}, func(rows int, err error) {
				l.owner.OnProgress = nil
				wait.Close()
				done(err)
				if err != nil {
					return
				}
				control.Ask(l.env.Window.Canvas(), control.Question{Title: title, Words: text.T("listview.saved", "rows", grouped(rows), "path", path),
					Yes: text.T("listview.open-file"), No: text.T("ui.button.close")}, func(yes bool) {
					if yes {
						l.env.OpenFile(path)
					}
				})
			})
		})
	})
}

// writePDF writes a report as a PDF beside its place and moves it there.
func writePDF(path, title string, x app.Exported, q report.Query) error {
	r := printing.Report{Title: title, Lines: []string{x.Shop}, Footer: export.Watermark(x)}
	if p := period(q); p != "" {
		r.Lines = append(r.Lines, p)
	}
	var use []int
	for i, c := range x.Page.Columns {
		if c.Hide {
			continue
		}
		use = append(use, i)
		r.Columns = append(r.Columns, printing.ReportColumn{Title: export.Title(c), Width: c.Width, Right: right(c)})
	}
	for _, row := range x.Page.Rows {
		cells := make([]string, len(use))
		for j, i := range use {
			if !row.Cells[i].Null {
				cells[j] = show(x.Spec, x.Page.Columns[i], row.Cells[i], time.Local)
			}
		}
		r.Rows = append(r.Rows, cells)
	}
	if len(x.Page.Totals) > 0 {
		r.Totals = make([]string, len(use))
		for j, i := range use {
			c := x.Page.Columns[i]
			if v, ok := x.Page.Totals[c.Key]; ok {
				r.Totals[j] = total(c, v).Text
			} else if j == 0 {
				r.Totals[j] = text.T("ui.grid.total")
			}
		}
	}
	return whole(path, func(f *bufio.Writer) error { return printing.ReportPDF(f, r, text.T) })
}

func period(q report.Query) string {
	switch {
	case q.From != 0 && q.To != 0:
		return q.From.String() + " \u2013 " + q.To.String()
	case q.To != 0:
		return text.T("report.filter.as-of") + " " + q.To.String()
	}
	return ""
}

// whole puts a file in place entirely or not at all.
func whole(path string, write func(*bufio.Writer) error) error {
	bad := func(err error) error {
		return fault.Wrap("listview.out", fault.ReadOnly, "listview.write", fault.Pairs("path", path), err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".tiezhang-*.part")
	if err != nil {
		return bad(err)
	}
	b := bufio.NewWriter(f)
	err = write(b)
	if err == nil {
		if err = b.Flush(); err == nil {
			err = f.Sync()
		}
		if err != nil {
			err = bad(err)
		}
	}
	if cerr := f.Close(); err == nil && cerr != nil {
		err = bad(cerr)
	}
	if err == nil {
		if rerr := os.Rename(f.Name(), path); rerr != nil {
			err = bad(rerr)
		}
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}
