package app

import (
	"context"
	"encoding/json"
	"slices"

	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/master"
)

// Merging duplicates. Nothing posted is edited: the row that goes is put out of
// use and points at the one that stays, and from then on the two count as one.
// Stock of an item goes over by a posted document, at its value; what a party
// owes stays on its documents, and whoever asks for the balance of the one that
// stayed is given both.

// MergeView says what a merge would do, or why it cannot be done.
type MergeView struct {
	Kept, Dropped string // code and name
	Documents     int    // posted ones that name the one that goes; they stay as they are
	Stock         []PlaceQty
	Value         amount.Money // of that stock, where this person may see cost
	Codes         []string     // barcodes and cards that go over
	Orders        []UseRow     // orders with something open: in the way of an item
	Drafts        []UseRow     // not finished: the row must be changed on them by hand

	// SoldToday: one of two items went out today. Conversions come before what is
	// sold on the same day, so the cost of today's sales is worked out anew over
	// both: what the stock loses or gains in value, the sales' cost gains or loses.
	SoldToday bool

	Receivable, Payable, Stored amount.Money
	Points                      int64

	Blocks fault.List // what must be settled first
}

// MergePlan shows a merge before it is done.
type MergePlan struct {
	Entity        master.Entity
	Kept, Dropped int64
}

func (q MergePlan) spec() Need {
	return Need{Perm: access.MergeRows, Draft: true, Silent: true, Whole: q.Entity == master.OfItem}
}

func (q MergePlan) ask(_ context.Context, x *Exec) (MergeView, error) {
	v, err := q.plan(x)
	if err != nil {
		return MergeView{}, err
	}
	for _, rows := range []*[]UseRow{&v.Orders, &v.Drafts} {
		if *rows, err = x.visible(*rows); err != nil {
			return MergeView{}, err
		}
	}
	return v, nil
}

func (q MergePlan) plan(x *Exec) (MergeView, error) {
	if q.Entity == master.OfItem {
		m, err := x.planItems(q.Kept, q.Dropped)
		m.view.Value = 0
		if err == nil && x.S.Sees(access.FieldCost) == access.Shown {
			m.view.Value, err = x.poolValue(m.dropped)
		}
		return m.view, err
	}
	m, err := x.planParties(q.Kept, q.Dropped)
	if !x.S.May(access.ReportMoney) {
		m.view.Receivable, m.view.Payable = 0, 0
	}
	return m.view, err
}

// Merge makes one row of two. It wants a reason, which the log keeps. Faults:
// Conflict "master.merge-blocked" and those of MergeView.Blocks, Invalid
// "doc.reason-needed".
type Merge struct {
	Entity        master.Entity
	Kept, Dropped int64
	Reason        string
}

// Merged is what a merge did.
type Merged struct {
	Documents []Receipt // the stock that went over
	Codes     int
}

func (c Merge) spec() Need {
	return Need{Perm: access.MergeRows, Whole: c.Entity == master.OfItem} // its stock lies anywhere
}

func (c Merge) run(ctx context.Context, x *Exec) (Merged, error) {
	if master.TidyText(c.Reason) == "" {
		return Merged{}, fault.Bad("app.Merge", "master.merge-reason", "field", "reason")
	}
	if c.Entity == master.OfItem {
		return c.items(ctx, x)
	}
	return c.parties(x)
}

// Unmerge takes a merge back: the stock that went over comes back by reversal,
// codes and cards return, and the row is in use again. What was booked on the
// one that stayed meanwhile stays there. Faults: Conflict "master.unmerge-none",
// "master.unmerge-settled", and those of Reverse.
type Unmerge struct {
	Entity  master.Entity
	Dropped int64
	Reason  string
}

func (c Unmerge) spec() Need {
	return Need{Perm: access.MergeRows, Whole: c.Entity == master.OfItem}
}

func (c Unmerge) run(ctx context.Context, x *Exec) (struct{}, error) {
	if master.TidyText(c.Reason) == "" {
		return struct{}{}, fault.Bad("app.Unmerge", "master.merge-reason", "field", "reason")
	}
	text, err := x.Tx.MergeRecord(c.Entity, c.Dropped)
	if err != nil {
		return struct{}{}, err
	}
	if text == "" {
		return struct{}{}, fault.New("app.Unmerge", fault.Conflict, "master.unmerge-none", nil)
	}
	var r mergeRecord
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		return struct{}{}, fault.Wrap("app.Unmerge", fault.Damaged, "master.unmerge-none", nil, err)
	}
	if c.Entity == master.OfItem {
		err = c.item(ctx, x, r)
	} else {
		err = c.party(x, r)
	}
	if err != nil {
		return struct{}{}, err
	}
	x.Reason(c.Reason)
	x.Changed("items", "parties", "documents", "stock", "money")
	return struct{}{}, x.Tx.SetMergeRecord(c.Entity, c.Dropped, "")
}

