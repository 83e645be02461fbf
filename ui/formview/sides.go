package formview

import (
	"context"
	"encoding/json"
	"sort"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/master"
	"tiezhang/app/oplog"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/export"
	"tiezhang/ui/grid"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// sides are the further sides of an item or a party: where it is used, and who
// changed it.
func sides(env *page.Env, e master.Entity, row *int64) []tab {
	out := []tab{{"formview.tab.use", func(f *Form) fyne.CanvasObject { return useSide(f, e, *row) }}}
	if env.Session.May(access.LogOwn) {
		out = append(out, tab{"formview.tab.history", func(f *Form) fyne.CanvasObject { return historySide(f, e, *row) }})
	}
	return out
}

func useSide(f *Form, e master.Entity, row int64) fyne.CanvasObject {
	cols := []grid.ListColumn{{Key: "state", Title: "formview.use.state", Width: 90}, {Key: "date", Title: "report.col.date", Width: 90}, {Key: "number", Title: "report.col.number", Width: 150},
		{Key: "kind", Title: "report.col.kind", Width: 90}}
	if e == master.OfItem {
		cols = append(cols, grid.ListColumn{Key: "qty", Title: "report.col.qty", Width: 90, Align: grid.Right}, grid.ListColumn{Key: "open", Title: "formview.use.open", Width: 90, Align: grid.Right})
	} else {
		cols = append(cols, grid.ListColumn{Key: "total", Title: "report.col.total", Width: 110, Align: grid.Right})
	}
	list := grid.NewList(cols, grid.Fixed(nil))
	list.Empty.Words = text.T("formview.use.none")
	stock := control.NewWords("", 900)
	stock.Color = theme.NameMuted
	box := container.NewBorder(stock, nil, nil, nil, list)
	bg.RunKey(f.owner, "use", func(ctx context.Context) (app.Use, error) {
		return app.Ask(ctx, f.env.Session, app.Usage{Entity: e, ID: row})
	}, func(u app.Use, err error) {
		if err != nil {
			f.env.Fail(err)
			return
		}
		stock.SetText(useWords(e, u))
		var rows grid.Fixed
		var to []page.Route
		add := func(state string, style grid.Style, rs []app.UseRow) {
			for _, r := range rs {
				c := []grid.Cell{{Text: text.T(state), Style: style}, {Text: r.Date.String()}, {Text: r.Number, Style: grid.Link}, {Text: text.T("kind." + string(r.Kind))}}
				if e == master.OfItem {
					c = append(c, grid.Cell{Text: text.Qty(r.Qty)}, grid.Cell{Text: blank(r.Open)})
				} else {
					c = append(c, grid.Cell{Text: text.Money(r.Total)})
				}
				rows, to = append(rows, c), append(to, page.Route{Screen: page.Document, Kind: string(r.Kind), Arg: r.ID})
			}
		}
		add("formview.use.order", grid.Warning, u.Orders)
		add("formview.use.draft", grid.Muted, u.Drafts)
		add("formview.use.posted", grid.Normal, u.Last)
		list.SetSource(rows)
		list.OnActivate = func(i int) { f.env.Open(to[i]) }
		box.Refresh()
	})
	return box
}

// useWords says what the list does not: how many documents there are, and where
// the stock lies.
func useWords(e master.Entity, u app.Use) string {
	out := []string{text.T("formview.use.count", "count", u.Documents)}
	if e == master.OfItem {
		var places []string
		for _, p := range u.Stock {
			w := p.Name
			if p.Lent {
				w = text.T("formview.use.lent")
			}
			if p.Batch != "" {
				w += " (" + p.Batch + ")"
			}
			places = append(places, w+" "+text.Qty(p.Qty))
		}
		if len(places) > 0 {
			out = append(out, text.T("formview.use.stock", "places", strings.Join(places, text.T("formview.and"))))
		}
	}
	return strings.Join(out, "  ")
}

func blank(q amount.Qty) string {
	if q == 0 {
		return ""
	}
	return text.Qty(q)
}

func historySide(f *Form, e master.Entity, row int64) fyne.CanvasObject {
	list := grid.NewList([]grid.ListColumn{{Key: "time", Title: "report.col.time", Width: 140}, {Key: "user", Title: "report.col.user", Width: 90},
		{Key: "action", Title: "report.col.action", Width: 130}, {Key: "what", Title: "formview.history.what", Width: 640}}, grid.Fixed(nil))
	list.Empty.Words = text.T("formview.history.none")
	bg.RunKey(f.owner, "history", func(ctx context.Context) ([]oplog.Entry, error) {
		return app.Ask(ctx, f.env.Session, app.History{Entity: e, ID: row})
	}, func(es []oplog.Entry, err error) {
		if err != nil {
			f.env.Fail(err)
			return
		}
		var rows grid.Fixed
		for _, x := range es {
			rows = append(rows, []grid.Cell{{Text: text.DateTime(time.UnixMilli(x.Time))}, {Text: x.User}, {Text: export.Word("action.", x.Action)}, {Text: changeWords(x)}})
		}
		list.SetSource(rows)
		list.OnActivate = func(i int) {
			control.Alert(f.env.Window.Canvas(), rows[i][0].Text+"  "+rows[i][1].Text, rows[i][3].Text, nil)
		}
	})
	return list
}

// changeWords says what an entry did to a row: fields that changed with what
// they were and are, then whatever else it tells.
func changeWords(e oplog.Entry) string {
	var d map[string]json.RawMessage
	if json.Unmarshal([]byte(e.Detail), &d) != nil {
		return e.Reason
	}
	var fields map[string][]string
	_ = json.Unmarshal(d["fields"], &fields) // entries from before have none
	names := make([]string, 0, len(fields))
	for n := range fields {
		names = append(names, n)
	}
	sort.Strings(names)
	var out []string
	for _, n := range names {
		w := fieldWords(n)
		if v := fields[n]; len(v) == 2 {
			w += " " + valueWords(n, v[0]) + " \u2192 " + valueWords(n, v[1])
		}
		out = append(out, w)
	}
	delete(d, "fields")
	delete(d, "price") // said by the fields
	rest, err := json.Marshal(d)
	if err == nil && len(d) > 0 {
		for _, p := range export.Details(string(rest)) {
			out = append(out, p[0]+" "+boolWords(p[1]))
		}
	}
	if e.Reason != "" {
		out = append(out, e.Reason)
	}
	return strings.Join(out, text.T("formview.semicolon"))
}

// fieldWords names a field as the form does; one of the owner's has its own name.
func fieldWords(n string) string {
	if level, ok := strings.CutPrefix(n, "prices."); ok {
		return export.Word("level.", level)
	}
	for _, area := range []string{"field.", "report.col."} {
		if text.Has(area + n) {
			return text.T(area + n)
		}
	}
	return n
}

func valueWords(field, v string) string {
	switch {
	case field == "track":
		if v == "" {
			v = "none"
		}
		return text.T("track." + v)
	case field == "level":
		return export.Word("level.", v)
	case field == "kind":
		return export.Word("party_kind.", v)
	case v == master.Yes || v == master.No:
		return text.T("formview." + v)
	case strings.TrimSpace(v) == "":
		return text.T("formview.empty")
	}
	return strings.TrimSpace(v)
}

func boolWords(s string) string {
	if b, err := strconv.ParseBool(s); err == nil && len(s) > 1 {
		return text.T("formview." + map[bool]string{true: master.Yes, false: master.No}[b])
	}
	return s
}

func usedWords(n int) func(*Form) fyne.CanvasObject {
	return func(*Form) fyne.CanvasObject {
		return control.NewWords(text.T("formview.custom.used.words", "count", n), 240)
	}
}

// mergeNotes say that a row was merged, and lead to taking it back.
func mergeNotes(f *Form, e master.Entity, row int64, root string, took []string) []note {
	var out []note
	button := ""
	if f.env.Session.May(access.MergeRows) {
		button = text.T("formview.merge.undo")
	}
	if root != "" {
		out = append(out, note{text.T("formview.merged-into", "name", root), button, func() {
			f.env.Open(page.Route{Screen: page.Merge, Kind: string(e), Arg: strconv.FormatInt(row, 10)})
		}})
	}
	if len(took) > 0 {
		out = append(out, note{words: text.T("formview.took-over", "names", strings.Join(took, text.T("formview.and")))})
	}
	return out
}
