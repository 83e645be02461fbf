package app_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/ledger"
	"tiezhang/app/master"
	"tiezhang/store"
	"tiezhang/store/keyring"
)

// counter is a small real shop for the stories of trade: the clock is set by
// hand, and the books are checked after every step.
type counter struct {
	t     *testing.T
	clock *setClock
	s     *app.Session
	st    app.Store
	dir   string

	tea, cup, set          int64 // items
	supply, carrier, buyer int64 // parties; the buyer is a member
	wh, back               int64
	cash, bank             int64
}

// withPw brings the password along: days go by in a story.
var withPw = app.WithPassword(context.Background(), worldPassword)

func newCounter(t *testing.T) *counter {
	t.Helper()
	c := &counter{t: t, clock: &setClock{time.Date(2026, 10, 5, 8, 0, 0, 0, time.UTC)}, dir: t.TempDir()}
	v := &undoVault{Vault: store.Vault{Profile: keyring.ProfileForTests}}
	host := app.Host{Vault: v, Clock: c.clock, Machine: "test", Version: "test"}
	s, _, err := host.New(context.Background(), filepath.Join(c.dir, "shop"), app.NewShop{ShopName: "Corner", OwnerName: "boss", Password: worldPassword, Language: "en"})
	if err != nil {
		t.Fatal(err)
	}
	c.s, c.st = s, v.last
	t.Cleanup(func() {
		if err := s.Shop().Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	item := func(code string, change func(*master.Item)) int64 {
		it := master.Item{Code: code, Name: code, Unit: "pc", Units: []master.Unit{{Name: "box", Num: 12, Den: 1}}, Prices: prices(master.Retail, "30.00", master.Wholesale, "25.00")}
		if change != nil {
			change(&it)
		}
		return done(c, app.SaveItem{Item: it})
	}
	c.tea, c.cup, c.set = item("tea", nil), item("cup", nil), item("set", nil)
	party := func(p master.Party) int64 { p.Name = p.Code; return done(c, app.SaveParty{Party: p}) }
	c.supply = party(master.Party{Code: "supply", Kind: master.Supplier})
	c.carrier = party(master.Party{Code: "carrier", Kind: master.Supplier})
	c.buyer = party(master.Party{Code: "buyer", Kind: master.Customer, Card: "M1"})
	c.back = done(c, app.SaveWarehouse{Warehouse: master.Warehouse{Code: "B", Name: "Back"}})
	places, err := app.Ask(context.Background(), s, app.Places{})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range places.Warehouses {
		if w.ID != c.back {
			c.wh = w.ID
		}
	}
	for _, a := range places.Accounts {
		switch a.Kind {
		case master.Cash:
			c.cash = a.ID
		case master.Bank:
			c.bank = a.ID
		}
	}
	return c
}

func done[R any, C app.Command[R]](c *counter, cmd C) R {
	c.t.Helper()
	r, err := app.Do(withPw, c.s, cmd)
	if err != nil {
		c.t.Fatalf("%T %+v: %v", cmd, cmd, err)
	}
	return r
}

// post posts a document and checks the books after it.
func (c *counter) post(d doc.Document) app.Receipt {
	c.t.Helper()
	r := done(c, app.Post{Doc: c.fill(d)})
	c.clean()
	return r
}

// fill puts in what every document of a story has.
func (c *counter) fill(d doc.Document) doc.Document {
	s, ok := doc.Of(d.Kind)
	if !ok {
		c.t.Fatal(d.Kind)
	}
	if d.Date == 0 {
		d.Date = day.Of(c.clock.at)
	}
	if d.WarehouseID == 0 && s.Warehouse != doc.No {
		d.WarehouseID = c.wh
	}
	if d.Date != day.Of(c.clock.at) && d.Reason == "" {
		d.Reason = "late"
	}
	return d
}

// refused posts what must not go through: the keys of what is wrong, in order,
// and nothing changed.
func (c *counter) refused(d doc.Document, keys ...string) {
	c.t.Helper()
	before := c.moves()
	_, err := app.Do(withPw, c.s, app.Post{Doc: c.fill(d)})
	c.wrong(err, keys...)
	if after := c.moves(); after != before {
		c.t.Errorf("refused, but %d documents became %d", before, after)
	}
}

func (c *counter) wrong(err error, keys ...string) {
	c.t.Helper()
	if err == nil {
		c.t.Fatalf("went through, wanted %v", keys)
	}
	var l fault.List
	var f *fault.Error
	switch {
	case errors.As(err, &l):
	case errors.As(err, &f):
		l = fault.List{f}
	}
	have := []string{}
	for _, f := range l {
		have = append(have, f.Key)
	}
	if len(have) != len(keys) {
		c.t.Fatalf("%v, wanted %v", err, keys)
	}
	for i := range keys {
		if have[i] != keys[i] {
			c.t.Fatalf("%v, wanted %v", err, keys)
		}
	}
}

func (c *counter) read(fn func(app.Tx) error) {
	c.t.Helper()
	if err := c.st.Read(context.Background(), fn); err != nil {
		c.t.Fatal(err)
	}
}

func (c *counter) moves() (n int) {
	c.read(func(tx app.Tx) error {
		counts, err := tx.Counts()
		n = counts.Posted
		return err
	})
	return n
}

// clean runs the check of the books.
func (c *counter) clean() {
	c.t.Helper()
	c.read(func(tx app.Tx) error {
		fs, err := tx.CheckBooks(context.Background(), func(int64, int64) {})
		for _, f := range fs {
			c.t.Errorf("books: %s %v", f.Key, f.Args)
		}
		return err
	})
}

// holds compares quantity and value of an item with what they should be.
func (c *counter) holds(item int64, qty, value string) {
	c.t.Helper()
	c.read(func(tx app.Tx) error {
		p, err := tx.Pool(ledger.Pot{Item: item})
		if p.Qty.String() != qty || p.Value.String() != value {
			c.t.Errorf("on hand %s worth %s, want %s worth %s", p.Qty, p.Value, qty, value)
		}
		return err
	})
}

// balance compares an account.
func (c *counter) balance(a doc.AccountCode, party int64, want string) {
	c.t.Helper()
	c.read(func(tx app.Tx) error {
		b, err := tx.Balance(a, party, 0)
		if b.String() != want {
			c.t.Errorf("account %s of %d is %s, want %s", a, party, b, want)
		}
		return err
	})
}

func (c *counter) open(id, want string) {
	c.t.Helper()
	c.read(func(tx app.Tx) error {
		d, err := tx.Document(id)
		if rest := d.Total - d.Settled; rest.String() != want {
			c.t.Errorf("%s is open with %s, want %s", id, rest, want)
		}
		return err
	})
}

func (c *counter) line(item int64, q int64, price string) doc.Line {
	ln := doc.Line{ItemID: item, Qty: qty(q)}
	if price != "" {
		p, err := amount.ParsePrice(price)
		if err != nil {
			c.t.Fatal(err)
		}
		ln.Price = p
	}
	return ln
}

func from(ln doc.Line, id string, no int) doc.Line {
	ln.Origin = doc.Origin{Doc: id, Line: no}
	return ln
}

func (c *counter) on(date string) { c.clock.at = day.Must(date).Time().Add(8 * time.Hour) }

// TestAMonthOfTradeByItsFigures walks order, two receipts, freight, a late price, a
// sale, its return, settlement with money paid ahead, the closing of the month,
// a refused late entry and the reopening, with the figures of every step.
func TestAMonthOfTradeByItsFigures(t *testing.T) {
	c := newCounter(t)
	ctx := withPw
	order := doc.Document{ID: "order", Kind: doc.PurchaseOrder, PartyID: c.supply, Due: day.Must("2026-10-20"), Lines: []doc.Line{c.line(c.tea, 100, "10"), c.line(c.cup, 20, "5")}}
	c.post(order)
	c.balance(doc.AccPayable, c.supply, "0.00")

	// first receipt: 60 of 100 tea
	lines, err := app.Ask(ctx, c.s, app.PullLines{Kind: doc.GoodsReceipt, IDs: []string{"order"}})
	if err != nil || len(lines.Lines) != 2 || lines.Lines[0].Qty != qty(100) || lines.Lines[0].Price.String() != "10.00" || lines.Party != c.supply {
		t.Fatalf("%+v %v", lines, err)
	}
	first := doc.Document{ID: "in1", Kind: doc.GoodsReceipt, PartyID: c.supply, Lines: lines.Lines[:1]}
	first.Lines[0].Qty = qty(60)
	c.post(first)
	c.holds(c.tea, "60", "600.00")
	c.refused(doc.Document{ID: "in-much", Kind: doc.GoodsReceipt, PartyID: c.supply, Lines: []doc.Line{from(c.line(c.tea, 41, "10"), "order", 1)}}, "doc.promise-qty")
	// two lines of one document count together
	c.refused(doc.Document{ID: "in-much", Kind: doc.GoodsReceipt, PartyID: c.supply, Lines: []doc.Line{
		from(c.line(c.tea, 30, "10"), "order", 1), from(c.line(c.tea, 11, "10"), "order", 1)}}, "doc.promise-qty")
	open, err := app.Ask(ctx, c.s, app.OpenLines{Kind: doc.GoodsReceipt, Party: c.supply})
	if err != nil || len(open) != 1 || open[0].Lines[0].Open != qty(40) || open[0].Lines[0].Done != qty(60) || open[0].Lines[1].Open != qty(20) {
		t.Fatalf("%+v %v", open, err)
	}

	// second receipt: the rest, at the price the supplier really took
	c.on("2026-10-08")
	rest, err := app.Ask(ctx, c.s, app.PullLines{Kind: doc.GoodsReceipt, IDs: []string{"order"}})
	if err != nil || rest.Lines[0].Qty != qty(40) {
		t.Fatalf("%+v %v", rest, err)
	}
	c.post(doc.Document{ID: "in2", Kind: doc.GoodsReceipt, PartyID: c.supply, Lines: rest.Lines})
	c.holds(c.tea, "100", "1000.00")
	c.balance(doc.AccPayable, c.supply, "-1100.00")
	if open, err = app.Ask(ctx, c.s, app.OpenLines{Kind: doc.GoodsReceipt, Party: c.supply}); err != nil || len(open) != 0 {
		t.Fatalf("%+v %v", open, err)
	}
	_, err = app.Do(ctx, c.s, app.Reverse{ID: "order", Kind: doc.PurchaseOrder, Reason: "wrong"})
	c.wrong(err, "doc.has-pulls")

	// sold, then freight and the late price come in: 100 worth 1000 → 60 + 40
	c.on("2026-10-10")
	c.post(doc.Document{ID: "out", Kind: doc.SalesDelivery, PartyID: c.buyer, Lines: []doc.Line{c.line(c.tea, 50, "25")}})
	c.holds(c.tea, "50", "500.00")
	c.on("2026-10-12")
	pulled, err := app.Ask(ctx, c.s, app.PullLines{Kind: doc.LandedCost, IDs: []string{"in1", "in2"}})
	if err != nil || len(pulled.Lines) != 3 || pulled.Party != 0 {
		t.Fatalf("%+v %v", pulled, err)
	}
	shares, err := app.ShareCost(220_00, false, pulled.Weights) // 600 : 400 : 100
	if err != nil || shares[0] != 120_00 || shares[1] != 80_00 || shares[2] != 20_00 {
		t.Fatalf("%v %v", shares, err)
	}
	if by, err := app.ShareCost(120_00, true, pulled.Weights); err != nil || by[0] != 60_00 || by[1] != 40_00 || by[2] != 20_00 { // 60 : 40 : 20 pieces
		t.Fatalf("%v %v", by, err)
	}
	freight := doc.Document{ID: "freight", Kind: doc.LandedCost, PartyID: c.carrier, Lines: pulled.Lines}
	for i := range freight.Lines {
		freight.Lines[i].Amount = shares[i]
	}
	seen, err := app.Ask(ctx, c.s, app.Preview{Doc: c.fill(freight)})
	if err != nil || seen.Effect.Restated != 1 || seen.Effect.Margin != -100_00 { // half of 200 is sold
		t.Fatalf("%+v %v", seen, err)
	}
	c.post(freight)
	c.holds(c.tea, "50", "600.00")
	c.holds(c.cup, "20", "120.00")
	c.balance(doc.AccCOGS, 0, "600.00")
	c.balance(doc.AccTransit, 0, "0.00")
	c.balance(doc.AccPayable, c.carrier, "-220.00")
	late := doc.Document{ID: "late", Kind: doc.PriceAdjustment, PartyID: c.supply, Lines: []doc.Line{from(doc.Line{ItemID: c.tea, Amount: -100_00}, "in2", 1)}}
	c.post(late)
	c.holds(c.tea, "50", "550.00")
	c.balance(doc.AccCOGS, 0, "550.00")
	c.balance(doc.AccPayable, c.supply, "-1000.00")
	// looking ahead at taking the freight back says what taking it back does
	ahead, err := app.Ask(ctx, c.s, app.PreviewReverse{ID: "freight", Kind: doc.LandedCost})
	if err != nil || ahead.Effect.Margin != 100_00 || ahead.Total != -220_00 {
		t.Fatalf("%+v %v", ahead, err)
	}

	// a return takes price and cost of its sale
	c.on("2026-10-15")
	back, err := app.Ask(ctx, c.s, app.PullLines{Kind: doc.SalesReturn, IDs: []string{"out"}})
	if err != nil {
		t.Fatal(err)
	}
	back.Lines[0].Qty = qty(10)
	c.post(doc.Document{ID: "back", Kind: doc.SalesReturn, PartyID: c.buyer, Lines: back.Lines})
	c.holds(c.tea, "60", "660.00")
	c.balance(doc.AccReceivable, c.buyer, "1000.00")
	c.refused(doc.Document{ID: "back2", Kind: doc.SalesReturn, PartyID: c.buyer, Lines: []doc.Line{from(c.line(c.tea, 41, "25"), "out", 1)}}, "doc.origin-qty")

	// paid ahead 1200, of which 300 for the bill; the rest and the return by settlement
	c.on("2026-10-16")
	c.post(doc.Document{ID: "pay", Kind: doc.PaymentIn, PartyID: c.buyer, AccountID: c.bank, Amount: 1200_00, Allocs: []doc.Alloc{{Doc: "out", Amount: 300_00}}})
	c.open("pay", "900.00")
	c.open("out", "950.00")
	c.balance(doc.AccReceivable, c.buyer, "-200.00")
	settle := doc.Document{ID: "settle", Kind: doc.Settlement, PartyID: c.buyer, Allocs: []doc.Alloc{{Doc: "out", Amount: 950_00}, {Doc: "back", Amount: -250_00}, {Doc: "pay", Amount: -700_00}}}
	wrong := settle
	wrong.Allocs = append([]doc.Alloc(nil), settle.Allocs...)
	wrong.Allocs[2].Amount = -699_99
	c.refused(wrong, "doc.offsets")
	wrong.Allocs[0].Amount, wrong.Allocs[2].Amount = 951_00, -701_00
	c.refused(wrong, "doc.alloc-open")
	c.post(settle)
	c.open("out", "0.00")
	c.open("back", "0.00")
	c.open("pay", "200.00")
	_, err = app.Do(ctx, c.s, app.Reverse{ID: "pay", Kind: doc.PaymentIn, Reason: "wrong"})
	c.wrong(err, "doc.has-payments")
	done(c, app.Reverse{ID: "settle", Kind: doc.Settlement, Reason: "wrong"})
	c.clean()
	c.open("out", "950.00")
	c.open("pay", "900.00")
	done(c, app.Reverse{ID: "pay", Kind: doc.PaymentIn, Reason: "bounced"}) // its own 300 go back with it
	c.clean()
	c.open("out", "1250.00")
	c.open("pay", "0.00")

	// the month is closed, refuses a late entry, is opened again, takes it, and is closed anew
	c.on("2026-11-03")
	_, err = app.Do(ctx, c.s, app.CloseMonth{Month: 202611})
	c.wrong(err, "month.not-over")
	draft := c.fill(doc.Document{ID: "draft", Kind: doc.Expense, Date: day.Must("2026-10-31"), AccountID: c.cash, Category: "rent", Amount: 5})
	done(c, app.SaveDraft{Doc: draft})
	_, err = app.Do(ctx, c.s, app.CloseMonth{Month: 202610})
	c.wrong(err, "month.drafts")
	done(c, app.DropDraft{Kind: doc.Expense, ID: "draft"})
	closed := done(c, app.CloseMonth{Month: 202610})
	c.clean()
	if closed.Until != day.Must("2026-10-31") || len(closed.Hash) != 64 {
		t.Errorf("%+v", closed)
	}
	lateSale := doc.Document{ID: "slip", Kind: doc.SalesDelivery, PartyID: c.buyer, Date: day.Must("2026-10-20"), Lines: []doc.Line{c.line(c.tea, 1, "25")}}
	c.refused(lateSale, "doc.closed-month")
	// freight on a closed receipt: what is held takes its part, the rest is this month's cost
	c.post(doc.Document{ID: "freight2", Kind: doc.LandedCost, PartyID: c.carrier, Lines: []doc.Line{from(doc.Line{ItemID: c.cup, Amount: 10_00}, "in2", 2)}})
	c.holds(c.cup, "20", "130.00")
	c.balance(doc.AccTransit, 0, "0.00")
	_, err = app.Run(ctx, c.s, app.ReopenMonth{Month: 202610, Folder: filepath.Join(c.dir, "stick")})
	c.wrong(err, "doc.reason-needed")
	_, err = app.Run(ctx, c.s, app.ReopenMonth{Month: 202609, Reason: "x", Folder: filepath.Join(c.dir, "stick")})
	c.wrong(err, "month.reopen-order")
	_, err = app.Run(ctx, c.s, app.ReopenMonth{Month: 202610, Reason: "a bill turned up"})
	c.wrong(err, "month.no-backup-place")
	opened, err := app.Run(ctx, c.s, app.ReopenMonth{Month: 202610, Reason: "a bill turned up", Folder: filepath.Join(c.dir, "stick")})
	if err != nil || opened.Until != 0 || opened.Backup.Path == "" || opened.Backup.VerifiedAt.IsZero() {
		t.Fatalf("%+v %v", opened, err)
	}
	c.post(lateSale)
	c.clean()
	again := done(c, app.CloseMonth{Month: 202610})
	if again.Hash == closed.Hash {
		t.Error("another month, the same hash")
	}
	_, err = app.Do(ctx, c.s, app.CloseMonth{Month: 202610})
	c.wrong(err, "month.order")
	state, err := app.Ask(ctx, c.s, app.Months{})
	if err != nil || state.Next != 202611 || state.Over || len(state.Closes) != 2 || state.Closes[1].Reason != "a bill turned up" {
		t.Errorf("%+v %v", state, err)
	}
	c.clean()
}

// TestLendingBorrowingAndAssembly: goods in others' hands stay ours and are not
// sold twice; what is made is worth what was used up; the figures by hand.
func TestLendingBorrowingAndAssembly(t *testing.T) {
	c := newCounter(t)
	ctx := withPw
	c.post(doc.Document{ID: "in", Kind: doc.GoodsReceipt, PartyID: c.supply, Lines: []doc.Line{c.line(c.tea, 10, "10"), c.line(c.cup, 10, "4")}})
	// lent: on hand falls here, value stays
	c.post(doc.Document{ID: "lend", Kind: doc.LendOut, PartyID: c.buyer, Lines: []doc.Line{c.line(c.tea, 4, "")}})
	c.holds(c.tea, "10", "100.00")
	c.read(func(tx app.Tx) error {
		q, err := tx.OnHand(c.tea, 0)
		if q != qty(6) {
			t.Errorf("%s can be sold", q)
		}
		return err
	})
	c.refused(doc.Document{ID: "much", Kind: doc.SalesDelivery, PartyID: c.buyer, Lines: []doc.Line{c.line(c.tea, 7, "25")}}, "doc.stock-short")
	c.refused(doc.Document{ID: "r", Kind: doc.LendReturn, PartyID: c.buyer, Lines: []doc.Line{from(c.line(c.tea, 5, ""), "lend", 1)}}, "doc.origin-qty")
	c.refused(doc.Document{ID: "r", Kind: doc.LendReturn, PartyID: c.buyer, Lines: []doc.Line{c.line(c.tea, 1, "")}}, "doc.origin-must")
	lent := c.place()
	c.refused(doc.Document{ID: "t", Kind: doc.StockTransfer, ToPlaceID: lent, Lines: []doc.Line{c.line(c.tea, 1, "")}}, "doc.lent-place")
	c.post(doc.Document{ID: "r1", Kind: doc.LendReturn, PartyID: c.buyer, WarehouseID: c.back, Lines: []doc.Line{from(c.line(c.tea, 3, ""), "lend", 1)}})
	_, err := app.Do(ctx, c.s, app.Reverse{ID: "lend", Kind: doc.LendOut, Reason: "wrong"})
	c.wrong(err, "doc.has-pulls")
	done(c, app.Reverse{ID: "r1", Kind: doc.LendReturn, Reason: "wrong"})
	done(c, app.Reverse{ID: "lend", Kind: doc.LendOut, Reason: "wrong"})
	c.clean()
	c.read(func(tx app.Tx) error {
		q, err := tx.OnHand(c.tea, c.wh)
		if q != qty(10) {
			t.Errorf("%s came back", q)
		}
		return err
	})

	// borrowed goods come in at a value owed and go back at it
	c.post(doc.Document{ID: "borrow", Kind: doc.BorrowIn, PartyID: c.supply, Lines: []doc.Line{c.line(c.tea, 10, "14")}})
	c.holds(c.tea, "20", "240.00")
	c.balance(doc.AccBorrowed, 0, "-140.00")
	c.post(doc.Document{ID: "giveback", Kind: doc.BorrowReturn, PartyID: c.supply, Lines: []doc.Line{from(c.line(c.tea, 10, ""), "borrow", 1)}})
	c.balance(doc.AccBorrowed, 0, "0.00")
	c.holds(c.tea, "10", "100.00")

	c.on("2026-10-06") // within a day what is made comes before what leaves
	// two of tea and two cups make one set, with a fee of 2.00: 20 + 8 + 2
	in, out := c.line(c.set, 1, ""), c.line(c.tea, 2, "")
	in.Side, out.Side = 1, -1
	cup := c.line(c.cup, 2, "")
	cup.Side = -1
	make1 := doc.Document{ID: "make", Kind: doc.Assembly, AccountID: c.cash, Amount: 2_00, Lines: []doc.Line{in, out, cup}}
	bad := make1
	bad.Lines = []doc.Line{in}
	c.refused(bad, "doc.sides")
	c.post(make1)
	c.holds(c.set, "1", "30.00")
	c.holds(c.tea, "8", "80.00")
	c.balance(doc.AccProduction, 0, "0.00")
	c.post(doc.Document{ID: "sell", Kind: doc.SalesDelivery, PartyID: c.buyer, Lines: []doc.Line{c.line(c.set, 1, "50")}})
	// freight on the tea afterwards reaches the set that was sold: +10 on 10 tea, 2 of them
	c.post(doc.Document{ID: "freight", Kind: doc.LandedCost, PartyID: c.carrier, Lines: []doc.Line{from(doc.Line{ItemID: c.tea, Amount: 10_00}, "in", 1)}})
	c.holds(c.tea, "8", "88.00")
	c.balance(doc.AccCOGS, 0, "32.00")
	c.balance(doc.AccProduction, 0, "0.00")
	c.on("2026-10-07")
	// taken apart by weights 3 : 1
	c.post(doc.Document{ID: "in-set", Kind: doc.GoodsReceipt, PartyID: c.supply, Lines: []doc.Line{c.line(c.set, 1, "40")}})
	one, two, three := c.line(c.set, 1, ""), c.line(c.tea, 1, "3"), c.line(c.cup, 1, "1")
	one.Side, two.Side, three.Side = -1, 1, 1
	c.post(doc.Document{ID: "apart", Kind: doc.Disassembly, Lines: []doc.Line{one, two, three}})
	c.holds(c.tea, "9", "118.00")
	c.holds(c.cup, "9", "42.00")
	c.holds(c.set, "0", "0.00")
}

// place gives the lent place.
func (c *counter) place() (id int64) {
	c.read(func(tx app.Tx) (err error) { id, err = tx.LentPlace(""); return err })
	if id == 0 {
		c.t.Fatal("no place for what is lent")
	}
	return id
}

// as signs somebody in on the same shop; whoever was there is signed out.
func (c *counter) as(name string) *app.Session {
	c.t.Helper()
	s, err := c.s.Shop().SignIn(context.Background(), name, worldPassword)
	if err != nil {
		c.t.Fatal(err)
	}
	c.s = s
	return s
}

// person makes an account and signs it in.
func (c *counter) person(name string, role access.RoleID) *app.Session {
	c.t.Helper()
	done(c, app.AddUser{Name: name, Password: worldPassword, Role: role})
	return c.as(name)
}
