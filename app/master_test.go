package app_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/app/report"
	"tiezhang/store"
	"tiezhang/store/keyring"
)

// masterShop is a real shop for tests of master data.
type masterShop struct {
	t     testing.TB
	clock *setClock
	host  app.Host
	in    *app.Session
	st    *undoStore
	n     int
}

func newMasterShop(t testing.TB) *masterShop {
	t.Helper()
	m := &masterShop{t: t, clock: &setClock{worldStart}}
	v := &undoVault{Vault: store.Vault{Profile: keyring.ProfileForTests}}
	m.host = app.Host{Vault: v, Clock: m.clock, Machine: "PC1", Version: "1.0.0"}
	names := map[string]string{"warehouse": "Main", "cash": "Till", "wechat": "WeChat", "alipay": "Alipay", "bank": "Bank"}
	s, _, err := m.host.New(context.Background(), filepath.Join(t.TempDir(), "shop"), app.NewShop{ShopName: "Shop", OwnerName: "owner", Password: worldPassword, Names: names})
	if err != nil {
		t.Fatal(err)
	}
	m.in, m.st = s, v.last
	t.Cleanup(func() {
		if err := s.Shop().Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return m
}

func (m *masterShop) ctx() context.Context {
	return app.WithPassword(context.Background(), worldPassword)
}

func run[R any, C app.Command[R]](m *masterShop, c C) R {
	m.t.Helper()
	r, err := app.Do(m.ctx(), m.in, c)
	if err != nil {
		m.t.Fatalf("%T: %v", c, err)
	}
	return r
}

func see[R any, Q app.Query[R]](m *masterShop, q Q) R {
	m.t.Helper()
	r, err := app.Ask(m.ctx(), m.in, q)
	if err != nil {
		m.t.Fatalf("%T: %v", q, err)
	}
	return r
}

func refused(t testing.TB, err error, kind fault.Kind, key string) {
	t.Helper()
	if err == nil || fault.KindOf(err) != kind || !strings.Contains(fmt.Sprint(err), key) {
		t.Errorf("got %v, want %v %s", err, kind, key)
	}
}

func (m *masterShop) item(code string, change func(*master.Item)) int64 {
	m.t.Helper()
	it := master.Item{Code: code, Name: "Item " + code, Unit: "pc"}
	if change != nil {
		change(&it)
	}
	return run(m, app.SaveItem{Item: it})
}

func (m *masterShop) party(code string, kind master.PartyKind) int64 {
	m.t.Helper()
	return run(m, app.SaveParty{Party: master.Party{Code: code, Name: "Party " + code, Kind: kind}})
}

func (m *masterShop) post(d doc.Document) (app.Receipt, error) {
	m.n++
	d.ID = fmt.Sprintf("d%d", m.n)
	if d.Date == 0 {
		d.Date = day.Of(m.clock.at)
	}
	for i := range d.Lines {
		d.Lines[i].No = i + 1
	}
	return app.Do(m.ctx(), m.in, app.Post{Doc: d, AllowNegative: true})
}

func (m *masterShop) mustPost(d doc.Document) app.Receipt {
	m.t.Helper()
	r, err := m.post(d)
	if err != nil {
		m.t.Fatalf("%s: %v", d.Kind, err)
	}
	return r
}

func (m *masterShop) totals() (tt app.Totals) {
	m.t.Helper()
	err := m.st.Read(context.Background(), func(tx app.Tx) (err error) { tt, err = tx.Totals(); return err })
	if err != nil {
		m.t.Fatal(err)
	}
	return tt
}

// cost is what the stock is worth with all that was ever taken from it.
func (m *masterShop) cost() (sum amount.Money) {
	m.t.Helper()
	err := m.st.Read(context.Background(), func(tx app.Tx) error {
		for _, a := range []doc.AccountCode{doc.AccInventory, doc.AccCOGS, doc.AccCostAdj, doc.AccProduction} {
			b, err := tx.Balance(a, 0, 0)
			if err != nil {
				return err
			}
			sum += b
		}
		return nil
	})
	if err != nil {
		m.t.Fatal(err)
	}
	return sum
}

// again signs the owner in anew: a session does not last for days.
func (m *masterShop) again() {
	m.t.Helper()
	s, err := m.in.Shop().SignIn(m.ctx(), "owner", worldPassword)
	if err != nil {
		m.t.Fatal(err)
	}
	m.in = s
}

func (m *masterShop) booksClean() {
	m.t.Helper()
	err := m.st.Read(context.Background(), func(tx app.Tx) error {
		fs, err := tx.CheckBooks(context.Background(), nil)
		for _, f := range fs {
			m.t.Errorf("books: %s %v", f.Key, f.Args)
		}
		return err
	})
	if err != nil {
		m.t.Fatal(err)
	}
}

func buy(item, party int64, qty amount.Qty, price amount.Price) doc.Document {
	return doc.Document{Kind: doc.GoodsReceipt, PartyID: party, WarehouseID: 1, Lines: []doc.Line{{ItemID: item, Qty: qty * amount.QtyScale, Price: price * amount.PriceScale}}}
}

func sell(item, party int64, qty amount.Qty, price amount.Price) doc.Document {
	d := buy(item, party, qty, price)
	d.Kind = doc.SalesDelivery
	return d
}

func TestMergeItems(t *testing.T) {
	m := newMasterShop(t)
	sup, cus := m.party("S1", master.Supplier), m.party("C1", master.Customer)
	kept := m.item("K", func(it *master.Item) { it.Barcodes = []master.Barcode{{Code: "111111"}} })
	dup := m.item("D", func(it *master.Item) {
		it.Name = "Double"
		it.Units = []master.Unit{{Name: "box", Num: 12, Den: 1}}
		it.Barcodes = []master.Barcode{{Code: "222222"}, {Code: "333333", Unit: "box"}}
	})
	m.mustPost(buy(kept, sup, 10, 2))
	m.mustPost(buy(dup, sup, 5, 4))
	m.mustPost(sell(dup, cus, 1, 9))
	before := m.totals()

	plan := see(m, app.MergePlan{Entity: master.OfItem, Kept: kept, Dropped: dup})
	if len(plan.Blocks) != 0 || plan.Documents != 2 || plan.Value != 16_00 || len(plan.Stock) != 1 || plan.Stock[0].Qty != 4*amount.QtyScale {
		t.Fatalf("plan %+v", plan)
	}
	_, err := app.Do(m.ctx(), m.in, app.Merge{Entity: master.OfItem, Kept: kept, Dropped: dup})
	refused(t, err, fault.Invalid, "master.merge-reason")
	r := run(m, app.Merge{Entity: master.OfItem, Kept: kept, Dropped: dup, Reason: "same thing"})
	if len(r.Documents) != 1 || r.Codes != 2 {
		t.Errorf("merged %+v", r)
	}
	after := m.totals()
	if after.StockValue != before.StockValue || after.StockQty != before.StockQty || after.Receivable != before.Receivable {
		t.Errorf("totals moved: %+v → %+v", before, after)
	}
	k, d := see(m, app.GetItem{ID: kept}), see(m, app.GetItem{ID: dup})
	if k.OnHand != 14*amount.QtyScale || d.OnHand != 0 || !d.Item.Disabled || d.Item.MergedInto != kept || len(k.Took) != 1 || d.Root == "" {
		t.Errorf("kept %+v\ndropped %+v", k, d)
	}
	// codes and names are found again under the kept one, once
	for _, code := range []string{"222222", "D", "111111"} {
		if hits := see(m, app.ScanCode{Code: code}); len(hits) != 1 || hits[0].Item.ID != kept {
			t.Errorf("scanned %s: %+v", code, hits)
		}
	}
	if hits := see(m, app.ScanCode{Code: "333333"}); len(hits) != 1 || hits[0].Unit != "box" {
		t.Errorf("the box: %+v", hits)
	}
	if hits := see(m, app.FindItems{Query: "double"}); len(hits) != 1 || hits[0].Item.ID != kept {
		t.Errorf("found by the old name: %+v", hits)
	}
	if u := see(m, app.Usage{Entity: master.OfItem, ID: kept}); u.Documents != 4 {
		t.Errorf("use of both: %d documents", u.Documents)
	}
	_, err = app.Do(m.ctx(), m.in, app.Merge{Entity: master.OfItem, Kept: kept, Dropped: dup, Reason: "again"})
	refused(t, err, fault.Conflict, "master.merge-done")
	it := d.Item
	it.Disabled = false
	_, err = app.Do(m.ctx(), m.in, app.SaveItem{Item: it})
	refused(t, err, fault.Conflict, "master.is-merged")
	m.booksClean()

	run(m, app.Unmerge{Entity: master.OfItem, Dropped: dup, Reason: "were two after all"})
	k, d = see(m, app.GetItem{ID: kept}), see(m, app.GetItem{ID: dup})
	if k.OnHand != 10*amount.QtyScale || d.OnHand != 4*amount.QtyScale || d.Item.Disabled || d.Item.MergedInto != 0 || len(d.Item.Barcodes) != 2 || len(k.Item.Barcodes) != 1 || len(k.Item.Units) != 0 {
		t.Errorf("taken back: kept %+v\ndropped %+v", k, d)
	}
	if tt := m.totals(); tt.StockValue != before.StockValue {
		t.Errorf("stock value %s, was %s", tt.StockValue, before.StockValue)
	}
	m.booksClean()
}

func TestMergeItemsBlocked(t *testing.T) {
	m := newMasterShop(t)
	cus := m.party("C1", master.Customer)
	kept := m.item("K", nil)
	for _, c := range []struct {
		key  string
		make func() int64
	}{
		{"master.merge-unit", func() int64 { return m.item("U", func(it *master.Item) { it.Unit = "kg" }) }},
		{"master.merge-track", func() int64 { return m.item("B", func(it *master.Item) { it.Track = master.ByBatch }) }},
		{"master.merge-same", func() int64 { return kept }},
		{"master.merge-negative", func() int64 {
			id := m.item("N", nil)
			run(m, app.SetSetting{Key: app.SettingNegative, Value: "allow"})
			m.mustPost(sell(id, cus, 3, 1))
			return id
		}},
		{"master.merge-order", func() int64 {
			id := m.item("O", nil)
			d := sell(id, cus, 3, 1)
			d.Kind, d.WarehouseID = doc.SalesOrder, 0
			m.mustPost(d)
			return id
		}},
	} {
		id := c.make()
		before := m.totals()
		_, err := app.Do(m.ctx(), m.in, app.Merge{Entity: master.OfItem, Kept: kept, Dropped: id, Reason: "x"})
		refused(t, err, fault.Conflict, c.key)
		if m.totals() != before {
			t.Errorf("%s: a refused merge changed the books", c.key)
		}
	}
}

func TestMergeParties(t *testing.T) {
	m := newMasterShop(t)
	sup := m.party("S1", master.Supplier)
	kept, dup := m.party("C1", master.Customer), run(m, app.SaveParty{Party: master.Party{Code: "C2", Name: "Twice", Kind: master.Customer, Card: "8888", Phone: "13800138000"}})
	it := m.item("A", nil)
	m.mustPost(buy(it, sup, 100, 1))
	m.mustPost(sell(it, kept, 1, 30))
	open := m.mustPost(sell(it, dup, 1, 50))
	before := m.totals()
	if v := see(m, app.MergePlan{Entity: master.OfParty, Kept: kept, Dropped: dup}); v.Receivable != 50_00 || v.Documents != 1 || len(v.Codes) != 1 {
		t.Fatalf("plan %+v", v)
	}
	run(m, app.Merge{Entity: master.OfParty, Kept: kept, Dropped: dup, Reason: "one person"})
	if m.totals() != before {
		t.Errorf("totals moved: %+v → %+v", before, m.totals())
	}
	row := func(code string) (rec string) {
		p := see(m, app.Report{Query: report.Query{Name: "parties"}})
		for _, r := range p.Rows {
			if r.Cells[0].Text == code {
				for i, c := range p.Columns {
					if c.Key == "receivable" {
						rec = r.Cells[i].String(c.Type)
					}
				}
			}
		}
		return rec
	}
	if row("C1") != "80.00" || row("C2") != "0.00" {
		t.Errorf("receivable of both: %s and %s", row("C1"), row("C2"))
	}
	if p := see(m, app.GetParty{ID: kept}); p.Card != "8888" {
		t.Errorf("the card stays with the member: %+v", p)
	}
	if ps := see(m, app.FindParties{Query: "twice"}); len(ps) != 1 || ps[0].ID != kept {
		t.Errorf("found by the old name: %+v", ps)
	}
	// the one that stayed pays what the other owed, and its credit counts both
	pay := doc.Document{Kind: doc.PaymentIn, PartyID: kept, AccountID: 1, Amount: 50_00, Allocs: []doc.Alloc{{Doc: open.ID, Amount: 50_00}}}
	paid := m.mustPost(pay)
	if row("C1") != "30.00" {
		t.Errorf("after paying for the other: %s", row("C1"))
	}
	_, err := app.Do(m.ctx(), m.in, app.Unmerge{Entity: master.OfParty, Dropped: dup, Reason: "too late"})
	refused(t, err, fault.Conflict, "master.unmerge-settled")
	run(m, app.Reverse{ID: paid.ID, Kind: doc.PaymentIn, Reason: "wrong"})
	p := see(m, app.GetParty{ID: kept})
	p.Credit = 85_00
	run(m, app.SaveParty{Party: p})
	limited, err := m.in.Shop().SignIn(m.ctx(), "owner", worldPassword)
	if err != nil {
		t.Fatal(err)
	}
	m.clock.at = m.clock.at.Add(6 * time.Minute) // a password of long ago is asked for again
	if _, err := app.Do(context.Background(), limited, app.Post{Doc: func() doc.Document {
		d := sell(it, kept, 1, 10)
		d.ID, d.Date, d.Lines[0].No = "over", day.Of(m.clock.at), 1
		return d
	}()}); fault.KindOf(err) != fault.NeedsStep {
		t.Errorf("80 owed by both and 10 more is over 85: %v", err)
	}
	if m.in, err = m.in.Shop().SignIn(m.ctx(), "owner", worldPassword); err != nil {
		t.Fatal(err)
	}
	run(m, app.Unmerge{Entity: master.OfParty, Dropped: dup, Reason: "two people"})
	if row("C1") != "30.00" || row("C2") != "50.00" {
		t.Errorf("apart again: %s and %s", row("C1"), row("C2"))
	}
	if p := see(m, app.GetParty{ID: dup}); p.Card != "8888" || p.Disabled {
		t.Errorf("%+v", p)
	}
	m.booksClean()
}

// Merges in the middle of random trade leave the totals and the books as they were.
func TestMergesKeepTheBooks(t *testing.T) {
	m, no := newMasterShop(t), 0 // one shop: each history goes on beside those before
	run(m, app.SetSetting{Key: app.SettingNegative, Value: "allow"})
	sup := m.party("S1", master.Supplier)
	rapid.Check(t, func(rt *rapid.T) {
		var items, parties []int64
		for range 3 {
			no++
			items = append(items, m.item(fmt.Sprintf("A%d", no), nil))
			parties = append(parties, m.party(fmt.Sprintf("C%d", no), master.Customer))
		}
		for range rapid.IntRange(4, 14).Draw(rt, "steps") {
			it, p := rapid.SampledFrom(items).Draw(rt, "item"), rapid.SampledFrom(parties).Draw(rt, "party")
			q, price := amount.Qty(rapid.IntRange(1, 9).Draw(rt, "qty")), amount.Price(rapid.IntRange(1, 7).Draw(rt, "price"))
			switch rapid.IntRange(0, 5).Draw(rt, "what") {
			case 0, 1:
				_, _ = m.post(buy(it, sup, q, price)) // a merged item is refused
			case 2:
				_, _ = m.post(sell(it, p, q, price))
			default:
				e, other := master.OfItem, rapid.SampledFrom(items).Draw(rt, "other")
				mine := it
				if rapid.Bool().Draw(rt, "parties") {
					e, mine, other = master.OfParty, p, rapid.SampledFrom(parties).Draw(rt, "otherparty")
				}
				if rapid.Bool().Draw(rt, "tomorrow") {
					m.clock.at = m.clock.at.AddDate(0, 0, 1)
					m.again()
				}
				before, cost := m.totals(), m.cost()
				today := e == master.OfItem && see(m, app.MergePlan{Entity: e, Kept: other, Dropped: mine}).SoldToday
				var err error
				undo := rapid.Bool().Draw(rt, "undo")
				if undo {
					_, err = app.Do(m.ctx(), m.in, app.Unmerge{Entity: e, Dropped: mine, Reason: "r"})
				} else {
					_, err = app.Do(m.ctx(), m.in, app.Merge{Entity: e, Kept: other, Dropped: mine, Reason: "r"})
				}
				if k := fault.KindOf(err); err != nil && k != fault.Conflict && k != fault.Invalid {
					rt.Fatalf("%v", err)
				}
				after := m.totals()
				if after.StockQty != before.StockQty || after.Receivable != before.Receivable || after.Payable != before.Payable || after.Cash != before.Cash {
					rt.Fatalf("totals moved: %+v → %+v", before, after)
				}
				if m.cost() != cost { // stock and what was sold of it, together
					rt.Fatalf("stock and its cost %s → %s", cost, m.cost())
				}
				if !undo && !today && after.StockValue != before.StockValue {
					rt.Fatalf("stock value %s → %s", before.StockValue, after.StockValue)
				}
			}
		}
	})
	m.booksClean()
}

func TestSharedCodesAreAsked(t *testing.T) {
	m := newMasterShop(t)
	m.item("A", func(it *master.Item) { it.Barcodes = []master.Barcode{{Code: "690000"}} })
	b := master.Item{Code: "B", Name: "B", Unit: "pc", Barcodes: []master.Barcode{{Code: "690000"}}}
	_, err := app.Do(m.ctx(), m.in, app.SaveItem{Item: b})
	refused(t, err, fault.Conflict, "master.barcode-taken")
	id := run(m, app.SaveItem{Item: b, ShareBarcode: true})
	if hits := see(m, app.ScanCode{Code: "690000"}); len(hits) != 2 {
		t.Errorf("one code, two items: %v", hits)
	}
	again := see(m, app.GetItem{ID: id}).Item
	again.Name = "B2"
	run(m, app.SaveItem{Item: again}) // it was answered once
	run(m, app.SaveParty{Party: master.Party{Code: "M1", Name: "One", Kind: master.Customer, Card: "1", Phone: "13800138000"}})
	two := master.Party{Code: "M2", Name: "Two", Kind: master.Customer, Card: "2", Phone: "13800138000"}
	_, err = app.Do(m.ctx(), m.in, app.SaveParty{Party: two})
	refused(t, err, fault.Conflict, "master.phone-taken")
	run(m, app.SaveParty{Party: two, SharePhone: true})
	_, err = app.Do(m.ctx(), m.in, app.SaveParty{Party: master.Party{Code: "M3", Name: "Three", Kind: master.Customer, Card: "2"}})
	refused(t, err, fault.Conflict, "master.card-taken")
}

func TestCategories(t *testing.T) {
	m := newMasterShop(t)
	a := m.item("A", func(it *master.Item) { it.Category = " 食品 / 饮料 " })
	m.item("B", func(it *master.Item) { it.Category = "食品" })
	if got := see(m, app.GetItem{ID: a}).Item; got.Category != "食品/饮料" {
		t.Errorf("tidied: %q", got.Category)
	}
	run(m, app.AddCategory{Parent: "食品", Name: "零食"})
	_, err := app.Do(m.ctx(), m.in, app.AddCategory{Parent: "食品", Name: "零食"})
	refused(t, err, fault.Conflict, "master.category-taken")
	_, err = app.Do(m.ctx(), m.in, app.MoveCategory{Path: "食品", Parent: "食品/饮料", Name: "食品"})
	refused(t, err, fault.Invalid, "master.category-inside")
	stale := see(m, app.GetItem{ID: a}).Item
	if n := run(m, app.MoveCategory{Path: "食品", Name: "食物"}); n != 2 {
		t.Errorf("%d items went along", n)
	}
	if got := see(m, app.GetItem{ID: a}).Item; got.Category != "食物/饮料" {
		t.Errorf("renamed: %q", got.Category)
	}
	_, err = app.Do(m.ctx(), m.in, app.SaveItem{Item: stale}) // a form opened before must not write the old path back
	refused(t, err, fault.Conflict, "master.stale")
	if p := see(m, app.Report{Query: report.Query{Name: "items", Category: "食物"}}); len(p.Rows) != 2 {
		t.Errorf("the filter takes what is below: %d", len(p.Rows))
	}
	run(m, app.SortCategory{Path: "食物/零食", By: -1})
	var order []string
	for _, c := range see(m, app.Categories{}) {
		order = append(order, fmt.Sprintf("%s:%d", c.Path, c.Items))
	}
	if got := strings.Join(order, " "); got != "食物:2 食物/零食:0 食物/饮料:1" {
		t.Errorf("tree: %s", got)
	}
	_, err = app.Do(m.ctx(), m.in, app.DropCategory{Path: "食物/饮料"})
	refused(t, err, fault.Conflict, "master.category-used")
	if n := run(m, app.DropCategory{Path: "食物/饮料", MoveTo: "食物/零食"}); n != 1 {
		t.Errorf("%d moved", n)
	}
	if got := see(m, app.GetItem{ID: a}).Item; got.Category != "食物/零食" {
		t.Errorf("moved to %q", got.Category)
	}
}

func TestHistory(t *testing.T) {
	m := newMasterShop(t)
	id := m.item("A", nil)
	it := see(m, app.GetItem{ID: id}).Item
	it.Code, it.Name, it.Prices = "A9", "New name", map[master.PriceLevel]amount.Price{master.Retail: 3_000_000, master.Floor: 1_234_000}
	run(m, app.SaveItem{Item: it})
	m.item("A", nil) // the old code belongs to another item now
	h := see(m, app.History{Entity: master.OfItem, ID: id})
	if len(h) != 2 || !strings.Contains(h[0].Detail, "New name") || strings.Contains(h[0].Detail, "1.234") || !strings.Contains(h[0].Detail, "prices.floor") {
		t.Errorf("history: %+v", h)
	}
}
