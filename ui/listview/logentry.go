package listview

import (
	"context"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"tiezhang/app"
	"tiezhang/app/oplog"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/export"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// showEntry opens an entry of the operation log in full.
func showEntry(env *page.Env, owner *bg.Owner, ref string) {
	seq, err := strconv.ParseInt(ref, 10, 64)
	if err != nil {
		return
	}
	bg.RunKey(owner, "entry", func(ctx context.Context) (oplog.Entry, error) {
		return app.Ask(ctx, env.Session, app.LogEntry{Seq: seq})
	}, func(e oplog.Entry, err error) {
		if err != nil {
			env.Fail(err)
			return
		}
		box := container.New(layout.NewCustomPaddedVBoxLayout(4))
		for _, f := range entryFields(e) {
			k := control.NewWords(f[0], 120)
			k.Color = theme.NameMuted
			box.Add(container.NewHBox(k, control.NewWords(f[1], 420)))
		}
		var content fyne.CanvasObject = box
		m := control.NewModal(text.T("listview.entry", "seq", e.Seq), content)
		m.Cancel = m.DefaultButton(text.T("ui.button.close"), m.Close)
		m.Open(env.Window.Canvas())
	})
}

// entryFields are the lines of the dialog: label and value.
func entryFields(e oplog.Entry) [][2]string {
	var out [][2]string
	add := func(key, v string) {
		if v != "" {
			out = append(out, [2]string{text.T(key), v})
		}
	}
	add("report.col.time", text.DateTime(time.UnixMilli(e.Time)))
	add("report.col.user", e.User)
	add("report.col.role", export.Word("role.", e.Role))
	add("listview.entry.approver", e.Approver)
	add("report.col.action", export.Word("action.", e.Action))
	add("report.col.object", e.Object)
	add("report.col.result", export.Word("result.", e.Result))
	if e.Fault != "" {
		add("listview.entry.fault", export.Word("", e.Fault))
	}
	add("listview.entry.reason", e.Reason)
	out = append(out, export.Details(e.Detail)...)
	add("listview.entry.machine", e.Machine)
	add("listview.entry.version", e.Version)
	return out
}
