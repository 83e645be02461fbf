// Package demo makes a sample shop: goods, parties and any number of days of
// trade, the same for the same seed. It emits lines of the script face, so a
// sample shop passes the same gate and checks as a real one.
//
// What belongs here: the generator and its word lists. What does not: posting.
package demo

import (
	_ "embed"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"

	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/day"
)

//go:embed goods.txt
var goodsText string

//go:embed people.txt
var peopleText string

// Plan says how large the shop is.
type Plan struct {
	Seed  uint64
	Days  int
	End   day.Date // last day of trade
	Items int      // 0: each of the list once; more repeat the list with further packings
	Bills int      // till bills a day; 0 = 30
	// Names are the words of free texts, by key: rent, power, reason, note.
	Names map[string]string
}

// good is an item as the generator knows it.
type good struct {
	code, unit, box string
	pack            int64
	price, cost     amount.Price
	stock           amount.Qty
	weight          int
}

type maker struct {
	Plan
	r         *rand.Rand
	goods     []good
	suppliers []string
	customers []string
	emit      func(app.Wire) error
	n         int
	cash      amount.Money            // in the drawer
	away      map[string]amount.Money // by money account other than the drawer
	sold      []sale                  // recent deliveries that may come back or be paid
	bought    []purchase              // receipts not paid yet, oldest first
	more      special
}

type sale struct {
	id, party string
	lines     []app.WireLine
	total     amount.Money
	date      day.Date
	returned  string // the return's document, "" for none
	back      amount.Money
}

// Make emits the shop line by line: master data, opening, then each day in
// order. It stops at the first error of emit.
func Make(p Plan, emit func(app.Wire) error) error {
	if p.Bills == 0 {
		p.Bills = 30
	}
	m := &maker{Plan: p, r: rand.New(rand.NewPCG(p.Seed, 0x7469657a68616e67)), emit: emit, away: map[string]amount.Money{}}
	if err := m.master(); err != nil {
		return err
	}
	if err := m.specials(); err != nil {
		return err
	}
	first := p.End.AddDays(1 - p.Days)
	if err := m.opening(first.AddDays(-1)); err != nil {
		return err
	}
	for i := range p.Days {
		if err := m.special(first.AddDays(i), i); err != nil {
			return err
		}
		if err := m.day(first.AddDays(i), i); err != nil {
			return err
		}
	}
	return nil
}

func (m *maker) id(prefix string) string {
	m.n++
	return fmt.Sprintf("demo-%d-%s-%06d", m.Seed, prefix, m.n)
}

func price(s string) amount.Price {
	p, err := amount.ParsePrice(s)
	if err != nil {
		panic("demo: " + s) // our own embedded list
	}
	return p
}

func dec[T fmt.Stringer](v T) *app.Dec { d := app.Dec(v.String()); return &d }

// packings of further copies of the list, so that a large shop has distinct goods.
var packings = []string{"", "x2", "x4", "x6", "x8", "x10", "x12", "x16", "x20", "x24"}

func (m *maker) master() error {
	list := strings.Split(strings.TrimSpace(goodsText), "\n")
	count := m.Items
	if count == 0 {
		count = len(list)
	}
	for i := range count {
		f := strings.Split(list[i%len(list)], "|")
		round := i / len(list)
		pack, _ := strconv.ParseInt(f[5], 10, 64) //nolint:errcheck // our own list
		mult := amount.Price(round%len(packings) + 1)
		g := good{code: fmt.Sprintf("%05d", 10001+i), unit: f[3], box: f[4], pack: pack, price: price(f[6]) * mult, cost: price(f[7]) * mult, weight: 1 + m.r.IntN(20)}
		name, spec := f[1], f[2]
		if round > 0 {
			spec += packings[round%len(packings)]
			if v := round / len(packings); v > 0 {
				name += " " + string(rune('A'+v%26)) + strconv.Itoa(v/26)
			}
		}
		w := app.Wire{Kind: "Item", Code: g.code, Name: name, Spec: spec, Category: f[0], Unit: g.unit,
			Barcode: barcode(690, i), Units: []app.WireUnit{{Name: g.box, Factor: f[5], Barcode: barcode(169, i)}},
			Price:  *dec(g.price),
			Prices: map[string]app.Dec{"wholesale": *dec(g.price * 92 / 100 / 10000 * 10000), "purchase": *dec(g.cost), "floor": *dec(g.cost)},
			Min:    app.Dec(strconv.FormatInt(pack, 10)), Max: app.Dec(strconv.FormatInt(pack*10, 10))}
		if err := m.emit(w); err != nil {
			return err
		}
		m.goods = append(m.goods, g)
	}
	for _, l := range strings.Split(strings.TrimSpace(peopleText), "\n") {
		f := strings.Split(l, "|")
		role := "supplier"
		if f[0] == "C" {
			role = "customer"
			m.customers = append(m.customers, f[1])
		} else {
			m.suppliers = append(m.suppliers, f[1])
		}
		w := app.Wire{Kind: "Party", Code: f[1], Name: f[2], Contact: f[3], Phone: f[4], Role: role}
		if role == "customer" {
			w.Level = "wholesale"
		}
		if err := m.emit(w); err != nil {
			return err
		}
	}
	return nil
}

