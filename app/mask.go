package app

import (
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/ledger"
	"tiezhang/app/master"
)

// viewRight is what seeing a kind of document wants. Opening balances belong to
// the group they open: stock was bought once, the rest is money.
func viewRight(s doc.Spec) access.Permission {
	if s.Trade == doc.AccStored {
		return access.MemberView
	}
	if s.Group != doc.Opening {
		return rights[s.Group].view
	}
	if s.Lines == doc.No {
		return access.MoneyView
	}
	return access.PurchaseView
}

// bought tells whether a kind's amounts are purchase prices.
func bought(s doc.Spec) bool {
	return s.Value == doc.AtPrice || s.Trade == doc.AccPayable || s.Group == doc.Purchasing
}

// amountsHidden tells whether this person may not see a kind's amounts.
func (x *Exec) amountsHidden(s doc.Spec) bool {
	return bought(s) && x.S.Sees(access.FieldPurchase) != access.Shown
}

// maskDocument drops purchase prices and amounts this person may not see, and
// tells whether it did. What somebody types into a draft is theirs, until
// somebody else has had a hand in it.
func (x *Exec) maskDocument(d doc.Document) (doc.Document, bool) {
	if !x.amountsHidden(mustSpec(d.Kind)) || d.Status == doc.Draft && d.CreatedBy == x.S.user.ID && d.SavedBy == x.S.user.ID {
		return d, false
	}
	d = d.Clone()
	d.Amount, d.Bonus, d.Discount, d.Total, d.Settled, d.Payments, d.Allocs = 0, 0, 0, 0, 0, nil, nil
	for i := range d.Lines {
		l := &d.Lines[i]
		l.Price, l.Off, l.Gross, l.Share, l.Amount = 0, 0, 0, 0, 0
	}
	return d, true
}

// keepPrices puts back into a draft what its saver could not see and so could
// not have meant to change: a storekeeper completes a buyer's receipt.
func (x *Exec) keepPrices(old doc.Document, d *doc.Document) {
	seen := x.showCustom(master.OfDocument, old.Custom)
	for k, v := range old.Custom {
		if _, ok := seen[k]; !ok {
			if d.Custom == nil {
				d.Custom = map[string]string{}
			}
			d.Custom[k] = v
		}
	}
	shown, hidden := x.maskDocument(old)
	if !hidden {
		return
	}
	d.SavedBy = old.SavedBy // the prices stay somebody else's
	if d.Discount == shown.Discount && len(d.Payments) == 0 {
		d.Discount, d.Payments = old.Discount, old.Payments
	}
	was := map[int]doc.Line{}
	for _, l := range old.Lines {
		was[l.No] = l
	}
	for i := range d.Lines {
		l := &d.Lines[i]
		if o, ok := was[l.No]; ok && o.ItemID == l.ItemID && o.Unit == l.Unit && l.Price == 0 && l.Off == 0 && l.Amount == 0 {
			l.Price, l.Off, l.Amount = o.Price, o.Off, o.Amount
		}
	}
}

// maskTotal and maskEffect leave out of an answer what it would tell about
// purchase prices and cost.
func (x *Exec) maskTotal(s doc.Spec, m amount.Money) amount.Money {
	if x.amountsHidden(s) {
		return 0
	}
	return m
}

func (x *Exec) maskEffect(e ledger.Effect) ledger.Effect {
	if x.S.Sees(access.FieldCost) != access.Shown {
		e.Margin, e.Adjusted = 0, 0
	}
	return e
}

// maskToday leaves out of the day's figures what this person may not see: all of
// them who sees their own sales alone.
func (x *Exec) maskToday(t Today) Today {
	if !x.S.May(access.ReportSales) || x.S.scope(access.ReportSales) == access.Own {
		return Today{}
	}
	all := x.S.user.Reach.Everywhere()
	if !all || x.S.Sees(access.FieldCost) != access.Shown {
		t.Margin, t.StockValue = 0, 0
	}
	if !all || !x.S.May(access.ReportMoney) {
		t.Receivable, t.Payable = 0, 0
	}
	return t
}

// mayCount: whoever closes the day learns what the till should hold once they have
// counted it; what lies in the bank wants the right to see money.
func (x *Exec) mayCount(account int64) error {
	a, err := x.Tx.Account(account)
	if err != nil {
		return err
	}
	if a.Kind == master.Cash {
		return nil
	}
	return x.Allow(access.MoneyView, access.Object{New: true})
}

// checkCount holds a counted till against the books as they are now: what was
// expected is never the counter's to say.
func (x *Exec) checkCount(d *doc.Document) error {
	if err := x.mayCount(d.AccountID); err != nil {
		return err
	}
	bal, err := x.Tx.Balance(doc.AccCash, 0, d.AccountID)
	if err != nil {
		return err
	}
	if bal != d.Expected {
		return x.cashMoved(d.Expected, bal)
	}
	return nil
}
