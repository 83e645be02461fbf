package app_test

import (
	"errors"
	"strings"
	"testing"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/app/master"
)

// TestAMergePlanTellsOfNoDocumentThatIsHidden: what stands in the way is told to who
// may read it; an order that is not theirs stands in the way without its number, and
// purchase amounts are left out where purchase prices are.
func TestAMergePlanTellsOfNoDocumentThatIsHidden(t *testing.T) {
	w := newWorld(t)
	plan := func(e master.Entity, kept, dropped int64) app.MergeView {
		t.Helper()
		v, err := app.Ask(plain, w.self, app.MergePlan{Entity: e, Kept: kept, Dropped: dropped})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	number := w.stored("old-PurchaseOrder").Number
	blocked := func(v app.MergeView) string {
		var out []string
		for _, b := range v.Blocks {
			var f *fault.Error
			if errors.As(b, &f) && f.Key == "master.merge-order" {
				out = append(out, f.Args["number"].(string))
			}
		}
		return strings.Join(out, " ")
	}
	owner := plan(master.OfItem, w.gone, w.item)
	if !strings.Contains(blocked(owner), number) || len(owner.Orders) == 0 {
		t.Fatal("the order is not in the way:", blocked(owner))
	}
	sum := int64(0)
	for _, r := range plan(master.OfParty, w.credit, w.supply).Drafts {
		sum += int64(r.Total)
	}
	if sum == 0 {
		t.Fatal("no draft of the supplier has an amount")
	}

	role := standard(t, access.Manager)
	role.Fields[access.FieldPurchase] = access.Hidden
	lasting(w, sure, app.SaveRole{Role: role})
	w.as(access.Manager)
	for _, rows := range [][]app.UseRow{plan(master.OfParty, w.credit, w.supply).Drafts, plan(master.OfParty, w.credit, w.supply).Orders} {
		for _, r := range rows {
			if r.Total != 0 {
				t.Errorf("%s %s is told with %s", r.Kind, r.Number, r.Total)
			}
		}
	}
	w.as(access.Owner)
	delete(role.Grants, access.PurchaseView)
	lasting(w, sure, app.SaveRole{Role: role})
	w.as(access.Manager)
	v := plan(master.OfItem, w.gone, w.item)
	if strings.Contains(blocked(v), number) || !strings.Contains(blocked(v), "***") {
		t.Error("blocks:", blocked(v))
	}
	for _, r := range append(v.Orders, v.Drafts...) {
		if r.Number == number || r.ID == "open-PurchaseOrder" || r.ID == "open-GoodsReceipt" {
			t.Errorf("%+v is told", r)
		}
	}
}
