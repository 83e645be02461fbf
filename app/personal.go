package app

import (
	"errors"
	"maps"
	"strings"

	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/fault"
	"tiezhang/app/master"
)

// Data of people: what a session is told of it, and what a save makes of a value
// its saver does not see.

// seen is a value as this person may see it: whole, masked, or not at all.
func (x *Exec) seen(f access.Field, s string) string {
	switch x.S.Sees(f) {
	case access.Shown:
		return s
	case access.Masked:
		return f.Mask(s)
	}
	return ""
}

// maskParty gives a party as this person may see it. Addresses and birthdays
// have no mask: they are left out.
func (x *Exec) maskParty(p master.Party) master.Party {
	p.Custom = x.showCustom(master.OfParty, p.Custom)
	if !x.seesParty(p) { // a document of one's own, or at the counter: the name is enough
		p.Phone, p.Address, p.Contact, p.Birthday, p.Credit, p.Note = "", "", "", "", 0, ""
		p.BankName, p.BankAccount, p.TaxNo = "", "", ""
	}
	phone := x.S.Sees(access.FieldPhone)
	if phone != access.Shown {
		p.Address, p.Birthday = "", ""
	}
	if phone == access.Hidden {
		p.Contact = ""
	}
	if x.S.Sees(access.FieldBank) == access.Hidden {
		p.BankName = ""
	}
	p.Phone, p.Contact, p.BankAccount = x.seen(access.FieldPhone, p.Phone), x.seen(access.FieldPerson, p.Contact), x.seen(access.FieldBank, p.BankAccount)
	if x.S.Sees(access.FieldPerson) != access.Shown && x.isPerson(p) {
		p.Name, p.Initials, p.Pinyin = access.FieldPerson.Mask(p.Name), "", ""
	}
	return p
}

// maskEmployee gives an employee as this person may see one.
func (x *Exec) maskEmployee(e master.Employee) master.Employee {
	e.Phone, e.IDCard, e.BankCard = x.seen(access.FieldPhone, e.Phone), x.seen(access.FieldIdentity, e.IDCard), x.seen(access.FieldBank, e.BankCard)
	return e
}

// isPerson tells a party whose name is somebody's: a member, or one that a
// member took over. When that cannot be told, it is.
func (x *Exec) isPerson(p master.Party) bool {
	if p.Card != "" || p.MergedInto == 0 {
		return p.Card != ""
	}
	root, err := x.Tx.Party(p.MergedInto)
	return err != nil || root.Card != ""
}

// nameOf is a party's name as this person may be told it. Of a person whose name
// is hidden there must still be something to call them by: the mask.
func (x *Exec) nameOf(p master.Party) string {
	if x.S.Sees(access.FieldPerson) != access.Shown && x.isPerson(p) {
		return access.FieldPerson.Mask(p.Name)
	}
	return p.Name
}

// unnamed masks the name in what the store says of a party: its own, or that of
// whoever has the code or the card already.
func (x *Exec) unnamed(err error, p master.Party) error {
	var f *fault.Error
	if err == nil || x.S.Sees(access.FieldPerson) == access.Shown || !errors.As(err, &f) || f.Args["name"] == nil {
		return err
	}
	if code, ok := f.Args["code"].(string); ok {
		if holder, e := x.Tx.PartyByCode(code); e == nil {
			p = holder
		}
	}
	args := maps.Clone(f.Args)
	args["name"] = x.nameOf(p)
	return fault.Wrap(f.Op, f.Kind, f.Key, args, f.Err)
}

// foundBy tells whether a party may be found by some words: a member whose name
// is masked is found by what is shown.
func (x *Exec) foundBy(p master.Party, query string) bool {
	if x.S.Sees(access.FieldPerson) == access.Shown || !x.isPerson(p) {
		return true
	}
	shown := strings.ToLower(p.Code + " " + p.Card + " " + string([]rune(p.Name + " ")[:1]))
	for _, w := range strings.Fields(strings.ToLower(query)) {
		if !strings.Contains(shown, w) {
			return false
		}
	}
	return true
}

// unseenTyping judges what a form brings back of values its writer does not see.
// stale forms are not judged: the store refuses them.
type unseenTyping struct {
	x     *Exec
	stale bool
	l     fault.List
}

// take keeps what is stored where it came back hidden or as its mask. Another
// number typed over a mask is meant; half a mask is not.
func (u *unseenTyping) take(f access.Field, field, was string, now *string) {
	sight := u.x.S.Sees(f)
	switch {
	case sight == access.Shown:
	case sight == access.Hidden || *now == "" || *now == f.Mask(was) || u.stale:
		*now = was
	case *now != was && strings.Contains(amount.Narrow(*now), "*"):
		u.l = append(u.l, fault.Bad("app.save", "master.masked-part", "field", field))
	}
}
