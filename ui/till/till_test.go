package till

import (
	"context"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"pgregory.net/rapid"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/report"
)

func TestScannerAlone(t *testing.T) {
	r := newRig(t)
	r.stockUp()
	p := r.open("")
	r.do("{6902083881405}{6902083881405}{6907992500010}{16901234567899}")
	if got := r.lines(); got != "A2 瓶 2 2.00|A3 盒 1 3.50|A1 箱 1 108.00" {
		t.Fatal(got)
	}
	if r.Focused() != p.box {
		t.Fatal("the scan box lost the focus")
	}
	r.do("<Enter>") // nothing in the box: pay
	if !r.Router.InModal() {
		t.Fatal("no pay dialog")
	}
	r.do("<Enter>") // exact cash
	r.noFails()
	if p.last == nil || p.last.total != money("115.50") || p.last.change != 0 || len(p.bill.lines) != 0 || r.Focused() != p.box {
		t.Fatal(p.last, r.lines())
	}
	if r.ask("现金") != money("115.50") || r.onHand("A2") != "998" || r.onHand("A1") != "2376" {
		t.Fatal(r.ask("现金"), r.onHand("A2"), r.onHand("A1"))
	}
}

func TestScansAreNotLostWhileTheDiskIsSlow(t *testing.T) {
	r := newRig(t)
	r.stockUp()
	r.open("")
	for range 5 { // nothing is looked up until the bursts are over
		r.Scan("6902083881405")
		r.Scan("6907992500010")
	}
	r.settle()
	if got := r.lines(); got != "A2 瓶 5 2.00|A3 盒 5 3.50" {
		t.Fatal(got)
	}
}

func TestMultiplierKeysAndCorrections(t *testing.T) {
	r := newRig(t)
	r.stockUp()
	p := r.open("")
	r.do("12*")
	r.do("{6902083881405}")
	if got := r.lines(); got != "A2 瓶 12 2.00" {
		t.Fatal(got)
	}
	r.do("++-")
	r.do("{6907992500010}3<F2>") // a number, then the key
	r.do("<F3>2.8<Enter><F4>0.4<Enter>")
	if got := r.lines(); got != "A2 瓶 13 2.00|A3 盒 3 2.80" || p.bill.doc.Total != money("34.00") {
		t.Fatal(got, p.bill.doc.Total)
	}
	r.do("<F2>0<Enter>") // refused, and stays asked
	if !r.Router.InModal() || r.lines() != "A2 瓶 13 2.00|A3 盒 3 2.80" {
		t.Fatal(r.lines())
	}
	r.do("<Escape><F2>6901234567892<Enter>")
	if !r.Router.InModal() {
		t.Fatal("a barcode was taken for a quantity", r.lines())
	}
	r.do("<Escape><Escape><Up><Delete>")
	if got := r.lines(); got != "A3 盒 3 2.80" {
		t.Fatal(got)
	}
	r.do("1234567*6907992500010<Enter>")
	if got := r.lines(); got != "A3 盒 3 2.80" || p.message.Words == "" {
		t.Fatal(got)
	}
}

func TestPinyinAndChoice(t *testing.T) {
	r := newRig(t)
	r.stockUp()
	p := r.open("")
	r.do("nfsq")
	if len(p.hits.found) != 1 {
		t.Fatal(p.hits.found)
	}
	r.do("<Enter>hq<Down><Enter>")
	if got := r.lines(); !strings.HasPrefix(got, "A2 瓶 1 2.00|C") {
		t.Fatal(got)
	}
	// several items on a number: the digit chooses
	p.choosing = nil
	hits, err := app.Ask(context.Background(), r.s, app.FindItems{Query: "hq", Limit: 9})
	if err != nil || len(hits) < 2 {
		t.Fatal(hits, err)
	}
	p.hits.set(hits)
	p.choosing = func(h app.ItemHit) { p.ring(h, "2", nil) }
	r.do("2")
	if got := r.lines(); !strings.Contains(got, hits[1].Item.Code+" 个") || p.choosing != nil || p.box.Text != "" {
		t.Fatal(got, p.box.Text)
	}
}

