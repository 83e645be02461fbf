package formview

import (
	"context"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
)

// titled gives a form's title: the row's name, or "new …".
func titled(id *int64, name *string, key string) func() string {
	return func() string {
		if *id == 0 || *name == "" {
			return text.T(key)
		}
		return *name
	}
}

func nextCode(ctx context.Context, s *app.Session, kind string, to *string) (func(), error) {
	c, err := app.Ask(ctx, s, app.NextCode{Kind: kind})
	return func() { *to = c }, err
}

func warehouseForm(env *page.Env, id int64, _ string) *desc {
	w := &master.Warehouse{ID: id}
	return &desc{
		title: titled(&w.ID, &w.Name, "formview.new.warehouse"), readOnly: !env.Session.May(access.PlaceEdit), areas: []string{"places"},
		isNew: func() bool { return w.ID == 0 }, disabled: func() bool { return w.Disabled }, disable: func(off bool) { w.Disabled = off },
		load: func(ctx context.Context, s *app.Session) (func(), error) {
			if w.ID == 0 {
				return nextCode(ctx, s, "warehouse", &w.Code)
			}
			p, err := app.Ask(ctx, s, app.Places{})
			if err != nil {
				return nil, err
			}
			for _, o := range p.Warehouses {
				if o.ID == w.ID {
					return func() { *w = o }, nil
				}
			}
			return nil, fault.New("formview.warehouse", fault.NotFound, "master.unknown", nil)
		},
		save: func() func(context.Context, *app.Session) (int64, error) {
			row := *w
			return func(ctx context.Context, s *app.Session) (int64, error) {
				return app.Do(ctx, s, app.SaveWarehouse{Warehouse: row})
			}
		},
		sections: func() []section {
			return []section{{"formview.section.main", []*field{required(str("name", "report.col.name", words, &w.Name)), required(str("code", "report.col.code", number, &w.Code))}}}
		},
	}
}

func accountForm(env *page.Env, id int64, _ string) *desc {
	a := &master.Account{ID: id, Kind: master.Cash}
	return &desc{
		title: titled(&a.ID, &a.Name, "formview.new.account"), readOnly: !env.Session.May(access.PlaceEdit), areas: []string{"places"},
		isNew: func() bool { return a.ID == 0 }, disabled: func() bool { return a.Disabled }, disable: func(off bool) { a.Disabled = off },
		load: func(ctx context.Context, s *app.Session) (func(), error) {
			if a.ID == 0 {
				return nextCode(ctx, s, "account", &a.Code)
			}
			p, err := app.Ask(ctx, s, app.Places{})
			if err != nil {
				return nil, err
			}
			for _, o := range p.Accounts {
				if o.ID == a.ID {
					return func() { *a = o }, nil
				}
			}
			return nil, fault.New("formview.account", fault.NotFound, "master.unknown", nil)
		},
		save: func() func(context.Context, *app.Session) (int64, error) {
			row := *a
			return func(ctx context.Context, s *app.Session) (int64, error) {
				return app.Do(ctx, s, app.SaveAccount{Account: row})
			}
		},
		sections: func() []section {
			k := required(&field{key: "kind", label: "report.col.party_kind", kind: choice, options: keyed("account_kind.", master.AccountKinds),
				get: func() string { return string(a.Kind) }, set: func(v string) error { a.Kind = master.AccountKind(v); return nil }})
			return []section{{"formview.section.main", []*field{required(str("name", "report.col.name", words, &a.Name)), required(str("code", "report.col.code", number, &a.Code)), k}}}
		},
	}
}
