package app_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/app/passphrase"
	"tiezhang/app/totp"
)

// set gives the shop other rules.
func (d *door) set(change func(*app.Policy)) {
	d.t.Helper()
	s := d.in(doorOwner)
	defer d.close(s)
	p := app.DefaultPolicy()
	change(&p)
	if _, err := app.Do(app.WithPassword(context.Background(), worldPassword), s, app.SetSignInPolicy{Policy: p}); err != nil {
		d.t.Fatal(err)
	}
}

func TestPolicyIsChecked(t *testing.T) {
	d := newDoor(t)
	s := d.in(doorOwner)
	defer d.close(s)
	for _, c := range []struct {
		change func(*app.Policy)
		key    string
	}{
		{func(p *app.Policy) { p.Pack = "none" }, "policy.pack"},
		{func(p *app.Policy) { p.IdleOwner = 0 }, "policy.idle"},
		{func(p *app.Policy) { p.IdleOwner = app.MaxIdleOwner + 1 }, "policy.idle"},
		{func(p *app.Policy) { p.IdleTill = 999 }, "policy.idle"},
		{func(p *app.Policy) { p.IdleOffice = -1 }, "policy.idle"},
		{func(p *app.Policy) { p.Opens = "8:00" }, "policy.hours"},
		{func(p *app.Policy) { p.Opens, p.Closes = "8:00", "25:00" }, "policy.hours"},
		{func(p *app.Policy) { p.Opens, p.Closes = "8:00", "8:00" }, "policy.hours"},
		{func(p *app.Policy) { p.Opens, p.Closes = "8", "20" }, "policy.hours"},
		{func(p *app.Policy) { p.Opens, p.Closes = "8：00", "21:30" }, ""},
		{func(p *app.Policy) { p.IdleTill, p.IdleOffice, p.IdleOwner = 30, 20, 10 }, ""},
	} {
		p := app.DefaultPolicy()
		c.change(&p)
		_, err := app.Do(context.Background(), s, app.SetSignInPolicy{Policy: p})
		if fault.KeyOf(err) != c.key {
			t.Errorf("%+v: %v, want %q", p, err, c.key)
		}
	}
	got, err := app.Ask(context.Background(), s, app.SignInPolicy{})
	if err != nil || got.IdleTill != 30 || got.Opens != "" {
		t.Errorf("%+v %v", got, err)
	}
	for _, c := range []struct {
		role access.RoleID
		till bool
		want int
	}{{access.Owner, true, 10}, {access.Owner, false, 10}, {access.Cashier, false, 30}, {access.Manager, true, 30}, {access.Manager, false, 20}} {
		if m := got.IdleFor(c.role, c.till); m != time.Duration(c.want)*time.Minute {
			t.Errorf("%+v: %v", c, m)
		}
	}
}

// TestExpiredPassword: after 90 days under the graded pack nothing can be done
// until another password is chosen: not the same one, none of the last five.
func TestExpiredPassword(t *testing.T) {
	d := newDoor(t)
	d.set(func(p *app.Policy) { p.Pack = passphrase.PackGraded })
	ctx := context.Background()
	words := []string{worldPassword, "Apple-Ridge-41-Tuba", "Brick-Ocean-52-Vest", "Candle-Piano-63-Wolf", "Dragon-Quilt-74-Yarn", "Ember-River-85-Zinc", "Falcon-Sugar-96-Acid"}
	now := 0
	for i := 1; i < len(words); i++ {
		d.clock.at = d.clock.at.AddDate(0, 0, 90)
		s, err := d.host.Open(ctx, d.dir, doorClerk, words[now])
		if err != nil {
			t.Fatal(err)
		}
		if s.Pending() != app.ChooseNew {
			t.Fatalf("after 90 days: %q", s.Pending())
		}
		if _, err := app.Ask(ctx, s, app.Home{}); fault.KeyOf(err) != "gate.pending-expired" {
			t.Errorf("the first page with an expired password: %v", err)
		}
		if _, err := app.Do(ctx, s, app.SetLook{}); fault.KeyOf(err) != "gate.pending-expired" {
			t.Error(err)
		}
		if _, err := app.Do(ctx, s, app.ChangePassword{Old: words[now], New: words[now]}); fault.KeyOf(err) != "passphrase.same" {
			t.Errorf("the same again: %v", err)
		}
		for back := max(0, i-6); back < now; back++ {
			if _, err := app.Do(ctx, s, app.ChangePassword{Old: words[now], New: words[back]}); fault.KeyOf(err) != "passphrase.used" {
				t.Errorf("change %d: password %d again: %v", i, back, err)
			}
		}
		if _, err := app.Do(ctx, s, app.ChangePassword{Old: words[now], New: "nodigitsorcapitals"}); fault.KeyOf(err) != "passphrase.classes" {
			t.Error(err)
		}
		if s.Pending() != app.ChooseNew {
			t.Fatal("let go without a new password")
		}
		if _, err := app.Do(ctx, s, app.ChangePassword{Old: words[now], New: words[i]}); err != nil {
			t.Fatal(err)
		}
		if s.Pending() != app.NothingPending {
			t.Error("still pending")
		}
		if _, err := app.Ask(ctx, s, app.Home{}); err != nil {
			t.Error(err)
		}
		d.close(s)
		now = i
	}
	// Six changes on, the very first may come back.
	d.clock.at = d.clock.at.Add(time.Hour)
	s, err := d.host.Open(ctx, d.dir, doorClerk, words[now])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := app.Do(ctx, s, app.ChangePassword{Old: words[now], New: worldPassword}); err != nil {
		t.Errorf("the seventh last: %v", err)
	}
	d.close(s)
}

