package store

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/master"
)

// stockedShop has many items with names like a grocer's.
func stockedShop(b *testing.B, items int) *shop {
	sh := newShop(b, 0)
	r := rand.New(rand.NewPCG(1, 2))
	syllables := []string{"可", "口", "乐", "百", "事", "红", "茶", "牛", "奶", "康", "师", "傅", "面", "包", "酱", "油", "纸", "巾"}
	letters := "kklbshcnnksfmbjyzj"
	sh.write(func(x app.Tx) error {
		for i := range items {
			it := master.Item{Code: fmt.Sprintf("%06d", i), Unit: "个", Spec: fmt.Sprintf("%dml", r.IntN(20)*50+50),
				Barcodes: []master.Barcode{{Code: fmt.Sprintf("69%011d", i*7919)}}, Prices: map[master.PriceLevel]amount.Price{master.Retail: 1_000_000}}
			for range 6 {
				k := r.IntN(len(syllables))
				it.Name += syllables[k]
				it.Initials += letters[k : k+1]
				it.Pinyin += letters[k:k+1] + "ang"
			}
			id, err := x.SaveItem(it)
			if err != nil {
				return err
			}
			sh.items = append(sh.items, id)
		}
		return nil
	})
	return sh
}

func BenchmarkPicker50k(b *testing.B) {
	sh := stockedShop(b, 50_000)
	search := func(b *testing.B, q string) {
		sh.read(func(x app.Tx) error {
			_, err := x.SearchItems(q, 8)
			return err
		})
	}
	b.Run("load", func(b *testing.B) {
		for b.Loop() {
			sh.s.index = index{}
			search(b, "kl 500")
		}
	})
	for _, q := range []string{"kl 500", "k", "hcnn", "可乐", "6108", "nothing", "a b c"} {
		b.Run(q, func(b *testing.B) {
			for b.Loop() {
				search(b, q)
			}
		})
	}
}

// BenchmarkSale posts five-line sales, each a durable commit, without the gate.
func BenchmarkSale(b *testing.B) {
	sh := stockedShop(b, 100)
	stock := sh.draft(doc.OpeningStock, d1)
	for i, it := range sh.items {
		l := row(it, 1_000_000, 3)
		l.No = i + 1
		stock.Lines = append(stock.Lines, l)
	}
	sh.post(stock)
	n := 0
	sale := func() doc.Document {
		n++
		d := sh.draft(doc.RetailSale, d1.AddDays(1), row(sh.items[n%100], 1, 5), row(sh.items[(n+1)%100], 2, 5), row(sh.items[(n+2)%100], 3, 5),
			row(sh.items[(n+3)%100], 1, 5), row(sh.items[(n+4)%100], 1, 5))
		d.Payments = []doc.Payment{{AccountID: sh.cash, Amount: 40_00}}
		return d
	}
	b.Run("one a commit", func(b *testing.B) {
		for b.Loop() {
			sh.write(func(x app.Tx) error {
				if err := post(x, sale()); err != nil {
					return err
				}
				return logOne(sh.s, x, "sale.create")
			})
		}
	})
	b.Run("hundred a commit", func(b *testing.B) {
		for b.Loop() {
			sh.write(func(x app.Tx) error {
				for range 100 {
					if err := post(x, sale()); err != nil {
						return err
					}
				}
				return nil
			})
		}
	})
}

// BenchmarkBackdate puts a receipt before a thousand moves of its item. The
// items take turns: each posting leaves a thousand restatements behind.
func BenchmarkBackdate(b *testing.B) {
	sh := stockedShop(b, 10)
	for _, it := range sh.items {
		sh.post(sh.draft(doc.GoodsReceipt, d1, row(it, 100_000, 3)))
		sh.write(func(x app.Tx) error {
			for i := range 1000 {
				if err := post(x, sh.draft(doc.SalesDelivery, d1.AddDays(2+i/50), row(it, 1, 5))); err != nil {
					return err
				}
			}
			return nil
		})
	}
	n := 0
	for b.Loop() {
		n++
		sh.post(sh.draft(doc.GoodsReceipt, d1.AddDays(1), row(sh.items[n%len(sh.items)], 10_000, 4)))
	}
}
