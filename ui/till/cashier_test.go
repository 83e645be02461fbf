package till

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"tiezhang/app/amount"
	"tiezhang/internal/cashier"
)

// Three hundred bills by keys and scans through the real screen. The books agree
// to the fen with sums that know nothing of the program.
func TestCashier300(t *testing.T) {
	seed := uint64(7)
	if s, err := strconv.ParseUint(os.Getenv("TIEZHANG_CASHIER_SEED"), 10, 64); err == nil {
		seed = s
	}
	n := 300
	if testing.Short() {
		n = 60
	}
	day := cashier.Make(seed, n)
	r := newShop(t)
	for _, l := range day.Setup {
		r.wire(l)
	}
	r.look()
	p := r.open("")
	date := time.Date(2026, 11, 22, 0, 0, 0, 0, time.Local).Format("20060102")
	for i, b := range day.Bills {
		keys := day.KeysOf(i, date)
		r.quick(keys)
		if p.last == nil || p.last.total != amount.Money(b.Total) || p.last.back != b.Return || p.last.number != day.Number(i, date) || len(p.bill.lines) != 0 || r.Router.InModal() {
			t.Fatalf("bill %d %s: want %s %s, last %+v, on the bill %q, says %q, failed %v\n%s", i, b.What, day.Number(i, date), amount.Money(b.Total), p.last, r.lines(), p.message.Words, r.fails, keys)
		}
	}
	r.noFails()
	for kind, name := range map[string]string{"cash": "现金", "wechat": "微信", "alipay": "支付宝", "bank": "银行卡"} {
		if got := r.ask(name); got != amount.Money(day.Money[kind]) {
			t.Errorf("%s: %s in the books, %s by head", name, got, amount.Money(day.Money[kind]))
		}
	}
	for code, want := range day.Stock {
		if got := r.onHand(code); got != fmt.Sprint(want) {
			t.Errorf("%s: %s left, want %d", code, got, want)
		}
	}
}

// quick plays keys without waiting between the characters of a word.
func (r *rig) quick(script string) {
	r.t.Helper()
	for script != "" {
		n := strings.IndexAny(script, "<{")
		switch {
		case n == 0 && script[0] == '<':
			name, rest, _ := strings.Cut(script[1:], ">")
			r.Chord(name)
			script = rest
		case n == 0:
			code, rest, _ := strings.Cut(script[1:], "}")
			r.Scan(code)
			script = rest
			continue // the next key may come before the disk has answered
		case n < 0:
			r.Type(script)
			script = ""
		default:
			r.Type(script[:n])
			script = script[n:]
			continue
		}
		r.settle()
	}
}
