package ui

import (
	"context"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"tiezhang/app"
	"tiezhang/app/access"
)

// TestNobodyAtTheDoor: a sign-in that waits for a new password, and a new shop with
// its recovery code on the screen, are left alone no longer than a workspace.
func TestNobodyAtTheDoor(t *testing.T) {
	r := newRig(t)
	dir, _ := r.newShop("兴隆便利店")
	var code app.Code
	r.as(dir, func(ctx context.Context, s *app.Session) {
		var err error
		if code, err = app.Do(ctx, s, app.Invite{Name: "小陈", Role: access.Cashier}); err != nil {
			t.Fatal(err)
		}
	})
	r.start(dir)
	r.choose("小陈")
	r.enter(strings.Join(code.Groups, ""))
	r.mustSee("设一个您自己的密码")
	r.pass(2 * time.Minute)
	r.Type("abc") // somebody is there
	r.pass(2*time.Minute + 50*time.Second)
	r.mustSee("设一个您自己的密码")
	r.pass(20 * time.Second)
	r.mustNotSee("设一个您自己的密码")
	r.mustSee("兴隆便利店", "登录")
	if r.shell.shop != nil {
		t.Error("the shop is still open")
	}
}

// TestTheKitIsNotLeftOpen: see above.
func TestTheKitIsNotLeftOpen(t *testing.T) {
	r := newRig(t)
	r.start("")
	r.chord("Ctrl+N")
	r.enter("兴隆便利店")
	r.press(fyne.KeyReturn, fyne.KeyReturn)
	r.enter(word)
	r.enter(word)
	r.mustSee("恢复码：请现在抄下来")
	made := r.shell.scene.(interface{ Session() *app.Session }).Session()
	r.pass(9*time.Minute + 50*time.Second)
	r.mustSee("恢复码：请现在抄下来")
	r.pass(20 * time.Second)
	r.mustNotSee("恢复码：请现在抄下来")
	r.mustSee("兴隆便利店", "登录")
	if _, err := app.Ask(context.Background(), made, app.Home{}); err == nil {
		t.Error("the session lives on")
	}
	r.enter(word)
	r.mustSee("今日销售")
}

// TestAWrongCodeAtTheLockScreen closes nothing: whoever passes by cannot throw away
// what others have open.
func TestAWrongCodeAtTheLockScreen(t *testing.T) {
	at := withNotes(t)
	r := signedIn(t)
	r.shell.space.open(at("a"))
	r.settle()
	in := r.shell.shop
	r.chord("Ctrl+L")
	r.press(fyne.KeyTab, fyne.KeyReturn)
	r.mustSee("用恢复码重设店主密码")
	r.enter("1")
	r.enter("111111-111111-111111-111111-111111-111111-111111-111111-111111")
	r.mustSee("用恢复码重设店主密码")
	if r.shell.shop != in || len(r.shell.spaces) != 1 {
		t.Fatal("the open shop was closed for a wrong code")
	}
	r.press(fyne.KeyEscape)
	r.enter(word)
	if sp := r.shell.space; sp == nil || len(sp.tabs) != 2 {
		t.Error("the open pages are gone")
	}
}

// TestTheKitForOneOfTwoOwners: the wizard asks whose password is set anew.
func TestTheKitForOneOfTwoOwners(t *testing.T) {
	r := newRig(t)
	dir, kit := r.newShop("兴隆便利店")
	r.as(dir, func(ctx context.Context, s *app.Session) {
		if _, err := app.Do(ctx, s, app.AddUser{Name: "Wang", Password: word, Role: access.Owner}); err != nil {
			t.Fatal(err)
		}
	})
	r.start(dir)
	r.press(fyne.KeyTab, fyne.KeyReturn)
	r.enter(joined(kit.Groups))
	r.mustSee("给哪位老板设新密码")
	r.enter("twelve sparrows 过河去")
	r.enter("twelve sparrows 过河去")
	r.mustSee("请选一位老板")
	r.Type("W")
	r.press(fyne.KeyReturn)
	r.press(fyne.KeyTab, fyne.KeyTab, fyne.KeyReturn)
	r.mustSee("今日销售")
	if got := r.shell.space.env.Session.User().Name; got != "Wang" {
		t.Error(got)
	}
}
