package formview_test

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/master"
	"tiezhang/internal/pagetest"
	"tiezhang/ui/formview"
	"tiezhang/ui/text"
	"tiezhang/ui/uitest"
)

const (
	testPhone   = "13800138000"
	testAccount = "6222021234567890123"
	testIDCard  = "11010519491231002X"
)

// people makes a member, a supplier and an employee with all there is.
func people(t *testing.T, s *app.Session) (member, supplier, employee int64) {
	t.Helper()
	party := func(p master.Party) int64 {
		id, err := app.Do(t.Context(), s, app.SaveParty{Party: p})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	member = party(master.Party{Code: "HY01", Name: "欧阳修", Kind: master.Customer, Contact: "欧阳修", Phone: testPhone, Address: "人民路 12 号 3 幢 201 室", Card: "8001"})
	supplier = party(master.Party{Code: "GY01", Name: "城东粮油批发有限公司", Kind: master.Supplier, Contact: "陈大海", Phone: testPhone, Address: "粮油市场 8 区 12 号",
		BankName: "工商银行城东支行", BankAccount: testAccount, TaxNo: "91330106MA2AXY1234"})
	employee, err := app.Do(t.Context(), s, app.SaveEmployee{Employee: master.Employee{Code: "YG01", Name: "小王", Phone: testPhone, IDCard: testIDCard, BankCard: testAccount}})
	if err != nil {
		t.Fatal(err)
	}
	return member, supplier, employee
}

// owner signs the owner in again, to look at what is stored.
func owner(r *pagetest.Rig) *app.Session {
	r.T.Helper()
	s, err := r.Owner.Shop().SignIn(r.T.Context(), r.Owner.User().Name, pagetest.Password)
	if err != nil {
		r.T.Fatal(err)
	}
	return s
}

// TestMaskedForms is the manager at a supplier and an employee: masks on the
// form, the whole number for thirty seconds for a reason, and nothing lost by
// saving.
func TestMaskedForms(t *testing.T) {
	text.Use(text.Chinese)
	r := pagetest.Open(t)
	_, supplier, employee := people(t, r.Owner)
	role := managerWithSuppliers()
	if _, err := app.Do(app.WithPassword(t.Context(), pagetest.Password), r.Owner, app.SaveRole{Role: role}); err != nil {
		t.Fatal(err)
	}
	r.As("店长", access.Manager)
	f := open(r, "party", fmt.Sprint(supplier))
	for key, want := range map[string]string{"phone": "138****8000", "bank_account": "****0123", "bank_name": "工商银行城东支行", "contact": "陈大海", "tax_no": "91330106MA2AXY1234"} {
		if got := f.Value(key); got != want {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
	}
	f.Unmask("bank_account")
	if !r.Router.InModal() {
		t.Fatal("nobody asks why")
	}
	r.Key(fyne.KeyReturn) // without a reason
	if !r.Router.InModal() || f.Said() != "" {
		t.Fatal("shown for no reason")
	}
	r.Type("付货款")
	r.Key(fyne.KeyReturn)
	r.Settle()
	if got := f.Said(); !strings.Contains(got, testAccount) {
		t.Errorf("shown: %q", got)
	}
	r.Tick(app.UnmaskFor - 1)
	if f.Said() == "" {
		t.Error("hidden too early")
	}
	r.Tick(1)
	if got := f.Said(); got != "" {
		t.Errorf("still there after thirty seconds: %q", got)
	}
	f.Set("note", "看过")
	r.Chord("Ctrl+S")
	r.Settle()
	e := open(r, "employee", fmt.Sprint(employee))
	if e.Value("id_card") != "1****************X" || e.Value("bank_card") != "****0123" || e.Value("phone") != "138****8000" {
		t.Errorf("%q %q %q", e.Value("id_card"), e.Value("bank_card"), e.Value("phone"))
	}
	e.Unmask("id_card")
	r.Type("办社保")
	r.Key(fyne.KeyReturn)
	r.Settle()
	if got := e.Said(); !strings.Contains(got, testIDCard) {
		t.Errorf("shown: %q", got)
	}
	e.Set("id_card", "1****************1")
	r.Chord("Ctrl+S")
	r.Settle()
	if e.Wrong("id_card") == "" {
		t.Error("half a mask is not said at the field")
	}
	e.Set("id_card", "1****************X")
	e.Set("bank_card", "6217 9912 3450 9876")
	r.Chord("Ctrl+S")
	r.Settle()
	// a new customer is entered with the phone, and read back masked
	n := open(r, "party", "customer")
	n.Set("name", "新客户")
	n.Set("phone", "13900001111")
	n.Set("bank_account", "622202")
	r.Chord("Ctrl+S")
	r.Settle()
	r.Quiet()
	made := r.Last()
	n = open(r, "party", made.Arg)
	if n.Value("phone") != "139****1111" {
		t.Errorf("the new customer: %q", n.Value("phone"))
	}
	s := owner(r)
	p, err := app.Ask(t.Context(), s, app.GetParty{ID: supplier})
	if err != nil || p.Phone != testPhone || p.BankAccount != testAccount || p.Address == "" || p.Note != "看过" {
		t.Errorf("%+v %v", p, err)
	}
	who, err := app.Ask(t.Context(), s, app.GetEmployee{ID: employee})
	if err != nil || who.IDCard != testIDCard || who.BankCard != "6217991234509876" || who.Phone != testPhone {
		t.Errorf("%+v %v", who, err)
	}
}

// TestHiddenIsNotOnTheForm: who may not see a number has no field for it.
func TestHiddenIsNotOnTheForm(t *testing.T) {
	text.Use(text.Chinese)
	r := pagetest.Open(t)
	member, _, employee := people(t, r.Owner)
	r.As("仓管", access.Storekeeper)
	f := open(r, "party", fmt.Sprint(member))
	if f.Has("bank_account") || f.Has("bank_name") || f.Value("name") != "欧*" || f.Value("contact") != "欧*" || f.Value("phone") != "138****8000" {
		t.Error(f.Has("bank_account"), f.Has("bank_name"), f.Value("name"), f.Value("contact"), f.Value("phone"))
	}
	e := open(r, "employee", fmt.Sprint(employee))
	if e.Has("id_card") || e.Has("bank_card") || !e.Has("phone") {
		t.Error("a storekeeper has fields of what is hidden")
	}
	r.Quiet()
}

func managerWithSuppliers() access.Role {
	for _, r := range access.Standard() {
		if r.ID == access.Manager {
			r.Grants[access.SupplierEdit] = access.Grant{}
			return r
		}
	}
	panic("no manager")
}

// personalPictures draws the forms as the manager sees them: masked, with the
// number that was asked for.
func personalPictures(t *testing.T, lang string) {
	r := pagetest.Over(t, pagetest.Shop(t), uitest.Size(1230, 700))
	save := func(n string) { r.Save("form-" + n + "-light-" + lang) }
	member, supplier, employee := people(t, r.Owner)
	save2 := func(f *formview.Form, press, n string) {
		if press != "" {
			f.Unmask(press)
			r.Type("x")
			r.Key(fyne.KeyReturn)
			r.Settle()
		}
		save(n)
	}
	open(r, "party", fmt.Sprint(supplier))
	save("party-bank")
	r.As("店长", access.Manager)
	save2(open(r, "party", fmt.Sprint(supplier)), "bank_account", "party-masked")
	save2(open(r, "party", fmt.Sprint(member)), "phone", "member-masked")
	save2(open(r, "employee", fmt.Sprint(employee)), "id_card", "employee-masked")
	r.As("会计", access.Accountant)
	save2(open(r, "party", fmt.Sprint(member)), "phone", "member-seen-by-accountant")
	r.As("审计", access.Auditor)
	open(r, "party", fmt.Sprint(member))
	save("member-seen-by-auditor")
}
