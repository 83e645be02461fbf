package doc

import (
	"errors"
	"testing"

	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/fault"
)

func sale() Document {
	return Document{ID: "a", Kind: SalesDelivery, Date: day.Must("2026-11-02"), PartyID: 1, WarehouseID: 1,
		Lines: []Line{{No: 1, ItemID: 1, Qty: 3 * amount.QtyScale, Price: 3_333_333}, {No: 2, ItemID: 2, Unit: "箱", Num: 12, Den: 1, Qty: 2 * amount.QtyScale, Price: 10_000_000, Off: 100}}}
}

func settled(t *testing.T, d Document) (Spec, Document) {
	t.Helper()
	s, ok := Of(d.Kind)
	if !ok {
		t.Fatal(d.Kind)
	}
	if err := Settle(s, &d); err != nil {
		t.Fatal(err)
	}
	return s, d
}

func TestSettleAddsUpExactly(t *testing.T) {
	d := sale()
	d.Discount = 1000
	s, d := settled(t, d)
	if d.Lines[0].Gross.String() != "10.00" || d.Lines[1].Gross.String() != "19.00" || d.Lines[1].Base != 24*amount.QtyScale || d.Total.String() != "19.00" {
		t.Errorf("%+v", d)
	}
	var net amount.Money
	for _, l := range d.Lines {
		net += l.Net()
	}
	if net != d.Total {
		t.Errorf("lines come to %s, the header to %s", net, d.Total)
	}
	if err := Check(s, &d); err != nil {
		t.Error(err)
	}
}

func TestEveryWrongFieldIsNamedAtOnce(t *testing.T) {
	d := sale()
	d.PartyID, d.Date = 0, 20261399
	d.Lines[0].Qty = 0
	d.Lines[1].ItemID = 0
	d.AccountID = 7 // a delivery has none
	s, d := settled(t, d)
	err := Check(s, &d)
	var l fault.List
	if !errors.As(err, &l) || len(l) != 5 {
		t.Fatalf("%v", err)
	}
	want := map[string]bool{"doc.date": true, "doc.missing": true, "doc.qty.positive": true, "doc.line.no-item": true, "doc.not-for-kind": true}
	for _, f := range l {
		if !want[f.Key] {
			t.Errorf("unexpected %s", f.Key)
		}
		if f.Args["field"] == nil {
			t.Errorf("%s names no field", f.Key)
		}
	}
}

func TestInexactUnitIsRefusedWithItsLine(t *testing.T) {
	d := sale()
	d.Lines[1].Num, d.Lines[1].Den, d.Lines[1].Qty = 1, 3, amount.QtyScale
	s, _ := Of(d.Kind)
	err := Settle(s, &d)
	var f *fault.Error
	if !errors.As(err, &f) || f.Key != "doc.qty.inexact" || f.Args["line"] != 2 {
		t.Errorf("%v", err)
	}
}

func TestOverflowIsAnErrorNotANumber(t *testing.T) {
	d := sale()
	d.Lines[0].Qty, d.Lines[0].Price = amount.MaxQty, amount.MaxPrice
	s, _ := Of(d.Kind)
	if err := Settle(s, &d); fault.KindOf(err) != fault.Invalid || err == nil {
		t.Errorf("%v", err)
	}
}

// TestSpecsHoldTogether asks of every kind what the ledger takes for granted.
func TestSpecsHoldTogether(t *testing.T) {
	prefix := map[string]Kind{}
	for _, s := range Specs() {
		if k, taken := prefix[s.Prefix]; taken || len(s.Prefix) != 2 {
			t.Errorf("%s: prefix %q is that of %s or not two letters", s.Kind, s.Prefix, k)
		}
		prefix[s.Prefix] = s.Kind
		if s.Trade != "" && s.TradeSign*s.TradeSign != 1 {
			t.Errorf("%s: a trade account wants a sign", s.Kind)
		}
		if s.Trade != "" && s.CashSign == 0 && s.AmountContra == "" {
			t.Errorf("%s: the trade amount has no other side", s.Kind)
		}
		if s.CashSign != 0 && s.Trade == "" && s.AmountContra == "" {
			t.Errorf("%s: the cash amount has no other side", s.Kind)
		}
		if (s.Flow == In || s.Flow == Out || s.Flow == Recount) && s.ValueContra == "" {
			t.Errorf("%s: the stock value has no other side", s.Kind)
		}
		if s.Flow != NoFlow && s.Flow != Revalue && (s.Lines != Must || s.Warehouse != Must) {
			t.Errorf("%s: moves stock without lines or warehouse", s.Kind)
		}
		if s.Allocates && s.Party != Must || s.Pays != No && s.Trade == "" {
			t.Errorf("%s: settles without a party", s.Kind)
		}
		if !Draft.May(Posted) || Posted.May(Draft) || Reversed.May(Posted) || Void.May(Posted) {
			t.Fatal("the life of a document runs backwards")
		}
	}
}
