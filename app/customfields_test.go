package app_test

import (
	"fmt"
	"strings"
	"testing"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/app/report"
)

func TestCustomFields(t *testing.T) {
	m := newMasterShop(t)
	field := func(f master.CustomField) string {
		t.Helper()
		f.Entity = master.OfItem
		id := run(m, app.SaveCustomField{Field: f})
		for _, o := range see(m, app.CustomFields{All: true}) {
			if o.ID == id {
				return o.Key
			}
		}
		t.Fatal("the field is not there")
		return ""
	}
	origin := field(master.CustomField{Name: "产地", Type: master.CustomText, Listed: true, Searched: true})
	weight := field(master.CustomField{Name: "重量", Type: master.CustomNumber, Listed: true})
	made := field(master.CustomField{Name: "投产", Type: master.CustomDate})
	color := field(master.CustomField{Name: "颜色", Type: master.CustomChoice, Choices: []string{"红", "蓝"}})
	secret := field(master.CustomField{Name: "底细", Type: master.CustomText, Listed: true, Roles: []string{"manager"}})
	const sentinel = "SENTINEL-7731"
	evil := `'"; DROP TABLE item; -- % _ \ {"a":1} $."x"`
	a := m.item("A", func(it *master.Item) {
		it.Custom = map[string]string{origin: evil, weight: " 1,2.50 ", made: "2026/3/8", color: "蓝", secret: sentinel}
		it.Custom[weight] = "12.50"
	})
	m.item("B", func(it *master.Item) { it.Custom = map[string]string{weight: "9"} })
	m.item("C", func(it *master.Item) { it.Custom = map[string]string{weight: "-3.25"} })
	got := see(m, app.GetItem{ID: a}).Item.Custom
	if got[origin] != evil || got[weight] != "12.5" || got[made] != "2026-03-08" || got[color] != "蓝" {
		t.Errorf("kept as %v", got)
	}
	if hits := see(m, app.FindItems{Query: "drop"}); len(hits) != 1 || hits[0].Item.ID != a {
		t.Errorf("found by a searched field: %v", hits)
	}
	for _, q := range []string{`' OR 1=1 --`, `%`, "_", `\`, strings.Repeat("x", 10_000)} {
		_ = see(m, app.FindItems{Query: q})
		_ = see(m, app.Report{Query: report.Query{Name: "items", Search: q}})
	}
	// numbers sort as numbers
	p := see(m, app.Report{Query: report.Query{Name: "items", Sort: "custom." + weight}})
	var order string
	for _, r := range p.Rows {
		order += r.Cells[0].Text
	}
	if order != "CBA" {
		t.Errorf("sorted by weight: %s", order)
	}
	for _, c := range []struct{ key, value, fault string }{
		{weight, "heavy", "master.custom-number"}, {weight, "1e9", "master.custom-number"}, {weight, "1234567890", "master.custom-number"}, {weight, "0.0000001", "master.custom-number"},
		{made, "yesterday", "master.custom-date"}, {color, "绿", "master.custom-choice"}, {origin, strings.Repeat("长", 10_000), "master.custom-long"},
		{origin, "a\x00b", "master.custom-control"}, {origin, "a\xff", "master.not-text"}, {`c1") --`, "x", "master.custom-unknown"},
	} {
		it := see(m, app.GetItem{ID: a}).Item
		it.Custom[c.key] = c.value
		_, err := app.Do(m.ctx(), m.in, app.SaveItem{Item: it})
		refused(t, err, fault.Invalid, c.fault)
	}
	// a role that may not see a field never gets its bytes, and cannot wipe it
	run(m, app.AddUser{Name: "buyer", Password: worldPassword, Role: access.Buyer})
	owner := m.in
	s, err := owner.Shop().SignIn(m.ctx(), "buyer", worldPassword)
	if err != nil {
		t.Fatal(err)
	}
	m.in = s
	it := see(m, app.GetItem{ID: a}).Item
	seen := fmt.Sprintf("%+v %+v %+v %+v", it, see(m, app.FindItems{Query: "a"}), see(m, app.Report{Query: report.Query{Name: "items"}}), see(m, app.CustomFields{All: true}))
	if strings.Contains(seen, sentinel) || strings.Contains(seen, "底细") {
		t.Errorf("a hidden field came out: %s", seen)
	}
	if _, err := app.Ask(m.ctx(), m.in, app.Report{Query: report.Query{Name: "items", Sort: "custom." + secret}}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("sorting by a hidden field: %v", err)
	}
	it.Custom[secret] = "mine now"
	it.Name = "Renamed"
	run(m, app.SaveItem{Item: it})
	if m.in, err = owner.Shop().SignIn(m.ctx(), "owner", worldPassword); err != nil {
		t.Fatal(err)
	}
	if v := see(m, app.GetItem{ID: a}).Item; v.Custom[secret] != sentinel || v.Name != "Renamed" {
		t.Errorf("a hidden value: %v", v.Custom)
	}
	// what is searched cannot be hidden
	_, err = app.Do(m.ctx(), m.in, app.SaveCustomField{Field: master.CustomField{Entity: master.OfItem, Name: "x", Type: master.CustomText, Searched: true, Roles: []string{"manager"}}})
	refused(t, err, fault.Invalid, "master.custom-searched-hidden")
	// required from now on: an old item asks when it is saved
	field(master.CustomField{Name: "必填", Type: master.CustomYesNo, Required: true})
	_, err = app.Do(m.ctx(), m.in, app.SaveItem{Item: see(m, app.GetItem{ID: a}).Item})
	refused(t, err, fault.Invalid, "master.custom-missing")
}

