package till

import (
	"context"
	"strings"
	"testing"
	"time"

	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/master"
	"tiezhang/app/report"
	"tiezhang/ui/beep"
	"tiezhang/ui/keys"
)

// sales counts the posted bills.
func (r *rig) sales() int {
	r.t.Helper()
	p, err := app.Ask(context.Background(), r.s, app.Report{Query: report.Query{Name: "documents", Kinds: []string{string(doc.RetailSale)}, Status: string(doc.Posted), Count: true}})
	if err != nil {
		r.t.Fatal(err)
	}
	return p.Total
}

// shareCode puts two items on one code.
func (r *rig) shareCode(code string, items ...string) {
	r.t.Helper()
	for _, c := range items {
		v, err := app.Ask(context.Background(), r.s, app.GetItem{Code: c})
		if err != nil {
			r.t.Fatal(err)
		}
		v.Item.Barcodes = append(v.Item.Barcodes, master.Barcode{Code: code})
		if _, err := app.Do(context.Background(), r.s, app.SaveItem{Item: v.Item, ShareBarcode: true}); err != nil {
			r.t.Fatal(err)
		}
	}
}

func TestTwoItemsOnOneCode(t *testing.T) {
	r := newRig(t)
	r.stockUp()
	r.shareCode("6955555555550", "C1", "C2")
	p := r.open("")
	choose := func() {
		t.Helper()
		r.do("{6955555555550}")
		if p.choosing == nil || len(p.hits.found) != 2 {
			t.Fatal("not asked", r.lines())
		}
	}
	choose()
	if r.beeps.of(beep.Asked) != 1 {
		t.Fatal("no sound")
	}
	r.do("2")
	if got := r.lines(); got != "C2 个 1 1.50" || p.choosing != nil || p.box.Text != "" {
		t.Fatal(got)
	}
	choose()
	r.do("<Enter>")
	choose()
	r.do("<Down><Enter>")
	if got := r.lines(); got != "C2 个 2 1.50|C1 个 1 1.00" {
		t.Fatal(got)
	}
	choose()
	r.do("9x<Escape>") // there is no ninth, and no letter answers
	if got := r.lines(); got != "C2 个 2 1.50|C1 个 1 1.00" || p.choosing != nil {
		t.Fatal(got)
	}
	// the hand is faster than the eye: the next item is scanned over the question
	choose()
	r.do("{6902083881405}{2000000000000}")
	if p.choosing == nil {
		t.Fatal("the first digit of a scan chose", r.lines())
	}
	r.do("1")
	if got := r.lines(); got != "C2 个 2 1.50|C1 个 2 1.00|A2 瓶 1 2.00" {
		t.Fatal("a scan was lost:", got)
	}
	if !r.Router.InModal() { // and the unknown code came after it
		t.Fatal("the second scan was lost")
	}
	r.noFails()
}

func TestUnknownCodeBeeps(t *testing.T) {
	r := newRig(t)
	r.stockUp()
	p := r.open("")
	r.do("{6902083881405}{6999999999990}")
	if r.beeps.of(beep.Wrong) != 1 || !strings.Contains(p.message.Words, "6999999999990") || r.lines() != "A2 瓶 1 2.00" {
		t.Fatal(r.beeps.n, p.message.Words, r.lines())
	}
}

// A scanner's characters come in any number of pieces, with the machine busy in
// between: what counts is what stands in the box at Enter.
func TestBurstSplitAcrossEvents(t *testing.T) {
	r := newRig(t)
	r.stockUp()
	p := r.open("")
	for cut := 1; cut < 13; cut++ {
		const code = "6902083881405"
		for i, c := range code {
			r.Window.KeyGap = 2 * time.Millisecond
			if i == cut {
				r.wait(300 * time.Millisecond) // searches come back with half a code
			}
			r.Type(string(c))
		}
		r.do("<Enter>")
		if want := amount.Qty(cut) * one; len(p.bill.lines) != 1 || p.bill.lines[0].Qty != want {
			t.Fatalf("cut after %d: %s", cut, r.lines())
		}
	}
	// two codes without a breath between them
	r.Scan("6907992500010")
	r.Scan("6900000000001")
	r.settle()
	if got := r.lines(); got != "A2 瓶 12 2.00|A3 盒 1 3.50|C1 个 1 1.00" {
		t.Fatal(got)
	}
	// a scanner that lost its Enter: the two run together and nothing is guessed
	r.do("<F5>")
	for _, c := range "69020838814056907992500010" {
		r.Type(string(c))
	}
	r.do("<Enter>")
	if r.lines() != "" || r.beeps.of(beep.Wrong) != 1 {
		t.Fatal(r.lines())
	}
}

