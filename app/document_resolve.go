package app

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/master"
)

// refs are the master rows a document names.
type refs struct {
	party master.Party // zero without one
	items map[int64]master.Item
	hints map[int64]amount.Price
}

// level is the price level a document of a kind is due.
func (r refs) level(s doc.Spec) master.PriceLevel {
	switch {
	case r.party.Level != "":
		return r.party.Level
	case r.party.Card != "":
		return master.Member
	}
	return master.PriceLevel(s.Level)
}

// resolve reads what the document names, refuses what is unknown or disabled,
// and freezes the unit factors.
func resolve(x *Exec, spec doc.Spec, d *doc.Document) (refs, error) {
	tx := x.Tx
	r := refs{items: map[int64]master.Item{}, hints: map[int64]amount.Price{}}
	var l fault.List
	head := func(field, key string, nv ...any) {
		l = append(l, fault.Bad("app.Post", key, append([]any{"field", field}, nv...)...))
	}
	if err := r.head(x, spec, d, head); err != nil {
		return r, err
	}
	for i := range d.Lines {
		ln := &d.Lines[i]
		if spec.LineMoney != doc.No { // what a screen shows beside the money is not the document's
			ln.Qty, ln.Unit = 0, ""
		}
		if ln.ItemID == 0 {
			continue
		}
		it, ok := r.items[ln.ItemID]
		if !ok {
			var err error
			if it, err = tx.Item(ln.ItemID); err != nil {
				if fault.KindOf(err) != fault.NotFound {
					return r, err
				}
				l = append(l, fault.Bad("app.Post", "doc.unknown-item", "line", ln.No, "field", "item", "value", ""))
				continue
			}
			r.items[ln.ItemID] = it
			r.hints[ln.ItemID] = it.Prices[master.Purchase]
		}
		// What is out of use can still be counted, given back and corrected.
		if it.Disabled && spec.Flow != doc.Recount && ln.Origin.Doc == "" {
			l = append(l, fault.Bad("app.Post", "doc.disabled", "line", ln.No, "field", "item", "name", it.Name))
		}
		if it.MergedInto != 0 && side(spec, *ln) > 0 {
			kept, err := tx.Item(it.MergedInto)
			if err != nil {
				return r, err
			}
			l = append(l, fault.Bad("app.Post", "doc.item-merged", "line", ln.No, "field", "item", "name", it.Name, "kept", kept.Name))
		}
		num, den, ok := it.Factor(ln.Unit)
		if !ok {
			l = append(l, fault.Bad("app.Post", "doc.unknown-unit", "line", ln.No, "field", "unit", "unit", ln.Unit, "name", it.Name))
			continue
		}
		ln.Num, ln.Den = num, den
	}
	return r, l.Err()
}

// head reads what the header names.
func (r *refs) head(x *Exec, spec doc.Spec, d *doc.Document, head func(field, key string, nv ...any)) error {
	tx := x.Tx
	if d.PartyID != 0 {
		p, err := tx.Party(d.PartyID)
		switch {
		case fault.KindOf(err) == fault.NotFound && err != nil:
			head("party", "doc.unknown-party", "value", "")
		case err != nil:
			return err
		case p.Disabled:
			head("party", "doc.disabled", "name", x.nameOf(p))
		case spec.PartyRole != "" && !p.Kind.Is(master.PartyKind(spec.PartyRole)):
			head("party", "doc.party-role."+spec.PartyRole, "name", x.nameOf(p))
		}
		r.party = p
	}
	if d.StaffID != 0 {
		e, err := tx.Employee(d.StaffID)
		switch {
		case fault.KindOf(err) == fault.NotFound && err != nil:
			head("staff", "doc.unknown-staff", "value", "")
		case err != nil:
			return err
		case e.Disabled:
			head("staff", "doc.disabled", "name", e.Name)
		}
	}
	for field, id := range map[string]int64{"warehouse": d.WarehouseID, "to": d.ToPlaceID} {
		if id == 0 {
			continue
		}
		w, err := tx.Warehouse(id)
		switch {
		case fault.KindOf(err) == fault.NotFound && err != nil:
			head(field, "doc.unknown-warehouse", "value", "")
		case err != nil:
			return err
		case w.Lent: // nobody types it: goods get there by lending alone
			head(field, "doc.lent-place", "name", w.Name)
		case w.Disabled:
			head(field, "doc.disabled", "name", w.Name)
		}
	}
	for field, id := range map[string]int64{"account": d.AccountID, "to_account": d.ToAccountID} {
		if id == 0 {
			continue
		}
		a, err := checkAccount(tx, field, id, head)
		if err != nil {
			return err
		}
		if a.Kind == master.Stored {
			head(field, "member.stored-account", "name", a.Name)
		}
	}
	for i := range d.Payments {
		p := &d.Payments[i]
		if p.AccountID == 0 {
			continue
		}
		a, err := checkAccount(tx, "payments", p.AccountID, head)
		if err != nil {
			return err
		}
		p.Stored = a.Kind == master.Stored
		if p.Stored && (!spec.Sells() && !spec.TakesBack() || d.PartyID == 0) {
			head("payments", "member.stored-account", "name", a.Name)
		}
	}
	return nil
}

func checkAccount(tx Tx, field string, id int64, head func(field, key string, nv ...any)) (master.Account, error) {
	a, err := tx.Account(id)
	switch {
	case fault.KindOf(err) == fault.NotFound && err != nil:
		head(field, "doc.unknown-account", "value", "")
	case err != nil:
		return a, err
	case a.Disabled:
		head(field, "doc.disabled", "name", a.Name)
	}
	return a, nil
}

// madeNames are the names of the rows the program makes by itself when they are
// first needed, by language and key.
//
//go:embed names.json
var madeNames []byte

// madeName gives such a name in the shop's language.
func madeName(tx Tx, key string) (string, error) {
	lang, err := tx.Setting(SettingLanguage)
	if err != nil {
		return "", err
	}
	var all map[string]map[string]string
	if err := json.Unmarshal(madeNames, &all); err != nil {
		return "", fault.Wrap("app.names", fault.Internal, "app.internal", nil, err)
	}
	if n := all[lang][key]; n != "" {
		return n, nil
	}
	return all["zh-Hans"][key], nil
}

// lentPlace fills in the place that stands for the hands of others.
func lentPlace(x *Exec, spec doc.Spec, d *doc.Document) error {
	if spec.Lent == 0 {
		return nil
	}
	name, err := madeName(x.Tx, "lent")
	if err != nil {
		return err
	}
	d.ToPlaceID, err = x.Tx.LentPlace(name)
	return err
}

// inPlace gives the document with its places in the order goods go: a return of
// what was lent names where they come to, and they leave the lent place.
func inPlace(spec doc.Spec, d doc.Document) doc.Document {
	if spec.Lent < 0 {
		d.WarehouseID, d.ToPlaceID = d.ToPlaceID, d.WarehouseID
	}
	return d
}

// storedAccount makes, on first use, the account through which members pay out
// of what they have paid in advance.
func storedAccount(tx Tx) error {
	as, err := tx.Accounts()
	if err != nil || slices.ContainsFunc(as, func(a master.Account) bool { return a.Kind == master.Stored }) {
		return err
	}
	name, err := madeName(tx, "stored")
	if err != nil {
		return err
	}
	code := "CZ"
	for n := 1; slices.ContainsFunc(as, func(a master.Account) bool { return strings.EqualFold(a.Code, code) }); n++ {
		code = "CZ" + strconv.Itoa(n)
	}
	_, err = tx.SaveAccount(master.Account{Code: code, Name: name, Kind: master.Stored})
	return err
}
