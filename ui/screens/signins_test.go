package screens_test

import (
	"context"
	"testing"

	"fyne.io/fyne/v2"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/passphrase"
	"tiezhang/internal/pagetest"
	"tiezhang/ui/page"
	"tiezhang/ui/screens"
	"tiezhang/ui/text"
)

func TestPeoplePage(t *testing.T) {
	text.Use(text.Chinese)
	r := pagetest.Open(t)
	ctx := app.WithPassword(context.Background(), pagetest.Password)
	for name, role := range map[string]access.RoleID{"小王": access.Cashier, "李会计": access.Accountant} {
		if _, err := app.Do(ctx, r.Owner, app.Invite{Name: name, Role: role}); err != nil {
			t.Fatal(err)
		}
	}
	r.Show(screens.MakeSecurity(r.Env, page.Route{Screen: page.Security, Kind: "people"}))
	r.Settle()
	r.Save("people")
	r.Chord("F2")
	r.Settle()
	r.Save("people-invite")
	r.Type("小陈")
	r.Key(fyne.KeyReturn)
	r.Settle()
	r.Save("people-code")
	us, err := app.Ask(ctx, r.Owner, app.People{})
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, u := range us {
		found = found || u.Name == "小陈" && u.Activate && u.Role == access.Cashier
	}
	if !found {
		t.Errorf("nobody was invited: %+v, failed %v", us, r.Failed)
	}
}

func TestRightsAndTrainingPages(t *testing.T) {
	text.Use(text.Chinese)
	r := pagetest.Open(t)
	ctx := app.WithPassword(context.Background(), pagetest.Password)
	if _, err := app.Do(ctx, r.Owner, app.Invite{Name: "小王", Role: access.Cashier}); err != nil {
		t.Fatal(err)
	}
	r.Show(screens.MakeSecurity(r.Env, page.Route{Screen: page.Security, Kind: "rights"}))
	r.Settle()
	r.Chord("F9")
	r.Settle()
	r.Save("rights")
	got, err := app.Ask(ctx, r.Owner, app.ReviewRights{})
	if err != nil || got.Last.At == 0 {
		t.Errorf("not signed: %+v %v %v", got.Last, err, r.Failed)
	}
	r.Show(screens.MakeSecurity(r.Env, page.Route{Screen: page.Security, Kind: "training"}))
	r.Settle()
	r.Chord("Ctrl+Enter")
	r.Settle()
	if len(r.Failed) != 1 {
		t.Errorf("handed in empty: %v", r.Failed)
	}
	r.Save("training")
}

func TestSignInRulesPage(t *testing.T) {
	text.Use(text.Chinese)
	r := pagetest.Open(t)
	r.Show(screens.MakeSecurity(r.Env, page.Route{Screen: page.Security, Kind: "signins"}))
	r.Settle()
	screens.ChoosePack(r.Page, string(passphrase.PackGraded))
	r.Settle()
	r.Save("signin-rules")
	r.Chord("Ctrl+S")
	r.Settle()
	p, err := app.Ask(context.Background(), r.Owner, app.SignInPolicy{})
	if err != nil || p.Pack != passphrase.PackGraded {
		t.Errorf("%+v %v, failed %v", p, err, r.Failed)
	}
}
