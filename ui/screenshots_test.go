package ui

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"tiezhang/app"
	"tiezhang/app/day"
	"tiezhang/app/demo"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
	"tiezhang/ui/uitest"
)

// TestScreenshots draws every screen of the shell into TIEZHANG_SCREENSHOTS.
func TestScreenshots(t *testing.T) {
	dir := os.Getenv("TIEZHANG_SCREENSHOTS")
	if dir == "" {
		t.Skip("TIEZHANG_SCREENSHOTS names the folder for the pictures")
	}
	t.Setenv("TIEZHANG_PICTURES", dir)
	for _, v := range []struct {
		name string
		lang text.Lang
		opts []uitest.Option
	}{
		{"zh", text.Chinese, nil},
		{"zh-dark", text.Chinese, []uitest.Option{uitest.Dark()}},
		{"en", text.English, nil},
		{"zh-large", text.Chinese, []uitest.Option{uitest.Text(theme.Large)}},
		{"en-largest", text.English, []uitest.Option{uitest.Text(theme.Largest)}},
	} {
		t.Run(v.name, func(t *testing.T) { pictures(t, v.name, v.lang, v.opts) })
		t.Run(v.name+"-doors", func(t *testing.T) { doorPictures(t, v.name, v.lang, v.opts) })
	}
}

func pictures(t *testing.T, name string, lang text.Lang, opts []uitest.Option) {
	r := newRig(t, opts...)
	text.Use(lang)
	t.Cleanup(func() { text.Use(text.Chinese) })
	save := func(what string) {
		t.Helper()
		r.settle()
		// The desktop driver lays out again whatever has grown; the test driver
		// does it when the window changes its size.
		size := r.Canvas().Size()
		r.Win.Resize(size.AddWidthHeight(8, 8))
		r.Win.Resize(size)
		r.Save(what + "-" + name)
	}

	r.start("")
	save("start")
	r.press(fyne.KeyReturn)
	r.Type("Corner Store")
	save("new-shop")
	r.press(fyne.KeyReturn, fyne.KeyReturn, fyne.KeyReturn)
	r.Type("seven lanterns")
	save("new-password")
	r.Type(" over a cold river")
	r.press(fyne.KeyReturn)
	r.enter("seven lanterns over a cold river")
	save("recovery-kit")
	r.press(fyne.KeyReturn)
	save("recovery-asked")
	shop := r.shell.scene.(interface{ Session() *app.Session }).Session()
	r.shell.entered(shop)
	r.settle()
	save("home-new")

	if _, err := demo.Fill(context.Background(), shop, demo.Plan{Seed: 7, Days: 32, End: day.Of(r.clock.now), Bills: 3,
		Names: map[string]string{"rent": text.T("console.demo.rent"), "reason": text.T("console.demo.reason")}}, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := app.Run(context.Background(), shop, app.BackupNow{Folder: filepath.Join(r.dir, "usb")}); err != nil {
		t.Fatal(err)
	}
	r.settle()
	save("home")
	r.chord("Ctrl+M")
	r.press(fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn)
	save("menu")
	r.press(fyne.KeyEscape)
	r.chord("Ctrl+K")
	r.Type("ke")
	save("palette")
	r.press(fyne.KeyEscape)
	r.chord("F1")
	save("keys")
	r.press(fyne.KeyEscape)
	for _, route := range []page.Route{{Screen: page.List, Kind: "items"}, {Screen: page.Report, Kind: "stock-balance"}} {
		if makers[route.Screen] != nil {
			r.shell.space.open(route)
			r.settle()
		}
	}
	save("tabs")
	r.clock.now = r.clock.now.Add(6 * 60e9)
	env := r.shell.space.env
	env.Confirmed(func(ctx context.Context, done func(error)) {
		_, err := app.Do(ctx, env.Session, app.SetSetting{Key: app.SettingPhone, Value: "1"})
		done(err)
	})
	save("confirm")
	r.press(fyne.KeyEscape)
	r.shell.pickFile("tzbak", []string{"tzbak"}, func(string) {})
	save("pick")
	r.press(fyne.KeyEscape)
	r.chord("Ctrl+L")
	r.enter("wrong")
	save("locked")
	r.Type("seven lanterns over a cold river")
	r.press(fyne.KeyReturn)
	r.shell.leaveShop()
	r.settle()
	r.chord("Ctrl+R")
	files, _ := filepath.Glob(filepath.Join(r.dir, "usb", "*.tzbak"))
	r.enter(files[0])
	save("restore-key")
	r.press(fyne.KeyReturn, fyne.KeyReturn)
	r.Type("seven lanterns over a cold river")
	r.press(fyne.KeyReturn)
	save("restore-place")
}

// doorPictures draws the ways in: a code for the first time and a second factor;
// then the reminders, and the shop as a role sees it.
func doorPictures(t *testing.T, name string, lang text.Lang, opts []uitest.Option) {
	r := newRig(t, opts...)
	text.Use(lang)
	t.Cleanup(func() { text.Use(text.Chinese) })
	dir, _ := r.newShop("兴隆便利店")
	save := func(what string) { r.settle(); r.Save(what + "-" + name) }
	var code app.Code
	var set app.TOTPSetup
	r.as(dir, func(ctx context.Context, s *app.Session) {
		var err error
		if code, err = app.Do(ctx, s, app.Invite{Name: "小陈", Role: "cashier"}); err != nil {
			t.Fatal(err)
		}
		if set, err = app.Do(ctx, s, app.StartTOTP{Password: word}); err == nil {
			_, err = app.Do(ctx, s, app.ConfirmTOTP{Password: word, Code: codeOf(t, set, r.clock.now)})
		}
		if err != nil {
			t.Fatal(err)
		}
	})
	r.clock.now = r.clock.now.Add(2 * time.Minute)
	r.start(dir)
	r.choose("小陈")
	r.enter(strings.Join(code.Groups, " "))
	save("choose-password")
	r.press(fyne.KeyEscape)
	r.enter(word)
	save("second-factor")
	r.clock.now = r.clock.now.Add(2 * time.Minute)
	r.enter(codeOf(t, set, r.clock.now))
	save("home-reminders")
	r.shell.space.open(page.Route{Screen: page.Rights})
	r.settle()
	r.press(fyne.KeyRight, fyne.KeyRight)
	r.chord("F6")
	r.enter(word) // signing in does not count for this
	if r.shell.space.own == nil {
		t.Error("the shop is not seen as a role")
	}
	save("see-as")
}