// Short codes of the shop itself: the list of what was typed before never
// decides what a whole code means.
func TestStaleListIsNotRung(t *testing.T) {
	r := newRig(t)
	r.wire(`{"kind":"Item","code":"10001","name":"苹果","unit":"公斤","price":"9.98"}`)
	r.wire(`{"kind":"Item","code":"10002","name":"香蕉","unit":"公斤","price":"5.98"}`)
	p := r.open("")
	r.do("1000") // the list shows both
	if len(p.hits.found) != 2 {
		t.Fatal(p.hits.found)
	}
	r.Type("2")
	r.Chord("Enter") // before the list of "10002" came
	r.settle()
	if got := r.lines(); got != "10002 公斤 1 5.98" {
		t.Fatal(got)
	}
	r.do("1000<Down><Enter>") // who goes to a line means it
	if len(p.bill.lines) != 2 && p.bill.lines[0].Qty != 2*one {
		t.Fatal(r.lines())
	}
}

func TestFullWidthDigits(t *testing.T) {
	r := newRig(t)
	r.stockUp()
	p := r.open("")
	r.do("１２＊６９０２０８３８８１４０５<Enter>")
	if got := r.lines(); got != "A2 瓶 12 2.00" {
		t.Fatal(got)
	}
	r.do("<F2>３<Enter>")
	if got := r.lines(); got != "A2 瓶 3 2.00" {
		t.Fatal(got)
	}
	r.do("<Enter>１０<Enter>")
	if p.last == nil || p.last.change != money("4.00") {
		t.Fatal(p.last)
	}
}

func TestQuantityThatLooksLikeACode(t *testing.T) {
	r := newRig(t)
	r.stockUp()
	p := r.open("")
	r.do("{6902083881405}<F2>6907992500010<Enter>") // by fingers: asked
	if w := r.words(); !strings.Contains(w, "是条码吗") {
		t.Fatal(w)
	}
	r.do("<Enter>")
	if got := r.lines(); got != "A2 瓶 1 2.00|A3 盒 1 3.50" || r.Router.InModal() {
		t.Fatal(got)
	}
	r.do("<F2>10000<Enter>")
	if w := r.words(); !strings.Contains(w, "是条码吗") {
		t.Fatal(w)
	}
	r.do("<Escape><Enter>") // no: the quantity, once more
	if got := r.lines(); got != "A2 瓶 1 2.00|A3 盒 10000 3.50" || r.Router.InModal() {
		t.Fatal(got)
	}
	r.do("<F2>3")
	r.do("{6900000000001}") // 3, and the next item without Enter
	if got := r.lines(); got != "A2 瓶 1 2.00|A3 盒 3 3.50|C1 个 1 1.00" || r.Router.InModal() {
		t.Fatal(got)
	}
	for _, key := range []string{"<F2>", "<F3>", "<F4>", "<F8>"} {
		r.do("<Up>" + key)
		r.do("{6900000000001}") // a scan is never a quantity, a price or a discount
		if r.Router.InModal() {
			t.Fatal(key, "still asks")
		}
	}
	if got := r.lines(); got != "A2 瓶 1 2.00|A3 盒 3 3.50|C1 个 5 1.00" || p.bill.doc.Discount != 0 {
		t.Fatal(got)
	}
	r.noFails()
}

func TestShortCodeIsNotPaid(t *testing.T) {
	r := newRig(t)
	r.stockUp()
	p := r.open("")
	r.do("{6902083881405}<Enter>")
	r.do("{10001}") // five digits would pass for money: 9,999 change
	if p.last != nil || !r.Router.InModal() || r.beeps.of(beep.Wrong) != 1 {
		t.Fatal("a code was paid", p.last)
	}
	r.do("<Enter>") // what stands there now was not typed by a scanner a moment ago: still far too much
	if p.last != nil && p.last.received > money("10001.00") {
		t.Fatal(p.last)
	}
}

