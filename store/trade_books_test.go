package store

import (
	"errors"
	flags "flag"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/ledger"
	"tiezhang/app/master"
)

// merchant posts random documents of every kind that moves goods, and orders,
// to a real file: by the average or first in first out, with an item that costs
// by batch and one followed piece by piece, over the end of a month.
type merchant struct {
	*shop
	rt      *rapid.T
	fifo    bool
	batched int64
	pieces  int64
	lent    int64
	first   day.Date // first open day
	closed  bool
	serial  int
	done    []doc.Document
}

var monthEnd = day.Must("2026-11-30")

const merchantDays = 6 // 28 November to 3 December

func newMerchant(t *testing.T, rt *rapid.T) *merchant {
	m := &merchant{shop: newShop(t, 2), rt: rt, fifo: rapid.Bool().Draw(rt, "fifo"), first: monthEnd.AddDays(-2)}
	m.shop.t = rt
	m.write(func(x app.Tx) (err error) {
		if m.batched, err = x.SaveItem(master.Item{Code: "B1", Name: "批", Unit: "盒", Track: master.ByBatch, CostByBatch: true}); err != nil {
			return err
		}
		if m.pieces, err = x.SaveItem(master.Item{Code: "S1", Name: "件", Unit: "台", Track: master.BySerial}); err != nil {
			return err
		}
		if m.fifo {
			if err = x.SwitchMethod(app.CostMethod{From: m.first, Method: ledger.FIFO, By: 1, At: 1}); err != nil {
				return err
			}
		}
		m.lent, err = x.LentPlace("借出")
		return err
	})
	return m
}

func (m *merchant) pick(n int, label string) int { return rapid.IntRange(0, n-1).Draw(m.rt, label) }

func (m *merchant) date(from day.Date) day.Date {
	last := monthEnd.AddDays(merchantDays - 3)
	from = max(from, m.first)
	return from.AddDays(m.pick(last.Sub(from)+1, "day"))
}

func (m *merchant) qty() amount.Qty {
	return amount.Qty(rapid.SampledFrom([]int64{1, 2, 3, 5, 10, 12}).Draw(m.rt, "qty") * amount.QtyScale / rapid.SampledFrom([]int64{1, 1, 4}).Draw(m.rt, "part"))
}

// line fills a line of its own, as its kind wants it.
func (m *merchant) line(spec doc.Spec, warehouse int64) (doc.Line, bool) {
	items := append(slices.Clone(m.items), m.items[0], m.batched, m.pieces)
	l := doc.Line{ItemID: items[m.pick(len(items), "item")], Num: 1, Den: 1, Qty: m.qty()}
	if spec.PriceNeed == doc.Must {
		l.Price = amount.Price(rapid.SampledFrom([]int64{0, 1_000_000, 3_330_000, 9_999_999}).Draw(m.rt, "price"))
	}
	if spec.Flow == doc.Recount {
		l.Book = m.qty()
	}
	switch l.ItemID {
	case m.batched:
		l.Batch = rapid.SampledFrom([]string{"", "甲", "乙"}).Draw(m.rt, "batch")
	case m.pieces:
		return m.piece(spec, warehouse, l)
	}
	return l, true
}

// piece makes a line of one piece: a new one, or one that is there.
func (m *merchant) piece(spec doc.Spec, warehouse int64, l doc.Line) (doc.Line, bool) {
	if spec.Flow != doc.In && spec.Flow != doc.Out && spec.Flow != doc.Move || spec.OriginMust || spec.Lent < 0 {
		return l, spec.Promise != doc.NoPromise
	}
	l.Qty = units(1)
	if spec.Flow == doc.In {
		m.serial++
		l.Serials = []string{fmt.Sprint("sn", m.serial)}
		return l, true
	}
	var there []app.Serial
	m.read(func(x app.Tx) (err error) {
		there, err = x.Serials(m.pieces, warehouse, "", 0)
		return err
	})
	if len(there) == 0 {
		return l, false
	}
	l.Serials = []string{there[m.pick(len(there), "piece")].Serial}
	return l, true
}

