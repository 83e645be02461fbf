package console_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tiezhang/app"
	"tiezhang/app/doc"
	"tiezhang/store"
	"tiezhang/store/keyring"
)

type dayClock struct{ at time.Time }

func (c *dayClock) Now() time.Time { return c.at }

// newFaceAt is a face whose day is set by the test.
func newFaceAt(t *testing.T, day string) (*face, *dayClock) {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		t.Fatal(err)
	}
	clock := &dayClock{at.Add(9 * time.Hour)}
	f := newFace(t)
	f.host = app.Host{Vault: store.Vault{Profile: keyring.ProfileForTests}, Clock: clock, Machine: "test", Version: "test"}
	return f, clock
}

// everyKind is a day of a shop in which each kind of document occurs.
const everyKind = `{"kind":"Item","code":"A1","name":"Tea","unit":"pc","price":"30.00"}
{"kind":"Item","code":"A2","name":"Cup","unit":"pc","price":"9.00"}
{"kind":"Item","code":"SET","name":"Set","unit":"pc","price":"50.00"}
{"kind":"Item","code":"MILK","name":"Milk","unit":"pc","price":"7.00","track":"batch","expires":true}
{"kind":"Item","code":"TEL","name":"Phone","unit":"pc","price":"700.00","track":"serial"}
{"kind":"Warehouse","code":"W2","name":"Back"}
{"kind":"Party","code":"S1","name":"Supplier","role":"supplier"}
{"kind":"Party","code":"C1","name":"Customer","role":"customer","card":"M1"}
{"kind":"Employee","code":"E1","name":"Li"}
{"kind":"OpeningStock","id":"os","warehouse":"W1","lines":[{"item":"A1","qty":"10","price":"10"},{"item":"A2","qty":"10","price":"4"}]}
{"kind":"OpeningReceivable","id":"or","party":"C1","amount":"50"}
{"kind":"OpeningPayable","id":"op","party":"S1","amount":"20"}
{"kind":"OpeningCash","id":"oc","account":"C1","amount":"1000"}
{"kind":"PurchaseOrder","id":"po","party":"S1","warehouse":"W1","due":"2026-11-09","lines":[{"item":"A1","qty":"20","price":"10"},{"item":"MILK","qty":"6","price":"3"}]}
{"kind":"GoodsReceipt","id":"gr","party":"S1","warehouse":"W1","lines":[{"item":"A1","qty":"12","origin":"po"},{"origin":"po","origin_line":2,"qty":"6","batch":"L1","expiry":"2026-12-24"}]}
{"kind":"GoodsReceipt","id":"g2","party":"S1","warehouse":"W1","lines":[{"item":"TEL","qty":"2","price":"500","serials":["X1","X2"]}]}
{"kind":"EndOrder","of":"po","reason":"no more"}
{"kind":"LandedCost","id":"lc","party":"S1","lines":[{"origin":"gr","origin_line":1,"amount":"12.00"}]}
{"kind":"PriceAdjustment","id":"pa","party":"S1","lines":[{"item":"A1","origin":"gr","amount":"-6.00"}]}
{"kind":"PurchaseReturn","id":"pr","party":"S1","warehouse":"W1","lines":[{"item":"A1","qty":"1","origin":"gr"}]}
{"kind":"Quotation","id":"qu","party":"C1","due":"2026-12-01","lines":[{"item":"A1","qty":"5","price":"20"}]}
{"kind":"SalesOrder","id":"so","party":"C1","warehouse":"W1","lines":[{"item":"A1","qty":"5","origin":"qu"}]}
{"kind":"SalesDelivery","id":"sd","party":"C1","warehouse":"W1","staff":"E1","lines":[{"item":"A1","qty":"3","origin":"so"},{"item":"MILK","qty":"2"},{"item":"TEL","qty":"1","serials":["X1"]}]}
{"kind":"SalesReturn","id":"sr","party":"C1","warehouse":"W1","lines":[{"item":"A1","qty":"1","origin":"sd"}]}
{"kind":"RetailSale","id":"rs","warehouse":"W1","lines":[{"item":"A2","qty":"1"}]}
{"kind":"RetailReturn","id":"rr","warehouse":"W1","lines":[{"item":"A2","qty":"1","origin":"rs"}],"payments":[{"account":"C1","amount":"9.00"}]}
{"kind":"StockTransfer","id":"st","warehouse":"W1","to":"W2","lines":[{"item":"A2","qty":"2"}]}
{"kind":"StockCount","id":"sc","warehouse":"W2","lines":[{"item":"A2","qty":"1","first":"1","first_book":"2"}]}
{"kind":"StockLoss","id":"sl","warehouse":"W1","lines":[{"item":"A2","qty":"1"}]}
{"kind":"StockGain","id":"sg","warehouse":"W1","lines":[{"item":"A2","qty":"1"}]}
{"kind":"Assembly","id":"as","warehouse":"W1","account":"C1","amount":"1.00","lines":[{"item":"SET","qty":"2","side":"in"},{"item":"A1","qty":"2","side":"out"},{"item":"A2","qty":"2","side":"out"}]}
{"kind":"Disassembly","id":"di","warehouse":"W1","lines":[{"item":"SET","qty":"1","side":"out"},{"item":"A1","qty":"1","side":"in","price":"3"},{"item":"A2","qty":"1","side":"in","price":"1"}]}
{"kind":"LendOut","id":"lo","party":"C1","warehouse":"W1","lines":[{"item":"A1","qty":"2"}]}
{"kind":"LendReturn","id":"lr","party":"C1","warehouse":"W2","lines":[{"item":"A1","qty":"1","origin":"lo"}]}
{"kind":"BorrowIn","id":"bi","party":"S1","warehouse":"W1","lines":[{"item":"A2","qty":"2","price":"5"}]}
{"kind":"BorrowReturn","id":"br","party":"S1","warehouse":"W1","lines":[{"item":"A2","qty":"1","origin":"bi"}]}
{"kind":"StoredTopUp","id":"tu","party":"C1","account":"C1","amount":"100","bonus":"10"}
{"kind":"StoredRefund","id":"tr","party":"C1","account":"C1","amount":"10"}
{"kind":"PaymentIn","id":"pi","party":"C1","account":"C1","amount":"40","allocations":[{"doc":"or","amount":"30"}]}
{"kind":"PaymentOut","id":"pp","party":"S1","account":"C1","amount":"20","allocations":[{"doc":"op","amount":"20"}]}
{"kind":"Settlement","id":"se","party":"C1","allocations":[{"doc":"or","amount":"10"},{"doc":"pi","amount":"-10"}]}
{"kind":"Expense","id":"ex","account":"C1","category":"rent","amount":"5"}
{"kind":"OtherIncome","id":"oi","account":"C1","category":"scrap","amount":"5"}
{"kind":"AccountTransfer","id":"at","account":"C1","to_account":"C4","amount":"5"}
{"kind":"ShiftClose","id":"sh","account":"C1","amount":"1104.00","reason":"counted"}
`

