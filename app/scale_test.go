package app_test

import (
	"context"
	"testing"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/app/master"
)

func TestTillScanReadsLabels(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	s := w.as(access.Owner)
	scan := func(code string) (app.Scanned, error) { return app.Ask(ctx, s, app.TillScan{Code: code}) }
	if _, err := app.Do(ctx, s, app.SaveItem{Item: master.Item{Code: "12", Name: "Apples", Unit: "kg", Prices: prices(master.Retail, "7.98")}}); err != nil {
		t.Fatal(err)
	}
	label := master.ScaleUsual.Write("12", 0, 1234)
	if r, err := scan(label); err != nil || len(r.Hits) != 0 {
		t.Fatal("a label was read in a shop without a scale", r, err)
	}
	pass := app.WithPassword(ctx, worldPassword)
	bad := master.ScaleUsual
	bad.Prefix = "69"
	if _, err := app.Do(pass, s, app.SetScaleFormats{Formats: []master.ScaleFormat{bad}}); fault.KindOf(err) != fault.Invalid {
		t.Fatal(err)
	}
	if _, err := app.Do(pass, s, app.SetScaleFormats{Formats: []master.ScaleFormat{master.ScaleUsual}}); err != nil {
		t.Fatal(err)
	}
	r, err := scan(label)
	if err != nil || len(r.Hits) != 1 || r.Hits[0].Item.Code != "12" || r.Label == nil || r.Label.Money != 1234 {
		t.Fatalf("%+v %v", r, err)
	}
	if _, err := scan(master.ScaleUsual.Write("13", 0, 1234)); fault.KeyOf(err) != "scale.unknown-plu" {
		t.Fatal(err)
	}
	wrong := []byte(label)
	wrong[9] = '0' + (wrong[9]-'0'+1)%10
	if _, err := scan(string(wrong)); fault.KeyOf(err) != "scale.check" {
		t.Fatal(err)
	}
	// a code of the shop's own goes before
	if _, err := app.Do(ctx, s, app.SaveItem{Item: master.Item{Code: "P", Name: "Pears in a box", Unit: "pc", Barcodes: []master.Barcode{{Code: label}}}}); err != nil {
		t.Fatal(err)
	}
	if r, err := scan(label); err != nil || len(r.Hits) != 1 || r.Hits[0].Item.Code != "P" || r.Label != nil {
		t.Fatalf("%+v %v", r, err)
	}
}

func TestDrawerWantsAReason(t *testing.T) {
	w := newWorld(t)
	s := w.as(access.Owner)
	if _, err := app.Do(context.Background(), s, app.OpenDrawer{Reason: "  "}); fault.KeyOf(err) != "till.drawer.reason" {
		t.Fatal(err)
	}
	if _, err := app.Do(context.Background(), s, app.OpenDrawer{Reason: "change"}); err != nil {
		t.Fatal(err)
	}
}
