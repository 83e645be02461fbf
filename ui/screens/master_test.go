package screens_test

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"

	"tiezhang/app"
	"tiezhang/app/master"
	"tiezhang/internal/pagetest"
	"tiezhang/ui/page"
	"tiezhang/ui/screens"
	"tiezhang/ui/text"
)

func TestCategoriesByKeyboard(t *testing.T) {
	text.Use(text.Chinese)
	r := pagetest.Open(t)
	s := r.Owner
	if _, err := app.Do(t.Context(), s, app.SaveItem{Item: master.Item{Code: "A", Name: "可乐", Unit: "瓶", Category: "食品/饮料"}}); err != nil {
		t.Fatal(err)
	}
	r.Show(screens.MakeCategories(r.Env, page.Route{Screen: page.Tree}))
	r.Quiet()
	r.Chord("Ctrl+N") // under the first node
	r.Type("零食")
	r.Save("categories-add")
	r.Chord("Ctrl+Enter")
	r.Settle()
	tree := func() (out string) {
		cs, err := app.Ask(t.Context(), s, app.Categories{})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cs {
			out += fmt.Sprintf("%s:%d ", c.Path, c.Items)
		}
		return out
	}
	if got := tree(); got != "食品:1 食品/饮料:1 食品/零食:0 " {
		t.Fatalf("added: %s", got)
	}
	r.Key(fyne.KeyF6) // the new one, which the cursor stands on, goes up
	r.Settle()
	if got := tree(); got != "食品:1 食品/零食:0 食品/饮料:1 " {
		t.Errorf("moved up: %s", got)
	}
	r.Save("categories")
	r.Quiet()
}

func TestMergeOnTheScreen(t *testing.T) {
	text.Use(text.Chinese)
	r := pagetest.Open(t)
	pagetest.Trade(t, r.Owner, 2)
	hits, err := app.Ask(t.Context(), r.Owner, app.FindItems{Query: "1000", Limit: 2})
	if err != nil || len(hits) < 2 {
		t.Fatalf("%v %v", hits, err)
	}
	m := r.Show(screens.MakeMerge(r.Env, page.Route{Screen: page.Merge, Kind: "item", Arg: fmt.Sprint(hits[1].Item.ID)}))
	r.Settle()
	r.Save("merge-one")
	screens.PickKept(m, hits[0].Item.Code)
	r.Settle()
	r.Save("merge-plan")
	r.Key(fyne.KeyF9)
	r.Settle()
	r.Quiet()
}