// draw makes a document, or says that there is nothing to make it of.
func (m *merchant) draw() (doc.Document, bool) {
	var kinds []doc.Kind
	for _, s := range doc.Specs() {
		if s.Flow != doc.NoFlow || s.Promise == doc.Order {
			kinds = append(kinds, s.Kind)
		}
	}
	kinds = append(kinds, doc.GoodsReceipt, doc.GoodsReceipt, doc.SalesDelivery, doc.RetailSale, doc.Assembly, doc.PaymentIn)
	pull := len(m.done) > 0 && rapid.IntRange(0, 2).Draw(m.rt, "pull") == 0
	if pull { // something of a document there is
		if of := doc.Pulled(m.done[m.pick(len(m.done), "of")].Kind); len(of) > 0 {
			kinds = of
		}
	}
	spec, _ := doc.Of(rapid.SampledFrom(kinds).Draw(m.rt, "kind"))
	d := m.draft(spec.Kind, m.date(m.first))
	d.WarehouseID = m.wh[m.pick(2, "warehouse")]
	if spec.Party == doc.Must && d.PartyID == 0 {
		d.PartyID = m.customer
	}
	switch {
	case spec.Lent != 0:
		d.ToPlaceID = m.lent
	case spec.ToPlace == doc.Must:
		d.ToPlaceID = m.wh[0] + m.wh[1] - d.WarehouseID
	}
	if spec.Lines == doc.No {
		d.WarehouseID, d.AccountID, d.Amount = 0, m.cash, 5_00
		return d, true
	}
	if spec.OriginMust || pull && len(spec.Origins) > 0 {
		return m.pulled(d, spec)
	}
	for no := range 1 + m.pick(3, "lines") {
		l, ok := m.line(spec, d.WarehouseID)
		if !ok {
			return d, false
		}
		l.No = no + 1
		if len(l.Serials) > 0 && slices.ContainsFunc(d.Lines, func(o doc.Line) bool { return o.ItemID == m.pieces }) {
			return d, false // one piece would go twice
		}
		if spec.Sides {
			l.Side, l.Price = -1, 0
		}
		d.Lines = append(d.Lines, l)
	}
	if spec.Sides {
		if d.Amount = amount.Money(rapid.SampledFrom([]int64{0, 1_01}).Draw(m.rt, "fee")); d.Amount != 0 {
			d.AccountID = m.cash
		}
		for range 1 + m.pick(2, "products") {
			l := doc.Line{No: len(d.Lines) + 1, ItemID: m.items[m.pick(2, "product")], Num: 1, Den: 1, Qty: m.qty(), Side: 1}
			d.Lines = append(d.Lines, l)
		}
	}
	return d, true
}

// pulled makes a line out of one of an earlier document that still has some left.
func (m *merchant) pulled(d doc.Document, spec doc.Spec) (doc.Document, bool) {
	var from []doc.Document
	for _, o := range m.done {
		if spec.Pulls(o.Kind) {
			from = append(from, o)
		}
	}
	if len(from) == 0 {
		return d, false
	}
	o := from[m.pick(len(from), "origin")]
	ol := o.Lines[m.pick(len(o.Lines), "origin line")]
	if len(ol.Serials) > 0 || ol.ItemID == m.pieces {
		return d, false
	}
	l := doc.Line{No: 1, ItemID: ol.ItemID, Num: 1, Den: 1, Batch: ol.Batch, Qty: m.qty(), Origin: doc.Origin{Doc: o.ID, Line: ol.No}, Price: 2_000_000}
	left := l.Qty
	m.read(func(x app.Tx) error {
		ls, err := x.Open(o.ID)
		if err != nil {
			return err
		}
		for _, w := range ls {
			if w.Line == ol.No {
				left = w.Base - w.Done
			}
		}
		return nil
	})
	if spec.Flow == doc.Revalue {
		l.Qty, l.Price, l.Amount = 0, 0, amount.Money(rapid.SampledFrom([]int64{1, 77, 10_00}).Draw(m.rt, "cost"))
		if spec.Signed && rapid.Bool().Draw(m.rt, "less") {
			l.Amount = -l.Amount
		}
		d.WarehouseID = 0
	} else {
		if l.Qty = min(l.Qty, left); l.Qty <= 0 {
			return d, false
		}
		if spec.PriceNeed == doc.No {
			l.Price = 0
		}
	}
	d.Date, d.PartyID = m.date(o.Date), o.PartyID
	d.Lines = []doc.Line{l}
	return d, true
}

func (m *merchant) trade() {
	d, ok := m.draw()
	if !ok {
		return
	}
	spec, _ := doc.Of(d.Kind)
	if err := doc.Settle(spec, &d); err != nil {
		m.rt.Fatalf("settle: %v", err)
	}
	if spec.Pays == doc.Must && d.Total > 0 {
		d.Payments = []doc.Payment{{AccountID: m.cash, Amount: d.Total}}
	}
	if rapid.IntRange(0, 5).Draw(m.rt, "break") == 0 {
		m.broken(d)
	}
	m.post(d)
	m.done = append(m.done, d)
}

// broken fails the posting at one of its statements and wants nothing changed.
func (m *merchant) broken(d doc.Document) {
	err := errors.New("broken")
	left := rapid.IntRange(0, 40).Draw(m.rt, "statement")
	before := m.dump()
	m.s.step = func(string) error {
		if left--; left < 0 {
			return err
		}
		return nil
	}
	got := m.s.Write(bg, func(x app.Tx) error {
		if e := post(x, d); e != nil {
			return e
		}
		return err // after the last
	})
	m.s.step = nil
	if !errors.Is(got, err) {
		m.rt.Fatalf("broken: %v", got)
	}
	if m.dump() != before {
		m.rt.Fatalf("a posting that failed left something")
	}
}

