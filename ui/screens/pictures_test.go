package screens_test

import (
	"fmt"
	"os"
	"testing"

	"fyne.io/fyne/v2"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/doc"
	"tiezhang/app/master"
	"tiezhang/app/rule"
	"tiezhang/internal/pagetest"
	"tiezhang/ui/page"
	"tiezhang/ui/rights"
	"tiezhang/ui/screens"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
	"tiezhang/ui/uitest"
)

// TestScreenshotsOfTheOffice draws what the owner does in the back room: months,
// approvals, rights, keys, people and their sign-in.
func TestScreenshotsOfTheOffice(t *testing.T) {
	dir := os.Getenv("TIEZHANG_SCREENSHOTS")
	if dir == "" {
		t.Skip("set TIEZHANG_SCREENSHOTS to a folder")
	}
	t.Setenv("TIEZHANG_PICTURES", dir)
	defer text.Use(text.Chinese)
	for _, look := range []struct {
		name string
		lang text.Lang
		opts []uitest.Option
	}{
		{"light-zh-Hans", text.Chinese, nil},
		{"dark-zh-Hans", text.Chinese, []uitest.Option{uitest.Dark()}},
		{"light-en", text.English, nil},
		{"large-zh-Hans", text.Chinese, []uitest.Option{uitest.Text(theme.Largest)}},
	} {
		t.Run(look.name, func(t *testing.T) {
			text.Use(look.lang)
			r := pagetest.Open(t, append(look.opts, uitest.Size(1230, 700))...)
			save := func(n string) { r.Save("screen-" + n + "-" + look.name) }
			counterPictures(t, r, save)
			peoplePictures(t, r, save)
			approvalPictures(t, r, save)
			monthPictures(t, r, save)
			for _, err := range r.Failed {
				t.Error(err)
			}
		})
	}
}

func counterPictures(t *testing.T, r *pagetest.Rig, save func(string)) {
	screens.ApplyKeys(r.Env, app.Keymap{})
	r.Show(screens.MakeKeys(r.Env, page.Route{Screen: page.Keys}))
	save("keys")
	r.Key(fyne.KeyReturn)
	r.Chord("F8")
	save("keys-clash")
	r.Key(fyne.KeyEscape)
	r.Show(screens.MakeScale(r.Env, page.Route{Screen: page.Scale}))
	save("scale-none")
	r.Key(fyne.KeyReturn)
	r.Settle()
	save("scale")
	r.Show(screens.MakeCategories(r.Env, page.Route{Screen: page.Tree}))
	save("categories-none")
	for i, c := range []string{"食品/饮料", "食品/零食", "日用"} {
		if _, err := app.Do(t.Context(), r.Owner, app.SaveItem{Item: master.Item{Code: fmt.Sprint("X", i), Name: "可乐", Unit: "瓶", Category: c}}); err != nil {
			t.Fatal(err)
		}
	}
	r.Show(screens.MakeCategories(r.Env, page.Route{Screen: page.Tree}))
	save("categories")
	r.Chord("Ctrl+N")
	save("categories-add")
	r.Key(fyne.KeyEscape)
	kept, err := app.Ask(t.Context(), r.Owner, app.GetItem{Code: "X0"})
	if err != nil {
		t.Fatal(err)
	}
	m := r.Show(screens.MakeMerge(r.Env, page.Route{Screen: page.Merge, Kind: "item", Arg: fmt.Sprint(kept.Item.ID)}))
	save("merge")
	screens.PickKept(m, "X1")
	r.Settle()
	save("merge-plan")
}

