package ui

import (
	"context"
	"encoding/base32"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"tiezhang/app"
	"tiezhang/app/passphrase"
	"tiezhang/app/totp"
	"tiezhang/store"
	"tiezhang/store/keyring"
)

// as does something in a closed shop as its owner, past the window.
func (r *rig) as(dir string, do func(context.Context, *app.Session)) {
	r.t.Helper()
	host := app.Host{Vault: store.Vault{Profile: keyring.ProfileForTests}, Clock: r.clock, Machine: "test", Version: "test"}
	s, err := host.Open(context.Background(), dir, "店主", word)
	if err != nil {
		r.t.Fatal(err)
	}
	do(app.WithPassword(context.Background(), word), s)
	if err := s.Shop().Close(context.Background()); err != nil {
		r.t.Fatal(err)
	}
}

// choose types the first letter of another person's name over the one shown.
func (r *rig) choose(letter string) {
	r.t.Helper()
	r.Shift(func() { r.Key(fyne.KeyTab) })
	r.Type(letter)
	r.press(fyne.KeyReturn)
}

// TestFirstSignInWithACode: the one-time code is typed where the password goes,
// and nothing opens before a password of one's own is chosen.
func TestFirstSignInWithACode(t *testing.T) {
	r := newRig(t)
	dir, _ := r.newShop("兴隆便利店")
	var code app.Code
	r.as(dir, func(ctx context.Context, s *app.Session) {
		var err error
		if code, err = app.Do(ctx, s, app.Invite{Name: "小陈", Role: "cashier"}); err != nil {
			t.Fatal(err)
		}
	})
	r.start(dir)
	r.choose("小陈")
	r.enter(strings.Join(code.Groups, " "))
	r.mustSee("设一个您自己的密码")
	r.Save("pending-first")
	if r.shell.space != nil {
		t.Fatal("in without a password")
	}
	r.enter("short")
	r.enter("short")
	r.mustSee("至少要 10 个字符")
	r.press(fyne.KeyEscape) // not now: the shop is closed again
	r.mustSee("打开别的店铺")
	r.choose("小陈")
	r.enter(strings.Join(code.Groups, ""))
	r.mustSee("设一个您自己的密码")
	r.enter("雨天卖伞 晴天卖帽 两样都卖")
	r.enter("雨天卖伞 晴天卖帽 两样都卖")
	if r.shell.space == nil || r.shell.space.user != "小陈" {
		t.Fatal("not in", r.Save("not-in"))
	}
	r.chord("Ctrl+L")
	r.enter(strings.Join(code.Groups, " "))
	if r.shell.space != nil {
		t.Fatal("the code was good twice")
	}
	r.enter("雨天卖伞 晴天卖帽 两样都卖")
	r.mustSee("首页")
}

// TestExpiredAtTheDoor: by keys alone, with the rules of the shop's own pack.
func TestExpiredAtTheDoor(t *testing.T) {
	r := newRig(t)
	dir, _ := r.newShop("兴隆便利店")
	r.as(dir, func(ctx context.Context, s *app.Session) {
		p := app.DefaultPolicy()
		p.Pack = passphrase.PackGraded
		if _, err := app.Do(ctx, s, app.SetSignInPolicy{Policy: p}); err != nil {
			t.Fatal(err)
		}
	})
	r.clock.now = r.clock.now.AddDate(0, 0, 91)
	r.start(dir)
	r.enter(word)
	r.mustSee("密码到期了", "至少占 3 种")
	r.enter(word)
	r.enter(word)
	r.mustSee("至少 3 种，现在只有 2 种")
	r.enter("Eight lanterns 九盏灯")
	r.enter("Eight lanterns 九盏灯")
	r.mustSee("首页", "今日销售")
}

// TestCodeAtTheDoor: the field for the code appears when it is needed.
func TestCodeAtTheDoor(t *testing.T) {
	r := newRig(t)
	dir, _ := r.newShop("兴隆便利店")
	var set app.TOTPSetup
	r.as(dir, func(ctx context.Context, s *app.Session) {
		var err error
		if set, err = app.Do(ctx, s, app.StartTOTP{Password: word}); err != nil {
			t.Fatal(err)
		}
		if _, err = app.Do(ctx, s, app.ConfirmTOTP{Password: word, Code: codeOf(t, set, r.clock.now)}); err != nil {
			t.Fatal(err)
		}
	})
	r.clock.now = r.clock.now.Add(2 * time.Minute)
	r.start(dir)
	r.mustNotSee("手机验证码")
	r.enter(word)
	r.mustSee("手机验证码", "密码对了")
	r.Save("code")
	r.enter("123456")
	r.mustSee("手机验证码")
	if r.shell.space != nil {
		t.Fatal("in with a made-up code")
	}
	r.enter(codeOf(t, set, r.clock.now))
	r.mustSee("首页", "今日销售")
}

// TestStrictAtTheDoor: the second factor is set up on the way in.
func TestStrictAtTheDoor(t *testing.T) {
	r := newRig(t)
	dir, _ := r.newShop("兴隆便利店")
	r.as(dir, func(ctx context.Context, s *app.Session) {
		p := app.DefaultPolicy()
		p.Pack = passphrase.PackStrict
		if _, err := app.Do(ctx, s, app.SetSignInPolicy{Policy: p}); err != nil {
			t.Fatal(err)
		}
	})
	r.start(dir)
	r.enter(word)
	r.mustSee("设置第二道验证")
	r.Save("pending-factor")
	secret := r.match(`^([A-Z2-7]{4}(?: [A-Z2-7]{4}){7})$`)
	if len(secret) != 1 {
		t.Fatal("no secret on the screen", secret)
	}
	r.enter("000000")
	r.mustSee("设置第二道验证")
	r.enter(codeOf(t, app.TOTPSetup{Secret: secret[0]}, r.clock.now))
	r.mustSee("首页", "今日销售")
}

func codeOf(t *testing.T, set app.TOTPSetup, now time.Time) string {
	t.Helper()
	b, err := base32.StdEncoding.DecodeString(strings.ReplaceAll(set.Secret, " ", ""))
	if err != nil || len(b) != len(totp.Secret{}) {
		t.Fatal(set.Secret, err)
	}
	return totp.Secret(b).Code(totp.Step(now))
}
