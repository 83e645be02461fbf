package app_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/rule"
)

// TestADeputyIsNoOwner: the rights to change accounts and roles do not make
// anybody an owner, neither themselves nor a friend, nor let them reach an owner.
func TestADeputyIsNoOwner(t *testing.T) {
	w := newWorld(t)
	const name, friend = "deputy", "spare"
	role := lasting(w, sure, app.SaveRole{Role: access.Role{Name: "Deputy", Grants: map[access.Permission]access.Grant{access.HomeView: {}, access.UserView: {},
		access.UserEdit: {}, access.RoleEdit: {}, access.SaleView: {}, access.RightsLend: {}}}})
	keys := lasting(w, sure, app.SaveRole{Role: access.Role{Name: "Keys", Grants: map[access.Permission]access.Grant{access.HomeView: {}, access.KeyExport: {}}}})
	lasting(w, sure, app.AddUser{Name: name, Password: worldPassword, Role: role.ID})
	owner := person(access.Owner)
	in, err := w.shop.SignIn(plain, name, worldPassword) // the owner has just been here
	if err != nil {
		t.Fatal(err)
	}
	w.self = in
	with := func(r access.Role, p access.Permission) access.Role {
		g := map[access.Permission]access.Grant{p: {}}
		for k, v := range r.Grants {
			g[k] = v
		}
		r.Grants = g
		return r
	}
	fewer := standard(t, access.Owner)
	fewer.MaxDiscount = 0
	for what, c := range map[string]struct {
		got, want string
	}{
		"themselves an owner":      {keyOf(app.Do(sure, in, app.ChangeUser{Name: name, Role: access.Owner})), "user.own-account"},
		"themselves a manager":     {keyOf(app.Do(sure, in, app.ChangeUser{Name: "DEPUTY", Role: access.Manager})), "user.own-account"},
		"a friend an owner":        {keyOf(app.Do(sure, in, app.ChangeUser{Name: friend, Role: access.Owner})), "user.owner-only"},
		"a friend one of the keys": {keyOf(app.Do(sure, in, app.ChangeUser{Name: friend, Role: keys.ID})), "user.owner-only"},
		"a new owner":              {keyOf(app.Do(sure, in, app.AddUser{Name: "second", Password: worldPassword, Role: access.Owner})), "user.owner-only"},
		"an owner invited":         {keyOf(app.Do(sure, in, app.Invite{Name: "second", Role: access.Owner})), "user.owner-only"},
		"the owner's password":     {keyOf(app.Do(sure, in, app.ResetPassword{Name: owner, Password: "Apple-Ridge-41-Tuba"})), "user.owner-only"},
		"a code of the owner's":    {keyOf(app.Do(sure, in, app.GiveCode{Name: owner})), "user.owner-only"},
		"the owner's phone":        {keyOf(app.Do(sure, in, app.DropTOTPOf{Name: owner})), "user.owner-only"},
		"the owner disabled":       {keyOf(app.Do(sure, in, app.ChangeUser{Name: owner, Role: access.Owner, Disabled: true})), "user.owner-only"},
		"the owner a cashier":      {keyOf(app.Do(sure, in, app.ChangeUser{Name: owner, Role: access.Cashier})), "user.owner-only"},
		"the owner seen out":       {keyOf(app.Run(sure, in, app.LeavePerson{Name: owner, RotateLater: true})), "user.owner-only"},
		"the owner's role":         {keyOf(app.Do(sure, in, app.SaveRole{Role: fewer})), "role.owner-only"},
		"their own role":           {keyOf(app.Do(sure, in, app.SaveRole{Role: with(role, access.SaleCreate)})), "role.yours"},
		"keys for a friend":        {keyOf(app.Do(sure, in, app.SaveRole{Role: with(standard(t, access.Cashier), access.KeyExport)})), "role.owner-gives"},
		"the log for a friend":     {keyOf(app.Do(sure, in, app.SaveRole{Role: with(standard(t, access.Cashier), access.LogAll)})), "role.owner-gives"},
		"profit for a friend":      {keyOf(app.Do(sure, in, app.SaveRole{Role: with(standard(t, access.Cashier), access.ReportProfit)})), "role.not-yours"},
		"a role with the keys":     {keyOf(app.Do(sure, in, app.SaveRole{Role: access.Role{Name: "X", Grants: map[access.Permission]access.Grant{access.KeyExport: {}}}})), "role.owner-gives"},
		"their own warehouses":     {keyOf(app.Do(sure, in, app.SetReach{Name: name, Reach: access.Reach{w.wh1}})), "user.own-account"},
		// The owner's keys went with the owner.
		"a clerk's slot":     {keyOf(app.Do(sure, in, app.AddUser{Name: "clerk2", Password: worldPassword, Role: access.Cashier})), "keyring.owner-only"},
		"a clerk's password": {keyOf(app.Do(sure, in, app.ResetPassword{Name: friend, Password: "Apple-Ridge-41-Tuba"})), "keyring.owner-only"},
		// What is left to them works.
		"a friend a manager":   {keyOf(app.Do(sure, in, app.ChangeUser{Name: friend, Role: access.Manager})), ""},
		"a friend a cashier":   {keyOf(app.Do(sure, in, app.ChangeUser{Name: friend, Role: access.Cashier})), ""},
		"a role for a friend":  {keyOf(app.Do(sure, in, app.SaveRole{Role: access.Role{Name: "Looks", Grants: map[access.Permission]access.Grant{access.HomeView: {}, access.SaleView: {}}}})), ""},
		"less for the cashier": {keyOf(app.Do(sure, in, app.SaveRole{Role: func() access.Role { r := standard(t, access.Cashier); r.MaxDiscount = 0; return r }()})), ""},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", what, c.got, c.want)
		}
	}
	// An owner who approves something for them leaves no keys behind either.
	w.as(access.Owner)
	role.Grants[access.UserEdit] = access.Grant{Confirm: access.Second}
	lasting(w, sure, app.SaveRole{Role: role})
	if in, err = w.shop.SignIn(plain, name, worldPassword); err != nil {
		t.Fatal(err)
	}
	second := app.WithSecond(plain, owner, worldPassword)
	for range 2 {
		if got := keyOf(app.Do(second, in, app.AddUser{Name: "clerk2", Password: worldPassword, Role: access.Cashier})); got != "keyring.owner-only" {
			t.Error("with the owner's approval:", got)
		}
	}
	// The owner does all of it.
	w.as(access.Owner)
	lasting(w, sure, app.AddUser{Name: "second", Password: worldPassword, Role: access.Owner})
	lasting(w, sure, app.SaveRole{Role: fewer})
	w.as(access.Owner)
	for what, got := range map[string]string{
		"their own role":     keyOf(app.Do(sure, w.self, app.ChangeUser{Name: owner, Role: access.Manager})),
		"their own state":    keyOf(app.Do(sure, w.self, app.ChangeUser{Name: owner, Role: access.Owner, Disabled: true})),
		"their own account":  keyOf(app.Do(sure, w.self, app.GiveCode{Name: owner})),
		"their own password": keyOf(app.Do(sure, w.self, app.ResetPassword{Name: owner, Password: "Apple-Ridge-41-Tuba"})),
	} {
		if got == "" {
			t.Errorf("an owner changed %s", what)
		}
	}
	if _, err := app.Do(sure, w.self, app.ChangeUser{Name: owner, Role: access.Owner}); err != nil {
		t.Error("nothing changed is nothing refused:", err)
	}
}

