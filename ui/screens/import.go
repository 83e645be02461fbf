package screens

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/app/sheet"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/grid"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// importer is the wizard that takes in the shop's old data: file, columns and
// decisions, dry run, done.
type importer struct {
	*sheetPage
	kind   sheet.Kind
	in     app.Import
	places []control.Option
	result app.Reconciliation
	step   int
	own    []master.CustomField // fields of the owner's a column can be
	last   app.ImportMade
}

// MakeImport makes the wizard; the route's Kind says what is taken in.
func MakeImport(env *page.Env, r page.Route) (page.Page, error) {
	k := sheet.Kind(r.Kind)
	if len(sheet.Fields(k)) == 0 {
		return nil, fault.Bad("screens.MakeImport", "import.kind", "kind", r.Kind)
	}
	base := newSheet(env, r, "screens.import."+r.Kind)
	w := &importer{sheetPage: &base, kind: k}
	w.readPlaces()
	w.chooseFile()
	w.readLast()
	return w, nil
}

func (w *importer) readPlaces() {
	bg.Run(w.owner, func(ctx context.Context) (app.PlaceList, error) { return app.Ask(ctx, w.env.Session, app.Places{}) }, func(p app.PlaceList, err error) {
		if err != nil {
			w.env.Fail(err)
			return
		}
		w.places = nil
		for _, x := range p.Work() {
			w.places = append(w.places, control.Option{Value: x.Code, Text: x.Name, Search: x.Code})
		}
		if w.step == 1 {
			w.columns()
		}
	})
}

// steps shows where in the wizard one is.
func (w *importer) steps(buttons ...fyne.CanvasObject) fyne.CanvasObject {
	row := container.NewHBox()
	for i, k := range []string{"file", "columns", "check", "done"} {
		s := control.NewWords(strconv.Itoa(i+1)+" "+text.T("screens.import.step."+k), 96)
		s.Bold = i == w.step
		if i != w.step {
			s.Color = theme.NameMuted
		}
		row.Add(container.NewCenter(s))
	}
	row.Add(layout.NewSpacer())
	for _, b := range buttons {
		row.Add(b)
	}
	return row
}

// chooseFile is the first step.
func (w *importer) chooseFile() {
	w.step = 0
	pick := control.NewPrimary(text.T("screens.import.pick"), w.pick).WithIcon("excel")
	pick.Big = true
	template := control.NewButton(text.T("screens.import.template"), w.template)
	w.first = pick
	body := vbox(control.NewCard(text.T("screens.import."+string(w.kind)), vbox(
		muted(text.T("screens.import.lead."+string(w.kind)), 640),
		container.NewHBox(pick, template),
		muted(text.T("screens.import.formats"), 640))))
	if w.last.ID != 0 {
		body.Add(w.lastCard())
	}
	w.fill(w.steps(), body)
}

func (w *importer) pick() {
	w.env.PickFile(text.T("screens.import.pick"), []string{"xlsx", "csv", "xlsm", "txt"}, func(path string) { w.open(path, "") })
}

// open reads a file; one without a header is shown all the same, so that the
// person can point at it.
func (w *importer) open(path, sheetName string) {
	type read struct {
		in app.Import
		no error
	}
	long(w.sheetPage, text.T("screens.import.reading"), func(ctx context.Context, _ app.Progress) (read, error) {
		in, err := app.ReadImportSheet(ctx, path, sheetName, w.kind)
		if err != nil && fault.KeyOf(err) != "sheet.no-header" {
			return read{}, err
		}
		r := read{in, err}
		if err == nil {
			if m, err := app.Ask(ctx, w.env.Session, app.ImportColumns{Import: in}); err == nil {
				r.in.Map = m
			}
		}
		return r, nil
	}, func(r read, err error) {
		if err != nil {
			w.env.Fail(err)
			return
		}
		old := w.in.Options
		w.in = r.in
		w.in.Options = old
		if w.step == 0 {
			w.in.Options = app.ImportOptions{SkipBad: true, Stock: true, NewPlaces: w.env.Session.May(access.PlaceEdit)}
		}
		if r.no != nil {
			w.env.Fail(r.no)
		}
		w.columns()
	})
}

