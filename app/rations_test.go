package app_test

import (
	"testing"
	"time"

	"tiezhang/app"
	"tiezhang/app/access"
)

// TestARationIsNotMadeFreshByTheClock: a day ahead is borrowed from its own day,
// and the day that was left has no second ration; once the owner has seen that the
// clock ran ahead, rations go by the clock again.
func TestARationIsNotMadeFreshByTheClock(t *testing.T) {
	w := newWorld(t)
	second := app.WithSecond(plain, person(access.Owner), worldPassword)
	n := len(lasting(w, sure, app.ExportReport{Query: w.query("items"), Bare: true}).Page.Rows)
	role := standard(t, access.Storekeeper)
	role.ExportRows = n
	lasting(w, sure, app.SaveRole{Role: role})
	c := app.ExportReport{Query: w.query("items")}
	export := func(want string) {
		t.Helper()
		if got := keyOf(app.Do(second, w.self, c)); got != want {
			t.Errorf("on %s: %q, want %q", w.clock.at, got, want)
		}
	}
	w.as(access.Storekeeper)
	export("")
	export("export.ration")
	start := w.clock.at
	w.clock.at = start.Add(24 * time.Hour) // forward: tomorrow's ration
	export("")
	w.clock.at = start.Add(-24 * time.Hour) // back, and further back than it was
	export("export.ration")
	asks, err := app.Ask(plain, w.self, app.ExportAsks{Query: c.Query})
	if err != nil || asks.Left != 0 {
		t.Error("the screen promises", asks, err)
	}
	w.clock.at = start.Add(25 * time.Hour) // tomorrow has come, and was used
	export("export.ration")
	w.clock.at = start.Add(49 * time.Hour)
	export("")

	// a clock that ran ahead by mistake, and was put right and seen by the owner
	w.clock.at = start.AddDate(1, 0, 0)
	export("")
	w.clock.at = start.Add(74 * time.Hour)
	export("export.ration")
	w.as(access.Owner) // the clock was set back: unusual
	us, err := app.Ask(plain, w.self, app.UnusualSignIns{})
	if err != nil || len(us) == 0 {
		t.Fatal(us, err)
	}
	if seen := lasting(w, plain, app.SeeUnusual{UpTo: us[0].ID}); seen == 0 {
		t.Fatal("nothing was seen")
	}
	w.as(access.Storekeeper)
	export("")
	export("export.ration")
}
