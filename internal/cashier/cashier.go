// Package cashier writes a day at the till: keys and scans for some hundred
// bills, and what the books must say afterwards, added up in plain integers by
// code that knows nothing of the program.
//
// What belongs here: the script and its sums. What does not: whoever plays it
// (ui/till's tests through the real screen, tools/cashier through the real
// window).
package cashier

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
)

// Script is a day. Keys are written <F9>, scans {6901234567892}, the rest is
// typed; "[n]" in what is typed is the receipt number of bill n of this script.
type Script struct {
	Seed  uint64   `json:"seed"`
	Setup []string `json:"setup"` // lines of the script face
	Bills []Bill   `json:"bills"`
	// What is in the books at the end: money in fen by kind of account, pieces in
	// base units by item.
	Money map[string]int64 `json:"money"`
	Stock map[string]int64 `json:"stock"`
}

// Bill is one customer. A bill that is held is posted by a later one's keys.
type Bill struct {
	Keys   string `json:"keys"`
	Return bool   `json:"return"`
	Total  int64  `json:"total"` // fen
	What   string `json:"what"`  // for people: what is special
}

type good struct {
	code, barcode, item string
	price, pieces       int64 // of one, in fen; base units in one
	typed               bool  // its code is typed, not scanned
}

var goods = []good{
	{"A1", "6901234567892", "A1", 450, 1, false},
	{"A1", "16901234567899", "A1", 10800, 24, false}, // the box
	{"A2", "6902083881405", "A2", 200, 1, false},
	{"A3", "6907992500010", "A3", 350, 1, false},
	{"C1", "6900000000001", "C1", 100, 1, false},
	{"C2", "6900000000002", "C2", 155, 1, false},
	{"10001", "10001", "10001", 998, 1, true}, // a short code of the shop's own
	{"10002", "10002", "10002", 1, 1, false},
	{"D1", "96385074", "D1", 123456, 1, false},
}

var setup = []string{
	`{"kind":"Item","code":"A1","name":"Noodles","unit":"bag","barcode":"6901234567892","price":"4.50","units":[{"name":"box","factor":"24","barcode":"16901234567899"}]}`,
	`{"kind":"Item","code":"A2","name":"Water","unit":"bottle","barcode":"6902083881405","price":"2.00"}`,
	`{"kind":"Item","code":"A3","name":"Milk","unit":"pack","barcode":"6907992500010","price":"3.50"}`,
	`{"kind":"Item","code":"C1","name":"Lighter","unit":"pc","barcode":"6900000000001","price":"1.00"}`,
	`{"kind":"Item","code":"C2","name":"Lighter blue","unit":"pc","barcode":"6900000000002","price":"1.55"}`,
	`{"kind":"Item","code":"10001","name":"Apple","unit":"pc","price":"9.98"}`,
	`{"kind":"Item","code":"10002","name":"Bag","unit":"pc","price":"0.01"}`,
	`{"kind":"Item","code":"D1","name":"Television","unit":"pc","barcode":"96385074","price":"1234.56"}`,
	`{"kind":"Party","code":"S1","name":"Supplier","role":"supplier"}`,
}

const opening = 100_000 // of each item

// line is what the customer has in the basket, as it stands on the bill.
type line struct {
	g        good
	qty, off int64
}

func (l line) net() int64 { return l.g.price*l.qty - l.off }

type maker struct {
	*rand.Rand
	s     Script
	held  []line // a bill that was put aside
	sales []sold
}

// sold is a bill that may come back: without a discount of the whole.
type sold struct {
	no    int
	lines []line
	back  bool
}

// Make writes a day of n bills; the same seed gives the same day.
func Make(seed uint64, n int) Script {
	m := &maker{Rand: rand.New(rand.NewPCG(seed, 1)), s: Script{Seed: seed, Money: map[string]int64{}, Stock: map[string]int64{}}}
	m.s.Setup = append(m.s.Setup, setup...)
	var in []string
	seen := map[string]bool{}
	for _, g := range goods {
		if !seen[g.item] {
			seen[g.item] = true
			m.s.Stock[g.item] = opening
			in = append(in, fmt.Sprintf(`{"item":%q,"qty":"%d","price":"0.01"}`, g.item, opening))
		}
	}
	m.s.Setup = append(m.s.Setup, `{"kind":"GoodsReceipt","id":"cashier-in","party":"S1","lines":[`+strings.Join(in, ",")+`]}`)
	for len(m.s.Bills) < n {
		switch k := m.IntN(20); {
		case k == 0 && m.held == nil && len(m.s.Bills) < n-2:
			m.hold()
		case k == 1 && m.giveBack():
		case k == 2 && m.held != nil:
			m.recall()
		default:
			m.sell()
		}
	}
	return m.s
}

