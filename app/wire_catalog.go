package app

import (
	"context"
	"maps"
	"slices"

	"tiezhang/app/fault"
	"tiezhang/app/master"
)

// WireMaster are further fields of items, parties and employees in a line of
// the script face.
type WireMaster struct {
	Track       string `json:"track,omitempty"` // batch, serial, none
	Expires     *bool  `json:"expires,omitempty"`
	ShelfDays   *int   `json:"shelf_days,omitempty"`
	CostByBatch *bool  `json:"cost_by_batch,omitempty"`
	PLU         string `json:"plu,omitempty"`
	Card        string `json:"card,omitempty"`
	Birthday    string `json:"birthday,omitempty"`
	BankName    string `json:"bank_name,omitempty"` // of a party
	BankAccount string `json:"bank_account,omitempty"`
	TaxNo       string `json:"tax_no,omitempty"`
	IDCard      string `json:"id_card,omitempty"` // of an employee
	BankCard    string `json:"bank_card,omitempty"`
	Owner       string `json:"owner,omitempty"` // name of the person who looks after a customer, or of an employee's account
	// Custom are the owner's own fields, by their names (or keys); "" empties one.
	Custom map[string]string `json:"custom,omitempty"`
	// Share says that a barcode of another item, or a member's phone number, is meant.
	Share bool `json:"share,omitempty"`
}

func (w WireMaster) more(r *wireReader, it *master.Item) {
	switch w.Track {
	case "":
	case "none":
		it.Track = master.NotTracked
	default:
		it.Track = master.Tracking(w.Track)
	}
	for to, v := range map[*bool]*bool{&it.Expires: w.Expires, &it.CostByBatch: w.CostByBatch} {
		if v != nil {
			*to = *v
		}
	}
	if w.ShelfDays != nil {
		it.ShelfDays = *w.ShelfDays
	}
	if w.PLU != "" {
		it.PLU = w.PLU
	}
	it.Custom = w.custom(r, master.OfItem, it.Custom)
}

func (w WireMaster) moreParty(r *wireReader, p *master.Party) {
	for to, v := range map[*string]string{&p.Card: w.Card, &p.Birthday: w.Birthday, &p.BankName: w.BankName, &p.BankAccount: w.BankAccount, &p.TaxNo: w.TaxNo} {
		if v != "" {
			*to = v
		}
	}
	if w.Owner != "" {
		p.Owner = w.user(r)
	}
	p.Custom = w.custom(r, master.OfParty, p.Custom)
}

func (w WireMaster) user(r *wireReader) int64 {
	u, err := r.x.Tx.UserByName(w.Owner)
	r.found(err, 0, "owner", "master.owner-unknown", w.Owner)
	return u.ID
}

// custom lays the line's values over those the row has.
func (w WireMaster) custom(r *wireReader, e master.Entity, have map[string]string) map[string]string {
	if len(w.Custom) == 0 {
		return have
	}
	fs, err := r.x.Tx.CustomFields(e)
	if err != nil {
		r.err = err
		return have
	}
	out := maps.Clone(have)
	if out == nil {
		out = map[string]string{}
	}
	for name, v := range w.Custom {
		at := slices.IndexFunc(fs, func(f master.CustomField) bool {
			return !f.Disabled && (f.Name == name || f.Key == name) && r.x.seesField(f)
		})
		if at < 0 {
			r.bad(0, "custom", "master.custom-unknown", "name", name)
			continue
		}
		out[fs[at].Key] = v
	}
	return out
}

// saveEmployee adds an employee, or changes the fields the line names.
func (w Wire) saveEmployee(ctx context.Context, x *Exec) (int64, error) {
	r := &wireReader{x: x}
	e, err := x.Tx.EmployeeByCode(w.Code)
	if err != nil {
		if fault.KindOf(err) != fault.NotFound {
			return 0, err
		}
		e = master.Employee{Code: w.Code}
	}
	for to, v := range map[*string]string{&e.Name: w.Name, &e.Phone: w.Phone, &e.IDCard: w.IDCard, &e.BankCard: w.BankCard, &e.Note: w.Note} {
		if v != "" {
			*to = v
		}
	}
	if w.Owner != "" {
		e.User = w.user(r)
	}
	if w.Disabled != nil {
		e.Disabled = *w.Disabled
	}
	if r.err != nil {
		return 0, r.err
	}
	if err := r.l.Err(); err != nil {
		return 0, err
	}
	return SaveEmployee{e}.run(ctx, x)
}