func TestUnknownCodeIsMadeWithoutLosingTheBill(t *testing.T) {
	r := newRig(t)
	r.stockUp()
	p := r.open("")
	r.do("{6902083881405}{6999999999990}")
	if !r.Router.InModal() || r.lines() != "A2 瓶 1 2.00" {
		t.Fatal(r.lines())
	}
	r.do("<Escape>")
	if r.Focused() != p.box {
		t.Fatal("focus")
	}
	r.do("{6999999999990}6912345678901<Tab>5<Enter>") // a barcode is no name
	if !r.Router.InModal() {
		t.Fatal("an item was named by a barcode")
	}
	r.do("<Escape>2*")
	r.do("{6999999999990}新口味汽水<Enter>5.5<Enter>")
	r.noFails()
	if got := r.lines(); got != "A2 瓶 1 2.00|6999999999990 个 2 5.50" {
		t.Fatal(got)
	}
}

func TestMixedPaymentChangeAndRounding(t *testing.T) {
	r := newRig(t)
	r.stockUp()
	p := r.open("")
	r.do("{6902083881405}<F3>9.99<Enter>")
	r.do("<F9><F8>") // 9.99 → 9.90
	if p.bill.doc.Total != money("9.90") {
		t.Fatal(p.bill.doc.Total)
	}
	r.do("<F8>") // → 9.50
	if p.bill.doc.Total != money("9.50") {
		t.Fatal(p.bill.doc.Total)
	}
	r.do("<F8>") // → 9.00
	if p.bill.doc.Total != money("9.00") {
		t.Fatal(p.bill.doc.Total)
	}
	r.do("5<Enter>") // not enough
	if !r.Router.InModal() || p.last != nil {
		t.Fatal("posted with money missing")
	}
	r.do("<F2><Enter>") // the rest by WeChat
	r.noFails()
	if p.last == nil || r.ask("现金") != money("5.00") || r.ask("微信") != money("4.00") {
		t.Fatal(p.last, r.ask("现金"), r.ask("微信"))
	}
	r.do("{6907992500010}<Enter>100<Enter>")
	if p.last.change != money("96.50") || r.ask("现金") != money("8.50") {
		t.Fatal(p.last.change, r.ask("现金"))
	}
	r.do("{6907992500010}<Enter><F2><Enter>")
	if p.last.change != 0 || r.ask("微信") != money("7.50") {
		t.Fatal(r.ask("微信"))
	}
	r.do("{6907992500010}<Enter>")
	r.do("{6907992500010}") // a scan into the money
	if !r.Router.InModal() || r.ask("现金") != money("8.50") {
		t.Fatal("a barcode was paid")
	}
}

func TestHoldRecallAndAKill(t *testing.T) {
	r := newRig(t)
	r.stockUp()
	p := r.open("")
	r.do("{6902083881405}{6907992500010}<F5>")
	if len(p.bill.lines) != 0 || p.held != 1 {
		t.Fatal(r.lines(), p.held)
	}
	r.do("{6900000000001}")
	// the program dies; nothing is left or closed
	r.page = nil
	p = r.open("")
	if got := r.lines(); got != "C1 个 1 1.00" || p.held != 1 {
		t.Fatal("after the kill:", got, p.held)
	}
	r.do("<F6><Enter>") // recalls the held one, holds this one
	if got := r.lines(); got != "A2 瓶 1 2.00|A3 盒 1 3.50" || p.held != 1 {
		t.Fatal(got, p.held)
	}
	r.do("<Enter><Enter>")
	if p.last == nil || p.last.total != money("5.50") {
		t.Fatal(p.last)
	}
	r.do("<F6><Enter><F12><Enter>") // No is the default of what throws away
	if got := r.lines(); got != "C1 个 1 1.00" {
		t.Fatal(got)
	}
	r.do("<Delete>")
	ds, err := app.Ask(context.Background(), r.s, app.MyDrafts{})
	if err != nil || len(ds) != 0 {
		t.Fatal(ds, err)
	}
}

func TestReturnWithAndWithoutReceipt(t *testing.T) {
	r := newRig(t)
	r.stockUp()
	p := r.open("")
	r.do("3*6902083881405<Enter>{6907992500010}<F8>0.5<Enter><Enter><Enter>") // 9.50 less 0.50
	number := p.last.number
	r.do("<F7>" + strings.ToLower(number) + "<Enter>")
	r.do("<Enter>") // its first line
	if !p.bill.back() || len(p.bill.lines) != 1 || p.bill.lines[0].Origin.Line != 1 {
		t.Fatal(r.lines())
	}
	r.do("1<F2><Enter><Enter>")
	r.noFails()
	if !p.last.back || p.bill.back() || r.onHand("A2") != "998" {
		t.Fatal(p.last, r.onHand("A2"))
	}
	if got := r.ask("现金"); got != money("9.00")-p.last.total || p.last.total != money("1.89") { // what it really cost, not its price
		t.Fatal(got, p.last.total)
	}
	r.do("<F7>" + number + "<Enter><Enter>3<F2><Enter><Enter>") // one is back already
	if p.last.total != money("1.89") || p.message.Words == "" {
		t.Fatal("more came back than was sold")
	}
	r.do("<F12><Tab><Enter>")
	r.do("<F7><Enter>{6907992500010}<Enter><Enter>") // without a receipt: approval
	r.noFails()
	if p.last.total != money("3.50") || r.onHand("A3") != "500" {
		t.Fatal(p.last, r.onHand("A3"))
	}
}

