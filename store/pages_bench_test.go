package store

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tiezhang/app"
	"tiezhang/app/doc"
	"tiezhang/store/cipherdb"
)

// BenchmarkSalePages counts the encrypted pages a five-line sale writes: each is
// enciphered, authenticated and flushed, so they are what a sale costs. Sales
// between those measured let the trees grow as they do in a shop.
func BenchmarkSalePages(b *testing.B) {
	const items, between = 2000, 60
	sh := newShop(b, items)
	r := rand.New(rand.NewPCG(1, 2))
	n := 0
	sale := func(x app.Tx) error {
		n++
		d := doc.Document{ID: app.NewID(time.Unix(1_800_000_000+int64(n)*60, 0)), Kind: doc.RetailSale, Date: d1.AddDays(n / 600), WarehouseID: sh.wh[0], CreatedBy: 1}
		for no := range 5 {
			l := row(sh.items[r.IntN(items)], 1, 2)
			l.No = no + 1
			d.Lines = append(d.Lines, l)
		}
		d.Payments = []doc.Payment{{AccountID: sh.cash, Amount: 10_00}}
		if err := post(x, d); err != nil {
			return err
		}
		return logOne(sh.s, x, "sale.create")
	}
	many := func(count int) {
		sh.write(func(x app.Tx) error {
			for range count {
				if err := sale(x); err != nil {
					return err
				}
			}
			return nil
		})
	}
	many(2000)
	size := func() int64 {
		fi, err := os.Stat(filepath.Join(sh.dir, DBName+"-wal"))
		if err != nil {
			b.Fatal(err)
		}
		return fi.Size()
	}
	const frame = cipherdb.PageSize + 24
	var pages, sales int64
	for b.Loop() {
		b.StopTimer()
		many(between)
		b.StartTimer()
		before := size()
		sh.write(sale)
		if grown := size() - before; grown > 0 { // else the log was begun anew
			pages += grown / frame
			sales++
		}
	}
	if sales > 0 {
		b.ReportMetric(float64(pages)/float64(sales), "pages/sale")
	}
}