// TestAnInterruptedSignInTakesNothing: whoever tries to sign in at the owner's
// open shop and fails has not taken the owner's keys away, nor left theirs there.
func TestAnInterruptedSignInTakesNothing(t *testing.T) {
	w := newWorld(t)
	lasting(w, sure, app.AddUser{Name: "off", Password: worldPassword, Role: access.Owner})
	lasting(w, sure, app.ChangeUser{Name: "off", Role: access.Owner, Disabled: true})
	if _, err := w.shop.SignIn(plain, "off", worldPassword); fault.KeyOf(err) != "user.disabled" {
		t.Fatal(err)
	}
	lasting(w, sure, app.AddUser{Name: "clerk2", Password: worldPassword, Role: access.Cashier})
	w.as(access.Cashier)
	if _, err := w.shop.SignIn(plain, "off", worldPassword); fault.KeyOf(err) != "user.disabled" {
		t.Fatal(err)
	}
	if err := w.st.keys.AddUser(plain, "x", worldPassword); fault.KeyOf(err) != "keyring.owner-only" {
		t.Error("a cashier with the keys of an owner who was not let in:", err)
	}
	w.shop.Lock(plain)
	if err := w.st.keys.AddUser(plain, "x", worldPassword); fault.KeyOf(err) != "keyring.owner-only" {
		t.Error("at the locked window:", err)
	}
}

