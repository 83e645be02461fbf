package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"

	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/app/report"
	"tiezhang/app/sheet"
)

// Import is a table of the shop's old data, read in and matched, with what the
// person decided about it. ReadImport makes one; DryRun tries it, ImportSheet
// takes it in.
type Import struct {
	Kind    sheet.Kind
	Table   sheet.Table
	Map     sheet.Mapping
	Options ImportOptions
}

// ImportOptions are the decisions an import leaves to the person. The zero
// value is the careful one: rows that are there already are left as they are,
// and with a single problem nothing is taken in.
type ImportOptions struct {
	// Codes gives codes to rows without one: "" makes that a problem.
	Codes sheet.Codes
	Unit  string           // for items without a unit
	Party master.PartyKind // for parties whose kind the file does not tell
	// Warehouse is the code or name of the one meant where the file names none;
	// "" takes the only one there is.
	Warehouse string
	// Update changes rows whose code the shop already has; otherwise they are
	// passed over.
	Update bool
	// SkipBad takes in the good rows and leaves those with problems out.
	SkipBad bool
	// NewPlaces makes the warehouses that the file names and the shop lacks.
	NewPlaces bool
	// Stock books the quantities of an item list as opening stock of the items
	// that are new.
	Stock bool
	// Date of opening documents; 0 is today.
	Date day.Date
	// Share takes a barcode that another item bears as meant.
	Share bool
}

// ReadImport reads the first sheet of a file that has anything on it and finds
// its columns. Without a header row the Import comes back with the fault
// Invalid "sheet.no-header", so that a person can point at it. Other faults are
// sheet.Read's.
func ReadImport(path string, kind sheet.Kind) (Import, error) {
	return ReadImportSheet(context.Background(), path, "", kind)
}

// ReadImportSheet is ReadImport for a named sheet of the file.
func ReadImportSheet(ctx context.Context, path, name string, kind sheet.Kind) (Import, error) {
	if len(sheet.Fields(kind)) == 0 {
		return Import{}, fault.Bad("app.ReadImport", "import.kind", "kind", string(kind))
	}
	t, err := sheet.Read(ctx, path, name)
	if err != nil {
		return Import{}, err
	}
	m, err := sheet.Match(t, kind)
	if err != nil {
		m = sheet.MatchRow(t, kind, -1)
	}
	return Import{Kind: kind, Table: t, Map: m}, err
}

// Titles gives the words over the columns, by column.
func (i Import) Titles() []string {
	if i.Map.Header < 0 || i.Map.Header >= len(i.Table.Lines) {
		return nil
	}
	cells := i.Table.Lines[i.Map.Header].Cells
	out := make([]string, len(cells))
	for c := range cells {
		out[c] = cells[c].Text
	}
	return out
}

// DryRun tries an import without changing anything and lists every problem:
// those of the file itself and those against what the shop already has.
type DryRun struct {
	Import   Import
	Progress Progress
}

// ImportSheet takes an import in: all of it in one transaction, or nothing.
// Opening balances become posted opening documents. Faults: Invalid
// "import.problems" when there are problems and SkipBad is off, Invalid
// "import.nothing", those of saving and posting, NeedsStep.
type ImportSheet struct {
	Import   Import
	Progress Progress
}

// Reconciliation says what an import would do or did, to be held against the
// old program's figures.
type Reconciliation struct {
	Rows     int // rows with content under the header
	Added    int
	Changed  int
	Skipped  int // left out: bad, or there already
	Errors   int // problems that keep rows out
	Warnings int
	Problems []sheet.Problem

	Qty                 amount.Qty   // opening stock booked, in base units
	Value               amount.Money // its value
	Receivable, Payable amount.Money // opening balances booked
	Documents           []Receipt    // opening documents, when done
	Places              []string     // warehouses that were lacking and are made
}

func (q DryRun) spec() Need { return Need{Perm: access.Import, Silent: true} }

func (q DryRun) ask(ctx context.Context, x *Exec) (Reconciliation, error) {
	w, err := newImporter(ctx, x, q.Import, q.Progress)
	if err != nil {
		return Reconciliation{}, err
	}
	return w.r, nil
}

func (c ImportSheet) spec() Need { return Need{Perm: access.Import} }