// TestPostTakesEveryKind and leaves clean books; the same file again posts nothing.
func TestPostTakesEveryKind(t *testing.T) {
	f, clock := newFaceAt(t, "2026-11-02")
	shop := filepath.Join(t.TempDir(), "shop")
	f.run(0, "new", shop, "--shop", "Corner", "--owner", "boss", "--lang", "en")
	said := map[string]bool{}
	for _, l := range strings.Split(strings.TrimSpace(everyKind), "\n") {
		var w struct{ Kind string }
		if err := json.Unmarshal([]byte(l), &w); err != nil {
			t.Fatal(err)
		}
		said[w.Kind] = true
	}
	for _, s := range doc.Specs() {
		if !said[string(s.Kind)] {
			t.Errorf("no line of a %s", s.Kind)
		}
	}
	file := f.file("day.jsonl", everyKind)
	f.run(0, "post", shop, file)
	f.run(0, "verify", shop)
	var again struct{ Posted, Again int }
	f.json(&again, "post", shop, file)
	if again.Again < len(doc.Specs()) {
		t.Errorf("%+v", again)
	}
	f.run(0, "verify", shop)

	// A count: titles, a barcode's zeros, two shelves of the same goods.
	var count struct {
		Counted, Differ int
		Number          string
		Again           bool
		Differences     []struct{ Code, Book, Counted, Difference string }
	}
	sheet := f.file("count.csv", "code,qty\nA2,1\nSET,1\n A2,3\n")
	f.json(&count, "count", shop, sheet, "--warehouse", "W1")
	if count.Counted != 2 || count.Differ != 1 || count.Number != "" || count.Differences[0].Code != "A2" || count.Differences[0].Counted != "4" {
		t.Fatalf("%+v", count)
	}
	f.json(&count, "count", shop, sheet, "--warehouse", "W1", "--post", "--id", "c1")
	number := count.Number
	f.json(&count, "count", shop, f.file("count.json", `[{"code":"A2","qty":"4"},{"code":"SET","qty":1}]`), "--warehouse", "W1", "--post", "--id", "c1")
	if number == "" || count.Number != number || !count.Again || count.Differ != 0 {
		t.Errorf("%+v, first %s", count, number)
	}
	_, said2 := f.run(1, "count", shop, f.file("bad.csv", "A2,1\nA1,many\n"), "--warehouse", "W1")
	if !strings.Contains(said2, "console.count-bad") {
		t.Error(said2)
	}

	// The month: not over, then closed, then a late line refused, then opened again.
	_, words := f.run(1, "close", shop, "--month", "2026-11")
	if !strings.Contains(words, "month.not-over") {
		t.Error(words)
	}
	f.run(2, "close", shop)
	f.run(2, "close", shop, "--month", "2026-11", "--day", "2026-11-02")
	clock.at = clock.at.AddDate(0, 1, 0)
	var closed struct{ Month, Until, Hash string }
	f.json(&closed, "close", shop, "--month", "2026-11")
	if closed.Until != "2026-11-30" || len(closed.Hash) != 64 {
		t.Errorf("%+v", closed)
	}
	late := f.file("late.jsonl", `{"kind":"Expense","id":"late","date":"2026-11-30","account":"C4","category":"rent","amount":"1"}`)
	_, words = f.run(1, "post", shop, late)
	if !strings.Contains(words, "doc.closed-month") {
		t.Error(words)
	}
	f.run(2, "reopen", shop, "--month", "2026-11")
	_, words = f.run(1, "reopen", shop, "--month", "2026-11", "--reason", "a bill")
	if !strings.Contains(words, "month.no-backup-place") {
		t.Error(words)
	}
	var opened struct {
		Month, Backup string
		Until         string `json:"closed_until"`
	}
	f.json(&opened, "reopen", shop, "--month", "2026-11", "--reason", "a bill", "--to", filepath.Join(t.TempDir(), "stick"))
	if opened.Until != "" || opened.Backup == "" {
		t.Errorf("%+v", opened)
	}
	f.run(0, "verify", opened.Backup)
	f.run(0, "post", shop, late)
	f.run(0, "close", shop, "--month", "2026-11")

	// A day of the till.
	var day struct{ Expected, Difference, Number string }
	f.json(&day, "close", shop, "--day", "2026-12-02", "--counted", "1104.00")
	if day.Number == "" || day.Difference != "0.00" {
		t.Errorf("%+v", day)
	}
	f.json(&struct{ Day string }{}, "reopen", shop, "--day", "2026-12-02", "--reason", "one more customer")
	f.run(0, "verify", shop)
}
