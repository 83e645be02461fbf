package formview_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/master"
	"tiezhang/internal/pagetest"
	"tiezhang/ui/formview"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
	"tiezhang/ui/uitest"
)

func open(r *pagetest.Rig, kind, arg string) *formview.Form {
	r.T.Helper()
	return r.Show(formview.Make(r.Env, page.Route{Screen: page.Form, Kind: kind, Arg: arg})).(*formview.Form)
}

func get(t *testing.T, s *app.Session, code string) app.ItemView {
	t.Helper()
	v, err := app.Ask(t.Context(), s, app.GetItem{Code: code})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestNewItemByKeyboard(t *testing.T) {
	text.Use(text.Chinese)
	r := pagetest.Open(t)
	f := open(r, "item", "")
	if f.Value("code") != "SP00001" {
		t.Errorf("proposed code %q", f.Value("code"))
	}
	r.Key(fyne.KeyReturn) // from the code to the name
	r.Type("可乐")
	f.Set("prices.retail", "3.50")
	f.Set("barcodes", "6901234567892\n6901234567908")
	f.SetTable("units", [][]string{{"箱", "24", "6909999999999", "80"}})
	f.Set("min", "１２")
	if !strings.HasSuffix(f.Title(), "*") {
		t.Error("typing is not marked")
	}
	r.Chord("Ctrl+S")
	r.Settle()
	r.Quiet()
	v := get(t, r.Owner, "SP00001")
	it := v.Item
	if it.Name != "可乐" || it.Initials != "kl" || it.Prices[master.Retail] != 3_500_000 || it.Min.String() != "12" || len(it.Barcodes) != 3 || len(it.Units) != 1 ||
		it.Units[0].Num != 24 || it.Units[0].Price.String() != "80.00" || it.Barcodes[2] != (master.Barcode{Code: "6909999999999", Unit: "箱"}) {
		t.Errorf("%+v", it)
	}
	if r.Last() != (page.Route{Screen: page.Form, Kind: "item", Arg: fmt.Sprint(it.ID)}) || len(r.Toasts) != 1 {
		t.Errorf("after saving: %v %v", r.Last(), r.Toasts)
	}
	// reading it back and saving changes nothing
	open(r, "item", fmt.Sprint(it.ID))
	r.Chord("Ctrl+S")
	r.Settle()
	r.Quiet()
	again := get(t, r.Owner, "SP00001").Item
	again.Version = it.Version
	if fmt.Sprintf("%+v", again) != fmt.Sprintf("%+v", it) {
		t.Errorf("saved again:\n%+v\n%+v", again, it)
	}
}

func TestFaultsStandAtTheirFields(t *testing.T) {
	text.Use(text.Chinese)
	r := pagetest.Open(t)
	if _, err := app.Do(t.Context(), r.Owner, app.SaveItem{Item: master.Item{Code: "A1", Name: "雪碧", Unit: "瓶", Barcodes: []master.Barcode{{Code: "111111"}}}}); err != nil {
		t.Fatal(err)
	}
	f := open(r, "item", "")
	f.Set("code", "")
	f.Set("unit", "")
	f.Set("prices.retail", "abc")
	r.Chord("Ctrl+S")
	r.Settle()
	if f.Wrong("prices.retail") == "" || f.Wrong("code") != "" {
		t.Errorf("what cannot be read comes first: %q %q", f.Wrong("prices.retail"), f.Wrong("code"))
	}
	f.Set("prices.retail", "-1")
	f.Set("min", "9")
	f.Set("max", "3")
	r.Chord("Ctrl+S")
	r.Settle()
	for _, k := range []string{"code", "name", "unit", "prices.retail", "min"} {
		if f.Wrong(k) == "" {
			t.Errorf("%s: nothing is said", k)
		}
	}
	if f.Wrong("max") != "" || f.Wrong("spec") != "" {
		t.Error("words at fields that are right")
	}
	if r.Focused() != f.Focus("code") {
		t.Error("the focus goes to the first wrong field")
	}
	f.Set("code", "A1")
	f.Set("name", "可乐")
	f.Set("unit", "瓶")
	f.Set("prices.retail", "1")
	f.Set("max", "30")
	r.Chord("Ctrl+S")
	r.Settle()
	if !strings.Contains(f.Wrong("code"), "雪碧") {
		t.Errorf("a code that is taken: %q", f.Wrong("code"))
	}
	f.Set("code", "A2")
	f.Set("barcodes", "111111")
	r.Chord("Ctrl+S")
	r.Settle()
	if !strings.Contains(f.Wrong("barcodes"), "A1") {
		t.Errorf("a barcode that is taken: %q", f.Wrong("barcodes"))
	}
	r.Key(fyne.KeyEscape) // the question whether that is meant: it is not
	r.Settle()
	r.Save("form-faults")
	f.Set("barcodes", "")
	f.SetTable("units", [][]string{{"箱", "十二", "", ""}})
	r.Chord("Ctrl+S")
	r.Settle()
	if f.Wrong("units") == "" {
		t.Error("a factor that is no number")
	}
	f.SetTable("units", nil)
	r.Chord("Ctrl+S")
	r.Settle()
	r.Quiet()
	if get(t, r.Owner, "A2").Item.Name != "可乐" {
		t.Error("not saved")
	}
}

func TestStaleAsks(t *testing.T) {
	text.Use(text.Chinese)
	r := pagetest.Open(t)
	id, err := app.Do(t.Context(), r.Owner, app.SaveItem{Item: master.Item{Code: "A1", Name: "雪碧", Unit: "瓶"}})
	if err != nil {
		t.Fatal(err)
	}
	f := open(r, "item", fmt.Sprint(id))
	f.Set("name", "我改的")
	it := get(t, r.Owner, "A1").Item
	it.Spec = "500ml"
	if _, err := app.Do(t.Context(), r.Owner, app.SaveItem{Item: it}); err != nil {
		t.Fatal(err)
	}
	f.Reload("items") // typing is kept
	r.Settle()
	if f.Value("name") != "我改的" {
		t.Error("a change elsewhere took the typing")
	}
	r.Chord("Ctrl+S")
	r.Settle()
	if !r.Router.InModal() {
		t.Fatal("nobody asks")
	}
	r.Key(fyne.KeyReturn) // read again
	r.Settle()
	if f.Value("name") != "雪碧" || f.Value("spec") != "500ml" {
		t.Errorf("read again: %q %q", f.Value("name"), f.Value("spec"))
	}
	// and leaving with typing asks
	f.Set("name", "又改")
	left := false
	f.Leave(func() { left = true })
	if left || !r.Router.InModal() {
		t.Fatal("left without asking")
	}
	r.Key(fyne.KeyEscape)
	if left {
		t.Error("Esc stays")
	}
	f.Leave(func() { left = true })
	r.Key(fyne.KeyReturn) // save
	r.Settle()
	if !left || get(t, r.Owner, "A1").Item.Name != "又改" {
		t.Error("saving and leaving")
	}
	// out of use and back
	f = open(r, "item", fmt.Sprint(id))
	f.Toggle()
	r.Key(fyne.KeyReturn) // the question's default is no
	r.Settle()
	if get(t, r.Owner, "A1").Item.Disabled {
		t.Error("Enter alone disabled it")
	}
	f.Toggle()
	r.Key(fyne.KeyTab, fyne.KeyReturn)
	r.Settle()
	if !get(t, r.Owner, "A1").Item.Disabled {
		t.Error("not disabled")
	}
	f.Toggle()
	r.Settle()
	if get(t, r.Owner, "A1").Item.Disabled {
		t.Error("not enabled")
	}
	r.Quiet()
}

func TestPicture(t *testing.T) {
	text.Use(text.Chinese)
	r := pagetest.Open(t)
	id, err := app.Do(t.Context(), r.Owner, app.SaveItem{Item: master.Item{Code: "A1", Name: "雪碧", Unit: "瓶"}})
	if err != nil {
		t.Fatal(err)
	}
	f := open(r, "item", fmt.Sprint(id))
	bad := filepath.Join(t.TempDir(), "a.png")
	if err := os.WriteFile(bad, []byte("not a picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.Pick = bad
	f.Press(text.T("formview.picture.choose"))
	r.Settle()
	if f.Wrong("picture") == "" {
		t.Error("a file that is no picture")
	}
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 60, 60))); err != nil {
		t.Fatal(err)
	}
	r.Pick = filepath.Join(t.TempDir(), "b.png")
	if err := os.WriteFile(r.Pick, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	f.Press(text.T("formview.picture.choose"))
	r.Settle()
	r.Chord("Ctrl+S")
	r.Settle()
	r.Quiet()
	if v := get(t, r.Owner, "A1"); !bytes.Equal(v.Picture, b.Bytes()) {
		t.Errorf("%d bytes of picture", len(v.Picture))
	}
}

func TestPeople(t *testing.T) {
	text.Use(text.Chinese)
	r := pagetest.Open(t)
	f := open(r, "user", "")
	f.Set("name", "小王")
	f.Choose("role", string(access.Storekeeper))
	f.SetPassword("123", "123")
	r.Chord("Ctrl+S")
	r.Settle()
	if f.Wrong("password") == "" {
		t.Error("a weak password passed")
	}
	f.SetPassword(pagetest.Password, "other")
	r.Chord("Ctrl+S")
	r.Settle()
	if f.Wrong("password") != text.T("formview.password.differ") {
		t.Errorf("%q", f.Wrong("password"))
	}
	f.SetPassword(pagetest.Password, pagetest.Password)
	r.Chord("Ctrl+S")
	r.Settle()
	r.Quiet()
	users, err := app.Ask(t.Context(), r.Owner, app.ListUsers{})
	if err != nil || len(users) != 2 {
		t.Fatal(users, err)
	}
	var king, boss app.User
	for _, u := range users {
		if u.Name == "小王" {
			king = u
		} else {
			boss = u
		}
	}
	if king.Role != access.Storekeeper {
		t.Errorf("%+v", king)
	}
	f = open(r, "user", fmt.Sprint(king.ID))
	f.Choose("role", string(access.Cashier))
	f.SetPassword("river-shelf-55-lamp", "river-shelf-55-lamp")
	r.Chord("Ctrl+S")
	r.Settle()
	r.Quiet()
	if _, err := r.Owner.Shop().SignIn(t.Context(), "小王", "river-shelf-55-lamp"); err != nil {
		t.Errorf("the new password: %v", err)
	}
	s, err := r.Owner.Shop().SignIn(t.Context(), boss.Name, pagetest.Password)
	if err != nil {
		t.Fatal(err)
	}
	r.Env.Session = s
	// with one warehouse there is nothing to choose; with two the tick says where
	if f.Has("reach") {
		t.Error("a choice of one warehouse")
	}
	back, err := app.Do(app.WithPassword(t.Context(), pagetest.Password), s, app.SaveWarehouse{Warehouse: master.Warehouse{Code: "W2", Name: "后仓"}})
	if err != nil {
		t.Fatal(err)
	}
	f = open(r, "user", fmt.Sprint(king.ID))
	f.Tick("reach", "后仓")
	r.Chord("Ctrl+S")
	r.Settle()
	r.Quiet()
	users, err = app.Ask(t.Context(), s, app.ListUsers{})
	for _, u := range users {
		if u.ID == king.ID && (len(u.Reach) != 1 || u.Reach[0] != back) {
			t.Errorf("%s works in %v: %v", u.Name, u.Reach, err)
		}
	}
	f = open(r, "user", fmt.Sprint(king.ID))
	f.Choose("role", string(access.Buyer)) // another role leaves it
	r.Chord("Ctrl+S")
	r.Settle()
	users, err = app.Ask(t.Context(), s, app.ListUsers{})
	for _, u := range users {
		if u.ID == king.ID && (len(u.Reach) != 1 || u.Role != access.Buyer) {
			t.Errorf("%s is %s in %v: %v", u.Name, u.Role, u.Reach, err)
		}
	}
	r.Save("form-user-reach")
	// nobody takes their own role away
	f = open(r, "user", fmt.Sprint(boss.ID))
	f.Choose("role", string(access.Cashier))
	r.Chord("Ctrl+S")
	r.Settle()
	if f.Wrong("role") != text.T("user.own-account") {
		t.Errorf("%q", f.Wrong("role"))
	}
}

func TestFormsFollowTheRole(t *testing.T) {
	text.Use(text.Chinese)
	r := pagetest.Open(t)
	id, err := app.Do(t.Context(), r.Owner, app.SaveItem{Item: master.Item{Code: "A1", Name: "雪碧", Unit: "瓶", Prices: map[master.PriceLevel]amount.Price{master.Purchase: 1_230_000, master.Floor: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	r.As("小王", access.Cashier)
	f := open(r, "item", fmt.Sprint(id))
	if f.Has("prices.purchase") || f.Has("prices.floor") || !f.Has("prices.retail") {
		t.Error("a cashier sees purchase or floor prices")
	}
	f.Set("name", "不许")
	r.Chord("Ctrl+S")
	r.Settle()
	if v := get(t, r.Env.Session, "A1"); v.Item.Name != "雪碧" {
		t.Error("a cashier changed an item")
	}
	r.Quiet()
}

func TestScreenshots(t *testing.T) {
	dir := os.Getenv("TIEZHANG_SCREENSHOTS")
	if dir == "" {
		t.Skip("set TIEZHANG_SCREENSHOTS to a folder")
	}
	t.Setenv("TIEZHANG_PICTURES", dir)
	for _, lang := range text.Languages() {
		text.Use(lang)
		s := pagetest.Shop(t)
		pagetest.Trade(t, s, 3)
		v := get(t, s, "10001")
		for _, look := range []struct {
			name string
			opts []uitest.Option
		}{{"light", nil}, {"dark", []uitest.Option{uitest.Dark()}}, {"large", []uitest.Option{uitest.Text(theme.Largest)}}} {
			r := pagetest.Over(t, s, append(look.opts, uitest.Size(1230, 700))...)
			for _, p := range []struct{ kind, arg string }{{"item", ""}, {"item", fmt.Sprint(v.Item.ID)}, {"party", "customer"}, {"user", ""}, {"account", ""}} {
				f := open(r, p.kind, p.arg)
				if p.kind == "user" {
					f.SetPassword("corn-flask", "")
				}
				n := p.kind
				if p.arg != "" && p.kind == "item" {
					n = "item-filled"
				}
				r.Save(fmt.Sprintf("form-%s-%s-%s", n, look.name, lang))
			}
			if look.name == "light" {
				ownFieldPictures(t, s, r, string(lang))
			}
		}
		personalPictures(t, string(lang))
	}
	text.Use(text.Chinese)
}

// ownFieldPictures draws the fields of the owner, batches, employees and what is
// told of an item.
func ownFieldPictures(t *testing.T, s *app.Session, r *pagetest.Rig, lang string) {
	save := func(n string) { r.Save("form-" + n + "-light-" + lang) }
	ctx := app.WithPassword(t.Context(), pagetest.Password)
	for _, f := range []master.CustomField{
		{Entity: master.OfItem, Name: "产地", Type: master.CustomText, Listed: true, Searched: true},
		{Entity: master.OfItem, Name: "颜色", Type: master.CustomChoice, Choices: []string{"红", "蓝"}, Required: true},
		{Entity: master.OfItem, Name: "可退货", Type: master.CustomYesNo},
	} {
		if _, err := app.Do(ctx, s, app.SaveCustomField{Field: f}); err != nil {
			t.Fatal(err)
		}
	}
	v := get(t, s, "10006")
	f := open(r, "item", fmt.Sprint(v.Item.ID))
	f.Choose("track", string(master.ByBatch))
	f.Set("shelf_days", "30")
	save("item-batch")
	f = open(r, "item", fmt.Sprint(v.Item.ID))
	f.Turn(1)
	r.Settle()
	save("item-use")
	f.Turn(2)
	r.Settle()
	save("item-history")
	open(r, "custom-field", "2")
	save("custom-field")
	open(r, "employee", "")
	save("employee")
}

func TestOwnFieldsOnTheForm(t *testing.T) {
	text.Use(text.Chinese)
	r := pagetest.Open(t)
	ctx := app.WithPassword(t.Context(), pagetest.Password)
	for _, f := range []master.CustomField{
		{Entity: master.OfItem, Name: "产地", Type: master.CustomText, Listed: true, Searched: true},
		{Entity: master.OfItem, Name: "重量（克）", Type: master.CustomNumber, Listed: true},
		{Entity: master.OfItem, Name: "上市日期", Type: master.CustomDate},
		{Entity: master.OfItem, Name: "颜色", Type: master.CustomChoice, Choices: []string{"红", "蓝"}, Required: true},
		{Entity: master.OfItem, Name: "可退货", Type: master.CustomYesNo},
		{Entity: master.OfParty, Name: "片区", Type: master.CustomText},
	} {
		if _, err := app.Do(ctx, r.Owner, app.SaveCustomField{Field: f}); err != nil {
			t.Fatal(err)
		}
	}
	f := open(r, "item", "")
	f.Set("name", "苹果")
	f.Set("custom.c1", "烟台")
	f.Set("custom.c2", "很重")
	r.Chord("Ctrl+S")
	r.Settle()
	if f.Wrong("custom.c2") == "" || f.Wrong("custom.c4") == "" {
		t.Errorf("faults at the owner's fields: %q %q", f.Wrong("custom.c2"), f.Wrong("custom.c4"))
	}
	f.Set("custom.c2", "１２.５０")
	f.Choose("custom.c4", "红")
	f.Choose("track", string(master.ByBatch))
	f.Set("shelf_days", "30")
	r.Save("form-custom")
	r.Chord("Ctrl+S")
	r.Settle()
	r.Quiet()
	it := get(t, r.Owner, "SP00001").Item
	if it.Custom["c1"] != "烟台" || it.Custom["c2"] != "12.5" || it.Custom["c4"] != "红" || it.Track != master.ByBatch || it.ShelfDays != 30 {
		t.Errorf("%+v", it)
	}
	f = open(r, "item", fmt.Sprint(it.ID))
	f.Set("name", "红苹果")
	r.Chord("Ctrl+S")
	r.Settle()
	f.Turn(2)
	r.Settle()
	r.Save("form-history")
	f.Turn(1)
	r.Settle()
	r.Save("form-use")
	open(r, "custom-field", "4")
	r.Save("form-custom-field")
	open(r, "employee", "")
	r.Save("form-employee")
	open(r, "party", "customer")
	r.Save("form-member")
	r.Quiet()
}

func TestASharedBarcodeIsAsked(t *testing.T) {
	text.Use(text.Chinese)
	r := pagetest.Open(t)
	if _, err := app.Do(t.Context(), r.Owner, app.SaveItem{Item: master.Item{Code: "A1", Name: "雪碧", Unit: "瓶", Barcodes: []master.Barcode{{Code: "111111"}}}}); err != nil {
		t.Fatal(err)
	}
	f := open(r, "item", "")
	f.Set("name", "雪碧二")
	f.Set("barcodes", "111111")
	r.Chord("Ctrl+S")
	r.Settle()
	r.Save("form-shared")
	r.Key(fyne.KeyReturn) // it is meant
	r.Settle()
	r.Quiet()
	hits, err := app.Ask(t.Context(), r.Owner, app.ScanCode{Code: "111111"})
	if err != nil || len(hits) != 2 {
		t.Errorf("two items on one code: %v %v", hits, err)
	}
}
