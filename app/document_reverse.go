package app

import (
	"context"

	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/ledger"
)

// Reverse takes a posted document back by a new one with everything negated
// (red-letter entry). Nothing is edited: both stay. The reversal bears the
// original's date while that day is open, so later costs come out as if it had
// never been; otherwise today's. Repeating it is harmless.
//
// Faults: Conflict "doc.not-posted", "doc.has-payments" (take the payment back
// first), "doc.has-returns", "doc.has-pulls"; Invalid "doc.reason-needed", "doc.stock-short".
type Reverse struct {
	ID     string
	Kind   doc.Kind
	Reason string
	Date   day.Date // 0 = the rule above
	// AllowNegative as in Post.
	AllowNegative bool
}

func (c Reverse) spec() Need {
	s, ok := doc.Of(c.Kind)
	if !ok {
		return Need{}
	}
	return Need{Perm: rights[s.Group].reverse}
}

func (c Reverse) run(ctx context.Context, x *Exec) (Receipt, error) {
	old, err := x.Tx.Document(c.ID)
	if err != nil {
		return Receipt{}, err
	}
	if err := x.seeDocument(old); err != nil {
		return Receipt{}, err
	}
	if err := x.mayReverse(c, old); err != nil {
		return Receipt{}, err
	}
	spec := mustSpec(old.Kind)
	if old.Status == doc.Reversed {
		r, err := x.Tx.Document(old.ReversedBy)
		if err != nil {
			return Receipt{}, err
		}
		x.Quiet()
		return Receipt{ID: r.ID, Number: r.Number, Total: x.maskTotal(spec, r.Total), Again: true}, nil
	}
	if c.Reason == "" {
		return Receipt{}, fault.Bad("app.Reverse", "doc.reason-needed", "field", "reason", "date", old.Date.String())
	}
	d, p, err := prepareReverse(ctx, x, c, old)
	if err != nil {
		return Receipt{}, err
	}
	r, err := p.commit(x, spec, &d)
	if err != nil {
		return Receipt{}, err
	}
	if err := x.Tx.SetStatus(old.ID, doc.Reversed, d.ID); err != nil {
		return Receipt{}, err
	}
	// neither of the two is open any more
	if rest := old.Total - old.Settled; rest != 0 && spec.Open() {
		if err := x.Tx.Settle(old.ID, rest); err != nil {
			return Receipt{}, err
		}
		if err := x.Tx.Settle(d.ID, -rest); err != nil {
			return Receipt{}, err
		}
	}
	x.Note("reverses", old.Number)
	return r, nil
}

// mayReverse: the right was asked for a kind, and hangs on whose document it is.
func (x *Exec) mayReverse(c Reverse, old doc.Document) error {
	if old.Kind != c.Kind {
		return fault.New("app.Reverse", fault.NotFound, "doc.unknown", nil)
	}
	if err := x.worksAt(old); err != nil { // what was sent here is taken back where it came from
		return err
	}
	return x.Allow(rights[mustSpec(old.Kind).Group].reverse, access.Object{Mine: old.CreatedBy == x.S.user.ID})
}

// prepareReverse works a reversal out in full, before anything is written.
func prepareReverse(ctx context.Context, x *Exec, c Reverse, old doc.Document) (d doc.Document, p prepared, err error) {
	spec := mustSpec(old.Kind)
	if !old.Status.May(doc.Reversed) || old.Reverses != "" {
		return d, p, fault.New("app.Reverse", fault.Conflict, "doc.not-posted", fault.Pairs("number", old.Number))
	}
	if err := standsAlone(x.Tx, spec, old); err != nil {
		return d, p, err
	}
	d = negated(old)
	d.Reason = c.Reason
	if d.Date, err = reversalDate(x, spec, old, c.Date); err != nil {
		return d, p, err
	}
	if err := checkSerialsBack(x.Tx, x.S.user.Reach, spec, old); err != nil {
		return d, p, err
	}
	moves, err := x.Tx.MovesOf(old.ID)
	if err != nil {
		return d, p, err
	}
	if err := notIntoMerged(x.Tx, old, moves); err != nil {
		return d, p, err
	}
	if p, err = work(x, spec, &d, ledger.ReversePlan(d.ID, d.Date, moves), c.AllowNegative); err != nil {
		return d, p, err
	}
	if err := ctx.Err(); err != nil {
		return d, p, fault.Wrap("app.Reverse", fault.Canceled, "app.canceled", nil, err)
	}
	return d, p, nil
}

// notIntoMerged refuses to bring goods back under the name of an item that was
// merged: nobody could sell them there. The merge is taken back first.
func notIntoMerged(tx Tx, old doc.Document, moves []ledger.Move) error {
	back := map[int64]amount.Qty{}
	for _, m := range moves {
		back[m.ItemID] -= m.Qty
	}
	for _, ln := range old.Lines {
		if back[ln.ItemID] <= 0 {
			continue
		}
		it, err := tx.Item(ln.ItemID)
		if err != nil || it.MergedInto == 0 {
			if err != nil {
				return err
			}
			continue
		}
		kept, err := tx.Item(it.MergedInto)
		if err != nil {
			return err
		}
		return fault.New("app.Reverse", fault.Conflict, "doc.reverse-merged", fault.Pairs("line", ln.No, "number", old.Number, "name", it.Name, "kept", kept.Name))
	}
	return nil
}