func (c ImportSheet) run(ctx context.Context, x *Exec) (Reconciliation, error) {
	w, err := newImporter(ctx, x, c.Import, c.Progress)
	if err != nil {
		return Reconciliation{}, err
	}
	if w.r.Errors > 0 && !c.Import.Options.SkipBad {
		return Reconciliation{}, fault.Bad("app.ImportSheet", "import.problems", "count", w.r.Errors)
	}
	if len(w.save) == 0 {
		return Reconciliation{}, fault.Bad("app.ImportSheet", "import.nothing")
	}
	for n, s := range w.save {
		if err := w.alive(); err != nil {
			return Reconciliation{}, err
		}
		if err := s.do(); err != nil {
			return Reconciliation{}, fault.Wrap("app.ImportSheet", fault.KindOf(err), "import.row", fault.Pairs("row", s.row), err)
		}
		if n%64 == 0 {
			w.tell("import.stage.save", n, len(w.save))
		}
	}
	if err := w.makePlaces(); err != nil {
		return Reconciliation{}, err
	}
	if err := w.book(); err != nil {
		return Reconciliation{}, err
	}
	w.tell("import.stage.save", len(w.save), len(w.save))
	if err := w.remember(); err != nil {
		return Reconciliation{}, err
	}
	if err := w.keep(); err != nil {
		return Reconciliation{}, err
	}
	// Saving and posting left their own notes: this is one operation.
	x.detail = nil
	x.Object("import:" + string(c.Import.Kind))
	x.Reason("")
	x.Note("added", w.r.Added)
	x.Note("changed", w.r.Changed)
	x.Note("skipped", w.r.Skipped)
	x.Note("documents", len(w.r.Documents))
	x.Note("places", len(w.r.Places))
	x.Note("file", fingerprint(c.Import.Table))
	x.Changed("items", "parties", "places", "documents", "stock", "money")
	return w.r, nil
}

// importer works an import out: first everything is judged, then saved.
type importer struct {
	ctx      context.Context
	x        *Exec
	in       Import
	progress Progress
	opt      sheet.Options
	r        Reconciliation
	save     []saving
	openings []opening
	bad      map[int]bool       // rows with an error found here
	places   []master.Warehouse // those to be made have negative IDs until they are
	touched  []ImportedRow      // for taking it back
	date     day.Date
}

// saving is one row's work, and its number for faults.
type saving struct {
	row int
	do  func() error
}

func newImporter(ctx context.Context, x *Exec, in Import, p Progress) (*importer, error) {
	w := &importer{ctx: ctx, x: x, in: in, progress: p, bad: map[int]bool{}, date: in.Options.Date}
	if w.date == 0 {
		w.date = x.today()
	}
	if in.Map.Header < 0 || in.Map.Header >= len(in.Table.Lines) || len(in.Map.Fields) == 0 {
		return nil, fault.Bad("app.Import", "sheet.no-header", "file", in.Table.Path)
	}
	o := in.Options
	w.opt = sheet.Options{Codes: o.Codes, Unit: o.Unit, Party: o.Party, Prefix: codePrefix[in.Kind], Share: o.Share}
	var err error
	if w.opt.Custom, err = x.importFields(in.Kind); err != nil {
		return nil, err
	}
	if w.places, err = x.Tx.Warehouses(); err != nil {
		return nil, err
	}
	if w.opt.Warehouse, err = w.defaultPlace(); err != nil {
		return nil, err
	}
	if o.Codes != sheet.CodesAsIs {
		if w.opt.Taken, err = codesTaken(ctx, x, in.Kind); err != nil {
			return nil, err
		}
	}
	w.tell("import.stage.check", 0, 0)
	switch in.Kind {
	case sheet.ItemsKind:
		err = w.items()
	case sheet.PartiesKind:
		err = w.parties()
	case sheet.OpeningStockKind:
		err = w.stock()
	default:
		err = fault.Bad("app.Import", "import.kind", "kind", string(in.Kind))
	}
	if err != nil {
		return nil, err
	}
	w.count()
	return w, nil
}

var codePrefix = map[sheet.Kind]string{sheet.ItemsKind: "SP", sheet.PartiesKind: "DW"}

// defaultPlace is the warehouse meant where a row names none.
func (w *importer) defaultPlace() (string, error) {
	if n := w.in.Options.Warehouse; n != "" {
		if _, ok := w.place(n); !ok {
			return "", fault.Bad("app.Import", "import.warehouse", "name", n)
		}
		return n, nil
	}
	only := ""
	for _, p := range w.places {
		if p.Disabled || p.Lent { // nothing is put into the hands of others by an import
			continue
		}
		if only != "" {
			return "", nil // more than one: the rows must say
		}
		only = p.Code
	}
	return only, nil
}

// place finds a warehouse by code or name.
func (w *importer) place(s string) (master.Warehouse, bool) {
	for _, p := range w.places {
		if !p.Disabled && (p.Code == s || p.Name == s) {
			return p, true
		}
	}
	return master.Warehouse{}, false
}

// codesTaken reads the codes the shop has, for running numbers to pass by.
func codesTaken(ctx context.Context, x *Exec, kind sheet.Kind) (map[string]bool, error) {
	name := map[sheet.Kind]string{sheet.ItemsKind: "items", sheet.PartiesKind: "parties"}[kind]
	if name == "" {
		return nil, nil
	}
	out := map[string]bool{}
	return out, eachText(ctx, x.Tx, name, "code", func(s string) { out[s] = true })
}

