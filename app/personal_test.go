package app_test

import (
	"strings"
	"testing"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/app/report"
)

const (
	otherIDCard  = "11010519491231002X"
	otherAccount = "6222021234567890"
)

// personalWorld has a member, a supplier and an employee with all there is.
func personalWorld(t *testing.T) *world {
	w := newWorld(t)
	own := app.WithPassword(plain, worldPassword)
	p := w.storedParty(w.customer)
	p.Contact, p.BankName, p.BankAccount, p.TaxNo = "Ouyang Xiu", "ICBC", "6222 0298-7654 3210 123", "91330106ma2axy"
	lasting(w, own, app.SaveParty{Party: p})
	lasting(w, own, app.SaveEmployee{Employee: master.Employee{ID: w.employee, Version: 1, Code: "E1", Name: "Chen", Phone: "13600004444", IDCard: "33010619900101001８", BankCard: leakWages}})
	return w
}

func (w *world) storedEmployee() (e master.Employee) {
	w.read(func(tx app.Tx) (err error) { e, err = tx.Employee(w.employee); return err })
	return e
}

// TestWhatRolesSeeOfPeople: each default role, each value.
func TestWhatRolesSeeOfPeople(t *testing.T) {
	w := personalWorld(t)
	if p := w.storedParty(w.customer); p.BankAccount != leakAccount || p.TaxNo != "91330106MA2AXY" || p.BankName != "ICBC" {
		t.Fatalf("%+v", p)
	}
	id, wages := w.storedEmployee().IDCard, "****6543"
	if id != "330106199001010018" {
		t.Fatal(id)
	}
	const idMask = "3****************8"
	for _, c := range []struct {
		role                      access.RoleID
		phone, id, wages          string
		name, contact, bank, home string // home is the bank's name
	}{
		{access.Owner, "13800001111", id, leakWages, "Wang", "Ouyang Xiu", leakAccount, "ICBC"},
		{access.Manager, "138****1111", idMask, wages, "Wang", "Ouyang Xiu", "****0123", "ICBC"},
		{access.Cashier, "", "", "", "Wang", "", "", ""}, // somebody else's customer: the name at the counter
		{access.Storekeeper, "138****1111", "", "", "W*", "O*", "", ""},
		{access.Accountant, "138****1111", idMask, leakWages, "Wang", "Ouyang Xiu", leakAccount, "ICBC"},
		{access.Auditor, "138****1111", idMask, wages, "W*", "O*", "****0123", "ICBC"},
	} {
		w.as(c.role)
		m, err := app.Ask(plain, w.self, app.FindMember{Card: "M001"})
		p := m.Party
		if fault.KindOf(err) == fault.Denied { // no counter: by the list
			p, err = app.Ask(plain, w.self, app.GetParty{ID: w.customer})
		}
		if err != nil {
			t.Fatal(c.role, err)
		}
		e, err := app.Ask(plain, w.self, app.GetEmployee{ID: w.employee})
		if err != nil {
			t.Fatal(err)
		}
		if p.Phone != c.phone || p.Name != c.name || p.Contact != c.contact || p.BankAccount != c.bank || p.BankName != c.home {
			t.Errorf("%s: %q %q %q %q %q", c.role, p.Phone, p.Name, p.Contact, p.BankAccount, p.BankName)
		}
		if e.IDCard != c.id || e.BankCard != c.wages {
			t.Errorf("%s: %q %q", c.role, e.IDCard, e.BankCard)
		}
		if c.name == "W*" && p.Initials+p.Pinyin != "" {
			t.Errorf("%s: the pinyin tells the name", c.role)
		}
	}
	// the list says the same, and finds and sorts by no more
	w.as(access.Auditor)
	list := func(search string) (names []string, row map[string]string) {
		pg, err := app.Ask(plain, w.self, app.Report{Query: report.Query{Name: "parties", Search: search, Sort: "name"}})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range pg.Rows {
			m := map[string]string{}
			for i, c := range pg.Columns {
				m[c.Key] = r.Cells[i].Text
			}
			if names = append(names, m["name"]); m["code"] == "C001" {
				row = m
			}
		}
		return names, row
	}
	names, row := list("")
	if row["name"] != "W*" || row["contact"] != "O*" || row["bank_account"] != "****0123" || row["phone"] != "138****1111" || len(names) < 4 {
		t.Errorf("%v %v", names, row)
	}
	if names, _ = list("wang"); len(names) != 0 {
		t.Error("found by a masked name:", names)
	}
	if names, _ = list("m001"); len(names) != 1 || names[0] != "W*" {
		t.Error("not found by the card:", names)
	}
	if names, _ = list("zhao"); len(names) != 1 || names[0] != "Zhao" {
		t.Error("a company is no person:", names)
	}
	if ps, err := app.Ask(plain, w.self, app.FindParties{Query: "wang"}); err != nil || len(ps) != 0 {
		t.Error("picked by a masked name:", ps, err)
	}
	for text, found := range map[string]bool{"wang": false, "m001": true} {
		pg, err := app.Ask(plain, w.self, app.Report{Query: report.Query{Name: "documents", Search: text, Limit: 50}})
		if err != nil || len(pg.Rows) > 0 != found {
			t.Errorf("documents found by a masked member (%s): %d %v", text, len(pg.Rows), err)
		}
	}
}

