package ui

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"

	"tiezhang/app"
	"tiezhang/app/passphrase"
	"tiezhang/ui/control"
	"tiezhang/ui/start"
	"tiezhang/ui/theme"
	"tiezhang/ui/uitest"
)

// strict makes a shop that wants a second factor of everybody.
func (r *rig) strict() string {
	r.t.Helper()
	dir, _ := r.newShop("兴隆便利店")
	r.as(dir, func(ctx context.Context, s *app.Session) {
		p := app.DefaultPolicy()
		p.Pack = passphrase.PackStrict
		if _, err := app.Do(ctx, s, app.SetSignInPolicy{Policy: p}); err != nil {
			r.t.Fatal(err)
		}
	})
	return dir
}

// toButton walks with Tab to a button and presses it.
func (r *rig) toButton(label string) {
	r.t.Helper()
	for range 20 {
		if b, ok := r.Focused().(*control.Button); ok && b.Label == label {
			r.press(fyne.KeyReturn)
			return
		}
		r.Key(fyne.KeyTab)
	}
	r.t.Fatalf("no way to %q by Tab (picture: %s)", label, r.Save("no-way"))
}

func (r *rig) mustBeIn(in bool) {
	r.t.Helper()
	if (r.shell.space != nil) != in {
		r.t.Fatalf("in: %v, want %v (picture: %s)", !in, in, r.Save("door"))
	}
}

// keyFilesIn lists the key files of a folder.
func keyFilesIn(t *testing.T, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "tiezhang-*.key"))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// TestStrictWithAStick: whoever has no phone makes a key stick on the way in, by
// keys alone; from then on the door asks for it.
func TestStrictWithAStick(t *testing.T) {
	r := newRig(t)
	dir := r.strict()
	usb, other := t.TempDir(), t.TempDir()
	r.start(dir)
	r.enter(word)
	r.mustSee("设置第二道验证")

	// second thoughts: neither Esc in the dialog nor a folder that will not do
	// ends anywhere but here
	r.toButton("没有手机，改用钥匙盘…")
	r.press(fyne.KeyEscape)
	r.mustSee("设置第二道验证", "核对并进入")
	r.mustBeIn(false)
	r.toButton("没有手机，改用钥匙盘…")
	r.enter(dir)
	r.mustSee("在店铺自己的文件夹里", "请选 U 盘上的文件夹")
	r.Save("stick-inside")
	r.mustBeIn(false)
	r.toButton("没有手机，改用钥匙盘…")
	r.enter(filepath.Join(usb, "no such folder"))
	r.mustSee("请把 U 盘插好", "核对并进入")
	if len(keyFilesIn(t, usb)) != 0 {
		t.Fatal("a key was written though nothing was chosen")
	}

	r.toButton("没有手机，改用钥匙盘…")
	r.enter(usb)
	r.mustSee("首页", "今日销售")
	files := keyFilesIn(t, usb)
	if len(files) != 1 || len(keyFilesIn(t, dir)) != 0 {
		t.Fatal("key files:", files)
	}

	// locked: the stick is asked for
	r.chord("Ctrl+L")
	r.mustSee("钥匙盘", "选文件…")
	r.enter(word)
	r.mustSee("请插入本人的钥匙 U 盘")
	r.Save("stick-missing")
	r.mustBeIn(false)
	if e, ok := r.Focused().(*control.Entry); !ok || e.Password {
		t.Errorf("the focus is on %T", r.Focused())
	}
	r.enter(other) // a folder without it
	r.mustSee("没有找到钥匙文件", "请插上自己的钥匙 U 盘")
	r.mustBeIn(false)
	wrong := filepath.Join(other, filepath.Base(files[0]))
	if err := os.WriteFile(wrong, make([]byte, 32), 0o600); err != nil { // somebody else's
		t.Fatal(err)
	}
	r.enter(wrong)
	r.mustSee("插的钥匙盘可能不是您的那一个")
	r.Save("stick-wrong")
	r.mustBeIn(false)
	if err := os.WriteFile(wrong, []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.enter(word)
	r.mustSee("不是钥匙文件")
	r.mustBeIn(false)
	r.enter(files[0])
	r.mustSee("首页", "今日销售")

	// closed and opened again: the file's name in the folder is enough
	r.shell.leaveShop()
	r.settle()
	r.mustBeIn(false)
	r.reopen(dir)
	r.mustSee("钥匙盘")
	r.enter(word)
	r.mustSee("请插入本人的钥匙 U 盘")
	r.enter(usb)
	r.mustSee("首页", "今日销售")
}

// reopen leads to the door of a shop that was closed.
func (r *rig) reopen(dir string) {
	r.t.Helper()
	door, err := start.Look(r.shell.o.Host, dir)
	if err != nil {
		r.t.Fatal(err)
	}
	r.shell.show(func() start.Scene { return start.NewSignIn(r.shell.deps, dir, door) })
	r.settle()
}

// TestStrictFitsTheScreen: at the largest text the buttons stay on the screen,
// with an error of two lines over them too; else the window would grow out of it.
func TestStrictFitsTheScreen(t *testing.T) {
	r := newRig(t, uitest.Text(theme.Largest))
	dir := r.strict()
	r.start(dir)
	r.enter(word)
	r.toButton("没有手机，改用钥匙盘…")
	r.enter(filepath.Join(dir, "keys"))
	r.mustSee("请选 U 盘上的文件夹")
	r.Save("pending-largest")
	if h := r.shell.scene.Content().MinSize().Height; h > uitest.ScreenHeight-28 { // a title bar
		t.Errorf("it wants %v of %v", h, uitest.ScreenHeight)
	}
}

// TestStrictAndBack: whoever does not want to choose now goes back to the door,
// as often as they like, and is asked again the next time; also while the shop
// is open and somebody else's work waits behind the door.
func TestStrictAndBack(t *testing.T) {
	r := newRig(t)
	dir := r.strict()
	usb := t.TempDir()
	r.start(dir)
	for range 6 { // more often than wrong passwords are allowed
		r.enter(word)
		r.mustSee("设置第二道验证")
		r.press(fyne.KeyEscape)
		r.mustSee("登录")
		r.mustBeIn(false)
	}
	r.enter(word)
	r.toButton("没有手机，改用钥匙盘…")
	r.enter(usb)
	r.mustSee("首页")

	r.chord("Ctrl+L")
	r.choose("小王")
	r.enter(clerkWord)
	r.mustSee("设置第二道验证")
	r.press(fyne.KeyEscape)
	r.mustSee("登录")
	r.mustBeIn(false)
	r.choose("店主") // whose work was waiting
	r.enter(word)
	r.mustSee("请插入本人的钥匙 U 盘")
	r.enter(usb)
	r.mustSee("首页")
	r.mustBeIn(true)

	r.chord("Ctrl+L")
	r.choose("小王")
	r.enter(clerkWord)
	r.toButton("没有手机，改用钥匙盘…")
	r.enter(usb) // one stick may carry the keys of two
	r.mustSee("首页")
	if r.shell.space.user != "小王" || len(keyFilesIn(t, usb)) != 2 {
		t.Error(r.shell.space.user, keyFilesIn(t, usb))
	}
}
