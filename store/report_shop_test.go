package store

import (
	"fmt"
	"math/rand"
	"slices"
	"testing"
	"time"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/master"
	"tiezhang/app/oplog"
)

// busyShop is a shop after a few weeks of everything that can happen, from a
// seed: back-dating, negative stock, returns, transfers, reversals, drafts.
func busyShop(t testing.TB, seed int64, docs int) *shop {
	t.Helper()
	sh := newShop(t, 0)
	r := rand.New(rand.NewSource(seed))
	noon := time.Date(2026, 11, 22, 12, 0, 0, 0, time.Local)
	sh.s.now = func() time.Time { return noon }
	today := day.Of(noon)
	sh.write(func(x app.Tx) error {
		w, err := x.Warehouse(sh.wh[1])
		if err != nil {
			return err
		}
		w.Name = "后库"
		if _, err := x.SaveWarehouse(w); err != nil {
			return err
		}
		for i := range 9 {
			it := master.Item{Code: fmt.Sprintf("A%d", i+1), Name: []string{"可口可乐", "百事可乐", "50%糖", "a_b'c", "牛奶", "啤酒", "纸巾", "水", "茶"}[i], Unit: "瓶",
				Category: []string{"饮料", "饮料/汽水", "日用"}[i%3], Pinyin: fmt.Sprintf("py%d", 9-i), Initials: "kl",
				Units:    []master.Unit{{Name: "箱", Num: 12, Den: 1}},
				Barcodes: []master.Barcode{{Code: fmt.Sprintf("690000000000%d", i)}},
				Prices:   map[master.PriceLevel]amount.Price{master.Purchase: 3_000_000, master.Retail: amount.Price(1+i) * 1_000_000}, Min: amount.Qty(i) * 30_000, Max: amount.Qty(i%2) * 900_000, Disabled: i == 8}
			id, err := x.SaveItem(it)
			if err != nil {
				return err
			}
			sh.items = append(sh.items, id)
		}
		if _, err := x.SaveUser(app.User{Name: "小李", Role: access.Cashier}); err != nil {
			return err
		}
		_, err = x.SaveParty(master.Party{Code: "K2", Name: "王记", Kind: master.Both, Initials: "wj", Pinyin: "wangji", Phone: "13800138000", Owner: 2, Credit: 500_00})
		return err
	})
	var open, sales []string
	for n := range docs {
		date := today.AddDays(-r.Intn(40))
		kind := []doc.Kind{doc.GoodsReceipt, doc.GoodsReceipt, doc.SalesDelivery, doc.SalesDelivery, doc.RetailSale, doc.StockTransfer, doc.StockLoss, doc.PurchaseReturn,
			doc.SalesReturn, doc.StockGain, doc.PaymentIn, doc.PaymentOut, doc.Expense, doc.AccountTransfer, doc.OpeningReceivable, doc.OpeningStock, doc.OtherIncome}[r.Intn(17)]
		s, _ := doc.Of(kind)
		d := sh.draft(kind, date)
		d.Note, d.CreatedBy = []string{"", "急", "100%"}[r.Intn(3)], int64(1+r.Intn(2))
		if s.Lines == doc.No {
			d.WarehouseID, d.Amount = 0, amount.Money(1+r.Intn(9999))
			if s.Account == doc.Must {
				d.AccountID = sh.cash
			}
			if s.ToAccount == doc.Must {
				d.ToAccountID = 1
			}
			if s.Party == doc.Must && d.PartyID == 0 {
				d.PartyID = sh.customer
			}
			if s.Category == doc.Must {
				d.Category = "杂费"
			}
		} else if r.Intn(2) == 0 && s.ToPlace == doc.No {
			d.WarehouseID = sh.wh[1]
		}
		if s.Lines != doc.No {
			for i := range 1 + r.Intn(4) {
				l := row(sh.items[r.Intn(len(sh.items)-1)], 0, 0) // the last item never moves
				l.No, l.Qty = i+1, amount.Qty(1+r.Intn(200_000))
				if s.PriceNeed == doc.Must {
					l.Price = amount.Price(r.Intn(20_000_000))
				}
				if r.Intn(4) == 0 {
					l.Unit, l.Num = "箱", 12
				}
				if r.Intn(5) == 0 {
					l.Batch = "b1"
				}
				d.Lines = append(d.Lines, l)
			}
		}
		if s.Discount && r.Intn(3) == 0 {
			d.Discount = 1
		}
		if r.Intn(8) == 0 {
			sh.write(func(x app.Tx) error { _, err := x.SaveDraft(d); return err })
			continue
		}
		if kind == doc.RetailSale {
			if err := doc.Settle(s, &d); err != nil {
				t.Fatal(err)
			}
			if d.Total > 0 {
				d.Payments = []doc.Payment{{AccountID: sh.cash, Amount: d.Total}}
			}
		}
		if kind == doc.SalesReturn && len(sales) > 0 && r.Intn(2) == 0 {
			d.Lines = d.Lines[:1]
			from := sales[r.Intn(len(sales))]
			sh.read(func(x app.Tx) error {
				o, err := x.Document(from)
				d.Lines[0].ItemID, d.Lines[0].Origin = o.Lines[0].ItemID, doc.Origin{Doc: from, Line: o.Lines[0].No}
				d.Lines[0].Unit, d.Lines[0].Num, d.Lines[0].Qty = "", 1, 1
				d.Date = today
				return err
			})
		}
		id := sh.post(d)
		switch {
		case kind == doc.SalesDelivery && n%2 == 0:
			sales = append(sales, id)
		case s.Pays != doc.Must && d.Date != today:
			open = append(open, id)
		}
		if len(open) > 3 && r.Intn(4) == 0 {
			i := r.Intn(len(open))
			back := open[i]
			open = slices.Delete(open, i, i+1)
			sh.write(func(x app.Tx) error {
				d, err := x.Document(back)
				if err != nil {
					return err
				}
				date := d.Date
				if r.Intn(2) == 0 {
					date = today
				}
				return reverse(x, back, date)
			})
		}
	}
	sh.write(func(x app.Tx) error {
		for i := range 12 {
			seq, prev, err := x.LogHead()
			if err != nil {
				return err
			}
			e := oplog.Entry{Seq: seq + 1, UserID: int64(1 + i%2), User: []string{"老板", "小李"}[i%2], Role: "owner", Action: []string{"sale.create", "session.in"}[i%2],
				Object: fmt.Sprintf("XS-%d", i), Detail: `{"a<b":"50%_'"}`, Result: oplog.OK, Time: sh.s.now().AddDate(0, 0, -i).UnixMilli()}
			s, err := oplog.Seal(sh.s.LogKey(), prev, e)
			if err != nil {
				return err
			}
			if err := x.AppendLog(s, e); err != nil {
				return err
			}
		}
		return nil
	})
	sh.sound()
	return sh
}

