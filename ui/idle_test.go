package ui

import (
	"context"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"tiezhang/app"
	"tiezhang/app/doc"
	"tiezhang/app/master"
	"tiezhang/app/rule"
	"tiezhang/ui/page"
)

// TestLockAfterSleep: a computer that slept locks, however short the time
// allowed, and so does one whose clock was changed.
func TestLockAfterSleep(t *testing.T) {
	for name, jump := range map[string]time.Duration{"a minute of sleep": time.Minute, "a night": 9 * time.Hour, "the clock set back": -time.Hour} {
		t.Run(name, func(t *testing.T) {
			r := signedIn(t)
			r.pass(20 * time.Second)
			if r.shell.space == nil {
				t.Fatal("locked while awake")
			}
			r.clock.now = r.clock.now.Add(jump)
			r.fire(idleLook)
			if r.shell.space != nil {
				t.Error("still open")
			}
			r.mustSee("已锁定")
		})
	}
}

// TestIdleIsSet: the owner's own choice counts at once, and working puts it off.
func TestIdleIsSet(t *testing.T) {
	r := signedIn(t)
	p := app.DefaultPolicy()
	p.IdleOwner = 1
	if _, err := app.Do(app.WithPassword(context.Background(), word), r.shell.space.env.Session, app.SetSignInPolicy{Policy: p}); err != nil {
		t.Fatal(err)
	}
	r.settle()
	r.pass(50 * time.Second)
	r.chord("F5") // works
	r.pass(55 * time.Second)
	if r.shell.space == nil {
		t.Fatal("locked while somebody works")
	}
	r.pass(10 * time.Second)
	if r.shell.space != nil {
		t.Error("a minute was set and the window is still open")
	}
}

// TestAlarm: the owner sees a warning above every page until they have looked.
func TestAlarm(t *testing.T) {
	r := newRig(t)
	dir, _ := r.newShop("兴隆便利店")
	place := rule.Place{Machine: "test"}
	r.start(dir)
	r.shell.o.Host.Where = func(string) rule.Place { return place }
	r.shell.deps.Host.Where = r.shell.o.Host.Where
	r.enter(word)
	r.mustNotSee("登录不寻常")
	r.chord("Ctrl+L")
	place.Remote = "rdp"
	r.Shift(func() { r.Key(fyne.KeyTab) })
	r.Type("小")
	r.press(fyne.KeyReturn)
	r.enter("another lantern 42 小河")
	r.mustNotSee("登录不寻常") // it is the owner's to see
	r.chord("Ctrl+L")
	place.Remote = ""
	r.Shift(func() { r.Key(fyne.KeyTab) })
	r.Type("店")
	r.press(fyne.KeyReturn)
	r.enter(word)
	r.mustSee("有 1 次登录不寻常")
	r.Save("alarm")
	r.shell.space.open(page.Route{Screen: page.Security, Kind: "signins"})
	r.settle()
	r.mustSee("人不在电脑前")
	r.Save("signins")
	r.press(fyne.KeyF8)
	r.mustNotSee("有 1 次登录不寻常")
	r.mustSee("店主 于")
}

// TestHalfTypedDocumentSurvivesASwitch: a document in the middle of a line,
// locked, somebody else in and out again: it is all there, on the screen and in
// the shop's file.
func TestHalfTypedDocumentSurvivesASwitch(t *testing.T) {
	r := signedIn(t)
	owner := r.shell.space
	ctx := app.WithPassword(context.Background(), word)
	if _, err := app.Do(ctx, owner.env.Session, app.SaveItem{Item: master.Item{Code: "A1", Name: "铁观音", Unit: "盒"}}); err != nil {
		t.Fatal(err)
	}
	owner.open(page.Route{Screen: page.Document, Kind: string(doc.StockGain)})
	r.settle()
	r.press(fyne.KeyF4)
	r.enter("A1")
	r.Type("37") // the quantity, not finished
	r.mustSee("铁观音")
	r.pass(4 * time.Minute) // nobody touches it: the window locks by itself
	r.mustSee("已锁定")
	r.mustNotSee("铁观音")
	r.Shift(func() { r.Key(fyne.KeyTab) })
	r.Type("小")
	r.press(fyne.KeyReturn)
	r.enter("another lantern 42 小河")
	r.mustNotSee("铁观音")
	r.chord("Ctrl+L")
	r.Shift(func() { r.Key(fyne.KeyTab) })
	r.Type("店")
	r.press(fyne.KeyReturn)
	r.enter(word)
	if r.shell.space != owner {
		t.Fatal("another workspace")
	}
	r.mustSee("铁观音", "37")
	ds, err := app.Ask[[]doc.Document](context.Background(), owner.env.Session, app.MyDrafts{})
	if err != nil || len(ds) != 1 {
		t.Fatalf("%d drafts, %v", len(ds), err)
	}
	v, err := app.Ask(context.Background(), owner.env.Session, app.GetDocument{ID: ds[0].ID})
	if err != nil || len(v.Doc.Lines) != 1 || v.Doc.Lines[0].Qty != 37_0000 {
		t.Errorf("the draft holds %+v %v", v.Doc.Lines, err)
	}
}
