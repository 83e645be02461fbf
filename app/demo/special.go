package demo

import (
	_ "embed"
	"fmt"
	"strings"

	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/day"
)

// What every shop has a little of: an order that comes in parts, freight on it,
// goods that expire and goods with numbers, gift boxes made in the shop, a loan,
// members and the people who serve them. A handful of documents a month, whatever
// the size of the shop.

//go:embed special.txt
var specialText string

const (
	fresh  = "T001" // by batch, expires
	kettle = "T002" // by serial number
	box    = "T003" // assembled
)

// special is what the generator remembers of these.
type special struct {
	staff, members []string
	order, receipt string // of this month
	boxes, kettles int
	loan           string
	freshLeft      int
	kettlesEver    int
	price, cost    map[string]amount.Price
}

func (m *maker) specials() error {
	m.more.price, m.more.cost = map[string]amount.Price{}, map[string]amount.Price{}
	yes := true
	for _, l := range strings.Split(strings.TrimSpace(specialText), "\n") {
		f := strings.Split(l, "|")
		var w app.Wire
		switch f[0] {
		case "I":
			m.more.price[f[1]], m.more.cost[f[1]] = price(f[7]), price(f[8])
			w = app.Wire{Kind: "Item", Code: f[1], Name: f[2], Spec: f[3], Unit: f[4], Category: f[5], Price: app.Dec(f[7]),
				Prices: map[string]app.Dec{"purchase": app.Dec(f[8])}}
			if w.Track = f[6]; f[6] == "batch" {
				w.Expires = &yes
			}
		case "E":
			m.more.staff = append(m.more.staff, f[1])
			w = app.Wire{Kind: "Employee", Code: f[1], Name: f[2], Phone: f[3]}
		case "M":
			m.more.members = append(m.more.members, f[1])
			w = app.Wire{Kind: "Party", Code: f[1], Name: f[2], Phone: f[3], Role: "customer", Level: "member"}
			w.Card = f[4]
		}
		if err := m.emit(w); err != nil {
			return err
		}
	}
	return nil
}

// lately is a line dated on a day of the story.
func (m *maker) lately(kind, id string, d day.Date, w app.Wire) error {
	w.Kind, w.ID, w.Date, w.Reason = kind, m.id(id), d.String(), m.Names["reason"]
	if err := m.emit(w); err != nil {
		return fmt.Errorf("demo: %s on %s: %w", kind, d, err)
	}
	return nil
}

// next gives the ID the next line of a sort will have.
func (m *maker) next(prefix string) string {
	return fmt.Sprintf("demo-%d-%s-%06d", m.Seed, prefix, m.n+1)
}

// special does what a month's day has of these.
func (m *maker) special(d day.Date, n int) error {
	s := &m.more
	supplier, customer, member := m.suppliers[0], m.customers[0], s.members[n/30%len(s.members)]
	cost := func(code string) *app.Dec { return dec(s.cost[code]) }
	switch n % 30 {
	case 1:
		s.order = m.next("cd")
		return m.lately("PurchaseOrder", "cd", d, app.Wire{Party: supplier, Due: d.AddDays(7).String(), Lines: []app.WireLine{
			{Item: fresh, Qty: "40", Price: cost(fresh)}, {Item: kettle, Qty: "3", Price: cost(kettle)}}})
	case 2:
		s.receipt = m.next("cg")
		s.freshLeft += 24
		return m.lately("GoodsReceipt", "cg", d, app.Wire{Party: supplier, Lines: []app.WireLine{
			{Item: fresh, Qty: "24", Batch: "A" + d.Compact(), Expiry: d.AddDays(45).String(), Origin: s.order}}})
	case 3:
		m.away["C2"] += 200 * amount.MoneyScale
		return m.lately("StoredTopUp", "cz", d, app.Wire{Party: member, Account: "C2", Amount: "200.00", Bonus: "20.00"})
	case 5:
		var nos []string
		for range 2 {
			s.kettlesEver++
			nos = append(nos, fmt.Sprintf("SN%05d", s.kettlesEver))
		}
		s.kettles, s.freshLeft = s.kettles+2, s.freshLeft+12
		return m.lately("GoodsReceipt", "cg", d, app.Wire{Party: supplier, Lines: []app.WireLine{
			{Item: fresh, Qty: "12", Batch: "B" + d.Compact(), Expiry: d.AddDays(30).String(), Origin: s.order},
			{Item: kettle, Qty: "2", Serials: nos, Origin: s.order}}})
	case 6:
		return m.lately("LandedCost", "ft", d, app.Wire{Party: m.suppliers[1%len(m.suppliers)], Lines: []app.WireLine{{Item: fresh, Amount: "12.00", Origin: s.receipt}}})
	case 9:
		return m.makeBoxes(d)
	case 11:
		if s.boxes == 0 {
			return nil
		}
		s.loan = m.next("jc")
		return m.lately("LendOut", "jc", d, app.Wire{Party: customer, Due: d.AddDays(10).String(), Lines: []app.WireLine{{Item: box, Qty: "1"}}})
	case 12:
		return m.lately("SalesOrder", "xd", d, app.Wire{Party: customer, Due: d.AddDays(14).String(), Staff: s.staff[0], Lines: []app.WireLine{
			{Item: fresh, Qty: "10", Price: dec(s.price[fresh])}, {Item: box, Qty: "6", Price: dec(s.price[box])}}})
	case 14:
		if s.kettles == 0 {
			return nil
		}
		s.kettles--
		return m.lately("SalesDelivery", "xs", d, app.Wire{Party: member, Staff: s.staff[1%len(s.staff)], Lines: []app.WireLine{
			{Item: kettle, Qty: "1", Price: dec(s.price[kettle]), Serials: []string{fmt.Sprintf("SN%05d", s.kettlesEver-1)}}}})
	case 20:
		if s.loan == "" || s.boxes == 0 {
			return nil
		}
		defer func() { s.loan = "" }()
		return m.lately("LendReturn", "jg", d, app.Wire{Party: customer, Lines: []app.WireLine{{Item: box, Qty: "1", Origin: s.loan}}})
	}
	if s.freshLeft >= 2 && n%30 > 6 && n%3 == 0 {
		s.freshLeft -= 2
		return m.lately("SalesDelivery", "xs", d, app.Wire{Party: customer, Staff: s.staff[0], Lines: []app.WireLine{{Item: fresh, Qty: "2", Price: dec(s.price[fresh])}}})
	}
	return nil
}

// makeBoxes packs two goods that are there into gift boxes.
func (m *maker) makeBoxes(d day.Date) error {
	w := app.Wire{Account: bank, Amount: "3.00", Lines: []app.WireLine{{Item: box, Qty: "3", Side: "in"}}}
	for i := range m.goods {
		if g := &m.goods[i]; g.stock >= 6*amount.QtyScale {
			g.stock -= 3 * amount.QtyScale
			w.Lines = append(w.Lines, app.WireLine{Item: g.code, Qty: "3", Side: "out"})
		}
		if len(w.Lines) == 3 {
			break
		}
	}
	if len(w.Lines) < 3 {
		for _, l := range w.Lines[1:] {
			for i := range m.goods {
				if m.goods[i].code == l.Item {
					m.goods[i].stock += 3 * amount.QtyScale
				}
			}
		}
		return nil
	}
	m.away[bank] -= 3 * amount.MoneyScale
	m.more.boxes += 3
	return m.lately("Assembly", "zh", d, w)
}