// mergeRecord is what a merge did, for taking it back.
type mergeRecord struct {
	Kept     int64            `json:"kept"`
	Disabled bool             `json:"disabled,omitempty"` // it was out of use before
	Barcodes []master.Barcode `json:"barcodes,omitempty"` // that went over, with the units they had
	Added    []string         `json:"added,omitempty"`    // codes the kept one did not have
	Units    []string         `json:"units,omitempty"`    // units it got for them
	Docs     []mergeDoc       `json:"docs,omitempty"`
	Took     []int64          `json:"took,omitempty"` // what the dropped one had taken over before
	Card     string           `json:"card,omitempty"`
	Kind     master.PartyKind `json:"kind,omitempty"` // of the kept one before
}

type mergeDoc struct {
	ID   string   `json:"id"`
	Kind doc.Kind `json:"kind"`
}

func (x *Exec) keepMerge(e master.Entity, dropped int64, r mergeRecord) error {
	b, err := json.Marshal(r)
	if err != nil {
		return fault.Wrap("app.Merge", fault.Internal, "app.internal", nil, err)
	}
	return x.Tx.SetMergeRecord(e, dropped, string(b))
}

// rootParty gives the party that stands for another: itself, or the one that
// took it over.
func rootParty(tx Tx, party int64) (int64, error) {
	if party == 0 {
		return 0, nil
	}
	p, err := tx.Party(party)
	if err != nil || p.MergedInto == 0 {
		return party, err
	}
	return p.MergedInto, nil
}

// sameParty tells whether two IDs stand for one party: open documents of one
// that was merged are the kept one's to pay and to return.
func sameParty(tx Tx, a, b int64) (bool, error) {
	if a == b {
		return true, nil
	}
	ra, err := rootParty(tx, a)
	if err != nil {
		return false, err
	}
	rb, err := rootParty(tx, b)
	return ra == rb, err
}

type partyMerge struct {
	view          MergeView
	kept, dropped master.Party
}

func (x *Exec) planParties(kept, dropped int64) (m partyMerge, err error) {
	if m.kept, err = x.Tx.Party(kept); err != nil {
		return m, err
	}
	if m.dropped, err = x.Tx.Party(dropped); err != nil {
		return m, err
	}
	if !x.seesParty(m.kept) || !x.seesParty(m.dropped) {
		return partyMerge{}, unseenParty("app.merge")
	}
	v := &m.view
	v.Kept, v.Dropped = m.kept.Code+" "+x.nameOf(m.kept), m.dropped.Code+" "+x.nameOf(m.dropped)
	block := func(key string, nv ...any) { v.Blocks = append(v.Blocks, mergeBlock(key, nv...)) }
	switch {
	case kept == dropped:
		block("master.merge-same")
	case m.dropped.MergedInto != 0:
		block("master.merge-done", "name", x.nameOf(m.dropped))
	case m.kept.MergedInto != 0 || m.kept.Disabled:
		block("master.merge-kept-off", "name", x.nameOf(m.kept))
	}
	u, err := x.Tx.PartyUse(dropped, usageMost)
	if err != nil {
		return m, err
	}
	v.Documents, v.Orders, v.Drafts = u.Documents, u.Orders, u.Drafts
	if v.Receivable, err = x.Tx.Balance(doc.AccReceivable, dropped, 0); err != nil {
		return m, err
	}
	if v.Payable, err = x.Tx.Balance(doc.AccPayable, dropped, 0); err != nil {
		return m, err
	}
	v.Payable = -v.Payable
	v.Stored, v.Points = m.dropped.Stored, m.dropped.Points
	if m.dropped.Card != "" {
		v.Codes = append(v.Codes, m.dropped.Card)
	}
	return m, nil
}

func mergeBlock(key string, nv ...any) *fault.Error {
	return fault.New("app.Merge", fault.Conflict, key, fault.Pairs(nv...))
}

