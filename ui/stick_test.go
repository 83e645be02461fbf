package ui

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"

	"tiezhang/app"
	"tiezhang/ui/control"
)

// lostShop is a shop whose owner signs in with a key stick, of which only a
// backup and the stick are left.
func (r *rig) lostShop() (archive, stick string) {
	r.t.Helper()
	dir, _ := r.newShop("兴隆便利店")
	usb, sticks := filepath.Join(r.dir, "usb"), r.t.TempDir()
	r.as(dir, func(ctx context.Context, s *app.Session) {
		var err error
		if stick, err = app.Do(ctx, s, app.MakeKeyFile{Password: word, Folder: sticks}); err != nil {
			r.t.Fatal(err)
		}
		k, err := app.Run(ctx, s, app.BackupNow{Folder: usb})
		if err != nil {
			r.t.Fatal(err)
		}
		archive = k.Path
	})
	if err := os.RemoveAll(dir); err != nil {
		r.t.Fatal(err)
	}
	return archive, stick
}

// TestRestoringWithAStick: the wizard asks for the stick when the backup wants
// it, and signs in with it afterwards; all by keys.
func TestRestoringWithAStick(t *testing.T) {
	r := newRig(t)
	archive, stick := r.lostShop()
	r.start("")
	r.chord("Ctrl+R")
	r.enter(archive)
	r.mustSee("用什么打开这个备份")
	r.mustNotSee("选文件")
	r.press(fyne.KeyReturn, fyne.KeyReturn)
	r.enter(word)
	r.mustSee("这个店主登录要钥匙盘")
	r.Save("restore-stick")
	other := filepath.Join(t.TempDir(), "note.txt")
	if err := os.WriteFile(other, []byte("no key"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.enter(other)
	r.mustSee("不是钥匙文件")
	r.enter(stick)
	r.mustSee("恢复到哪个文件夹", "兴隆便利店")
	r.press(fyne.KeyReturn)
	r.mustSee("首页", "今日销售")
}

// TestRestoringWithAPluggedInStick: nothing is asked for that is plugged in.
func TestRestoringWithAPluggedInStick(t *testing.T) {
	r := newRig(t)
	archive, stick := r.lostShop()
	r.start("")
	empty := t.TempDir()
	r.shell.deps.Host.Sticks = func() []string { return []string{empty, filepath.Dir(stick)} }
	r.chord("Ctrl+R")
	r.enter(archive)
	r.press(fyne.KeyReturn, fyne.KeyReturn)
	r.enter(word)
	r.mustSee("恢复到哪个文件夹")
	r.press(fyne.KeyReturn)
	r.mustSee("首页", "今日销售")
}

// TestRestoredAndThePhoneIsAsked: the books are back, and the door asks for the
// code.
func TestRestoredAndThePhoneIsAsked(t *testing.T) {
	r := newRig(t)
	dir, _ := r.newShop("兴隆便利店")
	var archive string
	r.as(dir, func(ctx context.Context, s *app.Session) {
		set, err := app.Do(ctx, s, app.StartTOTP{Password: word})
		if err != nil {
			t.Fatal(err)
		}
		if _, err = app.Do(ctx, s, app.ConfirmTOTP{Password: word, Code: codeOf(t, set, r.clock.now)}); err != nil {
			t.Fatal(err)
		}
		k, err := app.Run(ctx, s, app.BackupNow{Folder: filepath.Join(r.dir, "usb")})
		if err != nil {
			t.Fatal(err)
		}
		archive = k.Path
	})
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	r.start("")
	r.chord("Ctrl+R")
	r.enter(archive)
	r.press(fyne.KeyReturn, fyne.KeyReturn)
	r.enter(word)
	r.press(fyne.KeyReturn)
	r.mustSee("选择您的名字", "恢复完成")
	r.enter(word)
	r.mustSee("手机验证码")
}

// TestMySignInFromTheCorner: the user's menu and the palette lead there, and the
// first page tells of a key that should be changed.
func TestMySignInFromTheCorner(t *testing.T) {
	r := newRig(t)
	dir, _ := r.newShop("兴隆便利店")
	r.as(dir, func(ctx context.Context, s *app.Session) {
		if _, err := app.Run(ctx, s, app.LeavePerson{Name: "小王", RotateLater: true}); err != nil {
			t.Fatal(err)
		}
	})
	r.start(dir)
	r.enter(word)
	r.mustSee("有人离店后还没换密钥")
	r.Save("home-key-due")
	r.shell.space.userMenu(r.shell.space.corner)
	r.settle()
	r.Save("user-menu")
	r.press(fyne.KeyDown, fyne.KeyReturn)
	r.mustSee("我的登录", "能防", "不能防")
	r.Save("me-in-the-window")
	if e, ok := r.Focused().(*control.Entry); !ok || !e.Password {
		t.Errorf("the focus is on %T", r.Focused())
	}
	r.chord("Ctrl+K")
	r.enter("换密钥")
	r.mustSee("该换了", "中途断电")
}
