package app

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/app/oplog"
)

// changes is what a save did to a row, for the log: by field what it was and
// is. Where the words are personal, or some may not see them, the field is
// named and its words are not: the list is then empty.
type changes map[string][]string

const changeText = 60 // characters of a value that are worth an entry

func (c changes) add(field, was, now string) {
	if was == now {
		return
	}
	cut := func(s string) string {
		if r := []rune(s); len(r) > changeText {
			return string(r[:changeText]) + "\u2026"
		}
		return s
	}
	c[field] = []string{cut(was), cut(now)}
}

func (c changes) hide(field, was, now string) {
	if was != now {
		c[field] = []string{}
	}
}

func (x *Exec) noteChanges(c changes) {
	if len(c) > 0 {
		x.Note("fields", map[string][]string(c))
	}
}

func itoa(n int) string { return strconv.Itoa(n) }

func yes(b bool) string {
	if b {
		return master.Yes
	}
	return master.No
}

// noteItem tells the log what a save changed of an item.
func (x *Exec) noteItem(old, it master.Item) error {
	c := changes{}
	for _, f := range []struct{ name, was, now string }{
		{"code", old.Code, it.Code}, {"name", old.Name, it.Name}, {"spec", old.Spec, it.Spec}, {"brand", old.Brand, it.Brand},
		{"category", old.Category, it.Category}, {"unit", old.Unit, it.Unit}, {"min", old.Min.String(), it.Min.String()}, {"max", old.Max.String(), it.Max.String()},
		{"track", string(old.Track), string(it.Track)}, {"expires", yes(old.Expires), yes(it.Expires)}, {"cost_by_batch", yes(old.CostByBatch), yes(it.CostByBatch)},
		{"shelf_days", itoa(old.ShelfDays), itoa(it.ShelfDays)}, {"plu", old.PLU, it.PLU}, {"note", old.Note, it.Note},
		{"barcodes", barcodeText(old), barcodeText(it)}, {"units", unitText(old), unitText(it)},
	} {
		c.add(f.name, f.was, f.now)
	}
	for _, lv := range master.PriceLevels {
		was, now := old.Prices[lv].String(), it.Prices[lv].String()
		if lv == master.Floor || lv == master.Purchase {
			c.hide("prices."+string(lv), was, now)
		} else {
			c.add("prices."+string(lv), was, now)
		}
	}
	if err := x.customChanges(c, master.OfItem, old.Custom, it.Custom); err != nil {
		return err
	}
	x.noteChanges(c)
	return nil
}

func barcodeText(it master.Item) string {
	s := ""
	for _, b := range it.Barcodes {
		s += b.Code + " "
	}
	return s
}

func unitText(it master.Item) string {
	s := ""
	for _, u := range it.Units {
		s += u.Name + " " + itoa(int(u.Num)) + "/" + itoa(int(u.Den)) + " " + u.Price.String() + " "
	}
	return s
}

// noteParty tells the log what a save changed of a party: names and numbers of
// people stay out of it.
func (x *Exec) noteParty(old, p master.Party) error {
	c := changes{}
	for _, f := range []struct{ name, was, now string }{
		{"code", old.Code, p.Code}, {"kind", string(old.Kind), string(p.Kind)}, {"level", string(old.Level), string(p.Level)},
		{"credit", old.Credit.String(), p.Credit.String()}, {"disabled", yes(old.Disabled), yes(p.Disabled)},
	} {
		c.add(f.name, f.was, f.now)
	}
	for _, f := range []struct{ name, was, now string }{
		{"name", old.Name, p.Name}, {"contact", old.Contact, p.Contact}, {"phone", old.Phone, p.Phone}, {"address", old.Address, p.Address}, {"note", old.Note, p.Note},
		{"card", old.Card, p.Card}, {"birthday", old.Birthday, p.Birthday}, {"owner", itoa(int(old.Owner)), itoa(int(p.Owner))},
		{"bank_name", old.BankName, p.BankName}, {"bank_account", old.BankAccount, p.BankAccount}, {"tax_no", old.TaxNo, p.TaxNo},
	} {
		c.hide(f.name, f.was, f.now)
	}
	fs, err := x.Tx.CustomFields(master.OfParty)
	if err != nil {
		return err
	}
	for _, f := range fs {
		c.hide(f.Name, old.Custom[f.Key], p.Custom[f.Key])
	}
	x.noteChanges(c)
	return nil
}

// noteEmployee is noteParty for an employee: where wages go is worth an entry.
func (x *Exec) noteEmployee(old, e master.Employee) {
	c := changes{}
	c.add("code", old.Code, e.Code)
	for _, f := range []struct{ name, was, now string }{
		{"name", old.Name, e.Name}, {"phone", old.Phone, e.Phone}, {"id_card", old.IDCard, e.IDCard}, {"bank_card", old.BankCard, e.BankCard},
		{"user", itoa(int(old.User)), itoa(int(e.User))}, {"note", old.Note, e.Note},
	} {
		c.hide(f.name, f.was, f.now)
	}
	x.noteChanges(c)
}

func (x *Exec) customChanges(c changes, e master.Entity, was, now map[string]string) error {
	if maps.Equal(was, now) {
		return nil
	}
	fs, err := x.Tx.CustomFields(e)
	if err != nil {
		return err
	}
	for _, f := range fs {
		if len(f.Roles) > 0 {
			c.hide(f.Name, was[f.Key], now[f.Key])
		} else {
			c.add(f.Name, was[f.Key], now[f.Key])
		}
	}
	return nil
}

// History tells who changed a row of master data what and when, from the log,
// latest first. Whoever sees only the own entries of the log sees those.
type History struct {
	Entity master.Entity
	ID     int64
}

