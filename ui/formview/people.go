package formview

import (
	"context"
	"strconv"
	"strings"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/ui/control"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
)

func employeeForm(env *page.Env, row int64, _ string) *desc {
	e := &master.Employee{ID: row}
	var owners []app.OwnerName
	return &desc{
		title: titled(&e.ID, &e.Name, "formview.new.employee"), readOnly: !env.Session.May(access.EmployeeEdit), areas: []string{"employees"},
		isNew: func() bool { return e.ID == 0 }, disabled: func() bool { return e.Disabled }, disable: func(off bool) { e.Disabled = off },
		load: func(ctx context.Context, s *app.Session) (func(), error) {
			os, err := app.Ask(ctx, s, app.Owners{})
			if err != nil {
				return nil, err
			}
			if e.ID == 0 {
				code, err := nextCode(ctx, s, "employee", &e.Code)
				return func() { owners = os; code() }, err
			}
			got, err := app.Ask(ctx, s, app.GetEmployee{ID: e.ID})
			return func() { owners, *e = os, got }, err
		},
		save: func() func(context.Context, *app.Session) (int64, error) {
			row := *e
			return func(ctx context.Context, s *app.Session) (int64, error) {
				return app.Do(ctx, s, app.SaveEmployee{Employee: row})
			}
		},
		sections: func() []section {
			phone := str("phone", "report.col.phone", number, &e.Phone)
			idCard, bankCard := str("id_card", "field.id_card", number, &e.IDCard), str("bank_card", "field.bank_card", number, &e.BankCard)
			phone.wide, idCard.wide, bankCard.wide, bankCard.hint = true, true, true, "formview.bank_card.hint"
			show, isNew := app.Unmask{Employee: e.ID}, e.ID == 0
			person := personal(env, isNew, phone, access.FieldPhone, show)
			person = append(person, personal(env, isNew, idCard, access.FieldIdentity, show)...)
			person = append(person, personal(env, isNew, bankCard, access.FieldBank, show)...)
			user := &field{key: "user", label: "formview.employee.user", kind: choice, optional: true, hint: "formview.employee.user.hint",
				options: func() []control.Option {
					var out []control.Option
					there := e.User == 0
					for _, o := range owners {
						out = append(out, control.Option{Value: id(o.ID), Text: o.Name})
						there = there || o.ID == e.User
					}
					if !there {
						out = append(out, control.Option{Value: id(e.User), Text: text.T("formview.owner.other")})
					}
					return out
				},
				get: func() string { return id(e.User) }, set: func(v string) error { e.User, _ = strconv.ParseInt(v, 10, 64); return nil }}
			return []section{{"formview.section.main", []*field{required(str("name", "report.col.name", words, &e.Name)), required(str("code", "report.col.code", words, &e.Code)),
				user, str("note", "report.col.note", lines, &e.Note)}}, {"formview.section.private", person}}
		},
	}
}

// fieldRow is a field of the owner's being declared.
type fieldRow struct {
	field master.CustomField
	roles []access.Role
	used  int
}

func customFieldForm(env *page.Env, row int64, _ string) *desc {
	r := &fieldRow{field: master.CustomField{ID: row, Entity: master.OfItem, Type: master.CustomText, Listed: true}}
	f := &r.field
	return &desc{
		title: titled(&f.ID, &f.Name, "formview.new.custom-field"), readOnly: !env.Session.May(access.SettingsEdit), areas: []string{"custom-fields"},
		isNew: func() bool { return f.ID == 0 }, disabled: func() bool { return f.Disabled }, disable: func(off bool) { f.Disabled = off },
		load: r.load, sections: r.sections,
		save: func() func(context.Context, *app.Session) (int64, error) {
			row := r.field
			return func(ctx context.Context, s *app.Session) (int64, error) {
				return app.Do(ctx, s, app.SaveCustomField{Field: row})
			}
		},
	}
}

