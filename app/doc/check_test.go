package doc

import (
	"errors"
	"strings"
	"testing"

	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/fault"
)

func q(n int64) amount.Qty { return amount.Qty(n * amount.QtyScale) }

// sound is an acceptable document of any kind, made from its spec.
func sound(s Spec) Document {
	d := Document{ID: "x", Kind: s.Kind, Date: day.Must("2026-11-02")}
	for field, n := range map[*int64]Need{&d.PartyID: s.Party, &d.WarehouseID: s.Warehouse, &d.AccountID: s.Account} {
		if n == Must {
			*field = 1
		}
	}
	if s.ToPlace == Must {
		d.ToPlaceID = 2
	}
	if s.ToAccount == Must {
		d.ToAccountID = 2
	}
	if s.Category == Must {
		d.Category = "rent"
	}
	if s.Amount == Must {
		d.Amount = 300
	}
	if s.Lines == Must {
		ln := Line{No: 1, ItemID: 1, Qty: q(2)}
		if s.PriceNeed == Must {
			ln.Price = 1_500_000
		}
		if s.LineMoney == Must {
			ln.Qty, ln.Amount = 0, 300
		}
		if s.OriginMust {
			ln.Origin = Origin{"o", 1}
		}
		if s.Sides {
			ln.Side = -1
			in := ln
			in.No, in.Side = 2, 1
			d.Lines = append(d.Lines, in)
		}
		d.Lines = append(d.Lines, ln)
	}
	if s.Pays == Must {
		d.Payments = []Payment{{AccountID: 1, Amount: 300}}
	}
	if s.Offsets {
		d.Allocs = []Alloc{{"a", 300}, {"b", -300}}
	}
	return d
}

// keysOf gives the keys of what is wrong with a document, each fault holding a
// field and, on a line, its number.
func keysOf(t *testing.T, d Document) string {
	t.Helper()
	s, _ := Of(d.Kind)
	err := Settle(s, &d)
	if err == nil {
		err = Check(s, &d)
	}
	var l fault.List
	var f *fault.Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &l):
	case errors.As(err, &f):
		l = fault.List{f}
	default:
		t.Fatal(err)
	}
	var keys []string
	for _, f := range l {
		if f.Kind != fault.Invalid || f.Args["field"] == nil && f.Key != "doc.discount" {
			t.Errorf("%s names no field", f.Key)
		}
		keys = append(keys, f.Key)
	}
	return strings.Join(keys, " ")
}

func TestEveryKindTakesASoundDocument(t *testing.T) {
	for _, s := range Specs() {
		if keys := keysOf(t, sound(s)); keys != "" {
			t.Errorf("%s: %s", s.Kind, keys)
		}
	}
}

