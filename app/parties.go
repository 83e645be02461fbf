package app

import (
	"context"
	"slices"
	"strings"

	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/app/pinyin"
)

// partyEdit is the right asked first to change a party of a kind; one that is
// both wants the other too.
func partyEdit(k master.PartyKind) access.Permission {
	if k == master.Supplier {
		return access.SupplierEdit
	}
	return access.CustomerEdit
}

// mayEdit asks for the rights to both sides of a party.
func (x *Exec) mayEdit(k master.PartyKind, o access.Object) error {
	if k.Is(master.Customer) {
		if err := x.Allow(access.CustomerEdit, o); err != nil {
			return err
		}
	}
	if k.Is(master.Supplier) {
		return x.Allow(access.SupplierEdit, o)
	}
	return nil
}

// SaveParty adds or changes a customer or supplier and gives its ID. Two members
// with one phone number are a question first: SharePhone is the answer that it
// is meant. Faults: as SaveItem's, and Conflict "master.card-taken",
// "master.phone-taken".
type SaveParty struct {
	Party      master.Party
	SharePhone bool
}

func (c SaveParty) spec() Need { return Need{Perm: partyEdit(c.Party.Kind)} }

func (c SaveParty) run(_ context.Context, x *Exec) (int64, error) {
	return saveParty(x, c.Party, c.SharePhone)
}

func saveParty(x *Exec, p master.Party, share bool) (int64, error) {
	for _, s := range []*string{&p.Code, &p.Name, &p.Contact, &p.Phone, &p.Address, &p.Card, &p.Birthday, &p.BankName} {
		*s = strings.TrimSpace(*s)
	}
	p.Code, p.Phone, p.Card, p.Birthday = amount.Narrow(p.Code), amount.Narrow(p.Phone), amount.Narrow(p.Card), master.TidyBirthday(amount.Narrow(p.Birthday))
	p.BankAccount, p.TaxNo = master.TidyBank(p.BankAccount), master.TidyTaxNo(p.TaxNo)
	var old master.Party
	if p.ID != 0 {
		var err error
		if old, err = x.Tx.Party(p.ID); err != nil {
			return 0, err
		}
		if err := x.mayEdit(old.Kind, access.Object{Mine: old.Owner == x.S.user.ID || old.Owner == 0}); err != nil {
			return 0, err
		}
		if old.MergedInto != 0 && !p.Disabled {
			return 0, fault.New("app.SaveParty", fault.Conflict, "master.is-merged", fault.Pairs("name", x.nameOf(old)))
		}
		if err := x.keepUnseen(old, &p); err != nil {
			return 0, err
		}
	} else {
		if p.Owner == 0 {
			p.Owner = x.S.user.ID
		}
		x.Note("new", true)
	}
	if p.Kind != old.Kind {
		if err := x.mayEdit(p.Kind, access.Object{New: true}); err != nil {
			return 0, err
		}
	}
	if p.Credit != old.Credit || p.Level != old.Level {
		if err := x.Allow(access.CustomerTerms, access.Object{New: true}); err != nil {
			return 0, err
		}
	}
	if p.Owner != old.Owner && p.Owner != x.S.user.ID {
		if err := x.ownerKnown(p.Owner); err != nil {
			return 0, err
		}
	}
	p.Initials, p.Pinyin = pinyin.Initials(p.Name), pinyin.Full(p.Name)
	custom, wrong := x.takeCustom(master.OfParty, "", p.Custom, old.Custom)
	if err := join(p.Check(), wrong); err != nil {
		return 0, err
	}
	p.Custom = custom
	if !share && (p.Phone != old.Phone || p.Card != old.Card) {
		if err := x.phoneFree(p); err != nil {
			return 0, err
		}
	}
	if p.ID != 0 {
		if err := x.noteParty(old, p); err != nil {
			return 0, err
		}
	}
	x.Object("party:" + p.Code)
	x.Changed("parties")
	id, err := x.Tx.SaveParty(p)
	return id, x.unnamed(err, p)
}

// keepUnseen puts back into a party what its saver could not see.
func (x *Exec) keepUnseen(old master.Party, p *master.Party) error {
	u := unseenTyping{x: x, stale: p.Version != old.Version}
	u.take(access.FieldPhone, "phone", old.Phone, &p.Phone)
	u.take(access.FieldPerson, "contact", old.Contact, &p.Contact)
	u.take(access.FieldBank, "bank_account", old.BankAccount, &p.BankAccount)
	if x.isPerson(old) {
		u.take(access.FieldPerson, "name", old.Name, &p.Name)
	}
	if sight := x.S.Sees(access.FieldPhone); sight != access.Shown {
		p.Address, p.Birthday = old.Address, old.Birthday
		if sight == access.Hidden {
			p.Contact = old.Contact
		}
	}
	if x.S.Sees(access.FieldBank) == access.Hidden {
		p.BankName = old.BankName
	}
	return u.l.Err()
}

// ownerKnown: whoever looks after a party is a person of the shop. Handing one
// over to somebody else is for those who see them all.
func (x *Exec) ownerKnown(id int64) error {
	if x.S.scope(access.CustomerView) == access.Own {
		return fault.Bad("app.SaveParty", "master.owner-other", "field", "owner")
	}
	if id == 0 {
		return nil
	}
	us, err := x.Tx.Users()
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(us, func(u User) bool { return u.ID == id }) {
		return fault.Bad("app.SaveParty", "master.owner-unknown", "field", "owner")
	}
	return nil
}

