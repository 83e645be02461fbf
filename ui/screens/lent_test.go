package screens_test

import (
	"os"
	"strings"
	"testing"

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
	r.Key(fyne.KeyF8)
	r.Settle()
	if before != 2 || open() != 1 {
		t.Errorf("%d stood, %d stand after taking one back", before, open())
	}
	r.Quiet()
}
