package ledger

import (
	"slices"

	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
)

// model is the shop as somebody with a pencil and much time would keep it: it
// remembers the documents and, after each, works the whole open time out anew
// from them, with big numbers. It shares no code with what it judges: no plan, no
// replay, no spec. What was taken back at its own place is struck out.
type model struct {
	fifo    bool
	byBatch map[int64]bool
	open    day.Date
	events  []*event
	piles   map[Pot]*pile // at the start of the open time
	now     map[Pot]*pile
	money   map[cell]amount.Money // parties and cash: it does not depend on cost
	closed  map[cell]amount.Money // the value side of closed days
	deaf    bool                  // takes nothing in
}

type cell struct {
	date    day.Date
	account doc.AccountCode
}

// event is one thing that happened to one pot.
type event struct {
	doc    string
	line   int
	pot    Pot
	date   day.Date
	class  int
	no     int
	how    string // in, out, found, return, back, made, cost
	q      int64  // + in, − out
	given  int64
	target *event // what it returns, takes back or revalues
	weight int64
	extra  int64
	contra doc.AccountCode
	bill   day.Date // cost: the date of the document

	struck bool // taken back at its own place
	fixed  bool // its value was found when it was posted
	undone bool // its document was taken back

	v, adj int64
	drawn  []draft
}

type draft struct {
	from *event
	q, v int64
}

func newModel() *model {
	return &model{byBatch: map[int64]bool{}, piles: map[Pot]*pile{}, now: map[Pot]*pile{}, money: map[cell]amount.Money{}, closed: map[cell]amount.Money{}}
}

func (m *model) pay(d day.Date, a doc.AccountCode, v amount.Money) { m.money[cell{d, a}] += v }

// effects: what each kind does, in words of its own.
var effects = map[doc.Kind]struct {
	how    string
	sign   int64
	class  int
	contra doc.AccountCode
	party  doc.AccountCode // takes party × total
	plus   amount.Money
	other  doc.AccountCode
}{
	doc.OpeningStock:    {"in", 1, 0, "3001", "", 0, ""},
	doc.GoodsReceipt:    {"in", 1, 0, "5402", "2202", -1, "5402"},
	doc.BorrowIn:        {"in", 1, 0, "2241", "", 0, ""},
	doc.LandedCost:      {"cost", 0, 0, "1402", "2202", -1, "1402"},
	doc.PriceAdjustment: {"cost", 0, 0, "1402", "2202", -1, "1402"},
	doc.StockGain:       {"found", 1, 1, "5301", "", 0, ""},
	doc.Assembly:        {"made", 1, 1, "4001", "", 0, ""},
	doc.Disassembly:     {"made", 1, 1, "4001", "", 0, ""},
	doc.PurchaseReturn:  {"out", -1, 2, "5402", "2202", 1, "5402"},
	doc.SalesDelivery:   {"out", -1, 2, "5401", "1122", 1, "5001"},
	doc.RetailSale:      {"out", -1, 2, "5401", "1122", 1, "5001"},
	doc.StockLoss:       {"out", -1, 2, "5711", "", 0, ""},
	doc.BorrowReturn:    {"return", -1, 2, "2241", "", 0, ""},
	doc.SalesReturn:     {"return", 1, 3, "5401", "1122", -1, "5001"},
	doc.StockCount:      {"count", 1, 3, "", "", 0, ""},
}

func (m *model) pot(item int64, batch string) Pot {
	if m.byBatch[item] {
		return Pot{item, batch}
	}
	return Pot{Item: item}
}

func (m *model) find(id string, line int) *event {
	for _, e := range m.events {
		if e.doc == id && e.line == line {
			return e
		}
	}
	return nil
}

func (m *model) add(e *event) {
	e.no = len(m.events)
	m.events = append(m.events, e)
}