// TestJustSignedInIsAsked: whoever finds the window of somebody who has just
// signed in does not get at the keys, the accounts and the roles without their
// password; given once, it is good for five minutes.
func TestJustSignedInIsAsked(t *testing.T) {
	d := newDoor(t)
	for name, do := range map[string]func(context.Context, *app.Session) error{
		"the key": func(ctx context.Context, s *app.Session) error { _, err := app.Do(ctx, s, app.ExportKey{}); return err },
		"a new kit": func(ctx context.Context, s *app.Session) error {
			_, err := app.Do(ctx, s, app.NewRecovery{})
			return err
		},
		"a new key": func(ctx context.Context, s *app.Session) error {
			_, err := app.Run(ctx, s, app.RotateKey{})
			return err
		},
		"a role": func(ctx context.Context, s *app.Session) error {
			_, err := app.Do(ctx, s, app.SaveRole{Role: access.Role{Name: "X"}})
			return err
		},
		"an account": func(ctx context.Context, s *app.Session) error {
			_, err := app.Do(ctx, s, app.SetReach{Name: doorClerk})
			return err
		},
		"a code": func(ctx context.Context, s *app.Session) error {
			_, err := app.Do(ctx, s, app.GiveCode{Name: doorClerk})
			return err
		},
		"a new person": func(ctx context.Context, s *app.Session) error {
			_, err := app.Do(ctx, s, app.Invite{Name: "new", Role: access.Cashier})
			return err
		},
	} {
		s := d.in(doorOwner)
		if _, err := app.Do(plain, s, app.SetSetting{Key: app.SettingPhone, Value: "1"}); err != nil {
			t.Error("a setting just after signing in:", err)
		}
		if err := do(plain, s); fault.KeyOf(err) != "gate.password" {
			t.Errorf("%s just after signing in: %v", name, err)
		}
		if err := do(app.WithPassword(plain, wrongWord), s); fault.KeyOf(err) != "keyring.wrong-password" {
			t.Errorf("%s with a wrong password: %v", name, err)
		}
		if err := do(sure, s); err != nil {
			t.Errorf("%s with the password: %v", name, err)
		}
		d.clock.at = d.clock.at.Add(4 * time.Minute)
		if _, err := app.Do(plain, s, app.ExportKey{}); err != nil {
			t.Errorf("%s, four minutes later: %v", name, err)
		}
		d.clock.at = d.clock.at.Add(2 * time.Minute)
		if _, err := app.Do(plain, s, app.ExportKey{}); fault.KeyOf(err) != "gate.password" {
			t.Errorf("%s, six minutes later: %v", name, err)
		}
		d.close(s)
	}
}

// inBackup tells who has a slot in a backup made now.
func (d *door) inBackup(s *app.Session, code string) []string {
	d.t.Helper()
	d.clock.at = d.clock.at.Add(time.Minute)
	kept, err := app.Run(sure, s, app.BackupNow{Folder: filepath.Join(d.t.TempDir(), "usb")})
	if err != nil {
		d.t.Fatal(err)
	}
	dir := filepath.Join(d.t.TempDir(), "back")
	if _, err := d.host.RestoreBackup(plain, kept.Path, dir, app.Opener{Code: code}, nil); err != nil {
		d.t.Fatal(err)
	}
	look, err := d.host.Vault.Look(dir)
	if err != nil {
		d.t.Fatal(err)
	}
	return look.Users
}