func TestEnterTwiceDoesNotPostTwice(t *testing.T) {
	r := newRig(t)
	r.stockUp()
	p := r.open("")
	r.do("{6902083881405}<Enter>")
	for range 5 { // faster than the disk
		r.Chord("Enter")
	}
	r.settle()
	if n := r.sales(); n != 1 || r.ask("现金") != money("2.00") || r.Router.InModal() {
		t.Fatal(n, r.ask("现金"))
	}
	r.do("<Enter><Enter>") // and afterwards: the change stays to be read
	if p.last == nil || !strings.Contains(p.message.Words, p.last.number) {
		t.Fatal(p.message.Words)
	}
	// F9 on F9 and Enter, with scans between
	r.do("{6907992500010}<F9>")
	r.Chord("F9")
	r.Chord("F9")
	r.Scan("6902083881405")
	r.settle()
	if n := r.sales(); n != 2 || r.lines() != "A2 瓶 1 2.00" {
		t.Fatal(n, r.lines(), "a scan for the next customer was lost or joined the bill")
	}
}

func TestKillBetweenPayAndPostLeavesTheBill(t *testing.T) {
	r := newRig(t)
	r.stockUp()
	r.open("")
	r.do("3*6902083881405<Enter>{6907992500010}<F8>0.5<Enter>")
	confirmed := r.env.Confirmed
	r.env.Confirmed = func(func(context.Context, func(error))) {} // the power goes before the gate is reached
	r.do("<Enter>20<Enter>")
	r.page = nil
	r.env.Confirmed = confirmed
	p := r.open("")
	if got := r.lines(); got != "A2 瓶 3 2.00|A3 盒 1 3.50" || p.bill.doc.Total != money("9.00") || r.sales() != 0 {
		t.Fatal(got, p.bill.doc.Total, r.sales())
	}
	r.do("<Enter>20<Enter>")
	if r.sales() != 1 || p.last.change != money("11.00") || r.ask("现金") != money("9.00") {
		t.Fatal(r.sales(), p.last)
	}
	ds, err := app.Ask(context.Background(), r.s, app.MyDrafts{})
	if err != nil || len(ds) != 0 {
		t.Fatal("a draft of a posted bill is left", ds, err)
	}
}

// The answer is lost on its way: the same bill is posted again and is there once.
func TestLostAnswerPostsOnce(t *testing.T) {
	r := newRig(t)
	r.stockUp()
	p := r.open("")
	r.do("{6902083881405}")
	d := p.bill.doc.Clone()
	d.Payments = []doc.Payment{{AccountID: p.pays[0].id, Amount: d.Total}}
	d.Version = 0
	if _, err := app.Do(context.Background(), r.s, app.Post{Doc: d}); err != nil {
		t.Fatal(err)
	}
	r.do("<Enter><Enter>")
	r.noFails()
	if r.sales() != 1 || p.last == nil || len(p.bill.lines) != 0 || r.onHand("A2") != "999" {
		t.Fatal(r.sales(), p.last, r.lines())
	}
}

func TestNumbersOutOfReason(t *testing.T) {
	r := newRig(t)
	r.stockUp()
	p := r.open("")
	r.do("{6902083881405}{6907992500010}")
	want := r.lines()
	for _, s := range []string{
		"<F2>0<Enter><Escape>", "<F2>-1<Enter><Escape>", "<F2>1e9<Enter><Escape>", "<F2>0.00001<Enter><Escape>", "<F2>99999999999999999999<Enter><Escape><Escape>",
		"<F3>-1<Enter><Escape>", "<F3>99999999999999<Enter><Escape>", "<F3>abc<Enter><Escape>",
		"<F4>-1<Enter><Escape>", "<F4>3.51<Enter><Escape>", "<F4>9999999999999999<Enter><Escape>",
		"<F8>-1<Enter><Escape>", "<F8>5.51<Enter><Escape>", "<F8>999999999999999999<Enter><Escape>",
	} {
		r.do(s)
		if got := r.lines(); got != want || p.bill.doc.Total != money("5.50") || r.Router.InModal() {
			t.Fatalf("%s: %s %s, dialog %v", s, got, p.bill.doc.Total, r.Router.InModal())
		}
	}
	r.do("<F9>-5<Enter>")
	if p.last != nil {
		t.Fatal("negative money was taken")
	}
	r.do("<Ctrl+A>0.001<Enter>")
	if p.last != nil {
		t.Fatal("a tenth of a fen was taken")
	}
	r.do("<Escape><F3>0<Enter>") // a gift is a gift when somebody says so
	if got := r.lines(); got != "A2 瓶 1 2.00|A3 盒 1 0.00" || p.bill.doc.Total != money("2.00") {
		t.Fatal(got, p.bill.doc.Total)
	}
	r.do("<F8>2<Enter>") // nothing to pay at all: with the right to give that much, it passes
	r.do("<Enter><Enter>")
	if p.last == nil || p.last.total != 0 || r.ask("现金") != 0 {
		t.Fatal(p.last, p.message.Words, r.fails)
	}
}

