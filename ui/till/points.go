package till

import (
	"context"

	"tiezhang/app"
	"tiezhang/app/amount"
)

// pointValue is what a point takes off a bill; 0 where points cannot be used.
func pointValue(ctx context.Context, s *app.Session, _ int64) (amount.Price, error) {
	set, err := app.Ask(ctx, s, app.Settings{})
	if err != nil || set["member.point-value"] == "" {
		return 0, err
	}
	return amount.ParsePrice(set["member.point-value"])
}
