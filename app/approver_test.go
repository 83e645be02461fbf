package app_test

import (
	"slices"
	"strings"
	"testing"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/doc"
	"tiezhang/app/oplog"
)

// findings are the keys of what the self-check finds.
func (w *world) findings() (keys []string) {
	w.t.Helper()
	v, err := app.Run(plain, asOwner(w).self, app.VerifyShop{})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, f := range v.Findings {
		keys = append(keys, f.Key)
	}
	return keys
}

// forge chains an entry with the shop's own log key, as somebody could who has
// the data key and tools of their own.
func (w *world) forge(e oplog.Entry) {
	w.t.Helper()
	err := w.st.Write(plain, func(tx app.Tx) error {
		seq, prev, err := tx.LogHead()
		if err != nil {
			return err
		}
		e.Seq, e.Mono = seq+1, seq+1
		s, err := oplog.Seal(w.st.LogKey(), prev, e)
		if err != nil {
			return err
		}
		return tx.AppendLog(s, e)
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// TestNobodyApprovesThemselves, whatever way they write their name; and an entry
// that says so is found.
func TestNobodyApprovesThemselves(t *testing.T) {
	w := newWorld(t)
	role := standard(t, access.Owner)
	role.Grants[access.SaleReverse] = access.Grant{Confirm: access.Second}
	lasting(w, sure, app.SaveRole{Role: role})
	w.as(access.Owner)
	own := person(access.Owner)
	c := app.Reverse{ID: "old-RetailSale", Kind: doc.RetailSale, Reason: "typed wrong"}
	for name, want := range map[string]string{
		own: "gate.self-approval", strings.ToUpper(own): "gate.self-approval", "P-Owner": "gate.self-approval",
		"ｐ-ｏｗｎｅｒ": "keyring.wrong-password", // the keyring knows the name, the shop does not
	} {
		if got := keyOf(app.Do(app.WithSecond(plain, name, worldPassword), w.self, c)); got != want {
			t.Errorf("approved by %q: %q, want %q", name, got, want)
		}
	}
	if got := w.findings(); len(got) != 0 {
		t.Fatal("a sound shop:", got)
	}
	e := w.lastEntry()
	e.Approver = strings.ToUpper(own)
	w.forge(e)
	if got := w.findings(); !slices.Contains(got, "check.log.self-approved") {
		t.Error("an entry whose approver is its author was not found:", got)
	}
}

// TestApproversTellNothing: without their password nobody learns who may approve
// what, nor who has an account.
func TestApproversTellNothing(t *testing.T) {
	w := newWorld(t)
	w.as(access.Cashier)
	c := app.Reverse{ID: "mine-RetailSale", Kind: doc.RetailSale, Reason: "typed wrong"}
	try := func(name, password string) string {
		return keyOf(app.Do(app.WithSecond(plain, name, password), w.self, c))
	}
	for _, name := range []string{person(access.Owner), person(access.Buyer), "nobody at all"} {
		if got := try(name, wrongWord); got != "keyring.wrong-password" {
			t.Errorf("%s with a wrong password: %q", name, got)
		}
	}
	if got := try(person(access.Buyer), worldPassword); got != "gate.approver-right" {
		t.Error("a buyer with the right password:", got)
	}
	if e := w.lastEntry(); e.Consent != nil || e.Approver != "" {
		t.Errorf("a refused approver is in the log: %+v", e)
	}
	if got := try(person(access.Manager), worldPassword); got != "" {
		t.Error("the manager:", got)
	}
}
