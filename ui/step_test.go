package ui

import (
	"context"
	"encoding/base32"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/report"
	"tiezhang/app/totp"
	"tiezhang/ui/bg"
	"tiezhang/ui/page"
)

// TestACodeInsteadOfTheOwner: a clerk whom an export wants a second person for
// chooses the printed code in the dialog, by keys alone; a wrong one is told, a
// good one goes through once.
func TestACodeInsteadOfTheOwner(t *testing.T) {
	r := newRig(t)
	dir, _ := r.newShop("兴隆便利店")
	var codes app.PrintedCodes
	r.as(dir, func(ctx context.Context, s *app.Session) {
		if _, err := app.Do(ctx, s, app.AddUser{Name: "Keeper", Password: word, Role: access.Storekeeper}); err != nil {
			t.Fatal(err)
		}
		var err error
		if codes, err = app.Do(ctx, s, app.PrintCodes{}); err != nil {
			t.Fatal(err)
		}
	})
	r.start(dir)
	r.choose("K")
	r.enter(word)
	s := r.shell.space.env.Session
	if s.User().Name != "Keeper" {
		t.Fatal("signed in as", s.User().Name)
	}
	done := 0
	export := func() {
		r.shell.confirmed(r.shell.space.env, func(ctx context.Context, finish func(error)) {
			bg.Run(r.shell.owner, func(work context.Context) (app.Exported, error) {
				return app.Do(page.Join(ctx, work), s, app.ExportReport{Query: report.Query{Name: "items"}})
			}, func(_ app.Exported, err error) {
				finish(err)
				if err == nil {
					done++
				}
			})
		})
		r.settle()
	}
	export()
	r.mustSee("需要另一个人同意", "用店主打印的审批码")
	r.Shift(func() { r.Key(fyne.KeyTab) })
	r.Type("用")
	r.press(fyne.KeyReturn)
	r.mustSee("审批码（12 位")
	r.Save("step-code")
	r.press(fyne.KeyTab)
	r.Type("AAAABBBBCCCC")
	r.press(fyne.KeyReturn)
	r.mustSee("没有这个审批码")
	r.Type(codes.Codes[0]) // over the wrong one, which is selected
	r.press(fyne.KeyReturn)
	if done != 1 {
		t.Fatal("a good code did not go through")
	}
	export()
	r.press(fyne.KeyEscape)
	if done != 1 {
		t.Error("it went through without asking again")
	}
}

// TestTheApproversPhone: the dialog asks for the code on the approver's phone once
// it turns out that they have one.
func TestTheApproversPhone(t *testing.T) {
	r := newRig(t)
	dir, _ := r.newShop("兴隆便利店")
	var secret string
	r.as(dir, func(ctx context.Context, s *app.Session) {
		if _, err := app.Do(ctx, s, app.AddUser{Name: "Keeper", Password: word, Role: access.Storekeeper}); err != nil {
			t.Fatal(err)
		}
		setup, err := app.Do(ctx, s, app.StartTOTP{Password: word})
		if err != nil {
			t.Fatal(err)
		}
		secret = setup.Secret
		if _, err := app.Do(ctx, s, app.ConfirmTOTP{Password: word, Code: phoneCode(t, secret, r.clock.Now().Add(-totp.Period))}); err != nil {
			t.Fatal(err)
		}
	})
	r.start(dir)
	r.choose("K")
	r.enter(word)
	s := r.shell.space.env.Session
	done := 0
	r.shell.confirmed(r.shell.space.env, func(ctx context.Context, finish func(error)) {
		bg.Run(r.shell.owner, func(work context.Context) (app.Exported, error) {
			return app.Do(page.Join(ctx, work), s, app.ExportReport{Query: report.Query{Name: "items"}})
		}, func(_ app.Exported, err error) {
			finish(err)
			if err == nil {
				done++
			}
		})
	})
	r.settle()
	r.mustNotSee("手机上的六位数字")
	r.Type(word)
	r.press(fyne.KeyReturn)
	r.mustSee("手机上的六位数字", "用手机验证码")
	r.Type(phoneCode(t, secret, r.clock.Now()))
	r.press(fyne.KeyReturn)
	if done != 1 {
		t.Error("the code did not go through")
	}
}

// phoneCode is what an authenticator app with a secret shows at a time.
func phoneCode(t *testing.T, secret string, at time.Time) string {
	t.Helper()
	b, err := base32.StdEncoding.DecodeString(strings.ReplaceAll(secret, " ", ""))
	var s totp.Secret
	if err != nil || len(b) != len(s) {
		t.Fatal(secret, err)
	}
	copy(s[:], b)
	return s.Code(totp.Step(at))
}
