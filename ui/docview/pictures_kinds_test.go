package docview

import (
	"os"
	"testing"

	"tiezhang/app/doc"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
	"tiezhang/ui/uitest"
)

// TestScreenshotsOfKinds draws the kinds that come after the first shop day:
// orders and what is made of them, costs, loans, batches, second counts.
func TestScreenshotsOfKinds(t *testing.T) {
	dir := os.Getenv("TIEZHANG_SCREENSHOTS")
	if dir == "" {
		t.Skip("TIEZHANG_SCREENSHOTS is not set")
	}
	t.Setenv("TIEZHANG_PICTURES", dir)
	for _, look := range []struct {
		name string
		lang text.Lang
		opts []uitest.Option
	}{
		{"zh-light", text.Chinese, nil},
		{"zh-dark", text.Chinese, []uitest.Option{uitest.Dark()}},
		{"en-light", text.English, nil},
		{"zh-largest", text.Chinese, []uitest.Option{uitest.Text(theme.Largest)}},
	} {
		t.Run(look.name, func(t *testing.T) {
			text.Use(look.lang)
			defer text.Use(text.Chinese)
			r := newRig(t, append(look.opts, uitest.Size(1366-96, 768-66))...)
			r.stockUp()
			save := func(name string) { r.Save("docview-" + name + "-" + look.name) }
			r.orderPictures(save)
			r.costPictures(save)
			r.moneyPictures(save)
			r.trackPictures(save)
			r.noFails()
		})
	}
}

func (r *rig) orderPictures(save func(string)) {
	r.open(doc.PurchaseOrder, "")
	r.do("hdsp<Enter><F4>A1<Enter>48<Enter>3.00<Enter>A2<Enter>120<Enter>1.10<Enter>A3<Enter>60<Enter>2.40<Enter>")
	save("order-new")
	r.do("<F9>")
	r.open(doc.GoodsReceipt, "")
	r.do("hdsp<Enter><F7>")
	save("pull-order")
	r.do("<Enter>")
	save("pull-lines")
	r.do("<Space><Down><Space><Enter>")
	save("pull-result")
	r.page.model.GoTo(0, r.page.model.Column(colQty))
	r.do("20<Enter><F9>")
	save("pull-posted")
	r.open(doc.PurchaseOrder, r.page.doc.Lines[0].Origin.Doc)
	save("order-posted")
	r.do("<Ctrl+E>")
	save("order-end")
	r.do("<Escape>")
	r.open(doc.SalesOrder, "")
	r.do("zj<Enter><F4>A1<Enter>10<Enter><Enter>")
	save("sales-order")
	r.open(doc.Quotation, "")
	r.do("xfxx<Enter><F4>A1<Enter>100<Enter><Enter>")
	save("quotation")
}

func (r *rig) costPictures(save func(string)) {
	r.open(doc.Assembly, "")
	r.do("<F4>C1<Enter>2<Enter>A1<Enter>3<Enter>A2<Enter>4<Enter>")
	save("assembly")
	r.wire(`{"kind":"Party","code":"S002","name":"顺路物流","role":"supplier"}`)
	r.open(doc.LandedCost, "")
	save("freight-empty")
	r.do("slwl<Enter><F7>")
	save("freight-choose")
	r.do("<Enter><Space><Down><Space><Enter><F8>10<Enter>")
	save("freight")
	r.do("<F9>")
	save("freight-posted")
	r.open(doc.PriceAdjustment, "")
	r.do("hdsp<Enter><F7><Enter><Enter>")
	save("late-price")
	r.open(doc.LendOut, "")
	r.do("zj<Enter><F4>A1<Enter>2<Enter>A3<Enter>6<Enter><F9>")
	save("loan")
	r.open(doc.LendReturn, "")
	r.do("zj<Enter><F7><Enter><Space><Down><Space><Enter>")
	save("loan-return")
}

func (r *rig) moneyPictures(save func(string)) {
	r.wire(`{"kind":"PaymentIn","id":"pre","party":"K002","account":"现金","amount":"100.00"}`)
	r.wire(`{"kind":"SalesDelivery","id":"s1","party":"K002","warehouse":"总仓","lines":[{"item":"A1","qty":"10","price":"4.00"}]}`)
	r.open(doc.Settlement, "")
	save("settlement-empty")
	r.do("zj<Enter><F8>")
	save("settlement")
	r.open(doc.StoredTopUp, "")
	save("top-up")
}

func (r *rig) trackPictures(save func(string)) {
	r.wire(`{"kind":"Item","code":"M1","name":"鲜牛奶","unit":"瓶","price":"5","track":"batch","expires":true}`)
	r.wire(`{"kind":"Item","code":"P1","name":"手机","unit":"台","price":"999","track":"serial"}`)
	r.open(doc.GoodsReceipt, "")
	r.do("hdsp<Enter><F4>M1<Enter>24<Enter>3<Enter>B1126<Enter>2026-11-26<Enter>P1<Enter>2<Enter>700<Enter>")
	save("serials")
	r.do("SN1<Enter>")
	save("serials-one")
	r.do("SN2<Enter>")
	save("batches")
	r.open(doc.StockCount, "")
	r.do("<F4>A1<Enter>90<Enter>A2<Enter>999<Enter>")
	r.page.foot.second.SetChecked(true)
	r.page.setSecond(true)
	r.settle()
	save("count-second")
	r.open(doc.StockCount, "")
	r.page.foot.setBlind(true)
	r.do("<F4>A1<Enter>90<Enter>A2<Enter>999<Enter>")
	save("count-blind")
}