// fullShop is a busy shop with something for every report.
func fullShop(t testing.TB, seed int64, docs int) *shop {
	t.Helper()
	sh := busyShop(t, seed, docs)
	sh.further(day.Of(sh.s.now()))
	return sh
}

// further adds what the reports of rarer things are about. Some of it is put
// into the tables as it would lie there: the reports read rows, and how these
// come about is tested where they are written.
func (sh *shop) further(today day.Date) {
	sh.exec(`INSERT INTO employee (code, name) VALUES ('Y1', '小陈'), ('Y2', '老周')`)
	sh.exec(`INSERT INTO custom_field (entity, key, name, type) VALUES ('item', 'c1', '产地', 'text'), ('party', 'c2', '片区', 'choice')`)
	for i, k := range []doc.Kind{doc.PurchaseOrder, doc.SalesOrder, doc.SalesOrder, doc.LendOut, doc.BorrowIn, doc.StockCount} {
		d := sh.draft(k, today.AddDays(-3*i))
		d.PartyID, d.ID, d.Number, d.Status, d.Due = sh.customer, fmt.Sprintf("f%d", i), fmt.Sprintf("F-%d", i), doc.Posted, today.AddDays(i-3)
		for n := range 2 {
			l := row(sh.items[n], 100_000, 3_000_000)
			l.No, l.Num, l.Den, l.Base, l.Book, l.Gross = n+1, 1, 1, 100_000, 90_000, 30_00
			d.Lines = append(d.Lines, l)
		}
		d.Total = 60_00
		d.Settled = 60_00
		sh.write(func(x app.Tx) error { return x.InsertPosted(d) })
	}
	d := sh.draft(doc.SalesDelivery, today)
	d.ID, d.Number, d.Status, d.Total, d.Settled = "f9", "F-9", doc.Posted, 12_00, 12_00
	l := row(sh.items[0], 40_000, 3_000_000)
	l.No, l.Num, l.Den, l.Base, l.Gross, l.Origin = 1, 1, 1, 40_000, 12_00, doc.Origin{Doc: "f1", Line: 1}
	d.Lines = []doc.Line{l}
	sh.write(func(x app.Tx) error { return x.InsertPosted(d) })
	sh.exec(`INSERT INTO sales_month VALUES (?, ?, 40000, 1200, 0, 1) ON CONFLICT DO UPDATE SET qty = qty + 40000, amount = amount + 1200, bills = bills + 1`, sh.items[0], monthOf(today))
	sh.exec(`UPDATE party SET card = 'M100' WHERE code = 'K1'`)
	sh.exec(`DROP TRIGGER document_no_update`)
	sh.exec(`UPDATE document SET staff = 1 + key % 2, points = total / 100, points_used = key % 3 WHERE kind IN ('SalesDelivery', 'RetailSale')`)
	sh.exec(`INSERT OR REPLACE INTO batch (item, batch, expiry) SELECT item, batch, CASE item % 2 WHEN 0 THEN ? ELSE ? END FROM stock_balance WHERE batch <> '' AND item % 3 <> 0 GROUP BY item, batch`, int64(today.AddDays(-5)), int64(today.AddDays(15)))
	sh.exec(`DROP TRIGGER line_serial_no_insert`)
	sh.exec(`INSERT INTO line_serial (doc, line, no, serial) SELECT doc, no, 1, 'SN' || doc FROM line WHERE doc IN (SELECT key FROM document WHERE kind IN ('GoodsReceipt', 'SalesDelivery'))`)
	sh.exec(`INSERT INTO serial_stock (item, serial, warehouse) SELECT l.item, s.serial, 1 FROM line_serial s JOIN line l ON l.doc = s.doc AND l.no = s.line GROUP BY l.item, s.serial`)
	sh.exec(`INSERT INTO month_close (month, at, by, seq, hash, reopened_by, reopened_at, reason) VALUES (?, 1, 1, 1, zeroblob(32), 1, ?, '查错')`, int64(today/100), sh.s.now().Unix())
}

func (sh *shop) exec(text string, args ...any) {
	sh.write(func(x app.Tx) error {
		_, err := x.(*tx).exec(text, args...)
		return err
	})
}
