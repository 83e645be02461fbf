package demo

import (
	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/day"
)

const (
	bank    = "C4"
	float   = 2000 * amount.MoneyScale  // stays in the drawer
	reserve = 10000 * amount.MoneyScale // stays in the bank, for the rent
	terms   = 14                        // days a supplier waits
)

type purchase struct {
	id       string
	supplier int
	total    amount.Money
	date     day.Date
}

// lineSum is what a line comes to.
func lineSum(l app.WireLine) (amount.Money, error) {
	q, err := amount.ParseQty(string(l.Qty))
	if err != nil {
		return 0, err
	}
	p, err := amount.ParsePrice(string(*l.Price))
	if err != nil {
		return 0, err
	}
	return amount.Extend(q, p)
}

// settle lets customers pay what is ten days old by bank, less what came back.
func (m *maker) settle(d day.Date) error {
	keep := m.sold[:0]
	for _, s := range m.sold {
		if d.Sub(s.date) < 10 {
			keep = append(keep, s)
			continue
		}
		sum, allocs := s.total-s.back, []app.WireAlloc{{Doc: s.id, Amount: *dec(s.total)}}
		if s.returned != "" {
			allocs = append(allocs, app.WireAlloc{Doc: s.returned, Amount: *dec(-s.back)})
		}
		if sum <= 0 {
			continue // all of it came back
		}
		if err := m.emit(app.Wire{Kind: "PaymentIn", ID: m.id("sk"), Date: d.String(), Reason: m.Names["reason"], Party: s.party, Account: bank, Amount: *dec(sum), Allocations: allocs}); err != nil {
			return err
		}
		m.away[bank] += sum
	}
	m.sold = keep
	return nil
}

// gather brings to the bank what the week's till has left elsewhere.
func (m *maker) gather(d day.Date) error {
	for _, from := range []string{"C1", "C2", "C3"} {
		sum := m.away[from]
		if from == "C1" {
			sum = m.cash - float
		}
		if sum <= 0 {
			continue
		}
		if err := m.emit(app.Wire{Kind: "AccountTransfer", ID: m.id("zz"), Date: d.String(), Reason: m.Names["reason"], Account: from, ToAccount: bank, Amount: *dec(sum)}); err != nil {
			return err
		}
		if from == "C1" {
			m.cash = float
		} else {
			m.away[from] = 0
		}
		m.away[bank] += sum
	}
	return nil
}

// payUp pays each supplier what is due, the oldest receipts first, as far as
// the bank has it.
func (m *maker) payUp(d day.Date) error {
	allocs := make([][]app.WireAlloc, len(m.suppliers))
	sums := make([]amount.Money, len(m.suppliers))
	keep := m.bought[:0]
	for _, b := range m.bought {
		if d.Sub(b.date) < terms || b.total > m.away[bank]-reserve || len(allocs[b.supplier]) == 50 {
			keep = append(keep, b)
			continue
		}
		m.away[bank] -= b.total
		allocs[b.supplier] = append(allocs[b.supplier], app.WireAlloc{Doc: b.id, Amount: *dec(b.total)})
		sums[b.supplier] += b.total
	}
	m.bought = keep
	for s, as := range allocs {
		if len(as) == 0 {
			continue
		}
		if err := m.emit(app.Wire{Kind: "PaymentOut", ID: m.id("fk"), Date: d.String(), Reason: m.Names["reason"], Party: m.suppliers[s], Account: bank, Amount: *dec(sums[s]), Allocations: as}); err != nil {
			return err
		}
	}
	return nil
}

func (m *maker) rent(d day.Date) error {
	const sum = 3500 * amount.MoneyScale
	m.away[bank] -= sum
	return m.emit(app.Wire{Kind: "Expense", ID: m.id("fy"), Date: d.String(), Reason: m.Names["reason"], Account: bank, Category: m.Names["rent"], Amount: *dec(amount.Money(sum))})
}
