package app

import (
	"context"
	"slices"

	"tiezhang/app/access"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/app/report"
)

// CustomFields lists the fields the owner declared that this person may see.
// Kind narrows those of documents to one kind. Fields out of use are left out
// unless All, which is for the screen that declares them.
type CustomFields struct {
	Entity master.Entity // "" = of all
	Kind   string
	All    bool
}

func (q CustomFields) spec() Need { return Need{Perm: access.HomeView, Silent: true} }

func (q CustomFields) ask(_ context.Context, x *Exec) ([]master.CustomField, error) {
	fs, err := x.Tx.CustomFields(q.Entity)
	if err != nil {
		return nil, err
	}
	all := q.All && x.S.May(access.SettingsEdit)
	var out []master.CustomField
	for _, f := range fs {
		if all || !f.Disabled && x.seesField(f) && (q.Kind == "" || f.On(q.Kind)) {
			out = append(out, f)
		}
	}
	return out, nil
}

// SaveCustomField declares a field (ID 0) or changes one, and gives its ID. What
// it belongs to and what it holds are decided once: values are kept by them.
// Faults: Invalid naming the field, Conflict "master.custom-taken",
// "master.stale", "master.custom-fixed", "master.custom-choice-used".
type SaveCustomField struct{ Field master.CustomField }

func (c SaveCustomField) spec() Need { return Need{Perm: access.SettingsEdit} }

func (c SaveCustomField) run(_ context.Context, x *Exec) (int64, error) {
	f := c.Field
	f.Name = master.TidyText(f.Name)
	var choices []string
	for _, s := range f.Choices {
		if s = master.TidyText(s); s != "" {
			choices = append(choices, s)
		}
	}
	f.Choices = choices
	if f.Type != master.CustomChoice {
		f.Choices = nil
	}
	if f.Entity != master.OfDocument {
		f.Kinds = nil
	}
	for _, k := range f.Kinds {
		if _, ok := doc.Of(doc.Kind(k)); !ok {
			return 0, fault.Bad("app.SaveCustomField", "doc.unknown-kind", "field", "kinds", "kind", k)
		}
	}
	if err := f.Check(); err != nil {
		return 0, err
	}
	have, err := x.Tx.CustomFields(f.Entity)
	if err != nil {
		return 0, err
	}
	if f.ID == 0 {
		if len(have) >= master.MaxCustom {
			return 0, fault.Bad("app.SaveCustomField", "master.custom-many", "field", "entity", "max", master.MaxCustom)
		}
		f.Key, f.Version = "", 0
		x.Note("new", true)
	} else {
		at := slices.IndexFunc(have, func(o master.CustomField) bool { return o.ID == f.ID })
		if at < 0 {
			return 0, fault.New("app.SaveCustomField", fault.Conflict, "master.custom-fixed", fault.Pairs("field", "entity"))
		}
		old := have[at]
		if old.Type != f.Type {
			return 0, fault.New("app.SaveCustomField", fault.Conflict, "master.custom-fixed", fault.Pairs("field", "type"))
		}
		f.Key = old.Key
		if old.Disabled != f.Disabled {
			x.Note("disabled", f.Disabled)
		}
	}
	x.Object("custom-field:" + f.Name)
	x.Note("entity", string(f.Entity))
	x.Changed("custom-fields", "items", "parties", "documents")
	return x.Tx.SaveCustomField(f)
}

// CustomUsed tells how many rows hold a value of a field, for the screen that
// puts one out of use.
type CustomUsed struct{ ID int64 }

func (q CustomUsed) spec() Need { return Need{Perm: access.SettingsEdit, Draft: true, Silent: true} }

func (q CustomUsed) ask(_ context.Context, x *Exec) (int, error) {
	fs, err := x.Tx.CustomFields("")
	if err != nil {
		return 0, err
	}
	for _, f := range fs {
		if f.ID == q.ID {
			return x.Tx.CustomUsed(f)
		}
	}
	return 0, fault.New("app.CustomUsed", fault.NotFound, "master.unknown", nil)
}

// seesField tells whether this person sees a field at all.
func (x *Exec) seesField(f master.CustomField) bool { return f.SeenBy(string(x.S.role.ID)) }

// showCustom leaves of a row's values those this person may see and that are in
// use. When the fields cannot be read nothing is shown.
func (x *Exec) showCustom(e master.Entity, values map[string]string) map[string]string {
	if len(values) == 0 {
		return nil
	}
	fs, err := x.Tx.CustomFields(e)
	if err != nil {
		return nil
	}
	var out map[string]string
	for _, f := range fs {
		if v, ok := values[f.Key]; ok && !f.Disabled && x.seesField(f) {
			if out == nil {
				out = map[string]string{}
			}
			out[f.Key] = v
		}
	}
	return out
}

