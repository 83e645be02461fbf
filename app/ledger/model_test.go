package ledger

import (
	"fmt"
	"math/big"
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

// pile is a pot with a pencil mark for the last cost.
type pile struct {
	q, v, lastQ, lastV int64
	layers             []draft
}

func (p *pile) copy() *pile {
	c := *p
	c.layers = slices.Clone(p.layers)
	return &c
}

// portion is v × a ÷ b, rounded half away from zero.
func portion(v, a, b int64) int64 {
	n := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(v), big.NewInt(a)), big.NewInt(b))
	half := big.NewRat(1, 2)
	if n.Sign() < 0 {
		half.Neg(half)
	}
	n.Add(n, half)
	return new(big.Int).Quo(n.Num(), n.Denom()).Int64() // toward zero
}

// portions splits v by weights: rounded down, the rest to the largest remainders.
func portions(v int64, weights []int64) []int64 {
	out := make([]int64, len(weights))
	total := new(big.Int)
	for _, w := range weights {
		total.Add(total, big.NewInt(w))
	}
	if total.Sign() == 0 {
		out[0] = v
		return out
	}
	left := v
	rest := make([]*big.Int, len(weights))
	for i, w := range weights {
		q, r := new(big.Int).QuoRem(new(big.Int).Mul(big.NewInt(v), big.NewInt(w)), total, new(big.Int))
		out[i], rest[i] = q.Int64(), r
		left -= out[i]
	}
	for ; left > 0; left-- {
		best := 0
		for i := range rest {
			if rest[i].Cmp(rest[best]) > 0 {
				best = i
			}
		}
		out[best]++
		rest[best] = big.NewInt(-1)
	}
	return out
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

// costOf is the cost of q by what is known of the larger quantity.
func (m *model) costOf(p *pile, q int64) int64 {
	onHand := draft{q: p.q, v: p.v}
	if m.fifo {
		onHand = draft{}
		if n := len(p.layers); n > 0 {
			onHand = p.layers[n-1]
		}
	}
	if onHand.q <= 0 || p.lastQ > onHand.q {
		onHand = draft{q: p.lastQ, v: p.lastV}
	}
	if onHand.q == 0 {
		return 0
	}
	return portion(onHand.v, q, onHand.q)
}

func (p *pile) remember(q, v int64) {
	if q > 0 && v > 0 || q < 0 && v < 0 {
		p.lastQ, p.lastV = size(q), size(v)
	} else if q > 0 && v == 0 && p.lastQ == 0 {
		p.lastQ, p.lastV = q, 0
	}
}

// settle leaves no value where nothing is, and none of the wrong sign.
func (p *pile) settle() (adj int64) {
	want := p.v
	if p.q == 0 {
		want = 0
	} else if p.v != 0 && (p.v < 0) != (p.q < 0) {
		want = 0
		if p.lastQ > 0 {
			want = portion(p.lastV, p.q, p.lastQ)
		}
	}
	adj = want - p.v
	p.v = want
	return adj
}

// put books what comes in.
func (m *model) put(p *pile, e *event, known bool) {
	if !known {
		e.v = m.costOf(p, e.q)
	}
	cover := min(e.q, max(0, -p.q))
	if cover > 0 {
		e.adj = portion(-p.v, cover, -p.q) - portion(e.v, cover, e.q)
	}
	old := max(0, p.v)
	p.q += e.q
	p.v += e.v + e.adj
	p.remember(e.q, e.v)
	e.adj += p.settle()
	if rest := e.q - cover; m.fifo && rest > 0 {
		p.layers = append(p.layers, draft{e, rest, p.v - old})
	}
}

// give books what goes out.
func (m *model) give(p *pile, e *event, known bool) {
	q := -e.q
	if !m.fifo {
		if !known {
			switch {
			case p.q <= 0:
				e.v = -m.costOf(p, q)
			case q < p.q:
				e.v = -portion(p.v, q, p.q)
			default:
				e.v = -p.v - m.costOf(p, q-p.q)
			}
		}
		p.q += e.q
		p.v += e.v
		p.remember(e.q, e.v)
		e.adj = p.settle()
		return
	}
	short := max(0, q-max(0, p.q))
	owed := m.costOf(p, short)
	if known {
		owed = portion(-e.v, short, q)
	}
	var drawn int64
	want := q - short
	order := make([]int, 0, len(p.layers))
	for i, l := range p.layers {
		if e.how != "out" && l.from == e.target && e.target != nil {
			order = append([]int{i}, order...)
		} else {
			order = append(order, i)
		}
	}
	for _, i := range order {
		l := &p.layers[i]
		if n := min(want, l.q); n > 0 {
			v := portion(l.v, n, l.q)
			e.drawn = append(e.drawn, draft{l.from, n, v})
			drawn += v
			want -= n
			l.q -= n
			l.v -= v
		}
	}
	p.layers = slices.DeleteFunc(p.layers, func(l draft) bool { return l.q == 0 })
	p.q -= q
	p.v -= drawn + owed
	if known {
		e.adj = -(drawn + owed) - e.v
	} else {
		e.v = -(drawn + owed)
	}
	p.remember(e.q, e.v)
}

// revalue books what a receipt turned out to cost more.
func (m *model) revalue(p *pile, e *event) {
	late := e.date != e.target.date
	var l *draft
	held := p.q
	if m.fifo {
		held = 0
		for i := range p.layers {
			if p.layers[i].from == e.target {
				l = &p.layers[i]
			}
		}
		if l == nil && late && len(p.layers) > 0 && p.layers[0].from == nil {
			l = &p.layers[0]
		}
		if l != nil {
			held = l.q
		}
	}
	keep := portion(e.given, min(max(held, 0), e.target.q), e.target.q)
	if e.fixed {
		keep = e.v
	}
	if m.fifo && l == nil {
		keep = 0
	} else if m.fifo {
		keep = max(keep, -l.v)
		l.v += keep
	}
	if late && !e.fixed {
		e.v, e.fixed = keep, true
	} else if !late {
		e.v = e.given
	}
	p.v += keep
	e.adj = keep - e.v
	if !m.fifo {
		e.adj += p.settle()
	}
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

// differs tells the first difference between the books and the model.
func (m *model) differs(b *book) error {
	type key struct {
		doc  string
		line int
	}
	rows := map[key]Move{}
	for _, r := range b.folded(func(r Move) bool { return r.Rule != Carry }) {
		rows[key{r.Doc, r.Line}] = r
	}
	name := func(e *event) int64 {
		if e == nil {
			return 0
		}
		return rows[key{e.doc, e.line}].Seq
	}
	for _, e := range m.live() {
		r := rows[key{e.doc, e.line}]
		if int64(r.Effective()) != e.v || int64(r.Adjusted) != e.adj || int64(r.Qty) != e.q || r.Date != e.date {
			return fmt.Errorf("%s line %d on %v (%s, %v of %v): books say %v adjusted %v on %v (%s), by hand it is %v adjusted %v", e.doc, e.line, e.date, e.how,
				amount.Qty(e.q), e.pot, r.Effective(), r.Adjusted, r.Date, r.Rule, amount.Money(e.v), amount.Money(e.adj))
		}
		var uses []Use
		for _, d := range e.drawn {
			uses = append(uses, Use{Out: r.Seq, In: name(d.from), Qty: amount.Qty(d.q), Value: amount.Money(d.v)})
		}
		if m.fifo && !sameUses(uses, b.uses[r.Seq]) {
			return fmt.Errorf("%s line %d took %+v, by hand %+v", e.doc, e.line, b.uses[r.Seq], uses)
		}
	}
	for k, p := range m.now {
		w := b.pools[k]
		if int64(w.Qty) != p.q || int64(w.Value) != p.v {
			return fmt.Errorf("pot %v: books say %v worth %v, by hand %v worth %v", k, w.Qty, w.Value, amount.Qty(p.q), amount.Money(p.v))
		}
		if len(w.Layers) != len(p.layers) {
			return fmt.Errorf("pot %v: layers %+v, by hand %d", k, w.Layers, len(p.layers))
		}
		for i, l := range p.layers {
			if w.Layers[i] != (Layer{In: name(l.from), Qty: amount.Qty(l.q), Value: amount.Money(l.v)}) {
				return fmt.Errorf("pot %v layer %d: %+v, by hand %d %v", k, i, w.Layers[i], name(l.from), l)
			}
		}
	}
	want := m.values()
	for c, v := range m.money {
		want[c] += v
	}
	have := map[cell]amount.Money{}
	for _, e := range b.entries {
		have[cell{e.Date, e.Account}] += e.Amount
	}
	for c, v := range want {
		if have[c] != v {
			return fmt.Errorf("account %s on %v: books say %v, by hand %v", c.account, c.date, have[c], v)
		}
	}
	for c, v := range have {
		if want[c] != v {
			return fmt.Errorf("account %s on %v: books say %v, by hand %v", c.account, c.date, v, want[c])
		}
	}
	return nil
}
