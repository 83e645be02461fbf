package till

import (
	"os"
	"testing"

	"tiezhang/app"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
	"tiezhang/ui/uitest"
)

// TestScreenshots draws the counter and the day's close into the folder
// TIEZHANG_SCREENSHOTS names.
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
			r := newRig(t, append(look.opts, uitest.Size(1366-96, 768-66))...)
			r.stockUp()
			save := func(name string) { r.Save("till-" + name + "-" + look.name) }
			r.open("")
			save("empty")
			r.do("{6902083881405}12*{6907992500010}{16901234567899}{6900000000001}<F4>0.2<Enter><Up>")
			save("bill")
			r.do("h")
			save("suggest")
			r.do("<Escape><Enter>200")
			save("pay")
			r.do("<Enter>")
			save("change")
			r.do("{6999999999990}")
			save("create")
			r.do("<Escape>{6902083881405}<F5>{6907992500010}<F6>")
			save("recall")
			r.do("<Escape><F12><Tab><Enter><F7><Enter>{6907992500010}")
			save("return")
			r.do("<F12><Tab><Enter>")
			r.do("<Escape>")
			r.do("{6900000000001}<F2>60<Enter><Enter><Enter>")
			save("short")
			r.do("<Escape>")
			r.openClose()
			save("close-blind")
			r.do("150<Tab><Tab><Tab>")
			save("close-counted")
			r.do("x<Enter>")
			r.do("<F9><Enter>")
			save("closed")
			memberPictures(t, look.name, append(look.opts, uitest.Size(1366-96, 768-66))...)
		})
	}
}

// memberPictures draws members, two items on one code and weighed goods.
func memberPictures(t *testing.T, look string, opts ...uitest.Option) {
	r := withMember(t, opts...)
	save := func(name string) { r.Save("till-" + name + "-" + look) }
	if _, err := app.Do(app.WithPassword(t.Context(), password), r.s, app.SetPointRules{PerYuan: "1", Value: "0.10"}); err != nil {
		t.Fatal(err)
	}
	r.shareCode("6955555555550", "C1", "C2")
	r.open("")
	r.do("{6907992500010}{6902083881405}<Ctrl+B>13800")
	save("member-find")
	r.do("<Escape>{88000001}")
	save("member")
	r.do("<Ctrl+T>100<Enter>10")
	save("member-top-up")
	r.Chord("Ctrl+Enter")
	r.settle()
	r.do("<Enter>")
	save("member-pay")
	r.do("<F5><Enter>{6955555555550}")
	save("choose")
	r.do("1<Ctrl+D>")
	save("drawer")
	r.do("<Escape>")
	r.noFails()
}
