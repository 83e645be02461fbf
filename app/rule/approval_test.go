package rule

import (
	"errors"
	"testing"

	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
)

func TestApprovalsMeetKindRoleAndWorth(t *testing.T) {
	big := Approval{ID: "1", Kind: doc.GoodsReceipt, Over: "5000"}
	cashiers := Approval{ID: "2", Kind: doc.RetailReturn, Roles: []access.RoleID{access.Cashier}}
	all := Approval{ID: "3", Roles: []access.RoleID{access.Owner, access.Manager}, Over: "100000.00"}
	for _, c := range []struct {
		r     Approval
		kind  doc.Kind
		role  access.RoleID
		worth amount.Money
		want  bool
	}{
		{big, doc.GoodsReceipt, access.Buyer, 500000, false}, // exactly the limit
		{big, doc.GoodsReceipt, access.Buyer, 500001, true},
		{big, doc.SalesDelivery, access.Buyer, 900000, false},
		{big, doc.GoodsReceipt, access.Owner, 900000, false}, // no role named: everybody but the owner
		{cashiers, doc.RetailReturn, access.Cashier, 0, true},
		{cashiers, doc.RetailReturn, access.Manager, 9900, false},
		{all, doc.Expense, access.Owner, 10000001, true},
		{all, doc.Expense, access.Cashier, 10000001, false},
		{Approval{ID: "4", Over: "much"}, doc.Expense, access.Cashier, 1, true}, // not readable: rather ask
	} {
		if got := c.r.Meets(Document{c.kind, c.role, c.worth}); got != c.want {
			t.Errorf("rule %s on %s by %s worth %s: %v", c.r.ID, c.kind, c.role, c.worth, got)
		}
	}
	r, ok := Needed([]Approval{cashiers, big}, Document{doc.GoodsReceipt, access.Buyer, 900000})
	if !ok || r.ID != "1" {
		t.Errorf("%v %v", r, ok)
	}
}

func TestApprovalRulesAreCheckedRowByRow(t *testing.T) {
	err := CheckApprovals([]Approval{{ID: "a"}, {ID: "a", Kind: "Barter"}, {Over: "-1"}})
	var l fault.List
	if !errors.As(err, &l) {
		t.Fatal(err)
	}
	have := map[string]int{}
	for _, f := range l {
		have[f.Key]++
	}
	if len(l) != 4 || have["approval.id"] != 2 || have["approval.kind"] != 1 || have["approval.over"] != 1 || l[0].Args["line"] != 2 {
		t.Errorf("%v", l)
	}
	if _, err := ParseApprovals("["); fault.KeyOf(err) != "approval.damaged" {
		t.Error(err)
	}
	if l, err := ParseApprovals(`[{"id":"x","kind":"Expense","roles":["cashier"],"over":"5"}]`); err != nil || len(l) != 1 || !l[0].Meets(Document{doc.Expense, access.Cashier, 501}) {
		t.Errorf("%v %v", l, err)
	}
}
