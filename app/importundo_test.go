package app_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/app/sheet"
)

func (m *masterShop) table(kind sheet.Kind, text string) app.Import {
	m.t.Helper()
	p := filepath.Join(m.t.TempDir(), "t.csv")
	if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
		m.t.Fatal(err)
	}
	in, err := app.ReadImport(p, kind)
	if err != nil {
		m.t.Fatal(err)
	}
	in.Map = see(m, app.ImportColumns{Import: in})
	return in
}

func TestImportOfEveryColumn(t *testing.T) {
	m := newMasterShop(t)
	for _, f := range []master.CustomField{
		{Entity: master.OfItem, Name: "产地", Type: master.CustomText, Required: true}, {Entity: master.OfItem, Name: "重量", Type: master.CustomNumber},
		{Entity: master.OfItem, Name: "可退", Type: master.CustomYesNo}, {Entity: master.OfParty, Name: "片区", Type: master.CustomChoice, Choices: []string{"东", "西"}},
	} {
		run(m, app.SaveCustomField{Field: f})
	}
	in := m.table(sheet.ItemsKind, "编码,名称,单位,条码,附加条码,管理方式,有保质期,保质天数,秤码,产地,重量,可退\n"+
		"A1,牛奶,盒,690001,690002 690003,,是,21天,,内蒙,250.50,√\n"+
		"A2,手机,台,,,序列号,,,,深圳,,否\n"+
		"A3,苹果,斤,,,,,,77,烟台,,\n")
	r := run(m, app.ImportSheet{Import: in})
	if r.Added != 3 {
		t.Fatalf("%+v", r)
	}
	a := see(m, app.GetItem{Code: "A1"}).Item
	if a.Track != master.ByBatch || !a.Expires || a.ShelfDays != 21 || len(a.Barcodes) != 3 || a.Custom["c1"] != "内蒙" || a.Custom["c2"] != "250.5" || a.Custom["c3"] != master.Yes {
		t.Errorf("%+v", a)
	}
	if b, c := see(m, app.GetItem{Code: "A2"}).Item, see(m, app.GetItem{Code: "A3"}).Item; b.Track != master.BySerial || b.Custom["c3"] != master.No || c.PLU != "77" {
		t.Errorf("%+v\n%+v", b, c)
	}
	// what is wrong is named cell by cell, before anything is saved
	bad := see(m, app.DryRun{Import: m.table(sheet.ItemsKind, "编码,名称,单位,产地,重量,可退,管理方式\nB1,x,个,,重,也许,不知道\nB2,y,个,,,,\n")})
	keys := map[string]bool{}
	for _, p := range bad.Problems {
		keys[p.Key] = true
	}
	for _, k := range []string{"sheet.custom-number", "sheet.custom-yesno", "sheet.track-word", "sheet.custom-missing"} {
		if !keys[k] {
			t.Errorf("%s is not named: %+v", k, bad.Problems)
		}
	}
	run(m, app.AddUser{Name: "小李", Password: worldPassword, Role: access.Cashier})
	run(m, app.ImportSheet{Import: m.table(sheet.PartiesKind, "编号,名称,类型,会员卡号,生日,业务员,片区\nK1,王姐,客户,8001,3/8,小李,东\nK2,李哥,客户,8002,1990-12-25,没这人,\n")})
	p, q := see(m, app.GetParty{Code: "K1"}), see(m, app.GetParty{Code: "K2"})
	if p.Card != "8001" || p.Birthday != "03-08" || p.Owner == m.in.User().ID || p.Custom["c4"] != "东" || q.Birthday != "12-25" {
		t.Errorf("%+v\n%+v", p, q)
	}
	taken := see(m, app.DryRun{Import: m.table(sheet.PartiesKind, "编号,名称,类型,会员卡号\nK9,别人,客户,8001\n")})
	if taken.Errors != 1 || taken.Problems[0].Key != "import.card-taken" {
		t.Errorf("%+v", taken.Problems)
	}
}

