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
	"tiezhang/app/master"
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
	case s.Flow == doc.Recount:
		return access.StockCountPost
	case s.Group == doc.Stocking && s.Flow != doc.Move:
		return access.StockAdjust
	case s.OriginNeeded:
		return access.SaleReturn
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
	d.Status = doc.Draft
	if old, err := x.Tx.Document(d.ID); err == nil {
		if err := x.takeOver(old, &d); err != nil {
			return 0, err
		}
		d.CreatedBy, d.CreatedAt = old.CreatedBy, old.CreatedAt
	} else if fault.KindOf(err) != fault.NotFound {
		return 0, err
	}
	if d.CreatedBy == 0 {
		d.CreatedBy, d.CreatedAt = x.S.user.ID, x.Now.Unix()
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
	if d.Status != doc.Draft {
		return struct{}{}, fault.New("app.DropDraft", fault.Conflict, "doc.not-draft", nil)
	}
	if d.Kind != c.Kind { // the right was asked for another kind
		return struct{}{}, fault.New("app.DropDraft", fault.NotFound, "doc.unknown", nil)
	}
	if err := x.seeDocument(d); err != nil {
		return struct{}{}, err
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

// prepared is a document worked out in full, before anything is written.
type prepared struct {
	batch    ledger.Batch
	warnings []*fault.Error
}

// prepare checks a document against the shop and works out its batch.
func prepare(ctx context.Context, x *Exec, spec doc.Spec, d *doc.Document, allowNegative bool) (prepared, error) {
	if err := ctx.Err(); err != nil {
		return prepared{}, fault.Wrap("app.Post", fault.Canceled, "app.canceled", nil, err)
	}
	for i := range d.Lines {
		if d.Lines[i].No == 0 {
			d.Lines[i].No = i + 1
		}
	}
	refs, err := resolve(x.Tx, spec, d)
	if err != nil {
		return prepared{}, err
	}
	if err := doc.Settle(spec, d); err != nil {
		return prepared{}, err
	}
	if err := doc.Check(spec, d); err != nil {
		return prepared{}, err
	}
	if err := checkDate(x, spec, d); err != nil {
		return prepared{}, err
	}
	origins, err := checkOrigins(x, spec, d)
	if err != nil {
		return prepared{}, err
	}
	if err := checkPrices(x, spec, d, refs); err != nil {
		return prepared{}, err
	}
	if err := checkAllocs(x.Tx, spec, d); err != nil {
		return prepared{}, err
	}
	if spec.CashCount {
		if err := x.checkCount(d); err != nil {
			return prepared{}, err
		}
	}
	plan := ledger.Plan(spec, d, origins, refs.hints)
	return work(x, spec, d, plan, allowNegative)
}

// work runs the ledger over a plan and judges the stock.
func work(x *Exec, spec doc.Spec, d *doc.Document, plan []ledger.Move, allowNegative bool) (prepared, error) {
	books := &books{tx: x.Tx, read: map[ledger.Pot]ledger.History{}, items: map[int64]master.Item{}}
	b, err := ledger.Post(spec, d, plan, books)
	if err != nil {
		return prepared{}, err
	}
	p := prepared{batch: b}
	if p.warnings, err = checkStock(x, spec, d, plan, books, allowNegative); err != nil {
		return prepared{}, err
	}
	return p, nil
}

// commit writes a prepared document.
func (p prepared) commit(x *Exec, spec doc.Spec, d *doc.Document) (Receipt, error) {
	var err error
	if d.Number, err = x.Tx.NextNumber(spec.Prefix, d.Date); err != nil {
		return Receipt{}, err
	}
	d.Status = doc.Posted
	d.PostedBy, d.PostedAt = x.S.user.ID, x.Now.Unix()
	if d.CreatedBy == 0 {
		d.CreatedBy, d.CreatedAt = d.PostedBy, d.PostedAt
	}
	d.Version++
	if err := x.Tx.InsertPosted(*d); err != nil {
		return Receipt{}, err
	}
	if err := x.Tx.Append(p.batch); err != nil {
		return Receipt{}, err
	}
	for _, a := range d.Allocs {
		by := a.Amount
		if mustSpec(d.Kind).TradeSign == x.kindSign(a.Doc) { // a return: its credit is used up
			by = -by
		}
		if err := x.Tx.Settle(a.Doc, by); err != nil {
			return Receipt{}, err
		}
	}
	if paid, err := d.Paid(); err == nil && paid != 0 {
		if err := x.Tx.Settle(d.ID, paid); err != nil {
			return Receipt{}, err
		}
	}
	x.Object(d.Number)
	x.Reason(d.Reason)
	x.Note("kind", string(d.Kind))
	x.Note("date", d.Date.String())
	x.Note("lines", len(d.Lines))
	if !x.amountsHidden(spec) { // an entry tells its author nothing the screens hide
		x.Note("total", d.Total.String())
	}
	if e := p.batch.Effect; e.Restated > 0 {
		x.Note("restated", e.Restated)
		if x.S.Sees(access.FieldCost) == access.Shown {
			x.Note("margin", e.Margin.String())
		}
	}
	x.Changed("documents", "stock", "money")
	return Receipt{ID: d.ID, Number: d.Number, Total: x.maskTotal(spec, d.Total), Effect: x.maskEffect(p.batch.Effect), Warnings: p.warnings}, nil
}

// kindSign gives the trade sign of a document's kind.
func (x *Exec) kindSign(id string) int {
	t, err := x.Tx.Document(id)
	if err != nil {
		return 0
	}
	return mustSpec(t.Kind).TradeSign
}

// refs are the master rows a document names.
type refs struct {
	items map[int64]master.Item
	hints map[int64]amount.Price
}

// resolve reads what the document names, refuses what is unknown or disabled,
// and freezes the unit factors.
func resolve(tx Tx, spec doc.Spec, d *doc.Document) (refs, error) {
	r := refs{items: map[int64]master.Item{}, hints: map[int64]amount.Price{}}
	var l fault.List
	head := func(field, key string, nv ...any) {
		l = append(l, fault.Bad("app.Post", key, append([]any{"field", field}, nv...)...))
	}
	if d.PartyID != 0 {
		p, err := tx.Party(d.PartyID)
		switch {
		case fault.KindOf(err) == fault.NotFound && err != nil:
			head("party", "doc.unknown-party")
		case err != nil:
			return r, err
		case p.Disabled:
			head("party", "doc.disabled", "name", p.Name)
		case spec.PartyRole != "" && !p.Kind.Is(master.PartyKind(spec.PartyRole)):
			head("party", "doc.party-role."+spec.PartyRole, "name", p.Name)
		}
	}
	for field, id := range map[string]int64{"warehouse": d.WarehouseID, "to": d.ToPlaceID} {
		if id == 0 {
			continue
		}
		w, err := tx.Warehouse(id)
		switch {
		case fault.KindOf(err) == fault.NotFound && err != nil:
			head(field, "doc.unknown-warehouse")
		case err != nil:
			return r, err
		case w.Disabled:
			head(field, "doc.disabled", "name", w.Name)
		}
	}
	accounts := map[string]int64{"account": d.AccountID, "to_account": d.ToAccountID}
	for _, p := range d.Payments {
		accounts["payments"] = p.AccountID
		if err := checkAccounts(tx, accounts, head); err != nil {
			return r, err
		}
	}
	if err := checkAccounts(tx, accounts, head); err != nil {
		return r, err
	}
	for i := range d.Lines {
		ln := &d.Lines[i]
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
		if it.Disabled && spec.Flow != doc.Recount {
			l = append(l, fault.Bad("app.Post", "doc.disabled", "line", ln.No, "field", "item", "name", it.Name))
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

func checkAccounts(tx Tx, ids map[string]int64, head func(field, key string, nv ...any)) error {
	for field, id := range ids {
		if id == 0 {
			continue
		}
		a, err := tx.Account(id)
		switch {
		case fault.KindOf(err) == fault.NotFound && err != nil:
			head(field, "doc.unknown-account")
		case err != nil:
			return err
		case a.Disabled:
			head(field, "doc.disabled", "name", a.Name)
		}
	}
	return nil
}

// today is the business date now.
func (x *Exec) today() day.Date { return day.Of(x.Now) }
