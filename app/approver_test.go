package app_test

import (
	"context"
	"crypto/ed25519"
	"slices"
	"strings"
	"testing"
	"time"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/oplog"
	"tiezhang/app/passphrase"
	"tiezhang/app/totp"
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

// entries are all entries that can be read.
func (w *world) entries() (out []oplog.Entry) {
	w.read(func(tx app.Tx) error {
		last, _, err := tx.LogHead()
		if err != nil {
			return err
		}
		ss, err := tx.LogEntries(1, int(last))
		for _, s := range ss {
			if e, err := oplog.Open(s); err == nil {
				out = append(out, e)
			}
		}
		return err
	})
	return out
}

// TestApproversProveEverything: an approval wants of the approver what a sign-in
// would, and nobody approves who would not get past the door.
func TestApproversProveEverything(t *testing.T) {
	w := newWorld(t)
	manager := person(access.Manager)
	// An invited manager has not chosen a password: the slip of paper is not one.
	code := lasting(w, sure, app.Invite{Name: "new manager", Role: access.Manager})
	w.as(access.Manager)
	setup := lasting(w, sure, app.StartTOTP{Password: worldPassword})
	ph := phone(t, setup.URI)
	now := func() string { return ph.Code(totp.Step(w.clock.at)) }
	lasting(w, sure, app.ConfirmTOTP{Password: worldPassword, Code: now()})
	w.as(access.Cashier)
	try := func(ctx context.Context) string {
		return keyOf(app.Do(ctx, w.self, app.Reverse{ID: "mine-RetailSale", Kind: doc.RetailSale, Reason: "typed wrong"}))
	}
	slip := app.WithSecond(plain, "new manager", strings.Join(code.Groups, " "))
	if got := try(slip); got != "gate.approver-pending" {
		t.Error("a one-time code nobody used:", got)
	}
	w.clock.at = w.clock.at.AddDate(0, 0, 30)
	if got := try(slip); got != "signin.code-over" {
		t.Error("thirty days later:", got)
	}
	w.clock.at = w.clock.at.AddDate(0, 0, -29)
	if got := try(slip); got != "signin.code-over" { // the log knows that it was refused for its age
		t.Error("with the clock set back:", got)
	}
	// Whoever has a code on the phone gives one, once.
	in := app.WithSecond(plain, manager, worldPassword)
	_, err := app.Do(in, w.self, app.Reverse{ID: "mine-RetailSale", Kind: doc.RetailSale, Reason: "typed wrong"})
	if step, ok := app.IsStep(err); !ok || step != access.Second || fault.KeyOf(err) != "gate.second-code" {
		t.Error("without the phone's code:", err)
	}
	if got := try(app.WithSecondCode(app.WithSecond(plain, manager, wrongWord), now())); got != "keyring.wrong-password" {
		t.Error("with it and a wrong password:", got)
	}
	if got := try(app.WithSecondCode(in, "000000")); got != "totp.wrong" {
		t.Error("a wrong one:", got)
	}
	used := now()
	if got := try(app.WithSecondCode(in, used)); got != "" {
		t.Error("with it:", got)
	}
	low := w.document(doc.RetailSale, "low")
	low.Lines[0].Price, low.Payments[0].Amount, low.Date = 1_500_000, 1_50, dayOf(w)
	if got := keyOf(app.Do(app.WithSecondCode(in, used), w.self, app.Post{Doc: low})); got != "totp.used" {
		t.Error("the same code again:", got)
	}
	// Where the rules want a second factor, who has none approves nothing.
	pol := app.DefaultPolicy()
	pol.Pack = passphrase.PackStrict
	lasting(asOwner(w), sure, app.SetSignInPolicy{Policy: pol})
	if err := w.st.Write(plain, func(tx app.Tx) error { // the cashier has a stick
		u, err := tx.UserByName(person(access.Cashier))
		if err != nil {
			return err
		}
		u.KeyFile = true
		_, err = tx.SaveUser(u)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	w.as(access.Cashier)
	if got := keyOf(app.Do(app.WithSecond(plain, person(access.Owner), worldPassword), w.self, app.Post{Doc: low})); got != "gate.approver-pending" {
		t.Error("an owner without a second factor under the strict rules:", got)
	}
	w.clock.at = w.clock.at.Add(time.Minute)
	if got := keyOf(app.Do(app.WithSecondCode(in, now()), w.self, app.Post{Doc: low})); got != "" {
		t.Error("a manager with one:", got)
	}
}

// TestForgedApprovals: whoever has the log's key can chain an entry that says the
// owner approved, but not make the owner's approval of it.
func TestForgedApprovals(t *testing.T) {
	reopen := func(w *world) app.ReopenDay { return app.ReopenDay{Date: w.today.AddDays(-10), Reason: "late bill"} }
	owner := person(access.Owner)
	made := func(t *testing.T) (*world, oplog.Entry) {
		w := newWorld(t)
		w.as(access.Accountant)
		lasting(w, app.WithSecond(plain, owner, worldPassword), reopen(w))
		w.as(access.Cashier)
		lasting(w, app.WithCode(plain, w.codes.Codes[0]), app.Reverse{ID: "mine-RetailSale", Kind: doc.RetailSale, Reason: "typed wrong"})
		if got := w.findings(); len(got) != 0 {
			t.Fatal("a sound shop:", got)
		}
		for _, e := range w.entries() {
			if e.Consent != nil {
				return w, e
			}
		}
		t.Fatal("nobody signed")
		return nil, oplog.Entry{}
	}
	sign := func(e *oplog.Entry) { // with a key of one's own
		pub, priv, err := ed25519.GenerateKey(nil)
		if err != nil {
			t.Fatal(err)
		}
		k := *e.Consent
		k.Action, k.Nonce, k.Key = e.Action, []byte("0123456789abcdef"), pub
		k.Sig = ed25519.Sign(priv, k.Message())
		e.Consent = &k
	}
	signed := func(w *world, k oplog.Consent) *oplog.Consent { // by the owner in earnest
		k.Nonce = []byte("0123456789abcdef")
		var err error
		if k.Key, k.Sig, err = w.st.keys.Sign(plain, owner, app.Proof{Password: worldPassword}, k.Message()); err != nil {
			t.Fatal(err)
		}
		return &k
	}
	t.Run("not forged", func(t *testing.T) {
		w, e := made(t)
		e.Consent = signed(w, *e.Consent)
		w.forge(e)
		if got := w.findings(); len(got) != 0 {
			t.Error("the owner's own signature:", got)
		}
	})
	for name, c := range map[string]struct {
		forge func(w *world, e *oplog.Entry)
		want  string
	}{
		"the same consent again, word for word": {func(_ *world, e *oplog.Entry) {}, "check.log.consent"},
		"signed for another action": {func(w *world, e *oplog.Entry) {
			e.Consent, e.Action = signed(w, *e.Consent), string(access.StockAdjust)
		}, "check.log.consent"},
		"an old consent on another action":        {func(_ *world, e *oplog.Entry) { e.Action, e.Object = string(access.StockAdjust), "x" }, "check.log.consent"},
		"signed by a key just made":               {func(_ *world, e *oplog.Entry) { sign(e) }, "check.log.consent"},
		"an approver and nothing else":            {func(_ *world, e *oplog.Entry) { e.Consent = nil }, "check.log.unproved"},
		"a code that was used for something else": {func(_ *world, e *oplog.Entry) { e.Consent, e.Detail = nil, `{"approval_code":[1,1]}` }, "check.log.unproved"},
		"a code that was not used":                {func(_ *world, e *oplog.Entry) { e.Consent, e.Detail = nil, `{"approval_code":[1,5]}` }, "check.log.unproved"},
		"a key somebody wrote down as the owner's own": {func(w *world, e *oplog.Entry) {
			sign(e)
			if err := w.st.Write(plain, func(tx app.Tx) error {
				return tx.AddSigner(app.Signer{Name: owner, Key: e.Consent.Key, Seq: 1, Sig: make([]byte, 64)})
			}); err != nil {
				t.Fatal(err)
			}
		}, "check.signer"},
	} {
		t.Run(name, func(t *testing.T) {
			w, e := made(t)
			c.forge(w, &e)
			w.clock.at = w.clock.at.Add(time.Minute)
			e.Time = w.clock.at.UnixMilli()
			w.forge(e)
			if got := w.findings(); !slices.Contains(got, c.want) {
				t.Errorf("found %v, want %s", got, c.want)
			}
		})
	}
}

// TestKeysOfBefore: what somebody approved stays good when they get new keys, and
// the old keys are good for nothing after.
func TestKeysOfBefore(t *testing.T) {
	w := newWorld(t)
	manager := person(access.Manager)
	w.as(access.Cashier)
	lasting(w, app.WithSecond(plain, manager, worldPassword), app.Reverse{ID: "mine-RetailSale", Kind: doc.RetailSale, Reason: "typed wrong"})
	old := w.lastEntry()
	k := *old.Consent
	k.Nonce = []byte("0123456789abcdef")
	var err error
	if k.Key, k.Sig, err = w.st.keys.Sign(plain, manager, app.Proof{Password: worldPassword}, k.Message()); err != nil {
		t.Fatal(err)
	}
	const next = "Apple-Ridge-41-Tuba"
	lasting(asOwner(w), sure, app.ResetPassword{Name: manager, Password: next})
	if got := w.findings(); len(got) != 0 {
		t.Fatal("after new keys:", got)
	}
	w.as(access.Cashier)
	lasting(w, app.WithSecond(plain, manager, next), app.EndOrder{ID: "mine-SalesOrder", Kind: doc.SalesOrder, Reason: "sold out"})
	low := w.document(doc.RetailSale, "low")
	low.Lines[0].Price, low.Payments[0].Amount = 1_500_000, 1_50
	lasting(w, app.WithSecond(plain, manager, next), app.Post{Doc: low})
	if got := w.findings(); len(got) != 0 {
		t.Fatal("approved with the new keys:", got)
	}
	rows := func() (n int) {
		w.read(func(tx app.Tx) error {
			ss, err := tx.Signers()
			n = len(ss)
			return err
		})
		return n
	}
	if rows() != len(access.Standard())+2 { // everybody's, the spare's, the manager's second
		t.Error("signers:", rows())
	}
	old.Consent = &k // sound, by the keys of before
	w.forge(old)
	if got := w.findings(); !slices.Contains(got, "check.log.consent") {
		t.Error("old keys are good after new ones:", got)
	}
}

// TestOtherWritingsAreCounted: a name written in another way is no second row of
// free guesses at the same password, and tells nothing about it.
func TestOtherWritingsAreCounted(t *testing.T) {
	w := newWorld(t)
	w.as(access.Cashier)
	c := app.Reverse{ID: "mine-RetailSale", Kind: doc.RetailSale, Reason: "typed wrong"}
	for i := range 6 { // the right password, by a name only the keyring knows
		want := "keyring.wrong-password"
		if i == 5 {
			want = "signin.wait"
		}
		if got := keyOf(app.Do(app.WithSecond(plain, "ｐ-ｏｗｎｅｒ", worldPassword), w.self, c)); got != want {
			t.Errorf("guess %d: %q, want %q", i+1, got, want)
		}
	}
	for i := range 6 {
		name := []string{"p-manager", "P-MANAGER"}[i%2]
		if got := keyOf(app.Do(app.WithSecond(plain, name, wrongWord), w.self, c)); (got == "signin.wait") != (i == 5) {
			t.Errorf("guess %d: %q", i+1, got)
		}
	}
}