// eachText walks one text column of a list over all rows.
func eachText(ctx context.Context, tx Tx, name, column string, fn func(string)) error {
	s, _ := report.Find(name)
	c, ok := s.Find(column)
	if !ok {
		return fault.New("app.eachText", fault.NotFound, "report.unknown", fault.Pairs("name", name))
	}
	p, err := tx.Report(ctx, report.Query{Name: name}, []report.Column{c})
	if err != nil {
		return err
	}
	for _, r := range p.Rows {
		fn(r.Cells[0].Text)
	}
	return nil
}

func (w *importer) alive() error {
	if err := w.ctx.Err(); err != nil {
		return fault.Wrap("app.Import", fault.Canceled, "app.canceled", nil, err)
	}
	return nil
}

func (w *importer) tell(stage string, done, total int) {
	if w.progress != nil {
		w.progress(stage, int64(done), int64(total))
	}
}

// problem files something wrong with a row against the shop; field names the
// column, "" the whole row.
func (w *importer) problem(row int, lv sheet.Level, field, key string, nv ...any) {
	p := sheet.Problem{Row: row, Level: lv, Key: key, Args: fault.Pairs(nv...)}
	if col, ok := w.in.Map.Fields[field]; ok && field != "" {
		p.Cell = sheet.ColumnName(col) + strconv.Itoa(row)
		if t := w.in.Titles(); col < len(t) {
			p.Column = t[col]
		}
	} else if p.Args != nil {
		p.Args["cell"] = strconv.Itoa(row) // the sentence begins with the place
	}
	w.r.Problems = append(w.r.Problems, p)
	if lv == sheet.Error {
		w.bad[row] = true
	}
}

// count sums the problems up.
func (w *importer) count() {
	for _, p := range w.r.Problems {
		switch p.Level {
		case sheet.Error:
			w.r.Errors++
			w.bad[p.Row] = true
		case sheet.Warning:
			w.r.Warnings++
		}
	}
	w.r.Skipped += len(w.bad)
	w.r.Rows = w.r.Added + w.r.Changed + w.r.Skipped
}

// named tells whether the file has a column for a field.
func (w *importer) named(field string) bool { _, ok := w.in.Map.Fields[field]; return ok }

// fingerprint is a short digest of what a table says, for the log.
func fingerprint(t sheet.Table) string {
	h := sha256.New()
	for _, l := range t.Lines {
		for _, c := range l.Cells {
			h.Write([]byte(c.Text))
			h.Write([]byte{0})
		}
		h.Write([]byte{1})
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// settingMapping is where the columns a person matched by hand are remembered,
// by kind of table: JSON of title → field.
func settingMapping(k sheet.Kind) string { return "import.columns." + string(k) }

// remember keeps how this file's titles were matched for the next one.
func (w *importer) remember() error {
	all, err := rememberedTitles(w.x.Tx, w.in.Kind)
	if err != nil {
		return err
	}
	titles := w.in.Titles()
	for field, col := range w.in.Map.Fields {
		if col < len(titles) && titles[col] != "" {
			all[titles[col]] = field
		}
	}
	for len(all) > 500 { // files of many programs: keep it small
		for t := range all {
			delete(all, t)
			break
		}
	}
	b, err := json.Marshal(all)
	if err != nil {
		return fault.Wrap("app.Import", fault.Internal, "app.internal", nil, err)
	}
	return w.x.Tx.SetSetting(settingMapping(w.in.Kind), string(b))
}

func rememberedTitles(tx Tx, k sheet.Kind) (map[string]string, error) {
	s, err := tx.Setting(settingMapping(k))
	all := map[string]string{}
	_ = json.Unmarshal([]byte(s), &all) // nothing yet is the empty map
	return all, err
}

// ImportColumns matches a table's columns once more, with what was matched by
// hand in earlier imports.
type ImportColumns struct{ Import Import }

func (q ImportColumns) spec() Need { return Need{Perm: access.Import, Silent: true} }

func (q ImportColumns) ask(_ context.Context, x *Exec) (sheet.Mapping, error) {
	m := q.Import.Map
	known, err := rememberedTitles(x.Tx, q.Import.Kind)
	if err != nil {
		return m, err
	}
	used := map[int]bool{}
	fields := map[string]int{}
	for f, c := range m.Fields {
		fields[f], used[c] = c, true
	}
	var left []int
	for c, t := range q.Import.Titles() {
		f, ok := known[t]
		_, taken := fields[f]
		switch {
		case used[c] || t == "":
		case ok && !taken:
			fields[f] = c
		default:
			left = append(left, c)
		}
	}
	m.Fields, m.Left = fields, left
	own, err := x.importFields(q.Import.Kind)
	sheet.MatchCustom(q.Import.Table, &m, own)
	return m, err
}