func TestLabelsOfTheScale(t *testing.T) {
	r := newRig(t)
	both := master.ScaleFormat{Prefix: "22", PLU: 5, Value: master.ScaleWeight, Digits: 5, Decimals: 3, CheckDigit: true, Times: 1}
	if _, err := app.Do(app.WithPassword(context.Background(), password), r.s, app.SetScaleFormats{Formats: []master.ScaleFormat{master.ScaleUsual, both}}); err != nil {
		t.Fatal(err)
	}
	r.wire(`{"kind":"Item","code":"12","name":"红富士苹果","unit":"公斤","price":"7.98"}`)
	r.wire(`{"kind":"Item","code":"13","name":"虫草","unit":"公斤","price":"3988.00"}`)
	r.wire(`{"kind":"Item","code":"14","name":"没有价格的","unit":"公斤"}`)
	p := r.open("")
	var sum amount.Money
	for _, m := range []amount.Money{1234, 1, 99999, 1235, 1234} { // each label is a line of its own
		r.do("{" + master.ScaleUsual.Write("12", 0, m) + "}")
		sum += m
		if p.bill.doc.Total != sum {
			t.Fatalf("label of %s: the bill is %s, want %s", m, p.bill.doc.Total, sum)
		}
	}
	for _, m := range []amount.Money{1234, 20001} { // dear goods: the odd fen come off
		r.do("{" + master.ScaleUsual.Write("13", 0, m) + "}")
		sum += m
	}
	if p.bill.doc.Total != sum || len(p.bill.lines) != 7 {
		t.Fatal(p.bill.doc.Total, sum, r.lines())
	}
	r.do("{" + both.Write("12", 1_2500, 0) + "}")
	sum += money("9.98") // 1.25 kg at 7.98 is 9.975
	if p.bill.doc.Total != sum || p.bill.lines[7].Qty != 1_2500 {
		t.Fatal(p.bill.doc.Total, sum)
	}
	before := r.lines()
	for _, bad := range []string{master.ScaleUsual.Write("14", 0, 100), both.Write("14", 1_0000, 0), master.ScaleUsual.Write("99", 0, 100), "2100012012340"} {
		r.do("{" + bad + "}")
		if r.lines() != before || r.Router.InModal() || p.message.Words == "" {
			t.Fatal(bad, r.lines(), p.message.Words)
		}
	}
	if r.beeps.of(beep.Wrong) != 4 {
		t.Fatal(r.beeps.n)
	}
	r.do("2*")
	r.do("{" + master.ScaleUsual.Write("12", 0, 100) + "}")
	if r.lines() != before {
		t.Fatal("a label was multiplied")
	}
	r.do("<Enter><Enter><Enter>") // below zero in the books: passed
	r.noFails()
	if p.last == nil || p.last.total != sum || r.ask("现金") != sum {
		t.Fatal(p.last, sum, p.message.Words)
	}
}

// The keys of another preset work, the card shows them, and signs are keys only
// in an empty box.
func TestOtherKeys(t *testing.T) {
	r := newRig(t)
	r.stockUp()
	p := r.open("")
	r.Router.Remap(keys.Keymap{Preset: "guanjiapo"}.All())
	r.do("3*")
	r.do("{6902083881405}")
	r.do("*5<Enter>.1.80<Enter>/0.5<Enter>") // quantity, price, discount of the line
	if got := r.lines(); got != "A2 瓶 5 1.80" || p.bill.doc.Total != money("8.50") {
		t.Fatal(got, p.bill.doc.Total)
	}
	r.do("<F7>")
	if p.held != 1 || !strings.Contains(p.heldLine.Words, "F8") {
		t.Fatal(p.held, p.heldLine.Words)
	}
	r.do("<F8><Enter><F10>0.5<Enter><F9><Enter>")
	r.noFails()
	if p.last == nil || p.last.total != money("8.00") {
		t.Fatal(p.last, r.lines())
	}
	if w := r.words(); !strings.Contains(w, "Ctrl+J") {
		t.Fatal("the card shows the old keys:", w)
	}
	for _, k := range p.keyList() {
		found := false
		for _, a := range keys.Actions() {
			found = found || a.Name == "till."+k.action && a.Chord == k.chord
		}
		if !found {
			t.Errorf("till.%s %s is not in the list of keys that may be chosen", k.action, k.chord)
		}
	}
}

