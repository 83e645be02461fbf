package demo

import (
	"context"
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"tiezhang/app"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/store"
	"tiezhang/store/keyring"
)

type clock struct{ at time.Time }

func (c clock) Now() time.Time { return c.at }

var plan = Plan{Seed: 7, Days: 34, End: day.Must("2026-11-22"), Items: 40, Bills: 2, Names: map[string]string{"rent": "rent", "reason": "sample"}}

// TestTheSameSeedGivesTheSameShop, line by line.
func TestTheSameSeedGivesTheSameShop(t *testing.T) {
	lines := func(p Plan) (out []string) {
		if err := Make(p, func(w app.Wire) error {
			b, err := json.Marshal(w)
			out = append(out, string(b))
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return out
	}
	a, b := lines(plan), lines(plan)
	other := plan
	other.Seed = 8
	c := lines(other)
	if len(a) != len(b) {
		t.Fatalf("%d and %d lines", len(a), len(b))
	}
	same := len(a) == len(c)
	for i := range a {
		if a[i] != b[i] {
			t.Fatalf("line %d:\n%s\n%s", i, a[i], b[i])
		}
		same = same && a[i] == c[i]
	}
	if same {
		t.Error("another seed, the same shop")
	}
}

// TestTheShopHoldsALittleOfEverything posts a month and looks at its books.
func TestTheShopHoldsALittleOfEverything(t *testing.T) {
	ctx := app.WithPassword(context.Background(), "Corn-Flask-89-Orbit")
	host := app.Host{Vault: store.Vault{Profile: keyring.ProfileForTests}, Clock: clock{plan.End.Time().Add(20 * time.Hour)}, Machine: "test", Version: "test"}
	s, _, err := host.New(ctx, filepath.Join(t.TempDir(), "shop"), app.NewShop{ShopName: "Corner", OwnerName: "boss", Password: "Corn-Flask-89-Orbit"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Shop().Close(ctx)
	if _, err := Fill(ctx, s, plan, nil); err != nil {
		t.Fatal(err)
	}
	v, err := app.Run(ctx, s, app.VerifyShop{})
	if err != nil || len(v.Findings) != 0 {
		t.Fatalf("%v %v", v.Findings, err)
	}
	for _, k := range []doc.Kind{doc.PurchaseOrder, doc.GoodsReceipt, doc.LandedCost, doc.SalesOrder, doc.Assembly, doc.LendOut, doc.LendReturn, doc.StoredTopUp, doc.StockCount, doc.SalesReturn} {
		spec, _ := doc.Of(k)
		found := false
		for d := plan.End.AddDays(-plan.Days); d <= plan.End && !found; d = d.AddDays(1) {
			_, err := app.Ask(ctx, s, app.GetDocument{Number: spec.Prefix + "-" + d.Compact() + "-0001"})
			found = err == nil
		}
		if !found {
			t.Errorf("no %s in the sample shop", k)
		}
	}
	it, err := app.Ask(ctx, s, app.GetItem{Code: fresh})
	if err != nil {
		t.Fatal(err)
	}
	help, err := app.Ask(ctx, s, app.ItemHelp{Kind: doc.SalesDelivery, Item: it.Item.ID})
	if err != nil || len(help.Batches) == 0 || help.Batches[0].Expiry == 0 {
		t.Errorf("%+v %v", help, err)
	}
	it, err = app.Ask(ctx, s, app.GetItem{Code: kettle})
	if err != nil {
		t.Fatal(err)
	}
	pieces, err := app.Ask(ctx, s, app.FindSerials{Item: it.Item.ID})
	if err != nil || len(pieces) != 1 {
		t.Errorf("%v %v", pieces, err)
	}
	m, err := app.Ask(ctx, s, app.FindMember{Card: "VIP0001"})
	if err != nil || m.Stored != 220_00 {
		t.Errorf("%+v %v", m, err)
	}
}
