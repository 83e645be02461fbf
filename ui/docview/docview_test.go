package docview

import (
	"context"
	"strings"
	"testing"

	"tiezhang/app"
	"tiezhang/app/doc"
	"tiezhang/ui/page"
)

func TestReceiptByTyping(t *testing.T) {
	r := newRig(t)
	p := r.open(doc.GoodsReceipt, "")
	r.do("hd<Enter>") // the supplier by pinyin
	if p.doc.PartyID == 0 {
		t.Fatal("no supplier")
	}
	r.do("<F4>nfsq<Enter>10<Enter>") // item, quantity; the price is offered
	r.do("1.20<Enter>")
	r.do("A1<Enter>5<Enter><Enter>")
	if got := r.lines(); got != "A2 瓶 10 1.20 12.00|A1 袋 5 3.00 15.00" {
		t.Fatal(got)
	}
	r.do("<F9>")
	r.noFails()
	if p.doc.Status != doc.Posted || !strings.HasPrefix(p.doc.Number, "CG-20261122-") || p.doc.Total != money("27.00") {
		t.Fatal(p.doc.Status, p.doc.Number, p.doc.Total, r.toasts)
	}
	if r.onHand("A2") != "10" || r.onHand("A1") != "5" {
		t.Fatal(r.onHand("A2"), r.onHand("A1"))
	}
	if !p.model.IsReadOnly() {
		t.Fatal("a posted document can be typed in")
	}
	ds, err := app.Ask(context.Background(), r.s, app.MyDrafts{})
	if err != nil || len(ds) != 0 {
		t.Fatal(ds, err)
	}
}

func (r *rig) stockUp() {
	r.t.Helper()
	r.wire(`{"kind":"GoodsReceipt","id":"in-1","date":"2026-11-20","reason":"补录","party":"S001","warehouse":"总仓","lines":[{"item":"A1","qty":"10","unit":"箱","price":"72.00"},{"item":"A2","qty":"100","price":"1.10"},{"item":"A3","qty":"50","price":"2.40"}]}`)
}

func TestDeliveryByScanBursts(t *testing.T) {
	r := newRig(t)
	r.stockUp()
	p := r.open(doc.SalesDelivery, "")
	r.do("K001<Enter><F4>{6902083881405}{6902083881405}{16901234567899}{6907992500010}")
	// twice the water is one line of two, the carton's code picks the carton
	if got := r.lines(); got != "A2 瓶 2 1.50 3.00|A1 箱 1 91.20 91.20|A3 盒 1 3.00 3.00" {
		t.Fatal(got)
	}
	r.do("12*6902083881405<Enter>") // by fingers, twelve more
	r.Now = r.Now.Add(1e9)
	r.do("<Enter>")
	row := p.model.Len() - 1
	p.model.GoTo(0, p.model.Column(colQty))
	r.do("{6907992500010}") // a scan that lands in a quantity
	if got := p.lines()[0].Qty.String(); got == "6907992500010" {
		t.Fatal("the scan became a quantity", got)
	}
	_ = row
	var milk string
	for _, l := range p.lines() {
		if l.Item.Code == "A3" {
			milk += l.Qty.String()
		}
	}
	if milk != "2" {
		t.Fatal(r.lines())
	}
	r.do("<F9>")
	r.noFails()
	if p.doc.Status != doc.Posted {
		t.Fatal(r.toasts, p.doc.Status)
	}
}

func TestUnitChangesThePriceByItsFactor(t *testing.T) {
	r := newRig(t)
	p := r.open(doc.GoodsReceipt, "")
	r.do("hd<Enter><F4>A1<Enter>2<Enter>")
	p.model.GoTo(0, p.model.Column(colUnit))
	r.do("箱<Enter>")
	if got := r.lines(); got != "A1 箱 2 72.00 144.00" {
		t.Fatal(got)
	}
	p.model.GoTo(0, p.model.Column(colUnit))
	r.do("袋<Enter>")
	if got := r.lines(); got != "A1 袋 2 3.00 6.00" {
		t.Fatal(got)
	}
}