// Hands do not wait for the disk: all of this is typed and scanned before the
// first answer comes, and is done in its order.
func TestKeysWaitForWhatWasScanned(t *testing.T) {
	r := newRig(t)
	r.stockUp()
	p := r.open("")
	r.Scan("6902083881405")
	r.Type("5")
	r.Chord("F2")
	r.Scan("6907992500010")
	r.Type("+")
	r.Type("0.5")
	r.Chord("F4")
	r.Scan("6900000000001")
	r.Chord("Delete")
	r.Scan("6900000000001")
	r.settle()
	if got := r.lines(); got != "A2 瓶 5 2.00|A3 盒 2 3.50|C1 个 1 1.00" || p.bill.doc.Total != money("17.50") {
		t.Fatal(got, p.bill.doc.Total)
	}
	// held, and the next customer's goods at once
	r.Chord("F5")
	r.Scan("6907992500010")
	r.Chord("Enter")
	r.settle()
	if p.held != 1 || r.lines() != "A3 盒 1 3.50" || !r.Router.InModal() {
		t.Fatal(p.held, r.lines())
	}
	r.do("<Enter>")
	if r.sales() != 1 || r.ask("现金") != money("3.50") {
		t.Fatal(r.sales())
	}
	r.do("<F6><Enter>")
	if got := r.lines(); got != "A2 瓶 5 2.00|A3 盒 2 3.50|C1 个 1 1.00" {
		t.Fatal("the held bill changed:", got)
	}
}

// The answer comes in the middle of the next customer's first code.
func TestScanUnderWayWhenTheBillIsPosted(t *testing.T) {
	for _, key := range []string{"<Enter><Enter>", "<F5>"} {
		r := newRig(t)
		r.stockUp()
		r.open("")
		r.do("{6902083881405}")
		for _, k := range strings.SplitAfter(strings.ReplaceAll(key, ">", "> "), " ") {
			if k = strings.Trim(k, "<> "); k != "" {
				r.Chord(k)
			}
		}
		r.KeyGap = 2 * time.Millisecond
		r.Type("690799")
		r.settle()
		r.Type("2500010")
		r.Chord("Enter")
		r.settle()
		if got := r.lines(); got != "A3 盒 1 3.50" {
			t.Errorf("%s: %q", key, got)
		}
	}
}

// Keys and scans that come while the bill is being posted are the next
// customer's; when it is refused they are told and not put on it.
func TestHandsGoOnWhileTheBillIsPosted(t *testing.T) {
	r := newRig(t)
	r.stockUp()
	p := r.open("")
	r.do("{6902083881405}<Enter>")
	r.Chord("Enter")
	r.Scan("6907992500010")
	r.Type("4")
	r.Chord("F2")
	r.Chord("F5") // and holds that one
	r.settle()
	if r.sales() != 1 || p.held != 1 || len(p.bill.lines) != 0 || r.Router.InModal() {
		t.Fatal(r.sales(), p.held, r.lines())
	}
	r.do("<F6><Enter>")
	if got := r.lines(); got != "A3 盒 4 3.50" {
		t.Fatal(got)
	}
	r.do("<Enter>")
	r.Chord("Enter")
	r.Chord("F7") // a return, at once
	r.settle()
	if r.sales() != 2 || !r.Router.InModal() || !strings.Contains(r.words(), "小票号") {
		t.Fatal(r.sales(), r.words())
	}
	r.do("<Escape>")
	// refused: nothing in stock and the question answered with no
	r.do("60*")
	r.do("{6900000000001}<Enter>")
	r.Chord("Enter")
	r.Scan("6907992500010")
	r.Scan("6902083881405")
	r.settle()
	r.do("<Escape>")
	if got := r.lines(); got != "C1 个 60 1.00" || !strings.Contains(p.message.Words, "2") || r.beeps.of(beep.Wrong) == 0 {
		t.Fatal("the next customer's goods joined the bill that was refused:", got, p.message.Words)
	}
	r.do("{6907992500010}")
	if got := r.lines(); got != "C1 个 60 1.00|A3 盒 1 3.50" {
		t.Fatal("the counter is stuck:", got)
	}
}