func (c Merge) parties(x *Exec) (Merged, error) {
	m, err := x.planParties(c.Kept, c.Dropped)
	if err != nil {
		return Merged{}, err
	}
	if len(m.view.Blocks) > 0 {
		return Merged{}, m.view.Blocks[0]
	}
	r := mergeRecord{Kept: c.Kept, Disabled: m.dropped.Disabled, Kind: m.kept.Kind}
	if r.Took, err = x.Tx.MergedParties(c.Dropped); err != nil {
		return Merged{}, err
	}
	keep := m.kept
	if keep.Kind != m.dropped.Kind {
		keep.Kind = master.Both
	}
	if m.dropped.Card != "" && keep.Card == "" { // the member keeps the card in the hand
		r.Card, keep.Card = m.dropped.Card, m.dropped.Card
		if keep.Birthday == "" {
			keep.Birthday = m.dropped.Birthday
		}
		drop := m.dropped
		drop.Card = ""
		if _, err := x.Tx.SaveParty(drop); err != nil {
			return Merged{}, err
		}
	}
	if keep.Kind != m.kept.Kind || keep.Card != m.kept.Card {
		if _, err := x.Tx.SaveParty(keep); err != nil {
			return Merged{}, err
		}
	}
	if err := x.Tx.MergeParty(c.Dropped, c.Kept); err != nil {
		return Merged{}, err
	}
	x.Object("party:" + m.dropped.Code)
	x.Reason(c.Reason)
	x.Note("merged_into", m.kept.Code)
	x.Note("documents", m.view.Documents)
	x.Changed("parties", "documents", "money")
	return Merged{Codes: len(m.view.Codes)}, x.keepMerge(master.OfParty, c.Dropped, r)
}

func (c Unmerge) party(x *Exec, r mergeRecord) error {
	dropped, err := x.Tx.Party(c.Dropped)
	if err != nil {
		return err
	}
	if dropped.MergedInto == 0 {
		return fault.New("app.Unmerge", fault.Conflict, "master.unmerge-none", nil)
	}
	if n, err := x.Tx.CrossSettled(dropped.MergedInto, c.Dropped); err != nil || n != "" {
		if err != nil {
			return err
		}
		return fault.New("app.Unmerge", fault.Conflict, "master.unmerge-settled", fault.Pairs("number", n, "name", x.nameOf(dropped)))
	}
	kept := dropped.MergedInto
	if err := x.Tx.UnmergeParty(c.Dropped); err != nil {
		return err
	}
	k, err := x.Tx.Party(kept)
	if err != nil {
		return err
	}
	if k.Stored < 0 || k.Points < 0 { // it used what the other had brought along
		return fault.New("app.Unmerge", fault.Conflict, "master.unmerge-used", fault.Pairs("name", x.nameOf(k)))
	}
	if r.Card != "" && k.Card == r.Card || r.Kind != k.Kind && r.Kind != "" {
		if k.Card == r.Card {
			k.Card = ""
		}
		if r.Kind != "" {
			k.Kind = r.Kind
		}
		if _, err := x.Tx.SaveParty(k); err != nil {
			return err
		}
	}
	if dropped, err = x.Tx.Party(c.Dropped); err != nil {
		return err
	}
	dropped.Card, dropped.Disabled = r.Card, r.Disabled
	if _, err := x.Tx.SaveParty(dropped); err != nil {
		return err
	}
	for _, id := range r.Took {
		if err := x.Tx.MergeParty(id, c.Dropped); err != nil {
			return err
		}
	}
	x.Object("party:" + dropped.Code)
	x.Note("unmerged_from", k.Code)
	return nil
}

// unitFor gives the kept item the unit a code of the other stands for, under
// its own name where that means the same.
func unitFor(kept *master.Item, dropped master.Item, unit string) (name string, added bool) {
	num, den, ok := dropped.Factor(unit)
	if !ok || unit == "" {
		return "", false
	}
	name = unit
	for n := 2; ; n++ {
		kn, kd, have := kept.Factor(name)
		if !have {
			break
		}
		if kn == num && kd == den {
			return name, false
		}
		name = unit + itoa(n)
	}
	at := slices.IndexFunc(dropped.Units, func(u master.Unit) bool { return u.Name == unit })
	kept.Units = append(kept.Units, master.Unit{Name: name, Num: num, Den: den, Price: dropped.Units[at].Price})
	return name, true
}
