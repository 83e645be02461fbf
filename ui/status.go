package ui

import (
	"context"
	"path/filepath"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	ft "fyne.io/fyne/v2/theme"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/doc"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// statusBar is the line at the bottom: the last verified backup, the head of
// the log, drafts, the clock.
type statusBar struct {
	sp      *workspace
	owner   *bg.Owner
	content fyne.CanvasObject
	backup  *control.Button
	mark    *canvas.Rectangle
	log     *control.Words
	drafts  *control.Words
	clock   *control.Words
	stop    func()
}

func newStatusBar(sp *workspace) *statusBar {
	b := &statusBar{sp: sp, owner: sp.s.o.Runner.Owner(), mark: canvas.NewRectangle(theme.Separator())}
	b.mark.CornerRadius = 4
	b.mark.SetMinSize(fyne.NewSquareSize(theme.Px(9)))
	b.backup = control.NewButton(text.T("shell.status.reading"), func() {
		if makers[page.Backup] != nil && sp.env.Session.May(access.BackupRun) {
			sp.open(page.Route{Screen: page.Backup})
		}
	}).WithLook(control.Quiet)
	small := func(width float32) *control.Words {
		w := control.NewWords("", width)
		w.TextSize, w.Color = ft.SizeNameCaptionText, theme.NameMuted
		return w
	}
	b.log, b.drafts, b.clock = small(150), small(110), small(96)
	help := small(230)
	help.SetText(text.T("shell.status.keys"))
	row := container.NewHBox(container.NewCenter(b.mark), b.backup, container.NewCenter(b.log), container.NewCenter(b.drafts), layout.NewSpacer(), container.NewCenter(help), container.NewCenter(b.clock))
	line := canvas.NewRectangle(theme.Separator())
	line.SetMinSize(fyne.NewSize(1, 1))
	b.content = container.NewBorder(line, nil, nil, nil, container.New(layout.NewCustomPaddedLayout(0, 0, 12, 8), row))
	b.tick()
	b.reload()
	return b
}

// tick moves the clock on at the next minute.
func (b *statusBar) tick() {
	now := b.sp.s.now()
	b.clock.SetText(text.Clock(now) + "  " + text.Weekday(now))
	rest := time.Minute - time.Duration(now.Second())*time.Second
	b.stop = b.owner.Runner().Later(rest+50*time.Millisecond, b.tick)
}

type statusFacts struct {
	head   string
	due    app.Due
	drafts int
	asked  int // documents that wait for this person's yes
}

func (b *statusBar) reload() {
	in := b.sp.env.Session
	bg.RunKey(b.owner, "status", func(ctx context.Context) (statusFacts, error) {
		v, err := app.Ask(ctx, in, app.Status{})
		if err != nil {
			return statusFacts{}, err
		}
		due, err := app.Ask(ctx, in, app.BackupDue{})
		if err != nil {
			return statusFacts{}, err
		}
		ds, err := app.Ask[[]doc.Document](ctx, in, app.MyDrafts{})
		if err != nil {
			return statusFacts{}, err
		}
		f := statusFacts{head: v.LogHead, due: due, drafts: len(ds)}
		if in.May(access.DocumentApprove) {
			qs, err := app.Ask(ctx, in, app.PendingApprovals{})
			for _, q := range qs {
				if !q.Own {
					f.asked++
				}
			}
			return f, err
		}
		return f, nil
	}, func(f statusFacts, err error) {
		if err != nil {
			return // locked meanwhile; it is read again at the next sign-in
		}
		b.show(f)
	})
}

func (b *statusBar) show(f statusFacts) {
	words, color := text.T("shell.status.no-backup"), theme.NameWarning
	switch last := f.due.Last; {
	case f.due.Level == app.DueRed:
		words, color = text.T("shell.status.overdue", "days", f.due.Days, "documents", f.due.Documents), theme.NameNegative
	case f.due.Level == app.DueYellow && last.At > 0:
		words = text.T("shell.status.due", "days", f.due.Days, "documents", f.due.Documents)
	case last.At > 0:
		words = text.T("shell.status.backup", "at", when(time.Unix(last.At, 0), b.sp.s.now()), "place", filepath.Base(last.Folder))
		color = theme.NamePositive
	}
	b.backup.SetLabel(words)
	b.mark.FillColor = theme.Get(color)
	b.mark.Refresh()
	b.log.SetText(text.T("shell.status.log", "head", head(f.head)))
	b.drafts.SetText("")
	if f.drafts > 0 {
		b.drafts.SetText(text.T("shell.status.drafts", "count", f.drafts))
	}
	b.drafts.Color = theme.NameMuted
	if f.asked > 0 { // what others wait for comes before one's own
		b.drafts.SetText(text.T("shell.status.approvals", "count", f.asked))
		b.drafts.Color = theme.NameWarning
	}
	b.content.Refresh()
}

// head is the beginning of the log's fingerprint.
func head(s string) string {
	if len(s) > 9 {
		return s[:9]
	}
	return s
}

// when is the time today, else the day too.
func when(t, now time.Time) string {
	if text.Date(t) == text.Date(now) {
		return text.Clock(t)
	}
	return text.DateTime(t)
}

func (b *statusBar) close() {
	b.stop()
	b.owner.Close()
}
