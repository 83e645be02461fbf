package app

import (
	"context"

	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/ledger"
	"tiezhang/app/master"
)

// prepared is a document worked out in full, before anything is written.
type prepared struct {
	batch    ledger.Batch
	warnings []*fault.Error
	approval string // ID of the rule that wants somebody else's yes, still missing
	carried  amount.Money
}

// prepare checks a document against the shop and works out its batch. The order
// matters: what is typed is judged first, by itself; then it is completed (lent
// places, batches, points); then it is held against the books.
func prepare(ctx context.Context, x *Exec, spec doc.Spec, d *doc.Document, allowNegative bool) (prepared, error) {
	if err := ctx.Err(); err != nil {
		return prepared{}, fault.Wrap("app.Post", fault.Canceled, "app.canceled", nil, err)
	}
	x.step = nil
	if err := x.worksAt(*d); err != nil {
		return prepared{}, err
	}
	if err := x.mayName(*d); err != nil {
		return prepared{}, err
	}
	numberLines(d)
	d.Points = 0
	refs, err := resolve(x, spec, d)
	if err != nil {
		return prepared{}, err
	}
	if err := checkOwnFields(x, d); err != nil {
		return prepared{}, err
	}
	if err := doc.Settle(spec, d); err != nil {
		return prepared{}, err
	}
	typed, err := contentDigest(d)
	if err != nil {
		return prepared{}, err
	}
	if err := doc.Check(spec, d); err != nil {
		return prepared{}, err
	}
	if err := checkDate(x, spec, d); err != nil {
		return prepared{}, err
	}
	if err := lentPlace(x, spec, d); err != nil {
		return prepared{}, err
	}
	origins, err := checkOrigins(x, spec, d)
	if err != nil {
		return prepared{}, err
	}
	if err := checkWorth(x.Tx, spec, d, origins); err != nil {
		return prepared{}, err
	}
	if err := checkPaidBack(x, spec, d, origins); err != nil {
		return prepared{}, err
	}
	asked := d.Clone() // prices are judged as they were typed, not as lines are cut
	split, err := fillBatches(x, spec, d, refs, origins)
	if err != nil {
		return prepared{}, err
	}
	if split { // the parts of a line come to what it came to
		if err := doc.Settle(spec, d); err != nil {
			return prepared{}, err
		}
	}
	if err := checkTracking(x, spec, d, refs, origins); err != nil {
		return prepared{}, err
	}
	if err := checkMember(x, spec, d, origins); err != nil {
		return prepared{}, err
	}
	if err := checkPrices(x, spec, &asked, refs, origins); err != nil {
		return prepared{}, err
	}
	if err := checkAllocs(x, spec, d); err != nil {
		return prepared{}, err
	}
	if spec.CashCount {
		if err := x.checkCount(d); err != nil {
			return prepared{}, err
		}
	}
	if err := checkRecount(x.Tx, spec, d); err != nil {
		return prepared{}, err
	}
	plan := ledger.Plan(spec, d, origins.moves, refs.hints)
	p, err := work(x, spec, d, plan, allowNegative)
	if err != nil {
		return prepared{}, err
	}
	if x.step != nil {
		return prepared{}, x.step
	}
	p.approval, err = checkApproval(x, spec, d, typed, p)
	return p, err
}

// numberLines gives every line a number of its own.
func numberLines(d *doc.Document) {
	top := 0
	for _, ln := range d.Lines {
		top = max(top, ln.No)
	}
	for i := range d.Lines {
		if d.Lines[i].No == 0 {
			top++
			d.Lines[i].No = top
		}
	}
}

// work runs the ledger over a plan and judges the stock.
func work(x *Exec, spec doc.Spec, d *doc.Document, plan []ledger.Move, allowNegative bool) (prepared, error) {
	books := &books{tx: x.Tx, read: map[ledger.Pot]ledger.History{}, items: map[int64]master.Item{}}
	b, err := ledger.Post(spec, d, plan, books)
	if err != nil {
		return prepared{}, err
	}
	p := prepared{batch: b}
	if p.carried, err = carried(x.Tx, spec, d); err != nil {
		return prepared{}, err
	}
	if p.warnings, err = checkStock(x, spec, d, plan, books, allowNegative); err != nil {
		return prepared{}, err
	}
	return p, nil
}

// withinLimit holds a document to the largest amount of the person's role.
func (x *Exec) withinLimit(worth amount.Money) error {
	most := amount.Money(x.S.role.MaxDocument)
	if most == 0 || worth <= most {
		return nil
	}
	return fault.New("app.Post", fault.Denied, "doc.amount-limit", fault.Pairs("field", "total", "most", most.String()))
}

// commit writes a prepared document.
func (p prepared) commit(x *Exec, spec doc.Spec, d *doc.Document) (Receipt, error) {
	err := x.withinLimit(p.worth(spec, d))
	if err != nil {
		return Receipt{}, err
	}
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
	if err := settleAll(x.Tx, spec, d); err != nil {
		return Receipt{}, err
	}
	x.Object(d.Number)
	x.Worth(p.worth(spec, d))
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

// settleAll brings up to date how much is settled of the documents named and of
// the document itself: what was paid on the spot, and what a payment gave to
// bills. What is left of a payment is paid in advance.
func settleAll(tx Tx, spec doc.Spec, d *doc.Document) error {
	var own amount.Money
	for _, a := range d.Allocs {
		t, err := tx.Document(a.Doc)
		if err != nil {
			return err
		}
		by := a.Amount
		if !reduces(spec, mustSpec(t.Kind)) { // a return, or money paid in advance: its credit is used up
			by = -by
		}
		if err := tx.Settle(a.Doc, by); err != nil {
			return err
		}
		own += a.Amount
	}
	if spec.Offsets {
		return nil
	}
	paid, err := d.Paid()
	if err != nil {
		return fault.Bad("app.Post", "doc.overflow", "field", "payments")
	}
	if own += paid; own != 0 {
		return tx.Settle(d.ID, own)
	}
	return nil
}

// reduces tells whether a positive allocation of a document of one kind makes
// smaller what is open of another: a payment pays bills, a settlement too, and
// the credit of returns and prepayments is the other side.
func reduces(spec, target doc.Spec) bool {
	if spec.Offsets {
		return target.TradeSign == billSign(target.Trade)
	}
	return target.TradeSign != spec.TradeSign
}

// billSign is the trade sign of bills on a party account.
func billSign(a doc.AccountCode) int {
	if a == doc.AccPayable {
		return -1
	}
	return 1
}
