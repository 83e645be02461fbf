package app

import (
	"context"
	"encoding/json"
	"errors"
	"maps"

	"tiezhang/app/access"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/app/sheet"
)

// importFields are the owner's fields a table of a kind can bring along, as far
// as this person sees them.
func (x *Exec) importFields(k sheet.Kind) ([]master.CustomField, error) {
	e := map[sheet.Kind]master.Entity{sheet.ItemsKind: master.OfItem, sheet.PartiesKind: master.OfParty}[k]
	if e == "" {
		return nil, nil
	}
	fs, err := x.Tx.CustomFields(e)
	var out []master.CustomField
	for _, f := range fs {
		if !f.Disabled && x.seesField(f) {
			out = append(out, f)
		}
	}
	return out, err
}

// overCustom lays a file's values over those a row has: an empty cell changes
// nothing.
func overCustom(old, file map[string]string) map[string]string {
	if len(file) == 0 {
		return old
	}
	out := maps.Clone(old)
	if out == nil {
		out = map[string]string{}
	}
	maps.Copy(out, file)
	return out
}

// ownFields judges a row's values of the owner's fields before anything is
// saved: what is required must be there.
func (w *importer) ownFields(row int, e master.Entity, values, was map[string]string) error {
	_, err := w.x.takeCustom(e, "", values, was)
	var l fault.List
	if err != nil && !errors.As(err, &l) {
		return err
	}
	for _, f := range l {
		key, nv := sheet.CustomText(f)
		field, _ := f.Args["field"].(string)
		w.problem(row, sheet.Error, field, key, nv...)
	}
	return nil
}

// cardFree refuses a member card that somebody else has.
func (w *importer) cardFree(row int, p master.Party) error {
	ps, err := w.x.Tx.SearchParties(p.Card, "", 20)
	if err != nil {
		return err
	}
	for _, o := range ps {
		if o.Card == p.Card && o.Code != p.Code {
			w.problem(row, sheet.Error, "card", "import.card-taken", "card", p.Card, "code", o.Code, "name", w.x.nameOf(o))
			return nil
		}
	}
	return nil
}

// touch notes a row the import saved, and what it was before.
func (w *importer) touch(e master.Entity, id, version int64, known bool, old any) error {
	r := ImportedRow{Entity: e, Row: id, Version: version}
	if known {
		b, err := json.Marshal(old)
		if err != nil {
			return fault.Wrap("app.ImportSheet", fault.Internal, "app.internal", nil, err)
		}
		r.Was = string(b)
	}
	w.touched = append(w.touched, r)
	return nil
}

// keep writes the import down, so that it can be undone.
func (w *importer) keep() error {
	seq, _, err := w.x.Tx.LogHead()
	if err != nil {
		return err
	}
	b := ImportBatch{Kind: string(w.in.Kind), By: w.x.S.user.ID, At: w.x.Now.Unix(), Seq: seq + 1, Rows: w.touched}
	for _, r := range w.r.Documents {
		b.Docs = append(b.Docs, r.ID)
	}
	return w.x.Tx.KeepImport(b)
}

// LastImport tells of the latest import of a kind that can be undone.
type LastImport struct{ Kind sheet.Kind }

// ImportMade is the answer; ID 0 when there is none.
type ImportMade struct {
	ID                     int64
	At                     int64 // Unix seconds
	By                     string
	Added, Changed, Booked int // rows new and changed, opening documents
}

func (q LastImport) spec() Need { return Need{Perm: access.Import, Silent: true, Whole: true} }

func (q LastImport) ask(_ context.Context, x *Exec) (ImportMade, error) {
	b, err := x.Tx.LastImport(string(q.Kind))
	if err != nil || b.ID == 0 {
		return ImportMade{}, err
	}
	m := ImportMade{ID: b.ID, At: b.At, Booked: len(b.Docs)}
	for _, r := range b.Rows {
		if r.Was == "" {
			m.Added++
		} else {
			m.Changed++
		}
	}
	us, err := x.Tx.Users()
	for _, u := range us {
		if u.ID == b.By {
			m.By = u.Name
		}
	}
	return m, err
}

// UndoImport takes the latest import of a kind back, as far as nothing uses it:
// its opening documents are reversed, rows it added are deleted, or put out of
// use where documents name them, and rows it changed get their former values.
// What was used or changed since stays, and the answer says so. It wants the rights
// the rows want by hand: whoever else made the import, prices go back only for who
// may change prices. Faults: Conflict "import.undo-none", and those of Reverse.
type UndoImport struct {
	Kind sheet.Kind
	ID   int64 // of the import that was shown
}

// ImportUndone is what became of an import's rows.
type ImportUndone struct {
	Deleted, Disabled, Restored, Kept int
	Reversed, Standing                int      // opening documents
	Names                             []string // of what was kept, the first of them
}

func (c UndoImport) spec() Need { return Need{Perm: access.Import, Whole: true} }

