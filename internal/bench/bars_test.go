// Package bench measures the program against a floor taken in the same run, so
// that figures from different machines can be compared. It holds benchmarks
// only; they are run by `make bench`, never by `make test`.
package bench

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	_ "github.com/mutecomm/go-sqlcipher/v4" // the floor: the same engine without a key

	"tiezhang/app"
	"tiezhang/app/day"
	"tiezhang/app/demo"
	"tiezhang/app/doc"
	"tiezhang/app/report"
	"tiezhang/store"
	"tiezhang/store/keyring"
)

type wallClock struct{}

func (wallClock) Now() time.Time { return time.Now() }

// row is one line of the table.
type row struct {
	Work  string  `json:"work"`
	Each  float64 `json:"each_ms"`
	Ratio float64 `json:"ratio,omitempty"` // against the floor named beside it
	Floor string  `json:"floor,omitempty"`
	Bar   string  `json:"bar"`
}

func host() app.Host {
	return app.Host{Vault: store.Vault{Profile: keyring.ProfileForTests}, Clock: wallClock{}, Machine: "bench", Version: "bench"}
}

// each runs fn n times and gives the mean in milliseconds.
func each(b *testing.B, n int, fn func(i int) error) float64 {
	b.Helper()
	t := time.Now()
	for i := range n {
		if err := fn(i); err != nil {
			b.Fatal(err)
		}
	}
	return float64(time.Since(t).Microseconds()) / 1000 / float64(n)
}

// floor writes the rows of a five-line sale into a plain file: what any program
// on this engine must at least do.
func floor(b *testing.B, sales int) float64 {
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(b.TempDir(), "floor.db")+"?_txlock=immediate")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, q := range []string{"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL",
		"CREATE TABLE document(key INTEGER PRIMARY KEY, number TEXT, date INTEGER, party INTEGER, total INTEGER)",
		"CREATE TABLE line(doc INTEGER, no INTEGER, item INTEGER, qty INTEGER, price INTEGER, amount INTEGER, PRIMARY KEY(doc, no)) WITHOUT ROWID",
		"CREATE TABLE move(seq INTEGER PRIMARY KEY, doc INTEGER, item INTEGER, date INTEGER, qty INTEGER, value INTEGER)",
		"CREATE TABLE balance(item INTEGER PRIMARY KEY, qty INTEGER, value INTEGER)",
		"CREATE TABLE party(id INTEGER PRIMARY KEY, owes INTEGER)", "CREATE TABLE log(seq INTEGER PRIMARY KEY, body TEXT, hash BLOB)",
		"INSERT INTO party VALUES(1, 0)"} {
		if _, err := db.Exec(q); err != nil {
			b.Fatal(err)
		}
	}
	for i := range 200 {
		if _, err := db.Exec("INSERT INTO balance VALUES(?, 0, 0)", i); err != nil {
			b.Fatal(err)
		}
	}
	body := strings.Repeat("x", 300)
	return each(b, sales, func(i int) error {
		tx, err := db.Begin()
		if err != nil {
			return err
		}
		defer tx.Rollback() //nolint:errcheck // after Commit it has nothing to do
		steps := []struct {
			q string
			a []any
		}{{"INSERT INTO document VALUES(?, ?, 20260101, 1, 100)", []any{i + 1, strconv.Itoa(i)}}}
		for l := range 5 {
			item := (i*5 + l) % 200
			steps = append(steps, struct {
				q string
				a []any
			}{"INSERT INTO line VALUES(?, ?, ?, 1, 2, 3)", []any{i + 1, l, item}}, struct {
				q string
				a []any
			}{"INSERT INTO move(doc, item, date, qty, value) VALUES(?, ?, 20260101, -1, -2)", []any{i + 1, item}}, struct {
				q string
				a []any
			}{"UPDATE balance SET qty = qty - 1, value = value - 2 WHERE item = ?", []any{item}})
		}
		steps = append(steps, struct {
			q string
			a []any
		}{"UPDATE party SET owes = owes + 100 WHERE id = 1", nil}, struct {
			q string
			a []any
		}{"INSERT INTO log(body, hash) VALUES(?, randomblob(32))", []any{body}})
		for _, s := range steps {
			if _, err := tx.Exec(s.q, s.a...); err != nil {
				return err
			}
		}
		return tx.Commit()
	})
}

func wires(b *testing.B, s *app.Session, ws []app.Wire) {
	b.Helper()
	for len(ws) > 0 {
		n := min(len(ws), 200)
		if _, err := app.Do(context.Background(), s, app.PostWires{Wires: ws[:n]}); err != nil {
			b.Fatal(err)
		}
		ws = ws[n:]
	}
}