// barcode makes a valid EAN-13.
func barcode(prefix, n int) string {
	s := fmt.Sprintf("%03d%09d", prefix, 100000+n*7)
	sum := 0
	for i, c := range s {
		d := int(c - '0')
		if i%2 == 1 {
			d *= 3
		}
		sum += d
	}
	return s + strconv.Itoa((10-sum%10)%10)
}

func (m *maker) opening(d day.Date) error {
	w := app.Wire{Kind: "OpeningStock", ID: m.id("open"), Date: d.String()}
	for i := range m.goods {
		g := &m.goods[i]
		boxes := int64(2 + m.r.IntN(5))
		g.stock = amount.Qty(boxes*g.pack) * amount.QtyScale
		w.Lines = append(w.Lines, app.WireLine{Item: g.code, Qty: *dec(g.stock), Price: dec(g.cost)})
		if len(w.Lines) == 500 || i == len(m.goods)-1 {
			if err := m.emit(w); err != nil {
				return err
			}
			w = app.Wire{Kind: "OpeningStock", ID: m.id("open"), Date: d.String()}
		}
	}
	m.cash, m.away[bank] = float, 50000*amount.MoneyScale
	if err := m.emit(app.Wire{Kind: "OpeningCash", ID: m.id("open"), Date: d.String(), Account: "C1", Amount: *dec(m.cash)}); err != nil {
		return err
	}
	return m.emit(app.Wire{Kind: "OpeningCash", ID: m.id("open"), Date: d.String(), Account: bank, Amount: *dec(m.away[bank])})
}

func (m *maker) day(d day.Date, n int) error {
	steps := []func(day.Date) error{m.restock, m.deliveries, m.till, m.returns, m.settle}
	if n%7 == 1 {
		steps = append(steps, m.gather, m.payUp)
	}
	if n%7 == 6 {
		steps = append(steps, m.loss)
	}
	if n%30 == 4 {
		steps = append(steps, m.rent)
	}
	if n%30 == 27 {
		steps = append(steps, m.count)
	}
	for _, f := range steps {
		if err := f(d); err != nil {
			return err
		}
	}
	return m.emit(app.Wire{Kind: "ShiftClose", ID: m.id("close"), Date: d.String(), Reason: m.Names["reason"], Account: "C1", Amount: *dec(m.cash)})
}

// restock buys what has run low, a few suppliers a day.
func (m *maker) restock(d day.Date) error {
	by := map[int][]app.WireLine{}
	for i := range m.goods {
		g := &m.goods[i]
		if g.stock > amount.Qty(g.pack)*amount.QtyScale {
			continue
		}
		boxes := int64(2 + m.r.IntN(5))
		g.stock += amount.Qty(boxes*g.pack) * amount.QtyScale
		cost := g.cost * amount.Price(96+m.r.IntN(9)) / 100 / 10000 * 10000
		p := cost * amount.Price(g.pack)
		s := i % len(m.suppliers)
		by[s] = append(by[s], app.WireLine{Item: g.code, Qty: app.Dec(strconv.FormatInt(boxes, 10)), Unit: g.box, Price: dec(p)})
	}
	for s := range m.suppliers {
		for lines := by[s]; len(lines) > 0; {
			k := min(len(lines), 200)
			b := purchase{id: m.id("cg"), supplier: s, date: d}
			for _, l := range lines[:k] {
				sum, err := lineSum(l)
				if err != nil {
					return err
				}
				b.total += sum
			}
			m.bought = append(m.bought, b)
			err := m.emit(app.Wire{Kind: "GoodsReceipt", ID: b.id, Date: d.String(), Reason: m.Names["reason"], Party: m.suppliers[s], Lines: lines[:k]})
			if err != nil {
				return err
			}
			lines = lines[k:]
		}
	}
	return nil
}