// post takes a settled document in.
func (m *model) post(d doc.Document) {
	if m.deaf {
		return
	}
	x := effects[d.Kind]
	if x.party != "" {
		m.pay(d.Date, x.party, x.plus*d.Total)
		m.pay(d.Date, x.other, -x.plus*d.Total)
		for _, p := range d.Payments {
			m.pay(d.Date, "1001", x.plus*p.Amount)
			m.pay(d.Date, x.party, -x.plus*p.Amount)
		}
	}
	if x.how == "made" && d.Amount != 0 {
		m.pay(d.Date, "1001", -d.Amount)
		m.pay(d.Date, "4001", d.Amount)
	}
	var made []*event
	typed := false
	for _, l := range d.Lines {
		e := &event{doc: d.ID, line: l.No, pot: m.pot(l.ItemID, l.Batch), date: d.Date, class: x.class, how: x.how, contra: x.contra,
			q: x.sign * int64(l.Base), bill: d.Date}
		switch x.how {
		case "in":
			e.given = int64(l.Gross - l.Share)
		case "cost":
			e.given, e.target = int64(l.Amount), m.find(l.Origin.Doc, l.Origin.Line)
			e.pot = e.target.pot
			if e.target.date >= m.open {
				e.date = e.target.date
			}
		case "return":
			if l.Origin.Doc == "" {
				e.how = "found"
			} else {
				e.target = m.find(l.Origin.Doc, l.Origin.Line)
			}
		case "count":
			e.q = int64(l.Base - l.Book)
			e.how, e.contra = "found", "5301"
			if e.q < 0 {
				e.how, e.contra = "out", "5711"
			}
			if e.q == 0 {
				continue
			}
		case "made":
			if l.Side < 0 {
				e.how, e.q = "out", -e.q
				break
			}
			made = append(made, e)
			e.weight = int64(l.Gross)
			typed = typed || e.weight > 0
			continue
		}
		if x.how != "" {
			m.add(e)
		}
	}
	if len(made) > 0 {
		ws := make([]int64, len(made))
		for i, e := range made {
			if !typed {
				e.weight = e.q
			}
			ws[i] = e.weight
		}
		for i, f := range portions(int64(d.Amount), ws) {
			made[i].extra = f
			m.add(made[i])
		}
	}
	m.work()
}

// reverse takes a document back on a date.
func (m *model) reverse(d doc.Document, date day.Date) {
	if m.deaf {
		return
	}
	x := effects[d.Kind]
	if x.party != "" {
		m.pay(date, x.party, -x.plus*d.Total)
		m.pay(date, x.other, x.plus*d.Total)
		for _, p := range d.Payments {
			m.pay(date, "1001", -x.plus*p.Amount)
			m.pay(date, x.party, x.plus*p.Amount)
		}
	}
	if x.how == "made" {
		m.pay(date, "1001", d.Amount)
		m.pay(date, "4001", -d.Amount)
	}
	for _, e := range slices.Clone(m.events) {
		if e.doc != d.ID {
			continue
		}
		e.undone = true
		switch {
		case e.how == "cost" && e.date >= m.open: // where it stands; what was not in stock comes back with the bill
			e.struck = true
			m.pay(date, "5401", amount.Money(e.v-e.given))
			m.pay(date, "1402", amount.Money(e.given-e.v))
		case e.how == "cost":
			m.add(&event{doc: "R-" + d.ID, line: e.line, pot: e.pot, date: date, how: "cost", contra: e.contra, given: -e.given, target: e.target, bill: date})
		case e.date == date:
			e.struck = true
		default:
			m.add(&event{doc: "R-" + d.ID, line: e.line, pot: e.pot, date: date, class: e.class, how: "back", q: -e.q, contra: e.contra, target: e})
		}
	}
	m.work()
}

// live gives the events of the open time in order.
func (m *model) live() []*event {
	var es []*event
	for _, e := range m.events {
		if !e.struck && e.date >= m.open {
			es = append(es, e)
		}
	}
	slices.SortFunc(es, func(a, b *event) int {
		switch {
		case a.date != b.date:
			return int(a.date) - int(b.date)
		case a.class != b.class:
			return a.class - b.class
		}
		return a.no - b.no
	})
	return es
}

func (m *model) pile(k Pot) *pile {
	p := m.now[k]
	if p == nil {
		p = &pile{}
		m.now[k] = p
	}
	return p
}

