package screens_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"tiezhang/app"
	"tiezhang/app/master"
	"tiezhang/internal/pagetest"
	"tiezhang/ui/keys"
	"tiezhang/ui/page"
	"tiezhang/ui/screens"
	"tiezhang/ui/text"
)

func TestKeysAreChosenByPressingThem(t *testing.T) {
	text.Use(text.Chinese)
	r := pagetest.Open(t)
	screens.ApplyKeys(r.Env, app.Keymap{})
	r.Show(screens.MakeKeys(r.Env, page.Route{Screen: page.Keys}))
	r.Save("keys")
	now := func(action string) keys.Chord { return r.Env.Router.Of(action, "") }
	r.Key(fyne.KeyReturn) // the first line: take the money
	r.Chord("F8")         // is the discount
	if !r.Router.InModal() {
		t.Fatal("a key that is taken was given")
	}
	r.Save("keys-clash")
	r.Type("a") // a letter is typed
	r.Chord("Left")
	if !r.Router.InModal() {
		t.Fatal("a letter became a key")
	}
	r.Chord("Ctrl+J")
	if r.Router.InModal() || now("till.pay") == "Ctrl+J" {
		t.Fatal("not taken, or taken before it was saved")
	}
	r.Key(fyne.KeyDown, fyne.KeyReturn)
	r.Type("*") // quantity
	r.Chord("Ctrl+S")
	r.Settle()
	r.Quiet()
	if now("till.pay") != "Ctrl+J" || now("till.qty") != "*" {
		t.Fatal(now("till.pay"), now("till.qty"))
	}
	m, err := app.Ask(context.Background(), r.Owner, app.ShopKeys{})
	if err != nil || m.Keys["till.pay"] != "Ctrl+J" {
		t.Fatal(m, err)
	}
	// Delete sets the line back, and the page opened again knows the rest
	r.Show(screens.MakeKeys(r.Env, page.Route{Screen: page.Keys}))
	r.Key(fyne.KeyDelete)
	r.Chord("Ctrl+S")
	r.Settle()
	if now("till.pay") != "F9" || now("till.qty") != "*" {
		t.Fatal(now("till.pay"), now("till.qty"))
	}
	r.Chord("Ctrl+P")
	r.Settle()
	r.Quiet()
	b, err := os.ReadFile(r.Saved)
	if err != nil || !strings.HasPrefix(string(b), "%PDF") || len(r.Files) != 1 {
		t.Fatal(err, r.Files)
	}
}

func TestScaleLabelsAreTriedOnTheForm(t *testing.T) {
	text.Use(text.Chinese)
	r := pagetest.Open(t)
	r.Show(screens.MakeScale(r.Env, page.Route{Screen: page.Scale}))
	r.Save("scale-none")
	r.Key(fyne.KeyReturn) // add
	r.Settle()
	r.Save("scale")
	r.Type("69") // the first two digits: no
	r.Chord("Ctrl+S")
	r.Settle()
	if fs, err := app.Ask(context.Background(), r.Owner, app.ScaleFormats{}); err != nil || len(fs) != 0 {
		t.Fatal("saved with a wrong beginning", fs, err)
	}
	r.Chord("Ctrl+A")
	r.Type("23")
	r.Chord("Ctrl+S")
	r.Settle()
	r.Quiet()
	fs, err := app.Ask(context.Background(), r.Owner, app.ScaleFormats{})
	want := master.ScaleUsual
	want.Prefix = "23"
	if err != nil || len(fs) != 1 || fs[0] != want {
		t.Fatal(fs, err)
	}
}