func peoplePictures(t *testing.T, r *pagetest.Rig, save func(string)) {
	r.Show(screens.MakeSecurity(r.Env, security("me", "")))
	save("me")
	screens.Press(r.Page, text.T("me.phone.start"))
	r.Type(pagetest.Password)
	r.Key(fyne.KeyReturn)
	r.Settle()
	save("me-phone")
	r.Key(fyne.KeyEscape)
	leaver(t, r)
	r.Show(screens.MakeSecurity(r.Env, security("people", "")))
	save("people")
	r.Chord("F2")
	r.Settle()
	save("people-invite")
	r.Type("小陈")
	r.Key(fyne.KeyReturn)
	r.Settle()
	save("people-code")
	r.Key(fyne.KeyEscape)
	r.Show(screens.MakeSecurity(r.Env, security("signins", "")))
	save("signins")
	r.Show(screens.MakeSecurity(r.Env, security("rights", "")))
	save("rights-review")
	r.Show(screens.MakeSecurity(r.Env, security("training", "")))
	save("training")
	r.Show(screens.MakeSecurity(r.Env, security("key", "")))
	save("key")
	r.Show(rights.Make(r.Env, page.Route{Screen: page.Rights}))
	r.Chord("Down")
	save("rights")
	r.Type(" ")
	save("rights-changed")
	r.Show(screens.MakeSecurity(r.Env, security("leave", "小王")))
	r.Chord("F9") // leads to the field that is still to be filled
	r.Settle()
	r.Type("李")
	r.Key(fyne.KeyReturn)
	save("leave")
	r.Chord("F9")
	save("leave-ask")
	r.Key(fyne.KeyEscape)
}

func approvalPictures(t *testing.T, r *pagetest.Rig, save func(string)) {
	wire(t, r.Owner, trade...)
	r.Show(screens.MakeApprovals(r.Env, page.Route{Screen: page.Approve}))
	save("approvals-empty")
	screens.Press(r.Page, text.T("screens.rule.add"))
	r.Settle()
	save("approvals-rule")
	r.Key(fyne.KeyEscape)
	ctx := app.WithPassword(t.Context(), pagetest.Password)
	if _, err := app.Do(ctx, r.Owner, app.SetApprovalRules{Rules: []rule.Approval{{ID: "r1", Kind: doc.GoodsReceipt, Over: "1000.00"}, {ID: "r2", Kind: doc.Expense, Roles: []access.RoleID{access.Cashier}}}}); err != nil {
		t.Fatal(err)
	}
	buyer := r.As("小赵", access.Buyer)
	it, err := app.Ask(t.Context(), buyer, app.GetItem{Code: "A1"})
	if err != nil {
		t.Fatal(err)
	}
	p, err := app.Ask(t.Context(), buyer, app.GetParty{Code: "S001"})
	if err != nil {
		t.Fatal(err)
	}
	places, err := app.Ask(t.Context(), buyer, app.Places{})
	if err != nil {
		t.Fatal(err)
	}
	d := doc.Document{ID: "b1", Kind: doc.GoodsReceipt, Date: 20261122, PartyID: p.ID, WarehouseID: places.Warehouses[0].ID,
		Lines: []doc.Line{{No: 1, ItemID: it.Item.ID, Qty: 500_0000, Price: 3_000000}}}
	if _, err := app.Do(t.Context(), buyer, app.AskApproval{Doc: d, Note: "急用"}); err != nil {
		t.Fatal(err)
	}
	again(t, r)
	r.Show(screens.MakeApprovals(r.Env, page.Route{Screen: page.Approve}))
	save("approvals-open")
}

// again signs the owner in once more, after somebody else was at the window.
func again(t *testing.T, r *pagetest.Rig) {
	t.Helper()
	s, err := r.Owner.Shop().SignIn(t.Context(), r.Owner.User().Name, pagetest.Password)
	if err != nil {
		t.Fatal(err)
	}
	r.Owner, r.Env.Session = s, s
}

func monthPictures(t *testing.T, r *pagetest.Rig, save func(string)) {
	draft := doc.Document{ID: "half", Kind: doc.SalesDelivery, Date: 20261010}
	if _, err := app.Do(t.Context(), r.Owner, app.SaveDraft{Doc: draft}); err != nil {
		t.Fatal(err)
	}
	r.Show(screens.MakeMonth(r.Env, page.Route{Screen: page.Month}))
	save("month-blocked")
	if _, err := app.Do(t.Context(), r.Owner, app.DropDraft{Kind: draft.Kind, ID: draft.ID}); err != nil {
		t.Fatal(err)
	}
	r.Page.Reload("documents")
	r.Settle()
	save("month-ready")
	r.Chord("F9")
	r.Settle()
	save("month-ask")
	r.Chord("Enter")
	r.Settle()
	r.Page.Reload("settings")
	r.Settle()
	save("month-closed")
}
