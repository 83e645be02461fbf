package ui

import (
	"context"
	"path/filepath"
	"slices"
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

// statusBar is the line at the bottom: the last verified backup, the check code
// of the log, what waits, rights lent for a time, the clock.
type statusBar struct {
	sp      *workspace
	owner   *bg.Owner
	content fyne.CanvasObject
	row     *statusRow
	backup  *control.Button
	mark    *canvas.Rectangle
	log     *control.Button
	head    string
	drafts  *control.Words
	asked   *control.Button
	clock   *control.Words
	help    *control.Words
	stop    func()

	draftsItem, askedItem, logItem *statusItem

	lent       *statusItem
	lentButton *control.Button
	lents      []app.Lent
	lentOver   func() // stops the timer of the end that comes first
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
	b.log = control.NewButton("", b.explainLog).WithLook(control.Quiet)
	b.asked = control.NewButton("", func() { sp.open(page.Route{Screen: page.Approve}) }).WithLook(control.Quiet)
	b.asked.Icon = theme.IconIn("warning", theme.NameWarning)
	b.lentButton = control.NewButton("", b.listLent).WithLook(control.Quiet)
	b.lentButton.Icon = theme.IconIn("security", theme.NameInfo)
	small := func() *control.Words {
		w := control.NewWords("", 1)
		w.TextSize, w.Color = ft.SizeNameCaptionText, theme.NameMuted
		return w
	}
	b.drafts, b.clock, b.help = small(), small(), small()
	oneLine(b.help, text.T("shell.status.keys"))
	b.logItem = &statusItem{o: b.log, keep: 3, off: true}
	b.askedItem = &statusItem{o: b.asked, keep: 6, off: true}
	b.draftsItem = &statusItem{o: b.drafts, keep: 2, off: true}
	b.lent = &statusItem{o: b.lentButton, keep: 7, off: true}
	b.row = &statusRow{items: []*statusItem{{o: b.mark, keep: 9}, {o: b.backup, keep: 8}, b.askedItem, b.lent, b.logItem, b.draftsItem,
		{o: b.help, keep: 1, right: true}, {o: b.clock, keep: 5, right: true}}}
	row := container.New(b.row)
	for _, it := range b.row.items {
		row.Add(it.o)
	}
	line := canvas.NewRectangle(theme.Separator())
	line.SetMinSize(fyne.NewSize(1, 1))
	b.content = container.NewBorder(line, nil, nil, nil, container.New(layout.NewCustomPaddedLayout(0, 0, 12, 8), row))
	b.tick()
	b.reload()
	return b
}

// oneLine writes words that do not break, however long they are.
func oneLine(w *control.Words, s string) {
	w.Width = fyne.MeasureText(s, w.Theme().Size(w.TextSize), fyne.TextStyle{}).Width/theme.Factor() + 2
	w.SetText(s)
}

// tick moves the clock on at the next minute.
func (b *statusBar) tick() {
	now := b.sp.s.now()
	oneLine(b.clock, text.Clock(now)+"  "+text.Weekday(now))
	if b.content != nil {
		b.content.Refresh()
	}
	if slices.ContainsFunc(b.lents, func(l app.Lent) bool { return !l.Open(now.Unix()) }) {
		b.reload() // the clock was put on, or the computer slept
	}
	rest := time.Minute - time.Duration(now.Second())*time.Second
	b.stop = b.owner.Runner().Later(rest+50*time.Millisecond, b.tick)
}

type statusFacts struct {
	head   string
	due    app.Due
	drafts int
	asked  int // documents that wait for this person's yes
	lent   []app.Lent
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
		if f.lent, err = app.Ask(ctx, in, app.LentRights{Mine: true}); err != nil {
			return f, err
		}
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
		at := when(time.Unix(last.At, 0), b.sp.s.now())
		words = text.T("shell.status.backup", "at", at, "place", short(filepath.Base(last.Folder)))
		if theme.Factor() > theme.Large.Factor() { // there is no room for the place too; its page tells
			words = text.T("shell.status.backup-short", "at", at)
		}
		color = theme.NamePositive
	}
	b.backup.SetLabel(words)
	b.mark.FillColor = theme.Get(color)
	b.mark.Refresh()
	b.head = f.head
	b.log.SetLabel(text.T("shell.status.log", "head", head(f.head)))
	b.logItem.off = false
	b.draftsItem.off = f.drafts == 0
	oneLine(b.drafts, text.T("shell.status.drafts", "count", f.drafts))
	b.askedItem.off = f.asked == 0
	b.asked.SetLabel(text.T("shell.status.approvals", "count", f.asked))
	b.showLent(f.lent)
	b.content.Refresh()
}

// explainLog says what the check code is good for.
func (b *statusBar) explainLog() {
	code := control.NewWords(b.head, 420)
	code.Bold, code.TextSize = true, ft.SizeNameSubHeadingText
	m := control.NewModal(text.T("screens.log.head"), container.NewVBox(code, control.NewWords(text.T("screens.log.head.words"), 420)))
	if to := (page.Route{Screen: page.Security, Kind: "log"}); b.sp.offers(to) {
		m.Button(text.T("shell.security.log"), func() { m.Close(); b.sp.open(to) })
	}
	m.Cancel = m.DefaultButton(text.T("ui.button.close"), m.Close)
	m.Open(b.sp.s.win.Canvas())
}

// head is the beginning of the log's fingerprint.
func head(s string) string {
	if len(s) > 9 {
		return s[:9]
	}
	return s
}

// short keeps the name of a folder from filling the bar.
func short(s string) string {
	if rs := []rune(s); len(rs) > 12 {
		return string(rs[:11]) + "\u2026"
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
	if b.lentOver != nil {
		b.lentOver()
	}
	b.owner.Close()
}