func (w *importer) template() {
	name := text.T("sheet.template."+string(w.kind)) + ".xlsx"
	w.env.SaveFile(text.T("screens.import.template"), name, func(path string) {
		bg.Run(w.owner, func(ctx context.Context) (struct{}, error) {
			var b bytes.Buffer
			if err := sheet.WriteTemplate(ctx, &b, w.kind, text.T); err != nil {
				return struct{}{}, err
			}
			return struct{}{}, writeFile(path, b.Bytes())
		}, func(_ struct{}, err error) {
			if err != nil {
				w.env.Fail(err)
				return
			}
			w.env.Toast(text.T("screens.saved", "path", path))
			w.env.OpenFile(path)
		})
	})
}

// writeFile puts a file in place whole or not at all.
func writeFile(path string, b []byte) error {
	bad := func(err error) error {
		return fault.Wrap("screens.write", fault.ReadOnly, "screens.write", fault.Pairs("path", path), err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".tiezhang-*.part")
	if err != nil {
		return bad(err)
	}
	_, err = f.Write(b)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return bad(err)
	}
	return nil
}

// columns is the second step: what each column means, and the decisions.
func (w *importer) columns() {
	w.step = 1
	next := control.NewPrimary(text.T("screens.import.check"), w.check)
	back := control.NewButton(text.T("screens.import.other-file"), w.chooseFile)
	w.first = next
	left := control.NewCard(text.T("screens.import.columns"), vbox(muted(text.T("screens.import.columns.lead"), 420), w.header(), w.fields()))
	right := control.NewCard(text.T("screens.import.decide"), w.decisions())
	name := control.NewHeading(filepath.Base(w.in.Table.Path))
	w.fill(w.steps(back, next), vbox(name, w.two(left, right)))
	w.Enter()
}

// header chooses the sheet and the row of titles.
func (w *importer) header() fyne.CanvasObject {
	row := container.NewHBox()
	if len(w.in.Table.Sheets) > 1 {
		var os []control.Option
		for _, s := range w.in.Table.Sheets {
			os = append(os, control.Option{Value: s, Text: s})
		}
		c := control.NewChoice(os, nil)
		c.SetValue(w.in.Table.Sheet)
		c.OnChanged = func(s string) { w.open(w.in.Table.Path, s) }
		row.Add(labelled("screens.import.sheet", c))
	}
	var os []control.Option
	for i, l := range w.in.Table.Lines {
		if i >= 40 {
			break
		}
		var ws []string
		for _, c := range l.Cells {
			if c.Text != "" && len(ws) < 4 {
				ws = append(ws, oneLine(c.Text))
			}
		}
		os = append(os, control.Option{Value: strconv.Itoa(i), Text: text.T("screens.import.row", "row", l.No, "words", strings.Join(ws, " "))})
	}
	c := control.NewChoice(os, nil)
	c.MinWidth = 300
	c.Placeholder = text.T("screens.import.header.pick")
	if w.in.Map.Header >= 0 {
		c.SetValue(strconv.Itoa(w.in.Map.Header))
	}
	c.OnChanged = func(v string) {
		if i, err := strconv.Atoi(v); err == nil {
			w.in.Map = sheet.MatchRow(w.in.Table, w.kind, i)
			w.columns()
		}
	}
	row.Add(labelled("screens.import.header", c))
	return row
}