func (r *fieldRow) load(ctx context.Context, s *app.Session) (func(), error) {
	roles, err := app.Ask(ctx, s, app.Roles{})
	if err != nil {
		return nil, err
	}
	if r.field.ID == 0 {
		return func() { r.roles = roles }, nil
	}
	all, err := app.Ask(ctx, s, app.CustomFields{All: true})
	if err != nil {
		return nil, err
	}
	used := 0
	if s.May(access.SettingsEdit) {
		if used, err = app.Ask(ctx, s, app.CustomUsed{ID: r.field.ID}); err != nil {
			return nil, err
		}
	}
	for _, f := range all {
		if f.ID == r.field.ID {
			return func() { r.roles, r.field, r.used = roles, f, used }, nil
		}
	}
	return nil, fault.New("formview.field", fault.NotFound, "master.unknown", nil)
}

func (r *fieldRow) sections() []section {
	f := &r.field
	entity := required(&field{key: "entity", label: "field.entity", kind: choice, options: keyed("entity.", master.Entities), off: f.ID != 0,
		get: func() string { return string(f.Entity) }, set: func(v string) error { f.Entity = master.Entity(v); return nil },
		changed: func(fm *Form, v string) { f.Entity = master.Entity(v); fm.reshape() }})
	typ := required(&field{key: "type", label: "report.col.field_type", kind: choice, options: keyed("field_type.", master.CustomTypes), off: f.ID != 0,
		get: func() string { return string(f.Type) }, set: func(v string) error { f.Type = master.CustomType(v); return nil },
		changed: func(fm *Form, v string) { f.Type = master.CustomType(v); fm.reshape() }})
	if f.ID != 0 {
		typ.hint = "formview.custom.fixed"
	}
	main := []*field{required(str("name", "formview.custom.name", words, &f.Name)), entity, typ}
	if f.Type == master.CustomChoice {
		main = append(main, required(&field{key: "choices", label: "field.choices", kind: lines, hint: "formview.custom.choices.hint",
			get: func() string { return strings.Join(f.Choices, "\n") },
			set: func(s string) error { f.Choices = strings.Split(s, "\n"); return nil }}))
	}
	main = append(main, tick("required", "formview.custom.required", &f.Required))
	where := []*field{tick("listed", "formview.custom.listed", &f.Listed)}
	if f.Entity != master.OfDocument {
		where = append(where, tick("searched", "formview.custom.searched", &f.Searched))
	}
	where = append(where, tick("printed", "formview.custom.printed", &f.Printed))
	if f.Entity == master.OfDocument {
		where = append(where, &field{key: "kinds", label: "field.kinds", kind: many, hint: "formview.custom.kinds.hint", options: kindOptions,
			get: func() string { return strings.Join(f.Kinds, " ") }, set: func(s string) error { f.Kinds = strings.Fields(s); return nil }})
	}
	who := &field{key: "roles", label: "formview.custom.roles", kind: many, hint: "formview.custom.roles.hint", options: r.roleOptions,
		get: func() string { return strings.Join(f.Roles, " ") }, set: func(s string) error { f.Roles = strings.Fields(s); return nil }}
	if f.ID != 0 {
		main = append(main, &field{kind: other, label: "formview.custom.used", object: usedWords(r.used)})
	}
	return []section{{"formview.section.custom-field", main}, {"formview.section.custom-where", append(where, who)}}
}

func (r *fieldRow) roleOptions() []control.Option {
	var out []control.Option
	for _, x := range r.roles {
		if x.ID != access.Owner { // who declares a field sees it
			out = append(out, control.Option{Value: string(x.ID), Text: RoleName(x)})
		}
	}
	return out
}

func kindOptions() []control.Option {
	var out []control.Option
	for _, s := range doc.Specs() {
		if s.CashCount {
			continue
		}
		out = append(out, control.Option{Value: string(s.Kind), Text: text.T("kind." + string(s.Kind))})
	}
	return out
}