func (m *merchant) takeAway() {
	if len(m.done) == 0 {
		return
	}
	i := m.pick(len(m.done), "which")
	d := m.done[i]
	free := true
	m.read(func(x app.Tx) error {
		by, err := x.PulledBy(d.ID)
		free = len(by) == 0
		return err
	})
	if !free {
		return
	}
	date := max(d.Date, m.first)
	if rapid.Bool().Draw(m.rt, "later") {
		date = m.date(date)
	}
	before := m.dump()
	err := m.s.Write(bg, func(x app.Tx) error { return reverse(x, d.ID, date) })
	if k := fault.KeyOf(err); strings.HasPrefix(k, "store.serial-") { // the piece is gone, or back
		if m.dump() != before {
			m.rt.Fatalf("a refused reversal left something")
		}
		return
	}
	if err != nil {
		m.rt.Fatalf("reverse %s of %v on %v: %+v", d.Kind, d.Date, date, err)
	}
	m.done = append(m.done[:i], m.done[i+1:]...)
}

// closeMonth closes November once; from then on nothing is dated in it.
func (m *merchant) closeMonth() {
	if m.closed {
		return
	}
	m.write(func(x app.Tx) error {
		_, err := x.CloseMonth(app.MonthClose{Month: 202611, By: 1, At: 1})
		return err
	})
	m.closed, m.first = true, monthEnd.AddDays(1)
}

// fromNothing replays every move there is together and wants the values, pools,
// layers and uses that are kept.
func (m *merchant) fromNothing() {
	method := ledger.MovingAverage
	if m.fifo {
		method = ledger.FIFO
	}
	m.read(func(x app.Tx) error {
		t := x.(*tx)
		ms, err := all(t, "test", ownMoves+`1 ORDER BY m.date, m.class, m.seq`, nil, scanMove)
		if err != nil {
			return err
		}
		pots := map[ledger.Pot]ledger.Pool{}
		outs, uses, err := ledger.ReplayAll(method, pots, ms, func(mv ledger.Move) ledger.Pot {
			p, err := t.potOf(mv)
			if err != nil {
				m.rt.Fatalf("%v", err)
			}
			return p
		})
		if err != nil {
			return err
		}
		for i, mv := range ms {
			if mv.Rule != ledger.Carry && (outs[i].Value != mv.Effective() || outs[i].Adjust != mv.Adjusted) {
				m.rt.Errorf("move %d %s of %s: value %v adjusted %v, replayed %+v", mv.Seq, mv.Rule, mv.Doc, mv.Effective(), mv.Adjusted, outs[i])
			}
		}
		n := 0
		for p, want := range pots {
			kept, err := t.pool(p)
			if err != nil {
				return err
			}
			if len(kept.Layers) == 0 && len(want.Layers) == 0 {
				kept.Layers, want.Layers = nil, nil
			}
			if !reflect.DeepEqual(kept, want) {
				m.rt.Errorf("pot %v: kept %+v, replayed %+v", p, kept, want)
			}
			us, err := t.usesOf(p, ledger.Place{})
			if err != nil {
				return err
			}
			for _, u := range us {
				n += len(u)
			}
		}
		if n != len(uses) {
			m.rt.Errorf("%d uses kept, %d replayed", n, len(uses))
		}
		return nil
	})
}

// TestTradeStaysSound posts random documents of every kind, takes some back,
// breaks some, closes the month at some time, and holds every cache against the
// rows after each step.
//
// Every run is a shop of its own on the disk, so there are few of them unless
// -rapid.checks asks for another number than it has by itself.
func TestTradeStaysSound(t *testing.T) {
	runs, failed := 0, false
	few := flags.Lookup("rapid.checks").Value.String() == flags.Lookup("rapid.checks").DefValue
	rapid.Check(t, func(rt *rapid.T) {
		if runs++; few && runs > 25 && !failed {
			return
		}
		m := newMerchant(t, rt)
		defer func() {
			failed = failed || rt.Failed()
			_ = m.s.Close()
			_ = os.RemoveAll(m.dir)
		}()
		for range rapid.IntRange(1, 24).Draw(rt, "steps") {
			switch rapid.IntRange(0, 11).Draw(rt, "step") {
			case 0, 1:
				m.takeAway()
			case 2:
				m.closeMonth()
			default:
				m.trade()
			}
			m.sound()
			if !m.closed {
				m.fromNothing()
			}
			if rt.Failed() {
				rt.Fatalf("unsound after %d documents", len(m.done))
			}
		}
	})
}
