package docview

import (
	"os"
	"testing"

	"tiezhang/app/doc"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
	"tiezhang/ui/uitest"
)

// TestScreenshots draws what a shopkeeper and a designer have to look at, into
// the folder TIEZHANG_SCREENSHOTS names.
func TestScreenshots(t *testing.T) {
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
			// the shell takes a rail and tabs from the screen
			r := newRig(t, append(look.opts, uitest.Size(1366-96, 768-66))...)
			r.stockUp()
			r.wire(`{"kind":"SalesDelivery","id":"d1","date":"2026-11-21","reason":"补录","party":"K002","warehouse":"总仓","lines":[{"item":"A2","qty":"10","price":"2.00"}]}`)
			r.wire(`{"kind":"SalesDelivery","id":"d2","party":"K002","warehouse":"总仓","discount":"2.00","lines":[{"item":"A1","qty":"10","price":"4.00"},{"item":"A3","qty":"10","price":"4.00"}]}`)
			save := func(name string) { r.Save("docview-" + name + "-" + look.name) }
			r.open(doc.GoodsReceipt, "")
			save("new")
			r.do("h")
			save("party")
			r.do("d<Enter><F4>A2<Enter>10<Enter>1.20<Enter>A1<Enter>5<Enter><Enter>m")
			save("suggest")
			r.do("<Enter>8<Enter><Enter>B1<Enter>3<Enter><Enter><F9>")
			save("problems")
			r.do("2.2<Enter><F6>50")
			save("filled")
			r.do("<F9>")
			save("posted")
			r.do("<Ctrl+R>")
			save("reverse")
			r.do("<Escape>")
			r.open(doc.SalesDelivery, "")
			r.do("zj<Enter><F4>A1<Enter>2000<Enter><Enter><F9>")
			save("short")
			r.open(doc.PaymentIn, "")
			r.do("zj<Enter>")
			r.focusAmount()
			r.do("35<F8>")
			save("payment")
			r.open(doc.SalesReturn, "")
			r.do("zj<Enter><F7>")
			save("return-choose")
			r.do("<Enter>")
			save("return-lines")
			r.do("<Enter>")
			save("return")
			r.open(doc.StockCount, "")
			r.do("A2<Enter>97<Enter>A3<Enter>52<Enter>A1<Enter>")
			save("count")
			r.open(doc.StockTransfer, "")
			r.do("A2<Enter>10<Enter>")
			save("transfer")
		})
	}
}