// TestBadInputIsRefusedOnEveryKind changes one thing at a time and wants it named.
func TestBadInputIsRefusedOnEveryKind(t *testing.T) {
	for _, s := range Specs() {
		for _, c := range []struct {
			name, want string
			when       bool
			do         func(d *Document)
		}{
			{"no day", "doc.date", true, func(d *Document) { d.Date = 20261301 }},
			{"no lines", "doc.no-lines", s.Lines == Must, func(d *Document) { d.Lines = nil }},
			{"lines", "doc.not-for-kind", s.Lines == No, func(d *Document) { d.Lines = []Line{{ItemID: 1, Qty: q(1)}} }},
			{"negative", "doc.qty.positive", s.Lines == Must && s.LineMoney == No, func(d *Document) { d.Lines[0].Qty = -q(1) }},
			{"zero", "doc.qty.positive", s.Lines == Must && s.LineMoney == No && s.Flow != Recount, func(d *Document) { d.Lines[0].Qty = 0 }},
			{"a quantity on money", "doc.not-for-kind", s.LineMoney == Must, func(d *Document) { d.Lines[0].Qty = q(1) }},
			{"huge", "doc.qty.range", s.Lines == Must && s.LineMoney == No && s.PriceNeed == No, func(d *Document) { d.Lines[0].Qty = amount.MaxQty + 1 }},
			{"overflow", "doc.overflow", s.PriceNeed == Must, func(d *Document) { d.Lines[0].Qty, d.Lines[0].Price = amount.MaxQty, amount.MaxPrice }},
			{"no item", "doc.line.no-item", s.Lines == Must, func(d *Document) { d.Lines[0].ItemID = 0 }},
			{"no money", "doc.amount.positive", s.Amount == Must && s.Group != Closing && s.Group != Opening || s.LineMoney == Must, func(d *Document) {
				d.Amount = 0
				if s.LineMoney == Must {
					d.Lines[0].Amount = 0
				}
			}},
			{"negative money", "doc.amount.positive", s.Amount == Must, func(d *Document) { d.Amount = -1 }},
			{"negative cost", "doc.amount.positive", s.LineMoney == Must && !s.Signed, func(d *Document) { d.Lines[0].Amount = -300 }},
			{"too much money", "doc.amount.range", s.Amount == Must, func(d *Document) { d.Amount = amount.MaxMoney + 1 }},
			{"one side", "doc.sides", s.Sides, func(d *Document) { d.Lines[0].Side = -1 }},
			{"no side", "doc.line.side", s.Sides, func(d *Document) { d.Lines[0].Side = 0 }},
			{"a side", "doc.line.side", !s.Sides && s.Lines == Must, func(d *Document) { d.Lines[0].Side = 1 }},
			{"fee from nowhere", "doc.missing", s.Sides, func(d *Document) { d.Amount = 5 }},
			{"no origin", "doc.origin-must", s.OriginMust, func(d *Document) { d.Lines[0].Origin = Origin{} }},
			{"an origin", "doc.not-for-kind", s.Lines == Must && len(s.Origins) == 0, func(d *Document) { d.Lines[0].Origin = Origin{"o", 1} }},
			{"unequal offsets", "doc.offsets", s.Offsets, func(d *Document) { d.Allocs[1].Amount = -299 }},
			{"one document twice", "doc.alloc", s.Offsets, func(d *Document) { d.Allocs[1].Doc = "a" }},
			{"due before", "doc.due-before", s.Due != No, func(d *Document) { d.Due = d.Date.AddDays(-1) }},
			{"due", "doc.not-for-kind", s.Due == No, func(d *Document) { d.Due = d.Date }},
			{"a gift", "doc.not-for-kind", s.Bonus == No, func(d *Document) { d.Bonus = 1 }},
			{"a negative gift", "doc.bonus", s.Bonus == May, func(d *Document) { d.Bonus = -1 }},
			{"points", "doc.not-for-kind", !s.Sells(), func(d *Document) { d.PointsUsed = 1 }},
			{"negative points", "doc.points", s.Sells(), func(d *Document) { d.PartyID, d.PointsUsed = 1, -1 }},
			{"a second count", "doc.not-for-kind", s.Lines == Must && s.Flow != Recount, func(d *Document) { d.Lines[0].Recounted = true }},
			{"serials where nothing moves", "doc.not-for-kind", s.Lines == Must && (s.Flow == NoFlow || s.Flow == Revalue), func(d *Document) { d.Lines[0].Serials = []string{"1", "2"} }},
			{"a serial too few", "doc.serial-count", s.Lines == Must && s.Flow != NoFlow && s.Flow != Revalue, func(d *Document) { d.Lines[0].Serials = []string{"1"} }},
			{"a serial twice", "doc.serial-twice", s.Lines == Must && s.Flow != NoFlow && s.Flow != Revalue, func(d *Document) { d.Lines[0].Serials = []string{"a1", "A1"} }},
			{"a serial of nothing", "doc.serial-text", s.Lines == Must && s.Flow != NoFlow && s.Flow != Revalue, func(d *Document) { d.Lines[0].Serials = []string{"a1", " "} }},
			{"a batch with a line feed", "doc.control", s.Lines == Must, func(d *Document) { d.Lines[0].Batch = "a\nb" }},
		} {
			d := sound(s)
			if !c.when {
				continue
			}
			c.do(&d)
			if keys := keysOf(t, d); !strings.Contains(keys+" ", strings.Replace(c.want, "doc.bonus", "doc.amount.range", 1)+" ") {
				t.Errorf("%s with %s: %q, not %s", s.Kind, c.name, keys, c.want)
			}
		}
	}
}

func TestWhoPullsFromWhom(t *testing.T) {
	has := func(from, to Kind) bool {
		for _, k := range Pulled(from) {
			if k == to {
				return true
			}
		}
		return false
	}
	if !has(PurchaseOrder, GoodsReceipt) || !has(GoodsReceipt, PurchaseReturn) || !has(GoodsReceipt, LandedCost) || has(PurchaseOrder, PurchaseReturn) || len(Pulled(Expense)) != 0 {
		t.Error(Pulled(PurchaseOrder), Pulled(GoodsReceipt))
	}
	for _, s := range Specs() {
		for _, k := range s.Origins {
			o, ok := Of(k)
			if !ok || o.Lines != Must {
				t.Errorf("%s pulls from %s, which has no lines", s.Kind, k)
			}
		}
	}
}