func TestNegativeStockWarnsAndCanBePassed(t *testing.T) {
	r := newRig(t)
	p := r.open("")
	r.do("{6902083881405}<Enter><Enter>")
	if p.last != nil || !r.Router.InModal() {
		t.Fatal("sold without a word")
	}
	r.do("<Escape>")
	if got := r.lines(); got != "A2 瓶 1 2.00" || p.last != nil {
		t.Fatal(got)
	}
	r.do("<Enter><Enter><Enter>")
	r.noFails()
	if p.last == nil || r.onHand("A2") != "-1" {
		t.Fatal(p.last, r.onHand("A2"))
	}
}

func TestSlipWithoutAPrinter(t *testing.T) {
	r := newRig(t)
	r.stockUp()
	r.saveTo = t.TempDir()
	p := r.open("")
	r.do("{6902083881405}<Enter><Enter><F10>")
	r.noFails()
	b, err := os.ReadFile(filepath.Join(r.saveTo, p.last.number+".pdf"))
	if err != nil || !strings.HasPrefix(string(b), "%PDF") || len(r.papers) != 1 || len(r.written) != 0 {
		t.Fatal(err, len(b), r.papers, r.written)
	}
	// a printer that is not there costs the slip, never the sale
	r.do("<Ctrl+F10>/no/such/printer<Enter>{6902083881405}<Enter><Enter>")
	if p.last == nil || !strings.Contains(p.message.Words, "/no/such/printer") || r.onHand("A2") != "998" {
		t.Fatal(p.message.Words, r.onHand("A2"))
	}
}

