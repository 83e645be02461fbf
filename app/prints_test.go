package app_test

import (
	"testing"
	"time"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/doc"
)

// TestTheFirstPrintAsksNothingTheSecondDoes: the customer's receipt comes at once;
// any further one wants the right, with its step, and says what it is.
func TestTheFirstPrintAsksNothingTheSecondDoes(t *testing.T) {
	w := newWorld(t)
	w.clock.at = w.clock.at.Add(6 * time.Minute) // no password is fresh
	w.as(access.Cashier)
	w.clock.at = w.clock.at.Add(6 * time.Minute)
	lasting(w, plain, app.Post{Doc: w.document(doc.RetailSale, "printed")})
	if p := lasting(w, plain, app.LogPrint{ID: "printed"}); p.Reprint || p.Times != 1 {
		t.Errorf("%+v", p)
	}
	if got := keyOf(app.Do(plain, w.self, app.LogPrint{ID: "printed"})); got != "gate.second" {
		t.Error("a receipt was printed again with nobody beside:", got)
	}
	if p := lasting(w, app.WithSecond(plain, person(access.Owner), worldPassword), app.LogPrint{ID: "printed"}); !p.Reprint || p.Times != 2 {
		t.Errorf("%+v", p)
	}
	if e := w.lastEntry(); e.Action != "document.print" || e.Approver != person(access.Owner) || e.Object != w.stored("printed").Number {
		t.Errorf("%+v", e)
	}
	w.as(access.Auditor) // sees the sale, and has no business printing it again
	if got := keyOf(app.Do(plain, w.self, app.LogPrint{ID: "printed"})); got != "gate.denied" {
		t.Error("an auditor printed again:", got)
	}
	if p := lasting(w, plain, app.LogPrint{ID: "old-RetailSale"}); p.Reprint {
		t.Errorf("%+v", p)
	}
}

// TestTheDrawerWantsAStep by default, also from the owner and the manager.
func TestTheDrawerWantsAStep(t *testing.T) {
	w := newWorld(t)
	c := app.OpenDrawer{Reason: "change"}
	for role, want := range map[access.RoleID]string{access.Owner: "gate.password", access.Manager: "gate.password", access.Cashier: "gate.second", access.Buyer: "gate.denied"} {
		w.as(role)
		w.clock.at = w.clock.at.Add(6 * time.Minute)
		if got := keyOf(app.Do(plain, w.self, c)); got != want {
			t.Errorf("%s: %q, want %q", role, got, want)
		}
	}
}

// TestADocumentAsAFileIsAnExport: its right, its lines in the day's ration, its
// entry; printing on paper stays what it was.
func TestADocumentAsAFileIsAnExport(t *testing.T) {
	w := newWorld(t)
	role := standard(t, access.Accountant)
	role.ExportRows = 4
	lasting(w, sure, app.SaveRole{Role: role})
	d := w.document(doc.SalesDelivery, "three")
	d.Lines = append(d.Lines, d.Lines[0], d.Lines[0])
	for i := range d.Lines {
		d.Lines[i].No = i + 1
	}
	lasting(w, sure, app.Post{Doc: d})
	w.as(access.Accountant)
	x := lasting(w, plain, app.ExportDocument{ID: "three"})
	e := w.lastEntry()
	if x.Seq != e.Seq || x.By != person(access.Accountant) || x.At != w.clock.at.Unix() || e.Action != string(access.Export) || e.Object != w.stored("three").Number {
		t.Errorf("%+v %+v", x, e)
	}
	if got := keyOf(app.Do(plain, w.self, app.ExportDocument{ID: "three"})); got != "export.ration" { // 3 and 3
		t.Error("over the ration:", got)
	}
	lasting(w, plain, app.LogPrint{ID: "three"})
	w.as(access.Cashier)
	if got := keyOf(app.Do(plain, w.self, app.ExportDocument{ID: "mine-RetailSale"})); got != "gate.denied" {
		t.Error("a cashier saved a file:", got)
	}
	lasting(w, plain, app.LogPrint{ID: "mine-RetailSale"})
}