// fields offers, for each thing the shop wants to know, the columns of the file.
func (w *importer) fields() fyne.CanvasObject {
	titles := w.in.Titles()
	var os []control.Option
	for i, t := range titles {
		if t = oneLine(t); t == "" {
			t = text.T("screens.import.untitled")
		}
		os = append(os, control.Option{Value: strconv.Itoa(i), Text: sheet.ColumnName(i) + " " + t, Hint: w.sample(i)})
	}
	box := container.NewGridWithColumns(2)
	fields, label := sheet.Fields(w.kind), map[string]string{}
	for _, f := range fields {
		label[f] = text.T("sheet.field." + string(w.kind) + "." + f)
	}
	for _, f := range w.own { // then the owner's own
		fields = append(fields, sheet.CustomName(f.Key))
		label[sheet.CustomName(f.Key)] = f.Name
	}
	for _, f := range fields {
		c := control.NewChoice(os, nil)
		c.Optional, c.MinWidth = true, 150
		c.Placeholder = text.T("screens.import.none")
		if at, ok := w.in.Map.Fields[f]; ok {
			c.SetValue(strconv.Itoa(at))
		}
		c.OnChanged = func(v string) {
			i, err := strconv.Atoi(v)
			if err != nil {
				delete(w.in.Map.Fields, f)
				return
			}
			for o, at := range w.in.Map.Fields { // one column tells one thing
				if at == i && o != f {
					delete(w.in.Map.Fields, o)
				}
			}
			w.in.Map.Fields[f] = i
			w.in.Map.Left = slices.DeleteFunc(w.in.Map.Left, func(c int) bool { return c == i })
			w.columns()
		}
		l := container.NewVBox(container.New(layout.NewCustomPaddedLayout(6, 0, 0, 4), muted(label[f], 74)))
		box.Add(container.NewBorder(nil, nil, l, nil, c))
	}
	return box
}

// oneLine takes the line breaks out of a cell.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// sample is the first text under a title.
func (w *importer) sample(col int) string {
	for _, l := range w.in.Table.Lines[min(w.in.Map.Header+1, len(w.in.Table.Lines)):] {
		if col < len(l.Cells) && l.Cells[col].Text != "" {
			r := []rune(oneLine(l.Cells[col].Text))
			if len(r) > 10 {
				return string(r[:10]) + "\u2026"
			}
			return string(r)
		}
	}
	return ""
}

// decisions are the questions an import leaves to the person.
func (w *importer) decisions() fyne.CanvasObject {
	o := &w.in.Options
	box := vbox()
	tick := func(key string, v *bool) {
		c := control.NewCheck(text.T(key), func(on bool) { *v = on })
		c.SetChecked(*v)
		box.Add(c)
	}
	tick("screens.import.skip-bad", &o.SkipBad)
	if w.kind != sheet.OpeningStockKind {
		tick("screens.import.update", &o.Update)
		codes := control.NewChoice(nil, func(v string) { o.Codes = sheet.Codes(v) })
		opts := []control.Option{{Value: "", Text: text.T("screens.import.codes.as-is")}, {Value: string(sheet.CodesRunning), Text: text.T("screens.import.codes.running")}}
		if w.kind == sheet.ItemsKind {
			opts = append(opts, control.Option{Value: string(sheet.CodesFromBarcode), Text: text.T("screens.import.codes.barcode")})
		}
		codes.SetOptions(opts)
		codes.MinWidth = 260
		codes.SetValue(string(o.Codes))
		box.Add(labelled("screens.import.codes", codes))
	}
	if w.kind == sheet.ItemsKind {
		tick("screens.import.share", &o.Share)
	}
	_, hasQty := w.in.Map.Fields["qty"]
	stock := w.kind == sheet.OpeningStockKind || w.kind == sheet.ItemsKind && hasQty
	if w.kind == sheet.ItemsKind && hasQty {
		tick("screens.import.stock", &o.Stock)
	}
	if w.kind == sheet.OpeningStockKind && w.env.Session.May(access.PlaceEdit) {
		tick("screens.import.new-places", &o.NewPlaces)
	}
	if stock && len(w.places) > 0 {
		c := control.NewChoice(w.places, func(v string) { o.Warehouse = v })
		c.Optional, c.MinWidth = len(w.places) > 1, 260
		if o.Warehouse == "" && len(w.places) == 1 {
			o.Warehouse = w.places[0].Value
		}
		c.SetValue(o.Warehouse)
		box.Add(labelled("screens.import.warehouse", c))
	}
	if w.kind == sheet.PartiesKind {
		c := control.NewChoice([]control.Option{{Value: "customer", Text: text.T("party_kind.customer")}, {Value: "supplier", Text: text.T("party_kind.supplier")}, {Value: "both", Text: text.T("party_kind.both")}},
			func(v string) { o.Party = master.PartyKind(v) })
		c.Optional, c.MinWidth = true, 260
		c.SetValue(string(o.Party))
		box.Add(labelled("screens.import.party", c))
	}
	if w.kind == sheet.ItemsKind {
		e := control.NewEntry()
		e.SetText(o.Unit)
		e.OnChanged = func(s string) { o.Unit = strings.TrimSpace(s) }
		box.Add(labelled("screens.import.unit", e))
	}
	box.Add(muted(text.T("screens.import.nothing-yet"), 400))
	return box
}