// TestRulesThatAreLiftedForget: a history nobody's rules ask for is not kept.
func TestRulesThatAreLiftedForget(t *testing.T) {
	d := newDoor(t)
	d.set(func(p *app.Policy) { p.Pack = passphrase.PackGraded })
	ctx := context.Background()
	s := d.in(doorClerk)
	if _, err := app.Do(ctx, s, app.ChangePassword{Old: worldPassword, New: "Apple-Ridge-41-Tuba"}); err != nil {
		t.Fatal(err)
	}
	used := func() (was bool) {
		if err := app.ReadStore(s, func(tx app.Tx) (err error) {
			u, err := tx.UserByName(doorClerk)
			if err == nil {
				was, err = tx.PasswordUsed(u.ID, worldPassword)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return was
	}
	if !used() {
		t.Error("no history under the graded pack")
	}
	d.close(s)
	d.set(func(*app.Policy) {})
	s, err := d.host.Open(ctx, d.dir, doorClerk, "Apple-Ridge-41-Tuba")
	if err != nil {
		t.Fatal(err)
	}
	defer d.close(s)
	if used() {
		t.Error("the history stays under the balanced pack")
	}
}

// TestTheClockSetBack makes neither a password young nor a one-time code good
// again: the log knows what time it was.
func TestTheClockSetBack(t *testing.T) {
	d := newDoor(t)
	d.set(func(p *app.Policy) { p.Pack = passphrase.PackGraded })
	ctx := context.Background()
	s := d.in(doorOwner)
	code, err := app.Do(sure, s, app.Invite{Name: "new", Role: access.Cashier})
	if err != nil {
		t.Fatal(err)
	}
	d.close(s)
	d.clock.at = d.clock.at.AddDate(0, 0, 89)
	d.close(d.in(doorClerk))
	back := d.clock.at.AddDate(0, 0, -88)
	d.clock.at = d.clock.at.AddDate(0, 0, 3)
	d.close(d.in(doorOwner)) // an entry of that day
	d.clock.at = back
	if got := d.try("new", strings.Join(code.Groups, "")); got != "signin.code-over" {
		t.Errorf("a one-time code after 89 days, by a clock set back: %q", got)
	}
	for range 2 {
		s, err = d.host.Open(ctx, d.dir, doorClerk, worldPassword)
		if err != nil {
			t.Fatal(err)
		}
		if s.Pending() != app.ChooseNew {
			t.Errorf("a password of 92 days, by a clock set back: %q", s.Pending())
		}
		d.close(s)
	}
	// A new one is new, whatever the clock said once.
	if s, err = d.host.Open(ctx, d.dir, doorClerk, worldPassword); err != nil {
		t.Fatal(err)
	}
	if _, err := app.Do(ctx, s, app.ChangePassword{Old: worldPassword, New: "Apple-Ridge-41-Tuba"}); err != nil || s.Pending() != app.NothingPending {
		t.Error(s.Pending(), err)
	}
	d.close(s)
}

// TestStrictWantsASecondFactor: nobody gets past the door without one.
func TestStrictWantsASecondFactor(t *testing.T) {
	d := newDoor(t)
	d.set(func(p *app.Policy) { p.Pack = passphrase.PackStrict })
	s := d.in(doorClerk)
	defer d.close(s)
	if s.Pending() != app.ChooseFactor {
		t.Fatalf("%q", s.Pending())
	}
	if _, err := app.Ask(context.Background(), s, app.Home{}); fault.KeyOf(err) != "gate.pending-factor" {
		t.Error(err)
	}
	if _, err := app.Ask(context.Background(), s, app.SignInPolicy{}); err != nil {
		t.Errorf("the rules may be read: %v", err)
	}
}

// TestCodeOfTheApp: whoever has an authenticator app needs its code, each is
// good once, a wrong one counts as a wrong password, and the password must be
// right before a code is even asked for.
func TestCodeOfTheApp(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	s := d.in(doorClerk)
	secret, err := app.KeysOf(s).NewTOTP(ctx, doorClerk, app.Proof{Password: worldPassword})
	if err != nil {
		t.Fatal(err)
	}
	if err := app.WriteStore(s, func(tx app.Tx) error {
		u, err := tx.UserByName(doorClerk)
		if err != nil {
			return err
		}
		u.TOTP = true
		_, err = tx.SaveUser(u)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	d.close(s)
	d.clock.at = d.clock.at.Add(time.Hour)
	if got := d.try(doorClerk, wrongWord); got != "keyring.wrong-password" {
		t.Errorf("a code is asked for before the password is right: %q", got)
	}
	for range 6 {
		if got := d.try(doorClerk, worldPassword); got != "signin.needs-code" {
			t.Fatalf("without a code: %q", got)
		}
	}
	enter := func(code string) (*app.Session, error) {
		return d.host.Enter(ctx, d.dir, doorClerk, app.Proof{Password: worldPassword, Code: code})
	}
	code := secret.Code(totp.Step(d.clock.at))
	s, err = enter(code[:3] + " " + code[3:])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Shop().Enter(ctx, doorClerk, app.Proof{Password: worldPassword, Code: code}); fault.KeyOf(err) != "totp.used" {
		t.Errorf("the same code again at the open shop: %v", err)
	}
	d.close(s)
	if _, err := enter(code); fault.KeyOf(err) != "totp.used" {
		t.Errorf("the same code again: %v", err)
	}
	if _, err := enter(secret.Code(totp.Step(d.clock.at) - 1)); fault.KeyOf(err) != "totp.used" {
		t.Errorf("an earlier code: %v", err)
	}
	// Codes are guessed at no more often than passwords.
	_, _ = enter("000000")
	if _, err := enter("000000"); fault.KindOf(err) != fault.WrongKey {
		t.Errorf("the fifth: %v", err)
	}
	if _, err := enter(secret.Code(totp.Step(d.clock.at) + 1)); fault.KeyOf(err) != "signin.wait" {
		t.Errorf("codes are not counted: %v", err)
	}
	d.clock.at = d.clock.at.Add(5 * time.Minute)
	s, err = enter(secret.Code(totp.Step(d.clock.at)))
	if err != nil {
		t.Fatal(err)
	}
	d.close(s)
}

// TestWhatOthersGive: the context a guesser would try first is refused in any
// pack: the shop's name and phone, in Chinese and in pinyin.
func TestWhatOthersGive(t *testing.T) {
	d := newDoor(t)
	s := d.in(doorOwner)
	defer d.close(s)
	ctx := context.Background()
	for k, v := range map[string]string{app.SettingShopName: "老王五金店", app.SettingPhone: "13812345678"} {
		if _, err := app.Do(ctx, s, app.SetSetting{Key: k, Value: v}); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ password, key string }{
		{"老王五金店老王五金店", ""}, {"laowangwujindian", "passphrase.context"}, {"13812345678", "passphrase.context"},
		{"lwwjd13812345678", "passphrase.context"}, {"xiaolixiaoli", ""}, {"雨天卖伞晴天卖帽也行", "ok"},
	} {
		_, err := app.Do(sure, s, app.AddUser{Name: "小李", Password: c.password, Role: access.Cashier})
		if c.key == "ok" && err != nil || c.key == "" && fault.KindOf(err) != fault.Insecure || strings.Contains(c.key, ".") && fault.KeyOf(err) != c.key {
			t.Errorf("%q: %v, want %q", c.password, err, c.key)
		}
	}
	if _, err := d.host.Open(ctx, d.dir, "x", "y"); fault.KeyOf(err) == "" {
		t.Error("open twice")
	}
	if _, err := s.Shop().SignIn(ctx, "小李", "雨天卖伞晴天卖帽也行"); err != nil {
		t.Errorf("a Chinese password: %v", err)
	}
	if _, err := s.Shop().SignIn(ctx, doorOwner, worldPassword); err != nil {
		t.Fatal(err)
	}
}

// TestLookAlikeAccount: nobody can be added who would be taken for another.
func TestLookAlikeAccount(t *testing.T) {
	d := newDoor(t)
	s := d.in(doorOwner)
	defer d.close(s)
	for _, c := range []struct{ name, key string }{
		{"b0ss", "user.name-alike"}, {"BOSS", "user.name-taken"}, {"ｂｏｓｓ", "user.name-alike"}, {"bоss", "user.name-mixed"}, {"c1erk", "user.name-alike"},
		{"cle\u200brk", "user.name"}, {"boss2", ""},
	} {
		_, err := app.Do(sure, s, app.AddUser{Name: c.name, Password: worldPassword, Role: access.Cashier})
		if fault.KeyOf(err) != c.key {
			t.Errorf("%q: %v, want %q", c.name, err, c.key)
		}
	}
}

func TestStaleAndReview(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	s := d.in(doorOwner)
	r, err := app.Ask(ctx, s, app.ReviewRights{})
	if err != nil || r.Due || len(r.People) != 2 {
		t.Fatalf("%+v %v", r, err)
	}
	d.close(s)
	d.clock.at = d.clock.at.AddDate(0, 0, 29)
	s = d.in(doorOwner)
	stale := func() (n int) {
		ps, err := app.Ask(ctx, s, app.People{})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range ps {
			if p.Stale {
				n++
			}
		}
		return n
	}
	if n := stale(); n != 0 {
		t.Errorf("%d stale after 29 days", n)
	}
	d.clock.at = d.clock.at.AddDate(0, 0, 1)
	if n := stale(); n != 1 {
		t.Errorf("%d stale after 30 days", n)
	}
	d.clock.at = d.clock.at.AddDate(0, 0, 62)
	sure := app.WithPassword(ctx, worldPassword)
	if r, err = app.Ask(ctx, s, app.ReviewRights{}); err != nil || !r.Due {
		t.Errorf("%+v %v", r, err)
	}
	if _, err := app.Do(sure, s, app.ChangeUser{Name: doorClerk, Role: access.Manager}); err != nil {
		t.Fatal(err)
	}
	if _, err := app.Do(sure, s, app.SignReview{Digest: r.Digest}); fault.KeyOf(err) != "review.changed" {
		t.Errorf("another table was signed: %v", err)
	}
	if r, err = app.Ask(ctx, s, app.ReviewRights{}); err != nil || r.People[1].Since != d.clock.at.Unix() {
		t.Errorf("%+v %v", r, err)
	}
	if _, err := app.Do(sure, s, app.SignReview{Digest: r.Digest, Note: "ok"}); err != nil {
		t.Fatal(err)
	}
	e := lastEntry(t, s)
	if e.Object != "rights:"+r.Digest || e.Reason != "ok" {
		t.Errorf("%+v", e)
	}
	if r, err = app.Ask(ctx, s, app.ReviewRights{}); err != nil || r.Due || r.Last.User != doorOwner || r.Last.At != d.clock.at.Unix() {
		t.Errorf("%+v %v", r, err)
	}
	d.close(s)
}

func TestTraining(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	s := d.in(doorClerk)
	n := app.TrainingLength()
	if r, err := app.Ask(ctx, s, app.SignInReminders{}); err != nil || !r.TrainingDue || r.Unusual != 0 {
		t.Errorf("%+v %v", r, err)
	}
	for _, bad := range [][]int{nil, make([]int, n-1), append(make([]int, n-1), app.TrainingAnswers), append(make([]int, n-1), -1), make([]int, n+1)} {
		if _, err := app.Do(ctx, s, app.TakeTraining{Answers: bad}); fault.KeyOf(err) != "training.answers" {
			t.Errorf("%v: %v", bad, err)
		}
	}
	a, err := app.Do(ctx, s, app.TakeTraining{Answers: make([]int, n)})
	if err != nil || a.Passed() || a.Score == 0 || a.Total != n {
		t.Fatalf("%+v %v", a, err)
	}
	a, err = app.Do(ctx, s, app.TakeTraining{Answers: a.Right})
	if err != nil || !a.Passed() || a.Score != n {
		t.Fatalf("%+v %v", a, err)
	}
	if r, err := app.Ask(ctx, s, app.SignInReminders{}); err != nil || r.TrainingDue {
		t.Errorf("%+v %v", r, err)
	}
	d.close(s)
	s = d.in(doorOwner)
	defer d.close(s)
	ps, err := app.Ask(ctx, s, app.People{})
	if err != nil || ps[1].Trained.Score != n || ps[0].Trained.At != 0 {
		t.Errorf("%+v %v", ps, err)
	}
}

// TestPasswordsOfBefore: under the graded pack no way leads back to a password
// somebody had: not full-width letters, not the owner, not a one-time code, not
// the recovery kit.
func TestPasswordsOfBefore(t *testing.T) {
	d := newDoor(t)
	const next, third = "Apple-Ridge-41-Tuba", "Brick-Ocean-52-Vest"
	s := d.in(doorOwner)
	kit := strings.Join(must(t, s, app.NewRecovery{}).Groups, "")
	d.close(s)
	d.set(func(p *app.Policy) { p.Pack = passphrase.PackGraded })
	s = d.in(doorClerk)
	if _, err := app.Do(plain, s, app.ChangePassword{Old: worldPassword, New: "Ｃ" + worldPassword[1:]}); fault.KeyOf(err) != "passphrase.same" {
		t.Error("the same with a full-width letter:", err)
	}
	if _, err := app.Do(plain, s, app.ChangePassword{Old: worldPassword, New: next}); err != nil {
		t.Fatal(err)
	}
	d.close(s)
	s = d.in(doorOwner)
	for _, pw := range []string{worldPassword, next, "Ａ" + next[1:]} {
		if _, err := app.Do(sure, s, app.ResetPassword{Name: doorClerk, Password: pw}); fault.KeyOf(err) != "passphrase.used" {
			t.Errorf("the owner gives them %q again: %v", pw, err)
		}
	}
	code := must(t, s, app.GiveCode{Name: doorClerk})
	d.close(s)
	slip := strings.Join(code.Groups, "")
	s, err := d.host.Open(plain, d.dir, doorClerk, slip)
	if err != nil {
		t.Fatal(err)
	}
	for _, pw := range []string{worldPassword, next} {
		if _, err := app.Do(plain, s, app.ChangePassword{Old: slip, New: pw}); fault.KeyOf(err) != "passphrase.used" {
			t.Errorf("%q again, after a one-time code: %v", pw, err)
		}
	}
	if _, err := app.Do(plain, s, app.ChangePassword{Old: slip, New: third}); err != nil {
		t.Error(err)
	}
	d.close(s)
	if _, err := d.host.Recover(plain, d.dir, kit, "", worldPassword); fault.KeyOf(err) != "passphrase.used" {
		t.Error("the owner's own again, with the kit:", err)
	}
	if _, err := d.host.Recover(plain, d.dir, kit, "", "lanternlanternlantern"); fault.KeyOf(err) != "passphrase.classes" {
		t.Error("the kit knows no rules:", err)
	}
	if s, err = d.host.Recover(plain, d.dir, kit, "", third); err != nil {
		t.Fatal(err)
	}
	d.close(s)
	if _, err := d.host.Recover(plain, d.dir, kit, "", worldPassword); fault.KeyOf(err) != "passphrase.used" {
		t.Error("the one before, with the kit:", err)
	}
}

// TestStricterRulesMeetOldPasswords: a password that was good enough is held to the
// rules of today when it is typed.
func TestStricterRulesMeetOldPasswords(t *testing.T) {
	d := newDoor(t)
	s := d.in(doorOwner)
	const old = "lamp river shelf"
	must(t, s, app.AddUser{Name: "keeper", Password: old, Role: access.Storekeeper})
	open, err := s.Shop().SignIn(plain, "keeper", old)
	if err != nil || open.Pending() != app.NothingPending {
		t.Fatal(open, err)
	}
	d.close(open)
	d.set(func(p *app.Policy) { p.Pack = passphrase.PackGraded })
	if s, err = d.host.Open(plain, d.dir, "keeper", old); err != nil || s.Pending() != app.ChooseStronger {
		t.Fatal(s.Pending(), err)
	}
	if _, err := app.Ask(plain, s, app.Home{}); fault.KeyOf(err) != "gate.pending-stronger" {
		t.Error(err)
	}
	setup, err := app.Do(plain, s, app.StartTOTP{Password: old})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := app.Do(plain, s, app.ConfirmTOTP{Password: old, Code: phone(t, setup.URI).Code(totp.Step(d.clock.at))}); err != nil || s.Pending() != app.ChooseStronger {
		t.Error("a second factor is no password:", s.Pending(), err)
	}
	if _, err := app.Do(plain, s, app.ChangePassword{Old: old, New: "Apple-Ridge-41-Tuba"}); err != nil || s.Pending() != app.NothingPending {
		t.Error(s.Pending(), err)
	}
	d.close(s)
	// A new shop's first password knows how its name is spelled.
	_, _, err = d.host.New(plain, filepath.Join(t.TempDir(), "new"), app.NewShop{ShopName: "老王五金店", OwnerName: "王老板", Password: "laowangwujindianwanglaoban"})
	if fault.KeyOf(err) != "passphrase.context" {
		t.Error("the shop's name in pinyin:", err)
	}
}