// TestMergedMembersStayMasked: the duplicate of a member has lost its card to
// the one that stayed, and is a person all the same.
func TestMergedMembersStayMasked(t *testing.T) {
	w := newWorld(t)
	own := app.WithPassword(plain, worldPassword)
	twin := lasting(w, own, app.SaveParty{Party: master.Party{Code: "C009", Name: "Wanger", Kind: master.Customer, Card: "M009"}})
	lasting(w, own, app.Merge{Entity: master.OfParty, Kept: w.customer, Dropped: twin, Reason: "twice"})
	// as it is where the kept one had no card: the card goes over
	lasting(w, own, app.SaveParty{Party: func() master.Party { p := w.storedParty(twin); p.Card = ""; return p }()})
	w.as(access.Auditor)
	v, err := app.Ask(plain, w.self, app.PartyView{ID: w.customer})
	if err != nil || len(v.Took) != 1 || v.Took[0] != "C009 W*" || v.Party.Name != "W*" {
		t.Errorf("%+v %v", v, err)
	}
	if v, err = app.Ask(plain, w.self, app.PartyView{ID: twin}); err != nil || v.Root != "C001 W*" || v.Party.Name != "W*" {
		t.Errorf("%+v %v", v, err)
	}
	pg, err := app.Ask(plain, w.self, app.Report{Query: report.Query{Name: "parties", Search: "c009"}})
	if err != nil || len(pg.Rows) != 1 || pg.Rows[0].Cells[1].Text != "W*" {
		t.Errorf("%+v %v", pg.Rows, err)
	}
}

