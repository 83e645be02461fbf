package store

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/ledger"
	"tiezhang/app/master"
	"tiezhang/store/keyring"
)

var bg = context.Background()

func testVault() Vault { return Vault{Profile: keyring.ProfileForTests} }

const ownerPassword = "correct horse battery"

// tb is what testing.T and rapid.T have in common.
type tb interface {
	Helper()
	Errorf(string, ...any)
	Fatalf(string, ...any)
}

// shop is an open test shop with two warehouses, an account, a customer, a
// supplier and some items.
type shop struct {
	t        tb
	dir      string
	s        *Store
	keys     app.Keys
	code     app.RecoveryCode
	wh       [2]int64
	cash     int64
	customer int64
	supplier int64
	items    []int64
	n        int
}

func newShop(t testing.TB, items int) *shop {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "shop")
	o, code, err := testVault().Create(bg, dir, app.NewShop{ShopName: "测试店", OwnerName: "老板", Password: ownerPassword})
	if err != nil {
		t.Fatal(err)
	}
	sh := &shop{t: t, dir: dir, s: o.Store.(*Store), keys: o.Keys, code: code}
	t.Cleanup(func() {
		if err := sh.s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	sh.write(func(x app.Tx) error {
		for i := range sh.wh {
			id, err := x.SaveWarehouse(master.Warehouse{Code: fmt.Sprintf("W%d", i+1), Name: "仓库"})
			if err != nil {
				return err
			}
			sh.wh[i] = id
		}
		if sh.cash, err = x.SaveAccount(master.Account{Code: "C1", Name: "现金", Kind: master.Cash}); err != nil {
			return err
		}
		if sh.customer, err = x.SaveParty(master.Party{Code: "K1", Name: "客户", Kind: master.Customer}); err != nil {
			return err
		}
		if sh.supplier, err = x.SaveParty(master.Party{Code: "G1", Name: "供应商", Kind: master.Supplier}); err != nil {
			return err
		}
		for i := range items {
			id, err := x.SaveItem(master.Item{Code: fmt.Sprintf("A%d", i+1), Name: fmt.Sprintf("商品%d", i+1), Unit: "瓶",
				Prices: map[master.PriceLevel]amount.Price{master.Purchase: 3_000_000}})
			if err != nil {
				return err
			}
			sh.items = append(sh.items, id)
		}
		return nil
	})
	return sh
}

func (sh *shop) write(fn func(app.Tx) error) {
	sh.t.Helper()
	if err := sh.s.Write(bg, fn); err != nil {
		sh.t.Fatalf("%+v", err)
	}
}

func (sh *shop) read(fn func(app.Tx) error) {
	sh.t.Helper()
	if err := sh.s.Read(bg, fn); err != nil {
		sh.t.Fatalf("%+v", err)
	}
}

// draft is a document of a kind with one line an item.
func (sh *shop) draft(kind doc.Kind, date day.Date, lines ...doc.Line) doc.Document {
	sh.n++
	s, _ := doc.Of(kind)
	d := doc.Document{ID: fmt.Sprintf("doc-%d", sh.n), Kind: kind, Date: date, Status: doc.Draft, Lines: lines, WarehouseID: sh.wh[0], CreatedBy: 1}
	switch s.PartyRole {
	case "customer":
		d.PartyID = sh.customer
	case "supplier":
		d.PartyID = sh.supplier
	}
	if s.ToPlace == doc.Must {
		d.ToPlaceID = sh.wh[1]
	}
	for i := range d.Lines {
		d.Lines[i].No = i + 1
	}
	return d
}

// post does what the gate's Post does to the books, without rights and rules.
func post(x app.Tx, d doc.Document) error {
	spec, _ := doc.Of(d.Kind)
	if err := doc.Settle(spec, &d); err != nil {
		return err
	}
	origins := map[int]ledger.OriginMove{}
	for _, l := range d.Lines {
		if l.Origin.Doc == "" {
			continue
		}
		src, err := x.Document(l.Origin.Doc)
		if err != nil {
			return err
		}
		if from, _ := doc.Of(src.Kind); from.Promise != doc.NoPromise || from.Flow == doc.Move {
			continue // what was promised or lent moved no value
		}
		o, err := x.OriginMove(l.Origin.Doc, l.Origin.Line)
		if err != nil {
			return err
		}
		origins[l.No] = o
	}
	hints := map[int64]amount.Price{}
	for _, l := range d.Lines {
		it, err := x.Item(l.ItemID)
		if err != nil {
			return err
		}
		hints[l.ItemID] = it.Prices[master.Purchase]
	}
	return commit(x, spec, d, ledger.Plan(spec, &d, origins, hints))
}

// testBooks answers the ledger from a transaction.
type testBooks struct{ app.Tx }

func (b testBooks) Method() (ledger.Method, error) { return b.Tx.(*tx).method() }
func (b testBooks) ByBatch(item int64) (bool, error) {
	it, err := b.Item(item)
	return it.CostByBatch, err
}
func (b testBooks) OpenFrom() (day.Date, error) {
	m, closed, err := b.Tx.(*tx).lastClose()
	if err != nil || !closed {
		return 0, err
	}
	_, next := monthEnds(m.Month)
	return next, nil
}

func commit(x app.Tx, spec doc.Spec, d doc.Document, plan []ledger.Move) error {
	b, err := ledger.Post(spec, &d, plan, testBooks{x})
	if err != nil {
		return err
	}
	if d.Number, err = x.NextNumber(spec.Prefix, d.Date); err != nil {
		return err
	}
	d.Status, d.Version, d.PostedBy, d.PostedAt = doc.Posted, d.Version+1, 1, 1_800_000_000
	if err := x.InsertPosted(d); err != nil {
		return err
	}
	if err := x.Append(b); err != nil {
		return err
	}
	own, err := d.Paid()
	if err != nil {
		return err
	}
	for _, a := range d.Allocs {
		t, err := x.Document(a.Doc)
		if err != nil {
			return err
		}
		ts, _ := doc.Of(t.Kind)
		bill := ts.Trade == doc.AccReceivable && ts.TradeSign == 1 || ts.Trade == doc.AccPayable && ts.TradeSign == -1
		by := a.Amount
		if spec.Offsets && !bill || !spec.Offsets && ts.TradeSign == spec.TradeSign { // a credit is used up
			by = -by
		}
		if err := x.Settle(a.Doc, by); err != nil {
			return err
		}
		own += a.Amount
	}
	if own == 0 || spec.Offsets {
		return nil
	}
	return x.Settle(d.ID, own)
}

// reverse does what the gate's Reverse does.
func reverse(x app.Tx, id string, date day.Date) error {
	old, err := x.Document(id)
	if err != nil {
		return err
	}
	spec, _ := doc.Of(old.Kind)
	d := old.Clone()
	d.ID, d.Reverses, d.ReversedBy, d.Number, d.Date, d.Settled, d.Version = "R-"+old.ID, old.ID, "", "", date, 0, 0
	d.Amount, d.Discount, d.Total, d.Bonus, d.Points, d.PointsUsed = -old.Amount, -old.Discount, -old.Total, -old.Bonus, -old.Points, -old.PointsUsed
	for i := range d.Lines {
		l := &d.Lines[i]
		l.Qty, l.Base, l.Book, l.Off, l.Gross, l.Share = -l.Qty, -l.Base, -l.Book, -l.Off, -l.Gross, -l.Share
	}
	for i := range d.Payments {
		d.Payments[i].Amount = -d.Payments[i].Amount
	}
	for i := range d.Allocs {
		d.Allocs[i].Amount = -d.Allocs[i].Amount
	}
	moves, err := x.MovesOf(id)
	if err != nil {
		return err
	}
	if err := commit(x, spec, d, ledger.ReversePlan(d.ID, date, moves)); err != nil {
		return err
	}
	if err := x.SetStatus(id, doc.Reversed, d.ID); err != nil {
		return err
	}
	if rest := old.Total - old.Settled; rest != 0 && spec.Open() {
		if err := x.Settle(id, rest); err != nil {
			return err
		}
		return x.Settle(d.ID, -rest)
	}
	return nil
}

func (sh *shop) post(d doc.Document) string {
	sh.t.Helper()
	sh.write(func(x app.Tx) error { return post(x, d) })
	return d.ID
}

// sound fails when the check of the books finds anything.
func (sh *shop) sound() {
	sh.t.Helper()
	for _, f := range sh.findings() {
		sh.t.Errorf("%s %v", f.Key, f.Args)
	}
}

func (sh *shop) findings() []app.Finding {
	sh.t.Helper()
	var fs []app.Finding
	sh.read(func(x app.Tx) (err error) {
		fs, err = x.CheckBooks(bg, nil)
		return err
	})
	return fs
}

func (sh *shop) pool(item int64) ledger.Pool {
	sh.t.Helper()
	var p ledger.Pool
	sh.read(func(x app.Tx) (err error) {
		p, err = x.Pool(ledger.Pot{Item: item})
		return err
	})
	return p
}

func row(item int64, qty, price int64) doc.Line {
	return doc.Line{ItemID: item, Num: 1, Den: 1, Qty: amount.Qty(qty * amount.QtyScale), Price: amount.Price(price * amount.PriceScale)}
}

func wantFault(t testing.TB, err error, kind fault.Kind, key string) {
	t.Helper()
	if err == nil || fault.KindOf(err) != kind || fault.KeyOf(err) != key {
		t.Errorf("got %v, want %v %s", err, kind, key)
	}
}

var d1 = day.Must("2026-11-02")

func TestOneDay(t *testing.T) {
	sh := newShop(t, 2)
	it := sh.items[0]
	buy := sh.draft(doc.GoodsReceipt, d1, row(it, 10, 10), row(sh.items[1], 4, 2))
	buy.Payments = []doc.Payment{{AccountID: sh.cash, Amount: 50_00}}
	sh.post(buy)
	sale := sh.post(sh.draft(doc.SalesDelivery, d1.AddDays(2), row(it, 6, 20)))
	if p := sh.pool(it); p.Qty != 4*amount.QtyScale || p.Value != 40_00 {
		t.Fatalf("pool %+v", p)
	}
	sh.post(sh.draft(doc.GoodsReceipt, d1.AddDays(1), row(it, 10, 13))) // back-dated
	if p := sh.pool(it); p.Qty != 14*amount.QtyScale || p.Value != 161_00 {
		t.Fatalf("after back-dating: pool %+v, want 14 worth 161.00", p)
	}
	back := sh.draft(doc.SalesReturn, d1.AddDays(3), row(it, 2, 20))
	back.Lines[0].Origin = doc.Origin{Doc: sale, Line: 1}
	sh.post(back)
	again := sh.draft(doc.SalesReturn, d1.AddDays(3), row(it, 1, 20))
	again.Lines[0].Origin, again.Lines[0].Base = doc.Origin{Doc: sale, Line: 1}, amount.QtyScale
	sh.write(func(x app.Tx) error { // a draft has taken nothing back yet
		_, err := x.SaveDraft(again)
		return err
	})
	if p := sh.pool(it); p.Value != 161_00+23_00 {
		t.Fatalf("after a return: pool %+v", p)
	}
	sh.post(sh.draft(doc.StockTransfer, d1.AddDays(3), doc.Line{ItemID: it, Num: 1, Den: 1, Qty: 5 * amount.QtyScale}))
	sh.read(func(x app.Tx) error {
		for i, want := range []amount.Qty{11, 5} {
			if q, err := x.OnHand(it, sh.wh[i]); err != nil || q != want*amount.QtyScale {
				t.Errorf("on hand in %d: %v %v, want %d", i, q, err, want)
			}
		}
		o, err := x.OriginMove(sale, 1)
		if err != nil || o.Qty != 6*amount.QtyScale || o.Value != 69_00 || o.UsedQty != 2*amount.QtyScale || o.UsedValue != 23_00 {
			t.Errorf("origin %+v %v", o, err)
		}
		ms, err := x.MovesOf(sale)
		if err != nil || len(ms) != 1 || ms[0].Value != -60_00 || ms[0].Restated != -9_00 {
			t.Errorf("moves of the sale %+v %v", ms, err)
		}
		if b, err := x.Balance(doc.AccReceivable, sh.customer, 0); err != nil || b != 80_00 {
			t.Errorf("receivable %v %v", b, err)
		}
		if b, err := x.Balance(doc.AccCash, 0, sh.cash); err != nil || b != -50_00 {
			t.Errorf("cash %v %v", b, err)
		}
		d, err := x.Document(buy.ID)
		if err != nil || d.Settled != 50_00 || d.Number != "CG-20261102-0001" || d.Total != 108_00 {
			t.Errorf("document %+v %v", d, err)
		}
		tot, err := x.Totals()
		if err != nil || tot.Documents != 5 || tot.StockValue != 184_00+8_00 || tot.Receivable != 80_00 || tot.Payable != 188_00 || tot.Cash != -50_00 {
			t.Errorf("totals %+v %v", tot, err)
		}
		return nil
	})
	sh.sound()
	// opened again, everything is still there
	if err := sh.s.Close(); err != nil {
		t.Fatal(err)
	}
	o, err := testVault().Unlock(bg, sh.dir, "老板", ownerPassword)
	if err != nil {
		t.Fatal(err)
	}
	sh.s, sh.keys = o.Store.(*Store), o.Keys
	if p := sh.pool(it); p.Value != 184_00 {
		t.Errorf("reopened: pool %+v", p)
	}
	sh.sound()
}
