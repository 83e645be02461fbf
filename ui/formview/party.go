package formview

import (
	"context"
	"strconv"

	"fyne.io/fyne/v2"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/master"
	"tiezhang/ui/control"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
)

// partyRow is the customer or supplier a form is about.
type partyRow struct {
	env    *page.Env
	party  master.Party
	root   string
	took   []string
	fields []master.CustomField
	owners []app.OwnerName
	share  bool
}

func partyForm(env *page.Env, id int64, arg string) *desc {
	r := &partyRow{env: env, party: master.Party{ID: id, Kind: master.Customer}}
	p := &r.party
	if arg == string(master.Supplier) {
		p.Kind = master.Supplier
	}
	s := env.Session
	d := &desc{
		readOnly: !s.May(access.CustomerEdit) && !s.May(access.SupplierEdit), areas: []string{"parties"},
		title: func() string {
			if p.ID == 0 || p.Name == "" {
				return text.T("formview.new." + string(p.Kind))
			}
			return p.Name
		},
		isNew: func() bool { return p.ID == 0 }, disabled: func() bool { return p.Disabled }, disable: func(off bool) { p.Disabled = off },
		load: r.load, save: r.save, sections: r.sections, share: func() { r.share = true },
		notes: func(f *Form) []note { return mergeNotes(f, master.OfParty, p.ID, r.root, r.took) },
	}
	d.tabs = sides(env, master.OfParty, &p.ID)
	if p.ID != 0 {
		d.more = []action{
			{"formview.party.documents", "search", func(f *Form) { f.env.Open(page.Route{Screen: page.List, Kind: "documents", Arg: p.Code}) }},
			{"formview.party.open", "money", func(f *Form) { f.env.Open(page.Route{Screen: page.List, Kind: "open-documents", Arg: p.Code}) }},
		}
	}
	return d
}

func (r *partyRow) load(ctx context.Context, s *app.Session) (func(), error) {
	fields, err := app.Ask(ctx, s, app.CustomFields{Entity: master.OfParty})
	if err != nil {
		return nil, err
	}
	owners, err := app.Ask(ctx, s, app.Owners{})
	if err != nil {
		return nil, err
	}
	if r.party.ID == 0 {
		code, err := nextCode(ctx, s, string(r.party.Kind), &r.party.Code)
		return func() { r.fields, r.owners, r.share = fields, owners, false; code() }, err
	}
	v, err := app.Ask(ctx, s, app.PartyView{ID: r.party.ID})
	return func() {
		r.fields, r.owners, r.share, r.party, r.root, r.took = fields, owners, false, v.Party, v.Root, v.Took
	}, err
}

func (r *partyRow) save() func(context.Context, *app.Session) (int64, error) {
	row, share := r.party, r.share
	return func(ctx context.Context, s *app.Session) (int64, error) {
		return app.Do(ctx, s, app.SaveParty{Party: row, SharePhone: share})
	}
}

func (r *partyRow) sections() []section {
	p, s := &r.party, r.env.Session
	isNew, left := p.ID == 0, p.ID != 0 && s.Sees(access.FieldPhone) != access.Shown // what has no mask is left out
	kinds := required(&field{key: "kind", label: "report.col.party_kind", kind: choice, options: keyed("party_kind.", []master.PartyKind{master.Customer, master.Supplier, master.Both}),
		get: func() string { return string(p.Kind) }, set: func(v string) error { p.Kind = master.PartyKind(v); return nil },
		changed: func(f *Form, v string) { p.Kind = master.PartyKind(v); f.reshape() }})
	level := &field{key: "level", label: "formview.level", kind: choice, optional: true, hint: "formview.level.hint",
		options: keyed("level.", []master.PriceLevel{master.Retail, master.Wholesale, master.Member}),
		get:     func() string { return string(p.Level) }, set: func(v string) error { p.Level = master.PriceLevel(v); return nil }}
	owner := &field{key: "owner", label: "field.owner", kind: choice, optional: true, options: r.ownerOptions,
		get: func() string { return id(p.Owner) }, set: func(v string) error { p.Owner, _ = strconv.ParseInt(v, 10, 64); return nil }}
	phone, address := str("phone", "report.col.phone", number, &p.Phone), str("address", "sheet.field.parties.address", words, &p.Address)
	phone.wide, address.off = true, left
	credit := num("credit", "report.col.credit", func() amount.Money { return p.Credit }, func(v amount.Money) { p.Credit = v }, amount.Money.String, amount.ParseMoney)
	credit.hint, credit.wide = "formview.credit.hint", true
	name := required(str("name", "report.col.name", words, &p.Name))
	if !isNew && p.Card != "" && s.Sees(access.FieldPerson) != access.Shown {
		name.hint = maskedHint
	}
	show := app.Unmask{Party: p.ID}
	contact := personal(r.env, isNew, str("contact", "report.col.contact", words, &p.Contact), access.FieldPerson, show)
	contact = append(append(contact, personal(r.env, isNew, phone, access.FieldPhone, show)...), address, str("note", "report.col.note", lines, &p.Note))
	all := []section{
		{"formview.section.main", []*field{kinds, name, required(str("code", "report.col.code", words, &p.Code)), level, credit, owner}},
		{"formview.section.contact", contact},
	}
	if p.Kind.Is(master.Customer) {
		all = append(all, section{"formview.section.member", r.member(left)})
	}
	all = append(all, section{"formview.section.bank", r.bank(isNew, show)})
	return append(all, customSection(r.fields, func() map[string]string { return p.Custom }, func(m map[string]string) { p.Custom = m })...)
}

// bank is where the party is paid, and what an invoice to it names.
func (r *partyRow) bank(isNew bool, show app.Unmask) []*field {
	p := &r.party
	account, tax := str("bank_account", "field.bank_account", number, &p.BankAccount), str("tax_no", "field.tax_no", number, &p.TaxNo)
	account.wide, tax.wide = true, true
	var out []*field
	if shown := personal(r.env, isNew, account, access.FieldBank, show); shown != nil {
		out = append([]*field{str("bank_name", "field.bank_name", words, &p.BankName)}, shown...)
	}
	return append(out, tax)
}

// member is what makes a customer one: a card. Points and stored value are
// moved by documents and only shown.
func (r *partyRow) member(left bool) []*field {
	p := &r.party
	card, birthday := str("card", "field.card", number, &p.Card), str("birthday", "field.birthday", number, &p.Birthday)
	card.wide, card.hint, birthday.wide, birthday.hint, birthday.off = true, "formview.card.hint", true, "formview.birthday.hint", left
	out := []*field{card, birthday}
	if p.ID != 0 && (p.Card != "" || p.Points != 0 || p.Stored != 0) {
		show := func(label, words string) *field {
			return &field{kind: other, label: label, object: func(*Form) fyne.CanvasObject { return control.NewWords(words, 200) }}
		}
		out = append(out, show("report.col.points_now", strconv.FormatInt(p.Points, 10)), show("report.col.stored", text.Money(p.Stored)))
	}
	return out
}

func (r *partyRow) ownerOptions() []control.Option {
	var out []control.Option
	there := r.party.Owner == 0
	for _, o := range r.owners {
		out = append(out, control.Option{Value: id(o.ID), Text: o.Name})
		there = there || o.ID == r.party.Owner
	}
	if !there { // somebody out of use, or not this person's to see
		out = append(out, control.Option{Value: id(r.party.Owner), Text: text.T("formview.owner.other")})
	}
	return out
}

// id is a row's number as a choice's value; "" for none.
func id(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}
