package app

import (
	"context"

	"tiezhang/app/access"
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
// first), "doc.has-returns"; Invalid "doc.reason-needed", "doc.stock-short".
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
	if old.Kind != c.Kind { // the right was asked for another kind
		return Receipt{}, fault.New("app.Reverse", fault.NotFound, "doc.unknown", nil)
	}
	spec := mustSpec(old.Kind)
	if err := x.Allow(rights[spec.Group].reverse, access.Object{Mine: old.CreatedBy == x.S.user.ID}); err != nil {
		return Receipt{}, err
	}
	if old.Status == doc.Reversed {
		r, err := x.Tx.Document(old.ReversedBy)
		if err != nil {
			return Receipt{}, err
		}
		x.Quiet()
		return Receipt{ID: r.ID, Number: r.Number, Total: x.maskTotal(spec, r.Total), Again: true}, nil
	}
	if !old.Status.May(doc.Reversed) || old.Reverses != "" {
		return Receipt{}, fault.New("app.Reverse", fault.Conflict, "doc.not-posted", fault.Pairs("number", old.Number))
	}
	if c.Reason == "" {
		return Receipt{}, fault.Bad("app.Reverse", "doc.reason-needed", "field", "reason", "date", old.Date.String())
	}
	paid, err := old.Paid()
	if err != nil {
		return Receipt{}, err
	}
	if old.Settled != paid {
		return Receipt{}, fault.New("app.Reverse", fault.Conflict, "doc.has-payments", fault.Pairs("number", old.Number))
	}
	d := negated(old)
	d.Reason = c.Reason
	if d.Date, err = reversalDate(x, spec, old, c.Date); err != nil {
		return Receipt{}, err
	}
	moves, err := x.Tx.MovesOf(old.ID)
	if err != nil {
		return Receipt{}, err
	}
	for _, ln := range old.Lines {
		if spec.Flow == doc.NoFlow || spec.Flow == doc.Move {
			break
		}
		om, err := x.Tx.OriginMove(old.ID, ln.No)
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return Receipt{}, err
		}
		if err == nil && om.UsedQty != 0 {
			return Receipt{}, fault.New("app.Reverse", fault.Conflict, "doc.has-returns", fault.Pairs("number", old.Number, "line", ln.No))
		}
	}
	p, err := work(x, spec, &d, ledger.ReversePlan(d.ID, d.Date, moves), c.AllowNegative)
	if err != nil {
		return Receipt{}, err
	}
	if err := ctx.Err(); err != nil {
		return Receipt{}, fault.Wrap("app.Reverse", fault.Canceled, "app.canceled", nil, err)
	}
	r, err := p.commit(x, spec, &d)
	if err != nil {
		return Receipt{}, err
	}
	if err := x.Tx.SetStatus(old.ID, doc.Reversed, d.ID); err != nil {
		return Receipt{}, err
	}
	// neither of the two is open any more
	if rest := old.Total - old.Settled; rest != 0 && spec.Trade != "" && !spec.Allocates {
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

// negated copies a document with every amount and quantity turned round, so
// that sums over documents and lines need not know about reversals.
func negated(old doc.Document) doc.Document {
	d := old.Clone()
	d.ID, d.Reverses, d.ReversedBy, d.Number = "R-"+old.ID, old.ID, "", ""
	d.Version, d.CreatedBy, d.CreatedAt, d.PostedBy, d.PostedAt, d.Settled = 0, 0, 0, 0, 0, 0
	d.Amount, d.Expected, d.Discount, d.Total = -old.Amount, -old.Expected, -old.Discount, -old.Total
	for i := range d.Lines {
		l := &d.Lines[i]
		l.Qty, l.Base, l.Book, l.Off, l.Gross, l.Share = -l.Qty, -l.Base, -l.Book, -l.Off, -l.Gross, -l.Share
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