// check is the third step: the dry run.
func (w *importer) check() {
	long(w.sheetPage, text.T("screens.import.checking"), func(ctx context.Context, p app.Progress) (app.Reconciliation, error) {
		return app.Ask(ctx, w.env.Session, app.DryRun{Import: w.in, Progress: p})
	}, func(r app.Reconciliation, err error) {
		if err != nil {
			w.env.Fail(err)
			return
		}
		w.result, w.step = r, 2
		w.report(false)
	})
}

// report shows what an import would do, or did, with every problem.
func (w *importer) report(done bool) {
	r := w.result
	var pairs [][3]string
	tile := func(key, value string, color fyne.ThemeColorName) {
		pairs = append(pairs, [3]string{text.T(key), value, string(color)})
	}
	tile("screens.import.rows", strconv.Itoa(r.Rows), "")
	tile("screens.import.added", strconv.Itoa(r.Added), theme.NamePositive)
	if w.kind != sheet.OpeningStockKind {
		tile("screens.import.changed", strconv.Itoa(r.Changed), "")
	}
	tile("screens.import.skipped", strconv.Itoa(r.Skipped), "")
	bad := fyne.ThemeColorName("")
	if r.Errors > 0 {
		bad = theme.NameNegative
	}
	tile("screens.import.errors", strconv.Itoa(r.Errors), bad)
	tile("screens.import.warnings", strconv.Itoa(r.Warnings), "")
	if r.Qty != 0 {
		tile("screens.import.qty", text.Qty(r.Qty), "")
		tile("screens.import.value", text.MoneyTotal(r.Value), "")
	}
	for _, m := range []struct {
		key string
		v   amount.Money
	}{{"screens.import.receivable", r.Receivable}, {"screens.import.payable", r.Payable}} {
		if m.v != 0 {
			tile(m.key, text.MoneyTotal(m.v), "")
		}
	}
	head := vbox(w.steps(w.reportButtons(done)...))
	switch {
	case done:
		head.Add(control.NewBanner(control.Good, text.T("screens.import.finished", "added", r.Added, "changed", r.Changed, "skipped", r.Skipped), "", nil))
	case r.Errors > 0 && !w.in.Options.SkipBad:
		head.Add(control.NewBanner(control.Warn, text.T("screens.import.stops", "count", r.Errors), text.T("screens.import.skip-them"), func() { w.in.Options.SkipBad = true; w.report(false) }))
	case r.Added+r.Changed == 0:
		head.Add(control.NewBanner(control.Warn, text.T("import.nothing"), "", nil))
	}
	if len(r.Places) > 0 {
		head.Add(control.NewBanner(control.Info, text.T("screens.import.places", "names", strings.Join(r.Places, " ")), "", nil))
	}
	head.Add(figures(pairs...))
	list := w.problems()
	w.fillWhole(head, list)
	w.env.Window.Canvas().Focus(list)
}

