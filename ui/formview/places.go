package formview

import (
	"context"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/amount"
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

func partyForm(env *page.Env, id int64, arg string) *desc {
	p := &master.Party{ID: id, Kind: master.Customer}
	if arg == string(master.Supplier) {
		p.Kind = master.Supplier
	}
	s := env.Session
	may := s.May(access.CustomerEdit) || s.May(access.SupplierEdit)
	phoneOff := func() bool { return p.ID != 0 && s.Sees(access.FieldPhone) != access.Shown }
	d := &desc{
		readOnly: !may, areas: []string{"parties"},
		title: func() string {
			if p.ID == 0 || p.Name == "" {
				return text.T("formview.new." + string(p.Kind))
			}
			return p.Name
		},
		isNew: func() bool { return p.ID == 0 }, disabled: func() bool { return p.Disabled }, disable: func(off bool) { p.Disabled = off },
		load: func(ctx context.Context, s *app.Session) (func(), error) {
			if p.ID == 0 {
				return nextCode(ctx, s, string(p.Kind), &p.Code)
			}
			got, err := app.Ask(ctx, s, app.GetParty{ID: p.ID})
			return func() { *p = got }, err
		},
		save: func() func(context.Context, *app.Session) (int64, error) {
			row := *p
			return func(ctx context.Context, s *app.Session) (int64, error) {
				return app.Do(ctx, s, app.SaveParty{Party: row})
			}
		},
		sections: func() []section {
			kinds := required(&field{key: "kind", label: "report.col.party_kind", kind: choice, options: keyed("party_kind.", []master.PartyKind{master.Customer, master.Supplier, master.Both}),
				get: func() string { return string(p.Kind) }, set: func(v string) error { p.Kind = master.PartyKind(v); return nil }})
			level := &field{key: "level", label: "formview.level", kind: choice, optional: true, hint: "formview.level.hint",
				options: keyed("level.", []master.PriceLevel{master.Retail, master.Wholesale, master.Member}),
				get:     func() string { return string(p.Level) }, set: func(v string) error { p.Level = master.PriceLevel(v); return nil }}
			phone, address := str("phone", "report.col.phone", number, &p.Phone), str("address", "sheet.field.parties.address", words, &p.Address)
			phone.wide, phone.off, address.off = true, phoneOff(), phoneOff()
			credit := num("credit", "report.col.credit", func() amount.Money { return p.Credit }, func(v amount.Money) { p.Credit = v }, amount.Money.String, amount.ParseMoney)
			credit.hint, credit.wide = "formview.credit.hint", true
			return []section{
				{"formview.section.main", []*field{kinds, required(str("name", "report.col.name", words, &p.Name)), required(str("code", "report.col.code", words, &p.Code)), level, credit}},
				{"formview.section.contact", []*field{str("contact", "report.col.contact", words, &p.Contact), phone, address, str("note", "report.col.note", lines, &p.Note)}},
			}
		},
	}
	if p.ID != 0 {
		d.more = []action{
			{"formview.party.documents", "search", func(f *Form) { f.env.Open(page.Route{Screen: page.List, Kind: "documents", Arg: p.Code}) }},
			{"formview.party.open", "money", func(f *Form) { f.env.Open(page.Route{Screen: page.List, Kind: "open-documents", Arg: p.Code}) }},
		}
	}
	return d
}
