package store

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/master"
)

func cola() master.Item {
	return master.Item{Code: "KL500", Name: "可口可乐", Spec: "500ml", Brand: "可口", Category: "食品/饮料", Unit: "瓶",
		Units:    []master.Unit{{Name: "箱", Num: 24, Den: 1, Price: 68_000_000}, {Name: "半箱", Num: 12, Den: 1}},
		Barcodes: []master.Barcode{{Code: "6901234567892"}, {Code: "16901234567899", Unit: "箱"}},
		Prices:   map[master.PriceLevel]amount.Price{master.Retail: 3_500_000, master.Purchase: 2_200_000},
		Min:      100_000, Max: 500_000, Initials: "kkkl", Pinyin: "kekoukele", Note: "冷藏\n好卖"}
}

func TestItemRoundTrip(t *testing.T) {
	sh := newShop(t, 0)
	want := cola()
	sh.write(func(x app.Tx) (err error) {
		want.ID, err = x.SaveItem(want)
		return err
	})
	want.Version = 1
	check := func() {
		t.Helper()
		sh.read(func(x app.Tx) error {
			for name, read := range map[string]func() (master.Item, error){
				"id":   func() (master.Item, error) { return x.Item(want.ID) },
				"code": func() (master.Item, error) { return x.ItemByCode(strings.ToLower(want.Code)) },
			} {
				if got, err := read(); err != nil || !reflect.DeepEqual(got, want) {
					t.Errorf("by %s: %v\n got %+v\nwant %+v", name, err, got, want)
				}
			}
			return nil
		})
	}
	check()
	stale := want
	want.Name, want.Units, want.Barcodes = "可口可乐(新)", want.Units[:1], want.Barcodes[1:]
	delete(want.Prices, master.Retail)
	sh.write(func(x app.Tx) error {
		_, err := x.SaveItem(want)
		return err
	})
	want.Version = 2
	check()
	wantFault(t, sh.s.Write(bg, func(x app.Tx) error { _, err := x.SaveItem(stale); return err }), fault.Conflict, "master.stale")
	check()
	// once goods have moved, the form must know
	sh.post(sh.draft(doc.OpeningStock, d1, row(want.ID, 5, 2)))
	want.HasMoves = true
	check()
	sh.read(func(x app.Tx) error {
		hits, err := x.ItemsByBarcode("16901234567899")
		if err != nil || len(hits) != 1 || hits[0].Unit != "箱" || hits[0].OnHand != 5*amount.QtyScale || hits[0].Item.ID != want.ID {
			t.Errorf("barcode: %+v %v", hits, err)
		}
		hits, err = x.ItemsByBarcode("6901234567892") // taken away above
		if err != nil || len(hits) != 0 {
			t.Errorf("old barcode: %+v %v", hits, err)
		}
		return nil
	})
}

