package app

import (
	"context"
	"slices"

	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/ledger"
	"tiezhang/app/master"
)

// DocumentView is a document with the names of what it refers to.
type DocumentView struct {
	Doc        doc.Document
	Party      master.Party
	Items      map[int64]master.Item // without prices this person may not see
	CreatedBy  string
	PostedBy   string
	Reverses   string            // number of the document this one takes back
	ReversedBy string            // number of the one that took it back
	Hidden     bool              // its amounts are not this person's to see: they are zero here
	Origins    map[string]string // numbers of origin and settled documents, by ID
	// Open is, of an order, what was not taken of each line yet, in base units.
	Open map[int]amount.Qty
	// Ended says that the rest will not come: who decided so, and why.
	Ended             bool
	EndedBy, EndedWhy string
}

// GetDocument reads a document by ID, or by Number when ID is empty. A document
// outside this person's rows is answered as a missing one.
type GetDocument struct {
	ID, Number string
}

func (q GetDocument) spec() Need { return Need{Perm: access.HomeView, Silent: true} }

func (q GetDocument) ask(_ context.Context, x *Exec) (DocumentView, error) {
	var d doc.Document
	var err error
	if q.ID != "" {
		d, err = x.Tx.Document(q.ID)
	} else {
		d, err = x.Tx.DocumentByNumber(q.Number)
	}
	if err != nil {
		return DocumentView{}, err
	}
	if err := x.seeDocument(d); err != nil {
		return DocumentView{}, err
	}
	v := DocumentView{Doc: d, Items: map[int64]master.Item{}, Origins: map[string]string{}}
	if d.PartyID != 0 {
		if v.Party, err = x.Tx.Party(d.PartyID); err != nil {
			return DocumentView{}, err
		}
		v.Party = x.maskParty(v.Party)
	}
	for _, ln := range d.Lines {
		if _, ok := v.Items[ln.ItemID]; ok || ln.ItemID == 0 {
			continue
		}
		it, err := x.Tx.Item(ln.ItemID)
		if err != nil {
			return DocumentView{}, err
		}
		v.Items[ln.ItemID] = x.maskItem(it)
		if ln.Origin.Doc != "" {
			v.Origins[ln.Origin.Doc] = x.numberOf(ln.Origin.Doc)
		}
	}
	for _, a := range d.Allocs {
		v.Origins[a.Doc] = x.numberOf(a.Doc)
	}
	v.Doc, v.Hidden = x.maskDocument(d)
	v.Doc.Custom = x.showCustom(master.OfDocument, d.Custom)
	if mustSpec(d.Kind).Promise == doc.Order && d.Status == doc.Posted {
		if err := x.progress(&v); err != nil {
			return DocumentView{}, err
		}
	}
	v.Reverses, v.ReversedBy = x.numberOf(d.Reverses), x.numberOf(d.ReversedBy)
	users, err := x.Tx.Users()
	if err != nil {
		return DocumentView{}, err
	}
	for _, u := range users {
		if u.ID == d.CreatedBy {
			v.CreatedBy = u.Name
		}
		if u.ID == d.PostedBy {
			v.PostedBy = u.Name
		}
	}
	return v, nil
}

// progress tells how far a posted order is.
func (x *Exec) progress(v *DocumentView) error {
	ls, err := x.Tx.Open(v.Doc.ID)
	if err != nil {
		return err
	}
	v.Open = map[int]amount.Qty{}
	for _, l := range ls {
		v.Open[l.Line] = l.Base - l.Done
	}
	end, ended, err := x.Tx.OrderEnded(v.Doc.ID)
	if err != nil || !ended {
		return err
	}
	v.Ended, v.EndedWhy = true, end.Reason
	users, err := x.Tx.Users()
	for _, u := range users {
		if u.ID == end.By {
			v.EndedBy = u.Name
		}
	}
	return err
}

// seeDocument answers a document this person may not see as a missing one.
func (x *Exec) seeDocument(d doc.Document) error {
	s := mustSpec(d.Kind)
	err := x.Allow(viewRight(s), placed(s, d, access.Object{Mine: d.CreatedBy == x.S.user.ID}))
	if err != nil {
		return fault.Wrap("app.GetDocument", fault.NotFound, "doc.unknown", nil, err)
	}
	return nil
}

// numberOf gives the number of a document another one names, where this person
// may see it.
func (x *Exec) numberOf(id string) string {
	if id == "" {
		return ""
	}
	d, err := x.Tx.Document(id)
	if err != nil || x.seeDocument(d) != nil {
		return ""
	}
	return d.Number
}

// maskItem drops prices this person may not see.
func (x *Exec) maskItem(it master.Item) master.Item {
	p := make(map[master.PriceLevel]amount.Price, len(it.Prices))
	for k, v := range it.Prices {
		if k == master.Purchase && x.S.Sees(access.FieldPurchase) != access.Shown || k == master.Floor && x.S.Sees(access.FieldFloor) != access.Shown {
			continue
		}
		p[k] = v
	}
	it.Prices = p
	it.Custom = x.showCustom(master.OfItem, it.Custom)
	return it
}

// MyDrafts lists this person's unfinished documents, latest first.
type MyDrafts struct{}

func (q MyDrafts) spec() Need { return Need{Perm: access.HomeView, Silent: true} }

func (q MyDrafts) ask(_ context.Context, x *Exec) ([]doc.Document, error) {
	ds, err := x.Tx.Drafts(x.S.user.ID)
	// one's own too are out of sight in a warehouse one does not work in any more
	ds = slices.DeleteFunc(ds, func(d doc.Document) bool {
		return !x.S.user.Reach.Covers(placed(mustSpec(d.Kind), d, access.Object{}))
	})
	for i := range ds { // somebody else may have filled in a field that is not this person's to see
		ds[i], _ = x.maskDocument(ds[i])
		ds[i].Custom = x.showCustom(master.OfDocument, ds[i].Custom)
	}
	return ds, err
}

// Preview works out what posting would do, without doing it: restated costs,
// warnings, and every fault posting would give. Confirmations are not asked.
type Preview struct{ Doc doc.Document }

func (q Preview) spec() Need {
	s, ok := doc.Of(q.Doc.Kind)
	if !ok {
		return Need{}
	}
	return Need{Perm: draftRight(s), Silent: true, Draft: true}
}

// Foreseen is the answer of Preview.
type Foreseen struct {
	Total    amount.Money
	Effect   ledger.Effect
	Warnings []*fault.Error
	// Approval is the rule that wants somebody else's yes, still missing; "" none.
	Approval string
	Points   int64    // what a member's bill earns
	Date     day.Date // the day it would bear
	// Lines are the lines as they would be posted: batches named, lines split.
	Lines []doc.Line
}

func (q Preview) ask(ctx context.Context, x *Exec) (Foreseen, error) {
	x.preview = true
	d := q.Doc.Clone()
	p, err := prepare(ctx, x, mustSpec(d.Kind), &d, true)
	if err != nil {
		return Foreseen{}, err
	}
	shown, _ := x.maskDocument(d)
	return Foreseen{Total: x.maskTotal(mustSpec(d.Kind), d.Total), Effect: x.maskEffect(p.batch.Effect), Warnings: p.warnings, Approval: p.approval, Points: d.Points,
		Date: d.Date, Lines: shown.Lines}, nil
}
