package screens_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/internal/pagetest"
	"tiezhang/ui/page"
	"tiezhang/ui/screens"
	"tiezhang/ui/text"
)

// leaver makes a clerk with a customer, and somebody to take over.
func leaver(t *testing.T, r *pagetest.Rig) {
	t.Helper()
	s := r.As("小王", access.Cashier)
	if _, err := app.Do(t.Context(), s, app.SaveParty{Party: master.Party{Code: "K1", Name: "张记饭店", Kind: master.Customer}}); err != nil {
		t.Fatal(err)
	}
	r.As("李会计", access.Accountant)
	owner, err := r.Owner.Shop().SignIn(t.Context(), r.Owner.User().Name, pagetest.Password)
	if err != nil {
		t.Fatal(err)
	}
	r.Owner, r.Env.Session = owner, owner
}

func person(t *testing.T, r *pagetest.Rig, name string) app.Person {
	t.Helper()
	us, err := app.Ask(t.Context(), r.Owner, app.People{})
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range us {
		if u.Name == name {
			return u
		}
	}
	t.Fatal("no", name)
	return app.Person{}
}

func dataKey(t *testing.T, r *pagetest.Rig) app.KeyInfo {
	t.Helper()
	k, err := app.Ask(t.Context(), r.Owner, app.KeyState{})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestSeeingSomebodyOut(t *testing.T) {
	text.Use(text.Chinese)
	r := pagetest.Open(t)
	leaver(t, r)
	r.Show(screens.MakeSecurity(r.Env, security("leave", "小王")))
	r.Save("leave")
	r.Chord("F9") // nobody chosen yet
	r.Settle()
	if person(t, r, "小王").Disabled || r.Router.InModal() {
		t.Fatal("went on with nobody to take over")
	}
	r.Toasts = nil
	r.Type("李")
	r.Key(fyne.KeyReturn)
	r.Save("leave-chosen")
	r.Chord("F9")
	r.Settle()
	r.Save("leave-ask")
	r.Key(fyne.KeyReturn) // No is the default
	r.Settle()
	if person(t, r, "小王").Disabled {
		t.Fatal("done on Enter")
	}
	r.Chord("F9")
	r.Key(fyne.KeyTab, fyne.KeyReturn)
	r.Settle()
	r.Quiet()
	r.Save("leave-done")
	if !person(t, r, "小王").Disabled {
		t.Fatal("not switched off")
	}
	if f, err := app.Ask(t.Context(), r.Owner, app.Leaving{Name: "李会计"}); err != nil || f.Customers != 1 {
		t.Errorf("handed over: %+v %v", f, err)
	}
	if k := dataKey(t, r); k.Due || !k.OldKept {
		t.Errorf("the key: %+v", k)
	}
	screens.Press(r.Page, text.T("leave.print"))
	r.Settle()
	r.Quiet()
	if b, err := os.ReadFile(r.Saved); err != nil || !strings.HasPrefix(string(b), "%PDF-") || len(r.Files) != 1 {
		t.Error("no paper", err)
	}
}

func TestSeeingOutWithTheKeyLater(t *testing.T) {
	text.Use(text.Chinese)
	r := pagetest.Open(t)
	r.As("小王", access.Cashier)
	owner, err := r.Owner.Shop().SignIn(t.Context(), r.Owner.User().Name, pagetest.Password)
	if err != nil {
		t.Fatal(err)
	}
	r.Owner, r.Env.Session = owner, owner
	r.Show(screens.MakeSecurity(r.Env, security("leave", "小王")))
	r.Key(fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn) // the focus is on when: later
	r.Chord("F9")
	r.Save("leave-later-ask")
	r.Key(fyne.KeyTab, fyne.KeyReturn)
	r.Settle()
	r.Quiet()
	r.Save("leave-later-done")
	if k := dataKey(t, r); !k.Due || k.Why != app.DueLeft {
		t.Fatalf("%+v", k)
	}
	// The first page tells, and its button leads to the page of the key.
	rem, err := app.Ask(t.Context(), r.Owner, app.SignInReminders{})
	if err != nil || rem.KeyDue != app.DueLeft {
		t.Errorf("%+v %v", rem, err)
	}
	screens.Press(r.Page, text.T("leave.to-key"))
	if r.Last() != security("key", "") {
		t.Errorf("led to %+v", r.Last())
	}
}

func TestWhoCannotBeSeenOut(t *testing.T) {
	text.Use(text.Chinese)
	r := pagetest.Open(t)
	r.Show(screens.MakeSecurity(r.Env, security("leave", r.Owner.User().Name)))
	r.Save("leave-self")
	r.Chord("F9")
	r.Settle()
	r.Quiet()
	if r.Router.InModal() {
		t.Error("offered to see oneself out")
	}
	r.As("小王", access.Cashier)
	r.Show(screens.MakeSecurity(r.Env, security("leave", "小王")))
	if len(r.Failed) != 1 || fault.KindOf(r.Failed[0]) != fault.Denied {
		t.Errorf("a cashier asked: %v", r.Failed)
	}
	r.Failed = nil
}

func TestChangingTheKey(t *testing.T) {
	text.Use(text.Chinese)
	r := pagetest.Open(t)
	usb := filepath.Join(t.TempDir(), "usb")
	if _, err := app.Run(context.Background(), r.Owner, app.BackupNow{Folder: usb}); err != nil {
		t.Fatal(err)
	}
	r.Show(screens.MakeSecurity(r.Env, security("key", "")))
	r.Save("key")
	r.Key(fyne.KeyReturn, fyne.KeyReturn)
	r.Settle()
	r.Quiet()
	r.Save("key-changed")
	if k := dataKey(t, r); !k.OldKept {
		t.Fatalf("%+v", k)
	}
	r.Key(fyne.KeyReturn) // the focus is on "back up now"
	r.Settle()
	r.Quiet()
	r.Save("key-backed-up")
	if k := dataKey(t, r); k.OldKept {
		t.Error("the old file is kept after a verified backup")
	}
	if ks, err := app.RestorePoints(usb); err != nil || len(ks) != 2 {
		t.Errorf("%d backups %v", len(ks), err)
	}
}

func TestSecondOwnerAndPrintedCode(t *testing.T) {
	text.Use(text.Chinese)
	r := pagetest.Open(t)
	p := r.Show(screens.MakeSecurity(r.Env, security("people", "")))
	r.Chord("F2")
	r.Settle()
	r.Type("小陈")
	r.Key(fyne.KeyReturn)
	r.Settle()
	r.Save("people-code")
	if !r.Router.InModal() {
		t.Fatal("no code is shown")
	}
	r.Shift(func() { r.Key(fyne.KeyTab) })
	r.Key(fyne.KeyReturn) // print
	r.Settle()
	r.Quiet()
	if b, err := os.ReadFile(r.Saved); err != nil || !strings.HasPrefix(string(b), "%PDF-") {
		t.Fatal("no paper", err)
	}
	r.Key(fyne.KeyEscape)
	p.Reload("users")
	r.Settle()
	screens.PickPerson(p, "小陈")
	screens.Press(p, text.T("me.owner"))
	r.Save("people-owner")
	r.Key(fyne.KeyReturn)
	r.Settle()
	if person(t, r, "小陈").Role == access.Owner {
		t.Fatal("made an owner on Enter")
	}
	screens.Press(p, text.T("me.owner"))
	r.Key(fyne.KeyTab, fyne.KeyReturn)
	r.Settle()
	r.Quiet()
	if person(t, r, "小陈").Role != access.Owner {
		t.Error("no owner")
	}
	r.Chord("F8")
	if r.Last() != (page.Route{Screen: page.Security, Kind: "leave", Arg: "小陈"}) {
		t.Errorf("F8 led to %+v", r.Last())
	}
	r.Save("people-buttons")
}

// TestStoppingHalfWay: Esc at once, and Esc while the key is being changed.
// Wherever it catches the work, what the page says is what is so.
func TestStoppingHalfWay(t *testing.T) {
	text.Use(text.Chinese)
	for _, late := range []bool{false, true} {
		r := pagetest.Open(t)
		leaver(t, r)
		r.Show(screens.MakeSecurity(r.Env, security("leave", "小王")))
		r.Type("李")
		r.Key(fyne.KeyReturn)
		r.Chord("F9")
		r.Key(fyne.KeyTab, fyne.KeyReturn)
		for late && r.Router.InModal() && !person(t, r, "小王").Disabled {
			r.Queue.Drain() // until the account is off, or all is done
		}
		r.Key(fyne.KeyEscape)
		r.Settle()
		gone, key := person(t, r, "小王").Disabled, dataKey(t, r)
		switch {
		case !gone && late:
			t.Error("not switched off, though it was")
		case !gone: // before anything was done
			if len(r.Failed) != 1 || fault.KindOf(r.Failed[0]) != fault.Canceled || key.Due || key.OldKept {
				t.Errorf("failed %v, key %+v", r.Failed, key)
			}
			r.Failed = nil
		case key.Due != screens.HasButton(r.Page, text.T("leave.to-key")) || key.Due == key.OldKept || key.Due == screens.HasButton(r.Page, text.T("rotate.backup")):
			t.Errorf("the key is %+v and the page says otherwise", key)
		}
		r.Save("leave-stopped")
		r.Quiet()
		if err := signsIn(r.Owner, pagetest.Password); err != nil {
			t.Error(err)
		}
	}
}