// work works the open time out anew.
func (m *model) work() {
	m.now = map[Pot]*pile{}
	for k, p := range m.piles {
		m.now[k] = p.copy()
	}
	back := map[*event][2]int64{} // by origin, what came back: quantity and value
	for _, e := range m.live() {
		p := m.pile(e.pot)
		e.adj, e.drawn = 0, nil
		switch e.how {
		case "in":
			e.v = e.given
			m.put(p, e, true)
		case "found":
			m.put(p, e, false)
		case "out":
			m.give(p, e, false)
		case "cost":
			m.revalue(p, e)
		case "made":
			e.v = m.share(e)
			m.put(p, e, true)
		case "back":
			e.v = -e.target.v
			if o := e.target.target; e.target.how == "return" && o.date >= m.open {
				b := back[o]
				back[o] = [2]int64{b[0] - size(e.target.q), b[1] - toward2(e.target)}
			}
			m.putOrGive(p, e)
		case "return":
			if o := e.target; o.date >= m.open {
				b := back[o]
				upTo := portion(toward2(o), b[0]+size(e.q), size(o.q))
				e.v = upTo - b[1]
				back[o] = [2]int64{b[0] + size(e.q), upTo}
				if e.q < 0 {
					e.v = -e.v
				}
			} else if !e.fixed {
				e.v, e.fixed = m.lateShare(e), true
			}
			m.putOrGive(p, e)
		}
	}
}

func size(x int64) int64 { return max(x, -x) }

// toward2 is an event's value in its own direction.
func toward2(e *event) int64 {
	if e.q < 0 {
		return -e.v
	}
	return e.v
}

// lateShare is the value of a return of what a closed month sold.
func (m *model) lateShare(e *event) int64 {
	o := e.target
	var q, v int64
	for _, f := range m.events {
		if f != e && f.how == "return" && f.target == o && !f.undone && f.no < e.no {
			q += size(f.q)
			v += toward2(f)
		}
	}
	v = portion(toward2(o), q+size(e.q), size(o.q)) - v
	if e.q < 0 {
		return -v
	}
	return v
}

func (m *model) putOrGive(p *pile, e *event) {
	if e.q > 0 {
		m.put(p, e, true)
	} else {
		m.give(p, e, true)
	}
}

// share is what a product is worth: of all that went out, by weight, and its
// part of the fee.
func (m *model) share(e *event) int64 {
	var total int64
	var ws []int64
	mine := 0
	for _, f := range m.events {
		if f.doc != e.doc {
			continue
		}
		if f.how == "out" {
			total -= f.v
		} else {
			if f == e {
				mine = len(ws)
			}
			ws = append(ws, f.weight)
		}
	}
	return portions(total, ws)[mine] + e.extra
}

// close ends the time before a day: its figures stand.
func (m *model) close(open day.Date) {
	for c, v := range m.values() {
		if c.date < open {
			m.closed[c] = v
		}
	}
	for _, e := range m.live() {
		if e.how == "return" && e.target.date < open {
			e.fixed = true
		}
	}
	all := m.events
	m.events = slices.DeleteFunc(slices.Clone(all), func(e *event) bool { return e.date >= open })
	m.work()
	m.events, m.open, m.piles = all, open, m.now
	m.work()
}

// turn changes the method.
func (m *model) turn(fifo bool) {
	m.fifo = fifo
	for _, p := range m.piles {
		p.layers = nil
		if fifo && p.q > 0 {
			p.layers = []draft{{nil, p.q, p.v}}
		}
	}
	m.work()
}

// values gives the value side by date and account, closed days as they were.
func (m *model) values() map[cell]amount.Money {
	out := map[cell]amount.Money{}
	for c, v := range m.closed {
		out[c] = v
	}
	for _, e := range m.events {
		if e.date >= m.open && !e.struck {
			out[cell{e.date, "1405"}] += amount.Money(e.v + e.adj)
			out[cell{e.date, e.contra}] -= amount.Money(e.v)
			out[cell{e.date, "5402"}] -= amount.Money(e.adj)
		}
		if e.how == "cost" && e.bill >= m.open {
			out[cell{e.bill, "5401"}] += amount.Money(e.given - e.v)
			out[cell{e.bill, "1402"}] -= amount.Money(e.given - e.v)
		}
	}
	return out
}