// TestASecondReceiptWantsAStep: the first comes by itself and asks nothing, the
// key for another one asks as the gate does; on a printer or in its stead.
func TestASecondReceiptWantsAStep(t *testing.T) {
	r := newRig(t)
	r.stockUp()
	r.saveTo = t.TempDir()
	printer := filepath.Join(r.saveTo, "lp0")
	for _, path := range []string{printer, ""} {
		if err := os.WriteFile(printer, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		fyne.CurrentApp().Preferences().SetString(deviceKey, path)
		if r.page != nil {
			r.page.Close()
		}
		r.open("")
		r.clock.t = r.clock.t.Add(6 * time.Minute) // the password of the sign-in is forgotten
		r.asked = nil
		r.do("{6902083881405}<Enter><Enter>")
		if path == "" {
			r.do("<F10>")
		}
		r.noFails()
		if b, _ := os.ReadFile(printer); len(r.asked) != 0 || path != "" && len(b) == 0 {
			t.Fatalf("the first receipt: asked %v, %d bytes", r.asked, len(b))
		}
		r.do("<F10>")
		r.noFails()
		if len(r.asked) != 1 || r.asked[0] != access.Password {
			t.Errorf("with printer %q the second receipt asked %v", path, r.asked)
		}
	}
}

// TestABillOverMidnight: one begun before midnight is sold today and asks nobody
// why it is late.
func TestABillOverMidnight(t *testing.T) {
	r := newRig(t)
	r.stockUp()
	r.open("")
	before := r.sales()
	r.do("{6902083881405}")
	r.clock.t = r.clock.t.AddDate(0, 0, 1)
	r.do("<Enter><Enter>")
	r.noFails()
	if r.sales() != before+1 {
		t.Fatal("it was not sold:", r.lines())
	}
	p, err := app.Ask(t.Context(), r.s, app.Report{Query: report.Query{Name: "sales-detail", From: day.Of(r.clock.t), To: day.Of(r.clock.t)}})
	if err != nil || len(p.Rows) != 1 {
		t.Errorf("%d lines sold today: %v", len(p.Rows), err)
	}
}

// A shift of thirty bills by scans and keys: the books agree to the fen with a
// cashier who adds up in her head.
func TestShiftOfThirtyBills(t *testing.T) {
	r := newRig(t)
	r.stockUp()
	p := r.open("")
	rnd := rand.New(rand.NewSource(7))
	goods := []struct {
		code, barcode string
		price         amount.Money
		base          int
	}{{"A2", "6902083881405", 200, 1}, {"A3", "6907992500010", 350, 1}, {"A1", "6901234567892", 450, 1}, {"A1", "16901234567899", 10800, 24}, {"C1", "6900000000001", 100, 1}}
	sold := map[string]int{}
	want := map[string]amount.Money{}
	var total amount.Money
	held := ""
	for bill := range 30 {
		var sum amount.Money
		n := 1 + rnd.Intn(5)
		for range n {
			g := goods[rnd.Intn(len(goods))]
			qty := 1
			if g.base == 1 && rnd.Intn(3) == 0 {
				qty = 2 + rnd.Intn(8)
				r.do(fmt.Sprintf("%d*", qty))
			}
			r.do("{" + g.barcode + "}")
			sold[g.code] += qty * g.base
			sum += g.price * amount.Money(qty)
		}
		if p.bill.doc.Total != sum {
			t.Fatalf("bill %d: %s on the screen, %s by head: %s", bill, p.bill.doc.Total, sum, r.lines())
		}
		if bill == 7 { // a customer forgot the purse and comes back after the next one
			r.do("<F5>")
			held = sum.String()
			total += sum
			want["现金"] += sum
			continue
		}
		switch rnd.Intn(4) {
		case 0:
			r.do("<Enter><Enter>")
			want["现金"] += sum
		case 1:
			r.do(fmt.Sprintf("<Enter>%d<Enter>", sum/100+7))
			want["现金"] += sum
		case 2:
			r.do("<F9><F2><Enter>")
			want["微信"] += sum
		case 3:
			cash := sum / 300 * 100
			if cash == 0 {
				r.do("<F9><F3><Enter>")
			} else {
				r.do(fmt.Sprintf("<F9>%s<F3><Enter>", cash))
			}
			want["现金"] += cash
			want["支付宝"] += sum - cash
		}
		total += sum
		if p.last == nil || p.last.total != sum {
			t.Fatalf("bill %d was not posted: %s %v", bill, p.message.Words, r.fails)
		}
		if held != "" {
			r.do("<F6><Enter><Enter><Enter>")
			if p.last.total.String() != held {
				t.Fatal("the held bill", p.last.total, held)
			}
			held = ""
		}
	}
	r.noFails()
	for _, name := range []string{"现金", "微信", "支付宝"} {
		if got := r.ask(name); got != want[name] {
			t.Errorf("%s: %s in the books, %s by head", name, got, want[name])
		}
	}
	start := map[string]int{"A1": 2400, "A2": 1000, "A3": 500, "C1": 50}
	for code, n := range sold {
		if got, want := r.onHand(code), fmt.Sprint(start[code]-n); got != want {
			t.Errorf("%s: %s left, want %s", code, got, want)
		}
	}
	rep, err := app.Ask(context.Background(), r.s, app.Report{Query: report.Query{Name: "sales-detail", Count: true}})
	if err != nil || amount.Money(rep.Totals["amount"].Num) != total {
		t.Error(rep.Totals["amount"], total, err)
	}
	rep, err = app.Ask(context.Background(), r.s, app.Report{Query: report.Query{Name: "documents", Kinds: []string{string(doc.RetailSale)}, Count: true}})
	if err != nil || rep.Total != 30 {
		t.Error(rep.Total, err)
	}
}

// Whatever is handed over, payments add up to the bill and the change to what
// was too much.
func TestPayAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := amount.Money(rapid.Int64Range(0, 1_000_00).Draw(t, "total"))
		in := []tendered{{account{id: 1, cash: true}, 0}, {account{id: 2}, 0}, {account{id: 3}, 0}}
		for i := range in {
			in[i].amount = amount.Money(rapid.Int64Range(0, 1_200_00).Draw(t, "in"))
		}
		var sum amount.Money
		for _, x := range in {
			sum += x.amount
		}
		cash := in[0].amount
		ps, received, change, err := pay(total, append([]tendered(nil), in...))
		if sum == 0 && total > 0 {
			if err != nil || len(ps) != 1 || ps[0].Amount != total {
				t.Fatal(ps, err)
			}
			return
		}
		if sum < total || sum-total > cash {
			if err == nil {
				t.Fatal("taken", total, in)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		var paid amount.Money
		for _, p := range ps {
			if p.Amount <= 0 {
				t.Fatal(ps)
			}
			paid += p.Amount
		}
		if paid != total || change != sum-total || received != sum {
			t.Fatal(paid, total, change, received)
		}
	})
}