// TestANewOwnersPassword: whoever becomes an owner has a password chosen by other
// rules. It guards no backup, and they do nothing before they have another.
func TestANewOwnersPassword(t *testing.T) {
	d := newDoor(t)
	s := d.in(doorOwner)
	code := strings.Join(must(t, s, app.NewRecovery{}).Groups, "")
	const weak, strong = "lamp river shelf", "Apple-Ridge-41-Tuba"
	must(t, s, app.AddUser{Name: "heir", Password: weak, Role: access.Cashier})
	must(t, s, app.ChangeUser{Name: "heir", Role: access.Owner})
	if got := d.inBackup(s, code); !slices.Equal(got, []string{doorOwner}) {
		t.Errorf("a clerk's password guards the backup: %v", got)
	}
	in, err := s.Shop().SignIn(plain, "heir", weak)
	if err != nil || in.Pending() != app.ChooseStronger {
		t.Fatal(in, err)
	}
	if _, err := app.Do(sure, in, app.ExportKey{}); fault.KeyOf(err) != "gate.pending-stronger" {
		t.Error("the key before another password:", err)
	}
	if _, err := app.Do(plain, in, app.ChangePassword{Old: weak, New: "shelf river"}); fault.KindOf(err) != fault.Insecure {
		t.Error("another clerk's password:", err)
	}
	if _, err := app.Do(plain, in, app.ChangePassword{Old: weak, New: strong}); err != nil {
		t.Fatal(err)
	}
	if in.Pending() != app.NothingPending {
		t.Error(in.Pending())
	}
	d.close(in)
	s = d.in(doorOwner)
	if got := d.inBackup(s, code); len(got) != 2 {
		t.Errorf("with a password by the rules: %v", got)
	}
	d.close(s)
}

// TestADisabledOwner is no owner of the keys either: no backup opens for them, the
// recovery kit is for the others, and they can be made something else.
func TestADisabledOwner(t *testing.T) {
	d := newDoor(t)
	s := d.in(doorOwner)
	code := strings.Join(must(t, s, app.NewRecovery{}).Groups, "")
	for _, n := range []string{"alice", "second", "third"} {
		must(t, s, app.AddUser{Name: n, Password: worldPassword, Role: access.Owner})
	}
	must(t, s, app.ChangeUser{Name: "alice", Role: access.Owner, Disabled: true})
	if k, err := app.Ask(plain, s, app.KeyState{}); err != nil || !k.Due || k.Why != app.DueOwner {
		t.Errorf("no new key is called for: %+v %v", k, err)
	}
	if got := d.inBackup(s, code); slices.Contains(got, "alice") || len(got) != 3 {
		t.Errorf("in the backup: %v", got)
	}
	d.close(s)
	if got, err := d.host.RecoverWho(d.dir, code); err != nil || slices.Contains(got, "alice") || len(got) != 3 {
		t.Errorf("the kit is for %v %v", got, err)
	}
	const next = "Apple-Ridge-41-Tuba"
	for who, want := range map[string]string{"": "signin.recover-who", "alice": "signin.recover-who", doorClerk: "signin.recover-who", "nobody": "signin.recover-who"} {
		if _, err := d.host.Recover(plain, d.dir, code, who, next); fault.KeyOf(err) != want {
			t.Errorf("recovering as %q: %v", who, err)
		}
	}
	if _, err := d.host.Recover(plain, d.dir, code, "second", "cornercorner"); fault.KindOf(err) != fault.Insecure {
		t.Error("the shop's name as a new password:", err)
	}
	for _, n := range []string{doorOwner, "second", "third"} { // nobody's password was touched
		d.close(d.in(n))
	}
	s, err := d.host.Recover(plain, d.dir, code, "Second", next)
	if err != nil || s.User().Name != "second" || s.Pending() != app.NothingPending {
		t.Fatal(s, err)
	}
	own := app.WithPassword(plain, next)
	if _, err := app.Do(own, s, app.ChangeUser{Name: "alice", Role: access.Cashier, Disabled: true}); err != nil {
		t.Error("a disabled owner made a cashier:", err)
	}
	if _, err := app.Do(own, s, app.ChangeUser{Name: "third", Role: access.Owner, Disabled: true}); err != nil {
		t.Error(err)
	}
	if _, err := app.Do(own, s, app.ChangeUser{Name: "third", Role: access.Owner}); err != nil {
		t.Error("and back:", err)
	}
	d.close(s)
	for _, n := range []string{doorOwner, "third"} {
		d.close(d.in(n))
	}
	if got := d.try("second", worldPassword); got != "keyring.wrong-password" {
		t.Errorf("the password of before: %q", got)
	}
	if got, err := d.host.RecoverWho(d.dir, code); err != nil || len(got) != 3 {
		t.Errorf("the kit is for %v %v", got, err)
	}
}

