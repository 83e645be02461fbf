package screens_test

import (
	"testing"

	"tiezhang/app"
	"tiezhang/internal/pagetest"
	"tiezhang/ui/page"
	"tiezhang/ui/rights"
	"tiezhang/ui/screens"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
	"tiezhang/ui/uitest"
)

// TestLargestTextFitsTheShopsScreen: a page that needs more than the screen gives
// beside the rail would push the window over its edge.
func TestLargestTextFitsTheShopsScreen(t *testing.T) {
	defer text.Use(text.Chinese)
	for _, lang := range text.Languages() {
		text.Use(lang)
		r := pagetest.Open(t, uitest.Text(theme.Largest), uitest.Size(1200, 640))
		screens.ApplyKeys(r.Env, app.Keymap{})
		leaver(t, r)
		for name, make := range map[string]func() (page.Page, error){
			"keys":       func() (page.Page, error) { return screens.MakeKeys(r.Env, page.Route{Screen: page.Keys}) },
			"scale":      func() (page.Page, error) { return screens.MakeScale(r.Env, page.Route{Screen: page.Scale}) },
			"categories": func() (page.Page, error) { return screens.MakeCategories(r.Env, page.Route{Screen: page.Tree}) },
			"month":      func() (page.Page, error) { return screens.MakeMonth(r.Env, page.Route{Screen: page.Month}) },
			"approvals":  func() (page.Page, error) { return screens.MakeApprovals(r.Env, page.Route{Screen: page.Approve}) },
			"rights":     func() (page.Page, error) { return rights.Make(r.Env, page.Route{Screen: page.Rights}) },
			"merge": func() (page.Page, error) {
				return screens.MakeMerge(r.Env, page.Route{Screen: page.Merge, Kind: "item"})
			},
			"lent":     func() (page.Page, error) { return screens.MakeLent(r.Env, page.Route{Screen: page.Lent}) },
			"me":       func() (page.Page, error) { return screens.MakeSecurity(r.Env, security("me", "")) },
			"people":   func() (page.Page, error) { return screens.MakeSecurity(r.Env, security("people", "")) },
			"signins":  func() (page.Page, error) { return screens.MakeSecurity(r.Env, security("signins", "")) },
			"review":   func() (page.Page, error) { return screens.MakeSecurity(r.Env, security("rights", "")) },
			"training": func() (page.Page, error) { return screens.MakeSecurity(r.Env, security("training", "")) },
			"key":      func() (page.Page, error) { return screens.MakeSecurity(r.Env, security("key", "")) },
			"leave":    func() (page.Page, error) { return screens.MakeSecurity(r.Env, security("leave", "小王")) },
		} {
			r.Show(make())
			if w := r.Page.Content().MinSize().Width; w > uitest.ScreenWidth-146 {
				t.Errorf("%s in %s needs %v", name, lang, w)
			}
		}
	}
}