func TestWrongTextStaysAndSaysWhy(t *testing.T) {
	r := newRig(t)
	p := r.open(doc.GoodsReceipt, "")
	r.do("hd<Enter><F4>A1<Enter>3x<Enter>")
	words, failed := p.model.Message()
	if !failed || !strings.Contains(words, "3x") || p.model.EditorText() != "3x" {
		t.Fatal(words, p.model.EditorText())
	}
	r.do("<F9>") // posting does not pass over it
	if p.doc.Status != doc.Draft || p.model.EditorText() != "3x" {
		t.Fatal(p.doc.Status, p.model.EditorText())
	}
	r.do("<Escape>0<Enter>")
	if words, failed = p.model.Message(); !failed {
		t.Fatal("a quantity of 0 was taken", words)
	}
	r.do("<Escape><F4>")
	if got := r.lines(); got != "A1 袋 1 3.00 3.00" {
		t.Fatal(got)
	}
}

func TestMissingThingsAreListedAndPointedAt(t *testing.T) {
	r := newRig(t)
	p := r.open(doc.SalesDelivery, "")
	r.do("<F4>B1<Enter>2<Enter><Enter>") // sugar has no price
	r.do("<F9>")
	if len(p.foot.problemBox.Objects) < 2 {
		t.Fatal("nothing is listed")
	}
	row, col := p.model.Cursor()
	if row != 0 || p.cols[col].Key != colPrice || p.model.ProblemAt(0, col) == "" {
		t.Fatal(row, p.cols[col].Key)
	}
	r.do("0<Enter>") // a gift has to be confirmed
	if !r.Router.InModal() {
		t.Fatal("not asked")
	}
	r.do("<Enter>")
	if got := r.lines(); got != "B1 公斤 2 0.00 0.00" || p.lines()[0].Note == "" {
		t.Fatal(got)
	}
	r.do("<F9>")
	// still without a customer: the shop says so, at the field
	if r.Focused() != p.head.party.entry || p.doc.Status != doc.Draft {
		t.Fatalf("%T", r.Focused())
	}
	r.do("K002<Enter><F9>")
	// and without stock: the line is marked with what there is
	if p.doc.Status != doc.Draft || p.model.ProblemAt(0, p.model.Column(colQty)) == "" && p.model.ProblemAt(0, 0) == "" {
		t.Fatal("stock", p.doc.Status, r.fails)
	}
}

func TestDraftComesBackAfterAKill(t *testing.T) {
	r := newRig(t)
	p := r.open(doc.SalesDelivery, "")
	r.do("K001<Enter><F4>A1<Enter>3<Enter>4.25<Enter>")
	r.do("B1<Enter>2<Enter>0<Enter><Enter>{6907992500010}")
	r.do("A2<Enter>17") // 17 is the cell being typed: it may be lost
	want, id := r.lines(), p.doc.ID
	killed := r.copyShop() // the page is never left nor closed
	s, err := newHost(r.clock).Open(context.Background(), killed, "王店长", password)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Shop().Close(context.Background())
	ds, err := app.Ask(context.Background(), s, app.MyDrafts{})
	if err != nil || len(ds) != 1 || ds[0].ID != id {
		t.Fatal(ds, err)
	}
	r2 := &rig{t: t, clock: r.clock, host: r.host, s: s}
	r2.look()
	p2 := r2.open(doc.SalesDelivery, id)
	if got := r2.lines(); got != want {
		t.Fatalf("came back as\n%s, was\n%s", got, want)
	}
	for i, l := range p2.lines() {
		if l.Priced != p.lines()[i].Priced || l.No != p.lines()[i].No {
			t.Fatal(i, l.Priced)
		}
	}
	if p2.doc.PartyID != p.doc.PartyID || p2.head.party.entry.Text != "幸福小学食堂" {
		t.Fatal(p2.doc.PartyID)
	}
	p2.Close()
}