func TestImportUndone(t *testing.T) {
	m := newMasterShop(t)
	cus := m.party("C1", master.Customer)
	old := m.item("OLD", func(it *master.Item) { it.Brand = "before" })
	in := m.table(sheet.ItemsKind, "编码,名称,单位,品牌,库存,进价\nOLD,改了名,pc,after,,\nN1,没用过,个,,,\nN2,有期初,个,,5,2\nN3,卖过了,个,,7,3\n")
	in.Options = app.ImportOptions{Update: true, Stock: true}
	before := m.totals()
	if r := run(m, app.ImportSheet{Import: in}); r.Added != 3 || r.Changed != 1 {
		t.Fatalf("%+v", r)
	}
	made := see(m, app.LastImport{Kind: sheet.ItemsKind})
	if made.Added != 3 || made.Changed != 1 || made.Booked != 1 || made.By != "owner" {
		t.Errorf("%+v", made)
	}
	_, err := app.Do(m.ctx(), m.in, app.UndoImport{Kind: sheet.ItemsKind, ID: made.ID + 1})
	refused(t, err, fault.Conflict, "import.undo-none")
	u := run(m, app.UndoImport{Kind: sheet.ItemsKind, ID: made.ID})
	if u.Deleted != 1 || u.Disabled != 2 || u.Restored != 1 || u.Kept != 0 || u.Reversed != 1 {
		t.Errorf("%+v", u)
	}
	if it := see(m, app.GetItem{ID: old}).Item; it.Brand != "before" || it.Name != "Item OLD" {
		t.Errorf("%+v", it)
	}
	if hits := see(m, app.FindItems{Query: "没用过"}); len(hits) != 0 {
		t.Errorf("deleted and still found: %v", hits)
	}
	if tt := m.totals(); tt.StockValue != before.StockValue || tt.StockQty != before.StockQty {
		t.Errorf("%+v, was %+v", tt, before)
	}
	_, err = app.Do(m.ctx(), m.in, app.UndoImport{Kind: sheet.ItemsKind, ID: made.ID})
	refused(t, err, fault.Conflict, "import.undo-none")
	m.booksClean()

	// once goods of it were sold, what stands on the import stays
	in = m.table(sheet.ItemsKind, "编码,名称,单位,库存,进价\nM1,卖过了,个,7,3\nM2,没卖,个,1,1\n")
	in.Options = app.ImportOptions{Stock: true}
	run(m, app.ImportSheet{Import: in})
	sold := see(m, app.GetItem{Code: "M1"}).Item.ID
	m.mustPost(sell(sold, cus, 6, 9))
	made = see(m, app.LastImport{Kind: sheet.ItemsKind})
	u = run(m, app.UndoImport{Kind: sheet.ItemsKind, ID: made.ID})
	if u.Standing != 1 || u.Kept != 2 || u.Deleted+u.Disabled != 0 {
		t.Errorf("%+v", u)
	}
	if v := see(m, app.GetItem{ID: sold}); v.OnHand != 1*amount.QtyScale || v.Item.Disabled {
		t.Errorf("%+v", v)
	}
	m.booksClean()
}

// TestUndoingAnImportWantsTheRightsOfItsRows: what a manager may not change by hand,
// or only with a password, they do not change back either.
func TestUndoingAnImportWantsTheRightsOfItsRows(t *testing.T) {
	m := newMasterShop(t)
	item := m.item("A1", func(it *master.Item) { it.Prices = prices(master.Retail, "3.00") })
	m.party("S1", master.Supplier)
	for _, in := range []app.Import{m.table(sheet.ItemsKind, "编码,名称,单位,零售价\nA1,Item A1,pc,9\n"), m.table(sheet.PartiesKind, "编号,名称,类型\nS1,改了名,供应商\n")} {
		in.Options = app.ImportOptions{Update: true}
		if r := run(m, app.ImportSheet{Import: in}); r.Changed != 1 {
			t.Fatalf("%+v", r)
		}
	}
	run(m, app.AddUser{Name: "小李", Password: worldPassword, Role: access.Manager})
	made := map[sheet.Kind]int64{}
	for _, k := range []sheet.Kind{sheet.ItemsKind, sheet.PartiesKind} {
		made[k] = see(m, app.LastImport{Kind: k}).ID
	}
	s, err := m.in.Shop().SignIn(m.ctx(), "小李", worldPassword)
	if err != nil {
		t.Fatal(err)
	}
	m.in = s
	m.clock.at = m.clock.at.Add(6 * time.Minute)
	_, err = app.Do(plain, m.in, app.UndoImport{Kind: sheet.ItemsKind, ID: made[sheet.ItemsKind]})
	refused(t, err, fault.NeedsStep, "gate.password")
	_, err = app.Do(m.ctx(), m.in, app.UndoImport{Kind: sheet.PartiesKind, ID: made[sheet.PartiesKind]})
	refused(t, err, fault.Denied, "gate.denied")
	if it := see(m, app.GetItem{ID: item}).Item; it.Prices[master.Retail] != 9_000_000 {
		t.Error("a refusal changed the price:", it.Prices)
	}
	if u := run(m, app.UndoImport{Kind: sheet.ItemsKind, ID: made[sheet.ItemsKind]}); u.Restored != 1 {
		t.Errorf("%+v", u)
	}
	if it := see(m, app.GetItem{ID: item}).Item; it.Prices[master.Retail] != 3_000_000 {
		t.Error(it.Prices)
	}
	if s, err = m.in.Shop().SignIn(m.ctx(), "owner", worldPassword); err != nil {
		t.Fatal(err)
	}
	m.in = s
	if u := run(m, app.UndoImport{Kind: sheet.PartiesKind, ID: made[sheet.PartiesKind]}); u.Restored != 1 {
		t.Errorf("%+v", u)
	}
}