// takeCustom checks what a person wants a row to hold against what it held,
// and gives what is to be stored: hidden values stay, whatever was sent.
func (x *Exec) takeCustom(e master.Entity, kind string, values, was map[string]string) (map[string]string, error) {
	fs, err := x.Tx.CustomFields(e)
	if err != nil {
		return nil, err
	}
	var mine []master.CustomField
	sent := map[string]string{}
	for k, v := range values {
		sent[k] = v
	}
	for _, f := range fs {
		if !f.On(kind) && was[f.Key] == "" {
			continue
		}
		f.Required = f.Required && !x.unasked && !atCounter(kind)
		if f.Disabled || !x.seesField(f) {
			f.Required = false // nobody can be asked for what is not shown
			delete(sent, f.Key)
			if v := was[f.Key]; v != "" {
				sent[f.Key] = v
			}
		}
		mine = append(mine, f)
	}
	return master.CheckCustom(mine, sent, was)
}

// atCounter tells whether documents of a kind are made at the counter, where no
// field of the owner's is shown: a shop must be able to sell and to close its day.
func atCounter(kind string) bool {
	s, ok := doc.Of(doc.Kind(kind))
	return ok && (s.Pays == doc.Must || s.CashCount)
}

// checkOwnFields brings the owner's fields of a document into canonical form
// when it is posted. What its draft held and its poster may not see is kept.
func checkOwnFields(x *Exec, d *doc.Document) error {
	was, err := x.heldByDraft(d.ID)
	if err != nil {
		return err
	}
	d.Custom, err = x.takeCustom(master.OfDocument, string(d.Kind), d.Custom, was)
	return err
}

// keepOwnFields is checkOwnFields for a draft: what is unfinished or wrong is no
// error yet and stays as typed, but what is hidden is kept too, and nothing can
// be stored under a name that is no field.
func (x *Exec) keepOwnFields(d *doc.Document, was map[string]string) error {
	fs, err := x.Tx.CustomFields(master.OfDocument)
	if err != nil {
		return err
	}
	var out map[string]string
	for _, f := range fs {
		v := d.Custom[f.Key]
		if f.Disabled || !x.seesField(f) || !f.On(string(d.Kind)) {
			v = was[f.Key]
		}
		if v == "" {
			continue
		}
		if r := []rune(v); len(r) > master.MaxCustomText {
			v = string(r[:master.MaxCustomText])
		}
		if c, err := f.Canonical(v, nil, nil); err == nil && c != "" {
			v = c
		}
		if out == nil {
			out = map[string]string{}
		}
		out[f.Key] = v
	}
	d.Custom = out
	return nil
}

func (x *Exec) heldByDraft(id string) (map[string]string, error) {
	if id == "" {
		return nil, nil
	}
	old, err := x.Tx.Document(id)
	if fault.KindOf(err) == fault.NotFound && err != nil {
		return nil, nil
	}
	return old.Custom, err
}

// customColumns are the owner's fields as columns of a list: those this person
// may see, of documents those that one of the kinds asked for has.
func (x *Exec) customColumns(e master.Entity, kinds []string) ([]report.Column, error) {
	if e == "" {
		return nil, nil
	}
	fs, err := x.Tx.CustomFields(e)
	if err != nil {
		return nil, err
	}
	var out []report.Column
	for _, f := range fs {
		if f.Disabled || !f.Listed || !x.seesField(f) {
			continue
		}
		if e == master.OfDocument && len(kinds) > 0 && !slices.ContainsFunc(kinds, f.On) {
			continue
		}
		t := report.Text
		if f.Type == master.CustomNumber {
			t = report.Number
		}
		out = append(out, report.CustomColumn(f.Key, f.Name, t))
	}
	return out, nil
}

// Marks stand for yes and no in lists and files, in any language; an import
// reads them back.
const (
	markYes = "\u221a"
	markNo  = "\u00d7"
)

// showYesNo puts marks for the canonical words.
func (x *Exec) showYesNo(e master.Entity, p report.Page) {
	if e == "" {
		return
	}
	fs, err := x.Tx.CustomFields(e)
	if err != nil {
		return
	}
	for i, c := range p.Columns {
		if !slices.ContainsFunc(fs, func(f master.CustomField) bool { return f.Key == c.Custom && f.Type == master.CustomYesNo }) {
			continue
		}
		for _, r := range p.Rows {
			switch r.Cells[i].Text {
			case master.Yes:
				r.Cells[i].Text = markYes
			case master.No:
				r.Cells[i].Text = markNo
			}
		}
	}
}

// PrintedFields gives the owner's fields that stand on paper, with their values,
// in their order: for documents, and for the party named on one.
func PrintedFields(fields []master.CustomField, values map[string]string) [][2]string {
	var out [][2]string
	for _, f := range fields {
		if v := values[f.Key]; f.Printed && !f.Disabled && v != "" {
			out = append(out, [2]string{f.Name, v})
		}
	}
	return out
}