func (q History) spec() Need { return Need{Perm: access.LogOwn, Silent: true} }

const historyMost = 200

func (q History) ask(_ context.Context, x *Exec) ([]oplog.Entry, error) {
	objects, err := x.objects(q.Entity, q.ID)
	if err != nil {
		return nil, err
	}
	user := x.S.user.ID
	if x.S.May(access.LogAll) {
		user = 0
	}
	var out []oplog.Entry
	type name struct {
		object string
		before int64 // entries from here on are another row's; 0 none are
	}
	var names []name
	for _, o := range objects {
		names = append(names, name{object: o})
	}
	for i := 0; i < len(names) && i < 20; i++ {
		sealed, err := x.Tx.ObjectLog(names[i].object, user, historyMost)
		if err != nil {
			return nil, err
		}
		for _, s := range sealed {
			if names[i].before != 0 && s.Seq >= names[i].before {
				continue
			}
			e, err := oplog.Open(s)
			if err != nil {
				return nil, fault.Wrap("app.History", fault.Damaged, "store.log-order", fault.Pairs("seq", s.Seq, "head", s.Seq), err)
			}
			out = append(out, e)
			if old := codeBefore(e); old != "" { // it had another code until then
				names = append(names, name{string(q.Entity) + ":" + old, e.Seq})
			}
		}
	}
	slices.SortFunc(out, func(a, b oplog.Entry) int { return int(b.Seq - a.Seq) })
	return out[:min(len(out), historyMost)], nil
}

// codeBefore gives the code a row had before an entry that changed it.
func codeBefore(e oplog.Entry) string {
	var d struct {
		Fields map[string][]string `json:"fields"`
	}
	if json.Unmarshal([]byte(e.Detail), &d) != nil || len(d.Fields["code"]) != 2 {
		return ""
	}
	return d.Fields["code"][0]
}

// objects are the names the log knows a row and what it took over by.
func (x *Exec) objects(e master.Entity, id int64) ([]string, error) {
	switch e {
	case master.OfItem:
		it, err := x.Tx.Item(id)
		if err != nil {
			return nil, err
		}
		if !x.S.May(access.ItemView) {
			return nil, outOfSight("app.master", "master.unknown", access.ItemView)
		}
		out := []string{"item:" + it.Code}
		ids, err := x.Tx.MergedItems(id)
		if err != nil {
			return nil, err
		}
		for _, d := range ids {
			if it, err = x.Tx.Item(d); err != nil {
				return nil, err
			}
			out = append(out, "item:"+it.Code)
		}
		return out, nil
	case master.OfParty:
		p, err := x.Tx.Party(id)
		if err != nil {
			return nil, err
		}
		if !x.seesParty(p) {
			return nil, unseenParty("app.master")
		}
		out := []string{"party:" + p.Code}
		ids, err := x.Tx.MergedParties(id)
		if err != nil {
			return nil, err
		}
		for _, d := range ids {
			if p, err = x.Tx.Party(d); err != nil {
				return nil, err
			}
			out = append(out, "party:"+p.Code)
		}
		return out, nil
	}
	return nil, notFound(nil)
}

func notFound(err error) error {
	if err != nil {
		return err
	}
	return fault.New("app.master", fault.NotFound, "master.unknown", nil)
}

// Usage tells where an item or a party is used: its last documents, those not
// finished, orders with something open, and the stock of an item place by
// place. Documents this person may not see are left out.
type Usage struct {
	Entity master.Entity
	ID     int64
}

func (q Usage) spec() Need { return Need{Perm: access.HomeView, Silent: true} }

const usageMost = 30

func (q Usage) ask(_ context.Context, x *Exec) (Use, error) {
	if _, err := x.objects(q.Entity, q.ID); err != nil {
		return Use{}, err
	}
	var u Use
	var err error
	if q.Entity == master.OfItem {
		u, err = x.Tx.ItemUse(q.ID, usageMost)
	} else {
		u, err = x.Tx.PartyUse(q.ID, usageMost)
	}
	if err != nil {
		return Use{}, err
	}
	for _, rows := range []*[]UseRow{&u.Last, &u.Drafts, &u.Orders} {
		if *rows, err = x.visible(*rows); err != nil {
			return Use{}, err
		}
	}
	if !x.S.May(access.StockView) {
		u.Stock = nil
	}
	u.Stock = slices.DeleteFunc(u.Stock, func(p PlaceQty) bool { return !x.S.user.Reach.Has(p.Warehouse) })
	return u, nil
}

// visible leaves out documents outside this person's rights, and their amounts.
func (x *Exec) visible(rows []UseRow) ([]UseRow, error) {
	var out []UseRow
	for _, r := range rows {
		d, err := x.Tx.Document(r.ID)
		if err != nil {
			return nil, err
		}
		if x.seeDocument(d) != nil {
			continue
		}
		if x.amountsHidden(mustSpec(r.Kind)) {
			r.Total = 0
		}
		out = append(out, r)
	}
	return out, nil
}

// itemRelatives names the item that took one over, and what it took over.
func (x *Exec) itemRelatives(it master.Item) (root string, took []string, err error) {
	if it.MergedInto != 0 {
		r, err := x.Tx.Item(it.MergedInto)
		if err != nil {
			return "", nil, err
		}
		root = r.Code + " " + r.Name
	}
	ids, err := x.Tx.MergedItems(it.ID)
	for _, id := range ids {
		d, err := x.Tx.Item(id)
		if err != nil {
			return "", nil, err
		}
		took = append(took, d.Code+" "+d.Name)
	}
	return root, took, err
}