// TestMaskedFormsKeepWhatIsStored: what came masked goes back as its mask and
// changes nothing; a number typed over it is meant; half a mask is not.
func TestMaskedFormsKeepWhatIsStored(t *testing.T) {
	w := personalWorld(t)
	before, was := w.storedParty(w.customer), w.storedEmployee()
	w.as(access.Manager)
	p, err := app.Ask(plain, w.self, app.GetParty{ID: w.customer})
	if err != nil {
		t.Fatal(err)
	}
	e, err := app.Ask(plain, w.self, app.GetEmployee{ID: w.employee})
	if err != nil {
		t.Fatal(err)
	}
	p.Note, e.Note = "seen", "seen"
	lasting(w, plain, app.SaveParty{Party: p})
	if d := w.lastEntry().Detail; strings.Contains(d, "phone") || strings.Contains(d, "bank_account") {
		t.Error("the log says more changed than did:", d)
	}
	lasting(w, plain, app.SaveEmployee{Employee: e})
	after, is := w.storedParty(w.customer), w.storedEmployee()
	before.Note, before.Version, was.Note, was.Version = "seen", before.Version+1, "seen", was.Version+1
	if after.Phone != before.Phone || after.BankAccount != before.BankAccount || after.Address != before.Address || after.BankName != before.BankName || after.Name != before.Name || after.Note != "seen" {
		t.Errorf("%+v", after)
	}
	if is != was {
		t.Errorf("%+v, want %+v", is, was)
	}
	// half a mask is a slip
	p.Version, p.Phone, p.BankAccount = after.Version, "138****9999", "****"
	_, err = app.Do(plain, w.self, app.SaveParty{Party: p})
	if l, _ := err.(fault.List); len(l) != 2 || l[0].Key != "master.masked-part" {
		t.Error(err)
	}
	// a stale form is stale, whatever its masks say
	p.Version--
	if got := keyOf(app.Do(plain, w.self, app.SaveParty{Party: p})); got != "master.stale" {
		t.Error(got)
	}
	// numbers typed over masks
	p.Version, p.Phone, p.BankAccount = after.Version, "13500005555", "****0123"
	lasting(w, plain, app.SaveParty{Party: p})
	if after = w.storedParty(w.customer); after.Phone != "13500005555" || after.BankAccount != leakAccount {
		t.Errorf("%+v", after)
	}
	e.Version, e.IDCard, e.BankCard = is.Version, strings.ToLower(otherIDCard), ""
	lasting(w, plain, app.SaveEmployee{Employee: e})
	if is = w.storedEmployee(); is.IDCard != otherIDCard || is.BankCard != leakWages {
		t.Errorf("%+v", is)
	}
	if d := w.lastEntry(); !strings.Contains(d.Detail, "id_card") || strings.Contains(d.Detail, otherIDCard) || strings.Contains(d.Detail, "bank_card") {
		t.Error(d.Detail)
	}
	// a new row takes what is typed, also from somebody who will not see it again
	id := lasting(w, plain, app.SaveParty{Party: master.Party{Code: "C020", Name: "Sun", Kind: master.Customer, Phone: "13300003333", BankAccount: otherAccount}})
	if p := w.storedParty(id); p.Phone != "13300003333" || p.BankAccount != otherAccount {
		t.Errorf("%+v", p)
	}
	// what is hidden cannot be written over
	role := standard(t, access.Cashier)
	role.Grants[access.CustomerEdit], role.Grants[access.CustomerView] = access.Grant{}, access.Grant{}
	role.Fields[access.FieldPerson] = access.Masked
	lasting(asOwner(w), app.WithPassword(plain, worldPassword), app.SaveRole{Role: role})
	w.as(access.Cashier)
	p, err = app.Ask(plain, w.self, app.GetParty{ID: w.customer})
	if err != nil || p.Name != "W*" || p.BankAccount != "" {
		t.Fatal(p, err)
	}
	p.BankAccount, p.BankName, p.Contact = otherAccount, "other", "O*"
	lasting(w, plain, app.SaveParty{Party: p})
	if p = w.storedParty(w.customer); p.BankAccount != leakAccount || p.BankName != "ICBC" || p.Name != "Wang" || p.Contact != "Ouyang Xiu" || p.Pinyin == "" {
		t.Errorf("%+v", p)
	}
	// nor through the script face, which changes what a line names
	lasting(w, plain, app.PostWire{Wire: app.Wire{Kind: "Party", Code: "C001", Role: "customer", Phone: "13500006666", WireMaster: app.WireMaster{BankAccount: otherAccount, TaxNo: "1ab"}}})
	if p = w.storedParty(w.customer); p.BankAccount != leakAccount || p.TaxNo != "1AB" || p.Phone != "13500006666" || p.Name != "Wang" {
		t.Errorf("%+v", p)
	}
}