// standsAlone refuses to take back what others rest on: payments set against it,
// returns of its lines, documents that pulled from it, stored value spent since.
func standsAlone(tx Tx, spec doc.Spec, old doc.Document) error {
	own, err := old.Paid()
	if err != nil {
		return err
	}
	if spec.Allocates && !spec.Offsets { // what a payment itself gave to bills goes back with it
		for _, a := range old.Allocs {
			own += a.Amount
		}
	}
	if old.Settled != own {
		return fault.New("app.Reverse", fault.Conflict, "doc.has-payments", fault.Pairs("number", old.Number))
	}
	if gone := storedBy(spec, old); gone > 0 {
		root, err := rootParty(tx, old.PartyID) // of a member that was merged, the one that stayed spends it
		if err != nil {
			return err
		}
		has, err := stored(tx, root)
		if err != nil {
			return err
		}
		if has < gone {
			return fault.Bad("app.Reverse", "member.stored-spent", "number", old.Number, "have", has.String(), "need", gone.String())
		}
	}
	for _, ln := range old.Lines {
		if spec.Flow != doc.In && spec.Flow != doc.Out {
			break
		}
		om, err := tx.OriginMove(old.ID, ln.No)
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
		if err == nil && om.UsedQty != 0 {
			return fault.New("app.Reverse", fault.Conflict, "doc.has-returns", fault.Pairs("number", old.Number, "line", ln.No))
		}
	}
	by, err := tx.PulledBy(old.ID)
	if err != nil {
		return err
	}
	if len(by) > 0 {
		return fault.New("app.Reverse", fault.Conflict, "doc.has-pulls", fault.Pairs("number", old.Number, "by", by[0]))
	}
	return nil
}

// storedBy is what a document put on a member's account of stored value: a top-up,
// or a return paid back to it.
func storedBy(spec doc.Spec, d doc.Document) (sum amount.Money) {
	if spec.Trade == doc.AccStored && spec.TradeSign < 0 {
		return d.Amount + d.Bonus
	}
	for _, p := range d.Payments {
		if p.Stored && spec.TakesBack() {
			sum += p.Amount
		}
	}
	return sum
}

// PreviewReverse works out what taking a document back would do, without doing
// it: restated costs, warnings, and every fault it would give.
type PreviewReverse struct {
	ID   string
	Kind doc.Kind
	Date day.Date
}

func (q PreviewReverse) spec() Need {
	s, ok := doc.Of(q.Kind)
	if !ok {
		return Need{}
	}
	return Need{Perm: rights[s.Group].reverse, Silent: true, Draft: true}
}

func (q PreviewReverse) ask(ctx context.Context, x *Exec) (Foreseen, error) {
	x.preview = true
	old, err := x.Tx.Document(q.ID)
	if err != nil {
		return Foreseen{}, err
	}
	if err := x.seeDocument(old); err != nil { // nobody has confirmed anything yet
		return Foreseen{}, err
	}
	c := Reverse{ID: q.ID, Kind: q.Kind, Date: q.Date, AllowNegative: true}
	if err := x.mayReverse(c, old); err != nil {
		return Foreseen{}, err
	}
	d, p, err := prepareReverse(ctx, x, c, old)
	if err != nil {
		return Foreseen{}, err
	}
	spec := mustSpec(d.Kind)
	return Foreseen{Total: x.maskTotal(spec, d.Total), Effect: x.maskEffect(p.batch.Effect), Warnings: p.warnings, Date: d.Date}, nil
}

// negated copies a document with every amount and quantity turned round, so
// that sums over documents and lines need not know about reversals.
func negated(old doc.Document) doc.Document {
	d := old.Clone()
	d.ID, d.Reverses, d.ReversedBy, d.Number = "R-"+old.ID, old.ID, "", ""
	d.Version, d.CreatedBy, d.CreatedAt, d.PostedBy, d.PostedAt, d.Settled = 0, 0, 0, 0, 0, 0
	d.Amount, d.Bonus, d.Expected, d.Discount, d.Total = -old.Amount, -old.Bonus, -old.Expected, -old.Discount, -old.Total
	d.Points, d.PointsUsed = -old.Points, -old.PointsUsed
	for i := range d.Lines {
		l := &d.Lines[i]
		l.Qty, l.Base, l.Book, l.Off, l.Gross, l.Share = -l.Qty, -l.Base, -l.Book, -l.Off, -l.Gross, -l.Share
		l.First, l.FirstBook, l.Amount = -l.First, -l.FirstBook, -l.Amount
	}
	for i := range d.Payments {
		d.Payments[i].Amount = -d.Payments[i].Amount
	}
	for i := range d.Allocs {
		d.Allocs[i].Amount = -d.Allocs[i].Amount
	}
	return d
}

func reversalDate(x *Exec, spec doc.Spec, old doc.Document, want day.Date) (day.Date, error) {
	if want == 0 {
		want = old.Date
		if err := open(x.Tx, spec, want); err != nil {
			if fault.KindOf(err) != fault.Closed {
				return 0, err
			}
			want = x.today()
		}
	}
	if want < old.Date {
		return 0, fault.Bad("app.Reverse", "doc.origin-date", "field", "date", "number", old.Number, "date", old.Date.String())
	}
	if want > x.today() {
		return 0, fault.Bad("app.Reverse", "doc.future", "field", "date", "date", want.String())
	}
	return want, open(x.Tx, spec, want)
}