func TestReversalAsksWhyAndLinksBoth(t *testing.T) {
	r := newRig(t)
	p := r.open(doc.GoodsReceipt, "")
	r.do("hd<Enter><F4>A1<Enter>5<Enter><Enter><F9>")
	number := p.doc.Number
	if r.onHand("A1") != "5" {
		t.Fatal(r.onHand("A1"))
	}
	r.do("<Ctrl+R><Enter>") // no reason: the dialog stays
	if !r.Router.InModal() {
		t.Fatal("reversed without a reason")
	}
	r.do("数量录错<Enter>")
	r.noFails()
	if p.doc.Status != doc.Reversed || r.onHand("A1") != "0" || p.view.ReversedBy == "" {
		t.Fatal(p.doc.Status, r.onHand("A1"), p.view.ReversedBy)
	}
	r.open(doc.GoodsReceipt, p.doc.ReversedBy)
	if r.page.view.Reverses != number || r.page.doc.Total != -p.doc.Total {
		t.Fatal(r.page.view.Reverses, r.page.doc.Total)
	}
}

func TestPaymentSettlesOldestFirst(t *testing.T) {
	r := newRig(t)
	r.stockUp()
	r.wire(`{"kind":"SalesDelivery","id":"d1","date":"2026-11-21","reason":"补录","party":"K002","warehouse":"总仓","lines":[{"item":"A2","qty":"10","price":"2.00"}]}`)
	r.wire(`{"kind":"SalesDelivery","id":"d2","party":"K002","warehouse":"总仓","lines":[{"item":"A1","qty":"10","price":"4.00"}]}`)
	p := r.open(doc.PaymentIn, "")
	r.do("zj<Enter>")
	if n := len(p.allocs.docs()); n != 2 {
		t.Fatal(n, r.fails)
	}
	r.focusAmount()
	r.do("35<F8>")
	if got := p.allocs.sum(); got != money("35.00") || p.doc.Allocs[0].Doc != "d1" || p.doc.Allocs[0].Amount != money("20.00") || p.doc.Allocs[1].Amount != money("15.00") {
		t.Fatal(p.doc.Allocs)
	}
	// the second one by hand: more than is open is refused and stays typed
	p.allocs.model.GoTo(1, 5)
	r.do("99<Enter>")
	if words, failed := p.allocs.model.Message(); !failed || p.allocs.model.EditorText() != "99" {
		t.Fatal(words)
	}
	r.do("<Escape>10<Enter><F9>")
	r.noFails()
	if p.doc.Status != doc.Posted {
		t.Fatal(p.doc.Status, p.foot.problemBox.Objects)
	}
	if a, b := r.document("d1"), r.document("d2"); a.Settled != money("20.00") || b.Settled != money("10.00") {
		t.Fatal(a.Settled, b.Settled)
	}
}

func (r *rig) focusAmount() { r.Focus(r.page.head.amount) }

func TestReturnTakesPriceAndLinkOfTheOriginal(t *testing.T) {
	r := newRig(t)
	r.stockUp()
	r.wire(`{"kind":"SalesDelivery","id":"d1","party":"K002","warehouse":"总仓","discount":"2.00","lines":[{"item":"A2","qty":"10","price":"2.00"},{"item":"A3","qty":"4","price":"5.00"}]}`)
	p := r.open(doc.SalesReturn, "")
	r.do("zj<Enter><F7>")
	if !r.Router.InModal() {
		t.Fatal("no dialog", r.fails)
	}
	r.do("<Enter>")                                   // the only document
	r.do("<Down><Enter>")                             // its second line
	if got := r.lines(); got != "A3 盒 4 4.75 19.00" { // less its share of the discount
		t.Fatal(got)
	}
	l := p.lines()[0]
	if l.Origin.Doc != "d1" || l.Origin.Line != 2 || !p.lockedCell(p.model.Row(0), p.model.Column(colItem)) {
		t.Fatal(l.Origin)
	}
	p.model.GoTo(0, p.model.Column(colQty))
	r.do("5<Enter><F9>")
	if p.doc.Status != doc.Draft || p.model.ProblemAt(0, 0)+p.model.ProblemAt(0, p.model.Column(colQty)) == "" {
		t.Fatal("more came back than went out", r.lines())
	}
	p.model.GoTo(0, p.model.Column(colQty))
	r.do("1<Enter><F9>")
	r.noFails()
	if p.doc.Status != doc.Posted || r.onHand("A3") != "47" {
		t.Fatal(p.doc.Status, r.onHand("A3"))
	}
}