// TestUnmaskPeople: one value of an employee or a party at a time, with the right
// it wants, out of one ration, and the log says of what kind it was.
func TestUnmaskPeople(t *testing.T) {
	w := personalWorld(t)
	role := standard(t, access.Manager)
	role.Unmaskings = 5
	lasting(w, sure, app.SaveRole{Role: role})
	w.as(access.Manager)
	pw := app.WithPassword(plain, worldPassword)
	w.clock.at = w.clock.at.Add(6 * 60e9)
	left := 5
	for _, c := range []struct {
		name, want, object string
		ask                app.Unmask
	}{
		{"ID card", "330106199001010018", "employee:E1", app.Unmask{Employee: w.employee, Field: access.FieldIdentity}},
		{"wage card", leakWages, "employee:E1", app.Unmask{Employee: w.employee, Field: access.FieldBank}},
		{"phone of an employee", "13600004444", "employee:E1", app.Unmask{Employee: w.employee, Field: access.FieldPhone}},
		{"account", leakAccount, "party:C001", app.Unmask{Party: w.customer, Field: access.FieldBank}},
		{"phone", "13800001111", "party:C001", app.Unmask{Party: w.customer, Field: access.FieldPhone}},
	} {
		if got := keyOf(app.Do(pw, w.self, c.ask)); got != "unmask.reason" {
			t.Errorf("%s without a reason: %q", c.name, got)
		}
		c.ask.Reason = "for the tax office"
		u := lasting(w, pw, c.ask)
		left--
		if u.Value != c.want || u.Left != left {
			t.Errorf("%s: %+v", c.name, u)
		}
		e := w.lastEntry()
		if e.Object != c.object || e.Action != string(app.UnmaskRight(c.ask.Field)) || !strings.Contains(e.Detail, string(c.ask.Field)) || e.Reason == "" {
			t.Errorf("%s: %+v", c.name, e)
		}
		if strings.Contains(e.Detail+e.Object+e.Reason, c.want[4:10]) {
			t.Errorf("%s: the log tells it: %+v", c.name, e)
		}
	}
	c := app.Unmask{Employee: w.employee, Field: access.FieldIdentity, Reason: "again"}
	if got := keyOf(app.Do(pw, w.self, c)); got != "unmask.ration" {
		t.Error("a sixth:", got)
	}
	// figures, and people of whom there is no such thing
	for _, c := range []app.Unmask{{Party: w.customer, Field: access.FieldCost, Reason: "x"}, {Party: w.customer, Reason: "x"}, {Party: w.customer, Field: access.FieldPerson, Reason: "x"}} {
		if got := keyOf(app.Do(pw, w.self, c)); got != "gate.denied" {
			t.Errorf("%+v: %s", c, got)
		}
	}
	w.as(access.Accountant)
	second := app.WithSecond(plain, person(access.Owner), worldPassword)
	if got := keyOf(app.Do(plain, w.self, c)); got != "gate.second" {
		t.Error("alone:", got)
	}
	if u := lasting(w, second, c); u.Value != "330106199001010018" || u.Left != 9 {
		t.Errorf("%+v", u)
	}
	if got := keyOf(app.Do(second, w.self, app.Unmask{Party: w.customer, Field: access.FieldIdentity, Reason: "x"})); got != "master.unknown" {
		t.Error("a party's ID card:", got)
	}
	if got := keyOf(app.Do(second, w.self, app.Unmask{Employee: 999, Field: access.FieldIdentity, Reason: "x"})); got != "master.unknown" {
		t.Error("nobody's:", got)
	}
	for _, r := range []access.RoleID{access.Auditor, access.Storekeeper, access.Cashier} {
		w.as(r)
		if got := keyOf(app.Do(second, w.self, c)); got != "gate.denied" {
			t.Errorf("%s: %s", r, got)
		}
	}
	// hidden is not masked, whatever the right says
	role = standard(t, access.Storekeeper)
	role.Grants[access.PersonalUnmask] = access.Grant{}
	lasting(asOwner(w), pw, app.SaveRole{Role: role})
	w.as(access.Storekeeper)
	if got := keyOf(app.Do(plain, w.self, c)); got != "gate.denied" {
		t.Error("hidden:", got)
	}
}
