package store

import (
	"encoding/json"
	"slices"

	"tiezhang/app/fault"
	"tiezhang/app/master"
)

// CustomFields implements app.CatalogTx.
func (t *tx) CustomFields(e master.Entity) ([]master.CustomField, error) {
	if t.custom == nil {
		all, err := all(t, "store.CustomFields", `SELECT id, entity, key, name, type, choices, kinds, required, listed, searched, printed, roles, sort, disabled, version
			FROM custom_field ORDER BY entity, sort, id`, nil, scanCustom)
		if err != nil {
			return nil, err
		}
		t.custom = append([]master.CustomField{}, all...)
	}
	var out []master.CustomField
	for _, f := range t.custom {
		if e == "" || f.Entity == e {
			out = append(out, f)
		}
	}
	return out, nil
}

func scanCustom(scan func(...any) error) (f master.CustomField, err error) {
	var choices, kinds, roles string
	if err := scan(&f.ID, &f.Entity, &f.Key, &f.Name, &f.Type, &choices, &kinds, &f.Required, &f.Listed, &f.Searched, &f.Printed, &roles,
		&f.Sort, &f.Disabled, &f.Version); err != nil {
		return f, err
	}
	for _, p := range []struct {
		text string
		to   *[]string
	}{{choices, &f.Choices}, {kinds, &f.Kinds}, {roles, &f.Roles}} {
		if err := json.Unmarshal([]byte(p.text), p.to); err != nil {
			return f, err
		}
		if len(*p.to) == 0 {
			*p.to = nil
		}
	}
	return f, nil
}

func jsonList(xs []string) string {
	b, err := json.Marshal(append([]string{}, xs...)) // a list of strings never fails
	if err != nil {
		return "[]"
	}
	return string(b)
}

// SaveCustomField implements app.CatalogTx. The key of a new field is one that
// was never used: "c7". It goes into statements, so it holds a letter and
// digits and nothing a person typed.
func (t *tx) SaveCustomField(f master.CustomField) (int64, error) {
	const op = "store.SaveCustomField"
	old, err := t.CustomFields(f.Entity)
	if err != nil {
		return 0, err
	}
	for _, o := range old {
		if o.Name == f.Name && o.ID != f.ID {
			return 0, fault.New(op, fault.Conflict, "master.custom-taken", fault.Pairs("field", "name", "name", f.Name))
		}
	}
	was := master.CustomField{}
	if i := slices.IndexFunc(old, func(o master.CustomField) bool { return o.ID == f.ID }); i >= 0 {
		was = old[i]
	}
	t.custom = nil
	args := []any{f.Name, jsonList(f.Choices), jsonList(f.Kinds), flag(f.Required), flag(f.Listed), flag(f.Searched), flag(f.Printed), jsonList(f.Roles), f.Sort, flag(f.Disabled)}
	if f.ID == 0 {
		var last int64
		if err := t.get(`SELECT ifnull(max(id), 0) FROM custom_field`, nil, &last); err != nil {
			return 0, wrap(op, err)
		}
		f.Key = "c" + itoa(last+1)
		if f.Sort == 0 {
			args[8] = len(old) + 1
		}
		res, err := t.exec(`INSERT INTO custom_field (name, choices, kinds, required, listed, searched, printed, roles, sort, disabled, entity, key, type)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, append(args, string(f.Entity), f.Key, string(f.Type))...)
		if err != nil {
			return 0, wrap(op, err)
		}
		id, err := res.LastInsertId()
		return id, wrap(op, err)
	}
	res, err := t.exec(`UPDATE custom_field SET name = ?, choices = ?, kinds = ?, required = ?, listed = ?, searched = ?, printed = ?, roles = ?, sort = ?, disabled = ?,
		version = version + 1 WHERE id = ? AND version = ?`, append(args, f.ID, f.Version)...)
	if err != nil {
		return 0, wrap(op, err)
	}
	if err := t.saved(op, "custom_field", f.ID, f.Name, res); err != nil {
		return 0, err
	}
	if (was.Searched && !was.Disabled) != (f.Searched && !f.Disabled) {
		if err := t.searchAnew(was); err != nil {
			return 0, wrap(op, err)
		}
	}
	return f.ID, nil
}

// searchAnew makes the search texts of all rows with a value of a field anew.
func (t *tx) searchAnew(f master.CustomField) error {
	ids, err := t.withCustom(f)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if f.Entity == master.OfItem {
			if err := t.reindex(id); err != nil {
				return err
			}
			continue
		}
		p, err := t.Party(id)
		if err != nil {
			return err
		}
		text, err := t.partySearch(p)
		if err != nil {
			return err
		}
		if _, err := t.exec(`UPDATE party SET search = ? WHERE id = ?`, text, id); err != nil {
			return err
		}
	}
	return nil
}

// withCustom lists the rows that have a value of a field.
func (t *tx) withCustom(f master.CustomField) ([]int64, error) {
	var ids []int64
	err := t.each(`SELECT id FROM `+string(f.Entity)+` WHERE custom <> '{}' AND json_extract(custom, ?) IS NOT NULL`, []any{customPath(f.Key)}, func(scan func(...any) error) error {
		var id int64
		err := scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}

func customPath(key string) string { return `$."` + key + `"` }

// CustomUsed implements app.CatalogTx.
func (t *tx) CustomUsed(f master.CustomField) (n int, err error) {
	err = t.get(`SELECT count(*) FROM `+string(f.Entity)+` WHERE custom <> '{}' AND json_extract(custom, ?) IS NOT NULL`, []any{customPath(f.Key)}, &n)
	return n, wrap("store.CustomUsed", err)
}