// basket scans goods and gives the keys and the lines they make.
func (m *maker) basket(ls []line) (string, []line) {
	var b strings.Builder
	for range 1 + m.IntN(6) {
		g := goods[m.IntN(len(goods))]
		qty := int64(1)
		if m.IntN(3) == 0 {
			qty = int64(2 + m.IntN(15))
			fmt.Fprintf(&b, "%d*", qty)
		}
		if g.typed {
			b.WriteString(g.barcode + "<Enter>")
		} else {
			b.WriteString("{" + g.barcode + "}")
		}
		at := -1
		for i := range ls {
			if ls[i].g == g && ls[i].off == 0 { // again: it joins its line
				at = i
			}
		}
		if at < 0 {
			ls, at = append(ls, line{g: g}), len(ls)
		}
		ls[at].qty += qty
		switch m.IntN(12) { // keys act on the line just rung up
		case 0:
			ls[at].qty = int64(1 + m.IntN(40))
			fmt.Fprintf(&b, "%d<F2>", ls[at].qty)
		case 1:
			ls[at].qty++
			b.WriteString("+")
		case 2:
			if ls[at].net() > 10 {
				ls[at].off = 1 + m.Int64N(10)
				b.WriteString(money(ls[at].off) + "<F4>")
			}
		case 3:
			if len(ls) > 1 {
				b.WriteString("<Delete>")
				ls = append(ls[:at:at], ls[at+1:]...)
				// The line before it is the current one now, or the one that moved up.
			}
		}
	}
	return b.String(), ls
}

func total(ls []line) (t int64) {
	for _, l := range ls {
		t += l.net()
	}
	return t
}

func (m *maker) sell() {
	keys, ls := m.basket(nil)
	m.pay(keys, ls, "")
}

func (m *maker) hold() {
	keys, ls := m.basket(nil)
	m.held = ls
	next, other := m.basket(nil)
	m.pay(keys+"<F5>"+next, other, "after a bill was held")
}

func (m *maker) recall() {
	keys, ls := m.basket(m.held)
	m.held = nil
	m.pay("<F6><Enter>"+keys, ls, "held before")
}

// pay chooses how the bill is paid and books it.
func (m *maker) pay(keys string, ls []line, what string) {
	sum := total(ls)
	whole := false
	if m.IntN(6) == 0 && sum > 200 {
		off := 1 + m.Int64N(150)
		keys += money(off) + "<F8>"
		sum -= off
		whole = true
	}
	keys += "<Enter>"
	if m.IntN(8) == 0 {
		if to := sum / 10 * 10; to != sum && to > 0 {
			keys += "<F8>" // rounded down to ten fen
			sum = to
			whole = true
		}
	}
	paid := map[string]int64{}
	switch k := m.IntN(6); {
	case k == 0:
		keys += "<F2><Enter>"
		paid["wechat"] = sum
	case k == 1:
		keys += "<F3><Enter>"
		paid["alipay"] = sum
	case k == 2 && sum >= 300: // some in cash, the rest by card
		cash := sum / 200 * 100
		keys += money(cash) + "<F4><Enter>"
		paid["cash"], paid["bank"] = cash, sum-cash
	case k == 3: // a note too large
		given := (sum/1000 + 1 + m.Int64N(3)) * 1000
		keys += money(given) + "<Enter>"
		paid["cash"] = sum
	case k == 4 && sum > 100: // two scans of the telephone
		one := sum / 3
		keys += "<Down>" + money(one) + "<F3><Enter>"
		paid["wechat"], paid["alipay"] = one, sum-one
	default:
		keys += "<Enter>"
		paid["cash"] = sum
	}
	for to, v := range paid {
		m.s.Money[to] += v
	}
	for _, l := range ls {
		m.s.Stock[l.g.item] -= l.qty * l.g.pieces
	}
	m.s.Bills = append(m.s.Bills, Bill{Keys: keys, Total: sum, What: what})
	if !whole {
		m.sales = append(m.sales, sold{no: len(m.s.Bills) - 1, lines: ls})
	}
}

// giveBack brings the first line of an earlier bill back, for cash.
func (m *maker) giveBack() bool {
	if len(m.sales) == 0 {
		return false
	}
	b := &m.sales[m.IntN(len(m.sales))]
	if b.back || b.lines[0].net() == 0 {
		return false
	}
	b.back = true
	l := b.lines[0]
	m.s.Money["cash"] -= l.net()
	m.s.Stock[l.g.item] += l.qty * l.g.pieces
	m.s.Bills = append(m.s.Bills, Bill{Keys: fmt.Sprintf("<F7>[%d]<Enter><Enter><Enter><Enter>", b.no), Return: true, Total: l.net(), What: "return of a line"})
	return true
}

func money(fen int64) string { return fmt.Sprintf("%d.%02d", fen/100, fen%100) }

// Number is the receipt number of a bill of the script on a day (20261122), as
// the program counts them.
func (s Script) Number(bill int, day string) string {
	n, prefix := 0, "LS"
	if s.Bills[bill].Return {
		prefix = "LT"
	}
	for _, b := range s.Bills[:bill+1] {
		if b.Return == s.Bills[bill].Return {
			n++
		}
	}
	return fmt.Sprintf("%s-%s-%04d", prefix, day, n)
}

// KeysOf gives the keys of a bill with the receipt numbers filled in.
func (s Script) KeysOf(bill int, day string) string {
	keys := s.Bills[bill].Keys
	for {
		i, j := strings.IndexByte(keys, '['), strings.IndexByte(keys, ']')
		if i < 0 || j < i {
			return keys
		}
		var n int
		if _, err := fmt.Sscan(keys[i+1:j], &n); err != nil {
			return keys
		}
		keys = keys[:i] + s.Number(n, day) + keys[j+1:]
	}
}

// JSON is the script as a file.
func (s Script) JSON() ([]byte, error) { return json.MarshalIndent(s, "", " ") }
