package pagetest

import (
	"context"
	"testing"

	"tiezhang/app"
	"tiezhang/app/day"
	"tiezhang/app/demo"
	"tiezhang/ui/text"
)

// Trade fills a shop with days of trade, the same for the same seed.
func Trade(t testing.TB, s *app.Session, days int) {
	t.Helper()
	ctx := app.WithPassword(context.Background(), Password)
	err := demo.Make(demo.Plan{Seed: 7, Days: days, End: day.Of(Now), Bills: 4,
		Names: map[string]string{"rent": text.T("console.demo.rent"), "reason": text.T("console.demo.reason")}}, func(w app.Wire) error {
		_, err := app.Do(ctx, s, app.PostWire{Wire: w})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