func (w *importer) reportButtons(done bool) []fyne.CanvasObject {
	r := w.result
	var out []fyne.CanvasObject
	if len(r.Problems) > 0 {
		out = append(out, control.NewButton(text.T("screens.import.save-problems"), w.saveProblems).WithIcon("excel"))
	}
	if done {
		w.first = nil
		return append(out, control.NewButton(text.T("screens.import.more"), func() { w.in = app.Import{}; w.chooseFile() }),
			control.NewPrimary(text.T("ui.button.close"), func() { w.env.Close(w) }))
	}
	out = append(out, control.NewButton(text.T("screens.import.back"), w.columns))
	if n := r.Added + r.Changed; n > 0 && (r.Errors == 0 || w.in.Options.SkipBad) {
		out = append(out, control.NewPrimary(text.T("screens.import.run", "count", n), w.run))
	}
	return out
}

// problems lists everything found, the worst first.
func (w *importer) problems() *grid.List {
	ps := slices.Clone(w.result.Problems)
	slices.SortStableFunc(ps, func(a, b sheet.Problem) int {
		if a.Level != b.Level {
			return int(a.Level) - int(b.Level)
		}
		return a.Row - b.Row
	})
	rows := make(grid.Fixed, len(ps))
	for i, p := range ps {
		level := [...]grid.Cell{{Text: text.T("sheet.level.error"), Style: grid.Negative}, {Text: text.T("sheet.level.warning"), Style: grid.Warning}, {Text: text.T("sheet.level.note"), Style: grid.Muted}}[p.Level]
		rows[i] = []grid.Cell{{Text: strconv.Itoa(p.Row)}, {Text: p.Cell}, {Text: oneLine(p.Column)}, level, {Text: p.Text(text.T)}}
	}
	l := grid.NewList([]grid.ListColumn{{Key: "row", Title: "sheet.problems.row", Width: 60, Align: grid.Right}, {Key: "cell", Title: "sheet.problems.cell", Width: 80},
		{Key: "column", Title: "sheet.problems.column", Width: 120}, {Key: "level", Title: "sheet.problems.level", Width: 80}, {Key: "what", Title: "sheet.problems.what", Width: 860}}, rows)
	l.Empty.Words = text.T("screens.import.no-problems")
	l.OnActivate = func(i int) { control.Alert(w.env.Window.Canvas(), rows[i][1].Text, ps[i].Text(text.T), nil) }
	return l
}

func (w *importer) saveProblems() {
	base := strings.TrimSuffix(filepath.Base(w.in.Table.Path), filepath.Ext(w.in.Table.Path))
	w.env.SaveFile(text.T("screens.import.save-problems"), base+" "+text.T("sheet.problems.tab")+".xlsx", func(path string) {
		long(w.sheetPage, text.T("screens.import.save-problems"), func(ctx context.Context, _ app.Progress) (struct{}, error) {
			var b bytes.Buffer
			if err := sheet.WriteProblems(ctx, w.in.Table, w.result.Problems, text.T, &b); err != nil {
				return struct{}{}, err
			}
			return struct{}{}, writeFile(path, b.Bytes())
		}, func(_ struct{}, err error) {
			if err != nil {
				w.env.Fail(err)
				return
			}
			w.env.Toast(text.T("screens.saved", "path", path))
			w.env.OpenFile(path)
		})
	})
}

// run takes the file in: all of it, or nothing.
func (w *importer) run() {
	w.env.Confirmed(func(ctx context.Context, done func(error)) {
		long(w.sheetPage, text.T("screens.import.running"), func(work context.Context, p app.Progress) (app.Reconciliation, error) {
			return app.Do(page.Join(ctx, work), w.env.Session, app.ImportSheet{Import: w.in, Progress: p})
		}, func(r app.Reconciliation, err error) {
			done(err)
			if err == nil {
				w.result, w.step = r, 3
				w.report(true)
			}
		})
	})
}