// A document's fields: hidden ones survive a draft and a posting by somebody who
// may not see them, and never reach that person.
func TestOwnFieldsOfDocuments(t *testing.T) {
	m := newMasterShop(t)
	sup, it := m.party("S1", master.Supplier), m.item("A", nil)
	field := func(f master.CustomField) {
		f.Entity = master.OfDocument
		run(m, app.SaveCustomField{Field: f})
	}
	field(master.CustomField{Name: "plate", Type: master.CustomText, Listed: true, Required: true, Kinds: []string{string(doc.GoodsReceipt)}})
	field(master.CustomField{Name: "secret", Type: master.CustomText, Listed: true, Roles: []string{"manager"}})
	d := buy(it, sup, 2, 3)
	_, err := m.post(d)
	refused(t, err, fault.Invalid, "master.custom-missing")
	const sentinel = "SENTINEL-4417"
	d.ID, d.Date, d.Lines[0].No = "draft", day.Of(m.clock.at), 1
	d.Custom = map[string]string{"c1": " 沪A  123 ", "c2": sentinel, "bogus": "x"}
	run(m, app.SaveDraft{Doc: d})
	owner := m.in
	run(m, app.AddUser{Name: "buyer", Password: worldPassword, Role: access.Buyer})
	if m.in, err = owner.Shop().SignIn(m.ctx(), "buyer", worldPassword); err != nil {
		t.Fatal(err)
	}
	v := see(m, app.GetDocument{ID: "draft"})
	if seen := fmt.Sprintf("%+v", v); strings.Contains(seen, sentinel) || v.Doc.Custom["bogus"] != "" || v.Doc.Custom["c1"] == "" {
		t.Errorf("a hidden field of a draft: %+v", v.Doc.Custom)
	}
	v.Doc.Custom = map[string]string{"c1": "沪B 9", "c2": "mine"}
	run(m, app.SaveDraft{Doc: v.Doc})
	v = see(m, app.GetDocument{ID: "draft"})
	run(m, app.Post{Doc: v.Doc})
	p := see(m, app.Report{Query: report.Query{Name: "documents"}})
	if seen := fmt.Sprintf("%+v", p); strings.Contains(seen, sentinel) || strings.Contains(seen, "secret") || !strings.Contains(seen, "沪B 9") {
		t.Errorf("the list of documents: %s", seen)
	}
	if m.in, err = owner.Shop().SignIn(m.ctx(), "owner", worldPassword); err != nil {
		t.Fatal(err)
	}
	if got := see(m, app.GetDocument{ID: "draft"}).Doc; got.Custom["c2"] != sentinel || got.Custom["c1"] != "沪B 9" || got.Status != doc.Posted {
		t.Errorf("posted with %+v", got.Custom)
	}
}