func TestTakenNamesItsHolder(t *testing.T) {
	sh := newShop(t, 0)
	sh.write(func(x app.Tx) error {
		_, err := x.SaveItem(cola())
		return err
	})
	second := func(change func(*master.Item)) func(app.Tx) error {
		return func(x app.Tx) error {
			it := master.Item{Code: "X1", Name: "别的", Unit: "个"}
			change(&it)
			_, err := x.SaveItem(it)
			return err
		}
	}
	cases := []struct {
		key string
		fn  func(app.Tx) error
	}{
		{"master.code-taken", second(func(it *master.Item) { it.Code = "kl500" })}, // case does not make another code
		{"master.code-taken", func(x app.Tx) error {
			_, err := x.SaveParty(master.Party{Code: "g1", Name: "又一家", Kind: master.Supplier})
			return err
		}},
		{"master.code-taken", func(x app.Tx) error {
			_, err := x.SaveWarehouse(master.Warehouse{Code: "w1", Name: "又一仓"})
			return err
		}},
		{"master.code-taken", func(x app.Tx) error {
			_, err := x.SaveAccount(master.Account{Code: "c1", Name: "又一个", Kind: master.Bank})
			return err
		}},
		{"user.name-taken", func(x app.Tx) error {
			_, err := x.SaveUser(app.User{Name: "老板", Role: access.Cashier})
			return err
		}},
	}
	before := sh.dump()
	for _, c := range cases {
		err := sh.s.Write(bg, c.fn)
		wantFault(t, err, fault.Conflict, c.key)
		if c.key != "user.name-taken" {
			var f *fault.Error
			if f, _ = err.(*fault.Error); f == nil || f.Args["code"] == "" || f.Args["name"] == "" {
				t.Errorf("%v does not name the holder", err)
			}
		}
	}
	if sh.dump() != before {
		t.Error("a refused row stayed")
	}
	for name, err := range map[string]error{
		"item":      sh.s.Read(bg, func(x app.Tx) error { _, err := x.Item(999); return err }),
		"code":      sh.s.Read(bg, func(x app.Tx) error { _, err := x.ItemByCode("nope"); return err }),
		"party":     sh.s.Read(bg, func(x app.Tx) error { _, err := x.Party(999); return err }),
		"warehouse": sh.s.Read(bg, func(x app.Tx) error { _, err := x.Warehouse(999); return err }),
		"account":   sh.s.Read(bg, func(x app.Tx) error { _, err := x.Account(999); return err }),
		"picture":   sh.s.Write(bg, func(x app.Tx) error { return x.SetPicture(999, []byte("x")) }),
		"saving": sh.s.Write(bg, func(x app.Tx) error {
			_, err := x.SaveParty(master.Party{ID: 999, Version: 1, Code: "Z", Name: "Z", Kind: master.Both})
			return err
		}),
	} {
		if fault.KeyOf(err) != "master.unknown" || fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDraftComesBackExactly(t *testing.T) {
	sh := newShop(t, 2)
	d := doc.Document{ID: "half-typed", Kind: doc.SalesDelivery, Date: d1, Status: doc.Draft, PartyID: sh.customer, Note: "写到一半", CreatedBy: 1, CreatedAt: 77,
		Lines: []doc.Line{
			{No: 3, ItemID: sh.items[0], Unit: "箱", Num: 24, Den: 1, Qty: -5, Price: 7, Note: "负数也要留下", Batch: "B1", Expiry: d1},
			{No: 1}, // an empty row
			{No: 2, ItemID: sh.items[1], Qty: 1 << 60}},
		Payments: []doc.Payment{{AccountID: sh.cash, Amount: 5}, {}}}
	var v int64
	save := func(x app.Tx) (err error) { v, err = x.SaveDraft(d); return err }
	for want := int64(1); want <= 2; want++ {
		sh.write(save)
		if v != want {
			t.Fatalf("version %d, want %d", v, want)
		}
		d.Version = v
		sh.read(func(x app.Tx) error {
			if got, err := x.Document(d.ID); err != nil || !reflect.DeepEqual(got, d) {
				t.Errorf("%v\n got %+v\nwant %+v", err, got, d)
			}
			for user, n := range map[int64]int{0: 1, 1: 1, 2: 0} {
				if ds, err := x.Drafts(user); err != nil || len(ds) != n {
					t.Errorf("drafts of %d: %d %v", user, len(ds), err)
				}
			}
			return nil
		})
	}
	d.Version = 1
	wantFault(t, sh.s.Write(bg, save), fault.Conflict, "doc.stale")
	d.Lines[2].No = 3 // numbered twice: a line keeps its place and gets a number of its own
	d.Version = 2
	sh.write(save)
	sh.read(func(x app.Tx) error {
		got, err := x.Document(d.ID)
		if err != nil || got.Lines[0].No != 3 || got.Lines[2].ItemID != sh.items[1] || got.Lines[2].No == 3 {
			t.Errorf("%+v %v", got.Lines, err)
		}
		return nil
	})
	sh.write(func(x app.Tx) error { return x.SetStatus(d.ID, doc.Void, "") })
	wantFault(t, sh.s.Write(bg, save), fault.Conflict, "doc.not-draft")
	wantFault(t, sh.s.Read(bg, func(x app.Tx) error { _, err := x.Document("nobody"); return err }), fault.NotFound, "doc.unknown")
	wantFault(t, sh.s.Write(bg, func(x app.Tx) error { return x.SetStatus(d.ID, doc.Posted, "") }), fault.Conflict, "doc.not-draft")
}

func TestPostingADraft(t *testing.T) {
	sh := newShop(t, 1)
	d := sh.draft(doc.OpeningStock, d1, row(sh.items[0], 3, 2), row(sh.items[0], 4, 2))
	sh.write(func(x app.Tx) error {
		_, err := x.SaveDraft(d)
		return err
	})
	d.Version, d.Lines = 1, d.Lines[1:]
	sh.post(d)
	sh.read(func(x app.Tx) error {
		got, err := x.DocumentByNumber("QC-20261102-0001")
		if err != nil || got.ID != d.ID || got.Status != doc.Posted || len(got.Lines) != 1 || got.Lines[0].No != 2 {
			t.Errorf("%+v %v", got, err)
		}
		ds, err := x.Drafts(0)
		if err != nil || len(ds) != 0 {
			t.Errorf("the draft is still there: %v %v", ds, err)
		}
		c, err := x.Counts()
		if err != nil || c.Posted != 1 || c.ByKind[doc.OpeningStock] != 1 || c.Drafts != 0 || c.Items != 1 || c.Parties != 2 || c.Users != 1 {
			t.Errorf("%+v %v", c, err)
		}
		return nil
	})
	wantFault(t, sh.s.Write(bg, func(x app.Tx) error { return post(x, d) }), fault.Conflict, "doc.not-draft")
	sh.sound()
}

func TestLastPrice(t *testing.T) {
	sh := newShop(t, 2)
	sh.post(sh.draft(doc.GoodsReceipt, d1, row(sh.items[0], 3, 5)))
	sh.post(sh.draft(doc.GoodsReceipt, d1.AddDays(2), row(sh.items[0], 3, 7)))
	sh.post(sh.draft(doc.GoodsReceipt, d1.AddDays(1), row(sh.items[0], 3, 6)))
	gone := sh.post(sh.draft(doc.GoodsReceipt, d1.AddDays(3), row(sh.items[0], 3, 9)))
	sh.write(func(x app.Tx) error { return reverse(x, gone, d1.AddDays(3)) })
	sh.read(func(x app.Tx) error {
		for _, c := range []struct {
			kind        doc.Kind
			party, item int64
			want        amount.Price
		}{{doc.GoodsReceipt, sh.supplier, sh.items[0], 7_000_000}, {doc.GoodsReceipt, sh.supplier, sh.items[1], 0},
			{doc.SalesDelivery, sh.supplier, sh.items[0], 0}, {doc.GoodsReceipt, sh.customer, sh.items[0], 0}, {doc.GoodsReceipt, 0, sh.items[0], 0}} {
			p, _, _, ok, err := x.LastPrice(c.kind, c.party, c.item)
			if err != nil || p != c.want || ok != (c.want != 0) {
				t.Errorf("%+v: %v %v %v", c, p, ok, err)
			}
		}
		return nil
	})
}

func TestNumbersHaveNoGaps(t *testing.T) {
	sh := newShop(t, 0)
	take := func(x app.Tx, prefix string, d day.Date) string {
		n, err := x.NextNumber(prefix, d)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	_ = sh.s.Write(bg, func(x app.Tx) error {
		take(x, "XS", d1)
		return fault.Bad("test", "test.no")
	})
	sh.write(func(x app.Tx) error {
		got := []string{take(x, "XS", d1), take(x, "XS", d1), take(x, "XS", d1.AddDays(1)), take(x, "CG", d1)}
		want := []string{"XS-20261102-0001", "XS-20261102-0002", "XS-20261103-0001", "CG-20261102-0001"}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
		return nil
	})
}

func TestLogKeepsItsOrder(t *testing.T) {
	sh := newShop(t, 0)
	sh.write(func(x app.Tx) error {
		for i := range 3 {
			if err := logOne(sh.s, x, fmt.Sprintf("test.%d", i)); err != nil {
				return err
			}
		}
		return nil
	})
	sh.read(func(x app.Tx) error {
		seq, _, err := x.LogHead()
		es, err2 := x.LogEntries(2, 10)
		if err != nil || err2 != nil || seq != 3 || len(es) != 2 || es[0].Seq != 2 || es[1].Prev != es[0].Hash {
			t.Errorf("%d %v %v %v", seq, es, err, err2)
		}
		return nil
	})
	err := sh.s.Write(bg, func(x app.Tx) error {
		es, err := x.LogEntries(3, 1)
		if err != nil {
			return err
		}
		e := es[0]
		e.Seq = 5
		return x.AppendLog(e, e2(e.Seq))
	})
	wantFault(t, err, fault.Internal, "store.log-order")
}
