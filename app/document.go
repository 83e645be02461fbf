package app

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"time"

	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/ledger"
)

// NewID makes a document ID: 128 random bits in hex, time-ordered prefix so
// that rows lie together.
func NewID(now time.Time) string {
	var b [16]byte
	_, _ = rand.Read(b[6:]) // crypto/rand.Read never fails
	ms := now.UnixMilli()
	for i := 5; i >= 0; i-- {
		b[i] = byte(ms)
		ms >>= 8
	}
	return hex.EncodeToString(b[:])
}

// rights of each group of documents.
type groupRights struct{ create, view, reverse access.Permission }

var rights = map[doc.Group]groupRights{
	doc.Purchasing: {access.PurchaseCreate, access.PurchaseView, access.PurchaseReverse},
	doc.Selling:    {access.SaleCreate, access.SaleView, access.SaleReverse},
	doc.Stocking:   {access.StockMove, access.StockView, access.StockReverse},
	doc.Paying:     {access.MoneyCreate, access.MoneyView, access.MoneyReverse},
	doc.Opening:    {access.OpeningCreate, access.StockView, access.MoneyReverse},
	doc.Closing:    {access.DayClose, access.SaleView, access.MoneyReverse},
}

// createRight gives the right a kind wants: its group's, or a finer one its
// spec's effect calls for.
func createRight(s doc.Spec) access.Permission {
	switch {
	case s.Trade == doc.AccStored && s.TradeSign < 0:
		return access.MemberTopup
	case s.Trade == doc.AccStored:
		return access.MemberRefund
	case s.Promise != doc.NoPromise && s.Group == doc.Selling:
		return access.SaleOrder
	case s.Promise != doc.NoPromise:
		return access.PurchaseOrder
	case s.Flow == doc.Revalue:
		return access.CostAdjust
	case s.Flow == doc.Convert:
		return access.StockAssemble
	case s.Lent != 0 || s.ValueContra == doc.AccBorrowed:
		return access.StockLend
	case s.Flow == doc.Recount:
		return access.StockCountPost
	case s.Group == doc.Stocking && s.Flow != doc.Move:
		return access.StockAdjust
	case s.OriginNeeded:
		return access.SaleReturn
	case s.Sells() && s.Pays == doc.Must: // sold over the counter
		return access.TillUse
	}
	return rights[s.Group].create
}

// draftRight is what saving a draft wants: a counter may count and leave the
// posting to somebody else.
func draftRight(s doc.Spec) access.Permission {
	if s.Flow == doc.Recount {
		return access.StockCount
	}
	return createRight(s)
}

// CreateRight tells which right a kind of document wants, for menus.
func CreateRight(k doc.Kind) access.Permission { s, _ := doc.Of(k); return draftRight(s) }

// ViewRight tells which right seeing a kind wants.
func ViewRight(k doc.Kind) access.Permission { s, _ := doc.Of(k); return viewRight(s) }

// SaveDraft keeps an unfinished document, whatever it still lacks.
// Gives the new version. Conflict "doc.stale" when another screen saved it.
type SaveDraft struct{ Doc doc.Document }

func (c SaveDraft) spec() Need {
	s, _ := doc.Of(c.Doc.Kind)
	return Need{Perm: draftRight(s), Draft: true}
}

func (c SaveDraft) run(_ context.Context, x *Exec) (int64, error) {
	if c.Doc.ID == "" || len(c.Doc.ID) > doc.MaxID {
		return 0, fault.Bad("app.SaveDraft", "doc.id", "field", "id")
	}
	d := c.Doc.Clone()
	d.Status, d.SavedBy = doc.Draft, x.S.user.ID
	if err := x.worksAt(d); err != nil {
		return 0, err
	}
	var was map[string]string
	if old, err := x.Tx.Document(d.ID); err == nil {
		if err := x.takeOver(old, &d); err != nil {
			return 0, err
		}
		d.CreatedBy, d.CreatedAt, was = old.CreatedBy, old.CreatedAt, old.Custom
	} else if fault.KindOf(err) != fault.NotFound {
		return 0, err
	}
	if err := x.mayName(d); err != nil {
		return 0, err
	}
	if d.CreatedBy == 0 {
		d.CreatedBy, d.CreatedAt = x.S.user.ID, x.Now.Unix()
	}
	if err := x.keepOwnFields(&d, was); err != nil {
		return 0, err
	}
	_ = doc.Settle(mustSpec(d.Kind), &d) // an unfinished number is no error in a draft
	x.Quiet()                            // keystrokes are not operations; posting is
	return x.Tx.SaveDraft(d)
}