// phoneFree asks before two members have one phone number: the counter finds
// them by it.
func (x *Exec) phoneFree(p master.Party) error {
	if p.Card == "" || p.Phone == "" {
		return nil
	}
	hs, err := x.Tx.PhoneHolders(p.Phone)
	if err != nil {
		return err
	}
	for _, h := range hs {
		if h.ID == p.ID {
			continue
		}
		if !x.seesParty(h) {
			return fault.New("app.SaveParty", fault.Conflict, "master.phone-taken-other", fault.Pairs("field", "phone"))
		}
		return fault.New("app.SaveParty", fault.Conflict, "master.phone-taken", fault.Pairs("field", "phone", "code", h.Code, "name", x.nameOf(h)))
	}
	return nil
}

// GetParty reads a party by ID, or by Code when ID is 0.
type GetParty struct {
	ID   int64
	Code string
}

func (q GetParty) spec() Need { return Need{Perm: access.HomeView, Silent: true} }

func (q GetParty) ask(_ context.Context, x *Exec) (master.Party, error) {
	var p master.Party
	var err error
	if q.ID != 0 {
		p, err = x.Tx.Party(q.ID)
	} else {
		p, err = x.Tx.PartyByCode(q.Code)
	}
	if err != nil {
		return p, err
	}
	if !x.seesParty(p) {
		return master.Party{}, unseenParty("app.GetParty")
	}
	return x.maskParty(p), nil
}

// PartyView reads a party by ID with what it was merged with.
type PartyView struct{ ID int64 }

// PartyDetail is the answer: Root is the code and name of the party that took
// this one over, Took those of what it took over itself.
type PartyDetail struct {
	Party master.Party
	Root  string
	Took  []string
}

func (q PartyView) spec() Need { return Need{Perm: access.HomeView, Silent: true} }

func (q PartyView) ask(ctx context.Context, x *Exec) (PartyDetail, error) {
	p, err := GetParty{ID: q.ID}.ask(ctx, x)
	if err != nil {
		return PartyDetail{}, err
	}
	v := PartyDetail{Party: p}
	if p.MergedInto != 0 {
		r, err := x.Tx.Party(p.MergedInto)
		if err != nil {
			return PartyDetail{}, err
		}
		v.Root = r.Code + " " + x.nameOf(r)
	}
	ids, err := x.Tx.MergedParties(q.ID)
	for _, id := range ids {
		d, err := x.Tx.Party(id)
		if err != nil {
			return PartyDetail{}, err
		}
		v.Took = append(v.Took, d.Code+" "+x.nameOf(d))
	}
	return v, err
}

// seesParty: a supplier wants the right to suppliers, a customer to customers;
// one that is both wants either.
func (x *Exec) seesParty(p master.Party) bool {
	mine := access.Object{Mine: p.Owner == x.S.user.ID || p.Owner == 0}
	c := p.Kind.Is(master.Customer) && x.S.has(access.CustomerView, mine)
	s := p.Kind.Is(master.Supplier) && x.S.has(access.SupplierView, mine)
	return c || s
}

// unseenParty answers a party this person may not see as a missing one.
func unseenParty(op string) error { return outOfSight(op, "master.unknown", access.CustomerView) }

// mayName refuses a document that names a party this person would not see: its
// name would come back with it. A member may be named at any counter, and what a
// line takes from another document, the party of that one.
func (x *Exec) mayName(d doc.Document) error {
	if d.PartyID == 0 || d.PartyID == x.named {
		return nil
	}
	p, err := x.Tx.Party(d.PartyID)
	switch {
	case err != nil && fault.KindOf(err) == fault.NotFound:
		return nil // it is said where the document is read
	case err != nil:
		return err
	case x.seesParty(p) || p.Card != "" && x.S.May(access.MemberView):
		return nil
	}
	for _, ln := range d.Lines {
		if ln.Origin.Doc == "" {
			continue
		}
		src, err := x.Tx.Document(ln.Origin.Doc)
		if err != nil {
			break
		}
		if same, err := sameParty(x.Tx, src.PartyID, d.PartyID); err != nil || same {
			return err
		}
	}
	return fault.Wrap("app.Post", fault.Invalid, "doc.unknown-party", fault.Pairs("field", "party", "value", ""), unseenParty("app.Post"))
}

// FindParties is the picker of customers or suppliers.
type FindParties struct {
	Query string
	Kind  master.PartyKind // "" = either
	Limit int
}

func (q FindParties) spec() Need { return Need{Perm: access.HomeView, Silent: true} }

func (q FindParties) ask(_ context.Context, x *Exec) ([]master.Party, error) {
	ps, err := x.Tx.SearchParties(amount.Narrow(q.Query), q.Kind, q.Limit)
	if err != nil {
		return nil, err
	}
	out := ps[:0]
	for _, p := range ps {
		if x.seesParty(p) && x.foundBy(p, amount.Narrow(q.Query)) {
			out = append(out, x.maskParty(p))
		}
	}
	return out, nil
}