func TestCountFreezesTheBookWhenItIsCounted(t *testing.T) {
	r := newRig(t)
	r.stockUp()
	p := r.open(doc.StockCount, "")
	r.do("A2<Enter>")
	if l := p.lines()[0]; l.Book.String() != "100" || l.Counted {
		t.Fatal(l.Book, l.Counted)
	}
	// two are sold while the clerk walks to the shelf
	r.wire(`{"kind":"SalesDelivery","id":"d1","party":"K002","warehouse":"总仓","lines":[{"item":"A2","qty":"2","price":"2.00"}]}`)
	r.do("97<Enter>")
	if l := p.lines()[0]; l.Book.String() != "98" || l.Qty.String() != "97" {
		t.Fatal(l.Book, l.Qty)
	}
	r.do("A3<Enter><Escape><F9>") // not counted: asked for, not taken as none
	if p.doc.Status != doc.Draft {
		t.Fatal("an uncounted line was posted")
	}
	p.model.GoTo(1, p.model.Column(colQty))
	r.do("50<Enter>")
	p.foot.setBlind(true)
	if !p.cols[p.model.Column(colBook)].Hidden && !p.model.Columns()[p.model.Column(colBook)].Hidden {
		t.Fatal("the blind count shows the books")
	}
	r.do("<F9>")
	r.noFails()
	if p.doc.Status != doc.Posted || r.onHand("A2") != "97" {
		t.Fatal(p.doc.Status, r.onHand("A2"))
	}
}

func TestBackdatingShowsItsEffectFirst(t *testing.T) {
	r := newRig(t)
	r.wire(`{"kind":"GoodsReceipt","id":"a","date":"2026-11-10","reason":"x","party":"S001","warehouse":"总仓","lines":[{"item":"A1","qty":"10","price":"10"}]}`)
	r.wire(`{"kind":"SalesDelivery","id":"b","date":"2026-11-14","reason":"x","party":"K002","warehouse":"总仓","lines":[{"item":"A1","qty":"6","price":"20"}]}`)
	p := r.open(doc.GoodsReceipt, "")
	r.do("hd<Enter><F4>A1<Enter>10<Enter>13<Enter>")
	r.Focus(p.head.date)
	r.do("2026-11-12<Tab>")
	if !p.head.reasonBox.Visible() {
		t.Fatal("no reason is asked for")
	}
	r.do("<F9>") // without a reason
	if p.doc.Status != doc.Draft || r.Router.InModal() || r.Focused() != p.head.reason {
		t.Fatalf("%T", r.Focused())
	}
	r.do("补录单据<F9>")
	if !r.Router.InModal() || p.doc.Status != doc.Draft {
		t.Fatal("the effect is not shown", r.fails)
	}
	r.do("<Enter>")
	r.noFails()
	if p.doc.Status != doc.Posted || !strings.Contains(strings.Join(r.toasts, " "), "-¥9.00") { // cost of sales 60 → 69
		t.Fatal(p.doc.Status, r.toasts)
	}
}

// Every kind opens, new and empty, and lists what it lacks instead of posting.
func TestEveryKindOpens(t *testing.T) {
	r := newRig(t)
	for _, s := range doc.Specs() {
		if s.CashCount {
			if _, err := Make(r.env, page.Route{Screen: page.Document, Kind: string(s.Kind)}); err == nil {
				t.Error("a day can be closed without its expected cash")
			}
			continue
		}
		p := r.open(s.Kind, "")
		r.do("<F9>")
		if p.doc.Status != doc.Draft {
			t.Error(s.Kind, "posted with nothing in it")
		}
		if s.Lines == doc.Must && p.foot.problemBox.Objects == nil {
			t.Error(s.Kind, "says nothing")
		}
	}
}

// TestEnterWalksFromTheHeaderIntoTheLines: a delivery by Enter alone, no key to
// jump with.
func TestEnterWalksFromTheHeaderIntoTheLines(t *testing.T) {
	r := newRig(t)
	r.stockUp()
	r.open(doc.SalesDelivery, "")
	r.do("K001<Enter><Enter><Enter>") // customer, warehouse, note
	r.do("nfsq<Enter>2<Enter>")
	if got := r.lines(); got != "A2 瓶 2 1.50 3.00" {
		t.Fatal(got)
	}
}