// BenchmarkBars runs once whatever b.N is, prints the table and writes
// TIEZHANG_BENCH_OUT (JSON) when that is set.
func BenchmarkBars(b *testing.B) {
	ctx := context.Background()
	s, _, err := host().New(ctx, filepath.Join(b.TempDir(), "shop"), app.NewShop{ShopName: "Bench", OwnerName: "Owner", Password: "Blue-Tiger-Runs-42"})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Shop().Close(ctx) //nolint:errcheck // the folder goes with the benchmark
	today := day.Of(time.Now())
	var setup []app.Wire
	err = demo.Make(demo.Plan{Seed: 1, Days: 1, End: today.AddDays(-400), Items: 2000, Names: map[string]string{"reason": "bench", "rent": "rent"}}, func(w app.Wire) error {
		setup = append(setup, w)
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	wires(b, s, setup)
	items := make([]int64, 200)
	for i := range items {
		v, err := app.Ask(ctx, s, app.GetItem{Code: fmt.Sprintf("%05d", 10001+i)})
		if err != nil {
			b.Fatal(err)
		}
		items[i] = v.Item.ID
	}
	pl, err := app.Ask(ctx, s, app.Places{})
	if err != nil {
		b.Fatal(err)
	}
	var rows []row
	add := func(r row) { rows = append(rows, r) }

	fl := floor(b, 400)
	add(row{Work: "floor: the rows of a 5-line sale, plain file", Each: fl})
	sale := func(i int) doc.Document {
		d := doc.Document{ID: "b" + strconv.Itoa(i), Kind: doc.RetailSale, Date: today, WarehouseID: pl.Warehouses[0].ID}
		for l := range 5 {
			d.Lines = append(d.Lines, doc.Line{ItemID: items[(i*5+l)%200], Qty: 10000, Price: 2_000_000})
		}
		d.Payments = []doc.Payment{{AccountID: pl.Accounts[0].ID, Amount: 1000}}
		return d
	}
	post := each(b, 400, func(i int) error {
		_, err := app.Do(ctx, s, app.Post{Doc: sale(i), AllowNegative: true})
		return err
	})
	add(row{Work: "5-line sale through the gate", Each: post, Ratio: post / fl, Floor: "floor", Bar: "<= 3 x floor"})

	var bulk []app.Wire
	for i := range 2000 {
		w := app.Wire{Kind: "RetailSale", ID: "w" + strconv.Itoa(i), Reason: "bench", AllowNegative: true}
		for l := range 5 {
			p := app.Dec("2.00")
			w.Lines = append(w.Lines, app.WireLine{Item: fmt.Sprintf("%05d", 10001+(i*5+l)%200), Qty: "1", Price: &p})
		}
		bulk = append(bulk, w)
	}
	t := time.Now()
	wires(b, s, bulk)
	perLine := float64(time.Since(t).Microseconds()) / 1000 / 10000
	add(row{Work: fmt.Sprintf("posting in bulk: %.0f lines a second", 1000/perLine), Each: perLine, Ratio: perLine * 5 / fl, Floor: "floor", Bar: ">= 5000 lines/s"})

	p := app.Dec("2.00")
	var later []app.Wire
	for i := range 1000 {
		later = append(later, app.Wire{Kind: "SalesDelivery", ID: "l" + strconv.Itoa(i), Date: today.AddDays(-100 + i/20).String(), Reason: "bench", Party: "C001",
			Lines: []app.WireLine{{Item: "10300", Qty: "1", Price: &p}}})
	}
	wires(b, s, append([]app.Wire{{Kind: "GoodsReceipt", ID: "big", Date: today.AddDays(-300).String(), Reason: "bench", Party: "S001", Lines: []app.WireLine{{Item: "10300", Qty: "5000", Price: &p}}}}, later...))
	back := each(b, 5, func(i int) error {
		c := app.Dec("3." + strconv.Itoa(10+i))
		_, err := app.Do(ctx, s, app.PostWire{Wire: app.Wire{Kind: "GoodsReceipt", ID: "back" + strconv.Itoa(i), Date: today.AddDays(-200).String(), Reason: "bench", Party: "S001",
			Lines: []app.WireLine{{Item: "10300", Qty: "100", Price: &c}}}})
		return err
	})
	add(row{Work: "back-dated receipt restating 1,000 later moves", Each: back, Ratio: back / fl, Floor: "floor", Bar: "<= 50 ms"})

	for _, q := range []string{"kl 500", "nfsq", "6900", "shuijiao"} {
		f := each(b, 50, func(int) error {
			_, err := app.Ask(ctx, s, app.FindItems{Query: q, Limit: 8})
			return err
		})
		add(row{Work: "picker of 2,000 items: " + q, Each: f, Bar: "<= 5 ms at 50,000"})
	}
	for _, n := range []string{"documents", "stock-balance", "sales-detail", "sales-summary"} {
		f := each(b, 5, func(int) error {
			_, err := app.Ask(ctx, s, app.Report{Query: report.Query{Name: n, Limit: 200, Count: true}})
			return err
		})
		add(row{Work: "first page and totals: " + n, Each: f, Bar: "see performance notes"})
	}
	chk := each(b, 1, func(int) error {
		v, err := app.Run(ctx, s, app.VerifyShop{})
		if err == nil && len(v.Findings) > 0 {
			err = fmt.Errorf("findings: %v", v.Findings)
		}
		return err
	})
	add(row{Work: "full self-check of this shop", Each: chk})

	fmt.Printf("\n%-58s %10s %9s  %s\n", "work", "each ms", "x floor", "bar")
	for _, r := range rows {
		ratio := ""
		if r.Ratio != 0 {
			ratio = fmt.Sprintf("%.1f", r.Ratio)
		}
		fmt.Printf("%-58s %10.3f %9s  %s\n", r.Work, r.Each, ratio, r.Bar)
	}
	if out := os.Getenv("TIEZHANG_BENCH_OUT"); out != "" {
		j, err := json.MarshalIndent(rows, "", "  ")
		if err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(out, append(j, '\n'), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() { //nolint:revive // the work above is the benchmark
	}
}