func (c UndoImport) run(ctx context.Context, x *Exec) (ImportUndone, error) {
	b, err := x.Tx.LastImport(string(c.Kind))
	if err != nil {
		return ImportUndone{}, err
	}
	if b.ID == 0 || b.ID != c.ID {
		return ImportUndone{}, fault.New("app.UndoImport", fault.Conflict, "import.undo-none", nil)
	}
	var u ImportUndone
	own := map[string]bool{}
	for _, id := range b.Docs {
		own[id], own["R-"+id] = true, true
		switch done, err := x.undoDocument(ctx, id); {
		case err != nil:
			return ImportUndone{}, err
		case done:
			u.Reversed++
		default:
			u.Standing++
		}
	}
	for _, r := range b.Rows {
		if err := x.undoRow(r, own, &u); err != nil {
			return ImportUndone{}, err
		}
	}
	if err := x.Tx.ImportUndone(b.ID, x.S.user.ID, x.Now.Unix()); err != nil {
		return ImportUndone{}, err
	}
	x.detail = nil
	x.Object("import:" + string(c.Kind))
	x.Reason("")
	for name, n := range map[string]int{"deleted": u.Deleted, "put_out": u.Disabled, "restored": u.Restored, "kept": u.Kept, "documents": u.Reversed} {
		x.Note(name, n)
	}
	x.Note("undone", true)
	x.Changed("items", "parties", "documents", "stock", "money")
	return u, nil
}

// undoDocument reverses an opening document; false when something stands on it.
func (x *Exec) undoDocument(ctx context.Context, id string) (bool, error) {
	d, err := x.Tx.Document(id)
	if err != nil {
		return false, err
	}
	if d.Status != doc.Posted {
		return d.Status == doc.Reversed, nil
	}
	_, err = Reverse{ID: id, Kind: d.Kind, Reason: "import " + x.Now.Format("2006-01-02")}.run(ctx, x)
	switch fault.KindOf(err) {
	case fault.Conflict, fault.Invalid, fault.Closed: // sold, paid, or closed since
		if err != nil {
			return false, nil
		}
	}
	return err == nil, err
}

func (x *Exec) undoRow(r ImportedRow, own map[string]bool, u *ImportUndone) error {
	if r.Entity == master.OfItem {
		return x.undoItem(r, own, u)
	}
	return x.undoParty(r, own, u)
}

// usedElsewhere tells whether anything but the import's own documents names a row.
func usedElsewhere(u Use, own map[string]bool) bool {
	if len(u.Orders) > 0 || len(u.Drafts) > 0 || u.Documents > len(own) {
		return true
	}
	for _, d := range u.Last {
		if !own[d.ID] {
			return true
		}
	}
	return false
}

func (u *ImportUndone) keep(name string) {
	u.Kept++
	if len(u.Names) < 20 {
		u.Names = append(u.Names, name)
	}
}

func (x *Exec) undoItem(r ImportedRow, own map[string]bool, u *ImportUndone) error {
	if err := x.Allow(access.ItemEdit, access.Object{New: true}); err != nil {
		return err
	}
	it, err := x.Tx.Item(r.Row)
	if fault.KindOf(err) == fault.NotFound && err != nil {
		return nil // gone already
	}
	if err != nil {
		return err
	}
	if r.Was != "" {
		var old master.Item
		if it.Version != r.Version || json.Unmarshal([]byte(r.Was), &old) != nil || itemFixed(x.Tx, it, old) != nil {
			u.keep(it.Code + " " + it.Name)
			return nil
		}
		if _, err := x.mayPrice(it, old); err != nil {
			return err
		}
		old.Version = it.Version
		u.Restored++
		_, err = x.Tx.SaveItem(old)
		return err
	}
	gone, err := x.Tx.DeleteItem(r.Row)
	if err != nil || gone {
		u.Deleted += count(gone)
		return err
	}
	use, err := x.Tx.ItemUse(r.Row, len(own)+1)
	if err != nil {
		return err
	}
	if usedElsewhere(use, own) || len(use.Stock) > 0 || it.MergedInto != 0 {
		u.keep(it.Code + " " + it.Name)
		return nil
	}
	it.Disabled = true
	u.Disabled++
	_, err = x.Tx.SaveItem(it)
	return err
}

func (x *Exec) undoParty(r ImportedRow, own map[string]bool, u *ImportUndone) error {
	p, err := x.Tx.Party(r.Row)
	if fault.KindOf(err) == fault.NotFound && err != nil {
		return nil
	}
	if err != nil {
		return err
	}
	mine := access.Object{Mine: p.Owner == x.S.user.ID || p.Owner == 0}
	if err := x.Allow(partyEdit(p.Kind), mine); err != nil {
		return err
	}
	if r.Was != "" {
		var old master.Party
		if p.Version != r.Version || json.Unmarshal([]byte(r.Was), &old) != nil {
			u.keep(p.Code + " " + x.nameOf(p))
			return nil
		}
		if err := x.Allow(partyEdit(old.Kind), mine); err != nil {
			return err
		}
		old.Version = p.Version
		u.Restored++
		_, err = x.Tx.SaveParty(old)
		return err
	}
	gone, err := x.Tx.DeleteParty(r.Row)
	if err != nil || gone {
		u.Deleted += count(gone)
		return err
	}
	use, err := x.Tx.PartyUse(r.Row, len(own)+1)
	if err != nil {
		return err
	}
	if usedElsewhere(use, own) || p.MergedInto != 0 {
		u.keep(p.Code + " " + x.nameOf(p))
		return nil
	}
	p.Disabled = true
	u.Disabled++
	_, err = x.Tx.SaveParty(p)
	return err
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}
