package screens_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/internal/pagetest"
	"tiezhang/ui/page"
	"tiezhang/ui/screens"
	"tiezhang/ui/text"
)

// TestLendingByKeys: a right is lent, seen and taken back, and a page of codes is
// printed, with the keyboard alone.
func TestLendingByKeys(t *testing.T) {
	text.Use(text.Chinese)
	r := pagetest.Open(t)
	leaver(t, r)
	r.Show(screens.MakeLent(r.Env, page.Route{Screen: page.Lent}))
	r.Settle()
	r.Save("lent-empty")
	r.Key(fyne.KeyF9)
	r.Settle()
	r.Save("lent-give")
	r.Type("小王")
	r.Key(fyne.KeyReturn) // chosen
	r.Key(fyne.KeyReturn)
	r.Type("打开")
	r.Save("lent-choose")
	r.Key(fyne.KeyEscape)
	r.Key(fyne.KeyEscape)

	// what the dialog sends is the use case; its rules are package app's tests
	if _, err := app.Do(app.WithPassword(t.Context(), pagetest.Password), r.Owner, app.Lend{To: "小王", Actions: []access.Permission{access.SaleReverse, access.MonthReopen}, Reason: "老板出差三天", Hours: 72, Uses: 3}); err != nil {
		t.Fatal(err)
	}
	if _, err := app.Do(app.WithPassword(t.Context(), pagetest.Password), r.Owner, app.Lend{To: r.Owner.User().Name, Actions: []access.Permission{access.MoneyView}, Reason: "试一试", Hours: 1}); err != nil {
		t.Fatal(err)
	}
	r.Page.Reload("users")
	r.Settle()
	r.Key(fyne.KeyF7)
	r.Settle()
	r.Save("lent-codes")
	r.Chord("Ctrl+Enter")
	r.Settle()
	b, err := os.ReadFile(r.Saved)
	if err != nil || !strings.HasPrefix(string(b), "%PDF-") {
		t.Fatalf("the page of codes: %v", err)
	}
	if dir := os.Getenv("TIEZHANG_PICTURES"); dir != "" {
		if err := os.WriteFile(dir+"/codes.pdf", b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r.Save("lent-filled")
	open := func() (n int) {
		ls, err := app.Ask(t.Context(), r.Owner, app.LentRights{})
		if err != nil {
			t.Fatal(err)
		}
		return len(ls)
	}
	before := open()
	r.Key(fyne.KeyF8) // the one to oneself: the latest is first
	r.Settle()
	r.Save("lent-end")
	r.Key(fyne.KeyEscape)
	if r.Settle(); open() != 2 {
		t.Error("taken back though it was not confirmed")
	}
	r.Key(fyne.KeyF8)
	r.Key(fyne.KeyReturn)
	r.Settle()
	if before != 2 || open() != 1 {
		t.Errorf("%d stood, %d stand after taking one back", before, open())
	}
	r.Quiet()
}

// TestLentOnThePeoplePage: who was lent something is seen where people are, with
// how often they may still use it; there it is lent and ended, by keys.
func TestLentOnThePeoplePage(t *testing.T) {
	text.Use(text.Chinese)
	r := pagetest.Open(t)
	leaver(t, r)
	r.Show(screens.MakeSecurity(r.Env, page.Route{Screen: page.Security, Kind: "people"}))
	r.Settle()
	row := func(name string) string {
		for _, cells := range screens.PeopleRows(r.Page) {
			if cells[0] == name {
				return strings.Join(cells, " | ")
			}
		}
		t.Fatal("not on the page:", name)
		return ""
	}
	if strings.Contains(row("小王"), "至") {
		t.Error("something is lent already:", row("小王"))
	}
	for i := 0; screens.PersonAt(r.Page) != "小王"; i++ {
		if i > 5 {
			t.Fatal("the cursor never comes to 小王")
		}
		r.Key(fyne.KeyDown)
	}
	r.Key(fyne.KeyF9)
	r.Type("hcxs") // the cashier may do that, with a second person: lending it helps nobody
	r.Key(fyne.KeyReturn)
	r.Save("people-give-has")
	if !screens.Says(r.Window, "还是要第二人同意") {
		t.Error("nobody says that lending it changes nothing")
	}
	r.Type("fjz") // the person is chosen already
	r.Key(fyne.KeyReturn)
	for range 3 { // two more rights that are not wanted, to the hours
		r.Key(fyne.KeyTab)
	}
	r.Type("２") // over the 24
	r.Key(fyne.KeyTab)
	r.Type("3")
	r.Chord("Ctrl+Enter")
	r.Settle()
	r.Save("people-give-refused") // no reason
	if open := screens.PeopleRows(r.Page); len(open) == 0 || strings.Contains(row("小王"), "至") {
		t.Error("lent without a reason")
	}
	r.Type("老板出差") // the focus is where something is wanting
	r.Save("people-give")
	r.Chord("Ctrl+Enter")
	r.Settle()
	ls, err := app.Ask(t.Context(), r.Owner, app.LentRights{})
	if err != nil || len(ls) != 1 {
		t.Fatal("not lent:", ls, err, r.Failed)
	}
	l := ls[0]
	if l.UserName != "小王" || l.Uses != 3 || l.Until-l.At != 7200 || l.Reason != "老板出差" {
		t.Errorf("lent otherwise than typed: %+v", l)
	}
	r.Page.Reload("users")
	r.Settle()
	until := time.Unix(l.Until, 0).In(pagetest.Now.Location())
	if want := "反结账 至 " + text.Clock(until) + "，还能用 3 次"; !strings.Contains(row("小王"), want) {
		t.Errorf("%q is not in %q", want, row("小王"))
	}
	r.Save("people-lent")
	r.Key(fyne.KeyF9)
	r.Settle()
	r.Save("people-lent-of")
	r.Key(fyne.KeyReturn) // take back
	r.Key(fyne.KeyReturn) // sure
	r.Settle()
	r.Page.Reload("users") // the shell's part, as above
	r.Settle()
	if strings.Contains(row("小王"), "至") {
		t.Error("still there after it was taken back:", row("小王"))
	}
	if ls, err = app.Ask(t.Context(), r.Owner, app.LentRights{}); err != nil || len(ls) != 0 {
		t.Error(ls, err)
	}
	r.Quiet()
}

// TestPagesTakeTheFocusWhenTheyHaveRead: the shell enters a page at once, before
// it has read anything; the keys must not be lost for that.
func TestPagesTakeTheFocusWhenTheyHaveRead(t *testing.T) {
	text.Use(text.Chinese)
	r := pagetest.Open(t)
	leaver(t, r)
	for _, to := range []page.Route{{Screen: page.Lent}, {Screen: page.Security, Kind: "rights"}, {Screen: page.Security, Kind: "signins"},
		{Screen: page.Security, Kind: "people"}, {Screen: page.Security, Kind: "me"}, {Screen: page.Security, Kind: "key"}, {Screen: page.Security, Kind: "training"},
		{Screen: page.Settings}, {Screen: page.Backup}} {
		mk := map[string]page.Maker{page.Lent: screens.MakeLent, page.Security: screens.MakeSecurity, page.Settings: screens.MakeSettings, page.Backup: screens.MakeBackup}[to.Screen]
		r.Canvas().Unfocus()
		p, err := mk(r.Env, to)
		if err != nil {
			t.Fatal(err)
		}
		r.Win.SetContent(p.Content())
		r.Router.ShowPage(p.Keys())
		p.Enter()
		r.Settle()
		if !screens.Holds(p, r.Focused()) {
			t.Errorf("%v: nothing has the focus (picture: %s)", to, r.Save("no-focus-"+to.Screen+to.Kind))
		}
		p.Reload("users")
		p.Reload("settings")
		r.Settle()
		if !screens.Holds(p, r.Focused()) {
			t.Errorf("%v: reading again took the focus away", to)
		}
		p.Close()
	}
	r.Quiet()
}