// takeOver lets a document replace the draft that has its ID: of the same kind,
// and one this person may see.
func (x *Exec) takeOver(old doc.Document, d *doc.Document) error {
	if err := x.seeDocument(old); err != nil {
		return err
	}
	if old.Kind != d.Kind {
		return fault.New("app.draft", fault.Conflict, "doc.kind-differs", fault.Pairs("number", old.Number))
	}
	x.keepPrices(old, d)
	x.named = old.PartyID
	return nil
}

func mustSpec(k doc.Kind) doc.Spec { s, _ := doc.Of(k); return s }

// DropDraft voids a draft.
type DropDraft struct {
	Kind doc.Kind
	ID   string
}

func (c DropDraft) spec() Need { return Need{Perm: draftRight(mustSpec(c.Kind)), Draft: true} }

func (c DropDraft) run(_ context.Context, x *Exec) (struct{}, error) {
	d, err := x.Tx.Document(c.ID)
	if err != nil {
		return struct{}{}, err
	}
	if d.Kind != c.Kind { // the right was asked for another kind
		return struct{}{}, fault.New("app.DropDraft", fault.NotFound, "doc.unknown", nil)
	}
	if err := x.seeDocument(d); err != nil {
		return struct{}{}, err
	}
	if err := x.worksAt(d); err != nil { // what is on its way here is dropped where it comes from
		return struct{}{}, err
	}
	if d.Status != doc.Draft {
		return struct{}{}, fault.New("app.DropDraft", fault.Conflict, "doc.not-draft", nil)
	}
	x.Object("draft:" + c.ID)
	x.Note("kind", string(d.Kind))
	x.Note("lines", len(d.Lines))
	x.Changed("documents")
	return struct{}{}, x.Tx.SetStatus(c.ID, doc.Void, "")
}

// Receipt is what posting gives back.
type Receipt struct {
	ID, Number string
	Total      amount.Money
	Effect     ledger.Effect
	Head       string // 12-character head of the log after the posting
	Again      bool   // it had been posted before; nothing was done
	Warnings   []*fault.Error
}

// Post posts a document: all of it or nothing. The same ID twice posts once and
// gives the first number again. Faults: Invalid naming line and field (several
// at once as fault.List), Closed "doc.closed-day"/"doc.closed-month",
// Conflict "doc.stale"/"doc.kind-differs", NeedsStep, Denied.
type Post struct {
	Doc doc.Document
	// AllowNegative passes a warning about negative stock, with the right.
	AllowNegative bool
}

func (c Post) spec() Need {
	s, ok := doc.Of(c.Doc.Kind)
	if !ok {
		return Need{}
	}
	return Need{Perm: createRight(s)}
}

func (c Post) run(ctx context.Context, x *Exec) (Receipt, error) {
	d := c.Doc.Clone()
	spec := mustSpec(d.Kind)
	old, err := x.Tx.Document(d.ID)
	switch {
	case err == nil && old.Status != doc.Draft:
		if err := x.postedBefore(old); err != nil {
			return Receipt{}, err
		}
		if old.Kind != d.Kind || old.Status == doc.Void {
			return Receipt{}, fault.New("app.Post", fault.Conflict, "doc.kind-differs", fault.Pairs("number", old.Number))
		}
		x.Quiet()
		return Receipt{ID: old.ID, Number: old.Number, Total: x.maskTotal(spec, old.Total), Again: true}, nil
	case err == nil:
		if err := x.takeOver(old, &d); err != nil {
			return Receipt{}, err
		}
		if d.Version != 0 && d.Version != old.Version {
			return Receipt{}, fault.New("app.Post", fault.Conflict, "doc.stale", nil)
		}
		d.CreatedBy, d.CreatedAt = old.CreatedBy, old.CreatedAt
	case fault.KindOf(err) != fault.NotFound:
		return Receipt{}, err
	}
	p, err := prepare(ctx, x, spec, &d, c.AllowNegative)
	if err != nil {
		return Receipt{}, err
	}
	return p.commit(x, spec, &d)
}

// postedBefore: a repeated ID must not tell what somebody else posted, nor what
// lies where this person does not work.
func (x *Exec) postedBefore(old doc.Document) error {
	if old.PostedBy != x.S.user.ID {
		return x.seeDocument(old)
	}
	_, err := x.reached(old, nil)
	return err
}

// today is the business date now.
func (x *Exec) today() day.Date { return day.Of(x.Now) }
