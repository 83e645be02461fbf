package till

import (
	"context"

	"tiezhang/app"
	"tiezhang/app/amount"
)

// pointValue is what a point of a member takes off a bill; 0 where points cannot
// be used.
func pointValue(ctx context.Context, s *app.Session, id int64) (amount.Price, error) {
	m, err := app.Ask(ctx, s, app.FindMember{ID: id})
	return m.PointCost, err
}
