package screens_test

import (
	"context"
	"encoding/base32"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/totp"
	"tiezhang/internal/pagetest"
	"tiezhang/ui/page"
	"tiezhang/ui/screens"
	"tiezhang/ui/text"
)

func security(kind, arg string) page.Route {
	return page.Route{Screen: page.Security, Kind: kind, Arg: arg}
}

// phone shows the code an authenticator app would, from the letters typed in.
func phone(t *testing.T, typed string, at time.Time) string {
	t.Helper()
	raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ReplaceAll(typed, " ", ""))
	if err != nil || len(raw) != len(totp.Secret{}) {
		t.Fatalf("%q %v", typed, err)
	}
	var s totp.Secret
	copy(s[:], raw)
	return s.Code(totp.Step(at))
}

func myFacts(t *testing.T, s *app.Session) app.SignInFacts {
	t.Helper()
	f, err := app.Ask(t.Context(), s, app.MySignIn{})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestMyPassword(t *testing.T) {
	text.Use(text.Chinese)
	r := pagetest.Open(t)
	r.As("小王", access.Cashier)
	r.Show(screens.MakeSecurity(r.Env, security("me", "")))
	r.Save("me")
	const next = "七盏灯 漂过了 一条冷河"
	r.Type(pagetest.Password)
	r.Key(fyne.KeyReturn)
	r.Type(next)
	r.Key(fyne.KeyReturn)
	r.Type("七盏灯 漂过了 一条热河")
	r.Key(fyne.KeyReturn)
	r.Settle()
	if err := signsIn(r.Env.Session, next); err == nil {
		t.Fatal("changed although the two differ")
	}
	r.Type(next) // the focus came back to the second, all selected
	r.Key(fyne.KeyReturn)
	r.Settle()
	r.Quiet()
	if err := signsIn(r.Env.Session, next); err != nil {
		t.Error(err)
	}
}

func signsIn(s *app.Session, password string) error {
	_, err := s.Shop().SignIn(context.Background(), s.User().Name, password)
	return err
}

func TestMyPhone(t *testing.T) {
	text.Use(text.Chinese)
	r := pagetest.Open(t)
	p := r.Show(screens.MakeSecurity(r.Env, security("me", "")))
	screens.Press(p, text.T("me.phone.start"))
	r.Save("me-phone-password")
	r.Type("not the password")
	r.Key(fyne.KeyReturn)
	r.Settle()
	if got := screens.Secret(r.Canvas()); got != "" {
		t.Fatal("a wrong password got", got)
	}
	r.Type(pagetest.Password)
	r.Key(fyne.KeyReturn)
	r.Settle()
	r.Save("me-phone-code")
	secret := screens.Secret(r.Canvas())
	if len(strings.Split(secret, " ")) != 8 {
		t.Errorf("not in groups for typing: %q", secret)
	}
	r.Type("000000")
	r.Key(fyne.KeyReturn)
	r.Settle()
	if myFacts(t, r.Owner).TOTP {
		t.Fatal("on with a wrong code")
	}
	r.Save("me-phone-wrong")
	r.Type(phone(t, secret, pagetest.Now))
	r.Key(fyne.KeyReturn)
	r.Settle()
	r.Quiet()
	if !myFacts(t, r.Owner).TOTP {
		t.Fatal("not on")
	}
	r.Save("me-phone-on")
	screens.Press(p, text.T("me.phone.drop"))
	r.Type(pagetest.Password)
	r.Key(fyne.KeyReturn)
	r.Settle()
	r.Quiet()
	if myFacts(t, r.Owner).TOTP {
		t.Error("still on")
	}
}

func TestMyStick(t *testing.T) {
	text.Use(text.Chinese)
	r := pagetest.Open(t)
	stick := t.TempDir()
	plugged := []string{stick}
	r.Env.Host.Sticks = func() []string { return plugged }
	p := r.Show(screens.MakeSecurity(r.Env, security("me", "")))
	screens.Press(p, text.T("me.stick.make"))
	r.Settle()
	r.Save("me-stick-make")
	r.Key(fyne.KeyReturn) // the stick that is plugged in is proposed; no password yet
	r.Settle()
	if myFacts(t, r.Owner).KeyFile {
		t.Fatal("made without a password")
	}
	r.Type(pagetest.Password)
	r.Key(fyne.KeyReturn)
	r.Settle()
	r.Quiet()
	r.Save("me-stick-done")
	r.Key(fyne.KeyReturn)
	f := myFacts(t, r.Owner)
	if _, err := os.Stat(filepath.Join(stick, f.File)); err != nil || !f.KeyFile {
		t.Fatal(f, err)
	}
	r.Save("me-stick-on")

	// Without the stick nothing about it can be changed; with it all can.
	plugged = nil
	screens.Press(p, text.T("me.stick.drop"))
	r.Type(pagetest.Password)
	r.Key(fyne.KeyReturn)
	r.Settle()
	r.Save("me-stick-missing")
	if !myFacts(t, r.Owner).KeyFile {
		t.Fatal("dropped without the stick")
	}
	r.Type(stick)
	r.Key(fyne.KeyReturn)
	r.Settle()
	r.Quiet()
	if myFacts(t, r.Owner).KeyFile {
		t.Fatal("not dropped")
	}
	// Inside the shop's own folder a key is no key.
	screens.Press(p, text.T("me.stick.make"))
	r.Settle()
	r.Type(r.Owner.Shop().Dir()) // no stick is plugged in, so none is proposed
	r.Key(fyne.KeyTab, fyne.KeyTab)
	r.Type(pagetest.Password)
	r.Key(fyne.KeyReturn)
	r.Settle()
	if myFacts(t, r.Owner).KeyFile {
		t.Error("made inside the shop's folder")
	}
	r.Save("me-stick-inside")
	r.Key(fyne.KeyEscape)
}

func TestMySignInInEnglish(t *testing.T) {
	text.Use(text.English)
	defer text.Use(text.Chinese)
	r := pagetest.Open(t)
	r.Show(screens.MakeSecurity(r.Env, security("me", "")))
	r.Save("me-en")
	r.Show(screens.MakeSecurity(r.Env, security("key", "")))
	r.Save("key-en")
	r.Quiet()
}
