package ledger

import (
	"sort"

	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
)

type entryKey struct {
	date    day.Date
	account doc.AccountCode
	party   int64
	cash    int64
}

// entries adds up amounts by date, account, party and money account, so a
// thousand-line bill writes a handful of rows.
type entries struct{ m map[entryKey]amount.Money }

func newEntries() *entries { return &entries{map[entryKey]amount.Money{}} }

func (e *entries) add(d day.Date, a doc.AccountCode, party, cash int64, v amount.Money) {
	if v != 0 {
		e.m[entryKey{d, a, party, cash}] += v
	}
}

func (e *entries) list(id string) []Entry {
	out := make([]Entry, 0, len(e.m))
	for k, v := range e.m {
		if v != 0 {
			out = append(out, Entry{Doc: id, Date: k.date, Account: k.account, PartyID: k.party, CashID: k.cash, Amount: v})
		}
	}
	sort.Slice(out, func(i, j int) bool {
		a, b := out[i], out[j]
		switch {
		case a.Date != b.Date:
			return a.Date < b.Date
		case a.Account != b.Account:
			return a.Account < b.Account
		case a.PartyID != b.PartyID:
			return a.PartyID < b.PartyID
		}
		return a.CashID < b.CashID
	})
	return out
}

// balanced checks the pair assertion of double entry on every date.
func balanced(es []Entry) error {
	sums := map[day.Date]amount.Money{}
	for _, e := range es {
		s, err := amount.Add(sums[e.Date], e.Amount)
		if err != nil {
			return fault.Bad("ledger.Post", "doc.overflow")
		}
		sums[e.Date] = s
	}
	for d, s := range sums {
		if s != 0 {
			return fault.New("ledger.Post", fault.Internal, "ledger.unbalanced", fault.Pairs("date", d.String(), "sum", s.String()))
		}
	}
	return nil
}

// Lowest gives the smallest running quantity after the first new move and each
// one behind it, over moves in order, starting from start: the minimum future
// balance, by which negative stock is judged at posting, reversing, back-dating
// and import alike. What was short before is not this document's doing, however
// far back the window reaches. at is the date it is first reached; with no new
// move it is start itself.
func Lowest(start amount.Qty, moves []Move) (low amount.Qty, at day.Date) {
	low = start
	q := start
	counts := false
	for _, m := range moves {
		q += m.Qty
		if first := !counts && m.Seq == 0; first || counts && q < low {
			low, at, counts = q, m.Date, true
		}
	}
	return low, at
}

// moneyEntries books the commercial side: party, revenue, cash.
func moneyEntries(ents *entries, s doc.Spec, d *doc.Document) {
	sign := amount.Money(s.TradeSign)
	if d.Bonus != 0 { // given to a member on top
		ents.add(d.Date, s.Trade, d.PartyID, 0, sign*d.Bonus)
		ents.add(d.Date, doc.AccPromotion, 0, 0, -sign*d.Bonus)
	}
	if s.Trade != "" {
		ents.add(d.Date, s.Trade, d.PartyID, 0, sign*d.Total)
		if s.CashSign == 0 {
			ents.add(d.Date, s.AmountContra, 0, 0, -sign*d.Total)
		}
	}
	for _, p := range d.Payments { // on the spot: money moves against the party
		if p.Stored { // out of what the member paid in advance
			ents.add(d.Date, doc.AccStored, d.PartyID, 0, sign*p.Amount)
		} else {
			ents.add(d.Date, doc.AccCash, 0, p.AccountID, sign*p.Amount)
		}
		ents.add(d.Date, s.Trade, d.PartyID, 0, -sign*p.Amount)
	}
	if s.CashSign != 0 {
		c := amount.Money(s.CashSign) * d.Total
		ents.add(d.Date, doc.AccCash, 0, d.AccountID, c)
		if s.Trade == "" {
			ents.add(d.Date, s.AmountContra, 0, d.ToAccountID, -c)
		}
	}
	if s.CashCount {
		diff := d.Amount - d.Expected
		contra := doc.AccOtherInc
		if diff < 0 {
			contra = doc.AccLoss
		}
		ents.add(d.Date, doc.AccCash, 0, d.AccountID, diff)
		ents.add(d.Date, contra, 0, 0, -diff)
	}
}