// TestASessionEndsWithItsRights: whoever is disabled or given another role does
// nothing more with the session that is open.
func TestASessionEndsWithItsRights(t *testing.T) {
	for name, change := range map[string]func(*app.User){
		"disabled": func(u *app.User) { u.Disabled = true }, "another role": func(u *app.User) { u.Role = access.Cashier },
	} {
		t.Run(name, func(t *testing.T) {
			d := newDoor(t)
			s := d.in(doorOwner)
			defer d.close(s)
			if _, err := app.Do(sure, s, app.ExportKey{}); err != nil {
				t.Fatal(err)
			}
			if err := app.WriteStore(s, func(tx app.Tx) error {
				u, err := tx.UserByName(doorOwner)
				if err != nil {
					return err
				}
				change(&u)
				_, err = tx.SaveUser(u)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if _, err := app.Do(sure, s, app.ExportKey{}); fault.KeyOf(err) != "gate.signed-out" {
				t.Error("the key:", err)
			}
			if _, err := app.Ask(plain, s, app.Home{}); fault.KeyOf(err) != "gate.signed-out" {
				t.Error("the first page:", err)
			}
			if _, err := app.Run(sure, s, app.RotateKey{}); fault.KeyOf(err) != "gate.signed-out" {
				t.Error("a new key:", err)
			}
		})
	}
}

// TestASignedReview: the review of rights is signed with the owner's key and holds
// what is lent; whatever is changed about it afterwards is found.
func TestASignedReview(t *testing.T) {
	w := newWorld(t)
	before, err := app.Ask(plain, w.self, app.ReviewRights{})
	if err != nil || len(before.Lent) != 1 || before.Lent[0].UserName != "spare" {
		t.Fatal(before.Lent, err)
	}
	lasting(w, sure, app.Lend{To: "spare", Actions: []access.Permission{access.MoneyView}, Reason: "stands in", Hours: 2})
	if got := keyOf(app.Do(sure, w.self, app.SignReview{Digest: before.Digest})); got != "review.changed" {
		t.Error("signed without what was lent meanwhile:", got)
	}
	lasting(w, sure, app.SignReview{Digest: w.rights(), Note: "looked at"})
	if got := w.findings(); len(got) != 0 {
		t.Fatal("a review as it was signed:", got)
	}
	var r app.Review
	w.read(func(tx app.Tx) (err error) { r, err = tx.LastReview(); return err })
	for name, spoil := range map[string]func(*app.Review){
		"another digest": func(r *app.Review) { r.Digest = "00" }, "another note": func(r *app.Review) { r.Note = "all well" },
		"another day": func(r *app.Review) { r.At++ }, "fewer people": func(r *app.Review) { r.People-- },
		"no signature": func(r *app.Review) { r.Sig = nil }, "another entry": func(r *app.Review) { r.Seq-- },
		"a key just made": func(r *app.Review) {
			pub, priv, err := ed25519.GenerateKey(nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Key, r.Sig = pub, ed25519.Sign(priv, app.ReviewMessage(*r))
		},
	} {
		bad := r
		spoil(&bad)
		if bad.Sig == nil {
			bad.Sig = []byte{}
		}
		err := w.st.Write(plain, func(tx app.Tx) error {
			if err := tx.SaveReview(bad); err != nil {
				return err
			}
			var v app.Verdict
			if err := app.CheckReviews(w.shop, tx, &v); err != nil {
				return err
			}
			if len(v.Findings) != 1 || v.Findings[0].Key != "check.review" {
				t.Errorf("%s: %v", name, v.Findings)
			}
			return errUndo
		})
		if err != nil && !errors.Is(err, errUndo) {
			t.Fatal(err)
		}
	}
	// A deputy signs nothing.
	role := lasting(w, sure, app.SaveRole{Role: access.Role{Name: "Deputy", Grants: map[access.Permission]access.Grant{access.HomeView: {}, access.UserView: {}, access.UserEdit: {}}}})
	lasting(w, sure, app.AddUser{Name: "deputy", Password: worldPassword, Role: role.ID})
	digest := w.rights()
	in, err := w.shop.SignIn(plain, "deputy", worldPassword)
	if err != nil {
		t.Fatal(err)
	}
	if got := keyOf(app.Do(sure, in, app.SignReview{Digest: digest})); got != "user.owner-only" {
		t.Error("a deputy signed:", got)
	}
}

// TestWhoComesBackIsNotStale: an account that was disabled for long and is let in
// again has thirty days to be used.
func TestWhoComesBackIsNotStale(t *testing.T) {
	d := newDoor(t)
	s := d.in(doorOwner)
	defer d.close(s)
	must(t, s, app.ChangeUser{Name: doorClerk, Role: access.Cashier, Disabled: true})
	d.clock.at = d.clock.at.AddDate(0, 3, 0)
	must(t, s, app.ChangeUser{Name: doorClerk, Role: access.Cashier})
	stale := func() bool {
		ps, err := app.Ask(plain, s, app.People{})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range ps {
			if p.Name == doorClerk {
				return p.Stale
			}
		}
		return false
	}
	if stale() {
		t.Error("stale at once")
	}
	d.clock.at = d.clock.at.AddDate(0, 0, 30)
	if !stale() {
		t.Error("not stale after thirty days")
	}
}

// TestApprovalRulesKeepTheirChanges: the log says what was changed, and who is no
// owner makes no rule weaker.
func TestApprovalRulesKeepTheirChanges(t *testing.T) {
	w := newWorld(t)
	role := standard(t, access.Manager)
	role.Grants[access.SettingsEdit] = access.Grant{}
	lasting(w, sure, app.SaveRole{Role: role})
	lasting(w, sure, app.SetApprovalRules{Rules: []rule.Approval{{ID: "big", Kind: doc.Quotation, Over: "1000"}, {ID: "out", Kind: doc.Expense}}})
	if e := w.lastEntry(); !strings.Contains(e.Detail, `out: - \u003e Expense 0 []`) || !strings.Contains(e.Detail, "big: ") {
		t.Error(e.Detail)
	}
	w.as(access.Manager)
	set := func(rules ...rule.Approval) string {
		return keyOf(app.Do(sure, w.self, app.SetApprovalRules{Rules: rules}))
	}
	big, out := rule.Approval{ID: "big", Kind: doc.Quotation, Over: "1000"}, rule.Approval{ID: "out", Kind: doc.Expense}
	more, fewer, some := big, big, out
	more.Over, fewer.Over, some.Roles = "1000.01", "999", []access.RoleID{access.Cashier}
	for name, got := range map[string]string{"removed": set(big), "a higher limit": set(more, out), "fewer people": set(big, some), "none": set()} {
		if got != "approval.owner-only" {
			t.Errorf("%s: %q", name, got)
		}
	}
	if got := set(fewer, out, rule.Approval{ID: "new", Kind: doc.StockLoss}); got != "" {
		t.Error("stricter:", got)
	}
	if e := w.lastEntry(); !strings.Contains(e.Detail, "1000 []") || !strings.Contains(e.Detail, "999 []") {
		t.Error(e.Detail)
	}
	w.as(access.Owner)
	lasting(w, sure, app.SetApprovalRules{})
	if e := w.lastEntry(); !strings.Contains(e.Detail, "out: Expense 0 [] ") {
		t.Error(e.Detail)
	}
}