// pick chooses goods that are there, by weight of liking.
func (m *maker) pick(k int, most int64) ([]app.WireLine, amount.Money) {
	var ls []app.WireLine
	var total amount.Money
	seen := map[int]bool{}
	for try := 0; len(ls) < k && try < k*6; try++ {
		i := m.r.IntN(len(m.goods))
		g := &m.goods[i]
		q := amount.Qty(1+m.r.Int64N(most)) * amount.QtyScale
		if seen[i] || g.stock < q || m.r.IntN(20) >= g.weight {
			continue
		}
		seen[i] = true
		g.stock -= q
		sum, err := amount.Extend(q, g.price)
		if err != nil {
			continue
		}
		total += sum
		ls = append(ls, app.WireLine{Item: g.code, Qty: *dec(q), Price: dec(g.price)})
	}
	return ls, total
}

func (m *maker) till(d day.Date) error {
	for range m.Bills {
		ls, total := m.pick(1+m.r.IntN(6), 3)
		if len(ls) == 0 {
			continue
		}
		acct := []string{"C1", "C2", "C2", "C2", "C3", "C3"}[m.r.IntN(6)]
		if acct == "C1" {
			m.cash += total
		} else {
			m.away[acct] += total
		}
		if err := m.emit(app.Wire{Kind: "RetailSale", ID: m.id("ls"), Date: d.String(), Reason: m.Names["reason"], Lines: ls, Payments: []app.WirePay{{Account: acct, Amount: *dec(total)}}}); err != nil {
			return err
		}
	}
	return nil
}

func (m *maker) deliveries(d day.Date) error {
	for range 1 + m.r.IntN(4) {
		ls, _ := m.pick(2+m.r.IntN(6), 12)
		if len(ls) == 0 {
			continue
		}
		var total amount.Money
		for i := range ls { // wholesale price
			p, err := amount.ParsePrice(string(*ls[i].Price))
			if err != nil {
				return err
			}
			p = p * 92 / 100 / 10000 * 10000
			ls[i].Price = dec(p)
			s, err := lineSum(ls[i])
			if err != nil {
				return err
			}
			total += s
		}
		s := sale{id: m.id("xs"), party: m.customers[m.r.IntN(len(m.customers))], lines: ls, total: total, date: d}
		if err := m.emit(app.Wire{Kind: "SalesDelivery", ID: s.id, Date: d.String(), Reason: m.Names["reason"], Party: s.party, Lines: ls}); err != nil {
			return err
		}
		m.sold = append(m.sold, s)
	}
	return nil
}

func (m *maker) returns(d day.Date) error {
	if m.r.IntN(3) != 0 || len(m.sold) == 0 {
		return nil
	}
	s := &m.sold[len(m.sold)-1]
	if s.returned != "" {
		return nil
	}
	ln := s.lines[0]
	var err error
	s.returned = m.id("xt")
	s.back, err = lineSum(app.WireLine{Qty: "1", Price: ln.Price})
	if err != nil {
		return err
	}
	if err := m.emit(app.Wire{Kind: "SalesReturn", ID: s.returned, Date: d.String(), Reason: m.Names["reason"], Party: s.party,
		Lines: []app.WireLine{{Item: ln.Item, Qty: "1", Origin: s.id}}}); err != nil {
		return err
	}
	for i := range m.goods {
		if m.goods[i].code == ln.Item {
			m.goods[i].stock += amount.QtyScale
		}
	}
	return nil
}

func (m *maker) loss(d day.Date) error {
	ls, _ := m.pick(1, 1)
	if len(ls) == 0 {
		return nil
	}
	ls[0].Price = nil
	return m.emit(app.Wire{Kind: "StockLoss", ID: m.id("bs"), Date: d.String(), Reason: m.Names["reason"], Lines: ls})
}

// count counts ten goods and finds one piece less of the first.
func (m *maker) count(d day.Date) error {
	w := app.Wire{Kind: "StockCount", ID: m.id("pd"), Date: d.String(), Reason: m.Names["reason"]}
	for i := range min(10, len(m.goods)) {
		g := &m.goods[i]
		if i == 0 && g.stock >= amount.QtyScale {
			g.stock -= amount.QtyScale
		}
		w.Lines = append(w.Lines, app.WireLine{Item: g.code, Qty: *dec(g.stock)})
	}
	return m.emit(w)
}
